(** * Formulas in conjunctive normal form: what is shown of the data is shown of them

    [sat_to_poits] gives a well-formed formula of one-in-three SAT and keeps solutions, both ways. *)

From Coq Require Import ZArith QArith List Bool PArith Lia.
From Certify Require Formula.
From CertifyChecker Require Import Trie Recipes Paths.
From CertifyChecker Require Model Check ByTheorem.
Import ListNotations.
Import Formula.
Open Scope nat_scope.

(** Is the literal true? Is there a true one in every clause? *)
Definition lval (v : nat -> bool) (l : literal) : bool :=
  if fst l then v (Pos.to_nat (snd l)) else negb (v (Pos.to_nat (snd l))).
Definition solves (v : nat -> bool) (cs : list (list literal)) : Prop :=
  forall c, In c cs -> exists l, In l c /\ lval v l = true.
(** The variables are 1 ... n. *)
Definition within (n : nat) (c : list literal) : Prop := forall l, In l c -> Pos.to_nat (snd l) <= n.

Lemma lval_negated v l : lval v (negated l) = negb (lval v l).
Proof. unfold lval, negated. destruct l as [[] p]; simpl; [reflexivity|]. rewrite negb_involutive. reflexivity. Qed.

Definition one (v : nat -> bool) (c : Recipes.clause) : Prop :=
  let '(a, b, c) := c in count (v a) + count (v b) + count (v c) = 1.
Definition inside (n : nat) (c : Recipes.clause) : Prop :=
  let '(a, b, c) := c in (1 <= a <= n) /\ (1 <= b <= n) /\ (1 <= c <= n).
