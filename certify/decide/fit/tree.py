"""The search tree over activation patterns, compiled: which neurons are on at which points.

A node has some points with a full pattern. It filters the patterns of the other points by the nogoods found so far
and by linear programs, branches on the point with the fewest patterns left (weighted by how often a point made
trouble), and jumps back over points that the explanation of a failure does not name. A nogood is a set of literals
that cannot hold together; literal (i k + j) 2 + b says that neuron j is on (b = 1) or off (b = 0) at point i.

Everything is floating point and a guess: proof.py derives every nogood that is used again, exactly.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from certify.decide.fit.simplex import (
    CHECKS,
    FEASIBLE,
    INFEASIBLE,
    ROWS,
    STUCK,
    WAY,
    Floats,
    Ints,
    System,
    check,
    pop,
    push,
    restart,
    system,
)

#: What `run` returns.
BUDGET, FITS, REFUTED, FULL, UNSURE = 0, 1, 2, 3, 4
#: Entries of `where`: depth, nodes, nogoods, their literals in all, whether a node is to be entered, the root's
#: point, the number of rows at the root, trouble met, the nogood that refutes the root.
DEPTH, NODES, NOGOODS, USED, ENTER, FIRST, BASE, TROUBLES, LAST = 0, 1, 2, 3, 4, 5, 6, 7, 8
NONE = -1


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
        np.zeros(most_nogoods * 40, dtype=np.int64),
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
        literal=longer(tree.literal, 40 * more),
        leaf=longer(tree.leaf, more),
        watched=longer(tree.watched, more),
        link=longer(tree.link, more),
    )


def nogoods(tree: Tree) -> list[tuple[bool, list[int]]]:
    """All nogoods: whether it is a leaf, and its literals."""
    found = []
    for t in range(tree.where[NOGOODS]):
        literals = tree.literal[tree.start[t] : tree.start[t + 1]].tolist()
        found.append((bool(tree.leaf[t]), literals))
    return found


def statistics(tree: Tree) -> dict[str, int]:
    """Counts for reports."""
    return {
        "nodes": int(tree.where[NODES]),
        "linear programs": int(tree.lp.counter[CHECKS]),
        "nogoods": int(tree.where[NOGOODS]),
    }


@njit(cache=True)  # type: ignore[untyped-decorator]
def _push_pattern(t: Any, i: int, pattern: int, row: Any) -> None:
    k = t.signs.shape[0]
    size = t.extended.shape[1]
    for j in range(k):
        row[:] = 0.0
        for c in range(size):
            row[j * size + c] = t.extended[i, c]
        m = t.lp.counter[ROWS]
        t.owner_point[m] = i
        t.owner_neuron[m] = j
        if pattern >> j & 1:
            push(t.lp, row, 0.0, np.inf)
        else:
            push(t.lp, row, -np.inf, 0.0)
    row[:] = 0.0
    for j in range(k):
        if pattern >> j & 1:
            for c in range(size):
                row[j * size + c] = t.signs[j] * t.extended[i, c]
    m = t.lp.counter[ROWS]
    t.owner_point[m] = i
    t.owner_neuron[m] = NONE
    push(t.lp, row, t.labels[i], t.labels[i])


@njit(cache=True)  # type: ignore[untyped-decorator]
def _explain(t: Any, i: int, pattern: int) -> int:
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
    number = t.where[NOGOODS]
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
    t.where[USED] = at
    t.where[NOGOODS] = number + 1
    t.start[number + 1] = at
    t.leaf[number] = 1
    _watch(t, number)
    return int(number)


@njit(cache=True)  # type: ignore[untyped-decorator]
def _exclude(t: Any, depth: int, i: int, number: int) -> bool:
    """Excludes the patterns of point i that the nogood excludes at this depth; whether it names the point."""
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
    for pattern in range(1 << k):
        if pattern & must == must and pattern & mustnt == 0 and t.dead[depth, i, pattern] == NONE:
            t.dead[depth, i, pattern] = number
    return must != 0 or mustnt != 0


@njit(cache=True)  # type: ignore[untyped-decorator]
def _kill(t: Any, depth: int, i: int, number: int) -> bool:
    """The same at this depth and at all above where the rest of the nogood holds."""
    k = t.signs.shape[0]
    above = 0
    for e in range(t.start[number], t.start[number + 1]):
        q = (t.literal[e] >> 1) // k
        if q != i:
            above = max(above, t.level[q] + 1)
    named = False
    for d in range(above, depth + 1):
        named = _exclude(t, d, i, number)
    return named


@njit(cache=True)  # type: ignore[untyped-decorator]
def _watch(t: Any, number: int) -> None:
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
def _propagate(t: Any, depth: int, i: int) -> int:
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
                    _exclude(t, depth, open_point, number)
            entry = following
    return NONE


@njit(cache=True)  # type: ignore[untyped-decorator]
def _test(t: Any, depth: int, i: int, row: Any) -> int:
    """Excludes patterns of point i by linear programs; how many are left."""
    k = t.signs.shape[0]
    base = t.lp.counter[ROWS]
    left = 0
    for pattern in range(1 << k):
        if t.dead[depth, i, pattern] != NONE:
            continue
        _push_pattern(t, i, pattern, row)
        found = check(t.lp)
        if found == INFEASIBLE:
            number = _explain(t, i, pattern)
            named = _kill(t, depth, i, number)
            if t.dead[depth, i, pattern] == NONE:
                t.dead[depth, i, pattern] = number
            pop(t.lp, base)
            if not named:
                return 0
        else:
            if found != FEASIBLE:
                t.where[TROUBLES] += 1
            left += 1
            pop(t.lp, base)
    return left


@njit(cache=True)  # type: ignore[untyped-decorator]
def _resolve(t: Any, depth: int, i: int) -> int:
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
            must, mustnt, new = 0, 0, 0
            for e in range(t.start[number], t.start[number + 1]):
                lit = t.literal[e]
                v = lit >> 1
                if v // k == i:
                    if lit & 1:
                        must |= 1 << (v % k)
                    else:
                        mustnt |= 1 << (v % k)
                elif taken[lit] == 0:
                    new += 1
            gain = 0
            for other in range(patterns):
                if left[other] and other & must == must and other & mustnt == 0:
                    gain += 1
            if gain / (1.0 + new) > score:
                best, score = number, gain / (1.0 + new)
        must, mustnt = 0, 0
        for e in range(t.start[best], t.start[best + 1]):
            lit = t.literal[e]
            v = lit >> 1
            if v // k == i:
                if lit & 1:
                    must |= 1 << (v % k)
                else:
                    mustnt |= 1 << (v % k)
            else:
                taken[lit] = 1
        for other in range(patterns):
            if left[other] and other & must == must and other & mustnt == 0:
                left[other] = 0
                total -= 1
    at = t.where[USED]
    number = t.where[NOGOODS]
    for lit in range(2 * n * k):
        if taken[lit]:
            t.literal[at] = lit
            at += 1
    t.where[USED] = at
    t.where[NOGOODS] = number + 1
    t.start[number + 1] = at
    t.leaf[number] = 0
    _watch(t, number)
    return int(number)


@njit(cache=True)  # type: ignore[untyped-decorator]
def run(t: Any, most_nodes: int, tries: int) -> int:
    """Goes on for at most so many nodes; `tries` points are tested by linear programs at each."""
    n, k = t.on.shape
    patterns = 1 << k
    row = np.zeros(t.lp.change.shape[0])
    stop = t.where[NODES] + most_nodes
    # A node makes at most so many nogoods, of at most 2 n k literals.
    room = tries * patterns + n + 2
    while True:
        depth = t.where[DEPTH]
        if t.where[ENTER]:
            if t.where[NODES] >= stop:
                return BUDGET
            if t.where[NOGOODS] + room >= t.leaf.shape[0] or t.where[USED] + room * n * k >= t.literal.shape[0]:
                return FULL
            t.where[ENTER] = 0
            t.where[NODES] += 1
            if depth == n:
                return FITS
            t.bottom[depth] = t.lp.counter[ROWS]
            if depth > 0:
                for i in range(n):
                    for pattern in range(patterns):
                        t.dead[depth, i, pattern] = t.dead[depth - 1, i, pattern]
            conflict = NONE
            if depth > 0:
                conflict = _propagate(t, depth, t.point[depth - 1])
            if conflict == NONE:
                chosen, chosen_score = NONE, 0.0
                done = 0
                tested = np.zeros(n, dtype=np.int64)
                while done < tries:
                    best, best_score, best_left = NONE, 0.0, 0
                    for i in range(n):
                        if t.on[i, 0] != NONE or tested[i]:
                            continue
                        if depth == 0 and i != t.where[FIRST]:
                            continue
                        left = 0
                        for pattern in range(patterns):
                            if t.dead[depth, i, pattern] == NONE:
                                left += 1
                        score = left / t.weight[i]
                        if best == NONE or score < best_score or (score == best_score and t.rank[i] < t.rank[best]):
                            best, best_score, best_left = i, score, left
                    if best == NONE:
                        break
                    done += 1
                    tested[best] = 1
                    left = best_left
                    if left > 0:
                        left = _test(t, depth, best, row)
                    score = left / t.weight[best]
                    if chosen == NONE or score < chosen_score or left == 0:
                        chosen, chosen_score = best, score
                    if left <= 1:
                        break
                t.point[depth] = chosen
                t.pattern[depth] = NONE
            else:
                # The node fails at once: hand the nogood to the parent.
                if depth == 0:
                    t.where[LAST] = conflict
                    return REFUTED
                depth = _back(t, depth, conflict)
                if depth < 0:
                    return REFUTED
                t.where[DEPTH] = depth
            depth = t.where[DEPTH]
        # The next pattern of the node's point.
        i = t.point[depth]
        following = NONE
        for pattern in range(t.pattern[depth] + 1, patterns):
            if t.dead[depth, i, pattern] == NONE:
                following = pattern
                break
        if following == NONE:
            number = _resolve(t, depth, i)
            depth = _back(t, depth, number)
            if depth < 0:
                return REFUTED
            t.where[DEPTH] = depth
            if t.where[NOGOODS] + room >= t.leaf.shape[0] or t.where[USED] + room * n * k >= t.literal.shape[0]:
                return FULL
            continue
        t.pattern[depth] = following
        _push_pattern(t, i, following, row)
        found = check(t.lp)
        if found == INFEASIBLE:
            number = _explain(t, i, following)
            pop(t.lp, t.bottom[depth])
            if not _kill(t, depth, i, number):
                depth = _back(t, depth, number)
                if depth < 0:
                    return REFUTED
                t.where[DEPTH] = depth
            elif t.dead[depth, i, following] == NONE:
                t.dead[depth, i, following] = number
            continue
        for j in range(k):
            t.on[i, j] = following >> j & 1
        t.level[i] = depth
        t.where[DEPTH] = depth + 1
        t.where[ENTER] = 1


@njit(cache=True)  # type: ignore[untyped-decorator]
def _back(t: Any, depth: int, number: int) -> int:
    """From a failed node up to the last point that the nogood names; its depth, or -1 if there is none."""
    k = t.signs.shape[0]
    while depth > 0:
        depth -= 1
        i = t.point[depth]
        for j in range(k):
            t.on[i, j] = NONE
        t.level[i] = NONE
        pop(t.lp, t.bottom[depth])
        if _kill(t, depth, i, number):
            t.weight[i] += 0.2
            return depth
    t.where[LAST] = number
    return -1


def learn(tree: Tree, literals: Ints) -> None:
    """A nogood from elsewhere (there must be room for it), after which the search starts from the root again."""
    reset(tree)
    number, at = tree.where[NOGOODS], tree.where[USED]
    tree.literal[at : at + len(literals)] = literals
    tree.where[USED] = at + len(literals)
    tree.where[NOGOODS] = number + 1
    tree.start[number + 1] = tree.where[USED]
    tree.leaf[number] = 1
    _watch(tree, number)


def reset(tree: Tree) -> None:
    """Back to the root; nogoods and weights stay."""
    tree.on[:] = NONE
    tree.dead[:] = NONE
    tree.level[:] = NONE
    pop(tree.lp, int(tree.where[BASE]))
    restart(tree.lp)
    tree.where[DEPTH] = 0
    tree.where[ENTER] = 1
