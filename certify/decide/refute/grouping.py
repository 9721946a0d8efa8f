"""Which neurons are studied together: groups that as few points as possible tie to one another."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from math import lcm

from certify.decide.refute.cuts import determining
from certify.decide.refute.geometry import Line, Space
from certify.decide.refute.groups import Group, components
from certify.decide.refute.patterns import Patterns, Row, masked


def groups_between(
    cuts: Iterable[int], size: int, open_at: Mapping[int, Sequence[int]], distance: Mapping[int, Fraction]
) -> list[Group]:
    """Blocks of neurons between neighbouring cuts, joined by the points nearest to the label line, until no
    open block is left out. The points beyond are far points: there groups stay apart and meet in clauses
    only.

    cuts: ranks t at which the affine piece with the first t neurons on is known; open_at: point -> ranks of
    the neurons open there; distance: point -> distance from the label line.
    """
    bounds = sorted({0, size, *cuts})
    block = [0] * size
    for b, (start, stop) in enumerate(pairwise(bounds)):
        block[start:stop] = [b] * (stop - start)
    links = {i: sorted({block[t] for t in ranks}) for i, ranks in open_at.items()}
    opened = {b for link in links.values() for b in link}
    joined: list[list[int]] = []
    for reach in sorted(set(distance.values())):
        joined = components(len(bounds) - 1, [link for i, link in links.items() if distance[i] <= reach])
        if {b for g in joined for b in g} == opened:
            break
    return [Group([t for b in g for t in range(bounds[b], bounds[b + 1])], []) for g in joined]


def distance_from(line: Line, space: Space, point: int) -> Fraction:
    """How far a point is from a line: the largest minor of offset and direction."""
    offset = [b - a for a, b in zip(line.origin, space.points[point], strict=True)]
    e = line.direction
    minors = (abs(offset[a] * e[b] - offset[b] * e[a]) for a in range(len(e)) for b in range(a))
    return max(minors, default=Fraction(0))


class Frames:
    """The points where every sign is known, by what is on there."""

    def __init__(self, patterns: Patterns, points: Iterable[int]) -> None:
        self.points: dict[Row, list[int]] = {}
        for i in points:
            if patterns.is_frame(i):
                self.points.setdefault(patterns.rows[i], []).append(i)
        self._rows = sorted(self.points)

    def between(self, start: int, stop: int) -> list[Row]:
        """The rows whose first neuron that is not on has a rank in [start, stop]."""
        return self._rows[bisect_left(self._rows, (start, b"")) : bisect_left(self._rows, (stop + 1, b""))]


def theory_points(
    group: Group, patterns: Patterns, frames: Frames, labels: Sequence[Fraction], label: int | None
) -> list[int]:
    """The group's open points, and frame points that see the same neurons on outside the group.

    Frame points with one row see one affine piece (threshold: a constant): of them those nearest to the breaks that
    determine it are enough, if the others agree; label: the line on which the breaks are ordered.
    """
    seen = {masked(patterns.rows[i], group.neurons) for i in group.points}
    found = list(group.points)
    low, high = group.neurons[0], group.neurons[-1]
    # Outside the group such a frame agrees with a seen row, so its leading neurons reach that row's first one that is
    # not on, or end inside the group, or go on behind it as far as that row says.
    ends = [end for start, middle in seen for end in (start, start + len(middle))]
    if ends:
        for row in frames.between(min(low, *ends), max(high + 1, *ends)):
            if masked(row, group.neurons) in seen:
                found.extend(_determining(group, patterns, frames.points[row], labels, label))
    return sorted(found)


def _determining(
    group: Group, patterns: Patterns, points: list[int], labels: Sequence[Fraction], label: int | None
) -> list[int]:
    knowledge, order = patterns.knowledge, patterns.order
    if label is None or len(points) < 2:
        return points
    line = knowledge.lines[label]
    axis = next(a for a, value in enumerate(line.direction) if value)
    x = knowledge.space.points
    breaks = []
    for t in group.neurons:
        low, high = knowledge.low[label].get(order[t]), knowledge.high[label].get(order[t])
        if low is not None and high is not None:
            breaks.append(x[line.points[low]][axis] + x[line.points[high]][axis])
    if not breaks:
        return points
    # Twice the coordinates, as integers over a common denominator.
    unit = lcm(*(b.denominator for b in breaks), *(x[i][axis].denominator for i in points))
    ends = [int(b * unit) for b in breaks]
    along = {i: 2 * x[i][axis].numerator * (unit // x[i][axis].denominator) for i in points}
    nearest = sorted(points, key=lambda i: (min(abs(along[i] - b) for b in ends), i))
    if knowledge.threshold:
        return nearest[:1] if len({labels[i] for i in points}) == 1 else points
    return determining(nearest, knowledge.space.homogeneous, labels) or points
