(** * Refutations of clause sets: LRAT, by reverse unit propagation with hints

    The program first, then its soundness. A state is changed by one step at a time ([lrat_step]), so that a proof
    can be read and checked as a stream; maps are tries, so that a step costs the size of its hints times the
    logarithm of the numbers. [accepted_unsat]: whatever steps were taken, a state that holds the empty clause
    shows that the clauses it started from have no common model. *)

From Coq Require Import PArith List Bool Lia.
From CertifyChecker Require Import Trie.
Import ListNotations.

(** A literal: a variable or its negation. *)
Inductive lit : Type :=
| LPos (v : positive)
| LNeg (v : positive).

Definition clause := list lit.

(** What propagation knows of a variable: its positive literal is true, its negative one is, or (under the negation
    of a clause that is always true) both are. *)
Inductive known : Type := KPos | KNeg | KBoth.
Definition assignment := tree known.

Definition make_true (l : lit) (a : assignment) : assignment :=
  match l with
  | LPos v => set v (match get v a with None | Some KPos => KPos | _ => KBoth end) a
  | LNeg v => set v (match get v a with None | Some KNeg => KNeg | _ => KBoth end) a
  end.
Definition make_false (l : lit) (a : assignment) : assignment :=
  match l with LPos v => make_true (LNeg v) a | LNeg v => make_true (LPos v) a end.

(** All literals of a clause become false. *)
Fixpoint assume (c : clause) (a : assignment) : assignment :=
  match c with [] => a | l :: c' => assume c' (make_false l a) end.

Inductive status : Type := SFalse | STrue | SOpen.
Definition status_of (l : lit) (a : assignment) : status :=
  match l with
  | LPos v => match get v a with None => SOpen | Some KPos => STrue | _ => SFalse end
  | LNeg v => match get v a with None => SOpen | Some KNeg => STrue | _ => SFalse end
  end.

Definition same_lit (k l : lit) : bool :=
  match k, l with
  | LPos v, LPos w => Pos.eqb v w
  | LNeg v, LNeg w => Pos.eqb v w
  | _, _ => false
  end.

(** A hint is false; or all of it but one open literal is; anything else is a fault. *)
Inductive outcome : Type := Falsified | Unit (l : lit) | Fault.

Fixpoint look_past (l : lit) (c : clause) (a : assignment) : outcome :=
  match c with
  | [] => Unit l
  | k :: c' =>
    match status_of k a with
    | SFalse => look_past l c' a
    | STrue => Fault
    | SOpen => if same_lit k l then look_past l c' a else Fault
    end
  end.
Fixpoint look (c : clause) (a : assignment) : outcome :=
  match c with
  | [] => Falsified
  | l :: c' =>
    match status_of l a with
    | SFalse => look c' a
    | STrue => Fault
    | SOpen => look_past l c' a
    end
  end.

(** Each hint is unit under what is known so far, the last one is false. *)
Fixpoint propagate (db : tree clause) (hints : list positive) (a : assignment) : bool :=
  match hints with
  | [] => false
  | h :: hs =>
    match get h db with
    | None => false
    | Some c =>
      match look c a with
      | Falsified => match hs with [] => true | _ => false end
      | Unit l => propagate db hs (make_true l a)
      | Fault => false
      end
    end
  end.

(** Taking a clause out, and what is empty then. *)
Definition node {A} (l : tree A) (o : option A) (r : tree A) : tree A :=
  match l, o, r with Leaf, None, Leaf => Leaf | _, _, _ => Node l o r end.
Fixpoint remove {A} (p : positive) (t : tree A) : tree A :=
  match t with
  | Leaf => Leaf
  | Node l o r =>
    match p with
    | xH => node l None r
    | xO p' => node (remove p' l) o r
    | xI p' => node l o (remove p' r)
    end
  end.
Fixpoint remove_all (ids : list positive) (db : tree clause) : option (tree clause) :=
  match ids with
  | [] => Some db
  | i :: ids' => match get i db with None => None | Some _ => remove_all ids' (remove i db) end
  end.

(** The clauses, the least number that the next one may have, and whether the empty clause was derived. *)
Record lrat_state := LratState { l_db : tree clause; l_next : positive; l_refuted : bool }.

Inductive lrat_line : Type :=
| LAdd (id : positive) (c : clause) (hints : list positive)
| LDelete (ids : list positive).

Definition lrat_start (F : list clause) : lrat_state :=
  LratState (number 1 F Leaf) (Pos.of_succ_nat (length F)) false.

Definition lrat_step (s : lrat_state) (x : lrat_line) : option lrat_state :=
  match x with
  | LAdd id c hints =>
    if negb (l_refuted s) && Pos.leb (l_next s) id && propagate (l_db s) hints (assume c Leaf) then
      Some (LratState (set id c (l_db s)) (Pos.succ id) (match c with [] => true | _ => false end))
    else None
  | LDelete ids =>
    match remove_all ids (l_db s) with
    | Some db => Some (LratState db (l_next s) (l_refuted s))
    | None => None
    end
  end.

