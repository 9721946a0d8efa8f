"""The independent checker: the file format, recipes, witnesses, and what is said of the source.

Everything is written by hand from docs/format/v1.md; the expected points are computed here with fractions, straight
from the formulas of its section 3.
"""

from __future__ import annotations

import gzip
import hashlib
import itertools
import random
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from certify import verify
from certify.verify import Limits, Result, check_bytes, check_file, check_text, main

Row = tuple[Fraction, ...]  # x_1 ... x_d y


def digest_of(rows: list[str], width: int, activation: str, signs: str = "free", dimension: int | None = None) -> str:
    dimension = len(rows[0].split()) - 1 if dimension is None else dimension
    head = (
        f"certify-instance 1\nactivation {activation}\nsigns {signs}\nloss exact\nwidth {width}\n"
        f"dimension {dimension}\npoints {len(rows)}\n"
    )
    return hashlib.sha256((head + "".join(row + "\n" for row in rows)).encode()).hexdigest()


def seal(body: str) -> str:
    return body + f"sha256 {hashlib.sha256(body.encode()).hexdigest()}\n"


def text_of(
    source: list[str],
    rows: list[str],
    width: int,
    body: list[str],
    *,
    recipe: str = "data",
    activation: str = "relu",
    signs: str = "free",
    verdict: str = "YES",
    dimension: int | None = None,
) -> str:
    """A certificate; `rows` are the canonical points, written into the file only for `data`."""
    dimension = len(rows[0].split()) - 1 if dimension is None else dimension
    head = ["certify 1", f"verdict {verdict}", f"activation {activation}", f"signs {signs}", f"width {width}"]
    head.append(f"from {recipe}")
    if recipe != "data":
        head += [f"source {len(source)}", *source]
    head.append(f"instance {len(rows)} {dimension} {digest_of(rows, width, activation, signs, dimension)}")
    lines = head + (rows if recipe == "data" else []) + body + ["end", ""]
    return seal("\n".join(lines))


def accepted(result: Result, verdict: str = "YES") -> None:
    assert (result.status, result.verdict, result.code) == ("VERIFIED", verdict, "verified"), result
    assert result.line is None


def rejected(result: Result, code: str) -> None:
    assert (result.status, result.code) == ("REJECTED", code), result
    assert result.line is not None


# -- the file --------------------------------------------------------------------------------------------------

ROWS = ["0 0", "1/2 1/2", "1 1", "-3 0"]
GOOD = text_of([], ROWS, 1, ["witness 1", "1 0 1"])


def edit(old: str, new: str, text: str = GOOD) -> Result:
    """The certificate with one change in its body, sealed again."""
    body = text[: text.rindex("sha256")]
    assert body.count(old) == 1, old
    return check_text(seal(body.replace(old, new)))


def test_the_good_file() -> None:
    result = check_text(GOOD)
    accepted(result)
    assert result.stats == {"points": 4, "dimension": 1, "width": 1}
    accepted(check_bytes(GOOD.encode()))
    accepted(check_bytes(gzip.compress(GOOD.encode())))
    accepted(check_text(GOOD + "provenance certify 1.2\nprovenance seed 3\n"))


