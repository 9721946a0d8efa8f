"""Other activations on the same data: leaky ReLUs, maxout units of two pieces, and all output signs negative.

A function with one kink, s(z) = left z for z < 0 and right z for z >= 0, is (right - left)[z]_+ + left z: a
network of k such units is a sum of k ReLUs and an affine function, and so is one of k units max(u, v) = [u - v]_+ + v.
The proofs of Theorems 1 and 7 that a fit shows a solution allow the affine function (docs/reductions.md). In the
other direction the ReLU networks of those theorems are written with such units here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from certify.errors import InvalidInstance
from certify.exact import Vector, dot
from certify.instance import TrainingInstance
from certify.network import Network, Neuron

_ZERO, _ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class OneKink:
    """z -> left z for z < 0, right z for z >= 0; ``left`` < ``right``. ReLU: 0, 1; leaky: 0 < left < 1; |z|: -1, 1."""

    left: Fraction
    right: Fraction = _ONE

    def __post_init__(self) -> None:
        if not self.left < self.right:
            raise InvalidInstance(f"slopes {self.left} and {self.right}", hint="the left one must be less")

    def __call__(self, z: Fraction) -> Fraction:
        """The value at z."""
        return (self.left if z < 0 else self.right) * z


@dataclass(frozen=True)
class KinkedNetwork:
    """x -> sum of coefficient * activation(weights . x + bias) over the neurons, coefficients +1 or -1."""

    activation: OneKink
    neurons: tuple[Neuron, ...]

    def __call__(self, x: Vector) -> Fraction:
        """The exact value at x."""
        values = (n.coefficient * self.activation(dot(n.weights, x) + n.bias) for n in self.neurons)
        return sum(values, _ZERO)


@dataclass(frozen=True)
class MaxoutUnit:
    """x -> coefficient * max of the affine functions (weights, bias); here two of them."""

    pieces: tuple[tuple[Vector, Fraction], ...]
    coefficient: Fraction

    def __call__(self, x: Vector) -> Fraction:
        """The exact value at x."""
        return self.coefficient * max(dot(w, x) + b for w, b in self.pieces)


def affine_part(neurons: Sequence[Neuron]) -> tuple[Vector, Fraction]:
    """sum a_j z_j: what is left of a network of units z -> z."""
    columns = zip(*(tuple(n.coefficient * w for w in n.weights) for n in neurons), strict=True)
    return tuple(sum(column, _ZERO) for column in columns), sum((n.coefficient * n.bias for n in neurons), _ZERO)


def with_one_kink(network: Network, activation: OneKink) -> KinkedNetwork:
    """The same function with units of another kink, as many: for ReLU networks with sum a_j z_j = 0.

    Those of Theorem 1 (a levee: (t+2) - (t+1) - (t-1) + (t-2) = 0) and of Theorem 7 for a restricted solution of (Q, P)
    (one step up, one step down) are such; for (P, Q) the sum is 2, and for left != 0 no such network need exist.
    Raises InvalidInstance for any other network.
    """
    weights, bias = affine_part(network.neurons) if network.neurons else ((), _ZERO)
    if network.activation != "relu" or any(weights) or bias:
        raise InvalidInstance("the neurons' pre-activations, with their signs, do not sum to 0")
    scale = 1 / (activation.right - activation.left)
    neurons = tuple(
        Neuron(tuple(scale * w for w in n.weights), scale * n.bias, n.coefficient) for n in network.neurons
    )
    return KinkedNetwork(activation, neurons)


def with_maxout(network: Network) -> tuple[MaxoutUnit, ...]:
    """The same function as a sum of maxout units max(z, 0); raises InvalidInstance for threshold neurons."""
    if network.activation != "relu":
        raise InvalidInstance("maxout units make no jumps")
    nothing = (_ZERO,) * network.dimension, _ZERO
    return tuple(MaxoutUnit(((n.weights, n.bias), nothing), n.coefficient) for n in network.neurons)


def as_relus(units: KinkedNetwork | Sequence[MaxoutUnit], dimension: int) -> tuple[Network, Vector, Fraction]:
    """ReLUs, as many, and an affine function (w, b) that together are the given network: what the proofs back use."""
    neurons: list[Neuron] = []
    weights, bias = [_ZERO] * dimension, _ZERO
    if isinstance(units, KinkedNetwork):
        gap, left = units.activation.right - units.activation.left, units.activation.left
        for n in units.neurons:
            neurons.append(Neuron(tuple(gap * w for w in n.weights), gap * n.bias, n.coefficient))
        shift, offset = affine_part(units.neurons) if units.neurons else ((_ZERO,) * dimension, _ZERO)
        return Network("relu", tuple(neurons), dimension), tuple(left * w for w in shift), left * offset
    for unit in units:
        (u, b), (v, c) = unit.pieces
        neurons.append(Neuron(tuple(x - y for x, y in zip(u, v, strict=True)), b - c, unit.coefficient))
        weights = [x + unit.coefficient * y for x, y in zip(weights, v, strict=True)]
        bias += unit.coefficient * c
    return Network("relu", tuple(neurons), dimension), tuple(weights), bias


def mirrored(instance: TrainingInstance) -> TrainingInstance:
    """Labels with the other sign, convex and concave exchanged: networks f fit one iff -f fits the other.

    So everything about all-positive output signs (section 6 of the paper) holds for all-negative ones.
    """
    signs = {"free": "free", "convex": "concave", "concave": "convex"}[instance.signs]
    return replace(instance, labels=tuple(-y for y in instance.labels), signs=signs)  # type: ignore[arg-type]


def mirrored_network(network: Network) -> Network:
    """The network -f."""
    neurons = tuple(Neuron(n.weights, n.bias, -n.coefficient) for n in network.neurons)
    return Network(network.activation, neurons, network.dimension)
