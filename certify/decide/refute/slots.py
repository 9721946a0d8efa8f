"""Slots: disjoint intervals of a line, each of which some neuron must break in (format v1, 6.3).

ReLU: a convex kink of the labels forces a neuron with a = +1, a concave one a neuron with a = -1.
Threshold: two different labels force a neuron that switches between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from certify.decide.refute.geometry import Line

Sign = Literal["+", "-", "*"]


@dataclass(frozen=True)
class Slot:
    """An open interval of a line; left, middle, right are indices into the line's points (threshold: middle =
    left).
    """

    left: int
    middle: int
    right: int


def kinks(line: Line, labels: Sequence[Fraction]) -> dict[Sign, list[Slot]]:
    """The most disjoint convex (`+`) and concave (`-`) kinks of the labels along the line.

    Consecutive triples suffice: a kink of any triple contains one of a consecutive triple. Taking intervals
    by increasing right end gives the largest disjoint family.
    """
    found: dict[Sign, list[Slot]] = {"+": [], "-": []}
    for t in range(1, len(line.points) - 1):
        turn = bend(line, labels, t - 1, t, t + 1)
        if turn == 0:
            continue
        family = found["+" if turn > 0 else "-"]
        if not family or family[-1].right <= t - 1:
            family.append(Slot(t - 1, t, t + 1))
    return found


def jumps(line: Line, labels: Sequence[Fraction]) -> dict[Sign, list[Slot]]:
    """The neighbouring points of the line with different labels."""
    return {
        "*": [
            Slot(t, t, t + 1)
            for t in range(len(line.points) - 1)
            if labels[line.points[t]] != labels[line.points[t + 1]]
        ]
    }


def widened(line: Line, slots: list[Slot], labels: Sequence[Fraction]) -> list[Slot]:
    """A single slot of a line, stretched over the whole line where that is still a slot: it speaks of fewer
    points.
    """
    if len(slots) != 1 or len(line.points) < 3:
        return slots
    middle, last = slots[0].middle, len(line.points) - 1
    if slots[0].left == middle:
        return [Slot(0, 0, last)]
    if bend(line, labels, slots[0].left, middle, slots[0].right) * bend(line, labels, 0, middle, last) > 0:
        return [Slot(0, middle, last)]
    return slots


def bend(line: Line, labels: Sequence[Fraction], left: int, middle: int, right: int) -> Fraction:
    """Positive where the labels at three points of the line kink convexly, negative where concavely."""
    y_left, y_middle, y_right = (labels[line.points[t]] for t in (left, middle, right))
    if y_left == y_middle == y_right:
        return Fraction(0)
    before, ahead = (
        line.positions[middle] - line.positions[left],
        line.positions[right] - line.positions[middle],
    )
    return (y_right - y_middle) * before - (y_middle - y_left) * ahead
