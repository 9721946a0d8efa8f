"""Minimal affine dependencies of points (circuits): the reasons why a dichotomy is not the work of a hyperplane.

For a circuit, sum c_t x_t = 0 and sum c_t = 0. No affine z has z > 0 where c > 0 and z < 0 where c < 0: the hulls of
these two sets meet (Radon's theorem). By Kirchberger's theorem d + 2 points at most are enough to see that a dichotomy
is not separable, so the circuits say all that there is to say of one neuron.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from math import comb, gcd, lcm

import flint
import numpy as np

from certify.exact import Vector

Circuit = dict[int, int]
"""Indices of points with whole, coprime multipliers, the first one positive."""
MOST = 12_000
"""So many sets of points of a size are looked at before a search; larger sizes wait until a dichotomy asks for them."""


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


def small_circuits(points: Sequence[Vector]) -> list[Circuit]:
    """All circuits of 3, 4, ... points, up to the size at which there are too many sets to look at."""
    n, d = len(points), len(points[0])
    found = []
    for size in range(3, d + 3):
        if comb(n, size) > MOST:
            break
        for indices in _suspects(points, size):
            exact = circuit(points, indices)
            if exact is not None:
                found.append(exact)
    return found


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
