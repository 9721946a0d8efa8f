(** What the theorems of CheckerMain.v rest on; compared with assumptions.expected by `make check`. *)

From CertifyChecker Require Import CheckerMain.

Print Assumptions check_yes_relu.
Print Assumptions check_no_relu.
Print Assumptions check_yes_threshold.
Print Assumptions check_no_threshold.
Print Assumptions check_yes_convex.
Print Assumptions check_no_convex.
Print Assumptions check_yes_concave.
Print Assumptions check_no_concave.
Print Assumptions no_poits_relu.
Print Assumptions no_poits_threshold.
Print Assumptions no_twohyp_relu.
Print Assumptions no_twohyp_threshold.
