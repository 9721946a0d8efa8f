(** * Points of a rational rotation, up to half a circle

    The rotation by twice the angle of t + i, that is with cosine (t^2-1)/(t^2+1) and sine 2t/(t^2+1), takes (1, 0) to
    p_1, p_2, ...; in the end below the first axis. The powers of t + i have half the angle: where they are in the first
    quadrant, these points are above the axis. *)

From Coq Require Import Reals QArith Qreals List Lia Lra Psatz Arith Bool.
Import ListNotations.
Open Scope R_scope.

Definition vec2 := (Q * Q)%type.
Definition number (n : nat) : Q := inject_Z (Z.of_nat n).

(** The rotation with cosine c and sine s. *)
Definition turned (c s : Q) (p : vec2) : vec2 :=
  (Qred (Qred (c * fst p) - Qred (s * snd p)), Qred (Qred (s * fst p) + Qred (c * snd p))).

(** p, R p, ... as long as the second coordinate is not negative; at most [fuel] of them. *)
Fixpoint turns (fuel : nat) (c s : Q) (p : vec2) : list vec2 :=
  match fuel with
  | O => []
  | S f => if negb (Qle_bool 0 (snd p)) then [] else p :: turns f c s (turned c s p)
  end.

(** p_0 ... p_(N-1) for the parameter t: the rotation with cosine (t^2-1)/(t^2+1) and sine 2t/(t^2+1). *)
Definition arc (t : nat) : list vec2 :=
  let u := number (t * t + 1) in
  turns (4 * t + 4) (Qred (number (t * t - 1) / u)) (Qred (number (2 * t) / u)) (1%Q, 0%Q).

(** The one for the least parameter from t on with N >= n + 1. *)
Fixpoint ring (fuel : nat) (t n : nat) : list vec2 :=
  match fuel with
  | O => []
  | S f => let ps := arc t in if Nat.leb (S n) (length ps) then ps else ring f (S t) n
  end.

Definition the_ring (n : nat) : list vec2 := ring (n + 3) 2 n.

Definition r2 (p : vec2) : R * R := (Q2R (fst p), Q2R (snd p)).

Lemma Q2R_zero : Q2R 0 = 0. Proof. unfold Q2R. simpl. lra. Qed.
Lemma Q2R_one : Q2R 1 = 1. Proof. unfold Q2R. simpl. lra. Qed.
Lemma Q2R_red' q : Q2R (Qred q) = Q2R q. Proof. apply Qeq_eqR, Qred_correct. Qed.
Lemma number_R n : Q2R (number n) = INR n.
Proof. unfold number, Q2R, inject_Z. cbn [Qnum Qden]. rewrite <- INR_IZR_INZ. field. Qed.

(** ** Half the angle *)

Section Powers.
  Context (t : R).

  (** The real and the imaginary part of (t + i)^x. *)
  Fixpoint re (x : nat) : R := match x with O => 1 | S y => t * re y - im y end
  with im (x : nat) : R := match x with O => 0 | S y => re y + t * im y end.

  Lemma re_S x : re (S x) = t * re x - im x. Proof. reflexivity. Qed.
  Lemma im_S x : im (S x) = re x + t * im x. Proof. reflexivity. Qed.

  Lemma norm x : re x * re x + im x * im x = (t * t + 1) ^ x.
  Proof. induction x as [|x IH]; [simpl; ring|]. rewrite re_S, im_S. cbn [pow]. rewrite <- IH. ring. Qed.

  (** The first t powers are in the first quadrant. *)
  Lemma first_quadrant x : INR x < t -> 0 < re x /\ 0 <= im x /\ (t - INR x) * im x <= INR x * re x.
  Proof.
    induction x as [|x IH]; intros H; [simpl; lra|]. rewrite S_INR in *. destruct IH as (A & B & C); [lra|].
    rewrite re_S, im_S. pose proof (pos_INR x) as X. set (y := INR x) in *. clearbody y.
    assert (P : 0 < t * re x - im x).
    { assert (im x <= y * re x) by nra. nra. }
    split; [exact P|]. split; [nra|].
    assert (K : (t - (y + 1)) * (re x + t * im x) * (t - y) <= (y + 1) * (t * re x - im x) * (t - y)); [|nra].
    assert (K1 : (t * (t - (y + 1)) + (y + 1)) * ((t - y) * im x) <= (t * (t - (y + 1)) + (y + 1)) * (y * re x)) by (apply Rmult_le_compat_l; nra).
    assert (K2 : (t - (y + 1)) * (t - y) * re x + (t * (t - (y + 1)) + (y + 1)) * (y * re x) <= (y + 1) * t * (t - y) * re x); [|nra].
    replace ((y + 1) * t * (t - y) * re x) with ((t - (y + 1)) * (t - y) * re x + (t * (t - (y + 1)) + (y + 1)) * (y * re x) + re x * (2 * y * (t - y - 1) + t)) by ring.
    assert (0 <= re x * (2 * y * (t - y - 1) + t)) by (apply Rmult_le_pos; nra). lra.
  Qed.
