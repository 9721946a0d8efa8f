(** * The checker for `refutation lines` (docs/format/v1.md, section 6): the program

    Everything here is executable; CheckSound.v proves it sound. Section numbers are those of the format. *)

From Coq Require Import QArith List Bool NArith PArith.
From Certify Require Import Semantics.
From CertifyChecker Require Import Trie Runs Model SlotTree.
Import ListNotations.

(** ** Trees *)

Section Trees.
  Context {A B : Type}.

  Fixpoint tforall (f : positive -> A -> bool) (t : tree A) : bool :=
    match t with
    | Leaf => true
    | Node l o r =>
      match o with Some a => f xH a | None => true end
      && tforall (fun p => f (xO p)) l && tforall (fun p => f (xI p)) r
    end.

  Fixpoint tmapo (f : A -> option B) (t : tree A) : tree B :=
    match t with
    | Leaf => Leaf
    | Node l o r => Node (tmapo f l) (match o with Some a => f a | None => None end) (tmapo f r)
    end.

  Fixpoint keys (t : tree A) (f : positive -> positive) : list positive :=
    match t with
    | Leaf => []
    | Node l o r => (match o with Some _ => [f xH] | None => [] end)
                    ++ keys l (fun p => f (xO p)) ++ keys r (fun p => f (xI p))
    end.
End Trees.

(** The first number with a coefficient that is not zero. *)
Fixpoint first_nz (t : tree Q) : option positive :=
  match t with
  | Leaf => None
  | Node l o r =>
    if match o with Some q => negb (qeq q 0) | None => false end then Some xH
    else match first_nz l with
         | Some p => Some (xO p)
         | None => match first_nz r with Some p => Some (xI p) | None => None end
         end
  end.

(** x = a u + b v + c w *)
Definition comb3 (x : point) (a : Q) (u : point) (b : Q) (v : point) (c : Q) (w : point) : bool :=
  allz (taxpy (-1) x (taxpy a u (taxpy b v (taxpy c w Leaf)))).

Definition coord (t : tree Q) (c : positive) : Q := oq (get c t).
Definition diff (a b : point) : tree Q := taxpy (-1) b a.

(** ** Numbers of neurons; what is known *)

(** Neurons 1 ... k. *)
Definition neurons (k : nat) : list positive := map Pos.of_succ_nat (seq 0 k).

Inductive srel := RGt | RGe | RLe | RLt.
(** neuron, relation, point *)
Definition slit := (positive * srel * positive)%type.

Definition nrel (A : activation) (r : srel) : srel :=
  match A, r with
  | ReLU, RGt => RLe | ReLU, RGe => RLt | ReLU, RLe => RGt | ReLU, RLt => RGe
  | Thr, RGt => RLt | Thr, RGe => RLt | Thr, RLe => RGt | Thr, RLt => RGt
  end.

(** Nothing, the weak relation, the strict one. *)
Inductive bnd := BN | BW | BS.
Definition bmax (a b : bnd) : bnd :=
  match a, b with BS, _ => BS | _, BS => BS | BW, _ => BW | _, BW => BW | BN, BN => BN end.
(** What is known of a sign: from below (>= 0, > 0) and from above. *)
Record sg := Sg { lo : bnd; hi : bnd }.
Definition sg0 := Sg BN BN.
Definition join (a b : sg) : sg := Sg (bmax (lo a) (lo b)) (bmax (hi a) (hi b)).
Definition sg_of (r : srel) : sg :=
  match r with RGt => Sg BS BN | RGe => Sg BW BN | RLe => Sg BN BW | RLt => Sg BN BS end.
Definition has (s : sg) (r : srel) : bool :=
  match r with
  | RGt => match lo s with BS => true | _ => false end
  | RGe => match lo s with BN => false | _ => true end
  | RLe => match hi s with BN => false | _ => true end
  | RLt => match hi s with BS => true | _ => false end
  end.

(** A declared line: two of its points, and the number of its direction. *)
Record line := Line { l_a : point; l_b : point; l_dc : positive }.
(** A loss that is searched (6.13): its kind, gamma, the copies of the points. *)
Record lossinfo := LossInfo { x_kind : loss; x_gamma : Q; x_copies : tree Q }.

(** What neurons are in order by (6.12): whether by their coefficients; the points. *)
Definition ordering := (bool * list positive)%type.
Definition unordered : ordering := (false, []).

(** The instance and the lines; the class of the first [c_P] neurons is + or *, of the others -. *)
Record ctx := Ctx {
  c_act : activation;
  c_k : nat;
  c_P : N;
  c_nums : list positive;
  c_pts : tree (point * Q);            (** the points whose labels count, with their labels *)
  c_all : tree point;                  (** all points *)
  c_on : tree (list (positive * Q));   (** point -> lines through it, with its position *)
  c_lines : tree line;
  c_slots : tree (list slot);          (** as declared; by [skey] *)
  c_cur : tree (N * stree);            (** as moved by the steps n; how many, and the slots *)
  c_lab : option (N * N);              (** after the labels: how many neurons of each class they name *)
  c_ord : ordering * ordering;         (** what the others of each class are in order by *)
  c_loss : option lossinfo }.

Definition skey (L : positive) (first : bool) : positive := if first then xO L else xI L.

Definition first_class (C : ctx) (j : positive) : bool := N.leb (Npos j) (c_P C).
Definition in_class (C : ctx) (first : bool) (j : positive) : bool :=
  if first then first_class C j else negb (first_class C j) && N.leb (Npos j) (N.of_nat (c_k C)).
Definition class_size (C : ctx) (first : bool) : N :=
  if first then c_P C else (N.of_nat (c_k C) - c_P C)%N.

Definition vec (C : ctx) (i : positive) : point :=
  match get i (c_all C) with Some v => v | None => Leaf end.
Definition is_point (C : ctx) (i : positive) : bool :=
  match get i (c_all C) with Some _ => true | None => false end.
Definition is_loss (C : ctx) (l : loss) : bool :=
  match c_loss C with
  | Some x => match x_kind x, l with L0, L0 => true | L1, L1 => true | L2, L2 => true | _, _ => false end
  | None => false
  end.
Definition is_neuron (C : ctx) (j : positive) : bool := N.leb (Npos j) (N.of_nat (c_k C)).

(** No label names the neuron. (Before the labels nothing is said.) *)
Definition unlabelled (C : ctx) (j : positive) : bool :=
  match c_lab C with
  | Some (n1, n2) => N.ltb (if first_class C j then n1 else c_P C + n2)%N (Npos j)
  | None => false
  end.

(** The order that neurons j and j+1 both are in (6.12), or none. *)
Definition order_of (C : ctx) (j : positive) : ordering :=
  if is_neuron C (Pos.succ j) && Bool.eqb (first_class C j) (first_class C (Pos.succ j))
     && unlabelled C j && unlabelled C (Pos.succ j)
  then if first_class C j then fst (c_ord C) else snd (c_ord C)
  else unordered.

(** A parallel pair (6.6, 3): lines A and B, B's direction in units of A's (rho), and for every point (1 - theta, rho theta),
    mu, all times the denominator of theta: whole numbers, if positions are. *)
Record pair := Pair { pa : positive; pb : positive; pdc : positive; prho : Q; pmap : tree (Q * Q * Q) }.

(** *** The bounds on a line, of all neurons that increase along it *)

(** For each neuron the last position known <= 0 and the first known >= 0, in a search tree over the neurons. A node
    has the first neuron of its right half; where all neurons below it have such a position, the least of the last
    known <= 0, and the greatest of the first known >= 0. *)
Inductive btree :=
| BNil
| BLeaf (j : positive) (low high : option Q)
| BNode (m : positive) (low high : option Q) (l r : btree).

Definition blow (t : btree) : option Q :=
  match t with BNil => None | BLeaf _ a _ => a | BNode _ a _ _ _ => a end.
Definition bhigh (t : btree) : option Q :=
  match t with BNil => None | BLeaf _ _ b => b | BNode _ _ b _ _ => b end.
Definition bnode (m : positive) (l r : btree) : btree :=
  BNode m
    (match blow l, blow r with Some a, Some b => Some (if qlt b a then b else a) | _, _ => None end)
    (match bhigh l, bhigh r with Some a, Some b => Some (if qlt a b then b else a) | _, _ => None end)
    l r.

Fixpoint bget (j : positive) (t : btree) : option Q * option Q :=
  match t with
  | BNil => (None, None)
  | BLeaf j' a b => if Pos.eqb j j' then (a, b) else (None, None)
  | BNode m _ _ l r => if Pos.ltb j m then bget j l else bget j r
  end.

(** The halves of a node whose right half starts with m. *)
Definition halves (m : positive) (t : btree) : btree * btree :=
  match t with BNode m' _ _ l r => if Pos.eqb m m' then (l, r) else (BNil, BNil) | _ => (BNil, BNil) end.

