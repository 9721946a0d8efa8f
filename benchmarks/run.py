"""The benchmarks: python benchmarks/run.py [NAME...]

Each runs in a process of its own on one core and prints one line: wall-clock seconds and peak memory.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from certify.pipeline import prove
from certify.problems import PROBLEMS
from certify.problems.poits import Formula
from certify.reductions import REDUCTIONS


def build(variables: int, clauses: int, target: str = "relu") -> str:
    """Instance, witness and exact check of a planted formula."""
    formula = PROBLEMS["poits"].generate("planted", 1, variables=variables, clauses=clauses)
    solution = _planted(formula)
    reduction = REDUCTIONS["poits", target]
    instance = reduction.reduce(formula)
    network = reduction.lift(formula, solution)
    if instance.misfits(network):
        raise AssertionError("the witness does not fit")
    return f"{len(instance.points):,} points, {network.width:,} neurons"


def refute(kind: str, target: str = "relu") -> str:
    """Reduction, refutation, certificate and independent check of a classic no-formula."""
    result = prove(PROBLEMS["poits"].generate(kind), target)
    if result.verdict != "NO":
        raise AssertionError(result.report["notes"])
    size = result.report["certificate"]["bytes"]
    seconds = result.report["seconds"]
    return (
        f"{len(result.instance.points):,} points, {result.instance.width} neurons, proof {size:,} bytes; "
        f"refuter {seconds['refute']} s, check {seconds['verify']} s"
    )


def _planted(formula: Formula) -> tuple[bool, ...]:
    from certify.pipeline import decide

    solution: tuple[bool, ...] = decide(formula).solution
    return solution


BENCHMARKS: dict[str, Callable[[], str]] = {
    "build-1k": lambda: build(600, 400),
    "build-10k": lambda: build(6000, 4000),
    "build-10k-threshold": lambda: build(6000, 4000, "threshold"),
    "refute-vvv": lambda: refute("vvv"),
    "refute-four-triples": lambda: refute("four-triples"),
    "refute-four-triples-threshold": lambda: refute("four-triples", "threshold"),
    "refute-fano": lambda: refute("fano"),
}


def main(names: list[str]) -> int:
    """Runs the named benchmarks, or all of them."""
    if len(names) == 1 and names[0] in BENCHMARKS:
        begin = time.perf_counter()
        text = BENCHMARKS[names[0]]()
        seconds = time.perf_counter() - begin
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{names[0]:<30} {seconds:7.2f} s {memory:7.0f} MB  {text}")
        return 0
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        sys.exit(f"no benchmark {unknown[0]!r}; choose from {', '.join(BENCHMARKS)}")
    codes = [
        subprocess.run([sys.executable, Path(__file__), name], check=False).returncode
        for name in names or BENCHMARKS
    ]
    return 1 if any(codes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
