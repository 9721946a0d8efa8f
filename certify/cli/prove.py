"""certify prove"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import Any, Literal

import click

from certify.cli.common import (
    EXIT_DISAGREEMENT,
    STDIO,
    Progress,
    cross_check_options,
    disagreement,
    edge_options,
    emit,
    jobs_option,
    json_option,
    note,
    opinion_rows,
    opinion_seconds,
    options_of,
    output_option,
    plural,
    read_source,
    seed_option,
    size_text,
    table,
    timeout_option,
    wrapper_options,
)
from certify.cli.own_data import bounds_text

EXIT_UNKNOWN = 3
#: Sources of which a refutation says that there is no clique.
GRAPHS = ("clique", "mcclique")


@click.command("prove")
@edge_options
@click.argument("file", type=click.Path())
@wrapper_options
@output_option("The certificate; compressed for X.cert.gz; - is stdout. Default: FILE-TARGET.cert here.")
@seed_option
@timeout_option
@jobs_option
@click.option(
    "--checker",
    type=click.Choice(["python", "all"]),
    default="python",
    show_default=True,
    help="all: have the certificate checked by certify-kernel, too.",
)
@click.option(
    "--method",
    type=click.Choice(["auto", "direct", "theorem", "both"]),
    default="auto",
    show_default=True,
    help="How a NO is proved: from the data alone, by a theorem on the reduction and a refutation of the source (not"
    " for twohyp), or both. auto: both where that is practical, for graphs one of them.",
)
@cross_check_options
@json_option
def command(
    problem: str,
    target: str,
    file: str,
    output: str | None,
    seed: int,
    timeout: float | None,
    jobs: int | None,
    checker: Literal["python", "all"],
    method: Literal["auto", "direct", "theorem", "both"],
    opinion: bool,
    opinion_timeout: float | None,
    as_json: bool,
    dimension: int | None,
    extra: int,
    loss: str | None,
    gamma: str | None,
) -> int:
    """The main job, whole: from a source problem in FILE (- for stdin) to a verified certificate.

    Builds the training instance; decides the source; a yes is lifted to a network that is checked exactly
    and by Z3; a no is refuted, from the data alone or by a theorem of the paper (--method). The certificate is then
    checked by the independent checker before it is put in place.

    The first line is YES, NO or UNKNOWN. Exit code 0: a complete certificate was written; 3: UNKNOWN within
    the limits; 4: --cross-check, and a solver contradicts the verdict; 2: usage or bad input.

    \b
    Examples:
      certify prove --from poits --to relu five.cnf -o five.cert
      certify prove --from poits --to relu large.cnf --method theorem
      certify prove --from mcclique --to threshold --loss l2 colours.col -o colours.cert
      certify prove --from twohyp --to threshold sets.csv --timeout 60
      certify prove --from poits --to threshold five.cnf --cross-check --cross-check-timeout 10
      certify prove --from twohyp --to relu sets.csv --jobs 2 -o sets.cert     # again after Ctrl-C: goes on
      certify prove --from sat --to relu sudoku.cnf --dimension 3 --loss l2 --gamma 1/2
      certify generate poits vvv | certify prove --from poits --to relu - -o - | certify verify -
    """
    from certify.pipeline import prove

    seconds = opinion_seconds(opinion, opinion_timeout)
    source, _ = read_source(problem, file)
    name = STDIO if file == STDIO else Path(file).name
    to_stdout = output == STDIO
    path = output or f"{'stdin' if file == STDIO else Path(file).stem}-{target}.cert"
    with Progress() as progress:
        result = prove(
            source,
            target,
            output=None if to_stdout else path,
            seed=seed,
            timeout=timeout,
            name=name,
            progress=progress,
            checker=checker,
            method=method,
            options=options_of(dimension, extra, loss, gamma),
            jobs=jobs,
            cross_check=seconds,
        )
    for text in result.report["notes"]:
        note(text)
    if to_stdout:
        if result.certificate is not None:
            result.certificate.write(sys.stdout.buffer)
            sys.stdout.buffer.flush()
        with contextlib.redirect_stdout(sys.stderr):
            _print(result.report, as_json)
    else:
        _print(result.report, as_json)
    if disagreement(result.report["cross_check"]):
        return EXIT_DISAGREEMENT
    return EXIT_UNKNOWN if result.verdict == "UNKNOWN" else 0


def _print(report: dict[str, Any], as_json: bool) -> None:
    if as_json:
        emit(report)
    else:
        click.echo(report["verdict"])
        click.echo(table(summary(report)))


def _name(reduction: dict[str, Any]) -> str:
    return f"{reduction['name']} ({reduction['theorem']})"


def summary(report: dict[str, Any]) -> list[tuple[str, str]]:
    """The report of ``certify.pipeline.prove`` as rows of a table."""
    source, instance = report["source"], report["instance"]
    sizes = ", ".join(f"{count} {name}" for name, count in source["size"].items())
    neurons = plural(instance["width"], instance["activation"] + " neuron")
    goal = "" if instance["loss"] == "exact" else f", total loss {instance['loss']} at most {instance['gamma']}"
    rows = [
        ("source", f"{source['problem']}: {sizes}"),
        ("reduction", ", ".join([_name(report["reduction"]), *report["reduction"]["modifiers"]])),
        (
            "instance",
            f"{plural(instance['points'], 'point')} in dimension {instance['dimension']}, {neurons}{goal}",
        ),
        ("sha256", instance["sha256"]),
    ]
    if report["witness"] is not None:
        rows.append(("witness", report["witness"]["note"]))
    if report["verdict"] == "UNKNOWN" and report["bounds"]:
        rows.append(("known", bounds_text(report["bounds"])))
    if report["refutation"] is not None:
        rows += refutation_rows(report)
    rows += opinion_rows(report["cross_check"])
    if report["certificate"] is not None:
        certificate, check = report["certificate"], report["check"]
        rows.append(("certificate", f"{certificate['path'] or '-'} ({size_text(certificate['bytes'])})"))
        by = "certify/verify.py" + (" and certify-kernel" if report["tier"] == "kernel" else "")
        rows.append(("check", f"{check['status']} by {by} in {report['seconds']['verify']:.2f} s"))
    rows.append(("time", f"{report['seconds']['total']:.2f} s"))
    return rows


def refutation_rows(report: dict[str, Any]) -> list[tuple[str, str]]:
    """How a no is proved."""
    method = report["refutation"]["method"]
    rows = []
    if method != "theorem":
        rows.append(("refutation", f"{plural(report['refutation']['lines'], 'line')}, from the data alone"))
    if method != "direct":
        steps = (report["check"] or {}).get("stats", {}).get("lrat", 0)
        what = "the graph has no clique" if report["source"]["problem"] in GRAPHS else "the formula is refuted"
        text = f"{what}: {plural(steps, 'LRAT step')}"
        if method == "theorem":
            goal = "have no fit" if report["instance"]["loss"] == "exact" else "have no network within that loss"
            text += f"; by {(report['check'] or {}).get('theorem')} the data {goal}"
        rows.append(("" if rows else "refutation", text))
    return rows
