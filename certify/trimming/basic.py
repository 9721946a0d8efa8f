"""Combinations over fewer items: a basic solution of the linear program over the same items, where there is one."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

import flint

from certify.decide.refute.farkas import CONSTANT, Column, Contradictions
from certify.exact import render
from certify.verify import EQUAL, STRICT, VALUED, Lit, Row, bits

if TYPE_CHECKING:
    from certify.trimming.strengthen import Strengthening


def smaller_support(
    split: Strengthening,
    clause: Sequence[Lit],
    items: Sequence[str],
    solver: Contradictions,
    derived: int | None = None,
) -> list[str] | None:
    """A contradictory combination over fewer of the items; None where the multipliers are unique up to a factor (then
    none can be left out), or where none is found.

    The rows of the items are taken from the checker, with the negated clause assumed. ``derived``: the definition of a
    step ``e``, whose items add up to 0 = 0; with another value in place of its own they are contradictory.
    """
    if len(items) < 2:
        return None
    names = [item.rsplit(":", 1)[0] for item in items]
    parsed = split.items([f"{name}:1" for name in names])
    split.assume(*map(split.negate, clause))
    try:
        rows = [split.combine([item], derived) for item in parsed]
    finally:
        split.end()
    if derived is not None:
        at = next(n for n, item in enumerate(parsed) if item[0] == VALUED and item[2] == derived)
        rows[at] = rows[at]._replace(constant=rows[at].constant + rows[at].denominator)
    columns = [
        Column(name, coefficients, row.relation == EQUAL, row.relation == STRICT)
        for name, row, coefficients in zip(names, rows, _coefficients(split, rows), strict=True)
    ]
    if _unique(columns):
        return None
    found = solver.find(columns)
    if found is None or len(found) >= len(items):
        return None
    return [f"{name}:{render(m)}" for name, m in found]


def _coefficients(split: Strengthening, rows: Sequence[Row]) -> list[dict[int, Fraction]]:
    """The rows over common unknowns. Of neurons that no row tells apart one stands for all.

    A row keeps what many neurons have alike as bit sets with a vector (verify.Row). Neurons in the same bit sets, of
    one class, and without terms of their own have equal coefficients in all rows.
    """
    single = 0
    for row in rows:
        for key in row.terms:
            j = key // split.stride
            if 0 < j <= split.k:
                single |= 1 << j
    cells = [split.members["+"] & ~single, split.everyone & ~split.members["+"] & ~single]
    cells += [1 << j for j in bits(single)]
    for row in rows:
        for mask, _ in row.parts:
            cells = [part for cell in cells for part in (cell & mask, cell & ~mask) if part]
    places = [(cell, (cell & -cell).bit_length() - 1) for cell in cells if cell]
    result = []
    for row in rows:
        # Key 0 may be an unknown, and CONSTANT is no key of one: both are shifted.
        values = {_key(key): Fraction(x, row.denominator) for key, x in row.terms.items()}
        for mask, vector in row.parts:
            for cell, j in places:
                if cell & mask:
                    sign = 1 if j <= split.positive else -1
                    for key, x in enumerate(vector, j * split.stride + split.shift):
                        values[_key(key)] = values.get(_key(key), Fraction(0)) + Fraction(sign * x, row.denominator)
        result.append({key: x for key, x in values.items() if x} | {CONSTANT: Fraction(row.constant, row.denominator)})
    numbers = {key: n for n, key in enumerate(sorted({key for values in result for key in values} - {CONSTANT}))}
    return [{numbers.get(key, CONSTANT): x for key, x in values.items()} for values in result]


def _key(key: int) -> int:
    """The unknowns' keys, all of them not negative."""
    return 2 * key if key >= 0 else -2 * key - 1


def _unique(columns: Sequence[Column]) -> bool:
    """Whether the multipliers that cancel all unknowns are unique up to a factor."""
    unknowns = sorted({key for column in columns for key in column.coefficients} - {CONSTANT})
    if not unknowns:
        return len(columns) < 2
    scales = [lcm(*(x.denominator for x in column.coefficients.values())) for column in columns]
    matrix = flint.fmpz_mat(
        [
            [int(column.coefficients.get(key, 0) * scale) for column, scale in zip(columns, scales, strict=True)]
            for key in unknowns
        ]
    )
    return int(matrix.rank()) >= len(columns) - 1

