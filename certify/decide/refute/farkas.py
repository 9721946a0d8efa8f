"""Exact contradictions between linear rows: a float LP guesses the support, exact arithmetic confirms it.

A column is one row R of the theory, `R = 0`, `R >= 0` or `R > 0`. A contradiction is a list of multipliers
whose sum cancels every unknown and leaves a false constant (Farkas' lemma; Motzkin's for the strict rows).
HiGHS minimises the weighted sum of the multipliers, so supports are small and avoid heavy columns (the
assumed literals); the multipliers themselves come from an exact integer null space (FLINT), and from an
exact simplex method or Z3 where the guess does not hold. The solvers are imported where they are used: many questions
need none.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import gcd, lcm
from typing import TYPE_CHECKING, Any

from certify import lp

if TYPE_CHECKING:
    import highspy
    import z3

Combination = list[tuple[str, Fraction]]
Multipliers = Sequence[tuple[str, Fraction | int]]
"""The same, to be written."""
CONSTANT = -1
"""The key of a row's constant term."""

FEW_UNKNOWNS, FEW_COLUMNS = 40, 120
"""Exact pivots on so many unknowns take less time than a solver's start."""


@dataclass
class Column:
    """item: its name in a proof; coefficients: unknown -> value, CONSTANT for the constant; strict rows are >
    0.
    """

    item: str
    coefficients: dict[int, Fraction]
    equality: bool
    strict: bool = False
    weight: float = 1.0

    @cached_property
    def floats(self) -> tuple[list[int], list[float], float]:
        """Unknowns, coefficients and constant for the float LP, divided by the largest of them."""
        shrink = 1 / float(max((abs(v) for v in self.coefficients.values()), default=Fraction(1)))
        unknowns = [key for key in self.coefficients if key != CONSTANT]
        values = [float(self.coefficients[key]) * shrink for key in unknowns]
        return unknowns, values, float(self.coefficients.get(CONSTANT, 0)) * shrink


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps the banner that HiGHS prints on construction, before it can be told not to, off standard output."""
    sys.stdout.flush()
    saved = os.dup(1)
    try:
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, 1)
        os.close(sink)
        yield
    finally:
        os.dup2(saved, 1)
        os.close(saved)


def quiet_solver() -> highspy.Highs:
    """HiGHS for many small linear programs: silent, on one thread, the same at every run."""
    import highspy

    with _quiet():
        solver = highspy.Highs()
    solver.silent()
    solver.setOptionValue("presolve", "off")
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 0)
    return solver


class Contradictions:
    """Finds contradictions; one solver object serves many small systems."""

    def __init__(self) -> None:
        self.solved = 0
        self.fallbacks = 0

    def __reduce__(self) -> tuple[type[Contradictions], tuple[()]]:
        return Contradictions, ()

    @cached_property
    def _highs(self) -> Any:
        return quiet_solver()

    def find(self, columns: Sequence[Column], surely: bool = False) -> Combination | None:
        """Multipliers that make the columns contradictory, or None where the float LP sees none.

        ``surely``: where it sees none an exact solver is asked, too. In data for thousands of neurons coordinates
        differ by factors beyond the LP's tolerances, and a contradiction in them is not seen.
        """
        support = self._guess(columns)
        if support is None:
            return exactly(columns) if surely else None
        exact = confirm([columns[i] for i in support])
        if exact is None:
            self.fallbacks += 1
            exact = exactly([columns[i] for i in support]) or exactly(columns)
        return exact

    def _guess(self, columns: Sequence[Column]) -> list[int] | None:
        import highspy
        import numpy as np

        self.solved += 1
        # Row 0: -C + strict weight >= 1; row 1: -C >= 0; row u + 2: unknown u cancels.
        starts: list[int] = [0]
        index: list[int] = []
        value: list[float] = []
        cost: list[float] = []
        origin: list[int] = []
        rows = 2
        for i, column in enumerate(columns):
            unknowns, values, constant = column.floats
            shifted = [u + 2 for u in unknowns]
            if shifted:
                rows = max(rows, max(shifted) + 1)
            for direction in (1.0, -1.0) if column.equality else (1.0,):
                first = -constant * direction + (1.0 if column.strict else 0.0)
                if first:
                    index.append(0)
                    value.append(first)
                if constant:
                    index.append(1)
                    value.append(-constant * direction)
                index += shifted
                value += values if direction > 0 else [-v for v in values]
                starts.append(len(index))
                cost.append(column.weight)
                origin.append(i)
        inf = highspy.kHighsInf
        lp = highspy.HighsLp()
        lp.num_col_ = len(cost)
        lp.num_row_ = rows
        lp.col_cost_ = np.array(cost)
        lp.col_lower_ = np.zeros(len(cost))
        lp.col_upper_ = np.full(len(cost), inf)
        lower = np.zeros(rows)
        lower[0] = 1.0
        upper = np.zeros(rows)
        upper[:2] = inf
        lp.row_lower_ = lower
        lp.row_upper_ = upper
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.array(starts, dtype=np.int32)
        lp.a_matrix_.index_ = np.array(index, dtype=np.int32)
        lp.a_matrix_.value_ = np.array(value)
        self._highs.passModel(lp)
        self._highs.run()
        decided = highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible
        if self._highs.getModelStatus() not in decided:
            # Numbers of very different sizes; presolve, too slow for the many easy ones, often scales them well enough.
            self._highs.setOptionValue("presolve", "on")
            self._highs.clearSolver()
            self._highs.run()
            self._highs.setOptionValue("presolve", "off")
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = self._highs.getSolution().col_value
        return sorted({origin[i] for i, v in enumerate(solution) if v > 1e-9})


def contradictory(columns: Sequence[Column], multipliers: Sequence[Fraction]) -> bool:
    """The exact test of format v1, 6.8."""
    total: dict[int, Fraction] = {}
    strict = False
    equality = True
    for column, m in zip(columns, multipliers, strict=True):
        if m == 0:
            continue
        if not column.equality:
            equality = False
            if m < 0:
                return False
            strict = strict or column.strict
        for key, v in column.coefficients.items():
            total[key] = total.get(key, Fraction(0)) + m * v
    constant = total.pop(CONSTANT, Fraction(0))
    if any(total.values()):
        return False
    if equality:
        return constant != 0
    return constant < 0 or (strict and constant <= 0)


def confirm(columns: Sequence[Column]) -> Combination | None:
    """The multipliers on exactly these columns where they are unique up to scale, checked exactly."""
    scales = [lcm(*(v.denominator for v in c.coefficients.values())) for c in columns]
    unknowns = sorted({key for c in columns for key in c.coefficients if key != CONSTANT})
    if not columns:
        return None
    if not unknowns:
        vector = [1] if len(columns) == 1 else None
    else:
        # At a vertex of the LP the constant may vanish as well (a strict contradiction): one more equation.
        vector = _unique(columns, scales, unknowns) or _unique(columns, scales, [*unknowns, CONSTANT])
    if vector is None:
        return None
    divisor = gcd(*vector)
    if divisor == 0:
        return None
    multipliers = [Fraction(v * s, divisor) for v, s in zip(vector, scales, strict=True)]
    for sign in (1, -1):
        signed = [sign * m for m in multipliers]
        if contradictory(columns, signed):
            return [(c.item, m) for c, m in zip(columns, signed, strict=True) if m]
    return None


def _unique(columns: Sequence[Column], scales: Sequence[int], unknowns: Sequence[int]) -> list[int] | None:
    """The multipliers (of the scaled columns) that cancel the unknowns, if they are unique up to a factor."""
    import flint

    matrix = flint.fmpz_mat(
        [
            [int(c.coefficients.get(key, 0) * s) for c, s in zip(columns, scales, strict=True)]
            for key in unknowns
        ]
    )
    basis, nullity = matrix.nullspace()
    if nullity != 1:
        return None
    return [int(basis[i, 0]) for i in range(len(columns))]


def exactly(columns: Sequence[Column]) -> Combination | None:
    """Multipliers that make the columns contradictory, if there are any: for few unknowns by our own simplex method."""
    unknowns = len({key for column in columns for key in column.coefficients})
    return by_simplex(columns) if unknowns <= FEW_UNKNOWNS and len(columns) <= FEW_COLUMNS else by_z3(columns)


def by_simplex(columns: Sequence[Column]) -> Combination | None:
    """Multipliers y of a basic solution of y A = 0, -y c >= 0, y (strict - c) = 1, light columns preferred."""
    unknowns = sorted({key for column in columns for key in column.coefficients if key != CONSTANT})
    signed = [(i, sign) for i, c in enumerate(columns) for sign in ((1, -1) if c.equality else (1,))]
    signed.sort(key=lambda entry: columns[entry[0]].weight)
    # The last row is the slack of -y c >= 0.
    rows = [(*(Fraction(0) for _ in unknowns), Fraction(-1))]
    rhs = [Fraction(0)]
    for i, sign in signed:
        values = columns[i].coefficients
        constant = sign * values.get(CONSTANT, Fraction(0))
        rows.append((*(sign * values.get(key, Fraction(0)) for key in unknowns), -constant))
        rhs.append(int(columns[i].strict) - constant)
    found = lp.multipliers(rows, rhs)
    if found is None:
        return None
    total = [Fraction(0)] * len(columns)
    for (i, sign), m in zip(signed, found[1:], strict=True):
        total[i] += sign * m
    if not contradictory(columns, total):
        return None
    return [(c.item, m) for c, m in zip(columns, total, strict=True) if m]


def by_z3(columns: Sequence[Column]) -> Combination | None:
    """The same question put to Z3's exact simplex: used where the float guess was not good enough."""
    import z3

    # Of its own: in a context that others have used the multipliers would depend on what they did.
    context = z3.Context()
    solver = z3.SolverFor("QF_LRA", ctx=context)
    solver.set("timeout", 20_000)
    names = [z3.Real(f"m{i}", context) for i in range(len(columns))]
    sums: dict[int, list[z3.ArithRef]] = {}
    strict = []
    for name, column in zip(names, columns, strict=True):
        if not column.equality:
            solver.add(name >= 0)
        if column.strict:
            strict.append(name)
        for key, v in column.coefficients.items():
            sums.setdefault(key, []).append(z3.Q(v.numerator, v.denominator, context) * name)
    constant = z3.Sum(sums.pop(CONSTANT, [z3.RealVal(0, context)]))
    for terms in sums.values():
        solver.add(z3.Sum(terms) == 0)
    solver.add(constant <= 0, -constant + z3.Sum([z3.RealVal(0, context), *strict]) >= 1)
    if solver.check() != z3.sat:
        return None
    model = solver.model()
    values = []
    for name in names:
        v = model.eval(name, model_completion=True)
        values.append(Fraction(v.numerator_as_long(), v.denominator_as_long()))
    if not contradictory(columns, values):
        return None
    return [(c.item, m) for c, m in zip(columns, values, strict=True) if m]
