(** * From a clique to two hyperplanes

    For a clique u_1, ..., u_k let w be the sum of the vectors m_(u_i), one in each plane, times s (t^2 + 1), where
    s = 1 + 1/(2 t^2). The points of Q lie between the hyperplanes w . x = 1 and w . x = -1, those of P outside: the
    restricted form (3), (4) of the paper. *)

From Coq Require Import Reals QArith Qreals List Lia Lra Psatz Arith Bool.
From Certify Require Import Semantics Separability FourRelus Graphs Rotation Circles.
Import ListNotations.
Open Scope R_scope.

Definition product (a b : R * R) : R := fst a * fst b + snd a * snd b.

Lemma Rabs_within a b : Rabs a <= b -> - b <= a <= b.
Proof. unfold Rabs. destruct (Rcase_abs a); lra. Qed.

(** ** A linear form by its coefficients in each plane *)

Definition coefficients (k : nat) (F : nat -> R * R) : list R := flat_map (fun i => [fst (F i); snd (F i)]) (seq 0 k).

Lemma coefficients_length k F : length (coefficients k F) = (2 * k)%nat.
Proof.
  unfold coefficients. assert (E : forall m a, length (flat_map (fun i => [fst (F i); snd (F i)]) (seq a m)) = (2 * m)%nat); [|apply E].
  induction m as [|m IH]; intros a; [reflexivity|]. cbn [seq flat_map app length]. rewrite IH. lia.
Qed.

Lemma part_coefficients k F i p : (i < k)%nat -> part (coefficients k F) i p = product (F i) p.
Proof.
  intros H. unfold part, coefficients, product.
  assert (E : forall a m, (i < a + m)%nat -> (a <= i)%nat ->
    nth (2 * (i - a)) (flat_map (fun i => [fst (F i); snd (F i)]) (seq a m)) 0 = fst (F i) /\
    nth (S (2 * (i - a))) (flat_map (fun i => [fst (F i); snd (F i)]) (seq a m)) 0 = snd (F i)).
  { intros a m; revert a. induction m as [|m IH]; intros a H1 H2; [lia|]. cbn [seq flat_map app].
    destruct (Nat.eq_dec i a) as [->|N]; [rewrite Nat.sub_diag; auto|].
    specialize (IH (S a) ltac:(lia) ltac:(lia)). replace (2 * (i - a))%nat with (S (S (2 * (i - S a)))) by lia. exact IH. }
  destruct (E 0%nat k) as [E1 E2]; [lia|lia|]. rewrite Nat.sub_0_r in E1, E2. rewrite E1, E2. reflexivity.
Qed.

(** ** One circle *)

