(** * Sign knowledge is sound (6.6) *)

From Coq Require Import Reals QArith Qreals List Lra Lia Bool NArith PArith Sorted.
From Certify Require Import Semantics.
From CertifyChecker Require Import Trie Model Check.
Import ListNotations.
Open Scope R_scope.

(** ** Tools *)

Lemma tforall_get {A} (t : tree A) : forall f, tforall f t = true ->
  forall p a, get p t = Some a -> f p a = true.
Proof.
  induction t as [|l IHl o r IHr]; simpl; intros f H p a Hg; [discriminate|].
  apply andb_true_iff in H as [H Hr]. apply andb_true_iff in H as [Ho Hl].
  destruct p.
  - apply (IHr _ Hr _ _ Hg).
  - apply (IHl _ Hl _ _ Hg).
  - subst o. exact Ho.
Qed.

Lemma tforall_false {A} (t : tree A) : forall f, tforall f t = false ->
  exists p a, get p t = Some a /\ f p a = false.
Proof.
  induction t as [|l IHl o r IHr]; simpl; intros f H; [discriminate|].
  apply andb_false_iff in H as [H|H]; [apply andb_false_iff in H as [H|H]|].
  - destruct o as [a|]; [|discriminate]. exists xH, a. auto.
  - destruct (IHl _ H) as (p & a & Hg & Hf). exists (xO p), a. auto.
  - destruct (IHr _ H) as (p & a & Hg & Hf). exists (xI p), a. auto.
Qed.

Lemma get_tmapo {A B} (f : A -> option B) t : forall p,
  get p (tmapo f t) = match get p t with Some a => f a | None => None end.
Proof. induction t as [|l IHl o r IHr]; intros [p|p|]; simpl; auto. Qed.

Lemma comb3_vq x a u b v c w : comb3 x a u b v c w = true ->
  forall f, vq f x = Q2R a * vq f u + Q2R b * vq f v + Q2R c * vq f w.
Proof.
  intros H f. apply allz_vq with (h := f) in H. rewrite !vq_axpy in H. simpl vq in H.
  replace (Q2R (-1)) with (-1) in H by (unfold Q2R; simpl; lra). lra.
Qed.

Lemma Q2R_m1 : Q2R (-1) = -1.
Proof. unfold Q2R; simpl; lra. Qed.

Lemma vq_diff a b f : vq f (diff a b) = vq f a - vq f b.
Proof. unfold diff. rewrite vq_axpy, Q2R_m1. ring. Qed.

Lemma qneg_R q : Q2R (qneg q) = - Q2R q.
Proof. apply Q2R_opp. Qed.

Definition lsat (b : bnd) (v : R) : Prop := match b with BN => True | BW => 0 <= v | BS => 0 < v end.
Definition hsat (b : bnd) (v : R) : Prop := match b with BN => True | BW => v <= 0 | BS => v < 0 end.
Definition ssat (s : sg) (v : R) : Prop := lsat (lo s) v /\ hsat (hi s) v.
Definition rsat (r : srel) (v : R) : Prop :=
  match r with RGt => 0 < v | RGe => 0 <= v | RLe => v <= 0 | RLt => v < 0 end.

Lemma lsat_max a b v : lsat a v -> lsat b v -> lsat (bmax a b) v.
Proof. destruct a, b; simpl; auto. Qed.
Lemma hsat_max a b v : hsat a v -> hsat b v -> hsat (bmax a b) v.
Proof. destruct a, b; simpl; auto. Qed.
Lemma ssat_join a b v : ssat a v -> ssat b v -> ssat (join a b) v.
Proof. intros [? ?] [? ?]. split; [apply lsat_max|apply hsat_max]; assumption. Qed.
Lemma ssat_of r v : rsat r v -> ssat (sg_of r) v.
Proof. destruct r; simpl; split; simpl; auto. Qed.
Lemma ssat_has s r v : ssat s v -> has s r = true -> rsat r v.
Proof.
  intros [H1 H2]. destruct s as [[] []], r; simpl in *; try discriminate; intros _; lra.
