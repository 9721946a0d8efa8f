(* certify-kernel FILE...: checks certificates of format v1 (docs/format/v1.md).

   This file reads a certificate into the data types of the extracted checker (formal/checker/Check.v) and asks
   it; every verdict on a proof is the checker's. What is trusted here: that the text is read as the format says,
   the hashes, and the sizes and names of the recipes. *)

module Integer = Z
module Fraction = Q

open Checker

module Z = Integer
module Q = Fraction

exception Bad of int * string
exception Incomplete of string

let bad line fmt = Printf.ksprintf (fun s -> raise (Bad (line, s))) fmt

(* Lines of a file: those that count, and their numbers. *)

let max_line = 16 * 1024 * 1024

type reader = { text : string; mutable pos : int; mutable number : int }

(* The next line with its number, or None at the end of the file. *)
let raw r =
  let n = String.length r.text in
  if r.pos >= n then None
  else begin
    let e = match String.index_from_opt r.text r.pos '\n' with Some e -> e | None -> bad (r.number + 1) "the line has no end" in
    r.number <- r.number + 1;
    if e - r.pos > max_line then bad r.number "the line is too long";
    let s = String.sub r.text r.pos (e - r.pos) in
    r.pos <- e + 1;
    String.iter (fun c -> if c > '~' || c < ' ' then bad r.number "a character that is not printable ASCII") s;
    Some s
  end

let rec next r =
  match raw r with
  | None -> bad r.number "the certificate breaks off"
  | Some s -> if s = "" || s.[0] = '#' then next r else s

let split_words line s =
  let ws = String.split_on_char ' ' s in
  if List.mem "" ws then bad line "tokens must be separated by one space";
  ws

(* Numbers. *)

let is_digits s = s <> "" && (let ok = ref true in String.iter (fun c -> if c < '0' || c > '9' then ok := false) s; !ok)

let natural line s =
  if not (is_digits s) || String.length s > 15 || (String.length s > 1 && s.[0] = '0') then bad line "%s is no number"
      (if String.length s > 40 then String.sub s 0 40 else s);
  int_of_string s

let positive line s =
  let n = natural line s in
  if n = 0 then bad line "0 is no number of anything";
  n

let rational line s =
  let fail () = bad line "%s is no rational number in lowest terms" (if String.length s > 40 then String.sub s 0 40 else s) in
  if String.length s > 200_003 then fail ();
  let sign, body = if s <> "" && s.[0] = '-' then (true, String.sub s 1 (String.length s - 1)) else (false, s) in
  let digits t = if not (is_digits t) || String.length t > 100_000 || (String.length t > 1 && t.[0] = '0') then fail () in
  let z t = digits t; Z.of_string t in
  match String.split_on_char '/' body with
  | [ a ] ->
    let a = z a in
    if sign && Z.sign a = 0 then fail ();
    Q.of_bigint (if sign then Z.neg a else a)
  | [ a; b ] ->
    let a = z a and b = z b in
    if Z.sign a = 0 || Z.leq b Z.one || not (Z.equal (Z.gcd a b) Z.one) then fail ();
    Q.make (if sign then Z.neg a else a) b
  | _ -> fail ()

let show q = Q.to_string q

(* Literals and items (6.7, 6.8). *)

let find_op s =
  let n = String.length s in
  let rec go i = if i >= n then None else if s.[i] = '<' || s.[i] = '>' then Some i else go (i + 1) in
  go 0

let sub s i = String.sub s i (String.length s - i)

let sign_literal line s =
  match find_op s with
  | None -> None
  | Some i ->
    let j = positive line (String.sub s 0 i) in
    let eq = i + 1 < String.length s && s.[i + 1] = '=' in
    let p = positive line (sub s (if eq then i + 2 else i + 1)) in
    let r = match s.[i], eq with '>', false -> RGt | '>', true -> RGe | _, true -> RLe | _, false -> RLt in
    Some ((j, r), p)

let dotted line s =
  match String.split_on_char '.' s with
  | [ a; b ] -> (positive line a, positive line b)
  | _ -> bad line "%s: expected two numbers with a dot between" s

let literal line s =
  match sign_literal line s with
  | Some l -> LS l
  | None ->
    let neg = s.[0] = '-' in
    let t = if neg then sub s 1 else s in
    if t = "" then bad line "%s is no literal" s;
    (match t.[0] with
     | 'x' -> let j, n = dotted line (sub t 1) in LX (not neg, j, n)
     | 'd' -> LD (not neg, positive line (sub t 1))
     | _ -> bad line "%s is no literal" s)

