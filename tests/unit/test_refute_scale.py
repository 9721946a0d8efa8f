"""The refuter on larger instances: proofs that the checker accepts, alike for groups of one kind, small where a small
part of the formula is a contradiction."""

import io
import itertools
import random
from fractions import Fraction
from typing import Any

import pytest

from certify.certificate import Certificate, Claim
from certify.decide.refute import Refutation, refute
from certify.decide.refute.farkas import Column, Contradictions, contradictory
from certify.instance import TrainingInstance
from certify.problems.poits import Formula
from certify.reductions import reduction_named
from certify.verify import check_text


def with_core(variables: int, clauses: int, seed: int) -> Formula:
    """Clauses with exactly one true variable each, and all four triples of four variables, which have no solution."""
    rng = random.Random(seed)
    names = list(range(1, variables + 1))
    rng.shuffle(names)
    true, false = names[: variables // 3], names[variables // 3 :]
    found = [(rng.choice(true), *rng.sample(false, 2)) for _ in range(clauses - 4)]
    a, b, c, d = rng.sample(names, 4)
    found += [(a, b, c), (a, b, d), (a, c, d), (b, c, d)]
    rng.shuffle(found)
    return Formula(variables, tuple(found))


def refuted(formula: Formula, target: str) -> tuple[TrainingInstance, Refutation, Certificate]:
    reduction = reduction_named("poits", target)
    instance = reduction.reduce(formula)
    outcome = refute(instance)
    assert isinstance(outcome, Refutation)
    return instance, outcome, Certificate(Claim.of("NO", reduction.name, instance), formula, refutation=outcome.lines)


def text(certificate: Certificate) -> str:
    buffer = io.BytesIO()
    certificate.write(buffer)
    return buffer.getvalue().decode("ascii")


@pytest.mark.parametrize("target", ["relu", "threshold"])
def test_a_hundred_gadgets_are_refuted_and_checked(target: str) -> None:
    instance, outcome, certificate = refuted(with_core(50, 50, 1), target)
    result = check_text(text(certificate))
    assert (result.status, result.verdict) == ("VERIFIED", "NO"), result
    assert instance.width == (400 if target == "relu" else 200)
    # Groups of a few kinds: linear programs do not grow with the number of gadgets as they would group by group.
    assert outcome.summary["linear programs"] < 40 * 100


def test_without_its_cover_a_proof_is_rejected() -> None:
    """The control of the test above: the steps between the groups are needed."""
    _, outcome, certificate = refuted(with_core(12, 12, 2), "relu")
    assert check_text(text(certificate)).status == "VERIFIED"
    merged = next(n for n, line in enumerate(outcome.lines) if line.startswith("m "))
    lines = [line for n, line in enumerate(outcome.lines) if n != merged]
    damaged = Certificate(certificate.claim, certificate.source, refutation=lines)
    result = check_text(text(damaged))
    assert (result.status, result.code) == ("REJECTED", "unknown-row")


def test_the_same_instance_gives_the_same_proof() -> None:
    formula = with_core(12, 12, 3)
    assert refuted(formula, "relu")[1].lines == refuted(formula, "relu")[1].lines


def test_a_proof_ends_with_its_first_empty_clause() -> None:
    """The search may see a contradiction of facts only in a clause that it writes, and go on to refute that."""
    rows = [(-2, -1, 1), (1, 0, 0), (1, 1, 1), (0, -1, 1), (1, 0, 0), (1, -1, 0), (-1, 0, 0)]
    points = tuple((Fraction(a), Fraction(b)) for a, b, _ in rows)
    instance = TrainingInstance(points, tuple(Fraction(y) for _, _, y in rows), 1, "threshold", 2)
    outcome = refute(instance)
    assert isinstance(outcome, Refutation)
    certificate = Certificate(Claim.of("NO", "data", instance), instance, refutation=outcome.lines)
    assert check_text(text(certificate)).status == "VERIFIED"


@pytest.mark.parametrize("sees", [1, 2, 3])
def test_a_contradiction_that_the_float_program_misses_is_found_exactly(sees: int, monkeypatch: Any) -> None:
    """Coordinates of very different sizes hide contradictions from it: here it finds every so-manieth only."""
    guess, calls = Contradictions._guess, itertools.count()

    def short_sighted(self: Contradictions, columns: Any) -> list[int] | None:
        return guess(self, columns) if next(calls) % sees == 0 else None

    monkeypatch.setattr(Contradictions, "_guess", short_sighted)
    _, _, certificate = refuted(Formula(4, ((1, 2, 3), (1, 2, 4), (1, 3, 4), (2, 3, 4))), "threshold")
    assert next(calls) > 20
    assert check_text(text(certificate)).status == "VERIFIED"


def test_the_exact_solver_is_asked_only_where_the_float_program_saw_nothing(monkeypatch: Any) -> None:
    one, two = Column("1>1", {0: Fraction(1)}, False, True), Column("1<1", {0: Fraction(-1)}, False, True)
    assert Contradictions().find([one]) is Contradictions().find([one], surely=True) is None
    monkeypatch.setattr(Contradictions, "_guess", lambda self, columns: None)
    assert Contradictions().find([one, two]) is None
    found = Contradictions().find([one, two], surely=True)
    assert found is not None
    assert contradictory([one, two], [m for _, m in found])
