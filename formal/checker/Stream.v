(** * A refutation that is read a step at a time

    The program does not hold a refutation: it starts a task ([start_lines], [start_loss], [start_forced]), hands it the
    events of the file one after the other ([feed]), and asks at the end whether it is [complete]. That is [streamed];
    where it is true, there is a refutation that the checker accepts as a whole, so all that is proved of those holds. *)

From Coq Require Import QArith List Bool NArith Lia.
From Certify Require Import Semantics.
From CertifyChecker Require Import Trie Model Check CheckSound Forced.
Import ListNotations.

Lemma skip_none mk allow fuel : forall P P' last, skip allow fuel P = (O, P') -> check_splits mk allow fuel P [] last = Ok.
Proof.
  induction fuel as [|fuel IH]; intros P P' last; cbn [skip check_splits]; [reflexivity|].
  destruct (allow P); [discriminate|]. apply IH.
Qed.

Lemma skip_some mk allow fuel : forall P n P' xs last, skip allow fuel P = (S n, P') ->
  allow P' = true /\ check_splits mk allow fuel P xs last = check_splits mk allow (S n) P' xs last.
Proof.
  induction fuel as [|fuel IH]; intros P n P' xs last; cbn [skip]; [discriminate|].
  destruct (allow P) eqn:A.
  - intros [= <- <-]. auto.
  - intros H. destruct (IH _ _ _ xs last H) as [H1 H2]. split; [exact H1|]. rewrite <- H2. simpl. rewrite A. reflexivity.
Qed.

(** What is left of the events is what is left of a refutation. *)
Lemma feed_all_splits es : forall t t', feed_all t es = inl t' -> complete t' = true ->
  match k_now t with
  | None => exists xs, forall last, check_task t xs last = Ok
  | Some (C, s) => exists items qed xs, run C s items qed = Ok /\
      forall last, check_splits (k_mk t) (k_allow t) (k_fuel t) (k_P t) xs last = Ok
  end.
Proof.
  induction es as [|e es IH]; intros t t'; cbn [feed_all].
  - intros [= <-] H. unfold complete in H. destruct (k_now t) as [now|]; [discriminate|]. exists []. intros last. unfold check_task.
    destruct (skip (k_allow t) (k_fuel t) (k_P t)) as [[|n] P'] eqn:E; [|discriminate].
    apply (skip_none _ _ _ _ _ _ E).
  - destruct (feed t e) as [t1|] eqn:HF; [|discriminate]. intros HA HC. specialize (IH t1 t' HA HC).
    destruct e as [x|n st|n]; cbn [feed] in HF; destruct (k_now t) as [[C s]|] eqn:HN; try discriminate.
    + destruct (skip (k_allow t) (k_fuel t) (k_P t)) as [[|n] P'] eqn:E; [discriminate|].
      destruct (N.eqb (x_P x) P') eqn:EP; [|discriminate].
      destruct (open_split (k_mk t P') x) as [now|] eqn:EO; [|discriminate]. injection HF as <-.
      cbn [k_now k_mk k_allow k_fuel k_P] in IH. destruct now as [C s]. destruct IH as (items & qed & xs & H1 & H2).
      exists (Split x items qed :: xs). intros last. unfold check_task.
      destruct (skip_some (k_mk t) (k_allow t) _ _ _ _ (Split x items qed :: xs) last E) as [A ->].
      cbn [check_splits x_head x_steps x_qed]. rewrite A, EP. unfold check_split. cbn [x_head x_steps x_qed]. rewrite EO, H1. apply H2.
    + destruct (t_done s) eqn:D; [discriminate|]. destruct (do_step C s st) as [s'|] eqn:S; [|discriminate]. injection HF as <-.
      cbn [k_now k_mk k_allow k_fuel k_P] in IH. destruct IH as (items & qed & xs & H1 & H2).
      exists ((n, st) :: items), qed, xs. split; [|exact H2]. simpl. rewrite D, S. exact H1.
    + destruct (t_done s) eqn:D; [|discriminate]. injection HF as <-. cbn [k_now] in IH. destruct IH as (xs & H).
      exists [], n, xs. split; [simpl; rewrite D; reflexivity|]. exact H.
Qed.

(** A task that is completed was a refutation. *)
Lemma streamed_task start es : streamed start es = true ->
  exists t, start = inl t /\ (k_now t = None -> exists xs, forall last, check_task t xs last = Ok).
Proof.
  unfold streamed. destruct start as [t|]; [|discriminate]. destruct (feed_all t es) as [t'|] eqn:H; [|discriminate].
  intros HC. exists t. split; [reflexivity|]. intros HN. pose proof (feed_all_splits es t t' H HC) as X. rewrite HN in X. exact X.
Qed.

Lemma task_of_now act sgn k mk cs : k_now (task_of act sgn k mk cs) = None.
Proof. destruct act; reflexivity. Qed.

Lemma start_core_now act sgn pts al k hs t : start_core act sgn pts al k hs = inl t -> k_now t = None.
Proof. unfold start_core. destruct (headers _ _ _ _); [|discriminate]. intros [= <-]. apply task_of_now. Qed.

Lemma streamed_core act sgn pts al k hs es : streamed (start_core act sgn pts al k hs) es = true ->
  exists p, check_core act sgn pts al k p = Ok.
Proof.
  intros H. apply streamed_task in H as (t & E & H). destruct (H (start_core_now _ _ _ _ _ _ _ E)) as (xs & HX).
  exists (Lines hs xs 0). simpl. rewrite E. apply HX.
Qed.

Theorem streamed_lines act sgn d D k hs es : streamed (start_lines act sgn D k hs) es = true ->
  exists p, check_no act sgn d D k p = true.
Proof.
  intros H. apply streamed_core in H as (p & H). exists p. unfold check_no, check_lines. rewrite H. reflexivity.
Qed.

Theorem streamed_loss act sgn l gamma d D k hs es : streamed (start_loss act sgn l gamma D k hs) es = true ->
  exists p, check_no_loss act sgn l gamma d D k p = true.
Proof.
  unfold start_loss, check_no_loss, check_loss. destruct (_ && _).
  - intros H. apply streamed_core in H as (p & H). exists p. unfold check_lines. rewrite H. reflexivity.
  - intros H. apply streamed_task in H as (t & E & H).
    assert (HN : k_now t = None).
    { unfold start_search in E. destruct hs as [|[n h] hs]; [|discriminate]. injection E as <-. apply task_of_now. }
    destruct (H HN) as (xs & HX). exists (Lines hs xs 0). unfold check_search. rewrite E, HX. reflexivity.
Qed.

Theorem streamed_forced act sgn l gamma d D k n hs es : streamed (start_forced act sgn l gamma D k n hs) es = true ->
  exists p, check_no_forced act sgn l gamma d D k n p = true.
Proof.
  unfold start_forced, check_no_forced, check_forced. destruct (bests _ _) as [bs|]; [|discriminate].
  destruct (forallb _ D) eqn:W; simpl; [|discriminate].
  destruct (qeq (least bs) gamma) eqn:E; [|discriminate]. intros H. apply streamed_core in H as (p & H).
  exists (Some p). cbv zeta. rewrite H. reflexivity.
Qed.
