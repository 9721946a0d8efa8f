"""The two checkers say the same of damaged proofs: many files, of which each kernel call is given all.

What is changed are the lines of the refutation, by tokens: numbers, relations, factors and signs changed, hints in another order, steps left
out, doubled and exchanged, facts that contradict each other put in. ``python -m tests.mutation.test_agreement COUNT``
looks at COUNT files of each certificate.
"""

from __future__ import annotations

import gzip
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from certify.kernel import find_kernel
from certify.verify import check_bytes
from tests.by_theorem import sealed

ARCHIVE = Path(__file__).parents[2] / "certificates"
NAMES = (
    "poits-relu/small-111.cert",
    "poits-relu/small-112-122.cert",
    "poits-threshold/small-111.cert",
    "poits-threshold/small-112-122.cert",
    "twohyp-relu/hexagon.cert",
    "twohyp-threshold/hexagon.cert",
    "own-data/threshold-bowl-no.cert",
    "own-data/threshold-saddle-no.cert",
)
SUITE = 20  # files of each certificate in the suite
STEPS = (*"wbucdekrmvx0nqpl", "order")
NUMBER = re.compile(r"[0-9]+")
RELATION = re.compile(r"<=|>=|<|>")
#: A checker that gives up says nothing about the file.
GAVE_UP = re.compile(r"\[(out-of-time|out-of-memory|too-much-work|unsupported)\]")


def read(name: str) -> list[str]:
    path = ARCHIVE / name
    data = path.read_bytes() if path.exists() else gzip.decompress(path.with_name(path.name + ".gz").read_bytes())
    lines = data.decode().split("\n")
    return lines[: lines.index("end") + 1]


def other_token(token: str, chance: random.Random, words: list[str]) -> str:
    """A token of much the same kind."""
    kind = chance.randrange(7)
    if kind == 0:
        return chance.choice(words)
    if kind == 1 and RELATION.search(token):
        return RELATION.sub(lambda _: chance.choice(("<", ">", "<=", ">=")), token)
    if kind == 2:
        return token[1:] if token.startswith("-") else "-" + token
    if kind == 3:
        return re.sub(r":(-?)", lambda m: ":" if m[1] else ":-", token, count=1)
    found = list(NUMBER.finditer(token))
    if not found:
        return token
    at = chance.choice(found)
    value = max(0, int(at[0]) + chance.choice((-2, -1, 1, 2, 9)))
    return token[: at.start()] + str(value) + token[at.end() :]


def swap_literal(token: str) -> str:
    turned = {"<": ">", ">": "<", "<=": ">", ">=": "<"}
    return RELATION.sub(lambda m: turned[m[0]], token)


def damaged(lines: list[str], chance: random.Random) -> list[str]:
    """A copy with one or two changes after the line `refutation lines`."""
    lines = list(lines)
    start = lines.index("refutation lines") + 1
    for _ in range(chance.choice((1, 1, 2))):
        n = chance.randrange(start, len(lines) - 1)
        if chance.randrange(3):  # a step rather than a line or slots
            steps = [i for i in range(start, len(lines) - 1) if lines[i].split(" ", 1)[0] in STEPS]
            n = chance.choice(steps or [n])
        words = lines[n].split(" ")
        kind = chance.randrange(12)
        if kind == 0:
            del lines[n]
        elif kind == 1:
            lines.insert(n, lines[n])
        elif kind == 2:
            m = chance.randrange(start, len(lines) - 1)
            lines[n], lines[m] = lines[m], lines[n]
        elif kind == 3 and ":" in words:  # the hints or items in another order
            at = words.index(":") + 1
            tail = words[at:]
            chance.shuffle(tail)
            lines[n] = " ".join(words[:at] + tail)
        elif kind == 4 and ":" in words:  # some of them left out
            at = words.index(":") + 1
            lines[n] = " ".join(words[:at] + [w for w in words[at:] if chance.randrange(3)])
        elif kind == 5 and words[0] in "vcre" and ":" in words:  # a literal turned round
            at = chance.randrange(min(2, words.index(":") - 1), words.index(":"))
            words[at] = swap_literal(words[at])
            lines[n] = " ".join(words)
        elif kind == 6:  # a step of before once more, as if it came later
            earlier = [i for i in range(start, n) if lines[i].split(" ", 1)[0] in "vcde"]
            numbers = [int(w[1]) for w in (line.split(" ") for line in lines[start:]) if len(w) > 1 and w[0] in "vcdekrmqpl" and w[1].isdigit()]
            if earlier and numbers:
                again = lines[chance.choice(earlier)].split(" ")
                again[1] = str(max(numbers) + 1)
                lines.insert(n, " ".join(again))
        elif kind == 7 and words[0] == "v" and ":" in words:  # without hints
            lines[n] = " ".join(words[: words.index(":") + 1])
        elif kind == 8 and words[0] == "v" and ":" in words:  # the empty clause, from what is known
            lines[n] = " ".join([*words[:2], *words[words.index(":") :]])
        else:
            at = chance.randrange(len(words))
            words[at] = other_token(words[at], chance, words)
            lines[n] = " ".join(words)
    return lines


def samples(name: str, count: int, seed: str) -> Iterator[bytes]:
    body = read(name)
    yield sealed(body)
    chance = random.Random(f"{name} {seed}")
    for _ in range(count):
        yield sealed(damaged(body, chance))


def compare(name: str, count: int, folder: Path, seed: str = "") -> tuple[Counter[str], list[tuple[Path, str, str]]]:
    """How often each answer was given; the files of which the checkers say different things."""
    return judged(samples(name, count, seed), folder)


def judged(files: Iterable[bytes], folder: Path) -> tuple[Counter[str], list[tuple[Path, str, str]]]:
    """The same of these files, which are written to the folder."""
    paths, mine, verified = [], [], []
    for n, data in enumerate(files):
        path = folder / f"{n}.cert"
        path.write_bytes(data)
        result = check_bytes(data)
        by = "" if result.theorem is None else f" (by {result.theorem})"
        verified.append(f"VERIFIED {result.verdict} {path}{by}")
        paths.append(path)
        mine.append((result.status, f"{result.status} line {result.line} [{result.code}] {result.reason}"))
    done = subprocess.run([find_kernel(), *paths], capture_output=True, text=True, check=False)
    theirs = done.stdout.splitlines()
    assert len(theirs) == len(paths), done.stderr
    different = []
    for path, (status, told), good, line in zip(paths, mine, verified, theirs, strict=True):
        same = line == good if status == "VERIFIED" else line.split(" ", 1)[0] == status
        if not same and not GAVE_UP.search(told + line):
            different.append((path, told, line))
        assert "the checker failed" not in line, line
    return Counter(status for status, _ in mine), different


@pytest.mark.parametrize("name", NAMES)
def test_the_checkers_agree_on_damaged_proofs(name: str, tmp_path: Path) -> None:
    counts, different = compare(name, SUITE, tmp_path)
    assert different == []
    assert counts["VERIFIED"] >= 1 and counts["REJECTED"] >= SUITE // 4, counts


if __name__ == "__main__":
    import tempfile

    number, label = int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""
    for chosen in sys.argv[3:] or NAMES:
        with tempfile.TemporaryDirectory() as place:
            found, unlike = compare(chosen, number, Path(place), label)
            print(chosen, dict(found), len(unlike), flush=True)
            for at, one, two in unlike:
                kept = Path(tempfile.gettempdir()) / f"unlike-{chosen.replace('/', '-')}-{label}-{at.name}"
                kept.write_bytes(at.read_bytes())
                print(kept, "|", one, "|", two)
