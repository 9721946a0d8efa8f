(** * Several gadgets at once: Lemma 5, and Lemma 4 as the case of one gadget *)

From Coq Require Import Reals List Lra Psatz Permutation.
From Certify Require Import Semantics Lines Levee Slots Gadget.
Import ListNotations.
Open Scope R_scope.

(** The hypotheses of Lemma 5 on a stack of gadgets, lowest first: [S] bounds
    the slopes, [d] is the least difference of consecutive slopes, [D] the least
    distance of offsets. (The bound 10 matters only if 8S/d < 4, that is, if
    every gadget has a single slope: the paper does not treat that case.) *)
Definition stackable (S d D eps : R) (G : list gadget) : Prop :=
  0 < d /\ 0 <= S /\ 0 < eps /\ eps * S <= 1/3 /\ 8 * S / d + 6 <= D /\ 10 <= D /\
  spaced D (map offset G) /\
  forall g, In g G -> slopes g <> [] /\ rising d (slopes g) /\
    forall s, In s (slopes g) -> - S <= s <= S.

(** One slope for each gadget, and the sum of the levees chosen. *)
Definition choice (G : list gadget) (ss : list R) : Prop :=
  Forall2 (fun g s => In s (slopes g)) G ss.

Definition levees (G : list gadget) (ss : list R) (x1 x2 : R) : R :=
  sum (fun gs => levee (snd gs) x1 (x2 - offset (fst gs))) (combine G ss).

(** ** The region of a gadget, and levees far from it *)

Definition near (S d eps z x1 x2 : R) : Prop :=
  (- (4 / d) <= x1 <= 4 / d /\ - (4 * S / d) <= x2 - z <= 4 * S / d) \/
  (- eps <= x1 <= eps /\ - (13/3) <= x2 - z <= 13/3).

Lemma product_bound S s X x : - S <= s <= S -> - X <= x <= X -> - (S * X) <= s * x <= S * X.
Proof. intros. nra. Qed.

Lemma levee2_vanishes S d D eps z z' s t x1 x2 :
  0 < d -> 0 <= S -> 0 < eps -> eps * S <= 1/3 -> 8 * S / d + 6 <= D -> 10 <= D ->
  (z + D <= z' \/ z' + D <= z) -> - S <= s <= S -> - S <= t <= S ->
  near S d eps z x1 x2 -> levee2 z' s t x1 x2 = 0.
Proof.
  intros Hd HS He HeS HD HD' Hz Hs Ht Hn. unfold levee2.
  assert (B : exists B, 0 <= B /\ - B <= s * x1 <= B /\ - B <= t * x1 <= B /\
    (x2 <= z' - B - 2 \/ z' + B + 2 <= x2)).
  { destruct Hn as [[H1 H2]|[H1 H2]].
    - exists (S * (4 / d)).
      pose proof (product_bound _ _ _ _ Hs H1). pose proof (product_bound _ _ _ _ Ht H1).
      assert (0 < / d) by (apply Rinv_0_lt_compat; lra). unfold Rdiv in *. set (i := / d) in *.
      assert (0 <= S * i) by nra. repeat split; lra.
    - exists (1/3).
      pose proof (product_bound _ _ _ _ Hs H1). pose proof (product_bound _ _ _ _ Ht H1).
      repeat split; lra. }
  destruct B as (B & HB & H1 & H2 & [H|H]).
  - apply bump_below; lra.
  - apply bump_above; lra.
Qed.

Lemma q_points_ext S d eps f h z l : 0 < d -> 0 <= S -> rising d l ->
  (forall s, In s l -> - S <= s <= S) ->
  (forall x1 x2, near S d eps z x1 x2 -> f x1 x2 = h x1 x2) ->
  q_points f z l -> q_points h z l.
