"""Losses with a choice and more than one neuron: a NO is a checked refutation, and Z3 agrees."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from certify.decide import loss_relaxation
from certify.decide.loss_cases import decide_by_cases
from certify.decide.refute import Refutation
from certify.encode import encode
from certify.instance import TrainingInstance
from certify.network import Network
from certify.own_data import fit_instance
from certify.verify import check_file
from smt import check

from .small_data import checked_lines


@pytest.mark.parametrize("loss", ["l0", "l1"])
@pytest.mark.parametrize("activation", ["relu", "threshold"])
def test_two_neurons(loss: Any, activation: Any, tmp_path: Any) -> None:
    """All are decided: l0 and l1 are piecewise linear, so in the last case a linear program decides."""
    rng, verdicts = random.Random(f"losses {loss} {activation}"), []
    for number in range(10):
        points = [[rng.randint(-2, 2)] for _ in range(5)]
        labels = [rng.choice([-2, -1, 1, 2, 3]) for _ in points]
        made = TrainingInstance.of(points, labels, width=2, activation=activation)
        instance = replace(made, loss=loss, gamma=Fraction(rng.choice([1, 1, 2]), 1))
        path = tmp_path / f"{number}.cert"
        result = fit_instance(instance, output=path, seed=1)
        told = check(encode(instance), "z3").status
        assert result.verdict == {"sat": "YES", "unsat": "NO"}[told], (result.report["notes"], instance)
        assert check_file(path).status == "VERIFIED"
        verdicts.append(result.verdict)
    assert "YES" in verdicts and verdicts.count("NO") >= 2, verdicts


@pytest.mark.parametrize(
    ("activation", "dimension", "width", "count"),
    [("relu", 1, 2, 5), ("relu", 2, 2, 6), ("relu", 1, 3, 5), ("relu", 2, 1, 6), ("threshold", 1, 2, 4)],
)
def test_the_least_sum_of_squares(activation: Any, dimension: int, width: int, count: int) -> None:
    """Bisection: every gamma is decided, by a network or by a refutation that the checker accepts, up to 3 percent."""
    rng = random.Random(f"squares {activation} {dimension} {width}")
    points = rng.sample(sorted({tuple(rng.randint(-4, 4) for _ in range(dimension)) for _ in range(60)}), count)
    labels = [rng.randint(-3, 4) for _ in points]
    made = replace(TrainingInstance.of(points, labels, width=width, activation=activation), loss="l2")
    low, high, proofs = Fraction(0), Fraction(sum(y * y for y in labels)), 0
    while high - low > high * Fraction(3, 100):
        asked = replace(made, gamma=(low + high) / 2)
        answer = decide_by_cases(asked)
        if isinstance(answer, Network):
            assert asked.objection(answer) is None
            high = asked.total_loss(answer)
        else:
            assert isinstance(answer, Refutation), (answer, asked)
            assert checked_lines(asked, list(answer.lines)).status == "VERIFIED"
            # The same lines do not refute a gamma that is met.
            assert checked_lines(replace(made, gamma=high), list(answer.lines)).status == "REJECTED"
            low, proofs = asked.gamma, proofs + 1
    assert proofs >= 2


def test_the_least_sum_of_squares_itself_is_met() -> None:
    """Labels 0 1 0 at 0, 1, 2: a convex neuron has the mean, 1/3, everywhere (closed_loop/test_losses.py)."""
    made = TrainingInstance.of(
        [[0], [1], [2]], [0, 1, 0], width=1, activation="relu", signs="convex", loss="l2", gamma=1
    )
    met = replace(made, gamma=Fraction(2, 3))
    answer = decide_by_cases(met)
    assert isinstance(answer, Network) and met.total_loss(answer) == Fraction(2, 3)
    less = replace(made, gamma=Fraction(2, 3) - Fraction(1, 10**6))
    refuted = decide_by_cases(less)
    assert isinstance(refuted, Refutation) and checked_lines(less, list(refuted.lines)).status == "VERIFIED"


def test_wrong_guesses_of_the_relaxation_do_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Values out of nowhere: what is met is evaluated, what is refuted has multipliers."""
    made = TrainingInstance.of([[0], [1], [2]], [0, 1, 0], width=1, activation="relu", loss="l1", gamma="1/2")
    keys = range(2 * 3 + 3 * 3)
    monkeypatch.setattr(loss_relaxation.Relaxation, "least", lambda *_: dict.fromkeys(keys, 7.0))
    assert isinstance(decide_by_cases(made), Refutation)
    monkeypatch.setattr(loss_relaxation.Relaxation, "least", lambda *_: dict.fromkeys(keys, 0.0))
    assert not isinstance(decide_by_cases(made), Network)