let sign_only line s = match sign_literal line s with Some l -> l | None -> bad line "%s is no sign literal" s

let item line s =
  match String.index_opt s ':' with
  | None -> bad line "%s is no item with a factor" s
  | Some i ->
    let t = String.sub s 0 i and q = rational line (sub s (i + 1)) in
    if t = "" then bad line "%s is no item" s;
    let it =
      match t.[0] with
      | 'e' -> IE (positive line (sub t 1))
      | 'h' -> let j, i = dotted line (sub t 1) in IH (j, i)
      | 'g' -> let j, i = dotted line (sub t 1) in IG (j, i)
      | 's' -> let j, i = dotted line (sub t 1) in IS (j, i)
      | 'r' -> IR (positive line (sub t 1))
      | _ -> IL (sign_only line t)
    in
    (it, q)

let hint line s = if s.[0] = 'd' then HD (positive line (sub s 1)) else HC (positive line s)

(* The tokens before and behind ":". *)
let at_colon line ws =
  let rec go acc = function
    | [] -> bad line "no ':'"
    | ":" :: rest -> (List.rev acc, rest)
    | w :: rest -> go (w :: acc) rest
  in
  go [] ws

(* Section 6. *)

let class_of line act s =
  match act, s with
  | ReLU, "+" -> true
  | ReLU, "-" -> false
  | Thr, "*" -> true
  | _ -> bad line "%s is no class" s

let step line act ws =
  let num = positive line in
  match ws with
  | [ "w"; a; b ] -> SW (num a, num b)
  | [ "b"; j; l ] -> SB (num j, num l)
  | "u" :: l :: ":" :: c -> SU (sign_only line l, List.map (item line) c)
  | "c" :: n :: rest ->
    let ls, c = at_colon line rest in
    SC (num n, List.map (literal line) ls, List.map (item line) c)
  | "d" :: n :: ls -> SD (num n, List.map (sign_only line) ls)
  | [ "k"; n; l; s; t ] -> SK (num n, num l, class_of line act s, num t)
  | "r" :: n :: rest ->
    let ls, c = at_colon line rest in
    SR (num n, List.map (literal line) ls, List.map (item line) c)
  | "m" :: n :: c :: rs -> SM (num n, num c, List.map num rs)
  | "v" :: n :: rest ->
    let ls, hs = at_colon line rest in
    SV (num n, List.map (literal line) ls, List.map (hint line) hs)
  | "x" :: (_ :: _ as ns) -> SX (List.map num ns)
  | "0" :: ":" :: c -> S0 (List.map (item line) c)
  | w :: _ -> bad line "the step %s" w
  | [] -> bad line "an empty step"

let read_split r act line p =
  let rec flats acc s =
    match split_words r.number s with
    | [ "n"; l; p; q; t ] when act = ReLU ->
      let num = positive r.number in
      let f = (r.number, (((num l, num p), num q), num t)) in
      flats (f :: acc) (next r)
    | _ -> (List.rev acc, s)
  in
  let rec labels acc s =
    match split_words r.number s with
    | [ "label"; c; l ] ->
      let f = ((r.number, class_of r.number act c), positive r.number l) in
      labels (f :: acc) (next r)
    | _ -> (List.rev acc, s)
  in
  let rec steps acc s =
    if s = "qed" then (List.rev acc, r.number)
    else begin
      let st = step r.number act (split_words r.number s) in
      let acc = (r.number, st) :: acc in
      steps acc (next r)
    end
  in
  let fs, s = flats [] (next r) in
  let ls, s = labels [] s in
  let ss, qed = steps [] s in
  { x_line = line; x_P = p; x_flats = fs; x_labels = ls; x_steps = ss; x_qed = qed }

