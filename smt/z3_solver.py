"""Z3 in process. Terms are built through Z3's C interface (z3.z3core), three times as fast as its operators.

Every run has a context of its own, so that runs do not influence each other. A node must be protected by
Z3_inc_ref directly after it is made, or Z3 may reclaim it on the next call; all go with their context.
"""

from __future__ import annotations

import threading
import time
from fractions import Fraction
from importlib import import_module
from typing import Any

from smt.digits import from_ratio, ratio
from smt.errors import SolverError
from smt.script import Assert, Comment, Declare, Define, Script
from smt.solvers import Model, Status
from smt.terms import ONE, And, Boolean, Compare, Implies, Linear, Not, Or, SquareAtMost, Truth, Variable

#: Z3 is interrupted from outside if it overruns its own timeout by this much.
_GRACE_S = 0.25
_MAX_MS = 2**32 - 2
_COMMANDS_BETWEEN_CLOCKS = 1024


class Z3Solver:
    """The adapter of Z3; make it with ``adapter()``."""

    name = "z3"

    def __init__(self) -> None:
        self._z3: Any = import_module("z3")

    @property
    def version(self) -> str:
        """As in "5.4.1"."""
        return str(self._z3.get_version_string())

    def run(
        self, script: Script, *, timeout_s: float | None, seed: int, rlimit: int | None
    ) -> tuple[Status, Model | None, str]:
        """See smt.solvers.Solver."""
        z3 = self._z3
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        context = z3.Context()
        timer = None
        try:
            solver = z3.SolverFor(script.logic, ctx=context)
            options: dict[str, object] = {"random_seed": seed}
            if rlimit is not None:
                options["rlimit"] = rlimit
            solver.set(**options)
            builder = _Builder(z3, context, solver)
            if not builder.add(script, deadline):
                return "unknown", None, "timeout"
            if deadline is not None:
                left = max(deadline - time.monotonic(), 0.001)
                solver.set(timeout=min(int(left * 1000) + 1, _MAX_MS))
                timer = threading.Timer(min(left + _GRACE_S, threading.TIMEOUT_MAX), context.interrupt)
                timer.daemon = True
                timer.start()
            verdict = solver.check()
            if verdict == z3.sat:
                return "sat", builder.model(solver.model(), script), ""
            if verdict == z3.unsat:
                return "unsat", None, ""
            reason = solver.reason_unknown()
            if any(word in reason for word in ("canceled", "timeout", "interrupted", "resource")):
                late = deadline is not None and time.monotonic() >= deadline
                reason = "timeout" if late else "resource limit"
            return "unknown", None, reason
        except z3.Z3Exception as error:
            text = error.value.decode() if isinstance(getattr(error, "value", None), bytes) else str(error)
            if timeout_s is not None and ("cancel" in text or "interrupt" in text):
                return "unknown", None, "timeout"
            raise SolverError(f"Z3 {self.version}: {' '.join(text.split())}") from error
        finally:
            if timer is not None:
                timer.cancel()
                timer.join()  # the context must not be interrupted once it is gone


def adapter() -> Z3Solver:
    """A Z3 adapter."""
    return Z3Solver()


