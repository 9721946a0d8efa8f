"""Multicoloured clique for one neuron: the points by hand, all graphs of three colours, the margins of the proof."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product

import pytest
import z3
from hypothesis import given, settings
from hypothesis import strategies as st

from certify.encode import encode
from certify.errors import InvalidInstance, NotAFit, NotASolution
from certify.exact import dot
from certify.instance import TrainingInstance
from certify.loss import Loss
from certify.network import Network, Neuron
from certify.problems import PROBLEMS, mcclique
from certify.problems.mcclique import ColouredGraph
from certify.reductions import Options, reduction_named
from certify.reductions.mcclique_layout import Layout
from smt import check

F = Fraction
LOSSES: tuple[Loss, ...] = ("l0", "l1", "l2")
TARGETS = ("relu", "threshold")
PAIRS = [(u, v) for u, v in combinations(range(1, 7), 2) if (u - 1) // 2 != (v - 1) // 2]
COLOURS = (1, 1, 2, 2, 3, 3)


def graphs() -> Iterator[ColouredGraph]:
    """All 4096 graphs of three colours with two vertices each, without edges inside a colour."""
    for bits in range(1 << len(PAIRS)):
        yield ColouredGraph(COLOURS, tuple(e for i, e in enumerate(PAIRS) if bits >> i & 1), 3)


def canonical(graph: ColouredGraph) -> bool:
    """One of each class under exchange of colours and of the vertices of a colour."""
    return graph.edges == min(forms(graph))


def forms(graph: ColouredGraph) -> Iterator[tuple[tuple[int, int], ...]]:
    for order in ((0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)):
        for swaps in product((0, 1), repeat=3):
            names = {2 * c + i + 1: 2 * order[c] + (i ^ swaps[c]) + 1 for c in range(3) for i in (0, 1)}
            yield tuple(sorted((min(names[u], names[v]), max(names[u], names[v])) for u, v in graph.edges))


def edge_for(target: str, loss: Loss):
    return reduction_named("mcclique", target, Options(loss=loss))


def test_the_points_by_hand() -> None:
    """Colours {1, 2}, {3}: t = 0, 1/2, so u = (1,0), (3/5,4/5); c = 3/5, r = (1/2 + 5/9)/2 = 19/36."""
    made = edge_for("relu", "l2").reduce(ColouredGraph((1, 1, 2), ((1, 2), (1, 3), (2, 3)), 2))
    r, wide = F(36, 19), F(18, 17)  # 1/r and 1/(2(1-r))
    assert made.points == (
        (0, 0, 0, 0),
        (r, 0, 0, 0),
        (F(3, 5) * r, F(4, 5) * r, 0, 0),
        (0, 0, r, 0),
        (F(8, 5) * wide, F(4, 5) * wide, 0, 0),
        (1, 0, 1, 0),
        (F(3, 5), F(4, 5), 1, 0),
    )
    assert made.labels == (0, 0, 0, 0, 0, 1, 1)
    # |E| = 2 of which one can be fitted: gamma = 1, M = 1 (2*2)^2 + 1.
    assert (made.loss, made.gamma, made.width, made.copies) == ("l2", 1, 1, (17,) * 5 + (1, 1))


@pytest.mark.parametrize("target", TARGETS)
def test_all_graphs_of_three_colours_go_round(target: str) -> None:
    """Yes: the witness misses gamma exactly, under every loss, with the signs of the proof. No: nothing to lift."""
    counts = {True: 0, False: 0}
    for graph in graphs():
        solution = mcclique.search(graph)
        counts[solution is not None] += 1
        if solution is None:
            continue
        network = edge_for(target, "l1").lift(graph, solution)
        made = edge_for(target, "l1").reduce(graph)
        assert made.total_loss(network) == made.gamma
        neuron = network.neurons[0]
        for x, y in zip(made.points, made.labels, strict=True):
            value = dot(neuron.weights, x) + neuron.bias
            assert value <= 0 if y == 0 else value == 1 or value < 0
        if canonical(graph):
            for loss in LOSSES:
                edge = edge_for(target, loss)
                assert edge.reduce(graph).total_loss(network) == edge.reduce(graph).gamma
                assert mcclique.is_solution(graph, edge.extract(graph, network))
    assert counts == {True: 2397, False: 1699}


def decided_by_z3(made: TrainingInstance) -> bool:
    """Is there one neuron within gamma? l0 and l1; an encoding of the test's own."""
    relu = made.activation == "relu"
    for sign in (1, -1) if relu else (0,):
        solver = z3.SolverFor("QF_LRA")
        weights = [z3.Real(f"w{c}") for c in range(made.dimension + 1)]
        a = z3.Real("a")
        errors = []
        for i, (x, y) in enumerate(zip(made.points, made.labels, strict=True)):
            terms = [w * z3.Q(v.numerator, v.denominator) for w, v in zip(weights, (*x, F(1)), strict=True) if v]
            z, out, error = z3.Sum(terms), z3.Real(f"o{i}"), z3.Real(f"e{i}")
            solver.add(z3.Or(z3.And(z > 0, out == (sign * z if relu else a)), z3.And(z <= 0, out == 0)))
            gap = out - z3.Q(y.numerator, y.denominator)
            if made.loss == "l0":
                solver.add(z3.Or(gap == 0, error >= 1), error >= 0)
            else:
                solver.add(error >= gap, error >= -gap)
            errors.append(error * (made.copies or ())[i])
        solver.add(z3.Sum(errors) <= z3.Q(made.gamma.numerator, made.gamma.denominator))
        answer = solver.check()
        assert answer in (z3.sat, z3.unsat), solver.reason_unknown()
        if answer == z3.sat:
            return True
    return False


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("loss", ["l0", "l1"])
def test_no_neuron_where_there_is_no_clique(target: str, loss: Loss) -> None:
    """Z3 on one of each class of graphs of three colours: within gamma iff there is a clique."""
    seen = {True: 0, False: 0}
    for graph in filter(canonical, graphs()):
        expected = mcclique.search(graph) is not None
        if expected and (len(graph.edges) % 3 or len(graph.edges) > 6):  # yes ones are covered by their witnesses
            continue
        made = edge_for(target, loss).reduce(graph)
        assert decided_by_z3(made) == expected
        assert (check(encode(made), "z3").status == "sat") == expected
        seen[expected] += 1
    assert seen[False] > 40 and seen[True] > 10


