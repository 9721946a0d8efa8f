"""One-in-three formulas by a SAT solver: solutions are solutions, and refutations check step by step."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from pysat.solvers import Solver

from certify.decide import poits_sat
from certify.decide.lrat import LratProof, from_drup, parse_drup
from certify.decide.lrat_file import LratFile, trimmed
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


def check_proof(clauses: Clauses, proof: LratProof | LratFile) -> None:
    assert proof.axioms == len(clauses)
    if isinstance(proof, LratFile):
        assert check_lrat(clauses, list(proof)) == proof.steps
        return
    assert proof.steps[-1].literals == ()
    for deletions in (False, True):
        assert check_lrat(clauses, list(proof.lines(deletions=deletions))) == len(proof.steps)


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
    started = time.monotonic()
    answer = decide(formula, timeout_s=60)
    assert time.monotonic() - started < 20
    assert answer.status == ("yes" if kind == "planted" else "no")
    if answer.refutation is not None:
        check_proof(cnf(formula), answer.refutation)


@pytest.mark.parametrize("name", ["glucose4", "cadical195"])
def test_longer_proofs(name: str) -> None:
    clauses = cnf(generate("random", 7, variables=3000, clauses=2350))
    with Solver(name=name, bootstrap_with=clauses, with_proof=True) as solver:
        assert solver.solve() is False
        drup = list(parse_drup(solver.get_proof() or []))
    proof = from_drup(clauses, drup)
    check_proof(clauses, proof)
    assert len(proof.steps) > 50
    # Trimmed: no more lemmas than the solver had, but for units that it left to propagation.
    lemmas = {frozenset(clause) for deletion, clause in drup if not deletion}
    assert all(len(step.literals) <= 1 or frozenset(step.literals) in lemmas for step in proof.steps)


def test_timeout_of_the_solver() -> None:
    started = time.monotonic()
    answer = decide(generate("planted", 1, variables=10_000, clauses=6_000), timeout_s=0.5)
    assert (answer.status, answer.reason) == ("unknown", "timeout")
    assert answer.assignment is None and answer.refutation is None
    assert time.monotonic() - started < 3
    with pytest.raises(InvalidInstance, match="timeout"):
        decide(Formula(0, ()), timeout_s=0)


def test_timeout_of_the_trimming(monkeypatch: pytest.MonkeyPatch) -> None:
    formula, _ = CLASSICS["four-triples"]

    def too_late(*arguments: object, **limits: object) -> LratFile:
        raise ResourceLimit("no time left")

    monkeypatch.setattr(poits_sat, "trimmed", too_late)
    answer = decide(formula, timeout_s=10)
    assert (answer.status, answer.refutation) == ("unknown", None)
    assert answer.reason == "refuted, but no time left"


def test_timeout_of_the_conversion() -> None:
    clauses = cnf(generate("random", 7, variables=3000, clauses=2350))
    with Solver(name="glucose4", bootstrap_with=clauses, with_proof=True) as solver:
        solver.solve()
        drup = list(parse_drup(solver.get_proof() or []))
    with pytest.raises(ResourceLimit, match="no time left"):
        from_drup(clauses, drup, deadline=time.monotonic())


def test_wrong_answers_of_the_solver_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    formula, _ = CLASSICS["single"]
    monkeypatch.setattr(poits_sat, "_solve", lambda clauses, proof, seconds: [1, 2, -3])
    with pytest.raises(SolverFailure, match="no solution"):
        decide(formula)

    def no_proof(clauses: Clauses, proof: Path, seconds: float | None) -> None:
        proof.write_text("5 1 0 1 0\n")

    monkeypatch.setattr(poits_sat, "_solve", no_proof)
    with pytest.raises(SolverFailure, match="without a contradiction"):
        decide(formula)


def test_a_solver_that_breaks_down(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    worker = tmp_path / "worker.py"
    worker.write_text("raise SystemExit('out of luck')\n")
    monkeypatch.setattr(poits_sat, "WORKER", worker)
    with pytest.raises(SolverFailure, match="out of luck"):
        decide(generate("random", 1, variables=60, clauses=50))


def test_missing_python_sat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poits_sat, "find_spec", lambda name: None)
    with pytest.raises(MissingComponent, match="python-sat"):
        decide(Formula(0, ()))


# Trimming by itself.


def _trimmed(folder: Path, axioms: int, *lines: str) -> LratFile:
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


# The conversion by itself.

SQUARE = [(1, 2), (-1, 2), (1, -2), (-1, -2)]


def _steps(clauses: Clauses, drup: str) -> list[tuple[int, tuple[int, ...], tuple[int, ...]]]:
    proof = from_drup(clauses, parse_drup(drup.splitlines()))
    check_proof(clauses, proof)
    return [(step.number, step.literals, step.hints) for step in proof.steps]


def test_small_conversion() -> None:
    # The unit 1, which the lemma 2 implies, gets a step of its own.
    assert _steps(SQUARE, "2 0\n0\n") == [(5, (2,), (1, 2)), (6, (1,), (5, 3)), (7, (), (6, 5, 4))]


def test_contradiction_by_units_alone() -> None:
    assert _steps([(1,), (-1,)], "") == [(3, (), (1, 2))]
    assert _steps([(1,), (), (-1,)], "") == [(4, (), (2,))]
    units = _steps([(1,), (-1, 2), (-2, 3), (-2, -3)], "")
    assert [literals for _, literals, _ in units][-1] == ()


def test_useless_lemmas_fall_away() -> None:
    clauses = [*SQUARE, (3, 4), (-3, 4)]
    steps = _steps(clauses, "4 0\n3 4 1 0\nd 3 4 0\n2 0\nd 3 4 1 0\n0\n")
    assert [literals for _, literals, _ in steps] == [(2,), (1,), ()]


def test_deleted_clauses_are_not_used() -> None:
    # Without the deleted clause 1 the lemma 2 does not follow by propagation from what is left.
    with pytest.raises(SolverFailure, match="does not follow"):
        from_drup([(1, 2, 3), (-3, 1, 2), *SQUARE[1:], (1, 2)], parse_drup(["d 1 2 3 0", "3 0", "0"]))


def test_deletions_of_units_are_passed_over() -> None:
    # Solvers delete the clause that made a literal true for good, and go on using the literal.
    clauses = [(1,), (-1, 2, 3), (-1, 2, -3), (-2, 3), (-2, -3)]
    assert _steps(clauses, "d 1 0\n2 0\n0\n")[-1][1] == ()


def test_repeated_and_opposite_literals() -> None:
    clauses = [(1, 1, 2), (-1, 2, 2), (1, -2, 1), (-1, -2), (3, -3), (3, -3, 1)]
    steps = _steps(clauses, "3 -3 0\n2 2 0\n0\n")
    assert [literals for _, literals, _ in steps] == [(2,), (1,), ()]


@pytest.mark.parametrize(
    ("drup", "message"),
    [
        ("2 0", ""),
        ("", "without a contradiction"),
        ("3 0\n-3 0\n0", "does not follow"),
        ("2", "is no clause"),
        ("2 x 0", "is no clause"),
        ("2 0 0", "is no clause"),
        ("d", "is no clause"),
    ],
)
def test_bad_proofs(drup: str, message: str) -> None:
    clauses = [*SQUARE[:3], (-1, -2, 3), (-1, -2, -3)]
    if not message:
        assert _steps(clauses, drup)
        return
    with pytest.raises(SolverFailure, match=message):
        from_drup(clauses, parse_drup(drup.splitlines()))


def test_random_clause_sets() -> None:
    """Long chains, deletions, units: conversions of real proofs of small random formulas of mixed lengths."""
    rng = random.Random(11)
    refuted = 0
    for index in range(150):
        variables = rng.randint(4, 14)
        count = int(variables * rng.uniform(3.5, 6))
        clauses = [
            tuple(rng.choice((1, -1)) * v for v in rng.sample(range(1, variables + 1), rng.choice((2, 3, 3, 3, 4))))
            for _ in range(count)
        ]
        name = ("glucose4", "cadical195", "glucose3")[index % 3]
        with Solver(name=name, bootstrap_with=[list(c) for c in clauses], with_proof=True) as solver:
            if solver.solve():
                continue
            refuted += 1
            check_proof(clauses, from_drup(clauses, parse_drup(solver.get_proof() or [])))
    assert refuted > 50
