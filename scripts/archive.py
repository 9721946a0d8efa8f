"""Makes the archive of certificates anew: python scripts/archive.py FOLDER

Every reduction, yes and no: all no-formulas of at most three clauses over at most three variables, up to
renaming, and some small yes ones; the classic formulas and point sets; planted and random instances. The same
program version gives the same bytes.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import combinations_with_replacement, permutations
from pathlib import Path
from typing import Any

from certify.pipeline import prove
from certify.problems import PROBLEMS, poits
from certify.problems.poits import Formula
from certify.reductions import REDUCTIONS

#: Certificates longer than this are stored compressed.
PLAIN_BYTES = 60_000
KEPT = ("README.md", "check.py")
#: Beyond these the refuter needs more time than an archive is worth, or the file more space.
TIMEOUT = 300.0


def small_formulas() -> Iterator[tuple[str, Formula]]:
    """All formulas of 1..3 clauses over 1..3 variables that all occur, one of every class up to renaming."""
    seen = set()
    literals = [c for c in combinations_with_replacement((1, 2, 3), 3)]
    for count in (1, 2, 3):
        for clauses in combinations_with_replacement(literals, count):
            used = sorted({v for clause in clauses for v in clause})
            form = min(
                tuple(
                    sorted(tuple(sorted(dict(zip(used, names, strict=True))[v] for v in c)) for c in clauses)
                )
                for names in permutations(range(1, len(used) + 1))
            )
            if form not in seen:
                seen.add(form)
                name = "-".join("".join(map(str, clause)) for clause in form)
                yield name, Formula(len(used), tuple((a, b, c) for a, b, c in form))


def poits_sources() -> Iterator[tuple[str, Formula]]:
    """Names and formulas, no names twice."""
    yes = 0
    for name, formula in small_formulas():
        solvable = next(poits.solutions(formula), None) is not None
        yes += solvable
        if not solvable or yes <= 8:
            yield f"small-{name}", formula
    for name in ("empty", "free", "figure-5", "four-triples", "fano"):
        yield name, PROBLEMS["poits"].classics[name][0]
    for seed, (variables, clauses) in enumerate(((6, 4), (12, 10), (40, 30)), start=1):
        sizes = {"variables": variables, "clauses": clauses}
        yield f"planted-{variables}-{clauses}", PROBLEMS["poits"].generate("planted", seed, **sizes)


def twohyp_sources() -> Iterator[tuple[str, Any]]:
    """Names and point sets."""
    for name, (sets, _) in PROBLEMS["twohyp"].classics.items():
        yield name, sets
    for seed in (1, 2, 3):
        yield f"planted-{seed}", PROBLEMS["twohyp"].generate("planted", seed)
    yield "planted-3d", PROBLEMS["twohyp"].generate("planted", 4, q=5, p=6, dimension=3, range=5)
    for seed in (5, 6):
        yield f"random-{seed}", PROBLEMS["twohyp"].generate("random", seed, q=6, p=6, range=5)


def main(folder: Path) -> int:
    """Writes the archive; 1 if some certificate could not be made."""
    rows = []
    sources = {"poits": dict(poits_sources()), "twohyp": dict(twohyp_sources())}
    with tempfile.TemporaryDirectory(prefix=".draft-", dir=folder.parent) as draft:
        for (problem, target), reduction in REDUCTIONS.items():
            place = Path(draft) / reduction.name
            place.mkdir()
            for name, source in sources[problem].items():
                begin = time.monotonic()
                path = place / f"{name}.cert"
                result = prove(source, target, output=path, timeout=TIMEOUT, name=name)
                seconds = time.monotonic() - begin
                if result.verdict == "UNKNOWN" or result.certificate is None:
                    path.unlink(missing_ok=True)
                    print(f"{reduction.name}/{name}: UNKNOWN after {seconds:.1f} s {result.report['notes']}")
                    continue
                if path.stat().st_size > PLAIN_BYTES:
                    path.unlink()
                    path = path.with_name(f"{name}.cert.gz")
                    result.certificate.save(path)
                data = path.read_bytes()
                digest = hashlib.sha256(data).hexdigest()
                rows.append(
                    f"{digest}  {reduction.name}/{path.name}  {result.verdict}  {len(data)}  "
                    f"{len(result.instance.points)}  {result.instance.width}"
                )
                print(f"{rows[-1][66:]}  {seconds:.1f} s", flush=True)
        header = "# sha256  file  verdict  bytes  points  width\n"
        (Path(draft) / "MANIFEST").write_text(header + "\n".join(sorted(rows, key=_file)) + "\n")
        for old in folder.iterdir():
            if old.name not in KEPT:
                shutil.rmtree(old) if old.is_dir() else old.unlink()
        for new in sorted(Path(draft).iterdir()):
            shutil.move(new, folder / new.name)
    print(f"{len(rows)} certificates in {folder}")
    return 0


def _file(row: str) -> str:
    return row.split("  ")[1]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python scripts/archive.py FOLDER")
    sys.exit(main(Path(sys.argv[1])))
