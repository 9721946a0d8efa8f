"""Coloured graphs: random, with a planted solution, certainly without one, and classic ones."""

from __future__ import annotations

import random
from itertools import combinations, product

from certify.errors import UnknownProblem
from certify.problems.clique import Edge
from certify.problems.mcclique import ColouredGraph
from certify.problems.sizes import Sizes


def coloured(colours: list[int], edges: list[Edge], classes: int) -> ColouredGraph:
    """The graph with these edges, in any direction and order."""
    return ColouredGraph(tuple(colours), tuple(sorted({(min(e), max(e)) for e in edges})), classes)


#: Two vertices of each of three colours, 1 2 | 3 4 | 5 6, joined where they differ: an odd cycle in two colours.
_DIFFERENT = [(1, 4), (2, 3), (3, 6), (4, 5), (1, 6), (2, 5)]
_PAIRS = [1, 1, 2, 2, 3, 3]
_COMPLETE = [(u, v) for u, v in combinations(range(1, 7), 2) if _PAIRS[u - 1] != _PAIRS[v - 1]]

#: Named coloured graphs with their verdict.
CLASSICS: dict[str, tuple[ColouredGraph, bool]] = {
    "no-colours": (coloured([], [], 0), True),
    "one-vertex": (coloured([1], [], 1), True),
    "empty-colour": (coloured([1, 1], [(1, 2)], 2), False),
    "edge": (coloured([1, 2], [(1, 2)], 2), True),
    "no-edge": (coloured([1, 2], [], 2), False),
    "two-edges": (coloured([1, 1, 2], [(1, 3), (2, 3)], 2), True),
    "inner-edge": (coloured([1, 1, 2], [(1, 2)], 2), False),
    "triangle": (coloured([1, 2, 3], [(1, 2), (1, 3), (2, 3)], 3), True),
    "open-path": (coloured(_PAIRS, [(1, 3), (3, 5), (2, 5)], 3), False),
    "odd-cycle": (coloured(_PAIRS, _DIFFERENT, 3), False),
    "odd-cycle-and-edge": (coloured(_PAIRS, [*_DIFFERENT, (1, 3)], 3), True),
    "complete": (coloured(_PAIRS, _COMPLETE, 3), True),
}

KINDS: tuple[str, ...] = ("random", "planted", "odd", *CLASSICS)


def generate(kind: str, seed: int = 0, **sizes: int) -> ColouredGraph:
    """A coloured graph of the given kind; the same arguments give the same graph.

    ``random``: ``colours`` (default 3), ``each`` (2) vertices of every colour, ``density`` (50): each edge between
    colours with that probability in percent. ``planted``: the same with a solution put in. ``odd``: the same for at
    least 3 colours (density 90), but every vertex has a hidden bit, half of the vertices of a colour either one, and
    in the first three colours only vertices of different bits are joined: never a solution. The names of CLASSICS take
    no sizes. Raises UnknownProblem, InvalidInstance.
    """
    if kind not in KINDS:
        raise UnknownProblem(f"no kind {kind!r} of mcclique instance", hint="choose one of " + ", ".join(KINDS))
    wanted = Sizes(kind, sizes)
    if kind in CLASSICS:
        wanted.finish()
        return CLASSICS[kind][0]
    rng = random.Random(f"mcclique {kind} {seed}")
    classes = wanted.take("colours", 3, 3 if kind == "odd" else 0)
    each = wanted.take("each", 2, 1)
    density = wanted.take("density", 90 if kind == "odd" else 50, 0, 100)
    wanted.finish()
    groups = [range(1 + each * c, 1 + each * (c + 1)) for c in range(classes)]
    bits = [rng.randrange(2) == 1 for _ in range(each * classes + 1)]
    for group in groups if kind == "odd" else ():
        for place, v in enumerate(rng.sample(group, each)):
            bits[v] = place % 2 == 1
    edges = []
    for first, second in combinations(range(classes), 2):
        for u, v in product(groups[first], groups[second]):
            barred = kind == "odd" and second < 3 and bits[u] == bits[v]
            if rng.randrange(100) < density and not barred:
                edges.append((u, v))
    if kind == "planted":
        edges += combinations(sorted(rng.choice(group) for group in groups), 2)
    return coloured([c + 1 for c, group in enumerate(groups) for _ in group], edges, classes)
