(** * Theorem 11: Algorithm 1 of the paper (ExactFit), its correctness and the size of its search tree

    Both forms are here: as the paper has it, and with forced points looked for before the first branching, too. The
    dimension argument needs the latter for the paper's depth k (d + 1) + 1; without it, one level more is possible. *)

From Coq Require Import Reals QArith Qreals List Lra Lia.
From Certify Require Import Semantics Convex LinearSystem Rank ForcedPoints FourierMotzkin.
Import ListNotations.
Open Scope R_scope.

(** The result of a run; how often ExactFit was called, rejected branches included; how deep the recursion went (the
    first call has depth 0). *)
Record outcome := Outcome { answer : bool; calls : nat; depth : nat }.

Definition rejected : outcome := Outcome false 1 0.

(** The loop of lines 6 to 11: branch after branch until one answers Yes. *)
Fixpoint first_yes (branch : active_set -> outcome) (l : list active_set) : outcome :=
  match l with
  | [] => Outcome false 0 0
  | J :: l' =>
      let r := branch J in
      if answer r then r
      else let r' := first_yes branch l' in
           Outcome (answer r') (calls r + calls r') (Nat.max (depth r) (depth r'))
  end.

Section Algorithm.

Variable solve : nat -> list constraint -> bool.
Variables d k : nat.

Local Notation lower_bound := (lower_bound solve d k).
Local Notation check_forced_points := (check_forced_points solve d k).
Local Notation feasible := (feasible solve d k).
Local Notation solves := (solves d k).

(** ExactFit(S, S_1, ..., S_{2^k}). Each level takes a point from S, so |S| levels are enough. *)
Fixpoint exact_fit_from (levels : nat) (S : data) (P : placed) : outcome :=
  match S, levels with
  | [], _ => Outcome (feasible P) 1 0
  | _, O => rejected
  | p :: S', Datatypes.S r =>
      let branch I := match check_forced_points S' ((I, p) :: P) with
                      | None => rejected
                      | Some (S'', P'') => exact_fit_from r S'' P''
                      end in
      let tried := first_yes branch (active_sets k) in
      Outcome (answer tried) (1 + calls tried) (1 + depth tried)
  end.

(** The initial call of the paper. *)
Definition exact_fit_paper (D : data) : outcome := exact_fit_from (length D) D [].

(** The same after a first check of forced points. *)
Definition exact_fit (D : data) : outcome :=
  match check_forced_points D [] with
  | None => rejected
  | Some (S', P') => exact_fit_from (length S') S' P'
  end.

(** ** Correctness *)

Hypothesis right : exact_lp solve.

(** Completeness of the branching: a solution puts the chosen point on some piece. *)
Lemma branching_complete p S P N : solves (p :: S) P N ->
  exists I, In I (active_sets k) /\ solves S ((I, p) :: P) N.
Proof.
  intros (C & H6 & F). destruct (some_piece d (map Q2R (fst p)) k N C) as (I & L & H).
  exists I. split; [apply in_active_sets, L|]. apply solves_place. split.
  - split; [exact C|]. split; [exact H6|]. intros x y Hin. apply F. right. exact Hin.
  - rewrite (F (fst p) (snd p)) in H; [exact H|]. left. destruct p; reflexivity.
Qed.

(** Soundness of the branching: a solution of a branch is one of the node. *)
Lemma branching_sound p S P N I : solves S ((I, p) :: P) N -> solves (p :: S) P N.
Proof.
  intros H. apply solves_place in H as [(C & H6 & F) H]. split; [exact C|]. split; [exact H6|].
  intros x y [->|Hin]; [|apply F, Hin]. eapply on_piece_fits; eassumption.
Qed.

(** A leaf is accepted if and only if some network is left. *)
Lemma leaf_spec P : well_placed k P -> feasible P = true <-> exists N, solves [] P N.
Proof.
  intros W. rewrite (feasible_spec solve d k right P W). unfold Convex.solves. split.
  - intros (N & C & H). exists N. split; [exact C|]. split; [exact H|intros x y []].
  - intros (N & C & H & _). exists N. auto.
Qed.

Lemma first_yes_answer branch l : answer (first_yes branch l) = true <-> exists I, In I l /\ answer (branch I) = true.
Proof.
  induction l as [|I l IH]; simpl; [split; [discriminate|intros (J & [] & _)]|].
  destruct (answer (branch I)) eqn:E.
  - split; [intros _; exists I; auto|intros _; exact E].
  - simpl. rewrite IH. split.
    + intros (J & H & H'). exists J. auto.
    + intros (J & [->|H] & H'); [congruence|]. exists J. auto.
Qed.

Lemma exact_fit_from_correct levels : forall S P, (length S <= levels)%nat -> well_placed k P ->
  answer (exact_fit_from levels S P) = true <-> exists N, solves S P N.
Proof.
  induction levels as [|r IH]; intros S P H W; destruct S as [|p S]; simpl in H; try lia; simpl.
  - apply leaf_spec, W.
  - apply leaf_spec, W.
  - rewrite first_yes_answer.
    assert (forall I, length I = k ->
      answer (match check_forced_points S ((I, p) :: P) with
              | None => rejected
              | Some (S'', P'') => exact_fit_from r S'' P''
              end) = true <-> exists N, solves S ((I, p) :: P) N) as B.
    { intros I L. assert (well_placed k ((I, p) :: P)) as W' by (constructor; assumption).
      pose proof (check_forced_points_spec solve d k right S _ W') as Sp.
      destruct (check_forced_points S ((I, p) :: P)) as [[S' P']|].
      - destruct Sp as (E & _ & W'' & _ & _ & Len). rewrite (IH S' P') by (assumption || lia).
        split; intros (N & HN); exists N; apply E; exact HN.
      - split; [discriminate|]. intros (N & HN). destruct (Sp N HN). }
    split.
    + intros (I & HI & H'). apply in_active_sets in HI. apply (B I HI) in H' as (N & HN).
      exists N. eapply branching_sound, HN.
    + intros (N & HN). apply branching_complete in HN as (I & HI & HN). exists I. split; [exact HI|].
      apply B; [apply in_active_sets, HI|]. exists N. exact HN.
Qed.

Lemma solves_all D N : solves D [] N <-> convex_network d k N /\ fits relu N D.
Proof. unfold Convex.solves, system6. split; [tauto|]. intros [C F]. split; [exact C|]. split; [intros I x y []|exact F]. Qed.

Theorem exact_fit_paper_correct D : answer (exact_fit_paper D) = true <-> convex_trainable d k D.
Proof.
  unfold exact_fit_paper, convex_trainable.
  rewrite (exact_fit_from_correct (length D) D [] (Nat.le_refl _)) by constructor.
  split; intros (N & H); exists N; apply solves_all; exact H.
Qed.

Theorem exact_fit_correct D : answer (exact_fit D) = true <-> convex_trainable d k D.
Proof.
  unfold exact_fit, convex_trainable.
  pose proof (check_forced_points_spec solve d k right D [] ltac:(constructor)) as Sp.
  destruct (check_forced_points D []) as [[S P]|].
  - destruct Sp as (E & _ & W & _). rewrite (exact_fit_from_correct (length S) S P (Nat.le_refl _) W).
    split; intros (N & H); exists N; [apply solves_all|]; apply E; [exact H|apply solves_all; exact H].
  - split; [discriminate|]. intros (N & H). apply solves_all in H. destruct (Sp N H).
Qed.

(** ** The depth of the recursion

    The networks are vectors of R^n with n = k (d + 1). A chain for P is a triangular list of vectors a (with witnesses)
    whose product with a network is the same for all networks that satisfy system (6): it shows that these lie in an affine
    subspace of dimension at most n - t, where t is its length. *)

Local Notation n := (k * S d)%nat.

Definition chain (P : placed) (l : list (list R * list R)) : Prop :=
  triangular n l /\
  forall a v, In (a, v) l -> forall N N', convex_network d k N -> convex_network d k N' ->
    system6 P N -> system6 P N' -> dot a (flatten N) = dot a (flatten N').

Lemma chain_nil P : chain P [].
Proof. split; [constructor|intros a v []]. Qed.

Lemma chain_length P l : chain P l -> (length l <= n)%nat.
Proof. intros [T _]. apply triangular_length, T. Qed.

(** A branch on a point that is not forced lowers the dimension: the equation of the branch is new. *)
Lemma branch_lowers_dimension P l p I P' N : well_placed k P -> length I = k -> chain P l ->
  lower_bound P I p = Lt -> incl ((I, p) :: P) P' -> convex_network d k N -> system6 P' N ->
  exists av, chain P' (av :: l).
Proof.
  intros W L [T F] B Inc C H. pose proof (lower_bound_spec solve d k right P I p W L) as Sp. rewrite B in Sp.
  destruct Sp as (N1 & C1 & H1 & V1). destruct p as [x y]. cbn [fst snd] in V1.
  assert (forall M, system6 P' M -> system6 P M) as Weak by (intros M HM J u z Hin; apply HM, Inc; right; exact Hin).
  assert (forall M, convex_network d k M -> system6 P' M ->
    dot (map Q2R (piece_form d I x)) (flatten M) = Q2R y) as Eq.
  { intros M CM HM. rewrite (dot_piece_form d I x k M CM). apply (HM I x y), Inc. left. reflexivity. }
  pose proof (flatten_length d k N C) as LN. pose proof (flatten_length d k N1 C1) as LN1.
  exists (map Q2R (piece_form d I x), subtract 1 (flatten N) (flatten N1)). split.
  - constructor.
    + rewrite map_length, piece_form_length, L. reflexivity.
    + rewrite subtract_length; congruence.
    + rewrite dot_subtract_r by congruence. rewrite (Eq N C H), (dot_piece_form d I x k N1 C1). lra.
    + intros b u Hin. rewrite dot_subtract_r by congruence.
      rewrite (F b u Hin N1 N C1 C H1 (Weak N H)). lra.
    + exact T.
  - intros a v [[= <- <-]|Hin] M M' CM CM' HM HM'.
    + rewrite !Eq by assumption. reflexivity.
    + apply (F a v Hin); auto.
Qed.

(** 1 + q + ... + q^m: the nodes of a tree of depth m with q branches everywhere. *)
Fixpoint tree_size (q m : nat) : nat :=
  match m with O => 1 | Datatypes.S m' => 1 + q * tree_size q m' end.

Lemma tree_size_pos q m : (1 <= tree_size q m)%nat.
Proof. destruct m; simpl; lia. Qed.

Definition within (m : nat) (o : outcome) : Prop :=
  (calls o <= tree_size (2 ^ k) m /\ depth o <= m)%nat.

Lemma first_yes_size branch m c l : (forall I, In I l -> (calls (branch I) <= c /\ depth (branch I) <= m)%nat) ->
  (calls (first_yes branch l) <= length l * c /\ depth (first_yes branch l) <= m)%nat.
Proof.
  induction l as [|I l IH]; intros H; simpl; [lia|].
  pose proof (H I (or_introl eq_refl)) as [H1 H2].
  destruct IH as [H3 H4]; [intros J HJ; apply H; right; exact HJ|].
  destruct (answer (branch I)); simpl; lia.
Qed.

Lemma rejected_within m : within m rejected.
Proof. split; simpl; [apply tree_size_pos|lia]. Qed.

Lemma leaf_within levels P m : within m (exact_fit_from levels [] P).
Proof. destruct levels; (split; simpl; [apply tree_size_pos|lia]). Qed.

(** One level: what holds of all branches gives the bound for the node. *)
Lemma node_within r p S P m :
  (forall I, length I = k ->
     match check_forced_points S ((I, p) :: P) with
     | None => True
     | Some (S', P') => within m (exact_fit_from r S' P')
     end) -> within (Datatypes.S m) (exact_fit_from (Datatypes.S r) (p :: S) P).
Proof.
  intros H. cbn [exact_fit_from]. set (branch := fun I => _).
  destruct (first_yes_size branch m (tree_size (2 ^ k) m) (active_sets k)) as [H1 H2].
  - intros I HI. apply in_active_sets in HI. specialize (H I HI). unfold branch.
    destruct (check_forced_points S ((I, p) :: P)) as [[S' P']|]; [exact H|apply rejected_within].
  - rewrite active_sets_length in H1. split; cbn [calls depth tree_size]; lia.
Qed.

Lemma some_active_set : exists I : active_set, length I = k.
Proof. exists (repeat false k). apply repeat_length. Qed.

(** Nodes with open points none of which is forced: each level extends the chain, and no chain is longer than n. *)
Lemma exact_fit_from_size levels : forall S P l, (length S <= levels)%nat -> well_placed k P -> chain P l ->
  (forall p I, In p S -> length I = k -> lower_bound P I p = Lt) ->
  within (Datatypes.S n - length l) (exact_fit_from levels S P).
Proof.
  induction levels as [|r IH]; intros S P l H W Ch Inv; destruct S as [|p S]; simpl in H;
    try lia; try apply leaf_within.
  pose proof (chain_length P l Ch) as Len.
  replace (Datatypes.S n - length l)%nat with (Datatypes.S (n - length l)) by lia. apply node_within. intros I L.
  assert (well_placed k ((I, p) :: P)) as W' by (constructor; assumption).
  pose proof (check_forced_points_spec solve d k right S _ W') as Sp.
  destruct (check_forced_points S ((I, p) :: P)) as [[S' P']|]; [|exact Logic.I].
  destruct Sp as (_ & Inv' & W'' & Inc & _ & Len').
  destruct S' as [|p' S']; [apply leaf_within|].
  (* an open point has a bound, so some network is left *)
  pose proof (lower_bound_spec solve d k right P' I p' W'' L) as B. rewrite (Inv' p' I (or_introl eq_refl) L) in B.
  destruct B as (N & C & H6 & _).
  destruct (branch_lowers_dimension P l p I P' N W L Ch (Inv p I (or_introl eq_refl) L) Inc C H6) as (av & Ch').
  specialize (IH (p' :: S') P' (av :: l) ltac:(lia) W'' Ch' Inv').
  replace (n - length l)%nat with (Datatypes.S n - length (av :: l))%nat by (simpl; lia). exact IH.
Qed.

(** Theorem 11, the search tree: depth at most k (d + 1) + 1. *)
Lemma exact_fit_size D : within (n + 1) (exact_fit D).
Proof.
  unfold exact_fit. pose proof (check_forced_points_spec solve d k right D [] ltac:(constructor)) as Sp.
  destruct (check_forced_points D []) as [[S P]|]; [|apply rejected_within].
  destruct Sp as (_ & Inv & W & _). rewrite Nat.add_1_r.
  apply (exact_fit_from_size (length S) S P [] (Nat.le_refl _) W (chain_nil P) Inv).
Qed.

(** As the paper has it, one more: no point is forced before the first branching, so this may leave the dimension. *)
Lemma exact_fit_paper_size D : within (n + 2) (exact_fit_paper D).
Proof.
  unfold exact_fit_paper. destruct D as [|p S]; [apply leaf_within|].
  replace (n + 2)%nat with (Datatypes.S (n + 1)) by lia. cbn [length]. apply node_within. intros I L.
  pose proof (check_forced_points_spec solve d k right S [(I, p)] ltac:(repeat constructor; exact L)) as Sp.
  destruct (check_forced_points S [(I, p)]) as [[S' P']|]; [|exact Logic.I].
  destruct Sp as (_ & Inv & W & _ & _ & Len). rewrite Nat.add_1_r.
  apply (exact_fit_from_size (length S) S' P' [] Len W (chain_nil P') Inv).
Qed.

(** If the first point that is chosen has a positive label, the paper's number is right for its form, too: at the root
    every bound is 0 or -oo. *)
Lemma exact_fit_paper_size_positive p S : 0 < Q2R (snd p) -> within (n + 1) (exact_fit_paper (p :: S)).
Proof.
  intros Hy. unfold exact_fit_paper. rewrite Nat.add_1_r. cbn [length]. apply node_within. intros I L.
  pose proof (check_forced_points_spec solve d k right S [(I, p)] ltac:(repeat constructor; exact L)) as Sp.
  destruct (check_forced_points S [(I, p)]) as [[S' P']|]; [|exact Logic.I].
  destruct Sp as (_ & Inv & W & Inc & _ & Len).
  destruct S' as [|p' S']; [apply leaf_within|].
  pose proof (lower_bound_spec solve d k right P' I p' W L) as B. rewrite (Inv p' I (or_introl eq_refl) L) in B.
  destruct B as (N & C & H6 & _).
  assert (lower_bound [] I p = Lt) as Low.
  { pose proof (lower_bound_spec solve d k right [] I p ltac:(constructor) L) as B.
    destruct (unflatten d k (repeat 0 n) (repeat_length _ _)) as (N0 & C0 & E0).
    assert (piece_value I N0 (map Q2R (fst p)) = 0) as V.
    { rewrite <- (dot_piece_form d I (fst p) k N0 C0), E0, dot_comm. generalize (map Q2R (piece_form d I (fst p))).
      clear. induction n as [|m IH]; intros [|a f]; simpl; try reflexivity. rewrite IH. lra. }
    assert (system6 [] N0) as H0 by (intros J x y []).
    destruct (lower_bound [] I p); [exfalso|reflexivity|exfalso].
    - destruct B as [B _]. specialize (B N0 C0 H0). lra.
    - specialize (B N0 C0 H0). lra. }
  destruct (branch_lowers_dimension [] [] p I P' N ltac:(constructor) L (chain_nil []) Low Inc C H6) as (av & Ch').
  pose proof (exact_fit_from_size (length S) (p' :: S') P' [av] Len W Ch' Inv) as R.
  replace (Datatypes.S n - length [av])%nat with n in R by (simpl; lia). exact R.
Qed.

(** ** Numbers *)

(** With q >= 2, a tree of depth m has less than 2 q^m nodes. *)
Lemma tree_size_below q m : (2 <= q)%nat -> (tree_size q m < 2 * q ^ m)%nat.
Proof.
  intros Hq. induction m as [|m IH]; simpl; [lia|]. nia.
Qed.

Lemma tree_size_power m : (1 <= k)%nat -> (tree_size (2 ^ k) m < 2 ^ (k * m + 1))%nat.
Proof.
  intros Hk. rewrite Nat.pow_add_r, Nat.pow_mul_r, Nat.mul_comm. apply tree_size_below.
  change 2%nat with (2 ^ 1)%nat at 1. apply Nat.pow_le_mono_r; lia.
Qed.

End Algorithm.

(** ** The run does not depend on the solver

    An exact solver is asked about well-formed systems alone, where there is one right answer. *)

Section Two_solvers.

Variables (solve1 solve2 : nat -> list constraint -> bool) (d k : nat).
Hypotheses (right1 : exact_lp solve1) (right2 : exact_lp solve2).

Lemma same_answer n cs : Forall (fun c => length (form c) = n) cs -> solve1 n cs = solve2 n cs.
Proof.
  intros W. pose proof (right1 n cs W) as A. pose proof (right2 n cs W) as B.
  destruct (solve1 n cs), (solve2 n cs); try reflexivity.
  - symmetry. apply B, A. reflexivity.
  - apply A, B. reflexivity.
Qed.

Lemma same_lower_bound P I p : well_placed k P -> length I = k -> lower_bound solve1 d k P I p = lower_bound solve2 d k P I p.
Proof.
  intros W L. unfold lower_bound.
  assert (forall cs, Forall (fun c => length (form c) = length I * S d)%nat cs ->
    solve1 (k * S d)%nat (cs ++ system d P) = solve2 (k * S d)%nat (cs ++ system d P)) as E.
  { intros cs Wc. rewrite L in Wc. apply same_answer, Forall_app. split; [exact Wc|apply system_length, W]. }
  rewrite !E; [reflexivity| |]; repeat constructor; try apply less_length; apply piece_form_length.
Qed.

Lemma find_ext {X} (f g : X -> bool) l : (forall x, In x l -> f x = g x) -> find f l = find g l.
Proof.
  induction l as [|x l IH]; intros H; simpl; [reflexivity|].
  rewrite (H x (or_introl eq_refl)), IH; [reflexivity|]. intros y Hy. apply H. right. exact Hy.
Qed.

Lemma same_first_bound P S : well_placed k P -> first_bound solve1 d k P S = first_bound solve2 d k P S.
Proof.
  intros W. induction S as [|p S IH]; cbn [first_bound]; [reflexivity|]. rewrite IH.
  rewrite (find_ext _ (fun I => negb (is_less (lower_bound solve2 d k P I p)))); [reflexivity|].
  intros I HI. rewrite same_lower_bound; [reflexivity|exact W|apply in_active_sets, HI].
Qed.

Lemma same_check S P : well_placed k P -> check_forced_points solve1 d k S P = check_forced_points solve2 d k S P.
Proof.
  unfold check_forced_points. generalize (length S) as r. intros r. revert S P.
  induction r as [|r IH]; intros S P W; cbn [forced_from]; rewrite same_first_bound by exact W;
    destruct (first_bound solve2 d k P S) as [[[p left_over] I]|] eqn:E; try reflexivity;
    apply first_bound_some in E as (L & _); rewrite same_lower_bound by assumption; [reflexivity|].
  destruct (lower_bound solve2 d k P I p); try reflexivity. apply IH. constructor; assumption.
Qed.

Lemma first_yes_ext b1 b2 l : (forall I, In I l -> b1 I = b2 I) -> first_yes b1 l = first_yes b2 l.
Proof.
  induction l as [|I l IH]; intros H; simpl; [reflexivity|].
  rewrite (H I (or_introl eq_refl)), IH; [reflexivity|]. intros J HJ. apply H. right. exact HJ.
Qed.

Lemma same_run levels : forall S P, well_placed k P ->
  exact_fit_from solve1 d k levels S P = exact_fit_from solve2 d k levels S P.
Proof.
  induction levels as [|r IH]; intros [|p S] P W; cbn [exact_fit_from]; try reflexivity.
  - unfold feasible. rewrite same_answer by (apply system_length, W). reflexivity.
  - unfold feasible. rewrite same_answer by (apply system_length, W). reflexivity.
  - erewrite first_yes_ext; [reflexivity|]. intros I HI. apply in_active_sets in HI. simpl.
    assert (well_placed k ((I, p) :: P)) as W' by (constructor; assumption).
    rewrite same_check by exact W'. pose proof (check_forced_points_spec solve2 d k right2 S _ W') as Sp.
    destruct (check_forced_points solve2 d k S ((I, p) :: P)) as [[S' P']|]; [|reflexivity]. apply IH, Sp.
Qed.

Lemma same_exact_fit_paper D : exact_fit_paper solve1 d k D = exact_fit_paper solve2 d k D.
Proof. apply same_run. constructor. Qed.

Lemma same_exact_fit D : exact_fit solve1 d k D = exact_fit solve2 d k D.
Proof.
  unfold exact_fit. rewrite same_check by constructor.
  pose proof (check_forced_points_spec solve2 d k right2 D [] ltac:(constructor)) as Sp.
  destruct (check_forced_points solve2 d k D []) as [[S P]|]; [|reflexivity]. apply same_run, Sp.
Qed.

End Two_solvers.

(** ** Theorem 11 *)

Theorem theorem_11 solve d k D : exact_lp solve ->
  let run := exact_fit solve d k D in
  (answer run = true <-> convex_trainable d k D) /\
  (depth run <= k * (d + 1) + 1)%nat /\
  (1 <= k -> calls run < 2 ^ (k * (k * (d + 1) + 1) + 1))%nat /\
  (1 <= k -> 1 <= d -> calls run < 2 ^ (4 * k ^ 2 * d))%nat.
Proof.
  intros X run. pose proof (exact_fit_size solve d k X D) as [H1 H2]. fold run in H1, H2.
  replace (d + 1)%nat with (S d) by lia. split; [apply exact_fit_correct, X|]. split; [exact H2|].
  assert (1 <= k -> calls run < 2 ^ (k * (k * S d + 1) + 1))%nat as H.
  { intros Hk. eapply Nat.le_lt_trans; [exact H1|apply tree_size_power, Hk]. }
  split; [exact H|]. intros Hk Hd. eapply Nat.lt_le_trans; [apply H, Hk|].
  apply Nat.pow_le_mono_r; [lia|]. simpl. nia.
Qed.

Theorem theorem_11_as_printed solve d k D : exact_lp solve ->
  let run := exact_fit_paper solve d k D in
  (answer run = true <-> convex_trainable d k D) /\
  (depth run <= k * (d + 1) + 2)%nat /\
  (1 <= k -> calls run < 2 ^ (k * (k * (d + 1) + 2) + 1))%nat /\
  (forall p S, D = p :: S -> 0 < Q2R (snd p) -> (depth run <= k * (d + 1) + 1)%nat).
Proof.
  intros X run. pose proof (exact_fit_paper_size solve d k X D) as [H1 H2]. fold run in H1, H2.
  replace (d + 1)%nat with (S d) by lia. split; [apply exact_fit_paper_correct, X|]. split; [exact H2|]. split.
  - intros Hk. eapply Nat.le_lt_trans; [exact H1|apply tree_size_power, Hk].
  - intros p S' E Hp. unfold run. rewrite E. apply (exact_fit_paper_size_positive solve d k X p S' Hp).
Qed.

Theorem theorem_11_concave solve d k D : exact_lp solve ->
  answer (exact_fit solve d k (negated D)) = true <-> concave_trainable d k D.
Proof. intros X. rewrite concave_convex. apply exact_fit_correct, X. Qed.

(** One ReLU on a line: the first point has label 0 and lies on the piece without a neuron; then three points that no
    earlier one forces. Any exact solver goes k (d + 1) + 2 = 4 levels deep. *)
Definition deep_data : data := [([0], 0); ([1], 1); ([2], 3); ([3], 6)]%Q.

Lemma printed_depth solve : exact_lp solve -> depth (exact_fit_paper solve 1 1 deep_data) = 4%nat.
Proof.
  intros X. rewrite (same_exact_fit_paper solve fourier_motzkin 1 1 X fourier_motzkin_exact). vm_compute. reflexivity.
Qed.