End Powers.

(** ** The points *)

(** R^x p. *)
Fixpoint spun (c s : Q) (x : nat) (p : vec2) : vec2 := match x with O => p | S y => spun c s y (turned c s p) end.

Lemma spun_S c s x : forall p, spun c s (S x) p = turned c s (spun c s x p).
Proof. induction x as [|x IH]; intros p; [reflexivity|]. cbn [spun] in *. apply IH. Qed.

Lemma above p : negb (Qle_bool 0 (snd p)) = false <-> 0 <= snd (r2 p).
Proof.
  rewrite negb_false_iff, Qle_bool_iff. unfold r2. cbn [snd]. rewrite <- Q2R_zero. split; [apply Qle_Rle|apply Rle_Qle].
Qed.

Lemma turns_long c s fuel : forall m p, (m <= fuel)%nat -> (forall x, (x < m)%nat -> 0 <= snd (r2 (spun c s x p))) ->
  (m <= length (turns fuel c s p))%nat.
Proof.
  induction fuel as [|f IH]; intros m p Hm H; [lia|]. destruct m as [|m]; [lia|].
  cbn [turns]. rewrite (proj2 (above p)) by (apply (H 0%nat); lia). cbn [length].
  apply le_n_S, IH; [lia|]. intros x Hx. apply (H (S x)). lia.
Qed.

Lemma turns_nth c s fuel d : forall x p, (x < length (turns fuel c s p))%nat ->
  nth x (turns fuel c s p) d = spun c s x p /\ 0 <= snd (r2 (spun c s x p)).
Proof.
  induction fuel as [|f IH]; intros x p; [simpl; lia|]. cbn [turns].
  destruct (negb (Qle_bool 0 (snd p))) eqn:E; [simpl; lia|]. apply above in E. destruct x as [|x]; [simpl; auto|].
  cbn [length nth spun]. intros Hx. apply (IH x (turned c s p)). lia.
Qed.

Lemma turns_end c s fuel : forall p, (length (turns fuel c s p) < fuel)%nat ->
  snd (r2 (spun c s (length (turns fuel c s p)) p)) < 0.
Proof.
  induction fuel as [|f IH]; intros p; [lia|]. cbn [turns]. destruct (negb (Qle_bool 0 (snd p))) eqn:E.
  - intros _. cbn [length spun]. apply Rnot_le_lt. intros H. apply above in H. congruence.
  - cbn [length spun]. intros H. apply IH. lia.
Qed.

