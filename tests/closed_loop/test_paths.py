"""Reductions between source problems, and the paths through them: exhaustive on small sources, both verdicts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import chain, combinations, permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pysat.solvers import Solver

from certify.decide import clique_sat, poits_sat, twohyp_z3
from certify.decide.source import decide
from certify.decide.twohyp_z3 import Outcome
from certify.errors import NotASolution
from certify.exact import dot
from certify.network import Network
from certify.pipeline import prove
from certify.problems import PROBLEMS, clique, mcclique, poits, sat, twohyp
from certify.problems.clique import Graph
from certify.problems.mcclique import ColouredGraph
from certify.problems.sat import Cnf
from certify.problems.twohyp import Hyperplanes
from certify.reductions import REDUCTIONS, clique_to_twohyp, sat_to_poits
from certify.verify import check_file


def small_cnfs() -> Iterator[Cnf]:
    """All sets of clauses over at most two variables; all pairs of clauses over three; single clauses in all orders."""
    for n in (0, 1, 2):
        clauses = [tuple(v for v in signs if v) for signs in product(*((0, i, -i) for i in range(1, n + 1)))]
        for count in range(len(clauses) + 1):
            for chosen in combinations(clauses, count):
                yield Cnf(n, chosen)
    clauses = [tuple(v for v in signs if v) for signs in product(*((0, i, -i) for i in (1, 2, 3)))]
    for chosen in combinations(clauses, 2):
        yield Cnf(3, chosen)
    for n in (3, 4):
        for signs in product((1, -1), repeat=n):
            for order in permutations(range(1, n + 1)):
                yield Cnf(n, (tuple(signs[v - 1] * v for v in order),))
    for signs in product((1, -1), repeat=5):
        yield Cnf(5, (tuple(s * v for v, s in enumerate(signs, start=1)),))


def test_one_in_three_formulas_have_exactly_the_models() -> None:
    """Every assignment of the CNF extends to a solution iff it is a model."""
    seen = {True: 0, False: 0}
    for cnf in small_cnfs():
        formula = sat_to_poits.reduce(cnf)
        with Solver(name="glucose4", bootstrap_with=poits_sat.cnf(formula)) as solver:
            for values in product((False, True), repeat=cnf.variables):
                literals = [v if value else -v for v, value in enumerate(values, start=1)]
                model = sat.is_solution(cnf, values)
                assert solver.solve(assumptions=literals) == model
                seen[model] += 1
                if model:
                    assert sat_to_poits.extract(cnf, sat_to_poits.lift(cnf, values)) == values
                else:
                    with pytest.raises(NotASolution):
                        sat_to_poits.lift(cnf, values)
    assert seen[True] > 5000 and seen[False] > 2000


@pytest.mark.parametrize("length", range(2, 8))
def test_a_clause_costs_what_is_said(length: int) -> None:
    """2k - 3 clauses and 3k - 5 variables, where only the ends are negative."""
    clause = (-1, *range(2, length), -length)
    formula = sat_to_poits.reduce(Cnf(length, (clause,)))
    assert len(formula.clauses) - 1 == 2 * length - 3
    assert formula.variables - length - 2 == 3 * length - 5


def test_repeated_literals_and_tautologies() -> None:
    assert sat_to_poits.reduce(Cnf(2, ((1, 1, -2, 1),))) == sat_to_poits.reduce(Cnf(2, ((1, -2),)))
    assert sat_to_poits.reduce(Cnf(2, ((1, 2, -1),))) == sat_to_poits.reduce(Cnf(2, ()))


@st.composite
def cnfs(draw: st.DrawFn) -> Cnf:
    n = draw(st.integers(1, 6))
    literal = st.integers(1, n).flatmap(lambda v: st.sampled_from((v, -v)))
    clauses = draw(st.lists(st.lists(literal, max_size=6).map(tuple), max_size=9))
    return Cnf(n, tuple(clauses))


@settings(max_examples=60, deadline=None)
@given(cnfs())
def test_any_cnf_goes_along_the_whole_path(cnf: Cnf) -> None:
    read = sat.parse(sat.write(cnf))
    assert read == cnf
    model = sat.search(cnf)
    decision = decide(cnf)
    assert (model is None) == (decision.solution is None)
    if model is None:
        assert decision.refutation
        return
    for target in ("relu", "threshold"):
        edge = REDUCTIONS["sat", target]
        network = edge.lift(cnf, model)
        assert edge.reduce(cnf).misfits(network) == []
        assert edge.extract(cnf, Network(network.activation, network.neurons[::-1], 2)) == model


def graphs(vertices: int) -> Iterator[tuple[tuple[int, int], ...]]:
    pairs = list(combinations(range(1, vertices + 1), 2))
    return chain.from_iterable(combinations(pairs, count) for count in range(len(pairs) + 1))


def all_cliques(graph: Graph) -> Iterator[clique.Vertices]:
    for chosen in combinations(range(1, graph.vertices + 1), graph.size):
        if clique.is_solution(graph, chosen):
            yield chosen


@pytest.mark.parametrize(("vertices", "size"), [(0, 1), (1, 1), (0, 2), (1, 2), (2, 2), (3, 2), (4, 2), (2, 3), (3, 3)])
def test_all_small_graphs_go_round(vertices: int, size: int) -> None:
    """Cliques become restricted solutions with the margins of the proof; without one nothing separates."""
    for edges in graphs(vertices):
        graph = Graph(vertices, edges, size)
        sets = clique_to_twohyp.reduce(graph)
        found = list(all_cliques(graph))
        assert (clique.search(graph) or None) == (found[0] if found else None)
        turn = clique_to_twohyp.circle(vertices).turn
        for chosen in found:
            planes = clique_to_twohyp.lift(graph, chosen)
            assert twohyp.is_restricted_solution(sets, planes)
            assert all(abs(dot(planes.h1, x)) * 2 * turn**2 >= 2 * turn**2 + 1 for x in sets.p)
            assert all(abs(dot(planes.h1, x)) * 2 * (turn**2 + 1) <= 2 * turn**2 + 1 for x in sets.q)
            assert clique_to_twohyp.extract(graph, planes) == chosen
        if not found:
            assert twohyp_z3.decide(sets).outcome is Outcome.NONE


def test_cliques_are_read_from_hyperplanes_of_any_scale_and_order() -> None:
    graph = clique_generate("turan-6-3")
    rng = random.Random(3)
    sets = clique_to_twohyp.reduce(graph)
    for chosen in all_cliques(graph):
        planes = clique_to_twohyp.lift(graph, chosen)
        for _ in range(3):
            a, b = rng.choice((-3, -1, 2)), rng.choice((-5, 1, 4))
            first = (tuple(a * v for v in planes.h1), a * planes.o1)
            second = (tuple(b * v for v in planes.h2), b * planes.o2)
            pair = (first, second) if rng.random() < 0.5 else (second, first)
            turned = Hyperplanes(*pair[0], *pair[1])
            assert twohyp.is_solution(sets, turned)
            assert clique_to_twohyp.extract(graph, turned) == chosen


def clique_generate(kind: str) -> Graph:
    graph = PROBLEMS["clique"].generate(kind)
    assert isinstance(graph, Graph)
    return graph


@pytest.mark.parametrize("target", ["relu", "threshold"])
@pytest.mark.parametrize("kind", ["vertex", "edge", "path", "triangle"])
def test_cliques_are_read_from_networks(kind: str, target: str) -> None:
    graph, edge = clique_generate(kind), REDUCTIONS["clique", target]
    for chosen in all_cliques(graph):
        network = edge.lift(graph, chosen)
        made = edge.reduce(graph)
        assert made.misfits(network) == []
        assert edge.extract(graph, Network(network.activation, network.neurons[::-1], made.dimension)) == chosen


@pytest.mark.parametrize("seed", range(6))
def test_solvers_decide_graphs_as_search_does(seed: int) -> None:
    for kind, verdict in (("random", None), ("planted", True), ("turan", False)):
        graph = PROBLEMS["clique"].generate(kind, seed, vertices=7, size=3)
        expected = clique.search(graph) is not None
        assert verdict in (None, expected)
        assert (clique_sat.decide(graph).status == "yes") == expected
    for kind, verdict in (("random", None), ("planted", True), ("odd", False)):
        coloured: ColouredGraph = PROBLEMS["mcclique"].generate(kind, seed, colours=4, each=3, density=60)
        expected = mcclique.search(coloured) is not None
        assert verdict in (None, expected)
        assert (clique_sat.decide(coloured).status == "yes") == expected


@pytest.mark.parametrize(
    ("problem", "kind", "target"),
    [
        ("sat", "empty-clause", "relu"),
        ("sat", "unit-clash", "threshold"),
        ("clique", "no-edge", "threshold"),
        ("clique", "no-vertex", "threshold"),
    ],
)
def test_no_answers_run_through(problem: str, kind: str, target: str, tmp_path) -> None:
    source, verdict = PROBLEMS[problem].classics[kind]
    assert verdict is False
    result = prove(source, target, output=tmp_path / "x.cert")
    assert (result.verdict, result.tier) == ("NO", "checked")
    assert check_file(tmp_path / "x.cert").verdict == "NO"


def test_the_empty_cnf_still_has_its_constants() -> None:
    assert poits.is_solution(sat_to_poits.reduce(Cnf(0, ())), (False, True))
    assert sat_to_poits.reduce(Cnf(0, ())).clauses == ((1, 1, 2),)
