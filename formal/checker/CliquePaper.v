(** * Cliques: what is shown of the data is shown of the graph, and no-certificates by theorem

    [Paths] builds the point sets of [Certify.Circles]. A refutation of the clause set that says "the graph has a
    clique of k vertices", the backward direction of the circles and that of Theorem 7 or Corollary 10 together: the
    data cannot be fitted. *)

From Coq Require Import Reals QArith Qreals ZArith PArith List Bool Lia Lra Psatz Arith.
From Coq Require Qcanon.
From Certify Require Semantics Separability FourRelus Graphs Rotation Circles CirclesForward Main.
From CertifyChecker Require Import Trie Lrat.
From CertifyChecker Require Model Check CheckerMain Recipes Paths Wrappers TwohypPaper WrappersPaper.
Import ListNotations.
Import Semantics Graphs.
Open Scope nat_scope.

(** ** The graph *)

Definition edge_list := list (positive * positive).
Definition graph_of (n : nat) (es : edge_list) : graph :=
  Graph n (map (fun e => (Pos.to_nat (fst e), Pos.to_nat (snd e))) es).

Definition edge_set (es : edge_list) : tree (tree unit) := fold_left (fun t e => set2 (fst e) (snd e) tt t) es Leaf.
Definition joined (t : tree (tree unit)) (u v : positive) : bool :=
  match get2 u v t with Some _ => true | None => match get2 v u t with Some _ => true | None => false end end.

(** Edges join different vertices 1 ... n. *)
Definition graph_ok (n : nat) (es : edge_list) : bool :=
  forallb (fun e => Pos.ltb (fst e) (snd e) && Nat.leb (Pos.to_nat (snd e)) n) es.

Lemma graph_ok_well_formed n es : graph_ok n es = true -> well_formed_graph (graph_of n es).
Proof.
  intros H u v Hin. unfold graph_ok in H. rewrite forallb_forall in H. simpl in Hin |- *.
  apply in_map_iff in Hin as ((p, q) & [= <- <-] & Hin). specialize (H _ Hin). simpl in H.
  rewrite andb_true_iff, Pos.ltb_lt, Nat.leb_le in H. lia.
Qed.

Lemma edge_set_get es : forall t u v, (exists x : unit, get2 u v (fold_left (fun t e => set2 (fst e) (snd e) tt t) es t) = Some x) <->
  In (u, v) es \/ exists x : unit, get2 u v t = Some x.
Proof.
  induction es as [|(a, b) es IH]; intros t u v; simpl; [tauto|]. rewrite IH, get2_set2.
  destruct (Pos.eqb_spec u a) as [->|Na], (Pos.eqb_spec v b) as [->|Nb]; simpl.
  - split; [auto|]. intros _. right. exists tt. reflexivity.
  - split; [tauto|]. intros [[[= <-]|H]|H]; tauto.
  - split; [tauto|]. intros [[[= <-]|H]|H]; tauto.
  - split; [tauto|]. intros [[[= <-]|H]|H]; tauto.
Qed.

Lemma joined_adjacent n es u v : joined (edge_set es) u v = adjacent (graph_of n es) (Pos.to_nat u) (Pos.to_nat v).
Proof.
  apply eq_true_iff_eq. rewrite adjacent_spec. simpl.
  assert (E : forall p q, In (Pos.to_nat p, Pos.to_nat q) (map (fun e => (Pos.to_nat (fst e), Pos.to_nat (snd e))) es) <->
                          exists x, get2 p q (edge_set es) = Some x).
  { intros p q. unfold edge_set. rewrite edge_set_get, in_map_iff. split.
    - intros ((a, b) & [= Ha Hb] & H). left. rewrite <- (Pos2Nat.inj _ _ Ha), <- (Pos2Nat.inj _ _ Hb). exact H.
    - intros [H|(x & H)]; [|discriminate H]. exists (p, q). auto. }
  rewrite !E. unfold joined. destruct (get2 u v (edge_set es)) as [x|]; [split; eauto|].
  destruct (get2 v u (edge_set es)) as [x|]; [split; eauto|]. split; [discriminate|intros [(x & H)|(x & H)]; discriminate H].
Qed.

(** ** The point sets *)

Lemma turns_eq fuel c s : forall p, Paths.turns fuel c s p = Rotation.turns fuel c s p.
Proof. reflexivity. Qed.

