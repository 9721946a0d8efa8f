"""CaDiCaL in a process of its own: python cadical_worker.py CNF PROOF

Reads clauses, in DIMACS form without a header, from the file CNF, solves them, and writes to stdout
``s SATISFIABLE`` and a line ``v`` with the model, or ``s UNSATISFIABLE``; the solver itself writes its refutation to
PROOF, as LRAT text, while it runs. A process of its own can be ended at any time, and gives its memory back. It
imports nothing of the project.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

import pysolvers


def solve(clauses: Iterable[list[int]], proof: str) -> list[int] | None:
    """A model of the clauses, none of them empty, or None, and then the file ``proof`` has the refutation."""
    solver = pysolvers.cadical195_new()
    pysolvers.cadical195_set(solver, "lrat", 1)
    pysolvers.cadical195_set(solver, "binary", 0)
    with open(proof, "w+b") as file:
        pysolvers.cadical195_tracepr(solver, file)
        for clause in clauses:
            pysolvers.cadical195_add_cl(solver, clause)
        satisfiable = pysolvers.cadical195_solve(solver, [], 0)
        model = list(pysolvers.cadical195_model(solver) or []) if satisfiable else None
        pysolvers.cadical195_del(solver, file)
    return model


if __name__ == "__main__":
    with open(sys.argv[1], encoding="ascii") as file:
        found = solve(([int(word) for word in line.split()[:-1]] for line in file), sys.argv[2])
    print("s UNSATISFIABLE" if found is None else "s SATISFIABLE")
    if found is not None:
        print("v", *found, 0)
