(** * Multicoloured cliques: graphs, the data of Corollary 9, and what is counted

    One neuron, a loss l0, l1 or l2, and a target error gamma. The parameters are those of the construction that the
    paper cites; points and proof are this project's own. *)

From Coq Require Import QArith Qminmax PArith List Bool Lia.
From Certify Require Import Semantics Formula.
Import ListNotations.

(** A graph with coloured vertices. The colours are 1, ..., [classes], the vertices 1, ..., n, with their colours in this order;
    an edge (u, v) has u < v. *)
Record coloured_graph := Coloured { classes : nat; colours : list positive; edges : list (positive * positive) }.

(** 1, ..., n *)
Definition first (n : nat) : list positive := map Pos.of_succ_nat (seq 0 n).

(** The pairs of different members of a list without repetitions, each once, in the order of the list. *)
Fixpoint pairs {X} (l : list X) : list (X * X) :=
  match l with [] => [] | a :: l' => map (pair a) l' ++ pairs l' end.

Section Graph.
  Context (G : coloured_graph).

  Definition all_colours : list positive := first (classes G).
  Definition vertices : list positive := first (length (colours G)).
  Definition colour (v : positive) : positive := nth (pred (Pos.to_nat v)) (colours G) 1%positive.
  Definition adjacent (u v : positive) : Prop := In (u, v) (edges G) \/ In (v, u) (edges G).

  (** Every colour and every end of an edge is one of those, and no edge is named twice. *)
  Definition well_formed_coloured : Prop :=
    incl (colours G) all_colours /\ NoDup (edges G) /\
    forall u v, In (u, v) (edges G) -> (u < v)%positive /\ In u vertices /\ In v vertices.

  (** One vertex s c of every colour c, any two of them adjacent. *)
  Definition multicoloured_clique : Prop := exists s : positive -> positive,
    (forall c, In c all_colours -> In (s c) vertices /\ colour (s c) = c) /\
    (forall c c', In c all_colours -> In c' all_colours -> c <> c' -> adjacent (s c) (s c')).

  (** ** The data *)

  (** The vertices of one colour, the edges between two colours, and the number of edges of a solution. *)
  Definition group (c : positive) : list positive := filter (fun v => Pos.eqb (colour v) c) vertices.
  Definition useful : list (positive * positive) := filter (fun e => negb (Pos.eqb (colour (fst e)) (colour (snd e)))) (edges G).
  Definition wanted : nat := Nat.div (classes G * (classes G - 1)) 2.

  (** There is a colour without a vertex, or there are too few edges: the graph has no solution. *)
  Definition lacking : bool :=
    existsb (fun c => match group c with [] => true | _ => false end) all_colours || Nat.ltb (length useful) wanted.

  Open Scope Q_scope.

  (** The number of smaller vertices of the same colour, and the size of the largest colour. *)
  Definition rank (v : positive) : nat :=
    count_occ Pos.eq_dec (firstn (pred (Pos.to_nat v)) (colours G)) (colour v).
  Definition most : nat := list_max (map (fun v => S (rank v)) vertices).

  (** The unit vector of a vertex in the plane, and in the two coordinates of its colour. *)
  Definition parameter (v : positive) : Q := qn (rank v) / qn most.
  Definition ux (v : positive) : Q := (1 - parameter v * parameter v) / (1 + parameter v * parameter v).
  Definition uy (v : positive) : Q := 2 * parameter v / (1 + parameter v * parameter v).
  Definition plane (v : positive) : nat := pred (Pos.to_nat (colour v)).
  Definition vector (v : positive) : list Q :=
    repeat 0 (2 * plane v) ++ [ux v; uy v] ++ repeat 0 (2 * (classes G - 1 - plane v)).

  Definition scaled (a : Q) (x : list Q) : list Q := map (Qmult a) x.
  Fixpoint added (x y : list Q) : list Q :=
    match x, y with a :: x', b :: y' => a + b :: added x' y' | _, _ => [] end.

  (** The pairs of vertices of one colour, colour by colour; the largest product of their unit vectors (0 if there are
      none); r is half-way between 1/2 and 2 / (3 + this product). *)
  Definition twos : list (positive * positive) := flat_map (fun c => pairs (group c)) all_colours.
  Definition product (u v : positive) : Q := ux u * ux v + uy u * uy v.
  Definition closest : Q := fold_left (fun a p => Qmax a (product (fst p) (snd p))) twos 0.
  Definition reach : Q := ((1 # 2) + 2 / (3 + closest)) / 2.

  Definition origin : list Q := repeat 0 (2 * Nat.max (classes G) 1).

  (** The points of label 0 and those of label 1. *)
  Definition quiet_points : list (list Q) :=
    origin :: map (fun v => scaled (1 / reach) (vector v)) vertices
    ++ map (fun p => scaled (1 / (2 * (1 - reach))) (added (vector (fst p)) (vector (snd p)))) twos.
  Definition edge_point (e : positive * positive) : list Q := added (vector (fst e)) (vector (snd e)).

  (** The target error. *)
  Definition excess : Q := qn (length useful - wanted).
  Definition mcclique_gamma : Q := if lacking || Nat.leb (classes G) 1 then 0 else excess.

  (** How often a point of label 0 counts. *)
  Definition copies (l : loss) : Q :=
    match l with
    | L0 => excess + 1
    | L1 => excess * qn (length useful) + 1
    | L2 => excess * (qn (2 * length useful) * qn (2 * length useful)) + 1
    end.

  Definition mcclique_data (l : loss) : weighted_data :=
    if lacking then [(origin, 0, 1); (origin, 1, 1)]
    else if Nat.leb (classes G) 1 then [(origin, 0, 1)]
    else map (fun x => (x, 0, copies l)) quiet_points ++ map (fun e => (edge_point e, 1, 1)) useful.
End Graph.

(** ** Lists *)

Lemma in_first n p : In p (first n) <-> (Pos.to_nat p <= n)%nat.
Proof.
  unfold first. rewrite in_map_iff. split.
  - intros (i & <- & H). apply in_seq in H. rewrite SuccNat2Pos.id_succ. lia.
  - intros H. exists (pred (Pos.to_nat p)). rewrite in_seq. pose proof (Pos2Nat.is_pos p). split; [|lia].
    apply Pos2Nat.inj. rewrite SuccNat2Pos.id_succ. lia.
Qed.

Lemma first_nodup n : NoDup (first n).
Proof.
  unfold first. apply FinFun.Injective_map_NoDup; [|apply seq_NoDup]. intros i j H. apply SuccNat2Pos.inj, H.
Qed.

Lemma first_length n : length (first n) = n.
Proof. unfold first. rewrite map_length. apply seq_length. Qed.

Lemma nodup_map {X Y} (f : X -> Y) l : NoDup l -> (forall x y, In x l -> In y l -> f x = f y -> x = y) -> NoDup (map f l).
Proof.
  induction 1 as [|x l N H IH]; simpl; intros E; constructor.
  - intros Hin. apply in_map_iff in Hin as (y & Ey & Hy). apply N. rewrite (E x y); auto.
  - apply IH. intros y z Hy Hz. apply E; auto.
Qed.

Lemma in_pairs {X} (l : list X) a b : In (a, b) (pairs l) -> In a l /\ In b l.
Proof.
  induction l as [|x l IH]; simpl; [tauto|]. rewrite in_app_iff, in_map_iff.
  intros [(y & E & H)|H]; [injection E as <- <-; auto|tauto].
Qed.

Lemma pairs_different {X} (l : list X) a b : NoDup l -> In (a, b) (pairs l) -> a <> b.
Proof.
  induction 1 as [|x l N H IH]; simpl; [tauto|]. rewrite in_app_iff, in_map_iff.
  intros [(y & E & Hy)|Hp]; [injection E as <- <-; congruence|tauto].
Qed.

Lemma pairs_all {X} (l : list X) a b : In a l -> In b l -> a <> b -> In (a, b) (pairs l) \/ In (b, a) (pairs l).
Proof.
  induction l as [|x l IH]; simpl; [tauto|]. intros [->|Ha] [->|Hb] D; try congruence; rewrite !in_app_iff, !in_map_iff.
  - left. left. eauto.
  - right. left. eauto.
  - destruct (IH Ha Hb D); auto.
Qed.

Lemma pairs_one_way {X} (l : list X) a b : NoDup l -> In (a, b) (pairs l) -> ~ In (b, a) (pairs l).
Proof.
  induction 1 as [|x l N H IH]; simpl; [tauto|]. rewrite !in_app_iff, !in_map_iff.
  intros [(y & E & Hy)|Hp] [(z & E' & Hz)|Hq].
  - injection E as <- <-. injection E' as <- <-. contradiction.
  - injection E as <- <-. apply in_pairs in Hq. tauto.
  - injection E' as <- <-. apply in_pairs in Hp. tauto.
  - tauto.
Qed.

Lemma pairs_nodup {X} (l : list X) : NoDup l -> NoDup (pairs l).
Proof.
  induction 1 as [|x l N H IH]; simpl; [constructor|].
  assert (M : NoDup (map (pair x) l)) by (apply nodup_map; [exact H|intros y z _ _ E; congruence]).
  assert (D : forall p, In p (map (pair x) l) -> ~ In p (pairs l)).
  { intros p Hp Hq. apply in_map_iff in Hp as (y & <- & _). apply in_pairs in Hq. tauto. }
  revert M D IH. generalize (map (pair x) l) (pairs l). clear. induction l as [|p l IHl]; simpl; intros k M D K; [exact K|].
  inversion M as [|? ? Np M']. constructor.
  - rewrite in_app_iff. intros [Hp|Hp]; [contradiction|]. exact (D p (or_introl eq_refl) Hp).
  - apply IHl; auto.
Qed.

Lemma pairs_length {X} (l : list X) : length (pairs l) = Nat.div (length l * (length l - 1)) 2.
Proof.
  assert (E : (2 * length (pairs l) = length l * (length l - 1))%nat).
  { induction l as [|x l IH]; [reflexivity|]. cbn [pairs length]. rewrite app_length, map_length.
    destruct l as [|y l]; [reflexivity|]. cbn [length] in *. nia. }
  rewrite <- E, Nat.mul_comm. symmetry. apply Nat.div_mul. discriminate.
Qed.

Lemma pair_dec (p q : positive * positive) : {p = q} + {p <> q}.
Proof. decide equality; apply Pos.eq_dec. Qed.

(** ** What is counted *)

Section Counting.
  Context (G : coloured_graph) (W : well_formed_coloured G).

  Lemma wanted_pairs : length (pairs (all_colours G)) = wanted G.
  Proof. rewrite pairs_length. unfold all_colours. rewrite first_length. reflexivity. Qed.

  Lemma in_group c v : In v (group G c) <-> In v (vertices G) /\ colour G v = c.
  Proof. unfold group. rewrite filter_In, Pos.eqb_eq. tauto. Qed.

  Lemma vertex_colour v : In v (vertices G) -> In (colour G v) (all_colours G).
  Proof.
    intros H. destruct W as (C & _). apply C. unfold colour. apply nth_In. apply in_first in H.
    pose proof (Pos2Nat.is_pos v). lia.
  Qed.

  Lemma in_useful u v : In (u, v) (useful G) <-> In (u, v) (edges G) /\ colour G u <> colour G v.
  Proof. unfold useful. rewrite filter_In, negb_true_iff, Pos.eqb_neq. tauto. Qed.

  Lemma useful_nodup : NoDup (useful G).
  Proof. apply NoDup_filter. apply W. Qed.

  (** [C] edges between vertices of which there is one of each colour at most are those of a clique. *)
  Theorem clique_of_edges (heavy : positive -> bool) (L : list (positive * positive)) :
    (2 <= classes G)%nat -> NoDup L -> incl L (useful G) ->
    (forall u v, In (u, v) L -> heavy u = true /\ heavy v = true) ->
    (forall u v, In u (vertices G) -> In v (vertices G) -> heavy u = true -> heavy v = true -> colour G u = colour G v -> u = v) ->
    (wanted G <= length L)%nat -> multicoloured_clique G.
  Proof.
    intros HK NL IL HL HU Hlen.
    set (s := fun c => hd 1%positive (filter heavy (group G c))).
    assert (S : forall v, In v (vertices G) -> heavy v = true -> s (colour G v) = v).
    { intros v Hv Hh. unfold s. assert (Hin : In v (filter heavy (group G (colour G v)))) by (apply filter_In; rewrite in_group; auto).
      destruct (filter heavy (group G (colour G v))) as [|u l] eqn:E; [destruct Hin|]. cbn [hd].
      assert (Hu : In u (filter heavy (group G (colour G v)))) by (rewrite E; left; reflexivity).
      apply filter_In in Hu as [Hu Hhu]. apply in_group in Hu as [Hu1 Hu2]. apply HU; auto. }
    set (P := pairs (all_colours G)).
    assert (NP : NoDup P) by (apply pairs_nodup, first_nodup).
    set (f := fun e : positive * positive => let p := (colour G (fst e), colour G (snd e)) in
                if in_dec pair_dec p P then p else (snd p, fst p)).
    assert (LE : forall u v, In (u, v) L -> (u < v)%positive /\ In u (vertices G) /\ In v (vertices G) /\
              colour G u <> colour G v /\ s (colour G u) = u /\ s (colour G v) = v /\ In (u, v) (edges G)).
    { intros u v H. pose proof (IL _ H) as U. apply in_useful in U as [U1 U2]. destruct W as (_ & _ & E).
      destruct (E u v U1) as (E1 & E2 & E3). destruct (HL u v H) as [H1 H2]. auto 10. }
    assert (Fin : forall e, In e L -> In (f e) P).
    { intros [u v] H. destruct (LE u v H) as (_ & Hu & Hv & D & _). unfold f. cbn [fst snd].
      destruct (in_dec pair_dec (colour G u, colour G v) P) as [Y|N]; [exact Y|].
      destruct (pairs_all (all_colours G) (colour G u) (colour G v)); try (apply vertex_colour; assumption); try assumption.
      contradiction. }
    assert (Finj : forall e e', In e L -> In e' L -> f e = f e' -> e = e').
    { intros [u v] [u' v'] H H' E. destruct (LE u v H) as (O & _ & _ & _ & S1 & S2 & _).
      destruct (LE u' v' H') as (O' & _ & _ & _ & S1' & S2' & _).
      assert (X : (colour G u = colour G u' /\ colour G v = colour G v') \/ (colour G u = colour G v' /\ colour G v = colour G u')).
      { unfold f in E. cbn [fst snd] in E.
        destruct (in_dec pair_dec (colour G u, colour G v) P), (in_dec pair_dec (colour G u', colour G v') P); injection E as E1 E2; auto. }
      destruct X as [[E1 E2]|[E1 E2]]; rewrite E1 in S1; rewrite E2 in S2.
      - congruence.
      - assert (u = v') by congruence. assert (v = u') by congruence. subst. lia. }
    assert (All : incl P (map f L)).
    { apply NoDup_length_incl.
      - apply nodup_map; assumption.
      - rewrite map_length. unfold P. rewrite wanted_pairs. exact Hlen.
      - intros p Hp. apply in_map_iff in Hp as (e & <- & He). auto. }
    assert (Adj : forall c c', In c (all_colours G) -> In c' (all_colours G) -> c <> c' ->
              adjacent G (s c) (s c') /\ In (s c) (vertices G) /\ colour G (s c) = c).
    { intros c c' Hc Hc' D.
      assert (X : exists u v, In (u, v) L /\ ((colour G u = c /\ colour G v = c') \/ (colour G u = c' /\ colour G v = c))).
      { destruct (pairs_all (all_colours G) c c' Hc Hc' D) as [Hp|Hp]; apply All, in_map_iff in Hp as ((u & v) & E & Hin);
          exists u, v; (split; [exact Hin|]); unfold f in E; cbn [fst snd] in E;
          destruct (in_dec pair_dec (colour G u, colour G v) P); injection E as <- <-; auto. }
      destruct X as (u & v & Hin & X). destruct (LE u v Hin) as (_ & Vu & Vv & _ & S1 & S2 & E).
      destruct X as [[<- <-]|[<- <-]]; rewrite S1, S2; unfold adjacent; auto. }
    exists s. split.
    - intros c Hc.
      assert (X : exists c', In c' (all_colours G) /\ c <> c').
      { destruct (Pos.eq_dec c 1) as [->|N]; [exists 2%positive|exists 1%positive]; (split; [|congruence]);
          apply in_first; [change (Pos.to_nat 2) with 2%nat|change (Pos.to_nat 1) with 1%nat]; lia. }
      destruct X as (c' & Hc' & D). apply (Adj c c' Hc Hc' D).
    - intros c c' Hc Hc' D. apply (Adj c c' Hc Hc' D).
  Qed.

  (** The edges of a clique: there are C of them, and they are useful. *)
  Theorem edges_of_clique s :
    (forall c, In c (all_colours G) -> In (s c) (vertices G) /\ colour G (s c) = c) ->
    (forall c c', In c (all_colours G) -> In c' (all_colours G) -> c <> c' -> adjacent G (s c) (s c')) ->
    exists L, NoDup L /\ incl L (useful G) /\ length L = wanted G /\
      forall u v, In (u, v) L -> u = s (colour G u) /\ v = s (colour G v).
  Proof.
    intros HV HA. set (f := fun p : positive * positive =>
      if in_dec pair_dec (s (fst p), s (snd p)) (edges G) then (s (fst p), s (snd p)) else (s (snd p), s (fst p))).
    assert (NP : NoDup (pairs (all_colours G))) by (apply pairs_nodup, first_nodup).
    assert (In2 : forall c c', In (c, c') (pairs (all_colours G)) ->
              In c (all_colours G) /\ In c' (all_colours G) /\ c <> c' /\ colour G (s c) = c /\ colour G (s c') = c' /\ In (f (c, c')) (edges G)).
    { intros c c' H. pose proof (pairs_different _ c c' (first_nodup _) H) as D. apply in_pairs in H as [H1 H2].
      split; [exact H1|]. split; [exact H2|]. split; [exact D|]. split; [apply HV, H1|]. split; [apply HV, H2|].
      unfold f. cbn [fst snd]. destruct (in_dec pair_dec (s c, s c') (edges G)); [assumption|].
      destruct (HA c c' H1 H2 D); [contradiction|assumption]. }
    exists (map f (pairs (all_colours G))). split; [|split; [|split]].
    - apply nodup_map; [exact NP|]. intros (a, b) (a', b') H H' E.
      destruct (In2 a b H) as (_ & _ & _ & C1 & C2 & _). destruct (In2 a' b' H') as (_ & _ & _ & C1' & C2' & _).
      assert (X : (s a = s a' /\ s b = s b') \/ (s a = s b' /\ s b = s a')).
      { unfold f in E. cbn [fst snd] in E.
        destruct (in_dec pair_dec (s a, s b) (edges G)), (in_dec pair_dec (s a', s b') (edges G)); injection E as E1 E2; auto. }
      destruct X as [[E1 E2]|[E1 E2]]; [congruence|].
      assert (a = b') by congruence. assert (b = a') by congruence. subst.
      exfalso. exact (pairs_one_way _ _ _ (first_nodup _) H H').
    - intros (u, v) H. apply in_map_iff in H as ((c, c') & E & H). destruct (In2 c c' H) as (_ & _ & D & C1 & C2 & Hin).
      rewrite E in Hin. apply in_useful. split; [exact Hin|]. unfold f in E. cbn [fst snd] in E.
      destruct (in_dec pair_dec (s c, s c') (edges G)); injection E as <- <-; congruence.
    - rewrite map_length. apply wanted_pairs.
    - intros u v H. apply in_map_iff in H as ((c, c') & E & H). destruct (In2 c c' H) as (_ & _ & D & C1 & C2 & Hin).
      unfold f in E. cbn [fst snd] in E.
      destruct (in_dec pair_dec (s c, s c') (edges G)); injection E as <- <-; rewrite C1, C2; auto.
  Qed.

  (** What has a solution does not lack anything. *)
  Lemma clique_not_lacking : multicoloured_clique G -> lacking G = false.
  Proof.
    intros (s & HV & HA). unfold lacking. apply orb_false_iff. split.
    - destruct (existsb _ _) eqn:E; [|reflexivity]. apply existsb_exists in E as (c & Hc & E).
      destruct (HV c Hc) as [H1 H2]. assert (Hin : In (s c) (group G c)) by (apply in_group; auto).
      destruct (group G c); [destruct Hin|discriminate].
    - destruct (edges_of_clique s HV HA) as (L & N & I & E & _). pose proof (NoDup_incl_length N I).
      apply PeanoNat.Nat.ltb_ge. lia.
  Qed.

  (** With one colour at most, a vertex of each is a solution. *)
  Lemma few_colours : lacking G = false -> (classes G <= 1)%nat -> multicoloured_clique G.
  Proof.
    intros H HK. unfold lacking in H. apply orb_false_iff in H as [H _].
    exists (fun c => hd 1%positive (group G c)). split.
    - intros c Hc. assert (N : In (hd 1%positive (group G c)) (group G c)).
      { destruct (group G c) eqn:E; [|left; reflexivity]. exfalso. rewrite <- not_true_iff_false in H. apply H.
        apply existsb_exists. exists c. rewrite E. auto. }
      apply in_group in N. exact N.
    - intros c c' Hc Hc' D. apply in_first in Hc, Hc'. exfalso. apply D. pose proof (Pos2Nat.is_pos c). pose proof (Pos2Nat.is_pos c'). lia.
  Qed.
End Counting.
