"""No-certificates of coloured graphs by Corollary 9: good ones are verified by both checkers, damaged ones are not.

Every mutation is hashed again. Each file is checked by certify-kernel, too (tests/conftest.py).
"""

from __future__ import annotations

import io
import random
from functools import partial
from itertools import combinations

import pytest

from certify.certificate import Certificate, Claim
from certify.problems.mcclique import ColouredGraph, search
from certify.reductions import Options, reduction_named
from certify.verify import check_bytes
from tests.by_theorem import check, lines_by_theorem

THEOREMS = {"relu": "Corollary 9 for ReLU", "threshold": "Corollary 9"}
lines_of = partial(lines_by_theorem, "mcclique")
LOSSES = ("l0", "l1", "l2")

#: Two triangles' worth of edges between three colours, and no triangle: gamma is 2.
HEXAGON = ColouredGraph((1, 1, 2, 2, 3, 3), ((1, 3), (1, 5), (2, 4), (2, 6), (3, 6)), 3)


def rejected(lines: list[str]) -> None:
    result = check(lines)
    assert result.status == "REJECTED" and (result.method, result.theorem) == (None, None), result


@pytest.mark.parametrize("dimension", [None, 9])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("target", THEOREMS)
def test_control(target: str, loss: str, dimension: int | None) -> None:
    lines = lines_of(HEXAGON, target, Options(loss=loss, dimension=dimension))  # type: ignore[arg-type]
    assert f"loss {loss} 2" in lines
    result = check(lines)
    assert (result.status, result.verdict, result.method, result.theorem) == (
        "VERIFIED",
        "NO",
        "theorem",
        THEOREMS[target],
    )


@pytest.mark.parametrize("target", THEOREMS)
def test_random_graphs(target: str) -> None:
    """Whatever brute force finds without a solution, with gamma > 0 or with too few edges."""
    chance = random.Random(11)
    verified = with_error = 0
    for number in range(60):
        classes = chance.randint(3, 4)
        colours = [c for c in range(1, classes + 1) for _ in range(chance.randint(1, 3))]
        chance.shuffle(colours)
        pairs = combinations(range(1, len(colours) + 1), 2)
        graph = ColouredGraph(tuple(colours), tuple(e for e in pairs if chance.random() < 0.6), classes)
        if search(graph) is None:
            lines = lines_of(graph, target, Options(loss=LOSSES[number % 3]))  # type: ignore[arg-type]
            result = check(lines)
            assert (result.status, result.theorem) == ("VERIFIED", THEOREMS[target]), result
            verified += 1
            with_error += not any(line.startswith("loss ") and line.endswith(" 0") for line in lines)
    assert verified > 15 and with_error > 4


@pytest.mark.parametrize("target", THEOREMS)
def test_damaged(target: str) -> None:
    lines = lines_of(HEXAGON, target, Options(loss="l1"))
    assert check(lines).status == "VERIFIED"
    start, stop = lines.index("source-refutation lrat"), lines.index("end-source")
    for n in range(start + 1, stop):
        words = lines[n].split()
        if words[1] == "d":
            continue
        rejected(lines[:n] + lines[n + 1 :])
        for t in range(words.index("0") + 1, len(words) - 1):
            rejected([*lines[:n], " ".join(words[:t] + words[t + 1 :]), *lines[n + 1 :]])
    rejected([*lines[:start], *lines[stop + 1 :]])
    for n, line in enumerate(lines[:start]):
        if line.startswith(("loss ", "width ")):
            *words, last = line.split()
            rejected([*lines[:n], " ".join([*words, str(int(last) + 1)]), *lines[n + 1 :]])
        # Another edge, another colour: another instance; a recipe that is not that of the activation.
        if line.startswith("e "):
            rejected(lines[:n] + lines[n + 1 :])
        if line.startswith("n "):
            _, v, c = line.split()
            rejected([*lines[:n], f"n {v} {int(c) % 3 + 1}", *lines[n + 1 :]])
    recipe = lines.index(f"from mcclique-{target}")
    other = "relu" if target == "threshold" else "threshold"
    rejected([*lines[:recipe], f"from mcclique-{other}", *lines[recipe + 1 :]])


@pytest.mark.parametrize("target", THEOREMS)
def test_the_proof_of_another_graph(target: str) -> None:
    """A graph with a solution gets no certificate from the proof of one without."""
    options = Options(loss="l2")
    proof = lines_of(HEXAGON, target, options)
    proof = proof[proof.index("source-refutation lrat") + 1 : proof.index("end-source")]
    yes = ColouredGraph(HEXAGON.colours, (*HEXAGON.edges[:4], (3, 5)), 3)
    assert search(yes) == (1, 3, 5)
    reduction = reduction_named("mcclique", target, options)
    claim = Claim.of("NO", reduction.name, reduction.reduce(yes), reduction.modifiers)
    text = io.BytesIO()
    Certificate(claim, yes, source_refutation=proof, by_theorem=True).write(text)
    assert check_bytes(text.getvalue()).status == "REJECTED"
    text = io.BytesIO()
    Certificate(claim, yes).write(text)
    assert check_bytes(text.getvalue()).status == "INCOMPLETE"
