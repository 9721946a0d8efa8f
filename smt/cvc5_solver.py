"""cvc5, in process or, where there is a time limit, in a process of its own that can be killed."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

from smt.digits import from_digits, ratio
from smt.errors import SolverError
from smt.script import Assert, Comment, Declare, Define, Script
from smt.smtlib import render
from smt.solvers import Model, Status
from smt.terms import ONE, And, Boolean, Compare, Implies, Linear, Not, Or, SquareAtMost, Truth, Variable

_WORKER = str(Path(__file__).with_name("cvc5_worker.py"))
#: cvc5 is killed if it overruns its own timeout by this much.
_GRACE_S = 0.5


class Cvc5Solver:
    """The adapter of cvc5; make it with ``adapter()``."""

    name = "cvc5"

    def __init__(self) -> None:
        self._cvc5: Any = import_module("cvc5")

    @property
    def version(self) -> str:
        """As in "1.4.2-modified"."""
        version = self._cvc5.Solver(self._cvc5.TermManager()).getVersion()
        return version.decode() if isinstance(version, bytes) else str(version)

    def run(
        self, script: Script, *, timeout_s: float | None, seed: int, rlimit: int | None
    ) -> tuple[Status, Model | None, str]:
        """See smt.solvers.Solver."""
        options = {"produce-models": "true", "seed": str(seed), "sat-random-seed": str(seed)}
        if rlimit is not None:
            options["rlimit-per"] = str(rlimit)
        if timeout_s is not None:
            options["tlimit-per"] = str(max(1, int(timeout_s * 1000)))
            return self._run_apart(script, options, time.monotonic() + timeout_s)
        return self._run_here(script, options)

    def _run_here(self, script: Script, options: dict[str, str]) -> tuple[Status, Model | None, str]:
        cvc5 = self._cvc5
        manager = cvc5.TermManager()
        solver = cvc5.Solver(manager)
        for name, value in options.items():
            solver.setOption(name, value)
        solver.setLogic(script.logic)
        try:
            builder = _Builder(cvc5, manager, solver)
            builder.add(script)
            result = solver.checkSat()
            if result.isSat():
                return "sat", builder.model(script), ""
            if result.isUnsat():
                return "unsat", None, ""
            return "unknown", None, _reason(str(result.getUnknownExplanation()))
        except RuntimeError as error:
            raise SolverError(f"cvc5 {self.version}: {' '.join(str(error).split())}") from error

    def _run_apart(
        self, script: Script, options: dict[str, str], deadline: float
    ) -> tuple[Status, Model | None, str]:
        # cvc5 minds its own limit during the search, but not while it simplifies, which can take a minute.
        text = render(script)
        command = [sys.executable, "-P", _WORKER, *(f"{name}={value}" for name, value in options.items())]
        left = max(deadline - time.monotonic(), 0) + _GRACE_S
        try:
            done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=left)
        except subprocess.TimeoutExpired:
            return "unknown", None, "timeout"
        if done.returncode:
            said = (done.stderr.strip() or f"exit code {done.returncode}").splitlines()[-1]
            raise SolverError(f"cvc5 {self.version}: {said}")
        head, *lines = done.stdout.splitlines()
        if head == "sat":
            return "sat", _model(script, lines), ""
        if head == "unsat":
            return "unsat", None, ""
        return "unknown", None, _reason(head)


def adapter() -> Cvc5Solver:
    """A cvc5 adapter."""
    return Cvc5Solver()


def _reason(explanation: str) -> str:
    reasons = {"TIMEOUT": "timeout", "RESOURCEOUT": "resource limit"}
    return next((reason for word, reason in reasons.items() if word in explanation.upper()), explanation)


def _model(script: Script, lines: list[str]) -> Model:
    values = {}
    for line in lines:
        name, _, value = line.split(" ", 2)
        values[name] = value
    if not set(script.names("Real")) | set(script.names("Bool")) <= values.keys():
        raise SolverError("cvc5 gives no value for some constants")
    return Model(
        {name: _rational(values[name]) for name in script.names("Real")},
        {name: values[name] == "true" for name in script.names("Bool")},
    )


class _Builder:
    """Asserts a script in a cvc5 solver and reads models back."""

    def __init__(self, cvc5: Any, manager: Any, solver: Any) -> None:
        self._make = manager.mkTerm
        self._kind = cvc5.Kind
        self._manager = manager
        self._solver = solver
        self._nodes: dict[str, Any] = {}
        self._numerals: dict[Fraction, Any] = {}
        kind = cvc5.Kind
        self._compare = {"<": kind.LT, "<=": kind.LEQ, "=": kind.EQUAL, ">=": kind.GEQ, ">": kind.GT}

    def add(self, script: Script) -> None:
        manager = self._manager
        for command in script.commands:
            match command:
                case Assert(term, _):
                    self._solver.assertFormula(self._formula(term))
                case Declare(name, sort):
                    kind = manager.getRealSort() if sort == "Real" else manager.getBooleanSort()
                    self._nodes[name] = manager.mkConst(kind, name)
                case Define(name, body):
                    self._nodes[name] = self._term(body)
                case Comment():
                    pass

    def _numeral(self, value: Fraction) -> Any:
        node = self._numerals.get(value)
        if node is None:
            node = self._numerals[value] = self._manager.mkReal(ratio(value))
        return node

    def _term(self, term: Linear) -> Any:
        parts = []
        for name, coefficient in term.terms:
            node = self._nodes[name]
            if coefficient is not ONE and coefficient != 1:
                node = self._make(self._kind.MULT, self._numeral(coefficient), node)
            parts.append(node)
        if term.constant or not parts:
            parts.append(self._numeral(term.constant))
        return parts[0] if len(parts) == 1 else self._make(self._kind.ADD, *parts)

    def _formula(self, term: Boolean) -> Any:
        match term:
            case Compare(relation, left, right):
                return self._make(self._compare[relation], self._term(left), self._term(right))
            case SquareAtMost(root, bound):
                node = self._term(root)
                square = self._make(self._kind.MULT, node, node)
                return self._make(self._kind.LEQ, square, self._term(bound))
            case And(arguments):
                return self._make(self._kind.AND, *map(self._formula, arguments))
            case Or(arguments):
                return self._make(self._kind.OR, *map(self._formula, arguments))
            case Variable(name):
                return self._nodes[name]
            case Not(argument):
                return self._make(self._kind.NOT, self._formula(argument))
            case Implies(premise, conclusion):
                return self._make(self._kind.IMPLIES, self._formula(premise), self._formula(conclusion))
            case Truth(value):
                return self._manager.mkTrue() if value else self._manager.mkFalse()

    def model(self, script: Script) -> Model:
        reals: dict[str, Fraction] = {}
        booleans: dict[str, bool] = {}
        for command in script.commands:
            if type(command) is Declare:
                value = self._solver.getValue(self._nodes[command.name])
                if command.sort == "Real":
                    reals[command.name] = _rational(str(value))
                else:
                    booleans[command.name] = bool(value.getBooleanValue())
        return Model(reals, booleans)


_VALUE = re.compile(
    r"[0-9]+(\.0)?|\(- [0-9]+(\.0)?\)|\(/ ([0-9]+|\(- [0-9]+\)) [0-9]+\)|\(- \(/ [0-9]+ [0-9]+\)\)"
)


def _rational(text: str) -> Fraction:
    """The value of a constant as cvc5 prints it: its own conversion to Fraction stops at 4,300 digits."""
    if not _VALUE.fullmatch(text):
        raise SolverError(f"cvc5 gives the value {text[:80]}, which is no rational")
    above, *below = re.findall("[0-9]+", text.replace(".0", ""))
    value = Fraction(from_digits(above), from_digits(below[0]) if below else 1)
    return -value if "-" in text else value