Section Circle.
  Context (T : nat) (HT : (2 <= T)%nat).
  Let t := INR T.
  Let N := length (arc T).
  Let w := t * t + 1.
  Let c := (t * t - 1) / w.
  Let Ht : 2 <= t := t_positive T HT.
  Let HN : half_turn t N := arc_half_turn T HT.

  Definition place (x : nat) : R * R := (cosines t x, sines t x).

  Lemma point_place x : r2 (point T x) = place x.
  Proof. rewrite point_R by exact HT. reflexivity. Qed.

  Lemma w_large : 5 <= w.
  Proof. unfold w. nra. Qed.

  Lemma gram j : forall a, product (place a) (place (a + j)) = cosines t j.
  Proof.
    induction a as [|a IH]; unfold product, place in *; cbn [fst snd] in *.
    - rewrite cosines_0, sines_0. cbn [Nat.add]. ring.
    - cbn [Nat.add]. rewrite !(cosines_S t Ht), !(sines_S t Ht). rewrite <- IH. pose proof w_large as W. unfold w in W. field. lra.
  Qed.

  (** m_x *)
  Definition chord (x : nat) : R * R :=
    let q := if Nat.eq_dec x N then (-1, 0) else place x in
    ((fst q - fst (place (pred x))) / 2, (snd q - snd (place (pred x))) / 2).

  Lemma product_sym a b : product a b = product b a.
  Proof. unfold product. ring. Qed.

  Lemma chord_product u v : (u < N)%nat -> product (chord u) v = (product (place u) v - product (place (pred u)) v) / 2.
  Proof. intros H. unfold chord, product. destruct (Nat.eq_dec u N); [lia|]. cbn [fst snd]. field. Qed.

  Lemma after u j : (1 <= u < N)%nat -> product (chord u) (place (u + j)) = chords t j / w.
  Proof.
    intros H. rewrite chord_product by lia. rewrite gram. replace (u + j)%nat with (pred u + S j)%nat at 1 by lia.
    rewrite gram, (chord_step t Ht). pose proof w_large as W. unfold w in *. field. lra.
  Qed.
  Lemma before u x j : (u < N)%nat -> u = S (x + j) -> product (chord u) (place x) = - (chords t j / w).
  Proof.
    intros H E. rewrite chord_product by lia. rewrite !(product_sym _ (place x)), E. cbn [pred]. rewrite gram.
    replace (S (x + j)) with (x + S j)%nat by lia. rewrite gram. pose proof (chord_step t Ht j) as C.
    replace (cosines t (S j) - cosines t j) with (- (2 * chords t j / w)) by (unfold w; lra). pose proof w_large as W. field. lra.
  Qed.

  (** All points of P are at least as far as the two ends of the chord. *)
  Lemma points_outside u x : (1 <= u < N)%nat -> (x < N)%nat -> 1 <= Rabs (w * product (chord u) (place x)).
  Proof.
    intros Hu Hx. pose proof w_large as W. destruct (le_lt_dec u x) as [L|L].
    - replace x with (u + (x - u))%nat by lia. rewrite after by exact Hu.
      pose proof (chords_least t Ht N HN (x - u) ltac:(lia)) as C.
      replace (w * (chords t (x - u) / w)) with (chords t (x - u)) by (field; lra). rewrite Rabs_pos_eq; lra.
    - rewrite (before u x (u - 1 - x)) by lia. pose proof (chords_least t Ht N HN (u - 1 - x) ltac:(lia)) as C.
      replace (w * - (chords t (u - 1 - x) / w)) with (- chords t (u - 1 - x)) by (field; lra). rewrite Rabs_Ropp, Rabs_pos_eq; lra.
  Qed.

  (** Not very far. *)
  Lemma points_near u x : (1 <= u < N)%nat -> (x < N)%nat -> Rabs (w * product (chord u) (place x)) <= w.
  Proof.
    intros Hu Hx. pose proof w_large as W.
    assert (B : forall j, Rabs (chords t j) <= w).
    { intros j. unfold chords. pose proof (circle_norm t Ht j). pose proof (cosines_bounded t Ht j).
      assert (-1 <= sines t j <= 1) by (split; nra). apply Rabs_le. unfold w. split; nra. }
    destruct (le_lt_dec u x) as [L|L].
    - replace x with (u + (x - u))%nat by lia. rewrite after by exact Hu.
      replace (w * (chords t (x - u) / w)) with (chords t (x - u)) by (field; lra). apply B.
    - rewrite (before u x (u - 1 - x)) by lia.
      replace (w * - (chords t (u - 1 - x) / w)) with (- chords t (u - 1 - x)) by (field; lra). rewrite Rabs_Ropp. apply B.
  Qed.

  Lemma chords_S j : chords t (S j) - chords t j = 2 * cosines t (S j).
  Proof.
    unfold chords. rewrite !(cosines_S t Ht), !(sines_S t Ht). pose proof w_large as W. unfold w in W. field. lra.
  Qed.

  Lemma chord_product_r u v : (u < N)%nat -> product v (chord u) = (product v (place u) - product v (place (pred u))) / 2.
  Proof. intros H. rewrite product_sym, chord_product by exact H. rewrite !(product_sym v). reflexivity. Qed.

  Lemma own_chord u : (1 <= u < N)%nat -> w * product (chord u) (chord u) = 1.
  Proof.
    intros H. rewrite chord_product_r by lia. replace (place u) with (place (u + 0)) at 1 by (f_equal; lia).
    rewrite after, (before u (pred u) 0) by lia. assert (C : chords t 0 = 1) by (unfold chords; rewrite cosines_0, sines_0; ring).
    rewrite C. pose proof w_large. field. lra.
  Qed.

  Lemma in_range j y : (1 <= j)%nat -> (S j < N)%nat -> y = cosines t j -> Rabs y <= c.
  Proof. intros H1 H2 ->. apply Rabs_le. exact (cosines_range t Ht N HN j H1 H2). Qed.

  Lemma other_chord u x : (1 <= u < N)%nat -> (1 <= x <= N)%nat -> u <> x -> Rabs (w * product (chord u) (chord x)) <= c.
  Proof.
    intros Hu Hx Ne. pose proof w_large as W. destruct (Nat.eq_dec x N) as [->|Nx].
    - assert (E : w * product (chord u) (chord N) = (chords t (u - 1) - chords t (N - 1 - u)) / 2).
      { replace (product (chord u) (chord N)) with ((- product (chord u) (place 0) - product (chord u) (place (u + (N - 1 - u)))) / 2).
        - rewrite after, (before u 0 (u - 1)) by lia. field. lra.
        - replace (u + (N - 1 - u))%nat with (pred N) by lia. set (a := chord u). unfold chord, product, place.
          destruct (Nat.eq_dec N N); [|lia]. cbn [fst snd]. rewrite cosines_0, sines_0. field. }
      rewrite E. pose proof (chords_apart t Ht N HN (u - 1) (N - 1 - u) ltac:(lia)) as A.
      pose proof (chords_apart t Ht N HN (N - 1 - u) (u - 1) ltac:(lia)) as B. apply Rabs_le. fold w in A, B. fold c in A, B. lra.
    - rewrite chord_product_r by lia. destruct (le_lt_dec u x) as [L|L].
      + apply (in_range (x - u)); [lia|lia|]. replace (place x) with (place (u + (x - u))) by (f_equal; lia).
        replace (place (pred x)) with (place (u + (x - 1 - u))) by (f_equal; lia). rewrite !after by exact Hu.
        pose proof (chords_S (x - 1 - u)) as C. replace (S (x - 1 - u)) with (x - u)%nat in C by lia.
        replace (cosines t (x - u)) with ((chords t (x - u) - chords t (x - 1 - u)) / 2) by lra. field. lra.
      + apply (in_range (u - x)); [lia|lia|]. rewrite (before u x (u - x - 1)), (before u (pred x) (u - x)) by lia.
        pose proof (chords_S (u - x - 1)) as C. replace (S (u - x - 1)) with (u - x)%nat in C by lia.
        replace (cosines t (u - x)) with ((chords t (u - x) - chords t (u - x - 1)) / 2) by lra. field. lra.
  Qed.

  (** s, and what it leaves *)
  Let s := 1 + 1 / (2 * (t * t)).

  (** What is left between the points and the hyperplanes. *)
  Let mu := 1 / (2 * w).

  Lemma s_range : 1 + mu <= s <= 3 / 2 /\ s * c <= s * (1 + c) / 2 /\ s * (1 + c) / 2 = 1 - mu /\ 0 < mu < 1 / 2.
  Proof.
    pose proof w_large as W. assert (T4 : 4 <= t * t) by nra.
    assert (M : 0 < mu < 1 / 2).
    { unfold mu. split; [apply Rdiv_lt_0_compat; lra|]. unfold Rdiv. rewrite !Rmult_1_l. apply Rinv_lt_contravar; lra. }
    assert (S1 : mu <= 1 / (2 * (t * t)) <= 1 / 2).
    { unfold mu, w, Rdiv. rewrite !Rmult_1_l. split; apply Rinv_le_contravar; lra. }
    assert (Cr : c < 1) by apply (c_range t Ht).
    split; [unfold s; lra|]. split; [unfold s; nra|]. split; [|exact M].
    unfold s, c, mu, w. field. nra.
  Qed.

  (** The coefficients of a plane. *)
  Definition normal (u : nat) : R * R := (s * w * fst (chord u), s * w * snd (chord u)).

  Lemma normal_product u v : product (normal u) v = s * (w * product (chord u) v).
  Proof. unfold normal, product. cbn [fst snd]. ring. Qed.

  Lemma normal_points u x : (1 <= u < N)%nat -> (x < N)%nat -> s <= Rabs (product (normal u) (place x)) <= s * w.
  Proof.
    intros Hu Hx. rewrite normal_product, Rabs_mult. pose proof (points_outside u x Hu Hx). pose proof (points_near u x Hu Hx).
    pose proof s_range as (S & _ & _ & M). rewrite (Rabs_pos_eq s) by lra. split; nra.
  Qed.
  Lemma normal_own u : (1 <= u < N)%nat -> product (normal u) (chord u) = s.
  Proof. intros H. rewrite normal_product, own_chord by exact H. ring. Qed.
  Lemma normal_other u x : (1 <= u < N)%nat -> (1 <= x <= N)%nat -> u <> x -> Rabs (product (normal u) (chord x)) <= s * c.
  Proof.
    intros Hu Hx Ne. rewrite normal_product, Rabs_mult. pose proof (other_chord u x Hu Hx Ne). pose proof s_range as (S & _ & _ & M).
    rewrite (Rabs_pos_eq s) by lra. apply Rmult_le_compat_l; lra.
  Qed.

  (** ** The point sets *)

  Context (k n : nat) (joined : nat -> nat -> bool) (u : nat -> nat).
  Context (Hn : (S n <= N)%nat) (Hu : forall i, (i < k)%nat -> (1 <= u i <= n)%nat).
  Context (Hj : forall i j, (i < j < k)%nat -> joined (u i) (u j) = true).
  Let ps := arc T.
  Let h := coefficients k (fun i => normal (u i)).

  Lemma part_h i p : (i < k)%nat -> part h i p = product (normal (u i)) p.
  Proof. intros H. exact (part_coefficients k (fun i => normal (u i)) i p H). Qed.

  Lemma turning_place x : (x < N)%nat -> r2 (turning ps x) = place x.
  Proof. intros H. unfold turning, ps. destruct (arc_point T HT x H ((-1)%Q, 0%Q)) as [-> _]. apply point_place. Qed.

  Lemma part_middle i x : (i < k)%nat -> (x < N)%nat ->
    part h i (r2 (nth x (middles ps) (0%Q, 0%Q))) = product (normal (u i)) (chord (S x)).
  Proof.
    intros Hi Hx. rewrite middle_nth by exact Hx. rewrite !part_h by exact Hi. rewrite (turning_place x Hx).
    set (a := normal (u i)). unfold chord. cbn [pred]. destruct (Nat.eq_dec (S x) N) as [E|Ne].
    - rewrite E. unfold turning. rewrite nth_overflow by apply le_n. unfold product, r2. cbn [fst snd].
      rewrite Q2R_zero. replace (Q2R (-1)) with (-1) by (unfold Q2R; simpl; lra). field.
    - rewrite turning_place by lia. unfold product. cbn [fst snd]. field.
  Qed.

  Lemma inside q : In q (circle_q k n joined ps) -> - (1 - mu) <= dot h (real q) <= 1 - mu.
  Proof.
    pose proof s_range as (S1 & S2 & S3 & S4). intros [<-|H].
    { rewrite real_zeros, dot_zeros. lra. }
    apply in_app_or in H as [H|H]; apply in_flat_map in H as (i & Hi & H); apply in_seq in Hi.
    - apply in_map_iff in H as (m & <- & Hm). apply (In_nth _ _ (0%Q, 0%Q)) in Hm as (y & Hy & <-).
      rewrite skipn_length, middles_length in Hy. change (length ps) with N in Hy.
      assert (E : forall m (l : list vec2) d, nth y (skipn m l) d = nth (m + y) l d).
      { induction m as [|m IH]; intros l d; [reflexivity|]. destruct l; [destruct y; reflexivity|]. apply IH. }
      rewrite dot_in_plane, E, part_middle by lia. pose proof (Hu i ltac:(lia)).
      pose proof (normal_other (u i) (S (n + y)) ltac:(lia) ltac:(lia) ltac:(lia)) as B. apply Rabs_within in B. lra.
    - apply in_flat_map in H as (j & Hj' & H). apply in_seq in Hj'.
      apply in_flat_map in H as ((a, p) & Ha & H). apply in_flat_map in H as ((b, q') & Hb & H). cbn [fst snd] in H.
      assert (Halves : forall a p, In (a, p) (combine (seq 1 n) (map halved (firstn n (middles ps)))) ->
        exists x, (x < n)%nat /\ a = S x /\ p = halved (nth x (middles ps) (0%Q, 0%Q))).
      { clear - Hn. intros a p H. apply (In_nth _ _ (0%nat, halved (0%Q, 0%Q))) in H as (x & Hx & E).
        rewrite combine_nth in E by (rewrite seq_length, map_length, firstn_length, middles_length; change (length ps) with N; lia).
        rewrite combine_length, seq_length in Hx. assert (Lx : (x < n)%nat) by lia. rewrite seq_nth in E by exact Lx.
        rewrite map_nth in E. injection E as <- <-. exists x. split; [exact Lx|]. split; [reflexivity|]. f_equal.
        clear - Lx. revert x Lx. generalize (middles ps). induction n as [|n' IH]; intros l x Lx; [lia|].
        destruct l as [|e l]; [destruct x; reflexivity|]. destruct x as [|x]; [reflexivity|]. cbn [firstn nth]. apply IH. lia. }
      apply Halves in Ha as (x & Hx & -> & ->). apply Halves in Hb as (y & Hy & -> & ->). clear Halves.
      destruct (joined (S x) (S y)) eqn:J; [destruct H|].
      pose proof (Hu i ltac:(lia)) as Ui. pose proof (Hu j ltac:(lia)) as Uj.
      assert (Bi : Rabs (product (normal (u i)) (chord (S x))) <= s /\ (u i <> S x -> Rabs (product (normal (u i)) (chord (S x))) <= s * c)).
      { split; [|intros; apply normal_other; lia]. destruct (Nat.eq_dec (u i) (S x)) as [<-|Ne].
        - rewrite normal_own by lia. rewrite Rabs_pos_eq; lra.
        - eapply Rle_trans; [apply normal_other; lia|]. lra. }
      assert (Bj : Rabs (product (normal (u j)) (chord (S y))) <= s /\ (u j <> S y -> Rabs (product (normal (u j)) (chord (S y))) <= s * c)).
      { split; [|intros; apply normal_other; lia]. destruct (Nat.eq_dec (u j) (S y)) as [<-|Ne].
        - rewrite normal_own by lia. rewrite Rabs_pos_eq; lra.
        - eapply Rle_trans; [apply normal_other; lia|]. lra. }
      assert (Sum : Rabs (product (normal (u i)) (chord (S x))) + Rabs (product (normal (u j)) (chord (S y))) <= s * (1 + c)).
      { destruct (Nat.eq_dec (u i) (S x)) as [Ei|Ni]; [destruct (Nat.eq_dec (u j) (S y)) as [Ej|Nj]|].
        - rewrite <- Ei, <- Ej, (Hj i j) in J by lia. discriminate J.
        - destruct Bj as [_ Bj]. specialize (Bj Nj). lra.
        - destruct Bi as [_ Bi]. specialize (Bi Ni). lra. }
      set (e := product (normal (u i)) (chord (S x))) in *. set (f := product (normal (u j)) (chord (S y))) in *.
      assert (D : forall p, In p [in_planes k i j (halved (nth x (middles ps) (0%Q, 0%Q))) (halved (nth y (middles ps) (0%Q, 0%Q)));
                                  in_planes k i j (halved (nth x (middles ps) (0%Q, 0%Q))) (opposite (halved (nth y (middles ps) (0%Q, 0%Q))))] ->
                            dot h (real p) = e / 2 + f / 2 \/ dot h (real p) = e / 2 - f / 2).
      { intros p [<-|[<-|[]]]; rewrite dot_in_planes by lia; [left|right]; rewrite ?part_opposite, !part_halved, !part_middle by lia;
          fold e; fold f; field. }
      pose proof (Rle_abs e). pose proof (Rle_abs (- e)) as Oe. rewrite Rabs_Ropp in Oe.
      pose proof (Rle_abs f). pose proof (Rle_abs (- f)) as Of. rewrite Rabs_Ropp in Of.
      destruct (D q H) as [-> | ->]; lra.
  Qed.

  Lemma outside p : In p (circle_p k ps) -> 1 + mu <= Rabs (dot h (real p)) <= s * w.
  Proof.
    intros H. apply in_flat_map in H as (i & Hi & H). apply in_seq in Hi. apply in_flat_map in H as (v & Hv & H).
    apply (In_nth _ _ ((-1)%Q, 0%Q)) in Hv as (x & Hx & <-). change (length ps) with N in Hx.
    change (nth x ps ((-1)%Q, 0%Q)) with (turning ps x) in H. pose proof (Hu i ltac:(lia)).
    pose proof s_range as (S & _ & _ & _). pose proof (normal_points (u i) x ltac:(lia) Hx).
    destruct H as [<-|[<-|[]]]; rewrite dot_in_plane, ?part_opposite, ?Rabs_Ropp, part_h, turning_place by lia; lra.
  Qed.

  Theorem forward : restricted (2 * k) (circle_q k n joined ps) (circle_p k ps).
  Proof.
    exists (h, 1), (h, -1). unfold in_dim, side. cbn [fst snd]. split; [apply coefficients_length|]. split; [apply coefficients_length|].
    split.
    - intros q H. apply inside in H. pose proof s_range. lra.
    - intros p H. apply outside in H. pose proof s_range as (_ & _ & _ & M). set (d := dot h (real p)) in *.
      unfold Rabs in H. destruct (Rcase_abs d); nra.
  Qed.

  (** With room for the further points of Theorem 7. *)
  Theorem forward_relu delta : 0 < Q2R delta < 1 / (4 * (w * w)) ->
    relu_trainable (2 * k) 4 (twohyp_relu delta (circle_q k n joined ps) (circle_p k ps)).
  Proof.
    intros Hd. pose proof s_range as (S1 & _ & _ & M). pose proof w_large as W.
    assert (I : forall q, In q (circle_q k n joined ps) -> mu <= side (h, 1) (real q) <= 2 - mu /\ mu <= - side (h, -1) (real q) <= 2 - mu).
    { intros q H. apply inside in H. unfold side. cbn [fst snd]. lra. }
    assert (O : forall p, In p (circle_p k ps) ->
      (mu <= side (h, 1) (real p) <= s * w + 1 /\ mu <= side (h, -1) (real p) <= s * w + 1) \/
      (mu <= - side (h, 1) (real p) <= s * w + 1 /\ mu <= - side (h, -1) (real p) <= s * w + 1)).
    { intros p H. apply outside in H. unfold side. cbn [fst snd]. unfold Rabs in H. destruct (Rcase_abs (dot h (real p))); [right|left]; lra. }
    assert (E : 0 <= Q2R delta * (2 * (2 * w)) < 2 * mu).
    { unfold mu. split; [nra|]. replace (2 * (1 / (2 * w))) with (1 / (4 * (w * w)) * (2 * (2 * w))) by (field; lra).
      apply Rmult_lt_compat_r; lra. }
    apply (theorem_7_forward (2 * k) delta _ _ (h, 1) (h, -1) mu (2 * w)); try apply coefficients_length;
      try apply circle_q_dimension; try apply circle_p_dimension; try lra.
    - intros x H. apply in_app_or in H as [H|H]; [apply I in H|apply O in H]; unfold Rabs;
        destruct (Rcase_abs (side (h, 1) (real x))), (Rcase_abs (side (h, -1) (real x))); lra.
    - intros q p Hq Hp. apply inside in Hq. apply outside in Hp. unfold side. cbn [fst snd].
      assert (B : Rabs (dot h (real p) - dot h (real q)) <= 2 * w).
      { assert (s * w <= 3 / 2 * w) by nra. revert Hp. unfold Rabs. destruct (Rcase_abs (dot h (real p))), (Rcase_abs (dot h (real p) - dot h (real q))); lra. }
      split; (eapply Rle_trans; [|exact B]); apply Req_le; f_equal; ring.
    - left. split; [intros x H; apply I in H; lra|]. intros x H. apply O in H as [[A B]|[A B]]; nra.
  Qed.
End Circle.

(** A clique gives two hyperplanes in the restricted form. *)
Theorem circles_forward G k : has_clique G k -> restricted (2 * k) (circles_q G k) (circles_p G k).
Proof.
  intros H. apply increasing_clique in H as (C & _ & R & A). unfold circles_q, circles_p.
  pose proof (the_ring_long (vertices G)) as L. destruct (the_ring_arc (vertices G)) as (T & HT & E). rewrite E in *.
  apply (forward T HT k (vertices G) (adjacent G) (fun i => nth i C 0%nat)); [exact L|exact R|].
  intros i j Hij. apply A, Hij.
Qed.

(** ** The equivalences *)

Theorem circles_both G k : well_formed_graph G ->
  (separable (2 * k) (circles_q G k) (circles_p G k) <-> has_clique G k) /\
  (restricted (2 * k) (circles_q G k) (circles_p G k) <-> has_clique G k).
Proof.
  intros W. pose proof (circles_backward G k (2 * k) W) as B. pose proof (circles_forward G k) as F.
  pose proof (restricted_separable (2 * k) (circles_q G k) (circles_p G k)) as S. tauto.
Qed.

Theorem clique_threshold G k : well_formed_graph G ->
  (threshold_trainable (2 * k) 2 (labelled (circles_q G k) (circles_p G k)) <-> has_clique G k).
Proof.
  intros W. split; [apply clique_of_threshold, W|]. intros H. apply corollary_10. left. apply circles_forward, H.
Qed.

(** For all small delta: those below 1/(4 w^2), where w = t^2 + 1 for the parameter t of the circles. *)
Theorem clique_relu_small G k delta : has_clique G k ->
  forall T, the_ring (vertices G) = arc T -> (2 <= T)%nat ->
  0 < Q2R delta < 1 / (4 * ((INR T * INR T + 1) * (INR T * INR T + 1))) ->
  relu_trainable (2 * k) 4 (twohyp_relu delta (circles_q G k) (circles_p G k)).
Proof.
  intros H T E HT Hd. apply increasing_clique in H as (C & _ & R & A). unfold circles_q, circles_p.
  pose proof (the_ring_long (vertices G)) as L. rewrite E in *.
  apply (forward_relu T HT k (vertices G) (adjacent G) (fun i => nth i C 0%nat)); [exact L|exact R| |exact Hd].
  intros i j Hij. apply A, Hij.
Qed.

Theorem clique_relu G k : well_formed_graph G ->
  exists bound, 0 < bound /\ forall delta, 0 < Q2R delta < bound ->
    (relu_trainable (2 * k) 4 (twohyp_relu delta (circles_q G k) (circles_p G k)) <-> has_clique G k).
Proof.
  intros W. destruct (the_ring_arc (vertices G)) as (T & HT & E). pose proof (t_positive T HT) as P.
  set (b := 1 / (4 * ((INR T * INR T + 1) * (INR T * INR T + 1)))).
  assert (B : 0 < b < 1 / 2).
  { unfold b. split; [apply Rdiv_lt_0_compat; nra|]. unfold Rdiv. rewrite !Rmult_1_l. apply Rinv_lt_contravar; nra. }
  exists b. split; [lra|]. intros delta Hd. split; [apply clique_of_relu; [exact W|lra]|].
  intros H. exact (clique_relu_small G k delta H T E HT Hd).
Qed.
