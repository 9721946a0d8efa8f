(** * Networks restricted to a line

    Restricted to a line, a neuron has the pre-activation  A + B * t.  This file
    holds what the reductions need of such one-dimensional functions: points
    strictly below (above) a chord force a convex (concave) kink strictly
    between the outer two, different values force a threshold neuron to change,
    and a family of exclusive demands as large as the network gives each demand
    its own neuron and leaves none over. *)

From Coq Require Import Reals List Lra Psatz Permutation.
From Certify Require Import Semantics.
Import ListNotations.
Open Scope R_scope.

(** ** The kink lemma *)

(** How far the chord over t1, t3 lies above the middle value, scaled. *)
Definition gap (t1 t2 t3 f1 f2 f3 : R) : R :=
  f1 * (t3 - t2) + f3 * (t2 - t1) - f2 * (t3 - t1).

Lemma relu_gap_nonneg A B t1 t2 t3 : t1 < t2 < t3 ->
  0 <= gap t1 t2 t3 (relu (A + B * t1)) (relu (A + B * t2)) (relu (A + B * t3)).
Proof.
  intros H. unfold gap, relu, Rmax.
  destruct (Rle_dec 0 (A + B * t1)), (Rle_dec 0 (A + B * t2)), (Rle_dec 0 (A + B * t3)); nra.
Qed.

(** A rectifier that does not change sign strictly leaves no gap. *)
Lemma relu_gap_zero A B t1 t2 t3 : t1 < t2 < t3 ->
  0 <= (A + B * t1) * (A + B * t3) ->
  gap t1 t2 t3 (relu (A + B * t1)) (relu (A + B * t2)) (relu (A + B * t3)) = 0.
Proof.
  intros H Hs. unfold gap.
  assert (Hc : (0 <= A + B * t1 /\ 0 <= A + B * t3) \/ (A + B * t1 <= 0 /\ A + B * t3 <= 0)).
  { destruct (Rle_dec 0 (A + B * t1)), (Rle_dec 0 (A + B * t3)); try (left; lra).
    - destruct (Req_dec (A + B * t1) 0); [right; lra|]. nra.
    - destruct (Req_dec (A + B * t3) 0); [right; lra|]. nra.
    - right; lra. }
  destruct Hc as [[H1 H3]|[H1 H3]].
  - assert (0 <= A + B * t2) by nra.
    rewrite (relu_pos (A + B * t1)), (relu_pos (A + B * t2)), (relu_pos (A + B * t3)) by assumption. ring.
  - assert (A + B * t2 <= 0) by nra.
    rewrite (relu_neg (A + B * t1)), (relu_neg (A + B * t2)), (relu_neg (A + B * t3)) by assumption. ring.
Qed.

