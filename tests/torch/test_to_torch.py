"""Networks as PyTorch modules. PyTorch is gigabytes on some systems, so `make test` leaves this folder out and
`make test-torch` runs it.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
import torch

import certify
from certify.decide.source import decide
from certify.export import rounding
from certify.network import Network, Neuron
from certify.problems import PROBLEMS
from certify.reductions import REDUCTIONS

RELU = Network("relu", (Neuron.of([1, "1/2"], "-3/4", 1), Neuron.of([-2, 5], 1, -1), Neuron.of([1, 0], 2, -1)), 2)
STEP = Network("threshold", (Neuron.of([1, -1], 0, "5/4"), Neuron.of(["1/4", 3], "1/2", -3)), 2)

#: A source with a solution, by problem.
SOURCES = {"poits": "single", "twohyp": "middle", "sat": "exclusive-or", "clique": "edge", "mcclique": "edge"}


@pytest.mark.parametrize("network", [RELU, STEP, Network("relu", (), 2), Network("threshold", (), 2)])
def test_dyadic_networks_are_exact(network):
    points = [(Fraction(i, 4), Fraction(j, 8)) for i in range(-9, 10) for j in range(-9, 10)]
    module = certify.to_torch(network)
    values = module(torch.tensor([[float(v) for v in point] for point in points], dtype=torch.float64))
    assert values.dtype == torch.float64 and values.shape == (len(points),)
    assert [Fraction(float(v)) for v in values.detach()] == network.evaluate(points)


@pytest.mark.parametrize("edge", REDUCTIONS)
def test_witnesses_of_the_reductions(edge):
    problem, _ = edge
    source = PROBLEMS[problem].generate(SOURCES[problem])
    instance = REDUCTIONS[edge].reduce(source)
    network = REDUCTIONS[edge].lift(source, decide(source).solution)
    x = torch.tensor([[float(v) for v in point] for point in instance.points], dtype=torch.float64)
    values = certify.to_torch(network)(x).detach()
    worst = max(abs(Fraction(float(v)) - label) for v, label in zip(values, instance.labels, strict=True))
    assert worst <= rounding(network, instance.points).values + Fraction(1, 10**9)


def test_a_module_like_any_other():
    torch.manual_seed(3)
    before = torch.random.get_rng_state()
    module = certify.to_torch(RELU)
    assert torch.equal(before, torch.random.get_rng_state())
    assert [name for name, _ in module.named_parameters()] == ["hidden.weight", "hidden.bias", "output.weight"]
    module(torch.ones(1, 2, dtype=torch.float64)).sum().backward()
    assert module.hidden.weight.grad.tolist() == [[1, 1], [-1, -1], [-1, -1]]
    again = certify.to_torch(RELU)
    again.load_state_dict(module.state_dict())
