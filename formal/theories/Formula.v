(** * Positive one-in-three 3-SAT, and the data of the reductions *)

From Coq Require Import Reals QArith Qreals Qabs List Lra Lia.
From Certify Require Import Semantics.
Import ListNotations.

(** A formula: the number of variables, which are 1, ..., n, and the clauses,
    each with three positive literals in order. *)
Record formula := Formula { variables : nat; clauses : list (nat * nat * nat) }.

Definition literal_ok (F : formula) (i : nat) : Prop := (1 <= i <= variables F)%nat.

Definition well_formed_formula (F : formula) : Prop :=
  forall a b c, In (a, b, c) (clauses F) -> literal_ok F a /\ literal_ok F b /\ literal_ok F c.

(** Exactly one true literal in each clause, counted by occurrence: (v, v, w)
    forces v to be false, and (v, v, v) cannot be satisfied. *)
Definition count (b : bool) : nat := if b then 1 else 0.

Definition one_in_three (v : nat -> bool) (F : formula) : Prop :=
  forall a b c, In (a, b, c) (clauses F) -> (count (v a) + count (v b) + count (v c) = 1)%nat.

(** ** Rational data in the plane *)

Open Scope Q_scope.

(** A labelled point, in lowest terms. *)
Definition point (x1 x2 y : Q) : list Q * Q := ([Qred x1; Qred x2], Qred y).

(** A natural number as a rational. *)
Definition qn (k : nat) : Q := inject_Z (Z.of_nat k).

(** The clauses with their numbers 1, ..., m. *)
Definition numbered (F : formula) : list (nat * (nat * nat * nat)) :=
  combine (seq 1 (length (clauses F))) (clauses F).

(** ** Facts *)

Open Scope R_scope.

Lemma Q2R_red q : Q2R (Qred q) = Q2R q.
Proof. apply Qeq_eqR, Qred_correct. Qed.

Lemma Q2R_qn k : Q2R (qn k) = INR k.
Proof. unfold qn, Q2R, inject_Z. simpl. rewrite INR_IZR_INZ. field. Qed.

Lemma Q2R_divide a b : Q2R b <> 0 -> Q2R (a / b) = Q2R a / Q2R b.
Proof.
  intros H. apply Q2R_div. intros E. apply H. rewrite (Qeq_eqR _ _ E). apply RMicromega.Q2R_0.
Qed.

