(** * Theorem 7: two-hyperplane separability and four rectifiers

    For arbitrary input and the same delta for all pairs. Proved are
      restricted (Q,P) or restricted (P,Q), with delta below a bound given by the
        hyperplanes  ==>  trainable with four rectifiers, and
      trainable with four rectifiers, 0 < delta < 1/2  ==>  separable.
    The converse of neither is claimed: see the counterexamples in the
    documentation of the reductions. *)

From Coq Require Import Reals QArith Qreals List Lra Lia Psatz.
From Certify Require Import Semantics Lines Separability Formula.
Import ListNotations.
Open Scope R_scope.

(** ** The data *)

(** (1 - t) q + t p *)
Fixpoint mix (t : Q) (q p : list Q) : list Q :=
  match q, p with
  | a :: q', b :: p' => Qred ((1 - t) * a + t * b) :: mix t q' p'
  | _, _ => []
  end.

Fixpoint same (q p : list Q) : bool :=
  match q, p with
  | [], [] => true
  | a :: q', b :: p' => Qeq_bool a b && same q' p'
  | _, _ => false
  end.

(** Two points close to the ends of the segment qp. (If q = p, the labels 1 and
    0 of the point itself already contradict each other.) *)
Definition near_ends (delta : Q) (q p : list Q) : data :=
  if same q p then [] else [(mix delta q p, 1%Q); (mix (1 - delta) q p, 0%Q)].

Definition twohyp_relu (delta : Q) (Q P : points) : data :=
  labelled Q P ++ flat_map (fun q => flat_map (fun p => near_ends delta q p) P) Q.

Definition all_in_dim (d : nat) (l : points) : Prop := forall x, In x l -> length x = d.

(** ** Facts about the data *)

Lemma same_real q : forall p, same q p = true -> real q = real p.
Proof.
  induction q as [|a q IH]; intros [|b p]; simpl; try discriminate; [reflexivity|].
  intros H. apply andb_prop in H as [H1 H2]. apply Qeq_bool_eq in H1. unfold real in *. simpl.
  rewrite (Qeq_eqR _ _ H1), (IH p H2). reflexivity.
Qed.

Lemma dot_mix t w : forall q p, length q = length p ->
  dot w (real (mix t q p)) = (1 - Q2R t) * dot w (real q) + Q2R t * dot w (real p).
Proof.
  unfold real. induction w as [|c w IH]; intros [|a q] [|b p] E; try discriminate; cbn [mix map dot]; try lra.
  rewrite Q2R_red, (IH q p) by (simpl in E; congruence). autorewrite with q2r. ring.
Qed.

Lemma side_mix t H q p : length q = length p ->
  side H (real (mix t q p)) = side H (real q) + Q2R t * (side H (real p) - side H (real q)).
Proof. intros E. unfold side. rewrite dot_mix by exact E. ring. Qed.

Lemma pre_side n x : pre n x = side (weights n, bias n) x.
Proof. reflexivity. Qed.

(** Each point is close to a point of Q (label 1) or of P (label 0). *)
Lemma twohyp_relu_points delta Q P L H1 H2 x y :
  (forall q p, In q Q -> In p P -> length q = length p /\
     Rabs (side H1 (real p) - side H1 (real q)) <= L /\ Rabs (side H2 (real p) - side H2 (real q)) <= L) ->
  0 < Q2R delta -> 0 <= L ->
  In (x, y) (twohyp_relu delta Q P) ->
  exists b, ((y = 1%Q /\ In b Q) \/ (y = 0%Q /\ In b P)) /\
    Rabs (side H1 (real x) - side H1 (real b)) <= Q2R delta * L /\
    Rabs (side H2 (real x) - side H2 (real b)) <= Q2R delta * L.
