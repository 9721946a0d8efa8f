(** * The global construction: where the gadgets stand, the literals' points, Lemma 6

    Common to Theorem 1 and Corollary 8, which differ in the gadget and in the
    distance [D] of the gadgets. *)

From Coq Require Import Reals QArith Qreals List Lra Lia Psatz.
From Certify Require Import Semantics Levee Slots Gadget Stack Formula.
Import ListNotations.

(** ** On rational data *)

Open Scope Q_scope.

Definition max1 (m : nat) : nat := Nat.max m 1.
Definition delta (m : nat) : Q := 1 / (2 * qn (max1 m)).

(** The slopes of clause j, and of every variable (-1 means true). *)
Definition clause_slopes (m j : nat) : list Q :=
  [ (2 * qn j - 2) * delta m - 1; (2 * qn j - 1) * delta m - 1; 2 * qn j * delta m - 1 ].
Definition variable_slopes : list Q := [-1; 1].

(** The point for literal v_i of clause j, chosen by slope s. *)
Definition literal_point (D : Q) (j : nat) (s : Q) (i : nat) : list Q * Q :=
  let x1 := D * (qn i + qn j) / (1 - s) in point x1 (x1 - D * qn i) 1.

Definition literal_points (D : Q) (l : list Q) (jc : nat * (nat * nat * nat)) : data :=
  let '(j, (a, b, c)) := jc in
  [ literal_point D j (nth 0 l 0) a; literal_point D j (nth 1 l 0) b; literal_point D j (nth 2 l 0) c ].

(** The whole construction from a kind of gadget and a distance. *)
Definition global_points (gadget_data : Q -> list Q -> data) (D : Q) (F : formula) : data :=
  let m := length (clauses F) in
  flat_map (fun j => gadget_data (qn j * D) (clause_slopes m j)) (seq 1 m) ++
  flat_map (fun i => gadget_data (- qn i * D) variable_slopes) (seq 1 (variables F)) ++
  flat_map (fun jc => literal_points D (clause_slopes m (fst jc)) jc) (numbered F).

(** ** The same over the reals *)

Open Scope R_scope.

Definition rM (m : nat) : R := INR (max1 m).
Definition rd (m : nat) : R := 1 / (2 * rM m).

Lemma rM_bounds m : 1 <= rM m /\ INR m <= rM m.
Proof. unfold rM, max1. split; [change 1 with (INR 1)|]; apply le_INR; lia. Qed.

Lemma rd_M m : rd m * rM m = 1/2 /\ 0 < rd m <= 1/2.
Proof.
  destruct (rM_bounds m) as [H _]. unfold rd.
  assert (E : 1 / (2 * rM m) * rM m = 1/2) by (field; lra).
  split; [exact E|].
  assert (0 < 1 / (2 * rM m)) by (apply Rdiv_lt_0_compat; lra). nra.
Qed.

Lemma Q2R_delta m : Q2R (delta m) = rd m.
Proof.
  unfold delta, rd, rM. destruct (rM_bounds m) as [H _]. unfold rM in H.
  rewrite Q2R_divide; autorewrite with q2r; [reflexivity|lra].
Qed.

Definition r_clause_slopes (m j : nat) : list R :=
  [ (2 * INR j - 2) * rd m - 1; (2 * INR j - 1) * rd m - 1; 2 * INR j * rd m - 1 ].

Lemma Q2R_clause_slopes m j : map Q2R (clause_slopes m j) = r_clause_slopes m j.
Proof. unfold clause_slopes, r_clause_slopes; simpl map. autorewrite with q2r. rewrite !Q2R_delta. reflexivity. Qed.

Lemma Q2R_variable_slopes : map Q2R variable_slopes = [-1; 1].
Proof. unfold variable_slopes; simpl map. autorewrite with q2r. reflexivity. Qed.

Definition place_slopes (m : nat) (p : place) : list R :=
  match p with Var i => [-1; 1] | Cla j => r_clause_slopes m j end.
Definition place_offset (D : R) (p : place) : R :=
  match p with Var i => - INR i * D | Cla j => INR j * D end.
Definition place_gadget (D : R) (m : nat) (p : place) : gadget :=
  Gadget (place_offset D p) (place_slopes m p).

Definition stack (D : R) (F : formula) : list gadget :=
  map (place_gadget D (length (clauses F))) (places (variables F) (length (clauses F))).

