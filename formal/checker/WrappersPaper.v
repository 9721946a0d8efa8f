(** * Modifiers: what more dimensions and a target error do to a question

    The functions of [Wrappers], which build the modified instances (docs/format/v1.md, section 3), are those of
    [Padding] and [TargetError]. So the theorems of the paper hold for modified instances, and a refutation of the
    formula refutes them, too. *)

From Coq Require Import Reals QArith Qreals List Bool Lia.
From Certify Require Semantics Formula Separability FourRelus Padding TargetError Remarks.
From CertifyChecker Require Import Trie Lrat.
From CertifyChecker Require Recipes RecipesPaper Wrappers TwohypPaper ByTheorem.
Import ListNotations.
Import Semantics Formula.

Theorem once_eq D : Wrappers.once D = TargetError.once D.
Proof. reflexivity. Qed.
Theorem pad_eq k D : Wrappers.pad k D = Padding.pad_weighted k D.
Proof. reflexivity. Qed.
Theorem spoil_eq l gamma D : Wrappers.spoil l gamma D = TargetError.with_error l gamma D.
Proof. reflexivity. Qed.

(** Without `pad`. *)
Lemma pad_zero D : Wrappers.pad 0 D = D.
Proof.
  unfold Wrappers.pad. rewrite <- (map_id D) at 2. apply map_ext. intros ((x, y), c). unfold Paths.zeros. simpl.
  rewrite app_nil_r. reflexivity.
Qed.

(** ** Any data D in dimension d, which count once *)

Section Data.
  Context (d width : nat) (D : data) (HD : Padding.in_dimension d D).

  (** `pad` *)
  Theorem pad_relu k :
    relu_trainable (d + k) width (map fst (Wrappers.pad k (Wrappers.once D))) <-> relu_trainable d width D.
  Proof.
    rewrite pad_eq, once_eq, Padding.pad_points, TargetError.once_points. apply Padding.padded_relu, HD.
  Qed.
  Theorem pad_threshold k :
    threshold_trainable (d + k) width (map fst (Wrappers.pad k (Wrappers.once D))) <-> threshold_trainable d width D.
  Proof.
    rewrite pad_eq, once_eq, Padding.pad_points, TargetError.once_points. apply Padding.padded_threshold, HD.
  Qed.

  (** `error`, then `pad` (or not: [pad_zero]) *)
  Theorem error_relu l gamma k : 0 <= Q2R gamma ->
    relu_trainable_to l gamma (d + k) width (Wrappers.pad k (Wrappers.spoil l gamma (Wrappers.once D))) <->
    relu_trainable d width D.
  Proof. intros Hg. rewrite pad_eq, spoil_eq, once_eq. apply Remarks.padded_error_relu; assumption. Qed.
  Theorem error_threshold l gamma k : 0 <= Q2R gamma ->
    threshold_trainable_to l gamma (d + k) width (Wrappers.pad k (Wrappers.spoil l gamma (Wrappers.once D))) <->
    threshold_trainable d width D.
  Proof. intros Hg. rewrite pad_eq, spoil_eq, once_eq. apply Remarks.padded_error_threshold; assumption. Qed.
End Data.

(** ** The recipes *)

Lemma poits_relu_planar n cs : Padding.in_dimension 2 (Recipes.poits_relu n cs).
Proof. rewrite RecipesPaper.poits_relu_eq. apply Remarks.poits_relu_planar. Qed.
Lemma poits_threshold_planar n cs : Padding.in_dimension 2 (Recipes.poits_threshold n cs).
Proof. rewrite RecipesPaper.poits_threshold_eq. apply Remarks.poits_threshold_planar. Qed.
Lemma twohyp_threshold_dimension d qs ps : FourRelus.all_in_dim d qs -> FourRelus.all_in_dim d ps ->
  Padding.in_dimension d (Recipes.twohyp_threshold qs ps).
Proof. exact (Remarks.labelled_dimension d qs ps). Qed.
Lemma mix_length t p : forall q, (length (Recipes.mix t p q) <= length p)%nat.
Proof. induction p as [|a p IH]; intros [|b q]; simpl; try lia. specialize (IH q). lia. Qed.
Lemma twohyp_relu_dimension d qs ps : FourRelus.all_in_dim d qs -> FourRelus.all_in_dim d ps ->
  Padding.in_dimension d (Recipes.twohyp_relu d qs ps).
Proof.
  intros HQ HP x y H. unfold Recipes.twohyp_relu in H. rewrite app_assoc in H. apply in_app_or in H as [H|H].
  - exact (Remarks.labelled_dimension d qs ps HQ HP x y H).
  - apply in_flat_map in H as (q & Hq & H). apply in_flat_map in H as (p & Hp & H). destruct (Recipes.same q p); [destruct H|].
    destruct H as [E|[E|[]]]; injection E as <- <-; [rewrite <- (HQ q Hq)|rewrite <- (HP p Hp)]; apply mix_length.
Qed.

(** ** No-certificates by theorem (Theorem 1, Corollary 8), with `pad` and with `error` *)

Section Refuted.
  Context (n : nat) (cs : list (nat * nat * nat)) (s : lrat_state).
  Context (H : ByTheorem.poits_reached n cs s) (R : l_refuted s = true).

  Theorem reached_no_relu_pad k :
    ~ relu_trainable (2 + k) (4 * (length cs + n)) (map fst (Wrappers.pad k (Wrappers.once (Recipes.poits_relu n cs)))).
  Proof. rewrite pad_relu by apply poits_relu_planar. exact (ByTheorem.reached_no_relu n cs s H R). Qed.
  Theorem reached_no_relu_error l gamma k : 0 <= Q2R gamma ->
    ~ relu_trainable_to l gamma (2 + k) (4 * (length cs + n))
        (Wrappers.pad k (Wrappers.spoil l gamma (Wrappers.once (Recipes.poits_relu n cs)))).
  Proof. intros Hg. rewrite error_relu by (exact Hg || apply poits_relu_planar). exact (ByTheorem.reached_no_relu n cs s H R). Qed.

  Theorem reached_no_threshold_pad k :
    ~ threshold_trainable (2 + k) (2 * (length cs + n)) (map fst (Wrappers.pad k (Wrappers.once (Recipes.poits_threshold n cs)))).
  Proof. rewrite pad_threshold by apply poits_threshold_planar. exact (ByTheorem.reached_no_threshold n cs s H R). Qed.
  Theorem reached_no_threshold_error l gamma k : 0 <= Q2R gamma ->
    ~ threshold_trainable_to l gamma (2 + k) (2 * (length cs + n))
        (Wrappers.pad k (Wrappers.spoil l gamma (Wrappers.once (Recipes.poits_threshold n cs)))).
  Proof.
    intros Hg. rewrite error_threshold by (exact Hg || apply poits_threshold_planar).
    exact (ByTheorem.reached_no_threshold n cs s H R).
  Qed.
End Refuted.
