(** * The normal form of a fitting network (docs/format/v1.md, 6.1), kinks and labels

    A [model] is an affine function alpha and a list of units: affine pre-activation z, whether it was turned
    (6.11), output coefficient a. Models are closed under permutation and under change of orientation. *)

From Coq Require Import Reals QArith Qreals List Lra Lia Bool Permutation Sorted.
From Certify Require Import Semantics.
From CertifyChecker Require Import Trie.
Import ListNotations.
Open Scope R_scope.

Inductive activation := ReLU | Thr.
Inductive signs := Free | Convex | Concave.

Definition actf (A : activation) : R -> R := match A with ReLU => relu | Thr => step end.

(** An affine function by its coefficients; number 1 is the constant. *)
Definition aff := positive -> R.
(** A data point: its coordinates, preceded by the number 1. *)
Definition point := tree Q.
Definition mkpoint (x : list Q) : point := number 1 (1%Q :: x) Leaf.

Definition unit := ((aff * bool) * R)%type.
Definition zf (n : unit) : aff := fst (fst n).
Definition turned (n : unit) : bool := snd (fst n).
Definition pr (n : unit) (v : point) : R := vq (zf n) v.

(** [res] and [los] are numbers that the points of the instance have besides (6.13); they stay as they are when units
    are renamed or turned. *)
Record model := Model { alpha : aff; units : list unit; res : positive -> R; los : positive -> R }.
Definition renamed (M : model) (g : aff) (l : list unit) : model := Model g l (res M) (los M).

Definition avalue (A : activation) (f : aff) (v : point) : R :=
  match A with ReLU => vq f v | Thr => f 1%positive end.
Definition usum (A : activation) (l : list unit) (v : point) : R :=
  sum (fun n => snd n * actf A (pr n v)) l.
Definition value (A : activation) (M : model) (v : point) : R :=
  avalue A (alpha M) v + usum A (units M) v.

(** Points and the values there. *)
Definition pdata := list (point * R).

Definition mfits (A : activation) (M : model) (D : pdata) : Prop :=
  forall v y, In (v, y) D ->
    value A M v = y /\ (A = Thr -> forall n, In n (units M) -> pr n v <> 0).

(** The part of alpha that turning has put there (6.11): networks as they are have alpha = 0. *)
Definition tterm (A : activation) (v : point) (n : unit) : R :=
  if turned n then snd n * match A with ReLU => pr n v | Thr => 1 end else 0.
Definition anchored (A : activation) (M : model) : Prop :=
  forall v, avalue A (alpha M) v + sum (tterm A v) (units M) = 0.

Definition signed (A : activation) (l : list unit) : Prop :=
  A = ReLU -> Forall (fun n => snd n = 1 \/ snd n = -1) l.

(** ** From networks to models *)

Definition coefs (n : neuron) : aff := fun c => nth (pred (Pos.to_nat c)) (bias n :: weights n) 0.

Fixpoint dotf (f : aff) (p : positive) (l : list Q) : R :=
  match l with [] => 0 | q :: l' => Q2R q * f p + dotf f (Pos.succ p) l' end.

Lemma vq_fresh p q : forall t h, get p t = None -> vq h (set p q t) = vq h t + Q2R q * h p.
Proof.
  unfold set. induction p; intros [|l o r] h; simpl; intros H; rewrite ?IHp; simpl; rewrite ?Q2R_0;
    try (rewrite get_leaf; reflexivity); try assumption; try ring.
  subst o. simpl. rewrite Q2R_0. ring.
Qed.

Lemma vq_number f l : forall p t, (forall q, (p <= q)%positive -> get q t = None) ->
  vq f (number p l t) = vq f t + dotf f p l.
Proof.
  induction l as [|a l IH]; intros p t H; simpl; [ring|].
  rewrite IH.
  - rewrite vq_fresh; [ring|]. apply H. lia.
  - intros q Hq. rewrite get_set. destruct (Pos.eqb_spec q p); [lia|]. apply H. lia.
Qed.

Lemma dotf_nth : forall l w f p,
  (forall i, f (Pos.of_nat (i + Pos.to_nat p)) = nth i w 0) ->
  dotf f p l = dot w (map Q2R l).
Proof.
  induction l as [|q l IH]; intros w f p H; simpl; [destruct w; reflexivity|].
  assert (Hp : f p = nth 0 w 0). { rewrite <- H. simpl. rewrite Pos2Nat.id. reflexivity. }
  destruct w as [|a w]; simpl in *.
  - rewrite Hp, (IH [] f (Pos.succ p)).
    + rewrite ?Rmult_0_r. simpl. lra.
    + intros i. replace (i + Pos.to_nat (Pos.succ p))%nat with (S i + Pos.to_nat p)%nat by lia.
      rewrite H. destruct i; reflexivity.
  - rewrite Hp, (IH w f (Pos.succ p)).
    + ring.
    + intros i. replace (i + Pos.to_nat (Pos.succ p))%nat with (S i + Pos.to_nat p)%nat by lia.
      rewrite H. reflexivity.
Qed.

Lemma coefs_pre n x : vq (coefs n) (mkpoint x) = pre n (map Q2R x).
Proof.
  unfold mkpoint. rewrite vq_number by reflexivity. simpl vq.
  rewrite (dotf_nth _ (bias n :: weights n)).
  - simpl. rewrite Q2R_1. unfold pre. ring.
  - intros i. unfold coefs. f_equal. lia.
Qed.

(** The values of a network. *)
Definition pdata_of (A : activation) (N : list neuron) (xs : list (list Q)) : pdata :=
  map (fun x => (mkpoint x, eval (actf A) N (map Q2R x))) xs.

