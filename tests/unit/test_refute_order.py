"""The order of the points is no part of the question: shuffled data are refuted, too, by proofs that are right."""

from __future__ import annotations

import io
import random
from dataclasses import replace

import pytest

from certify.certificate import Certificate, Claim
from certify.decide.refute import Refutation, refute
from certify.network import Activation
from certify.problems import PROBLEMS
from certify.problems.poits import Formula
from certify.problems.twohyp_generate import CLASSICS
from certify.reductions import reduction_named
from certify.verify import check_bytes

FORMULAS = {
    "vvv": Formula(1, ((1, 1, 1),)),
    "both": Formula(2, ((1, 1, 2), (1, 2, 2))),
    "four-triples": PROBLEMS["poits"].classics["four-triples"][0],
}


def _verified_shuffled(source: object, problem: str, target: Activation, seed: int) -> None:
    instance = reduction_named(problem, target).reduce(source)
    rows = list(zip(instance.points, instance.labels, strict=True))
    random.Random(seed).shuffle(rows)
    shuffled = replace(instance, points=tuple(x for x, _ in rows), labels=tuple(y for _, y in rows))
    outcome = refute(shuffled)
    assert isinstance(outcome, Refutation)
    file = io.BytesIO()
    Certificate(Claim.of("NO", "data", shuffled), shuffled, refutation=outcome.lines).write(file)
    result = check_bytes(file.getvalue())
    assert result.status == "VERIFIED", (result.line, result.reason)


@pytest.mark.parametrize("target", ["relu", "threshold"])
@pytest.mark.parametrize(("name", "seeds"), [("vvv", 6), ("both", 3), ("four-triples", 1)])
def test_formulas(name: str, seeds: int, target: Activation) -> None:
    for seed in range(seeds):
        _verified_shuffled(FORMULAS[name], "poits", target, seed)


@pytest.mark.parametrize("target", ["relu", "threshold"])
def test_point_sets(target: Activation) -> None:
    for seed in range(3):
        _verified_shuffled(CLASSICS["alternating-line"].sets, "twohyp", target, seed)
