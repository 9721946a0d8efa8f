"""Feasibility of small linear systems in floating point, for the search alone: nothing here is ever claimed.

The general simplex of Dutertre and de Moura (CAV 2006) on a dense tableau. Rows a.x with bounds are pushed and
popped like a stack; popping costs nothing, as a tight row that goes merely becomes a free coordinate. All arrays
of one system are kept in a `System` (state.py), so that compiled functions can share it. They allocate nothing and
raise nothing: machine_code.py depends on it.
"""

from __future__ import annotations

from typing import Any

from numba import njit

from certify.decide.fit.state import CHECKS, PIVOTS, ROWS, STUCK, WAY

TOLERANCE = 1e-8
PIVOT = 1e-9
DOUBTFUL = 1e-6
FEASIBLE, INFEASIBLE, TROUBLE = 1, 0, -1
REFACTOR_AFTER = 2000


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def push(s: Any, row: Any, low: float, high: float) -> None:
    """One more row; its bounds need not hold at the current point."""
    m = s.counter[ROWS]
    p = s.change.shape[0]
    for c in range(p):
        s.rows[m, c] = row[c]
    s.low[m] = low
    s.high[m] = high
    s.place[m] = -1
    total = 0.0
    for q in range(p):
        t = 0.0
        for c in range(p):
            if row[c] != 0.0:
                t += row[c] * s.change[c, q]
        s.table[m, q] = t
        total += t * s.value[q]
    s.slack[m] = total
    s.counter[ROWS] = m + 1


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def pop(s: Any, keep: int) -> None:
    """Only the first `keep` rows stay."""
    for r in range(keep, s.counter[ROWS]):
        q = s.place[r]
        if q >= 0:
            s.nonbasic[q] = -1
            s.place[r] = -1
    s.counter[ROWS] = keep


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def _pivot(s: Any, r: int, q: int, target: float) -> None:
    m = s.counter[ROWS]
    p = s.change.shape[0]
    pivot = s.table[r, q]
    step = (target - s.slack[r]) / pivot
    old = s.nonbasic[q]
    inverse = 1.0 / pivot
    for t in range(m):
        if t == r or s.place[t] >= 0:
            continue
        f = s.table[t, q]
        if f == 0.0:
            continue
        s.slack[t] += f * step
        f *= inverse
        for c in range(p):
            s.table[t, c] -= f * s.table[r, c]
        s.table[t, q] = f
    for t in range(p):
        f = s.change[t, q] * inverse
        if f == 0.0:
            continue
        for c in range(p):
            s.change[t, c] -= f * s.table[r, c]
        s.change[t, q] = f
    if old >= 0:
        for c in range(p):
            s.table[old, c] = -s.table[r, c] * inverse
        s.table[old, q] = inverse
        s.slack[old] = s.value[q] + step
        s.place[old] = -1
    s.value[q] = target
    s.nonbasic[q] = r
    s.place[r] = q
    for c in range(p):
        s.base[q, c] = s.rows[r, c]
    s.counter[PIVOTS] += 1


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def _refactor(s: Any) -> bool:
    """Computes the tableau anew from the rows behind the coordinates; False if they are nearly dependent."""
    p = s.change.shape[0]
    work = s.work
    for q in range(p):
        for c in range(p):
            work[q, c] = s.base[q, c]
            work[q, p + c] = 0.0
        work[q, p + q] = 1.0
    for c in range(p):
        best = c
        for q in range(c, p):
            if abs(work[q, c]) > abs(work[best, c]):
                best = q
        if abs(work[best, c]) < 1e-12:
            return False
        if best != c:
            for e in range(2 * p):
                work[c, e], work[best, e] = work[best, e], work[c, e]
        f = 1.0 / work[c, c]
        for e in range(2 * p):
            work[c, e] *= f
        for q in range(p):
            if q != c and work[q, c] != 0.0:
                f = work[q, c]
                for e in range(2 * p):
                    work[q, e] -= f * work[c, e]
    for c in range(p):
        for q in range(p):
            s.change[c, q] = work[c, p + q]
    for r in range(s.counter[ROWS]):
        if s.place[r] >= 0:
            continue
        total = 0.0
        for q in range(p):
            t = 0.0
            for c in range(p):
                if s.rows[r, c] != 0.0:
                    t += s.rows[r, c] * s.change[c, q]
            s.table[r, q] = t
            total += t * s.value[q]
        s.slack[r] = total
    s.counter[PIVOTS] = 0
    return True


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def restart(s: Any) -> None:
    """All coordinates become the unknowns themselves, at zero."""
    p = s.change.shape[0]
    for q in range(p):
        for c in range(p):
            s.change[q, c] = 1.0 if q == c else 0.0
            s.base[q, c] = 1.0 if q == c else 0.0
        s.nonbasic[q] = -1
        s.value[q] = 0.0
    for r in range(s.counter[ROWS]):
        s.place[r] = -1
        for c in range(p):
            s.table[r, c] = s.rows[r, c]
        s.slack[r] = 0.0
    s.counter[PIVOTS] = 0


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def _error(s: Any, r: int) -> float:
    """How far row r of the tableau is from saying what it should: its row as a sum of those of the coordinates."""
    p = s.change.shape[0]
    worst = 0.0
    for c in range(p):
        total = -s.rows[r, c]
        for q in range(p):
            total += s.table[r, q] * s.base[q, c]
        worst = max(worst, abs(total))
    return worst


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def check(s: Any) -> int:
    """FEASIBLE, INFEASIBLE (the stuck row and its direction are in the counter) or TROUBLE."""
    s.counter[CHECKS] += 1
    p = s.change.shape[0]
    m = s.counter[ROWS]
    if s.counter[PIVOTS] > REFACTOR_AFTER and not _refactor(s):
        restart(s)
    fresh = False
    for turn in range(400 + 40 * p):
        # The largest violation; after a while the first one (Bland), which cannot cycle.
        careful = turn > 60
        r, worst = -1, TOLERANCE
        for t in range(m):
            if s.place[t] >= 0:
                continue
            gap = max(s.low[t] - s.slack[t], s.slack[t] - s.high[t])
            if gap > worst:
                r, worst = t, gap
                if careful:
                    break
        if r < 0:
            return FEASIBLE
        way = 1.0 if s.slack[r] < s.low[r] else -1.0
        best, size, free = -1, PIVOT, False
        for q in range(p):
            t = way * s.table[r, q]
            strength = abs(t)
            if strength <= PIVOT:
                continue
            row = s.nonbasic[q]
            if row < 0:
                if not free or strength > size:
                    best, size, free = q, strength, True
                continue
            if free:
                continue
            if t > 0.0:
                if s.value[q] >= s.high[row] - 1e-11:
                    continue
            elif s.value[q] <= s.low[row] + 1e-11:
                continue
            if careful:
                if best < 0 or row < s.nonbasic[best]:
                    best, size = q, strength
            elif strength > size:
                best, size = q, strength
        if best < 0:
            # Tiny coefficients are rounding, but with large values they may be all there is to the violation.
            total = 0.0
            for q in range(p):
                if abs(s.table[r, q]) <= PIVOT:
                    s.table[r, q] = 0.0
                total += s.table[r, q] * s.value[q]
            s.slack[r] = total
            gap = s.low[r] - total if way > 0 else total - s.high[r]
            if gap <= TOLERANCE:  # or the row misses its other bound now
                continue
            error = _error(s, r)
            if gap < DOUBTFUL or error > DOUBTFUL:
                # So small a violation may be what rounding made of none, and so wrong a row says nothing.
                if s.counter[PIVOTS] > 0 and not fresh:
                    fresh = True
                    if not _refactor(s):
                        restart(s)
                    continue
                if error > DOUBTFUL:
                    break
            s.counter[STUCK] = r
            s.counter[WAY] = 1 if way > 0 else -1
            return INFEASIBLE
        _pivot(s, r, best, s.low[r] if way > 0 else s.high[r])
    restart(s)
    return TROUBLE
