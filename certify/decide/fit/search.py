"""The float search of one split, run in slices: a guess of a network's signs, or clauses that refute the split."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from certify.decide.fit import state
from certify.decide.fit.descent import Descents
from certify.decide.fit.machine_code import call, loaded
from certify.decide.fit.support import SignLiteral
from certify.instance import TrainingInstance

FEW_NEURONS = 3
TESTED_POINTS, TESTED_OF_MANY = 20, 10
"""So many points of a node are filtered by linear programs, for so few neurons and for more: a point with more patterns
takes longer. Fewer made twice as many nodes and nogoods, and most of the time goes into the proof of these.
"""
FIRST_NOGOODS = 4096
MAX_NOGOODS = 1 << 20


def compiled() -> None:
    """Has the search compiled, which takes up to a minute the first time after an installation, and loads it."""
    loaded()


class State(Enum):
    """Where a search stands."""

    OPEN = "open"
    FITS = "fits"
    REFUTED = "refuted"
    STOPPED = "stopped"


class Nogoods(NamedTuple):
    """Nogoods in numbers (state.py): the literals of all of them, and how many each has."""

    literals: state.Ints
    lengths: state.Ints

    @classmethod
    def of(cls, nogoods: Sequence[Sequence[SignLiteral]], width: int) -> Nogoods:
        """The same."""
        literals = [(i * width + j) * 2 + on for nogood in nogoods for i, j, on in nogood]
        return cls(np.array(literals, dtype=np.int64), np.array(list(map(len, nogoods)), dtype=np.int64))

    @classmethod
    def of_circuits(cls, circuits: Sequence[tuple[list[int], list[bool]]], width: int) -> Nogoods:
        """No neuron is on at just these points of a circuit (radon.py), or at just the others."""
        nogoods = [
            [(i, j, positive != turned) for i, positive in zip(*circuit, strict=True)]
            for circuit in circuits
            for j in range(width)
            for turned in (False, True)
        ]
        return cls.of(nogoods, width)


class Search:
    """The tree of one split (tree.py), on points and labels scaled to floats. ``given``: nogoods that it knows."""

    def __init__(
        self,
        instance: TrainingInstance,
        positives: int,
        first: int,
        seed: int,
        given: Nogoods | None = None,
    ) -> None:
        self._points = scaled(instance)
        largest = max((abs(y) for y in instance.labels), default=Fraction(0)) or Fraction(1)
        labels = np.array([float(y / largest) for y in instance.labels])
        signs = np.array([1 if j < positives else -1 for j in range(instance.width)], dtype=np.int64)
        self._labels, self._signs, self._first = labels, signs, first
        self._random = np.random.default_rng(seed)
        self.positives = positives
        self.width = instance.width
        self.state = State.OPEN
        self._given = given or Nogoods.of([], self.width)
        self.tree: state.Tree = self._new([])

    def _new(self, nogoods: Sequence[Sequence[SignLiteral]]) -> state.Tree:
        """A tree at its root that knows the given nogoods and these."""
        rank = self._random.random(len(self._points))
        more = Nogoods.of(nogoods, self.width)
        literals = np.concatenate([self._given.literals, more.literals])
        ends = np.cumsum(np.concatenate([self._given.lengths, more.lengths]))
        room = max(FIRST_NOGOODS, 2 * len(ends), 4 * len(nogoods), 4 * len(literals) // state.LITERALS)
        tree = state.new_tree(self._points, self._labels, self._signs, self._first, True, rank, room)
        tree.start[1 : len(ends) + 1] = ends
        tree.literal[: len(literals)] = literals
        call(tree, state.LEARN, len(ends), len(self._given.lengths))
        return tree

    def again(self, nogoods: Sequence[Sequence[SignLiteral]]) -> None:
        """A new tree, with other ties, that knows these nogoods and will find what they leave open."""
        nodes = self.tree.where[state.NODES]
        self.tree = self._new(nogoods)
        self.tree.where[state.NODES] = nodes
        self.state = State.OPEN

    def slice(self, nodes: int) -> State:
        """Goes on for at most so many nodes."""
        tested = TESTED_POINTS if self.width <= FEW_NEURONS else TESTED_OF_MANY
        while True:
            found = call(self.tree, state.RUN, nodes, tested)
            if found != state.FULL:
                break
            if len(self.tree.leaf) >= MAX_NOGOODS:
                self.state = State.STOPPED
                return self.state
            self.tree = state.grown(self.tree)
        if found == state.FITS:
            self.state = State.FITS
        elif found == state.REFUTED:
            self.state = State.REFUTED
        return self.state

    def signs(self) -> list[list[bool]]:
        """The signs of a fit."""
        return [[bool(v) for v in row] for row in self.tree.on.tolist()]

    def descents(self, seed: int) -> Descents:
        """Descents of this split (descent.py)."""
        return Descents(self._points, self._labels, self._signs.astype(float), seed)

    def clauses(self) -> Iterator[tuple[tuple[SignLiteral, ...], list[int]]]:
        """The sets of signs that linear programs found impossible, each with its support (state.py; support.py), and
        the circuits that were used, without one.
        """
        for literals, support in state.leaves(self.tree):
            yield tuple((lit // 2 // self.width, lit // 2 % self.width, bool(lit & 1)) for lit in literals), support

    def statistics(self) -> dict[str, int]:
        """Counts for reports."""
        tree = self.tree
        return {
            "nodes": int(tree.where[state.NODES]),
            "linear programs": int(tree.lp.counter[state.CHECKS]),
            "nogoods": int(tree.where[state.NOGOODS]),
        }


def scaled(instance: TrainingInstance) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """The points with a last 1: every coordinate shifted and scaled to [-1, 1], as far as floats can."""
    columns = []
    for values in zip(*instance.points, strict=True):
        low, high = min(values), max(values)
        half = (high - low) / 2 or Fraction(1)
        columns.append([float((v - (low + high) / 2) / half) for v in values])
    columns.append([1.0] * len(instance.points))
    return np.ascontiguousarray(np.array(columns).T)
