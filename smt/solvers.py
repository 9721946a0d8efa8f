"""One interface to all solvers: ``check(script, solver="z3", timeout_s=60, seed=0) -> Answer``.

A claimed model is evaluated exactly on every assertion before it is handed on, so "sat" is never taken on a
solver's word. "unsat" is, here: whoever needs more has to ask for a proof elsewhere.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from importlib import import_module
from importlib.util import find_spec
from typing import Literal, Protocol

from smt.collector import paused
from smt.errors import MissingSolverError, SolverError, TermError
from smt.script import Assert, Define, Script
from smt.terms import holds, value_of

Status = Literal["sat", "unsat", "unknown"]

#: Solver name -> (module of this package, the module it needs, what to install).
_SOLVERS = {
    "z3": ("smt.z3_solver", "z3", "z3-solver"),
    "cvc5": ("smt.cvc5_solver", "cvc5", "cvc5"),
}
SOLVERS: tuple[str, ...] = tuple(_SOLVERS)


@dataclass(frozen=True)
class Model:
    """Values of all declared constants, exact; ``model[name]`` is a real one."""

    reals: Mapping[str, Fraction]
    booleans: Mapping[str, bool]

    def __getitem__(self, name: str) -> Fraction:
        return self.reals[name]


@dataclass(frozen=True)
class Answer:
    """What a solver said. ``model`` is there iff the status is "sat"; ``reason`` explains an "unknown".

    ``seconds`` is wall-clock time, the building of the solver's terms included, as in the timeout.
    """

    status: Status
    model: Model | None
    reason: str
    seconds: float
    solver: str
    solver_version: str


class Solver(Protocol):
    """A solver adapter. ``run`` returns the status, the model if "sat", and the reason if "unknown"."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def run(
        self, script: Script, *, timeout_s: float | None, seed: int, rlimit: int | None
    ) -> tuple[Status, Model | None, str]: ...


def available() -> tuple[str, ...]:
    """The names of the solvers that are installed."""
    return tuple(name for name, (_, needed, _) in _SOLVERS.items() if find_spec(needed) is not None)


def solver(name: str) -> Solver:
    """The adapter of a solver, "z3" or "cvc5"; MissingSolverError if it is not installed or not known."""
    if name not in _SOLVERS:
        raise MissingSolverError(f"unknown solver {name!r}; choose one of {', '.join(_SOLVERS)}")
    module, needed, package = _SOLVERS[name]
    if find_spec(needed) is None:
        raise MissingSolverError(f"{name} is not installed; run: pip install {package}")
    make: Callable[[], Solver] = import_module(module).adapter
    return make()


def check(
    script: Script,
    solver: str | Solver = "z3",
    *,
    timeout_s: float | None = None,
    seed: int = 0,
    rlimit: int | None = None,
) -> Answer:
    """Asks a solver, within ``timeout_s`` seconds and ``rlimit`` of the solver's own resource units.

    The same script, seed and rlimit give the same answer where no timeout strikes. Raises MissingSolverError,
    TermError for limits or seeds out of range, and SolverError if the solver fails or its model violates an
    assertion.
    """
    if timeout_s is not None and not timeout_s > 0:
        raise TermError(f"a timeout of {timeout_s} seconds")
    if not 0 <= seed < 2**31:
        raise TermError(f"the seed {seed} is not in 0..2^31-1")
    if rlimit is not None and not 0 < rlimit < 2**31:
        raise TermError(f"the resource limit {rlimit} is not in 1..2^31-1")
    adapter = _adapter(solver)
    with paused():
        started = time.perf_counter()
        status, model, reason = adapter.run(script, timeout_s=timeout_s, seed=seed, rlimit=rlimit)
        seconds = time.perf_counter() - started
        if (status == "sat") != (model is not None):
            raise SolverError(f"{adapter.name} answers {status} with{'out' if model is None else ''} a model")
        if model is not None:
            wrong = violated(script, model)
            if wrong is not None:
                raise SolverError(f"the model of {adapter.name} {adapter.version} violates assertion {wrong}")
    return Answer(status, model, reason, seconds, adapter.name, adapter.version)


def _adapter(chosen: str | Solver) -> Solver:
    return solver(chosen) if isinstance(chosen, str) else chosen


def violated(script: Script, model: Model) -> int | None:
    """The number (from 1) of the first assertion that is false in the model, by exact evaluation, or None."""
    reals = dict(model.reals)
    number = 0
    for command in script.commands:
        if type(command) is Define:
            reals[command.name] = value_of(command.body, reals)
        elif type(command) is Assert:
            number += 1
            if not holds(command.term, reals, model.booleans):
                return number
    return None
