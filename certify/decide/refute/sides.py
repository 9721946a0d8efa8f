"""On which side of c_a t_A + c_b t_B a number m is, for many at once: rule 3 of the format (6.6), in floats with exact
integers where those do not tell.

The integers are long, so arrays of them are slow; but nearly everywhere the two numbers are far apart, and a float sum
with a bound on its error says which is larger. Where the error could matter Python's integers are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from certify.decide.refute.knowledge import Knowledge, Pair

ERROR = 2.0**-49
"""More than the relative error of the float sum: three terms, each of at most four roundings."""
TINY = 1e-290
"""More than what underflow takes away."""


@dataclass
class Ends:
    """Bounds of the breaks of some neurons on one line: integers, None where missing; floats: those over the length of
    the line, NaN where missing.
    """

    integers: list[int | None]
    floats: Any

    @classmethod
    def of(cls, knowledge: Knowledge, line: int, neurons: Sequence[int], upper: bool) -> Ends:
        positions = knowledge.positions[line]
        ends = (knowledge.high if upper else knowledge.low)[line]
        integers = [None if (t := ends.get(j)) is None else positions[t] for j in neurons]
        length = positions[-1]
        return cls(integers, np.array([np.nan if end is None else end / length for end in integers]))


Choice = tuple[int | None, int | None]
"""An end on a line for factors that are not negative, and one for those that are; None where it is missing."""


@dataclass
class Rule:
    """A pair at some points: its coefficients as integers (None off its plane) and as floats, scaled for the floats of
    ``Ends``, NaN off the plane; error: more than how far off a sum of them is; lengths: of the two lines.
    """

    pair: Pair
    lengths: tuple[int, int]
    integers: list[tuple[int, int, int] | None]
    a: Any
    b: Any
    m: Any
    error: Any

    @classmethod
    def of(cls, knowledge: Knowledge, pair: Pair, points: Sequence[int]) -> Rule:
        integers = [knowledge.coefficients(pair, i) for i in points]
        one, two = (knowledge.positions[n][-1] for n in (pair.first, pair.second))
        floats: Any = np.full((3, len(points)), np.nan)
        for t, found in enumerate(integers):
            if found is not None:
                terms = found[0] * one, found[1] * two, found[2]
                largest = max(map(abs, terms))
                # 0 is for what is 0 alone: there an end is not needed.
                floats[:, t] = [(term / largest or (TINY if term > 0 else -TINY)) if term else 0.0 for term in terms]
        error = np.abs(floats).sum(axis=0) * ERROR + TINY
        return cls(pair, (one, two), integers, floats[0], floats[1], floats[2], error)

    def across(self, t: int, ends: tuple[Ends, Ends], start: int, stop: int) -> Any:
        """The sign of m - (c_a t_A + c_b t_B) at point t for the ends at start .. stop - 1; NaN where one is missing.

        The point must be in the plane.
        """
        one, two = ends
        c_a, c_b, m = self.integers[t] or (0, 0, 0)

        def exact(n: int) -> int:
            return m - c_a * (one.integers[start + n] or 0) - c_b * (two.integers[start + n] or 0)

        first = self.a[t] * one.floats[start:stop] if c_a else 0.0
        second = self.b[t] * two.floats[start:stop] if c_b else 0.0
        return _signs(self.m[t] - first - second, self.error[t], exact)

    def along(self, places: Any, one: Choice, two: Choice) -> Any:
        """The sign of m - (c_a t_A + c_b t_B) at points (an array of places) for one neuron; NaN off the plane and
        where an end that is needed is missing.
        """
        first, second = (
            factor[places] * _chosen(factor[places], choice, length)
            for factor, choice, length in ((self.a, one, self.lengths[0]), (self.b, two, self.lengths[1]))
        )

        def exact(n: int) -> int:
            c_a, c_b, m = self.integers[places[n]] or (0, 0, 0)
            t_a, t_b = one[c_a < 0] or 0, two[c_b < 0] or 0
            return m - c_a * t_a - c_b * t_b

        return _signs(self.m[places] - first - second, self.error[places], exact)


def _chosen(factor: Any, choice: Choice, length: int) -> Any:
    """The one end where the factor is not negative, the other where it is, over the length of the line."""
    one, two = (np.nan if end is None else end / length for end in choice)
    if one == two:
        return one
    found = np.where(factor >= 0, one, two)
    return np.where(factor == 0, 0.0, found) if None in choice else found


def _signs(values: Any, error: Any, exact: Callable[[int], int]) -> Any:
    """1, 0 or -1; NaN where the value is. exact: the number at a place, times something positive."""
    found = np.sign(values)
    for n in np.flatnonzero(np.abs(values) <= error):
        value = exact(int(n))
        found[n] = (value > 0) - (value < 0)
    return found
