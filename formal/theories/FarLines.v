(** * More neurons: the paper's remark on further neurons, for threshold networks

    One dimension more. Far above the data stand lines over points of the moment curve (i, i^2, ..., i^d), and labels along
    each of them that alternate, so that T neurons must switch there. A hyperplane that separates points of the data
    passes the windows of at most d of the lines. So T neurons are used up, whatever the others do: the data are fitted by
    the remaining ones and a constant. The program's own recipe takes the points of the curve modulo a prime, which keeps
    the numbers smaller; the argument is the same up to the bound on hyperplanes. *)

From Coq Require Import Reals QArith Qreals ZArith List Bool Lra Lia Psatz.
From Certify Require Import Semantics Separability Formula Padding.
Import ListNotations.
Open Scope R_scope.

(** ** The data *)

(** i^s, i^(s+1), ... (d numbers). *)
Definition curve (s d i : nat) : list Q := map (fun j => qn (i ^ j)) (seq s d).

(** So many lines. *)
Definition lines (width d : nat) : nat := (width + 1) * d + 1.

(** A bound on all coordinates, and the height above which the windows stand. *)
Definition size_of (x : list Q) : nat := fold_right (fun a m => Nat.max (Z.to_nat (Z.abs (Qnum a))) m) 1%nat x.
Definition sizes (X : list (list Q)) : nat := fold_right (fun x m => Nat.max (size_of x) m) 1%nat X.
Definition far_height (width T d : nat) (X : list (list Q)) : nat := (T + 2) * (2 * lines width d + 1) ^ d * sizes X + 1.

(** On each line the labels 0, 1, 0, 1, ... at T + 1 heights, one above the other. *)
Definition far_point (Z d i j : nat) : list Q := curve 1 d i ++ [qn (Z + S j)].
Definition far_label (j : nat) : Q := if Nat.even j then 0%Q else 1%Q.
Definition far_points (Z width T d : nat) : data :=
  flat_map (fun i => map (fun j => (far_point Z d i j, far_label j)) (seq 0 (S T))) (seq 0 (lines width d)).

(** The data with T neurons more than [width]. *)
Definition with_far (width T d : nat) (D : data) : data :=
  pad 1 D ++ far_points (far_height width T d (map fst D)) width T d.

(** ** Polynomials with small values at many places have small coefficients *)

Fixpoint peval (q : list R) (t : R) : R := match q with [] => 0 | a :: q' => a + t * peval q' t end.
Definition norm (q : list R) : R := sum Rabs q.

(** The quotient of q - q(t0) by t - t0. *)
Fixpoint quot (t0 : R) (q : list R) : list R :=
  match q with [] => [] | a :: q' => match q' with [] => [] | _ => peval q' t0 :: quot t0 q' end end.

Lemma quot_length t0 q : length (quot t0 q) = pred (length q).
Proof. induction q as [|a [|b q] IH]; try reflexivity. cbn [quot length] in *. rewrite IH. reflexivity. Qed.

Lemma quot_value t0 t q : peval q t - peval q t0 = (t - t0) * peval (quot t0 q) t.
Proof.
  induction q as [|a [|b q] IH]; [simpl; ring|simpl; ring|].
  set (p := b :: q) in *. change (quot t0 (a :: p)) with (peval p t0 :: quot t0 p). cbn [peval].
  replace (a + t * peval p t - (a + t0 * peval p t0)) with (t * (peval p t - peval p t0) + (t - t0) * peval p t0) by ring.
  rewrite IH. ring.
Qed.

Lemma norm_nonneg q : 0 <= norm q.
Proof. unfold norm. induction q as [|a q IH]; simpl; [lra|]. pose proof (Rabs_pos a). lra. Qed.

Lemma quot_norm t0 q : 0 <= t0 -> norm q <= Rabs (peval q t0) + (1 + t0) * norm (quot t0 q).
Proof.
  intros H0. induction q as [|a [|b q] IH].
  - unfold norm. simpl. rewrite Rabs_R0. lra.
  - unfold norm. simpl. replace (a + t0 * 0) with a by ring. lra.
  - set (p := b :: q) in *. change (quot t0 (a :: p)) with (peval p t0 :: quot t0 p).
    change (peval (a :: p) t0) with (a + t0 * peval p t0).
    unfold norm in *. cbn [sum].
    assert (A : Rabs a <= Rabs (a + t0 * peval p t0) + t0 * Rabs (peval p t0)).
    { replace a with ((a + t0 * peval p t0) + - (t0 * peval p t0)) at 1 by ring.
      eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_Ropp, Rabs_mult, (Rabs_pos_eq t0) by exact H0. lra. }
    lra.
Qed.