def test_a_larger_target_error_is_not_refuted() -> None:
    """The tests above are not vacuous: with one miss more the no-instances become yes."""
    graph = PROBLEMS["mcclique"].classics["odd-cycle"][0]
    for target in TARGETS:
        made = edge_for(target, "l1").reduce(graph)
        assert not decided_by_z3(made)
        assert decided_by_z3(replace(made, gamma=made.gamma + 1))


@st.composite
def coloured(draw: st.DrawFn) -> ColouredGraph:
    classes = draw(st.integers(0, 4))
    colours = tuple(draw(st.lists(st.integers(1, classes), max_size=9))) if classes else ()
    pairs = list(combinations(range(1, len(colours) + 1), 2))
    edges = tuple(sorted(draw(st.sets(st.sampled_from(pairs))))) if pairs else ()
    return ColouredGraph(colours, edges, classes)


@settings(max_examples=150, deadline=None)
@given(coloured(), st.sampled_from(TARGETS), st.sampled_from(LOSSES))
def test_any_coloured_graph(graph: ColouredGraph, target: str, loss: Loss) -> None:
    assert mcclique.parse(mcclique.write(graph)) == graph
    edge = edge_for(target, loss)
    made, size, plan = edge.reduce(graph), edge.size(graph), Layout(graph, loss)
    assert (len(made.points), made.width, made.dimension) == (size.points, size.width, size.dimension)
    assert len(set(zip(made.points, made.labels, strict=True))) == len(made.points)
    solution = mcclique.search(graph)
    assert plan.decided is None or plan.decided == (solution is not None)
    if solution is None:
        silent = Network(made.activation, (Neuron((F(0),) * made.dimension, F(0), F(1)),), made.dimension)
        with pytest.raises(NotAFit):
            edge.extract(graph, silent)
        return
    network = edge.lift(graph, solution)
    assert made.objection(network) is None
    assert mcclique.is_solution(graph, edge.extract(graph, network))
    with pytest.raises(NotASolution):
        edge.lift(graph, (*solution, 99))


def test_losses() -> None:
    graph = PROBLEMS["mcclique"].classics["edge"][0]
    with pytest.raises(InvalidInstance):
        Layout(graph, "exact")
    with pytest.raises(InvalidInstance):
        reduction_named("mcclique", "relu", Options(loss="l1", gamma=F(1)))
    assert reduction_named("mcclique", "relu").reduce(graph).loss == "l1"
