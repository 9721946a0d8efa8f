"""The arrays of the search tree, which compiled code works on (tree.py) and Python reads: layout, growth, listing.

A nogood is a set of literals that cannot hold together; literal (i k + j) 2 + b says that neuron j is on (b = 1) or
off (b = 0) at point i. A leaf is a nogood from a linear program; its *support* are the rows of the contradiction:
literals as above, 2 n k + 2^k i + pattern for the equation of point i, 2 n k + 2^k n + j for the order of the neurons
j and j + 1, and k more + 2^k i + set for a bound. Everything is floating point and a guess: proof.py derives every
nogood that is used again, exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NONE = -1
#: Entries of `where`: depth, nodes, nogoods, their literals in all, whether a node is to be entered, the root's
#: point, the number of rows at the root, trouble met, the nogood that refutes the root.
DEPTH, NODES, NOGOODS, USED, ENTER, FIRST, BASE, TROUBLES, LAST, EARLY = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9
#: Entries of `counter`: rows in use, pivots since the last refactoring, checks, the row that a check found stuck, its
#: direction.
ROWS, PIVOTS, CHECKS, STUCK, WAY = 0, 1, 2, 3, 4
#: What compiled code may be asked for (entry.py).
LEARN, RUN = 0, 1
#: In `leaf`: a nogood from a linear program or from elsewhere; one from elsewhere that nothing was made of so far.
OWN, SPARE = 1, 2
#: What a run of the search returns.
BUDGET, FITS, REFUTED, FULL = 0, 1, 2, 3
#: `owner_neuron` of the row of a point's equation; of the rows of the order, whose `owner_point` is the neuron; of the
#: bounds, whose `owner_point` is 2^k i + the set of neurons.
EQUATION, ORDER, BOUND = -1, -2, -3
#: So many rows of bounds at most; more take more time than they save.
MOST_BOUNDS = 1000
#: Room for literals, for each nogood that there is room for.
LITERALS = 40


class System(NamedTuple):
    """p unknowns x, at most m rows. Coordinate q is the slack of row `nonbasic[q]`, or free where that is -1.

    x = change @ value; the slack of a basic row r is table[r] @ value, kept in slack[r].
    """

    rows: Floats  # m x p
    low: Floats
    high: Floats
    table: Floats  # m x p
    slack: Floats
    place: Ints  # of a row: its coordinate, or -1 where it is basic
    change: Floats  # p x p
    nonbasic: Ints
    value: Floats
    base: Floats  # p x p: the row that belongs to each coordinate
    work: Floats  # p x 2p: for _refactor
    counter: Ints


class Tree(NamedTuple):
    """n points, k neurons, D = dimension + 1 entries a neuron. Arrays by depth come first index."""

    lp: System
    extended: Floats  # n x D: points with a last 1, scaled
    labels: Floats  # n
    signs: Ints  # k: output signs
    on: Ints  # n x k: 1, 0 or NONE
    dead: Ints  # depths x n x 2^k: the nogood that excludes a pattern, or NONE
    point: Ints  # depths: the point that a node branches on
    part: Ints  # depths: for which neurons, as a bit set
    pattern: Ints  # depths: their signs now, as a bit set
    bottom: Ints  # depths: rows of the system at the node
    start: Ints  # nogoods: first literal
    literal: Ints
    leaf: Ints  # nogoods: OWN, SPARE, or 0 if resolved from others
    watched: Ints  # nogoods x 2: two literals of different points, where there are such
    link: Ints  # nogoods x 2: the next nogood in the list of a watched literal, as 2 number + side
    head: Ints  # literals: first entry of their list
    level: Ints  # n k: the depth at which a sign was assigned
    weight: Floats  # n
    rank: Floats  # n: ties go to small ranks
    owner_point: Ints  # rows
    owner_neuron: Ints  # rows
    support: Ints  # nogoods x (p + 1): of a leaf, NONE where there is no more
    row: Floats  # p: for the row that is made, and so on
    tested: Ints  # n
    equation: Floats  # n
    bound: Floats  # n
    direct: Floats  # n x k
    taken: Ints  # literals
    left: Ints  # 2^k
    where: Ints


def system(unknowns: int, most_rows: int) -> System:
    """An empty system."""
    return System(
        np.zeros((most_rows, unknowns)),
        np.zeros(most_rows),
        np.zeros(most_rows),
        np.zeros((most_rows, unknowns)),
        np.zeros(most_rows),
        np.full(most_rows, -1, dtype=np.int64),
        np.eye(unknowns),
        np.full(unknowns, -1, dtype=np.int64),
        np.zeros(unknowns),
        np.eye(unknowns),
        np.zeros((unknowns, 2 * unknowns)),
        np.zeros(8, dtype=np.int64),
    )


def new_tree(
    extended: Floats, labels: Floats, signs: Ints, first: int, order: bool, rank: Floats, most_nogoods: int
) -> Tree:
    """The tree at its root."""
    n, size = extended.shape
    k = len(signs)
    classes = [sum(1 << j for j in range(k) if signs[j] == a) for a in (1, -1)]
    bounded = n << k <= MOST_BOUNDS
    smaller = min(classes, key=int.bit_count)
    # A class of one neuron is assigned before the other one, which gives bounds on that; of more it takes longer.
    early = smaller if bounded and smaller.bit_count() == 1 else 0
    rows = n * (k + 1) + k + (n << k if bounded else 0)
    depths = 2 * n + 1 if early else n + 1
    tree = Tree(
        system(k * size, rows),
        extended,
        labels,
        signs,
        np.full((n, k), NONE, dtype=np.int64),
        np.full((depths, n, 1 << k), NONE, dtype=np.int64),
        np.full(depths, NONE, dtype=np.int64),
        np.zeros(depths, dtype=np.int64),
        np.full(depths, NONE, dtype=np.int64),
        np.zeros(depths, dtype=np.int64),
        np.zeros(most_nogoods + 1, dtype=np.int64),
        np.zeros(most_nogoods * LITERALS, dtype=np.int64),
        np.zeros(most_nogoods, dtype=np.int64),
        np.full((most_nogoods, 2), NONE, dtype=np.int64),
        np.full((most_nogoods, 2), NONE, dtype=np.int64),
        np.full(2 * n * k, NONE, dtype=np.int64),
        np.full(n * k, NONE, dtype=np.int64),
        np.ones(n),
        rank,
        np.full(rows, NONE, dtype=np.int64),
        np.full(rows, NONE, dtype=np.int64),
        np.full((most_nogoods, k * size + 1), NONE, dtype=np.int64),
        np.zeros(k * size),
        np.zeros(n, dtype=np.int64),
        np.zeros(n),
        np.zeros(n),
        np.zeros((n, k)),
        np.zeros(2 * n * k, dtype=np.int64),
        np.zeros(1 << k, dtype=np.int64),
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
                tree.owner_neuron[tree.lp.counter[ROWS]] = ORDER
                tree.owner_point[tree.lp.counter[ROWS]] = j
                _first_row(tree.lp, row, 0.0, np.inf)
    tree.where[EARLY] = early
    if bounded and not smaller:
        # The neurons are of one class: any of them have at most the label's size together, whatever the signs.
        for i in range(n):
            for chosen in range(1, 1 << k):
                row = np.zeros(k * size)
                for j in range(k):
                    if chosen >> j & 1:
                        row[j * size : (j + 1) * size] = extended[i]
                m = tree.lp.counter[ROWS]
                tree.owner_neuron[m], tree.owner_point[m] = BOUND, (i << k) + chosen
                _first_row(tree.lp, row, -np.inf, labels[i] * signs[0])
    tree.where[BASE] = tree.lp.counter[ROWS]
    return tree


def _first_row(lp: System, row: Floats, low: float, high: float) -> None:
    """A row of a system that nothing was done with: its unknowns are the coordinates, at zero."""
    m = lp.counter[ROWS]
    lp.rows[m] = lp.table[m] = row
    lp.low[m], lp.high[m] = low, high
    lp.counter[ROWS] = m + 1


def grown(tree: Tree, factor: int = 2) -> Tree:
    """The same tree with room for more nogoods."""

    def longer(array: Ints, more: int) -> Ints:
        return np.ascontiguousarray(np.concatenate([array, np.zeros((more, *array.shape[1:]), dtype=np.int64)]))

    more = len(tree.leaf) * (factor - 1)
    return tree._replace(
        start=longer(tree.start, more),
        literal=longer(tree.literal, LITERALS * more),
        leaf=longer(tree.leaf, more),
        watched=longer(tree.watched, more),
        link=longer(tree.link, more),
        support=longer(tree.support, more),
    )


def leaves(tree: Tree) -> Iterator[tuple[list[int], list[int]]]:
    """The nogoods from linear programs, and those from elsewhere that something was made of: literals and support,
    which is empty for one from elsewhere.
    """
    for t in np.flatnonzero(tree.leaf[: tree.where[NOGOODS]] == OWN).tolist():
        support = tree.support[t]
        yield tree.literal[tree.start[t] : tree.start[t + 1]].tolist(), support[support != NONE].tolist()
