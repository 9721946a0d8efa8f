(** * Selection gadgets: Lemma 4 and Lemma 5

    The order of proof follows the repair of Lemma 5 (reductions.md, section 4,
    item 7): from the three vertical lines alone, going upward from the lowest
    gadget, every breakline stays with its gadget; then the function is a sum of
    levees with two slopes each; then the q-points of each gadget decide. *)

From Coq Require Import Reals List Lra Psatz Permutation.
From Certify Require Import Semantics Lines Levee Slots.
Import ListNotations.
Open Scope R_scope.

(** A gadget: its offset and its slopes. *)
Record gadget := Gadget { offset : R; slopes : list R }.

Definition first_slope (g : gadget) : R := hd 0 (slopes g).
Definition last_slope (g : gadget) : R := last (slopes g) 0.

(** Its points, as conditions on a function: 13 on h_0, 9 on each of h_eps and
    h_-eps, and two for each pair of consecutive slopes. *)
Definition window0 (g : gadget) : window := Window (offset g) 0 0.
Definition window_left (eps : R) (g : gadget) : window :=
  Window (offset g) (- eps * last_slope g) (- eps * first_slope g).
Definition window_right (eps : R) (g : gadget) : window :=
  Window (offset g) (eps * first_slope g) (eps * last_slope g).

Definition four_points (f : R -> R) (z : R) : Prop :=
  f (z - 5/3) = 1/3 /\ f (z - 4/3) = 2/3 /\ f (z + 4/3) = 2/3 /\ f (z + 5/3) = 1/3.