def test_comments_and_empty_lines() -> None:
    accepted(edit("verdict YES\n", "# a comment\n\nverdict YES\n#\n"))
    accepted(edit("1/2 1/2\n", "\n1/2 1/2\n# more\n"))
    rejected(check_text("# first\n" + GOOD), "version")
    rejected(check_text("\n" + GOOD), "version")
    rejected(check_text(GOOD + "# after\n"), "trailer")
    rejected(check_text(GOOD + "\n"), "trailer")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("certify 1\n", "certify 2\n", "version"),
        ("certify 1\n", "certify  1\n", "version"),
        ("verdict YES", "verdict MAYBE", "header"),
        ("verdict YES", "verdict", "header"),
        ("verdict YES", "verdict YES ", "header"),
        ("verdict YES", " verdict YES", "header"),
        ("verdict YES", "verdict NO", "section"),
        ("verdict YES\nactivation relu", "activation relu\nverdict YES", "header"),
        ("activation relu", "activation gelu", "header"),
        ("activation relu", "activation threshold", "hash-mismatch"),
        ("signs free", "signs any", "header"),
        ("signs free", "signs convex", "hash-mismatch"),
        ("signs free", "signs concave", "hash-mismatch"),
        ("activation relu\nsigns free", "activation threshold\nsigns convex", "header"),
        ("width 1\n", "width 2\n", "hash-mismatch"),
        ("width 1\n", "width 01\n", "number"),
        ("width 1\n", "width -1\n", "number"),
        ("width 1\n", "width 1.0\n", "number"),
        ("width 1\n", "width x\n", "number"),
        ("from data", "from poits", "recipe"),
        ("from data", "from ../data", "recipe"),
        ("instance 4 1", "instance 3 1", "hash-mismatch"),
        ("instance 4 1", "instance 5 1", "number"),
        ("instance 4 1", "instance 4 2", "point"),
        ("instance 4 1", "instance 4 0", "number"),
        ("instance 4 1", "instance 100000001 1", "instance-too-large"),
        ("instance 4 1 ", "instance 4 1 A", "header"),
        ("instance 4 1 ", "instance 4 ", "header"),
        ("1/2 1/2\n", "1/2 1/2 0\n", "point"),
        ("1/2 1/2\n", "1/2 1/3\n", "hash-mismatch"),
        ("1/2 1/2\n", "2/4 1/2\n", "number"),
        ("1/2 1/2\n", "1/2 +1/2\n", "number"),
        ("1/2 1/2\n", "1/2  1/2\n", "point"),
        ("1/2 1/2\n", "1/2\t1/2\n", "point"),
        ("1/2 1/2\n", "1/2 1/2\r\n", "number"),
        ("1/2 1/2\n", "1/2 1/0\n", "number"),
        ("1/2 1/2\n", "1/2 1/-2\n", "number"),
        ("1/2 1/2\n", "1/2 1/2/1\n", "number"),
        ("1/2 1/2\n", "1/2 0.5\n", "number"),
        ("1/2 1/2\n", "1/2 5e-1\n", "number"),
        ("1/2 1/2\n", "1/2 nan\n", "number"),
        ("1/2 1/2\n", "1/2 1_0\n", "number"),
        ("1 1\n-3", "1/1 1\n-3", "number"),
        ("1 1\n-3", "01 1\n-3", "number"),
        ("-3 0", "-3 -0", "number"),
        ("-3 0", "--3 0", "number"),
        ("witness 1", "witness 2", "width-mismatch"),
        ("witness 1", "witness", "section"),
        ("witness 1", "refutation none", "section"),
        ("1 0 1\nend", "1 0\nend", "neuron"),
        ("1 0 1\nend", "1 0 1 1\nend", "neuron"),
        ("1 0 1\nend", "end", "neuron"),
        ("1 0 1\nend", "1 0 1\n1 0 1\nend", "no-end"),
        ("1 0 1\nend", "2 0 1\nend", "coefficient"),
        ("1 0 1\nend", "1/2 0 2\nend", "coefficient"),
        ("1 0 1\nend", "0 0 1\nend", "coefficient"),
        ("1 0 1\nend", "-1 0 1\nend", "label-mismatch"),
        ("1 0 1\nend", "1 0 2\nend", "label-mismatch"),
        ("1 0 1\nend", "1 1/1000000 1\nend", "label-mismatch"),
        ("1 0 1\nend", "1 0 1\nsolution 1\nend", "no-end"),
        ("1 0 1\nend", "1 0 1\nend ", "no-end"),
        ("1 0 1\nend", "1 0 1\nEND", "no-end"),
    ],
)
def test_one_change(old: str, new: str, code: str) -> None:
    rejected(edit(old, new), code)


def test_the_end_of_the_file() -> None:
    body, digest = GOOD[: GOOD.rindex("sha256")], GOOD[GOOD.rindex("sha256") :]
    rejected(check_text(body), "trailer")
    rejected(check_text(body + digest[:-1]), "no-newline")
    rejected(check_text(body + digest.upper().replace("SHA256", "sha256")), "trailer")
    rejected(check_text(body + "sha256 " + "0" * 64 + "\n"), "file-hash-mismatch")
    rejected(check_text(body.replace("witness", "# x\nwitness") + digest), "file-hash-mismatch")
    rejected(check_text(GOOD + digest), "trailer")
    rejected(check_text(GOOD + "anything\n"), "trailer")
    rejected(check_text(body[:-4]), "truncated")
    rejected(check_text(""), "version")
    rejected(check_text("certify 1\n"), "truncated")
    rejected(check_text("certify 1"), "no-newline")
    for cut in range(0, len(body), 7):
        assert check_text(body[:cut]).status == "REJECTED"


def test_bytes_that_are_not_ascii() -> None:
    rejected(check_text(GOOD.replace("certify 1\n", "certify 1\n# \u00e9\n")), "not-ascii")
    rejected(check_text(GOOD.replace("1/2 1/2", "1/2 \u0661/2")), "not-ascii")
    rejected(check_bytes(b"\xff\xfe" + GOOD.encode("utf-16-le")), "not-ascii")
    assert check_bytes(bytes(range(256))).status == "REJECTED"


