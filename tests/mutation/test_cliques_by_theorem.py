"""Graphs refuted by theorem: good certificates are verified and name the theorem; damaged ones are rejected.

Every mutation is hashed again, so that only its content can be at fault.
"""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest

from certify.certificate import Certificate, Claim
from certify.decide.clique_sat import cnf, decide
from certify.problems import PROBLEMS
from certify.problems.clique import Graph
from certify.problems.mcclique import ColouredGraph
from certify.reductions import reduction_named
from certify.reductions.wrappers import Options
from tests.by_theorem import body, check, lines_by_theorem, rejected

THEOREMS = {
    ("clique", "relu"): "Theorem 7",
    ("clique", "threshold"): "Corollary 10",
    ("mcclique", "relu"): "Corollary 9 for ReLU",
    ("mcclique", "threshold"): "Corollary 9",
}
CYCLE = Graph(5, ((1, 2), (1, 5), (2, 3), (3, 4), (4, 5)), 3)
ALMOST = Graph(4, tuple(e for e in combinations(range(1, 5), 2) if e != (3, 4)), 4)
PATH = Graph(3, ((1, 2), (2, 3)), 3)
NO_VERTEX = Graph(0, (), 1)
ODD = PROBLEMS["mcclique"].classics["odd-cycle"][0]
OPEN = PROBLEMS["mcclique"].classics["open-path"][0]
EMPTY_COLOUR = ColouredGraph((1, 1), ((1, 2),), 2)
#: Problem, graph, target, options.
CASES: list[tuple[str, Any, str, Options]] = [
    ("clique", NO_VERTEX, "relu", Options()),
    ("clique", PATH, "relu", Options()),
    ("clique", PATH, "relu", Options(loss="l2", gamma=Fraction(7, 3), dimension=7)),
    ("clique", CYCLE, "threshold", Options()),
    ("clique", CYCLE, "threshold", Options(dimension=9)),
    ("clique", ALMOST, "threshold", Options(loss="l0", gamma=Fraction(2))),
    ("clique", PATH, "threshold", Options(loss="l1", gamma=Fraction(1, 2), dimension=8)),
    ("mcclique", EMPTY_COLOUR, "relu", Options()),
    *(("mcclique", ODD, target, Options(loss=loss)) for target in ("relu", "threshold") for loss in ("l0", "l1", "l2")),
    ("mcclique", ODD, "relu", Options(loss="l2", dimension=8)),
    ("mcclique", OPEN, "threshold", Options(loss="l0")),
]
#: How a checker says that the recipe does not give what the header says.
WRONG = ("loss-mismatch", "width-mismatch", "dimension-mismatch", "points-mismatch", "hash-mismatch", "source")


def proof_of(lines: list[str]) -> range:
    return range(lines.index("source-refutation lrat") + 1, lines.index("end-source"))


@pytest.mark.parametrize("case", CASES)
def test_control(case: tuple[str, Any, str, Options]) -> None:
    problem, _, target, _ = case
    result = check(lines_by_theorem(*case))
    assert (result.status, result.verdict) == ("VERIFIED", "NO"), result
    assert (result.method, result.theorem) == ("theorem", THEOREMS[problem, target])


@pytest.mark.parametrize("case", CASES)
def test_every_line_of_the_proof_is_needed(case: tuple[str, Any, str, Options]) -> None:
    """The proof is trimmed: without any of its additions it is none. Nor with one added to it, or one twice."""
    lines = lines_by_theorem(*case)
    for n in proof_of(lines):
        if " d " not in lines[n]:
            rejected(lines[:n] + lines[n + 1 :], "lrat-unknown-clause", "lrat-incomplete")
            rejected([*lines[: n + 1], *lines[n:]], "lrat-syntax", "lrat-unknown-clause")
        else:
            rejected([*lines[: n + 1], *lines[n:]], "lrat-unknown-clause")
    stop = proof_of(lines).stop
    rejected([*lines[:stop], lines[stop - 1], *lines[stop:]], "lrat-syntax")
    rejected([*lines[:stop], "1000000 1 0 1 0", *lines[stop:]], "lrat-syntax")
    rejected([*lines[:stop], *lines[stop + 1 :]], "number")