Lemma stack_length D F : length (stack D F) = (length (clauses F) + variables F)%nat.
Proof. unfold stack. rewrite map_length. apply places_length. Qed.

Lemma spaced_app D l1 l2 : spaced D l1 -> spaced D l2 ->
  (forall x y, In x l1 -> In y l2 -> x + D <= y) -> spaced D (l1 ++ l2).
Proof.
  induction l1 as [|z l1 IH]; simpl; auto.
  intros [H1 H2] H3 H. split; [|auto].
  intros z' Hz'. apply in_app_or in Hz' as [?|?]; auto.
Qed.

Lemma INR_next a b : (a < b)%nat -> INR a + 1 <= INR b.
Proof. intros. rewrite <- S_INR. apply le_INR. lia. Qed.

Lemma INR_pos a : (1 <= a)%nat -> 1 <= INR a.
Proof. intros. change 1 with (INR 1). apply le_INR. lia. Qed.

Lemma places_spaced D n m : 0 <= D -> spaced D (map (place_offset D) (places n m)).
Proof.
  intros HD. unfold places. rewrite map_app, !map_map. apply spaced_app.
  - induction n as [|n IH]; [exact I|].
    rewrite seq_S, rev_app_distr. change (1 + n)%nat with (S n). cbn [map spaced rev app]. split; [|exact IH].
    intros z Hz. apply in_map_iff in Hz as (i & <- & Hi). apply in_rev, in_seq in Hi.
    assert (INR i + 1 <= INR (S n)) by (apply INR_next; lia). unfold place_offset. nra.
  - generalize 1%nat. induction m as [|m IH]; intros a; [exact I|].
    cbn [seq map spaced]. split; [|apply IH].
    intros z Hz. apply in_map_iff in Hz as (j & <- & Hj). apply in_seq in Hj.
    assert (INR a + 1 <= INR j) by (apply INR_next; lia). unfold place_offset. nra.
  - intros x y Hx Hy. apply in_map_iff in Hx as (i & <- & Hi). apply in_map_iff in Hy as (j & <- & Hj).
    apply in_rev, in_seq in Hi. apply in_seq in Hj. unfold place_offset.
    assert (1 <= INR i) by (apply INR_pos; lia). assert (1 <= INR j) by (apply INR_pos; lia). nra.
Qed.

Lemma r_clause_slopes_bounds m j s : (1 <= j <= m)%nat -> In s (r_clause_slopes m j) ->
  (2 * INR j - 2) * rd m - 1 <= s <= 2 * INR j * rd m - 1 /\ -1 <= s <= 0.
Proof.
  intros Hj Hs. destruct (rM_bounds m) as [H1 H2]. destruct (rd_M m) as [E Hd].
  assert (1 <= INR j) by (apply INR_pos; lia). assert (INR j <= INR m) by (apply le_INR; lia).
  assert (INR j * rd m <= 1/2) by (rewrite <- E; nra).
  simpl in Hs. repeat destruct Hs as [<-|Hs]; try contradiction; split; nra.
Qed.

(** The slopes of every gadget are well formed, whatever the distance. *)
Lemma place_slopes_formed n m p : In p (places n m) ->
  place_slopes m p <> [] /\ rising (rd m) (place_slopes m p) /\
  forall s, In s (place_slopes m p) -> -1 <= s <= 1.
Proof.
  intros Hp. apply in_places in Hp. destruct (rd_M m) as [_ Hd]. destruct p as [i|j]; simpl.
  - split; [discriminate|]. split; [lra|]. intros s [<-|[<-|[]]]; lra.
  - split; [discriminate|]. split; [split; [lra|split; [lra|exact I]]|].
    intros s Hs. destruct (r_clause_slopes_bounds m j s Hp Hs). lra.
Qed.

(** The offsets are spaced and the slopes are formed: what a stack needs. *)
Lemma stack_spaced D F : 0 <= D -> spaced D (map offset (stack D F)).
Proof. intros HD. unfold stack. rewrite map_map. simpl. apply places_spaced. exact HD. Qed.

Lemma stack_formed D F g : In g (stack D F) ->
  slopes g <> [] /\ rising (rd (length (clauses F))) (slopes g) /\
  forall s, In s (slopes g) -> -1 <= s <= 1.
Proof.
  intros Hg. apply in_map_iff in Hg as (p & <- & Hp). simpl. eapply place_slopes_formed; eauto.
