"""CaDiCaL in a process of its own: python cadical_worker.py CNF PROOF

Reads clauses, in DIMACS form without a header, from the file CNF, solves them, and writes to stdout
``s SATISFIABLE`` and a line ``v`` with the model, or ``s UNSATISFIABLE``; the solver itself writes its refutation to
PROOF, as LRAT text, while it runs. A process of its own can be ended at any time, and gives its memory back. It
imports nothing of the project.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import IO

import pysolvers

CONFLICTS = 5000
"""So many between two checks, which takes a few tenths of a second."""


def new(file: IO[bytes], *, stable: bool = False) -> object:
    """A solver that writes its refutation to the file. ``stable``: it never leaves its stable mode."""
    solver = pysolvers.cadical195_new()
    pysolvers.cadical195_set(solver, "lrat", 1)
    pysolvers.cadical195_set(solver, "binary", 0)
    if stable:
        pysolvers.cadical195_set(solver, "stabilizeonly", 1)
    pysolvers.cadical195_tracepr(solver, file)
    return solver


def add(solver: object, clause: list[int]) -> None:
    """One clause more, which is not empty."""
    pysolvers.cadical195_add_cl(solver, clause)


def model(solver: object) -> list[int] | None:
    """A model of the clauses so far, or None."""
    return list(pysolvers.cadical195_model(solver) or []) if pysolvers.cadical195_solve(solver, [], 0) else None


def ask(
    solver: object, assumed: list[int], conflicts: int | None, check: Callable[[], None]
) -> tuple[bool | None, list[int]]:
    """True and a model in which these literals are true, False and some of them that are not together in one, or None
    after so many conflicts. ``check`` is called now and then, and may raise.
    """
    left = conflicts
    while left is None or left > 0:
        slice_ = CONFLICTS if left is None else min(left, CONFLICTS)
        pysolvers.cadical195_cbudget(solver, slice_)
        status = pysolvers.cadical195_solve_lim(solver, assumed, 0)
        if status:
            found = pysolvers.cadical195_model(solver) if status > 0 else pysolvers.cadical195_core(solver, assumed)
            return status > 0, list(found or [])
        left = None if left is None else left - slice_
        check()
    return None, []


def conflicts(solver: object) -> int:
    """How many conflicts it has had."""
    return int(pysolvers.cadical195_acc_stats(solver)["conflicts"])


def end(solver: object, file: IO[bytes]) -> None:
    """Ends the solver; the file has its refutation then, if it found one."""
    pysolvers.cadical195_del(solver, file)


def solve(clauses: Iterable[list[int]], proof: str) -> list[int] | None:
    """A model of the clauses, none of them empty, or None, and then the file ``proof`` has the refutation."""
    with open(proof, "w+b") as file:
        solver = new(file)
        for clause in clauses:
            add(solver, clause)
        found = model(solver)
        end(solver, file)
    return found


if __name__ == "__main__":
    with open(sys.argv[1], encoding="ascii") as file:
        found = solve(([int(word) for word in line.split()[:-1]] for line in file), sys.argv[2])
    print("s UNSATISFIABLE" if found is None else "s SATISFIABLE")
    if found is not None:
        print("v", *found, 0)
