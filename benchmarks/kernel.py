"""How long the two checkers take, beside the finding of what they check: python benchmarks/kernel.py [--limit SECONDS]

No-instances: the time of the refuter, then that of certify/verify.py and of certify-kernel on the certificate, each in
a process of its own; CPU seconds. Yes-instances: the checkers on the witness. The table goes to
benchmarks/results/kernel-DATE.md. The kernel is to take at most a quarter of the time that finding the proof took.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from cases import REFUTE, Case, planted
from machine import machine

from certify.certificate import Certificate, Claim
from certify.kernel import find_kernel
from certify.pipeline import prove
from certify.reductions import reduction_named

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).resolve().parent / "results"
NO = [
    *(case for case in REFUTE if case.kind in ("vvv", "vvw-wwv", "four-triples", "fano", "hexagon", "checkerboard")),
    *(
        Case("kernel", "poits", "unsatisfiable", target, sizes={"variables": n, "clauses": m})
        for target, m, n in (
            ("relu", 10, 8),
            ("relu", 20, 16),
            ("relu", 55, 45),
            ("relu", 140, 110),
            ("threshold", 278, 222),
        )
    ),
]
YES = [(target, size) for target in ("relu", "threshold") for size in (10, 30, 100)]


def main() -> int:
    """Prints and stores the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=float, default=120.0, metavar="SECONDS", help="for the refuter")
    parser.add_argument("--out", type=Path, default=RESULTS, metavar="DIR", help="where the table goes")
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.cert"
        for case in NO:
            start = spent_so_far()
            result = prove(case.source(), case.target, output=path, timeout=options.limit)
            found = spent_so_far() - start
            if result.verdict != "NO":
                print(f"{case.name}: {result.verdict}", file=sys.stderr)
                continue
            rows.append(row(case.name, result.instance.width, path, found))
        for target, size in YES:
            formula, solution = planted(size, 1)
            reduction = reduction_named("poits", target)
            instance = reduction.reduce(formula)
            network = reduction.lift(formula, solution)
            Certificate(Claim.of("YES", reduction.name, instance), formula, witness=network).save(path)
            rows.append(row(f"poits-{target} planted {size}, a yes", instance.width, path, None))
    facts = machine(())
    text = (
        f"Checkers, {date.today().isoformat()}: {facts['cores']} cores, CPython {facts['python']}, CPU seconds\n\n"
        "| certificate | neurons | kB | found in | verify.py | MB | certify-kernel | MB | kernel / finding |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n" + "".join(rows)
    )
    print(text)
    options.out.mkdir(exist_ok=True)
    (options.out / f"kernel-{date.today().isoformat()}.md").write_text(text, encoding="utf-8")
    return 0


def spent_so_far() -> float:
    """CPU seconds of this process and of those that it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def row(name: str, width: int, path: Path, found: float | None) -> str:
    """A line of the table; ``found`` holds a check by verify.py, too, which is taken off."""
    python, held = measured([sys.executable, "-I", str(ROOT / "certify" / "verify.py"), str(path)])
    kernel, memory = measured([str(find_kernel()), str(path)])
    found = None if found is None else max(found - python, 0.01)
    spent = "-" if found is None else f"{found:.2f}"
    share = "-" if found is None else f"{kernel / found:.1%}"
    line = (
        f"| {name} | {width} | {path.stat().st_size / 1000:,.0f} | {spent} | {python:.2f} | {held:,.0f} "
        f"| {kernel:.2f} | {memory:,.0f} | {share} |\n"
    )
    print(line, end="", file=sys.stderr, flush=True)
    return line


def measured(command: list[str]) -> tuple[float, float]:
    """CPU seconds and megabytes of a command that must end well, in a process that measures its child alone."""
    code = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL);"
        "u = resource.getrusage(resource.RUSAGE_CHILDREN); print(u.ru_utime + u.ru_stime, u.ru_maxrss / 1000)"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code, *command], check=True, capture_output=True, text=True)
    seconds, memory = map(float, done.stdout.split())
    return seconds, memory


if __name__ == "__main__":
    sys.exit(main())
