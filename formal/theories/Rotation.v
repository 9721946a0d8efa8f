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

  (** Sums and differences of angles. *)
  Lemma re_im_add a b : re (a + b) = re a * re b - im a * im b /\ im (a + b) = re a * im b + im a * re b.
  Proof.
    induction a as [|a [IH1 IH2]]; cbn [Nat.add]; [simpl; split; ring|]. rewrite !re_S, !im_S, IH1, IH2. split; ring.
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

(** ** Up to half a circle *)

(** The first power beyond the first quadrant is number N. *)
Definition half_turn (t : R) (N : nat) : Prop :=
  (forall x, (x < N)%nat -> 0 <= re t x /\ 0 <= im t x) /\ re t N < 0.

Section Half_turn.
  Context (n : nat) (Hn : (2 <= n)%nat).
  Let t := INR n.
  Let N := length (arc n).

  Lemma t_positive : 2 <= t.
  Proof. unfold t. replace 2 with (INR 2) by (simpl; ring). apply le_INR, Hn. Qed.

  Lemma arc_point x : (x < N)%nat -> forall d, nth x (arc n) d = point n x /\ 0 <= re t x * im t x.
  Proof.
    intros Hx d. destruct (turns_nth _ _ _ d x _ Hx) as [E A]. split; [exact E|]. apply (proj1 (point_above n Hn x)). exact A.
  Qed.

  Lemma im_positive x : 0 <= re t x -> 0 <= im t x -> 0 < im t (S x).
  Proof.
    intros A B. pose proof t_positive as T. pose proof (norm t x) as E. assert (P : 0 < (t * t + 1) ^ x) by (apply pow_lt; nra).
    rewrite im_S. destruct (Rle_lt_or_eq_dec 0 (re t x) A) as [A'|A']; [nra|]. rewrite <- A' in *.
    destruct (Rle_lt_or_eq_dec 0 (im t x) B) as [B'|B']; [nra|]. rewrite <- B' in *. nra.
  Qed.

  Lemma quadrant x : (x < N)%nat -> 0 <= re t x /\ 0 <= im t x.
  Proof.
    induction x as [|x IH]; intros Hx; [cbn [re im]; lra|]. destruct IH as [A B]; [lia|].
    pose proof (im_positive x A B) as P. destruct (arc_point (S x) Hx (0%Q, 0%Q)) as [_ Y].
    split; [|lra]. destruct (Rle_dec 0 (re t (S x))) as [L|L]; [exact L|nra].
  Qed.

  Lemma arc_short : (N < 4 * n + 4)%nat.
  Proof.
    destruct (lt_dec N (2 * n + 2)) as [L|L]; [lia|exfalso]. pose proof t_positive as T.
    assert (K : forall x, (x <= n)%nat -> INR x * re t x <= t * im t x).
    { induction x as [|x IH]; intros Hx; [cbn [INR re im]; lra|]. specialize (IH ltac:(lia)). destruct (quadrant x ltac:(lia)) as [A B].
      rewrite S_INR, re_S, im_S. pose proof (pos_INR x). nra. }
    specialize (K n (le_n n)). fold t in K. destruct (quadrant n ltac:(lia)) as [A B]. assert (C : re t n <= im t n) by nra.
    destruct (quadrant (n + n) ltac:(lia)) as [D1 D2]. destruct (quadrant (S (n + n)) ltac:(lia)) as [E1 _].
    pose proof (im_positive (pred (n + n))) as P. replace (S (pred (n + n))) with (n + n)%nat in P by lia.
    destruct (quadrant (pred (n + n)) ltac:(lia)) as [F1 F2]. specialize (P F1 F2).
    rewrite re_S in E1. rewrite (proj1 (re_im_add t n n)) in D1, E1.
    assert (re t n * re t n - im t n * im t n <= 0) by nra. nra.
  Qed.

  Lemma arc_half_turn : half_turn t N.
  Proof.
    split; [exact quadrant|]. pose proof (turns_end _ _ _ _ arc_short) as Y. change (snd (r2 (point n N)) < 0) in Y.
    pose proof (arc_long n Hn n (le_n n)) as L. fold N in L.
    destruct (quadrant (pred N) ltac:(lia)) as [A B]. pose proof (im_positive _ A B) as P.
    replace (S (pred N)) with N in P by lia.
    apply Rnot_le_lt. intros C. assert (0 <= snd (r2 (point n N))); [|lra]. apply (point_above n Hn). fold t. nra.
  Qed.
End Half_turn.

(** ** Scalar products of the points *)

