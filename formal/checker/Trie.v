(** * Maps over positive numbers, and linear forms in sparse form

    A [tree] is a binary trie. [vq h t] is the value of the linear form with the
    coefficients [t] where the unknowns have the values [h]; [vv] is the same for
    unknowns with two indices. *)

From Coq Require Import Reals QArith Qreals List Lra Bool.
Import ListNotations.

Inductive tree (A : Type) : Type :=
| Leaf : tree A
| Node : tree A -> option A -> tree A -> tree A.
Arguments Leaf {A}.
Arguments Node {A}.

Section Maps.
  Context {A : Type}.

  Fixpoint get (p : positive) (t : tree A) {struct t} : option A :=
    match t with
    | Leaf => None
    | Node l o r => match p with xH => o | xO p' => get p' l | xI p' => get p' r end
    end.

  Fixpoint alter (p : positive) (g : option A -> option A) (t : tree A) : tree A :=
    match p with
    | xH => match t with Leaf => Node Leaf (g None) Leaf | Node l o r => Node l (g o) r end
    | xO p' => match t with Leaf => Node (alter p' g Leaf) None Leaf | Node l o r => Node (alter p' g l) o r end
    | xI p' => match t with Leaf => Node Leaf None (alter p' g Leaf) | Node l o r => Node l o (alter p' g r) end
    end.

  Definition set (p : positive) (a : A) (t : tree A) : tree A := alter p (fun _ => Some a) t.

  Lemma get_leaf p : get p (@Leaf A) = None.
  Proof. reflexivity. Qed.

  Lemma get_alter_same p g : forall t, get p (alter p g t) = g (get p t).
  Proof.
    induction p; intros [|l o r]; simpl; auto; rewrite ?IHp, ?get_leaf; reflexivity.
  Qed.

  Lemma get_alter_other p g : forall q t, q <> p -> get q (alter p g t) = get q t.
  Proof.
    induction p; intros q [|l o r] H; destruct q; simpl; try congruence;
      rewrite ?IHp, ?get_leaf by congruence; reflexivity.
  Qed.

  Lemma get_set p a q t : get q (set p a t) = if Pos.eqb q p then Some a else get q t.
  Proof.
    unfold set. destruct (Pos.eqb_spec q p) as [->|H].
    - apply get_alter_same.
    - apply get_alter_other, H.
  Qed.

  (** Every entry has the property. *)
  Definition all (P : positive -> A -> Prop) (t : tree A) : Prop :=
    forall p a, get p t = Some a -> P p a.

  Lemma all_leaf P : all P Leaf.
  Proof. intros p a H. discriminate H. Qed.

  Lemma all_set P p a t : all P t -> P p a -> all P (set p a t).
  Proof.
    intros H Ha q b. rewrite get_set. destruct (Pos.eqb_spec q p) as [->|].
    - intros [= <-]. exact Ha.
    - apply H.
  Qed.

  (** The members of a list, numbered from [p] on. *)
  Fixpoint number (p : positive) (l : list A) (t : tree A) : tree A :=
    match l with
    | [] => t
    | a :: l' => number (Pos.succ p) l' (set p a t)
    end.

  Lemma number_all (P : A -> Prop) l : forall p t,
    all (fun _ => P) t -> (forall a, In a l -> P a) -> all (fun _ => P) (number p l t).
  Proof.
    induction l as [|a l IH]; intros p t Ht Hl; simpl; [exact Ht|].
    apply IH; [apply all_set; [exact Ht|apply Hl; left; reflexivity]|].
    intros b Hb. apply Hl. right. exact Hb.
  Qed.
End Maps.

Definition odef {A} (o : option (tree A)) : tree A := match o with Some t => t | None => Leaf end.
Definition get2 {A} (p q : positive) (t : tree (tree A)) : option A := get q (odef (get p t)).
Definition set2 {A} (p q : positive) (a : A) (t : tree (tree A)) : tree (tree A) :=
  alter p (fun o => Some (set q a (odef o))) t.

Lemma get2_set2 {A} p q (a : A) p' q' t :
  get2 p' q' (set2 p q a t) = if Pos.eqb p' p && Pos.eqb q' q then Some a else get2 p' q' t.
Proof.
  unfold get2, set2. destruct (Pos.eqb_spec p' p) as [->|H]; simpl.
  - rewrite get_alter_same. simpl. rewrite get_set. destruct (Pos.eqb q' q); reflexivity.
  - rewrite get_alter_other by exact H. reflexivity.
Qed.

(** ** Rational numbers in lowest terms *)

Definition qadd (a b : Q) : Q := Qred (a + b)%Q.
Definition qsub (a b : Q) : Q := Qred (a - b)%Q.
Definition qmul (a b : Q) : Q := Qred (a * b)%Q.
Definition qdiv (a b : Q) : Q := Qred (a / b)%Q.
(** The denominator. *)
Definition qden (q : Q) : Q := Qmake (Zpos (Qden (Qred q))) 1.
Definition qle (a b : Q) : bool := Qle_bool a b.
Definition qlt (a b : Q) : bool := negb (Qle_bool b a).
Definition qeq (a b : Q) : bool := Qeq_bool a b.

Open Scope R_scope.

Lemma Q2R_red q : Q2R (Qred q) = Q2R q.
Proof. apply Qeq_eqR, Qred_correct. Qed.
Lemma qadd_R a b : Q2R (qadd a b) = Q2R a + Q2R b.
Proof. unfold qadd. rewrite Q2R_red. apply Q2R_plus. Qed.
Lemma qsub_R a b : Q2R (qsub a b) = Q2R a - Q2R b.
Proof. unfold qsub. rewrite Q2R_red. apply Q2R_minus. Qed.
Lemma qmul_R a b : Q2R (qmul a b) = Q2R a * Q2R b.
Proof. unfold qmul. rewrite Q2R_red. apply Q2R_mult. Qed.
Lemma qden_R q : 0 < Q2R (qden q).
Proof. unfold qden, Q2R. simpl. rewrite Rinv_1, Rmult_1_r. apply IZR_lt. reflexivity. Qed.
Lemma Q2R_0 : Q2R 0 = 0.
Proof. unfold Q2R. simpl. lra. Qed.
Lemma Q2R_1 : Q2R 1 = 1.
Proof. unfold Q2R. simpl. lra. Qed.
Lemma qle_R a b : qle a b = true -> Q2R a <= Q2R b.
Proof. intros H. apply Qle_Rle, Qle_bool_iff, H. Qed.
Lemma qlt_R a b : qlt a b = true -> Q2R a < Q2R b.
Proof.
  unfold qlt. rewrite negb_true_iff. intros H. apply Qlt_Rlt.
  apply Qnot_le_lt. intros E. apply Qle_bool_iff in E. congruence.
Qed.
Lemma qlt_R_false a b : qlt a b = false -> Q2R b <= Q2R a.
Proof. unfold qlt. rewrite negb_false_iff. apply qle_R. Qed.
Lemma qle_R_false a b : qle a b = false -> Q2R b < Q2R a.
Proof. intros H. apply qlt_R. unfold qlt. unfold qle in H. rewrite H. reflexivity. Qed.
Lemma qeq_R a b : qeq a b = true -> Q2R a = Q2R b.
Proof. intros H. apply Qeq_eqR, Qeq_bool_iff, H. Qed.
Lemma qeq_R_false a b : qeq a b = false -> Q2R a <> Q2R b.
Proof. intros H E. apply eqR_Qeq in E. apply Qeq_bool_iff in E. unfold qeq in H. congruence. Qed.

(** ** Linear forms *)

Definition oq (o : option Q) : Q := match o with Some q => q | None => 0%Q end.

(** c * t + acc *)
Fixpoint tscale (c : Q) (t : tree Q) : tree Q :=
  match t with
  | Leaf => Leaf
  | Node l o r => Node (tscale c l) (match o with Some q => Some (qmul c q) | None => None end) (tscale c r)
  end.
Fixpoint taxpy (c : Q) (t acc : tree Q) : tree Q :=
  match t with
  | Leaf => acc
  | Node l o r =>
    match acc with
    | Leaf => tscale c t
    | Node l' o' r' =>
      Node (taxpy c l l')
           (match o with
            | None => o'
            | Some q => match o' with None => Some (qmul c q) | Some q' => Some (qadd (qmul c q) q') end
            end)
           (taxpy c r r')
    end
  end.

Fixpoint vq (h : positive -> R) (t : tree Q) : R :=
  match t with
  | Leaf => 0
  | Node l o r => vq (fun p => h (xO p)) l + Q2R (oq o) * h xH + vq (fun p => h (xI p)) r
  end.

Lemma vq_scale c : forall t h, vq h (tscale c t) = Q2R c * vq h t.
Proof.
  induction t as [|l IHl o r IHr]; intros h; simpl; [ring|].
  rewrite IHl, IHr. destruct o; simpl; rewrite ?qmul_R, ?Q2R_0; ring.
Qed.

Lemma vq_axpy c : forall t acc h, vq h (taxpy c t acc) = Q2R c * vq h t + vq h acc.
Proof.
  induction t as [|l IHl o r IHr]; intros [|l' o' r'] h.
  - simpl; ring.
  - simpl; ring.
  - change (taxpy c (Node l o r) Leaf) with (tscale c (Node l o r)). rewrite vq_scale. simpl. ring.
  - simpl. rewrite IHl, IHr. destruct o, o'; simpl; rewrite ?qadd_R, ?qmul_R, ?Q2R_0; ring.
Qed.

Lemma vq_set_leaf p q : forall h, vq h (set p q Leaf) = Q2R q * h p.
Proof.
  unfold set. induction p; intros h; simpl; rewrite ?IHp, ?Q2R_0; ring.
Qed.

Lemma vq_ext h h' : (forall p, h p = h' p) -> forall t, vq h t = vq h' t.
Proof.
  intros E t. revert h h' E. induction t as [|l IHl o r IHr]; intros h h' E; simpl; [reflexivity|].
  rewrite (IHl (fun p => h (xO p)) (fun p => h' (xO p))), (IHr (fun p => h (xI p)) (fun p => h' (xI p))), E by auto.
  reflexivity.
Qed.

Lemma vq_plus h h' t : vq (fun p => h p + h' p) t = vq h t + vq h' t.
Proof.
  revert h h'. induction t as [|l IHl o r IHr]; intros h h'; simpl; [ring|].
  rewrite (IHl (fun p => h (xO p)) (fun p => h' (xO p))), (IHr (fun p => h (xI p)) (fun p => h' (xI p))).
  ring.
Qed.

Lemma vq_mult a h t : vq (fun p => a * h p) t = a * vq h t.
Proof.
  revert h. induction t as [|l IHl o r IHr]; intros h; simpl; [ring|].
  rewrite (IHl (fun p => h (xO p))), (IHr (fun p => h (xI p))). ring.
Qed.

Fixpoint allz (t : tree Q) : bool :=
  match t with
  | Leaf => true
  | Node l o r => (match o with Some q => qeq q 0 | None => true end) && allz l && allz r
  end.

Lemma allz_vq t : allz t = true -> forall h, vq h t = 0.
Proof.
  induction t as [|l IHl o r IHr]; simpl; intros H h; [reflexivity|].
  apply andb_true_iff in H as [H Hr]. apply andb_true_iff in H as [Ho Hl].
  rewrite IHl, IHr by assumption.
  destruct o; simpl; [apply qeq_R in Ho; rewrite Ho|]; rewrite Q2R_0; ring.
Qed.

(** Two indices. *)
Fixpoint tscale2 (c : Q) (t : tree (tree Q)) : tree (tree Q) :=
  match t with
  | Leaf => Leaf
  | Node l o r => Node (tscale2 c l) (match o with Some q => Some (tscale c q) | None => None end) (tscale2 c r)
  end.
Fixpoint taxpy2 (c : Q) (t acc : tree (tree Q)) : tree (tree Q) :=
  match t with
  | Leaf => acc
  | Node l o r =>
    match acc with
    | Leaf => tscale2 c t
    | Node l' o' r' =>
      Node (taxpy2 c l l')
           (match o with
            | None => o'
            | Some q => match o' with None => Some (tscale c q) | Some q' => Some (taxpy c q q') end
            end)
           (taxpy2 c r r')
    end
  end.

Fixpoint vv (h : positive -> positive -> R) (t : tree (tree Q)) : R :=
  match t with
  | Leaf => 0
  | Node l o r => vv (fun p => h (xO p)) l + vq (h xH) (odef o) + vv (fun p => h (xI p)) r
  end.

Lemma vv_scale c : forall t h, vv h (tscale2 c t) = Q2R c * vv h t.
Proof.
  induction t as [|l IHl o r IHr]; intros h; simpl; [ring|].
  rewrite IHl, IHr. destruct o; simpl; rewrite ?vq_scale; ring.
Qed.

Lemma vv_axpy c : forall t acc h, vv h (taxpy2 c t acc) = Q2R c * vv h t + vv h acc.
Proof.
  induction t as [|l IHl o r IHr]; intros [|l' o' r'] h.
  - simpl; ring.
  - simpl; ring.
  - change (taxpy2 c (Node l o r) Leaf) with (tscale2 c (Node l o r)). rewrite vv_scale. simpl. ring.
  - simpl. rewrite IHl, IHr. destruct o, o'; simpl; rewrite ?vq_axpy, ?vq_scale; simpl; ring.
Qed.

(** acc + c * (the form t in the unknowns of group o) *)
Definition addg (c : Q) (o : positive) (t : tree Q) (acc : tree (tree Q)) : tree (tree Q) :=
  alter o (fun old => Some (taxpy c t (odef old))) acc.

Lemma vv_addg c o t : forall acc h, vv h (addg c o t acc) = Q2R c * vq (h o) t + vv h acc.
Proof.
  unfold addg. induction o; intros [|l x r] h; simpl; rewrite ?IHo, ?vq_axpy; simpl; ring.
Qed.

Fixpoint allz2 (t : tree (tree Q)) : bool :=
  match t with
  | Leaf => true
  | Node l o r => (match o with Some q => allz q | None => true end) && allz2 l && allz2 r
  end.

Lemma allz2_vv t : allz2 t = true -> forall h, vv h t = 0.
Proof.
  induction t as [|l IHl o r IHr]; simpl; intros H h; [reflexivity|].
  apply andb_true_iff in H as [H Hr]. apply andb_true_iff in H as [Ho Hl].
  rewrite IHl, IHr by assumption.
  destruct o; simpl; [rewrite allz_vq by assumption|]; ring.
Qed.
