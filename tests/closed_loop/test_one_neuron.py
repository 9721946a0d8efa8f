"""No-instances for one neuron whose target error leaves room: refuted by cases, and the proofs checked."""

from __future__ import annotations

import io
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certify.certificate import DATA, Certificate, Claim
from certify.decide.loss_cases import refute_by_cases
from certify.decide.refute import Limits, Refutation
from certify.encode import encode
from certify.instance import TrainingInstance
from certify.loss import Loss
from certify.problems import PROBLEMS, mcclique
from certify.problems.mcclique import ColouredGraph
from certify.reductions import Options, reduction_named
from certify.verify import check_bytes
from smt import check

PAIRS = [(u, v) for u, v in combinations(range(1, 7), 2) if (u - 1) // 2 != (v - 1) // 2]


def accepted(instance: TrainingInstance, outcome: Refutation) -> bool:
    certificate = Certificate(Claim.of("NO", DATA, instance), instance, refutation=list(outcome.lines))
    text = io.BytesIO()
    certificate.write(text)
    result = check_bytes(text.getvalue())
    assert (result.status, result.verdict) == ("VERIFIED", "NO"), (result.line, result.reason)
    return True


@pytest.mark.parametrize(("target", "loss"), [("relu", "l0"), ("relu", "l1"), ("relu", "l2"), ("threshold", "l1")])
def test_the_odd_cycle(target: str, loss: Loss) -> None:
    """gamma = 3; the same data with gamma one higher have a neuron, and are not refuted."""
    graph = PROBLEMS["mcclique"].classics["odd-cycle"][0]
    made = reduction_named("mcclique", target, Options(loss=loss)).reduce(graph)
    assert made.gamma == 3
    outcome = refute_by_cases(made, Limits(seconds=120))
    assert isinstance(outcome, Refutation) and accepted(made, outcome)
    more = refute_by_cases(replace(made, gamma=made.gamma + 1), Limits(seconds=4))
    assert not isinstance(more, Refutation)


@pytest.mark.parametrize("loss", ["l0", "l1"])
def test_graphs_of_three_colours(loss: Loss) -> None:
    """ReLU, every 193rd of the 4096 graphs: refuted with a checked proof iff there is no clique."""
    seen = {True: 0, False: 0}
    for bits in range(0, 4096, 193):
        graph = ColouredGraph((1, 1, 2, 2, 3, 3), tuple(e for i, e in enumerate(PAIRS) if bits >> i & 1), 3)
        made = reduction_named("mcclique", "relu", Options(loss=loss)).reduce(graph)
        if len(graph.edges) < 4 or made.gamma == 0:
            continue
        outcome = refute_by_cases(made, Limits(seconds=60))
        solvable = mcclique.search(graph) is not None
        assert isinstance(outcome, Refutation) != solvable
        assert solvable or accepted(made, outcome)  # type: ignore[arg-type]
        seen[solvable] += 1
    assert min(seen.values()) >= 3


labels = st.lists(st.integers(-1, 2), min_size=2, max_size=4)


@settings(max_examples=60, deadline=None)
@given(labels, st.sampled_from(("l0", "l1")), st.sampled_from(("relu", "threshold")), st.integers(0, 4))
def test_as_z3_says(ys: list[int], loss: Loss, activation, quarter: int) -> None:
    """On a line, with copies: refuted only if Z3 finds no neuron, and every proof is accepted."""
    gamma = Fraction(quarter * 3, 4) + Fraction(1, 2)
    made = TrainingInstance.of(
        [[x] for x in range(len(ys))],
        ys,
        width=1,
        activation=activation,
        copies=tuple(1 + i % 2 for i in range(len(ys))),
        loss=loss,
        gamma=gamma if loss == "l1" else int(gamma) + 1,
    )
    outcome = refute_by_cases(made, Limits(seconds=20))
    answer = check(encode(made), "z3", timeout_s=30).status
    assert answer in ("sat", "unsat")
    if isinstance(outcome, Refutation):
        assert answer == "unsat"
        accepted(made, outcome)


def test_an_exact_fit_that_the_direct_refuter_leaves() -> None:
    graph = PROBLEMS["mcclique"].classics["open-path"][0]
    made = replace(reduction_named("mcclique", "relu").reduce(graph), loss="exact", copies=None)
    outcome = refute_by_cases(made, Limits(seconds=60))
    assert isinstance(outcome, Refutation) and accepted(made, outcome)


def test_other_widths_are_left_alone() -> None:
    made = TrainingInstance.of([[0], [1]], [0, 1], width=2, activation="relu")
    assert not isinstance(refute_by_cases(made), Refutation)