Section Products.
  Context (t : R) (Ht : 2 <= t) (N : nat) (HN : half_turn t N).
  Let w := t * t + 1.

  Definition cosines (x : nat) : R := (re t x * re t x - im t x * im t x) / w ^ x.
  Definition sines (x : nat) : R := 2 * re t x * im t x / w ^ x.
  (** The chord from a point to the next, against a point x steps on. *)
  Definition chords (x : nat) : R := cosines x + t * sines x.

  Lemma w_positive : 0 < w. Proof. unfold w. nra. Qed.
  Lemma w_power x : 0 < w ^ x. Proof. apply pow_lt, w_positive. Qed.
  Hint Resolve w_positive w_power : core.

  Lemma cosines_S x : cosines (S x) = ((t * t - 1) * cosines x - 2 * t * sines x) / w.
  Proof.
    unfold cosines, sines. rewrite re_S, im_S. cbn [pow]. pose proof w_positive as W. pose proof (w_power x) as P. unfold w in *. field. split; lra.
  Qed.
  Lemma sines_S x : sines (S x) = (2 * t * cosines x + (t * t - 1) * sines x) / w.
  Proof.
    unfold cosines, sines. rewrite re_S, im_S. cbn [pow]. pose proof w_positive as W. pose proof (w_power x) as P. unfold w in *. field. split; lra.
  Qed.
  Lemma cosines_0 : cosines 0 = 1. Proof. unfold cosines. cbn [re im pow]. field. Qed.
  Lemma sines_0 : sines 0 = 0. Proof. unfold sines. cbn [re im pow]. field. Qed.

  Lemma chord_step x : cosines x - cosines (S x) = 2 * chords x / w.
  Proof. rewrite cosines_S. unfold chords. pose proof w_positive as W. unfold w in *. field. lra. Qed.

  Lemma circle_norm x : cosines x * cosines x + sines x * sines x = 1.
  Proof.
    unfold cosines, sines. pose proof (w_power x) as P. pose proof (norm t x) as E. change (t * t + 1) with w in E.
    rewrite <- E in P |- *. clear E. field. lra.
  Qed.
  Lemma cosines_bounded x : -1 <= cosines x <= 1.
  Proof. pose proof (circle_norm x). split; nra. Qed.
  Lemma sines_positive x : (x < N)%nat -> 0 <= sines x.
  Proof.
    intros H. apply HN in H as [A B]. unfold sines. apply Rmult_le_pos; [nra|]. left. apply Rinv_0_lt_compat, w_power.
  Qed.

  Let c := (t * t - 1) / w.
  Lemma c_range : 0 < c < 1.
  Proof.
    pose proof w_positive as W. unfold c. split; [apply Rdiv_lt_0_compat; nra|]. apply Rmult_lt_reg_r with w; [exact W|].
    unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. unfold w. lra.
  Qed.

  (** Neither close to 1 nor to -1, but for the first and for the last. *)
  Lemma cosines_range x : (1 <= x)%nat -> (S x < N)%nat -> - c <= cosines x <= c.
  Proof.
    intros H1 H2. pose proof w_positive as W. split.
    - assert (E : cosines x = c * cosines (S x) + 2 * t / w * sines (S x)).
      { rewrite cosines_S, sines_S. unfold c, w in *. field. lra. }
      pose proof (cosines_bounded (S x)). pose proof (sines_positive (S x) H2). pose proof c_range.
      assert (0 <= 2 * t / w) by (left; apply Rdiv_lt_0_compat; lra). nra.
    - destruct x as [|x]; [lia|]. rewrite cosines_S.
      replace (((t * t - 1) * cosines x - 2 * t * sines x) / w) with (c * cosines x - 2 * t / w * sines x) by (unfold c; field; lra).
      pose proof (cosines_bounded x). pose proof (sines_positive x ltac:(lia)). pose proof c_range.
      assert (0 <= 2 * t / w) by (left; apply Rdiv_lt_0_compat; lra). nra.
  Qed.

  (** Difference of chords. *)
  Lemma chord_difference b j : chords (b + j) - chords b = 2 * im t j * re t (b + (b + S j)) / w ^ (b + j).
  Proof.
    unfold chords, cosines, sines. pose proof (w_power b) as Pb. pose proof (w_power j) as Pj.
    assert (E : w ^ j = re t j * re t j + im t j * im t j) by (symmetry; apply norm).
    rewrite pow_add, (proj1 (re_im_add t b (b + S j))), (proj1 (re_im_add t b (S j))), (proj2 (re_im_add t b (S j))),
      (proj1 (re_im_add t b j)), (proj2 (re_im_add t b j)), re_S, im_S.
    rewrite E in Pj |- *. clear E. field. split; lra.
  Qed.

  Lemma chords_least x : (S x < N)%nat -> 1 <= chords x.
  Proof.
    intros H. pose proof (chord_difference 0 x) as E. cbn [Nat.add] in E. unfold chords at 2 in E. rewrite cosines_0, sines_0 in E.
    destruct (proj1 HN x ltac:(lia)) as [_ B]. destruct (proj1 HN (S x) H) as [A _].
    assert (0 <= 2 * im t x * re t (S x) / w ^ x); [|lra].
    apply Rmult_le_pos; [nra|]. left. apply Rinv_0_lt_compat, w_power.
  Qed.

  (** The difference of two chords that make up half a turn. *)
  Lemma im_grows b : forall j, (j + 2 * b < N)%nat -> im t j * w ^ b <= im t (j + 2 * b).
  Proof.
    induction b as [|b IH]; intros j H; [replace (j + 2 * 0)%nat with j by lia; cbn [pow]; lra|].
    specialize (IH (S (S j)) ltac:(lia)). replace (j + 2 * S b)%nat with (S (S j) + 2 * b)%nat by lia.
    eapply Rle_trans; [|exact IH]. destruct (proj1 HN (S j) ltac:(lia)) as [A _]. cbn [pow].
    assert (E : im t (S (S j)) = w * im t j + 2 * re t (S j)).
    { rewrite im_S, re_S, im_S. unfold w. ring. }
    pose proof (w_power b). rewrite E. nra.
  Qed.

  Lemma chords_apart a b : (a + b + 2 = N)%nat -> chords a - chords b <= 2 * c.
  Proof.
    intros H. pose proof c_range as Cr. destruct (le_lt_dec a b) as [L|L].
    - pose proof (chord_difference a (b - a)) as E. replace (a + (b - a))%nat with b in E by lia.
      assert (0 <= 2 * im t (b - a) * re t (a + (a + S (b - a))) / w ^ b); [|lra].
      destruct (proj1 HN (b - a)%nat ltac:(lia)) as [_ B]. destruct (proj1 HN (a + (a + S (b - a)))%nat ltac:(lia)) as [A _].
      apply Rmult_le_pos; [nra|]. left. apply Rinv_0_lt_compat, w_power.
    - set (M := (N - 1)%nat). set (j := (a - b)%nat).
      pose proof (chord_difference b j) as E. replace (b + j)%nat with a in E by (unfold j; lia).
      replace (b + (b + S j))%nat with M in E by (unfold M, j; lia).
      pose proof (chord_difference 0 (M - 1)) as F. cbn [Nat.add] in F. replace (S (M - 1)) with M in F by (unfold M; lia).
      assert (G : chords (M - 1) - chords 1 <= 0).
      { pose proof (chord_difference 1 (M - 2)) as G. replace (1 + (M - 2))%nat with (M - 1)%nat in G by (unfold M; lia).
        replace (1 + (1 + S (M - 2)))%nat with N in G by (unfold M; lia). rewrite G.
        destruct (proj1 HN (M - 2)%nat ltac:(unfold M; lia)) as [_ B]. pose proof (proj2 HN) as R.
        assert (0 <= 2 * im t (M - 2) * - re t N / w ^ (M - 1)); [|unfold Rdiv in *; lra].
        apply Rmult_le_pos; [nra|]. left. apply Rinv_0_lt_compat, w_power. }
      assert (D : chords a - chords b <= chords (M - 1) - chords 0).
      { rewrite E, F. replace (M - 1)%nat with (j + 2 * b)%nat by (unfold M, j; lia).
        pose proof (im_grows b j ltac:(unfold j; lia)) as I. destruct (proj1 HN M ltac:(unfold M; lia)) as [A _].
        replace (w ^ (j + 2 * b)) with (w ^ a * w ^ b) by (rewrite <- pow_add; f_equal; unfold j; lia).
        pose proof (w_power a) as Pa. pose proof (w_power b) as Pb.
        replace (2 * im t j * re t M / w ^ a) with (2 * (im t j * w ^ b) * re t M / (w ^ a * w ^ b)) by (field; lra).
        unfold Rdiv. apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat; nra|]. nra. }
      assert (V0 : chords 0 = 1) by (unfold chords; rewrite cosines_0, sines_0; ring).
      assert (V1 : chords 1 = 1 + 2 * c).
      { unfold chords. rewrite cosines_S, sines_S, cosines_0, sines_0. pose proof w_positive as W. unfold c, w in *. field. lra. }
      lra.
  Qed.
End Products.
