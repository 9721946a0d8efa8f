(** * The slots of a line, in a search tree

    Steps n move the ends of a few slots, steps b look for the first and the last slot that a neuron can break in: a line
    of a thousand slots is not to be walked for either. A node knows between which positions all its slots lie. What is
    said of a tree is said of its list [slots_of t]: the slots in their order, with their numbers. *)

From Coq Require Import Reals QArith Qreals List Lra Lia Bool PArith Sorted.
From CertifyChecker Require Import Trie.
Import ListNotations.

(** A slot: its ends, their positions on the line, and whether an end is closed (6.5). *)
Record slot := Slot { s_p : positive; s_r : positive; s_lp : Q; s_lr : Q; s_lc : bool; s_rc : bool }.

Inductive stree :=
| TNil
| TLeaf (n : positive) (s : slot)
| TNode (a z : Q) (l r : stree).

Definition qmin (a b : Q) : Q := if qlt b a then b else a.
Definition qmax (a b : Q) : Q := if qlt a b then b else a.

Definition span (t : stree) : option (Q * Q) :=
  match t with
  | TNil => None
  | TLeaf _ s => Some (qmin (s_lp s) (s_lr s), qmax (s_lp s) (s_lr s))
  | TNode a z _ _ => Some (a, z)
  end.

Definition tnode (l r : stree) : stree :=
  match span l, span r with
  | Some (a, z), Some (b, y) => TNode (qmin a b) (qmax z y) l r
  | None, _ => r
  | _, None => l
  end.

(** A tree of a list: neighbours are joined until one is left. *)
Fixpoint join_pairs (ts : list stree) : list stree :=
  match ts with
  | a :: b :: ts' => tnode a b :: join_pairs ts'
  | _ => ts
  end.
Fixpoint join_trees (fuel : nat) (ts : list stree) : stree :=
  match ts with
  | [] => TNil
  | [t] => t
  | _ => match fuel with
         | O => fold_right tnode TNil ts
         | S fuel' => join_trees fuel' (join_pairs ts)
         end
  end.
Fixpoint count (n : positive) (ss : list slot) : list (positive * slot) :=
  match ss with [] => [] | s :: ss' => (n, s) :: count (Pos.succ n) ss' end.
Definition leaf (ns : positive * slot) : stree := TLeaf (fst ns) (snd ns).
Definition plant (ss : list slot) : stree := join_trees 64 (map leaf (count 1 ss)).

Fixpoint flatten (t : stree) (acc : list (positive * slot)) : list (positive * slot) :=
  match t with
  | TNil => acc
  | TLeaf n s => (n, s) :: acc
  | TNode _ _ l r => flatten l (flatten r acc)
  end.
Definition slots_of (t : stree) : list (positive * slot) := flatten t [].

(** All slots end before lp, or start behind lr. *)
Fixpoint apart (lp lr : Q) (t : stree) : bool :=
  match t with
  | TNil => true
  | TLeaf _ s => qle (s_lr s) lp || qle lr (s_lp s)
  | TNode a z l r => if qle z lp || qle lr a then true else apart lp lr l && apart lp lr r
  end.

(** No neuron breaks strictly between p and r: an end in there goes to the other side. *)
Definition move (p r : positive) (lp lr : Q) (s : slot) : slot :=
  let left := (if s_lc s then qlt lp (s_lp s) else qle lp (s_lp s)) && qlt (s_lp s) lr in
  let right := (if s_rc s then qlt (s_lr s) lr else qle (s_lr s) lr) && qlt lp (s_lr s) in
  let '(p', lp', lc') := if left then (r, lr, true) else (s_p s, s_lp s, s_lc s) in
  let '(r', lr', rc') := if right then (p, lp, true) else (s_r s, s_lr s, s_rc s) in
  Slot p' r' lp' lr' lc' rc'.

Definition empty_slot (s : slot) : bool :=
  qlt (s_lr s) (s_lp s) || (qeq (s_lr s) (s_lp s) && negb (s_lc s && s_rc s)).

