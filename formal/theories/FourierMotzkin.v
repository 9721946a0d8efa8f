(** * An exact solver: Fourier-Motzkin elimination

    It shows that the hypothesis of Theorem 11 on linear programs can be met, and makes the algorithm executable. It is
    not meant to be fast, and the paper's running time is not claimed for it. *)

From Coq Require Import Reals QArith Qreals List Lra Lia Bool.
From Certify Require Import Semantics Convex LinearSystem.
Import ListNotations.
Open Scope R_scope.

Definition head (c : constraint) : Q := hd 0%Q (form c).

(** The constraint without its first unknown, divided by [s]. *)
Definition rest (s : Q) (c : constraint) : constraint :=
  Constraint (map (fun a => Qred (a / s)) (tl (form c))) (Qred (constant c / s)) (strict c).

Fixpoint add (f g : list Q) : list Q :=
  match f, g with
  | a :: f', b :: g' => Qred (a + b) :: add f' g'
  | _, _ => []
  end.

Definition add_constraints (b c : constraint) : constraint :=
  Constraint (add (form b) (form c)) (Qred (constant b + constant c)) (strict b || strict c).

(** The first unknown x is eliminated: constraints without x stay; each lower bound of x is combined with each upper one. *)
Definition positive (q : Q) : bool := negb (Qle_bool q 0).
Definition eliminate (cs : list constraint) : list constraint :=
  let without := filter (fun c => Qeq_bool (head c) 0) cs in
  let lower := filter (fun c => positive (head c)) cs in
  let upper := filter (fun c => positive (- head c)) cs in
  map (rest 1) without ++
  flat_map (fun b => map (fun c => add_constraints (rest (head b) b) (rest (- head c) c)) upper) lower.

Fixpoint fourier_motzkin (n : nat) (cs : list constraint) : bool :=
  match n with
  | O => forallb (fun c => if strict c then positive (constant c) else Qle_bool 0 (constant c)) cs
  | S n' => fourier_motzkin n' (eliminate cs)
  end.

(** ** Real numbers between bounds *)

(** A bound, and whether it is strict. *)
Notation bound := (R * bool)%type.
Definition above (t : R) (b : bound) : Prop := if snd b then fst b < t else fst b <= t.
Definition under (t : R) (b : bound) : Prop := if snd b then t < fst b else t <= fst b.

Lemma largest (l : list bound) : l <> [] -> exists b, In b l /\ forall c, In c l -> fst c <= fst b.
Proof.
  induction l as [|b l IH]; intros H; [congruence|]. destruct l as [|b' l].
  - exists b. split; [left; reflexivity|]. intros c [->|[]]. lra.
  - destruct IH as (m & Hm & M); [discriminate|]. destruct (Rle_dec (fst m) (fst b)) as [E|E].
    + exists b. split; [left; reflexivity|]. intros c [->|Hc]; [lra|]. specialize (M c Hc). lra.
    + exists m. split; [right; exact Hm|]. intros c [->|Hc]; [lra|]. exact (M c Hc).
Qed.

Lemma smallest (l : list bound) : l <> [] -> exists b, In b l /\ forall c, In c l -> fst b <= fst c.
Proof.
  induction l as [|b l IH]; intros H; [congruence|]. destruct l as [|b' l].
  - exists b. split; [left; reflexivity|]. intros c [->|[]]. lra.
  - destruct IH as (m & Hm & M); [discriminate|]. destruct (Rle_dec (fst b) (fst m)) as [E|E].
    + exists b. split; [left; reflexivity|]. intros c [->|Hc]; [lra|]. specialize (M c Hc). lra.
    + exists m. split; [right; exact Hm|]. intros c [->|Hc]; [lra|]. exact (M c Hc).
Qed.

Lemma between (low up : list bound) :
  (forall b c, In b low -> In c up -> if snd b || snd c then fst b < fst c else fst b <= fst c) ->
  exists t, (forall b, In b low -> above t b) /\ (forall c, In c up -> under t c).
Proof.
  intros H. destruct low as [|b0 low]; [|set (l := b0 :: low) in *].
  - destruct up as [|c0 up]; [exists 0; split; intros b []|]. destruct (smallest (c0 :: up)) as (m & _ & M); [discriminate|].
    exists (fst m - 1). split; [intros b []|]. intros c Hc. specialize (M c Hc). unfold under. destruct (snd c); lra.
  - destruct (largest l) as (b & Hb & B); [discriminate|]. destruct up as [|c0 up].
    + exists (fst b + 1). split; [|intros c []]. intros a Ha. specialize (B a Ha). unfold above. destruct (snd a); lra.
    + destruct (smallest (c0 :: up)) as (c & Hc & C); [discriminate|]. set (u := c0 :: up) in *.
      pose proof (H b c Hb Hc) as BC.
      destruct (Rlt_dec (fst b) (fst c)) as [L|L].
      * exists ((fst b + fst c) / 2). split; intros a Ha; [specialize (B a Ha)|specialize (C a Ha)];
          unfold above, under; destruct (snd a); lra.
      * assert (fst b = fst c) as E by (destruct (snd b || snd c); lra). exists (fst b). split; intros a Ha.
        -- specialize (B a Ha). specialize (H a c Ha Hc). unfold above. destruct (snd a); simpl in H; lra.
        -- specialize (C a Ha). specialize (H b a Hb Ha). unfold under. rewrite orb_comm in H.
           destruct (snd a); simpl in H; lra.
Qed.

(** ** One step *)

Definition value_at (u : list R) (c : constraint) : R := dot (map Q2R (form c)) u + Q2R (constant c).

Lemma holds_value u c : holds u c <-> if strict c then 0 < value_at u c else 0 <= value_at u c.
Proof. reflexivity. Qed.

Lemma positive_spec q : positive q = true <-> 0 < Q2R q.
Proof.
  unfold positive. rewrite negb_true_iff. split; intros H.
  - rewrite <- RMicromega.Q2R_0. apply Qlt_Rlt. apply Qnot_le_lt. intros E. apply Qle_bool_iff in E. congruence.
  - rewrite <- RMicromega.Q2R_0 in H. apply Rlt_Qlt in H. destruct (Qle_bool q 0) eqn:E; [|reflexivity].
    apply Qle_bool_iff in E. apply Qle_not_lt in E. contradiction.
Qed.

Lemma Q2R_quotient a s : 0 < Q2R s -> Q2R (Qred (a / s)) = Q2R a / Q2R s.
Proof.
  intros H. rewrite (Qeq_eqR _ _ (Qred_correct _)). apply Q2R_div. intros E. apply Qeq_eqR in E.
  rewrite RMicromega.Q2R_0 in E. lra.
Qed.

Lemma rest_value s c t u : 0 < Q2R s -> form c <> [] ->
  value_at u (rest s c) = (value_at (t :: u) c - Q2R (head c) * t) / Q2R s.
Proof.
  intros H F. unfold value_at, rest, head. destruct (form c) as [|a f]; [congruence|]. cbn [form constant hd tl map dot].
  rewrite Q2R_quotient by exact H.
  assert (dot (map Q2R (map (fun a => Qred (a / s)) f)) u = dot (map Q2R f) u / Q2R s) as ->.
  { clear F. revert u. induction f as [|b f IH]; intros [|x u]; cbn [map dot]; try (field; lra).
    rewrite IH, Q2R_quotient by exact H. field. lra. }
  field. lra.
Qed.

Lemma add_value b c u : length (form b) = length (form c) ->
  value_at u (add_constraints b c) = value_at u b + value_at u c.
Proof.
  intros E. unfold value_at, add_constraints. cbn [form constant].
  rewrite (Qeq_eqR _ _ (Qred_correct _)), Q2R_plus.
  enough (dot (map Q2R (add (form b) (form c))) u = dot (map Q2R (form b)) u + dot (map Q2R (form c)) u) by lra.
  revert u E. generalize (form c), (form b). intros g f. revert g.
  induction f as [|x f IH]; intros [|y g] [|z u] E; cbn [add map dot]; try discriminate; try lra.
  rewrite IH, (Qeq_eqR _ _ (Qred_correct _)), Q2R_plus by (simpl in E; congruence). lra.
Qed.

(** Lower and upper bounds of the first unknown. *)
Definition lower_of (u : list R) (c : constraint) : bound := (- value_at u (rest (head c) c), strict c).
Definition upper_of (u : list R) (c : constraint) : bound := (value_at u (rest (- head c) c), strict c).

Lemma quotient_sign v s : 0 < s -> (0 < v / s <-> 0 < v) /\ (0 <= v / s <-> 0 <= v).
Proof.
  intros H. assert (v = v / s * s) as E by (field; lra). set (w := v / s) in *. clearbody w. subst v.
  split; split; intros; nra.
Qed.

Lemma lower_spec c t u : 0 < Q2R (head c) -> form c <> [] -> holds (t :: u) c <-> above t (lower_of u c).
Proof.
  intros H F. rewrite holds_value. unfold above, lower_of. cbn [fst snd]. rewrite (rest_value _ c t u H F).
  destruct (quotient_sign (value_at (t :: u) c) (Q2R (head c)) H) as [A B].
  replace ((value_at (t :: u) c - Q2R (head c) * t) / Q2R (head c)) with (value_at (t :: u) c / Q2R (head c) - t)
    by (field; lra).
  destruct (strict c); [rewrite <- A|rewrite <- B]; split; lra.
Qed.

Lemma upper_spec c t u : 0 < Q2R (- head c) -> form c <> [] -> holds (t :: u) c <-> under t (upper_of u c).
Proof.
  intros H F. rewrite holds_value. unfold under, upper_of. cbn [fst snd]. rewrite (rest_value _ c t u H F).
  destruct (quotient_sign (value_at (t :: u) c) (Q2R (- head c)) H) as [A B]. rewrite Q2R_opp in *.
  replace ((value_at (t :: u) c - Q2R (head c) * t) / - Q2R (head c)) with (value_at (t :: u) c / - Q2R (head c) + t)
    by (field; lra).
  destruct (strict c); [rewrite <- A|rewrite <- B]; split; lra.
Qed.

Lemma free_spec c t u : Q2R (head c) = 0 -> form c <> [] -> holds (t :: u) c <-> holds u (rest 1 c).
Proof.
  intros H F. rewrite !holds_value. rewrite (rest_value _ c t u) by (assumption || (rewrite RMicromega.Q2R_1; lra)).
  rewrite H, RMicromega.Q2R_1. replace ((value_at (t :: u) c - 0 * t) / 1) with (value_at (t :: u) c) by field.
  reflexivity.
Qed.

Lemma pair_spec b c u n : length (form b) = S n -> length (form c) = S n ->
  holds u (add_constraints (rest (head b) b) (rest (- head c) c)) <->
  if strict b || strict c then fst (lower_of u b) < fst (upper_of u c) else fst (lower_of u b) <= fst (upper_of u c).
Proof.
  intros Lb Lc. rewrite holds_value, add_value.
  - unfold lower_of, upper_of. cbn [fst strict add_constraints rest]. destruct (strict b || strict c); split; lra.
  - unfold rest. cbn [form]. rewrite !map_length. destruct (form b), (form c); simpl in *; lia.
Qed.

Lemma eliminate_spec n cs u : Forall (fun c => length (form c) = S n) cs ->
  Forall (holds u) (eliminate cs) <-> exists t, Forall (holds (t :: u)) cs.
Proof.
  intros W. rewrite Forall_forall in W.
  assert (forall c, In c cs -> form c <> []) as NE by (intros c Hc E; apply W in Hc; rewrite E in Hc; discriminate).
  unfold eliminate. rewrite Forall_app, Forall_map, Forall_flat_map.
  set (lower := filter (fun c => positive (head c)) cs). set (upper := filter (fun c => positive (- head c)) cs).
  assert (forall c, In c lower <-> In c cs /\ 0 < Q2R (head c)) as IL
    by (intros c; unfold lower; rewrite filter_In, positive_spec; reflexivity).
  assert (forall c, In c upper <-> In c cs /\ 0 < Q2R (- head c)) as IU
    by (intros c; unfold upper; rewrite filter_In, positive_spec; reflexivity).
  assert (forall c, In c (filter (fun c => Qeq_bool (head c) 0) cs) <-> In c cs /\ Q2R (head c) = 0) as IZ.
  { intros c. rewrite filter_In, Qeq_bool_iff, <- RMicromega.Q2R_0. split; intros [H E]; (split; [exact H|]);
      [apply Qeq_eqR, E|apply eqR_Qeq, E]. }
  rewrite !Forall_forall. split.
  - intros [HZ HP].
    destruct (between (map (lower_of u) lower) (map (upper_of u) upper)) as (t & TL & TU).
    { intros b c Hb Hc. apply in_map_iff in Hb as (b' & <- & Hb). apply in_map_iff in Hc as (c' & <- & Hc).
      specialize (HP b' Hb). rewrite Forall_map, Forall_forall in HP. specialize (HP c' Hc).
      apply IL in Hb as [Hb _]. apply IU in Hc as [Hc _]. apply (pair_spec b' c' u n) in HP; auto. }
    exists t. apply Forall_forall. intros c Hc. destruct (Rtotal_order (Q2R (head c)) 0) as [H|[H|H]].
    + assert (0 < Q2R (- head c)) as H' by (rewrite Q2R_opp; lra). apply upper_spec; auto.
      apply TU, in_map, IU. auto.
    + apply free_spec; auto. apply HZ, IZ. auto.
    + apply lower_spec; auto. apply TL, in_map, IL. auto.
  - intros (t & H). rewrite Forall_forall in H. split.
    + intros c Hc. apply IZ in Hc as [Hc E]. apply (free_spec c t u E); auto.
    + intros b Hb. rewrite Forall_map, Forall_forall. intros c Hc. apply IL in Hb as [Hb Eb]. apply IU in Hc as [Hc Ec].
      pose proof (proj1 (lower_spec b t u Eb (NE b Hb)) (H b Hb)) as A.
      pose proof (proj1 (upper_spec c t u Ec (NE c Hc)) (H c Hc)) as B.
      apply (pair_spec b c u n); auto. unfold above, under in A, B. cbn [snd lower_of upper_of] in A, B.
      destruct (strict b), (strict c); simpl in *; lra.
Qed.

Lemma eliminate_length n cs : Forall (fun c => length (form c) = S n) cs ->
  Forall (fun c => length (form c) = n) (eliminate cs).
Proof.
  intros W. rewrite Forall_forall in W. unfold eliminate.
  assert (forall s c, In c cs -> length (form (rest s c)) = n) as R.
  { intros s c Hc. apply W in Hc. unfold rest. cbn [form]. rewrite map_length. destruct (form c); simpl in *; lia. }
  rewrite Forall_app, Forall_map, Forall_flat_map, !Forall_forall. split.
  - intros c Hc. apply filter_In in Hc as [Hc _]. auto.
  - intros b Hb. rewrite Forall_map, Forall_forall. intros c Hc.
    apply filter_In in Hb as [Hb _]. apply filter_In in Hc as [Hc _].
    unfold add_constraints. cbn [form]. apply (R (head b)) in Hb. apply (R (- head c)%Q) in Hc.
    revert Hb Hc. generalize (form (rest (head b) b)), (form (rest (- head c) c)). clear.
    intros f. revert n. induction f as [|x f IH]; intros n [|y g] Hf Hg; simpl in *; try lia.
    destruct n; [discriminate|]. rewrite (IH n g); lia.
Qed.

(** Fourier-Motzkin elimination is an exact solver. *)
Theorem fourier_motzkin_exact : exact_lp fourier_motzkin.
Proof.
  intros n. induction n as [|n IH]; intros cs W.
  - simpl. rewrite forallb_forall. split.
    + intros H. exists []. split; [reflexivity|]. apply Forall_forall. intros c Hc. specialize (H c Hc).
      rewrite holds_value. unfold value_at. rewrite dot_nil_r. destruct (strict c).
      * apply positive_spec in H. lra.
      * apply Qle_bool_iff, Qle_Rle in H. rewrite RMicromega.Q2R_0 in H. lra.
    + intros (u & L & H) c Hc. rewrite Forall_forall in H. specialize (H c Hc). rewrite holds_value in H.
      destruct u; [|discriminate]. unfold value_at in H. rewrite dot_nil_r in H. destruct (strict c).
      * apply positive_spec. lra.
      * apply Qle_bool_iff, Rle_Qle. rewrite RMicromega.Q2R_0. lra.
  - cbn [fourier_motzkin]. rewrite (IH _ (eliminate_length n cs W)). unfold satisfiable. split.
    + intros (u & L & H). apply (eliminate_spec n cs u W) in H as (t & H). exists (t :: u). split; [simpl; congruence|exact H].
    + intros ([|t u] & L & H); [discriminate|]. exists u. split; [simpl in L; congruence|].
      apply (eliminate_spec n cs u W). exists t. exact H.
Qed.
