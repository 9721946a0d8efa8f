(* Source problems (section 3 of the format), the names and sizes of the recipes, and what is said of a source
   (section 5). The points of a recipe are built by the extracted functions of formal/checker/Recipes.v. *)

module Integer = Z
module Fraction = Q
open Checker
open Reader
module Z = Integer
module Q = Fraction

type t =
  | Data
  | Poits of int * ((int * int) * int) list
  | Twohyp of int * Q.t list list * Q.t list list
  | Cnf of int * (bool * int) list list
  | Clique of int * int * (int * int) list
  | Coloured of int * int list * (int * int) list

let read_poits r count =
  let n, m = match words r (next r) with
    | [ "p"; "cnf"; n; m ] -> let n = natural r.number n in (n, natural r.number m)
    | _ -> bad r.number "expected p cnf n m" in
  if m <> count - 1 then bad r.number "%d clauses, not %d" (count - 1) m;
  let clause () =
    match words r (next r) with
    | [ a; b; c; "0" ] ->
      let v x = let x = positive r.number x in if x > n then bad r.number "the variable %d" x else x in
      let a = v a in let b = v b in let c = v c in
      ((a, b), c)
    | _ -> bad r.number "a clause has three positive literals and 0"
  in
  let rec go i acc = if i = 0 then List.rev acc else let c = clause () in go (i - 1) (c :: acc) in
  Poits (n, go m [])

let read_twohyp r count =
  let d, q, p = match words r (next r) with
    | [ "twohyp"; d; q; p ] -> let d = positive r.number d in let q = natural r.number q in (d, q, natural r.number p)
    | _ -> bad r.number "expected twohyp d |Q| |P|" in
  if q + p <> count - 1 then bad r.number "%d points, not %d" (count - 1) (q + p);
  let rec go i acc =
    if i = 0 then List.rev acc
    else begin
      let x = vector r (next r) in
      if List.compare_length_with x d <> 0 then bad r.number "a point has %d coordinates" d;
      go (i - 1) (x :: acc)
    end
  in
  let qs = go q [] in
  Twohyp (d, qs, go p [])

let read_cnf r count =
  let n, m = match words r (next r) with
    | [ "p"; "cnf"; n; m ] -> let n = natural r.number n in (n, natural r.number m)
    | _ -> bad r.number "expected p cnf n m" in
  if m <> count - 1 then bad r.number "%d clauses, not %d" (count - 1) m;
  let literal w =
    let sign = w = "" || w.[0] <> '-' in
    let v = positive r.number (if sign then w else after w 1) in
    if v > n then bad r.number "the variable %d" v;
    (sign, v) in
  let clause () =
    match List.rev (words r (next r)) with
    | "0" :: ws -> List.rev_map literal ws
    | _ -> bad r.number "a clause is literals and 0" in
  let rec go i acc = if i = 0 then List.rev acc else let c = clause () in go (i - 1) (c :: acc) in
  Cnf (n, go m [])

let read_edges r n m =
  let rec go i last acc =
    if i = 0 then List.rev acc
    else match words r (next r) with
      | [ "e"; u; v ] ->
        let u = positive r.number u in
        let e = (u, positive r.number v) in
        if u >= snd e || snd e > n then bad r.number "an edge is not two vertices in increasing order";
        if e <= last then bad r.number "the edges are not in increasing order";
        go (i - 1) e (e :: acc)
      | _ -> bad r.number "expected e u v" in
  go m (0, 0) []

let read_clique r count =
  let n, m = match words r (next r) with
    | [ "p"; "edge"; n; m ] -> let n = natural r.number n in (n, natural r.number m)
    | _ -> bad r.number "expected p edge n m" in
  let k = match words r (next r) with [ "k"; k ] -> positive r.number k | _ -> bad r.number "expected k and a size" in
  if m <> count - 2 then bad r.number "%d edges, not %d" (count - 2) m;
  Clique (n, k, read_edges r n m)

