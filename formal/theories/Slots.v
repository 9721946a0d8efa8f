(** * Neurons and slots on a vertical line

    On a vertical line x1 = c a selection gadget shows nine points with labels
    0 0 0 1 1 1 0 0 0. They demand four kinks in exclusive places: the slots.
    When there are no more neurons than slots, each slot has its own neuron and
    the function near the gadget is a bump (paper, proof of Lemma 4, figure 3). *)

From Coq Require Import Reals List Lra Psatz Permutation.
From Certify Require Import Semantics Lines Levee.
Import ListNotations.
Open Scope R_scope.

(** ** A neuron on the line x1 = c *)

Definition wx (n : neuron) : R := nth 0 (weights n) 0.
Definition wy (n : neuron) : R := nth 1 (weights n) 0.

(** Its pre-activation at (c, t) is [at0 c n + wy n * t]. *)
Definition at0 (c : R) (n : neuron) : R := wx n * c + bias n.

Lemma pre_line n c t : pre n [c; t] = at0 c n + wy n * t.
Proof.
  unfold pre, at0, wx, wy. destruct (weights n) as [|a [|b w]]; simpl; try ring.
  rewrite dot_nil_r. ring.
Qed.

(** Where the breakline of [n] meets the line x1 = c. *)
Definition root (c : R) (n : neuron) : R := - at0 c n / wy n.

Lemma pre_root n c t : wy n <> 0 -> pre n [c; t] = wy n * (t - root c n).
Proof. intros H. rewrite pre_line. unfold root. field. exact H. Qed.

(** Breaklines are straight. *)
Definition slope (n : neuron) : R := - wx n / wy n.

Lemma root_slope n c : wy n <> 0 -> root c n = root 0 n + slope n * c.
Proof. intros H. unfold root, slope, at0. field. exact H. Qed.

