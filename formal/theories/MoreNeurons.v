(** * Corollaries 9 and 10 with further neurons

    [with_far] adds far points that use T threshold neurons up ([FarLines]). What is left is [width] neurons and a constant:
    for Corollary 9 the graph still has a clique, so the equivalence holds for every number of neurons; for Corollary 10 two
    hyperplanes still separate the points, in the general sense. *)

From Coq Require Import Reals QArith Qreals PArith List Bool Lra Lia.
From Certify Require Import Semantics Separability Formula Padding TargetError FourRelus Multicolour OneNeuron FarLines.
Import ListNotations.
Open Scope R_scope.

(** Neurons that compute nothing make up the number. *)
Definition idle (d : nat) : neuron := Neuron (repeat 0 d) 0 0.

Lemma make_up d width : forall M, (length M <= width)%nat -> Forall (threshold_neuron d) M ->
  exists M', length M' = width /\ Forall (threshold_neuron d) M' /\ forall x, eval step M' x = eval step M x.
Proof.
  intros M HM HF. exists (M ++ repeat (idle d) (width - length M)). split; [rewrite app_length, repeat_length; lia|]. split.
  - apply Forall_app. split; [exact HF|]. apply Forall_forall. intros n Hn. apply repeat_spec in Hn. subst n. apply repeat_length.
  - intros x. unfold eval. rewrite sum_app. rewrite (sum_zero _ (repeat _ _)); [ring|]. intros n Hn. apply repeat_spec in Hn. subst n.
    simpl. ring.
Qed.

Lemma next_label j : (Q2R (far_label j) = 0 /\ Q2R (far_label (S j)) = 1) \/ (Q2R (far_label j) = 1 /\ Q2R (far_label (S j)) = 0).
Proof.
  unfold far_label. rewrite Nat.even_succ, <- Nat.negb_even. destruct (Nat.even j); cbn [negb]; rewrite Q2R_0', Q2R_1'; auto.
Qed.

(** ** Any data *)

