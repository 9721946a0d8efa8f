"""Systems of linear inequalities over the rationals, decided exactly: a basic solution or Farkas multipliers.

Systems are A x >= b in free variables, given as rows of A and the entries of b. Meant for few variables and
up to a few thousand rows; the pivots are fraction-free, on integers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import mul

from certify.exact import Vector, dot, lcm_denominator


@dataclass(frozen=True)
class Outcome:
    """Exactly one of the two is given.

    ``point``: a basic solution x of A x >= b, see ``basic``. ``multipliers``: y >= 0 with y A = 0 and
    y b = 1, so that no such x exists (Farkas).
    """

    point: Vector | None
    multipliers: Vector | None


def solve(rows: Sequence[Vector], rhs: Sequence[Fraction]) -> Outcome:
    """Decides A x >= b; ``rows`` are n >= 1 vectors of one length d >= 1, ``rhs`` the n entries of b."""
    point, multipliers = _alternatives(rows, rhs)
    return Outcome(None if point is None else basic(rows, rhs, point), multipliers)


def multipliers(rows: Sequence[Vector], rhs: Sequence[Fraction]) -> Vector | None:
    """The Farkas multipliers of ``solve`` alone, None where there are none."""
    return _alternatives(rows, rhs)[1]


def _alternatives(rows: Sequence[Vector], rhs: Sequence[Fraction]) -> tuple[Vector | None, Vector | None]:
    """A solution, perhaps not a basic one, or Farkas multipliers.

    Phase one of the simplex method on the alternative y A = 0, y b = 1, y >= 0, with Bland's rule: its dual
    variables are a solution x where the alternative has none.
    """
    scales, columns = [], []
    for coefficients, bound in zip(rows, rhs, strict=True):
        scale = lcm_denominator((*coefficients, bound))
        scales.append(scale)
        columns.append([v.numerator * (scale // v.denominator) for v in (*coefficients, bound)])
    size = len(columns[0])
    # `inverse` is `det` times the inverse of the basis matrix; at the start all basic columns are artificial
    # (numbered from -size to -1). The right-hand side is the last unit vector: basic values are in the last
    # column.
    inverse = [[int(i == j) for j in range(size)] for i in range(size)]
    det = 1
    basis = list(range(-size, 0))
    while True:
        artificial = [row for row, k in zip(inverse, basis, strict=True) if k < 0]
        dual = [sum(row[j] for row in artificial) for j in range(size)]
        entering = next((j for j, column in enumerate(columns) if sum(map(mul, dual, column)) > 0), None)
        if entering is None:
            break
        change = [sum(map(mul, row, columns[entering])) for row in inverse]
        leaving = -1
        for i, amount in enumerate(change):
            if amount <= 0:
                continue
            if leaving >= 0:
                here, best = inverse[i][-1] * change[leaving], inverse[leaving][-1] * amount
                if here > best or (here == best and basis[i] > basis[leaving]):
                    continue
            leaving = i
        pivot, pivot_row = change[leaving], inverse[leaving]
        for i, row in enumerate(inverse):
            if i != leaving:
                factor = change[i]
                inverse[i] = [(v * pivot - factor * w) // det for v, w in zip(row, pivot_row, strict=True)]
        det = pivot
        basis[leaving] = entering
    if dual[-1] > 0:
        return tuple(Fraction(-v, dual[-1]) for v in dual[:-1]), None
    multipliers = [Fraction(0)] * len(columns)
    for row, k in zip(inverse, basis, strict=True):
        if k >= 0:
            multipliers[k] = Fraction(row[-1] * scales[k], det)
    return None, tuple(multipliers)


def feasible(rows: Sequence[Vector], rhs: Sequence[Fraction]) -> Vector | None:
    """A basic solution x of A x >= b, or None if there is none."""
    return solve(rows, rhs).point


def basic(rows: Sequence[Vector], rhs: Sequence[Fraction], point: Vector) -> Vector:
    """A basic solution of A x >= b reached from a given solution ``point``.

    Basic: the rows that hold with equality have the rank r of A, and the variables outside r columns in which
    they still have it are 0, so that Cramer's rule bounds the others. Walks along directions in which the
    tight rows stay tight until a further, independent row becomes tight, at most r times.
    """
    dimension = len(point)
    echelon: list[tuple[int, Vector]] = []  # reduced rows with their pivot places
    slack = [dot(row, point) - bound for row, bound in zip(rows, rhs, strict=True)]

    def add(row: Vector) -> None:
        for place, reduced in echelon:
            if row[place]:
                factor = row[place]
                row = tuple(v - factor * w for v, w in zip(row, reduced, strict=True))
        lead = next((i for i, v in enumerate(row) if v), None)
        if lead is None:
            return
        new = tuple(v / row[lead] for v in row)
        for index, (place, reduced) in enumerate(echelon):
            factor = reduced[lead]
            if factor:
                echelon[index] = place, tuple(v - factor * w for v, w in zip(reduced, new, strict=True))
        echelon.append((lead, new))

    for row, rest in zip(rows, slack, strict=True):
        if rest == 0:
            add(row)
    while True:
        move = _direction(rows, echelon, dimension)
        if move is None:
            break
        direction, speeds = move
        if not any(speed < 0 for speed in speeds):
            direction, speeds = tuple(-v for v in direction), [-speed for speed in speeds]
        step = min(rest / -speed for rest, speed in zip(slack, speeds, strict=True) if speed < 0)
        point = _moved(point, step, direction)
        slack = [rest + step * speed for rest, speed in zip(slack, speeds, strict=True)]
        for row, rest, speed in zip(rows, slack, speeds, strict=True):
            if rest == 0 and speed < 0:
                add(row)
    # What is left free changes no row.
    for free, direction in _null_vectors(echelon, dimension):
        point = _moved(point, -point[free], direction)
    return point


def _moved(point: Vector, step: Fraction, direction: Vector) -> Vector:
    return tuple(x + step * v for x, v in zip(point, direction, strict=True))


def _null_vectors(echelon: Sequence[tuple[int, Vector]], dimension: int) -> Iterator[tuple[int, Vector]]:
    """A basis of the directions orthogonal to the echelon rows: each 1 at one free place, 0 at the others."""
    taken = {place for place, _ in echelon}
    for free in range(dimension):
        if free not in taken:
            entries = [Fraction(0)] * dimension
            entries[free] = Fraction(1)
            for place, reduced in echelon:
                entries[place] = -reduced[free]
            yield free, tuple(entries)


def _direction(
    rows: Sequence[Vector], echelon: Sequence[tuple[int, Vector]], dimension: int
) -> tuple[Vector, list[Fraction]] | None:
    """A direction orthogonal to the echelon rows but not to all rows, with its product with every row."""
    for _, direction in _null_vectors(echelon, dimension):
        speeds = [dot(row, direction) for row in rows]
        if any(speeds):
            return direction, speeds
    return None
