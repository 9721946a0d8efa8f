(** * Sources that are translated first (docs/format/v1.md, section 3, Paths)

    A formula in conjunctive normal form becomes one of one-in-three SAT; a graph and a size of cliques become two
    point sets. The instance is then that of the recipe for what comes out. *)

From Coq Require Import ZArith QArith List Bool PArith.
From CertifyChecker Require Import Trie Recipes.
Import ListNotations.

(** ** From CNF *)

(** A variable, or (false) its negation. *)
Definition literal := (bool * positive)%type.

(** The greatest number in use, the complements of variables, the clauses so far, the last one first. *)
Record chain_state := ChainState { c_last : nat; c_opp : tree nat; c_out : list clause }.

Section Chains.
  (** The variable F. *)
  Context (F : nat).

  Definition negated (l : literal) : literal := (negb (fst l), snd l).

  Definition append (s : chain_state) (c : clause) : chain_state := ChainState (c_last s) (c_opp s) (c :: c_out s).
  Definition claim (s : chain_state) (n : nat) : chain_state := ChainState n (c_opp s) (c_out s).

  (** The variable of a literal. *)
  Definition variable (s : chain_state) (l : literal) : nat * chain_state :=
    let v := Pos.to_nat (snd l) in
    if fst l then (v, s)
    else match get (snd l) (c_opp s) with
         | Some n => (n, s)
         | None => let n := S (c_last s) in
                   (n, ChainState n (set (snd l) n (c_opp s)) ((v, n, F) :: c_out s))
         end.

  Fixpoint chain (s : chain_state) (w : nat) (ls : list literal) : chain_state :=
    match ls with
    | [] => s
    | [l] =>
      let '(y, s) := variable s (negated l) in
      let x := S (c_last s) in
      append (claim s x) (y, w, x)
    | l :: ls' =>
      let '(y, s) := variable s l in
      let u := S (c_last s) in
      let v := S u in
      let w' := S v in
      chain (append (append (claim s w') (w, u, v)) (y, v, w')) w' ls'
    end.

  Definition key_of (l : literal) : positive := if fst l then xO (snd l) else xI (snd l).

  (** The first occurrences; None if a variable occurs with its negation. *)
  Fixpoint distinct (seen : tree unit) (ls : list literal) : option (list literal) :=
    match ls with
    | [] => Some []
    | l :: ls' =>
      match get (key_of (negated l)) seen with
      | Some _ => None
      | None =>
        match get (key_of l) seen, distinct (set (key_of l) tt seen) ls' with
        | _, None => None
        | Some _, Some r => Some r
        | None, Some r => Some (l :: r)
        end
      end
    end.

  Definition arranged (ls : list literal) : list literal :=
    let neg := filter (fun l => negb (fst l)) ls in
    firstn 1 neg ++ filter fst ls ++ skipn 1 neg.

  Definition one_clause (s : chain_state) (c : list literal) : chain_state :=
    match distinct Leaf c with
    | None => s
    | Some ls =>
      match arranged ls with
      | [] => append s (F, F, F)
      | [l] => let '(n, s) := variable s l in append s (F, F, n)
      | l :: ls' => let '(w, s) := variable s (negated l) in chain s w ls'
      end
    end.
End Chains.

(** n variables and the clauses: the number of variables and the clauses of one-in-three SAT. *)
Definition sat_to_poits (n : nat) (cs : list (list literal)) : nat * list clause :=
  let F := S n in
  let T := S F in
  let s := fold_left (one_clause F) cs (ChainState T Leaf [(F, F, T)]) in
  (c_last s, rev (c_out s)).

(** ** From cliques *)

Definition vec2 := (Q * Q)%type.

(** p_x, R p_x, ... as long as the second coordinate is not negative; at most [fuel] of them. *)
Fixpoint turns (fuel : nat) (c s : Q) (p : vec2) : list vec2 :=
  match fuel with
  | O => []
  | S f => if qlt (snd p) 0 then [] else
           p :: turns f c s (qsub (qmul c (fst p)) (qmul s (snd p)), qadd (qmul s (fst p)) (qmul c (snd p)))
  end.

(** p_0 ... p_(N-1) for the least T >= t with N >= n + 1. *)
Fixpoint ring (fuel : nat) (t n : nat) : list vec2 :=
  match fuel with
  | O => []
  | S f =>
    let u := qn (t * t + 1) in
    let ps := turns (4 * t + 4) (qdiv (qn (t * t - 1)) u) (qdiv (qn (2 * t)) u) (1%Q, 0%Q) in
    if Nat.leb (S n) (length ps) then ps else ring f (S t) n
  end.

Definition half (q : Q) : Q := qdiv q (qf 2 1).

(** m_x = (p_x - p_(x-1)) / 2 for x = 1 ... N, where p_N = -p_0. *)
Fixpoint middles (ps : list vec2) : list vec2 :=
  match ps with
  | [] => []
  | p :: ps' =>
    let q := match ps' with q :: _ => q | [] => (qf (-1) 1, 0%Q) end in
    (half (qsub (fst q) (fst p)), half (qsub (snd q) (snd p))) :: middles ps'
  end.

Definition zeros (n : nat) : list Q := repeat 0%Q n.
(** A vector in plane i (from 0) of k. *)
Definition in_plane (k i : nat) (p : vec2) : list Q := zeros (2 * i) ++ [fst p; snd p] ++ zeros (2 * (k - 1 - i)).
Definition in_planes (k i j : nat) (p q : vec2) : list Q :=
  zeros (2 * i) ++ [fst p; snd p] ++ zeros (2 * (j - 1 - i)) ++ [fst q; snd q] ++ zeros (2 * (k - 1 - j)).
Definition opposite (p : vec2) : vec2 := (qsub 0 (fst p), qsub 0 (snd p)).
Definition halved (p : vec2) : vec2 := (half (fst p), half (snd p)).

(** n vertices, cliques of k, the edges (u, v) with u < v: the sets Q and P in dimension 2k. *)
Definition clique_to_twohyp (n k : nat) (es : list (positive * positive)) : list (list Q) * list (list Q) :=
  let ps := ring (n + 3) 2 n in
  let ms := middles ps in
  let hs := combine (map Pos.of_succ_nat (seq 0 n)) (map halved (firstn n ms)) in
  let edges := fold_left (fun t e => set2 (fst e) (snd e) tt t) es Leaf in
  let joined u v := match get2 u v edges with Some _ => true | None => match get2 v u edges with Some _ => true | None => false end end in
  let planes := seq 0 k in
  let p := flat_map (fun i => flat_map (fun x => [in_plane k i x; in_plane k i (opposite x)]) ps) planes in
  let q := zeros (2 * k)
    :: flat_map (fun i => map (in_plane k i) (skipn n ms)) planes
    ++ flat_map (fun i => flat_map (fun j => flat_map (fun u => flat_map (fun v =>
         if joined (fst u) (fst v) then []
         else [in_planes k i j (snd u) (snd v); in_planes k i j (snd u) (opposite (snd v))]) hs) hs) (seq (S i) (k - 1 - i))) planes in
  (q, p).
