"""A second opinion on a verdict: what cvc5 and Z3 say of the question as a formula, each within its own time limit.

NO: the formula has to be unsatisfiable. It is the strengthened one (refute/strengthened.py) where the proof holds for
the wider class of networks that this one speaks of, else the plain one (encode.py). YES: the plain formula with
the witness's weights put in has to be satisfiable. A verdict does not rest on any of this: a solver that comes to no
answer leaves it as it is. One that contradicts it shows a fault in one of the two, so no certificate is called
verified then.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from typing import Any, Literal

from certify.decide.forced import at_points, forced, meets_exactly, without_zeros
from certify.encode import encode
from certify.errors import MissingComponent
from certify.instance import TrainingInstance
from certify.network import Network
from smt import MissingSolverError, Script, SolverError, check, solver

SOLVERS = ("cvc5", "z3")
#: Each solver has so many seconds, if nobody says otherwise.
SECONDS = 60.0
#: More pairs of point and neuron are not put to the solvers in the plain formula: a gigabyte, and no answer.
MAX_PAIRS = 30_000
FAULT = "a solver contradicts the verdict, so nothing is verified: a fault, here or in the solver, please report it"
_NAMES = {"cvc5": "cvc5", "z3": "Z3"}
_TIED = re.compile(r" a[0-9]+:")

Status = Literal["agrees", "no answer", "disagrees", "nothing to ask"]
Formula = Literal["strengthened", "plain", "plain, with the witness's weights"]


@dataclass(frozen=True)
class Opinion:
    """``seconds``: what it took; ``limit``: what it was given; ``reason``: why there is no answer."""

    solver: str
    version: str
    status: Status
    seconds: float
    limit: float
    reason: str = ""

    def __str__(self) -> str:
        said = {
            "agrees": f"agrees ({self.seconds:.2f} s)",
            "no answer": f"no answer in {self.limit:g} s" + ("" if self.reason == "timeout" else f": {self.reason}"),
            "disagrees": "DISAGREES",
            "nothing to ask": f"nothing to ask{self.reason and ': '}{self.reason}",
        }[self.status]
        return f"{_NAMES[self.solver]} {self.version}: {said}"


@dataclass(frozen=True)
class CrossCheck:
    """What the solvers say. ``scripts``: of so many the formula consists (one a split)."""

    formula: Formula
    scripts: int
    opinions: tuple[Opinion, ...]

    @property
    def disagrees(self) -> bool:
        return any(opinion.status == "disagrees" for opinion in self.opinions)

    def as_json(self) -> dict[str, Any]:
        """As docs/cli.md has it."""
        return {
            "formula": self.formula,
            "scripts": self.scripts,
            "solvers": [{**asdict(opinion), "text": str(opinion)} for opinion in self.opinions],
        }


@dataclass(frozen=True)
class _Question:
    """Satisfiable or not as ``expected`` says, all scripts alike; ``reason``: why there are none."""

    formula: Formula
    scripts: Sequence[Script]
    expected: Literal["sat", "unsat"]
    reason: str = ""


def ready() -> None:
    """Raises MissingComponent where one of the solvers is not installed."""
    for name in SOLVERS:
        try:
            solver(name)
        except MissingSolverError as missing:
            raise MissingComponent(
                f"the cross-check asks {_NAMES[name]}, which is not installed", hint="pip install 'certify[solvers]'"
            ) from missing


def cross_check(
    instance: TrainingInstance,
    proof: Network | Sequence[str],
    *,
    seconds: float = SECONDS,
    seed: int = 0,
    progress: Callable[[str], None] | None = None,
) -> CrossCheck:
    """What the solvers say of the verdict that ``proof`` shows: a witness, or the lines of a refutation.

    ``seconds``: for each solver, wall clock. Raises MissingComponent.
    """
    ready()
    question = _yes(instance, proof) if isinstance(proof, Network) else _no(instance, proof)
    opinions = []
    for name in SOLVERS:
        if progress is not None:
            progress(f"asking {_NAMES[name]} for a second opinion")
        opinions.append(_opinion(name, question, seconds, seed))
    return CrossCheck(question.formula, len(question.scripts), tuple(opinions))


def _opinion(name: str, question: _Question, seconds: float, seed: int) -> Opinion:
    version = solver(name).version
    if not question.scripts:
        return Opinion(name, version, "nothing to ask", 0.0, seconds, question.reason)
    begin = time.monotonic()
    open_because = ""
    for script in question.scripts:
        left = seconds - (time.monotonic() - begin)
        if left <= 0:
            open_because = open_because or "timeout"
            break
        try:
            answer = check(script, name, timeout_s=left, seed=seed)
        except SolverError as fault:
            open_because = open_because or f"it failed, {fault}"
            continue
        if answer.status == "unknown":
            open_because = open_because or answer.reason
        elif answer.status != question.expected:
            return Opinion(name, version, "disagrees", _since(begin), seconds)
    return Opinion(name, version, "no answer" if open_because else "agrees", _since(begin), seconds, open_because)


def _since(begin: float) -> float:
    return round(time.monotonic() - begin, 3)


def _no(instance: TrainingInstance, lines: Sequence[str]) -> _Question:
    part = _strengthenable(instance, lines)
    if part is not None:
        from certify.decide.refute.strengthened import strengthened

        scripts = strengthened(part)
        reason = "" if scripts else "slots, labels and bounds alone refute it"
        return _Question("strengthened", scripts, "unsat", reason)
    reason = _too_large(instance)
    return _Question("plain", [] if reason else [encode(instance)], "unsat", reason)


def _strengthenable(instance: TrainingInstance, lines: Sequence[str]) -> TrainingInstance | None:
    """The exact question whose strengthened form is unsatisfiable if the lines are right; None if there is none.

    That form has a free affine part (docs/format/v1.md, 6.1), so a proof that ties it to the neurons (items a, 6.11)
    says nothing of it; nor does one that counts losses (6.13).
    """
    if instance.width <= 1 or any(_TIED.search(line) for line in lines):
        return None
    instance = without_zeros(instance)
    if meets_exactly(instance):
        return replace(instance, loss="exact", gamma=Fraction(0), copies=None)
    least, pinned = forced(instance)
    if least != instance.gamma or list(lines[:1]) != ["forced"]:
        return None
    return at_points(instance, pinned)


def _yes(instance: TrainingInstance, network: Network) -> _Question:
    reason = _too_large(instance)
    scripts = [] if reason else [encode(instance, weights=network)]
    return _Question("plain, with the witness's weights", scripts, "sat", reason)


def _too_large(instance: TrainingInstance) -> str:
    pairs = len(instance.points) * instance.width
    return f"{pairs:,} pairs of point and neuron are more than {MAX_PAIRS:,}" if pairs > MAX_PAIRS else ""
