"""Points in integer homogeneous form, and the lines that carry three or more of them.

Nothing here knows a reduction: lines are found in any data set, in any dimension d >= 1.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

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


class Space:
    """The distinct points of an instance with integer coordinates (one common denominator an axis)."""

    def __init__(self, points: Sequence[Vector]) -> None:
        self.points = points
        self.dimension = len(points[0]) if points else 0
        self.scales = [lcm_denominator(p[a] for p in points) for a in range(self.dimension)]
        self.integer = [tuple(int(c * s) for c, s in zip(p, self.scales, strict=True)) for p in points]

    def _direction(self, i: int, j: int) -> tuple[int, ...]:
        """The primitive direction from point i to point j in the scaled coordinates, first non-zero entry
        positive.
        """
        delta = [b - a for a, b in zip(self.integer[i], self.integer[j], strict=True)]
        g = 0
        for value in delta:
            g = gcd(g, value)
        lead = next(value for value in delta if value)
        if lead < 0:
            g = -g
        return tuple(value // g for value in delta)

    def line(self, members: Iterable[int]) -> Line:
        """The line through the given collinear, pairwise distinct points."""
        members = list(members)
        direction = self._direction(members[0], members[1])
        axis = next(a for a, value in enumerate(direction) if value)
        ordered = sorted(members, key=lambda i: self.integer[i][axis])
        base = self.integer[ordered[0]][axis]
        positions = tuple(Fraction(self.integer[i][axis] - base, direction[axis]) for i in ordered)
        return Line(tuple(ordered), positions, direction, self.points[ordered[0]], self.points[ordered[-1]])

    def lines(self) -> list[Line]:
        """All lines with three or more points (in large data sets only axis-parallel ones), longest first."""
        first: dict[tuple[int, ...], int] = {}
        for i, x in enumerate(self.integer):
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
            buckets: dict[tuple[int, ...], list[int]] = defaultdict(list)
            for i in distinct:
                x = self.integer[i]
                buckets[(*x[:axis], *x[axis + 1 :])].append(i)
            groups.extend(bucket for bucket in buckets.values() if len(bucket) >= 3)
        return groups

    def _pairs(self, distinct: list[int]) -> list[list[int]]:
        if self.dimension == 1:
            return [distinct] if len(distinct) >= 3 else []
        groups: list[list[int]] = []
        seen: set[tuple[int, int]] = set()
        for a, i in enumerate(distinct):
            buckets: dict[tuple[int, ...], list[int]] = defaultdict(list)
            for j in distinct[a + 1 :]:
                buckets[self._direction(i, j)].append(j)
            for bucket in buckets.values():
                # A line is met again from each of its later points; only its first meeting is new.
                if len(bucket) >= 2 and (i, bucket[0]) not in seen:
                    groups.append([i, *bucket])
                    for s, u in enumerate(bucket):
                        seen.update((u, v) for v in bucket[s + 1 :])
        return groups
