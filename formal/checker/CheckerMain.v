(** * The verified checker: what is proved

    [Certify.Semantics] says what networks are and what it means that they fit data over the reals;
    docs/format/v1.md says what a certificate is. A true answer of [check_yes] means that a network of width k
    exists, a true answer of [check_no] that none does. *)

From Coq Require Import Reals QArith List Lra.
From Certify Require Import Semantics.
From CertifyChecker Require Import Trie Model Check CheckSound Forced Recipes.
Import ListNotations.

(** Rectifiers with coefficients 1 and -1. *)
Theorem check_yes_relu d D k w : check_yes ReLU Free d D k w = true -> relu_trainable d k D.
Proof.
  intros H. apply check_yes_sound in H as (N & H1 & H2 & H3). exists N. split; [exact H1|]. split; [|exact H3].
  eapply Forall_impl; [|exact H2]. simpl. tauto.
Qed.

Theorem check_no_relu d D k p : check_no ReLU Free d D k p = true -> ~ relu_trainable d k D.
Proof.
  intros H (N & H1 & H2 & H3). apply check_no_sound in H. apply H. exists N. split; [exact H1|]. split; [|exact H3].
  eapply Forall_impl; [|exact H2]. simpl. tauto.
Qed.

(** Thresholds with real coefficients. *)
Theorem check_yes_threshold sgn d D k w : check_yes Thr sgn d D k w = true -> threshold_trainable d k D.
Proof. intros H. apply check_yes_sound in H as (N & H1 & H2 & H3). exists N. auto. Qed.

Theorem check_no_threshold sgn d D k p : check_no Thr sgn d D k p = true -> ~ threshold_trainable d k D.
Proof. intros H (N & H1 & H2 & H3). apply check_no_sound in H. apply H. exists N. auto. Qed.

(** Rectifiers whose coefficients are all 1 (convex), or all -1 (concave). *)
Definition same_sign_trainable (a : R) (d k : nat) (D : data) : Prop :=
  exists N, length N = k /\ Forall (fun n => length (weights n) = d /\ coef n = a) N /\ fits relu N D.

Theorem check_yes_convex d D k w : check_yes ReLU Convex d D k w = true -> same_sign_trainable 1 d k D.
Proof.
  intros H. apply check_yes_sound in H as (N & H1 & H2 & H3). exists N. split; [exact H1|]. split; [|exact H3].
  eapply Forall_impl; [|exact H2]. unfold allowed_neuron, relu_neuron. simpl. tauto.
Qed.
Theorem check_no_convex d D k p : check_no ReLU Convex d D k p = true -> ~ same_sign_trainable 1 d k D.
Proof.
  intros H (N & H1 & H2 & H3). apply check_no_sound in H. apply H. exists N. split; [exact H1|]. split; [|exact H3].
  eapply Forall_impl; [|exact H2]. unfold allowed_neuron, relu_neuron. simpl. tauto.
Qed.
Theorem check_yes_concave d D k w : check_yes ReLU Concave d D k w = true -> same_sign_trainable (-1) d k D.
Proof.
  intros H. apply check_yes_sound in H as (N & H1 & H2 & H3). exists N. split; [exact H1|]. split; [|exact H3].
  eapply Forall_impl; [|exact H2]. unfold allowed_neuron, relu_neuron. simpl. tauto.
Qed.
Theorem check_no_concave d D k p : check_no ReLU Concave d D k p = true -> ~ same_sign_trainable (-1) d k D.
Proof.
  intros H (N & H1 & H2 & H3). apply check_no_sound in H. apply H. exists N. split; [exact H1|]. split; [|exact H3].
  eapply Forall_impl; [|exact H2]. unfold allowed_neuron, relu_neuron. simpl. tauto.
Qed.

Lemma no_loss act sgn l gamma d D k p :
  check_no_loss act sgn l gamma d D k p = true -> ~ trainable_to act sgn l gamma d k D.
Proof.
  unfold check_no_loss. destruct (check_loss act sgn l gamma D k p) eqn:H; [|discriminate].
  intros _. apply (check_loss_sound _ _ _ _ d _ _ _ H).
Qed.

(** ** With a target error gamma and a loss (6.13). The data have numbers of copies. *)

Theorem check_yes_loss_relu l gamma d D k w :
  check_yes_loss ReLU Free l gamma d D k w = true -> relu_trainable_to l gamma d k D.
Proof.
  intros H. apply check_yes_loss_sound in H as (N & H1 & H2 & H3). exists N. split; [exact H1|]. split; [|exact H3].
  eapply Forall_impl; [|exact H2]. simpl. tauto.
Qed.

Theorem check_no_loss_relu l gamma d D k p :
  check_no_loss ReLU Free l gamma d D k p = true -> ~ relu_trainable_to l gamma d k D.
Proof.
  intros H (N & H1 & H2 & H3). apply (no_loss _ _ _ _ d) in H. apply H. exists N. split; [exact H1|]. split; [|exact H3].
  eapply Forall_impl; [|exact H2]. simpl. tauto.
Qed.

Theorem check_yes_loss_threshold sgn l gamma d D k w :
  check_yes_loss Thr sgn l gamma d D k w = true -> threshold_trainable_to l gamma d k D.
Proof. intros H. apply check_yes_loss_sound in H as (N & H1 & H2 & H3). exists N. auto. Qed.

Theorem check_no_loss_threshold sgn l gamma d D k p :
  check_no_loss Thr sgn l gamma d D k p = true -> ~ threshold_trainable_to l gamma d k D.
Proof. intros H (N & H1 & H2 & H3). apply (no_loss _ _ _ _ d) in H. apply H. exists N. auto. Qed.

