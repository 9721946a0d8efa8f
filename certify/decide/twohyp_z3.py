"""Two-hyperplane separability decided by Z3 over linear real arithmetic, with exact hyperplanes.

Strict signs are asked for as values >= 1 or <= -1: finitely many strict inequalities on a hyperplane can be
scaled so. The restricted question, equations (3) and (4) of the paper, is put first for (Q, P), then for (P,
Q); then the general one: each of the four cells belongs to Q or to P. Every model is checked exactly before
it is believed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from certify.errors import SolverFailure
from certify.exact import Vector
from certify.problems.twohyp import (
    Hyperplanes,
    PointSets,
    far_hyperplane,
    is_restricted_solution,
    is_solution,
)
from smt import (
    And,
    Assert,
    Boolean,
    Command,
    Declare,
    Linear,
    Model,
    Not,
    Script,
    Variable,
    check,
    disjunction,
    real,
    total,
)


class Outcome(Enum):
    """What is known of a pair (Q, P)."""

    RESTRICTED_QP = "restricted separable"
    RESTRICTED_PQ = "restricted separable with the sets exchanged"
    GENERAL_ONLY = "separable by two hyperplanes, but not in the restricted form: in the gap"
    NONE = "not separable by two hyperplanes"
    UNKNOWN = "not decided"


@dataclass(frozen=True)
class TwohypAnswer:
    """``planes``: the hyperplanes of the outcome, checked exactly; None for NONE and UNKNOWN, which has a reason.

    For RESTRICTED_PQ they are a restricted solution of ``sets.swapped``: P in the cell {h1 > 0 > h2}.
    """

    outcome: Outcome
    planes: Hyperplanes | None
    reason: str = ""


def decide(sets: PointSets, *, timeout_s: float | None = None, seed: int = 0) -> TwohypAnswer:
    """Which of the outcomes holds. Raises SolverFailure if a model of Z3 does not stand the exact check."""
    if set(sets.q) & set(sets.p):
        return TwohypAnswer(Outcome.NONE, None, "a point is in both sets")
    deadline = None if timeout_s is None else time.monotonic() + timeout_s
    for outcome, asked, restricted in (
        (Outcome.RESTRICTED_QP, sets, True),
        (Outcome.RESTRICTED_PQ, sets.swapped, True),
        (Outcome.GENERAL_ONLY, sets, False),
    ):
        left = None if deadline is None else deadline - time.monotonic()
        if left is not None and left <= 0:
            return TwohypAnswer(Outcome.UNKNOWN, None, "the time is spent")
        answer = check(_script(asked, restricted), "z3", timeout_s=left, seed=seed)
        if answer.status == "unknown":
            return TwohypAnswer(Outcome.UNKNOWN, None, answer.reason)
        if answer.model is not None:
            planes = _planes(asked, answer.model)
            test = is_restricted_solution if restricted else is_solution
            if not test(asked, planes):
                raise SolverFailure("the hyperplanes of Z3's model do not separate the sets")
            return TwohypAnswer(outcome, planes)
    return TwohypAnswer(Outcome.NONE, None)


def _value(plane: int, x: Vector) -> Linear:
    """h . x + o for plane 1 or 2."""
    return total((f"h{plane}_{a}", c) for a, c in enumerate(x, start=1)) + real(f"o{plane}")


def _side(plane: int, x: Vector, positive: bool) -> Boolean:
    value = _value(plane, x)
    return value >= 1 if positive else value <= -1


def _script(sets: PointSets, restricted: bool) -> Script:
    return Script(tuple(_commands(sets, restricted)), ())


def _commands(sets: PointSets, restricted: bool) -> Iterator[Command]:
    for plane in (1, 2):
        for a in range(1, sets.dimension + 1):
            yield Declare(f"h{plane}_{a}")
        yield Declare(f"o{plane}")
    cells = [(first, second) for first in (True, False) for second in (True, False)]
    if restricted:
        allowed = {True: [(True, False)], False: [(True, True), (False, False)]}
    else:
        allowed = {True: cells, False: cells}
        for cell in cells:
            yield Declare(_owner(cell), "Bool")
    first = True
    for in_q, points in ((True, sets.q), (False, sets.p)):
        for x in points:
            choices: list[Boolean] = []
            # Negating a hyperplane changes nothing in the general question: the first point can be on both
            # positive sides.
            for cell in cells[:1] if first and not restricted else allowed[in_q]:
                parts: list[Boolean] = [_side(1, x, cell[0]), _side(2, x, cell[1])]
                if not restricted:
                    owner = Variable(_owner(cell))
                    parts.append(owner if in_q else Not(owner))
                choices.append(And(tuple(parts)))
            first = False
            yield Assert(disjunction(choices))


def _owner(cell: tuple[bool, bool]) -> str:
    """The Boolean "this cell is for Q"."""
    return "q_" + "".join("p" if side else "n" for side in cell)


def _planes(sets: PointSets, model: Model) -> Hyperplanes:
    """The model's hyperplanes; one with h = 0 has all points on one side and is moved far out."""
    found: list[tuple[Vector, Fraction]] = []
    for plane in (1, 2):
        h = tuple(model[f"h{plane}_{a}"] for a in range(1, sets.dimension + 1))
        o = model[f"o{plane}"]
        found.append((h, o) if any(h) else far_hyperplane(sets, 1 if o > 0 else -1))
    return Hyperplanes(found[0][0], found[0][1], found[1][0], found[1][1])