Lemma ring_eq fuel n : forall t, Paths.ring fuel t n = Rotation.ring fuel t n.
Proof. reflexivity. Qed.

Lemma flat_map_map {A B C} (f : B -> list C) (g : A -> B) l : flat_map f (map g l) = flat_map (fun x => f (g x)) l.
Proof. induction l; simpl; congruence. Qed.

Lemma combine_map {A B C} (f : A -> B) : forall (l : list A) (m : list C), combine (map f l) m = map (fun p => (f (fst p), snd p)) (combine l m).
Proof. induction l as [|a l IH]; intros [|b m]; simpl; try reflexivity. rewrite IH. reflexivity. Qed.

Theorem clique_to_twohyp_eq n k es :
  Paths.clique_to_twohyp n k es = (Circles.circles_q (graph_of n es) k, Circles.circles_p (graph_of n es) k).
Proof.
  unfold Paths.clique_to_twohyp, Circles.circles_q, Circles.circles_p, Circles.circle_q. cbv zeta. f_equal. f_equal. f_equal.
  apply flat_map_ext. intros i. apply flat_map_ext. intros j.
  rewrite <- seq_shift, !combine_map, !flat_map_map. apply flat_map_ext. intros u. rewrite !flat_map_map. apply flat_map_ext. intros v.
  cbn [fst snd]. pose proof (joined_adjacent n es (Pos.of_succ_nat (fst u)) (Pos.of_succ_nat (fst v))) as J.
  rewrite !SuccNat2Pos.id_succ in J. rewrite <- J. reflexivity.
Qed.

(** ** The clause set (docs/format/v1.md, section 5) *)

(** "Place i holds vertex v", both numbered from 0 here: n (i - 1) + v with both numbered from 1. *)
Definition holds_variable (n i v : nat) : positive := Pos.of_succ_nat (n * i + v).

(** Every place holds a vertex, and later places hold later vertices, adjacent to it. *)
Definition clique_cnf (n k : nat) (es : edge_list) : list (list lit) :=
  let t := edge_set es in
  let allowed u v := Nat.ltb u v && joined t (Pos.of_succ_nat u) (Pos.of_succ_nat v) in
  map (fun i => map (fun v => LPos (holds_variable n i v)) (seq 0 n)) (seq 0 k)
  ++ flat_map (fun i => flat_map (fun j => flat_map (fun u => flat_map (fun v =>
       if allowed u v then [] else [[LNeg (holds_variable n i u); LNeg (holds_variable n j v)]])
     (seq 0 n)) (seq 0 n)) (seq (S i) (k - 1 - i))) (seq 0 k).

Lemma holds_variable_inj n i v j w : v < n -> w < n -> holds_variable n i v = holds_variable n j w -> i = j /\ v = w.
Proof.
  unfold holds_variable. intros Hv Hw E. apply SuccNat2Pos.inj in E. apply (Nat.div_mod_unique n) in E; tauto.
Qed.

