"""Instances of two-hyperplane separability: random, planted, and classic ones with a known verdict."""

from __future__ import annotations

import random
from dataclasses import dataclass

from certify.errors import UnknownProblem
from certify.exact import Vector, dot, vector
from certify.problems.sizes import Sizes
from certify.problems.twohyp import PointSets


@dataclass(frozen=True)
class Classic:
    """Named point sets with what is known: restricted for (Q, P), restricted for (P, Q), general."""

    sets: PointSets
    restricted: bool
    swapped: bool
    general: bool


def _sets(dimension: int, q: list[tuple[int | str, ...]], p: list[tuple[int | str, ...]]) -> PointSets:
    return PointSets(tuple(map(vector, q)), tuple(map(vector, p)), dimension)


_GRID: list[tuple[int | str, ...]] = [(x, y) for x in range(3) for y in range(3)]

CLASSICS: dict[str, Classic] = {
    "pair": Classic(_sets(1, [(0,)], [(1,)]), True, True, True),
    "middle": Classic(_sets(1, [(0,)], [(-1,), (1,)]), True, False, True),
    "exclusive-or": Classic(_sets(2, [(0, 0), (1, 1)], [(0, 1), (1, 0)]), True, True, True),
    "no-points": Classic(_sets(2, [], []), True, True, True),
    "same-point": Classic(_sets(2, [(0, 0)], [(0, 0), (1, 1)]), False, False, False),
    # Four alternating points on a line need three cuts, and two lines make two.
    "alternating-line": Classic(_sets(1, [(0,), (2,)], [(1,), (3,)]), False, False, False),
    # One line cuts a convex polygon twice: six alternating corners need three lines.
    "hexagon": Classic(
        _sets(2, [(2, 0), (-1, 2), (-1, -2)], [(1, 2), (-2, 0), (1, -2)]), False, False, False
    ),
    # Its border has eight alternating points around a centre.
    "checkerboard": Classic(
        _sets(
            2,
            [(x, y) for x, y in _GRID if (int(x) + int(y)) % 2 == 0],
            [(x, y) for x, y in _GRID if (int(x) + int(y)) % 2 == 1],
        ),
        False,
        False,
        False,
    ),
    # The axes separate, but no solution is restricted.
    "axes-gap": Classic(
        _sets(2, [(1, 1), (1, 9), (9, 1)], [(-1, 3), (-1, 9), (3, -1), (9, -1), (-9, -9)]),
        False,
        False,
        True,
    ),
    # Restricted separable, but a delta that does not shrink with the spread of the points gives a no.
    "far-points": Classic(_sets(1, [(0,)], [(-1000,), (-1,), (1,), (1000,)]), True, False, True),
    # Restricted separable with a margin below m^-3: the paper's own delta gives a no.
    "near-points": Classic(_sets(1, [(0,)], [(-1,), ("-1/1000",), ("1/1000",), (1,)]), True, False, True),
}

KINDS: tuple[str, ...] = ("random", "planted", "alternating", *CLASSICS)


def generate(kind: str, seed: int = 0, **sizes: int) -> PointSets:
    """Point sets of the given kind; the same arguments give the same sets.

    ``random`` and ``planted`` take ``q`` and ``p``, the numbers of points (default 4 and 5), ``dimension``
    (default 2) and ``range`` (default 9): coordinates are integers of at most that absolute value.
    ``planted`` has a hidden restricted solution for (Q, P). ``alternating`` has none and is not separable: it takes
    at least two points each and a range of at least 2, and four of them lie on a line, Q, P, Q, P in this order, which
    needs three cuts. The names of CLASSICS take no sizes. Raises UnknownProblem for another kind, InvalidInstance for
    sizes that it cannot have.
    """
    if kind not in KINDS:
        raise UnknownProblem(f"no kind {kind!r} of twohyp instance", hint="choose one of " + ", ".join(KINDS))
    wanted = Sizes(kind, sizes)
    if kind in CLASSICS:
        wanted.finish()
        return CLASSICS[kind].sets
    rng = random.Random(f"twohyp {kind} {seed}")
    least, least_range = (2, 2) if kind == "alternating" else (0, 1)
    in_q, in_p = wanted.take("q", 4, least), wanted.take("p", 5, least)
    dimension, reach = wanted.take("dimension", 2, 1), wanted.take("range", 9, least_range)
    wanted.finish()

    def draw() -> Vector:
        return vector(rng.randint(-reach, reach) for _ in range(dimension))

    if kind == "random":
        return PointSets(tuple(draw() for _ in range(in_q)), tuple(draw() for _ in range(in_p)), dimension)
    if kind == "alternating":
        line = _alternating(rng, dimension, reach)
        return PointSets(
            (*line[0::2], *(draw() for _ in range(in_q - 2))),
            (*line[1::2], *(draw() for _ in range(in_p - 2))),
            dimension,
        )
    q: list[Vector] = []
    p: list[Vector] = []
    while len(q) < in_q or len(p) < in_p:
        # New hyperplanes after a while: few points may lie in Q's cell of the first ones.
        planes = [(draw(), vector([rng.randint(-reach, reach)])[0]) for _ in range(2)]
        q, p = [], []
        for _ in range(100 * (in_q + in_p)):
            x = draw()
            first, second = (dot(h, x) + o for h, o in planes)
            if first > 0 > second and len(q) < in_q:
                q.append(x)
            elif first * second > 0 and len(p) < in_p:
                p.append(x)
    return PointSets(tuple(q), tuple(p), dimension)


def _alternating(rng: random.Random, dimension: int, reach: int) -> list[Vector]:
    """Four points in a row, equally far apart, with integer coordinates of at most ``reach`` >= 2."""
    longest = 2 * reach // 3
    step = [0] * dimension
    while not any(step):
        step = [rng.randint(-longest, longest) for _ in range(dimension)]
    start = [rng.randint(max(-reach, -reach - 3 * s), min(reach, reach - 3 * s)) for s in step]
    return [vector(a + i * s for a, s in zip(start, step, strict=True)) for i in range(4)]
