"""The state of the search tree, and its nogoods: made from linear programs and from one another, watched, propagated.

A nogood is a set of literals that cannot hold together; literal (i k + j) 2 + b says that neuron j is on (b = 1) or
off (b = 0) at point i. Everything is floating point and a guess: proof.py derives every nogood that is used again,
exactly.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from certify.decide.fit.simplex import ROWS, STUCK, WAY, Floats, Ints, System, push, system

#: Entries of `where`: depth, nodes, nogoods, their literals in all, whether a node is to be entered, the root's
#: point, the number of rows at the root, trouble met, the nogood that refutes the root.
DEPTH, NODES, NOGOODS, USED, ENTER, FIRST, BASE, TROUBLES, LAST = 0, 1, 2, 3, 4, 5, 6, 7, 8
NONE = -1
#: Room for literals, for each nogood that there is room for.
LITERALS = 40


class Tree(NamedTuple):
    """n points, k neurons, D = dimension + 1 entries a neuron. Arrays by depth come first index."""

    lp: System
    extended: Floats  # n x D: points with a last 1, scaled
    labels: Floats  # n
    signs: Ints  # k: output signs
    on: Ints  # n x k: 1, 0 or NONE
    dead: Ints  # (n + 1) x n x 2^k: the nogood that excludes a pattern, or NONE
    point: Ints  # n + 1: the point that a node branches on
    pattern: Ints  # n + 1: its pattern now
    bottom: Ints  # n + 1: rows of the system at the node
    start: Ints  # nogoods: first literal
    literal: Ints
    leaf: Ints  # nogoods: 1 if from a linear program, 0 if resolved from others
    watched: Ints  # nogoods x 2: two literals of different points, where there are such
    link: Ints  # nogoods x 2: the next nogood in the list of a watched literal, as 2 number + side
    head: Ints  # literals: first entry of their list
    level: Ints  # n: the depth at which a point was assigned
    weight: Floats  # n
    rank: Floats  # n: ties go to small ranks
    owner_point: Ints  # rows
    owner_neuron: Ints  # rows: NONE for an equation, -2 for rows of the order
    where: Ints


def new_tree(
    extended: Floats, labels: Floats, signs: Ints, first: int, order: bool, rank: Floats, most_nogoods: int
) -> Tree:
    """The tree at its root."""
    n, size = extended.shape
    k = len(signs)
    rows = n * (k + 1) + k
    tree = Tree(
        system(k * size, rows),
        extended,
        labels,
        signs,
        np.full((n, k), NONE, dtype=np.int64),
        np.full((n + 1, n, 1 << k), NONE, dtype=np.int64),
        np.full(n + 1, NONE, dtype=np.int64),
        np.full(n + 1, NONE, dtype=np.int64),
        np.zeros(n + 1, dtype=np.int64),
        np.zeros(most_nogoods + 1, dtype=np.int64),
        np.zeros(most_nogoods * LITERALS, dtype=np.int64),
        np.zeros(most_nogoods, dtype=np.int64),
        np.full((most_nogoods, 2), NONE, dtype=np.int64),
        np.full((most_nogoods, 2), NONE, dtype=np.int64),
        np.full(2 * n * k, NONE, dtype=np.int64),
        np.full(n, NONE, dtype=np.int64),
        np.ones(n),
        rank,
        np.full(rows, NONE, dtype=np.int64),
        np.full(rows, NONE, dtype=np.int64),
        np.zeros(10, dtype=np.int64),
    )
    tree.where[FIRST] = first
    tree.where[ENTER] = 1
    tree.where[LAST] = NONE
    if order:
        for j in range(k - 1):
            if signs[j] == signs[j + 1]:
                row = np.zeros(k * size)
                row[j * size : (j + 1) * size] = -extended[first]
                row[(j + 1) * size : (j + 2) * size] = extended[first]
                tree.owner_neuron[tree.lp.counter[ROWS]] = -2
                push(tree.lp, row, 0.0, np.inf)
    tree.where[BASE] = tree.lp.counter[ROWS]
    return tree


def grown(tree: Tree, factor: int = 2) -> Tree:
    """The same tree with room for more nogoods."""

    def longer(array: Ints, more: int) -> Ints:
        return np.concatenate([array, np.zeros((more, *array.shape[1:]), dtype=np.int64)])

    more = len(tree.leaf) * (factor - 1)
    return tree._replace(
        start=longer(tree.start, more),
        literal=longer(tree.literal, LITERALS * more),
        leaf=longer(tree.leaf, more),
        watched=longer(tree.watched, more),
        link=longer(tree.link, more),
    )


def listed(tree: Tree) -> list[tuple[bool, list[int]]]:
    """All nogoods: whether it is a leaf, and its literals."""
    found = []
    for t in range(tree.where[NOGOODS]):
        literals = tree.literal[tree.start[t] : tree.start[t + 1]].tolist()
        found.append((bool(tree.leaf[t]), literals))
    return found


@njit(cache=True)  # type: ignore[untyped-decorator]
def explain(t: Any, i: int, pattern: int) -> int:
    """A new nogood from the stuck row. Point i with the pattern is on top of what is assigned.

    In a contradiction the equation of a point with multiplier m leaves m a_j h_j. Where m a_j < 0, rows h >= 0 and
    h - z >= 0 cancel it whatever the sign of z is: the literal is not needed, and they take over a row z >= 0 or
    z <= 0 of at most the same multiplier.
    """
    s = t.lp
    n, k = t.on.shape
    p = s.change.shape[0]
    equation = np.zeros(n)
    direct = np.zeros((n, k))
    r = s.counter[STUCK]
    way = 1.0 if s.counter[WAY] > 0 else -1.0
    for e in range(-1, p):
        if e < 0:
            row, multiplier = r, way
        else:
            row, multiplier = s.nonbasic[e], -way * s.table[r, e]
            if row < 0 or abs(multiplier) < 1e-9:
                continue
        q, j = t.owner_point[row], t.owner_neuron[row]
        if j == NONE:
            equation[q] = multiplier
        elif j >= 0:
            direct[q, j] = multiplier
    at = t.where[USED]
    for q in range(n):
        for j in range(k):
            b = t.on[q, j]
            if q == i:
                b = pattern >> j & 1
            if b == NONE:
                continue
            needed = equation[q] * t.signs[j] > 0.0
            if not needed and direct[q, j] != 0.0:
                needed = abs(direct[q, j]) > abs(equation[q]) * (1.0 + 1e-9)
            if needed:
                t.literal[at] = (q * k + j) * 2 + b
                at += 1
    return int(close(t, at, 1))


@njit(cache=True)  # type: ignore[untyped-decorator]
def exclude(t: Any, depth: int, i: int, number: int) -> bool:
    """Excludes the patterns of point i that the nogood excludes at this depth; whether it names the point."""
    must, mustnt = masks(t, i, number)
    for pattern in range(1 << t.signs.shape[0]):
        if pattern & must == must and pattern & mustnt == 0 and t.dead[depth, i, pattern] == NONE:
            t.dead[depth, i, pattern] = number
    return bool(must != 0 or mustnt != 0)


@njit(cache=True)  # type: ignore[untyped-decorator]
def kill(t: Any, depth: int, i: int, number: int) -> bool:
    """The same at this depth and at all above where the rest of the nogood holds."""
    k = t.signs.shape[0]
    above = 0
    for e in range(t.start[number], t.start[number + 1]):
        q = (t.literal[e] >> 1) // k
        if q != i:
            above = max(above, t.level[q] + 1)
    named = False
    for d in range(above, depth + 1):
        named = exclude(t, d, i, number)
    return named


@njit(cache=True)  # type: ignore[untyped-decorator]
def watch(t: Any, number: int) -> None:
    """Watches two literals of different points: free ones first, then the last that were assigned."""
    k = t.signs.shape[0]
    one, other = NONE, NONE
    for side in range(2):
        best, height = NONE, -1
        for e in range(t.start[number], t.start[number + 1]):
            lit = t.literal[e]
            q = (lit >> 1) // k
            if side == 1 and q == (one >> 1) // k:
                continue
            h = t.level[q]
            if h == NONE:
                h = 1 << 30
            if h > height:
                best, height = lit, h
        if side == 0:
            one = best
        else:
            other = best
        if best == NONE:
            break
    if one == NONE:
        return
    t.watched[number, 0] = one
    t.link[number, 0] = t.head[one]
    t.head[one] = 2 * number
    t.watched[number, 1] = other
    if other != NONE:
        t.link[number, 1] = t.head[other]
        t.head[other] = 2 * number + 1


@njit(cache=True)  # type: ignore[untyped-decorator]
def masks(t: Any, i: int, number: int) -> Any:
    """What a nogood says of point i: the neurons that it names as on, and those as off, as bit sets."""
    k = t.signs.shape[0]
    must, mustnt = 0, 0
    for e in range(t.start[number], t.start[number + 1]):
        lit = t.literal[e]
        v = lit >> 1
        if v // k == i:
            if lit & 1:
                must |= 1 << (v % k)
            else:
                mustnt |= 1 << (v % k)
    return must, mustnt


@njit(cache=True)  # type: ignore[untyped-decorator]
def close(t: Any, end: int, leaf: int) -> int:
    """The literals written from where[USED] to `end` are a new nogood; its number."""
    number = t.where[NOGOODS]
    t.where[USED] = end
    t.where[NOGOODS] = number + 1
    t.start[number + 1] = end
    t.leaf[number] = leaf
    watch(t, number)
    return int(number)


def learn(tree: Tree, literals: Ints) -> None:
    """A nogood from elsewhere, for a search that has not begun; there must be room for it."""
    end = int(tree.where[USED]) + len(literals)
    tree.literal[tree.where[USED] : end] = literals
    close(tree, end, 1)


@njit(cache=True)  # type: ignore[untyped-decorator]
def propagate(t: Any, depth: int, i: int) -> int:
    """Visits the nogoods that watch a literal of the point assigned last; one that is violated, or NONE."""
    k = t.on.shape[1]
    for j in range(k):
        true = (i * k + j) * 2 + t.on[i, j]
        entry = t.head[true]
        before = NONE
        while entry != NONE:
            number, side = entry >> 1, entry & 1
            following = t.link[number, side]
            second = t.watched[number, 1 - side]
            point = NONE
            if second != NONE:
                point = (second >> 1) // k
            replacement = NONE
            open_point = NONE
            for e in range(t.start[number], t.start[number + 1]):
                lit = t.literal[e]
                v = lit >> 1
                q = v // k
                b = t.on[q, v - q * k]
                if b == lit & 1:
                    continue
                if q != point:
                    replacement = lit
                    break
                open_point = q
                if b != NONE:
                    open_point = -2  # the nogood cannot be violated here
                    break
            if replacement != NONE:
                if before == NONE:
                    t.head[true] = following
                else:
                    t.link[before >> 1, before & 1] = following
                t.watched[number, side] = replacement
                t.link[number, side] = t.head[replacement]
                t.head[replacement] = entry
            else:
                before = entry
                if open_point == NONE:
                    return int(number)
                if open_point >= 0:
                    exclude(t, depth, open_point, number)
            entry = following
    return NONE


@njit(cache=True)  # type: ignore[untyped-decorator]
def resolve(t: Any, depth: int, i: int) -> int:
    """A new nogood from those that exclude all patterns of point i: what they say of other points.

    Greedy: the next one excludes many patterns that are left and brings few new literals.
    """
    n, k = t.on.shape
    patterns = 1 << k
    taken = np.zeros(2 * n * k, dtype=np.int64)
    left = np.ones(patterns, dtype=np.int64)
    total = patterns
    while total > 0:
        best, score = NONE, -1.0
        for pattern in range(patterns):
            number = t.dead[depth, i, pattern]
            if left[pattern] == 0:
                continue
            must, mustnt = masks(t, i, number)
            new = 0
            for e in range(t.start[number], t.start[number + 1]):
                lit = t.literal[e]
                if (lit >> 1) // k != i and taken[lit] == 0:
                    new += 1
            gain = 0
            for other in range(patterns):
                if left[other] and other & must == must and other & mustnt == 0:
                    gain += 1
            if gain / (1.0 + new) > score:
                best, score = number, gain / (1.0 + new)
        must, mustnt = masks(t, i, best)
        for e in range(t.start[best], t.start[best + 1]):
            lit = t.literal[e]
            if (lit >> 1) // k != i:
                taken[lit] = 1
        for other in range(patterns):
            if left[other] and other & must == must and other & mustnt == 0:
                left[other] = 0
                total -= 1
    at = t.where[USED]
    for lit in range(2 * n * k):
        if taken[lit]:
            t.literal[at] = lit
            at += 1
    return int(close(t, at, 0))