(** Convex and concave, with a loss. *)
Definition same_sign_trainable_to (a : R) (l : loss) (gamma : Q) (d k : nat) (D : weighted_data) : Prop :=
  exists N, length N = k /\ Forall (fun n => length (weights n) = d /\ coef n = a) N /\ total_loss relu l N D <= Q2R gamma.

Theorem check_yes_loss_convex l gamma d D k w :
  check_yes_loss ReLU Convex l gamma d D k w = true -> same_sign_trainable_to 1 l gamma d k D.
Proof.
  intros H. apply check_yes_loss_sound in H as (N & H1 & H2 & H3). exists N. split; [exact H1|]. split; [|exact H3].
  eapply Forall_impl; [|exact H2]. unfold allowed_neuron, relu_neuron. simpl. tauto.
Qed.
Theorem check_no_loss_convex l gamma d D k p :
  check_no_loss ReLU Convex l gamma d D k p = true -> ~ same_sign_trainable_to 1 l gamma d k D.
Proof.
  intros H (N & H1 & H2 & H3). apply (no_loss _ _ _ _ d) in H. apply H. exists N. split; [exact H1|]. split; [|exact H3].
  eapply Forall_impl; [|exact H2]. unfold allowed_neuron, relu_neuron. simpl. tauto.
Qed.
Theorem check_yes_loss_concave l gamma d D k w :
  check_yes_loss ReLU Concave l gamma d D k w = true -> same_sign_trainable_to (-1) l gamma d k D.
Proof.
  intros H. apply check_yes_loss_sound in H as (N & H1 & H2 & H3). exists N. split; [exact H1|]. split; [|exact H3].
  eapply Forall_impl; [|exact H2]. unfold allowed_neuron, relu_neuron. simpl. tauto.
Qed.
Theorem check_no_loss_concave l gamma d D k p :
  check_no_loss ReLU Concave l gamma d D k p = true -> ~ same_sign_trainable_to (-1) l gamma d k D.
Proof.
  intros H (N & H1 & H2 & H3). apply (no_loss _ _ _ _ d) in H. apply H. exists N. split; [exact H1|]. split; [|exact H3].
  eapply Forall_impl; [|exact H2]. unfold allowed_neuron, relu_neuron. simpl. tauto.
Qed.

(** Forced refutations: gamma is not more than the least that the labels allow. *)
Lemma no_forced act sgn l gamma d D k n p :
  check_no_forced act sgn l gamma d D k n p = true -> ~ trainable_to act sgn l gamma d k D.
Proof.
  unfold check_no_forced. destruct (check_forced act sgn l gamma D k n p) eqn:H; [|discriminate].
  intros _. apply (check_forced_sound _ _ _ _ d _ _ _ _ H).
Qed.

Theorem check_no_forced_relu l gamma d D k n p :
  check_no_forced ReLU Free l gamma d D k n p = true -> ~ relu_trainable_to l gamma d k D.
Proof.
  intros H (N & H1 & H2 & H3). apply (no_forced _ _ _ _ d) in H. apply H. exists N. split; [exact H1|]. split; [|exact H3].
  eapply Forall_impl; [|exact H2]. simpl. tauto.
Qed.
Theorem check_no_forced_threshold sgn l gamma d D k n p :
  check_no_forced Thr sgn l gamma d D k n p = true -> ~ threshold_trainable_to l gamma d k D.
Proof. intros H (N & H1 & H2 & H3). apply (no_forced _ _ _ _ d) in H. apply H. exists N. auto. Qed.
Theorem check_no_forced_convex l gamma d D k n p :
  check_no_forced ReLU Convex l gamma d D k n p = true -> ~ same_sign_trainable_to 1 l gamma d k D.
Proof.
  intros H (N & H1 & H2 & H3). apply (no_forced _ _ _ _ d) in H. apply H. exists N. split; [exact H1|]. split; [|exact H3].
  eapply Forall_impl; [|exact H2]. unfold allowed_neuron, relu_neuron. simpl. tauto.
Qed.
Theorem check_no_forced_concave l gamma d D k n p :
  check_no_forced ReLU Concave l gamma d D k n p = true -> ~ same_sign_trainable_to (-1) l gamma d k D.
Proof.
  intros H (N & H1 & H2 & H3). apply (no_forced _ _ _ _ d) in H. apply H. exists N. split; [exact H1|]. split; [|exact H3].
  eapply Forall_impl; [|exact H2]. unfold allowed_neuron, relu_neuron. simpl. tauto.
Qed.

(** The instances of the four reductions are built inside: a refutation speaks of the source problem. *)
Theorem no_poits_relu n cs p :
  check_no ReLU Free 2 (poits_relu n cs) (poits_relu_width n cs) p = true ->
  ~ relu_trainable 2 (4 * (length cs + n)) (poits_relu n cs).
Proof. apply check_no_relu. Qed.
Theorem no_poits_threshold n cs p :
  check_no Thr Free 2 (poits_threshold n cs) (poits_threshold_width n cs) p = true ->
  ~ threshold_trainable 2 (2 * (length cs + n)) (poits_threshold n cs).
Proof. apply check_no_threshold. Qed.
Theorem no_twohyp_relu d qs ps p :
  check_no ReLU Free d (twohyp_relu d qs ps) 4 p = true -> ~ relu_trainable d 4 (twohyp_relu d qs ps).
Proof. apply check_no_relu. Qed.
Theorem no_twohyp_threshold d qs ps p :
  check_no Thr Free d (twohyp_threshold qs ps) 2 p = true -> ~ threshold_trainable d 2 (twohyp_threshold qs ps).
Proof. apply check_no_threshold. Qed.