Qed.
Lemma ssat0 v : ssat sg0 v.
Proof. split; exact I. Qed.

(** ** The model of a context *)

Definition unit0 : unit := ((fun _ => 0, false), 0).
Definition unitn (M : model) (j : positive) : unit := nth (pred (Pos.to_nat j)) (units M) unit0.
Definition Z (C : ctx) (M : model) (j i : positive) : R := pr (unitn M j) (vec C i).

(** What the atoms beside signs speak of. *)
Definition flag (M : model) (key : positive) : bool :=
  match key with
  | xO j => turned (unitn M j)
  | xI i => if Req_EM_T (res M i) 0 then false else true
  | xH => false
  end.

Definition slot_ok (C : ctx) (ln : line) (s : slot) : Prop :=
  at_pos (l_a ln) (l_b ln) (vec C (s_p s)) (Q2R (s_lp s)) /\
  at_pos (l_a ln) (l_b ln) (vec C (s_r s)) (Q2R (s_lr s)) /\
  is_point C (s_p s) = true /\ is_point C (s_r s) = true.

Fixpoint chain (last : option R) (ss : list slot) : Prop :=
  match ss with
  | [] => True
  | s :: ss' => match last with Some l => l <= Q2R (s_lp s) | None => True end
                /\ Q2R (s_lp s) < Q2R (s_lr s) /\ chain (Some (Q2R (s_lr s))) ss'
  end.

Definition plain (s : slot) : Prop := s_lc s = false /\ s_rc s = false.

Definition slots_ok (C : ctx) (key : positive) (ss : list slot) : Prop :=
  exists L ln first, key = skey L first /\ get L (c_lines C) = Some ln /\
    Forall (slot_ok C ln) ss /\ chain None ss /\ Forall plain ss.

Definition on_ok (C : ctx) (i : positive) (on : list (positive * Q)) : Prop :=
  forall L lam, In (L, lam) on -> exists ln, get L (c_lines C) = Some ln /\
    at_pos (l_a ln) (l_b ln) (vec C i) (Q2R lam).

Definition slot_pts (C : ctx) (s : slot) : point * point := (vec C (s_p s), vec C (s_r s)).

(** Breaking in a slot whose ends may be closed, in one of the two orientations (6.5). *)
Definition cbrk (C : ctx) (ln : line) (s : slot) (n : unit) : Prop :=
  exists e, (e = 1 \/ e = -1) /\ 0 < e * (pr n (l_b ln) - pr n (l_a ln)) /\
    rsat (left_rel s) (e * pr n (vec C (s_p s))) /\ rsat (right_rel s) (e * pr n (vec C (s_r s))).

(** A slot that is not empty. *)
Definition open_slot (s : slot) : Prop :=
  Q2R (s_lp s) < Q2R (s_lr s) \/ (Q2R (s_lp s) = Q2R (s_lr s) /\ s_lc s = true /\ s_rc s = true).

Definition before (a b : slot) : Prop := Q2R (s_lr a) <= Q2R (s_lp b).

(** The moved slots of a line: whoever breaks in a slot as declared still breaks in it. *)
Definition cur_ok (C : ctx) (l1 l2 : list unit) (key : positive) (cs : list slot) : Prop :=
  exists L ln first ss, key = skey L first /\ get L (c_lines C) = Some ln /\ get key (c_slots C) = Some ss /\
    Forall (slot_ok C ln) cs /\ Forall open_slot cs /\ StronglySorted before cs /\
    Forall2 (fun s s' => forall u, In u (if first : bool then l1 else l2) -> sbrk (slot_pts C s) u -> cbrk C ln s' u) ss cs.

