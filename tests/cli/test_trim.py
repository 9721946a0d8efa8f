"""certify trim, as a user runs it."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pytest

from certify.verify import check_file

GRID = "a,b,y\n" + "".join(f"{a},{b},{max(0, a - 1) + max(0, b - 2)}\n" for a in range(4) for b in range(4))


@pytest.fixture
def no(certify, tmp_path):
    """A NO with steps that it does not need: two lines of data and a fact."""
    Path("data.csv").write_text(GRID)
    assert certify("fit", "data.csv", "--width", 1, "-o", "x.cert").first == "NO"
    text = Path("x.cert").read_text()
    assert text.count("slots ") == 1
    more = text.replace("slots ", "line 4 8 12 16\nline 13 14 15 16\nslots ").replace("\nc 1 ", "\nu 1>16 : e16:1 a16:-1\nc 1 ")
    return hashed(more)


def hashed(text: str) -> str:
    """The text with the hash that it should have."""
    body = text[: text.index("\nend\n") + 5]
    return f"{body}sha256 {hashlib.sha256(body.encode()).hexdigest()}\n{text[text.index('provenance'):]}"


def test_trim(certify, tmp_path, no):
    Path("no.cert").write_text(no)
    done = certify("trim", "no.cert", "-o", "small.cert")
    assert (done.code, done.err) == (0, "")
    rows = {row.split()[0]: row.split()[1:] for row in done.out.splitlines()}
    assert rows["before"] == ["after"] and rows["line"][:2] == ["3", "1"] and rows["u"][:2] == ["1", "0"]
    assert int(rows["bytes"][0].replace(",", "")) == len(no) > Path("small.cert").stat().st_size
    assert done.out.endswith(f"small.cert ({Path('small.cert').stat().st_size} bytes), VERIFIED\n")
    assert certify("verify", "small.cert").out == "VERIFIED NO small.cert\n"
    small = Path("small.cert").read_text()
    assert small.partition("refutation lines")[0] == no.partition("refutation lines")[0]
    assert small[small.index("provenance") :] == no[no.index("provenance") :]


def test_json_and_again(certify, no):
    Path("no.cert").write_text(no)
    told = certify("trim", "no.cert", "-o", "a.cert", "--json").json
    assert (told["certificate"], told["output"], told["verdict"]) == ("no.cert", "a.cert", "NO")
    assert told["before"]["bytes"] == len(no) and told["after"]["bytes"] == Path("a.cert").stat().st_size
    assert (told["before"]["steps"]["line"], told["after"]["steps"]["line"]) == (3, 1)
    assert told["before"]["lines"] > told["after"]["lines"]
    again = certify("trim", "a.cert", "-o", "b.cert", "--json").json
    assert again["before"] == again["after"] == told["after"]
    assert Path("a.cert").read_bytes() == Path("b.cert").read_bytes()


def test_a_search_over_coefficients(certify):
    """Thresholds: equations that follow, their numbers and those of the order."""
    rows = "".join(f"{a},{b},{c},{(a + b + c) % 2}\n" for a in (0, 1) for b in (0, 1) for c in (0, 1))
    Path("cube.csv").write_text(f"a,b,c,y\n{rows}")
    assert certify("fit", "cube.csv", "--width", 2, "--activation", "threshold", "-o", "x.cert").first == "NO"
    told = certify("trim", "x.cert", "-o", "y.cert", "--json").json
    assert told["after"]["steps"]["e"] >= 1 and told["after"]["steps"]["v"] < told["before"]["steps"]["v"]
    assert "\norder * a " in Path("y.cert").read_text()
    assert certify("verify", "y.cert", "--checker", "all").code == 0
    assert certify("trim", "y.cert", "-o", "z.cert").code == 0
    assert Path("y.cert").read_bytes() == Path("z.cert").read_bytes()


def test_pipes_in_place_and_compressed(certify, tmp_path, no):
    Path("no.cert.gz").write_bytes(gzip.compress(no.encode()))
    piped = certify("trim", "-", "-o", "-", stdin=no)
    assert (piped.code, piped.out.split("\n")[0]) == (0, "certify 1") and "after" in piped.err
    assert certify("trim", "no.cert.gz", "-o", "no.cert.gz").code == 0
    assert gzip.decompress(Path("no.cert.gz").read_bytes()).decode() == piped.out
    assert check_file("no.cert.gz").status == "VERIFIED"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.csv", "no.cert.gz", "x.cert"]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nowhere.cert", "nowhere.cert: cannot be read"),
        ("yes.cert", "yes.cert: a YES: its proof is the network"),
        ("empty.cert", "empty.cert: the certificate is REJECTED: the first line is not"),
        ("none.cert", "none.cert: the certificate is INCOMPLETE: the certificate contains no refutation"),
        ("wrong.cert", "the combination leaves unknowns"),
        ("cut.cert", "REJECTED"),
        (".", "is a folder"),
    ],
)
def test_bad_input(certify, tmp_path, no, name, says):
    certify("fit", "data.csv", "--width", 2, "-o", "yes.cert")
    Path("empty.cert").write_text("")
    start, end = no.index("refutation lines"), no.index("end\n")
    Path("none.cert").write_text(hashed(f"{no[:start]}refutation none\n{no[end:]}"))
    Path("wrong.cert").write_text(hashed(no.replace("e16:1 a16:-1", "e16:1 a16:-2")))
    Path("cut.cert").write_text(no[:end])
    before = sorted(path.name for path in tmp_path.iterdir())
    done = certify("trim", name, "-o", "out.cert")
    assert (done.code, done.out) == (2, "") and done.err.count("\n") == 1 and says in done.err
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    if name == "wrong.cert":
        error = certify("trim", name, "-o", "out.cert", "--json").json["error"]
        assert error["code"] == "not-verified" and error["line"] and error["hint"]


def test_usage(certify, no):
    Path("no.cert").write_text(no)
    assert certify("trim", "no.cert").code == 2 and "--output" in certify("trim", "no.cert").err
    assert certify("trim", "no.cert", "-o", "nowhere/x.cert").code == 2
    shown = certify("trim", "--help")
    assert shown.code == 0 and "  certify trim no.cert -o small.cert" in shown.out
