"""Which coefficients are left: affine subspaces of R^k, and why a set of neurons does not have a sum on one of them.

A pattern is the set of the neurons that are on at a point, as a bit set; an entry (pattern, v) is the equation "the
coefficients of its neurons add up to v". A flat is what a path of independent entries leaves. Values are whole numbers,
and so is all arithmetic: values and coefficients are kept over a common denominator.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import gcd

from certify import lp

Entry = tuple[int, int]
Form = tuple[int, ...]
"""A constant, the slopes in the parameters of a flat, and the multipliers of the entries of its path: where the slopes are 0,
the form is the sum of the values of the path with these multipliers, and the constant is what that comes to.
"""


@dataclass(frozen=True)
class Lemma:
    """Equations that do not hold together for coefficients in order: with these multipliers the equations
    sum of a_j - v = 0 and the rows a_{j+1} - a_j >= 0 add up to a false constant, and the a_j cancel.
    """

    equations: dict[Entry, Fraction]
    orders: dict[int, Fraction]


@dataclass(frozen=True)
class Flat:
    """The coefficients with the sums of the ``path``: neuron j's is forms[j] / denominator, in free parameters."""

    path: tuple[Entry, ...]
    forms: tuple[Form, ...]
    denominator: int

    @classmethod
    def everything(cls, width: int) -> Flat:
        """All coefficients."""
        return cls((), tuple(tuple([0, *(int(i == j) for i in range(width))]) for j in range(width)), 1)

    @property
    def dimension(self) -> int:
        return len(self.forms) - len(self.path)

    def coefficients(self) -> tuple[Fraction, ...]:
        """The point that a flat of dimension 0 is."""
        return tuple(Fraction(form[0], self.denominator) for form in self.forms)

    @cached_property
    def sums(self) -> list[Form]:
        """The forms of all patterns."""
        sums: list[Form] = [(0,) * (len(self.forms) + 1)]
        for form in self.forms:
            sums += [tuple(map(int.__add__, known, form)) for known in sums]
        return sums

    @cached_property
    def moving(self) -> list[bool]:
        """By pattern: whether its sum is not the same everywhere."""
        stop = 1 + self.dimension
        return [any(form[1:stop]) for form in self.sums]

    @cached_property
    def fixed(self) -> list[int | None]:
        """By pattern: its sum where that is the same everywhere and whole; else None."""
        result: list[int | None] = []
        for form, moving in zip(self.sums, self.moving, strict=True):
            whole, rest = divmod(form[0], self.denominator)
            result.append(None if rest or moving else whole)
        return result

    def holds(self, entry: Entry) -> bool:
        """Whether the entry is true everywhere on the flat."""
        return self.fixed[entry[0]] == entry[1]

    def open(self, entry: Entry) -> bool:
        """Whether the entry is true somewhere on the flat, and not everywhere."""
        return self.moving[entry[0]]

    def also(self, entry: Entry) -> Flat:
        """Where an open entry is true, too."""
        pattern, value = entry
        of = list(self.sums[pattern])
        of[0] -= value * self.denominator
        of.append(-self.denominator)
        at = min((t for t in range(1, 1 + self.dimension) if of[t]), key=lambda t: abs(of[t]))
        pivot = of[at]
        made = []
        for form in self.forms:
            factor = form[at]
            row = [pivot * x - factor * y for x, y in zip((*form, 0), of, strict=True)]
            del row[at]
            made.append(row)
        denominator = pivot * self.denominator
        common = gcd(denominator, *(x for row in made for x in row)) * (1 if denominator > 0 else -1)
        forms = tuple(tuple(x // common for x in row) for row in made)
        return Flat((*self.path, entry), forms, denominator // common)

    def unsorted(self) -> dict[int, Fraction] | None:
        """Multipliers >= 0 of the rows a_{j+1} - a_j, whose sum is negative everywhere; None if there are none."""
        stop = 1 + self.dimension
        rows = [tuple(map(int.__sub__, after[:stop], before)) for before, after in pairwise(self.forms)]
        for j, (constant, *slopes) in enumerate(rows):
            if constant < 0 and not any(slopes):
                return {j: Fraction(1)}
        if not self.dimension or self.dimension + 1 >= len(self.forms):
            return None
        whole = [[Fraction(x) for x in row] for row in rows]
        found = lp.multipliers([tuple(row[1:]) for row in whole], [-row[0] for row in whole])
        return None if found is None else {j: m for j, m in enumerate(found) if m}

    def made_of(self, pattern: int) -> dict[Entry, Fraction]:
        """The multipliers with which the path adds up to a pattern that is not moving."""
        return self._multipliers(self.sums[pattern])

    def against(self, entry: Entry) -> Lemma:
        """Why an entry that is neither open nor true is false."""
        made = self.made_of(entry[0])
        return Lemma({entry: Fraction(1)} | {known: -m for known, m in made.items()}, {})

    def out_of_order(self, orders: dict[int, Fraction]) -> Lemma:
        """What the multipliers of ``unsorted`` say of the path."""
        made: dict[Entry, Fraction] = {}
        for j, m in orders.items():
            step = tuple(map(int.__sub__, self.forms[j], self.forms[j + 1]))
            for entry, x in self._multipliers(step).items():
                made[entry] = made.get(entry, Fraction(0)) + m * x
        return Lemma({entry: m for entry, m in made.items() if m}, orders)

    def _multipliers(self, form: Form) -> dict[Entry, Fraction]:
        parts = zip(self.path, form[1 + self.dimension :], strict=True)
        return {entry: Fraction(m, self.denominator) for entry, m in parts if m}
