"""Writes the steps of a refutation in the text of format v1, section 6."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction

from certify.decide.refute.farkas import Multipliers
from certify.decide.refute.geometry import Line
from certify.decide.refute.slots import Sign, Slot
from certify.exact import render


def combination_text(combination: Multipliers) -> str:
    return " ".join(f"{item}:{render(m)}" for item, m in combination)


class Steps:
    """Collects lines; numbers clauses, rows and definitions in one increasing sequence."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.kinds: Counter[str] = Counter()
        self.last = 0

    def extend(self, lines: Sequence[str], last: int) -> None:
        """Appends steps as they are; last: the largest number they use."""
        self.kinds.update(line.partition(" ")[0] for line in lines)
        self.lines.extend(lines)
        self.last = last

    def _add(self, kind: str, *parts: object) -> None:
        self.kinds[kind] += 1
        self.lines.append(" ".join([kind, *(str(p) for p in parts if str(p))]))

    def _number(self) -> int:
        self.last += 1
        return self.last

    def contradiction(self, i: int, j: int) -> None:
        self._add("contradiction", i + 1, j + 1)

    def line(self, line: Line) -> None:
        self._add("line", *(i + 1 for i in line.points))

    def slots(self, number: int, line: Line, sign: Sign, slots: Sequence[Slot]) -> None:
        ends: list[int] = []
        for slot in slots:
            indices = (slot.left, slot.right) if sign == "*" else (slot.left, slot.middle, slot.right)
            ends.extend(line.points[t] + 1 for t in indices)
        self._add("slots", number + 1, sign, *ends)

    def split(self, positives: int | str) -> None:
        self.last = 0
        self._add("split", positives)

    def label(self, sign: Sign, line: int) -> None:
        self._add("label", sign, line + 1)

    def flat(self, line: int, p: int, q: int, r: int) -> None:
        self._add("n", line + 1, p + 1, q + 1, r + 1)

    def pair(self, first: int, second: int) -> None:
        self._add("w", first + 1, second + 1)

    def bound(self, neuron: int, line: int) -> None:
        self._add("b", neuron + 1, line + 1)

    def fact(self, literal: object, combination: Multipliers) -> None:
        self._add("u", literal, ":", combination_text(combination))

    def clause(self, literals: Iterable[object], combination: Multipliers) -> int:
        number = self._number()
        self._add("c", number, *literals, ":", combination_text(combination))
        return number

    def numbered(self, kind: str, text: str) -> int:
        """A numbered step whose text after the number is given."""
        number = self._number()
        self._add(kind, number, text)
        return number

    def kink(self, line: int, sign: Sign, slot: int) -> int:
        number = self._number()
        self._add("k", number, line + 1, sign, slot + 1)
        return number

    def define(self, literals: Iterable[object]) -> int:
        number = self._number()
        self._add("d", number, *literals)
        return number

    def value(self, value: Fraction, neurons: Iterable[int]) -> int:
        """The neurons' coefficients and the constant have this sum."""
        number = self._number()
        self._add("q", number, render(value), *neurons)
        return number

    def binding(self, equation: int, point: int) -> int:
        """The equation holds where just its neurons are on at the point."""
        number = self._number()
        self._add("p", number, equation, point)
        return number

    def order(self, points: Iterable[int], *, by_coefficients: bool) -> None:
        """The neurons are in the order of their signs at the points, or of their coefficients and, where these are
        equal, of their signs.
        """
        self._add("order", "*", *(["a"] if by_coefficients else []), *points)

    def lexicographic(self, neuron: int, signs: Sequence[bool], equal: Iterable[int]) -> int:
        """The neuron and the next one: not on and off at the place after these signs of both. ``equal``: in an order by
        coefficients the equations that say that theirs are equal.
        """
        number = self._number()
        words = (">" if on else "<" for on in signs)
        self._add("l", number, neuron + 1, len(signs) + 1, *words, *equal)
        return number

    def equation(self, equation: int, literals: Iterable[object], combination: Multipliers) -> int:
        """The equation holds, or one of the literals does: it is a sum of others."""
        number = self._number()
        self._add("e", number, equation, *literals, ":", combination_text(combination))
        return number

    def row(self, guard: Iterable[object], combination: Multipliers) -> int:
        number = self._number()
        self._add("r", number, *guard, ":", combination_text(combination))
        return number

    def merge(self, clause: int, rows: Iterable[int]) -> int:
        number = self._number()
        self._add("m", number, clause, *rows)
        return number

    def propagation(self, literals: Iterable[object], hints: Iterable[object]) -> int:
        number = self._number()
        self._add("v", number, *literals, ":", *hints)
        return number

    def zero(self, combination: Multipliers) -> None:
        self._add("0", ":", combination_text(combination))

    def qed(self) -> None:
        self._add("qed")
