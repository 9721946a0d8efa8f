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

(* The next line, without its end, or None at the end of the file. *)
let raw r =
  if r.at >= r.filled && not (refill r) then None
  else begin
    r.number <- r.number + 1;
    let line = Buffer.create 120 in
    let rec go () =
      if r.at >= r.filled && not (refill r) then bad r.number "the last line has no line end";
      let e = match Bytes.index_from_opt r.buffer r.at '\n' with Some e when e < r.filled -> e | _ -> r.filled in
      let n = e - r.at in
      r.size <- r.size + n + 1;
      if Buffer.length line + n > max_line then bad r.number "the line is too long";
      if r.size > max_size then bad r.number "the file is too large";
      Buffer.add_subbytes line r.buffer r.at n;
      r.at <- e + 1;
      if e >= r.filled then begin r.at <- r.filled; go () end in
    go ();
    let s = Buffer.contents line in
    String.iter (fun c -> if c > '\127' then bad r.number "a byte is not ASCII") s;
    if not r.sealed then begin Sha256.feed r.hash s; Sha256.feed r.hash "\n" end;
    Some s
  end

(* The next line that is no comment. *)
let rec next r =
  match raw r with
  | None -> bad r.number "the certificate breaks off"
  | Some s -> if s = "" || s.[0] = '#' then next r else s

let words r s =
  let ws = String.split_on_char ' ' s in
  if List.mem "" ws then bad r.number "tokens must be separated by one space";
  ws

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
