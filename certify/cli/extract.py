"""certify extract"""

from __future__ import annotations

import json

import click

from certify.certificate import DATA, read, reduction_of
from certify.cli.common import (
    certificate_argument,
    certificate_path,
    emit,
    json_option,
    output_option,
    read_text,
    write_text,
)
from certify.errors import InputError, ParseError
from certify.network import Network
from certify.problems import PROBLEMS


@click.command("extract")
@certificate_argument
@click.option(
    "--network",
    "other",
    metavar="FILE",
    type=click.Path(),
    help="Read the solution out of this network (JSON as in witness.json) instead of the witness.",
)
@output_option("The file to write; stdout by default.")
@json_option
def command(certificate: str, other: str | None, output: str | None, as_json: bool) -> None:
    """The source solution, read back out of the witness network: the reduction's decoder.

    Any network that fits the data will do, for example one that a solver found: see --network. A network that
    does not fit is an error.

    \b
    Examples:
      certify extract five.cert
      certify extract five.cert --network found.json
      certify prove --from poits --to relu five.cnf -o - | certify extract -
    """
    with certificate_path(certificate) as path:
        record = read(path)
    if record.claim.recipe == DATA:
        raise InputError("the certificate has no source problem", source=certificate)
    network = record.witness
    if other is not None:
        text, name = read_text(other)
        try:
            network = Network.from_json(json.loads(text), source=name)
        except ValueError as error:
            raise ParseError(f"not JSON: {error}", source=name) from error
    if network is None:
        by = f" by {reduction_of(record.claim).backward}" if record.by_theorem else ""
        raise InputError(
            f"the certificate is a NO{by}: it has no network", source=certificate, hint="give one with --network"
        )
    reduction = reduction_of(record.claim)
    problem = PROBLEMS[reduction.source]
    solution = reduction.extract(record.source, network)
    text = problem.write_solution(solution)
    if as_json:
        if output is not None:
            write_text(output, text)
        emit(
            {
                "problem": problem.name,
                "solution": text.strip(),
                "is_solution": problem.is_solution(record.source, solution),
                "same_as_stated": None if record.solution is None else solution == record.solution,
                "output": output,
            }
        )
    else:
        write_text(output, text)
