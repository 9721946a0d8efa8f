"""Random damage to certificates of every kind: the two checkers say the same, and neither breaks down.

Each file is hashed again, so that what is damaged is looked at. Seeded; every sample is checked undamaged, too.
"""

from __future__ import annotations

import gzip
import hashlib
import random
import re
from collections import Counter
from pathlib import Path

import pytest

from certify.kernel import LIMITS, check_by_kernel, find_kernel
from certify.verify import check_bytes

ROOT = Path(__file__).parents[2]
ARCHIVE = ROOT / "certificates"
#: The worked examples of the format, and certificates of the archive: small ones, as each is checked many times.
BLOCKS = re.findall(r"```\n(certify 1\n.*?)```", (ROOT / "docs" / "format" / "v1.md").read_text(), flags=re.DOTALL)
EXAMPLES = [block for block in BLOCKS if "\nend\n" in block]
NAMES = (
    "poits-relu/figure-5.cert",
    "poits-relu/small-111.cert",
    "poits-relu/small-112-122.cert",
    "poits-threshold/small-111.cert",
    "poits-threshold/small-112-122.cert",
    "twohyp-relu/hexagon.cert",
    "twohyp-relu/middle.cert",
    "twohyp-threshold/hexagon.cert",
    "own-data/threshold-bowl-no.cert",
    "own-data/threshold-saddle-no.cert",
)
ROUNDS = 60
ODD = ("", "0", "-1", "1/2", "2/4", "d1", "-d1", "x1.1", "t1", "m1", "1>1", "1<=1", "e1:1", "d1:-1", "o1:1", "L:1", "a", "e", "l", ":", "qed", "99999999999999999999", "é")


def texts() -> list[tuple[str, str]]:
    found = [(f"example-{n}", text) for n, text in enumerate(EXAMPLES)]
    for name in NAMES:
        path = ARCHIVE / name
        data = path.read_bytes() if path.exists() else gzip.decompress(path.with_name(path.name + ".gz").read_bytes())
        found.append((name, data.decode()))
    return found


def hashed(lines: list[str]) -> bytes:
    text = "\n".join(lines) + "\n"
    return f"{text}sha256 {hashlib.sha256(text.encode()).hexdigest()}\n".encode()


def damaged(lines: list[str], chance: random.Random) -> list[str]:
    """One to three changes of lines, tokens or characters."""
    lines = list(lines)
    for _ in range(chance.randint(1, 3)):
        n = chance.randrange(len(lines))
        words = lines[n].split(" ")
        w = chance.randrange(len(words))
        kind = chance.randrange(9)
        if kind == 0:
            del lines[n]
        elif kind == 1:
            lines.insert(n, lines[chance.randrange(len(lines))])
        elif kind == 2:
            m = chance.randrange(len(lines))
            lines[n], lines[m] = lines[m], lines[n]
        elif kind == 3:
            words[w] = chance.choice(ODD)
        elif kind == 4:
            words[w] = chance.choice(chance.choice(lines).split(" "))
        elif kind == 5:
            words.insert(w, chance.choice([*ODD, *words]))
        elif kind == 6 and len(words) > 1:
            del words[w]
        elif words[w]:
            at = chance.randrange(len(words[w]))
            words[w] = words[w][:at] + chance.choice("0123456789-/<>=:.dxtmehgsraolqp") + words[w][at + kind - 7 :]
        if kind >= 3:
            lines[n] = " ".join(words)
        if len(lines) < 2:
            break
    return lines


def said(data: bytes, path: Path) -> tuple[str, str]:
    """The status by certify/verify.py; certify-kernel must have the same, unless one of them gives up."""
    result = check_bytes(data)
    path.write_bytes(data)
    kernel = check_by_kernel(path, find_kernel())
    assert "the checker failed" not in kernel.reason + result.reason, (result, kernel)
    if not {result.code, kernel.code} & LIMITS:
        mine = (result.status, result.verdict if result.status == "VERIFIED" else None)
        assert mine == (kernel.status, kernel.verdict), (result, kernel)
    return result.status, result.code


@pytest.mark.parametrize(("name", "text"), texts(), ids=lambda x: x if len(x) < 60 else "")
def test_damage(name: str, text: str, tmp_path: Path) -> None:
    lines = text.split("\n")
    body = lines[: lines.index("end") + 1]
    path = tmp_path / "x.cert"
    assert said(hashed(body), path)[0] == ("INCOMPLETE" if "refutation none" in body else "VERIFIED")
    chance = random.Random(name)
    codes: Counter[str] = Counter()
    for _ in range(ROUNDS):
        status, code = said(hashed(damaged(body, chance)), path)
        codes[code if status == "REJECTED" else status] += 1
    # Most damage is noticed, and in different ways.
    assert codes["VERIFIED"] <= ROUNDS // 3 and len(codes) >= 5, codes


@pytest.mark.parametrize(
    "data",
    [b"", b"\n", b"certify 1", b"certify 1\n", b"\x00" * 1000, b"\xff\xfe", b"\x1f\x8b", b"\x1f\x8b\x08\x00" + b"x" * 50]
    + [random.Random(n).randbytes(500) for n in range(5)]
    + [gzip.compress(hashed(["certify 1", "end"]), mtime=0)[:-4], gzip.compress(b"certify 1\n", mtime=0) + b"trailing"],
    ids=lambda data: f"{len(data)}-bytes-{hashlib.sha256(data).hexdigest()[:6]}",
)
def test_no_certificate_at_all(data: bytes, tmp_path: Path) -> None:
    assert said(data, tmp_path / "x.cert")[0] == "REJECTED"


def test_every_beginning_of_a_certificate_is_rejected(tmp_path: Path) -> None:
    data = EXAMPLES[-2].encode()
    assert said(data, tmp_path / "x.cert")[0] == "VERIFIED"
    for cut in range(0, len(data) - 1, 7):
        assert said(data[:cut], tmp_path / "x.cert")[0] == "REJECTED"
