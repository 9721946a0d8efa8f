"""Which coefficients are left: affine subspaces of R^k, and why a set of neurons does not have a sum on one of them.

A pattern is the set of the neurons that are on at a point, as a bit set; an entry (pattern, v) is the equation "the
coefficients of its neurons add up to v". A flat is what a path of independent entries leaves. Values are whole numbers,
and so is all arithmetic: values and coefficients are kept over a common denominator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations, pairwise
from math import gcd, lcm

from certify import lp

Entry = tuple[int, int]
Form = tuple[int, ...]
"""A constant, the slopes in the parameters of a flat, and the multipliers of the entries of its path: where the slopes
are 0, the form is the sum of the values of the path with these multipliers, and the constant is what that comes to.
"""


@dataclass(frozen=True)
class Lemma:
    """Equations that do not hold together for coefficients in order: with these multipliers the equations
    sum of a_j - v = 0 and the rows a_{j+1} - a_j >= 0 add up to a false constant, and the a_j cancel.
    """

    equations: dict[Entry, int]
    orders: dict[int, int]


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

    def unsorted(self) -> dict[int, int] | None:
        """Multipliers >= 0 of the rows a_{j+1} - a_j, whose sum is negative everywhere; None if there are none."""
        stop = 1 + self.dimension
        best, fewest = None, len(self.path) + 1
        for i, j in combinations(range(len(self.forms)), 2):
            step = list(map(int.__sub__, self.forms[j], self.forms[i]))
            if step[0] < 0 and not any(step[1:stop]):
                entries = sum(map(bool, step[stop:]))
                if entries < fewest:
                    best, fewest = dict.fromkeys(range(i, j), 1), entries
        if best is not None:
            return best
        if not self.dimension or self.dimension + 1 >= len(self.forms):
            return None
        rows = [tuple(map(int.__sub__, after[:stop], before)) for before, after in pairwise(self.forms)]
        whole = [[Fraction(x) for x in row] for row in rows]
        found = lp.multipliers([tuple(row[1:]) for row in whole], [-row[0] for row in whole])
        if found is None:
            return None
        scale = lcm(*(m.denominator for m in found))
        return {j: int(m * scale) for j, m in enumerate(found) if m}

    def made_of(self, pattern: int) -> dict[Entry, int]:
        """With these multipliers the path adds up to the pattern, which is not moving, times the denominator."""
        return self._multipliers(self.sums[pattern])

    def against(self, entry: Entry) -> Lemma:
        """Why an entry that is neither open nor true is false."""
        made = self.made_of(entry[0])
        return Lemma({entry: self.denominator} | {known: -m for known, m in made.items()}, {})

    def out_of_order(self, orders: dict[int, int]) -> Lemma:
        """What the multipliers of ``unsorted`` say of the path."""
        total = [0] * (len(self.forms) + 1)
        for j, m in orders.items():
            total = [x + m * (y - z) for x, y, z in zip(total, self.forms[j], self.forms[j + 1], strict=True)]
        return Lemma(self._multipliers(total), {j: m * self.denominator for j, m in orders.items()})

    def _multipliers(self, form: Sequence[int]) -> dict[Entry, int]:
        return {entry: m for entry, m in zip(self.path, form[1 + self.dimension :], strict=True) if m}