(** All slots moved; and whether one of those that were touched is empty now. *)
Fixpoint move_tree (p r : positive) (lp lr : Q) (t : stree) : stree * bool :=
  match t with
  | TNil => (TNil, false)
  | TLeaf n s => let s' := move p r lp lr s in (TLeaf n s', empty_slot s')
  | TNode a z t1 t2 =>
    if qlt z lp || qlt lr a then (t, false)
    else
      let '(t1', e1) := move_tree p r lp lr t1 in
      let '(t2', e2) := move_tree p r lp lr t2 in
      (tnode t1' t2', e1 || e2)
  end.

Fixpoint rightmost (t : stree) : option slot :=
  match t with
  | TNil => None
  | TLeaf _ s => Some s
  | TNode _ _ l r => match rightmost r with Some s => Some s | None => rightmost l end
  end.
Fixpoint leftmost (t : stree) : option slot :=
  match t with
  | TNil => None
  | TLeaf _ s => Some s
  | TNode _ _ l r => match leftmost l with Some s => Some s | None => leftmost r end
  end.

(** The first slot that is free and not too early; and the last one that is free and not too late: one after the other. *)
Fixpoint first_free (early : slot -> bool) (free : positive -> bool) (t : stree) : option (positive * slot) :=
  match t with
  | TNil => None
  | TLeaf n s => if free n && negb (early s) then Some (n, s) else None
  | TNode _ _ l r => match first_free early free l with Some x => Some x | None => first_free early free r end
  end.
Fixpoint last_free (late : slot -> bool) (free : positive -> bool) (t : stree) : option (positive * slot) :=
  match t with
  | TNil => None
  | TLeaf n s => if free n && negb (late s) then Some (n, s) else None
  | TNode _ _ l r => match last_free late free r with Some x => Some x | None => last_free late free l end
  end.

(** The same by bisection: where a slot is too early, so are all before it. *)
Fixpoint first_from (early : slot -> bool) (free : positive -> bool) (t : stree) : option (positive * slot) :=
  match t with
  | TNode _ _ l r =>
    if match rightmost l with Some s => early s | None => true end then first_from early free r
    else match first_from early free l with Some x => Some x | None => first_free early free r end
  | _ => first_free early free t
  end.
(** Where a slot is too late, so are all behind it. *)
Fixpoint last_to (late : slot -> bool) (free : positive -> bool) (t : stree) : option (positive * slot) :=
  match t with
  | TNode _ _ l r =>
    if match leftmost r with Some s => late s | None => true end then last_to late free l
    else match last_to late free r with Some x => Some x | None => last_free late free l end
  | _ => last_free late free t
  end.

(** ** What they do *)

Open Scope R_scope.

Lemma flatten_app t : forall acc, flatten t acc = slots_of t ++ acc.
Proof.
  unfold slots_of. induction t as [|n s|a z l IHl r IHr]; intros acc; cbn [flatten]; [reflexivity|reflexivity|].
  rewrite (IHl (flatten r acc)), (IHl (flatten r [])), (IHr acc), app_assoc. reflexivity.
Qed.

Lemma slots_node a z l r : slots_of (TNode a z l r) = slots_of l ++ slots_of r.
Proof. unfold slots_of at 1. cbn [flatten]. apply flatten_app. Qed.

(** The positions of all slots are where their node says. *)
Definition within (a z : R) (s : slot) : Prop := a <= Q2R (s_lp s) <= z /\ a <= Q2R (s_lr s) <= z.
Fixpoint spans (t : stree) : Prop :=
  match t with
  | TNode a z l r => (forall n s, In (n, s) (slots_of l ++ slots_of r) -> within (Q2R a) (Q2R z) s) /\ spans l /\ spans r
  | _ => True
  end.

Lemma qmin_R a b : Q2R (qmin a b) <= Q2R a /\ Q2R (qmin a b) <= Q2R b.
Proof. unfold qmin. destruct (qlt b a) eqn:E; [apply qlt_R in E|apply qlt_R_false in E]; lra. Qed.
Lemma qmax_R a b : Q2R a <= Q2R (qmax a b) /\ Q2R b <= Q2R (qmax a b).
Proof. unfold qmax. destruct (qlt a b) eqn:E; [apply qlt_R in E|apply qlt_R_false in E]; lra. Qed.

Lemma span_within t : spans t -> match span t with
  | Some (a, z) => forall n s, In (n, s) (slots_of t) -> within (Q2R a) (Q2R z) s
  | None => t = TNil
  end.
