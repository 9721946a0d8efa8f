"""From graphs to certificates and back: a no by theorem iff brute force finds no clique, else a network that shows one."""

from __future__ import annotations

import random
from itertools import combinations, permutations, product
from pathlib import Path
from typing import Any

import pytest

from certify.decide.clique_sat import cnf, decide
from certify.errors import InputError
from certify.pipeline import ProveResult, prove
from certify.problems import PROBLEMS, clique, mcclique
from certify.problems.clique import Graph
from certify.problems.mcclique import ColouredGraph
from certify.reductions import Options, reduction_named
from certify.verify import check_file

THEOREMS = {
    ("clique", "relu"): "Theorem 7",
    ("clique", "threshold"): "Corollary 10",
    ("mcclique", "relu"): "Corollary 9 for ReLU",
    ("mcclique", "threshold"): "Corollary 9",
}


def graphs(most: int) -> list[tuple[int, tuple[tuple[int, int], ...]]]:
    """All graphs of at most so many vertices."""
    found = []
    for n in range(most + 1):
        pairs = list(combinations(range(1, n + 1), 2))
        found += [(n, tuple(e for e, on in zip(pairs, bits, strict=True) if on)) for bits in product((0, 1), repeat=len(pairs))]
    return found


def proved(problem: str, graph: Any, target: str, path: Path, options: Options = Options()) -> ProveResult:  # noqa: B008
    """The verdict as brute force has it, in a certificate that is checked from its file; a yes gives a clique."""
    result = prove(graph, target, output=path, method="theorem", options=options)
    expected = PROBLEMS[problem].search(graph) is not None
    assert result.verdict == ("YES" if expected else "NO"), result.report
    checked = check_file(path)
    assert (checked.status, checked.verdict) == ("VERIFIED", result.verdict), checked
    assert checked.theorem == (None if expected else THEOREMS[problem, target])
    if expected:
        reduction = reduction_named(problem, target, options)
        assert result.network is not None
        assert PROBLEMS[problem].is_solution(graph, reduction.extract(graph, result.network))
    else:
        assert result.report["refutation"]["method"] == "theorem" and result.report["check"]["method"] == "theorem"
    return result


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_all_graphs_of_four_vertices_threshold(size: int, tmp_path: Path) -> None:
    verdicts = {proved("clique", Graph(n, es, size), "threshold", tmp_path / "x.cert").verdict for n, es in graphs(4)}
    assert verdicts == {"YES", "NO"}


@pytest.mark.parametrize(("most", "size", "count"), [(4, 1, 19), (3, 2, 8), (3, 3, 8), (4, 3, 14)])
def test_graphs_up_to_renaming_relu(most: int, size: int, count: int, tmp_path: Path) -> None:
    """All of them; of four vertices and size 3 those without a triangle, as Z3 takes long to check the others' networks."""
    verdicts, seen = set(), set()
    for n, edges in graphs(most):
        if (most, size) == (4, 3) and clique.search(Graph(n, edges, size)) is not None:
            continue
        renamed = [sorted(tuple(sorted((to[u - 1], to[v - 1]))) for u, v in edges) for to in permutations(range(n))]
        kind = n, tuple(min(renamed))
        if kind not in seen:
            seen.add(kind)
            verdicts.add(proved("clique", Graph(n, edges, size), "relu", tmp_path / "x.cert").verdict)
    assert verdicts == ({"NO"} if (most, size) == (4, 3) else {"YES", "NO"})
    assert len(seen) == count


def coloured(sizes: tuple[int, ...]) -> tuple[tuple[int, ...], list[tuple[int, int]]]:
    """The colours of so many vertices each, and the pairs of different colours."""
    colours = tuple(c for c, size in enumerate(sizes, start=1) for _ in range(size))
    pairs = [(u, v) for u, v in combinations(range(1, len(colours) + 1), 2) if colours[u - 1] != colours[v - 1]]
    return colours, pairs


@pytest.mark.parametrize("target", ["relu", "threshold"])
@pytest.mark.parametrize("loss", ["l0", "l1", "l2"])
def test_all_graphs_of_two_colours(target: str, loss: Any, tmp_path: Path) -> None:
    colours, pairs = coloured((2, 2))
    for bits in product((0, 1), repeat=len(pairs)):
        graph = ColouredGraph(colours, tuple(e for e, on in zip(pairs, bits, strict=True) if on), 2)
        proved("mcclique", graph, target, tmp_path / "x.cert", Options(loss=loss))


