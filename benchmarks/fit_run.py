"""Runs methods over the suite of fit_cases.py, one case at a time, each in a process of its own, and writes the tables.

    python benchmarks/fit_run.py --limit 20                   # everything
    python benchmarks/fit_run.py --methods z3,scip --limit 5   # some
    python benchmarks/fit_run.py --report                      # only the tables, from what was run

What was run is kept (--state), so an interrupted run goes on where it stopped; a higher --limit runs again only what a
lower one did not solve, --again METHOD all of a method. The limit is CPU time, set in the system (RLIMIT_CPU), from
after the imports: what else the machine does matters little. The exit code is 1 if two methods disagree, or one with
what is known.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from fit_cases import FitCase, suite
from fit_report import contradictions, markdown
from machine import machine

RESULTS = Path(__file__).resolve().parent / "results"
STATE = Path(__file__).resolve().parents[1] / "build" / "fit-rows.jsonl"
METHODS = ("certify", "z3", "cvc5", "scip", "highs")
PACKAGES = ("z3-solver", "cvc5", "pyscipopt", "highspy", "scikit-learn")
#: What a method imports before the clock starts: the solvers of peers, and what certify may come to use.
IMPORTS = {
    "certify": (
        *("certify.own_data", "certify.decide.fit.engine", "certify.decide.threshold", "certify.decide.convex"),
        *("flint", "highspy", "numpy"),
    ),
    "z3": ("z3",),
    "cvc5": ("cvc5",),
    "scip": ("pyscipopt",),
    "highs": ("highspy",),
}
#: Bytes of address space that a method may have.
MEMORY = 12 * 2**30
#: So many times the limit, and so many seconds more, of wall-clock time end a case whatever it does.
PATIENCE, GRACE = 6, 60

Row = dict[str, Any]


def main() -> int:
    """Parses the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--methods", default=",".join(METHODS), metavar="A,B", help=f"of {', '.join(METHODS)}")
    parser.add_argument("--limit", type=float, default=20.0, metavar="SECONDS", help="of CPU time for a case")
    parser.add_argument("--only", default="", metavar="TEXT", help="cases whose name contains TEXT; nothing is stored")
    parser.add_argument("--again", default="", metavar="METHOD", help="forget what was run of this method")
    parser.add_argument("--state", type=Path, default=STATE, metavar="FILE", help="what was run")
    parser.add_argument("--out", type=Path, default=RESULTS, metavar="DIR", help="where the results go")
    parser.add_argument("--report", action="store_true", help="run nothing")
    parser.add_argument("--list", action="store_true", help="name the cases and stop")
    parser.add_argument("--case", help=argparse.SUPPRESS)
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    methods = options.methods.split(",")
    if not set(methods) <= set(METHODS):
        parser.error(f"no such method; choose from {', '.join(METHODS)}")
    cases = [case for case in suite() if options.only in case.name]
    if options.case is not None:
        case = next(case for case in cases if case.name == options.case)
        options.into.write_text(json.dumps(measure(case, methods[0], options.limit)))
        return 0
    if options.list:
        print("\n".join(f"{case.family}: {case.name}" for case in cases))
        return 0
    rows = _read(options.state, options.again)
    if not options.report:
        _run_all(cases, methods, options.limit, rows, options.state)
    chosen = [rows[case.name, method] for case in cases for method in METHODS if (case.name, method) in rows]
    results = {"date": date.today().isoformat(), "machine": machine(PACKAGES), "rows": chosen}
    text = markdown(results)
    if options.only:
        print(text)
    else:
        options.out.mkdir(parents=True, exist_ok=True)
        path = options.out / f"fit-{results['date']}.json"
        path.write_text(json.dumps(results, indent=1) + "\n")
        path.with_suffix(".md").write_text(text)
        print(path.with_suffix(".md"))
    wrong = contradictions(chosen)
    for line in wrong:
        print(f"DISAGREEMENT {line}", file=sys.stderr)
    return 1 if wrong else 0


def _run_all(
    cases: list[FitCase], methods: list[str], limit: float, rows: dict[tuple[str, str], Row], state: Path
) -> None:
    state.parent.mkdir(parents=True, exist_ok=True)
    for case in cases:
        instance = case.instance()
        facts: Row = {"points": len(instance.points), "dimension": instance.dimension, "width": instance.width}
        facts |= {"sha256": instance.sha256()}
        for method in methods:
            before = rows.get((case.name, method))
            if before and before["sha256"] == facts["sha256"] and (before["solved"] or before["limit"] >= limit):
                continue
            row = _run(case, method, limit) | facts
            rows[case.name, method] = row
            with open(state, "a") as file:
                file.write(json.dumps(row) + "\n")
            told = f"{row['verdict']:8} {row['seconds']:8.2f} s  {method:8} {case.name}  {row['note']}"
            print(told, file=sys.stderr, flush=True)


def _read(state: Path, forget: str) -> dict[tuple[str, str], Row]:
    """The last row of every case and method."""
    rows: dict[tuple[str, str], Row] = {}
    if state.exists():
        for line in state.read_text().splitlines():
            row = json.loads(line)
            if row["method"] != forget:
                rows[row["case"], row["method"]] = row
    return rows


def _run(case: FitCase, method: str, limit: float) -> Row:
    row: Row = {
        "case": case.name,
        "family": case.family,
        "method": method,
        "limit": limit,
        "known": case.known,
        "solved": False,
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
            solved = answer["verdict"] in ("YES", "NO") and answer["seconds"] <= limit
            if not solved:
                answer |= {"verdict": "UNKNOWN", "note": answer["note"] or "time limit"}
            return row | answer | {"solved": solved}
        if done.returncode < 0:  # a signal: the system's at the limit
            return row
        reason = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        return row | {"note": f"failed: {reason[:200]}"}


def measure(case: FitCase, method: str, limit: float) -> Row:
    """Decides one case in this process, which the system ends at the limit."""
    instance = case.instance()
    for module in IMPORTS[method]:
        import_module(module)
    if method == "certify":
        decide = import_module("fit_certify").decider(limit)
    else:
        decide = import_module("fit_peers").PEERS[method]
    begin, wall = _cpu(), time.perf_counter()
    seconds = int(begin + limit) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    answer = decide(instance)
    return {
        "verdict": answer.verdict,
        "note": answer.note,
        "boxed": answer.boxed,
        "seconds": round(_cpu() - begin, 3),
        "wall": round(time.perf_counter() - wall, 3),
    }


def _cpu() -> float:
    """Seconds of CPU time of this process and of its children that ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


if __name__ == "__main__":
    sys.exit(main())
