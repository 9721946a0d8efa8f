(** * Extraction

    Numbers of things (neurons, points, lines, steps; nat, positive, N, Z) become OCaml integers of 63 bits: the
    reader rejects numbers beyond 10^15, and the checker only counts and adds small multiples. Rational numbers
    become zarith's, always in lowest terms; no extracted function looks inside one, all go through the
    operations named here. *)

From Coq Require Import QArith Extraction ExtrOcamlBasic ExtrOcamlNatInt ExtrOcamlZInt.
From CertifyChecker Require Import Trie Model Check Forced Recipes Paths Wrappers.
From CertifyChecker Require Lrat ByTheorem CliquePaper MccliquePaper.

Extract Inductive Q => "Rational.t" [ "Rational.make" ] "(fun _ _ -> assert false)".
Extract Constant qadd => "Rational.add".
Extract Constant qsub => "Rational.sub".
Extract Constant qmul => "Rational.mul".
Extract Constant qdiv => "Rational.div".
Extract Constant qle => "Rational.leq".
Extract Constant qlt => "Rational.lt".
Extract Constant qeq => "Rational.equal".
Extract Constant qneg => "Rational.neg".
Extract Constant qf => "Rational.of_ints".
Extract Constant qden => "Rational.denominator".
Extract Constant qceil => "Rational.ceiling".
Extract Constant qlcm => "Rational.lcm".

(** Put in where they are used: as functions on pairs they would be called through a closure. *)
Extraction Inline fst snd unbounded is_zero.

(** Look-up in a map, without the closures of the match on a number. *)
Extract Constant get => "(let rec get p = function Leaf -> None | Node (l, o, r) ->
  if p = 1 then o else get (p lsr 1) (if p land 1 = 0 then l else r) in get)".

(** Comparisons, at the type of OCaml's integers: as extracted they would be those of any type. *)
Extract Constant BinPos.Pos.eqb => "(fun (x : int) (y : int) -> x = y)".
Extract Constant BinPos.Pos.leb => "(fun (x : int) (y : int) -> x <= y)".
Extract Constant BinPos.Pos.ltb => "(fun (x : int) (y : int) -> x < y)".
Extract Constant BinPos.Pos.compare => "(fun (x : int) (y : int) -> if x = y then Eq else if x < y then Lt else Gt)".
Extract Constant BinNat.N.eqb => "(fun (x : int) (y : int) -> x = y)".
Extract Constant BinNat.N.leb => "(fun (x : int) (y : int) -> x <= y)".
Extract Constant BinNat.N.ltb => "(fun (x : int) (y : int) -> x < y)".

(** Conversions between kinds of numbers. *)
Extract Constant BinNat.N.to_nat => "(fun n -> n)".
Extract Constant BinNat.N.of_nat => "(fun n -> n)".
Extract Constant BinNat.N.succ_pos => "(fun n -> n + 1)".
Extract Constant BinPos.Pos.to_nat => "(fun n -> n)".
Extract Constant BinPos.Pos.of_succ_nat => "(fun n -> n + 1)".
Extract Constant BinInt.Z.of_nat => "(fun n -> n)".

Extraction "checker.ml" check_yes check_yes_loss no_room check_lines check_loss check_forced start_lines start_loss start_forced feed complete
  poits_relu poits_relu_width poits_threshold poits_threshold_width
  twohyp_relu twohyp_threshold sat_to_poits clique_to_twohyp once pad spoil far mcclique Lrat.lrat_step ByTheorem.poits_start
  CliquePaper.clique_start MccliquePaper.mcclique_start.