def test_limits() -> None:
    huge = "1" * 100_001
    rejected(edit("-3 0", f"{huge} 0"), "number-too-large")
    rejected(edit("-3 0", f"-{huge} 0"), "number-too-large")
    rejected(edit("-3 0", f"1/{huge} 0"), "number-too-large")
    rejected(edit("width 1\n", f"width {huge}\n"), "number-too-large")
    rejected(
        check_text(GOOD.replace("from data", "# " + "x" * 200 + "\nfrom data"), limits=Limits(line=100)),
        "line-too-long",
    )
    rejected(check_text(GOOD, limits=Limits(size=100)), "file-too-large")
    rejected(check_text(GOOD, limits=Limits(cells=3)), "instance-too-large")
    result = check_text(GOOD, limits=Limits(seconds=-1.0))
    assert (result.status, result.code) == ("INCOMPLETE", "out-of-time")


def test_long_numbers_are_read() -> None:
    before = sys.get_int_max_str_digits()
    big = "9" * 99_999
    accepted(check_text(text_of([], [f"{big} {big}", "0 0"], 1, ["witness 1", "1 0 1"])))
    accepted(check_text(text_of([], [f"1/1{'0' * 9_999} 1/1{'0' * 9_999}"], 1, ["witness 1", "1 0 1"])))
    assert sys.get_int_max_str_digits() == before


def test_common_denominators_are_bounded() -> None:
    row = " ".join(f"1/1{'0' * 3998}{i}" for i in range(1001, 1301, 2))
    rejected(check_text(text_of([], [f"{row} 0"], 0, ["witness 0"])), "number-too-large")