let read_refutation r act width =
  let rec headers acc s =
    match split_words r.number s with
    | "line" :: ps -> let h = (r.number, HLine (List.map (positive r.number) ps)) in headers (h :: acc) (next r)
    | "slots" :: l :: c :: ps ->
      let n = r.number in
      let h = (n, HSlots (positive n l, class_of n act c, List.map (positive n) ps)) in
      headers (h :: acc) (next r)
    | _ -> (List.rev acc, s)
  in
  let rec splits acc s =
    match split_words r.number s with
    | [ "end" ] -> List.rev acc
    | [ "split"; p ] ->
      let line = r.number in
      let p = match act with
        | ReLU -> natural line p
        | Thr -> if p = "*" then width else bad line "expected split *" in
      let x = read_split r act line p in
      splits (x :: acc) (next r)
    | w :: _ -> bad r.number "expected a split or the end, found %s" w
    | [] -> assert false
  in
  let s = next r in
  match split_words r.number s with
  | [ "contradiction"; i; j ] ->
    let n = r.number in
    let p = Contradiction (positive n i, positive n j, n) in
    if next r <> "end" then bad r.number "expected the end";
    p
  | _ ->
    let hs, s = headers [] s in
    let xs = splits [] s in
    Lines (hs, xs, r.number)

(* Source problems (3) and what is said of them (5). *)

type source =
  | Data
  | Poits of int * ((int * int) * int) list
  | Twohyp of int * Q.t list list * Q.t list list

let vector line s = List.map (rational line) (split_words line s)

let read_poits r count =
  let header = next r in
  let n, m = match split_words r.number header with
    | [ "p"; "cnf"; n; m ] -> (natural r.number n, natural r.number m)
    | _ -> bad r.number "expected p cnf n m" in
  if m <> count - 1 then bad r.number "%d clauses, not %d" (count - 1) m;
  let clause () =
    let s = next r in
    match split_words r.number s with
    | [ a; b; c; "0" ] ->
      let v x = let x = positive r.number x in if x > n then bad r.number "the variable %d" x else x in
      let a = v a in let b = v b in let c = v c in
      ((a, b), c)
    | _ -> bad r.number "a clause has three positive literals and 0"
  in
  let rec go i acc = if i = 0 then List.rev acc else let c = clause () in go (i - 1) (c :: acc) in
  Poits (n, go m [])

let read_twohyp r count =
  let header = next r in
  let d, q, p = match split_words r.number header with
    | [ "twohyp"; d; q; p ] -> (positive r.number d, natural r.number q, natural r.number p)
    | _ -> bad r.number "expected twohyp d |Q| |P|" in
  if q + p <> count - 1 then bad r.number "%d points, not %d" (count - 1) (q + p);
  let rec go i acc =
    if i = 0 then List.rev acc
    else begin
      let s = next r in
      let x = vector r.number s in
      if List.length x <> d then bad r.number "a point has %d coordinates" d;
      go (i - 1) (x :: acc)
    end
  in
  let qs = go q [] in
  Twohyp (d, qs, go p [])

let sign_at o h x = Q.sign (List.fold_left2 (fun s a b -> Q.add s (Q.mul a b)) o h x)

let check_solution line source ws =
  match source with
  | Data -> bad line "a solution without a source"
  | Poits (n, cs) ->
    let t = Array.make (n + 1) false in
    List.iter (fun w -> let i = positive line w in if i > n then bad line "the variable %d" i; t.(i) <- true) ws;
    List.iter (fun ((a, b), c) ->
        if List.length (List.filter (fun v -> t.(v)) [ a; b; c ]) <> 1 then bad line "the solution does not satisfy the formula") cs
  | Twohyp (d, qs, ps) ->
    let v = List.map (rational line) ws in
    if List.length v <> 2 * d + 2 then bad line "a solution has %d numbers" (2 * d + 2);
    let o1 = List.hd v and rest = List.tl v in
    let rec take n l = if n = 0 then ([], l) else match l with x :: l -> let a, b = take (n - 1) l in (x :: a, b) | [] -> assert false in
    let h1, rest = take d rest in
    let o2 = List.hd rest and h2 = List.tl rest in
    let cell x =
      let a = sign_at o1 h1 x and b = sign_at o2 h2 x in
      if a = 0 || b = 0 then bad line "a hyperplane contains a point";
      (a, b) in
    let cq = List.sort_uniq compare (List.map cell qs) in
    if List.exists (fun x -> List.mem (cell x) cq) ps then bad line "a cell contains points of both sets"

(* A refutation of the source, and the theorem by which the data then have no fit. *)
let check_lrat r source =
  match source with
  | Poits (n, cs) -> Lrat.check (fun s -> bad r.number "%s" s) (fun () -> next r) n cs
  | _ -> bad r.number "a source refutation is for poits"

let theorem_of = function "poits-relu" -> "Theorem 1" | _ -> "Corollary 8"

