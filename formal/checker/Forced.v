(** * Losses where gamma is (at most) the least that the labels allow: forced refutations (6.13)

    First the program, then its soundness. Points at one place share the value of the network; the least loss there
    is a lower bound. If the bounds add up to more than gamma, no network comes down to it; if they add up to gamma,
    the network takes a least value at every place, and labels that are the only ones there are met exactly. *)

From Coq Require Import Reals QArith Qreals List Lra Lia Bool NArith PArith Permutation Sorting.Mergesort Orders.
From Certify Require Import Semantics.
From CertifyChecker Require Import Trie Model Check Knowledge CheckSound.
Import ListNotations.

(** A point: its place, label, copies, number. *)
Definition entry := (list Q * (Q * Q * positive))%type.

Fixpoint entries (p : positive) (D : wdata) : list entry :=
  match D with
  | [] => []
  | (x, y, c) :: D' => (x, (y, c, p)) :: entries (Pos.succ p) D'
  end.

(** ** Points by places *)

Fixpoint place_le (p q : list Q) : bool :=
  match p, q with
  | [], _ => true
  | _, [] => false
  | a :: p', b :: q' => if qlt a b then true else if qlt b a then false else place_le p' q'
  end.
Fixpoint place_eq (p q : list Q) : bool :=
  match p, q with
  | [], [] => true
  | a :: p', b :: q' => qeq a b && place_eq p' q'
  | _, _ => false
  end.

