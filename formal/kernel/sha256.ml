(* SHA-256 (FIPS 180-4) on 63-bit integers, fed piece by piece. *)

let k = [|
  0x428a2f98; 0x71374491; 0xb5c0fbcf; 0xe9b5dba5; 0x3956c25b; 0x59f111f1; 0x923f82a4; 0xab1c5ed5;
  0xd807aa98; 0x12835b01; 0x243185be; 0x550c7dc3; 0x72be5d74; 0x80deb1fe; 0x9bdc06a7; 0xc19bf174;
  0xe49b69c1; 0xefbe4786; 0x0fc19dc6; 0x240ca1cc; 0x2de92c6f; 0x4a7484aa; 0x5cb0a9dc; 0x76f988da;
  0x983e5152; 0xa831c66d; 0xb00327c8; 0xbf597fc7; 0xc6e00bf3; 0xd5a79147; 0x06ca6351; 0x14292967;
  0x27b70a85; 0x2e1b2138; 0x4d2c6dfc; 0x53380d13; 0x650a7354; 0x766a0abb; 0x81c2c92e; 0x92722c85;
  0xa2bfe8a1; 0xa81a664b; 0xc24b8b70; 0xc76c51a3; 0xd192e819; 0xd6990624; 0xf40e3585; 0x106aa070;
  0x19a4c116; 0x1e376c08; 0x2748774c; 0x34b0bcb5; 0x391c0cb3; 0x4ed8aa4a; 0x5b9cca4f; 0x682e6ff3;
  0x748f82ee; 0x78a5636f; 0x84c87814; 0x8cc70208; 0x90befffa; 0xa4506ceb; 0xbef9a3f7; 0xc67178f2 |]

let mask = 0xffffffff
(* A word twice, one above the other: shifted right by up to 25, its low half is the word rotated. (Bit 63 is lost; it would
   come down only from 32 on.) *)
let[@inline] twice x = x lor (x lsl 32)

(* The chaining value, the schedule, the bytes not yet in a full block, how many they are, how many came in all. *)
type t = { h : int array; w : int array; rest : Bytes.t; mutable held : int; mutable total : int }

let start () =
  { h = [| 0x6a09e667; 0xbb67ae85; 0x3c6ef372; 0xa54ff53a; 0x510e527f; 0x9b05688c; 0x1f83d9ab; 0x5be0cd19 |];
    w = Array.make 64 0; rest = Bytes.create 64; held = 0; total = 0 }

let block t =
  let { h; w; rest; _ } = t in
  for i = 0 to 15 do
    w.(i) <- Int32.to_int (Bytes.get_int32_be rest (4 * i)) land mask
  done;
  for i = 16 to 63 do
    let x = w.(i - 15) and y = w.(i - 2) in
    let xx = twice x and yy = twice y in
    let s0 = (xx lsr 7) lxor (xx lsr 18) lxor (x lsr 3) in
    let s1 = (yy lsr 17) lxor (yy lsr 19) lxor (y lsr 10) in
    w.(i) <- (w.(i - 16) + (s0 land mask) + w.(i - 7) + (s1 land mask)) land mask
  done;
  let rec rounds i a b c d e f g hh =
    if i = 64 then begin
      h.(0) <- (h.(0) + a) land mask; h.(1) <- (h.(1) + b) land mask;
      h.(2) <- (h.(2) + c) land mask; h.(3) <- (h.(3) + d) land mask;
      h.(4) <- (h.(4) + e) land mask; h.(5) <- (h.(5) + f) land mask;
      h.(6) <- (h.(6) + g) land mask; h.(7) <- (h.(7) + hh) land mask
    end else begin
      let ee = twice e and aa = twice a in
      let s1 = ((ee lsr 6) lxor (ee lsr 11) lxor (ee lsr 25)) land mask in
      let t1 = hh + s1 + (g lxor (e land (f lxor g))) + k.(i) + w.(i) in
      let s0 = ((aa lsr 2) lxor (aa lsr 13) lxor (aa lsr 22)) land mask in
      rounds (i + 1) ((t1 + s0 + ((a land b) lor (c land (a lor b)))) land mask) a b c ((d + t1) land mask) e f g
    end in
  rounds 0 h.(0) h.(1) h.(2) h.(3) h.(4) h.(5) h.(6) h.(7)

let feed t s =
  let n = String.length s in
  t.total <- t.total + n;
  let rec go i =
    if i < n then begin
      let m = min (64 - t.held) (n - i) in
      Bytes.blit_string s i t.rest t.held m;
      t.held <- t.held + m;
      if t.held = 64 then begin block t; t.held <- 0 end;
      go (i + m)
    end in
  go 0

(* The digest in hexadecimal; nothing may be fed afterwards. *)
let finish t =
  let bits = 8 * t.total in
  feed t "\128";
  feed t (String.make ((120 - t.held) mod 64) '\000');
  feed t (String.init 8 (fun i -> Char.chr ((bits lsr (8 * (7 - i))) land 255)));
  String.concat "" (Array.to_list (Array.map (Printf.sprintf "%08x") t.h))
