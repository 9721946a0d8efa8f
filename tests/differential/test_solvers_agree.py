"""The plain encoding of small instances, decided by Z3 and by cvc5: equal results, and a yes is a network that fits."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from certify.encode import encode, network_from_model
from certify.instance import Signs, TrainingInstance
from certify.network import Activation, Network, Neuron
from certify.problems.poits import Formula
from certify.problems.twohyp_generate import CLASSICS
from certify.reductions import reduction_named
from certify.reductions.gadgets import selection_gadget
from smt import check

SOLVERS = ("z3", "cvc5")


def _decided(instance: TrainingInstance) -> str:
    """The common answer of the solvers, without limits: each "sat" is turned into a fitting network."""
    script = encode(instance)
    found = set()
    for name in SOLVERS:
        answer = check(script, name)
        found.add(answer.status)
        if answer.model is not None:
            network = network_from_model(instance, answer.model)
            assert network.width == instance.width and instance.misfits(network) == []
    assert len(found) == 1
    (status,) = found
    assert status in ("sat", "unsat")
    return status


@pytest.mark.parametrize("activation", ["relu", "threshold"])
@pytest.mark.parametrize(("dimension", "width", "points"), [(1, 1, 4), (1, 2, 5), (2, 1, 5), (2, 2, 6)])
def test_random_data(activation: Activation, dimension: int, width: int, points: int) -> None:
    """Half of the instances have random labels, half those of a random network, one label perhaps changed."""
    rng = random.Random(f"{activation} {dimension} {width}")
    statuses = []
    for index in range(16):
        chosen = [[rng.randint(-3, 3) for _ in range(dimension)] for _ in range(points)]
        if index % 2:
            labels = [rng.choice((0, 0, 1, 2)) for _ in chosen]
        else:
            neurons = tuple(
                Neuron.of([rng.randint(-2, 2) for _ in range(dimension)], rng.randint(-2, 2), rng.choice((1, -1)))
                for _ in range(width)
            )
            network = Network(activation, neurons, dimension)
            labels = [int(network(point)) for point in chosen]
            labels[0] += index % 4 // 2
        signs: Signs = ("free", "free", "convex", "concave")[index // 2 % 4]  # type: ignore[assignment]
        statuses.append(
            _decided(TrainingInstance.of(chosen, labels, width=width, activation=activation, signs=signs))
        )
    assert {"sat", "unsat"} == set(statuses)


@pytest.mark.parametrize("slopes", [("-1", "1"), ("-1", "-1/2", "0")])
@pytest.mark.parametrize(("width", "expected"), [(3, "unsat"), (4, "sat")])
def test_one_selection_gadget(slopes: tuple[str, ...], width: int, expected: str) -> None:
    """Section 3 of the paper: four ReLUs fit the data of a selection gadget, three do not."""
    gadget = list(selection_gadget(Fraction(0), [Fraction(s) for s in slopes], Fraction(1, 3)))
    points, labels = [point for point, _ in gadget], [label for _, label in gadget]
    assert _decided(TrainingInstance.of(points, labels, width=width, activation="relu")) == expected


@pytest.mark.parametrize("clauses", [(), ((1, 1, 1),)])
def test_threshold_formulas(clauses: tuple[tuple[int, int, int], ...]) -> None:
    instance = reduction_named("poits", "threshold").reduce(Formula(1, clauses))
    assert _decided(instance) == ("unsat" if clauses else "sat")


@pytest.mark.parametrize("name", CLASSICS)
def test_point_sets_by_thresholds(name: str) -> None:
    """Corollary 10: two threshold neurons fit iff the sets are restricted separable, one way or the other."""
    classic = CLASSICS[name]
    instance = reduction_named("twohyp", "threshold").reduce(classic.sets)
    assert _decided(instance) == ("sat" if classic.restricted or classic.swapped else "unsat")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("pair", "sat"), ("middle", "sat"), ("no-points", "sat"), ("same-point", "unsat"), ("alternating-line", "unsat")],
)
def test_point_sets_by_relus(name: str, expected: str) -> None:
    """Theorem 7 on its smallest instances: four ReLUs."""
    assert _decided(reduction_named("twohyp", "relu").reduce(CLASSICS[name].sets)) == expected
