"""The search tree over activation patterns, compiled: which neurons are on at which points.

A node has some points with a full pattern. It filters the patterns of the other points by the nogoods found so far
(nogoods.py) and by linear programs, branches on the point with the fewest patterns left (weighted by how often a point
made trouble), and jumps back over points that the explanation of a failure does not name.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from certify.decide.fit.nogoods import explain, kill, propagate, resolve
from certify.decide.fit.simplex import FEASIBLE, INFEASIBLE, check, pop, push
from certify.decide.fit.state import (
    BUDGET,
    DEPTH,
    ENTER,
    EQUATION,
    FIRST,
    FITS,
    FULL,
    LAST,
    NODES,
    NOGOODS,
    NONE,
    REFUTED,
    ROWS,
    TROUBLES,
    USED,
)


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def _push_pattern(t: Any, i: int, pattern: int, row: Any) -> None:
    k = t.signs.shape[0]
    size = t.extended.shape[1]
    for j in range(k):
        for c in range(row.shape[0]):
            row[c] = 0.0
        for c in range(size):
            row[j * size + c] = t.extended[i, c]
        m = t.lp.counter[ROWS]
        t.owner_point[m] = i
        t.owner_neuron[m] = j
        if pattern >> j & 1:
            push(t.lp, row, 0.0, np.inf)
        else:
            push(t.lp, row, -np.inf, 0.0)
    for c in range(row.shape[0]):
        row[c] = 0.0
    for j in range(k):
        if pattern >> j & 1:
            for c in range(size):
                row[j * size + c] = t.signs[j] * t.extended[i, c]
    m = t.lp.counter[ROWS]
    t.owner_point[m] = i
    t.owner_neuron[m] = EQUATION
    push(t.lp, row, t.labels[i], t.labels[i])


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
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
            number = explain(t, i, pattern)
            named = kill(t, depth, i, number)
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


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def run(t: Any, most_nodes: int, tries: int) -> int:
    """Goes on for at most so many nodes; `tries` points are tested by linear programs at each."""
    n, k = t.on.shape
    patterns = 1 << k
    row = t.row
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
                conflict = propagate(t, depth, t.point[depth - 1])
            if conflict == NONE:
                chosen, chosen_score = NONE, 0.0
                done = 0
                tested = t.tested
                for q in range(n):
                    tested[q] = 0
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
            number = resolve(t, depth, i)
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
            number = explain(t, i, following)
            pop(t.lp, t.bottom[depth])
            if not kill(t, depth, i, number):
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


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
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
        if kill(t, depth, i, number):
            t.weight[i] += 0.2
            return depth
    t.where[LAST] = number
    return -1
