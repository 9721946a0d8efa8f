(** * Convex networks and their pieces (section 6 of the paper)

    A network whose coefficients are all 1 computes  phi(x) = sum_j [w_j . x + b_j]_+,  a convex function. For every
    set I of its neurons it is at least the affine function  sum_{j in I} (w_j . x + b_j),  and equal to it exactly on
    the region R_I where the neurons of I, and no others, are active (on the border both ways). *)

From Coq Require Import Reals QArith Qreals List Lra Lia.
From Certify Require Import Semantics.
Import ListNotations.
Open Scope R_scope.

(** ** The problem *)

Definition convex_neuron (d : nat) (n : neuron) : Prop := length (weights n) = d /\ coef n = 1.
Definition convex_network (d k : nat) (N : list neuron) : Prop := length N = k /\ Forall (convex_neuron d) N.

(** 2L-ReLU-NN-Train(L)+ with error 0: can exactly [k] ReLUs with coefficient 1 fit [D]? *)
Definition convex_trainable (d k : nat) (D : data) : Prop :=
  exists N, convex_network d k N /\ fits relu N D.

(** The same with coefficient -1. *)
Definition concave_trainable (d k : nat) (D : data) : Prop :=
  exists N, length N = k /\ Forall (fun n => length (weights n) = d /\ coef n = -1) N /\ fits relu N D.

(** ** Pieces *)

(** A set I of active neurons: for each of the k neurons, whether it is in I. *)
Notation active_set := (list bool).

