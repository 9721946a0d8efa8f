"""A network rounded to float64, as NumPy arrays."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from certify.errors import ResourceLimit
from certify.network import Activation, Network

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class FloatNetwork:
    """``weights`` is k x d, ``biases`` and ``coefficients`` have length k; all float64.

    Its value at x is sum_j coefficients[j] * activation(weights[j] . x + biases[j]).
    """

    weights: Array
    biases: Array
    coefficients: Array
    activation: Activation

    def __call__(self, x: npt.ArrayLike) -> Array:
        """The values, of shape (n,), at the rows of ``x``, of shape (n, d); of shape () at one point of shape (d,).

        Summed in the order of coordinates and neurons, so the same on every machine. Raises ValueError for another
        shape.
        """
        rows = np.asarray(x, dtype=np.float64)
        width, dimension = self.weights.shape
        if rows.ndim not in (1, 2) or rows.shape[-1] != dimension:
            raise ValueError(f"points of shape {rows.shape} for a network on dimension {dimension}")
        total = np.zeros(rows.shape[:-1])
        with np.errstate(over="ignore", invalid="ignore"):  # infinities speak for themselves
            for j in range(width):
                z = np.zeros(rows.shape[:-1])
                for c in range(dimension):
                    z = z + self.weights[j, c] * rows[..., c]
                z = z + self.biases[j]
                out = np.maximum(z, 0) if self.activation == "relu" else (z > 0)
                total = total + self.coefficients[j] * out
        return total


def to_numpy(network: Network) -> FloatNetwork:
    """The network with every weight, bias and coefficient rounded to the nearest float64.

    Raises ResourceLimit for a number beyond the range of float64.
    """
    neurons = network.neurons
    return FloatNetwork(
        floats([n.weights for n in neurons], "a weight").reshape(len(neurons), network.dimension),
        floats([(n.bias,) for n in neurons], "a bias").reshape(-1),
        floats([(n.coefficient,) for n in neurons], "a coefficient").reshape(-1),
        network.activation,
    )


def floats(rows: list[tuple[Fraction, ...]] | tuple[tuple[Fraction, ...], ...], what: str) -> Array:
    """The nearest float64s; ``what`` names the numbers in the ResourceLimit for one out of range."""
    try:
        return np.array([[float(value) for value in row] for row in rows], dtype=np.float64)
    except OverflowError as error:
        raise ResourceLimit(f"{what} is beyond the range of float64", hint="export as JSON, which is exact") from error
