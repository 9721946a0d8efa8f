"""The searches for own data on small random instances, beside independent programs: equal verdicts, verified certificates."""

from __future__ import annotations

import io
import random
from dataclasses import replace
from fractions import Fraction

import pytest

from certify.decide.fit import Fit, NoFit
from certify.decide.fit.search import Search, State
from certify.decide.methods import Budget, exact
from certify.instance import TrainingInstance
from certify.network import Network, Neuron
from certify.own_data import certificate_of
from certify.verify import check_text

from .small_data import drawn, truth


def certificate(instance: TrainingInstance, answer: Fit | NoFit) -> str:
    """The text of a certificate with the answer."""
    buffer = io.BytesIO()
    certificate_of(instance, answer, 0, "test").write(buffer)
    return buffer.getvalue().decode()


def verified(instance: TrainingInstance) -> str:
    """The verdict, from a certificate that the checker accepts."""
    answer = exact(instance, "search", Budget(None), 0, print)
    assert isinstance(answer, Fit | NoFit)
    result = check_text(certificate(instance, answer))
    assert result.status == "VERIFIED", (result.line, result.reason, instance)
    return "sat" if isinstance(answer, Fit) else "unsat"


@pytest.mark.parametrize("start", range(200, 320, 40))
def test_small_instances(start: int) -> None:
    """What Z3, cvc5 and enumeration say is what a verified certificate says."""
    found = []
    for seed in range(start, start + 40):
        instance = drawn(seed).instance
        found.append(verified(instance))
        assert found[-1] == ("sat" if truth(instance) else "unsat"), instance
    assert min(found.count("sat"), found.count("unsat")) > 8


@pytest.mark.parametrize(("count", "dimension", "width"), [(14, 2, 3), (18, 1, 4), (12, 3, 3)])
def test_planted_and_random_labels(count: int, dimension: int, width: int) -> None:
    """Beyond plain Z3's reach in a test: a planted network is found, random labels are refuted."""
    rng = random.Random(f"{count} {dimension} {width}")
    points = list(dict.fromkeys(tuple(Fraction(rng.randint(-9, 9)) for _ in range(dimension)) for _ in range(count)))
    neurons = tuple(
        Neuron.of([rng.randint(-3, 3) for _ in range(dimension)], rng.randint(-5, 5), rng.choice((1, -1)))
        for _ in range(width)
    )
    planted = Network("relu", neurons, dimension).evaluate(points)
    assert verified(TrainingInstance.of(points, planted, width=width, activation="relu")) == "sat"
    labels = [Fraction(rng.randint(-9, 9)) for _ in points]
    assert verified(TrainingInstance.of(points, labels, width=width, activation="relu")) == "unsat"


def test_wrong_guesses_of_the_search_do_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that calls possible signs impossible, or refutes everything, cannot make a wrong answer."""
    points, labels = [[0, 0], [1, 0], [0, 1], [2, 3], [3, 1]], [0, 1, 1, 5, 4]
    instance = TrainingInstance.of(points, labels, width=2, activation="relu")
    assert verified(instance) == "sat"

    def lie(self: Search, nodes: int) -> State:
        self.state = State.REFUTED
        return self.state

    monkeypatch.setattr(Search, "slice", lie)
    monkeypatch.setattr(
        Search,
        "clauses",
        # Every sign is called impossible, by rows that have nothing to do with it, or by none.
        lambda self: iter(
            [
                (((i, j, on),), [] if on else [2 * (i * self.width + j) + 1, 2 * 5 * self.width + i])
                for i in range(5)
                for j in range(self.width)
                for on in (False, True)
            ]
        ),
    )
    assert verified(instance) == "sat"
    other = replace(instance, labels=tuple(map(Fraction, [0, 1, 1, 0, 7])), width=1)
    assert verified(other) == "unsat"


def test_edges() -> None:
    zero = TrainingInstance.of([[0], [1]], [0, 0], width=0, activation="relu")
    assert verified(zero) == "sat"
    assert verified(replace(zero, labels=(Fraction(0), Fraction(1)))) == "unsat"
    assert verified(replace(zero, labels=(Fraction(0), Fraction(1)), activation="threshold")) == "unsat"
    clash = TrainingInstance.of([[0], [0]], [0, 1], width=3, activation="relu")
    assert verified(clash) == "unsat"
    assert verified(TrainingInstance.of([[0]], [-1], width=1, activation="relu", signs="convex")) == "unsat"
    assert verified(TrainingInstance.of([[5, 5]], [3], width=4, activation="relu")) == "sat"
