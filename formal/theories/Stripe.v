(** * Stripe gadgets for threshold neurons: the geometry of Corollary 8

    As for rectifiers: the labels on three vertical lines demand as many changes
    as there are neurons, in exclusive places; so every gadget has one neuron
    that steps up and one that steps down, on all three lines the same; the
    remaining points of each gadget decide its slope, up to the play [6 tau]. *)

From Coq Require Import Reals List Lra Lia Psatz Permutation.
From Certify Require Import Semantics Lines Levee Slots Gadget Stack.
Import ListNotations.
Open Scope R_scope.

(** ** A threshold neuron, its orientation made free *)

(** The height of its step in the direction of x2. *)
Definition kappa (n : neuron) : R := if Rlt_dec 0 (wy n) then coef n else - coef n.

(** 1 above its line and 0 below it; on the line it depends on the orientation. *)
Definition above (n : neuron) (x1 x2 : R) : R :=
  if Rlt_dec 0 (wy n) then step (x2 - root x1 n)
  else if Rle_dec 0 (x2 - root x1 n) then 1 else 0.

Lemma above_1 n x1 x2 : root x1 n < x2 -> above n x1 x2 = 1.
Proof.
  intros. unfold above. destruct (Rlt_dec 0 (wy n)); [apply step_pos; lra|].
  destruct (Rle_dec 0 (x2 - root x1 n)); lra.
Qed.

Lemma above_0 n x1 x2 : x2 < root x1 n -> above n x1 x2 = 0.
Proof.
  intros. unfold above. destruct (Rlt_dec 0 (wy n)); [apply step_neg; lra|].
  destruct (Rle_dec 0 (x2 - root x1 n)); lra.
Qed.

Lemma step_scale_pos v d : 0 < v -> step (v * d) = step d.
Proof.
  intros Hv. destruct (Rle_or_lt d 0) as [H|H].
  - rewrite !step_neg; [reflexivity|lra|nra].
  - rewrite !step_pos; [reflexivity|lra|nra].
Qed.

Lemma step_scale_neg v d : v < 0 -> step (v * d) = step (- d).
Proof. intros Hv. replace (v * d) with (- v * - d) by ring. apply step_scale_pos. lra. Qed.

Lemma step_split n x1 x2 : wy n <> 0 ->
  coef n * step (pre n [x1; x2]) =
  (if Rlt_dec 0 (wy n) then 0 else coef n) + kappa n * above n x1 x2.
Proof.
  intros H. rewrite pre_root by exact H. unfold kappa, above.
  set (d := x2 - root x1 n). destruct (Rlt_dec 0 (wy n)).
  - rewrite step_scale_pos by assumption. lra.
  - rewrite step_scale_neg by lra. unfold step. destruct (Rlt_dec 0 (- d)), (Rle_dec 0 d); lra.
Qed.

Lemma step_change_root A B t1 t3 : t1 < t3 -> step (A + B * t1) <> step (A + B * t3) ->
  B <> 0 /\ t1 <= - A / B <= t3.
Proof.
  intros Ht H.
  assert (HB : B <> 0) by (intros ->; apply H; f_equal; ring).
  split; [exact HB|].
  assert (Hr : A = - B * (- A / B)) by (field; exact HB).
  set (r := - A / B) in *. clearbody r. subst A.
  replace (- B * r + B * t1) with (B * (t1 - r)) in H by ring.
  replace (- B * r + B * t3) with (B * (t3 - r)) in H by ring.
  destruct (Rlt_dec 0 B) as [Hs|Hs].
  - rewrite !step_scale_pos in H by assumption. unfold step in H.
    destruct (Rlt_dec 0 (t1 - r)), (Rlt_dec 0 (t3 - r)); lra.
  - rewrite !step_scale_neg in H by lra. unfold step in H.
    destruct (Rlt_dec 0 (- (t1 - r))), (Rlt_dec 0 (- (t3 - r))); lra.
Qed.

(** ** Slots *)

Definition four_labels (tau : R) (g : R -> R) (w : window) : Prop :=
  g (mid w - 1 - tau + lo w) = 0 /\ g (mid w - 1 + tau + hi w) = 1 /\
  g (mid w + 1 - tau + lo w) = 1 /\ g (mid w + 1 + tau + hi w) = 0.

Definition lower_slot (tau : R) (w : window) : slot := Slot 1 (mid w - 1 - tau + lo w) (mid w - 1 + tau + hi w).
Definition upper_slot (tau : R) (w : window) : slot := Slot (-1) (mid w + 1 - tau + lo w) (mid w + 1 + tau + hi w).
Definition tslots (tau : R) (w : window) : list slot := [lower_slot tau w; upper_slot tau w].

Definition between (c : R) (s : slot) (n : neuron) : Prop :=
  wy n <> 0 /\ from s <= root c n <= upto s.

Lemma tslots_exclusive tau c W : 0 < tau <= 1/12 ->
  (forall w, In w W -> narrow w) -> spaced 10 (map mid W) ->
  exclusive (between c) (flat_map (tslots tau) W).
Proof.
  intros Ht. induction W as [|w W IH]; simpl; intros Hn Hs; [exact I|].
  destruct Hs as [Hs Hs'].
  pose proof (Hn w (or_introl eq_refl)) as Nw.
  apply (exclusive_app (between c) (tslots tau w) (flat_map (tslots tau) W)).
  - unfold narrow in Nw. simpl. repeat split; auto;
    intros s' x Hin (_ & R1) (_ & R2); simpl in *;
    repeat destruct Hin as [<-|Hin]; try contradiction; simpl in *; lra.
  - apply IH; auto.
  - intros s s' x H1 H2 (_ & R1) (_ & R2).
    apply in_flat_map in H2 as (w' & Hw' & H2).
    pose proof (Hn w' (or_intror Hw')) as Nw'.
    specialize (Hs (mid w') (in_map mid _ _ Hw')).
    unfold narrow in *. simpl in H1, H2.
    repeat destruct H1 as [<-|H1]; try contradiction;
    repeat destruct H2 as [<-|H2]; try contradiction; simpl in *; lra.
Qed.

