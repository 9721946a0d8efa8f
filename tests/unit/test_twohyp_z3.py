"""Two-hyperplane separability by Z3, against exhaustive search and the known verdicts, gap included."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from certify.decide import twohyp_z3
from certify.decide.twohyp_z3 import Outcome, decide
from certify.errors import SolverFailure
from certify.exact import vector
from certify.problems.twohyp import PointSets, is_restricted_solution, is_solution
from certify.problems.twohyp_generate import CLASSICS, generate
from certify.problems.twohyp_search import general_solution, restricted_solution
from smt import Answer, Model


def _sets(q: list[list[int]], p: list[list[int]], dimension: int = 2) -> PointSets:
    return PointSets(tuple(map(vector, q)), tuple(map(vector, p)), dimension)


def _expected(restricted: bool, swapped: bool, general: bool) -> Outcome:
    if restricted:
        return Outcome.RESTRICTED_QP
    if swapped:
        return Outcome.RESTRICTED_PQ
    return Outcome.GENERAL_ONLY if general else Outcome.NONE


def _check(sets: PointSets, expected: Outcome) -> None:
    answer = decide(sets)
    assert answer.outcome is expected
    if expected is Outcome.NONE:
        assert answer.planes is None
        return
    assert answer.planes is not None and is_solution(sets, answer.planes)
    if expected is Outcome.RESTRICTED_QP:
        assert is_restricted_solution(sets, answer.planes)
    if expected is Outcome.RESTRICTED_PQ:
        assert is_restricted_solution(sets.swapped, answer.planes)


@pytest.mark.parametrize("name", CLASSICS)
def test_classics(name: str) -> None:
    classic = CLASSICS[name]
    _check(classic.sets, _expected(classic.restricted, classic.swapped, classic.general))
    _check(classic.sets.swapped, _expected(classic.swapped, classic.restricted, classic.general))


@pytest.mark.parametrize("dimension", [1, 2, 3])
def test_random_sets_against_exhaustive_search(dimension: int) -> None:
    rng = random.Random(dimension)
    seen = set()
    for _ in range(25):
        most = {1: 5, 2: 5, 3: 4}[dimension]
        reach = {1: 6, 2: 3, 3: 1}[dimension]
        q, p = (
            [[rng.randint(-reach, reach) for _ in range(dimension)] for _ in range(rng.randint(1, most))]
            for _ in range(2)
        )
        sets = _sets(q, p, dimension)
        found = [restricted_solution(sets), restricted_solution(sets.swapped), general_solution(sets)]
        expected = _expected(*(solution is not None for solution in found))
        _check(sets, expected)
        seen.add(expected)
    assert {Outcome.RESTRICTED_QP, Outcome.NONE} <= seen


def test_the_gap_is_told_apart() -> None:
    # Counterexample 1 of the audit of Theorem 7: the axes separate, and nothing restricted does.
    gap = _sets([[1, 1], [1, 9], [9, 1]], [[-1, 3], [-1, 9], [3, -1], [9, -1], [-9, -9]])
    _check(gap, Outcome.GENERAL_ONLY)
    _check(gap.swapped, Outcome.GENERAL_ONLY)


def test_swapped_only() -> None:
    middle = CLASSICS["middle"].sets
    _check(middle.swapped, Outcome.RESTRICTED_PQ)


@pytest.mark.parametrize("dimension", [1, 2, 4])
def test_an_empty_side_is_a_yes(dimension: int) -> None:
    points = [[x] * dimension for x in (-3, 0, 5)]
    for q, p in (([], points), (points, []), ([], [])):
        _check(_sets(q, p, dimension), Outcome.RESTRICTED_QP)


def test_degenerate_sets() -> None:
    answer = decide(_sets([[0, 0], [1, 1]], [[1, 1], [2, 2]]))
    assert answer.outcome is Outcome.NONE and answer.planes is None and "both sets" in answer.reason
    _check(_sets([[0, 0], [0, 0]], [[1, 1], [1, 1], [-1, -1]]), Outcome.RESTRICTED_QP)
    _check(_sets([[0, 0]], [[1, 1]]), Outcome.RESTRICTED_QP)


def test_tiny_and_huge_distances() -> None:
    tiny = Fraction(1, 10**40)
    sets = PointSets(((Fraction(0),),), ((tiny,), (-tiny,), (Fraction(10**40),)), 1)
    _check(sets, Outcome.RESTRICTED_QP)


@pytest.mark.parametrize("dimension", [2, 3, 5])
def test_planted_sets(dimension: int) -> None:
    _check(generate("planted", 2, q=15, p=15, dimension=dimension), Outcome.RESTRICTED_QP)


def test_timeout() -> None:
    rng = random.Random(0)
    points = [[rng.randint(-50, 50) for _ in range(6)] for _ in range(160)]
    answer = decide(_sets(points[:80], points[80:], 6), timeout_s=0.05)
    assert answer.outcome is Outcome.UNKNOWN and answer.planes is None and answer.reason


def test_a_wrong_model_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def liar(*arguments: object, **limits: object) -> Answer:
        values = {name: Fraction(1) for name in ("h1_1", "o1", "h2_1", "o2")}
        return Answer("sat", Model(values, {}), "", 0.0, "z3", "0")

    monkeypatch.setattr(twohyp_z3, "check", liar)
    with pytest.raises(SolverFailure, match="do not separate"):
        decide(_sets([[0]], [[5]], 1))
