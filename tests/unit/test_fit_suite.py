"""The suite of own data: named, seeded, in both verdicts; its report; its peers on cases that are known."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections import Counter
from pathlib import Path

import fit_report
import pytest
from fit_cases import suite
from fit_peers import PEERS

CASES = {case.name: case for case in suite()}
#: Made without scikit-learn.
OWN = [case for case in CASES.values() if case.family != "real"]
ROOT = Path(__file__).resolve().parents[2]


def test_what_the_suite_holds():
    assert len(CASES) == len(suite()) >= 100
    assert {case.family for case in CASES.values()} == {"random", "planted", "grids", "gadgets", "convex", "real"}
    counts = Counter((case.activation, case.known) for case in CASES.values())
    assert all(counts[activation, known] for activation in ("relu", "threshold") for known in ("YES", "NO", None))
    for case in OWN:
        instance = case.instance()
        assert 6 <= len(instance.points) <= 40 and 1 <= instance.dimension <= 4 and 0 <= instance.width <= 6
        assert len(set(instance.points)) == len(instance.points)
        assert (instance.width, instance.activation, instance.signs) == (case.width, case.activation, case.signs)


def test_a_name_determines_the_data():
    assert [case.instance() for case in OWN] == [case.instance() for case in suite() if case.family != "real"]
    for name, case in CASES.items():
        if name.partition(" #")[0].endswith(" at k"):
            below = CASES[name.replace(" at k", " at k-1")].instance()
            above = case.instance()
            assert (below.points, below.labels) == (above.points, above.labels)
            assert below.width + 1 == above.width
    # Published results are about these data: a change of them makes a new suite.
    together = hashlib.sha256("\n".join(case.instance().sha256() for case in OWN).encode())
    assert together.hexdigest().startswith("7d2558894780")


EASY = (
    "random relu n8 d2 k2",
    "random threshold n8 d2 k2",
    "planted integer relu n12 d2 k2 at k",
    "planted rational relu n12 d2 k2 at k-1",
    "planted integer threshold n14 d2 k2 at k",
    "grid relu 5^2 |x - y| k1",
    "convex n15 d1 k3 at k",
)


@pytest.mark.parametrize("name", EASY)
def test_peers_agree(name):
    """Without SCIP, which comes with the extra ``bench`` alone."""
    case = CASES[name]
    verdicts = {method: PEERS[method](case.instance()).verdict for method in ("z3", "cvc5", "highs")}
    assert len(set(verdicts.values()) | ({case.known} - {None})) == 1, verdicts
    assert verdicts["z3"] in ("YES", "NO")


def row(case: str, method: str, verdict: str, seconds: float, known: str | None = None) -> dict[str, object]:
    return {
        "case": case,
        "family": "f",
        "method": method,
        "limit": 10.0,
        "known": known,
        "solved": verdict != "UNKNOWN",
        "verdict": verdict,
        "seconds": seconds,
        "note": "",
    }


def test_ratios_count_unsolved_as_the_limit_or_not_at_all():
    rows = [
        row("a", "certify", "YES", 0.2),
        row("a", "z3", "YES", 0.8),
        row("b", "certify", "NO", 0.01),  # as 0.1
        row("b", "z3", "UNKNOWN", 10),  # as the limit
        row("c", "certify", "UNKNOWN", 10),
        row("c", "z3", "UNKNOWN", 10),  # solved by neither: does not count
    ]
    value, cases = fit_report.ratio(fit_report.by_case(rows), "z3", both=False)
    assert cases == 2 and abs(value - (4 * 100) ** 0.5) < 1e-9
    value, cases = fit_report.ratio(fit_report.by_case(rows), "z3", both=True)
    assert cases == 1 and abs(value - 4) < 1e-9
    value, cases = fit_report.ratio(fit_report.by_case(rows), "z3", both=False, least=1)
    assert cases == 1 and abs(value - 100) < 1e-9  # a took both less
    assert fit_report.contradictions(rows) == []


def test_disagreements_are_named():
    rows = [row("a", "certify", "YES", 1), row("a", "highs", "NO", 1), row("b", "z3", "NO", 1, known="YES")]
    assert fit_report.contradictions(rows) == ["a: certify YES, highs NO", "b: z3 NO, known YES"]
    assert fit_report.wrong({"certify": rows[0], "highs": rows[1]}) == {"highs"}
    text = fit_report.markdown({"date": "d", "machine": {}, "rows": rows})
    assert "* a: certify YES, highs NO" in text and "1.00 (wrong)" in text


def test_runner_stops_and_goes_on(tmp_path):
    """The system ends what takes too long; a second run repeats nothing that is solved."""
    words = [sys.executable, str(ROOT / "benchmarks" / "fit_run.py"), "--only", "random relu n30"]
    words += ["--methods", "z3", "--state", str(tmp_path / "rows.jsonl")]
    first = subprocess.run([*words, "--limit", "1"], capture_output=True, text=True, check=True)
    assert "UNKNOWN" in first.stderr and "time limit" in first.stderr and "> 1" in first.stdout
    again = subprocess.run([*words, "--limit", "1"], capture_output=True, text=True, check=True)
    assert again.stderr == "" and again.stdout == first.stdout