Fixpoint active_sets (k : nat) : list active_set :=
  match k with
  | O => [[]]
  | S k' => map (cons false) (active_sets k') ++ map (cons true) (active_sets k')
  end.

(** x in R_I. *)
Definition in_region (I : active_set) (N : list neuron) (x : list R) : Prop :=
  Forall2 (fun (on : bool) n => if on then 0 <= pre n x else pre n x <= 0) I N.

(** sum_{j in I} (w_j . x + b_j). *)
Fixpoint piece_value (I : active_set) (N : list neuron) (x : list R) : R :=
  match I, N with
  | on :: I', n :: N' => (if on then pre n x else 0) + piece_value I' N' x
  | _, _ => 0
  end.

(** (x, y) in F_I: the equation and the inequalities of system (6) for one point. *)
Definition on_piece (I : active_set) (N : list neuron) (x : list R) (y : R) : Prop :=
  in_region I N x /\ piece_value I N x = y.

(** The points that are put on pieces already: the sets S_1, ..., S_{2^k} of the paper in one list. *)
Notation data_point := (list Q * Q)%type.
Definition placed := list (active_set * data_point).

(** System (6). *)
Definition system6 (P : placed) (N : list neuron) : Prop :=
  forall I x y, In (I, (x, y)) P -> on_piece I N (map Q2R x) (Q2R y).

(** A solution of the instance (S, S_1, ..., S_{2^k}): a convex network that keeps every placed point on its piece and
    fits the points of S. *)
Definition solves (d k : nat) (S : data) (P : placed) (N : list neuron) : Prop :=
  convex_network d k N /\ system6 P N /\ fits relu N S.

(** ** Facts *)

Lemma active_sets_length k : length (active_sets k) = (2 ^ k)%nat.
Proof. induction k as [|k IH]; simpl; [reflexivity|]. rewrite app_length, !map_length, IH. lia. Qed.

Lemma in_active_sets k : forall I, In I (active_sets k) <-> length I = k.
Proof.
  induction k as [|k IH]; intros I; simpl.
  - split; [intros [<-|[]]; reflexivity|]. destruct I; simpl; [auto|discriminate].
  - rewrite in_app_iff, !in_map_iff. split.
    + intros [(J & <- & H)|(J & <- & H)]; simpl; f_equal; apply IH; exact H.
    + destruct I as [|b J]; simpl; [discriminate|]. intros [= H]. apply IH in H.
      destruct b; [right|left]; exists J; auto.
Qed.

Lemma convex_cons d k n N : convex_network d (S k) (n :: N) <-> convex_neuron d n /\ convex_network d k N.
Proof.
  unfold convex_network. simpl. split.
  - intros [[= H] F]. inversion F; subst. auto.
  - intros (H & <- & F). auto.
Qed.

(** A point on a piece is fitted. *)
Lemma on_piece_fits d I x y : forall k N, convex_network d k N -> on_piece I N x y -> eval relu N x = y.
Proof.
  intros k N C [H <-]. revert k C. induction H as [|on n I N H _ IH]; intros k C; [reflexivity|].
  destruct k; [destruct C; discriminate|]. apply convex_cons in C as [[_ C] C'].
  change (eval relu (n :: N) x) with (coef n * relu (pre n x) + eval relu N x).
  rewrite (IH _ C'), C. simpl. destruct on; [rewrite relu_pos|rewrite relu_neg]; lra.
Qed.

(** Every fitted point is on some piece. *)
Lemma some_piece d x : forall k N, convex_network d k N ->
  exists I, length I = k /\ on_piece I N x (eval relu N x).
Proof.
  intros k N; revert k. induction N as [|n N IH]; intros k C.
  - exists []. destruct C as [<- _]. split; [reflexivity|split; [constructor|reflexivity]].
  - destruct k; [destruct C; discriminate|]. apply convex_cons in C as [[_ C] C'].
    destruct (IH _ C') as (I & L & H & V).
    change (eval relu (n :: N) x) with (coef n * relu (pre n x) + eval relu N x). rewrite C.
    destruct (Rle_dec 0 (pre n x)) as [Hn|Hn].
    + exists (true :: I). simpl. split; [congruence|]. split; [constructor; assumption|].
      simpl. rewrite relu_pos; lra.
    + exists (false :: I). simpl. split; [congruence|]. split; [constructor; [lra|assumption]|].
      simpl. rewrite relu_neg; lra.
Qed.

(** The lower bound: phi(x) is at least the value of every piece. *)
Lemma piece_below d x : forall k N I, convex_network d k N -> piece_value I N x <= eval relu N x.
Proof.
  intros k N; revert k. induction N as [|n N IH]; intros k I C.
  - destruct I; unfold eval; simpl; lra.
  - destruct k; [destruct C; discriminate|]. apply convex_cons in C as [[_ C] C'].
    change (eval relu (n :: N) x) with (coef n * relu (pre n x) + eval relu N x). rewrite C.
    pose proof (Rmax_l 0 (pre n x)). pose proof (Rmax_r 0 (pre n x)). change (relu (pre n x)) with (Rmax 0 (pre n x)).
    destruct I as [|on I]; simpl.
    + specialize (IH _ [] C'). simpl in IH. lra.
    + specialize (IH _ I C'). destruct on; lra.
Qed.

(** Where phi(x) is no more than the value of a piece, x is in the region of this piece. *)
Lemma tight_region d x : forall k N I, convex_network d k N -> length I = k ->
  eval relu N x <= piece_value I N x -> in_region I N x.
Proof.
  intros k N; revert k. induction N as [|n N IH]; intros k I C L H.
  - destruct C as [<- _]. destruct I; [constructor|discriminate].
  - destruct k; [destruct C; discriminate|]. destruct I as [|on I]; [discriminate|].
    apply convex_cons in C as [[_ C] C']. injection L as L.
    change (eval relu (n :: N) x) with (coef n * relu (pre n x) + eval relu N x) in H. rewrite C in H.
    pose proof (piece_below d x _ _ I C').
    pose proof (Rmax_l 0 (pre n x)). pose proof (Rmax_r 0 (pre n x)). change (relu (pre n x)) with (Rmax 0 (pre n x)) in H. simpl in H.
    constructor; [destruct on; lra|]. apply (IH k); [assumption..|]. destruct on; lra.
Qed.

(** Hence a fitted point whose label is at most the value of a piece is on that piece: the paper's forced point. *)
Lemma forced_on_piece d k N I x y : convex_network d k N -> length I = k ->
  eval relu N x = y -> y <= piece_value I N x -> on_piece I N x y.
Proof.
  intros C L <- H. split; [eapply tight_region; eassumption|].
  pose proof (piece_below d x _ _ I C). lra.
Qed.

(** ** The concave case: labels with the other sign *)

Definition negated (D : data) : data := map (fun p => (fst p, (- snd p)%Q)) D.
Definition flipped (n : neuron) : neuron := Neuron (weights n) (bias n) (- coef n).

Lemma eval_flipped act N x : eval act (map flipped N) x = - eval act N x.
Proof.
  unfold eval. induction N as [|n N IH]; simpl; [lra|]. rewrite IH. unfold pre. simpl. lra.
Qed.

Lemma fits_flipped act N D : fits act N D -> fits act (map flipped N) (negated D).
Proof.
  intros H x y Hin. apply in_map_iff in Hin as ((x' & y') & [= <- <-] & Hin). simpl.
  rewrite eval_flipped, (H _ _ Hin), Q2R_opp. reflexivity.
Qed.

Lemma concave_convex d k D : concave_trainable d k D <-> convex_trainable d k (negated D).
Proof.
  split.
  - intros (N & L & F & H). exists (map flipped N). split; [split|apply fits_flipped; exact H].
    + rewrite map_length; exact L.
    + rewrite Forall_map. eapply Forall_impl; [|exact F]. intros n [? Hc]. split; simpl; [assumption|lra].
  - intros (N & [L F] & H). exists (map flipped N). split; [rewrite map_length; exact L|]. split.
    + rewrite Forall_map. eapply Forall_impl; [|exact F]. intros n [? Hc]. split; simpl; [assumption|lra].
    + intros x y Hin. apply (in_map (fun p => (fst p, (- snd p)%Q))) in Hin. apply H in Hin. simpl in Hin.
      rewrite eval_flipped, Hin, Q2R_opp. lra.
Qed.
