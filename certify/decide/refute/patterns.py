"""Which neurons are on at which point, as far as it is known, and the affine pieces that follow from it.

A *frame point* is one where every neuron's sign is known. Frame points with the same set of active neurons
see the same affine piece; where d+1 of them are affinely independent, the piece is known exactly. Pieces
whose active set is the first t neurons in the order of the labels are *cuts*: sums of neurons between two
cuts are then known affine functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import flint

from certify.decide.refute.farkas import Combination
from certify.decide.refute.knowledge import GE, LE, Knowledge
from certify.exact import Vector


@dataclass
class Cut:
    """An affine piece: f(x) = sum of weights * labels over its anchors, in barycentric coordinates of x."""

    anchors: tuple[int, ...]
    inverse: flint.fmpq_mat
    labels: tuple[Fraction, ...]

    def weights(self, x: Vector) -> list[Fraction]:
        """Barycentric coordinates of x with respect to the anchors (for a constant piece: one anchor, weight
        1).
        """
        if len(self.anchors) == 1:
            return [Fraction(1)]
        column = flint.fmpq_mat(
            len(x) + 1, 1, [flint.fmpq(c.numerator, c.denominator) for c in (*x, Fraction(1))]
        )
        product = self.inverse * column
        return [Fraction(int(product[i, 0].p), int(product[i, 0].q)) for i in range(len(self.anchors))]

    def at(self, x: Vector) -> tuple[Combination, Fraction]:
        """The combination of equations that states the piece's value at x, and that value."""
        weights = self.weights(x)
        value = sum((w * y for w, y in zip(weights, self.labels, strict=True)), Fraction(0))
        return [(f"e{i + 1}", w) for i, w in zip(self.anchors, weights, strict=True) if w], value


class Patterns:
    """For every point: the bytes of known statuses (1 on, 0 off, 2 unknown) over neurons in label order."""

    ON, OFF, UNKNOWN = 1, 0, 2

    def __init__(self, knowledge: Knowledge, order: Sequence[int]) -> None:
        self.knowledge = knowledge
        self.order = list(order)
        self.rank = {neuron: t for t, neuron in enumerate(self.order)}
        self.rows: list[bytearray] = []

    def compute(self, points: Iterable[int]) -> None:
        self.rows = [self.row(i) for i in points]

    def row(self, point: int) -> bytearray:
        known = self.knowledge.known
        row = bytearray(len(self.order))
        for t, neuron in enumerate(self.order):
            mask = known(neuron, point)
            row[t] = self.ON if mask & GE else self.OFF if mask & LE else self.UNKNOWN
        return row

    def unknown(self, point: int) -> list[int]:
        """Ranks of the neurons whose sign at the point is not known."""
        row = self.rows[point]
        found = []
        t = row.find(self.UNKNOWN)
        while t >= 0:
            found.append(t)
            t = row.find(self.UNKNOWN, t + 1)
        return found

    def refresh(self, point: int) -> None:
        """Looks again at what was unknown at the point."""
        row = self.rows[point]
        for t in self.unknown(point):
            mask = self.knowledge.known(self.order[t], point)
            row[t] = self.ON if mask & GE else self.OFF if mask & LE else self.UNKNOWN

    def cuts(self, points: Sequence[Vector], labels: Sequence[Fraction], constant: bool) -> dict[int, Cut]:
        """t -> the affine piece in which exactly the first t neurons are on, where the frame points determine
        it.
        """
        members: dict[int, list[int]] = {}
        for i, row in enumerate(self.rows):
            t = row.count(self.ON)
            if row.find(self.UNKNOWN) < 0 and row.find(self.ON, t) < 0:
                members.setdefault(t, []).append(i)
        found = {}
        for t, candidates in members.items():
            cut = _constant(candidates, labels) if constant else _affine(candidates, points, labels)
            if cut is not None:
                found[t] = cut
        return found


def _constant(candidates: list[int], labels: Sequence[Fraction]) -> Cut:
    return Cut((candidates[0],), flint.fmpq_mat(0, 0), (labels[candidates[0]],))


def _affine(candidates: list[int], points: Sequence[Vector], labels: Sequence[Fraction]) -> Cut | None:
    dimension = len(points[candidates[0]])
    chosen: list[int] = []
    echelon: list[list[Fraction]] = []
    for i in candidates:
        row = [*points[i], Fraction(1)]
        for pivot in echelon:
            lead = next(a for a, c in enumerate(pivot) if c)
            if row[lead]:
                factor = row[lead] / pivot[lead]
                row = [c - factor * p for c, p in zip(row, pivot, strict=True)]
        if any(row):
            echelon.append(row)
            chosen.append(i)
            if len(chosen) == dimension + 1:
                entries = [
                    flint.fmpq(c.numerator, c.denominator)
                    for a in range(dimension + 1)
                    for c in ((points[i][a] if a < dimension else Fraction(1)) for i in chosen)
                ]
                matrix = flint.fmpq_mat(dimension + 1, dimension + 1, entries)
                return Cut(tuple(chosen), matrix.inv(), tuple(labels[i] for i in chosen))
    return None
