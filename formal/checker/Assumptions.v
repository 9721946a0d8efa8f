(** What the final theorems rest on; compared with assumptions.expected by `make check`. *)

From CertifyChecker Require Import CheckerMain Lrat RecipesPaper ByTheorem TwohypPaper SatPaper.

Print Assumptions check_yes_relu.
Print Assumptions check_no_relu.
Print Assumptions check_yes_threshold.
Print Assumptions check_no_threshold.
Print Assumptions check_yes_convex.
Print Assumptions check_no_convex.
Print Assumptions check_yes_concave.
Print Assumptions check_no_concave.
Print Assumptions check_yes_loss_relu.
Print Assumptions check_no_loss_relu.
Print Assumptions check_yes_loss_threshold.
Print Assumptions check_no_loss_threshold.
Print Assumptions check_yes_loss_convex.
Print Assumptions check_no_loss_convex.
Print Assumptions check_yes_loss_concave.
Print Assumptions check_no_loss_concave.
Print Assumptions check_no_forced_relu.
Print Assumptions check_no_forced_threshold.
Print Assumptions check_no_forced_convex.
Print Assumptions check_no_forced_concave.
Print Assumptions no_poits_relu.
Print Assumptions no_poits_threshold.
Print Assumptions no_twohyp_relu.
Print Assumptions no_twohyp_threshold.
Print Assumptions check_lrat_unsat.
Print Assumptions reached_unsat.
Print Assumptions poits_relu_eq.
Print Assumptions poits_threshold_eq.
Print Assumptions check_poits_no_relu.
Print Assumptions check_poits_no_threshold.
Print Assumptions reached_no_relu.
Print Assumptions reached_no_threshold.
Print Assumptions data_refute_formula_relu.
Print Assumptions data_refute_formula_threshold.
Print Assumptions witness_solves_formula_relu.
Print Assumptions witness_solves_formula_threshold.
Print Assumptions witness_separates_threshold.
Print Assumptions data_refute_separation_threshold.
Print Assumptions witness_separates_relu.
Print Assumptions data_refute_cnf_relu.
Print Assumptions data_refute_cnf_threshold.
Print Assumptions witness_solves_cnf_relu.
Print Assumptions witness_solves_cnf_threshold.
