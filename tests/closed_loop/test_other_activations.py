"""Leaky ReLUs, maxout units, negative output signs: exact networks for yes-instances, none for tiny no-instances."""

from __future__ import annotations

from fractions import Fraction

import pytest
import z3
from hypothesis import given, settings
from hypothesis import strategies as st

from certify.decide.source import decide
from certify.encode import encode
from certify.errors import InvalidInstance
from certify.exact import dot
from certify.instance import TrainingInstance
from certify.network import Network, Neuron
from certify.problems import PROBLEMS, poits
from certify.reductions import REDUCTIONS
from certify.reductions.gadgets import selection_gadget
from certify.reductions.other_activations import (
    KinkedNetwork,
    MaxoutUnit,
    OneKink,
    as_relus,
    mirrored,
    mirrored_network,
    with_maxout,
    with_one_kink,
)
from smt import check

F = Fraction
KINKS = (OneKink(F(0)), OneKink(F(1, 100)), OneKink(F(1, 3)), OneKink(F(-1)), OneKink(F(2), F(5)))
SOURCES = [("poits", kind) for kind in ("empty", "single", "vvw", "figure-5")]
SOURCES += [("twohyp", kind) for kind in ("pair", "middle", "no-points", "far-points", "near-points")]
SOURCES += [("clique", "edge"), ("sat", "exclusive-or")]


@pytest.mark.parametrize(("problem", "kind"), SOURCES)
def test_witnesses_with_other_activations(problem: str, kind: str) -> None:
    source, edge = PROBLEMS[problem].generate(kind), REDUCTIONS[problem, "relu"]
    made, network = edge.reduce(source), edge.lift(source, decide(source).solution)
    for kink in KINKS:
        other = with_one_kink(network, kink)
        assert len(other.neurons) == network.width
        assert [other(x) for x in made.points] == list(made.labels)
        back, weights, bias = as_relus(other, made.dimension)
        assert back == network or not network.width
        assert not any(weights) and not bias
    units = with_maxout(network)
    assert [sum((unit(x) for unit in units), F(0)) for x in made.points] == list(made.labels)


def test_exchanged_sets_have_no_leaky_network_of_this_kind() -> None:
    sets = PROBLEMS["twohyp"].classics["middle"][0].swapped
    planes = decide(sets).solution
    network = REDUCTIONS["twohyp", "relu"].lift(sets, planes)
    with pytest.raises(InvalidInstance):
        with_one_kink(network, OneKink(F(1, 2)))
    with pytest.raises(InvalidInstance):
        OneKink(F(1))
    with pytest.raises(InvalidInstance):
        with_maxout(Network("threshold", (), 1))


small = st.fractions(-3, 3, max_denominator=4)
neurons = st.lists(
    st.builds(Neuron, st.tuples(small, small), small, st.sampled_from((F(1), F(-1)))), min_size=1, max_size=4
)


@settings(max_examples=80, deadline=None)
@given(neurons, st.sampled_from(KINKS), st.lists(st.tuples(small, small), min_size=1, max_size=5))
def test_any_such_network_is_relus_and_an_affine_function(units, kink, points) -> None:
    network = KinkedNetwork(kink, tuple(units))
    relus, weights, bias = as_relus(network, 2)
    assert relus.width == len(units)
    for x in points:
        assert network(x) == relus(x) + dot(weights, x) + bias
    maxout = tuple(
        MaxoutUnit(((u.weights, u.bias), (v.weights, v.bias)), u.coefficient)
        for u, v in zip(units, units[1:] + units[:1], strict=True)
    )
    relus, weights, bias = as_relus(maxout, 2)
    for x in points:
        assert sum((unit(x) for unit in maxout), F(0)) == relus(x) + dot(weights, x) + bias


def some_network(made: TrainingInstance, kink: OneKink | None) -> bool:
    """Z3: do ``width`` units with this kink (None: maxout of two pieces) fit? An encoding of the test's own."""
    d = made.dimension

    def number(value: Fraction) -> z3.ArithRef:
        return z3.Q(value.numerator, value.denominator)

    for positive in range(made.width + 1):
        solver = z3.SolverFor("QF_LRA")
        solver.set("timeout", 120_000)
        rows = [[z3.Real(f"w{j}_{c}") for c in range(2 * d + 2)] for j in range(made.width)]
        for x, y in zip(made.points, made.labels, strict=True):
            terms = []
            for j, row in enumerate(rows):
                z = z3.Sum([number(v) * w for v, w in zip((*x, F(1)), row, strict=False)])
                other = z3.Sum([number(v) * w for v, w in zip((*x, F(1)), row[d + 1 :], strict=False)])
                out = z3.FreshReal("o")
                if kink is None:
                    solver.add(z3.Or(z3.And(z >= other, out == z), z3.And(z <= other, out == other)))
                else:
                    low, high = number(kink.left), number(kink.right)
                    solver.add(z3.Or(z3.And(z >= 0, out == high * z), z3.And(z <= 0, out == low * z)))
                terms.append(out if j < positive else -out)
            solver.add(z3.Sum([z3.RealVal(0), *terms]) == number(y))
        answer = solver.check()
        assert answer in (z3.sat, z3.unsat), solver.reason_unknown()
        if answer == z3.sat:
            return True
    return False


def gadget(width: int) -> TrainingInstance:
    data = list(selection_gadget(F(0), (F(-1), F(1)), F(1, 3)))
    return TrainingInstance(tuple(x for x, _ in data), tuple(y for _, y in data), width, "relu", 2)


@pytest.mark.parametrize("kink", [OneKink(F(1, 3)), OneKink(F(-1)), None], ids=str)
def test_three_units_fit_no_gadget(kink: OneKink | None) -> None:
    assert not some_network(gadget(3), kink)


@pytest.mark.parametrize("kink", [OneKink(F(1, 3)), None], ids=str)
def test_alternating_points_on_a_line(kink: OneKink | None) -> None:
    """A no of Theorem 7 in one dimension: Q = {0, 2}, P = {1, 3}; and a yes."""
    made = REDUCTIONS["twohyp", "relu"].reduce(PROBLEMS["twohyp"].classics["alternating-line"][0])
    assert not some_network(made, kink)
    assert some_network(REDUCTIONS["twohyp", "relu"].reduce(PROBLEMS["twohyp"].classics["pair"][0]), kink)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(-2, 2), min_size=2, max_size=5), st.integers(0, 2))
def test_concave_is_convex_mirrored(labels: list[int], width: int) -> None:
    made = TrainingInstance.of([[x] for x in range(len(labels))], labels, width=width, activation="relu", signs="convex")
    other = mirrored(made)
    assert other.signs == "concave" and mirrored(other) == made
    answers = [check(encode(instance), "z3", timeout_s=30).status for instance in (made, other)]
    assert answers[0] == answers[1] in ("sat", "unsat")


def test_mirrored_networks() -> None:
    formula = PROBLEMS["poits"].generate("single")
    edge = REDUCTIONS["poits", "relu"]
    network = edge.lift(formula, next(poits.solutions(formula)))
    assert mirrored(edge.reduce(formula)).misfits(mirrored_network(network)) == []