Lemma in_pdata A N xs v y : In (v, y) (pdata_of A N xs) ->
  exists x, In x xs /\ v = mkpoint x /\ y = eval (actf A) N (map Q2R x).
Proof.
  intros H. apply in_map_iff in H as (x & [= <- <-] & H). exists x. auto.
Qed.

(** A network as it is. *)
Definition net (N : list neuron) (r s : positive -> R) : model :=
  Model (fun _ => 0) (map (fun n => ((coefs n, false), coef n)) N) r s.

Lemma vq_zero v : vq (fun _ => 0) v = 0.
Proof.
  rewrite (vq_ext (fun _ => 0) (fun _ => 0 * 0)) by (intros; ring). rewrite (vq_mult 0 (fun _ => 0)). ring.
Qed.

Lemma net_value A N r s x : value A (net N r s) (mkpoint x) = eval (actf A) N (map Q2R x).
Proof.
  unfold value, usum, eval, net. simpl. replace (avalue A (fun _ => 0) (mkpoint x)) with 0.
  - rewrite Rplus_0_l, sum_map. apply sum_ext. intros n _. unfold pr, zf. simpl. rewrite coefs_pre. reflexivity.
  - destruct A; simpl; [rewrite vq_zero|]; reflexivity.
Qed.

Lemma relu_model N xs r s : mfits ReLU (net N r s) (pdata_of ReLU N xs).
Proof.
  intros v y Hin. apply in_pdata in Hin as (x & Hin & -> & ->). split; [apply net_value|discriminate].
Qed.

Lemma net_anchored A N r s : anchored A (net N r s).
Proof.
  intros v. simpl. rewrite (sum_zero (tterm A v)).
  - destruct A; simpl; [rewrite vq_zero|]; ring.
  - intros u Hu. apply in_map_iff in Hu as (n & <- & _). reflexivity.
Qed.

(** Lowering biases: some e > 0 is smaller than every positive number of a list. *)
Lemma below (l : list R) : exists e, 0 < e /\ forall v, In v l -> 0 < v -> e < v.
Proof.
  induction l as [|v l (e & He & H)].
  - exists 1. split; [lra|]. intros v [].
  - destruct (Rlt_dec 0 v) as [Hv|Hv].
    + exists (Rmin e v / 2). assert (0 < Rmin e v) by (apply Rmin_glb_lt; assumption).
      pose proof (Rmin_l e v). pose proof (Rmin_r e v). split; [lra|].
      intros w [<-|Hw] Hpos; [lra|]. specialize (H w Hw Hpos). lra.
    + exists e. split; [exact He|]. intros w [<-|Hw] Hpos; [lra|]. auto.
Qed.

