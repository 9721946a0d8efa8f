(** * A target error gamma > 0 in place of an exact fit

    Two further labels at the place of the first point cost gamma at least, whatever the value there, and cost gamma
    exactly at the label of that point. So a network comes down to a total loss of gamma if and only if it fits all
    points. The paper's remark, for the number of points missed (l0), the absolute errors (l1), the squares (l2). *)

From Coq Require Import Reals QArith Qreals List Lra Lia Psatz.
From Certify Require Import Semantics Formula.
Import ListNotations.
Open Scope R_scope.

(** Every point counts once. *)
Definition once (D : data) : weighted_data := map (fun p => (p, 1%Q)) D.

(** The data with the further labels. gamma / 2 = A / B in lowest terms: for l2 the labels y + 1/B and y - 1/B, A * B
    times each. *)
Definition with_error (l : loss) (gamma : Q) (D : weighted_data) : weighted_data :=
  match D with
  | [] => []
  | (x, y, _) :: _ =>
    if negb (Qle_bool gamma 0) then
      D ++ match l with
           | L0 => [(x, Qred (y + 1), gamma); (x, y, gamma)]
           | L1 => let h := Qred (gamma / Qred 2) in [(x, Qred (y + h), 1%Q); (x, Qred (y - h), 1%Q)]
           | L2 => let h := Qred (gamma / Qred 2) in
                   let b := Qmake (Zpos (Qden (Qred h))) 1 in
                   let n := Qred (Qred (h * b) * b) in
                   let e := Qred (1 / b) in
                   [(x, Qred (y + e), n); (x, Qred (y - e), n)]
           end
    else D
  end.

(** Every number of copies is at least 1. *)
Definition counted (D : weighted_data) : Prop := forall p c, In (p, c) D -> 1 <= Q2R c.

Lemma loss_nonneg l v y : 0 <= loss_of l v y.
Proof.
  destruct l; simpl; [destruct (Req_EM_T v y); lra|apply Rabs_pos|]. apply Rle_0_sqr.
Qed.

Lemma loss_zero l v y : loss_of l v y <= 0 <-> v = y.
Proof.
  destruct l; simpl.
  - destruct (Req_EM_T v y); split; intros; auto; lra.
  - split; intros H; [|subst; rewrite Rminus_diag_eq, Rabs_R0; lra].
    destruct (Req_dec v y) as [E|E]; [exact E|]. assert (0 < Rabs (v - y)) by (apply Rabs_pos_lt; lra). lra.
  - split; intros H; [|subst; lra]. nra.
Qed.

Section Network.
  Context (act : R -> R) (l : loss) (N : list neuron).

  Lemma total_nonneg D : counted D -> 0 <= total_loss act l N D.
  Proof.
    unfold total_loss. induction D as [|((x, y), c) D IH]; intros H; simpl; [lra|].
    pose proof (H (x, y) c (or_introl eq_refl)). pose proof (loss_nonneg l (eval act N (map Q2R x)) (Q2R y)).
    specialize (IH (fun p c' Hp => H p c' (or_intror Hp))). nra.
  Qed.

  (** No loss at all: an exact fit. *)
  Lemma total_zero D : counted D -> total_loss act l N D <= 0 <-> fits act N (map fst D).
  Proof.
    unfold total_loss. induction D as [|((x, y), c) D IH]; intros H; simpl.
    - split; [intros _ x y []|lra].
    - pose proof (H (x, y) c (or_introl eq_refl)) as Hc.
      assert (HD : counted D) by (intros p c' Hp; apply (H p c'); right; exact Hp).
      pose proof (loss_nonneg l (eval act N (map Q2R x)) (Q2R y)) as P.
      pose proof (total_nonneg D HD) as T. unfold total_loss in T. destruct (IH HD) as [I1 I2]. split.
      + intros S x' y' [E|Hin].
        * injection E as <- <-. apply (loss_zero l). nra.
        * apply I1; [nra|exact Hin].
      + intros F. assert (loss_of l (eval act N (map Q2R x)) (Q2R y) <= 0) by (apply loss_zero, F; left; reflexivity).
        assert (fits act N (map fst D)) by (intros x' y' Hin; apply F; right; exact Hin). specialize (I2 H1). nra.
  Qed.
End Network.

Lemma Q2R_half q : Q2R (Qred (q / Qred 2)) = Q2R q / 2.
Proof. rewrite Q2R_red. unfold Qdiv. rewrite Q2R_mult. unfold Rdiv. f_equal. unfold Q2R. simpl. lra. Qed.

Lemma Q2R_pos_int (b : positive) : 1 <= Q2R (Qmake (Zpos b) 1).
Proof. unfold Q2R. simpl. rewrite Rinv_1, Rmult_1_r. apply (IZR_le 1). lia. Qed.

(** The theorem for one network. *)
Theorem error_fits act l gamma N D : 0 <= Q2R gamma -> counted D ->
  total_loss act l N (with_error l gamma D) <= Q2R gamma <-> fits act N (map fst D).
