(** * Forced points: Algorithm 2 of the paper (check-forced-points)

    A point (x, y) is forced on the piece of I if the least value of  sum_{j in I} (w_j . x + b_j)  over all networks
    that satisfy system (6) is y. What is forced holds in every solution; where this bound is above y, there is none. *)

From Coq Require Import Reals QArith Qreals List Lra Lia.
From Certify Require Import Semantics Convex LinearSystem.
Import ListNotations.
Open Scope R_scope.

Section Forced.

Variable solve : nat -> list constraint -> bool.
Variables d k : nat.

(** check-feasibility: has system (6) a solution? *)
Definition feasible (P : placed) : bool := solve (k * S d) (system d P).

(** lower-bound, compared with the label: is mu < y, mu = y or mu > y? Here mu is the minimum of
    sum_{j in I} (w_j . x + b_j)  subject to (6). That mu < y is a linear system with one strict inequality. If it is not,
    then mu = y if and only if the value y is taken. (So no attained minimum is presupposed; without any solution of
    (6), mu = +oo.) *)
Definition lower_bound (P : placed) (I : active_set) (p : data_point) : comparison :=
  if solve (k * S d) ([less d I p] ++ system d P) then Lt
  else if solve (k * S d) ([at_least d I p; at_most d I p] ++ system d P) then Eq
  else Gt.

Definition is_less (c : comparison) : bool := match c with Lt => true | _ => false end.

