(* certify-kernel FILE...: checks certificates of format v1 (docs/format/v1.md).

   A certificate is read into the data types of the extracted checker (formal/checker/Check.v), which is asked; every
   verdict on a proof is the checker's. What is trusted in these files: that the text is read as the format says, the
   hashes, and the sizes and names of the recipes. *)

module Integer = Z
module Fraction = Q
open Checker
open Reader
module Z = Integer
module Q = Fraction

exception Out_of_time

(* Section 2: the SHA-256 of the canonical instance. *)
let canonical act sgn loss listed width d points count =
  let hash = Sha256.start () in
  let b = Buffer.create 4096 in
  Printf.bprintf b "certify-instance 1\nactivation %s\nsigns %s\nloss %s\n%swidth %d\ndimension %d\npoints %d\n"
    (match act with ReLU -> "relu" | Thr -> "threshold")
    (match sgn with Free -> "free" | Convex -> "convex" | Concave -> "concave")
    (match loss with
     | None -> "exact"
     | Some (l, gamma) -> (match l with L0 -> "l0 " | L1 -> "l1 " | L2 -> "l2 ") ^ Q.to_string gamma)
    (if listed then "copies listed\n" else "") width d count;
  List.iter (fun ((x, y), c) ->
      List.iter (fun q -> Buffer.add_string b (Q.to_string q); Buffer.add_char b ' ') x;
      Buffer.add_string b (Q.to_string y);
      if listed then begin Buffer.add_char b ' '; Buffer.add_string b (Q.to_string c) end;
      Buffer.add_char b '\n';
      if Buffer.length b > 4000 then begin Sha256.feed hash (Buffer.contents b); Buffer.clear b end) points;
  Sha256.feed hash (Buffer.contents b);
  Sha256.finish hash

let last_apart l = match List.rev l with y :: x -> (List.rev x, y) | [] -> assert false

let rec times i f acc = if i = 0 then List.rev acc else let x = f () in times (i - 1) f (x :: acc)

(* Points with their labels and their numbers of copies, which are 1 where they are not listed. *)
let read_data r n d listed =
  times n (fun () ->
      let v = vector r (next r) in
      let v, c = if listed then last_apart v else (v, Q.one) in
      if not (Z.equal (Q.den c) Z.one) || Q.sign c <= 0 then bad r.number "a number of copies is 1, 2, ...";
      if List.compare_length_with v (d + 1) <> 0 then bad r.number "a point has %d coordinates and a label" d;
      (last_apart v, c)) []

let read_witness r width d =
  times width (fun () ->
      match vector r (next r) with
      | a :: b :: ws when List.compare_length_with ws d = 0 -> { q_a = a; q_b = b; q_w = ws }
      | _ -> bad r.number "a neuron has %d numbers" (d + 2)) []

(* What follows the line "end": the hash of all before, then only provenance. *)
let trailer r digest =
  if raw r <> Some ("sha256 " ^ digest) then bad r.number "the hash of the certificate is not this";
  let rec rest () =
    match raw r with
    | None -> ()
    | Some s ->
      if String.length s < 11 || String.sub s 0 11 <> "provenance " then bad r.number "only provenance may follow the hash";
      rest () in
  rest ()