Proof.
  destruct t as [|n s|a z l r]; cbn [span]; intros H; [reflexivity| |].
  - intros n' s' [[= <- <-]|[]]. pose proof (qmin_R (s_lp s) (s_lr s)). pose proof (qmax_R (s_lp s) (s_lr s)).
    unfold within. lra.
  - intros n s. rewrite slots_node. apply H.
Qed.

Lemma tnode_ok l r : spans l -> spans r -> spans (tnode l r) /\ slots_of (tnode l r) = slots_of l ++ slots_of r.
Proof.
  intros Hl Hr. pose proof (span_within l Hl) as Sl. pose proof (span_within r Hr) as Sr. unfold tnode.
  destruct (span l) as [[a z]|]; [|subst l; auto].
  destruct (span r) as [[b y]|]; [|subst r; rewrite app_nil_r; auto].
  split; [|apply slots_node]. split; [|auto]. pose proof (qmin_R a b). pose proof (qmax_R z y).
  intros n s Hin. apply in_app_or in Hin as [Hin|Hin]; [apply Sl in Hin|apply Sr in Hin]; unfold within in *; lra.
Qed.

Definition slots_of_all (ts : list stree) : list (positive * slot) := concat (map slots_of ts).

Lemma join_pairs_ok : forall n ts, (length ts <= n)%nat -> Forall spans ts ->
  Forall spans (join_pairs ts) /\ slots_of_all (join_pairs ts) = slots_of_all ts.
Proof.
  induction n as [|n IH]; intros [|a [|b ts]] Hlen H; simpl in Hlen; try lia; cbn [join_pairs]; auto.
  inversion H as [|? ? Ha H1]; subst. inversion H1 as [|? ? Hb H2]; subst.
  destruct (IH ts) as [I1 I2]; [lia|exact H2|]. destruct (tnode_ok a b Ha Hb) as [N1 N2].
  split; [constructor; assumption|]. unfold slots_of_all in *. cbn [map concat]. rewrite I2, N2, <- app_assoc. reflexivity.
Qed.

