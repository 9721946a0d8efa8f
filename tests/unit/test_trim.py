"""Trimming: the same claim, VERIFIED by both checkers, never larger, and what is superfluous is gone."""

from __future__ import annotations

import hashlib
import io
import random
import re
from collections.abc import Iterable
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import certify
from certify.certificate import Certificate, Claim, opened, proof_lines, read
from certify.errors import InputError, NotVerified, ParseError
from certify.instance import TrainingInstance
from certify.kernel import check_by_kernel, find_kernel
from certify.trimming import refutation, trim
from certify.trimming.steps import Proof, Step, needed, renumbered
from certify.trimming.strengthen import Strengthening
from certify.verify import check_bytes, check_file

from .test_verify_coefficients import PROOF as WAVES
from .test_verify_coefficients import SECOND

ROOT = Path(__file__).parents[2]
ARCHIVE = ROOT / "certificates"
BLOCKS = re.findall(r"```\n(certify 1\n.*?)```", (ROOT / "docs" / "format" / "v1.md").read_text(), flags=re.DOTALL)
EXAMPLES = [block for block in BLOCKS if "\nend\n" in block]
NO_BLOCKS = [block for block in EXAMPLES if "\nverdict NO\n" in block and "\nrefutation none\n" not in block]


def smallest() -> list[str]:
    """Of every part of the archive the smallest NO, and the smallest with each kind of step."""
    by_size = []
    for path in ARCHIVE.glob("*/*.cert*"):
        with opened(path) as file:
            text = file.read().decode()
        if "\nverdict NO\n" in text:
            by_size.append((len(text), str(path.relative_to(ARCHIVE)), {line.split(" ")[0] for line in text.split("\n")}))
    found: dict[str, str] = {}
    for _, name, kinds in sorted(by_size):
        found.setdefault(name.split("/")[0], name)
        for kind in kinds & {"contradiction", "forced", "order", *"nwbucdqplekrmv0"}:
            found.setdefault(kind, name)
    return sorted(set(found.values()))


def claim_lines(path: Path) -> list[str]:
    """All lines before the proof."""
    with opened(path) as file:
        lines = file.read().decode().split("\n")
    end = next(n for n, line in enumerate(lines) if line.startswith(("refutation ", "source-refutation")))
    return lines[:end]


def check_trimmed(path: Path, folder: Path) -> certify.TrimResult:
    """Trims a certificate, and asserts what holds for every trimmed one."""
    once, twice = folder / "once.cert", folder / "twice.cert"
    result = trim(path, once)
    status = check_file(once)
    assert (status.status, status.verdict) == ("VERIFIED", "NO"), (status.line, status.reason)
    assert status.theorem == check_file(path).theorem
    assert check_by_kernel(once, find_kernel()).status == check_by_kernel(path, find_kernel()).status
    assert claim_lines(once) == claim_lines(path) and read(once).claim == read(path).claim
    assert result.after.bytes == once.stat().st_size <= result.before.bytes
    assert result.after.lines <= result.before.lines
    assert result.after.steps == dict(read(once).steps) and result.before.steps == dict(read(path).steps)
    trim(once, twice)
    assert twice.read_bytes() == once.read_bytes()
    return result


@pytest.mark.parametrize("name", smallest())
def test_archive(name: str, tmp_path: Path) -> None:
    check_trimmed(ARCHIVE / name, tmp_path)


@pytest.mark.parametrize("block", NO_BLOCKS, ids=range(len(NO_BLOCKS)))
def test_examples_of_the_format(block: str, tmp_path: Path) -> None:
    (tmp_path / "x.cert").write_text(block)
    check_trimmed(tmp_path / "x.cert", tmp_path)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**6), st.sampled_from(["relu", "threshold"]), st.sampled_from(["free", "convex"]))
def test_random_data(tmp_path: Path, seed: int, activation: Any, signs: Any) -> None:
    """Refutations of one neuron fewer than some small random data need."""
    chance = random.Random(seed)
    rows = [[chance.randint(-2, 2), chance.randint(-2, 2)] for _ in range(7)]
    labels = [chance.randint(0, 2) for _ in rows]
    least = certify.width(rows, labels, activation=activation, signs="free" if activation == "threshold" else signs, output=tmp_path / "x")
    if "no" in least.paths:
        check_trimmed(least.paths["no"], tmp_path)


#: Two positive ReLUs on a grid.
ROWS = [[a, b] for a in range(4) for b in range(4)]
LABELS = [max(0, a - 1) + max(0, b - 2) for a, b in ROWS]


