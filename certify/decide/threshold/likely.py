"""Coefficients that are worth a try: those of which the labels are sums, in as many ways as possible.

A guess, for the sake of a quick network: single coefficients are differences of labels (of two points that are
divided by one neuron), or labels, and all choices of k of them are looked at at once, in machine integers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import chain, combinations_with_replacement
from math import comb

import numpy as np
from numpy.typing import NDArray

MOST_CHOICES, BLOCK = 60_000, 4_096
"""So many choices of coefficients are looked at, so many at once; of more single coefficients the frequent ones are
taken.
"""


def likely(number: Mapping[int, int], width: int, most: int) -> list[tuple[int, ...]]:
    """At most so many choices of coefficients, increasing ones, the most promising first. ``number``: how many points
    have a value.

    All values are sums of subsets. If the points chose their subsets at random, the chance that all have their label
    grows with the product, over the points, of the number of subsets that have it.
    """
    values = sorted(number)
    if not width or len(values) > 1 << width or max(map(abs, values)) >= 2**62 // (2 * width):
        return []
    frequent = Counter[int]()
    for v in {*values, 0}:
        for w in {*values, 0}:
            if v != w:
                frequent[v - w] += number.get(v, 1) * number.get(w, 1)
    single = [value for value, _ in sorted(frequent.items(), key=lambda item: (-item[1], abs(item[0]), item[0]))]
    while comb(len(single) + width - 1, width) > MOST_CHOICES:
        single.pop()
    choices = combinations_with_replacement(sorted(single), width)
    chosen = np.fromiter(chain.from_iterable(choices), dtype=np.int64).reshape(-1, width)
    blocks = [_promise(chosen[start : start + BLOCK], number) for start in range(0, len(chosen), BLOCK)]
    promise = np.concatenate([np.zeros(0), *blocks])
    order = np.argsort(-promise, kind="stable")[:most]
    return [tuple(row) for row in chosen[order[np.isfinite(promise[order])]].tolist()]


def _promise(chosen: NDArray[np.int64], number: Mapping[int, int]) -> NDArray[np.float64]:
    """The logarithm of the product of each choice, by row; minus infinity if a value is no sum."""
    sums = np.zeros((len(chosen), 1), dtype=np.int64)
    for j in range(chosen.shape[1]):
        sums = np.concatenate([sums, sums + chosen[:, j : j + 1]], axis=1)
    promise = np.zeros(len(chosen))
    for value, points in number.items():
        with np.errstate(divide="ignore"):
            promise += points * np.log((sums == value).sum(axis=1))
    return promise
