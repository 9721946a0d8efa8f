"""certify verify"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from typing import Any

import click

from certify.cli.common import certificate_path, emit, json_option
from certify.errors import InputError
from certify.verify import Result, check_file, find_files

_EXIT_REJECTED, _EXIT_INCOMPLETE = 1, 3


@click.command("verify")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path())
@click.option(
    "--jobs", type=click.IntRange(1), default=1, show_default=True, help="Check so many files at a time."
)
@json_option
def command(paths: tuple[str, ...], jobs: int, as_json: bool) -> int:
    """Checks certificates: files, and all *.cert and *.cert.gz in folders.

    The checker is one file, certify/verify.py. It needs the standard library alone, shares no code with what
    wrote the certificate, runs no solver, and also works without this program: python verify.py X.cert

    One line a file: VERIFIED, REJECTED or INCOMPLETE. Exit code 0: all VERIFIED; 1: some REJECTED; 3: none
    rejected, but some INCOMPLETE; 2: usage, or a file that cannot be read.

    \b
    Examples:
      certify verify five.cert
      certify verify certificates/ --jobs 2
      certify verify --json certificates/poits-relu
    """
    names = list(_files(paths))
    statuses: list[str] = []
    rows: list[dict[str, Any]] = []
    with ExitStack() as stack:
        files = [str(stack.enter_context(certificate_path(name))) for name in names]
        if jobs > 1 and len(files) > 1:
            results = stack.enter_context(ProcessPoolExecutor(jobs)).map(check_file, files)
        else:
            results = map(check_file, files)
        for name, result in zip(names, results, strict=True):
            statuses.append(result.status)
            if as_json:
                rows.append(_row(name, result))
            else:
                click.echo(_line(name, result))
    code = _EXIT_REJECTED if "REJECTED" in statuses else _EXIT_INCOMPLETE if "INCOMPLETE" in statuses else 0
    if as_json:
        emit({"verified": statuses.count("VERIFIED"), "files": rows, "exit_code": code})
    return code


def _files(paths: tuple[str, ...]) -> Iterator[str]:
    for path in paths:
        found = list(find_files([path]))
        if not found:
            raise InputError("no certificates in this folder", source=path, hint="*.cert or *.cert.gz")
        yield from found


def _line(name: str, result: Result) -> str:
    if result.status == "VERIFIED":
        return f"VERIFIED {result.verdict} {name}"
    place = "" if result.line is None else f"line {result.line}: "
    return f"{result.status} {name}: {place}{result.reason}"


def _row(name: str, result: Result) -> dict[str, Any]:
    return {
        "file": name,
        "status": result.status,
        "verdict": result.verdict,
        "tier": "checked" if result.status == "VERIFIED" else None,
        "code": result.code,
        "line": result.line,
        "reason": result.reason,
        "stats": result.stats,
    }