let read_coloured r count =
  let n, m = match words r (next r) with
    | [ "p"; "edge"; n; m ] -> let n = natural r.number n in (n, natural r.number m)
    | _ -> bad r.number "expected p edge n m" in
  let k = match words r (next r) with [ "k"; k ] -> natural r.number k | _ -> bad r.number "expected k and a number" in
  if count <> n + m + 2 then bad r.number "there must be a line for every vertex and every edge, and two more";
  let rec colours v acc =
    if v > n then List.rev acc
    else match words r (next r) with
      | [ "n"; w; c ] when w = string_of_int v ->
        let c = positive r.number c in
        if c > k then bad r.number "there is no such colour";
        colours (v + 1) (c :: acc)
      | _ -> bad r.number "expected n %d and a colour" v in
  let cs = colours 1 [] in
  Coloured (k, cs, read_edges r n m)
let readers = [ ("poits", read_poits); ("twohyp", read_twohyp); ("sat", read_cnf); ("clique", read_clique); ("mcclique", read_coloured) ]

(* A recipe's name: the source it starts from, if any other, and the recipe of what that is translated to. *)
let split_recipe recipe =
  match String.split_on_char '-' recipe with
  | [ ("poits" | "twohyp") as s; ("relu" | "threshold") ] -> Some (s, recipe)
  | [ "mcclique"; ("relu" | "threshold") ] -> Some ("mcclique", recipe)
  | [ "sat"; "poits"; ("relu" | "threshold") ] -> Some ("sat", after recipe 4)
  | [ "clique"; "twohyp"; ("relu" | "threshold") ] -> Some ("clique", after recipe 7)
  | _ -> None

(* What a source is translated to (formal/checker/Paths.v). *)
let translated line source =
  match source with
  | Cnf (n, cs) -> let n, cs = sat_to_poits n cs in Poits (n, cs)
  | Clique (n, k, es) ->
    let limit = 100_000_000 in
    let too_large () = bad line "there are too many points" in
    if n > 10_000 || k > 10_000 then too_large ();
    let pairs = n * n - 2 * List.length es in
    if 2 * k * (2 * k * (n + 1) + 1 + k * (k - 1) * pairs) > limit then too_large ();
    let qs, ps = clique_to_twohyp n k es in
    Twohyp (2 * k, qs, ps)
  | s -> s

(* The number of coordinates that are built. *)
let limit_points line n d = if n > 100_000_000 / max d 1 then bad line "there are too many points"

(* The numbers of Theorem 7's delta stay below 100,000 digits. *)
let limit_delta line d qs ps =
  let limit = 332_193 in
  let too_large () = bad line "the numbers of the recipe are too large" in
  if d > 25_000 then too_large ();
  let all f start = List.fold_left (List.fold_left f) (List.fold_left (List.fold_left f) start qs) ps in
  let l = all (fun l q -> let l = Z.lcm l (Q.den q) in if Z.numbits l > limit then too_large (); l) Z.one in
  let a = all (fun a q -> Z.max a (Z.abs (Z.divexact (Z.mul l (Q.num q)) (Q.den q)))) Z.one in
  if Z.numbits a * d > limit then too_large ()

(* The modifiers of a recipe. *)
type modifiers = { far_by : int; error : (loss * Q.t) option; pad_to : int }

let unmodified = { far_by = 0; error = None; pad_to = 0 }

let loss_named line = function "l0" -> L0 | "l1" -> L1 | "l2" -> L2 | l -> bad line "the loss %s" (short l)

(* The lines after `from`, and the line after them. *)
let read_modifiers r recipe =
  let mcclique = String.length recipe > 8 && String.sub recipe 0 8 = "mcclique" in
  let m, s = match words r (next r) with
    | [ "far"; t ] ->
      let poits = match split_recipe recipe with Some (("poits" | "sat"), _) -> true | _ -> false in
      if poits || recipe = "mcclique-relu" then bad r.number "this recipe takes no further neurons";
      let t = positive r.number t in
      ({ unmodified with far_by = t }, words r (next r))
    | s -> (unmodified, s) in
  let m, s = match s with
    | [ "error"; l; gamma ] ->
      if mcclique then bad r.number "this recipe has an error of its own";
      let l = loss_named r.number l in
      let gamma = rational r.number gamma in
      if Q.sign gamma < 0 || (l = L0 && not (Z.equal (Q.den gamma) Z.one)) then bad r.number "no such error";
      ({ m with error = Some (l, gamma) }, words r (next r))
    | s -> (m, s) in
  match s with
  | [ "pad"; d ] -> let d = positive r.number d in ({ m with pad_to = d }, words r (next r))
  | s -> (m, s)

(* An instance: activation, width, dimension, loss with gamma, whether copies are listed, how many points at most, and
   the points when they are asked for. *)
type made = {
  act : activation; width : int; dimension : int; loss : (loss * Q.t) option; listed : bool; size : int;
  points : unit -> ((Q.t list * Q.t) * Q.t) list }

(* What a recipe makes of a source. The header's loss is the kind of loss of mcclique. *)
let build line recipe source header =
  let plain act width dimension size points =
    limit_points line size dimension;
    { act; width; dimension; loss = None; listed = false; size; points = (fun () -> once (points ())) } in
  match recipe, source with
  | "poits-relu", Poits (n, cs) ->
    plain ReLU (poits_relu_width n cs) 2 (38 * List.length cs + 33 * n) (fun () -> poits_relu n cs)
  | "poits-threshold", Poits (n, cs) ->
    plain Thr (poits_threshold_width n cs) 2 (38 * List.length cs + 33 * n) (fun () -> poits_threshold n cs)
  | "twohyp-relu", Twohyp (d, qs, ps) ->
    let q = List.length qs and p = List.length ps in
    if q > 0 && p > 0 then limit_delta line d qs ps;
    plain ReLU 4 d (q + p + 2 * q * p) (fun () -> twohyp_relu d qs ps)
  | "twohyp-threshold", Twohyp (d, qs, ps) ->
    plain Thr 2 d (List.length qs + List.length ps) (fun () -> twohyp_threshold qs ps)
  | ("mcclique-relu" | "mcclique-threshold"), Coloured (k, cs, es) ->
    let l = match header with Some (l, _) -> l | None -> bad line "the recipe needs a loss" in
    let counts = Hashtbl.create 100 in
    List.iter (fun c -> Hashtbl.replace counts c (1 + Option.value ~default:0 (Hashtbl.find_opt counts c))) cs;
    let d = 2 * max k 1 in
    let size = Hashtbl.fold (fun _ g s -> s + g * (g - 1) / 2) counts (2 + List.length cs + List.length es) in
    limit_points line (if Hashtbl.length counts < k then 2 else size) d;
    let gamma, points = mcclique l k cs es in
    { act = (if recipe = "mcclique-relu" then ReLU else Thr); width = 1; dimension = d; loss = Some (l, gamma);
      listed = true; size; points = (fun () -> points) }
  | _ -> bad line "the recipe %s does not fit the source" (short recipe)

let modify line m (i : made) =
  let i =
    if m.far_by = 0 then i
    else begin
      let t = m.far_by in
      if t > 1_000_000 then bad line "there are too many neurons";
      let lines = (i.width + 1) * i.dimension + 1 in
      let size = i.size + lines * (if i.act = ReLU then 2 * (t + 1) else t + 1) in
      limit_points line size (i.dimension + 1);
      let copies = match i.loss with
        | None -> Q.one
        | Some (l, gamma) -> Q.mul (Q.of_int (if l = L2 then 2 else 1)) (Q.add gamma Q.one) in
      { i with width = i.width + t; dimension = i.dimension + 1; size;
               points = (fun () -> far (i.act = ReLU) t i.width i.dimension copies (i.points ())) }
    end in
  let i = match m.error with
    | None -> i
    | Some (l, gamma) ->
      { i with loss = Some (l, gamma); listed = true; size = i.size + 2; points = (fun () -> spoil l gamma (i.points ())) } in
  if m.pad_to = 0 then i
  else begin
    if m.pad_to <= i.dimension then bad line "the dimension to reach is not larger";
    limit_points line i.size m.pad_to;
    { i with dimension = m.pad_to; points = (fun () -> pad (m.pad_to - i.dimension) (i.points ())) }
  end

let sign_at o h x = Q.sign (List.fold_left2 (fun s a b -> Q.add s (Q.mul a b)) o h x)

(* The line "solution". *)
let check_solution line source ws =
  match source with
  | Data -> bad line "a solution without a source"
  | Poits (n, cs) ->
    let t = Hashtbl.create 1000 in
    List.iter (fun w ->
        let i = positive line w in
        if i > n || Hashtbl.mem t i then bad line "the variable %d" i;
        Hashtbl.replace t i ()) ws;
    List.iter (fun ((a, b), c) ->
        if List.length (List.filter (Hashtbl.mem t) [ a; b; c ]) <> 1 then bad line "the solution does not satisfy the formula") cs
  | Cnf (n, cs) ->
    let t = Hashtbl.create 1000 in
    List.iter (fun w ->
        let i = positive line w in
        if i > n || Hashtbl.mem t i then bad line "the variable %d" i;
        Hashtbl.replace t i ()) ws;
    List.iter (fun c ->
        if not (List.exists (fun (sign, v) -> Hashtbl.mem t v = sign) c) then bad line "the solution does not satisfy the formula") cs
  | Clique (n, k, es) ->
    let chosen = List.map (positive line) ws in
    if List.compare_length_with chosen k <> 0 then bad line "a clique of %d vertices is asked for" k;
    let edges = Hashtbl.create 1000 in
    List.iter (fun e -> Hashtbl.replace edges e ()) es;
    let rec go = function
      | [] -> ()
      | u :: rest ->
        if u > n then bad line "there is no vertex %d" u;
        List.iter (fun v -> if not (Hashtbl.mem edges (u, v)) then bad line "%d and %d are not adjacent, in order" u v) rest;
        go rest in
    go chosen
  | Coloured (k, cs, es) ->
    let chosen = List.map (positive line) ws in
    if List.compare_length_with chosen k <> 0 then bad line "a vertex for each of %d colours is asked for" k;
    let colours = Array.of_list cs and edges = Hashtbl.create 1000 in
    List.iter (fun e -> Hashtbl.replace edges e ()) es;
    let colour v = if v > Array.length colours then bad line "there is no vertex %d" v else colours.(v - 1) in
    if List.length (List.sort_uniq compare (List.map colour chosen)) <> k then bad line "two vertices have one colour";
    let rec go = function
      | [] -> ()
      | u :: rest ->
        List.iter (fun v -> if not (Hashtbl.mem edges (u, v)) then bad line "%d and %d are not adjacent, in order" u v) rest;
        go rest in
    go chosen
  | Twohyp (d, qs, ps) ->
    let v = List.map (rational line) ws in
    if List.compare_length_with v (2 * d + 2) <> 0 then bad line "a solution has %d numbers" (2 * d + 2);
    let rec take n acc l = if n = 0 then (List.rev acc, l) else match l with x :: l -> take (n - 1) (x :: acc) l | [] -> assert false in
    let plane l = let o, l = take 1 [] l in let h, l = take d [] l in ((List.hd o, h), l) in
    let (o1, h1), v = plane v in
    let (o2, h2), _ = plane v in
    let cell x =
      let a = sign_at o1 h1 x and b = sign_at o2 h2 x in
      if a = 0 || b = 0 then bad line "a hyperplane contains a point";
      (a, b) in
    let cq = List.sort_uniq compare (List.map cell qs) in
    let cp = List.sort_uniq compare (List.map cell ps) in
    if List.exists (fun c -> List.mem c cq) cp then bad line "a cell contains points of both sets"

(* A refutation of the source, up to its line end-source. [last] is what the source is translated to. *)
let check_lrat r source last =
  let check = Lrat.check (fun why -> bad r.number "%s" why) (fun () -> next r) in
  match source, last with
  | Clique (n, k, es), _ -> check (n * k) (clique_start n k es)
  | _, Poits (n, cs) -> check n (poits_start n cs)
  | _, Coloured (k, cs, es) -> check (List.length cs) (mcclique_start k cs es)
  | _ -> bad r.number "a source refutation is not for point sets"

(* The theorem by which the data of a refuted source have no fit (formal/checker/ByTheorem.v, CliquePaper.v, MccliquePaper.v). *)
let theorem_of recipe =
  match recipe with
  | "poits-relu" | "sat-poits-relu" -> "Theorem 1"
  | "poits-threshold" | "sat-poits-threshold" -> "Corollary 8"
  | "clique-twohyp-relu" -> "Theorem 7"
  | "clique-twohyp-threshold" -> "Corollary 10"
  | "mcclique-threshold" -> "Corollary 9"
  | "mcclique-relu" -> "Corollary 9 for ReLU"
  | _ -> invalid_arg recipe
