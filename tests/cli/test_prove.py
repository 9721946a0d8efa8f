"""certify prove, and what its results are good for in the other commands."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

import certify as library
from certify.problems import PROBLEMS
from certify.verify import check_file

FIVE = PROBLEMS["poits"].write(PROBLEMS["poits"].generate("figure-5"))
VVV = PROBLEMS["poits"].write(PROBLEMS["poits"].generate("vvv"))
MIDDLE = PROBLEMS["twohyp"].write(PROBLEMS["twohyp"].generate("middle"))
LINE = PROBLEMS["twohyp"].write(PROBLEMS["twohyp"].generate("alternating-line"))
GAP = PROBLEMS["twohyp"].write(PROBLEMS["twohyp"].generate("axes-gap"))

#: Source problem, target, text of the source, verdict, points, width.
JOBS = [
    ("poits", "relu", FIVE, "YES", 279, 32),
    ("poits", "relu", VVV, "NO", 71, 8),
    ("poits", "threshold", FIVE, "YES", 149, 16),
    ("poits", "threshold", VVV, "NO", 39, 4),
    ("twohyp", "relu", MIDDLE, "YES", 7, 4),
    ("twohyp", "relu", LINE, "NO", 12, 4),
    ("twohyp", "threshold", MIDDLE, "YES", 3, 2),
    ("twohyp", "threshold", LINE, "NO", 4, 2),
]


@pytest.mark.parametrize(("problem", "target", "text", "verdict", "points", "width"), JOBS)
def test_job(certify, tmp_path, problem, target, text, verdict, points, width):
    Path("source").write_text(text)
    done = certify("prove", "--from", problem, "--to", target, "source", "-o", "x.cert")
    assert (done.code, done.first) == (0, verdict), done.err
    assert f"{points} points" in done.out and "VERIFIED" in done.out
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["source", "x.cert"]
    result = check_file("x.cert")
    assert (result.status, result.verdict) == ("VERIFIED", verdict)

    checked = certify("verify", "x.cert")
    assert (checked.code, checked.out) == (0, f"VERIFIED {verdict} x.cert\n")

    shown = certify("show", "x.cert")
    assert shown.code == 0 and f"{verdict}: {width} {target} neurons" in shown.out
    data = certify("show", "x.cert", "--json").json
    assert (data["verdict"], data["width"], data["instance"]["points"]) == (verdict, width, points)

    extracted = certify("extract", "x.cert")
    if verdict == "YES":
        instance = PROBLEMS[problem].parse(text, None)
        solution = PROBLEMS[problem].parse_solution(instance, extracted.out, None)
        assert PROBLEMS[problem].is_solution(instance, solution)
    else:
        assert extracted.code == 2 and "the certificate is a NO" in extracted.err
        assert certify("show", "x.cert", "--proof").code == 0


@pytest.mark.parametrize(("problem", "target", "text", "verdict", "points", "width"), JOBS[:2] + JOBS[6:])
def test_json_is_the_library_s_report(certify, problem, target, text, verdict, points, width):
    printed = certify(
        "prove", "--from", problem, "--to", target, "-", "--json", "-o", "x.cert", stdin=text
    ).json
    report = library.prove(text, target, problem=problem, output="y.cert").report
    for one in (printed, report):
        one.pop("seconds")
        one["certificate"].pop("path")
    assert printed == json.loads(json.dumps(report))
    assert printed["verdict"] == verdict and printed["tier"] == "checked"
    assert Path("x.cert").read_bytes() == Path("y.cert").read_bytes()


def test_same_bytes_every_time(certify):
    for name in ("a.cert", "b.cert", "a.cert.gz", "b.cert.gz"):
        assert certify("prove", "--from", "poits", "--to", "relu", "-", "-o", name, stdin=VVV).code == 0
    assert Path("a.cert").read_bytes() == Path("b.cert").read_bytes()
    assert Path("a.cert.gz").read_bytes() == Path("b.cert.gz").read_bytes()
    assert gzip.decompress(Path("a.cert.gz").read_bytes()) == Path("a.cert").read_bytes()
    assert certify("verify", "a.cert.gz").out == "VERIFIED NO a.cert.gz\n"


def test_provenance_has_no_path_and_no_time(certify, tmp_path):
    folder = tmp_path / "some folder"
    folder.mkdir()
    (folder / "five.cnf").write_text(FIVE)
    certify("prove", "--from", "poits", "--to", "relu", folder / "five.cnf", "-o", "x.cert", "--seed", 7)
    lines = Path("x.cert").read_text().splitlines()
    provenance = [line for line in lines if line.startswith("provenance ")]
    assert "provenance command certify prove --from poits --to relu --seed 7 five.cnf" in provenance
    assert "provenance seed 7" in provenance
    assert not any(str(tmp_path) in line or "some folder" in line for line in lines)


def test_pipes(certify):
    five = certify("generate", "poits", "figure-5").out
    certificate = certify("prove", "--from", "poits", "--to", "relu", "-", "-o", "-", stdin=five)
    assert certificate.first == "certify 1" and certificate.err.startswith("YES\n")
    assert certify("verify", "-", stdin=certificate.out).out == "VERIFIED YES -\n"
    assert certify("extract", "-", stdin=certificate.out).out.startswith("v ")
    assert certify("show", "-", stdin=certificate.out).code == 0


def test_default_name_of_the_certificate(certify):
    Path("five.cnf").write_text(FIVE)
    assert certify("prove", "--from", "poits", "--to", "threshold", "five.cnf").code == 0
    assert certify("verify", "five-threshold.cert").out == "VERIFIED YES five-threshold.cert\n"


def test_gap_is_named_and_decided(certify):
    """axes-gap is separable, but no restricted solution exists and no two threshold neurons fit."""
    done = certify("prove", "--from", "twohyp", "--to", "threshold", "-", "-o", "x.cert", stdin=GAP)
    assert (done.code, done.first) == (0, "NO")
    assert "gap" in done.err


def test_unknown_exits_3(certify):
    """Ten milliseconds are gone before the search begins, however fast the machine is."""
    plane = certify("generate", "poits", "affine-plane").out
    words = ("prove", "--from", "poits", "--to", "relu", "-", "-o", "x.cert", "--method", "direct")
    done = certify(*words, "--timeout", 0.01, stdin=plane)
    assert (done.code, done.first) == (3, "UNKNOWN")
    if Path("x.cert").exists():
        checked = certify("verify", "x.cert")
        assert checked.code == 3 and checked.out.startswith("INCOMPLETE x.cert: ")


def test_extract_from_another_network(certify):
    """Permuted, and with a neuron written the other way round: still the same solution."""
    certify("prove", "--from", "twohyp", "--to", "threshold", "-", "-o", "x.cert", stdin=MIDDLE)
    witness = certify("show", "x.cert", "--json").json["witness"]
    witness["neurons"].reverse()
    Path("network.json").write_text(json.dumps(witness))
    done = certify("extract", "x.cert", "--network", "network.json", "--json")
    assert done.code == 0 and done.json["is_solution"] is True
    witness["neurons"][0]["b"] = "1000"
    Path("network.json").write_text(json.dumps(witness))
    done = certify("extract", "x.cert", "--network", "network.json")
    assert done.code == 2 and "not fitted" in done.err


@pytest.mark.parametrize(("target", "theorem"), [("relu", "Theorem 1"), ("threshold", "Corollary 8")])
def test_methods(certify, target, theorem):
    Path("source").write_text(VVV)
    arguments = ("prove", "--from", "poits", "--to", target, "source", "-o", "x.cert")
    for method, kind, lrat in (("theorem", "theorem", True), ("both", "direct", True), ("direct", "direct", False)):
        data = certify(*arguments, "--method", method, "--json").json
        assert (data["verdict"], data["refutation"]["method"]) == ("NO", method)
        assert (data["check"]["method"], data["check"]["theorem"]) == (kind, theorem if kind == "theorem" else None)
        assert ("lrat" in data["check"]["stats"]) is lrat
        assert ("source-refutation lrat" in Path("x.cert").read_text().split("\n")) is lrat
        by = f" (by {theorem})" if method == "theorem" else ""
        assert certify("verify", "x.cert").out == f"VERIFIED NO x.cert{by}\n"
        assert certify("verify", "--checker", "all", "x.cert").out == f"VERIFIED NO x.cert{by} [checked, kernel]\n"
        (row,) = certify("verify", "x.cert", "--json").json["files"]
        assert (row["method"], row["theorem"]) == (kind, theorem if by else None)
        assert certify("show", "x.cert", "--json").json["method"] == kind
    assert "by theorem" not in certify("show", "x.cert").out
    assert certify(*arguments, "--method", "theorem").out.count(f"by {theorem} the data have no fit") == 1
    assert f"by theorem: {theorem}" in certify("show", "x.cert").out


def test_no_method_by_theorem_for_point_sets(certify):
    Path("source").write_text(LINE)
    done = certify("prove", "--from", "twohyp", "--to", "relu", "source", "-o", "x.cert", "--method", "theorem")
    assert done.code == 2 and "no method 'theorem' for twohyp" in done.err
    assert not Path("x.cert").exists()


CYCLE = "p edge 5 5\nk 3\ne 1 2\ne 1 5\ne 2 3\ne 3 4\ne 4 5\n"
COLOURS = "p edge 6 6\nk 3\n" + "".join(f"n {v} {(v + 1) // 2}\n" for v in range(1, 7))
COLOURS += "e 1 4\ne 1 6\ne 2 3\ne 2 5\ne 3 6\ne 4 5\n"


@pytest.mark.parametrize(
    ("problem", "target", "loss", "theorem"),
    [
        ("clique", "relu", None, "Theorem 7"),
        ("clique", "threshold", None, "Corollary 10"),
        ("mcclique", "relu", "l0", "Corollary 9 for ReLU"),
        ("mcclique", "threshold", "l2", "Corollary 9"),
    ],
)
def test_graphs_by_theorem(certify, problem, target, loss, theorem):
    Path("graph.col").write_text(CYCLE if problem == "clique" else COLOURS)
    arguments = ("prove", "--from", problem, "--to", target, "graph.col", "-o", "x.cert", "--method", "theorem")
    arguments += () if loss is None else ("--loss", loss)
    done = certify(*arguments)
    assert (done.code, done.first) == (0, "NO")
    goal = "have no fit" if loss is None else "have no network within that loss"
    assert "the graph has no clique: " in done.out and f"; by {theorem} the data {goal}" in done.out
    data = certify(*arguments, "--json").json
    assert (data["verdict"], data["refutation"]["method"]) == ("NO", "theorem")
    assert (data["check"]["method"], data["check"]["theorem"]) == ("theorem", theorem)
    assert (data["instance"]["loss"], data["instance"]["gamma"]) == (("exact", "0") if loss is None else (loss, "3"))
    assert certify("verify", "x.cert").out == f"VERIFIED NO x.cert (by {theorem})\n"
    (row,) = certify("verify", "x.cert", "--json").json["files"]
    assert (row["method"], row["theorem"]) == ("theorem", theorem)
    shown = certify("show", "x.cert")
    assert f"by theorem: {theorem} makes of it that the data have no " in shown.out
    assert certify("show", "x.cert", "--proof").code == 0
    shown = certify("show", "x.cert", "--json").json
    assert (shown["method"], shown["theorem"], shown["complete"]) == ("theorem", theorem, True)
    extracted = certify("extract", "x.cert")
    assert extracted.code == 2 and f"the certificate is a NO by {theorem}: it has no network" in extracted.err
    assert [line for line in Path("x.cert").read_text().split("\n") if line.startswith("loss ")] == (
        [] if loss is None else [f"loss {loss} 3"]
    )


def test_graphs_with_more_dimensions_an_error_and_neurons(certify):
    Path("graph.col").write_text(CYCLE)
    arguments = ("prove", "--from", "clique", "--to", "threshold", "graph.col", "-o", "x.cert")
    done = certify(*arguments, "--dimension", "8", "--loss", "l1", "--gamma", "1/2")
    assert (done.code, done.first) == (0, "NO") and "proved by theorem" in done.err
    assert certify("verify", "x.cert").out == "VERIFIED NO x.cert (by Corollary 10)\n"
    Path("x.cert").unlink()
    for method in ("theorem", "both"):
        done = certify(*arguments, "--extra-neurons", "1", "--method", method)
        assert done.code == 2 and f"no method '{method}' with further neurons" in done.err
        assert not Path("x.cert").exists()


def test_large_formulas_are_refuted_by_theorem(certify):
    formula = PROBLEMS["poits"].generate("unsatisfiable", 1, variables=600, clauses=500)
    Path("source").write_text(PROBLEMS["poits"].write(formula))
    done = certify("prove", "--from", "poits", "--to", "relu", "source", "-o", "x.cert")
    assert (done.code, done.first) == (0, "NO") and "proved by theorem" in done.err
    assert certify("verify", "--checker", "all", "x.cert").out == "VERIFIED NO x.cert (by Theorem 1) [checked, kernel]\n"


def test_by_theorem_with_more_dimensions_and_an_error(certify):
    Path("source").write_text(VVV)
    arguments = ("prove", "--from", "poits", "--to", "relu", "source", "-o", "x.cert")
    modifiers = ("--dimension", "4", "--loss", "l2", "--gamma", "7/3")
    done = certify(*arguments, *modifiers, "--method", "theorem")
    assert (done.code, done.first) == (0, "NO") and "by Theorem 1 the data have no network within that loss" in done.out
    assert certify("verify", "--checker", "all", "x.cert").out == "VERIFIED NO x.cert (by Theorem 1) [checked, kernel]\n"
    both = certify(*arguments, *modifiers, "--method", "both", "--json").json
    assert (both["refutation"]["method"], both["check"]["method"]) == ("both", "direct")
