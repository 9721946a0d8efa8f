"""The solver adapters: exact models, honest limits, and errors of their own."""

from __future__ import annotations

import subprocess
from fractions import Fraction
from types import SimpleNamespace

import pytest

from smt import (
    Assert,
    Command,
    Declare,
    MissingSolverError,
    Model,
    Or,
    Script,
    SolverError,
    TermError,
    Variable,
    available,
    check,
    equal,
    real,
    solver,
    solvers,
)
from smt.solvers import violated

SOLVERS = ("z3", "cvc5")
x, y = real("x"), real("y")
PAIR = (Declare("x"), Declare("y"), Declare("p", "Bool"), Declare("free"), Declare("q", "Bool"))


def _pigeons(count: int) -> Script:
    """count + 1 reals in count places, no two in the same: unsatisfiable, and hard to see for case splitting."""
    commands: list[Command] = [Declare(f"x_{i}") for i in range(count + 1)]
    for i in range(count + 1):
        commands.append(Assert(Or(tuple(equal(real(f"x_{i}"), place) for place in range(count)))))
        for j in range(i):
            apart = real(f"x_{i}") - real(f"x_{j}")
            commands.append(Assert(Or((apart > 0, apart < 0))))
    return Script(tuple(commands))


def test_both_solvers_are_there() -> None:
    assert available() == SOLVERS == solvers.SOLVERS


@pytest.mark.parametrize("timeout_s", [None, 60.0])
@pytest.mark.parametrize("name", SOLVERS)
def test_models_are_exact(name: str, timeout_s: float | None) -> None:
    equations = (Assert(equal(3 * x + y, 1)), Assert(equal(x - y, Fraction(1, 7))), Assert(Variable("p")))
    answer = check(Script((*PAIR, *equations)), name, timeout_s=timeout_s)
    assert answer.status == "sat" and answer.reason == "" and answer.solver == name and answer.seconds > 0
    assert answer.model is not None
    assert answer.model["x"] == Fraction(2, 7) and answer.model["y"] == Fraction(1, 7)
    assert answer.model.booleans["p"] is True
    # Constants that nothing speaks of have values too.
    assert set(answer.model.reals) == {"x", "y", "free"} and set(answer.model.booleans) == {"p", "q"}


@pytest.mark.parametrize("timeout_s", [None, 60.0])
@pytest.mark.parametrize("name", SOLVERS)
def test_strict_inequalities(name: str, timeout_s: float | None) -> None:
    open_interval = (*PAIR, Assert(x > 0), Assert(x < Fraction(1, 10**30)))
    assert check(Script(open_interval), name, timeout_s=timeout_s).status == "sat"
    empty = Script((*open_interval, Assert(equal(3 * x, y)), Assert(y <= 0)))
    answer = check(empty, name, timeout_s=timeout_s)
    assert answer.status == "unsat" and answer.model is None


@pytest.mark.parametrize("name", SOLVERS)
def test_empty_script(name: str) -> None:
    answer = check(Script(()), name)
    assert answer.status == "sat" and answer.model == Model({}, {})


@pytest.mark.parametrize("name", SOLVERS)
def test_timeouts_strike(name: str) -> None:
    hard = _pigeons(14)
    for timeout_s in (0.001, 1.0):
        answer = check(hard, name, timeout_s=timeout_s)
        assert (answer.status, answer.reason, answer.model) == ("unknown", "timeout", None)


@pytest.mark.parametrize("name", SOLVERS)
def test_resource_limits_strike(name: str) -> None:
    answer = check(_pigeons(14), name, rlimit=2000)
    assert (answer.status, answer.reason) == ("unknown", "resource limit")


@pytest.mark.parametrize("name", SOLVERS)
def test_seeds_are_kept(name: str) -> None:
    script = Script((*PAIR, *(Assert(Or((x > i, y > i, Variable("p")))) for i in range(5))))
    first, again = (check(script, name, seed=5) for _ in range(2))
    assert first.model == again.model
    assert check(script, name, seed=2**31 - 1).status == "sat"
    assert check(_pigeons(4), name, seed=7).status == "unsat"


def test_limits_out_of_range() -> None:
    script = Script(())
    for bad in (0.0, -1.0, float("nan")):
        with pytest.raises(TermError, match="timeout"):
            check(script, timeout_s=bad)
    for seed in (-1, 2**31):
        with pytest.raises(TermError, match="seed"):
            check(script, seed=seed)
    with pytest.raises(TermError, match="resource"):
        check(script, rlimit=0)


def test_versions() -> None:
    for name in SOLVERS:
        version = solver(name).version
        assert version[0].isdigit() and "." in version
        assert check(Script(()), name).solver_version == version


def test_missing_solvers(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MissingSolverError, match="unknown solver 'yices'"):
        solver("yices")
    monkeypatch.setattr(solvers, "find_spec", lambda name: None)
    assert available() == ()
    with pytest.raises(MissingSolverError, match="pip install cvc5"):
        check(Script(()), "cvc5")


def test_a_wrong_model_is_refused() -> None:
    script = Script((*PAIR, Assert(x > 0), Assert(Variable("p"))))
    zero = Model({"x": Fraction(0), "y": Fraction(0)}, {"p": True})
    assert violated(script, zero) == 1
    assert violated(script, Model({"x": Fraction(1)}, {"p": False})) == 2
    assert violated(script, Model({"x": Fraction(1)}, {"p": True})) is None

    class Liar:
        name = "liar"
        version = "1"

        def __init__(self, model: Model | None) -> None:
            self.model = model

        def run(self, script: Script, **limits: object) -> tuple[solvers.Status, Model | None, str]:
            return "sat", self.model, ""

    with pytest.raises(SolverError, match="the model of liar 1 violates assertion 1"):
        check(script, Liar(zero))
    with pytest.raises(SolverError, match="without a model"):
        check(script, Liar(None))


def test_a_crash_of_the_worker_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    crashed = SimpleNamespace(returncode=1, stdout="", stderr="Traceback\nRuntimeError: out of order\n")
    monkeypatch.setattr(subprocess, "run", lambda *args, **options: crashed)
    with pytest.raises(SolverError, match="RuntimeError: out of order"):
        check(Script(()), "cvc5", timeout_s=10)
