"""Exports: float64 arrays, ONNX models run by onnxruntime, files; and what rounding does, exactly."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from fractions import Fraction

import numpy as np
import onnx
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import certify
from certify.decide.source import decide
from certify.errors import InputError, InvalidInstance, MissingComponent, ResourceLimit
from certify.export import FORMATS, Rounding, rounding, to_bytes, to_numpy, to_onnx, to_torch
from certify.export.onnx_model import EXACT_KEY
from certify.network import ACTIVATIONS, Network, Neuron
from certify.problems import PROBLEMS
from certify.reductions import REDUCTIONS

THIRDS = Network("relu", (Neuron.of(["1/3"], 0, 1), Neuron.of(["-1/3"], "1/7", -1)), 1)
STEPS = Network("threshold", (Neuron.of([1, 1], 0, "1/2"), Neuron.of([1, -1], "1/4", "-3/4")), 2)
#: A source with a solution, by problem.
SOURCES = {"poits": "single", "twohyp": "middle", "sat": "exclusive-or", "clique": "edge", "mcclique": "edge"}
#: Every number in it and every sum of a few is a float64, so nothing is rounded.
dyadic = st.integers(-64, 64).map(lambda n: Fraction(n, 8))


@st.composite
def networks(draw, numbers=dyadic):
    activation = draw(st.sampled_from(ACTIVATIONS))
    dimension = draw(st.integers(1, 3))
    coefficients = st.sampled_from([1, -1]) if activation == "relu" else numbers
    neurons = draw(
        st.lists(
            st.builds(
                Neuron.of,
                st.lists(numbers, min_size=dimension, max_size=dimension),
                numbers,
                coefficients,
            ),
            max_size=5,
        )
    )
    return Network(activation, tuple(neurons), dimension)


def run_onnx(data: bytes, points: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    (values,) = session.run(["y"], {"x": points})
    return values


def grid(dimension: int) -> list[tuple[Fraction, ...]]:
    rng = np.random.default_rng(5)
    return [tuple(Fraction(int(v), 8) for v in rng.integers(-64, 65, dimension)) for _ in range(40)]


@settings(max_examples=60, deadline=None)
@given(networks())
def test_dyadic_networks_are_exported_exactly(network):
    points = grid(network.dimension)
    exact = network.evaluate(points)
    x = np.array(points, dtype=np.float64)
    found = run_onnx(to_bytes(network, "onnx"), x)
    assert found.dtype == np.float64 and found.shape == (len(points),)
    assert [Fraction(float(v)) for v in found] == exact
    arrays = to_numpy(network)
    assert [Fraction(float(v)) for v in arrays(x)] == exact
    assert arrays(x[0]).shape == () and Fraction(float(arrays(x[0]))) == exact[0]
    assert rounding(network, points).parameters == rounding(network, points).values == 0


@settings(max_examples=40, deadline=None)
@given(networks(st.fractions(-10, 10, max_denominator=1000)))
def test_rounding_is_the_largest_distance(network):
    points = [tuple(v / 7 for v in point) for point in grid(network.dimension)]
    found = rounding(network, points)
    values = to_numpy(network)(np.array([[float(v) for v in point] for point in points]))
    distances = [abs(Fraction(float(v)) - network(point)) for v, point in zip(values, points, strict=True)]
    assert found.values == max(distances) == distances[found.worst]
    assert found.points == len(points)
    numbers = [v for n in network.neurons for v in (*n.weights, n.bias, n.coefficient)]
    assert found.parameters == max((abs(Fraction(float(v)) - v) for v in numbers), default=0)


def test_thirds_are_rounded():
    found = rounding(THIRDS, [(Fraction(1),), (Fraction(0),)])
    assert found.parameters == abs(Fraction(1 / 3) - Fraction(1, 3))
    assert found.values == max(abs(Fraction(1 / 3) - Fraction(1, 3)), abs(Fraction(1 / 7) - Fraction(1, 7)))
    assert 0 < found.values < Fraction(1, 2**53)


def test_rounding_of_a_threshold_can_be_a_whole_jump():
    """z is exactly 0 at the first point, so off; in float64 1/10 + 1/10 + 1/10 - 3/10 is positive."""
    network = Network("threshold", (Neuron.of([1, 1, 1], "-3/10", 5),), 3)
    points = [(Fraction(1, 10),) * 3, (Fraction(1, 3),) * 3]
    assert network.evaluate(points) == [0, 5]
    assert (rounding(network, points).values, rounding(network, points).worst) == (5, 0)


@pytest.mark.parametrize("edge", REDUCTIONS)
def test_witnesses_of_the_reductions_in_onnxruntime(edge):
    problem, _ = edge
    source = PROBLEMS[problem].generate(SOURCES[problem])
    reduction = REDUCTIONS[edge]
    instance = reduction.reduce(source)
    network = reduction.lift(source, decide(source).solution)
    bound = rounding(network, instance.points).values
    assert bound < Fraction(1, 10**9)
    x = np.array([[float(v) for v in point] for point in instance.points])
    values = run_onnx(to_bytes(network, "onnx"), x)
    worst = max(abs(Fraction(float(v)) - label) for v, label in zip(values, instance.labels, strict=True))
    # onnxruntime may add in another order: some more last bits of numbers below 10^5.
    assert worst <= bound + Fraction(1, 10**9)


@pytest.mark.parametrize("network", [THIRDS, STEPS, Network("relu", (), 2), Network("threshold", (), 1)])
def test_files_hold_the_exact_network(network):
    assert Network.from_json(json.loads(to_bytes(network, "json"))) == network
    with np.load(io.BytesIO(to_bytes(network, "npz")), allow_pickle=False) as arrays:
        assert arrays["weights"].shape == (network.width, network.dimension)
        assert arrays["biases"].shape == arrays["coefficients"].shape == (network.width,)
        assert arrays["activation"] == network.activation
        assert Network.from_json(json.loads(str(arrays["exact"]))) == network
    model = onnx.load_from_string(to_bytes(network, "onnx"))
    (entry,) = model.metadata_props
    assert entry.key == EXACT_KEY and Network.from_json(json.loads(entry.value)) == network
    for name in FORMATS:
        assert to_bytes(network, name) == to_bytes(network, name)


def test_no_neurons():
    for activation in ACTIVATIONS:
        network = Network(activation, (), 2)
        x = np.ones((3, 2))
        assert run_onnx(to_bytes(network, "onnx"), x).tolist() == [0, 0, 0] == to_numpy(network)(x).tolist()
        assert rounding(network, []) == Rounding(Fraction(0), Fraction(0), 0, None)


def test_reachable_from_certify():
    assert certify.to_numpy is to_numpy and certify.to_onnx is to_onnx and certify.to_torch is to_torch


def test_beyond_float64():
    huge = Network("relu", (Neuron.of([10**400], 0, 1),), 1)
    for name in ("npz", "onnx"):
        with pytest.raises(ResourceLimit, match="a weight is beyond the range of float64"):
            to_bytes(huge, name)
    assert Network.from_json(json.loads(to_bytes(huge, "json"))) == huge
    big = Network("relu", (Neuron.of([10**300], 0, 1),), 1)
    with pytest.raises(ResourceLimit, match="a value of the network is beyond"):
        rounding(big, [(Fraction(10**300),)])
    with pytest.raises(ResourceLimit, match="a coordinate is beyond"):
        rounding(big, [(Fraction(10**400),)])


def test_wrong_shapes_and_names():
    with pytest.raises(InputError, match="no format 'pt'"):
        to_bytes(THIRDS, "pt")
    with pytest.raises(InvalidInstance, match="another dimension"):
        rounding(THIRDS, [(Fraction(1), Fraction(2))])
    for shape in [(3, 2), (2,), (1, 1, 1), ()]:
        with pytest.raises(ValueError, match="for a network on dimension 1"):
            to_numpy(THIRDS)(np.zeros(shape))


def test_operators():
    """Operators that every runtime has; threshold is strict."""
    assert [node.op_type for node in to_onnx(THIRDS).graph.node] == ["MatMul", "Add", "Relu", "MatMul"]
    assert [node.op_type for node in to_onnx(STEPS).graph.node] == [
        "MatMul",
        "Add",
        "Greater",
        "Cast",
        "MatMul",
    ]
    step = Network("threshold", (Neuron.of([1], 0, 1),), 1)
    assert run_onnx(to_bytes(step, "onnx"), np.array([[0.0], [5e-324], [-1.0]])).tolist() == [0, 1, 0]


@pytest.mark.parametrize(("package", "call"), [("onnx", "to_onnx"), ("torch", "to_torch")])
def test_without_the_package(package, call):
    """In a process in which the package cannot be imported, whether it is installed or not."""
    script = (
        f"import sys; sys.modules[{package!r}] = None\n"
        "import certify\n"
        "from certify.errors import MissingComponent\n"
        "from certify.network import Network\n"
        "certify.to_numpy(Network('relu', (), 1))\n"
        f"try: certify.{call}(Network('relu', (), 1))\n"
        "except MissingComponent as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert f"needs the package {package} (run: pip install {package}" in done.stdout
    assert issubclass(MissingComponent, certify.errors.CertifyError)
