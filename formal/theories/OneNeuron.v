(** * Corollary 9: one neuron and multicoloured cliques

    One rectifier, or one threshold neuron, comes down to the target error on [mcclique_data l G] if and only if G has a
    clique with one vertex of every colour. The losses: l0, l1, l2. *)

From Coq Require Import Reals QArith Qreals Qminmax PArith List Bool Lra Lia Psatz.
From Certify Require Import Semantics Formula TargetError Multicolour.
Import ListNotations.
Open Scope R_scope.

(** ** The points, over the reals *)

Lemma dot_scaled w a : forall x, dot w (map Q2R (scaled a x)) = Q2R a * dot w (map Q2R x).
Proof.
  induction w as [|b w IH]; intros [|c x]; simpl; try ring.
  rewrite IH, Q2R_mult. ring.
Qed.

Lemma dot_added w : forall x y, length x = length y ->
  dot w (map Q2R (added x y)) = dot w (map Q2R x) + dot w (map Q2R y).
Proof.
  induction w as [|b w IH]; intros [|c x] [|d y] H; simpl in *; try discriminate; try ring.
  rewrite IH by lia. rewrite Q2R_plus. ring.
Qed.

Lemma dot_zeros w : forall k, dot w (map Q2R (repeat 0%Q k)) = 0.
Proof. induction w as [|a w IH]; intros [|k]; simpl; try reflexivity. rewrite IH, Q2R_0'. ring. Qed.

(** The largest of some numbers. *)
Lemma fold_max {X} (f : X -> Q) : forall (l : list X) (a : Q),
  let m := fold_left (fun a x => Qmax a (f x)) l a in
  (a <= m)%Q /\ (forall x, In x l -> f x <= m)%Q /\ (forall c, a < c -> (forall x, In x l -> f x < c) -> m < c)%Q.
Proof.
  induction l as [|x l IH]; intros a; cbn [fold_left].
  - split; [apply Qle_refl|]. split; [intros x []|auto].
  - specialize (IH (Qmax a (f x))). cbv zeta in *. destruct IH as (I1 & I2 & I3). split; [|split].
    + eapply Qle_trans; [|exact I1]. apply Q.le_max_l.
    + intros y [<-|Hy]; [|auto]. eapply Qle_trans; [|exact I1]. apply Q.le_max_r.
    + intros c Ha Hx. apply I3; [|intros y Hy; apply Hx; right; exact Hy].
      apply Q.max_lub_lt; [exact Ha|apply Hx; left; reflexivity].
Qed.

