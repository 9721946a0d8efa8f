"""Losses: exact totals and best constants against the definitions, instances with a loss, their files."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certify.errors import InputError
from certify.instance import TrainingInstance
from certify.loss import LOSSES, Loss, best_constant, loss_between, total
from certify.network import Network, Neuron

SMALL = st.fractions(min_value=-3, max_value=3, max_denominator=4)
LABELS = st.lists(st.tuples(SMALL, st.integers(1, 4)), min_size=1, max_size=6)
RAMP = Network("relu", (Neuron.of([1], 0, 1),), 1)


def by_definition(loss: Loss, v: Fraction, y: Fraction) -> Fraction:
    return {"l0": Fraction(v != y), "l1": abs(v - y), "l2": (v - y) ** 2}[loss]


@given(st.sampled_from(LOSSES[1:]), st.lists(st.tuples(SMALL, SMALL, st.integers(1, 5), st.integers(1, 3)), max_size=6))
def test_total(loss: Loss, rows: list[tuple[Fraction, Fraction, int, int]]) -> None:
    values = [(v.numerator * scale, v.denominator * scale) for v, _, _, scale in rows]
    labels, copies = [y for _, y, _, _ in rows], [c for _, _, c, _ in rows]
    expected = sum((c * by_definition(loss, v, y) for v, y, c, _ in rows), Fraction(0))
    assert total(loss, values, labels, copies) == expected
    assert all(loss_between(loss, v, y) == by_definition(loss, v, y) for v, y, _, _ in rows)


@given(st.sampled_from(LOSSES[1:]), LABELS)
def test_best_constant(loss: Loss, rows: list[tuple[Fraction, int]]) -> None:
    """No value of a fine grid, and no label or mean, is better; and none is as good where the best is unique."""
    labels, copies = [y for y, _ in rows], [c for _, c in rows]

    def cost(v: Fraction) -> Fraction:
        return sum((c * by_definition(loss, v, y) for y, c in rows), Fraction(0))

    least, only = best_constant(loss, labels, copies)
    grid = {Fraction(n, 24) for n in range(-72, 73)} | set(labels)
    grid |= {(a + b) / 2 for a in labels for b in labels} | {sum((c * y for y, c in rows), Fraction(0)) / sum(copies)}
    assert min(map(cost, grid)) == least
    best = {v for v in grid if cost(v) == least}
    assert (only is not None) == (len(best) == 1) and only in best | {None}


@pytest.mark.parametrize("loss", LOSSES[1:])
def test_instance_with_a_loss(loss: Loss) -> None:
    gamma = {"l0": 3, "l1": "3/2", "l2": "3/4"}[loss]
    made = TrainingInstance.of(
        [[0], [1], [2]], [0, "3/2", 2], width=1, activation="relu", loss=loss, gamma=gamma, copies=(7, 3, 1)
    )
    assert list(made.canonical_lines())[3:5] == [f"loss {loss} {gamma}", "copies listed"]
    assert made.total_loss(RAMP) == made.gamma and made.objection(RAMP) is None
    assert made.misfits(RAMP) == [1]
    assert TrainingInstance.from_json(made.to_json()) == made
    again = TrainingInstance.from_csv(made.points_csv(), width=1, activation="relu", loss=loss, gamma=made.gamma)
    assert again == made and again.sha256() == made.sha256()
    less = replace(made, gamma=made.gamma - Fraction(1, 9))
    assert "more than" in (less.objection(RAMP) or "")
    others = [less, replace(made, copies=None), replace(made, loss="l1" if loss == "l2" else "l2"), made]
    assert len({other.sha256() for other in others}) == 4


@pytest.mark.parametrize(
    "options",
    [
        {"loss": "l3"},
        {"loss": "exact", "gamma": 1},
        {"loss": "l1", "gamma": -1},
        {"loss": "l1", "gamma": 0.5},
        {"loss": None},
    ],
)
def test_bad_losses(options: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        TrainingInstance.of([[0]], [0], width=1, activation="relu", **options)