let check r =
  if raw r <> Some "certify 1" then bad (max r.number 1) "the first line is not certify 1";
  let verdict = value r "verdict" in
  if verdict <> "YES" && verdict <> "NO" then bad r.number "the verdict %s" (short verdict);
  let act = match value r "activation" with "relu" -> ReLU | "threshold" -> Thr | a -> bad r.number "the activation %s" (short a) in
  let sgn = match value r "signs" with "free" -> Free | "convex" -> Convex | "concave" -> Concave | s -> bad r.number "the signs %s" (short s) in
  if act = Thr && sgn <> Free then bad r.number "threshold: always free";
  let loss, s = match words r (next r) with
    | [ "loss"; l; gamma ] ->
      let l = Source.loss_named r.number l in
      let gamma = rational r.number gamma in
      if Q.sign gamma < 0 then bad r.number "gamma is negative";
      (Some (l, gamma), words r (next r))
    | s -> (None, s) in
  let listed = s = [ "copies"; "listed" ] in
  let width = match if listed then words r (next r) else s with
    | [ "width"; w ] -> natural r.number w
    | _ -> bad r.number "expected width and its value" in
  let width_line = r.number in
  let recipe = value r "from" in
  let from_line = r.number in
  let source, base, modifiers = match recipe, Source.split_recipe recipe with
    | "data", _ -> (Source.Data, recipe, Source.unmodified)
    | _, None ->
      (* A recipe that is in the format by now, but not here. *)
      if Filename.check_suffix recipe "-relu" || Filename.check_suffix recipe "-threshold" then
        raise (Incomplete ("unsupported", "the recipe " ^ short recipe ^ " is not built by this checker"));
      bad from_line "the recipe %s" (short recipe)
    | _, Some (kind, base) ->
      let modifiers, s = Source.read_modifiers r recipe in
      let count = match s with [ "source"; c ] -> positive r.number c | _ -> bad r.number "expected source and its value" in
      ((List.assoc kind Source.readers) r count, base, modifiers) in
  let n, d, hash = match words r (next r) with
    | [ "instance"; n; d; h ] -> let n = natural r.number n in (n, positive r.number d, h)
    | _ -> bad r.number "expected instance n d sha256" in
  let instance_line = r.number in
  Source.limit_points instance_line n d;
  let last = Source.translated instance_line source in
  let points =
    if source = Source.Data then read_data r n d listed
    else begin
      let made = Source.modify from_line modifiers (Source.build from_line base last loss) in
      if act <> made.Source.act then bad from_line "the activation is not the recipe's";
      if sgn <> Free then bad from_line "the signs are not the recipe's";
      if width <> made.Source.width then bad width_line "the width is not the recipe's";
      if d <> made.Source.dimension then bad instance_line "the dimension is not the recipe's";
      (match loss, made.Source.loss with
       | None, None -> ()
       | Some (l, g), Some (l', g') when l = l' && Q.equal g g' -> ()
       | _ -> bad from_line "the loss is not the recipe's");
      if listed <> made.Source.listed then bad from_line "copies are not listed as the recipe says";
      made.Source.points ()
    end in
  let labelled () = List.rev (List.rev_map fst points) in
  if List.compare_length_with points n <> 0 then bad instance_line "the recipe gives another number of points";
  if canonical act sgn loss listed width d points n <> hash then bad instance_line "the hash of the instance is not this";
  let finish () = r.sealed <- true; trailer r (Sha256.finish r.hash) in
  let theorem = ref "" in
  if verdict = "YES" then begin
    let w = natural r.number (value r "witness") in
    let witness_line = r.number in
    if w <> width then bad r.number "there must be %d neurons" width;
    let ns = read_witness r width d in
    let s = next r in
    let s = match words r s with
      | "solution" :: ws -> Source.check_solution r.number source ws; next r
      | _ -> s in
    if s <> "end" then bad r.number "expected the end";
    finish ();
    let good = match loss with
      | None -> check_yes act sgn d (labelled ()) width ns
      | Some (l, gamma) -> check_yes_loss act sgn l gamma d points width ns in
    if not good then bad witness_line "the witness does not fit the instance"
  end else begin
    let s = next r in
    let refuted = s = "source-refutation lrat" in
    let s = if refuted then begin Source.check_lrat r source last; next r end else s in
    match s with
    | "refutation theorem" ->
      if not refuted then bad r.number "a refutation by theorem needs a source refutation before it";
      if modifiers.Source.far_by > 0 then bad r.number "the theorem is not about further neurons";
      if next r <> "end" then bad r.number "expected the end";
      finish ();
      theorem := Printf.sprintf " (by %s)" (Source.theorem_of recipe)
    | "refutation none" ->
      if next r <> "end" then bad r.number "expected the end";
      finish ();
      raise (Incomplete ("refutation-none", "it has no refutation"))
    | "refutation lines" ->
      let s = next r in
      let result = match loss with
        | None ->
          let points = labelled () in
          Refutation.check r act width s (check_lines act sgn points width) (start_lines act sgn points width)
        | Some (l, gamma) when s = "forced" ->
          let line = r.number in
          if no_room l gamma then bad line "gamma is that of an exact fit: nothing is forced";
          let s = next r in
          if s = "end" then check_forced act sgn l gamma points width line None
          else Refutation.check r act width s
              (fun p -> check_forced act sgn l gamma points width line (Some p)) (start_forced act sgn l gamma points width line)
        | Some (l, gamma) ->
          Refutation.check r act width s (check_loss act sgn l gamma points width) (start_loss act sgn l gamma points width) in
      (match result with
       | Ok -> finish ()
       | Wrong line -> bad line "the step does not hold")
    | _ -> bad r.number "expected a refutation"
  end;
  (verdict, !theorem)

(* A compressed file is read through gzip. *)
let with_reader path f =
  let fd = Unix.openfile path [ Unix.O_RDONLY; Unix.O_CLOEXEC ] 0 in
  Fun.protect ~finally:(fun () -> Unix.close fd) @@ fun () ->
  let magic = Bytes.create 2 in
  let packed = Unix.read fd magic 0 2 = 2 && Bytes.to_string magic = "\x1f\x8b" in
  ignore (Unix.lseek fd 0 Unix.SEEK_SET);
  if not packed then f (make (Unix.read fd))
  else begin
    let from, into = Unix.pipe ~cloexec:true () in
    let null = Unix.openfile "/dev/null" [ Unix.O_WRONLY; Unix.O_CLOEXEC ] 0 in
    let pid = Unix.create_process "gzip" [| "gzip"; "-dc" |] fd into null in
    Unix.close into;
    Unix.close null;
    let ended = ref false in
    let wait () =
      if not !ended then begin
        ended := true;
        Unix.close from;
        snd (Unix.waitpid [] pid)
      end else Unix.WEXITED 0 in
    Fun.protect ~finally:(fun () -> ignore (wait ())) @@ fun () ->
    let number = ref 0 in
    let read b i n =
      let got = Unix.read from b i n in
      if got = 0 && not !ended && wait () <> Unix.WEXITED 0 then bad (max 1 !number) "the compressed data are damaged";
      got in
    let read b i n = if !ended then 0 else read b i n in
    let r = make read in
    let r = { r with read = (fun b i n -> number := r.number; read b i n) } in
    f r
  end

