(** * Two-hyperplane separability and networks: Corollary 10 and Theorem 7

    What is true for arbitrary input, and no more. [restricted A B] is the form
    of equations (3) and (4) of the paper: A lies in the cell h1 > 0 > h2 and B
    in the two cells where h1 and h2 have the same sign. [separable Q P] is the
    problem as the paper states it: every pair is parted by a hyperplane, and
    no hyperplane meets a point. *)

From Coq Require Import Reals QArith Qreals List Lra Psatz Permutation.
From Certify Require Import Semantics Lines.
Import ListNotations.
Open Scope R_scope.

(** A hyperplane h . x + o = 0 as the pair (h, o). A zero normal vector is
    allowed and stands for a hyperplane far away from all the points. *)
Definition hyperplane := (list R * R)%type.
Definition side (H : hyperplane) (x : list R) : R := dot (fst H) x + snd H.
Definition in_dim (d : nat) (H : hyperplane) : Prop := length (fst H) = d.

Definition points := list (list Q).
Definition real (x : list Q) : list R := map Q2R x.

Definition restricted (d : nat) (A B : points) : Prop :=
  exists H1 H2, in_dim d H1 /\ in_dim d H2 /\
    (forall x, In x A -> side H1 (real x) > 0 /\ 0 > side H2 (real x)) /\
    (forall x, In x B -> side H1 (real x) * side H2 (real x) > 0).

Definition separable (d : nat) (Q P : points) : Prop :=
  exists H1 H2, in_dim d H1 /\ in_dim d H2 /\
    (forall x, In x (Q ++ P) -> side H1 (real x) <> 0 /\ side H2 (real x) <> 0) /\
    (forall q p, In q Q -> In p P ->
       side H1 (real q) * side H1 (real p) < 0 \/ side H2 (real q) * side H2 (real p) < 0).

(** The restricted form is a special case of the general one. *)
Lemma restricted_separable d Q P : restricted d Q P -> separable d Q P.
Proof.
  intros (H1 & H2 & D1 & D2 & HQ & HP). exists H1, H2. repeat split; auto.
  - apply in_app_or in H as [h|h]; [apply HQ in h; lra|apply HP in h; nra].
  - apply in_app_or in H as [h|h]; [apply HQ in h; lra|apply HP in h; nra].
  - intros q p Hq Hp. apply HQ in Hq. apply HP in Hp.
    destruct (Rlt_dec (side H1 (real p)) 0); [left|right]; nra.
Qed.

(** ** Tools *)

Lemma same_sign x y : x * y > 0 -> (0 < x /\ 0 < y) \/ (x < 0 /\ y < 0).
Proof.
  intros H. destruct (Rtotal_order x 0) as [Hx|[Hx|Hx]]; [right|subst; lra|left]; split; nra.
Qed.

Definition flip (H : hyperplane) : hyperplane := (map Ropp (fst H), - snd H).
Definition shift (e : R) (H : hyperplane) : hyperplane := (fst H, snd H - e).
Definition far (d : nat) (o : R) : hyperplane := (repeat 0 d, o).

Lemma dot_opp w : forall x, dot (map Ropp w) x = - dot w x.
Proof.
  induction w as [|a w IH]; intros [|b x]; simpl; try lra. rewrite IH. lra.
Qed.

Lemma dot_zero d : forall x, dot (repeat 0 d) x = 0.
Proof. induction d as [|d IH]; intros [|b x]; simpl; try lra. rewrite IH. lra. Qed.

Lemma dot_scale c w : forall x, dot (map (Rmult c) w) x = c * dot w x.
Proof. induction w as [|a w IH]; intros [|b x]; simpl; try lra. rewrite IH. lra. Qed.

Lemma side_flip H x : side (flip H) x = - side H x.
Proof. unfold side, flip; simpl. rewrite dot_opp. lra. Qed.

Lemma side_shift e H x : side (shift e H) x = side H x - e.
Proof. unfold side, shift; simpl. lra. Qed.

Lemma side_far d o x : side (far d o) x = o.
Proof. unfold side, far; simpl. rewrite dot_zero. lra. Qed.

Lemma in_dim_flip d H : in_dim d H -> in_dim d (flip H).
Proof. unfold in_dim, flip; simpl. rewrite map_length. auto. Qed.

Lemma in_dim_far d o : in_dim d (far d o).
Proof. apply repeat_length. Qed.

(** Some positive number is below all non-zero absolute values of a list. *)
Lemma small {X} (f : X -> R) (l : list X) :
  exists e, 0 < e /\ forall x, In x l -> f x <> 0 -> e < Rabs (f x).
Proof.
  induction l as [|x l (e & He & IH)]; [exists 1; split; [lra|easy]|].
  destruct (Req_dec (f x) 0) as [E|E].
  - exists e. split; [exact He|]. intros y [<-|Hy] Hn; [lra|auto].
  - pose proof (Rabs_pos_lt _ E) as Hp.
    exists (Rmin (e / 2) (Rabs (f x) / 2)). split; [apply Rmin_glb_lt; lra|].
    intros y [<-|Hy] Hn.
    + eapply Rle_lt_trans; [apply Rmin_r|lra].
    + eapply Rle_lt_trans; [apply Rmin_l|]. specialize (IH y Hy Hn). lra.
