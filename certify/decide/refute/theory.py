"""The linear theory of a group of neurons: rows of format v1, 6.8, restricted to the group and its points.

The neurons outside the group enter through one affine function for each set of outside neurons that is on:
points that see the same outside share it. A combination of these rows is a combination of the rows of the
whole network.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import flint
import numpy as np

from certify.decide.refute.farkas import CONSTANT, Column, Combination, Contradictions, contradictory
from certify.decide.refute.knowledge import GE, GT, LE, LT, Knowledge, Literal
from certify.decide.refute.patterns import Patterns, Row, masked
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
        ranks = sorted(context.patterns.rank[j] for j in neurons)
        self._keys: dict[object, int] = {}
        self._equations: dict[tuple[int, tuple[int, ...]], list[Column]] = {}
        self._sign_cache: dict[tuple[int, int, int, bool], list[Column]] = {}
        self._places: dict[int, list[Fraction]] = {}
        self._coordinates = local_coordinates(context.points, self.points)
        #: What is on outside the group, by point.
        self.outside: dict[int, Row] = {i: masked(context.patterns.rows[i], ranks) for i in points}

    def columns(self, assumed: Iterable[Literal] = ()) -> list[Column]:
        """All rows under what is known now (the assumed literals must have been pushed to the knowledge)."""
        assumed_keys = {(a.neuron, a.point) for a in assumed}
        columns: list[Column] = []
        for i in self.points:
            columns += self._equation(i)
        for j in self.neurons:
            columns += self._signs(j, assumed_keys)
        return columns

    def sign_columns(self, neuron: int, assumed: Iterable[Literal] = ()) -> list[Column]:
        """Only what is known of one neuron."""
        return self._signs(neuron, {(a.neuron, a.point) for a in assumed})

    def _key(self, name: object) -> int:
        return self._keys.setdefault(name, len(self._keys))

    def _form(self, neuron: int, point: int) -> dict[int, Fraction]:
        """z_neuron(x_point) over the unknown weights and bias."""
        return {self._key((neuron, c)): value for c, value in enumerate(self._place(point)) if value}

    def _place(self, point: int) -> list[Fraction]:
        """The point in coordinates of the group, in which affine functions are linear."""
        found = self._places.get(point)
        if found is None:
            x = (*self.context.points[point], Fraction(1))
            if self._coordinates is None:
                found = list(x)
            else:
                column = flint.fmpq_mat(len(x), 1, [flint.fmpq(c.numerator, c.denominator) for c in x])
                product = self._coordinates * column
                found = [Fraction(int(product[c, 0].p), int(product[c, 0].q)) for c in range(len(x))]
            self._places[point] = found
        return found

    def _equation(self, i: int) -> list[Column]:
        known = self.context.knowledge.known
        # z = 0 counts as on, as in the format: the row keeps z.
        statuses = tuple(
            1 if mask & GE else 0 if mask & LE else 2 for mask in (known(j, i) for j in self.neurons)
        )
        columns = self._equations.get((i, statuses))
        if columns is None:
            columns = self._equations[i, statuses] = self._build(i, statuses)
        return columns

    def _build(self, i: int, statuses: tuple[int, ...]) -> list[Column]:
        context, outside = self.context, self.outside[i]
        row: dict[int, Fraction] = {CONSTANT: -context.labels[i]}
        extra: list[Column] = []
        if context.coefficients is None:
            row[self._key(outside)] = Fraction(1)
            for j, status in zip(self.neurons, statuses, strict=True):
                if status:
                    row[self._key(("a", j) if status == 1 else ("t", j, i))] = Fraction(1)
            return [Column(f"e{i + 1}", row, True)]
        for c, value in enumerate(self._place(i)):
            if value:
                row[self._key((outside, c))] = value
        for j, status in zip(self.neurons, statuses, strict=True):
            a = context.coefficients[j]
            if status == 1:
                for key, value in self._form(j, i).items():
                    row[key] = a * value
            elif status == 2:
                h = self._key(("h", j, i))
                row[h] = Fraction(a)
                extra.append(Column(f"h{j + 1}.{i + 1}", {h: Fraction(1)}, False))
                above = {key: -value for key, value in self._form(j, i).items()}
                extra.append(Column(f"g{j + 1}.{i + 1}", {h: Fraction(1), **above}, False))
        return [Column(f"e{i + 1}", row, True), *extra]

    def _signs(self, j: int, assumed: set[tuple[int, int]]) -> list[Column]:
        facts = self.context.knowledge.facts
        columns = []
        for i in self.context.knowledge.live(j):
            mask = facts[j, i]
            heavy = (j, i) in assumed
            found = self._sign_cache.get((j, i, mask, heavy))
            if found is None:
                found = self._sign_cache[j, i, mask, heavy] = self._sign_rows(j, i, mask, heavy)
            columns += found
        return columns

    def _sign_rows(self, j: int, i: int, mask: int, heavy: bool) -> list[Column]:
        form, weight = self._form(j, i), ASSUMED_WEIGHT if heavy else 1.0
        columns = []
        if mask & GE:
            strict = bool(mask & GT)
            columns.append(Column(f"{j + 1}{'>' if strict else '>='}{i + 1}", form, False, strict, weight))
        if mask & LE:
            strict = bool(mask & LT)
            negative = {key: -value for key, value in form.items()}
            columns.append(
                Column(f"{j + 1}{'<' if strict else '<='}{i + 1}", negative, False, strict, weight)
            )
        return columns

    def refute(
        self, assumed: Sequence[Literal], neuron: int | None = None, surely: bool = False
    ) -> Combination | None:
        """A contradictory combination under the assumed literals; first from the rows of one neuron, if
        named. ``surely``: found if there is one.
        """
        with self.context.knowledge.assuming(assumed):
            if neuron is not None:
                found = self.context.solver.find(self.sign_columns(neuron, assumed))
                if found is not None:
                    return found
            return self.context.solver.find(self.columns(assumed), surely)

    def contradicts(self, combination: Combination, assumed: Sequence[Literal]) -> bool:
        """Whether the combination is contradictory under just these assumed literals."""
        with self.context.knowledge.assuming(assumed):
            rows = {column.item: column for column in self.columns(assumed)}
        if any(item not in rows for item, _ in combination):
            return False
        return contradictory([rows[item] for item, _ in combination], [m for _, m in combination])


def local_coordinates(points: Sequence[Vector], members: Sequence[int]) -> flint.fmpq_mat | None:
    """The map from (x, 1) to barycentric coordinates with respect to d+1 of the members that are far apart.

    Combinations do not depend on coordinates, but the float LP that guesses them does: in these ones the numbers are
    near 1. None if the members do not span the space.
    """
    if not members:
        return None
    size = len(points[members[0]]) + 1
    rows = [[float(c) for c in points[i]] + [1.0] for i in members]
    chosen: list[int] = []
    rest = np.array(rows).reshape(len(rows), size)
    for _ in range(size):
        # The row farthest from the span of those chosen (Gram-Schmidt with pivots).
        lengths = (rest * rest).sum(axis=1)
        best = int(lengths.argmax())
        if lengths[best] == 0:
            return None
        chosen.append(best)
        unit = rest[best] / np.sqrt(lengths[best])
        rest = rest - np.outer(rest @ unit, unit)
    entries = [
        flint.fmpq(x.numerator, x.denominator)
        for c in range(size)
        for x in ((points[members[t]][c] if c < size - 1 else Fraction(1)) for t in chosen)
    ]
    matrix = flint.fmpq_mat(size, size, entries)
    return matrix.inv() if len(set(chosen)) == size and matrix.det() else None
