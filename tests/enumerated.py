"""Refutations of small data on a line, written by trying both values of one atom after the other.

An atom is a sign, (neuron, point), or (0, N): the equation of the step q numbered N. A clause is kept as the set of the
literals, (neuron, point, value), that are not all as they say. What contradicts an assignment is a step of a kind that
the class knows; where both values of an atom are contradicted, a step v is.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product

from certify.decide.refute.farkas import CONSTANT, Column, exactly
from certify.trimming.steps import Step
from tests.each_checker import steps

Atom = tuple[int, int]
Literal = tuple[int, int, bool]  # neuron, point, on; or 0, N, true
Clause = set[Literal]


class Enumerated:
    """Networks of threshold neurons on points of a line, all their signs one after the other, the neurons in order."""

    def __init__(self, places: list[int], labels: list[int], width: int, order: list[int]) -> None:
        self.places, self.labels, self.width, self.order = places, labels, width, order
        self.lines: list[str] = []
        self.clauses: dict[int, Clause] = {}  # by the number of the step
        self.last = 0
        points = [*dict.fromkeys([*order, *range(1, len(places) + 1)])]
        self.todo = [(j, i) for i in points for j in range(1, width + 1)]
        #: In the order of the places, for the steps c.
        self.rows = sorted(range(1, len(places) + 1), key=lambda i: places[i - 1])

    @property
    def ordering(self) -> str:
        return "order * " + " ".join(map(str, self.order))

    def text(self) -> tuple[str, list[str]]:
        """The points, and the lines of the refutation, of which the last one needs all."""
        points = "\n".join(f"{x} {y}" for x, y in zip(self.places, self.labels, strict=True))
        wanted, kept = set[int](), list[str]()
        for line in reversed(self.lines):
            step = Step.of(line.split(" "))
            if not kept or step.number in wanted:
                kept.append(line)
                wanted |= step.names()
        return points, steps(self.ordering, *reversed(kept))

    def number(self) -> int:
        self.last += 1
        return self.last

    def step(self, kind: str, false: Clause, *words: str) -> Clause:
        """Writes a step that says that not all of these literals are true."""
        number = self.number()
        self.clauses[number] = false
        self.lines.append(" ".join([kind, str(number), *(word for word in words if word)]))
        return false

    @staticmethod
    def said(false: Clause) -> str:
        """The literals of the clause."""
        names = (f"{j}{'<' if on else '>'}{i}" if j else f"{'-' if on else ''}d{i}" for j, i, on in sorted(false))
        return " ".join(names)

    def conflict(self, values: dict[Atom, bool]) -> Clause | None:
        """A clause that is false where these are the values."""
        for clause in self.clauses.values():
            if all(values.get((j, i)) is value for j, i, value in clause):
                return clause
        return self.out_of_order(values) or self.not_straight(values) or self.contradicted(values)

    def out_of_order(self, values: dict[Atom, bool]) -> Clause | None:
        for j in range(1, self.width):
            equal = self.equal(j, values)
            if equal is None:
                continue
            said = list[str]()
            false = {(0, number, True) for number in equal}
            for i in self.order:
                here, there = values.get((j, i)), values.get((j + 1, i))
                if here is None or there is None:
                    break
                false |= {(j, i, here), (j + 1, i, there)}
                if here and not there:
                    return self.step("l", false, str(j), str(len(said) + 1), *said, *map(str, equal))
                if here is not there:
                    break
                said.append(">" if here else "<")
        return None

    def equal(self, j: int, values: dict[Atom, bool]) -> list[int] | None:
        """The steps that say that neurons j and j + 1 have one coefficient, where the order needs that."""
        return []

    def not_straight(self, values: dict[Atom, bool]) -> Clause | None:
        for a, b, c in combinations(self.rows, 3):
            x, y, z = (self.places[i - 1] for i in (a, b, c))
            for j in range(1, self.width + 1):
                on = [values.get((j, i)) for i in (a, b, c)]
                if None not in on and on[0] is on[2] is not on[1]:
                    outer, inner = "><" if on[0] else "<>"
                    items = f": {j}{outer}{a}:{z - y} {j}{inner}{b}:{z - x} {j}{outer}{c}:{y - x}"
                    false = {(j, a, bool(on[0])), (j, b, bool(on[1])), (j, c, bool(on[2]))}
                    return self.step("c", false, self.said(false), items)
        return None

    def contradicted(self, values: dict[Atom, bool]) -> Clause | None:
        """By equations of points."""
        known = [i for i in self.rows if all((j, i) in values for j in range(1, self.width + 1))]
        for factors in product((0, 1, -1, 2, -2), repeat=len(known)):
            parts = [(f, i) for f, i in zip(factors, known, strict=True) if f]
            if sum(f * self.labels[i - 1] for f, i in parts) and all(
                sum(f * values[j, i] for f, i in parts) == 0 for j in range(1, self.width + 1)
            ):
                total = sum(f for f, _ in parts)
                items = [f"e{i}:{f}" for f, i in parts] + ([f"a1:{-total}"] if total else [])
                false = {(j, i, values[j, i]) for _, i in parts for j in range(1, self.width + 1)}
                return self.step("c", false, self.said(false), ":", *items)
        return None

    def refuted(self, values: dict[Atom, bool]) -> Clause | None:
        """A clause that is false there, found by trying both values of what comes next."""
        clause = self.conflict(values)
        if clause is not None or len(values) == len(self.todo):
            return clause
        atom = self.todo[len(values)]
        found = list[Clause]()
        for value in (False, True):
            clause = self.refuted({**values, atom: value})
            if clause is None or (*atom, value) not in clause:
                return clause
            found.append(clause)
        hints = (str(next(n for n, known in self.clauses.items() if known is clause)) for clause in found)
        false = (found[0] - {(*atom, False)}) | (found[1] - {(*atom, True)})
        return self.step("v", false, self.said(false), ":", *hints)


class Coefficients(Enumerated):
    """The same over coefficients: first which sets of neurons have which labels for their sum, then the signs.

    The neurons are in the order of their coefficients, where these are equal in that of their signs.
    """

    def __init__(self, places: list[int], labels: list[int], width: int, order: list[int]) -> None:
        super().__init__(places, labels, width, order)
        #: Sum -> the step q that says it; the neurons of a set are the bits of its number.
        self.sums: dict[tuple[int, int], int] = {}
        for neurons in range(1 << width):
            for value in sorted(set(labels)):
                self.sums[neurons, value] = self.number()
                names = (str(j) for j in range(1, width + 1) if neurons >> j - 1 & 1)
                self.lines.append(" ".join(["q", str(self.last), str(value), *names]))
        self.todo = [(0, number) for number in self.sums.values()] + self.todo

    @property
    def ordering(self) -> str:
        return " ".join(["order * a", *map(str, self.order)])

    def equal(self, j: int, values: dict[Atom, bool]) -> list[int] | None:
        for value in sorted(set(self.labels)):
            numbers = [self.sums[1 << neuron, value] for neuron in (j - 1, j)]
            if all(values.get((0, number)) for number in numbers):
                return numbers
        return None

    def contradicted(self, values: dict[Atom, bool]) -> Clause | None:
        if len(values) <= len(self.sums):
            return self.no_coefficients(values)
        for i in self.rows:
            signs = {(j, i, values[j, i]) for j in range(1, self.width + 1) if (j, i) in values}
            number = self.sums[sum(1 << j - 1 for j, _, on in signs if on), self.labels[i - 1]]
            if len(signs) == self.width and not values[0, number]:
                return self.step("p", signs | {(0, number, False)}, str(number), str(i))
        return None

    def no_coefficients(self, values: dict[Atom, bool]) -> Clause | None:
        """By the sums that are there, the order and alpha = 0; or by one that follows from others and is not there."""
        equations = {number: self.equation(neurons, value) for (neurons, value), number in self.sums.items()}
        there = [equations[number] for number in equations if values.get((0, number))]
        alpha = Column("a1", {0: Fraction(1)}, True)
        new = [number for number in equations if values.get((0, number)) is False]
        if values and values[next(reversed(values))]:
            rises = [Column(f"o{j}", {j + 1: Fraction(1), j: Fraction(-1)}, False) for j in range(1, self.width)]
            found = exactly([*there, alpha, *rises])
            if found is not None:
                false = {(0, int(item[1:]), True) for item, _ in found if item[0] == "d"}
                return self.step("c", false, self.said(false), ":", *(f"{item}:{m}" for item, m in found))
        else:
            del new[:-1]  # the others were asked about before
        for number in new:
            equation = equations[number]
            # With another value the sum contradicts others, with its own it is their sum.
            other = {**equation.coefficients, CONSTANT: equation.coefficients[CONSTANT] + 1}
            found = exactly([*there, alpha, Column(equation.item, other, True)])
            columns = {column.item: column.coefficients for column in (*there, alpha, equation)}
            if found is not None and not sum(m * columns[item].get(CONSTANT, 0) for item, m in found):
                false = {(0, int(item[1:]), True) for item, _ in found if item not in (equation.item, "a1")}
                items = [f"{item}:{m}" for item, m in found]
                return self.step("e", false | {(0, number, False)}, str(number), self.said(false), ":", *items)
        return None

    def equation(self, neurons: int, value: int) -> Column:
        number = self.sums[neurons, value]
        terms = {j: Fraction(1) for j in range(1, self.width + 1) if neurons >> j - 1 & 1}
        return Column(f"d{number}", {0: Fraction(1), **terms, CONSTANT: Fraction(-value)}, True)
