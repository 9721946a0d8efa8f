"""cvc5 in process, through its Python interface."""

from __future__ import annotations

import re
from fractions import Fraction
from importlib import import_module
from typing import Any

from smt.digits import from_digits, ratio
from smt.errors import SolverError
from smt.script import LOGIC, Assert, Comment, Declare, Define, Script
from smt.solvers import Model, Status
from smt.terms import ONE, And, Boolean, Compare, Implies, Linear, Not, Or, Truth, Variable


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
        cvc5 = self._cvc5
        manager = cvc5.TermManager()
        solver = cvc5.Solver(manager)
        solver.setLogic(LOGIC)
        solver.setOption("produce-models", "true")
        solver.setOption("seed", str(seed))
        solver.setOption("sat-random-seed", str(seed))
        if timeout_s is not None:
            solver.setOption("tlimit-per", str(max(1, int(timeout_s * 1000))))
        if rlimit is not None:
            solver.setOption("rlimit-per", str(rlimit))
        try:
            builder = _Builder(cvc5, manager, solver)
            builder.add(script)
            result = solver.checkSat()
            if result.isSat():
                return "sat", builder.model(script), ""
            if result.isUnsat():
                return "unsat", None, ""
            explanation = result.getUnknownExplanation()
        except RuntimeError as error:
            raise SolverError(f"cvc5 {self.version}: {' '.join(str(error).split())}") from error
        reasons = {
            cvc5.UnknownExplanation.TIMEOUT: "timeout",
            cvc5.UnknownExplanation.RESOURCEOUT: "resource limit",
        }
        return "unknown", None, reasons.get(explanation, str(explanation))


def adapter() -> Cvc5Solver:
    """A cvc5 adapter."""
    return Cvc5Solver()


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
