"""Deciding clique and multicoloured clique with a SAT solver: a checked clique, or the solver's no.

A no has no proof here: what a certificate proves comes from the data.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from itertools import combinations
from typing import Any, Literal

from certify.errors import MissingComponent, SolverFailure
from certify.problems import clique, mcclique
from certify.problems.clique import Graph, Vertices
from certify.problems.mcclique import ColouredGraph

SOLVER = "glucose4"


@dataclass(frozen=True)
class CliqueAnswer:
    """``clique`` is there iff ``status`` is "yes", by exact check; "unknown" has a reason."""

    status: Literal["yes", "no", "unknown"]
    clique: Vertices | None = None
    reason: str = ""


def decide(graph: Graph | ColouredGraph, *, timeout_s: float | None = None) -> CliqueAnswer:
    """Finds a solution or says that there is none.

    Variable (i, v): vertex v is the i-th of the clique, or that of colour i. Every place is taken, and no two
    places by vertices that are equal or not adjacent. The places of a clique are in increasing order. Raises
    MissingComponent without python-sat, SolverFailure if the answer fails its check.
    """
    if find_spec("pysat") is None:
        raise MissingComponent("python-sat is not installed", hint="run: pip install python-sat")
    if isinstance(graph, Graph):
        places = [tuple(range(1, graph.vertices + 1))] * graph.size
        is_solution: Any = clique.is_solution
    else:
        places = list(graph.members())
        is_solution = mcclique.is_solution
    variables = [(i, v) for i, place in enumerate(places) for v in place]
    number = {pair: index for index, pair in enumerate(variables, start=1)}
    edges = set(graph.edges)
    clauses = [[number[i, v] for v in place] for i, place in enumerate(places)]
    ordered = isinstance(graph, Graph)
    for (i, first), (j, second) in combinations(enumerate(places), 2):
        for u in first:
            for v in second:
                joined = (u, v) in edges if ordered else (min(u, v), max(u, v)) in edges
                if not joined:
                    clauses.append([-number[i, u], -number[j, v]])
    if not all(clauses):
        return CliqueAnswer("no")
    solvers = import_module("pysat.solvers")
    with solvers.Solver(name=SOLVER, bootstrap_with=clauses) as solver:
        timer = None if timeout_s is None else threading.Timer(timeout_s, solver.interrupt)
        if timer is not None:
            timer.daemon = True
            timer.start()
        try:
            satisfiable = solver.solve_limited(expect_interrupt=True)
        finally:
            if timer is not None:
                timer.cancel()
        if satisfiable is None:
            return CliqueAnswer("unknown", reason="timeout")
        if not satisfiable:
            return CliqueAnswer("no")
        true = {literal for literal in solver.get_model() if literal > 0}
    chosen: dict[int, int] = {}
    for (i, v), index in number.items():
        if index in true:
            chosen.setdefault(i, v)
    solution = tuple(sorted(chosen.values()))
    if not is_solution(graph, solution):
        raise SolverFailure(f"the clique of {SOLVER} is none")
    return CliqueAnswer("yes", solution)
