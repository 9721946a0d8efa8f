"""The file formats."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np

from certify.errors import InputError
from certify.export.arrays import to_numpy
from certify.export.onnx_model import to_onnx
from certify.network import Network

FORMATS = ("json", "npz", "onnx")
#: Those whose numbers are rationals; the others hold float64.
EXACT_FORMATS = ("json",)


def format_of(path: Path) -> str:
    """The format that the suffix of a file names; InputError for none of FORMATS."""
    suffix = path.suffix.removeprefix(".")
    if suffix not in FORMATS:
        raise InputError(
            f"a network with the suffix {path.suffix!r}",
            source=str(path),
            hint="end in " + " or ".join(f".{name}" for name in FORMATS) + ", or give --format",
        )
    return suffix


def to_bytes(network: Network, name: str) -> bytes:
    """The file in the format ``name``, the same bytes for the same network.

    json: ``Network.to_json``, exact. npz: the arrays ``weights``, ``biases``, ``coefficients`` of ``to_numpy`` and, as
    texts, ``activation`` and ``exact`` (the JSON). onnx: ``to_onnx``. Raises InputError for another name,
    MissingComponent, ResourceLimit.
    """
    if name == "json":
        return (json.dumps(network.to_json(), indent=2) + "\n").encode("ascii")
    if name == "npz":
        arrays = to_numpy(network)
        file = io.BytesIO()
        np.savez(
            file,
            weights=arrays.weights,
            biases=arrays.biases,
            coefficients=arrays.coefficients,
            activation=np.array(network.activation),
            exact=np.array(json.dumps(network.to_json())),
        )
        return file.getvalue()
    if name == "onnx":
        data: bytes = to_onnx(network).SerializeToString(deterministic=True)
        return data
    raise InputError(f"no format {name!r} of networks", hint="choose one of " + ", ".join(FORMATS))
