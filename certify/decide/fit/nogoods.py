"""Nogoods of the search tree: made from linear programs and from one another, watched, propagated.

What a nogood is: state.py.
"""

from __future__ import annotations

from typing import Any

from numba import njit

from certify.decide.fit.state import BOUND, EQUATION, NOGOODS, NONE, OWN, SPARE, STUCK, USED, WAY


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def explain(t: Any, i: int, pattern: int, part: int) -> int:
    """A new nogood from the stuck row. At point i the signs of some neurons, as bit sets, are on top of what is
    assigned.

    In a contradiction the equation of a point with multiplier m leaves m a_j h_j. Where m a_j < 0, rows h >= 0 and
    h - z >= 0 cancel it whatever the sign of z is: the literal is not needed, and they take over a row z >= 0 or
    z <= 0 of at most the same multiplier.
    """
    s = t.lp
    n, k = t.on.shape
    p = s.change.shape[0]
    equation, bound, direct = t.equation, t.bound, t.direct
    for q in range(n):
        equation[q] = bound[q] = 0.0
        for j in range(k):
            direct[q, j] = 0.0
    support = t.support[t.where[NOGOODS]]
    found = 0
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
        if j == EQUATION:
            equation[q] = multiplier
            code = 0
            for other in range(k):
                b = t.on[q, other]
                if q == i and part >> other & 1:
                    b = pattern >> other & 1
                code += b << other
            support[found] = 2 * n * k + (q << k) + code
        elif j >= 0:
            direct[q, j] = multiplier
            b = t.on[q, j]
            if q == i and part >> j & 1:
                b = pattern >> j & 1
            support[found] = (q * k + j) * 2 + b
        elif j == BOUND:
            support[found] = 2 * n * k + (n << k) + k + q
            bound[q >> k] += multiplier
        else:
            support[found] = 2 * n * k + (n << k) + q
        found += 1
    for e in range(found, p + 1):
        support[e] = NONE
    at = t.where[USED]
    for q in range(n):
        for j in range(k):
            b = t.on[q, j]
            if q == i and part >> j & 1:
                b = pattern >> j & 1
            if b == NONE:
                continue
            needed = equation[q] * t.signs[j] > 0.0 or bound[q] * t.signs[j] > 0.0
            if not needed and direct[q, j] != 0.0:
                needed = abs(direct[q, j]) > abs(equation[q]) * (1.0 + 1e-9)
            if needed:
                t.literal[at] = (q * k + j) * 2 + b
                at += 1
    return int(close(t, at, OWN))


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def exclude(t: Any, depth: int, i: int, number: int) -> None:
    """Excludes the patterns of point i that the nogood excludes at this depth."""
    must, mustnt = masks(t, i, number)
    for pattern in range(1 << t.signs.shape[0]):
        if pattern & must == must and pattern & mustnt == 0 and t.dead[depth, i, pattern] == NONE:
            t.dead[depth, i, pattern] = number


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def kill(t: Any, depth: int, i: int, number: int) -> None:
    """The same at this depth and at all above where the rest of the nogood holds."""
    k = t.signs.shape[0]
    above = 0
    for e in range(t.start[number], t.start[number + 1]):
        v = t.literal[e] >> 1
        if v // k != i:
            above = max(above, t.level[v] + 1)
    for d in range(above, depth + 1):
        exclude(t, d, i, number)


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def consistent(t: Any, i: int, pattern: int) -> bool:
    """Whether a pattern has the signs that are assigned at the point."""
    same = True
    for j in range(t.signs.shape[0]):
        if t.on[i, j] != NONE and t.on[i, j] != pattern >> j & 1:
            same = False
    return same


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def names(t: Any, i: int, number: int, part: int) -> bool:
    """Whether a nogood names the sign of one of these neurons at the point."""
    must, mustnt = masks(t, i, number)
    return bool((must | mustnt) & part != 0)


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def _use(t: Any, number: int) -> None:
    """Something is made of the nogood."""
    if t.leaf[number] == SPARE:
        t.leaf[number] = OWN


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
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
            h = t.level[lit >> 1]
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


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
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


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def close(t: Any, end: int, leaf: int) -> int:
    """The literals written from where[USED] to `end` are a new nogood; its number."""
    number = t.where[NOGOODS]
    t.where[USED] = end
    t.where[NOGOODS] = number + 1
    t.start[number + 1] = end
    t.leaf[number] = leaf
    watch(t, number)
    return int(number)


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def propagate(t: Any, depth: int, i: int) -> int:
    """Visits the nogoods that watch a literal of the point assigned last; one that is violated, or NONE."""
    k = t.on.shape[1]
    for j in range(k):
        if not t.part[depth - 1] >> j & 1:
            continue
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
                    _use(t, number)
                    return int(number)
                if open_point >= 0:
                    exclude(t, depth, open_point, number)
            entry = following
    return NONE


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def resolve(t: Any, depth: int, i: int) -> int:
    """A new nogood from those that exclude all patterns of point i with the signs assigned there: what they say of
    signs that are assigned.

    Greedy: the next one excludes many patterns that are left and brings few new literals.
    """
    n, k = t.on.shape
    patterns = 1 << k
    taken, left = t.taken, t.left
    for lit in range(2 * n * k):
        taken[lit] = 0
    total = 0
    for pattern in range(patterns):
        left[pattern] = 1 if consistent(t, i, pattern) else 0
        total += left[pattern]
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
                if taken[lit] == 0 and ((lit >> 1) // k != i or t.on[i, (lit >> 1) % k] != NONE):
                    new += 1
            gain = 0
            for other in range(patterns):
                if left[other] and other & must == must and other & mustnt == 0:
                    gain += 1
            if gain / (1.0 + new) > score:
                best, score = number, gain / (1.0 + new)
        _use(t, best)
        must, mustnt = masks(t, i, best)
        for e in range(t.start[best], t.start[best + 1]):
            lit = t.literal[e]
            if (lit >> 1) // k != i or t.on[i, (lit >> 1) % k] != NONE:
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
