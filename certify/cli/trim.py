"""certify trim"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import Any

import click

from certify.cli.common import (
    STDIO,
    Progress,
    certificate_argument,
    certificate_path,
    emit,
    json_option,
    size_text,
    table,
)
from certify.cli.steps import KINDS


@click.command("trim")
@certificate_argument
@click.option(
    "-o",
    "--output",
    metavar="PATH",
    type=click.Path(),
    required=True,
    help="The trimmed certificate; compressed for X.cert.gz; - is stdout. May be the file itself.",
)
@json_option
def command(certificate: str, output: str, as_json: bool) -> None:
    """A NO with the same claim and a smaller proof, without the steps, literals and hints that it does not need.

    The certificate must be VERIFIED, and the smaller one is checked before it is put in place. Trimming it again
    changes nothing more.

    \b
    Examples:
      certify trim no.cert -o small.cert
      certify trim no.cert.gz -o no.cert.gz
      certify prove --from poits --to relu x.cnf -o - | certify trim - -o x.cert
    """
    from certify.trimming import trim

    to_stdout = output == STDIO
    with certificate_path(certificate) as path, Progress() as progress:
        result = trim(path, None if to_stdout else output, progress)
        if to_stdout:
            result.certificate.write(sys.stdout.buffer)
            sys.stdout.buffer.flush()
    report = {
        "certificate": certificate,
        "output": None if to_stdout else output,
        "verdict": result.certificate.claim.verdict,
        "sha256": result.certificate.claim.sha256,
        "before": result.before.to_json(),
        "after": result.after.to_json(),
    }
    with contextlib.redirect_stdout(sys.stderr) if to_stdout else contextlib.nullcontext():
        if as_json:
            emit(report)
        else:
            click.echo(table(summary(report)))


def summary(report: dict[str, Any]) -> list[tuple[str, str]]:
    """Before and after, whole and by kind of step."""
    before, after = report["before"], report["after"]
    rows = [
        ("lines", f"{before['lines']:>10,}  {after['lines']:>10,}"),
        ("bytes", f"{before['bytes']:>10,}  {after['bytes']:>10,}  {_change(before['bytes'], after['bytes'])}"),
    ]
    for kind, text in {"lrat": "lines of the refutation of the source", **KINDS}.items():
        old, new = before["steps"].get(kind, 0), after["steps"].get(kind, 0)
        if old or new:
            rows.append((kind, f"{old:>10,}  {new:>10,}  {text}"))
    output = report["output"]
    if output is not None:
        rows.append(("written", f"{output} ({size_text(Path(output).stat().st_size)}), VERIFIED"))
    return [("", f"{'before':>10}  {'after':>10}"), *rows]


def _change(before: int, after: int) -> str:
    return f"{100 * (after - before) / before:+.1f} %"
