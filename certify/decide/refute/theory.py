"""The linear theory of a group of neurons: rows of format v1, 6.8, restricted to the group and its points.

The neurons outside the group enter through one affine function for each set of outside neurons that is on: points
that see the same outside share it. A combination of these rows is a combination of the rows of the whole network.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from certify.decide.refute.farkas import CONSTANT, Column, Combination, Contradictions, contradictory
from certify.decide.refute.knowledge import GE, GT, LE, LT, Knowledge, Literal
from certify.decide.refute.patterns import Patterns
from certify.exact import Vector

ASSUMED_WEIGHT = 8.0
"""Assumed literals cost more in the float LP, so that clauses come out short."""


@dataclass
class Context:
    """What all parts of one split share. coefficients: a_j for ReLU (1 or -1), None for threshold."""

    points: Sequence[Vector]
    labels: Sequence[Fraction]
    coefficients: Sequence[int] | None
    knowledge: Knowledge
    patterns: Patterns
    solver: Contradictions

    @property
    def threshold(self) -> bool:
        return self.coefficients is None

    def literal(self, neuron: int, point: int, on: bool) -> Literal:
        """The case literal: z >= 0 or z <= 0 for ReLU, > or < for threshold."""
        if self.threshold:
            return Literal(neuron, point, ">" if on else "<")
        return Literal(neuron, point, ">=" if on else "<=")


class LocalTheory:
    """The rows that speak of a group of neurons at the points where nothing else is open."""

    def __init__(self, context: Context, neurons: Sequence[int], points: Sequence[int]) -> None:
        self.context = context
        self.neurons = list(neurons)
        self.points = list(points)
        ranks = [context.patterns.rank[j] for j in neurons]
        self._outside: dict[int, bytes] = {}
        for i in points:
            row = bytearray(context.patterns.rows[i])
            for t in ranks:
                row[t] = 0
            self._outside[i] = bytes(row)

    def columns(self, assumed: Iterable[Literal] = ()) -> list[Column]:
        """All rows under what is known now (the assumed literals must have been pushed to the knowledge)."""
        assumed_keys = {(a.neuron, a.point) for a in assumed}
        keys: dict[object, int] = {}
        columns: list[Column] = []
        for i in self.points:
            columns.extend(self._equation(i, keys))
        for j in self.neurons:
            columns.extend(self._signs(j, keys, assumed_keys))
        return columns

    def sign_columns(self, neuron: int, assumed: Iterable[Literal] = ()) -> list[Column]:
        """Only what is known of one neuron."""
        return self._signs(neuron, {}, {(a.neuron, a.point) for a in assumed})

    def _equation(self, i: int, keys: dict[object, int]) -> list[Column]:
        context = self.context
        x = context.points[i]
        row: dict[int, Fraction] = {CONSTANT: -context.labels[i]}
        extra: list[Column] = []
        outside = self._outside[i]

        def add(key: object, value: Fraction) -> None:
            if value:
                k = keys.setdefault(key, len(keys))
                row[k] = row.get(k, Fraction(0)) + value

        add((outside, "c"), Fraction(1))
        if context.coefficients is None:
            for j in self.neurons:
                mask = context.knowledge.known(j, i)
                if mask & GE:
                    add(("a", j), Fraction(1))
                elif not mask & LE:
                    add(("t", j, i), Fraction(1))
            return [Column(f"e{i + 1}", row, True)]
        for c, value in enumerate(x):
            add((outside, c), value)
        for j in self.neurons:
            mask = context.knowledge.known(j, i)
            a = context.coefficients[j]
            if mask & GE and not mask & LE:
                for c, value in enumerate((*x, Fraction(1))):
                    add((j, c), a * value)
            elif mask & GE:
                # z = 0 here: the checker substitutes z for h, so the row keeps it.
                for c, value in enumerate((*x, Fraction(1))):
                    add((j, c), a * value)
            elif not mask & LE:
                add(("h", j, i), Fraction(a))
                h = keys[("h", j, i)]
                extra.append(Column(f"h{j + 1}.{i + 1}", {h: Fraction(1)}, False))
                above = {h: Fraction(1)}
                for c, value in enumerate((*x, Fraction(1))):
                    if value:
                        above[keys.setdefault((j, c), len(keys))] = -value
                extra.append(Column(f"g{j + 1}.{i + 1}", above, False))
        return [Column(f"e{i + 1}", row, True), *extra]

    def _signs(self, j: int, keys: dict[object, int], assumed: set[tuple[int, int]]) -> list[Column]:
        context = self.context
        columns = []
        for i in context.knowledge.facts_of[j]:
            mask = context.knowledge.facts.get((j, i), 0)
            if not mask:
                continue
            weight = ASSUMED_WEIGHT if (j, i) in assumed else 1.0
            form = {
                keys.setdefault((j, c), len(keys)): value
                for c, value in enumerate((*context.points[i], Fraction(1)))
                if value
            }
            if mask & GE:
                strict = bool(mask & GT)
                columns.append(Column(f"{j + 1}{'>' if strict else '>='}{i + 1}", form, False, strict, weight))
            if mask & LE:
                strict = bool(mask & LT)
                negative = {key: -value for key, value in form.items()}
                columns.append(Column(f"{j + 1}{'<' if strict else '<='}{i + 1}", negative, False, strict, weight))
        return columns

    def refute(self, assumed: Sequence[Literal]) -> Combination | None:
        """A contradictory combination under the assumed literals."""
        with self.context.knowledge.assuming(assumed):
            for j in sorted({a.neuron for a in assumed}):
                found = self.context.solver.find(self.sign_columns(j, assumed))
                if found is not None:
                    return found
            return self.context.solver.find(self.columns(assumed))

    def contradicts(self, combination: Combination, assumed: Sequence[Literal]) -> bool:
        """Whether the combination is contradictory under just these assumed literals."""
        with self.context.knowledge.assuming(assumed):
            rows = {column.item: column for column in self.columns(assumed)}
        if any(item not in rows for item, _ in combination):
            return False
        return contradictory([rows[item] for item, _ in combination], [m for _, m in combination])
