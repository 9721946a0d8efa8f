"""certify plot"""

from __future__ import annotations

from pathlib import Path

import click

from certify.certificate import replacing
from certify.cli.common import STDIO, certificate_argument, certificate_path, emit, json_option
from certify.errors import InputError


@click.command("plot")
@certificate_argument
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="PATH",
    type=click.Path(),
    help="The picture: .svg, .png or .pdf.",
)
@json_option
def command(certificate: str, output: str, as_json: bool) -> None:
    """A picture of a certificate: the data by label, and the network or the forced kinks.

    For data in the plane a yes shows the network's value as shades and where its neurons bend; a no shows the
    places where every fitting network would have to bend. For data on a line it is the graph.

    \b
    Examples:
      certify plot five.cert -o five.svg
      certify plot four-triples.cert -o no.png
    """
    from certify.pictures import SUFFIXES, plot_certificate

    target = Path(output)
    if target.suffix not in SUFFIXES:
        raise InputError(
            f"a picture with the suffix {target.suffix!r}",
            source=output,
            hint="end in " + " or ".join(SUFFIXES),
        )
    with certificate_path(certificate) as path, replacing(target) as draft:
        plot_certificate(path, draft, title="stdin" if certificate == STDIO else path.name)
    if as_json:
        emit({"certificate": certificate, "output": output})
    else:
        click.echo(output)
