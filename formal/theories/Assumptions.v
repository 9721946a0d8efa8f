(** What the statements of [Main] rest on: the standard library's axioms for the
    reals and no others. The output is compared with assumptions.expected. *)

From Certify Require Import Main.

Print Assumptions Observation_3.
Print Assumptions Lemma_4.
Print Assumptions Lemma_5.
Print Assumptions Lemma_6.
Print Assumptions Theorem_1.
Print Assumptions Theorem_7_forward.
Print Assumptions Theorem_7_backward.
Print Assumptions Corollary_8.
Print Assumptions Corollary_9.
Print Assumptions Corollary_9_relu.
Print Assumptions Corollary_10.
Print Assumptions Clique_separation.
Print Assumptions Clique_relu.
Print Assumptions Clique_relu_backward.
Print Assumptions Clique_threshold.
Print Assumptions Forced_points.
Print Assumptions Rejected_branches.
Print Assumptions Branching.
Print Assumptions Theorem_11.
Print Assumptions Theorem_11_as_printed.
Print Assumptions Theorem_11_printed_depth.
Print Assumptions Linear_programs.
Print Assumptions Theorem_11_concave.
Print Assumptions Padding_relu.
Print Assumptions Padding_threshold.
Print Assumptions Target_error.
Print Assumptions Theorem_1_dimension.
Print Assumptions Theorem_1_error.
Print Assumptions Corollary_8_dimension.
Print Assumptions Corollary_8_error.
Print Assumptions Corollary_9_dimension.
Print Assumptions Corollary_9_relu_dimension.
Print Assumptions Theorem_7_dimension.
Print Assumptions Theorem_7_error.
Print Assumptions Corollary_10_dimension.
Print Assumptions Corollary_10_error.
Print Assumptions Corollary_9_neurons.
Print Assumptions Corollary_10_neurons_forward.
Print Assumptions Corollary_10_neurons_backward.
Print Assumptions Further_neurons.
Print Assumptions Further_neurons_forward.