Proof.
  intros Hg HD. destruct D as [|((x, y), c) D']; [simpl; unfold total_loss; simpl; split; [intros _ a b []|lra]|].
  unfold with_error. destruct (Qle_bool gamma 0) eqn:G; cbn [negb].
  - apply Qle_bool_iff, Qle_Rle in G. rewrite RMicromega.Q2R_0 in G. rewrite <- (total_zero act l N _ HD).
    replace (Q2R gamma) with 0 by lra. reflexivity.
  - assert (Hpos : 0 < Q2R gamma).
    { destruct (Rle_lt_dec (Q2R gamma) 0) as [L|L]; [|exact L]. rewrite <- RMicromega.Q2R_0 in L. apply Rle_Qle in L.
      apply Qle_bool_iff in L. congruence. }
    clear G. set (D := (x, y, c) :: D') in *.
    pose proof (total_zero act l N D HD) as Z. pose proof (total_nonneg act l N D HD) as P.
    match goal with |- total_loss _ _ _ (D ++ ?E) <= _ <-> _ => set (extra := E) end.
    assert (S : total_loss act l N (D ++ extra) = total_loss act l N D + total_loss act l N extra)
      by (unfold total_loss; apply sum_app).
    rewrite S. set (v := eval act N (map Q2R x)).
    assert (B : Q2R gamma <= total_loss act l N extra /\ (v = Q2R y -> total_loss act l N extra = Q2R gamma)).
    { unfold extra, total_loss. destruct l; cbn [sum loss_of]; fold v; autorewrite with q2r; rewrite ?Q2R_red; autorewrite with q2r.
      - destruct (Req_EM_T v (Q2R y + 1)), (Req_EM_T v (Q2R y)); split; intros; lra.
      - rewrite !Q2R_half. set (h := Q2R gamma / 2). assert (E : Q2R gamma = 2 * h) by (unfold h; lra).
        rewrite E in *. split.
        + unfold Rabs. destruct (Rcase_abs _), (Rcase_abs _); lra.
        + intros ->. replace (Q2R y - (Q2R y + h)) with (- h) by ring. replace (Q2R y - (Q2R y - h)) with h by ring.
          rewrite Rabs_Ropp, Rabs_pos_eq by lra. lra.
      - pose proof (Q2R_pos_int (Qden (Qred (Qred (gamma / Qred 2))))) as Hb.
        set (b := Qmake (Zpos (Qden (Qred (Qred (gamma / Qred 2))))) 1) in *. clearbody b.
        repeat rewrite ?Q2R_red, ?Q2R_mult, ?Q2R_half. rewrite ?Q2R_divide by lra. rewrite ?Q2R_1'.
        set (B := Q2R b) in *. set (h := Q2R gamma / 2). assert (E : Q2R gamma = 2 * h) by (unfold h; lra). rewrite E in *.
        set (u := v - Q2R y).
        assert (W : h * B * B * ((v - (Q2R y + 1 / B)) * (v - (Q2R y + 1 / B))) +
          (h * B * B * ((v - (Q2R y - 1 / B)) * (v - (Q2R y - 1 / B))) + 0) = 2 * h + 2 * (h * (B * B)) * (u * u))
          by (unfold u; field; lra).
        rewrite W. split.
        + assert (0 <= h * (B * B)) by (apply Rmult_le_pos; nra). nra.
        + intros ->. unfold u. ring. }
    destruct B as [B1 B2]. rewrite <- Z. split; [lra|]. intros T. rewrite B2; [lra|].
    apply Z in T. apply T. left. reflexivity.
Qed.

(** ** What can be trained *)

Lemma once_counted D : counted (once D).
Proof. intros p c H. apply in_map_iff in H as (q & E & _). injection E as _ <-. rewrite Q2R_1'. lra. Qed.

Lemma once_points D : map fst (once D) = D.
Proof. unfold once. rewrite map_map. apply map_id. Qed.

Theorem error_relu l gamma d width D : 0 <= Q2R gamma -> counted D ->
  relu_trainable_to l gamma d width (with_error l gamma D) <-> relu_trainable d width (map fst D).
Proof. intros Hg HD. unfold relu_trainable_to, relu_trainable. setoid_rewrite (error_fits relu l gamma _ D Hg HD). reflexivity. Qed.

Theorem error_threshold l gamma d width D : 0 <= Q2R gamma -> counted D ->
  threshold_trainable_to l gamma d width (with_error l gamma D) <-> threshold_trainable d width (map fst D).
Proof.
  intros Hg HD. unfold threshold_trainable_to, threshold_trainable. setoid_rewrite (error_fits step l gamma _ D Hg HD). reflexivity.
Qed.

(** The further labels stand where the first point stands. *)
Lemma error_places l gamma D x y c : In (x, y, c) (with_error l gamma D) -> exists y' c', In (x, y', c') D.
Proof.
  destruct D as [|((x0, y0), c0) D]; [intros []|]. unfold with_error.
  destruct (negb (Qle_bool gamma 0)); [|eauto]. intros H. apply in_app_or in H as [H|H]; [eauto|].
  exists y0, c0. left. destruct l; cbn in H; destruct H as [E|[E|[]]]; congruence.
Qed.
