"""Two-hyperplane separability by exhaustive search, for few points: the reference that faster ways are
tested on.

All ways in which a hyperplane can split the points are listed, with an exact linear program for each
doubtful one (certify/lp.py); there are at most 2 (n^d + 1) of them for n points. A solution is a pair of
splits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations_with_replacement

from certify.exact import Vector, dot
from certify.problems.twohyp import Hyperplanes, Plane, PointSets, Split, far_hyperplane, separating_plane


def splits(points: Sequence[Vector], dimension: int) -> dict[Split, Plane]:
    """All strict splits of the points, each with a plane (h, o), h perhaps 0, of |h . x + o| >= 1 there."""
    found: dict[Split, Plane] = {(): ((Fraction(0),) * dimension, Fraction(1))}
    for count, point in enumerate(points, start=1):
        longer: dict[Split, Plane] = {}
        for signs, (h, o) in found.items():
            value = dot(h, point) + o
            for sign in (True, False):
                if value >= 1 if sign else value <= -1:
                    longer[*signs, sign] = h, o
                    continue
                plane = separating_plane(points[:count], (*signs, sign))
                if plane is not None:
                    longer[*signs, sign] = plane
        found = longer
    return found


def restricted_solution(sets: PointSets) -> Hyperplanes | None:
    """A restricted solution for (Q, P), or None if there is none; exponential in the dimension."""
    points, count = (*sets.q, *sets.p), len(sets.q)
    found = splits(points, sets.dimension)
    second = {signs[count:]: plane for signs, plane in found.items() if not any(signs[:count])}
    for signs, plane in found.items():
        if all(signs[:count]) and signs[count:] in second:
            return _hyperplanes(sets, plane, second[signs[count:]])
    return None


def general_solutions(sets: PointSets) -> Iterator[Hyperplanes]:
    """A general solution for every unordered pair of splits that separates Q and P."""
    points, count = (*sets.q, *sets.p), len(sets.q)
    found = splits(points, sets.dimension)
    # A plane and its negative split alike: keep the one with the first point on its positive side.
    half = [(signs, plane) for signs, plane in found.items() if all(signs[:1])]
    for (signs1, plane1), (signs2, plane2) in combinations_with_replacement(half, 2):
        cells = list(zip(signs1, signs2, strict=True))
        if set(cells[:count]).isdisjoint(cells[count:]):
            yield _hyperplanes(sets, plane1, plane2)


def general_solution(sets: PointSets) -> Hyperplanes | None:
    """A general solution, or None if there is none; exponential in the dimension."""
    return next(general_solutions(sets), None)


def _hyperplanes(sets: PointSets, first: Plane, second: Plane) -> Hyperplanes:
    """The two planes as hyperplanes: one with h = 0, all points on one side, is replaced by a far one."""
    (h1, o1), (h2, o2) = (
        plane if any(plane[0]) else far_hyperplane(sets, 1 if plane[1] > 0 else -1)
        for plane in (first, second)
    )
    return Hyperplanes(h1, o1, h2, o2)
