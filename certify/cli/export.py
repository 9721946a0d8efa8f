"""certify export"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from certify.certificate import DATA, Certificate, read, reduction_of, replacing
from certify.cli.common import STDIO, certificate_argument, certificate_path, emit, json_option, plural
from certify.errors import InputError
from certify.exact import render
from certify.export import EXACT_FORMATS, FORMATS, format_of, queries, rounding, to_bytes
from certify.instance import TrainingInstance
from certify.network import Network

VNNLIB = "vnnlib"
#: The time limit that instances.csv names, as the competitions' files do.
SECONDS = 300


@click.command("export")
@certificate_argument
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="PATH",
    type=click.Path(),
    help="The file to write, .json, .npz or .onnx; - for stdout, with --format. For vnnlib a folder.",
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice((*FORMATS, VNNLIB)),
    help="The format; by default what the suffix says.",
)
@json_option
def command(certificate: str, output: str, format_name: str | None, as_json: bool) -> None:
    """The witness network of a certificate, or its question, as files for other programs.

    json is exact. npz (NumPy arrays) and onnx hold float64, so they are roundings of the network; the largest error
    that float64 arithmetic makes at the data points is computed exactly and reported. The exact network goes along in
    both.

    vnnlib (ReLUs, YES and NO) writes the question itself as queries for neural network verifiers: a folder with an
    ONNX and a VNN-LIB file for each number P of positive neurons, instances.csv, and queries.json with the answers. The
    queries ask for parameters in a box; nothing in them is rounded.

    \b
    Examples:
      certify export five.cert -o net.onnx
      certify export five.cert -o net.npz --json
      certify export five.cert -o - --format json | jq .neurons
      certify export no.cert -o queries/ --format vnnlib
    """
    if output == STDIO and format_name is None:
        raise InputError("no suffix that names the format", source="<stdout>", hint="give --format")
    name = format_name or format_of(Path(output))
    with certificate_path(certificate) as path:
        record = read(path)
    network = record.witness
    if network is None and name != VNNLIB:
        raise InputError("the certificate is a NO: it has no network", source=certificate)
    instance = record.source
    if record.claim.recipe != DATA:
        instance = reduction_of(record.claim).reduce(record.source)
    if name == VNNLIB:
        _write_queries(record, instance, output, certificate, as_json)
        return
    assert network is not None
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


def _write_queries(
    record: Certificate, instance: TrainingInstance, output: str, certificate: str, as_json: bool
) -> None:
    if output == STDIO or (os.path.exists(output) and not os.path.isdir(output)):
        raise InputError("is no folder", source=output)
    if record.claim.verdict == "NO" and not record.complete:
        raise InputError("the certificate is incomplete: its answer is not known", source=certificate)
    listed, lines, files = [], [], {}
    for query in queries(instance, witness=record.witness, refuted=record.claim.verdict == "NO"):
        name = f"fit-{query.positive}"
        files[f"{name}.onnx"] = query.model
        files[f"{name}.vnnlib"] = query.text.encode("ascii")
        lines.append(f"{name}.onnx,{name}.vnnlib,{SECONDS}\n")
        entry = {"name": name, "positive": query.positive, "status": query.status, "box": query.box}
        entry |= {"weight_scale": render(query.weight_scale), "bias_scale": render(query.bias_scale)}
        listed.append(entry)
    facts = {"sha256": record.claim.sha256, "queries": listed}
    files["instances.csv"] = "".join(lines).encode("ascii")
    files["queries.json"] = (json.dumps(facts, indent=2) + "\n").encode("ascii")
    os.makedirs(output, exist_ok=True)
    for name, data in files.items():
        with replacing(Path(output, name)) as draft:
            draft.write_bytes(data)
    if as_json:
        emit({"certificate": certificate, "output": output, "format": VNNLIB, **facts})
    else:
        answers = ", ".join(sorted({str(entry["status"]) for entry in listed}))
        click.echo(f"{output}: {len(listed)} {'query' if len(listed) == 1 else 'queries'} ({answers})")


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
