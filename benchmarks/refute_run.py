"""The curve of the direct refuter beside general solvers: python benchmarks/refute_run.py [--limit SECONDS]

No-instances of growing width (refute_cases.py), one at a time, each in a process of its own; CPU seconds. All methods
have the same limit. A solver that did not decide any case of two successive widths is not asked for larger ones. Beyond
FAR neurons, where no solver is left, this program has FAR_LIMIT seconds.

    python benchmarks/refute_run.py                       # everything; goes on where it was stopped
    python benchmarks/refute_run.py --methods z3,cvc5     # some
    python benchmarks/refute_run.py --again certify       # forget what was run of a method
    python benchmarks/refute_run.py --report              # only the table and the picture, from what was run

What was run is kept (--state). The table, the rows and the picture go to benchmarks/results/refute-DATE.{md,json} and
docs/img/refute-curve.png. The exit code is 1 if a solver says that there is a fit.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from cases import Case
from machine import machine
from refute_cases import METHODS, PATIENCE, curve, family, measured, neurons
from refute_report import markdown, picture

from certify.reductions import reduction_named

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"
STATE = ROOT / "build" / "refute-rows.jsonl"
PICTURE = ROOT / "docs" / "img" / "refute-curve.png"
PACKAGES = ("z3-solver", "cvc5", "pyscipopt", "python-sat", "highspy", "python-flint")
#: Larger widths are for this program alone, with another limit.
FAR, FAR_LIMIT = 1_000, 900.0
#: Seconds of wall-clock time beyond PATIENCE times the limit that end a case whatever it does.
GRACE = 300

Row = dict[str, Any]


def main() -> int:
    """Parses the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--methods", default=",".join(METHODS), metavar="A,B", help=f"of {', '.join(METHODS)}")
    parser.add_argument("--limit", type=float, default=60.0, metavar="SECONDS", help="of CPU time for a case")
    parser.add_argument("--only", default="", metavar="TEXT", help="cases whose name contains TEXT")
    parser.add_argument("--most", type=int, default=0, metavar="K", help="only cases of at most K neurons")
    parser.add_argument("--again", default="", metavar="METHOD", help="forget what was run of this method")
    parser.add_argument("--state", type=Path, default=STATE, metavar="FILE", help="what was run")
    parser.add_argument("--out", type=Path, default=RESULTS, metavar="DIR", help="where the results go")
    parser.add_argument("--picture", type=Path, default=PICTURE, metavar="FILE", help="where the picture goes")
    parser.add_argument("--report", action="store_true", help="run nothing")
    parser.add_argument("--case", help=argparse.SUPPRESS)
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    methods = options.methods.split(",")
    if not set(methods) <= set(METHODS):
        parser.error(f"no such method; choose from {', '.join(METHODS)}")
    if options.case is not None:
        case = next(case for case in curve() if case.name == options.case)
        measured(case, methods[0], options.limit, options.into)
        return 0
    cases = [case for case in curve() if options.only in case.name]
    cases = [case for case in cases if not options.most or neurons(case) <= options.most]
    rows = _read(options.state, options.again)
    if not options.report:
        for method in methods:
            _run_all(cases, method, options.limit, rows, options.state)
    chosen = [rows[case.name, method] for case in cases for method in METHODS if (case.name, method) in rows]
    results = {"date": date.today().isoformat(), "machine": machine(PACKAGES), "rows": chosen}
    text = markdown(results)
    options.out.mkdir(parents=True, exist_ok=True)
    path = options.out / f"refute-{results['date']}.json"
    path.write_text(json.dumps(results, indent=1) + "\n")
    path.with_suffix(".md").write_text(text)
    picture(chosen, options.picture)
    print(text)
    wrong = [row for row in chosen if row["verdict"] == "YES"]
    for row in wrong:
        print(f"DISAGREEMENT {row['method']} finds a fit: {row['case']}", file=sys.stderr)
    return 1 if wrong else 0


def _run_all(
    cases: Sequence[Case], method: str, limit: float, rows: dict[tuple[str, str], Row], state: Path
) -> None:
    """Runs a method on the cases of each target, growing, as far as it gets."""
    state.parent.mkdir(parents=True, exist_ok=True)
    for target in dict.fromkeys(case.target for case in cases):
        failed: list[int] = []  # the widths, in order, at which the method decided nothing, since it last did
        chosen = [case for case in cases if case.target == target]
        for width in sorted({neurons(case) for case in chosen}):
            if method != "certify" and (len(failed) >= 2 or width > FAR):
                break
            decided = False
            for case in (case for case in chosen if neurons(case) == width):
                row = rows.get((case.name, method))
                allowed = limit if width <= FAR else max(limit, FAR_LIMIT)
                if row is None or (row["verdict"] == "UNKNOWN" and row["limit"] < allowed):
                    row = _run(case, method, allowed)
                    rows[case.name, method] = row
                    with open(state, "a") as file:
                        file.write(json.dumps(row) + "\n")
                    told = f"{row['verdict']:8} {row['seconds']:8.2f} s  {method:8} {case.name}  {row['note']}"
                    print(told, file=sys.stderr, flush=True)
                decided = decided or row["verdict"] != "UNKNOWN"
            failed = [] if decided else [*failed, width]


def _read(state: Path, forget: str) -> dict[tuple[str, str], Row]:
    """The last row of every case and method."""
    rows: dict[tuple[str, str], Row] = {}
    if state.exists():
        for line in state.read_text().splitlines():
            row = json.loads(line)
            if row["method"] != forget:
                rows[row["case"], row["method"]] = row
    return rows


def _run(case: Case, method: str, limit: float) -> Row:
    source = case.source()
    instance = reduction_named(case.problem, case.target).reduce(source)
    row: Row = {
        "case": case.name,
        "family": family(case),
        "target": case.target,
        "method": method,
        "limit": limit,
        "clauses": len(source.clauses),
        "variables": source.variables,
        "points": len(instance.points),
        "width": instance.width,
        "sha256": instance.sha256(),
        "verdict": "UNKNOWN",
        "seconds": limit,
        "note": "time limit",
    }
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "row.json"
        command = [sys.executable, __file__, "--methods", method, "--limit", str(limit)]
        try:
            done = subprocess.run(
                [*command, "--case", case.name, "--into", str(into)],
                capture_output=True,
                text=True,
                timeout=PATIENCE * limit + GRACE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return row | {"note": "time limit (wall clock)"}
        if into.exists():
            answer: Row = json.loads(into.read_text())
            if answer["verdict"] != "UNKNOWN" and answer["seconds"] > limit:
                answer |= {"verdict": "UNKNOWN", "note": "time limit"}
            return row | answer
        if done.returncode < 0:  # a signal: the system's at the limit
            return row
        reason = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        return row | {"note": f"failed: {reason[:200]}"}


if __name__ == "__main__":
    sys.exit(main())
