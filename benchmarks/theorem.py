"""Near-linear by theorem: python benchmarks/theorem.py [--large] [--out FOLDER]

Random one-in-three formulas without a solution whose LRAT proofs grow, most with 10,000 clauses (726,500 points for
10,500 variables). Each is measured in processes of its own, CPU seconds and peak memory: the solver that refutes
(CaDiCaL); the trimming of its proof and the writing of the certificate, with the instance; the checks of the whole
certificate by certify/verify.py and certify-kernel, which build the instance, too. Below the table a line is fitted to
the seconds of each check over the size of the proof. ``--large`` adds the last case, with more than 100 MB: it takes
about as long as all others together, and minutes. Writes the table to FOLDER (benchmarks/results) as theorem-DATE.md.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from machine import machine

from certify.certificate import Certificate, Claim
from certify.decide.poits_sat import decide
from certify.kernel import find_kernel
from certify.problems.poits_generate import generate
from certify.reductions import reduction_named

#: Clauses, variables, seed. Among formulas with as many clauses, those with more variables, nearer to the border of
#: satisfiability, have the larger proofs.
CASES = (
    (1_000, 1_000, 1),
    (2_350, 3_000, 7),
    (3_400, 4_500, 2),
    (10_000, 5_000, 1),
    (10_000, 9_500, 1),
    (10_000, 10_000, 1),
    (10_000, 10_500, 1),
    (10_000, 10_750, 1),
)
LARGE = (10_000, 11_000, 1)
RESULTS = Path(__file__).resolve().parent / "results"
VERIFY = Path(__file__).resolve().parents[1] / "certify" / "verify.py"
HEAD = (
    "| clauses | variables | CaDiCaL, s | MB | trim + write, s | MB | steps | LRAT, MB | "
    "verify.py, s | MB | certify-kernel, s | MB |\n|" + " --- |" * 12 + "\n"
)


def used(who: int) -> tuple[float, float]:
    """CPU seconds and megabytes at most of this process (RUSAGE_SELF) or those it waited for (RUSAGE_CHILDREN)."""
    u = resource.getrusage(who)
    return u.ru_utime + u.ru_stime, u.ru_maxrss / 1000


def refute(clauses: int, variables: int, seed: int, path: Path) -> dict[str, Any]:
    """Refutes a formula and writes the certificate: what that took. The solver is in a process of its own."""
    formula = generate("random", seed, variables=variables, clauses=clauses)
    begin = used(resource.RUSAGE_SELF)[0]
    answer = decide(formula)
    if answer.refutation is None:
        raise SystemExit(f"{clauses} clauses, {variables} variables, seed {seed}: {answer.status}")
    reduction = reduction_named("poits", "relu")
    claim = Claim.of("NO", reduction.name, reduction.reduce(formula))
    Certificate(claim, formula, source_refutation=answer.refutation, by_theorem=True).save(path)
    seconds, memory = used(resource.RUSAGE_SELF)
    return {
        "solver": used(resource.RUSAGE_CHILDREN),
        "own": (seconds - begin, memory),
        "steps": answer.refutation.steps,
        "size": answer.refutation.size / 1e6,
    }


def check(command: list[str | Path], path: Path) -> tuple[float, float]:
    """CPU seconds and megabytes of a check that must succeed, in a process that measures its child alone."""
    code = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:]);"
        "u = resource.getrusage(resource.RUSAGE_CHILDREN);"
        "print(u.ru_utime + u.ru_stime, u.ru_maxrss / 1000, file=sys.stderr)"
    )
    measured = [sys.executable, "-I", "-c", code, *command, path]
    done = subprocess.run(measured, capture_output=True, text=True, check=True)
    if done.stdout != f"VERIFIED NO {path} (by Theorem 1)\n":
        raise SystemExit(done.stdout)
    seconds, memory = map(float, done.stderr.split()[-2:])
    return seconds, memory


def line_through(sizes: list[float], seconds: list[float]) -> str:
    """The line nearest to the seconds over the sizes, and how far they are off."""
    slope, start = statistics.linear_regression(sizes, seconds)
    off = max(abs(s - start - slope * x) for x, s in zip(sizes, seconds, strict=True))
    return f"{start:.1f} s + {slope:.3f} s per MB, at most {off:.1f} s off"


def main() -> None:
    """Prints the table, row by row, and stores it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--large", action="store_true", help="also the case of more than 100 MB")
    parser.add_argument("--out", type=Path, default=RESULTS, metavar="FOLDER")
    parser.add_argument("--refute", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.refute:
        *numbers, path = options.refute
        clauses, variables, seed = map(int, numbers)
        print(json.dumps(refute(clauses, variables, seed, Path(path))))
        return
    text, sizes, python, kernel = HEAD, [], [], []
    print(HEAD, end="", flush=True)
    with tempfile.TemporaryDirectory(prefix="certify-") as folder:
        path = Path(folder) / "x.cert"
        for case in (*CASES, LARGE) if options.large else CASES:
            command = [sys.executable, __file__, "--refute", *map(str, case), str(path)]
            found = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
            checks = check([sys.executable, "-I", VERIFY], path), check([find_kernel()], path)
            columns = [f"{s:.1f} | {m:,.0f}" for s, m in (found["solver"], found["own"], *checks)]
            columns.insert(2, f"{found['steps']:,} | {found['size']:.1f}")
            row = f"| {case[0]:,} | {case[1]:,} | {' | '.join(columns)} |\n"
            print(row, end="", flush=True)
            text += row
            if case[0] == LARGE[0]:
                sizes.append(found["size"])
                python.append(checks[0][0])
                kernel.append(checks[1][0])
    facts = machine(())
    today = date.today().isoformat()
    text = f"By theorem, {today}: {facts['cores']} cores, CPython {facts['python']}, CPU seconds\n\n{text}\n"
    for name, seconds in (("verify.py", python), ("certify-kernel", kernel)):
        note = f"{name}, formulas of {LARGE[0]:,} clauses: {line_through(sizes, seconds)}.\n"
        print(note, end="")
        text += note
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / f"theorem-{today}.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
