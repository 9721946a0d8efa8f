"""The exact values of a two-layer network at many points, in near-linear time in dimension 1 and 2.

In the plane a neuron is active above its line x_2 = h(x_1), or, mirrored, below it. Lines that do not cross
over the range of x_1 that is asked for form a chain: ordered by height at one end, they are ordered
everywhere, so the active ones at a point are an initial part of the chain, found by binary search, and their
sum is a prefix sum. The neurons are split greedily into the fewest chains; k neurons in c chains and n
points cost about k log k + n c log k operations, which for many chains degrades gracefully to k n. Vertical
lines and dimension 1 are chains of heights alone. From dimension 3 on the sum is taken neuron by neuron.
All of it runs on integers: neurons and points are scaled by their denominators first.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate
from math import lcm
from operator import mul

from certify.exact import Vector, lcm_denominator

#: weights, bias, coefficient
Unit = tuple[Vector, Fraction, Fraction]
#: A neuron's integers: its pre-activation up to a positive factor, and its summand while active; both are
#: coefficients of (x_1, ..., x_d, 1), the summand times the common denominator of the network.
Scaled = tuple[tuple[int, ...], tuple[int, ...]]
#: Homogeneous integer coordinates (X_1, ..., X_d, q) of the point (X_1/q, ..., X_d/q), q > 0.
Row = tuple[int, ...]

_ZERO = Fraction(0)


def ratios(units: Sequence[Unit], threshold: bool, points: Sequence[Vector]) -> list[tuple[int, int]]:
    """The value of the network at every point, as (numerator, denominator > 0), not in lowest terms."""
    denominator = _common_denominator(units, threshold)
    rows = [_row(point) for point in points]
    totals = [0] * len(rows)
    if rows and len(points[0]) == 1:
        _add_ladders(units, threshold, denominator, [(0, x, q) for x, q in rows], _ZERO, _ZERO, totals)
    elif rows and len(points[0]) == 2:
        abscissae = {point[0] for point in points}
        low, high = min(abscissae), max(abscissae)
        slanted = [unit for unit in units if unit[0][1]]
        vertical = [((unit[0][0],), unit[1], unit[2]) for unit in units if not unit[0][1]]
        _add_ladders(slanted, threshold, denominator, rows, low, high, totals)
        if vertical:
            level = [(0, x, q) for x, _, q in rows]
            _add_ladders(vertical, threshold, denominator, level, _ZERO, _ZERO, totals)
    else:
        _add_one_by_one(units, threshold, denominator, rows, totals)
    return [(total, denominator * row[-1]) for total, row in zip(totals, rows, strict=True)]


def _common_denominator(units: Sequence[Unit], threshold: bool) -> int:
    if threshold:
        return lcm_denominator(coefficient for _, _, coefficient in units)
    return lcm(*{lcm_denominator((*weights, bias, c)) for weights, bias, c in units})


def _row(point: Vector) -> Row:
    if len(point) == 2:  # the hot case: no generator, and q is mostly the denominator of one coordinate
        x, y = point
        p, q = x.denominator, y.denominator
        if p == q:
            return x.numerator, y.numerator, q
        common = lcm(p, q)
        return x.numerator * (common // p), y.numerator * (common // q), common
    common = lcm_denominator(point)
    return (*(x.numerator * (common // x.denominator) for x in point), common)


def _scaled(weights: Vector, unit: Unit, threshold: bool, denominator: int) -> Scaled:
    """``unit`` with ``weights`` (its own, perhaps mirrored or padded) as integers."""
    _, bias, coefficient = unit
    row = (*weights, bias)
    own = lcm_denominator(row)
    test = tuple(v.numerator * (own // v.denominator) for v in row)
    if threshold:
        height = coefficient.numerator * (denominator // coefficient.denominator)
        return test, (*(0,) * len(weights), height)
    # For a ReLU `own` times the coefficient's denominator, which is 1, divides the common denominator.
    factor = (denominator // own) * coefficient.numerator
    return test, tuple(v * factor for v in test)


def _add_one_by_one(
    units: Sequence[Unit], threshold: bool, denominator: int, rows: Sequence[Row], totals: list[int]
) -> None:
    for unit in units:
        test, summand = _scaled(unit[0], unit, threshold, denominator)
        for index, row in enumerate(rows):
            if sum(map(mul, test, row)) > 0:
                totals[index] += sum(map(mul, summand, row))


def _add_ladders(
    units: Sequence[Unit],
    threshold: bool,
    denominator: int,
    rows: Sequence[Row],
    low: Fraction,
    high: Fraction,
    totals: list[int],
) -> None:
    """Adds the units to ``totals``. Rows are (X, Y, q) with low <= X/q <= high.

    Weights are (u, v), or (v,) for u = 0; a unit with v = 0 must have u = 0, a constant.
    """
    for sign in (1, -1):
        ladder_units = [unit for unit in units if unit[0][-1] * sign > 0]
        if not ladder_units:
            continue
        # Mirrored at the x_1-axis, a neuron that is active below its line is active above it.
        mirrored = rows if sign == 1 else [(x, -y, q) for x, y, q in rows]
        scaled = []
        for unit in ladder_units:
            u = unit[0][0] if len(unit[0]) == 2 else _ZERO
            scaled.append(_scaled((u, unit[0][-1] * sign), unit, threshold, denominator))
        for chain in _chains(scaled, low, high):
            _climb(chain, mirrored, totals)
    for unit in units:
        if unit[0][-1] == 0 and unit[1] > 0:
            constant = _scaled((_ZERO, _ZERO), unit, threshold, denominator)[1][-1]
            for index, row in enumerate(rows):
                totals[index] += constant * row[-1]


def _chains(scaled: Sequence[Scaled], low: Fraction, high: Fraction) -> list[list[Scaled]]:
    """A partition into chains of lines whose heights never decrease anywhere from ``low`` to ``high``.

    Two lines do not cross in between iff their orders at both ends agree. Taking the lines by height at
    ``low`` and putting each on the chain with the highest possible last height at ``high`` gives the fewest
    chains.
    """

    def heights(entry: Scaled) -> tuple[Fraction, Fraction]:
        u, v, b = entry[0]
        at_low = Fraction(-u * low.numerator - b * low.denominator, v * low.denominator)
        at_high = Fraction(-u * high.numerator - b * high.denominator, v * high.denominator)
        return at_low, at_high

    keyed = [(heights(entry), entry) for entry in scaled]
    keyed.sort(key=lambda pair: pair[0])
    tails: list[Fraction] = []  # increasing; the last height at `high` of the chain at the same place
    chains: list[list[Scaled]] = []
    for (_, at_high), entry in keyed:
        place = bisect_right(tails, at_high) - 1
        if place < 0:
            tails.insert(0, at_high)
            chains.insert(0, [entry])
        else:
            tails[place] = at_high
            chains[place].append(entry)
    return chains


def _climb(chain: Sequence[Scaled], rows: Sequence[Row], totals: list[int]) -> None:
    """Adds to every total the active part of one chain: the entries with their line strictly below."""
    tests = [test for test, _ in chain]
    sums = [list(accumulate((summand[i] for _, summand in chain), initial=0)) for i in range(3)]
    sum_u, sum_v, sum_b = sums
    top = len(chain)
    at = 0
    for index, (x, y, q) in enumerate(rows):
        # Neighbouring points are often close: gallop away from the place of the last one, then halve.
        step = 1
        low, high = at, at
        while high < top:
            u, v, b = tests[high]
            if u * x + v * y + b * q <= 0:
                break
            low = high + 1
            high += step
            step += step
        else:
            high = top
        if low == at:
            # Nothing above is active, so the place is at or below the last one.
            step = 1
            while low > 0:
                u, v, b = tests[low - 1]
                if u * x + v * y + b * q > 0:
                    break
                high = low - 1
                low -= step
                step += step
            if low < 0:
                low = 0
        while low < high:
            middle = (low + high) >> 1
            u, v, b = tests[middle]
            if u * x + v * y + b * q > 0:
                low = middle + 1
            else:
                high = middle
        at = low
        totals[index] += sum_u[at] * x + sum_v[at] * y + sum_b[at] * q
