"""Lemma 6: of all possible levees exactly two are not zero at p_{j,r}; for given formulas, and for all sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from itertools import product

import z3

from certify.lemmas.base import Check, timed
from certify.network import Network
from certify.problems.poits import Formula
from certify.problems.poits_generate import CLASSICS
from certify.reductions import poits_to_relu
from certify.reductions.gadgets import levee


def lemma_6() -> Iterator[Check]:
    """Two levees meet at p_{j,r}: that of literal r of clause j, and that of slope 1 of its variable."""
    small = [
        Formula(n, clauses)
        for n in (1, 2, 3)
        for m in (1, 2)
        for clauses in product([(u, v, w) for u, v, w in product(range(1, n + 1), repeat=3)], repeat=m)
    ]
    what = f"all {len(small)} formulas with n <= 3, m <= 2: at each p exactly those two are not 0"
    yield timed(what, "exact", lambda: all(map(two_at_each_point, small)))
    for name in ("figure-5", "four-triples", "fano"):
        yield timed(f"{name}: the same", "exact", partial(two_at_each_point, CLASSICS[name][0]))
    for what, question in DISTANCES.items():
        yield timed(f"all m, n, i, j, r: {what}", "solver", partial(_impossible, question))


def two_at_each_point(formula: Formula) -> bool:
    """Whether at every p_{j,r} the named levees have the value 1 and all other possible ones 0."""
    layout = poits_to_relu.layout(formula)
    points = list(layout.literal_points())
    gadgets = list(layout.gadgets())
    clauses = len(formula.clauses)
    for (place, _), (j, r) in zip(points, product(range(clauses), range(3)), strict=True):
        wanted = {(j, r), (clauses + formula.clauses[j][r] - 1, 1)}
        for g, (offset, slopes) in enumerate(gadgets):
            for at, slope in enumerate(slopes):
                value = Network("relu", levee(offset, slope), 2)(place)
                if value != Fraction((g, at) in wanted):
                    return False
    return True


def _common() -> tuple[z3.Solver, dict[str, z3.ArithRef]]:
    """m, i, j >= 1 and the slope s = (2j-2+r)/(2m) - 1, r in {0, 1, 2}, as reals; x is the first coordinate of p."""
    v = {name: z3.Real(name) for name in ("m", "i", "j", "r", "s", "x", "D")}
    solver = z3.Solver()
    solver.add(v["m"] >= 1, v["i"] >= 1, v["j"] >= 1, v["j"] <= v["m"], v["r"] >= 0, v["r"] <= 2)
    solver.add(v["D"] == 16 * v["m"] + 6, 2 * v["m"] * (v["s"] + 1) == 2 * v["j"] - 2 + v["r"])
    solver.add(v["x"] * (1 - v["s"]) == v["D"] * (v["i"] + v["j"]), v["s"] < 1)
    return solver, v


def _other_clause(solver: z3.Solver, v: dict[str, z3.ArithRef]) -> None:
    """Levees of a clause j' > j have slopes at least s and stand Delta higher; of j' < j the other way round."""
    up, slope = z3.Real("up"), z3.Real("slope")
    solver.add(up >= v["D"], slope >= v["s"], v["x"] >= 0)
    solver.add(up + (slope - v["s"]) * v["x"] < 2)


def _other_literal(solver: z3.Solver, v: dict[str, z3.ArithRef]) -> None:
    """Levees of the same clause differ in slope by 1/(2m) at least."""
    gap = z3.Real("gap")
    solver.add(2 * v["m"] * gap >= 1, gap * v["x"] < 2)


def _other_variable(solver: z3.Solver, v: dict[str, z3.ArithRef]) -> None:
    """Levees of slope 1 of another variable are parallel, Delta away."""
    solver.add(v["D"] < 2)


def _true_variable(solver: z3.Solver, v: dict[str, z3.ArithRef]) -> None:
    """Levees of slope -1, at -i' Delta, are below by at least 2 Delta."""
    k = z3.Real("k")
    solver.add(k >= 1, (v["j"] * v["D"] + v["s"] * v["x"]) - (-k * v["D"] - v["x"]) < 2)


def _left(solver: z3.Solver, v: dict[str, z3.ArithRef]) -> None:
    """p lies at x_1 >= Delta > 0."""
    solver.add(v["x"] < v["D"])


DISTANCES: dict[str, Callable[[z3.Solver, dict[str, z3.ArithRef]], None]] = {
    "p is at x_1 >= Delta": _left,
    "levees of other clauses are 2 away": _other_clause,
    "those of the other literals are 2 away": _other_literal,
    "those of slope 1 of other variables are 2 away": _other_variable,
    "those of slope -1 are 2 away": _true_variable,
}


def _impossible(question: Callable[[z3.Solver, dict[str, z3.ArithRef]], None], seconds: int = 60) -> bool:
    """Nonlinear real arithmetic: whether Z3 says that the distance is never less."""
    solver, values = _common()
    solver.set("timeout", 1000 * seconds)
    question(solver, values)
    return bool(solver.check() == z3.unsat)
