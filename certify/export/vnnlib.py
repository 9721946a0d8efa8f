"""The question "does a ReLU network fit?" as queries for neural network verifiers: ONNX and VNN-LIB.

The weights are the unknowns, so they are the inputs: for each number P of positive neurons there is a network that
takes k(d+1) parameters, with one linear layer that holds the data points, a ReLU layer of n k units, and one linear
layer that adds the units of a point with the neurons' signs; its n outputs are the values at the points. The property
asks for inputs in a box whose outputs are the labels: it is satisfiable iff P positive and k - P negative neurons with
parameters in the box fit. Points and labels are scaled to integers first, which ReLUs allow, so nothing is rounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib import import_module
from typing import Any

import numpy as np

from certify.errors import InvalidInstance, MissingComponent, ResourceLimit
from certify.exact import lcm_denominator
from certify.export.onnx_model import IR_VERSION, OPSET
from certify.instance import TrainingInstance
from certify.network import Network
from certify.version import __version__

#: Entries of the first layer's matrix.
MAX_ENTRIES = 20_000_000
#: The least bound on parameters; a known fit may need a greater one, a power of two.
LEAST_BOX = 1024


@dataclass(frozen=True)
class Query:
    """``model``: the ONNX file. ``text``: the VNN-LIB file. ``status``: sat, unsat or unknown.

    The inputs are, neuron by neuron, positive ones first, w_1 ... w_d b, scaled by ``weight_scale`` and ``bias_scale``:
    a network fits the data iff its parameters times these scales do what the query asks.
    """

    positive: int
    model: bytes
    text: str
    status: str
    box: int
    weight_scale: Fraction
    bias_scale: Fraction

    def inputs(self, network: Network) -> list[Fraction]:
        """The parameters of a network with ``positive`` positive neurons, in the order of the inputs, scaled."""
        neurons = sorted(network.neurons, key=lambda neuron: neuron.coefficient < 0)
        return [
            value
            for neuron in neurons
            for value in (*(w * self.weight_scale for w in neuron.weights), neuron.bias * self.bias_scale)
        ]


def queries(instance: TrainingInstance, *, witness: Network | None, refuted: bool) -> Iterator[Query]:
    """A query for each number of positive neurons that the signs of the instance allow.

    With ``witness``, a fit of exactly ``width`` neurons, its query is sat and its parameters are in the box;
    ``refuted`` says that no network fits: all are unsat. Raises InvalidInstance for threshold neurons (they are no ReLU
    layer), for an instance with a loss or without neurons, ResourceLimit for too large ones or numbers that float64
    does not hold, MissingComponent without onnx.
    """
    if instance.activation != "relu":
        raise InvalidInstance("verifiers' queries are for ReLU networks", hint="this instance has threshold neurons")
    if instance.loss != "exact":
        raise InvalidInstance("verifiers' queries are for the exact fit", hint="this instance has a loss")
    k, n, d = instance.width, len(instance.points), instance.dimension
    if k == 0 or n == 0:
        raise InvalidInstance("a query without neurons or points")
    if k * (d + 1) * k * n > MAX_ENTRIES:
        raise ResourceLimit(f"a matrix of more than {MAX_ENTRIES:,} entries", hint="export a smaller instance")
    of_points = lcm_denominator(value for point in instance.points for value in point)
    of_labels = lcm_denominator(instance.labels)
    # f(x) = y iff of_labels f(X / of_points) = Y: in X the weights are w of_labels / of_points, the bias b of_labels.
    points = [[int(value * of_points) for value in point] for point in instance.points]
    labels = [int(label * of_labels) for label in instance.labels]
    scales = Fraction(of_labels, of_points), Fraction(of_labels)
    box = LEAST_BOX
    if witness is not None:
        sizes = [abs(w) * scales[0] for n in witness.neurons for w in n.weights]
        sizes += [abs(n.bias) * scales[1] for n in witness.neurons]
        while box < max(sizes, default=0):
            box *= 2
    largest = max(abs(value) for row in (*points, labels, [1]) for value in row)
    first = _first_layer(points, k, _kind(largest))
    for positive in {"free": range(k + 1), "convex": (k,), "concave": (0,)}[instance.signs]:
        fits = witness is not None and sum(n.coefficient > 0 for n in witness.neurons) == positive
        status = "unsat" if refuted else "sat" if fits else "unknown"
        model = _model(first, n, k, positive)
        yield Query(positive, model, _text(instance, labels, positive, box, status), status, box, *scales)


def _first_layer(points: Sequence[Sequence[int]], k: int, kind: Any) -> Any:
    """From the parameters to the pre-activations, neuron by neuron: k(d+1) x kn."""
    block = np.array([[*point, 1] for point in points], dtype=kind).T
    return np.kron(np.eye(k, dtype=kind), block)


def _kind(largest: int) -> Any:
    """The type that holds all integers up to ``largest``: float32, which most verifiers want, where it does."""
    if largest <= 2**24:
        return np.float32
    if largest <= 2**53:
        return np.float64
    raise ResourceLimit(
        "scaled to integers, the data do not fit into float64", hint="use encoding.smt2, which is exact"
    )


def _model(first: Any, n: int, k: int, positive: int) -> bytes:
    try:
        onnx = import_module("onnx")
    except ImportError as error:
        raise MissingComponent("ONNX needs the package onnx", hint="run: pip install onnx") from error
    helper = onnx.helper
    element = helper.np_dtype_to_tensor_dtype(first.dtype)
    second = np.vstack([(1 if j < positive else -1) * np.eye(n, dtype=first.dtype) for j in range(k)])
    tensors = {"points": first, "signs": second}
    graph = helper.make_graph(
        [
            helper.make_node("MatMul", ["X", "points"], ["preactivations"]),
            helper.make_node("Relu", ["preactivations"], ["hidden"]),
            helper.make_node("MatMul", ["hidden", "signs"], ["Y"]),
        ],
        "fit",
        [helper.make_tensor_value_info("X", element, [1, first.shape[0]])],
        [helper.make_tensor_value_info("Y", element, [1, n])],
        [onnx.numpy_helper.from_array(array, name) for name, array in tensors.items()],
    )
    model = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="certify",
        producer_version=__version__,
    )
    onnx.checker.check_model(model, full_check=True)
    data: bytes = model.SerializeToString(deterministic=True)
    return data


def _text(instance: TrainingInstance, labels: Sequence[int], positive: int, box: int, status: str) -> str:
    inputs = instance.width * (instance.dimension + 1)
    lines = [
        f"; do {positive} positive and {instance.width - positive} negative ReLUs with parameters up to {box} fit",
        f"; {len(labels)} points in dimension {instance.dimension}? instance SHA-256 {instance.sha256()}",
        f"; status: {status}",
    ]
    lines += [f"(declare-const X_{i} Real)" for i in range(inputs)]
    lines += [f"(declare-const Y_{i} Real)" for i in range(len(labels))]
    for i in range(inputs):
        lines += [f"(assert (>= X_{i} {_decimal(-box)}))", f"(assert (<= X_{i} {_decimal(box)}))"]
    for i, label in enumerate(labels):
        lines += [f"(assert (>= Y_{i} {_decimal(label)}))", f"(assert (<= Y_{i} {_decimal(label)}))"]
    return "\n".join(lines) + "\n"


def _decimal(value: int) -> str:
    """As VNN-LIB files write numbers: with the sign in front."""
    return f"{value}.0"
