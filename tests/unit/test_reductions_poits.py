"""Theorem 1 and Corollary 8: the points against tables copied from the paper, witnesses, extraction."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from certify.errors import NotAFit, NotASolution, ResourceLimit
from certify.exact import dot
from certify.network import Network, Neuron
from certify.problems.poits import Formula, solutions
from certify.problems.poits_generate import CLASSICS, generate
from certify.reductions import REDUCTIONS, poits_to_relu, poits_to_threshold
from certify.reductions.gadgets import levee, selection_gadget, stripe, stripe_gadget

EDGES = [REDUCTIONS["poits", "relu"], REDUCTIONS["poits", "threshold"]]
SLOPES = (Fraction(-1), Fraction(0), Fraction(1, 2))
EPS = Fraction(1, 3)


def test_selection_gadget_is_that_of_the_paper() -> None:
    first, last = SLOPES[0], SLOPES[-1]
    h0 = [
        "-4 0",
        "-3 0",
        "-2 0",
        "-5/3 1/3",
        "-4/3 2/3",
        "-1 1",
        "0 1",
        "1 1",
        "4/3 2/3",
        "5/3 1/3",
        "2 0",
        "3 0",
        "4 0",
    ]
    expected = [((Fraction(0), Fraction(row.split()[0])), Fraction(row.split()[1])) for row in h0]
    labels = [0, 0, 0, 1, 1, 1, 0, 0, 0]
    left = [-4 - EPS * last, -3 - EPS * last, -2 - EPS * last, -1 - EPS * first, Fraction(0)]
    left += [1 - EPS * last, 2 - EPS * first, 3 - EPS * first, 4 - EPS * first]
    right = [-4 + EPS * first, -3 + EPS * first, -2 + EPS * first, -1 + EPS * last, Fraction(0)]
    right += [1 + EPS * first, 2 + EPS * last, 3 + EPS * last, 4 + EPS * last]
    expected += [((-EPS, height), Fraction(label)) for height, label in zip(left, labels, strict=True)]
    expected += [((EPS, height), Fraction(label)) for height, label in zip(right, labels, strict=True)]
    # q_i = -+ (4 / gap, 2 (s_i + s_(i+1)) / gap) for the gaps 1 and 1/2.
    expected += [
        ((Fraction(-4), Fraction(2)), Fraction(0)),
        ((Fraction(4), Fraction(-2)), Fraction(0)),
        ((Fraction(-8), Fraction(-2)), Fraction(0)),
        ((Fraction(8), Fraction(2)), Fraction(0)),
    ]
    assert list(selection_gadget(Fraction(0), SLOPES, EPS)) == expected
    shifted = [((x, y + 7), label) for (x, y), label in expected]
    assert list(selection_gadget(Fraction(7), SLOPES, EPS)) == shifted
    assert len(list(selection_gadget(Fraction(0), SLOPES[:1], EPS))) == 31


def test_stripe_gadget_is_that_of_the_table() -> None:
    tau = Fraction(1, 10)
    first, last = SLOPES[0], SLOPES[-1]
    columns = [
        (Fraction(0), [-1 - tau, -1 + tau, 1 - tau, 1 + tau]),
        (EPS, [-1 - tau + EPS * first, -1 + tau + EPS * last, 1 - tau + EPS * first, 1 + tau + EPS * last]),
        (-EPS, [-1 - tau - EPS * last, -1 + tau - EPS * first, 1 - tau - EPS * last, 1 + tau - EPS * first]),
    ]
    expected = [
        ((x, height), Fraction(label))
        for x, heights in columns
        for height, label in zip(heights, (0, 1, 1, 0), strict=True)
    ]
    for x, low, high in (
        (Fraction(3), Fraction(-1), Fraction(0)),
        (Fraction(6), Fraction(0), Fraction(1, 2)),
    ):
        heights = [
            (x, x * low + 1 + tau),
            (x, x * high - 1 - tau),
            (-x, -x * low - 1 - tau),
            (-x, -x * high + 1 + tau),
        ]
        expected += [(point, Fraction(0)) for point in heights]
    assert list(stripe_gadget(Fraction(0), SLOPES, EPS, tau)) == expected
    assert list(stripe_gadget(Fraction(-3), SLOPES, EPS, tau)) == [
        ((x, y - 3), label) for (x, y), label in expected
    ]


@pytest.mark.parametrize("slope", SLOPES)
def test_ridges_fit_their_gadget(slope: Fraction) -> None:
    z = Fraction(5)
    wide = Network("relu", levee(z, slope), 2)
    for point, label in selection_gadget(z, SLOPES, EPS):
        assert wide(point) == label
    narrow = Network("threshold", stripe(z, slope), 2)
    for point, label in stripe_gadget(z, SLOPES, EPS, Fraction(1, 5)):
        assert narrow(point) == label


def test_levee_is_the_function_of_definition_2() -> None:
    slope = Fraction(-2, 3)
    made = Network("relu", levee(Fraction(0), slope), 2)
    for x in (Fraction(-3), Fraction(0), Fraction(5, 2)):
        for step in range(-18, 19):
            t = Fraction(step, 6)
            expected = 0 if abs(t) >= 2 else 1 if abs(t) <= 1 else 2 - abs(t)
            assert made((x, slope * x + t)) == expected


def test_global_parameters() -> None:
    formula = Formula(3, ((1, 2, 3), (3, 3, 1)))
    plan = poits_to_relu.layout(formula)
    assert plan.spacing == 38
    assert plan.clause_slopes(1) == (-1, Fraction(-3, 4), Fraction(-1, 2))
    assert plan.clause_slopes(2) == (Fraction(-1, 2), Fraction(-1, 4), 0)
    made = poits_to_relu.reduce(formula)
    # p_{j,r} is where x_2 = 38 j + s x_1 meets x_2 = x_1 - 38 i.
    tail = list(zip(made.points[-6:], made.labels[-6:], strict=True))
    wanted = []
    for j, clause in enumerate(formula.clauses, start=1):
        for i, s in zip(clause, plan.clause_slopes(j), strict=True):
            x = Fraction(38 * (i + j)) / (1 - s)
            assert x - 38 * i == 38 * j + s * x
            wanted.append(((x, x - 38 * i), 1))
    assert tail == wanted
    assert poits_to_threshold.layout(formula).spacing == 54
    assert poits_to_threshold.margin(formula) == Fraction(1, 2 + 12 * 54 * 5)


def test_order_of_the_points() -> None:
    formula = Formula(2, ((1, 2, 2),))
    made = poits_to_relu.reduce(formula)
    blocks = [made.points[:35], made.points[35:68], made.points[68:101], made.points[101:]]
    centres = [22, -22, -44]
    for block, centre in zip(blocks, centres, strict=False):
        assert block[6] == (0, centre)
        assert [x for x, _ in block[:31]] == [0] * 13 + [Fraction(-1, 3)] * 9 + [Fraction(1, 3)] * 9
        for start, end in ((0, 13), (13, 22), (22, 31)):
            heights = [y for _, y in block[start:end]]
            assert heights == sorted(set(heights))
    assert len(blocks[3]) == 3


def test_smallest_no_instance_is_as_published() -> None:
    made = poits_to_relu.reduce(CLASSICS["vvv"][0])
    lines = made.canonical_bytes().decode("ascii").split("\n")
    assert lines[:8] == [
        "certify-instance 1",
        "activation relu",
        "signs free",
        "loss exact",
        "width 8",
        "dimension 2",
        "points 71",
        "0 18 0",
    ]
    assert lines[-4:] == ["22 0 1", "88/3 22/3 1", "44 22 1", ""]


@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: edge.name)
@pytest.mark.parametrize("name", CLASSICS)
def test_size_is_the_size(edge: object, name: str) -> None:
    formula = CLASSICS[name][0]
    made, size = edge.reduce(formula), edge.size(formula)  # type: ignore[attr-defined]
    assert (len(made.points), made.width, made.dimension) == (size.points, size.width, size.dimension)
    assert set(made.points).__len__() == len(made.points)


def test_the_empty_formula_has_a_fixed_yes_instance() -> None:
    for edge in EDGES:
        made = edge.reduce(Formula(0, ()))
        assert made.points == ((0, 0),)
        assert made.labels == (0,)
        assert made.width == 0
        network = edge.lift(Formula(0, ()), ())
        assert made.objection(network) is None
        assert edge.extract(Formula(0, ()), network) == ()


@pytest.mark.parametrize("seed", range(4))
def test_threshold_witness_keeps_its_margin(seed: int) -> None:
    formula = generate("planted", seed, variables=4, clauses=3)
    network = poits_to_threshold.lift(formula, next(solutions(formula)))
    tau = poits_to_threshold.margin(formula)
    made = poits_to_threshold.reduce(formula)
    least = min(abs(dot(n.weights, x) + n.bias) for n in network.neurons for x in made.points)
    assert least == tau


def test_threshold_fits_are_many_and_all_are_read() -> None:
    rng = random.Random(5)
    formula = Formula(4, ((1, 2, 3), (2, 3, 4)))
    made, tau = poits_to_threshold.reduce(formula), poits_to_threshold.margin(formula)
    for assignment in solutions(formula):
        exact = poits_to_threshold.lift(formula, assignment)
        moved = []
        for pair in zip(exact.neurons[::2], exact.neurons[1::2], strict=True):
            flip = rng.random() < 0.5
            for neuron in pair:
                factor = Fraction(rng.randint(1, 9), rng.randint(1, 9)) * (-1 if flip else 1)
                bias = neuron.bias + tau * Fraction(rng.randint(-9, 9), 10)
                weights = tuple(factor * w for w in neuron.weights)
                # 1[z > 0] = 1 - 1[-z > 0] off the line; the ones of a pair cancel.
                moved.append(
                    Neuron(weights, factor * bias, -neuron.coefficient if flip else neuron.coefficient)
                )
        rng.shuffle(moved)
        network = Network("threshold", tuple(moved), 2)
        assert made.objection(network) is None
        assert poits_to_threshold.extract(formula, network) == assignment


@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: edge.name)
def test_what_is_no_solution_or_no_fit_is_refused(edge: object) -> None:
    formula = Formula(3, ((1, 2, 3),))
    lift, extract = edge.lift, edge.extract  # type: ignore[attr-defined]
    with pytest.raises(NotASolution):
        lift(formula, (True, True, False))
    network = lift(formula, (True, False, False))
    one = network.neurons[0]
    wrong = [
        Network(network.activation, network.neurons[1:], 2),
        Network(network.activation, (*network.neurons, one), 2),
        Network(
            network.activation, (Neuron(one.weights, one.bias + 1, one.coefficient), *network.neurons[1:]), 2
        ),
        Network(network.activation, (), 3),
        Network("relu" if network.activation == "threshold" else "threshold", network.neurons, 2),
    ]
    for other in wrong:
        with pytest.raises(NotAFit):
            extract(formula, other)


def test_too_large_formulas_are_refused_before_they_are_built() -> None:
    for edge in EDGES:
        with pytest.raises(ResourceLimit):
            edge.reduce(Formula(10**15, ()))
