(** * The checkers are sound *)

From Coq Require Import Reals QArith Qreals List Lra Lia Bool NArith PArith Permutation Sorted.
From Certify Require Import Semantics.
From CertifyChecker Require Import Trie Model SlotTree Check Knowledge Steps.
Import ListNotations.
Open Scope R_scope.

(** ** Tools for slots *)

Lemma find_pos_in L on l : find_pos L on = Some l -> In (L, l) on.
Proof.
  induction on as [|[n q] on IH]; simpl; [discriminate|].
  destruct (Pos.eqb_spec n L) as [->|]; [intros [= ->]; auto|auto].
Qed.


(** Breaking strictly in a slot as declared. *)
Lemma plain_cbrk C ln s u : slot_ok C ln s -> Q2R (s_lp s) < Q2R (s_lr s) -> plain s ->
  sbrk (slot_pts C s) u -> cbrk C ln s u.
Proof.
  intros (P & R & _) Hlt [H1 H2] B. unfold cbrk, left_rel, right_rel. rewrite H1, H2. simpl.
  unfold sbrk, brk, slot_pts in B. simpl in B.
  assert (Ep : pr u (vec C (s_p s)) = (1 - Q2R (s_lp s)) * pr u (l_a ln) + Q2R (s_lp s) * pr u (l_b ln)) by apply P.
  assert (Er : pr u (vec C (s_r s)) = (1 - Q2R (s_lr s)) * pr u (l_a ln) + Q2R (s_lr s) * pr u (l_b ln)) by apply R.
  set (d := pr u (l_b ln) - pr u (l_a ln)).
  assert (Ed : pr u (vec C (s_r s)) - pr u (vec C (s_p s)) = (Q2R (s_lr s) - Q2R (s_lp s)) * d) by (unfold d; rewrite Ep, Er; ring).
  set (zp := pr u (vec C (s_p s))) in *. set (zr := pr u (vec C (s_r s))) in *. clearbody d zp zr.
  assert (zp <> 0) by (intros E; rewrite E in B; lra).
  assert (zr <> 0) by (intros E; rewrite E in B; lra).
  destruct (Rlt_dec zp 0).
  - exists 1. assert (0 < zr) by nra. split; [auto|]. split; [nra|]. lra.
  - exists (-1). assert (zr < 0) by nra. split; [auto|]. split; [nra|]. lra.
Qed.

(** Who breaks in a slot shows that it is not empty. *)
Lemma cbrk_open C ln s u : slot_ok C ln s -> cbrk C ln s u -> open_slot s.
Proof.
  intros (P & R & _) (e & He & Hd & H1 & H2). unfold left_rel, right_rel in *.
  assert (Ep : pr u (vec C (s_p s)) = (1 - Q2R (s_lp s)) * pr u (l_a ln) + Q2R (s_lp s) * pr u (l_b ln)) by apply P.
  assert (Er : pr u (vec C (s_r s)) = (1 - Q2R (s_lr s)) * pr u (l_a ln) + Q2R (s_lr s) * pr u (l_b ln)) by apply R.
  assert (Ed : e * pr u (vec C (s_r s)) - e * pr u (vec C (s_p s))
               = (Q2R (s_lr s) - Q2R (s_lp s)) * (e * (pr u (l_b ln) - pr u (l_a ln)))) by (rewrite Ep, Er; ring).
  set (d := e * (pr u (l_b ln) - pr u (l_a ln))) in *.
  set (zp := e * pr u (vec C (s_p s))) in *. set (zr := e * pr u (vec C (s_r s))) in *. clearbody d zp zr.
  unfold open_slot. destruct (s_lc s), (s_rc s); simpl in *; try (left; nra).
  destruct (Req_dec (Q2R (s_lp s)) (Q2R (s_lr s))); [right; auto|left; nra].
Qed.

(** ** Lines and slots (6.3) *)

