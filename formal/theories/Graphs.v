(** * Graphs and cliques

    Vertices are the numbers 1 ... n. An edge is written once, as a pair; which way round does not matter. *)

From Coq Require Import List Arith Lia Bool Sorted Permutation Mergesort.
Import ListNotations.

Record graph := Graph { vertices : nat; edges : list (nat * nat) }.

(** Edges join two different vertices. *)
Definition well_formed_graph (G : graph) : Prop :=
  forall u v, In (u, v) (edges G) -> u <> v /\ 1 <= u <= vertices G /\ 1 <= v <= vertices G.

Definition adjacent (G : graph) (u v : nat) : bool :=
  existsb (fun e => (Nat.eqb (fst e) u && Nat.eqb (snd e) v) || (Nat.eqb (fst e) v && Nat.eqb (snd e) u)) (edges G).

Definition is_clique (G : graph) (C : list nat) : Prop :=
  NoDup C /\ (forall v, In v C -> 1 <= v <= vertices G) /\
  (forall u v, In u C -> In v C -> u <> v -> adjacent G u v = true).

Definition has_clique (G : graph) (k : nat) : Prop := exists C, length C = k /\ is_clique G C.

(** ** Facts *)

Lemma adjacent_spec G u v : adjacent G u v = true <-> In (u, v) (edges G) \/ In (v, u) (edges G).
Proof.
  unfold adjacent. rewrite existsb_exists. split.
  - intros ((a, b) & Hin & H). simpl in H. rewrite orb_true_iff, !andb_true_iff, !Nat.eqb_eq in H.
    destruct H as [[-> ->]|[-> ->]]; auto.
  - intros [H|H]; (eexists; split; [exact H|]); simpl; rewrite !Nat.eqb_refl; simpl; auto using orb_true_r.
Qed.

Lemma adjacent_different G u v : well_formed_graph G -> adjacent G u v = true -> u <> v.
Proof. intros W H. apply adjacent_spec in H as [H|H]; apply W in H; intros ->; tauto. Qed.

(** k vertices, one for each place, any two adjacent. *)
Lemma chosen_clique G k c : well_formed_graph G ->
  (forall i, i < k -> 1 <= c i <= vertices G) ->
  (forall i j, i < j < k -> adjacent G (c i) (c j) = true) -> has_clique G k.
Proof.
  intros W R A. exists (map c (seq 0 k)). split; [rewrite map_length; apply seq_length|]. split; [|split].
  - assert (H : forall a b, a + b <= k -> NoDup (map c (seq a b))).
    { intros a b; revert a. induction b as [|b IH]; intros a Hk; simpl; [constructor|]. constructor; [|apply IH; lia].
      intros H. apply in_map_iff in H as (j & E & H). apply in_seq in H.
      apply (adjacent_different G (c a) (c j) W); [apply A; lia|congruence]. }
    apply H. lia.
  - intros v H. apply in_map_iff in H as (i & <- & H). apply in_seq in H. apply R. lia.
  - intros u v Hu Hv N. apply in_map_iff in Hu as (i & <- & Hi). apply in_map_iff in Hv as (j & <- & Hj).
    apply in_seq in Hi, Hj. destruct (lt_eq_lt_dec i j) as [[L| ->]|L].
    + apply A. lia.
    + congruence.
    + apply adjacent_spec. apply or_comm, adjacent_spec. apply A. lia.
Qed.

(** The vertices of a clique in increasing order. *)
Lemma increasing_clique G k : has_clique G k -> exists C, length C = k /\
  (forall i, i < k -> 1 <= nth i C 0 <= vertices G) /\
  (forall i j, i < j < k -> nth i C 0 < nth j C 0 /\ adjacent G (nth i C 0) (nth j C 0) = true).
Proof.
  intros (C & L & N & R & A). pose proof (NatSort.Permuted_sort C) as Perm.
  assert (Trans : RelationClasses.Transitive (fun x y => is_true (NatOrder.leb x y))).
  { intros x y z. change NatOrder.leb with Nat.leb. unfold is_true. rewrite !Nat.leb_le. lia. }
  pose proof (NatSort.StronglySorted_sort C Trans) as S. set (D := NatSort.sort C) in *. clearbody D.
  assert (L' : length D = k) by (rewrite <- L; symmetry; apply Permutation_length, Perm).
  assert (Sub : forall i, i < k -> In (nth i D 0) C).
  { intros i Hi. apply (Permutation_in _ (Permutation_sym Perm)). apply nth_In. lia. }
  pose proof (Permutation_NoDup Perm N) as N'.
  exists D. split; [exact L'|]. split; [intros i Hi; apply R, Sub, Hi|].
  intros i j Hij. assert (Ne : nth i D 0 <> nth j D 0).
  { intros E. apply (proj1 (NoDup_nth D 0) N') in E; lia. }
  split; [|apply A; [apply Sub; lia|apply Sub; lia|exact Ne]].
  assert (Le : nth i D 0 <= nth j D 0); [|lia].
  clear - S Hij L'. revert k i j Hij L'. induction S as [|a D S IH F]; intros k i j Hij L; simpl in L; [lia|].
  destruct j as [|j]; [lia|]. destruct i as [|i]; simpl.
  - rewrite Forall_forall in F. assert (H : In (nth j D 0) D) by (apply nth_In; lia). apply F in H.
    change NatOrder.leb with Nat.leb in H. unfold is_true in H. apply Nat.leb_le in H. exact H.
  - apply (IH (pred k)); lia.
Qed.
