"""``certify.fit`` against plain Z3: the small cases of the suite, and small instances made at random."""

from __future__ import annotations

import random

import pytest
from fit_cases import suite

import certify
from certify.encode import encode
from certify.instance import TrainingInstance
from smt import check

VERDICTS = {"sat": "YES", "unsat": "NO"}
#: Cases that Z3 decides in about a second, from every family that needs no data set; the others are for fit_run.py.
SMALL = [case for case in suite() if case.family != "real" and len(case.instance().points) * case.width <= 50]


def compare(instance: TrainingInstance) -> str:
    """The verdict of both."""
    expected = VERDICTS[check(encode(instance), "z3", timeout_s=60).status]
    result = certify.fit(
        instance.points,
        instance.labels,
        width=instance.width,
        activation=instance.activation,
        signs=instance.signs,
        timeout=60,
    )
    assert result.verdict == expected
    if expected == "YES":
        assert instance.objection(result.network) is None
    return expected


@pytest.mark.parametrize("case", SMALL, ids=lambda case: case.name)
def test_small_cases_of_the_suite(case):
    verdict = compare(case.instance())
    assert case.known in (None, verdict)


@pytest.mark.parametrize("seed", range(60))
def test_random_instances(seed):
    """Few points near each other: many are degenerate, on lines, or twice there with different labels."""
    rng = random.Random(f"fit {seed}")
    d, k = rng.randint(1, 3), rng.randint(0, 3)
    n = rng.randint(1, 7)
    points = [[rng.randint(-1, 2) for _ in range(d)] for _ in range(n)]
    labels = [rng.randint(-1, 2) for _ in range(n)]
    activation = rng.choice(["relu", "relu", "threshold"])
    signs = rng.choice(["free", "free", "convex", "concave"]) if activation == "relu" else "free"
    compare(TrainingInstance.of(points, labels, width=k, activation=activation, signs=signs))