(** What holds of a context and a model of its class sizes. *)
Record fit (C : ctx) (M : model) (l1 l2 : list unit) : Prop := {
  f_all : forall i v y, get i (c_pts C) = Some (v, y) -> get i (c_all C) = Some v;
  f_fits : forall i v y, get i (c_pts C) = Some (v, y) -> value (c_act C) M v + res M i = Q2R y;
  f_exact : c_loss C = None -> forall i, res M i = 0;
  f_total : forall x, c_loss C = Some x -> vq (los M) (x_copies x) <= Q2R (x_gamma x);
  f_los : forall x, c_loss C = Some x -> forall i, los M i = loss_of (x_kind x) (res M i) 0;
  f_nz : c_act C = Thr -> forall i v, get i (c_all C) = Some v ->
         forall n, In n (units M) -> pr n v <> 0;
  f_classes : classes (c_act C) M l1 l2;
  f_len1 : N.of_nat (length l1) = c_P C;
  f_len : length (units M) = c_k C;
  f_nums : c_nums C = neurons (c_k C);
  f_on : all (on_ok C) (c_on C);
  f_slots : all (slots_ok C) (c_slots C);
  f_brk : forall L first ss, get (skey L first) (c_slots C) = Some ss ->
          forall s, In s ss -> exists n, In n (if first then l1 else l2) /\ sbrk (slot_pts C s) n;
  f_cur : all (cur_ok C l1 l2) (c_cur C);
  f_turn : forall j, unlabelled C j = true -> turned (unitn M j) = false;
  f_ord : forall j i, order_of C j = Some i -> Z C M j i <= Z C M (Pos.succ j) i }.

