"""What the labels say of patterns: which values the sets of neurons that are on can have together.

A pattern is the set of the neurons that are on at a point, as a bit set; its value is the sum of their coefficients. A
lemma is a set of (pattern, value) that no coefficients have: a dependency of the patterns, as vectors of zeros and
ones, that the values do not share.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from itertools import permutations

Entry = tuple[int, Fraction]
Lemma = dict[Entry, Fraction]
"""Entries with multipliers m: sum m * pattern = 0, sum m * value != 0."""
ORDERS = 6
"""In so many orders are the entries of a model made a basis; each gives other dependencies."""
MOST_IMAGES = 24


def dependency(entries: Sequence[Entry], width: int) -> Iterator[Lemma]:
    """Lemmas among these entries: for each entry beyond a basis, taken in order, whose value is not as it should be.

    None if and only if there are coefficients with all these values.
    """
    # Reduced rows: lead, vector with 1 there, value, and how they are made of entries.
    reduced: list[tuple[int, list[Fraction], Fraction, Lemma]] = []
    for pattern, value in entries:
        vector = [Fraction(pattern >> j & 1) for j in range(width)]
        rest, made = value, {(pattern, value): Fraction(1)}
        for lead, row, known, how in reduced:
            factor = vector[lead]
            if factor:
                vector = [v - factor * w for v, w in zip(vector, row, strict=True)]
                rest -= factor * known
                for entry, m in how.items():
                    made[entry] = made.get(entry, Fraction(0)) - factor * m
        place = next((j for j, v in enumerate(vector) if v), None)
        if place is None:
            if rest:
                yield {entry: m for entry, m in made.items() if m}
            continue
        factor = 1 / vector[place]
        reduced.append((place, [v * factor for v in vector], rest * factor, {e: m * factor for e, m in made.items()}))


def lemmas(entries: Collection[Entry], width: int, rng: random.Random) -> list[Lemma]:
    """Some lemmas among these entries, short ones first; none if there are coefficients with all these values."""
    order = sorted(entries)
    found: dict[frozenset[Entry], Lemma] = {}
    for turn in range(ORDERS):
        if turn:
            rng.shuffle(order)
        for lemma in dependency(order, width):
            found.setdefault(frozenset(lemma), lemma)
        if not found:
            break
    return sorted(found.values(), key=lambda lemma: (len(lemma), sorted(lemma)))


def images(lemma: Lemma, width: int) -> list[Lemma]:
    """The lemma for neurons in other orders, itself among them, where there are not too many."""
    found: dict[frozenset[Entry], Lemma] = {frozenset(lemma): lemma}
    for number, order in enumerate(permutations(range(width))):
        if number >= MOST_IMAGES:
            break
        moved = {(permuted(pattern, order), value): m for (pattern, value), m in lemma.items()}
        found.setdefault(frozenset(moved), moved)
    return list(found.values())


def permuted(pattern: int, order: Sequence[int]) -> int:
    """Neuron j's bit at place order[j]."""
    return sum(1 << place for j, place in enumerate(order) if pattern >> j & 1)


def sums(width: int, values: Sequence[Fraction]) -> Iterator[Lemma]:
    """The lemmas of one, two and three entries: no neuron on has the value 0, a pattern has one value, and disjoint
    sets of neurons have the sum of their values.
    """
    one = Fraction(1)
    for value in values:
        if value:
            yield {(0, value): one}
    for pattern in range(1, 1 << width):
        for a, v in enumerate(values):
            for w in values[:a]:
                yield {(pattern, v): one, (pattern, w): -one}
    for first in range(1, 1 << width):
        for second in range(1, first):
            if first & second:
                continue
            for v in values:
                for w in values:
                    for x in values:
                        if x != v + w:
                            yield {(first, v): one, (second, w): one, (first | second, x): -one}
