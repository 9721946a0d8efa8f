(** * The statements

    Read this file first: it holds the final statements alone. The terms are
    defined in [Semantics] (networks, data, trainability), [Formula] (positive
    one-in-three 3-SAT), [Separability] (two-hyperplane separability),
    [Layout], [PoitsRelu] and [PoitsThreshold] (the data of Theorem 1 and
    Corollary 8), [FourRelus] (those of Theorem 7), [Multicolour] (those of Corollary 9, and
    multicoloured cliques), [Padding] and [TargetError] (more
    dimensions, a target error), [Graphs] and [Circles] (cliques and their point sets), [Convex], [LinearSystem], [ForcedPoints] and [ExactFit] (the
    algorithm of Theorem 11). Data are rational, weights real; "trainable" means: exactly so
    many neurons fit the data with error 0. *)

From Coq Require Import Reals QArith Qreals List.
From Certify Require Import Semantics Separability Levee Slots Gadget Stack Formula Layout PoitsRelu
  PoitsThreshold FourRelus Multicolour OneNeuron FarLines MoreNeurons Padding TargetError Remarks Graphs Circles CirclesForward Convex LinearSystem ForcedPoints FourierMotzkin ExactFit.
Import ListNotations.
Open Scope R_scope.

(** ** Section 3 of the paper *)

(** Observation 3: four rectifiers realise a levee with slope [s], shifted up by [z]. *)
Theorem Observation_3 (z s : R) :
  length (levee_neurons z s) = 4%nat /\ Forall (relu_neuron 2) (levee_neurons z s) /\
  forall x1 x2, eval relu (levee_neurons z s) [x1; x2] = levee s x1 (x2 - z).
Proof. repeat split; [apply levee_neurons_allowed|intros; apply observation_3]. Qed.