Proof.
  intros Hd HS. induction l as [|a [|b l] IH]; auto.
  intros [Hab Hr] Hb He (Qm & Qp & Q).
  pose proof (Hb a (or_introl eq_refl)) as Ba. pose proof (Hb b (or_intror (or_introl eq_refl))) as Bb.
  assert (0 < / (b - a)) by (apply Rinv_0_lt_compat; lra).
  assert (/ (b - a) <= / d) by (apply Rinv_le_contravar; lra).
  assert (forall k, -4*S <= k <= 4*S -> - (4 * S * / d) <= k * / (b - a) <= 4 * S * / d)
    by (intros; split; nra).
  repeat split.
  - rewrite <- He; [exact Qm|]. left. unfold Rdiv. split; [lra|].
    replace (z - 2 * (a + b) * / (b - a) - z) with (- (2 * (a + b)) * / (b - a)) by ring.
    apply H1. lra.
  - rewrite <- He; [exact Qp|]. left. unfold Rdiv. split; [lra|].
    replace (z + 2 * (a + b) * / (b - a) - z) with (2 * (a + b) * / (b - a)) by ring.
    apply H1. lra.
  - apply IH; auto. intros s Hs. apply Hb. right; exact Hs.
Qed.

Definition well_formed (S d eps : R) (g : gadget) : Prop :=
  slopes g <> [] /\ rising d (slopes g) /\ (forall s, In s (slopes g) -> - S <= s <= S) /\
  0 < d /\ 0 <= S /\ 0 < eps /\ eps * S <= 1/3.

Lemma extreme_slopes S d eps g : well_formed S d eps g ->
  In (first_slope g) (slopes g) /\ In (last_slope g) (slopes g) /\
  first_slope g <= last_slope g /\
  -1/3 <= eps * first_slope g /\ eps * first_slope g <= eps * last_slope g /\
  eps * last_slope g <= 1/3.
Proof.
  intros (Hne & Hr & Hb & Hd & HS & He & HeS).
  assert (I1 : In (first_slope g) (slopes g)) by (unfold first_slope; destruct (slopes g); [easy|left; reflexivity]).
  assert (I2 : In (last_slope g) (slopes g)).
  { unfold last_slope. rewrite (app_removelast_last 0 Hne) at 2. apply in_or_app. right; left; reflexivity. }
  pose proof (rising_bounds d _ Hd Hr _ I1) as B1.
  change (hd 0 (slopes g)) with (first_slope g) in B1. change (last (slopes g) 0) with (last_slope g) in B1.
  pose proof (Hb _ I1). pose proof (Hb _ I2). repeat split; auto; try lra; nra.
Qed.

Lemma fits_gadget_ext S d eps f h g : well_formed S d eps g ->
  (forall x1 x2, near S d eps (offset g) x1 x2 -> f x1 x2 = h x1 x2) ->
  fits_gadget f eps g -> fits_gadget h eps g.
Proof.
  intros Hw He (H0 & H4 & Hl & Hr & Hq).
  destruct (extreme_slopes _ _ _ _ Hw) as (_ & _ & _ & E1 & E2 & E3).
  destruct Hw as (Hne & Hri & Hb & Hd & HS & Hep & HeS).
  assert (N : forall c y, - eps <= c <= eps -> - (13/3) <= y - offset g <= 13/3 -> f c y = h c y)
    by (intros; apply He; right; lra).
  repeat split; unfold nine_points, four_points, window0, window_left, window_right in *; simpl in *;
    try (rewrite <- N; [tauto|lra|lra]).
  apply (q_points_ext S d eps f h); auto.
Qed.

(** ** A levee fits its own gadget *)

Lemma bump_one l y : l - 1 <= y <= l + 1 -> bump l l y = 1.
Proof. intros. unfold bump. relu_cases. Qed.
Lemma bump_rise l y : l - 2 <= y <= l - 1 -> bump l l y = y - l + 2.
Proof. intros. unfold bump. relu_cases. Qed.
Lemma bump_fall l y : l + 1 <= y <= l + 2 -> bump l l y = l + 2 - y.
Proof. intros. unfold bump. relu_cases. Qed.

Lemma own_q_points d z s l : 0 < d -> rising d l -> (s <= hd 0 l \/ In s l) ->
  q_points (levee2 z s s) z l.