@pytest.mark.parametrize("case", [case for case in CASES if case[1] in (CYCLE, ALMOST, ODD, OPEN)])
def test_every_number_of_the_proof_matters(case: tuple[str, Any, str, Options]) -> None:
    """A hint left out is missed. Any other number there is a fault, or the clause follows all the same."""
    lines = lines_by_theorem(*case)
    changed = faulty = 0
    for n in proof_of(lines):
        words = lines[n].split()
        if words[1] == "d":
            continue
        split = words.index("0")
        for t in range(split + 1, len(words) - 1):
            result = check([*lines[:n], " ".join(words[:t] + words[t + 1 :]), *lines[n + 1 :]])
            assert (result.status, result.code) in {("REJECTED", "lrat-hint"), ("REJECTED", "lrat-syntax")}, result
        for t in range(1, len(words)):
            other = [*words[:t], str(int(words[t]) + 1), *words[t + 1 :]]
            changed += 1
            faulty += check([*lines[:n], " ".join(other), *lines[n + 1 :]]).status == "REJECTED"
    assert faulty > 0.7 * changed


def test_numbers_that_are_none() -> None:
    """Ids below those of the given clauses, hints and deletions of no clause, variables of no place."""
    lines = lines_by_theorem("clique", CYCLE, "threshold")
    first = proof_of(lines).start
    given = len(cnf(CYCLE))
    words = lines[first].split()
    assert int(words[0]) == given + 1

    def instead(line: str) -> list[str]:
        return [*lines[:first], line, *lines[first + 1 :]]

    rejected(instead(" ".join([str(given), *words[1:]])), "lrat-syntax")
    rejected(instead(" ".join(["0", *words[1:]])), "number")
    rejected(instead(" ".join([f"0{words[0]}", *words[1:]])), "number")
    rejected(instead(f"{words[0]} 16 0 1 0"), "lrat-syntax")
    rejected(instead(f"{words[0]} d {given + 1} 0"), "lrat-unknown-clause")
    rejected(instead(f"{words[0]} d 0 0"), "number", "lrat-unknown-clause")
    rejected(instead(f"{words[0]} 1 0 {given + 1} 0"), "lrat-unknown-clause")
    rejected(instead(f"{words[0]} 1 0 -1 0"), "number")
    rejected(instead(f"{words[0]} 1 0 0"), "lrat-hint")
    rejected(instead(f"{words[0]} 1 0"), "lrat-syntax")
    rejected(instead(lines[first].removesuffix(" 0")), "lrat-syntax")
    rejected(instead(lines[first] + " "), "lrat-syntax", "number")


@pytest.mark.parametrize("case", CASES)
def test_another_source(case: tuple[str, Any, str, Options]) -> None:
    """With an edge, a size, a colour more or less the instance is another one, whatever the proof."""
    lines = lines_by_theorem(*case)
    at = next(n for n, line in enumerate(lines) if line.startswith("source "))
    count = int(lines[at].split()[1])
    for n in range(at + 1, at + 1 + count):
        words = lines[n].split()
        for t in range(1, len(words)):
            if words[t].isdecimal():
                for step in (1, -1):
                    other = [*words[:t], str(int(words[t]) + step), *words[t + 1 :]]
                    result = check([*lines[:n], " ".join(other), *lines[n + 1 :]])
                    assert result.status == "REJECTED" and result.code in (*WRONG, "number"), (other, result)


def made(problem: str, graph: Any, target: str, proof: list[str], options: Options) -> list[str]:
    """What a liar writes: the instance of this graph, with a proof about another one."""
    reduction = reduction_named(problem, target, options)
    claim = Claim.of("NO", reduction.name, reduction.reduce(graph), reduction.modifiers)
    return body(Certificate(claim, graph, source_refutation=proof, by_theorem=True))


