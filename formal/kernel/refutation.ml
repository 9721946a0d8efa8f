(* Section 6 of the format, read into the data types of the extracted checker (formal/checker/Check.v). What the
   lines mean and whether they hold is the checker's business. *)

open Checker
open Reader

(* Literals and items (6.7, 6.8). *)

let find_op s =
  let n = String.length s in
  let rec go i = if i >= n then None else if s.[i] = '<' || s.[i] = '>' then Some i else go (i + 1) in
  go 0

let sign_literal line s =
  match find_op s with
  | None -> None
  | Some i ->
    let j = positive line (String.sub s 0 i) in
    let eq = i + 1 < String.length s && s.[i + 1] = '=' in
    let p = positive line (after s (if eq then i + 2 else i + 1)) in
    let r = match s.[i], eq with '>', false -> RGt | '>', true -> RGe | _, true -> RLe | _, false -> RLt in
    Some ((j, r), p)

let dotted line s =
  match String.split_on_char '.' s with
  | [ a; b ] -> let a = positive line a in (a, positive line b)
  | _ -> bad line "%s: expected two numbers with a dot between" (short s)

let literal line s =
  match sign_literal line s with
  | Some l -> LS (AS l)
  | None ->
    let neg = s.[0] = '-' in
    let t = if neg then after s 1 else s in
    if t = "" then bad line "%s is no literal" (short s);
    (match t.[0] with
     | 'x' -> let j, n = dotted line (after t 1) in LX (not neg, j, n)
     | 'd' -> LD (not neg, positive line (after t 1))
     | 't' -> LS (AT (not neg, 2 * positive line (after t 1)))
     | 'm' -> LS (AT (not neg, 2 * positive line (after t 1) + 1))
     | _ -> bad line "%s is no literal" (short s))

(* A literal of a sign, of a turned neuron, of a missed point. *)
let atom line s = match literal line s with LS a -> a | _ -> bad line "%s may not stand in a definition" (short s)

let sign_only line s = match sign_literal line s with Some l -> l | None -> bad line "%s is no sign literal" (short s)

let item line s =
  match String.index_opt s ':' with
  | None -> bad line "%s is no item with a factor" (short s)
  | Some i ->
    let t = String.sub s 0 i and q = rational line (after s (i + 1)) in
    if t = "" then bad line "%s is no item" (short s);
    let it =
      match t.[0] with
      | 'e' -> IE (positive line (after t 1))
      | 'h' -> let j, i = dotted line (after t 1) in IH (j, i)
      | 'g' -> let j, i = dotted line (after t 1) in IG (j, i)
      | 's' -> let j, i = dotted line (after t 1) in IS (j, i)
      | 'r' -> IR (positive line (after t 1))
      | 'a' -> IA (positive line (after t 1))
      | 'o' -> IO (positive line (after t 1))
      | 'L' -> if t <> "L" then bad line "%s is no item" (short s); ITotal
      | 'p' -> IAbs (false, positive line (after t 1))
      | 'n' -> IAbs (true, positive line (after t 1))
      | 'q' ->
        (match String.index_opt t '.' with
         | None -> bad line "%s: expected a point and a number" (short s)
         | Some i -> let p = positive line (String.sub t 1 (i - 1)) in ISq (p, rational line (after t (i + 1))))
      | 'z' -> IHit (positive line (after t 1))
      | 'y' -> IMiss (positive line (after t 1))
      | 'x' -> IPos (positive line (after t 1))
      | _ -> IL (sign_only line t)
    in
    (it, q)

let combination line = function
  | [] -> bad line "the combination is empty"
  | ws -> List.map (item line) ws

let hint line s = if s.[0] = 'd' then HD (positive line (after s 1)) else HC (positive line s)

(* The tokens before and behind ":". *)
let at_colon line ws =
  let rec go acc = function
    | [] -> bad line "no ':'"
    | ":" :: rest -> (List.rev acc, rest)
    | w :: rest -> go (w :: acc) rest
  in
  go [] ws

let class_of line act s =
  match act, s with
  | ReLU, "+" -> true
  | ReLU, "-" -> false
  | Thr, "*" -> true
  | _ -> bad line "%s is no class" (short s)

let step line act ws =
  let num = positive line in
  match ws with
  | [ "w"; a; b ] -> SW (num a, num b)
  | [ "b"; j; l ] -> SB (num j, num l)
  | "u" :: l :: ":" :: c -> SU (sign_only line l, combination line c)
  | "c" :: n :: rest ->
    let ls, c = at_colon line rest in
    SC (num n, List.map (literal line) ls, combination line c)
  | "d" :: n :: ls -> SD (num n, List.map (atom line) ls)
  | [ "k"; n; l; s; t ] -> SK (num n, num l, class_of line act s, num t)
  | "r" :: n :: rest ->
    let ls, c = at_colon line rest in
    SR (num n, List.map (literal line) ls, combination line c)
  | "m" :: n :: c :: rs -> SM (num n, num c, List.map num rs)
  | "v" :: n :: rest ->
    let ls, hs = at_colon line rest in
    SV (num n, List.map (literal line) ls, List.map (hint line) hs)
  | "x" :: ns -> SX (List.map num ns)
  | "0" :: ":" :: c -> S0 (combination line c)
  | w :: _ -> bad line "the step %s" (short w)
  | [] -> bad line "an empty step"

(* A part "split" ... "qed". *)
let split r act line p =
  let rec flats acc s =
    match words r s with
    | [ "n"; l; p; q; t ] when act = ReLU ->
      let num = positive r.number in
      let f = (r.number, (((num l, num p), num q), num t)) in
      flats (f :: acc) (next r)
    | _ -> (List.rev acc, s)
  in
  (* Lines of a class and a number: labels, orders. *)
  let rec classed key acc s =
    match words r s with
    | [ k; c; l ] when k = key ->
      let f = ((r.number, class_of r.number act c), positive r.number l) in
      classed key (f :: acc) (next r)
    | _ -> (List.rev acc, s)
  in
  let rec steps acc s =
    if s = "qed" then (List.rev acc, r.number)
    else begin
      let st = step r.number act (words r s) in
      let acc = (r.number, st) :: acc in
      steps acc (next r)
    end
  in
  let fs, s = flats [] (next r) in
  let ls, s = classed "label" [] s in
  let os, s = classed "order" [] s in
  let ss, qed = steps [] s in
  { x_line = line; x_P = p; x_flats = fs; x_labels = ls; x_orders = os; x_steps = ss; x_qed = qed }

(* From the line s up to the line "end". The number of neurons is bounded where there are splits, as the checker lists
   them. *)
let read r act width s =
  let rec headers acc s =
    match words r s with
    | "line" :: ps -> let h = (r.number, HLine (List.map (positive r.number) ps)) in headers (h :: acc) (next r)
    | "slots" :: l :: c :: ps ->
      let n = r.number in
      let h = (n, HSlots (positive n l, class_of n act c, List.map (positive n) ps)) in
      headers (h :: acc) (next r)
    | _ -> (List.rev acc, s)
  in
  let rec splits acc s =
    match words r s with
    | [ "end" ] -> List.rev acc
    | [ "split"; p ] ->
      let line = r.number in
      let p = match act with
        | ReLU -> natural line p
        | Thr -> if p = "*" then width else bad line "expected split *" in
      if width > 100_000 then bad line "there are too many neurons for splits";
      let x = split r act line p in
      splits (x :: acc) (next r)
    | w :: _ -> bad r.number "expected a split or the end, found %s" (short w)
    | [] -> assert false
  in
  if width > 10_000_000 then bad r.number "the width is too large";
  match words r s with
  | [ "contradiction"; i; j ] ->
    let n = r.number in
    let i = positive n i in
    let p = Contradiction (i, positive n j, n) in
    if next r <> "end" then bad r.number "expected the end";
    p
  | _ ->
    let hs, s = headers [] s in
    let xs = splits [] s in
    Lines (hs, xs, r.number)