Proof.
  intros Hd. induction l as [|a [|b l] IH]; try (simpl; auto; fail).
  intros [Hab Hr] Hs.
  assert (Hs' : s <= a \/ b <= s).
  { destruct Hs as [Hs|[<-|Hs]]; [left; exact Hs|left; lra|right].
    apply (rising_bounds d (b :: l) Hd Hr s Hs). }
  assert (HX : 0 < / (b - a)) by (apply Rinv_0_lt_compat; lra).
  assert (E : / (b - a) * (b - a) = 1) by (field; lra).
  change (levee2 z s s (-4 / (b - a)) (z - 2 * (a + b) / (b - a)) = 0 /\
    levee2 z s s (4 / (b - a)) (z + 2 * (a + b) / (b - a)) = 0 /\ q_points (levee2 z s s) z (b :: l)).
  unfold Rdiv. set (i := / (b - a)) in *. clearbody i.
  assert (Hs'' : i * s <= i * a \/ i * b <= i * s) by (destruct Hs'; [left|right]; nra).
  repeat split.
  - destruct Hs'' as [H|H]; [apply bump_below|apply bump_above]; lra.
  - destruct Hs'' as [H|H]; [apply bump_above|apply bump_below]; lra.
  - apply IH; [exact Hr|]. simpl in *. destruct Hs as [Hs|[<-|Hs]]; [left; lra|left; lra|right; exact Hs].
Qed.

Lemma own_gadget S d eps g s : well_formed S d eps g -> In s (slopes g) ->
  fits_gadget (levee2 (offset g) s s) eps g.
Proof.
  intros Hw Hs.
  destruct (extreme_slopes _ _ _ _ Hw) as (_ & _ & _ & E1 & E2 & E3).
  destruct Hw as (Hne & Hri & Hb & Hd & HS & Hep & HeS).
  assert (Bs := rising_bounds d _ Hd Hri s Hs).
  change (hd 0 (slopes g)) with (first_slope g) in Bs. change (last (slopes g) 0) with (last_slope g) in Bs.
  assert (eps * first_slope g <= s * eps <= eps * last_slope g) by nra.
  repeat split; unfold nine_points, four_points, window0, window_left, window_right, levee2; simpl;
    try (apply bump_one; lra); try (apply bump_below; lra); try (apply bump_above; lra);
    try (rewrite bump_rise by lra; lra); try (rewrite bump_fall by lra; lra).
  apply (own_q_points d); auto.
Qed.

(** ** Lemma 5, the direction from choices to functions *)

Lemma spaced_split D l1 z l2 : spaced D (l1 ++ z :: l2) ->
  forall z', In z' (l1 ++ l2) -> z + D <= z' \/ z' + D <= z.
Proof.
  induction l1 as [|y l1 IH]; simpl; intros [H1 H2] z' Hz.
  - left. auto.
  - destruct Hz as [<-|Hz]; [right; apply H1, in_elt|auto].
Qed.

Lemma stackable_gadget S d D eps G g : stackable S d D eps G -> In g G -> well_formed S d eps g.
Proof.
  intros (Hd & HS & He & HeS & _ & _ & _ & Hg) Hin. destruct (Hg g Hin) as (? & ? & ?).
  repeat split; auto; try apply H1; auto.
Qed.

(** The sum of levees with two slopes each. *)
Definition fan := (R * R * R)%type.
Definition fan_value (l : fan) (x1 x2 : R) : R := levee2 (fst (fst l)) (snd (fst l)) (snd l) x1 x2.
Definition fans (L : list fan) (x1 x2 : R) : R := sum (fun l => fan_value l x1 x2) L.

Definition fan_of (g : gadget) (l : fan) : Prop :=
  fst (fst l) = offset g /\
  first_slope g <= snd (fst l) <= last_slope g /\ first_slope g <= snd l <= last_slope g.

(** Near a gadget only its own member counts. *)
Lemma fans_near S d D eps G1 g G2 L1 l L2 x1 x2 :
  stackable S d D eps (G1 ++ g :: G2) ->
  Forall2 fan_of G1 L1 -> Forall2 fan_of G2 L2 ->
  near S d eps (offset g) x1 x2 ->
  fans (L1 ++ l :: L2) x1 x2 = fan_value l x1 x2.
Proof.
  intros HG F1 F2 Hn. unfold fans. apply (sum_single (fun l => fan_value l x1 x2)).
  intros l' Hl'.
  assert (X : exists g', In g' (G1 ++ G2) /\ fan_of g' l').
  { apply in_app_or in Hl' as [H|H].
    - destruct (Forall2_in_r _ _ _ _ F1 H) as (g' & ? & ?). exists g'. split; [apply in_or_app|]; auto.
    - destruct (Forall2_in_r _ _ _ _ F2 H) as (g' & ? & ?). exists g'. split; [apply in_or_app|]; auto. }
  destruct X as (g' & Hg' & Ez & Es & Et).
  assert (Hin : In g' (G1 ++ g :: G2)) by (apply in_app_or in Hg' as [?|?]; apply in_or_app; simpl; auto).
  pose proof (stackable_gadget _ _ _ _ _ _ HG Hin) as Hw'.
  destruct (extreme_slopes _ _ _ _ Hw') as (I1 & I2 & _).
  destruct HG as (Hd & HS & He & HeS & HD & HD' & Hsp & Hg).
  destruct (Hg g' Hin) as (_ & _ & Hb). pose proof (Hb _ I1). pose proof (Hb _ I2).
  unfold fan_value. rewrite Ez.
  apply (levee2_vanishes S d D eps (offset g)); auto; try lra.
  rewrite map_app in Hsp. simpl in Hsp.
  apply (spaced_split D _ _ _ Hsp). rewrite <- map_app. apply in_map. exact Hg'.
Qed.

Lemma choice_fans S d eps G ss : (forall g, In g G -> well_formed S d eps g) -> choice G ss ->
  Forall2 fan_of G (map (fun gs => (offset (fst gs), snd gs, snd gs)) (combine G ss)).
Proof.
  intros W HC.
  induction HC as [|g s G ss Hs HC IH]; simpl; constructor.
  - destruct (W g (or_introl eq_refl)) as (_ & Hr & _ & Hd & _).
    pose proof (rising_bounds d _ Hd Hr s Hs). unfold fan_of, first_slope, last_slope; simpl. lra.
  - apply IH. intros; apply W; right; auto.
Qed.

Lemma levees_fans G ss x1 x2 :
  levees G ss x1 x2 = fans (map (fun gs => (offset (fst gs), snd gs, snd gs)) (combine G ss)) x1 x2.
Proof.
  unfold levees, fans. rewrite sum_map. apply sum_ext. intros [g s] _.
  unfold fan_value; simpl. symmetry. apply levee2_levee.
Qed.

Lemma lemma_5_if S d D eps G ss : stackable S d D eps G -> choice G ss ->
  forall g, In g G -> fits_gadget (levees G ss) eps g.
Proof.
  intros HG HC g Hin. apply in_split in Hin as (G1 & G2 & EG). subst G.
  apply Forall2_app_inv_l in HC as (ss1 & ss' & HC1 & HC' & ->).
  inversion HC' as [|? s ? ss2 Hs HC2]; subst.
  assert (Hw : well_formed S d eps g) by (eapply stackable_gadget; eauto; apply in_elt).
  eapply fits_gadget_ext; [exact Hw| |exact (own_gadget _ _ _ _ _ Hw Hs)].
  intros x1 x2 Hn. rewrite levees_fans.
  assert (W : forall g', In g' (G1 ++ g :: G2) -> well_formed S d eps g')
    by (intros; eapply stackable_gadget; eauto).
  assert (F1 := choice_fans S d eps G1 ss1 (fun g' h => W g' (in_or_app G1 (g :: G2) g' (or_introl h))) HC1).
  assert (F2 := choice_fans S d eps G2 ss2
    (fun g' h => W g' (in_or_app G1 (g :: G2) g' (or_intror (or_intror h)))) HC2).
  assert (E : combine (G1 ++ g :: G2) (ss1 ++ s :: ss2) = combine G1 ss1 ++ (g, s) :: combine G2 ss2).
  { clear - HC1. induction HC1; simpl; congruence. }
  rewrite E, map_app. simpl.
  symmetry. apply (fans_near S d D eps G1 g G2); auto.
Qed.

(** ** Lemma 5, the direction from functions to choices *)

(** What the three lines say of a gadget's four neurons. *)
Definition pinned (g : gadget) (q : quad) : Prop :=
  exact0 (offset g) q /\ slope (qb q) = slope (qa q) /\ slope (qd q) = slope (qc q) /\
  first_slope g <= slope (qa q) <= last_slope g /\ first_slope g <= slope (qc q) <= last_slope g.

Lemma shaped_pinned S d eps g q f : well_formed S d eps g -> exact0 (offset g) q ->
  shaped eps f (window_right eps g) q -> pinned g q.
Proof.
  intros Hw E (_ & Y & R & m & m' & Hm & Hm' & M & D1 & D2 & _).
  destruct Hw as (_ & _ & _ & _ & _ & He & _).
  pose proof E as (_ & (Ra & Rb & Rc & Rd) & (Ya & Yb & Yc & Yd)).
  destruct Y as (Na & Nb & Nc & Nd), M as (Ma & _ & Mc & _).
  simpl in R.
  rewrite (root_slope (qa q) eps Na), Ra, (root_slope (qb q) eps Nb), Rb,
    (root_slope (qc q) eps Nc), Rc, (root_slope (qd q) eps Nd), Rd in *.
  assert (m = 1) by lra. assert (m' = 1) by lra. subst m m'.
  assert (slope (qb q) = slope (qa q)) by nra. assert (slope (qd q) = slope (qc q)) by nra.
  split; [exact E|]. split; [assumption|]. split; [assumption|].
  split; split; nra.
Qed.

Lemma neuron_split n x1 x2 : Rabs (wy n) = 1 ->
  coef n * relu (pre n [x1; x2]) =
  coef n * relu (x2 - root 0 n - slope n * x1)
  + coef n * Rmin (wy n) 0 * (x2 - root 0 n - slope n * x1).
Proof.
  intros H. assert (wy n <> 0) by (intros E; rewrite E, Rabs_R0 in H; lra).
  rewrite pre_root, relu_orient, H, root_slope by assumption.
  replace (x2 - (root 0 n + slope n * x1)) with (x2 - root 0 n - slope n * x1) by ring. ring.
Qed.

(** A pinned family is a sum of levees with two slopes, up to an affine function. *)
Lemma pinned_fans G Qs : Forall2 pinned G Qs ->
  exists L al be ga, Forall2 fan_of G L /\ forall x1 x2,
    eval relu (flat_map members Qs) [x1; x2] = fans L x1 x2 + (al + be * x1 + ga * x2).
Proof.
  induction 1 as [|g q G Qs HP _ (L & al & be & ga & HF & IH)].
  - exists [], 0, 0, 0. split; [constructor|]. intros. unfold eval, fans. simpl. ring.
  - destruct q as [a b c d].
    destruct HP as (((Ca & Cb & Cc & Cd) & (Ra & Rb & Rc & Rd) & (Ya & Yb & Yc & Yd)) & Eb & Ed & Bs & Bt).
    simpl in *.
    set (o n := coef n * Rmin (wy n) 0).
    exists ((offset g, slope a, slope c) :: L),
      (al - o a * root 0 a - o b * root 0 b - o c * root 0 c - o d * root 0 d),
      (be - o a * slope a - o b * slope b - o c * slope c - o d * slope d),
      (ga + o a + o b + o c + o d).
    split; [constructor; [repeat split; simpl; tauto|exact HF]|].
    intros x1 x2. specialize (IH x1 x2). unfold eval, fans in *. simpl. rewrite IH.
    rewrite !neuron_split by assumption. fold (o a) (o b) (o c) (o d).
    unfold fan_value, levee2, bump; simpl.
    rewrite Ca, Cb, Cc, Cd, Ra, Rb, Rc, Rd, Eb, Ed.
    replace (x2 - (offset g - 2) - slope a * x1) with (x2 - (offset g + slope a * x1) + 2) by ring.
    replace (x2 - (offset g - 1) - slope a * x1) with (x2 - (offset g + slope a * x1) + 1) by ring.
    replace (x2 - (offset g + 1) - slope c * x1) with (x2 - (offset g + slope c * x1) - 1) by ring.
    replace (x2 - (offset g + 2) - slope c * x1) with (x2 - (offset g + slope c * x1) - 2) by ring.
    ring.
Qed.

Lemma Forall2_map_l {X Y Z} (P : Y -> Z -> Prop) (f : X -> Y) l m :
  Forall2 P (map f l) m <-> Forall2 (fun x z => P (f x) z) l m.
Proof.
  split.
  - revert m. induction l; intros m H; inversion H; subst; constructor; auto.
  - induction 1; simpl; constructor; auto.
Qed.

Lemma Forall2_impl_in {X Y} (P T : X -> Y -> Prop) l m :
  (forall x y, In x l -> P x y -> T x y) -> Forall2 P l m -> Forall2 T l m.
Proof.
  intros H. induction 1 as [|x y l m Hxy HF IH]; constructor.
  - apply H; simpl; auto.
  - apply IH. intros; apply H; simpl; auto.
Qed.

Lemma Forall2_and {X Y} (P T : X -> Y -> Prop) l m :
  Forall2 P l m -> Forall2 T l m -> Forall2 (fun x y => P x y /\ T x y) l m.
Proof. induction 1; intros H'; inversion H'; subst; constructor; auto. Qed.

Lemma lemma_5_only_if S d D eps G al be ga N : G <> [] -> stackable S d D eps G ->
  (forall n, In n N -> coef n = 1 \/ coef n = -1) ->
  (length N <= 4 * length G)%nat ->
  (forall g, In g G -> fits_gadget (value al be ga N) eps g) ->
  exists ss, choice G ss /\ forall x1 x2, value al be ga N x1 x2 = levees G ss x1 x2.
Proof.
  intros Hne HG HN Hlen Hfit.
  assert (W : forall g, In g G -> well_formed S d eps g) by (intros; eapply stackable_gadget; eauto).
  pose proof HG as (Hd & HS & He & HeS & HD & HD' & Hsp & _).
  assert (Hsp10 : spaced 10 (map offset G)).
  { clear - Hsp HD'. induction (map offset G) as [|z l IH]; simpl in *; auto.
    destruct Hsp as [H1 H2]. split; [|auto]. intros z' Hz'. specialize (H1 z' Hz'). lra. }
  (* the three lines *)
  assert (Line : forall c (win : gadget -> window),
    (forall g, mid (win g) = offset g) -> (forall g, In g G -> narrow (win g)) ->
    (forall g, In g G -> nine_points (value al be ga N c) (win g)) ->
    exists Qs, Permutation N (flat_map members Qs) /\
      Forall2 (fun g q => shaped c (value al be ga N c) (win g) q) G Qs).
  { intros c win Hmid Hnar Hnine.
    destruct (line_saturated al be ga N c (map win G)) as (Qs & HP & HF).
    - exact HN.
    - rewrite map_length. exact Hlen.
    - intros w Hw. apply in_map_iff in Hw as (g & <- & Hg). auto.
    - rewrite map_map. erewrite map_ext; [exact Hsp10|]. exact Hmid.
    - intros w Hw. apply in_map_iff in Hw as (g & <- & Hg). auto.
    - exists Qs. split; [exact HP|]. apply (Forall2_map_l (shaped c (value al be ga N c)) win) in HF. exact HF. }
  destruct (Line 0 window0) as (Q0 & P0 & F0); [reflexivity| |intros; apply Hfit; auto|].
  { intros g Hg. unfold narrow; simpl. lra. }
  assert (Nr : forall g, In g G -> narrow (window_right eps g)).
  { intros g Hg. destruct (extreme_slopes _ _ _ _ (W g Hg)) as (_ & _ & _ & ? & ? & ?).
    unfold narrow; simpl; lra. }
  assert (Nl : forall g, In g G -> narrow (window_left eps g)).
  { intros g Hg. destruct (extreme_slopes _ _ _ _ (W g Hg)) as (_ & _ & _ & ? & ? & ?).
    unfold narrow; simpl; lra. }
  destruct (Line eps (window_right eps)) as (Qr & Pr & Fr); [reflexivity|exact Nr|intros; apply Hfit; auto|].
  destruct (Line (- eps) (window_left eps)) as (Ql & Pl & Fl); [reflexivity|exact Nl|intros; apply Hfit; auto|].
  clear Line.
  assert (E0 : Forall2 (fun g q => exact0 (offset g) q) G Q0).
  { eapply Forall2_impl_in; [|exact F0]. intros g q Hg Hs. cbv beta in Hs.
    eapply shaped_exact; [exact Hs|apply Hfit; exact Hg]. }
  destruct (stay_with_gadget eps (map offset G) Hsp10 Q0 Qr Ql) as [-> ->].
  - apply (Forall2_map_l exact0 offset). exact E0.
  - apply (Forall2_map_l (inner eps) offset). eapply Forall2_impl_in; [|exact Fr]. intros g q Hg Hs. cbv beta in Hs.
    exact (shaped_inner _ _ _ _ (Nr g Hg) Hs).
  - apply (Forall2_map_l (inner (- eps)) offset). eapply Forall2_impl_in; [|exact Fl]. intros g q Hg Hs. cbv beta in Hs.
    exact (shaped_inner _ _ _ _ (Nl g Hg) Hs).
  - rewrite <- P0. exact Pr.
  - rewrite <- P0. exact Pl.
  - (* levees with two slopes *)
    assert (HP : Forall2 pinned G Q0).
    { eapply Forall2_impl_in; [|exact (Forall2_and _ _ _ _ E0 Fr)]. intros g q Hg [H1 H2].
      eapply shaped_pinned; eauto. }
    destruct (pinned_fans G Q0 HP) as (L & al' & be' & ga' & HF & Heval).
    assert (V : forall x1 x2, value al be ga N x1 x2 =
      fans L x1 x2 + ((al + al') + (be + be') * x1 + (ga + ga') * x2)).
    { intros. unfold value. rewrite (eval_perm _ _ _ _ P0), Heval. ring. }
    set (A := al + al') in *. set (B := be + be') in *. set (C := ga + ga') in *. clearbody A B C.
    (* below the lowest gadget all of them vanish *)
    assert (Z : A = 0 /\ B = 0 /\ C = 0).
    { destruct G as [|g0 G0]; [easy|]. destruct Hsp as [Hlow _].
      assert (Hv : forall x1 x2, 0 <= x1 <= eps -> x2 <= offset g0 - 3 -> fans L x1 x2 = 0).
      { intros x1 x2 H1 H2. apply sum_zero. intros l Hl.
        destruct (Forall2_in_r _ _ _ _ HF Hl) as (g & Hg & Ez & Es & Et).
        destruct (extreme_slopes _ _ _ _ (W g Hg)) as (_ & _ & Hfl & Hx1 & Hx2 & Hx3).
        assert (offset g0 <= offset g).
        { destruct Hg as [<-|Hg]; [lra|]. specialize (Hlow _ (in_map offset _ _ Hg)).
          assert (10 <= D) by exact HD'. lra. }
        assert (K : forall s, first_slope g <= s <= last_slope g -> -1/3 <= s * x1 <= 1/3).
        { intros s Hs.
          assert (-1/3 <= eps * s <= 1/3) by nra.
          destruct (Rle_dec 0 s); split; nra. }
        unfold fan_value, levee2. rewrite Ez. pose proof (K _ Es). pose proof (K _ Et).
        apply bump_below; lra. }
      destruct (Hfit g0 (or_introl eq_refl)) as (H0 & _ & _ & Hr & _).
      destruct (extreme_slopes _ _ _ _ (W g0 (or_introl eq_refl))) as (_ & _ & _ & X1 & X2 & X3).
      destruct H0 as (T1 & T2 & _). destruct Hr as (T3 & _). simpl in T1, T2, T3.
      rewrite V, Hv in T1, T2, T3 by lra.
      assert (C = 0) by lra. assert (A = 0) by (subst C; lra). subst A C. repeat split; auto.
      apply (Rmult_eq_reg_r eps); lra. }
    destruct Z as (-> & -> & ->).
    (* the q-points decide *)
    assert (T : Forall2 (fun g l => exists s, In s (slopes g) /\ l = (offset g, s, s)) G L).
    { apply (Forall2_context _ _ _ _ HF).
      intros G1 g G2 L1 [[z s] t] L2 EG EL F1 (Ez & Es & Et) F2. simpl in *. subst z.
      assert (Hg : In g G) by (rewrite EG; apply in_elt).
      pose proof (W g Hg) as (Hn & Hri & Hb & _).
      destruct (slopes_decided d (offset g) s t (slopes g)) as [-> Hin]; auto.
      - eapply (q_points_ext S d eps (value al be ga N)); auto; [|apply Hfit; exact Hg].
        intros x1 x2 Hnear. rewrite V.
        rewrite EL, (fans_near S d D eps G1 g G2 L1 _ L2); [|rewrite <- EG; exact HG|exact F1|exact F2|exact Hnear].
        unfold fan_value; simpl. ring.
      - exists t. auto. }
    exists (map snd L). split.
    + unfold choice. clear - T. induction T as [|g l G L (s & Hs & ->) T IH]; simpl; constructor; auto.
    + intros x1 x2. rewrite V, levees_fans. rewrite Rmult_0_l, Rmult_0_l, !Rplus_0_r. f_equal.
      clear - T. induction T as [|g l G L (s & Hs & ->) T IH]; simpl; congruence.
Qed.

(** Lemma 5: fitting the points of a stack of gadgets with at most four
    rectifiers a gadget, and any affine function added, means to choose one
    slope for each gadget and to add up the levees. *)
Theorem lemma_5 S d D eps G al be ga N : G <> [] -> stackable S d D eps G ->
  (forall n, In n N -> coef n = 1 \/ coef n = -1) ->
  (length N <= 4 * length G)%nat ->
  (forall g, In g G -> fits_gadget (value al be ga N) eps g) <->
  exists ss, choice G ss /\ forall x1 x2, value al be ga N x1 x2 = levees G ss x1 x2.
Proof.
  intros Hne HG HN Hlen. split.
  - eapply lemma_5_only_if; eauto.
  - intros (ss & HC & E) g Hg.
    eapply fits_gadget_ext; [eapply stackable_gadget; eauto| |eapply lemma_5_if; eauto].
    intros; symmetry; apply E.
Qed.

(** Lemma 4: one gadget, four breaklines. *)
Theorem lemma_4 S d eps g al be ga N : well_formed S d eps g ->
  (forall n, In n N -> coef n = 1 \/ coef n = -1) ->
  (length N <= 4)%nat ->
  fits_gadget (value al be ga N) eps g ->
  exists s, In s (slopes g) /\ forall x1 x2, value al be ga N x1 x2 = levee s x1 (x2 - offset g).
Proof.
  intros (Hne & Hr & Hb & Hd & HS & He & HeS) HN Hlen Hfit.
  destruct (lemma_5_only_if S d (Rmax (8 * S / d + 6) 10) eps [g] al be ga N)
    as (ss & HC & E); auto.
  - discriminate.
  - split; [exact Hd|]. split; [exact HS|]. split; [exact He|]. split; [exact HeS|].
    split; [apply Rmax_l|]. split; [apply Rmax_r|].
    split; [split; [intros z' []|exact I]|].
    intros g' [<-|[]]. auto.
  - intros g' [<-|[]]. exact Hfit.
  - inversion HC as [|? s ? ? Hs HC']; subst. inversion HC'; subst.
    exists s. split; [exact Hs|]. intros. rewrite E. unfold levees; simpl. ring.
Qed.