Lemma Q2R_0' : Q2R 0 = 0. Proof. unfold Q2R; simpl; lra. Qed.
Lemma Q2R_1' : Q2R 1 = 1. Proof. unfold Q2R; simpl; lra. Qed.
Lemma Q2R_2' : Q2R 2 = 2. Proof. unfold Q2R; simpl; lra. Qed.
Lemma Q2R_3' : Q2R 3 = 3. Proof. unfold Q2R; simpl; lra. Qed.
Lemma Q2R_4' : Q2R 4 = 4. Proof. unfold Q2R; simpl; lra. Qed.
Lemma Q2R_6' : Q2R 6 = 6. Proof. unfold Q2R; simpl; lra. Qed.
Lemma Q2R_12' : Q2R 12 = 12. Proof. unfold Q2R; simpl; lra. Qed.
Lemma Q2R_16' : Q2R 16 = 16. Proof. unfold Q2R; simpl; lra. Qed.
Lemma Q2R_24' : Q2R 24 = 24. Proof. unfold Q2R; simpl; lra. Qed.
Lemma Q2R_1m : Q2R (-1) = -1. Proof. unfold Q2R; simpl; lra. Qed.
Lemma Q2R_4m : Q2R (-4) = -4. Proof. unfold Q2R; simpl; lra. Qed.
Lemma Q2R_1_3 : Q2R (1#3) = 1/3. Proof. unfold Q2R; simpl; lra. Qed.
Lemma Q2R_2_3 : Q2R (2#3) = 2/3. Proof. unfold Q2R; simpl; lra. Qed.
Lemma Q2R_4_3 : Q2R (4#3) = 4/3. Proof. unfold Q2R; simpl; lra. Qed.
Lemma Q2R_5_3 : Q2R (5#3) = 5/3. Proof. unfold Q2R; simpl; lra. Qed.

#[export] Hint Rewrite Q2R_plus Q2R_minus Q2R_opp Q2R_mult Q2R_qn Q2R_0' Q2R_1' Q2R_2' Q2R_3' Q2R_4' Q2R_6'
  Q2R_12' Q2R_16' Q2R_24' Q2R_1m Q2R_4m Q2R_1_3 Q2R_2_3 Q2R_4_3 Q2R_5_3 : q2r.

Lemma Q2R_hd l : Q2R (hd 0%Q l) = hd 0 (map Q2R l).
Proof. destruct l; [apply Q2R_0'|reflexivity]. Qed.

Lemma Q2R_last l : Q2R (last l 0%Q) = last (map Q2R l) 0.
Proof. induction l as [|a [|b l] IH]; [apply Q2R_0'|reflexivity|exact IH]. Qed.

Lemma fits_nil act N : fits act N [] <-> True.
Proof. split; [auto|]. intros _ x y []. Qed.

Lemma fits_point act N x1 x2 y D :
  fits act N (point x1 x2 y :: D) <-> eval act N [Q2R x1; Q2R x2] = Q2R y /\ fits act N D.
Proof.
  unfold fits, point. split.
  - intros H. split; [|intros; apply H; right; auto].
    rewrite <- (Q2R_red x1), <- (Q2R_red x2), <- (Q2R_red y). apply (H _ _ (or_introl eq_refl)).
  - intros [H H'] x' y' [E|Hin]; [|auto]. injection E as <- <-.
    simpl. rewrite !Q2R_red. exact H.
Qed.

Lemma fits_flat_map {X} act N (f : X -> data) l :
  fits act N (flat_map f l) <-> forall x, In x l -> fits act N (f x).
Proof.
  unfold fits. split.
  - intros H x Hx p y Hp. apply H. apply in_flat_map. eauto.
  - intros H p y Hp. apply in_flat_map in Hp as (x & Hx & Hp). eauto.
Qed.

Lemma numbered_in F j c : In (j, c) (numbered F) ->
  (1 <= j <= length (clauses F))%nat /\ In c (clauses F) /\ nth (j - 1) (clauses F) (0, 0, 0)%nat = c.
Proof.
  unfold numbered. intros H.
  assert (G : forall l a, In (j, c) (combine (seq a (length l)) l) ->
    (a <= j < a + length l)%nat /\ In c l /\ nth (j - a) l (0, 0, 0)%nat = c).
  { induction l as [|x l IH]; simpl; [easy|]. intros a [E|Hin].
    - injection E as -> ->. rewrite PeanoNat.Nat.sub_diag. repeat split; auto; lia.
    - destruct (IH (S a) Hin) as (H1 & H2 & H3). repeat split; auto; try lia.
      replace (j - a)%nat with (S (j - S a)) by lia. exact H3. }
  destruct (G _ _ H) as (H1 & H2 & H3). repeat split; auto; lia.
Qed.

Lemma in_numbered F c : In c (clauses F) -> exists j, In (j, c) (numbered F).
Proof.
  unfold numbered. generalize 1%nat. induction (clauses F) as [|x l IH]; simpl; [easy|].
  intros a [->|H]; [eauto|]. destruct (IH (S a) H) as (j & Hj). eauto.
Qed.

(** ** Families indexed by numbers *)

(** All but two terms vanish in a sum over distinct members. *)
Lemma sum_one {X} (f : X -> R) l k : NoDup l -> In k l ->
  (forall k', In k' l -> k' <> k -> f k' = 0) -> sum f l = f k.
Proof.
  intros Hnd Hk H. apply in_split in Hk as (l1 & l2 & ->).
  apply sum_single. intros k' Hk'. apply NoDup_remove in Hnd as [_ Hnd].
  apply H.
  - apply in_app_or in Hk' as [?|?]; apply in_or_app; simpl; auto.
  - intros ->. contradiction.
Qed.

Lemma sum_two {X} (f : X -> R) l k1 k2 : NoDup l -> In k1 l -> In k2 l -> k1 <> k2 ->
  (forall k', In k' l -> k' <> k1 -> k' <> k2 -> f k' = 0) -> sum f l = f k1 + f k2.
Proof.
  intros Hnd H1 H2 Hne H. apply in_split in H1 as (l1 & l2 & ->).
  apply NoDup_remove in Hnd as [Hnd Hk1].
  rewrite sum_app. simpl.
  assert (E : sum f (l1 ++ l2) = f k2).
  { apply sum_one; auto.
    - apply in_app_or in H2 as [?|[?|?]]; [apply in_or_app; auto|contradiction|apply in_or_app; auto].
    - intros k' Hk' Hne'. apply H; auto.
      + apply in_app_or in Hk' as [?|?]; apply in_or_app; simpl; auto.
      + intros ->. contradiction. }
  rewrite sum_app in E. lra.
Qed.

(** The gadgets of the variables 1, ..., n and the clauses 1, ..., m, in increasing
    order of the offsets -n D, ..., -D, D, ..., m D. *)
Inductive place := Var (i : nat) | Cla (j : nat).

Definition places (n m : nat) : list place := map Var (rev (seq 1 n)) ++ map Cla (seq 1 m).

Lemma in_places n m p : In p (places n m) <->
  match p with Var i => (1 <= i <= n)%nat | Cla j => (1 <= j <= m)%nat end.
Proof.
  unfold places. rewrite in_app_iff, !in_map_iff. destruct p as [i|j].
  - split.
    + intros [(x & E & Hx)|(x & E & _)]; [|discriminate]. injection E as ->.
      apply in_rev, in_seq in Hx. lia.
    + intros H. left. exists i. split; [reflexivity|]. apply in_rev. rewrite rev_involutive. apply in_seq. lia.
  - split.
    + intros [(x & E & _)|(x & E & Hx)]; [discriminate|]. injection E as ->. apply in_seq in Hx. lia.
    + intros H. right. exists j. split; [reflexivity|]. apply in_seq. lia.
Qed.

Lemma places_nodup n m : NoDup (places n m).
Proof.
  unfold places.
  assert (H1 : NoDup (map Var (rev (seq 1 n)))).
  { apply FinFun.Injective_map_NoDup; [intros x y E; congruence|apply NoDup_rev, seq_NoDup]. }
  assert (H2 : NoDup (map Cla (seq 1 m))).
  { apply FinFun.Injective_map_NoDup; [intros x y E; congruence|apply seq_NoDup]. }
  induction (rev (seq 1 n)) as [|k l IH]; simpl; [exact H2|].
  inversion H1 as [|? ? H3 H4]; subst. constructor; [|auto].
  rewrite in_app_iff. intros [H|H]; [contradiction|].
  apply in_map_iff in H as (? & ? & _). discriminate.
Qed.

Lemma places_length n m : length (places n m) = (m + n)%nat.
Proof. unfold places. rewrite app_length, !map_length, rev_length, !seq_length. lia. Qed.

Lemma place_dec (p q : place) : {p = q} + {p <> q}.
Proof. decide equality; apply PeanoNat.Nat.eq_dec. Qed.

(** A choice for each place is a function of the place. *)
Lemma choice_function {X Y} (P : X -> Y -> Prop) (g : place -> X) (y0 : Y) l : NoDup l ->
  forall ys, Forall2 P (map g l) ys -> exists h, ys = map h l /\ forall k, In k l -> P (g k) (h k).
Proof.
  induction l as [|k l IH]; simpl; intros Hnd ys HF.
  - inversion HF. exists (fun _ => y0). split; [reflexivity|easy].
  - inversion HF as [|? y ? ys' Hy HF']; subst. inversion Hnd as [|? ? Hk Hnd']; subst.
    destruct (IH Hnd' ys' HF') as (h & -> & Hh).
    exists (fun i => if place_dec i k then y else h i). split.
    + destruct (place_dec k k); [|congruence]. f_equal. apply map_ext_in. intros i Hi.
      destruct (place_dec i k); [subst; contradiction|reflexivity].
    + intros i [<-|Hi].
      * destruct (place_dec k k); [exact Hy|congruence].
      * destruct (place_dec i k); [subst; contradiction|auto].
Qed.
