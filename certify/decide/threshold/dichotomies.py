"""The sets of points at which neurons are on: a SAT solver, told what hyperplanes allow.

Variables: whether neuron j is on at point i, and for a pattern p and a value v whether some point with label v has the
pattern p (a guard: one direction is enough). Clauses: no neuron separates a circuit (radon.py). It is asked for signs
of which certain entries (p, v) are not used: it finds sets of points that hyperplanes cut off, or says of which of
these entries one is used in every network.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product

import numpy as np

from certify.decide.lrat import LratProof
from certify.decide.radon import Circuit, Circuits, circuit, whole
from certify.decide.refute.farkas import Column, Contradictions
from certify.decide.sat import IncrementalSolver
from certify.decide.threshold.flats import Entry, Lemma
from certify.errors import SolverFailure
from certify.exact import Vector

ROUNDS = 4
"""So many circuits are taken from one dichotomy that is not separable, where no listed one is against it."""
TAKEN = 60
"""So many at most of those that are listed: they cost little."""
AT_ONCE = 400
"""So few circuits are told to the solver before it starts."""
PLACES = 3
"""Neurons are in order by their signs at so many points; a clause for each word of signs before."""
_ONE = Fraction(1)

Signs = list[list[bool]]
"""on[i][j]: whether neuron j is on at point i."""


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
    """Where ``neuron`` and the next one have this coefficient (None: whatever they have), and both these signs at the
    first points of the order, ``neuron`` is not on at the point after them with the next one off.
    """

    neuron: int
    value: int | None
    signs: tuple[bool, ...]


@dataclass(frozen=True)
class Selection:
    """The selector says that this entry is false, or (``true``) true."""

    selector: int
    entry: Entry
    true: bool


Reason = Separation | Binding | Order | Selection | Lemma


@dataclass(frozen=True)
class Necessity:
    """One of the entries is true in every network in which those of ``given`` are true; the solver derived it as "not
    all selected", a unit clause.
    """

    entries: frozenset[Entry]
    given: frozenset[Entry]
    selector: int


class Dichotomies:
    """``points`` distinct, ``values`` their labels, as whole numbers.

    ``reasons``: why each clause was told to the solver; ``entries``: by their variables. To be closed.
    """

    def __init__(
        self, points: Sequence[Vector], values: Sequence[int], width: int, seed: int, listed: Circuits | None = None
    ) -> None:
        self.points, self.values, self.width = points, values, width
        self.reasons: list[Reason] = []
        self.models = 0
        self._random = random.Random(seed)
        # Points without any rule did better than those near each other or far apart.
        self.order = sorted(self._random.sample(range(len(points)), min(PLACES, len(points))))
        self._choice = np.random.default_rng(seed)
        self._variables = len(points) * width
        self.entries: dict[int, Entry] = {}
        self._entries: dict[Entry, int] = {}
        self._lemmas: set[frozenset[Entry]] = set()
        self._ordered: set[tuple[int, int]] = set()
        self._circuits: set[tuple[int, ...]] = set()
        self.listed = Circuits(points, self._choice) if listed is None else listed
        self._contradictions = Contradictions()
        self._columns = whole(points)
        self._sides: dict[tuple[int, bool], Column] = {}
        self._solver = IncrementalSolver()
        for i, value in enumerate(values):
            for pattern in range(1 << width):
                wrong = [-self.sign(i, j, bool(pattern >> j & 1)) for j in range(width)]
                self._add([*wrong, self._entry((pattern, value))], Binding(i, pattern))
        if len(self.listed) <= AT_ONCE:
            for support in self.listed.every():
                self._separate(support)

    def sign(self, i: int, j: int, on: bool) -> int:
        """The literal: neuron j is on, or off, at point i."""
        atom = i * self.width + j + 1
        return atom if on else -atom

    def separation_literals(self, reason: Separation) -> list[int]:
        """Signs of one neuron that cannot hold together."""
        return [self.sign(i, reason.neuron, (c > 0) != reason.reversed) for i, c in reason.circuit.items()]

    def used(self, on: Signs) -> list[Entry]:
        """The entries that are true with these signs."""
        patterns = (sum(1 << j for j, active in enumerate(row) if active) for row in on)
        return sorted(set(zip(patterns, self.values, strict=True)))

    def order_literals(self, reason: Order) -> list[int]:
        """Signs of two neurons that are in the wrong order."""
        j, before = reason.neuron, zip(self.order, reason.signs, strict=False)
        i = self.order[len(reason.signs)]
        equal = [self.sign(i, neuron, on) for i, on in before for neuron in (j, j + 1)]
        return [*equal, self.sign(i, j, True), self.sign(i, j + 1, False)]

    def ask(
        self,
        false: Iterable[Entry],
        check: Callable[[], None],
        conflicts: int | None = None,
        coefficients: Sequence[int] = (),
    ) -> Signs | Necessity | None:
        """Signs without these entries that hyperplanes cut off, or that one of some of them is used in every network
        (of none: there is no network), or None after so many conflicts. ``check`` is called now and then, may raise.

        ``coefficients``, where they are given: neurons with equal ones are in the order of their signs.
        """
        assumed = [-self._entries[entry] for entry in false if entry in self._entries]
        assumed += self._tied(coefficients)
        while True:
            check()
            answer, found = self._solver.ask(assumed, check, conflicts)
            if answer is None:
                return None
            if not answer:
                return self._necessity(found)
            self.models += 1
            on = [[found[i * self.width + j] > 0 for j in range(self.width)] for i in range(len(self.points))]
            if not self._separated(on):
                return on

    def tell(self, lemma: Lemma) -> None:
        """Not all equations of the lemma are true."""
        key = frozenset(lemma.equations)
        if key not in self._lemmas:
            self._lemmas.add(key)
            self._add([-self._entry(entry) for entry in lemma.equations], lemma)

    def refutation(self, necessities: Iterable[Necessity]) -> LratProof:
        """What the solver derived these from: a refutation of its clauses and the one that some selection holds."""
        selectors = [necessity.selector for necessity in necessities if necessity.selector]
        if selectors:
            self._solver.add(selectors)
        if self._solver.solve(lambda: None) is not None:
            raise SolverFailure("the SAT solver has a model of what it refuted")
        return self._solver.refutation()

    @property
    def conflicts(self) -> int:
        """How many conflicts the solver has had so far."""
        return self._solver.conflicts

    def close(self) -> None:
        """Ends the solver."""
        self._solver.close()

    def _necessity(self, literals: list[int]) -> Necessity:
        """Has the solver derive a clause that it found, as a unit: only what it derives is in its proof."""
        if not literals:
            return Necessity(frozenset(), frozenset(), 0)
        self._variables += 1
        selector = self._variables
        for literal in literals:
            self._add([-selector, literal], Selection(selector, self.entries[abs(literal)], literal > 0))
        if self._solver.ask([selector], lambda: None)[0] is not False:
            raise SolverFailure("the SAT solver does not refute what it said cannot be")
        needed, given = (frozenset(self.entries[sign * n] for n in literals if sign * n > 0) for sign in (-1, 1))
        return Necessity(needed, given, selector)

    def _tied(self, coefficients: Sequence[int]) -> list[int]:
        """Tells the solver of the order of neurons with equal coefficients; literals that say that they have them."""
        tied: dict[int, int] = {}
        for j, (one, two) in enumerate(pairwise(coefficients)):
            if one != two:
                continue
            variables = [self._entry((1 << neuron, one)) for neuron in (j, j + 1)]
            tied |= {j: variables[0], j + 1: variables[1]}
            if (j, one) not in self._ordered:
                self._ordered.add((j, one))
                self._in_order(j, one, variables)
        return list(tied.values())

    def order_by_words(self) -> None:
        """The neurons are in the order of their signs, whatever coefficients they have."""
        for j in range(self.width - 1):
            self._in_order(j, None, [])

    def _in_order(self, j: int, value: int | None, where: list[int]) -> None:
        for t in range(len(self.order)):
            for signs in product((False, True), repeat=t):
                reason = Order(j, value, signs)
                wrong = [-literal for literal in self.order_literals(reason)]
                self._add([*(-variable for variable in where), *wrong], reason)

    def _entry(self, entry: Entry) -> int:
        variable = self._entries.get(entry)
        if variable is None:
            self._variables += 1
            variable = self._entries[entry] = self._variables
            self.entries[variable] = entry
        return variable

    def _add(self, clause: list[int], reason: Reason) -> None:
        self.reasons.append(reason)
        self._solver.add(clause)

    def _separate(self, support: Sequence[int]) -> bool:
        """Tells the solver of the circuit of these points; False if there is none."""
        key = tuple(sorted(support))
        if key in self._circuits:
            return True
        found = circuit(self._columns, key)
        if found is None:
            return False
        self._circuits.add(key)
        for j in range(self.width):
            for turned in (False, True):
                reason = Separation(found, j, turned)
                self._add([-literal for literal in self.separation_literals(reason)], reason)
        return True

    def _separated(self, on: Signs) -> bool:
        """Whether new circuits forbid these dichotomies."""
        before = len(self._circuits)
        for side in np.array(on).T:
            for support in self.listed.against(side, TAKEN, self._choice):
                self._separate(support)
        if self.listed.complete or len(self._circuits) > before:
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
        columns = [self._side(i, side[i]) for i in among]
        found = self._contradictions.find(columns)
        return None if found is None else [int(item) for item, _ in found]

    def _side(self, i: int, positive: bool) -> Column:
        """z > 0 at the point, or z < 0."""
        column = self._sides.get((i, positive))
        if column is None:
            form = dict(enumerate((*self.points[i], _ONE)))
            form = form if positive else {c: -v for c, v in form.items()}
            column = self._sides[i, positive] = Column(str(i), form, False, True)
        return column
