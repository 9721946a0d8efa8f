"""A certificate of a NO -> the same claim with a smaller proof, checked before it is written."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, cast

from certify.certificate import DATA, Certificate, opened, proof_lines, read, reduction_of, source_proof_lines
from certify.decide import clique_sat, lrat
from certify.decide.poits_sat import CLAUSES_PER_CLAUSE
from certify.errors import InputError, NotVerified
from certify.problems.clique import Graph
from certify.problems.mcclique import ColouredGraph
from certify.problems.sat import Cnf
from certify.reductions import sat_to_poits
from certify.trimming.refutation import smaller
from certify.trimming.replay import Question
from certify.verified import write_verified
from certify.verify import check_file

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Counts:
    """lines: those of the proof; bytes: the certificate's, not compressed; steps: lines by their first word, those of a
    refutation of the source under "lrat".
    """

    lines: int
    bytes: int
    steps: dict[str, int]

    def to_json(self) -> dict[str, Any]:
        return {"lines": self.lines, "bytes": self.bytes, "steps": self.steps}


@dataclass(frozen=True)
class TrimResult:
    """The trimmed certificate, where it was written, if anywhere, and what it had before and has now."""

    certificate: Certificate
    path: Path | None
    before: Counts
    after: Counts


def trim(
    certificate: str | os.PathLike[str],
    output: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> TrimResult:
    """A certificate of a NO with the same claim, and a proof that is not larger and often much smaller.

    It is VERIFIED by the independent checker before it is put in place at ``output`` (compressed for X.gz; may be the
    file itself). Trimming it again changes nothing more. Raises NotVerified if the given one is rejected or
    incomplete, InputError for a YES, ParseError for what is no certificate, OSError.
    """
    tell = progress or (lambda _: None)
    path = Path(certificate)
    tell("checking the certificate")
    _require_verified(path)
    record = read(path)
    if record.claim.verdict == "YES":
        raise InputError("a YES: its proof is the network", source=str(path), hint="only a NO has steps to trim")
    old = [] if record.by_theorem else list(proof_lines(path))
    new = old
    if old:
        tell("building the training instance")
        data = record.source if record.claim.recipe == DATA else reduction_of(record.claim).reduce(record.source)
        new = smaller(Question(data), old, tell)
    source = _source_refutation(path, record) if record.steps["lrat"] else None
    trimmed = replace(
        record, refutation=None if record.by_theorem else new, source_refutation=source, steps=_steps(new, source)
    )
    tell("checking the trimmed certificate")
    write_verified(trimmed, output, complete=True)
    before = Counts(len(old) + record.steps["lrat"], _size(path), dict(record.steps))
    after = Counts(sum(trimmed.steps.values()), _written(trimmed), dict(trimmed.steps))
    return TrimResult(trimmed, None if output is None else Path(output), before, after)


def _require_verified(path: Path) -> None:
    result = check_file(path)
    if result.status != "VERIFIED":
        raise NotVerified(
            f"the certificate is {result.status}: {result.reason}",
            source=str(path),
            line=result.line or None,
            hint="only a verified one is trimmed",
        )


def _steps(lines: Iterable[str], source: Iterable[str] | None) -> Counter[str]:
    steps = Counter(line.partition(" ")[0] for line in lines)
    if source is not None:
        steps["lrat"] = sum(1 for _ in source)
    return steps


def _source_refutation(path: Path, record: Certificate) -> Iterable[str]:
    """What the empty clause rests on (lrat.py), if that is shorter; the lines as they are if not."""
    with tempfile.TemporaryDirectory(prefix="certify-") as folder:
        text = Path(folder) / "source.lrat"
        with open(text, "wb") as file:
            file.writelines(f"{line}\n".encode("ascii") for line in source_proof_lines(path))
        size = text.stat().st_size
        found = lrat.trimmed(text, _given(record.source))
    return found if found.size < size else _Source(path)


def _given(source: Any) -> int:
    """The number of clauses of the CNF that a refutation of the source is about (format v1, section 5)."""
    if isinstance(source, (Graph, ColouredGraph)):
        return len(clique_sat.cnf(source))
    formula = sat_to_poits.reduce(source) if isinstance(source, Cnf) else source
    return CLAUSES_PER_CLAUSE * len(formula.clauses)


@dataclass(frozen=True)
class _Source:
    """The lines of the refutation of the source in a file, as often as wanted."""

    path: Path

    def __iter__(self) -> Any:
        return source_proof_lines(self.path)


def _size(path: Path) -> int:
    with opened(path) as file:
        return sum(len(block) for block in iter(lambda: file.read(2**20), b""))


class _Counting:
    """A file that counts what is written."""

    def __init__(self) -> None:
        self.size = 0

    def write(self, data: bytes) -> None:
        self.size += len(data)


def _written(certificate: Certificate) -> int:
    sink = _Counting()
    certificate.write(cast(IO[bytes], sink))
    return sink.size
