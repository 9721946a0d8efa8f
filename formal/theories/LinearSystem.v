(** * System (6) as linear constraints on the k (d + 1) weights and biases

    An exact solver of linear programs is a function that says whether rational linear inequalities, some of them strict,
    have a real solution. Nothing else is asked of it. *)

From Coq Require Import Reals QArith Qreals List Lra Lia.
From Certify Require Import Semantics Convex.
Import ListNotations.
Open Scope R_scope.

(** The inequality  form . u + constant >= 0,  or > 0 if it is strict. *)
Record constraint := Constraint { form : list Q; constant : Q; strict : bool }.

Definition holds (u : list R) (c : constraint) : Prop :=
  let v := dot (map Q2R (form c)) u + Q2R (constant c) in if strict c then 0 < v else 0 <= v.

Definition satisfiable (n : nat) (cs : list constraint) : Prop :=
  exists u, length u = n /\ Forall (holds u) cs.

(** [solve] is right about all systems in n unknowns. *)
Definition exact_lp (solve : nat -> list constraint -> bool) : Prop :=
  forall n cs, Forall (fun c => length (form c) = n) cs -> solve n cs = true <-> satisfiable n cs.

(** ** The constraints of a placed point *)

(** The first [d] coordinates. (Points are meant to have d coordinates. With fewer or more, the missing ones are 0 and
    the others do not count, as in [dot].) *)
Fixpoint coordinates (d : nat) (x : list Q) : list Q :=
  match d, x with
  | O, _ => []
  | S d', [] => 0%Q :: coordinates d' []
  | S d', c :: x' => c :: coordinates d' x'
  end.

Definition row (d : nat) (x : list Q) : list Q := coordinates d x ++ [1%Q].
Definition zeros (n : nat) : list Q := repeat 0%Q n.
Definition opposite (f : list Q) : list Q := map Qopp f.

(** sum_{j in I} (w_j . x + b_j) as a linear form in the weights and biases. *)
Fixpoint piece_form (d : nat) (I : active_set) (x : list Q) : list Q :=
  match I with
  | [] => []
  | on :: I' => (if on then row d x else zeros (S d)) ++ piece_form d I' x
  end.

