"""Families that are certainly a no, for every source problem: decided as such, and certified as such."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from certify.decide.source import decide
from certify.errors import InvalidInstance
from certify.pipeline import prove
from certify.problems import PROBLEMS, clique, mcclique
from certify.problems.clique import Graph
from certify.verify import check_file

#: Source, kind, sizes.
CERTAINLY_NO: list[tuple[str, str, dict[str, int]]] = [
    ("sat", "unsatisfiable", {}),
    ("sat", "unsatisfiable", {"variables": 9, "clauses": 20}),
    ("sat", "pigeonhole", {}),
    ("sat", "pigeonhole", {"pigeons": 6, "holes": 5}),
    ("sat", "parity", {}),
    ("sat", "parity", {"length": 12, "charge": 3}),
    ("poits", "unsatisfiable", {}),
    ("poits", "regular", {}),
    ("poits", "regular", {"variables": 14}),
    ("clique", "turan", {}),
    ("clique", "turan", {"vertices": 9, "size": 4, "density": 100}),
    ("clique", "paley", {}),
    ("clique", "paley", {"prime": 5}),
    ("clique", "paley", {"prime": 17, "size": 6}),
    ("mcclique", "odd", {}),
    ("mcclique", "odd", {"colours": 5, "each": 3}),
    ("mcclique", "odd", {"each": 1, "density": 100}),
    ("twohyp", "alternating", {}),
    ("twohyp", "alternating", {"q": 6, "p": 3, "dimension": 3}),
]


def test_every_source_has_one() -> None:
    assert {problem for problem, _, _ in CERTAINLY_NO} == set(PROBLEMS)


@pytest.mark.parametrize(("problem", "kind", "sizes"), CERTAINLY_NO)
def test_certainly_a_no(problem: str, kind: str, sizes: dict[str, int]) -> None:
    """By the solvers, and graphs by brute force, too; the same arguments give the same instance."""
    for seed in range(3):
        source: Any = PROBLEMS[problem].generate(kind, seed, **sizes)
        assert source == PROBLEMS[problem].generate(kind, seed, **sizes)
        assert decide(source).status == "unsat"
        if problem in ("clique", "mcclique"):
            assert PROBLEMS[problem].search(source) is None


@pytest.mark.parametrize(
    ("problem", "kind", "target"),
    [
        ("sat", "parity", "threshold"),
        ("poits", "regular", "threshold"),
        ("clique", "turan", "threshold"),
        ("clique", "paley", "threshold"),
        ("mcclique", "odd", "relu"),
        ("mcclique", "odd", "threshold"),
        ("twohyp", "alternating", "threshold"),
    ],
)
def test_certified(problem: str, kind: str, target: str, tmp_path: Path) -> None:
    source: Any = PROBLEMS[problem].generate(kind, 1)
    method: Any = "direct" if problem == "twohyp" else "theorem"
    assert prove(source, target, output=tmp_path / "x.cert", method=method).verdict == "NO"
    result = check_file(tmp_path / "x.cert")
    assert (result.status, result.verdict, result.method) == ("VERIFIED", "NO", method)


def test_no_fixed_instances_by_default() -> None:
    """Turan's graphs have edges, and almost every odd graph as many as a clique at least."""
    assert all(PROBLEMS["clique"].generate("turan", seed).edges for seed in range(10))
    odd = [PROBLEMS["mcclique"].generate("odd", seed) for seed in range(10)]
    assert sum(len(graph.useful_edges()) >= 3 for graph in odd) >= 9
    assert all(mcclique.search(graph) is None for graph in odd)


def test_paley() -> None:
    """Self-complementary, with as many edges as non-edges; the bound on its cliques is met by the field of five elements."""
    for prime in (5, 13, 17):
        graph: Graph = PROBLEMS["clique"].generate("paley", prime=prime)
        assert graph.vertices == prime and 4 * len(graph.edges) == prime * (prime - 1)
        assert (graph.size - 1) ** 2 <= prime < graph.size**2
    assert clique.search(Graph(13, PROBLEMS["clique"].generate("paley", prime=13).edges, 3)) is not None
    assert PROBLEMS["clique"].generate("paley", prime=5) == PROBLEMS["clique"].classics["cycle-5"][0]
    for sizes in ({"prime": 9}, {"prime": 7}, {"prime": 25}, {"prime": 4}, {"prime": 13, "size": 3}, {"vertices": 13}):
        with pytest.raises(InvalidInstance):
            PROBLEMS["clique"].generate("paley", **sizes)


@pytest.mark.parametrize("problem", list(PROBLEMS))
def test_what_a_size_may_be(problem: str) -> None:
    """A wrong name is answered with the right ones, for every kind; so is a size out of its range."""
    for kind in PROBLEMS[problem].kinds:
        with pytest.raises(InvalidInstance) as fault:
            PROBLEMS[problem].generate(kind, 0, nonsense=1)
        assert "no size nonsense" in fault.value.message
        hint = fault.value.hint or ""
        assert hint == "give none" if kind in PROBLEMS[problem].classics else hint.startswith("their sizes are ")
        for size in hint.removeprefix("their sizes are ").split() if kind not in PROBLEMS[problem].classics else ():
            # The sizes named there are those of a default instance.
            name, _, default = size.partition("=")
            given = {name: int(default)}
            assert PROBLEMS[problem].generate(kind, 0, **given) == PROBLEMS[problem].generate(kind, 0)
            with pytest.raises(InvalidInstance):
                PROBLEMS[problem].generate(kind, 0, **{name: -1})


def test_a_density_is_in_percent() -> None:
    for problem in ("clique", "mcclique"):
        with pytest.raises(InvalidInstance, match="density=101"):
            PROBLEMS[problem].generate("random", density=101)
