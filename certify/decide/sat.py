"""The one way to refute clauses: CaDiCaL, which writes its proof as LRAT by itself, and the proof trimmed.

Many clauses go to a process of its own (cadical_worker.py), which can be ended at any time. Nothing rests on the
answers: a model is tried, a refutation becomes steps that a checker reads.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from certify.decide.lrat import LratProof, trimmed
from certify.errors import MissingComponent, ResourceLimit, SolverFailure

#: CaDiCaL writes LRAT by itself: every clause with the hints that derive it.
SOLVER = "cadical195"
FEW_CLAUSES = 100
WORKER = Path(__file__).with_name("cadical_worker.py")


class IncrementalSolver:
    """A solver that is told of clauses between its answers and writes its refutation, of all of them, all the time.

    It stays in its stable mode, which finds shorter refutations of small hard sets. To be closed. Raises
    MissingComponent if python-sat is not installed.
    """

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="certify-")
        self._proof = Path(self._folder.name) / "proof.lrat"
        self._worker = _worker()
        self._file = open(self._proof, "w+b")  # noqa: SIM115 - closed with the solver
        self._solver: object = self._worker.new(self._file, stable=True)
        self.clauses = 0
        self._concluded: list[int] = []

    def add(self, clause: Iterable[int]) -> None:
        """A clause more, which is not empty."""
        self._worker.add(self._solver, list(dict.fromkeys(clause)))
        self.clauses += 1

    def solve(self, check: Callable[[], None]) -> list[int] | None:
        """A model of the clauses so far, or None. ``check`` is called now and then, and may raise."""
        answer, found = self.ask((), check)
        return found if answer else None

    def ask(
        self, assumed: Iterable[int], check: Callable[[], None], conflicts: int | None = None
    ) -> tuple[bool | None, list[int]]:
        """True and a model in which these literals are true, False and some of them that are not together in one, or
        None after so many conflicts. ``check`` is called now and then, and may raise.
        """
        assumptions = list(assumed)
        answer, found = self._worker.ask(self._solver, assumptions, conflicts, check)
        if answer is False and assumptions:
            self._concluded.append(self.clauses)
        return answer, found

    @property
    def conflicts(self) -> int:
        """How many conflicts it has had so far."""
        return self._worker.conflicts(self._solver)  # type: ignore[no-any-return]

    def refutation(self) -> LratProof:
        """What the refutation comes down to, after there was no model; closes the solver."""
        self._end()
        proof = trimmed(self._proof, self.clauses, concluded=self._concluded)
        self.close()
        return proof

    def close(self) -> None:
        """Ends the solver and removes what it wrote; once more does nothing."""
        self._end()
        self._folder.cleanup()

    def _end(self) -> None:
        if self._solver is not None:
            self._worker.end(self._solver, self._file)
            self._solver = None
            self._file.close()


def solve(
    clauses: Sequence[Sequence[int]], *, seconds: float | None = None, apart: bool | None = None
) -> list[int] | LratProof:
    """A model of the clauses, or their refutation, numbered from 1 in this order, trimmed.

    ``apart``: in a process of its own; by default unless they are few, which takes less time than its start. Raises
    ResourceLimit after so many ``seconds``, if it is apart, SolverFailure for an answer that is none, MissingComponent
    if python-sat is not installed.
    """
    _worker()
    deadline = None if seconds is None else time.monotonic() + seconds
    with tempfile.TemporaryDirectory(prefix="certify-") as folder:
        proof = Path(folder) / "proof.lrat"
        empty = next((number for number, clause in enumerate(clauses, start=1) if not clause), None)
        if empty is not None:
            proof.write_text(f"{len(clauses) + 1} 0 {empty} 0\n", encoding="ascii")
        else:
            model = _model(clauses, proof, seconds, len(clauses) > FEW_CLAUSES if apart is None else apart)
            if model is not None:
                return model
        return trimmed(proof, len(clauses), deadline=deadline)


def _model(clauses: Sequence[Sequence[int]], proof: Path, seconds: float | None, apart: bool) -> list[int] | None:
    """A model of the clauses, or None, and then the file ``proof`` has the refutation."""
    if not apart:
        return _worker().solve((list(dict.fromkeys(clause)) for clause in clauses), str(proof))  # type: ignore[no-any-return]
    problem = proof.with_suffix(".cnf")
    with open(problem, "w", encoding="ascii") as file:
        file.writelines(" ".join(map(str, (*dict.fromkeys(clause), 0))) + "\n" for clause in clauses)
    try:
        done = subprocess.run(
            [sys.executable, "-P", WORKER, problem, proof], capture_output=True, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ResourceLimit("timeout") from error
    status, _, model = done.stdout.partition("\n")
    if done.returncode != 0 or status not in ("s SATISFIABLE", "s UNSATISFIABLE"):
        told = done.stderr.strip().rpartition("\n")[2] or f"exit code {done.returncode}"
        raise SolverFailure(f"{SOLVER} of python-sat gave no answer: {told}")
    return [int(word) for word in model.split()[1:-1]] if status == "s SATISFIABLE" else None


def _worker() -> ModuleType:
    if find_spec("pysolvers") is None:
        raise MissingComponent("python-sat is not installed", hint="run: pip install python-sat")
    return import_module("certify.decide.cadical_worker")
