"""From the rows that contradict each other in floating point to an exact clause, by exact linear algebra alone.

The search (tree.py) says which rows of a linear program made it contradictory: equations of points under a pattern of
signs, signs, orders. Where their multipliers are unique up to a factor, as at a vertex, an integer null space gives
them, and nothing has to be optimised again. In the calculus (format v1, 6.8) a neuron whose sign is not named stands
in an equation as h. With the equation's multiplier m, sign a, and the multiplier d of the neuron's own row, m a h is
cancelled without its sign where m a < 0 and d <= |m|: on, m a z + d z = -(|m| - d) z comes from d h + (|m| - d)(h - z);
off, -d z from (|m| - d) h + d (h - z).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import gcd, lcm

from certify.decide.refute.farkas import Multipliers
from certify.instance import TrainingInstance

SignLiteral = tuple[int, int, bool]
#: Multipliers are integers where they come from integers.
Number = Fraction | int


class Supports:
    """Exact reasons of one split; ``signs``: the output signs of the neurons; ``first``: the point of the order."""

    def __init__(self, instance: TrainingInstance, signs: Sequence[int], first: int | None) -> None:
        self._n, self._k, self._size = len(instance.points), instance.width, instance.dimension + 1
        self._signs = signs
        self._first = first
        self._scales: list[int] = []
        self._rows: list[list[int]] = []
        for point, label in zip(instance.points, instance.labels, strict=True):
            scale: int = lcm(*(v.denominator for v in (*point, label)))
            self._scales.append(scale)
            self._rows.append([*(int(v * scale) for v in point), scale])
        self._labels = [int(y * scale) for y, scale in zip(instance.labels, self._scales, strict=True)]

    def reason(
        self, support: Sequence[int], known: Mapping[tuple[int, int], bool]
    ) -> tuple[tuple[SignLiteral, ...], Multipliers] | None:
        """Signs that cannot hold together and the multipliers that say so, None if these rows alone do not show it.

        ``support``: as in state.py; ``known``: signs by point and neuron that are facts, which every equation has.
        """
        n, k = self._n, self._k
        # The codes of equations, orders and bounds begin here (state.py).
        equation_at, order_at, bound_at = 2 * n * k, 2 * n * k + (n << k), 2 * n * k + (n << k) + k
        patterns: dict[int, int] = {}
        columns, scales = [], []
        for code in support:
            row = [0] * (k * self._size)
            if code < equation_at:
                i, j = divmod(code >> 1, k)
                self._put(row, j, i, 1 if code & 1 else -1)
                scales.append(self._scales[i])
            elif code < order_at:
                i, patterns[i] = divmod(code - equation_at, 1 << k)
                for j in range(k):
                    if patterns[i] >> j & 1:
                        self._put(row, j, i, self._signs[j])
                scales.append(self._scales[i])
            elif code >= bound_at:
                i, chosen = divmod(code - bound_at, 1 << k)
                for j in range(k):
                    if chosen >> j & 1:
                        self._put(row, j, i, self._signs[j])
                scales.append(self._scales[i])
            else:
                assert self._first is not None
                j = code - order_at
                self._put(row, j, self._first, -1)
                self._put(row, j + 1, self._first, 1)
                scales.append(self._scales[self._first])
            columns.append(row)
        vector = _dependency(columns)
        if vector is None:
            return None
        equations: dict[int, Number] = {}
        own: dict[tuple[int, int], tuple[bool, Number]] = {}
        orders: list[tuple[str, Number]] = []
        bounds: list[tuple[int, int, Number]] = []
        total = 0
        for code, v in zip(support, vector, strict=True):
            if equation_at <= code < order_at:
                total += v * self._labels[(code - equation_at) >> k]
            elif code >= bound_at:
                total += v * self._labels[(code - bound_at) >> k]
        if not total:
            return None
        factor = 1 if total > 0 else -1
        for code, v, scale in zip(support, vector, scales, strict=True):
            m = factor * v * scale
            if not m:
                continue
            if equation_at <= code < order_at:
                equations[(code - equation_at) >> k] = m
            elif code >= bound_at:
                i, chosen = divmod(code - bound_at, 1 << k)
                bounds.append((i, chosen, m))
            elif m < 0:
                return None
            elif code < equation_at:
                i, j = divmod(code >> 1, k)
                own[i, j] = bool(code & 1), m
            else:
                orders.append((f"o{code - order_at + 1}", m))
        named: dict[tuple[int, int], bool] = {}
        for i, chosen, multiplier in bounds:
            for j, a in enumerate(self._signs):
                on = bool(chosen >> j & 1)
                if multiplier * a > 0 and known.get((i, j), named.setdefault((i, j), on)) != on:
                    return None
        found = self.written(equations, patterns, own, orders, known, named)
        if found is None or not bounds:
            return found
        literals, combination = found
        named = {**known, **{(i, j): on for i, j, on in literals}}
        items: dict[str, Number] = {}
        for item, multiplier in [*combination, *self._bounds(bounds, known, named)]:
            items[item] = items.get(item, 0) + multiplier
        return literals, [(item, multiplier) for item, multiplier in items.items() if multiplier]

    def _bounds(
        self,
        bounds: Sequence[tuple[int, int, Number]],
        facts: Mapping[tuple[int, int], bool],
        named: Mapping[tuple[int, int], bool],
    ) -> Iterator[tuple[str, Number]]:
        """The equation of a point as a bound on some neurons of a class: h - z takes away these, h the others.
        ``named``: the signs that a checker knows, whose neurons do not stand in the equation as h.
        """
        for i, chosen, m in bounds:
            yield f"e{i + 1}", m
            yield f"a{i + 1}", -m
            size = m if m > 0 else -m
            for j in range(self._k):
                inside, on = bool(chosen >> j & 1), named.get((i, j))
                if m * self._signs[j] > 0:
                    continue  # its sign is named, and the equation has it so
                if on is None:
                    yield f"{'g' if inside else 'h'}{j + 1}.{i + 1}", size
                elif on != inside:
                    strict = (i, j) in facts
                    yield f"{j + 1}{'<=' if not on else '>' if strict else '>='}{i + 1}", size

    def _put(self, row: list[int], j: int, i: int, factor: int) -> None:
        start = j * self._size
        for c, v in enumerate(self._rows[i]):
            row[start + c] += factor * v

    def written(
        self,
        equations: Mapping[int, Number],
        patterns: Mapping[int, int],
        own: dict[tuple[int, int], tuple[bool, Number]],
        orders: list[tuple[str, Number]],
        known: Mapping[tuple[int, int], bool],
        named: Mapping[tuple[int, int], bool] | None = None,
    ) -> tuple[tuple[SignLiteral, ...], Multipliers] | None:
        """The clause of multipliers: of equations under their patterns, of signs, by point and neuron, and of orders.
        None where a fact says the opposite of a sign. ``named``: signs that are to be literals in any case.
        """
        named = {place: on for place, on in (named or {}).items() if place not in known}
        literals: list[SignLiteral] = [(i, j, on) for (i, j), on in named.items()]
        items: list[tuple[str, Number]] = []

        def sign(i: int, j: int, on: bool, multiplier: Number) -> bool:
            """The sign is named, or a fact; False if a fact says the opposite."""
            fact = known.get((i, j))
            if (i, j) in named and named[i, j] != on:
                return False
            if fact is None and (i, j) not in named:
                literals.append((i, j, on))
            if multiplier:
                relation = "<=" if not on else ">=" if fact is None else ">"
                items.append((f"{j + 1}{relation}{i + 1}", multiplier))
            return fact is None or fact == on

        for i, m in equations.items():
            items += [(f"e{i + 1}", m), (f"a{i + 1}", -m)]
            size = m if m > 0 else -m
            for j, a in enumerate(self._signs):
                on = bool(patterns[i] >> j & 1)
                d = own.pop((i, j), (on, 0))[1]
                if (i, j) in known or (i, j) in named or m * a > 0 or d > size:
                    if not sign(i, j, on, d):
                        return None
                    continue
                weak, rest = f"h{j + 1}.{i + 1}", f"g{j + 1}.{i + 1}"
                for item, multiplier in ((weak, d), (rest, size - d)) if on else ((weak, size - d), (rest, d)):
                    if multiplier:
                        items.append((item, multiplier))
        for (i, j), (on, d) in own.items():
            if not sign(i, j, on, d):
                return None
        return tuple(literals), [*items, *orders]


def _dependency(rows: Sequence[Sequence[int]]) -> list[int] | None:
    """The multipliers of the rows whose sum is 0, if they are unique up to a factor."""
    import flint

    if not rows:
        return None
    basis, nullity = flint.fmpz_mat([list(column) for column in zip(*rows, strict=True)]).nullspace()
    if nullity != 1:
        return None
    vector = [int(basis[r, 0]) for r in range(len(rows))]
    divisor = gcd(*vector)
    return [v // divisor for v in vector] if divisor else None
