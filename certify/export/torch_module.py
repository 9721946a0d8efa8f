"""A network as a PyTorch module."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from certify.errors import MissingComponent
from certify.export.arrays import to_numpy
from certify.network import Network


def to_torch(network: Network) -> Any:
    """A ``torch.nn.Module`` in float64, from shape (n, d) to shape (n,): layers ``hidden``, ``activation``, ``output``.

    A rounding of the network to float64 (see ``rounding``). A threshold layer has the gradient zero. Takes nothing from
    PyTorch's random generator. Raises MissingComponent where torch is not installed, ResourceLimit for a number beyond
    float64.
    """
    try:
        import_module("torch")
    except ImportError as error:
        raise MissingComponent(
            "a PyTorch module needs the package torch", hint="run: pip install torch, or use to_numpy"
        ) from error
    layers: Any = import_module("certify.export.torch_layers")
    return layers.module(to_numpy(network))