(** The steps one after the other, whole. *)
Fixpoint lrat_run (s : lrat_state) (xs : list lrat_line) : option lrat_state :=
  match xs with
  | [] => Some s
  | x :: xs' => match lrat_step s x with Some s' => lrat_run s' xs' | None => None end
  end.
Definition check_lrat (F : list clause) (xs : list lrat_line) : bool :=
  match lrat_run (lrat_start F) xs with Some s => l_refuted s | None => false end.

(** ** Soundness *)

Definition lit_holds (m : positive -> bool) (l : lit) : Prop :=
  match l with LPos v => m v = true | LNeg v => m v = false end.
Definition clause_holds (m : positive -> bool) (c : clause) : Prop := exists l, In l c /\ lit_holds m l.
Definition satisfiable (F : list clause) : Prop := exists m, forall c, In c F -> clause_holds m c.

(** What is known is true of the model [m]. *)
Definition agrees (m : positive -> bool) (a : assignment) : Prop :=
  forall v k, get v a = Some k -> k <> KBoth /\ (k = KPos -> m v = true) /\ (k = KNeg -> m v = false).

Lemma agrees_leaf m : agrees m Leaf.
Proof. intros v k H. discriminate H. Qed.

Lemma agrees_true m l a : agrees m a -> lit_holds m l -> agrees m (make_true l a).
Proof.
  intros Ha Hl v k. destruct l as [w|w]; simpl in Hl; unfold make_true; rewrite get_set;
    destruct (Pos.eqb_spec v w) as [->|]; try apply Ha; intros E;
    destruct (get w a) as [[]|] eqn:G; injection E as <-; try (repeat split; congruence);
    exfalso; apply Ha in G; destruct G as (G1 & G2 & G3); try (apply G1; reflexivity).
  - rewrite G3 in Hl by reflexivity. discriminate.
  - rewrite G2 in Hl by reflexivity. discriminate.
Qed.

Lemma agrees_false m l a : agrees m a -> ~ lit_holds m l -> agrees m (make_false l a).
Proof.
  intros Ha Hl. destruct l as [v|v]; unfold make_false; (apply agrees_true; [exact Ha|]);
    simpl in *; destruct (m v); congruence.
Qed.

Lemma agrees_assume m c : forall a, agrees m a -> ~ clause_holds m c -> agrees m (assume c a).
Proof.
  induction c as [|l c IH]; simpl; intros a Ha Hc; [exact Ha|].
  apply IH.
  - apply agrees_false; [exact Ha|]. intros H. apply Hc. exists l. simpl; auto.
  - intros (k & Hk & H). apply Hc. exists k. simpl; auto.
Qed.

Lemma status_false m l a : agrees m a -> status_of l a = SFalse -> ~ lit_holds m l.
Proof.
  intros Ha. destruct l as [v|v]; simpl; destruct (get v a) as [[]|] eqn:G; try discriminate; intros _ H;
    apply Ha in G; destruct G as (G1 & G2 & G3); try (apply G1; reflexivity);
    try (rewrite G2 in H by reflexivity; discriminate); rewrite G3 in H by reflexivity; discriminate.
Qed.

Lemma same_lit_eq k l : same_lit k l = true -> k = l.
Proof. destruct k, l; simpl; try discriminate; intros H; apply Pos.eqb_eq in H; congruence. Qed.

Lemma look_past_unit m l c a u : agrees m a -> look_past l c a = Unit u ->
  u = l /\ (clause_holds m c -> lit_holds m l).
Proof.
  intros Ha. induction c as [|k c IH]; simpl.
  - intros E. injection E as <-. split; [reflexivity|]. intros (x & [] & _).
  - destruct (status_of k a) eqn:S; try discriminate.
    + intros E. apply IH in E as (-> & H). split; [reflexivity|].
      intros (x & [<-|Hx] & Hl); [exfalso; exact (status_false m k a Ha S Hl)|]. apply H. exists x. auto.
    + destruct (same_lit k l) eqn:K; [|discriminate]. apply same_lit_eq in K as ->.
      intros E. apply IH in E as (-> & H). split; [reflexivity|].
      intros (x & [<-|Hx] & Hl); [exact Hl|]. apply H. exists x. auto.
Qed.

Lemma look_past_not_false l c a : look_past l c a <> Falsified.
Proof.
  induction c as [|k c IH]; simpl; [discriminate|].
  destruct (status_of k a); [exact IH|discriminate|]. destruct (same_lit k l); [exact IH|discriminate].
Qed.

Lemma look_sound m c a : agrees m a -> clause_holds m c ->
  match look c a with Falsified => False | Unit l => lit_holds m l | Fault => True end.
Proof.
  intros Ha. induction c as [|l c IH]; simpl.
  - intros (x & [] & _).
  - intros (x & [<-|Hx] & Hl).
    + destruct (status_of l a) eqn:S; [exfalso; exact (status_false m l a Ha S Hl)|exact I|].
      destruct (look_past l c a) as [|u|] eqn:E; [exact (look_past_not_false _ _ _ E)| |exact I].
      destruct (look_past_unit m l c a u Ha E) as [-> _]. exact Hl.
    + destruct (status_of l a) eqn:S; [apply IH; exists x; auto|exact I|].
      destruct (look_past l c a) as [|u|] eqn:E; [exact (look_past_not_false _ _ _ E)| |exact I].
      destruct (look_past_unit m l c a u Ha E) as [-> H]. apply H. exists x. auto.
