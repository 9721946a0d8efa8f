"""What a check of a lemma is, and the way to put a question in linear arithmetic to a solver."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from certify.certificate import DATA, Certificate, Claim
from certify.decide.refute import Limits, Unknown, refute
from certify.instance import TrainingInstance
from certify.verify import check_stream
from smt import And, Assert, Boolean, Command, Declare, Linear, Or, Script, check, equal, real

#: exact: evaluated in rationals; checked: a refutation that certify/verify.py accepts; solver: a solver's word.
Method = Literal["exact", "checked", "solver"]
ONE = Fraction(1)


@dataclass(frozen=True)
class Check:
    """One part of a lemma: what was asked, how, and whether it holds."""

    what: str
    method: Method
    holds: bool
    seconds: float


@dataclass(frozen=True)
class Lemma:
    """``statement``: what the paper says, as it is checked. ``rests``: what has to be believed beyond the checks."""

    name: str
    statement: str
    rests: str
    checks: Callable[[], Iterator[Check]]


def timed(what: str, method: Method, test: Callable[[], bool]) -> Check:
    """The check that ``test`` makes."""
    begin = time.monotonic()
    holds = test()
    return Check(what, method, holds, time.monotonic() - begin)


class Question:
    """Assertions over reals; ``impossible`` asks Z3 whether they contradict each other."""

    def __init__(self) -> None:
        self._commands: list[Command] = []
        self._count = 0

    def number(self, name: str) -> Linear:
        """A new unknown."""
        self._commands.append(Declare(name))
        return real(name)

    def fresh(self) -> Linear:
        """A new unknown without a name of its own."""
        self._count += 1
        return self.number(f"u{self._count}")

    def say(self, *facts: Boolean) -> None:
        """Assert these."""
        self._commands += [Assert(fact) for fact in facts]

    def positive_part(self, z: Linear) -> Linear:
        """[z]_+."""
        h = self.fresh()
        self.say(Or((And((z >= 0, equal(h, z))), And((z <= 0, equal(h, 0))))))
        return h

    def impossible(self, seconds: float = 120) -> bool:
        """Whether Z3 says that there are no such reals."""
        return check(Script(tuple(self._commands), ()), "z3", timeout_s=seconds).status == "unsat"


def unequal(left: Linear, right: Linear | Fraction | int) -> Boolean:
    """left < right or left > right."""
    return Or((left < right, left > right))


def refuted(instance: TrainingInstance, seconds: float = 120) -> bool:
    """Whether the direct refuter shows that nothing fits, and certify/verify.py accepts the proof."""
    outcome = refute(instance, Limits(seconds=seconds))
    if isinstance(outcome, Unknown):
        return False
    certificate = Certificate(Claim.of("NO", DATA, instance), instance, refutation=list(outcome.lines))
    text = io.BytesIO()
    certificate.write(text)
    text.seek(0)
    result = check_stream(text)
    return (result.status, result.verdict) == ("VERIFIED", "NO")
