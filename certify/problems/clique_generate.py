"""Graphs for the clique problem: random, with a planted clique, certainly without one, and classic ones."""

from __future__ import annotations

import random
from itertools import combinations
from math import isqrt

from certify.errors import InvalidInstance, UnknownProblem
from certify.problems.clique import Edge, Graph
from certify.problems.sizes import Sizes


def graph(vertices: int, edges: list[Edge], size: int) -> Graph:
    """The graph with these edges, in any direction and order."""
    return Graph(vertices, tuple(sorted({(min(e), max(e)) for e in edges})), size)


def turan(vertices: int, parts: int) -> list[Edge]:
    """The edges between different parts, vertex v in part v mod ``parts``: no clique has more than ``parts``."""
    return [(u, v) for u, v in combinations(range(1, vertices + 1), 2) if (u - v) % parts]


def paley(prime: int) -> list[Edge]:
    """The edges uv with u - v a square modulo the prime, which is 1 modulo 4. A clique C has |C|^2 <= prime vertices.

    For with a non-square g all c - g c' are different: c - d = g (c' - d') would be a square and none, unless it is 0.
    Raises InvalidInstance for another number.
    """
    if prime % 4 != 1 or prime < 5 or any(prime % d == 0 for d in range(3, isqrt(prime) + 1, 2)):
        raise InvalidInstance(f"a Paley graph of {prime} vertices", hint="give a prime that is 1 modulo 4, as 13")
    squares = {x * x % prime for x in range(1, prime)}
    return [(u, v) for u, v in combinations(range(1, prime + 1), 2) if (v - u) in squares]


_CYCLE5 = [(1, 2), (2, 3), (3, 4), (4, 5), (1, 5)]
_PETERSEN = [*_CYCLE5, *((i, i + 5) for i in range(1, 6)), (6, 8), (7, 9), (8, 10), (6, 9), (7, 10)]

#: Named graphs with their verdict: is there a clique of the size?
CLASSICS: dict[str, tuple[Graph, bool]] = {
    "vertex": (graph(1, [], 1), True),
    "no-vertex": (graph(0, [], 1), False),
    "edge": (graph(2, [(1, 2)], 2), True),
    "no-edge": (graph(2, [], 2), False),
    "path": (graph(3, [(1, 2), (2, 3)], 2), True),
    "path-triangle": (graph(3, [(1, 2), (2, 3)], 3), False),
    "triangle": (graph(3, [(1, 2), (2, 3), (1, 3)], 3), True),
    "cycle-5": (graph(5, _CYCLE5, 3), False),
    "petersen": (graph(10, _PETERSEN, 2), True),
    "petersen-triangle": (graph(10, _PETERSEN, 3), False),
    "turan-6-3": (graph(6, turan(6, 3), 3), True),
    "turan-4-2": (graph(4, turan(4, 2), 3), False),
}

KINDS: tuple[str, ...] = ("random", "planted", "turan", "paley", *CLASSICS)


def generate(kind: str, seed: int = 0, **sizes: int) -> Graph:
    """A graph of the given kind; the same arguments give the same graph.

    ``random``: ``vertices`` (default 5), ``size`` (2) of the clique that is asked for, ``density`` (50): each edge
    with that probability in percent. ``planted``: the same with a clique of that size put in. ``turan``: the same
    (size 3, density 80) without all edges inside size - 1 parts, so that there is no such clique. ``paley``: the Paley
    graph of a ``prime`` (13), with a ``size`` (by default the least one) whose square is larger: never a clique. The
    names of CLASSICS take no sizes. Raises UnknownProblem, InvalidInstance.
    """
    if kind not in KINDS:
        raise UnknownProblem(f"no kind {kind!r} of clique instance", hint="choose one of " + ", ".join(KINDS))
    wanted = Sizes(kind, sizes)
    if kind in CLASSICS:
        wanted.finish()
        return CLASSICS[kind][0]
    if kind == "paley":
        prime = wanted.take("prime", 13, 5)
        least = isqrt(prime) + 1
        size = wanted.take("size", least, least)
        wanted.finish()
        return graph(prime, paley(prime), size)
    rng = random.Random(f"clique {kind} {seed}")
    size = wanted.take("size", *((3, 2) if kind == "turan" else (2, 1)))
    vertices = wanted.take("vertices", 5, size if kind == "planted" else 0)
    density = wanted.take("density", 80 if kind == "turan" else 50, 0, 100)
    wanted.finish()
    pairs = turan(vertices, size - 1) if kind == "turan" else list(combinations(range(1, vertices + 1), 2))
    edges = [pair for pair in pairs if rng.randrange(100) < density]
    if kind == "planted":
        edges += combinations(sorted(rng.sample(range(1, vertices + 1), size)), 2)
    return graph(vertices, edges, size)
