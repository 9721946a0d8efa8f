"""The benchmarks: python benchmarks/run.py [FAMILY...]

Families are named and seeded (cases.py). Every case runs in a process of its own. Results go to
benchmarks/results/DATE.json and DATE.md; families measured again on the same day replace their rows there.

    python benchmarks/run.py                        all families
    python benchmarks/run.py refute --only fano     cases whose name contains a text, printed only
    python benchmarks/run.py plain --limit 60       another limit for refuters and solvers
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from cases import FAMILIES, Case
from machine import machine
from measure import measure
from report import markdown

RESULTS = Path(__file__).resolve().parent / "results"
PACKAGES = ("z3-solver", "cvc5", "python-sat", "highspy", "python-flint")
#: Seconds on top of the limit in which a case must end, for what the limit does not bound.
GRACE = 120.0


def main() -> int:
    """Parses the command line; 1 if some case failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("family", nargs="*", help=f"one of {', '.join(FAMILIES)}; all by default")
    parser.add_argument("--limit", type=float, default=60.0, metavar="SECONDS", help="for refuters and solvers")
    parser.add_argument("--only", default="", metavar="TEXT", help="cases whose name contains TEXT; nothing is stored")
    parser.add_argument("--out", type=Path, default=RESULTS, metavar="DIR", help="where the results go")
    parser.add_argument("--list", action="store_true", help="name the cases and stop")
    parser.add_argument("--case", help=argparse.SUPPRESS)
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    unknown = [name for name in options.family if name not in FAMILIES]
    if unknown:
        parser.error(f"no family {unknown[0]!r}; choose from {', '.join(FAMILIES)}")
    chosen = options.family or list(FAMILIES)
    cases = [case for family in chosen for case in FAMILIES[family] if options.only in case.name]
    if options.case is not None:
        case = next(case for case in cases if case.name == options.case)
        options.into.write_text(json.dumps(measure(case, options.limit)))
        return 0
    if options.list:
        print("\n".join(f"{case.family}: {case.name}" for case in cases))
        return 0
    rows: dict[str, list[dict[str, Any]]] = {}
    failed = False
    for case in cases:
        row = _run(case, options.limit)
        failed = failed or "error" in row
        rows.setdefault(case.family, []).append(row)
        print(json.dumps(row), file=sys.stderr, flush=True)
    results = {
        "date": date.today().isoformat(),
        "machine": machine(PACKAGES),
        "limits": dict.fromkeys(rows, options.limit),
        "families": rows,
    }
    print(markdown(results))
    if not options.only:
        _store(results, options.out)
    return 1 if failed else 0


def _run(case: Case, limit: float) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "row.json"
        command = [sys.executable, __file__, case.family, "--case", case.name, "--into", str(into)]
        try:
            done = subprocess.run(
                [*command, "--limit", str(limit)], capture_output=True, text=True, timeout=limit + GRACE, check=False
            )
        except subprocess.TimeoutExpired:
            return {"name": case.name, "instance": case.instance_name, "error": f"stopped after {limit + GRACE:g} s"}
        if done.returncode != 0:
            reason = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
            return {"name": case.name, "instance": case.instance_name, "error": reason}
        row: dict[str, Any] = json.loads(into.read_text())
        return row


def _store(results: dict[str, Any], folder: Path) -> None:
    """Writes both files; what another run of the day measured of other families stays."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{results['date']}.json"
    if path.exists():
        before = json.loads(path.read_text())
        for part in ("limits", "families"):
            merged = {**before[part], **results[part]}
            results[part] = {name: merged[name] for name in FAMILIES if name in merged}
    path.write_text(json.dumps(results, indent=1) + "\n")
    path.with_suffix(".md").write_text(markdown(results))


if __name__ == "__main__":
    sys.exit(main())
