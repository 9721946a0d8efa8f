(** * The paper's remarks on its theorems: more dimensions, a target error

    Theorems 1 and 7, Corollaries 8, 9 and 10 for the data with zeros as further coordinates ([Padding]), and with a
    target error in place of an exact fit ([TargetError]); both at once, in this order. *)

From Coq Require Import Reals QArith Qreals List Lra Lia.
From Certify Require Import Semantics Separability Formula Layout PoitsRelu PoitsThreshold FourRelus Multicolour OneNeuron Padding TargetError.
Import ListNotations.
Open Scope R_scope.

(** ** The dimension of the data *)

Lemma planar_points g D F : (forall z l, in_dimension 2 (g z l)) -> in_dimension 2 (global_points g D F).
Proof.
  intros Hg x y H. unfold global_points in H. rewrite !in_app_iff, !in_flat_map in H.
  destruct H as [(j & _ & H)|[(i & _ & H)|((j & ((a, b), c)) & _ & H)]]; [eapply Hg; exact H|eapply Hg; exact H|].
  unfold literal_points, literal_point, point in H. simpl in H. intuition; repeat match goal with E : (_, _) = (_, _) |- _ => injection E as <- <- end; simpl; lia.
Qed.

Ltac planar := intros; repeat match goal with
  | H : _ \/ _ |- _ => destruct H as [H|H]
  | H : False |- _ => destruct H
  | H : (_, _) = (_, _) |- _ => injection H as <- <-; simpl; lia
  end.

Lemma poits_relu_planar F : in_dimension 2 (poits_relu F).
Proof.
  unfold poits_relu. destruct (poits_relu_width F).
  - intros x y [E|[]]. injection E as <- <-. simpl. lia.
  - apply planar_points. intros z l x y H. unfold gadget_data in H. rewrite !in_app_iff in H.
    destruct H as [H|[H|[H|H]]].
    + unfold line13, point in H. simpl In in H. planar.
    + unfold line9, point in H. simpl In in H. planar.
    + unfold line9, point in H. simpl In in H. planar.
    + revert H. induction l as [|a [|b l] IH]; [intros []|intros []|]. intros [E|[E|H]]; [| |apply IH; exact H];
        unfold point in E; injection E as <- <-; simpl; lia.
Qed.

Lemma poits_threshold_planar F : in_dimension 2 (poits_threshold F).
Proof.
  unfold poits_threshold. destruct (poits_threshold_width F).
  - intros x y [E|[]]. injection E as <- <-. simpl. lia.
  - apply planar_points. intros z l x y H. unfold stripe_data in H. rewrite !in_app_iff in H.
    destruct H as [H|[H|[H|H]]].
    + unfold line4, point in H. simpl In in H. planar.
    + unfold line4, point in H. simpl In in H. planar.
    + unfold line4, point in H. simpl In in H. planar.
    + revert H. induction l as [|a [|b l] IH]; [intros []|intros []|].
      intros [E|[E|[E|[E|H]]]]; [| | | |apply IH; exact H]; unfold point in E; injection E as <- <-; simpl; lia.
Qed.

Lemma labelled_dimension d Q P : all_in_dim d Q -> all_in_dim d P -> in_dimension d (labelled Q P).
Proof.
  intros HQ HP x y H. apply in_app_or in H as [H|H]; apply in_map_iff in H as (z & E & Hz); injection E as <- <-.
  - rewrite (HQ _ Hz). lia.
  - rewrite (HP _ Hz). lia.
Qed.

Lemma mix_length t q : forall p, (length (mix t q p) <= length q)%nat.
Proof. induction q as [|a q IH]; intros [|b p]; simpl; try lia. specialize (IH p). lia. Qed.

Lemma twohyp_relu_dimension d delta Q P : all_in_dim d Q -> all_in_dim d P -> in_dimension d (twohyp_relu delta Q P).
Proof.
  intros HQ HP x y H. unfold twohyp_relu in H. rewrite in_app_iff in H.
  destruct H as [H|H]; [exact (labelled_dimension d Q P HQ HP x y H)|].
  apply in_flat_map in H as (q & Hq & H). apply in_flat_map in H as (p & _ & H). unfold near_ends in H.
  destruct (same q p); [destruct H|]. rewrite <- (HQ q Hq).
  destruct H as [E|[E|[]]]; injection E as <- <-; apply mix_length.
Qed.

(** ** With a target error, in a larger dimension *)

Lemma in_dimension_once d l gamma D : in_dimension d D -> in_dimension d (map fst (with_error l gamma (once D))).
Proof.
  intros H x y Hin. apply in_map_iff in Hin as (((x', y'), c) & E & Hin). cbn [fst] in E. injection E as <- <-.
  apply error_places in Hin as (y1 & c1 & Hin). apply in_map_iff in Hin as ((x2, y2) & E & Hin). injection E as <- <- <-.
  eapply H; exact Hin.
Qed.

Lemma padded_error_relu l gamma d k width D : in_dimension d D -> 0 <= Q2R gamma ->
  relu_trainable_to l gamma (d + k) width (pad_weighted k (with_error l gamma (once D))) <-> relu_trainable d width D.
Proof.
  intros HD Hg. rewrite padded_relu_to by (apply in_dimension_once, HD).
  rewrite error_relu by (exact Hg || apply once_counted). rewrite once_points. reflexivity.
