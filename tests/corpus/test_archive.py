"""The archive of certificates: complete, unchanged, and every certificate verified with its verdict."""

from __future__ import annotations

import gzip
import hashlib
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from certify.kernel import find_kernel
from certify.reductions import REDUCTIONS
from certify.verify import check_file

ARCHIVE = Path(__file__).resolve().parents[2] / "certificates"
ROWS = [
    line.split("  ")
    for line in (ARCHIVE / "MANIFEST").read_text(encoding="ascii").splitlines()
    if not line.startswith("#")
]
MOST_BYTES = 10_000_000
THEOREMS = {
    "poits-relu": "Theorem 1",
    "poits-threshold": "Corollary 8",
    "sat-poits-relu": "Theorem 1",
    "sat-poits-threshold": "Corollary 8",
    "clique-twohyp-relu": "Theorem 7",
    "clique-twohyp-threshold": "Corollary 10",
    "mcclique-relu": "Corollary 9 for ReLU",
    "mcclique-threshold": "Corollary 9",
}


def by(name: str) -> str:
    """What an answer adds for the parts of the archive that are proved by theorem."""
    theorem = THEOREMS.get(name.split("/")[0].removesuffix("-by-theorem"))
    return f" (by {theorem})" if name.split("/")[0].endswith("-by-theorem") else ""


def read_text(path: Path) -> str:
    return (gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()).decode("ascii")


@pytest.mark.parametrize(("digest", "name", "verdict", "size", "points", "width"), ROWS, ids=lambda x: None)
def test_certificate(digest, name, verdict, size, points, width):
    data = (ARCHIVE / name).read_bytes()
    assert (len(data), hashlib.sha256(data).hexdigest()) == (int(size), digest)
    result = check_file(ARCHIVE / name)
    assert (result.status, result.verdict) == ("VERIFIED", verdict), (result.line, result.reason)
    assert (f" (by {result.theorem})" if result.theorem else "") == by(name)


def test_the_proved_checker_agrees_on_every_certificate():
    """One process for all: it must verify each, with the verdict of the manifest, and end with 0."""
    names = [str(ARCHIVE / row[1]) for row in ROWS]
    done = subprocess.run([find_kernel(), *names], capture_output=True, text=True, check=False)
    wanted = [f"VERIFIED {row[2]} {name}{by(row[1])}" for row, name in zip(ROWS, names, strict=True)]
    assert (done.returncode, done.stderr, done.stdout.splitlines()) == (0, "", wanted)


def test_manifest_lists_every_file_once():
    there = sorted(
        str(path.relative_to(ARCHIVE)) for path in ARCHIVE.glob("*/*") if path.suffix in (".cert", ".gz")
    )
    assert sorted(row[1] for row in ROWS) == there


def test_own_data_cover_every_kind_yes_and_no():
    """Activations, signs and losses, in one dimension and in more, as the certificates themselves say."""
    seen = Counter()
    for row in ROWS:
        if row[1].startswith("own-data/"):
            words = read_text(ARCHIVE / row[1]).split("\n")
            told = dict(line.split(" ", 1) for line in words[1:8] if " " in line)
            kind = (told["activation"], told["signs"], told.get("loss", "exact").split(" ")[0])
            seen[(*kind, "line" if told["instance"].split(" ")[1] == "1" else "space", row[2])] += 1
    for verdict in ("YES", "NO"):
        for signs in ("convex", "concave"):
            assert seen["relu", signs, "exact", "space", verdict]
        for activation in ("relu", "threshold"):
            for place in ("line", "space"):
                assert seen[activation, "free", "exact", place, verdict], (activation, place, verdict)
            for loss in ("l0", "l1", "l2"):
                assert seen[activation, "free", loss, "line", verdict], (activation, loss, verdict)


def test_archive_covers_every_reduction_yes_and_no():
    assert len(ROWS) >= 60
    counts = Counter((row[1].split("/")[0], row[2]) for row in ROWS)
    for reduction in REDUCTIONS.values():
        assert counts[reduction.name, "YES"] >= 5
        # Four ReLUs in four dimensions or more: the refuter does not reach these no-instances.
        assert counts[reduction.name, "NO"] >= (0 if reduction.name == "clique-twohyp-relu" else 3)
    for problem in ("poits", "sat-poits", "clique-twohyp", "mcclique"):
        for target in ("relu", "threshold"):
            assert counts[f"{problem}-{target}-by-theorem", "NO"] >= 3
    assert sum(int(row[3]) for row in ROWS) < MOST_BYTES
