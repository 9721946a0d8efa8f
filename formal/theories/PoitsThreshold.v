(** * Corollary 8: positive one-in-three 3-SAT and threshold neurons

    The paper says that stripes take the place of levees; points and bounds are
    those of reductions.md, section 6. *)

From Coq Require Import Reals QArith Qreals List Lra Lia Psatz Permutation.
From Certify Require Import Semantics Lines Levee Slots Gadget Stack Formula Layout Stripe.
Import ListNotations.

(** ** The reduction, on rational data

    In a gadget: 4 points at x_1 = 0, 4 at eps = 1/3, 4 at -eps, each by increasing
    x_2; then four points of label 0 for each pair of consecutive slopes. *)

Open Scope Q_scope.

Definition line4 (t c z lo hi : Q) : data :=
  [ point c (z - 1 - t + lo) 0; point c (z - 1 + t + hi) 1;
    point c (z + 1 - t + lo) 1; point c (z + 1 + t + hi) 0 ].

Fixpoint x_data (t z : Q) (l : list Q) : data :=
  match l with
  | s :: ((s' :: _) as l') =>
      let x := 3 / (s' - s) in
      [ point x (z + x * s + 1 + t) 0; point x (z + x * s' - 1 - t) 0;
        point (- x) (z - x * s - 1 - t) 0; point (- x) (z - x * s' + 1 + t) 0 ] ++ x_data t z l'
  | _ => []
  end.

Definition stripe_data (t z : Q) (l : list Q) : data :=
  line4 t 0 z 0 0 ++ line4 t (1#3) z ((1#3) * hd 0 l) ((1#3) * last l 0)
    ++ line4 t (- (1#3)) z (- (1#3) * last l 0) (- (1#3) * hd 0 l) ++ x_data t z l.

Definition tDelta (m : nat) : Q := 24 * qn (max1 m) + 6.
Definition tau (F : formula) : Q :=
  1 / (2 + 12 * tDelta (length (clauses F)) * qn (max1 (length (clauses F) + variables F))).

Definition poits_threshold_width (F : formula) : nat := 2 * (length (clauses F) + variables F).

Definition poits_threshold (F : formula) : data :=
  match poits_threshold_width F with
  | O => [point 0 0 0]
  | _ => global_points (stripe_data (tau F)) (tDelta (length (clauses F))) F
  end.

(** ** The same over the reals *)

Open Scope R_scope.

Definition value_at (N : list neuron) (x1 x2 : R) : R := eval step N [x1; x2].

Lemma line4_fits N t c z l h : fits step N (line4 t c z l h) <->
  four_labels (Q2R t) (value_at N (Q2R c)) (Window (Q2R z) (Q2R l) (Q2R h)).
Proof.
  unfold line4, four_labels, value_at; simpl mid; simpl lo; simpl hi.
  repeat rewrite fits_point; rewrite fits_nil; autorewrite with q2r; tauto.
Qed.

Lemma x_data_fits N t z d l : 0 < d -> rising d (map Q2R l) ->
  fits step N (x_data t z l) <-> x_points (value_at N) (Q2R t) (Q2R z) (map Q2R l).
Proof.
  intros Hd. induction l as [|a [|b l] IH]; [simpl; rewrite fits_nil; tauto..|].
  intros [H Hr]. specialize (IH Hr).
  cbn [map x_points]. cbn [map x_points] in IH. rewrite <- IH. clear IH.
  cbn [x_data]. cbv zeta. cbn [app]. rewrite !fits_point. unfold value_at.
  assert (Q2R (b - a) <> 0) by (rewrite Q2R_minus; lra).
  autorewrite with q2r. rewrite !Q2R_divide by assumption. autorewrite with q2r. tauto.
Qed.

Lemma stripe_data_fits N t d z l : 0 < d -> rising d (map Q2R l) ->
  fits step N (stripe_data t z l) <->
  fits_stripes (Q2R t) (value_at N) (Gadget (Q2R z) (map Q2R l)).
Proof.
  intros Hd Hr. unfold stripe_data. rewrite !fits_app, !line4_fits, (x_data_fits N t z d l Hd Hr).
  unfold fits_stripes, window0, window_left, window_right, first_slope, last_slope; simpl offset; simpl slopes.
  rewrite !Q2R_mult, !Q2R_opp, Q2R_hd, Q2R_last, Q2R_1_3, Q2R_0'. tauto.
Qed.

Definition tD (m : nat) : R := 24 * rM m + 6.
Definition rtau (F : formula) : R :=
  1 / (2 + 12 * tD (length (clauses F)) * rM (length (clauses F) + variables F)).

Lemma Q2R_tDelta m : Q2R (tDelta m) = tD m.
Proof. unfold tDelta, tD, rM. autorewrite with q2r. reflexivity. Qed.

Lemma tD_bounds m : 30 <= tD m /\ 16 * rM m + 6 <= tD m.
Proof. destruct (rM_bounds m) as [H _]. unfold tD. lra. Qed.

Lemma Q2R_tau F : Q2R (tau F) = rtau F.
Proof.
  unfold tau, rtau, rM at 1. set (m := length (clauses F)). set (k := (m + variables F)%nat).
  destruct (tD_bounds m) as [H _]. destruct (rM_bounds k) as [H' _]. unfold rM in H'.
  rewrite Q2R_divide; autorewrite with q2r; rewrite Q2R_tDelta; [reflexivity|nra].
Qed.

(** The play adds up to at most 1/2 as far out as the literals' points lie. *)
Lemma rtau_bounds F : 0 < rtau F <= 1/12 /\
  forall x, 0 <= x <= tD (length (clauses F)) * (INR (variables F) + INR (length (clauses F))) ->
    rtau F * (1 + 6 * x) <= 1/2.
Proof.
  unfold rtau. set (m := length (clauses F)). set (n := variables F).
  destruct (tD_bounds m) as [H _]. destruct (rM_bounds (m + n)) as [H1 H2].
  rewrite plus_INR in H2. set (M := rM (m + n)) in *. set (D := tD m) in *.
  assert (HDM : 30 <= D * M) by nra.
  assert (Hp : 0 < 1 / (2 + 12 * D * M)) by (apply Rdiv_lt_0_compat; lra).
  assert (E : 1 / (2 + 12 * D * M) * (2 + 12 * D * M) = 1) by (field; lra).
  set (t := 1 / (2 + 12 * D * M)) in *. clearbody t. split; [nra|].
  intros x Hx. assert (x <= D * M).
  { eapply Rle_trans; [apply Hx|]. apply Rmult_le_compat_l; lra. }
  assert (t * x <= t * (D * M)) by (apply Rmult_le_compat_l; lra). lra.
Qed.

Definition threshold_stack (F : formula) : list gadget := stack (tD (length (clauses F))) F.

Lemma threshold_stackable F :
  stripe_stackable (rd (length (clauses F))) (tD (length (clauses F))) (threshold_stack F).
Proof.
  set (m := length (clauses F)).
  destruct (rM_bounds m) as [H1 H2]. destruct (rd_M m) as [E Hd]. destruct (tD_bounds m) as [H3 _].
  split; [exact Hd|].
  split. { unfold tD, rd. apply Req_le. field. lra. }
  split; [apply stack_spaced; fold m; lra|].
  intros g Hg. destruct (stack_formed _ _ _ Hg) as (F1 & F2 & F3). fold m in F2.
  split; [exact F1|]. split; [exact F2|]. split; [exact F3|]. lra.
Qed.

Lemma poits_threshold_points_fit F N :
  fits step N (global_points (stripe_data (tau F)) (tDelta (length (clauses F))) F) <->
  (forall g, In g (threshold_stack F) -> fits_stripes (rtau F) (value_at N) g) /\
  fits_literals (tD (length (clauses F))) (value_at N) F.
Proof.
  unfold threshold_stack. rewrite <- Q2R_tDelta, <- Q2R_tau. apply global_points_fit.
  intros z l Hr _. destruct (rd_M (length (clauses F))) as [_ Hd].
  apply (stripe_data_fits N _ (rd (length (clauses F)))); [lra|exact Hr].
Qed.

(** ** Corollary 8 *)

Lemma stripes_striped D F h :
  (forall p, In p (places (variables F) (length (clauses F))) -> In (h p) (place_slopes (length (clauses F)) p)) ->
  striped D F h (stripes (stack D F) (map h (places (variables F) (length (clauses F))))).
Proof.
  intros Hh. split; [exact Hh|].
  exists (fun p x1 x2 => stripe (h p) x1 (x2 - place_offset D p)). split.
  - intros x1 x2. unfold stripes, stack. clear Hh.
    induction (places _ _) as [|p l IH]; simpl; congruence.
  - intros p x1 x2 _ _. split; intros H; [apply stripe_1; lra|].
    apply stripe_0. revert H. unfold Rabs. destruct (Rcase_abs (x2 - place_offset D p - h p * x1)); intros H; [left|right]; lra.
Qed.

Lemma stripes_network G ss : exists N, length N = (2 * length (combine G ss))%nat /\
  Forall (threshold_neuron 2) N /\ forall x1 x2, eval step N [x1; x2] = stripes G ss x1 x2.
Proof.
  unfold stripes. induction (combine G ss) as [|[g s] l (N & Hlen & HN & E)].
  - exists []. repeat split; auto.
  - exists (stripe_neurons (offset g) s ++ N). split; [rewrite app_length, Hlen; simpl; lia|].
    split; [apply Forall_app; split; [repeat constructor|exact HN]|].
    intros x1 x2. unfold eval in *. rewrite sum_app, E. cbn [sum fst snd].
    f_equal. apply eval_stripe.
Qed.

Lemma choice_of_slopes D F h :
  (forall p, In p (places (variables F) (length (clauses F))) -> In (h p) (place_slopes (length (clauses F)) p)) ->
  choice (stack D F) (map h (places (variables F) (length (clauses F)))).
Proof.
  unfold choice, stack. generalize (places (variables F) (length (clauses F))).
  induction l as [|p l IH]; intros H; simpl; constructor.
  - apply H. left; reflexivity.
  - apply IH. intros; apply H; right; assumption.
Qed.

(** Corollary 8: the formula has an assignment with exactly one true literal in
    each clause if and only if 2(m + n) threshold neurons can fit the data. *)
Theorem corollary_8 F : well_formed_formula F ->
  threshold_trainable 2 (poits_threshold_width F) (poits_threshold F) <-> exists v, one_in_three v F.
Proof.
  intros HF. unfold poits_threshold. destruct (poits_threshold_width F) as [|k] eqn:Ek.
  { unfold poits_threshold_width in Ek.
    assert (Ecl : clauses F = []) by (destruct (clauses F); [reflexivity|simpl in Ek; lia]).
    split; intros _.
    - exists (fun _ => true). intros a b c. rewrite Ecl. intros [].
    - exists []. split; [reflexivity|]. split; [constructor|].
      apply fits_point. split; [|apply fits_nil; exact I]. rewrite Q2R_0'. reflexivity. }
  set (m := length (clauses F)) in *. set (n := variables F).
  assert (Hlen : length (threshold_stack F) = (m + n)%nat) by apply stack_length.
  assert (Ek' : S k = (2 * (m + n))%nat) by (rewrite <- Ek; reflexivity).
  destruct (tD_bounds m) as [_ HD]. destruct (rtau_bounds F) as [Ht Hplay]. fold m n in Hplay.
  split.
  - intros (N & HN & _ & Hfit). apply poits_threshold_points_fit in Hfit as [Hg Hl].
    destruct (stripes_only_if (rd m) (tD m) (rtau F) (threshold_stack F) N) as (Ps & HP & E).
    + intros E0. rewrite E0 in Hlen. simpl in Hlen. lia.
    + apply threshold_stackable.
    + exact Ht.
    + lia.
    + exact Hg.
    + (* the pair and the slope of each place *)
      destruct (choice_function _ (place_gadget (tD m) m) (Pair (Neuron [] 0 0) (Neuron [] 0 0)) _
        (places_nodup n m) Ps HP) as (q & -> & Hq).
      assert (Hh : exists h : place -> R, forall p, In p (places n m) ->
        In (h p) (place_slopes m p) /\ close (rtau F) (place_offset (tD m) p) (h p) (q p)).
      { assert (HF2 : exists ss, Forall2 (fun p s => In s (place_slopes m p) /\
            close (rtau F) (place_offset (tD m) p) s (q p)) (map (fun p => p) (places n m)) ss).
        { rewrite map_id. clear - Hq. induction (places n m) as [|p l IH].
          - exists []. constructor.
          - destruct (Hq p (or_introl eq_refl)) as (s & Hs & Hc).
            destruct IH as (ss & IH); [intros; apply Hq; right; assumption|].
            exists (s :: ss). constructor; [split; [exact Hs|exact Hc]|exact IH]. }
        destruct HF2 as (ss & HF2).
        destruct (choice_function _ (fun p => p) 0 _ (places_nodup n m) ss HF2) as (h & _ & Hh).
        exists h. exact Hh. }
      destruct Hh as (h & Hh).
      exists (fun i => if Req_EM_T (h (Var i)) 1 then false else true).
      apply (assignment_of_choice (tD m) F h (value_at N) HD HF); [|exact Hl].
      split; [intros p Hp; apply Hh, Hp|].
      exists (fun p => strip (q p)). split.
      * intros x1 x2. unfold value_at. rewrite E. apply sum_map.
      * intros p x1 x2 Hp Hx. destruct (Hh p Hp) as [_ Hc].
        apply (close_strip (rtau F)); [apply Ht|exact Hc|apply Hx|apply Hplay; exact Hx].
  - intros (v & Hv). set (h := slope_of_assignment F v).
    assert (HL : forall p, In p (places n m) -> In (h p) (place_slopes m p))
      by (intros p _; apply slope_of_assignment_legal).
    destruct (stripes_network (threshold_stack F) (map h (places n m))) as (N & HN & Hok & E).
    exists N. split; [|split; [exact Hok|]].
    + rewrite HN, combine_length, map_length, Hlen, places_length, PeanoNat.Nat.min_id. lia.
    + apply poits_threshold_points_fit. split.
      * intros g Hg. pose proof (threshold_stackable F) as HS. fold m in HS.
        apply (fits_stripes_ext (rd m) (rtau F) (stripes (threshold_stack F) (map h (places n m)))).
        -- apply HS.
        -- exact Ht.
        -- destruct HS as (_ & _ & _ & W). apply W. exact Hg.
        -- intros x1 x2 _. symmetry. apply E.
        -- apply (stripes_if (rd m) (tD m)); [exact HS|exact Ht| |exact Hg].
           apply choice_of_slopes. exact HL.
      * intros j a b c Hnum r i Hri. unfold value_at. rewrite E.
        apply (choice_of_assignment (tD m) F v _ HD HF Hv (stripes_striped (tD m) F h HL) j a b c Hnum r i Hri).
Qed.