(** A clique, written in increasing order, is a model. *)
Theorem clique_satisfies n k es : has_clique (graph_of n es) k -> satisfiable (clique_cnf n k es).
Proof.
  intros H. apply increasing_clique in H as (C & L & R & A). cbn [vertices graph_of] in R.
  set (at_place := fun i => pred (nth i C 0)).
  set (m := fun p => existsb (fun i => Pos.eqb p (holds_variable n i (at_place i))) (seq 0 k)).
  assert (In_range : forall i, i < k -> at_place i < n) by (intros i Hi; specialize (R i Hi); unfold at_place; lia).
  assert (M : forall i v, v < n -> m (holds_variable n i v) = true <-> i < k /\ v = at_place i).
  { intros i v Hv. unfold m. rewrite existsb_exists. split.
    - intros (j & Hj & E). apply in_seq in Hj. apply Pos.eqb_eq in E.
      apply holds_variable_inj in E; [|exact Hv|apply In_range; lia]. destruct E as [-> ->]. split; [lia|reflexivity].
    - intros [Hi ->]. exists i. split; [apply in_seq; lia|apply Pos.eqb_refl]. }
  exists m. intros c Hc. unfold clique_cnf in Hc. apply in_app_or in Hc as [Hc|Hc].
  - apply in_map_iff in Hc as (i & <- & Hi). apply in_seq in Hi. exists (LPos (holds_variable n i (at_place i))).
    split; [apply in_map_iff; exists (at_place i); split; [reflexivity|apply in_seq; specialize (In_range i); lia]|].
    simpl. apply M; [apply In_range; lia|]. split; [lia|reflexivity].
  - apply in_flat_map in Hc as (i & Hi & Hc). apply in_seq in Hi. apply in_flat_map in Hc as (j & Hj & Hc). apply in_seq in Hj.
    apply in_flat_map in Hc as (u & Hu & Hc). apply in_seq in Hu. apply in_flat_map in Hc as (v & Hv & Hc). apply in_seq in Hv.
    destruct (Nat.ltb u v && joined (edge_set es) (Pos.of_succ_nat u) (Pos.of_succ_nat v)) eqn:E; [destruct Hc|].
    destruct Hc as [<-|[]].
    destruct (m (holds_variable n i u)) eqn:Mu; [|exists (LNeg (holds_variable n i u)); simpl; auto].
    destruct (m (holds_variable n j v)) eqn:Mv; [|exists (LNeg (holds_variable n j v)); simpl; auto].
    exfalso. apply M in Mu as [_ ->]; [|lia]. apply M in Mv as [_ ->]; [|lia].
    destruct (A i j ltac:(lia)) as [Lt Adj]. pose proof (R i ltac:(lia)). pose proof (R j ltac:(lia)).
    rewrite (joined_adjacent n) in E. rewrite !SuccNat2Pos.id_succ in E. unfold at_place in E.
    replace (S (pred (nth i C 0))) with (nth i C 0) in E by lia. replace (S (pred (nth j C 0))) with (nth j C 0) in E by lia.
    rewrite Adj, andb_true_r in E. apply Nat.ltb_ge in E. lia.
Qed.

(** ** The verdict by theorem *)

(** Where the check of a refutation starts: nowhere, if these are no graph and size. *)
Definition clique_start (n k : nat) (es : edge_list) : option lrat_state :=
  if Nat.leb 1 k && graph_ok n es then Some (lrat_start (clique_cnf n k es)) else None.

(** The states that accepted steps lead to from there. *)
Definition clique_reached (n k : nat) (es : edge_list) (s : lrat_state) : Prop :=
  clique_start n k es <> None /\ reached (clique_cnf n k es) s.

(** A refutation as a whole. *)
Definition check_clique_no (n k : nat) (es : edge_list) (proof : list lrat_line) : bool :=
  match clique_start n k es with
  | Some s => match lrat_run s proof with Some s' => l_refuted s' | None => false end
  | None => false
  end.

Lemma clique_start_ok n k es : clique_start n k es <> None -> 1 <= k /\ well_formed_graph (graph_of n es).
Proof.
  unfold clique_start. destruct (Nat.leb 1 k && graph_ok n es) eqn:E; [|congruence]. intros _.
  apply andb_true_iff in E as [E1 E2]. split; [apply Nat.leb_le, E1|apply graph_ok_well_formed, E2].
Qed.

Lemma reached_no_clique n k es s : clique_reached n k es s -> l_refuted s = true -> ~ has_clique (graph_of n es) k.
Proof. intros [_ H] R C. apply (reached_unsat _ _ H R), clique_satisfies, C. Qed.

Lemma check_clique_no_reached n k es proof : check_clique_no n k es proof = true ->
  exists s, clique_reached n k es s /\ l_refuted s = true.
