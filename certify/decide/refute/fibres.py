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
from certify.decide.refute.knowledge import Knowledge, in_plane

MACHINE = 2**60
"""Integers below this bound are added and compared as machine integers."""


@dataclass
class Fibre:
    """Points on a line parallel to ``direction``; steps: their integer positions, the first point at 0."""

    direction: tuple[int, ...]
    points: list[int]
    steps: list[int]


@dataclass
class Bounds:
    """On a fibre z_rank is known >= 0 at positions (times ``unit``) from upper[rank] on, <= 0 up to lower[rank]."""

    unit: int
    upper: Any
    lower: Any


def fibres(space: Space, direction: tuple[int, ...], points: Iterable[int]) -> list[Fibre]:
    """The points by lines of this direction, in order of the first points."""
    axis = next(a for a, value in enumerate(direction) if value)
    lead = direction[axis]
    found: dict[tuple[int, ...], Fibre] = {}
    for i in points:
        x = space.integer[i]
        key = tuple(c * lead - x[axis] * e for c, e in zip(x, direction, strict=True))
        fibre = found.get(key)
        if fibre is None:
            fibre = found[key] = Fibre(direction, [], [])
        fibre.points.append(i)
        # Points of a line differ by multiples of its primitive direction.
        fibre.steps.append((x[axis] - space.integer[fibre.points[0]][axis]) // lead)
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
        pairs: list[tuple[int, int, Fraction, Fraction]] = []
        for pair in knowledge.pairs:
            if knowledge.lines[pair.first].direction == self.direction:
                place = in_plane(
                    knowledge.lines[pair.first], knowledge.lines[pair.second], knowledge.space.points[first]
                )
                if place is not None:
                    pairs.append((pair.first, pair.second, *place))
        unit = lcm(*(c.denominator for _, _, theta, mu in pairs for c in (theta, mu)))
        terms: list[tuple[list[tuple[int, int]], int]] = []
        for one, two, theta, mu in pairs:
            terms.append(([(int((1 - theta) * unit), one), (int(theta * unit), two)], int(mu * unit)))
        for number in {n for i in fibre.points for n, _ in knowledge.on_lines.get(i, ())}:
            if knowledge.lines[number].direction == self.direction:
                t = next(t for i in fibre.points for n, t in knowledge.on_lines.get(i, ()) if n == number)
                i = knowledge.lines[number].points[t]
                offset = fibre.steps[fibre.points.index(i)] - knowledge.positions[number][t]
                terms.append(([(unit, number)], -offset * unit))
        if not terms:
            return None
        largest = sum(abs(c) * knowledge.positions[n][-1] for term, _ in terms for c, n in term)
        largest += sum(abs(shift) for _, shift in terms) + unit * max(map(abs, fibre.steps))
        machine = largest < MACHINE
        far = MACHINE if machine else 2 * largest + 1
        size = len(self.order)
        upper: Any = np.full(size, far, dtype=np.int64 if machine else object)
        lower: Any = np.full(size, -far, dtype=np.int64 if machine else object)
        for term, shift in terms:
            for bound, side in ((upper, 1), (lower, 0)):
                value: Any = np.full(size, -shift, dtype=bound.dtype)
                missing = np.zeros(size, dtype=bool)
                for factor, number in term:
                    if factor:
                        # The upper bound takes the upper end where its factor is positive, the lower one else.
                        ends, absent = self._array(number, side if factor > 0 else 1 - side, machine)
                        value += factor * ends
                        missing |= absent
                value[missing] = far if side else -far
                (np.minimum if side else np.maximum)(bound, value, out=bound)
        return Bounds(unit, upper, lower)

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
