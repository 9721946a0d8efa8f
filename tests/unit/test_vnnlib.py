"""Queries for verifiers say what they are meant to: decided by Z3 from the files alone, and run by onnxruntime."""

from __future__ import annotations

import random
import re
from fractions import Fraction

import numpy as np
import onnx
import onnxruntime
import pytest
import z3

from certify.encode import encode, network_from_model
from certify.errors import InvalidInstance, ResourceLimit
from certify.export import queries
from certify.instance import TrainingInstance
from certify.network import Network, Neuron
from smt import check


def decided(model: bytes, text: str) -> str:
    """sat or unsat: the ONNX graph and the VNN-LIB bounds, put to Z3."""
    graph = onnx.load_from_string(model).graph
    assert [node.op_type for node in graph.node] == ["MatMul", "Relu", "MatMul"]
    first, second = (onnx.numpy_helper.to_array(tensor) for tensor in graph.initializer)
    solver = z3.Solver()
    layer = [z3.Real(f"X_{i}") for i in range(first.shape[0])]
    names = {str(x): x for x in layer}
    for matrix, relu in ((first, True), (second, False)):
        sums = [
            z3.Sum([z3.RealVal(Fraction(float(c))) * x for c, x in zip(column, layer, strict=True)])
            for column in matrix.T
        ]
        layer = [z3.If(z > 0, z, 0) for z in sums] if relu else sums
    names |= {f"Y_{i}": y for i, y in enumerate(layer)}
    found = re.findall(r"^\(assert \((<=|>=) ([XY]_\d+) (-?\d+)\.0\)\)$", text, re.MULTILINE)
    assert len(found) == text.count("(assert") == 2 * text.count("(declare-const") == 2 * len(names)
    for relation, name, value in found:
        solver.add(names[name] <= int(value) if relation == "<=" else names[name] >= int(value))
    return str(solver.check())


@pytest.mark.parametrize("seed", range(12))
def test_status_is_true(seed):
    rng = random.Random(seed)
    d, k = rng.randint(1, 2), rng.randint(1, 2)
    points = sorted({tuple(Fraction(rng.randint(-4, 4), 2) for _ in range(d)) for _ in range(4 + seed % 3)})
    labels = [Fraction(rng.randint(0, 2), rng.randint(1, 3)) for _ in points]
    signs = rng.choice(["free", "free", "convex", "concave"])
    instance = TrainingInstance.of(points, labels, width=k, activation="relu", signs=signs)
    answer = check(encode(instance), "z3")
    witness = None if answer.model is None else network_from_model(instance, answer.model)
    made = list(queries(instance, witness=witness, refuted=witness is None))
    assert [query.positive for query in made] == {
        "free": list(range(k + 1)),
        "convex": [k],
        "concave": [0],
    }[signs]
    assert ("unsat" if witness is None else "sat") in {query.status for query in made}
    for query in made:
        assert f"; status: {query.status}\n" in query.text
        if query.status != "unknown":
            assert decided(query.model, query.text) == query.status


def test_both_answers_occur():
    """The seeds above are no good if they show one side alone."""
    answers = set()
    for width in (1, 2):
        instance = TrainingInstance.of([[0], [1], [2], [3]], [0, 1, 0, 0], width=width, activation="relu")
        for query in queries(instance, witness=None, refuted=width == 1):
            answers.add((width, decided(query.model, query.text)))
    assert (1, "unsat") in answers and (1, "sat") not in answers
    three = TrainingInstance.of([[0], [1], [2], [3]], [0, 1, 0, 0], width=3, activation="relu")
    assert "sat" in {decided(q.model, q.text) for q in queries(three, witness=None, refuted=False)}


def test_parameters_of_a_network_are_inputs():
    neurons = (Neuron.of(["1/2", 3], "1/4", -1), Neuron.of([-1, "7/2"], 5000, 1))
    network = Network("relu", neurons, 2)
    points = [(Fraction(x, 3), Fraction(y, 2)) for x in range(-3, 3) for y in range(-2, 3)]
    labels = network.evaluate(points)
    instance = TrainingInstance.of(points, labels, width=2, activation="relu")
    (query,) = [q for q in queries(instance, witness=network, refuted=False) if q.status == "sat"]
    inputs = query.inputs(network)
    assert query.positive == 1 and max(map(abs, inputs)) <= query.box < 2 * max(map(abs, inputs))
    session = onnxruntime.InferenceSession(query.model, providers=["CPUExecutionProvider"])
    (values,) = session.run(["Y"], {"X": np.array([[float(v) for v in inputs]], dtype=np.float32)})
    scale = query.bias_scale
    assert [Fraction(float(v)) for v in values[0]] == [label * scale for label in labels]
    bounds = re.findall(r"\(<= Y_\d+ (-?\d+)\.0\)", query.text)
    assert list(map(int, bounds)) == [label * scale for label in labels]


def test_refusals():
    def instance(**changes: object) -> TrainingInstance:
        given = {"width": 1, "activation": "relu"} | changes
        return TrainingInstance.of([[0], [given.pop("last", 1)]], [0, 1], **given)

    for wrong, error, fault in [
        (instance(activation="threshold"), InvalidInstance, "for ReLU networks"),
        (instance(width=0), InvalidInstance, "without neurons"),
        (instance(last=2**60), ResourceLimit, "do not fit into float64"),
        (instance(width=3000), ResourceLimit, "more than 20,000,000 entries"),
    ]:
        with pytest.raises(error, match=fault):
            list(queries(wrong, witness=None, refuted=False))
    (query, *_) = queries(instance(last=2**30), witness=None, refuted=False)
    (first, _) = onnx.load_from_string(query.model).graph.initializer
    assert first.data_type == onnx.TensorProto.DOUBLE
