(** * More dimensions: zeros as further coordinates

    The paper's remark that its results for the plane hold in every dimension d >= 2: points get zeros as further
    coordinates, and so do the weights of a network that fits; from a network in the larger dimension the further
    weights are dropped. *)

From Coq Require Import Reals QArith Qreals List Lra Lia.
From Certify Require Import Semantics.
Import ListNotations.
Open Scope R_scope.

(** [k] zeros as further coordinates, with numbers of copies and without. *)
Definition pad (k : nat) (D : data) : data := map (fun p => (fst p ++ repeat 0%Q k, snd p)) D.
Definition pad_weighted (k : nat) (D : weighted_data) : weighted_data :=
  map (fun p => let '(x, y, c) := p in (x ++ repeat 0%Q k, y, c)) D.

(** All points have at most d coordinates: what is meant by data in dimension d. *)
Definition in_dimension (d : nat) (D : data) : Prop := forall x y, In (x, y) D -> (length x <= d)%nat.

(** ** Networks *)

Lemma dot_zeros_right w : forall x k, dot w (x ++ repeat 0 k) = dot w x.
Proof.
  induction w as [|a w IH]; intros x k; simpl; [reflexivity|]. destruct x as [|b x]; cbn [app].
  - destruct k as [|k]; simpl; [reflexivity|]. pose proof (IH [] k) as E. cbn [app] in E. rewrite E, dot_nil_r. ring.
  - rewrite IH. reflexivity.
Qed.

Lemma dot_zeros_left w : forall x k, dot (w ++ repeat 0 k) x = dot w x.
Proof.
  induction w as [|a w IH]; intros x k; cbn [app].
  - simpl. revert x. induction k as [|k IH]; intros [|b x]; simpl; try reflexivity. rewrite IH. ring.
  - destruct x as [|b x]; simpl; [reflexivity|]. rewrite IH. reflexivity.
Qed.

Lemma dot_firstn d : forall w x, (length x <= d)%nat -> dot (firstn d w) x = dot w x.
Proof.
  induction d as [|d IH]; intros w [|b x] H; simpl in H; try lia; rewrite ?dot_nil_r; try reflexivity.
  destruct w as [|a w]; simpl; [reflexivity|]. rewrite IH by lia. reflexivity.
Qed.

Definition lengthen (k : nat) (n : neuron) : neuron := Neuron (weights n ++ repeat 0 k) (bias n) (coef n).
Definition shorten (d : nat) (n : neuron) : neuron := Neuron (firstn d (weights n)) (bias n) (coef n).

Lemma real_pad x k : map Q2R (x ++ repeat 0%Q k) = map Q2R x ++ repeat 0 k.
Proof.
  rewrite map_app. f_equal. induction k as [|k IH]; simpl; [reflexivity|]. rewrite IH, RMicromega.Q2R_0. reflexivity.
Qed.

Lemma eval_lengthen act k N x :
  eval act (map (lengthen k) N) (map Q2R (x ++ repeat 0%Q k)) = eval act N (map Q2R x).
Proof.
  unfold eval. rewrite sum_map. apply sum_ext. intros n _. unfold lengthen, pre. cbn [coef weights bias].
  rewrite real_pad, dot_zeros_left, dot_zeros_right. reflexivity.
Qed.

Lemma eval_shorten act d k N x : (length x <= d)%nat ->
  eval act N (map Q2R (x ++ repeat 0%Q k)) = eval act (map (shorten d) N) (map Q2R x).
Proof.
  intros H. unfold eval. rewrite sum_map. apply sum_ext. intros n _. unfold shorten, pre. cbn [coef weights bias].
  rewrite real_pad, dot_zeros_right, dot_firstn; [reflexivity|]. rewrite map_length. exact H.
Qed.

(** ** What can be trained *)

(** Neurons of one kind in each dimension: their kind depends on the number of weights and on the coefficient. *)
Definition of_kind (allowed : R -> Prop) (d : nat) (n : neuron) : Prop := length (weights n) = d /\ allowed (coef n).

Lemma lengthen_kind allowed d k N : Forall (of_kind allowed d) N -> Forall (of_kind allowed (d + k)) (map (lengthen k) N).
Proof.
  rewrite !Forall_forall. intros H n Hn. apply in_map_iff in Hn as (m & <- & Hm). destruct (H m Hm) as [L A].
  split; [|exact A]. simpl. rewrite app_length, repeat_length, L. reflexivity.
Qed.

Lemma shorten_kind allowed d k N : Forall (of_kind allowed (d + k)) N -> Forall (of_kind allowed d) (map (shorten d) N).
Proof.
  rewrite !Forall_forall. intros H n Hn. apply in_map_iff in Hn as (m & <- & Hm). destruct (H m Hm) as [L A].
  split; [|exact A]. simpl. rewrite firstn_length, L. lia.
Qed.

Section Kinds.
  Context (act : R -> R) (allowed : R -> Prop).

  Theorem padded_fit d k width D : in_dimension d D ->
    (exists N, length N = width /\ Forall (of_kind allowed (d + k)) N /\ fits act N (pad k D)) <->
    (exists N, length N = width /\ Forall (of_kind allowed d) N /\ fits act N D).
  Proof.
    intros HD. split; intros (N & L & K & F).
    - exists (map (shorten d) N). rewrite map_length. split; [exact L|]. split; [eapply shorten_kind; exact K|].
      intros x y Hin. rewrite <- (eval_shorten act d k) by (eapply HD; exact Hin). apply F.
      unfold pad. apply in_map_iff. exists (x, y). auto.
    - exists (map (lengthen k) N). rewrite map_length. split; [exact L|]. split; [apply lengthen_kind, K|].
      intros x y Hin. unfold pad in Hin. apply in_map_iff in Hin as ((x', y') & E & Hin). injection E as <- <-.
      cbn [fst snd]. rewrite eval_lengthen. apply F, Hin.
  Qed.

  Theorem padded_loss l gamma d k width D : in_dimension d (map fst D) ->
    (exists N, length N = width /\ Forall (of_kind allowed (d + k)) N /\ total_loss act l N (pad_weighted k D) <= gamma) <->
    (exists N, length N = width /\ Forall (of_kind allowed d) N /\ total_loss act l N D <= gamma).
  Proof.
    intros HD.
    assert (E1 : forall N, total_loss act l N (pad_weighted k D) = total_loss act l (map (shorten d) N) D).
    { intros N. unfold total_loss, pad_weighted. rewrite sum_map. apply sum_ext. intros ((x, y), c) Hin.
      rewrite (eval_shorten act d k); [reflexivity|]. apply (HD x y). apply in_map_iff. exists (x, y, c). auto. }
    assert (E2 : forall N, total_loss act l (map (lengthen k) N) (pad_weighted k D) = total_loss act l N D).
    { intros N. unfold total_loss, pad_weighted. rewrite sum_map. apply sum_ext. intros ((x, y), c) Hin.
      rewrite eval_lengthen. reflexivity. }
    split; intros (N & L & K & F).
    - exists (map (shorten d) N). rewrite map_length, <- E1. split; [exact L|]. split; [eapply shorten_kind; exact K|exact F].
    - exists (map (lengthen k) N). rewrite map_length, E2. split; [exact L|]. split; [apply lengthen_kind, K|exact F].
  Qed.
End Kinds.

Lemma threshold_kind d N : Forall (threshold_neuron d) N <-> Forall (of_kind (fun _ => True) d) N.
Proof. split; apply Forall_impl; unfold threshold_neuron, of_kind; tauto. Qed.

Theorem padded_relu d k width D : in_dimension d D ->
  relu_trainable (d + k) width (pad k D) <-> relu_trainable d width D.
Proof. apply (padded_fit relu (fun a => a = 1 \/ a = -1)). Qed.

Theorem padded_threshold d k width D : in_dimension d D ->
  threshold_trainable (d + k) width (pad k D) <-> threshold_trainable d width D.
Proof.
  intros HD. pose proof (padded_fit step (fun _ => True) d k width D HD) as H. unfold threshold_trainable.
  setoid_rewrite threshold_kind. exact H.
Qed.

Theorem padded_relu_to l gamma d k width D : in_dimension d (map fst D) ->
  relu_trainable_to l gamma (d + k) width (pad_weighted k D) <-> relu_trainable_to l gamma d width D.
Proof. apply (padded_loss relu (fun a => a = 1 \/ a = -1)). Qed.

Theorem padded_threshold_to l gamma d k width D : in_dimension d (map fst D) ->
  threshold_trainable_to l gamma (d + k) width (pad_weighted k D) <-> threshold_trainable_to l gamma d width D.
Proof.
  intros HD. pose proof (padded_loss step (fun _ => True) l (Q2R gamma) d k width D HD) as H. unfold threshold_trainable_to.
  setoid_rewrite threshold_kind. exact H.
Qed.

Lemma pad_points k D : map fst (pad_weighted k D) = pad k (map fst D).
Proof. unfold pad, pad_weighted. rewrite !map_map. apply map_ext. intros ((x, y), c). reflexivity. Qed.
