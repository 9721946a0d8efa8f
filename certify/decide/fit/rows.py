"""Exact rows of networks as they are (format v1, 6.8, 6.11): what a set of signs implies, and networks from signs.

A literal (i, j, on) says that neuron j is on (z > 0) or off (z <= 0) at point i; all are numbered from 0. Of on, linear
programs use no more than z >= 0. The affine part is zero: every equation `eI` comes with its `aI`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from certify import lp
from certify.decide.fit.support import Number, SignLiteral, Supports
from certify.decide.radon import Columns, circuit, whole
from certify.decide.refute.farkas import CONSTANT, Column, Combination, Contradictions, Multipliers
from certify.exact import Vector
from certify.instance import TrainingInstance
from certify.network import Network, Neuron

ASSUMED_WEIGHT = 8.0
"""Assumed literals cost more in the float LP, so that clauses come out short."""
_ONE, _ZERO = Fraction(1), Fraction(0)


@dataclass(frozen=True)
class Clause:
    """Not all of the literals hold together, by the combination."""

    literals: tuple[SignLiteral, ...]
    combination: Multipliers


class Rows:
    """The rows of one split: ``positives`` neurons with a = +1 come first.

    ``first``: the point at which the neurons of a class are in order (format v1, 6.12), None for no order.
    """

    def __init__(self, instance: TrainingInstance, positives: int, first: int | None) -> None:
        self.instance = instance
        self.points = instance.points
        self.width = instance.width
        self.size = instance.dimension + 1
        self.coefficients = [1 if j < positives else -1 for j in range(self.width)]
        self.first = first
        self.solver = Contradictions()
        classes = [range(positives), range(positives, self.width)]
        self.ordered = [j for members in classes for j in members[:-1]] if first is not None else []
        # Unknowns: weights and bias of each neuron, then h.
        self._hidden = self.width * self.size
        self._order = [self._order_column(j) for j in self.ordered]
        self._signs: dict[SignLiteral, Column] = {}
        self._equations: dict[tuple[int, tuple[bool | None, ...]], list[Column]] = {}
        self._supports = Supports(instance, self.coefficients, first)
        #: All clauses in the order of their derivation.
        self.derived: list[Clause] = []
        #: What clauses of one literal said: whether neuron j is on at point i, strictly, and by which clause.
        self.facts: dict[tuple[int, int], tuple[bool, Clause]] = {}
        self._known: dict[tuple[int, int], bool] = {}

    @cached_property
    def _columns(self) -> Columns:
        return whole(self.points)

    # Columns --------------------------------------------------

    def _form(self, j: int, i: int, factor: Fraction = _ONE) -> dict[int, Fraction]:
        start = j * self.size
        return {start + c: factor * v for c, v in enumerate((*self.points[i], _ONE)) if v}

    def _order_column(self, j: int) -> Column:
        assert self.first is not None
        return Column(f"o{j + 1}", {**self._form(j + 1, self.first), **self._form(j, self.first, -_ONE)}, False)

    def _unknown(self, j: int, i: int) -> int:
        return self._hidden + i * self.width + j

    def literal_text(self, literal: SignLiteral, negated: bool = False) -> str:
        """As in a step: negated, for a clause, or what linear programs use of it."""
        i, j, on = literal
        if negated:
            return f"{j + 1}{'<=' if on else '>'}{i + 1}"
        return f"{j + 1}{'>' if on else '<'}={i + 1}"

    def sign_column(self, literal: SignLiteral) -> Column:
        """The row of an assumed literal."""
        column = self._signs.get(literal)
        if column is None:
            i, j, on = literal
            form = self._form(j, i, _ONE if on else -_ONE)
            column = Column(self.literal_text(literal), form, False, False, ASSUMED_WEIGHT)
            self._signs[literal] = column
        return column

    def _equation(self, i: int, states: dict[int, bool]) -> list[Column]:
        key = i, tuple(states.get(j) for j in range(self.width))
        columns = self._equations.get(key)
        if columns is None:
            columns = self._equations[key] = self._build(i, states)
        return columns

    def _build(self, i: int, states: dict[int, bool]) -> list[Column]:
        row: dict[int, Fraction] = {CONSTANT: -self.instance.labels[i]}
        extra: list[Column] = []
        for j in range(self.width):
            on = states.get(j)
            if on is False:
                continue
            a = Fraction(self.coefficients[j])
            if on:
                row.update(self._form(j, i, a))
                continue
            h = self._unknown(j, i)
            row[h] = a
            extra.append(Column(f"h{j + 1}.{i + 1}", {h: _ONE}, False))
            extra.append(Column(f"g{j + 1}.{i + 1}", {h: _ONE, **self._form(j, i, -_ONE)}, False))
        own = [Column(f"e{i + 1}", row, True)] if any(row.values()) else []
        return own + extra

    # Explanations --------------------------------------------------

    def explain(self, literals: Iterable[SignLiteral]) -> Clause | None:
        """Why the literals cannot hold together, by few of them; None where the float guess sees no reason."""
        named = []
        for i, j, on in literals:
            known = self.facts.get((i, j))
            if known is None:
                named.append((i, j, on))
            elif known[0] != on:
                return known[1]
        points = sorted({i for i, _, _ in named})
        return self._explain(named, points) or self._explain(named, range(len(self.points)))

    def derive(self, support: Sequence[int], literals: Sequence[SignLiteral]) -> Clause | None:
        """The same from the support of a float contradiction (support.py), without a linear program; None where it
        gives none that these literals are enough for.
        """
        found = self._supports.reason(support, self._known)
        if found is None or not set(found[0]) <= set(literals):
            return None
        return self.noted(Clause(*found))

    def separation(self, literals: Sequence[SignLiteral]) -> Clause | None:
        """The same where these are the points of a circuit, and one neuron is on at just its positive or at just its
        negative ones; None if not.
        """
        if len({j for _, j, _ in literals}) != 1 or any((i, j) in self.facts for i, j, _ in literals):
            return None
        side = {i: on for i, _, on in literals}
        found = circuit(self._columns, list(side))
        if found is None or len({side[i] == (c > 0) for i, c in found.items()}) != 1:
            return None
        # sum c z(x) = 0 where c z > 0 for those that are on and c z >= 0 for those that are off, or with -c
        j = literals[0][1]
        items = [(f"{j + 1}{'>' if side[i] else '<='}{i + 1}", abs(c)) for i, c in found.items()]
        return self.noted(Clause(tuple(literals), items))

    def _explain(self, literals: list[SignLiteral], points: Iterable[int]) -> Clause | None:
        states: dict[int, dict[int, bool]] = {}
        for i, j, on in literals:
            states.setdefault(i, {})[j] = on
        columns = [self.sign_column(literal) for literal in literals] + self._order
        for (i, j), (on, _) in self.facts.items():
            states.setdefault(i, {})[j] = on
            text = f"{j + 1}{'>' if on else '<='}{i + 1}"
            columns.append(Column(text, self._form(j, i, _ONE if on else -_ONE), False, on))
        for i in points:
            columns += self._equation(i, states.get(i, {}))
        combination = self.solver.find(columns)
        if combination is None:
            return None
        # A literal is needed if it is a row, or if an equation that is used was written with it.
        items = {item for item, _ in combination}
        kept = [a for a in literals if self.literal_text(a) in items or f"e{a[0] + 1}" in items]
        return self.noted(Clause(tuple(kept), self._without_affine_part(combination)))

    def noted(self, clause: Clause) -> Clause:
        """Keeps the order of clauses. One of a single literal is a fact for a checker from then on, and here."""
        self.derived.append(clause)
        if len(clause.literals) == 1:
            i, j, on = clause.literals[0]
            self.facts.setdefault((i, j), (not on, clause))
            self._known.setdefault((i, j), not on)
        return clause

    def _without_affine_part(self, combination: Combination) -> Combination:
        affine = [(f"a{item[1:]}", -m) for item, m in combination if item[0] == "e"]
        return [*combination, *affine]

    # Networks --------------------------------------------------

    def realise(self, on: Sequence[Sequence[bool]]) -> Network | Clause | None:
        """An exactly fitting network with these neurons on: on[i][j]; if there is none, why, unless facts say otherwise
        than these signs.
        """
        unknowns = self.width * self.size
        rows: list[Vector] = []
        rhs: list[Fraction] = []

        def add(form: dict[int, Fraction], bound: Fraction) -> None:
            rows.append(tuple(form.get(u, _ZERO) for u in range(unknowns)))
            rhs.append(bound)

        for i, label in enumerate(self.instance.labels):
            total: dict[int, Fraction] = {}
            for j in range(self.width):
                add(self._form(j, i, _ONE if on[i][j] else -_ONE), _ZERO)
                if on[i][j]:
                    total.update(self._form(j, i, Fraction(self.coefficients[j])))
            add(total, label)
            add({u: -v for u, v in total.items()}, -label)
        outcome = lp.solve(rows, rhs)
        point = outcome.point
        if point is None:
            assert outcome.multipliers is not None
            return self._impossible(on, outcome.multipliers)
        blocks = [point[j * self.size : (j + 1) * self.size] for j in range(self.width)]
        neurons = [
            Neuron(block[:-1], block[-1], Fraction(a)) for block, a in zip(blocks, self.coefficients, strict=True)
        ]
        return self._checked(neurons)

    def _impossible(self, on: Sequence[Sequence[bool]], multipliers: Vector) -> Clause | None:
        """The clause that Farkas multipliers of the rows of ``realise`` show."""
        step = self.width + 2
        equations: dict[int, Number] = {}
        own: dict[tuple[int, int], tuple[bool, Number]] = {}
        for i, pattern in enumerate(on):
            *signs, above, below = multipliers[i * step : (i + 1) * step]
            if above != below:
                equations[i] = above - below
            own |= {(i, j): (pattern[j], d) for j, d in enumerate(signs) if d}
        patterns = {i: sum(b << j for j, b in enumerate(on[i])) for i in equations}
        found = self._supports.written(equations, patterns, own, [], self._known)
        return None if found is None else self.noted(Clause(*found))

    def _checked(self, neurons: Sequence[Neuron]) -> Network | None:
        network = Network(self.instance.activation, tuple(neurons), self.instance.dimension)
        return network if not self.instance.misfits(network) else None
