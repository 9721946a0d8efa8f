(* The section `source-refutation lrat` (format v1, section 5), one line at a time: read here, checked by the extracted
   [lrat_step] of formal/checker/Lrat.v. What is trusted here: that a line is read as the format says. *)

open Checker

(* The numbers of a line, canonical, with one space between them; [each] is called with every one. A word that is no
   number goes to [word]. *)
let scan text each word =
  let n = String.length text in
  let i = ref 0 in
  while !i <= n do
    let e = match String.index_from_opt text !i ' ' with Some e -> e | None -> n in
    let negative = !i < e && text.[!i] = '-' in
    let first = if negative then !i + 1 else !i in
    let digits = e - first in
    if digits = 1 && text.[first] = '0' && not negative then each 0
    else begin
      let v = ref 0 and ok = ref (digits >= 1 && digits <= 15 && text.[first] <> '0') in
      for k = first to e - 1 do
        let c = text.[k] in
        if c >= '0' && c <= '9' then (if digits <= 15 then v := 10 * !v + Char.code c - 48) else ok := false
      done;
      if !ok then each (if negative then - !v else !v) else word (String.sub text !i (e - !i))
    end;
    i := e + 1
  done

(* `id lits 0 hints 0` or `id d ids 0`, of a formula of n variables. *)
let parse (fail : string -> unit) n text =
  let id = ref 0 and deletion = ref false and zeros = ref 0 and place = ref 0 in
  let lits = ref [] and numbers = ref [] in
  let positive x = if x <= 0 then fail "a clause has a number below 1"; x in
  let each x =
    if !place = 0 then id := positive x
    else if !zeros = (if !deletion then 1 else 2) then fail "numbers after the last 0"
    else if x = 0 then incr zeros
    else if not !deletion && !zeros = 0 then begin
      if abs x > n then fail "there is no such variable";
      lits := (if x > 0 then LPos x else LNeg (-x)) :: !lits
    end
    else numbers := positive x :: !numbers;
    incr place in
  let word w =
    if w = "d" && !place = 1 then begin deletion := true; incr place end
    else fail ((if String.length w > 40 then String.sub w 0 40 else w) ^ " is no number that may stand here") in
  scan text each word;
  if !zeros <> (if !deletion then 1 else 2) then fail "the line does not end with 0";
  if !deletion then LDelete (List.rev !numbers) else LAdd (!id, List.rev !lits, List.rev !numbers)

(* Reads and checks the lines that [next] gives, up to `end-source`, from the state [start] of a source with so many
   variables. When this returns, the theorems on refuted sources (ByTheorem.v, CliquePaper.v, MccliquePaper.v) apply to the state
   reached. [fail] raises. *)
let check (fail : string -> unit) (next : unit -> string) variables start =
  let rec go state =
    let text = next () in
    if text = "end-source" then state
    else match lrat_step state (parse fail variables text) with
      | Some state -> go state
      | None -> fail "the step does not follow"; assert false in
  match start with
  | None -> fail "the source is not well formed"
  | Some start -> if not (go start).l_refuted then fail "the source refutation does not end with the empty clause"
