"""list, generate, reduce, verify, plot, completion, help."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from certify.cli.entry import COMMANDS
from certify.encode import encode
from certify.instance import TrainingInstance
from certify.network import Network
from certify.problems import PROBLEMS
from certify.reductions import REDUCTIONS
from smt import parse, render


@pytest.mark.parametrize("command", COMMANDS)
def test_every_help_has_examples(certify, command):
    done = certify(command, "--help")
    assert done.code == 0 and done.err == ""
    assert "Examples:" in done.out and f"certify {command}" in done.out
    assert "--json" in done.out


def test_list(certify):
    text = certify("list").out
    data = certify("list", "--json").json
    assert [r["name"] for r in data["reductions"]] == [r.name for r in REDUCTIONS.values()]
    for reduction in REDUCTIONS.values():
        path = [reduction.source, *(step.target for step in reduction.via), reduction.target]
        assert " -> ".join(path) in text
        assert path in [row["path"] for row in data["reductions"]]
    for problem in data["problems"]:
        assert problem["kinds"] == list(PROBLEMS[problem["name"]].kinds)


@pytest.mark.parametrize(("problem", "kind"), [(p.name, kind) for p in PROBLEMS.values() for kind in p.kinds])
def test_generate(certify, problem, kind):
    done = certify("generate", problem, kind, "--seed", 5)
    instance = PROBLEMS[problem].parse(done.out, None)
    assert instance == PROBLEMS[problem].generate(kind, 5)
    assert certify("generate", problem, kind, "--seed", 5).out == done.out
    assert certify("generate", problem, kind, "--seed", 5, "--json").json["text"] == done.out


def test_generate_sizes_and_file(certify):
    assert certify("generate", "poits", "planted", "variables=9", "clauses=4", "-o", "x.cnf").out == ""
    assert Path("x.cnf").read_text().startswith("p cnf 9 4\n")


@pytest.mark.parametrize("edge", REDUCTIONS)
def test_reduce_writes_what_product_says(certify, edge):
    problem, target = edge
    kind = {"poits": "single", "twohyp": "middle", "sat": "empty", "clique": "vertex", "mcclique": "edge"}[problem]
    source = PROBLEMS[problem].generate(kind)
    instance = REDUCTIONS[edge].reduce(source)
    text = PROBLEMS[problem].write(source)
    words = ("reduce", "--from", problem, "--to", target, "-")
    assert certify(*words, "-o", "out", "--solve", stdin=text).code == 0
    files = {path.name: path.read_text() for path in Path("out").iterdir()}
    assert sorted(files) == ["encoding.smt2", "instance.json", "points.csv", "witness.json"]
    data = json.loads(files["instance.json"])
    assert data["sha256"] == instance.sha256() and data["status"] == "sat"
    assert (data["width"], data["activation"], data["loss"], data["gamma"]) == (
        instance.width,
        target,
        *(("l1", "0") if problem == "mcclique" else ("exact", "0")),
    )
    assert data["reduction"]["name"] == REDUCTIONS[edge].name and data["source"]["text"] == text
    again = TrainingInstance.from_csv(
        files["points.csv"],
        width=instance.width,
        activation=instance.activation,
        loss=instance.loss,
        gamma=instance.gamma,
    )
    assert again == instance
    network = Network.from_json(json.loads(files["witness.json"]))
    assert instance.misfits(network) == []
    assert files["encoding.smt2"] == "".join(render(encode(instance, status="sat")))
    assert parse(files["encoding.smt2"]).status == "sat"

    assert certify(*words, "-o", "out", stdin=text).code == 0
    assert sorted(path.name for path in Path("out").iterdir()) == [
        "encoding.smt2",
        "instance.json",
        "points.csv",
    ]

    printed = certify(*words, stdin=text).json
    assert TrainingInstance.from_json(printed) == instance


def test_verify_many(certify):
    vvv, five = (certify("generate", "poits", kind).out for kind in ("vvv", "single"))
    Path("box").mkdir()
    certify("prove", "--from", "poits", "--to", "threshold", "-", "-o", "box/no.cert", stdin=vvv)
    certify("prove", "--from", "poits", "--to", "relu", "-", "-o", "box/yes.cert.gz", stdin=five)
    whole = certify("verify", "box", "--jobs", 2)
    assert (whole.code, whole.out) == (0, "VERIFIED NO box/no.cert\nVERIFIED YES box/yes.cert.gz\n")

    text = Path("box/no.cert").read_text()
    Path("bad.cert").write_text(text.replace("width 4", "width 5"))
    bad = certify("verify", "bad.cert", "box")
    assert bad.code == 1 and bad.first.startswith("REJECTED bad.cert: line ")
    assert len(bad.out.splitlines()) == 3

    data = certify("verify", "--json", "bad.cert", "box").json
    assert (data["verified"], data["exit_code"]) == (2, 1)
    assert [row["status"] for row in data["files"]] == ["REJECTED", "VERIFIED", "VERIFIED"]
    assert data["files"][1]["tier"] == "checked" and data["files"][0]["tier"] is None


@pytest.mark.parametrize("suffix", [".svg", ".png", ".pdf"])
def test_plot(certify, suffix):
    beginnings = {".svg": b"<?xml", ".png": b"\x89PNG", ".pdf": b"%PDF"}
    certify(
        "prove",
        "--from",
        "poits",
        "--to",
        "relu",
        "-",
        "-o",
        "x.cert",
        stdin=certify("generate", "poits", "vvv").out,
    )
    for name in ("one", "two"):
        done = certify("plot", "x.cert", "-o", name + suffix)
        assert (done.code, done.out) == (0, f"{name}{suffix}\n"), done.err
        assert Path(name + suffix).read_bytes().startswith(beginnings[suffix])
    assert Path("one" + suffix).read_bytes() == Path("two" + suffix).read_bytes()


def test_plot_refuses_three_dimensions(certify, tmp_path):
    sets = certify("generate", "twohyp", "planted", "dimension=3", "q=1", "p=1").out
    certify("prove", "--from", "twohyp", "--to", "threshold", "-", "-o", "x.cert", stdin=sets)
    done = certify("plot", "x.cert", "-o", "x.svg")
    assert done.code == 2 and "dimension 3" in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["x.cert"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(certify, shell):
    assert "_CERTIFY_COMPLETE" in certify("completion", shell).out


def test_witness_is_shown_as_formulas(certify):
    sets = certify("generate", "twohyp", "middle").out
    certify("prove", "--from", "twohyp", "--to", "threshold", "-", "-o", "x.cert", stdin=sets)
    lines = certify("show", "x.cert").out.splitlines()
    terms = lines[lines.index("f(x) =") + 1 :]
    assert len(terms) == 2
    for term in terms:
        sign, step = term.split()[0], term.split("1[")[1]
        assert sign in "+-" and step.endswith("> 0]")


def test_numbers_stay_exact(certify):
    """Decimals are read as what they spell."""
    text = "set,x1\nq,0.1\np,-1e-3\np,1\n"
    data = certify("reduce", "--from", "twohyp", "--to", "threshold", "-", stdin=text).json
    assert [Fraction(p[0]) for p in data["points"]] == [Fraction(1, 10), Fraction(-1, 1000), Fraction(1)]
