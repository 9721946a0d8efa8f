"""Algorithms 1 and 2 of the paper (ExactFit, check-forced-points): a search tree over the pieces of the points.

Two things differ from the text. Forced points are looked for before the first branching as well: without that a point
with label 0 can be branched on at the root though the piece of no neuron forces it, and this level does not lower the
dimension. And of branches that differ only by swapping neurons that were on the same pieces so far, one is searched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from certify.decide.convex.polyhedron import Piece, Polyhedron
from certify.exact import Vector

Assignment = tuple[tuple[int, Piece], ...]
"""Points (numbered from 0) in the order in which they were branched on, with their pieces."""


@dataclass
class Counts:
    """nodes: calls of ExactFit, rejected branches among them. depth: of the recursion, 0 at the root."""

    nodes: int = 0
    depth: int = 0
    forced: int = 0
    rejected: int = 0


class Tree:
    """Decides points (x and 1) and labels, all neurons with a = +1. ``leaves``: the branches that were rejected.

    ``check`` is called before every linear program and may raise; ``entered`` is called at every node.
    """

    def __init__(
        self,
        points: Sequence[Vector],
        labels: Sequence[Fraction],
        width: int,
        check: Callable[[], None],
        entered: Callable[[Counts], None] = lambda _: None,
    ) -> None:
        self.points, self.labels, self.width = points, labels, width
        self.pieces: list[Piece] = list(product((False, True), repeat=width))
        self.check = check
        self.entered = entered
        self.counts = Counts()
        self.leaves: list[Assignment] = []

    def run(self) -> Polyhedron | None:
        """The networks of the first branch that fits, or None."""
        whole = Polyhedron.whole(self.width, len(self.points[0]), self.check)
        return self._node(list(range(len(self.points))), whole, ())

    def _node(self, open_points: list[int], now: Polyhedron | None, chosen: Assignment) -> Polyhedron | None:
        self.counts.nodes += 1
        self.counts.depth = max(self.counts.depth, len(chosen))
        self.entered(self.counts)
        forced = None if now is None else self._forced(open_points, now)
        if forced is None:
            self.counts.rejected += 1
            self.leaves.append(chosen)
            return None
        open_points, now = forced
        if not open_points:
            return now
        i, *rest = open_points
        for piece in self._branches(chosen):
            after = now.with_point(self.points[i], piece, self.labels[i])
            found = self._node(rest, after, (*chosen, (i, piece)))
            if found is not None:
                return found
        return None

    def _branches(self, chosen: Assignment) -> Iterator[Piece]:
        """The pieces, one of those that are equal up to swapping neurons with equal histories."""
        same = {(a, b) for a, b in product(range(self.width), repeat=2) if all(p[a] == p[b] for _, p in chosen)}
        for piece in self.pieces:
            if not any(a < b and piece[b] and not piece[a] for a, b in same):
                yield piece

    def _forced(self, open_points: list[int], now: Polyhedron) -> tuple[list[int], Polyhedron] | None:
        """Algorithm 2: what is left open, and the polyhedron with the forced points; None rejects the branch."""
        while True:
            bound = self._bound(open_points, now)
            if bound is None:
                return open_points, now
            i, piece, equal = bound
            if not equal:
                return None
            after = now.with_point(self.points[i], piece, self.labels[i])
            if after is None:
                return None
            self.counts.forced += 1
            open_points, now = [p for p in open_points if p != i], after

    def _bound(self, open_points: list[int], now: Polyhedron) -> tuple[int, Piece, bool] | None:
        """A point and a piece whose lower bound mu is not below the label, and whether they are equal."""
        for i in open_points:
            x, y = self.points[i], self.labels[i]
            for piece in self.pieces:
                if not now.below(x, piece, y):
                    return i, piece, now.reaches(x, piece, y)
        return None