Lemma exclusive_split {S X} (P : S -> X -> Prop) l1 s l2 : exclusive P (l1 ++ s :: l2) ->
  forall s' x, In s' (l1 ++ l2) -> P s x -> P s' x -> False.
Proof.
  induction l1 as [|y l1 IH]; simpl; intros [H1 H2] s' x Hin Ps Ps'.
  - eauto.
  - destruct Hin as [<-|Hin]; [|eauto]. apply (H1 s x); auto. apply in_elt.
Qed.

Lemma tslots_length tau W : length (flat_map (tslots tau) W) = (2 * length W)%nat.
Proof. induction W as [|w W IH]; [reflexivity|]. cbn [flat_map]. rewrite app_length, IH. simpl. lia. Qed.

(** ** Pairs of neurons: a lower and an upper one *)

Record pair := Pair { pl : neuron; pu : neuron }.
Definition both (p : pair) : list neuron := [pl p; pu p].

Definition placed (tau c : R) (w : window) (p : pair) : Prop :=
  (between c (lower_slot tau w) (pl p) /\ kappa (pl p) = 1) /\
  (between c (upper_slot tau w) (pu p) /\ kappa (pu p) = -1).

Lemma regroup_pairs (P : slot -> neuron -> Prop) tau W : forall N,
  Forall2 P (flat_map (tslots tau) W) N ->
  exists Ps, N = flat_map both Ps /\
    Forall2 (fun w p => P (lower_slot tau w) (pl p) /\ P (upper_slot tau w) (pu p)) W Ps.
Proof.
  induction W as [|w W IH]; simpl; intros N H.
  - inversion H. exists []; auto.
  - inversion H as [|? a ? N1 Ha H1]; subst. inversion H1 as [|? b ? N2 Hb H2]; subst.
    destruct (IH N2 H2) as (Ps & -> & HF).
    exists (Pair a b :: Ps). split; [reflexivity|]. constructor; auto.
Qed.

(** Saturation of a line. *)
Lemma thresholds_saturated tau N c W : 0 < tau <= 1/12 ->
  (length N <= 2 * length W)%nat ->
  (forall w, In w W -> narrow w) -> spaced 10 (map mid W) ->
  (forall w, In w W -> four_labels tau (fun t => eval step N [c; t]) w) ->
  exists Ps, Permutation N (flat_map both Ps) /\ Forall2 (placed tau c) W Ps.
