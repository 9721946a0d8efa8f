"""Bad input: one line on stderr that names the file, the line and the fault; exit 2; nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest

#: problem, text, what the one line on stderr has to say.
MALFORMED = [
    ("poits", "", ("bad", "no header", "p cnf")),
    ("poits", "c only a comment\n", ("bad", "no header")),
    ("poits", "1 2 3 0\n", ("bad:1:", "before the header")),
    ("poits", "p cnf 3 1\n1 -2 3 0\n", ("bad:2:", "negative literal -2")),
    ("poits", "p cnf 3 1\n1 2 0\n", ("bad:2:", "a clause of 2 literals")),
    ("poits", "p cnf 4 1\n1 2 3 4 0\n", ("bad:2:", "more than three")),
    ("poits", "p cnf 3 1\n1 2 3\n", ("bad:2:", "does not end")),
    ("poits", "p cnf 3 2\n1 2 3 0\n", ("bad:1:", "1 clauses where the header says 2")),
    ("poits", "p cnf 2 1\n1 2 3 0\n", ("bad:2:", "variable 3 of 2")),
    ("poits", "p cnf 3 1\n1 2 x 0\n", ("bad:2:", "'x' is no literal")),
    ("poits", "p cnf -1 0\n", ("bad:1:", "no header")),
    ("poits", b"p cnf 1 1\n1 1 \xff 0\n", ("bad:2:", "UTF-8")),
    ("twohyp", "", ("bad", "no point sets")),
    ("twohyp", "q,1\np,2\n", ("bad:1:", "no header")),
    ("twohyp", "set,x1,x2\nq,0,1\np,2\n", ("bad:3:", "2 cells under a header of 3")),
    ("twohyp", "set,x1\nq,NaN\n", ("bad:2:", "not a finite number")),
    ("twohyp", "set,x1\nq,inf\n", ("bad:2:", "not a finite number")),
    ("twohyp", "set,x1\nq,1/0\n", ("bad:2:", "divides by zero")),
    ("twohyp", "set,x1\nq,one\n", ("bad:2:", "is not a number")),
    ("twohyp", "set,x1\nr,1\n", ("bad:2:", "the set 'r'")),
    ("twohyp", '{"q": [[0.5]], "p": []}', ("bad", "not an exact number")),
    ("twohyp", '{"q": [[0], [1, 2]], "p": []}', ("bad", "2 coordinates, not 1")),
    ("twohyp", '{"q": [[0]]', ("bad:1:", "not JSON")),
]


@pytest.mark.parametrize(("problem", "text", "says"), MALFORMED)
@pytest.mark.parametrize("command", ["prove", "reduce"])
def test_malformed(certify, tmp_path, command, problem, text, says):
    Path("bad").write_bytes(text if isinstance(text, bytes) else text.encode())
    done = certify(command, "--from", problem, "--to", "relu", "bad", "-o", "out")
    assert done.code == 2
    assert done.out == ""
    assert done.err.count("\n") == 1 and done.err.startswith("certify: ")
    for part in says:
        assert part in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["bad"]


def test_errors_as_json(certify):
    Path("bad.cnf").write_text("p cnf 3 1\n1 -2 3 0\n")
    done = certify("prove", "--from", "poits", "--to", "relu", "bad.cnf", "--json")
    assert done.code == 2
    error = done.json["error"]
    assert (error["code"], error["source"], error["line"]) == ("parse", "bad.cnf", 2)
    assert error["message"] == "the negative literal -2" and error["hint"]


def test_stdin_is_named(certify):
    done = certify("prove", "--from", "poits", "--to", "relu", "-", stdin="p cnf 1 1\n1 1 0\n")
    assert done.code == 2 and done.err.startswith("certify: <stdin>:2: a clause of 2 literals")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["frobnicate"], "frobnicate"),
        (["prove", "x.cnf", "--to", "relu"], "--from"),
        (["prove", "x.cnf", "--from", "poits", "--to", "sigmoid"], "sigmoid"),
        (["prove", "--from", "poits", "--to", "relu", "nowhere.cnf"], "nowhere.cnf: cannot be read"),
        (["prove", "--from", "poits", "--to", "relu", "."], "cannot be read"),
        (["prove", "--from", "poits", "--to", "relu", "x", "--timeout", "0"], "timeout"),
        (["prove", "--from", "poits", "--to", "relu", "x", "--seed", "-1"], "seed"),
        (["generate", "poits", "nosuchkind"], "no kind 'nosuchkind'"),
        (["generate", "poits", "random", "variables"], "NAME=NUMBER"),
        (["generate", "poits", "random", "wheels=3"], "wheels"),
        (["generate", "poits", "planted", "variables=2"], "variables=2 for planted"),
        (["verify", "nowhere.cert"], "nowhere.cert"),
        (["verify", "."], "no certificates in this folder"),
        (["show", "nowhere.cert"], "nowhere.cert"),
        (["extract", "nowhere.cert"], "nowhere.cert"),
        (["plot", "x.cert", "-o", "x.gif"], "'.gif'"),
    ],
)
def test_usage(certify, words, says):
    done = certify(*words)
    assert done.code == 2
    assert done.out == ""
    assert done.err.count("\n") == 1 and says in done.err


@pytest.mark.parametrize("text", ["", "hello\n", "certify 1\n", "certify 1\nverdict MAYBE\n", "\x1f\x8bxx"])
@pytest.mark.parametrize("command", ["show", "extract"])
def test_not_a_certificate(certify, command, text):
    Path("x.cert").write_bytes(text.encode("latin-1"))
    done = certify(command, "x.cert")
    assert done.code == 2 and done.err.startswith("certify: x.cert:") and done.err.count("\n") == 1


def test_output_folder_missing(certify, tmp_path):
    done = certify("generate", "poits", "vvv", "-o", "nowhere/x.cnf")
    assert done.code == 2 and "nowhere" in done.err
    assert list(tmp_path.iterdir()) == []