def test_gzip_that_is_damaged() -> None:
    packed = gzip.compress(GOOD.encode())
    for cut in (3, 9, 15, len(packed) // 2, len(packed) - 3):
        rejected(check_bytes(packed[:cut]), "gzip-corrupt")
    flipped = bytearray(packed)
    flipped[-6] ^= 1
    rejected(check_bytes(bytes(flipped)), "gzip-corrupt")
    rejected(check_bytes(packed + b"x"), "gzip-corrupt")
    bomb = gzip.compress(b"certify 1\n" + b"#" * 20_000_000)
    rejected(check_bytes(bomb), "line-too-long")
    rejected(
        check_bytes(gzip.compress(b"certify 1\n" + b"#\n" * 2_000_000), limits=Limits(size=10**6)), "file-too-large"
    )


# -- the command line --------------------------------------------------------------------------------------------


def test_files_folders_and_exit_codes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, packed, bad, open_ = (tmp_path / name for name in ("b.cert", "sub/a.cert.gz", "bad.cert", "open.cert"))
    packed.parent.mkdir()
    good.write_text(GOOD)
    packed.write_bytes(gzip.compress(GOOD.encode()))
    (tmp_path / "notes.txt").write_text("no certificate")
    assert main([str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"VERIFIED YES {good}\nVERIFIED YES {packed}\n"
    open_.write_text(text_of([], ROWS, 1, ["refutation none"], verdict="NO"))
    assert main([str(tmp_path)]) == 3
    assert f"INCOMPLETE {open_}: the certificate contains no refutation\n" in capsys.readouterr().out
    bad.write_text(GOOD.replace("witness 1", "witness 2"))
    assert main([str(bad)]) == 1
    assert capsys.readouterr().out.startswith(f"REJECTED {bad}: line 12: ")
    assert main([str(tmp_path)]) == 1
    assert main([str(tmp_path / "missing.cert")]) == 2
    assert main([str(good), str(tmp_path / "missing.cert")]) == 2
    assert main([str(bad), str(tmp_path / "missing.cert")]) == 1
    empty = tmp_path / "empty"
    empty.mkdir()
    assert main([str(empty)]) == 2
    with pytest.raises(SystemExit) as usage:
        main([])
    assert usage.value.code == 2
    with pytest.raises(OSError, match="missing"):
        check_file(tmp_path / "missing.cert")


def test_it_runs_alone(tmp_path: Path) -> None:
    """As a script in an isolated interpreter, without the package on its path."""
    copy = tmp_path / "verify.py"
    copy.write_text(Path(verify.__file__).read_text())
    (tmp_path / "good.cert").write_text(GOOD)
    command = [sys.executable, "-I", "-S", "verify.py", "good.cert"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "VERIFIED YES good.cert\n", "")


# -- witnesses ---------------------------------------------------------------------------------------------------


def text(row: Row) -> str:
    return " ".join(str(x) for x in row)


def value(neurons: list[tuple[Fraction, ...]], x: Row, activation: str) -> Fraction:
    """a b w_1 ... w_d, evaluated as written."""
    total = Fraction(0)
    for a, b, *w in neurons:
        z = sum((p * q for p, q in zip(w, x, strict=True)), b)
        if z > 0:
            total += a * z if activation == "relu" else a
    return total


@pytest.mark.parametrize("activation", ["relu", "threshold"])
@pytest.mark.parametrize("dimension", [1, 2, 3])
def test_random_witnesses(activation: str, dimension: int) -> None:
    rng = random.Random(f"{activation}{dimension}")
    for size in (0, 1, 2, 5, 17, 40):
        small = [Fraction(n, d) for n in range(-3, 4) for d in (1, 2, 3)]
        neurons = [
            (
                Fraction(rng.choice((1, -1))) if activation == "relu" else rng.choice(small),
                *(rng.choice(small) for _ in range(dimension + 1)),
            )
            for _ in range(size)
        ]
        points = [tuple(rng.choice(small) for _ in range(dimension)) for _ in range(60)]
        rows = [(*x, value(neurons, x, activation)) for x in points]
        body = [f"witness {size}", *map(text, neurons)]
        accepted(check_text(text_of([], list(map(text, rows)), size, body, activation=activation)))
        at = rng.randrange(len(rows))
        rows[at] = (*rows[at][:-1], rows[at][-1] + Fraction(1, 1000))
        result = check_text(text_of([], list(map(text, rows)), size, body, activation=activation))
        rejected(result, "label-mismatch")
        assert f"at point {at + 1} " in result.reason


def test_ties_of_a_threshold_neuron_are_off() -> None:
    for a, w, labels in (("5", "1", "0 0 5"), ("5", "-1", "5 0 0"), ("-2/3", "1/7", "0 0 -2/3")):
        for lift in ("", " 0"):
            rows = [f"{x}{lift} {y}" for x, y in zip(("1", "2", "3"), labels.split(), strict=True)]
            bias = str(-2 * Fraction(w))
            accepted(check_text(text_of([], rows, 1, ["witness 1", f"{a} {bias} {w}{lift}"], activation="threshold")))
    rows = ["1 1 0", "1 2 1", "1 0 0", "2 2 0", "2 3 1"]  # x_2 > x_1 and, with w_2 < 0, x_2 < x_1
    accepted(check_text(text_of([], rows, 1, ["witness 1", "1 0 -1 1"], activation="threshold")))
    rows = ["1 1 0", "1 2 0", "1 0 1", "2 2 0", "2 3 0"]
    accepted(check_text(text_of([], rows, 1, ["witness 1", "1 0 1 -1"], activation="threshold")))


def test_constant_neurons_and_no_points() -> None:
    accepted(check_text(text_of([], ["0 3", "7 3"], 3, ["witness 3", "1 2 0", "1 1 0", "-1 -5 0"])))
    accepted(check_text(text_of([], ["0 1/2"], 2, ["witness 2", "1/2 1 0", "9 0 0"], activation="threshold")))
    accepted(check_text(text_of([], [], 1, ["witness 1", "1 2 3"], dimension=1)))
    accepted(check_text(text_of([], [], 0, ["witness 0"], dimension=2)))


def test_signs_of_a_witness() -> None:
    rows, body = ["0 0", "1 1"], ["witness 1", "1 0 1"]
    accepted(check_text(text_of([], rows, 1, body, signs="convex")))
    rejected(check_text(text_of([], rows, 1, body, signs="concave")), "coefficient")
    accepted(check_text(text_of([], ["0 0", "1 -1"], 1, ["witness 1", "-1 0 1"], signs="concave")))
    rejected(check_text(text_of([], ["0 0", "1 -1"], 1, ["witness 1", "-1 0 1"], signs="convex")), "coefficient")


def test_many_crossing_lines() -> None:
    """Lines of all slopes and both orientations: many chains, ties included."""
    rng = random.Random(5)
    for activation in ("relu", "threshold"):
        neurons = [
            (
                Fraction(rng.choice((1, -1))),
                Fraction(rng.randrange(-9, 10)),
                Fraction(rng.randrange(-4, 5)),
                Fraction(rng.randrange(-2, 3), rng.choice((1, 2))),
            )
            for _ in range(120)
        ]
        points = [(Fraction(rng.randrange(-8, 9)), Fraction(rng.randrange(-16, 17), 2)) for _ in range(150)]
        rows = [text((*x, value(neurons, x, activation))) for x in points]
        accepted(check_text(text_of([], rows, 120, ["witness 120", *map(text, neurons)], activation=activation)))


# -- recipes -------------------------------------------------------------------------------------------------------


def relu_points(n: int, clauses: list[tuple[int, int, int]]) -> Iterator[Row]:
    m = len(clauses)
    big = max(m, 1)
    delta, spacing, eps = Fraction(1, 2 * big), 16 * big + 6, Fraction(1, 3)
    slopes_of = [
        (j * spacing, [(2 * j - 2) * delta - 1, (2 * j - 1) * delta - 1, 2 * j * delta - 1]) for j in range(1, m + 1)
    ]
    slopes_of += [(-i * spacing, [Fraction(-1), Fraction(1)]) for i in range(1, n + 1)]
    for z, s in slopes_of:
        lo, hi = eps * s[0], eps * s[-1]
        for x2, y in zip(
            ["-4", "-3", "-2", "-5/3", "-4/3", "-1", "0", "1", "4/3", "5/3", "2", "3", "4"],
            ["0", "0", "0", "1/3", "2/3", "1", "1", "1", "2/3", "1/3", "0", "0", "0"],
            strict=True,
        ):
            yield Fraction(0), Fraction(x2) + z, Fraction(y)
        left = [-4 - hi, -3 - hi, -2 - hi, -1 - lo, Fraction(0), 1 - hi, 2 - lo, 3 - lo, 4 - lo]
        right = [-4 + lo, -3 + lo, -2 + lo, -1 + hi, Fraction(0), 1 + lo, 2 + hi, 3 + hi, 4 + hi]
        for x1, row in ((-eps, left), (eps, right)):
            for x2, y in zip(row, (0, 0, 0, 1, 1, 1, 0, 0, 0), strict=True):
                yield x1, x2 + z, Fraction(y)
        for a, b in itertools.pairwise(s):
            yield -4 / (b - a), -2 * (a + b) / (b - a) + z, Fraction(0)
            yield 4 / (b - a), 2 * (a + b) / (b - a) + z, Fraction(0)
    yield from meeting_points(clauses, delta, spacing)


def threshold_points(n: int, clauses: list[tuple[int, int, int]]) -> Iterator[Row]:
    m = len(clauses)
    big = max(m, 1)
    delta, spacing, eps = Fraction(1, 2 * big), 24 * big + 6, Fraction(1, 3)
    tau = Fraction(1, 2 + 12 * spacing * max(m + n, 1))
    slopes_of = [
        (j * spacing, [(2 * j - 2) * delta - 1, (2 * j - 1) * delta - 1, 2 * j * delta - 1]) for j in range(1, m + 1)
    ]
    slopes_of += [(-i * spacing, [Fraction(-1), Fraction(1)]) for i in range(1, n + 1)]
    for z, s in slopes_of:
        lo, hi = eps * s[0], eps * s[-1]
        stripe = [-1 - tau, -1 + tau, 1 - tau, 1 + tau]
        for x1, shift in ((Fraction(0), [0, 0, 0, 0]), (eps, [lo, hi, lo, hi]), (-eps, [-hi, -lo, -hi, -lo])):
            for x2, more, y in zip(stripe, shift, (0, 1, 1, 0), strict=True):
                yield x1, x2 + more + z, Fraction(y)
        for a, b in itertools.pairwise(s):
            x = 3 / (b - a)
            yield x, x * a + 1 + tau + z, Fraction(0)
            yield x, x * b - 1 - tau + z, Fraction(0)
            yield -x, -x * a - 1 - tau + z, Fraction(0)
            yield -x, -x * b + 1 + tau + z, Fraction(0)
    yield from meeting_points(clauses, delta, spacing)


def meeting_points(clauses: list[tuple[int, int, int]], delta: Fraction, spacing: int) -> Iterator[Row]:
    for j, clause in enumerate(clauses, 1):
        for r, i in enumerate(clause, 1):
            s = (2 * j - 3 + r) * delta - 1
            x = spacing * (i + j) / (1 - s)
            yield x, x - spacing * i, Fraction(1)


def poits(n: int, clauses: list[tuple[int, int, int]], activation: str, body: list[str], **options: str) -> str:
    rows = list((relu_points if activation == "relu" else threshold_points)(n, clauses)) or [(Fraction(0), Fraction(0), Fraction(0))]
    source = [f"p cnf {n} {len(clauses)}", *(f"{a} {b} {c} 0" for a, b, c in clauses)]
    width = (4 if activation == "relu" else 2) * (n + len(clauses))
    return text_of(
        source, list(map(text, rows)), width, body, recipe=f"poits-{activation}", activation=activation, **options
    )


def levees(n: int, clauses: list[tuple[int, int, int]], true: set[int], activation: str) -> list[str]:
    """The witness of a solution: a levee a gadget, on slope s_r of a clause whose r-th literal is true."""
    big = max(len(clauses), 1)
    spacing = (16 if activation == "relu" else 24) * big + 6
    chosen = [
        (Fraction(2 * j - 3 + [v in true for v in c].index(True) + 1, 2 * big) - 1, j * spacing)
        for j, c in enumerate(clauses, 1)
    ]
    chosen += [(Fraction(-1 if i in true else 1), -i * spacing) for i in range(1, n + 1)]
    steps = ((1, 2), (-1, 1), (-1, -1), (1, -2)) if activation == "relu" else ((1, 1), (-1, -1))
    neurons = [f"{a} {t - z} {-s} 1" for s, z in chosen for a, t in steps]
    return [f"witness {len(neurons)}", *neurons]


FORMULAS = [
    (3, [(1, 2, 3)], {2}),
    (2, [(1, 2, 2)], {1}),
    (4, [(1, 2, 3), (2, 3, 4), (4, 1, 3)], {3}),
    (2, [], {1}),
    (5, [(5, 1, 2), (3, 5, 4)], {5}),
]


@pytest.mark.parametrize("activation", ["relu", "threshold"])
@pytest.mark.parametrize(("n", "clauses", "true"), FORMULAS)
def test_poits(n: int, clauses: list[tuple[int, int, int]], true: set[int], activation: str) -> None:
    body = levees(n, clauses, true, activation)
    solution = " ".join(["solution", *map(str, sorted(true))])
    good = poits(n, clauses, activation, [*body, solution])
    accepted(check_text(good))
    accepted(check_text(poits(n, clauses, activation, body)))
    wrong = {1, 2, 3, 4, 5} - true if clauses else {9}
    rejected(
        check_text(poits(n, clauses, activation, [*body, "solution " + " ".join(map(str, sorted(wrong)))])), "solution"
    )
    moved = poits(n, clauses, activation, [body[0], body[2], body[1], *body[3:]])
    accepted(check_text(moved))  # the order of the neurons is free
    rejected(check_text(poits(n, clauses, activation, [body[0], body[1], body[1], *body[3:]])), "label-mismatch")


@pytest.mark.parametrize("activation", ["relu", "threshold"])
def test_the_empty_formula(activation: str) -> None:
    accepted(check_text(poits(0, [], activation, ["witness 0", "solution"])))
    accepted(check_text(poits(0, [], activation, ["witness 0"])))


POITS = poits(3, [(1, 2, 3)], "relu", [*levees(3, [(1, 2, 3)], {2}, "relu"), "solution 2"])


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("source 2", "source 3", "source"),
        ("source 2", "source 1", "source"),
        ("p cnf 3 1", "p cnf 3 2", "source"),
        ("p cnf 3 1", "p cnf 4 1", "width-mismatch"),
        ("p cnf 3 1", "p cnf 2 1", "source"),
        ("p cnf 3 1", "p  cnf 3 1", "source"),
        ("p cnf 3 1", "c comment", "source"),
        ("1 2 3 0\n", "1 2 3\n", "source"),
        ("1 2 3 0\n", "1 2 -3 0\n", "number"),
        ("1 2 3 0\n", "1 2 0 0\n", "number"),
        ("1 2 3 0\n", "1 2 3 3 0\n", "source"),
        ("1 2 3 0\n", "1 3 2 0\n", "hash-mismatch"),
        ("1 2 3 0\n", "1 2 4 0\n", "source"),
        ("signs free", "signs convex", "signs-mismatch"),
        ("activation relu", "activation threshold", "activation-mismatch"),
        ("width 16", "width 15", "width-mismatch"),
        ("from poits-relu", "from poits-threshold", "activation-mismatch"),
        ("from poits-relu", "from data", "header"),
        ("instance 137 2", "instance 136 2", "points-mismatch"),
        ("instance 137 2", "instance 137 3", "dimension-mismatch"),
        ("solution 2", "solution 2 2", "solution"),
        ("solution 2", "solution 1 2", "solution"),
        ("solution 2", "solution", "solution"),
        ("solution 2", "solution 4", "solution"),
        ("solution 2", "solution 0", "number"),
        ("solution 2", "solution 2\nsolution 2", "no-end"),
    ],
)
def test_poits_with_one_change(old: str, new: str, code: str) -> None:
    rejected(edit(old, new, POITS), code)


def test_a_header_that_asks_for_too_much() -> None:
    huge = (
        "certify 1\nverdict NO\nactivation relu\nsigns free\nwidth {}\nfrom poits-relu\nsource 1\np cnf {} 0\ninstance {} 2 "
        + "0" * 64
        + "\n"
    )
    n = 10**9
    rejected(check_text(huge.format(4 * n, n, 33 * n)), "instance-too-large")
    rejected(check_text(huge.format(4, "9" * 15, 33)), "width-mismatch")
    rejected(check_text(huge.format(4, "1" + "0" * 15, 33)), "number-too-large")
    data = (
        "certify 1\nverdict NO\nactivation relu\nsigns free\nwidth 1\nfrom twohyp-relu\nsource 1\ntwohyp {} 0 0\ninstance 0 {} "
        + "0" * 64
        + "\n"
    )
    rejected(check_text(data.format(10**9, 10**9)), "width-mismatch")


def twohyp_rows(q: list[Row], p: list[Row], activation: str) -> list[Row]:
    rows = [(*x, Fraction(1)) for x in q] + [(*x, Fraction(0)) for x in p]
    if activation == "relu" and q and p:
        d = len(q[0])
        common = 1
        for x in q + p:
            for c in x:
                common = common * c.denominator // __import__("math").gcd(common, c.denominator)
        largest = max([Fraction(1)] + [abs(c) * common for x in q + p for c in x])
        factorial = 1
        for t in range(2, d + 2):
            factorial *= t
        delta = 1 / (4 * d * factorial * largest**d)
        for x in q:
            for y in p:
                if x != y:
                    rows.append((*((1 - delta) * a + delta * b for a, b in zip(x, y, strict=True)), Fraction(1)))
                    rows.append((*(delta * a + (1 - delta) * b for a, b in zip(x, y, strict=True)), Fraction(0)))
    return rows


def twohyp(q: list[Row], p: list[Row], activation: str, body: list[str], dimension: int, **options: str) -> str:
    source = [f"twohyp {dimension} {len(q)} {len(p)}", *map(text, q + p)]
    width = 4 if activation == "relu" else 2
    rows = list(map(text, twohyp_rows(q, p, activation)))
    return text_of(
        source, rows, width, body, recipe=f"twohyp-{activation}", activation=activation, dimension=dimension, **options
    )


def test_twohyp_on_the_line() -> None:
    q, p = [(Fraction(0),), (Fraction(1, 2),)], [(Fraction(-2),), (Fraction(3),)]
    # 1 between -1 and 1, 0 outside: x > -1 minus x > 1
    threshold = ["witness 2", "1 1 1", "-1 -1 1"]
    good = "solution 1 1 1 -1"
    accepted(check_text(twohyp(q, p, "threshold", [*threshold, good], 1)))
    accepted(check_text(twohyp(q, p, "threshold", [*threshold, "solution 1 1 -1 1"], 1)))
    rejected(check_text(twohyp(q, p, "threshold", [*threshold, "solution 0 1 1 -1"], 1)), "solution")  # 0 lies on it
    rejected(check_text(twohyp(q, p, "threshold", [*threshold, "solution 5 1 1 -1"], 1)), "solution")  # -2 with 0
    rejected(check_text(twohyp(q, p, "threshold", [*threshold, "solution 1 1 1"], 1)), "solution")
    rejected(check_text(twohyp(q, p, "threshold", [*threshold, "solution 1 1 1 -1 0"], 1)), "solution")
    # the two ramps of the ReLU network are steep enough for delta = 1/(4 * 2 * 6): [-1, -1/2] and [1, 3/2]
    relu = ["witness 4", "1 2 2", "-1 1 2", "-1 -2 2", "1 -3 2"]
    accepted(check_text(twohyp(q, p, "relu", [*relu, good], 1)))
    rejected(
        check_text(twohyp(q, p, "relu", ["witness 4", "1 2 2", "-1 1 2", "-1 -1 1", "1 -3 2"], 1)), "label-mismatch"
    )
    rejected(check_text(twohyp(q, p, "relu", ["witness 4", *["1 0 0"] * 4], 1)), "label-mismatch")


def test_twohyp_degenerate() -> None:
    for activation, width in (("relu", 4), ("threshold", 2)):
        one = [f"witness {width}", "1 1 0", *["1 0 0"] * (width - 1)]
        none = [f"witness {width}", *["1 0 0"] * width]
        accepted(check_text(twohyp([(Fraction(1, 3),), (Fraction(-7),)], [], activation, [*one, "solution 1 0 1 0"], 1)))
        accepted(check_text(twohyp([], [(Fraction(1), Fraction(2))], activation, [f"witness {width}", *["1 0 0 0"] * width], 2)))
        accepted(check_text(twohyp([], [], activation, none, 1)))
        same = twohyp(
            [(Fraction(1),)], [(Fraction(1),), (Fraction(2),)], activation, ["refutation lines", "contradiction 1 2"], 1, verdict="NO"
        )
        accepted(check_text(same), "NO")
        rejected(edit("contradiction 1 2", "contradiction 1 3", same), "contradiction-points")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("twohyp 1 2 2", "twohyp 1 2 3", "source"),
        ("twohyp 1 2 2", "twohyp 1 3 1", "hash-mismatch"),
        ("twohyp 1 2 2", "twohyp 0 2 2", "number"),
        ("twohyp 1 2 2", "twohyp 2 2 2", "source"),
        ("twohyp 1 2 2", "threehyp 1 2 2", "source"),
        ("1/2\n-2", "2/4\n-2", "number"),
        ("1/2\n-2", "1/2 0\n-2", "source"),
        ("1/2\n-2", "1/3\n-2", "hash-mismatch"),
        ("width 2", "width 4", "width-mismatch"),
    ],
)
def test_twohyp_with_one_change(old: str, new: str, code: str) -> None:
    q, p = [(Fraction(0),), (Fraction(1, 2),)], [(Fraction(-2),), (Fraction(3),)]
    rejected(edit(old, new, twohyp(q, p, "threshold", ["witness 2", "1 1 1", "-1 -1 1"], 1)), code)


