"""The no-instances of refute_run.py: the curve from k = 4 to k = 10,000, and how one of them is measured.

``designs``  formulas that have no solution by counting: four triples, the Fano plane, the affine plane, 3-regular ones.
``planted``  random clauses with the four triples of four variables hidden among them.
``random``   random clauses alone, five for four variables, far above the border of satisfiability.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from cases import Case
from measure import cpu

from certify.certificate import Certificate, Claim
from certify.decide.refute import Limits, Unknown, refute
from certify.kernel import find_kernel
from certify.problems.poits import Formula
from certify.reductions import reduction_named

Row = dict[str, Any]
#: How a case is answered: by this program, or by a solver on what fit_peers.py makes of the data.
METHODS = ("certify", "z3", "cvc5", "scip")
#: What a solver imports before the clock starts.
_IMPORTS = {"z3": "z3", "cvc5": "cvc5", "scip": "pyscipopt"}
#: So many times the limit of CPU time, in wall-clock time, end a case whatever it does.
PATIENCE = 6
#: Bytes of address space that a solver may have.
MEMORY = 8 * 2**30
VERIFY = Path(__file__).resolve().parents[1] / "certify" / "verify.py"
_NAMES = {"unsatisfiable": "planted", "random": "random"}

#: Clauses and variables by target; k is 4 (relu) or 2 (threshold) times their sum.
_SIZES = {
    "relu": ((10, 8), (20, 16), (55, 45), (140, 110), (280, 220), (560, 440), (1400, 1100)),
    "threshold": ((10, 8), (40, 32), (110, 90), (278, 222), (560, 440), (1120, 880), (2800, 2200)),
}
_DESIGNS: tuple[tuple[str, dict[str, int]], ...] = (
    ("vvv", {}),
    ("vvw-wwv", {}),
    ("four-triples", {}),
    ("fano", {}),
    ("affine-plane", {}),
    *(("regular", {"variables": variables}) for variables in (8, 11, 16)),
)


def curve() -> list[Case]:
    """All cases, by target, growing."""
    found = []
    for target, sizes in _SIZES.items():
        cases = [Case("curve", "poits", kind, target, sizes=given) for kind, given in _DESIGNS]
        for clauses, variables in sizes:
            for kind in _NAMES:
                given = {"clauses": clauses, "variables": variables}
                cases.append(Case("curve", "poits", kind, target, sizes=given))
        found += sorted(cases, key=neurons)
    return found


def family(case: Case) -> str:
    """The family of a case: designs, planted or random."""
    return _NAMES.get(case.kind, "designs")


def neurons(case: Case) -> int:
    """The width of the instance."""
    formula: Formula = case.source()
    return (4 if case.target == "relu" else 2) * (len(formula.clauses) + formula.variables)


def measured(case: Case, method: str, limit: float, into: Path) -> None:
    """Measures in this process, which the system may end at the limit, and writes the row to the file ``into``."""
    row = _certify(case, limit) if method == "certify" else _peer(case, method, limit)
    into.write_text(json.dumps(row))


def _certify(case: Case, limit: float) -> Row:
    """The whole job: instance, refutation, certificate on disk; then both checkers, each in a process of its own."""
    source = case.source()
    begin, wall = cpu(), time.perf_counter()
    reduction = reduction_named(case.problem, case.target)
    instance = reduction.reduce(source)
    outcome = refute(instance, limits=Limits(seconds=PATIENCE * limit))
    if isinstance(outcome, Unknown):
        return {"verdict": "UNKNOWN", "note": outcome.reason, "seconds": round(cpu() - begin, 3)}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "no.cert"
        Certificate(Claim.of("NO", reduction.name, instance), source, refutation=outcome.lines).save(path)
        row: Row = {
            "verdict": "NO",
            "note": "",
            "seconds": round(cpu() - begin, 3),
            "wall": round(time.perf_counter() - wall, 3),
            "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
            "steps": len(outcome.lines),
            "bytes": path.stat().st_size,
        }
        for name, command in (
            ("python", [sys.executable, "-I", str(VERIFY), str(path)]),
            ("kernel", [str(find_kernel()), str(path)]),
        ):
            seconds, megabytes, output = _run(command)
            if not output.startswith("VERIFIED NO"):
                return row | {"verdict": "UNKNOWN", "note": f"{name}: {output.strip()[:200]}"}
            row |= {f"{name}_seconds": round(seconds, 3), f"{name}_mb": round(megabytes)}
    return row


def _run(command: list[str]) -> tuple[float, float, str]:
    """CPU seconds, megabytes and output of a command."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output


def _peer(case: Case, method: str, limit: float) -> Row:
    instance = reduction_named(case.problem, case.target).reduce(case.source())
    import_module(_IMPORTS[method])
    decide = import_module("fit_peers").PEERS[method]
    begin, wall = cpu(), time.perf_counter()
    seconds = int(begin + limit) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    answer = decide(instance)
    return {
        "verdict": answer.verdict,
        "note": answer.note,
        "seconds": round(cpu() - begin, 3),
        "wall": round(time.perf_counter() - wall, 3),
    }
