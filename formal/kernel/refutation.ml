(* Section 6 of the format, read into the data types of the extracted checker (formal/checker/Check.v). What the
   lines mean and whether they hold is the checker's business. *)

open Checker
open Reader

(* Literals and items (6.7, 6.8): the part of the line s from i on before e. *)

let part s i e = String.sub s i (e - i)

let rec find_op s i e = if i >= e || s.[i] = '<' || s.[i] = '>' then i else find_op s (i + 1) e

(* [o] is where the relation stands. *)
let sign_at line s i o e =
  let j = positive_at line s i o in
  let eq = o + 1 < e && s.[o + 1] = '=' in
  let p = positive_at line s (if eq then o + 2 else o + 1) e in
  let r = match s.[o], eq with '>', false -> RGt | '>', true -> RGe | _, true -> RLe | _, false -> RLt in
  ((j, r), p)

let sign_only line s i e =
  let o = find_op s i e in
  if o = e then bad line "%s is no sign literal" (short (part s i e));
  sign_at line s i o e

let dotted line s i e =
  let o = seek s '.' i e in
  if o = e then bad line "%s: expected two numbers with a dot between" (short (part s i e));
  let a = positive_at line s i o in
  (a, positive_at line s (o + 1) e)

let literal line s i e =
  let o = find_op s i e in
  if o < e then LS (AS (sign_at line s i o e))
  else begin
    let neg = s.[i] = '-' in
    let f = if neg then i + 1 else i in
    if f = e then bad line "%s is no literal" (short (part s i e));
    match s.[f] with
    | 'x' -> let j, n = dotted line s (f + 1) e in LX (not neg, j, n)
    | 'd' -> LD (not neg, positive_at line s (f + 1) e)
    | 't' -> LS (AT (not neg, 2 * positive_at line s (f + 1) e))
    | 'm' -> LS (AT (not neg, 2 * positive_at line s (f + 1) e + 1))
    | _ -> bad line "%s is no literal" (short (part s i e))
  end

(* A literal of a sign, of a turned neuron, of a missed point. *)
let atom line s i e = match literal line s i e with LS a -> a | _ -> bad line "%s may not stand in a definition" (short (part s i e))

let item line s i e =
  let c = seek s ':' i e in
  if c = e then bad line "%s is no item with a factor" (short (part s i e));
  if c = i then bad line "%s is no item" (short (part s i e));
  let q = rational_at line s (c + 1) e in
  let number () = positive_at line s (i + 1) c in
  let it =
    match s.[i] with
    | 'e' -> IE (number ())
    | 'h' -> let j, i = dotted line s (i + 1) c in IH (j, i)
    | 'g' -> let j, i = dotted line s (i + 1) c in IG (j, i)
    | 's' -> let j, i = dotted line s (i + 1) c in IS (j, i)
    | 'r' -> IR (number ())
    | 'd' -> ID (number ())
    | 'a' -> IA (number ())
    | 'o' -> IO (number ())
    | 'L' -> if c <> i + 1 then bad line "%s is no item" (short (part s i e)); ITotal
    | 'p' -> IAbs (false, number ())
    | 'n' -> IAbs (true, number ())
    | 'q' ->
      let o = seek s '.' i c in
      if o = c then bad line "%s: expected a point and a number" (short (part s i e));
      let p = positive_at line s (i + 1) o in
      ISq (p, rational_at line s (o + 1) c)
    | 'z' -> IHit (number ())
    | 'y' -> IMiss (number ())
    | 'x' -> IPos (number ())
    | _ -> IL (sign_only line s i c)
  in
  (it, q)

let hint line s i e = if s.[i] = 'd' then HD (positive_at line s (i + 1) e) else HC (positive_at line s i e)

let class_of line act s =
  match act, s with
  | ReLU, "+" -> true
  | ReLU, "-" -> false
  | Thr, "*" -> true
  | _ -> bad line "%s is no class" (short s)

let step line act s =
  let n = String.length s in
  let all each i = tokens line s each i [] in
  let num i e = positive_at line s i e in
  let first = token line s 0 in
  let rest = first + 1 in
  (* One number, and what follows. *)
  let number i =
    if i > n then bad line "the step is too short";
    let e = token line s i in
    (num i e, e + 1) in
  (* The tokens before a ":", and what follows. *)
  let rec to_colon each i acc =
    if i > n then bad line "no ':'";
    let e = token line s i in
    if e = i + 1 && s.[i] = ':' then (List.rev acc, e + 1) else to_colon each (e + 1) (each i e :: acc) in
  let combination i = match all (item line s) i with [] -> bad line "the combination is empty" | c -> c in
  let unknown () = bad line "the step %s" (short (part s 0 first)) in
  if first <> 1 then unknown ();
  match s.[0] with
  | 'w' -> (match all num rest with [ a; b ] -> SW (a, b) | _ -> unknown ())
  | 'b' -> (match all num rest with [ j; l ] -> SB (j, l) | _ -> unknown ())
  | 'u' ->
    (match to_colon (sign_only line s) rest [] with
     | [ l ], i -> SU (l, combination i)
     | _ -> unknown ())
  | 'c' ->
    let n, i = number rest in
    let ls, i = to_colon (literal line s) i [] in
    SC (n, ls, combination i)
  | 'd' -> let n, i = number rest in SD (n, all (atom line s) i)
  | 'k' ->
    (match Reader.split line s with
     | [ _; n; l; c; t ] -> let num = positive line in SK (num n, num l, class_of line act c, num t)
     | _ -> unknown ())
  | 'r' ->
    let n, i = number rest in
    let ls, i = to_colon (literal line s) i [] in
    SR (n, ls, combination i)
  | 'm' -> let n, i = number rest in let c, i = number i in SM (n, c, all num i)
  | 'v' ->
    let n, i = number rest in
    let ls, i = to_colon (literal line s) i [] in
    SV (n, ls, all (hint line s) i)
  | 'x' -> SX (all num rest)
  | 'q' ->
    let n, i = number rest in
    if i > String.length s then bad line "the step is too short";
    let e = token line s i in
    let v = rational_at line s i e in
    SQ (n, v, tokens line s num (e + 1) [])
  | 'p' -> (match all num rest with [ n; m; i ] -> SP (n, m, i) | _ -> unknown ())
  | 'l' ->
    let n, i = number rest in
    let j, i = number i in
    let t, i = number i in
    (* The signs, and behind them the numbers of two definitions or nothing. *)
    let rec signs i acc =
      if i > String.length s then (acc, None)
      else
        let e = token line s i in
        if e = i + 1 && (s.[i] = '>' || s.[i] = '<') then signs (e + 1) ((s.[i] = '>') :: acc)
        else match all num i with
          | [ a; b ] -> (acc, Some (a, b))
          | _ -> bad line "expected signs, and two numbers or none" in
    let ss, ab = signs i [] in
    SL (n, j, t, List.rev ss, ab)
  | 'e' ->
    let n, i = number rest in
    let m, i = number i in
    let ls, i = to_colon (literal line s) i [] in
    SE (n, m, ls, combination i)
  | '0' -> (match to_colon (fun _ _ -> unknown ()) rest [] with _, i -> S0 (combination i))
  | _ -> unknown ()

(* What a part "split" ... "qed" has before its steps, and the line that follows. *)
let head r act line p =
  let rec flats acc s =
    match words r s with
    | [ "n"; l; p; q; t ] when act = ReLU ->
      let num = positive r.number in
      let f = (r.number, (((num l, num p), num q), num t)) in
      flats (f :: acc) (next r)
    | _ -> (List.rev acc, s)
  in
  let rec labels acc s =
    match words r s with
    | [ "label"; c; l ] ->
      let f = ((r.number, class_of r.number act c), positive r.number l) in
      labels (f :: acc) (next r)
    | _ -> (List.rev acc, s)
  in
  let rec orders acc s =
    match words r s with
    | "order" :: c :: (first :: others as points) ->
      let by_coefs = first = "a" in
      let points = List.map (positive r.number) (if by_coefs then others else points) in
      let f = ((r.number, class_of r.number act c), (by_coefs, points)) in
      orders (f :: acc) (next r)
    | _ -> (List.rev acc, s)
  in
  let fs, s = flats [] (next r) in
  let ls, s = labels [] s in
  let os, s = orders [] s in
  ({ x_line = line; x_P = p; x_flats = fs; x_labels = ls; x_orders = os }, s)

exception Refused of int

(* From the line s up to the line "end". A contradiction is given to [whole]; lines and slots to [start], and what follows
   to the checker's [feed], one step at a time, so that no more of the file is held than a line. With the result Ok the
   theorems of formal/checker/Stream.v apply. The number of neurons is bounded where there are splits, as the checker
   lists them. *)
let check r act width s whole start =
  let rec headers acc s =
    match words r s with
    | "line" :: ps -> let h = (r.number, HLine (List.map (positive r.number) ps)) in headers (h :: acc) (next r)
    | "slots" :: l :: c :: ps ->
      let n = r.number in
      let h = (n, HSlots (positive n l, class_of n act c, List.map (positive n) ps)) in
      headers (h :: acc) (next r)
    | _ -> (List.rev acc, s)
  in
  let give t e = match feed t e with Inl t -> t | Inr n -> raise (Refused n) in
  let rec steps t s =
    if s = "qed" then give t (Close r.number)
    else begin
      let st = step r.number act s in
      let t = give t (Do (r.number, st)) in
      steps t (next r)
    end in
  let rec splits t s =
    match words r s with
    | [ "end" ] -> t
    | [ "split"; p ] ->
      let line = r.number in
      let p = match act with
        | ReLU -> natural line p
        | Thr -> if p = "*" then width else bad line "expected split *" in
      if width > 100_000 then bad line "there are too many neurons for splits";
      let x, s = head r act line p in
      let t = steps (give t (Open x)) s in
      splits t (next r)
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
    whole p
  | _ ->
    let hs, s = headers [] s in
    match start hs with
    | Inr n -> Wrong n
    | Inl t ->
      match splits t s with
      | t -> if complete t then Ok else Wrong r.number
      | exception Refused n -> Wrong n