def test_numbers_of_the_recipe_are_bounded() -> None:
    """delta of 4,000 coordinates with 400 digits each would have over a million digits."""
    source = ["twohyp 4000 1 1", " ".join(["1" + "0" * 400] * 4000), " ".join(["0"] * 4000)]
    rows = ["0 " * 4000 + "0"] * 4
    rejected(
        check_text(text_of(source, rows, 4, ["witness 4"], recipe="twohyp-relu", dimension=4000)), "number-too-large"
    )


# -- what is said of the source --------------------------------------------------------------------------------------

# (v1 v1 v1): the clause v1 and three times -v1
LRAT = ["source-refutation lrat", "5 0 1 2 0", "end-source"]


def incomplete(result: Result) -> None:
    assert (result.status, result.verdict, result.code) == ("INCOMPLETE", "NO", "refutation-none"), result


def no(clauses: list[tuple[int, int, int]], n: int, body: list[str]) -> Result:
    return check_text(poits(n, clauses, "relu", [*body, "refutation none"], verdict="NO"))


def test_source_refutations() -> None:
    one = [(1, 1, 1)]
    incomplete(no(one, 1, []))
    incomplete(no(one, 1, LRAT))
    incomplete(no(one, 1, ["source-refutation lrat", "5 d 3 4 0", "6 0 2 1 0", "end-source"]))
    triples = [(1, 2, 3), (1, 2, 4), (1, 3, 4), (2, 3, 4)]
    # clauses 1, 5, 9, 13 are the triples; 2 3 4, 6 7 8, 10 11 12, 14 15 16 their pairs
    proof = ["17 -1 0 2 3 7 13 0", "18 -2 0 2 4 8 9 0", "19 0 17 18 1 5 12 0"]
    incomplete(no(triples, 4, ["source-refutation lrat", *proof, "end-source"]))

    def bad(lines: list[str], code: str, clauses: list[tuple[int, int, int]] = one) -> None:
        rejected(no(clauses, 4, ["source-refutation lrat", *lines, "end-source"]), code)

    bad([], "lrat-incomplete")
    bad(["5 1 0 1 0"], "lrat-incomplete")
    bad(["5 2 0 1 0"], "lrat-hint")
    bad(["5 0 1 0"], "lrat-hint")
    bad(["5 0 1 2 3 0"], "lrat-hint")
    bad(["5 0 1 9 0"], "lrat-unknown-clause")
    bad(["5 0 0"], "lrat-hint")
    bad(["4 0 1 2 0"], "lrat-syntax")
    bad(["5 0 1 2"], "lrat-syntax")
    bad(["5 0 1 -2 0"], "number")
    bad(["5 0 1 02 0"], "number")
    bad(["5 9 0 1 2 0", "6 0 1 2 0"], "lrat-syntax")
    bad(["5 0 1 2 0", "6 0 1 2 0"], "lrat-syntax")
    bad(["5 d 1 0", "6 0 1 2 0"], "lrat-unknown-clause")
    bad(["5 d 1 1 0", "6 0 1 2 0"], "lrat-unknown-clause")
    bad(["0"], "number")
    bad(["5"], "lrat-syntax")
    bad(["17 -1 0 2 3 13 0", *proof[1:]], "lrat-hint", triples)
    bad(proof[:2], "lrat-incomplete", triples)


