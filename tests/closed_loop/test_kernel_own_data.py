"""certify-kernel on answers for own data: what each decider proves, it verifies, and not a step less."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path
from typing import Any

import pytest

from certify.kernel import check_by_kernel, find_kernel
from certify.own_data import fit

#: Points on a grid, and labels of a few units of each kind: sums of thresholds and of ReLUs, maxima of planes.
GRID = [(a, b) for a in range(4) for b in range(3)]
STEPS = [2 * (a > 1) - (a + b > 3) + (b > a) for a, b in GRID]
RIDGE = [max(0, a - 1) + max(0, b - a) for a, b in GRID]
BENT = [max(0, a - 1) - max(0, b - a) for a, b in GRID]
ZIGZAG = [(x,) for x in range(6)]
TEETH = [0, 1, 0, 1, 0, 1]
NOISE = random.Random(7).choices(range(4), k=len(GRID))

CASES: list[tuple[str, str, list[Any], list[int], int, dict[str, Any]]] = [
    ("tree", "YES", GRID, RIDGE, 2, {"signs": "convex", "method": "tree"}),
    ("tree", "NO", GRID, RIDGE, 1, {"signs": "convex", "method": "tree"}),
    ("tree-other-sign", "NO", GRID, RIDGE, 2, {"signs": "concave", "method": "tree"}),
    ("tree-concave", "NO", GRID, [-y for y in RIDGE], 1, {"signs": "concave", "method": "tree"}),
    ("tree-noise", "NO", GRID, NOISE, 2, {"signs": "convex", "method": "tree"}),
    ("threshold", "YES", GRID, STEPS, 3, {"activation": "threshold"}),
    ("threshold", "NO", GRID, STEPS, 2, {"activation": "threshold"}),
    ("threshold-teeth", "NO", ZIGZAG, TEETH, 4, {"activation": "threshold"}),
    ("search", "YES", GRID, BENT, 2, {"method": "search"}),
    ("search", "NO", GRID, BENT, 1, {"method": "search"}),
    ("l0", "YES", GRID, STEPS, 2, {"activation": "threshold", "loss": "l0", "gamma": 8}),
    ("l0", "NO", ZIGZAG, TEETH, 1, {"activation": "threshold", "loss": "l0", "gamma": 1}),
    ("l1", "NO", ZIGZAG, TEETH, 1, {"loss": "l1", "gamma": "1/2"}),
    ("l2", "NO", ZIGZAG, TEETH, 1, {"loss": "l2", "gamma": "1/5"}),
]


@pytest.mark.parametrize(
    ("verdict", "points", "labels", "width", "question"),
    [case[1:] for case in CASES],
    ids=[f"{case[0]}-{case[1]}" for case in CASES],
)
def test_every_answer_is_verified(tmp_path, verdict, points, labels, width, question):
    path = tmp_path / "x.cert"
    result = fit(points, labels, width, output=path, **question)
    assert result.verdict == verdict
    kernel = check_by_kernel(path, find_kernel())
    assert (kernel.status, kernel.verdict) == ("VERIFIED", verdict), kernel
    damaged = tmp_path / "damaged.cert"
    damaged.write_text(without_the_last_line(path))
    assert check_by_kernel(damaged, find_kernel()).status == "REJECTED"


def without_the_last_line(path: Path) -> str:
    """The certificate without the last neuron or step, or last of all lines of the refutation; hashed anew."""
    text = path.read_text()
    body = text[: text.index("end\nsha256 ")].splitlines()
    last = next(i for i in range(len(body) - 1, 0, -1) if body[i] != "qed" and not body[i].startswith("solution"))
    del body[last]
    kept = "\n".join([*body, "end"]) + "\n"
    return f"{kept}sha256 {hashlib.sha256(kept.encode()).hexdigest()}\n"
