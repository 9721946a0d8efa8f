(** * Sign knowledge is sound (6.6) *)

From Coq Require Import Reals QArith Qreals List Lra Lia Bool NArith PArith Sorted.
From Certify Require Import Semantics.
From CertifyChecker Require Import Trie Runs Model SlotTree Check.
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

(** ** Trees of bounds *)

Lemma pos_lt_ge (i m : positive) : (i < m \/ m <= i)%positive.
Proof. lia. Qed.

Section Bounds.
  (** What a neuron's function is at a position. *)
  Context (z : positive -> R -> R).

  Definition growing (j : positive) : Prop := forall x y, x < y -> z j x < z j y.
  Definition ends_ok (j : positive) (b : option Q * option Q) : Prop :=
    (forall q, fst b = Some q -> growing j /\ z j (Q2R q) <= 0) /\ (forall q, snd b = Some q -> growing j /\ 0 <= z j (Q2R q)).

  Fixpoint bok (s e : positive) (t : btree) : Prop :=
    match t with
    | BNil => True
    | BLeaf j a b => ends_ok j (a, b) /\ forall i, (s <= i < e)%positive -> i = j
    | BNode m a b l r =>
      (forall i, (s <= i < e)%positive -> ends_ok i (a, b)) /\ (s <= m <= e)%positive /\ bok s m l /\ bok m e r
    end.

  Lemma ends_none j : ends_ok j (None, None).
  Proof. split; simpl; discriminate. Qed.

  Lemma growing_le j x y : growing j -> x <= y -> z j x <= z j y.
  Proof. intros H [L|E]; [apply Rlt_le, H, L|subst; lra]. Qed.

  Lemma bget_ok j : forall t s e, bok s e t -> ends_ok j (bget j t).
  Proof.
    induction t as [|j' a b|m a b l IHl r IHr]; intros s e H; cbn [bget].
    - apply ends_none.
    - destruct (Pos.eqb_spec j j') as [->|]; [apply H|apply ends_none].
    - destruct H as (_ & _ & H1 & H2). destruct (Pos.ltb j m); [apply (IHl _ _ H1)|apply (IHr _ _ H2)].
  Qed.

  Lemma bok_root t s e : bok s e t -> forall i, (s <= i < e)%positive -> ends_ok i (blow t, bhigh t).
  Proof.
    destruct t as [|j a b|m a b l r]; simpl; intros H i Hi.
    - apply ends_none.
    - rewrite (proj2 H i Hi). apply H.
    - apply H, Hi.
  Qed.

  Lemma bnode_ok m l r s e : (s <= m <= e)%positive -> bok s m l -> bok m e r -> bok s e (bnode m l r).
  Proof.
    intros Hm Hl Hr. unfold bnode. cbn [bok]. split; [|auto]. intros i Hi.
    assert (HI : (i < m /\ ends_ok i (blow l, bhigh l) \/ m <= i /\ ends_ok i (blow r, bhigh r))%positive).
    { destruct (pos_lt_ge i m) as [L|L]; [left|right]; (split; [exact L|]); eapply bok_root; eauto; lia. }
    split; cbn [fst snd]; intros q.
    - destruct (blow l) as [a|]; [|discriminate]. destruct (blow r) as [b|]; [|discriminate]. intros [= <-].
      destruct HI as [[_ [H _]]|[_ [H _]]]; destruct (H _ eq_refl) as [R1 R2]; (split; [exact R1|]); destruct (qlt b a) eqn:E;
        try exact R2; [apply qlt_R in E|apply qlt_R_false in E];
        eapply Rle_trans; try exact R2; apply growing_le; auto; lra.
    - destruct (bhigh l) as [a|]; [|discriminate]. destruct (bhigh r) as [b|]; [|discriminate]. intros [= <-].
      destruct HI as [[_ [_ H]]|[_ [_ H]]]; destruct (H _ eq_refl) as [R1 R2]; (split; [exact R1|]); destruct (qlt a b) eqn:E;
        try exact R2; [apply qlt_R in E|apply qlt_R_false in E];
        eapply Rle_trans; try exact R2; apply growing_le; auto; lra.
  Qed.

  Lemma halves_ok w s t : bok s (s + w~0) t ->
    bok s (s + w) (fst (halves (s + w) t)) /\ bok (s + w) (s + w + w) (snd (halves (s + w) t)).
  Proof.
    intros Ht. unfold halves. destruct t as [|j' a' b'|m a' b' l r]; try (split; exact I).
    destruct (Pos.eqb_spec (s + w) m) as [<-|]; [|split; exact I].
    destruct Ht as (_ & _ & H1 & H2). split; [exact H1|]. replace (s + w + w)%positive with (s + w~0)%positive by lia. exact H2.
  Qed.

  Lemma bput_ok j b : ends_ok j b -> forall w s t, bok s (s + w) t -> bok s (s + w) (bput w s j b t).
  Proof.
    intros Hb. induction w as [w IH|w IH|]; intros s t Ht; cbn [bput]; [exact Ht| |].
    - pose proof (halves_ok w s t Ht) as HH. destruct (halves (s + w) t) as [l r]. destruct HH as [H1 H2]. cbn [fst snd] in *.
      replace (s + w~0)%positive with (s + w + w)%positive by lia.
      destruct (Pos.ltb j (s + w)); apply bnode_ok; auto; lia.
    - destruct (Pos.eqb_spec s j) as [->|]; [|exact Ht]. split; [|intros; lia]. destruct b. exact Hb.
  Qed.

  Definition st_ok (v : st) (x : R) : Prop := match v with SUnk => True | SPos => 0 <= x | SNeg => x <= 0 end.

  Lemma st_at_ok le lam j a b : (forall q, le q lam = true -> Q2R q <= Q2R lam) -> (forall q, le lam q = true -> Q2R lam <= Q2R q) ->
    ends_ok j (a, b) -> st_ok (st_at a b le lam) (z j (Q2R lam)).
  Proof.
    intros L1 L2 [H1 H2]. unfold st_at. cbn [fst snd] in *. destruct b as [q|].
    - destruct (le q lam) eqn:E.
      + destruct (H2 q eq_refl) as [R1 R2]. simpl. eapply Rle_trans; [exact R2|]. apply growing_le; auto.
      + destruct a as [p|]; [|exact I]. destruct (le lam p) eqn:E'; [|exact I].
        destruct (H1 p eq_refl) as [R1 R2]. simpl. eapply Rle_trans; [|exact R2]. apply growing_le; auto.
    - destruct a as [p|]; [|exact I]. destruct (le lam p) eqn:E'; [|exact I].
      destruct (H1 p eq_refl) as [R1 R2]. simpl. eapply Rle_trans; [|exact R2]. apply growing_le; auto.
  Qed.

  (** All is true from s on, where the list starts. *)
  Definition behind (s : positive) (l : runs st) : Prop := match l with [] => True | (n, _) :: _ => (s <= n)%positive end.
  Definition good_from (lam : R) (s : positive) (l : runs st) : Prop :=
    exists v l', l = (s, v) :: l' /\ behind s l' /\ forall j, (s <= j)%positive -> st_ok (rget v l' j) (z j lam).

  Lemma behind_get s l v j : behind s l -> (j < s)%positive -> rget v l j = v.
  Proof. destruct l as [|[n x] l]; simpl; [reflexivity|]. intros. destruct (Pos.leb_spec n j); [lia|reflexivity]. Qed.

  Lemma longer_ok lam s e v acc : (s <= e)%positive -> good_from lam e acc ->
    (forall j, (s <= j < e)%positive -> st_ok v (z j lam)) -> good_from lam s (longer s v acc).
  Proof.
    intros Hs (v' & l' & -> & Ha & Hj) Hv. unfold longer. destruct (st_eqb v v') eqn:E.
    - exists v, l'. assert (v = v') as -> by (destruct v, v'; try discriminate; reflexivity).
      split; [reflexivity|]. split; [destruct l' as [|[n x] l2]; simpl in *; [exact I|lia]|].
      intros j Hsj. destruct (pos_lt_ge j e) as [L|L]; [|apply Hj, L].
      rewrite (behind_get e) by assumption. apply Hv. lia.
    - exists v, ((e, v') :: l'). split; [reflexivity|]. split; [exact Hs|]. intros j Hsj. simpl.
      destruct (Pos.leb_spec e j) as [L|L]; [apply Hj, L|apply Hv; lia].
  Qed.

  Lemma bquery_ok le lam : (forall q, le q lam = true -> Q2R q <= Q2R lam) -> (forall q, le lam q = true -> Q2R lam <= Q2R q) ->
    forall t s e acc, (s <= e)%positive -> bok s e t -> good_from (Q2R lam) e acc -> good_from (Q2R lam) s (bquery le lam t s acc).
  Proof.
    intros L1 L2. induction t as [|j a b|m a b l IHl r IHr]; intros s e acc Hse Ht Hacc; cbn [bquery].
    - apply (longer_ok _ s e); [assumption|assumption|intros; exact I].
    - apply (longer_ok _ s e); [assumption|assumption|]. intros i Hi. apply st_at_ok; auto. rewrite (proj2 Ht i Hi). apply Ht.
    - destruct Ht as (Hall & Hm & H1 & H2).
      assert (HA : forall i, (s <= i < e)%positive -> st_ok (st_at a b le lam) (z i (Q2R lam))) by (intros; apply st_at_ok; auto).
      destruct (st_at a b le lam); [|apply (longer_ok _ s e); auto|apply (longer_ok _ s e); auto].
      apply (IHl s m); [lia|exact H1|]. apply (IHr m e); [lia|exact H2|exact Hacc].
  Qed.

  Lemma bquery_get le lam t w : (forall q, le q lam = true -> Q2R q <= Q2R lam) -> (forall q, le lam q = true -> Q2R lam <= Q2R q) ->
    bok 1 (1 + w) t -> forall j, st_ok (rget SUnk (bquery le lam t 1 [((1 + w)%positive, SUnk)]) j) (z j (Q2R lam)).
  Proof.
    intros L1 L2 Ht j. destruct (bquery_ok le lam L1 L2 t 1 (1 + w) [((1 + w)%positive, SUnk)]) as (v & l & -> & _ & H).
    - lia.
    - exact Ht.
    - exists SUnk, []. repeat split.
    - simpl. destruct (Pos.leb_spec 1 j); [apply H; lia|lia].
  Qed.
End Bounds.

(** *** Two trees at once *)

Lemma pquery_ok (za zb zp : positive -> R -> R) c d mu : (forall i a b, ends_ok za i a -> ends_ok zb i b ->
    ends_ok zp i (end_of c d a b false, end_of c d a b true)) ->
  forall w s ta tb acc, bok za s (s + w) ta -> bok zb s (s + w) tb -> good_from zp (Q2R mu) (s + w) acc ->
  good_from zp (Q2R mu) s (pquery c d mu w s ta tb acc).
Proof.
  intros HE.
  assert (L1 : forall q, qle q mu = true -> Q2R q <= Q2R mu) by (intros q; apply qle_R).
  assert (L2 : forall q, qle mu q = true -> Q2R mu <= Q2R q) by (intros q; apply qle_R).
  assert (HU : forall w s acc, good_from zp (Q2R mu) (s + w) acc -> good_from zp (Q2R mu) s (longer s SUnk acc)).
  { intros w s acc H. apply (longer_ok zp _ s (s + w)); [lia|exact H|intros; exact I]. }
  assert (HA : forall w s ta tb, bok za s (s + w) ta -> bok zb s (s + w) tb -> forall i, (s <= i < s + w)%positive ->
    st_ok (st_at (end_of c d (blow ta, bhigh ta) (blow tb, bhigh tb) false)
                 (end_of c d (blow ta, bhigh ta) (blow tb, bhigh tb) true) qle mu) (zp i (Q2R mu))).
  { intros w s ta tb Ha Hb i Hi. apply st_at_ok; auto. apply HE; eapply bok_root; eauto. }
  induction w as [w IH|w IH|]; intros s ta tb acc Ha Hb Hacc; cbn [pquery];
    (destruct (_ || _); [apply (HU _ _ _ Hacc)|]); cbv zeta; pose proof (HA _ _ _ _ Ha Hb) as HS;
    (destruct (st_at _ _ _ _); [|eapply longer_ok; eauto; lia|eapply longer_ok; eauto; lia]);
    try (apply (HU _ _ _ Hacc)).
  destruct (halves_ok za w s ta Ha) as [A1 A2]. destruct (halves_ok zb w s tb Hb) as [B1 B2].
  destruct (halves (s + w) ta) as [la ra]. destruct (halves (s + w) tb) as [lb rb]. cbn [fst snd] in *.
  apply IH; [exact A1|exact B1|]. apply IH; [exact A2|exact B2|].
  replace (s + w + w)%positive with (s + w~0)%positive by lia. exact Hacc.
Qed.

Lemma pquery_get (za zb zp : positive -> R -> R) c d mu w ta tb : (forall i a b, ends_ok za i a -> ends_ok zb i b ->
    ends_ok zp i (end_of c d a b false, end_of c d a b true)) ->
  bok za 1 (1 + w) ta -> bok zb 1 (1 + w) tb ->
  forall j, st_ok (rget SUnk (pquery c d mu w 1 ta tb [((1 + w)%positive, SUnk)]) j) (zp j (Q2R mu)).
Proof.
  intros HE Ha Hb j. destruct (pquery_ok za zb zp c d mu HE w 1 ta tb [((1 + w)%positive, SUnk)] Ha Hb) as (v & l & -> & _ & H).
  - exists SUnk, []. repeat split.
  - simpl. destruct (Pos.leb_spec 1 j); [apply H; lia|lia].
Qed.

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
Definition moved_ok (C : ctx) (l1 l2 : list unit) (key : positive) (cs : list slot) : Prop :=
  exists L ln first ss, key = skey L first /\ get L (c_lines C) = Some ln /\ get key (c_slots C) = Some ss /\
    Forall (slot_ok C ln) cs /\ Forall open_slot cs /\ StronglySorted before cs /\
    Forall2 (fun s s' => forall u, In u (if first : bool then l1 else l2) -> sbrk (slot_pts C s) u -> cbrk C ln s' u) ss cs.

Definition cur_ok (C : ctx) (l1 l2 : list unit) (key : positive) (nt : N * stree) : Prop :=
  exists cs, (fst nt = N.of_nat (length cs) /\ spans (snd nt) /\ slots_of (snd nt) = count 1 cs) /\ moved_ok C l1 l2 key cs.

(** What [rank] takes. *)
Definition order_at (C : ctx) (o : ordering) : bool * list point := (fst o, map (vec C) (snd o)).

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
  f_ord : forall j, Forall (fun i => is_point C i = true) (snd (order_of C j)) /\
          rank (order_at C (order_of C j)) (unitn M j) (unitn M (Pos.succ j)) }.

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
      0 < Q2R (prho p) /\ (forall f, vq f (l_b lb) - vq f (l_a lb) = Q2R (prho p) * (vq f (l_b la) - vq f (l_a la))) /\
      forall i c d mu, get i (pmap p) = Some (c, d, mu) -> is_point C i = true /\ ~ (Q2R c = 0 /\ Q2R d = 0) /\
        exists n, 0 < n /\ forall f, n * vq f (vec C i) = Q2R c * vq f (l_a la) + Q2R d * (vq f (l_a lb) / Q2R (prho p))
                                    + Q2R mu * (vq f (l_b la) - vq f (l_a la)).

  Record kinv (K : know) : Prop := {
    k_facts : forall j i s, get2 i j (kf K) = Some s -> ssat s (Zs j i);
    k_bounds : forall L t, get L (kb K) = Some t -> forall ln, get L (c_lines C) = Some ln ->
            bok (fun j => zl j ln) 1 (1 + kw K) t;
    k_inc : forall j D, get j (kinc K) = Some D -> is_neuron C j = true /\
            forall L ln, get L (c_lines C) = Some ln -> l_dc ln = D -> 0 < slope j ln;
    k_pairs : forall p, In p (kpairs K) -> pair_ok p;
    k_turn : forall key v, get key (kt K) = Some v ->
      (fst v = true -> flag M key = true) /\ (snd v = true -> flag M key = false) }.

  Lemma kinv0 k : kinv (know0 k).
  Proof.
    constructor; simpl; try (intros; discriminate); tauto.
  Qed.

  Lemma bsat_bounds K j L : kinv K -> bsat j L (bounds K j L).
  Proof.
    intros H ln HL. unfold bounds. destruct (get L (kb K)) as [t|] eqn:E; simpl; [|split; discriminate].
    destruct (bget_ok _ j t _ _ (k_bounds _ H L t E ln HL)) as [H1 H2].
    split; intros q Hq; [apply (H1 q Hq)|apply (H2 q Hq)].
  Qed.

  Definition lsatl (l : slit) : Prop := let '(j, r, i) := l in rsat r (Zs j i).

  Lemma along_get L D : along C L D = true -> exists ln, get L (c_lines C) = Some ln /\ l_dc ln = D.
  Proof.
    unfold along. destruct (get L (c_lines C)) as [ln|]; [|discriminate].
    intros H. apply Pos.eqb_eq in H. eauto.
  Qed.

  Lemma slope_growing j ln : 0 < slope j ln -> growing (fun j => zl j ln) j.
  Proof. intros H x y L. rewrite !zl_lin. nra. Qed.

  Lemma widen_ok j ln r lam b : growing (fun j => zl j ln) j -> rsat r (zl j ln (Q2R lam)) ->
    ends_ok (fun j => zl j ln) j b -> ends_ok (fun j => zl j ln) j (widen r lam b).
  Proof.
    intros HR Hr [H1 H2].
    assert (G : forall q, Some lam = Some q -> rsat r (zl j ln (Q2R q))) by (intros q [= <-]; exact Hr).
    unfold widen. destruct r; simpl in G.
    - destruct (snd b) as [a|] eqn:E; [destruct (qlt lam a)|]; split; cbn [fst snd]; auto; intros q Hq;
        try (split; [exact HR|]; apply Rlt_le; apply G; exact Hq). apply H2. congruence.
    - destruct (snd b) as [a|] eqn:E; [destruct (qlt lam a)|]; split; cbn [fst snd]; auto; intros q Hq. apply H2. congruence.
    - destruct (fst b) as [a|] eqn:E; [destruct (qlt a lam)|]; split; cbn [fst snd]; auto; intros q Hq. apply H1. congruence.
    - destruct (fst b) as [a|] eqn:E; [destruct (qlt a lam)|]; split; cbn [fst snd]; auto; intros q Hq;
        try (split; [exact HR|]; apply Rlt_le; apply G; exact Hq). apply H1. congruence.
  Qed.

  Definition bounds_ok (w : positive) (b : tree btree) : Prop :=
    forall L t, get L b = Some t -> forall ln, get L (c_lines C) = Some ln -> bok (fun j => zl j ln) 1 (1 + w) t.

  Lemma add_bounds_sat w j r i D on : (forall L lam, In (L, lam) on -> exists ln, get L (c_lines C) = Some ln /\
      at_pos (l_a ln) (l_b ln) (vec C i) (Q2R lam)) -> rsat r (Zs j i) ->
    (forall L ln, get L (c_lines C) = Some ln -> l_dc ln = D -> 0 < slope j ln) ->
    forall kb, bounds_ok w kb -> bounds_ok w (add_bounds C w j r D on kb).
  Proof.
    unfold add_bounds. intros Hon Hr HS. induction on as [|[L lam] on IH]; intros kb Hkb; cbn [fold_left]; [exact Hkb|].
    apply IH; [intros; apply Hon; right; assumption|]. cbn [fst snd].
    destruct (along C L D) eqn:HA; [|exact Hkb]. cbv zeta. destruct (wider _ _ _); [|exact Hkb].
    intros L' t. rewrite get_set. destruct (Pos.eqb_spec L' L) as [->|]; [|apply Hkb].
    intros [= <-] ln' HL'. destruct (Hon L lam (or_introl eq_refl)) as (ln & HL & Hat).
    rewrite HL in HL'. injection HL' as <-.
    apply along_get in HA as (ln' & HL' & HD). rewrite HL in HL'. injection HL' as <-.
    assert (Hok : bok (fun j => zl j ln) 1 (1 + w) (obt (get L kb))).
    { destruct (get L kb) as [t|] eqn:E; [apply (Hkb L t E ln HL)|exact I]. }
    apply bput_ok; [|exact Hok]. apply widen_ok; [apply slope_growing, (HS L ln HL HD)| |eapply bget_ok, Hok].
    rewrite <- (Z_at j i ln _ Hat). exact Hr.
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
    destruct (bsat_bounds K j (fst ll) H ln HL) as [B1 B2].
    set (b := bounds K j (fst ll)) in *.
    split; simpl.
    - destruct (snd b) as [h|] eqn:E; simpl; [|exact I].
      destruct (qlt h (snd ll)) eqn:Q; simpl; [|exact I].
      apply qlt_R in Q. specialize (B2 h eq_refl). rewrite zl_lin in B2. nra.
    - destruct (fst b) as [h|] eqn:E; simpl; [|exact I].
      destruct (qlt (snd ll) h) eqn:Q; simpl; [|exact I].
      apply qlt_R in Q. specialize (B1 h eq_refl). rewrite zl_lin in B1. nra.
  Qed.

  (** c * z is at least -u s, where z + lo s <= 0 <= z + hi s. *)
  Lemma factor_sign c : match fst (factor_of c) with Eq => Q2R c = 0 | Gt => 0 < Q2R c | Lt => Q2R c <= 0 end.
  Proof.
    unfold factor_of. cbn [fst]. destruct (qeq c 0) eqn:E; [apply qeq_R in E; rewrite E; apply Q2R_0|].
    destruct (qlt 0 c) eqn:L; [apply qlt_R in L|apply qlt_R_false in L]; rewrite Q2R_0 in L; exact L.
  Qed.

  Lemma part_up c lo hi u z s : part (factor_of c) lo hi true = Some u ->
    (forall q, lo = Some q -> z + Q2R q * s <= 0) -> (forall q, hi = Some q -> 0 <= z + Q2R q * s) ->
    - (Q2R u * s) <= Q2R c * z.
  Proof.
    unfold part. intros H Hl Hh. pose proof (factor_sign c) as HS. change (snd (factor_of c)) with c in H.
    destruct (fst (factor_of c)).
    - injection H as <-. rewrite HS, Q2R_0. lra.
    - destruct lo as [q|]; [|discriminate]. injection H as <-. specialize (Hl q eq_refl). rewrite qmul_R. nra.
    - destruct hi as [q|]; [|discriminate]. injection H as <-. specialize (Hh q eq_refl). rewrite qmul_R. nra.
  Qed.

  Lemma part_down c lo hi u z s : part (factor_of c) lo hi false = Some u ->
    (forall q, lo = Some q -> z + Q2R q * s <= 0) -> (forall q, hi = Some q -> 0 <= z + Q2R q * s) ->
    Q2R c * z <= - (Q2R u * s).
  Proof.
    unfold part. intros H Hl Hh. pose proof (factor_sign c) as HS. change (snd (factor_of c)) with c in H.
    destruct (fst (factor_of c)).
    - injection H as <-. rewrite HS, Q2R_0. lra.
    - destruct hi as [q|]; [|discriminate]. injection H as <-. specialize (Hh q eq_refl). rewrite qmul_R. nra.
    - destruct lo as [q|]; [|discriminate]. injection H as <-. specialize (Hl q eq_refl). rewrite qmul_R. nra.
  Qed.

  (** What a neuron is on a parallel to the lines of a pair, times a positive number. *)
  Definition zpair (la lb : line) (rho c d : R) (j : positive) (q : R) : R :=
    c * pr (unitn M j) (l_a la) + d * (pr (unitn M j) (l_a lb) / rho) + q * slope j la.

  Lemma unbounded_part c a upper x s : part (factor_of c) (fst a) (snd a) upper = Some x ->
    (forall q, fst a = Some q -> 0 < s) -> (forall q, snd a = Some q -> 0 < s) -> Q2R c = 0 \/ 0 < s.
  Proof.
    unfold part. pose proof (factor_sign c) as HS. destruct (fst (factor_of c)); [auto| |]; intros H H1 H2; right;
      (destruct upper; [destruct (fst a) eqn:E1, (snd a) eqn:E2|destruct (fst a) eqn:E1, (snd a) eqn:E2]; try discriminate; eauto).
  Qed.

  Lemma growing_slope j ln : growing (fun j => zl j ln) j -> 0 < slope j ln.
  Proof. intros H. specialize (H 0 1 Rlt_0_1). cbv beta in H. rewrite !zl_lin in H. lra. Qed.

  (** The ends of rule 3, from bounds on the two lines. *)
  Lemma end_of_ok la lb rho c d : 0 < rho ->
    (forall f, vq f (l_b lb) - vq f (l_a lb) = rho * (vq f (l_b la) - vq f (l_a la))) -> ~ (Q2R c = 0 /\ Q2R d = 0) ->
    forall j a b, ends_ok (fun j => zl j la) j a -> ends_ok (fun j => zl j lb) j b ->
    ends_ok (zpair la lb rho (Q2R c) (Q2R d)) j
      (end_of (factor_of c) (factor_of d) a b false, end_of (factor_of c) (factor_of d) a b true).
  Proof.
    intros Hpos Hrho Hnz j a b [A1 A2] [B1 B2].
    assert (Es : slope j lb = rho * slope j la) by apply Hrho.
    assert (SA : forall q, fst a = Some q \/ snd a = Some q -> 0 < slope j la).
    { intros q [Hq|Hq]; [destruct (A1 q Hq) as [G _]|destruct (A2 q Hq) as [G _]]; apply growing_slope, G. }
    assert (SB : forall q, fst b = Some q \/ snd b = Some q -> 0 < slope j la).
    { assert (HB : 0 < slope j lb -> 0 < slope j la) by (rewrite Es; intros; nra).
      intros q [Hq|Hq]; [destruct (B1 q Hq) as [G _]|destruct (B2 q Hq) as [G _]]; apply HB, growing_slope, G. }
    assert (SS : forall x y upper, part (factor_of c) (fst a) (snd a) upper = Some x ->
      part (factor_of d) (fst b) (snd b) upper = Some y -> 0 < slope j la).
    { intros x y upper Hx Hy. apply (unbounded_part _ _ _ _ (slope j la)) in Hx; [|intros q Hq; apply (SA q); auto|intros q Hq; apply (SA q); auto].
      apply (unbounded_part _ _ _ _ (slope j la)) in Hy; [|intros q Hq; apply (SB q); auto|intros q Hq; apply (SB q); auto].
      destruct Hx as [Hx|Hx]; [|exact Hx]. destruct Hy as [Hy|Hy]; [tauto|exact Hy]. }
    assert (HR : 0 < slope j la -> growing (zpair la lb rho (Q2R c) (Q2R d)) j) by (intros HS x y L; unfold zpair; nra).
    unfold zpair in *.
    set (za := pr (unitn M j) (l_a la)) in *. set (zb := pr (unitn M j) (l_a lb)) in *.
    set (s := slope j la) in *.
    assert (EB : forall q, zb / rho + q * s = / rho * (zb + q * slope j lb)) by (intros q; rewrite Es; field; lra).
    pose proof (Rinv_0_lt_compat _ Hpos) as Hinv.
    assert (A1' : forall q, fst a = Some q -> za + Q2R q * s <= 0)
      by (intros q Hq; destruct (A1 q Hq) as [_ G]; rewrite zl_lin in G; exact G).
    assert (A2' : forall q, snd a = Some q -> 0 <= za + Q2R q * s)
      by (intros q Hq; destruct (A2 q Hq) as [_ G]; rewrite zl_lin in G; exact G).
    assert (B1' : forall q, fst b = Some q -> zb / rho + Q2R q * s <= 0)
      by (intros q Hq; destruct (B1 q Hq) as [_ G]; rewrite zl_lin in G; fold zb in G; rewrite EB; nra).
    assert (B2' : forall q, snd b = Some q -> 0 <= zb / rho + Q2R q * s)
      by (intros q Hq; destruct (B2 q Hq) as [_ G]; rewrite zl_lin in G; fold zb in G; rewrite EB; nra).
    unfold end_of. destruct (_ || _); [apply ends_none|].
    split; cbn [fst snd]; intros q.
    - destruct (part (factor_of d) _ _ false) as [y|] eqn:Py; [|discriminate].
      destruct (part (factor_of c) _ _ false) as [x|] eqn:Px; [|discriminate]. intros [= <-]. split; [apply HR, (SS _ _ _ Px Py)|].
      pose proof (part_down _ _ _ _ za s Px A1' A2') as Hx.
      pose proof (part_down _ _ _ _ (zb / rho) s Py B1' B2') as Hy.
      cbv beta. fold za zb s. rewrite qadd_R. lra.
    - destruct (part (factor_of d) _ _ true) as [y|] eqn:Py; [|discriminate].
      destruct (part (factor_of c) _ _ true) as [x|] eqn:Px; [|discriminate]. intros [= <-]. split; [apply HR, (SS _ _ _ Px Py)|].
      pose proof (part_up _ _ _ _ za s Px A1' A2') as Hx.
      pose proof (part_up _ _ _ _ (zb / rho) s Py B1' B2') as Hy.
      cbv beta. fold za zb s. rewrite qadd_R. lra.
  Qed.

  Lemma ends_bounds K j L ln : kinv K -> get L (c_lines C) = Some ln -> ends_ok (fun j => zl j ln) j (bounds K j L).
  Proof.
    intros H HL. unfold bounds. destruct (get L (kb K)) as [t|] eqn:E; [|apply ends_none].
    apply (bget_ok _ j t 1 (1 + kw K)), (k_bounds _ H L t E ln HL).
  Qed.

  (** What is said at a position of the parallel is said of the point there. *)
  Lemma zpair_at la lb rho c d mu i j n : 0 < n ->
    (forall f, n * vq f (vec C i) = Q2R c * vq f (l_a la) + Q2R d * (vq f (l_a lb) / rho) + Q2R mu * (vq f (l_b la) - vq f (l_a la))) ->
    zpair la lb rho (Q2R c) (Q2R d) j (Q2R mu) = n * Zs j i.
  Proof. intros _ H. unfold Z, zpair, slope, pr. rewrite H. ring. Qed.

  Lemma st_ok_times v n x : 0 < n -> st_ok v (n * x) -> st_ok v x.
  Proof. destruct v; simpl; intros; [exact I|nra|nra]. Qed.

  Lemma pair_ends_sat K j p la lb c d : kinv K ->
    get (pa p) (c_lines C) = Some la -> get (pb p) (c_lines C) = Some lb -> 0 < Q2R (prho p) ->
    (forall f, vq f (l_b lb) - vq f (l_a lb) = Q2R (prho p) * (vq f (l_b la) - vq f (l_a la))) -> ~ (Q2R c = 0 /\ Q2R d = 0) ->
    ends_ok (zpair la lb (Q2R (prho p)) (Q2R c) (Q2R d)) j (pair_ends K j p c d).
  Proof. intros H HA HB Hpos Hrho Hnz. apply end_of_ok; auto using ends_bounds. Qed.

  Lemma by_pair_sat low high K j D i p : kinv K -> get j (kinc K) = Some D -> pair_ok p ->
    ssat (by_pair low high C K j i D p) (Zs j i).
  Proof.
    intros H Hj (la & lb & HA & HB & Hdc & Hpos & Hrho & Hmap). unfold by_pair.
    destruct (Pos.eqb_spec (pdc p) D) as [HD|]; [|apply ssat0].
    destruct (get i (pmap p)) as [[[c d] mu]|] eqn:G; [|apply ssat0].
    destruct (Hmap _ _ _ _ G) as (Hi & Hnz0 & n & Hn0 & Hp).
    pose proof (zpair_at la lb _ c d mu i j n Hn0 Hp) as Ez.
    destruct (pair_ends_sat K j p la lb c d H HA HB Hpos Hrho Hnz0) as [E1 E2].
    destruct (k_inc _ H _ _ Hj) as [Hn _].
    assert (Hnz : c_act C = Thr -> Zs j i <> 0) by (intros E; apply Z_nz; assumption).
    unfold pair_ends in E1, E2. cbn [fst snd] in E1, E2.
    cbv zeta. set (zp := zpair la lb (Q2R (prho p)) (Q2R c) (Q2R d)) in *. set (z := Zs j i) in *. clearbody z. split; cbn [lo hi].
    - destruct low; [|exact I]. destruct (pair_end K j p c d true) as [U|]; [|exact I]. destruct (E2 U eq_refl) as [R1 R2].
      destruct (qlt U mu) eqn:Q1.
      + apply qlt_R in Q1. simpl. specialize (R1 _ _ Q1). cbv beta in R1. rewrite Ez in R1. nra.
      + destruct (qle U mu) eqn:Q2; [|exact I]. apply qle_R in Q2. pose proof (growing_le _ _ _ _ R1 Q2) as R3.
        cbv beta in R3. rewrite Ez in R3. assert (0 <= z) by nra.
        destruct (c_act C); simpl; [lra|]. specialize (Hnz eq_refl). lra.
    - destruct high; [|exact I]. destruct (pair_end K j p c d false) as [U|]; [|exact I]. destruct (E1 U eq_refl) as [R1 R2].
      destruct (qlt mu U) eqn:Q1.
      + apply qlt_R in Q1. simpl. specialize (R1 _ _ Q1). cbv beta in R1. rewrite Ez in R1. nra.
      + destruct (qle mu U) eqn:Q2; [|exact I]. apply qle_R in Q2. pose proof (growing_le _ _ _ _ R1 Q2) as R3.
        cbv beta in R3. rewrite Ez in R3. assert (z <= 0) by nra.
        destruct (c_act C); simpl; [lra|]. specialize (Hnz eq_refl). lra.
  Qed.

  Lemma gather_sat {X} enough (f : X -> sg) v xs : (forall x, In x xs -> ssat (f x) v) ->
    forall s, ssat s v -> ssat (gather enough f s xs) v.
  Proof.
    induction xs as [|x xs IH]; cbn [gather]; intros H s Hs; [exact Hs|]. destruct (enough s); [exact Hs|].
    apply IH; [intros; apply H; right; assumption|]. apply ssat_join; [exact Hs|apply H; left; reflexivity].
  Qed.

  Lemma sign_for_sat low high enough K j i : kinv K -> ssat (sign_for low high enough C K j i) (Zs j i).
  Proof.
    intros H. unfold sign_for.
    assert (H0 : ssat (osg (get2 i j (kf K))) (Zs j i)).
    { destruct (get2 i j (kf K)) eqn:E; simpl; [apply (k_facts _ H _ _ _ E)|apply ssat0]. }
    destruct (enough _); [exact H0|]. destruct (get j (kinc K)) as [D|] eqn:E; [|exact H0].
    apply gather_sat; [intros p Hp; apply by_pair_sat; auto; apply (k_pairs _ H), Hp|].
    apply gather_sat; [|exact H0]. intros [L lam] Hin. apply on_line_sat; auto. simpl.
    destruct (get i (c_on C)) as [on|] eqn:G; [|destruct Hin].
    apply (f_on _ _ _ _ F i on G L lam Hin).
  Qed.

  Lemma sign_sat K j i : kinv K -> ssat (sign C K j i) (Zs j i).
  Proof. apply sign_for_sat. Qed.

  Lemma holds_sat K l : kinv K -> holds C K l = true -> lsatl l.
  Proof.
    destruct l as [[j r] i]. simpl. intros H. apply ssat_has, sign_for_sat, H.
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
    assert (HF : forall j' i' s, get2 i' j' (set2 i j (join (osg (get2 i j (kf K))) (sg_of r)) (kf K)) = Some s ->
               ssat s (Zs j' i')).
    { intros j' i' s. rewrite get2_set2.
      destruct (Pos.eqb_spec i' i) as [->|]; [destruct (Pos.eqb_spec j' j) as [->|]|]; simpl; try apply (k_facts _ H).
      intros [= <-]. apply ssat_join; [|apply ssat_of, Hl].
      destruct (get2 i j (kf K)) eqn:E; simpl; [apply (k_facts _ H _ _ _ E)|apply ssat0]. }
    constructor; cbn [kf kw kb kinc kpairs kt]; [exact HF| |apply (k_inc _ H)|apply (k_pairs _ H)|apply (k_turn _ H)].
    destruct (get j (kinc K)) as [D|] eqn:E; [|apply (k_bounds _ H)].
    apply (add_bounds_sat (kw K) j r i D); [|exact Hl| |exact (k_bounds _ H)].
    - intros L lam Hin. destruct (get i (c_on C)) as [on|] eqn:G; [|destruct Hin].
      apply (f_on _ _ _ _ F i on G L lam Hin).
    - apply (k_inc _ H _ _ E).
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

  Lemma afalse_sat K a : kinv K -> afalse C K a = true -> ~ asat a.
  Proof.
    intros H. destruct a as [l|b key]; cbn [afalse].
    - intros Hh Hl. apply (holds_sat K (neg C l) H) in Hh. exact (neg_not l Hl Hh).
    - apply (proj2 (atruth_sat K (AT b key) H)).
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
    constructor; cbn [kf kw kb kinc kpairs kt];
      [apply (k_facts _ H)|apply (k_bounds _ H)|apply (k_inc _ H)|apply (k_pairs _ H)|].
    intros j' v. rewrite get_set. destruct (Pos.eqb_spec j' j) as [->|]; [|apply (k_turn _ H)].
      intros [= <-]. cbn [fst snd]. rewrite !orb_true_iff, negb_true_iff.
      split; intros [Hv|Hb]; auto; congruence.
  Qed.
End Sound.