Qed.

(** Some number is above all values of a list. *)
Lemma large {X} (f : X -> R) (l : list X) :
  exists L, 0 < L /\ forall x, In x l -> f x <= L.
Proof.
  induction l as [|x l (L & HL & IH)]; [exists 1; split; [lra|easy]|].
  exists (L + Rabs (f x)). pose proof (Rabs_pos (f x)). pose proof (Rle_abs (f x)).
  split; [lra|]. intros y [<-|Hy]; [lra|]. specialize (IH y Hy). lra.
Qed.

(** A small shift of the offset frees a hyperplane of the given points and
    keeps all strict signs. *)
Lemma free_of_points (H : hyperplane) (l : points) :
  exists e, 0 < e /\ forall x, In x l ->
    (0 < side H (real x) -> 0 < side (shift e H) (real x)) /\
    (side H (real x) <= 0 -> side (shift e H) (real x) < 0).
Proof.
  destruct (small (fun x => side H (real x)) l) as (e & He & Hs).
  exists e. split; [exact He|]. intros x Hx. rewrite side_shift. split; intros Hz.
  - specialize (Hs x Hx). rewrite Rabs_pos_eq in Hs; lra.
  - lra.
Qed.

(** ** Corollary 10: two threshold neurons *)

(** The data: label 1 on Q, label 0 on P. *)
Definition labelled (Q P : points) : data :=
  map (fun q => (q, 1%Q)) Q ++ map (fun p => (p, 0%Q)) P.

Lemma fits_labelled act N Q P : fits act N (labelled Q P) <->
  (forall q, In q Q -> eval act N (real q) = 1) /\ (forall p, In p P -> eval act N (real p) = 0).
Proof.
  unfold labelled, real. rewrite fits_app. unfold fits. split; intros [H1 H2]; split.
  - intros q Hq. rewrite (H1 q 1%Q); [apply RMicromega.Q2R_1|]. apply in_map_iff. eauto.
  - intros p Hp. rewrite (H2 p 0%Q); [apply RMicromega.Q2R_0|]. apply in_map_iff. eauto.
  - intros x y Hin. apply in_map_iff in Hin as (q & E & Hq). injection E as <- <-.
    rewrite RMicromega.Q2R_1. auto.
  - intros x y Hin. apply in_map_iff in Hin as (q & E & Hq). injection E as <- <-.
    rewrite RMicromega.Q2R_0. auto.
Qed.

Definition of_hyperplane (H : hyperplane) (a : R) : neuron := Neuron (fst H) (snd H) a.

Lemma eval_two act H1 a1 H2 a2 x :
  eval act [of_hyperplane H1 a1; of_hyperplane H2 a2] x = a1 * act (side H1 x) + a2 * act (side H2 x).
Proof. unfold eval, of_hyperplane, pre, side. simpl. lra. Qed.

Lemma restricted_threshold d Q P :
  restricted d Q P \/ restricted d P Q -> threshold_trainable d 2 (labelled Q P).
Proof.
  intros [(H1 & H2 & D1 & D2 & HA & HB)|(H1 & H2 & D1 & D2 & HA & HB)].
  - exists [of_hyperplane H1 1; of_hyperplane H2 (-1)].
    split; [reflexivity|]. split; [repeat constructor; auto|].
    apply fits_labelled. split; intros x Hx; rewrite eval_two.
    + apply HA in Hx. rewrite step_pos, step_neg; lra.
    + apply HB, same_sign in Hx as [Hx|Hx].
      * rewrite !step_pos; lra.
      * rewrite !step_neg; lra.
  - exists [of_hyperplane (flip H1) 1; of_hyperplane H2 1].
    split; [reflexivity|]. split; [repeat constructor; try apply in_dim_flip; auto|].
    apply fits_labelled. split; intros x Hx; rewrite eval_two, side_flip.
    + apply HB, same_sign in Hx as [Hx|Hx].
      * rewrite step_neg, step_pos; lra.
      * rewrite step_pos, step_neg; lra.
    + apply HA in Hx. rewrite !step_neg; lra.
Qed.

Lemma threshold_restricted d Q P :
  threshold_trainable d 2 (labelled Q P) -> restricted d Q P \/ restricted d P Q.