Qed.

(** ** Lemma 6 *)

Definition p1 (D : R) (j : nat) (s : R) (i : nat) : R := D * (INR i + INR j) / (1 - s).
Definition p2 (D : R) (j : nat) (s : R) (i : nat) : R := p1 D j s i - D * INR i.

Lemma p_facts D j s i : 0 < D -> (1 <= j)%nat -> (1 <= i)%nat -> -1 <= s <= 0 ->
  D <= p1 D j s i <= D * (INR i + INR j) /\ p2 D j s i = INR j * D + s * p1 D j s i.
Proof.
  intros HD Hj Hi Hs. apply INR_pos in Hj, Hi. unfold p2, p1.
  assert (E : D * (INR i + INR j) / (1 - s) * (1 - s) = D * (INR i + INR j)) by (field; lra).
  set (x := D * (INR i + INR j) / (1 - s)) in *.
  assert (2 * D <= x * (1 - s)) by (rewrite E; nra).
  assert (D <= x) by (destruct (Rle_dec D x); [assumption|nra]).
  split; [split; [assumption|rewrite <- E; nra]|lra].
Qed.

(** Lemma 6 in terms of distances: p_{j,r} lies on the centre line of two of the
    3m + 2n possible levees and at vertical distance at least 2 from the others. *)
Lemma lemma_6_distance D n m j s i : 16 * rM m + 6 <= D ->
  (1 <= j <= m)%nat -> (1 <= i <= n)%nat -> In s (r_clause_slopes m j) ->
  p2 D j s i - place_offset D (Cla j) - s * p1 D j s i = 0 /\
  p2 D j s i - place_offset D (Var i) - 1 * p1 D j s i = 0 /\
  forall p t, In p (places n m) -> In t (place_slopes m p) ->
    ~ (p = Cla j /\ t = s) -> ~ (p = Var i /\ t = 1) ->
    2 <= Rabs (p2 D j s i - place_offset D p - t * p1 D j s i).
