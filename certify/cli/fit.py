"""certify fit"""

from __future__ import annotations

import contextlib
import sys
from typing import Any, Literal

import click

from certify.cli import own_data
from certify.cli.common import (
    STDIO,
    Progress,
    cross_check_options,
    emit,
    jobs_option,
    json_option,
    note,
    opinion_rows,
    opinion_seconds,
    output_option,
    plural,
    seed_option,
    table,
    timeout_option,
)
from certify.decide.method_names import Method
from certify.instance import Signs
from certify.loss import Loss
from certify.network import Activation


@click.command("fit")
@click.argument("file", metavar="DATA.csv", type=click.Path())
@click.option("--width", type=click.IntRange(0), required=True, metavar="K", help="The number of hidden neurons.")
@own_data.question_options
@output_option("The certificate; compressed for X.cert.gz; - is stdout. Default: DATA-K.cert here.")
@seed_option
@timeout_option
@jobs_option
@own_data.method_option
@own_data.checker_option
@cross_check_options
@json_option
def command(
    file: str,
    width: int,
    activation: Activation,
    signs: Signs | None,
    loss: Loss | None,
    gamma: str | None,
    output: str | None,
    seed: int,
    timeout: float | None,
    jobs: int | None,
    method: Method,
    checker: Literal["python", "all"],
    opinion: bool,
    opinion_timeout: float | None,
    as_json: bool,
) -> int:
    """Does a network of K hidden neurons fit the data in DATA.csv (- for stdin)? With a certificate.

    The data: a header, then one point a line, the label in the last column; cells are integers, p/q or decimals, all
    read exactly. A last column named "copies" says how often a point counts. A yes comes with the network, a no
    with a refutation; both are checked by the independent checker before the certificate is put in place.

    The first line is YES, NO or UNKNOWN. Exit code 0: a certificate was written; 3: UNKNOWN within the limits, with
    bounds on the number of neurons; 130: Ctrl-C, likewise; 4: a solver of
    --cross-check contradicts the answer; 2: usage or bad input.

    \b
    Examples:
      certify fit fan.csv --width 3 -o fan.cert
      certify fit prices.csv --width 4 --convex --timeout 60
      certify fit sets.csv --width 4 --jobs 2 -o sets.cert      # again after Ctrl-C: goes on
      certify fit noisy.csv --width 2 --loss l0 --gamma 1       # one point may be missed
      certify fit steps.csv --width 5 --activation threshold -o - | certify verify -
    """
    from certify.own_data import fit_instance

    seconds = opinion_seconds(opinion, opinion_timeout)
    instance = own_data.instance_from(file, width, activation, signs, loss, gamma)
    to_stdout = output == STDIO
    path = output or f"{own_data.stem(file)}-{width}.cert"
    with Progress() as progress:
        result = fit_instance(
            instance,
            timeout=timeout,
            seed=seed,
            output=None if to_stdout else path,
            progress=progress,
            checker=checker,
            method=method,
            cross_check=seconds,
            jobs=jobs,
            command=own_data.command_words("fit", instance, file, seed, method, jobs, width),
        )
    for text in result.report["notes"]:
        note(text)
    if to_stdout:
        if result.certificate is not None:
            result.certificate.write(sys.stdout.buffer)
            sys.stdout.buffer.flush()
        with contextlib.redirect_stdout(sys.stderr):
            _print(result.report, file, as_json)
    else:
        _print(result.report, file, as_json)
    return own_data.exit_code(result.report)


def _print(report: dict[str, Any], file: str, as_json: bool) -> None:
    if as_json:
        emit(report)
    else:
        click.echo(report["verdict"])
        click.echo(table(summary(report, file)))


def summary(report: dict[str, Any], file: str) -> list[tuple[str, str]]:
    """The report of ``certify.fit`` as rows of a table."""
    data = report["instance"]
    rows = [
        own_data.data_row(report, file),
        ("question", f"{plural(data['width'], own_data.kind(data) + ' neuron')}{own_data.goal(data)}"),
        *own_data.network_rows(report),
    ]
    if report["refutation"] is not None:
        rows.append(("refutation", plural(report["refutation"]["lines"], "line")))
    if report["verdict"] == "UNKNOWN":
        rows.append(("known", own_data.bounds_text(report["bounds"])))
    rows += opinion_rows(report["cross_check"])
    if report["certificate"] is not None:
        rows.append(("certificate", own_data.certificate_text(report)))
    if report["tier"] is not None:
        rows.append(("checked by", own_data.checked_by(report["tier"])))
    rows.append(("time", f"{report['seconds']['total']:.2f} s"))
    return rows