Section Sound.
  Context (C : ctx) (M : model) (l1 l2 : list unit) (F : fit C M l1 l2).
  Notation Zs := (Z C M).

  Lemma is_neuron_spec j : is_neuron C j = true <-> (pred (Pos.to_nat j) < length (units M))%nat.
  Proof.
    unfold is_neuron. rewrite N.leb_le, (f_len _ _ _ _ F). split; lia.
  Qed.

  Lemma unitn_in j : is_neuron C j = true -> In (unitn M j) (units M).
  Proof. intros H. apply is_neuron_spec in H. apply nth_In, H. Qed.

  Lemma Z_nz j i : c_act C = Thr -> is_neuron C j = true -> is_point C i = true -> Zs j i <> 0.
  Proof.
    intros E Hj Hi. unfold Z, vec. unfold is_point in Hi.
    destruct (get i (c_all C)) as [v|] eqn:G; [|discriminate].
    apply (f_nz _ _ _ _ F E i v G), unitn_in, Hj.
  Qed.

  Definition zl (j : positive) (ln : line) (q : R) : R :=
    (1 - q) * pr (unitn M j) (l_a ln) + q * pr (unitn M j) (l_b ln).
  Definition slope (j : positive) (ln : line) : R := pr (unitn M j) (l_b ln) - pr (unitn M j) (l_a ln).

  Lemma Z_at j i ln lam : at_pos (l_a ln) (l_b ln) (vec C i) lam -> Zs j i = zl j ln lam.
  Proof. intros H. unfold Z, zl, pr. apply H. Qed.

  Lemma zl_lin j ln q : zl j ln q = pr (unitn M j) (l_a ln) + q * slope j ln.
  Proof. unfold zl, slope. ring. Qed.

  Definition bsat (j L : positive) (b : option Q * option Q) : Prop :=
    forall ln, get L (c_lines C) = Some ln ->
      (forall q, fst b = Some q -> zl j ln (Q2R q) <= 0) /\ (forall q, snd b = Some q -> 0 <= zl j ln (Q2R q)).

  Definition pair_ok (p : pair) : Prop :=
    exists la lb, get (pa p) (c_lines C) = Some la /\ get (pb p) (c_lines C) = Some lb /\ l_dc la = pdc p /\
      (forall f, vq f (l_b lb) - vq f (l_a lb) = Q2R (prho p) * (vq f (l_b la) - vq f (l_a la))) /\
      forall i theta mu, get i (pmap p) = Some (theta, mu) -> is_point C i = true /\
        forall f, vq f (vec C i) = (1 - Q2R theta - Q2R mu) * vq f (l_a la) + Q2R mu * vq f (l_b la)
                                    + Q2R theta * vq f (l_a lb).

  Record kinv (K : know) : Prop := {
    k_facts : forall j i s, get2 j i (kf K) = Some s -> ssat s (Zs j i);
    k_bounds : forall j L b, get2 j L (kb K) = Some b -> bsat j L b;
    k_inc : forall j D, get j (kinc K) = Some D -> is_neuron C j = true /\
            forall L ln, get L (c_lines C) = Some ln -> l_dc ln = D -> 0 < slope j ln;
    k_pairs : forall p, In p (kpairs K) -> pair_ok p;
    k_bad : kbad K = true -> False;
    k_turn : forall key v, get key (kt K) = Some v ->
      (fst v = true -> flag M key = true) /\ (snd v = true -> flag M key = false) }.

  Lemma kinv0 : kinv know0.
  Proof.
    constructor; simpl; try (intros; discriminate); tauto.
  Qed.

  Lemma bsat_none j L : bsat j L (None, None).
  Proof. intros ln _. split; simpl; discriminate. Qed.

  Lemma bsat_obd K j L : kinv K -> bsat j L (obd (get2 j L (kb K))).
  Proof.
    intros H. destruct (get2 j L (kb K)) as [b|] eqn:E; simpl; [|apply bsat_none].
    apply (k_bounds _ H _ _ _ E).
  Qed.

  Definition lsatl (l : slit) : Prop := let '(j, r, i) := l in rsat r (Zs j i).

  Lemma widen_sat j L ln r lam b : get L (c_lines C) = Some ln -> rsat r (zl j ln (Q2R lam)) ->
    bsat j L b -> bsat j L (widen r lam b).
  Proof.
    intros HL Hr Hb ln' HL'. rewrite HL in HL'. injection HL' as <-.
    destruct (Hb ln HL) as [H1 H2].
    assert (G : forall q, Some lam = Some q -> rsat r (zl j ln (Q2R q))) by (intros q [= <-]; exact Hr).
    unfold widen. destruct r; simpl in G.
    - destruct (snd b) as [a|] eqn:E; [destruct (qlt lam a)|]; simpl; split; auto; intros q Hq;
        try (apply Rlt_le; apply G; exact Hq). apply H2. congruence.
    - destruct (snd b) as [a|] eqn:E; [destruct (qlt lam a)|]; simpl; split; auto. intros q Hq. apply H2. congruence.
    - destruct (fst b) as [a|] eqn:E; [destruct (qlt a lam)|]; simpl; split; auto. intros q Hq. apply H1. congruence.
    - destruct (fst b) as [a|] eqn:E; [destruct (qlt a lam)|]; simpl; split; auto; intros q Hq;
        try (apply Rlt_le; apply G; exact Hq). apply H1. congruence.
  Qed.

  Lemma add_bounds_sat j r i D on : (forall L lam, In (L, lam) on -> exists ln, get L (c_lines C) = Some ln /\
      at_pos (l_a ln) (l_b ln) (vec C i) (Q2R lam)) -> rsat r (Zs j i) ->
    forall kb, (forall j L b, get2 j L kb = Some b -> bsat j L b) ->
    forall j' L b, get2 j' L (add_bounds C j r D on kb) = Some b -> bsat j' L b.
  Proof.
    unfold add_bounds. intros Hon Hr. induction on as [|[L lam] on IH]; intros kb Hkb; simpl; [exact Hkb|].
    apply IH; [intros; apply Hon; right; assumption|].
    destruct (along C L D); [|exact Hkb].
    intros j' L' b. rewrite get2_set2.
    destruct (Pos.eqb_spec j' j) as [->|]; [destruct (Pos.eqb_spec L' L) as [->|]|]; simpl; try apply Hkb.
    intros [= <-]. destruct (Hon L lam (or_introl eq_refl)) as (ln & HL & Hat).
    apply (widen_sat _ _ ln); auto.
    - rewrite <- (Z_at j i ln _ Hat). exact Hr.
    - destruct (get2 j L kb) eqn:E; simpl; [apply Hkb, E|apply bsat_none].
  Qed.

  Lemma along_get L D : along C L D = true -> exists ln, get L (c_lines C) = Some ln /\ l_dc ln = D.
  Proof.
    unfold along. destruct (get L (c_lines C)) as [ln|]; [|discriminate].
    intros H. apply Pos.eqb_eq in H. eauto.
  Qed.

  Lemma on_line_sat K j D i ll : kinv K -> get j (kinc K) = Some D ->
    (exists ln, get (fst ll) (c_lines C) = Some ln /\ at_pos (l_a ln) (l_b ln) (vec C i) (Q2R (snd ll))) ->
    ssat (on_line C K j D ll) (Zs j i).
  Proof.
    intros H Hj (ln & HL & Hat). unfold on_line.
    destruct (along C (fst ll) D) eqn:HA; [|apply ssat0].
    apply along_get in HA as (ln' & HL' & HD). rewrite HL in HL'. injection HL' as <-.
    destruct (k_inc _ H _ _ Hj) as [_ HS]. specialize (HS _ _ HL HD).
    rewrite (Z_at j i ln _ Hat), zl_lin.
    destruct (bsat_obd K j (fst ll) H ln HL) as [B1 B2].
    set (b := obd (get2 j (fst ll) (kb K))) in *.
    split; simpl.
    - destruct (snd b) as [h|] eqn:E; simpl; [|exact I].
      destruct (qlt h (snd ll)) eqn:Q; simpl; [|exact I].
      apply qlt_R in Q. specialize (B2 h eq_refl). rewrite zl_lin in B2. nra.
    - destruct (fst b) as [h|] eqn:E; simpl; [|exact I].
      destruct (qlt (snd ll) h) eqn:Q; simpl; [|exact I].
      apply qlt_R in Q. specialize (B1 h eq_refl). rewrite zl_lin in B1. nra.
  Qed.

  (** c * z is at least -u s, where z + lo s <= 0 <= z + hi s. *)
  Lemma part_up c lo hi u z s : part c lo hi true = Some u ->
    (forall q, lo = Some q -> z + Q2R q * s <= 0) -> (forall q, hi = Some q -> 0 <= z + Q2R q * s) ->
    - (Q2R u * s) <= Q2R c * z.
  Proof.
    unfold part. intros H Hl Hh.
    destruct (qeq c 0) eqn:E.
    - injection H as <-. apply qeq_R in E. rewrite E, Q2R_0. lra.
    - destruct (qlt 0 c) eqn:L; simpl in H.
      + destruct hi as [q|]; [|discriminate]. injection H as <-. specialize (Hh q eq_refl).
        apply qlt_R in L. rewrite Q2R_0 in L. rewrite qmul_R. nra.
      + destruct lo as [q|]; [|discriminate]. injection H as <-. specialize (Hl q eq_refl).
        apply qlt_R_false in L. rewrite Q2R_0 in L. rewrite qmul_R. nra.
  Qed.

  Lemma part_down c lo hi u z s : part c lo hi false = Some u ->
    (forall q, lo = Some q -> z + Q2R q * s <= 0) -> (forall q, hi = Some q -> 0 <= z + Q2R q * s) ->
    Q2R c * z <= - (Q2R u * s).
  Proof.
    unfold part. intros H Hl Hh.
    destruct (qeq c 0) eqn:E.
    - injection H as <-. apply qeq_R in E. rewrite E, Q2R_0. lra.
    - destruct (qlt 0 c) eqn:L; simpl in H.
      + destruct lo as [q|]; [|discriminate]. injection H as <-. specialize (Hl q eq_refl).
        apply qlt_R in L. rewrite Q2R_0 in L. rewrite qmul_R. nra.
      + destruct hi as [q|]; [|discriminate]. injection H as <-. specialize (Hh q eq_refl).
        apply qlt_R_false in L. rewrite Q2R_0 in L. rewrite qmul_R. nra.
  Qed.

  Lemma oscale_R c o x : oscale c o = Some x -> exists y, o = Some y /\ Q2R x = Q2R c * Q2R y.
  Proof.
    unfold oscale. destruct o as [y|]; [|discriminate]. destruct (qeq c 1) eqn:E; intros [= <-].
    - exists y. split; [reflexivity|]. apply qeq_R in E. rewrite E, Q2R_1. ring.
    - exists y. split; [reflexivity|]. apply qmul_R.
  Qed.

  Lemma by_pair_sat K j D i p : kinv K -> get j (kinc K) = Some D -> pair_ok p ->
    ssat (by_pair C K j i D p) (Zs j i).
  Proof.
    intros H Hj (la & lb & HA & HB & Hdc & Hrho & Hmap). unfold by_pair.
    destruct (Pos.eqb_spec (pdc p) D) as [HD|]; [|apply ssat0]. rewrite <- Hdc in HD.
    destruct (_ && _); [apply ssat0|].
    destruct (get i (pmap p)) as [[theta mu]|] eqn:G; [|apply ssat0].
    destruct (Hmap _ _ _ G) as [Hi Hp].
    destruct (k_inc _ H _ _ Hj) as [Hn HS]. specialize (HS _ _ HA HD).
    assert (Ez : Zs j i = (1 - Q2R theta) * pr (unitn M j) (l_a la) + Q2R theta * pr (unitn M j) (l_a lb)
                          + Q2R mu * slope j la).
    { unfold Z, slope, pr. rewrite Hp. ring. }
    assert (Es : slope j lb = Q2R (prho p) * slope j la) by apply Hrho.
    destruct (bsat_obd K j (pa p) H la HA) as [A1 A2].
    destruct (bsat_obd K j (pb p) H lb HB) as [B1 B2].
    set (a := obd (get2 j (pa p) (kb K))) in *.
    set (b := obd (get2 j (pb p) (kb K))) in *.
    assert (Hnz : c_act C = Thr -> Zs j i <> 0) by (intros E; apply Z_nz; assumption).
    set (za := pr (unitn M j) (l_a la)) in *. set (zb := pr (unitn M j) (l_a lb)) in *.
    set (s := slope j la) in *.
    assert (A1' : forall q, fst a = Some q -> za + Q2R q * s <= 0)
      by (intros q Hq; specialize (A1 q Hq); rewrite zl_lin in A1; exact A1).
    assert (A2' : forall q, snd a = Some q -> 0 <= za + Q2R q * s)
      by (intros q Hq; specialize (A2 q Hq); rewrite zl_lin in A2; exact A2).
    assert (B1' : forall q, oscale (prho p) (fst b) = Some q -> zb + Q2R q * s <= 0).
    { intros q Hq. apply oscale_R in Hq as (q' & E & ->).
      specialize (B1 q' E). rewrite zl_lin, Es in B1. fold zb in B1. lra. }
    assert (B2' : forall q, oscale (prho p) (snd b) = Some q -> 0 <= zb + Q2R q * s).
    { intros q Hq. apply oscale_R in Hq as (q' & E & ->).
      specialize (B2 q' E). rewrite zl_lin, Es in B2. fold zb in B2. lra. }
    assert (Ec : Q2R (qsub 1 theta) = 1 - Q2R theta) by (rewrite qsub_R, Q2R_1; reflexivity).
    split; cbn [lo hi].
    - destruct (part _ _ _ true) as [x|] eqn:Px; [|exact I].
      destruct (part theta _ _ true) as [y|] eqn:Py; [|exact I].
      pose proof (part_up _ _ _ _ za s Px A1' A2') as Hx.
      pose proof (part_up _ _ _ _ zb s Py B1' B2') as Hy.
      rewrite Ec in Hx.
      destruct (qlt (qadd x y) mu) eqn:Q1.
      + apply qlt_R in Q1. rewrite qadd_R in Q1. simpl. rewrite Ez. nra.
      + destruct (qle (qadd x y) mu) eqn:Q2; [|exact I].
        apply qle_R in Q2. rewrite qadd_R in Q2. assert (0 <= Zs j i) by (rewrite Ez; nra).
        destruct (c_act C); simpl; [assumption|]. specialize (Hnz eq_refl). lra.
    - destruct (part _ _ _ false) as [x|] eqn:Px; [|exact I].
      destruct (part theta _ _ false) as [y|] eqn:Py; [|exact I].
      pose proof (part_down _ _ _ _ za s Px A1' A2') as Hx.
      pose proof (part_down _ _ _ _ zb s Py B1' B2') as Hy.
      rewrite Ec in Hx.
      destruct (qlt mu (qadd x y)) eqn:Q1.
      + apply qlt_R in Q1. rewrite qadd_R in Q1. simpl. rewrite Ez. nra.
      + destruct (qle mu (qadd x y)) eqn:Q2; [|exact I].
        apply qle_R in Q2. rewrite qadd_R in Q2. assert (Zs j i <= 0) by (rewrite Ez; nra).
        destruct (c_act C); simpl; [assumption|]. specialize (Hnz eq_refl). lra.
  Qed.

  Lemma fold_join {X} (f : X -> sg) v xs : (forall x, In x xs -> ssat (f x) v) ->
    forall s, ssat s v -> ssat (fold_left (fun s x => join s (f x)) xs s) v.
  Proof.
    induction xs as [|x xs IH]; simpl; intros H s Hs; [exact Hs|].
    apply IH; [intros; apply H; right; assumption|]. apply ssat_join; [exact Hs|apply H; left; reflexivity].
  Qed.

  Lemma sign_sat K j i : kinv K -> ssat (sign C K j i) (Zs j i).
  Proof.
    intros H. unfold sign.
    assert (H0 : ssat (osg (get2 j i (kf K))) (Zs j i)).
    { destruct (get2 j i (kf K)) eqn:E; simpl; [apply (k_facts _ H _ _ _ E)|apply ssat0]. }
    destruct (strict _); [exact H0|].
    destruct (get j (kinc K)) as [D|] eqn:E; [|exact H0].
    assert (H1 : ssat (fold_left (fun s ll => join s (on_line C K j D ll))
                         (match get i (c_on C) with Some l => l | None => [] end)
                         (osg (get2 j i (kf K)))) (Zs j i)).
    { apply fold_join; [|exact H0]. intros [L lam] Hin. apply on_line_sat; auto. simpl.
      destruct (get i (c_on C)) as [on|] eqn:G; [|destruct Hin].
      apply (f_on _ _ _ _ F i on G L lam Hin). }
    destruct (strict _); [exact H1|].
    apply fold_join; [|exact H1]. intros p Hp. apply by_pair_sat; auto. apply (k_pairs _ H), Hp.
  Qed.

  Lemma holds_sat K l : kinv K -> holds C K l = true -> lsatl l.
  Proof.
    destruct l as [[j r] i]. simpl. intros H. apply ssat_has, sign_sat, H.
  Qed.

  (** A literal or its negation holds, never both. *)
  Lemma neg_or l : good C l = true -> lsatl l \/ lsatl (neg C l).
  Proof.
    destruct l as [[j r] i]. simpl. rewrite !andb_true_iff. intros [[Hj Hi] Hr].
    pose proof (Z_nz j i) as Hz. destruct (c_act C).
    - destruct r; simpl; lra.
    - specialize (Hz eq_refl Hj Hi). destruct r; try discriminate; simpl; lra.
  Qed.

  Lemma neg_not l : lsatl l -> lsatl (neg C l) -> False.
  Proof.
    destruct l as [[j r] i]. simpl. destruct (c_act C); destruct r; simpl; try lra.
  Qed.
  Lemma add_fact_sat K l : kinv K -> lsatl l -> kinv (add_fact C K l).
  Proof.
    destruct l as [[j r] i]. simpl. intros H Hl.
    assert (HF : forall j' i' s, get2 j' i' (set2 j i (join (osg (get2 j i (kf K))) (sg_of r)) (kf K)) = Some s ->
               ssat s (Zs j' i')).
    { intros j' i' s. rewrite get2_set2.
      destruct (Pos.eqb_spec j' j) as [->|]; [destruct (Pos.eqb_spec i' i) as [->|]|]; simpl; try apply (k_facts _ H).
      intros [= <-]. apply ssat_join; [|apply ssat_of, Hl].
      destruct (get2 j i (kf K)) eqn:E; simpl; [apply (k_facts _ H _ _ _ E)|apply ssat0]. }
    assert (HB : kbad K || has (sign C K j i) (nrel (c_act C) r) = true -> False).
    { rewrite orb_true_iff. intros [Hb|Hb]; [apply (k_bad _ H Hb)|].
      apply (ssat_has _ _ _ (sign_sat K j i H)) in Hb. apply (neg_not (j, r, i)); [exact Hl|exact Hb]. }
    destruct (get j (kinc K)) as [D|] eqn:E; (constructor; simpl; [exact HF| | | |exact HB|]); try apply H.
    apply (add_bounds_sat j r i D); [|exact Hl|apply (k_bounds _ H)].
    intros L lam Hin. destruct (get i (c_on C)) as [on|] eqn:G; [|destruct Hin].
    apply (f_on _ _ _ _ F i on G L lam Hin).
  Qed.

  (** Atoms. *)
  Definition asat (a : atom) : Prop := match a with AS l => lsatl l | AT b j => flag M j = b end.

  Lemma turn_sat K j : kinv K ->
    (fst (turn C K j) = true -> flag M j = true) /\ (snd (turn C K j) = true -> flag M j = false).
  Proof.
    intros H. unfold turn. destruct (get j (kt K)) as [v|] eqn:G; cbn [fst snd].
    - destruct (k_turn _ H j v G) as [H1 H2]. split; [exact H1|]. rewrite orb_true_iff.
      intros [Hv|Hu]; [auto|]. destruct j; try discriminate. apply (f_turn _ _ _ _ F j Hu).
    - split; [discriminate|]. simpl. destruct j; try discriminate. apply (f_turn _ _ _ _ F j).
  Qed.

  Lemma atruth_sat K a : kinv K ->
    (fst (atruth C K a) = true -> asat a) /\ (snd (atruth C K a) = true -> ~ asat a).
  Proof.
    intros H. destruct a as [[[j r] i]|b j]; cbn [atruth asat].
    - pose proof (sign_sat K j i H) as HS. split; intros Hh; apply (ssat_has _ _ _ HS) in Hh; [exact Hh|].
      intros Hl. apply (neg_not (j, r, i) Hl Hh).
    - destruct (turn_sat K j H) as [H1 H2]. destruct b; simpl; split; intros Hh.
      + apply H1, Hh.
      + rewrite (H2 Hh). discriminate.
      + apply H2, Hh.
      + rewrite (H1 Hh). discriminate.
  Qed.

  Lemma aneg_or a : agood C a = true -> asat a \/ asat (aneg C a).
  Proof.
    destruct a as [l|b j]; simpl; [apply neg_or|]. intros _. destruct (flag M j), b; auto.
  Qed.
  Lemma aneg_not a : asat a -> asat (aneg C a) -> False.
  Proof. destruct a as [l|b j]; simpl; [apply neg_not|]. intros -> H. destruct b; discriminate. Qed.
  Lemma asat_dec a : {asat a} + {~ asat a}.
  Proof.
    destruct a as [[[j r] i]|b j]; simpl; [|apply bool_dec].
    destruct r; simpl; [apply Rlt_dec|apply Rle_dec|apply Rle_dec|apply Rlt_dec].
  Qed.

  Lemma aadd_sat K a : kinv K -> asat a -> kinv (aadd C K a).
  Proof.
    destruct a as [l|b j]; [apply add_fact_sat|]. cbn [aadd asat]. intros H Ha.
    destruct (turn_sat K j H) as [H1 H2]. set (w := turn C K j) in *. clearbody w. cbv zeta.
    constructor; cbn [kf kb kinc kpairs kbad kt];
      [apply (k_facts _ H)|apply (k_bounds _ H)|apply (k_inc _ H)|apply (k_pairs _ H)| |].
    - rewrite orb_true_iff. intros [Hb|Hb]; [apply (k_bad _ H Hb)|].
      destruct b; simpl in Hb; [rewrite (H2 Hb) in Ha|rewrite (H1 Hb) in Ha]; discriminate.
    - intros j' v. rewrite get_set. destruct (Pos.eqb_spec j' j) as [->|]; [|apply (k_turn _ H)].
      intros [= <-]. cbn [fst snd]. rewrite !orb_true_iff, negb_true_iff.
      split; intros [Hv|Hb]; auto; congruence.
  Qed.
End Sound.