(** An affine function plus a network: what "continuous piecewise linear with
    at most k breaklines" amounts to. *)
Definition value (al be ga : R) (N : list neuron) (x1 x2 : R) : R :=
  al + be * x1 + ga * x2 + eval relu N [x1; x2].

Lemma value_line al be ga N c t :
  value al be ga N c t = line_value coef (at0 c) wy (al + be * c) ga N t.
Proof.
  unfold value, line_value, eval. f_equal. apply sum_ext. intros n _. rewrite pre_line. reflexivity.
Qed.

(** ** Slots *)

(** A slot asks for a neuron of sign [e] whose break lies strictly between two points. *)
Record slot := Slot { sign : R; from : R; upto : R }.

Definition breaks (c : R) (s : slot) (n : neuron) : Prop :=
  coef n = sign s /\ wy n <> 0 /\ from s < root c n < upto s.

(** A window: the centre [z] of a gadget and the freedom [lo, hi] of its levees
    on the line. *)
Record window := Window { mid : R; lo : R; hi : R }.

Definition nine_points (g : R -> R) (w : window) : Prop :=
  g (mid w - 4 + lo w) = 0 /\ g (mid w - 3 + lo w) = 0 /\ g (mid w - 2 + lo w) = 0 /\
  g (mid w - 1 + hi w) = 1 /\ g (mid w) = 1 /\ g (mid w + 1 + lo w) = 1 /\
  g (mid w + 2 + hi w) = 0 /\ g (mid w + 3 + hi w) = 0 /\ g (mid w + 4 + hi w) = 0.

Definition slots (w : window) : list slot :=
  [ Slot 1 (mid w - 3 + lo w) (mid w - 1 + hi w); Slot (-1) (mid w - 2 + lo w) (mid w);
    Slot (-1) (mid w) (mid w + 2 + hi w); Slot 1 (mid w + 1 + lo w) (mid w + 3 + hi w) ].

Lemma slots_length W : length (flat_map slots W) = (4 * length W)%nat.
Proof. induction W as [|w W IH]; [reflexivity|]. cbn [flat_map]. rewrite app_length, IH. simpl. lia. Qed.

Definition narrow (w : window) : Prop := -1/3 <= lo w /\ lo w <= hi w /\ hi w <= 1/3.

(** Consecutive members of a list of reals are at least [D] apart. *)
Fixpoint spaced (D : R) (l : list R) : Prop :=
  match l with
  | [] => True
  | z :: l' => (forall z', In z' l' -> z + D <= z') /\ spaced D l'
  end.

Lemma slots_exclusive c W :
  (forall w, In w W -> narrow w) -> spaced 10 (map mid W) ->
  exclusive (breaks c) (flat_map slots W).
Proof.
  induction W as [|w W IH]; simpl; intros Hn Hs; [exact I|].
  destruct Hs as [Hs Hs'].
  pose proof (Hn w (or_introl eq_refl)) as Nw.
  apply (exclusive_app (breaks c) (slots w) (flat_map slots W)).
  - unfold narrow in Nw. unfold breaks; simpl. repeat split; auto;
    intros s' x Hin (C1 & _ & R1) (C2 & _ & R2); simpl in *;
    repeat destruct Hin as [<-|Hin]; try contradiction; simpl in *; lra.
  - apply IH; auto.
  - intros s s' x H1 H2 (_ & _ & R1) (_ & _ & R2).
    apply in_flat_map in H2 as (w' & Hw' & H2).
    pose proof (Hn w' (or_intror Hw')) as Nw'.
    specialize (Hs (mid w') (in_map mid _ _ Hw')).
    unfold narrow in *. simpl in H1, H2.
    repeat destruct H1 as [<-|H1]; try contradiction;
    repeat destruct H2 as [<-|H2]; try contradiction; simpl in *; lra.
Qed.

(** Each slot is demanded by three of the nine points. *)
Lemma slots_demanded al be ga N c w :
  (forall n, In n N -> coef n = 1 \/ coef n = -1) -> narrow w ->
  nine_points (value al be ga N c) w ->
  forall s, In s (slots w) -> exists n, In n N /\ breaks c s n.
Proof.
  intros HN (Hlo & Hlh & Hhi) (P1 & P2 & P3 & P4 & P5 & P6 & P7 & P8 & P9) s Hs.
  rewrite value_line in *.
  assert (K : forall e t1 t2 t3, (e = 1 \/ e = -1) -> t1 < t2 < t3 ->
    0 < e * gap t1 t2 t3 (value al be ga N c t1) (value al be ga N c t2) (value al be ga N c t3) ->
    exists n, In n N /\ breaks c (Slot e t1 t3) n).
  { intros e t1 t2 t3 He Ht Hg. rewrite !value_line in Hg.
    destruct (kink_gen coef (at0 c) wy e _ _ N t1 t2 t3 He Ht HN Hg) as (n & Hn & Hc & Hx).
    exists n. split; [exact Hn|]. apply crosses_root in Hx as [Hy Hr]; [|lra].
    repeat split; simpl; auto; apply Hr. }
  rewrite <- value_line in *.
  simpl in Hs. repeat destruct Hs as [<-|Hs]; try contradiction.
  - apply (K 1 _ (mid w - 2 + lo w)); [lra|lra|]. rewrite P2, P3, P4. unfold gap. lra.
  - apply (K (-1) _ (mid w - 1 + hi w)); [lra|lra|]. rewrite P3, P4, P5. unfold gap. lra.
  - apply (K (-1) _ (mid w + 1 + lo w)); [lra|lra|]. rewrite P5, P6, P7. unfold gap. lra.
  - apply (K 1 _ (mid w + 2 + hi w)); [lra|lra|]. rewrite P6, P7, P8. unfold gap. lra.
Qed.

(** ** Quadruples of neurons *)

Record quad := Quad { qa : neuron; qb : neuron; qc : neuron; qd : neuron }.
Definition members (q : quad) : list neuron := [qa q; qb q; qc q; qd q].

Lemma regroup (P : slot -> neuron -> Prop) W : forall N,
  Forall2 P (flat_map slots W) N ->
  exists Qs, N = flat_map members Qs /\ Forall2 (fun w q => Forall2 P (slots w) (members q)) W Qs.
Proof.
  induction W as [|w W IH]; simpl; intros N H.
  - inversion H. exists []; auto.
  - inversion H as [|? a ? N1 Ha H1]; subst. inversion H1 as [|? b ? N2 Hb H2]; subst.
    inversion H2 as [|? c ? N3 Hc H3]; subst. inversion H3 as [|? d ? N4 Hd H4]; subst.
    destruct (IH N4 H4) as (Qs & -> & HF).
    exists (Quad a b c d :: Qs). split; [reflexivity|].
    constructor; [repeat constructor; assumption|exact HF].
Qed.

(** Proof by looking at each pair of a [Forall2] within its surroundings. *)
Lemma Forall2_context {X Y} (P T : X -> Y -> Prop) l m :
  Forall2 P l m ->
  (forall l1 x l2 m1 y m2, l = l1 ++ x :: l2 -> m = m1 ++ y :: m2 ->
     Forall2 P l1 m1 -> P x y -> Forall2 P l2 m2 -> T x y) ->
  Forall2 T l m.
Proof.
  intros HF H.
  assert (G : forall l0 m0, Forall2 P l0 m0 ->
    (forall l1 x l2 m1 y m2, l0 ++ l = l1 ++ x :: l2 -> m0 ++ m = m1 ++ y :: m2 ->
     Forall2 P l1 m1 -> P x y -> Forall2 P l2 m2 -> T x y) -> Forall2 T l m).
  { clear H. induction HF as [|x y l m Hxy HF IH]; intros l0 m0 H0 H; constructor.
    - apply (H l0 x l m0 y m); auto.
    - apply (IH (l0 ++ [x]) (m0 ++ [y])).
      + apply Forall2_app; auto.
      + intros *. rewrite <- !app_assoc. simpl. apply H. }
  apply (G [] []); simpl; auto.
Qed.

Lemma Forall2_in_r {X Y} (P : X -> Y -> Prop) l m y :
  Forall2 P l m -> In y m -> exists x, In x l /\ P x y.
Proof.
  induction 1 as [|x y' l m H HF IH]; simpl; [easy|].
  intros [->|Hy]; [eauto|]. destruct (IH Hy) as (x' & ? & ?). eauto.
Qed.

(** ** Neurons that do not break in an interval are affine there *)

Lemma unbroken_affine c p q L :
  (forall n, In n L -> wy n <> 0 /\ (root c n <= p \/ q <= root c n)) ->
  exists al be, forall t, p <= t <= q ->
    sum (fun n => coef n * relu (pre n [c; t])) L = al + be * t.
Proof.
  induction L as [|n L IH]; intros H.
  - exists 0, 0. intros; simpl; ring.
  - destruct IH as (al & be & IH); [intros; apply H; right; auto|].
    destruct (H n (or_introl eq_refl)) as [Hy Hr].
    assert (E : exists al' be', forall t, p <= t <= q -> coef n * relu (pre n [c; t]) = al' + be' * t).
    { set (k := coef n * Rabs (wy n)). set (o := coef n * Rmin (wy n) 0). destruct Hr as [Hr|Hr].
      - exists (- (k + o) * root c n), (k + o). intros t Ht.
        rewrite pre_root, relu_orient, (relu_pos (t - _)) by (auto; lra). unfold k, o. ring.
      - exists (- o * root c n), o. intros t Ht.
        rewrite pre_root, relu_orient, (relu_neg (t - _)) by (auto; lra). unfold k, o. ring. }
    destruct E as (al' & be' & E). exists (al' + al), (be' + be).
    intros t Ht. simpl. rewrite E, IH by exact Ht. ring.
Qed.

(** ** The shape that nine points force on four kinks *)

Lemma shape_arith al be p1 p2 p3 p4 p5 p6 p7 p8 p9 mA mB mC mD rA rB rC rD (g : R -> R) :
  p1 < p2 -> p2 < p3 -> p3 < p4 -> p4 < p5 -> p5 < p6 -> p6 < p7 -> p7 < p8 -> p8 < p9 ->
  p2 < rA < p4 -> p3 < rB < p5 -> p5 < rC < p7 -> p6 < rD < p8 ->
  0 < mA -> 0 < mB -> 0 < mC -> 0 < mD ->
  (forall t, p1 <= t <= p9 -> g t = al + be * t + mA * relu (t - rA) - mB * relu (t - rB)
     - mC * relu (t - rC) + mD * relu (t - rD)) ->
  g p1 = 0 -> g p2 = 0 -> g p3 = 0 -> g p4 = 1 -> g p5 = 1 -> g p6 = 1 ->
  g p7 = 0 -> g p8 = 0 -> g p9 = 0 ->
  al = 0 /\ be = 0 /\ mB = mA /\ mD = mC /\ mA * (rB - rA) = 1 /\ mC * (rD - rC) = 1 /\
  p3 <= rA /\ rB <= p4 /\ p6 <= rC /\ rD <= p7.
Proof.
  intros L1 L2 L3 L4 L5 L6 L7 L8 RA RB RC RD MA MB MC MD Hg G1 G2 G3 G4 G5 G6 G7 G8 G9.
  rewrite Hg in G1, G2, G3, G4, G5, G6, G7, G8, G9 by lra. clear Hg g.
  rewrite (relu_neg (p1 - rA)), (relu_neg (p1 - rB)), (relu_neg (p1 - rC)), (relu_neg (p1 - rD)) in G1 by lra.
  rewrite (relu_neg (p2 - rA)), (relu_neg (p2 - rB)), (relu_neg (p2 - rC)), (relu_neg (p2 - rD)) in G2 by lra.
  rewrite (relu_neg (p3 - rB)), (relu_neg (p3 - rC)), (relu_neg (p3 - rD)) in G3 by lra.
  rewrite (relu_pos (p4 - rA)), (relu_neg (p4 - rC)), (relu_neg (p4 - rD)) in G4 by lra.
  rewrite (relu_pos (p5 - rA)), (relu_pos (p5 - rB)), (relu_neg (p5 - rC)), (relu_neg (p5 - rD)) in G5 by lra.
  rewrite (relu_pos (p6 - rA)), (relu_pos (p6 - rB)), (relu_neg (p6 - rD)) in G6 by lra.
  rewrite (relu_pos (p7 - rA)), (relu_pos (p7 - rB)), (relu_pos (p7 - rC)) in G7 by lra.
  rewrite (relu_pos (p8 - rA)), (relu_pos (p8 - rB)), (relu_pos (p8 - rC)), (relu_pos (p8 - rD)) in G8 by lra.
  rewrite (relu_pos (p9 - rA)), (relu_pos (p9 - rB)), (relu_pos (p9 - rC)), (relu_pos (p9 - rD)) in G9 by lra.
  assert (be = 0).
  { apply (Rmult_eq_reg_r (p2 - p1)); lra. }
  assert (al = 0) by (subst; lra). subst al be.
  assert (p3 <= rA).
  { destruct (Rle_dec p3 rA); [assumption|]. rewrite relu_pos in G3 by lra. nra. }
  assert (S : mA - mB - mC + mD = 0).
  { apply (Rmult_eq_reg_r (p9 - p8)); lra. }
  assert (R4 : 0 <= relu (p4 - rB) /\ p4 - rB <= relu (p4 - rB)) by (unfold relu; split; [apply Rmax_l|apply Rmax_r]).
  assert (R6 : 0 <= relu (p6 - rC)) by apply Rmax_l.
  assert (R7 : p7 - rD <= relu (p7 - rD)) by apply Rmax_r.
  assert (mA <= mB).
  { assert (0 <= mB * (relu (p4 - rB) - (p4 - rB))) by nra.
    assert ((mA - mB) * (p5 - p4) <= 0) by lra. nra. }
  assert (mB <= mA).
  { assert (0 <= mC * relu (p6 - rC)) by nra.
    assert (0 <= (mA - mB) * (p6 - p5)) by lra. nra. }
  assert (mB = mA) by lra. subst mB. assert (mD = mC) by lra. subst mD.
  assert (E1 : mA * (rB - rA) = 1) by lra.
  assert (E2 : mC * (rD - rC) = 1) by lra.
  repeat split; auto.
  - destruct (Rle_dec rB p4); [assumption|]. rewrite relu_neg in G4 by lra. nra.
  - destruct (Rle_dec p6 rC); [assumption|]. rewrite relu_pos in G6 by lra. nra.
  - destruct (Rle_dec rD p7); [assumption|]. rewrite relu_neg in G7 by lra. nra.
Qed.

(** The four neurons of a gadget on the line x1 = c: signs + - - +, two and two
    of equal strength, a rise by 1 and a fall by 1 between the inner points. *)
Definition shaped (c : R) (g : R -> R) (w : window) (q : quad) : Prop :=
  (coef (qa q) = 1 /\ coef (qb q) = -1 /\ coef (qc q) = -1 /\ coef (qd q) = 1) /\
  (wy (qa q) <> 0 /\ wy (qb q) <> 0 /\ wy (qc q) <> 0 /\ wy (qd q) <> 0) /\
  (mid w - 2 + lo w <= root c (qa q) /\ root c (qb q) <= mid w - 1 + hi w /\
   mid w + 1 + lo w <= root c (qc q) /\ root c (qd q) <= mid w + 2 + hi w) /\
  exists m m', 0 < m /\ 0 < m' /\
    (Rabs (wy (qa q)) = m /\ Rabs (wy (qb q)) = m /\ Rabs (wy (qc q)) = m' /\ Rabs (wy (qd q)) = m') /\
    m * (root c (qb q) - root c (qa q)) = 1 /\ m' * (root c (qd q) - root c (qc q)) = 1 /\
    forall t, mid w - 4 + lo w <= t <= mid w + 4 + hi w ->
      g t = m * relu (t - root c (qa q)) - m * relu (t - root c (qb q))
          - m' * relu (t - root c (qc q)) + m' * relu (t - root c (qd q)).

(** Saturation of a line: neurons no more than slots. *)
Lemma line_saturated al be ga N c W :
  (forall n, In n N -> coef n = 1 \/ coef n = -1) ->
  (length N <= 4 * length W)%nat ->
  (forall w, In w W -> narrow w) -> spaced 10 (map mid W) ->
  (forall w, In w W -> nine_points (value al be ga N c) w) ->
  exists Qs, Permutation N (flat_map members Qs) /\
    Forall2 (shaped c (value al be ga N c)) W Qs.
Proof.
  intros HN Hlen Hnar Hsp Hfit.
  destruct (saturation (breaks c) (flat_map slots W) N) as (N' & HP & HF).
  - intros s Hs. apply in_flat_map in Hs as (w & Hw & Hs).
    eapply slots_demanded; eauto.
  - apply slots_exclusive; auto.
  - rewrite slots_length. exact Hlen.
  - apply regroup in HF as (Qs & -> & HF). exists Qs. split; [exact HP|].
    apply (Forall2_context _ _ _ _ HF).
    intros W1 w W2 Q1 q Q2 EW EQ F1 Fq F2.
    assert (Hw : In w W) by (rewrite EW; apply in_elt).
    pose proof (Hnar w Hw) as (Hlo & Hlh & Hhi).
    pose proof (Hfit w Hw) as (P1 & P2 & P3 & P4 & P5 & P6 & P7 & P8 & P9).
    destruct q as [a b c' d]. unfold members in Fq. simpl in Fq.
    inversion Fq as [|? ? ? ? Ba T1]; subst. inversion T1 as [|? ? ? ? Bb T2]; subst.
    inversion T2 as [|? ? ? ? Bc T3]; subst. inversion T3 as [|? ? ? ? Bd _]; subst.
    clear Fq T1 T2 T3.
    destruct Ba as (Ca & Ya & Ra), Bb as (Cb & Yb & Rb), Bc as (Cc & Yc & Rc), Bd as (Cd & Yd & Rd).
    simpl in *.
    set (p := mid w - 4 + lo w) in *. set (p' := mid w + 4 + hi w) in *.
    destruct (unbroken_affine c p p' (flat_map members Q1 ++ flat_map members Q2)) as (al' & be' & Haff).
    { intros n Hn.
      assert (B : exists w', (mid w' + 10 <= mid w \/ mid w + 10 <= mid w') /\ narrow w' /\
        exists s, In s (slots w') /\ breaks c s n).
      { assert (Hsp' : forall w', In w' W1 -> mid w' + 10 <= mid w).
        { clear - Hsp. rewrite map_app in Hsp. simpl in Hsp. intros w' Hw'.
          induction W1 as [|v W1 IH]; simpl in *; [easy|]. destruct Hsp as [H1 H2].
          destruct Hw' as [<-|Hw']; [|auto]. apply H1. apply in_elt. }
        assert (Hsp'' : forall w', In w' W2 -> mid w + 10 <= mid w').
        { clear - Hsp. rewrite map_app in Hsp. simpl in Hsp. intros w' Hw'.
          induction W1 as [|v W1 IH]; simpl in *; [|apply IH, Hsp]. apply Hsp. apply in_map, Hw'. }
        apply in_app_or in Hn as [Hn|Hn]; apply in_flat_map in Hn as (q' & Hq' & Hn).
        - destruct (Forall2_in_r _ _ _ _ F1 Hq') as (w' & Hw' & Fq').
          exists w'. split; [left; auto|]. split; [apply Hnar; apply in_or_app; auto|].
          destruct (Forall2_in_r _ _ _ _ Fq' Hn) as (s & ? & ?). eauto.
        - destruct (Forall2_in_r _ _ _ _ F2 Hq') as (w' & Hw' & Fq').
          exists w'. split; [right; auto|]. split; [apply Hnar; apply in_or_app; simpl; auto|].
          destruct (Forall2_in_r _ _ _ _ Fq' Hn) as (s & ? & ?). eauto. }
      destruct B as (w' & Hd & (N1 & N2 & N3) & s & Hs & (_ & Yn & Rn)).
      split; [exact Yn|]. unfold p, p'.
      simpl in Hs. repeat destruct Hs as [<-|Hs]; try contradiction; simpl in Rn; lra. }
    set (o n := coef n * Rmin (wy n) 0).
    assert (Hg : forall t, p <= t <= p' -> value al be ga N c t =
       (al + be * c + al' - o a * root c a - o b * root c b - o c' * root c c' - o d * root c d)
       + (ga + be' + o a + o b + o c' + o d) * t
       + Rabs (wy a) * relu (t - root c a) - Rabs (wy b) * relu (t - root c b)
       - Rabs (wy c') * relu (t - root c c') + Rabs (wy d) * relu (t - root c d)).
    { intros t Ht. unfold value. rewrite (eval_perm _ _ _ _ HP).
      rewrite flat_map_app. simpl. unfold eval.
      rewrite sum_app. simpl. specialize (Haff t Ht). rewrite sum_app in Haff.
      rewrite !pre_root in * by assumption. rewrite !relu_orient.
      unfold o. rewrite Ca, Cb, Cc, Cd. lra. }
    pose proof (Rabs_pos_lt _ Ya) as PA. pose proof (Rabs_pos_lt _ Yb) as PB.
    pose proof (Rabs_pos_lt _ Yc) as PC. pose proof (Rabs_pos_lt _ Yd) as PD.
    destruct (shape_arith _ _ p (mid w - 3 + lo w) (mid w - 2 + lo w) (mid w - 1 + hi w) (mid w)
      (mid w + 1 + lo w) (mid w + 2 + hi w) (mid w + 3 + hi w) p'
      _ _ _ _ _ _ _ _ _ ltac:(unfold p; lra) ltac:(lra) ltac:(lra) ltac:(lra) ltac:(lra) ltac:(lra) ltac:(lra) ltac:(unfold p'; lra)
      Ra Rb Rc Rd PA PB PC PD Hg
      P1 P2 P3 P4 P5 P6 P7 P8 P9) as (Z1 & Z2 & Em & Em' & E1 & E2 & S1 & S2 & S3 & S4).
    unfold shaped; simpl. repeat split; auto; try lra.
    exists (Rabs (wy a)), (Rabs (wy c')). repeat split; auto.
    intros t Ht. rewrite Hg, Z1, Z2, Em, Em' by exact Ht. ring.
Qed.
