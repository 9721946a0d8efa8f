"""certify-kernel on refutations under a loss (format, 6.13): each accepted one beside changes that must not be."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from certify.kernel import check_by_kernel, find_kernel

#: One place with the labels 0, 1 (and 2): no function comes near to all of them.
TWO = "5 0\n5 1"
THREE = "5 0\n5 1\n5 2"
L1 = "split 0\n0 : L:1 n1:1 p2:1 e1:-1 e2:1\nqed"
L2 = "split 0\n0 : L:1 q1.-1/2:1 q2.1/2:1 e1:-1 e2:1\nqed"
MISSED = """split 0
c 1 m1 m2 : e1:-1 e2:1 z1:1 z2:-1
c 2 m1 m3 : e1:-1 e3:1 z1:1 z3:-1
c 3 m2 m3 : e2:-1 e3:1 z2:1 z3:-1
c 4 -m1 -m2 : y1:1 y2:1 x3:1 L:1
c 5 -m1 -m3 : y1:1 y3:1 x2:1 L:1
c 6 -m2 -m3 : y2:1 y3:1 x1:1 L:1
v 7 m1 : 1 2 6
v 8 : 4 5 3
qed"""


def status(tmp_path: Path, points: str, loss: str, proof: str, *, width: int = 0, counted: bool = False) -> str:
    rows = points.splitlines()
    dimension = len(rows[0].split()) - 1 - counted
    head = ["activation relu", "signs free"]
    listed = ["copies listed"] if counted else []
    size = [f"width {width}", f"dimension {dimension}", f"points {len(rows)}"]
    canonical = ["certify-instance 1", *head, f"loss {loss}", *listed, *size, *rows]
    digest = hashlib.sha256("".join(line + "\n" for line in canonical).encode()).hexdigest()
    claim = ["certify 1", "verdict NO", *head, f"loss {loss}", *listed, f"width {width}", "from data"]
    lines = [*claim, f"instance {len(rows)} {dimension} {digest}", *rows, "refutation lines", *proof.splitlines(), "end"]
    text = "".join(line + "\n" for line in lines)
    path = tmp_path / "x.cert"
    path.write_text(f"{text}sha256 {hashlib.sha256(text.encode()).hexdigest()}\n")
    result = check_by_kernel(path, find_kernel())
    return result.status if result.code in ("verified", "rejected") else result.code


@pytest.mark.parametrize(
    ("points", "loss", "proof", "wanted"),
    [
        (TWO, "l1 99/100", L1, "VERIFIED"),
        (TWO, "l1 1", L1, "REJECTED"),
        (TWO, "l2 49/100", L2, "VERIFIED"),
        (TWO, "l2 1/2", L2, "REJECTED"),
        (TWO, "l2 49/100", L2.replace("q2.1/2", "q2.-1/2"), "REJECTED"),
        (TWO, "l1 1/4", L2, "REJECTED"),  # q is an item of l2
        (TWO, "l2 1/4", L1, "REJECTED"),
        (TWO, "l1 1/4", L1.replace("n1:1", "n1:-1"), "REJECTED"),
        (TWO, "l1 1/4", L1.replace("L:1", "L:-1"), "REJECTED"),
        (TWO, "l1 1/4", L1.replace("L:1 ", ""), "REJECTED"),
        (TWO, "l1 1/4", L1.replace("n1", "n2"), "REJECTED"),
        (TWO, "l1 1/4", L1.replace("n1", "p1"), "REJECTED"),
        (TWO, "l1 1/4", L1.replace("e1", "e3"), "REJECTED"),
        (THREE, "l0 1", MISSED, "VERIFIED"),
        (THREE, "l0 199/100", MISSED, "VERIFIED"),
        (THREE, "l0 2", MISSED, "REJECTED"),
        (THREE, "l1 1", MISSED, "REJECTED"),
        (THREE, "l0 1", MISSED.replace("z1:1 ", ""), "REJECTED"),
        (THREE, "l0 1", MISSED.replace("c 1 m1 m2", "c 1 m1 -m2"), "REJECTED"),
        (THREE, "l0 1", MISSED.replace("c 4 -m1", "c 4 m1"), "REJECTED"),
        (THREE, "l0 1", MISSED.replace("x3:1", "x3:2"), "REJECTED"),
        (THREE, "l0 1", MISSED.replace("m1 m2", "m1 m4"), "REJECTED"),
        # gamma leaves no room: as for the exact fit
        (TWO, "l1 0", "contradiction 1 2", "VERIFIED"),
        (TWO, "l0 99/100", "contradiction 1 2", "VERIFIED"),
        (TWO, "l0 1", "contradiction 1 2", "REJECTED"),
        (TWO, "l1 1/1000", "contradiction 1 2", "REJECTED"),
        # a search has no lines
        ("0 0\n1 0\n2 1", "l1 1/10", "line 1 2 3\nslots 1 + 1 2 3", "REJECTED"),
        ("0 0\n1 0\n2 1", "l1 0", "line 1 2 3\nslots 1 + 1 2 3", "VERIFIED"),
    ],
)
def test_search(tmp_path: Path, points: str, loss: str, proof: str, wanted: str) -> None:
    assert status(tmp_path, points, loss, proof) == wanted


def test_copies_weigh(tmp_path: Path) -> None:
    """Three copies of label 0 and two of label 1: at least 2 in all, by (2 |r_1| + 2 |r_2|) + |r_1|."""
    tight = "split 0\n0 : L:1 n1:2 n1:1/2 p1:1/2 p2:2 e1:-2 e2:2\nqed"
    points = "5 0 3\n5 1 2"
    assert status(tmp_path, points, "l1 199/100", tight, counted=True) == "VERIFIED"
    assert status(tmp_path, points, "l1 2", tight, counted=True) == "REJECTED"
    assert status(tmp_path, "5 0 3\n5 1 3", "l1 199/100", tight, counted=True) == "REJECTED"
    assert status(tmp_path, "5 0 3\n5 1 0", "l1 199/100", tight, counted=True) == "REJECTED"


#: Three places on a line with two or three labels each: the least losses are 1 (l1), 1/2 (l2), 1 (l0) each.
FORCED = "0 0\n0 1\n1 0\n1 0\n1 1\n2 1\n2 1\n2 1"


@pytest.mark.parametrize(
    ("points", "loss", "proof", "wanted"),
    [
        # nothing follows where the least is more than gamma
        (TWO, "l1 99/100", "forced", "VERIFIED"),
        (TWO, "l1 1", "forced", "REJECTED"),
        (TWO, "l2 49/100", "forced", "VERIFIED"),
        (TWO, "l2 1/2", "forced", "REJECTED"),
        (THREE, "l0 199/100", "forced", "VERIFIED"),
        (THREE, "l0 2", "forced", "REJECTED"),
        (THREE, "l1 199/100", "forced", "VERIFIED"),
        (THREE, "l1 2", "forced", "REJECTED"),
        (THREE, "l2 199/100", "forced", "VERIFIED"),
        (THREE, "l2 2", "forced", "REJECTED"),
        (FORCED, "l1 199/100", "forced", "VERIFIED"),
        (FORCED, "l1 2", "forced", "REJECTED"),
        (FORCED, "l0 199/100", "forced", "VERIFIED"),
        (FORCED, "l2 29/25", "forced", "VERIFIED"),  # 1/2 + 2/3
        (FORCED, "l2 117/100", "forced", "REJECTED"),
        # where it is gamma, labels that are the only least ones are met: here those at 1 and 2
        (FORCED, "l1 2", "forced\nsplit 0\n0 : e3:1 a3:-1 e6:-1 a6:1\nqed", "VERIFIED"),
        (FORCED, "l1 2", "forced\nsplit 0\n0 : e4:1 a3:-1 e8:-1 a6:1\nqed", "VERIFIED"),
        (FORCED, "l1 2", "forced\nsplit 0\n0 : e5:1 a3:-1 e6:-1 a6:1\nqed", "REJECTED"),  # 5 is not pinned
        (FORCED, "l1 2", "forced\nsplit 0\n0 : e1:1 a1:-1 e6:-1 a6:1\nqed", "REJECTED"),  # nor is 1
        (FORCED, "l1 3", "forced\nsplit 0\n0 : e3:1 a3:-1 e6:-1 a6:1\nqed", "REJECTED"),
        (FORCED, "l1 1", "forced\nsplit 0\n0 : e3:1 a3:-1 e6:-1 a6:1\nqed", "REJECTED"),
        (FORCED, "l0 2", "forced\nsplit 0\n0 : e3:1 a3:-1 e6:-1 a6:1\nqed", "VERIFIED"),
        (FORCED, "l2 7/6", "forced\nsplit 0\n0 : e6:1 a6:-1\nqed", "VERIFIED"),
        (FORCED, "l2 7/6", "forced\nsplit 0\n0 : e3:1 a3:-1 e6:-1 a6:1\nqed", "REJECTED"),  # the mean at 1 is no label
        (FORCED, "l1 2", "forced\ncontradiction 3 5", "REJECTED"),
        # gamma of an exact fit forces nothing
        (TWO, "l1 0", "forced", "REJECTED"),
        (TWO, "l0 1/2", "forced", "REJECTED"),
    ],
)
def test_forced(tmp_path: Path, points: str, loss: str, proof: str, wanted: str) -> None:
    assert status(tmp_path, points, loss, proof) == wanted


def test_forced_with_lines(tmp_path: Path) -> None:
    """A kink at the pinned points of a line asks for a neuron; two labels elsewhere cost 1."""
    points = "0 0\n0 0\n0 7\n1 1\n2 0\n5 5\n5 5\n5 4"
    for order, wanted in (("1 4 5", "VERIFIED"), ("2 4 5", "VERIFIED"), ("3 4 5", "REJECTED")):
        proof = f"forced\nline {order}\nslots 1 - {order}"
        assert status(tmp_path, points, "l1 8", proof, width=0) == wanted
        assert status(tmp_path, points, "l1 9", proof, width=0) == "REJECTED"
        assert status(tmp_path, points, "l1 8", proof, width=1) == "REJECTED"


def test_all_splits_are_asked_for(tmp_path: Path) -> None:
    """With neurons there is a split for every number of positive ones."""
    one = "5 0\n5 1"
    assert status(tmp_path, one, "l1 1/4", L1, width=1) == "REJECTED"
    both = "c 1 1<1 1<2 : L:1 n1:1 p2:1 e1:-1 e2:1\nc 2 1>=1 1>=2 : L:1 n1:1 p2:1 e1:-1 e2:1\n"
    cross = "c 3 1<1 1>=2 : 1>=1:1 1<2:1\nc 4 1>=1 1<2 : 1<1:1 1>=2:1\n"
    end = "v 5 1>=1 : 2 4\nv 6 : 1 3\nqed"
    whole = "\n".join(f"split {p}\n{both}{cross}{end}" for p in (0, 1))
    assert status(tmp_path, one, "l1 99/100", whole, width=1) == "VERIFIED"
    assert status(tmp_path, one, "l1 1", whole, width=1) == "REJECTED"
    assert status(tmp_path, one, "l1 99/100", whole.replace("split 0", "split 1"), width=1) == "REJECTED"
    assert status(tmp_path, one, "l1 99/100", whole[: whole.index("split 1") - 1], width=1) == "REJECTED"
