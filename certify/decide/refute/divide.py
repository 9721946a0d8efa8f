"""A search over the signs of the whole network, divided into cubes: what holds of a few atoms.

Clauses that rows prove hold everywhere, not in their cube alone. So the clauses of all cubes together refute what each
of them refutes, and one propositional refutation joins them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from certify.decide.refute.farkas import Contradictions
from certify.decide.refute.groups import GroupSolver
from certify.decide.refute.job import Job, StuckError
from certify.decide.refute.jsonable import Clause, read_clause, written_clause
from certify.decide.refute.propositional import Propositional
from certify.decide.refute.theory import Context, LocalTheory

MODELS = 100
"""A search that ends after so many models is not divided."""
CUBE_ATOMS = 4
LEFT = "a consistent choice of signs is left: the data may be fitted"


def explore(job: Job, solver: GroupSolver, atoms: Sequence[tuple[int, int]], name: str) -> None:
    """Finds clauses that exclude all signs of the atoms, if there are such; StuckError if some are left over."""
    if job.cubes is None or solver.excludes(atoms, (), MODELS) is not None:
        return
    counts = Counter(abs(a) for clause in solver.propositional.clauses for a in clause)
    known = {abs(a) for a in solver.propositional.known_atoms()}
    chosen = sorted((v for v in counts if v not in known), key=lambda v: (-counts[v], v))[:CUBE_ATOMS]
    cubes = [([v * s for v, s in zip(chosen, signs, strict=True)],) for signs in product((1, -1), repeat=len(chosen))]
    context, theory = solver.context, solver.theory

    def read(_: int, result: dict[str, Any]) -> list[Clause]:
        job.solver.solved += int(result["linear programs"])
        return [read_clause(value) for value in result["clauses"]]

    job.progress(f"{len(cubes)} cubes")
    found = job.cubes.run(
        name,
        explore_cube,
        (context, theory.neurons, theory.points, list(atoms), solver.propositional),
        cubes,
        seconds=job.left(),
        read=read,
    )
    known_clauses = {frozenset(clause) for clause, _ in solver.clauses}
    for clauses in found:
        for clause, combination in clauses:
            if frozenset(clause) not in known_clauses:
                known_clauses.add(frozenset(clause))
                solver.learn(clause, combination)


def explore_cube(
    context: Context,
    neurons: Sequence[int],
    points: Sequence[int],
    atoms: Sequence[tuple[int, int]],
    propositional: Propositional,
    cube: Sequence[int],
    check: Callable[[], None],
) -> dict[str, Any]:
    """Clauses that exclude all signs in the cube, as a JSON value; StuckError if some are left over."""
    context, own = replace(context, solver=Contradictions()), propositional.copy()
    solver = GroupSolver(context, own.steps, own, LocalTheory(context, neurons, points), check)
    if not solver.excludes(atoms, cube):
        raise StuckError(LEFT)
    return {"clauses": [written_clause(clause) for clause in solver.clauses], "linear programs": context.solver.solved}
