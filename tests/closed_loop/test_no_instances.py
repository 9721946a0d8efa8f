"""No-instances are refuted from the data alone, checked without a solver; yes-instances never are.

All no-formulas up to renaming with at most two variables and three clauses, both targets; with three variables a
sample here and all of them in the archive (tests/corpus).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import combinations_with_replacement, permutations

import pytest

from certify.certificate import Certificate, Claim
from certify.decide.refute import Limits, Refutation, Unknown, refute
from certify.problems.poits import Formula, solutions
from certify.problems.twohyp_generate import CLASSICS
from certify.reductions import reduction_named
from certify.verify import check_bytes

Clauses = tuple[tuple[int, int, int], ...]
TARGETS = ("relu", "threshold")


def formulas(variables: int, most: int) -> Iterator[Formula]:
    """One formula of each class under renaming of variables and order of clauses and literals."""
    clauses = list(combinations_with_replacement(range(1, variables + 1), 3))
    for count in range(1, most + 1):
        for chosen in combinations_with_replacement(clauses, count):
            images = (
                tuple(sorted(tuple(sorted(p[v - 1] for v in clause)) for clause in chosen))
                for p in permutations(range(1, variables + 1))
            )
            if min(images) == chosen:
                yield Formula(variables, chosen)


def unsatisfiable(formula: Formula) -> bool:
    return next(iter(solutions(formula)), None) is None


def verdict(problem: str, target: str, source: object) -> str:
    """What the independent checker says of the certificate of a refutation."""
    reduction = reduction_named(problem, target)
    instance = reduction.reduce(source)
    outcome = refute(instance, Limits(seconds=240))
    assert isinstance(outcome, Refutation), outcome
    claim = Claim.of("NO", reduction.name, instance)
    text = io.BytesIO()
    Certificate(claim, source, refutation=outcome.lines).write(text)
    result = check_bytes(text.getvalue())
    assert result.status == "VERIFIED", result
    assert result.verdict is not None
    return result.verdict


NO_SMALL = [f for n in (1, 2) for f in formulas(n, 3) if unsatisfiable(f)]
NO_THREE = [f for f in formulas(3, 3) if unsatisfiable(f)]
YES_SMALL = [f for n in (1, 2, 3) for f in formulas(n, 2) if not unsatisfiable(f)]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("formula", NO_SMALL, ids=lambda f: str(f.clauses))
def test_small_formulas(formula: Formula, target: str) -> None:
    assert verdict("poits", target, formula) == "NO"


@pytest.mark.parametrize("formula", NO_THREE[::5], ids=lambda f: str(f.clauses))
def test_three_variables_threshold(formula: Formula) -> None:
    assert verdict("poits", "threshold", formula) == "NO"


@pytest.mark.parametrize("formula", NO_THREE[::11], ids=lambda f: str(f.clauses))
def test_three_variables_relu(formula: Formula) -> None:
    assert verdict("poits", "relu", formula) == "NO"


@pytest.mark.parametrize("target", TARGETS)
def test_four_triples(target: str) -> None:
    """All triples of four variables: exactly one in each is impossible; k = 32 ReLUs on 284 points."""
    assert verdict("poits", target, Formula(4, ((1, 2, 3), (1, 2, 4), (1, 3, 4), (2, 3, 4)))) == "NO"


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("formula", YES_SMALL, ids=lambda f: str(f.clauses))
def test_satisfiable_formulas_are_not_refuted(formula: Formula, target: str) -> None:
    outcome = refute(reduction_named("poits", target).reduce(formula), Limits(seconds=60))
    assert isinstance(outcome, Unknown)
    assert outcome.bounds["at least"] == reduction_named("poits", target).size(formula).width


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", CLASSICS)
def test_point_sets(name: str, target: str) -> None:
    """Restricted separable sets are not refuted; the others, the one in the gap included, are, for all sign splits."""
    classic = CLASSICS[name]
    if classic.restricted or classic.swapped:
        instance = reduction_named("twohyp", target).reduce(classic.sets)
        assert isinstance(refute(instance, Limits(seconds=20)), Unknown)
    else:
        assert verdict("twohyp", target, classic.sets) == "NO"
