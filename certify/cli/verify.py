"""certify verify"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click

from certify.cli.common import certificate_path, emit, json_option
from certify.errors import InputError
from certify.kernel import KernelResult, Status, check_by_kernel, find_kernel, joined
from certify.verify import Result, check_file, find_files

CHECKERS = ("python", "kernel", "all")
#: The tier that a VERIFIED has, by the checkers that said so (docs/trust.md).
TIERS = {"python": "checked", "kernel": "kernel", "all": "kernel"}
_EXIT_CODES: tuple[tuple[Status, int], ...] = (("DISAGREEMENT", 4), ("REJECTED", 1), ("INCOMPLETE", 3))


@dataclass(frozen=True)
class Answer:
    """What is said of a file, by the checkers that were asked."""

    status: Status
    verdict: str | None
    reason: str
    line: int | None
    code: str
    python: Result | None
    kernel: KernelResult | None

    @property
    def theorem(self) -> str | None:
        """The theorem that a NO rests on, beside its checked proof; None for a direct one."""
        one = self.kernel if self.python is None else self.python
        return one.theorem if self.status == "VERIFIED" and one is not None else None

    @property
    def method(self) -> str | None:
        """How a VERIFIED claim is proved: witness, direct or theorem."""
        if self.status != "VERIFIED":
            return None
        return "witness" if self.verdict == "YES" else "direct" if self.theorem is None else "theorem"


@click.command("verify")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path())
@click.option(
    "--checker",
    type=click.Choice(CHECKERS),
    default="python",
    show_default=True,
    help="certify/verify.py, certify-kernel (proved right in Coq; 'make kernel' builds it), or both.",
)
@click.option(
    "--jobs", type=click.IntRange(1), default=1, show_default=True, help="Check so many files at a time."
)
@json_option
def command(paths: tuple[str, ...], checker: str, jobs: int, as_json: bool) -> int:
    """Checks certificates: files, and all *.cert and *.cert.gz in folders.

    The checker is one file, certify/verify.py. It needs the standard library alone, shares no code with what
    wrote the certificate, runs no solver, and also works without this program: python verify.py X.cert
    A second one, certify-kernel, is extracted from a checker that is proved right in Coq.

    One line a file: VERIFIED, REJECTED or INCOMPLETE; a NO that rests on a theorem of the paper (proved in Coq), and
    not on the data alone, names it. With both checkers also DISAGREEMENT, which is a fault of one of them. Exit code
    0: all VERIFIED; 1: some REJECTED; 3: none rejected, but some INCOMPLETE; 4: some DISAGREEMENT; 2: usage, or a
    file that cannot be read.

    \b
    Examples:
      certify verify five.cert
      certify verify certificates/ --jobs 2
      certify verify --checker all five.cert
      certify verify --json certificates/poits-relu
    """
    names = list(_files(paths))
    program = None if checker == "python" else find_kernel()
    check = partial(check_one, checker=checker, program=program)
    statuses: list[str] = []
    rows: list[dict[str, Any]] = []
    with ExitStack() as stack:
        files = [str(stack.enter_context(certificate_path(name))) for name in names]
        for name, answer in zip(names, _mapped(check, files, jobs, stack), strict=True):
            statuses.append(answer.status)
            if as_json:
                rows.append(_row(name, answer, checker))
            else:
                click.echo(_line(name, answer, checker))
    code = next((code for status, code in _EXIT_CODES if status in statuses), 0)
    if as_json:
        emit({"verified": statuses.count("VERIFIED"), "files": rows, "exit_code": code})
    return code


def check_one(path: str, *, checker: str, program: Path | None) -> Answer:
    """Ask one checker, or both and compare. OSError if the file cannot be read."""
    python = None if checker == "kernel" else check_file(path)
    kernel = None if program is None else check_by_kernel(path, program)
    if python is None or kernel is None:
        one = python if python is not None else kernel
        assert one is not None
        return Answer(one.status, one.verdict, one.reason, one.line, one.code, python, kernel)
    status, reason = joined(python, kernel)
    if status == "VERIFIED":
        return Answer(status, python.verdict, reason, None, "verified", python, kernel)
    one = next((result for result in (python, kernel) if result.status == status), python)
    line, code = (None, "disagreement") if status == "DISAGREEMENT" else (one.line, one.code)
    return Answer(status, python.verdict, reason, line, code, python, kernel)


def _mapped(check: Callable[[str], Answer], files: list[str], jobs: int, stack: ExitStack) -> Iterator[Answer]:
    if jobs > 1 and len(files) > 1:
        return stack.enter_context(ProcessPoolExecutor(jobs)).map(check, files)
    return map(check, files)


def _files(paths: tuple[str, ...]) -> Iterator[str]:
    for path in paths:
        found = list(find_files([path]))
        if not found:
            raise InputError("no certificates in this folder", source=path, hint="*.cert or *.cert.gz")
        yield from found


def _line(name: str, answer: Answer, checker: str) -> str:
    if answer.status == "VERIFIED":
        theorem = "" if answer.theorem is None else f" (by {answer.theorem})"
        by = {"python": "", "kernel": " [kernel]", "all": " [checked, kernel]"}[checker]
        return f"VERIFIED {answer.verdict} {name}{theorem}{by}"
    place = "" if answer.line is None else f"line {answer.line}: "
    return f"{answer.status} {name}: {place}{answer.reason}"


def _row(name: str, answer: Answer, checker: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "file": name,
        "status": answer.status,
        "verdict": answer.verdict,
        "tier": TIERS[checker] if answer.status == "VERIFIED" else None,
        "method": answer.method,
        "theorem": answer.theorem,
        "code": answer.code,
        "line": answer.line,
        "reason": answer.reason,
        "stats": {} if answer.python is None else answer.python.stats,
    }
    if checker != "python":
        both = {"python": answer.python, "kernel": answer.kernel}
        row["checkers"] = {who: asdict(result) for who, result in both.items() if result is not None}
    return row