Section Arc.
  Context (n : nat) (Hn : (2 <= n)%nat).
  Let t := INR n.
  Let c := Qred (number (n * n - 1) / number (n * n + 1)).
  Let s := Qred (number (2 * n) / number (n * n + 1)).

  Definition point (x : nat) : vec2 := spun c s x (1%Q, 0%Q).

  Lemma cosine : Q2R c = (t * t - 1) / (t * t + 1).
  Proof.
    unfold c. rewrite Q2R_red', Q2R_div.
    - rewrite !number_R, minus_INR, plus_INR, mult_INR by nia. reflexivity.
    - intros E. apply Qeq_eqR in E. rewrite number_R, Q2R_zero, plus_INR, mult_INR in E. simpl in E. pose proof (pos_INR n). nra.
  Qed.
  Lemma sine : Q2R s = 2 * t / (t * t + 1).
  Proof.
    unfold s. rewrite Q2R_red', Q2R_div.
    - rewrite !number_R, plus_INR, !mult_INR. reflexivity.
    - intros E. apply Qeq_eqR in E. rewrite number_R, Q2R_zero, plus_INR, mult_INR in E. simpl in E. pose proof (pos_INR n). nra.
  Qed.

  Lemma point_R x : r2 (point x) =
    ((re t x * re t x - im t x * im t x) / (t * t + 1) ^ x, 2 * re t x * im t x / (t * t + 1) ^ x).
  Proof.
    assert (W : t * t + 1 <> 0) by nra. unfold point. induction x as [|x IH].
    - unfold r2. cbn [spun re im pow fst snd]. rewrite Q2R_zero, Q2R_one. f_equal; field.
    - rewrite spun_S. unfold r2 in IH |- *. injection IH as E1 E2. unfold turned. cbn [fst snd].
      rewrite !Q2R_red', Q2R_minus, Q2R_plus, !Q2R_red', !Q2R_mult, E1, E2, cosine, sine, re_S, im_S. cbn [pow].
      assert ((t * t + 1) ^ x <> 0) by (apply pow_nonzero, W). f_equal; field; auto.
  Qed.

  Lemma point_above x : 0 <= snd (r2 (point x)) <-> 0 <= re t x * im t x.
  Proof.
    rewrite point_R. cbn [snd]. assert (W : 0 < (t * t + 1) ^ x) by (apply pow_lt; nra).
    assert (E : 2 * re t x * im t x = 2 * re t x * im t x / (t * t + 1) ^ x * (t * t + 1) ^ x) by (field; lra).
    set (q := 2 * re t x * im t x / (t * t + 1) ^ x) in *. split; intros H; [nra|].
    destruct (Rle_dec 0 q); [assumption|nra].
  Qed.

  Lemma arc_long m : (m <= n)%nat -> (m <= length (arc n))%nat.
  Proof.
    intros Hm. unfold arc. apply turns_long; [lia|]. intros x Hx. apply (proj2 (point_above x)).
    destruct (first_quadrant t x) as (A & B & _); [apply lt_INR; lia|]. nra.
  Qed.
End Arc.

Lemma ring_long n t0 fuel : forall t, (t <= t0 < t + fuel)%nat -> (S n <= length (arc t0))%nat -> (S n <= length (ring fuel t n))%nat.
Proof.
  induction fuel as [|f IH]; intros t Ht H; [lia|]. cbn [ring].
  destruct (Nat.leb (S n) (length (arc t))) eqn:E; [apply Nat.leb_le, E|].
  apply IH; [|exact H]. destruct (Nat.eq_dec t t0) as [->|]; [apply Nat.leb_nle in E; lia|lia].
Qed.

(** It is the arc of some parameter, and long enough. *)
Lemma the_ring_long n : (S n <= length (the_ring n))%nat.
Proof. unfold the_ring. apply (ring_long n (n + 2)); [lia|]. apply arc_long; lia. Qed.

Lemma ring_arc n fuel : forall t, (2 <= t)%nat -> (1 <= length (ring fuel t n))%nat -> exists u, (2 <= u)%nat /\ ring fuel t n = arc u.
Proof.
  induction fuel as [|f IH]; intros t Ht H; [simpl in H; lia|]. cbn [ring] in *.
  destruct (Nat.leb (S n) (length (arc t))); [exists t; auto|]. apply IH; [lia|exact H].
Qed.

Lemma the_ring_arc n : exists t, (2 <= t)%nat /\ the_ring n = arc t.
Proof. apply ring_arc; [lia|]. pose proof (the_ring_long n). unfold the_ring in *. lia. Qed.

Lemma the_ring_first n : nth_error (the_ring n) 0 = Some (1%Q, 0%Q).
Proof.
  destruct (the_ring_arc n) as (t & Ht & ->). unfold arc. rewrite Nat.add_comm. reflexivity.
Qed.