Section Geometry.
  (** [D]: the points with the values that the network has there; [lack], [cost]: what it lacks to the labels, and the
      losses; where the fit is exact ([lo] is None), nothing. *)
  Context (act : activation) (D : pdata) (pts : tree (point * Q)) (al : tree point) (lo : option lossinfo).
  Context (lack cost : positive -> R).
  Context (Hpts : all (fun i vy => In (fst vy, Q2R (snd vy) - lack i) D) pts).
  Context (Hal : all (fun _ v => exists y, In (v, y) D) al).
  Context (Hsub : forall i v y, get i pts = Some (v, y) -> get i al = Some v).
  Context (Hex : lo = None -> forall i, lack i = 0).
  Context (Htot : forall x, lo = Some x -> vq cost (x_copies x) <= Q2R (x_gamma x)).
  Context (Hlos : forall x, lo = Some x -> forall i, cost i = loss_of (x_kind x) (lack i) 0).

  Definition ctx_of (g : geo) : ctx := context act 0 pts al lo [] g 0.

  Definition kinked (C : ctx) (key : positive) (ss : list slot) : Prop :=
    forall M l1 l2, mfits act M D -> classes act M l1 l2 -> forall s, In s ss ->
      exists n, In n (match key with xO _ => l1 | _ => l2 end) /\ sbrk (slot_pts C s) n.

  Record geo_ok (g : geo) : Prop := {
    o_next : all (fun L _ => (L < g_next g)%positive) (g_lines g);
    o_on : all (on_ok (ctx_of g)) (g_on g);
    o_slots : all (slots_ok (ctx_of g)) (g_slots g);
    o_kinks : all (kinked (ctx_of g)) (g_slots g) }.

  Lemma geo0_ok : geo_ok geo0.
  Proof. constructor; simpl; apply all_leaf. Qed.

  Lemma position_at a b c x l : position a b c x = Some l -> at_pos a b x (Q2R l).
  Proof.
    unfold position. set (q := qdiv _ _). destruct (comb3 _ _ _ _ _ _ _) eqn:X; [|discriminate].
    intros [= <-] f. rewrite (comb3_vq _ _ _ _ _ _ _ X f), qsub_R, Q2R_1, Q2R_0. ring.
  Qed.

  Lemma place_ok g lines' n a b dc c ps : get n lines' = Some (Line a b dc) ->
    forall last on on', place pts n a b c last ps on = Some on' ->
    let C := ctx_of (Geo (g_on g) lines' (g_slots g) (g_next g) (g_dirs g)) in
    all (on_ok C) on -> all (on_ok C) on'.
  Proof.
    intros Hn. induction ps as [|p ps IH]; simpl; intros last on on' H; [injection H as <-; auto|].
    destruct (get p pts) as [[x y]|] eqn:G; [|discriminate].
    destruct (position a b c x) as [l|] eqn:P; [|discriminate].
    destruct (match last with Some _ => _ | None => _ end); [|discriminate].
    intros Hon. apply (IH _ _ _ H). apply all_set; [exact Hon|].
    intros L lam [[= <- <-]|Hin].
    - exists (Line a b dc). split; [exact Hn|]. simpl. unfold vec. simpl. rewrite (Hsub _ _ _ G). apply (position_at _ _ c), P.
    - destruct (get p on) as [o|] eqn:O; [|destruct Hin]. apply (Hon p o O L lam Hin).
  Qed.

  Lemma on_ok_mono g lines' n ln i on : all (fun L _ => (L < n)%positive) (g_lines g) -> lines' = set n ln (g_lines g) ->
    on_ok (ctx_of g) i on -> on_ok (ctx_of (Geo (g_on g) lines' (g_slots g) (g_next g) (g_dirs g))) i on.
  Proof.
    intros Hnx -> H L lam Hin. destruct (H L lam Hin) as (ln' & HL & Hat). exists ln'. split; [|exact Hat].
    simpl. rewrite get_set. destruct (Pos.eqb_spec L n) as [->|]; [|exact HL].
    apply Hnx in HL. lia.
  Qed.

  Lemma do_line_ok g ps g' : geo_ok g -> do_line pts g ps = Some g' -> geo_ok g'.
  Proof.
    intros H. unfold do_line. destruct ps as [|p1 [|p2 ps]]; try discriminate.
    destruct (get p1 pts) as [[a ya]|]; [|discriminate]. destruct (get p2 pts) as [[b yb]|]; [|discriminate].
    destruct (first_nz _) as [c|]; [|discriminate].
    match goal with |- context [match find_dir ?x ?y with _ => _ end] => destruct (match find_dir x y with Some m => (m, g_dirs g) | None => (g_next g, (g_next g, y) :: g_dirs g) end) as [dc dirs] end.
    cbv zeta. match goal with |- context [taxpy 1 ?d a] => set (b' := taxpy 1 d a) end.
    destruct (place _ _ _ _ _ _ _ _) as [on|] eqn:P; [|discriminate]. intros [= <-]. clearbody b'. clear b yb. rename b' into b.
    set (lines' := set (g_next g) (Line a b dc) (g_lines g)) in *.
    assert (Hget : get (g_next g) lines' = Some (Line a b dc)) by (unfold lines'; rewrite get_set, Pos.eqb_refl; reflexivity).
    constructor; cbn [g_lines g_on g_slots g_next].
    - intros L ln. unfold lines'. rewrite get_set. destruct (Pos.eqb_spec L (g_next g)) as [->|]; [lia|].
      intros HL. apply (o_next _ H) in HL. lia.
    - apply (place_ok g lines' _ _ _ dc _ _ Hget _ _ _ P).
      intros i o Ho. apply (on_ok_mono g lines' (g_next g) (Line a b dc)); [apply (o_next _ H)|reflexivity|].
      apply (o_on _ H i o Ho).
    - intros key ss Hss. destruct (o_slots _ H key ss Hss) as (L & ln & f & EK & HL & HS & Hc & Hpl).
      exists L, ln, f. split; [exact EK|]. split; [|split; [exact HS|split; [exact Hc|exact Hpl]]].
      simpl. unfold lines'. rewrite get_set. destruct (Pos.eqb_spec L (g_next g)) as [->|]; [|exact HL].
      apply (o_next _ H) in HL. lia.
    - exact (o_kinks _ H).
  Qed.

  Lemma pos_on_ok g L ln p l y : lo = None -> geo_ok g -> get L (g_lines g) = Some ln -> pos_on pts g L p = Some (l, y) ->
    at_pos (l_a ln) (l_b ln) (vec (ctx_of g) p) (Q2R l) /\ In (vec (ctx_of g) p, Q2R y) D /\
    is_point (ctx_of g) p = true /\ vecp pts p = vec (ctx_of g) p.
  Proof.
    intros EL H HL. unfold pos_on. destruct (get p (g_on g)) as [on|] eqn:O; [|discriminate].
    destruct (get p pts) as [[x y']|] eqn:G; [|discriminate].
    destruct (find_pos L on) as [l'|] eqn:P; [|discriminate]. intros [= <- <-].
    apply find_pos_in in P. destruct (o_on _ H p on O L l' P) as (ln' & HL' & Hat).
    simpl in HL'. rewrite HL in HL'. injection HL' as <-. split; [exact Hat|].
    unfold vec, is_point, vecp. simpl. rewrite (Hsub _ _ _ G), G. split; [|auto].
    pose proof (Hpts p (x, y') G) as HI. simpl in HI. rewrite (Hex EL), Rminus_0_r in HI. exact HI.
  Qed.

  Lemma in_units M l1 l2 n : classes act M l1 l2 -> In n (units M) -> In n l1 \/ In n l2.
  Proof. intros [-> _ _ _ _]. apply in_app_or. Qed.

  Lemma after_R last l : after last l = true ->
    match option_map Q2R last with Some x => x <= Q2R l | None => True end.
  Proof. destruct last; simpl; [apply qle_R|auto]. Qed.

  Lemma kinks_ok g L ln first : lo = None -> act = ReLU -> geo_ok g -> get L (g_lines g) = Some ln ->
    forall n ps last ss, (length ps <= n)%nat -> kinks pts g L first last ps = Some ss ->
    Forall (slot_ok (ctx_of g) ln) ss /\ chain (option_map Q2R last) ss /\ Forall plain ss /\ kinked (ctx_of g) (skey L first) ss.
  Proof.
    intros EL HA H HL. induction n as [|n IH]; intros ps last ss Hlen.
    - destruct ps; [|simpl in Hlen; lia]. simpl. intros [= <-]. split; [constructor|]. split; [exact I|]. split; [constructor|]. intros M l1 l2 _ _ s [].
    - destruct ps as [|p [|q [|r ps]]]; simpl; try discriminate.
      + intros [= <-]. split; [constructor|]. split; [exact I|]. split; [constructor|]. intros M l1 l2 _ _ s [].
      + destruct (pos_on pts g L p) as [[lp yp]|] eqn:Pp; [|discriminate].
        destruct (pos_on pts g L q) as [[lq yq]|] eqn:Pq; [|discriminate].
        destruct (pos_on pts g L r) as [[lr yr]|] eqn:Pr; [|discriminate].
        set (t := qdiv _ _).
        destruct (_ && _ && _ && _ && _ && _ && _) eqn:X; [|discriminate].
        rewrite !andb_true_iff in X. destruct X as [[[[[[X1 X2] X3] X4] X5] X6] X7].
        destruct (kinks pts g L first (Some lr) ps) as [ss'|] eqn:K; [|discriminate]. intros [= <-].
        destruct (IH ps (Some lr) ss') as (I1 & I2 & I4 & I3); [simpl in Hlen; lia|exact K|].
        destruct (pos_on_ok _ _ _ _ _ _ EL H HL Pp) as (Ap & Dp & Vp & Wp).
        destruct (pos_on_ok _ _ _ _ _ _ EL H HL Pq) as (Aq & Dq & Vq & Wq).
        destruct (pos_on_ok _ _ _ _ _ _ EL H HL Pr) as (Ar & Dr & Vr & Wr).
        apply after_R in X1. apply qlt_R in X2. apply qlt_R in X3. apply qlt_R in X4. apply qlt_R in X5.
        rewrite Q2R_0 in X4. rewrite Q2R_1 in X5.
        split; [constructor; [|exact I1]; unfold slot_ok; simpl; auto|].
        split; [simpl; split; [exact X1|]; split; [lra|exact I2]|].
        split; [constructor; [split; reflexivity|exact I4]|].
        intros M l1 l2 HM HC s [<-|Hs]; [|apply (I3 M l1 l2 HM HC s Hs)].
        rewrite HA in HM, HC.
        assert (Hq : at_pos (vec (ctx_of g) p) (vec (ctx_of g) r) (vec (ctx_of g) q) (Q2R t)).
        { intros f. pose proof (comb3_vq _ _ _ _ _ _ _ X6 f) as E.
          rewrite Wp, Wq, Wr in E. rewrite E, qsub_R, Q2R_1, Q2R_0. ring. }
        assert (HS : signed ReLU (units M)).
        { intros _. destruct HC as [-> CP CN _ _]. apply Forall_app. split.
          - eapply Forall_impl; [|apply CP; reflexivity]. simpl. auto.
          - eapply Forall_impl; [|apply CN; reflexivity]. simpl. auto. }
        destruct HC as [CU CP CN CT _]. specialize (CP eq_refl). specialize (CN eq_refl).
        rewrite Forall_forall in CP, CN.
        destruct first; simpl skey; apply qlt_R in X7; rewrite qadd_R, !qmul_R, qsub_R, Q2R_1 in X7.
        * destruct (kink M D 1 _ _ _ (Q2R yp) (Q2R yq) (Q2R yr) (Q2R t) HM HS (or_introl eq_refl) (conj X4 X5) Hq Dp Dq Dr) as (u & Hu & Hs & Hb); [lra|].
          exists u. split; [|exact Hb]. rewrite CU in Hu. apply in_app_or in Hu as [Hu|Hu]; [exact Hu|].
          apply CN in Hu. lra.
        * destruct (kink M D (-1) _ _ _ (Q2R yp) (Q2R yq) (Q2R yr) (Q2R t) HM HS (or_intror eq_refl) (conj X4 X5) Hq Dp Dq Dr) as (u & Hu & Hs & Hb); [lra|].
          exists u. split; [|exact Hb]. rewrite CU in Hu. apply in_app_or in Hu as [Hu|Hu]; [|exact Hu].
          apply CP in Hu. lra.
  Qed.

  Lemma changes_ok g L ln : lo = None -> act = Thr -> geo_ok g -> get L (g_lines g) = Some ln ->
    forall n ps last ss, (length ps <= n)%nat -> changes pts g L last ps = Some ss ->
    Forall (slot_ok (ctx_of g) ln) ss /\ chain (option_map Q2R last) ss /\ Forall plain ss /\ kinked (ctx_of g) (skey L true) ss.
  Proof.
    intros EL HA H HL. induction n as [|n IH]; intros ps last ss Hlen.
    - destruct ps; [|simpl in Hlen; lia]. simpl. intros [= <-]. split; [constructor|]. split; [exact I|]. split; [constructor|]. intros M l1 l2 _ _ s [].
    - destruct ps as [|p [|r ps]]; simpl; try discriminate.
      + intros [= <-]. split; [constructor|]. split; [exact I|]. split; [constructor|]. intros M l1 l2 _ _ s [].
      + destruct (pos_on pts g L p) as [[lp yp]|] eqn:Pp; [|discriminate].
        destruct (pos_on pts g L r) as [[lr yr]|] eqn:Pr; [|discriminate].
        destruct (_ && _ && _) eqn:X; [|discriminate].
        rewrite !andb_true_iff in X. destruct X as [[X1 X2] X3].
        destruct (changes pts g L (Some lr) ps) as [ss'|] eqn:K; [|discriminate]. intros [= <-].
        destruct (IH ps (Some lr) ss') as (I1 & I2 & I4 & I3); [simpl in Hlen; lia|exact K|].
        destruct (pos_on_ok _ _ _ _ _ _ EL H HL Pp) as (Ap & Dp & Vp & Wp).
        destruct (pos_on_ok _ _ _ _ _ _ EL H HL Pr) as (Ar & Dr & Vr & Wr).
        apply after_R in X1. apply qlt_R in X2.
        split; [constructor; [|exact I1]; unfold slot_ok; simpl; auto|].
        split; [simpl; split; [exact X1|]; split; [exact X2|exact I2]|].
        split; [constructor; [split; reflexivity|exact I4]|].
        intros M l1 l2 HM HC s [<-|Hs]; [|apply (I3 M l1 l2 HM HC s Hs)].
        rewrite HA in HM, HC. rewrite negb_true_iff in X3. apply qeq_R_false in X3.
        destruct (change M D _ _ (Q2R yp) (Q2R yr) HM Dp Dr X3) as (u & Hu & Hb).
        exists u. split; [|exact Hb]. destruct HC as [CU _ _ CT _]. rewrite CU, (CT eq_refl), app_nil_r in Hu. exact Hu.
  Qed.

  Lemma do_slots_ok g L first ps g' : lo = None -> geo_ok g -> do_slots act pts g L first ps = Some g' -> geo_ok g'.
  Proof.
    intros EL H. unfold do_slots. destruct (get L (g_lines g)) as [ln|] eqn:HL; [|discriminate].
    destruct (get (skey L first) (g_slots g)); [discriminate|].
    destruct (match act with ReLU => _ | Thr => _ end) as [ss|] eqn:HK; [|discriminate]. intros [= <-].
    assert (HS : Forall (slot_ok (ctx_of g) ln) ss /\ chain None ss /\ Forall plain ss /\ kinked (ctx_of g) (skey L first) ss).
    { destruct act eqn:HA.
      - apply (kinks_ok g L ln first EL HA H HL (length ps) ps None ss); [lia|exact HK].
      - destruct first; [|discriminate].
        apply (changes_ok g L ln EL HA H HL (length ps) ps None ss); [lia|exact HK]. }
    destruct HS as (S1 & S2 & S4 & S3). constructor; cbn [g_lines g_on g_slots g_next]; try apply H.
    - apply all_set; [exact (o_slots _ H)|]. exists L, ln, first. auto 6.
    - apply all_set; [exact (o_kinks _ H)|]. exact S3.
  Qed.

  Lemma headers_ok hs : lo = None -> forall g g', geo_ok g -> headers act pts g hs = inl g' -> geo_ok g'.
  Proof.
    intros EL. induction hs as [|[n h] hs IH]; simpl; intros g g' H; [intros [= <-]; exact H|].
    destruct (do_header act pts g h) as [g1|] eqn:E; [|discriminate].
    apply IH. destruct h; simpl in E; [apply (do_line_ok g ps); assumption|apply (do_slots_ok g L first ps g1 EL); assumption].
  Qed.

  (** A model of the given sizes fits the context of its class size. *)
  Lemma make_fit k P g M l1 l2 : geo_ok g -> mfits act M D -> classes act M l1 l2 ->
    N.of_nat (length l1) = P -> length (units M) = k -> res M = lack -> los M = cost ->
    fit (context act k pts al lo (neurons k) g P) M l1 l2.
  Proof.
    intros Hg HM HC HP Hk ER ES. constructor; simpl; auto.
    - intros i v y G. destruct (HM _ _ (Hpts i (v, y) G)) as [HV _]. simpl in HV. rewrite HV, ER. ring.
    - intros E i. rewrite ER. apply Hex, E.
    - intros x E. rewrite ES. apply Htot, E.
    - intros x E i. rewrite ES, ER. apply Hlos, E.
    - intros E i v G n Hn. destruct (Hal i v G) as (y & HI). destruct (HM v y HI) as [_ H]. apply H; assumption.
    - exact (o_on _ Hg).
    - exact (o_slots _ Hg).
    - intros L first ss Hss s Hs. pose proof (o_kinks _ Hg _ _ Hss M l1 l2 HM HC s Hs) as H.
      destruct first; exact H.
    - intros key nt Hnt. rewrite get_tmapo in Hnt. destruct (get key (g_slots g)) as [ss|] eqn:Hss; [|discriminate].
      injection Hnt as <-. destruct (o_slots _ Hg _ _ Hss) as (L & ln & f & EK & HL & HS & Hc & Hpl).
      destruct (chain_sorted ss None Hc) as (Hso & Hlt & _). destruct (plant_ok ss) as [P1 P2].
      exists ss. split; [auto|].
      exists L, ln, f, ss. split; [exact EK|]. split; [exact HL|]. split; [exact Hss|]. split; [exact HS|].
      split; [|split; [exact Hso|]].
      + eapply Forall_impl; [|exact Hlt]. intros s Hs. left. exact Hs.
      + clear - HS Hlt Hpl. induction ss as [|s ss IH]; [constructor|].
        inversion HS; subst. inversion Hlt; subst. inversion Hpl; subst.
        constructor; [|apply IH; assumption]. intros u _ B. apply plain_cbrk; assumption.
    - discriminate.
    - intros j. unfold order_of, unlabelled. simpl. rewrite !andb_false_r. split; [constructor|exact I].
  Qed.
End Geometry.

(** ** Splits and labels (6.4, 6.5) *)

Section Split.
  Context (C : ctx) (D : pdata) (lack cost : positive -> R).
  Context (Hfit : forall M l1 l2, mfits (c_act C) M D -> classes (c_act C) M l1 l2 ->
                  N.of_nat (length l1) = c_P C -> length (units M) = c_k C -> res M = lack -> los M = cost -> fit C M l1 l2).

  Definition labelled (M : model) (first : bool) (ss : list slot) : Prop :=
    forall t s, nth_error ss t = Some s -> up (slot_pts C s) (unitn M (member C first t)).

  Lemma exclusive_map (ss : list slot) : exclusive (ubrk C) ss -> exclusive sbrk (map (slot_pts C) ss).
  Proof.
    induction ss as [|s ss IH]; simpl; [auto|]. intros [H1 H2]. split; [|auto].
    intros s' n Hin B B'. apply in_map_iff in Hin as (s0 & <- & Hin). apply (H1 s0 n Hin B B').
  Qed.

  (** The neurons that a label of the class names. *)
  Definition picked (first : bool) (ls : list label) : list slot :=
    match pick first ls with
    | Some (_, L) => match get (skey L first) (c_slots C) with Some ss => ss | None => [] end
    | None => []
    end.

  Lemma picked_size first ls : label_size C first ls = N.of_nat (length (picked first ls)).
  Proof.
    unfold label_size, picked. destruct (pick first ls) as [[n L]|]; [|reflexivity].
    destruct (get (skey L first) (c_slots C)); reflexivity.
  Qed.

  Lemma nth_app_second (a b : list unit) t d : nth (length a + t) (a ++ b) d = nth t b d.
  Proof. rewrite app_nth2 by lia. f_equal. lia. Qed.

  Lemma ordered_by_good first os : forall seen, wrong_order C seen os = None ->
    Forall (fun i => is_point C i = true) (snd (ordered_by first os)).
  Proof.
    unfold ordered_by. induction os as [|[[n f] o] os IH]; intros seen; simpl; [constructor|].
    destruct (good_order C o) eqn:G; simpl; [|discriminate]. destruct (negb _); [|discriminate]. intros H.
    destruct (Bool.eqb f first); [|apply (IH _ H)]. apply Forall_forall, forallb_forall.
    unfold good_order in G. destruct (c_act C), o as [[] [|i [|i' is]]]; try discriminate G; exact G.
  Qed.

  Lemma relabel M l1 l2 x : wrong_order C [] (x_orders x) = None -> mfits (c_act C) M D -> res M = lack -> los M = cost -> fit C M l1 l2 -> unturned l1 -> unturned l2 ->
    exists M' l1' l2', fit (named C x) M' l1' l2' /\
      labelled M' true (picked true (x_labels x)) /\ labelled M' false (picked false (x_labels x)).
  Proof.
    intros HO HM ER ES F N1 N2. set (ss1 := picked true (x_labels x)). set (ss2 := picked false (x_labels x)).
    assert (G : forall first,
      (forall s, In s (map (slot_pts C) (picked first (x_labels x))) -> exists n, In n (if first : bool then l1 else l2) /\ sbrk s n) /\
      exclusive sbrk (map (slot_pts C) (picked first (x_labels x)))).
    { intros first. unfold picked.
      destruct (pick first (x_labels x)) as [[n L]|]; [|split; [intros s []|exact I]].
      destruct (get (skey L first) (c_slots C)) as [ss|] eqn:G; [|split; [intros s []|exact I]].
      destruct (f_slots _ _ _ _ F _ _ G) as (L' & ln & f' & _ & _ & HS & Hc & _). split.
      - intros s Hs. apply in_map_iff in Hs as (s0 & <- & Hs0). apply (f_brk _ _ _ _ F L first ss G s0 Hs0).
      - apply exclusive_map. eapply chain_exclusive; eassumption. }
    destruct (G true) as [B1 X1]. destruct (G false) as [B2 X2]. fold ss1 in B1, X1. fold ss2 in B2, X2.
    set (ord := fun first => order_at C (ordered_by first (x_orders x))).
    destruct (label_classes (c_act C) M D l1 l2 _ _ (ord true) (ord false) HM (f_classes _ _ _ _ F) N1 N2 B1 X1 B2 X2)
      as (M' & a1 & b1 & a2 & b2 & HM' & HC' & E1 & E2 & U1 & U2 & T1 & T2 & R1 & R2 & ER' & ES').
    destruct (f_classes _ _ _ _ F) as [CU _ _ _ _]. pose proof (f_len _ _ _ _ F) as HK. pose proof (f_len1 _ _ _ _ F) as HL.
    pose proof (cl_units _ _ _ _ HC') as CU'. rewrite CU, app_length in HK.
    assert (L1 : length a1 = length ss1) by (rewrite <- (Forall2_length' _ _ _ U1), map_length; reflexivity).
    assert (L2 : length a2 = length ss2) by (rewrite <- (Forall2_length' _ _ _ U2), map_length; reflexivity).
    assert (F' : fit C M' (a1 ++ b1) (a2 ++ b2)).
    { apply Hfit; auto; try congruence. rewrite CU', app_length. congruence. }
    exists M', (a1 ++ b1), (a2 ++ b2).
    (* A neuron without label, by its place among those of its class. *)
    assert (PL : forall j, unlabelled (named C x) j = true ->
      if first_class C j then exists t, Pos.to_nat j = S (length a1 + t) /\ ((t < length b1)%nat -> unitn M' j = nth t b1 unit0)
      else exists t, Pos.to_nat j = S (length (a1 ++ b1) + (length a2 + t)) /\ unitn M' j = nth t b2 unit0).
    { intros j Hj. unfold unlabelled in Hj. cbn [named c_lab c_P] in Hj.
      change (first_class (named C x) j) with (first_class C j) in Hj. rewrite !picked_size in Hj.
      fold ss1 ss2 in Hj. rewrite <- L1, <- L2 in Hj. apply N.ltb_lt in Hj.
      pose proof (f_len1 _ _ _ _ F') as HL'. unfold unitn. rewrite CU'.
      destruct (first_class C j) eqn:FC; unfold first_class in FC.
      - exists (pred (Pos.to_nat j) - length a1)%nat. split; [lia|]. intros Ht.
        rewrite app_nth1 by (rewrite app_length; lia). rewrite app_nth2 by lia. reflexivity.
      - apply N.leb_gt in FC. exists (pred (Pos.to_nat j) - length (a1 ++ b1) - length a2)%nat. split; [lia|].
        rewrite app_nth2 by lia. rewrite app_nth2 by lia. reflexivity. }
    assert (UN : forall l t, unturned l -> turned (nth t l unit0) = false).
    { intros l t Hl. destruct (Nat.lt_ge_cases t (length l)) as [Ht|Ht].
      - unfold unturned in Hl. rewrite Forall_forall in Hl. apply Hl, nth_In, Ht.
      - rewrite nth_overflow by exact Ht. reflexivity. }
    assert (FC1 : forall j t, first_class C j = true -> Pos.to_nat j = S (length a1 + t) -> (t < length b1)%nat).
    { intros j t FC Ej. unfold first_class in FC. apply N.leb_le in FC.
      pose proof (f_len1 _ _ _ _ F') as HL'. rewrite app_length in HL'. lia. }
    assert (SO : forall ord l t, rising ord l -> (S t < length l)%nat -> rank ord (nth t l unit0) (nth (S t) l unit0)).
    { intros o l. induction l as [|n l IH]; intros t HS Ht; [simpl in Ht; lia|]. inversion HS as [|? ? HS' HF]; subst.
      destruct t as [|t]; [|apply IH; [exact HS'|simpl in Ht; lia]].
      destruct l as [|m l]; [simpl in Ht; lia|]. inversion HF; subst. assumption. }
    split; [|split].
    - constructor; try exact (f_all _ _ _ _ F'); try exact (f_exact _ _ _ _ F'); try exact (f_total _ _ _ _ F'); try exact (f_los _ _ _ _ F');
        try exact (f_fits _ _ _ _ F'); try exact (f_nz _ _ _ _ F'); try exact (f_classes _ _ _ _ F');
        try exact (f_len1 _ _ _ _ F'); try exact (f_len _ _ _ _ F'); try exact (f_nums _ _ _ _ F');
        try exact (f_on _ _ _ _ F'); try exact (f_slots _ _ _ _ F'); try exact (f_brk _ _ _ _ F'); try exact (f_cur _ _ _ _ F').
      + intros j Hj. apply PL in Hj. destruct (first_class C j) eqn:FC.
        * destruct Hj as (t & Ej & Eu). rewrite Eu by apply (FC1 j t FC Ej). apply UN, T1.
        * destruct Hj as (t & _ & ->). apply UN, T2.
      + intros j. unfold order_of. change (first_class (named C x)) with (first_class C).
        change (is_neuron (named C x)) with (is_neuron C). change (vec (named C x)) with (vec C).
        change (is_point (named C x)) with (is_point C).
        destruct (is_neuron C (Pos.succ j)) eqn:IN; [|split; [constructor|exact I]].
        destruct (Bool.eqb_spec (first_class C j) (first_class C (Pos.succ j))) as [EF|]; [|split; [constructor|exact I]].
        destruct (unlabelled (named C x) j) eqn:UJ; [|split; [constructor|exact I]].
        destruct (unlabelled (named C x) (Pos.succ j)) eqn:UJ'; [|split; [constructor|exact I]].
        cbn [andb named c_ord fst snd]. apply PL in UJ. apply PL in UJ'. rewrite <- EF in UJ'.
        apply (is_neuron_spec C M' _ _ F') in IN. rewrite CU', !app_length in IN.
        destruct (first_class C j) eqn:FC; (split; [apply (ordered_by_good _ _ [] HO)|]).
        * destruct UJ as (t & Ej & Eu). destruct UJ' as (t' & Ej' & Eu').
          assert (t' = S t) as -> by lia. symmetry in EF. pose proof (FC1 _ _ EF Ej').
          rewrite Eu, Eu' by lia. apply SO; [exact R1|lia].
        * destruct UJ as (t & Ej & ->). destruct UJ' as (t' & Ej' & ->).
          assert (t' = S t) as -> by lia. rewrite app_length in Ej'. apply SO; [exact R2|lia].
    - intros t s Hs. assert (Ht : (t < length ss1)%nat) by (apply nth_error_Some; congruence).
      destruct (Forall2_nth _ _ _ U1 t (slot_pts C s)) as (n & Hn & Hu); [rewrite nth_error_map, Hs; reflexivity|].
      replace (unitn M' (member C true t)) with n; [exact Hu|].
      unfold unitn, member. rewrite SuccNat2Pos.id_succ, CU'. simpl.
      rewrite app_nth1 by (rewrite app_length; lia). rewrite app_nth1 by lia. symmetry. apply nth_error_nth, Hn.
    - intros t s Hs. assert (Ht : (t < length ss2)%nat) by (apply nth_error_Some; congruence).
      destruct (Forall2_nth _ _ _ U2 t (slot_pts C s)) as (n & Hn & Hu); [rewrite nth_error_map, Hs; reflexivity|].
      replace (unitn M' (member C false t)) with n; [exact Hu|].
      unfold unitn, member. rewrite <- HL, <- E1, CU'.
      replace (pred (Pos.to_nat (N.succ_pos (N.of_nat (length (a1 ++ b1)) + N.of_nat t)))) with (length (a1 ++ b1) + t)%nat.
      + rewrite nth_app_second, app_nth1 by lia. symmetry. apply nth_error_nth, Hn.
      + destruct (N.of_nat (length (a1 ++ b1)) + N.of_nat t)%N eqn:En; simpl; lia.
  Qed.

  Lemma member_class M l1 l2 first t : fit C M l1 l2 -> (N.of_nat t < class_size C first)%N ->
    in_class C first (member C first t) = true /\ is_neuron C (member C first t) = true.
  Proof.
    intros F. pose proof (class_length C M l1 l2 F first) as HL.
    destruct (f_classes _ _ _ _ F) as [CU _ _ _ _]. pose proof (f_len _ _ _ _ F) as HK. pose proof (f_len1 _ _ _ _ F) as H1.
    rewrite CU, app_length in HK. unfold in_class, first_class, is_neuron, member, class_size, cunits in *.
    destruct first; intros Ht.
    - split; apply N.leb_le; lia.
    - rewrite N.succ_pos_spec. split.
      + apply andb_true_iff. split; [apply negb_true_iff, N.leb_gt; lia|apply N.leb_le; lia].
      + apply N.leb_le. lia.
  Qed.

  Lemma member_inj first t t' : member C first t = member C first t' -> t = t'.
  Proof.
    unfold member. destruct first; [apply SuccNat2Pos.inj|]. intros H.
    assert (E : Npos (N.succ_pos (c_P C + N.of_nat t)) = Npos (N.succ_pos (c_P C + N.of_nat t'))) by congruence.
    rewrite !N.succ_pos_spec in E. lia.
  Qed.

  Lemma label_slots_sat E M l1 l2 first L ss ln : fit C M l1 l2 ->
    get (skey L first) (c_slots C) = Some ss -> get L (c_lines C) = Some ln ->
    labelled M first ss ->
    (forall L' ln', get L' (c_lines C) = Some ln' -> l_dc ln' = l_dc ln -> exists rho, parallel ln ln' = Some rho) ->
    forall ss' t s, (forall i sl, nth_error ss' i = Some sl -> exists sd, nth_error ss (t + i) = Some sd /\
      forall u, In u (if first then l1 else l2) -> sbrk (slot_pts C sd) u -> cbrk C ln sl u) ->
    tinv C M E s ->
    tinv C M E (label_slots C (l_dc ln) first (skey L first) (N.eqb (N.of_nat (length ss)) (class_size C first)) t ss' s).
  Proof.
    intros F G HL HU Hpar.
    destruct (f_slots _ _ _ _ F _ _ G) as (L' & ln' & f' & EK & HL' & HS & Hc & Hpl).
    apply skey_inj in EK as [<- _]. rewrite HL in HL'. injection HL' as <-.
    destruct (chain_sorted ss None Hc) as (_ & Hlts & _).
    assert (Hle : (N.of_nat (length ss) <= class_size C first)%N).
    { rewrite <- (class_length C M l1 l2 F first).
      pose proof (demands_le (ubrk C) ss (cunits l1 l2 first)) as H.
      assert (length ss <= length (cunits l1 l2 first))%nat; [|lia]. apply H.
      - apply (f_brk _ _ _ _ F L first ss G).
      - eapply chain_exclusive; eassumption. }
    induction ss' as [|sl ss' IH]; intros t s Hsub H; cbn [label_slots]; [exact H|].
    apply IH.
    { intros i sl' Hi. replace (S t + i)%nat with (t + S i)%nat by lia. apply Hsub, Hi. }
    destruct (Hsub 0%nat sl eq_refl) as (sd & Hsd & HB). rewrite Nat.add_0_r in Hsd.
    assert (Hlt : (t < length ss)%nat) by (apply nth_error_Some; congruence).
    destruct (member_class M l1 l2 first t F) as [Hcl Hn]; [lia|].
    set (j := member C first t) in *.
    pose proof (HU t sd Hsd) as Hup. fold j in Hup. unfold up in Hup. cbn [slot_pts fst snd] in Hup.
    change (Z C M j (s_p sd) < 0 < Z C M j (s_r sd)) in Hup.
    assert (Hbrk : sbrk (slot_pts C sd) (unitn M j)).
    { unfold sbrk, brk. cbn [slot_pts fst snd]. change (Z C M j (s_p sd) * Z C M j (s_r sd) < 0). nra. }
    assert (Hslope : 0 < slope M j ln).
    { rewrite Forall_forall in HS, Hlts. destruct (HS sd (nth_error_In _ _ Hsd)) as (P & R & _).
      rewrite (Z_at C M j _ _ _ P), (Z_at C M j _ _ _ R), !zl_lin in Hup.
      specialize (Hlts sd (nth_error_In _ _ Hsd)). nra. }
    assert (Hju : In (unitn M j) (if first then l1 else l2)).
    { destruct (class_unit C M l1 l2 F first j Hcl) as (t' & Ht & Hn' & _). rewrite <- Hn'. apply nth_In, Ht. }
    destruct (cbrk_up C M j ln sl Hslope (HB _ Hju Hbrk)) as [FL FR].
    pose proof (i_know _ _ _ _ H) as HK.
    assert (K1 : kinv C M (Know (kf (t_know s)) (kw (t_know s)) (kb (t_know s)) (set j (l_dc ln) (kinc (t_know s))) (kpairs (t_know s)) (kt (t_know s))
      (klog (t_know s)) (klen (t_know s)))).
    { constructor; cbn; try apply HK. intros j' D'. rewrite get_set.
      destruct (Pos.eqb_spec j' j) as [->|]; [|apply (k_inc _ _ _ HK)].
      intros [= <-]. split; [exact Hn|]. intros L' ln' HL' Hdc.
      destruct (Hpar L' ln' HL' Hdc) as (rho & Hr). apply parallel_sat in Hr as [Hr1 Hr2].
      unfold slope, pr in *. rewrite Hr2. nra. }
    constructor; cbn [t_know t_clauses t_rows t_eqs t_taken t_scopes t_done]; try apply H; [| |intros n sc X; discriminate X].
    - apply (add_fact_sat C M l1 l2 F); [apply (add_fact_sat C M l1 l2 F); [exact K1|exact FL]|exact FR].
    - destruct (N.eqb_spec (N.of_nat (length ss)) (class_size C first)) as [Hsat|]; [|apply (i_taken _ _ _ _ H)].
      intros key t0 j0. rewrite get2_set2.
      destruct (Pos.eqb_spec key (skey L first)) as [->|]; [|apply (i_taken _ _ _ _ H)].
      destruct (Pos.eqb_spec t0 (Pos.of_succ_nat t)) as [->|]; [|apply (i_taken _ _ _ _ H)].
      simpl. intros [= <-]. exists L, first, ss, sd. split; [reflexivity|]. split; [exact G|]. split; [exact Hsat|].
      split; [|split; [exact Hcl|exact Hbrk]].
      replace (Pos.to_nat (Pos.of_succ_nat t) - 1)%nat with t by lia. exact Hsd.
  Qed.

  Lemma do_label_sat E M l1 l2 first L s s' : fit C M l1 l2 ->
    (forall ss, get (skey L first) (c_slots C) = Some ss -> labelled M first ss) ->
    tinv C M E s -> do_label C s first L = Some s' -> tinv C M E s'.
  Proof.
    intros F HU H. unfold do_label.
    destruct (get (skey L first) (c_slots C)) as [ss|] eqn:G; [|discriminate].
    destruct ss as [|s0 ss0] eqn:Ess; [discriminate|]. rewrite <- Ess in *.
    destruct (get (skey L first) (c_cur C)) as [nt|] eqn:GC; [|discriminate].
    destruct (get L (c_lines C)) as [ln|] eqn:HL; [|discriminate].
    destruct (tforall _ _) eqn:T; [|discriminate]. intros [= <-].
    apply (label_slots_sat E M l1 l2 first L ss ln F G HL (HU _ eq_refl)); [| |exact H].
    - intros L' ln' HL' Hdc. pose proof (tforall_get _ _ T _ _ HL') as X. simpl in X.
      rewrite Hdc, Pos.eqb_refl in X. destruct (parallel ln ln') as [rho|]; [eauto|discriminate].
    - intros i sl Hi. simpl. destruct (N.eqb (N.of_nat (length ss)) (class_size C first)).
      + destruct (f_cur _ _ _ _ F _ _ GC) as (cs' & (_ & _ & Hcs) & L2 & ln2 & f2 & ss2 & EK & HL2 & G2 & _ & _ & _ & H2).
        rewrite Hcs, count_snd in Hi.
        apply skey_inj in EK as [<- <-]. rewrite HL in HL2. injection HL2 as <-. rewrite G in G2. injection G2 as <-.
        assert (Hlen : (i < length ss)%nat).
        { rewrite (Forall2_length' _ _ _ H2). apply nth_error_Some. congruence. }
        destruct (nth_error ss i) as [sd|] eqn:Hsd; [|apply nth_error_None in Hsd; lia].
        destruct (Forall2_nth _ _ _ H2 i sd Hsd) as (sl' & Hsl' & HB). exists sd. split; [reflexivity|].
        rewrite Hi in Hsl'. injection Hsl' as <-. exact HB.
      + exists sl. split; [exact Hi|]. intros u _ B.
        destruct (f_slots _ _ _ _ F _ _ G) as (L' & ln' & f' & EK & HL' & HS & Hc & Hpl).
        apply skey_inj in EK as [<- _]. rewrite HL in HL'. injection HL' as <-.
        destruct (chain_sorted ss None Hc) as (_ & Hlts & _).
        apply nth_error_In in Hi. rewrite Forall_forall in HS, Hlts, Hpl. apply plain_cbrk; auto.
  Qed.

  Lemma state0_inv E M k : tinv C M E (state0 k).
  Proof.
    constructor; simpl; try discriminate; auto using kinv0, @all_leaf.
    split; intros ? ? X; discriminate X.
  Qed.

End Split.

Lemma label_class_sat C E M l1 l2 first ls s s' : fit C M l1 l2 -> labelled C M first (picked C first ls) ->
  tinv C M E s -> label_class C s first ls = inl s' -> tinv C M E s'.
Proof.
  intros F HU H. unfold label_class. unfold picked in HU.
  destruct (pick first ls) as [[n L]|]; [|intros [= <-]; exact H].
  destruct (do_label C s first L) as [s1|] eqn:S1; [|discriminate]. intros [= <-].
  apply (do_label_sat C E M l1 l2 first L s s1 F); [|exact H|exact S1].
  intros ss G. rewrite G in HU. exact HU.
Qed.

(** What is known before the steps of a split, of some model with the names that the labels give. *)
Definition opened (now : ctx * state) : Prop :=
  exists M l1 l2, fit (fst now) M l1 l2 /\ numbered (snd now) /\ forall E, tinv (fst now) M E (snd now).

Lemma label_slots_env C D first key sat ss : forall t s, t_env (label_slots C D first key sat t ss s) = t_env s.
Proof. induction ss as [|sl ss IH]; intros t s; cbn [label_slots]; [reflexivity|]. rewrite IH. reflexivity. Qed.
Lemma label_class_env C s first ls s' : label_class C s first ls = inl s' -> t_env s' = t_env s.
Proof.
  unfold label_class. destruct (pick first ls) as [[n L]|]; [|intros [= <-]; reflexivity].
  unfold do_label. destruct (get _ (c_slots C)) as [[|s0 ss]|]; try discriminate.
  destruct (get _ (c_cur C)); [|discriminate]. destruct (get L (c_lines C)); [|discriminate].
  destruct (tforall _ _); [|discriminate]. intros [= <-]. apply label_slots_env.
Qed.

Lemma open_labels_sat C D lack cost : (forall M l1 l2, mfits (c_act C) M D -> classes (c_act C) M l1 l2 ->
    N.of_nat (length l1) = c_P C -> length (units M) = c_k C -> res M = lack -> los M = cost -> fit C M l1 l2) ->
  forall M l1 l2 x now, mfits (c_act C) M D -> res M = lack -> los M = cost -> fit C M l1 l2 -> unturned l1 -> unturned l2 ->
  open_labels C x = inl now -> opened now.
Proof.
  intros Hfit M l1 l2 x now HM ER ES F N1 N2. unfold open_labels. cbv zeta.
  destruct (one_each (x_labels x)); [|discriminate].
  destruct (wrong_order C [] (x_orders x)) eqn:HO.
  { destruct (label_class _ _ true _) as [s1|]; [|discriminate]. destruct (label_class _ s1 false _); discriminate. }
  destruct (relabel C D lack cost Hfit M l1 l2 x HO HM ER ES F N1 N2) as (M' & l1' & l2' & F' & U1 & U2).
  set (C' := named C x) in *.
  destruct (label_class C' (state0 (c_k C')) true (x_labels x)) as [s1|] eqn:S1; [|discriminate].
  destruct (label_class C' s1 false (x_labels x)) as [s2|] eqn:S2; [|discriminate].
  intros [= <-]. exists M', l1', l2'. cbn [fst snd]. split; [exact F'|]. split.
  - intros n d. rewrite (label_class_env _ _ _ _ _ S2), (label_class_env _ _ _ _ _ S1). discriminate.
  - intros E. apply (label_class_sat C' E M' l1' l2' false (x_labels x) s1 s2 F' U2); [|exact S2].
    apply (label_class_sat C' E M' l1' l2' true (x_labels x) (state0 (c_k C')) s1 F' U1); [apply state0_inv|exact S1].
Qed.

(** ** Flat triples (6.5) *)

Lemma place_of_ok C M l1 l2 L ln p l y : c_loss C = None -> fit C M l1 l2 -> get L (c_lines C) = Some ln -> place_of C L p = Some (l, y) ->
  at_pos (l_a ln) (l_b ln) (vec C p) (Q2R l) /\ value (c_act C) M (vec C p) = Q2R y /\ is_point C p = true.
Proof.
  intros EL F HL. unfold place_of. destruct (get p (c_on C)) as [on|] eqn:O; [|discriminate].
  destruct (get p (c_pts C)) as [[v y']|] eqn:G; [|discriminate].
  destruct (find_pos L on) as [l'|] eqn:P; [|discriminate]. intros [= <- <-].
  apply find_pos_in in P. destruct (f_on _ _ _ _ F p on O L l' P) as (ln' & HL' & Hat).
  rewrite HL in HL'. injection HL' as <-. split; [exact Hat|].
  pose proof (f_fits _ _ _ _ F p v y' G) as Hy. rewrite (f_exact _ _ _ _ F EL), Rplus_0_r in Hy.
  apply (f_all _ _ _ _ F) in G. unfold is_point, vec. rewrite G. auto.
Qed.

Lemma place_of_line C M l1 l2 L p l y : fit C M l1 l2 -> place_of C L p = Some (l, y) ->
  exists ln, get L (c_lines C) = Some ln.
Proof.
  intros F. unfold place_of. destruct (get p (c_on C)) as [on|] eqn:O; [|discriminate].
  destruct (get p (c_pts C)) as [[v y']|]; [|discriminate].
  destruct (find_pos L on) as [l'|] eqn:P; [|discriminate]. intros _.
  apply find_pos_in in P. destruct (f_on _ _ _ _ F p on O L l' P) as (ln & HL & _). eauto.
Qed.

Definition silent (vp vr : point) (us : list unit) : Prop := forall u, In u us -> ~ brk vp vr u.

Lemma quiet_sat C M l1 l2 L ln first p r lp lr : fit C M l1 l2 -> get L (c_lines C) = Some ln ->
  at_pos (l_a ln) (l_b ln) (vec C p) (Q2R lp) -> at_pos (l_a ln) (l_b ln) (vec C r) (Q2R lr) -> Q2R lp < Q2R lr ->
  quiet C L first lp lr = true -> silent (vec C p) (vec C r) (if first then l1 else l2).
Proof.
  intros F HL Hp Hr Hlt HQ u Hu B. unfold quiet in HQ. apply orb_true_iff in HQ as [HQ|HQ].
  - apply N.eqb_eq in HQ. pose proof (class_length C M l1 l2 F first) as HC. rewrite HQ in HC.
    unfold cunits in HC. destruct (if first then l1 else l2); [destruct Hu|simpl in HC; lia].
  - destruct (get (skey L first) (c_cur C)) as [[nn tt]|] eqn:GC; [|discriminate].
    apply andb_true_iff in HQ as [HN HA]. apply N.eqb_eq in HN.
    destruct (f_cur _ _ _ _ F _ _ GC) as (cs & (Hnn & Hsp & Htt) & L2 & ln2 & f2 & ss & EK & HL2 & G & HS & _ & _ & H2).
    cbn [fst snd] in Hnn, Hsp, Htt. rewrite Hnn in HN.
    apply skey_inj in EK as [<- <-]. rewrite HL in HL2. injection HL2 as <-.
    rewrite <- (Forall2_length' _ _ _ H2) in HN.
    destruct (saturation C M l1 l2 F L first ss G HN) as [Sat _].
    destruct (class_index C M l1 l2 F first u Hu) as (j & _ & Hj & <-).
    destruct (Sat j Hj) as (sd & Hsd & HB). destruct (In_nth_error _ _ Hsd) as (i & Hi).
    destruct (Forall2_nth _ _ _ H2 i sd Hi) as (sl & Hsl & HC). specialize (HC _ Hu HB).
    apply (apart_ok lp lr tt Hsp) with (n := Pos.of_nat (1 + i)) (s := sl) in HA; [|rewrite Htt; apply (nth_count cs 1 i sl Hsl)].
    apply nth_error_In in Hsl.
    rewrite Forall_forall in HS. destruct (HS sl Hsl) as (P & R & _).
    destruct HC as (e & He & Hd & E1 & E2). unfold brk in B. set (n := unitn M j) in *.
    assert (Zp : pr n (vec C p) = pr n (l_a ln) + Q2R lp * (pr n (l_b ln) - pr n (l_a ln))) by (unfold pr at 1; rewrite Hp; unfold pr; ring).
    assert (Zr : pr n (vec C r) = pr n (l_a ln) + Q2R lr * (pr n (l_b ln) - pr n (l_a ln))) by (unfold pr at 1; rewrite Hr; unfold pr; ring).
    assert (Ep : pr n (vec C (s_p sl)) = pr n (l_a ln) + Q2R (s_lp sl) * (pr n (l_b ln) - pr n (l_a ln))) by (unfold pr at 1; rewrite P; unfold pr; ring).
    assert (Er : pr n (vec C (s_r sl)) = pr n (l_a ln) + Q2R (s_lr sl) * (pr n (l_b ln) - pr n (l_a ln))) by (unfold pr at 1; rewrite R; unfold pr; ring).
    assert (E1' : e * pr n (vec C (s_p sl)) <= 0) by (unfold left_rel in E1; destruct (s_lc sl); simpl in E1; lra).
    assert (E2' : 0 <= e * pr n (vec C (s_r sl))) by (unfold right_rel in E2; destruct (s_rc sl); simpl in E2; lra).
    rewrite Ep in E1'. rewrite Er in E2'. rewrite Zp, Zr in B. clear - He Hd E1' E2' B HA Hlt.
    set (a := pr n (l_a ln)) in *. set (d := pr n (l_b ln) - a) in *. clearbody a d.
    assert (B' : (e * (a + Q2R lp * d)) * (e * (a + Q2R lr * d)) < 0) by (destruct He; subst e; lra).
    replace (e * (a + Q2R lp * d)) with (e * a + Q2R lp * (e * d)) in B' by ring.
    replace (e * (a + Q2R lr * d)) with (e * a + Q2R lr * (e * d)) in B' by ring.
    replace (e * (a + Q2R (s_lp sl) * d)) with (e * a + Q2R (s_lp sl) * (e * d)) in E1' by ring.
    replace (e * (a + Q2R (s_lr sl) * d)) with (e * a + Q2R (s_lr sl) * (e * d)) in E2' by ring.
    set (A := e * a) in *. set (X := e * d) in *. clearbody A X. clear He B.
    destruct HA as [HA|HA].
    + assert (0 <= A + Q2R lp * X) by nra. assert (0 <= A + Q2R lr * X) by nra. nra.
    + assert (A + Q2R lr * X <= 0) by nra. assert (A + Q2R lp * X <= 0) by nra. nra.
Qed.

Lemma move_mono p r lp lr s : Q2R (s_lp s) <= Q2R (s_lp (move p r lp lr s)) /\ Q2R (s_lr (move p r lp lr s)) <= Q2R (s_lr s).
Proof.
  unfold move. destruct ((if s_lc s then _ else _) && qlt (s_lp s) lr) eqn:X;
    destruct ((if s_rc s then _ else _) && qlt lp (s_lr s)) eqn:Y; simpl; split; try lra;
    try (apply andb_true_iff in X as [_ X]; apply qlt_R in X; lra);
    try (apply andb_true_iff in Y as [_ Y]; apply qlt_R in Y; lra).
Qed.

Lemma move_ok C ln p r lp lr s : at_pos (l_a ln) (l_b ln) (vec C p) (Q2R lp) -> at_pos (l_a ln) (l_b ln) (vec C r) (Q2R lr) ->
  is_point C p = true -> is_point C r = true -> slot_ok C ln s -> slot_ok C ln (move p r lp lr s).
Proof.
  intros Hp Hr Vp Vr (P & R & V1 & V2). unfold move, slot_ok.
  destruct ((if s_lc s then _ else _) && qlt (s_lp s) lr); destruct ((if s_rc s then _ else _) && qlt lp (s_lr s)); simpl; auto.
Qed.

Lemma move_cbrk C ln p r lp lr s u : at_pos (l_a ln) (l_b ln) (vec C p) (Q2R lp) ->
  at_pos (l_a ln) (l_b ln) (vec C r) (Q2R lr) -> ~ brk (vec C p) (vec C r) u -> slot_ok C ln s ->
  cbrk C ln s u -> cbrk C ln (move p r lp lr s) u.
Proof.
  intros Hp Hr NB (P & R & _) (e & He & Hd & E1 & E2).
  exists e. split; [exact He|]. split; [exact Hd|]. unfold brk in NB.
  assert (Zp : e * pr u (vec C p) = e * pr u (l_a ln) + Q2R lp * (e * (pr u (l_b ln) - pr u (l_a ln)))) by (unfold pr at 1; rewrite Hp; unfold pr; ring).
  assert (Zr : e * pr u (vec C r) = e * pr u (l_a ln) + Q2R lr * (e * (pr u (l_b ln) - pr u (l_a ln)))) by (unfold pr at 1; rewrite Hr; unfold pr; ring).
  assert (Ep : e * pr u (vec C (s_p s)) = e * pr u (l_a ln) + Q2R (s_lp s) * (e * (pr u (l_b ln) - pr u (l_a ln)))) by (unfold pr at 1; rewrite P; unfold pr; ring).
  assert (Er : e * pr u (vec C (s_r s)) = e * pr u (l_a ln) + Q2R (s_lr s) * (e * (pr u (l_b ln) - pr u (l_a ln)))) by (unfold pr at 1; rewrite R; unfold pr; ring).
  assert (NB' : 0 <= (e * pr u (vec C p)) * (e * pr u (vec C r))) by (destruct He; subst e; lra).
  clear NB Hp Hr P R.
  set (A := e * pr u (l_a ln)) in *. set (X := e * (pr u (l_b ln) - pr u (l_a ln))) in *.
  set (zp := e * pr u (vec C p)) in *. set (zr := e * pr u (vec C r)) in *.
  unfold left_rel in *. unfold right_rel in *.
  assert (HL : (if s_lc s then qlt lp (s_lp s) else qle lp (s_lp s)) && qlt (s_lp s) lr = true -> zr <= 0).
  { rewrite andb_true_iff. intros [H1 H2]. apply qlt_R in H2.
    assert (zp < 0).
    { destruct (s_lc s); simpl in E1; [apply qlt_R in H1|apply qle_R in H1]; rewrite Ep in E1; rewrite Zp; nra. }
    nra. }
  assert (HR : (if s_rc s then qlt (s_lr s) lr else qle (s_lr s) lr) && qlt lp (s_lr s) = true -> 0 <= zp).
  { rewrite andb_true_iff. intros [H1 H2]. apply qlt_R in H2.
    assert (0 < zr).
    { destruct (s_rc s); simpl in E2; [apply qlt_R in H1|apply qle_R in H1]; rewrite Er in E2; rewrite Zr; nra. }
    nra. }
  unfold move.
  destruct ((if s_lc s then qlt lp (s_lp s) else qle lp (s_lp s)) && qlt (s_lp s) lr) eqn:Y1;
    destruct ((if s_rc s then qlt (s_lr s) lr else qle (s_lr s) lr) && qlt lp (s_lr s)) eqn:Y2;
    cbn [s_p s_r s_lc s_rc]; (split; [try exact E1; exact (HL eq_refl)|try exact E2; exact (HR eq_refl)]).
Qed.

Lemma move_all_same C L first p r lp lr :
  let C' := fst (move_all C L first p r lp lr) in
  c_act C' = c_act C /\ c_k C' = c_k C /\ c_P C' = c_P C /\ c_all C' = c_all C /\ c_lines C' = c_lines C.
Proof.
  unfold move_all. destruct (get (skey L first) (c_cur C)) as [[n t]|]; [|simpl; auto].
  destruct (negb _); [simpl; auto|]. destruct (move_tree p r lp lr t). simpl. auto.
Qed.

Lemma move_all_sat C M l1 l2 L ln first p r lp lr : fit C M l1 l2 -> get L (c_lines C) = Some ln ->
  at_pos (l_a ln) (l_b ln) (vec C p) (Q2R lp) -> at_pos (l_a ln) (l_b ln) (vec C r) (Q2R lr) ->
  is_point C p = true -> is_point C r = true ->
  silent (vec C p) (vec C r) (if first : bool then l1 else l2) ->
  fit (fst (move_all C L first p r lp lr)) M l1 l2 /\ (snd (move_all C L first p r lp lr) = true -> False).
Proof.
  intros F HL Hp Hr Vp Vr HN. unfold move_all. destruct (get (skey L first) (c_cur C)) as [[nn tt]|] eqn:GC; [|split; [exact F|discriminate]].
  destruct (negb _); [split; [exact F|discriminate]|].
  destruct (f_cur _ _ _ _ F _ _ GC) as (cs & (Hnn & Hsp & Htt) & L2 & ln2 & f2 & ss & EK & HL2 & G & HS & HO & Hord & H2).
  cbn [fst snd] in Hnn, Hsp, Htt. destruct (move_tree_ok p r lp lr tt Hsp) as (T1 & T2 & T3).
  destruct (move_tree p r lp lr tt) as [tt' e]. cbn [fst snd] in T1, T2, T3.
  apply skey_inj in EK as [<- <-]. rewrite HL in HL2. injection HL2 as <-.
  set (cs' := map (move p r lp lr) cs).
  assert (HS' : Forall (slot_ok C ln) cs').
  { apply Forall_forall. intros s Hs. apply in_map_iff in Hs as (s0 & <- & Hs0). rewrite Forall_forall in HS.
    apply move_ok; auto. }
  assert (H2' : Forall2 (fun s s' => forall u, In u (if first then l1 else l2) -> sbrk (slot_pts C s) u -> cbrk C ln s' u) ss cs').
  { unfold cs'. clear - H2 HS Hp Hr HN. induction H2 as [|s s' ss0 cs0 H H2 IH]; simpl; [constructor|].
    inversion HS; subst. constructor; [|apply IH; assumption].
    intros u Hu B. apply move_cbrk; auto. }
  assert (HO' : Forall open_slot cs').
  { assert (HB : forall s, In s ss -> exists n, In n (if first then l1 else l2) /\ sbrk (slot_pts C s) n)
      by apply (f_brk _ _ _ _ F L first ss G).
    clear - H2' HS' HB. induction H2' as [|s s' ss0 cs0 H H2 IH]; [constructor|]. inversion HS'; subst. constructor.
    - destruct (HB s (or_introl eq_refl)) as (n & Hn & B). apply (cbrk_open C ln s' n); auto.
    - apply IH; [assumption|]. intros s1 Hs1. apply HB. right. exact Hs1. }
  assert (Hord' : StronglySorted before cs').
  { unfold cs'. clear - Hord. induction Hord as [|s cs0 H IH HF]; simpl; constructor; [exact IH|].
    apply Forall_forall. intros s1 Hs1. apply in_map_iff in Hs1 as (s2 & <- & Hs2). rewrite Forall_forall in HF.
    specialize (HF s2 Hs2). unfold before in *.
    destruct (move_mono p r lp lr s) as [_ M1]. destruct (move_mono p r lp lr s2) as [M2 _]. lra. }
  assert (Htt' : slots_of tt' = count 1 cs') by (rewrite T2, Htt; apply count_map).
  split.
  - cbn [fst]. constructor; try exact (f_all _ _ _ _ F); try exact (f_exact _ _ _ _ F); try exact (f_total _ _ _ _ F); try exact (f_los _ _ _ _ F);
      try exact (f_fits _ _ _ _ F); try exact (f_nz _ _ _ _ F); try exact (f_classes _ _ _ _ F);
      try exact (f_len1 _ _ _ _ F); try exact (f_len _ _ _ _ F); try exact (f_nums _ _ _ _ F);
      try exact (f_on _ _ _ _ F); try exact (f_slots _ _ _ _ F); try exact (f_brk _ _ _ _ F);
      try exact (f_turn _ _ _ _ F); try exact (f_ord _ _ _ _ F).
    apply all_set; [exact (f_cur _ _ _ _ F)|].
    exists cs'. split; [cbn [fst snd]; unfold cs'; rewrite map_length; auto|]. exists L, ln, first, ss. split; [reflexivity|]. split; [exact HL|]. split; [exact G|].
    split; [exact HS'|]. split; [exact HO'|]. split; [exact Hord'|exact H2'].
  - intros HE. destruct (T3 HE) as (n & s & Hs & HE'). clear HE. rename HE' into HE.
    assert (Hs' : In s cs') by (rewrite Htt' in Hs; rewrite <- (count_snd cs' 1); apply (in_map snd _ (n, s)), Hs).
    clear Hs. rename Hs' into Hs. rewrite Forall_forall in HO'. specialize (HO' s Hs).
    unfold empty_slot in HE. apply orb_true_iff in HE as [HE|HE].
    + apply qlt_R in HE. destruct HO' as [?|(? & _)]; lra.
    + apply andb_true_iff in HE as [H3 H4]. apply qeq_R in H3. destruct HO' as [?|(_ & H5 & H6)]; [lra|].
      rewrite H5, H6 in H4. discriminate.
Qed.

Lemma do_flat_sat C M l1 l2 L p q r C' b : fit C M l1 l2 -> do_flat C L p q r = Some (C', b) ->
  fit C' M l1 l2 /\ (b = true -> False).
Proof.
  intros F. unfold do_flat. destruct (c_act C) eqn:HA; [|discriminate]. destruct (c_loss C) eqn:EL; [discriminate|].
  destruct (place_of C L p) as [[lp yp]|] eqn:Pp; [|discriminate].
  destruct (place_of C L q) as [[lq yq]|] eqn:Pq; [|discriminate].
  destruct (place_of C L r) as [[lr yr]|] eqn:Pr; [|discriminate].
  set (t := qdiv _ _). destruct (_ && _ && _ && _ && _ && _ && _) eqn:X; [|discriminate].
  rewrite !andb_true_iff in X. destruct X as [[[[[[X1 X2] X3] X4] X5] X6] X7].
  destruct (place_of_line _ _ _ _ _ _ _ _ F Pp) as (ln & HL).
  destruct (place_of_ok _ _ _ _ _ _ _ _ _ EL F HL Pp) as (Ap & Yp & Vp).
  destruct (place_of_ok _ _ _ _ _ _ _ _ _ EL F HL Pq) as (Aq & Yq & Vq).
  destruct (place_of_ok _ _ _ _ _ _ _ _ _ EL F HL Pr) as (Ar & Yr & Vr).
  apply qlt_R in X1. apply qlt_R in X2. apply qlt_R in X3. apply qlt_R in X4. rewrite Q2R_0 in X3. rewrite Q2R_1 in X4.
  apply qeq_R in X6. rewrite qadd_R, !qmul_R, qsub_R, Q2R_1 in X6.
  rewrite <- Yp, <- Yq, <- Yr, HA in X6.
  assert (Hq : at_pos (vec C p) (vec C r) (vec C q) (Q2R t)).
  { intros f. rewrite (comb3_vq _ _ _ _ _ _ _ X5 f), qsub_R, Q2R_1, Q2R_0. ring. }
  assert (Hlt : Q2R lp < Q2R lr) by lra.
  pose proof (f_classes _ _ _ _ F) as [CU CP CN _ _]. specialize (CP HA). specialize (CN HA).
  rewrite Forall_forall in CP, CN.
  assert (HQ : forall first, quiet C L first lp lr = true -> silent (vec C p) (vec C r) (units M)).
  { intros first HQ. pose proof (quiet_sat _ _ _ _ _ _ _ _ _ _ _ F HL Ap Ar Hlt HQ) as HS.
    intros u Hu. apply (flat_triple M _ _ _ (Q2R t) (if first then -1 else 1) (conj X3 X4) Hq X6); [|destruct first; auto|exact Hu].
    intros n Hn. rewrite CU in Hn. apply in_app_or in Hn as [Hn|Hn]; destruct first; auto. }
  assert (HQ1 : forall first, quiet C L first lp lr = true -> silent (vec C p) (vec C r) l1 /\ silent (vec C p) (vec C r) l2).
  { intros first HQ0. split; intros u Hu; apply (HQ first HQ0); rewrite CU; apply in_or_app; auto. }
  assert (G1 : let CB := (if quiet C L false lp lr then move_all C L true p r lp lr else (C, false)) in
    fit (fst CB) M l1 l2 /\ (snd CB = true -> False) /\ c_all (fst CB) = c_all C /\ c_lines (fst CB) = c_lines C).
  { destruct (quiet C L false lp lr) eqn:Qn; simpl; [|split; [exact F|]; split; [discriminate|auto]].
    destruct (move_all_sat C M l1 l2 L ln true p r lp lr F HL Ap Ar Vp Vr (proj1 (HQ1 false Qn))) as [A B].
    destruct (move_all_same C L true p r lp lr) as (_ & _ & _ & E1 & E2). auto. }
  destruct (if quiet C L false lp lr then _ else _) as [C1 e1]. simpl in G1. destruct G1 as (F1 & N1 & E1 & E2).
  assert (EV : forall i, vec C1 i = vec C i) by (intros i; unfold vec; rewrite E1; reflexivity).
  assert (G2 : let CB := (if quiet C L true lp lr then move_all C1 L false p r lp lr else (C1, false)) in
    fit (fst CB) M l1 l2 /\ (snd CB = true -> False)).
  { destruct (quiet C L true lp lr) eqn:Qp; simpl; [|split; [exact F1|discriminate]].
    apply (move_all_sat C1 M l1 l2 L ln false p r lp lr F1); rewrite ?E2, ?EV; auto.
    - unfold is_point in *. rewrite E1. exact Vp.
    - unfold is_point in *. rewrite E1. exact Vr.
    - apply (proj2 (HQ1 true Qp)). }
  destruct (if quiet C L true lp lr then _ else _) as [C2 e2]. simpl in G2. destruct G2 as [F2 N2].
  intros [= <- <-]. split; [exact F2|]. rewrite orb_true_iff. tauto.
Qed.

Lemma do_flat_same C L p q r C' b : do_flat C L p q r = Some (C', b) ->
  c_act C' = c_act C /\ c_k C' = c_k C /\ c_P C' = c_P C.
Proof.
  unfold do_flat. destruct (c_act C) eqn:HA; [|discriminate]. destruct (c_loss C); [discriminate|].
  destruct (place_of C L p) as [[lp yp]|]; [|discriminate].
  destruct (place_of C L q) as [[lq yq]|]; [|discriminate].
  destruct (place_of C L r) as [[lr yr]|]; [|discriminate].
  destruct (_ && _ && _ && _ && _ && _ && _); [|discriminate].
  assert (G1 : let CB := (if quiet C L false lp lr then move_all C L true p r lp lr else (C, false)) in
    c_act (fst CB) = c_act C /\ c_k (fst CB) = c_k C /\ c_P (fst CB) = c_P C).
  { destruct (quiet C L false lp lr); simpl; auto.
    destruct (move_all_same C L true p r lp lr) as (E1 & E2 & E3 & _). auto. }
  destruct (if quiet C L false lp lr then _ else _) as [C1 e1]. simpl in G1.
  assert (G2 : let CB := (if quiet C L true lp lr then move_all C1 L false p r lp lr else (C1, false)) in
    c_act (fst CB) = c_act C1 /\ c_k (fst CB) = c_k C1 /\ c_P (fst CB) = c_P C1).
  { destruct (quiet C L true lp lr); simpl; auto.
    destruct (move_all_same C1 L false p r lp lr) as (E1 & E2 & E3 & _). auto. }
  destruct (if quiet C L true lp lr then _ else _) as [C2 e2]. simpl in G2.
  intros [= <- _]. rewrite <- HA. destruct G1 as (-> & -> & ->) in G2. exact G2.
Qed.

Lemma do_flats_same fs : forall C C' b, do_flats C fs = inl (C', b) ->
  c_act C' = c_act C /\ c_k C' = c_k C /\ c_P C' = c_P C.
Proof.
  induction fs as [|[n [[[L p] q] r]] fs IH]; intros C C' b; simpl; [intros [= <- _]; auto|].
  destruct (do_flat C L p q r) as [[C1 []]|] eqn:H; [|intros H1|discriminate].
  - destruct fs as [|[n' x] fs]; [|discriminate]. intros [= <- _]. apply (do_flat_same _ _ _ _ _ _ _ H).
  - apply IH in H1 as (-> & -> & ->). apply (do_flat_same _ _ _ _ _ _ _ H).
Qed.

Lemma do_flats_sat M l1 l2 fs : forall C C' b, fit C M l1 l2 -> do_flats C fs = inl (C', b) ->
  fit C' M l1 l2 /\ (b = true -> False).
Proof.
  induction fs as [|[n [[[L p] q] r]] fs IH]; intros C C' b F; simpl; [intros [= <- <-]; split; [exact F|discriminate]|].
  destruct (do_flat C L p q r) as [[C1 b1]|] eqn:H; [|discriminate].
  destruct (do_flat_sat _ _ _ _ _ _ _ _ _ _ F H) as [F1 N1]. destruct b1; [destruct (N1 eq_refl)|].
  apply IH, F1.
Qed.

Lemma open_split_sat C D lack cost : (forall M l1 l2, mfits (c_act C) M D -> classes (c_act C) M l1 l2 ->
    N.of_nat (length l1) = c_P C -> length (units M) = c_k C -> res M = lack -> los M = cost -> fit C M l1 l2) ->
  forall M l1 l2 x now, mfits (c_act C) M D -> res M = lack -> los M = cost -> fit C M l1 l2 -> unturned l1 -> unturned l2 ->
  open_split C x = inl now -> opened now.
Proof.
  intros Hfit M l1 l2 x now HM ER ES F N1 N2. unfold open_split. destruct (do_flats C (x_flats x)) as [[C' b]|] eqn:H; [|discriminate].
  destruct (do_flats_sat _ _ _ _ _ _ _ F H) as [F' N'].
  destruct (do_flats_same _ _ _ _ H) as (E1 & E2 & E3).
  destruct b; [destruct (N' eq_refl)|].
  apply (open_labels_sat C' D lack cost) with (M := M) (l1 := l1) (l2 := l2).
  - intros M' l1' l2' HM' HC' HP' HK' ER' ES'. rewrite E1 in *. rewrite E2 in *. rewrite E3 in *.
    apply (do_flats_sat M' l1' l2' _ _ _ _ (Hfit M' l1' l2' HM' HC' HP' HK' ER' ES') H).
  - rewrite E1. exact HM.
  - exact ER.
  - exact ES.
  - exact F'.
  - exact N1.
  - exact N2.
Qed.

Lemma check_split_sat C D lack cost : (forall M l1 l2, mfits (c_act C) M D -> classes (c_act C) M l1 l2 ->
    N.of_nat (length l1) = c_P C -> length (units M) = c_k C -> res M = lack -> los M = cost -> fit C M l1 l2) ->
  forall M l1 l2 x, mfits (c_act C) M D -> res M = lack -> los M = cost -> fit C M l1 l2 -> unturned l1 -> unturned l2 -> check_split C x = Ok -> False.
Proof.
  intros Hfit M l1 l2 x HM ER ES F N1 N2. unfold check_split. destruct (open_split C (x_head x)) as [now|] eqn:H; [|discriminate].
  destruct (open_split_sat C D lack cost Hfit M l1 l2 _ _ HM ER ES F N1 N2 H) as (M' & l1' & l2' & F' & HN & HT).
  destruct now as [C' s]. cbn [fst snd] in *. apply (run_sat C' M' l1' l2' F' _ s _ HN). intros E _. apply HT.
Qed.

Lemma check_splits_find mk allow fuel : forall P xs last, check_splits mk allow fuel P xs last = Ok ->
  forall P', (P <= P')%N -> (P' < P + N.of_nat fuel)%N -> allow P' = true ->
  exists x, check_split (mk P') x = Ok.
Proof.
  induction fuel as [|fuel IH]; simpl check_splits; intros P xs last H P' H1 H2 HA; [lia|].
  destruct (N.eq_dec P' P) as [->|Hne].
  - rewrite HA in H. destruct xs as [|x xs]; [discriminate|].
    destruct (N.eqb (x_P (x_head x)) P); [|discriminate]. destruct (check_split (mk P) x) eqn:K; [eauto|discriminate].
  - destruct (allow P).
    + destruct xs as [|x xs]; [discriminate|]. destruct (N.eqb (x_P (x_head x)) P); [|discriminate].
      destruct (check_split (mk P) x); [|discriminate]. apply (IH _ _ _ H P'); auto; lia.
    + apply (IH _ _ _ H P'); auto; lia.
Qed.

(** ** From networks to models, from splits to the whole *)

(** What the training problem allows (4): coefficients 1 and -1 for rectifiers, all 1 for convex, all -1 for concave. *)
Definition allowed_neuron (act : activation) (sgn : signs) (d : nat) (n : neuron) : Prop :=
  match act with
  | ReLU => relu_neuron d n /\ match sgn with Free => True | Convex => coef n = 1 | Concave => coef n = -1 end
  | Thr => threshold_neuron d n
  end.

(** What a network with the allowed neurons gives. *)
Lemma network_model act sgn d k N xs r s : length N = k -> Forall (allowed_neuron act sgn d) N ->
  exists M l1 l2, mfits act M (pdata_of act N xs) /\ classes act M l1 l2 /\ length (units M) = k /\
    (unturned l1 /\ unturned l2) /\ (res M = r /\ los M = s) /\
    (act = ReLU -> (sgn = Convex -> l2 = []) /\ (sgn = Concave -> l1 = [])).
Proof.
  intros Hk HN. destruct act.
  - pose proof (relu_model N xs r s) as HM. set (M := net N r s) in HM.
    rewrite Forall_forall in HN.
    assert (HS : signed ReLU (units M)).
    { intros _. apply Forall_forall. intros u Hu. simpl in Hu. apply in_map_iff in Hu as (n & <- & Hn).
      simpl. apply (HN n Hn). }
    destruct (classes_exist ReLU M _ HM (net_anchored ReLU N r s) HS) as (M' & l1 & l2 & HM' & HC & HP & ER & ES).
    exists M', l1, l2. split; [exact HM'|]. split; [exact HC|]. split; [|split; [|split; [auto|]]].
    + rewrite <- (Permutation_length HP). simpl. rewrite map_length. exact Hk.
    + apply Forall_app. rewrite <- (cl_units _ _ _ _ HC), <- HP. apply Forall_forall. intros u Hu.
      simpl in Hu. apply in_map_iff in Hu as (n & <- & _). reflexivity.
    + intros _.
      assert (HU : forall u, In u (l1 ++ l2) -> exists n, In n N /\ snd u = coef n).
      { intros u Hu. rewrite <- (cl_units _ _ _ _ HC) in Hu.
        apply (Permutation_in _ (Permutation_sym HP)) in Hu. simpl in Hu. apply in_map_iff in Hu as (n & <- & Hn).
        exists n. auto. }
      pose proof (cl_pos _ _ _ _ HC eq_refl) as CP. pose proof (cl_neg _ _ _ _ HC eq_refl) as CN.
      rewrite Forall_forall in CP, CN. split; intros ->.
      * destruct l2 as [|u l2]; [reflexivity|exfalso].
        destruct (HU u) as (n & Hn & Hc); [apply in_or_app; right; left; reflexivity|].
        specialize (CN u (or_introl eq_refl)). destruct (HN n Hn) as [_ H1]. simpl in H1. lra.
      * destruct l1 as [|u l1]; [reflexivity|exfalso].
        destruct (HU u) as (n & Hn & Hc); [apply in_or_app; left; left; reflexivity|].
        specialize (CP u (or_introl eq_refl)). destruct (HN n Hn) as [_ H1]. simpl in H1. lra.
  - destruct (threshold_model N xs r s) as (N' & Hl & HM). set (M := net N' r s) in *.
    exists M, (units M), []. split; [exact HM|]. split; [|split; [|split; [|split; [auto|discriminate]]]].
    + constructor; auto; try discriminate; [rewrite app_nil_r; reflexivity|apply net_anchored].
    + simpl. rewrite map_length. congruence.
    + split; [|constructor]. apply Forall_forall. intros u Hu. simpl in Hu. apply in_map_iff in Hu as (n & <- & _). reflexivity.
Qed.

(** Every allowed split is refuted, and no other can be. *)
Lemma not_allowed act sgn k g D pts al lo M l1 l2 : geo_ok act D pts al lo g ->
  mfits act M D -> classes act M l1 l2 -> length (units M) = k ->
  ((sgn = Convex -> l2 = []) /\ (sgn = Concave -> l1 = [])) ->
  allowed k sgn (counts g) (N.of_nat (length l1)) = true.
Proof.
  intros Hg HM HC Hk [S1 S2]. unfold allowed. apply andb_true_iff.
  pose proof (cl_units _ _ _ _ HC) as CU. rewrite CU, app_length in Hk. split.
  - destruct (tforall _ _) eqn:T; [reflexivity|exfalso].
    apply tforall_false in T as (key & c & G & HF). unfold counts in G. rewrite get_tmapo in G.
    destruct (get key (g_slots g)) as [ss|] eqn:HG; [|discriminate]. injection G as <-.
    destruct (o_slots _ _ _ _ _ _ Hg _ _ HG) as (L & ln & f & EK & HL & HS & Hc & _).
    pose proof (demands_le (ubrk (ctx_of act pts al lo g)) ss (match key with xO _ => l1 | _ => l2 end)) as HD.
    assert (length ss <= length (match key with xO _ => l1 | _ => l2 end))%nat.
    { apply HD; [|eapply chain_exclusive; eassumption].
      intros s Hs. apply (o_kinks _ _ _ _ _ _ Hg _ _ HG M l1 l2 HM HC s Hs). }
    destruct key; try discriminate; apply N.leb_gt in HF; lia.
  - destruct sgn; [reflexivity| |]; apply N.eqb_eq.
    + rewrite (S1 eq_refl) in Hk. simpl in Hk. lia.
    + rewrite (S2 eq_refl). reflexivity.
Qed.

Lemma splits_false act sgn d k N xs pts al lo lack cost g ss last :
  length N = k -> Forall (allowed_neuron act sgn d) N ->
  all (fun i vy => In (fst vy, Q2R (snd vy) - lack i) (pdata_of act N xs)) pts ->
  all (fun _ v => exists y, In (v, y) (pdata_of act N xs)) al ->
  (forall i v y, get i pts = Some (v, y) -> get i al = Some v) ->
  (lo = None -> forall i, lack i = 0) ->
  (forall x, lo = Some x -> vq cost (x_copies x) <= Q2R (x_gamma x)) ->
  (forall x, lo = Some x -> forall i, cost i = loss_of (x_kind x) (lack i) 0) ->
  geo_ok act (pdata_of act N xs) pts al lo g ->
  check_task (task_of act sgn k (context act k pts al lo (neurons k) g) (counts g)) ss last = Ok -> False.
Proof.
  intros Hk HN Hpts Hal Hsub Hex Htot Hlos Hg H. unfold check_task, task_of in H. set (D := pdata_of act N xs) in *.
  destruct (network_model act sgn d k N xs lack cost Hk HN) as (M & l1 & l2 & HM & HC & HU & [N1 N2] & [ER ES] & HS).
  fold D in HM. set (mk := context act k pts al lo (neurons k) g) in *.
  set (P := N.of_nat (length l1)).
  pose proof (cl_units _ _ _ _ HC) as CU. pose proof HU as HU'. rewrite CU, app_length in HU'.
  assert (HX : exists x, check_split (mk P) x = Ok).
  { destruct act; cbn [k_mk k_allow k_fuel k_P] in H.
    - apply (check_splits_find _ _ _ _ _ _ H P); [lia|unfold P; lia|].
      apply (not_allowed ReLU sgn k g D pts al lo M l1 l2); auto.
    - assert (l2 = []) as -> by (apply (cl_thr _ _ _ _ HC); reflexivity). simpl in HU'.
      apply (check_splits_find _ _ _ _ _ _ H P); [unfold P; lia|unfold P; simpl; lia|].
      apply (not_allowed Thr Free k g D pts al lo M l1 []); auto. split; discriminate. }
  destruct HX as (x & HX).
  apply (check_split_sat (mk P) D lack cost) with (M := M) (l1 := l1) (l2 := l2) (x := x); auto.
  - intros M' l1' l2' HM' HC' HL' HK' ER' ES'. apply (make_fit act D pts al lo lack cost); auto.
  - apply (make_fit act D pts al lo lack cost); auto.
Qed.

(** The points that the checker is given: labels that the network meets, places of the instance. *)
Lemma core_sound act sgn d k N xs pts al p : length N = k -> Forall (allowed_neuron act sgn d) N ->
  all (fun _ vy => In (fst vy, Q2R (snd vy)) (pdata_of act N xs)) pts ->
  all (fun _ v => exists y, In (v, y) (pdata_of act N xs)) al ->
  (forall i v y, get i pts = Some (v, y) -> get i al = Some v) ->
  check_core act sgn pts al k p = Ok -> False.
Proof.
  intros Hk HN Hpts Hal Hsub H. unfold check_core in H. destruct p as [i i' n|hs ss last].
  - destruct (get i pts) as [[v y]|] eqn:G; [|discriminate].
    destruct (get i' pts) as [[v' y']|] eqn:G'; [|discriminate].
    destruct (allz _ && _) eqn:X; [|discriminate]. apply andb_true_iff in X as [X1 X2].
    apply Hpts in G. apply Hpts in G'. simpl in G, G'. apply negb_true_iff, qeq_R_false in X2. apply X2.
    destruct (network_model act sgn d k N xs (fun _ => 0) (fun _ => 0) Hk HN) as (M & l1 & l2 & HM & _).
    destruct (HM _ _ G) as [<- _]. destruct (HM _ _ G') as [<- _].
    assert (E : forall f, vq f v = vq f v').
    { intros f. apply allz_vq with (h := f) in X1. rewrite vq_diff in X1. lra. }
    unfold value, usum, avalue. f_equal; [destruct act; [apply E|reflexivity]|].
    apply sum_ext. intros u _. unfold pr. rewrite E. reflexivity.
  - unfold start_core in H. destruct (headers act pts geo0 hs) as [g|] eqn:HH; [|discriminate].
    assert (Hpts' : all (fun i vy => In (fst vy, Q2R (snd vy) - (fun _ => 0) i) (pdata_of act N xs)) pts).
    { intros i vy G. simpl. rewrite Rminus_0_r. apply (Hpts i vy G). }
    apply (splits_false act sgn d k N xs pts al None (fun _ => 0) (fun _ => 0) g ss last); auto; try discriminate.
    apply (headers_ok act (pdata_of act N xs) pts al None (fun _ => 0) Hpts' Hsub (fun _ _ => eq_refl) hs eq_refl geo0 g);
      [apply geo0_ok|exact HH].
Qed.

(** *** Numbered points *)

Lemma get_number {A} (l : list A) : forall p t i a, get i (number p l t) = Some a ->
  get i t = Some a \/ (nth_error l (Pos.to_nat i - Pos.to_nat p) = Some a /\ (Pos.to_nat p <= Pos.to_nat i)%nat).
Proof.
  induction l as [|b l IH]; simpl; intros p t i a H; [auto|].
  apply IH in H as [H|[H1 H2]].
  - rewrite get_set in H. destruct (Pos.eqb_spec i p) as [->|]; [|auto]. right.
    rewrite Nat.sub_diag. injection H as ->. auto.
  - right. split; [|lia]. replace (Pos.to_nat i - Pos.to_nat p)%nat with (S (Pos.to_nat i - Pos.to_nat (Pos.succ p))) by lia.
    exact H1.
Qed.

Lemma number_map {A B} (f : A -> B) (l : list A) : forall p t t',
  (forall i a, get i t = Some a -> get i t' = Some (f a)) ->
  forall i a, get i (number p l t) = Some a -> get i (number p (map f l) t') = Some (f a).
Proof.
  induction l as [|b l IH]; simpl; intros p t t' H i a; [apply H|]. apply IH. intros j c. rewrite !get_set.
  destruct (Pos.eqb j p); [intros [= ->]; reflexivity|apply H].
Qed.

Lemma points_sub D i v y : get i (points D) = Some (v, y) -> get i (places (map fst D)) = Some v.
Proof.
  intros H. unfold places, points in *.
  apply (number_map fst _ 1%positive Leaf Leaf) in H; [|intros j a G; discriminate G].
  rewrite map_map in *. simpl in H. exact H.
Qed.

Lemma points_nth D i v y : get i (points D) = Some (v, y) ->
  exists x, nth_error D (pred (Pos.to_nat i)) = Some (x, y) /\ v = mkpoint x.
Proof.
  intros H. apply get_number in H as [H|[H _]]; [discriminate H|].
  replace (Pos.to_nat i - Pos.to_nat 1)%nat with (pred (Pos.to_nat i)) in H by lia. rewrite nth_error_map in H.
  destruct (nth_error D _) as [[x y']|]; [|discriminate]. injection H as <- <-. exists x. auto.
Qed.

Lemma places_in act N xs : all (fun _ v => exists y, In (v, y) (pdata_of act N xs)) (places xs).
Proof.
  intros i v H. apply get_number in H as [H|[H _]]; [discriminate H|]. apply nth_error_In, in_map_iff in H as (x & <- & Hx).
  eexists. apply in_map_iff. exists x. split; [reflexivity|exact Hx].
Qed.

(** ** The theorems *)

Definition trainable (act : activation) (sgn : signs) (d k : nat) (D : data) : Prop :=
  exists N, length N = k /\ Forall (allowed_neuron act sgn d) N /\ fits (actf act) N D.

Theorem check_no_sound act sgn d D k p : check_no act sgn d D k p = true -> ~ trainable act sgn d k D.
Proof.
  unfold check_no. destruct (check_lines act sgn D k p) eqn:H; [|discriminate]. intros _ (N & Hk & HN & HF).
  assert (HP : all (fun _ vy => In (fst vy, Q2R (snd vy)) (pdata_of act N (map fst D))) (points D)).
  { intros i [v y] G. apply points_nth in G as (x & G & ->). apply nth_error_In in G. simpl.
    apply in_map_iff. exists x. split; [|apply in_map_iff; exists (x, y); auto]. f_equal. apply (HF x y G). }
  apply (core_sound act sgn d k N (map fst D) _ _ p Hk HN) in H; [exact H|exact HP| |].
  - intros i v G. unfold places_of in G. rewrite get_tmapo in G. destruct (get i (points D)) as [vy|] eqn:E; [|discriminate].
    injection G as <-. exists (Q2R (snd vy)). apply (HP i vy E).
  - intros i v y G. unfold places_of. rewrite get_tmapo, G. reflexivity.
Qed.

(** *** A loss (6.13) *)

Definition trainable_to (act : activation) (sgn : signs) (l : loss) (gamma : Q) (d k : nat) (D : weighted_data) : Prop :=
  exists N, length N = k /\ Forall (allowed_neuron act sgn d) N /\ total_loss (actf act) l N D <= Q2R gamma.

Lemma loss_lack l v y : loss_of l (y - v) 0 = loss_of l v y.
Proof.
  destruct l; simpl.
  - destruct (Req_EM_T (y - v) 0), (Req_EM_T v y); try reflexivity; exfalso; lra.
  - rewrite Rminus_0_r. apply Rabs_minus_sym.
  - ring.
Qed.

Lemma loss_pos l v y : 0 <= loss_of l v y.
Proof.
  destruct l; simpl; [destruct (Req_EM_T v y); lra|apply Rabs_pos|].
  pose proof (Rle_0_sqr (v - y)) as H. unfold Rsqr in H. exact H.
Qed.

Lemma dotf_weights (g : list Q * Q * Q -> R) : forall (D : weighted_data) f p,
  (forall t q, nth_error D t = Some q -> f (Pos.of_nat (t + Pos.to_nat p)) = g q) ->
  dotf f p (map snd D) = sum (fun q => Q2R (snd q) * g q) D.
Proof.
  induction D as [|q D IH]; intros f p H; simpl; [reflexivity|]. rewrite (IH f (Pos.succ p)).
  - specialize (H 0%nat q eq_refl). simpl in H. rewrite Pos2Nat.id in H. rewrite H. reflexivity.
  - intros t q' Hq. rewrite <- (H (S t) q' Hq). f_equal. lia.
Qed.

Theorem check_search_sound act sgn l gamma d D k p :
  check_search act sgn l gamma D k p = Ok -> ~ trainable_to act sgn l gamma d k D.
Proof.
  intros H (N & Hk & HN & HT). unfold check_search in H.
  destruct p as [|[|[n h] hs] ss last]; try discriminate.
  set (xs := map (fun p => fst (fst p)) D) in *.
  set (lack := fun i => match nth_error D (pred (Pos.to_nat i)) with
                        | Some (x, y, _) => Q2R y - eval (actf act) N (map Q2R x)
                        | None => 0
                        end).
  set (cost := fun i => loss_of l (lack i) 0).
  revert H. apply (splits_false act sgn d k N xs (points (exactly D)) (places xs)
    (Some (LossInfo l gamma (number 1 (map snd D) Leaf))) lack cost geo0 ss last Hk HN).
  - intros i [v y] G. apply points_nth in G as (x & G & ->). simpl. unfold exactly in G. rewrite nth_error_map in G.
    destruct (nth_error D (pred (Pos.to_nat i))) as [[[x' y'] c]|] eqn:E; [|discriminate]. injection G as -> ->.
    apply in_map_iff. exists x. split.
    + f_equal. unfold lack. rewrite E. ring.
    + apply in_map_iff. exists (x, y, c). split; [reflexivity|]. apply (nth_error_In _ _ E).
  - apply places_in.
  - intros i v y G. unfold xs. replace (map (fun p => fst (fst p)) D) with (map fst (exactly D)) by apply map_map.
    apply (points_sub _ _ _ y G).
  - discriminate.
  - intros x [= <-]. cbn [x_copies x_gamma]. eapply Rle_trans; [|exact HT]. apply Req_le.
    rewrite vq_number by reflexivity. cbn [vq]. rewrite Rplus_0_l.
    rewrite (dotf_weights (fun q => let '(x, y, _) := q in loss_of l (eval (actf act) N (map Q2R x)) (Q2R y))).
    + apply sum_ext. intros [[x y] c] _. reflexivity.
    + intros t [[x y] c] Ht. unfold cost, lack.
      replace (pred (Pos.to_nat (Pos.of_nat (t + Pos.to_nat 1)))) with t by (rewrite Nat2Pos.id; lia).
      rewrite Ht. apply loss_lack.
  - intros x [= <-] i. reflexivity.
  - apply geo0_ok.
Qed.

Lemma sum_at_least {X} (f : X -> R) l : (forall x, In x l -> 0 <= f x) -> forall x, In x l -> f x <= sum f l.
Proof.
  induction l as [|y l IH]; simpl; intros H x Hx; [tauto|].
  assert (Hl : 0 <= sum f l).
  { clear - H. induction l as [|z l IH]; simpl; [lra|]. pose proof (H z (or_intror (or_introl eq_refl))).
    assert (0 <= sum f l) by (apply IH; intros w Hw; apply H; destruct Hw; [left; assumption|right; right; assumption]). lra. }
  pose proof (H y (or_introl eq_refl)). destruct Hx as [->|Hx]; [lra|].
  assert (f x <= sum f l) by (apply IH; [intros; apply H; right; assumption|exact Hx]). lra.
Qed.

(** No room for an error: a network that comes down to gamma fits. *)
Lemma no_room_fits act l gamma N D : no_room l gamma = true -> (forall q, In q D -> 1 <= Q2R (snd q)) ->
  total_loss (actf act) l N D <= Q2R gamma -> fits (actf act) N (exactly D).
Proof.
  intros HR HC HT x y Hin. unfold exactly in Hin. apply in_map_iff in Hin as ([[x' y'] c] & [= -> ->] & Hin).
  set (v := eval (actf act) N (map Q2R x)).
  assert (HL : Q2R c * loss_of l v (Q2R y) <= Q2R gamma).
  { eapply Rle_trans; [|exact HT]. unfold total_loss.
    refine (sum_at_least (fun p => let '(x, y, c) := p in Q2R c * loss_of l (eval (actf act) N (map Q2R x)) (Q2R y)) D _ (x, y, c) Hin).
    intros [[x1 y1] c1] H1. specialize (HC _ H1). simpl in HC. pose proof (loss_pos l (eval (actf act) N (map Q2R x1)) (Q2R y1)). nra. }
  specialize (HC _ Hin). simpl in HC. pose proof (loss_pos l v (Q2R y)) as HP.
  unfold no_room in HR. apply orb_true_iff in HR as [HR|HR].
  - apply qle_R in HR. rewrite Q2R_0 in HR. assert (E : loss_of l v (Q2R y) = 0) by nra.
    destruct l; simpl in E.
    + destruct (Req_EM_T v (Q2R y)); [assumption|lra].
    + destruct (Req_dec (v - Q2R y) 0) as [E0|E0]; [lra|]. apply Rabs_no_R0 in E0. contradiction.
    + assert (v - Q2R y = 0) by (apply Rsqr_0_uniq; exact E). lra.
  - destruct l; try discriminate. apply qlt_R in HR. rewrite Q2R_1 in HR. simpl in HL.
    destruct (Req_EM_T v (Q2R y)); [assumption|]. nra.
Qed.

Theorem check_loss_sound act sgn l gamma d D k p :
  check_loss act sgn l gamma D k p = Ok -> ~ trainable_to act sgn l gamma d k D.
Proof.
  unfold check_loss. destruct (no_room l gamma && _) eqn:X; [|apply check_search_sound].
  apply andb_true_iff in X as [HR HC]. rewrite forallb_forall in HC.
  intros H (N & Hk & HN & HT). apply (check_no_sound act sgn d (exactly D) k p); [unfold check_no; rewrite H; reflexivity|].
  exists N. split; [exact Hk|]. split; [exact HN|]. apply (no_room_fits act l gamma); auto.
  intros q Hq. specialize (HC q Hq). apply qle_R in HC. rewrite Q2R_1 in HC. exact HC.
Qed.

(** ** YES *)

Definition real (n : qneuron) : neuron := Neuron (map Q2R (q_w n)) (Q2R (q_b n)) (Q2R (q_a n)).

Lemma qdot_R w : forall x, Q2R (qdot w x) = dot (map Q2R w) (map Q2R x).
Proof.
  induction w as [|a w IH]; intros [|b x]; simpl; try apply Q2R_0. rewrite qadd_R, qmul_R, IH. reflexivity.
Qed.

Lemma qeval_R act N x : Q2R (qeval act N x) = eval (actf act) (map real N) (map Q2R x).
Proof.
  unfold qeval, eval. rewrite sum_map.
  assert (G : forall s, Q2R (fold_left (fun s n =>
      let z := qadd (qdot (q_w n) x) (q_b n) in
      if qlt 0 z then match act with ReLU => qadd s (qmul (q_a n) z) | Thr => qadd s (q_a n) end else s) N s)
      = Q2R s + sum (fun n => coef (real n) * actf act (pre (real n) (map Q2R x))) N).
  { induction N as [|n N IH]; intros s; cbn [fold_left sum]; [ring|]. rewrite IH.
    assert (Ez : pre (real n) (map Q2R x) = Q2R (qadd (qdot (q_w n) x) (q_b n)))
      by (rewrite qadd_R, qdot_R; reflexivity).
    rewrite Ez. cbv zeta. set (z := qadd _ _). simpl coef.
    destruct (qlt 0 z) eqn:Hz.
    - apply qlt_R in Hz. rewrite Q2R_0 in Hz. destruct act; simpl actf.
      + rewrite relu_pos by lra. rewrite qadd_R, qmul_R. ring.
      + rewrite step_pos by lra. rewrite qadd_R. ring.
    - apply qlt_R_false in Hz. rewrite Q2R_0 in Hz. destruct act; simpl actf.
      + rewrite relu_neg by lra. ring.
      + rewrite step_neg by lra. ring. }
  rewrite G, Q2R_0. ring.
Qed.

Lemma good_neurons act sgn d w : (forall n, In n w -> good_neuron act sgn d n = true) ->
  Forall (allowed_neuron act sgn d) (map real w).
Proof.
  intros Hn. apply Forall_forall. intros n Hin. apply in_map_iff in Hin as (q & <- & Hq). specialize (Hn q Hq).
  unfold good_neuron in Hn. apply andb_true_iff in Hn as [Hd Hc]. apply Nat.eqb_eq in Hd.
  assert (Hl : length (weights (real q)) = d) by (simpl; rewrite map_length; exact Hd).
  unfold allowed_neuron, relu_neuron, threshold_neuron. destruct act; [|exact Hl].
  destruct sgn; simpl in Hc |- *.
  - split; [|exact I]. split; [exact Hl|]. apply orb_true_iff in Hc as [Hc|Hc]; apply qeq_R in Hc; rewrite Hc;
      [left; apply Q2R_1|right; apply Q2R_m1].
  - apply qeq_R in Hc. rewrite Hc, Q2R_1. auto.
  - apply qeq_R in Hc. rewrite Hc, Q2R_m1. auto.
Qed.

Theorem check_yes_sound act sgn d D k w : check_yes act sgn d D k w = true -> trainable act sgn d k D.
Proof.
  unfold check_yes. rewrite !andb_true_iff, !forallb_forall. intros [[Hk Hn] HD].
  exists (map real w). rewrite map_length. split; [apply Nat.eqb_eq, Hk|]. split; [apply good_neurons, Hn|].
  intros x y Hin. specialize (HD (x, y) Hin). simpl in HD. apply qeq_R in HD. rewrite <- HD. symmetry. apply qeval_R.
Qed.

Lemma qabs_R q : Q2R (qabs q) = Rabs (Q2R q).
Proof.
  unfold qabs. destruct (qlt q 0) eqn:H.
  - apply qlt_R in H. rewrite Q2R_0 in H. rewrite qneg_R, Rabs_left by exact H. reflexivity.
  - apply qlt_R_false in H. rewrite Q2R_0 in H. rewrite Rabs_pos_eq by exact H. reflexivity.
Qed.

Lemma qloss_R l v y : Q2R (qloss l v y) = loss_of l (Q2R v) (Q2R y).
Proof.
  destruct l; simpl.
  - destruct (qeq v y) eqn:H.
    + apply qeq_R in H. destruct (Req_EM_T (Q2R v) (Q2R y)); [apply Q2R_0|contradiction].
    + apply qeq_R_false in H. destruct (Req_EM_T (Q2R v) (Q2R y)); [contradiction|apply Q2R_1].
  - rewrite qabs_R, qsub_R. reflexivity.
  - rewrite qmul_R, qsub_R. reflexivity.
Qed.

Lemma qtotal_R act l w D : Q2R (qtotal act l w D) = total_loss (actf act) l (map real w) D.
Proof.
  unfold qtotal, total_loss.
  assert (G : forall s, Q2R (fold_left (fun s p => let '(x, y, c) := p in qadd s (qmul c (qloss l (qeval act w x) y))) D s)
    = Q2R s + sum (fun p => let '(x, y, c) := p in Q2R c * loss_of l (eval (actf act) (map real w) (map Q2R x)) (Q2R y)) D).
  { induction D as [|[[x y] c] D IH]; intros s; cbn [fold_left sum]; [ring|].
    rewrite IH, qadd_R, qmul_R, qloss_R, qeval_R. ring. }
  rewrite G, Q2R_0. ring.
Qed.

Theorem check_yes_loss_sound act sgn l gamma d D k w :
  check_yes_loss act sgn l gamma d D k w = true -> trainable_to act sgn l gamma d k D.
Proof.
  unfold check_yes_loss. rewrite !andb_true_iff, !forallb_forall. intros [[Hk Hn] HT].
  exists (map real w). rewrite map_length. split; [apply Nat.eqb_eq, Hk|]. split; [apply good_neurons, Hn|].
  apply qle_R in HT. rewrite qtotal_R in HT. exact HT.
Qed.
