(** * At most n independent vectors in dimension n

    The dimension argument of Theorem 11 in the form in which it is used: vectors a_1, ..., a_t and v_1, ..., v_t of
    R^n with  a_i . v_i <> 0  and  a_i . v_j = 0  for i < j.  (So no a_j is a combination of those before it.) Then t <= n:
    Gaussian elimination. *)

From Coq Require Import Reals List Lra Lia Psatz.
From Certify Require Import Semantics.
Import ListNotations.
Open Scope R_scope.

Inductive triangular (n : nat) : list (list R * list R) -> Prop :=
| triangular_nil : triangular n []
| triangular_cons a v l : length a = n -> length v = n -> dot a v <> 0 ->
    (forall b u, In (b, u) l -> dot b v = 0) -> triangular n l -> triangular n ((a, v) :: l).

(** The list without its member number [p]. *)
Fixpoint without (p : nat) (l : list R) : list R :=
  match p, l with
  | _, [] => []
  | O, _ :: l' => l'
  | S p', x :: l' => x :: without p' l'
  end.

Lemma without_length p : forall l, (p < length l)%nat -> length (without p l) = pred (length l).
Proof.
  induction p as [|p IH]; intros [|x l] H; simpl in *; try lia. rewrite IH by lia. destruct l; simpl in *; lia.
Qed.

Lemma dot_without p : forall a v, (p < length a)%nat -> length a = length v ->
  dot a v = nth p a 0 * nth p v 0 + dot (without p a) (without p v).
Proof.
  induction p as [|p IH]; intros [|x a] [|y v] H E; simpl in *; try lia; [lra|].
  rewrite (IH a v) by lia. lra.
Qed.

(** a - s b *)
Fixpoint subtract (s : R) (b a : list R) : list R :=
  match b, a with
  | y :: b', x :: a' => x - s * y :: subtract s b' a'
  | _, _ => []
  end.

Lemma subtract_length s : forall b a, length b = length a -> length (subtract s b a) = length a.
Proof. induction b as [|y b IH]; intros [|x a] E; simpl in *; try lia. rewrite IH; lia. Qed.

Lemma dot_subtract s : forall b a v, length b = length a ->
  dot (subtract s b a) v = dot a v - s * dot b v.
Proof.
  induction b as [|y b IH]; intros [|x a] [|z v] E; simpl in *; try lia; try lra.
  rewrite IH by lia. lra.
Qed.

Lemma dot_subtract_r s : forall b a v, length b = length a ->
  dot v (subtract s b a) = dot v a - s * dot v b.
Proof.
  induction b as [|y b IH]; intros [|x a] [|z v] E; simpl in *; try lia; try lra.
  rewrite IH by lia. lra.
Qed.

Lemma nth_subtract s p : forall b a, length b = length a -> (p < length a)%nat ->
  nth p (subtract s b a) 0 = nth p a 0 - s * nth p b 0.
Proof.
  induction p as [|p IH]; intros [|y b] [|x a] E H; simpl in *; try lia; [lra|]. apply IH; lia.
Qed.

Lemma some_nonzero : forall a v, length a = length v -> dot a v <> 0 -> exists p, (p < length v)%nat /\ nth p v 0 <> 0.
Proof.
  induction a as [|x a IH]; intros [|y v] E H; simpl in *; try lia; try lra.
  destruct (Req_dec y 0) as [->|Hy]; [|exists 0%nat; split; [lia|exact Hy]].
  destruct (IH v) as (p & Hp & Hn); [lia|intros E0; apply H; rewrite E0; lra|].
  exists (S p). split; [lia|exact Hn].
Qed.

(** The last vector v has a coordinate p that is not 0. Every other a is orthogonal to v, so the multiple of v that
    makes coordinate p vanish may be subtracted from the other vectors v_j without changing a product, and then the
    coordinate be left out. *)
Lemma triangular_length n : forall l, triangular n l -> (length l <= n)%nat.
Proof.
  induction n as [|n IH]; intros l T.
  - inversion T as [|a v l' La Lv H]; subst; simpl; [lia|]. destruct a; [|discriminate]. simpl in H. lra.
  - inversion T as [|a v l' La Lv H O T']; subst; simpl; [lia|].
    destruct (some_nonzero a v) as (p & Hp & Hn); [lia|exact H|]. rewrite Lv in Hp.
    set (red q := let '(b, u) := q in (without p b, without p (subtract (nth p u 0 / nth p v 0) v u)) : list R * list R).
    enough (triangular n (map red l')) as E by (apply IH in E; rewrite map_length in E; lia).
    assert (D : forall b u, length b = S n -> length u = S n -> dot b v = 0 ->
      dot (without p b) (without p (subtract (nth p u 0 / nth p v 0) v u)) = dot b u).
    { intros b u Lb Lu Hb. pose proof (dot_subtract_r (nth p u 0 / nth p v 0) v u b ltac:(lia)) as E.
      rewrite (dot_without p b) in E by (rewrite ?subtract_length; lia).
      rewrite nth_subtract in E by lia. rewrite Hb in E.
      replace (nth p u 0 - nth p u 0 / nth p v 0 * nth p v 0) with 0 in E by (field; exact Hn). lra. }
    assert (W : forall b u, In (b, u) l' -> length b = S n /\ length u = S n).
    { clear - T'. intros b u. induction T' as [|b' u' l Lb Lu _ _ _ IH]; [intros []|].
      intros [[= <- <-]|Hin]; auto. }
    clear T IH. induction T' as [|b u l Lb Lu Hb O' T' IH]; [constructor|].
    assert (dot b v = 0) as Ob by (apply (O b u); left; reflexivity).
    simpl. constructor.
    + rewrite without_length; lia.
    + rewrite without_length; rewrite subtract_length; lia.
    + rewrite D by assumption. exact Hb.
    + intros b' u' Hin. apply in_map_iff in Hin as ((c & w) & [= <- <-] & Hin).
      destruct (W c w) as [Lc Lw]; [right; exact Hin|].
      rewrite D; [apply (O' c w Hin)|lia|lia|]. apply (O c w). right; exact Hin.
    + apply IH; intros; [apply (O b0 u0)|apply (W b0 u0)]; right; assumption.
Qed.
