"""Theorem 7 and Corollary 10: points, delta, witnesses from bad planes, extraction, counterexamples."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
import z3

from certify.errors import NotAFit, NotASolution, ResourceLimit, UnknownProblem
from certify.exact import Vector, dot, vector
from certify.instance import TrainingInstance
from certify.network import Network, Neuron
from certify.problems.twohyp import (
    Hyperplanes,
    PointSets,
    far_hyperplane,
    is_restricted_solution,
    is_solution,
    separating_plane,
)
from certify.problems.twohyp_generate import CLASSICS, generate
from certify.problems.twohyp_search import restricted_solution
from certify.reductions import REDUCTIONS, reduction_named, twohyp_to_relu, twohyp_to_threshold

EDGES = [REDUCTIONS["twohyp", "relu"], REDUCTIONS["twohyp", "threshold"]]
FAR, NEAR, GAP = (CLASSICS[name].sets for name in ("far-points", "near-points", "axes-gap"))


def fits(made: TrainingInstance, positive: int) -> bool:
    """By Z3: can ReLUs fit the instance, the given number of them with coefficient 1?"""
    solver = z3.SolverFor("QF_LRA")
    neurons = range(made.width)
    w = [[z3.Real(f"w_{j}_{i}") for i in range(made.dimension)] for j in neurons]
    b = [z3.Real(f"b_{j}") for j in neurons]

    def number(value: Fraction) -> z3.ArithRef:
        return z3.Q(value.numerator, value.denominator)

    for number_, (point, label) in enumerate(zip(made.points, made.labels, strict=True)):
        terms = []
        for j in neurons:
            z = z3.Sum([number(x) * w[j][i] for i, x in enumerate(point)]) + b[j]
            h = z3.Real(f"h_{number_}_{j}")
            solver.add(z3.Or(z3.And(z >= 0, h == z), z3.And(z <= 0, h == 0)))
            terms.append(h if j < positive else -h)
        solver.add(z3.Sum(terms) == number(label))
    answer = solver.check()
    assert answer != z3.unknown
    return bool(answer == z3.sat)


def trainable(made: TrainingInstance) -> bool:
    return any(fits(made, positive) for positive in (2, 1, 3, 0, 4))


def test_points_and_their_order() -> None:
    sets = PointSets((vector([0]), vector([4])), (vector([1]), vector([4])), 1)
    made = twohyp_to_relu.reduce_with(sets, Fraction(1, 4))
    assert made.points[:4] == ((0,), (4,), (1,), (4,))
    assert made.labels[:4] == (1, 1, 0, 0)
    # The pairs (0, 1), (0, 4), (4, 1); nothing for the equal pair (4, 4).
    assert made.points[4:] == (
        (Fraction(1, 4),),
        (Fraction(3, 4),),
        (1,),
        (3,),
        (Fraction(13, 4),),
        (Fraction(7, 4),),
    )
    assert made.labels[4:] == (1, 0) * 3
    assert twohyp_to_relu.size(sets).points == 10
    plain = twohyp_to_threshold.reduce(sets)
    assert plain.points == made.points[:4]
    assert plain.labels == made.labels[:4]


def test_delta() -> None:
    assert twohyp_to_relu.delta(FAR) == Fraction(1, 4 * 1 * 2 * 1000)
    assert twohyp_to_relu.delta(NEAR) == Fraction(1, 4 * 1 * 2 * 1000)
    assert twohyp_to_relu.delta(GAP) == Fraction(1, 4 * 2 * 6 * 81)
    assert twohyp_to_relu.delta(PointSets((), (), 3)) == Fraction(1, 4 * 3 * 24)
    halves = PointSets((vector(["1/2", 0]),), (vector([0, "-1/3"]),), 2)
    assert twohyp_to_relu.delta(halves) == Fraction(1, 4 * 2 * 6 * 3**2)


@pytest.mark.parametrize("name", CLASSICS)
def test_size_is_the_size(name: str) -> None:
    for edge in EDGES:
        for sets in (CLASSICS[name].sets, CLASSICS[name].sets.swapped):
            made, size = edge.reduce(sets), edge.size(sets)
            assert (len(made.points), made.width, made.dimension) == (size.points, size.width, size.dimension)


def test_planes_with_tiny_margins_are_improved() -> None:
    tiny = Fraction(1, 10**9)
    sets = PointSets((vector([0, 0]),), (vector([1, 0]), vector([-1, 3])), 2)
    planes = Hyperplanes(vector([-1, 0]), tiny, vector([-1, 0]), tiny - 1)
    planes = Hyperplanes(planes.h1, planes.o1, planes.h2, -tiny)
    assert is_restricted_solution(sets, planes)
    made = twohyp_to_relu.reduce(sets)
    network = twohyp_to_relu.lift(sets, planes)
    assert made.objection(network) is None
    assert max(abs(w) for neuron in network.neurons for w in neuron.weights) < 1000


@pytest.mark.parametrize(
    "name", [name for name, known in CLASSICS.items() if known.restricted or known.swapped]
)
def test_restricted_solutions_lift_and_come_back(name: str) -> None:
    known = CLASSICS[name]
    for sets, expected in ((known.sets, known.restricted), (known.sets.swapped, known.swapped)):
        planes = restricted_solution(sets)
        assert (planes is not None) == expected
        if planes is None:
            continue
        # The same planes serve as a solution for (Q, P) of `sets` and for (P, Q) of the swapped ones.
        for given, edge in product((sets, sets.swapped), EDGES):
            network = edge.lift(given, planes)
            assert edge.reduce(given).objection(network) is None
            back = edge.extract(given, network)
            assert is_solution(given, back)
            again = edge.extract(given, Network(network.activation, network.neurons[::-1], network.dimension))
            assert is_solution(given, again)
        back = twohyp_to_threshold.extract(sets, twohyp_to_threshold.lift(sets, planes))
        assert is_restricted_solution(sets, back) or is_restricted_solution(sets.swapped, back)


def test_counterexample_1_separable_but_not_trainable() -> None:
    axes = Hyperplanes(vector([1, 0]), Fraction(0), vector([0, 1]), Fraction(0))
    assert is_solution(GAP, axes)
    for edge in EDGES:
        with pytest.raises(NotASolution):
            edge.lift(GAP, axes)
    assert not trainable(twohyp_to_relu.reduce_with(GAP, Fraction(1, 4)))
    assert not fits(twohyp_to_relu.reduce_with(GAP, Fraction(1, 50)), 2)


def test_counterexample_2_delta_must_shrink_with_the_spread() -> None:
    assert restricted_solution(FAR) is not None
    for small in (Fraction(1, 10), Fraction(1, 100), Fraction(1, 999)):
        assert not trainable(twohyp_to_relu.reduce_with(FAR, small))
    for small in (Fraction(1, 2000), twohyp_to_relu.delta(FAR)):
        assert fits(twohyp_to_relu.reduce_with(FAR, small), 2)


def test_counterexample_3_the_delta_of_the_paper_fails_for_close_points() -> None:
    # epsilon = m^-3 with m = 5 points, and delta = epsilon / (2 |q - p|) in dimension 1.
    epsilon = Fraction(1, 125)
    (zero,) = NEAR.q
    deltas = [epsilon / (2 * abs(p[0] - zero[0])) for p in NEAR.p]
    assert max(deltas) > Fraction(1, 2)
    points: list[Vector] = [zero, *NEAR.p]
    labels = [Fraction(1)] + [Fraction(0)] * 4
    for p, small in zip(NEAR.p, deltas, strict=True):
        points += [(small * p[0],), ((1 - small) * p[0],)]
        labels += [Fraction(1), Fraction(0)]
    assert not trainable(TrainingInstance(tuple(points), tuple(labels), 4, "relu", 1))
    planes = restricted_solution(NEAR)
    assert planes is not None
    network = twohyp_to_relu.lift(NEAR, planes)
    assert twohyp_to_relu.reduce(NEAR).objection(network) is None


def test_equal_points_contradict() -> None:
    sets = CLASSICS["same-point"].sets
    for edge in EDGES:
        made = edge.reduce(sets)
        assert made.misfits(Network(made.activation, (), 2))
        with pytest.raises(NotAFit):
            edge.extract(sets, Network(made.activation, (), 2))


def test_hyperplanes_through_other_points_are_moved_off() -> None:
    # Two neurons that cancel, with their kink right on the point -2 of Q.
    sets = PointSets((vector([0]), vector([-2])), (vector([1]),), 1)
    steep = twohyp_to_relu.lift(sets, Hyperplanes(vector([-2]), Fraction(1), vector([-1]), Fraction(-9)))
    flat = (Neuron.of([1], 2, 1), Neuron.of([1], 2, -1))
    network = Network("relu", (*flat, *steep.neurons[:2]), 1)
    assert twohyp_to_relu.reduce(sets).objection(network) is None
    assert is_solution(sets, twohyp_to_relu.extract(sets, network))


def test_one_sign_may_have_three_neurons_and_weights_may_vanish() -> None:
    sets = CLASSICS["pair"].sets
    up = twohyp_to_relu.lift(
        sets, Hyperplanes(vector([-2]), Fraction(1), vector([-1]), Fraction(-9))
    ).neurons[:2]
    idle = Neuron.of([0], 0, up[0].coefficient)
    for extra in ((), (idle,), (idle, idle), (Neuron.of([1], -7, 1), Neuron.of([5], -70, 1))):
        network = Network("relu", (*up, *extra), 1)
        assert twohyp_to_relu.reduce(sets).objection(network) is None
        assert is_solution(sets, twohyp_to_relu.extract(sets, network))


@pytest.mark.parametrize("coefficients", list(product([-1, 0, Fraction(1, 2), 1, 2], repeat=2)))
def test_every_fit_with_two_thresholds_is_read(coefficients: tuple[Fraction, Fraction]) -> None:
    """All point sets that a given network fits: their labels are its values, kept where 0 or 1."""
    grid = [vector([x, y]) for x in range(3) for y in range(3)]
    lines = [([1, 0], -1), ([-1, 1], 0), ([0, -1], 1), ([1, 1], -2), ([0, 0], 1), ([0, 0], 0)]
    for first, second in product(lines, repeat=2):
        neurons = tuple(Neuron.of(*line, a) for line, a in zip((first, second), coefficients, strict=True))
        network = Network("threshold", neurons, 2)
        values = network.evaluate(grid)
        sets = PointSets(
            tuple(x for x, v in zip(grid, values, strict=True) if v == 1),
            tuple(x for x, v in zip(grid, values, strict=True) if v == 0),
            2,
        )
        planes = twohyp_to_threshold.extract(sets, network)
        assert is_solution(sets, planes)
        assert is_restricted_solution(sets, planes) or is_restricted_solution(sets.swapped, planes)


def test_networks_with_fewer_neurons_are_read() -> None:
    one_side = PointSets((vector([1]),), (), 1)
    only_p = one_side.swapped
    for edge in EDGES:
        empty = Network(edge.reduce(only_p).activation, (), 1)
        assert is_solution(only_p, edge.extract(only_p, empty))
    constant = Network("relu", (Neuron.of([0], 1, 1),), 1)
    assert is_solution(one_side, twohyp_to_relu.extract(one_side, constant))
    nothing = PointSets((), (), 2)
    for edge in EDGES:
        assert is_solution(nothing, edge.extract(nothing, Network(edge.reduce(nothing).activation, (), 2)))


def test_what_does_not_fit_is_refused() -> None:
    sets = CLASSICS["pair"].sets
    with pytest.raises(NotAFit):
        twohyp_to_relu.extract(sets, Network("relu", (), 1))
    with pytest.raises(NotAFit):
        twohyp_to_threshold.extract(sets, Network("relu", (), 1))


def test_large_dimension_keeps_exact_huge_numbers() -> None:
    sets = generate("planted", 1, q=3, p=3, dimension=40, range=10**6)
    planes = Hyperplanes(*_diagonal(sets))
    for edge in EDGES:
        made = edge.reduce(sets)
        assert len(made.sha256()) == 64
        network = edge.lift(sets, planes)
        assert made.objection(network) is None
        assert is_solution(sets, edge.extract(sets, network))


def _diagonal(sets: PointSets) -> tuple[Vector, Fraction, Vector, Fraction]:
    """A restricted solution by one hyperplane, found by an exact linear program, and a far one."""
    plane = separating_plane((*sets.q, *sets.p), (True,) * len(sets.q) + (False,) * len(sets.p))
    assert plane is not None
    assert dot(plane[0], sets.q[0]) + plane[1] > 0
    return (*plane, *far_hyperplane(sets, -1))


def test_too_many_pairs_are_refused() -> None:
    many = PointSets(tuple(vector([i]) for i in range(3000)), tuple(vector([-i - 1]) for i in range(3000)), 1)
    with pytest.raises(ResourceLimit):
        twohyp_to_relu.reduce(many)


def test_registry() -> None:
    assert reduction_named("twohyp", "relu").theorem == "Theorem 7"
    with pytest.raises(UnknownProblem):
        reduction_named("poits", "sigmoid")
    for (source, target), reduction in REDUCTIONS.items():
        assert (reduction.source, reduction.target) == (source, target)
        assert reduction.name == "-".join([source, *(step.target for step in reduction.via), target])
        assert reduction.claim.endswith(".")
