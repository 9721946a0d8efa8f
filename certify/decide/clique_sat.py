"""Deciding clique and multicoloured clique with a SAT solver: a checked clique, or an LRAT refutation.

The encodings are normative, because a refutation refers to their clauses by numbers (docs/format/v1.md, 5).

Clique, n vertices, k places: the variable n (i-1) + v says that vertex v is at place i. First for each place: a vertex
is there. Then for places i < j and vertices u, v, nested in this order: not u at i and v at j, unless u < v is an edge.
So the vertices of a clique are at their places in increasing order.

Multicoloured clique: the variable v says that vertex v is chosen. First for each colour: one of its vertices is. Then
for u < v, nested so, of different colours and not adjacent: not both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from certify.decide.lrat import LratProof
from certify.decide.sat import SOLVER, solve
from certify.errors import ResourceLimit, SolverFailure
from certify.problems import clique, mcclique
from certify.problems.clique import Graph, Vertices
from certify.problems.mcclique import ColouredGraph

#: Above this the CNF is not made.
MAX_CLAUSES = 10_000_000


@dataclass(frozen=True)
class CliqueAnswer:
    """``clique`` is there iff ``status`` is "yes", ``refutation`` iff it is "no"; "unknown" has a reason.

    The clique is one by exact check. The refutation is of ``cnf(graph)``, trimmed; that it is one is for an
    independent checker to say.
    """

    status: Literal["yes", "no", "unknown"]
    clique: Vertices | None = None
    refutation: LratProof | None = None
    reason: str = ""


def cnf(graph: Graph | ColouredGraph) -> list[tuple[int, ...]]:
    """The CNF of the graph, clause number 1 first; see above. Raises ResourceLimit for one of too many clauses."""
    clauses = _place_clauses(graph) if isinstance(graph, Graph) else _colour_clauses(graph)
    made = []
    for clause in clauses:
        made.append(clause)
        if len(made) > MAX_CLAUSES:
            raise ResourceLimit(f"the CNF of the graph would have more than {MAX_CLAUSES} clauses")
    return made


def _place_clauses(graph: Graph) -> Iterator[tuple[int, ...]]:
    n, edges = graph.vertices, set(graph.edges)
    for i in range(graph.size):
        yield tuple(range(n * i + 1, n * i + n + 1))
    for i, j in combinations(range(graph.size), 2):
        for u in range(1, n + 1):
            for v in range(1, n + 1):
                if (u, v) not in edges:
                    yield -(n * i + u), -(n * j + v)


def _colour_clauses(graph: ColouredGraph) -> Iterator[tuple[int, ...]]:
    yield from graph.members()
    edges = set(graph.edges)
    for u, v in combinations(range(1, len(graph.colours) + 1), 2):
        if graph.colours[u - 1] != graph.colours[v - 1] and (u, v) not in edges:
            yield -u, -v


def decide(graph: Graph | ColouredGraph, *, timeout_s: float | None = None) -> CliqueAnswer:
    """Finds a solution or refutes that there is one.

    Deterministic where the timeout does not strike; where it does, and for too large a graph, the status is "unknown".
    Raises MissingComponent without python-sat, SolverFailure if the answer fails its check.
    """
    try:
        found = solve(cnf(graph), seconds=timeout_s)
    except ResourceLimit as error:
        return CliqueAnswer("unknown", reason=error.message)
    if isinstance(found, LratProof):
        return CliqueAnswer("no", refutation=found)
    true = {literal for literal in found if literal > 0}
    if isinstance(graph, Graph):
        n = graph.vertices
        solution = tuple(next((v for v in range(1, n + 1) if n * i + v in true), 0) for i in range(graph.size))
        good = clique.is_solution(graph, solution)
    else:
        # Two chosen vertices of one colour do no harm: either will do.
        solution = tuple(sorted(next((v for v in group if v in true), 0) for group in graph.members()))
        good = mcclique.is_solution(graph, solution)
    if not good:
        raise SolverFailure(f"the clique of {SOLVER} is none")
    return CliqueAnswer("yes", solution)