Module EntryOrder <: TotalLeBool.
  Definition t := entry.
  Definition leb (a b : entry) : bool := place_le (fst a) (fst b).
  Lemma leb_total : forall a b, leb a b = true \/ leb b a = true.
  Proof.
    intros [p s] [q s']. unfold leb. simpl. clear. revert q. induction p as [|a p IH]; intros [|b q]; simpl; auto.
    destruct (qlt a b); auto. destruct (qlt b a); auto.
  Qed.
End EntryOrder.
Module EntrySort := Sort EntryOrder.

(** Neighbours at one place. *)
Fixpoint group (l : list entry) : list (list entry) :=
  match l with
  | [] => []
  | a :: l' =>
    match group l' with
    | (b :: g) :: gs => if place_eq (fst a) (fst b) then (a :: b :: g) :: gs else [a] :: (b :: g) :: gs
    | gs => [a] :: gs
    end
  end.

(** ** The least loss at a place *)

Definition label (e : entry) : Q := fst (fst (snd e)).
Definition copies (e : entry) : Q := snd (fst (snd e)).
Definition mass (f : entry -> bool) (g : list entry) : Q :=
  fold_right (fun e s => if f e then qadd (copies e) s else s) 0%Q g.
Definition cost_at (l : loss) (v : Q) (g : list entry) : Q :=
  fold_right (fun e s => qadd (qmul (copies e) (qloss l v (label e))) s) 0%Q g.

(** The copies below m less those above it. *)
Definition tilt (m : Q) (g : list entry) : Q :=
  qsub (mass (fun e => qlt (label e) m) g) (mass (fun e => qlt m (label e)) g).

Definition best (l : loss) (g : list entry) : option (Q * option Q) :=
  match l with
  | L1 =>
    match find (fun e => qle (qabs (tilt (label e) g)) (mass (fun f => qeq (label f) (label e)) g)) g with
    | Some e => let m := label e in
                Some (cost_at L1 m g, if qlt (qabs (tilt m g)) (mass (fun f => qeq (label f) m) g) then Some m else None)
    | None => None
    end
  | L2 =>
    let w := mass (fun _ => true) g in
    let m := qdiv (fold_right (fun e s => qadd (qmul (copies e) (label e)) s) 0%Q g) w in
    if qlt 0 w && qeq (fold_right (fun e s => qadd (qmul (copies e) (qsub m (label e))) s) 0%Q g) 0
    then Some (cost_at L2 m g, Some m) else None
  | L0 =>
    let size m := mass (fun f => qeq (label f) m) g in
    match g with
    | [] => None
    | e0 :: g' =>
      let top := fold_left (fun b e => if qlt (snd b) (size (label e)) then (label e, size (label e)) else b) g'
                           (label e0, size (label e0)) in
      let m := fst top in
      if existsb (fun e => qeq (label e) m) g && forallb (fun e => qle (size (label e)) (size m)) g
      then Some (cost_at L0 m g, if forallb (fun e => qeq (label e) m || qlt (size (label e)) (size m)) g then Some m else None)
      else None
    end
  end.

Fixpoint bests (l : loss) (gs : list (list entry)) : option (list (list entry * (Q * option Q))) :=
  match gs with
  | [] => Some []
  | g :: gs' =>
    match best l g, bests l gs' with
    | Some b, Some bs => Some ((g, b) :: bs)
    | _, _ => None
    end
  end.

Definition least (bs : list (list entry * (Q * option Q))) : Q := fold_right (fun b s => qadd (fst (snd b)) s) 0%Q bs.

Definition pin_group (t : tree (point * Q)) (b : list entry * (Q * option Q)) : tree (point * Q) :=
  match snd (snd b) with
  | None => t
  | Some m => fold_left (fun t (e : entry) =>
      if qeq (label e) m then set (snd (snd e)) (mkpoint (fst e), label e) t else t) (fst b) t
  end.
Definition pins (bs : list (list entry * (Q * option Q))) : tree (point * Q) := fold_left pin_group bs Leaf.

(** [p] is None where nothing follows the line [forced], whose number is [n]. *)
Definition check_forced (act : activation) (sgn : signs) (l : loss) (gamma : Q) (D : wdata) (k : nat) (n : N) (p : option proof) : result :=
  match bests l (group (EntrySort.sort (entries 1 D))) with
  | None => Wrong n
  | Some bs =>
    if forallb (fun q => qlt 0 (snd q)) D then
      let m := least bs in
      match p with
      | None => if qlt gamma m then Ok else Wrong n
      | Some p => if qeq m gamma then check_core act sgn (pins bs) (places (map (fun q => fst (fst q)) D)) k p else Wrong n
      end
    else Wrong n
  end.

(** The same where the steps come one at a time ([Check.start_core]). *)
Definition start_forced (act : activation) (sgn : signs) (l : loss) (gamma : Q) (D : wdata) (k : nat) (n : N) (hs : list (N * header)) : task + N :=
  match bests l (group (EntrySort.sort (entries 1 D))) with
  | None => inr n
  | Some bs =>
    if forallb (fun q => qlt 0 (snd q)) D && qeq (least bs) gamma
    then start_core act sgn (pins bs) (places (map (fun q => fst (fst q)) D)) k hs
    else inr n
  end.

Definition check_no_forced (act : activation) (sgn : signs) (l : loss) (gamma : Q) (d : nat) (D : wdata) (k : nat) (n : N) (p : option proof) : bool :=
  match check_forced act sgn l gamma D k n p with Ok => true | Wrong _ => false end.

(** ** The least loss is the least *)

Open Scope R_scope.

(** What a value v costs at the points of a group. *)
Definition F (l : loss) (g : list entry) (v : R) : R := sum (fun e => Q2R (copies e) * loss_of l v (Q2R (label e))) g.
Definition heavy (g : list entry) : Prop := forall e, In e g -> 0 < Q2R (copies e).

Lemma heavy_tail e g : heavy (e :: g) -> 0 < Q2R (copies e) /\ heavy g.
Proof. intros H. split; [apply H; left; reflexivity|]. intros f Hf. apply H. right. exact Hf. Qed.

Lemma cost_R l m g : Q2R (cost_at l m g) = F l g (Q2R m).
Proof.
  induction g as [|e g IH]; unfold F in *; simpl; [apply Q2R_0|].
  change (fold_right _ 0%Q g) with (cost_at l m g). rewrite qadd_R, qmul_R, qloss_R, IH. reflexivity.
Qed.

Lemma mass_R f g : Q2R (mass f g) = sum (fun e => if f e then Q2R (copies e) else 0) g.
Proof.
  induction g as [|e g IH]; simpl; [apply Q2R_0|]. change (fold_right _ 0%Q g) with (mass f g).
  destruct (f e); [rewrite qadd_R|]; rewrite IH; ring.
Qed.

Lemma l1_below m g v : heavy g ->
  F L1 g (Q2R m) + Q2R (tilt m g) * (v - Q2R m) + Q2R (mass (fun e => qeq (label e) m) g) * Rabs (v - Q2R m) <= F L1 g v.
Proof.
  unfold tilt. rewrite qsub_R, !mass_R. unfold F. induction g as [|e g IH]; intros H; simpl; [lra|].
  apply heavy_tail in H as [Hc H]. specialize (IH H). simpl in IH.
  set (c := Q2R (copies e)) in *. set (y := Q2R (label e)) in *. set (M := Q2R m) in *.
  assert (E : (qlt (label e) m = true /\ qlt m (label e) = false /\ qeq (label e) m = false /\ y < M) \/
              (qlt (label e) m = false /\ qlt m (label e) = true /\ qeq (label e) m = false /\ M < y) \/
              (qlt (label e) m = false /\ qlt m (label e) = false /\ qeq (label e) m = true /\ y = M)).
  { unfold y, M. destruct (qlt (label e) m) eqn:A, (qlt m (label e)) eqn:B, (qeq (label e) m) eqn:Q0;
      repeat match goal with
      | X : qlt _ _ = true |- _ => apply qlt_R in X
      | X : qlt _ _ = false |- _ => apply qlt_R_false in X
      | X : qeq _ _ = true |- _ => apply qeq_R in X
      | X : qeq _ _ = false |- _ => apply qeq_R_false in X
      end; try (exfalso; lra); try (exfalso; apply Q0; lra); auto; right; try (left; repeat split; auto; lra); auto. }
  pose proof (Rle_abs (v - y)) as A1. pose proof (Rle_abs (- (v - y))) as A2. rewrite Rabs_Ropp in A2.
  destruct E as [(-> & -> & -> & E)|[(-> & -> & -> & E)|(-> & -> & -> & E)]].
  - rewrite (Rabs_pos_eq (M - y)) by lra. nra.
  - rewrite (Rabs_left (M - y)) by lra. nra.
  - rewrite E. rewrite (Rminus_diag_eq M M eq_refl), Rabs_R0. lra.
Qed.

Lemma l2_at m g v : F L2 g v = F L2 g (Q2R m)
  + 2 * (v - Q2R m) * sum (fun e => Q2R (copies e) * (Q2R m - Q2R (label e))) g
  + sum (fun e => Q2R (copies e)) g * ((v - Q2R m) * (v - Q2R m)).
Proof. unfold F. induction g as [|e g IH]; simpl in *; [ring|]. rewrite IH. ring. Qed.

Definition size_at (g : list entry) (v : R) : R := sum (fun e => if Req_EM_T v (Q2R (label e)) then Q2R (copies e) else 0) g.

Lemma l0_at g v : F L0 g v = sum (fun e => Q2R (copies e)) g - size_at g v.
Proof.
  unfold F, size_at. induction g as [|e g IH]; simpl in *; [ring|]. rewrite IH. destruct (Req_EM_T v (Q2R (label e))); ring.
Qed.

Lemma size_R g m : Q2R (mass (fun f => qeq (label f) m) g) = size_at g (Q2R m).
Proof.
  rewrite mass_R. unfold size_at. apply sum_ext. intros e _.
  destruct (qeq (label e) m) eqn:E; destruct (Req_EM_T (Q2R m) (Q2R (label e))) as [Q0|Q0]; try reflexivity; exfalso.
  - apply qeq_R in E. apply Q0. lra.
  - apply qeq_R_false in E. apply E. lra.
Qed.

Lemma size_pos g v : heavy g -> 0 <= size_at g v.
Proof.
  unfold size_at. induction g as [|e g IH]; intros H; simpl; [lra|]. apply heavy_tail in H as [Hc H]. specialize (IH H).
  destruct (Req_EM_T v (Q2R (label e))); lra.
Qed.

Lemma size_some g v : heavy g -> 0 < size_at g v <-> exists e, In e g /\ v = Q2R (label e).
Proof.
  unfold size_at. induction g as [|e g IH]; intros H; simpl; [split; [lra|intros (e & [] & _)]|].
  apply heavy_tail in H as [Hc H]. specialize (IH H). pose proof (size_pos g v H) as HP. unfold size_at in HP.
  destruct (Req_EM_T v (Q2R (label e))) as [E|E].
  - split; [intros _; exists e; auto|intros _; lra].
  - split.
    + intros HX. destruct (proj1 IH) as (e' & He & Hv); [lra|]. exists e'. auto.
    + intros (e' & [->|He] & Hv); [contradiction|]. assert (0 < sum (fun e => if Req_EM_T v (Q2R (label e)) then Q2R (copies e) else 0) g)
        by (apply IH; exists e'; auto). lra.
Qed.

Lemma best_sound l g mu o : heavy g -> best l g = Some (mu, o) ->
  (forall v, Q2R mu <= F l g v) /\ (forall m, o = Some m -> forall v, F l g v <= Q2R mu -> v = Q2R m).
Proof.
  intros H. destruct l; cbn [best].
  - (* the most frequent label *)
    destruct g as [|e0 g']; [discriminate|]. set (g := e0 :: g') in *.
    cbv zeta. set (m := fst (fold_left _ g' _)).
    destruct (_ && _) eqn:X; [|discriminate]. intros HI.
    assert (Emu : mu = cost_at L0 m g) by (injection HI; auto).
    assert (Ho : (if forallb (fun e => qeq (label e) m || qlt (mass (fun f => qeq (label f) (label e)) g) (mass (fun f => qeq (label f) m) g)) g
                  then Some m else None) = o) by (injection HI; auto).
    clear HI. subst mu. clearbody m.
    apply andb_true_iff in X as [XE XA]. apply existsb_exists in XE as (em & Hm & Em). apply qeq_R in Em.
    rewrite forallb_forall in XA.
    assert (Hmost : forall v, size_at g v <= size_at g (Q2R m)).
    { intros v. destruct (Rlt_dec 0 (size_at g v)) as [HP|HP].
      - apply size_some in HP as (e & He & ->); [|exact H]. specialize (XA e He). apply qle_R in XA. rewrite !size_R in XA. exact XA.
      - pose proof (size_pos g (Q2R m) H). lra. }
    split.
    + intros v. rewrite cost_R, !l0_at. specialize (Hmost v). lra.
    + intros m' E v Hv. rewrite E in Ho. destruct (forallb _ g) eqn:XU; [|discriminate]. injection Ho as <-.
      rewrite forallb_forall in XU. rewrite cost_R, !l0_at in Hv.
      assert (HM : 0 < size_at g (Q2R m)) by (apply size_some; [exact H|]; exists em; auto).
      assert (HV : 0 < size_at g v) by lra. apply size_some in HV as (e & He & ->); [|exact H].
      specialize (XU e He). apply orb_true_iff in XU as [XU|XU]; [apply qeq_R, XU|].
      apply qlt_R in XU. rewrite !size_R in XU. lra.
  - (* the weighted median *)
    destruct (find _ g) as [e|] eqn:X; [|discriminate]. apply find_some in X as [_ X]. set (m := label e) in *.
    intros [= <- Ho]. apply qle_R in X. rewrite qabs_R in X.
    assert (HB : forall v, F L1 g (Q2R m) + (Q2R (mass (fun f => qeq (label f) m) g) - Rabs (Q2R (tilt m g))) * Rabs (v - Q2R m) <= F L1 g v).
    { intros v. pose proof (l1_below m g v H) as HL.
      pose proof (Rle_abs (- (Q2R (tilt m g) * (v - Q2R m)))) as HA. rewrite Rabs_Ropp, Rabs_mult in HA. lra. }
    split.
    + intros v. rewrite cost_R. specialize (HB v). pose proof (Rabs_pos (v - Q2R m)). nra.
    + intros m' E v Hv. rewrite E in Ho. destruct (qlt _ _) eqn:XU; [|discriminate]. injection Ho as <-.
      apply qlt_R in XU. rewrite qabs_R in XU. rewrite cost_R in Hv. specialize (HB v).
      destruct (Req_dec (v - Q2R m) 0) as [E0|E0]; [lra|]. apply Rabs_pos_lt in E0. nra.
  - (* the weighted mean *)
    cbv zeta. set (m := qdiv _ _). clearbody m. destruct (_ && _) eqn:X; [|discriminate]. intros HI.
    assert (Emu : mu = cost_at L2 m g) by (injection HI; auto). assert (Ho : Some m = o) by (injection HI; auto).
    clear HI. subst mu o.
    apply andb_true_iff in X as [XW XS]. apply qlt_R in XW. rewrite Q2R_0, mass_R in XW.
    apply qeq_R in XS. rewrite Q2R_0 in XS.
    assert (ES : sum (fun e => Q2R (copies e) * (Q2R m - Q2R (label e))) g = 0).
    { rewrite <- XS. clear. induction g as [|e g IH]; simpl; [symmetry; apply Q2R_0|].
      match goal with |- _ = Q2R (qadd _ (fold_right ?f 0%Q g)) => change (fold_right f 0%Q g) with (fold_right (fun e s => qadd (qmul (copies e) (qsub m (label e))) s) 0%Q g) end.
      rewrite qadd_R, qmul_R, qsub_R, <- IH. reflexivity. }
    split.
    + intros v. rewrite cost_R, (l2_at m g v), ES. pose proof (Rle_0_sqr (v - Q2R m)) as HS. unfold Rsqr in HS. nra.
    + intros m' [= <-] v Hv. rewrite cost_R, (l2_at m g v), ES in Hv.
      destruct (Req_dec (v - Q2R m) 0) as [E0|E0]; [lra|]. apply Rsqr_pos_lt in E0. unfold Rsqr in E0. nra.
Qed.

(** ** The whole *)

Lemma entries_in D : forall p x y c i, In (x, (y, c, i)) (entries p D) ->
  nth_error D (Pos.to_nat i - Pos.to_nat p) = Some (x, y, c) /\ (Pos.to_nat p <= Pos.to_nat i)%nat.
Proof.
  induction D as [|[[x0 y0] c0] D IH]; simpl; intros p x y c i; [tauto|].
  intros [[= -> -> -> ->]|H]; [rewrite Nat.sub_diag; auto|]. destruct (IH _ _ _ _ _ H) as [H1 H2]. split; [|lia].
  replace (Pos.to_nat i - Pos.to_nat p)%nat with (S (Pos.to_nat i - Pos.to_nat (Pos.succ p))) by lia. exact H1.
Qed.

Lemma entries_total act l N D : forall p,
  total_loss act l N D = sum (fun e => Q2R (copies e) * loss_of l (eval act N (map Q2R (fst e))) (Q2R (label e))) (entries p D).
Proof.
  unfold total_loss. induction D as [|[[x y] c] D IH]; intros p; simpl; [reflexivity|]. rewrite (IH (Pos.succ p)). reflexivity.
Qed.

Lemma place_eq_R p : forall q, place_eq p q = true -> map Q2R p = map Q2R q.
Proof.
  induction p as [|a p IH]; intros [|b q]; simpl; try discriminate; [reflexivity|].
  rewrite andb_true_iff. intros [H1 H2]. apply qeq_R in H1. rewrite H1, (IH q H2). reflexivity.
Qed.

Definition together (g : list entry) : Prop := forall e f, In e g -> In f g -> map Q2R (fst e) = map Q2R (fst f).

Lemma group_sound l : concat (group l) = l /\ Forall together (group l).
Proof.
  induction l as [|a l [IH1 IH2]]; simpl; [split; [reflexivity|constructor]|].
  assert (S1 : together [a]) by (intros e f [<-|[]] [<-|[]]; reflexivity).
  destruct (group l) as [|[|b g] gs] eqn:G.
  - simpl in *. subst l. split; [reflexivity|repeat constructor; exact S1].
  - simpl in *. split; [f_equal; exact IH1|]. constructor; [exact S1|exact IH2].
  - destruct (place_eq (fst a) (fst b)) eqn:E.
    + split; [simpl in *; f_equal; exact IH1|]. inversion IH2 as [|? ? HT HR]; subst. constructor; [|exact HR].
      apply place_eq_R in E. intros e f [<-|He] [<-|Hf]; auto.
      * rewrite E. apply HT; [left; reflexivity|exact Hf].
      * rewrite E. symmetry. apply HT; [left; reflexivity|exact He].
    + split; [simpl in *; f_equal; exact IH1|]. constructor; [exact S1|exact IH2].
Qed.

Lemma sum_concat {X} (f : X -> R) ls : sum f (concat ls) = sum (fun l => sum f l) ls.
Proof. induction ls as [|l ls IH]; simpl; [reflexivity|]. rewrite sum_app, IH. reflexivity. Qed.

Lemma bests_sound l : forall gs bs, bests l gs = Some bs ->
  map fst bs = gs /\ Forall (fun b => best l (fst b) = Some (snd b)) bs.
Proof.
  induction gs as [|g gs IH]; intros bs; simpl; [intros [= <-]; split; [reflexivity|constructor]|].
  destruct (best l g) as [b|] eqn:B; [|discriminate]. destruct (bests l gs) as [bs'|]; [|discriminate].
  intros [= <-]. destruct (IH bs' eq_refl) as [<- H]. split; [reflexivity|]. constructor; [exact B|exact H].
Qed.

Lemma least_R bs : Q2R (least bs) = sum (fun b => Q2R (fst (snd b))) bs.
Proof. induction bs as [|b bs IH]; simpl; [apply Q2R_0|]. change (fold_right _ 0%Q bs) with (least bs). rewrite qadd_R, IH. reflexivity. Qed.

Lemma sum_le {X} (f g : X -> R) l : (forall x, In x l -> f x <= g x) -> sum f l <= sum g l.
Proof.
  induction l as [|x l IH]; simpl; intros H; [lra|]. pose proof (H x (or_introl eq_refl)).
  assert (sum f l <= sum g l) by (apply IH; intros; apply H; right; assumption). lra.
Qed.

Lemma sum_tight {X} (f g : X -> R) l : (forall x, In x l -> f x <= g x) -> sum g l <= sum f l ->
  forall x, In x l -> g x <= f x.
Proof.
  induction l as [|y l IH]; simpl; intros H HS x Hx; [tauto|]. pose proof (H y (or_introl eq_refl)).
  assert (HT : forall z, In z l -> f z <= g z) by (intros; apply H; right; assumption).
  pose proof (sum_le f g l HT). destruct Hx as [->|Hx]; [lra|]. apply IH; [exact HT|lra|exact Hx].
Qed.

Lemma number_low {A} (l : list A) : forall p t i, (i < p)%positive -> get i (number p l t) = get i t.
Proof.
  induction l as [|a l IH]; simpl; intros p t i H; [reflexivity|]. rewrite IH by lia. rewrite get_set.
  destruct (Pos.eqb_spec i p); [lia|reflexivity].
Qed.

Lemma number_nth {A} (l : list A) : forall p t j a, nth_error l j = Some a ->
  get (Pos.of_nat (Pos.to_nat p + j)) (number p l t) = Some a.
Proof.
  induction l as [|b l IH]; intros p t [|j] a; simpl; try discriminate.
  - intros [= ->]. rewrite Nat.add_0_r, Pos2Nat.id, number_low by lia. rewrite get_set, Pos.eqb_refl. reflexivity.
  - intros H. replace (Pos.to_nat p + S j)%nat with (Pos.to_nat (Pos.succ p) + j)%nat by lia. apply IH, H.
Qed.

Lemma pins_all (P : positive -> point * Q -> Prop) bs : forall t, all P t ->
  (forall b e m, In b bs -> In e (fst b) -> snd (snd b) = Some m -> qeq (label e) m = true ->
     P (snd (snd e)) (mkpoint (fst e), label e)) ->
  all P (fold_left pin_group bs t).
Proof.
  induction bs as [|b bs IH]; simpl; intros t Ht H; [exact Ht|]. apply IH; [|intros; eapply H; eauto].
  unfold pin_group. destruct (snd (snd b)) as [m|] eqn:E; [|exact Ht].
  assert (HB : forall e, In e (fst b) -> qeq (label e) m = true -> P (snd (snd e)) (mkpoint (fst e), label e)).
  { intros e He Hq. apply (H b e m); auto. }
  revert t Ht HB. clear. induction (fst b) as [|e g IH]; simpl; intros t Ht H; [exact Ht|].
  apply IH; [|intros f Hf; apply H; right; exact Hf].
  destruct (qeq (label e) m) eqn:Q0; [|exact Ht]. apply all_set; [exact Ht|]. apply H; auto.
Qed.

Theorem check_forced_sound act sgn l gamma d D k n p :
  check_forced act sgn l gamma D k n p = Ok -> ~ trainable_to act sgn l gamma d k D.
Proof.
  unfold check_forced. set (es := EntrySort.sort (entries 1 D)).
  destruct (bests l (group es)) as [bs|] eqn:B; [|discriminate].
  destruct (forallb _ D) eqn:W; [|discriminate]. rewrite forallb_forall in W.
  intros H (N & Hk & HN & HT).
  destruct (bests_sound _ _ _ B) as [Egs HB]. destruct (group_sound es) as [EC HG]. rewrite <- Egs in *.
  set (value_of := fun e : entry => eval (actf act) N (map Q2R (fst e))).
  assert (HP : Permutation (entries 1 D) es) by apply EntrySort.Permuted_sort.
  assert (HE : forall e, In e (concat (map fst bs)) -> exists x y c, e = (x, (y, c, snd (snd e))) /\
      nth_error D (pred (Pos.to_nat (snd (snd e)))) = Some (x, y, c)).
  { intros e He. rewrite EC in He. apply (Permutation_in _ (Permutation_sym HP)) in He. destruct e as [x [[y c] i]].
    exists x, y, c. split; [reflexivity|]. apply entries_in in He as [He _]. simpl.
    replace (pred (Pos.to_nat i)) with (Pos.to_nat i - Pos.to_nat 1)%nat by lia. exact He. }
  assert (Hin : forall b e, In b bs -> In e (fst b) -> In e (concat (map fst bs))).
  { intros b e Hb He. apply in_concat. exists (fst b). split; [apply in_map, Hb|exact He]. }
  assert (HW : forall b, In b bs -> heavy (fst b)).
  { intros b Hb e He. destruct (HE e (Hin b e Hb He)) as (x & y & c & -> & Hn). apply nth_error_In in Hn.
    specialize (W _ Hn). simpl in W. apply qlt_R in W. rewrite Q2R_0 in W. exact W. }
  set (total := fun b : list entry * (Q * option Q) => sum (fun e => Q2R (copies e) * loss_of l (value_of e) (Q2R (label e))) (fst b)).
  assert (ET : total_loss (actf act) l N D = sum total bs).
  { rewrite (entries_total _ _ _ _ 1). rewrite (sum_perm _ _ _ HP), <- EC, sum_concat, sum_map. reflexivity. }
  rewrite Forall_forall in HB, HG.
  assert (HF : forall b, In b bs -> total b = F l (fst b) (match fst b with e :: _ => value_of e | [] => 0 end)).
  { intros b Hb. unfold total, F. apply sum_ext. intros e He. f_equal.
    assert (HGb : together (fst b)) by (apply HG, in_map, Hb).
    destruct (fst b) as [|e0 g]; [destruct He|]. unfold value_of. rewrite (HGb e e0 He (or_introl eq_refl)). reflexivity. }
  assert (HL : forall b, In b bs -> Q2R (fst (snd b)) <= total b).
  { intros b Hb. rewrite (HF b Hb). specialize (HB b Hb). destruct (snd b) as [mu o].
    apply (proj1 (best_sound l (fst b) mu o (HW b Hb) HB)). }
  pose proof (sum_le _ _ _ HL) as HS. rewrite <- least_R in HS.
  destruct p as [p|].
  - destruct (qeq (least bs) gamma) eqn:Q0; [|discriminate]. apply qeq_R in Q0.
    assert (Htight : forall b, In b bs -> total b <= Q2R (fst (snd b))).
    { apply sum_tight; [exact HL|]. rewrite <- least_R, <- ET. lra. }
    set (xs := map (fun q => fst (fst q)) D) in *.
    assert (HPin : all (fun i vy => exists x y c, vy = (mkpoint x, y) /\ nth_error D (pred (Pos.to_nat i)) = Some (x, y, c) /\
        eval (actf act) N (map Q2R x) = Q2R y) (pins bs)).
    { unfold pins. apply pins_all; [apply all_leaf|]. intros b e m Hb He Hm Hq.
      destruct (HE e (Hin b e Hb He)) as (x & y & c & Ee & Hn). exists x, y, c.
      rewrite Ee in He |- *. rewrite Ee in Hq. cbn [fst snd label] in *. split; [reflexivity|]. split; [exact Hn|].
      specialize (HB b Hb). specialize (Htight b Hb). rewrite (HF b Hb) in Htight.
      destruct (snd b) as [mu o]. cbn [fst snd] in *. destruct (best_sound l (fst b) mu o (HW b Hb) HB) as [_ HU].
      specialize (HU m Hm _ Htight). apply qeq_R in Hq. rewrite Hq, <- HU.
      assert (HGb : together (fst b)) by (apply HG, in_map, Hb).
      destruct (fst b) as [|e0 g] eqn:Eg; [destruct He|]. unfold value_of.
      rewrite <- (HGb _ e0 He (or_introl eq_refl)). reflexivity. }
    revert H. apply (core_sound act sgn d k N xs (pins bs) (places xs) p Hk HN).
    + intros i vy G. destruct (HPin i vy G) as (x & y & c & -> & Hn & Hv). simpl. apply in_map_iff. exists x.
      split; [rewrite Hv; reflexivity|]. apply in_map_iff. exists (x, y, c). split; [reflexivity|]. apply (nth_error_In _ _ Hn).
    + apply places_in.
    + intros i v y0 G. destruct (HPin i _ G) as (x & y & c & [= -> ->] & Hn & _). unfold places.
      replace i with (Pos.of_nat (Pos.to_nat 1 + pred (Pos.to_nat i))) by lia.
      apply number_nth. unfold xs. rewrite map_map, nth_error_map, Hn. reflexivity.
  - destruct (qlt gamma (least bs)) eqn:Q0; [|discriminate]. apply qlt_R in Q0. rewrite <- ET in HS. lra.
Qed.
