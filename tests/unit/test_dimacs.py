"""The DIMACS forms of sat, clique and mcclique: read, written, refused with the line; their generators."""

from __future__ import annotations

import pytest

from certify.errors import InvalidInstance, ParseError, UnknownProblem
from certify.problems import PROBLEMS, clique, mcclique, sat
from certify.problems.clique import Graph
from certify.problems.mcclique import ColouredGraph
from certify.problems.sat import Cnf

NEW = ("sat", "clique", "mcclique")


def test_any_layout_of_a_cnf() -> None:
    text = "c a comment\np cnf 4 4\n1 -2\n 0 3 0\n0\nc more\n-4 4 1 0\n%\n0\n"
    cnf = sat.parse(text, "x.cnf")
    assert cnf == Cnf(4, ((1, -2), (3,), (), (-4, 4, 1)))
    assert sat.parse(sat.write(cnf)) == cnf


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("p cnf 2 1\n1 -3 0\n", 2, "variable 3 of 2"),
        ("p cnf 2 2\n1 0\n", 1, "1 clauses where the header says 2"),
        ("1 0\n", 1, "a clause before the header"),
        ("p cnf 2 1\n1 2\n", 2, "does not end"),
        ("p edge 2 1\n", 1, "is no header"),
        ("", None, "no header"),
    ],
)
def test_bad_cnfs(text: str, line: int | None, words: str) -> None:
    with pytest.raises(ParseError) as caught:
        sat.parse(text, "x.cnf")
    assert caught.value.line == line and words in str(caught.value)


def test_graphs() -> None:
    graph = clique.parse("c a graph\np col 3 4\ne 2 1\ne 1 2\ne 3 2\ne 2 3\nk 2\n")
    assert graph == Graph(3, ((1, 2), (2, 3)), 2)
    coloured = mcclique.parse("p edge 3 1\nk 2\nn 3 1\nn 1 2\nn 2 2\ne 3 1\n")
    assert coloured == ColouredGraph((2, 2, 1), ((1, 3),), 2)
    assert coloured.members() == ((3,), (1, 2))


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("p edge 2 1\nk 1\ne 1 1\n", 3, "from 1 to itself"),
        ("p edge 2 1\nk 1\ne 1 3\n", 3, "no place"),
        ("p edge 2 1\nk 1\ne 1 2 3\n", 3, "no place"),
        ("p edge 2 1\nk -1\ne 1 2\n", 2, "no place"),
        ("p edge 2 1\nk 1\nk 2\ne 1 2\n", 3, "second line k"),
        ("p edge 2 2\nk 1\ne 1 2\n", None, ""),
        ("p edge 3 1\nk 1\ne 1 2\ne 2 3\ne 1 3\n", 1, "3 edges where the header says 1"),
        ("p edge 2 1\ne 1 2\n", None, "no line k"),
        ("k 2\n", 1, "before the header"),
        ("p edge 2 0\nk 2\nn 1 1\n", None, "with colours"),
    ],
)
def test_bad_graphs(text: str, line: int | None, words: str) -> None:
    if not words:  # an edge counted in both directions, as some files do
        assert clique.parse(text).edges == ((1, 2),)
        return
    with pytest.raises(ParseError) as caught:
        clique.parse(text, "x.col")
    assert caught.value.line == line and words in str(caught.value)


def test_bad_colours() -> None:
    for text, words in (
        ("p edge 2 0\nk 2\nn 1 1\n", "vertex 2 has no colour"),
        ("p edge 1 0\nk 1\nn 1 2\n", "colour 2 of 1"),
        ("p edge 1 0\nk 1\nn 1 1\nn 1 1\n", "second colour"),
    ):
        with pytest.raises(ParseError) as caught:
            mcclique.parse(text)
        assert words in str(caught.value)


def test_instances_must_be_consistent() -> None:
    for make in (
        lambda: Cnf(1, ((2,),)),
        lambda: Cnf(-1, ()),
        lambda: Graph(2, ((2, 1),), 1),
        lambda: Graph(2, ((1, 2), (1, 2)), 1),
        lambda: Graph(2, (), 0),
        lambda: ColouredGraph((1, 3), (), 2),
        lambda: ColouredGraph((1,), ((1, 2),), 1),
    ):
        with pytest.raises(InvalidInstance):
            make()


@pytest.mark.parametrize("name", NEW)
def test_classics_generators_and_texts(name: str) -> None:
    problem = PROBLEMS[name]
    for kind, (instance, verdict) in problem.classics.items():
        assert problem.generate(kind) == instance == problem.parse(problem.write(instance), None)
        if name != "sat" or instance.variables < 12:
            solution = problem.search(instance)
            assert (solution is not None) == verdict
            if solution is not None:
                text = problem.write_solution(solution)
                assert problem.parse_solution(instance, text, None) == solution
                assert problem.is_solution(instance, solution)
        with pytest.raises(InvalidInstance):
            problem.generate(kind, 0, vertices=3)
    with pytest.raises(UnknownProblem):
        problem.generate("nothing")
    with pytest.raises(InvalidInstance):
        problem.generate("random", 0, weight=3)


@pytest.mark.parametrize("seed", range(5))
def test_generated_cnfs_keep_their_promise(seed: int) -> None:
    sizes = {"variables": 6, "clauses": 10, "length": 3}
    assert sat.search(sat_kind("planted", seed, **sizes)) is not None
    assert sat.search(sat_kind("unsatisfiable", seed, **sizes)) is None
    assert sat_kind("random", seed, **sizes) == sat_kind("random", seed, **sizes)
    assert sat_kind("random", seed, **sizes) != sat_kind("random", seed + 1, **sizes)
    pigeons = 2 + seed % 2
    assert sat.search(sat_kind("pigeonhole", pigeons=pigeons, holes=pigeons)) is not None
    assert sat.search(sat_kind("pigeonhole", pigeons=pigeons + 1, holes=pigeons)) is None
    assert (sat.search(sat_kind("parity", length=3 + seed, charge=seed)) is None) == (seed % 2 == 1)


def sat_kind(kind: str, seed: int = 0, **sizes: int) -> Cnf:
    cnf = PROBLEMS["sat"].generate(kind, seed, **sizes)
    assert isinstance(cnf, Cnf)
    return cnf


@pytest.mark.parametrize(
    ("kind", "sizes", "verdict"),
    [
        ("cnfgen-ordering", {"elements": 3}, False),
        ("cnfgen-counting", {"elements": 4, "part": 3}, False),
        ("cnfgen-counting", {"elements": 4, "part": 2}, True),
        ("cnfgen-ramsey", {"vertices": 4}, True),
        ("cnfgen-waerden", {"numbers": 8}, True),
        ("cnfgen-waerden", {"numbers": 9}, False),
        ("cnfgen-binary-pigeonhole", {"pigeons": 3, "holes": 2}, False),
    ],
)
def test_families_of_cnfgen(kind: str, sizes: dict[str, int], verdict: bool) -> None:
    cnf = sat_kind(kind, **sizes)
    assert (sat.search(cnf) is not None) == verdict


def test_the_sudoku_of_the_examples() -> None:
    cnf, verdict = PROBLEMS["sat"].classics["sudoku"]
    assert verdict and len(cnf.clauses) == 4 + 16 + 56 * 4 and cnf.variables == 64