Lemma lower (n : neuron) (xs : list (list Q)) : exists b,
  let n' := Neuron (weights n) b (coef n) in
  forall x, In x xs ->
    step (pre n' (map Q2R x)) = step (pre n (map Q2R x)) /\ pre n' (map Q2R x) <> 0.
Proof.
  destruct (below (map (fun x => pre n (map Q2R x)) xs)) as (e & He & H).
  exists (bias n - e). intros n' x Hin.
  assert (E : pre n' (map Q2R x) = pre n (map Q2R x) - e) by (unfold pre, n'; simpl; ring).
  rewrite E.
  assert (Hx : In (pre n (map Q2R x)) (map (fun x => pre n (map Q2R x)) xs))
    by (apply in_map_iff; exists x; auto).
  specialize (H _ Hx). unfold step.
  destruct (Rlt_dec 0 (pre n (map Q2R x))) as [Hp|Hp].
  - specialize (H Hp). destruct (Rlt_dec 0 _); [|lra]. split; [reflexivity|lra].
  - destruct (Rlt_dec 0 _); [lra|]. split; [reflexivity|lra].
Qed.

Lemma lower_all (N : list neuron) (xs : list (list Q)) : exists N', length N' = length N /\
  forall x, In x xs -> eval step N' (map Q2R x) = eval step N (map Q2R x) /\
    forall n, In n N' -> pre n (map Q2R x) <> 0.
Proof.
  induction N as [|n N (N' & Hl & H)].
  - exists []. split; [reflexivity|]. intros. split; [reflexivity|]. intros ? [].
  - destruct (lower n xs) as (b & Hb). exists (Neuron (weights n) b (coef n) :: N').
    split; [simpl; congruence|]. intros x Hin. specialize (Hb x Hin) as [Hb1 Hb2].
    specialize (H x Hin) as [H1 H2]. split.
    + unfold eval in *. simpl. rewrite Hb1, H1. reflexivity.
    + intros m [<-|Hm]; auto.
Qed.

Lemma threshold_model N xs r s : exists N', length N' = length N /\ mfits Thr (net N' r s) (pdata_of Thr N xs).
Proof.
  destruct (lower_all N xs) as (N' & Hl & HN). exists N'. split; [exact Hl|].
  intros v y Hin. apply in_pdata in Hin as (x & Hin & -> & ->). destruct (HN x Hin) as [H1 H2]. split.
  - rewrite net_value. exact H1.
  - intros _ n Hn. apply in_map_iff in Hn as (m & <- & Hm). unfold pr, zf. simpl. rewrite coefs_pre. auto.
Qed.

(** ** Orientation is free *)

Definition flip (A : activation) (n : unit) : unit :=
  ((fun c => - zf n c, negb (turned n)), match A with ReLU => snd n | Thr => - snd n end).

Lemma pr_flip A n v : pr (flip A n) v = - pr n v.
Proof.
  unfold pr, flip, zf. simpl. rewrite (vq_ext _ (fun p => (-1) * fst (fst n) p)) by (intros; ring).
  rewrite vq_mult. ring.
Qed.

Definition oriented (A : activation) (n n' : unit) : Prop := n' = n \/ n' = flip A n.

Lemma avalue_plus A f g v : avalue A (fun p => f p + g p) v = avalue A f v + avalue A g v.
Proof. destruct A; simpl; [apply vq_plus|reflexivity]. Qed.

Lemma flip_value A n : exists g,
  (forall v, (A = Thr -> pr n v <> 0) ->
    snd n * actf A (pr n v) = avalue A g v + snd (flip A n) * actf A (pr (flip A n) v)) /\
  (forall v, avalue A g v + tterm A v (flip A n) = tterm A v n).
Proof.
  destruct A.
  - exists (fun p => snd n * zf n p). split; intros v.
    2:{ unfold tterm. rewrite pr_flip. simpl. rewrite vq_mult. fold (pr n v).
        unfold turned at 1. simpl. destruct (turned n); simpl; ring. }
    intros _. simpl. rewrite pr_flip, vq_mult.
    fold (pr n v). unfold relu, Rmax. destruct (Rle_dec 0 (pr n v)), (Rle_dec 0 (- pr n v)); try ring; [|lra].
    assert (E : pr n v = 0) by lra. rewrite E. ring.
  - exists (fun _ => snd n). split; intros v.
    2:{ unfold tterm. unfold turned at 1. simpl. destruct (turned n); simpl; ring. }
    intros H. specialize (H eq_refl). simpl. rewrite pr_flip. unfold step.
    destruct (Rlt_dec 0 (pr n v)), (Rlt_dec 0 (- pr n v)); lra.
Qed.

Lemma usum_cons A n l v : usum A (n :: l) v = snd n * actf A (pr n v) + usum A l v.
Proof. reflexivity. Qed.

Lemma orient_sum A l l' : Forall2 (oriented A) l l' -> exists g,
  (forall v, (A = Thr -> forall n, In n l -> pr n v <> 0) -> usum A l v = avalue A g v + usum A l' v) /\
  (forall v, avalue A g v + sum (tterm A v) l' = sum (tterm A v) l).
Proof.
  induction 1 as [|n n' l l' H HF (g & Hg & Ht)].
  - exists (fun _ => 0).
    assert (E : forall v, avalue A (fun _ => 0) v = 0) by (intros v; destruct A; simpl; [apply vq_zero|reflexivity]).
    split; intros v; rewrite E; [intros _; unfold usum|]; simpl; ring.
  - destruct H as [->| ->].
    + exists g. split; [|intros v; simpl; rewrite <- Ht; ring].
      intros v Hv. rewrite !usum_cons, Hg; [ring|]. intros E m Hm. apply Hv; [exact E|right; exact Hm].
    + destruct (flip_value A n) as (g' & Hg' & Ht'). exists (fun p => g' p + g p). split.
      * intros v Hv. rewrite avalue_plus, !usum_cons, (Hg' v), Hg.
        -- ring.
        -- intros E m Hm. apply Hv; [exact E|right; exact Hm].
        -- intros E. apply Hv; [exact E|left; reflexivity].
      * intros v. rewrite avalue_plus. cbn [sum]. rewrite <- (Ht' v), <- Ht. ring.
Qed.

Lemma orient_fits A M D l' : mfits A M D -> anchored A M -> Forall2 (oriented A) (units M) l' ->
  exists g, mfits A (renamed M g l') D /\ anchored A (renamed M g l').
Proof.
  intros H HA HF. destruct (orient_sum A _ _ HF) as (g & Hg & Ht).
  exists (fun p => alpha M p + g p). split.
  - intros v y Hin. destruct (H v y Hin) as [H1 H2]. split.
    + rewrite <- H1. unfold value. simpl. rewrite avalue_plus, (Hg v H2). ring.
    + intros E n' Hn'. simpl in Hn'. specialize (H2 E).
      revert H2 Hn'. clear - HF. induction HF as [|n m l l' Ho HF IH]; simpl; intros H2 Hn'; [tauto|].
      destruct Hn' as [->|Hn']; [|apply IH; auto].
      destruct Ho as [->| ->]; [|rewrite pr_flip; apply Ropp_neq_0_compat]; apply H2; left; reflexivity.
  - intros v. simpl. rewrite avalue_plus. specialize (HA v). specialize (Ht v). lra.
Qed.

Lemma perm_fits A M D l' : mfits A M D -> Permutation (units M) l' -> mfits A (renamed M (alpha M) l') D.
Proof.
  intros H HP v y Hin. destruct (H v y Hin) as [H1 H2]. split.
  - rewrite <- H1. unfold value, usum. simpl. f_equal. apply sum_perm, Permutation_sym, HP.
  - intros E n Hn. apply H2; [exact E|]. eapply Permutation_in; [apply Permutation_sym, HP|exact Hn].
Qed.

Lemma perm_anchored A M l' : anchored A M -> Permutation (units M) l' -> anchored A (renamed M (alpha M) l').
Proof. intros H HP v. simpl. rewrite <- (sum_perm _ _ _ HP). apply H. Qed.

(** ** Kinks *)

(** A neuron breaks between two points: strictly opposite signs. *)
Definition brk (p r : point) (n : unit) : Prop := pr n p * pr n r < 0.

(** x lies at the position t of the line through u (position 0) and v (position 1). *)
Definition at_pos (u v x : point) (t : R) : Prop := forall f, vq f x = (1 - t) * vq f u + t * vq f v.

Lemma sum_pos_ex {X} (f : X -> R) l : 0 < sum f l -> exists x, In x l /\ 0 < f x.
Proof.
  induction l as [|x l IH]; simpl; intros H; [lra|].
  destruct (Rlt_dec 0 (f x)) as [Hx|Hx]; [exists x; auto|].
  destruct IH as (y & Hy & Hf); [lra|]. exists y. auto.
Qed.

Lemma sum_nz_ex {X} (f : X -> R) l : sum f l <> 0 -> exists x, In x l /\ f x <> 0.
Proof.
  induction l as [|x l IH]; simpl; intros H; [lra|].
  destruct (Req_dec (f x) 0) as [Hx|Hx]; [|exists x; auto].
  destruct IH as (y & Hy & Hf); [lra|]. exists y. auto.
Qed.

Lemma sum_scale {X} c (f : X -> R) l : sum (fun x => c * f x) l = c * sum f l.
Proof. induction l; simpl; [ring|]. rewrite IHl. ring. Qed.

Lemma relu_chord p r t : 0 < t < 1 ->
  0 <= (1 - t) * relu p + t * relu r - relu ((1 - t) * p + t * r).
Proof.
  intros H. unfold relu, Rmax.
  destruct (Rle_dec 0 p), (Rle_dec 0 r), (Rle_dec 0 ((1 - t) * p + t * r)); nra.
Qed.

Lemma relu_straight p r t : 0 < t < 1 -> 0 <= p * r ->
  (1 - t) * relu p + t * relu r - relu ((1 - t) * p + t * r) = 0.
Proof.
  intros H Hs.
  assert (Hc : (0 <= p /\ 0 <= r) \/ (p <= 0 /\ r <= 0)).
  { destruct (Rle_dec 0 p), (Rle_dec 0 r); try (left; lra); try (right; lra).
    - destruct (Req_dec p 0); [right; lra|nra].
    - destruct (Req_dec r 0); [right; lra|nra]. }
  destruct Hc as [[H1 H2]|[H1 H2]].
  - rewrite !relu_pos by nra. ring.
  - rewrite !relu_neg by nra. ring.
Qed.

(** The kink lemma: labels strictly below the chord force a neuron with a = 1 that breaks; above: a = -1. *)
Lemma kink M D e p q r yp yq yr t : mfits ReLU M D -> signed ReLU (units M) ->
  (e = 1 \/ e = -1) -> 0 < t < 1 -> at_pos p r q t ->
  In (p, yp) D -> In (q, yq) D -> In (r, yr) D ->
  0 < e * ((1 - t) * yp + t * yr - yq) ->
  exists n, In n (units M) /\ snd n = e /\ brk p r n.
Proof.
  intros H HS He Ht Hq Hp Hyq Hr Hk. specialize (HS eq_refl). rewrite Forall_forall in HS.
  destruct (H _ _ Hp) as [E1 _], (H _ _ Hyq) as [E2 _], (H _ _ Hr) as [E3 _].
  rewrite <- E1, <- E2, <- E3 in Hk. clear E1 E2 E3.
  unfold value, usum in Hk. simpl in Hk. rewrite (Hq (alpha M)) in Hk.
  destruct (sum_pos_ex (fun n => e * (snd n * ((1 - t) * relu (pr n p) + t * relu (pr n r) - relu (pr n q)))) (units M))
    as (n & Hn & Hpos).
  { rewrite sum_scale.
    replace (sum (fun n => snd n * ((1 - t) * relu (pr n p) + t * relu (pr n r) - relu (pr n q))) (units M))
      with ((1 - t) * sum (fun n => snd n * relu (pr n p)) (units M)
            + t * sum (fun n => snd n * relu (pr n r)) (units M)
            - sum (fun n => snd n * relu (pr n q)) (units M)).
    - eapply Rlt_le_trans; [exact Hk|]. apply Req_le. ring.
    - clear. induction (units M); simpl; [ring|]. rewrite <- IHl. ring. }
  exists n. split; [exact Hn|].
  assert (Eq : pr n q = (1 - t) * pr n p + t * pr n r) by apply Hq. rewrite Eq in Hpos.
  pose proof (relu_chord (pr n p) (pr n r) t Ht) as Hg.
  pose proof (relu_straight (pr n p) (pr n r) t Ht) as Hz.
  set (g := (1 - t) * relu (pr n p) + t * relu (pr n r) - relu ((1 - t) * pr n p + t * pr n r)) in *.
  split.
  - destruct (HS n Hn) as [E|E]; rewrite E in *; destruct He; subst e; try reflexivity; exfalso; lra.
  - unfold brk. destruct (Rlt_dec (pr n p * pr n r) 0) as [|Hb]; [assumption|].
    rewrite Hz in Hpos by lra. lra.
Qed.

Lemma sum_zero_all {X} (f : X -> R) l : (forall x, In x l -> 0 <= f x) -> sum f l = 0 -> forall x, In x l -> f x = 0.
Proof.
  induction l as [|y l IH]; simpl; intros H Hs; [tauto|].
  assert (Hn : 0 <= sum f l).
  { clear - H. assert (H' : forall x, In x l -> 0 <= f x) by auto. clear H.
    induction l as [|z l IH]; simpl; [lra|]. pose proof (H' z (or_introl eq_refl)).
    assert (0 <= sum f l) by (apply IH; intros; apply H'; right; assumption). lra. }
  pose proof (H y (or_introl eq_refl)). intros x [<-|Hx]; [lra|]. apply IH; auto. lra.
Qed.

Lemma relu_bent p r t : 0 < t < 1 -> p * r < 0 ->
  0 < (1 - t) * relu p + t * relu r - relu ((1 - t) * p + t * r).
Proof.
  intros H Hs. destruct (Rlt_dec p 0) as [Hp|Hp].
  - assert (0 < r) by nra. rewrite (relu_neg p), (relu_pos r) by lra. unfold relu, Rmax.
    destruct (Rle_dec 0 ((1 - t) * p + t * r)); nra.
  - assert (p <> 0) by (intros E; rewrite E in Hs; lra). assert (r < 0) by nra.
    rewrite (relu_pos p), (relu_neg r) by lra. unfold relu, Rmax.
    destruct (Rle_dec 0 ((1 - t) * p + t * r)); nra.
Qed.

(** Collinear labels where no neuron of the other sign breaks: none of this sign breaks either (6.5). *)
Lemma flat_triple M p q r t e : 0 < t < 1 -> at_pos p r q t ->
  value ReLU M q = (1 - t) * value ReLU M p + t * value ReLU M r ->
  (forall n, In n (units M) -> ~ brk p r n \/ snd n = e) -> (e = 1 \/ e = -1) ->
  forall n, In n (units M) -> ~ brk p r n.
Proof.
  intros Ht Hq Hv Hn He n Hin B.
  set (gap := fun n => (1 - t) * relu (pr n p) + t * relu (pr n r) - relu ((1 - t) * pr n p + t * pr n r)).
  assert (Hs : sum (fun n => e * (snd n * gap n)) (units M) = 0).
  { rewrite sum_scale. unfold value, usum in Hv. simpl in Hv. rewrite (Hq (alpha M)) in Hv.
    assert (E : sum (fun n => snd n * gap n) (units M)
      = (1 - t) * sum (fun n => snd n * relu (pr n p)) (units M)
        + t * sum (fun n => snd n * relu (pr n r)) (units M)
        - sum (fun n => snd n * relu (pr n q)) (units M)).
    { clear - Hq. induction (units M); cbn [sum]; [ring|]. rewrite IHl. unfold gap.
      assert (Eq : pr a q = (1 - t) * pr a p + t * pr a r) by apply Hq. rewrite Eq. ring. }
    rewrite E. replace ((1 - t) * _ + _ - _) with 0 by lra. ring. }
  assert (Hz : forall n, In n (units M) -> 0 <= e * (snd n * gap n)).
  { intros m Hm. destruct (Hn m Hm) as [Hb|Hc].
    - unfold gap. rewrite relu_straight; [lra|exact Ht|]. unfold brk in Hb. lra.
    - rewrite Hc. pose proof (relu_chord (pr m p) (pr m r) t Ht). fold (gap m) in H.
      destruct He; subst e; lra. }
  pose proof (sum_zero_all _ _ Hz Hs n Hin) as H0. simpl in H0.
  destruct (Hn n Hin) as [Hb|Hc]; [contradiction|]. rewrite Hc in H0.
  pose proof (relu_bent (pr n p) (pr n r) t Ht B) as Hg. fold (gap n) in Hg.
  destruct He; subst e; lra.
Qed.

(** Threshold: different labels force a neuron that breaks. *)
Lemma change M D p r yp yr : mfits Thr M D ->
  In (p, yp) D -> In (r, yr) D -> yp <> yr -> exists n, In n (units M) /\ brk p r n.
Proof.
  intros H Hp Hr Hy.
  destruct (H _ _ Hp) as [E1 N1], (H _ _ Hr) as [E2 N2]. rewrite <- E1, <- E2 in Hy.
  unfold value, usum in Hy. simpl in Hy.
  destruct (sum_nz_ex (fun n => snd n * (step (pr n p) - step (pr n r))) (units M)) as (n & Hn & Hd).
  { replace (sum (fun n => snd n * (step (pr n p) - step (pr n r))) (units M))
      with (sum (fun n => snd n * step (pr n p)) (units M) - sum (fun n => snd n * step (pr n r)) (units M)).
    - intros E. apply Hy. lra.
    - clear. induction (units M); simpl; [ring|]. rewrite <- IHl. ring. }
  exists n. split; [exact Hn|]. specialize (N1 eq_refl n Hn). specialize (N2 eq_refl n Hn).
  unfold brk, step in *.
  destruct (Rlt_dec 0 (pr n p)), (Rlt_dec 0 (pr n r)); try (exfalso; apply Hd; ring); nra.
Qed.

(** On a line a neuron breaks in at most one of two disjoint intervals. *)
Lemma brk_once u v p1 r1 p2 r2 a1 b1 a2 b2 n :
  at_pos u v p1 a1 -> at_pos u v r1 b1 -> at_pos u v p2 a2 -> at_pos u v r2 b2 ->
  a1 < b1 -> b1 <= a2 -> a2 < b2 -> brk p1 r1 n -> brk p2 r2 n -> False.
Proof.
  intros P1 R1 P2 R2 H1 H2 H3. unfold brk, pr. rewrite P1, R1, P2, R2.
  set (x := vq (zf n) u). set (y := vq (zf n) v). clearbody x y.
  set (s := y - x).
  replace ((1 - a1) * x + a1 * y) with (x + a1 * s) by (unfold s; ring).
  replace ((1 - b1) * x + b1 * y) with (x + b1 * s) by (unfold s; ring).
  replace ((1 - a2) * x + a2 * y) with (x + a2 * s) by (unfold s; ring).
  replace ((1 - b2) * x + b2 * y) with (x + b2 * s) by (unfold s; ring).
  clearbody s. intros B1 B2.
  destruct (Rle_dec 0 s) as [Hs|Hs].
  - assert (a1 * s <= b1 * s) by nra. assert (b1 * s <= a2 * s) by nra. assert (a2 * s <= b2 * s) by nra.
    assert (0 < x + b1 * s) by nra. nra.
  - assert (b1 * s <= a1 * s) by nra. assert (a2 * s <= b1 * s) by nra. assert (b2 * s <= a2 * s) by nra.
    assert (x + b1 * s < 0) by nra. nra.
Qed.

(** ** Labels *)

Fixpoint exclusive {S X : Type} (P : S -> X -> Prop) (l : list S) : Prop :=
  match l with
  | [] => True
  | s :: l' => (forall s' x, In s' l' -> P s x -> P s' x -> False) /\ exclusive P l'
  end.

(** Mutually exclusive demands that are all met by members of [N]: [N] can be rearranged so that its
    first members meet them one by one. *)
Lemma label_perm {S X} (P : S -> X -> Prop) (demands : list S) : forall N,
  (forall s, In s demands -> exists x, In x N /\ P s x) ->
  exclusive P demands ->
  exists N1 N2, Permutation N (N1 ++ N2) /\ Forall2 P demands N1.
Proof.
  induction demands as [|s l IH]; simpl; intros N Hmet Hex.
  - exists [], N. auto.
  - destruct Hex as [Hs Hex].
    destruct (Hmet s (or_introl eq_refl)) as (x & Hx & Px).
    apply in_split in Hx as (l1 & l2 & ->).
    destruct (IH (l1 ++ l2)) as (N1 & N2 & HN & HF).
    + intros s' Hs'. destruct (Hmet s' (or_intror Hs')) as (x' & Hx' & Px').
      exists x'. split; [|exact Px'].
      apply in_app_or in Hx' as [?|[->|?]]; [apply in_or_app; auto| |apply in_or_app; auto].
      exfalso; eauto.
    + exact Hex.
    + exists (x :: N1), N2. split; [|constructor; auto].
      simpl. rewrite <- Permutation_middle. constructor. exact HN.
Qed.

Lemma Forall2_length' {X Y} (P : X -> Y -> Prop) l l' : Forall2 P l l' -> length l = length l'.
Proof. induction 1; simpl; congruence. Qed.

Lemma demands_le {S X} (P : S -> X -> Prop) (demands : list S) N :
  (forall s, In s demands -> exists x, In x N /\ P s x) -> exclusive P demands ->
  (length demands <= length N)%nat.
Proof.
  intros H1 H2. destruct (label_perm P demands N H1 H2) as (N1 & N2 & HP & HF).
  apply Permutation_length in HP. apply Forall2_length' in HF. rewrite app_length in HP. lia.
Qed.

(** Every member of [N] meets a demand where there are as many as members, and no two the same. *)
Lemma saturated {S X} (P : S -> X -> Prop) (demands : list S) N :
  (forall s, In s demands -> exists x, In x N /\ P s x) -> exclusive P demands ->
  length demands = length N ->
  exists N1, Permutation N N1 /\ Forall2 P demands N1.
Proof.
  intros H1 H2 H3. destruct (label_perm P demands N H1 H2) as (N1 & N2 & HP & HF).
  pose proof (Permutation_length HP). pose proof (Forall2_length' _ _ _ HF). rewrite app_length in H.
  assert (N2 = []) as -> by (destruct N2; [reflexivity|simpl in *; lia]).
  rewrite app_nil_r in HP. eauto.
Qed.

Lemma saturated_all {S X} (P : S -> X -> Prop) demands (N1 : list X) x :
  Forall2 P demands N1 -> In x N1 -> exists s, In s demands /\ P s x.
Proof.
  induction 1 as [|s y l l' H HF IH]; simpl; [tauto|].
  intros [->|Hx]; [exists s; auto|]. destruct (IH Hx) as (s' & Hs & Hp). exists s'. auto.
Qed.

Lemma Forall2_nth {X Y} (P : X -> Y -> Prop) l l' : Forall2 P l l' -> forall t s,
  nth_error l t = Some s -> exists n, nth_error l' t = Some n /\ P s n.
Proof.
  induction 1; intros [|t] s; simpl; try discriminate.
  - intros [= <-]. eauto.
  - apply IHForall2.
Qed.

(** A slot: the two points between which a neuron breaks. *)
Definition up (s : point * point) (n : unit) : Prop := pr n (fst s) < 0 < pr n (snd s).
Definition sbrk (s : point * point) (n : unit) : Prop := brk (fst s) (snd s) n.

Lemma orient_up A S l : Forall2 sbrk S l ->
  exists l', Forall2 (oriented A) l l' /\ Forall2 up S l'.
Proof.
  induction 1 as [|s n S l H HF (l' & H1 & H2)].
  - exists []. auto.
  - destruct (Rlt_dec (pr n (fst s)) 0) as [Hn|Hn].
    + exists (n :: l'). split; constructor; auto; [left; reflexivity|].
      unfold sbrk, brk, up in *. split; [exact Hn|]. nra.
    + exists (flip A n :: l'). split; constructor; auto; [right; reflexivity|].
      unfold sbrk, brk, up in *. rewrite !pr_flip.
      assert (pr n (fst s) <> 0) by (intros E; rewrite E in H; lra).
      assert (0 < pr n (fst s)) by lra. split; [lra|]. nra.
Qed.

Lemma oriented_refl A l : Forall2 (oriented A) l l.
Proof. induction l; constructor; auto. left; reflexivity. Qed.

Lemma oriented_coef A l l' c : A = ReLU -> Forall2 (oriented A) l l' ->
  Forall (fun n : unit => snd n = c) l -> Forall (fun n : unit => snd n = c) l'.
Proof.
  intros -> HF. induction HF as [|n n' l l' H HF IH]; intros Hl; [constructor|].
  inversion Hl; subst. constructor; auto. destruct H as [->| ->]; reflexivity.
Qed.

(** The two classes, one behind the other; for thresholds the second is empty and nothing is said of coefficients. *)
Record classes (A : activation) (M : model) (l1 l2 : list unit) : Prop := {
  cl_units : units M = l1 ++ l2;
  cl_pos : A = ReLU -> Forall (fun n => snd n = 1) l1;
  cl_neg : A = ReLU -> Forall (fun n => snd n = -1) l2;
  cl_thr : A = Thr -> l2 = [];
  cl_anch : anchored A M }.

Lemma split_signs (l : list unit) : Forall (fun n => snd n = 1 \/ snd n = -1) l ->
  exists l1 l2, Permutation l (l1 ++ l2) /\ Forall (fun n => snd n = 1) l1 /\ Forall (fun n => snd n = -1) l2.
Proof.
  induction 1 as [|n l H HF (l1 & l2 & HP & H1 & H2)].
  - exists [], []. auto.
  - destruct H as [H|H].
    + exists (n :: l1), l2. repeat split; auto. simpl. constructor. exact HP.
    + exists l1, (n :: l2). repeat split; auto. rewrite <- Permutation_middle. constructor. exact HP.
Qed.

Lemma classes_exist A M D : mfits A M D -> anchored A M -> signed A (units M) ->
  exists M' l1 l2, mfits A M' D /\ classes A M' l1 l2 /\ Permutation (units M) (units M') /\
    res M' = res M /\ los M' = los M.
Proof.
  intros H HA HS. destruct A.
  - destruct (split_signs (units M) (HS eq_refl)) as (l1 & l2 & HP & H1 & H2).
    exists (renamed M (alpha M) (l1 ++ l2)), l1, l2. split; [|split; [|split; [|auto]]].
    + apply perm_fits; assumption.
    + constructor; auto; [discriminate|]. apply perm_anchored; assumption.
    + exact HP.
  - exists M, (units M), []. split; [exact H|]. split; [|auto].
    constructor; try discriminate; auto. rewrite app_nil_r. reflexivity.
Qed.

(** The signs of n at the points, on or off, come before those of m, as words do, off before on; or they are the same. *)
Fixpoint word_le (vs : list point) (n m : unit) : Prop :=
  match vs with
  | [] => True
  | v :: vs' => (pr n v <= 0 /\ 0 < pr m v) \/ ((0 < pr n v <-> 0 < pr m v) /\ word_le vs' n m)
  end.

Lemma word_total vs n m : word_le vs n m \/ word_le vs m n.
Proof.
  induction vs as [|v vs IH]; simpl; [left; exact I|].
  destruct (Rlt_dec 0 (pr n v)), (Rlt_dec 0 (pr m v)).
  - tauto.
  - right. left. split; lra.
  - left. left. split; lra.
  - tauto.
Qed.

Lemma word_trans vs n m o : word_le vs n m -> word_le vs m o -> word_le vs n o.
Proof.
  induction vs as [|v vs IH]; simpl; [auto|].
  intros [[H1 H2]|[H1 H2]] [[H3 H4]|[H3 H4]].
  - lra.
  - left. split; [exact H1|apply H3, H2].
  - left. split; [|exact H4]. apply Rnot_lt_le. intros H. apply H1 in H. lra.
  - right. split; [tauto|auto].
Qed.

(** The order of an `order` (6.12). By coefficients, and where they are equal by words. Else by values at one point, by
    words at several, none without points. *)
Definition rank (ord : bool * list point) (n m : unit) : Prop :=
  match ord with
  | (true, vs) => snd n < snd m \/ (snd n = snd m /\ word_le vs n m)
  | (false, [v]) => pr n v <= pr m v
  | (false, vs) => word_le vs n m
  end.
Definition rising (ord : bool * list point) (l : list unit) : Prop := StronglySorted (rank ord) l.

Lemma rank_total ord n m : rank ord n m \/ rank ord m n.
Proof.
  destruct ord as [[] vs].
  - simpl. destruct (Rtotal_order (snd n) (snd m)) as [L|[E|L]]; [tauto| |tauto].
    destruct (word_total vs n m); [left|right]; auto.
  - destruct vs as [|v [|w vs]]; [apply word_total| |apply word_total]. simpl. lra.
Qed.

Lemma rank_trans ord n m o : rank ord n m -> rank ord m o -> rank ord n o.
Proof.
  destruct ord as [[] vs].
  - simpl. intros [L|[E W]] [L'|[E' W']]; try (left; lra). right. split; [lra|]. apply (word_trans vs n m o W W').
  - destruct vs as [|v [|w vs]]; [apply word_trans| |apply word_trans]. simpl. lra.
Qed.

Lemma rank_coefs vs n m : rank (true, vs) n m -> snd n <= snd m.
Proof. simpl. lra. Qed.

(** Values in order have signs in order; coefficients in order do, where they are equal. *)
Lemma rank_words ord n m : rank ord n m -> (fst ord = true -> snd n = snd m) -> word_le (snd ord) n m.
Proof.
  destruct ord as [[] vs]; simpl.
  - intros [L|[_ W]] H; [specialize (H eq_refl); lra|exact W].
  - intros H _. destruct vs as [|v [|w vs]]; [exact H| |exact H]. simpl in *.
    destruct (Rlt_dec 0 (pr n v)); [right; split; [split; lra|exact I]|].
    destruct (Rlt_dec 0 (pr m v)); [left; split; lra|right; split; [split; lra|exact I]].
Qed.

Lemma insert_sorted ord n l : rising ord l -> exists l', Permutation (n :: l) l' /\ rising ord l'.
Proof.
  unfold rising. induction 1 as [|m l H (l' & HP & HS) HF].
  - exists [n]. split; [apply Permutation_refl|]. constructor; constructor.
  - destruct (rank_total ord n m) as [L|L].
    + exists (n :: m :: l). split; [apply Permutation_refl|]. constructor; [constructor; assumption|].
      constructor; [exact L|]. eapply Forall_impl; [|exact HF]. intros o. apply rank_trans, L.
    + exists (m :: l'). split.
      * etransitivity; [apply perm_swap|]. constructor. exact HP.
      * constructor; [exact HS|]. rewrite Forall_forall in *. intros x Hx.
        apply (Permutation_in _ (Permutation_sym HP)) in Hx as [<-|Hx]; [exact L|auto].
Qed.

Lemma sort_exists ord l : exists l', Permutation l l' /\ rising ord l'.
Proof.
  induction l as [|n l (l' & HP & HS)]; [exists []; split; constructor|].
  destruct (insert_sorted ord n l' HS) as (l'' & HP' & HS'). exists l''. split; [|exact HS'].
  rewrite <- HP'. constructor. exact HP.
Qed.

Definition unturned (l : list unit) : Prop := Forall (fun n => turned n = false) l.

(** Labels (6.5) and order (6.12): without loss of generality the first members of each class break in given slots,
    upwards, and the others, which are not turned, are in the order of their values at a point, of their signs at several,
    or of their coefficients. *)
Lemma label_classes A M D l1 l2 S1 S2 ord1 ord2 : mfits A M D -> classes A M l1 l2 -> unturned l1 -> unturned l2 ->
  (forall s, In s S1 -> exists n, In n l1 /\ sbrk s n) -> exclusive sbrk S1 ->
  (forall s, In s S2 -> exists n, In n l2 /\ sbrk s n) -> exclusive sbrk S2 ->
  exists M' a1 b1 a2 b2, mfits A M' D /\ classes A M' (a1 ++ b1) (a2 ++ b2) /\
    length (a1 ++ b1) = length l1 /\ length (a2 ++ b2) = length l2 /\ Forall2 up S1 a1 /\ Forall2 up S2 a2 /\
    unturned b1 /\ unturned b2 /\ rising ord1 b1 /\ rising ord2 b2 /\ res M' = res M /\ los M' = los M.
Proof.
  intros HM [CU CP CN CT CA] N1 N2 B1 X1 B2 X2.
  destruct (label_perm sbrk S1 l1 B1 X1) as (a1 & c1 & P1 & F1).
  destruct (label_perm sbrk S2 l2 B2 X2) as (a2 & c2 & P2 & F2).
  destruct (sort_exists ord1 c1) as (b1 & PS1 & R1). destruct (sort_exists ord2 c2) as (b2 & PS2 & R2).
  assert (P1' : Permutation l1 (a1 ++ b1)) by (rewrite P1; apply Permutation_app_head, PS1).
  assert (P2' : Permutation l2 (a2 ++ b2)) by (rewrite P2; apply Permutation_app_head, PS2).
  clear P1 P2 PS1 PS2.
  destruct (orient_up A S1 a1 F1) as (a1' & O1 & U1).
  destruct (orient_up A S2 a2 F2) as (a2' & O2 & U2).
  assert (HP : Permutation (units M) ((a1 ++ b1) ++ (a2 ++ b2))) by (rewrite CU; apply Permutation_app; assumption).
  pose proof (perm_fits A M D _ HM HP) as HM1. pose proof (perm_anchored A M _ CA HP) as CA1.
  assert (Q1 : Forall2 (oriented A) (a1 ++ b1) (a1' ++ b1)) by (apply Forall2_app; [exact O1|apply oriented_refl]).
  assert (Q2 : Forall2 (oriented A) (a2 ++ b2) (a2' ++ b2)) by (apply Forall2_app; [exact O2|apply oriented_refl]).
  destruct (orient_fits A _ D _ HM1 CA1 (Forall2_app Q1 Q2)) as (g & Hg & CA').
  assert (UT : forall a b l, Permutation l (a ++ b) -> unturned l -> unturned b).
  { intros a b l HPl Hl. unfold unturned in *. rewrite HPl in Hl. apply Forall_app in Hl. apply Hl. }
  exists (renamed M g ((a1' ++ b1) ++ (a2' ++ b2))), a1', b1, a2', b2.
  split; [exact Hg|]. split; [constructor; simpl; auto|].
  - intros E. apply (oriented_coef A (a1 ++ b1)); auto. rewrite <- P1'. auto.
  - intros E. apply (oriented_coef A (a2 ++ b2)); auto. rewrite <- P2'. auto.
  - intros E. rewrite (CT E) in P2'. apply Permutation_nil in P2'. apply app_eq_nil in P2' as [-> ->].
    inversion O2. reflexivity.
  - pose proof (Permutation_length P1') as E1. pose proof (Permutation_length P2') as E2.
    apply Forall2_length' in Q1. apply Forall2_length' in Q2. split; [congruence|]. split; [congruence|].
    split; [exact U1|]. split; [exact U2|]. split; [apply (UT a1 b1 l1 P1' N1)|].
    split; [apply (UT a2 b2 l2 P2' N2)|]. auto.
Qed.
