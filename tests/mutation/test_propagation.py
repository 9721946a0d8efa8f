"""Steps `v` where no neuron is labelled: verify.py's propagation on numbers says what its general one says.

Both read proofs of own data, as they are and with propagation damaged in all ways, and have to end with the same code.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from certify import verify
from tests.mutation.test_mutations import ARCHIVE, body, check

PROOFS = sorted(
    path
    for path in (ARCHIVE / "own-data").glob("*no.cert")
    if "\nv " in path.read_text() and "\nlabel" not in path.read_text()
)
DAMAGED = 25


def general(trail: verify.Trail, clause: tuple[verify.Lit, ...], tokens: list[str]) -> None:
    """What the step is for any split."""
    split = trail.split
    names = [split.named(token) for token in tokens]
    with suppress(verify.Conflict):
        split.propagate(clause, (split.hint(*name) for name in names))
    split.end()


def code(lines: list[str], monkeypatch: pytest.MonkeyPatch, plain: bool) -> str:
    with monkeypatch.context() as patch:
        if not plain:
            patch.setattr(verify.Trail, "refute", general)
        result = check(lines)
        return f"{result.status} {result.code}"


def damaged(lines: list[str], rng: random.Random) -> Iterator[list[str]]:
    """Files with one line other than it was: a literal or hint less, more, of the opposite sign, or elsewhere."""
    steps = [n for n, line in enumerate(lines) if line.split(" ")[0] in ("v", "d", "c", "u", "q", "p", "l", "e")]
    while True:
        n = rng.choice(steps)
        words = lines[n].split(" ")
        end = words.index(":") if ":" in words else len(words)
        places = [t for t in range(2, len(words)) if words[t] != ":" and (words[0] == "v" or t < end)]
        if not places:
            continue
        t = rng.choice(places)
        way = rng.randrange(5)
        if way == 0:
            del words[t]
        elif way == 1:
            words.insert(t, words[t])
        elif way == 2:
            words[t] = rng.choice([words[t].replace("<", ">"), words[t].replace(">", "<"), f"-{words[t]}"])
        elif way == 3:
            words[t] = rng.choice([lines[m].split(" ")[1] for m in steps])
        else:
            other = rng.choice(places)
            words[t], words[other] = words[other], words[t]
        if words != lines[n].split(" "):
            yield [*lines[:n], " ".join(words), *lines[n + 1 :]]


def test_there_are_proofs() -> None:
    assert len(PROOFS) >= 10


@pytest.mark.parametrize("path", PROOFS, ids=lambda path: path.stem)
def test_both_propagations_agree(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = body(path.read_text().split("\n"))
    assert code(lines, monkeypatch, True) == code(lines, monkeypatch, False) == "VERIFIED verified"
    rng = random.Random(path.stem)
    found = []
    for _, other in zip(range(DAMAGED), damaged(lines, rng), strict=False):
        found.append(code(other, monkeypatch, True))
        assert found[-1] == code(other, monkeypatch, False), other
    assert any("REJECTED" in result for result in found)