(** The forms that must not be negative for x in R_I. *)
Fixpoint sign_forms (d : nat) (I : active_set) (x : list Q) : list (list Q) :=
  match I with
  | [] => []
  | on :: I' => ((if on then row d x else opposite (row d x)) ++ zeros (length I' * S d))
      :: map (app (zeros (S d))) (sign_forms d I' x)
  end.

Definition at_least (d : nat) (I : active_set) (p : data_point) : constraint :=
  Constraint (piece_form d I (fst p)) (- snd p) false.
Definition at_most (d : nat) (I : active_set) (p : data_point) : constraint :=
  Constraint (opposite (piece_form d I (fst p))) (snd p) false.
Definition less (d : nat) (I : active_set) (p : data_point) : constraint :=
  Constraint (opposite (piece_form d I (fst p))) (snd p) true.

Definition constraints_of (d : nat) (q : active_set * data_point) : list constraint :=
  let (J, p) := q in
  at_least d J p :: at_most d J p :: map (fun f => Constraint f 0 false) (sign_forms d J (fst p)).

Definition system (d : nat) (P : placed) : list constraint := flat_map (constraints_of d) P.

(** ** Networks as vectors *)

Definition flatten (N : list neuron) : list R := flat_map (fun n => weights n ++ [bias n]) N.

Lemma flatten_length d k N : convex_network d k N -> length (flatten N) = (k * S d)%nat.
Proof.
  intros [<- F]. induction F as [|n N [Hn _] F IH]; simpl; [reflexivity|].
  rewrite app_length, app_length, IH, Hn. simpl. lia.
Qed.

Lemma unflatten d k : forall u, length u = (k * S d)%nat -> exists N, convex_network d k N /\ flatten N = u.
Proof.
  induction k as [|k IH]; intros u L.
  - destruct u; [|discriminate]. exists []. repeat split; constructor.
  - destruct (IH (skipn (S d) u)) as (N & C & E); [rewrite skipn_length; simpl in *; lia|].
    exists (Neuron (firstn d u) (nth d u 0) 1 :: N). split.
    + apply convex_cons. split; [|exact C]. split; [|reflexivity]. simpl. apply firstn_length_le. simpl in L; lia.
    + simpl. rewrite E. assert (d < length u)%nat as H by (simpl in L; lia). clear - H. revert u H.
      induction d as [|d IH]; intros [|a u] H; simpl in *; try lia; [reflexivity|]. f_equal. apply IH; lia.
Qed.

Lemma dot_app a : forall u b v, length a = length u -> dot (a ++ b) (u ++ v) = dot a u + dot b v.
Proof. induction a as [|x a IH]; intros [|y u] b v E; simpl in *; try lia; try lra. rewrite IH; [lra|lia]. Qed.

Lemma dot_comm a : forall u, dot a u = dot u a.
Proof. induction a as [|x a IH]; intros [|y u]; simpl; try reflexivity. rewrite IH. lra. Qed.

Lemma dot_zeros n : forall u, dot (map Q2R (zeros n)) u = 0.
Proof. induction n as [|n IH]; intros [|y u]; simpl; try reflexivity. rewrite IH, RMicromega.Q2R_0. lra. Qed.

Lemma dot_opposite f : forall u, dot (map Q2R (opposite f)) u = - dot (map Q2R f) u.
Proof. induction f as [|a f IH]; intros [|y u]; simpl; try lra. rewrite IH, Q2R_opp. lra. Qed.

Lemma zeros_length n : length (zeros n) = n.
Proof. apply repeat_length. Qed.

Lemma coordinates_length d : forall x, length (coordinates d x) = d.
Proof. induction d as [|d IH]; intros [|a x]; simpl; congruence. Qed.

Lemma row_length d x : length (row d x) = S d.
Proof. unfold row. rewrite app_length, coordinates_length. simpl. lia. Qed.

Lemma piece_form_length d I x : length (piece_form d I x) = (length I * S d)%nat.
Proof.
  induction I as [|on I IH]; simpl; [reflexivity|]. rewrite app_length, IH.
  destruct on; rewrite ?row_length, ?zeros_length; lia.
Qed.

Lemma dot_coordinates w : forall d x, length w = d -> dot w (map Q2R (coordinates d x)) = dot w (map Q2R x).
Proof.
  induction w as [|a w IH]; intros [|d] [|b x] E; simpl in *; try lia; try reflexivity.
  - rewrite IH by lia. rewrite dot_nil_r, RMicromega.Q2R_0. lra.
  - rewrite IH by lia. reflexivity.
Qed.

Lemma dot_row d n x : length (weights n) = d -> dot (map Q2R (row d x)) (weights n ++ [bias n]) = pre n (map Q2R x).
Proof.
  intros L. unfold row. rewrite map_app, dot_app by (rewrite map_length, coordinates_length; lia).
  rewrite dot_comm, dot_coordinates by exact L. unfold pre. simpl. rewrite RMicromega.Q2R_1. lra.
Qed.

Lemma dot_block f d n u b : length (weights n) = d -> length f = S d ->
  dot (map Q2R (f ++ b)) ((weights n ++ [bias n]) ++ u) =
    dot (map Q2R f) (weights n ++ [bias n]) + dot (map Q2R b) u.
Proof. intros L E. rewrite map_app, dot_app; [reflexivity|]. rewrite map_length, app_length. simpl. lia. Qed.

Lemma dot_piece_form d I x : forall k N, convex_network d k N ->
  dot (map Q2R (piece_form d I x)) (flatten N) = piece_value I N (map Q2R x).
Proof.
  induction I as [|on I IH]; intros k N C; [reflexivity|]. destruct N as [|n N].
  - change (flatten []) with (@nil R). apply dot_nil_r.
  - destruct k; [destruct C; discriminate|]. apply convex_cons in C as [[L _] C].
    cbn [piece_form piece_value]. change (flatten (n :: N)) with ((weights n ++ [bias n]) ++ flatten N).
    destruct on; rewrite (dot_block _ d), (IH _ _ C) by (exact L || apply row_length || apply zeros_length).
    + rewrite dot_row by exact L. reflexivity.
    + rewrite dot_zeros. reflexivity.
Qed.

Lemma sign_forms_spec d I x : forall k N, convex_network d k N -> length I = k ->
  Forall (fun f => 0 <= dot (map Q2R f) (flatten N)) (sign_forms d I x) <-> in_region I N (map Q2R x).
Proof.
  induction I as [|on I IH]; intros k N C E.
  - subst k. destruct C as [E _]. destruct N; [|discriminate]. split; constructor.
  - destruct k; [discriminate|]. destruct N as [|n N]; [destruct C; discriminate|].
    apply convex_cons in C as [[L _] C]. injection E as E. specialize (IH _ _ C E).
    cbn [sign_forms]. change (flatten (n :: N)) with ((weights n ++ [bias n]) ++ flatten N).
    rewrite Forall_cons_iff, Forall_map.
    assert (Forall (fun f => 0 <= dot (map Q2R (zeros (S d) ++ f)) ((weights n ++ [bias n]) ++ flatten N))
              (sign_forms d I x) <->
            Forall (fun f => 0 <= dot (map Q2R f) (flatten N)) (sign_forms d I x)) as R.
    { split; apply Forall_impl; intros f;
        rewrite (dot_block _ d), dot_zeros by (exact L || apply zeros_length); lra. }
    rewrite R, IH.
    assert (dot (map Q2R ((if on then row d x else opposite (row d x)) ++ zeros (length I * S d)))
              ((weights n ++ [bias n]) ++ flatten N) = (if on then 1 else -1) * pre n (map Q2R x)) as V.
    { rewrite (dot_block _ d), dot_zeros
        by (exact L || (destruct on; unfold opposite; rewrite ?map_length; apply row_length)).
      destruct on; rewrite ?dot_opposite, dot_row by exact L; lra. }
    rewrite V. unfold in_region. split.
    + intros [H1 H2]. constructor; [destruct on; lra|exact H2].
    + intros H. inversion H; subst. split; [destruct on; lra|assumption].
Qed.

Lemma holds_less d k N I p : convex_network d k N ->
  holds (flatten N) (less d I p) <-> piece_value I N (map Q2R (fst p)) < Q2R (snd p).
Proof.
  intros C. unfold holds, less. simpl. rewrite dot_opposite, (dot_piece_form _ _ _ _ _ C). split; lra.
Qed.

Lemma holds_equal d k N I p : convex_network d k N ->
  holds (flatten N) (at_least d I p) /\ holds (flatten N) (at_most d I p) <->
  piece_value I N (map Q2R (fst p)) = Q2R (snd p).
Proof.
  intros C. unfold holds, at_least, at_most. simpl.
  rewrite dot_opposite, (dot_piece_form _ _ _ _ _ C), Q2R_opp. split; [intros []|]; lra.
Qed.

Definition well_placed (k : nat) (P : placed) : Prop := Forall (fun q => length (fst q) = k) P.

(** The constraints say system (6). *)
Lemma system_spec d k N P : convex_network d k N -> well_placed k P ->
  Forall (holds (flatten N)) (system d P) <-> system6 P N.
Proof.
  intros C W. unfold system. rewrite Forall_flat_map.
  assert (forall I x y, length I = k ->
    Forall (holds (flatten N)) (constraints_of d (I, (x, y))) <-> on_piece I N (map Q2R x) (Q2R y)) as H.
  { intros I x y E. unfold constraints_of, on_piece.
    rewrite !Forall_cons_iff, Forall_map, <- (sign_forms_spec d I x _ _ C E).
    pose proof (holds_equal d k N I (x, y) C) as V. cbn [fst snd] in V |- *.
    enough (Forall (fun f => holds (flatten N) (Constraint f 0 false)) (sign_forms d I x) <->
            Forall (fun f => 0 <= dot (map Q2R f) (flatten N)) (sign_forms d I x)) by tauto.
    split; apply Forall_impl; intros f; unfold holds; simpl; rewrite RMicromega.Q2R_0; lra. }
  unfold system6. rewrite Forall_forall. unfold well_placed in W. rewrite Forall_forall in W. split.
  - intros A I x y Hin. apply H; [apply (W _ Hin)|exact (A _ Hin)].
  - intros A [I [x y]] Hin. apply H; [apply (W _ Hin)|exact (A _ _ _ Hin)].
Qed.

Lemma less_length d I p : length (form (less d I p)) = (length I * S d)%nat.
Proof. simpl. unfold opposite. rewrite map_length. apply piece_form_length. Qed.

Lemma constraints_length d q : Forall (fun c => length (form c) = (length (fst q) * S d)%nat) (constraints_of d q).
Proof.
  destruct q as [I [x y]]. unfold constraints_of. simpl. constructor; [apply piece_form_length|].
  constructor; [apply (less_length d I (x, y))|]. rewrite Forall_map. cbn [form].
  induction I as [|on I IH]; [constructor|]. cbn [sign_forms]. constructor.
  - rewrite app_length, zeros_length. destruct on; unfold opposite; rewrite ?map_length, row_length; simpl; lia.
  - rewrite Forall_map. eapply Forall_impl; [|exact IH]. intros f E. rewrite app_length, zeros_length, E. simpl; lia.
Qed.

Lemma system_length d k P : well_placed k P -> Forall (fun c => length (form c) = (k * S d)%nat) (system d P).
Proof.
  intros W. unfold system. rewrite Forall_flat_map. eapply Forall_impl; [|exact W].
  intros q <-. apply constraints_length.
Qed.

(** A solver's answer, in terms of networks. *)
Lemma solve_networks solve d k cs P : exact_lp solve -> well_placed k P ->
  Forall (fun c => length (form c) = (k * S d)%nat) cs ->
  solve (k * S d)%nat (cs ++ system d P) = true <->
  exists N, convex_network d k N /\ Forall (holds (flatten N)) cs /\ system6 P N.
Proof.
  intros X W L. rewrite (X (k * S d)%nat) by (apply Forall_app; split; [exact L|apply system_length, W]). split.
  - intros (u & E & H). apply (unflatten d) in E as (N & C & <-). apply Forall_app in H as [H1 H2].
    exists N. rewrite <- (system_spec d k N P C W). auto.
  - intros (N & C & H1 & H2). exists (flatten N). split; [apply (flatten_length d k), C|].
    apply Forall_app. rewrite (system_spec d k N P C W). auto.
Qed.
