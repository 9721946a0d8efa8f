"""Near-linear by theorem: python benchmarks/theorem.py [FILE]

Random one-in-three formulas of growing size without a solution: the time to refute (CaDiCaL and the trimming of its
proof), the LRAT proof, and the times in which certify/verify.py and certify-kernel check the whole certificate, CPU
seconds. The checks also build the instance (355,000 points for 10,000 clauses).
Writes a Markdown table to FILE, or to stdout.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

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


def used(command: list[str | Path]) -> tuple[float, str]:
    """CPU seconds and output of a command."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, output


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
        return f"| {clauses:,} | {variables:,} | {answer.status} | | | | |"
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
        f"{python:.1f} | {kernel:.1f} |"
    )


def main(target: str | None) -> None:
    """Prints the table, row by row."""
    lines = [
        "| clauses | variables | solve + trim, s | steps | LRAT, MB | verify.py, s | certify-kernel, s |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    print("\n".join(lines), flush=True)
    with tempfile.TemporaryDirectory(prefix="certify-") as folder:
        for clauses, variables, seed in CASES:
            lines.append(row(clauses, variables, seed, Path(folder)))
            print(lines[-1], flush=True)
    if target is not None:
        Path(target).write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