Section Graph.
  Context (G : coloured_graph) (W : well_formed_coloured G).

  Lemma closest_nonneg : 0 <= Q2R (closest G).
  Proof. destruct (fold_max (fun p => product G (fst p) (snd p)) (twos G) 0%Q) as [H _]. apply Qle_Rle in H. rewrite Q2R_0' in H. exact H. Qed.

  Lemma reach_value : Q2R (reach G) = (1 / 2 + 2 / (3 + Q2R (closest G))) / 2.
  Proof.
    pose proof closest_nonneg as H. unfold reach.
    rewrite Q2R_divide by (rewrite Q2R_2'; lra).
    rewrite Q2R_plus, Q2R_divide by (autorewrite with q2r; lra). autorewrite with q2r.
    replace (Q2R (1 # 2)) with (1 / 2); [reflexivity|]. unfold Q2R. simpl. lra.
  Qed.

  Lemma reach_between : 0 < Q2R (reach G) < 1.
  Proof.
    pose proof closest_nonneg as H. rewrite reach_value.
    assert (A : 0 < 2 / (3 + Q2R (closest G))) by (apply Rdiv_lt_0_compat; lra).
    assert (B : 2 / (3 + Q2R (closest G)) <= 2 / 3).
    { apply Rmult_le_compat_l; [lra|]. apply Rinv_le_contravar; lra. }
    lra.
  Qed.

  Lemma vector_length v : In v (vertices G) -> length (vector G v) = (2 * classes G)%nat.
  Proof.
    intros H. apply (vertex_colour G W) in H. apply in_first in H. pose proof (Pos2Nat.is_pos (colour G v)).
    unfold vector, plane. rewrite !app_length, !repeat_length. cbn [length]. lia.
  Qed.

  Lemma twos_vertices u v : In (u, v) (twos G) -> In u (vertices G) /\ In v (vertices G) /\ colour G u = colour G v /\ u <> v.
  Proof.
    unfold twos. rewrite in_flat_map. intros (c & _ & H).
    assert (N : NoDup (group G c)) by (apply NoDup_filter, first_nodup).
    pose proof (pairs_different _ _ _ N H) as D. apply in_pairs in H as [H1 H2].
    apply in_group in H1 as [H1 <-]. apply in_group in H2 as [H2 E]. auto.
  Qed.

  Lemma twos_all u v : In u (vertices G) -> In v (vertices G) -> colour G u = colour G v -> u <> v ->
    In (u, v) (twos G) \/ In (v, u) (twos G).
  Proof.
    intros Hu Hv E D.
    assert (Hc : In (colour G v) (all_colours G)) by (apply (vertex_colour G W), Hv).
    destruct (pairs_all (group G (colour G v)) u v) as [H|H]; try (apply in_group; auto); [exact D|left|right];
      apply in_flat_map; exists (colour G v); auto.
  Qed.

  (** What one neuron sees of a vertex, and its value before the activation at each of the points. *)
  Definition seen (n : neuron) (v : positive) : R := dot (weights n) (map Q2R (vector G v)).
  Definition at_point (n : neuron) (x : list Q) : R := pre n (map Q2R x).

  Lemma at_origin n : at_point n (origin G) = bias n.
  Proof. unfold at_point, pre, origin. rewrite dot_zeros. ring. Qed.

  Lemma at_vertex n v : at_point n (scaled (1 / reach G) (vector G v)) = seen n v / Q2R (reach G) + bias n.
  Proof.
    pose proof reach_between. unfold at_point, pre. rewrite dot_scaled, Q2R_divide by lra. rewrite Q2R_1'. unfold seen. field. lra.
  Qed.

  Lemma at_two n u v : In u (vertices G) -> In v (vertices G) ->
    at_point n (scaled (1 / (2 * (1 - reach G))) (added (vector G u) (vector G v))) =
    (seen n u + seen n v) / (2 * (1 - Q2R (reach G))) + bias n.
  Proof.
    intros Hu Hv. pose proof reach_between. unfold at_point, pre.
    rewrite dot_scaled, Q2R_divide by (autorewrite with q2r; lra).
    rewrite dot_added by (rewrite !vector_length; auto). autorewrite with q2r. unfold seen. field. lra.
  Qed.

  Lemma at_edge n u v : In u (vertices G) -> In v (vertices G) ->
    at_point n (edge_point G (u, v)) = seen n u + seen n v + bias n.
  Proof.
    intros Hu Hv. unfold at_point, pre, edge_point. cbn [fst snd]. rewrite dot_added by (rewrite !vector_length; auto). reflexivity.
  Qed.

  Lemma useful_ends u v : In (u, v) (useful G) -> In u (vertices G) /\ In v (vertices G).
  Proof. intros H. apply in_useful in H as [H _]. destruct W as (_ & _ & E). apply (E u v H). Qed.

  (** Is it more than eta at the edge? *)
  Definition above (n : neuron) (eta : R) (e : positive * positive) : bool :=
    if Rlt_dec eta (at_point n (edge_point G e)) then true else false.

  (** If it is at most eta at all points of label 0, the edges with more than eta are too few, or those of a clique. *)
  Theorem edges_above n eta : (2 <= classes G)%nat -> 0 <= eta ->
    (forall x, In x (quiet_points G) -> at_point n x <= eta) ->
    (wanted G <= length (filter (above n eta) (useful G)))%nat -> multicoloured_clique G.
  Proof.
    intros HK He HQ HC. pose proof reach_between as Hr. set (r := Q2R (reach G)) in *. set (B := eta - bias n).
    assert (HB : 0 <= B).
    { assert (H : at_point n (origin G) <= eta) by (apply HQ; left; reflexivity). rewrite at_origin in H. unfold B. lra. }
    assert (Hone : forall v, In v (vertices G) -> seen n v <= r * B).
    { intros v Hv. assert (H : at_point n (scaled (1 / reach G) (vector G v)) <= eta).
      { apply HQ. right. apply in_or_app. left. apply in_map_iff. eauto. }
      rewrite at_vertex in H. fold r in H.
      replace (seen n v) with (r * (seen n v / r)) by (field; lra). apply Rmult_le_compat_l; [lra|]. unfold B. lra. }
    assert (Htwo : forall u v, In (u, v) (twos G) -> seen n u + seen n v <= 2 * (1 - r) * B).
    { intros u v Huv. assert (H : at_point n (scaled (1 / (2 * (1 - reach G))) (added (vector G u) (vector G v))) <= eta).
      { apply HQ. right. apply in_or_app. right. apply in_map_iff. exists (u, v). auto. }
      apply twos_vertices in Huv as (Hu & Hv & _). rewrite at_two in H by assumption. fold r in H.
      replace (seen n u + seen n v) with (2 * (1 - r) * ((seen n u + seen n v) / (2 * (1 - r)))) by (field; lra).
      apply Rmult_le_compat_l; [lra|]. unfold B. lra. }
    set (heavy := fun v => if Rlt_dec ((1 - r) * B) (seen n v) then true else false).
    apply (clique_of_edges G W heavy (filter (above n eta) (useful G))); try assumption.
    - apply NoDup_filter, useful_nodup, W.
    - intros e H. apply filter_In in H. tauto.
    - intros u v H. apply filter_In in H as [H1 H2]. destruct (useful_ends u v H1) as [Hu Hv].
      unfold above in H2. rewrite at_edge in H2 by assumption.
      destruct (Rlt_dec eta _) as [H|]; [|discriminate]. pose proof (Hone u Hu). pose proof (Hone v Hv). unfold heavy.
      unfold B in *. split; destruct (Rlt_dec _ _); try reflexivity; nra.
    - intros u v Hu Hv H1 H2 E. destruct (Pos.eq_dec u v) as [|D]; [assumption|exfalso].
      unfold heavy in H1, H2. destruct (Rlt_dec _ (seen n u)); [|discriminate]. destruct (Rlt_dec _ (seen n v)); [|discriminate].
      destruct (twos_all u v Hu Hv E D) as [T|T]; apply Htwo in T; nra.
  Qed.
End Graph.

(** ** Gains: what an edge pays less than 1 *)

Definition gain (l : loss) (v : R) : R := 1 - loss_of l v 1.

Lemma gain_at_most l v : gain l v <= 1.
Proof. unfold gain. pose proof (loss_nonneg l v 1). lra. Qed.

Lemma gain_nothing l v : v <= 0 -> gain l v <= 0.
Proof.
  intros H. unfold gain. destruct l; simpl; [destruct (Req_EM_T v 1); lra|rewrite Rabs_left; lra|nra].
Qed.

(** Where a point of label 0 costs gamma at most, the value is small, and an edge with a value not larger gains little. *)
Lemma gain_small G l v w : (1 <= length (useful G))%nat -> Q2R (copies G l) * loss_of l v 0 <= Q2R (excess G) ->
  w <= Rabs v -> INR (length (useful G)) * gain l w < 1.
Proof.
  intros Hm Hv Hw.
  assert (E : 0 <= Q2R (excess G)) by (unfold excess; rewrite Q2R_qn; apply pos_INR).
  assert (M : 1 <= INR (length (useful G))) by (apply (le_INR 1), Hm).
  unfold copies in Hv. unfold gain. destruct l; cbn [loss_of] in *; autorewrite with q2r in Hv.
  - destruct (Req_EM_T v 0) as [->|N]; [|lra]. rewrite Rabs_R0 in Hw. destruct (Req_EM_T w 1); lra.
  - set (m := INR (length (useful G))) in *. set (e := Q2R (excess G)) in *. clearbody m e. rewrite Rminus_0_r in Hv.
    assert (H : 1 - Rabs (w - 1) <= Rabs v) by (unfold Rabs in *; destruct (Rcase_abs (w - 1)), (Rcase_abs v); lra).
    pose proof (Rabs_pos v) as P. set (a := Rabs v) in *. clearbody a.
    destruct (Rlt_le_dec (m * a) 1) as [L|L]; [nra|]. exfalso. assert (0 <= e * (m * a - 1)) by nra. nra.
  - rewrite mult_INR in Hv. change (INR 2) with 2 in Hv.
    set (m := INR (length (useful G))) in *. set (e := Q2R (excess G)) in *. clearbody m e.
    assert (S : v * v = Rabs v * Rabs v) by (unfold Rabs; destruct (Rcase_abs v); ring).
    replace ((v - 0) * (v - 0)) with (Rabs v * Rabs v) in Hv by (rewrite <- S; ring). clear S.
    pose proof (Rabs_pos v) as P. set (a := Rabs v) in *. clearbody a.
    assert (H : 1 - (w - 1) * (w - 1) <= 2 * a) by nra. set (c := 2 * m * a).
    assert (Hc : e * (c * c) + a * a <= e) by (unfold c; nra).
    destruct (Rlt_le_dec c 1) as [L|L]; [unfold c in L; nra|]. exfalso.
    assert (1 <= c * c) by nra. assert (0 <= e * (c * c - 1)) by nra. assert (Ha : a = 0) by nra. unfold c in L. subst a. lra.
Qed.

(** Gains that sum to C at least, most of them small: C of them are not. *)
Lemma gains_count {X} (f : X -> R) (P : X -> bool) (l : list X) (m C : nat) : (length l <= m)%nat -> (1 <= m)%nat ->
  (forall x, In x l -> f x <= 1) -> (forall x, In x l -> P x = false -> INR m * f x < 1) ->
  INR C <= sum f l -> (C <= length (filter P l))%nat.
Proof.
  intros Hl Hm H1 HP HC. assert (M : 1 <= INR m) by (apply (le_INR 1), Hm).
  assert (K : exists q, (length (filter P l) + q = length l)%nat /\
    (INR m * sum f l <= INR m * INR (length (filter P l)) + INR q) /\
    (q = 0%nat \/ INR m * sum f l < INR m * INR (length (filter P l)) + INR q)).
  { clear Hl HC. induction l as [|x l IH]; cbn [filter sum length].
    - exists 0%nat. simpl. split; [reflexivity|]. split; [lra|left; reflexivity].
    - destruct IH as (q & E & I1 & I2); [intros; apply H1; right; assumption|intros; apply HP; [right; assumption|assumption]|].
      pose proof (H1 x (or_introl eq_refl)) as Hx. destruct (P x) eqn:Px.
      + exists q. cbn [length]. rewrite !S_INR. split; [lia|]. assert (INR m * f x <= INR m) by nra.
        split; [lra|]. destruct I2 as [I2|I2]; [left; exact I2|right; lra].
      + pose proof (HP x (or_introl eq_refl) Px) as Hs. exists (S q). rewrite !S_INR. split; [lia|]. split; [lra|]. right. lra. }
  destruct K as (q & E & I1 & [->|I2]).
  - simpl in I1. apply INR_le. nra.
  - assert (Q : INR q <= INR m) by (apply le_INR; lia).
    assert (L : INR C < INR (length (filter P l)) + 1) by nra. rewrite <- S_INR in L. apply INR_lt in L. lia.
Qed.

Lemma sum_nonneg {X} (f : X -> R) l : (forall x, In x l -> 0 <= f x) -> 0 <= sum f l.
Proof.
  induction l as [|x l IH]; simpl; intros H; [lra|]. pose proof (H x (or_introl eq_refl)).
  assert (0 <= sum f l) by (apply IH; intros; apply H; right; assumption). lra.
Qed.

Lemma sum_member {X} (f : X -> R) l x : (forall y, In y l -> 0 <= f y) -> In x l -> f x <= sum f l.
Proof.
  induction l as [|y l IH]; simpl; intros H; [tauto|]. pose proof (H y (or_introl eq_refl)).
  assert (0 <= sum f l) by (apply sum_nonneg; intros; apply H; right; assumption).
  intros [<-|Hx]; [lra|]. assert (f x <= sum f l) by (apply IH; [intros; apply H; right; assumption|exact Hx]). lra.
Qed.

Lemma largest {X} (f : X -> R) l : l <> [] -> exists x, In x l /\ forall y, In y l -> f y <= f x.
Proof.
  induction l as [|x l IH]; [congruence|]. intros _. destruct l as [|y l'].
  - exists x. split; [left; reflexivity|]. intros y [<-|[]]. lra.
  - destruct IH as (z & Hz & M); [discriminate|]. destruct (Rle_lt_dec (f x) (f z)) as [L|L].
    + exists z. split; [right; exact Hz|]. intros w [<-|Hw]; auto.
    + exists x. split; [left; reflexivity|]. intros w [<-|Hw]; [lra|]. specialize (M w Hw). lra.
Qed.

(** ** Back: a neuron that comes down to gamma names a clique *)

Section Back.
  Context (G : coloured_graph) (W : well_formed_coloured G) (l : loss).

  Lemma excess_nonneg : 0 <= Q2R (excess G).
  Proof. unfold excess. rewrite Q2R_qn. apply pos_INR. Qed.

  Lemma copies_positive : 1 <= Q2R (copies G l).
  Proof.
    pose proof excess_nonneg as E. pose proof (pos_INR (length (useful G))). pose proof (pos_INR (2 * length (useful G))).
    unfold copies. destruct l; autorewrite with q2r; [lra|nra|].
    assert (0 <= INR (2 * length (useful G)) * INR (2 * length (useful G))) by nra. nra.
  Qed.

  (** What is said of values F within gamma: they cost gamma at most at each point of label 0, and the edges gain C. *)
  Lemma within (F : list Q -> R) : lacking G = false -> (2 <= classes G)%nat ->
    sum (fun p => let '(x, y, c) := p in Q2R c * loss_of l (F x) (Q2R y)) (mcclique_data G l) <= Q2R (mcclique_gamma G) ->
    (forall x, In x (quiet_points G) -> Q2R (copies G l) * loss_of l (F x) 0 <= Q2R (excess G)) /\
    INR (wanted G) <= sum (fun e => gain l (F (edge_point G e))) (useful G).
  Proof.
    intros HL HK. unfold mcclique_data, mcclique_gamma. rewrite HL. replace (Nat.leb (classes G) 1) with false
      by (symmetry; apply PeanoNat.Nat.leb_gt; lia). cbn [orb]. rewrite sum_app, !sum_map.
    set (q := fun x => Q2R (copies G l) * loss_of l (F x) 0).
    set (e := fun x => loss_of l (F (edge_point G x)) 1).
    rewrite (sum_ext _ q) by (intros; unfold q; rewrite Q2R_0'; reflexivity).
    rewrite (sum_ext _ e) by (intros; unfold e; rewrite Q2R_1'; ring). intros H.
    pose proof copies_positive as C.
    assert (Nq : forall x, In x (quiet_points G) -> 0 <= q x).
    { intros x _. unfold q. pose proof (loss_nonneg l (F x) 0). nra. }
    assert (Ne : forall x, In x (useful G) -> 0 <= e x) by (intros x _; apply loss_nonneg).
    split.
    - intros x Hx. fold (q x). pose proof (sum_member q _ x Nq Hx). pose proof (sum_nonneg e _ Ne). lra.
    - pose proof (sum_nonneg q _ Nq) as P.
      assert (S : sum (fun x => gain l (F (edge_point G x))) (useful G) = INR (length (useful G)) - sum e (useful G)).
      { clear. unfold gain. fold e. induction (useful G) as [|x u IH]; [simpl; lra|].
        cbn [sum length]. rewrite S_INR, IH. unfold e at 2. lra. }
      rewrite S. unfold lacking in HL. apply orb_false_iff in HL as [_ HL]. apply PeanoNat.Nat.ltb_ge in HL.
      unfold excess in H. rewrite Q2R_qn, minus_INR in H by exact HL. lra.
  Qed.

  Lemma wanted_positive : (2 <= classes G)%nat -> (1 <= wanted G)%nat.
  Proof.
    intros H. unfold wanted. apply PeanoNat.Nat.div_le_lower_bound; [discriminate|]. nia.
  Qed.

  Lemma enough_edges : lacking G = false -> (wanted G <= length (useful G))%nat.
  Proof. unfold lacking. intros H. apply orb_false_iff in H as [_ H]. apply PeanoNat.Nat.ltb_ge, H. Qed.

  (** A graph that lacks something has contradictory data; with one colour at most there is nothing to show. *)
  Lemma back_fixed (F : list Q -> R) :
    sum (fun p => let '(x, y, c) := p in Q2R c * loss_of l (F x) (Q2R y)) (mcclique_data G l) <= Q2R (mcclique_gamma G) ->
    (lacking G = false -> (2 <= classes G)%nat -> multicoloured_clique G) -> multicoloured_clique G.
  Proof.
    intros H Rest. destruct (lacking G) eqn:HL.
    - exfalso. unfold mcclique_data, mcclique_gamma in H. rewrite HL in H. cbn [orb sum] in H. rewrite Q2R_0', Q2R_1' in H.
      pose proof (loss_nonneg l (F (origin G)) 0) as P0. pose proof (loss_nonneg l (F (origin G)) 1) as P1.
      assert (E0 : loss_of l (F (origin G)) 0 <= 0) by lra. assert (E1 : loss_of l (F (origin G)) 1 <= 0) by lra.
      apply loss_zero in E0, E1. lra.
    - destruct (Compare_dec.le_lt_dec (classes G) 1) as [K|K]; [apply (few_colours G); assumption|]. apply Rest; [reflexivity|lia].
  Qed.

  Theorem relu_back : relu_trainable_to l (mcclique_gamma G) (2 * Nat.max (classes G) 1) 1 (mcclique_data G l) ->
    multicoloured_clique G.
  Proof.
    intros (N & HN & HF & H). apply (back_fixed (fun x => eval relu N (map Q2R x)) H). intros HL HK.
    destruct (within (fun x => eval relu N (map Q2R x)) HL HK H) as [Hq He].
    destruct N as [|n [|n' N]]; try discriminate. inversion HF as [|? ? [_ Ha] _]; subst. clear HF HN.
    assert (V : forall x, eval relu [n] (map Q2R x) = coef n * relu (at_point n x)).
    { intros x. unfold eval, at_point. simpl. ring. }
    pose proof (wanted_positive HK) as C. pose proof (enough_edges HL) as E.
    destruct Ha as [Ha|Ha].
    - destruct (largest (at_point n) (quiet_points G)) as (x0 & Hx0 & M); [discriminate|].
      set (eta := relu (at_point n x0)).
      assert (Heta : 0 <= eta) by apply Rmax_l.
      apply (edges_above G W n eta HK Heta).
      + intros x Hx. eapply Rle_trans; [apply M, Hx|apply Rmax_r].
      + apply (gains_count (fun e => gain l (eval relu [n] (map Q2R (edge_point G e)))) _ _ (length (useful G))); auto; try lia.
        * intros; apply gain_at_most.
        * intros e _ Hb. unfold above in Hb. destruct (Rlt_dec eta _) as [|L]; [discriminate|].
          apply (gain_small G l (eval relu [n] (map Q2R x0))); [lia|apply Hq, Hx0|].
          rewrite !V, Ha, !Rmult_1_l. fold eta. rewrite Rabs_pos_eq by exact Heta. apply Rmax_lub; lra.
    - exfalso. assert (F : (wanted G <= length (filter (fun _ => false) (useful G)))%nat).
      { apply (gains_count (fun e => gain l (eval relu [n] (map Q2R (edge_point G e)))) _ _ (length (useful G))); auto; try lia.
        - intros; apply gain_at_most.
        - intros e _ _. assert (gain l (eval relu [n] (map Q2R (edge_point G e))) <= 0).
          { apply gain_nothing. rewrite V, Ha. pose proof (Rmax_l 0 (at_point n (edge_point G e))) as P. unfold relu. lra. }
          pose proof (pos_INR (length (useful G))). nra. }
      replace (filter (fun _ => false) (useful G)) with (@nil (positive * positive)) in F; [simpl in F; lia|].
      clear. induction (useful G); auto.
  Qed.

  Theorem threshold_back : threshold_trainable_to l (mcclique_gamma G) (2 * Nat.max (classes G) 1) 1 (mcclique_data G l) ->
    multicoloured_clique G.
  Proof.
    intros (N & HN & _ & H). apply (back_fixed (fun x => eval step N (map Q2R x)) H). intros HL HK.
    destruct (within (fun x => eval step N (map Q2R x)) HL HK H) as [Hq He].
    destruct N as [|n [|n' N]]; try discriminate. clear HN.
    assert (V : forall x, eval step [n] (map Q2R x) = coef n * step (at_point n x)).
    { intros x. unfold eval, at_point. simpl. ring. }
    pose proof (wanted_positive HK) as C. pose proof (enough_edges HL) as E.
    destruct (largest (at_point n) (quiet_points G)) as (x0 & Hx0 & M); [discriminate|].
    destruct (Rlt_le_dec 0 (at_point n x0)) as [P|P].
    - exfalso. assert (F : (wanted G <= length (filter (fun _ => false) (useful G)))%nat).
      { apply (gains_count (fun e => gain l (eval step [n] (map Q2R (edge_point G e)))) _ _ (length (useful G))); auto; try lia.
        - intros; apply gain_at_most.
        - intros e _ _. apply (gain_small G l (eval step [n] (map Q2R x0))); [lia|apply Hq, Hx0|].
          rewrite !V, (step_pos _ P), Rmult_1_r. pose proof (Rabs_pos (coef n)). pose proof (Rle_abs (coef n)).
          unfold step. destruct (Rlt_dec _ _); lra. }
      replace (filter (fun _ => false) (useful G)) with (@nil (positive * positive)) in F; [simpl in F; lia|].
      clear. induction (useful G); auto.
    - apply (edges_above G W n 0 HK (Rle_refl 0)).
      + intros x Hx. eapply Rle_trans; [apply M, Hx|exact P].
      + apply (gains_count (fun e => gain l (eval step [n] (map Q2R (edge_point G e)))) _ _ (length (useful G))); auto; try lia.
        * intros; apply gain_at_most.
        * intros e _ Hb. unfold above in Hb. destruct (Rlt_dec 0 _) as [|L]; [discriminate|].
          assert (gain l (eval step [n] (map Q2R (edge_point G e))) <= 0).
          { apply gain_nothing. rewrite V, step_neg by lra. lra. }
          pose proof (pos_INR (length (useful G))). nra.
  Qed.
End Back.

(** ** Forth: a clique gives a neuron *)

(** Points of the circle. *)
Definition circle_x (t : R) : R := (1 - t * t) / (1 + t * t).
Definition circle_y (t : R) : R := 2 * t / (1 + t * t).

Lemma one_and_square t : 0 < 1 + t * t.
Proof. nra. Qed.

Lemma circle_product t s : circle_x t * circle_x s + circle_y t * circle_y s =
  1 - 2 * ((t - s) * (t - s)) / ((1 + t * t) * (1 + s * s)).
Proof. pose proof (one_and_square t). pose proof (one_and_square s). unfold circle_x, circle_y. field. split; lra. Qed.

Lemma circle_product_le t s : circle_x t * circle_x s + circle_y t * circle_y s <= 1.
Proof.
  rewrite circle_product. assert (0 <= 2 * ((t - s) * (t - s)) / ((1 + t * t) * (1 + s * s))); [|lra].
  apply Rmult_le_pos; [pose proof (Rle_0_sqr (t - s)); unfold Rsqr in *; lra|]. apply Rlt_le, Rinv_0_lt_compat, Rmult_lt_0_compat; apply one_and_square.
Qed.

Lemma circle_product_lt t s : t <> s -> circle_x t * circle_x s + circle_y t * circle_y s < 1.
Proof.
  intros D. rewrite circle_product. assert (0 < 2 * ((t - s) * (t - s)) / ((1 + t * t) * (1 + s * s))); [|lra].
  apply Rdiv_lt_0_compat; [|apply Rmult_lt_0_compat; apply one_and_square]. assert (0 < (t - s) * (t - s)); [|lra]. apply Rsqr_pos_lt. lra.
Qed.

(** Weights for one plane after the other. *)
Definition plane_weights (f : nat -> R * R) (start n : nat) : list R :=
  flat_map (fun i => [fst (f i); snd (f i)]) (seq start n).

Lemma plane_weights_length f n : forall start, length (plane_weights f start n) = (2 * n)%nat.
Proof.
  unfold plane_weights. induction n as [|n IH]; intros start; [reflexivity|]. cbn [seq flat_map].
  rewrite app_length, IH. cbn [length]. lia.
Qed.

Lemma dot_plane f (a b : Q) i : forall start n, (i < n)%nat ->
  dot (plane_weights f start n) (map Q2R (repeat 0%Q (2 * i) ++ [a; b] ++ repeat 0%Q (2 * (n - 1 - i)))) =
  fst (f (start + i)%nat) * Q2R a + snd (f (start + i)%nat) * Q2R b.
Proof.
  induction i as [|i IH]; intros start n H; destruct n as [|n]; try lia; unfold plane_weights; cbn [seq flat_map].
  - change (2 * 0)%nat with 0%nat. cbn [repeat app map dot]. rewrite dot_zeros, PeanoNat.Nat.add_0_r. ring.
  - fold (plane_weights f (S start) n). replace (2 * S i)%nat with (S (S (2 * i))) by lia.
    replace (S n - 1 - S i)%nat with (n - 1 - i)%nat by lia.
    cbn [repeat app map dot]. rewrite IH by lia. rewrite Q2R_0'. replace (start + S i)%nat with (S start + i)%nat by lia. ring.
Qed.

Section Geometry.
  Context (G : coloured_graph) (W : well_formed_coloured G).

  Lemma rank_less u v : In v (vertices G) -> colour G u = colour G v -> (u < v)%positive -> (rank G u < rank G v)%nat.
  Proof.
    intros Hv E L. unfold rank. rewrite <- E. apply in_first in Hv.
    pose proof (Pos2Nat.is_pos u) as Pu. apply Pos2Nat.inj_lt in L.
    set (i := pred (Pos.to_nat u)). set (j := pred (Pos.to_nat v)).
    assert (Hij : (i < j < length (colours G))%nat) by (unfold i, j; lia).
    assert (Hi : nth i (colours G) 1%positive = colour G u) by reflexivity.
    assert (S : firstn j (colours G) = firstn i (colours G) ++ colour G u :: firstn (j - i - 1) (skipn (S i) (colours G))).
    { rewrite <- Hi. clear Hi E Pu L Hv. destruct Hij as [H1 H2]. clearbody i j. revert i j H1 H2.
      induction (colours G) as [|c cs IH]; intros i j H1 H2; [simpl in H2; lia|].
      destruct j as [|j]; [lia|]. destruct i as [|i].
      - cbn [firstn nth skipn app]. replace (S j - 0 - 1)%nat with j by lia. reflexivity.
      - cbn [firstn nth app length] in *. f_equal. rewrite (IH i j) at 1 by lia. reflexivity. }
    rewrite S, count_occ_app. cbn [count_occ]. destruct (Pos.eq_dec (colour G u) (colour G u)); [lia|congruence].
  Qed.

  Lemma rank_different u v : In u (vertices G) -> In v (vertices G) -> colour G u = colour G v -> u <> v -> rank G u <> rank G v.
  Proof.
    intros Hu Hv E D. destruct (Pos.lt_total u v) as [L|[L|L]]; [|contradiction|].
    - pose proof (rank_less u v Hv E L). lia.
    - pose proof (rank_less v u Hu (eq_sym E) L). lia.
  Qed.

  Lemma most_positive v : In v (vertices G) -> (0 < most G)%nat.
  Proof.
    intros H. unfold most. assert (S (rank G v) <= list_max (map (fun v => S (rank G v)) (vertices G)))%nat; [|lia].
    apply (in_map (fun v => S (rank G v))) in H. revert H. generalize (S (rank G v)) (map (fun v => S (rank G v)) (vertices G)).
    intros a l H. pose proof (list_max_le l (list_max l)) as [F _]. rewrite Forall_forall in F. apply F; auto.
  Qed.

  Lemma parameter_value v : In v (vertices G) -> Q2R (parameter G v) = INR (rank G v) / INR (most G).
  Proof.
    intros H. apply most_positive, lt_0_INR in H. unfold parameter. rewrite Q2R_divide; autorewrite with q2r; [reflexivity|lra].
  Qed.

  Lemma ux_value v : Q2R (ux G v) = circle_x (Q2R (parameter G v)).
  Proof. pose proof (one_and_square (Q2R (parameter G v))). unfold ux, circle_x. rewrite Q2R_divide; autorewrite with q2r; [reflexivity|lra]. Qed.
  Lemma uy_value v : Q2R (uy G v) = circle_y (Q2R (parameter G v)).
  Proof. pose proof (one_and_square (Q2R (parameter G v))). unfold uy, circle_y. rewrite Q2R_divide; autorewrite with q2r; [reflexivity|lra]. Qed.

  Lemma product_value u v : Q2R (product G u v) =
    circle_x (Q2R (parameter G u)) * circle_x (Q2R (parameter G v)) + circle_y (Q2R (parameter G u)) * circle_y (Q2R (parameter G v)).
  Proof. unfold product. rewrite Q2R_plus, !Q2R_mult, !ux_value, !uy_value. reflexivity. Qed.

  Lemma product_le u v : Q2R (product G u v) <= 1.
  Proof. rewrite product_value. apply circle_product_le. Qed.

  Lemma product_same v : Q2R (product G v v) = 1.
  Proof.
    rewrite product_value, circle_product. set (t := Q2R (parameter G v)). replace (t - t) with 0 by ring. unfold Rdiv. ring.
  Qed.

  Lemma product_lt u v : In u (vertices G) -> In v (vertices G) -> colour G u = colour G v -> u <> v -> Q2R (product G u v) < 1.
  Proof.
    intros Hu Hv E D. rewrite product_value. apply circle_product_lt. rewrite !parameter_value by assumption.
    pose proof (most_positive v Hv) as M. apply lt_0_INR in M. intros H. apply (rank_different u v Hu Hv E D). apply INR_eq.
    apply Rmult_eq_reg_r with (/ INR (most G)); [exact H|]. apply Rinv_neq_0_compat. lra.
  Qed.

  Lemma product_closest u v : In u (vertices G) -> In v (vertices G) -> colour G u = colour G v -> u <> v ->
    Q2R (product G u v) <= Q2R (closest G).
  Proof.
    intros Hu Hv E D. destruct (fold_max (fun p => product G (fst p) (snd p)) (twos G) 0%Q) as (_ & M & _).
    destruct (twos_all G W u v Hu Hv E D) as [H|H]; apply M, Qle_Rle in H; cbn [fst snd] in H; [exact H|].
    replace (Q2R (product G u v)) with (Q2R (product G v u)); [exact H|]. rewrite !product_value. ring.
  Qed.

  Lemma closest_less : Q2R (closest G) < 1.
  Proof.
    destruct (fold_max (fun p => product G (fst p) (snd p)) (twos G) 0%Q) as (_ & _ & M).
    rewrite <- Q2R_1'. apply Qlt_Rlt, M; [reflexivity|]. intros (u, v) H. apply Rlt_Qlt. rewrite Q2R_1'. cbn [fst snd].
    apply twos_vertices in H as (Hu & Hv & E & D). apply product_lt; assumption.
  Qed.

  Lemma reach_geometry : 1 / 2 < Q2R (reach G) /\ Q2R (reach G) * (3 + Q2R (closest G)) <= 2.
  Proof.
    pose proof (closest_nonneg G) as H0. pose proof closest_less as H1. rewrite reach_value. set (c := Q2R (closest G)) in *.
    assert (E : 2 / (3 + c) * (3 + c) = 2) by (field; lra). set (q := 2 / (3 + c)) in *. clearbody q. split; nra.
  Qed.
End Geometry.

Section Forth.
  Context (G : coloured_graph) (W : well_formed_coloured G) (l : loss) (s : positive -> positive).
  Context (HV : forall c, In c (all_colours G) -> In (s c) (vertices G) /\ colour G (s c) = c).
  Context (HA : forall c c', In c (all_colours G) -> In c' (all_colours G) -> c <> c' -> adjacent G (s c) (s c')).

  Definition steepness : R := / (2 * Q2R (reach G) - 1).

  (** The neuron of the clique. *)
  Definition clique_neuron : neuron :=
    Neuron (plane_weights (fun i => let v := s (Pos.of_succ_nat i) in
              (steepness * Q2R (reach G) * Q2R (ux G v), steepness * Q2R (reach G) * Q2R (uy G v))) 0 (classes G))
           (- steepness) 1.

  Lemma steep : 0 < steepness /\ steepness * (2 * Q2R (reach G) - 1) = 1.
  Proof.
    pose proof (reach_geometry G) as [H _]. unfold steepness. split; [apply Rinv_0_lt_compat; lra|]. apply Rinv_l. lra.
  Qed.

  Lemma clique_sees v : In v (vertices G) ->
    seen G clique_neuron v = steepness * Q2R (reach G) * Q2R (product G (s (colour G v)) v).
  Proof.
    intros H. apply (vertex_colour G W) in H. apply in_first in H. pose proof (Pos2Nat.is_pos (colour G v)) as P.
    unfold seen, clique_neuron, vector. cbn [weights]. rewrite dot_plane by (unfold plane; lia). cbn [fst snd Nat.add].
    replace (Pos.of_succ_nat (plane G v)) with (colour G v).
    - unfold product. rewrite Q2R_plus, !Q2R_mult. ring.
    - unfold plane. apply Pos2Nat.inj. rewrite SuccNat2Pos.id_succ. lia.
  Qed.

  (** Whether the vertex is the chosen one of its colour. *)
  Lemma sees_chosen v : In v (vertices G) -> s (colour G v) = v -> Q2R (product G (s (colour G v)) v) = 1.
  Proof. intros _ ->. apply product_same. Qed.

  Lemma sees_other v : In v (vertices G) -> s (colour G v) <> v -> Q2R (product G (s (colour G v)) v) <= Q2R (closest G).
  Proof.
    intros Hv D. destruct (HV (colour G v) (vertex_colour G W v Hv)) as [H1 H2].
    apply (product_closest G W); auto.
  Qed.

  Lemma clique_quiet x : In x (quiet_points G) -> at_point clique_neuron x <= 0.
  Proof.
    pose proof (reach_between G) as R1. pose proof (reach_geometry G) as [R2 R3]. pose proof steep as [S1 S2].
    intros [<-|H]; [rewrite at_origin; cbn [clique_neuron bias]; lra|]. apply in_app_or in H as [H|H]; apply in_map_iff in H.
    - destruct H as (v & <- & Hv). rewrite at_vertex, clique_sees by assumption. cbn [clique_neuron bias].
      pose proof (product_le G (s (colour G v)) v) as P. set (p := Q2R (product G (s (colour G v)) v)) in *.
      replace (steepness * Q2R (reach G) * p / Q2R (reach G) + - steepness) with (steepness * (p - 1)) by (field; lra). nra.
    - destruct H as ((u, v) & <- & Hp). cbn [fst snd]. apply twos_vertices in Hp as (Hu & Hv & E & D).
      rewrite at_two, !clique_sees by assumption. cbn [clique_neuron bias].
      assert (P : Q2R (product G (s (colour G u)) u) + Q2R (product G (s (colour G v)) v) <= 1 + Q2R (closest G)).
      { destruct (Pos.eq_dec (s (colour G u)) u) as [Eu|Nu].
        - assert (Nv : s (colour G v) <> v) by congruence.
          pose proof (product_le G (s (colour G u)) u). pose proof (sees_other v Hv Nv). lra.
        - pose proof (product_le G (s (colour G v)) v). pose proof (sees_other u Hu Nu). lra. }
      set (p := Q2R (product G (s (colour G u)) u)) in *. set (q := Q2R (product G (s (colour G v)) v)) in *.
      set (r := Q2R (reach G)) in *. set (c := Q2R (closest G)) in *.
      assert (Z : (steepness * r * p + steepness * r * q) / (2 * (1 - r)) + - steepness =
                  steepness * ((r * (p + q) - 2 * (1 - r)) / (2 * (1 - r)))) by (field; lra).
      rewrite Z. assert (N : r * (p + q) - 2 * (1 - r) <= 0) by nra.
      assert (I : 0 < / (2 * (1 - r))) by (apply Rinv_0_lt_compat; lra). unfold Rdiv.
      assert ((r * (p + q) - 2 * (1 - r)) * / (2 * (1 - r)) <= 0) by nra. nra.
  Qed.

  Lemma clique_edge u v : In (u, v) (useful G) ->
    (u = s (colour G u) /\ v = s (colour G v) -> at_point clique_neuron (edge_point G (u, v)) = 1) /\
    (~ (u = s (colour G u) /\ v = s (colour G v)) -> at_point clique_neuron (edge_point G (u, v)) <= 0).
  Proof.
    intros H. destruct (useful_ends G W u v H) as [Hu Hv].
    pose proof (reach_between G) as R1. pose proof (reach_geometry G) as [R2 R3]. pose proof steep as [S1 S2].
    rewrite at_edge, !clique_sees by assumption. cbn [clique_neuron bias]. split.
    - intros [E1 E2]. rewrite (sees_chosen u), (sees_chosen v) by auto. lra.
    - intros N.
      assert (P : Q2R (product G (s (colour G u)) u) + Q2R (product G (s (colour G v)) v) <= 1 + Q2R (closest G)).
      { destruct (Pos.eq_dec (s (colour G u)) u) as [Eu|Nu].
        - assert (Nv : s (colour G v) <> v) by (intros Ev; apply N; auto).
          pose proof (product_le G (s (colour G u)) u). pose proof (sees_other v Hv Nv). lra.
        - pose proof (product_le G (s (colour G v)) v). pose proof (sees_other u Hu Nu). lra. }
      set (p := Q2R (product G (s (colour G u)) u)) in *. set (q := Q2R (product G (s (colour G v)) v)) in *.
      set (r := Q2R (reach G)) in *. set (c := Q2R (closest G)) in *.
      replace (steepness * r * p + steepness * r * q + - steepness) with (steepness * (r * (p + q) - 1)) by ring.
      assert (r * (p + q) - 1 <= 0) by nra. nra.
  Qed.

  (** It comes down to gamma, whatever the loss. *)
  Theorem clique_total act : (forall z, z <= 0 -> act z = 0) -> act 1 = 1 -> lacking G = false -> (2 <= classes G)%nat ->
    total_loss act l [clique_neuron] (mcclique_data G l) <= Q2R (mcclique_gamma G).
  Proof.
    intros A0 A1 HL HK. unfold mcclique_data, mcclique_gamma. rewrite HL. replace (Nat.leb (classes G) 1) with false
      by (symmetry; apply PeanoNat.Nat.leb_gt; lia). cbn [orb]. unfold total_loss. rewrite sum_app, !sum_map.
    assert (V : forall x, eval act [clique_neuron] (map Q2R x) = act (at_point clique_neuron x)).
    { intros x. unfold eval, at_point. simpl. ring. }
    rewrite (sum_zero _ (quiet_points G)).
    2:{ intros x Hx. rewrite V, A0 by (apply clique_quiet, Hx). rewrite Q2R_0'.
        assert (Z : loss_of l 0 0 = 0) by (destruct l; simpl; [destruct (Req_EM_T 0 0); lra|rewrite Rminus_0_r; apply Rabs_R0|ring]).
        rewrite Z. ring. }
    set (e := fun x => loss_of l (eval act [clique_neuron] (map Q2R (edge_point G x))) 1).
    rewrite (sum_ext _ e) by (intros; unfold e; rewrite Q2R_1'; ring).
    destruct (edges_of_clique G s HV HA) as (L & NL & IL & EL & CL).
    set (chosen := fun p : positive * positive => Pos.eqb (fst p) (s (colour G (fst p))) && Pos.eqb (snd p) (s (colour G (snd p)))).
    assert (Ie : forall p, In p (useful G) -> e p <= if chosen p then 0 else 1).
    { intros (u, v) Hp. destruct (clique_edge u v Hp) as [C1 C2]. unfold e. rewrite V. unfold chosen. cbn [fst snd].
      destruct (Pos.eqb_spec u (s (colour G u))) as [E1|E1]; [destruct (Pos.eqb_spec v (s (colour G v))) as [E2|E2]|]; cbn [andb].
      - rewrite C1, A1 by auto. apply loss_zero. reflexivity.
      - rewrite A0 by (apply C2; tauto). destruct l; simpl; [destruct (Req_EM_T 0 1); lra|rewrite Rabs_left; lra|lra].
      - rewrite A0 by (apply C2; tauto). destruct l; simpl; [destruct (Req_EM_T 0 1); lra|rewrite Rabs_left; lra|lra]. }
    assert (K : (wanted G <= length (filter chosen (useful G)))%nat).
    { rewrite <- EL. apply NoDup_incl_length; [exact NL|]. intros (u, v) Hp. apply filter_In. split; [apply IL, Hp|].
      destruct (CL u v Hp) as [E1 E2]. unfold chosen. cbn [fst snd]. rewrite <- E1, <- E2, !Pos.eqb_refl. reflexivity. }
    assert (S : sum e (useful G) + INR (length (filter chosen (useful G))) <= INR (length (useful G))).
    { revert Ie. clear. induction (useful G) as [|p u IH]; intros Ie; cbn [sum filter length]; [simpl; lra|].
      pose proof (Ie p (or_introl eq_refl)) as H. specialize (IH (fun q Hq => Ie q (or_intror Hq))). rewrite S_INR.
      destruct (chosen p); cbn [length]; rewrite ?S_INR; lra. }
    unfold lacking in HL. apply orb_false_iff in HL as [_ HL]. apply PeanoNat.Nat.ltb_ge in HL.
    unfold excess. rewrite Q2R_qn, minus_INR by exact HL. apply le_INR in K. lra.
  Qed.
End Forth.

(** One neuron of coefficient 1, for either activation. *)
Lemma clique_gives G l act : well_formed_coloured G -> (forall z, z <= 0 -> act z = 0) -> act 1 = 1 -> multicoloured_clique G ->
  exists n, length (weights n) = (2 * Nat.max (classes G) 1)%nat /\ coef n = 1 /\
    total_loss act l [n] (mcclique_data G l) <= Q2R (mcclique_gamma G).
Proof.
  intros W A0 A1 M. pose proof (clique_not_lacking G M) as HL.
  destruct (Compare_dec.le_lt_dec (classes G) 1) as [K|K].
  - exists (Neuron (repeat 0 (2 * Nat.max (classes G) 1)) 0 1). cbn [weights coef]. rewrite repeat_length.
    split; [reflexivity|]. split; [reflexivity|]. unfold mcclique_data, mcclique_gamma. rewrite HL.
    apply PeanoNat.Nat.leb_le in K. rewrite K. cbn [orb]. rewrite Q2R_0'. apply total_zero.
    + intros p c [E|[]]. injection E as _ <-. rewrite Q2R_1'. lra.
    + intros x y [E|[]]. injection E as <- <-. unfold eval, pre, origin. cbn [sum coef bias weights].
      rewrite dot_zeros, A0 by lra. rewrite Q2R_0'. ring.
  - destruct M as (s & HV & HA). exists (clique_neuron G s). split; [|split; [reflexivity|apply clique_total; auto; lia]].
    unfold clique_neuron. cbn [weights]. rewrite plane_weights_length. lia.
Qed.

(** ** Corollary 9 *)

Theorem one_relu G l : well_formed_coloured G ->
  relu_trainable_to l (mcclique_gamma G) (2 * Nat.max (classes G) 1) 1 (mcclique_data G l) <-> multicoloured_clique G.
Proof.
  intros W. split; [apply relu_back, W|]. intros M.
  destruct (clique_gives G l relu W relu_neg (relu_pos 1 Rle_0_1) M) as (n & L & C & T).
  exists [n]. split; [reflexivity|]. split; [|exact T]. constructor; [|constructor]. split; auto.
Qed.

Theorem corollary_9 G l : well_formed_coloured G ->
  threshold_trainable_to l (mcclique_gamma G) (2 * Nat.max (classes G) 1) 1 (mcclique_data G l) <-> multicoloured_clique G.
Proof.
  intros W. split; [apply threshold_back, W|]. intros M.
  destruct (clique_gives G l step W step_neg (step_pos 1 Rlt_0_1) M) as (n & L & C & T).
  exists [n]. split; [reflexivity|]. split; [|exact T]. constructor; [|constructor]. exact L.
Qed.

(** The dimension of the data. *)
Lemma mcclique_dimension G l x y c : well_formed_coloured G -> In (x, y, c) (mcclique_data G l) ->
  (length x <= 2 * Nat.max (classes G) 1)%nat.
Proof.
  intros W. assert (O : length (origin G) = (2 * Nat.max (classes G) 1)%nat) by apply repeat_length.
  assert (A : forall p q, (length (added p q) <= length p)%nat).
  { intros p. induction p as [|a p IH]; intros [|b q]; simpl; try lia. specialize (IH q). lia. }
  unfold mcclique_data. destruct (lacking G); [intros [E|[E|[]]]; injection E as <- <- <-; lia|].
  destruct (Nat.leb (classes G) 1); [intros [E|[]]; injection E as <- <- <-; lia|].
  rewrite in_app_iff, !in_map_iff. intros [(p & E & Hp)|((u, v) & E & Hp)]; injection E as <- <- <-.
  - destruct Hp as [<-|Hp]; [lia|]. apply in_app_or in Hp as [Hp|Hp]; apply in_map_iff in Hp.
    + destruct Hp as (v & <- & Hv). unfold scaled. rewrite map_length, (vector_length G W v Hv). lia.
    + destruct Hp as ((u, v) & <- & Hp). apply twos_vertices in Hp as (Hu & _). unfold scaled. rewrite map_length.
      specialize (A (vector G u) (vector G v)). rewrite (vector_length G W u Hu) in A. cbn [fst snd]. lia.
  - unfold edge_point. cbn [fst snd]. destruct (useful_ends G W u v Hp) as [Hu _].
    specialize (A (vector G u) (vector G v)). rewrite (vector_length G W u Hu) in A. lia.
Qed.