Section Kinks.
  Context {X : Type} (a A B : X -> R).

  (** The value at [t]: an affine function plus one rectifier for each member. *)
  Definition line_value (al be : R) (N : list X) (t : R) : R :=
    al + be * t + sum (fun x => a x * relu (A x + B x * t)) N.

  Definition crosses (t1 t3 : R) (x : X) : Prop := (A x + B x * t1) * (A x + B x * t3) < 0.

  Lemma kink_gen (e al be : R) N t1 t2 t3 : (e = 1 \/ e = -1) ->
    t1 < t2 < t3 -> (forall x, In x N -> a x = 1 \/ a x = -1) ->
    0 < e * gap t1 t2 t3 (line_value al be N t1) (line_value al be N t2) (line_value al be N t3) ->
    exists x, In x N /\ a x = e /\ crosses t1 t3 x.
  Proof.
    intros He Ht HN. unfold line_value. revert al be.
    induction N as [|x N IH]; intros al be H.
    - exfalso. revert H. unfold gap. simpl.
      replace (_ - _) with 0 by ring. lra.
    - simpl in H.
      set (S1 := sum (fun x => a x * relu (A x + B x * t1)) N) in *.
      set (S2 := sum (fun x => a x * relu (A x + B x * t2)) N) in *.
      set (S3 := sum (fun x => a x * relu (A x + B x * t3)) N) in *.
      pose proof (relu_gap_nonneg (A x) (B x) t1 t2 t3 Ht) as Hp.
      pose proof (relu_gap_zero (A x) (B x) t1 t2 t3 Ht) as Hz.
      set (g := gap t1 t2 t3 (relu _) _ _) in *.
      assert (Hs : 0 < e * (a x * g) + e * gap t1 t2 t3 (al + be * t1 + S1) (al + be * t2 + S2) (al + be * t3 + S3)).
      { eapply Rlt_le_trans; [exact H|]. unfold g, gap. apply Req_le. ring. }
      destruct (Rlt_dec 0 (e * (a x * g))) as [Hg|Hg].
      + exists x. split; [left; reflexivity|].
        destruct (HN x (or_introl eq_refl)) as [Ha|Ha]; rewrite Ha in *;
        (split; [destruct He; subst e; nra|]);
        unfold crosses; destruct (Rlt_dec ((A x + B x * t1) * (A x + B x * t3)) 0); auto;
        rewrite Hz in Hg by lra; lra.
      + destruct (IH (fun y h => HN y (or_intror h)) al be) as (y & Hy & Hr); [lra|].
        exists y. split; [right; exact Hy|exact Hr].
  Qed.

  (** The convex-kink lemma: values strictly below a chord force a member with
      a = 1 whose pre-activation changes sign strictly between the ends. *)
  Lemma convex_kink al be N t1 t2 t3 : t1 < t2 < t3 ->
    (forall x, In x N -> a x = 1 \/ a x = -1) ->
    0 < gap t1 t2 t3 (line_value al be N t1) (line_value al be N t2) (line_value al be N t3) ->
    exists x, In x N /\ a x = 1 /\ crosses t1 t3 x.
  Proof. intros. apply (kink_gen 1 al be N t1 t2 t3); auto; lra. Qed.

  (** Its dual: values strictly above a chord force a member with a = -1. *)
  Lemma concave_kink al be N t1 t2 t3 : t1 < t2 < t3 ->
    (forall x, In x N -> a x = 1 \/ a x = -1) ->
    gap t1 t2 t3 (line_value al be N t1) (line_value al be N t2) (line_value al be N t3) < 0 ->
    exists x, In x N /\ a x = -1 /\ crosses t1 t3 x.
  Proof. intros. apply (kink_gen (-1) al be N t1 t2 t3); auto; lra. Qed.

  (** Different values of a threshold network force a member that is active at
      one of the two points and not at the other. *)
  Lemma threshold_change N t1 t2 :
    sum (fun x => a x * step (A x + B x * t1)) N <> sum (fun x => a x * step (A x + B x * t2)) N ->
    exists x, In x N /\ step (A x + B x * t1) <> step (A x + B x * t2).
  Proof.
    induction N as [|x N IH]; simpl; intros H; [lra|].
    destruct (Req_dec (step (A x + B x * t1)) (step (A x + B x * t2))) as [E|E].
    - destruct IH as (y & Hy & Hr); [rewrite E in H; lra|]. exists y; auto.
    - exists x; auto.
  Qed.
End Kinks.

(** A strict change of sign happens at a root strictly between. *)
Lemma crosses_root A B t1 t3 : t1 < t3 -> (A + B * t1) * (A + B * t3) < 0 ->
  B <> 0 /\ t1 < - A / B < t3.
Proof.
  intros Ht H.
  assert (HB : B <> 0) by (intros ->; nra).
  split; [exact HB|].
  assert (Hr : A = - B * (- A / B)) by (field; exact HB).
  set (r := - A / B) in *. clearbody r. subst A.
  assert (H2 : (B * B) * ((t1 - r) * (t3 - r)) < 0) by nra.
  assert (0 < B * B) by nra.
  assert ((t1 - r) * (t3 - r) < 0) by nra.
  nra.
