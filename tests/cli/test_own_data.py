"""certify fit and certify width, as a user runs them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import certify as library
from certify import own_data
from certify.decide import widths
from certify.decide.fit import NoFit
from certify.verify import check_file

from .interrupted import interrupted

ROOT = Path(__file__).resolve().parents[2]
ZIGZAG = "x,y\n0,0\n1,1\n2,0\n3,1\n"
#: A maximum of affine functions, sampled: two ReLUs.
RIDGE = "a,b,y\n" + "".join(f"{a},{b},{max(0, a - 1) - max(0, b - a)}\n" for a in range(4) for b in range(4))
SIZES = ("x-no.cert", "x-yes.cert")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("text", "words", "verdict"),
    [
        (ZIGZAG, ["--width", 3], "YES"),
        (ZIGZAG, ["--width", 2], "NO"),
        (ZIGZAG, ["--width", 9, "--convex"], "NO"),
        (ZIGZAG, ["--width", 2, "--activation", "threshold"], "NO"),
        (ZIGZAG, ["--width", 3, "--activation", "threshold"], "YES"),
        (ZIGZAG, ["--width", 1, "--loss", "l0", "--gamma", 1], "YES"),
        (ZIGZAG, ["--width", 0, "--loss", "l2", "--gamma", "2"], "YES"),
        (ZIGZAG, ["--width", 0, "--loss", "l2", "--gamma", "3/2"], "NO"),
        (RIDGE, ["--width", 2], "YES"),
        (RIDGE, ["--width", 1], "NO"),
        (RIDGE, ["--width", 2, "--concave"], "NO"),
        ("x,y\n0.1,0.1\n0.2,0.2\n0.3,0.3\n", ["--width", 1], "YES"),
        ("x,y\n0,1\n1,2\n0,3\n", ["--width", 100], "NO"),
        ("x,y\n5,7\n", ["--width", 0], "NO"),
        ("x,y\n0,1\n0,3\n", ["--width", 1, "--loss", "l1", "--gamma", "2"], "YES"),
        ("x,y,copies\n0,1,1\n0,3,2\n", ["--width", 7, "--loss", "l1", "--gamma", "3/2"], "NO"),
    ],
)
def test_fit(certify, tmp_path, text, words, verdict):
    Path("data.csv").write_text(text)
    done = certify("fit", "data.csv", *words, "-o", "x.cert")
    assert (done.code, done.first, done.err) == (0, verdict, "")
    assert "x.cert (" in done.out and "VERIFIED" in done.out
    assert names(tmp_path) == ["data.csv", "x.cert"]
    assert certify("verify", "x.cert").out == f"VERIFIED {verdict} x.cert\n"
    assert certify("show", "x.cert").code == 0


def test_width(certify, tmp_path):
    Path("data.csv").write_text(RIDGE)
    done = certify("width", "data.csv", "-o", "x")
    assert done.code == 0 and done.out.split("\n")[:2] == ["YES", "width       2 relu neurons, exactly"]
    assert names(tmp_path) == ["data.csv", *SIZES]
    told = certify("verify", *SIZES).out
    assert told == "VERIFIED NO x-no.cert\nVERIFIED YES x-yes.cert\n"
    assert "1 relu neuron cannot" in certify("show", "x-no.cert").out
    network = json.loads(certify("export", "x-yes.cert", "-o", "-", "--format", "json").out)
    assert len(network["neurons"]) == 2


def test_no_number_is_enough(certify, tmp_path):
    done = certify("width", "-", "--convex", "-o", "x", stdin=ZIGZAG)
    assert (done.code, done.first) == (0, "NO") and "no number of convex relu neurons is enough" in done.out
    assert names(tmp_path) == ["x-no.cert"]


def test_default_names(certify, tmp_path):
    Path("data.csv").write_text(ZIGZAG)
    certify("fit", "data.csv", "--width", 3)
    certify("width", "data.csv")
    certify("width", "-", stdin=ZIGZAG)
    assert names(tmp_path) == [
        *("data-3.cert", "data-no.cert", "data-yes.cert", "data.csv", "stdin-no.cert", "stdin-yes.cert")
    ]


@pytest.mark.parametrize("verb", ["fit", "width"])
def test_json_is_the_library_s_report(certify, verb):
    words = ["fit", "-", "--width", 2, "-o", "x.cert"] if verb == "fit" else ["width", "-", "-o", "x"]
    printed = certify(*words, "--json", stdin=ZIGZAG).json
    arguments = ([0, 1, 2, 3], [0, 1, 0, 1])
    if verb == "fit":
        report = library.fit(*arguments, 2, output="x.cert").report
    else:
        report = library.width(*arguments, output="x").report
    for one in (printed, report):
        one.pop("seconds")
        for row in one.get("tried", []):
            row.pop("seconds")
        # The provenance names the command.
        for part in (one, *one.get("certificates", {}).values()):
            (part["certificate"] or {}).pop("bytes", None)
    assert printed == json.loads(json.dumps(report))
    assert printed["tier"] == "checked" and printed["bounds"]["at_least"] == 3


def test_pipes(certify):
    certificate = certify("fit", "-", "--width", 2, "-o", "-", stdin=ZIGZAG)
    assert certificate.first == "certify 1" and certificate.err.startswith("NO\n")
    assert certify("verify", "-", stdin=certificate.out).out == "VERIFIED NO -\n"


def test_same_bytes_and_no_paths(certify, tmp_path):
    folder = tmp_path / "some folder"
    folder.mkdir()
    (folder / "data.csv").write_text(RIDGE)
    for name in ("a", "b"):
        certify("width", folder / "data.csv", "-o", name, "--seed", 7)
    for part in ("yes", "no"):
        assert Path(f"a-{part}.cert").read_bytes() == Path(f"b-{part}.cert").read_bytes()
        text = Path(f"a-{part}.cert").read_text()
        assert "provenance command certify width data.csv --seed 7\n" in text and "some folder" not in text


@pytest.mark.parametrize(
    ("text", "words", "says"),
    [
        ("", ["--width", "1"], "bad: no data points"),
        ("x,y\n", ["--width", "1"], "bad: no data points"),
        ("0,1\n2,3\n", ["--width", "1"], "bad:1: the first line holds the number 0"),
        ("x,y\n0,1\n2\n", ["--width", "1"], "bad:3: 1 cells under a header of 2"),
        ("x,y\n0,nan\n", ["--width", "1"], "bad:2: nan is not a finite number"),
        ("x,y\n0,one\n", ["--width", "1"], "bad:2: 'one' is not a number"),
        ("x,y\n0,1/0\n", ["--width", "1"], "bad:2: '1/0' divides by zero"),
        ("y\n1\n", ["--width", "1"], "bad:1: a header of fewer than two columns"),
        (ZIGZAG, [], "--width"),
        (ZIGZAG, ["--width", "-1"], "--width"),
        (ZIGZAG, ["--width", "1", "--loss", "l1"], "--loss and --gamma belong together"),
        (ZIGZAG, ["--width", "1", "--gamma", "1"], "--loss and --gamma belong together"),
        (ZIGZAG, ["--width", "1", "--loss", "l1", "--gamma", "-1"], "gamma"),
        (ZIGZAG, ["--width", "1", "--loss", "l1", "--gamma", "much"], "--gamma: 'much' is not a number"),
        (ZIGZAG, ["--width", "1", "--convex", "--activation", "threshold"], "convex threshold networks"),
    ],
)
def test_bad_input(certify, tmp_path, text, words, says):
    Path("bad").write_text(text)
    for verb, given in (("fit", words), ("width", words[2:] if words[:1] == ["--width"] else None)):
        if given is None or (verb == "width" and says == "--width"):
            continue
        done = certify(verb, "bad", *given, "-o", "x")
        assert (done.code, done.out) == (2, "") and done.err.count("\n") == 1
        assert done.err.startswith("certify: ") and says in done.err
    assert names(tmp_path) == ["bad"]


def test_width_does_not_go_to_stdout(certify):
    done = certify("width", "-", "-o", "-", stdin=ZIGZAG)
    assert done.code == 2 and "give -o a prefix" in done.err


#: Pseudorandom labels: beyond any search at this size.
HARD = "a,b,c,y\n" + "".join(f"{x},{x * x % 23},{x**3 % 29},{x**4 % 31 - 15}\n" for x in range(40))


def test_unknown_exits_3_with_bounds(certify, tmp_path):
    done = certify("fit", "-", "--width", 8, "--timeout", 1, "-o", "x.cert", stdin=HARD)
    assert (done.code, done.first) == (3, "UNKNOWN") and "known" in done.out and "at least" in done.out
    assert names(tmp_path) == []
    done = certify("width", "-", "--timeout", 2, "-o", "x", "--json", stdin=HARD)
    assert done.code == 3 and done.json["verdict"] == "UNKNOWN" and not done.json["interrupted"]
    bounds = done.json["bounds"]
    assert 1 <= bounds["at_least"] < bounds["at_most"] <= 40
    assert {name: entry["width"] for name, entry in done.json["certificates"].items()} == {
        "yes": bounds["at_most"],
        "no": bounds["at_least"] - 1,
    }
    assert names(tmp_path) == list(SIZES)


@pytest.mark.parametrize("verb", ["fit", "width"])
def test_interrupt_gives_the_bounds(tmp_path, verb):
    (tmp_path / "hard.csv").write_text(HARD)
    words = ["fit", "hard.csv", "--width", "8"] if verb == "fit" else ["width", "hard.csv", "-o", "x"]
    done = interrupted(words, "certify.decide.fit.search", "Search.slice", cwd=tmp_path)
    assert (done.returncode, done.stdout.split("\n")[0], done.stderr) == (130, "UNKNOWN", "certify: interrupted\n")
    assert "at least" in done.stdout and "at most" in done.stdout
    assert names(tmp_path) == (["hard.csv"] if verb == "fit" else ["hard.csv", *SIZES])
    assert all(check_file(tmp_path / name).status == "VERIFIED" for name in SIZES if verb == "width")


@pytest.mark.parametrize("verb", ["fit", "width"])
def test_help_has_examples(certify, verb):
    done = certify(verb, "--help")
    assert done.code == 0 and f"  certify {verb} fan.csv" in done.out


def faulty(answer):
    """A refutation without its last step."""
    return replace(answer, lines=answer.lines[:-2] + answer.lines[-1:]) if isinstance(answer, NoFit) else answer


@pytest.mark.parametrize("output", ["x.cert", "-"])
def test_a_rejected_proof_is_unknown(certify, tmp_path, monkeypatch, output):
    Path("data.csv").write_text(RIDGE)
    words = ["fit", "data.csv", "--width", 1, "-o", output]
    assert certify(*words).code == 0
    Path("x.cert").unlink(missing_ok=True)
    honest = own_data.decide
    monkeypatch.setattr(own_data, "decide", lambda *given, **options: faulty(honest(*given, **options)))
    done = certify(*words)
    told = done.out if output == "x.cert" else done.err
    assert done.code == 3 and "UNKNOWN\n" in told and "NO\n" not in done.out + done.err
    assert "certify: internal error: the checker rejects our own certificate" in done.err
    assert "certify 1" not in done.out and names(tmp_path) == ["data.csv"]
    asked = certify(*words[:-2], "-o", "x.cert", "--json").json
    assert (asked["verdict"], asked["certificate"], asked["rejected"]) == ("UNKNOWN", None, True)


def test_a_rejected_proof_is_no_bound(certify, tmp_path, monkeypatch):
    Path("data.csv").write_text(RIDGE)
    honest = widths.decide
    monkeypatch.setattr(widths, "decide", lambda *given, **options: faulty(honest(*given, **options)))
    done = certify("width", "data.csv", "-o", "x")
    assert (done.code, done.first) == (3, "UNKNOWN") and "at least 0, at most 2 neurons" in done.out
    assert done.err.count("\n") == 1 and "certify: internal error: the checker rejects our own" in done.err
    assert names(tmp_path) == ["data.csv", "x-yes.cert"]
