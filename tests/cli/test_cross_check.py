"""certify prove, fit and width with --cross-check, as a user runs them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from certify.decide import cross_check as module

VVV = "p cnf 1 1\n1 1 1 0\n"
TENT = "x1,y\n0,0\n1,1\n2,0\n"
PROVE = ["prove", "--from", "poits", "--to", "threshold", "--method", "direct", "vvv.cnf", "-o", "x.cert", "--cross-check"]


@pytest.fixture
def contrary(monkeypatch):
    """Z3 says the contrary of what it finds."""
    honest = module.check
    other = {"sat": "unsat", "unsat": "sat"}

    def check(script, name, **options):
        answer = honest(script, name, **options)
        return replace(answer, status=other[answer.status]) if name == "z3" else answer

    monkeypatch.setattr(module, "check", check)


def test_prove(certify):
    Path("vvv.cnf").write_text(VVV)
    done = certify(*PROVE, "--cross-check-timeout", 600)
    assert (done.code, done.first) == (0, "NO")
    rows = [line.split("  ")[-1].strip() for line in done.out.splitlines()]
    start = rows.index("the strengthened formula")
    assert rows[start + 1].startswith("cvc5 ") and rows[start + 2].startswith("Z3 ")
    assert all(": agrees (" in row for row in rows[start + 1 : start + 3])
    told = certify(*PROVE, "--json").json["cross_check"]
    assert (told["formula"], told["scripts"]) == ("strengthened", 1)
    assert [(one["solver"], one["limit"]) for one in told["solvers"]] == [("cvc5", 60.0), ("z3", 60.0)]
    assert certify(*PROVE[:-1], "--json").json["cross_check"] is None


def test_a_disagreement_has_a_code_of_its_own(certify, contrary, tmp_path):
    Path("vvv.cnf").write_text(VVV)
    Path("tent.csv").write_text(TENT)
    before = sorted(path.name for path in tmp_path.iterdir())
    for words in (
        [*PROVE, "--cross-check-timeout", 600],
        ["fit", "tent.csv", "--width", 2, "--cross-check", "--cross-check-timeout", 600],
        ["width", "tent.csv", "--cross-check", "--cross-check-timeout", 600],
    ):
        done = certify(*words)
        assert (done.code, done.first) == (4, "UNKNOWN")
        assert "VERIFIED" not in done.out and "NO\n" not in done.out and "YES\n" not in done.out
        assert ": DISAGREES\n" in done.out and f"certify: {module.FAULT}\n" in done.err
        told = certify(*words, "--json")
        assert told.code == 4 and told.json["verdict"] == "UNKNOWN"
        assert [one["status"] for one in told.json["cross_check"]["solvers"]] == ["agrees", "disagrees"]
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_own_data(certify):
    Path("tent.csv").write_text(TENT)
    done = certify("width", "tent.csv", "--cross-check", "--cross-check-timeout", 600)
    assert (done.code, done.first) == (0, "YES")
    assert done.out.count(": agrees (") == 4 and done.out.count("the plain formula") == 2
    assert certify("fit", "tent.csv", "--width", 2, "--cross-check").out.count("the witness's weights") == 1


def test_a_time_alone_is_a_usage_error(certify):
    Path("tent.csv").write_text(TENT)
    done = certify("fit", "tent.csv", "--width", 2, "--cross-check-timeout", 5)
    assert done.code == 2 and "--cross-check-timeout without --cross-check" in done.err
