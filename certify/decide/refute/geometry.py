"""Points in integer homogeneous form, and the lines that carry three or more of them.

Nothing here knows a reduction: lines are found in any data set, in any dimension d >= 1.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

from certify.exact import Vector, lcm_denominator

PAIR_SEARCH_LIMIT = 700
"""Beyond this many points only axis-parallel lines are looked for: all pairs would take quadratic time."""


@dataclass(frozen=True)
class Line:
    """Points of the data on one line, in order.

    points: indices from 0; positions: lambda_t with x_t = x_{first} + lambda_t * direction; direction: a
    primitive integer vector whose first non-zero entry is positive, so parallel lines have equal directions.
    """

    points: tuple[int, ...]
    positions: tuple[Fraction, ...]
    direction: tuple[int, ...]
    origin: Vector
    end: Vector


def primitive(vector: Sequence[Fraction]) -> tuple[int, ...]:
    """The primitive integer vector of this direction or the opposite one, its first non-zero entry positive."""
    common = lcm(*(c.denominator for c in vector))
    entries = [c.numerator * (common // c.denominator) for c in vector]
    g = gcd(*entries)
    if next(value for value in entries if value) < 0:
        g = -g
    return tuple(value // g for value in entries)


class Space:
    """The points of an instance, and the lines through them."""

    def __init__(self, points: Sequence[Vector]) -> None:
        self.points = points
        self.dimension = len(points[0]) if points else 0
        self._homogeneous: dict[int, tuple[int, ...]] = {}

    def homogeneous(self, i: int) -> tuple[int, ...]:
        """Integers (X_1 .. X_d, D), D > 0, with x = X / D."""
        found = self._homogeneous.get(i)
        if found is None:
            x = self.points[i]
            unit = lcm(*(c.denominator for c in x))
            found = self._homogeneous[i] = (*(c.numerator * (unit // c.denominator) for c in x), unit)
        return found

    def line(self, members: Iterable[int]) -> Line:
        """The line through the given collinear, pairwise distinct points."""
        members = list(members)
        x = self.points
        direction = primitive([b - a for a, b in zip(x[members[0]], x[members[1]], strict=True)])
        axis = next(a for a, value in enumerate(direction) if value)
        ordered = sorted(members, key=lambda i: x[i][axis])
        base = x[ordered[0]][axis]
        positions = tuple((x[i][axis] - base) / direction[axis] for i in ordered)
        return Line(tuple(ordered), positions, direction, x[ordered[0]], x[ordered[-1]])

    def lines(self) -> list[Line]:
        """All lines with three or more points (in large data sets only axis-parallel ones), longest first."""
        first: dict[Vector, int] = {}
        for i, x in enumerate(self.points):
            first.setdefault(x, i)
        distinct = sorted(first.values())
        groups = (
            self._pairs(distinct) if len(distinct) <= PAIR_SEARCH_LIMIT else self._axis_parallel(distinct)
        )
        found = [self.line(group) for group in groups if len(group) >= 3]
        found.sort(key=lambda line: (-len(line.points), line.direction, line.points))
        return found

    def _axis_parallel(self, distinct: list[int]) -> list[list[int]]:
        groups: list[list[int]] = []
        for axis in range(self.dimension):
            buckets: dict[Vector, list[int]] = defaultdict(list)
            for i in distinct:
                x = self.points[i]
                buckets[(*x[:axis], *x[axis + 1 :])].append(i)
            groups.extend(bucket for bucket in buckets.values() if len(bucket) >= 3)
        return groups

    def _pairs(self, distinct: list[int]) -> list[list[int]]:
        if self.dimension == 1:
            return [distinct] if len(distinct) >= 3 else []
        # One common denominator an axis: directions then cost no rational arithmetic.
        scales = [lcm_denominator(self.points[i][a] for i in distinct) for a in range(self.dimension)]
        integer = {i: tuple(int(c * s) for c, s in zip(self.points[i], scales, strict=True)) for i in distinct}
        groups: list[list[int]] = []
        seen: set[tuple[int, int]] = set()
        for a, i in enumerate(distinct):
            buckets: dict[tuple[int, ...], list[int]] = defaultdict(list)
            for j in distinct[a + 1 :]:
                buckets[_direction(integer[i], integer[j])].append(j)
            for bucket in buckets.values():
                # A line is met again from each of its later points; only its first meeting is new.
                if len(bucket) >= 2 and (i, bucket[0]) not in seen:
                    groups.append([i, *bucket])
                    for s, u in enumerate(bucket):
                        seen.update((u, v) for v in bucket[s + 1 :])
        return groups


def _direction(one: Sequence[int], two: Sequence[int]) -> tuple[int, ...]:
    """The primitive direction from one point to another, first non-zero entry positive."""
    delta = [b - a for a, b in zip(one, two, strict=True)]
    g = gcd(*delta)
    if next(value for value in delta if value) < 0:
        g = -g
    return tuple(value // g for value in delta)