Proof.
  intros (N & Hlen & HN & Hfit). apply fits_labelled in Hfit as [HQ HP].
  destruct N as [|n1 [|n2 [|]]]; try discriminate Hlen.
  inversion HN as [|? ? D1 HN' E]; subst. inversion HN' as [|? ? D2 _ E]; subst.
  destruct n1 as [w1 b1 a1], n2 as [w2 b2 a2]. unfold threshold_neuron in *. simpl in D1, D2.
  destruct (free_of_points (w1, b1) (Q ++ P)) as (e1 & _ & F1).
  destruct (free_of_points (w2, b2) (Q ++ P)) as (e2 & _ & F2).
  set (G1 := shift e1 (w1, b1)) in *. set (G2 := shift e2 (w2, b2)) in *.
  assert (I1 : in_dim d G1) by exact D1. assert (I2 : in_dim d G2) by exact D2.
  (* the value in terms of strict sides *)
  assert (V : forall x y, In x (Q ++ P) -> a1 * step (side (w1, b1) (real x)) + a2 * step (side (w2, b2) (real x)) = y ->
    (0 < side G1 (real x) /\ 0 < side G2 (real x) /\ a1 + a2 = y) \/
    (0 < side G1 (real x) /\ side G2 (real x) < 0 /\ a1 = y) \/
    (side G1 (real x) < 0 /\ 0 < side G2 (real x) /\ a2 = y) \/
    (side G1 (real x) < 0 /\ side G2 (real x) < 0 /\ 0 = y)).
  { intros x y Hx. specialize (F1 x Hx). specialize (F2 x Hx). unfold step.
    destruct (Rlt_dec 0 (side (w1, b1) (real x))), (Rlt_dec 0 (side (w2, b2) (real x)));
      intros Hy; [left|right; left|right; right; left|right; right; right]; repeat split;
      try apply F1; try apply F2; lra. }
  assert (VQ := fun q (h : In q Q) => V q 1 (in_or_app Q P q (or_introl h))).
  assert (VP := fun p (h : In p P) => V p 0 (in_or_app Q P p (or_intror h))).
  assert (EQ : forall q, In q Q ->
    a1 * step (side (w1, b1) (real q)) + a2 * step (side (w2, b2) (real q)) = 1)
    by (intros q h; rewrite <- (HQ q h); unfold eval, pre, side; simpl; lra).
  assert (EP : forall p, In p P ->
    a1 * step (side (w1, b1) (real p)) + a2 * step (side (w2, b2) (real p)) = 0)
    by (intros p h; rewrite <- (HP p h); unfold eval, pre, side; simpl; lra).
  assert (VQ' := fun q h => VQ q h (EQ q h)). assert (VP' := fun p h => VP p h (EP p h)).
  clear VQ VP EQ EP. rename VQ' into VQ, VP' into VP.
  clear V F1 F2 HQ HP HN HN' Hlen.
  destruct Q as [|q0 Q'].
  { left. exists (far d 1), (far d 1). split; [apply in_dim_far|split; [apply in_dim_far|]].
    split; [intros x []|intros x _; rewrite !side_far; lra]. }
  set (Q := q0 :: Q') in *.
  destruct (Req_dec a1 1) as [A1|A1].
  - destruct (Req_dec a2 1) as [A2|A2]; [|destruct (Req_dec a2 0) as [A20|A20]].
    + right. exists (flip G1), G2.
      split; [apply in_dim_flip; auto|split; [auto|split]]; intros x Hx; rewrite side_flip.
      * specialize (VP x Hx). lra.
      * specialize (VQ x Hx). assert (0 < - side G1 (real x) /\ 0 < side G2 (real x) \/
          0 < side G1 (real x) /\ 0 < - side G2 (real x)) by lra. nra.
    + left. exists G1, (far d (-1)).
      split; [auto|split; [apply in_dim_far|split]]; intros x Hx; rewrite side_far.
      * specialize (VQ x Hx). lra.
      * specialize (VP x Hx). lra.
    + left. exists G1, G2. split; [auto|split; [auto|split]]; intros x Hx.
      * specialize (VQ x Hx). lra.
      * specialize (VP x Hx). assert (0 < side G1 (real x) /\ 0 < side G2 (real x) \/
          0 < - side G1 (real x) /\ 0 < - side G2 (real x)) by lra. nra.
  - destruct (Req_dec a2 1) as [A2|A2]; [destruct (Req_dec a1 0) as [A10|A10]|].
    + left. exists G2, (far d (-1)).
      split; [auto|split; [apply in_dim_far|split]]; intros x Hx; rewrite side_far.
      * specialize (VQ x Hx). lra.
      * specialize (VP x Hx). lra.
    + left. exists G2, G1. split; [auto|split; [auto|split]]; intros x Hx.
      * specialize (VQ x Hx). lra.
      * specialize (VP x Hx). assert (0 < side G1 (real x) /\ 0 < side G2 (real x) \/
          0 < - side G1 (real x) /\ 0 < - side G2 (real x)) by lra. nra.
    + assert (a1 + a2 = 1) by (specialize (VQ q0 (or_introl eq_refl)); lra).
      left. exists G1, (far d (-1)).
      split; [auto|split; [apply in_dim_far|split]]; intros x Hx; rewrite side_far.
      * specialize (VQ x Hx). lra.
      * specialize (VP x Hx). lra.
Qed.

(** Corollary 10, for arbitrary input. *)
Theorem corollary_10 d Q P :
  threshold_trainable d 2 (labelled Q P) <-> restricted d Q P \/ restricted d P Q.
Proof. split; [apply threshold_restricted|apply restricted_threshold]. Qed.
