"""What is known of the signs of z_j(x_i) while a refutation is built (format v1, 6.6).

Positions are integers over a common denominator for each line family, so that rule 3 (parallel pairs), the
hot loop of the engine, needs no rational arithmetic.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd, lcm
from operator import mul

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
    plane: Plane | None = None


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

    def limits(self, neuron: int, line: int) -> tuple[int, int, int, int]:
        """On a line along which the neuron increases: z <= 0 is known up to this place, z < 0 up to this one, z >= 0
        from this one on, z > 0 from this one on.

        As ``known`` says of its points one by one, all at once: rule 3 gives a bound on where the neuron breaks.
        """
        positions, points = self.positions[line], self.lines[line].points
        at_most, below, at_least, above = -1, -1, len(points), len(points)
        low, high = self.low[line].get(neuron), self.high[line].get(neuron)
        if low is not None:
            at_most, below = low, low if self._fact(neuron, points[low]) & LT else low - 1
        if high is not None:
            at_least, above = high, high if self._fact(neuron, points[high]) & GT else high + 1
        for pair in self.pairs:
            if line in (pair.first, pair.second):
                continue
            coefficients = self.coefficients(pair, points[0])
            if coefficients is None or self.lines[pair.first].direction not in self.increasing[neuron]:
                continue
            c_a, c_b, m = coefficients
            one, two = self.scale[pair.first], self.scale[pair.second]
            # m grows along the line by this much for each unit of its positions, over the scale.
            unit, scale = c_a * one + c_b * two, self.scale[line]
            bound = self._break(pair, neuron, c_a, c_b, False)
            if bound is not None:
                place, rest = divmod((bound - m) * scale, unit)
                at_most = max(at_most, bisect_right(positions, place) - 1)
                strictly = bisect_right(positions, place) if rest else bisect_left(positions, place)
                below = max(below, strictly - 1)
            bound = self._break(pair, neuron, c_a, c_b, True)
            if bound is not None:
                place, rest = divmod((bound - m) * scale, unit)
                strictly = bisect_right(positions, place)
                above = min(above, strictly)
                at_least = min(at_least, strictly if rest else bisect_left(positions, place))
        return (at_most, at_most, at_least, at_least) if self.threshold else (at_most, below, at_least, above)

    def _fact(self, neuron: int, point: int) -> int:
        return self.facts.get((neuron, point), 0)

    def _break(self, pair: Pair, neuron: int, c_a: int, c_b: int, upper: bool) -> int | None:
        """The upper or lower bound of c_a t_A + c_b t_B; None where an end that is needed is missing."""
        total = 0
        for number, factor in ((pair.first, c_a), (pair.second, c_b)):
            if factor:
                end = (self.high if upper == (factor > 0) else self.low)[number].get(neuron)
                if end is None:
                    return None
                total += factor * self.positions[number][end]
        return total

    def _by_pair(self, pair: Pair, neuron: int, point: int) -> int:
        coefficients = self.coefficients(pair, point)
        if coefficients is None or self.lines[pair.first].direction not in self.increasing[neuron]:
            return 0
        c_a, c_b, m = coefficients
        mask = 0
        upper = self._break(pair, neuron, c_a, c_b, True)
        if upper is not None and m >= upper:
            mask |= GE | GT if m > upper else GE
        lower = self._break(pair, neuron, c_a, c_b, False)
        if lower is not None and m <= lower:
            mask |= LE | LT if m < lower else LE
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
        if pair.plane is None:
            one, two = self.lines[pair.first], self.lines[pair.second]
            pair.plane = Plane.of(one, two, self.scale[pair.first], self.scale[pair.second])
        return pair.plane.coefficients(self.space.homogeneous(point))


@dataclass(frozen=True)
class Plane:
    """The plane of two parallel lines; forms: integer linear forms in the homogeneous coordinates of a point, those
    of c_a, c_b and m; flat: forms that vanish in the plane. Of lines that are not distinct and parallel there is none.
    """

    forms: tuple[tuple[int, ...], ...]
    flat: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, one: Line, two: Line, first: int, second: int) -> Plane:
        """first, second: what the positions on the two lines are multiplied by."""
        e = one.direction
        size = len(e)
        u = [b - a for a, b in zip(one.origin, two.origin, strict=True)]
        minors = ((u[i] * e[j] - u[j] * e[i], i, j) for i in range(size) for j in range(i + 1, size))
        det, i, j = next((minor for minor in minors if minor[0]), (Fraction(0), 0, 0))
        if not det:
            return cls((), ())
        # p - A_1 = theta u + mu e, by Cramer's rule in the coordinates i and j.
        offsets = [_form(size, {c: Fraction(1)}, -one.origin[c]) for c in range(size)]
        theta = _sum((e[j] / det, offsets[i]), (-e[i] / det, offsets[j]))
        mu = _sum((u[i] / det, offsets[j]), (-u[j] / det, offsets[i]))
        rest = _sum((Fraction(1), _form(size, {}, Fraction(1))), (Fraction(-1), theta))
        wanted = [_sum((Fraction(1, first), rest)), _sum((Fraction(1, second), theta)), mu]
        flat = [_sum((Fraction(1), offsets[c]), (-u[c], theta), (Fraction(-e[c]), mu)) for c in range(size)]
        return cls(_whole(wanted), _whole([form for form in flat if any(form)]))

    def coefficients(self, x: Sequence[int]) -> tuple[int, int, int] | None:
        """c_a, c_b, m without a common factor; None for a point off the plane."""
        if not self.forms or any(_at(form, x) for form in self.flat):
            return None
        c_a, c_b, m = (_at(form, x) for form in self.forms)
        common = gcd(c_a, c_b, m)
        return c_a // common, c_b // common, m // common


def _form(size: int, coefficients: dict[int, Fraction], constant: Fraction) -> list[Fraction]:
    """The form with these coefficients of x_1 .. x_size, and the constant."""
    return [*(coefficients.get(c, Fraction(0)) for c in range(size)), constant]


def _sum(*terms: tuple[Fraction, Sequence[Fraction]]) -> list[Fraction]:
    """The sum of the forms, each times its factor."""
    parts = [[factor * value for value in form] for factor, form in terms]
    return [sum(column, Fraction(0)) for column in zip(*parts, strict=True)]


def _whole(forms: Sequence[Sequence[Fraction]]) -> tuple[tuple[int, ...], ...]:
    """The forms, all multiplied by the same positive integer."""
    unit = lcm(*(value.denominator for form in forms for value in form))
    return tuple(tuple(int(value * unit) for value in form) for form in forms)


def _at(form: Sequence[int], x: Sequence[int]) -> int:
    return sum(map(mul, form, x))
