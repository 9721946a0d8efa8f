"""A second opinion for the tests: is there a network that fits? asked of Z3 in an encoding of its own.

Nothing of ``certify.encode`` and ``smt`` is used. One Boolean a (point, neuron) says whether the neuron is on; the
signs of ReLU outputs are not variables, every split of them is its own question.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import z3

from certify.instance import TrainingInstance
from certify.network import Network, Neuron


def number(value: Fraction) -> z3.ArithRef:
    return z3.Q(value.numerator, value.denominator)


def fraction(value: z3.ArithRef) -> Fraction:
    return Fraction(value.numerator_as_long(), value.denominator_as_long())


def splits(instance: TrainingInstance) -> Iterator[int]:
    """The numbers of positive neurons that may be."""
    k = instance.width
    if instance.activation == "threshold":
        return iter((k,))
    return iter({"free": range(k + 1), "convex": range(k, k + 1), "concave": range(1)}[instance.signs])


def fitting_network(instance: TrainingInstance) -> Network | None:
    """A network of the instance's width that fits it, None if there is none; AssertionError if Z3 cannot tell."""
    for positive in splits(instance):
        network = _fitting(instance, positive)
        if network is not None:
            return network
    return None


def wider_class_fits(instance: TrainingInstance) -> bool:
    """Whether functions as in section 6.1 of the format fit: a free affine part (threshold: a free constant) more."""
    return any(_solve(instance, positive, True) is not None for positive in splits(instance))


def _fitting(instance: TrainingInstance, positive: int) -> Network | None:
    found = _solve(instance, positive, False)
    if found is None:
        return None
    model, weights, outputs = found

    def value(term: z3.ArithRef) -> Fraction:
        return fraction(model.eval(term, model_completion=True))

    neurons = tuple(
        Neuron(tuple(map(value, row[:-1])), value(row[-1]), value(a)) for row, a in zip(weights, outputs, strict=True)
    )
    network = Network(instance.activation, neurons, instance.dimension)
    assert not instance.misfits(network), "Z3's model does not fit: the encoding is wrong"
    return network


def _solve(
    instance: TrainingInstance, positive: int, wider: bool
) -> tuple[z3.ModelRef, list[list[z3.ArithRef]], list[z3.ArithRef]] | None:
    solver = z3.SolverFor("QF_LRA")
    d, k, relu = instance.dimension, instance.width, instance.activation == "relu"
    weights = [[z3.Real(f"w{j}_{c}") for c in range(d + 1)] for j in range(k)]
    outputs = [z3.RealVal(1 if j < positive else -1) if relu else z3.Real(f"a{j}") for j in range(k)]
    extra = [z3.Real(f"c{c}") for c in range(d + 1)]
    for i, (x, y) in enumerate(zip(instance.points, instance.labels, strict=True)):
        point = [*map(number, x), z3.RealVal(1)]
        terms: list[z3.ArithRef] = []
        if wider:
            terms.append(z3.Sum([c * v for c, v in zip(extra, point, strict=True)]) if relu else extra[-1])
        for j in range(k):
            z, on, out = z3.Sum([w * v for w, v in zip(weights[j], point, strict=True)]), z3.Bool(f"on{i}_{j}"), z3.Real(f"o{i}_{j}")
            solver.add(on == (z > 0), out == z3.If(on, z if relu else outputs[j], 0))
            terms.append(-out if relu and j >= positive else out)
        solver.add(z3.Sum([z3.RealVal(0), *terms]) == number(y))
    answer = solver.check()
    assert answer in (z3.sat, z3.unsat), f"Z3 says {answer}: {solver.reason_unknown()}"
    return (solver.model(), weights, outputs) if answer == z3.sat else None
