(** * No-certificates by theorem

    A refutation of a formula's CNF, Theorem 1 and Corollary 8 together: the data of the formula cannot be fitted.
    And the other way round: what is shown of the data, by whatever means, is shown of the formula. *)

From Coq Require Import Reals QArith Qreals ZArith PArith List Bool Lia.
From Certify Require Semantics Formula PoitsRelu PoitsThreshold Main.
From CertifyChecker Require Import Trie Lrat.
From CertifyChecker Require Model Check CheckerMain Recipes RecipesPaper.
Import ListNotations.
Import Semantics Formula.

(** ** The CNF of a formula (docs/format/v1.md, section 5) *)

(** The variable of the literal i >= 1. *)
Definition cnf_variable (i : nat) : positive := Pos.of_succ_nat (pred i).

(** One of the literals is true: each of them once, in the order of its first occurrence. *)
Definition some_true (a b c : nat) : list lit :=
  let p := LPos (cnf_variable a) in
  let q := LPos (cnf_variable b) in
  let r := LPos (cnf_variable c) in
  if Nat.eqb a b then (if Nat.eqb a c then [p] else [p; r])
  else if Nat.eqb a c then [p; q] else if Nat.eqb b c then [p; q] else [p; q; r].

(** Two occurrences are not both true. *)
Definition not_both (u v : nat) : list lit :=
  if Nat.eqb u v then [LNeg (cnf_variable u)] else [LNeg (cnf_variable u); LNeg (cnf_variable v)].

