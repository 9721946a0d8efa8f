"""The enumeration of all ways to split the points beside the searches, and beside a slower one of its own kind."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from math import comb

import pytest

from certify.decide import enumeration
from certify.decide.enumeration import circuits, dichotomies, most_dichotomies
from certify.decide.fit import Fit, NoFit, Undecided
from certify.decide.methods import Budget, exact
from certify.errors import ResourceLimit
from certify.instance import TrainingInstance

from .enumeration import fits, separable
from .small_data import checked, drawn


def decided(instance: TrainingInstance, *, reuse: bool = True) -> Fit | NoFit:
    """The answer, with a certificate that the checker accepts."""
    answer = enumeration.decide(instance, reuse=reuse)
    assert isinstance(answer, Fit | NoFit), answer
    result = checked(instance, answer)
    assert result.status == "VERIFIED", (result.line, result.reason, instance)
    return answer


@pytest.mark.parametrize("start", range(5000, 5300, 60))
def test_beside_the_searches(start: int) -> None:
    """Three deciders that share no search say the same of every instance."""
    found: dict[str, list[bool]] = {"relu": [], "threshold": []}
    for seed in range(start, start + 60):
        instance = drawn(seed).instance
        answer = isinstance(decided(instance), Fit)
        other = exact(instance, "search", Budget(None), 0, print)
        assert answer == isinstance(other, Fit) == fits(instance), (seed, instance)
        assert not isinstance(other, Undecided)
        found[instance.activation].append(answer)
    assert all(min(said.count(True), said.count(False)) >= 3 for said in found.values()), found


@pytest.mark.parametrize(("count", "dimension", "width"), [(9, 1, 3), (8, 2, 3), (10, 2, 2), (8, 3, 2)])
@pytest.mark.parametrize("activation", ["relu", "threshold"])
def test_larger_ones(count: int, dimension: int, width: int, activation: str) -> None:
    """Labels of a network with a neuron more, whose last neuron is small: just too many, or just enough."""
    rng, answers = random.Random(f"{count} {dimension} {width}"), []
    for _ in range(3):
        points = rng.sample([tuple(rng.randint(-6, 6) for _ in range(dimension)) for _ in range(200)], count)
        labels = [sum(max(0, (j + 2) * x[0] - j * x[-1] + j - 3) for j in range(width)) + (x[0] > 2) for x in points]
        instance = TrainingInstance.of(points, labels, width=width, activation=activation)  # type: ignore[arg-type]
        answers.append(isinstance(decided(instance), Fit))
        assert isinstance(exact(instance, "search", Budget(None), 0, print), Fit) == answers[-1], instance


@pytest.mark.parametrize("seed", range(5400, 5440))
def test_dichotomies(seed: int) -> None:
    """Those that the simplex method of the tests finds, also for points on lines and planes; Cover's bound."""
    points = list(dict.fromkeys(drawn(seed).instance.points))
    n, d = len(points), len(points[0])
    found = dichotomies(n, circuits(points))
    assert {tuple(mask >> i & 1 for i in range(n)) for mask in found} == set(separable(points))
    assert len(found) == len(set(found)) <= most_dichotomies(n, d)
    # Twice: far away and tiny, where floats see nothing but one place.
    moved = [tuple(10**30 + v / 10**20 for v in point) for point in points]
    assert dichotomies(n, circuits(moved)) == found


def test_general_position() -> None:
    """The moment curve: as many dichotomies as there can be, and all sets of d + 2 points are circuits."""
    for n, d in ((7, 1), (9, 2), (8, 3)):
        points = [tuple(Fraction(t**power) for power in range(1, d + 1)) for t in range(n)]
        assert len(dichotomies(n, circuits(points))) == most_dichotomies(n, d)
        assert [tuple(c) for c in circuits(points)] == list(combinations(range(n), d + 2))


@pytest.mark.parametrize(("activation", "classes"), [("threshold", [[2]]), ("relu", [[0, 2], [1, 1], [2, 0]])])
def test_the_number_of_cases(activation: str, classes: list[list[int]]) -> None:
    """A NO looks at every choice once, up to neurons changing places: the formula; reasons spare programs, not cases."""
    points = [[0, 0], [1, 0], [0, 1], [3, 2], [2, 5], [4, 1]]
    labels = [0, 3, -1, 4, -2, 2]
    instance = TrainingInstance.of(points, labels, width=2, activation=activation)  # type: ignore[arg-type]
    sets = len(set(separable(instance.points)))
    cases = sum(comb(sets + a - 1, a) * comb(sets + b - 1, b) for a, b in ([*sizes, 0][:2] for sizes in classes))
    quick, slow = decided(instance), decided(instance, reuse=False)
    assert isinstance(quick, NoFit) and isinstance(slow, NoFit)
    assert quick.summary["cases"] == slow.summary["cases"] == slow.summary["programs"] == cases
    assert int(str(quick.summary["programs"])) < cases / 10


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    points, labels = [[0, 0], [1, 0], [0, 1], [3, 2], [2, 5], [4, 1]], [0, 3, 1, 4, 1, 5]
    instance = TrainingInstance.of(points, labels, width=2, activation="relu")
    monkeypatch.setattr(enumeration, "MAX_CASES", 100)
    answer = enumeration.decide(instance)
    assert isinstance(answer, Undecided) and "over 100" in answer.reason
    monkeypatch.setattr(enumeration, "MAX_SETS", 30)
    with pytest.raises(ResourceLimit, match="fewer points"):
        circuits(instance.points)
    late = enumeration.decide(replace(instance, points=instance.points[:3], labels=instance.labels[:3]), seconds=0)
    assert isinstance(late, Undecided)


def test_without_floats(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the float guess sees nothing, an exact simplex method has the multipliers; the verdicts are the same."""
    monkeypatch.setattr("certify.decide.refute.farkas.Contradictions.find", lambda self, columns: None)
    answers = [isinstance(decided(drawn(seed, signs="free").instance), Fit) for seed in range(5500, 5525)]
    monkeypatch.undo()
    assert answers == [isinstance(decided(drawn(seed, signs="free").instance), Fit) for seed in range(5500, 5525)]
    assert min(answers.count(True), answers.count(False)) >= 5


def test_edges() -> None:
    zero = TrainingInstance.of([[0], [1]], [0, 0], width=3, activation="relu")
    assert isinstance(decided(zero), Fit)
    one = replace(zero, labels=(Fraction(0), Fraction(1)), width=0)
    assert isinstance(decided(one), NoFit) and isinstance(decided(replace(one, activation="threshold")), NoFit)
    clash = TrainingInstance.of([[0], [1], [0]], [0, 1, 1], width=3, activation="relu")
    assert isinstance(decided(clash), NoFit)
    twice = TrainingInstance.of([[0], [1], [1], [2], [3]], [0, 1, 1, 0, 1], width=2, activation="relu")
    assert isinstance(decided(twice), NoFit) and isinstance(decided(replace(twice, width=3)), Fit)
    alone = TrainingInstance.of([[5, 5]], [-3], width=1, activation="relu", signs="convex")
    assert isinstance(decided(alone), NoFit) and isinstance(decided(replace(alone, signs="concave")), Fit)
