"""Deciding any source problem: a solution that the reductions lift, or a refutation where there is one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from certify.decide import clique_sat, poits_sat, twohyp_z3
from certify.decide.twohyp_z3 import Outcome
from certify.problems.clique import Graph
from certify.problems.mcclique import ColouredGraph
from certify.problems.poits import Formula
from certify.problems.sat import Cnf
from certify.problems.twohyp import PointSets
from certify.reductions import sat_to_poits


@dataclass(frozen=True)
class Decision:
    """What is known of a source instance.

    ``solution``: one that the reductions can lift, or None; ``note`` then says why. ``status``: "sat",
    "unsat" or "unknown", what follows for the training instance, so "unknown" for one in the gap between
    general and restricted separability. ``refutation``: the lines of a refutation of the source.
    """

    status: Literal["sat", "unsat", "unknown"]
    solution: Any = None
    refutation: Iterable[str] | None = None
    note: str = ""


def decide(source: Any, *, seed: int = 0, timeout: float | None = None) -> Decision:
    """Decides a source problem: formulas and graphs by a SAT solver, PointSets by Z3.

    A CNF is decided as its one-in-three formula, whose refutation is what a certificate may hold.
    """
    if isinstance(source, Formula):
        return _decide_formula(source, timeout)
    if isinstance(source, Cnf):
        decision = _decide_formula(sat_to_poits.reduce(source), timeout)
        if decision.solution is None:
            return decision
        return replace(decision, solution=sat_to_poits.extract(source, decision.solution))
    if isinstance(source, (Graph, ColouredGraph)):
        return _decide_graph(source, timeout)
    return _decide_point_sets(source, seed, timeout)


def _decide_graph(graph: Graph | ColouredGraph, timeout: float | None) -> Decision:
    answer = clique_sat.decide(graph, timeout_s=timeout)
    if answer.clique is not None:
        return Decision("sat", solution=answer.clique)
    if answer.refutation is not None:
        return Decision("unsat", refutation=answer.refutation, note="the graph has no such clique")
    return Decision("unknown", note=f"the graph is not decided: {answer.reason}")


def _decide_formula(formula: Formula, timeout: float | None) -> Decision:
    answer = poits_sat.decide(formula, timeout_s=timeout)
    if answer.refutation is not None:
        return Decision("unsat", refutation=answer.refutation, note="the formula has no solution")
    if answer.assignment is None:
        return Decision("unknown", note=f"the formula is not decided: {answer.reason}")
    return Decision("sat", solution=answer.assignment)


def _decide_point_sets(sets: PointSets, seed: int, timeout: float | None) -> Decision:
    answer = twohyp_z3.decide(sets, timeout_s=timeout, seed=seed)
    outcome = answer.outcome
    if outcome in (Outcome.RESTRICTED_QP, Outcome.RESTRICTED_PQ):
        return Decision("sat", solution=answer.planes)
    note = f"the point sets are {outcome.value}" + (f" ({answer.reason})" if answer.reason else "")
    # Only a restricted solution is known to give a fit: in the gap the data themselves have to decide.
    status: Literal["unsat", "unknown"] = "unsat" if outcome is Outcome.NONE else "unknown"
    return Decision(status, note=note)