def of_lines(lines: Iterable[str], path: Path) -> Path:
    instance = TrainingInstance.of(ROWS, LABELS, width=1, activation="relu")
    file = io.BytesIO()
    Certificate(Claim.of("NO", "data", instance), instance, refutation=list(lines)).write(file)
    assert check_bytes(file.getvalue()).status == "VERIFIED", check_bytes(file.getvalue())
    path.write_bytes(file.getvalue())
    return path


PROOF = """\
line 1 2 3 4
slots 1 + 2 3 4
split 1
c 1 1>4 : e4:1 a4:-1
c 2 1>14 : e14:1 a14:-1
c 3 : 1>4:4 1>14:1 e7:-4 g1.7:4 e8:-2 g1.8:2 e14:1 a7:4 a8:2 a14:-1
qed
""".splitlines()


def changed(*changes: tuple[str, str]) -> list[str]:
    """The proof with pieces of its text replaced, each of which is there once."""
    text = "\n".join(PROOF)
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text.split("\n")


@pytest.mark.parametrize(
    "lines",
    [
        PROOF,
        # lines of data that nothing needs
        changed(("line 1 2 3 4", "line 1 2 3 4\nline 4 8 12 16\nline 13 14 15 16")),
        # a definition, a slot clause and a clause for nothing
        changed(("c 3 :", "d 3 1>1 1>2\nk 4 1 + 1\nv 5 -d3 1>1 : d3\nc 6 :")),
        # facts for nothing
        changed(("c 1 1>4", "u 1>12 : e12:1 a12:-1\nc 1 1>16 : e16:1 a16:-1\nc 2 1>4"), ("c 2 1>14", "c 3 1>14"), ("c 3 :", "c 4 :")),
        # literals, propagations and hints for nothing, a deletion
        changed(
            ("c 1 1>4", "c 1 1>4 1<1 1>2"),
            ("c 2 1>14", "c 2 1<=1 1>14"),
            (
                "c 3 :",
                "v 3 1>4 1>1 1<1 1>2 : 1\nx 3\nc 4 1>4 : e4:1 a4:-1\nc 5 1>14 : e14:1 a14:-1\nv 6 1>14 1>2 : 2 5\nc 7 :",
            ),
        ),
        # fractions
        changed(
            (
                "1>4:4 1>14:1 e7:-4 g1.7:4 e8:-2 g1.8:2 e14:1 a7:4 a8:2 a14:-1",
                "1>4:4/3 1>14:1/3 e7:-4/3 g1.7:4/3 e8:-2/3 g1.8:2/3 e14:1/3 a7:4/3 a8:2/3 a14:-1/3",
            )
        ),
        # items that cancel among themselves, as points 1, 2, 3 are in line
        changed(("e14:1 a14:-1\nc 3", "e14:1 a14:-1 a1:1/7 a2:-2/7 a3:1/7\nc 3")),
    ],
)
def test_what_is_superfluous_goes(lines: list[str], tmp_path: Path) -> None:
    path = of_lines(lines, tmp_path / "x.cert")
    result = check_trimmed(path, tmp_path)
    best = trim(of_lines(PROOF, tmp_path / "best.cert"))
    assert result.after.bytes <= best.after.bytes <= result.before.bytes
    assert list(result.certificate.refutation or ()) == list(best.certificate.refutation or ())


#: Two threshold neurons, and the proof by coefficients of tests/unit/test_verify_coefficients.py.
PLACES, VALUES = [[0], [1], [2], [3]], [1, 2, 1, 2]


def of_waves(lines: Iterable[str], path: Path) -> Path:
    instance = TrainingInstance.of(PLACES, VALUES, width=2, activation="threshold")
    file = io.BytesIO()
    Certificate(Claim.of("NO", "data", instance), instance, refutation=["split *", *lines, "qed"]).write(file)
    assert check_bytes(file.getvalue()).status == "VERIFIED", check_bytes(file.getvalue())
    path.write_bytes(file.getvalue())
    return path


@pytest.mark.parametrize(
    "second",
    [
        SECOND,
        "e 80 2 -d6 -d1 -d6 : d2:1 d6:-1 d1:1 a1:-1",
        "e 80 2 -d1 -d6 : d2:5/3 d6:-5/3 d1:5/3 a1:-5/3",
        "e 80 2 -d1 -d6 : d2:-12 d6:12 d1:-12 a1:12",
        "e 80 2 -d1 -d6 : d2:1 d6:-1 d1:1 a1:-1 a2:-1 a3:1",
        "e 80 2 -d1 -d6 : d2:1 d6:-1 d1:1 a1:-1/2 a2:-1/2",
    ],
)
def test_what_is_superfluous_in_an_equation(second: str, tmp_path: Path) -> None:
    given = [second if line == SECOND else line for line in WAVES]
    result = check_trimmed(of_waves(given, tmp_path / "x.cert"), tmp_path)
    lines = list(result.certificate.refutation or ())
    (short,) = (line for line in lines if re.match(r"e \d+ 2 ", line))
    literals, items = short.split(" : ")
    assert set(literals.split(" ")[3:]) == {"-d1", "-d6"} and len(literals.split(" ")) == 5
    assert sorted(re.sub("a[1-4]", "a1", items).split(" ")) in (
        ["a1:-1", "d1:1", "d2:1", "d6:-1"],
        ["a1:1", "d1:-1", "d2:-1", "d6:1"],
    )
    best = trim(of_waves(WAVES, tmp_path / "best.cert"))
    assert result.after == best.after


