(* The text of a certificate: its lines one at a time, their running hash, tokens, numbers (format v1, sections 1, 7).
   Nothing here knows what a line means. *)

exception Bad of int * string
(* A code and a reason: the check came to no verdict. *)
exception Incomplete of string * string

let bad line fmt = Printf.ksprintf (fun s -> raise (Bad (line, s))) fmt

let max_line = 16 * 1024 * 1024
let max_size = 1 lsl 34
let max_digits = 100_000

type t = {
  read : Bytes.t -> int -> int -> int;   (* as Unix.read; 0 at the end *)
  buffer : Bytes.t; mutable at : int; mutable filled : int;
  mutable number : int; mutable size : int;
  hash : Sha256.t; mutable sealed : bool }  (* sealed: what follows does not enter the hash *)

let make read =
  { read; buffer = Bytes.create 65536; at = 0; filled = 0; number = 0; size = 0; hash = Sha256.start (); sealed = false }

let refill r =
  r.at <- 0;
  r.filled <- r.read r.buffer 0 (Bytes.length r.buffer);
  r.filled > 0

let ascii r s =
  let all = ref 0 in
  for i = 0 to String.length s - 1 do all := !all lor Char.code s.[i] done;
  if !all > 127 then bad r.number "a byte is not ASCII"

(* The next line, without its end, or None at the end of the file. *)
let raw r =
  if r.at >= r.filled && not (refill r) then None
  else begin
    r.number <- r.number + 1;
    (* The line up to the end of what is in the buffer, behind the pieces before. *)
    let rec go pieces length =
      if r.at >= r.filled && not (refill r) then bad r.number "the last line has no line end";
      let e = match Bytes.index_from_opt r.buffer r.at '\n' with Some e when e < r.filled -> e | _ -> r.filled in
      let n = e - r.at in
      r.size <- r.size + n + 1;
      if length + n > max_line then bad r.number "the line is too long";
      if r.size > max_size then bad r.number "the file is too large";
      let piece = Bytes.sub_string r.buffer r.at n in
      if e < r.filled then begin
        r.at <- e + 1;
        match pieces with [] -> piece | _ -> String.concat "" (List.rev (piece :: pieces))
      end else begin r.at <- r.filled; go (piece :: pieces) (length + n) end in
    let s = go [] 0 in
    ascii r s;
    if not r.sealed then begin Sha256.feed r.hash s; Sha256.feed r.hash "\n" end;
    Some s
  end

(* The next line that is no comment. *)
let rec next r =
  match raw r with
  | None -> bad r.number "the certificate breaks off"
  | Some s -> if s = "" || s.[0] = '#' then next r else s

let split line s =
  let ws = String.split_on_char ' ' s in
  if List.mem "" ws then bad line "tokens must be separated by one space";
  ws

let words r s = split r.number s

(* A line of a key and its value. *)
let value r key =
  match words r (next r) with
  | [ k; v ] when k = key -> v
  | _ -> bad r.number "expected %s and its value" key

(* Numbers. *)

let short s = if String.length s > 40 then String.sub s 0 37 ^ "..." else s

let is_digits s = s <> "" && (let ok = ref true in String.iter (fun c -> if c < '0' || c > '9' then ok := false) s; !ok)

(* Numbers of things stay below 10^15: the checker doubles them and adds to them in 63 bits. *)
let natural line s =
  if not (is_digits s) || (String.length s > 1 && s.[0] = '0') then bad line "%s is no number" (short s);
  if String.length s > 15 then bad line "the number %s is too large" (short s);
  int_of_string s

let positive line s =
  let n = natural line s in
  if n = 0 then bad line "0 is no number of anything";
  n

let after s i = String.sub s i (String.length s - i)

let rational line s =
  let fail () = bad line "%s is no rational number in lowest terms" (short s) in
  let sign, body = if s <> "" && s.[0] = '-' then (true, after s 1) else (false, s) in
  let z t =
    if not (is_digits t) || (String.length t > 1 && t.[0] = '0') then fail ();
    if String.length t > max_digits then bad line "a number has more than %d digits" max_digits;
    Z.of_string t in
  match String.split_on_char '/' body with
  | [ a ] ->
    let a = z a in
    if sign && Z.sign a = 0 then fail ();
    Q.of_bigint (if sign then Z.neg a else a)
  | [ a; b ] ->
    let a = z a in
    let b = z b in
    if Z.sign a = 0 || Z.leq b Z.one || not (Z.equal (Z.gcd a b) Z.one) then fail ();
    Q.make (if sign then Z.neg a else a) b
  | _ -> fail ()

let vector r s = List.map (rational r.number) (words r s)

(* The same of a part of a line, from i on before e. *)

let positive_at line s i e =
  let n = ref 0 and good = ref (e - i >= 1 && e - i <= 15 && s.[i] <> '0') in
  if !good then for k = i to e - 1 do
    let c = s.[k] in
    if c >= '0' && c <= '9' then n := 10 * !n + Char.code c - 48 else good := false
  done;
  if !good then !n else positive line (String.sub s i (e - i))

let rational_at line s i e =
  let negative = i < e && s.[i] = '-' in
  let first = if negative then i + 1 else i in
  let n = ref 0 and good = ref (e - first >= 1 && e - first <= 15 && s.[first] <> '0') in
  if !good then for k = first to e - 1 do
    let c = s.[k] in
    if c >= '0' && c <= '9' then n := 10 * !n + Char.code c - 48 else good := false
  done;
  if !good then Q.of_int (if negative then - !n else !n) else rational line (String.sub s i (e - i))

(* Where a character stands in a part of a line, or where the part ends. *)
let rec seek s c i e = if i >= e || s.[i] = c then i else seek s c (i + 1) e

(* The tokens of a line from i on, one space between: their number's first place is [String.length s + 1] behind the last. *)
let token line s i =
  let e = seek s ' ' i (String.length s) in
  if e <= i then bad line "tokens must be separated by one space";
  e

let rec tokens line s each i acc =
  if i > String.length s then List.rev acc
  else let e = token line s i in tokens line s each (e + 1) (each i e :: acc)
