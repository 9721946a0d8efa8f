(** * Levees: Definition 2, Observation 3, and levees with two slopes *)

From Coq Require Import Reals List Lra Psatz.
From Certify Require Import Semantics.
Import ListNotations.
Open Scope R_scope.

Ltac relu_cases :=
  unfold relu, Rmax in *;
  repeat match goal with
  | |- context [Rle_dec ?a ?b] => destruct (Rle_dec a b)
  | H : context [Rle_dec ?a ?b] |- _ => destruct (Rle_dec a b)
  end; try lra.

(** Definition 2: the levee with slope [s], centred at the origin. *)
Definition levee (s x1 x2 : R) : R :=
  let d := x2 - s * x1 in
  if Rle_dec 2 (Rabs d) then 0
  else if Rle_dec (Rabs d) 1 then 1
  else if Rle_dec d 0 then 2 + d
  else 2 - d.

(** The cross section of a levee whose rising part is centred at [l - 3/2] and
    whose falling part is centred at [r + 3/2]. *)
Definition bump (l r y : R) : R :=
  relu (y - l + 2) - relu (y - l + 1) - relu (y - r - 1) + relu (y - r - 2).

Lemma bump_levee s x1 x2 : bump (s * x1) (s * x1) x2 = levee s x1 x2.
Proof.
  unfold bump, levee. set (d := x2 - s * x1).
  replace (x2 - s * x1 + 2) with (d + 2) by (unfold d; ring).
  replace (x2 - s * x1 + 1) with (d + 1) by (unfold d; ring).
  replace (x2 - s * x1 - 1) with (d - 1) by (unfold d; ring).
  replace (x2 - s * x1 - 2) with (d - 2) by (unfold d; ring).
  clearbody d. unfold Rabs. destruct (Rcase_abs d); relu_cases.
Qed.

(** Observation 3: four rectifiers realise a levee (here: shifted up by [z]). *)
Definition levee_neurons (z s : R) : list neuron :=
  [ Neuron [- s; 1] (2 - z) 1; Neuron [- s; 1] (1 - z) (-1);
    Neuron [- s; 1] (- 1 - z) (-1); Neuron [- s; 1] (- 2 - z) 1 ].

Lemma observation_3 z s x1 x2 :
  eval relu (levee_neurons z s) [x1; x2] = levee s x1 (x2 - z).
Proof.
  rewrite <- bump_levee. unfold eval, levee_neurons, bump, pre; simpl.
  replace (- s * x1 + (1 * x2 + 0) + (2 - z)) with (x2 - z - s * x1 + 2) by ring.
  replace (- s * x1 + (1 * x2 + 0) + (1 - z)) with (x2 - z - s * x1 + 1) by ring.
  replace (- s * x1 + (1 * x2 + 0) + (- 1 - z)) with (x2 - z - s * x1 - 1) by ring.
  replace (- s * x1 + (1 * x2 + 0) + (- 2 - z)) with (x2 - z - s * x1 - 2) by ring.
  ring.
Qed.

Lemma levee_neurons_allowed z s : Forall (relu_neuron 2) (levee_neurons z s).
Proof. repeat (apply Forall_cons; [split; simpl; auto|]). apply Forall_nil. Qed.

(** Where a bump vanishes. *)
Lemma bump_below l r y : y <= l - 2 -> y <= r + 1 -> bump l r y = 0.
Proof. intros. unfold bump. relu_cases. Qed.

Lemma bump_above l r y : l - 1 <= y -> r + 2 <= y -> bump l r y = 0.
Proof. intros. unfold bump. relu_cases. Qed.

Lemma bump_zero l r y : l <= r -> bump l r y = 0 -> y <= l - 2 \/ r + 2 <= y.
Proof. intros. unfold bump in *. relu_cases. Qed.

Lemma levee_far s x1 x2 : 2 <= Rabs (x2 - s * x1) -> levee s x1 x2 = 0.
Proof. intros. unfold levee. destruct (Rle_dec 2 (Rabs (x2 - s * x1))); lra. Qed.

Lemma levee_centre s x1 x2 : x2 = s * x1 -> levee s x1 x2 = 1.
Proof.
  intros ->. unfold levee. replace (s * x1 - s * x1) with 0 by ring.
  rewrite Rabs_R0. destruct (Rle_dec 2 0); [lra|]. destruct (Rle_dec 0 1); lra.
Qed.

(** A levee whose two flanks may have different slopes [s] and [t]. *)
Definition levee2 (z s t x1 x2 : R) : R := bump (z + s * x1) (z + t * x1) x2.

Lemma levee2_levee z s x1 x2 : levee2 z s s x1 x2 = levee s x1 (x2 - z).
Proof.
  rewrite <- bump_levee. unfold levee2, bump.
  replace (x2 - (z + s * x1)) with (x2 - z - s * x1) by ring. reflexivity.
Qed.
