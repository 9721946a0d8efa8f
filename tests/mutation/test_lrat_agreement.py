"""The two checkers say the same of damaged refutations of sources: formulas, graphs, coloured graphs.

Lines of the proof and of the source are changed token by token, left out, doubled, exchanged; hints are shuffled, clauses deleted early.
``python -m tests.mutation.test_lrat_agreement COUNT`` looks at COUNT files of each certificate.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from certify.problems import PROBLEMS
from certify.problems.clique import Graph
from certify.reductions import Options
from tests.by_theorem import lines_by_theorem, sealed
from tests.mutation.test_agreement import judged

SUITE = 40  # files of each certificate in the suite
#: Problem, source, target, options.
CASES: dict[str, tuple[str, Any, str, Options]] = {
    "poits": ("poits", PROBLEMS["poits"].classics["four-triples"][0], "threshold", Options()),
    "sat": ("sat", PROBLEMS["sat"].classics["four-clauses"][0], "relu", Options()),
    "clique-relu": ("clique", PROBLEMS["clique"].classics["no-edge"][0], "relu", Options()),
    "clique-threshold": ("clique", PROBLEMS["clique"].classics["cycle-5"][0], "threshold", Options(dimension=8)),
    "clique-four": ("clique", Graph(4, tuple(combinations(range(1, 5), 2))[:5], 4), "threshold", Options()),
    "mcclique-relu": ("mcclique", PROBLEMS["mcclique"].classics["odd-cycle"][0], "relu", Options(loss="l2")),
    "mcclique-threshold": ("mcclique", PROBLEMS["mcclique"].classics["open-path"][0], "threshold", Options(loss="l0")),
}


def damaged(lines: list[str], chance: random.Random) -> list[str]:
    """A copy with one or two changes, most of them in the proof."""
    lines = list(lines)
    for _ in range(chance.choice((1, 1, 2))):
        start, stop = lines.index("source-refutation lrat") + 1, lines.index("end-source")
        if stop == start:
            break
        n = chance.randrange(start, stop)
        words = lines[n].split(" ")
        kind = chance.randrange(9)
        if kind == 0:
            del lines[n]
        elif kind == 1:
            lines.insert(n, lines[n])
        elif kind == 2:
            m = chance.randrange(start, stop)
            lines[n], lines[m] = lines[m], lines[n]
        elif kind == 3 and "0" in words[:-1] and words[1] != "d":  # the hints in another order, or fewer
            at = words.index("0") + 1
            hints = words[at:-1]
            chance.shuffle(hints)
            lines[n] = " ".join([*words[:at], *hints[: len(hints) - chance.randrange(2)], "0"])
        elif kind == 4:  # a clause is deleted early, or never
            number = chance.randrange(1, int(words[0]) + 2 if words[0].isdecimal() else 9)
            lines.insert(n, f"{words[0]} d {number} 0")
        elif kind == 5 and words[1] != "d" and words[1] != "0":  # a literal turned round, or left out
            if chance.randrange(2):
                words[1] = words[1].removeprefix("-") if words[1].startswith("-") else "-" + words[1]
            else:
                del words[1]
            lines[n] = " ".join(words)
        elif kind == 6:  # the source, or the header
            n = chance.randrange(1, start)
            words = lines[n].split(" ")
            at = chance.randrange(len(words))
            if words[at].isdecimal():
                words[at] = str(max(0, int(words[at]) + chance.choice((-1, 1))))
            lines[n] = " ".join(words)
        else:
            at = chance.randrange(len(words))
            token = words[at]
            value = int(token) if token.lstrip("-").isdecimal() else 0
            words[at] = chance.choice((str(value + 1), str(value - 1), str(-value), "0", "d", "", "01", chance.choice(words)))
            lines[n] = " ".join(words)
    return lines


def samples(name: str, count: int, seed: str) -> Iterator[bytes]:
    body = [*lines_by_theorem(*CASES[name]), "end"]
    yield sealed(body)
    chance = random.Random(f"{name} {seed}")
    for _ in range(count):
        yield sealed(damaged(body, chance))


@pytest.mark.parametrize("name", CASES)
def test_the_checkers_agree_on_damaged_source_refutations(name: str, tmp_path: Path) -> None:
    counts, different = judged(samples(name, SUITE, ""), tmp_path)
    assert different == []
    assert counts["VERIFIED"] >= 1 and counts["REJECTED"] >= SUITE // 4, counts


if __name__ == "__main__":
    for chosen in CASES:
        with tempfile.TemporaryDirectory() as place:
            found, unlike = judged(samples(chosen, int(sys.argv[1]), "more"), Path(place))
            print(chosen, dict(found), len(unlike), flush=True)
            for at, one, two in unlike:
                kept = Path(tempfile.gettempdir()) / f"unlike-{chosen}-{at.name}"
                kept.write_bytes(at.read_bytes())
                print(kept, "|", one, "|", two)
