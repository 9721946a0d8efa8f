"""The layers of ``to_torch``: imported on its first call alone, since it imports torch."""

from __future__ import annotations

import warnings
from collections import OrderedDict
from typing import Any

import torch
from torch import nn

from certify.export.arrays import FloatNetwork


class Threshold(nn.Module):  # type: ignore[misc]  # torch may be missing where types are checked
    """1 where the input is positive, else 0."""

    def forward(self, z: Any) -> Any:
        """Elementwise; the result has the type of ``z`` and no gradient."""
        return (z > 0).to(z.dtype)


def module(arrays: FloatNetwork) -> Any:
    """The module with these weights."""
    width, dimension = arrays.weights.shape
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Initializing zero-element tensors")  # a network without neurons
        # skip_init leaves the values to us: no random numbers are drawn.
        hidden = nn.utils.skip_init(nn.Linear, dimension, width, dtype=torch.float64)
        output = nn.utils.skip_init(nn.Linear, width, 1, bias=False, dtype=torch.float64)
    with torch.no_grad():
        hidden.weight.copy_(torch.from_numpy(arrays.weights))
        hidden.bias.copy_(torch.from_numpy(arrays.biases))
        output.weight.copy_(torch.from_numpy(arrays.coefficients)[None, :])
    activation = nn.ReLU() if arrays.activation == "relu" else Threshold()
    layers = OrderedDict(hidden=hidden, activation=activation, output=output, flatten=nn.Flatten(0))
    return nn.Sequential(layers)
