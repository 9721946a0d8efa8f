"""certify show --proof: what it says is what the certificate says."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path

import pytest

from certify.certificate import Certificate, Claim, opened, proof_lines
from certify.cli.steps import readable
from certify.instance import TrainingInstance
from certify.problems import PROBLEMS
from tests.unit.test_verify_coefficients import ORDER, WORD
from tests.unit.test_verify_coefficients import PROOF as WAVES

ROOT = Path(__file__).resolve().parents[2]
ARCHIVE = ROOT / "certificates"
FAN = ROOT / "examples" / "fan-duty.csv"
FOUR_TRIPLES = ROOT / "examples" / "four-triples.cnf"


def flat(text: str) -> str:
    """The text without line breaks."""
    return " ".join(text.split())


@pytest.fixture(scope="module")
def four_triples(tmp_path_factory):
    from certify.pipeline import prove

    path = tmp_path_factory.mktemp("proof") / "four.cert"
    assert prove(FOUR_TRIPLES.read_text(), "relu", problem="poits", output=path).verdict == "NO"
    return path


def test_four_triples_in_words(certify, four_triples):
    done = certify("show", four_triples, "--proof")
    assert (done.code, done.err) == (0, "")
    text = flat(done.out)
    for part in (
        "The source has no solution, by ",
        "They use all of its 4 clauses, of which exactly one literal is to be true: (v1 v2 v3) (v1 v2 v4) (v1 v3 v4) (v2 v3 v4)",
        "The refutation of the data does not rest on that:",
        "Suppose that 32 relu neurons fit the 284 points",
        "line 1: 104 points from p240 = (0, -284) to p118 = (0, 284) (x1 = 0)",
        "labels 0 0 1/3 at p241 = (0, -283), p242 = (0, -282), p243 = (0, -845/3)",
        "So the network has at least 16 positive and 16 negative neurons. It has no more",
        "Case 1: neurons 1 ... 16 positive, neurons 17 ... 32 negative.",
        "Name negative neurons 17 ... 32 by the places on line 1 where they bend",
        "Cases that exclude each other: [",
        "together (else the equations at p273 = (70, 0) with label 1",
        "steps of propagation end in the empty clause. Every step: --proof --full",
    ):
        assert part in text
    assert re.search(r"neurons 1, 2, 17, 18: D\d+ or D\d+ D\d+: at p\d+ = \(-?2, -280\) 17 o(n|ff), 18 o(n|ff);", text)
    assert max(map(len, done.out.splitlines())) <= 130
    assert done.out.count("\n") < 150


def test_full_has_every_step(certify, four_triples):
    short, full = (certify("show", four_triples, "--proof", *words).out for words in ([], ["--full"]))
    lines = list(proof_lines(four_triples))
    assert full.startswith(short.removesuffix("\nEvery step: --proof --full\n"))
    assert full.splitlines()[-len(lines) - 1] == "" and f"{len(lines):>6}  this case is closed" in full
    data = certify("show", four_triples, "--proof", "--full", "--json").json
    assert [step["line"] for step in data["proof"]] == lines and all(step["words"] for step in data["proof"])


def test_four_triples_as_json(certify, four_triples):
    data = certify("show", four_triples, "--proof", "--json").json["outline"]
    assert (data["method"], data["theorem"], data["contradiction"], data["forced"]) == ("direct", None, None, False)
    assert {(number - 1) // 4 for number in data["source"]["clauses"]} == {0, 1, 2, 3}
    assert [(len(line["points"]), {sign: len(p) for sign, p in line["places"].items()}) for line in data["lines"]][:3] == [
        (104, {"+": 16, "-": 16}),
        (72, {"+": 16, "-": 16}),
        (72, {"+": 16, "-": 16}),
    ]
    (split,) = data["splits"]
    assert split["split"] == "16" and [1, 2] in split["pairs"]
    assert split["labels"] == [
        {"class": "+", "line": 1, "neurons": [1, 16]},
        {"class": "-", "line": 1, "neurons": [17, 32]},
    ]
    cases = {case["case"] for case in split["cases"]}
    covered = [name for cover in split["covers"] for name in cover["cases"]]
    assert covered and set(covered) <= cases and all(set(row["cases"]) <= cases for row in split["exclusions"])
    lines = list(proof_lines(four_triples))
    for row in split["exclusions"]:
        head = f" {row['step']} {' '.join('-' + name.lower() for name in row['cases'])} : "
        assert any(line[1:].startswith(head) for line in lines)
    # The instance: every kink is one.
    points = {int(i): (tuple(map(Fraction, p["x"])), Fraction(p["y"])) for i, p in data["points"].items()}
    for line in data["lines"][:3]:
        for sign, places in line["places"].items():
            for p, q, r in places:
                (x, a), (y, b), (z, c) = points[p], points[q], points[r]
                share = (y[1] - x[1]) / (z[1] - x[1])
                assert (b < a + share * (c - a)) == (sign == "+")
    assert split["end"]["kind"] == "v" and split["end"]["words"] == []


def test_own_data(certify):
    assert certify("width", FAN, "-o", "fan").first == "YES"
    text = flat(certify("show", "fan-no.cert", "--proof").out)
    for part in (
        "Suppose that 2 relu neurons fit the 35 points",
        "line 1: 7 points from p1 = (30, 0) to p31 = (90, 0) (x2 = 0)",
        "line 1, upwards: labels 0 0 20 at p6 = (40, 0), p11 = (50, 0), p16 = (60, 0)",
        "So the network has at least 1 positive and 1 negative neurons.",
        "Case 1: neuron 1 positive, neuron 2 negative.",
        "p4 = (30, 75) with label 10",
        "(else the equation at p4 fails)",
    ):
        assert part in text
    assert "this case is closed" not in text
    data = certify("show", "fan-no.cert", "--proof", "--json").json["outline"]
    numbers = [row["step"] for row in (*data["splits"][0]["facts"], *data["splits"][0]["patterns"])]
    assert sorted(numbers) == list(range(1, data["splits"][0]["end"]["step"]))
    assert certify("show", "fan-yes.cert", "--proof", "--json").json["outline"] is None


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("order + 3", "number the other neurons of class + by their values at p3"),
        ("order * 3", "number the other neurons of class * by their values at p3"),
        ("order * 3 1", "number the other neurons of class * by their words of signs at p3, p1"),
        ("order * a 3 1", "number the other neurons of class * by their coefficients, equal ones by words of signs at p3, p1"),
        ("order * a 3", "number the other neurons of class * by their coefficients, equal ones by words of signs at p3"),
        ("order * a", "number the other neurons of class * by their coefficients"),
        ("l 7 2 1", "clause 7: at place 1 of the order neuron 2 is off or the next one on"),
        ("l 7 2 3 < >", "clause 7: at place 3 of the order neuron 2 is off or the next one on, if both are off on before"),
        ("l 7 2 1 4 5", "clause 7: if D4 and D5, at place 1 of the order neuron 2 is off or the next one on"),
        ("l 7 2 2 > 4 5", "clause 7: if D4 and D5, at place 2 of the order neuron 2 is off or the next one on, if both are on before"),
        ("e 9 4 : d4:1 a1:-1", "clause 9: D4, as D4 is a sum of 1 item (a1)"),
        ("e 9 4 -d5 1<2 : d5:1 d4:-1/2 e3:1 r8:2", "clause 9: D4 or not D5 or z1(p2) < 0, as D4 is a sum of 3 items (p3; row 8; D5)"),
        ("q 4 1/2 1 3", "let D4 be: alpha + a1 + a3 = 1/2"),
        ("p 5 4 2", "clause 5: D4, if just its neurons are on at p2"),
    ],
)
def test_orders_and_sums_in_words(line, says):
    assert readable(line) == says


def waves(path, lines):
    """Two threshold neurons do not fit these, by their coefficients."""
    data = TrainingInstance.of([[0], [1], [2], [3]], [1, 2, 1, 2], width=2, activation="threshold")
    Certificate(Claim.of("NO", "data", data), data, refutation=["split *", *lines, "qed"]).save(path)


def test_an_order_by_coefficients(certify, tmp_path):
    waves(tmp_path / "x.cert", WAVES)
    done = certify("show", "x.cert", "--proof")
    assert (done.code, done.err) == (0, "")
    text = flat(done.out)
    for part in (
        "2 equations that follow from others",
        "Name the others of class * by their coefficients, equal ones by their signs, off before on, at p3 = (2).",
        "D3: alpha + a1 + a2 = 1 (at p1 = (0), p3 = (2))",
        "Sums that follow from others: [80] D2 from D1 and D6 [81] D1 from D2 and D6",
        "[61] not D1 and D4 together (no coefficients in this order have these sums)",
        "[66] not D2 and D4 together (no coefficients in this order have these sums)",
    ):
        assert part in text, part
    (split,) = certify("show", "x.cert", "--proof", "--json").json["outline"]["splits"]
    assert split["orders"] == [{"class": "*", "by": "coefficients", "points": [3]}]
    assert split["derived"] == [
        {"step": 80, "case": "D2", "unless": ["-d1", "-d6"], "points": []},
        {"step": 81, "case": "D1", "unless": ["-d2", "-d6"], "points": []},
    ]
    assert split["sums"][2] == {"case": "D3", "neurons": [1, 2], "value": "1", "points": [1, 3]}
    # sums that no point has, equations of points, no points of the order
    more = ["order * a" if line == ORDER else line for line in WAVES]
    more = [line for line in more if line != WORD]
    waves(tmp_path / "y.cert", [*more[:7], "q 7 5 2", "e 8 3 1<4 2<4 t1 : d3:1 e4:-1", *more[7:]])
    text = flat(certify("show", "y.cert", "--proof").out)
    assert "by their coefficients. " in text and " D7: alpha + a2 = 5 Sums" in text
    assert "[8] D3 or z_1 < 0 at p4 = (3) or z_2 < 0 at p4 = (3) or neuron 1 was turned" in text
    outline = certify("show", "y.cert", "--proof", "--json").json["outline"]
    assert outline["splits"][0]["orders"] == [{"class": "*", "by": "coefficients", "points": []}]
    assert outline["splits"][0]["derived"][0]["points"] == [4] and "4" in outline["points"]


def test_orders_by_values_and_by_signs(certify, tmp_path):
    for order, by, points, says in (
        ("order * 3", "values", [3], "by their values at p3 = (2)."),
        ("order * 3 1", "signs", [3, 1], "by their signs, off before on, at p3 = (2), then p1 = (0)."),
    ):
        waves(tmp_path / "x.cert", [order, "v 1 : 1"])
        assert says in flat(certify("show", "x.cert", "--proof").out)
        (split,) = certify("show", "x.cert", "--proof", "--json").json["outline"]["splits"]
        assert split["orders"] == [{"class": "*", "by": by, "points": points}]


@pytest.mark.parametrize(
    ("text", "words", "says"),
    [
        ("x,y\n0,0\n1,0\n2,1\n3,1\n4,2\n", ["--width", "2"], "So the network has at least 2 positive and 1 negative neurons. It has 2: a contradiction."),
        ("x,y\n0,0\n1,1\n2,0\n3,1\n", ["--width", "2", "--activation", "threshold"], "at least 3 neurons. It has 2: a contradiction."),
        ("x,y\n0,0\n1,1\n2,0\n", ["--width", "5", "--convex"], "Suppose that 5 relu neurons fit the 3 points p1, p2"),
        ("x,y\n0,1\n1,2\n0,3\n", ["--width", "9"], "p1 = (0) and p3 = (0) are one point with two labels, 1 and 3: a contradiction."),
        ("x,y\n0,1\n0,3\n", ["--width", "1", "--loss", "l1", "--gamma", "3/2"], "Suppose that 1 relu neuron meets a total loss l1 of 3/2 on the 2 points p1, p2"),
        ("x,y\n0,1\n0,3\n", ["--width", "1", "--loss", "l1", "--gamma", "3/2"], "It is even less than that: a contradiction."),
        ("x,y\n0,1\n1,5\n", ["--width", "0", "--loss", "l0", "--gamma", "1"], "What is left is a contradiction"),
        ("a,b,y\n0,0,0\n1,0,1\n0,1,1\n1,1,3\n2,1,4\n1,2,4\n2,2,5\n", ["--width", "2", "--convex", "--method", "tree"], "Case 1: neurons 1 ... 2 positive, no negative neurons."),
        ("x,y\n5,7\n", ["--width", "0"], "What is left is a contradiction (the equation at p1 = (5) with label 7 fails)."),
    ],
)
def test_proofs_of_other_kinds(certify, text, words, says):
    assert certify("fit", "-", *words, "-o", "x.cert", stdin=text).first == "NO"
    done = certify("show", "x.cert", "--proof")
    assert done.code == 0 and says in flat(done.out)
    assert certify("show", "x.cert", "--proof", "--full").code == 0


def test_by_theorem(certify):
    path = ARCHIVE / "poits-relu-by-theorem" / "affine-plane.cert"
    text = flat(certify("show", path, "--proof").out)
    assert "They use 7 of its 12 clauses" in text and "(v1 v4 v7)" in text
    assert text.endswith("By Theorem 1, from the data to the source, a network of the claimed width for the data would give a solution of the source. So there is none.")
    data = certify("show", path, "--proof", "--json").json["outline"]
    assert (data["method"], data["theorem"], data["splits"]) == ("theorem", "Theorem 1", [])
    graph = "p edge 4 4\nk 3\ne 1 2\ne 2 3\ne 3 4\ne 1 4\n"
    certify("prove", "--from", "clique", "--to", "relu", "-", "-o", "g.cert", stdin=graph)
    assert "By Theorem 7, from the data to the source" in flat(certify("show", "g.cert", "--proof").out)


def test_incomplete(certify):
    with opened(ARCHIVE / "poits-relu-by-theorem" / "affine-plane.cert") as file:
        text = file.read().decode()
    Path("x.cert").write_text(text.replace("\nrefutation theorem\n", "\nrefutation none\n"))
    assert "There is no proof: the certificate is INCOMPLETE." in certify("show", "x.cert", "--proof").out


def samples() -> list[Path]:
    """The smallest NO of every part of the archive, and of the losses."""
    found: dict[str, Path] = {}
    for path in sorted(ARCHIVE.glob("*/*.cert*"), key=lambda path: path.stat().st_size):
        with opened(path) as file:
            head = file.read(200).decode()
        if "verdict NO" in head and "refutation" not in head:
            found.setdefault(f"{path.parent.name} {'loss' if 'loss' in head else ''}", path)
    return sorted(found.values())


@pytest.mark.parametrize("path", samples(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_archive(certify, path):
    done = certify("show", path, "--proof")
    assert (done.code, done.err) == (0, "")
    assert any(end in flat(done.out) for end in ("contradiction", "So there is none", "empty clause"))
    data = certify("show", path, "--proof", "--json").json["outline"]
    assert data == json.loads(json.dumps(data)) and data["method"] in ("direct", "theorem")


def test_the_examples_of_the_documentation():
    """A line of a proof, and under it what it says."""
    text = (ROOT / "docs" / "direct_refutation.md").read_text()
    blocks = re.findall(r"```proof\n(.*?)```", text, flags=re.DOTALL)
    assert len(blocks) >= 8
    for block in blocks:
        line, *words = block.strip().split("\n")
        assert flat(readable(line)) == flat(" ".join(words))


def test_usage(certify, four_triples):
    done = certify("show", four_triples, "--full")
    assert (done.code, done.out) == (2, "") and "--full belongs to --proof" in done.err
    assert PROBLEMS["poits"].parse(FOUR_TRIPLES.read_text(), None).variables == 4