def test_an_equation_and_a_clause_of_the_order_for_nothing(tmp_path: Path) -> None:
    more = ["e 200 2 -d1 -d6 1>1 : d2:1 d6:-1 d1:1 a1:-1", "l 201 1 1 1 2", "q 202 7 1", "q 203 7 2", "l 204 1 1 202 203"]
    lines = [*WAVES[:-1], *more, WAVES[-1].replace("107", "205")]
    result = check_trimmed(of_waves(lines, tmp_path / "x.cert"), tmp_path)
    best = trim(of_waves(WAVES, tmp_path / "best.cert"))
    assert list(result.certificate.refutation or ()) == list(best.certificate.refutation or ())


@pytest.mark.parametrize("width", [2, 3])
def test_a_search_over_coefficients(width: int, tmp_path: Path) -> None:
    """The parity of three bits and two neurons, that of four and three."""
    rows = [list(bits) for bits in product((0, 1), repeat=width + 1)]
    found = certify.fit(rows, [sum(row) % 2 for row in rows], width, activation="threshold", output=tmp_path / "x.cert")
    assert found.verdict == "NO"
    result = check_trimmed(tmp_path / "x.cert", tmp_path)
    kinds = {"order", "q", "p", "e"} | ({"l"} if width == 3 else set())
    assert kinds <= set(result.before.steps) and kinds <= set(result.after.steps)
    assert any(line.startswith("order * a ") for line in result.certificate.refutation or ())


