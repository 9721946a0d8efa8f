"""``certify.fit`` against plain Z3 on the small cases of the suite."""

from __future__ import annotations

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
    expected = VERDICTS[check(encode(instance), "z3").status]
    result = certify.fit(
        instance.points,
        instance.labels,
        width=instance.width,
        activation=instance.activation,
        signs=instance.signs,
    )
    assert result.verdict == expected
    if expected == "YES":
        assert instance.objection(result.network) is None
    return expected


@pytest.mark.parametrize("case", SMALL, ids=lambda case: case.name)
def test_small_cases_of_the_suite(case):
    verdict = compare(case.instance())
    assert case.known in (None, verdict)
