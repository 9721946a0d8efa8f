"""CNF formulas: random, planted, certainly unsatisfiable, from well-known families, and classic ones."""

from __future__ import annotations

import random
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from itertools import combinations, product
from typing import Any

from certify.errors import InvalidInstance, MissingComponent, UnknownProblem
from certify.problems.sat import Cnf, is_solution
from certify.problems.sizes import Sizes

Clauses = list[tuple[int, ...]]


def pigeonhole(pigeons: int, holes: int) -> Cnf:
    """Every pigeon in a hole, no two in one: a no iff there are more pigeons than holes."""
    place = [[1 + holes * p + h for h in range(holes)] for p in range(pigeons)]
    clauses: Clauses = [tuple(row) for row in place]
    for column in zip(*place, strict=True):
        clauses += [(-u, -v) for u, v in combinations(column, 2)]
    return Cnf(pigeons * holes, tuple(clauses))


def parity_cycle(length: int, charge: int) -> Cnf:
    """Tseitin's formula on a cycle: x_i + x_{i+1} is even but for one place with ``charge``: a no iff that is odd."""
    clauses: Clauses = []
    for i in range(length):
        u, v = 1 + i, 1 + (i + 1) % length
        odd = i == 0 and charge % 2 == 1
        clauses += [(u, v), (-u, -v)] if odd else [(u, -v), (-u, v)]
    return Cnf(length, tuple(clauses))


def colouring(vertices: int, edges: list[tuple[int, int]], colours: int) -> Cnf:
    """Is there a colouring with ``colours`` colours? Variable colours (v-1) + c: vertex v may have colour c."""
    clauses: Clauses = [
        tuple(colours * (v - 1) + c for c in range(1, colours + 1)) for v in range(1, vertices + 1)
    ]
    for u, v in edges:
        clauses += [(-colours * (u - 1) - c, -colours * (v - 1) - c) for c in range(1, colours + 1)]
    return Cnf(vertices * colours, tuple(clauses))


