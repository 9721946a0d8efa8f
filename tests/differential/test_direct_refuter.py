"""The direct refuter on small random instances, beside Z3, cvc5 and enumeration: no refutation of what has a fit, every
refutation verified, and no bound that is too high.
"""

from __future__ import annotations

from collections import Counter

import pytest

from certify.decide.refute import Limits, Refutation, Unknown, refute
from certify.instance import TrainingInstance

from .small_data import checked_lines, drawn, truth


def compared(instance: TrainingInstance, *, seconds: float = 300) -> tuple[bool, bool]:
    """Whether a network fits, and whether the refuter refutes that."""
    fit = truth(instance)
    outcome = refute(instance, Limits(seconds=seconds))
    if isinstance(outcome, Refutation):
        assert not fit, instance
        result = checked_lines(instance, list(outcome.lines))
        assert (result.status, result.verdict) == ("VERIFIED", "NO"), (result.line, result.reason, instance)
        return fit, True
    assert isinstance(outcome, Unknown)
    least = outcome.bounds.get("at least", 0)
    assert not (fit and least > instance.width), instance
    return fit, False


@pytest.mark.parametrize("start", range(0, 100, 25))
def test_small_instances(start: int) -> None:
    seen = Counter(compared(drawn(seed).instance) for seed in range(start, start + 25))
    assert seen[False, True] >= 3 and seen[True, False] >= 6 and not seen[True, True], seen


def test_what_is_drawn_is_of_every_kind() -> None:
    """So that the tests mean what they say: every shape, label, dimension, sign and verdict is among the seeds."""
    small = [drawn(seed) for seed in range(100)]
    instances = [one.instance for one in small]
    assert {one.shape for one in small} == {"grid", "general", "lines"}
    assert {one.labels for one in small} == {"random", "planted", "more", "changed"}
    assert {one.dimension for one in instances} == {1, 2, 3} and {one.width for one in instances} == {0, 1, 2, 3}
    kinds = {(one.activation, one.signs) for one in instances}
    assert kinds == {("relu", "free"), ("relu", "convex"), ("relu", "concave"), ("threshold", "free")}
    assert {len(set(one.points)) < len(one.points) for one in instances} == {True, False}
    assert {all(v.denominator == 1 for x in one.points for v in x) for one in instances} == {True, False}
    clashes = [len(dict.fromkeys(zip(one.points, one.labels, strict=True))) > len(set(one.points)) for one in instances]
    assert {True, False} == set(clashes)