Definition agree (k : nat) (v v' : nat -> bool) : Prop := forall i, i <= k -> v' i = v i.
Definition update (v : nat -> bool) (n : nat) (b : bool) : nat -> bool := fun i => if Nat.eqb i n then b else v i.

Lemma update_same v n b : update v n b n = b.
Proof. unfold update. rewrite Nat.eqb_refl. reflexivity. Qed.
Lemma update_other v n b i : i <> n -> update v n b i = v i.
Proof. intros H. unfold update. destruct (Nat.eqb_spec i n); [contradiction|reflexivity]. Qed.
Lemma agree_trans k k' v v' v'' : k <= k' -> agree k v v' -> agree k' v' v'' -> agree k v v''.
Proof. intros H A B i Hi. rewrite B by lia. apply A, Hi. Qed.

Section Translation.
  Context (n F : nat).

  Definition sat (s : chain_state) (v : nat -> bool) : Prop := Forall (one v) (c_out s).

  Record inv (s : chain_state) : Prop := {
    n_out : Forall (inside (c_last s)) (c_out s);
    n_opp : forall p m, get p (c_opp s) = Some m -> (1 <= m <= c_last s) /\ Pos.to_nat p <= n;
    n_F : 1 <= F <= c_last s;
    n_n : n <= c_last s;
    n_false : forall v, sat s v -> v F = false;
    n_neg : forall v, sat s v -> forall p m, get p (c_opp s) = Some m -> v m = negb (v (Pos.to_nat p)) }.

  Lemma inside_more k k' c : k <= k' -> inside k c -> inside k' c.
  Proof. destruct c as [[a b] c]. unfold inside. lia. Qed.

  Lemma one_agree k v v' c : inside k c -> agree k v v' -> one v c -> one v' c.
  Proof. destruct c as [[a b] c]. unfold inside, one. intros H A. rewrite !A by lia. auto. Qed.

  Lemma sat_agree s v v' : inv s -> agree (c_last s) v v' -> sat s v -> sat s v'.
  Proof.
    intros I A H. unfold sat in *. pose proof (n_out _ I) as O. rewrite Forall_forall in *.
    intros c Hc. apply (one_agree (c_last s) v v'); auto.
  Qed.

  Lemma lval_agree v v' l k : n <= k -> Pos.to_nat (snd l) <= n -> agree k v v' -> lval v' l = lval v l.
  Proof. intros Hk Hl A. unfold lval. rewrite A by lia. reflexivity. Qed.

  (** What a step does: the state stays in order, and what was there stays. *)
  Record grows (s s' : chain_state) : Prop := {
    g_inv : inv s';
    g_last : c_last s <= c_last s';
    g_sat : forall v, sat s' v -> sat s v }.

  Lemma grows_trans s s' s'' : grows s s' -> grows s' s'' -> grows s s''.
  Proof. intros [A B C] [A' B' C']. constructor; auto; lia. Qed.

  (** A clause with variables up to k is added. *)
  Lemma add_clause s k c : inv s -> c_last s <= k -> inside k c -> grows s (append (claim s k) c).
  Proof.
    intros I Hk Hc.
    assert (S : forall v, sat (append (claim s k) c) v -> sat s v) by (intros v H; inversion H; assumption).
    constructor; auto. constructor; cbn [append claim c_last c_opp c_out].
    - constructor; [exact Hc|]. eapply Forall_impl; [|apply (n_out _ I)]. intros c'. apply inside_more, Hk.
    - intros p m H. destruct (n_opp _ I p m H). lia.
    - pose proof (n_F _ I). lia.
    - pose proof (n_n _ I). lia.
    - intros v H. apply (n_false _ I), S, H.
    - intros v H. apply (n_neg _ I), S, H.
  Qed.

  Lemma claim_same s : claim s (c_last s) = s.
  Proof. destruct s; reflexivity. Qed.

  Lemma variable_step s l y s' : inv s -> Pos.to_nat (snd l) <= n -> variable F s l = (y, s') ->
    grows s s' /\ 1 <= y <= c_last s' /\
    (forall v, sat s v -> exists v', sat s' v' /\ agree (c_last s) v v') /\ (forall v, sat s' v -> v y = lval v l).
  Proof.
    intros I Hl. pose proof (n_n _ I) as Hn. pose proof (n_F _ I) as HF. unfold variable.
    assert (R : grows s s) by (constructor; auto).
    destruct l as [[] p]; cbn [fst snd] in *.
    - intros [= <- <-]. split; [exact R|]. split; [lia|]. split; [|reflexivity].
      intros v H. exists v. split; [exact H|]. intros i _. reflexivity.
    - destruct (get p (c_opp s)) as [m|] eqn:G.
      + intros [= <- <-]. split; [exact R|]. split; [apply (n_opp _ I p m G)|]. split.
        * intros v H. exists v. split; [exact H|]. intros i _. reflexivity.
        * intros v H. unfold lval. simpl. apply (n_neg _ I v H p m G).
      + intros [= <- <-]. set (m := S (c_last s)).
        set (s' := ChainState m (set p m (c_opp s)) ((Pos.to_nat p, m, F) :: c_out s)).
        assert (S1 : forall v, sat s' v -> sat s v) by (intros v H; inversion H; assumption).
        assert (N : forall v, sat s' v -> v m = negb (v (Pos.to_nat p))).
        { intros v H. pose proof (n_false _ I v (S1 v H)) as E. inversion H as [|? ? H1 _]; subst.
          unfold one, count in H1. rewrite E in H1. destruct (v (Pos.to_nat p)), (v m); simpl in *; try reflexivity; lia. }
        assert (I' : inv s').
        { constructor; cbn [s' c_last c_opp c_out].
          - constructor; [unfold inside; lia|]. eapply Forall_impl; [|apply (n_out _ I)]. intros c'. apply inside_more. lia.
          - intros q k. rewrite get_set. destruct (Pos.eqb_spec q p) as [->|]; [intros [= <-]; lia|].
            intros H. destruct (n_opp _ I q k H). lia.
          - lia.
          - lia.
          - intros v H. apply (n_false _ I), S1, H.
          - intros v H q k. rewrite get_set. destruct (Pos.eqb_spec q p) as [->|]; [intros [= <-]; apply N, H|].
            apply (n_neg _ I v (S1 v H)). }
        split; [constructor; [exact I'|cbn; lia|exact S1]|]. split; [cbn; lia|]. split.
        * intros v H. exists (update v m (negb (v (Pos.to_nat p)))).
          assert (A : agree (c_last s) v (update v m (negb (v (Pos.to_nat p))))).
          { intros i Hi. apply update_other. lia. }
          split; [|exact A]. constructor; [|apply (sat_agree s v); assumption].
          unfold one. rewrite update_same, !A by lia. rewrite (n_false _ I v H).
          destruct (v (Pos.to_nat p)); reflexivity.
        * intros v H. unfold lval. simpl. apply N, H.
  Qed.

  Definition some (v : nat -> bool) (ls : list literal) : Prop := exists l, In l ls /\ lval v l = true.

  Lemma some_agree v v' ls k : n <= k -> within n ls -> agree k v v' -> some v ls -> some v' ls.
  Proof.
    intros Hk Hw A (l & Hl & E). exists l. split; [exact Hl|]. rewrite (lval_agree v v' l k); auto.
  Qed.

  Lemma chain_step ls : forall s w, inv s -> 1 <= w <= c_last s -> within n ls -> ls <> [] ->
    grows s (chain F s w ls) /\
    (forall v, sat s v -> (v w = true -> some v ls) -> exists v', sat (chain F s w ls) v' /\ agree (c_last s) v v') /\
    (forall v, sat (chain F s w ls) v -> v w = true -> some v ls).
  Proof.
    induction ls as [|l ls IH]; intros s w I Hw Hls Hne; [contradiction|].
    assert (Hl : Pos.to_nat (snd l) <= n) by (apply Hls; left; reflexivity).
    assert (Hls' : within n ls) by (intros k Hk; apply Hls; right; exact Hk).
    pose proof (n_n _ I) as Hn.
    destruct ls as [|l' ls'].
    - cbn [chain]. destruct (variable F s (negated l)) as [y s1] eqn:V.
      destruct (variable_step s (negated l) y s1 I Hl V) as (G1 & Hy & E1 & V1).
      pose proof (g_last _ _ G1) as L1. pose proof (g_inv _ _ G1) as I1.
      assert (G2 : grows s1 (append (claim s1 (S (c_last s1))) (y, w, S (c_last s1)))).
      { apply add_clause; [exact I1|lia|]. unfold inside. lia. }
      split; [apply (grows_trans _ _ _ G1 G2)|]. split.
      + intros v H Hs. destruct (E1 v H) as (v1 & H1 & A1).
        set (x := S (c_last s1)). set (v2 := update v1 x (negb (v1 y || v1 w))).
        assert (A2 : agree (c_last s1) v1 v2) by (intros i Hi; apply update_other; unfold x; lia).
        exists v2. split; [|apply (agree_trans _ (c_last s1) _ v1); auto].
        constructor; [|apply (sat_agree s1 v1); assumption].
        unfold one. rewrite !A2 by lia. unfold v2. rewrite update_same.
        assert (NB : v1 y = true -> v1 w = true -> False).
        { intros Y W. rewrite A1 in W by lia. destruct (Hs W) as (k & [<-|[]] & E).
          rewrite (V1 v1 H1), lval_negated in Y. rewrite (lval_agree v v1 l (c_last s)), E in Y by auto. discriminate. }
        destruct (v1 y), (v1 w); simpl; try reflexivity. destruct (NB eq_refl eq_refl).
      + intros v H W. exists l. split; [left; reflexivity|].
        pose proof (g_sat _ _ G2 v H) as H1. inversion H as [|? ? HO _]; subst. unfold one in HO. rewrite W in HO.
        rewrite (V1 v H1), lval_negated in HO. destruct (lval v l); [reflexivity|]. simpl in HO. lia.
    - change (chain F s w (l :: l' :: ls')) with
        (let '(y, s) := variable F s l in
         let u := S (c_last s) in let v := S u in let w' := S v in
         chain F (append (append (claim s w') (w, u, v)) (y, v, w')) w' (l' :: ls')).
      destruct (variable F s l) as [y s1] eqn:V.
      destruct (variable_step s l y s1 I Hl V) as (G1 & Hy & E1 & V1).
      pose proof (g_last _ _ G1) as L1. pose proof (g_inv _ _ G1) as I1.
      cbv zeta. set (u := S (c_last s1)). set (x := S u). set (w' := S x).
      set (s2 := append (claim s1 w') (w, u, x)). set (s3 := append s2 (y, x, w')).
      assert (G2 : grows s1 s2) by (apply add_clause; [exact I1|unfold w', x, u; lia|unfold inside, w', x, u; lia]).
      assert (G3 : grows s2 s3).
      { unfold s3. rewrite <- (claim_same s2) at 2. apply add_clause; [apply G2|lia|].
        unfold s2. cbn [append claim c_last]. unfold inside, w', x, u. lia. }
      pose proof (grows_trans _ _ _ G1 (grows_trans _ _ _ G2 G3)) as G13.
      assert (L3 : c_last s3 = w') by reflexivity.
      destruct (IH s3 w' (g_inv _ _ G3)) as (G4 & E4 & V4); [rewrite L3; unfold w'; lia|exact Hls'|discriminate|].
      split; [apply (grows_trans _ _ _ G13 G4)|]. split.
      + intros v H Hs. destruct (E1 v H) as (v1 & H1 & A1).
        set (v3 := update (update (update v1 u (if v1 w then false else v1 y)) x (if v1 w then false else negb (v1 y)))
                          w' (v1 w && negb (v1 y))).
        assert (A3 : agree (c_last s1) v1 v3).
        { intros i Hi. unfold v3. rewrite !update_other by (unfold w', x, u; lia). reflexivity. }
        assert (Vu : v3 u = if v1 w then false else v1 y).
        { unfold v3. rewrite !(update_other _ _ _ u) by (unfold w', x; lia). apply update_same. }
        assert (Vx : v3 x = if v1 w then false else negb (v1 y)).
        { unfold v3. rewrite (update_other _ _ _ x) by (unfold w'; lia). apply update_same. }
        assert (Vw : v3 w' = v1 w && negb (v1 y)) by (unfold v3; apply update_same).
        assert (H3 : sat s3 v3).
        { constructor; [|constructor; [|apply (sat_agree s1 v1); assumption]]; unfold one; rewrite ?Vu, ?Vx, ?Vw, ?A3 by lia;
            destruct (v1 w), (v1 y); reflexivity. }
        destruct (E4 v3 H3) as (v4 & H4 & A4).
        { rewrite Vw. intros E. apply andb_true_iff in E as [W Y]. rewrite A1 in W by lia.
          destruct (Hs W) as (k & [<-|Hk] & E).
          - rewrite (V1 v1 H1), (lval_agree v v1 l (c_last s)), E in Y by auto. discriminate.
          - exists k. split; [exact Hk|]. rewrite (lval_agree v1 v3 k (c_last s1)) by (auto; lia).
            rewrite (lval_agree v v1 k (c_last s)); auto. }
        exists v4. split; [exact H4|]. apply (agree_trans _ (c_last s1) _ v1); auto.
        apply (agree_trans _ w' _ v3); [unfold w', x, u; lia|exact A3|rewrite <- L3; exact A4].
      + intros v H W. pose proof (g_sat _ _ G4 v H) as H3.
        inversion H3 as [|? ? O2 H2]; subst. inversion H2 as [|? ? O1 H1]; subst.
        unfold one in O1, O2. rewrite W in O1.
        assert (Ex : v x = false) by (destruct (v x), (v u); simpl in O1; try reflexivity; lia).
        rewrite Ex in O2. destruct (v y) eqn:Y.
        * exists l. split; [left; reflexivity|]. rewrite <- (V1 v H1). exact Y.
        * assert (W' : v w' = true) by (destruct (v w'); simpl in O2; [reflexivity|lia]).
          destruct (V4 v H W') as (k & Hk & E). exists k. split; [right; exact Hk|exact E].
  Qed.

  Lemma key_inj l k : key_of l = key_of k -> l = k.
  Proof. destruct l as [[] p], k as [[] q]; unfold key_of; simpl; congruence. Qed.

  Lemma distinct_spec ls : forall seen S, (forall l, In l S <-> exists u : unit, get (key_of l) seen = Some u) ->
    match distinct seen ls with
    | None => exists l, In l ls /\ In (negated l) (S ++ ls)
    | Some r => (forall l, In l r -> In l ls) /\ (forall l, In l ls -> In l r \/ In l S)
    end.
  Proof.
    induction ls as [|l ls IH]; intros seen S HS; cbn [distinct]; [split; intros k []|].
    destruct (get (key_of (negated l)) seen) as [t|] eqn:G1.
    - exists l. split; [left; reflexivity|]. apply in_or_app. left. apply HS. eauto.
    - specialize (IH (set (key_of l) tt seen) (l :: S)). destruct (distinct (set (key_of l) tt seen) ls) as [r|].
      + destruct IH as [R1 R2].
        { intros k. simpl. rewrite get_set, HS. destruct (Pos.eqb_spec (key_of k) (key_of l)) as [E|E].
          - apply key_inj in E. subst. split; [eauto|auto].
          - split; [intros [->|H]; [contradiction|exact H]|auto]. }
        destruct (get (key_of l) seen) as [t|] eqn:G2.
        * split; [intros k Hk; right; apply R1, Hk|]. intros k [<-|Hk]; [right; apply HS; eauto|].
          destruct (R2 k Hk) as [H|[<-|H]]; auto. right. apply HS. eauto.
        * split; [intros k [<-|Hk]; [left; reflexivity|right; apply R1, Hk]|].
          intros k [<-|Hk]; [left; left; reflexivity|]. destruct (R2 k Hk) as [H|[<-|H]]; auto; left; [right|left]; auto.
      + destruct IH as (k & Hk & Hn).
        { intros k. simpl. rewrite get_set, HS. destruct (Pos.eqb_spec (key_of k) (key_of l)) as [E|E].
          - apply key_inj in E. subst. split; [eauto|auto].
          - split; [intros [->|H]; [contradiction|exact H]|auto]. }
        destruct (get (key_of l) seen); (exists k; split; [right; exact Hk|];
          apply in_app_or in Hn as [[<-|Hn]|Hn]; apply in_or_app; [right; left; reflexivity|left; exact Hn|right; right; exact Hn]).
  Qed.

  Lemma arranged_in ls l : In l (arranged ls) <-> In l ls.
  Proof.
    unfold arranged. set (neg := filter (fun l => negb (fst l)) ls).
    assert (E : In l (firstn 1 neg) \/ In l (skipn 1 neg) <-> In l neg).
    { rewrite <- in_app_iff, firstn_skipn. tauto. }
    rewrite !in_app_iff. unfold neg in E at 3. rewrite filter_In in E. rewrite filter_In.
    destruct l as [[] p]; simpl in *; intuition congruence.
  Qed.

  Lemma clause_step s c : inv s -> within n c ->
    grows s (one_clause F s c) /\
    (forall v, sat s v -> some v c -> exists v', sat (one_clause F s c) v' /\ agree (c_last s) v v') /\
    (forall v, sat (one_clause F s c) v -> some v c).
  Proof.
    intros I Hc. unfold one_clause. pose proof (n_F _ I) as HF. pose proof (n_n _ I) as Hn.
    pose proof (distinct_spec c Leaf []) as D. destruct (distinct Leaf c) as [r|].
    - destruct D as [D1 D2]; [intros l; split; [intros []|intros (t & H); discriminate H]|].
      assert (EQ : forall l, In l (arranged r) <-> In l c).
      { intros l. rewrite arranged_in. split; [apply D1|]. intros H. destruct (D2 l H) as [?|[]]. assumption. }
      assert (SO : forall v, some v (arranged r) <-> some v c).
      { intros v. unfold some. split; intros (l & Hl & E); exists l; (split; [apply EQ, Hl|exact E]). }
      assert (W : within n (arranged r)) by (intros l Hl; apply Hc, EQ, Hl).
      destruct (arranged r) as [|l [|l' ls]].
      + assert (G : grows s (append s (F, F, F))) by (rewrite <- (claim_same s) at 2; apply add_clause; auto; unfold inside; lia).
        split; [exact G|]. split.
        * intros v H Hs. apply SO in Hs as (l & [] & _).
        * intros v H. pose proof (n_false _ I v (g_sat _ _ G v H)) as E. inversion H as [|? ? O _]; subst.
          unfold one in O. rewrite E in O. simpl in O. lia.
      + destruct (variable F s l) as [y s1] eqn:V.
        destruct (variable_step s l y s1 I (W l (or_introl eq_refl)) V) as (G1 & Hy & E1 & V1).
        pose proof (n_F _ (g_inv _ _ G1)) as HF1.
        assert (G2 : grows s1 (append s1 (F, F, y))).
        { rewrite <- (claim_same s1) at 2. apply add_clause; [apply G1|lia|unfold inside; lia]. }
        split; [apply (grows_trans _ _ _ G1 G2)|]. split.
        * intros v H Hs. destruct (E1 v H) as (v1 & H1 & A1). exists v1. split; [|exact A1]. constructor; [|exact H1].
          apply SO in Hs as (k & [<-|[]] & E). unfold one.
          rewrite (n_false _ (g_inv _ _ G1) v1 H1), (V1 v1 H1), (lval_agree v v1 l (c_last s) Hn (W l (or_introl eq_refl)) A1), E. reflexivity.
        * intros v H. apply SO. exists l. split; [left; reflexivity|]. pose proof (g_sat _ _ G2 v H) as H1.
          inversion H as [|? ? O _]; subst. unfold one in O.
          rewrite (n_false _ (g_inv _ _ G1) v H1), (V1 v H1) in O. destruct (lval v l); [reflexivity|simpl in O; lia].
      + destruct (variable F s (negated l)) as [w s1] eqn:V.
        destruct (variable_step s (negated l) w s1 I (W l (or_introl eq_refl)) V) as (G1 & Hw & E1 & V1).
        pose proof (g_last _ _ G1) as L1.
        destruct (chain_step (l' :: ls) s1 w (g_inv _ _ G1) Hw) as (G2 & E2 & V2); [intros k Hk; apply W; right; exact Hk|discriminate|].
        split; [apply (grows_trans _ _ _ G1 G2)|]. split.
        * intros v H Hs. destruct (E1 v H) as (v1 & H1 & A1). destruct (E2 v1 H1) as (v2 & H2 & A2).
          { intros Ew. apply SO in Hs as (k & [<-|Hk] & E).
            - rewrite (V1 v1 H1), lval_negated, (lval_agree v v1 l (c_last s) Hn (W l (or_introl eq_refl)) A1), E in Ew.
              discriminate.
            - exists k. split; [exact Hk|]. rewrite (lval_agree v v1 k (c_last s)); auto. apply W. right. exact Hk. }
          exists v2. split; [exact H2|]. apply (agree_trans _ (c_last s1) _ v1); auto.
        * intros v H. apply SO. pose proof (V1 v (g_sat _ _ G2 v H)) as Ew. rewrite lval_negated in Ew.
          destruct (lval v l) eqn:E; [exists l; split; [left; reflexivity|exact E]|].
          destruct (V2 v H Ew) as (k & Hk & Ek). exists k. split; [right; exact Hk|exact Ek].
    - destruct D as (l & Hl & Hn'); [intros l; split; [intros []|intros (t & H); discriminate H]|]. simpl in Hn'.
      assert (S : forall v, some v c).
      { intros v. destruct (lval v l) eqn:E; [exists l; auto|]. exists (negated l). rewrite lval_negated, E. auto. }
      split; [constructor; auto|]. split; [|intros v _; apply S].
      intros v H _. exists v. split; [exact H|]. intros i _. reflexivity.
  Qed.

  Lemma clauses_step cs : forall s, inv s -> (forall c, In c cs -> within n c) ->
    let s' := fold_left (one_clause F) cs s in
    grows s s' /\
    (forall v, sat s v -> solves v cs -> exists v', sat s' v' /\ agree (c_last s) v v') /\
    (forall v, sat s' v -> solves v cs).
  Proof.
    induction cs as [|c cs IH]; intros s I W; cbn [fold_left].
    - split; [constructor; auto|]. split; [|intros v _ c []]. intros v H _. exists v. split; [exact H|]. intros i _. reflexivity.
    - destruct (clause_step s c I (W c (or_introl eq_refl))) as (G1 & E1 & V1).
      destruct (IH (one_clause F s c) (g_inv _ _ G1)) as (G2 & E2 & V2); [intros d Hd; apply W; right; exact Hd|].
      pose proof (n_n _ I) as Hn. pose proof (g_last _ _ G1) as L1.
      split; [apply (grows_trans _ _ _ G1 G2)|]. split.
      + intros v H Hs. destruct (E1 v H (Hs c (or_introl eq_refl))) as (v1 & H1 & A1).
        destruct (E2 v1 H1) as (v2 & H2 & A2).
        { intros d Hd. apply (some_agree v v1 d (c_last s)); auto; [apply W; right; exact Hd|]. apply Hs. right. exact Hd. }
        exists v2. split; [exact H2|]. apply (agree_trans _ (c_last (one_clause F s c)) _ v1); auto.
      + intros v H d [<-|Hd]; [apply V1, (g_sat _ _ G2 v H)|apply (V2 v H d Hd)].
  Qed.
End Translation.

(** ** The theorems *)

Definition translated (n : nat) (cs : list (list literal)) : formula :=
  let '(k, ds) := sat_to_poits n cs in Formula k ds.

Lemma translation n cs : (forall c, In c cs -> within n c) ->
  well_formed_formula (translated n cs) /\
  ((exists v, one_in_three v (translated n cs)) <-> exists v, solves v cs).
Proof.
  intros W. unfold translated, sat_to_poits. set (F := S n). set (T := S F).
  set (s0 := ChainState T Leaf [(F, F, T)]). set (s := fold_left (one_clause F) cs s0).
  assert (I0 : inv n F s0).
  { constructor; cbn [s0 c_last c_opp c_out].
    - constructor; [unfold inside, T, F; lia|constructor].
    - intros p m H. discriminate H.
    - unfold T, F. lia.
    - unfold T, F. lia.
    - intros v H. inversion H as [|? ? O _]; subst. unfold one in O. destruct (v F), (v T); simpl in O; try reflexivity; lia.
    - intros v _ p m H. discriminate H. }
  destruct (clauses_step n F cs s0 I0 W) as (G & E & V). fold s in G, E, V.
  assert (EO : forall v, one_in_three v (Formula (c_last s) (rev (c_out s))) <-> sat s v).
  { intros v. unfold one_in_three, sat. rewrite Forall_forall. simpl. split.
    - intros H [[a b] c] Hin. apply H. apply in_rev in Hin. exact Hin.
    - intros H a b c Hin. apply in_rev in Hin. apply (H (a, b, c) Hin). }
  split.
  - intros a b c Hin. simpl in Hin. apply in_rev in Hin. pose proof (n_out _ _ _ (g_inv _ _ _ _ G)) as O.
    rewrite Forall_forall in O. apply (O (a, b, c) Hin).
  - split; intros (v & H).
    + exists v. apply V, EO, H.
    + set (v0 := update (update v F false) T true).
      destruct (E v0) as (v' & H' & _); [| |exists v'; apply EO, H'].
      * constructor; [|constructor]. unfold one, v0. rewrite update_same, update_other, update_same by (unfold T; lia). reflexivity.
      * intros c Hc. destruct (H c Hc) as (l & Hl & El). exists l. split; [exact Hl|]. unfold lval, v0 in *.
        pose proof (W c Hc l Hl). rewrite !update_other by (unfold T, F; lia). exact El.
Qed.

(** A checked refutation of the data of a formula in conjunctive normal form shows that no assignment satisfies it; a
    checked witness shows that one does. *)
Theorem data_refute_cnf_relu n cs proof : (forall c, In c cs -> within n c) ->
  (let '(k, ds) := sat_to_poits n cs in
   Check.check_no Model.ReLU Model.Free 2 (Recipes.poits_relu k ds) (Recipes.poits_relu_width k ds) proof = true) ->
  ~ exists v, solves v cs.
Proof.
  intros W H S. destruct (translation n cs W) as [WF E]. apply E in S. unfold translated in *.
  destruct (sat_to_poits n cs) as [k ds]. apply (ByTheorem.data_refute_formula_relu k ds proof WF H S).
Qed.
Theorem data_refute_cnf_threshold n cs proof : (forall c, In c cs -> within n c) ->
  (let '(k, ds) := sat_to_poits n cs in
   Check.check_no Model.Thr Model.Free 2 (Recipes.poits_threshold k ds) (Recipes.poits_threshold_width k ds) proof = true) ->
  ~ exists v, solves v cs.
Proof.
  intros W H S. destruct (translation n cs W) as [WF E]. apply E in S. unfold translated in *.
  destruct (sat_to_poits n cs) as [k ds]. apply (ByTheorem.data_refute_formula_threshold k ds proof WF H S).
Qed.
Theorem witness_solves_cnf_relu n cs net : (forall c, In c cs -> within n c) ->
  (let '(k, ds) := sat_to_poits n cs in
   Check.check_yes Model.ReLU Model.Free 2 (Recipes.poits_relu k ds) (Recipes.poits_relu_width k ds) net = true) ->
  exists v, solves v cs.
Proof.
  intros W H. destruct (translation n cs W) as [WF E]. apply E. unfold translated in *.
  destruct (sat_to_poits n cs) as [k ds]. apply (ByTheorem.witness_solves_formula_relu k ds net WF H).
Qed.
Theorem witness_solves_cnf_threshold n cs net : (forall c, In c cs -> within n c) ->
  (let '(k, ds) := sat_to_poits n cs in
   Check.check_yes Model.Thr Model.Free 2 (Recipes.poits_threshold k ds) (Recipes.poits_threshold_width k ds) net = true) ->
  exists v, solves v cs.
Proof.
  intros W H. destruct (translation n cs W) as [WF E]. apply E. unfold translated in *.
  destruct (sat_to_poits n cs) as [k ds]. apply (ByTheorem.witness_solves_formula_threshold k ds net WF H).
Qed.
