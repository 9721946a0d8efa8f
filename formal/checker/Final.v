(** * All final statements of the checker, in one place

    Networks and data: [Certify.Semantics]. The proofs: CheckerMain.v (witnesses and refutations of data),
    Stream.v (refutations that come a step at a time), ByTheorem.v
    (refuted formulas, and what data say of formulas), SatPaper.v (CNF), TwohypPaper.v (point sets), CliquePaper.v (graphs); those with modifiers are in
    PaperMain.v. *)

From CertifyChecker Require Export CheckerMain Stream Lrat RecipesPaper ByTheorem SatPaper TwohypPaper CliquePaper.

Check check_yes_relu.
Check check_no_relu.
Check check_yes_threshold.
Check check_no_threshold.
Check check_yes_convex.
Check check_no_convex.
Check check_yes_concave.
Check check_no_concave.
Check check_yes_loss_relu.
Check check_no_loss_relu.
Check check_yes_loss_threshold.
Check check_no_loss_threshold.
Check check_yes_loss_convex.
Check check_no_loss_convex.
Check check_yes_loss_concave.
Check check_no_loss_concave.
Check check_no_forced_relu.
Check check_no_forced_threshold.
Check check_no_forced_convex.
Check check_no_forced_concave.
Check streamed_lines.
Check streamed_loss.
Check streamed_forced.
Check no_poits_relu.
Check no_poits_threshold.
Check no_twohyp_relu.
Check no_twohyp_threshold.
Check check_lrat_unsat.
Check reached_unsat.
Check poits_relu_eq.
Check poits_threshold_eq.
Check check_poits_no_relu.
Check check_poits_no_threshold.
Check reached_no_relu.
Check reached_no_threshold.
Check data_refute_formula_relu.
Check data_refute_formula_threshold.
Check witness_solves_formula_relu.
Check witness_solves_formula_threshold.
Check witness_separates_threshold.
Check data_refute_separation_threshold.
Check witness_separates_relu.
Check data_refute_cnf_relu.
Check data_refute_cnf_threshold.
Check witness_solves_cnf_relu.
Check witness_solves_cnf_threshold.
Check clique_to_twohyp_eq.
Check clique_satisfies.
Check check_clique_no_sound.
Check check_clique_no_relu.
Check check_clique_no_threshold.
Check reached_no_clique_relu.
Check reached_no_clique_threshold.
Check witness_shows_clique_relu.
Check witness_shows_clique_threshold.
Check CliquePaper.clique_relu_iff.
Check CliquePaper.clique_threshold_iff.
Check CliquePaper.data_refute_clique_relu.
Check CliquePaper.data_refute_clique_threshold.
