"""The parts of the search for threshold networks: flats of coefficients, likely ones, what the solver says is needed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from fractions import Fraction
from itertools import combinations, combinations_with_replacement, pairwise, product
from math import log

import pytest

from certify import lp
from certify.decide.threshold.dichotomies import Dichotomies, Necessity
from certify.decide.threshold.flats import Entry, Flat, Lemma
from certify.decide.threshold.likely import likely
from certify.decide.threshold.search import Again, Branch, Corner, Search
from certify.decide.threshold.together import contradictions, images, small


def total(lemma: Lemma, width: int) -> tuple[list[int], int]:
    """The coefficients and the constant of the combination that a lemma is."""
    vector, constant = [0] * width, 0
    for (pattern, value), m in lemma.equations.items():
        constant -= m * value
        for j in range(width):
            vector[j] += m * (pattern >> j & 1)
    for j, m in lemma.orders.items():
        assert m > 0
        vector[j] -= m
        vector[j + 1] += m
    return vector, constant


def contradictory(lemma: Lemma, width: int) -> bool:
    vector, constant = total(lemma, width)
    return not any(vector) and (constant < 0 if lemma.orders else constant != 0)


def in_order(path: Iterable[Entry], width: int) -> bool:
    """Whether coefficients in order have these sums, by a linear program of the tests' own."""
    rows, rhs = [], []
    for pattern, value in path:
        row = tuple(Fraction(pattern >> j & 1) for j in range(width))
        rows += [row, tuple(-x for x in row)]
        rhs += [Fraction(value), Fraction(-value)]
    for j in range(width - 1):
        rows.append(tuple(Fraction((i == j + 1) - (i == j)) for i in range(width)))
        rhs.append(Fraction(0))
    return not rows or lp.feasible(rows, rhs) is not None


def test_flats_say_what_is_left_of_coefficients() -> None:
    rng = random.Random("flats")
    seen = Counter[str]()
    for _ in range(600):
        width = rng.randint(1, 5)
        flat = Flat.everything(width)
        while flat.dimension or rng.random() < 0.8:
            entry = rng.randrange(1 << width), rng.randint(-3, 3)
            if flat.open(entry):
                flat = flat.also(entry)
                assert entry in flat.path and flat.dimension == width - len(flat.path)
                assert all(map(flat.holds, flat.path))
                orders = flat.unsorted()
                if len(flat.path) > 1 or orders is not None:
                    assert (orders is None) == in_order(flat.path, width)
                if orders is not None:
                    lemma = flat.out_of_order(orders)
                    assert contradictory(lemma, width) and set(lemma.equations) <= set(flat.path)
                    seen["out of order"] += 1
                    break
            elif flat.holds(entry):
                made = flat.made_of(entry[0])
                assert set(made) <= set(flat.path)
                assert sum(m * value for (_, value), m in made.items()) == entry[1] * flat.denominator
                seen["holds"] += 1
            else:
                lemma = flat.against(entry)
                assert contradictory(lemma, width) and set(lemma.equations) <= {*flat.path, entry}
                seen["against"] += 1
        if not flat.dimension and all(map(flat.holds, flat.path)):
            coefficients = flat.coefficients()
            sums = [sum((a for j, a in enumerate(coefficients) if p >> j & 1), Fraction(0)) for p in range(1 << width)]
            assert [v if v.denominator == 1 else None for v in sums] == flat.fixed
            seen["fractions"] += any(v.denominator > 1 for v in sums)
    assert seen.pop("fractions") > 2 and min(seen.values()) > 20 and len(seen) == 3, seen