Fixpoint q_points (f : R -> R -> R) (z : R) (l : list R) : Prop :=
  match l with
  | s :: ((s' :: _) as l') =>
      f (-4 / (s' - s)) (z - 2 * (s + s') / (s' - s)) = 0 /\
      f (4 / (s' - s)) (z + 2 * (s + s') / (s' - s)) = 0 /\ q_points f z l'
  | _ => True
  end.

Definition fits_gadget (f : R -> R -> R) (eps : R) (g : gadget) : Prop :=
  nine_points (f 0) (window0 g) /\ four_points (f 0) (offset g) /\
  nine_points (f (- eps)) (window_left eps g) /\
  nine_points (f eps) (window_right eps g) /\
  q_points f (offset g) (slopes g).

(** Slopes rise by at least [d] from one to the next. *)
Fixpoint rising (d : R) (l : list R) : Prop :=
  match l with
  | s :: ((s' :: _) as l') => s + d <= s' /\ rising d l'
  | _ => True
  end.

Lemma rising_bounds d l : 0 < d -> rising d l -> forall s, In s l -> hd 0 l <= s <= last l 0.
Proof.
  intros Hd. induction l as [|a [|b l] IH]; [easy| |].
  - intros _ s [<-|[]]. simpl. lra.
  - intros [H H'] s Hs. specialize (IH H'). simpl hd in *. change (last (a :: b :: l) 0) with (last (b :: l) 0).
    destruct Hs as [<-|Hs]; [|specialize (IH s Hs); lra].
    specialize (IH b (or_introl eq_refl)). lra.
Qed.

(** ** The slopes are decided by the q-points (end of the proof of Lemma 4) *)

Lemma q_plus z s t a b : a < b -> s <= t ->
  levee2 z s t (4 / (b - a)) (z + 2 * (a + b) / (b - a)) = 0 -> b <= s \/ t <= a.
Proof.
  intros Hab Hst H. assert (HX : 0 < / (b - a)) by (apply Rinv_0_lt_compat; lra).
  assert (E : / (b - a) * (b - a) = 1) by (field; lra).
  unfold levee2, Rdiv in H. set (i := / (b - a)) in *. clearbody i.
  apply bump_zero in H; [|nra].
  destruct H as [H|H]; [left|right].
  - assert (4 * i * b <= 4 * i * s) by nra. nra.
  - assert (4 * i * t <= 4 * i * a) by nra. nra.
Qed.

Lemma q_minus z s t a b : a < b -> t <= s ->
  levee2 z s t (-4 / (b - a)) (z - 2 * (a + b) / (b - a)) = 0 -> s <= a \/ b <= t.
Proof.
  intros Hab Hst H. assert (HX : 0 < / (b - a)) by (apply Rinv_0_lt_compat; lra).
  assert (E : / (b - a) * (b - a) = 1) by (field; lra).
  unfold levee2, Rdiv in H. set (i := / (b - a)) in *. clearbody i.
  apply bump_zero in H; [|nra].
  destruct H as [H|H]; [left|right].
  - assert (4 * i * s <= 4 * i * a) by nra. nra.
  - assert (4 * i * b <= 4 * i * t) by nra. nra.
Qed.

Lemma slopes_decided d z s t l : 0 < d -> l <> [] -> rising d l ->
  hd 0 l <= s <= last l 0 -> hd 0 l <= t <= last l 0 ->
  q_points (levee2 z s t) z l -> s = t /\ In s l.
Proof.
  intros Hd. induction l as [|a [|b l] IH]; [easy| |].
  - intros _ _ Hs Ht _. simpl in *. split; [lra|left; lra].
  - intros _ [Hab Hr] Hs Ht (Qm & Qp & Q).
    change (last (a :: b :: l) 0) with (last (b :: l) 0) in *. simpl hd in *.
    assert (G : b <= s -> b <= t -> s = t /\ In s (a :: b :: l)).
    { intros. destruct IH as [E I]; auto; [discriminate|lra|lra|]. split; [exact E|right; exact I]. }
    destruct (Rle_dec s t).
    + apply q_plus in Qp as [|]; [apply G| |lra|lra]; try lra. split; [lra|left; lra].
    + apply q_minus in Qm as [|]; [|apply G|lra|lra]; lra.
Qed.

(** ** Breaklines stay with their gadget *)

Definition inner (c z : R) (q : quad) : Prop :=
  (coef (qa q) = 1 /\ coef (qb q) = -1 /\ coef (qc q) = -1 /\ coef (qd q) = 1) /\
  z - 7/3 <= root c (qa q) <= z - 2/3 /\ z - 7/3 <= root c (qb q) <= z - 2/3 /\
  z + 2/3 <= root c (qc q) <= z + 7/3 /\ z + 2/3 <= root c (qd q) <= z + 7/3.

Definition exact0 (z : R) (q : quad) : Prop :=
  (coef (qa q) = 1 /\ coef (qb q) = -1 /\ coef (qc q) = -1 /\ coef (qd q) = 1) /\
  (root 0 (qa q) = z - 2 /\ root 0 (qb q) = z - 1 /\ root 0 (qc q) = z + 1 /\ root 0 (qd q) = z + 2) /\
  (Rabs (wy (qa q)) = 1 /\ Rabs (wy (qb q)) = 1 /\ Rabs (wy (qc q)) = 1 /\ Rabs (wy (qd q)) = 1).

Lemma shaped_inner c g w q : narrow w -> shaped c g w q -> inner c (mid w) q.
Proof.
  intros (H1 & H2 & H3) (C & _ & R & m & m' & Hm & Hm' & _ & E & E' & _). split; [exact C|].
  assert (root c (qa q) < root c (qb q)) by nra. assert (root c (qc q) < root c (qd q)) by nra. lra.
Qed.

Lemma shaped_exact g z q : shaped 0 g (Window z 0 0) q -> four_points g z -> exact0 z q.
Proof.
  intros (C & _ & R & m & m' & Hm & Hm' & M & E & E' & Hg) (F1 & F2 & F3 & F4).
  simpl in *. rewrite Hg in F1, F2, F3, F4 by lra. clear Hg g.
  set (a := root 0 (qa q)) in *. set (b := root 0 (qb q)) in *.
  set (e := root 0 (qc q)) in *. set (d := root 0 (qd q)) in *.
  assert (a < b) by nra. assert (e < d) by nra.
  rewrite (relu_neg (z - 5/3 - e)), (relu_neg (z - 5/3 - d)) in F1 by lra.
  rewrite (relu_neg (z - 4/3 - e)), (relu_neg (z - 4/3 - d)) in F2 by lra.
  rewrite (relu_pos (z + 4/3 - a)), (relu_pos (z + 4/3 - b)) in F3 by lra.
  rewrite (relu_pos (z + 5/3 - a)), (relu_pos (z + 5/3 - b)) in F4 by lra.
  assert (A : m = 1 /\ a = z - 2).
  { unfold relu, Rmax in F1, F2.
    destruct (Rle_dec 0 (z - 5/3 - a)), (Rle_dec 0 (z - 5/3 - b)); try lra;
    destruct (Rle_dec 0 (z - 4/3 - a)), (Rle_dec 0 (z - 4/3 - b)); try lra.
    assert (m = 1) by lra. subst m. split; lra. }
  assert (D : m' = 1 /\ d = z + 2).
  { unfold relu, Rmax in F3, F4.
    destruct (Rle_dec 0 (z + 4/3 - e)), (Rle_dec 0 (z + 4/3 - d)); try lra;
    destruct (Rle_dec 0 (z + 5/3 - e)), (Rle_dec 0 (z + 5/3 - d)); try lra.
    assert (m' = 1) by lra. subst m'. split; lra. }
  destruct A as [-> A], D as [-> D]. unfold exact0. fold a b e d.
  split; [exact C|]. split; [lra|exact M].
Qed.

Lemma midpoint eps n : wy n <> 0 -> root eps n + root (- eps) n = 2 * root 0 n.
Proof. intros H. rewrite (root_slope n eps), (root_slope n (- eps)) by exact H. ring. Qed.

(** A member on the line x1 = c that is none of the lowest four lies high. *)
Lemma members_high c z zs q Qs n :
  (forall z', In z' zs -> z + 10 <= z') ->
  inner c z q -> Forall2 (inner c) zs Qs -> In n (flat_map members (q :: Qs)) ->
  In n (members q) \/ z + 7 <= root c n.
Proof.
  intros Hz Hq HF Hn. apply in_app_or in Hn as [Hn|Hn]; [left; exact Hn|right].
  apply in_flat_map in Hn as (q' & Hq' & Hn).
  destruct (Forall2_in_r _ _ _ _ HF Hq') as (z' & Hz' & I). specialize (Hz z' Hz').
  destruct I as (_ & I1 & I2 & I3 & I4).
  simpl in Hn. repeat destruct Hn as [<-|Hn]; try contradiction; lra.
Qed.

Lemma stay_with_gadget eps zs : spaced 10 zs -> forall Q0 Qr Ql,
  Forall2 exact0 zs Q0 -> Forall2 (inner eps) zs Qr -> Forall2 (inner (- eps)) zs Ql ->
  Permutation (flat_map members Q0) (flat_map members Qr) ->
  Permutation (flat_map members Q0) (flat_map members Ql) ->
  Qr = Q0 /\ Ql = Q0.
Proof.
  induction zs as [|z zs IH]; intros Hsp Q0 Qr Ql F0 Fr Fl Pr Pl.
  - inversion F0; inversion Fr; inversion Fl. auto.
  - destruct Hsp as [Hz Hzs].
    inversion F0 as [|? q ? Q0' E0 F0']; subst. inversion Fr as [|? qr ? Qr' Er Fr']; subst.
    inversion Fl as [|? ql ? Ql' El Fl']; subst.
    assert (Hr : forall n, In n (members q) -> In n (members qr) \/ z + 7 <= root eps n).
    { intros n Hn. apply (members_high eps z zs qr Qr'); auto.
      eapply Permutation_in; [exact Pr|]. apply in_or_app; auto. }
    assert (Hl : forall n, In n (members q) -> In n (members ql) \/ z + 7 <= root (- eps) n).
    { intros n Hn. apply (members_high (- eps) z zs ql Ql'); auto.
      eapply Permutation_in; [exact Pl|]. apply in_or_app; auto. }
    destruct q as [a b c d], qr as [a1 b1 c1 d1], ql as [a2 b2 c2 d2].
    destruct E0 as ((Ca & Cb & Cc & Cd) & (Ra & Rb & Rc & Rd) & (Ya & Yb & Yc & Yd)).
    destruct Er as ((Ca1 & Cb1 & Cc1 & Cd1) & Ra1 & Rb1 & Rc1 & Rd1).
    destruct El as ((Ca2 & Cb2 & Cc2 & Cd2) & Ra2 & Rb2 & Rc2 & Rd2).
    simpl in *.
    assert (N : forall n, Rabs (wy n) = 1 -> wy n <> 0) by (intros n E E'; rewrite E', Rabs_R0 in E; lra).
    pose proof (midpoint eps a (N a Ya)) as Ma. pose proof (midpoint eps b (N b Yb)) as Mb.
    pose proof (midpoint eps c (N c Yc)) as Mc. pose proof (midpoint eps d (N d Yd)) as Md.
    pose proof (Hr a ltac:(auto)) as Ha1. pose proof (Hl a ltac:(auto)) as Ha2.
    pose proof (Hr b ltac:(auto)) as Hb1. pose proof (Hl b ltac:(auto)) as Hb2.
    pose proof (Hr c ltac:(auto)) as Hc1. pose proof (Hl c ltac:(auto)) as Hc2.
    pose proof (Hr d ltac:(auto)) as Hd1. pose proof (Hl d ltac:(auto)) as Hd2.
    clear Hr Hl.
    (* which one of the four, by sign *)
    assert (Sp : forall n w x y v, coef n = 1 -> coef x = -1 -> coef y = -1 ->
      (w = n \/ x = n \/ y = n \/ v = n \/ False) -> w = n \/ v = n)
      by (intros n w x y v H1 H2 H3 [?|[?|[?|[?|[]]]]]; subst; auto; lra).
    assert (Sm : forall n w x y v, coef n = -1 -> coef w = 1 -> coef v = 1 ->
      (w = n \/ x = n \/ y = n \/ v = n \/ False) -> x = n \/ y = n)
      by (intros n w x y v H1 H2 H3 [?|[?|[?|[?|[]]]]]; subst; auto; lra).
    assert (Ha1' : (a1 = a \/ d1 = a) \/ z + 7 <= root eps a) by (destruct Ha1; eauto).
    assert (Ha2' : (a2 = a \/ d2 = a) \/ z + 7 <= root (- eps) a) by (destruct Ha2; eauto).
    assert (Hd1' : (a1 = d \/ d1 = d) \/ z + 7 <= root eps d) by (destruct Hd1; eauto).
    assert (Hd2' : (a2 = d \/ d2 = d) \/ z + 7 <= root (- eps) d) by (destruct Hd2; eauto).
    assert (Hb1' : (b1 = b \/ c1 = b) \/ z + 7 <= root eps b) by (destruct Hb1; eauto).
    assert (Hb2' : (b2 = b \/ c2 = b) \/ z + 7 <= root (- eps) b) by (destruct Hb2; eauto).
    assert (Hc1' : (b1 = c \/ c1 = c) \/ z + 7 <= root eps c) by (destruct Hc1; eauto).
    assert (Hc2' : (b2 = c \/ c2 = c) \/ z + 7 <= root (- eps) c) by (destruct Hc2; eauto).
    clear Ha1 Ha2 Hb1 Hb2 Hc1 Hc2 Hd1 Hd2 Sp Sm.
    assert (a1 = a /\ a2 = a) as [-> ->].
    { assert (z - 7/3 <= root eps a) by (destruct Ha1' as [[E|E]|]; try rewrite E in *; lra).
      assert (z - 7/3 <= root (- eps) a) by (destruct Ha2' as [[E|E]|]; try rewrite E in *; lra).
      split.
      - destruct Ha1' as [[E|E]|]; [exact E|rewrite E in *; lra|lra].
      - destruct Ha2' as [[E|E]|]; [exact E|rewrite E in *; lra|lra]. }
    assert (b1 = b /\ b2 = b) as [-> ->].
    { assert (z - 7/3 <= root eps b) by (destruct Hb1' as [[E|E]|]; try rewrite E in *; lra).
      assert (z - 7/3 <= root (- eps) b) by (destruct Hb2' as [[E|E]|]; try rewrite E in *; lra).
      split.
      - destruct Hb1' as [[E|E]|]; [exact E|rewrite E in *; lra|lra].
      - destruct Hb2' as [[E|E]|]; [exact E|rewrite E in *; lra|lra]. }
    assert (Dac : forall n, root 0 n = z - 1 -> c <> n) by (intros n Hn ->; lra).
    assert (Dad : forall n, root 0 n = z - 2 -> d <> n) by (intros n Hn ->; lra).
    assert (c1 = c /\ c2 = c) as [-> ->].
    { assert (b <> c) by (intros ->; lra).
      destruct Hc1' as [[E|E1]|E1]; [contradiction| |]; (destruct Hc2' as [[E|E2]|E2]; [contradiction| |]);
        auto; try rewrite E1 in *; try rewrite E2 in *; lra. }
    assert (d1 = d /\ d2 = d) as [-> ->].
    { assert (a <> d) by (intros ->; lra).
      destruct Hd1' as [[E|E1]|E1]; [contradiction| |]; (destruct Hd2' as [[E|E2]|E2]; [contradiction| |]);
        auto; try rewrite E1 in *; try rewrite E2 in *; lra. }
    apply Permutation_cons_inv, Permutation_cons_inv, Permutation_cons_inv, Permutation_cons_inv in Pr.
    apply Permutation_cons_inv, Permutation_cons_inv, Permutation_cons_inv, Permutation_cons_inv in Pl.
    destruct (IH Hzs Q0' Qr' Ql' F0' Fr' Fl' Pr Pl) as [-> ->]. auto.
Qed.
