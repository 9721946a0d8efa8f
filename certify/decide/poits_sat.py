"""Deciding positive one-in-three 3-SAT with a SAT solver: a checked assignment, or an LRAT refutation.

The encoding is normative, because a refutation refers to it by clause numbers. Clause j (from 0) of the
formula, (a, b, c), becomes the CNF clauses 4j+1 ... 4j+4:

* 4j+1: the distinct literals among a, b, c (one of them is true)
* 4j+2: -a -b (not both of occurrences 1 and 2)
* 4j+3: -a -c (not both of occurrences 1 and 3)
* 4j+4: -b -c (not both of occurrences 2 and 3)

where a pair of the same variable, u = v, gives the unit clause -u instead of -u -v: two true occurrences are
one too many. So (v, v, w) forces v false and w true, and (v, v, v) is contradictory.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from certify.decide.lrat import LratProof
from certify.decide.sat import SOLVER, solve
from certify.errors import InvalidInstance, MissingComponent, ResourceLimit, SolverFailure
from certify.problems.poits import Assignment, Formula, is_solution

CLAUSES_PER_CLAUSE = 4

_PAIRS = ((0, 1), (0, 2), (1, 2))


@dataclass(frozen=True)
class SatAnswer:
    """``assignment`` is there iff ``status`` is "yes", ``refutation`` iff it is "no"; "unknown" has a reason.

    The assignment is a solution, by exact check. The refutation is of ``cnf(formula)``, trimmed; that it is one is for
    an independent checker to say.
    """

    status: Literal["yes", "no", "unknown"]
    assignment: Assignment | None
    refutation: LratProof | None
    reason: str
    seconds: float
    solver: str


def cnf(formula: Formula) -> list[tuple[int, ...]]:
    """The CNF of the formula, clause number 1 first; see above."""
    clauses: list[tuple[int, ...]] = []
    for clause in formula.clauses:
        clauses.append(tuple(dict.fromkeys(clause)))
        for first, second in _PAIRS:
            u, v = clause[first], clause[second]
            clauses.append((-u,) if u == v else (-u, -v))
    return clauses


def used_clauses(proof: LratProof) -> list[int]:
    """The formula's clauses (from 0) that a refutation of its CNF uses: they alone have no solution."""
    return sorted({(axiom - 1) // CLAUSES_PER_CLAUSE for axiom in proof.used_axioms})


def decide(formula: Formula, *, timeout_s: float | None = None) -> SatAnswer:
    """Finds an assignment with exactly one true occurrence a clause, or refutes that there is one.

    Deterministic where the timeout does not strike; where it does, the status is "unknown". Raises MissingComponent if
    python-sat is not installed, SolverFailure if the solver's answer fails its check.
    """
    if timeout_s is not None and not timeout_s > 0:
        raise InvalidInstance(f"a timeout of {timeout_s} seconds")
    started = time.monotonic()
    try:
        name = f"{SOLVER} of python-sat {version('python-sat')}"
    except PackageNotFoundError as error:
        raise MissingComponent("python-sat is not installed", hint="run: pip install python-sat") from error

    def answer(
        status: Literal["yes", "no", "unknown"],
        assignment: Assignment | None = None,
        refutation: LratProof | None = None,
        reason: str = "",
    ) -> SatAnswer:
        return SatAnswer(status, assignment, refutation, reason, time.monotonic() - started, name)

    try:
        found = solve(cnf(formula), seconds=timeout_s)
    except ResourceLimit as error:
        return answer("unknown", reason=error.message)
    if isinstance(found, LratProof):
        return answer("no", refutation=found)
    true = {literal for literal in found if literal > 0}
    assignment = tuple(v in true for v in range(1, formula.variables + 1))
    if not is_solution(formula, assignment):
        raise SolverFailure(f"the assignment of {name} is no solution")
    return answer("yes", assignment=assignment)
