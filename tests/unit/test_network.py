"""Networks: their values by definition, the fast evaluation against it, and their JSON."""

from __future__ import annotations

import json
import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certify.errors import InexactNumber, InputError, InvalidInstance
from certify.evaluation import _chains, _scaled
from certify.network import Network, Neuron

SMALL = st.fractions(min_value=-3, max_value=3, max_denominator=3)


def test_relu_by_definition() -> None:
    network = Network("relu", (Neuron.of([1, -2], "1/2", 1), Neuron.of([0, 1], 0, -1)), 2)
    assert network([0, 0]) == Fraction(1, 2)
    assert network([1, 1]) == -1
    assert network([0, "1/8"]) == Fraction(1, 8)


def test_threshold_is_strict() -> None:
    network = Network("threshold", (Neuron.of([1], 0, "5/2"), Neuron.of([-1], 0, 7)), 1)
    points = [(Fraction(x),) for x in (-1, 0, 1)]
    assert network.evaluate(points) == [7, 0, Fraction(5, 2)]
    assert [network(x) for x in points] == [7, 0, Fraction(5, 2)]


def test_call_refuses_floats() -> None:
    with pytest.raises(InexactNumber):
        Network("relu", (), 1)([0.5])


@st.composite
def networks_and_points(draw: st.DrawFn) -> tuple[Network, list[tuple[Fraction, ...]]]:
    dimension = draw(st.sampled_from([1, 2, 2, 2, 3]))
    activation = draw(st.sampled_from(["relu", "threshold"]))
    coefficient = st.sampled_from([Fraction(1), Fraction(-1)]) if activation == "relu" else SMALL
    vectors = st.tuples(*[SMALL] * dimension)
    neurons = draw(st.lists(st.builds(Neuron, vectors, SMALL, coefficient), max_size=12))
    # Repeated neurons make lines that coincide, and points on lines make ties.
    neurons += neurons[: draw(st.integers(0, 3))]
    return Network(activation, tuple(neurons), dimension), draw(st.lists(vectors, max_size=20))


@settings(max_examples=300, deadline=None)
@given(networks_and_points())
def test_fast_evaluation_is_the_definition(case: tuple[Network, list[tuple[Fraction, ...]]]) -> None:
    network, points = case
    assert network.evaluate(points) == [network(point) for point in points]
    for (above, below), value in zip(network.ratios(points), network.evaluate(points), strict=True):
        assert below > 0
        assert Fraction(above, below) == value


@pytest.mark.parametrize("activation", ["relu", "threshold"])
def test_points_exactly_on_many_lines(activation: str) -> None:
    rng = random.Random(activation)
    neurons = []
    for _ in range(60):
        u, v = rng.randint(-2, 2), rng.randint(-2, 2)
        x, y = rng.randint(-3, 3), rng.randint(-3, 3)
        neurons.append(Neuron.of([u, v], -u * x - v * y, rng.choice([1, -1])))
    network = Network(activation, tuple(neurons), 2)  # type: ignore[arg-type]
    points = [(Fraction(x), Fraction(y)) for x in range(-4, 5) for y in range(-4, 5)]
    rng.shuffle(points)
    assert network.evaluate(points) == [network(point) for point in points]


def test_lines_that_do_not_cross_make_one_chain() -> None:
    # Slopes grow with height: no crossing right of 0, but all of them cross left of it.
    units = [((Fraction(-i), Fraction(1)), Fraction(-5 * i), Fraction(1)) for i in range(30)]
    scaled = [_scaled(unit[0], unit, False, 1) for unit in units]
    assert len(_chains(scaled, Fraction(0), Fraction(100))) == 1
    assert len(_chains(scaled, Fraction(-1000), Fraction(-10))) == 1
    assert len(_chains(scaled, Fraction(-1000), Fraction(100))) == 30


def test_no_points_and_no_neurons() -> None:
    empty = Network("relu", (), 2)
    assert empty.evaluate([]) == []
    assert empty.evaluate([(Fraction(1), Fraction(2))]) == [0]
    assert empty([1, 2]) == 0


@settings(deadline=None)
@given(networks_and_points())
def test_json_round_trips(case: tuple[Network, list[tuple[Fraction, ...]]]) -> None:
    network = case[0]
    text = json.dumps(network.to_json())
    assert Network.from_json(json.loads(text)) == network


def test_json_is_the_published_form() -> None:
    network = Network("relu", (Neuron.of(["1/2", -3], 4, -1),), 2)
    assert network.to_json() == {"activation": "relu", "neurons": [{"w": ["1/2", "-3"], "b": "4", "a": "-1"}]}


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"activation": "relu"},
        {"activation": "relu", "neurons": []},
        {"activation": "relu", "neurons": [], "dimension": True},
        {"activation": "relu", "neurons": [], "dimension": 0},
        {"activation": "sigmoid", "neurons": [], "dimension": 1},
        {"activation": ["relu"], "neurons": [], "dimension": 1},
        {"activation": "relu", "neurons": [1]},
        {"activation": "relu", "neurons": [{"w": ["1"], "b": "0"}]},
        {"activation": "relu", "neurons": [{"w": "1", "b": "0", "a": "1"}]},
        {"activation": "relu", "neurons": [{"w": [0.5], "b": "0", "a": "1"}]},
        {"activation": "relu", "neurons": [{"w": [1], "b": True, "a": "1"}]},
        {"activation": "relu", "neurons": [{"w": [1], "b": 0, "a": 2}]},
        {"activation": "relu", "neurons": [{"w": [1], "b": 0, "a": 1}, {"w": [1, 2], "b": 0, "a": 1}]},
    ],
)
def test_bad_json_is_refused(data: object) -> None:
    with pytest.raises(InputError) as caught:
        Network.from_json(data, source="net.json")
    assert "\n" not in str(caught.value)


def test_networks_must_be_consistent() -> None:
    with pytest.raises(InvalidInstance):
        Network("relu", (Neuron.of([1], 0, 2),), 1)
    with pytest.raises(InvalidInstance):
        Network("relu", (Neuron.of([1], 0, 1),), 2)
    with pytest.raises(InvalidInstance):
        Network("relu", (), 2).evaluate([(Fraction(1),)])
    assert Network("threshold", (Neuron.of([1], 0, 2),), 1).width == 1
