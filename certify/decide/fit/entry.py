"""The one way into the compiled search: a function of numbers and addresses (machine_code.py)."""

from __future__ import annotations

from typing import Any

from numba import carray, cfunc, float64, int64, types

from certify.decide.fit.nogoods import close
from certify.decide.fit.state import LEARN, LITERALS, OWN, SPARE, System, Tree
from certify.decide.fit.tree import run

SIGNATURE = int64(int64, int64, int64, types.CPointer(int64), types.CPointer(types.voidptr))


def entry(task: Any, a: Any, b: Any, sizes: Any, at: Any) -> Any:
    """LEARN: a nogoods from elsewhere, whose literals and starts are there already, the first b of them spare. RUN: a
    nodes, b tries (tree.py).

    ``at``: the addresses of the arrays of the tree, in their order in System and Tree, whose shapes follow from
    ``sizes``: n, k, D, the room for nogoods, that for rows, depths.
    """
    n, k, size, room, rows, depths = sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], sizes[5]
    p = k * size
    lp = System(
        carray(at[0], (rows, p), float64),
        carray(at[1], (rows,), float64),
        carray(at[2], (rows,), float64),
        carray(at[3], (rows, p), float64),
        carray(at[4], (rows,), float64),
        carray(at[5], (rows,), int64),
        carray(at[6], (p, p), float64),
        carray(at[7], (p,), int64),
        carray(at[8], (p,), float64),
        carray(at[9], (p, p), float64),
        carray(at[10], (p, 2 * p), float64),
        carray(at[11], (8,), int64),
    )
    tree = Tree(
        lp,
        carray(at[12], (n, size), float64),
        carray(at[13], (n,), float64),
        carray(at[14], (k,), int64),
        carray(at[15], (n, k), int64),
        carray(at[16], (depths, n, 1 << k), int64),
        carray(at[17], (depths,), int64),
        carray(at[18], (depths,), int64),
        carray(at[19], (depths,), int64),
        carray(at[20], (depths,), int64),
        carray(at[21], (room + 1,), int64),
        carray(at[22], (room * LITERALS,), int64),
        carray(at[23], (room,), int64),
        carray(at[24], (room, 2), int64),
        carray(at[25], (room, 2), int64),
        carray(at[26], (2 * n * k,), int64),
        carray(at[27], (n * k,), int64),
        carray(at[28], (n,), float64),
        carray(at[29], (n,), float64),
        carray(at[30], (rows,), int64),
        carray(at[31], (rows,), int64),
        carray(at[32], (room, p + 1), int64),
        carray(at[33], (p,), float64),
        carray(at[34], (n,), int64),
        carray(at[35], (n,), float64),
        carray(at[36], (n,), float64),
        carray(at[37], (n, k), float64),
        carray(at[38], (2 * n * k,), int64),
        carray(at[39], (1 << k,), int64),
        carray(at[40], (10,), int64),
    )
    if task == LEARN:
        for number in range(a):
            close(tree, tree.start[number + 1], SPARE if number < b else OWN)
        return a
    return run(tree, a, b)


def function() -> Any:
    """The function, compiled."""
    return cfunc(SIGNATURE, error_model="numpy")(entry)
