"""Near-linear by theorem: python benchmarks/theorem.py [FOLDER]

Random one-in-three formulas of growing size without a solution: the time to refute (CaDiCaL and the trimming of its
proof), the LRAT proof, and the times in which certify/verify.py and certify-kernel check the whole certificate, CPU
seconds, with their memory. The checks also build the instance (355,000 points for 10,000 clauses).
Writes the table to FOLDER (benchmarks/results) as theorem-DATE.md.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from machine import machine

from certify.certificate import Certificate, Claim
from certify.decide.poits_sat import decide
from certify.kernel import find_kernel
from certify.problems.poits_generate import generate
from certify.reductions import reduction_named

#: Clauses, variables, seed: near the border of satisfiability proofs grow fast, far above it formulas are refuted soon.
CASES = (
    (1_000, 1_000, 1),
    (2_350, 3_000, 7),
    (3_400, 4_500, 2),
    (3_700, 5_000, 1),
    (10_000, 5_000, 1),
    (10_000, 10_500, 1),
    (10_000, 12_000, 1),
)
VERIFY = Path(__file__).resolve().parents[1] / "certify" / "verify.py"


def used(command: list[str | Path]) -> tuple[str, str]:
    """CPU seconds and megabytes of a command, as two columns; its output. Measured in a process of its own."""
    code = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:]);"
        "u = resource.getrusage(resource.RUSAGE_CHILDREN);"
        "print(u.ru_utime + u.ru_stime, u.ru_maxrss / 1000, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code, *command], capture_output=True, text=True, check=True)
    seconds, memory = map(float, done.stderr.split()[-2:])
    return f"{seconds:.1f} | {memory:,.0f}", done.stdout


def row(clauses: int, variables: int, seed: int, folder: Path) -> str:
    """Measures one formula."""
    formula = generate("random", seed, variables=variables, clauses=clauses)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.process_time()
    answer = decide(formula)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = time.process_time() - begin
    solver = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if answer.refutation is None:
        return f"| {clauses:,} | {variables:,} | {answer.status} | | | | | | |"
    reduction = reduction_named("poits", "relu")
    claim = Claim.of("NO", reduction.name, reduction.reduce(formula))
    path = folder / "x.cert"
    Certificate(claim, formula, source_refutation=answer.refutation, by_theorem=True).save(path)
    python, told = used([sys.executable, "-I", VERIFY, path])
    kernel, also = used([find_kernel(), path])
    for text in (told, also):
        if text != f"VERIFIED NO {path} (by Theorem 1)\n":
            raise SystemExit(text)
    size = answer.refutation.size / 1e6
    return (
        f"| {clauses:,} | {variables:,} | {solver:.1f} + {own:.1f} | {answer.refutation.steps:,} | {size:.1f} | "
        f"{python} | {kernel} |"
    )


def main(target: Path) -> None:
    """Prints the table, row by row, and stores it."""
    lines = [
        "| clauses | variables | solve + trim, s | steps | LRAT, MB | verify.py, s | MB | certify-kernel, s | MB |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    print("\n".join(lines), flush=True)
    with tempfile.TemporaryDirectory(prefix="certify-") as folder:
        for clauses, variables, seed in CASES:
            lines.append(row(clauses, variables, seed, Path(folder)))
            print(lines[-1], flush=True)
    facts = machine(())
    head = f"By theorem, {date.today().isoformat()}: {facts['cores']} cores, CPython {facts['python']}, CPU seconds\n\n"
    (target / f"theorem-{date.today().isoformat()}.md").write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent / "results")