(* The extracted functions on lists are not tail-recursive: run again with all the stack that the system gives. *)
let mark = "CERTIFY_KERNEL_STACK"
let more_stack () =
  if Sys.getenv_opt mark = None then begin
    Unix.putenv mark "1";
    let script = "ulimit -s unlimited 2>/dev/null || ulimit -s \"$(ulimit -H -s)\" 2>/dev/null; exec \"$0\" \"$@\"" in
    let args = Array.to_list Sys.argv |> List.tl in
    try Unix.execv "/bin/sh" (Array.of_list ([ "sh"; "-c"; script; Sys.executable_name ] @ args)) with Unix.Unix_error _ -> ()
  end

(* A short text, not compressed: the stack will do, and if it does not, [answer] sees to it. *)
let short_text path =
  match Unix.stat path with
  | { Unix.st_kind = Unix.S_REG; st_size; _ } when st_size <= 100_000 ->
    (match open_in_bin path with
     | exception Sys_error _ -> true
     | c -> Fun.protect ~finally:(fun () -> close_in_noerr c) (fun () -> try really_input_string c 2 <> "\x1f\x8b" with End_of_file -> true))
  | _ -> false
  | exception Unix.Unix_error _ -> true

type status = Verified | Rejected | Unfinished | Unreadable

let answer path =
  let rejected line why = Printf.printf "REJECTED %s: line %d: %s\n" path line why; Rejected in
  let unfinished code why = Printf.printf "INCOMPLETE %s: [%s] %s\n" path code why; Unfinished in
  match with_reader path check with
  | verdict, theorem -> Printf.printf "VERIFIED %s %s%s\n" verdict path theorem; Verified
  | exception Bad (line, why) -> rejected line why
  | exception Incomplete (code, why) -> unfinished code why
  | exception ((Stack_overflow | Out_of_memory) as e) ->
    if e = Stack_overflow then more_stack ();
    unfinished "out-of-memory" "the check asks for too much memory"
  | exception Out_of_time -> unfinished "out-of-time" "the limit of time is used up"
  | exception Unix.Unix_error (code, _, _) -> Printf.eprintf "certify-kernel: %s: %s\n" path (Unix.error_message code); Unreadable
  (* A fault of this program: whatever it is, nothing was verified. *)
  | exception e -> rejected 1 ("the checker failed: " ^ Printexc.to_string e)

let usage =
  "usage: certify-kernel [--timeout SECONDS] [--memory MIB] FILE...\n\
   Checks certificates (format v1) with the checker that is proved right in Coq."

let usage_error () = prerr_endline usage; exit 2

let () =
  let rec options timeout memory = function
    | "--help" :: _ -> print_endline usage; exit 0
    | "--timeout" :: v :: rest ->
      (match float_of_string_opt v with Some t when t > 0. -> options t memory rest | _ -> usage_error ())
    | "--memory" :: v :: rest ->
      (match int_of_string_opt v with Some m when m > 0 -> options timeout m rest | _ -> usage_error ())
    | files -> (timeout, memory, files) in
  let timeout, memory, files = options 0. 4096 (List.tl (Array.to_list Sys.argv)) in
  if files = [] then usage_error ();
  (match files with [ file ] when short_text file -> () | _ -> more_stack ());
  Gc.set { (Gc.get ()) with Gc.minor_heap_size = 1_048_576; Gc.space_overhead = 400 };
  ignore (Gc.create_alarm (fun () ->
      if (Gc.quick_stat ()).Gc.heap_words / 131_072 > memory then raise Out_of_memory));
  Sys.set_signal Sys.sigalrm (Sys.Signal_handle (fun _ -> raise Out_of_time));
  Sys.set_signal Sys.sigpipe Sys.Signal_default;
  let rec check_all = function
    | [] -> []
    | path :: rest ->
      let timer value = ignore (Unix.setitimer Unix.ITIMER_REAL { Unix.it_interval = 0.; it_value = value }) in
      timer timeout;
      let status = answer path in
      timer 0.;
      flush stdout;
      if rest <> [] then Gc.compact ();
      status :: check_all rest in
  let statuses = check_all files in
  exit (if List.mem Rejected statuses then 1 else if List.mem Unreadable statuses then 2 else if List.mem Unfinished statuses then 3 else 0)