(** The new bounds of neuron j, in a tree of the w neurons from s on; w is a power of two. *)
Fixpoint bput (w s j : positive) (b : option Q * option Q) (t : btree) : btree :=
  match w with
  | xH => if Pos.eqb s j then BLeaf j (fst b) (snd b) else t
  | xO w' =>
    let m := (s + w')%positive in
    let '(l, r) := halves m t in
    if Pos.ltb j m then bnode m (bput w' s j b l) r else bnode m l (bput w' m j b r)
  | xI _ => t
  end.

(** What is known of a neuron at a point: nothing, >= 0, <= 0. *)
Inductive st := SUnk | SPos | SNeg.
Definition st_eqb (a b : st) : bool :=
  match a, b with SUnk, SUnk => true | SPos, SPos => true | SNeg, SNeg => true | _, _ => false end.
Definition st_or (a b : st) : st := match a, b with SPos, _ => SPos | _, SPos => SPos | SNeg, _ => SNeg | _, SNeg => SNeg | _, _ => SUnk end.
Definition st_at (low high : option Q) (le : Q -> Q -> bool) (lam : Q) : st :=
  if match high with Some q => le q lam | None => false end then SPos
  else if match low with Some q => le lam q | None => false end then SNeg else SUnk.

(** The same value up to where the list starts. *)
Definition longer (s : positive) (v : st) (acc : runs st) : runs st :=
  match acc with
  | (_, v') :: acc' => if st_eqb v v' then (s, v) :: acc' else (s, v) :: acc
  | [] => [(s, v)]
  end.

(** What the bounds say at position lam, compared by [le], of the neurons from s on; behind the tree's neurons
    follows acc. *)
Fixpoint bquery (le : Q -> Q -> bool) (lam : Q) (t : btree) (s : positive) (acc : runs st) : runs st :=
  match t with
  | BNil => longer s SUnk acc
  | BLeaf _ a b => longer s (st_at a b le lam) acc
  | BNode m a b l r =>
    match st_at a b le lam with
    | SUnk => bquery le lam l s (bquery le lam r m acc)
    | v => longer s v acc
    end
  end.

(** Knowledge: facts, by point and neuron; by line, the bounds of the neurons that increase along it, in trees of [kw]
    neurons; the direction along which a neuron is increasing; the pairs; whether a neuron is known to have been turned,
    and known not to. [klog] are the neurons that facts were added of, the last one first, [klen] counts them. *)
Record know := Know {
  kf : tree (tree sg);
  kw : positive;
  kb : tree btree;
  kinc : tree positive;
  kpairs : list pair;
  kt : tree (bool * bool);
  klog : list positive;
  klen : N }.

(** The least power of two not below k. *)
Fixpoint power (fuel : nat) (w : positive) (k : N) : positive :=
  match fuel with O => w | S f => if N.leb k (Npos w) then w else power f (xO w) k end.

Definition know0 (k : nat) : know := Know Leaf (power k 1 (N.of_nat k)) Leaf Leaf [] Leaf [] 0.

Definition osg (o : option sg) : sg := match o with Some s => s | None => sg0 end.
Definition obt (o : option btree) : btree := match o with Some t => t | None => BNil end.
(** The bounds of neuron j on line L. *)
Definition bounds (K : know) (j L : positive) : option Q * option Q := bget j (obt (get L (kb K))).

Definition along (C : ctx) (L D : positive) : bool :=
  match get L (c_lines C) with Some ln => Pos.eqb (l_dc ln) D | None => false end.

Definition widen (r : srel) (lam : Q) (b : option Q * option Q) : option Q * option Q :=
  match r with
  | RLe | RLt =>
    match fst b with Some a => if qlt a lam then (Some lam, snd b) else b | None => (Some lam, snd b) end
  | RGe | RGt =>
    match snd b with Some a => if qlt lam a then (fst b, Some lam) else b | None => (fst b, Some lam) end
  end.

(** Does it say more than the bounds? *)
Definition wider (r : srel) (lam : Q) (b : option Q * option Q) : bool :=
  match r with
  | RLe | RLt => match fst b with Some a => qlt a lam | None => true end
  | RGe | RGt => match snd b with Some a => qlt lam a | None => true end
  end.

Definition add_bounds (C : ctx) (w j : positive) (r : srel) (D : positive) (on : list (positive * Q)) (kb : tree btree) :=
  fold_left (fun kb ll =>
    if along C (fst ll) D then
      let t := obt (get (fst ll) kb) in
      let b := bget j t in
      if wider r (snd ll) b then set (fst ll) (bput w 1 j (widen r (snd ll) b) t) kb else kb
    else kb) on kb.

(** Rule 2. *)
Definition on_line (C : ctx) (K : know) (j D : positive) (ll : positive * Q) : sg :=
  if along C (fst ll) D then
    let b := bounds K j (fst ll) in
    Sg (match snd b with Some h => if qlt h (snd ll) then BS else BN | None => BN end)
       (match fst b with Some l => if qlt (snd ll) l then BS else BN | None => BN end)
  else sg0.

(** A factor with its sign, which is asked for often. *)
Definition factor := (comparison * Q)%type.
Definition factor_of (c : Q) : factor := (if qeq c 0 then Eq else if qlt 0 c then Gt else Lt, c).
Definition is_zero (c : factor) : bool := match fst c with Eq => true | _ => false end.

(** c times a position between lo and hi: its upper or lower end. *)
Definition part (c : factor) (lo hi : option Q) (upper : bool) : option Q :=
  match fst c with
  | Eq => Some 0%Q
  | Gt => match (if upper then hi else lo) with Some x => Some (qmul (snd c) x) | None => None end
  | Lt => match (if upper then lo else hi) with Some x => Some (qmul (snd c) x) | None => None end
  end.

Definition unbounded (b : option Q * option Q) : bool := match b with (None, None) => true | _ => false end.

(** Rule 3: where a neuron vanishes on the parallel to a pair's lines that has the coefficients c and d: not before the lower end, not behind the
    upper one. (A line that has a part in it and no bounds gives none, without arithmetic.) *)
Definition end_of (c d : factor) (a b : option Q * option Q) (upper : bool) : option Q :=
  if (unbounded a && negb (is_zero c)) || (unbounded b && negb (is_zero d)) then None else
  match part d (fst b) (snd b) upper with
  | Some y => match part c (fst a) (snd a) upper with Some x => Some (qadd x y) | None => None end
  | None => None
  end.
Definition pair_end (K : know) (j : positive) (p : pair) (c d : Q) (upper : bool) : option Q :=
  end_of (factor_of c) (factor_of d) (bounds K j (pa p)) (bounds K j (pb p)) upper.
Definition pair_ends (K : know) (j : positive) (p : pair) (c d : Q) : option Q * option Q :=
  (pair_end K j p c d false, pair_end K j p c d true).

(** [low], [high]: whether the sign is asked for from below, from above. *)
Definition by_pair (low high : bool) (C : ctx) (K : know) (j i D : positive) (p : pair) : sg :=
  if Pos.eqb (pdc p) D then
    match get i (pmap p) with
    | None => sg0
    | Some (c, d, mu) =>
      let weak := match c_act C with ReLU => BW | Thr => BS end in
      Sg (if low then
            match pair_end K j p c d true with
            | Some U => if qlt U mu then BS else if qle U mu then weak else BN
            | None => BN
            end
          else BN)
         (if high then
            match pair_end K j p c d false with
            | Some V => if qlt mu V then BS else if qle mu V then weak else BN
            | None => BN
            end
          else BN)
    end
  else sg0.

(** What a list says of a sign, up to where it is enough. *)
Fixpoint gather {X} (enough : sg -> bool) (f : X -> sg) (s : sg) (xs : list X) : sg :=
  match xs with
  | [] => s
  | x :: xs' => if enough s then s else gather enough f (join s (f x)) xs'
  end.

Definition sign_for (low high : bool) (enough : sg -> bool) (C : ctx) (K : know) (j i : positive) : sg :=
  let s0 := osg (get2 i j (kf K)) in
  if enough s0 then s0 else
  match get j (kinc K) with
  | None => s0
  | Some D =>
    let on := match get i (c_on C) with Some l => l | None => [] end in
    gather enough (by_pair low high C K j i D) (gather enough (on_line C K j D) s0 on) (kpairs K)
  end.

Definition never (s : sg) : bool := false.
Definition sign (C : ctx) (K : know) (j i : positive) : sg := sign_for true true never C K j i.

Definition add_fact (C : ctx) (K : know) (l : slit) : know :=
  let '(j, r, i) := l in
  let kf' := set2 i j (join (osg (get2 i j (kf K))) (sg_of r)) (kf K) in
  let kb' := match get j (kinc K) with
             | None => kb K
             | Some D => add_bounds C (kw K) j r D (match get i (c_on C) with Some l => l | None => [] end) (kb K)
             end in
  Know kf' (kw K) kb' (kinc K) (kpairs K) (kt K) (j :: klog K) (N.succ (klen K)).

(** A pair more: all that was known before is to be looked at again. *)
Definition add_pair (K : know) (p : pair) : know :=
  Know (kf K) (kw K) (kb K) (kinc K) (kpairs K ++ [p]) (kt K) [] (klen K + 100).

Definition from_below (r : srel) : bool := match r with RGt | RGe => true | _ => false end.
Definition holds (C : ctx) (K : know) (l : slit) : bool :=
  let '(j, r, i) := l in
  let low := from_below r in
  let enough := fun s => has s r in
  enough (sign_for low (negb low) enough C K j i).
Definition neg (C : ctx) (l : slit) : slit := let '(j, r, i) := l in (j, nrel (c_act C) r, i).
(** A literal of the instance; thresholds have > and < only. *)
Definition good (C : ctx) (l : slit) : bool :=
  let '(j, r, i) := l in
  is_neuron C j && is_point C i
  && match c_act C, r with Thr, RGe => false | Thr, RLe => false | _, _ => true end.

(** ** Atoms: signs; neurons that were turned (6.11), points that are missed (6.13) *)

Inductive atom :=
| AS (l : slit)
| AT (b : bool) (key : positive).      (** [xO j]: neuron j was turned; [xI i]: point i is missed *)

Definition flip_if (b : bool) (v : bool * bool) : bool * bool := if b then v else (snd v, fst v).

(** Known to be so, known not to be. *)
Definition turn (C : ctx) (K : know) (key : positive) : bool * bool :=
  let v := match get key (kt K) with Some v => v | None => (false, false) end in
  (fst v, snd v || match key with xO j => unlabelled C j | _ => false end).

Definition agood (C : ctx) (a : atom) : bool :=
  match a with
  | AS l => good C l
  | AT _ (xO j) => is_neuron C j
  | AT _ (xI i) => is_point C i && is_loss C L0
  | AT _ xH => false
  end.
Definition aneg (C : ctx) (a : atom) : atom := match a with AS l => AS (neg C l) | AT b j => AT (negb b) j end.
(** Is it true; is it false? (Both, where what is known is contradictory.) *)
Definition atruth (C : ctx) (K : know) (a : atom) : bool * bool :=
  match a with
  | AS (j, r, i) => let v := sign C K j i in (has v r, has v (nrel (c_act C) r))
  | AT b j => flip_if b (turn C K j)
  end.
(** Is it false? *)
Definition afalse (C : ctx) (K : know) (a : atom) : bool :=
  match a with AS l => holds C K (neg C l) | AT _ _ => snd (atruth C K a) end.
Definition aadd (C : ctx) (K : know) (a : atom) : know :=
  match a with
  | AS l => add_fact C K l
  | AT b j =>
    let v := turn C K j in
    Know (kf K) (kw K) (kb K) (kinc K) (kpairs K)
         (set j (fst v || b, snd v || negb b) (kt K)) (klog K) (klen K)
  end.

(** ** Literals with definitions *)

Inductive lit :=
| LS (a : atom)
| LX (b : bool) (j n : positive)
| LD (b : bool) (n : positive).

(** A conjunction (step d); a slot by its class and its ends (step k); the equation alpha + the a_j of js = v (step q). *)
Inductive def :=
| DD (ls : list atom)
| DK (first : bool) (p r : positive)
| DV (v : Q) (js : list positive).

Definition env := tree def.

Definition lneg (C : ctx) (l : lit) : lit :=
  match l with LS a => LS (aneg C a) | LX b j n => LX (negb b) j n | LD b n => LD (negb b) n end.

(** Knowledge inside a step: [sd] definitions and [sx] slot literals assumed, [sxs] the true ones. *)
Record scope := Scope { sk : know; sd : tree bool; sx : tree (tree bool); sxs : list (positive * positive); sbad : bool }.
Definition scope0 (K : know) : scope := Scope K Leaf Leaf [] false.

(** May z_j neither rise nor fall strictly through zero between p and r? *)
Definition unbroken (C : ctx) (K : know) (j p r : positive) : bool :=
  let a := sign C K j p in
  let b := sign C K j r in
  (has a RGe || has b RLe) && (has a RLe || has b RGe).

(** Does what is known of signs, and of other atoms, make xj.N, dN false? *)
Definition xfalse (E : env) (C : ctx) (K : know) (j n : positive) : bool :=
  match get n E with Some (DK _ p r) => unbroken C K j p r | _ => false end.
Definition dfalse (E : env) (C : ctx) (K : know) (n : positive) : bool :=
  match get n E with Some (DD ls) => existsb (afalse C K) ls | _ => false end.

(** The same for literals. *)
Definition truth (E : env) (C : ctx) (s : scope) (l : lit) : bool * bool :=
  match l with
  | LS a => atruth C (sk s) a
  | LX b j n =>
    flip_if b match get2 n j (sx s) with Some v => (v, negb v || xfalse E C (sk s) j n) | None => (false, xfalse E C (sk s) j n) end
  | LD b n =>
    flip_if b match get n (sd s) with Some v => (v, negb v || dfalse E C (sk s) n) | None => (false, dfalse E C (sk s) n) end
  end.

(** Is it false? *)
Definition is_false (E : env) (C : ctx) (s : scope) (l : lit) : bool :=
  match l with
  | LS a => afalse C (sk s) a
  | LX false j n => match get2 n j (sx s) with Some v => v | None => false end
  | LD false n => match get n (sd s) with Some v => v | None => false end
  | _ => snd (truth E C s l)
  end.

(** xj.N is true: the sign at one end of the slot gives the sign at the other. *)
Definition xderive (C : ctx) (K : know) (j p r : positive) : list slit :=
  let sp := sign C K j p in
  let sr := sign C K j r in
  (if has sp RLe || has sr RGe then [(j, RGt, r); (j, RLt, p)] else [])
  ++ (if has sp RGe || has sr RLe then [(j, RLt, r); (j, RGt, p)] else []).

(** What the true xj.N imply, until nothing is new; and whether one of them is false. *)
Fixpoint xclose (fuel : nat) (E : env) (C : ctx) (K : know) (xs : list (positive * positive)) : know * bool :=
  match fuel with
  | O => (K, false)
  | S fuel' =>
    let '(K', changed, bad) :=
      fold_left (fun Kc jn =>
        let '(K, changed, bad) := Kc in
        match get (snd jn) E with
        | Some (DK _ p r) =>
          if unbroken C K (fst jn) p r then (K, changed, true)
          else let ls := xderive C K (fst jn) p r in
               if forallb (holds C K) ls then Kc else (fold_left (add_fact C) ls K, true, bad)
        | _ => Kc
        end) xs (K, false, false) in
    if bad then (K', true) else if changed then xclose fuel' E C K' xs else (K', false)
  end.

Definition close (E : env) (C : ctx) (s : scope) : scope :=
  match sxs s with
  | [] => s
  | xs => let '(K, bad) := xclose (S (2 * length xs)) E C (sk s) xs in Scope K (sd s) (sx s) xs (sbad s || bad)
  end.

(** The literal becomes true. Whether it was known to be false before is looked up only where the scope's contradictions
    are asked for ([ask]), and may be. *)
Definition assume_with (ask : bool) (E : env) (C : ctx) (s : scope) (l : lit) : scope :=
  let bad := sbad s || ask && is_false E C s l in
  match l with
  | LS a => close E C (Scope (aadd C (sk s) a) (sd s) (sx s) (sxs s) bad)
  | LX b j n =>
    let sx' := set2 n j b (sx s) in
    if b then close E C (Scope (sk s) (sd s) sx' ((j, n) :: sxs s) bad)
    else Scope (sk s) (sd s) sx' (sxs s) bad
  | LD b n =>
    let sd' := set n b (sd s) in
    if b then
      match get n E with
      | Some (DD ls) =>
        let '(K, bad') := fold_left (fun Kb a =>
          (aadd C (fst Kb) a, snd Kb || ask && afalse C (fst Kb) a)) ls (sk s, bad) in
        close E C (Scope K sd' (sx s) (sxs s) bad')
      | Some (DV _ _) => Scope (sk s) sd' (sx s) (sxs s) bad
      | _ => s
      end
    else Scope (sk s) sd' (sx s) (sxs s) bad
  end.
Definition assume := assume_with true.

Definition assume_all (E : env) (C : ctx) (s : scope) (ls : list lit) : scope := fold_left (assume E C) ls s.

(** For combinations, which do not ask for contradictions. *)
Definition suppose (E : env) (C : ctx) (s : scope) (ls : list lit) : scope := fold_left (assume_with false E C) ls s.

(** ** Rows (6.8) *)

Inductive rel := EQ | GE | GT.
Definition rjoin (a b : rel) : rel :=
  match a, b with GT, _ => GT | _, GT => GT | GE, _ => GE | _, GE => GE | EQ, EQ => EQ end.
Definition rel_eqb (a b : rel) : bool :=
  match a, b with EQ, EQ => true | GE, GE => true | GT, GT => true | _, _ => false end.

(** The unknowns in two indices: (1, c) coefficients of alpha (threshold: (1,1) is alpha, (1,j+1) is a_j),
    (2j, c) coefficients of z_j, (4i+1, j) is h_{j,i} or t_{j,i}; (3, i) is the residual of point i, (7, i) its loss.
    [rg]: for each neuron j further coefficients, those of z_j, all times a_j (threshold: the first times a_j), as most
    neurons have them alike. *)
Record row := Row { rc : Q; rm : tree (tree Q); rg : runs (tree Q) }.
Definition row0 : row := Row 0 Leaf [].

Record srow := SRow { w_rel : rel; w_row : row; w_guard : list lit }.

Inductive item :=
| IE (i : positive)
| IL (l : slit)
| IH (j i : positive)
| IG (j i : positive)
| IS (j i : positive)
| IA (i : positive)
| IO (j : positive)
| ITotal
| IAbs (up : bool) (i : positive)
| ISq (i : positive) (v : Q)
| IHit (i : positive)
| IMiss (i : positive)
| IPos (i : positive)
| IR (n : positive)
| ID (n : positive).

Definition combo := list (item * Q).

Definition one (i : positive) : tree Q := set i 1%Q Leaf.
Definition qneg (q : Q) : Q := Qopp q.

Definition coef_of (C : ctx) (j : positive) (q : Q) : Q :=
  match c_act C with ReLU => if first_class C j then q else qneg q | Thr => q end.

(** q * (h_{j,i} where it is active) *)
Definition add_active (C : ctx) (q : Q) (j i : positive) (m : tree (tree Q)) : tree (tree Q) :=
  match c_act C with
  | ReLU => addg q (xO j) (vec C i) m
  | Thr => addg q xH (one (Pos.succ j)) m
  end.

(** *** Forms that most neurons have alike *)

Definition no_form (v : tree Q) : bool := match v with Leaf => true | _ => false end.
Definition same_form (v w : tree Q) : bool := no_form v && no_form w.
(** q v + w, without coefficients where all are 0. *)
Definition form (q : Q) (v w : tree Q) : tree Q :=
  match v with Leaf => w | _ => let x := taxpy q v w in if allz x then Leaf else x end.

(** q times the forms l1, and the forms l2. *)
Definition add_forms (q : Q) (l1 l2 : runs (tree Q)) : runs (tree Q) :=
  match l1 with [] => l2 | _ => rmerge same_form (form q) l1 Leaf Leaf Leaf l2 end.

Definition spread1 (C : ctx) (j : positive) (v : tree Q) (m : tree (tree Q)) : tree (tree Q) :=
  match v, c_act C with
  | Leaf, _ => m
  | _, ReLU => addg (coef_of C j 1) (xO j) v m
  | _, Thr => addg (oq (get xH v)) xH (one (Pos.succ j)) m
  end.

(** The first number that is no neuron's. *)
Definition behind_all (C : ctx) : positive := Pos.of_succ_nat (c_k C).

(** All unknowns in one form. *)
Definition spread (C : ctx) (g : runs (tree Q)) (m : tree (tree Q)) : tree (tree Q) :=
  rfold no_form (spread1 C) Leaf g 1 (behind_all C) m.

(** *** The neurons at a point whose equation is used *)

(** What is known of each, and when that was looked up (by [klen]). It is kept from step to step. *)
Definition partial := (runs st * N)%type.

(** Only where nothing from below is known, what is known from above is asked for. *)
Definition state_at (C : ctx) (K : know) (i j : positive) : st :=
  match lo (sign_for true false (fun s => has s RGe) C K j i) with
  | BN => match hi (sign_for false true (fun s => has s RLe) C K j i) with BN => SUnk | _ => SNeg end
  | _ => SPos
  end.

(** What the pairs say on a declared line, on which theta and with it c and d are the same everywhere: for each pair the ends of rule 3, and
    when they were looked up. Kept from step to step, by the line. *)
Record side := Side { d_pair : pair; d_c : Q; d_d : Q; d_w : positive; d_ends : btree }.
Definition sides := (list side * N)%type.

Definition side_put (K : know) (w : positive) (p : pair) (c d : Q) (t : btree) (j : positive) : btree :=
  match get j (kinc K) with
  | Some D => if Pos.eqb (pdc p) D then bput w 1 j (pair_ends K j p c d) t else t
  | None => t
  end.

(** From scratch, c and d being those of the point i. *)
Fixpoint new_sides (C : ctx) (K : know) (L i : positive) (ps : list pair) : list side :=
  match ps with
  | [] => []
  | p :: ps' =>
    match get i (pmap p) with
    | Some (c, d, _) =>
      if along C L (pdc p)
      then Side p c d (kw K) (fold_left (side_put K (kw K) p c d) (c_nums C) BNil) :: new_sides C K L i ps'
      else new_sides C K L i ps'
    | None => new_sides C K L i ps'
    end
  end.

Definition more_side (K : know) (js : list positive) (s : side) : side :=
  Side (d_pair s) (d_c s) (d_d s) (d_w s) (fold_left (side_put K (d_w s) (d_pair s) (d_c s) (d_d s)) js (d_ends s)).

(** The neurons with facts since. *)
Definition since (K : know) (time : N) : list positive := firstn (N.to_nat (klen K - time)) (klog K).

Definition few : N := 64.

Definition update_sides (C : ctx) (K : know) (i : positive) (all : tree sides) (ll : positive * Q) : tree sides :=
  let L := fst ll in
  match get L all with
  | None => set L (new_sides C K L i (kpairs K), klen K) all
  | Some (ds, time) =>
    if N.leb (klen K) time then all
    else if N.leb few (klen K - time) then set L (new_sides C K L i (kpairs K), klen K) all
    else set L (map (more_side K (since K time)) ds, klen K) all
  end.

Definition join_states (g h : runs st) : runs st :=
  match g with
  | [] => h
  | _ => match h with [] => g | _ => rmerge st_eqb st_or g SUnk SUnk SUnk h end
  end.

Definition by_side (i : positive) (g : runs st) (s : side) : runs st :=
  match get i (pmap (d_pair s)) with
  | Some (c, d, mu) =>
    if qeq c (d_c s) && qeq d (d_d s)
    then join_states (bquery qle mu (d_ends s) 1 [((1 + d_w s)%positive, SUnk)]) g else g
  | None => g
  end.

(** What rule 2 and rule 3 say, on the lines through the point. *)
Definition by_line (K : know) (g : runs st) (ll : positive * Q) : runs st :=
  match get (fst ll) (kb K) with
  | Some t => join_states (bquery qlt (snd ll) t 1 [((1 + kw K)%positive, SUnk)]) g
  | None => g
  end.
Definition by_sides (all : tree sides) (i : positive) (g : runs st) (ll : positive * Q) : runs st :=
  match get (fst ll) all with
  | Some ds => fold_left (by_side i) (fst ds) g
  | None => g
  end.
Definition by_lines (K : know) (all : tree sides) (i : positive) (on : list (positive * Q)) : runs st :=
  join_states (fold_left (by_line K) on []) (fold_left (by_sides all i) on []).

(** What a pair says at a point, by the ends of rule 3 for all neurons below a node at once: w neurons from s on. *)
Definition no_bounds (t : btree) : bool := match t with BNil => true | _ => false end.
Fixpoint pquery (c d : factor) (mu : Q) (w s : positive) (ta tb : btree) (acc : runs st) : runs st :=
  if no_bounds ta && negb (is_zero c) || no_bounds tb && negb (is_zero d) then longer s SUnk acc
  else
    let a := (blow ta, bhigh ta) in
    let b := (blow tb, bhigh tb) in
    match st_at (end_of c d a b false) (end_of c d a b true) qle mu with
    | SUnk =>
      match w with
      | xO w' =>
        let m := (s + w')%positive in
        let '(la, ra) := halves m ta in
        let '(lb, rb) := halves m tb in
        pquery c d mu w' s la lb (pquery c d mu w' m ra rb acc)
      | _ => longer s SUnk acc
      end
    | v => longer s v acc
    end.

(** The pairs that no line through the point is parallel to (those of the others are in [sides]). *)
Definition by_pair_at (C : ctx) (K : know) (i : positive) (on : list (positive * Q)) (g : runs st) (p : pair) : runs st :=
  match get i (pmap p) with
  | Some (c, d, mu) =>
    if existsb (fun ll => along C (fst ll) (pdc p)) on then g
    else join_states (pquery (factor_of c) (factor_of d) mu (kw K) 1 (obt (get (pa p) (kb K))) (obt (get (pb p) (kb K)))
                             [((1 + kw K)%positive, SUnk)]) g
  | None => g
  end.
Definition by_pairs (C : ctx) (K : know) (i : positive) (on : list (positive * Q)) (g : runs st) : runs st :=
  fold_left (by_pair_at C K i on) (kpairs K) g.

(** From scratch: what the lines and the pairs say; neurons with facts at the point are looked up. *)
Definition settle (C : ctx) (K : know) (all : tree sides) (on : list (positive * Q)) (i : positive) : partial :=
  let facts := odef (get i (kf K)) in
  let g := by_pairs C K i on (by_lines K all i on) in
  let js := keys facts (fun j => j) in
  (if N.leb few (N.of_nat (length js)) then
     walk st_eqb (fun j a => match get j facts with None => a | Some _ => state_at C K i j end) SUnk g SUnk (c_nums C)
   else fold_left (fun g j => rput st_eqb SUnk g j (state_at C K i j)) js g, klen K).

(** What was looked up, brought up to date. *)
Definition settle_more (C : ctx) (K : know) (i : positive) (p : partial) : partial :=
  if N.leb (klen K) (snd p) then p
  else (fold_left (fun g j => rput st_eqb SUnk g j (state_at C K i j)) (since K (snd p)) (fst p), klen K).

Definition settled (C : ctx) (K : know) (eqs : tree partial) (i : positive) : partial :=
  match get i eqs with Some p => settle_more C K i p | None => ([], 0%N) end.

Definition settle_anew (C : ctx) (K : know) (es : tree partial * tree sides) (i : positive) : tree partial * tree sides :=
  let on := match get i (c_on C) with Some l => l | None => [] end in
  let all := fold_left (update_sides C K i) on (snd es) in
  (set i (settle C K all on i) (fst es), all).

(** Before a step, the points of its equations are brought up to date. *)
Definition settle_item (C : ctx) (K : know) (es : tree partial * tree sides) (it : item) : tree partial * tree sides :=
  match it with
  | IE i =>
    match get i (fst es) with
    | None => settle_anew C K es i
    | Some p =>
      if N.leb (klen K) (snd p) then es
      else if N.leb few (klen K - snd p) then settle_anew C K es i
      else (set i (settle_more C K i p) (fst es), snd es)
    end
  | _ => es
  end.
Definition settle_all (C : ctx) (K : know) (es : tree partial * tree sides) (c : combo) : tree partial * tree sides :=
  fold_left (fun es iq => settle_item C K es (fst iq)) c es.

Definition rho : positive := xI xH.
Definition sigma : positive := xI (xI xH).

(** alpha, and the residual. *)
Definition affine (C : ctx) (q : Q) (i : positive) (v : point) (m : tree (tree Q)) : tree (tree Q) :=
  let m := addg q xH (match c_act C with ReLU => v | Thr => one 1 end) m in
  match c_loss C with None => m | Some _ => addg q rho (one i) m end.

Definition is_settled (s : st) : bool := match s with SUnk => false | _ => true end.

(** The form of an active neuron. *)
Definition active_form (C : ctx) (v : point) : tree Q := match c_act C with ReLU => v | Thr => one 1 end.

(** q times the equation of the point, without its label. *)
Definition add_open (C : ctx) (q : Q) (i : positive) (g : runs st) (m : tree (tree Q)) : tree (tree Q) :=
  match rfold is_settled (fun j s u => match s with SUnk => taxpy (coef_of C j q) (one j) u | _ => u end) SUnk g 1 (behind_all C) Leaf with
  | Leaf => m
  | u => addg 1 (xI (xO i)) u m
  end.
Definition add_equation (C : ctx) (q : Q) (i : positive) (v : point) (g : runs st) (rw : row) : tree (tree Q) * runs (tree Q) :=
  (add_open C q i g (affine C q i v (rm rw)),
   let a := active_form C v in
   rmerge same_form (fun s w => match s with SPos => form q a w | _ => w end) g SUnk Leaf Leaf (rg rw)).

Definition is_true (E : env) (C : ctx) (s : scope) (l : lit) : bool :=
  match l with
  | LS (AS l) => holds C (sk s) l
  | LX true j n => match get2 n j (sx s) with Some v => v | None => false end
  | LD true n => match get n (sd s) with Some v => v | None => false end
  | _ => fst (truth E C s l)
  end.

(** q * (alpha + the a_j of js - v), for thresholds. *)
Definition add_value (q v : Q) (js : list positive) (rw : row) : row :=
  Row (qsub (rc rw) (qmul q v))
      (fold_left (fun m j => addg q xH (one (Pos.succ j)) m) js (addg q xH (one 1) (rm rw))) (rg rw).

Definition add_item (E : env) (C : ctx) (eqs : tree partial) (rows : tree srow) (s : scope) (acc : rel * row) (iq : item * Q) : option (rel * row) :=
  let '(it, q) := iq in
  let '(rl, rw) := acc in
  let K := sk s in
  let relu := match c_act C with ReLU => true | Thr => false end in
  match it with
  | IE i =>
    match get i (c_pts C) with
    | Some (v, y) =>
      if qeq q 0 then None
      else let '(m, g) := add_equation C q i v (fst (settled C K eqs i)) rw in Some (rl, Row (qsub (rc rw) (qmul q y)) m g)
    | None => None
    end
  | IL (j, r, i) =>
    if (qlt 0 q && good C (j, r, i)) && holds C K (j, r, i) then
      let '(q', rl') := match r with
                        | RGt => (q, GT) | RGe => (q, GE) | RLe => (qneg q, GE) | RLt => (qneg q, GT)
                        end in
      Some (rjoin rl rl', Row (rc rw) (addg q' (xO j) (vec C i) (rm rw)) (rg rw))
    else None
  | IH j i =>
    if qlt 0 q && relu && is_neuron C j && is_point C i then
      Some (rjoin rl GE, Row (rc rw) (addg q (xI (xO i)) (one j) (rm rw)) (rg rw))
    else None
  | IG j i =>
    if qlt 0 q && relu && is_neuron C j && is_point C i then
      Some (rjoin rl GE, Row (rc rw) (addg q (xI (xO i)) (one j) (addg (qneg q) (xO j) (vec C i) (rm rw))) (rg rw))
    else None
  | IS j i =>
    if negb (qeq q 0) && is_neuron C j && is_point C i then
      match state_at C K i j with
      | SPos => Some (rl, Row (rc rw) (addg q (xI (xO i)) (one j) (add_active C (qneg q) j i (rm rw))) (rg rw))
      | SNeg => Some (rl, Row (rc rw) (addg q (xI (xO i)) (one j) (rm rw)) (rg rw))
      | SUnk => None
      end
    else None
  | IA i =>
    if negb (qeq q 0) && is_point C i
       && forallb (fun j => let v := turn C K (xO j) in fst v || snd v) (c_nums C) then
      Some (rl, Row (rc rw)
        (fold_left (fun m j => if fst (turn C K (xO j)) then add_active C (coef_of C j q) j i m else m) (c_nums C)
                   (addg q xH (if relu then vec C i else one 1) (rm rw))) (rg rw))
    else None
  | IO j =>
    match order_of C j with
    | (true, _) =>
      if qlt 0 q && negb relu then
        Some (rjoin rl GE, Row (rc rw) (addg q xH (one (Pos.succ (Pos.succ j))) (addg (qneg q) xH (one (Pos.succ j)) (rm rw))) (rg rw))
      else None
    | (false, [i]) =>
      if qlt 0 q then
        Some (rjoin rl GE, Row (rc rw) (addg q (xO (Pos.succ j)) (vec C i) (addg (qneg q) (xO j) (vec C i) (rm rw))) (rg rw))
      else None
    | _ => None
    end
  | ITotal =>
    match c_loss C with
    | Some x =>
      if qlt 0 q then
        Some (rjoin rl GE, Row (qadd (rc rw) (qmul q (x_gamma x))) (addg (qneg q) sigma (x_copies x) (rm rw)) (rg rw))
      else None
    | None => None
    end
  | IAbs up i =>
    if qlt 0 q && is_point C i && is_loss C L1 then
      Some (rjoin rl GE, Row (rc rw) (addg q sigma (one i) (addg (if up then q else qneg q) rho (one i) (rm rw))) (rg rw))
    else None
  | ISq i v =>
    if qlt 0 q && is_point C i && is_loss C L2 then
      Some (rjoin rl GE, Row (qadd (rc rw) (qmul q (qmul v v)))
        (addg q sigma (one i) (addg (qmul q (qmul (-2 # 1) v)) rho (one i) (rm rw))) (rg rw))
    else None
  | IHit i =>
    if negb (qeq q 0) && is_point C i && is_loss C L0 && snd (turn C K (xI i)) then
      Some (rl, Row (rc rw) (addg q rho (one i) (rm rw)) (rg rw))
    else None
  | IMiss i =>
    if qlt 0 q && is_point C i && is_loss C L0 && fst (turn C K (xI i)) then
      Some (rjoin rl GE, Row (qsub (rc rw) q) (addg q sigma (one i) (rm rw)) (rg rw))
    else None
  | IPos i =>
    if qlt 0 q && is_point C i && is_loss C L0 then
      Some (rjoin rl GE, Row (rc rw) (addg q sigma (one i) (rm rw)) (rg rw))
    else None
  | IR n =>
    match get n rows with
    | Some w =>
      if forallb (is_true E C s) (w_guard w)
         && match w_rel w with EQ => negb (qeq q 0) | _ => qlt 0 q end
      then Some (rjoin rl (w_rel w),
                 Row (qadd (qmul q (rc (w_row w))) (rc rw)) (taxpy2 q (rm (w_row w)) (rm rw)) (add_forms q (rg (w_row w)) (rg rw)))
      else None
    | None => None
    end
  | ID n =>
    match c_act C, get n E with
    | Thr, Some (DV v js) =>
      if negb (qeq q 0) && is_true E C s (LD true n) then Some (rl, add_value q v js rw) else None
    | _, _ => None
    end
  end.

Fixpoint add_items (E : env) (C : ctx) (eqs : tree partial) (rows : tree srow) (s : scope) (acc : rel * row) (c : combo) : option (rel * row) :=
  match c with
  | [] => Some acc
  | iq :: c' =>
    match add_item E C eqs rows s acc iq with
    | Some acc' => add_items E C eqs rows s acc' c'
    | None => None
    end
  end.

Definition combine (E : env) (C : ctx) (eqs : tree partial) (rows : tree srow) (s : scope) (c : combo) : option (rel * row) :=
  add_items E C eqs rows s (EQ, row0) c.

(** Do all unknowns cancel? *)
Definition cancels (C : ctx) (rw : row) : bool := allz2 (spread C (rg rw) (rm rw)).

Definition contradictory (C : ctx) (w : rel * row) : bool :=
  let '(rl, rw) := w in
  match rl with
  | EQ => negb (qeq (rc rw) 0)
  | GE => qlt (rc rw) 0
  | GT => qle (rc rw) 0
  end && cancels C rw.

Definition refutes (E : env) (C : ctx) (eqs : tree partial) (rows : tree srow) (s : scope) (c : combo) : bool :=
  match combine E C eqs rows s c with Some w => contradictory C w | None => false end.

(** ** Propagation *)

Inductive hint := HC (n : positive) | HD (n : positive).

Inductive scan := Sat | Falsified | Unit (l : lit) | Many.

Definition slit_eqb (a b : slit) : bool :=
  let '(j, r, i) := a in
  let '(j', r', i') := b in
  Pos.eqb j j' && Pos.eqb i i'
  && match r, r' with RGt, RGt => true | RGe, RGe => true | RLe, RLe => true | RLt, RLt => true | _, _ => false end.
Definition atom_eqb (a b : atom) : bool :=
  match a, b with
  | AS a, AS b => slit_eqb a b
  | AT b j, AT b' j' => Bool.eqb b b' && Pos.eqb j j'
  | _, _ => false
  end.
Definition lit_eqb (a b : lit) : bool :=
  match a, b with
  | LS a, LS b => atom_eqb a b
  | LX b j n, LX b' j' n' => Bool.eqb b b' && Pos.eqb j j' && Pos.eqb n n'
  | LD b n, LD b' n' => Bool.eqb b b' && Pos.eqb n n'
  | _, _ => false
  end.

Fixpoint scan_clause (E : env) (C : ctx) (s : scope) (found : option lit) (ls : list lit) : scan :=
  match ls with
  | [] => match found with None => Falsified | Some l => Unit l end
  | l :: ls' =>
    match truth E C s l with
    | (true, true) => Falsified
    | (true, false) => Sat
    | (false, true) => scan_clause E C s found ls'
    | (false, false) =>
      match found with
      | None => scan_clause E C s (Some l) ls'
      | Some l' => if lit_eqb l l' then scan_clause E C s found ls' else Many
      end
    end
  end.

Definition hint_clause (E : env) (C : ctx) (clauses : tree (list lit)) (h : hint) : option (list lit) :=
  match h with
  | HC n => get n clauses
  | HD n => match get n E with
            | Some (DD ls) => if forallb (agood C) ls then Some (LD true n :: map (fun a => LS (aneg C a)) ls) else None
            | _ => None
            end
  end.

Definition is_hint (E : env) (C : ctx) (clauses : tree (list lit)) (h : hint) : bool :=
  match hint_clause E C clauses h with Some _ => true | None => false end.

Definition is_definition (l : lit) : bool := match l with LD true _ => true | _ => false end.

Fixpoint propagate (E : env) (C : ctx) (clauses : tree (list lit)) (s : scope) (hs : list hint) : bool :=
  sbad s ||
  match hs with
  | [] => false
  | h :: hs' =>
    match hint_clause E C clauses h with
    | None => false
    | Some ls =>
      match scan_clause E C s None ls with
      | Falsified => true
      | Unit l => propagate E C clauses (assume_with (is_definition l) E C s l) hs'  (* it is open: asked for already *)
      | Sat => propagate E C clauses s hs'
      | Many => false
      end
    end
  end.

(** ** Steps (6.9) *)

Inductive step :=
| SW (a b : positive)
| SB (j L : positive)
| SU (l : slit) (c : combo)
| SC (n : positive) (ls : list lit) (c : combo)
| SD (n : positive) (ls : list atom)
| SK (n L : positive) (first : bool) (t : positive)
| SR (n : positive) (ls : list lit) (c : combo)
| SM (n c : positive) (rs : list positive)
| SV (n : positive) (ls : list lit) (hs : list hint)
| SX (ns : list positive)
| S0 (c : combo)
| SQ (n : positive) (v : Q) (js : list positive)
| SP (n m i : positive)
| SL (n j t : positive) (ss : list bool) (ab : option (positive * positive))    (** true: >; two definitions *)
| SE (n m : positive) (ls : list lit) (c : combo).

Record state := State {
  t_know : know;
  t_clauses : tree (list lit);
  t_rows : tree srow;
  t_eqs : tree partial * tree sides; (** what is known at the points of equations, and on their lines *)
  t_taken : tree (tree positive);   (** by [skey]; slot -> neuron *)
  t_scopes : tree scope;            (** what follows from a definition dN, kept as long as [t_know] stays; a few at most *)
  t_kept : N;                       (** how many are kept *)
  t_env : env;                      (** the definitions so far *)
  t_last : N;
  t_done : bool }.

(** Are the lines' directions equal up to a positive factor? The factor. *)
Definition parallel (a b : line) : option Q :=
  let da := diff (l_b a) (l_a a) in
  let db := diff (l_b b) (l_a b) in
  match first_nz da with
  | None => None
  | Some c =>
    let rho := qdiv (coord db c) (coord da c) in
    if qlt 0 rho && allz (taxpy (qneg rho) da db) then Some rho else None
  end.

(** A coordinate in which e and v are independent of coordinate c. *)
Fixpoint independent (cs : list positive) (e v : tree Q) (c : positive) : option positive :=
  match cs with
  | [] => None
  | c' :: cs' =>
    if qeq (qmul (coord v c) (coord e c')) (qmul (coord v c') (coord e c)) then independent cs' e v c
    else Some c'
  end.

(** With x = a1 + theta v + mu e: (1 - theta, rho theta), mu, times the denominator of theta. *)
Definition solve (a1 : point) (e v : tree Q) (rho : Q) (c c' : positive) (ec ec' vc det : Q) (x : point) : option (Q * Q * Q) :=
  let u := diff x a1 in
  let theta := qdiv (qsub (qmul (coord u c) ec') (qmul (coord u c') ec)) det in
  let mu := qdiv (qsub (coord u c) (qmul theta vc)) ec in
  let n := qden theta in
  let t := qmul n theta in
  let m := qmul n mu in
  if allz (taxpy (qneg n) u (taxpy t v (tscale m e))) then Some (qsub n t, qmul rho t, m) else None.

Definition make_pair (C : ctx) (a b : positive) : option pair :=
  match get a (c_lines C), get b (c_lines C) with
  | Some la, Some lb =>
    match parallel la lb with
    | Some rho =>
      if negb (Pos.eqb (l_dc la) (l_dc lb)) then None else
      let e := diff (l_b la) (l_a la) in
      let v := diff (l_a lb) (l_a la) in
      match first_nz e with
      | Some c =>
        match independent (keys e (fun p => p) ++ keys v (fun p => p)) e v c with
        | Some c' =>
          let ec := coord e c in
          let ec' := coord e c' in
          let vc := coord v c in
          let det := qsub (qmul vc ec') (qmul (coord v c') ec) in
          Some (Pair a b (l_dc la) rho (tmapo (solve (l_a la) e v rho c c' ec ec' vc det) (c_all C)))
        | None => None
        end
      | None => None
      end
    | None => None
    end
  | _, _ => None
  end.

Definition fresh (n : positive) (s : state) : bool := N.ltb (t_last s) (Npos n).

(** May the literal be written here? Definitions are those of earlier steps. *)
Definition good_lit (E : env) (C : ctx) (last : N) (l : lit) : bool :=
  match l with
  | LS a => agood C a
  | LX _ j n => N.leb (Npos n) last && match get n E with Some (DK first _ _) => in_class C first j | _ => false end
  | LD _ n => N.leb (Npos n) last && match get n E with Some (DD _) => true | Some (DV _ _) => true | _ => false end
  end.
Definition sign_or (b : bool) (l : lit) : bool :=
  match l with LS _ => true | LX _ _ _ => false | LD b' _ => Bool.eqb b b' end.

Definition with_know (K : know) (s : state) : state :=
  State K (t_clauses s) (t_rows s) (t_eqs s) (t_taken s) Leaf 0 (t_env s) (t_last s) (t_done s).
Definition with_clause (n : positive) (ls : list lit) (s : state) : state :=
  State (t_know s) (set n ls (t_clauses s)) (t_rows s) (t_eqs s) (t_taken s) (t_scopes s) (t_kept s) (t_env s) (Npos n)
        (match ls with [] => true | _ => false end).
(** A clause of one atom is a fact too. *)
Definition with_unit (C : ctx) (ls : list lit) (s : state) : state :=
  match ls with [LS a] => with_know (aadd C (t_know s) a) s | _ => s end.
Definition with_row (n : positive) (w : srow) (s : state) : state :=
  State (t_know s) (t_clauses s) (set n w (t_rows s)) (t_eqs s) (t_taken s) (t_scopes s) (t_kept s) (t_env s) (Npos n) (t_done s).
Definition with_def (n : positive) (d : def) (s : state) : state :=
  State (t_know s) (t_clauses s) (t_rows s) (t_eqs s) (t_taken s) (t_scopes s) (t_kept s) (set n d (t_env s)) (Npos n) (t_done s).
Definition finish (s : state) : state :=
  State (t_know s) (t_clauses s) (t_rows s) (t_eqs s) (t_taken s) (t_scopes s) (t_kept s) (t_env s) (t_last s) true.

(** What is supposed where the guard is ls; a single definition is kept for the next step that has it. *)
Definition scope_of (E : env) (C : ctx) (s : state) (ls : list lit) : scope :=
  match ls with
  | [LD true n] => match get n (t_scopes s) with Some sc => sc | None => suppose E C (scope0 (t_know s)) ls end
  | _ => suppose E C (scope0 (t_know s)) ls
  end.
Definition most_scopes : N := 1000.
Definition keep_scope (ls : list lit) (sc : scope) (s : state) : state :=
  match ls with
  | [LD true n] =>
    match get n (t_scopes s) with
    | Some _ => s
    | None =>
      let full := N.leb most_scopes (t_kept s) in
      State (t_know s) (t_clauses s) (t_rows s) (t_eqs s) (t_taken s) (set n sc (if full then Leaf else t_scopes s))
            (if full then 1 else N.succ (t_kept s)) (t_env s) (t_last s) (t_done s)
    end
  | _ => s
  end.

(** *** The step m *)

Definition row_eqb (C : ctx) (a b : row) : bool :=
  qeq (rc a) (rc b) && allz2 (spread C (add_forms (-1) (rg a) (rg b)) (taxpy2 (-1) (rm a) (rm b))).

Fixpoint merge (C : ctx) (rows : tree srow) (w : srow) (ls : list lit) (rs : list positive) : bool :=
  match ls, rs with
  | [], [] => true
  | l :: ls', r :: rs' =>
    match get r rows with
    | Some w' =>
      match w_guard w' with
      | [g] => lit_eqb g l && rel_eqb (w_rel w') (w_rel w) && row_eqb C (w_row w') (w_row w) && merge C rows w ls' rs'
      | _ => false
      end
    | None => false
    end
  | _, _ => false
  end.

(** *** The steps q and p *)

(** Neurons in increasing order, all behind [last]. *)
Fixpoint ascending (C : ctx) (last : N) (js : list positive) : bool :=
  match js with
  | [] => true
  | j :: js' => N.ltb last (Npos j) && is_neuron C j && ascending C (Npos j) js'
  end.

(** One of these literals is true unless of the neurons [nums] those of js, and no others, are on at the point. All of js
    must be met on the way, so they are among [nums], and none of them twice. *)
Fixpoint unless_on (i : positive) (js nums : list positive) : option (list lit) :=
  match nums with
  | [] => match js with [] => Some [] | _ => None end
  | n :: nums' =>
    let on := match js with j :: _ => Pos.eqb j n | [] => false end in
    match unless_on i (if on then tl js else js) nums' with
    | Some ls => Some (LS (AS (n, if on then RLt else RGt, i)) :: ls)
    | None => None
    end
  end.

(** *** The step l *)

(** Neurons j and j+1, whose words of signs at the points are in order: where they begin alike, with the signs ss, j is not
    on with j+1 off at the point that follows. *)
Fixpoint lex_clause (j : positive) (is : list positive) (ss : list bool) : option (list lit) :=
  match is, ss with
  | [], _ => None
  | i :: _, [] => Some [LS (AS (j, RLt, i)); LS (AS (Pos.succ j, RGt, i))]
  | i :: is', on :: ss' =>
    match lex_clause j is' ss' with
    | Some ls => let r := if on then RLt else RGt in Some (LS (AS (j, r, i)) :: LS (AS (Pos.succ j, r, i)) :: ls)
    | None => None
    end
  end.

(** The definitions a and b say of the coefficients of j and j+1 that they are equal. *)
Definition same_coef (E : env) (j a b : positive) : bool :=
  match get a E, get b E with
  | Some (DV v [i]), Some (DV w [i']) => Pos.eqb i j && Pos.eqb i' (Pos.succ j) && qeq v w
  | _, _ => false
  end.

(** Where coefficients are in order, words are for those that are equal. *)
Definition ordered_clause (E : env) (C : ctx) (j : positive) (ss : list bool) (ab : option (positive * positive)) : option (list lit) :=
  match order_of C j, ab with
  | (false, is), None => lex_clause j is ss
  | (true, is), Some (a, b) =>
    if same_coef E j a b then
      match lex_clause j is ss with
      | Some ls => Some (LD false a :: LD false b :: ls)
      | None => None
      end
    else None
  | _, _ => None
  end.

(** *** The step e *)

(** The factor of the only item dm, and the others, in reverse. *)
Fixpoint without (m : positive) (found : option Q) (others c : combo) : option (Q * combo) :=
  match c with
  | [] => match found with Some q => Some (q, others) | None => None end
  | iq :: c' =>
    match iq with
    | (ID n, q) =>
      if Pos.eqb n m then match found with None => without m (Some q) others c' | Some _ => None end
      else without m found (iq :: others) c'
    | _ => without m found (iq :: others) c'
    end
  end.

(** Does the equation of dm, of the neurons js with the value v, follow: with the others, which hold, it makes 0 = 0? *)
Definition follows (E : env) (C : ctx) (eqs : tree partial) (rows : tree srow) (s : scope) (m : positive) (v : Q) (js : list positive)
    (c : combo) : bool :=
  match without m None [] c with
  | Some (q, others) =>
    match combine E C eqs rows s others with
    | Some (EQ, rw) => let w := add_value q v js rw in negb (qeq q 0) && qeq (rc w) 0 && cancels C w
    | _ => false
    end
  | None => false
  end.

(** *** The step b (6.10) *)

(** Slot t is not that of another neuron. *)
Definition free_for (j : positive) (taken : tree positive) (t : positive) : bool :=
  match get t taken with Some j' => Pos.eqb j' j | None => true end.

(** What is known of a neuron that breaks in a slot, increasing along the line. *)
Definition left_rel (s : slot) : srel := if s_lc s then RLe else RLt.
Definition right_rel (s : slot) : srel := if s_rc s then RGe else RGt.
Definition left_fact (j : positive) (s : slot) : slit := (j, left_rel s, s_p s).
Definition right_fact (j : positive) (s : slot) : slit := (j, right_rel s, s_r s).

Definition clash (C : ctx) (K : know) (l : slit) : bool := holds C K (neg C l).

(** Between the first slot that may be j's own and the last one. *)
Definition bound (C : ctx) (s : state) (j L : positive) : option state :=
  let first := first_class C j in
  let key := skey L first in
  match get key (c_cur C), get j (kinc (t_know s)) with
  | Some (n, t), Some D =>
    if along C L D && is_neuron C j && N.eqb n (class_size C first) then
      let K := t_know s in
      let free := free_for j (odef (get key (t_taken s))) in
      match first_from (fun sl => clash C K (right_fact j sl)) free t with
      | None => Some (finish s)
      | Some (n1, lo) =>
        let '(n2, up) := match last_to (fun sl => clash C K (left_fact j sl)) free t with
                         | Some (n2, up) => if Pos.ltb n2 n1 then (n1, lo) else (n2, up)
                         | None => (n1, lo)
                         end in
        let f1 := left_fact j lo in
        let f2 := right_fact j up in
        let taken := if Pos.eqb n1 n2 then set2 key n1 j (t_taken s) else t_taken s in
        Some (State (add_fact C (add_fact C K f1) f2) (t_clauses s) (t_rows s) (t_eqs s) taken Leaf 0 (t_env s) (t_last s)
                    (clash C K f1 || clash C K f2))
      end
    else None
  | _, _ => None
  end.

Definition step_on (E : env) (C : ctx) (s : state) (st : step) : option state :=
  let K := t_know s in
  match st with
  | SW a b =>
    match make_pair C a b with
    | Some p => Some (with_know (add_pair K p) s)
    | None => None
    end
  | SB j L => bound C s j L
  | SU l c =>
    if good C l && refutes E C (fst (t_eqs s)) (t_rows s) (scope0 (add_fact C K (neg C l))) c
    then Some (with_know (add_fact C K l) s) else None
  | SC n ls c =>
    if fresh n s && forallb (fun l => good_lit E C (t_last s) l && sign_or false l) ls
       && refutes E C (fst (t_eqs s)) (t_rows s) (suppose E C (scope0 K) (map (lneg C) ls)) c
    then Some (with_unit C ls (with_clause n ls s)) else None
  | SD n ls =>
    if fresh n s && forallb (agood C) ls
    then Some (with_def n (DD ls) s) else None
  | SK n L first t =>
    match get (skey L first) (c_slots C) with
    | Some ss =>
      match nth_error ss (Pos.to_nat t - 1) with
      | Some sl =>
        if fresh n s
        then Some (with_clause n (map (fun j => LX true j n) (filter (in_class C first) (c_nums C)))
                               (with_def n (DK first (s_p sl) (s_r sl)) s))
        else None
      | None => None
      end
    | None => None
    end
  | SR n ls c =>
    if fresh n s && forallb (fun l => good_lit E C (t_last s) l && sign_or true l) ls then
      let sc := scope_of E C s ls in
      match combine E C (fst (t_eqs s)) (t_rows s) sc c with
      | Some (rl, rw) => Some (keep_scope ls sc (with_row n (SRow rl rw ls) s))
      | None => None
      end
    else None
  | SM n c rs =>
    match get c (t_clauses s), rs with
    | Some ls, r :: _ =>
      match get r (t_rows s) with
      | Some w =>
        if fresh n s && merge C (t_rows s) w ls rs then Some (with_row n (SRow (w_rel w) (w_row w) []) s) else None
      | None => None
      end
    | _, _ => None
    end
  | SV n ls hs =>
    if fresh n s && forallb (good_lit E C (t_last s)) ls && forallb (is_hint E C (t_clauses s)) hs
       && propagate E C (t_clauses s) (assume_all E C (scope0 K) (map (lneg C) ls)) hs
    then Some (with_unit C ls (with_clause n ls s)) else None
  | SX ns =>
    if forallb (fun n => match get n (t_clauses s), get n (t_rows s) with None, None => false | _, _ => true end) ns
    then Some (State K (fold_left (fun t n => alter n (fun _ => None) t) ns (t_clauses s))
                     (fold_left (fun t n => alter n (fun _ => None) t) ns (t_rows s))
                     (t_eqs s) (t_taken s) (t_scopes s) (t_kept s) (t_env s) (t_last s) (t_done s))
    else None
  | S0 c => if refutes E C (fst (t_eqs s)) (t_rows s) (scope0 K) c then Some (finish s) else None
  | SQ n v js =>
    match c_act C with
    | Thr => if fresh n s && ascending C 0 js then Some (with_def n (DV v js) s) else None
    | ReLU => None
    end
  | SP n m i =>
    match c_act C, c_loss C, get m E, get i (c_pts C) with
    | Thr, None, Some (DV v js), Some (_, y) =>
      if fresh n s && qeq y v then
        match unless_on i js (c_nums C) with
        | Some ls => Some (with_clause n (LD true m :: ls) s)
        | None => None
        end
      else None
    | _, _, _, _ => None
    end
  | SL n j t ss ab =>
    match c_act C with
    | Thr =>
      if fresh n s && Pos.eqb t (Pos.of_succ_nat (length ss)) then
        match ordered_clause E C j ss ab with
        | Some ls => Some (with_clause n ls s)
        | None => None
        end
      else None
    | ReLU => None
    end
  | SE n m ls c =>
    match c_act C, get m E with
    | Thr, Some (DV v js) =>
      if fresh n s && forallb (fun l => good_lit E C (t_last s) l && sign_or false l) ls
         && follows E C (fst (t_eqs s)) (t_rows s) (suppose E C (scope0 K) (map (lneg C) ls)) m v js c
      then Some (with_clause n (LD true m :: ls) s) else None
    | _, _ => None
    end
  end.

(** Before a step, the equations that it uses are settled. *)
Definition prepare (C : ctx) (s : state) (c : combo) : state :=
  State (t_know s) (t_clauses s) (t_rows s) (settle_all C (t_know s) (t_eqs s) c) (t_taken s) (t_scopes s) (t_kept s) (t_env s) (t_last s) (t_done s).

Definition do_step (C : ctx) (s : state) (st : step) : option state :=
  match st with
  | SU _ c | SC _ _ c | SR _ _ c | S0 c | SE _ _ _ c => step_on (t_env s) C (prepare C s c) st
  | _ => step_on (t_env s) C s st
  end.

(** The result names the line of the file that is wrong. *)
Inductive result := Ok | Wrong (line : N).

Fixpoint run (C : ctx) (s : state) (items : list (N * step)) (qed : N) : result :=
  match items with
  | [] => if t_done s then Ok else Wrong qed
  | (n, st) :: items' =>
    if t_done s then Wrong n
    else match do_step C s st with
         | Some s' => run C s' items' qed
         | None => Wrong n
         end
  end.

(** ** Splits and labels (6.4, 6.5) *)

Definition label := (N * bool * positive)%type.   (** line of the file, class, line *)
Definition flat := (N * (positive * positive * positive * positive))%type.   (** line of the file; L p q r *)
Definition order := (N * bool * ordering)%type.   (** line of the file, class, by what *)
(** What comes before the steps. *)
Record head := Head { x_line : N; x_P : N; x_flats : list flat; x_labels : list label; x_orders : list order }.
Record split := Split { x_head : head; x_steps : list (N * step); x_qed : N }.

(** The t-th neuron of a class, from 0. *)
Definition member (C : ctx) (first : bool) (t : nat) : positive :=
  if first then Pos.of_succ_nat t else N.succ_pos (c_P C + N.of_nat t).

Fixpoint label_slots (C : ctx) (D : positive) (first : bool) (key : positive) (sat : bool) (t : nat) (S : list slot) (s : state) : state :=
  match S with
  | [] => s
  | sl :: S' =>
    let j := member C first t in
    let K := t_know s in
    let K1 := Know (kf K) (kw K) (kb K) (set j D (kinc K)) (kpairs K) (kt K) (klog K) (klen K) in
    let K2 := add_fact C (add_fact C K1 (left_fact j sl)) (right_fact j sl) in
    let taken := if sat then set2 key (Pos.of_succ_nat t) j (t_taken s) else t_taken s in
    label_slots C D first key sat (Datatypes.S t) S'
      (State K2 (t_clauses s) (t_rows s) (t_eqs s) taken Leaf 0 (t_env s) (t_last s) (t_done s))
  end.

Definition state0 (k : nat) : state := State (know0 k) Leaf Leaf (Leaf, Leaf) Leaf Leaf 0 Leaf 0 false.

(** A saturated line's slots are used as they are moved, another's as declared. *)
Definition do_label (C : ctx) (s : state) (first : bool) (L : positive) : option state :=
  match get (skey L first) (c_slots C), get (skey L first) (c_cur C), get L (c_lines C) with
  | Some ((_ :: _) as ss), Some cs, Some ln =>
    if tforall (fun _ ln' => if Pos.eqb (l_dc ln') (l_dc ln)
                             then match parallel ln ln' with Some _ => true | None => false end
                             else true) (c_lines C)
    then let sat := N.eqb (N.of_nat (length ss)) (class_size C first) in
         Some (label_slots C (l_dc ln) first (skey L first) sat 0 (if sat then map snd (slots_of (snd cs)) else ss) s)
    else None
  | _, _, _ => None
  end.

(** *** Flat triples (6.5) *)

(** The position of point p on line L. *)
Fixpoint find_pos (L : positive) (on : list (positive * Q)) : option Q :=
  match on with
  | [] => None
  | (n, l) :: on' => if Pos.eqb n L then Some l else find_pos L on'
  end.
Definition place_of (C : ctx) (L p : positive) : option (Q * Q) :=
  match get p (c_on C), get p (c_pts C) with
  | Some on, Some (_, y) => match find_pos L on with Some l => Some (l, y) | None => None end
  | _, _ => None
  end.

(** No neuron of the class breaks strictly between positions p and r of L. *)
Definition quiet (C : ctx) (L : positive) (first : bool) (lp lr : Q) : bool :=
  N.eqb (class_size C first) 0
  || match get (skey L first) (c_cur C) with
     | Some (n, t) => N.eqb n (class_size C first) && apart lp lr t
     | None => false
     end.

Definition move_all (C : ctx) (L : positive) (first : bool) (p r : positive) (lp lr : Q) : ctx * bool :=
  match get (skey L first) (c_cur C) with
  | None => (C, false)
  | Some (n, t) =>
    if negb (N.eqb n (class_size C first)) then (C, false) else
    let '(t', empty) := move_tree p r lp lr t in
    (Ctx (c_act C) (c_k C) (c_P C) (c_nums C) (c_pts C) (c_all C) (c_on C) (c_lines C) (c_slots C)
         (set (skey L first) (n, t') (c_cur C)) (c_lab C) (c_ord C) (c_loss C), empty)
  end.

(** The context with the ends moved, and whether the split is refuted. *)
Definition do_flat (C : ctx) (L p q r : positive) : option (ctx * bool) :=
  match c_act C, c_loss C, place_of C L p, place_of C L q, place_of C L r with
  | ReLU, None, Some (lp, yp), Some (lq, yq), Some (lr, yr) =>
    let t := qdiv (qsub lq lp) (qsub lr lp) in
    let quiet_pos := quiet C L true lp lr in
    let quiet_neg := quiet C L false lp lr in
    if qlt lp lq && qlt lq lr && qlt 0 t && qlt t 1
       && comb3 (vec C q) (qsub 1 t) (vec C p) t (vec C r) 0 Leaf
       && qeq yq (qadd (qmul (qsub 1 t) yp) (qmul t yr))
       && (quiet_pos || quiet_neg)
    then
      let '(C1, e1) := if quiet_neg then move_all C L true p r lp lr else (C, false) in
      let '(C2, e2) := if quiet_pos then move_all C1 L false p r lp lr else (C1, false) in
      Some (C2, e1 || e2)
    else None
  | _, _, _, _, _ => None
  end.

(** *** Labels and orders (6.5, 6.12): at most one of each class *)

Fixpoint pick {X} (first : bool) (ls : list (N * bool * X)) : option (N * X) :=
  match ls with
  | [] => None
  | (n, f, L) :: ls' => if Bool.eqb f first then Some (n, L) else pick first ls'
  end.

Definition one_each (ls : list label) : bool :=
  match ls with
  | [] => true
  | [_] => true
  | [(_, f, _); (_, f', _)] => negb (Bool.eqb f f')
  | _ => false
  end.

Definition label_size (C : ctx) (first : bool) (ls : list label) : N :=
  match pick first ls with
  | Some (_, L) => match get (skey L first) (c_slots C) with Some ss => N.of_nat (length ss) | None => 0 end
  | None => 0
  end.

Definition label_class (C : ctx) (s : state) (first : bool) (ls : list label) : state + N :=
  match pick first ls with
  | Some (n, L) => match do_label C s first L with Some s' => inl s' | None => inr n end
  | None => inl s
  end.

Definition ordered_by (first : bool) (os : list order) : ordering :=
  match pick first os with Some (_, o) => o | None => unordered end.

(** By values at one point; thresholds also by words of signs at several, or by coefficients. *)
Definition good_order (C : ctx) (o : ordering) : bool :=
  match c_act C, o with
  | _, (false, []) => false
  | ReLU, (true, _) => false
  | ReLU, (false, _ :: _ :: _) => false
  | _, (_, is) => forallb (is_point C) is
  end.

(** The line of the first order that is wrong; there were orders of the classes [seen]. *)
Fixpoint wrong_order (C : ctx) (seen : list bool) (os : list order) : option N :=
  match os with
  | [] => None
  | (n, f, o) :: os' =>
    if good_order C o && negb (existsb (Bool.eqb f) seen) then wrong_order C (f :: seen) os' else Some n
  end.

(** The context once the neurons have their names. *)
Definition named (C : ctx) (x : head) : ctx :=
  Ctx (c_act C) (c_k C) (c_P C) (c_nums C) (c_pts C) (c_all C) (c_on C) (c_lines C) (c_slots C) (c_cur C)
      (Some (label_size C true (x_labels x), label_size C false (x_labels x)))
      (ordered_by true (x_orders x), ordered_by false (x_orders x)) (c_loss C).

(** A split is opened: its context, and what is known before its steps. *)
Definition open_labels (C : ctx) (x : head) : ctx * state + N :=
  let C' := named C x in
  if one_each (x_labels x) then
    match label_class C' (state0 (c_k C')) true (x_labels x) with
    | inr n => inr n
    | inl s =>
      match label_class C' s false (x_labels x) with
      | inr n => inr n
      | inl s' => match wrong_order C [] (x_orders x) with Some n => inr n | None => inl (C', s') end
      end
    end
  else inr (x_line x).

Fixpoint do_flats (C : ctx) (fs : list flat) : ctx * bool + N :=
  match fs with
  | [] => inl (C, false)
  | (n, (L, p, q, r)) :: fs' =>
    match do_flat C L p q r with
    | None => inr n
    | Some (C', true) => match fs' with [] => inl (C', true) | (n', _) :: _ => inr n' end
    | Some (C', false) => do_flats C' fs'
    end
  end.

Definition open_split (C : ctx) (x : head) : ctx * state + N :=
  match do_flats C (x_flats x) with
  | inr n => inr n
  | inl (C', true) => match map fst (x_labels x) ++ map fst (x_orders x) with
                      | [] => inl (C', finish (state0 (c_k C')))
                      | (n, _) :: _ => inr n
                      end
  | inl (C', false) => open_labels C' x
  end.

Definition check_split (C : ctx) (x : split) : result :=
  match open_split C (x_head x) with
  | inl (C', s) => run C' s (x_steps x) (x_qed x)
  | inr n => Wrong n
  end.

(** ** Lines and slots (6.3) *)

Inductive header :=
| HLine (ps : list positive)
| HSlots (L : positive) (first : bool) (ps : list positive).

Record geo := Geo {
  g_on : tree (list (positive * Q));
  g_lines : tree line;
  g_slots : tree (list slot);
  g_next : positive;
  g_dirs : list (positive * tree Q) }.

Definition geo0 : geo := Geo Leaf Leaf Leaf 1 [].

Section Header.
  Context (act : activation) (pts : tree (point * Q)).

  Definition position (a b : point) (c : positive) (x : point) : option Q :=
    let l := qdiv (qsub (coord x c) (coord a c)) (qsub (coord b c) (coord a c)) in
    if comb3 x (qsub 1 l) a l b 0 Leaf then Some l else None.

  (** The points in strict order on the line from a to b. *)
  Fixpoint place (n : positive) (a b : point) (c : positive) (last : option Q) (ps : list positive)
      (on : tree (list (positive * Q))) : option (tree (list (positive * Q))) :=
    match ps with
    | [] => Some on
    | p :: ps' =>
      match get p pts with
      | None => None
      | Some (x, _) =>
        match position a b c x with
        | None => None
        | Some l =>
          if match last with Some l' => qlt l' l | None => true end
          then place n a b c (Some l) ps' (set p ((n, l) :: match get p on with Some o => o | None => [] end) on)
          else None
        end
      end
    end.

  Fixpoint find_dir (ds : list (positive * tree Q)) (d : tree Q) : option positive :=
    match ds with
    | [] => None
    | (n, d') :: ds' => if allz (taxpy (-1) d d') then Some n else find_dir ds' d
    end.

  Definition do_line (g : geo) (ps : list positive) : option geo :=
    match ps with
    | p1 :: p2 :: _ =>
      match get p1 pts, get p2 pts with
      | Some (a, _), Some (b, _) =>
        let d := diff b a in
        match first_nz d with
        | None => None
        | Some c =>
          let q := coord d c in
          let d := tscale (qdiv 1 (if qlt q 0 then qneg q else q)) d in
          let n := g_next g in
          let '(dc, dirs) := match find_dir (g_dirs g) d with
                             | Some m => (m, g_dirs g)
                             | None => (n, (n, d) :: g_dirs g)
                             end in
          (* Positions are measured in units of d: integers, if coordinate c is one at all points. *)
          let b' := taxpy 1 d a in
          match place n a b' c None ps (g_on g) with
          | Some on => Some (Geo on (set n (Line a b' dc) (g_lines g)) (g_slots g) (Pos.succ n) dirs)
          | None => None
          end
        end
      | _, _ => None
      end
    | _ => None
    end.

  Definition pos_on (g : geo) (L p : positive) : option (Q * Q) :=
    match get p (g_on g), get p pts with
    | Some on, Some (_, y) => match find_pos L on with Some l => Some (l, y) | None => None end
    | _, _ => None
    end.

  Definition after (last : option Q) (l : Q) : bool := match last with Some l' => qle l' l | None => true end.

  Definition vecp (p : positive) : point := match get p pts with Some (v, _) => v | None => Leaf end.

  (** Triples p q r with a kink of the sign. *)
  Fixpoint kinks (g : geo) (L : positive) (first : bool) (last : option Q) (ps : list positive) : option (list slot) :=
    match ps with
    | [] => Some []
    | p :: q :: r :: ps' =>
      match pos_on g L p, pos_on g L q, pos_on g L r with
      | Some (lp, yp), Some (lq, yq), Some (lr, yr) =>
        let t := qdiv (qsub lq lp) (qsub lr lp) in
        let chord := qadd (qmul (qsub 1 t) yp) (qmul t yr) in
        if after last lp && qlt lp lq && qlt lq lr && qlt 0 t && qlt t 1
           && comb3 (vecp q) (qsub 1 t) (vecp p) t (vecp r) 0 Leaf
           && (if first then qlt yq chord else qlt chord yq)
        then match kinks g L first (Some lr) ps' with
             | Some ss => Some (Slot p r lp lr false false :: ss)
             | None => None
             end
        else None
      | _, _, _ => None
      end
    | _ => None
    end.

  (** Pairs p r with different labels. *)
  Fixpoint changes (g : geo) (L : positive) (last : option Q) (ps : list positive) : option (list slot) :=
    match ps with
    | [] => Some []
    | p :: r :: ps' =>
      match pos_on g L p, pos_on g L r with
      | Some (lp, yp), Some (lr, yr) =>
        if after last lp && qlt lp lr && negb (qeq yp yr)
        then match changes g L (Some lr) ps' with
             | Some ss => Some (Slot p r lp lr false false :: ss)
             | None => None
             end
        else None
      | _, _ => None
      end
    | _ => None
    end.

  Definition do_slots (g : geo) (L : positive) (first : bool) (ps : list positive) : option geo :=
    match get L (g_lines g), get (skey L first) (g_slots g) with
    | Some _, None =>
      match (match act with ReLU => kinks g L first None ps | Thr => if first then changes g L None ps else None end) with
      | Some ss => Some (Geo (g_on g) (g_lines g) (set (skey L first) ss (g_slots g)) (g_next g) (g_dirs g))
      | None => None
      end
    | _, _ => None
    end.

  Definition do_header (g : geo) (h : header) : option geo :=
    match h with
    | HLine ps => do_line g ps
    | HSlots L first ps => do_slots g L first ps
    end.

  Fixpoint headers (g : geo) (hs : list (N * header)) : geo + N :=
    match hs with
    | [] => inl g
    | (n, h) :: hs' =>
      match do_header g h with
      | Some g' => headers g' hs'
      | None => inr n
      end
    end.
End Header.

(** ** The whole refutation *)

Inductive proof :=
| Contradiction (i i' : positive) (line : N)
| Lines (hs : list (N * header)) (splits : list split) (last : N).

Definition context (act : activation) (k : nat) (pts : tree (point * Q)) (al : tree point) (lo : option lossinfo)
    (nums : list positive) (g : geo) (P : N) : ctx :=
  Ctx act k P nums pts al (g_on g) (g_lines g) (g_slots g)
      (tmapo (fun ss => Some (N.of_nat (length ss), plant ss)) (g_slots g)) None (unordered, unordered) lo.

Definition counts (g : geo) : tree N := tmapo (fun S => Some (N.of_nat (length S))) (g_slots g).

(** May P neurons have a = +1? *)
Definition allowed (k : nat) (sgn : signs) (cs : tree N) (P : N) : bool :=
  tforall (fun key c => match key with
                        | xO _ => N.leb c P
                        | xI _ => N.leb c (N.of_nat k - P)
                        | xH => true
                        end) cs
  && match sgn with Free => true | Convex => N.eqb P (N.of_nat k) | Concave => N.eqb P 0 end.

(** The splits for P, P + 1, ... [fuel] values. *)
Fixpoint check_splits (mk : N -> ctx) (allow : N -> bool) (fuel : nat) (P : N) (xs : list split) (last : N) : result :=
  match fuel with
  | O => match xs with [] => Ok | x :: _ => Wrong (x_line (x_head x)) end
  | S fuel' =>
    if allow P then
      match xs with
      | [] => Wrong last
      | x :: xs' =>
        if N.eqb (x_P (x_head x)) P then
          match check_split (mk P) x with
          | Ok => check_splits mk allow fuel' (P + 1) xs' last
          | Wrong n => Wrong n
          end
        else Wrong (x_line (x_head x))
      end
    else check_splits mk allow fuel' (P + 1) xs last
  end.

Definition points (D : list (list Q * Q)) : tree (point * Q) :=
  number 1 (map (fun p => (mkpoint (fst p), snd p)) D) Leaf.

Definition places (xs : list (list Q)) : tree point := number 1 (map mkpoint xs) Leaf.

(** The places of labelled points. *)
Definition places_of (pts : tree (point * Q)) : tree point := tmapo (fun vy => Some (fst vy)) pts.

(** *** The same, a step at a time: a refutation need not be held *)

(** The splits for k_P, k_P + 1, ... k_fuel values are still to come; one may be open. *)
Record task := Task { k_mk : N -> ctx; k_allow : N -> bool; k_fuel : nat; k_P : N; k_now : option (ctx * state) }.

(** Before the first split. *)
Definition task_of (act : activation) (sgn : signs) (k : nat) (mk : N -> ctx) (cs : tree N) : task :=
  match act with
  | ReLU => Task mk (allowed k sgn cs) (S k) 0 None
  | Thr => Task mk (allowed k Free cs) 1 (N.of_nat k) None
  end.

(** The splits of a whole refutation. *)
Definition check_task (t : task) (xs : list split) (last : N) : result :=
  check_splits (k_mk t) (k_allow t) (k_fuel t) (k_P t) xs last.

Inductive event := Open (x : head) | Do (line : N) (st : step) | Close (line : N).

(** Up to the next number of neurons that needs a split. *)
Fixpoint skip (allow : N -> bool) (fuel : nat) (P : N) : nat * N :=
  match fuel with
  | O => (O, P)
  | S fuel' => if allow P then (fuel, P) else skip allow fuel' (P + 1)
  end.

Definition feed (t : task) (e : event) : task + N :=
  match e, k_now t with
  | Open x, None =>
    match skip (k_allow t) (k_fuel t) (k_P t) with
    | (O, _) => inr (x_line x)
    | (S fuel, P) =>
      if N.eqb (x_P x) P then
        match open_split (k_mk t P) x with
        | inl now => inl (Task (k_mk t) (k_allow t) fuel (P + 1) (Some now))
        | inr n => inr n
        end
      else inr (x_line x)
    end
  | Do n st, Some (C, s) =>
    if t_done s then inr n
    else match do_step C s st with
         | Some s' => inl (Task (k_mk t) (k_allow t) (k_fuel t) (k_P t) (Some (C, s')))
         | None => inr n
         end
  | Close n, Some (C, s) => if t_done s then inl (Task (k_mk t) (k_allow t) (k_fuel t) (k_P t) None) else inr n
  | Open x, Some _ => inr (x_line x)
  | Do n _, None => inr n
  | Close n, None => inr n
  end.

(** Is no split open, and none to come? *)
Definition complete (t : task) : bool :=
  match k_now t with
  | Some _ => false
  | None => match fst (skip (k_allow t) (k_fuel t) (k_P t)) with O => true | S _ => false end
  end.

Fixpoint feed_all (t : task) (es : list event) : task + N :=
  match es with
  | [] => inl t
  | e :: es' => match feed t e with inl t' => feed_all t' es' | inr n => inr n end
  end.

(** From a start, with the events of a file: is all refuted? *)
Definition streamed (start : task + N) (es : list event) : bool :=
  match start with
  | inl t => match feed_all t es with inl t' => complete t' | inr _ => false end
  | inr _ => false
  end.

Definition start_core (act : activation) (sgn : signs) (pts : tree (point * Q)) (al : tree point) (k : nat)
    (hs : list (N * header)) : task + N :=
  match headers act pts geo0 hs with
  | inr n => inr n
  | inl g =>
    inl (task_of act sgn k (context act k pts al None (neurons k) g) (counts g))
  end.

(** A refutation of the points [pts] with labels that must be met, among the points [al]. *)
Definition check_core (act : activation) (sgn : signs) (pts : tree (point * Q)) (al : tree point) (k : nat) (p : proof) : result :=
  match p with
  | Contradiction i i' n =>
    match get i pts, get i' pts with
    | Some (v, y), Some (v', y') => if allz (diff v v') && negb (qeq y y') then Ok else Wrong n
    | _, _ => Wrong n
    end
  | Lines hs xs last =>
    match start_core act sgn pts al k hs with
    | inr n => Wrong n
    | inl t => check_task t xs last
    end
  end.

Definition start_lines (act : activation) (sgn : signs) (D : list (list Q * Q)) (k : nat) (hs : list (N * header)) : task + N :=
  let pts := points D in start_core act sgn pts (places_of pts) k hs.

Definition check_lines (act : activation) (sgn : signs) (D : list (list Q * Q)) (k : nat) (p : proof) : result :=
  let pts := points D in check_core act sgn pts (places_of pts) k p.

Definition check_no (act : activation) (sgn : signs) (d : nat) (D : list (list Q * Q)) (k : nat) (p : proof) : bool :=
  match check_lines act sgn D k p with Ok => true | Wrong _ => false end.

(** *** With a loss (6.13). (x, y, c): a point with its label and its number of copies. *)
Definition wdata := list (list Q * Q * Q).
Definition exactly (D : wdata) : list (list Q * Q) := map fst D.

(** The search: no lines, all splits. *)
Definition start_search (act : activation) (sgn : signs) (l : loss) (gamma : Q) (D : wdata) (k : nat) (hs : list (N * header)) : task + N :=
  match hs with
  | (n, _) :: _ => inr n
  | [] =>
    let info := LossInfo l gamma (number 1 (map snd D) Leaf) in
    let mk := context act k (points (exactly D)) (places (map (fun p => fst (fst p)) D)) (Some info) (neurons k) geo0 in
    inl (task_of act sgn k mk Leaf)
  end.

Definition check_search (act : activation) (sgn : signs) (l : loss) (gamma : Q) (D : wdata) (k : nat) (p : proof) : result :=
  match p with
  | Contradiction _ _ n => Wrong n
  | Lines hs xs last =>
    match start_search act sgn l gamma D k hs with
    | inr n => Wrong n
    | inl t => check_task t xs last
    end
  end.

(** Where gamma leaves no room for an error. *)
Definition no_room (l : loss) (gamma : Q) : bool := qle gamma 0 || match l with L0 => qlt gamma 1 | _ => false end.

Definition check_loss (act : activation) (sgn : signs) (l : loss) (gamma : Q) (D : wdata) (k : nat) (p : proof) : result :=
  if no_room l gamma && forallb (fun p => qle 1 (snd p)) D
  then check_lines act sgn (exactly D) k p
  else check_search act sgn l gamma D k p.

Definition start_loss (act : activation) (sgn : signs) (l : loss) (gamma : Q) (D : wdata) (k : nat) (hs : list (N * header)) : task + N :=
  if no_room l gamma && forallb (fun p => qle 1 (snd p)) D
  then start_lines act sgn (exactly D) k hs
  else start_search act sgn l gamma D k hs.

Definition check_no_loss (act : activation) (sgn : signs) (l : loss) (gamma : Q) (d : nat) (D : wdata) (k : nat) (p : proof) : bool :=
  match check_loss act sgn l gamma D k p with Ok => true | Wrong _ => false end.

(** ** YES: a witness is a list of neurons a, b, w *)

Record qneuron := QNeuron { q_a : Q; q_b : Q; q_w : list Q }.

Fixpoint qdot (w x : list Q) : Q :=
  match w, x with a :: w', b :: x' => qadd (qmul a b) (qdot w' x') | _, _ => 0%Q end.

Definition qeval (act : activation) (N : list qneuron) (x : list Q) : Q :=
  fold_left (fun s n =>
    let z := qadd (qdot (q_w n) x) (q_b n) in
    if qlt 0 z then match act with ReLU => qadd s (qmul (q_a n) z) | Thr => qadd s (q_a n) end else s) N 0%Q.

Definition good_coef (act : activation) (sgn : signs) (a : Q) : bool :=
  match act, sgn with
  | ReLU, Free => qeq a 1 || qeq a (-1)
  | ReLU, Convex => qeq a 1
  | ReLU, Concave => qeq a (-1)
  | Thr, _ => true
  end.

Definition good_neuron (act : activation) (sgn : signs) (d : nat) (n : qneuron) : bool :=
  Nat.eqb (length (q_w n)) d && good_coef act sgn (q_a n).

Definition check_yes (act : activation) (sgn : signs) (d : nat) (D : list (list Q * Q)) (k : nat) (w : list qneuron) : bool :=
  Nat.eqb (length w) k && forallb (good_neuron act sgn d) w
  && forallb (fun p => qeq (qeval act w (fst p)) (snd p)) D.

(** *** With a loss *)

Definition qabs (q : Q) : Q := if qlt q 0 then qneg q else q.
Definition qloss (l : loss) (v y : Q) : Q :=
  let e := qsub v y in
  match l with L0 => if qeq v y then 0%Q else 1%Q | L1 => qabs e | L2 => qmul e e end.

Definition qtotal (act : activation) (l : loss) (w : list qneuron) (D : wdata) : Q :=
  fold_left (fun s p => let '(x, y, c) := p in qadd s (qmul c (qloss l (qeval act w x) y))) D 0%Q.

Definition check_yes_loss (act : activation) (sgn : signs) (l : loss) (gamma : Q) (d : nat) (D : wdata) (k : nat) (w : list qneuron) : bool :=
  Nat.eqb (length w) k && forallb (good_neuron act sgn d) w && qle (qtotal act l w D) gamma.
