(** * From cliques to two-hyperplane separability

    For a graph with vertices 1 ... n and a size k, sets Q and P in dimension 2k (docs/reductions.md). In each of k
    planes stand the points p_0, ..., p_(N-1) of a rational rotation, up to half a circle, and their opposites: these
    are P. Two hyperplanes that separate them from 0 cut them in two arcs, and the place where p_0, p_1, ...,
    p_N = -p_0 change from one to the other names a vertex. The parameters are those of the construction cited by the
    paper; points and proof are this project's own. *)

From Coq Require Import Reals QArith Qreals List Lia Lra Psatz Arith Bool.
From Certify Require Import Semantics Separability FourRelus Graphs Rotation.
Import ListNotations.
Open Scope R_scope.

(** ** The point sets *)

Definition half (q : Q) : Q := Qred (q / 2).
Definition halved (p : vec2) : vec2 := (half (fst p), half (snd p)).
Definition opposite (p : vec2) : vec2 := (Qred (0 - fst p), Qred (0 - snd p)).

(** m_x = (p_x - p_(x-1)) / 2 for x = 1 ... N, where p_N = -p_0. *)
Fixpoint middles (ps : list vec2) : list vec2 :=
  match ps with
  | [] => []
  | p :: ps' =>
    let q := match ps' with q :: _ => q | [] => ((-1)%Q, 0%Q) end in
    (half (Qred (fst q - fst p)), half (Qred (snd q - snd p))) :: middles ps'
  end.

(** Vectors in plane i (from 0) of k, and in two planes i < j. *)
Definition zeros (n : nat) : list Q := repeat 0%Q n.
Definition in_plane (k i : nat) (p : vec2) : list Q := zeros (2 * i) ++ [fst p; snd p] ++ zeros (2 * (k - 1 - i)).
Definition in_planes (k i j : nat) (p q : vec2) : list Q :=
  zeros (2 * i) ++ [fst p; snd p] ++ zeros (2 * (j - 1 - i)) ++ [fst q; snd q] ++ zeros (2 * (k - 1 - j)).

Definition circle_p (k : nat) (ps : list vec2) : points :=
  flat_map (fun i => flat_map (fun x => [in_plane k i x; in_plane k i (opposite x)]) ps) (seq 0 k).

(** [joined u v]: vertices that may be chosen in two planes i < j. *)
Definition circle_q (k n : nat) (joined : nat -> nat -> bool) (ps : list vec2) : points :=
  let ms := middles ps in
  let hs := combine (seq 1 n) (map halved (firstn n ms)) in
  zeros (2 * k)
  :: flat_map (fun i => map (in_plane k i) (skipn n ms)) (seq 0 k)
  ++ flat_map (fun i => flat_map (fun j => flat_map (fun u => flat_map (fun v =>
       if joined (fst u) (fst v) then []
       else [in_planes k i j (snd u) (snd v); in_planes k i j (snd u) (opposite (snd v))]) hs) hs) (seq (S i) (k - 1 - i))) (seq 0 k).

Definition circles_q (G : graph) (k : nat) : points := circle_q k (vertices G) (adjacent G) (the_ring (vertices G)).
Definition circles_p (G : graph) (k : nat) : points := circle_p k (the_ring (vertices G)).

(** ** Vectors in planes *)

(** What a linear form h adds for a vector in plane i. *)
Definition part (h : list R) (i : nat) (p : R * R) : R := nth (2 * i) h 0 * fst p + nth (S (2 * i)) h 0 * snd p.

Lemma half_R q : Q2R (half q) = Q2R q / 2.
Proof.
  unfold half. rewrite Q2R_red'. unfold Qdiv. rewrite Q2R_mult. unfold Rdiv. f_equal. unfold Q2R. simpl. field.
Qed.
Lemma opposite_R p : r2 (opposite p) = (- fst (r2 p), - snd (r2 p)).
Proof. unfold r2, opposite. cbn [fst snd]. rewrite !Q2R_red', !Q2R_minus, Q2R_zero. f_equal; ring. Qed.
Lemma halved_R p : r2 (halved p) = (fst (r2 p) / 2, snd (r2 p) / 2).
Proof. unfold r2, halved. cbn [fst snd]. rewrite !half_R. reflexivity. Qed.

Lemma real_zeros n : real (zeros n) = repeat 0 n.
Proof. unfold real, zeros. induction n as [|n IH]; simpl; [reflexivity|]. rewrite IH, Q2R_zero. reflexivity. Qed.
Lemma real_app x y : real (x ++ y) = real x ++ real y.
Proof. apply map_app. Qed.
Lemma dot_zeros h n : dot h (repeat 0 n) = 0.
Proof. revert n. induction h as [|a h IH]; intros [|n]; simpl; try lra. rewrite IH. lra. Qed.
Lemma dot_skip n : forall h l, dot h (repeat 0 n ++ l) = dot (skipn n h) l.
Proof.
  induction n as [|n IH]; intros h l; simpl; [reflexivity|]. destruct h as [|a h]; [reflexivity|].
  simpl. rewrite IH. lra.
Qed.
Lemma nth_skip n : forall (h : list R) i, nth i (skipn n h) 0 = nth (n + i) h 0.
Proof. induction n as [|n IH]; intros [|a h] i; simpl; auto. destruct i; reflexivity. Qed.
Lemma dot_two h (a b : R) l : dot h ([a; b] ++ l) = nth 0 h 0 * a + nth 1 h 0 * b + dot (skipn 2 h) l.
Proof. destruct h as [|c [|d h]]; simpl; lra. Qed.

Lemma dot_in_plane h k i p : dot h (real (in_plane k i p)) = part h i (r2 p).
Proof.
  unfold in_plane, part, r2. rewrite !real_app, !real_zeros, dot_skip.
  change (real [fst p; snd p]) with [Q2R (fst p); Q2R (snd p)]. rewrite dot_two, dot_zeros, !nth_skip. cbn [fst snd].
  rewrite Nat.add_0_r, Nat.add_1_r. ring.
Qed.
Lemma dot_in_planes h k i j p q : (i < j)%nat -> dot h (real (in_planes k i j p q)) = part h i (r2 p) + part h j (r2 q).
Proof.
  intros L. unfold in_planes, part, r2. rewrite !real_app, !real_zeros, dot_skip.
  change (real [fst p; snd p]) with [Q2R (fst p); Q2R (snd p)]. rewrite dot_two, dot_skip.
  change (real [fst q; snd q]) with [Q2R (fst q); Q2R (snd q)]. rewrite dot_two, dot_zeros, !nth_skip. cbn [fst snd].
  rewrite Nat.add_0_r, Nat.add_1_r.
  replace (2 * i + (2 + (2 * (j - 1 - i) + 0)))%nat with (2 * j)%nat by lia.
  replace (2 * i + (2 + (2 * (j - 1 - i) + 1)))%nat with (S (2 * j)) by lia. ring.
Qed.

Lemma part_opposite h i p : part h i (r2 (opposite p)) = - part h i (r2 p).
Proof. rewrite opposite_R. unfold part. cbn [fst snd]. ring. Qed.
Lemma part_halved h i p : part h i (r2 (halved p)) = part h i (r2 p) / 2.
Proof. rewrite halved_R. unfold part. cbn [fst snd]. field. Qed.

(** ** The points by number *)

(** p_0, ..., p_(N-1), p_N = -p_0. *)
Definition turning (ps : list vec2) (x : nat) : vec2 := nth x ps ((-1)%Q, 0%Q).

Lemma middle_nth h i ps : forall x, (x < length ps)%nat ->
  part h i (r2 (nth x (middles ps) (0%Q, 0%Q))) = (part h i (r2 (turning ps (S x))) - part h i (r2 (turning ps x))) / 2.
Proof.
  unfold turning. induction ps as [|p ps IH]; intros x Hx; [simpl in Hx; lia|]. destruct x as [|x].
  - cbn [middles nth]. unfold part, r2. cbn [fst snd]. rewrite !half_R, !Q2R_red', !Q2R_minus.
    destruct ps; cbn [nth]; field.
  - cbn [middles nth]. apply IH. simpl in Hx. lia.
Qed.

Lemma middles_length ps : length (middles ps) = length ps.
Proof. induction ps; simpl; congruence. Qed.

Lemma in_circle_p k ps i x : (i < k)%nat -> (x < length ps)%nat ->
  In (in_plane k i (turning ps x)) (circle_p k ps) /\ In (in_plane k i (opposite (turning ps x))) (circle_p k ps).
Proof.
  intros Hi Hx. assert (Hp : In (turning ps x) ps) by (apply nth_In, Hx).
  split; apply in_flat_map; exists i; (split; [apply in_seq; lia|]); apply in_flat_map; exists (turning ps x);
    (split; [exact Hp|]); simpl; auto.
Qed.

Lemma in_skipn {A} (a : A) n : forall l x, (n <= x < length l)%nat -> In (nth x l a) (skipn n l).
Proof.
  induction n as [|n IH]; intros l x H.
  - simpl. apply nth_In. lia.
  - destruct l as [|b l]; simpl in *; [lia|]. destruct x as [|x]; [lia|]. apply IH. lia.
Qed.

Lemma in_circle_middle k n joined ps i x : (i < k)%nat -> (n <= x < length ps)%nat ->
  In (in_plane k i (nth x (middles ps) (0%Q, 0%Q))) (circle_q k n joined ps).
Proof.
  intros Hi Hx. right. apply in_or_app. left. apply in_flat_map. exists i. split; [apply in_seq; lia|].
  apply in_map, in_skipn. rewrite middles_length. exact Hx.
Qed.

Lemma in_halves n ms x : (x < n)%nat -> (x < length ms)%nat ->
  In (S x, halved (nth x ms (0%Q, 0%Q))) (combine (seq 1 n) (map halved (firstn n ms))).
Proof.
  intros Hn Hl. assert (H : forall a m l y, (y < m)%nat -> (y < length l)%nat ->
    In ((a + y)%nat, halved (nth y l (0%Q, 0%Q))) (combine (seq a m) (map halved (firstn m l)))); [|apply (H 1%nat); assumption].
  clear. intros a m; revert a. induction m as [|m IH]; intros a l y H1 H2; [lia|]. destruct l as [|b l]; simpl in H2; [lia|].
  cbn [seq firstn map combine]. destruct y as [|y]; [left; rewrite Nat.add_0_r; reflexivity|].
  right. replace (a + S y)%nat with (S a + y)%nat by lia. cbn [nth]. apply IH; lia.
Qed.

Lemma in_circle_pair k n joined ps i j x y : (i < j < k)%nat -> (x < n)%nat -> (y < n)%nat ->
  (x < length ps)%nat -> (y < length ps)%nat -> joined (S x) (S y) = false ->
  let u := halved (nth x (middles ps) (0%Q, 0%Q)) in
  let v := halved (nth y (middles ps) (0%Q, 0%Q)) in
  In (in_planes k i j u v) (circle_q k n joined ps) /\ In (in_planes k i j u (opposite v)) (circle_q k n joined ps).
Proof.
  intros Hij Hx Hy Lx Ly J. rewrite <- (middles_length ps) in Lx, Ly.
  pose proof (in_halves n _ x Hx Lx) as Ix. pose proof (in_halves n _ y Hy Ly) as Iy.
  split; right; apply in_or_app; right; apply in_flat_map; exists i; (split; [apply in_seq; lia|]);
    apply in_flat_map; exists j; (split; [apply in_seq; lia|]);
    apply in_flat_map; eexists; (split; [exact Ix|]); apply in_flat_map; eexists; (split; [exact Iy|]);
    cbn [fst snd]; rewrite J; simpl; auto.
Qed.

(** ** From hyperplanes to a clique *)

(** A sequence of truth values with different ends changes somewhere. *)
Lemma change (c : nat -> bool) N : c 0%nat <> c N -> exists x, (x < N)%nat /\ c x <> c (S x).
Proof.
  induction N as [|N IH]; intros H; [congruence|]. destruct (bool_dec (c N) (c (S N))) as [E|E].
  - destruct IH as (x & Hx & Hc); [congruence|]. exists x. auto.
  - exists N. auto.
Qed.

Lemma finite_choice (P : nat -> nat -> Prop) k :
  (forall i, (i < k)%nat -> exists u, P i u) -> exists c, forall i, (i < k)%nat -> P i (c i).
Proof.
  induction k as [|k IH]; intros H; [exists (fun _ => 0%nat); lia|].
  destruct IH as (c & Hc); [intros i Hi; apply H; lia|]. destruct (H k) as (u & Hu); [lia|].
  exists (fun i => if Nat.eqb i k then u else c i). intros i Hi. destruct (Nat.eqb_spec i k) as [->|]; [exact Hu|apply Hc; lia].
Qed.

Section Backward.
  Context (k n : nat) (joined : nat -> nat -> bool) (ps : list vec2).
  Context (Hps : nth_error ps 0 = Some (1%Q, 0%Q)).
  Context (h1 h2 : list R) (o1 o2 : R).
  Let Q := circle_q k n joined ps.
  Let P := circle_p k ps.
  Context (Hfree : forall x, In x (Q ++ P) -> side (h1, o1) (real x) <> 0 /\ side (h2, o2) (real x) <> 0).
  Context (Hpart : forall q p, In q Q -> In p P ->
    side (h1, o1) (real q) * side (h1, o1) (real p) < 0 \/ side (h2, o2) (real q) * side (h2, o2) (real p) < 0).

  (** The hyperplanes, made positive at 0, are C + G in a plane, C > 0. *)
  Let C1 := o1 * o1.
  Let C2 := o2 * o2.
  Let G1 i p := o1 * part h1 i (r2 p).
  Let G2 i p := o2 * part h2 i (r2 p).

  (** Cut off from 0 by exactly one hyperplane; on the opposite by the other. *)
  Definition cut_by_1 (a b : R) : Prop := a < - C1 /\ C2 < b.
  Definition cut_by_2 (a b : R) : Prop := C1 < a /\ b < - C2.

  Lemma zero_in_q : In (zeros (2 * k)) Q.
  Proof. left. reflexivity. Qed.

  Lemma side_zero h o : side (h, o) (real (zeros (2 * k))) = o.
  Proof. unfold side. rewrite real_zeros, dot_zeros. simpl. lra. Qed.

  Lemma offsets : 0 < C1 /\ 0 < C2.
  Proof.
    destruct (Hfree (zeros (2 * k))) as [A B]; [apply in_or_app; left; apply zero_in_q|].
    rewrite side_zero in A, B. unfold C1, C2. split; nra.
  Qed.

  Lemma ring_long : (0 < length ps)%nat.
  Proof. destruct ps; [discriminate Hps|simpl; lia]. Qed.

  (** What is not on the side of 0 of both is cut off by one. *)
  Lemma cut p : In p P -> C1 + o1 * dot h1 (real p) < 0 \/ C2 + o2 * dot h2 (real p) < 0.
  Proof.
    intros H. destruct (Hpart _ _ zero_in_q H) as [L|L]; rewrite side_zero in L; unfold side in L; cbn [fst snd] in L;
      [left; unfold C1|right; unfold C2]; lra.
  Qed.

  Lemma cut_once i x : (i < k)%nat -> (x <= length ps)%nat ->
    cut_by_1 (G1 i (turning ps x)) (G2 i (turning ps x)) \/ cut_by_2 (G1 i (turning ps x)) (G2 i (turning ps x)).
  Proof.
    intros Hi. assert (H : forall y, (y < length ps)%nat ->
      cut_by_1 (G1 i (turning ps y)) (G2 i (turning ps y)) \/ cut_by_2 (G1 i (turning ps y)) (G2 i (turning ps y))).
    { intros y Hy. destruct (in_circle_p k ps i y Hi Hy) as [A B]. apply cut in A, B.
      rewrite !dot_in_plane in A, B. rewrite !part_opposite in B. pose proof offsets as [P1 P2].
      unfold cut_by_1, cut_by_2, G1, G2. destruct A, B; [exfalso; lra|left; split; lra|right; split; lra|exfalso; lra]. }
    intros Hx. destruct (Nat.eq_dec x (length ps)) as [->|N]; [|apply H; lia].
    assert (E : forall h, part h i (r2 (turning ps (length ps))) = - part h i (r2 (turning ps 0))).
    { intros h. unfold turning. rewrite nth_overflow by lia. destruct ps as [|p ps']; [discriminate Hps|].
      injection Hps as ->. unfold part, r2. cbn [nth fst snd].
      rewrite Q2R_zero, Q2R_one. replace (Q2R (-1)) with (-1) by (unfold Q2R; simpl; lra). ring. }
    specialize (H 0%nat ring_long). unfold cut_by_1, cut_by_2, G1, G2 in *. rewrite !E. destruct H; [right|left]; split; lra.
  Qed.

  (** No point of Q is cut off by exactly one: points of P are. *)
  Lemma q_not_cut q : (0 < k)%nat -> In q Q -> let a := o1 * dot h1 (real q) in let b := o2 * dot h2 (real q) in
    ~ (C1 + a < 0 /\ 0 < C2 + b) /\ ~ (0 < C1 + a /\ C2 + b < 0).
  Proof.
    intros Hk Hq a b. destruct (in_circle_p k ps 0 0 Hk ring_long) as [A B].
    pose proof (Hpart q _ Hq A) as SA. pose proof (Hpart q _ Hq B) as SB.
    pose proof (cut_once 0 0 Hk (Nat.lt_le_incl _ _ ring_long)) as K. pose proof offsets as [P1 P2].
    unfold side in SA, SB. cbn [fst snd] in SA, SB. rewrite !dot_in_plane in SA, SB. rewrite !part_opposite in SB.
    unfold cut_by_1, cut_by_2, G1, G2, C1, C2 in *.
    set (x := dot h1 (real q)) in *. set (y := dot h2 (real q)) in *.
    set (s := part h1 0 (r2 (turning ps 0))) in *. set (t := part h2 0 (r2 (turning ps 0))) in *.
    assert (M1 : forall c z w, 0 < c * c -> (z + c) * (w + c) < 0 -> (c * c + c * z) * (c * c + c * w) < 0).
    { intros c z w Hc H. replace ((c * c + c * z) * (c * c + c * w)) with (c * c * ((z + c) * (w + c))) by ring. nra. }
    assert (T : (o1 * o1 + a) * (o1 * o1 + o1 * s) < 0 \/ (o2 * o2 + b) * (o2 * o2 + o2 * t) < 0)
      by (destruct SA; [left|right]; apply M1; assumption).
    assert (T' : (o1 * o1 + a) * (o1 * o1 - o1 * s) < 0 \/ (o2 * o2 + b) * (o2 * o2 - o2 * t) < 0).
    { replace (o1 * o1 - o1 * s) with (o1 * o1 + o1 * - s) by ring. replace (o2 * o2 - o2 * t) with (o2 * o2 + o2 * - t) by ring.
      destruct SB; [left|right]; apply M1; assumption. }
    clearbody a b. clear M1 SA SB.
    assert (Pos : forall e f, 0 < e -> 0 < f -> ~ e * f < 0) by (intros; nra).
    assert (Neg : forall e f, e < 0 -> f < 0 -> ~ e * f < 0) by (intros; nra).
    split; intros [X Y].
    - destruct K as [[K1 K2]|[K1 K2]]; [destruct T as [U|U]|destruct T' as [U|U]];
        solve [refine (Pos _ _ _ _ U); lra|refine (Neg _ _ _ _ U); lra].
    - destruct K as [[K1 K2]|[K1 K2]]; [destruct T' as [U|U]|destruct T as [U|U]];
        solve [refine (Pos _ _ _ _ U); lra|refine (Neg _ _ _ _ U); lra].
  Qed.

  (** Where the points of plane i change from one side to the other. *)
  Definition names (i x : nat) : Prop :=
    (x < length ps)%nat /\
    let m := nth x (middles ps) (0%Q, 0%Q) in cut_by_1 (G1 i m) (G2 i m) \/ cut_by_2 (G1 i m) (G2 i m).

  Lemma named i : (i < k)%nat -> exists x, names i x.
  Proof.
    intros Hi. pose proof offsets as [P1 P2].
    set (c := fun x => if Rlt_dec (G1 i (turning ps x)) 0 then true else false).
    destruct (change c (length ps)) as (x & Hx & Hc).
    - pose proof (cut_once i 0 Hi ltac:(lia)) as A. 
      assert (E : G1 i (turning ps (length ps)) = - G1 i (turning ps 0)).
      { unfold G1, turning. rewrite nth_overflow by lia. destruct ps as [|p ps']; [discriminate Hps|].
        injection Hps as ->. unfold part, r2. cbn [nth fst snd].
        rewrite Q2R_zero, Q2R_one. replace (Q2R (-1)) with (-1) by (unfold Q2R; simpl; lra). ring. }
      unfold c, cut_by_1, cut_by_2 in *. rewrite E.
      destruct (Rlt_dec (G1 i (turning ps 0)) 0), (Rlt_dec (- G1 i (turning ps 0)) 0); try discriminate; lra.
    - exists x. split; [exact Hx|]. cbv zeta.
      pose proof (cut_once i x Hi ltac:(lia)) as A. pose proof (cut_once i (S x) Hi ltac:(lia)) as B.
      unfold c, cut_by_1, cut_by_2, G1, G2 in *. rewrite !middle_nth by exact Hx.
      destruct (Rlt_dec (o1 * part h1 i (r2 (turning ps x))) 0), (Rlt_dec (o1 * part h1 i (r2 (turning ps (S x)))) 0);
        try congruence; lra.
  Qed.

  (** It is a vertex ... *)
  Lemma named_vertex i x : (i < k)%nat -> names i x -> (x < n)%nat.
  Proof.
    intros Hi [Hx H]. destruct (lt_dec x n) as [L|L]; [exact L|exfalso].
    destruct (q_not_cut _ ltac:(lia) (in_circle_middle k n joined ps i x Hi ltac:(lia))) as [N1 N2].
    rewrite !dot_in_plane in N1, N2. unfold cut_by_1, cut_by_2, G1, G2 in H. pose proof offsets.
    destruct H; [apply N1|apply N2]; lra.
  Qed.

  (** ... and joined to that of every other plane. *)
  Lemma named_joined i j x y : (i < j < k)%nat -> names i x -> names j y -> joined (S x) (S y) = true.
  Proof.
    intros Hij Hx Hy. destruct (joined (S x) (S y)) eqn:J; [reflexivity|exfalso].
    destruct (in_circle_pair k n joined ps i j x y Hij (named_vertex i x ltac:(lia) Hx) (named_vertex j y ltac:(lia) Hy)
      (proj1 Hx) (proj1 Hy) J) as [I1 I2].
    destruct (q_not_cut _ ltac:(lia) I1) as [N1 N2]. destruct (q_not_cut _ ltac:(lia) I2) as [N3 N4].
    rewrite !dot_in_planes in N1, N2, N3, N4 by lia. rewrite !part_opposite in N3, N4. rewrite !part_halved in N1, N2, N3, N4.
    destruct Hx as [_ Hx], Hy as [_ Hy]. unfold cut_by_1, cut_by_2, G1, G2 in *. cbv zeta in *. pose proof offsets.
    destruct Hx as [Hx|Hx], Hy as [Hy|Hy]; [apply N1|apply N3|apply N4|apply N2]; lra.
  Qed.
End Backward.

(** Any two hyperplanes that separate name vertices, any two of them joined. *)
Lemma backward k n joined ps d : nth_error ps 0 = Some (1%Q, 0%Q) ->
  separable d (circle_q k n joined ps) (circle_p k ps) ->
  exists c, (forall i, (i < k)%nat -> (1 <= c i <= n)%nat) /\
    (forall i j, (i < j < k)%nat -> joined (c i) (c j) = true).
Proof.
  intros Hps ((h1, o1) & (h2, o2) & _ & _ & F & S).
  destruct (finite_choice (names ps h1 h2 o1 o2) k) as (c & Hc).
  { intros i Hi. apply (named k n joined ps Hps h1 h2 o1 o2 F S i Hi). }
  exists (fun i => Datatypes.S (c i)). split.
  - intros i Hi. pose proof (named_vertex k n joined ps Hps h1 h2 o1 o2 F S i (c i) Hi (Hc i Hi)). lia.
  - intros i j Hij. apply (named_joined k n joined ps Hps h1 h2 o1 o2 F S i j); [exact Hij|apply Hc; lia|apply Hc; lia].
Qed.

(** Two hyperplanes that separate the sets of a graph, in whichever way, show a clique. *)
Theorem circles_backward G k d : well_formed_graph G -> separable d (circles_q G k) (circles_p G k) -> has_clique G k.
Proof.
  intros W H. destruct (backward k (vertices G) (adjacent G) (the_ring (vertices G)) d (the_ring_first _) H) as (c & R & A).
  exact (chosen_clique G k c W R A).
Qed.

(** ** The dimension *)

Lemma in_plane_length k i p : (i < k)%nat -> length (in_plane k i p) = (2 * k)%nat.
Proof. intros H. unfold in_plane, zeros. rewrite !app_length, !repeat_length. simpl. lia. Qed.
Lemma in_planes_length k i j p q : (i < j < k)%nat -> length (in_planes k i j p q) = (2 * k)%nat.
Proof. intros H. unfold in_planes, zeros. rewrite !app_length, !repeat_length. simpl. lia. Qed.

Lemma circle_p_dimension k ps : all_in_dim (2 * k) (circle_p k ps).
Proof.
  intros x H. apply in_flat_map in H as (i & Hi & H). apply in_seq in Hi. apply in_flat_map in H as (p & _ & [<-|[<-|[]]]);
    apply in_plane_length; lia.
Qed.
Lemma circle_q_dimension k n joined ps : all_in_dim (2 * k) (circle_q k n joined ps).
Proof.
  intros x [<-|H]; [apply repeat_length|]. apply in_app_or in H as [H|H]; apply in_flat_map in H as (i & Hi & H); apply in_seq in Hi.
  - apply in_map_iff in H as (p & <- & _). apply in_plane_length. lia.
  - apply in_flat_map in H as (j & Hj & H). apply in_seq in Hj. apply in_flat_map in H as (u & _ & H).
    apply in_flat_map in H as (v & _ & H). destruct (joined (fst u) (fst v)); [destruct H|].
    destruct H as [<-|[<-|[]]]; apply in_planes_length; lia.
Qed.

(** ** On to networks (Theorem 7 and Corollary 10, backward) *)

Lemma separable_sym d A B : separable d A B -> separable d B A.
Proof.
  intros (H1 & H2 & D1 & D2 & F & S). exists H1, H2. split; [exact D1|]. split; [exact D2|]. split.
  - intros x H. apply F. apply in_or_app, or_comm, in_app_or, H.
  - intros b a Hb Ha. destruct (S a b Ha Hb); [left|right]; rewrite Rmult_comm; assumption.
Qed.

Theorem clique_of_relu G k delta : well_formed_graph G -> 0 < Q2R delta < 1 / 2 ->
  relu_trainable (2 * k) 4 (twohyp_relu delta (circles_q G k) (circles_p G k)) -> has_clique G k.
Proof.
  intros W Hd H. apply (circles_backward G k (2 * k) W).
  apply (theorem_7_backward (2 * k) delta); auto; [apply circle_q_dimension|apply circle_p_dimension].
Qed.

Theorem clique_of_threshold G k : well_formed_graph G ->
  threshold_trainable (2 * k) 2 (labelled (circles_q G k) (circles_p G k)) -> has_clique G k.
Proof.
  intros W H. apply corollary_10 in H. apply (circles_backward G k (2 * k) W). destruct H as [H|H].
  - apply restricted_separable, H.
  - apply separable_sym, restricted_separable, H.
Qed.
