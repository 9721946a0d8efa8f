(** * The paper's statements, with the no-certificates by theorem

    [Certify.Main] holds the statements about the paper alone; it cannot speak of the checker, which is built on those
    theories. This file goes on from there: the same statements, exported, and those that join them to the checker. It
    holds no arguments of its own. *)

From Coq Require Import Reals QArith Qreals List.
From Certify Require Export Semantics Formula Main.
From CertifyChecker Require Import Trie Lrat.
From CertifyChecker Require Recipes Wrappers ByTheorem WrappersPaper.
Import ListNotations.

Section Refuted.
  (** A formula of n variables with the clauses cs, and a proof that the LRAT checker accepts for its CNF. *)
  Context (n : nat) (cs : list (nat * nat * nat)) (proof : list lrat_line).
  Context (H : ByTheorem.check_poits_no n cs proof = true).

  (** By Theorem 1 and Corollary 8: no 4(m + n) rectifiers, no 2(m + n) threshold neurons fit the data. *)
  Theorem Check_poits_no_relu : ~ relu_trainable 2 (4 * (length cs + n)) (Recipes.poits_relu n cs).
  Proof. exact (ByTheorem.check_poits_no_relu n cs proof H). Qed.
  Theorem Check_poits_no_threshold : ~ threshold_trainable 2 (2 * (length cs + n)) (Recipes.poits_threshold n cs).
  Proof. exact (ByTheorem.check_poits_no_threshold n cs proof H). Qed.

  (** The same with k dimensions more, and with a target error gamma (k = 0: in the plane). *)
  Theorem Check_poits_no_relu_dimension k :
    ~ relu_trainable (2 + k) (4 * (length cs + n)) (map fst (Wrappers.pad k (Wrappers.once (Recipes.poits_relu n cs)))).
  Proof.
    destruct (ByTheorem.check_poits_no_reached n cs proof H) as (s & S & R).
    exact (WrappersPaper.reached_no_relu_pad n cs s S R k).
  Qed.
  Theorem Check_poits_no_relu_error l gamma k : 0 <= Q2R gamma ->
    ~ relu_trainable_to l gamma (2 + k) (4 * (length cs + n))
        (Wrappers.pad k (Wrappers.spoil l gamma (Wrappers.once (Recipes.poits_relu n cs)))).
  Proof.
    destruct (ByTheorem.check_poits_no_reached n cs proof H) as (s & S & R).
    exact (WrappersPaper.reached_no_relu_error n cs s S R l gamma k).
  Qed.
  Theorem Check_poits_no_threshold_dimension k :
    ~ threshold_trainable (2 + k) (2 * (length cs + n)) (map fst (Wrappers.pad k (Wrappers.once (Recipes.poits_threshold n cs)))).
  Proof.
    destruct (ByTheorem.check_poits_no_reached n cs proof H) as (s & S & R).
    exact (WrappersPaper.reached_no_threshold_pad n cs s S R k).
  Qed.
  Theorem Check_poits_no_threshold_error l gamma k : 0 <= Q2R gamma ->
    ~ threshold_trainable_to l gamma (2 + k) (2 * (length cs + n))
        (Wrappers.pad k (Wrappers.spoil l gamma (Wrappers.once (Recipes.poits_threshold n cs)))).
  Proof.
    destruct (ByTheorem.check_poits_no_reached n cs proof H) as (s & S & R).
    exact (WrappersPaper.reached_no_threshold_error n cs s S R l gamma k).
  Qed.
End Refuted.
