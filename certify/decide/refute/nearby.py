"""Cheap unsatisfiable parts of many clauses: searched near one place, where few clauses are enough if any are.

A solver's own core takes clauses from everywhere. Here clauses come in *units* (all that one far point says), which
link groups as edges do. From a group on, units are taken in the order of their distance until they cannot be satisfied,
and the costly ones of their core left out where that is cheaply possible. Groups with many cycles around them come
first: a contradiction needs cycles.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from pysat.solvers import Solver

from certify.decide.refute.cores import CORE_SOLVER

FIRST_UNITS = 100
"""So many units are tried first, then twice as many, and so on."""
NEAR = 40
"""The neighbourhood in which cycles are counted, in units."""
DENSE, OTHERS = 8, 6
"""So many groups with many cycles are tried, and so many others."""
CONFLICTS, CONFLICTS_A_UNIT = 2_000, 500
"""The effort for one neighbourhood, and to leave out one unit."""
WORSE = 1.5
"""Of cores this much costlier than the best one nothing is left out any more."""


@dataclass
class _Links:
    """Units and groups, by number, that belong together; costs of the units."""

    groups_of: list[list[int]]
    units_of: list[list[int]]
    costs: Sequence[int]

    def from_group(self, group: int, most: int | None = None) -> list[int]:
        """The units in the order of their distance from the group, cheap ones first; at least ``most``."""
        found: list[int] = []
        seen, taken, layer = {group}, set[int](), [group]
        while layer and (most is None or len(found) < most):
            units = {u for g in layer for u in self.units_of[g]} - taken
            layer = []
            for u in sorted(units, key=lambda u: (self.costs[u], u)):
                taken.add(u)
                found.append(u)
                for g in self.groups_of[u]:
                    if g not in seen:
                        seen.add(g)
                        layer.append(g)
        return found

    def cycles(self, group: int) -> int:
        """How many units near the group are more than a tree would have."""
        near = self.from_group(group, NEAR)[:NEAR]
        return len(near) - len({g for u in near for g in self.groups_of[u]})


def cheap_units(
    covers: Sequence[Sequence[int]], units: Sequence[Sequence[Sequence[int]]], costs: Sequence[int]
) -> list[int]:
    """Numbers of units that with the covers cannot be satisfied, as cheap together as is found with bounded effort.

    covers: for each group its clause, of variables that are in no other; units: clauses of negations of them; all
    together cannot be satisfied.
    """
    owner = {x: g for g, cover in enumerate(covers) for x in cover}
    groups_of = [sorted({owner[-x] for clause in unit for x in clause}) for unit in units]
    units_of: list[list[int]] = [[] for _ in covers]
    for u, groups in enumerate(groups_of):
        for g in groups:
            units_of[g].append(u)
    links = _Links(groups_of, units_of, costs)
    first = 1 + max(owner, default=0)
    best = list(range(len(units)))
    with Solver(name=CORE_SOLVER) as solver:
        for cover in covers:
            solver.add_clause(list(cover))
        for u, unit in enumerate(units):
            for clause in unit:
                solver.add_clause([*clause, -(first + u)])
        for group in _starts(links, len(covers)):
            found = _near(solver, first, links.from_group(group))
            if found is not None and _cost(found, costs) < WORSE * _cost(best, costs):
                found = _fewer(solver, first, found, costs)
                best = min(best, found, key=lambda units: _cost(units, costs))
    return sorted(best)


def _cost(units: Sequence[int], costs: Sequence[int]) -> int:
    return sum(costs[u] for u in units)


def _starts(links: _Links, size: int) -> list[int]:
    """Groups with the most cycles near them, and some others."""
    ranked = sorted(range(size), key=lambda g: (-links.cycles(g), g))
    rest = ranked[DENSE:]
    return ranked[:DENSE] + random.Random(size).sample(rest, min(OTHERS, len(rest)))


def _near(solver: Solver, first: int, ordered: Sequence[int]) -> list[int] | None:
    """The core of the first units that are enough, in this order; None if that is not found cheaply."""
    size = FIRST_UNITS
    while not _refuted(solver, first, ordered[:size], CONFLICTS):
        if size >= len(ordered):
            return None
        size *= 2
    found = list(ordered[:size])
    while True:
        fewer = _core(solver, first, found)
        if len(fewer) == len(found) or not _refuted(solver, first, fewer, CONFLICTS):
            return found
        found = fewer


def _fewer(solver: Solver, first: int, found: list[int], costs: Sequence[int]) -> list[int]:
    """Without the costly units that are seen not to be needed."""
    for u in sorted(found, key=lambda u: (-costs[u], u)):
        if u in found and _refuted(solver, first, [v for v in found if v != u], CONFLICTS_A_UNIT):
            found = _core(solver, first, found)
    return found


def _refuted(solver: Solver, first: int, units: Sequence[int], conflicts: int) -> bool:
    solver.conf_budget(conflicts)
    return solver.solve_limited(assumptions=[first + u for u in units]) is False


def _core(solver: Solver, first: int, units: Sequence[int]) -> list[int]:
    """Those of the units that the solver's last refutation used."""
    used = {x - first for x in solver.get_core() or ()}
    return [u for u in units if u in used]