(** The first point of S, with the points left of it, for which there is an I with mu >= y, and the first such I. *)
Fixpoint first_bound (P : placed) (S : data) : option (data_point * data * active_set) :=
  match S with
  | [] => None
  | p :: S' =>
      match find (fun I => negb (is_less (lower_bound P I p))) (active_sets k) with
      | Some J => Some (p, S', J)
      | None => match first_bound P S' with
                | Some (q, left_over, J) => Some (q, p :: left_over, J)
                | None => None
                end
      end
  end.

(** check-forced-points: the new S and the new placed points, or None for "reject branch". Each restart takes a point
    from S, so |S| restarts are enough. *)
Fixpoint forced_from (restarts : nat) (S : data) (P : placed) : option (data * placed) :=
  match first_bound P S with
  | None => Some (S, P)
  | Some (p, left_over, J) =>
      match lower_bound P J p, restarts with
      | Eq, Datatypes.S r => forced_from r left_over ((J, p) :: P)
      | _, _ => None
      end
  end.

Definition check_forced_points (S : data) (P : placed) : option (data * placed) := forced_from (length S) S P.

(** ** What the solver's answers mean *)

Hypothesis right : exact_lp solve.

Lemma feasible_spec P : well_placed k P ->
  feasible P = true <-> exists N, convex_network d k N /\ system6 P N.
Proof.
  intros W. unfold feasible. rewrite <- (app_nil_l (system d P)), (solve_networks _ d k []) by (assumption || constructor).
  split; [intros (N & ? & _ & ?)|intros (N & ? & ?)]; exists N; auto.
Qed.

Lemma lower_bound_spec P I p : well_placed k P -> length I = k ->
  match lower_bound P I p with
  | Lt => exists N, convex_network d k N /\ system6 P N /\ piece_value I N (map Q2R (fst p)) < Q2R (snd p)
  | Eq => (forall N, convex_network d k N -> system6 P N -> Q2R (snd p) <= piece_value I N (map Q2R (fst p))) /\
          exists N, convex_network d k N /\ system6 P N /\ piece_value I N (map Q2R (fst p)) = Q2R (snd p)
  | Gt => forall N, convex_network d k N -> system6 P N -> Q2R (snd p) < piece_value I N (map Q2R (fst p))
  end.
Proof.
  intros W L. unfold lower_bound.
  pose proof (solve_networks solve d k [less d I p] P right W) as A.
  pose proof (solve_networks solve d k [at_least d I p; at_most d I p] P right W) as B.
  assert (length (form (at_least d I p)) = k * S d)%nat as L1 by (simpl; rewrite piece_form_length; congruence).
  assert (length (form (at_most d I p)) = k * S d)%nat as L2
    by (simpl; unfold opposite; rewrite map_length, piece_form_length; congruence).
  specialize (A ltac:(repeat constructor; exact L2)). specialize (B ltac:(repeat constructor; assumption)).
  destruct (solve (k * S d) ([less d I p] ++ system d P)).
  - destruct (proj1 A eq_refl) as (N & C & H & H6). exists N. apply Forall_inv, (holds_less d k N I p C) in H. auto.
  - assert (forall N, convex_network d k N -> system6 P N ->
      Q2R (snd p) <= piece_value I N (map Q2R (fst p))) as G.
    { intros N C H6. apply Rnot_lt_le. intros H.
      enough (false = true) by discriminate. apply A. exists N.
      rewrite Forall_cons_iff, (holds_less d k N I p C). auto. }
    destruct (solve (k * S d) ([at_least d I p; at_most d I p] ++ system d P)).
    + split; [exact G|]. destruct (proj1 B eq_refl) as (N & C & H & H6). exists N.
      rewrite !Forall_cons_iff in H. split; [exact C|]. split; [exact H6|].
      apply (holds_equal d k N I p C). tauto.
    + intros N C H6. destruct (G N C H6) as [H|H]; [exact H|]. exfalso.
      enough (false = true) by discriminate. apply B. exists N. split; [exact C|]. split; [|exact H6].
      rewrite !Forall_cons_iff. symmetry in H. apply (holds_equal d k N I p C) in H.
      destruct H. auto.
Qed.

(** ** Soundness *)

Lemma solves_place S P N I p : solves d k S ((I, p) :: P) N <->
  solves d k S P N /\ on_piece I N (map Q2R (fst p)) (Q2R (snd p)).
Proof.
  unfold solves, system6. destruct p as [x y]. simpl. split.
  - intros (C & H6 & F). split; [split; [exact C|split; [|exact F]]|]; auto.
  - intros [(C & H6 & F) H]. split; [exact C|]. split; [|exact F]. intros J x' y' [[= <- <- <-]|Hin]; auto.
Qed.

Lemma solves_fits S P N x y : solves d k S P N -> In (x, y) S -> eval relu N (map Q2R x) = Q2R y.
Proof. intros (_ & _ & F). apply F. Qed.

(** mu = y: the point is on this piece in every solution. *)
Lemma bound_forces S P I p : well_placed k P -> length I = k -> lower_bound P I p <> Lt -> In p S ->
  forall N, solves d k S P N -> on_piece I N (map Q2R (fst p)) (Q2R (snd p)).
Proof.
  intros W L B Hin N H. pose proof (lower_bound_spec P I p W L) as Sp. destruct p as [x y].
  apply (forced_on_piece d k); [apply H|exact L|exact (solves_fits _ _ _ _ _ H Hin)|].
  destruct H as (C & H6 & _). destruct (lower_bound P I (x, y)); [apply Sp; assumption|congruence|].
  apply Rlt_le, Sp; assumption.
Qed.

(** mu > y: there is no solution. *)
Lemma bound_rejects S P I p : well_placed k P -> length I = k -> lower_bound P I p = Gt -> In p S ->
  forall N, ~ solves d k S P N.
Proof.
  intros W L B Hin N H. pose proof (lower_bound_spec P I p W L) as Sp. rewrite B in Sp. destruct p as [x y].
  pose proof (solves_fits _ _ _ _ _ H Hin) as E. destruct H as (C & H6 & _).
  specialize (Sp N C H6). pose proof (piece_below d (map Q2R x) k N I C). simpl in Sp. lra.
Qed.

Lemma first_bound_some P S p left_over I : first_bound P S = Some (p, left_over, I) ->
  length I = k /\ lower_bound P I p <> Lt /\ exists S1 S2, S = S1 ++ p :: S2 /\ left_over = S1 ++ S2.
Proof.
  revert left_over. induction S as [|q S IH]; intros left_over; [discriminate|]. cbn [first_bound].
  destruct (find _ (active_sets k)) as [J|] eqn:E.
  - intros [= <- <- <-]. apply find_some in E as [E1 E2]. split; [apply in_active_sets, E1|]. split.
    + intros E3. rewrite E3 in E2. discriminate.
    + exists [], S. auto.
  - destruct (first_bound P S) as [[[p' l'] I']|]; [|discriminate]. intros [= -> <- ->].
    destruct (IH l' eq_refl) as (H1 & H2 & S1 & S2 & -> & ->). repeat split; [assumption..|].
    exists (q :: S1), S2. auto.
Qed.

Lemma first_bound_none P S : first_bound P S = None ->
  forall p I, In p S -> length I = k -> lower_bound P I p = Lt.
Proof.
  induction S as [|q S IH]; [intros _ p I []|]. cbn [first_bound].
  destruct (find _ (active_sets k)) as [J|] eqn:E; [discriminate|].
  destruct (first_bound P S) as [[[p' l'] I']|]; [discriminate|]. intros _ p I [<-|Hin] L; [|auto].
  apply in_active_sets, (find_none _ _ E I) in L. destruct (lower_bound P I q); [discriminate|reflexivity|discriminate].
Qed.

Lemma fits_split N S1 p S2 :
  fits relu N (S1 ++ p :: S2) <-> fits relu N (S1 ++ S2) /\ eval relu N (map Q2R (fst p)) = Q2R (snd p).
Proof.
  unfold fits. destruct p as [x y]. split.
  - intros F. split; [|apply F, in_or_app; simpl; auto]. intros x' y' Hin. apply F.
    apply in_app_or in Hin. apply in_or_app. simpl. tauto.
  - intros [F E] x' y' Hin. apply in_app_or in Hin as [Hin|[[= <- <-]|Hin]]; [|exact E|]; apply F, in_or_app; auto.
Qed.

(** Moving a forced point from S to its piece neither loses a solution nor adds one. *)
Lemma move_forced S P p left_over I : well_placed k P -> first_bound P S = Some (p, left_over, I) ->
  forall N, solves d k S P N <-> solves d k left_over ((I, p) :: P) N.
Proof.
  intros W E N. apply first_bound_some in E as (L & B & S1 & S2 & -> & ->). split.
  - intros H. apply solves_place. split.
    + destruct H as (C & H6 & F). apply fits_split in F as [F _]. split; [exact C|]. auto.
    + eapply bound_forces; try eassumption. apply in_or_app. simpl. auto.
  - intros H. apply solves_place in H as [(C & H6 & F) H]. split; [exact C|]. split; [exact H6|].
    apply fits_split. split; [exact F|]. eapply on_piece_fits; eassumption.
Qed.

(** What check-forced-points hands back has the same solutions; no open point that is left has a bound mu >= y; and
    when it rejects the branch, there is no solution. *)
Lemma check_forced_points_spec S P : well_placed k P ->
  match check_forced_points S P with
  | Some (S', P') =>
      (forall N, solves d k S P N <-> solves d k S' P' N) /\
      (forall p I, In p S' -> length I = k -> lower_bound P' I p = Lt) /\
      well_placed k P' /\ incl P P' /\ incl S' S /\ (length S' <= length S)%nat
  | None => forall N, ~ solves d k S P N
  end.
Proof.
  unfold check_forced_points. enough (forall r S P, (length S <= r)%nat -> well_placed k P ->
    match forced_from r S P with
    | Some (S', P') =>
        (forall N, solves d k S P N <-> solves d k S' P' N) /\
        (forall p I, In p S' -> length I = k -> lower_bound P' I p = Lt) /\
        well_placed k P' /\ incl P P' /\ incl S' S /\ (length S' <= length S)%nat
    | None => forall N, ~ solves d k S P N
    end) as H by (intros W; apply H; [apply Nat.le_refl|exact W]).
  clear S P. induction r as [|r IH]; intros S P Hr W; cbn [forced_from].
  - destruct S; [|simpl in Hr; lia]. simpl. split; [tauto|]. split; [intros p I []|]. repeat split; auto using incl_refl.
  - destruct (first_bound P S) as [[[p left_over] I]|] eqn:E.
    + pose proof (move_forced _ _ _ _ _ W E) as M.
      apply first_bound_some in E as (L & B & S1 & S2 & -> & ->).
      destruct (lower_bound P I p) eqn:B'; [|congruence|].
      * assert (well_placed k ((I, p) :: P)) as W' by (constructor; assumption).
        specialize (IH (S1 ++ S2) ((I, p) :: P) ltac:(rewrite app_length in *; simpl in *; lia) W').
        destruct (forced_from r (S1 ++ S2) ((I, p) :: P)) as [[S' P']|].
        -- destruct IH as (H1 & H2 & H3 & H4 & H5 & H6). split; [intros N; rewrite M; apply H1|].
           split; [exact H2|]. split; [exact H3|]. split; [intros q Hq; apply H4; right; exact Hq|].
           split; [|rewrite !app_length in *; simpl; lia].
           intros q Hq. apply H5, in_app_or in Hq. apply in_or_app. simpl. tauto.
        -- intros N H. apply M in H. exact (IH N H).
      * eapply bound_rejects; try eassumption. apply in_or_app. simpl. auto.
    + split; [tauto|]. split; [apply first_bound_none, E|]. repeat split; auto using incl_refl.
Qed.

(** Soundness of forced points: in every solution of (S, P), whatever check-forced-points puts on a piece is there. *)
Theorem forced_points_sound S P S' P' : well_placed k P -> check_forced_points S P = Some (S', P') ->
  forall N, solves d k S P N ->
  forall I x y, In (I, (x, y)) P' -> on_piece I N (map Q2R x) (Q2R y).
Proof.
  intros W E N H I x y Hin. pose proof (check_forced_points_spec S P W) as Sp. rewrite E in Sp.
  apply Sp in H. apply H, Hin.
Qed.

(** Soundness of rejecting. *)
Theorem reject_sound S P : well_placed k P -> check_forced_points S P = None -> forall N, ~ solves d k S P N.
Proof. intros W E. pose proof (check_forced_points_spec S P W) as Sp. rewrite E in Sp. exact Sp. Qed.

End Forced.