Lemma norm_bound (N : nat) : forall n q L W, length q = S n -> NoDup L -> length L = S n -> (forall i, In i L -> (i < N)%nat) ->
  (forall i, In i L -> Rabs (peval q (INR i)) <= W) -> norm q <= W * (2 * INR N + 1) ^ n.
Proof.
  induction n as [|n IH]; intros q L W Hq HL Ll HN HW.
  - destruct q as [|a [|b q]]; try discriminate. destruct L as [|i L]; [discriminate|].
    specialize (HW i (or_introl eq_refl)). unfold norm. simpl in *. replace (a + INR i * 0) with a in HW by ring. lra.
  - destruct L as [|i L]; [discriminate|]. inversion HL as [|? ? Ni HL']; subst. injection Ll as Ll.
    pose proof (HW i (or_introl eq_refl)) as Wi. pose proof (pos_INR i) as Pi.
    assert (IH' : norm (quot (INR i) q) <= 2 * W * (2 * INR N + 1) ^ n).
    { apply (IH _ L); [rewrite quot_length, Hq; reflexivity|exact HL'|exact Ll|intros; apply HN; right; assumption|].
      intros k Hk. pose proof (HW k (or_intror Hk)) as Wk. pose proof (quot_value (INR i) (INR k) q) as V.
      assert (D : 1 <= Rabs (INR k - INR i)).
      { assert (k <> i) by (intros ->; contradiction). destruct (Compare_dec.le_lt_dec k i) as [L1|L1].
        - rewrite Rabs_left1 by (apply le_INR in L1; lra). assert (S k <= i)%nat as L2 by lia. apply le_INR in L2. rewrite S_INR in L2. lra.
        - rewrite Rabs_pos_eq by (apply lt_INR in L1; lra). apply le_INR in L1. rewrite S_INR in L1. lra. }
      assert (E : Rabs (INR k - INR i) * Rabs (peval (quot (INR i) q) (INR k)) <= 2 * W).
      { rewrite <- Rabs_mult, <- V. eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_Ropp. lra. }
      pose proof (Rabs_pos (peval (quot (INR i) q) (INR k))). nra. }
    pose proof (quot_norm (INR i) q Pi) as Q. assert (Hi : INR i + 1 <= INR N).
    { rewrite <- S_INR. apply le_INR. apply HN. left. reflexivity. }
    pose proof (norm_nonneg (quot (INR i) q)) as P0. pose proof (Rabs_pos (peval q (INR i))) as P1.
    assert (P : 1 <= (2 * INR N + 1) ^ n) by (apply pow_R1_Rle; lra).
    cbn [pow]. assert ((1 + INR i) * norm (quot (INR i) q) <= INR N * (2 * W * (2 * INR N + 1) ^ n)).
    { apply Rmult_le_compat; lra. }
    nra.
Qed.

(** ** Hyperplanes over the curve *)

Lemma dot_curve d i : forall s a, dot a (map Q2R (curve s d i)) = INR i ^ s * peval (firstn d a) (INR i).
Proof.
  induction d as [|d IH]; intros s a; [simpl; rewrite dot_nil_r; ring|]. destruct a as [|b a]; [simpl; ring|].
  unfold curve in *. cbn [seq map dot firstn peval]. rewrite IH, Q2R_qn, pow_INR. simpl. ring.
Qed.

Lemma dot_size rho : 0 <= rho -> forall a x, (forall b, In b x -> Rabs b <= rho) -> Rabs (dot a x) <= norm a * rho.
Proof.
  intros Hr. unfold norm. induction a as [|c a IH]; intros [|b x] H; simpl; rewrite ?Rabs_R0; try lra.
  - pose proof (Rabs_pos c). pose proof (norm_nonneg a) as P. unfold norm in P. nra.
  - eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_mult. specialize (IH x (fun b' h => H b' (or_intror h))).
    specialize (H b (or_introl eq_refl)). pose proof (Rabs_pos c). nra.
Qed.

Lemma nodup_firstn {X} n : forall l : list X, NoDup l -> NoDup (firstn n l).
Proof.
  induction n as [|n IH]; intros [|x l] H; simpl; try constructor; inversion H; subst; auto.
  intros Hin. apply H2. rewrite <- (firstn_skipn n l). apply in_or_app. left. exact Hin.
Qed.

(** An affine function with values from Z to Z + W at d + 1 points of the curve is positive at all small points. *)
Theorem spread (N d : nat) (L : list nat) (a : list R) (b Z W rho : R) (x : list R) :
  NoDup L -> (S d <= length L)%nat -> (forall i, In i L -> (i < N)%nat) -> (d <= length a)%nat ->
  (forall i, In i L -> Z <= dot a (map Q2R (curve 1 d i)) + b <= Z + W) ->
  1 <= rho -> (forall c, In c x -> Rabs c <= rho) -> (length x <= d)%nat -> W * (2 * INR N + 1) ^ d * rho < Z ->
  0 < dot a x + b.
Proof.
  intros NL LL LN La HW Hr Hx Lx HZ. set (q := (b - Z) :: firstn d a). set (L' := firstn (S d) L).
  assert (S1 : forall i, In i L' -> In i L) by (intros i Hi; rewrite <- (firstn_skipn (S d) L); apply in_or_app; left; exact Hi).
  assert (B : norm q <= W * (2 * INR N + 1) ^ d).
  { apply (norm_bound N d q L').
    - unfold q. cbn [length]. rewrite firstn_length. lia.
    - apply nodup_firstn, NL.
    - unfold L'. rewrite firstn_length. lia.
    - auto.
    - intros i Hi. specialize (HW i (S1 i Hi)). rewrite dot_curve in HW. unfold q. cbn [peval]. rewrite pow_1 in HW.
      rewrite Rabs_pos_eq; lra. }
  rewrite <- (dot_firstn d a x Lx). assert (D : Rabs (dot (firstn d a) x) <= norm (firstn d a) * rho) by (apply dot_size; [lra|exact Hx]).
  unfold q, norm in B. cbn [sum] in B. fold (norm (firstn d a)) in B.
  pose proof (norm_nonneg (firstn d a)) as P. pose proof (Rabs_pos (b - Z)) as P'.
  assert (E : Rabs (b - Z) + norm (firstn d a) * rho <= W * (2 * INR N + 1) ^ d * rho) by nra.
  pose proof (Rle_abs (- dot (firstn d a) x)) as A1. rewrite Rabs_Ropp in A1.
  pose proof (Rle_abs (- (b - Z))) as A2. rewrite Rabs_Ropp in A2. lra.
Qed.

(** Coordinates are bounded. *)
Lemma size_bounds x a : In a x -> Rabs (Q2R a) <= INR (size_of x).
Proof.
  assert (H : forall a, Rabs (Q2R a) <= INR (Z.to_nat (Z.abs (Qnum a)))).
  { intros [n p]. unfold Q2R. cbn [Qnum Qden]. rewrite Rabs_mult, INR_IZR_INZ, Z2Nat.id by apply Z.abs_nonneg.
    rewrite abs_IZR. pose proof (Rabs_pos (IZR n)) as P.
    assert (1 <= IZR (Zpos p)) by (apply (IZR_le 1); lia).
    assert (0 < / IZR (Zpos p) <= 1).
    { split; [apply Rinv_0_lt_compat; lra|]. rewrite <- Rinv_1. apply Rinv_le_contravar; lra. }
    rewrite (Rabs_pos_eq (/ _)) by lra. nra. }
  induction x as [|b x IH]; intros Hin; [destruct Hin|]. unfold size_of in *. cbn [fold_right].
  destruct Hin as [->|Hin].
  - eapply Rle_trans; [apply H|]. apply le_INR. lia.
  - eapply Rle_trans; [apply IH, Hin|]. apply le_INR. lia.
Qed.

Lemma sizes_bound X x : In x X -> (size_of x <= sizes X)%nat.
Proof.
  induction X as [|y X IH]; [intros []|]. unfold sizes in *. cbn [fold_right]. intros [->|H]; [lia|]. specialize (IH H). lia.
Qed.

Lemma sizes_positive X : (1 <= sizes X)%nat.
Proof. induction X as [|x X IH]; unfold sizes in *; cbn [fold_right]; lia. Qed.

(** ** Counting *)

Definition nsum {X} (f : X -> nat) (l : list X) : nat := list_sum (map f l).

Lemma nsum_cons {X} (f : X -> nat) x l : nsum f (x :: l) = (f x + nsum f l)%nat.
Proof. reflexivity. Qed.

Lemma nsum_swap {X Y} (f : X -> Y -> nat) l m : nsum (fun x => nsum (f x) m) l = nsum (fun y => nsum (fun x => f x y) l) m.
Proof.
  induction l as [|x l IH].
  - unfold nsum at 1. simpl. induction m as [|y m IH]; [reflexivity|]. rewrite nsum_cons, <- IH. reflexivity.
  - rewrite nsum_cons, IH. clear IH. induction m as [|y m IH]; [reflexivity|]. rewrite !nsum_cons, <- IH. lia.
Qed.

Lemma nsum_ext {X} (f g : X -> nat) l : (forall x, f x = g x) -> nsum f l = nsum g l.
Proof. intros H. unfold nsum. f_equal. apply map_ext, H. Qed.

Lemma filter_shorter {X} (P : X -> bool) l : (length (filter P l) <= length l)%nat.
Proof. induction l as [|x l IH]; simpl; [lia|]. destruct (P x); simpl; lia. Qed.

Lemma sum_filter {X} (f : X -> R) P l : sum f l = sum f (filter P l) + sum f (filter (fun x => negb (P x)) l).
Proof. induction l as [|x l IH]; simpl; [lra|]. destruct (P x); simpl; lra. Qed.

Lemma nsum_least {X} (f : X -> nat) c l : (forall x, In x l -> (c <= f x)%nat) -> (c * length l <= nsum f l)%nat.
Proof.
  induction l as [|x l IH]; intros H; [cbn; lia|]. rewrite nsum_cons. cbn [length].
  specialize (IH (fun y h => H y (or_intror h))). specialize (H x (or_introl eq_refl)). nia.
Qed.

Lemma nsum_le {X} (f g : X -> nat) l : (forall x, In x l -> (f x <= g x)%nat) -> (nsum f l <= nsum g l)%nat.
Proof.
  induction l as [|x l IH]; intros H; [cbn; lia|]. rewrite !nsum_cons.
  specialize (IH (fun y h => H y (or_intror h))). specialize (H x (or_introl eq_refl)). lia.
Qed.

Lemma nsum_two {X} (P : X -> bool) a b l : nsum (fun x => if P x then a else b) l = (a * length (filter P l) + b * (length l - length (filter P l)))%nat.
Proof.
  induction l as [|x l IH]; [cbn; lia|]. rewrite nsum_cons, IH. cbn [filter length].
  assert (length (filter P l) <= length l)%nat by (clear; induction l as [|y l IH]; simpl; [lia|]; destruct (P y); simpl; lia).
  destruct (P x); cbn [length]; nia.
Qed.

Lemma nsum_members {X} (f : X -> nat) l : (forall x, In x l -> (f x <= 1)%nat) -> nsum f l = length (filter (fun x => Nat.eqb (f x) 1) l).
Proof.
  induction l as [|x l IH]; intros H; [reflexivity|]. rewrite nsum_cons, (IH (fun y h => H y (or_intror h))). cbn [filter].
  specialize (H x (or_introl eq_refl)). destruct (Nat.eqb_spec (f x) 1) as [E|E]; cbn [length]; lia.
Qed.

Lemma nsum_some {X} (f : X -> nat) l : (1 <= nsum f l)%nat -> exists x, In x l /\ (1 <= f x)%nat.
Proof.
  induction l as [|x l IH]; [cbn; lia|]. rewrite nsum_cons. intros H. destruct (f x) eqn:E.
  - destruct IH as (y & Hy & Fy); [lia|]. exists y. split; [right; exact Hy|exact Fy].
  - exists x. split; [left; reflexivity|lia].
Qed.

(** ** Neurons along the lines *)

Section Windows.
  Context (width T d : nat) (X : list (list Q)) (HX : forall x, In x X -> (length x <= d)%nat).
  Let Z := far_height width T d X.

  Definition along (n : neuron) (i j : nat) : R := pre n (map Q2R (far_point Z d i j)).
  Definition on (n : neuron) (i j : nat) : bool := if Rlt_dec 0 (along n i j) then true else false.
  Definition switches (n : neuron) (i j : nat) : nat := if Bool.eqb (on n i j) (on n i (S j)) then 0%nat else 1%nat.

  Lemma dot_snoc w : forall x z e, length x = e -> dot w (x ++ [z]) = dot w x + nth e w 0 * z.
  Proof.
    induction w as [|a w IH]; intros x z e E; [destruct e; simpl; ring|]. destruct x as [|b x]; subst e; cbn [app length dot nth].
    - rewrite dot_nil_r. ring.
    - rewrite (IH x z (length x)) by reflexivity. ring.
  Qed.

  (** Its value on line i is that of an affine function of the height. *)
  Lemma along_value n i j : along n i j = pre n (map Q2R (curve 1 d i)) + nth d (weights n) 0 * (INR Z + INR j + 1).
  Proof.
    unfold along, pre, far_point. rewrite map_app. cbn [map].
    rewrite (dot_snoc _ _ _ d) by (rewrite map_length; unfold curve; rewrite map_length; apply seq_length).
    rewrite Q2R_qn, plus_INR, S_INR. ring.
  Qed.

  Lemma switch_once n i : forall m s, (nsum (switches n i) (seq s m) <= 1)%nat.
  Proof.
    induction m as [|m IH]; intros s; [cbn; lia|]. cbn [seq]. rewrite nsum_cons.
    assert (H : switches n i s = 1%nat -> nsum (switches n i) (seq (S s) m) = 0%nat).
    { intros H. rewrite (nsum_members _ _) by (intros j _; unfold switches; destruct (Bool.eqb _ _); lia).
      destruct (filter _ _) as [|j l] eqn:E; [reflexivity|exfalso].
      assert (Hj : In j (filter (fun x => Nat.eqb (switches n i x) 1) (seq (S s) m))) by (rewrite E; left; reflexivity).
      apply filter_In in Hj as [Hj Ej]. apply in_seq in Hj. destruct Hj as [Hj _]. apply Nat.eqb_eq in Ej.
      unfold switches, on in H, Ej. rewrite !along_value in *. rewrite S_INR in *.
      set (A := pre n (map Q2R (curve 1 d i))) in *. set (c := nth d (weights n) 0) in *.
      apply le_INR in Hj. rewrite S_INR in Hj.
      destruct (Rlt_dec 0 (A + c * (INR Z + INR s + 1))), (Rlt_dec 0 (A + c * (INR Z + (INR s + 1) + 1))),
        (Rlt_dec 0 (A + c * (INR Z + INR j + 1))), (Rlt_dec 0 (A + c * (INR Z + (INR j + 1) + 1))); cbn [Bool.eqb] in *; try discriminate.
      all: try (assert (0 < c) by lra; assert (c * (INR s + 1) <= c * INR j) by nra; lra).
      all: try (assert (c < 0) by lra; assert (c * INR j <= c * (INR s + 1)) by nra; lra). }
    assert (switches n i s <= 1)%nat by (unfold switches; destruct (Bool.eqb _ _); lia).
    specialize (IH (S s)). destruct (switches n i s) as [|[|k]]; [lia|rewrite H by reflexivity; lia|lia].
  Qed.

  (** On or off at all data. *)
  Definition steady (n : neuron) : Prop :=
    Forall (fun x => 0 < pre n (map Q2R x)) X \/ Forall (fun x => ~ 0 < pre n (map Q2R x)) X.
  Lemma steady_dec n : {steady n} + {~ steady n}.
  Proof.
    unfold steady. destruct (Forall_dec (fun x => 0 < pre n (map Q2R x)) (fun x => Rlt_dec 0 _) X) as [Y|N]; [left; auto|].
    destruct (Forall_dec (fun x => ~ 0 < pre n (map Q2R x)) (fun x => match Rlt_dec 0 (pre n (map Q2R x)) with left h => right (fun f => f h) | right h => left h end) X); [left; auto|].
    right. tauto.
  Qed.
  Definition varies (n : neuron) : bool := if steady_dec n then false else true.

  (** A neuron that switches on d + 1 lines is steady. *)
  Lemma many_lines n : length (weights n) = S d ->
    (S d <= nsum (fun i => nsum (switches n i) (seq 0 T)) (seq 0 (lines width d)))%nat -> steady n.
  Proof.
    intros Hw. rewrite nsum_members by (intros i _; apply switch_once).
    set (L := filter _ (seq 0 (lines width d))). intros HL. set (c := nth d (weights n) 0).
    assert (Root : forall i, In i L -> exists j, (j < T)%nat /\
      ((c * (INR Z + INR j + 1) + pre n (map Q2R (curve 1 d i)) <= 0 /\ 0 < c * (INR Z + INR j + 2) + pre n (map Q2R (curve 1 d i))) \/
       (0 < c * (INR Z + INR j + 1) + pre n (map Q2R (curve 1 d i)) /\ c * (INR Z + INR j + 2) + pre n (map Q2R (curve 1 d i)) <= 0))).
    { intros i Hi. apply filter_In in Hi as [_ Hi]. apply Nat.eqb_eq in Hi.
      destruct (nsum_some (switches n i) (seq 0 T)) as (j & Hj & Sj); [lia|]. apply in_seq in Hj. exists j. split; [lia|].
      unfold switches, on in Sj. rewrite !along_value, S_INR in Sj. fold c in Sj.
      destruct (Rlt_dec 0 _), (Rlt_dec 0 _); cbn [Bool.eqb] in Sj; try lia; [right|left]; split; lra. }
    assert (Hc : c <> 0).
    { destruct L as [|i L']; [simpl in HL; lia|]. destruct (Root i (or_introl eq_refl)) as (j & _ & [[H1 H2]|[H1 H2]]); intros E; rewrite E in *; lra. }
    assert (P : forall x, In x X -> 0 < dot (map (Rmult (- / c)) (weights n)) (map Q2R x) + - / c * bias n).
    { intros x Hx.
      apply (spread (lines width d) d L _ _ (INR Z) (INR (T + 2)) (INR (sizes X))).
      - apply NoDup_filter, seq_NoDup.
      - exact HL.
      - intros i Hi. apply filter_In in Hi as [Hi _]. apply in_seq in Hi. lia.
      - rewrite map_length, Hw. lia.
      - intros i Hi. destruct (Root i Hi) as (j & Hj & R). rewrite dot_scale. unfold pre in R.
        set (A := dot (weights n) (map Q2R (curve 1 d i)) + bias n) in *.
        replace (- / c * dot (weights n) (map Q2R (curve 1 d i)) + - / c * bias n) with (- A / c) by (unfold A; field; exact Hc).
        set (v := - A / c). assert (E : A = - c * v) by (unfold v; field; exact Hc). rewrite E in R.
        assert (Hj' : INR j + 1 <= INR T) by (rewrite <- S_INR; apply le_INR; lia). pose proof (pos_INR j).
        rewrite plus_INR. change (INR 2) with 2.
        destruct (Rlt_le_dec 0 c) as [Pc|Nc]; destruct R as [[R1 R2]|[R1 R2]].
        + split; nra.
        + split; nra.
        + split; nra.
        + split; nra.
      - apply (le_INR 1), sizes_positive.
      - intros b Hb. apply in_map_iff in Hb as (a & <- & Ha). eapply Rle_trans; [apply size_bounds, Ha|]. apply le_INR, sizes_bound, Hx.
      - rewrite map_length. apply HX, Hx.
      - unfold Z, far_height. rewrite (plus_INR _ 1), !mult_INR, pow_INR, (plus_INR (2 * _)), mult_INR. change (INR 1) with 1. change (INR 2) with 2. lra. }
    assert (P' : forall x, In x X -> 0 < - / c * pre n (map Q2R x)).
    { intros x Hx. specialize (P x Hx). rewrite dot_scale in P. unfold pre. lra. }
    clear P. unfold steady. rewrite !Forall_forall. destruct (Rlt_le_dec 0 c) as [Pc|Nc]; [right|left]; intros x Hx; specialize (P' x Hx).
    - apply Rinv_0_lt_compat in Pc. nra.
    - assert (Pc : c < 0) by lra. apply Rinv_lt_0_compat in Pc. nra.
  Qed.

  (** At most [width] neurons vary on the data, if the values differ from each point of a window to the next. *)
  Theorem few_vary N : length N = (width + T)%nat -> Forall (threshold_neuron (S d)) N ->
    (forall i j, (i < lines width d)%nat -> (j < T)%nat ->
       eval step N (map Q2R (far_point Z d i j)) <> eval step N (map Q2R (far_point Z d i (S j)))) ->
    (length (filter varies N) <= width)%nat.
  Proof.
    intros HN HF HD. rewrite Forall_forall in HF.
    assert (Low : (T * length (seq 0 (lines width d)) <= nsum (fun i => nsum (fun j => nsum (fun n => switches n i j) N) (seq 0 T)) (seq 0 (lines width d)))%nat).
    { apply nsum_least. intros i Hi. apply in_seq in Hi. rewrite <- (seq_length T 0) at 1. rewrite <- (Nat.mul_1_l (length (seq 0 T))).
      apply nsum_least. intros j Hj. apply in_seq in Hj.
      destruct (nsum (fun n => switches n i j) N) eqn:E; [exfalso|lia]. apply (HD i j); try lia.
      unfold eval. apply sum_ext. intros n Hn. f_equal.
      assert (S0 : switches n i j = 0%nat).
      { clear -E Hn. induction N as [|m N IH]; [destruct Hn|]. rewrite nsum_cons in E. destruct Hn as [->|Hn]; [lia|apply IH; [lia|exact Hn]]. }
      unfold switches, on, along in S0. fold Z in S0. unfold step.
      destruct (Rlt_dec 0 _), (Rlt_dec 0 _); cbn [Bool.eqb] in S0; try discriminate; reflexivity. }
    assert (Swap : nsum (fun i => nsum (fun j => nsum (fun n => switches n i j) N) (seq 0 T)) (seq 0 (lines width d)) =
                   nsum (fun n => nsum (fun i => nsum (switches n i) (seq 0 T)) (seq 0 (lines width d))) N).
    { transitivity (nsum (fun i => nsum (fun n => nsum (switches n i) (seq 0 T)) N) (seq 0 (lines width d))).
      - apply nsum_ext. intros i. apply (nsum_swap (fun j n => switches n i j)).
      - apply (nsum_swap (fun i n => nsum (switches n i) (seq 0 T))). }
    rewrite Swap in Low. clear Swap.
    assert (High : (nsum (fun n => nsum (fun i => nsum (switches n i) (seq 0 T)) (seq 0 (lines width d))) N <=
                    nsum (fun n => if varies n then d else lines width d) N)%nat).
    { apply nsum_le. intros n Hn. unfold varies. destruct (steady_dec n) as [St|St].
      - rewrite nsum_members by (intros; apply switch_once). rewrite <- (seq_length (lines width d) 0) at 2. apply filter_shorter.
      - destruct (Compare_dec.le_lt_dec (S d) (nsum (fun i => nsum (switches n i) (seq 0 T)) (seq 0 (lines width d)))) as [L|L]; [|lia].
        exfalso. apply St. apply many_lines; [apply HF, Hn|exact L]. }
    rewrite nsum_two, HN in High. pose proof (filter_shorter varies N) as Hb. rewrite HN in Hb. rewrite seq_length in Low.
    set (b := length (filter varies N)) in *. clearbody b. unfold lines in *.
    destruct (Compare_dec.le_lt_dec b width) as [L|L]; [exact L|exfalso].
    assert (E : (b + (width + T - b) = width + T)%nat) by lia. set (r := (width + T - b)%nat) in *. clearbody r.
    assert (T = b + r - width)%nat by lia. nia.
  Qed.

  (** So the values on the data are those of [width] neurons and a constant. *)
  Theorem far_values N : length N = (width + T)%nat -> Forall (threshold_neuron (S d)) N ->
    (forall i j, (i < lines width d)%nat -> (j < T)%nat ->
       eval step N (map Q2R (far_point Z d i j)) <> eval step N (map Q2R (far_point Z d i (S j)))) ->
    exists c M, (length M <= width)%nat /\ Forall (threshold_neuron d) M /\
      forall x, In x X -> eval step N (map Q2R (x ++ repeat 0%Q 1)) = c + eval step M (map Q2R x).
  Proof.
    intros HN HF HD. pose proof (few_vary N HN HF HD) as B. rewrite Forall_forall in HF.
    exists (sum (fun n => if Forall_dec (fun x => 0 < pre n (map Q2R x)) (fun x => Rlt_dec 0 _) X then coef n else 0) (filter (fun n => negb (varies n)) N)).
    exists (map (shorten d) (filter varies N)). split; [rewrite map_length; exact B|]. split.
    - apply Forall_forall. intros m Hm. apply in_map_iff in Hm as (n & <- & Hn). apply filter_In in Hn as [Hn _].
      unfold threshold_neuron, shorten. cbn [weights]. rewrite firstn_length, (HF n Hn). lia.
    - intros x Hx. rewrite <- (eval_shorten step d 1) by (apply HX, Hx). unfold eval. rewrite (sum_filter _ varies N), Rplus_comm. f_equal.
      apply sum_ext. intros n Hn. apply filter_In in Hn as [_ Hn]. unfold varies in Hn. destruct (steady_dec n) as [St|St]; [|discriminate].
      assert (E : pre n (map Q2R (x ++ repeat 0%Q 1)) = pre n (map Q2R x)) by (unfold pre; rewrite real_pad, dot_zeros_right; reflexivity).
      rewrite E. destruct (Forall_dec _ _ X) as [F|F].
      + rewrite Forall_forall in F. rewrite step_pos by (apply F, Hx). ring.
      + destruct St as [St|St]; [contradiction|]. rewrite Forall_forall in St. rewrite step_neg by (apply Rnot_lt_le, St, Hx). ring.
  Qed.

  (** ** Forth: the old neurons are tilted away from the lines, T new ones switch there *)

  Definition new_neuron (j : nat) : neuron :=
    Neuron (repeat 0 d ++ [1]) (- (INR Z + INR j + 3 / 2)) (if Nat.even j then 1 else -1).
  Definition tilted (t : R) (n : neuron) : neuron := Neuron (weights n ++ [- t]) (bias n) (coef n).

  Lemma nth_last {A} (l : list A) a e : nth (length l) (l ++ [a]) e = a.
  Proof. induction l; simpl; auto. Qed.

  Lemma dot_zeros_snoc a : forall k x, (length x <= k)%nat -> dot (repeat 0 k ++ [a]) x = 0.
  Proof.
    induction k as [|k IH]; intros [|b x] H; simpl in *; try lia; try ring. rewrite IH by lia. ring.
  Qed.

  Lemma dot_more w a : forall x, (length x <= length w)%nat -> dot (w ++ [a]) x = dot w x.
  Proof.
    induction w as [|c w IH]; intros [|b x] H; simpl in *; try lia; try ring. rewrite IH by lia. ring.
  Qed.

  Lemma alternating n : sum (fun j => if Nat.even j then 1 else -1) (seq 0 n) = if Nat.even n then 0 else 1.
  Proof.
    induction n as [|n IH]; [reflexivity|]. rewrite seq_S, sum_app, IH. cbn [sum Nat.add]. rewrite Nat.even_succ, <- Nat.negb_even.
    destruct (Nat.even n); cbn [negb]; lra.
  Qed.

  Theorem far_forth N : length N = width -> Forall (threshold_neuron d) N ->
    exists N', length N' = (width + T)%nat /\ Forall (threshold_neuron (S d)) N' /\
      (forall x, In x X -> eval step N' (map Q2R (x ++ repeat 0%Q 1)) = eval step N (map Q2R x)) /\
      (forall i j, (i < lines width d)%nat -> (j <= T)%nat -> eval step N' (map Q2R (far_point Z d i j)) = Q2R (far_label j)).
  Proof.
    intros HN HF. rewrite Forall_forall in HF.
    destruct (large (fun p => pre (fst p) (map Q2R (curve 1 d (snd p)))) (list_prod N (seq 0 (lines width d)))) as (t & Ht & Lt).
    assert (HZ : 1 <= INR Z).
    { apply (le_INR 1). unfold Z, far_height. lia. }
    exists (map (tilted t) N ++ map new_neuron (seq 0 T)). split; [rewrite app_length, !map_length, seq_length, HN; reflexivity|]. split; [|split].
    - apply Forall_forall. intros m Hm. apply in_app_or in Hm as [Hm|Hm]; apply in_map_iff in Hm as (n & <- & Hn);
        unfold threshold_neuron, tilted, new_neuron; cbn [weights]; rewrite app_length; [rewrite (HF n Hn)|rewrite repeat_length]; cbn [length]; lia.
    - intros x Hx. unfold eval. rewrite sum_app, !sum_map.
      rewrite (sum_zero _ (seq 0 T)).
      + rewrite Rplus_0_r. apply sum_ext. intros n Hn. cbn [tilted coef]. f_equal. f_equal. unfold pre. cbn [tilted weights bias].
        rewrite real_pad, dot_zeros_right, dot_more; [reflexivity|]. rewrite map_length, (HF n Hn). apply HX, Hx.
      + intros j _. unfold pre, new_neuron. cbn [weights bias coef]. rewrite real_pad, dot_zeros_right, dot_zeros_snoc by (rewrite map_length; apply HX, Hx).
        pose proof (pos_INR j). rewrite step_neg by lra. ring.
    - intros i j Hi Hj. unfold eval. rewrite sum_app, !sum_map.
      rewrite (sum_zero _ N).
      2:{ intros n Hn. cbn [tilted coef]. fold (along (tilted t n) i j). rewrite along_value.
          assert (L1 : pre (tilted t n) (map Q2R (curve 1 d i)) <= t).
          { specialize (Lt (n, i) (in_prod _ _ _ _ Hn (proj2 (in_seq _ _ _) (conj (Nat.le_0_l i) Hi)))). cbn [fst snd] in Lt.
            unfold pre in *. cbn [tilted weights bias]. rewrite dot_more; [exact Lt|].
            unfold curve. rewrite !map_length, seq_length, (HF n Hn). lia. }
          cbn [tilted weights]. rewrite <- (HF n Hn) at 2. rewrite nth_last. pose proof (pos_INR j). rewrite step_neg by nra. ring. }
      assert (V : forall k, pre (new_neuron k) (map Q2R (far_point Z d i j)) = INR j - INR k - 1 / 2).
      { intros k. fold (along (new_neuron k) i j). rewrite along_value. unfold pre, new_neuron. cbn [weights bias].
        rewrite dot_zeros_snoc by (unfold curve; rewrite !map_length, seq_length; lia).
        assert (E : nth d (repeat 0 d ++ [1]) 0 = 1) by (rewrite <- (repeat_length 0 d) at 1; apply nth_last). rewrite E. lra. }
      replace T with (j + (T - j))%nat by lia. rewrite seq_app, sum_app, Nat.add_0_l.
      rewrite (sum_ext _ (fun j => if Nat.even j then 1 else -1) (seq 0 j)).
      + rewrite alternating, (sum_zero _ (seq j (T - j))).
        * unfold far_label. destruct (Nat.even j); rewrite ?Q2R_0', ?Q2R_1'; ring.
        * intros k Hk. apply in_seq in Hk. destruct Hk as [Hk _]. apply le_INR in Hk. rewrite V, step_neg by lra. ring.
      + intros k Hk. apply in_seq in Hk. assert (Hk' : (S k <= j)%nat) by lia. apply le_INR in Hk'. rewrite S_INR in Hk'.
        rewrite V, step_pos by lra. cbn [new_neuron coef]. ring.
  Qed.
End Windows.
