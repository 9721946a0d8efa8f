"""The float search of one split, run in slices: a guess of a network's signs, or clauses that refute the split."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from certify.decide.fit.rows import SignLiteral
from certify.instance import TrainingInstance

if TYPE_CHECKING:
    from certify.decide.fit.nogoods import Tree

TESTED_POINTS = 3
"""So many points of a node are filtered by linear programs."""
FIRST_NOGOODS = 4096
MAX_NOGOODS = 1 << 20


@cache
def compiled() -> None:
    """Has the search compiled, which takes up to a minute the first time after an installation, and loads it."""
    points, labels = [[0], [1], [2], [3]], [0, 1, 0, 1]
    Search(TrainingInstance.of(points, labels, width=2, activation="relu"), 1, 1, 0).slice(1 << 10)


class State(Enum):
    """Where a search stands."""

    OPEN = "open"
    FITS = "fits"
    REFUTED = "refuted"
    STOPPED = "stopped"


class Search:
    """The tree of one split (tree.py), on points and labels scaled to floats."""

    def __init__(self, instance: TrainingInstance, positives: int, first: int, seed: int) -> None:
        # Imported late: compiled code takes a while to load, and few commands need it.
        from certify.decide.fit import nogoods, tree

        self._nogoods, self._tree = nogoods, tree
        self._points = scaled(instance)
        largest = max((abs(y) for y in instance.labels), default=Fraction(0)) or Fraction(1)
        labels = np.array([float(y / largest) for y in instance.labels])
        signs = np.array([1 if j < positives else -1 for j in range(instance.width)], dtype=np.int64)
        self._labels, self._signs, self._first = labels, signs, first
        self._random = np.random.default_rng(seed)
        self.positives = positives
        self.width = instance.width
        self.state = State.OPEN
        self.tree: Tree = self._new(FIRST_NOGOODS)

    def _new(self, room: int) -> Tree:
        rank = self._random.random(len(self._points))
        return self._nogoods.new_tree(self._points, self._labels, self._signs, self._first, True, rank, room)

    def again(self, nogoods: Sequence[Sequence[SignLiteral]]) -> None:
        """A new tree, with other ties, that knows these nogoods and will find what they leave open."""
        nodes = self.tree.where[self._nogoods.NODES]
        named = sum(map(len, nogoods))
        self.tree = self._new(max(FIRST_NOGOODS, 4 * len(nogoods), 4 * named // self._nogoods.LITERALS))
        self.tree.where[self._nogoods.NODES] = nodes
        self.state = State.OPEN
        for literals in nogoods:
            packed = [(i * self.width + j) * 2 + on for i, j, on in literals]
            self._nogoods.learn(self.tree, np.array(packed, dtype=np.int64))

    def slice(self, nodes: int) -> State:
        """Goes on for at most so many nodes."""
        tree = self._tree
        while True:
            found = tree.run(self.tree, nodes, TESTED_POINTS)
            if found != tree.FULL:
                break
            if len(self.tree.leaf) >= MAX_NOGOODS:
                self.state = State.STOPPED
                return self.state
            self.tree = self._nogoods.grown(self.tree)
        if found == tree.FITS:
            self.state = State.FITS
        elif found == tree.REFUTED:
            self.state = State.REFUTED
        return self.state

    def signs(self) -> list[list[bool]]:
        """The signs of a fit."""
        return [[bool(v) for v in row] for row in self.tree.on.tolist()]

    def clauses(self) -> Iterator[tuple[SignLiteral, ...]]:
        """The sets of signs that linear programs found impossible."""
        for leaf, literals in self._nogoods.listed(self.tree):
            if leaf:
                yield tuple((lit // 2 // self.width, lit // 2 % self.width, bool(lit & 1)) for lit in literals)

    def statistics(self) -> dict[str, int]:
        """Counts for reports."""
        return self._tree.statistics(self.tree)


def scaled(instance: TrainingInstance) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """The points with a last 1: every coordinate shifted and scaled to [-1, 1], as far as floats can."""
    columns = []
    for values in zip(*instance.points, strict=True):
        low, high = min(values), max(values)
        half = (high - low) / 2 or Fraction(1)
        columns.append([float((v - (low + high) / 2) / half) for v in values])
    columns.append([1.0] * len(instance.points))
    return np.ascontiguousarray(np.array(columns).T)
