"""Networks evaluated by SymPy's own exact arithmetic agree with the chain evaluation."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
import sympy

from certify.network import Network, Neuron


@pytest.mark.parametrize("activation", ["relu", "threshold"])
@pytest.mark.parametrize("seed", range(6))
def test_evaluation(activation: str, seed: int) -> None:
    rnd = random.Random(seed)

    def number() -> Fraction:
        return Fraction(rnd.randint(-6, 6), rnd.choice([1, 2, 3]))

    dimension = 1 + seed % 3
    neurons = tuple(
        Neuron.of([number() for _ in range(dimension)], number(), rnd.choice([-1, 1])) for _ in range(5)
    )
    network = Network("relu" if activation == "relu" else "threshold", neurons, dimension)
    points = [tuple(number() for _ in range(dimension)) for _ in range(12)]
    for x, value in zip(points, network.evaluate(points), strict=True):
        total = sympy.Integer(0)
        for neuron in neurons:
            z = sum((sympy.Rational(str(w)) * sympy.Rational(str(c)) for w, c in zip(neuron.weights, x, strict=True)),
                    sympy.Rational(str(neuron.bias)))
            active = sympy.Max(0, z) if activation == "relu" else sympy.Integer(1 if z > 0 else 0)
            total += sympy.Rational(str(neuron.coefficient)) * active
        assert sympy.Rational(str(value)) == total
