"""What is known of the signs of z_j(x_i) while a refutation is built (format v1, 6.6).

Positions are integers over a common denominator for each line family, so that rule 3 (parallel pairs), the
hot loop of the engine, needs no rational arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from certify.decide.refute.geometry import Line, Space

GE, LE, GT, LT = 1, 2, 4, 8
RELATION = {">=": GE, "<=": LE, ">": GT | GE, "<": LT | LE}
SYMBOL = {GE: ">=", LE: "<=", GT: ">", LT: "<"}
NEGATION = {">=": "<", "<=": ">", ">": "<=", "<": ">="}


@dataclass(frozen=True, order=True)
class Literal:
    """z_{neuron}(x_{point}) relation 0; indices from 0."""

    neuron: int
    point: int
    relation: str

    def negated(self, threshold: bool) -> Literal:
        if threshold:
            return Literal(self.neuron, self.point, "<" if self.relation == ">" else ">")
        return Literal(self.neuron, self.point, NEGATION[self.relation])

    def __str__(self) -> str:
        return f"{self.neuron + 1}{self.relation}{self.point + 1}"


@dataclass
class Pair:
    """Two parallel lines; coefficients[i] = (c_a, c_b, m): a break at c_a t_A + c_b t_B against m, all
    integers.
    """

    first: int
    second: int
    coefficients: dict[int, tuple[int, int, int] | None] = field(default_factory=dict)


class Knowledge:
    """Facts, intervals on declared lines, and parallel pairs; assumptions can be pushed and are undone."""

    def __init__(self, space: Space, neurons: int, threshold: bool) -> None:
        self.space = space
        self.neurons = neurons
        self.threshold = threshold
        self.lines: list[Line] = []
        self.positions: list[list[int]] = []
        self.scale: list[int] = []
        self.on_lines: dict[int, list[tuple[int, int]]] = {}
        self.facts: dict[tuple[int, int], int] = {}
        self.facts_of: list[dict[int, None]] = [{} for _ in range(neurons)]
        self.low: list[dict[int, int]] = []
        self.high: list[dict[int, int]] = []
        self.increasing: list[set[tuple[int, ...]]] = [set() for _ in range(neurons)]
        self.pairs: list[Pair] = []
        self._undo: list[tuple[dict, object, object]] | None = None  # type: ignore[type-arg]

    def add_line(self, line: Line) -> int:
        number = len(self.lines)
        self.lines.append(line)
        scale = lcm(*(p.denominator for p in line.positions))
        self.scale.append(scale)
        self.positions.append([int(p * scale) for p in line.positions])
        for t, i in enumerate(line.points):
            self.on_lines.setdefault(i, []).append((number, t))
        self.low.append({})
        self.high.append({})
        return number

    def add_pair(self, first: int, second: int) -> None:
        self.pairs.append(Pair(first, second))

    def set_increasing(self, neuron: int, line: int) -> None:
        self.increasing[neuron].add(self.lines[line].direction)

    # Facts --------------------------------------------------

    def _store(self, table: dict, key: object, value: object) -> None:  # type: ignore[type-arg]
        if self._undo is not None:
            self._undo.append((table, key, table.get(key)))
        table[key] = value

    def learn(self, literal: Literal) -> None:
        """The literal becomes a fact (or an assumption, inside `assuming`)."""
        mask = RELATION[literal.relation]
        key = (literal.neuron, literal.point)
        old = self.facts.get(key, 0)
        if old | mask == old:
            return
        self._store(self.facts, key, old | mask)
        if not old:
            # Undone, too: the order of the points must not tell what was assumed before.
            self._store(self.facts_of[literal.neuron], literal.point, None)
        for number, t in self.on_lines.get(literal.point, ()):
            if self.lines[number].direction not in self.increasing[literal.neuron]:
                continue
            if mask & LE and self.low[number].get(literal.neuron, -1) < t:
                self._store(self.low[number], literal.neuron, t)
            if mask & GE and self.high[number].get(literal.neuron, len(self.lines[number].points)) > t:
                self._store(self.high[number], literal.neuron, t)

    def live(self, neuron: int) -> Iterator[int]:
        """The points with facts of the neuron, but for those on a line between whose points its break is known closer:
        they follow from that, as z is affine.
        """
        for i in self.facts_of[neuron]:
            if (neuron, i) in self.facts and not self._stale(neuron, i):
                yield i

    def _stale(self, neuron: int, point: int) -> bool:
        directions = self.increasing[neuron]
        for number, t in self.on_lines.get(point, ()):
            if self.lines[number].direction in directions:
                low, high = self.low[number].get(neuron), self.high[number].get(neuron)
                if low is not None and high is not None and low <= high and not low <= t <= high:
                    return True
        return False

    @contextmanager
    def assuming(self, literals: Iterable[Literal]) -> Iterator[None]:
        outer = self._undo
        self._undo = []
        try:
            for literal in literals:
                self.learn(literal)
            yield
        finally:
            for table, key, value in reversed(self._undo):
                if value is None:
                    del table[key]
                else:
                    table[key] = value
            self._undo = outer

    def known(self, neuron: int, point: int) -> int:
        """The set of known relations of z_neuron(x_point) as a bit mask."""
        mask = self.facts.get((neuron, point), 0)
        directions = self.increasing[neuron]
        if directions:
            for number, t in self.on_lines.get(point, ()):
                if self.lines[number].direction in directions:
                    low = self.low[number].get(neuron)
                    if low is not None and t < low:
                        mask |= LE | LT
                    high = self.high[number].get(neuron)
                    if high is not None and t > high:
                        mask |= GE | GT
            if not mask & (GE | LE):
                for pair in self.pairs:
                    mask |= self._by_pair(pair, neuron, point)
        if self.threshold:
            if mask & GE:
                mask |= GT
            if mask & LE:
                mask |= LT
        return mask

    def holds(self, literal: Literal) -> bool:
        need = RELATION[literal.relation]
        return self.known(literal.neuron, literal.point) & need == need

    def _by_pair(self, pair: Pair, neuron: int, point: int) -> int:
        coefficients = self.coefficients(pair, point)
        if coefficients is None or self.lines[pair.first].direction not in self.increasing[neuron]:
            return 0
        c_a, c_b, m = coefficients
        low_a, high_a = self.low[pair.first].get(neuron), self.high[pair.first].get(neuron)
        low_b, high_b = self.low[pair.second].get(neuron), self.high[pair.second].get(neuron)
        a, b = self.positions[pair.first], self.positions[pair.second]
        mask = 0
        upper_a, upper_b = (high_a if c_a >= 0 else low_a), (high_b if c_b >= 0 else low_b)
        if (upper_a is not None or c_a == 0) and (upper_b is not None or c_b == 0):
            upper = (c_a * a[upper_a] if upper_a is not None else 0) + (
                c_b * b[upper_b] if upper_b is not None else 0
            )
            if m > upper:
                mask |= GE | GT
            elif m == upper:
                mask |= GE
        lower_a, lower_b = (low_a if c_a >= 0 else high_a), (low_b if c_b >= 0 else high_b)
        if (lower_a is not None or c_a == 0) and (lower_b is not None or c_b == 0):
            lower = (c_a * a[lower_a] if lower_a is not None else 0) + (
                c_b * b[lower_b] if lower_b is not None else 0
            )
            if m < lower:
                mask |= LE | LT
            elif m == lower:
                mask |= LE
        return mask

    def coefficients(self, pair: Pair, point: int) -> tuple[int, int, int] | None:
        """Integers (c_a, c_b, m) with the rule's (1-theta) t_A + theta t_B <= mu scaled; None if p is off the
        plane.
        """
        if point in pair.coefficients:
            return pair.coefficients[point]
        found = pair.coefficients[point] = self._coefficients(pair, point)
        return found

    def _coefficients(self, pair: Pair, point: int) -> tuple[int, int, int] | None:
        one, two = self.lines[pair.first], self.lines[pair.second]
        solution = in_plane(one, two, self.space.points[point])
        if solution is None:
            return None
        theta, mu = solution
        c_a, c_b = (1 - theta) / self.scale[pair.first], theta / self.scale[pair.second]
        common = lcm(c_a.denominator, c_b.denominator, mu.denominator)
        return int(c_a * common), int(c_b * common), int(mu * common)


def in_plane(one: Line, two: Line, p: Sequence[Fraction]) -> tuple[Fraction, Fraction] | None:
    """theta, mu with p = (1-theta) one.origin + theta two.origin + mu e, e the common direction in data
    coordinates.

    None if p is not in the plane of the two lines or the lines are not distinct and parallel.
    """
    e = [b - a for a, b in zip(one.origin, one.end, strict=True)]
    scale = one.positions[-1]
    e = [c / scale for c in e]
    u = [b - a for a, b in zip(one.origin, two.origin, strict=True)]
    r = [c - a for a, c in zip(one.origin, p, strict=True)]
    for i in range(len(e)):
        for j in range(i + 1, len(e)):
            det = u[i] * e[j] - u[j] * e[i]
            if det:
                theta = (r[i] * e[j] - r[j] * e[i]) / det
                mu = (u[i] * r[j] - u[j] * r[i]) / det
                if all(theta * uc + mu * ec == rc for uc, ec, rc in zip(u, e, r, strict=True)):
                    return theta, mu
                return None
    return None
