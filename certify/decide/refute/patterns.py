"""Which neurons are on at which point, as far as it is known.

A point's *row* has a status for every neuron in label order. At most points the first neurons are on, the last are
off, and little is between, so a row is kept as the number of leading neurons that are on and the statuses after them
up to the last that is not off. A *frame point* is one where every neuron's sign is known.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from certify.decide.refute import sides
from certify.decide.refute.fibres import Ends, Fibre, fibres
from certify.decide.refute.knowledge import GE, LE, Knowledge

ON, OFF, UNKNOWN = 1, 0, 2
FEW = 16
"""A fibre of at most so many points, none on a declared line, is not worth its exact arrays."""
Row = tuple[int, bytes]
"""(start, middle): neurons before start are on, those after the middle are off; the middle begins with a status
other than on and ends with one other than off, so equal rows are equal tuples."""


_ONES, _UNKNOWN = re.compile(rb"\x01+"), re.compile(rb"\x02")


def normal(start: int, middle: bytes | bytearray) -> Row:
    """The row with these statuses from rank ``start`` on."""
    text = bytes(middle).rstrip(b"\0")
    rest = text.lstrip(b"\1")
    return start + len(text) - len(rest), rest


def unknown_ranks(row: Row) -> list[int]:
    """The ranks whose sign is not known."""
    start, middle = row
    return [start + match.start() for match in _UNKNOWN.finditer(middle)]


def masked(row: Row, ranks: Sequence[int]) -> Row:
    """The row with these (ascending) ranks off."""
    start, middle = row
    low = min(start, ranks[0])
    window = bytearray(b"\1" * (start - low) + middle)
    for t in ranks:
        if t - low < len(window):
            window[t - low] = OFF
    return normal(low, window)


def on_runs(row: Row, without: Sequence[int] = ()) -> list[tuple[int, int]]:
    """The ranks that are on, as maximal runs [start, stop); those of ``without`` (ascending) count as off."""
    start, middle = masked(row, without) if without else row
    runs = [(0, start)] if start else []
    return runs + [(start + run.start(), start + run.end()) for run in _ONES.finditer(middle)]


class Patterns:
    """The rows of all points; order: the neurons in label order, by rank."""

    def __init__(self, knowledge: Knowledge, order: Sequence[int]) -> None:
        self.knowledge = knowledge
        self.order = list(order)
        self.rank = {neuron: t for t, neuron in enumerate(self.order)}
        #: Of a point that was never updated nothing is known, nor that it is open.
        self.rows: list[Row] = [(0, b"")] * len(knowledge.space.points)
        self._fibres: dict[tuple[int, ...], list[Fibre]] = {}

    def update(self, points: Iterable[int]) -> None:
        """Computes the rows of these points again; Patterns sees new facts only so."""
        wanted = set(points)
        directions = sorted({d for j in self.order for d in self.knowledge.increasing[j]})
        if len(directions) == 1:
            self._along(directions[0], wanted)
        else:
            for i in wanted:
                self.rows[i] = self._scalar(i)
            return
        for j, touched in enumerate(self.knowledge.facts_of):
            for i in touched:
                if i in wanted:
                    self._settle(i, self.rank[j], self.knowledge.facts.get((j, i), 0))

    def _scalar(self, point: int) -> Row:
        known = self.knowledge.known
        masks = [known(neuron, point) for neuron in self.order]
        return normal(0, bytes(ON if mask & GE else OFF if mask & LE else UNKNOWN for mask in masks))

    def _settle(self, point: int, rank: int, mask: int) -> None:
        """A fact at the point itself."""
        start, middle = self.rows[point]
        if mask & (GE | LE) and start <= rank < start + len(middle) and middle[rank - start] == UNKNOWN:
            changed = bytearray(middle)
            changed[rank - start] = ON if mask & GE else OFF
            self.rows[point] = normal(start, changed)

    def _along(self, direction: tuple[int, ...], wanted: set[int]) -> None:
        parts = self._fibres.get(direction)
        if parts is None:
            parts = fibres(self.knowledge.space, direction, range(len(self.rows)))
            self._fibres[direction] = parts
        ends = Ends(self.knowledge, direction, self.order)
        alone: list[int] = []
        blank: Row = normal(0, bytes([UNKNOWN]) * len(self.order))
        for fibre in parts:
            if wanted.isdisjoint(fibre.points):
                continue
            if len(fibre.points) <= FEW and not any(i in self.knowledge.on_lines for i in fibre.points):
                alone += [i for i in fibre.points if i in wanted]
                continue
            bounds = ends.bounds(fibre)
            if bounds is None:
                for i in fibre.points:
                    if i in wanted:
                        self.rows[i] = blank
                continue
            upper, lower = bounds.upper, bounds.lower
            # All ranks before `start` have their upper bound at or below the point, all from `stop` on their lower
            # bound at or above it; searched by bisection in the running extremes.
            highest = np.maximum.accumulate(upper)
            lowest = np.minimum.accumulate(lower[::-1])[::-1]
            for i, place in zip(fibre.points, bounds.places, strict=True):
                if i not in wanted:
                    continue
                start = bisect_right(highest, place)
                stop = max(start, bisect_left(lowest, place))
                self.rows[i] = (start, b"") if start == stop else self._between(upper, lower, place, start, stop)
        self._alone(alone, direction)

    def _alone(self, points: Sequence[int], direction: tuple[int, ...]) -> None:
        """The rows of points on no declared line."""
        knowledge, size = self.knowledge, len(self.order)
        pairs = [pair for pair in knowledge.pairs if knowledge.lines[pair.first].direction == direction]
        lines = {n for pair in pairs for n in (pair.first, pair.second)}
        low, high = ({n: sides.Ends.of(knowledge, n, self.order, upper) for n in lines} for upper in (False, True))
        rules = [sides.Rule.of(knowledge, pair, points) for pair in pairs]
        for t, i in enumerate(points):
            statuses = np.full(size, UNKNOWN, dtype=np.uint8)
            start, stop = 0, size  # the other signs are settled: z >= 0 is known, or z < 0
            for rule in rules:
                coefficients = rule.integers[t]
                if coefficients is None or start >= stop:
                    continue
                (one, two), (c_a, c_b, _) = (rule.pair.first, rule.pair.second), coefficients
                upper = (high if c_a >= 0 else low)[one], (high if c_b >= 0 else low)[two]
                lower = (low if c_a >= 0 else high)[one], (low if c_b >= 0 else high)[two]
                part = statuses[start:stop]
                below = rule.across(t, lower, start, stop)
                part[(below <= 0) & (part != ON)] = OFF
                part[rule.across(t, upper, start, stop) >= 0] = ON
                left = np.flatnonzero((part != ON) & ~(below < 0))
                start, stop = (start + left[0], start + left[-1] + 1) if len(left) else (stop, stop)
            self.rows[i] = normal(0, statuses.tobytes())

    def _between(self, upper: Any, lower: Any, place: int, start: int, stop: int) -> Row:
        statuses = np.full(stop - start, UNKNOWN, dtype=np.uint8)
        statuses[(lower[start:stop] >= place).astype(bool)] = OFF
        statuses[(upper[start:stop] <= place).astype(bool)] = ON
        return normal(start, statuses.tobytes())

    def unknown(self, point: int) -> list[int]:
        """Ranks of the neurons whose sign at the point is not known."""
        return unknown_ranks(self.rows[point])

    def is_frame(self, point: int) -> bool:
        """Every sign is known at the point."""
        return UNKNOWN not in self.rows[point][1]

    def statuses(self, point: int) -> Iterator[tuple[int, int]]:
        """(rank, status) of the neurons that are not off."""
        start, middle = self.rows[point]
        yield from ((t, ON) for t in range(start))
        yield from ((t, status) for t, status in enumerate(middle, start) if status != OFF)