Proof.
  intros HD Hj Hi Hs.
  destruct (r_clause_slopes_bounds m j s Hj Hs) as [Hs1 Hs2].
  destruct (rM_bounds m) as [HM1 HM2]. destruct (rd_M m) as [Ed Hd].
  destruct (p_facts D j s i ltac:(lra) ltac:(lia) ltac:(lia) Hs2) as [[HP _] E2].
  assert (E1 : p2 D j s i = p1 D j s i - D * INR i) by reflexivity.
  set (x := p1 D j s i) in *. set (y := p2 D j s i) in *. clearbody x y.
  assert (HD0 : 22 <= D) by lra. assert (HX0 : 0 <= x) by lra.
  split; [simpl; lra|]. split; [simpl; lra|].
  intros p t Hp Ht N1 N2. apply in_places in Hp.
  assert (1 <= INR i) by (apply INR_pos; lia). assert (1 <= INR j) by (apply INR_pos; lia).
  assert (K : forall r, r <= -2 \/ 2 <= r -> 2 <= Rabs r).
  { intros r [H'|H']; [rewrite Rabs_left1; lra|rewrite Rabs_pos_eq; lra]. }
  apply K. destruct p as [i'|j']; unfold place_offset.
  - assert (1 <= INR i') by (apply INR_pos; lia).
    destruct Ht as [<-|[<-|[]]].
    + right. assert (0 <= (s + 1) * x) by (apply Rmult_le_pos; lra).
      assert (0 <= (INR i' - 1) * D) by (apply Rmult_le_pos; lra).
      assert (0 <= (INR j - 1) * D) by (apply Rmult_le_pos; lra). lra.
    + assert (Hne : i' <> i) by (intros ->; apply N2; auto).
      destruct (PeanoNat.Nat.lt_total i' i) as [L|[L|L]]; [left|contradiction|right];
        apply INR_next in L; rewrite E1.
      * assert (0 <= (INR i - INR i' - 1) * D) by (apply Rmult_le_pos; lra). lra.
      * assert (0 <= (INR i' - INR i - 1) * D) by (apply Rmult_le_pos; lra). lra.
  - change (In t (r_clause_slopes m j')) in Ht.
    destruct (r_clause_slopes_bounds m j' t Hp Ht) as [Ht1 Ht2].
    destruct (PeanoNat.Nat.lt_total j' j) as [L|[->|L]].
    + right. apply INR_next in L.
      assert (0 <= (INR j - INR j' - 1) * rd m) by (apply Rmult_le_pos; lra).
      assert (0 <= (s - t) * x) by (apply Rmult_le_pos; lra).
      assert (0 <= (INR j - INR j' - 1) * D) by (apply Rmult_le_pos; lra). lra.
    + assert (Hts : t <> s) by (intros ->; apply N1; auto).
      assert (8 <= rd m * D) by nra.
      assert (G : t + rd m <= s \/ s + rd m <= t).
      { clear - Hs Ht Hts Hd. simpl in Hs, Ht.
        repeat destruct Hs as [<-|Hs]; try contradiction;
        repeat destruct Ht as [<-|Ht]; try contradiction; try (exfalso; apply Hts; reflexivity); lra. }
      destruct G; [right|left].
      * assert (rd m * D <= (s - t) * x) by (apply Rmult_le_compat; lra). lra.
      * assert (rd m * D <= (t - s) * x) by (apply Rmult_le_compat; lra). lra.
    + left. apply INR_next in L.
      assert (0 <= (INR j' - INR j - 1) * rd m) by (apply Rmult_le_pos; lra).
      assert (0 <= (t - s) * x) by (apply Rmult_le_pos; lra).
      assert (0 <= (INR j' - INR j - 1) * D) by (apply Rmult_le_pos; lra). lra.
Qed.

(** Lemma 6 as in the paper: exactly two of the levees are non-zero at p_{j,r},
    namely (value 1) the one of the r-th slope of clause j and the one of slope 1
    of variable i. *)
Theorem lemma_6 D n m j s i : 16 * rM m + 6 <= D ->
  (1 <= j <= m)%nat -> (1 <= i <= n)%nat -> In s (r_clause_slopes m j) ->
  levee s (p1 D j s i) (p2 D j s i - place_offset D (Cla j)) = 1 /\
  levee 1 (p1 D j s i) (p2 D j s i - place_offset D (Var i)) = 1 /\
  forall p t, In p (places n m) -> In t (place_slopes m p) ->
    ~ (p = Cla j /\ t = s) -> ~ (p = Var i /\ t = 1) ->
    levee t (p1 D j s i) (p2 D j s i - place_offset D p) = 0.
Proof.
  intros HD Hj Hi Hs. destruct (lemma_6_distance D n m j s i HD Hj Hi Hs) as (L1 & L2 & L3).
  split; [apply levee_centre; lra|]. split; [apply levee_centre; lra|].
  intros. apply levee_far. auto.
Qed.

(** ** Choices and assignments *)

Definition fits_literals (D : R) (f : R -> R -> R) (F : formula) : Prop :=
  let m := length (clauses F) in
  forall j a b c, In (j, (a, b, c)) (numbered F) ->
    forall r i, In (r, i) [(0, a); (1, b); (2, c)]%nat ->
    f (p1 D j (nth r (r_clause_slopes m j) 0) i) (p2 D j (nth r (r_clause_slopes m j) 0) i) = 1.

(** A function is a sum of stripes along the lines that [h] chooses if it is a sum
    over the places of functions that are 1 on the chosen line and 0 at vertical
    distance 2 or more from it (as far out as the literals' points lie). *)
Definition striped (D : R) (F : formula) (h : place -> R) (f : R -> R -> R) : Prop :=
  let n := variables F in
  let m := length (clauses F) in
  (forall p, In p (places n m) -> In (h p) (place_slopes m p)) /\
  exists phi : place -> R -> R -> R,
    (forall x1 x2, f x1 x2 = sum (fun p => phi p x1 x2) (places n m)) /\
    forall p x1 x2, In p (places n m) -> 0 <= x1 <= D * (INR n + INR m) ->
      (x2 - place_offset D p - h p * x1 = 0 -> phi p x1 x2 = 1) /\
      (2 <= Rabs (x2 - place_offset D p - h p * x1) -> phi p x1 x2 = 0).

(** Its value at a literal's point: is the slope chosen at the clause? is slope 1
    chosen at the variable? *)
Lemma striped_at_literal D F h f j s i : 16 * rM (length (clauses F)) + 6 <= D ->
  striped D F h f ->
  (1 <= j <= length (clauses F))%nat -> (1 <= i <= variables F)%nat ->
  In s (r_clause_slopes (length (clauses F)) j) ->
  f (p1 D j s i) (p2 D j s i) =
  (if Req_EM_T (h (Cla j)) s then 1 else 0) + (if Req_EM_T (h (Var i)) 1 then 1 else 0).
Proof.
  intros HD (Hh & phi & Hf & Hphi) Hj Hi Hs. rewrite Hf. set (m := length (clauses F)) in *.
  destruct (lemma_6_distance D (variables F) m j s i HD Hj Hi Hs) as (L1 & L2 & L).
  destruct (rM_bounds m) as [HM _].
  destruct (r_clause_slopes_bounds m j s Hj Hs) as [_ Hs2].
  destruct (p_facts D j s i ltac:(lra) ltac:(lia) ltac:(lia) Hs2) as [[P1 P2] _].
  assert (HX : 0 <= p1 D j s i <= D * (INR (variables F) + INR m)).
  { assert (INR i <= INR (variables F)) by (apply le_INR; lia).
    assert (INR j <= INR m) by (apply le_INR; lia). split; [lra|].
    eapply Rle_trans; [exact P2|]. apply Rmult_le_compat_l; lra. }
  assert (IC : In (Cla j) (places (variables F) m)) by (apply in_places; exact Hj).
  assert (IV : In (Var i) (places (variables F) m)) by (apply in_places; exact Hi).
  rewrite (sum_two _ _ (Cla j) (Var i) (places_nodup _ _) IC IV); [|discriminate|].
  - f_equal.
    + destruct (Hphi (Cla j) (p1 D j s i) (p2 D j s i) IC HX) as [C1 C0].
      destruct (Req_EM_T (h (Cla j)) s) as [E|N]; [apply C1; rewrite E; exact L1|].
      apply C0, L; [exact IC|apply Hh; exact IC|tauto|]. intros [E _]; discriminate.
    + destruct (Hphi (Var i) (p1 D j s i) (p2 D j s i) IV HX) as [C1 C0].
      destruct (Req_EM_T (h (Var i)) 1) as [E|N]; [apply C1; rewrite E; exact L2|].
      apply C0, L; [exact IV|apply Hh; exact IV| |tauto]. intros [E _]; discriminate.
  - intros p Hp N1 N2. apply (Hphi p _ _ Hp HX), L; [exact Hp|apply Hh; exact Hp|tauto|tauto].
Qed.

Lemma clause_slopes_distinct m j :
  nth 0 (r_clause_slopes m j) 0 <> nth 1 (r_clause_slopes m j) 0 /\
  nth 0 (r_clause_slopes m j) 0 <> nth 2 (r_clause_slopes m j) 0 /\
  nth 1 (r_clause_slopes m j) 0 <> nth 2 (r_clause_slopes m j) 0.
Proof. destruct (rd_M m) as [_ Hd]. simpl. repeat split; intros E; lra. Qed.

(** The assignment of a choice: true if slope -1 is chosen. *)
Lemma assignment_of_choice D F h f : 16 * rM (length (clauses F)) + 6 <= D ->
  well_formed_formula F -> striped D F h f -> fits_literals D f F ->
  one_in_three (fun i => if Req_EM_T (h (Var i)) 1 then false else true) F.
Proof.
  intros HD HF Hh Hfit a b c Hin.
  destruct (in_numbered F _ Hin) as (j & Hnum).
  pose proof (numbered_in F _ _ Hnum) as (Hj & _).
  destruct (HF a b c Hin) as (Ha & Hb & Hc). unfold literal_ok in *.
  specialize (Hfit j a b c Hnum).
  assert (F0 := Hfit 0%nat a ltac:(simpl; auto)).
  assert (F1 := Hfit 1%nat b ltac:(simpl; auto)).
  assert (F2 := Hfit 2%nat c ltac:(simpl; auto)).
  rewrite (striped_at_literal D F h f j _ _ HD Hh) in F0 by (assumption || (simpl; auto)).
  rewrite (striped_at_literal D F h f j _ _ HD Hh) in F1 by (assumption || (simpl; auto)).
  rewrite (striped_at_literal D F h f j _ _ HD Hh) in F2 by (assumption || (simpl; auto)).
  assert (HC : In (h (Cla j)) (r_clause_slopes (length (clauses F)) j))
    by (apply (proj1 Hh (Cla j)), in_places; exact Hj).
  destruct (clause_slopes_distinct (length (clauses F)) j) as (D1 & D2 & D3).
  simpl nth in *. destruct HC as [E|[E|[E|[]]]]; rewrite <- E in *;
  repeat match goal with
  | H : context [Req_EM_T ?x ?y] |- _ => destruct (Req_EM_T x y)
  end; simpl; try reflexivity; try lra; congruence.
Qed.

(** The choice of an assignment: -1 for true; the slope of the true literal. *)
Definition slope_of_assignment (F : formula) (v : nat -> bool) (p : place) : R :=
  match p with
  | Var i => if v i then -1 else 1
  | Cla j =>
      let l := r_clause_slopes (length (clauses F)) j in
      let '(a, b, _) := nth (j - 1) (clauses F) (0, 0, 0)%nat in
      if v a then nth 0 l 0 else if v b then nth 1 l 0 else nth 2 l 0
  end.

Lemma slope_of_assignment_legal F v p :
  In (slope_of_assignment F v p) (place_slopes (length (clauses F)) p).
Proof.
  destruct p as [i|j]; unfold slope_of_assignment.
  - destruct (v i); simpl; auto.
  - destruct (nth (j - 1) (clauses F) (0, 0, 0)%nat) as [[a b] c].
    destruct (v a), (v b); simpl; auto.
Qed.

Lemma choice_of_assignment D F v f : 16 * rM (length (clauses F)) + 6 <= D ->
  well_formed_formula F -> one_in_three v F ->
  striped D F (slope_of_assignment F v) f -> fits_literals D f F.
Proof.
  intros HD HF Hv Hst j a b c Hnum r i Hri.
  pose proof (numbered_in F _ _ Hnum) as (Hj & Hin & Hnth).
  destruct (HF a b c Hin) as (Ha & Hb & Hc). unfold literal_ok in *. specialize (Hv a b c Hin).
  destruct (clause_slopes_distinct (length (clauses F)) j) as (D1 & D2 & D3).
  assert (Hr : (r < 3)%nat /\ (1 <= i <= variables F)%nat)
    by (destruct Hri as [E|[E|[E|[]]]]; injection E as <- <-; split; auto; lia).
  rewrite (striped_at_literal D F _ f j _ i HD Hst) by (try assumption; try tauto; apply nth_In; apply Hr).
  unfold slope_of_assignment. rewrite Hnth.
  destruct Hri as [E|[E|[E|[]]]]; injection E as <- <-;
  destruct (v a) eqn:Va, (v b) eqn:Vb, (v c) eqn:Vc; simpl count in Hv; try discriminate Hv;
  repeat match goal with
  | |- context [Req_EM_T ?x ?y] => destruct (Req_EM_T x y)
  end; try lra; congruence.
Qed.

(** ** What the data of the global construction say *)

Lemma literal_point_fits act N D j s i X : Q2R (1 - s) <> 0 ->
  fits act N (literal_point D j s i :: X) <->
  eval act N [p1 (Q2R D) j (Q2R s) i; p2 (Q2R D) j (Q2R s) i] = 1 /\ fits act N X.
Proof.
  intros H. unfold literal_point. rewrite fits_point. unfold p2, p1.
  rewrite Q2R_minus, Q2R_divide by exact H. autorewrite with q2r. tauto.
Qed.

Lemma literal_points_fit act N D F :
  fits act N (flat_map (fun jc => literal_points D (clause_slopes (length (clauses F)) (fst jc)) jc) (numbered F)) <->
  fits_literals (Q2R D) (fun x1 x2 => eval act N [x1; x2]) F.
Proof.
  rewrite fits_flat_map. unfold fits_literals. set (m := length (clauses F)).
  assert (HL : forall j a b c, In (j, (a, b, c)) (numbered F) ->
    fits act N (literal_points D (clause_slopes m j) (j, (a, b, c))) <->
    forall r i, In (r, i) [(0, a); (1, b); (2, c)]%nat ->
    eval act N [p1 (Q2R D) j (nth r (r_clause_slopes m j) 0) i; p2 (Q2R D) j (nth r (r_clause_slopes m j) 0) i] = 1).
  { intros j a b c Hin. apply numbered_in in Hin as (Hj & _).
    assert (B : forall r, (r < 3)%nat -> Q2R (nth r (clause_slopes m j) 0%Q) = nth r (r_clause_slopes m j) 0 /\
      Q2R (1 - nth r (clause_slopes m j) 0%Q) <> 0).
    { intros r Hr.
      assert (E : Q2R (nth r (clause_slopes m j) 0%Q) = nth r (r_clause_slopes m j) 0).
      { rewrite <- Q2R_clause_slopes. rewrite (nth_indep _ _ (Q2R 0)) by (rewrite map_length; exact Hr).
        symmetry. apply map_nth. }
      split; [exact E|]. rewrite Q2R_minus, Q2R_1', E.
      destruct (r_clause_slopes_bounds m j (nth r (r_clause_slopes m j) 0) Hj
        (nth_In (r_clause_slopes m j) 0 (Hr : (r < length (r_clause_slopes m j))%nat))). lra. }
    unfold literal_points.
    rewrite (literal_point_fits act N D j (nth 0 (clause_slopes m j) 0%Q)) by (apply B; lia).
    rewrite (literal_point_fits act N D j (nth 1 (clause_slopes m j) 0%Q)) by (apply B; lia).
    rewrite (literal_point_fits act N D j (nth 2 (clause_slopes m j) 0%Q)) by (apply B; lia).
    rewrite fits_nil, (proj1 (B 0%nat ltac:(lia))), (proj1 (B 1%nat ltac:(lia))), (proj1 (B 2%nat ltac:(lia))).
    split.
    - intros (V1 & V2 & V3 & _) r i [E|[E|[E|[]]]]; injection E as <- <-; assumption.
    - intros H. repeat split; apply H; simpl; auto. }
  split.
  - intros H j a b c Hin. apply HL; [exact Hin|]. exact (H _ Hin).
  - intros H (j & ((a & b) & c)) Hin. apply HL; [exact Hin|]. exact (H j a b c Hin).
Qed.

(** The data of the global construction, from what those of one gadget say. *)
Lemma global_points_fit act N gadget_data (says : gadget -> Prop) D F :
  (forall z l, rising (rd (length (clauses F))) (map Q2R l) -> (forall s, In s (map Q2R l) -> -1 <= s <= 1) ->
     fits act N (gadget_data z l) <-> says (Gadget (Q2R z) (map Q2R l))) ->
  fits act N (global_points gadget_data D F) <->
  (forall g, In g (stack (Q2R D) F) -> says g) /\
  fits_literals (Q2R D) (fun x1 x2 => eval act N [x1; x2]) F.
Proof.
  intros HG. unfold global_points. rewrite !fits_app, literal_points_fit, !fits_flat_map.
  unfold stack. set (m := length (clauses F)) in *. set (n := variables F).
  assert (HC : forall j, (1 <= j <= m)%nat -> fits act N (gadget_data (qn j * D)%Q (clause_slopes m j)) <->
    says (place_gadget (Q2R D) m (Cla j))).
  { intros j Hj. assert (Hp : In (Cla j) (places n m)) by (apply in_places; exact Hj).
    destruct (place_slopes_formed n m (Cla j) Hp) as (_ & Hr & Hb).
    rewrite HG; rewrite ?Q2R_clause_slopes; auto. rewrite Q2R_mult, Q2R_qn. reflexivity. }
  assert (HV : forall i, (1 <= i <= n)%nat -> fits act N (gadget_data (- qn i * D)%Q variable_slopes) <->
    says (place_gadget (Q2R D) m (Var i))).
  { intros i Hi. assert (Hp : In (Var i) (places n m)) by (apply in_places; exact Hi).
    destruct (place_slopes_formed n m (Var i) Hp) as (_ & Hr & Hb).
    rewrite HG; rewrite ?Q2R_variable_slopes; auto. rewrite Q2R_mult, Q2R_opp, Q2R_qn. reflexivity. }
  split.
  - intros (H1 & H2 & H3). split; [|exact H3].
    intros g Hg. apply in_map_iff in Hg as (p & <- & Hp). apply in_places in Hp. destruct p as [i|j].
    + apply HV; [exact Hp|]. apply H2, in_seq. lia.
    + apply HC; [exact Hp|]. apply H1, in_seq. lia.
  - intros (H1 & H2). split; [|split; [|exact H2]].
    + intros j Hj. apply in_seq in Hj. apply HC; [lia|]. apply H1, in_map, in_places. lia.
    + intros i Hi. apply in_seq in Hi. apply HV; [lia|]. apply H1, in_map, in_places. lia.
Qed.
