"""Affine pieces of f that the data determine.

Frame points (patterns.py) with the same active neurons see the same affine piece; where d+1 of them are affinely
independent, the piece is known exactly. Pieces whose active set is the first t neurons in label order are *cuts*:
the sum of the neurons between two cuts is then a known affine function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import flint

from certify.decide.refute.farkas import Combination
from certify.decide.refute.patterns import Patterns
from certify.exact import Vector


@dataclass
class Cut:
    """An affine piece: f(x) = sum of weights * labels over its anchors, in barycentric coordinates of x.

    form: its coefficients (w_1 .. w_d, b); a constant piece has one anchor and d zeros.
    """

    anchors: tuple[int, ...]
    inverse: flint.fmpq_mat
    labels: tuple[Fraction, ...]
    form: tuple[Fraction, ...] = field(default=())

    def weights(self, x: Sequence[Fraction]) -> list[Fraction]:
        """The weights of the anchors whose combination is the piece's value at (x_1 .. x_d, 1), or, for any other
        last entry, that linear form of its coefficients; for a constant piece the last entry alone counts.
        """
        if len(self.anchors) == 1:
            return [x[-1]]
        column = flint.fmpq_mat(len(x), 1, [flint.fmpq(c.numerator, c.denominator) for c in x])
        product = self.inverse * column
        return [Fraction(int(product[i, 0].p), int(product[i, 0].q)) for i in range(len(self.anchors))]

    def combination(self, x: Sequence[Fraction]) -> Combination:
        """The combination of equations that states it."""
        return [(f"e{i + 1}", w) for i, w in zip(self.anchors, self.weights(x), strict=True) if w]

    def value(self, x: Sequence[Fraction]) -> Fraction:
        """The linear form of the coefficients."""
        return sum((c * v for c, v in zip(self.form, x, strict=True)), Fraction(0))


def cuts(
    patterns: Patterns, points: Sequence[Vector], labels: Sequence[Fraction], constant: bool, among: Iterable[int]
) -> dict[int, Cut]:
    """t -> the affine piece in which exactly the first t neurons are on, where the frame points determine it."""
    members: dict[int, list[int]] = {}
    for i in among:
        start, middle = patterns.rows[i]
        if not middle:
            members.setdefault(start, []).append(i)
    found = {}
    for t, candidates in members.items():
        cut = _constant(candidates, points, labels) if constant else _affine(candidates, points, labels)
        if cut is not None:
            found[t] = cut
    return found


def _constant(candidates: list[int], points: Sequence[Vector], labels: Sequence[Fraction]) -> Cut:
    first = candidates[0]
    form = (*(Fraction(0) for _ in points[first]), labels[first])
    return Cut((first,), flint.fmpq_mat(0, 0), (labels[first],), form)


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
                inverse = flint.fmpq_mat(dimension + 1, dimension + 1, entries).inv()
                values = flint.fmpq_mat(
                    1, dimension + 1, [flint.fmpq(labels[i].numerator, labels[i].denominator) for i in chosen]
                )
                product = values * inverse
                form = tuple(Fraction(int(product[0, a].p), int(product[0, a].q)) for a in range(dimension + 1))
                return Cut(tuple(chosen), inverse, tuple(labels[i] for i in chosen), form)
    return None


def determining(
    candidates: Sequence[int], homogeneous: Callable[[int], Sequence[int]], labels: Sequence[Fraction]
) -> list[int] | None:
    """The first points whose labels give those of all others by an affine function; None if there is none.

    homogeneous: the integers (X_1 .. X_d, D) of a point X / D.
    """
    chosen: list[int] = []
    echelon: list[tuple[int, list[int]]] = []
    for i in candidates:
        label, x = labels[i], homogeneous(i)
        row = [c * label.denominator for c in x]
        row.append(x[-1] * label.numerator)
        for lead, pivot in echelon:
            factor = row[lead]
            if factor:
                row = [c * pivot[lead] - factor * p for c, p in zip(row, pivot, strict=True)]
        lead = next((a for a, c in enumerate(row) if c), len(row))
        if lead < len(row) - 1:
            echelon.append((lead, row))
            chosen.append(i)
        elif lead < len(row):
            return None
    return chosen
