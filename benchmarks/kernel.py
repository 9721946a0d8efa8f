"""How long the two checkers take, beside the finding of what they check: python benchmarks/kernel.py [--rounds N]

No-instances: the time of the refuter, then that of certify/verify.py and of certify-kernel on the certificate, each in
a process of its own; CPU seconds. On a machine with other work times go up, never down: finding and checking alternate
--rounds times, and the table has the least of each. Yes-instances: the checkers on the witness. The table goes to
benchmarks/results/kernel-DATE.md. The kernel is to take at most a quarter of the time that finding the proof took.
"""

from __future__ import annotations

import argparse
import multiprocessing
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
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="of finding and checking")
    parser.add_argument("--out", type=Path, default=RESULTS, metavar="DIR", help="where the table goes")
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.cert"
        prove(NO[0].source(), NO[0].target, output=path, timeout=options.limit)  # what is compiled is loaded now
        for case in NO:
            found, checks, width = [], [], 0
            for _ in range(options.rounds):
                outcome = finding(case, path, options.limit)
                if outcome is None:
                    break
                seconds, width = outcome
                checks.append(checking(path))
                found.append(max(seconds - checks[-1][0][0], 0.001))  # the refuter has its certificate checked, too
            if len(found) == options.rounds:
                rows.append(row(case.name, width, path, found, checks))
            else:
                print(f"{case.name}: no refutation within {options.limit:g} s", file=sys.stderr)
        for target, size in YES:
            formula, solution = planted(size, 1)
            reduction = reduction_named("poits", target)
            instance = reduction.reduce(formula)
            network = reduction.lift(formula, solution)
            Certificate(Claim.of("YES", reduction.name, instance), formula, witness=network).save(path)
            checks = [checking(path) for _ in range(options.rounds)]
            rows.append(row(f"poits-{target} planted {size}, a yes", instance.width, path, [], checks))
    facts = machine(())
    text = (
        f"Checkers, {date.today().isoformat()}: {facts['cores']} cores, CPython {facts['python']}, CPU seconds, "
        f"the least of {options.rounds} rounds\n\n"
        "| certificate | neurons | kB | found in | verify.py | MB | certify-kernel | MB | kernel / finding |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n" + "".join(rows)
    )
    print(text)
    options.out.mkdir(exist_ok=True)
    (options.out / f"kernel-{date.today().isoformat()}.md").write_text(text, encoding="utf-8")
    return 0


def finding(case: Case, path: Path, limit: float) -> tuple[float, int] | None:
    """CPU seconds of the refuter, with its check, and the width; in a process that starts as this one is.

    None without a refutation.
    """
    context = multiprocessing.get_context("fork")
    receive, send = context.Pipe(duplex=False)

    def work() -> None:
        result = prove(case.source(), case.target, output=path, timeout=limit)
        send.send((spent_so_far(), result.instance.width) if result.verdict == "NO" else None)

    process = context.Process(target=work)
    process.start()
    send.close()
    try:
        outcome: tuple[float, int] | None = receive.recv()
    except EOFError:
        outcome = None
    process.join()
    return outcome


def spent_so_far() -> float:
    """CPU seconds of this process and of those that it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def checking(path: Path) -> tuple[tuple[float, float], tuple[float, float]]:
    """CPU seconds and megabytes of verify.py, and of certify-kernel."""
    return (
        measured([sys.executable, "-I", str(ROOT / "certify" / "verify.py"), str(path)]),
        measured([str(find_kernel()), str(path)]),
    )


def row(
    name: str,
    width: int,
    path: Path,
    found: list[float],
    checks: list[tuple[tuple[float, float], tuple[float, float]]],
) -> str:
    """A line of the table: the least of all rounds."""
    python, held = (min(check[0][i] for check in checks) for i in (0, 1))
    kernel, memory = (min(check[1][i] for check in checks) for i in (0, 1))
    spent = f"{min(found):.2f}" if found else "-"
    share = f"{kernel / min(found):.1%}" if found else "-"
    line = (
        f"| {name} | {width} | {path.stat().st_size / 1000:,.0f} | {spent} | {python:.2f} | {held:,.0f} "
        f"| {kernel:.3f} | {memory:,.0f} | {share} |\n"
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