def test_sections_that_do_not_belong() -> None:
    rejected(check_text(text_of([], ROWS, 1, [*LRAT, "refutation none"], verdict="NO")), "section")
    rejected(check_text(text_of([], ROWS, 1, ["refutation none", "refutation none"], verdict="NO")), "no-end")
    rejected(check_text(text_of([], ROWS, 1, ["refutation"], verdict="NO")), "section")
    rejected(check_text(text_of([], ROWS, 1, ["witness 1", "1 0 1"], verdict="NO")), "section")
    rejected(no([(1, 1, 1)], 1, LRAT[:-1]), "number")
    q, p = [(Fraction(0),)], [(Fraction(1),)]
    rejected(check_text(twohyp(q, p, "relu", [*LRAT, "refutation none"], 1, verdict="NO")), "section")


def test_random_damage_is_never_a_traceback() -> None:
    """Thousands of small random changes: always a result, and never a verified one unless only a comment changed."""
    rng = random.Random(11)
    alphabet = "0123456789-/ .:#<>=abcdehgkrsuvwx+*\n"
    for text_ in (GOOD, POITS):
        body = text_[: text_.rindex("sha256")]
        for _ in range(150):
            changed = list(body)
            for _ in range(rng.randrange(1, 4)):
                at = rng.randrange(len(changed))
                action = rng.randrange(3)
                changed[at : at + (action > 0)] = rng.choice(alphabet) if action < 2 else ""
            result = check_text(seal("".join(changed)))
            assert result.status in ("VERIFIED", "REJECTED", "INCOMPLETE")
            assert result.code != "internal-error"