Proof.
  intros HL Hd HL0 Hin. unfold twohyp_relu, labelled in Hin.
  assert (Z : forall r, r = 0 -> Rabs r <= Q2R delta * L) by (intros r ->; rewrite Rabs_R0; nra).
  apply in_app_or in Hin as [Hin|Hin]; [apply in_app_or in Hin as [Hin|Hin]|].
  - apply in_map_iff in Hin as (q & E & Hq). injection E as <- <-.
    exists q. split; [left; auto|]. split; apply Z; lra.
  - apply in_map_iff in Hin as (q & E & Hq). injection E as <- <-.
    exists q. split; [right; auto|]. split; apply Z; lra.
  - apply in_flat_map in Hin as (q & Hq & Hin). apply in_flat_map in Hin as (p & Hp & Hin).
    destruct (HL q p Hq Hp) as (El & L1 & L2).
    unfold near_ends in Hin. destruct (same q p); [destruct Hin|].
    assert (D : forall H, Rabs (side H (real p) - side H (real q)) <= L ->
      Rabs (Q2R delta * (side H (real p) - side H (real q))) <= Q2R delta * L).
    { intros H B. rewrite Rabs_mult, (Rabs_pos_eq (Q2R delta)) by lra. apply Rmult_le_compat_l; lra. }
    destruct Hin as [E|[E|[]]]; injection E as <- <-.
    + exists q. split; [left; auto|]. rewrite !side_mix by exact El.
      split; [specialize (D H1 L1)|specialize (D H2 L2)];
        (eapply Rle_trans; [|exact D]); apply Req_le; f_equal; ring.
    + exists p. split; [right; auto|]. rewrite !side_mix by exact El.
      rewrite Q2R_minus, Q2R_1'.
      split; [specialize (D H1 L1)|specialize (D H2 L2)];
        rewrite <- Rabs_Ropp in D; (eapply Rle_trans; [|exact D]); apply Req_le; f_equal; ring.
Qed.

(** ** From hyperplanes to four rectifiers *)

Definition scale (b : R) (H : hyperplane) : hyperplane := (map (Rmult b) (fst H), b * snd H).

Lemma side_scale b H x : side (scale b H) x = b * side H x.
Proof. unfold side, scale; simpl. rewrite dot_scale. ring. Qed.

(** A step of height 1 that rises where 0 < h < 1. *)
Definition ramp (z : R) : R := relu z - relu (z - 1).

Definition ramp_neurons (H : hyperplane) (a : R) : list neuron :=
  [of_hyperplane H a; of_hyperplane (shift 1 H) (- a)].

Lemma ramp_high z : 1 <= z -> ramp z = 1.
Proof. intros. unfold ramp. rewrite !relu_pos; lra. Qed.
Lemma ramp_low z : z <= 0 -> ramp z = 0.
Proof. intros. unfold ramp. rewrite !relu_neg; lra. Qed.

Lemma eval_ramps H1 a1 H2 a2 x :
  eval relu (ramp_neurons H1 a1 ++ ramp_neurons H2 a2) x = a1 * ramp (side H1 x) + a2 * ramp (side H2 x).
Proof.
  unfold eval, ramp_neurons, ramp. simpl. rewrite !pre_side. simpl.
  change (fst H1, snd H1 - 1) with (shift 1 H1). change (fst H2, snd H2 - 1) with (shift 1 H2).
  rewrite !side_shift. destruct H1, H2; simpl. ring.
Qed.

Lemma ramps_allowed d H1 a1 H2 a2 : in_dim d H1 -> in_dim d H2 ->
  (a1 = 1 \/ a1 = -1) -> (a2 = 1 \/ a2 = -1) ->
  Forall (relu_neuron d) (ramp_neurons H1 a1 ++ ramp_neurons H2 a2).
Proof.
  intros D1 D2 A1 A2. unfold ramp_neurons. simpl.
  repeat (apply Forall_cons; [split; simpl; auto; destruct A1, A2; subst; lra|]). apply Forall_nil.
Qed.

(** The forward direction with its exact hypotheses: margin mu, differences at
    most L, and delta * L < mu. *)
Theorem theorem_7_forward d delta Q P H1 H2 mu L :
  in_dim d H1 -> in_dim d H2 -> all_in_dim d Q -> all_in_dim d P ->
  (forall x, In x (Q ++ P) -> mu <= Rabs (side H1 (real x)) /\ mu <= Rabs (side H2 (real x))) ->
  (forall q p, In q Q -> In p P ->
     Rabs (side H1 (real p) - side H1 (real q)) <= L /\ Rabs (side H2 (real p) - side H2 (real q)) <= L) ->
  0 < Q2R delta -> 0 <= L -> Q2R delta * L < mu ->
  ((forall x, In x Q -> side H1 (real x) > 0 /\ 0 > side H2 (real x)) /\
   (forall x, In x P -> side H1 (real x) * side H2 (real x) > 0)) \/
  ((forall x, In x P -> side H1 (real x) > 0 /\ 0 > side H2 (real x)) /\
   (forall x, In x Q -> side H1 (real x) * side H2 (real x) > 0)) ->
  relu_trainable d 4 (twohyp_relu delta Q P).
