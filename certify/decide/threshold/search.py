"""The search for dichotomies: a SAT solver, with clauses that say what hyperplanes and labels allow.

Variables: whether neuron j is on at point i, and for a pattern p and a value v whether some point with label v has the
pattern p (a guard: one direction is enough). Clauses: circuits (radon.py) for every neuron and both orientations,
lemmas on patterns and values (values.py), and the order of the neurons by their signs at a few points. A model whose
dichotomies are separable and whose patterns have coefficients is a network; one that has not gives more clauses.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import numpy as np

from certify.decide.lrat import LratProof
from certify.decide.radon import Circuit, Circuits, circuit
from certify.decide.refute.farkas import Column, Contradictions
from certify.decide.sat import IncrementalSolver
from certify.decide.threshold.values import Entry, Lemma, images, lemmas, sums
from certify.exact import Vector

ROUNDS = 4
"""So many circuits are taken from one dichotomy that is not separable, where they are not listed."""
TAKEN = 60
"""The same where they are: then they cost little."""
AT_ONCE = 400
"""So few circuits are told to the solver before it starts."""
MOST_SUMS = 40_000
PLACES = 3
"""The neurons are in order by their signs at so many points; a clause more for each word of signs before."""
_ONE = Fraction(1)


@dataclass(frozen=True)
class Separation:
    """Neuron ``neuron`` is not on at just the positive (``reversed``: negative) points of the circuit."""

    circuit: Circuit
    neuron: int
    reversed: bool


@dataclass(frozen=True)
class Binding:
    """A point with this pattern: its label is the value of the pattern."""

    point: int
    pattern: int


@dataclass(frozen=True)
class Order:
    """Where ``neuron`` and the next one both have these signs at the first points of the order, ``neuron`` is not on at
    the point after them with the next one off.
    """

    neuron: int
    signs: tuple[bool, ...]


Reason = Separation | Binding | Order | Lemma


class Search:
    """``points`` distinct, ``labels`` theirs, ``first``: the index at which the neurons are in order before all others.

    ``order``: the indices by whose signs the neurons are in lexicographic order.

    ``clauses`` and ``reasons`` belong together: what was told to the solver, and why. To be closed.
    """

    def __init__(self, points: Sequence[Vector], labels: Sequence[Fraction], width: int, first: int, seed: int) -> None:
        self.points, self.labels, self.width = points, labels, width
        self._random = random.Random(seed)
        others = [i for i in range(len(points)) if i != first]
        # Points without any rule did better than those near the first one or far from it.
        self.order = [first, *self._random.sample(others, min(PLACES - 1, len(others)))]
        self.values = sorted(set(labels))
        self._index = {value: t for t, value in enumerate(self.values)}
        self.clauses: list[list[int]] = []
        self.reasons: list[Reason] = []
        self._known: set[frozenset[Entry]] = set()
        self._circuits: set[tuple[int, ...]] = set()
        self._listed = Circuits(points)
        self._choice = np.random.default_rng(seed)
        self._contradictions = Contradictions()
        self._columns: dict[tuple[int, bool], Column] = {}
        self._solver = IncrementalSolver()
        self.models = 0
        self._begin()

    def sign(self, i: int, j: int, on: bool) -> int:
        """The literal: neuron j is on, or off, at point i."""
        atom = i * self.width + j + 1
        return atom if on else -atom

    def entry(self, entry: Entry) -> int:
        """The variable of a pattern and a value."""
        pattern, value = entry
        return len(self.points) * self.width + 1 + pattern * len(self.values) + self._index[value]

    def pattern_literals(self, i: int, pattern: int) -> list[int]:
        """What it takes for point i to have the pattern."""
        return [self.sign(i, j, bool(pattern >> j & 1)) for j in range(self.width)]

    def order_literals(self, reason: Order) -> list[int]:
        """Signs of two neurons that are in the wrong order."""
        j, before = reason.neuron, zip(self.order, reason.signs, strict=False)
        i = self.order[len(reason.signs)]
        equal = [self.sign(i, neuron, on) for i, on in before for neuron in (j, j + 1)]
        return [*equal, self.sign(i, j, True), self.sign(i, j + 1, False)]

    def separation_literals(self, reason: Separation) -> list[int]:
        """Signs of one neuron that cannot hold together."""
        return [self.sign(i, reason.neuron, (c > 0) != reason.reversed) for i, c in reason.circuit.items()]

    def _add(self, clause: list[int], reason: Reason) -> None:
        self.clauses.append(clause)
        self.reasons.append(reason)
        self._solver.add(clause)

    def _begin(self) -> None:
        for i, label in enumerate(self.labels):
            for pattern in range(1 << self.width):
                wrong = [-literal for literal in self.pattern_literals(i, pattern)]
                self._add([*wrong, self.entry((pattern, label))], Binding(i, pattern))
        for j in range(self.width - 1):
            for t in range(len(self.order)):
                for signs in product((False, True), repeat=t):
                    self._add([-literal for literal in self.order_literals(Order(j, signs))], Order(j, signs))
        if len(self.values) ** 3 * 3**self.width <= 2 * MOST_SUMS:
            for lemma in sums(self.width, self.values):
                self._lemma(lemma)
        if len(self._listed) <= AT_ONCE:
            for support in self._listed.every():
                self._separate(support)

    def _lemma(self, lemma: Lemma) -> None:
        key = frozenset(lemma)
        if key not in self._known:
            self._known.add(key)
            self._add([-self.entry(entry) for entry in lemma], lemma)

    def _separate(self, support: Sequence[int]) -> bool:
        """Tells the solver of the circuit of these points; False if there is none."""
        key = tuple(sorted(support))
        if key in self._circuits:
            return True
        found = circuit(self.points, key)
        if found is None:
            return False
        self._circuits.add(key)
        for j in range(self.width):
            for turned in (False, True):
                reason = Separation(found, j, turned)
                self._add([-literal for literal in self.separation_literals(reason)], reason)
        return True

    def run(self, check: Callable[[], None]) -> list[list[bool]] | None:
        """The signs of a network that fits, on[i][j], or None if there is none. ``check`` is called now and then, and
        may raise.
        """
        while True:
            check()
            model = self._solver.solve(check)
            if model is None:
                return None
            self.models += 1
            on = [[model[i * self.width + j] > 0 for j in range(self.width)] for i in range(len(self.points))]
            if not self._separated(on) and not self._valued(on):
                return on

    def refutation(self) -> LratProof:
        """The propositional refutation of the clauses, once there is no network."""
        return self._solver.refutation()

    def close(self) -> None:
        """Ends the solver."""
        self._solver.close()

    def _valued(self, on: list[list[bool]]) -> bool:
        """Whether new lemmas forbid these patterns."""
        entries = {
            (sum(1 << j for j, active in enumerate(row) if active), label)
            for row, label in zip(on, self.labels, strict=True)
        }
        found = lemmas(entries, self.width, self._random)
        for lemma in found[:8]:
            for image in images(lemma, self.width):
                if all(value in self._index for _, value in image):
                    self._lemma(image)
        return bool(found)

    def _separated(self, on: list[list[bool]]) -> bool:
        """Whether new circuits forbid these dichotomies."""
        before = len(self._circuits)
        for side in np.array(on).T:
            for support in self._listed.against(side, TAKEN, self._choice):
                self._separate(support)
        if self._listed.complete or len(self._circuits) > before:
            return len(self._circuits) > before
        for j in range(self.width):
            left = list(range(len(self.points)))
            for _ in range(ROUNDS):
                wrong = self._not_separable(left, [row[j] for row in on])
                if wrong is None or not self._separate(wrong):
                    break
                self._random.shuffle(wrong)
                left = [i for i in left if i not in wrong[: len(wrong) // 2]]
        return len(self._circuits) > before

    def _not_separable(self, among: Sequence[int], side: Sequence[bool]) -> list[int] | None:
        """The points of a circuit on the wrong sides; None if a hyperplane separates them (a float guess)."""
        columns = [self._column(i, side[i]) for i in among]
        found = self._contradictions.find(columns)
        return None if found is None else [int(item) for item, _ in found]

    def _column(self, i: int, positive: bool) -> Column:
        """z > 0 at the point, or z < 0."""
        column = self._columns.get((i, positive))
        if column is None:
            form = dict(enumerate((*self.points[i], _ONE)))
            form = form if positive else {c: -v for c, v in form.items()}
            column = self._columns[i, positive] = Column(str(i), form, False, True)
        return column
