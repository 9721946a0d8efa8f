"""Derivations with fewer lemmas: what is left follows by unit propagation, and no more is written than before."""

import random

import pytest

from certify.decide.lrat import LratProof
from certify.decide.refute.lemmas import Lemma, fewer, propagated
from certify.decide.sat import solve


def holds(axioms: list[list[int]], lemmas: dict[int, Lemma]) -> bool:
    """Whether every lemma follows by its hints, one after the other, and the last one is the empty clause."""
    known = {n: clause for n, clause in enumerate(axioms, start=1)}
    for number, lemma in lemmas.items():
        true = {-a for a in lemma.clause}
        for hint in lemma.hints:
            rest = [a for a in known[hint] if -a not in true]
            if len(rest) > 1:
                return False
            if not rest:
                break
            true.add(rest[0])
        else:
            return False
        known[number] = lemma.clause
    return not lemma.clause


def random_clauses(seed: int) -> list[list[int]]:
    rng = random.Random(seed)
    return [[rng.choice((1, -1)) * v for v in rng.sample(range(1, 13), 3)] for _ in range(120)]


def test_a_lemma_that_propagation_finds_by_itself_is_left_out() -> None:
    axioms = [[1], [-1, 2], [-2, 3], [-3]]
    lemmas = {5: Lemma([2], [1, 2]), 6: Lemma([3], [5, 3]), 7: Lemma([], [6, 4])}
    assert holds(axioms, lemmas)
    assert fewer(axioms, lemmas) == {7: Lemma([], [1, 2, 3, 4])}


def test_a_lemma_that_saves_text_stays() -> None:
    axioms = [[-1, 2], [-2, 3], [-3, 4], [-4, 5], [-5, 6], [-6, 7], [-7, -1], [1, 8], [1, -8]]
    lemmas = {10: Lemma([-1], [1, 2, 3, 4, 5, 6, 7]), 11: Lemma([], [10, 8, 9])}
    # Without -1 nothing propagates: a choice is behind it.
    assert fewer(axioms, lemmas) == lemmas


def test_only_what_the_conflict_rests_on_is_a_hint() -> None:
    clauses = {1: [5], 2: [1], 3: [-5, 6], 4: [-1, 2], 5: [-2]}
    assert propagated(clauses, []) == [2, 4, 5]
    assert propagated(clauses, [-6]) == [2, 4, 5]
    assert propagated({1: [1, 2], 2: [-1, 2]}, []) is None
    assert propagated({1: [1, 2], 2: [-1, 2]}, [2]) == [1, 2]


@pytest.mark.parametrize("seed", range(8))
def test_refutations_by_a_solver_become_no_longer(seed: int) -> None:
    axioms = random_clauses(seed)
    proof = solve(axioms, apart=False)
    assert isinstance(proof, LratProof)
    given = {number: Lemma(list(clause), list(hints)) for number, clause, hints in proof.additions()}
    assert holds(axioms, given) and len(given) > 3
    found = fewer(axioms, given)
    assert holds(axioms, found) and len(found) < len(given)
    assert sum(lemma.size for lemma in found.values()) <= sum(lemma.size for lemma in given.values())
    # A control: without the clauses that the empty one rests on directly nothing holds.
    last = list(found)[-1]
    assert not holds(axioms, found | {last: Lemma([], found[last].hints[:-1])})


def test_large_derivations_stay_as_they_are() -> None:
    lemmas = {n: Lemma([1], [1]) for n in range(2, 100)} | {100: Lemma([], [1, 99])}
    assert fewer([[1]], lemmas) is lemmas