def test_a_faulty_procedure_changes_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Steps lost on the way: what comes out is VERIFIED all the same."""
    path = of_lines(changed(("c 3 :", "d 3 1>1\nc 4 :")), tmp_path / "x.cert")
    honest = Strengthening.smaller
    monkeypatch.setattr(Strengthening, "smaller", lambda self, lines: honest(self, lines)[:-1])
    monkeypatch.setattr(refutation, "needed", lambda steps: list(steps)[1:])
    trim(path, tmp_path / "y.cert")
    assert check_file(tmp_path / "y.cert").status == "VERIFIED"
    assert list(proof_lines(tmp_path / "y.cert")) == list(proof_lines(path))


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        (next(block for block in EXAMPLES if "\nverdict YES\n" in block), InputError, "a YES"),
        (next(block for block in BLOCKS if "refutation none" in block), NotVerified, "INCOMPLETE: the certificate contains no refutation"),
        (NO_BLOCKS[0].replace("slots 1 * 1 2", "slots 1 * 1 3"), NotVerified, "REJECTED"),
        (NO_BLOCKS[0].replace("sha256 6", "sha256 7"), NotVerified, "another one"),
        ("nothing\n", NotVerified, "REJECTED: the first line is not 'certify 1'"),
        ("", NotVerified, "REJECTED"),
    ],
)
def test_what_is_not_trimmed(text: str, error: type[Exception], says: str, tmp_path: Path) -> None:
    (tmp_path / "x.cert").write_text(text)
    with pytest.raises(error, match=re.escape(says)):
        trim(tmp_path / "x.cert", tmp_path / "y.cert")
    assert [path.name for path in tmp_path.iterdir()] == ["x.cert"]
    assert not issubclass(error, ParseError)


def test_in_place_and_compressed(tmp_path: Path) -> None:
    path = of_lines(PROOF, tmp_path / "x.cert")
    plain = trim(path).certificate
    packed = tmp_path / "y.cert.gz"
    trim(path, packed)
    trim(path, path)
    with opened(packed) as file:
        assert file.read() == path.read_bytes()
    assert plain.claim == read(path).claim
    assert sorted(file.name for file in tmp_path.iterdir()) == ["x.cert", "y.cert.gz"]


def test_lrat_is_trimmed(tmp_path: Path) -> None:
    """A refutation of the source whose first addition is there twice; nothing uses the second one."""
    texts = []
    for path in (ARCHIVE / "poits-relu-by-theorem").iterdir():
        with opened(path) as file:
            texts.append(file.read().decode())
    text = min((text for text in texts if len(text.partition("lrat\n")[2].partition("end-source")[0].splitlines()) > 3), key=len)
    head, _, rest = text.partition("source-refutation lrat\n")
    proof, _, tail = rest.partition("end-source\n")
    first, *others = proof.splitlines()
    number = int(first.split(" ")[0])

    def later(name: str) -> str:
        return str(int(name) + 1) if int(name) > number else name

    lines = [first, f"{number + 1} {first.partition(' ')[2]}"]
    for line in others:
        words = line.split(" ")
        at = words.index("d") if "d" in words else words.index("0")
        lines.append(" ".join([later(words[0]) if "d" not in words else words[0], *words[1 : at + 1], *map(later, words[at + 1 :])]))
    body = f"{head}source-refutation lrat\n" + "\n".join(lines) + f"\nend-source\n{tail.partition('sha256 ')[0]}"
    (tmp_path / "x.cert").write_text(f"{body}sha256 {hashlib.sha256(body.encode()).hexdigest()}\n")
    assert check_file(tmp_path / "x.cert").status == "VERIFIED"
    result = check_trimmed(tmp_path / "x.cert", tmp_path)
    assert result.before.steps["lrat"] == len(lines) > result.after.steps["lrat"]


@pytest.mark.parametrize(
    ("problem", "text", "method"),
    [
        ("clique", "p edge 4 4\nk 3\ne 1 2\ne 2 3\ne 3 4\ne 1 4\n", "theorem"),
        ("mcclique", "p edge 2 0\nk 2\nn 1 1\nn 2 2\n", "both"),
        ("sat", "p cnf 1 2\n1 0\n-1 0\n", "theorem"),
    ],
)
def test_sources_of_all_kinds(problem: str, text: str, method: Any, tmp_path: Path) -> None:
    certify.prove(text, "threshold", problem=problem, method=method, output=tmp_path / "x.cert")
    result = check_trimmed(tmp_path / "x.cert", tmp_path)
    assert result.after.steps["lrat"]


def test_names_and_numbers() -> None:
    lines = [
        "c 5 1>2 -d7 : 1>3:2 r9:1/2 e4:1",
        "v 12 x3.5 -x2.5 d7 : 5 d7",
        "m 20 12 5 9",
        "r 21 d7 : r9:1",
        "k 30 1 + 2",
        "u 1>2 : r21:1",
        "q 31 -5 7 9",
        "p 32 7 9",
        "l 33 5 7",
        "l 34 5 7 > <",
        "l 35 5 7 9 12",
        "l 36 5 3 > < 9 12",
        "e 37 7 -d9 5>7 : d7:-1 d9:7/5 a5:9 e12:1 r21:1",
    ]
    steps = [Step.of(line.split(" ")) for line in lines]
    names = [{7, 9}, {5, 7}, {12, 5, 9}, {7, 9}, set(), {21}]
    names += [set(), {7}, set(), set(), {9, 12}, {9, 12}, {7, 9, 21}]
    assert [step.names() for step in steps] == names
    numbers = {5: 1, 7: 2, 9: 3, 12: 4, 20: 5, 21: 6, 30: 7} | {n: n + 10 for n in range(31, 38)}
    assert [step.text(numbers) for step in steps] == [
        "c 1 1>2 -d2 : 1>3:2 r3:1/2 e4:1",
        "v 4 x3.1 -x2.1 d2 : 1 d2",
        "m 5 4 1 3",
        "r 6 d2 : r3:1",
        "k 7 1 + 2",
        "u 1>2 : r6:1",
        "q 41 -5 7 9",
        "p 42 2 9",
        "l 43 5 7",
        "l 44 5 7 > <",
        "l 45 5 7 3 4",
        "l 46 5 3 > < 3 4",
        "e 47 2 -d3 5>7 : d2:-1 d3:7/5 a5:9 e12:1 r6:1",
    ]


def test_needed_steps() -> None:
    steps = [Step.of(line.split(" ")) for line in ("d 2 1>1", "c 4 1>2 1>3 : e1:1", "c 6 -d2 : e1:1", "b 1 1", "v 9 : 6")]
    assert renumbered(needed(steps)) == ["d 1 1>1", "c 2 -d1 : e1:1", "b 1 1", "v 3 : 2"]


def test_parts_of_a_proof() -> None:
    lines = ["line 1 2", "split 0", "0 : e1:1", "qed", "split 1", "c 1 : e1:1", "qed"]
    proof = Proof.of(lines)
    assert (proof.head, [part.name for part in proof.parts]) == (["line 1 2"], ["0", "1"])
    assert proof.lines() == lines and proof.size == len("\n".join(lines)) + 1
