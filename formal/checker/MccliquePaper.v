(** * Multicoloured cliques: what is shown of the data is shown of the graph, and no-certificates by theorem

    [Wrappers.mcclique] builds the data of Corollary 9, with numbers in lowest terms. A refutation of the clause set that
    says "there is a clique with one vertex of every colour" and Corollary 9 together: one neuron does not come down to
    gamma. *)

From Coq Require Import Reals QArith Qreals Qminmax ZArith PArith List Bool Lia Sorted.
From Certify Require Semantics Formula Multicolour OneNeuron Padding Main.
From CertifyChecker Require Import Trie Lrat.
From CertifyChecker Require Model Check CheckerMain Forced Recipes RecipesPaper Paths Wrappers WrappersPaper.
Import ListNotations.
Import Semantics Multicolour.
Import RecipesPaper(qadd_eq, qsub_eq, qmul_eq, qdiv_eq).
Open Scope Q_scope.

(** ** Data that are the same, number by number *)

Definition same_points (x y : list Q) : Prop := Forall2 Qeq x y.
Definition same_weighted (D D' : weighted_data) : Prop :=
  Forall2 (fun p q => same_points (fst (fst p)) (fst (fst q)) /\ snd (fst p) == snd (fst q) /\ snd p == snd q) D D'.

Lemma same_real x y : same_points x y -> map Q2R x = map Q2R y.
Proof. induction 1 as [|a b x y E _ IH]; simpl; [reflexivity|]. rewrite IH, (Qeq_eqR _ _ E). reflexivity. Qed.

Lemma same_total act l N D D' : same_weighted D D' -> total_loss act l N D = total_loss act l N D'.
Proof.
  induction 1 as [|((x, y), c) ((x', y'), c') D D' (E1 & E2 & E3) _ IH]; [reflexivity|]. cbn [fst snd] in *.
  unfold total_loss in *. cbn [sum]. rewrite IH, (same_real _ _ E1), (Qeq_eqR _ _ E2), (Qeq_eqR _ _ E3). reflexivity.
Qed.

Lemma same_refl x : same_points x x.
Proof. induction x; constructor; auto. reflexivity. Qed.

Lemma same_scale a b x y : a == b -> same_points x y -> same_points (Wrappers.vscale a x) (scaled b y).
Proof.
  intros E. induction 1 as [|c d x y H _ IH]; constructor; [|exact IH]. rewrite qmul_eq, E, H. reflexivity.
Qed.

Lemma same_add x x' : same_points x x' -> forall y y', same_points y y' -> same_points (Wrappers.vadd x y) (added x' y').
Proof.
  induction 1 as [|a b x x' E _ IH]; intros y y' H; simpl; [constructor|]. destruct H as [|c d y y' E' H]; constructor.
  - rewrite qadd_eq, E, E'. reflexivity.
  - exact (IH y y' H).
Qed.

Lemma fold_qmax {X} (f g : X -> Q) l : (forall x, In x l -> f x == g x) -> forall a b, a == b ->
  fold_left (fun m x => Recipes.qmax m (f x)) l a == fold_left (fun m x => Qmax m (g x)) l b.
Proof.
  induction l as [|x l IH]; intros H a b E; [exact E|]. cbn [fold_left]. apply IH; [intros; apply H; right; assumption|].
  specialize (H x (or_introl eq_refl)). rewrite <- E, <- H. unfold Recipes.qmax, qlt.
  destruct (Qle_bool (f x) a) eqn:L; cbn [negb].
  - apply Qle_bool_iff in L. symmetry. apply Q.max_l, L.
  - symmetry. apply Q.max_r. apply Qlt_le_weak, Qnot_le_lt. intros L'. apply Qle_bool_iff in L'. congruence.
Qed.

(** ** Lists *)

Lemma filter_map {X Y} (f : X -> Y) (P : Y -> bool) l : filter P (map f l) = map f (filter (fun x => P (f x)) l).
Proof. induction l as [|x l IH]; simpl; [reflexivity|]. destruct (P (f x)); simpl; congruence. Qed.

Lemma pairs_map {X Y} (f : X -> Y) l : Wrappers.pairs (map f l) = map (fun p => (f (fst p), f (snd p))) (pairs l).
Proof.
  induction l as [|x l IH]; simpl; [reflexivity|]. rewrite IH, map_app, !map_map. reflexivity.
Qed.

Lemma flat_map_map_out {X Y Z} (f : X -> list Y) (g : Y -> Z) l : flat_map (fun x => map g (f x)) l = map g (flat_map f l).
Proof. induction l as [|x l IH]; simpl; [reflexivity|]. rewrite IH, map_app. reflexivity. Qed.

Lemma fold_left_map {X Y Z} (f : Z -> Y -> Z) (g : X -> Y) l : forall a, fold_left f (map g l) a = fold_left (fun z x => f z (g x)) l a.
Proof. induction l as [|x l IH]; intros a; simpl; [reflexivity|]. apply IH. Qed.

Lemma fold_left_max {X} (f : X -> nat) l : forall a, fold_left (fun m x => Nat.max m (f x)) l a = Nat.max a (list_max (map f l)).
Proof. induction l as [|x l IH]; intros a; simpl; [lia|]. rewrite IH. lia. Qed.

Lemma forall2_map {X Y Z} (R : Y -> Z -> Prop) (f : X -> Y) (g : X -> Z) l : (forall x, In x l -> R (f x) (g x)) -> Forall2 R (map f l) (map g l).
Proof. induction l as [|x l IH]; simpl; intros H; constructor; auto. Qed.

(** ** The instance that is built *)

Section Built.
  Context (k : nat) (cs : list positive) (es : list (positive * positive)).
  Let G := Coloured k cs es.
  Context (W : well_formed_coloured G).

  (** A vertex as the program names it: its colour, its rank. *)
  Let place (v : positive) : positive * nat := (colour G v, rank G v).

  Lemma in_colours_eq : forall rest before seen,
    (forall c, match get c seen with Some i => i | None => O end = count_occ Pos.eq_dec before c) ->
    Wrappers.in_colours seen rest =
    map (fun i => (nth i rest 1%positive, count_occ Pos.eq_dec (before ++ firstn i rest) (nth i rest 1%positive))) (seq 0 (length rest)).
  Proof.
    induction rest as [|c rest IH]; intros before seen H; [reflexivity|].
    cbn [Wrappers.in_colours length seq map nth firstn]. rewrite app_nil_r, H. f_equal.
    rewrite (IH (before ++ [c])).
    - rewrite <- seq_shift, map_map. apply map_ext. intros i. cbn [nth firstn]. rewrite <- app_assoc. reflexivity.
    - intros d. rewrite get_set, count_occ_app. cbn [count_occ]. destruct (Pos.eqb_spec d c) as [->|N].
      + destruct (Pos.eq_dec c c); [lia|congruence].
      + destruct (Pos.eq_dec c d); [congruence|]. rewrite H. lia.
  Qed.

  Lemma places_eq : Wrappers.in_colours Leaf cs = map place (vertices G).
  Proof.
    rewrite (in_colours_eq cs [] Leaf) by reflexivity. unfold vertices, first. rewrite map_map. apply map_ext. intros i.
    unfold place, rank, colour. rewrite SuccNat2Pos.id_succ. reflexivity.
  Qed.

  Lemma at_vertex_eq v : In v (vertices G) -> get v (number 1 (map place (vertices G)) Leaf) = Some (place v).
  Proof.
    intros H. apply in_first in H. cbn [colours G] in H. pose proof (Pos2Nat.is_pos v) as P.
    rewrite <- (Forced.number_nth (map place (vertices G)) 1 Leaf (pred (Pos.to_nat v)) (place v)).
    - f_equal. change (Pos.to_nat 1) with 1%nat. apply Pos2Nat.inj. rewrite Nat2Pos.id; lia.
    - apply map_nth_error. unfold vertices, first. cbn [colours G].
      rewrite (map_nth_error Pos.of_succ_nat (pred (Pos.to_nat v)) (seq 0 (length cs)) (d := pred (Pos.to_nat v))).
      + f_equal. apply Pos2Nat.inj. rewrite SuccNat2Pos.id_succ. lia.
      + rewrite (nth_error_nth' _ 0%nat) by (rewrite seq_length; lia). rewrite seq_nth by lia. reflexivity.
  Qed.

  Lemma used_eq c : match get c (fold_left (fun t c => set c tt t) cs Leaf) with Some _ => true | None => false end =
    negb (match group G c with [] => true | _ => false end).
  Proof.
    assert (U : forall l t, match get c (fold_left (fun t c => set c tt t) l t) with Some _ => true | None => false end =
                (existsb (Pos.eqb c) l || match get c t with Some _ => true | None => false end)%bool).
    { induction l as [|d l IH]; intros t; simpl; [reflexivity|]. rewrite IH, get_set. destruct (Pos.eqb c d); simpl; [rewrite orb_true_r; reflexivity|reflexivity]. }
    rewrite U, orb_false_r. apply eq_true_iff_eq. rewrite existsb_exists. split.
    - intros (d & Hd & E). apply Pos.eqb_eq in E. subst d. apply (In_nth _ _ 1%positive) in Hd as (i & Hi & E).
      assert (Hin : In (Pos.of_succ_nat i) (group G c)).
      { apply in_group. split; [apply in_first; rewrite SuccNat2Pos.id_succ; exact Hi|]. unfold colour. rewrite SuccNat2Pos.id_succ. exact E. }
      destruct (group G c); [destruct Hin|reflexivity].
    - intros H. destruct (group G c) as [|v l] eqn:E; [discriminate|].
      assert (Hin : In v (group G c)) by (rewrite E; left; reflexivity). apply in_group in Hin as [Hv <-].
      exists (colour G v). split; [|apply Pos.eqb_refl]. unfold colour. apply nth_In. apply in_first in Hv. pose proof (Pos2Nat.is_pos v).
      cbn [colours G] in *. lia.
  Qed.

  Lemma circle_eq v : In v (vertices G) ->
    let p := Wrappers.on_circle (fold_left (fun a p => Nat.max a (S (snd p))) (map place (vertices G)) O) (snd (place v)) in
    fst p == ux G v /\ snd p == uy G v.
  Proof.
    intros Hv. cbv zeta. rewrite fold_left_map, (fold_left_max (fun v => S (rank G v))), Nat.max_0_l.
    fold (most G). unfold Wrappers.on_circle, ux, uy, parameter. cbn [fst snd]. change Formula.qn with Recipes.qn.
    split; do 4 rewrite ?qdiv_eq, ?qsub_eq, ?qadd_eq, ?qmul_eq; reflexivity.
  Qed.

  Lemma vec_eq v : In v (vertices G) ->
    same_points (Paths.in_plane k (pred (Pos.to_nat (fst (place v))))
      (Wrappers.on_circle (fold_left (fun a p => Nat.max a (S (snd p))) (map place (vertices G)) O) (snd (place v)))) (vector G v).
  Proof.
    intros Hv. destruct (circle_eq v Hv) as [E1 E2]. unfold Paths.in_plane, vector, Paths.zeros, plane. cbn [fst place classes G].
    apply Forall2_app; [apply same_refl|]. constructor; [exact E1|]. constructor; [exact E2|apply same_refl].
  Qed.

  Theorem mcclique_same (l : loss) :
    fst (Wrappers.mcclique l k cs es) == mcclique_gamma G /\ same_weighted (snd (Wrappers.mcclique l k cs es)) (mcclique_data G l).
  Proof.
    unfold Wrappers.mcclique. cbv zeta. rewrite places_eq.
    assert (EU : filter (fun e => negb (Pos.eqb
        match get (fst e) (number 1 (map place (vertices G)) Leaf) with Some (c, _) => c | None => 1%positive end
        match get (snd e) (number 1 (map place (vertices G)) Leaf) with Some (c, _) => c | None => 1%positive end)) es = useful G).
    { unfold useful. cbn [edges G]. apply filter_ext_in. intros (u, v) H. destruct W as (_ & _ & E). destruct (E u v H) as (_ & Hu & Hv).
      cbn [fst snd]. rewrite !at_vertex_eq by assumption. reflexivity. }
    rewrite EU. clear EU.
    assert (EL : (negb (forallb (fun c => match get c (fold_left (fun t c => set c tt t) cs Leaf) with Some _ => true | None => false end)
        (map Pos.of_succ_nat (seq 0 k))) || Nat.ltb (length (useful G)) (Nat.div (k * (k - 1)) 2))%bool = lacking G).
    { unfold lacking, wanted. cbn [classes G]. f_equal. unfold all_colours, first. cbn [classes G].
      induction (map Pos.of_succ_nat (seq 0 k)) as [|c l' IH]; [reflexivity|]. cbn [forallb existsb]. rewrite used_eq, <- IH.
      destruct (match group G c with [] => true | _ => false end); reflexivity. }
    rewrite EL. clear EL. unfold mcclique_data, mcclique_gamma, origin, Paths.zeros. cbn [classes G].
    destruct (lacking G); [|destruct (Nat.leb k 1)]; cbn [orb fst snd].
    { split; [reflexivity|]. constructor; [|constructor; [|constructor]]; cbn [fst snd]; repeat split; try reflexivity; apply same_refl. }
    { split; [reflexivity|]. constructor; [|constructor]; cbn [fst snd]; repeat split; try reflexivity; apply same_refl. }
    split; [reflexivity|].
    set (circle := fun p : positive * nat => Wrappers.on_circle (fold_left (fun a p => Nat.max a (S (snd p))) (map place (vertices G)) O) (snd p)).
    set (vec := fun p : positive * nat => Paths.in_plane k (pred (Pos.to_nat (fst p))) (circle p)).
    assert (ET : flat_map (fun c => Wrappers.pairs (filter (fun p : positive * nat => Pos.eqb (fst p) c) (map place (vertices G)))) (map Pos.of_succ_nat (seq 0 k))
                 = map (fun p => (place (fst p), place (snd p))) (twos G)).
    { unfold twos, all_colours, first. cbn [classes G]. rewrite <- flat_map_map_out. apply RecipesPaper.flat_map_ext_in. intros c _.
      rewrite filter_map, pairs_map. reflexivity. }
    rewrite ET. clear ET.
    assert (EC : fold_left (fun a pq => Recipes.qmax a (qadd (qmul (fst (circle (fst pq))) (fst (circle (snd pq)))) (qmul (snd (circle (fst pq))) (snd (circle (snd pq))))))
                   (map (fun p => (place (fst p), place (snd p))) (twos G)) 0 == closest G).
    { rewrite fold_left_map. unfold closest. apply (fold_qmax _ (fun p => product G (fst p) (snd p))); [|reflexivity].
      intros (u, v) Hp. apply OneNeuron.twos_vertices in Hp as (Hu & Hv & _). cbn [fst snd].
      destruct (circle_eq u Hu) as [U1 U2]. destruct (circle_eq v Hv) as [V1 V2].
      fold (circle (place u)) in U1, U2. fold (circle (place v)) in V1, V2.
      rewrite qadd_eq, !qmul_eq, U1, U2, V1, V2. reflexivity. }
    set (close := fold_left _ _ 0) in EC |- *.
    set (r := Paths.half (qadd (Recipes.qf 1 2) (qdiv (Recipes.qf 2 1) (qadd (Recipes.qf 3 1) close)))).
    assert (ER : r == reach G).
    { unfold r, Paths.half, reach. rewrite qdiv_eq, qadd_eq, qdiv_eq, qadd_eq, EC. unfold Recipes.qf. rewrite !Qred_correct. reflexivity. }
    clearbody r. clear close EC.
    assert (EM : (match l with
                  | L0 => qadd (Recipes.qn (length (useful G) - Nat.div (k * (k - 1)) 2)) 1
                  | L1 => qadd (qmul (Recipes.qn (length (useful G) - Nat.div (k * (k - 1)) 2)) (Recipes.qn (length (useful G)))) 1
                  | L2 => qadd (qmul (Recipes.qn (length (useful G) - Nat.div (k * (k - 1)) 2))
                                 (qmul (Recipes.qn (2 * length (useful G))) (Recipes.qn (2 * length (useful G))))) 1
                  end) == copies G l).
    { unfold copies, excess, wanted. cbn [classes G]. change Formula.qn with Recipes.qn.
      destruct l; rewrite ?qadd_eq, ?qmul_eq; reflexivity. }
    set (many := match l with L0 => _ | L1 => _ | L2 => _ end) in EM |- *. clearbody many.
    assert (VE : forall v, In v (vertices G) -> same_points (vec (place v)) (vector G v)) by exact vec_eq.
    unfold quiet_points. cbn [map app]. constructor; [cbn [fst snd]; split; [apply same_refl|split; [reflexivity|exact EM]]|].
    rewrite map_app, <- app_assoc, !map_map. apply Forall2_app; [|apply Forall2_app].
    - apply forall2_map. intros v Hv. cbn [fst snd]. split; [|split; [reflexivity|exact EM]].
      apply same_scale; [|apply VE, Hv]. rewrite qdiv_eq, ER. reflexivity.
    - apply forall2_map. intros (u, v) Hp. cbn [fst snd]. split; [|split; [reflexivity|exact EM]].
      apply OneNeuron.twos_vertices in Hp as (Hu & Hv & _). apply same_scale.
      + rewrite qdiv_eq, qmul_eq, qsub_eq, ER. unfold Recipes.qf. rewrite Qred_correct. reflexivity.
      + apply same_add; apply VE; assumption.
    - apply forall2_map. intros (u, v) He. unfold edge_point. cbn [fst snd]. split; [|split; reflexivity].
      destruct (OneNeuron.useful_ends G W u v He) as [Hu Hv]. rewrite !at_vertex_eq by assumption.
      apply same_add; apply VE; assumption.
  Qed.
End Built.

(** ** The clause set (docs/format/v1.md, section 5) *)

(** The edges, for look-up. *)
Definition edge_tree (es : list (positive * positive)) : tree (tree unit) :=
  fold_left (fun t e => set2 (fst e) (snd e) tt t) es Leaf.

(** Of vertices with their colours: no two of different colours that are not adjacent. *)
Fixpoint apart (t : tree (tree unit)) (l : list (positive * positive)) : list (list lit) :=
  match l with
  | [] => []
  | (u, c) :: l' =>
    map (fun p => [LNeg u; LNeg (fst p)])
      (filter (fun p => negb (Pos.eqb c (snd p)) && match get2 u (fst p) t with Some _ => false | None => true end) l')
    ++ apart t l'
  end.

(** Variable v: the vertex v is chosen. One of each colour is, and no two that are apart. *)
Definition mcclique_cnf (k : nat) (cs : list positive) (es : list (positive * positive)) : list (list lit) :=
  let l := combine (first (length cs)) cs in
  map (fun c => map (fun p => LPos (fst p)) (filter (fun p => Pos.eqb (snd p) c) l)) (first k) ++ apart (edge_tree es) l.

Lemma edge_tree_in es u v : In (u, v) es -> get2 u v (edge_tree es) <> None.
Proof.
  unfold edge_tree.
  assert (H : forall es t, (In (u, v) es \/ get2 u v t <> None) -> get2 u v (fold_left (fun t e => set2 (fst e) (snd e) tt t) es t) <> None).
  { clear. induction es as [|(a, b) es IH]; intros t [H|H]; simpl in H |- *; try tauto; apply IH; rewrite ?get2_set2; cbn [fst snd].
    - destruct H as [E|H]; [|tauto]. injection E as -> ->. right. rewrite !Pos.eqb_refl. discriminate.
    - right. destruct (Pos.eqb u a && Pos.eqb v b); [discriminate|exact H]. }
  intros Hin. apply H. left. exact Hin.
Qed.

Lemma apart_in t l x : In x (apart t l) -> exists p q, In (p, q) (pairs l) /\ snd p <> snd q /\
  get2 (fst p) (fst q) t = None /\ x = [LNeg (fst p); LNeg (fst q)].
Proof.
  induction l as [|(u, c) l IH]; simpl; [tauto|]. rewrite in_app_iff. intros [H|H].
  - apply in_map_iff in H as (q & <- & H). apply filter_In in H as [H1 H2]. apply andb_true_iff in H2 as [H2 H3].
    apply negb_true_iff, Pos.eqb_neq in H2. exists (u, c), q. split; [apply in_or_app; left; apply in_map; exact H1|].
    split; [exact H2|]. split; [|reflexivity]. cbn [fst]. destruct (get2 u (fst q) t); [discriminate|reflexivity].
  - destruct (IH H) as (p & q & H1 & H2). exists p, q. split; [apply in_or_app; right; exact H1|exact H2].
Qed.

Lemma pairs_sorted {X} (R : X -> X -> Prop) l a b : StronglySorted R l -> In (a, b) (pairs l) -> R a b.
Proof.
  induction 1 as [|x l S IH F]; simpl; [tauto|]. rewrite in_app_iff, in_map_iff.
  intros [(y & E & Hy)|H]; [|auto]. injection E as <- <-. rewrite Forall_forall in F. auto.
Qed.

Lemma coloured_sorted (g : nat -> positive) : forall n a,
  StronglySorted (fun p q => (fst p < fst q)%positive) (map (fun i => (Pos.of_succ_nat i, g i)) (seq a n)).
Proof.
  induction n as [|n IH]; intros a; simpl; constructor; [apply IH|].
  apply Forall_forall. intros q Hq. apply in_map_iff in Hq as (i & <- & Hi). apply in_seq in Hi. cbn [fst]. lia.
Qed.

Lemma combine_first : forall cs a, combine (map Pos.of_succ_nat (seq a (length cs))) cs =
  map (fun i => (Pos.of_succ_nat (a + i), nth i cs 1%positive)) (seq 0 (length cs)).
Proof.
  induction cs as [|c cs IH]; intros a; [reflexivity|]. cbn [length seq map combine nth]. rewrite IH, Nat.add_0_r. f_equal.
  rewrite <- seq_shift, map_map. apply map_ext. intros i. cbn [nth]. replace (a + S i)%nat with (S a + i)%nat by lia. reflexivity.
Qed.

Lemma coloured_vertices k cs es : combine (first (length cs)) cs =
  map (fun v => (v, colour (Coloured k cs es) v)) (vertices (Coloured k cs es)).
Proof.
  unfold first, vertices, colour. cbn [colours]. rewrite combine_first. unfold first. rewrite map_map. apply map_ext. intros i.
  rewrite SuccNat2Pos.id_succ. reflexivity.
Qed.

(** A clique is a model. *)
Theorem mcclique_satisfiable k cs es : well_formed_coloured (Coloured k cs es) -> multicoloured_clique (Coloured k cs es) ->
  satisfiable (mcclique_cnf k cs es).
Proof.
  intros W (s & HV & HA). set (G := Coloured k cs es) in *.
  exists (fun v => Pos.eqb v (s (colour G v))). intros x Hx. unfold mcclique_cnf in Hx. apply in_app_or in Hx as [Hx|Hx].
  - apply in_map_iff in Hx as (c & <- & Hc). destruct (HV c Hc) as [H1 H2]. exists (LPos (s c)). split.
    + apply in_map_iff. exists (s c, c). split; [reflexivity|]. apply filter_In. split; [|apply Pos.eqb_refl].
      rewrite (coloured_vertices k cs es). apply in_map_iff. exists (s c). fold G. rewrite H2. auto.
    + cbn [lit_holds]. rewrite H2. apply Pos.eqb_refl.
  - apply apart_in in Hx as (p & q & Hp & D & N & ->).
    assert (L : (fst p < fst q)%positive).
    { revert Hp. apply pairs_sorted with (R := fun p q => (fst p < fst q)%positive). unfold first. rewrite combine_first.
      apply (coloured_sorted (fun i => nth i cs 1%positive)). }
    apply in_pairs in Hp as [Hp Hq]. rewrite (coloured_vertices k cs es) in Hp, Hq. fold G in Hp, Hq.
    apply in_map_iff in Hp as (u & <- & Hu). apply in_map_iff in Hq as (v & <- & Hv). cbn [fst snd] in *.
    destruct (Pos.eqb_spec u (s (colour G u))) as [Eu|Nu].
    + destruct (Pos.eqb_spec v (s (colour G v))) as [Ev|Nv].
      * exfalso. assert (A : adjacent G u v).
        { rewrite Eu, Ev. apply HA; [apply (vertex_colour G W), Hu|apply (vertex_colour G W), Hv|exact D]. }
        destruct A as [A|A]; [exact (edge_tree_in es u v A N)|]. destruct W as (_ & _ & E). destruct (E v u A) as [E' _]. lia.
      * exists (LNeg v). split; [simpl; tauto|]. cbn [lit_holds]. apply Pos.eqb_neq. exact Nv.
    + exists (LNeg u). split; [simpl; tauto|]. cbn [lit_holds]. apply Pos.eqb_neq. exact Nu.
Qed.

(** ** Well-formed graphs *)

Fixpoint edges_ok (n : nat) (es : list (positive * positive)) : bool :=
  match es with
  | [] => true
  | (u, v) :: es' =>
    Pos.ltb u v && Nat.leb (Pos.to_nat v) n
    && match es' with [] => true | (u', v') :: _ => Pos.ltb u u' || (Pos.eqb u u' && Pos.ltb v v') end
    && edges_ok n es'
  end.
Definition coloured_ok (k : nat) (cs : list positive) (es : list (positive * positive)) : bool :=
  forallb (fun c => Nat.leb (Pos.to_nat c) k) cs && edges_ok (length cs) es.

Definition edge_before (p q : positive * positive) : Prop :=
  (fst p < fst q)%positive \/ (fst p = fst q /\ (snd p < snd q)%positive).

Lemma edges_ok_sorted n es : edges_ok n es = true -> Sorted edge_before es.
Proof.
  induction es as [|(u, v) es IH]; [constructor|]. cbn [edges_ok]. rewrite !andb_true_iff. intros [[_ H] E].
  constructor; [auto|]. destruct es as [|(u', v') es]; constructor. apply orb_true_iff in H as [H|H].
  - left. apply Pos.ltb_lt, H.
  - apply andb_true_iff in H as [H1 H2]. right. split; [apply Pos.eqb_eq, H1|apply Pos.ltb_lt, H2].
Qed.

Lemma edges_ok_nodup n es : edges_ok n es = true -> NoDup es.
Proof.
  intros H. apply edges_ok_sorted, Sorted_StronglySorted in H.
  - induction H as [|e es S IH F]; constructor; [|exact IH]. rewrite Forall_forall in F. intros Hin. specialize (F e Hin).
    unfold edge_before in F. lia.
  - intros p q r. unfold edge_before. intros. assert (fst p = fst r \/ fst p <> fst r) by (destruct (Pos.eq_dec (fst p) (fst r)); auto). lia.
Qed.

Lemma edges_ok_in n es u v : edges_ok n es = true -> In (u, v) es -> (u < v)%positive /\ (Pos.to_nat v <= n)%nat.
Proof.
  induction es as [|(a, b) es IH]; [intros _ []|]. cbn [edges_ok]. rewrite !andb_true_iff. intros [[[H1 H2] _] E] [Eq|Hin].
  - injection Eq as -> ->. split; [apply Pos.ltb_lt, H1|apply PeanoNat.Nat.leb_le, H2].
  - auto.
Qed.

Lemma coloured_ok_well_formed k cs es : coloured_ok k cs es = true -> well_formed_coloured (Coloured k cs es).
Proof.
  intros H. apply andb_true_iff in H as [H1 H2]. split; [|split; [exact (edges_ok_nodup _ _ H2)|]]; cbn [colours edges].
  - intros c Hc. rewrite forallb_forall in H1. apply in_first, PeanoNat.Nat.leb_le, H1, Hc.
  - intros u v Hin. destruct (edges_ok_in _ _ _ _ H2 Hin) as [L B]. split; [exact L|]. unfold vertices. rewrite !in_first. cbn [colours]. lia.
Qed.

(** ** The verdict by theorem *)

(** Where the check of a refutation of the clause set starts: nowhere, if the graph is not well formed. *)
Definition mcclique_start (k : nat) (cs : list positive) (es : list (positive * positive)) : option lrat_state :=
  if coloured_ok k cs es then Some (lrat_start (mcclique_cnf k cs es)) else None.

(** The states that accepted steps lead to from there. *)
Definition mcclique_reached (k : nat) (cs : list positive) (es : list (positive * positive)) (s : lrat_state) : Prop :=
  mcclique_start k cs es <> None /\ reached (mcclique_cnf k cs es) s.

(** A refutation as a whole. *)
Definition check_mcclique_no (k : nat) (cs : list positive) (es : list (positive * positive)) (proof : list lrat_line) : bool :=
  match mcclique_start k cs es with
  | Some s => match lrat_run s proof with Some s' => l_refuted s' | None => false end
  | None => false
  end.

Lemma mcclique_reached_none k cs es s : mcclique_reached k cs es s -> l_refuted s = true ->
  well_formed_coloured (Coloured k cs es) /\ ~ multicoloured_clique (Coloured k cs es).
Proof.
  intros [H1 H2] R. unfold mcclique_start in H1. destruct (coloured_ok k cs es) eqn:O; [|congruence].
  apply coloured_ok_well_formed in O. split; [exact O|]. intros M. apply (reached_unsat _ _ H2 R). apply mcclique_satisfiable; assumption.
Qed.

Lemma check_mcclique_no_reached k cs es proof : check_mcclique_no k cs es proof = true ->
  exists s, mcclique_reached k cs es s /\ l_refuted s = true.
Proof.
  unfold check_mcclique_no, mcclique_reached. destruct (mcclique_start k cs es) as [s|] eqn:S; [|discriminate].
  destruct (lrat_run s proof) as [s'|] eqn:E; [|discriminate]. intros R. exists s'.
  split; [|exact R]. split; [discriminate|]. apply (run_reached _ proof s); [|exact E].
  unfold mcclique_start in S. destruct (coloured_ok k cs es); [|discriminate]. injection S as <-. apply reached_start.
Qed.

(** ** One neuron and the instance that is built: its loss, its points, its dimension, and its target error *)

Definition points_of (l : loss) (k : nat) (cs : list positive) (es : list (positive * positive)) : weighted_data :=
  snd (Wrappers.mcclique l k cs es).
Definition gamma_of (l : loss) (k : nat) (cs : list positive) (es : list (positive * positive)) : Q :=
  fst (Wrappers.mcclique l k cs es).
Definition dimension_of (k : nat) : nat := (2 * Nat.max k 1)%nat.

Section Graph.
  Context (k : nat) (cs : list positive) (es : list (positive * positive)) (l : loss).
  Context (W : well_formed_coloured (Coloured k cs es)).

  Lemma same_padded n D D' : same_weighted D D' -> same_weighted (Wrappers.pad n D) (Padding.pad_weighted n D').
  Proof.
    induction 1 as [|((x, y), c) ((x', y'), c') D D' (E1 & E2 & E3) _ IH]; constructor; [|exact IH]. cbn [fst snd] in *.
    split; [|auto]. apply Forall2_app; [exact E1|apply same_refl].
  Qed.

  (** Corollary 9 for that instance, with n dimensions more. *)
  Theorem built_threshold n :
    threshold_trainable_to l (gamma_of l k cs es) (dimension_of k + n) 1 (Wrappers.pad n (points_of l k cs es)) <->
    multicoloured_clique (Coloured k cs es).
  Proof.
    destruct (mcclique_same k cs es W l) as [Eg ED]. apply (same_padded n) in ED. rewrite <- (Main.Corollary_9_dimension _ l n W).
    unfold threshold_trainable_to, gamma_of, points_of. rewrite (Qeq_eqR _ _ Eg). setoid_rewrite (same_total _ _ _ _ _ ED). reflexivity.
  Qed.
  Theorem built_relu n :
    relu_trainable_to l (gamma_of l k cs es) (dimension_of k + n) 1 (Wrappers.pad n (points_of l k cs es)) <->
    multicoloured_clique (Coloured k cs es).
  Proof.
    destruct (mcclique_same k cs es W l) as [Eg ED]. apply (same_padded n) in ED. rewrite <- (Main.Corollary_9_relu_dimension _ l n W).
    unfold relu_trainable_to, gamma_of, points_of. rewrite (Qeq_eqR _ _ Eg). setoid_rewrite (same_total _ _ _ _ _ ED). reflexivity.
  Qed.

  (** A witness shows a clique, and a direct refutation of the data that there is none. *)
  Theorem witness_shows_multicoloured_threshold net :
    Check.check_yes_loss Model.Thr Model.Free l (gamma_of l k cs es) (dimension_of k) (points_of l k cs es) 1 net = true ->
    multicoloured_clique (Coloured k cs es).
  Proof.
    intros H. apply CheckerMain.check_yes_loss_threshold in H. apply (built_threshold 0). rewrite WrappersPaper.pad_zero, PeanoNat.Nat.add_0_r. exact H.
  Qed.
  Theorem witness_shows_multicoloured_relu net :
    Check.check_yes_loss Model.ReLU Model.Free l (gamma_of l k cs es) (dimension_of k) (points_of l k cs es) 1 net = true ->
    multicoloured_clique (Coloured k cs es).
  Proof.
    intros H. apply CheckerMain.check_yes_loss_relu in H. apply (built_relu 0). rewrite WrappersPaper.pad_zero, PeanoNat.Nat.add_0_r. exact H.
  Qed.
  Theorem data_refute_multicoloured_threshold proof :
    Check.check_no_loss Model.Thr Model.Free l (gamma_of l k cs es) (dimension_of k) (points_of l k cs es) 1 proof = true ->
    ~ multicoloured_clique (Coloured k cs es).
  Proof.
    intros H M. apply CheckerMain.check_no_loss_threshold in H. apply H. apply (built_threshold 0) in M.
    rewrite WrappersPaper.pad_zero, PeanoNat.Nat.add_0_r in M. exact M.
  Qed.
  Theorem data_refute_multicoloured_relu proof :
    Check.check_no_loss Model.ReLU Model.Free l (gamma_of l k cs es) (dimension_of k) (points_of l k cs es) 1 proof = true ->
    ~ multicoloured_clique (Coloured k cs es).
  Proof.
    intros H M. apply CheckerMain.check_no_loss_relu in H. apply H. apply (built_relu 0) in M.
    rewrite WrappersPaper.pad_zero, PeanoNat.Nat.add_0_r in M. exact M.
  Qed.
End Graph.

(** If the clause set is refuted, one neuron does not come down to gamma; neither with n dimensions more. The first two
    statements are about a proof read as a stream, the others about a whole one. *)
Section Refuted.
  Context (k : nat) (cs : list positive) (es : list (positive * positive)).

  Theorem reached_mcclique_no_threshold s l n : mcclique_reached k cs es s -> l_refuted s = true ->
    ~ threshold_trainable_to l (gamma_of l k cs es) (dimension_of k + n) 1 (Wrappers.pad n (points_of l k cs es)).
  Proof. intros H R T. destruct (mcclique_reached_none k cs es s H R) as [W No]. apply No. apply (built_threshold k cs es l W n), T. Qed.
  Theorem reached_mcclique_no_relu s l n : mcclique_reached k cs es s -> l_refuted s = true ->
    ~ relu_trainable_to l (gamma_of l k cs es) (dimension_of k + n) 1 (Wrappers.pad n (points_of l k cs es)).
  Proof. intros H R T. destruct (mcclique_reached_none k cs es s H R) as [W No]. apply No. apply (built_relu k cs es l W n), T. Qed.

  Context (proof : list lrat_line) (H : check_mcclique_no k cs es proof = true).

  Theorem check_mcclique_no_threshold l :
    ~ threshold_trainable_to l (gamma_of l k cs es) (dimension_of k) 1 (points_of l k cs es).
  Proof.
    destruct (check_mcclique_no_reached _ _ _ _ H) as (s & S & R). pose proof (reached_mcclique_no_threshold s l 0 S R) as N.
    rewrite WrappersPaper.pad_zero, PeanoNat.Nat.add_0_r in N. exact N.
  Qed.
  Theorem check_mcclique_no_relu l :
    ~ relu_trainable_to l (gamma_of l k cs es) (dimension_of k) 1 (points_of l k cs es).
  Proof.
    destruct (check_mcclique_no_reached _ _ _ _ H) as (s & S & R). pose proof (reached_mcclique_no_relu s l 0 S R) as N.
    rewrite WrappersPaper.pad_zero, PeanoNat.Nat.add_0_r in N. exact N.
  Qed.
End Refuted.