@pytest.mark.parametrize("case", [case for case in CASES if case[1] in (CYCLE, PATH, ALMOST)])
def test_the_proof_of_a_graph_with_fewer_edges(case: tuple[str, Any, str, Options]) -> None:
    """Every edge that makes a clique: the proof of the graph without it is rejected, renumbered or not."""
    problem, graph, target, options = case
    lines = lines_by_theorem(*case)
    proof = [lines[n] for n in proof_of(lines)]
    missing = [e for e in combinations(range(1, graph.vertices + 1), 2) if e not in graph.edges]
    seen = 0
    for edge in missing:
        more = Graph(graph.vertices, tuple(sorted((*graph.edges, edge))), graph.size)
        if decide(more).status == "yes":
            seen += 1
            for given in (proof, renumbered(proof, len(cnf(graph)), len(cnf(more)))):
                rejected(made(problem, more, target, given, options), "lrat-hint", "lrat-syntax", "lrat-unknown-clause")
            # The head is good: with no refutation at all the same certificate is only incomplete.
            head = made(problem, more, target, proof, options)
            head = [*head[: head.index("source-refutation lrat")], "refutation none"]
            assert check(head).status == "INCOMPLETE"
    assert seen


def renumbered(proof: list[str], old: int, new: int) -> list[str]:
    """The steps numbered behind another number of given clauses; the given clauses as they were."""

    def moved(word: str) -> str:
        return str(int(word) + new - old) if int(word) > old else word

    lines = []
    for line in proof:
        words = line.split()
        split = words.index("0") if words[1] != "d" else 1
        lines.append(" ".join([moved(words[0]), *words[1 : split + 1], *map(moved, words[split + 1 :])]))
    return lines


def test_the_proof_of_other_colours() -> None:
    """A graph with a coloured clique gets no certificate from the proofs of its subgraphs."""
    yes = ColouredGraph((1, 1, 2, 2, 3, 3), tuple(sorted({*ODD.edges, (1, 3)})), 3)
    assert decide(yes).status == "yes"
    for loss in ("l0", "l1", "l2"):
        options = Options(loss=loss)
        lines = lines_by_theorem("mcclique", ODD, "threshold", options)
        proof = [lines[n] for n in proof_of(lines)]
        for given in (proof, renumbered(proof, len(cnf(ODD)), len(cnf(yes)))):
            rejected(
                made("mcclique", yes, "threshold", given, options), "lrat-hint", "lrat-syntax", "lrat-unknown-clause"
            )


def test_what_a_theorem_needs() -> None:
    for case in (CASES[3], CASES[-1]):
        lines = lines_by_theorem(*case)
        span = proof_of(lines)
        rejected([*lines[: span.start - 1], *lines[span.stop + 1 :]], "theorem-source")
        rejected([*lines, "refutation theorem"], "no-end")
        rejected([*lines[:-1], "refutation theorem 9"], "section")
        rejected([*lines[:-1], "refutation theorem", "line 1 2 3"], "no-end")
        rejected([*lines[: span.start - 1], "source-refutation drat", *lines[span.start :]], "section")
        rejected([*lines[: span.start], *lines[span.stop :]], "lrat-incomplete")
        rejected([*lines[:-1], *lines[span.start - 1 :]], "section")
        rejected(["certify 1", "verdict YES", *lines[2:]], "section")
        result = check([*lines[:-1], "refutation none"])
        assert (result.status, result.theorem) == ("INCOMPLETE", None)


@pytest.mark.parametrize(
    ("problem", "graph", "target", "options"),
    [
        ("clique", PATH, "threshold", Options(extra=1)),
        ("mcclique", ODD, "threshold", Options(extra=1, loss="l1")),
    ],
)
def test_no_theorem_with_further_neurons(problem: str, graph: Any, target: str, options: Options) -> None:
    """The refutation of the source is good, and the certificate incomplete; the theorem is not about more neurons."""
    lines = lines_by_theorem(problem, graph, target, options)
    rejected(lines, "theorem-source")
    assert check([*lines[:-1], "refutation none"]).status == "INCOMPLETE"


def test_random_graphs() -> None:
    """Seeded graphs of up to six vertices: verified where brute force finds no clique, and a no only then."""
    rng = random.Random(11)
    verified = 0
    for _ in range(80):
        n, size = rng.randint(1, 6), rng.randint(1, 4)
        edges = tuple(e for e in combinations(range(1, n + 1), 2) if rng.random() < 0.6)
        graph = Graph(n, edges, size)
        assert (decide(graph).refutation is None) == (PROBLEMS["clique"].search(graph) is not None)
        if decide(graph).refutation is not None:
            assert check(lines_by_theorem("clique", graph, "threshold")).theorem == "Corollary 10"
            verified += 1
    assert verified > 20
