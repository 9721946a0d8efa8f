"""A network as an ONNX model."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any

import numpy as np

from certify.errors import MissingComponent
from certify.export.arrays import to_numpy
from certify.network import Network
from certify.version import __version__

#: Of 2021 and read by every ONNX runtime since; nothing newer is needed. IR version 8 goes with it.
OPSET, IR_VERSION = 15, 8
#: The key of the model's metadata under which the exact network stands, as JSON.
EXACT_KEY = "certify.network"


def to_onnx(network: Network) -> Any:
    """An ``onnx.ModelProto``: input ``x``, float64 of shape (points, d), output ``y``, float64 of shape (points,).

    A rounding of the network to float64 (see ``rounding``); the exact one is in the metadata, under EXACT_KEY. ReLU is
    the operator Relu, threshold Greater and Cast. Raises MissingComponent where onnx is not installed, ResourceLimit
    for a number beyond float64.
    """
    try:
        onnx = import_module("onnx")
    except ImportError as error:
        raise MissingComponent("ONNX needs the package onnx", hint="run: pip install onnx") from error
    helper, double = onnx.helper, onnx.TensorProto.DOUBLE
    arrays = to_numpy(network)
    tensors = {"weights": arrays.weights.T, "biases": arrays.biases, "coefficients": arrays.coefficients}
    nodes = [
        helper.make_node("MatMul", ["x", "weights"], ["products"]),
        helper.make_node("Add", ["products", "biases"], ["preactivations"]),
    ]
    if network.activation == "relu":
        nodes.append(helper.make_node("Relu", ["preactivations"], ["hidden"]))
    else:
        tensors["zero"] = np.array(0.0)
        nodes.append(helper.make_node("Greater", ["preactivations", "zero"], ["active"]))
        nodes.append(helper.make_node("Cast", ["active"], ["hidden"], to=double))
    nodes.append(helper.make_node("MatMul", ["hidden", "coefficients"], ["y"]))
    graph = helper.make_graph(
        nodes,
        "network",
        [helper.make_tensor_value_info("x", double, ["points", network.dimension])],
        [helper.make_tensor_value_info("y", double, ["points"])],
        [onnx.numpy_helper.from_array(np.ascontiguousarray(a), name) for name, a in tensors.items()],
    )
    model = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="certify",
        producer_version=__version__,
    )
    helper.set_model_props(model, {EXACT_KEY: json.dumps(network.to_json())})
    onnx.checker.check_model(model, full_check=True)
    return model
