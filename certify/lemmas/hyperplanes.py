"""The assumptions (3), (4), (5) in the proof of Theorem 7: on clique instances, and where they fail."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from certify.decide.twohyp_z3 import Outcome, decide
from certify.exact import Vector, dot
from certify.lemmas.base import Check, timed
from certify.problems import clique, clique_generate, twohyp_generate
from certify.problems.clique import Graph
from certify.problems.twohyp import Hyperplanes, PointSets, is_restricted_solution
from certify.reductions import clique_to_twohyp

KINDS = ("vertex", "edge", "path", "triangle", "turan-6-3", "petersen")


def theorem_7_assumptions() -> Iterator[Check]:
    """(3), (4), (5) hold for the hyperplanes of a clique; none of them holds for all point sets."""
    for kind in KINDS:
        graph = clique_generate.CLASSICS[kind][0]
        yield timed(f"clique instance {kind}: (3), (4) for a clique's hyperplanes", "exact", partial(restricted, graph))
        yield timed(f"clique instance {kind}: (5), over m^-3 from all points", "exact", partial(far_enough, graph))
    gap, near = (twohyp_generate.CLASSICS[name].sets for name in ("axes-gap", "near-points"))
    yield timed("axes-gap: two hyperplanes separate", "solver", lambda: decide(gap).planes is not None)
    yield timed(
        "axes-gap: but not as in (3), (4), in neither order",
        "solver",
        lambda: decide(gap).outcome is Outcome.GENERAL_ONLY,
    )
    yield timed("near-points: (3), (4) can hold", "solver", lambda: decide(near).outcome is Outcome.RESTRICTED_QP)
    yield timed("near-points: (5) cannot", "exact", lambda: _least_gap(near) <= 2 * Fraction(1, _size(near) ** 3))


def _planes(graph: Graph) -> tuple[PointSets, Hyperplanes]:
    solution = clique.search(graph)
    assert solution is not None
    return clique_to_twohyp.reduce(graph), clique_to_twohyp.lift(graph, solution)


def restricted(graph: Graph) -> bool:
    """Equations (3) and (4), exactly."""
    return is_restricted_solution(*_planes(graph))


def far_enough(graph: Graph) -> bool:
    """Equation (5), squared: (h.x + o)^2 > m^-6 |h|^2 at every point, m the number of points."""
    sets, planes = _planes(graph)
    bound = Fraction(1, _size(sets) ** 6)

    def clear(h: Vector, o: Fraction) -> bool:
        return all((dot(h, x) + o) ** 2 > bound * dot(h, h) for x in (*sets.q, *sets.p))

    return clear(planes.h1, planes.o1) and clear(planes.h2, planes.o2)


def _size(sets: PointSets) -> int:
    return len(set(sets.q) | set(sets.p))


def _least_gap(sets: PointSets) -> Fraction:
    """In one dimension: the least distance of a q from a p; a point between them has at most half of it to one."""
    return min(abs(q[0] - p[0]) for q in sets.q for p in sets.p)
