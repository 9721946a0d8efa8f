"""Minimal affine dependencies of points (circuits): the reasons why a dichotomy is not the work of a hyperplane.

For a circuit, sum c_t x_t = 0 and sum c_t = 0. No affine z has z > 0 where c > 0 and z < 0 where c < 0: the hulls of
these two sets meet (Radon's theorem). By Kirchberger's theorem d + 2 points at most are enough to see that a dichotomy
is not separable, so the circuits say all that there is to say of one neuron.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from math import comb, factorial, gcd, lcm

import flint
import numpy as np
from numpy.typing import NDArray

from certify.exact import Vector

Circuit = dict[int, int]
"""Indices of points with whole, coprime multipliers, the first one positive."""
Columns = list[list[int]]
"""By coordinate, those of all points, whole."""
Block = tuple[NDArray[np.int64], NDArray[np.bool_]]
"""Circuits of one size: a row of indices for each, and whether its multipliers are positive (or all of them turned)."""
MOST = 200_000
"""So many sets of points of a size are listed with their signs before a search; larger sizes wait until a dichotomy
asks for them.
"""
SAMPLE = 10_000
"""So many sets of d + 2 points are looked at where there are too many of them."""
MOST_SETS, FEW_SETS, NEIGHBOURS = 50_000, 10_000, 10
"""Points that are near each other are looked for in all sets, if these are not more, of d + 2 points or of fewer; else
among so many about each point.
"""
MOST_EXACT = 12_000
"""The same where coordinates are too large for machine integers, or fewer than d + 2 points are asked for."""


def whole(points: Sequence[Vector]) -> Columns:
    """The coordinates of all points, each multiplied by a number that makes it whole: that changes no dependency."""
    columns = []
    for column in zip(*points, strict=True):
        scale = lcm(*(v.denominator for v in column))
        columns.append([v.numerator * (scale // v.denominator) for v in column])
    return columns


def circuit(columns: Columns, indices: Sequence[int]) -> Circuit | None:
    """The dependency of just these points, if it is the only one and needs all of them."""
    rows = [[1] * len(indices), *([column[i] for i in indices] for column in columns)]
    basis, nullity = flint.fmpz_mat(rows).nullspace()
    if nullity != 1:
        return None
    values = [int(basis[t, 0]) for t in range(len(indices))]
    if not all(values):
        return None
    divisor = gcd(*values) * (1 if values[0] > 0 else -1)
    return {i: v // divisor for i, v in zip(indices, values, strict=True)}


class Circuits:
    """The circuits of points, by size: which points, and where the multipliers are positive.

    ``complete``: there are none but these. Of too many sets of d + 2 points some are chosen at random.
    """

    def __init__(self, points: Sequence[Vector], rng: np.random.Generator) -> None:
        self._blocks: list[Block] = []
        self.complete = True
        for size in range(3, len(points[0]) + 3):
            block = _listed(points, size)
            if block is None:
                self.complete = False
                block = _signs(points, _sampled(len(points), size, rng)) if size == len(points[0]) + 2 else None
            if block is not None:
                self._blocks.append(block)

    def __len__(self) -> int:
        return sum(len(indices) for indices, _ in self._blocks)

    def every(self) -> list[list[int]]:
        """The points of all of them."""
        return [row for indices, _ in self._blocks for row in indices.tolist()]

    def against(self, side: NDArray[np.bool_], most: int, rng: np.random.Generator) -> list[list[int]]:
        """The points of at most so many circuits, small ones first, that say that no hyperplane has these points on
        its positive side.
        """
        found: list[list[int]] = []
        for indices, positive in self._blocks:
            equal = side[indices] == positive
            wrong = np.flatnonzero(equal.all(axis=1) | ~equal.any(axis=1))
            if len(wrong) > most - len(found):
                wrong = rng.choice(wrong, most - len(found), replace=False)
            found += indices[wrong].tolist()
        return found


def near_circuits(points: Sequence[Vector], most: int) -> list[tuple[list[int], list[bool]]]:
    """At most so many circuits of each size, of points that are near each other: which points, and where the
    multipliers are positive.
    """
    count, dimension = len(points), len(points[0])
    columns = []
    for values in zip(*points, strict=True):
        low, size = min(values), (max(values) - min(values)) or Fraction(1)
        columns.append([float((v - low) / size) for v in values])
    places = np.array(columns).T
    nearest = []
    for place in places:
        distances = np.abs(places - place).sum(axis=1)
        nearest.append(np.argsort(distances, kind="stable")[:NEIGHBOURS].tolist())
    found = []
    for size in range(3, min(dimension + 2, count) + 1):
        if comb(count, size) <= (MOST_SETS if size == dimension + 2 else FEW_SETS):
            indices = np.array(list(combinations(range(count), size)), dtype=np.int64)
        else:
            sets = {tuple(sorted(chosen)) for about in nearest for chosen in combinations(about, size)}
            indices = np.array(sorted(sets), dtype=np.int64)
        wide = np.ptp(places[indices], axis=1).sum(axis=1)
        indices = indices[np.argsort(wide, kind="stable")]
        block = _signs(points, indices) if size == dimension + 2 else None
        chosen, positive = block or _exactly(points, _suspects(points, indices)[:MOST_EXACT])
        found += list(zip(chosen[:most].tolist(), positive[:most].tolist(), strict=True))
    return found


def _listed(points: Sequence[Vector], size: int) -> Block | None:
    """The circuits of so many points; None if there are too many sets to look at."""
    sets, largest = comb(len(points), size), size == len(points[0]) + 2
    if sets > max(MOST_EXACT, MOST if largest else 0):
        return None
    indices = np.array(list(combinations(range(len(points)), size)), dtype=np.int64).reshape(-1, size)
    block = _signs(points, indices) if largest and sets <= MOST else None
    if block is None and sets <= MOST_EXACT:
        block = _exactly(points, _suspects(points, indices))
    return block


def _sampled(count: int, size: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """So many sets of this size of ``count`` points, perhaps some of them more than once."""
    places = np.argpartition(rng.random((SAMPLE, count)), size - 1, axis=1)[:, :size]
    return np.sort(places, axis=1).astype(np.int64)


def _exactly(points: Sequence[Vector], sets: NDArray[np.int64]) -> Block:
    """Those of the sets that are circuits, each by exact linear algebra."""
    columns = whole(points)
    found = [exact for indices in sets.tolist() if (exact := circuit(columns, indices)) is not None]
    shape = (len(found), sets.shape[1])
    indices = np.array([list(exact) for exact in found], dtype=np.int64).reshape(shape)
    return indices, np.array([[c > 0 for c in exact.values()] for exact in found], dtype=np.bool_).reshape(shape)


def _suspects(points: Sequence[Vector], sets: NDArray[np.int64]) -> NDArray[np.int64]:
    """The sets that float determinants do not rule out: all of d + 2 points, few of fewer."""
    n, d = len(points), len(points[0])
    if sets.shape[1] == d + 2 or not len(sets):
        return sets
    array = np.ones((n, d + 1))
    for c in range(d):
        column = [point[c] for point in points]
        largest = max(map(abs, column)) or Fraction(1)
        array[:, c] = [float(v / largest) for v in column]
    return sets[np.linalg.svd(array[sets], compute_uv=False)[:, -1] < 1e-9]


def _signs(points: Sequence[Vector], indices: NDArray[np.int64]) -> Block | None:
    """Those of the sets of d + 2 points that are circuits, all at once in machine integers; None if the coordinates
    are too large for that.

    The multiplier of a point is the determinant of the others, with the sign of its place.
    """
    n, d = len(points), len(points[0])
    columns = []
    for column in whole(points):
        middle = (max(column) + min(column)) // 2
        columns.append([v - middle for v in column])
    bound = factorial(d + 1)
    for column in columns:
        bound *= max(1, *map(abs, column))
    if bound >= 2**62:
        return None
    # By the set of columns that are taken: the determinant of as many rows, from the last ones to the first.
    minors: dict[int, NDArray[np.int64]] = {0: np.ones(len(indices), dtype=np.int64)}
    for column in [*columns, [1] * n]:
        values = np.array(column, dtype=np.int64)[indices]
        larger: dict[int, NDArray[np.int64]] = {}
        for taken, minor in minors.items():
            for t in range(d + 2):
                if taken >> t & 1:
                    continue
                term = values[:, t] * minor
                if (taken >> t).bit_count() % 2:
                    term = -term
                key = taken | 1 << t
                larger[key] = larger[key] + term if key in larger else term
        minors = larger
    everything = (1 << d + 2) - 1
    multipliers = np.stack([minors[everything ^ 1 << t] * (-1) ** t for t in range(d + 2)], axis=1)
    minimal = (multipliers != 0).all(axis=1)
    return indices[minimal], multipliers[minimal] > 0
