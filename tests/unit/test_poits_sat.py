"""One-in-three formulas by a SAT solver: solutions are solutions, and refutations check step by step."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from pysat.solvers import Solver

from certify.decide import poits_sat, sat
from certify.decide.lrat import LratProof, trimmed
from certify.decide.poits_sat import cnf, decide, used_clauses
from certify.errors import InvalidInstance, MissingComponent, ResourceLimit, SolverFailure
from certify.problems.poits import Formula, is_solution, solutions
from certify.problems.poits_generate import CLASSICS, generate

Clauses = Sequence[Sequence[int]]


def check_lrat(clauses: Clauses, lines: Sequence[str]) -> int:
    """Checks the text of an LRAT proof, hints taken strictly; the number of steps. AssertionError for a fault."""
    known = {number: frozenset(clause) for number, clause in enumerate(clauses, start=1)}
    last, steps, refuted = len(known), 0, False
    for line in lines:
        words = line.split()
        assert words[-1] == "0"
        if words[1] == "d":
            for word in words[2:-1]:
                del known[int(word)]
            continue
        assert not refuted
        number, *numbers = map(int, words[:-1])
        middle = numbers.index(0)
        clause, hints = numbers[:middle], numbers[middle + 1 :]
        assert number > last
        true = {-literal for literal in clause}
        conflict = False
        for hint in hints:
            assert not conflict
            rest = [literal for literal in known[hint] if -literal not in true]
            if rest:
                (unit,) = rest
                assert unit not in true
                true.add(unit)
            conflict = not rest
        assert conflict
        known[number] = frozenset(clause)
        last, steps, refuted = number, steps + 1, not clause
    assert refuted
    return steps


def check_proof(clauses: Clauses, proof: LratProof) -> None:
    assert proof.axioms == len(clauses)
    assert check_lrat(clauses, list(proof)) == proof.steps == sum(1 for _ in proof.additions())


def test_numbering_of_the_clauses() -> None:
    formula = Formula(3, ((1, 2, 3), (2, 2, 1), (3, 1, 3), (1, 3, 3), (2, 2, 2)))
    assert cnf(formula) == [
        *[(1, 2, 3), (-1, -2), (-1, -3), (-2, -3)],
        *[(2, 1), (-2,), (-2, -1), (-2, -1)],
        *[(3, 1), (-3, -1), (-3,), (-1, -3)],
        *[(1, 3), (-1, -3), (-1, -3), (-3,)],
        *[(2,), (-2,), (-2,), (-2,)],
    ]


@pytest.mark.parametrize("name", CLASSICS)
def test_classics(name: str) -> None:
    formula, expected = CLASSICS[name]
    _check_answer(formula, expected)


def _check_answer(formula: Formula, expected: bool) -> None:
    answer = decide(formula)
    assert answer.status == ("yes" if expected else "no")
    if expected:
        assert answer.refutation is None
        assert answer.assignment is not None and is_solution(formula, answer.assignment)
    else:
        assert answer.assignment is None and answer.refutation is not None
        check_proof(cnf(formula), answer.refutation)


def test_random_formulas_against_brute_force() -> None:
    rng = random.Random(5)
    verdicts = []
    for _ in range(300):
        variables = rng.randint(1, 8)
        clauses = [tuple(rng.choices(range(1, variables + 1), k=3)) for _ in range(rng.randint(0, 9))]
        formula = Formula(variables, tuple(clauses))  # type: ignore[arg-type]
        verdicts.append(next(solutions(formula), None) is not None)
        _check_answer(formula, verdicts[-1])
    assert 50 < sum(verdicts) < 250


def test_the_used_clauses_are_enough() -> None:
    formula = generate("unsatisfiable", 3, variables=40, clauses=30)
    proof = decide(formula).refutation
    assert proof is not None
    used = used_clauses(proof)
    assert len(used) < len(formula.clauses)
    part = Formula(formula.variables, tuple(formula.clauses[index] for index in used))
    assert decide(part).status == "no"


def test_the_answer_is_deterministic() -> None:
    formula = generate("random", 4, variables=60, clauses=50)
    first, again = decide(formula), decide(formula)
    assert first.refutation is not None and again.refutation is not None
    lines = list(first.refutation)
    assert lines == list(first.refutation) == list(again.refutation)
    assert first.assignment == again.assignment


@pytest.mark.parametrize(
    ("kind", "variables"), [("random", 5_000), ("unsatisfiable", 20_000), ("planted", 20_000)]
)
def test_ten_thousand_clauses(kind: str, variables: int) -> None:
    formula = generate(kind, 1, variables=variables, clauses=10_000)
    answer = decide(formula)
    assert answer.status == ("yes" if kind == "planted" else "no")
    if answer.refutation is not None:
        check_proof(cnf(formula), answer.refutation)


@pytest.mark.parametrize("apart", [False, True])
def test_longer_proofs(apart: bool) -> None:
    clauses = cnf(generate("random", 7, variables=3000, clauses=2350))
    proof = sat.solve(clauses, apart=apart)
    assert isinstance(proof, LratProof)
    check_proof(clauses, proof)
    assert proof.steps > 50
    assert list(proof) == list(_refuted(clauses, apart=not apart))


def _refuted(clauses: Clauses, apart: bool | None = None) -> LratProof:
    proof = sat.solve(clauses, apart=apart)
    assert isinstance(proof, LratProof)
    return proof


def test_timeout_of_the_solver() -> None:
    answer = decide(generate("planted", 1, variables=10_000, clauses=6_000), timeout_s=0.001)
    assert (answer.status, answer.reason) == ("unknown", "timeout")
    assert answer.assignment is None and answer.refutation is None
    with pytest.raises(InvalidInstance, match="timeout"):
        decide(Formula(0, ()), timeout_s=0)


def test_timeout_of_the_trimming(monkeypatch: pytest.MonkeyPatch) -> None:
    formula, _ = CLASSICS["four-triples"]

    def too_late(*arguments: object, **limits: object) -> LratProof:
        raise ResourceLimit("no time left")

    monkeypatch.setattr(sat, "trimmed", too_late)
    answer = decide(formula, timeout_s=10)
    assert (answer.status, answer.refutation, answer.reason) == ("unknown", None, "no time left")


def test_wrong_answers_of_the_solver_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    formula, _ = CLASSICS["single"]
    monkeypatch.setattr(poits_sat, "solve", lambda clauses, seconds: [1, 2, -3])
    with pytest.raises(SolverFailure, match="no solution"):
        decide(formula)

    def no_proof(clauses: Clauses, proof: Path, seconds: float | None, apart: bool) -> None:
        proof.write_text("5 1 0 1 0\n")

    monkeypatch.undo()
    monkeypatch.setattr(sat, "_model", no_proof)
    with pytest.raises(SolverFailure, match="without a contradiction"):
        decide(formula)


def test_a_solver_that_breaks_down(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    worker = tmp_path / "worker.py"
    worker.write_text("raise SystemExit('out of luck')\n")
    monkeypatch.setattr(sat, "WORKER", worker)
    with pytest.raises(SolverFailure, match="out of luck"):
        decide(generate("random", 1, variables=60, clauses=50))


def test_missing_python_sat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sat, "find_spec", lambda name: None)
    with pytest.raises(MissingComponent, match="python-sat"):
        decide(Formula(0, ()))


# Trimming by itself.


def _trimmed(folder: Path, axioms: int, *lines: str) -> LratProof:
    path = folder / "raw.lrat"
    path.write_text("".join(line + "\n" for line in lines))
    return trimmed(path, axioms)


def test_trimming(tmp_path: Path) -> None:
    proof = _trimmed(
        tmp_path, 4, "5 3 0 1 0", "6 2 0 1 2 0", "7 1 0 6 3 0", "7 d 5 0", "8 9 0 7 0", "9 0 6 7 4 0", "10 5 0 1 0"
    )
    assert list(proof) == ["5 2 0 1 2 0", "6 1 0 5 3 0", "7 0 5 6 4 0"]
    assert (proof.axioms, proof.steps, proof.used_axioms) == (4, 3, (1, 2, 3, 4))
    assert proof.size == sum(len(line) + 1 for line in proof)


def test_clauses_are_deleted_after_their_last_use(tmp_path: Path) -> None:
    proof = _trimmed(tmp_path, 2, "3 1 0 1 0", "4 2 0 3 0", "5 3 0 4 3 0", "6 4 0 5 0", "7 0 6 2 0")
    lines = ["3 1 0 1 0", "4 2 0 3 0", "5 3 0 4 3 0", "5 d 3 4 0", "6 4 0 5 0", "6 d 5 0", "7 0 6 2 0"]
    assert list(proof) == lines


def test_given_clauses_numbered_between_derived_ones(tmp_path: Path) -> None:
    # The solver derived clause 2 while the given clauses 1, 2, 3 came in, which it calls 1, 3 and 4.
    assert list(_trimmed(tmp_path, 3, "2 5 0 1 0", "5 0 2 3 4 0")) == ["4 5 0 1 0", "5 0 4 2 3 0"]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ((), "without a contradiction"),
        (("3 1 0 1 0",), "without a contradiction"),
        (("3 0 1 -2 0",), "uses clause -2"),
        (("3 0 1 9 0",), "uses clause 9"),
        (("3 0 1 3 0",), "before it is derived"),
        (("3 x 0 1 0",), "not LRAT"),
        (("3 1 2",), "not LRAT"),
    ],
)
def test_proofs_that_cannot_be_trimmed(tmp_path: Path, lines: tuple[str, ...], message: str) -> None:
    with pytest.raises(SolverFailure, match=message):
        _trimmed(tmp_path, 2, *lines)


# Clauses by themselves.


def test_clauses_as_they_come() -> None:
    """Repeated and opposite literals, repeated, needless and empty clauses: numbers are those of the clauses given."""
    clauses = [(3, -3), (1, 1, 2), (-1, 2, 2), (5, 5), (1, -2, 1), (1, -2, 1), (-1, -2), (3, -3, 1)]
    check_proof(clauses, _refuted(clauses))
    for unit in ([(1,), (), (-1,)], [()], [(1,), (-1,)], [(1, 1), (-1, -1, -1)]):
        check_proof(unit, _refuted(unit))
    model = sat.solve([(1, -1), (2, 2)])
    assert isinstance(model, list) and 2 in model


@pytest.mark.parametrize("apart", [False, True])
def test_random_clause_sets(apart: bool) -> None:
    """Refutations of small random sets of clauses of mixed lengths, verdicts as of another solver."""
    rng = random.Random(11)
    refuted = 0
    for _ in range(20 if apart else 200):
        variables = rng.randint(4, 14)
        count = int(variables * rng.uniform(3.5, 6))
        clauses = [
            tuple(rng.choice((1, -1)) * v for v in rng.choices(range(1, variables + 1), k=rng.choice((2, 3, 3, 3, 4))))
            for _ in range(count)
        ]
        found = sat.solve(clauses, apart=apart)
        with Solver(name="glucose4", bootstrap_with=[list(c) for c in clauses]) as solver:
            assert solver.solve() == isinstance(found, list)
        if isinstance(found, list):
            assert all(not set(clause).isdisjoint(found) for clause in clauses)
        else:
            refuted += 1
            check_proof(clauses, found)
    assert refuted > (5 if apart else 50)
