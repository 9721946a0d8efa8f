"""The losses of format v1, section 2: 0-1 (l0), absolute (l1) and squared (l2), exactly, and their best constants."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Literal, get_args

#: "exact" asks for the labels themselves; the others sum losses over the points and their copies.
Loss = Literal["exact", "l0", "l1", "l2"]
LOSSES: tuple[Loss, ...] = get_args(Loss)


def loss_between(loss: Loss, value: Fraction, label: Fraction) -> Fraction:
    """The loss of one value: |value - label| (l1), its square (l2), whether they differ (l0; "exact" likewise)."""
    gap = value - label
    if loss == "l1":
        return abs(gap)
    return gap * gap if loss == "l2" else Fraction(gap != 0)


def total(loss: Loss, values: Iterable[tuple[int, int]], labels: Sequence[Fraction], copies: Sequence[int]) -> Fraction:
    """sum_i copies_i * loss(values_i, labels_i), the values given as (numerator, denominator > 0)."""
    result = Fraction(0)
    # One denominator is common to many points: sums of integers, one fraction for each.
    sums: dict[int, int] = {}
    for (above, below), label, count in zip(values, labels, copies, strict=True):
        gap = abs(above * label.denominator - label.numerator * below)
        if not gap:
            continue
        if loss in ("exact", "l0"):
            result += count
            continue
        whole = below * label.denominator
        if loss == "l2":
            gap, whole = gap * gap, whole * whole
        sums[whole] = sums.get(whole, 0) + count * gap
    return sum((Fraction(gap, whole) for whole, gap in sums.items()), result)


def best_constant(loss: Loss, labels: Sequence[Fraction], copies: Sequence[int]) -> tuple[Fraction, Fraction | None]:
    """The least sum of losses that one value v has against all the labels, and v where it is the only one.

    l1: a weighted median, l2: the weighted mean, l0: a most frequent label. Needs one label at least.
    """
    if loss == "l2":
        mean = sum((label * count for label, count in zip(labels, copies, strict=True)), Fraction(0)) / sum(copies)
        candidates = [mean]
    else:
        candidates = sorted(set(labels))
    costs = [
        sum((count * loss_between(loss, v, label) for label, count in zip(labels, copies, strict=True)), Fraction(0))
        for v in candidates
    ]
    least = min(costs)
    # l1: the sum is convex and piecewise linear with its corners at labels, so minima at no two labels: one minimum.
    best = [v for v, cost in zip(candidates, costs, strict=True) if cost == least]
    return least, best[0] if len(best) == 1 else None
