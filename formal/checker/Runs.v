(** * Functions of a neuron that are constant on long runs

    [rget a l j]: the value at j of the function that is [a] from the start and [b] from n on for each (n, b) of the
    list. Nothing here asks for the list to be in order: what is said of [rget] holds for all lists, but for those
    in order, and without entries that change nothing, it is quick. *)

From Coq Require Import List Bool PArith Sorted Lia.
Import ListNotations.

Definition runs (A : Type) := list (positive * A).

Fixpoint rget {A} (a : A) (l : runs A) (j : positive) : A :=
  match l with
  | [] => a
  | (n, b) :: l' => if Pos.leb n j then rget b l' j else a
  end.

(** The value at j, and what is left behind j. *)
Fixpoint advance {A} (a : A) (l : runs A) (j : positive) : A * runs A :=
  match l with
  | [] => (a, [])
  | (n, b) :: l' => if Pos.leb n j then advance b l' j else (a, l)
  end.

Section Emit.
  Context {A : Type} (same : A -> A -> bool).

  (** The function l, with the value [b] from n on where it was [a] before. *)
  Definition emit (n : positive) (a b : A) (l : runs A) : runs A :=
    match l with
    | [] => if same a b then [] else [(n, b)]
    | (m, _) :: _ =>
      if Pos.eqb m n then l
      else if same a b && Pos.leb n m then l else (n, b) :: l
    end.

  (** The value [v] at j alone. *)
  Fixpoint rput (a : A) (l : runs A) (j : positive) (v : A) : runs A :=
    match l with
    | [] => emit j a v (emit (Pos.succ j) v a [])
    | (n, b) :: l' =>
      if Pos.leb n j then emit n a b (rput b l' j v)
      else emit j a v (emit (Pos.succ j) v a l)
    end.
End Emit.

(** The values f j a, a that of l, at the numbers of a list. *)
Fixpoint walk {A B} (same : B -> B -> bool) (f : positive -> A -> B) (a : A) (l : runs A) (b : B) (js : list positive) : runs B :=
  match js with
  | [] => []
  | j :: js' =>
    let '(a', l') := advance a l j in
    let b' := f j a' in
    emit same j b b' (walk same f a' l' b' js')
  end.

(** f for n numbers from j on. *)
Fixpoint upto {X} (f : positive -> X -> X) (n : nat) (j : positive) (x : X) : X :=
  match n with O => x | S n' => upto f n' (Pos.succ j) (f j x) end.

(** How many there are from s on before e. *)
Definition between (s e : positive) : nat := Pos.to_nat e - Pos.to_nat s.

(** f for all numbers from s on before e, with the values of l; [quiet] ones do nothing, and take no time. *)
Fixpoint rfold {A X} (quiet : A -> bool) (f : positive -> A -> X -> X) (a : A) (l : runs A) (s e : positive) (x : X) : X :=
  match l with
  | [] => if quiet a then x else upto (fun j => f j a) (between s e) s x
  | (n, b) :: l' =>
    if Pos.leb n s then rfold quiet f b l' s e x
    else rfold quiet f b l' n e (if quiet a then x else upto (fun j => f j a) (between s (Pos.min n e)) s x)
  end.

Section Merge.
  Context {A B D : Type} (same : D -> D -> bool) (g : A -> B -> D).

  (** g of the values; d = g a b. *)
  Fixpoint rmerge (l1 : runs A) : A -> B -> D -> runs B -> runs D :=
    fix inner (a : A) (b : B) (d : D) (l2 : runs B) {struct l2} : runs D :=
      match l1 with
      | [] =>
        match l2 with
        | [] => []
        | (n, b') :: l2' => let d' := g a b' in emit same n d d' (inner a b' d' l2')
        end
      | (m, a') :: l1' =>
        match l2 with
        | [] => let d' := g a' b in emit same m d d' (rmerge l1' a' b d' [])
        | (n, b') :: l2' =>
          match Pos.compare m n with
          | Lt => let d' := g a' b in emit same m d d' (rmerge l1' a' b d' l2)
          | Gt => let d' := g a b' in emit same n d d' (inner a b' d' l2')
          | Eq => let d' := g a' b' in emit same m d d' (rmerge l1' a' b' d' l2')
          end
        end
      end.
End Merge.

(** ** What the functions do *)

Ltac leb n j := destruct (Pos.leb_spec n j).

Lemma rget_emit {A} same n (a b : A) l j : (forall x y, same x y = true -> x = y) ->
  rget a (emit same n a b l) j = if Pos.leb n j then rget b l j else a.
Proof.
  intros HS. unfold emit. destruct l as [|[m c] l].
  - destruct (same a b) eqn:S; simpl; [apply HS in S; subst; destruct (Pos.leb n j); reflexivity|reflexivity].
  - destruct (Pos.eqb_spec m n) as [->|N]; [simpl; destruct (Pos.leb n j); reflexivity|].
    destruct (same a b && Pos.leb n m) eqn:S; [|reflexivity].
    apply andb_true_iff in S as [S L]. apply HS in S. subst b. apply Pos.leb_le in L. simpl.
    leb n j; [reflexivity|]. leb m j; [lia|reflexivity].
Qed.

Lemma rget_put {A} same (v : A) j : (forall x y, same x y = true -> x = y) -> forall l a i,
  rget a (rput same a l j v) i = if Pos.eqb i j then v else rget a l i.
Proof.
  intros HS.
  assert (G : forall l a i, (forall i, (i < j)%positive -> rget a l i = a) -> 
    rget a (emit same j a v (emit same (Pos.succ j) v a l)) i = if Pos.eqb i j then v else rget a l i).
  { intros l a i Hl. rewrite !rget_emit by exact HS.
    destruct (Pos.eqb_spec i j) as [E|N]; leb j i; try leb (Pos.succ j) i; try lia; try reflexivity;
      rewrite Hl by lia; reflexivity. }
  induction l as [|[n b] l IH]; intros a i.
  - apply G. reflexivity.
  - cbn [rput]. leb n j.
    + rewrite rget_emit, IH by exact HS. simpl. destruct (Pos.eqb_spec i j); leb n i; try lia; reflexivity.
    + apply G. intros i' Hi. simpl. leb n i'; [lia|reflexivity].
Qed.

Lemma advance_get {A} : forall l (a : A) j, fst (advance a l j) = rget a l j.
Proof. induction l as [|[n b] l IH]; intros a j; simpl; [reflexivity|]. destruct (Pos.leb n j); [apply IH|reflexivity]. Qed.

Lemma advance_later {A} : forall l (a : A) j i, (j <= i)%positive ->
  rget (fst (advance a l j)) (snd (advance a l j)) i = rget a l i.
Proof.
  induction l as [|[n b] l IH]; intros a j i H; simpl; [reflexivity|].
  leb n j; [|reflexivity]. rewrite IH by exact H. leb n i; [reflexivity|lia].
Qed.

Definition increasing := StronglySorted Pos.lt.

Lemma rget_walk_before {A B} same (f : positive -> A -> B) : (forall x y, same x y = true -> x = y) ->
  forall js a l b i, Forall (Pos.lt i) js -> rget b (walk same f a l b js) i = b.
Proof.
  intros HS [|j js] a l b i H; [reflexivity|]. inversion H; subst. cbn [walk]. destruct (advance a l j) as [a' l'].
  rewrite rget_emit by exact HS. leb j i; [lia|reflexivity].
Qed.

Lemma rget_walk {A B} same (f : positive -> A -> B) : (forall x y, same x y = true -> x = y) ->
  forall js, increasing js -> forall a l b i, In i js -> rget b (walk same f a l b js) i = f i (rget a l i).
Proof.
  intros HS js. induction 1 as [|j js Hs IH Hj]; intros a l b i Hi; [destruct Hi|].
  cbn [walk]. destruct (advance a l j) as [a' l'] eqn:E.
  pose proof (advance_get l a j) as Ea. pose proof (fun i => advance_later l a j i) as El. rewrite E in *. cbn [fst snd] in *.
  rewrite rget_emit by exact HS. destruct Hi as [->|Hi].
  - leb i i; [|lia]. rewrite rget_walk_before by assumption. rewrite Ea. reflexivity.
  - rewrite Forall_forall in Hj. pose proof (Hj i Hi). leb j i; [|lia].
    rewrite IH by exact Hi. rewrite El by lia. reflexivity.
Qed.

Fixpoint range (s : positive) (n : nat) : list positive :=
  match n with O => [] | S n' => s :: range (Pos.succ s) n' end.

Lemma upto_range {X} (f : positive -> X -> X) n : forall j x, upto f n j x = fold_left (fun x j => f j x) (range j n) x.
Proof. induction n as [|n IH]; intros j x; simpl; auto. Qed.

Lemma range_in n : forall s j, In j (range s n) -> (s <= j)%positive /\ (Pos.to_nat j < Pos.to_nat s + n)%nat.
Proof. induction n as [|n IH]; intros s j; simpl; [tauto|]. intros [<-|H]; [lia|]. apply IH in H. lia. Qed.

Lemma range_app n m : forall s t, Pos.to_nat t = (Pos.to_nat s + n)%nat -> range s (n + m) = range s n ++ range t m.
Proof.
  induction n as [|n IH]; intros s t H; simpl.
  - f_equal. lia.
  - f_equal. apply IH. lia.
Qed.

Lemma fold_ext {X} (f g : X -> positive -> X) js : (forall x j, In j js -> f x j = g x j) ->
  forall x, fold_left f js x = fold_left g js x.
Proof.
  induction js as [|j js IH]; intros H x; simpl; [reflexivity|]. rewrite H by (left; reflexivity).
  apply IH. intros. apply H. right. assumption.
Qed.

Lemma rfold_eq {A X} quiet (f : positive -> A -> X -> X) : (forall j a x, quiet a = true -> f j a x = x) ->
  forall l a s e x, rfold quiet f a l s e x = fold_left (fun x j => f j (rget a l j) x) (range s (between s e)) x.
Proof.
  intros HQ.
  assert (Q : forall a n s x, (if quiet a then x else upto (fun j => f j a) n s x) = fold_left (fun x j => f j a x) (range s n) x).
  { intros a n s x. destruct (quiet a) eqn:E; [|apply upto_range]. revert s x. induction n as [|n IH]; intros s x; simpl; [reflexivity|].
    rewrite HQ by exact E. apply IH. }
  induction l as [|[n b] l IH]; intros a s e x; cbn [rfold]; [apply Q|]. leb n s.
  - rewrite IH. apply fold_ext. intros y j Hj. apply range_in in Hj as [Hj _]. simpl. leb n j; [reflexivity|lia].
  - rewrite IH, Q. unfold between. set (m := Pos.min n e).
    assert (ER : range s (Pos.to_nat e - Pos.to_nat s) =
      range s (Pos.to_nat m - Pos.to_nat s) ++ range n (Pos.to_nat e - Pos.to_nat n)).
    { destruct (Pos.leb_spec n e) as [L|L].
      - assert (m = n) as -> by (unfold m; lia). rewrite <- (range_app _ _ s n) by lia. f_equal. lia.
      - assert (m = e) as -> by (unfold m; lia). replace (Pos.to_nat e - Pos.to_nat n)%nat with 0%nat by lia.
        simpl. rewrite app_nil_r. reflexivity. }
    rewrite ER, fold_left_app. rewrite (fold_ext (fun x j => f j (rget a ((n, b) :: l) j) x) (fun x j => f j a x) (range s _)).
    + apply fold_ext. intros y j Hj. apply range_in in Hj as [Hj _]. simpl. leb n j; [reflexivity|lia].
    + intros y j Hj. apply range_in in Hj as [_ Hj]. simpl. leb n j; [lia|reflexivity].
Qed.

Lemma rget_merge {A B D} same (g : A -> B -> D) : (forall x y, same x y = true -> x = y) ->
  forall l1 l2 a b j, rget (g a b) (rmerge same g l1 a b (g a b) l2) j = g (rget a l1 j) (rget b l2 j).
Proof.
  intros HS. induction l1 as [|[m a'] l1 IH1].
  - induction l2 as [|[n b'] l2 IH2]; intros a b j; [reflexivity|].
    simpl. rewrite rget_emit by exact HS. destruct (Pos.leb n j); [|reflexivity]. rewrite IH2. reflexivity.
  - induction l2 as [|[n b'] l2 IH2]; intros a b j.
    + cbn. rewrite rget_emit by exact HS. destruct (Pos.leb m j); [|reflexivity]. rewrite IH1. reflexivity.
    + cbn. destruct (Pos.compare_spec m n) as [<-|L|L].
      * rewrite rget_emit by exact HS. destruct (Pos.leb m j); [|reflexivity]. rewrite IH1. reflexivity.
      * rewrite rget_emit by exact HS. leb m j; [rewrite IH1; reflexivity|]. leb n j; [lia|reflexivity].
      * rewrite rget_emit by exact HS. leb n j.
        -- change (rget (g a b') (rmerge same g ((m, a') :: l1) a b' (g a b') l2) j
                   = g (if Pos.leb m j then rget a' l1 j else a) (rget b' l2 j)). rewrite IH2. reflexivity.
        -- leb m j; [lia|reflexivity].
Qed.
