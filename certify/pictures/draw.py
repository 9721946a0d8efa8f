"""Chooses the kind of picture and writes the file."""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt

from certify.certificate import DATA, read, reduction_of
from certify.errors import InputError
from certify.instance import TrainingInstance
from certify.network import Network
from certify.pictures import line, plane
from certify.pictures.scene import Scene, forced_places, scene_of
from certify.pictures.style import RC

SUFFIXES = (".svg", ".png", ".pdf")


def plot_certificate(certificate: Path, output: Path, *, title: str | None = None) -> None:
    """Draws the data of a certificate, with its witness or with the places where every fit must bend.

    Raises InputError for data of more than two dimensions or a file that is no certificate.
    """
    record = read(certificate)
    claim = record.claim
    if claim.recipe == DATA:
        instance, source = record.source, None
    else:
        instance, source = reduction_of(claim).reduce(record.source), record.source
    text = f"{title or certificate.name}: {claim.verdict}"
    forced = forced_places(certificate, record)
    _save(scene_of(instance, record.witness, source=source, forced=forced, title=text), claim.width, output)


def plot_instance(
    instance: TrainingInstance,
    output: Path,
    *,
    network: Network | None = None,
    source: object = None,
    title: str = "",
) -> None:
    """Draws a training instance, and a network where one is given. Raises InputError above dimension 2."""
    _save(scene_of(instance, network, source=source, title=title), instance.width, output)


def _save(scene: Scene, width: int, output: Path) -> None:
    dimension = scene.points.shape[1]
    if dimension > 2:
        raise InputError(f"data in dimension {dimension}", hint="pictures are drawn in dimension 1 and 2")
    with matplotlib.rc_context(RC):
        figure = (line if dimension == 1 else plane).figure(scene, width)
        try:
            # No date and no program version: the same data give the same bytes.
            keys = {".svg": "Date", ".png": "Software", ".pdf": "CreationDate"}
            figure.savefig(output, dpi=130, metadata={keys[output.suffix]: None})
        finally:
            plt.close(figure)
