"""What rules 2 and 3 of the format (6.6) say of all neurons at all points of a fibre at once.

A *fibre* is the set of the data points on one line parallel to the direction along which neurons increase. On it each
such neuron changes its sign once; what is known bounds the place from both sides. The bounds are arrays over the
neurons in rank order, in exact integers: of machine size where they fit, of Python's otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from certify.decide.refute.geometry import Space
from certify.decide.refute.knowledge import Knowledge
from certify.exact import Vector

MACHINE = 2**60
"""Integers below this bound are added and compared as machine integers."""


@dataclass
class Fibre:
    """Points on a line parallel to ``direction``; steps: their positions in units of it, the first point at 0."""

    direction: tuple[int, ...]
    points: list[int]
    steps: list[Fraction]


@dataclass
class Bounds:
    """On a fibre z_rank is known >= 0 from upper[rank] on, <= 0 alone up to lower[rank]; places: of its points."""

    places: list[int]
    upper: Any
    lower: Any


def fibres(space: Space, direction: tuple[int, ...], points: Iterable[int]) -> list[Fibre]:
    """The points by lines of this direction, in order of the first points."""
    axis = next(a for a, value in enumerate(direction) if value)
    lead = direction[axis]
    found: dict[Vector, Fibre] = {}
    for i in points:
        x = space.points[i]
        key = tuple(c * lead - x[axis] * e if e else c for c, e in zip(x, direction, strict=True))
        fibre = found.get(key)
        if fibre is None:
            fibre = found[key] = Fibre(direction, [], [])
        fibre.points.append(i)
        fibre.steps.append((x[axis] - space.points[fibre.points[0]][axis]) / lead)
    return list(found.values())


class Ends:
    """For the lines of one direction: the last point with z <= 0 and the first with z >= 0 known, as arrays by rank."""

    def __init__(self, knowledge: Knowledge, direction: tuple[int, ...], order: Sequence[int]) -> None:
        self.knowledge = knowledge
        self.direction = direction
        self.order = order
        self._arrays: dict[tuple[int, int, bool], tuple[Any, Any]] = {}

    def bounds(self, fibre: Fibre) -> Bounds | None:
        """What is known on the fibre; None if no line of the direction says anything."""
        knowledge = self.knowledge
        first = fibre.points[0]
        # Sums of factor * end (an integer of the end's line), less a shift.
        terms: list[tuple[list[tuple[Fraction, int]], Fraction]] = []
        for pair in knowledge.pairs:
            if knowledge.lines[pair.first].direction == self.direction:
                place = knowledge.coefficients(pair, first)
                if place is not None:
                    # c_a and c_b are 1 - theta and theta over the scales of the lines, all times this factor.
                    unit = place[0] * knowledge.scale[pair.first] + place[1] * knowledge.scale[pair.second]
                    c_a, c_b, m = (Fraction(c, unit) for c in place)
                    terms.append(([(c_a, pair.first), (c_b, pair.second)], m))
        for number in sorted({n for i in fibre.points for n, _ in knowledge.on_lines.get(i, ())}):
            if knowledge.lines[number].direction == self.direction:
                at, t = next(
                    (at, t)
                    for at, i in enumerate(fibre.points)
                    for n, t in knowledge.on_lines.get(i, ())
                    if n == number
                )
                scale = knowledge.scale[number]
                offset = fibre.steps[at] - Fraction(knowledge.positions[number][t], scale)
                terms.append(([(Fraction(1, scale), number)], -offset))
        if not terms:
            return None
        unit = lcm(
            *(factor.denominator for term, _ in terms for factor, _ in term),
            *(shift.denominator for _, shift in terms),
            *(step.denominator for step in fibre.steps),
        )
        places = [int(step * unit) for step in fibre.steps]
        largest = sum(int(abs(c) * unit) * knowledge.positions[n][-1] for term, _ in terms for c, n in term)
        largest += sum(int(abs(shift) * unit) for _, shift in terms) + max(map(abs, places))
        machine = largest < MACHINE
        far = MACHINE if machine else 2 * largest + 1
        size = len(self.order)
        upper: Any = np.full(size, far, dtype=np.int64 if machine else object)
        lower: Any = np.full(size, -far, dtype=np.int64 if machine else object)
        for term, shift in terms:
            for bound, side in ((upper, 1), (lower, 0)):
                value: Any = np.full(size, -int(shift * unit), dtype=bound.dtype)
                missing = np.zeros(size, dtype=bool)
                for factor, number in term:
                    if factor:
                        # The upper bound takes the upper end where its factor is positive, the lower one else.
                        ends, absent = self._array(number, side if factor > 0 else 1 - side, machine)
                        value += int(factor * unit) * ends
                        missing |= absent
                value[missing] = far if side else -far
                (np.minimum if side else np.maximum)(bound, value, out=bound)
        # Where a break is known exactly, z = 0 is known both ways there, which counts as >= 0 (format, 6.8).
        return Bounds(places, upper, np.minimum(lower, upper - 1))

    def _array(self, line: int, side: int, machine: bool) -> tuple[Any, Any]:
        """Positions on the line by rank (side 0: low, 1: high), and where there are none."""
        found = self._arrays.get((line, side, machine))
        if found is None:
            places = self.knowledge.positions[line]
            ends = (self.knowledge.low, self.knowledge.high)[side][line]
            absent = np.array([j not in ends for j in self.order], dtype=bool)
            values = [places[ends[j]] if j in ends else 0 for j in self.order]
            found = np.array(values, dtype=np.int64 if machine else object), absent
            self._arrays[line, side, machine] = found
        return found
