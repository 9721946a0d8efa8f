"""Clique to two-hyperplane separability in dimension 2k, with rational points on circles.

In each of k planes stand the points p_x = R^x (1, 0) of a rational rotation R by less than 60 degrees, x = 0..n-1 up
to half a circle, and their opposites. Two hyperplanes that separate them from the origin cut each circle in two
arcs, and the place u where p_0, p_1, ... change from one side to the other names a vertex. Points m_x between
neighbours forbid places beyond the vertices, midpoints of two m's forbid pairs of planes to name equal or
non-adjacent vertices. The proof is in docs/reductions.md. The parameters are those of the construction that the
paper cites for the W[1]-hardness of the problem; points and proof are this project's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from certify.errors import ResourceLimit
from certify.exact import Vector
from certify.problems import clique, twohyp
from certify.problems.clique import Graph, Vertices
from certify.problems.twohyp import Hyperplanes, PointSets
from certify.reductions.base import MAX_POINTS, require

NAME = "clique-twohyp"
SOURCE = "clique"
TARGET = "twohyp"
TITLE = "circles"
CLAIM = (
    "The graph has a clique of the size k if and only if two hyperplanes separate the point sets, and then they "
    "do so in the restricted way (3), (4) of the paper for (Q, P)."
)

_ZERO = Fraction(0)
Pair = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Circle:
    """``turn`` T: the rotation has cosine (T^2-1)/(T^2+1). ``points`` p_0..p_n, with p_n = -p_0; ``middles`` is m_x
    at index x, x = 1..n (index 0 is not used).
    """

    turn: int
    points: tuple[Pair, ...]
    middles: tuple[Pair, ...]

    @property
    def count(self) -> int:
        """n: the number of places."""
        return len(self.points) - 1


def circle(vertices: int) -> Circle:
    """The circle with the least turn T >= 2 that has a place for every vertex and one more."""
    turn = 2
    while True:
        below = turn * turn + 1
        cos, sin = Fraction(turn * turn - 1, below), Fraction(2 * turn, below)
        points = [(Fraction(1), _ZERO)]
        while points[-1][1] >= 0:
            x, y = points[-1]
            points.append((cos * x - sin * y, sin * x + cos * y))
        if len(points) - 1 >= vertices + 1:
            points[-1] = (-points[0][0], -points[0][1])
            middles = [(_ZERO, _ZERO)]
            middles += [
                ((x - u) / 2, (y - v) / 2) for (u, v), (x, y) in pairwise(points)
            ]
            return Circle(turn, tuple(points), tuple(middles))
        turn += 1


def reduce(graph: Graph) -> PointSets:
    """The sets Q and P; raises ResourceLimit if they are too large.

    Order of P: for every plane, for x = 0..n-1: p_x, -p_x. Order of Q: 0; for every plane, for x from the number of
    vertices + 1 to n: m_x; for planes i < j, for all vertices u, v (nested so) that are equal or not adjacent: half
    of m_u in plane i plus m_v in plane j, then half of m_u in plane i minus m_v in plane j.
    """
    k = graph.size
    if k * (k - 1) * graph.vertices**2 * 2 * k > MAX_POINTS or k * graph.vertices > MAX_POINTS:
        raise ResourceLimit("the point sets would be too large", hint="reduce a smaller graph")
    ring = circle(graph.vertices)

    def placed(*parts: tuple[int, Pair]) -> Vector:
        entries = [_ZERO] * (2 * k)
        for plane, (x, y) in parts:
            entries[2 * plane], entries[2 * plane + 1] = x, y
        return tuple(entries)

    p: list[Vector] = []
    for plane in range(k):
        for x, y in ring.points[:-1]:
            p += [placed((plane, (x, y))), placed((plane, (-x, -y)))]
    q = [(_ZERO,) * (2 * k)]
    for plane in range(k):
        q += [placed((plane, middle)) for middle in ring.middles[graph.vertices + 1 :]]
    forbidden = list(forbidden_pairs(graph))
    for i in range(k):
        for j in range(i + 1, k):
            for u, v in forbidden:
                (a, b), (c, d) = ring.middles[u], ring.middles[v]
                first = (i, (a / 2, b / 2))
                q += [placed(first, (j, (c / 2, d / 2))), placed(first, (j, (-c / 2, -d / 2)))]
    return PointSets(tuple(q), tuple(p), 2 * k)


def forbidden_pairs(graph: Graph) -> Iterator[tuple[int, int]]:
    """The pairs (u, v) of vertices that are equal or not adjacent, in lexicographic order."""
    edges = set(graph.edges)
    for u in range(1, graph.vertices + 1):
        for v in range(1, graph.vertices + 1):
            if (min(u, v), max(u, v)) not in edges:
                yield u, v


def lift(graph: Graph, solution: Vertices) -> Hyperplanes:
    """The hyperplanes w.x = -1 and w.x = 1, a restricted solution for (Q, P); raises NotASolution."""
    require(clique.is_solution(graph, solution), "clique")
    ring = circle(graph.vertices)
    square = ring.turn**2
    factor = -(1 + Fraction(1, 2 * square)) * (square + 1)
    w = tuple(factor * value for vertex in solution for value in ring.middles[vertex])
    return Hyperplanes(w, Fraction(1), w, Fraction(-1))


def extract(graph: Graph, planes: Hyperplanes) -> Vertices:
    """A clique of the size, from any two hyperplanes that separate ``reduce(graph)``; raises NotASolution.

    With both oriented to be positive at 0, each point of P is on the negative side of exactly one. In every plane
    the vertex is the first place where that hyperplane changes.
    """
    require(twohyp.is_solution(reduce(graph), planes), "twohyp")
    ring = circle(graph.vertices)
    h, o = (planes.h1, planes.o1) if planes.o1 > 0 else (tuple(-v for v in planes.h1), -planes.o1)
    chosen = []
    for plane in range(graph.size):
        a, b = h[2 * plane], h[2 * plane + 1]
        cut = [a * x + b * y + o < 0 for x, y in ring.points]
        chosen.append(next(x for x in range(1, ring.count + 1) if cut[x] != cut[x - 1]))
    solution = tuple(sorted(chosen))
    require(clique.is_solution(graph, solution), "clique")
    return solution