Proof.
  unfold check_clique_no, clique_reached. destruct (clique_start n k es) as [s|] eqn:S; [|discriminate].
  destruct (lrat_run s proof) as [s'|] eqn:E; [|discriminate]. intros R. exists s'.
  split; [|exact R]. split; [discriminate|]. apply (run_reached _ proof s); [|exact E].
  unfold clique_start in S. destruct (Nat.leb 1 k && graph_ok n es); [|discriminate]. injection S as <-. apply reached_start.
Qed.

Theorem check_clique_no_sound n k es proof : check_clique_no n k es proof = true -> ~ has_clique (graph_of n es) k.
Proof. intros H. apply check_clique_no_reached in H as (s & H & R). exact (reached_no_clique n k es s H R). Qed.

(** The instances. *)
Definition clique_relu (n k : nat) (es : edge_list) : data :=
  let '(qs, ps) := Paths.clique_to_twohyp n k es in Recipes.twohyp_relu (2 * k) qs ps.
Definition clique_threshold (n k : nat) (es : edge_list) : data :=
  let '(qs, ps) := Paths.clique_to_twohyp n k es in Recipes.twohyp_threshold qs ps.

(** What fits the data shows a clique. *)
Lemma clique_of_relu n k es : 1 <= k -> well_formed_graph (graph_of n es) ->
  relu_trainable (2 * k) 4 (clique_relu n k es) -> has_clique (graph_of n es) k.
Proof.
  intros Hk W (N & H1 & H2 & H3). unfold clique_relu in H3. rewrite clique_to_twohyp_eq in H3.
  eapply (Circles.clique_of_relu (graph_of n es) k); [exact W| |exists N; split; [exact H1|]; split; [exact H2|]].
  - apply (TwohypPaper.delta_small (2 * k)). lia.
  - exact (TwohypPaper.same_fits _ _ _ _ (TwohypPaper.relu_same _ _ _) H3).
Qed.

Lemma clique_of_threshold n k es : well_formed_graph (graph_of n es) ->
  threshold_trainable (2 * k) 2 (clique_threshold n k es) -> has_clique (graph_of n es) k.
Proof.
  intros W H. unfold clique_threshold in H. rewrite clique_to_twohyp_eq in H.
  exact (Circles.clique_of_threshold (graph_of n es) k W H).
Qed.

(** By the circles and Theorem 7: if the clause set is refuted, no four rectifiers fit. The first statement is about a
    proof read as a stream, the second about a whole one. *)
Theorem reached_no_clique_relu n k es s : clique_reached n k es s -> l_refuted s = true ->
  ~ relu_trainable (2 * k) 4 (clique_relu n k es).
Proof.
  intros H R T. destruct (clique_start_ok n k es (proj1 H)) as [Hk W].
  exact (reached_no_clique n k es s H R (clique_of_relu n k es Hk W T)).
Qed.
Theorem check_clique_no_relu n k es proof : check_clique_no n k es proof = true ->
  ~ relu_trainable (2 * k) 4 (clique_relu n k es).
Proof. intros H. apply check_clique_no_reached in H as (s & H & R). exact (reached_no_clique_relu n k es s H R). Qed.

(** By the circles and Corollary 10: no two threshold neurons do. *)
Theorem reached_no_clique_threshold n k es s : clique_reached n k es s -> l_refuted s = true ->
  ~ threshold_trainable (2 * k) 2 (clique_threshold n k es).
Proof.
  intros H R T. destruct (clique_start_ok n k es (proj1 H)) as [_ W].
  exact (reached_no_clique n k es s H R (clique_of_threshold n k es W T)).
Qed.
Theorem check_clique_no_threshold n k es proof : check_clique_no n k es proof = true ->
  ~ threshold_trainable (2 * k) 2 (clique_threshold n k es).
Proof. intros H. apply check_clique_no_reached in H as (s & H & R). exact (reached_no_clique_threshold n k es s H R). Qed.

(** ** With `pad` and with `error` *)

Lemma clique_relu_dimension n k es : Padding.in_dimension (2 * k) (clique_relu n k es).
Proof.
  unfold clique_relu. rewrite clique_to_twohyp_eq.
  apply WrappersPaper.twohyp_relu_dimension; [apply Circles.circle_q_dimension|apply Circles.circle_p_dimension].
Qed.
Lemma clique_threshold_dimension n k es : Padding.in_dimension (2 * k) (clique_threshold n k es).
Proof.
  unfold clique_threshold. rewrite clique_to_twohyp_eq.
  apply WrappersPaper.twohyp_threshold_dimension; [apply Circles.circle_q_dimension|apply Circles.circle_p_dimension].
Qed.

Section Refuted.
  Context (n k : nat) (es : edge_list) (s : lrat_state).
  Context (H : clique_reached n k es s) (R : l_refuted s = true).

  Theorem reached_no_clique_relu_pad e :
    ~ relu_trainable (2 * k + e) 4 (map fst (Wrappers.pad e (Wrappers.once (clique_relu n k es)))).
  Proof. rewrite WrappersPaper.pad_relu by apply clique_relu_dimension. exact (reached_no_clique_relu n k es s H R). Qed.
  Theorem reached_no_clique_relu_error l gamma e : (0 <= Q2R gamma)%R ->
    ~ relu_trainable_to l gamma (2 * k + e) 4 (Wrappers.pad e (Wrappers.spoil l gamma (Wrappers.once (clique_relu n k es)))).
  Proof.
    intros Hg. rewrite WrappersPaper.error_relu by (exact Hg || apply clique_relu_dimension).
    exact (reached_no_clique_relu n k es s H R).
  Qed.

  Theorem reached_no_clique_threshold_pad e :
    ~ threshold_trainable (2 * k + e) 2 (map fst (Wrappers.pad e (Wrappers.once (clique_threshold n k es)))).
  Proof. rewrite WrappersPaper.pad_threshold by apply clique_threshold_dimension. exact (reached_no_clique_threshold n k es s H R). Qed.
  Theorem reached_no_clique_threshold_error l gamma e : (0 <= Q2R gamma)%R ->
    ~ threshold_trainable_to l gamma (2 * k + e) 2 (Wrappers.pad e (Wrappers.spoil l gamma (Wrappers.once (clique_threshold n k es)))).
  Proof.
    intros Hg. rewrite WrappersPaper.error_threshold by (exact Hg || apply clique_threshold_dimension).
    exact (reached_no_clique_threshold n k es s H R).
  Qed.
End Refuted.

(** ** The other way round: what a witness of the data shows *)

Theorem witness_shows_clique_relu n k es net : 1 <= k -> graph_ok n es = true ->
  Check.check_yes Model.ReLU Model.Free (2 * k) (clique_relu n k es) 4 net = true -> has_clique (graph_of n es) k.
Proof.
  intros Hk W H. apply CheckerMain.check_yes_relu in H. exact (clique_of_relu n k es Hk (graph_ok_well_formed n es W) H).
Qed.
Theorem witness_shows_clique_threshold n k es net : graph_ok n es = true ->
  Check.check_yes Model.Thr Model.Free (2 * k) (clique_threshold n k es) 2 net = true -> has_clique (graph_of n es) k.
Proof.
  intros W H. apply CheckerMain.check_yes_threshold in H. exact (clique_of_threshold n k es (graph_ok_well_formed n es W) H).
Qed.

(** ** A clique gives networks: the equivalences for the very data that the recipe builds *)

Lemma same_data_sym D D' : TwohypPaper.same_data D D' -> TwohypPaper.same_data D' D.
Proof. intros H. induction H as [|p q D D' [H1 H2] _ IH]; constructor; auto. Qed.

(** Theorem 7's delta = 1 / (4 d (d+1)! A^d): A is at least the least common denominator, since 1 is a coordinate, and
    that is at least (t^2 + 1) / 2, since the cosine (t^2 - 1) / (t^2 + 1) is one. *)
Definition whole (z : Z) : Q := Qmake z 1.

Lemma whole_red z : Qred (whole z) = whole z.
Proof. apply Qcanon.Qred_identity. simpl. apply Z.gcd_1_r. Qed.

Lemma lcm_above a b : (0 < a)%Z -> (0 < b)%Z -> (a <= Z.lcm a b /\ b <= Z.lcm a b)%Z.
Proof.
  intros Ha Hb. assert (P : (0 < Z.lcm a b)%Z).
  { pose proof (Z.lcm_nonneg a b). assert (Z.lcm a b <> 0)%Z; [|lia]. intros E. apply Z.lcm_eq_0 in E. lia. }
  split; apply Z.divide_pos_le; auto; [apply Z.divide_lcm_l|apply Z.divide_lcm_r].
Qed.

Definition denominator (q : Q) : Z := Zpos (Qden (Qred q)).

Lemma lcm_of_point p : forall z, (0 < z)%Z -> exists y, (z <= y)%Z /\
  fold_left (fun l q => Recipes.qlcm l (qden q)) p (whole z) = whole y /\ forall q, In q p -> (denominator q <= y)%Z.
Proof.
  induction p as [|q p IH]; intros z Hz; cbn [fold_left].
  - exists z. split; [lia|]. split; [reflexivity|]. intros q [].
  - assert (E : Recipes.qlcm (whole z) (qden q) = whole (Z.lcm z (denominator q))).
    { unfold Recipes.qlcm, qden. change (Qmake (Zpos (Qden (Qred q))) 1) with (whole (denominator q)).
      rewrite !whole_red. reflexivity. }
    destruct (lcm_above z (denominator q) Hz) as [A B]; [reflexivity|]. rewrite E.
    destruct (IH (Z.lcm z (denominator q))) as (y & Hy & F & D); [lia|].
    exists y. split; [lia|]. split; [exact F|]. intros r [<-|Hr]; [lia|apply D, Hr].
Qed.

Lemma lcm_of_points ps : forall z, (0 < z)%Z -> exists y, (z <= y)%Z /\
  fold_left (fun l p => fold_left (fun l q => Recipes.qlcm l (qden q)) p l) ps (whole z) = whole y /\
  forall p q, In p ps -> In q p -> (denominator q <= y)%Z.
Proof.
  induction ps as [|p ps IH]; intros z Hz; cbn [fold_left].
  - exists z. split; [lia|]. split; [reflexivity|]. intros p q [].
  - destruct (lcm_of_point p z Hz) as (x & Hx & E & D). rewrite E. destruct (IH x) as (y & Hy & F & D'); [lia|].
    exists y. split; [lia|]. split; [exact F|]. intros p' q [<-|Hp] Hq; [specialize (D q Hq); lia|exact (D' p' q Hp Hq)].
Qed.

Open Scope R_scope.

Lemma qmax_above a b : Q2R a <= Q2R (Recipes.qmax a b) /\ Q2R b <= Q2R (Recipes.qmax a b).
Proof.
  unfold Recipes.qmax. destruct (qlt a b) eqn:E; [apply qlt_R in E|apply qlt_R_false in E]; split; lra.
Qed.

Lemma max_of_point (f : Q -> Q) p : forall a, Q2R a <= Q2R (fold_left (fun m q => Recipes.qmax m (f q)) p a) /\
  forall q, In q p -> Q2R (f q) <= Q2R (fold_left (fun m q => Recipes.qmax m (f q)) p a).
Proof.
  induction p as [|q p IH]; intros a; cbn [fold_left]; [split; [lra|intros q []]|].
  destruct (IH (Recipes.qmax a (f q))) as [A B]. destruct (qmax_above a (f q)). split; [lra|].
  intros r [<-|Hr]; [lra|apply B, Hr].
Qed.

Lemma max_of_points (f : Q -> Q) ps : forall a,
  Q2R a <= Q2R (fold_left (fun m p => fold_left (fun m q => Recipes.qmax m (f q)) p m) ps a) /\
  forall p q, In p ps -> In q p -> Q2R (f q) <= Q2R (fold_left (fun m p => fold_left (fun m q => Recipes.qmax m (f q)) p m) ps a).
Proof.
  induction ps as [|p ps IH]; intros a; cbn [fold_left]; [split; [lra|intros p q []]|].
  destruct (max_of_point f p a) as [A B]. destruct (IH (fold_left (fun m q => Recipes.qmax m (f q)) p a)) as [C D].
  split; [lra|]. intros p' q [<-|Hp] Hq; [specialize (B q Hq); lra|exact (D p' q Hp Hq)].
Qed.

Lemma delta_below d ps (W : R) p1 p2 q : (2 <= d)%nat -> In p1 ps -> In 1%Q p1 -> In p2 ps -> In q p2 -> 0 < W ->
  W <= IZR (denominator q) -> Q2R (Recipes.twohyp_delta d ps) < 1 / (16 * (W * W)).
Proof.
  intros Hd I1 J1 I2 J2 HW Hq. unfold Recipes.twohyp_delta. cbv zeta.
  destruct (lcm_of_points ps 1 eq_refl) as (l & Hl & E & D). change (whole 1) with 1%Q in E. rewrite E. clear E.
  set (f := fun q => Recipes.qabs (qmul (whole l) q)). destruct (max_of_points f ps 1%Q) as [A B].
  change (fold_left (fun m p => fold_left (fun r q => Recipes.qmax r (Recipes.qabs (qmul (whole l) q))) p m) ps 1%Q)
    with (fold_left (fun m p => fold_left (fun r q => Recipes.qmax r (f q)) p m) ps 1%Q) in *.
  set (a := fold_left _ ps 1%Q) in *. specialize (B p1 1%Q I1 J1). specialize (D p2 q I2 J2). clearbody a.
  assert (WA : W <= Q2R a).
  { eapply Rle_trans; [|exact B]. unfold f, Recipes.qabs.
    assert (V : Q2R (qmul (whole l) 1) = IZR l) by (rewrite qmul_R, Q2R_1; unfold Q2R, whole; simpl; field).
    apply IZR_le in D. destruct (qlt (qmul (whole l) 1) 0) eqn:S; [|rewrite V; lra].
    apply qlt_R in S. rewrite V, Q2R_0 in S. lra. }
  assert (A1 : 1 <= Q2R a) by (rewrite Q2R_1 in A; exact A). clear A B D f.
  destruct d as [|[|e]]; [lia|lia|].
  set (x := qmul (qmul (Recipes.qn (4 * S (S e))) (Recipes.fact_q (S (S (S e))))) (Recipes.pow_q a (S (S e)))).
  assert (Hx : 16 * (W * W) < Q2R x).
  { unfold x. rewrite !qmul_R, TwohypPaper.qn_R. cbn [Recipes.pow_q]. cbn [Recipes.fact_q]. rewrite !qmul_R, !TwohypPaper.qn_R.
    pose proof (TwohypPaper.fact_at_least e) as F. pose proof (TwohypPaper.pow_at_least a e A1) as P.
    set (fe := Q2R (Recipes.fact_q e)) in *. set (pe := Q2R (Recipes.pow_q a e)) in *. clearbody fe pe.
    pose proof (pos_INR e) as Pe. rewrite mult_INR, !S_INR. replace (INR 0) with 0 by reflexivity.
    set (v := INR e) in *. clearbody v. set (aa := Q2R a) in *. clearbody aa.
    assert (Q1 : W * W <= aa * (aa * pe)).
    { assert (W * W <= aa * aa) by (apply Rmult_le_compat; lra). assert (aa * aa <= aa * (aa * pe)) by (apply Rmult_le_compat_l; nra). lra. }
    assert (Q2 : 6 <= (v + 1 + 1 + 1) * ((v + 1 + 1) * ((v + 1) * fe))).
    { assert (1 <= (v + 1) * fe) by nra. assert (2 <= (v + 1 + 1) * ((v + 1) * fe)) by nra. nra. }
    set (g := (v + 1 + 1 + 1) * ((v + 1 + 1) * ((v + 1) * fe))) in *. set (z := aa * (aa * pe)) in *. clearbody g z.
    assert (Q3 : 8 <= (0 + 1 + 1 + 1 + 1) * (v + 1 + 1)) by lra. set (y := (0 + 1 + 1 + 1 + 1) * (v + 1 + 1)) in *. clearbody y.
    assert (0 < W * W) by nra. assert (48 <= y * g) by nra. nra. }
  clearbody x. assert (P : 0 < 16 * (W * W)) by nra. unfold qdiv. rewrite Q2R_red, Q2R_div, Q2R_1.
  - unfold Rdiv. rewrite !Rmult_1_l. apply Rinv_lt_contravar; [apply Rmult_lt_0_compat; lra|exact Hx].
  - intros E. apply Qeq_eqR in E. rewrite Q2R_0 in E. lra.
Qed.

(** A number 1 - 2/w has a denominator of at least w/2. *)
Lemma denominator_above q w : 0 < w -> Q2R q = 1 - 2 / w -> w / 2 <= IZR (denominator q).
Proof.
  intros Hw E. rewrite <- (Q2R_red q) in E. unfold denominator. destruct (Qred q) as [a b]. unfold Q2R in E. cbn [Qnum Qden] in *.
  assert (B : 0 < IZR (Zpos b)) by (apply IZR_lt; reflexivity).
  assert (F : IZR (Zpos b - a) = 2 / w * IZR (Zpos b)).
  { rewrite minus_IZR. replace (2 / w) with (1 - (1 - 2 / w)) by ring. rewrite <- E. field. lra. }
  assert (P : 0 < IZR (Zpos b - a)) by (rewrite F; apply Rmult_lt_0_compat; [apply Rdiv_lt_0_compat; lra|exact B]).
  apply lt_IZR in P. assert (G : 1 <= IZR (Zpos b - a)) by (apply IZR_le; lia). rewrite F in G.
  apply (Rmult_le_compat_l (w / 2)) in G; [|lra]. replace (w / 2 * (2 / w * IZR (Zpos b))) with (IZR (Zpos b)) in G by (field; lra). lra.
Qed.

Open Scope nat_scope.

Lemma clique_fits_relu n k es : 1 <= k -> has_clique (graph_of n es) k -> relu_trainable (2 * k) 4 (clique_relu n k es).
Proof.
  intros Hk H. unfold clique_relu. rewrite clique_to_twohyp_eq. set (G := graph_of n es) in *.
  destruct (Rotation.the_ring_arc (vertices G)) as (T & HT & E).
  pose proof (Rotation.t_positive T HT) as P. pose proof (Rotation.arc_long T HT T (le_n T)) as L.
  set (delta := Recipes.twohyp_delta (2 * k) (Circles.circles_q G k ++ Circles.circles_p G k)).
  assert (D : (0 < Q2R delta < 1 / (4 * ((INR T * INR T + 1) * (INR T * INR T + 1))))%R).
  { split; [apply (TwohypPaper.delta_small (2 * k)); lia|].
    set (w := (INR T * INR T + 1)%R). assert (Hw : (0 < w)%R) by (unfold w; nra).
    replace (1 / (4 * (w * w)))%R with (1 / (16 * ((w / 2) * (w / 2))))%R by (field; lra).
    destruct (Circles.in_circle_p k (Rotation.arc T) 0 0) as [I0 _]; [lia|lia|].
    destruct (Circles.in_circle_p k (Rotation.arc T) 0 1) as [I1 _]; [lia|lia|].
    assert (Sub : forall x, In x (Circles.circle_p k (Rotation.arc T)) -> In x (Circles.circles_q G k ++ Circles.circles_p G k)).
    { intros x Hx. apply in_or_app. right. unfold Circles.circles_p. rewrite E. exact Hx. }
    apply (delta_below (2 * k) _ (w / 2) _ (Circles.in_plane k 0 (Circles.turning (Rotation.arc T) 1))
             (fst (Circles.turning (Rotation.arc T) 1)) ltac:(lia) (Sub _ I0)).
    - unfold Circles.turning. destruct (Rotation.arc_point T HT 0 ltac:(lia) ((-1)%Q, 0%Q)) as [-> _]. left. reflexivity.
    - exact (Sub _ I1).
    - left. reflexivity.
    - lra.
    - apply denominator_above; [exact Hw|]. unfold Circles.turning.
      destruct (Rotation.arc_point T HT 1 ltac:(lia) ((-1)%Q, 0%Q)) as [-> _].
      change (Q2R (fst (Rotation.point T 1))) with (fst (Rotation.r2 (Rotation.point T 1))).
      rewrite Rotation.point_R by exact HT. cbn [fst]. rewrite !Rotation.re_S, !Rotation.im_S. cbn [Rotation.re Rotation.im pow].
      fold w. unfold w. field. fold w. lra. }
  destruct (CirclesForward.clique_relu_small G k delta H T E HT D) as (N & N1 & N2 & N3).
  exists N. split; [exact N1|]. split; [exact N2|].
  exact (TwohypPaper.same_fits _ _ _ _ (same_data_sym _ _ (TwohypPaper.relu_same _ _ _)) N3).
Qed.

(** Four rectifiers, and two threshold neurons, fit the data if and only if there is a clique. *)
Theorem clique_relu_iff n k es : 1 <= k -> graph_ok n es = true ->
  (relu_trainable (2 * k) 4 (clique_relu n k es) <-> has_clique (graph_of n es) k).
Proof.
  intros Hk W. apply graph_ok_well_formed in W. split; [apply clique_of_relu; assumption|apply clique_fits_relu, Hk].
Qed.

Theorem clique_threshold_iff n k es : graph_ok n es = true ->
  (threshold_trainable (2 * k) 2 (clique_threshold n k es) <-> has_clique (graph_of n es) k).
Proof.
  intros W. apply graph_ok_well_formed in W. split; [apply clique_of_threshold, W|].
  intros H. unfold clique_threshold. rewrite clique_to_twohyp_eq. apply (CirclesForward.clique_threshold (graph_of n es) k W), H.
Qed.

(** So a direct refutation of the data shows that there is none. *)
Theorem data_refute_clique_relu n k es proof : 1 <= k ->
  Check.check_no Model.ReLU Model.Free (2 * k) (clique_relu n k es) 4 proof = true -> ~ has_clique (graph_of n es) k.
Proof. intros Hk H C. apply CheckerMain.check_no_relu in H. apply H, clique_fits_relu; assumption. Qed.
Theorem data_refute_clique_threshold n k es proof : graph_ok n es = true ->
  Check.check_no Model.Thr Model.Free (2 * k) (clique_threshold n k es) 2 proof = true -> ~ has_clique (graph_of n es) k.
Proof. intros W H C. apply CheckerMain.check_no_threshold in H. apply H, clique_threshold_iff; assumption. Qed.
