(** * Instances with a loss, and instances that are changed (docs/format/v1.md, section 3: mcclique, modifiers)

    A point is (x, y, c), with its label and its number of copies. *)

From Coq Require Import ZArith QArith Qround List Bool PArith.
From Certify Require Import Semantics.
From CertifyChecker Require Import Trie Recipes Paths.
Import ListNotations.
Open Scope nat_scope.

Definition weighted := list (list Q * Q * Q).
Definition once (D : points_list) : weighted := map (fun p => (p, 1%Q)) D.

(** The least integer that is not smaller. *)
Definition qceil (q : Q) : Q := inject_Z (Qceiling q).

(** ** pad: k zeros as further coordinates *)
Definition pad (k : nat) (D : weighted) : weighted :=
  map (fun p => let '(x, y, c) := p in (x ++ zeros k, y, c)) D.

(** ** error: two more points at the place of the first one *)
Definition spoil (l : loss) (gamma : Q) (D : weighted) : weighted :=
  match D with
  | [] => []
  | (x, y, _) :: _ =>
    if qlt 0 gamma then
      D ++ match l with
           | L0 => [(x, qadd y 1, gamma); (x, y, gamma)]
           | L1 => let h := half gamma in [(x, qadd y h, 1%Q); (x, qsub y h, 1%Q)]
           | L2 => let h := half gamma in
                   let b := qden h in
                   let n := qmul (qmul h b) b in
                   let e := qdiv 1 b in
                   [(x, qadd y e, n); (x, qsub y e, n)]
           end
    else D
  end.

(** ** far: T neurons more *)

Fixpoint no_divisor (fuel f p : nat) : bool :=
  match fuel with
  | O => true
  | S g => if Nat.ltb p (f * f) then true else if Nat.eqb (Nat.modulo p f) 0 then false else no_divisor g (S f) p
  end.
(** The least prime that is at least n (and at least 2). *)
Fixpoint prime_from (fuel n : nat) : nat :=
  match fuel with
  | O => n
  | S g => if Nat.leb 2 n && no_divisor n 2 n then n else prime_from g (S n)
  end.

Fixpoint foot (d i p power : nat) : list Q :=
  match d with
  | O => []
  | S d' => let q := Nat.modulo (power * i) p in qn q :: foot d' i p q
  end.

(** The sum over j < T of (-1)^j max(0, h - 3j - 3). *)
Definition saw (T h : nat) : Q :=
  fold_left (fun s j => let m := qn (h - (3 * j + 3)) in if Nat.even j then qadd s m else qsub s m) (seq 0 T) 0%Q.

Definition heights (relu : bool) (T : nat) : list (nat * Q) :=
  if relu then flat_map (fun j => [(3 * j + 1, saw T (3 * j + 1)); (3 * j + 2, saw T (3 * j + 2))]) (seq 0 (S T))
  else map (fun j => (1 + j, if Nat.even j then 0%Q else 1%Q)) (seq 0 (S T)).

(** k: the width, d: the dimension, both before; c: the copies of the new points. *)
Definition far (relu : bool) (T k d : nat) (c : Q) (D : weighted) : weighted :=
  let n := S k * d + 1 in
  let p := prime_from (2 * n + 2) n in
  let reach := fold_left (fun m q => qmax m (fold_left (fun s x => qadd s (qabs x)) (fst (fst q)) 0%Q)) D 0%Q in
  let w := if relu then 3 * T + 2 else T + 1 in
  let z := qceil (qmul (qmul (qn (w * d)) (pow_q (qn (d * p)) (d - 1))) (qadd (qn (d * p)) reach)) in
  let hs := heights relu T in
  pad 1 D ++ flat_map (fun i => let b := foot d i p 1 in
    map (fun hy => (b ++ [qadd z (qn (fst hy))], snd hy, c)) hs) (seq 0 n).

(** ** mcclique: one neuron, a loss *)

(** The colours and the places in them of the vertices. *)
Fixpoint in_colours (seen : tree nat) (cs : list positive) : list (positive * nat) :=
  match cs with
  | [] => []
  | c :: cs' =>
    let i := match get c seen with Some i => i | None => O end in
    (c, i) :: in_colours (set c (S i) seen) cs'
  end.

Definition on_circle (n : nat) (i : nat) : vec2 :=
  let t := qdiv (qn i) (qn n) in
  let u := qadd 1 (qmul t t) in
  (qdiv (qsub 1 (qmul t t)) u, qdiv (qmul (qf 2 1) t) u).

Fixpoint vadd (p q : list Q) : list Q :=
  match p, q with a :: p', b :: q' => qadd a b :: vadd p' q' | _, _ => [] end.
Definition vscale (a : Q) (p : list Q) : list Q := map (qmul a) p.

Fixpoint pairs {X} (l : list X) : list (X * X) :=
  match l with [] => [] | a :: l' => map (pair a) l' ++ pairs l' end.

(** k colours, the colours of the vertices, the edges: gamma and the points. *)
Definition mcclique (l : loss) (k : nat) (cs : list positive) (es : list (positive * positive)) : Q * weighted :=
  let places := in_colours Leaf cs in
  let at_vertex := number 1 places Leaf in
  let colour v := match get v at_vertex with Some (c, _) => c | None => xH end in
  let edges := filter (fun e => negb (Pos.eqb (colour (fst e)) (colour (snd e)))) es in
  let m := length edges in
  let wanted := Nat.div (k * (k - 1)) 2 in
  let colours := map Pos.of_succ_nat (seq 0 k) in
  let used := fold_left (fun t c => set c tt t) cs Leaf in
  let zero := zeros (2 * Nat.max k 1) in
  if negb (forallb (fun c => match get c used with Some _ => true | None => false end) colours) || Nat.ltb m wanted
  then (0%Q, [(zero, 0%Q, 1%Q); (zero, 1%Q, 1%Q)])
  else if Nat.leb k 1 then (0%Q, [(zero, 0%Q, 1%Q)])
  else
    let n := fold_left (fun a p => Nat.max a (S (snd p))) places O in
    let circle (p : positive * nat) := on_circle n (snd p) in
    let vec (p : positive * nat) := in_plane k (pred (Pos.to_nat (fst p))) (circle p) in
    let group c := filter (fun p : positive * nat => Pos.eqb (fst p) c) places in
    let twos := flat_map (fun c => pairs (group c)) colours in
    let dot2 (a b : vec2) := qadd (qmul (fst a) (fst b)) (qmul (snd a) (snd b)) in
    let close := fold_left (fun a pq => qmax a (dot2 (circle (fst pq)) (circle (snd pq)))) twos 0%Q in
    let r := half (qadd (qf 1 2) (qdiv (qf 2 1) (qadd (qf 3 1) close))) in
    let gamma := qn (m - wanted) in
    let many := match l with
                | L0 => qadd gamma 1
                | L1 => qadd (qmul gamma (qn m)) 1
                | L2 => qadd (qmul gamma (qmul (qn (2 * m)) (qn (2 * m)))) 1
                end in
    let a := qdiv 1 r in
    let b := qdiv 1 (qmul (qf 2 1) (qsub 1 r)) in
    let vertex v := match get v at_vertex with Some p => vec p | None => zero end in
    (gamma,
     (zero, 0%Q, many)
     :: map (fun p => (vscale a (vec p), 0%Q, many)) places
     ++ map (fun pq => (vscale b (vadd (vec (fst pq)) (vec (snd pq))), 0%Q, many)) twos
     ++ map (fun e => (vadd (vertex (fst e)) (vertex (snd e)), 1%Q, 1%Q)) edges).