Definition cnf (cs : list (nat * nat * nat)) : list (list lit) :=
  flat_map (fun c => let '(u, v, w) := c in [some_true u v w; not_both u v; not_both u w; not_both v w]) cs.

Lemma cnf_variable_of i : (1 <= i)%nat -> Pos.to_nat (cnf_variable i) = i.
Proof. intros H. unfold cnf_variable. rewrite SuccNat2Pos.id_succ. lia. Qed.

(** An assignment with exactly one true literal in each clause is a model of the CNF. *)
Theorem cnf_satisfiable F v : well_formed_formula F -> one_in_three v F -> satisfiable (cnf (clauses F)).
Proof.
  intros HF Hv. exists (fun p => v (Pos.to_nat p)). intros x Hx.
  unfold cnf in Hx. apply in_flat_map in Hx as (((a, b), c) & Hin & Hx).
  destruct (HF a b c Hin) as ((Ha & _) & (Hb & _) & (Hc & _)).
  specialize (Hv a b c Hin).
  assert (P : forall i, (1 <= i)%nat -> lit_holds (fun p => v (Pos.to_nat p)) (LPos (cnf_variable i)) <-> v i = true).
  { intros i Hi. simpl. rewrite cnf_variable_of by exact Hi. tauto. }
  assert (N : forall i, (1 <= i)%nat -> lit_holds (fun p => v (Pos.to_nat p)) (LNeg (cnf_variable i)) <-> v i = false).
  { intros i Hi. simpl. rewrite cnf_variable_of by exact Hi. tauto. }
  assert (two : forall i j, (1 <= i)%nat -> (1 <= j)%nat -> v i = false \/ v j = false ->
    clause_holds (fun p => v (Pos.to_nat p)) (not_both i j)).
  { intros i j Hi Hj H. unfold not_both. destruct (Nat.eqb_spec i j) as [->|].
    - exists (LNeg (cnf_variable j)). split; [left; reflexivity|]. apply N; tauto.
    - destruct H as [H|H]; [exists (LNeg (cnf_variable i))|exists (LNeg (cnf_variable j))];
        (split; [simpl; tauto|]); apply N; assumption. }
  destruct Hx as [<-|[<-|[<-|[<-|[]]]]].
  - assert (E : v a = true \/ v b = true \/ v c = true).
    { destruct (v a), (v b), (v c); simpl in Hv; try discriminate; tauto. }
    unfold some_true.
    assert (G : exists i, In i [a; b; c] /\ v i = true) by (destruct E as [E|[E|E]]; eexists; (split; [|exact E]); simpl; tauto).
    destruct G as (i & Hi & Ei). exists (LPos (cnf_variable i)). split; [|apply P; [|exact Ei]].
    + destruct (Nat.eqb_spec a b), (Nat.eqb_spec a c), (Nat.eqb_spec b c); subst;
        destruct Hi as [->|[->|[->|[]]]]; simpl; tauto.
    + destruct Hi as [<-|[<-|[<-|[]]]]; assumption.
  - apply two; auto. destruct (v a), (v b), (v c); simpl in Hv; try discriminate; tauto.
  - apply two; auto. destruct (v a), (v b), (v c); simpl in Hv; try discriminate; tauto.
  - apply two; auto. destruct (v a), (v b), (v c); simpl in Hv; try discriminate; tauto.
Qed.

(** ** The verdict by theorem *)

Definition literal_ok_b (n i : nat) : bool := Nat.leb 1 i && Nat.leb i n.
Definition well_formed_b (n : nat) (cs : list (nat * nat * nat)) : bool :=
  forallb (fun c => let '(u, v, w) := c in literal_ok_b n u && literal_ok_b n v && literal_ok_b n w) cs.

Lemma well_formed_b_ok n cs : well_formed_b n cs = true -> well_formed_formula (Formula n cs).
Proof.
  intros H a b c Hin. unfold well_formed_b in H. rewrite forallb_forall in H. specialize (H _ Hin). cbv beta iota in H.
  rewrite !andb_true_iff in H. unfold literal_ok_b in H. rewrite !andb_true_iff, !PeanoNat.Nat.leb_le in H.
  unfold literal_ok. simpl. tauto.
Qed.

(** Where the check of a refutation of the formula's CNF starts: nowhere, if the formula is not well formed. *)
Definition poits_start (n : nat) (cs : list (nat * nat * nat)) : option lrat_state :=
  if well_formed_b n cs then Some (lrat_start (cnf cs)) else None.

(** The states that accepted steps lead to from there. *)
Definition poits_reached (n : nat) (cs : list (nat * nat * nat)) (s : lrat_state) : Prop :=
  poits_start n cs <> None /\ reached (cnf cs) s.

(** A refutation as a whole. *)
Definition check_poits_no (n : nat) (cs : list (nat * nat * nat)) (proof : list lrat_line) : bool :=
  match poits_start n cs with
  | Some s => match lrat_run s proof with Some s' => l_refuted s' | None => false end
  | None => false
  end.

Lemma reached_no_solution n cs s : poits_reached n cs s -> l_refuted s = true ->
  well_formed_formula (Formula n cs) /\ ~ exists v, one_in_three v (Formula n cs).
Proof.
  intros [H1 H2] R. unfold poits_start in H1. destruct (well_formed_b n cs) eqn:W; [|congruence].
  apply well_formed_b_ok in W. split; [exact W|]. intros (v & Hv).
  apply (reached_unsat _ _ H2 R). apply (cnf_satisfiable _ v W Hv).
Qed.

Lemma check_poits_no_reached n cs proof : check_poits_no n cs proof = true ->
  exists s, poits_reached n cs s /\ l_refuted s = true.
Proof.
  unfold check_poits_no, poits_reached. destruct (poits_start n cs) as [s|] eqn:S; [|discriminate].
  destruct (lrat_run s proof) as [s'|] eqn:E; [|discriminate]. intros R. exists s'.
  split; [|exact R]. split; [discriminate|]. apply (run_reached _ proof s); [|exact E].
  unfold poits_start in S. destruct (well_formed_b n cs); [|discriminate]. injection S as <-. apply reached_start.
Qed.

Open Scope nat_scope.

(** By Theorem 1: if the formula's CNF is refuted, no 4(m + n) rectifiers fit the data of the formula. The first
    statement is about a proof read as a stream, the second about a whole one. *)
Theorem reached_no_relu n cs s : poits_reached n cs s -> l_refuted s = true ->
  ~ relu_trainable 2 (4 * (length cs + n)) (Recipes.poits_relu n cs).
Proof.
  intros H R T. destruct (reached_no_solution n cs s H R) as [W No]. apply No.
  apply (Main.Theorem_1 (Formula n cs) W). rewrite <- RecipesPaper.poits_relu_eq. exact T.
Qed.

Theorem check_poits_no_relu n cs proof : check_poits_no n cs proof = true ->
  ~ relu_trainable 2 (4 * (length cs + n)) (Recipes.poits_relu n cs).
Proof.
  intros H. apply check_poits_no_reached in H as (s & H & R). exact (reached_no_relu n cs s H R).
Qed.

(** By Corollary 8: no 2(m + n) threshold neurons do. *)
Theorem reached_no_threshold n cs s : poits_reached n cs s -> l_refuted s = true ->
  ~ threshold_trainable 2 (2 * (length cs + n)) (Recipes.poits_threshold n cs).
Proof.
  intros H R T. destruct (reached_no_solution n cs s H R) as [W No]. apply No.
  apply (Main.Corollary_8 (Formula n cs) W). rewrite <- RecipesPaper.poits_threshold_eq. exact T.
Qed.

Theorem check_poits_no_threshold n cs proof : check_poits_no n cs proof = true ->
  ~ threshold_trainable 2 (2 * (length cs + n)) (Recipes.poits_threshold n cs).
Proof.
  intros H. apply check_poits_no_reached in H as (s & H & R). exact (reached_no_threshold n cs s H R).
Qed.

(** The other way: a direct refutation of the data shows that the formula has no solution, and a witness that it
    has one. *)
Theorem data_refute_formula_relu n cs proof : well_formed_formula (Formula n cs) ->
  Check.check_no Model.ReLU Model.Free 2 (Recipes.poits_relu n cs) (Recipes.poits_relu_width n cs) proof = true ->
  ~ exists v, one_in_three v (Formula n cs).
Proof.
  intros W H S. apply CheckerMain.check_no_relu in H. apply H. rewrite RecipesPaper.poits_relu_eq.
  apply (Main.Theorem_1 (Formula n cs) W). exact S.
Qed.

Theorem data_refute_formula_threshold n cs proof : well_formed_formula (Formula n cs) ->
  Check.check_no Model.Thr Model.Free 2 (Recipes.poits_threshold n cs) (Recipes.poits_threshold_width n cs) proof = true ->
  ~ exists v, one_in_three v (Formula n cs).
Proof.
  intros W H S. apply CheckerMain.check_no_threshold in H. apply H. rewrite RecipesPaper.poits_threshold_eq.
  apply (Main.Corollary_8 (Formula n cs) W). exact S.
Qed.

Theorem witness_solves_formula_relu n cs net : well_formed_formula (Formula n cs) ->
  Check.check_yes Model.ReLU Model.Free 2 (Recipes.poits_relu n cs) (Recipes.poits_relu_width n cs) net = true ->
  exists v, one_in_three v (Formula n cs).
Proof.
  intros W H. apply CheckerMain.check_yes_relu in H. rewrite RecipesPaper.poits_relu_eq in H.
  apply (Main.Theorem_1 (Formula n cs) W). exact H.
Qed.

Theorem witness_solves_formula_threshold n cs net : well_formed_formula (Formula n cs) ->
  Check.check_yes Model.Thr Model.Free 2 (Recipes.poits_threshold n cs) (Recipes.poits_threshold_width n cs) net = true ->
  exists v, one_in_three v (Formula n cs).
Proof.
  intros W H. apply CheckerMain.check_yes_threshold in H. rewrite RecipesPaper.poits_threshold_eq in H.
  apply (Main.Corollary_8 (Formula n cs) W). exact H.
Qed.
