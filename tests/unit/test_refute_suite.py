"""The curve of no-instances: its cases, its report and picture from recorded rows, its runner."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from refute_cases import METHODS, curve, family, neurons
from refute_report import markdown, picture

from certify.decide import poits_sat
from certify.reductions import reduction_named

CASES = curve()
ROOT = Path(__file__).resolve().parents[2]
RUNNER = [sys.executable, str(ROOT / "benchmarks" / "refute_run.py")]


def test_what_the_curve_holds():
    assert len({case.name for case in CASES}) == len(CASES)
    for target, smallest in (("relu", 8), ("threshold", 4)):
        widths = [neurons(case) for case in CASES if case.target == target]
        assert widths == sorted(widths) and widths[0] == smallest
        assert {144, 400, 1_000, 2_000, 4_000, 10_000} <= set(widths)
        assert {family(case) for case in CASES if case.target == target} == {"designs", "planted", "random"}


def test_every_case_is_a_no():
    for formula in {case.source() for case in CASES if neurons(case) <= 1_000}:
        assert poits_sat.decide(formula).refutation is not None


def test_a_name_determines_the_data():
    """Published results are about these data: a change of them makes a new curve."""
    small = [case for case in CASES if neurons(case) <= 400]
    hashes = []
    for case in small:
        instance = reduction_named(case.problem, case.target).reduce(case.source())
        assert instance.width == neurons(case)
        hashes.append(instance.sha256())
    assert hashlib.sha256("\n".join(hashes).encode()).hexdigest().startswith("9b9810669b29")


def recorded(case: str, method: str, verdict: str, **others: Any) -> dict[str, Any]:
    row = {
        "case": case, "family": "designs", "target": case.split()[0].removeprefix("poits-"), "method": method,
        "limit": 60.0, "clauses": 4, "variables": 4, "points": 284, "width": 32, "sha256": "", "verdict": verdict,
        "seconds": 0.8, "note": "",
    }  # fmt: skip
    if method == "certify" and verdict == "NO":
        row |= {
            "wall": 1.0, "peak_mb": 1234, "steps": 880, "bytes": 56_800, "python_seconds": 0.104,
            "python_mb": 30, "kernel_seconds": 0.05, "kernel_mb": 9,
        }  # fmt: skip
    return row | others


LATE = {"seconds": 60.0, "note": "time limit"}
OWN = [
    recorded("poits-relu four-triples", "certify", "NO"),
    recorded("poits-relu random 140-110", "certify", "UNKNOWN", family="random", width=1000, note="no verdict within 60 s"),
    recorded("poits-threshold random 140-110", "certify", "UNKNOWN", family="random", note="3 points stay open"),
]
PEERS = [
    recorded("poits-relu four-triples", "z3", "UNKNOWN", **LATE),
    recorded("poits-relu fano", "z3", "UNKNOWN", seconds=60.0, note="time limit (wall clock)"),
    recorded("poits-relu four-triples", "cvc5", "NO", seconds=12.345),
    recorded("poits-relu four-triples", "scip", "UNKNOWN", note="failed: out of memory"),
]


def cells(text: str, start: str) -> list[str]:
    line = next(line for line in text.splitlines() if line.startswith(f"| {start}"))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_report_of_recorded_rows():
    text = markdown({"date": "2026-01-02", "machine": {"cores": "2"}, "rows": [*OWN, *PEERS]})
    assert text.startswith("# No-instances from the data alone, 2026-01-02\n") and "cores 2. CPU seconds." in text
    assert cells(text, "four triples") == [
        "four triples", "32", "284", "0.80", "1,234", "110.0", "56,800", "200", "0.10", "0.05",
        "> 60", "NO 12.35", "failed: out of memory",
    ]  # fmt: skip
    assert cells(text, "fano")[-3:] == ["> 60 (wall)", "-", "-"]
    late, stuck = (cells(part, "random, 4 clauses, 4 variables") for part in text.split("## ")[1:])
    assert late[3:] == ["> 60", *[""] * 6, "-", "-", "-"]
    assert stuck[3] == "3 points stay open"


@pytest.mark.parametrize("rows", [[], OWN, OWN[1:], PEERS, PEERS[:1], [*OWN, *PEERS]])
def test_picture_of_any_rows(rows, tmp_path):
    """Also without a single one of certify, or of the solvers."""
    path = tmp_path / "img" / "curve.png"
    picture(rows, path)
    assert path.read_bytes().startswith(b"\x89PNG\r\n")


def test_runner_gives_a_solver_up_and_goes_on(tmp_path):
    """After two widths without an answer larger ones are not asked; a second run repeats nothing."""
    words = [*RUNNER, "--methods", "z3", "--limit", "1", "--only", "poits-relu", "--most", "56"]
    words += ["--state", str(tmp_path / "rows.jsonl"), "--out", str(tmp_path), "--picture", str(tmp_path / "x.png")]
    first = subprocess.run(words, capture_output=True, text=True, check=True)
    assert [line.split()[-4:-2] for line in first.stderr.splitlines()] == [["poits-relu", "vvv"], ["poits-relu", "vvw-wwv"]]
    again = subprocess.run(words, capture_output=True, text=True, check=True)
    assert (again.stderr, again.stdout) == ("", first.stdout)
    (results,) = tmp_path.glob("refute-*.json")
    rows = json.loads(results.read_text())["rows"]
    assert [(row["width"], row["verdict"], row["limit"]) for row in rows] == [(8, "UNKNOWN", 1.0), (16, "UNKNOWN", 1.0)]


def test_runner_measures_the_whole_job(tmp_path):
    words = [*RUNNER, "--methods", "certify", "--only", "poits-threshold vvv"]
    words += ["--state", str(tmp_path / "rows.jsonl"), "--out", str(tmp_path), "--picture", str(tmp_path / "x.png")]
    subprocess.run(words, capture_output=True, check=True)
    (results,) = tmp_path.glob("refute-*.json")
    (row,) = json.loads(results.read_text())["rows"]
    assert (row["verdict"], row["width"], row["points"]) == ("NO", 4, 39)
    assert min(row[key] for key in ("seconds", "bytes", "steps", "peak_mb", "python_seconds", "kernel_mb")) > 0
    assert METHODS[0] == row["method"]
