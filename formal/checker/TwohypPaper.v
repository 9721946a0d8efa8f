(** * Two-hyperplane separability: what is shown of the data is shown of the point sets

    The recipes of [Recipes.v] and the data of Theorem 7 and Corollary 10 are the same up to the way in which rational
    numbers are written. *)

From Coq Require Import Reals QArith Qreals ZArith List Bool Lia Lra.
From Certify Require Semantics Separability FourRelus Main.
From CertifyChecker Require Import Trie Recipes.
From CertifyChecker Require Model Check CheckerMain.
Import ListNotations.
Import Semantics Separability.

Open Scope R_scope.

(** Data that are the same over the reals. *)
Definition same_data (D D' : data) : Prop :=
  Forall2 (fun p q => map Q2R (fst p) = map Q2R (fst q) /\ Q2R (snd p) = Q2R (snd q)) D D'.

Lemma same_fits act N D D' : same_data D D' -> fits act N D -> fits act N D'.
Proof.
  intros H. induction H as [|[x y] [x' y'] D D' [H1 H2] HD IH]; intros HF u v Hin; [destruct Hin|].
  simpl in H1, H2. destruct Hin as [[= <- <-]|Hin].
  - rewrite <- H1, <- H2. apply HF. left. reflexivity.
  - apply IH; [|exact Hin]. intros w z Hw. apply HF. right. exact Hw.
Qed.

Lemma same_data_refl D : same_data D D.
Proof. induction D; constructor; auto. Qed.

Lemma threshold_same qs ps : twohyp_threshold qs ps = labelled qs ps.
Proof. reflexivity. Qed.

(** Corollary 10. *)
Theorem witness_separates_threshold d qs ps net :
  Check.check_yes Model.Thr Model.Free d (twohyp_threshold qs ps) 2 net = true -> restricted d qs ps \/ restricted d ps qs.
Proof.
  intros H. apply CheckerMain.check_yes_threshold in H. apply Main.Corollary_10. exact H.
Qed.
Theorem data_refute_separation_threshold d qs ps proof :
  Check.check_no Model.Thr Model.Free d (twohyp_threshold qs ps) 2 proof = true ->
  ~ (restricted d qs ps \/ restricted d ps qs).
Proof.
  intros H S. apply CheckerMain.check_no_threshold in H. apply H. apply Main.Corollary_10. exact S.
Qed.

(** ** Theorem 7 *)

Lemma same_is q : forall p, Recipes.same q p = FourRelus.same q p.
Proof. reflexivity. Qed.

Lemma mix_near (t : Q) : forall q p, map Q2R (Recipes.mix t q p) = map Q2R (FourRelus.mix t q p).
Proof.
  induction q as [|a q IH]; intros [|b p]; cbn [Recipes.mix FourRelus.mix map]; try reflexivity. f_equal; [|apply IH].
  rewrite qadd_R, !qmul_R, qsub_R, Q2R_1, Q2R_red, Q2R_plus, !Q2R_mult, Q2R_minus, Q2R_1. reflexivity.
Qed.

Lemma mix_far (t : Q) : forall q p, map Q2R (Recipes.mix t p q) = map Q2R (FourRelus.mix (1 - t) q p).
Proof.
  induction q as [|a q IH]; intros [|b p]; cbn [Recipes.mix FourRelus.mix map]; try reflexivity. f_equal; [|apply IH].
  rewrite qadd_R, !qmul_R, qsub_R, Q2R_1, Q2R_red, Q2R_plus, !Q2R_mult, !Q2R_minus, Q2R_1. ring.
Qed.

Lemma relu_same d qs ps : same_data (Recipes.twohyp_relu d qs ps) (FourRelus.twohyp_relu (twohyp_delta d (qs ++ ps)) qs ps).
Proof.
  unfold Recipes.twohyp_relu, FourRelus.twohyp_relu, labelled. set (t := twohyp_delta d (qs ++ ps)). clearbody t.
  rewrite <- app_assoc. apply Forall2_app; [apply same_data_refl|]. apply Forall2_app; [apply same_data_refl|].
  induction qs as [|q qs' IH]; simpl; [constructor|]. apply Forall2_app; [|apply IH].
  clear. induction ps as [|p ps IH]; simpl; [constructor|]. apply Forall2_app; [|exact IH].
  unfold FourRelus.near_ends. rewrite same_is. destruct (FourRelus.same q p); [constructor|].
  constructor; [split; [apply mix_near|reflexivity]|]. constructor; [split; [apply mix_far|reflexivity]|constructor].
Qed.

(** 0 < delta < 1/2 *)
Lemma qn_R n : Q2R (qn n) = INR n.
Proof. unfold qn, Q2R. simpl. rewrite <- INR_IZR_INZ. field. Qed.

Lemma fact_at_least n : 1 <= Q2R (fact_q n).
Proof.
  induction n as [|n IH]; cbn [fact_q]; [rewrite Q2R_1; lra|]. rewrite qmul_R, qn_R, S_INR.
  pose proof (pos_INR n). nra.
Qed.
Lemma pow_at_least a n : 1 <= Q2R a -> 1 <= Q2R (pow_q a n).
Proof.
  intros Ha. induction n as [|n IH]; cbn [pow_q]; [rewrite Q2R_1; lra|]. rewrite qmul_R. nra.
Qed.
Lemma qmax_at_least a b : 1 <= Q2R a -> 1 <= Q2R (qmax a b).
Proof. unfold qmax. intros H. destruct (qlt a b) eqn:E; [apply qlt_R in E; lra|exact H]. Qed.
Lemma fold_max_at_least l : forall p a, 1 <= Q2R a -> 1 <= Q2R (fold_left (fun m q => qmax m (Recipes.qabs (qmul l q))) p a).
Proof. induction p as [|q p IH]; simpl; intros a H; [exact H|]. apply IH, qmax_at_least, H. Qed.
Lemma folds_max_at_least l : forall ps a, 1 <= Q2R a ->
  1 <= Q2R (fold_left (fun m p => fold_left (fun m q => qmax m (Recipes.qabs (qmul l q))) p m) ps a).
Proof. induction ps as [|p ps IH]; simpl; intros a H; [exact H|]. apply IH, fold_max_at_least, H. Qed.

Lemma delta_small d ps : (1 <= d)%nat -> 0 < Q2R (twohyp_delta d ps) < 1 / 2.
Proof.
  intros Hd. unfold twohyp_delta. cbv zeta.
  match goal with |- context [pow_q ?a d] => set (A := a) end.
  assert (HA : 1 <= Q2R A) by (apply folds_max_at_least; rewrite Q2R_1; lra). clearbody A.
  set (x := qmul (qmul (qn (4 * d)) (fact_q (S d))) (pow_q A d)).
  assert (Hx : 4 <= Q2R x).
  { unfold x. rewrite !qmul_R, qn_R. pose proof (fact_at_least (S d)) as F. pose proof (pow_at_least A d HA) as P.
    assert (D : 4 <= INR (4 * d)) by (replace 4 with (INR 4) by (simpl; ring); apply le_INR; lia).
    assert (4 <= INR (4 * d) * Q2R (fact_q (S d))) by nra. nra. }
  clearbody x. unfold qdiv. rewrite Q2R_red, Q2R_div, Q2R_1.
  - split; [apply Rdiv_lt_0_compat; lra|]. apply Rmult_lt_reg_r with (Q2R x); [lra|]. unfold Rdiv. rewrite Rmult_1_l, Rinv_l by lra. lra.
  - intros E. apply Qeq_eqR in E. rewrite Q2R_0 in E. lra.
Qed.

Theorem witness_separates_relu d qs ps net : (1 <= d)%nat -> FourRelus.all_in_dim d qs -> FourRelus.all_in_dim d ps ->
  Check.check_yes Model.ReLU Model.Free d (Recipes.twohyp_relu d qs ps) 4 net = true -> separable d qs ps.
Proof.
  intros Hd HQ HP H. apply CheckerMain.check_yes_relu in H as (N & H1 & H2 & H3).
  apply (Main.Theorem_7_backward d (twohyp_delta d (qs ++ ps)) qs ps HQ HP (delta_small d _ Hd)).
  exists N. split; [exact H1|]. split; [exact H2|]. apply (same_fits _ _ _ _ (relu_same d qs ps) H3).
Qed.
