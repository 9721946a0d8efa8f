"""certify export"""

from __future__ import annotations

import contextlib
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from certify.certificate import DATA, read, reduction_of, replacing
from certify.cli.common import STDIO, certificate_argument, certificate_path, emit, json_option, plural
from certify.errors import InputError
from certify.exact import render
from certify.export import EXACT_FORMATS, FORMATS, format_of, rounding, to_bytes
from certify.instance import TrainingInstance
from certify.network import Network


@click.command("export")
@certificate_argument
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="PATH",
    type=click.Path(),
    help="The file to write, .json, .npz or .onnx; - for stdout, with --format.",
)
@click.option(
    "--format", "format_name", type=click.Choice(FORMATS), help="The format; by default what the suffix says."
)
@json_option
def command(certificate: str, output: str, format_name: str | None, as_json: bool) -> None:
    """The witness network of a certificate as a file for other programs.

    json is exact. npz (NumPy arrays) and onnx hold float64, so they are roundings of the network; the largest error
    that float64 arithmetic makes at the data points is computed exactly and reported. The exact network goes along in
    both.

    \b
    Examples:
      certify export five.cert -o net.onnx
      certify export five.cert -o net.npz --json
      certify export five.cert -o - --format json | jq .neurons
    """
    if output == STDIO and format_name is None:
        raise InputError("no suffix that names the format", source="<stdout>", hint="give --format")
    name = format_name or format_of(Path(output))
    with certificate_path(certificate) as path:
        record = read(path)
    network = record.witness
    if network is None:
        raise InputError("the certificate is a NO: it has no network", source=certificate)
    instance = record.source
    if record.claim.recipe != DATA:
        instance = reduction_of(record.claim.recipe).reduce(record.source)
    data = to_bytes(network, name)
    report = _report(network, instance, name)
    if output == STDIO:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        with replacing(Path(output)) as draft:
            draft.write_bytes(data)
    with contextlib.redirect_stdout(sys.stderr) if output == STDIO else contextlib.nullcontext():
        if as_json:
            emit({"certificate": certificate, "output": output, **report})
        else:
            size = f"{plural(network.width, network.activation + ' neuron')}, {name}"
            click.echo(f"{output}: {size}, {_sentence(report)}")


def _report(network: Network, instance: TrainingInstance, name: str) -> dict[str, Any]:
    report: dict[str, Any] = {
        "format": name,
        "activation": network.activation,
        "width": network.width,
        "exact": name in EXACT_FORMATS,
        "rounding": None,
    }
    if not report["exact"]:
        found = rounding(network, instance.points)
        report["rounding"] = {
            "parameters": render(found.parameters),
            "values": render(found.values),
            "points": found.points,
            "worst_point": None if found.worst is None else found.worst + 1,
        }
    return report


def _sentence(report: dict[str, Any]) -> str:
    if report["exact"]:
        return "exact"
    found = report["rounding"]
    error = Fraction(found["values"])
    points = plural(found["points"], "data point")
    if not error:
        return f"float64, exact at the {points}"
    return f"float64, at the {points} off by at most {float(error):.2g}, at point {found['worst_point']:,}"
