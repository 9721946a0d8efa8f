"""Small unsatisfiable parts of sets of clauses: what a refutation need not use, it need not prove."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pysat.solvers import Solver

from certify.decide.lrat import LratProof

CORE_SOLVER = "glucose4"
CORE_CONFLICTS = 20_000
"""The effort, in conflicts, to find a cheap unsatisfiable part."""


Solve = Callable[[Sequence[Sequence[int]]], list[int] | LratProof]
"""A model of clauses, or their refutation."""


def smaller(
    hard: Sequence[list[int]], soft: Sequence[list[int]], costs: Sequence[int], solve: Solve
) -> list[int] | None:
    """Soft clauses that with the hard ones cannot be satisfied, the costly ones left out where that is cheaply seen to
    be possible; None if all together can be.
    """
    chosen = list(range(len(soft)))
    while True:
        proof = solve([*hard, *(soft[t] for t in chosen)])
        if not isinstance(proof, LratProof):
            return None
        used = [chosen[n - len(hard) - 1] for n in proof.used_axioms if n > len(hard)]
        if len(used) == len(chosen):
            break
        chosen = used
    first = 1 + max((abs(x) for clause in (*hard, *soft) for x in clause), default=0)
    with Solver(name=CORE_SOLVER) as solver:
        for clause in hard:
            solver.add_clause(clause)
        for t in chosen:
            solver.add_clause([*soft[t], -(first + t)])
        budget = CORE_CONFLICTS
        for t in sorted(chosen, key=lambda t: (-costs[t], t)):
            if t not in chosen or budget <= 0:
                continue
            solver.conf_budget(CORE_CONFLICTS // 20)
            before = solver.accum_stats()["conflicts"]
            if solver.solve_limited(assumptions=[first + s for s in chosen if s != t]) is False:
                chosen = sorted(x - first for x in solver.get_core() or ())
            budget -= 1 + solver.accum_stats()["conflicts"] - before
    return chosen