def sudoku(givens: str) -> Cnf:
    """The sudoku of order 2 with these 16 cells, row by row, 0 for an empty one.

    Variable 16 r + 4 c + d, from 0: the cell in row r and column c has the digit d, 1..4.
    """

    def cell(r: int, c: int, d: int) -> int:
        return 16 * r + 4 * c + d

    four, digits = range(4), range(1, 5)
    groups = [[(r, c) for c in four] for r in four] + [[(r, c) for r in four] for c in four]
    groups += [[(r + i, c + j) for i in (0, 1) for j in (0, 1)] for r in (0, 2) for c in (0, 2)]
    clauses: Clauses = [(cell(at // 4, at % 4, int(given)),) for at, given in enumerate(givens) if given != "0"]
    clauses += [tuple(cell(r, c, d) for d in digits) for r in four for c in four]
    pairs = {tuple(sorted(pair)) for group in groups for pair in combinations(group, 2)}
    for (r, c), (s, e) in sorted(pairs):
        clauses += [(-cell(r, c, d), -cell(s, e, d)) for d in digits]
    return Cnf(64, tuple(clauses))


_PETERSEN = [(i, i % 5 + 1) for i in range(1, 6)] + [(i, i + 5) for i in range(1, 6)]
_PETERSEN += [(i + 5, (i + 1) % 5 + 6) for i in range(1, 6)]
_CYCLE5 = [(1, 2), (2, 3), (3, 4), (4, 5), (1, 5)]

#: Named formulas with their verdict: satisfiable?
CLASSICS: dict[str, tuple[Cnf, bool]] = {
    "empty": (Cnf(0, ()), True),
    "empty-clause": (Cnf(0, ((),)), False),
    "unit-clash": (Cnf(1, ((1,), (-1,))), False),
    "exclusive-or": (Cnf(2, ((1, 2), (-1, -2))), True),
    # All sign patterns of two and of three variables.
    "four-clauses": (Cnf(2, tuple(product((1, -1), (2, -2)))), False),
    "eight-clauses": (Cnf(3, tuple(product((1, -1), (2, -2), (3, -3)))), False),
    "odd-cycle-2-colouring": (colouring(5, _CYCLE5, 2), False),
    "petersen-3-colouring": (colouring(10, sorted(_PETERSEN), 3), True),
    "sudoku": (sudoku("1000" "0030" "0400" "0002"), True),
}

#: Families of the package CNFgen, by its command line's names: the sizes in order, with defaults.
CNFGEN: dict[str, tuple[str, dict[str, int]]] = {
    "cnfgen-ordering": ("OrderingPrinciple", {"elements": 3}),
    "cnfgen-counting": ("CountingPrinciple", {"elements": 4, "part": 3}),
    "cnfgen-ramsey": ("RamseyNumber", {"independent": 3, "clique": 3, "vertices": 5}),
    "cnfgen-waerden": ("VanDerWaerden", {"numbers": 8, "first": 3, "second": 3}),
    "cnfgen-binary-pigeonhole": ("BinaryPigeonholePrinciple", {"pigeons": 3, "holes": 2}),
}
KINDS: tuple[str, ...] = (
    "random",
    "planted",
    "unsatisfiable",
    "pigeonhole",
    "parity",
    *CNFGEN,
    *CLASSICS,
)


def generate(kind: str, seed: int = 0, **sizes: int) -> Cnf:
    """A CNF of the given kind; the same arguments give the same formula.

    ``random``: ``variables`` (default 5), ``clauses`` (8), ``length`` (3): different variables a clause. ``planted``:
    the same with a hidden model. ``unsatisfiable``: the same with all sign patterns of three variables hidden
    among them (at least 3 variables and 8 clauses). ``pigeonhole``: ``pigeons`` (3), ``holes`` (2). ``parity``:
    ``length`` (3), ``charge`` (1). CNFGEN's names take the sizes given there and need the package. The names of
    CLASSICS take no sizes. Raises UnknownProblem, InvalidInstance, MissingComponent.
    """
    wanted = Sizes(kind, sizes)
    if kind in CLASSICS:
        wanted.finish()
        return CLASSICS[kind][0]
    if kind in CNFGEN:
        return _from_cnfgen(kind, wanted)
    rng = random.Random(f"sat {kind} {seed}")
    makers: dict[str, Callable[[], Cnf]] = {
        "pigeonhole": lambda: pigeonhole(wanted.take("pigeons", 3, 0), wanted.take("holes", 2, 0)),
        "parity": lambda: parity_cycle(wanted.take("length", 3, 2), wanted.take("charge", 1, 0)),
        "random": lambda: _drawn(rng, wanted, kind),
        "planted": lambda: _drawn(rng, wanted, kind),
        "unsatisfiable": lambda: _drawn(rng, wanted, kind),
    }
    if kind not in makers:
        raise UnknownProblem(f"no kind {kind!r} of sat instance", hint="choose one of " + ", ".join(KINDS))
    made = makers[kind]()
    wanted.finish()
    return made


def _drawn(rng: random.Random, wanted: Sizes, kind: str) -> Cnf:
    core = kind == "unsatisfiable"
    variables = wanted.take("variables", 5, 3 if core else 1)
    count = wanted.take("clauses", 8, 8 if core else 0)
    length = wanted.take("length", 3, 1)
    wanted.finish()
    if length > variables:
        raise InvalidInstance(f"clauses of {length} different variables of {variables}", hint="give more variables")
    model = [rng.randrange(2) == 1 for _ in range(variables)]
    clauses: Clauses = []
    if core:
        names = rng.sample(range(1, variables + 1), 3)
        clauses += product(*((v, -v) for v in names))
    while len(clauses) < count:
        clause = tuple(rng.choice((v, -v)) for v in rng.sample(range(1, variables + 1), length))
        if kind != "planted" or is_solution(Cnf(variables, (clause,)), model):
            clauses.append(clause)
    rng.shuffle(clauses)
    return Cnf(variables, tuple(clauses))


def _from_cnfgen(kind: str, wanted: Sizes) -> Cnf:
    if find_spec("cnfgen") is None:
        raise MissingComponent("CNFgen is not installed", hint="run: pip install 'certify[cnfgen]'")
    name, defaults = CNFGEN[kind]
    values = [wanted.take(size, default, 1) for size, default in defaults.items()]
    wanted.finish()
    try:
        formula: Any = getattr(import_module("cnfgen"), name)(*values)
    except ValueError as error:
        raise InvalidInstance(f"{kind} of {values}: {error}") from error
    clauses = tuple(tuple(int(v) for v in clause) for clause in formula.clauses())
    return Cnf(formula.number_of_variables(), clauses)
