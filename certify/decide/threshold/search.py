"""The search for a threshold network: over the coefficients first, then over the sets of points.

Few coefficients have, as sums of subsets, all the labels, and once they are known there is little left to say of signs.
So likely ones are tried (likely.py), and then the search branches over equations of coefficients (flats.py) and asks a
SAT solver (dichotomies.py) for sets of points that use no equation that is false there. What it says is needed, it
branches over. Where there are many coefficients, the solver first gets a try at all of them at once. The neurons are in
the order of their coefficients.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import lcm
from typing import TYPE_CHECKING

from certify.decide.threshold.dichotomies import Dichotomies, Necessity, Signs
from certify.decide.threshold.flats import Entry, Flat, Lemma
from certify.decide.threshold.likely import likely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from certify.exact import Vector

FEW_LIKELY, MOST_LIKELY = 40, 2_000
"""With so few likely coefficients the tree is small; so many are tried, the most likely ones first."""
FIRST_CONFLICTS, MORE, LAST_CONFLICTS = 500, 4, 8_000
"""They are asked about with so many conflicts of the SAT solver, then with more."""
TOGETHER_CONFLICTS, ORDERS = 6_000, 6
"""All at once with so many. Entries of a model that contradict each other are looked for in so many orders."""
MOST_SUMS = 80_000


@dataclass(frozen=True)
class Corner:
    """The flat is one point, where no entry of the necessity is true. ``reason``: entries of the path that say so."""

    flat: Flat
    necessity: Necessity
    reason: frozenset[Entry]


@dataclass(frozen=True)
class Branch:
    """No entry of the necessity is true on the flat: by lemmas, and where each of the others is true, too."""

    necessity: Necessity
    lemmas: dict[Entry, Lemma]
    others: dict[Entry, Node]
    reason: frozenset[Entry]


@dataclass(frozen=True)
class Again:
    """On the flat an entry is true that was refuted before, beside the path, by ``node``."""

    flat: Flat
    entry: Entry
    node: Node
    reason: frozenset[Entry]


Node = Corner | Branch | Again
Closed = tuple[tuple[Entry, Node], ...]
"""Entries that do not hold, with the rest of the path."""


class _FoundError(Exception):
    """Ends the search."""

    def __init__(self, on: Signs) -> None:
        super().__init__("a network fits")
        self.on = on


class Search:
    """``points`` distinct, ``labels`` theirs. To be closed.

    ``scale``: labels and the values of entries are whole numbers after multiplication by it. After ``run`` returned
    None: ``root``, the refutation, or None where the SAT solver refuted all by itself.
    """

    def __init__(self, points: Sequence[Vector], labels: Sequence[Fraction], width: int, seed: int) -> None:
        self.width = width
        self.scale = lcm(*(label.denominator for label in labels))
        values = [int(label * self.scale) for label in labels]
        self._number = Counter(values)
        self._values = sorted(self._number)
        self._random = random.Random(seed)
        self.dichotomies = Dichotomies(points, values, width, seed)
        self.root: Node | None = None
        self.flats = 0
        self._known: list[Necessity] = []
        self._check: Callable[[], None] = lambda: None

    def run(self, check: Callable[[], None]) -> Signs | None:
        """The signs of a network that fits, or None if there is none. ``check`` is called now and then, and may raise."""
        self._check = check
        everything = Flat.everything(self.width)
        try:
            chosen = likely(self._number, self.width, MOST_LIKELY)
            for value in self._values:
                if value:
                    self._need([(pattern, value) for pattern in range(1 << self.width)])
            later = self._try(chosen[:FEW_LIKELY], FIRST_CONFLICTS)
            if len(chosen) > FEW_LIKELY and self._together():
                return None
            later += chosen[FEW_LIKELY:]
            conflicts = FIRST_CONFLICTS
            while later and conflicts <= LAST_CONFLICTS:
                later = self._try(later, conflicts)
                conflicts *= MORE
            self.root = self._refute(everything, ())
        except _FoundError as found:
            return found.on
        return None

    def close(self) -> None:
        """Ends the solver."""
        self.dichotomies.close()

    def _need(self, false: Iterable[Entry], conflicts: int | None = None) -> Necessity | None:
        """Asks for signs that use none of these entries; raises what is found."""
        answer = self.dichotomies.ask(false, self._check, conflicts)
        if isinstance(answer, Necessity):
            self._known.append(answer)
            return answer
        if answer is not None and not any(self._contradictions(self.dichotomies.used(answer))):
            raise _FoundError(answer)
        return None

    def _contradictions(self, entries: Iterable[Entry]) -> Iterable[Lemma]:
        """What says that no coefficients in order have all these entries, found in the order in which they come."""
        flat = Flat.everything(self.width)
        for entry in entries:
            if flat.open(entry):
                flat = flat.also(entry)
                orders = flat.unsorted()
                if orders is not None:
                    yield flat.out_of_order(orders)
                    return
            elif not flat.holds(entry):
                yield flat.against(entry)

    # Likely coefficients

    def _try(self, chosen: Iterable[tuple[int, ...]], conflicts: int) -> list[tuple[int, ...]]:
        """Asks about likely coefficients; those of which so many conflicts are too few."""
        later = []
        for coefficients in chosen:
            sums = [0]
            for a in coefficients:
                sums += [known + a for known in sums]
            if all(any(sums[p] == value for p, value in known.entries) for known in self._known):
                false = ((p, value) for p, total in enumerate(sums) for value in self._values if value != total)
                if self._need(false, conflicts) is None:
                    later.append(coefficients)
        return later

    # All coefficients together

    def _together(self) -> bool:
        """Whether the solver refutes all at once, with few conflicts; raises what is found."""
        if len(self._values) ** 3 * 3**self.width > MOST_SUMS:
            return False
        for lemma in _small(self.width, self._values):
            self.dichotomies.tell(lemma)
        while True:
            answer = self.dichotomies.ask((), self._check, TOGETHER_CONFLICTS)
            if not isinstance(answer, list):
                return answer is not None
            entries = self.dichotomies.used(answer)
            found = list(self._contradictions(entries))
            if not found:
                raise _FoundError(answer)
            for turn in range(ORDERS):
                if turn:
                    self._random.shuffle(entries)
                    found = list(self._contradictions(entries))
                for lemma in found:
                    self.dichotomies.tell(lemma)

    # The tree

    def _refute(self, flat: Flat, closed: Closed) -> Node:
        """No network has coefficients of the flat; raises what is found."""
        self._check()
        for entry, node in closed:
            if entry in flat.path:
                return node
            if flat.holds(entry):
                made = flat.made_of(entry[0]).keys()
                return Again(flat, entry, node, frozenset(made | node.reason - {entry}))
        self.flats += 1
        if not flat.dimension:
            return self._point(flat)
        necessity = self._falsified(flat)
        if necessity is None:
            necessity = self._unsatisfied(flat)
        if necessity is None:
            necessity = self._need(self._false(self._corner(flat)))
        assert necessity is not None
        return self._branch(flat, necessity, closed)

    def _point(self, flat: Flat) -> Corner:
        necessity = self._falsified(flat) or self._need(self._false(flat))
        assert necessity is not None
        used = {j for pattern, _ in necessity.entries for j in range(self.width) if pattern >> j & 1}
        reason = {known for j in used for known in flat.made_of(1 << j)}
        return Corner(flat, necessity, frozenset(reason))

    def _branch(self, flat: Flat, necessity: Necessity, closed: Closed) -> Node:
        lemmas: dict[Entry, Lemma] = {}
        others: dict[Entry, Node] = {}
        reason: set[Entry] = set()
        for entry in sorted(necessity.entries, key=lambda entry: (flat.open(entry), entry)):
            if flat.open(entry):
                smaller = flat.also(entry)
                orders = smaller.unsorted()
                if orders is None:
                    node = self._refute(smaller, closed)
                    if entry not in node.reason:
                        return node
                    others[entry] = node
                    closed = (*closed, (entry, node))
                    reason |= node.reason
                    continue
                lemmas[entry] = smaller.out_of_order(orders)
            else:
                lemmas[entry] = flat.against(entry)
            reason |= lemmas[entry].equations.keys()
        return Branch(necessity, lemmas, others, frozenset(reason - necessity.entries))

    def _corner(self, flat: Flat) -> Flat:
        """A point of the flat, where as many entries as that takes are true, of frequent labels."""
        while flat.dimension:
            entries = ((pattern, value) for value, _ in self._number.most_common() for pattern in range(1 << self.width))
            smaller = (flat.also(entry) for entry in entries if flat.open(entry))
            flat = next(found for found in smaller if found.unsorted() is None)
        return flat

    def _false(self, flat: Flat) -> list[Entry]:
        """The entries that are nowhere true on the flat."""
        return [
            (pattern, value)
            for pattern, fixed in enumerate(flat.fixed)
            if not flat.moving[pattern]
            for value in self._values
            if value != fixed
        ]

    def _falsified(self, flat: Flat) -> Necessity | None:
        """What is known to be needed and is nowhere true on the flat."""
        for necessity in self._known:
            if not any(flat.moving[pattern] or flat.fixed[pattern] == value for pattern, value in necessity.entries):
                return necessity
        return None

    def _unsatisfied(self, flat: Flat) -> Necessity | None:
        """What is known to be needed and is not true everywhere on the flat, with the fewest entries to try."""
        best, fewest = None, 0
        for necessity in self._known:
            if not any(map(flat.holds, necessity.entries)):
                number = sum(map(flat.open, necessity.entries))
                if best is None or number < fewest:
                    best, fewest = necessity, number
        return best


def _small(width: int, values: Sequence[int]) -> Iterable[Lemma]:
    """The lemmas of few entries: no neuron on has the sum 0, a pattern has one sum, disjoint sets of neurons have the sum of
    their sums, and neurons that come later do not have a smaller one.
    """
    one = Fraction(1)
    for value in values:
        if value:
            yield Lemma({(0, value): one}, {})
    for pattern in range(1, 1 << width):
        for a, v in enumerate(values):
            for w in values[:a]:
                yield Lemma({(pattern, v): one, (pattern, w): -one}, {})
    for first, second in product(range(1, 1 << width), repeat=2):
        if first > second and not first & second:
            for v, w, x in product(values, repeat=3):
                if x != v + w:
                    yield Lemma({(first, v): one, (second, w): one, (first | second, x): -one}, {})
        orders = _later(first, second, width)
        if orders:
            for v, w in product(values, repeat=2):
                if v > w:
                    yield Lemma({(first, v): one, (second, w): -one}, orders)


def _later(first: int, second: int, width: int) -> dict[int, Fraction] | None:
    """The multipliers of the rows a_{j+1} - a_j that add up to the sum of the second pattern minus that of the first one."""
    if first == second or first.bit_count() != second.bit_count():
        return None
    orders: dict[int, Fraction] = {}
    surplus = 0
    for j in range(width):
        surplus += (first >> j & 1) - (second >> j & 1)
        if surplus < 0:
            return None
        if surplus:
            orders[j] = Fraction(surplus)
    return orders
