"""The plane of two parallel lines, and where in it a point is, in integers (rule 3 of format v1, 6.6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from operator import mul

from certify.decide.refute.geometry import Line


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
