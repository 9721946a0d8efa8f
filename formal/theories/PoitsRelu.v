(** * Theorem 1: positive one-in-three 3-SAT reduces to fitting with rectifiers *)

From Coq Require Import Reals QArith Qreals List Lra Lia Psatz Permutation.
From Certify Require Import Semantics Lines Levee Slots Gadget Stack Formula Layout.
Import ListNotations.

(** ** The reduction, on rational data

    The order of the points is canonical: the clause gadgets 1, ..., m, the
    variable gadgets 1, ..., n, then the points p_{j,r}. In a gadget: the 13
    points of h_0, the 9 of h_-eps, the 9 of h_eps, each by increasing x_2,
    then q_i^-, q_i^+ for i = 1, ..., l - 1. *)

Open Scope Q_scope.

Definition line13 (z : Q) : data :=
  [ point 0 (z - 4) 0; point 0 (z - 3) 0; point 0 (z - 2) 0;
    point 0 (z - (5#3)) (1#3); point 0 (z - (4#3)) (2#3); point 0 (z - 1) 1;
    point 0 z 1; point 0 (z + 1) 1; point 0 (z + (4#3)) (2#3); point 0 (z + (5#3)) (1#3);
    point 0 (z + 2) 0; point 0 (z + 3) 0; point 0 (z + 4) 0 ].

Definition line9 (c z lo hi : Q) : data :=
  [ point c (z - 4 + lo) 0; point c (z - 3 + lo) 0; point c (z - 2 + lo) 0;
    point c (z - 1 + hi) 1; point c z 1; point c (z + 1 + lo) 1;
    point c (z + 2 + hi) 0; point c (z + 3 + hi) 0; point c (z + 4 + hi) 0 ].

Fixpoint q_data (z : Q) (l : list Q) : data :=
  match l with
  | s :: ((s' :: _) as l') =>
      point (-4 / (s' - s)) (z - 2 * (s + s') / (s' - s)) 0 ::
      point (4 / (s' - s)) (z + 2 * (s + s') / (s' - s)) 0 :: q_data z l'
  | _ => []
  end.

Definition eps : Q := 1#3.

Definition gadget_data (z : Q) (l : list Q) : data :=
  line13 z ++ line9 (- eps) z (- eps * last l 0) (- eps * hd 0 l)
    ++ line9 eps z (eps * hd 0 l) (eps * last l 0) ++ q_data z l.

(** The distance of the gadgets. *)
Definition Delta (m : nat) : Q := 16 * qn (max1 m) + 6.

(** The number of neurons. *)
Definition poits_relu_width (F : formula) : nat := 4 * (length (clauses F) + variables F).

(** The reduction. The empty formula (m = n = 0) gets one point that no neuron
    is needed for. *)
Definition poits_relu (F : formula) : data :=
  match poits_relu_width F with
  | O => [point 0 0 0]
  | _ => global_points gadget_data (Delta (length (clauses F))) F
  end.

(** ** The same over the reals *)

Open Scope R_scope.

Lemma value_0 N x1 x2 : value 0 0 0 N x1 x2 = eval relu N [x1; x2].
Proof. unfold value. ring. Qed.

Ltac data_conj :=
  repeat rewrite fits_point; rewrite fits_nil; repeat rewrite value_0; autorewrite with q2r; tauto.

Lemma line13_fits N z : fits relu N (line13 z) <->
  nine_points (value 0 0 0 N 0) (Window (Q2R z) 0 0) /\ four_points (value 0 0 0 N 0) (Q2R z).
Proof.
  unfold line13, nine_points, four_points; simpl mid; simpl lo; simpl hi.
  rewrite !Rplus_0_r. data_conj.
Qed.

Lemma line9_fits N c z l h : fits relu N (line9 c z l h) <->
  nine_points (value 0 0 0 N (Q2R c)) (Window (Q2R z) (Q2R l) (Q2R h)).
Proof. unfold line9, nine_points; simpl mid; simpl lo; simpl hi. data_conj. Qed.

Lemma q_data_fits N z d l : 0 < d -> rising d (map Q2R l) ->
  fits relu N (q_data z l) <-> q_points (value 0 0 0 N) (Q2R z) (map Q2R l).
Proof.
  intros Hd. induction l as [|a [|b l] IH]; [simpl; rewrite fits_nil; tauto..|].
  intros [H Hr]. specialize (IH Hr).
  change (q_data z (a :: b :: l)) with (point (-4 / (b - a)) (z - 2 * (a + b) / (b - a)) 0 ::
    point (4 / (b - a)) (z + 2 * (a + b) / (b - a)) 0 :: q_data z (b :: l)).
  rewrite !fits_point, IH. simpl map. cbn [q_points]. rewrite !value_0.
  assert (Q2R (b - a) <> 0) by (rewrite Q2R_minus; lra).
  rewrite Q2R_minus, Q2R_plus, !Q2R_divide by assumption. autorewrite with q2r. tauto.
Qed.

Lemma Q2R_eps : Q2R eps = 1/3.
Proof. apply Q2R_1_3. Qed.

Lemma gadget_data_fits N d z l : 0 < d -> rising d (map Q2R l) ->
  fits relu N (gadget_data z l) <->
  fits_gadget (value 0 0 0 N) (1/3) (Gadget (Q2R z) (map Q2R l)).
Proof.
  intros Hd Hr. unfold gadget_data. rewrite !fits_app, line13_fits, !line9_fits, (q_data_fits N z d l Hd Hr).
  unfold fits_gadget, window0, window_left, window_right, first_slope, last_slope; simpl offset; simpl slopes.
  rewrite !Q2R_mult, !Q2R_opp, Q2R_hd, Q2R_last, Q2R_eps. tauto.
Qed.

Definition rD (m : nat) : R := 16 * rM m + 6.

Lemma Q2R_Delta m : Q2R (Delta m) = rD m.
Proof. unfold Delta, rD, rM. autorewrite with q2r. reflexivity. Qed.

Definition relu_stack (F : formula) : list gadget := stack (rD (length (clauses F))) F.

Lemma stack_stackable F :
  stackable 1 (rd (length (clauses F))) (rD (length (clauses F))) (1/3) (relu_stack F).
Proof.
  set (m := length (clauses F)).
  destruct (rM_bounds m) as [H1 H2]. destruct (rd_M m) as [E Hd].
  split; [lra|]. split; [lra|]. split; [lra|]. split; [lra|].
  split. { unfold rD, rd. apply Req_le. field. lra. }
  split; [unfold rD; lra|].
  split; [apply stack_spaced; fold m; unfold rD; lra|].
  intros g Hg. destruct (stack_formed _ _ _ Hg) as (F1 & F2 & F3).
  split; [exact F1|]. split; [exact F2|exact F3].
Qed.

Lemma poits_relu_points_fit F N :
  fits relu N (global_points gadget_data (Delta (length (clauses F))) F) <->
  (forall g, In g (relu_stack F) -> fits_gadget (value 0 0 0 N) (1/3) g) /\
  fits_literals (rD (length (clauses F))) (fun x1 x2 => eval relu N [x1; x2]) F.
Proof.
  unfold relu_stack. rewrite <- Q2R_Delta. apply global_points_fit.
  intros z l Hr _. destruct (rd_M (length (clauses F))) as [_ Hd].
  apply (gadget_data_fits N (rd (length (clauses F)))); [lra|exact Hr].
Qed.

(** ** Theorem 1 *)

(** A sum of levees along the chosen lines. *)
Lemma levees_striped D F h :
  (forall p, In p (places (variables F) (length (clauses F))) -> In (h p) (place_slopes (length (clauses F)) p)) ->
  striped D F h (levees (stack D F) (map h (places (variables F) (length (clauses F))))).
Proof.
  intros Hh. split; [exact Hh|].
  exists (fun p x1 x2 => levee (h p) x1 (x2 - place_offset D p)). split.
  - intros x1 x2. unfold levees, stack. clear Hh.
    induction (places _ _) as [|p l IH]; simpl; congruence.
  - intros p x1 x2 _ _. split; intros H; [apply levee_centre; lra|apply levee_far; exact H].
Qed.

Lemma levees_network G ss : exists N, length N = (4 * length (combine G ss))%nat /\
  Forall (relu_neuron 2) N /\ forall x1 x2, eval relu N [x1; x2] = levees G ss x1 x2.
Proof.
  unfold levees. induction (combine G ss) as [|[g s] l (N & Hlen & HN & E)].
  - exists []. repeat split; auto.
  - exists (levee_neurons (offset g) s ++ N). split; [rewrite app_length, Hlen; simpl; lia|].
    split; [apply Forall_app; split; [apply levee_neurons_allowed|exact HN]|].
    intros x1 x2. unfold eval in *. rewrite sum_app, E. cbn [sum fst snd].
    f_equal. apply observation_3.
Qed.

Lemma choice_of_places D F h :
  (forall p, In p (places (variables F) (length (clauses F))) -> In (h p) (place_slopes (length (clauses F)) p)) ->
  choice (stack D F) (map h (places (variables F) (length (clauses F)))).
Proof.
  unfold choice, stack. generalize (places (variables F) (length (clauses F))).
  induction l as [|p l IH]; intros H; simpl; constructor.
  - apply H. left; reflexivity.
  - apply IH. intros; apply H; right; assumption.
Qed.

(** Theorem 1: the formula has an assignment with exactly one true literal in
    each clause if and only if 4(m + n) rectifiers can fit the data. *)
Theorem theorem_1 F : well_formed_formula F ->
  relu_trainable 2 (poits_relu_width F) (poits_relu F) <-> exists v, one_in_three v F.
Proof.
  intros HF. unfold poits_relu. destruct (poits_relu_width F) as [|k] eqn:Ek.
  { unfold poits_relu_width in Ek.
    assert (Ecl : clauses F = []) by (destruct (clauses F); [reflexivity|simpl in Ek; lia]).
    split; intros _.
    - exists (fun _ => true). intros a b c. rewrite Ecl. intros [].
    - exists []. split; [reflexivity|]. split; [constructor|].
      apply fits_point. split; [|apply fits_nil; exact I]. rewrite Q2R_0'. reflexivity. }
  set (m := length (clauses F)) in *. set (n := variables F).
  assert (Hlen : length (relu_stack F) = (m + n)%nat) by apply stack_length.
  assert (Ek' : S k = (4 * (m + n))%nat) by (rewrite <- Ek; reflexivity).
  split.
  - intros (N & HN & Hok & Hfit). apply poits_relu_points_fit in Hfit as [Hg Hl].
    destruct (lemma_5_only_if 1 (rd m) (rD m) (1/3) (relu_stack F) 0 0 0 N) as (ss & HC & E).
    + intros E0. rewrite E0 in Hlen. simpl in Hlen. lia.
    + apply stack_stackable.
    + intros x Hx. rewrite Forall_forall in Hok. apply Hok. exact Hx.
    + lia.
    + exact Hg.
    + destruct (choice_function _ (place_gadget (rD m) m) 0 _ (places_nodup n m) ss HC) as (h & -> & Hh).
      exists (fun i => if Req_EM_T (h (Var i)) 1 then false else true).
      apply (assignment_of_choice (rD m) F h _ (Req_le _ _ eq_refl) HF (levees_striped (rD m) F h Hh)).
      intros j a b c Hnum r i Hri. fold m n. change (stack (rD m) F) with (relu_stack F).
      rewrite <- E, value_0. apply (Hl j a b c Hnum r i Hri).
  - intros (v & Hv). set (h := slope_of_assignment F v).
    assert (HL : forall p, In p (places n m) -> In (h p) (place_slopes m p))
      by (intros p _; apply slope_of_assignment_legal).
    destruct (levees_network (relu_stack F) (map h (places n m))) as (N & HN & Hok & E).
    exists N. split; [|split; [exact Hok|]].
    + rewrite HN, combine_length, map_length, Hlen, places_length, PeanoNat.Nat.min_id. lia.
    + apply poits_relu_points_fit. split.
      * intros g Hg.
        apply (fits_gadget_ext 1 (rd m) (1/3) (levees (relu_stack F) (map h (places n m)))).
        -- exact (stackable_gadget _ _ _ _ _ _ (stack_stackable F) Hg).
        -- intros x1 x2 _. rewrite value_0. symmetry. apply E.
        -- apply (lemma_5_if 1 (rd m) (rD m)); [apply stack_stackable| |exact Hg].
           apply choice_of_places. exact HL.
      * intros j a b c Hnum r i Hri. rewrite E.
        apply (choice_of_assignment (rD m) F v _ (Req_le _ _ eq_refl) HF Hv (levees_striped (rD m) F h HL)
          j a b c Hnum r i Hri).
Qed.