Qed.

Definition models (m : positive -> bool) (db : tree clause) : Prop := all (fun _ => clause_holds m) db.

Lemma propagate_sound m db hints : models m db ->
  forall a, propagate db hints a = true -> ~ agrees m a.
Proof.
  intros Hdb. induction hints as [|h hs IH]; simpl; intros a H Ha; [discriminate|].
  destruct (get h db) as [c|] eqn:G; [|discriminate].
  pose proof (look_sound m c a Ha (Hdb h c G)) as L. destruct (look c a) as [|l|]; [exact L| |discriminate].
  apply (IH _ H). apply agrees_true; assumption.
Qed.

Lemma get_node {A} p (l r : tree A) o : get p (node l o r) = get p (Node l o r).
Proof. destruct l, o, r; try reflexivity. destruct p; reflexivity. Qed.

Lemma get_remove {A} : forall (t : tree A) p q x, get q (remove p t) = Some x -> get q t = Some x.
Proof.
  induction t as [|l IHl o r IHr]; intros p q x; [destruct p; auto|].
  destruct p; cbn [remove]; rewrite get_node; destruct q; cbn [get]; (apply IHl || apply IHr || discriminate || auto).
Qed.

Lemma models_remove m ids : forall db db', models m db -> remove_all ids db = Some db' -> models m db'.
Proof.
  induction ids as [|i ids IH]; simpl; intros db db' H E; [injection E as <-; exact H|].
  destruct (get i db) as [c0|]; [|discriminate]. apply (IH _ _) in E; [exact E|].
  intros p c G. apply (H p). apply get_remove in G. exact G.
Qed.

(** The invariant of a state: models of the given clauses are models of all clauses, and there is none if the empty
    clause was derived. *)
Definition follows (F : list clause) (s : lrat_state) : Prop :=
  forall m, (forall c, In c F -> clause_holds m c) -> models m (l_db s) /\ l_refuted s = false.

Lemma start_follows F : follows F (lrat_start F).
Proof.
  intros m H. split; [|reflexivity]. apply number_all; [apply all_leaf|exact H].
Qed.

Lemma step_follows F s x s' : follows F s -> lrat_step s x = Some s' -> follows F s'.
Proof.
  intros Hs E m Hm. destruct (Hs m Hm) as [H1 H2]. destruct x as [id c hints|ids]; simpl in E.
  - destruct (negb (l_refuted s) && Pos.leb (l_next s) id && propagate (l_db s) hints (assume c Leaf)) eqn:B;
      [|discriminate].
    injection E as <-. apply andb_true_iff in B as [_ B].
    pose proof (propagate_sound m (l_db s) hints H1 _ B) as P.
    assert (C : clause_holds m c).
    { assert (D : forall l, {lit_holds m l} + {~ lit_holds m l}).
      { intros [v|v]; simpl; destruct (m v); (left; reflexivity) || (right; discriminate). }
      destruct (Exists_dec (lit_holds m) c D) as [Ex|No].
      - apply Exists_exists in Ex. exact Ex.
      - exfalso. apply P. apply agrees_assume; [apply agrees_leaf|].
        intros Ex. apply No. apply Exists_exists. exact Ex. }
    simpl. split; [apply all_set; assumption|].
    destruct c; [destruct C as (l & [] & _)|reflexivity].
  - destruct (remove_all ids (l_db s)) as [db|] eqn:R; [|discriminate]. injection E as <-. simpl.
    split; [exact (models_remove m ids _ _ H1 R)|exact H2].
Qed.

(** The states that some accepted steps lead to. *)
Inductive reached (F : list clause) : lrat_state -> Prop :=
| reached_start : reached F (lrat_start F)
| reached_step s x s' : reached F s -> lrat_step s x = Some s' -> reached F s'.

Lemma reached_follows F s : reached F s -> follows F s.
Proof. induction 1; [apply start_follows|eapply step_follows; eassumption]. Qed.

(** For a proof that is checked as a stream. *)
Theorem reached_unsat F s : reached F s -> l_refuted s = true -> ~ satisfiable F.
Proof.
  intros H R (m & Hm). apply (reached_follows F s H) in Hm as [_ E]. congruence.
Qed.

Lemma run_reached F xs : forall s s', reached F s -> lrat_run s xs = Some s' -> reached F s'.
Proof.
  induction xs as [|x xs IH]; simpl; intros s s' H E; [injection E as <-; exact H|].
  destruct (lrat_step s x) as [t|] eqn:S; [|discriminate]. apply (IH t); [|exact E].
  eapply reached_step; eauto.
Qed.

(** For a proof as a whole. *)
Theorem check_lrat_unsat F xs : check_lrat F xs = true -> ~ satisfiable F.
Proof.
  unfold check_lrat. destruct (lrat_run (lrat_start F) xs) as [s|] eqn:E; [|discriminate].
  apply reached_unsat. eapply run_reached; [apply reached_start|exact E].
Qed.
