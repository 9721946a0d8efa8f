"""All coefficients at once: what labels say of patterns, told to the solver of dichotomies as clauses.

Points with one pattern have one label, disjoint patterns add up, and in general a linear dependency of patterns holds
for their sums. The neurons are in the order of their signs at a few points.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, permutations, product

from certify.decide.threshold.dichotomies import Dichotomies, Signs
from certify.decide.threshold.flats import Entry, Flat, Lemma

CONFLICTS = 8_000
"""So many conflicts of the solver at most."""
ORDERS, TAKEN, MOST_IMAGES = 6, 8, 24
"""Entries that contradict each other are looked for in so many orders; so many lemmas of them are told at most, each
for so many orders of the neurons.
"""
MOST_SUMS = 80_000


def together(signs: Dichotomies, check: Callable[[], None], rng: random.Random) -> Signs | bool:
    """Signs of a network, or whether the solver, told of all this, refuted that there is one."""
    values = sorted(set(signs.values))
    if len(values) ** 3 * 3**signs.width > MOST_SUMS:
        return False
    signs.order_by_words()
    for lemma in small(signs.width, values):
        signs.tell(lemma)
    while True:
        answer = signs.ask((), check, max(CONFLICTS - signs.conflicts, 1))
        if not isinstance(answer, list):
            return answer is not None
        entries = signs.used(answer)
        found: dict[frozenset[Entry], Lemma] = {}
        for turn in range(ORDERS):
            if turn:
                rng.shuffle(entries)
            for lemma in contradictions(entries, signs.width):
                found.setdefault(frozenset(lemma.equations), lemma)
            if not found:
                return answer
        shortest = sorted(found.values(), key=lambda lemma: (len(lemma.equations), sorted(lemma.equations)))
        for lemma in shortest[:TAKEN]:
            for image in images(lemma, signs.width):
                signs.tell(image)


def contradictions(entries: Iterable[Entry], width: int) -> Iterator[Lemma]:
    """What says that no coefficients have all these entries; the entries are taken in the order in which they come."""
    flat = Flat.everything(width)
    for entry in entries:
        if flat.open(entry):
            flat = flat.also(entry)
        elif not flat.holds(entry):
            yield flat.against(entry)


def images(lemma: Lemma, width: int) -> Iterator[Lemma]:
    """The lemma, without an order, for neurons in other orders, itself first, where there are not too many."""
    for order in islice(permutations(range(width)), MOST_IMAGES):
        moved = {(_permuted(pattern, order), value): m for (pattern, value), m in lemma.equations.items()}
        yield Lemma(moved, {})


def _permuted(pattern: int, order: Sequence[int]) -> int:
    """Neuron j's bit at place order[j]."""
    return sum(1 << place for j, place in enumerate(order) if pattern >> j & 1)


def small(width: int, values: Sequence[int]) -> Iterator[Lemma]:
    """The lemmas of one, two and three entries: no neuron on has the sum 0, a pattern has one sum, and disjoint sets of
    neurons have the sum of their sums.
    """
    for value in values:
        if value:
            yield Lemma({(0, value): 1}, {})
    for pattern in range(1, 1 << width):
        for a, v in enumerate(values):
            for w in values[:a]:
                yield Lemma({(pattern, v): 1, (pattern, w): -1}, {})
    for first in range(1, 1 << width):
        for second in range(1, first):
            if first & second:
                continue
            for v, w, x in product(values, repeat=3):
                if x != v + w:
                    yield Lemma({(first, v): 1, (second, w): 1, (first | second, x): -1}, {})
