"""The one way to refute clauses: CaDiCaL, which writes its proof as LRAT by itself, and the proof trimmed.

Many clauses go to a process of its own (cadical_worker.py), which can be ended at any time. Nothing rests on the
answers: a model is tried, a refutation becomes steps that a checker reads.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from certify.decide.lrat import LratProof, trimmed
from certify.errors import MissingComponent, ResourceLimit, SolverFailure

#: CaDiCaL writes LRAT by itself: every clause with the hints that derive it.
SOLVER = "cadical195"
FEW_CLAUSES = 100
WORKER = Path(__file__).with_name("cadical_worker.py")


def solve(
    clauses: Sequence[Sequence[int]], *, seconds: float | None = None, apart: bool | None = None
) -> list[int] | LratProof:
    """A model of the clauses, or their refutation, numbered from 1 in this order, trimmed.

    ``apart``: in a process of its own; by default unless they are few, which takes less time than its start. Raises
    ResourceLimit after so many ``seconds``, if it is apart, SolverFailure for an answer that is none, MissingComponent
    if python-sat is not installed.
    """
    if find_spec("pysolvers") is None:
        raise MissingComponent("python-sat is not installed", hint="run: pip install python-sat")
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
        worker = import_module("certify.decide.cadical_worker")
        return worker.solve((list(dict.fromkeys(clause)) for clause in clauses), str(proof))  # type: ignore[no-any-return]
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
