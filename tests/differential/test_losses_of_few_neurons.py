"""Losses with a choice and more than one neuron: a NO is a checked refutation, and Z3 agrees."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from certify.encode import encode
from certify.instance import TrainingInstance
from certify.own_data import fit_instance
from certify.verify import check_file
from smt import check


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
