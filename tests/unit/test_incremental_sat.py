"""The solver that writes its refutation while clauses are added between its answers."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from itertools import combinations, product
from pathlib import Path

import pytest

from certify.decide import cadical_worker
from certify.decide.lrat import LratProof
from certify.decide.sat import IncrementalSolver
from certify.errors import ResourceLimit


def pigeons(holes: int) -> list[list[int]]:
    """One pigeon more than holes: contradictory."""
    at = {place: n for n, place in enumerate(product(range(holes + 1), range(holes)), start=1)}
    clauses = [[at[p, h] for h in range(holes)] for p in range(holes + 1)]
    return clauses + [[-at[p, h], -at[q, h]] for h in range(holes) for p, q in combinations(range(holes + 1), 2)]


def refuted(clauses: list[list[int]], proof: LratProof) -> bool:
    """Whether the steps derive the empty clause by unit propagation, from the given clauses alone."""
    known = {number: set(clause) for number, clause in enumerate(clauses, start=1)}
    last: list[int] | None = None
    for number, literals, hints in proof.additions():
        true = {-literal for literal in literals}
        conflict = False
        for hint in hints:
            left = [literal for literal in known[hint] if -literal not in true]
            if not left:
                conflict = True
                break
            if len(left) == 1:
                true.add(left[0])
        if not conflict:
            return False
        known[number], last = set(literals), literals
    return last == []


def test_the_refutation_is_of_all_clauses_however_they_came() -> None:
    rng = random.Random(3)
    clauses = pigeons(5)
    rng.shuffle(clauses)
    asked = 0
    with closing(IncrementalSolver()) as solver:
        for clause in clauses:
            solver.add(clause)
            model = solver.solve(lambda: None)
            asked += 1
            if model is None:
                break
            assert all(any(literal in model for literal in told) for told in clauses[:asked])
        proof = solver.refutation()
    assert 10 < asked <= len(clauses)
    assert refuted(clauses[:asked], proof)
    other = clauses[:asked]
    other[proof.used_axioms[0] - 1] = [1000]
    assert not refuted(other, proof)


def test_it_can_be_stopped_within_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cadical_worker, "CONFLICTS", 50)
    calls: Iterator[int] = iter(range(3))

    def check() -> None:
        if next(calls) == 2:
            raise ResourceLimit("stop")

    with closing(IncrementalSolver()) as solver:
        for clause in pigeons(8):
            solver.add(clause)
        with pytest.raises(ResourceLimit):
            solver.solve(check)
        # It goes on where it was.
        assert solver.solve(lambda: None) is None
        assert refuted(pigeons(8), solver.refutation())


def test_closing_removes_what_was_written() -> None:
    solver = IncrementalSolver()
    solver.add([1])
    folder = Path(solver._folder.name)
    assert folder.is_dir()
    solver.close()
    solver.close()
    assert not folder.exists()


def test_assumptions_fail_or_not_and_the_refutation_is_of_the_clauses_all_the_same() -> None:
    """Numbers that the solver gives to what it says of assumptions are not those of clauses."""
    rng = random.Random(5)
    clauses = pigeons(4)
    rng.shuffle(clauses)
    told: list[list[int]] = []
    with closing(IncrementalSolver()) as solver:
        failed = 0
        for clause in clauses:
            solver.add(clause)
            told.append(clause)
            assumed = [n if rng.random() < 0.5 else -n for n in rng.sample(range(1, 21), 6)]
            answer, found = solver.ask(assumed, lambda: None)
            if answer:
                assert set(assumed) <= set(found)
                assert all(any(literal in found for literal in known) for known in told)
            else:
                assert answer is False and set(found) <= set(assumed)
                failed += 1
        assert solver.conflicts > 0 and 5 < failed < len(clauses)
        assert solver.solve(lambda: None) is None
        assert refuted(told, solver.refutation())


def test_few_conflicts_are_no_answer() -> None:
    with closing(IncrementalSolver()) as solver:
        for clause in pigeons(8):
            solver.add(clause)
        assert solver.ask((), lambda: None, 20) == (None, [])
        assert 20 <= solver.conflicts < 200
        assert solver.ask([1], lambda: None, 20) == (None, [])
