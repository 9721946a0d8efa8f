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
MOST = 200_000
"""So many sets of points of a size are listed with their signs before a search; larger sizes wait until a dichotomy
asks for them.
"""
MOST_EXACT = 12_000
"""The same where coordinates are too large for machine integers, or fewer than d + 2 points are asked for."""


def circuit(points: Sequence[Vector], indices: Sequence[int]) -> Circuit | None:
    """The dependency of just these points, if it is the only one and needs all of them."""
    scale = lcm(*(v.denominator for i in indices for v in points[i]))
    rows = [[1] * len(indices)]
    rows += [[int(points[i][c] * scale) for i in indices] for c in range(len(points[0]))]
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

    ``complete``: there are none but these.
    """

    def __init__(self, points: Sequence[Vector]) -> None:
        self._points = points
        self._blocks: list[tuple[NDArray[np.int64], NDArray[np.bool_]]] = []
        self.complete = True
        dimension = len(points[0])
        for size in range(3, dimension + 3):
            block = _general(points) if size == dimension + 2 else None
            block = block or _listed(points, size)
            if block is None:
                self.complete = False
                break
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


def _listed(points: Sequence[Vector], size: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]] | None:
    """The circuits of so many points, each by exact linear algebra; None if there are too many sets to look at."""
    if comb(len(points), size) > MOST_EXACT:
        return None
    found = [exact for indices in _suspects(points, size) if (exact := circuit(points, indices)) is not None]
    shape = (len(found), size)
    indices = np.array([list(exact) for exact in found], dtype=np.int64).reshape(shape)
    return indices, np.array([[c > 0 for c in exact.values()] for exact in found], dtype=np.bool_).reshape(shape)


def _suspects(points: Sequence[Vector], size: int) -> list[tuple[int, ...]]:
    """The sets of this size that float determinants do not rule out: all of d + 2 points, few of fewer."""
    n, d = len(points), len(points[0])
    every = list(combinations(range(n), size))
    if size == d + 2 or not every:
        return every
    array = np.ones((n, d + 1))
    for c in range(d):
        column = [point[c] for point in points]
        largest = max(map(abs, column)) or Fraction(1)
        array[:, c] = [float(v / largest) for v in column]
    flat = array[np.array(every)]
    singular = np.linalg.svd(flat, compute_uv=False)[:, -1] < 1e-9
    return [indices for indices, low in zip(every, singular, strict=True) if low]


def _general(points: Sequence[Vector]) -> tuple[NDArray[np.int64], NDArray[np.bool_]] | None:
    """The circuits of d + 2 points, all at once in machine integers; None if these, or the sets, are too large.

    The multiplier of a point is the determinant of the others, with the sign of its place.
    """
    n, d = len(points), len(points[0])
    if comb(n, d + 2) > MOST:
        return None
    whole = []
    for c in range(d):
        scale = lcm(*(point[c].denominator for point in points))
        column = [int(point[c] * scale) for point in points]
        middle = (max(column) + min(column)) // 2
        whole.append([v - middle for v in column])
    bound = factorial(d + 1)
    for column in whole:
        bound *= max(1, *map(abs, column))
    if bound >= 2**62:
        return None
    indices = np.array(list(combinations(range(n), d + 2)), dtype=np.int64).reshape(-1, d + 2)
    # By the set of columns that are taken: the determinant of as many rows, from the last ones to the first.
    minors: dict[int, NDArray[np.int64]] = {0: np.ones(len(indices), dtype=np.int64)}
    for column in [*whole, [1] * n]:
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
