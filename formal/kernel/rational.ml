(* Rational numbers in lowest terms, for the extracted checker: zarith's, but x / 0 = 0 as in Coq. Integers, most of
   what occurs, are added, multiplied and compared as such: nothing is to be reduced. A denominator 1 is an immediate
   value of zarith's, so that the physical comparison finds it (were it not found, the general way would be taken). *)

type t = Q.t

let[@inline] whole (a : t) (b : t) = a.Q.den == Z.one && b.Q.den == Z.one
let[@inline] integer n : t = { Q.num = n; den = Z.one }

(* Not a function of two arguments in OCaml's eyes: a constant pair is handed over as it is. *)
let make (p : int * int) =
  let n = fst p and d = snd p in
  if d <> 1 then Q.of_ints n d else if n = 0 then Q.zero else if n = 1 then Q.one else Q.of_int n
let of_ints n d = Q.of_ints n d
let add (a : t) (b : t) = if whole a b then integer (Z.add a.Q.num b.Q.num) else Q.add a b
let sub (a : t) (b : t) = if whole a b then integer (Z.sub a.Q.num b.Q.num) else Q.sub a b
let mul (a : t) (b : t) = if whole a b then integer (Z.mul a.Q.num b.Q.num) else Q.mul a b
let neg = Q.neg
let div a b = if Q.sign b = 0 then Q.zero else Q.div a b
let leq (a : t) (b : t) = if whole a b then Z.leq a.Q.num b.Q.num else Q.leq a b
let lt (a : t) (b : t) = if whole a b then Z.lt a.Q.num b.Q.num else Q.lt a b
let equal (a : t) (b : t) = Z.equal a.Q.num b.Q.num && Z.equal a.Q.den b.Q.den
let denominator q = Q.of_bigint (Q.den q)
let ceiling q = Q.of_bigint (Z.cdiv (Q.num q) (Q.den q))
let lcm a b = Q.of_bigint (Z.lcm (Q.num a) (Q.num b))