Qed.

Lemma padded_error_threshold l gamma d k width D : in_dimension d D -> 0 <= Q2R gamma ->
  threshold_trainable_to l gamma (d + k) width (pad_weighted k (with_error l gamma (once D))) <-> threshold_trainable d width D.
Proof.
  intros HD Hg. rewrite padded_threshold_to by (apply in_dimension_once, HD).
  rewrite error_threshold by (exact Hg || apply once_counted). rewrite once_points. reflexivity.
Qed.

(** ** Theorem 1 and Corollary 8 *)

Theorem theorem_1_dimension F d : well_formed_formula F -> (2 <= d)%nat ->
  relu_trainable d (poits_relu_width F) (pad (d - 2) (poits_relu F)) <-> exists v, one_in_three v F.
Proof.
  intros W Hd. replace d with (2 + (d - 2))%nat at 1 by lia.
  rewrite padded_relu by apply poits_relu_planar. apply (theorem_1 F W).
Qed.

Theorem theorem_1_error F d l gamma : well_formed_formula F -> (2 <= d)%nat -> 0 <= Q2R gamma ->
  relu_trainable_to l gamma d (poits_relu_width F) (pad_weighted (d - 2) (with_error l gamma (once (poits_relu F)))) <->
  exists v, one_in_three v F.
Proof.
  intros W Hd Hg. replace d with (2 + (d - 2))%nat at 1 by lia.
  rewrite padded_error_relu by (exact Hg || apply poits_relu_planar). apply (theorem_1 F W).
Qed.

Theorem corollary_8_dimension F d : well_formed_formula F -> (2 <= d)%nat ->
  threshold_trainable d (poits_threshold_width F) (pad (d - 2) (poits_threshold F)) <-> exists v, one_in_three v F.
Proof.
  intros W Hd. replace d with (2 + (d - 2))%nat at 1 by lia.
  rewrite padded_threshold by apply poits_threshold_planar. apply (corollary_8 F W).
Qed.

Theorem corollary_8_error F d l gamma : well_formed_formula F -> (2 <= d)%nat -> 0 <= Q2R gamma ->
  threshold_trainable_to l gamma d (poits_threshold_width F) (pad_weighted (d - 2) (with_error l gamma (once (poits_threshold F)))) <->
  exists v, one_in_three v F.
Proof.
  intros W Hd Hg. replace d with (2 + (d - 2))%nat at 1 by lia.
  rewrite padded_error_threshold by (exact Hg || apply poits_threshold_planar). apply (corollary_8 F W).
Qed.

(** ** Corollary 9 *)

Lemma mcclique_points G l : well_formed_coloured G -> in_dimension (2 * Nat.max (classes G) 1) (map fst (mcclique_data G l)).
Proof.
  intros W x y H. apply in_map_iff in H as (((x', y'), c) & E & H). injection E as <- <-.
  eapply mcclique_dimension; eassumption.
Qed.

Theorem corollary_9_dimension G l k : well_formed_coloured G ->
  threshold_trainable_to l (mcclique_gamma G) (2 * Nat.max (classes G) 1 + k) 1 (pad_weighted k (mcclique_data G l)) <->
  multicoloured_clique G.
Proof. intros W. rewrite padded_threshold_to by (apply mcclique_points, W). apply corollary_9, W. Qed.

Theorem one_relu_dimension G l k : well_formed_coloured G ->
  relu_trainable_to l (mcclique_gamma G) (2 * Nat.max (classes G) 1 + k) 1 (pad_weighted k (mcclique_data G l)) <->
  multicoloured_clique G.
Proof. intros W. rewrite padded_relu_to by (apply mcclique_points, W). apply one_relu, W. Qed.

(** ** Theorem 7 and Corollary 10 *)

Section Points.
  Context (d k : nat) (Q P : points) (HQ : all_in_dim d Q) (HP : all_in_dim d P).

  Theorem theorem_7_dimension delta :
    relu_trainable (d + k) 4 (pad k (twohyp_relu delta Q P)) <-> relu_trainable d 4 (twohyp_relu delta Q P).
  Proof. apply padded_relu, twohyp_relu_dimension; assumption. Qed.

  Theorem theorem_7_error l gamma delta : 0 <= Q2R gamma ->
    relu_trainable_to l gamma (d + k) 4 (pad_weighted k (with_error l gamma (once (twohyp_relu delta Q P)))) <->
    relu_trainable d 4 (twohyp_relu delta Q P).
  Proof. apply padded_error_relu, twohyp_relu_dimension; assumption. Qed.

  Theorem corollary_10_dimension :
    threshold_trainable (d + k) 2 (pad k (labelled Q P)) <-> restricted d Q P \/ restricted d P Q.
  Proof. rewrite padded_threshold by (apply labelled_dimension; assumption). apply corollary_10. Qed.

  Theorem corollary_10_error l gamma : 0 <= Q2R gamma ->
    threshold_trainable_to l gamma (d + k) 2 (pad_weighted k (with_error l gamma (once (labelled Q P)))) <->
    restricted d Q P \/ restricted d P Q.
  Proof.
    intros Hg. rewrite padded_error_threshold by (exact Hg || (apply labelled_dimension; assumption)). apply corollary_10.
  Qed.
End Points.
