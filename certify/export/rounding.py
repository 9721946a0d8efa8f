"""How far the float64 network is from the exact one, in exact numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from certify.errors import InvalidInstance, ResourceLimit
from certify.exact import Vector
from certify.export.arrays import floats, to_numpy
from certify.network import Network

_ZERO = Fraction(0)


@dataclass(frozen=True)
class Rounding:
    """``parameters``: the largest distance of a weight, bias or coefficient from its float64.

    ``values``: the largest distance, over ``points`` points, of the value that float64 arithmetic gives at the
    rounded point from the exact value at the exact point; ``worst`` is the index (from 0) of the first point where it
    occurs, None without points.
    """

    parameters: Fraction
    values: Fraction
    points: int
    worst: int | None


def rounding(network: Network, points: Sequence[Vector]) -> Rounding:
    """The rounding errors of ``to_numpy(network)``; both are exact: a float64 is a rational number.

    A threshold neuron jumps at z = 0, so rounding may change its side at a point: the error there is then that of a
    whole jump. ONNX runtimes and PyTorch may add in another order than ``FloatNetwork`` does, with other last bits.
    Raises InvalidInstance for points of another dimension, ResourceLimit for numbers beyond float64.
    """
    if any(len(point) != network.dimension for point in points):
        raise InvalidInstance(f"points of another dimension than the network's, {network.dimension}")
    rounded = to_numpy(network)
    errors = [_ZERO]
    for j, neuron in enumerate(network.neurons):
        exact = (*neuron.weights, neuron.bias, neuron.coefficient)
        near = (*rounded.weights[j], rounded.biases[j], rounded.coefficients[j])
        errors += [abs(Fraction(float(f)) - value) for f, value in zip(near, exact, strict=True)]
    worst, largest = None, _ZERO
    if points:
        values = rounded(floats(list(points), "a coordinate"))
        if not np.isfinite(values).all():
            raise ResourceLimit(
                "a value of the network is beyond the range of float64", hint="export as JSON, which is exact"
            )
        distances = [abs(Fraction(float(f)) - v) for f, v in zip(values, network.evaluate(points), strict=True)]
        largest = max(distances)
        worst = distances.index(largest)
    return Rounding(max(errors), largest, len(points), worst)