class _Builder:
    """Asserts a script in a Z3 solver and reads models back."""

    def __init__(self, z3: Any, context: Any, solver: Any) -> None:
        core = z3.z3core
        self._core = core
        self._ref = context.ref()
        self._solver = solver.solver
        self._nodes: dict[str, Any] = {}
        self._numerals: dict[Fraction, Any] = {}
        self._arrays: dict[int, Any] = {}
        self._ast = z3.Ast
        self._real = core.Z3_mk_real_sort(self._ref)
        core.Z3_inc_ref(self._ref, core.Z3_sort_to_ast(self._ref, self._real))
        self._bool = core.Z3_mk_bool_sort(self._ref)
        core.Z3_inc_ref(self._ref, core.Z3_sort_to_ast(self._ref, self._bool))
        self._compare = {
            "<": core.Z3_mk_lt,
            "<=": core.Z3_mk_le,
            "=": core.Z3_mk_eq,
            ">=": core.Z3_mk_ge,
            ">": core.Z3_mk_gt,
        }

    def add(self, script: Script, deadline: float | None) -> bool:
        """False if the deadline passes before all is asserted."""
        core, ref = self._core, self._ref
        for index, command in enumerate(script.commands):
            if deadline is not None and index % _COMMANDS_BETWEEN_CLOCKS == 0 and time.monotonic() > deadline:
                return False
            match command:
                case Assert(term, _):
                    core.Z3_solver_assert(ref, self._solver, self._formula(term))
                case Declare(name, sort):
                    symbol = core.Z3_mk_string_symbol(ref, name)
                    node = core.Z3_mk_const(ref, symbol, self._real if sort == "Real" else self._bool)
                    self._nodes[name] = self._kept(node)
                case Define(name, body):
                    self._nodes[name] = self._term(body)
                case Comment():
                    pass
        return True

    def _kept(self, node: Any) -> Any:
        self._core.Z3_inc_ref(self._ref, node)
        return node

    def _array(self, nodes: list[Any]) -> Any:
        kind = self._arrays.get(len(nodes))
        if kind is None:
            kind = self._arrays[len(nodes)] = self._ast * len(nodes)
        return kind(*nodes)

    def _numeral(self, value: Fraction) -> Any:
        node = self._numerals.get(value)
        if node is None:
            node = self._kept(self._core.Z3_mk_numeral(self._ref, ratio(value), self._real))
            self._numerals[value] = node
        return node

    def _term(self, term: Linear) -> Any:
        core, ref = self._core, self._ref
        parts = []
        for name, coefficient in term.terms:
            node = self._nodes[name]
            if coefficient is not ONE and coefficient != 1:
                pair = self._array([self._numeral(coefficient), node])
                node = self._kept(core.Z3_mk_mul(ref, 2, pair))
            parts.append(node)
        if term.constant or not parts:
            parts.append(self._numeral(term.constant))
        if len(parts) == 1:
            return parts[0]
        return self._kept(core.Z3_mk_add(ref, len(parts), self._array(parts)))

    def _formula(self, term: Boolean) -> Any:
        core, ref = self._core, self._ref
        match term:
            case Compare(relation, left, right):
                return self._kept(self._compare[relation](ref, self._term(left), self._term(right)))
            case SquareAtMost(root, bound):
                node = self._term(root)
                square = self._kept(core.Z3_mk_mul(ref, 2, self._array([node, node])))
                return self._kept(core.Z3_mk_le(ref, square, self._term(bound)))
            case And(arguments):
                nodes = [self._formula(argument) for argument in arguments]
                return self._kept(core.Z3_mk_and(ref, len(nodes), self._array(nodes)))
            case Or(arguments):
                nodes = [self._formula(argument) for argument in arguments]
                return self._kept(core.Z3_mk_or(ref, len(nodes), self._array(nodes)))
            case Variable(name):
                return self._nodes[name]
            case Not(argument):
                return self._kept(core.Z3_mk_not(ref, self._formula(argument)))
            case Implies(premise, conclusion):
                return self._kept(core.Z3_mk_implies(ref, self._formula(premise), self._formula(conclusion)))
            case Truth(value):
                return self._kept((core.Z3_mk_true if value else core.Z3_mk_false)(ref))

    def model(self, model: Any, script: Script) -> Model:
        core, ref = self._core, self._ref
        reals: dict[str, Fraction] = {}
        booleans: dict[str, bool] = {}
        for command in script.commands:
            if type(command) is not Declare:
                continue
            name = command.name
            out = self._array([None])  # a fresh one each time: out[0] is a view of it
            # Names that the model leaves open (true = model completion) get some value.
            if not core.Z3_model_eval(ref, model.model, self._nodes[name], True, out):
                raise SolverError(f"Z3 gives no value for {name}")
            value = self._kept(out[0])
            if command.sort == "Real":
                if not core.Z3_is_numeral_ast(ref, value):
                    raise SolverError(f"Z3 gives no rational value for {name}")
                reals[name] = from_ratio(core.Z3_get_numeral_string(ref, value))
            else:
                booleans[name] = core.Z3_get_bool_value(ref, value) == 1
        return Model(reals, booleans)
