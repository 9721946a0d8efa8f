"""The search for a threshold network: over the coefficients first, then over the sets of points.

Few coefficients have, as sums of subsets, all the labels, and once they are known there is little left to say of signs.
So likely ones are tried (likely.py), and then the search branches over equations of coefficients (flats.py) and asks a
SAT solver (dichotomies.py) for sets of points that use no equation that is false there. What it says is needed, it
branches over. Where there are many neurons, another solver first gets a try at all coefficients (together.py).
In the tree the neurons are in the order of their coefficients.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from certify.decide.threshold.dichotomies import Dichotomies, Necessity, Signs
from certify.decide.threshold.flats import Entry, Flat, Lemma
from certify.decide.threshold.likely import likely
from certify.decide.threshold.together import contradictions, together
from certify.exact import Vector

FEW_LIKELY, MOST_LIKELY = 40, 2_000
FIRST_CONFLICTS, LAST_CONFLICTS = 500, 16_000
"""So many likely coefficients are tried first, with so many conflicts of the SAT solver; then twice as many with twice
as many, and so on, up to these.
"""
MANY_NEURONS = 4
"""From so many neurons on all coefficients are asked about together before the tree: the trees of fewer are small."""


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
        self._seed = seed
        self.dichotomies = Dichotomies(points, values, width, seed)
        self.root: Node | None = None
        self.flats = 0
        #: What is needed: first for each label (but 0) a pattern with it, then what was found.
        self._known: list[Necessity] = []
        self._labels = 0
        self._check: Callable[[], None] = lambda: None

    def run(self, check: Callable[[], None]) -> Signs | None:
        """The signs of a network that fits, or None if there is none. ``check`` is called now and then, may raise."""
        self._check = check
        everything = Flat.everything(self.width)
        try:
            chosen = likely(self._number, self.width, MOST_LIKELY)
            for value in self._values:
                if value:
                    self._need([(pattern, value) for pattern in range(1 << self.width)])
            self._labels = len(self._known)
            count, conflicts = FEW_LIKELY, FIRST_CONFLICTS
            chosen = self._try(chosen[:count], conflicts) + chosen[count:]
            if self.width >= MANY_NEURONS and self._together():
                return None
            while chosen and conflicts < LAST_CONFLICTS:
                count, conflicts = 2 * count, 2 * conflicts
                chosen = self._try(chosen[:count], conflicts) + chosen[count:]
            self.root = self._refute(everything, ())
        except _FoundError as found:
            return found.on
        return None

    def close(self) -> None:
        """Ends the solver."""
        self.dichotomies.close()

    def _need(
        self, false: Iterable[Entry], conflicts: int | None = None, coefficients: Sequence[int] = ()
    ) -> Necessity | None:
        """Asks for signs that use none of these entries, perhaps with these coefficients; raises what is found."""
        answer = self.dichotomies.ask(false, self._check, conflicts, coefficients)
        if isinstance(answer, Necessity):
            self._known.append(answer)
            return answer
        if answer is not None and not any(contradictions(self.dichotomies.used(answer), self.width)):
            raise _FoundError(answer)
        return None

    # Likely coefficients

    def _try(self, chosen: Iterable[tuple[int, ...]], conflicts: int) -> list[tuple[int, ...]]:
        """Asks about likely coefficients; those of which so many conflicts are too few."""
        later = []
        for coefficients in chosen:
            sums = [0]
            for a in coefficients:
                sums += [known + a for known in sums]
            if not any(_contradicts(sums, known) for known in self._known):
                false = ((p, value) for p, total in enumerate(sums) for value in self._values if value != total)
                if self._need(false, conflicts, coefficients) is None:
                    later.append(coefficients)
        return later

    def _together(self) -> bool:
        """Whether the solver refutes all at once, with few conflicts; raises what is found.

        It is another solver than the tree's, as what it learns makes the tree's reasons longer.
        """
        first = self.dichotomies
        other = Dichotomies(first.points, first.values, self.width, self._seed, first.listed)
        try:
            answer = together(other, self._check, self._random)
            if isinstance(answer, list):
                raise _FoundError(answer)
            if answer:
                self.dichotomies, other = other, first
            return answer
        finally:
            other.close()

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
        necessity = self._unsatisfied(flat, self._known[: self._labels])
        if necessity is None:
            necessity = self._unsatisfied(flat, self._known[self._labels :])
        if necessity is None:
            necessity = self._need(self._false(self._corner(flat)))
        assert necessity is not None
        return self._branch(flat, necessity, closed)

    def _point(self, flat: Flat) -> Corner:
        singles = [flat.fixed[1 << j] for j in range(self.width)]
        coefficients = [value for value in singles if value is not None]
        necessity = next((known for known in self._known if _contradicts(flat.fixed, known)), None)
        if necessity is None:
            necessity = self._need(self._false(flat), None, coefficients if len(coefficients) == self.width else ())
        assert necessity is not None
        entries = necessity.entries | necessity.given
        used = {j for pattern, _ in entries for j in range(self.width) if pattern >> j & 1}
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
        patterns = range(1 << self.width)
        while flat.dimension:
            entries = ((pattern, value) for value, _ in self._number.most_common() for pattern in patterns)
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

    def _unsatisfied(self, flat: Flat, among: Sequence[Necessity]) -> Necessity | None:
        """What is needed and not true everywhere on the flat, with the fewest entries to try."""
        best, fewest = None, 0
        for necessity in among:
            if not necessity.given and not any(map(flat.holds, necessity.entries)):
                number = sum(map(flat.open, necessity.entries))
                if best is None or number < fewest:
                    best, fewest = necessity, number
        return best


def _contradicts(sums: Sequence[int | None], necessity: Necessity) -> bool:
    """Whether none of the entries, and all that are given, are true with these sums of the patterns."""
    return not any(sums[pattern] == value for pattern, value in necessity.entries) and all(
        sums[pattern] == value for pattern, value in necessity.given
    )

