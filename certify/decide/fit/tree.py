"""The search tree over activation patterns, compiled: which neurons are on at which points.

A node has signs at some points, of all neurons or of those of one class, which is assigned before the other where that
gives bounds on the other. It filters the patterns of the other points by the nogoods found so far
(nogoods.py) and by linear programs, branches on the point with the fewest patterns left (weighted by how often a point
made trouble), and jumps back over points that the explanation of a failure does not name.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from certify.decide.fit.nogoods import explain, kill, names, propagate, resolve
from certify.decide.fit.simplex import FEASIBLE, INFEASIBLE, check, pop, push
from certify.decide.fit.state import (
    BOUND,
    BUDGET,
    DEPTH,
    EARLY,
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
def _span(t: Any, i: int, signs: int, part: int) -> Any:
    """The neurons on at the point by these signs and those assigned there, and those that are open still."""
    base, free = signs, 0
    for j in range(t.signs.shape[0]):
        if part >> j & 1:
            continue
        if t.on[i, j] == NONE:
            free |= 1 << j
        elif t.on[i, j]:
            base |= 1 << j
    return base, free


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def _push_signs(t: Any, i: int, signs: int, part: int, row: Any) -> None:
    """The rows of these neurons' signs at the point, and of its equation, or of bounds on those that are open still."""
    k = t.signs.shape[0]
    size = t.extended.shape[1]
    pattern, rest = _span(t, i, signs, part)
    for j in range(k):
        if not part >> j & 1:
            continue
        for c in range(row.shape[0]):
            row[c] = 0.0
        for c in range(size):
            row[j * size + c] = t.extended[i, c]
        m = t.lp.counter[ROWS]
        t.owner_point[m] = i
        t.owner_neuron[m] = j
        if signs >> j & 1:
            push(t.lp, row, 0.0, np.inf)
        else:
            push(t.lp, row, -np.inf, 0.0)
    # All sets of the neurons that are open: of one class, so whatever their signs are, they add at least so much.
    chosen = rest
    while True:
        for c in range(row.shape[0]):
            row[c] = 0.0
        way = 0.0
        for j in range(k):
            if (pattern | chosen) >> j & 1:
                for c in range(size):
                    row[j * size + c] = t.signs[j] * t.extended[i, c]
            if rest >> j & 1:
                way = t.signs[j]
        m = t.lp.counter[ROWS]
        if rest == 0:
            t.owner_point[m] = i
            t.owner_neuron[m] = EQUATION
            push(t.lp, row, t.labels[i], t.labels[i])
            return
        t.owner_point[m] = (i << k) + (pattern | chosen)
        t.owner_neuron[m] = BOUND
        if way > 0.0:
            push(t.lp, row, -np.inf, t.labels[i])
        else:
            push(t.lp, row, t.labels[i], np.inf)
        if chosen == 0:
            return
        chosen = (chosen - 1) & rest


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def _part(t: Any, i: int) -> int:
    """The neurons whose signs are assigned next at the point."""
    k = t.signs.shape[0]
    early, open_ = t.where[EARLY], 0
    for j in range(k):
        if t.on[i, j] == NONE:
            open_ |= 1 << j
    return early if early and open_ & early else open_


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def _alive(t: Any, depth: int, i: int, signs: int, part: int) -> bool:
    """Whether a pattern with these signs, and those that are assigned, is left at the point."""
    base, free = _span(t, i, signs, part)
    chosen = free
    while True:
        if t.dead[depth, i, base | chosen] == NONE:
            return True
        if chosen == 0:
            return False
        chosen = (chosen - 1) & free


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def _exclude(t: Any, depth: int, i: int, signs: int, part: int, number: int) -> bool:
    """Excludes these signs, and what else the nogood does; whether it names them."""
    kill(t, depth, i, number)
    base, free = _span(t, i, signs, part)
    chosen = free
    while True:
        if t.dead[depth, i, base | chosen] == NONE:
            t.dead[depth, i, base | chosen] = number
        if chosen == 0:
            break
        chosen = (chosen - 1) & free
    return bool(names(t, i, number, part))


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def _choices(t: Any, depth: int, i: int, part: int) -> int:
    """How many ways are left to assign the signs of the neurons at the point."""
    left = 0
    for signs in range(t.dead.shape[2]):
        if signs & ~part == 0 and _alive(t, depth, i, signs, part):
            left += 1
    return left


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def _test(t: Any, depth: int, i: int, row: Any) -> int:
    """Excludes signs at point i by linear programs; how many ways are left."""
    part = _part(t, i)
    base = t.lp.counter[ROWS]
    left = 0
    for signs in range(t.dead.shape[2]):
        if signs & ~part != 0 or not _alive(t, depth, i, signs, part):
            continue
        _push_signs(t, i, signs, part, row)
        found = check(t.lp)
        if found == INFEASIBLE:
            number = explain(t, i, signs, part)
            pop(t.lp, base)
            if not _exclude(t, depth, i, signs, part, number):
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
    room = tries * patterns + 2 * n + 2
    while True:
        depth = t.where[DEPTH]
        if t.where[ENTER]:
            if t.where[NODES] >= stop:
                return BUDGET
            if t.where[NOGOODS] + room >= t.leaf.shape[0] or t.where[USED] + room * n * k >= t.literal.shape[0]:
                return FULL
            t.where[ENTER] = 0
            t.where[NODES] += 1
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
                        part = _part(t, i)
                        if part == 0 or tested[i]:
                            continue
                        if depth == 0 and i != t.where[FIRST]:
                            continue
                        left = _choices(t, depth, i, part)
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
                if chosen == NONE:
                    return FITS
                t.point[depth] = chosen
                t.part[depth] = _part(t, chosen)
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
        # The next signs of the node's neurons at its point.
        i, part = t.point[depth], t.part[depth]
        following = NONE
        for signs in range(t.pattern[depth] + 1, patterns):
            if signs & ~part == 0 and _alive(t, depth, i, signs, part):
                following = signs
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
        _push_signs(t, i, following, part, row)
        found = check(t.lp)
        if found == INFEASIBLE:
            number = explain(t, i, following, part)
            pop(t.lp, t.bottom[depth])
            if not _exclude(t, depth, i, following, part, number):
                depth = _back(t, depth, number)
                if depth < 0:
                    return REFUTED
                t.where[DEPTH] = depth
            continue
        for j in range(k):
            if part >> j & 1:
                t.on[i, j] = following >> j & 1
                t.level[i * k + j] = depth
        t.where[DEPTH] = depth + 1
        t.where[ENTER] = 1


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def _back(t: Any, depth: int, number: int) -> int:
    """From a failed node up to the last signs that the nogood names; their depth, or -1 if there are none."""
    k = t.signs.shape[0]
    while depth > 0:
        depth -= 1
        i, part = t.point[depth], t.part[depth]
        for j in range(k):
            if part >> j & 1:
                t.on[i, j] = NONE
                t.level[i * k + j] = NONE
        pop(t.lp, t.bottom[depth])
        if names(t, i, number, part):
            kill(t, depth, i, number)
            t.weight[i] += 0.2
            return depth
    t.where[LAST] = number
    return -1
