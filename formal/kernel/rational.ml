(* Rational numbers in lowest terms, for the extracted checker: zarith's, but x / 0 = 0 as in Coq. *)

type t = Q.t

let make (n, d) = if d = 1 then Q.of_int n else Q.of_ints n d
let of_ints n d = Q.of_ints n d
let add = Q.add
let sub = Q.sub
let mul = Q.mul
let neg = Q.neg
let div a b = if Q.sign b = 0 then Q.zero else Q.div a b
let leq = Q.leq
let lt = Q.lt
let equal = Q.equal
let denominator q = Q.of_bigint (Q.den q)
let lcm a b = Q.of_bigint (Z.lcm (Q.num a) (Q.num b))