Qed.

(** ** Orientation is free: [z]_+ = [-z]_+ + z *)
Lemma relu_orient v t y :
  relu (v * (t - y)) = Rabs v * relu (t - y) + Rmin v 0 * (t - y).
Proof.
  unfold relu. destruct (Rle_dec 0 v) as [Hv|Hv].
  - rewrite Rabs_pos_eq, Rmin_right by lra.
    destruct (Rle_dec 0 (t - y)).
    + rewrite !Rmax_right by nra. ring.
    + rewrite !Rmax_left by nra. ring.
  - rewrite Rabs_left1, Rmin_left by lra.
    destruct (Rle_dec 0 (t - y)).
    + rewrite Rmax_left, Rmax_right by nra. ring.
    + rewrite Rmax_right, Rmax_left by nra. ring.
Qed.

(** ** Pigeonhole *)

Lemma Forall2_len {S X} (P : S -> X -> Prop) l l' : Forall2 P l l' -> length l = length l'.
Proof. induction 1; simpl; congruence. Qed.

(** The members of a list exclude one another. *)
Fixpoint exclusive {S X : Type} (P : S -> X -> Prop) (l : list S) : Prop :=
  match l with
  | [] => True
  | s :: l' => (forall s' x, In s' l' -> P s x -> P s' x -> False) /\ exclusive P l'
  end.

Lemma exclusive_app {S X} (P : S -> X -> Prop) l1 l2 :
  exclusive P l1 -> exclusive P l2 ->
  (forall s s' x, In s l1 -> In s' l2 -> P s x -> P s' x -> False) ->
  exclusive P (l1 ++ l2).
Proof.
  induction l1 as [|s l1 IH]; simpl; [auto|].
  intros [H1 H1'] H2 H. split.
  - intros s' x Hin. apply in_app_or in Hin as [Hin|Hin]; eauto.
  - apply IH; eauto.
Qed.

(** Saturation: if each of a list of mutually exclusive demands is met by some
    member of [N], and [N] is no longer than the list, then [N] rearranged
    meets the demands one by one. *)
Lemma saturation {S X} (P : S -> X -> Prop) (demands : list S) : forall N,
  (forall s, In s demands -> exists x, In x N /\ P s x) ->
  exclusive P demands ->
  (length N <= length demands)%nat ->
  exists N', Permutation N N' /\ Forall2 P demands N'.
Proof.
  induction demands as [|s l IH]; simpl; intros N Hmet Hex Hlen.
  - destruct N; simpl in Hlen; [|lia]. exists []; auto.
  - destruct Hex as [Hs Hex].
    destruct (Hmet s (or_introl eq_refl)) as (x & Hx & Px).
    apply in_split in Hx as (l1 & l2 & ->).
    destruct (IH (l1 ++ l2)) as (N' & HN' & HF).
    + intros s' Hs'. destruct (Hmet s' (or_intror Hs')) as (x' & Hx' & Px').
      exists x'. split; [|exact Px'].
      apply in_app_or in Hx' as [?|[->|?]]; [apply in_or_app; auto| |apply in_or_app; auto].
      exfalso; eauto.
    + exact Hex.
    + rewrite app_length in *. simpl in Hlen. lia.
    + exists (x :: N'). split; [|constructor; auto].
      rewrite <- Permutation_middle. constructor. exact HN'.
Qed.

(** Pigeonhole: with fewer members than exclusive demands, one is not met. *)
Lemma pigeonhole {S X} (P : S -> X -> Prop) (demands : list S) (N : list X) :
  exclusive P demands ->
  (length N < length demands)%nat ->
  ~ (forall s, In s demands -> exists x, In x N /\ P s x).
Proof.
  intros Hex Hlen Hmet.
  destruct (saturation P demands N Hmet Hex) as (N' & HN & HF); [lia|].
  apply Permutation_length in HN. apply Forall2_len in HF. lia.
Qed.
