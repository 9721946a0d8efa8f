"""Two-layer networks with one hidden layer, and their exact values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, get_args

from certify import evaluation
from certify.errors import InvalidInstance, ParseError
from certify.exact import Vector, dot, rational, render, vector

Activation = Literal["relu", "threshold"]
ACTIVATIONS: tuple[Activation, ...] = get_args(Activation)

_ZERO = Fraction(0)


def activation_named(name: object, *, source: str | None = None) -> Activation:
    """``name`` as an Activation; InvalidInstance for anything else."""
    for activation in ACTIVATIONS:
        if name == activation:
            return activation
    raise InvalidInstance(
        f"unknown activation {name!r}", source=source, hint="choose one of " + ", ".join(ACTIVATIONS)
    )


@dataclass(frozen=True, slots=True)
class Neuron:
    """A hidden neuron x -> coefficient * activation(weights . x + bias); one weight a dimension."""

    weights: Vector
    bias: Fraction
    coefficient: Fraction

    @classmethod
    def of(cls, weights: Iterable[object], bias: object, coefficient: object) -> Neuron:
        """A neuron from anything ``rational`` accepts."""
        return cls(vector(weights), rational(bias), rational(coefficient))


@dataclass(frozen=True)
class Network:
    """The map x -> sum of the neurons, from Q^dimension to Q (paper, section 1).

    relu(z) = max(0, z), with coefficients +1 or -1; threshold(z) = 1 if z > 0 else 0, with any coefficients.
    Raises InvalidInstance where the neurons do not fit that description.
    """

    activation: Activation
    neurons: tuple[Neuron, ...]
    dimension: int

    def __post_init__(self) -> None:
        activation_named(self.activation)
        if self.dimension < 1:
            raise InvalidInstance(f"the dimension is {self.dimension}, but must be at least 1")
        for number, neuron in enumerate(self.neurons, start=1):
            if len(neuron.weights) != self.dimension:
                raise InvalidInstance(
                    f"neuron {number} has {len(neuron.weights)} weights in dimension {self.dimension}"
                )
            if self.activation == "relu" and neuron.coefficient not in (1, -1):
                raise InvalidInstance(
                    f"neuron {number} has coefficient {render(neuron.coefficient)}, but a ReLU takes 1 or -1",
                    hint="move its absolute value into the weights and the bias",
                )

    @property
    def width(self) -> int:
        """The number of hidden neurons."""
        return len(self.neurons)

    def __call__(self, point: Sequence[object]) -> Fraction:
        """The exact value at one point, given as a sequence of ``dimension`` exact numbers."""
        x = vector(point)
        self._check_length(x)
        total = _ZERO
        for neuron in self.neurons:
            z = dot(neuron.weights, x) + neuron.bias
            if z > 0:
                total += neuron.coefficient * (z if self.activation == "relu" else 1)
        return total

    def evaluate(self, points: Sequence[Vector]) -> list[Fraction]:
        """The exact values at many points, in dimension 1 and 2 in near-linear time (evaluation.py)."""
        return [Fraction(above, below) for above, below in self.ratios(points)]

    def ratios(self, points: Sequence[Vector]) -> list[tuple[int, int]]:
        """As ``evaluate``, but each value as (numerator, denominator > 0), not in lowest terms; faster."""
        for point in points:
            self._check_length(point)
        units = [(neuron.weights, neuron.bias, neuron.coefficient) for neuron in self.neurons]
        return evaluation.ratios(units, self.activation == "threshold", points)

    def _check_length(self, point: Sequence[object]) -> None:
        if len(point) != self.dimension:
            raise InvalidInstance(f"a point of {len(point)} coordinates for a network on Q^{self.dimension}")

    def to_json(self) -> dict[str, Any]:
        """{"activation": "relu", "neurons": [{"w": ["p/q", ...], "b": "p/q", "a": "1"}, ...]}.

        A network without neurons also states its "dimension", which could not be read off otherwise.
        """
        data: dict[str, Any] = {
            "activation": self.activation,
            "neurons": [
                {"w": [render(w) for w in n.weights], "b": render(n.bias), "a": render(n.coefficient)}
                for n in self.neurons
            ],
        }
        if not self.neurons:
            data["dimension"] = self.dimension
        return data

    @classmethod
    def from_json(cls, data: object, *, source: str | None = None) -> Network:
        """The network that ``to_json`` wrote; an InputError for anything else."""
        if not isinstance(data, Mapping) or not isinstance(data.get("neurons"), list):
            raise ParseError('a network is an object with "activation" and "neurons"', source=source)
        activation = activation_named(data.get("activation"), source=source)
        neurons = []
        for number, entry in enumerate(data["neurons"], start=1):
            if not isinstance(entry, Mapping) or not isinstance(entry.get("w"), list):
                raise ParseError(f'neuron {number} is no object with "w", "b" and "a"', source=source)
            if "b" not in entry or "a" not in entry:
                raise ParseError(f'neuron {number} lacks "b" or "a"', source=source)
            neurons.append(
                Neuron(
                    vector(entry["w"], source=source),
                    rational(entry["b"], source=source),
                    rational(entry["a"], source=source),
                )
            )
        dimension = data.get("dimension", len(neurons[0].weights) if neurons else None)
        if type(dimension) is not int:
            raise ParseError('a network without neurons must state its "dimension"', source=source)
        return cls(activation, tuple(neurons), dimension)
