(** * Two-layer networks, their value, and what it means to fit data

    The problem of the paper (section 1), with target error 0: a network with
    one hidden layer computes  phi(x) = sum_j a_j * act(w_j . x + b_j),  where
    [act] is the rectifier  [z]_+ = max(0, z)  or the threshold  1[z > 0].
    Data are rational; weights, biases and coefficients are real. *)

From Coq Require Import Reals QArith Qreals List Lra Permutation.
Import ListNotations.
Open Scope R_scope.

(** The sum of [f x] over the members of a list. *)
Fixpoint sum {X : Type} (f : X -> R) (l : list X) : R :=
  match l with
  | [] => 0
  | x :: l' => f x + sum f l'
  end.

(** The scalar product. *)
Fixpoint dot (w x : list R) : R :=
  match w, x with
  | a :: w', b :: x' => a * b + dot w' x'
  | _, _ => 0
  end.

(** The two activations. The threshold is strict: [step 0 = 0]. *)
Definition relu (z : R) : R := Rmax 0 z.
Definition step (z : R) : R := if Rlt_dec 0 z then 1 else 0.

(** A hidden neuron: weights w, bias b, and output coefficient a. *)
Record neuron := Neuron { weights : list R; bias : R; coef : R }.

(** The pre-activation w . x + b. *)
Definition pre (n : neuron) (x : list R) : R := dot (weights n) x + bias n.

(** The function that a network computes. *)
Definition eval (act : R -> R) (N : list neuron) (x : list R) : R :=
  sum (fun n => coef n * act (pre n x)) N.

(** A data point (x, y), with x in Q^d and label y in Q. *)
Definition data := list (list Q * Q).

Definition fits (act : R -> R) (N : list neuron) (D : data) : Prop :=
  forall x y, In (x, y) D -> eval act N (map Q2R x) = Q2R y.

(** Which neurons the training problem allows in dimension [d]: coefficients 1
    and -1 for rectifiers (section 1), any real for thresholds (section 5). *)
Definition relu_neuron (d : nat) (n : neuron) : Prop :=
  length (weights n) = d /\ (coef n = 1 \/ coef n = -1).
Definition threshold_neuron (d : nat) (n : neuron) : Prop :=
  length (weights n) = d.

(** The training problems with error 0: can exactly [k] neurons fit [D]? *)
Definition relu_trainable (d k : nat) (D : data) : Prop :=
  exists N, length N = k /\ Forall (relu_neuron d) N /\ fits relu N D.
Definition threshold_trainable (d k : nat) (D : data) : Prop :=
  exists N, length N = k /\ Forall (threshold_neuron d) N /\ fits step N D.

(** ** Training with a target error gamma (section 1)

    Data with multiplicities: (x, y, c) stands for c copies of the point (x, y). The losses: the number of points
    missed, the sum of absolute errors, the sum of squared errors. *)

Inductive loss := L0 | L1 | L2.

Definition loss_of (l : loss) (v y : R) : R :=
  match l with
  | L0 => if Req_EM_T v y then 0 else 1
  | L1 => Rabs (v - y)
  | L2 => (v - y) * (v - y)
  end.

Definition weighted_data := list (list Q * Q * Q).

Definition total_loss (act : R -> R) (l : loss) (N : list neuron) (D : weighted_data) : R :=
  sum (fun p => let '(x, y, c) := p in Q2R c * loss_of l (eval act N (map Q2R x)) (Q2R y)) D.

(** Can exactly [k] neurons come down to a total loss of at most gamma? *)
Definition relu_trainable_to (l : loss) (gamma : Q) (d k : nat) (D : weighted_data) : Prop :=
  exists N, length N = k /\ Forall (relu_neuron d) N /\ total_loss relu l N D <= Q2R gamma.
Definition threshold_trainable_to (l : loss) (gamma : Q) (d k : nat) (D : weighted_data) : Prop :=
  exists N, length N = k /\ Forall (threshold_neuron d) N /\ total_loss step l N D <= Q2R gamma.

(** ** Elementary facts *)

Lemma sum_app {X} (f : X -> R) l1 l2 : sum f (l1 ++ l2) = sum f l1 + sum f l2.
Proof. induction l1; simpl; lra. Qed.

Lemma sum_perm {X} (f : X -> R) l1 l2 : Permutation l1 l2 -> sum f l1 = sum f l2.
Proof. induction 1; simpl; lra. Qed.

Lemma sum_ext {X} (f g : X -> R) l : (forall x, In x l -> f x = g x) -> sum f l = sum g l.
Proof.
  induction l as [|x l IH]; simpl; intros H; [reflexivity|].
  rewrite H, IH; auto.
Qed.

Lemma sum_zero {X} (f : X -> R) l : (forall x, In x l -> f x = 0) -> sum f l = 0.
Proof.
  induction l as [|x l IH]; simpl; intros H; [reflexivity|].
  rewrite H, IH; auto. lra.
Qed.

Lemma sum_map {X Y} (f : Y -> R) (g : X -> Y) l : sum f (map g l) = sum (fun x => f (g x)) l.
Proof. induction l; simpl; congruence. Qed.

Lemma sum_plus {X} (f g : X -> R) l : sum (fun x => f x + g x) l = sum f l + sum g l.
Proof. induction l; simpl; lra. Qed.

Lemma sum_flat_map {X Y} (f : Y -> R) (g : X -> list Y) l :
  sum f (flat_map g l) = sum (fun x => sum f (g x)) l.
Proof. induction l; simpl; [reflexivity|]. rewrite sum_app. congruence. Qed.

(** All but one of the terms vanish. *)
Lemma sum_single {X} (f : X -> R) l1 x l2 :
  (forall y, In y (l1 ++ l2) -> f y = 0) -> sum f (l1 ++ x :: l2) = f x.
Proof.
  intros H. rewrite sum_app. simpl.
  rewrite (sum_zero f l1), (sum_zero f l2); [lra| |];
    intros; apply H, in_or_app; auto.
Qed.

Lemma relu_pos z : 0 <= z -> relu z = z.
Proof. apply Rmax_right. Qed.

Lemma relu_neg z : z <= 0 -> relu z = 0.
Proof. apply Rmax_left. Qed.

Lemma step_pos z : 0 < z -> step z = 1.
Proof. unfold step; destruct (Rlt_dec 0 z); lra. Qed.

Lemma step_neg z : z <= 0 -> step z = 0.
Proof. unfold step; destruct (Rlt_dec 0 z); lra. Qed.

Lemma dot_nil_r w : dot w [] = 0.
Proof. destruct w; reflexivity. Qed.

Lemma eval_perm act N N' x : Permutation N N' -> eval act N x = eval act N' x.
Proof. apply sum_perm. Qed.

Lemma fits_app act N D1 D2 : fits act N (D1 ++ D2) <-> fits act N D1 /\ fits act N D2.
Proof.
  unfold fits; split.
  - intros H; split; intros; apply H, in_or_app; auto.
  - intros [H1 H2] x y Hin. apply in_app_or in Hin as [?|?]; auto.
Qed.