Proof.
  intros D1 D2 HQ HP Hmu HL Hd HL0 HdL Hsep.
  set (e := Q2R delta * L) in *. set (b := / (mu - e)).
  assert (Hb : 0 < b) by (apply Rinv_0_lt_compat; lra).
  assert (Eb : b * (mu - e) = 1) by (unfold b; field; lra). clearbody b.
  assert (HL' : forall q p, In q Q -> In p P -> length q = length p /\
     Rabs (side H1 (real p) - side H1 (real q)) <= L /\ Rabs (side H2 (real p) - side H2 (real q)) <= L).
  { intros q p Hq Hp. rewrite (HQ q Hq), (HP p Hp). auto. }
  (* the scaled sides of a data point have the sign of its base, and modulus at least 1 *)
  assert (Far : forall v w, mu <= Rabs w -> Rabs (v - w) <= e ->
    (0 < w -> 1 <= b * v) /\ (w < 0 -> b * v <= -1)).
  { intros v w Hw Hvw. assert (- e <= v - w <= e) by (revert Hvw; unfold Rabs; destruct (Rcase_abs (v - w)); lra).
    split; intros Hs; [rewrite Rabs_pos_eq in Hw by lra|rewrite Rabs_left in Hw by lra]; nra. }
  assert (dim : forall c H, in_dim d H -> in_dim d (scale c H))
    by (intros c H E; unfold in_dim, scale in *; simpl; rewrite map_length; exact E).
  destruct Hsep as [[HA HB]|[HA HB]].
  - exists (ramp_neurons (scale b H1) 1 ++ ramp_neurons (scale b H2) (-1)).
    split; [reflexivity|]. split; [apply ramps_allowed; auto|].
    intros x y Hin. apply (twohyp_relu_points _ _ _ L H1 H2) in Hin; auto.
    destruct Hin as (p & Hp & B1 & B2).
    fold (real x). rewrite eval_ramps, !side_scale.
    destruct Hp as [[-> Hp]|[-> Hp]].
    + destruct (Hmu p) as [M1 M2]; [apply in_or_app; auto|]. specialize (HA p Hp).
      rewrite ramp_high, ramp_low, Q2R_1'; [lra| |].
      * apply (Far _ _ M2) in B2. destruct B2 as [_ B2]. specialize (B2 ltac:(lra)). lra.
      * apply (Far _ _ M1) in B1. destruct B1 as [B1 _]. apply B1. lra.
    + destruct (Hmu p) as [M1 M2]; [apply in_or_app; auto|]. specialize (HB p Hp).
      destruct (Far _ _ M1 B1) as [U1 V1]. destruct (Far _ _ M2 B2) as [U2 V2]. rewrite Q2R_0'.
      apply same_sign in HB as [[S1 S2]|[S1 S2]].
      * rewrite !ramp_high by auto. lra.
      * specialize (V1 S1). specialize (V2 S2). rewrite !ramp_low; lra.
  - exists (ramp_neurons (scale (- b) H1) 1 ++ ramp_neurons (scale b H2) 1).
    split; [reflexivity|]. split; [apply ramps_allowed; auto|].
    intros x y Hin. apply (twohyp_relu_points _ _ _ L H1 H2) in Hin; auto.
    destruct Hin as (p & Hp & B1 & B2).
    fold (real x). rewrite eval_ramps, !side_scale.
    destruct Hp as [[-> Hp]|[-> Hp]];
      (destruct (Hmu p) as [M1 M2]; [apply in_or_app; auto|]);
      destruct (Far _ _ M1 B1) as [U1 V1]; destruct (Far _ _ M2 B2) as [U2 V2].
    + rewrite Q2R_1'. specialize (HB p Hp).
      apply same_sign in HB as [[S1 S2]|[S1 S2]].
      * specialize (U1 S1). specialize (U2 S2). rewrite ramp_low, ramp_high; lra.
      * specialize (V1 S1). specialize (V2 S2). rewrite ramp_high, ramp_low; lra.
    + rewrite Q2R_0'. specialize (HA p Hp) as [S1 S2]. specialize (U1 S1). specialize (V2 S2).
      rewrite !ramp_low; lra.
Qed.

(** So a restricted separation in either direction gives a network for all
    sufficiently small delta. *)
Corollary theorem_7_forward_small d Q P : all_in_dim d Q -> all_in_dim d P ->
  restricted d Q P \/ restricted d P Q ->
  exists bound, 0 < bound /\ forall delta, 0 < Q2R delta < bound -> relu_trainable d 4 (twohyp_relu delta Q P).
Proof.
  intros HQ HP Hr.
  assert (X : exists H1 H2, in_dim d H1 /\ in_dim d H2 /\
    (forall x, In x (Q ++ P) -> side H1 (real x) <> 0 /\ side H2 (real x) <> 0) /\
    (((forall x, In x Q -> side H1 (real x) > 0 /\ 0 > side H2 (real x)) /\
      (forall x, In x P -> side H1 (real x) * side H2 (real x) > 0)) \/
     ((forall x, In x P -> side H1 (real x) > 0 /\ 0 > side H2 (real x)) /\
      (forall x, In x Q -> side H1 (real x) * side H2 (real x) > 0)))).
  { destruct Hr as [(H1 & H2 & D1 & D2 & A & B)|(H1 & H2 & D1 & D2 & A & B)]; exists H1, H2;
      (split; [exact D1|]; split; [exact D2|]; split; [|auto]);
      intros x Hx; apply in_app_or in Hx as [Hx|Hx];
      (apply A in Hx; lra) || (apply B, same_sign in Hx; lra). }
  destruct X as (H1 & H2 & D1 & D2 & Hne & Hsep).
  destruct (small (fun x => side H1 (real x)) (Q ++ P)) as (e1 & He1 & S1).
  destruct (small (fun x => side H2 (real x)) (Q ++ P)) as (e2 & He2 & S2).
  destruct (large (fun x => Rabs (side H1 (real x))) (Q ++ P)) as (L1 & HL1 & B1).
  destruct (large (fun x => Rabs (side H2 (real x))) (Q ++ P)) as (L2 & HL2 & B2).
  set (mu := Rmin e1 e2). set (L := 2 * (L1 + L2)).
  assert (Hmu : 0 < mu) by (apply Rmin_glb_lt; assumption).
  assert (mu <= e1) by apply Rmin_l. assert (mu <= e2) by apply Rmin_r.
  assert (0 < L) by (unfold L; lra).
  exists (mu / L). split; [apply Rdiv_lt_0_compat; lra|]. intros delta [Hd1 Hd2].
  apply (theorem_7_forward d delta Q P H1 H2 mu L); auto; try lra.
  - intros x Hx. destruct (Hne x Hx) as [N1 N2].
    specialize (S1 x Hx N1). specialize (S2 x Hx N2). lra.
  - intros q p Hq Hp.
    assert (Iq : In q (Q ++ P)) by (apply in_or_app; auto).
    assert (Ip : In p (Q ++ P)) by (apply in_or_app; auto).
    pose proof (B1 q Iq). pose proof (B1 p Ip). pose proof (B2 q Iq). pose proof (B2 p Ip).
    unfold L. split; (eapply Rle_trans; [apply Rabs_triang|]; rewrite Rabs_Ropp; lra).
  - apply (Rmult_lt_compat_r L) in Hd2; [|assumption].
    replace (mu / L * L) with mu in Hd2 by (field; lra). exact Hd2.
Qed.

(** ** From four rectifiers to hyperplanes *)

Lemma Rplus_0_zero t s : 0 + 0 * t + s = s.
Proof. ring. Qed.

Lemma split_signs (N : list neuron) : (forall n, In n N -> coef n = 1 \/ coef n = -1) ->
  exists N1 N2, (length N1 + length N2 = length N)%nat /\
    (forall n, In n N1 -> In n N) /\ (forall n, In n N2 -> In n N) /\
    (forall n, In n N -> coef n = 1 -> In n N1) /\ (forall n, In n N -> coef n = -1 -> In n N2).
Proof.
  induction N as [|n N IH]; intros H.
  - exists [], []. repeat split; auto.
  - destruct IH as (N1 & N2 & E & I1 & I2 & P1 & P2); [intros; apply H; right; auto|].
    destruct (H n (or_introl eq_refl)) as [C|C].
    + exists (n :: N1), N2. simpl. repeat split; auto; try lia.
      * intros x [?|?]; auto.
      * intros x [?|?] ?; auto.
      * intros x [->|?] ?; [lra|auto].
    + exists N1, (n :: N2). simpl. repeat split; auto; try lia.
      * intros x [?|?]; auto.
      * intros x [->|?] ?; [lra|auto].
      * intros x [?|?] ?; auto.
Qed.

(** Hyperplanes that part every pair, though they may meet other points, can be
    moved off all points. *)
Lemma parting_separable d Q P (I : list neuron) : (length I <= 2)%nat ->
  (forall n, In n I -> length (weights n) = d) ->
  (forall q p, In q Q -> In p P -> exists n, In n I /\ pre n (real q) * pre n (real p) < 0) ->
  separable d Q P.
Proof.
  intros Hlen Hdim Hpart.
  assert (Pad : exists H1 H2, in_dim d H1 /\ in_dim d H2 /\
    forall q p, In q Q -> In p P -> side H1 (real q) * side H1 (real p) < 0 \/ side H2 (real q) * side H2 (real p) < 0).
  { destruct I as [|n1 [|n2 [|]]]; simpl in Hlen; try lia.
    - exists (far d 1), (far d 1). split; [apply in_dim_far|]. split; [apply in_dim_far|].
      intros q p Hq Hp. destruct (Hpart q p Hq Hp) as (n & [] & _).
    - exists (weights n1, bias n1), (far d 1). split; [apply Hdim; simpl; auto|]. split; [apply in_dim_far|].
      intros q p Hq Hp. destruct (Hpart q p Hq Hp) as (n & [<-|[]] & Hn). left. exact Hn.
    - exists (weights n1, bias n1), (weights n2, bias n2).
      split; [apply Hdim; simpl; auto|]. split; [apply Hdim; simpl; auto|].
      intros q p Hq Hp. destruct (Hpart q p Hq Hp) as (n & [<-|[<-|[]]] & Hn); [left|right]; exact Hn. }
  destruct Pad as (H1 & H2 & D1 & D2 & Hp).
  destruct (free_of_points H1 (Q ++ P)) as (e1 & _ & F1).
  destruct (free_of_points H2 (Q ++ P)) as (e2 & _ & F2).
  exists (shift e1 H1), (shift e2 H2). split; [exact D1|]. split; [exact D2|]. split.
  - intros x Hx. destruct (F1 x Hx) as [A1 B1]. destruct (F2 x Hx) as [A2 B2].
    split; [destruct (Rlt_dec 0 (side H1 (real x))); [specialize (A1 r)|specialize (B1 ltac:(lra))]
           |destruct (Rlt_dec 0 (side H2 (real x))); [specialize (A2 r)|specialize (B2 ltac:(lra))]]; lra.
  - assert (K : forall a b a' b', a * b < 0 -> (0 < a -> 0 < a') /\ (a <= 0 -> a' < 0) ->
      (0 < b -> 0 < b') /\ (b <= 0 -> b' < 0) -> a' * b' < 0).
    { intros a b a' b' Hab [Aa Ba] [Ab Bb].
      assert ((0 < a /\ b < 0) \/ (a < 0 /\ 0 < b)) as [[X Y]|[X Y]].
      { destruct (Rtotal_order a 0) as [?|[->|?]]; [right|lra|left]; split; nra. }
      - specialize (Aa X). specialize (Bb ltac:(lra)). nra.
      - specialize (Ba ltac:(lra)). specialize (Ab Y). nra. }
    intros q p Hq Hpp. assert (Iq : In q (Q ++ P)) by (apply in_or_app; auto).
    assert (Ip : In p (Q ++ P)) by (apply in_or_app; auto).
    destruct (Hp q p Hq Hpp) as [Hn|Hn]; [left|right]; eapply K; eauto.
Qed.

(** The backward direction, for any delta in (0, 1/2). *)
Theorem theorem_7_backward d delta Q P : all_in_dim d Q -> all_in_dim d P ->
  0 < Q2R delta < 1/2 ->
  relu_trainable d 4 (twohyp_relu delta Q P) -> separable d Q P.
Proof.
  intros HQ HP Hd (N & Hlen & HN & Hfit). rewrite Forall_forall in HN.
  assert (Hsign : forall n, In n N -> coef n = 1 \/ coef n = -1) by (intros; apply HN; auto).
  unfold twohyp_relu in Hfit. rewrite fits_app, fits_labelled, fits_flat_map in Hfit.
  destruct Hfit as [[FQ FP] FR].
  assert (Kinks : forall q p, In q Q -> In p P -> forall e, e = 1 \/ e = -1 ->
    exists n, In n N /\ coef n = e /\ pre n (real q) * pre n (real p) < 0).
  { intros q p Hq Hp e He. specialize (FR q Hq). rewrite fits_flat_map in FR. specialize (FR p Hp).
    unfold near_ends in FR. destruct (same q p) eqn:Es.
    { apply same_real in Es. specialize (FQ q Hq). specialize (FP p Hp). rewrite Es in FQ. lra. }
    assert (El : length q = length p) by (rewrite (HQ q Hq), (HP p Hp); reflexivity).
    set (A := fun n => pre n (real q)). set (B := fun n => pre n (real p) - pre n (real q)).
    assert (V : forall t, eval relu N (real (mix t q p)) = line_value coef A B 0 0 N (Q2R t)).
    { intros t. unfold eval, line_value, A, B. rewrite Rplus_0_zero.
      apply sum_ext. intros n _. rewrite !pre_side, side_mix by exact El.
      f_equal. f_equal. ring. }
    assert (V0 : line_value coef A B 0 0 N 0 = 1).
    { etransitivity; [|exact (FQ q Hq)]. unfold eval, line_value, A, B. rewrite Rplus_0_zero.
      apply sum_ext. intros n _. f_equal. f_equal. ring. }
    assert (V1 : line_value coef A B 0 0 N 1 = 0).
    { etransitivity; [|exact (FP p Hp)]. unfold eval, line_value, A, B. rewrite Rplus_0_zero.
      apply sum_ext. intros n _. f_equal. f_equal. ring. }
    assert (Vd : line_value coef A B 0 0 N (Q2R delta) = 1).
    { rewrite <- V. etransitivity; [apply FR; left; reflexivity|apply Q2R_1']. }
    assert (Ve : line_value coef A B 0 0 N (1 - Q2R delta) = 0).
    { replace (1 - Q2R delta) with (Q2R (1 - delta)) by (rewrite Q2R_minus, Q2R_1'; reflexivity).
      rewrite <- V. etransitivity; [apply FR; right; left; reflexivity|apply Q2R_0']. }
    assert (C : exists n, In n N /\ coef n = e /\ crosses A B 0 1 n).
    { destruct He as [->| ->].
      - apply (convex_kink coef A B 0 0 N 0 (1 - Q2R delta) 1); auto; [lra|].
        rewrite V0, Ve, V1. unfold gap. lra.
      - apply (concave_kink coef A B 0 0 N 0 (Q2R delta) 1); auto; [lra|].
        rewrite V0, Vd, V1. unfold gap. lra. }
    destruct C as (n & Hn & Ce & Hx). exists n. split; [exact Hn|]. split; [exact Ce|].
    unfold crosses, A, B in Hx. replace (pre n (real q) + (pre n (real p) - pre n (real q)) * 0) with (pre n (real q)) in Hx by ring.
    replace (pre n (real q) + (pre n (real p) - pre n (real q)) * 1) with (pre n (real p)) in Hx by ring. exact Hx. }
  destruct (split_signs N Hsign) as (N1 & N2 & El & I1 & I2 & P1 & P2).
  destruct (Compare_dec.le_dec (length N1) 2) as [L1|L1].
  - apply (parting_separable d Q P N1 L1).
    + intros n Hn. apply HN, I1, Hn.
    + intros q p Hq Hp. destruct (Kinks q p Hq Hp 1 (or_introl eq_refl)) as (n & Hn & C & S). eauto.
  - apply (parting_separable d Q P N2 ltac:(lia)).
    + intros n Hn. apply HN, I2, Hn.
    + intros q p Hq Hp. destruct (Kinks q p Hq Hp (-1) (or_intror eq_refl)) as (n & Hn & C & S). eauto.
Qed.