Proof.
  intros Ht Hlen Hnar Hsp Hfit.
  set (g := fun t => eval step N [c; t]) in *.
  assert (Gl : forall t, g t = sum (fun n => coef n * step (at0 c n + wy n * t)) N).
  { intros t. unfold g, eval. apply sum_ext. intros n _. rewrite pre_line. reflexivity. }
  assert (Jump : forall s, In s (flat_map (tslots tau) W) ->
    from s < upto s /\ g (upto s) - g (from s) = sign s /\ sign s <> 0).
  { intros s Hs. apply in_flat_map in Hs as (w & Hw & Hs).
    destruct (Hfit w Hw) as (L1 & L2 & L3 & L4). pose proof (Hnar w Hw) as (N1 & N2 & N3).
    destruct Hs as [<-|[<-|[]]]; simpl; repeat split; lra. }
  assert (Hex := tslots_exclusive tau c W Ht Hnar Hsp).
  destruct (saturation (between c) (flat_map (tslots tau) W) N) as (N' & HP & HF).
  - intros s Hs. destruct (Jump s Hs) as (Hlt & Hj & Hne).
    destruct (threshold_change coef (at0 c) wy N (from s) (upto s)) as (n & Hn & Hc).
    { rewrite <- !Gl. lra. }
    exists n. split; [exact Hn|]. apply step_change_root in Hc; [|exact Hlt]. exact Hc.
  - exact Hex.
  - rewrite tslots_length. exact Hlen.
  - assert (HF' : Forall2 (fun s n => between c s n /\ kappa n = sign s) (flat_map (tslots tau) W) N').
    { apply (Forall2_context _ _ _ _ HF).
      intros l1 s l2 m1 n m2 El Em F1 Bn F2. split; [exact Bn|].
      destruct (Jump s) as (Hlt & Hj & _); [rewrite El; apply in_elt|].
      rewrite El in Hex.
      assert (Hothers : forall n', In n' (m1 ++ m2) ->
        coef n' * step (at0 c n' + wy n' * upto s) - coef n' * step (at0 c n' + wy n' * from s) = 0).
      { intros n' Hn'.
        assert (X : exists s', In s' (l1 ++ l2) /\ between c s' n').
        { apply in_app_or in Hn' as [H|H].
          - destruct (Forall2_in_r _ _ _ _ F1 H) as (s' & ? & ?). exists s'. split; [apply in_or_app|]; auto.
          - destruct (Forall2_in_r _ _ _ _ F2 H) as (s' & ? & ?). exists s'. split; [apply in_or_app|]; auto. }
        destruct X as (s' & Hs' & Bn').
        destruct (Req_dec (step (at0 c n' + wy n' * from s)) (step (at0 c n' + wy n' * upto s))) as [E|E].
        - rewrite E. ring.
        - exfalso. apply step_change_root in E; [|exact Hlt].
          exact (exclusive_split _ _ _ _ Hex s' n' Hs' E Bn'). }
      rewrite !Gl, !(sum_perm _ _ _ HP), Em, !sum_app in Hj. simpl in Hj.
      assert (Z : forall l, (forall n', In n' l -> coef n' * step (at0 c n' + wy n' * upto s)
          - coef n' * step (at0 c n' + wy n' * from s) = 0) ->
        sum (fun n' => coef n' * step (at0 c n' + wy n' * upto s)) l
        = sum (fun n' => coef n' * step (at0 c n' + wy n' * from s)) l).
      { intros l Hl. apply sum_ext. intros n' Hn'. specialize (Hl n' Hn'). lra. }
      rewrite (Z m1), (Z m2) in Hj by (intros; apply Hothers, in_or_app; auto).
      destruct Bn as [Hy [R1 R2]].
      rewrite <- !pre_line, !pre_root in Hj by exact Hy.
      assert (Hsg : sign s = 1 \/ sign s = -1).
      { assert (Hs : In s (flat_map (tslots tau) W)) by (rewrite El; apply in_elt).
        apply in_flat_map in Hs as (w & _ & [<-|[<-|[]]]); simpl; auto. }
      unfold kappa. destruct (Rlt_dec 0 (wy n)) as [Hp|Hp].
      - rewrite !step_scale_pos in Hj by assumption.
        rewrite (step_neg (from s - root c n)) in Hj by lra.
        unfold step in Hj. destruct (Rlt_dec 0 (upto s - root c n)); lra.
      - rewrite !step_scale_neg in Hj by lra.
        rewrite (step_neg (- (upto s - root c n))) in Hj by lra.
        unfold step in Hj. destruct (Rlt_dec 0 (- (from s - root c n))); lra. }
    apply regroup_pairs in HF' as (Ps & -> & HF'). exists Ps. split; [exact HP|exact HF'].
Qed.

(** ** Lines stay with their gadget *)

Definition inner_pair (c z : R) (p : pair) : Prop :=
  (wy (pl p) <> 0 /\ wy (pu p) <> 0) /\ kappa (pl p) = 1 /\ kappa (pu p) = -1 /\
  z - 3/2 <= root c (pl p) <= z - 1/2 /\ z + 1/2 <= root c (pu p) <= z + 3/2.

Lemma placed_inner tau c w p : 0 < tau <= 1/12 -> narrow w -> placed tau c w p -> inner_pair c (mid w) p.
Proof.
  intros Ht (N1 & N2 & N3) (((Y1 & R1) & K1) & ((Y2 & R2) & K2)). simpl in *.
  repeat split; auto; lra.
Qed.

Lemma pairs_high c z zs p Ps n :
  (forall z', In z' zs -> z + 10 <= z') ->
  inner_pair c z p -> Forall2 (inner_pair c) zs Ps -> In n (flat_map both (p :: Ps)) ->
  In n (both p) \/ z + 8 <= root c n.
Proof.
  intros Hz Hp HF Hn. apply in_app_or in Hn as [Hn|Hn]; [left; exact Hn|right].
  apply in_flat_map in Hn as (p' & Hp' & Hn).
  destruct (Forall2_in_r _ _ _ _ HF Hp') as (z' & Hz' & I). specialize (Hz z' Hz').
  destruct I as (_ & _ & _ & I1 & I2).
  simpl in Hn. repeat destruct Hn as [<-|Hn]; try contradiction; lra.
Qed.

Lemma pairs_stay eps zs : spaced 10 zs -> forall P0 Pr Pl,
  Forall2 (inner_pair 0) zs P0 -> Forall2 (inner_pair eps) zs Pr -> Forall2 (inner_pair (- eps)) zs Pl ->
  Permutation (flat_map both P0) (flat_map both Pr) ->
  Permutation (flat_map both P0) (flat_map both Pl) ->
  Pr = P0.
Proof.
  induction zs as [|z zs IH]; intros Hsp P0 Pr Pl F0 Fr Fl Er El.
  - inversion F0; inversion Fr. auto.
  - destruct Hsp as [Hz Hzs].
    inversion F0 as [|? p ? P0' E0 F0']; subst. inversion Fr as [|? pr ? Pr' E1 Fr']; subst.
    inversion Fl as [|? pm ? Pl' E2 Fl']; subst.
    assert (Hr : forall n, In n (both p) -> In n (both pr) \/ z + 8 <= root eps n).
    { intros n Hn. apply (pairs_high eps z zs pr Pr'); auto.
      eapply Permutation_in; [exact Er|]. apply in_or_app; auto. }
    assert (Hl : forall n, In n (both p) -> In n (both pm) \/ z + 8 <= root (- eps) n).
    { intros n Hn. apply (pairs_high (- eps) z zs pm Pl'); auto.
      eapply Permutation_in; [exact El|]. apply in_or_app; auto. }
    destruct p as [a b], pr as [a1 b1], pm as [a2 b2].
    destruct E0 as ((Ya & Yb) & Ka & Kb & Ra & Rb). destruct E1 as (_ & Ka1 & Kb1 & Ra1 & Rb1).
    destruct E2 as (_ & Ka2 & Kb2 & Ra2 & Rb2). simpl in *.
    pose proof (midpoint eps a Ya) as Ma. pose proof (midpoint eps b Yb) as Mb.
    assert (Ha1 : a1 = a \/ z + 8 <= root eps a)
      by (destruct (Hr a ltac:(auto)) as [[?|[?|[]]]|?]; subst; auto; lra).
    assert (Ha2 : a2 = a \/ z + 8 <= root (- eps) a)
      by (destruct (Hl a ltac:(auto)) as [[?|[?|[]]]|?]; subst; auto; lra).
    assert (Hb1 : b1 = b \/ z + 8 <= root eps b)
      by (destruct (Hr b ltac:(auto)) as [[?|[?|[]]]|?]; subst; auto; lra).
    assert (Hb2 : b2 = b \/ z + 8 <= root (- eps) b)
      by (destruct (Hl b ltac:(auto)) as [[?|[?|[]]]|?]; subst; auto; lra).
    assert (a1 = a /\ a2 = a) as [-> ->] by (destruct Ha1, Ha2; subst; auto; lra).
    assert (b1 = b /\ b2 = b) as [-> ->] by (destruct Hb1, Hb2; subst; auto; lra).
    apply Permutation_cons_inv, Permutation_cons_inv in Er.
    apply Permutation_cons_inv, Permutation_cons_inv in El.
    rewrite (IH Hzs P0' Pr' Pl' F0' Fr' Fl' Er El). reflexivity.
Qed.

(** ** The stripe gadget (eps = 1/3), as conditions on a function *)

Fixpoint x_points (f : R -> R -> R) (tau z : R) (l : list R) : Prop :=
  match l with
  | s :: ((s' :: _) as l') =>
      let x := 3 / (s' - s) in
      (f x (z + x * s + 1 + tau) = 0 /\ f x (z + x * s' - 1 - tau) = 0 /\
       f (- x) (z - x * s - 1 - tau) = 0 /\ f (- x) (z - x * s' + 1 + tau) = 0) /\
      x_points f tau z l'
  | _ => True
  end.

Definition fits_stripes (tau : R) (f : R -> R -> R) (g : gadget) : Prop :=
  four_labels tau (f 0) (window0 g) /\ four_labels tau (f (1/3)) (window_right (1/3) g) /\
  four_labels tau (f (- (1/3))) (window_left (1/3) g) /\ x_points f tau (offset g) (slopes g).

(** The region of a gadget. *)
Definition around (d z x1 x2 : R) : Prop :=
  - (3 / d) <= x1 <= 3 / d /\ - (3 / d + 2) <= x2 - z <= 3 / d + 2.

Lemma x_points_ext d f h tau z l : 0 < d <= 1/2 -> 0 < tau <= 1/12 -> rising d l ->
  (forall s, In s l -> -1 <= s <= 1) ->
  (forall x1 x2, around d z x1 x2 -> f x1 x2 = h x1 x2) ->
  x_points f tau z l -> x_points h tau z l.
Proof.
  intros Hd Ht. induction l as [|a [|b l] IH]; auto.
  intros [Hab Hr] Hb He [(Q1 & Q2 & Q3 & Q4) Q].
  pose proof (Hb a (or_introl eq_refl)) as Ba. pose proof (Hb b (or_intror (or_introl eq_refl))) as Bb.
  assert (Hi : 0 < / (b - a)) by (apply Rinv_0_lt_compat; lra).
  assert (Hi' : / (b - a) <= / d) by (apply Rinv_le_contravar; lra).
  split.
  - unfold Rdiv in *. set (x := 3 * / (b - a)) in *.
    assert (Hx : 0 <= x <= 3 * / d) by (unfold x; lra).
    assert (Xa : - (3 * / d) <= x * a <= 3 * / d) by nra.
    assert (Xb : - (3 * / d) <= x * b <= 3 * / d) by nra.
    cbv zeta. fold x.
    repeat split; (rewrite <- He; [assumption|]); unfold around, Rdiv; lra.
  - apply IH; auto. intros s Hs. apply Hb. right; exact Hs.
Qed.

Lemma fits_stripes_ext d tau f h g : 0 < d <= 1/2 -> 0 < tau <= 1/12 -> well_formed 1 d (1/3) g ->
  (forall x1 x2, around d (offset g) x1 x2 -> f x1 x2 = h x1 x2) ->
  fits_stripes tau f g -> fits_stripes tau h g.
Proof.
  intros Hd Ht Hw He (H0 & Hr & Hl & Hx).
  destruct (extreme_slopes _ _ _ _ Hw) as (_ & _ & _ & E1 & E2 & E3).
  destruct Hw as (Hne & Hri & Hb & _).
  assert (H3 : 6 <= 3 / d).
  { assert (2 <= / d) by (replace 2 with (/ (1/2)) by field; apply Rinv_le_contravar; lra). unfold Rdiv. lra. }
  assert (N : forall c y, -1/3 <= c <= 1/3 -> -2 <= y - offset g <= 2 -> f c y = h c y)
    by (intros; apply He; unfold around; lra).
  repeat split; unfold four_labels, window0, window_left, window_right in *; simpl in *;
    try (rewrite <- N; [tauto|lra|lra]).
  apply (x_points_ext d f h); auto.
Qed.

(** ** Every choice of slopes fits *)

Definition stripe (s x1 x2 : R) : R := step (x2 - s * x1 + 1) - step (x2 - s * x1 - 1).

Lemma stripe_1 s x1 x2 : -1 < x2 - s * x1 <= 1 -> stripe s x1 x2 = 1.
Proof. intros. unfold stripe. rewrite step_pos, step_neg; lra. Qed.

Lemma stripe_0 s x1 x2 : x2 - s * x1 <= -1 \/ 1 < x2 - s * x1 -> stripe s x1 x2 = 0.
Proof. intros [H|H]; unfold stripe; [rewrite !step_neg|rewrite !step_pos]; lra. Qed.

Definition stripe_neurons (z s : R) : list neuron :=
  [ Neuron [- s; 1] (1 - z) 1; Neuron [- s; 1] (- 1 - z) (-1) ].

Lemma eval_stripe z s x1 x2 : eval step (stripe_neurons z s) [x1; x2] = stripe s x1 (x2 - z).
Proof.
  unfold eval, stripe_neurons, stripe, pre; simpl.
  replace (- s * x1 + (1 * x2 + 0) + (1 - z)) with (x2 - z - s * x1 + 1) by ring.
  replace (- s * x1 + (1 * x2 + 0) + (- 1 - z)) with (x2 - z - s * x1 - 1) by ring. ring.
Qed.

Definition stripes (G : list gadget) (ss : list R) (x1 x2 : R) : R :=
  sum (fun gs => stripe (snd gs) x1 (x2 - offset (fst gs))) (combine G ss).

Lemma own_x_points d tau z s l : 0 < d -> 0 < tau <= 1/12 -> rising d l -> (s <= hd 0 l \/ In s l) ->
  x_points (fun x1 x2 => stripe s x1 (x2 - z)) tau z l.
Proof.
  intros Hd Ht. induction l as [|a [|b l] IH]; try (simpl; auto; fail).
  intros [Hab Hr] Hs.
  assert (Hs' : s <= a \/ b <= s).
  { destruct Hs as [Hs|[<-|Hs]]; [left; exact Hs|left; lra|right].
    apply (rising_bounds d (b :: l) Hd Hr s Hs). }
  assert (HX : 0 < / (b - a)) by (apply Rinv_0_lt_compat; lra).
  assert (E : / (b - a) * (b - a) = 1) by (field; lra).
  split.
  - unfold Rdiv. set (x := 3 * / (b - a)).
    assert (Ex : x * b = x * a + 3) by (unfold x; lra).
    assert (Hx : 0 < x) by (unfold x; lra). clearbody x. cbv zeta.
    assert (Hs'' : s * x <= x * a \/ x * b <= s * x) by (destruct Hs'; [left|right]; nra).
    repeat split; apply stripe_0; lra.
  - apply IH; [exact Hr|]. simpl in *. destruct Hs as [Hs|[<-|Hs]]; [left; lra|left; lra|right; exact Hs].
Qed.

Lemma own_stripes d tau g s : 0 < d <= 1/2 -> 0 < tau <= 1/12 -> well_formed 1 d (1/3) g -> In s (slopes g) ->
  fits_stripes tau (fun x1 x2 => stripe s x1 (x2 - offset g)) g.
Proof.
  intros Hd Ht Hw Hs.
  destruct (extreme_slopes _ _ _ _ Hw) as (_ & _ & _ & E1 & E2 & E3).
  destruct Hw as (Hne & Hri & Hb & Hd' & _).
  assert (Bs := rising_bounds d _ Hd' Hri s Hs).
  change (hd 0 (slopes g)) with (first_slope g) in Bs. change (last (slopes g) 0) with (last_slope g) in Bs.
  repeat split; unfold four_labels, window0, window_left, window_right; simpl;
    try (apply stripe_1; lra); try (apply stripe_0; lra).
  apply (own_x_points d); auto; lra.
Qed.

(** ** Vanishing far away *)

(** A sum over the gadgets that are not [g] of functions that vanish outside
    broad strips is 0 around [g]. *)
Lemma others_vanish {X} d D (G1 G2 : list gadget) (g : gadget) (phi : X -> R -> R -> R) (l1 l2 : list X) (x : X) x1 x2 :
  0 < d <= 1/2 -> 12 / d + 6 <= D -> spaced D (map offset (G1 ++ g :: G2)) ->
  Forall2 (fun g' y => forall x1 x2, - (3 / d) <= x1 <= 3 / d ->
     9 / (2 * d) + 2 <= Rabs (x2 - offset g') -> phi y x1 x2 = 0) (G1 ++ G2) (l1 ++ l2) ->
  around d (offset g) x1 x2 ->
  sum (fun y => phi y x1 x2) (l1 ++ x :: l2) = phi x x1 x2.
Proof.
  intros Hd HD Hsp HF [Hx1 Hx2]. apply (sum_single (fun y => phi y x1 x2)).
  intros y Hy. destruct (Forall2_in_r _ _ _ _ HF Hy) as (g' & Hg' & Hv).
  apply Hv; [exact Hx1|].
  rewrite map_app in Hsp. simpl in Hsp.
  assert (Hz := spaced_split D _ _ _ Hsp (offset g')). rewrite <- map_app in Hz.
  specialize (Hz (in_map offset _ _ Hg')).
  assert (Hi : 0 < / d) by (apply Rinv_0_lt_compat; lra).
  replace (9 / (2 * d)) with (9 / 2 * / d) by (field; lra). unfold Rdiv in *.
  destruct Hz as [Hz|Hz].
  - rewrite Rabs_left1; lra.
  - rewrite Rabs_pos_eq; lra.
Qed.

(** ** What the three lines say, and what the remaining points decide *)

Definition strip (p : pair) (x1 x2 : R) : R := above (pl p) x1 x2 - above (pu p) x1 x2.

Definition pinned_pair (tau : R) (g : gadget) (p : pair) : Prop :=
  (wy (pl p) <> 0 /\ wy (pu p) <> 0) /\ (kappa (pl p) = 1 /\ kappa (pu p) = -1) /\
  (offset g - 1 - tau <= root 0 (pl p) <= offset g - 1 + tau /\
   offset g + 1 - tau <= root 0 (pu p) <= offset g + 1 + tau) /\
  first_slope g - 6 * tau <= slope (pl p) <= last_slope g + 6 * tau /\
  first_slope g - 6 * tau <= slope (pu p) <= last_slope g + 6 * tau.

Lemma placed_pinned tau g p : placed tau 0 (window0 g) p -> placed tau (1/3) (window_right (1/3) g) p ->
  pinned_pair tau g p.
Proof.
  intros (((Y1 & R1) & K1) & ((Y2 & R2) & K2)) (((_ & R3) & _) & ((_ & R4) & _)).
  rewrite (root_slope (pl p) (1/3) Y1) in R3. rewrite (root_slope (pu p) (1/3) Y2) in R4.
  simpl in *. unfold pinned_pair. repeat split; auto; lra.
Qed.

Lemma strip_zero p x1 x2 : strip p x1 x2 = 0 ->
  root x1 (pl p) < root x1 (pu p) -> x2 <= root x1 (pl p) \/ root x1 (pu p) <= x2.
Proof.
  intros H Hlt. destruct (Rle_or_lt x2 (root x1 (pl p))) as [|H1]; [left; assumption|].
  destruct (Rle_or_lt (root x1 (pu p)) x2) as [|H2]; [right; assumption|].
  unfold strip in H. rewrite above_1, above_0 in H by assumption. lra.
Qed.

(** The slopes of both neurons are close to one and the same slope of the gadget. *)
Lemma stripe_slope_decided tau z rl ru sl su p l : 0 < tau <= 1/12 -> l <> [] ->
  wy (pl p) <> 0 -> wy (pu p) <> 0 ->
  root 0 (pl p) = rl -> root 0 (pu p) = ru -> slope (pl p) = sl -> slope (pu p) = su ->
  z - 1 - tau <= rl <= z - 1 + tau -> z + 1 - tau <= ru <= z + 1 + tau ->
  forall d, 0 < d -> rising d l -> (forall s, In s l -> -1 <= s <= 1) ->
  hd 0 l - 6 * tau <= sl <= last l 0 + 6 * tau -> hd 0 l - 6 * tau <= su <= last l 0 + 6 * tau ->
  x_points (strip p) tau z l ->
  exists s, In s l /\ s - 6 * tau <= sl <= s + 6 * tau /\ s - 6 * tau <= su <= s + 6 * tau.
Proof.
  intros Ht Hne Yl Yu Erl Eru Esl Esu Brl Bru d Hd. revert Hne.
  induction l as [|a [|b l] IH]; [easy| |].
  - intros _ _ _ Hl Hu _. simpl in *. exists a. split; [left; reflexivity|lra].
  - intros _ [Hab Hr] Hb Hl Hu [(Q1 & Q2 & Q3 & Q4) Q].
    change (last (a :: b :: l) 0) with (last (b :: l) 0) in *. simpl hd in *.
    pose proof (Hb a (or_introl eq_refl)) as Ba. pose proof (Hb b (or_intror (or_introl eq_refl))) as Bb.
    cbv zeta in Q1, Q2, Q3, Q4.
    assert (Hx : 1 <= 3 / (b - a)).
    { apply (Rmult_le_reg_r (b - a)); [lra|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra. }
    assert (Ex : 3 / (b - a) * b = 3 / (b - a) * a + 3) by (field; lra).
    set (x := 3 / (b - a)) in *. clearbody x.
    assert (C : (sl <= a + 6 * tau /\ su <= a + 6 * tau) \/ (b - 6 * tau <= sl /\ b - 6 * tau <= su)).
    { assert (Cancel : forall u v, x * u <= x * v + 2 * tau -> u <= v + 6 * tau).
      { intros u v H. destruct (Rle_or_lt u (v + 6 * tau)); [assumption|]. nra. }
      destruct (Rle_or_lt sl su) as [Hs|Hs].
      - assert (x * sl <= x * su) by nra.
        apply strip_zero in Q1; apply strip_zero in Q2;
          rewrite (root_slope (pl p) x Yl), (root_slope (pu p) x Yu), Erl, Eru, Esl, Esu in *; try lra.
        assert (D : x * su <= x * a + 2 * tau \/ x * b <= x * sl + 2 * tau) by lra.
        destruct D as [D|D]; apply Cancel in D; lra.
      - assert (x * su <= x * sl) by nra.
        apply strip_zero in Q3; apply strip_zero in Q4;
          rewrite (root_slope (pl p) (- x) Yl), (root_slope (pu p) (- x) Yu), Erl, Eru, Esl, Esu in *; try lra.
        assert (D : x * sl <= x * a + 2 * tau \/ x * b <= x * su + 2 * tau) by lra.
        destruct D as [D|D]; apply Cancel in D; lra. }
    destruct C as [C|C].
    + exists a. split; [left; reflexivity|lra].
    + destruct IH as (s & Hs & H1 & H2); auto; try lra; [discriminate|intros s Hs; apply Hb; right; exact Hs|].
      exists s. split; [right; exact Hs|lra].
Qed.

(** A pinned family is a sum of strips, up to a constant. *)
Lemma pinned_strips tau G Ps : Forall2 (pinned_pair tau) G Ps ->
  exists k, forall x1 x2,
    eval step (flat_map both Ps) [x1; x2] = k + sum (fun p => strip p x1 x2) Ps.
Proof.
  induction 1 as [|g p G Ps HP _ (k & IH)].
  - exists 0. intros. unfold eval. simpl. lra.
  - destruct HP as ((Y1 & Y2) & (K1 & K2) & _).
    exists ((if Rlt_dec 0 (wy (pl p)) then 0 else coef (pl p))
      + (if Rlt_dec 0 (wy (pu p)) then 0 else coef (pu p)) + k).
    intros x1 x2. specialize (IH x1 x2). unfold eval in *. cbn [flat_map both app sum].
    rewrite IH, !step_split, K1, K2 by assumption. unfold strip. ring.
Qed.

(** The lines of a pair that is close to slope [s]. *)
Definition close (tau z s : R) (p : pair) : Prop :=
  (wy (pl p) <> 0 /\ wy (pu p) <> 0) /\
  (z - 1 - tau <= root 0 (pl p) <= z - 1 + tau /\ z + 1 - tau <= root 0 (pu p) <= z + 1 + tau) /\
  s - 6 * tau <= slope (pl p) <= s + 6 * tau /\ s - 6 * tau <= slope (pu p) <= s + 6 * tau.

Lemma close_strip tau z s p x1 x2 : 0 < tau -> close tau z s p ->
  0 <= x1 -> tau * (1 + 6 * x1) <= 1/2 ->
  (x2 - z - s * x1 = 0 -> strip p x1 x2 = 1) /\
  (2 <= Rabs (x2 - z - s * x1) -> strip p x1 x2 = 0).
Proof.
  intros Ht ((Y1 & Y2) & (R1 & R2) & S1 & S2) Hx Hb.
  assert (A1 : (s - 6 * tau) * x1 <= slope (pl p) * x1 <= (s + 6 * tau) * x1) by nra.
  assert (A2 : (s - 6 * tau) * x1 <= slope (pu p) * x1 <= (s + 6 * tau) * x1) by nra.
  unfold strip. split; intros H.
  - rewrite above_1, above_0; [lra| |]; rewrite root_slope by assumption; lra.
  - assert (H' : x2 - z - s * x1 <= -2 \/ 2 <= x2 - z - s * x1)
      by (revert H; unfold Rabs; destruct (Rcase_abs (x2 - z - s * x1)); lra).
    destruct H' as [H'|H'].
    + rewrite !above_0; [lra| |]; rewrite root_slope by assumption; lra.
    + rewrite !above_1; [lra| |]; rewrite root_slope by assumption; lra.
Qed.

Lemma pinned_far tau d g p : 0 < d <= 1/2 -> 0 < tau <= 1/12 -> well_formed 1 d (1/3) g -> pinned_pair tau g p ->
  forall x1 x2, - (3 / d) <= x1 <= 3 / d -> 9 / (2 * d) + 2 <= Rabs (x2 - offset g) -> strip p x1 x2 = 0.
Proof.
  intros Hd Ht Hw ((Y1 & Y2) & _ & (R1 & R2) & S1 & S2) x1 x2 Hx H.
  destruct (extreme_slopes _ _ _ _ Hw) as (I1 & I2 & _).
  destruct Hw as (_ & _ & Hb & _). pose proof (Hb _ I1). pose proof (Hb _ I2).
  assert (P : forall s, - (3/2) <= s <= 3/2 -> - (9 / (2 * d)) <= s * x1 <= 9 / (2 * d)).
  { intros s Hs. pose proof (product_bound (3/2) s (3 / d) x1 ltac:(lra) Hx) as B.
    replace (3 / 2 * (3 / d)) with (9 / (2 * d)) in B by (field; lra). exact B. }
  pose proof (P (slope (pl p)) ltac:(lra)). pose proof (P (slope (pu p)) ltac:(lra)).
  assert (H' : x2 - offset g <= - (9 / (2 * d) + 2) \/ 9 / (2 * d) + 2 <= x2 - offset g)
    by (revert H; unfold Rabs; destruct (Rcase_abs (x2 - offset g)); lra).
  unfold strip. destruct H' as [H'|H'].
  - rewrite !above_0; [lra| |]; rewrite root_slope by assumption; lra.
  - rewrite !above_1; [lra| |]; rewrite root_slope by assumption; lra.
Qed.

Lemma stripe_far d s z : 0 < d <= 1/2 -> -1 <= s <= 1 ->
  forall x1 x2, - (3 / d) <= x1 <= 3 / d -> 9 / (2 * d) + 2 <= Rabs (x2 - z) -> stripe s x1 (x2 - z) = 0.
Proof.
  intros Hd Hs x1 x2 Hx H.
  assert (Hi : 0 < 3 / d) by (apply Rdiv_lt_0_compat; lra).
  pose proof (product_bound 1 s (3 / d) x1 ltac:(lra) Hx) as B.
  replace (9 / (2 * d)) with (3 / 2 * (3 / d)) in H by (field; lra).
  set (i := 3 / d) in *. clearbody i.
  assert (H' : x2 - z <= - (3 / 2 * i + 2) \/ 3 / 2 * i + 2 <= x2 - z)
    by (revert H; unfold Rabs; destruct (Rcase_abs (x2 - z)); lra).
  apply stripe_0. destruct H' as [H'|H']; [left|right]; lra.
Qed.

(** ** The two directions for a stack of stripe gadgets *)

Definition stripe_stackable (d D : R) (G : list gadget) : Prop :=
  0 < d <= 1/2 /\ 12 / d + 6 <= D /\ spaced D (map offset G) /\
  forall g, In g G -> well_formed 1 d (1/3) g.

Lemma stripes_if d D tau G ss : stripe_stackable d D G -> 0 < tau <= 1/12 -> choice G ss ->
  forall g, In g G -> fits_stripes tau (stripes G ss) g.
Proof.
  intros (Hd & HD & Hsp & W) Ht HC g Hin. apply in_split in Hin as (G1 & G2 & ->).
  apply Forall2_app_inv_l in HC as (ss1 & ss' & HC1 & HC' & ->).
  inversion HC' as [|? s ? ss2 Hs HC2]; subst.
  assert (Hw : well_formed 1 d (1/3) g) by (apply W, in_elt).
  eapply fits_stripes_ext; [exact Hd|exact Ht|exact Hw| |exact (own_stripes _ _ _ _ Hd Ht Hw Hs)].
  intros x1 x2 Hn. unfold stripes.
  assert (E : combine (G1 ++ g :: G2) (ss1 ++ s :: ss2) = combine G1 ss1 ++ (g, s) :: combine G2 ss2).
  { clear - HC1. induction HC1; simpl; congruence. }
  rewrite E. symmetry.
  apply (others_vanish d D G1 G2 g (fun gs x1 x2 => stripe (snd gs) x1 (x2 - offset (fst gs)))); auto.
  assert (F : forall G0 ss0, (forall g', In g' G0 -> well_formed 1 d (1/3) g') -> choice G0 ss0 ->
    Forall2 (fun g' (y : gadget * R) => forall x1 x2, - (3 / d) <= x1 <= 3 / d ->
     9 / (2 * d) + 2 <= Rabs (x2 - offset g') -> stripe (snd y) x1 (x2 - offset (fst y)) = 0) G0 (combine G0 ss0)).
  { clear - Hd. intros G0 ss0 W0 H. induction H as [|g' s' G0 ss0 Hs' _ IH]; simpl; constructor.
    - simpl. apply stripe_far; [exact Hd|].
      destruct (W0 g' (or_introl eq_refl)) as (_ & _ & Hb & _). specialize (Hb s' Hs'). lra.
    - apply IH. intros; apply W0; right; assumption. }
  apply Forall2_app; apply F; auto; intros g' Hg'; apply W, in_or_app; simpl; auto.
Qed.

Lemma stripes_only_if d D tau G N : G <> [] -> stripe_stackable d D G -> 0 < tau <= 1/12 ->
  (length N <= 2 * length G)%nat ->
  (forall g, In g G -> fits_stripes tau (fun x1 x2 => eval step N [x1; x2]) g) ->
  exists Ps, Forall2 (fun g p => exists s, In s (slopes g) /\ close tau (offset g) s p) G Ps /\
    forall x1 x2, eval step N [x1; x2] = sum (fun p => strip p x1 x2) Ps.
Proof.
  intros Hne (Hd & HD & Hsp & W) Ht Hlen Hfit.
  assert (Hid : 2 <= / d) by (replace 2 with (/ (1/2)) by field; apply Rinv_le_contravar; lra).
  assert (HD10 : 10 <= D) by (unfold Rdiv in HD; lra).
  assert (Hsp10 : spaced 10 (map offset G)).
  { clear - Hsp HD10. induction (map offset G) as [|z l IH]; simpl in *; auto.
    destruct Hsp as [H1 H2]. split; [|auto]. intros z' Hz'. specialize (H1 z' Hz'). lra. }
  assert (Line : forall c (win : gadget -> window),
    (forall g, mid (win g) = offset g) -> (forall g, In g G -> narrow (win g)) ->
    (forall g, In g G -> four_labels tau (fun t => eval step N [c; t]) (win g)) ->
    exists Ps, Permutation N (flat_map both Ps) /\ Forall2 (fun g p => placed tau c (win g) p) G Ps).
  { intros c win Hmid Hnar Hfour.
    destruct (thresholds_saturated tau N c (map win G)) as (Ps & HP & HF).
    - exact Ht.
    - rewrite map_length. exact Hlen.
    - intros w Hw. apply in_map_iff in Hw as (g & <- & Hg). auto.
    - rewrite map_map. erewrite map_ext; [exact Hsp10|]. exact Hmid.
    - intros w Hw. apply in_map_iff in Hw as (g & <- & Hg). auto.
    - exists Ps. split; [exact HP|]. apply (Forall2_map_l (placed tau c) win) in HF. exact HF. }
  assert (N0 : forall g, In g G -> narrow (window0 g)) by (intros; unfold narrow; simpl; lra).
  assert (Nr : forall g, In g G -> narrow (window_right (1/3) g)).
  { intros g Hg. destruct (extreme_slopes _ _ _ _ (W g Hg)) as (_ & _ & _ & ? & ? & ?).
    unfold narrow; simpl; lra. }
  assert (Nl : forall g, In g G -> narrow (window_left (1/3) g)).
  { intros g Hg. destruct (extreme_slopes _ _ _ _ (W g Hg)) as (_ & _ & _ & ? & ? & ?).
    unfold narrow; simpl; lra. }
  destruct (Line 0 window0) as (P0 & E0 & F0); [reflexivity|exact N0|intros; apply Hfit; auto|].
  destruct (Line (1/3) (window_right (1/3))) as (Pr & Er & Fr); [reflexivity|exact Nr|intros; apply Hfit; auto|].
  destruct (Line (- (1/3)) (window_left (1/3))) as (Pm & El & Fl); [reflexivity|exact Nl|intros; apply Hfit; auto|].
  clear Line.
  assert (EP : Pr = P0).
  { apply (pairs_stay (1/3) (map offset G) Hsp10 P0 Pr Pm).
    - apply (Forall2_map_l (inner_pair 0) offset). eapply Forall2_impl_in; [|exact F0].
      intros g p Hg Hp. exact (placed_inner _ _ _ _ Ht (N0 g Hg) Hp).
    - apply (Forall2_map_l (inner_pair (1/3)) offset). eapply Forall2_impl_in; [|exact Fr].
      intros g p Hg Hp. exact (placed_inner _ _ _ _ Ht (Nr g Hg) Hp).
    - apply (Forall2_map_l (inner_pair (- (1/3))) offset). eapply Forall2_impl_in; [|exact Fl].
      intros g p Hg Hp. exact (placed_inner _ _ _ _ Ht (Nl g Hg) Hp).
    - rewrite <- E0. exact Er.
    - rewrite <- E0. exact El. }
  subst Pr.
  assert (HP : Forall2 (pinned_pair tau) G P0).
  { eapply Forall2_impl_in; [|exact (Forall2_and _ _ _ _ F0 Fr)]. intros g p _ [H1 H2].
    apply placed_pinned; assumption. }
  destruct (pinned_strips tau G P0 HP) as (k & Heval).
  assert (V : forall x1 x2, eval step N [x1; x2] = k + sum (fun p => strip p x1 x2) P0).
  { intros. rewrite (eval_perm _ _ _ _ E0). apply Heval. }
  assert (Zk : k = 0).
  { destruct G as [|g0 G0]; [easy|]. destruct Hsp as [Hlow _].
    inversion F0 as [|? p0 ? P0' Fp0 F0']; subst.
    destruct (Hfit g0 (or_introl eq_refl)) as ((L1 & L2 & _) & _). simpl in L1, L2. rewrite V in L1, L2.
    assert (Z : forall x2, x2 < offset g0 + 1 -> sum (fun p => strip p 0 x2) P0' = 0).
    { intros x2 Hx2. apply sum_zero.
      intros p Hp. destruct (Forall2_in_r _ _ _ _ F0' Hp) as (g & Hg & ((Y1 & R1) & K1) & ((Y2 & R2) & K2)).
      specialize (Hlow _ (in_map offset _ _ Hg)). simpl in R1, R2.
      unfold strip. rewrite !above_0 by lra. lra. }
    destruct Fp0 as (((Y1 & R1) & K1) & ((Y2 & R2) & K2)). simpl in R1, R2.
    simpl sum in L1, L2. rewrite Z in L1, L2 by lra. unfold strip in L1, L2.
    rewrite (above_0 (pu p0)) in L1, L2 by lra.
    destruct (Rle_lt_or_eq_dec (offset g0 - 1 - tau + 0) (root 0 (pl p0)) ltac:(lra)) as [Hlt|Heq].
    - rewrite above_0 in L1 by exact Hlt. lra.
    - rewrite above_1 in L2 by lra. lra. }
  subst k. exists P0. split; [|intros; rewrite V; ring].
  apply (Forall2_context _ _ _ _ HP).
  intros G1 g G2 Q1 p Q2 EG EQ F1 Hp F2.
  assert (Hg : In g G) by (rewrite EG; apply in_elt).
  pose proof (W g Hg) as (Hn & Hri & Hb & _).
  pose proof Hp as ((Y1 & Y2) & _ & (R1 & R2) & S1 & S2).
  destruct (stripe_slope_decided tau (offset g) _ _ _ _ p (slopes g) Ht Hn Y1 Y2 eq_refl eq_refl eq_refl eq_refl
    R1 R2 d ltac:(lra) Hri Hb S1 S2) as (s & Hs & C1 & C2).
  - eapply (x_points_ext d (fun x1 x2 => eval step N [x1; x2])); auto; [|apply Hfit; exact Hg].
    intros x1 x2 Hnear. cbv beta. rewrite V, EQ.
    rewrite (others_vanish d D G1 G2 g strip); [ring|exact Hd|exact HD|rewrite <- EG; exact Hsp| |exact Hnear].
    assert (F : forall G' Q', (forall g', In g' G' -> In g' G) -> Forall2 (pinned_pair tau) G' Q' ->
      Forall2 (fun g' p' => forall x1 x2, - (3 / d) <= x1 <= 3 / d ->
        9 / (2 * d) + 2 <= Rabs (x2 - offset g') -> strip p' x1 x2 = 0) G' Q').
    { intros G' Q' HG'. apply Forall2_impl_in. intros g' p' Hg' Hp'.
      apply (pinned_far tau d); auto. }
    apply Forall2_app; apply F; auto; intros g' Hg'; rewrite EG; apply in_or_app; simpl; auto.
  - exists s. split; [exact Hs|]. repeat split; tauto || lra.
Qed.