Lemma join_trees_ok fuel : forall ts, Forall spans ts -> spans (join_trees fuel ts) /\ slots_of (join_trees fuel ts) = slots_of_all ts.
Proof.
  assert (HF : forall ts, Forall spans ts -> spans (fold_right tnode TNil ts) /\ slots_of (fold_right tnode TNil ts) = slots_of_all ts).
  { induction 1 as [|t ts Ht Hts [I1 I2]]; simpl; [auto|]. destruct (tnode_ok _ _ Ht I1) as [N1 N2].
    split; [exact N1|]. rewrite N2, I2. reflexivity. }
  induction fuel as [|fuel IH]; intros [|t [|t' ts]] H; try (split; [exact I|reflexivity]);
    try (split; [inversion H; assumption|unfold slots_of_all; simpl; rewrite app_nil_r; reflexivity]).
  - apply HF, H.
  - destruct (join_pairs_ok _ _ (le_n _) H) as [J1 J2].
    change (join_trees (S fuel) (t :: t' :: ts)) with (join_trees fuel (join_pairs (t :: t' :: ts))).
    destruct (IH _ J1) as [I1 I2]. rewrite J2 in I2. auto.
Qed.

Lemma plant_ok ss : spans (plant ss) /\ slots_of (plant ss) = count 1 ss.
Proof.
  unfold plant. destruct (join_trees_ok 64 (map leaf (count 1 ss))) as [H1 H2].
  - apply Forall_forall. intros t Ht. apply in_map_iff in Ht as (ns & <- & _). exact I.
  - split; [exact H1|]. rewrite H2. unfold slots_of_all. rewrite map_map. generalize (count 1 ss). clear.
    induction l as [|[n s] l IH]; simpl; [reflexivity|]. f_equal. exact IH.
Qed.

Lemma apart_ok lp lr t : spans t -> apart lp lr t = true ->
  forall n s, In (n, s) (slots_of t) -> Q2R (s_lr s) <= Q2R lp \/ Q2R lr <= Q2R (s_lp s).
Proof.
  induction t as [|n s|a z l IHl r IHr]; cbn [apart]; intros HS H n' s'.
  - intros [].
  - intros [[= <- <-]|[]]. apply orb_true_iff in H as [H|H]; apply qle_R in H; auto.
  - rewrite slots_node. intros Hin. destruct HS as (HW & Hl & Hr). destruct (qle z lp || qle lr a) eqn:E.
    + specialize (HW n' s' Hin). unfold within in HW. apply orb_true_iff in E as [E|E]; apply qle_R in E; [left|right]; lra.
    + apply andb_true_iff in H as [H1 H2]. apply in_app_or in Hin as [Hin|Hin]; eauto.
Qed.

Definition move_in (p r : positive) (lp lr : Q) (ns : positive * slot) : positive * slot := (fst ns, move p r lp lr (snd ns)).

Lemma move_outside p r lp lr a z s : within (Q2R a) (Q2R z) s -> qlt z lp || qlt lr a = true -> move p r lp lr s = s.
Proof.
  unfold within. intros HW H. assert (HX : Q2R z < Q2R lp \/ Q2R lr < Q2R a)
    by (apply orb_true_iff in H as [H|H]; apply qlt_R in H; auto).
  unfold move.
  destruct ((if s_lc s then _ else _) && qlt (s_lp s) lr) eqn:X.
  { exfalso. apply andb_true_iff in X as [X1 X2]. apply qlt_R in X2. destruct (s_lc s); [apply qlt_R in X1|apply qle_R in X1]; lra. }
  destruct ((if s_rc s then _ else _) && qlt lp (s_lr s)) eqn:Y.
  { exfalso. apply andb_true_iff in Y as [Y1 Y2]. apply qlt_R in Y2. destruct (s_rc s); [apply qlt_R in Y1|apply qle_R in Y1]; lra. }
  destruct s; reflexivity.
Qed.

Lemma move_tree_ok p r lp lr t : spans t ->
  spans (fst (move_tree p r lp lr t)) /\ slots_of (fst (move_tree p r lp lr t)) = map (move_in p r lp lr) (slots_of t) /\
  (snd (move_tree p r lp lr t) = true -> exists n s, In (n, s) (slots_of (fst (move_tree p r lp lr t))) /\ empty_slot s = true).
Proof.
  induction t as [|n s|a z t1 IH1 t2 IH2]; cbn [move_tree]; intros HS.
  - split; [exact I|]. split; [reflexivity|discriminate].
  - split; [exact I|]. split; [reflexivity|]. intros H. exists n, (move p r lp lr s). split; [left; reflexivity|exact H].
  - destruct (qlt z lp || qlt lr a) eqn:E.
    + split; [exact HS|]. split; [|discriminate]. cbn [fst]. rewrite slots_node. destruct HS as (HW & _).
      rewrite <- (map_id (slots_of t1 ++ slots_of t2)) at 1. apply map_ext_in. intros [n s] Hin. unfold move_in. cbn [fst snd].
      rewrite (move_outside p r lp lr a z s); [reflexivity|exact (HW n s Hin)|exact E].
    + destruct HS as (_ & H1 & H2). specialize (IH1 H1). specialize (IH2 H2).
      destruct (move_tree p r lp lr t1) as [t1' e1]. destruct (move_tree p r lp lr t2) as [t2' e2]. cbn [fst snd] in *.
      destruct IH1 as (S1 & F1 & E1). destruct IH2 as (S2 & F2 & E2). destruct (tnode_ok _ _ S1 S2) as [N1 N2].
      split; [exact N1|]. split; [rewrite N2, slots_node, map_app, F1, F2; reflexivity|].
      rewrite N2, orb_true_iff. intros [H|H]; [destruct (E1 H) as (n & s & Hin & Hs)|destruct (E2 H) as (n & s & Hin & Hs)];
        exists n, s; (split; [apply in_or_app; auto|exact Hs]).
Qed.

Lemma rightmost_none t : rightmost t = None -> slots_of t = [].
Proof.
  induction t as [|n s|a z l IHl r IHr]; cbn [rightmost]; [reflexivity|discriminate|].
  destruct (rightmost r); [discriminate|]. intros H. rewrite slots_node, (IHl H), IHr; reflexivity.
Qed.
Lemma rightmost_last t s : rightmost t = Some s -> exists n pre, slots_of t = pre ++ [(n, s)].
Proof.
  induction t as [|n s'|a z l IHl r IHr]; cbn [rightmost].
  - discriminate.
  - intros [= <-]. exists n, []. reflexivity.
  - rewrite slots_node. destruct (rightmost r) as [s'|] eqn:E.
    + intros [= ->]. destruct (IHr eq_refl) as (n & pre & ->). exists n, (slots_of l ++ pre). rewrite app_assoc. reflexivity.
    + intros H. rewrite (rightmost_none r E), app_nil_r. apply IHl, H.
Qed.
Lemma leftmost_none t : leftmost t = None -> slots_of t = [].
Proof.
  induction t as [|n s|a z l IHl r IHr]; cbn [leftmost]; [reflexivity|discriminate|].
  destruct (leftmost l); [discriminate|]. intros H. rewrite slots_node, (IHr H), IHl; reflexivity.
Qed.
Lemma leftmost_first t s : leftmost t = Some s -> exists n post, slots_of t = (n, s) :: post.
Proof.
  induction t as [|n s'|a z l IHl r IHr]; cbn [leftmost].
  - discriminate.
  - intros [= <-]. exists n, []. reflexivity.
  - rewrite slots_node. destruct (leftmost l) as [s'|] eqn:E.
    + intros [= ->]. destruct (IHl eq_refl) as (n & post & ->). exists n, (post ++ slots_of r). reflexivity.
    + intros H. rewrite (leftmost_none l E). apply IHr, H.
Qed.

Lemma sorted_app {X} (R : X -> X -> Prop) a b : StronglySorted R (a ++ b) ->
  StronglySorted R a /\ StronglySorted R b /\ forall x y, In x a -> In y b -> R x y.
Proof.
  induction a as [|u a IH]; cbn [app]; intros H; [split; [constructor|]; split; [exact H|intros x y []]|].
  inversion H as [|? ? H1 H2]; subst. destruct (IH H1) as (A & B & D). apply Forall_app in H2 as [F1 F2].
  split; [constructor; assumption|]. split; [exact B|]. intros x y [<-|Hx] Hy; [|auto].
  rewrite Forall_forall in F2. apply F2, Hy.
Qed.

Section Search.
  Context (R : positive * slot -> positive * slot -> Prop) (ok : positive * slot -> Prop) (bad : slot -> bool) (free : positive -> bool).

  Lemma first_free_in t x : first_free bad free t = Some x -> In x (slots_of t).
  Proof.
    induction t as [|n s|a z l IHl r IHr]; cbn [first_free].
    - discriminate.
    - destruct (_ && _); [|discriminate]. intros [= <-]. left. reflexivity.
    - rewrite slots_node. intros H. apply in_or_app.
      destruct (first_free bad free l); [left; apply IHl, H|right; apply IHr, H].
  Qed.
  Lemma last_free_in t x : last_free bad free t = Some x -> In x (slots_of t).
  Proof.
    induction t as [|n s|a z l IHl r IHr]; cbn [last_free].
    - discriminate.
    - destruct (_ && _); [|discriminate]. intros [= <-]. left. reflexivity.
    - rewrite slots_node. intros H. apply in_or_app.
      destruct (last_free bad free r); [right; apply IHr, H|left; apply IHl, H].
  Qed.
  Lemma first_from_in t x : first_from bad free t = Some x -> In x (slots_of t).
  Proof.
    induction t as [|n s|a z l IHl r IHr]; cbn [first_from]; try apply first_free_in.
    rewrite slots_node. intros H. apply in_or_app. destruct (match rightmost l with Some _ => _ | None => _ end); [auto|].
    destruct (first_from bad free l); [left; apply IHl, H|right; apply first_free_in, H].
  Qed.
  Lemma last_to_in t x : last_to bad free t = Some x -> In x (slots_of t).
  Proof.
    induction t as [|n s|a z l IHl r IHr]; cbn [last_to]; try apply last_free_in.
    rewrite slots_node. intros H. apply in_or_app. destruct (match leftmost r with Some _ => _ | None => _ end); [auto|].
    destruct (last_to bad free r); [right; apply IHr, H|left; apply last_free_in, H].
  Qed.

  Context (x : positive * slot) (Hfree : free (fst x) = true).

  Section First.
    (** x is not too early, nor are those behind it. *)
    Context (HB : forall y, ok y -> y = x \/ R x y -> bad (snd y) = false).
    Definition found_first (o : option (positive * slot)) (xs : list (positive * slot)) : Prop :=
      exists y, o = Some y /\ In y xs /\ (y = x \/ R y x).

    Lemma found_more o xs ys : (forall y, In y xs -> In y ys) -> found_first o xs -> found_first o ys.
    Proof. intros H (y & E & Hy & HY). exists y. auto. Qed.

    Lemma first_free_ok t : Forall ok (slots_of t) -> StronglySorted R (slots_of t) -> In x (slots_of t) ->
      found_first (first_free bad free t) (slots_of t).
    Proof.
      induction t as [|n s|a z l IHl r IHr]; cbn [first_free]; intros HO HS Hin.
      - destruct Hin.
      - destruct Hin as [E|[]]. assert (HF : free n = true) by (change n with (fst (n, s)); rewrite E; exact Hfree).
        rewrite HF, (HB (n, s) (Forall_inv HO) (or_introl E) : bad s = false).
        exists (n, s). split; [reflexivity|]. split; [left; reflexivity|left; exact E].
      - rewrite slots_node in HO, HS, Hin |- *. apply Forall_app in HO as [O1 O2]. apply sorted_app in HS as (S1 & S2 & HX).
        apply in_app_or in Hin as [Hin|Hin].
        + destruct (IHl O1 S1 Hin) as (y & -> & Hy & HY). exists y. split; [reflexivity|]. split; [apply in_or_app; auto|exact HY].
        + destruct (first_free bad free l) as [y|] eqn:EF; [|revert Hin; intros; apply (found_more _ (slots_of r)); [intros; apply in_or_app; auto|auto]].
          apply first_free_in in EF. exists y. split; [reflexivity|]. split; [apply in_or_app; auto|right; apply HX; assumption].
    Qed.

    Lemma first_from_ok t : Forall ok (slots_of t) -> StronglySorted R (slots_of t) -> In x (slots_of t) ->
      found_first (first_from bad free t) (slots_of t).
    Proof.
      induction t as [|n s|a z l IHl r IHr]; cbn [first_from]; intros HO HS Hin; try (apply first_free_ok; assumption).
      rewrite slots_node in HO, HS, Hin |- *. apply Forall_app in HO as [O1 O2]. apply sorted_app in HS as (S1 & S2 & HX).
      assert (HR : forall o, (In x (slots_of r) -> found_first o (slots_of r)) -> In x (slots_of r) ->
        found_first o (slots_of l ++ slots_of r))
        by (intros o H1 H2; apply (found_more _ (slots_of r)); [intros; apply in_or_app; auto|auto]).
      destruct (rightmost l) as [s|] eqn:E.
      - destruct (rightmost_last l s E) as (n & pre & EL). destruct (bad s) eqn:EB.
        + apply HR; [auto|]. apply in_app_or in Hin as [Hin|Hin]; [exfalso|exact Hin].
          rewrite EL in Hin, O1, S1. apply Forall_app in O1 as [_ O1]. apply sorted_app in S1 as (_ & _ & HX1).
          assert (EB' : bad s = false); [apply (HB (n, s) (Forall_inv O1))|congruence].
          apply in_app_or in Hin as [Hin|[Hin|[]]]; [right; apply HX1; [exact Hin|left; reflexivity]|left; exact Hin].
        + apply in_app_or in Hin as [Hin|Hin].
          * destruct (IHl O1 S1 Hin) as (y & -> & Hy & HY). exists y. split; [reflexivity|].
            split; [apply in_or_app; auto|exact HY].
          * destruct (first_from bad free l) as [y|] eqn:EF; [|apply HR; [apply first_free_ok; assumption|exact Hin]].
            apply first_from_in in EF. exists y. split; [reflexivity|]. split; [apply in_or_app; auto|right; apply HX; assumption].
      - apply HR; [auto|]. rewrite (rightmost_none l E) in Hin. exact Hin.
    Qed.
  End First.

  Section Last.
    (** x is not too late, nor are those before it. *)
    Context (HB : forall y, ok y -> y = x \/ R y x -> bad (snd y) = false).
    Definition found_last (o : option (positive * slot)) (xs : list (positive * slot)) : Prop :=
      exists y, o = Some y /\ In y xs /\ (y = x \/ R x y).

    Lemma last_free_ok t : Forall ok (slots_of t) -> StronglySorted R (slots_of t) -> In x (slots_of t) ->
      found_last (last_free bad free t) (slots_of t).
    Proof.
      induction t as [|n s|a z l IHl r IHr]; cbn [last_free]; intros HO HS Hin.
      - destruct Hin.
      - destruct Hin as [E|[]]. assert (HF : free n = true) by (change n with (fst (n, s)); rewrite E; exact Hfree).
        rewrite HF, (HB (n, s) (Forall_inv HO) (or_introl E) : bad s = false).
        exists (n, s). split; [reflexivity|]. split; [left; reflexivity|left; exact E].
      - rewrite slots_node in HO, HS, Hin |- *. apply Forall_app in HO as [O1 O2]. apply sorted_app in HS as (S1 & S2 & HX).
        apply in_app_or in Hin as [Hin|Hin].
        + destruct (last_free bad free r) as [y|] eqn:EF.
          * apply last_free_in in EF. exists y. split; [reflexivity|]. split; [apply in_or_app; auto|right; apply HX; assumption].
          * destruct (IHl O1 S1 Hin) as (y & -> & Hy & HY). exists y. split; [reflexivity|]. split; [apply in_or_app; auto|exact HY].
        + destruct (IHr O2 S2 Hin) as (y & -> & Hy & HY). exists y. split; [reflexivity|]. split; [apply in_or_app; auto|exact HY].
    Qed.

    Lemma last_to_ok t : Forall ok (slots_of t) -> StronglySorted R (slots_of t) -> In x (slots_of t) ->
      found_last (last_to bad free t) (slots_of t).
    Proof.
      induction t as [|n s|a z l IHl r IHr]; cbn [last_to]; intros HO HS Hin; try (apply last_free_ok; assumption).
      rewrite slots_node in HO, HS, Hin |- *. apply Forall_app in HO as [O1 O2]. apply sorted_app in HS as (S1 & S2 & HX).
      assert (HL : forall o, (In x (slots_of l) -> found_last o (slots_of l)) -> In x (slots_of l) ->
        found_last o (slots_of l ++ slots_of r)).
      { intros o H1 H2. destruct (H1 H2) as (y & Ey & Hy & HY). exists y. split; [exact Ey|]. split; [apply in_or_app; auto|exact HY]. }
      destruct (leftmost r) as [s|] eqn:E.
      - destruct (leftmost_first r s E) as (n & post & EL). destruct (bad s) eqn:EB.
        + apply HL; [auto|]. apply in_app_or in Hin as [Hin|Hin]; [exact Hin|exfalso].
          rewrite EL in Hin, O2, S2. inversion S2 as [|? ? _ HX1]; subst. rewrite Forall_forall in HX1.
          assert (EB' : bad s = false); [apply (HB (n, s) (Forall_inv O2))|congruence].
          destruct Hin as [Hin|Hin]; [left; exact Hin|right; apply HX1, Hin].
        + apply in_app_or in Hin as [Hin|Hin].
          * destruct (last_to bad free r) as [y|] eqn:EF; [|apply HL; [apply last_free_ok; assumption|exact Hin]].
            apply last_to_in in EF. exists y. split; [reflexivity|]. split; [apply in_or_app; auto|right; apply HX; assumption].
          * destruct (IHr O2 S2 Hin) as (y & -> & Hy & HY). exists y. split; [reflexivity|].
            split; [apply in_or_app; auto|exact HY].
      - apply HL; [auto|]. rewrite (leftmost_none r E), app_nil_r in Hin. exact Hin.
    Qed.
  End Last.
End Search.

Lemma count_snd ss : forall n, map snd (count n ss) = ss.
Proof. induction ss as [|s ss IH]; intros n; simpl; [reflexivity|]. rewrite IH. reflexivity. Qed.

Lemma count_length ss : forall n, length (count n ss) = length ss.
Proof. induction ss as [|s ss IH]; intros n; simpl; [reflexivity|]. rewrite IH. reflexivity. Qed.

Lemma count_map f ss : forall n, map (fun ns => (fst ns, f (snd ns))) (count n ss) = count n (map f ss).
Proof. induction ss as [|s ss IH]; intros n; simpl; [reflexivity|]. rewrite IH. reflexivity. Qed.
