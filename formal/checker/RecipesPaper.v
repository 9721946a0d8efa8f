(** * The recipes of the kernel are the reductions of the paper

    [Recipes] builds the instances with numbers that stay in lowest terms, for the extracted program;
    [Certify.PoitsRelu] and [Certify.PoitsThreshold] build those that Theorem 1 and Corollary 8 speak of. They are
    the same lists, number by number. *)

From Coq Require Import QArith ZArith List Lia Setoid.
From Certify Require Semantics Formula Layout PoitsRelu PoitsThreshold.
From CertifyChecker Require Import Trie Recipes.
Import ListNotations.
Open Scope Q_scope.

Lemma red_point (a a' b b' y y' : Q) : a == a' -> b == b' -> y == y' ->
  ([Qred a; Qred b], Qred y) = Formula.point a' b' y'.
Proof.
  intros Ha Hb Hy. unfold Formula.point.
  rewrite (Qred_complete a a' Ha), (Qred_complete b b' Hb), (Qred_complete y y' Hy). reflexivity.
Qed.

Lemma qadd_eq a b : qadd a b == a + b. Proof. apply Qred_correct. Qed.
Lemma qsub_eq a b : qsub a b == a - b. Proof. apply Qred_correct. Qed.
Lemma qmul_eq a b : qmul a b == a * b. Proof. apply Qred_correct. Qed.
Lemma qdiv_eq a b : qdiv a b == a / b. Proof. apply Qred_correct. Qed.

Lemma qn_add a b : qn (a + b) == qn a + qn b.
Proof. unfold qn, Qeq, Qplus. cbn [Qnum Qden]. lia. Qed.
Lemma qn_mul a b : qn (a * b) == qn a * qn b.
Proof. unfold qn, Qeq, Qmult. cbn [Qnum Qden]. lia. Qed.
Lemma qn_sub a b : (b <= a)%nat -> qn (a - b) == qn a - qn b.
Proof.
  intros H. assert (E : qn (a - b + b) == qn (a - b) + qn b) by apply qn_add.
  replace (a - b + b)%nat with a in E by lia. rewrite E. ring.
Qed.

Definition is_red (a : Q) : Prop := Qred a = a.
Lemma Qred_involutive a : Qred (Qred a) = Qred a.
Proof. apply Qred_complete, Qred_correct. Qed.
Lemma is_red_add a b : is_red (qadd a b). Proof. apply Qred_involutive. Qed.
Lemma is_red_sub a b : is_red (qsub a b). Proof. apply Qred_involutive. Qed.
Lemma is_red_mul a b : is_red (qmul a b). Proof. apply Qred_involutive. Qed.
Lemma is_red_div a b : is_red (qdiv a b). Proof. apply Qred_involutive. Qed.
Lemma is_red_qf a b : is_red (qf a b). Proof. apply Qred_involutive. Qed.

Lemma the_point a a' b b' y y' : is_red a -> is_red b -> is_red y -> a == a' -> b == b' -> y == y' ->
  ([a; b], y) = Formula.point a' b' y'.
Proof.
  intros Ra Rb Ry Ha Hb Hy. unfold is_red in *. rewrite <- Ra, <- Rb, <- Ry. apply red_point; assumption.
Qed.

Lemma same_cons {A} (x x' : A) l l' : x = x' -> l = l' -> x :: l = x' :: l'.
Proof. intros; subst; reflexivity. Qed.

Ltac reduced :=
  first [apply is_red_add|apply is_red_sub|apply is_red_mul|apply is_red_div|apply is_red_qf|reflexivity].
Ltac value H :=
  do 3 rewrite ?qadd_eq, ?qsub_eq, ?qmul_eq, ?qdiv_eq; H; unfold qf, Qdiv; rewrite ?Qred_correct;
  (reflexivity || ring || (simpl; ring)).
Ltac all_points H :=
  repeat (apply same_cons; [apply the_point; [reduced|reduced|reduced|value H..]|]); reflexivity.

(** ** Theorem 1 *)

Ltac relu_gadget H :=
  unfold gadget_relu, PoitsRelu.gadget_data, PoitsRelu.line13, PoitsRelu.line9, at_column,
    labels_13, labels_9, fst_slope, last_slope, eps, PoitsRelu.eps;
  cbn [map combine app fst snd hd last far_relu PoitsRelu.q_data]; all_points H.

Lemma gadget_relu_three a b c z a' b' c' z' : a == a' -> b == b' -> c == c' -> z == z' ->
  gadget_relu [a; b; c] z = PoitsRelu.gadget_data z' [a'; b'; c'].
Proof. intros Ha Hb Hc Hz. relu_gadget ltac:(rewrite ?Ha, ?Hb, ?Hc, ?Hz). Qed.

Lemma gadget_relu_two a b z a' b' z' : a == a' -> b == b' -> z == z' ->
  gadget_relu [a; b] z = PoitsRelu.gadget_data z' [a'; b'].
Proof. intros Ha Hb Hz. relu_gadget ltac:(rewrite ?Ha, ?Hb, ?Hz). Qed.

(** ** The global construction *)

Lemma delta_eq cs : delta cs == Layout.delta (length cs).
Proof.
  unfold delta, Layout.delta. rewrite qdiv_eq, qn_mul. reflexivity.
Qed.

Lemma slopes_eq cs j : (1 <= j)%nat -> exists a b c a' b' c',
  clause_slopes (delta cs) j = [a; b; c] /\ Layout.clause_slopes (@length (nat * nat * nat) cs) j = [a'; b'; c'] /\ a == a' /\ b == b' /\ c == c'.
Proof.
  intros Hj. do 6 eexists. split; [reflexivity|]. split; [reflexivity|].
  change Formula.qn with qn.
  repeat split; rewrite qsub_eq, qmul_eq, delta_eq.
  - rewrite qn_sub by lia. rewrite qn_mul. reflexivity.
  - rewrite qn_sub by lia. rewrite qn_mul. reflexivity.
  - rewrite qn_mul. reflexivity.
Qed.

Lemma literal_point_eq D D' i j s s' : D == D' -> s == s' ->
  ([qdiv (qmul D (qn (i + j))) (qsub 1 s); qsub (qdiv (qmul D (qn (i + j))) (qsub 1 s)) (qmul D (qn i))], 1)
  = Layout.literal_point D' j s' i.
Proof.
  intros HD Hs. unfold Layout.literal_point. change Formula.qn with qn.
  apply the_point; [reduced|reduced|reduced|..|reflexivity];
    rewrite ?qsub_eq, ?qdiv_eq, ?qmul_eq, ?qsub_eq, qn_add, HD, Hs; reflexivity.
Qed.

Lemma flat_map_ext_in {A B} (f g : A -> list B) l : (forall x, In x l -> f x = g x) -> flat_map f l = flat_map g l.
Proof. induction l as [|x l IH]; simpl; intros H; [reflexivity|]. rewrite H, IH; auto. Qed.

Lemma all_gadgets_eq n cs D D' g g' : D == D' ->
  (forall a b c z a' b' c' z', a == a' -> b == b' -> c == c' -> z == z' -> g [a; b; c] z = g' z' [a'; b'; c']) ->
  (forall a b z a' b' z', a == a' -> b == b' -> z == z' -> g [a; b] z = g' z' [a'; b']) ->
  all_gadgets n cs D g = Layout.global_points g' D' (Formula.Formula n cs).
Proof.
  intros HD H3 H2. unfold all_gadgets, Layout.global_points, upto. cbv zeta. cbn [Formula.clauses Formula.variables].
  f_equal; [|f_equal].
  - apply flat_map_ext_in. intros j Hj. apply in_seq in Hj.
    destruct (slopes_eq cs j) as (a & b & c & a' & b' & c' & -> & -> & Ha & Hb & Hc); [lia|].
    apply H3; try assumption. change Formula.qn with qn. rewrite qmul_eq, HD. reflexivity.
  - apply flat_map_ext_in. intros i _. apply H2; try reflexivity.
    change Formula.qn with qn. rewrite qsub_eq, qmul_eq, HD. ring.
  - unfold literal_points, Formula.numbered, upto. cbn [Formula.clauses]. apply flat_map_ext_in.
    intros (j, ((u, v), w)) Hj. apply in_combine_l, in_seq in Hj.
    destruct (slopes_eq cs j) as (a & b & c & a' & b' & c' & E & E' & Ha & Hb & Hc); [lia|].
    unfold Layout.literal_points. cbn [fst]. rewrite E, E'. cbn [combine map nth].
    rewrite (literal_point_eq D D' u j a a' HD Ha), (literal_point_eq D D' v j b b' HD Hb),
      (literal_point_eq D D' w j c c' HD Hc). reflexivity.
Qed.

Theorem poits_relu_eq n cs : poits_relu n cs = PoitsRelu.poits_relu (Formula.Formula n cs).
Proof.
  assert (G : all_gadgets n cs (qn (16 * big cs + 6)) gadget_relu =
    Layout.global_points PoitsRelu.gadget_data (PoitsRelu.Delta (length cs)) (Formula.Formula n cs)).
  { apply all_gadgets_eq; [|exact gadget_relu_three|exact gadget_relu_two].
    unfold PoitsRelu.Delta. rewrite qn_add, qn_mul. reflexivity. }
  unfold poits_relu, PoitsRelu.poits_relu, PoitsRelu.poits_relu_width. cbn [Formula.clauses Formula.variables].
  destruct n as [|n], cs as [|c cs]; cbn [length Nat.add Nat.mul]; try reflexivity; exact G.
Qed.

(** ** Corollary 8 *)

Ltac threshold_gadget H :=
  unfold gadget_threshold, PoitsThreshold.stripe_data, PoitsThreshold.line4, at_column,
    labels_4, fst_slope, last_slope, eps;
  cbn [map combine app fst snd hd last far_threshold PoitsThreshold.x_data]; all_points H.

Lemma gadget_threshold_three t t' a b c z a' b' c' z' : t == t' -> a == a' -> b == b' -> c == c' -> z == z' ->
  gadget_threshold t [a; b; c] z = PoitsThreshold.stripe_data t' z' [a'; b'; c'].
Proof. intros Ht Ha Hb Hc Hz. threshold_gadget ltac:(rewrite ?Ht, ?Ha, ?Hb, ?Hc, ?Hz). Qed.

Lemma gadget_threshold_two t t' a b z a' b' z' : t == t' -> a == a' -> b == b' -> z == z' ->
  gadget_threshold t [a; b] z = PoitsThreshold.stripe_data t' z' [a'; b'].
Proof. intros Ht Ha Hb Hz. threshold_gadget ltac:(rewrite ?Ht, ?Ha, ?Hb, ?Hz). Qed.

Theorem poits_threshold_eq n cs : poits_threshold n cs = PoitsThreshold.poits_threshold (Formula.Formula n cs).
Proof.
  set (tau := qdiv 1 (qadd (qf 2 1) (qmul (qn (12 * (24 * big cs + 6))) (qn (Nat.max (length cs + n) 1))))).
  assert (G : all_gadgets n cs (qn (24 * big cs + 6)) (gadget_threshold tau) =
    Layout.global_points (PoitsThreshold.stripe_data (PoitsThreshold.tau (Formula.Formula n cs)))
      (PoitsThreshold.tDelta (length cs)) (Formula.Formula n cs)).
  { assert (T : tau == PoitsThreshold.tau (Formula.Formula n cs)).
    { unfold tau, PoitsThreshold.tau, PoitsThreshold.tDelta. change Formula.qn with qn.
      cbn [Formula.clauses Formula.variables].
      rewrite qdiv_eq, qadd_eq, qmul_eq, !qn_mul, qn_add, qn_mul. reflexivity. }
    apply all_gadgets_eq.
    - unfold PoitsThreshold.tDelta. rewrite qn_add, qn_mul. reflexivity.
    - intros. apply gadget_threshold_three; assumption.
    - intros. apply gadget_threshold_two; assumption. }
  unfold poits_threshold, PoitsThreshold.poits_threshold, PoitsThreshold.poits_threshold_width.
  cbn [Formula.clauses Formula.variables].
  destruct n as [|n], cs as [|c cs]; cbn [length Nat.add Nat.mul]; try reflexivity; exact G.
Qed.