Section Data.
  Context (width T d : nat) (D : data) (HD : forall x y, In (x, y) D -> (length x <= d)%nat).

  Lemma places_short x : In x (map fst D) -> (length x <= d)%nat.
  Proof. intros H. apply in_map_iff in H as ((x', y) & <- & H). exact (HD x' y H). Qed.

  Theorem further_neurons_forth : threshold_trainable d width D -> threshold_trainable (S d) (width + T) (with_far width T d D).
  Proof.
    intros (N & HN & HF & Fit).
    destruct (far_forth width T d _ places_short N HN HF) as (N' & HN' & HF' & V & Far).
    exists N'. split; [exact HN'|]. split; [exact HF'|]. unfold with_far. apply fits_app. split.
    - intros x y Hin. apply in_map_iff in Hin as ((x', y') & E & Hin). injection E as <- <-. cbn [fst snd].
      etransitivity; [exact (V x' (in_map fst _ _ Hin))|apply Fit, Hin].
    - intros x y Hin. apply in_flat_map in Hin as (i & Hi & Hin). apply in_map_iff in Hin as (j & E & Hj). injection E as <- <-.
      apply in_seq in Hi. apply in_seq in Hj. apply Far; lia.
  Qed.

  Theorem further_neurons : threshold_trainable (S d) (width + T) (with_far width T d D) ->
    exists c M, (length M <= width)%nat /\ Forall (threshold_neuron d) M /\
      forall x y, In (x, y) D -> c + eval step M (map Q2R x) = Q2R y.
  Proof.
    intros (N & HN & HF & Fit). apply fits_app in Fit as [FitD FitF].
    destruct (far_values width T d _ places_short N HN HF) as (c & M & HM & HFM & V).
    { intros i j Hi Hj. assert (L : forall k, (k <= T)%nat -> eval step N (map Q2R (far_point (far_height width T d (map fst D)) d i k)) = Q2R (far_label k)).
      { intros k Hk. apply FitF. apply in_flat_map. exists i. split; [apply in_seq; lia|]. apply in_map_iff. exists k. split; [reflexivity|apply in_seq; lia]. }
      rewrite !L by lia. destruct (next_label j) as [[E1 E2]|[E1 E2]]; rewrite E1, E2; lra. }
    exists c, M. split; [exact HM|]. split; [exact HFM|]. intros x y Hin. rewrite <- (V x (in_map fst _ _ Hin)).
    apply FitD. apply in_map_iff. exists (x, y). auto.
  Qed.
End Data.

(** ** Corollary 10 *)

Section Points.
  Context (d T : nat) (Q P : points) (HQ : all_in_dim d Q) (HP : all_in_dim d P).

  Lemma labelled_short x y : In (x, y) (labelled Q P) -> (length x <= d)%nat.
  Proof.
    intros H. apply in_app_or in H as [H|H]; apply in_map_iff in H as (z & E & Hz); injection E as <- _; [rewrite (HQ _ Hz)|rewrite (HP _ Hz)]; lia.
  Qed.

  Theorem corollary_10_more_forth : restricted d Q P \/ restricted d P Q ->
    threshold_trainable (S d) (2 + T) (with_far 2 T d (labelled Q P)).
  Proof. intros H. apply further_neurons_forth; [exact labelled_short|]. apply corollary_10, H. Qed.

  Theorem corollary_10_more_back : threshold_trainable (S d) (2 + T) (with_far 2 T d (labelled Q P)) -> separable d Q P.
  Proof.
    intros H. apply further_neurons in H as (c & M & HM & HFM & V); [|exact labelled_short].
    destruct (make_up d 2 M HM HFM) as (M' & HM' & HFM' & E).
    destruct M' as [|n1 [|n2 [|]]]; try discriminate. inversion HFM' as [|? ? D1 H' _X]; subst. inversion H' as [|? ? D2 _ _X]; subst. clear HFM' H' HM'.
    assert (W : forall x y, In (x, y) (labelled Q P) ->
              c + (coef n1 * step (side (weights n1, bias n1) (real x)) + coef n2 * step (side (weights n2, bias n2) (real x))) = Q2R y).
    { intros x y Hin. rewrite <- (V x y Hin), <- E. unfold eval, pre, side, real. simpl. ring. }
    destruct (free_of_points (weights n1, bias n1) (Q ++ P)) as (e1 & _ & F1).
    destruct (free_of_points (weights n2, bias n2) (Q ++ P)) as (e2 & _ & F2).
    exists (shift e1 (weights n1, bias n1)), (shift e2 (weights n2, bias n2)).
    split; [exact D1|]. split; [exact D2|]. split.
    - intros x Hx. destruct (F1 x Hx) as [A1 A2], (F2 x Hx) as [B1 B2]. split.
      + destruct (Rlt_le_dec 0 (side (weights n1, bias n1) (real x))) as [H|H]; [specialize (A1 H)|specialize (A2 H)]; lra.
      + destruct (Rlt_le_dec 0 (side (weights n2, bias n2) (real x))) as [H|H]; [specialize (B1 H)|specialize (B2 H)]; lra.
    - intros q p Hq Hp.
      assert (Wq := W q 1%Q (in_or_app _ _ _ (or_introl (in_map (fun q => (q, 1%Q)) Q q Hq)))).
      assert (Wp := W p 0%Q (in_or_app _ _ _ (or_intror (in_map (fun q => (q, 0%Q)) P p Hp)))).
      rewrite Q2R_1' in Wq. rewrite Q2R_0' in Wp.
      destruct (F1 q (in_or_app _ _ _ (or_introl Hq))) as [A1 A2], (F1 p (in_or_app _ _ _ (or_intror Hp))) as [A3 A4].
      destruct (F2 q (in_or_app _ _ _ (or_introl Hq))) as [B1 B2], (F2 p (in_or_app _ _ _ (or_intror Hp))) as [B3 B4].
      unfold step in Wq, Wp.
      destruct (Rlt_dec 0 (side (weights n1, bias n1) (real q))) as [H1|H1], (Rlt_dec 0 (side (weights n1, bias n1) (real p))) as [H2|H2].
      2,3: left; try apply Rnot_lt_le in H1; try apply Rnot_lt_le in H2;
           repeat match goal with H : 0 < ?a -> _, K : 0 < ?a |- _ => specialize (H K) | H : ?a <= 0 -> _, K : ?a <= 0 |- _ => specialize (H K) end; nra.
      all: right; destruct (Rlt_dec 0 (side (weights n2, bias n2) (real q))) as [H3|H3], (Rlt_dec 0 (side (weights n2, bias n2) (real p))) as [H4|H4]; try lra;
           try apply Rnot_lt_le in H3; try apply Rnot_lt_le in H4;
           repeat match goal with H : 0 < ?a -> _, K : 0 < ?a |- _ => specialize (H K) | H : ?a <= 0 -> _, K : ?a <= 0 |- _ => specialize (H K) end; nra.
  Qed.
End Points.

(** ** Corollary 9 *)

(** Far points count so often that two of them with labels 0 and 1 and one value cost more than gamma. *)
Definition far_copies (l : loss) (gamma : Q) : Q := match l with L2 => (2 * (gamma + 1))%Q | _ => (gamma + 1)%Q end.

Definition with_far_weighted (width T d : nat) (c : Q) (D : weighted_data) : weighted_data :=
  pad_weighted 1 D ++ map (fun p => (p, c)) (far_points (far_height width T d (map fst (map fst D))) width T d).

Definition mcclique_more (G : coloured_graph) (l : loss) (T : nat) : weighted_data :=
  with_far_weighted 1 T (2 * Nat.max (classes G) 1) (far_copies l (mcclique_gamma G)) (mcclique_data G l).

Lemma sum_adjacent (f : nat -> R) T j : (forall k, 0 <= f k) -> (j < T)%nat -> f j + f (S j) <= sum f (seq 0 (S T)).
Proof.
  intros H Hj. replace (S T) with (j + (2 + (T - 1 - j)))%nat by lia. rewrite seq_app, sum_app. cbn [Nat.add seq sum].
  pose proof (sum_nonneg f (seq 0 j) (fun k _ => H k)). pose proof (sum_nonneg f (seq (S (S j)) (T - 1 - j)) (fun k _ => H k)). lra.
Qed.

Lemma gamma_nonneg G : 0 <= Q2R (mcclique_gamma G).
Proof. unfold mcclique_gamma. destruct (lacking G || Nat.leb (classes G) 1); [rewrite Q2R_0'; lra|apply excess_nonneg]. Qed.

Lemma two_labels l v g : 0 <= g -> g < Q2R (far_copies l 0) * (g + 1) * loss_of l v 0 + Q2R (far_copies l 0) * (g + 1) * loss_of l v 1.
Proof.
  intros Hg. unfold far_copies. destruct l; cbn [loss_of]; autorewrite with q2r.
  - destruct (Req_EM_T v 0), (Req_EM_T v 1); lra.
  - assert (1 <= Rabs (v - 0) + Rabs (v - 1)) by (unfold Rabs; destruct (Rcase_abs (v - 0)), (Rcase_abs (v - 1)); lra). nra.
  - set (s := 2 * ((v - 0) * (v - 0) + (v - 1) * (v - 1))).
    assert (H : 1 <= s) by (pose proof (Rle_0_sqr (2 * v - 1)); unfold s, Rsqr in *; lra).
    apply Rlt_le_trans with ((g + 1) * s); [|apply Req_le; unfold s; ring]. clearbody s. nra.
Qed.

Lemma far_copies_value l gamma : Q2R (far_copies l gamma) = Q2R (far_copies l 0) * (Q2R gamma + 1).
Proof. unfold far_copies. destruct l; autorewrite with q2r; ring. Qed.

Section Colours.
  Context (G : coloured_graph) (W : well_formed_coloured G) (l : loss).

  (** One threshold neuron and a constant that come down to gamma name a clique, too. *)
  Theorem constant_back (n : neuron) (c : R) :
    sum (fun p => let '(x, y, m) := p in Q2R m * loss_of l (c + coef n * step (at_point n x)) (Q2R y)) (mcclique_data G l) <= Q2R (mcclique_gamma G) ->
    multicoloured_clique G.
  Proof.
    intros H. apply (back_fixed G l (fun x => c + coef n * step (at_point n x)) H). intros HL HK.
    destruct (within G l (fun x => c + coef n * step (at_point n x)) HL HK H) as [Hq He]. cbv beta in Hq, He.
    pose proof (wanted_positive G HK) as C. pose proof (enough_edges G HL) as E.
    destruct (largest (at_point n) (quiet_points G)) as (x1 & Hx1 & M1); [discriminate|].
    destruct (largest (fun x => - at_point n x) (quiet_points G)) as (x0 & Hx0 & M0); [discriminate|]. cbv beta in M0.
    assert (Count : forall b, (forall e, b e = false -> c + coef n * step (at_point n (edge_point G e)) <= Rabs (c + coef n * step (at_point n x0)) \/
                                          c + coef n * step (at_point n (edge_point G e)) <= Rabs (c + coef n * step (at_point n x1))) ->
              (wanted G <= length (filter b (useful G)))%nat).
    { intros b Hb. apply (gains_count (fun e => gain l (c + coef n * step (at_point n (edge_point G e)))) _ _ (length (useful G))); auto; try lia.
      - intros; apply gain_at_most.
      - intros e _ Hf. destruct (Hb e Hf) as [B|B].
        + apply (gain_small G l (c + coef n * step (at_point n x0))); [lia|apply Hq, Hx0|exact B].
        + apply (gain_small G l (c + coef n * step (at_point n x1))); [lia|apply Hq, Hx1|exact B]. }
    destruct (Rlt_le_dec 0 (at_point n x1)) as [P1|P1]; [destruct (Rlt_le_dec 0 (at_point n x0)) as [P0|P0]|].
    - (* on at all points of label 0 *)
      set (m := at_point n x0) in *. set (n' := Neuron (map Ropp (weights n)) (- bias n + m) 1).
      assert (V : forall x, at_point n' x = m - at_point n x).
      { intros x. unfold at_point, pre, n'. cbn [weights bias]. rewrite dot_opp. ring. }
      apply (edges_above G W n' 0 HK (Rle_refl 0)).
      + intros x Hx. specialize (M0 x Hx). rewrite V. lra.
      + apply Count. intros e Hb. right. unfold above in Hb. rewrite V in Hb. destruct (Rlt_dec 0 _) as [|L]; [discriminate|].
        rewrite (step_pos (at_point n x1)), step_pos by lra. apply Rle_abs.
    - (* on at some of them and off at others *)
      exfalso. assert (F : (wanted G <= length (filter (fun _ => false) (useful G)))%nat).
      { apply Count. intros e _. rewrite (step_pos (at_point n x1)), (step_neg (at_point n x0)) by lra.
        destruct (Rlt_le_dec 0 (at_point n (edge_point G e))); [right; rewrite step_pos by lra|left; rewrite step_neg by lra]; apply Rle_abs. }
      replace (filter (fun _ => false) (useful G)) with (@nil (positive * positive)) in F; [simpl in F; lia|].
      clear. induction (useful G); auto.
    - (* off at all of them *)
      apply (edges_above G W n 0 HK (Rle_refl 0)).
      + intros x Hx. eapply Rle_trans; [apply M1, Hx|exact P1].
      + apply Count. intros e Hb. right. unfold above in Hb. destruct (Rlt_dec 0 _) as [|L]; [discriminate|].
        rewrite (step_neg (at_point n x1)), step_neg by lra. apply Rle_abs.
  Qed.

  Lemma mcclique_short x : In x (map fst (map fst (mcclique_data G l))) -> (length x <= 2 * Nat.max (classes G) 1)%nat.
  Proof.
    rewrite map_map. intros H. apply in_map_iff in H as (((x', y), c) & <- & H). cbn [fst].
    eapply mcclique_dimension; eassumption.
  Qed.

  (** With T neurons more. *)
  Theorem corollary_9_more (T : nat) :
    threshold_trainable_to l (mcclique_gamma G) (S (2 * Nat.max (classes G) 1)) (1 + T) (mcclique_more G l T) <-> multicoloured_clique G.
  Proof.
    set (d := (2 * Nat.max (classes G) 1)%nat). set (g := mcclique_gamma G). set (X := map fst (map fst (mcclique_data G l))).
    pose proof (gamma_nonneg G) as Hg. fold g in Hg.
    assert (Split : forall N, total_loss step l N (mcclique_more G l T) =
      total_loss step l N (pad_weighted 1 (mcclique_data G l)) +
      sum (fun i => sum (fun j => Q2R (far_copies l g) * loss_of l (eval step N (map Q2R (far_point (far_height 1 T d X) d i j))) (Q2R (far_label j))) (seq 0 (S T))) (seq 0 (lines 1 d))).
    { intros N. unfold mcclique_more, with_far_weighted, total_loss. rewrite sum_app, sum_map. f_equal. unfold far_points.
      rewrite sum_flat_map. apply sum_ext. intros i _. rewrite sum_map. reflexivity. }
    assert (Copies : 0 < Q2R (far_copies l g)).
    { unfold far_copies. destruct l; autorewrite with q2r; lra. }
    split.
    - intros (N & HN & HF & H). rewrite Split in H.
      assert (Row : forall i j, 0 <= Q2R (far_copies l g) * loss_of l (eval step N (map Q2R (far_point (far_height 1 T d X) d i j))) (Q2R (far_label j))).
      { intros i j. apply Rmult_le_pos; [lra|apply loss_nonneg]. }
      assert (Rows : forall i, In i (seq 0 (lines 1 d)) -> 0 <= sum (fun j => Q2R (far_copies l g) * loss_of l (eval step N (map Q2R (far_point (far_height 1 T d X) d i j))) (Q2R (far_label j))) (seq 0 (S T))).
      { intros i _. apply sum_nonneg. intros j _. apply Row. }
      pose proof (sum_nonneg _ _ Rows) as R0.
      assert (D0 : 0 <= total_loss step l N (pad_weighted 1 (mcclique_data G l))).
      { apply total_nonneg. intros p c Hin. apply in_map_iff in Hin as (((x, y), c') & E & Hin). injection E as _ <-.
        revert Hin. unfold mcclique_data. pose proof (copies_positive G l) as P.
        destruct (lacking G); [intros [E|[E|[]]]; injection E as _ _ <-; rewrite Q2R_1'; lra|].
        destruct (Nat.leb (classes G) 1); [intros [E|[]]; injection E as _ _ <-; rewrite Q2R_1'; lra|].
        rewrite in_app_iff, !in_map_iff. intros [(x' & E & _)|(x' & E & _)]; injection E as _ _ <-; rewrite ?Q2R_1'; lra. }
      destruct (far_values 1 T d X mcclique_short N HN HF) as (c & M & HM & HFM & V).
      { intros i j Hi Hj E.
        assert (Hi' : In i (seq 0 (lines 1 d))) by (apply in_seq; lia).
        pose proof (sum_member _ _ i Rows Hi') as S1. cbv beta in S1.
        pose proof (sum_adjacent _ T j (Row i) Hj) as S2. cbv beta in S2. rewrite <- E in S2.
        set (v := eval step N (map Q2R (far_point (far_height 1 T d X) d i j))) in *.
        pose proof (two_labels l v (Q2R g) Hg) as TL. rewrite <- far_copies_value in TL.
        destruct (next_label j) as [[E1 E2]|[E1 E2]]; rewrite E1, E2 in S2; lra. }
      destruct (make_up d 1 M HM HFM) as (M' & HM' & _ & E). destruct M' as [|n [|]]; try discriminate.
      apply (constant_back n c). eapply Rle_trans; [|apply (Rle_trans _ (total_loss step l N (pad_weighted 1 (mcclique_data G l)))); [apply Req_le; reflexivity|fold g; lra]].
      apply Req_le. unfold total_loss, pad_weighted. rewrite sum_map. apply sum_ext. intros ((x, y), m) Hin.
      rewrite (V x) by (apply (in_map fst _ _ (in_map fst _ _ Hin))). rewrite <- E. unfold eval, at_point. simpl. f_equal. f_equal. ring.
    - intros M. apply (corollary_9 G l W) in M as (N & HN & HF & H).
      destruct (far_forth 1 T d X mcclique_short N HN HF) as (N' & HN' & HF' & V & Far).
      exists N'. split; [exact HN'|]. split; [exact HF'|]. rewrite Split.
      rewrite (sum_zero _ (seq 0 (lines 1 d))).
      + rewrite Rplus_0_r. eapply Rle_trans; [|exact H]. apply Req_le. unfold total_loss, pad_weighted. rewrite sum_map. apply sum_ext.
        intros ((x, y), m) Hin. rewrite (V x) by (apply (in_map fst _ _ (in_map fst _ _ Hin))). reflexivity.
      + intros i Hi. apply sum_zero. intros j Hj. apply in_seq in Hi. apply in_seq in Hj. rewrite Far by lia.
        assert (Z : loss_of l (Q2R (far_label j)) (Q2R (far_label j)) <= 0) by (apply loss_zero; reflexivity).
        pose proof (loss_nonneg l (Q2R (far_label j)) (Q2R (far_label j))) as P.
        replace (loss_of l (Q2R (far_label j)) (Q2R (far_label j))) with 0 by lra. ring.
  Qed.
End Colours.
