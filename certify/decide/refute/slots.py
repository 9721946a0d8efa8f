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
    """An open interval of a line; left, middle, right are indices into the line's points (threshold: middle = left)."""

    left: int
    middle: int
    right: int


def kinks(line: Line, labels: Sequence[Fraction]) -> dict[Sign, list[Slot]]:
    """The most disjoint convex (`+`) and concave (`-`) kinks of the labels along the line.

    Consecutive triples suffice: a kink of any triple contains one of a consecutive triple. Taking intervals by
    increasing right end gives the largest disjoint family.
    """
    found: dict[Sign, list[Slot]] = {"+": [], "-": []}
    for t in range(1, len(line.points) - 1):
        left, mid, right = (line.positions[t + s] for s in (-1, 0, 1))
        y_left, y_mid, y_right = (labels[line.points[t + s]] for s in (-1, 0, 1))
        bend = (y_right - y_mid) * (mid - left) - (y_mid - y_left) * (right - mid)
        if bend == 0:
            continue
        family = found["+" if bend > 0 else "-"]
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
