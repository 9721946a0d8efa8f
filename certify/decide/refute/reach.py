"""The signs of a group's neurons at far points in each of its cases, for all far points at once.

Far points are many and every group may be open at each, so the bounds of rule 3 (format, 6.6) are computed here as
arrays over the far points: for a parallel pair, z_j >= 0 where c_a t_A + c_b t_B <= m, with coefficients of the point
and ends t_A, t_B of the neuron.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from certify.decide.refute.fibres import MACHINE
from certify.decide.refute.knowledge import GE, LE, Knowledge, Literal, Pair
from certify.decide.refute.patterns import OFF, ON, UNKNOWN


@dataclass
class _Coefficients:
    """Of one pair at the far points: arrays; valid: the point is in the plane of the pair."""

    pair: Pair
    a: Any
    b: Any
    m: Any
    valid: Any


class Reach:
    """points: the far points; statuses are arrays over a selection of them."""

    def __init__(self, knowledge: Knowledge, points: Sequence[int]) -> None:
        self.knowledge = knowledge
        self.points = list(points)
        self.place = {i: t for t, i in enumerate(self.points)}
        self.on_line = np.array([i in knowledge.on_lines for i in self.points], dtype=bool)
        self.pairs = [self._coefficients(pair) for pair in knowledge.pairs]

    def _coefficients(self, pair: Pair) -> _Coefficients:
        found = [self.knowledge.coefficients(pair, i) for i in self.points]
        valid = np.array([c is not None for c in found], dtype=bool)
        triples = [c or (0, 0, 0) for c in found]
        longest = max(self.knowledge.positions[n][-1] for n in (pair.first, pair.second))
        largest = max(((abs(a) + abs(b)) * longest + abs(m) for a, b, m in triples), default=0)
        kind: Any = np.int64 if largest < MACHINE else object
        a, b, m = (np.array([triple[t] for triple in triples], dtype=kind) for t in range(3))
        return _Coefficients(pair, a, b, m, valid)

    def statuses(self, neurons: Sequence[int], case: Sequence[Literal], chosen: Any) -> Any:
        """Statuses (neurons x chosen points) in a case; chosen: places among the far points."""
        knowledge = self.knowledge
        found = np.full((len(neurons), len(chosen)), UNKNOWN, dtype=np.uint8)
        with knowledge.assuming(case):
            for row, j in zip(found, neurons, strict=True):
                on = np.zeros(len(chosen), dtype=bool)
                off = np.zeros(len(chosen), dtype=bool)
                for pair in self.pairs:
                    if knowledge.lines[pair.pair.first].direction in knowledge.increasing[j]:
                        self._bound(pair, j, chosen, on, off)
                row[off] = OFF
                row[on] = ON
                # A sign known both ways counts as on, as for the checker (format, 6.8): where a fact or a line may say
                # more than the pairs, an OFF by them is not the last word.
                here = {self.place[i] for i in knowledge.facts_of[j] if i in self.place}
                for t in np.flatnonzero(row != ON):
                    if self.on_line[chosen[t]] or int(chosen[t]) in here:
                        mask = knowledge.known(j, self.points[chosen[t]])
                        row[t] = ON if mask & GE else OFF if mask & LE else UNKNOWN
        return found

    def _bound(self, pair: _Coefficients, j: int, chosen: Any, on: Any, off: Any) -> None:
        knowledge, one, two = self.knowledge, pair.pair.first, pair.pair.second
        a, b, m, valid = pair.a[chosen], pair.b[chosen], pair.m[chosen], pair.valid[chosen]
        ends = []
        for number in (one, two):
            places = knowledge.positions[number]
            low, high = knowledge.low[number].get(j), knowledge.high[number].get(j)
            ends.append((None if low is None else places[low], None if high is None else places[high]))
        (low_a, high_a), (low_b, high_b) = ends
        value, known = _pick(a, high_a, low_a), _has(a, high_a, low_a)
        value, known = value + _pick(b, high_b, low_b), known & _has(b, high_b, low_b)
        on |= valid & known & (m >= value).astype(bool)
        value, known = _pick(a, low_a, high_a), _has(a, low_a, high_a)
        value, known = value + _pick(b, low_b, high_b), known & _has(b, low_b, high_b)
        off |= valid & known & (m <= value).astype(bool)


def _pick(factor: Any, positive: int | None, negative: int | None) -> Any:
    """factor times the one end where it is positive, the other where it is not; 0 where that end is missing."""
    kind = factor.dtype
    return factor * np.where(factor >= 0, np.array(positive or 0, dtype=kind), np.array(negative or 0, dtype=kind))


def _has(factor: Any, positive: int | None, negative: int | None) -> Any:
    """Where that end is not missing, or not needed."""
    return ((factor >= 0) & (positive is not None)) | ((factor <= 0) & (negative is not None)) | (factor == 0)