@pytest.mark.parametrize("values", [{0: 3, 1: 5}, {-2: 1, 1: 4, 3: 2}, {5: 1}, {0: 2}, {1: 1, 2: 1, 4: 1, 8: 1, 7: 3}])
@pytest.mark.parametrize("width", [1, 2, 3])
def test_likely_coefficients_have_all_labels_as_sums(values: dict[int, int], width: int) -> None:
    """Against all choices of differences of labels."""
    single = sorted({v - w for v in {*values, 0} for w in {*values, 0}} - {0})
    expected = {}
    for chosen in combinations_with_replacement(single, width):
        ways = Counter(sum(part) for size in range(width + 1) for part in combinations(chosen, size))
        if all(ways[value] for value in values):
            expected[chosen] = sum(number * log(ways[value]) for value, number in values.items())
    found = likely(values, width, 10_000)
    assert set(found) == set(expected)
    promises = [expected[chosen] for chosen in found]
    assert all(a >= b - 1e-9 for a, b in pairwise(promises))
    assert likely(values, width, 2) == found[:2]


def test_large_labels_are_no_likely_sums() -> None:
    assert likely({10**30: 1}, 2, 10) == []
    assert likely({10**15: 1, 0: 1}, 2, 10)


@pytest.mark.parametrize("seed", range(12))
def test_what_is_needed_is_used_by_all(seed: int) -> None:
    """Points on a line, two neurons: every pair of half-lines without the given entries breaks the claim, or has one."""
    rng = random.Random(seed)
    count, width = 5, 2
    points = [(Fraction(x),) for x in range(count)]
    values = [rng.randint(0, 2) for _ in points]
    sides = {tuple((x > cut) == up for x in range(count)) for cut in range(-1, count) for up in (True, False)}
    with closing(Dichotomies(points, values, width, 0)) as signs:
        needed = []
        for _ in range(12):
            false = [(p, v) for p in range(4) for v in set(values) if rng.random() < 0.6]
            answer = signs.ask(false, lambda: None)
            free = [on for on in product(sides, repeat=width) if not used(signs, on) & set(false)]
            if isinstance(answer, Necessity):
                assert not free and answer.entries <= set(false)
                needed.append(answer)
            else:
                assert answer is not None and tuple(zip(*answer, strict=True)) in free
        for necessity in needed:
            for on in product(sides, repeat=width):
                assert necessity.entries & used(signs, on)
        if needed:
            proof = signs.refutation(needed)
            assert proof.steps and len(proof.used_axioms) <= len(signs.reasons) + 1


def used(signs: Dichotomies, on: tuple[tuple[bool, ...], ...]) -> set[Entry]:
    return set(signs.used([list(row) for row in zip(*on, strict=True)]))


def test_small_lemmas_contradict_and_so_do_images() -> None:
    for lemma in small(3, [0, 1, 3]):
        assert contradictory(lemma, 3)
    rng = random.Random("lemmas")
    wrong = 0
    for _ in range(200):
        width = rng.randint(1, 4)
        weights = [rng.randint(-2, 2) for _ in range(width)]
        entries = {
            (p, sum(w for j, w in enumerate(weights) if p >> j & 1)) for p in rng.choices(range(1 << width), k=5)
        }
        assert not list(contradictions(sorted(entries), width))
        pattern = rng.choice(sorted(entries))[0]
        for lemma in contradictions(sorted((p, v + (p == pattern)) for p, v in entries), width):
            wrong += 1
            for image in images(lemma, width):
                assert contradictory(image, width)
    assert wrong > 50


def test_the_tree_names_reasons_of_all_kinds() -> None:
    """Random labels in the plane: the tree has corners, branches and entries that were refuted before."""
    rng = random.Random("tree")
    points = [tuple(map(Fraction, p)) for p in {(rng.randint(-6, 6), rng.randint(-6, 6)) for _ in range(12)}]
    labels = [Fraction(rng.randint(-2, 2), 3) for _ in points]
    with closing(Search(points, labels, 3, 0)) as search:
        assert search.run(lambda: None) is None and search.root is not None and not search.root.reason
        kinds = Counter[type]()
        left = [search.root]
        while left:
            node = left.pop()
            kinds[type(node)] += 1
            if isinstance(node, Branch):
                assert node.lemmas.keys() | node.others.keys() == node.necessity.entries
                assert all(contradictory(lemma, 3) for lemma in node.lemmas.values())
                assert all(entry in other.reason for entry, other in node.others.items())
                left += node.others.values()
        assert set(kinds) == {Corner, Branch, Again}
