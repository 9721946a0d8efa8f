(** * The instances that the recipes build (docs/format/v1.md, section 3), in the canonical order

    A formula of one-in-three SAT is a number n of variables and a list of clauses (u, v, w);
    a separability problem is two lists Q, P of points. *)

From Coq Require Import ZArith QArith List Bool PArith.
From CertifyChecker Require Import Trie.
Import ListNotations.

Definition points_list := list (list Q * Q).
Definition clause := (nat * nat * nat)%type.

Definition qn (n : nat) : Q := Qmake (Z.of_nat n) 1.
Definition qf (a : Z) (b : positive) : Q := Qred (Qmake a b).

Definition at_column (x z : Q) (l : list (Q * Q)) : points_list :=
  map (fun p => ([x; qadd (fst p) z], snd p)) l.

(** i = 1 ... n *)
Definition upto (n : nat) : list nat := seq 1 n.

Definition eps : Q := qf 1 3.

Definition fst_slope (s : list Q) : Q := hd 0%Q s.
Definition last_slope (s : list Q) : Q := last s 0%Q.

Fixpoint far_relu (z : Q) (s : list Q) : points_list :=
  match s with
  | a :: ((b :: _) as s') =>
    let g := qsub b a in
    let x := qdiv (qf 4 1) g in
    let y := qdiv (qmul (qf 2 1) (qadd a b)) g in
    ([qsub 0 x; qadd (qsub 0 y) z], 0%Q) :: ([x; qadd y z], 0%Q) :: far_relu z s'
  | _ => []
  end.

Definition labels_13 : list Q :=
  [0; 0; 0; qf 1 3; qf 2 3; 1; 1; 1; qf 2 3; qf 1 3; 0; 0; 0]%Q.
Definition labels_9 : list Q := [0; 0; 0; 1; 1; 1; 0; 0; 0]%Q.

(** The gadget of Theorem 1 with slopes s at offset z. *)
Definition gadget_relu (s : list Q) (z : Q) : points_list :=
  let a := qmul eps (fst_slope s) in
  let b := qmul eps (last_slope s) in
  let m (x : Q) (e : Q) := qsub x e in
  let p (x : Q) (e : Q) := qadd x e in
  at_column 0 z (combine [qf (-4) 1; qf (-3) 1; qf (-2) 1; qf (-5) 3; qf (-4) 3; qf (-1) 1; 0%Q; 1%Q;
                          qf 4 3; qf 5 3; qf 2 1; qf 3 1; qf 4 1] labels_13)
  ++ at_column (qsub 0 eps) z
       (combine [m (qf (-4) 1) b; m (qf (-3) 1) b; m (qf (-2) 1) b; m (qf (-1) 1) a; 0%Q;
                 m 1%Q b; m (qf 2 1) a; m (qf 3 1) a; m (qf 4 1) a] labels_9)
  ++ at_column eps z
       (combine [p (qf (-4) 1) a; p (qf (-3) 1) a; p (qf (-2) 1) a; p (qf (-1) 1) b; 0%Q;
                 p 1%Q a; p (qf 2 1) b; p (qf 3 1) b; p (qf 4 1) b] labels_9)
  ++ far_relu z s.

Definition big (cs : list clause) : nat := Nat.max (length cs) 1.
(** delta = 1 / 2M *)
Definition delta (cs : list clause) : Q := qdiv 1 (qn (2 * big cs)).

(** The slopes of the gadget of clause j; e is delta. *)
Definition clause_slopes (e : Q) (j : nat) : list Q :=
  map (fun i => qsub (qmul (qn i) e) 1) [2 * j - 2; 2 * j - 1; 2 * j]%nat.

(** The points p_{j,r}: one for every literal of every clause. *)
Definition literal_points (cs : list clause) (e D : Q) : points_list :=
  flat_map (fun jc =>
    let '(j, (u, v, w)) := jc in
    map (fun is =>
      let '(i, s) := is in
      let x := qdiv (qmul D (qn (i + j))) (qsub 1 s) in
      ([x; qsub x (qmul D (qn i))], 1%Q)) (combine [u; v; w] (clause_slopes e j)))
    (combine (upto (length cs)) cs).

Definition all_gadgets (n : nat) (cs : list clause) (D : Q) (g : list Q -> Q -> points_list) : points_list :=
  let e := delta cs in
  flat_map (fun j => g (clause_slopes e j) (qmul (qn j) D)) (upto (length cs))
  ++ flat_map (fun i => g [qf (-1) 1; 1%Q] (qsub 0 (qmul (qn i) D))) (upto n)
  ++ literal_points cs e D.

Definition nothing : points_list := [([0%Q; 0%Q], 0%Q)].

(** Theorem 1. *)
Definition poits_relu (n : nat) (cs : list clause) : points_list :=
  match n, cs with
  | O, [] => nothing
  | _, _ => all_gadgets n cs (qn (16 * big cs + 6)) gadget_relu
  end.
Definition poits_relu_width (n : nat) (cs : list clause) : nat := 4 * (length cs + n).

Fixpoint far_threshold (tau z : Q) (s : list Q) : points_list :=
  match s with
  | a :: ((b :: _) as s') =>
    let x := qdiv (qf 3 1) (qsub b a) in
    let t := qadd 1 tau in
    ([x; qadd (qadd (qmul x a) t) z], 0%Q)
    :: ([x; qadd (qsub (qmul x b) t) z], 0%Q)
    :: ([qsub 0 x; qadd (qsub (qsub 0 (qmul x a)) t) z], 0%Q)
    :: ([qsub 0 x; qadd (qadd (qsub 0 (qmul x b)) t) z], 0%Q)
    :: far_threshold tau z s'
  | _ => []
  end.

Definition labels_4 : list Q := [0; 1; 1; 0]%Q.

(** The gadget of Corollary 8. *)
Definition gadget_threshold (tau : Q) (s : list Q) (z : Q) : points_list :=
  let a := qmul eps (fst_slope s) in
  let b := qmul eps (last_slope s) in
  let h1 := qsub (qf (-1) 1) tau in
  let h2 := qadd (qf (-1) 1) tau in
  let h3 := qsub 1 tau in
  let h4 := qadd 1 tau in
  at_column 0 z (combine [h1; h2; h3; h4] labels_4)
  ++ at_column eps z (combine [qadd h1 a; qadd h2 b; qadd h3 a; qadd h4 b] labels_4)
  ++ at_column (qsub 0 eps) z (combine [qsub h1 b; qsub h2 a; qsub h3 b; qsub h4 a] labels_4)
  ++ far_threshold tau z s.

(** Corollary 8. *)
Definition poits_threshold (n : nat) (cs : list clause) : points_list :=
  match n, cs with
  | O, [] => nothing
  | _, _ =>
    let D := (24 * big cs + 6)%nat in
    let tau := qdiv 1 (qadd (qf 2 1) (qmul (qn (12 * D)) (qn (Nat.max (length cs + n) 1)))) in
    all_gadgets n cs (qn D) (gadget_threshold tau)
  end.
Definition poits_threshold_width (n : nat) (cs : list clause) : nat := 2 * (length cs + n).

(** Two-hyperplane separability. *)
Definition qlcm (a b : Q) : Q := Qmake (Z.lcm (Qnum (Qred a)) (Qnum (Qred b))) 1.
Definition qabs (q : Q) : Q := if qlt q 0 then qsub 0 q else q.
Definition qmax (a b : Q) : Q := if qlt a b then b else a.

Fixpoint fact_q (n : nat) : Q := match n with O => 1%Q | S m => qmul (qn n) (fact_q m) end.
Fixpoint pow_q (a : Q) (n : nat) : Q := match n with O => 1%Q | S m => qmul a (pow_q a m) end.

Fixpoint same (p q : list Q) : bool :=
  match p, q with
  | [], [] => true
  | a :: p', b :: q' => qeq a b && same p' q'
  | _, _ => false
  end.

Fixpoint mix (t : Q) (p q : list Q) : list Q :=
  match p, q with
  | a :: p', b :: q' => qadd (qmul (qsub 1 t) a) (qmul t b) :: mix t p' q'
  | _, _ => []
  end.

Definition twohyp_delta (d : nat) (ps : list (list Q)) : Q :=
  let l := fold_left (fun l p => fold_left (fun l q => qlcm l (qden q)) p l) ps 1%Q in
  let a := fold_left (fun m p => fold_left (fun m q => qmax m (qabs (qmul l q))) p m) ps 1%Q in
  qdiv 1 (qmul (qmul (qn (4 * d)) (fact_q (S d))) (pow_q a d)).

(** Theorem 7. *)
Definition twohyp_relu (d : nat) (qs ps : list (list Q)) : points_list :=
  let t := twohyp_delta d (qs ++ ps) in
  map (fun q => (q, 1%Q)) qs ++ map (fun p => (p, 0%Q)) ps
  ++ flat_map (fun q => flat_map (fun p => if same q p then [] else [(mix t q p, 1%Q); (mix t p q, 0%Q)]) ps) qs.

(** Corollary 10. *)
Definition twohyp_threshold (qs ps : list (list Q)) : points_list :=
  map (fun q => (q, 1%Q)) qs ++ map (fun p => (p, 0%Q)) ps.