(** Lemma 4: if an affine function plus at most four rectifiers fits the points of
    a selection gadget, it is one of the gadget's levees. *)
Theorem Lemma_4 (S d eps : R) (g : gadget) (al be ga : R) (N : list neuron) :
  well_formed S d eps g -> (forall n, In n N -> coef n = 1 \/ coef n = -1) ->
  (length N <= 4)%nat -> fits_gadget (value al be ga N) eps g ->
  exists s, In s (slopes g) /\ forall x1 x2, value al be ga N x1 x2 = levee s x1 (x2 - offset g).
Proof. exact (lemma_4 S d eps g al be ga N). Qed.

(** Lemma 5: for a stack of gadgets, the affine functions plus at most four
    rectifiers a gadget that fit all points are the sums of one levee a gadget. *)
Theorem Lemma_5 (S d D eps : R) (G : list gadget) (al be ga : R) (N : list neuron) :
  G <> [] -> stackable S d D eps G -> (forall n, In n N -> coef n = 1 \/ coef n = -1) ->
  (length N <= 4 * length G)%nat ->
  (forall g, In g G -> fits_gadget (value al be ga N) eps g) <->
  exists ss, choice G ss /\ forall x1 x2, value al be ga N x1 x2 = levees G ss x1 x2.
Proof. exact (lemma_5 S d D eps G al be ga N). Qed.

(** Lemma 6: of all levees, two are non-zero at the point for the literal v_i of
    clause j with slope s, and their value there is 1. *)
Theorem Lemma_6 (n m j : nat) (s : R) (i : nat) :
  (1 <= j <= m)%nat -> (1 <= i <= n)%nat -> In s (r_clause_slopes m j) ->
  let D := rD m in
  levee s (p1 D j s i) (p2 D j s i - place_offset D (Cla j)) = 1 /\
  levee 1 (p1 D j s i) (p2 D j s i - place_offset D (Var i)) = 1 /\
  forall p t, In p (places n m) -> In t (place_slopes m p) ->
    ~ (p = Cla j /\ t = s) -> ~ (p = Var i /\ t = 1) ->
    levee t (p1 D j s i) (p2 D j s i - place_offset D p) = 0.
Proof. exact (lemma_6 (rD m) n m j s i (Req_le _ _ eq_refl)). Qed.

(** Theorem 1: the data [poits_relu F] can be fitted by 4(m + n) rectifiers if and
    only if F has an assignment with exactly one true literal in each clause. *)
Theorem Theorem_1 (F : formula) : well_formed_formula F ->
  (exists N, length N = (4 * (length (clauses F) + variables F))%nat /\
     Forall (relu_neuron 2) N /\ fits relu N (poits_relu F)) <->
  exists v, one_in_three v F.
Proof. exact (theorem_1 F). Qed.

(** ** Section 4 *)

(** Theorem 7, forward: a restricted separation (equations (3), (4)) of (Q, P) or
    of (P, Q) gives four rectifiers that fit the data, for all small delta. *)
Theorem Theorem_7_forward (d : nat) (Q P : points) : all_in_dim d Q -> all_in_dim d P ->
  restricted d Q P \/ restricted d P Q ->
  exists bound, 0 < bound /\ forall delta, 0 < Q2R delta < bound ->
    relu_trainable d 4 (twohyp_relu delta Q P).
Proof. exact (theorem_7_forward_small d Q P). Qed.

(** Theorem 7, backward: four rectifiers that fit the data give two hyperplanes
    that strictly separate Q and P. *)
Theorem Theorem_7_backward (d : nat) (delta : Q) (Q P : points) :
  all_in_dim d Q -> all_in_dim d P -> 0 < Q2R delta < 1/2 ->
  relu_trainable d 4 (twohyp_relu delta Q P) -> separable d Q P.
Proof. exact (theorem_7_backward d delta Q P). Qed.

(** ** Section 5 *)

(** Corollary 8: the data [poits_threshold F] can be fitted by 2(m + n) threshold
    neurons if and only if F has an assignment with exactly one true literal in
    each clause. *)
Theorem Corollary_8 (F : formula) : well_formed_formula F ->
  (exists N, length N = (2 * (length (clauses F) + variables F))%nat /\
     Forall (threshold_neuron 2) N /\ fits step N (poits_threshold F)) <->
  exists v, one_in_three v F.
Proof. exact (corollary_8 F). Qed.

(** Corollary 9: one threshold neuron comes down to a total loss of at most gamma (l0, l1 or l2) on the data
    [mcclique_data G l] if and only if G has a clique with one vertex of every colour. *)
Theorem Corollary_9 (G : coloured_graph) (l : loss) : well_formed_coloured G ->
  threshold_trainable_to l (mcclique_gamma G) (2 * Nat.max (classes G) 1) 1 (mcclique_data G l) <->
  multicoloured_clique G.
Proof. exact (corollary_9 G l). Qed.

(** The result for one rectifier from which the paper takes it; the data are the same. *)
Theorem Corollary_9_relu (G : coloured_graph) (l : loss) : well_formed_coloured G ->
  relu_trainable_to l (mcclique_gamma G) (2 * Nat.max (classes G) 1) 1 (mcclique_data G l) <->
  multicoloured_clique G.
Proof. exact (one_relu G l). Qed.

(** Corollary 10: two threshold neurons fit label 1 on Q and 0 on P if and only if
    (Q, P) or (P, Q) has a restricted separation. *)
Theorem Corollary_10 (d : nat) (Q P : points) :
  threshold_trainable d 2 (labelled Q P) <-> restricted d Q P \/ restricted d P Q.
Proof. exact (corollary_10 d Q P). Qed.

(** ** The W[1]-hardness (section 4 and Corollary 10)

    [circles_q G k] and [circles_p G k] are point sets in dimension 2k made of a graph G. *)

(** The graph has a clique of k vertices if and only if two hyperplanes strictly separate the sets, in whichever way; and
    then they do so in the restricted form (3), (4). *)
Theorem Clique_separation (G : graph) (k : nat) : well_formed_graph G ->
  (separable (2 * k) (circles_q G k) (circles_p G k) <-> has_clique G k) /\
  (restricted (2 * k) (circles_q G k) (circles_p G k) <-> has_clique G k).
Proof. exact (circles_both G k). Qed.

(** If and only if four rectifiers fit the data of Theorem 7 for these sets, for all small delta. *)
Theorem Clique_relu (G : graph) (k : nat) : well_formed_graph G ->
  exists bound, 0 < bound /\ forall delta, 0 < Q2R delta < bound ->
    relu_trainable (2 * k) 4 (twohyp_relu delta (circles_q G k) (circles_p G k)) <-> has_clique G k.
Proof. exact (clique_relu G k). Qed.

(** For the backward direction every delta below 1/2 will do. *)
Theorem Clique_relu_backward (G : graph) (k : nat) (delta : Q) : well_formed_graph G -> 0 < Q2R delta < 1/2 ->
  relu_trainable (2 * k) 4 (twohyp_relu delta (circles_q G k) (circles_p G k)) -> has_clique G k.
Proof. exact (clique_of_relu G k delta). Qed.

(** If and only if two threshold neurons fit the data of Corollary 10. *)
Theorem Clique_threshold (G : graph) (k : nat) : well_formed_graph G ->
  threshold_trainable (2 * k) 2 (labelled (circles_q G k) (circles_p G k)) <-> has_clique G k.
Proof. exact (clique_threshold G k). Qed.

(** ** Section 6

    [solve] is any exact solver of linear programs. Points are put on pieces: [solves d k S P N] says that the convex
    network N keeps every placed point of P on its piece (system (6)) and fits the open points of S. *)

(** Algorithm 2: what check-forced-points puts on a piece is there in every solution; it loses no solution and adds none;
    no point that it leaves open has a bound mu >= y. *)
Theorem Forced_points solve d k S P S' P' : exact_lp solve -> well_placed k P ->
  check_forced_points solve d k S P = Some (S', P') ->
  (forall N, solves d k S P N ->
     forall I x y, In (I, (x, y)) P' -> on_piece I N (map Q2R x) (Q2R y)) /\
  (forall N, solves d k S P N <-> solves d k S' P' N) /\
  (forall p I, In p S' -> length I = k -> lower_bound solve d k P' I p = Lt).
Proof.
  intros X W E. split; [exact (forced_points_sound solve d k X S P S' P' W E)|].
  pose proof (check_forced_points_spec solve d k X S P W) as H. rewrite E in H. split; apply H.
Qed.

(** Algorithm 2: a branch that it rejects has no solution. *)
Theorem Rejected_branches solve d k S P : exact_lp solve -> well_placed k P ->
  check_forced_points solve d k S P = None -> forall N, ~ solves d k S P N.
Proof. intros X. exact (reject_sound solve d k X S P). Qed.

(** Algorithm 1: a solution of a node is one of some branch, and a solution of a branch is one of the node. *)
Theorem Branching d k p S P N :
  solves d k (p :: S) P N <-> exists I, In I (active_sets k) /\ solves d k S ((I, p) :: P) N.
Proof.
  split; [apply branching_complete|]. intros (I & _ & H). exact (branching_sound d k p S P N I H).
Qed.

(** Theorem 11: the algorithm answers Yes if and only if k ReLUs with coefficient 1 fit the data; its recursion is at most
    k (d + 1) + 1 deep; ExactFit is called less than 2^(k (k (d + 1) + 1) + 1) times, which is 2^(O(k^2 d)). Forced points are
    looked for before the first branching, too. *)
Theorem Theorem_11 solve d k D : exact_lp solve ->
  let run := exact_fit solve d k D in
  (answer run = true <-> convex_trainable d k D) /\
  (depth run <= k * (d + 1) + 1)%nat /\
  (1 <= k -> calls run < 2 ^ (k * (k * (d + 1) + 1) + 1))%nat /\
  (1 <= k -> 1 <= d -> calls run < 2 ^ (4 * k ^ 2 * d))%nat.
Proof. exact (theorem_11 solve d k D). Qed.

(** As Algorithm 1 stands in the paper, without that first check, the recursion may be one level deeper; not if the first
    point that is chosen has a positive label. *)
Theorem Theorem_11_as_printed solve d k D : exact_lp solve ->
  let run := exact_fit_paper solve d k D in
  (answer run = true <-> convex_trainable d k D) /\
  (depth run <= k * (d + 1) + 2)%nat /\
  (1 <= k -> calls run < 2 ^ (k * (k * (d + 1) + 2) + 1))%nat /\
  (forall p S, D = p :: S -> 0 < Q2R (snd p) -> (depth run <= k * (d + 1) + 1)%nat).
Proof. exact (theorem_11_as_printed solve d k D). Qed.

(** That level is needed: for these data, k = 1 and d = 1, every exact solver leads to 4 = k (d + 1) + 2 levels. *)
Theorem Theorem_11_printed_depth solve : exact_lp solve ->
  depth (exact_fit_paper solve 1 1 [([0], 0); ([1], 1); ([2], 3); ([3], 6)]%Q) = 4%nat.
Proof. exact (printed_depth solve). Qed.

(** An exact solver exists, and can be run: Fourier-Motzkin elimination. *)
Theorem Linear_programs : exact_lp fourier_motzkin.
Proof. exact fourier_motzkin_exact. Qed.

(** The concave case: the same algorithm on the labels with the other sign. *)
Theorem Theorem_11_concave solve d k D : exact_lp solve ->
  answer (exact_fit solve d k (negated D)) = true <-> concave_trainable d k D.
Proof. exact (theorem_11_concave solve d k D). Qed.
(** ** The remarks on d > 2 and gamma > 0

    [pad k D] has k zeros more in each point. [with_error l gamma D] has two further labels at the first point of D
    (l0, l1 or l2; with numbers of copies), [once D] counts each point of D once, and "trainable to gamma" means: exactly so many neurons come down to a
    total loss of at most gamma. *)

(** For any data: what can be fitted in dimension d can be fitted in dimension d + k, and the other way round. *)
Theorem Padding_relu (d k width : nat) (D : data) : in_dimension d D ->
  relu_trainable (d + k) width (pad k D) <-> relu_trainable d width D.
Proof. exact (padded_relu d k width D). Qed.

Theorem Padding_threshold (d k width : nat) (D : data) : in_dimension d D ->
  threshold_trainable (d + k) width (pad k D) <-> threshold_trainable d width D.
Proof. exact (padded_threshold d k width D). Qed.

(** For any data and any network: a total loss of at most gamma is an exact fit of the data without the further labels. *)
Theorem Target_error (act : R -> R) (l : loss) (gamma : Q) (N : list neuron) (D : data) : 0 <= Q2R gamma ->
  total_loss act l N (with_error l gamma (once D)) <= Q2R gamma <-> fits act N D.
Proof. intros H. rewrite (error_fits act l gamma N _ H (once_counted D)), once_points. reflexivity. Qed.

(** Theorem 1 in every dimension d >= 2, with error 0 and with a target error. *)
Theorem Theorem_1_dimension (F : formula) (d : nat) : well_formed_formula F -> (2 <= d)%nat ->
  relu_trainable d (4 * (length (clauses F) + variables F)) (pad (d - 2) (poits_relu F)) <->
  exists v, one_in_three v F.
Proof. exact (theorem_1_dimension F d). Qed.

Theorem Theorem_1_error (F : formula) (d : nat) (l : loss) (gamma : Q) :
  well_formed_formula F -> (2 <= d)%nat -> 0 <= Q2R gamma ->
  relu_trainable_to l gamma d (4 * (length (clauses F) + variables F))
    (pad_weighted (d - 2) (with_error l gamma (once (poits_relu F)))) <->
  exists v, one_in_three v F.
Proof. exact (theorem_1_error F d l gamma). Qed.

(** Corollary 8 likewise. *)
Theorem Corollary_8_dimension (F : formula) (d : nat) : well_formed_formula F -> (2 <= d)%nat ->
  threshold_trainable d (2 * (length (clauses F) + variables F)) (pad (d - 2) (poits_threshold F)) <->
  exists v, one_in_three v F.
Proof. exact (corollary_8_dimension F d). Qed.

Theorem Corollary_8_error (F : formula) (d : nat) (l : loss) (gamma : Q) :
  well_formed_formula F -> (2 <= d)%nat -> 0 <= Q2R gamma ->
  threshold_trainable_to l gamma d (2 * (length (clauses F) + variables F))
    (pad_weighted (d - 2) (with_error l gamma (once (poits_threshold F)))) <->
  exists v, one_in_three v F.
Proof. exact (corollary_8_error F d l gamma). Qed.

(** Corollary 9 in every larger dimension; it has a target error of its own. *)
Theorem Corollary_9_dimension (G : coloured_graph) (l : loss) (k : nat) : well_formed_coloured G ->
  threshold_trainable_to l (mcclique_gamma G) (2 * Nat.max (classes G) 1 + k) 1 (pad_weighted k (mcclique_data G l)) <->
  multicoloured_clique G.
Proof. exact (corollary_9_dimension G l k). Qed.

Theorem Corollary_9_relu_dimension (G : coloured_graph) (l : loss) (k : nat) : well_formed_coloured G ->
  relu_trainable_to l (mcclique_gamma G) (2 * Nat.max (classes G) 1 + k) 1 (pad_weighted k (mcclique_data G l)) <->
  multicoloured_clique G.
Proof. exact (one_relu_dimension G l k). Qed.

(** The data of Theorem 7 with k dimensions more, and with a target error: trainable exactly if the data are without
    them; so both directions of Theorem 7 hold for them, too. *)
Theorem Theorem_7_dimension (d k : nat) (delta : Q) (Q P : points) : all_in_dim d Q -> all_in_dim d P ->
  relu_trainable (d + k) 4 (pad k (twohyp_relu delta Q P)) <-> relu_trainable d 4 (twohyp_relu delta Q P).
Proof. intros HQ HP. exact (theorem_7_dimension d k Q P HQ HP delta). Qed.

Theorem Theorem_7_error (d k : nat) (l : loss) (gamma delta : Q) (Q P : points) :
  all_in_dim d Q -> all_in_dim d P -> 0 <= Q2R gamma ->
  relu_trainable_to l gamma (d + k) 4 (pad_weighted k (with_error l gamma (once (twohyp_relu delta Q P)))) <->
  relu_trainable d 4 (twohyp_relu delta Q P).
Proof. intros HQ HP. exact (theorem_7_error d k Q P HQ HP l gamma delta). Qed.

(** Corollary 10 likewise. *)
Theorem Corollary_10_dimension (d k : nat) (Q P : points) : all_in_dim d Q -> all_in_dim d P ->
  threshold_trainable (d + k) 2 (pad k (labelled Q P)) <-> restricted d Q P \/ restricted d P Q.
Proof. intros HQ HP. exact (corollary_10_dimension d k Q P HQ HP). Qed.

Theorem Corollary_10_error (d k : nat) (l : loss) (gamma : Q) (Q P : points) :
  all_in_dim d Q -> all_in_dim d P -> 0 <= Q2R gamma ->
  threshold_trainable_to l gamma (d + k) 2 (pad_weighted k (with_error l gamma (once (labelled Q P)))) <->
  restricted d Q P \/ restricted d P Q.
Proof. intros HQ HP. exact (corollary_10_error d k Q P HQ HP l gamma). Qed.

(** ** The remark on further neurons, for threshold networks

    [with_far width T d D] adds a dimension and far points that use T neurons up ([FarLines]; the points stand over the
    moment curve); [mcclique_more] does so for the data of Corollary 9, with numbers of copies. *)

(** Corollary 9 with any number 1 + T of neurons. *)
Theorem Corollary_9_neurons (G : coloured_graph) (l : loss) (T : nat) : well_formed_coloured G ->
  threshold_trainable_to l (mcclique_gamma G) (S (2 * Nat.max (classes G) 1)) (1 + T) (mcclique_more G l T) <->
  multicoloured_clique G.
Proof. intros W. exact (corollary_9_more G W l T). Qed.

(** Corollary 10 with 2 + T neurons: a restricted separation gives a network, and a network a general separation. *)
Theorem Corollary_10_neurons_forward (d T : nat) (Q P : points) : all_in_dim d Q -> all_in_dim d P ->
  restricted d Q P \/ restricted d P Q -> threshold_trainable (S d) (2 + T) (with_far 2 T d (labelled Q P)).
Proof. intros HQ HP. exact (corollary_10_more_forth d T Q P HQ HP). Qed.

Theorem Corollary_10_neurons_backward (d T : nat) (Q P : points) : all_in_dim d Q -> all_in_dim d P ->
  threshold_trainable (S d) (2 + T) (with_far 2 T d (labelled Q P)) -> separable d Q P.
Proof. intros HQ HP. exact (corollary_10_more_back d T Q P HQ HP). Qed.

(** For any data: of [width] + T neurons that fit, at most [width] differ among the data; the others are a constant there. *)
Theorem Further_neurons (width T d : nat) (D : data) : (forall x y, In (x, y) D -> (length x <= d)%nat) ->
  threshold_trainable (S d) (width + T) (with_far width T d D) ->
  exists c N, (length N <= width)%nat /\ Forall (threshold_neuron d) N /\
    forall x y, In (x, y) D -> c + eval step N (map Q2R x) = Q2R y.
Proof. exact (further_neurons width T d D). Qed.
Theorem Further_neurons_forward (width T d : nat) (D : data) : (forall x y, In (x, y) D -> (length x <= d)%nat) ->
  threshold_trainable d width D -> threshold_trainable (S d) (width + T) (with_far width T d D).
Proof. exact (further_neurons_forth width T d D). Qed.