def test_a_sample_of_graphs_of_three_colours(tmp_path: Path) -> None:
    """200 of the 4096 graphs of three colours with two vertices each; targets and losses in turn."""
    colours, pairs = coloured((2, 2, 2))
    chance = random.Random(5)
    seen: dict[tuple[str, str, str], int] = {}
    ways = list(product(("relu", "threshold"), ("l0", "l1", "l2")))
    for number in range(200):
        # Graphs of few edges have no clique: those with more are the interesting ones.
        density = chance.choice((0.4, 0.6, 0.7))
        graph = ColouredGraph(colours, tuple(e for e in pairs if chance.random() < density), 3)
        target, loss = ways[number % len(ways)]
        result = proved("mcclique", graph, target, tmp_path / "x.cert", Options(loss=loss))  # type: ignore[arg-type]
        key = target, loss, result.verdict if result.instance.gamma else "fixed"
        seen[key] = seen.get(key, 0) + 1
        if result.certificate is not None and result.verdict == "NO":
            assert f"loss {loss} " in (tmp_path / "x.cert").read_text()
    assert all(seen.get((target, loss, verdict), 0) >= 3 for target, loss in ways for verdict in ("YES", "NO")), seen


def test_uneven_colours_and_inner_edges(tmp_path: Path) -> None:
    """Colours of one to four vertices, in any order of vertices, edges inside a colour, empty colours."""
    chance = random.Random(6)
    verdicts = []
    for number in range(60):
        classes = chance.randint(1, 4)
        colours = tuple(chance.randint(1, classes) for _ in range(chance.randint(1, 9)))
        pairs = combinations(range(1, len(colours) + 1), 2)
        graph = ColouredGraph(colours, tuple(e for e in pairs if chance.random() < 0.6), classes)
        options = Options(loss=("l0", "l1", "l2")[number % 3])  # type: ignore[arg-type]
        verdicts.append(proved("mcclique", graph, ("relu", "threshold")[number % 2], tmp_path / "x.cert", options).verdict)
    assert min(verdicts.count("YES"), verdicts.count("NO")) > 10


def satisfiable_by(clauses: list[tuple[int, ...]], true: set[int]) -> bool:
    return all(any((abs(lit) in true) == (lit > 0) for lit in clause) for clause in clauses)


def test_the_cnf_says_what_a_clique_is() -> None:
    """All graphs of at most four vertices: a choice of a vertex for each place is a model iff it is a clique, increasing."""
    for n, edges in graphs(4):
        for size in (1, 2, 3):
            graph = Graph(n, edges, size)
            clauses = cnf(graph)
            for chosen in product(range(1, n + 1), repeat=size):
                true = {n * i + v for i, v in enumerate(chosen)}
                assert satisfiable_by(clauses, true) == clique.is_solution(graph, chosen)
    colours, pairs = coloured((2, 2, 1))
    for bits in product((0, 1), repeat=len(pairs)):
        made = ColouredGraph(colours, tuple(e for e, on in zip(pairs, bits, strict=True) if on), 3)
        clauses = cnf(made)
        for vertices in product((1, 2), (3, 4), (5,)):
            assert satisfiable_by(clauses, set(vertices)) == mcclique.is_solution(made, vertices)


def test_auto_takes_the_theorem_where_the_data_are_out_of_reach(tmp_path: Path) -> None:
    triangle = Graph(3, ((1, 2), (2, 3)), 3)
    result = prove(triangle, "relu", output=tmp_path / "x.cert")
    assert (result.verdict, result.report["check"]["theorem"]) == ("NO", "Theorem 7")
    assert any("proved by theorem" in note for note in result.report["notes"])
    petersen = PROBLEMS["clique"].classics["petersen"][0]
    result = prove(Graph(petersen.vertices, petersen.edges, 3), "threshold", output=tmp_path / "x.cert")
    assert (result.verdict, result.report["check"]["theorem"]) == ("NO", "Corollary 10")
    edge = PROBLEMS["clique"].classics["no-edge"][0]
    result = prove(edge, "threshold", output=tmp_path / "x.cert", method="both")
    assert (result.report["refutation"]["method"], result.report["check"]["method"]) == ("both", "direct")
    assert result.report["check"]["stats"]["lrat"] > 0


def test_no_theorem_with_further_neurons(tmp_path: Path) -> None:
    edge = PROBLEMS["clique"].classics["no-edge"][0]
    for method in ("theorem", "both"):
        with pytest.raises(InputError, match="further neurons"):
            prove(edge, "threshold", options=Options(extra=1), method=method)  # type: ignore[arg-type]
    odd = PROBLEMS["mcclique"].classics["odd-cycle"][0]
    result = prove(odd, "threshold", output=tmp_path / "x.cert", options=Options(extra=1), timeout=1)
    assert result.verdict == "UNKNOWN" and check_file(tmp_path / "x.cert").status == "INCOMPLETE"


def test_no_time_to_decide() -> None:
    """A graph of many clauses goes to a process of its own, which takes longer to start than this."""
    chance = random.Random(1)
    n = 20
    edges = tuple(e for e in combinations(range(1, n + 1), 2) if chance.random() < 0.8)
    answer = decide(Graph(n, edges, 10), timeout_s=0.001)
    assert (answer.status, answer.clique, answer.refutation, answer.reason) == ("unknown", None, None, "timeout")
