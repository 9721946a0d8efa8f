"""``certify.fit`` and ``certify.width`` against plain Z3 (certify/encode.py) and other programs on small random data."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import pytest

from certify.encode import encode
from certify.instance import TrainingInstance
from certify.own_data import FitResult, fit_instance, width_of_instance
from certify.verify import check_file
from smt import check

from .small_data import drawn, truth

VERDICTS = {"sat": "YES", "unsat": "NO"}


def z3_verdict(instance: TrainingInstance) -> str:
    return VERDICTS[check(encode(instance), "z3").status]


def checked(result: FitResult, path) -> None:
    """The certificate on disk is verified and says what the result says."""
    answer = check_file(path)
    assert (answer.status, answer.verdict) == ("VERIFIED", result.verdict)


@pytest.mark.parametrize("seed", range(320, 390))
def test_fit(seed, tmp_path):
    instance = drawn(seed).instance
    result = fit_instance(instance, output=tmp_path / "x.cert")
    assert result.verdict == ("YES" if truth(instance) else "NO")
    checked(result, tmp_path / "x.cert")
    if result.network is not None:
        assert instance.objection(result.network) is None and result.bounds["at_most"] <= instance.width
    else:
        assert result.bounds["at_least"] == instance.width + 1


@pytest.mark.parametrize("seed", range(20))
def test_width(seed, tmp_path):
    """The least width that Z3 finds, going up; with the signs given there may be none."""
    instance = drawn(400 + seed).instance
    result = width_of_instance(instance, output=tmp_path / "x")
    widths = range(len(instance.points) + 1)
    expected = next((k for k in widths if z3_verdict(replace(instance, width=k)) == "YES"), None)
    assert (result.verdict, result.width) == (("NO", None) if expected is None else ("YES", expected))
    files = {"yes": "YES", "no": "NO"}
    assert set(result.paths) == ({"no"} if expected is None else {"yes"} if expected == 0 else {"yes", "no"})
    for name, path in result.paths.items():
        answer = check_file(path)
        assert (answer.status, answer.verdict) == ("VERIFIED", files[name])
        width = result.report["certificates"][name]["width"]
        assert width == (len(set(instance.points)) if expected is None else expected - (name == "no"))


@pytest.mark.parametrize("seed", range(45))
def test_losses(seed, tmp_path):
    """YES and NO as Z3 says, for l2, which is hard for Z3, as a checked certificate says; none is left open."""
    rng = random.Random(f"losses {seed}")
    instance = replace(
        drawn(420 + seed, widths=range(3)).instance,
        loss=("l0", "l1", "l2")[seed % 3],
        gamma=Fraction(rng.randint(0, 4), rng.choice([1, 2])),
    )
    instance = replace(instance, copies=tuple(rng.randint(1, 3) for _ in instance.points))
    result = fit_instance(instance, output=tmp_path / "x.cert")
    assert result.verdict != "UNKNOWN", (result.report["notes"], instance)
    checked(result, tmp_path / "x.cert")
    if result.verdict == "YES":
        assert instance.objection(result.network) is None
    elif instance.loss != "l2":
        assert z3_verdict(instance) == "NO"
