(** * The paper's statements, with the no-certificates by theorem

    [Certify.Main] holds the statements about the paper alone; it cannot speak of the checker, which is built on those
    theories. This file goes on from there: the same statements, exported, and those that join them to the checker. It
    holds no arguments of its own. *)

From Coq Require Import Reals QArith Qreals List.
From Certify Require Export Semantics Formula Main.
From CertifyChecker Require Import Trie Lrat.
From CertifyChecker Require Recipes Wrappers ByTheorem WrappersPaper CliquePaper MccliquePaper.
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

Section RefutedClique.
  (** A graph of n vertices with the edges es, a size k, and a proof that the LRAT checker accepts for the clause set
      "it has a clique of k vertices". *)
  Context (n k : nat) (es : CliquePaper.edge_list) (proof : list lrat_line).
  Context (H : CliquePaper.check_clique_no n k es proof = true).

  (** By Theorem 7 and Corollary 10: no 4 rectifiers, no 2 threshold neurons fit the data. *)
  Theorem Check_clique_no_relu : ~ relu_trainable (2 * k) 4 (CliquePaper.clique_relu n k es).
  Proof. exact (CliquePaper.check_clique_no_relu n k es proof H). Qed.
  Theorem Check_clique_no_threshold : ~ threshold_trainable (2 * k) 2 (CliquePaper.clique_threshold n k es).
  Proof. exact (CliquePaper.check_clique_no_threshold n k es proof H). Qed.

  (** The same with e dimensions more, and with a target error gamma. *)
  Theorem Check_clique_no_relu_dimension e :
    ~ relu_trainable (2 * k + e) 4 (map fst (Wrappers.pad e (Wrappers.once (CliquePaper.clique_relu n k es)))).
  Proof.
    destruct (CliquePaper.check_clique_no_reached n k es proof H) as (s & S & R).
    exact (CliquePaper.reached_no_clique_relu_pad n k es s S R e).
  Qed.
  Theorem Check_clique_no_relu_error l gamma e : 0 <= Q2R gamma ->
    ~ relu_trainable_to l gamma (2 * k + e) 4
        (Wrappers.pad e (Wrappers.spoil l gamma (Wrappers.once (CliquePaper.clique_relu n k es)))).
  Proof.
    destruct (CliquePaper.check_clique_no_reached n k es proof H) as (s & S & R).
    exact (CliquePaper.reached_no_clique_relu_error n k es s S R l gamma e).
  Qed.
  Theorem Check_clique_no_threshold_dimension e :
    ~ threshold_trainable (2 * k + e) 2 (map fst (Wrappers.pad e (Wrappers.once (CliquePaper.clique_threshold n k es)))).
  Proof.
    destruct (CliquePaper.check_clique_no_reached n k es proof H) as (s & S & R).
    exact (CliquePaper.reached_no_clique_threshold_pad n k es s S R e).
  Qed.
  Theorem Check_clique_no_threshold_error l gamma e : 0 <= Q2R gamma ->
    ~ threshold_trainable_to l gamma (2 * k + e) 2
        (Wrappers.pad e (Wrappers.spoil l gamma (Wrappers.once (CliquePaper.clique_threshold n k es)))).
  Proof.
    destruct (CliquePaper.check_clique_no_reached n k es proof H) as (s & S & R).
    exact (CliquePaper.reached_no_clique_threshold_error n k es s S R l gamma e).
  Qed.
End RefutedClique.

Section RefutedColours.
  (** A graph with k colours, the colours cs of its vertices and the edges es, and a proof that the LRAT checker accepts
      for its clause set. *)
  Context (k : nat) (cs : list positive) (es : list (positive * positive)) (proof : list lrat_line).
  Context (H : MccliquePaper.check_mcclique_no k cs es proof = true).

  (** By Corollary 9: no single threshold neuron, no single rectifier comes down to gamma; neither with n dimensions more. *)
  Theorem Check_mcclique_no_threshold l :
    ~ threshold_trainable_to l (fst (Wrappers.mcclique l k cs es)) (2 * Nat.max k 1) 1 (snd (Wrappers.mcclique l k cs es)).
  Proof. exact (MccliquePaper.check_mcclique_no_threshold k cs es proof H l). Qed.
  Theorem Check_mcclique_no_relu l :
    ~ relu_trainable_to l (fst (Wrappers.mcclique l k cs es)) (2 * Nat.max k 1) 1 (snd (Wrappers.mcclique l k cs es)).
  Proof. exact (MccliquePaper.check_mcclique_no_relu k cs es proof H l). Qed.

  Theorem Check_mcclique_no_threshold_dimension l n :
    ~ threshold_trainable_to l (fst (Wrappers.mcclique l k cs es)) (2 * Nat.max k 1 + n) 1 (Wrappers.pad n (snd (Wrappers.mcclique l k cs es))).
  Proof.
    destruct (MccliquePaper.check_mcclique_no_reached k cs es proof H) as (s & S & R).
    exact (MccliquePaper.reached_mcclique_no_threshold k cs es s l n S R).
  Qed.
  Theorem Check_mcclique_no_relu_dimension l n :
    ~ relu_trainable_to l (fst (Wrappers.mcclique l k cs es)) (2 * Nat.max k 1 + n) 1 (Wrappers.pad n (snd (Wrappers.mcclique l k cs es))).
  Proof.
    destruct (MccliquePaper.check_mcclique_no_reached k cs es proof H) as (s & S & R).
    exact (MccliquePaper.reached_mcclique_no_relu k cs es s l n S R).
  Qed.
End RefutedColours.
