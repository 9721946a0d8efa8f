"""Losses on all sides, on tiny data: the encoding, an exact optimum, refutations by search, and the checkers."""

from __future__ import annotations

import io
import random
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest

from certify.certificate import Certificate, Claim
from certify.decide.witness import check_witness
from certify.encode import encode, network_from_model
from certify.instance import TrainingInstance
from certify.loss import LOSSES, Loss, best_constant, loss_between
from certify.network import Network
from certify.verify import Result, check_bytes
from smt import check

from ..search import refutation


def checked(instance: TrainingInstance, proof: Network | list[str]) -> Result:
    file = io.BytesIO()
    claim = Claim.of("YES" if isinstance(proof, Network) else "NO", "data", instance)
    if isinstance(proof, Network):
        Certificate(claim, instance, proof).write(file)
    else:
        Certificate(claim, instance, refutation=proof).write(file)
    return check_bytes(file.getvalue())


def on_the_line(rng: random.Random, loss: Loss, activation: str, width: int, count: int) -> TrainingInstance:
    places = [[rng.randrange(0, 4)] for _ in range(count)]
    labels = [Fraction(rng.randrange(-2, 4), rng.choice((1, 2))) for _ in range(count)]
    copies = tuple(rng.randrange(1, 4) for _ in range(count))
    return TrainingInstance.of(places, labels, width=width, activation=activation, loss=loss, copies=copies)  # type: ignore[arg-type]


def best_step(instance: TrainingInstance) -> Fraction:
    """The least loss of a network of one threshold neuron (or none) on the line: a halfline is on, and has one value."""
    rows = list(zip((p[0] for p in instance.points), instance.labels, instance.counts(), strict=True))
    cuts = sorted({x for x, _, _ in rows})
    bounds = [cuts[0] - 1, *((a + b) / 2 for a, b in pairwise(cuts)), cuts[-1] + 1]
    least = None
    for bound in bounds if instance.width else [cuts[-1] + 1]:
        for right in (True, False):
            active = [(y, c) for x, y, c in rows if (x > bound) == right]
            off = [(y, c) for x, y, c in rows if (x > bound) != right]
            if not instance.width:
                active, off = [], [(y, c) for _, y, c in rows]
            lost = sum((c * loss_between(instance.loss, Fraction(0), y) for y, c in off), Fraction(0))
            if active:
                lost += best_constant(instance.loss, [y for y, _ in active], [c for _, c in active])[0]
            least = lost if least is None else min(least, lost)
    assert least is not None
    return least


@pytest.mark.parametrize("loss", LOSSES[1:])
@pytest.mark.parametrize("width", [0, 1])
def test_threshold_against_the_exact_optimum(loss: Loss, width: int) -> None:
    rng = random.Random(f"{loss} {width}")
    refuted = 0
    for _ in range(4):
        made = on_the_line(rng, loss, "threshold", width, 3)
        least = best_step(made)
        met = replace(made, gamma=least)
        answer = check(encode(met))
        assert answer.status == "sat" and answer.model is not None
        network = network_from_model(met, answer.model)
        assert checked(met, network).status == "VERIFIED" and check_witness(met, network).fits
        assert refutation(met) is None
        if not least:
            continue
        less = replace(made, gamma=least * Fraction(19, 20))
        assert check(encode(less)).status == "unsat"
        lines = refutation(less)
        assert lines is not None and checked(less, lines).status == "VERIFIED"
        assert checked(met, lines).status == "REJECTED"
        assert checked(less, network).code == "loss-too-large"
        report = check_witness(less, network)
        assert not report.exact_fits and report.z3_fits is False
        refuted += 1
    assert refuted >= 2


@pytest.mark.parametrize("loss", ["l0", "l1"])
@pytest.mark.parametrize("signs", ["free", "convex", "concave"])
def test_relu_by_encoding_and_by_search(loss: Loss, signs: str) -> None:
    rng = random.Random(f"{loss} {signs}")
    seen = {"sat": 0, "unsat": 0}
    for _ in range(4):
        made = replace(on_the_line(rng, loss, "relu", 1, 3), signs=signs)  # type: ignore[arg-type]
        worst = made.total_loss(Network("relu", (), 1))
        for gamma in {worst / 4, worst / 2, worst}:
            asked = replace(made, gamma=gamma)
            answer = check(encode(asked))
            seen[answer.status] += 1
            lines = refutation(asked)
            if answer.model is not None:
                assert lines is None
                assert checked(asked, network_from_model(asked, answer.model)).status == "VERIFIED"
            elif asked.gamma and (loss == "l1" or gamma >= 1):
                assert lines is not None and checked(asked, lines).status == "VERIFIED"
    assert seen["sat"] >= 3 and seen["unsat"] >= 1, seen


def test_squares_of_one_relu() -> None:
    """Labels 0 1 0 at 0, 1, 2 and a convex neuron: the best is the constant 1/3, with loss 2/9 + 4/9. (A neuron that is
    off at 0 has at 2 at least twice its value at 1, so its loss is at least 4/5.)"""
    made = TrainingInstance.of(
        [[0], [1], [2]], [0, 1, 0], width=1, activation="relu", signs="convex", loss="l2", gamma="3/5"
    )
    assert check(encode(made)).status == "unsat"
    lines = refutation(made)
    assert lines is not None and checked(made, lines).status == "VERIFIED"
    met = replace(made, gamma=Fraction(2, 3))
    assert checked(met, lines).status == "REJECTED" and refutation(met) is None
