(** * Combinations, propagation and steps are sound (6.7 - 6.10) *)

From Coq Require Import Reals QArith Qreals List Lra Lia Bool NArith PArith Permutation Sorted.
From Certify Require Import Semantics.
From CertifyChecker Require Import Trie Runs Model SlotTree Check Knowledge.
Import ListNotations.
Open Scope R_scope.

Lemma rsat_dec r v : {rsat r v} + {~ rsat r v}.
Proof.
  destruct r; simpl.
  - apply Rlt_dec.
  - apply Rle_dec.
  - apply Rle_dec.
  - apply Rlt_dec.
Qed.

Section Steps.
  Context (C : ctx) (M : model) (l1 l2 : list unit) (F : fit C M l1 l2) (E : env).
  Notation Zs := (Z C M).
  Notation kinv := (kinv C M).
  Notation lsatl := (lsatl C M).
  Notation asat := (asat C M).

  (** ** Literals *)

  Definition xsat (j n : positive) : Prop :=
    match get n E with Some (DK _ p r) => Zs j p * Zs j r < 0 | _ => False end.
  (** The coefficient of neuron j; alpha and those of the neurons js. *)
  Definition coefn (j : positive) : R := snd (unitn M j).
  Definition value_on (js : list positive) : R := alpha M xH + sum coefn js.
  Definition dsat (n : positive) : Prop :=
    match get n E with Some (DD ls) => Forall asat ls | Some (DV v js) => value_on js = Q2R v | _ => False end.
  Definition litsat (l : lit) : Prop :=
    match l with
    | LS a => asat a
    | LX b j n => if b then xsat j n else ~ xsat j n
    | LD b n => if b then dsat n else ~ dsat n
    end.

  (** The definitions that a step may use are among those of the whole split, by which all is meant. *)
  Context (Et : env) (Hsub : forall n d, get n Et = Some d -> get n E = Some d).

  Lemma lsatl_dec l : {lsatl l} + {~ lsatl l}.
  Proof. destruct l as [[j r] i]. apply rsat_dec. Qed.
  Lemma xsat_dec j n : xsat j n \/ ~ xsat j n.
  Proof.
    unfold xsat. destruct (get n E) as [[|f p r|]|]; try (right; tauto).
    destruct (Rlt_dec (Zs j p * Zs j r) 0); auto.
  Qed.
  Lemma dsat_dec n : dsat n \/ ~ dsat n.
  Proof.
    unfold dsat. destruct (get n E) as [[ls| |v js]|]; try (right; tauto).
    - destruct (Forall_dec _ (asat_dec C M) ls); auto.
    - apply Req_dec.
  Qed.

  Lemma lneg_or last l : good_lit Et C last l = true -> litsat l \/ litsat (lneg C l).
  Proof.
    destruct l as [l|b j n|b n]; simpl; intros H.
    - apply (aneg_or C M l1 l2 F l H).
    - destruct (xsat_dec j n), b; simpl; tauto.
    - destruct (dsat_dec n), b; simpl; tauto.
  Qed.

  Lemma all_neg last ls : forallb (good_lit Et C last) ls = true ->
    Exists litsat ls \/ Forall litsat (map (lneg C) ls).
  Proof.
    induction ls as [|l ls IH]; simpl; intros H; [right; constructor|].
    apply andb_true_iff in H as [H1 H2].
    destruct (lneg_or last l H1) as [Hl|Hl]; [left; left; exact Hl|].
    destruct (IH H2) as [He|Hf]; [left; right; exact He|right; constructor; assumption].
  Qed.

  (** ** Scopes *)

  Record sinv (s : scope) : Prop := {
    s_know : kinv (sk s);
    s_d : forall n b, get n (sd s) = Some b -> litsat (LD b n);
    s_x : forall n j b, get2 n j (sx s) = Some b -> litsat (LX b j n);
    s_xs : forall j n, In (j, n) (sxs s) -> xsat j n;
    s_bad : sbad s = true -> False }.

  Lemma sinv0 K : kinv K -> sinv (scope0 K).
  Proof. intros H. constructor; simpl; try discriminate; try tauto. Qed.

  Lemma unbroken_sat K j p r : kinv K -> unbroken C K j p r = true -> ~ Zs j p * Zs j r < 0.
  Proof.
    intros H. unfold unbroken.
    pose proof (sign_sat C M l1 l2 F K j p H) as Hp. pose proof (sign_sat C M l1 l2 F K j r H) as Hr.
    set (a := sign C K j p) in *. set (b := sign C K j r) in *.
    rewrite andb_true_iff, !orb_true_iff. intros HX Hn.
    assert (Zs j p <> 0) by (intros e; rewrite e in Hn; lra).
    assert (Zs j r <> 0) by (intros e; rewrite e in Hn; lra).
    destruct HX as [[X|X] [Y|Y]];
      repeat match goal with
      | H : has a _ = true |- _ => apply (ssat_has _ _ _ Hp) in H; simpl in H
      | H : has b _ = true |- _ => apply (ssat_has _ _ _ Hr) in H; simpl in H
      end; try lra; nra.
  Qed.

  Lemma flip_if_sat (b : bool) (v : bool * bool) (P : Prop) : (fst v = true -> P) -> (snd v = true -> ~ P) ->
    (fst (flip_if b v) = true -> if b then P else ~ P) /\ (snd (flip_if b v) = true -> ~ (if b then P else ~ P)).
  Proof. destruct b; simpl; tauto. Qed.

  Lemma truth_sat s l : sinv s ->
    (fst (truth Et C s l) = true -> litsat l) /\ (snd (truth Et C s l) = true -> ~ litsat l).
  Proof.
    intros H. destruct l as [l|b' j n|b' n]; cbn [truth].
    - apply (atruth_sat C M l1 l2 F), H.
    - assert (HN : xfalse Et C (sk s) j n = true -> ~ xsat j n).
      { unfold xfalse. destruct (get n Et) as [[|f p r|]|] eqn:G; try discriminate. apply Hsub in G.
        unfold xsat. rewrite G. apply unbroken_sat, H. }
      apply flip_if_sat with (P := xsat j n); (destruct (get2 n j (sx s)) as [v|] eqn:G; cbn [fst snd];
        [apply (s_x _ H) in G; simpl in G|]); try discriminate; auto.
      + destruct v; [auto|discriminate].
      + rewrite orb_true_iff. intros [Hv|Hv]; [destruct v; [discriminate|exact G]|auto].
    - assert (HN : dfalse Et C (sk s) n = true -> ~ dsat n).
      { unfold dfalse. destruct (get n Et) as [[ls| |]|] eqn:G; try discriminate. apply Hsub in G.
        unfold dsat. rewrite G. intros X Hf.
        apply existsb_exists in X as (l & Hin & Hl). rewrite Forall_forall in Hf.
        apply (afalse_sat C M l1 l2 F _ l (s_know _ H) Hl (Hf l Hin)). }
      apply flip_if_sat with (P := dsat n); (destruct (get n (sd s)) as [v|] eqn:G; cbn [fst snd];
        [apply (s_d _ H) in G; simpl in G|]); try discriminate; auto.
      + destruct v; [auto|discriminate].
      + rewrite orb_true_iff. intros [Hv|Hv]; [destruct v; [discriminate|exact G]|auto].
  Qed.

  Lemma is_false_sat s l : sinv s -> is_false Et C s l = true -> ~ litsat l.
  Proof.
    intros H Hf. destruct l as [a|[] j n|[] n]; cbn [is_false] in Hf;
      try (apply (proj2 (truth_sat s _ H) Hf)).
    - apply (afalse_sat C M l1 l2 F (sk s) a (s_know _ H) Hf).
    - destruct (get2 n j (sx s)) as [[]|] eqn:X; try discriminate. apply (s_x _ H) in X. simpl in *. tauto.
    - destruct (get n (sd s)) as [[]|] eqn:X; try discriminate. apply (s_d _ H) in X. simpl in *. tauto.
  Qed.

  Lemma xderive_sat K j p r : kinv K -> Zs j p * Zs j r < 0 -> Forall lsatl (xderive C K j p r).
  Proof.
    intros H Hx. unfold xderive.
    pose proof (sign_sat C M l1 l2 F K j p H) as Hp. pose proof (sign_sat C M l1 l2 F K j r H) as Hr.
    set (a := sign C K j p) in *. set (b := sign C K j r) in *.
    assert (Hp0 : Zs j p <> 0) by (intros e; rewrite e in Hx; lra).
    assert (Hr0 : Zs j r <> 0) by (intros e; rewrite e in Hx; lra).
    apply Forall_app. split.
    - destruct (has a RLe || has b RGe) eqn:X; [|constructor].
      assert (Zs j p < 0 /\ 0 < Zs j r).
      { apply orb_true_iff in X as [X|X].
        - apply (ssat_has _ _ _ Hp) in X. simpl in X. split; nra.
        - apply (ssat_has _ _ _ Hr) in X. simpl in X. split; nra. }
      repeat constructor; simpl; tauto.
    - destruct (has a RGe || has b RLe) eqn:X; [|constructor].
      assert (0 < Zs j p /\ Zs j r < 0).
      { apply orb_true_iff in X as [X|X].
        - apply (ssat_has _ _ _ Hp) in X. simpl in X. split; nra.
        - apply (ssat_has _ _ _ Hr) in X. simpl in X. split; nra. }
      repeat constructor; simpl; tauto.
  Qed.

  Definition cinv (Kc : know * bool * bool) : Prop := kinv (fst (fst Kc)) /\ (snd Kc = true -> False).

  Lemma add_facts_sat ls : Forall lsatl ls -> forall K, kinv K -> kinv (fold_left (add_fact C) ls K).
  Proof.
    induction 1 as [|l ls Hl Hls IH]; simpl; intros K H; [exact H|]. apply IH, (add_fact_sat C M l1 l2 F); assumption.
  Qed.

  Lemma xclose_sat fuel : forall K xs, kinv K -> (forall j n, In (j, n) xs -> xsat j n) ->
    kinv (fst (xclose fuel Et C K xs)) /\ (snd (xclose fuel Et C K xs) = true -> False).
  Proof.
    induction fuel as [|fuel IH]; intros K xs HK Hxs; simpl; [split; [exact HK|discriminate]|].
    match goal with |- context [fold_left ?f xs ?a] => set (g := f); assert (HI : cinv (fold_left g xs a)) end.
    { assert (H0 : cinv (K, false, false)) by (split; [exact HK|discriminate]).
      revert H0. generalize (K, false, false). revert Hxs. clear - F Hsub. induction xs as [|[j n] xs IH]; simpl; intros Hxs Kc H; [exact H|].
      apply IH; [intros; apply Hxs; right; assumption|]. unfold g. destruct Kc as [[K1 ch] b]. destruct H as [H1 H2]. cbn [fst snd] in *.
      pose proof (Hxs j n (or_introl eq_refl)) as Hx. unfold xsat in Hx.
      destruct (get n Et) as [[|f p r|]|] eqn:G; try (split; assumption). apply Hsub in G. rewrite G in Hx.
      destruct (unbroken C K1 j p r) eqn:U; [exfalso; apply (unbroken_sat _ _ _ _ H1 U Hx)|].
      destruct (forallb _ _); [split; assumption|]. split; [|exact H2]. cbn [fst snd].
      apply add_facts_sat; [apply xderive_sat; assumption|exact H1]. }
    destruct (fold_left g xs _) as [[K' ch] bad]. destruct HI as [H1 H2]. simpl in *.
    destruct bad; [exfalso; auto|]. destruct ch; [apply IH; assumption|]. split; [exact H1|discriminate].
  Qed.

  Lemma aadds_sat ask ls : Forall asat ls -> forall K b, kinv K -> (b = true -> False) ->
    let Kb := fold_left (fun Kb a => (aadd C (fst Kb) a, snd Kb || ask && afalse C (fst Kb) a)) ls (K, b) in
    kinv (fst Kb) /\ (snd Kb = true -> False).
  Proof.
    induction 1 as [|a ls Ha Hls IH]; cbn [fold_left]; intros K b HK Hb; [split; assumption|].
    apply IH; cbn [fst snd]; [apply (aadd_sat C M l1 l2 F); assumption|].
    rewrite orb_true_iff, andb_true_iff. intros [X|[_ X]]; [auto|]. apply (afalse_sat C M l1 l2 F K a HK X Ha).
  Qed.

  Lemma close_sat s : sinv s -> sinv (close Et C s).
  Proof.
    intros H. unfold close. destruct (sxs s) as [|x xs] eqn:X; [exact H|].
    pose proof (xclose_sat (S (2 * length (x :: xs))) (sk s) (x :: xs) (s_know _ H)) as [H1 H2].
    { intros j n Hin. apply (s_xs _ H). rewrite X. exact Hin. }
    destruct (xclose _ Et C (sk s) (x :: xs)) as [K bad]. simpl in *.
    constructor; simpl; try apply H; auto.
    - intros j n Hin. apply (s_xs _ H). rewrite X. exact Hin.
    - rewrite orb_true_iff. intros [Hb|Hb]; [apply (s_bad _ H Hb)|auto].
  Qed.

  Lemma assume_sat ask s l : sinv s -> litsat l -> sinv (assume_with ask Et C s l).
  Proof.
    intros H Hl. unfold assume_with. set (bad := sbad s || _).
    assert (Hbad : bad = true -> False).
    { unfold bad. rewrite orb_true_iff, andb_true_iff. intros [Hb|[_ Hb]]; [apply (s_bad _ H Hb)|].
      apply (is_false_sat s l H Hb Hl). }
    clearbody bad. destruct l as [l|b j n|b n]; simpl in Hl.
    - apply close_sat. constructor; simpl; try apply H; [|exact Hbad]. apply (aadd_sat C M l1 l2 F); [apply H|exact Hl].
    - assert (Hx : forall n' j' b', get2 n' j' (set2 n j b (sx s)) = Some b' -> litsat (LX b' j' n')).
      { intros n' j' b'. rewrite get2_set2.
        destruct (Pos.eqb_spec n' n) as [->|]; [destruct (Pos.eqb_spec j' j) as [->|]|]; simpl; try apply (s_x _ H).
        intros [= <-]. exact Hl. }
      destruct b.
      + apply close_sat. constructor; simpl; try apply H; [exact Hx| |exact Hbad].
        intros j' n' [[= <- <-]|Hin]; [exact Hl|apply (s_xs _ H), Hin].
      + constructor; simpl; try apply H; [exact Hx|exact Hbad].
    - assert (Hd : forall n' b', get n' (set n b (sd s)) = Some b' -> litsat (LD b' n')).
      { intros n' b'. rewrite get_set. destruct (Pos.eqb_spec n' n) as [->|]; [|apply (s_d _ H)].
        intros [= <-]. exact Hl. }
      destruct b.
      + destruct (get n Et) as [[ls| |v js]|] eqn:D; try exact H.
        2:{ constructor; simpl; try apply H; [exact Hd|exact Hbad]. }
        apply Hsub in D. unfold dsat in Hl. rewrite D in Hl.
        pose proof (aadds_sat ask ls Hl (sk s) bad (s_know _ H) Hbad) as [HK HB].
        destruct (fold_left _ ls _) as [K bad']. cbn [fst snd] in HK, HB.
        apply close_sat. constructor; simpl; try apply H; [exact HK|exact Hd|exact HB].
      + constructor; simpl; try apply H; [exact Hd|exact Hbad].
  Qed.

  Lemma assumed_sat ask ls : Forall litsat ls -> forall s, sinv s -> sinv (fold_left (assume_with ask Et C) ls s).
  Proof.
    induction 1 as [|l ls Hl Hls IH]; simpl; intros s H; [exact H|]. apply IH, assume_sat; assumption.
  Qed.

  Lemma assume_all_sat ls : Forall litsat ls -> forall s, sinv s -> sinv (assume_all Et C s ls).
  Proof. apply assumed_sat. Qed.
  Lemma suppose_sat ls : Forall litsat ls -> forall s, sinv s -> sinv (suppose Et C s ls).
  Proof. apply assumed_sat. Qed.

  Lemma is_true_sat s l : sinv s -> is_true Et C s l = true -> litsat l.
  Proof.
    intros H Ht. destruct l as [[l|b j]|[] j n|[] n]; cbn [is_true] in Ht;
      try (apply (proj1 (truth_sat s _ H) Ht)).
    - apply (holds_sat C M l1 l2 F (sk s)); [apply H|exact Ht].
    - destruct (get2 n j (sx s)) as [[]|] eqn:X; try discriminate. exact (s_x _ H _ _ _ X).
    - destruct (get n (sd s)) as [[]|] eqn:X; try discriminate. exact (s_d _ H _ _ X).
  Qed.

  (** ** Rows *)

  Definition hval (j i : positive) : R :=
    match c_act C with ReLU => relu (Zs j i) | Thr => coefn j * Semantics.step (Zs j i) end.
  Definition valuation (o i : positive) : R :=
    match o with
    | xH => match c_act C with
            | ReLU => alpha M i
            | Thr => match i with xH => alpha M xH | _ => coefn (Pos.pred i) end
            end
    | xO j => zf (unitn M j) i
    | xI (xO p) => hval i p
    | xI xH => res M i
    | xI (xI _) => los M i
    end.
  (** What neuron j makes of a form that many have alike, without its coefficient. *)
  Definition gval (j : positive) (v : tree Q) : R :=
    match c_act C with
    | ReLU => vq (zf (unitn M j)) v
    | Thr => vq (fun p => match p with xH => 1 | _ => 0 end) v
    end.
  Definition gsum (g : runs (tree Q)) : R := sum (fun j => coefn j * gval j (rget Leaf g j)) (c_nums C).
  Definition rval (r : row) : R := Q2R (rc r) + vv valuation (rm r) + gsum (rg r).
  Definition rholds (rl : rel) (v : R) : Prop := match rl with EQ => v = 0 | GE => 0 <= v | GT => 0 < v end.
  Definition row_ok (w : srow) : Prop := Forall litsat (w_guard w) -> rholds (w_rel w) (rval (w_row w)).

  Lemma vq_one f i : vq f (one i) = f i.
  Proof. unfold one. rewrite vq_set_leaf, Q2R_1. ring. Qed.

  Lemma vq_z j i : vq (valuation (xO j)) (vec C i) = Zs j i.
  Proof. reflexivity. Qed.

  Lemma coefs_classes j : is_neuron C j = true -> c_act C = ReLU ->
    coefn j = if first_class C j then 1 else -1.
  Proof.
    intros Hj HA. unfold coefn, unitn. destruct (f_classes _ _ _ _ F) as [CU CP CN _ _].
    apply (is_neuron_spec C M l1 l2 F) in Hj. rewrite CU in *. pose proof (f_len1 _ _ _ _ F) as HL.
    unfold first_class. destruct (N.leb_spec (Npos j) (c_P C)) as [H|H].
    - specialize (CP HA). rewrite Forall_forall in CP. apply CP.
      rewrite app_nth1 by lia. apply nth_In. lia.
    - specialize (CN HA). rewrite Forall_forall in CN. apply CN.
      rewrite app_nth2 by lia. apply nth_In. rewrite app_length in Hj. lia.
  Qed.

  (** What h_{j,i} is where it is active. *)
  Definition aval (j i : positive) : R := match c_act C with ReLU => Zs j i | Thr => coefn j end.

  Lemma hval_pos j i : 0 <= Zs j i -> (c_act C = Thr -> Zs j i <> 0) -> hval j i = aval j i.
  Proof.
    unfold hval, aval. destruct (c_act C); intros H Hn.
    - apply relu_pos, H.
    - specialize (Hn eq_refl). rewrite step_pos by lra. ring.
  Qed.
  Lemma hval_neg j i : Zs j i <= 0 -> hval j i = 0.
  Proof.
    unfold hval. destruct (c_act C); intros H.
    - apply relu_neg, H.
    - rewrite step_neg by exact H. ring.
  Qed.

  Lemma add_active_val q j i m : vv valuation (add_active C q j i m) = Q2R q * aval j i + vv valuation m.
  Proof.
    unfold add_active, aval. pose proof (vq_z j i) as Hz.
    destruct (c_act C) eqn:HA; rewrite vv_addg.
    - rewrite Hz. reflexivity.
    - rewrite vq_one. unfold valuation. rewrite HA.
      destruct (Pos.succ j) eqn:S; try (destruct j; discriminate); rewrite <- S, Pos.pred_succ; reflexivity.
  Qed.

  Lemma neurons_sum (G : unit -> R) :
    sum (fun j => G (unitn M j)) (neurons (length (units M))) = sum G (units M).
  Proof.
    unfold neurons. rewrite sum_map.
    transitivity (sum (fun i => G (nth i (units M) unit0)) (seq 0 (length (units M)))).
    { apply sum_ext. intros i _. unfold unitn. rewrite SuccNat2Pos.id_succ. reflexivity. }
    generalize (units M). clear. intros l.
    assert (H : forall l s, sum (fun i => G (nth (i - s) l unit0)) (seq s (length l)) = sum G l).
    { clear. induction l as [|u l IH]; intros s; simpl; [reflexivity|].
      rewrite Nat.sub_diag. f_equal. rewrite <- (IH (S s)). apply sum_ext.
      intros i Hi. apply in_seq in Hi. replace (i - s)%nat with (S (i - S s)) by lia. reflexivity. }
    rewrite <- (H l 0%nat). apply sum_ext. intros i _. rewrite Nat.sub_0_r. reflexivity.
  Qed.

  Lemma nums_neuron j : In j (c_nums C) -> is_neuron C j = true.
  Proof.
    rewrite (f_nums _ _ _ _ F). unfold neurons. intros H. apply in_map_iff in H as (i & <- & Hi).
    apply in_seq in Hi. unfold is_neuron. apply N.leb_le. lia.
  Qed.

  Definition term (i j : positive) : R := coefn j * actf (c_act C) (Zs j i).

  Lemma coef_term q j i : is_neuron C j = true -> Q2R (coef_of C j q) * hval j i = Q2R q * term i j.
  Proof.
    intros Hj. unfold term, coef_of, hval. pose proof (coefs_classes j Hj) as Hc. destruct (c_act C); simpl; [|reflexivity].
    rewrite (Hc eq_refl). destruct (first_class C j); rewrite ?qneg_R; ring.
  Qed.

  Lemma vec_pts i v y : get i (c_pts C) = Some (v, y) -> vec C i = v /\ is_point C i = true.
  Proof. intros H. apply (f_all _ _ _ _ F) in H. unfold vec, is_point. rewrite H. auto. Qed.

  Lemma nums_increasing : increasing (c_nums C).
  Proof.
    rewrite (f_nums _ _ _ _ F). unfold neurons. generalize 0%nat. induction (c_k C) as [|k IH]; intros s; simpl; [constructor|].
    constructor; [apply IH|]. apply Forall_forall. intros j Hj. apply in_map_iff in Hj as (t & <- & Ht). apply in_seq in Ht. lia.
  Qed.

  Lemma nums_range : range 1 (between 1 (behind_all C)) = c_nums C.
  Proof.
    rewrite (f_nums _ _ _ _ F). unfold neurons, behind_all, between. rewrite SuccNat2Pos.id_succ.
    replace (S (c_k C) - Pos.to_nat 1)%nat with (c_k C) by lia. change 1%positive with (Pos.of_succ_nat 0).
    generalize 0%nat. induction (c_k C) as [|k IH]; intros s; simpl; [reflexivity|]. f_equal. apply (IH (S s)).
  Qed.

  (** *** Forms that most neurons have alike *)

  Lemma gval_axpy j q v w : gval j (taxpy q v w) = Q2R q * gval j v + gval j w.
  Proof. unfold gval. destruct (c_act C); apply vq_axpy. Qed.
  Lemma gval_leaf j : gval j Leaf = 0.
  Proof. unfold gval. destruct (c_act C); reflexivity. Qed.
  Lemma gval_form j q v w : gval j (form q v w) = Q2R q * gval j v + gval j w.
  Proof.
    unfold form. destruct v as [|l o r]; [rewrite gval_leaf; ring|].
    rewrite <- gval_axpy. destruct (allz _) eqn:EZ; [|reflexivity].
    rewrite gval_leaf. unfold gval. destruct (c_act C); symmetry; apply allz_vq, EZ.
  Qed.

  Lemma same_form_eq v w : same_form v w = true -> v = w.
  Proof. destruct v, w; try discriminate; reflexivity. Qed.

  Lemma sum_lin {A} (f g h : A -> R) c l : (forall a, In a l -> f a = c * g a + h a) -> sum f l = c * sum g l + sum h l.
  Proof.
    induction l as [|a l IH]; simpl; intros H; [ring|]. rewrite H by auto. rewrite IH by auto. ring.
  Qed.

  Lemma gsum_nil : gsum [] = 0.
  Proof.
    unfold gsum. simpl. induction (c_nums C) as [|j l IH]; simpl; [reflexivity|]. rewrite IH, gval_leaf. ring.
  Qed.

  Lemma add_forms_val q g1 g2 : gsum (add_forms q g1 g2) = Q2R q * gsum g1 + gsum g2.
  Proof.
    unfold add_forms. destruct g1 as [|x g1]; [rewrite gsum_nil; ring|].
    apply sum_lin. intros j _.
    pose proof (rget_merge same_form (form q) same_form_eq (x :: g1) g2 Leaf Leaf j) as HM.
    change (form q Leaf Leaf) with (@Leaf Q) in HM. rewrite HM, gval_form. ring.
  Qed.

  Lemma vq_first v : vq (fun p => match p with xH => 1 | _ => 0 end) v = Q2R (oq (get xH v)).
  Proof.
    assert (Z0 : forall t, vq (fun _ => 0) t = 0).
    { induction t as [|l IHl o r IHr]; simpl; [reflexivity|]. rewrite IHl, IHr. ring. }
    destruct v as [|l o r]; simpl; [unfold oq; rewrite Q2R_0; reflexivity|]. rewrite !Z0. ring.
  Qed.

  Lemma thr_coef j : c_act C = Thr -> valuation xH (Pos.succ j) = coefn j.
  Proof.
    intros E1. unfold valuation. rewrite E1.
    destruct (Pos.succ j) eqn:S; try (destruct j; discriminate); rewrite <- S, Pos.pred_succ; reflexivity.
  Qed.

  Lemma add_coefs_val q js : c_act C = Thr -> forall m,
    vv valuation (fold_left (fun m j => addg q xH (one (Pos.succ j)) m) js m) = Q2R q * sum coefn js + vv valuation m.
  Proof.
    intros EA. induction js as [|j js IH]; intros m; cbn [fold_left sum]; [ring|].
    rewrite IH, vv_addg, vq_one, (thr_coef j EA). ring.
  Qed.

  Lemma add_value_val q v js rw : c_act C = Thr -> rval (add_value q v js rw) = rval rw + Q2R q * (value_on js - Q2R v).
  Proof.
    intros EA. unfold rval, add_value. cbn [rc rm rg]. rewrite add_coefs_val by exact EA.
    rewrite vv_addg, vq_one, qsub_R, qmul_R. unfold value_on.
    replace (valuation xH xH) with (alpha M xH) by (unfold valuation; rewrite EA; reflexivity). ring.
  Qed.

  Lemma spread1_val j v m : is_neuron C j = true ->
    vv valuation (spread1 C j v m) = coefn j * gval j v + vv valuation m.
  Proof.
    intros Hj. unfold spread1. destruct v as [|l o r]; [rewrite gval_leaf; ring|].
    pose proof (coefs_classes j Hj) as Hc. unfold gval, coef_of. destruct (c_act C) eqn:EA; rewrite vv_addg.
    - rewrite (Hc eq_refl). change (valuation (xO j)) with (zf (unitn M j)). destruct (first_class C j); rewrite ?qneg_R, ?Q2R_1; ring.
    - rewrite vq_one, vq_first, (thr_coef j EA). ring.
  Qed.

  Lemma spread_val g m : vv valuation (spread C g m) = gsum g + vv valuation m.
  Proof.
    unfold spread. rewrite rfold_eq by (intros j [] x; try discriminate; reflexivity). rewrite nums_range.
    unfold gsum. assert (HN : forall j, In j (c_nums C) -> is_neuron C j = true) by exact nums_neuron.
    revert m HN. induction (c_nums C) as [|j l IH]; intros m HN; cbn [fold_left sum]; [ring|].
    rewrite IH by (intros; apply HN; right; assumption). rewrite spread1_val by (apply HN; left; reflexivity). ring.
  Qed.

  (** *** The neurons at a point *)

  (** What is kept of them is true. *)
  Definition states_ok (i : positive) (g : runs st) : Prop := forall j, In j (c_nums C) -> st_ok (rget SUnk g j) (Zs j i).
  Definition partial_ok (i : positive) (p : partial) : Prop := states_ok i (fst p).

  Lemma st_eqb_eq a b : st_eqb a b = true -> a = b.
  Proof. destruct a, b; try discriminate; reflexivity. Qed.

  Lemma state_at_ok K i j : kinv K -> st_ok (state_at C K i j) (Zs j i).
  Proof.
    intros HK. unfold state_at.
    pose proof (sign_for_sat C M l1 l2 F true false (fun s => has s RGe) K j i HK) as [HL _].
    pose proof (sign_for_sat C M l1 l2 F false true (fun s => has s RLe) K j i HK) as [_ HH].
    destruct (lo _); simpl in *; [|exact HL|lra]. destruct (hi _); simpl in *; [exact I|exact HH|lra].
  Qed.

  Lemma st_or_ok a b x : st_ok a x -> st_ok b x -> st_ok (st_or a b) x.
  Proof. destruct a, b; simpl; auto. Qed.

  Lemma join_states_ok i g h : states_ok i g -> states_ok i h -> states_ok i (join_states g h).
  Proof.
    intros Hg Hh. unfold join_states. destruct g as [|x g]; [exact Hh|]. destruct h as [|y h]; [exact Hg|].
    intros j Hj. pose proof (rget_merge st_eqb st_or st_eqb_eq (x :: g) (y :: h) SUnk SUnk j) as HM.
    cbn [st_or] in HM. rewrite HM. apply st_or_ok; auto.
  Qed.

  Definition ends_at (p : pair) (la lb : line) (c d : Q) : positive -> R -> R :=
    zpair M la lb (Q2R (prho p)) (Q2R c) (Q2R d).
  Definition side_ok (s : side) : Prop :=
    exists la lb, get (pa (d_pair s)) (c_lines C) = Some la /\ get (pb (d_pair s)) (c_lines C) = Some lb /\
      pair_ok C (d_pair s) /\ ~ (Q2R (d_c s) = 0 /\ Q2R (d_d s) = 0) /\
      bok (ends_at (d_pair s) la lb (d_c s) (d_d s)) 1 (1 + d_w s) (d_ends s).
  Definition sides_ok (all : tree sides) : Prop := Trie.all (fun _ ds => Forall side_ok (fst ds)) all.

  Lemma side_put_ok K p la lb w c d t j : kinv K -> pair_ok C p -> ~ (Q2R c = 0 /\ Q2R d = 0) ->
    get (pa p) (c_lines C) = Some la -> get (pb p) (c_lines C) = Some lb ->
    bok (ends_at p la lb c d) 1 (1 + w) t -> bok (ends_at p la lb c d) 1 (1 + w) (side_put K w p c d t j).
  Proof.
    intros HK (la' & lb' & HA & HB & _ & Hpos & Hrho & _) Hnz HA' HB' Ht. rewrite HA in HA'. injection HA' as <-.
    rewrite HB in HB'. injection HB' as <-. unfold side_put.
    destruct (get j (kinc K)) as [D|] eqn:Hj; [|exact Ht]. destruct (Pos.eqb_spec (pdc p) D) as [HD|]; [|exact Ht].
    apply bput_ok; [|exact Ht]. apply (pair_ends_sat C M K j); auto.
  Qed.

  Lemma side_puts_ok K p la lb w c d js : kinv K -> pair_ok C p -> ~ (Q2R c = 0 /\ Q2R d = 0) ->
    get (pa p) (c_lines C) = Some la -> get (pb p) (c_lines C) = Some lb -> forall t,
    bok (ends_at p la lb c d) 1 (1 + w) t ->
    bok (ends_at p la lb c d) 1 (1 + w) (fold_left (side_put K w p c d) js t).
  Proof.
    intros HK Hp Hnz HA HB. induction js as [|j js IH]; intros t Ht; cbn [fold_left]; [exact Ht|].
    apply IH, side_put_ok; assumption.
  Qed.

  Lemma new_sides_ok K L i ps : kinv K -> (forall p, In p ps -> pair_ok C p) -> Forall side_ok (new_sides C K L i ps).
  Proof.
    intros HK. induction ps as [|p ps IH]; intros Hps; cbn [new_sides]; [constructor|].
    assert (HT : Forall side_ok (new_sides C K L i ps)) by (apply IH; intros; apply Hps; right; assumption).
    destruct (get i (pmap p)) as [[[c d] mu]|] eqn:G; [|exact HT]. destruct (along C L (pdc p)); [|exact HT].
    constructor; [|exact HT]. pose proof (Hps p (or_introl eq_refl)) as Hp.
    destruct Hp as (la & lb & HA & HB & Hr). assert (Hp : pair_ok C p) by (exists la, lb; auto).
    assert (Hnz : ~ (Q2R c = 0 /\ Q2R d = 0)) by (destruct Hr as (_ & _ & _ & Hm); apply (Hm _ _ _ _ G)).
    exists la, lb. cbn [d_pair d_c d_d d_w d_ends].
    split; [exact HA|]. split; [exact HB|]. split; [exact Hp|]. split; [exact Hnz|].
    apply side_puts_ok; auto. exact I.
  Qed.

  Lemma more_side_ok K js s : kinv K -> side_ok s -> side_ok (more_side K js s).
  Proof.
    intros HK (la & lb & HA & HB & Hp & Hnz & Ht). exists la, lb. cbn [more_side d_pair d_c d_d d_w d_ends].
    split; [exact HA|]. split; [exact HB|]. split; [exact Hp|]. split; [exact Hnz|]. apply side_puts_ok; assumption.
  Qed.

  Lemma update_sides_ok K i all ll : kinv K -> sides_ok all -> sides_ok (update_sides C K i all ll).
  Proof.
    intros HK H. unfold update_sides.
    assert (HN : sides_ok (set (fst ll) (new_sides C K (fst ll) i (kpairs K), klen K) all)).
    { apply all_set; [exact H|]. apply new_sides_ok; [exact HK|]. apply (k_pairs _ _ _ HK). }
    destruct (get (fst ll) all) as [[ds time]|] eqn:G; [|exact HN].
    destruct (N.leb _ _); [exact H|]. destruct (N.leb _ _); [exact HN|].
    apply all_set; [exact H|]. cbn [fst]. apply Forall_map. eapply Forall_impl; [|apply (H _ _ G)].
    intros d. apply more_side_ok, HK.
  Qed.

  Lemma updates_ok K i on : kinv K -> forall all, sides_ok all -> sides_ok (fold_left (update_sides C K i) on all).
  Proof.
    intros HK. induction on as [|ll on IH]; intros all H; cbn [fold_left]; [exact H|]. apply IH, update_sides_ok; assumption.
  Qed.

  Lemma qle_both lam : (forall q, qle q lam = true -> Q2R q <= Q2R lam) /\ (forall q, qle lam q = true -> Q2R lam <= Q2R q).
  Proof. split; intros q; apply qle_R. Qed.
  Lemma qlt_both lam : (forall q, qlt q lam = true -> Q2R q <= Q2R lam) /\ (forall q, qlt lam q = true -> Q2R lam <= Q2R q).
  Proof. split; intros q H; apply qlt_R in H; lra. Qed.

  Lemma by_side_ok i g s : side_ok s -> states_ok i g -> states_ok i (by_side i g s).
  Proof.
    intros (la & lb & HA & HB & (la' & lb' & HA' & HB' & _ & _ & _ & Hmap) & _ & Ht) Hg. unfold by_side.
    destruct (get i (pmap (d_pair s))) as [[[c d] mu]|] eqn:G; [|exact Hg].
    destruct (qeq c (d_c s) && qeq d (d_d s)) eqn:Q; [|exact Hg].
    apply andb_true_iff in Q as [Q1 Q2]. apply qeq_R in Q1. apply qeq_R in Q2.
    apply join_states_ok; [|exact Hg]. intros j _.
    rewrite HA in HA'. injection HA' as <-. rewrite HB in HB'. injection HB' as <-.
    destruct (Hmap _ _ _ _ G) as (_ & _ & n & Hn & Hp). apply (st_ok_times _ n); [exact Hn|].
    rewrite <- (zpair_at C M la lb _ c d mu i j n Hn Hp), Q1, Q2.
    apply (bquery_get (ends_at (d_pair s) la lb (d_c s) (d_d s))); [apply qle_both|apply qle_both|exact Ht].
  Qed.

  Lemma by_line_ok K i g ll : kinv K -> (exists ln, get (fst ll) (c_lines C) = Some ln /\
      at_pos (l_a ln) (l_b ln) (vec C i) (Q2R (snd ll))) -> states_ok i g -> states_ok i (by_line K g ll).
  Proof.
    intros HK (ln & HL & Hat) Hg. unfold by_line. destruct (get (fst ll) (kb K)) as [t|] eqn:G; [|exact Hg].
    apply join_states_ok; [|exact Hg]. intros j _.
    rewrite (Z_at C M j i ln _ Hat).
    apply (bquery_get (fun j => zl M j ln)); [apply qlt_both|apply qlt_both|apply (k_bounds _ _ _ HK _ _ G ln HL)].
  Qed.

  Lemma by_lines_ok K all i on : kinv K -> sides_ok all -> on_ok C i on -> states_ok i (by_lines K all i on).
  Proof.
    intros HK Ha Hon. unfold by_lines.
    assert (H0 : states_ok i []) by (intros j _; exact I).
    apply join_states_ok.
    - revert H0. generalize (@nil (positive * st)). induction on as [|[L lam] on IH]; intros g Hg; cbn [fold_left]; [exact Hg|].
      apply IH; [intros L' lam' Hin; apply Hon; right; exact Hin|].
      apply by_line_ok; [exact HK|apply (Hon L lam); left; reflexivity|exact Hg].
    - revert H0. generalize (@nil (positive * st)). clear Hon. induction on as [|ll on IH]; intros g Hg; cbn [fold_left]; [exact Hg|].
      apply IH. unfold by_sides. destruct (get (fst ll) all) as [ds|] eqn:G; [|exact Hg].
      pose proof (Ha _ _ G) as Hds. simpl in Hds. clear - Hds Hg F. revert g Hg.
      induction Hds as [|d l Hd Hl IH]; intros g Hg; cbn [fold_left]; [exact Hg|]. apply IH, by_side_ok; assumption.
  Qed.

  Lemma by_pair_at_ok K i on p g : kinv K -> pair_ok C p -> states_ok i g -> states_ok i (by_pair_at C K i on g p).
  Proof.
    intros HK (la & lb & HA & HB & _ & Hpos & Hrho & Hmap) Hg. unfold by_pair_at.
    destruct (get i (pmap p)) as [[[c d] mu]|] eqn:G; [|exact Hg]. destruct (existsb _ _); [exact Hg|].
    apply join_states_ok; [|exact Hg]. intros j _. destruct (Hmap _ _ _ _ G) as (_ & Hnz & n & Hn & Hp).
    apply (st_ok_times _ n); [exact Hn|]. rewrite <- (zpair_at C M la lb _ c d mu i j n Hn Hp).
    assert (HT : forall L ln, get L (c_lines C) = Some ln -> bok (fun j => zl M j ln) 1 (1 + kw K) (obt (get L (kb K)))).
    { intros L ln HL. destruct (get L (kb K)) as [t|] eqn:E0; [apply (k_bounds _ _ _ HK L t E0 ln HL)|exact I]. }
    apply (pquery_get (fun j => zl M j la) (fun j => zl M j lb) (ends_at p la lb c d)); [|apply HT, HA|apply HT, HB].
    intros i' a b. apply (end_of_ok M la lb _ c d Hpos Hrho Hnz).
  Qed.

  Lemma by_pairs_ok K i on g : kinv K -> states_ok i g -> states_ok i (by_pairs C K i on g).
  Proof.
    intros HK. unfold by_pairs. pose proof (k_pairs _ _ _ HK) as HP. revert g HP.
    induction (kpairs K) as [|p ps IH]; intros g HP Hg; cbn [fold_left]; [exact Hg|].
    apply IH; [intros; apply HP; right; assumption|]. apply by_pair_at_ok; [exact HK|apply HP; left; reflexivity|exact Hg].
  Qed.

  Lemma rputs_ok K i js : kinv K -> forall g, states_ok i g ->
    states_ok i (fold_left (fun g j => rput st_eqb SUnk g j (state_at C K i j)) js g).
  Proof.
    intros HK. induction js as [|j js IH]; intros g Hg; cbn [fold_left]; [exact Hg|].
    apply IH. intros i' Hi'. rewrite rget_put by exact st_eqb_eq.
    destruct (Pos.eqb_spec i' j) as [->|]; [apply state_at_ok, HK|apply Hg, Hi'].
  Qed.

  Lemma settle_ok K all on i : kinv K -> sides_ok all -> on_ok C i on -> partial_ok i (settle C K all on i).
  Proof.
    intros HK Ha Hon. unfold partial_ok, settle. cbn [fst].
    pose proof (by_pairs_ok K i on _ HK (by_lines_ok K all i on HK Ha Hon)) as HS.
    destruct (N.leb _ _); [|apply rputs_ok; assumption]. intros j Hj.
    rewrite (rget_walk st_eqb _ st_eqb_eq) by (try apply nums_increasing; exact Hj).
    destruct (get j _); [apply state_at_ok, HK|apply HS, Hj].
  Qed.

  Lemma settle_more_ok K i p : kinv K -> partial_ok i p -> partial_ok i (settle_more C K i p).
  Proof.
    intros HK Hp. unfold settle_more. destruct (N.leb _ _); [exact Hp|]. apply rputs_ok; assumption.
  Qed.

  Lemma settled_ok K eqs i : kinv K -> Trie.all partial_ok eqs -> partial_ok i (settled C K eqs i).
  Proof.
    intros HK H. unfold settled. destruct (get i eqs) as [p|] eqn:G.
    - apply settle_more_ok; [exact HK|apply (H i p G)].
    - intros j _. exact I.
  Qed.

  Definition eqs_ok (es : tree partial * tree sides) : Prop := Trie.all partial_ok (fst es) /\ sides_ok (snd es).

  Lemma settle_anew_ok K es i : kinv K -> eqs_ok es -> eqs_ok (settle_anew C K es i).
  Proof.
    intros HK [H1 H2]. unfold settle_anew. cbv zeta.
    set (on := match get i (c_on C) with Some l => l | None => [] end).
    assert (Hon : on_ok C i on).
    { unfold on. destruct (get i (c_on C)) as [l|] eqn:G; [apply (f_on _ _ _ _ F i l G)|intros L lam []]. }
    pose proof (updates_ok K i on HK _ H2) as HU. split; cbn [fst snd]; [|exact HU].
    apply all_set; [exact H1|apply settle_ok; assumption].
  Qed.

  Lemma settle_item_ok K es it : kinv K -> eqs_ok es -> eqs_ok (settle_item C K es it).
  Proof.
    intros HK H. destruct it as [i| | | | | | | | | | | | | |]; simpl; try exact H.
    destruct (get i (fst es)) as [p|] eqn:G; [|apply settle_anew_ok; assumption].
    destruct (N.leb _ _); [exact H|]. destruct (N.leb _ _); [apply settle_anew_ok; assumption|].
    destruct H as [H1 H2]. split; cbn [fst snd]; [|exact H2].
    apply all_set; [exact H1|apply settle_more_ok; [exact HK|apply (H1 i p G)]].
  Qed.

  Lemma settle_all_ok K c : kinv K -> forall es, eqs_ok es -> eqs_ok (settle_all C K es c).
  Proof.
    intros HK. unfold settle_all. induction c as [|iq c IH]; simpl; intros eqs H; [exact H|].
    apply IH, settle_item_ok; assumption.
  Qed.

  Lemma affine_val q i v y m : get i (c_pts C) = Some (v, y) ->
    vv valuation (affine C q i v m) = Q2R q * (Q2R y - sum (term i) (c_nums C)) + vv valuation m.
  Proof.
    intros Hi. unfold affine. destruct (vec_pts i v y Hi) as [Hv _].
    pose proof (f_fits _ _ _ _ F i v y Hi) as Hy. unfold value, usum in Hy.
    assert (ES : sum (term i) (c_nums C) = sum (fun n => snd n * actf (c_act C) (pr n v)) (units M)).
    { rewrite (f_nums _ _ _ _ F), <- (f_len _ _ _ _ F). unfold term, Z. rewrite Hv. unfold coefn.
      apply (neurons_sum (fun n => snd n * actf (c_act C) (pr n v))). }
    assert (EA : vq (valuation 1) match c_act C with ReLU => v | Thr => one 1 end = avalue (c_act C) (alpha M) v).
    { unfold avalue, valuation. destruct (c_act C); [reflexivity|]. rewrite vq_one. reflexivity. }
    rewrite ES. set (m1 := addg q xH _ m). assert (Em : vv valuation m1 = Q2R q * avalue (c_act C) (alpha M) v + vv valuation m).
    { unfold m1. rewrite vv_addg, EA. reflexivity. }
    clearbody m1. rewrite <- Hy. destruct (c_loss C) eqn:EL.
    - rewrite vv_addg, vq_one, Em. change (valuation rho i) with (res M i). unfold unit in *. ring.
    - rewrite Em, (f_exact _ _ _ _ F EL). unfold unit in *. ring.
  Qed.

  Lemma active_val i v y j : get i (c_pts C) = Some (v, y) -> is_neuron C j = true -> 0 <= Zs j i ->
    coefn j * gval j (active_form C v) = term i j.
  Proof.
    intros Hi Hj H0. destruct (vec_pts i v y Hi) as [Hv Hp]. pose proof (Z_nz C M l1 l2 F j i) as Hnz.
    unfold gval, active_form, term, actf. destruct (c_act C).
    - change (vq (zf (unitn M j)) v) with (pr (unitn M j) v). rewrite <- Hv. fold (Zs j i). rewrite relu_pos by exact H0. reflexivity.
    - rewrite vq_one. specialize (Hnz eq_refl Hj Hp). rewrite step_pos by lra. ring.
  Qed.

  Lemma inactive_val i j : Zs j i <= 0 -> term i j = 0.
  Proof.
    intros H. unfold term, actf. destruct (c_act C); [rewrite relu_neg by exact H|rewrite step_neg by exact H]; ring.
  Qed.

  Lemma equation_val q i v y g rw : get i (c_pts C) = Some (v, y) -> states_ok i g ->
    vv valuation (fst (add_equation C q i v g rw)) + gsum (snd (add_equation C q i v g rw))
    = Q2R q * Q2R y + vv valuation (rm rw) + gsum (rg rw).
  Proof.
    intros Hi Hg. unfold add_equation. cbn [fst snd].
    set (T := fun j => match rget SUnk g j with SUnk => term i j | _ => 0 end).
    assert (E1 : forall m, vv valuation (add_open C q i g m) = Q2R q * sum T (c_nums C) + vv valuation m).
    { intros m. unfold add_open. rewrite rfold_eq by (intros j [] x; try discriminate; reflexivity). rewrite nums_range.
      assert (EU : forall u, vq (fun j => hval j i) (fold_left (fun u j => match rget SUnk g j with
          SUnk => taxpy (coef_of C j q) (one j) u | _ => u end) (c_nums C) u) = Q2R q * sum T (c_nums C) + vq (fun j => hval j i) u).
      { assert (HN : forall j, In j (c_nums C) -> is_neuron C j = true) by exact nums_neuron. revert HN.
        induction (c_nums C) as [|j js IH]; intros HN u; cbn [fold_left sum]; [ring|].
        rewrite IH by (intros; apply HN; right; assumption). unfold T at 2.
        destruct (rget SUnk g j); [|ring|ring]. rewrite vq_axpy, vq_one.
        pose proof (coef_term q j i (HN j (or_introl eq_refl))). lra. }
      specialize (EU Leaf). cbn [vq] in EU. destruct (fold_left _ (c_nums C) Leaf) as [|u1 o u2].
      - cbn [vq] in EU. lra.
      - rewrite vv_addg, Q2R_1. change (valuation (xI (xO i))) with (fun j => hval j i). lra. }
    rewrite E1, (affine_val q i v y _ Hi).
    set (G := fun j => match rget SUnk g j with SPos => term i j | _ => 0 end).
    assert (E2 : gsum (rmerge same_form (fun s w => match s with SPos => form q (active_form C v) w | _ => w end) g SUnk Leaf Leaf (rg rw))
                 = Q2R q * sum G (c_nums C) + gsum (rg rw)).
    { apply sum_lin. intros j Hj.
      pose proof (rget_merge same_form (fun s w => match s with SPos => form q (active_form C v) w | _ => w end) same_form_eq
        g (rg rw) SUnk Leaf j) as HM. cbv beta iota in HM. rewrite HM. unfold G.
      pose proof (Hg j Hj) as Hs. destruct (rget SUnk g j); simpl in Hs; [ring| |ring].
      rewrite gval_form, <- (active_val i v y j Hi (nums_neuron j Hj) Hs). ring. }
    rewrite E2.
    assert (E3 : sum (term i) (c_nums C) = 1 * sum T (c_nums C) + sum G (c_nums C)).
    { apply sum_lin. intros j Hj. pose proof (Hg j Hj) as Hs. unfold T, G.
      destruct (rget SUnk g j); simpl in Hs; [ring|ring|]. rewrite (inactive_val i j Hs). ring. }
    rewrite E3. ring.
  Qed.

  Lemma is_loss_sat l : is_loss C l = true -> exists x, c_loss C = Some x /\ x_kind x = l.
  Proof.
    unfold is_loss. destruct (c_loss C) as [x|]; [|discriminate]. intros H. exists x. split; [reflexivity|].
    destruct (x_kind x), l; try discriminate; reflexivity.
  Qed.

  Lemma rholds_join rl v rl' v' : rholds rl v -> rholds rl' v' -> rholds (rjoin rl rl') (v + v').
  Proof. destruct rl, rl'; simpl; lra. Qed.

  Lemma rjoin_eq rl : rjoin rl EQ = rl.
  Proof. destruct rl; reflexivity. Qed.

  Section Combo.
    Context (rows : tree srow) (Hrows : all (fun _ => row_ok) rows) (eqs : tree partial) (Heqs : Trie.all partial_ok eqs).

    Lemma add_item_sat s rl rw iq rl' rw' : sinv s -> rholds rl (rval rw) ->
      add_item Et C eqs rows s (rl, rw) iq = Some (rl', rw') -> rholds rl' (rval rw').
    Proof.
      intros Hs Hrw. destruct iq as [it q]. unfold add_item.
      destruct it as [i|[[j r] i]|j i|j i|j i|i|j| |up i|i v|i|i|i|n|n].
      - destruct (get i (c_pts C)) as [[v y]|] eqn:G; [|discriminate].
        destruct (qeq q 0); [discriminate|].
        pose proof (equation_val q i v y (fst (settled C (sk s) eqs i)) rw G (settled_ok _ eqs i (s_know _ Hs) Heqs)) as HE.
        destruct (add_equation C q i v _ rw) as [m g]. cbn [fst snd] in HE. intros [= <- <-].
        replace (rval _) with (rval rw); [exact Hrw|]. unfold rval. cbn [rc rm rg]. rewrite qsub_R, qmul_R. lra.
      - destruct ((qlt 0 q && good C (j, r, i)) && holds C (sk s) (j, r, i)) eqn:X; [|discriminate].
        apply andb_true_iff in X as [X Hh]. apply andb_true_iff in X as [Hq _]. apply qlt_R in Hq. rewrite Q2R_0 in Hq.
        apply (holds_sat C M l1 l2 F _ _ (s_know _ Hs)) in Hh.
        destruct r; intros [= <- <-];
          (match goal with |- rholds _ (rval (Row _ (addg ?q0 _ _ _) _)) =>
            replace (rval _) with (rval rw + Q2R q0 * Zs j i)
              by (unfold rval; cbn [rc rm rg]; rewrite vv_addg, vq_z; ring) end;
           apply rholds_join; [exact Hrw|]; simpl in *; rewrite ?qneg_R; nra).
      - destruct (_ && _ && _ && _) eqn:X; [|discriminate]. intros [= <- <-].
        rewrite !andb_true_iff in X. destruct X as [[[Hq Hr] _] _]. apply qlt_R in Hq. rewrite Q2R_0 in Hq.
        replace (rval _) with (rval rw + Q2R q * hval j i)
          by (unfold rval; cbn [rc rm rg]; rewrite vv_addg, vq_one; simpl; ring).
        apply rholds_join; [exact Hrw|]. unfold hval. destruct (c_act C); [|discriminate].
        simpl. unfold relu. pose proof (Rmax_l 0 (Zs j i)). nra.
      - destruct (_ && _ && _ && _) eqn:X; [|discriminate]. intros [= <- <-].
        rewrite !andb_true_iff in X. destruct X as [[[Hq Hr] _] _]. apply qlt_R in Hq. rewrite Q2R_0 in Hq.
        replace (rval _) with (rval rw + Q2R q * (hval j i - Zs j i))
          by (unfold rval; cbn [rc rm rg]; rewrite !vv_addg, vq_one, vq_z, qneg_R; simpl; ring).
        apply rholds_join; [exact Hrw|]. unfold hval. destruct (c_act C); [|discriminate].
        simpl. unfold relu. pose proof (Rmax_r 0 (Zs j i)). nra.
      - destruct (_ && _ && _) eqn:X; [|discriminate].
        rewrite !andb_true_iff in X. destruct X as [[Hq Hj] Hi].
        pose proof (state_at_ok (sk s) i j (s_know _ Hs)) as HT.
        pose proof (Z_nz C M l1 l2 F j i) as Hnz.
        assert (GA : 0 <= Zs j i -> rval (Row (rc rw) (addg q (xI (xO i)) (one j) (add_active C (qneg q) j i (rm rw))) (rg rw)) = rval rw).
        { intros H0. unfold rval. cbn [rc rm rg]. rewrite vv_addg, vq_one, add_active_val, qneg_R. simpl.
          rewrite hval_pos by auto. ring. }
        assert (GN : Zs j i <= 0 -> rval (Row (rc rw) (addg q (xI (xO i)) (one j) (rm rw)) (rg rw)) = rval rw).
        { intros H0. unfold rval. cbn [rc rm rg]. rewrite vv_addg, vq_one. simpl. rewrite hval_neg by exact H0. ring. }
        destruct (state_at C (sk s) i j); simpl in HT; [discriminate| |]; intros [= <- <-];
          [rewrite GA by exact HT|rewrite GN by exact HT]; exact Hrw.
      - destruct (_ && _ && _) eqn:X; [|discriminate]. intros [= <- <-].
        rewrite !andb_true_iff, forallb_forall in X. destruct X as [[_ _] Hk].
        replace (rval _) with (rval rw); [exact Hrw|]. unfold rval. cbn [rc rm rg].
        assert (G : forall js, (forall j, In j js -> In j (c_nums C)) -> forall m,
          vv valuation (fold_left (fun m j => if fst (turn C (sk s) (xO j)) then add_active C (coef_of C j q) j i m else m) js m)
          = Q2R q * sum (fun j => tterm (c_act C) (vec C i) (unitn M j)) js + vv valuation m).
        { induction js as [|j js IHj]; intros Hjs m; cbn [fold_left sum]; [ring|].
          rewrite IHj by (intros; apply Hjs; right; assumption).
          assert (Hj : In j (c_nums C)) by (apply Hjs; left; reflexivity).
          pose proof (Hk j Hj) as Hj'. cbv zeta in Hj'. apply orb_true_iff in Hj'.
          destruct (turn_sat C M l1 l2 F (sk s) (xO j) (s_know _ Hs)) as [T1 T2]. unfold tterm.
          destruct (fst (turn C (sk s) (xO j))).
          - pose proof (T1 eq_refl) as T1'. simpl in T1'. rewrite T1', add_active_val. unfold coef_of, aval.
            pose proof (coefs_classes j (nums_neuron j Hj)) as Hc. unfold coefn in *.
            destruct (c_act C); [|ring]. rewrite (Hc eq_refl). fold (Zs j i).
            change (pr (unitn M j) (vec C i)) with (Zs j i).
            destruct (first_class C j); rewrite ?qneg_R; ring.
          - destruct Hj' as [Hj'|Hj']; [discriminate|]. pose proof (T2 Hj') as T2'. simpl in T2'. rewrite T2'. ring. }
        rewrite (G (c_nums C)) by auto. rewrite vv_addg.
        pose proof (cl_anch _ _ _ _ (f_classes _ _ _ _ F) (vec C i)) as HA.
        rewrite <- (neurons_sum (tterm (c_act C) (vec C i))), (f_len _ _ _ _ F), <- (f_nums _ _ _ _ F) in HA.
        replace (vq (valuation 1) (if match c_act C with ReLU => true | Thr => false end then vec C i else one 1))
          with (avalue (c_act C) (alpha M) (vec C i)).
        + nra.
        + unfold avalue, valuation. destruct (c_act C); [reflexivity|]. rewrite vq_one. reflexivity.
      - destruct (f_ord _ _ _ _ F j) as [_ O]. destruct (order_of C j) as [[] is].
        { destruct (qlt 0 q && _) eqn:X; [|discriminate]. intros [= <- <-]. apply andb_true_iff in X as [Hq EA].
          apply qlt_R in Hq. rewrite Q2R_0 in Hq. apply rank_coefs in O. fold (coefn j) (coefn (Pos.succ j)) in O.
          match goal with |- rholds _ (rval ?w) => replace (rval w) with (rval rw + Q2R q * (coefn (Pos.succ j) - coefn j)) end.
          2:{ destruct (c_act C) eqn:HA; [discriminate|].
              unfold rval. cbn [rc rm rg]. rewrite !vv_addg, !vq_one, !(thr_coef _ HA), qneg_R. ring. }
          apply rholds_join; [exact Hrw|]. simpl. nra. }
        destruct is as [|i [|]]; try discriminate.
        destruct (qlt 0 q) eqn:Hq; [|discriminate]. intros [= <- <-]. apply qlt_R in Hq. rewrite Q2R_0 in Hq.
        change (Zs j i <= Zs (Pos.succ j) i) in O.
        match goal with |- rholds _ (rval ?w) => replace (rval w) with (rval rw + Q2R q * (Zs (Pos.succ j) i - Zs j i)) end.
        2:{ unfold rval. cbn [rc rm rg]. rewrite !vv_addg, !vq_z, qneg_R. ring. }
        apply rholds_join; [exact Hrw|]. simpl. nra.
      - destruct (c_loss C) as [x|] eqn:EL; [|discriminate]. destruct (qlt 0 q) eqn:Hq; [|discriminate].
        intros [= <- <-]. apply qlt_R in Hq. rewrite Q2R_0 in Hq. pose proof (f_total _ _ _ _ F x EL) as HT.
        match goal with |- rholds _ (rval ?w) =>
          replace (rval w) with (rval rw + Q2R q * (Q2R (x_gamma x) - vq (los M) (x_copies x))) end.
        2:{ unfold rval. cbn [rc rm rg]. rewrite vv_addg, qadd_R, qmul_R, qneg_R.
            change (vq (valuation sigma) (x_copies x)) with (vq (los M) (x_copies x)). ring. }
        apply rholds_join; [exact Hrw|]. simpl. nra.
      - destruct (_ && _ && _) eqn:X; [|discriminate]. intros [= <- <-].
        rewrite !andb_true_iff in X. destruct X as [[Hq _] HL]. apply qlt_R in Hq. rewrite Q2R_0 in Hq.
        apply is_loss_sat in HL as (x & EL & EK). pose proof (f_los _ _ _ _ F x EL i) as Hs'. rewrite EK in Hs'. simpl in Hs'.
        rewrite Rminus_0_r in Hs'.
        match goal with |- rholds _ (rval ?w) =>
          replace (rval w) with (rval rw + Q2R q * (los M i + (if up then 1 else -1) * res M i)) end.
        2:{ unfold rval. cbn [rc rm rg]. rewrite !vv_addg, !vq_one. change (valuation sigma i) with (los M i).
            change (valuation rho i) with (res M i). destruct up; rewrite ?qneg_R; ring. }
        apply rholds_join; [exact Hrw|]. simpl. rewrite Hs'. pose proof (Rle_abs (res M i)).
        pose proof (Rle_abs (- res M i)) as HA. rewrite Rabs_Ropp in HA. destruct up; nra.
      - destruct (_ && _ && _) eqn:X; [|discriminate]. intros [= <- <-].
        rewrite !andb_true_iff in X. destruct X as [[Hq _] HL]. apply qlt_R in Hq. rewrite Q2R_0 in Hq.
        apply is_loss_sat in HL as (x & EL & EK). pose proof (f_los _ _ _ _ F x EL i) as Hs'. rewrite EK in Hs'. simpl in Hs'.
        rewrite Rminus_0_r in Hs'.
        match goal with |- rholds _ (rval ?w) =>
          replace (rval w) with (rval rw + Q2R q * (los M i - 2 * Q2R v * res M i + Q2R v * Q2R v)) end.
        2:{ unfold rval. cbn [rc rm rg]. rewrite !vv_addg, !vq_one, qadd_R, !qmul_R. change (valuation sigma i) with (los M i).
            change (valuation rho i) with (res M i). replace (Q2R (-2 # 1)) with (-2) by (unfold Q2R; simpl; lra). ring. }
        apply rholds_join; [exact Hrw|]. simpl. rewrite Hs'.
        replace (res M i * res M i - 2 * Q2R v * res M i + Q2R v * Q2R v) with ((res M i - Q2R v) * (res M i - Q2R v)) by ring.
        pose proof (Rle_0_sqr (res M i - Q2R v)) as HS. unfold Rsqr in HS. nra.
      - destruct (_ && _ && _ && _) eqn:X; [|discriminate]. intros [= <- <-].
        rewrite !andb_true_iff in X. destruct X as [_ HM].
        apply (proj2 (turn_sat C M l1 l2 F (sk s) (xI i) (s_know _ Hs))) in HM. simpl in HM.
        destruct (Req_EM_T (res M i) 0) as [E0|]; [|discriminate].
        match goal with |- rholds _ (rval ?w) => replace (rval w) with (rval rw) end; [exact Hrw|].
        unfold rval. cbn [rc rm rg]. rewrite vv_addg, vq_one. change (valuation rho i) with (res M i). rewrite E0. ring.
      - destruct (_ && _ && _ && _) eqn:X; [|discriminate]. intros [= <- <-].
        rewrite !andb_true_iff in X. destruct X as [[[Hq _] HL] HM]. apply qlt_R in Hq. rewrite Q2R_0 in Hq.
        apply (proj1 (turn_sat C M l1 l2 F (sk s) (xI i) (s_know _ Hs))) in HM. simpl in HM.
        destruct (Req_EM_T (res M i) 0) as [|E0]; [discriminate|].
        apply is_loss_sat in HL as (x & EL & EK). pose proof (f_los _ _ _ _ F x EL i) as Hs'. rewrite EK in Hs'. simpl in Hs'.
        destruct (Req_EM_T (res M i) 0) as [|_]; [contradiction|].
        match goal with |- rholds _ (rval ?w) => replace (rval w) with (rval rw + Q2R q * (los M i - 1)) end.
        2:{ unfold rval. cbn [rc rm rg]. rewrite vv_addg, vq_one, qsub_R. change (valuation sigma i) with (los M i). ring. }
        apply rholds_join; [exact Hrw|]. simpl. rewrite Hs'. nra.
      - destruct (_ && _ && _) eqn:X; [|discriminate]. intros [= <- <-].
        rewrite !andb_true_iff in X. destruct X as [[Hq _] HL]. apply qlt_R in Hq. rewrite Q2R_0 in Hq.
        apply is_loss_sat in HL as (x & EL & EK). pose proof (f_los _ _ _ _ F x EL i) as Hs'. rewrite EK in Hs'. simpl in Hs'.
        match goal with |- rholds _ (rval ?w) => replace (rval w) with (rval rw + Q2R q * los M i) end.
        2:{ unfold rval. cbn [rc rm rg]. rewrite vv_addg, vq_one. change (valuation sigma i) with (los M i). ring. }
        apply rholds_join; [exact Hrw|]. simpl. rewrite Hs'. destruct (Req_EM_T (res M i) 0); nra.
      - destruct (get n rows) as [w|] eqn:G; [|discriminate].
        destruct (_ && _) eqn:X; [|discriminate]. intros [= <- <-].
        apply andb_true_iff in X as [Hg Hq].
        assert (Hw : rholds (w_rel w) (rval (w_row w))).
        { apply (Hrows n w G). rewrite forallb_forall in Hg. apply Forall_forall. intros l Hl.
          apply (is_true_sat s); auto. }
        replace (rval _) with (rval rw + Q2R q * rval (w_row w))
          by (unfold rval; cbn [rc rm rg]; rewrite vv_axpy, add_forms_val, qadd_R, qmul_R; ring).
        apply rholds_join; [exact Hrw|].
        destruct (w_rel w); simpl in *.
        + rewrite Hw. ring.
        + apply qlt_R in Hq. rewrite Q2R_0 in Hq. nra.
        + apply qlt_R in Hq. rewrite Q2R_0 in Hq. nra.
      - destruct (c_act C) eqn:EA; [discriminate|].
        destruct (get n Et) as [[| |v js]|] eqn:D; try discriminate. apply Hsub in D.
        destruct (_ && _) eqn:X; [|discriminate]. intros [= <- <-].
        apply andb_true_iff in X as [_ HD]. apply (is_true_sat s _ Hs) in HD. simpl in HD.
        unfold dsat in HD. rewrite D in HD. rewrite (add_value_val q v js rw EA), HD.
        replace (rval rw + _) with (rval rw) by ring. exact Hrw.
    Qed.

    Lemma add_items_sat s c : sinv s -> forall rl rw rl' rw', rholds rl (rval rw) ->
      add_items Et C eqs rows s (rl, rw) c = Some (rl', rw') -> rholds rl' (rval rw').
    Proof.
      intros Hs. induction c as [|iq c IH]; cbn [add_items]; intros rl rw rl' rw' H.
      - intros [= <- <-]. exact H.
      - destruct (add_item Et C eqs rows s (rl, rw) iq) as [[rl1 rw1]|] eqn:A; [|discriminate].
        apply IH. apply (add_item_sat s rl rw iq); assumption.
    Qed.

    Lemma combine_sat s c rl rw : sinv s -> combine Et C eqs rows s c = Some (rl, rw) -> rholds rl (rval rw).
    Proof.
      intros Hs. apply add_items_sat; [exact Hs|]. unfold rval, row0. cbn [rc rm rg vv]. rewrite gsum_nil, Q2R_0. simpl. ring.
    Qed.

    Lemma cancels_val rw : cancels C rw = true -> rval rw = Q2R (rc rw).
    Proof.
      unfold cancels. intros Hz. apply allz2_vv with (h := valuation) in Hz. rewrite spread_val in Hz. unfold rval. lra.
    Qed.

    Lemma refutes_sat s c : sinv s -> refutes Et C eqs rows s c = true -> False.
    Proof.
      intros Hs. unfold refutes. destruct (combine Et C eqs rows s c) as [[rl rw]|] eqn:H; [|discriminate].
      apply (combine_sat _ _ _ _ Hs) in H. unfold contradictory.
      rewrite andb_true_iff. intros [Hc Hz]. rewrite (cancels_val _ Hz) in H.
      destruct rl; simpl in H.
      - rewrite negb_true_iff in Hc. apply qeq_R_false in Hc. rewrite Q2R_0 in Hc. lra.
      - apply qlt_R in Hc. rewrite Q2R_0 in Hc. lra.
      - apply qle_R in Hc. rewrite Q2R_0 in Hc. lra.
    Qed.

    (** 0 = 0 is the sum of what holds and of a multiple of the equation. *)
    Lemma follows_sat s m v js c : c_act C = Thr -> sinv s -> follows Et C eqs rows s m v js c = true -> value_on js = Q2R v.
    Proof.
      intros EA Hs. unfold follows. destruct (without m None [] c) as [[q others]|]; [|discriminate].
      destruct (combine Et C eqs rows s others) as [[[] rw]|] eqn:H; try discriminate. cbv zeta.
      rewrite !andb_true_iff, negb_true_iff. intros [[Hq H0] Hz]. apply (combine_sat _ _ _ _ Hs) in H. simpl in H.
      apply qeq_R_false in Hq. apply qeq_R in H0. rewrite Q2R_0 in Hq, H0.
      apply cancels_val in Hz. rewrite H0, (add_value_val q v js rw EA), H in Hz.
      destruct (Rmult_integral (Q2R q) (value_on js - Q2R v)) as [E0|E0]; [lra|contradiction|lra].
    Qed.
  End Combo.

  (** ** Propagation *)

  Lemma lit_eqb_eq a b : lit_eqb a b = true -> a = b.
  Proof.
    destruct a as [[[[j r] i]|c j]|c j n|c n], b as [[[[j' r'] i']|c' j']|c' j' n'|c' n']; simpl; try discriminate.
    - rewrite !andb_true_iff. intros [[H1 H2] H3]. apply Pos.eqb_eq in H1. apply Pos.eqb_eq in H2. subst.
      destruct r, r'; try discriminate; reflexivity.
    - rewrite andb_true_iff. intros [H1 H2]. apply Bool.eqb_prop in H1. apply Pos.eqb_eq in H2. subst. reflexivity.
    - rewrite !andb_true_iff. intros [[H1 H2] H3]. apply Bool.eqb_prop in H1. apply Pos.eqb_eq in H2. apply Pos.eqb_eq in H3.
      subst. reflexivity.
    - rewrite !andb_true_iff. intros [H1 H2]. apply Bool.eqb_prop in H1. apply Pos.eqb_eq in H2. subst. reflexivity.
  Qed.

  Lemma scan_sat s : sinv s -> forall ls found,
    (Exists litsat ls \/ match found with Some l => litsat l | None => False end) ->
    match scan_clause Et C s found ls with Falsified => False | Unit l => litsat l | _ => True end.
  Proof.
    intros Hs. induction ls as [|l ls IH]; intros found H; cbn [scan_clause].
    - destruct H as [H|H]; [inversion H|]. destruct found; [exact H|exact H].
    - pose proof (truth_sat s l Hs) as [T1 T2]. destruct (truth Et C s l) as [t f]. cbn [fst snd] in *.
      assert (HF : f = true -> Exists litsat ls \/ match found with Some l => litsat l | None => False end).
      { intros Hf. apply T2 in Hf. destruct H as [H|H]; [|right; exact H]. inversion H; subst; [contradiction|left; assumption]. }
      destruct t, f.
      + apply (T2 eq_refl (T1 eq_refl)).
      + exact I.
      + apply IH, HF, eq_refl.
      + destruct found as [f|].
        * destruct (lit_eqb l f) eqn:El; [|exact I]. apply lit_eqb_eq in El. subst f. apply IH.
          destruct H as [H|H]; [|right; exact H]. inversion H; subst; [right; assumption|left; assumption].
        * apply IH. destruct H as [H|[]]. inversion H; subst; [right|left]; assumption.
  Qed.

  Definition clauses_ok (cl : tree (list lit)) : Prop := all (fun _ ls => Exists litsat ls) cl.

  Lemma hint_sat cl h ls : clauses_ok cl -> hint_clause Et C cl h = Some ls -> Exists litsat ls.
  Proof.
    intros Hcl. destruct h as [n|n]; simpl; [intros H; apply (Hcl n ls H)|].
    destruct (get n Et) as [[ds| |]|] eqn:D; try discriminate. apply Hsub in D.
    destruct (forallb (agood C) ds) eqn:G; [|discriminate]. intros [= <-].
    assert (A : Forall asat ds \/ Exists litsat (map (fun a => LS (aneg C a)) ds)).
    { clear D. induction ds as [|l ds IH]; [left; constructor|]. simpl in G. apply andb_true_iff in G as [G1 G2].
      destruct (aneg_or C M l1 l2 F l G1) as [Hl|Hl]; [|right; left; exact Hl].
      destruct (IH G2) as [Hf|He]; [left; constructor; assumption|right; right; exact He]. }
    destruct A as [A|A]; [left; simpl; unfold dsat; rewrite D; exact A|right; exact A].
  Qed.

  Lemma propagate_sat cl : clauses_ok cl -> forall hs s, sinv s -> propagate Et C cl s hs = true -> False.
  Proof.
    intros Hcl. induction hs as [|h hs IH]; intros s Hs; cbn [propagate]; rewrite !orb_true_iff;
      (intros [Hb|Hb]; [apply (s_bad _ Hs Hb)|]); [discriminate|].
    destruct (hint_clause Et C cl h) as [ls|] eqn:H; [|discriminate].
    apply (hint_sat _ _ _ Hcl) in H.
    pose proof (scan_sat s Hs ls None (or_introl H)) as S.
    destruct (scan_clause Et C s None ls) as [| |l|]; try discriminate; [apply (IH s Hs Hb)|destruct S|].
    apply (IH (assume_with (is_definition l) Et C s l)); [apply assume_sat; assumption|exact Hb].
  Qed.

  (** ** Classes and slots *)

  Definition cunits (first : bool) : list unit := if first then l1 else l2.

  Lemma class_index first n : In n (cunits first) ->
    exists j, In j (c_nums C) /\ in_class C first j = true /\ unitn M j = n.
  Proof.
    intros H. destruct (In_nth _ _ unit0 H) as (t & Ht & Hn).
    destruct (f_classes _ _ _ _ F) as [CU _ _ _ _]. pose proof (f_len1 _ _ _ _ F) as HL.
    pose proof (f_len _ _ _ _ F) as HK. rewrite CU, app_length in HK.
    exists (Pos.of_succ_nat (if first then t else (length l1 + t)%nat)).
    rewrite (f_nums _ _ _ _ F). unfold neurons, in_class, first_class, unitn.
    rewrite CU, SuccNat2Pos.id_succ. destruct first; simpl in *.
    - split; [|split].
      + apply in_map, in_seq. lia.
      + apply N.leb_le. lia.
      + rewrite app_nth1 by exact Ht. exact Hn.
    - split; [|split].
      + apply in_map, in_seq. lia.
      + apply andb_true_iff. split; [apply negb_true_iff, N.leb_gt; lia|apply N.leb_le; lia].
      + rewrite app_nth2 by lia. replace (length l1 + t - length l1)%nat with t by lia. exact Hn.
  Qed.

  Lemma class_unit first j : in_class C first j = true ->
    exists t, (t < length (cunits first))%nat /\ nth t (cunits first) unit0 = unitn M j /\
      Pos.to_nat j = S (if first then t else length l1 + t)%nat.
  Proof.
    destruct (f_classes _ _ _ _ F) as [CU _ _ _ _]. pose proof (f_len1 _ _ _ _ F) as HL.
    pose proof (f_len _ _ _ _ F) as HK. rewrite CU, app_length in HK.
    unfold in_class, first_class, unitn. rewrite CU. destruct first; simpl.
    - intros H. apply N.leb_le in H. exists (pred (Pos.to_nat j)). split; [lia|]. split; [|lia].
      rewrite app_nth1 by lia. reflexivity.
    - intros H. apply andb_true_iff in H as [H1 H2]. apply negb_true_iff, N.leb_gt in H1. apply N.leb_le in H2.
      exists (pred (Pos.to_nat j) - length l1)%nat. split; [lia|]. split; [|lia].
      rewrite (app_nth2 l1) by lia. reflexivity.
  Qed.

  Lemma class_length first : N.of_nat (length (cunits first)) = class_size C first.
  Proof.
    destruct (f_classes _ _ _ _ F) as [CU _ _ _ _]. pose proof (f_len1 _ _ _ _ F) as HL.
    pose proof (f_len _ _ _ _ F) as HK. rewrite CU, app_length in HK.
    destruct first; simpl; lia.
  Qed.

  Definition ubrk (s : slot) (n : unit) : Prop := sbrk (slot_pts C s) n.

  Lemma chain_after l ss : chain (Some l) ss -> Forall (fun s => l <= Q2R (s_lp s)) ss.
  Proof.
    revert l. induction ss as [|s ss IH]; intros l; simpl; [constructor|].
    intros (H1 & H2 & H3). constructor; [exact H1|]. apply IH in H3. revert H3. apply Forall_impl. intros. lra.
  Qed.

  Lemma chain_weaken l ss : chain l ss -> chain None ss.
  Proof. destruct ss; simpl; tauto. Qed.

  Lemma chain_exclusive ln : forall ss, Forall (slot_ok C ln) ss -> chain None ss -> exclusive ubrk ss.
  Proof.
    induction ss as [|s ss IH]; simpl; intros HS Hc; [exact I|].
    inversion HS as [|? ? Hs HSS]; subst. destruct Hc as (_ & H2 & H3). split; [|apply IH; [exact HSS|eapply chain_weaken; exact H3]].
    intros s' n Hin B B'. pose proof (chain_after _ _ H3) as HA. rewrite Forall_forall in HA, HSS.
    specialize (HA s' Hin). destruct (HSS s' Hin) as (P1 & R1 & _). destruct Hs as (P0 & R0 & _).
    assert (Q2R (s_lp s') < Q2R (s_lr s')).
    { clear - H3 Hin. revert H3. generalize (Q2R (s_lr s)). induction ss as [|a ss IH]; [destruct Hin|].
      simpl. intros r (H1 & H2 & H3). destruct Hin as [->|Hin]; [exact H2|apply (IH Hin _ H3)]. }
    apply (brk_once _ _ _ _ _ _ _ _ _ _ _ P0 R0 P1 R1 H2 HA H B B').
  Qed.

  Lemma forall2_nodup ss ns : exclusive ubrk ss -> Forall2 ubrk ss ns -> NoDup ns.
  Proof.
    intros H HF. induction HF as [|s n ss ns Hs HF IH]; [constructor|]. destruct H as [H1 H2].
    constructor; [|apply IH, H2]. intros Hin.
    destruct (saturated_all _ _ _ _ HF Hin) as (s' & Hs' & B). apply (H1 s' n Hs' Hs B).
  Qed.

  Lemma forall2_unique ss ns : exclusive ubrk ss -> Forall2 ubrk ss ns ->
    forall s n n', In s ss -> In n ns -> In n' ns -> ubrk s n -> ubrk s n' -> n = n'.
  Proof.
    intros H HF. induction HF as [|s0 n0 ss ns Hs HF IH]; simpl; [tauto|]. destruct H as [H1 H2].
    intros s n n' Hin [<-|Hn] [<-|Hn'] B B'; try reflexivity.
    - destruct Hin as [<-|Hin]; [|exfalso; apply (H1 s n0 Hin Hs B)].
      exfalso. destruct (saturated_all _ _ _ _ HF Hn') as (s' & Hs' & B2). apply (H1 s' n' Hs' B' B2).
    - destruct Hin as [<-|Hin]; [|exfalso; apply (H1 s n0 Hin Hs B')].
      exfalso. destruct (saturated_all _ _ _ _ HF Hn) as (s' & Hs' & B2). apply (H1 s' n Hs' B B2).
    - destruct Hin as [<-|Hin]; [|apply (IH H2 s); assumption].
      exfalso. destruct (saturated_all _ _ _ _ HF Hn) as (s' & Hs' & B2). apply (H1 s' n Hs' B B2).
  Qed.

  (** A saturated line: every neuron of the class breaks some slot, and no two the same. *)
  Lemma saturation L first ss : get (skey L first) (c_slots C) = Some ss ->
    N.of_nat (length ss) = class_size C first ->
    (forall j, in_class C first j = true -> exists s, In s ss /\ ubrk s (unitn M j)) /\
    (forall j j' s, in_class C first j = true -> in_class C first j' = true -> In s ss ->
       ubrk s (unitn M j) -> ubrk s (unitn M j') -> j = j').
  Proof.
    intros G HL. destruct (f_slots _ _ _ _ F _ _ G) as (L' & ln & first' & EK & Hln & HS & Hc & _).
    pose proof (chain_exclusive ln ss HS Hc) as HX.
    destruct (saturated ubrk ss (cunits first)) as (N1 & HP & HF).
    - intros s Hs. apply (f_brk _ _ _ _ F L first ss G s Hs).
    - exact HX.
    - rewrite <- (class_length first) in HL. lia.
    - pose proof (forall2_nodup _ _ HX HF) as ND.
      assert (NDc : NoDup (cunits first)) by (eapply Permutation_NoDup; [apply Permutation_sym, HP|exact ND]).
      assert (HIn : forall j, in_class C first j = true -> In (unitn M j) N1).
      { intros j Hj. destruct (class_unit first j Hj) as (t & Ht & Hn & _).
        eapply Permutation_in; [exact HP|]. rewrite <- Hn. apply nth_In, Ht. }
      split.
      + intros j Hj. apply (saturated_all _ _ _ _ HF (HIn j Hj)).
      + intros j j' s Hj Hj' Hs B B'.
        pose proof (forall2_unique _ _ HX HF s _ _ Hs (HIn j Hj) (HIn j' Hj') B B') as EU.
        destruct (class_unit first j Hj) as (t & Ht & Hn & Ej).
        destruct (class_unit first j' Hj') as (t' & Ht' & Hn' & Ej').
        assert (t = t') by (apply (proj1 (NoDup_nth (cunits first) unit0) NDc); congruence).
        apply Pos2Nat.inj. rewrite Ej, Ej'. subst t'. reflexivity.
  Qed.

  (** ** The state of a split *)

  Definition taken_ok (key t j : positive) : Prop :=
    exists L first ss sl, key = skey L first /\ get key (c_slots C) = Some ss /\
      N.of_nat (length ss) = class_size C first /\
      nth_error ss (Pos.to_nat t - 1) = Some sl /\ in_class C first j = true /\ ubrk sl (unitn M j).

  Record tinv (s : state) : Prop := {
    i_know : kinv (t_know s);
    i_clauses : clauses_ok (t_clauses s);
    i_rows : all (fun _ => row_ok) (t_rows s);
  i_eqs : eqs_ok (t_eqs s);
    i_taken : forall key t j, get2 key t (t_taken s) = Some j -> taken_ok key t j;
    i_scopes : forall n sc, get n (t_scopes s) = Some sc -> dsat n -> sinv sc;
    i_done : t_done s = true -> False }.

  Lemma no_scopes n sc : get n (@Leaf scope) = Some sc -> dsat n -> sinv sc.
  Proof. discriminate. Qed.

  Lemma with_clause_sat s n ls : tinv s -> Exists litsat ls -> tinv (with_clause n ls s).
  Proof.
    intros H He. constructor; simpl; try apply H.
    - apply all_set; [apply H|exact He].
    - destruct ls; [inversion He|discriminate].
  Qed.

  Lemma with_unit_sat s ls : tinv s -> Exists litsat ls -> tinv (with_unit C ls s).
  Proof.
    intros H He. destruct ls as [|[l|b j n|b n] [|]]; simpl; try exact H.
    constructor; simpl; try apply H; try exact no_scopes. apply (aadd_sat C M l1 l2 F); [apply H|].
    inversion He as [? ? Hl|? ? Hl]; subst; [exact Hl|inversion Hl].
  Qed.

  Lemma with_row_sat s n w : tinv s -> row_ok w -> tinv (with_row n w s).
  Proof.
    intros H He. constructor; simpl; try apply H. apply all_set; [apply H|exact He].
  Qed.

  Lemma scope_of_sat s ls : tinv s -> Forall litsat ls -> sinv (scope_of Et C s ls).
  Proof.
    intros H Hls. pose proof (suppose_sat _ Hls _ (sinv0 _ (i_know _ H))) as HS.
    destruct ls as [|[a|b j n|[] n] [|l ls]]; try exact HS. cbn [scope_of].
    destruct (get n (t_scopes s)) as [sc|] eqn:G; [|exact HS]. apply (i_scopes _ H _ _ G). inversion Hls; assumption.
  Qed.

  Lemma keep_scope_sat s ls sc : tinv s -> (Forall litsat ls -> sinv sc) -> tinv (keep_scope ls sc s).
  Proof.
    intros H HS. destruct ls as [|[a|b j n|[] n] [|l ls]]; try exact H. cbn [keep_scope].
    destruct (get n (t_scopes s)) eqn:G; [exact H|]. constructor; simpl; try apply H.
    intros n' sc'. rewrite get_set. destruct (Pos.eqb_spec n' n) as [->|].
    - intros [= <-] Hd. apply HS. constructor; [exact Hd|constructor].
    - destruct (N.leb most_scopes (t_kept s)); [discriminate|apply (i_scopes _ H)].
  Qed.

  Lemma skey_inj L f L' f' : skey L f = skey L' f' -> L = L' /\ f = f'.
  Proof. destruct f, f'; simpl; intros [= ->]; auto. Qed.

  (** ** Pairs *)

  Lemma first_nz_coord t c : first_nz t = Some c -> Q2R (coord t c) <> 0.
  Proof.
    revert c. induction t as [|l IHl o r IHr]; simpl; intros c; [discriminate|].
    destruct o as [q|]; [destruct (qeq q 0) eqn:Hq; simpl|].
    2:{ intros [= <-]. unfold coord. simpl. apply qeq_R_false in Hq. rewrite Q2R_0 in Hq. exact Hq. }
    all: destruct (first_nz l) as [p|]; [intros [= <-]; apply (IHl p eq_refl)|];
      destruct (first_nz r) as [p|]; [intros [= <-]; apply (IHr p eq_refl)|discriminate].
  Qed.

  Lemma parallel_sat a b rho : parallel a b = Some rho -> 0 < Q2R rho /\
    forall f, vq f (l_b b) - vq f (l_a b) = Q2R rho * (vq f (l_b a) - vq f (l_a a)).
  Proof.
    unfold parallel. destruct (first_nz _) as [c|]; [|discriminate].
    set (q := qdiv _ _). destruct (qlt 0 q && _) eqn:X; [|discriminate]. intros [= <-].
    apply andb_true_iff in X as [H1 H2]. apply qlt_R in H1. rewrite Q2R_0 in H1. split; [exact H1|].
    intros f. apply allz_vq with (h := f) in H2. rewrite vq_axpy, !vq_diff, qneg_R in H2. lra.
  Qed.

  Lemma make_pair_sat a b p : make_pair C a b = Some p -> pair_ok C p.
  Proof.
    unfold make_pair. destruct (get a (c_lines C)) as [la|] eqn:A; [|discriminate].
    destruct (get b (c_lines C)) as [lb|] eqn:B; [|discriminate].
    destruct (parallel la lb) as [rho|] eqn:R; [|discriminate].
    destruct (negb _); [discriminate|].
    set (e := diff _ _). set (v := diff (l_a lb) _). destruct (first_nz e) as [c|]; [|discriminate].
    destruct (independent _ _ _ _) as [c'|]; [|discriminate]. cbv zeta.
    intros [= <-]. exists la, lb. cbn [pa pb pdc prho pmap]. split; [exact A|]. split; [exact B|]. split; [reflexivity|].
    apply parallel_sat in R as [R0 R]. split; [exact R0|]. split; [exact R|].
    intros i c0 d0 mu. rewrite get_tmapo. unfold is_point, vec.
    destruct (get i (c_all C)) as [x|] eqn:G; [|discriminate]. unfold solve. cbv zeta.
    set (theta := qdiv _ _). set (m := qmul (qden theta) (qdiv _ _)). clearbody theta m.
    destruct (allz _) eqn:X; [|discriminate]. intros [= <- <- <-]. split; [reflexivity|].
    pose proof (qden_R theta) as Hn. split.
    - rewrite qsub_R, !qmul_R. intros [H1 H2].
      assert (Q2R (qden theta) * Q2R theta = 0) by nra. lra.
    - exists (Q2R (qden theta)). split; [exact Hn|]. intros f. pose proof (allz_vq _ X f) as H.
      unfold e, v in H. rewrite !vq_axpy, vq_scale, !vq_diff, qneg_R, qmul_R in H.
      rewrite qsub_R, !qmul_R. match goal with |- ?l = ?r => assert (l - r = - 0); [|lra] end.
      rewrite <- H. field. lra.
  Qed.

  (** ** Bounds (6.10) *)

  (** In the order of their numbers and of the line. *)
  Definition later (a b : positive * slot) : Prop := (fst a < fst b)%positive /\ before (snd a) (snd b).

  Lemma chain_sorted ss : forall last, chain last ss ->
    StronglySorted before ss /\ Forall (fun s => Q2R (s_lp s) < Q2R (s_lr s)) ss /\
    match last with Some l => Forall (fun a => l <= Q2R (s_lp a)) ss | None => True end.
  Proof.
    induction ss as [|s ss IH]; simpl; intros last H.
    - split; [constructor|]. split; [constructor|]. destruct last; auto.
    - destruct H as (H1 & H2 & H3). destruct (IH _ H3) as (A & B & D).
      split; [constructor; [exact A|exact D]|]. split; [constructor; [exact H2|exact B]|].
      destruct last; [|exact I]. constructor; [exact H1|].
      revert D. apply Forall_impl. intros a Ha. lra.
  Qed.

  Lemma count_sorted ss : forall t, StronglySorted before ss -> StronglySorted later (count t ss).
  Proof.
    assert (HN : forall ss t ts, In ts (count t ss) -> (t <= fst ts)%positive).
    { clear. induction ss as [|s ss IH]; intros t ts; cbn [count]; [intros []|]. intros [<-|H]; [simpl; lia|].
      apply IH in H. lia. }
    induction ss as [|s ss IH]; intros t H; cbn [count]; [constructor|].
    inversion H as [|? ? H1 H2]; subst. constructor; [apply IH, H1|].
    rewrite Forall_forall in *. intros ts Hts. split; [apply HN in Hts; simpl; lia|]. simpl. apply H2.
    rewrite <- (count_snd ss (Pos.succ t)). apply in_map, Hts.
  Qed.

  Lemma count_in ss : forall t i s, In (i, s) (count t ss) ->
    nth_error ss (Pos.to_nat i - Pos.to_nat t) = Some s /\ (Pos.to_nat t <= Pos.to_nat i)%nat.
  Proof.
    induction ss as [|s ss IH]; simpl; intros t i s'; [tauto|].
    intros [[= <- <-]|H]; [rewrite Nat.sub_diag; auto|].
    destruct (IH _ _ _ H) as [H1 H2]. split; [|lia].
    replace (Pos.to_nat i - Pos.to_nat t)%nat with (S (Pos.to_nat i - Pos.to_nat (Pos.succ t))) by lia. exact H1.
  Qed.

  Lemma nth_count ss : forall t i s, nth_error ss i = Some s ->
    In (Pos.of_nat (Pos.to_nat t + i), s) (count t ss).
  Proof.
    induction ss as [|s' ss IH]; intros t [|i] s; simpl; try discriminate.
    - intros [= ->]. left. f_equal. rewrite Nat.add_0_r. symmetry. apply Pos2Nat.id.
    - intros H. right. replace (Pos.to_nat t + S i)%nat with (Pos.to_nat (Pos.succ t) + i)%nat by lia. apply IH, H.
  Qed.

  (** A neuron that increases along the line breaks a slot upwards. *)
  Lemma cbrk_up j ln s : 0 < slope M j ln -> cbrk C ln s (unitn M j) ->
    lsatl (left_fact j s) /\ lsatl (right_fact j s).
  Proof.
    intros Hs (e & He & H0 & H1 & H2). unfold slope in Hs.
    assert (e = 1) as -> by (destruct He; subst e; [reflexivity|exfalso; lra]).
    rewrite !Rmult_1_l in *. split; assumption.
  Qed.

  Section Bound.
    Context (K : know) (j : positive) (ln : line) (HK : kinv K) (Hs : 0 < slope M j ln).

    Let okS (ts : positive * slot) : Prop := slot_ok C ln (snd ts) /\ open_slot (snd ts).

    Lemma zp_at ts : okS ts -> Zs j (s_p (snd ts)) = pr (unitn M j) (l_a ln) + Q2R (s_lp (snd ts)) * slope M j ln.
    Proof. intros [(H & _) _]. rewrite (Z_at C M j _ _ _ H). apply zl_lin. Qed.
    Lemma zr_at ts : okS ts -> Zs j (s_r (snd ts)) = pr (unitn M j) (l_a ln) + Q2R (s_lr (snd ts)) * slope M j ln.
    Proof. intros [(_ & H & _) _]. rewrite (Z_at C M j _ _ _ H). apply zl_lin. Qed.

    Lemma left_before ts x : okS ts -> okS x -> ts = x \/ later ts x ->
      lsatl (left_fact j (snd x)) -> lsatl (left_fact j (snd ts)).
    Proof.
      intros Ht Hx [->|HL] H; [exact H|]. unfold left_fact, left_rel in *. simpl in *.
      destruct HL as [_ HL]. unfold before in HL.
      assert (Hx0 : Zs j (s_p (snd x)) <= 0) by (destruct (s_lc (snd x)); simpl in H; lra).
      rewrite (zp_at x Hx) in Hx0. destruct (s_lc (snd ts)) eqn:EC; simpl; rewrite (zp_at ts Ht);
        destruct Ht as [_ [Ho|(Ho & Hc & _)]]; try congruence; nra.
    Qed.

    Lemma right_after ts x : okS ts -> okS x -> later x ts ->
      lsatl (right_fact j (snd x)) -> lsatl (right_fact j (snd ts)).
    Proof.
      intros Ht Hx HL H. unfold right_fact, right_rel in *. simpl in *.
      destruct HL as [_ HL]. unfold before in HL.
      assert (Hx0 : 0 <= Zs j (s_r (snd x))) by (destruct (s_rc (snd x)); simpl in H; lra).
      rewrite (zr_at x Hx) in Hx0. destruct (s_rc (snd ts)) eqn:EC; simpl; rewrite (zr_at ts Ht);
        destruct Ht as [_ [Ho|(Ho & _ & Hc)]]; try congruence; nra.
    Qed.

    Lemma clash_not l : lsatl l -> clash C K l = true -> False.
    Proof.
      intros Hl Hc. apply (holds_sat C M l1 l2 F _ _ HK) in Hc. apply (neg_not C M l Hl Hc).
    Qed.

    Context (x : positive * slot) (Hx : okS x)
      (Hl : lsatl (left_fact j (snd x))) (Hr : lsatl (right_fact j (snd x))).

    (** From its own slot on none is too early for j, up to it none is too late. *)
    Lemma not_early ts : okS ts -> ts = x \/ later x ts -> clash C K (right_fact j (snd ts)) = false.
    Proof.
      intros Ht HL. destruct (clash C K (right_fact j (snd ts))) eqn:HC; [exfalso|reflexivity].
      apply (clash_not (right_fact j (snd ts))); [|exact HC].
      destruct HL as [->|HL]; [exact Hr|apply (right_after ts x Ht Hx HL Hr)].
    Qed.
    Lemma not_late ts : okS ts -> ts = x \/ later ts x -> clash C K (left_fact j (snd ts)) = false.
    Proof.
      intros Ht HL. destruct (clash C K (left_fact j (snd ts))) eqn:HC; [exfalso|reflexivity].
      apply (clash_not (left_fact j (snd ts))); [|exact HC]. apply (left_before ts x Ht Hx HL Hl).
    Qed.
  End Bound.

  Lemma bound_sat s j L s' : tinv s -> bound C s j L = Some s' -> tinv s'.
  Proof.
    intros H. unfold bound. set (first := first_class C j).
    destruct (get (skey L first) (c_cur C)) as [[nn tt]|] eqn:GC; [|discriminate].
    destruct (get j (kinc (t_know s))) as [D|] eqn:HD; [|discriminate].
    destruct (_ && _ && _) eqn:X; [|discriminate]. rewrite !andb_true_iff in X. destruct X as [[HA Hj] HL].
    apply N.eqb_eq in HL.
    apply along_get in HA as (ln & Hln & Hdc).
    pose proof (i_know _ H) as HK.
    destruct (k_inc _ _ _ HK _ _ HD) as [_ Hsl]. specialize (Hsl _ _ Hln Hdc).
    destruct (f_cur _ _ _ _ F _ _ GC) as (cs & (Hnn & _ & Htt) & L' & ln' & first' & ss & EK & Hln' & G & HS & HO & Hord & H2).
    cbn [fst snd] in Hnn, Htt. subst nn.
    apply skey_inj in EK as [<- <-]. rewrite Hln in Hln'. injection Hln' as <-.
    pose proof (Forall2_length' _ _ _ H2) as Hlen.
    assert (HL' : N.of_nat (length ss) = class_size C first) by congruence.
    assert (Hcl : in_class C first j = true).
    { unfold in_class, first in *. destruct (first_class C j); [reflexivity|simpl; exact Hj]. }
    destruct (saturation L first ss G HL') as [Sat Uni].
    destruct (Sat j Hcl) as (sd & Hsd & B).
    destruct (In_nth_error _ _ Hsd) as (i & Hi).
    destruct (Forall2_nth _ _ _ H2 i sd Hi) as (sl & Hi' & HB).
    assert (Hju : In (unitn M j) (if first then l1 else l2)).
    { destruct (class_unit first j Hcl) as (t & Ht & Hn & _). rewrite <- Hn. apply nth_In, Ht. }
    destruct (cbrk_up j ln sl Hsl (HB _ Hju B)) as [Up1 Up2].
    set (x := (Pos.of_nat (1 + i), sl)).
    assert (Hx : In x (slots_of tt)) by (rewrite Htt; apply (nth_count cs 1%positive i sl Hi')).
    assert (Hok : Forall (fun ts => slot_ok C ln (snd ts) /\ open_slot (snd ts)) (slots_of tt)).
    { rewrite Htt. apply Forall_forall. intros [t y] Hts. apply count_in in Hts as [Hts _]. apply nth_error_In in Hts.
      rewrite Forall_forall in HS, HO. auto. }
    assert (Hsort : StronglySorted later (slots_of tt)) by (rewrite Htt; apply count_sorted, Hord).
    clear Htt. pose proof (proj1 (Forall_forall _ _) Hok) as Hok'. cbv beta in Hok'.
    set (free := free_for j (odef (get (skey L first) (t_taken s)))).
    assert (Hfree : free (fst x) = true).
    { unfold free, free_for, x. cbn [fst]. fold (get2 (skey L first) (Pos.of_nat (1 + i)) (t_taken s)).
      destruct (get2 (skey L first) (Pos.of_nat (1 + i)) (t_taken s)) as [j'|] eqn:T; [|reflexivity].
      apply (i_taken _ H) in T as (L2 & f2 & ss2 & sl2 & EK & G2 & HL2 & Hn2 & Hc2 & B2).
      apply skey_inj in EK as [<- <-]. rewrite G in G2. injection G2 as <-.
      rewrite Nat2Pos.id in Hn2 by lia. replace (1 + i - 1)%nat with i in Hn2 by lia.
      rewrite Hi in Hn2. injection Hn2 as <-.
      apply Pos.eqb_eq. apply (Uni j' j sd); auto. }
    cbv zeta. clearbody free.
    destruct (first_from_ok later _ (fun sl => clash C (t_know s) (right_fact j sl)) free x Hfree
      (not_early (t_know s) j ln HK Hsl x (Hok' _ Hx) Up2) tt Hok Hsort Hx) as ([n1 lo] & -> & Hin1 & H1).
    destruct (last_to_ok later _ (fun sl => clash C (t_know s) (left_fact j sl)) free x Hfree
      (not_late (t_know s) j ln HK Hsl x (Hok' _ Hx) Up1) tt Hok Hsort Hx) as ([n2 up] & -> & Hin2 & H3).
    assert (N1 : (n1 <= fst x)%positive) by (destruct H1 as [<-|[H1 _]]; simpl in *; lia).
    assert (N2 : (fst x <= n2)%positive) by (destruct H3 as [<-|[H3 _]]; simpl in *; lia).
    destruct (Pos.ltb_spec n2 n1); [exfalso; lia|]. intros [= <-].
    assert (Flo : lsatl (left_fact j lo))
      by (apply (left_before j ln Hsl (n1, lo) x); [apply Hok', Hin1|apply Hok', Hx|exact H1|exact Up1]).
    assert (Fup : lsatl (right_fact j up)).
    { destruct H3 as [E0|H3]; [change up with (snd (n2, up)); rewrite E0; exact Up2|].
      apply (right_after j ln Hsl (n2, up) x); [apply Hok', Hin2|apply Hok', Hx|exact H3|exact Up2]. }
    assert (K1 : kinv (add_fact C (add_fact C (t_know s) (left_fact j lo)) (right_fact j up)))
      by (apply (add_fact_sat C M l1 l2 F); [apply (add_fact_sat C M l1 l2 F); [exact HK|exact Flo]|exact Fup]).
    constructor; cbn [t_know t_clauses t_rows t_eqs t_taken t_scopes t_done]; try apply H; [exact K1| |exact no_scopes|].
    - destruct (Pos.eqb_spec n1 n2) as [En|]; [|apply (i_taken _ H)].
      intros key t0 j0. rewrite get2_set2.
      destruct (Pos.eqb_spec key (skey L first)) as [->|]; [|apply (i_taken _ H)].
      destruct (Pos.eqb_spec t0 n1) as [->|]; [|apply (i_taken _ H)]. simpl. intros [= <-].
      assert (Ex : n1 = fst x) by lia. exists L, first, ss, sd.
      split; [reflexivity|]. split; [exact G|]. split; [exact HL'|]. split; [|split; [exact Hcl|exact B]].
      rewrite Ex. unfold x. cbn [fst]. rewrite Nat2Pos.id by lia. replace (1 + i - 1)%nat with i by lia. exact Hi.
    - rewrite orb_true_iff. intros [Hc1|Hc1].
      + apply (clash_not (t_know s) HK _ Flo Hc1).
      + apply (clash_not (t_know s) HK _ Fup Hc1).
  Qed.

  (** ** Merging rows *)

  Lemma row_eqb_val a b : row_eqb C a b = true -> rval a = rval b.
  Proof.
    unfold row_eqb. rewrite andb_true_iff. intros [H1 H2]. apply qeq_R in H1.
    apply allz2_vv with (h := valuation) in H2. rewrite spread_val, add_forms_val, vv_axpy, Q2R_m1 in H2. unfold rval. lra.
  Qed.

  Lemma merge_sat rows w : all (fun _ => row_ok) rows -> forall ls rs, merge C rows w ls rs = true ->
    Exists litsat ls -> rholds (w_rel w) (rval (w_row w)).
  Proof.
    intros Hr. induction ls as [|l ls IH]; intros [|r rs]; simpl; try discriminate; [intros _ H; inversion H|].
    destruct (get r rows) as [w'|] eqn:G; [|discriminate].
    destruct (w_guard w') as [|g [|]] eqn:HG; try discriminate.
    rewrite !andb_true_iff. intros [[[H1 H2] H3] H4] H.
    inversion H; subst; [|apply (IH rs); assumption].
    apply lit_eqb_eq in H1. subst g.
    assert (Hw : rholds (w_rel w') (rval (w_row w'))).
    { apply (Hr r w' G). rewrite HG. constructor; [assumption|constructor]. }
    rewrite (row_eqb_val _ _ H3) in Hw. destruct (w_rel w'), (w_rel w); try discriminate; exact Hw.
  Qed.

  Lemma delete_all {A} (P : positive -> A -> Prop) ns : forall t, all P t ->
    all P (fold_left (fun t n => alter n (fun _ => None) t) ns t).
  Proof.
    induction ns as [|n ns IH]; simpl; intros t H; [exact H|]. apply IH. intros p a.
    destruct (Pos.eq_dec p n) as [->|E0].
    - rewrite get_alter_same. discriminate.
    - rewrite get_alter_other by exact E0. apply H.
  Qed.

  (** ** The neurons that are on at a point *)

  Lemma unless_on_sat i : c_act C = Thr -> is_point C i = true -> forall nums js ls,
    (forall j, In j nums -> is_neuron C j = true) -> unless_on i js nums = Some ls ->
    Exists litsat ls \/ sum (term i) nums = sum coefn js.
  Proof.
    intros EA Hi. induction nums as [|n nums IH]; intros js ls HN; cbn [unless_on].
    - destruct js; [|discriminate]. intros _. right. reflexivity.
    - assert (HR : forall j, In j nums -> is_neuron C j = true) by (intros; apply HN; right; assumption).
      pose proof (Z_nz C M l1 l2 F n i EA (HN n (or_introl eq_refl)) Hi) as Hz. cbn [sum].
      set (on := match js with j :: _ => Pos.eqb j n | [] => false end).
      destruct (unless_on i (if on then tl js else js) nums) as [ls'|] eqn:U; [|discriminate]. intros [= <-].
      destruct (IH _ _ HR U) as [He|HS]; [left; right; exact He|]. rewrite HS. unfold term at 1, actf. rewrite EA.
      destruct (Rlt_dec 0 (Zs n i)) as [Hp|Hp].
      + destruct on eqn:O; [right|left; left; exact Hp].
        destruct js as [|j js]; [discriminate|]. apply Pos.eqb_eq in O. subst j. cbn [sum tl]. rewrite step_pos by exact Hp. ring.
      + destruct on; [left; left; simpl; lra|right]. rewrite step_neg by lra. ring.
  Qed.

  (** Where there is no loss, alpha and what the neurons give are the label. *)
  Lemma value_at i v y : c_act C = Thr -> c_loss C = None -> get i (c_pts C) = Some (v, y) ->
    alpha M xH + sum (term i) (c_nums C) = Q2R y.
  Proof.
    intros EA EL Hi. pose proof (affine_val 1 i v y Leaf Hi) as HA. unfold affine in HA. rewrite EL, vv_addg, Q2R_1 in HA.
    unfold valuation in HA. rewrite EA, vq_one in HA. cbn [vv] in HA. lra.
  Qed.

  (** ** Neurons in order *)

  Lemma lex_clause_sat j : c_act C = Thr -> is_neuron C j = true -> is_neuron C (Pos.succ j) = true -> forall is ss ls,
    Forall (fun i => is_point C i = true) is -> word_le (map (vec C) is) (unitn M j) (unitn M (Pos.succ j)) ->
    lex_clause j is ss = Some ls -> Exists litsat ls.
  Proof.
    intros EA Hj Hj'. induction is as [|i is IH]; intros ss ls HP HW; simpl; [discriminate|].
    inversion HP as [|? ? Hi HP']; subst.
    pose proof (Z_nz C M l1 l2 F j i EA Hj Hi) as N. pose proof (Z_nz C M l1 l2 F (Pos.succ j) i EA Hj' Hi) as N'.
    cbn [map word_le] in HW. change (pr (unitn M j) (vec C i)) with (Zs j i) in HW.
    change (pr (unitn M (Pos.succ j)) (vec C i)) with (Zs (Pos.succ j) i) in HW. set (z := Zs j i) in *. set (z' := Zs (Pos.succ j) i) in *.
    destruct ss as [|on ss].
    - intros [= <-]. destruct (Rlt_dec 0 z) as [Hz|Hz].
      + right. left. simpl. change (0 < z'). destruct HW as [HW|[HW _]]; [lra|apply HW, Hz].
      + left. simpl. change (z < 0). lra.
    - destruct (lex_clause j is ss) as [ls'|] eqn:X; [|discriminate]. intros [= <-].
      destruct (Rlt_dec 0 z) as [Hz|Hz], (Rlt_dec 0 z') as [Hz'|Hz'].
      + destruct on; [|left; exact Hz]. right. right. apply (IH ss ls' HP'); [|exact X]. destruct HW as [HW|[_ HW]]; [lra|exact HW].
      + destruct on; [right; left; simpl; change (z' < 0); lra|left; exact Hz].
      + destruct on; [left; simpl; change (z < 0); lra|right; left; exact Hz'].
      + destruct on; [left; simpl; change (z < 0); lra|]. right. right. apply (IH ss ls' HP'); [|exact X]. tauto.
  Qed.

  Lemma lex_sat j ss ls : c_act C = Thr -> (fst (order_of C j) = true -> coefn j = coefn (Pos.succ j)) ->
    lex_clause j (snd (order_of C j)) ss = Some ls -> Exists litsat ls.
  Proof.
    intros EA HE X. destruct (f_ord _ _ _ _ F j) as [HP HR].
    assert (IN : is_neuron C (Pos.succ j) = true).
    { unfold order_of in X. destruct (is_neuron C (Pos.succ j)); [reflexivity|discriminate X]. }
    apply (lex_clause_sat j EA) with (is := snd (order_of C j)) (ss := ss); [|exact IN|exact HP|apply (rank_words _ _ _ HR HE)|exact X].
    unfold is_neuron in *. rewrite N.leb_le in *. lia.
  Qed.

  Lemma same_coef_sat j a b : same_coef Et j a b = true -> ~ dsat a \/ ~ dsat b \/ coefn j = coefn (Pos.succ j).
  Proof.
    unfold same_coef. destruct (get a Et) as [[| |v [|i [|]]]|] eqn:A; try discriminate. apply Hsub in A.
    destruct (get b Et) as [[| |w [|i' [|]]]|] eqn:B; try discriminate. apply Hsub in B.
    rewrite !andb_true_iff. intros [[H1 H2] H3]. apply Pos.eqb_eq in H1. apply Pos.eqb_eq in H2. apply qeq_R in H3. subst i i'.
    destruct (dsat_dec a) as [Ha|]; [|auto]. destruct (dsat_dec b) as [Hb|]; [|auto]. right. right.
    unfold dsat in Ha, Hb. rewrite A in Ha. rewrite B in Hb. unfold value_on in Ha, Hb. cbn [sum] in Ha, Hb. lra.
  Qed.

  Lemma ordered_sat j ss ab ls : c_act C = Thr -> ordered_clause Et C j ss ab = Some ls -> Exists litsat ls.
  Proof.
    intros EA. pose proof (lex_sat j ss) as HL. unfold ordered_clause. destruct (order_of C j) as [[] is]; cbn [fst snd] in HL.
    - destruct ab as [[a b]|]; [|discriminate]. destruct (same_coef Et j a b) eqn:S; [|discriminate].
      destruct (lex_clause j is ss) as [ls'|]; [|discriminate]. intros [= <-].
      destruct (same_coef_sat j a b S) as [Ha|[Hb|HE]]; [left; exact Ha|right; left; exact Hb|].
      right. right. apply HL; auto.
    - destruct ab; [discriminate|]. intros X. apply HL; [exact EA|discriminate|exact X].
  Qed.

  Lemma with_def_sat s n d : tinv s -> tinv (with_def n d s).
  Proof. intros H. constructor; simpl; apply H. Qed.

  Lemma step_on_sat s st s' : tinv s -> step_on Et C s st = Some s' ->
    (forall n d, get n (t_env s') = Some d -> get n E = Some d) -> tinv s'.
  Proof.
    intros H HS HE0. revert HS. pose proof (i_know _ H) as HK. destruct st as [a b|j L|l c|n ls c|n ls|n L first t|n ls c|n c rs|n ls hs|ns|c|n v js|n m i|n j t ss ab|n m ls c]; cbn [step_on].
    - destruct (make_pair C a b) as [p|] eqn:P; [|discriminate]. intros [= <-].
      constructor; cbn; try apply H; try exact no_scopes. constructor; cbn; try apply HK.
      intros p' Hp. apply in_app_or in Hp as [Hp|[<-|[]]]; [apply (k_pairs _ _ _ HK), Hp|apply (make_pair_sat a b), P].
    - apply bound_sat, H.
    - destruct (good C l) eqn:G; simpl; [|discriminate].
      destruct (refutes _ _ _ _ _ _) eqn:R; [|discriminate]. intros [= <-].
      constructor; cbn; try apply H; try exact no_scopes. apply (add_fact_sat C M l1 l2 F); [exact HK|].
      destruct (neg_or C M l1 l2 F l G) as [Hl|Hl]; [exact Hl|exfalso].
      apply (refutes_sat _ (i_rows _ H) _ (proj1 (i_eqs _ H)) _ _ (sinv0 _ (add_fact_sat C M l1 l2 F _ _ HK Hl)) R).
    - destruct (fresh n s); simpl; [|discriminate]. destruct (forallb _ ls) eqn:G; simpl; [|discriminate].
      destruct (refutes _ _ _ _ _ _) eqn:R; [|discriminate]. intros [= <-].
      assert (HE : Exists litsat ls); [|apply with_unit_sat; [apply with_clause_sat; assumption|exact HE]].
      destruct (all_neg (t_last s) ls) as [He|Hf]; [|exact He|exfalso].
      { apply forallb_forall. intros l Hl. rewrite forallb_forall in G. specialize (G l Hl).
        apply andb_true_iff in G. apply G. }
      apply (refutes_sat _ (i_rows _ H) _ (proj1 (i_eqs _ H)) _ _ (suppose_sat _ Hf _ (sinv0 _ HK)) R).
    - destruct (_ && _); [|discriminate]. intros [= <-]. apply with_def_sat, H.
    - destruct (get (skey L first) (c_slots C)) as [ss|] eqn:G; [|discriminate].
      destruct (nth_error ss _) as [sl|] eqn:N; [|discriminate].
      destruct (fresh n s); [|discriminate]. intros [= <-].
      assert (D : get n E = Some (DK first (s_p sl) (s_r sl)))
        by (apply HE0; cbn; rewrite get_set, Pos.eqb_refl; reflexivity).
      apply with_clause_sat; [apply with_def_sat, H|].
      destruct (f_brk _ _ _ _ F L first ss G sl (nth_error_In _ _ N)) as (u & Hu & B).
      destruct (class_index first u Hu) as (j & Hj & Hcl & <-).
      apply Exists_exists. exists (LX true j n). split.
      + apply in_map_iff. exists j. split; [reflexivity|]. apply filter_In. auto.
      + simpl. unfold xsat. rewrite D. exact B.
    - destruct (fresh n s); simpl; [|discriminate]. destruct (forallb _ ls) eqn:G; simpl; [|discriminate].
      cbv zeta. destruct (combine _ _ _ _ _ _) as [[rl rw]|] eqn:R; [|discriminate]. intros [= <-].
      apply keep_scope_sat; [|intros Hg; apply scope_of_sat; assumption].
      apply with_row_sat; [exact H|]. intros Hg. simpl in Hg |- *.
      apply (combine_sat _ (i_rows _ H) _ (proj1 (i_eqs _ H)) _ _ _ _ (scope_of_sat s ls H Hg) R).
    - destruct (get c (t_clauses s)) as [ls|] eqn:G; [|discriminate]. destruct rs as [|r rs]; [discriminate|].
      destruct (get r (t_rows s)) as [w|] eqn:W; [|discriminate].
      destruct (fresh n s && _) eqn:X; [|discriminate]. apply andb_true_iff in X as [_ X]. intros [= <-].
      apply with_row_sat; [exact H|]. intros _. cbn [w_rel w_row].
      apply (merge_sat _ w (i_rows _ H) _ _ X). apply (i_clauses _ H _ _ G).
    - destruct (fresh n s); simpl; [|discriminate]. destruct (forallb _ ls) eqn:G; simpl; [|discriminate].
      destruct (forallb (is_hint _ _ _) hs); simpl; [|discriminate].
      destruct (propagate _ _ _ _ _) eqn:R; [|discriminate]. intros [= <-].
      assert (HE : Exists litsat ls); [|apply with_unit_sat; [apply with_clause_sat; assumption|exact HE]].
      destruct (all_neg (t_last s) ls G) as [He|Hf]; [exact He|exfalso].
      apply (propagate_sat _ (i_clauses _ H) _ _ (assume_all_sat _ Hf _ (sinv0 _ HK)) R).
    - destruct (forallb _ ns); [|discriminate]. intros [= <-]. constructor; cbn; try apply H.
      + apply delete_all, H.
      + apply delete_all, H.
    - destruct (refutes _ _ _ _ _ _) eqn:R; [|discriminate]. exfalso.
      apply (refutes_sat _ (i_rows _ H) _ (proj1 (i_eqs _ H)) _ _ (sinv0 _ HK) R).
    - destruct (c_act C); [discriminate|]. destruct (_ && _); [|discriminate]. intros [= <-]. apply with_def_sat, H.
    - destruct (c_act C) eqn:EA; [discriminate|]. destruct (c_loss C) eqn:EL; [discriminate|].
      destruct (get m Et) as [[| |v js]|] eqn:D; try discriminate. apply Hsub in D.
      destruct (get i (c_pts C)) as [[x y]|] eqn:G; [|discriminate].
      destruct (fresh n s && qeq y v) eqn:X; [|discriminate]. apply andb_true_iff in X as [_ X]. apply qeq_R in X.
      destruct (unless_on i js (c_nums C)) as [ls|] eqn:U; [|discriminate]. intros [= <-].
      apply with_clause_sat; [exact H|]. destruct (vec_pts i x y G) as [_ Hp].
      destruct (unless_on_sat i EA Hp _ js ls (fun j Hj => nums_neuron j Hj) U) as [He|Hj]; [right; exact He|left].
      simpl. unfold dsat. rewrite D. unfold value_on. rewrite <- Hj, <- X. apply (value_at i x y EA EL G).
    - destruct (c_act C) eqn:EA; [discriminate|]. destruct (_ && _); [|discriminate].
      destruct (ordered_clause Et C j ss ab) as [ls|] eqn:X; [|discriminate]. intros [= <-].
      apply with_clause_sat; [exact H|]. apply (ordered_sat j ss ab ls EA X).
    - destruct (c_act C) eqn:EA; [discriminate|]. destruct (get m Et) as [[| |v js]|] eqn:D; try discriminate. apply Hsub in D.
      destruct (fresh n s); simpl; [|discriminate]. destruct (forallb _ ls) eqn:G; simpl; [|discriminate].
      destruct (follows _ _ _ _ _ _ _ _ _) eqn:R; [|discriminate]. intros [= <-].
      apply with_clause_sat; [exact H|]. destruct (all_neg (t_last s) ls) as [He|Hf]; [|right; exact He|left].
      { apply forallb_forall. intros l Hl. rewrite forallb_forall in G. specialize (G l Hl).
        apply andb_true_iff in G. apply G. }
      simpl. unfold dsat. rewrite D.
      apply (follows_sat _ (i_rows _ H) _ (proj1 (i_eqs _ H)) _ m v js c EA (suppose_sat _ Hf _ (sinv0 _ HK)) R).
  Qed.

  Lemma prepare_sat s c : tinv s -> tinv (prepare C s c).
  Proof.
    intros H. constructor; cbn; try apply H. apply settle_all_ok; [apply (i_know _ H)|apply (i_eqs _ H)].
  Qed.

End Steps.

(** ** From step to step *)

Definition sub (E E' : env) : Prop := forall n d, get n E = Some d -> get n E' = Some d.
(** Definitions have numbers, and they only get more. *)
Definition numbered (s : state) : Prop := forall n d, get n (t_env s) = Some d -> (Npos n <= t_last s)%N.
Definition grows (s s' : state) : Prop := sub (t_env s) (t_env s') /\ numbered s'.

Lemma grows_same s s' : numbered s -> t_env s' = t_env s -> (t_last s <= t_last s')%N -> grows s s'.
Proof.
  intros H E L. split; [intros n d; rewrite E; auto|]. intros n d. rewrite E. intros G. specialize (H n d G). lia.
Qed.

Lemma grows_def s s' n d : numbered s -> fresh n s = true -> t_env s' = set n d (t_env s) -> t_last s' = Npos n -> grows s s'.
Proof.
  unfold fresh. rewrite N.ltb_lt. intros H L E ET. split.
  - intros m x G. rewrite E, get_set. destruct (Pos.eqb_spec m n) as [->|]; [specialize (H n x G); lia|exact G].
  - intros m x. rewrite E, get_set, ET. destruct (Pos.eqb_spec m n) as [->|]; [lia|]. intros G. specialize (H m x G). lia.
Qed.

Lemma with_unit_env C ls s : t_env (with_unit C ls s) = t_env s /\ t_last (with_unit C ls s) = t_last s.
Proof. destruct ls as [|[l|b j n|b n] [|]]; simpl; auto. Qed.
Lemma keep_scope_env ls sc s : t_env (keep_scope ls sc s) = t_env s /\ t_last (keep_scope ls sc s) = t_last s.
Proof. destruct ls as [|[a|b j n|[] n] [|l ls]]; simpl; auto. destruct (get n (t_scopes s)); simpl; auto. Qed.

Lemma step_grows E C s st s' : numbered s -> step_on E C s st = Some s' -> grows s s'.
Proof.
  intros H. assert (FL : forall n, fresh n s = true -> (t_last s <= Npos n)%N) by (unfold fresh; intros n; rewrite N.ltb_lt; lia).
  destruct st as [a b|j L|l c|n ls c|n ls|n L first t|n ls c|n c rs|n ls hs|ns|c|n v js|n m i|n j t ss ab|n m ls c]; cbn [step_on].
  - destruct (make_pair C a b); [|discriminate]. intros [= <-]. apply grows_same; [exact H|reflexivity|reflexivity].
  - unfold bound. destruct (get _ (c_cur C)) as [[nn tt]|]; [|discriminate]. destruct (get j _); [|discriminate].
    destruct (_ && _ && _); [|discriminate]. cbv zeta. destruct (first_from _ _ tt) as [[n1 lo]|].
    + destruct (match last_to _ _ tt with Some _ => _ | None => _ end) as [n2 up]. intros [= <-]. apply grows_same; [exact H|reflexivity|reflexivity].
    + intros [= <-]. apply grows_same; [exact H|reflexivity|reflexivity].
  - destruct (_ && _); [|discriminate]. intros [= <-]. apply grows_same; [exact H|reflexivity|reflexivity].
  - destruct (fresh n s) eqn:FN; simpl; [|discriminate]. destruct (_ && _); [|discriminate]. intros [= <-].
    destruct (with_unit_env C ls (with_clause n ls s)) as [E1 E2]. apply grows_same; [exact H|rewrite E1; reflexivity|rewrite E2; apply FL, FN].
  - destruct (fresh n s) eqn:FN; simpl; [|discriminate]. destruct (forallb _ ls); [|discriminate]. intros [= <-].
    apply (grows_def _ _ n (DD ls)); auto.
  - destruct (get _ (c_slots C)) as [ss|]; [|discriminate]. destruct (nth_error ss _) as [sl|]; [|discriminate].
    destruct (fresh n s) eqn:FN; [|discriminate]. intros [= <-]. apply (grows_def _ _ n (DK first (s_p sl) (s_r sl))); auto.
  - destruct (fresh n s) eqn:FN; simpl; [|discriminate]. destruct (forallb _ ls); [|discriminate].
    destruct (combine _ _ _ _ _ _) as [[rl rw]|]; [|discriminate]. intros [= <-].
    match goal with |- grows s (keep_scope ?a ?b ?c) => destruct (keep_scope_env a b c) as [E1 E2] end.
    apply grows_same; [exact H|rewrite E1; reflexivity|rewrite E2; apply FL, FN].
  - destruct (get c (t_clauses s)); [|discriminate]. destruct rs as [|r rs]; [discriminate|].
    destruct (get r (t_rows s)); [|discriminate]. destruct (fresh n s) eqn:FN; simpl; [|discriminate].
    destruct (merge _ _ _ _ _); [|discriminate]. intros [= <-]. apply grows_same; [exact H|reflexivity|apply FL, FN].
  - destruct (fresh n s) eqn:FN; simpl; [|discriminate]. destruct (_ && _ && _); [|discriminate]. intros [= <-].
    destruct (with_unit_env C ls (with_clause n ls s)) as [E1 E2]. apply grows_same; [exact H|rewrite E1; reflexivity|rewrite E2; apply FL, FN].
  - destruct (forallb _ ns); [|discriminate]. intros [= <-]. apply grows_same; [exact H|reflexivity|reflexivity].
  - destruct (refutes _ _ _ _ _ _); [|discriminate]. intros [= <-]. apply grows_same; [exact H|reflexivity|reflexivity].
  - destruct (c_act C); [discriminate|]. destruct (fresh n s) eqn:FN; simpl; [|discriminate].
    destruct (ascending _ _ js); [|discriminate]. intros [= <-]. apply (grows_def _ _ n (DV v js)); auto.
  - destruct (c_act C); [discriminate|]. destruct (c_loss C); [discriminate|].
    destruct (get m E) as [[| |v js]|]; try discriminate. destruct (get i (c_pts C)) as [[x y]|]; [|discriminate].
    destruct (fresh n s) eqn:FN; simpl; [|discriminate]. destruct (qeq y v); [|discriminate].
    destruct (unless_on _ _ _) as [ls|]; [|discriminate]. intros [= <-]. apply grows_same; [exact H|reflexivity|apply FL, FN].
  - destruct (c_act C); [discriminate|]. destruct (fresh n s) eqn:FN; simpl; [|discriminate]. destruct (Pos.eqb _ _); [|discriminate].
    destruct (ordered_clause _ _ _ _ _) as [ls|]; [|discriminate]. intros [= <-]. apply grows_same; [exact H|reflexivity|apply FL, FN].
  - destruct (c_act C); [discriminate|]. destruct (get m E) as [[| |v js]|]; try discriminate.
    destruct (fresh n s) eqn:FN; simpl; [|discriminate]. destruct (_ && _); [|discriminate]. intros [= <-].
    apply grows_same; [exact H|reflexivity|apply FL, FN].
Qed.

Lemma do_step_on C s st : exists s0, do_step C s st = step_on (t_env s) C s0 st /\
  (s0 = s \/ exists c, s0 = prepare C s c).
Proof. destruct st; cbn [do_step]; eexists; eauto. Qed.

Lemma do_step_grows C s st s' : numbered s -> do_step C s st = Some s' -> grows s s'.
Proof.
  intros H. destruct (do_step_on C s st) as (s0 & -> & [->|(c & ->)]); [apply step_grows, H|].
  intros HS. apply step_grows in HS; [exact HS|exact H].
Qed.

Lemma sub_trans E1 E2 E3 : sub E1 E2 -> sub E2 E3 -> sub E1 E3.
Proof. unfold sub. auto. Qed.

(** All is meant by the definitions at the end. *)
Lemma run_sat C M l1 l2 (F : fit C M l1 l2) items : forall s qed, numbered s -> (forall E, sub (t_env s) E -> tinv C M E s) ->
  run C s items qed = Ok -> False.
Proof.
  intros s qed HN HT HR.
  assert (HF : exists E, sub (t_env s) E /\ forall s0, s0 = s -> tinv C M E s0 -> False).
  { clear HT. revert s HN HR. induction items as [|[n st] items IH]; intros s HN; simpl.
    - destruct (t_done s) eqn:D; [intros _|discriminate]. exists (t_env s). split; [unfold sub; auto|].
      intros s0 -> H. apply (i_done _ _ _ _ H D).
    - destruct (t_done s); [discriminate|]. destruct (do_step C s st) as [s'|] eqn:S; [|discriminate]. intros HR.
      destruct (do_step_grows C s st s' HN S) as [G1 G2]. destruct (IH s' G2 HR) as (E & HE & HX).
      exists E. pose proof (sub_trans _ _ _ G1 HE) as HE'. split; [exact HE'|].
      intros s0 -> H. apply (HX s' eq_refl).
      destruct (do_step_on C s st) as (s1 & ES & HS1). rewrite ES in S.
      apply (step_on_sat C M l1 l2 F E (t_env s) HE' s1 st s'); [|exact S|exact HE].
      destruct HS1 as [->|(c & ->)]; [exact H|apply (prepare_sat C M l1 l2 F E), H]. }
  destruct HF as (E & HE & HX). apply (HX s eq_refl). apply HT, HE.
Qed.