(* Section 2. *)
let canonical act sgn width d points =
  let b = Buffer.create 65536 in
  let add fmt = Printf.bprintf b fmt in
  add "certify-instance 1\nactivation %s\nsigns %s\nloss exact\nwidth %d\ndimension %d\npoints %d\n"
    (match act with ReLU -> "relu" | Thr -> "threshold")
    (match sgn with Free -> "free" | Convex -> "convex" | Concave -> "concave") width d (List.length points);
  List.iter (fun (x, y) ->
      List.iter (fun q -> Buffer.add_string b (show q); Buffer.add_char b ' ') x;
      Buffer.add_string b (show y); Buffer.add_char b '\n') points;
  let s = Buffer.contents b in
  Sha256.hex s (String.length s)

let limit_points line n d = if n > 100_000_000 / max d 1 then bad line "more than 10^8 coordinates"

(* The numbers of Theorem 7's delta stay below 100,000 digits. *)
let limit_delta line d qs ps =
  let limit = 332_193 in
  let too_large () = bad line "the numbers of the recipe are too large" in
  if d > 25_000 then too_large ();
  let all f start = List.fold_left (List.fold_left f) (List.fold_left (List.fold_left f) start qs) ps in
  let l = all (fun l q -> let l = Z.lcm l (Q.den q) in if Z.numbits l > limit then too_large (); l) Z.one in
  let a = all (fun a q -> Z.max a (Z.abs (Z.divexact (Z.mul l (Q.num q)) (Q.den q)))) Z.one in
  if Z.numbits a * d > limit then too_large ()

let value r key =
  let s = next r in
  match split_words r.number s with
  | k :: [ v ] when k = key -> v
  | _ -> bad r.number "expected %s and its value" key

let check r =
  if (match raw r with Some s -> s | None -> bad 1 "an empty file") <> "certify 1" then bad r.number "the first line is not certify 1";
  let verdict = value r "verdict" in
  if verdict <> "YES" && verdict <> "NO" then bad r.number "the verdict %s" verdict;
  let act = match value r "activation" with "relu" -> ReLU | "threshold" -> Thr | a -> bad r.number "the activation %s" a in
  let sgn = match value r "signs" with "free" -> Free | "convex" -> Convex | "concave" -> Concave | s -> bad r.number "the signs %s" s in
  if act = Thr && sgn <> Free then bad r.number "threshold: always free";
  let width = natural r.number (value r "width") in
  let width_line = r.number in
  if width > 10_000_000 then bad width_line "the width is too large";
  let recipe = value r "from" in
  let from_line = r.number in
  let source = match recipe with
    | "data" -> Data
    | "poits-relu" | "poits-threshold" | "twohyp-relu" | "twohyp-threshold" ->
      let n = value r "source" in
      let count = positive r.number n in
      if recipe = "poits-relu" || recipe = "poits-threshold" then read_poits r count else read_twohyp r count
    | _ -> bad r.number "the recipe %s" recipe in
  let s = next r in
  let n, d, hash = match split_words r.number s with
    | [ "instance"; n; d; h ] -> (natural r.number n, positive r.number d, h)
    | _ -> bad r.number "expected instance n d sha256" in
  let instance_line = r.number in
  limit_points instance_line n d;
  let claim a k =
    if act <> a then bad from_line "the activation is not the recipe's";
    if sgn <> Free then bad from_line "the signs are not the recipe's";
    if width <> k then bad width_line "the width is not the recipe's" in
  let points = match source with
    | Data ->
      let rec go i acc =
        if i = 0 then List.rev acc
        else begin
          let s = next r in
          let v = vector r.number s in
          if List.length v <> d + 1 then bad r.number "a point has %d coordinates and a label" d;
          let rev = List.rev v in
          go (i - 1) ((List.rev (List.tl rev), List.hd rev) :: acc)
        end in
      go n []
    | Poits (vars, cs) ->
      if d <> 2 then bad instance_line "the dimension is not the recipe's";
      limit_points instance_line (50 * (vars + List.length cs)) 2;
      if recipe = "poits-relu" then begin
        claim ReLU (poits_relu_width vars cs); poits_relu vars cs
      end else begin
        claim Thr (poits_threshold_width vars cs); poits_threshold vars cs
      end
    | Twohyp (d', qs, ps) ->
      if d <> d' then bad instance_line "the dimension is not the recipe's";
      let q = List.length qs and p = List.length ps in
      if recipe = "twohyp-relu" then begin
        claim ReLU 4; limit_points instance_line (q + p + 2 * q * p) d; limit_delta instance_line d qs ps; twohyp_relu d qs ps
      end else begin
        claim Thr 2; twohyp_threshold qs ps
      end in
  if List.length points <> n then bad instance_line "the recipe gives %d points" (List.length points);
  if canonical act sgn width d points <> hash then bad instance_line "the hash of the instance is not this";
  let finish () =
    let covered = r.pos in
    let h = match raw r with Some s -> s | None -> bad r.number "the hash is missing" in
    if h <> "sha256 " ^ Sha256.hex r.text covered then bad r.number "the hash of the certificate is not this" in
  let how = ref "" in
  if verdict = "YES" then begin
    let w = natural r.number (value r "witness") in
    let witness_line = r.number in
    if w <> width then bad r.number "there must be %d neurons" width;
    let rec go i acc =
      if i = 0 then List.rev acc
      else begin
        let s = next r in
        match vector r.number s with
        | a :: b :: ws when List.length ws = d -> go (i - 1) ({ q_a = a; q_b = b; q_w = ws } :: acc)
        | _ -> bad r.number "a neuron has %d numbers" (d + 2)
      end in
    let ns = go w [] in
    let s = next r in
    let s = match split_words r.number s with
      | "solution" :: ws -> check_solution r.number source ws; next r
      | _ -> s in
    if s <> "end" then bad r.number "expected the end";
    finish ();
    if not (check_yes act sgn d points width ns) then bad witness_line "the witness does not fit the instance"
  end else begin
    let s = next r in
    let refuted = s = "source-refutation lrat" in
    let s = if refuted then begin check_lrat r source; next r end else s in
    match s with
    | "refutation theorem" ->
      if not refuted then bad r.number "a refutation by theorem needs a source refutation before it";
      if next r <> "end" then bad r.number "expected the end";
      finish ();
      how := Printf.sprintf " (by %s)" (theorem_of recipe)
    | "refutation none" ->
      if next r <> "end" then bad r.number "expected the end";
      finish ();
      raise (Incomplete "it has no refutation")
    | "refutation lines" ->
      let p = read_refutation r act width in
      finish ();
      (match check_lines act sgn points width p with
       | Ok -> ()
       | Wrong line -> bad line "the step does not hold")
    | _ -> bad r.number "expected a refutation"
  end;
  (verdict, !how)

let read_all ic =
  let b = Buffer.create 1_000_000 in
  (try while true do Buffer.add_channel b ic 1; 
       let n = 65536 in
       (try Buffer.add_channel b ic n with End_of_file -> ())
     done with End_of_file -> ());
  Buffer.contents b

let load path =
  let ic = open_in_bin path in
  let packed = try let a = input_char ic in let b = input_char ic in a = '\x1f' && b = '\x8b' with End_of_file -> false in
  if packed then begin
    close_in ic;
    let ic = Unix.open_process_args_in "gzip" [| "gzip"; "-dc"; "--"; path |] in
    let s = read_all ic in
    match Unix.close_process_in ic with
    | Unix.WEXITED 0 -> s
    | _ -> bad 1 "the compressed data are damaged"
  end else begin
    seek_in ic 0;
    let s = read_all ic in
    close_in ic; s
  end

let () =
  let files = List.tl (Array.to_list Sys.argv) in
  if files = [] || List.mem "--help" files then begin
    prerr_endline "usage: certify-kernel FILE...\nChecks certificates (format v1) with the checker that is proved sound in Coq.";
    exit (if files = [] then 2 else 0)
  end;
  let rejected = ref false and incomplete = ref false and unreadable = ref false in
  List.iter (fun path ->
      (try
         let r = { text = load path; pos = 0; number = 0 } in
         let v, how = check r in
         Printf.printf "VERIFIED %s %s%s\n" v path how
       with
       | Bad (line, why) -> rejected := true; Printf.printf "REJECTED %s: line %d: %s\n" path line why
       | Incomplete why -> incomplete := true; Printf.printf "INCOMPLETE %s: %s\n" path why
       | Stack_overflow | Out_of_memory -> incomplete := true; Printf.printf "INCOMPLETE %s: out of memory\n" path
       | Sys_error why -> unreadable := true; prerr_endline why);
      flush stdout) files;
  exit (if !unreadable then 2 else if !rejected then 1 else if !incomplete then 3 else 0)
