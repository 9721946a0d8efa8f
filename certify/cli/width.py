"""certify width"""

from __future__ import annotations

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
    plural,
    seed_option,
    table,
    timeout_option,
)
from certify.decide.method_names import Method
from certify.errors import InputError
from certify.instance import Signs
from certify.loss import Loss
from certify.network import Activation


@click.command("width")
@click.argument("file", metavar="DATA.csv", type=click.Path())
@own_data.question_options
@click.option(
    "-o",
    "--output",
    metavar="PREFIX",
    type=click.Path(),
    help="Writes PREFIX-yes.cert and PREFIX-no.cert. Default: the name of the data, here.",
)
@seed_option
@timeout_option
@jobs_option
@own_data.method_option
@own_data.checker_option
@cross_check_options
@json_option
def command(
    file: str,
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
    """The least number of hidden neurons with which a network fits the data in DATA.csv (- for stdin).

    Two certificates are written: PREFIX-yes.cert holds the network, PREFIX-no.cert a refutation of one neuron
    fewer (where it is none, there is nothing to refute). The data and the options are those of certify fit.

    The first line is YES, and the next one says the number; NO: no number of neurons is enough, by PREFIX-no.cert;
    UNKNOWN: the bounds reached within the limits, or until Ctrl-C, with their certificates. Exit codes as for
    certify fit: 0, 3 for UNKNOWN, 4, 130 after Ctrl-C, 2.

    \b
    Examples:
      certify width fan.csv -o fan
      certify width prices.csv --convex --timeout 60 --json
      certify width steps.csv --activation threshold
      certify width noisy.csv --loss l1 --gamma 1/2
    """
    from certify.own_data import width_of_instance

    seconds = opinion_seconds(opinion, opinion_timeout)
    if output == STDIO:
        raise InputError("two certificates do not go to stdout", hint="give -o a prefix")
    instance = own_data.instance_from(file, 0, activation, signs, loss, gamma)
    with Progress() as progress:
        result = width_of_instance(
            instance,
            timeout=timeout,
            seed=seed,
            output=output or own_data.stem(file),
            progress=progress,
            checker=checker,
            method=method,
            cross_check=seconds,
            jobs=jobs,
            command=own_data.command_words("width", instance, file, seed, method, jobs),
        )
    for text in result.report["notes"]:
        note(text)
    if as_json:
        emit(result.report)
    else:
        click.echo(result.verdict)
        click.echo(table(summary(result.report, file)))
    return own_data.exit_code(result.report)


def summary(report: dict[str, Any], file: str) -> list[tuple[str, str]]:
    """The report of ``certify.width`` as rows of a table."""
    data = report["instance"]
    neuron = own_data.kind(data) + " neuron"
    answer = {
        "YES": lambda: plural(report["width"], neuron),
        "NO": lambda: f"no number of {neuron}s is enough",
        "UNKNOWN": lambda: own_data.bounds_text(report["bounds"]),
    }[report["verdict"]]()
    rows = [
        ("width", answer + own_data.goal(data)),
        own_data.data_row(report, file),
        *own_data.network_rows(report),
    ]
    for name, words in (("yes", "enough"), ("no", "too few")):
        entry = report["certificates"].get(name)
        if entry is not None:
            rows.append((name, f"{plural(entry['width'], 'neuron')}, {words}: {own_data.certificate_text(entry)}"))
            rows += opinion_rows(entry["cross_check"])
    rows += opinion_rows(report["cross_check"])
    if report["tier"] is not None:
        rows.append(("checked by", own_data.checked_by(report["tier"])))
    rows.append(("time", f"{report['seconds']['total']:.2f} s"))
    return rows
