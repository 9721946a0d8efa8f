"""The plain encoding: satisfiable iff a network fits, with readable names; facts, witnesses and models."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest

from certify.encode import (
    Fact,
    NeuronSign,
    SignFact,
    commands,
    encode,
    network_from_model,
    ordered,
)
from certify.errors import InvalidInstance, NotAFit, ResourceLimit, SolverFailure
from certify.instance import Signs, TrainingInstance
from certify.network import Activation, Network, Neuron
from certify.problems.poits import Formula, solutions
from certify.reductions import reduction_named
from smt import Model, check, parse, render
from smt.smtlib import lines


def _line(labels: list[int], width: int, activation: Activation = "relu", signs: Signs = "free") -> TrainingInstance:
    """The points 0, 1, 2, ... of Q^1 with these labels."""
    points = [[x] for x in range(len(labels))]
    return TrainingInstance.of(points, labels, width=width, activation=activation, signs=signs)


def _status(instance: TrainingInstance, *facts: Fact) -> str:
    answer = check(encode(instance, facts=facts))
    if answer.model is not None:
        network = network_from_model(instance, answer.model)
        assert network.width == instance.width and instance.objection(network) is None
    return answer.status


TEXT = """\
(set-info :smt-lib-version 2.6)
(set-logic QF_LRA)
(set-info :source |SOURCE|)
(set-info :category "crafted")
(set-info :status sat)
; neuron 1 of 2
(declare-fun w_1_1 () Real)
(declare-fun b_1 () Real)
(declare-fun s_1 () Bool)
; neuron 2 of 2
(declare-fun w_2_1 () Real)
(declare-fun b_2 () Real)
(declare-fun s_2 () Bool)
(assert (=> s_2 s_1))
; point 1 of 1: (1/2) has label -3
(define-fun z_1_1 () Real (+ (* (/ 1 2) w_1_1) b_1))
(declare-fun h_1_1 () Real)
(assert (or (and (>= z_1_1 0) (= h_1_1 z_1_1)) (and (<= z_1_1 0) (= h_1_1 0))))
(define-fun z_1_2 () Real (+ (* (/ 1 2) w_2_1) b_2))
(declare-fun h_1_2 () Real)
(assert (or (and (>= z_1_2 0) (= h_1_2 z_1_2)) (and (<= z_1_2 0) (= h_1_2 0))))
(define-fun f_1_0 () Real (+ (- h_1_1) (- h_1_2)))
(define-fun f_1_1 () Real (+ f_1_0 (* 2 h_1_1)))
(define-fun f_1_2 () Real (+ f_1_1 (* 2 h_1_2)))
(assert (! (and (=> (not s_1) (= f_1_0 (- 3))) (=> (and s_1 (not s_2)) (= f_1_1 (- 3))) (=> s_2 (= f_1_2 (- 3)))) \
:named point_1))
(check-sat)
(exit)
"""


def test_text_of_relus() -> None:
    instance = TrainingInstance.of([["1/2"]], [-3], width=2, activation="relu")
    script = encode(instance, status="sat")
    source = dict(script.infos)["source"]
    assert "2 hidden neurons" in source and instance.sha256() in source
    text = render(script)
    assert text == TEXT.replace("SOURCE", source)
    assert parse(text) == script
    assert list(lines(commands(instance), script.infos)) == text.splitlines()


def test_text_of_thresholds() -> None:
    text = render(encode(_line([0, 1], 1, "threshold", "convex")))
    assert "(declare-fun a_1 () Real)\n(assert (>= a_1 0))\n" in text
    assert "(assert (or (and (> z_2_1 0) (= t_2_1 a_1)) (and (<= z_2_1 0) (= t_2_1 0))))\n" in text
    assert "(assert (! (= t_2_1 1) :named point_2))\n" in text


@pytest.mark.parametrize(
    ("labels", "least"), [([0, 0], 0), ([1, 2], 1), ([0, 1, 2], 1), ([1, 1, 2], 2), ([0, 1, 0], 2), ([1, 0, 1, 0], 3)]
)
def test_least_width_on_a_line(labels: list[int], least: int) -> None:
    for width in range(least + 2):
        assert _status(_line(labels, width)) == ("sat" if width >= least else "unsat"), width


def test_signs() -> None:
    tent, valley = [0, 1, 0, 0], [1, 0, 1]
    assert _status(_line(tent, 3)) == "sat"
    assert _status(_line(tent, 3, signs="convex")) == _status(_line(tent, 3, signs="concave")) == "unsat"
    assert _status(_line(valley, 2, signs="convex")) == "sat"
    assert _status(_line(valley, 2, signs="concave")) == "unsat"
    assert _status(_line([-1, 0, -1], 2, signs="concave")) == "sat"


def test_threshold_is_strict_and_its_coefficients_are_free() -> None:
    assert _status(_line([0, 5, 5], 1, "threshold")) == "sat"
    assert _status(_line([0, 5, 0], 1, "threshold")) == "unsat"
    assert _status(_line([0, 5, 0], 2, "threshold")) == "sat"
    assert _status(_line([0, 5, 0], 2, "threshold", "concave")) == "unsat"
    assert _status(_line([0, -5, -7], 2, "threshold", "concave")) == "sat"
    assert _status(_line([0, -5, -7], 2, "threshold", "convex")) == "unsat"
    on_the_step = SignFact(1, 2, ">=")
    # z >= 0 does not say that a threshold neuron is on.
    assert _status(_line([0, 0, 1], 1, "threshold"), on_the_step) == "sat"


def test_points_that_contradict_each_other() -> None:
    instance = TrainingInstance.of([[1], [1]], [0, 1], width=3, activation="relu")
    assert _status(instance) == "unsat"
    assert _status(replace(instance, labels=(Fraction(1), Fraction(1)), copies=(2, 3))) == "sat"


def test_witness_weights() -> None:
    formula = Formula(3, ((1, 2, 3),))
    solution = next(solutions(formula))
    for target in ("relu", "threshold"):
        reduction = reduction_named("poits", target)
        instance, network = reduction.reduce(formula), reduction.lift(formula, solution)
        answer = check(encode(instance, weights=network))
        assert answer.model is not None
        assert network_from_model(instance, answer.model) == ordered(instance, network)
        neuron = network.neurons[0]
        bent = replace(network, neurons=(replace(neuron, bias=neuron.bias + 1), *network.neurons[1:]))
        assert check(encode(instance, weights=bent)).status == "unsat"


def test_witness_weights_are_put_in_order() -> None:
    instance = _line([0, 1, 0, 0], 5)
    tent = Network("relu", (Neuron.of([1], -1, -1), Neuron.of([1], 0, 1), Neuron.of([1], -1, -1)), 1)
    lifted = replace(tent, neurons=(*tent.neurons, Neuron.of([1], -2, 1)))
    assert not instance.misfits(lifted)
    signs = [neuron.coefficient for neuron in ordered(instance, lifted).neurons]
    assert signs == [1, 1, 1, -1, -1]
    assert check(encode(instance, weights=lifted)).status == "sat"
    assert check(encode(instance, weights=tent)).status == "unsat"


def test_witness_of_another_shape() -> None:
    instance = _line([0, 1, 0, 0], 1)
    neuron = Neuron.of([1], 0, 1)
    for network in (
        Network("relu", (neuron, neuron), 1),
        Network("threshold", (neuron,), 1),
        Network("relu", (Neuron.of([1, 1], 0, 1),), 2),
    ):
        with pytest.raises(NotAFit):
            encode(instance, weights=network)
    with pytest.raises(NotAFit, match="convex"):
        encode(replace(instance, signs="convex"), weights=Network("relu", (Neuron.of([1], 0, -1),), 1))


def test_true_facts_keep_the_answer() -> None:
    rng = random.Random(3)
    for _ in range(10):
        neurons = tuple(
            Neuron.of([rng.randint(-3, 3), rng.randint(-3, 3)], rng.randint(-3, 3), sign) for sign in (1, 1, -1)
        )
        network = Network("relu", neurons, 2)
        points = [[rng.randint(-3, 3), rng.randint(-3, 3)] for _ in range(8)]
        labels = [network(point) for point in points]
        instance = TrainingInstance.of(points, labels, width=3, activation="relu")
        facts: list[Fact] = [NeuronSign(1, 1), NeuronSign(3, -1)]
        for (i, point), (j, neuron) in product(enumerate(points, 1), enumerate(neurons, 1)):
            z = sum(w * x for w, x in zip(neuron.weights, point, strict=True)) + neuron.bias
            strict: Fact = SignFact(j, i, ">" if z > 0 else "<" if z < 0 else "<=")
            facts += [strict, SignFact(j, i, ">=")] if z >= 0 and rng.random() < 0.5 else [strict]
        assert _status(instance, *facts) == "sat"


def test_facts_restrict() -> None:
    rise = _line([0, 1, 2], 1)
    assert _status(rise, NeuronSign(1, 1), SignFact(1, 2, ">")) == "sat"
    assert _status(rise, SignFact(1, 2, "<=")) == "unsat"
    assert _status(rise, NeuronSign(1, -1)) == "unsat"
    assert _status(rise, SignFact(1, 1, ">="), SignFact(1, 1, "<=")) == "sat"
    assert _status(rise, SignFact(1, 1, ">"), SignFact(1, 1, "<")) == "unsat"
    step = _line([0, 2, 2], 1, "threshold")
    assert _status(step, NeuronSign(1, 1), SignFact(1, 2, ">")) == "sat"
    assert _status(step, NeuronSign(1, -1)) == "unsat"


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ([SignFact(3, 1, ">")], "neuron 3 of 2"),
        ([SignFact(0, 1, ">")], "neuron 0 of 2"),
        ([SignFact(1, 4, ">")], "point 4 of 3"),
        ([SignFact(1, 1, "=")], "relation '='"),  # type: ignore[arg-type]
        ([NeuronSign(1, 0)], "sign 0"),
        ([NeuronSign(1, 1), NeuronSign(1, -1)], "sign -1"),
        ([NeuronSign(1, -1), NeuronSign(2, 1)], "positive neurons first"),
    ],
)
def test_faulty_facts(facts: list[Fact], message: str) -> None:
    with pytest.raises(InvalidInstance, match=message):
        encode(_line([0, 1, 2], 2), facts=facts)


def test_facts_against_the_signs_of_the_instance() -> None:
    with pytest.raises(InvalidInstance, match="contradict"):
        encode(_line([0, 1, 2], 2, signs="convex"), facts=[NeuronSign(1, -1)])


def test_too_large_for_one_script() -> None:
    instance = _line([0] * 1001, 1000)
    with pytest.raises(ResourceLimit, match="1001000 point-neuron pairs"):
        encode(instance)
    assert next(lines(commands(instance))) == "(set-info :smt-lib-version 2.6)"


def test_a_model_that_does_not_fit() -> None:
    model = Model({"w_1_1": Fraction(1), "b_1": Fraction(0)}, {"s_1": False})
    with pytest.raises(SolverFailure, match="not fitted"):
        network_from_model(_line([0, 1], 1), model)
