"""The checker's own reading and translation of sat and clique sources, and every way to damage them."""

from __future__ import annotations

import hashlib
import random

import pytest

from certify import verify
from certify.pipeline import prove
from certify.problems import PROBLEMS
from certify.problems.clique import Graph
from certify.problems.sat import Cnf
from certify.reductions import REDUCTIONS, clique_to_twohyp, sat_to_poits
from certify.verify import Limits, Result, check_text


def reader() -> verify.Reader:
    import io

    return verify.Reader(io.BytesIO(b""), Limits())


def sealed(lines: list[str]) -> str:
    body = "\n".join(lines) + "\n"
    return body + f"sha256 {hashlib.sha256(body.encode()).hexdigest()}\n"


def certificate(problem: str, kind: str, target: str) -> list[str]:
    source, _ = PROBLEMS[problem].classics[kind]
    result = prove(source, target)
    assert result.certificate is not None
    return list(result.certificate.lines())


def changed(lines: list[str], old: str, new: str) -> Result:
    assert lines.count(old) == 1, old
    return check_text(sealed([new if line == old else line for line in lines]))


def test_chains_are_those_of_the_reduction() -> None:
    rng = random.Random(5)
    for _ in range(300):
        n = rng.randint(0, 5)
        clauses = tuple(
            tuple(rng.choice((1, -1)) * rng.randint(1, n) for _ in range(rng.randint(0, 6)) if n)
            for _ in range(rng.randint(0, 6))
        )
        made = sat_to_poits.reduce(Cnf(n, clauses))
        assert verify.one_in_three(reader(), verify.Cnf(n, list(clauses))) == (made.variables, list(made.clauses))


def test_the_chain_of_one_clause_by_hand() -> None:
    """-1 2 -3 over three variables: F = 4, T = 5; w = 1, then u v w' = 6 7 8, at the end 3 8 9."""
    assert verify.one_in_three(reader(), verify.Cnf(3, [(2, -1, -3)])) == (
        9,
        [(4, 4, 5), (1, 6, 7), (2, 7, 8), (3, 8, 9)],
    )
    # 1 or 2: both complements, then the last clause.
    assert verify.one_in_three(reader(), verify.Cnf(2, [(1, 2)])) == (7, [(3, 3, 4), (1, 5, 3), (2, 6, 3), (6, 5, 7)])


def test_circles_are_those_of_the_reduction() -> None:
    for seed in range(8):
        graph: Graph = PROBLEMS["clique"].generate("random", seed, vertices=seed % 5, size=1 + seed % 3)
        made = clique_to_twohyp.reduce(graph)
        found = verify.circles(reader(), verify.Graph(graph.vertices, graph.size, set(graph.edges)))
        below = found.denominator
        for ours, theirs in ((found.q, made.q), (found.p, made.p)):
            assert [tuple(x * below for x in point) for point in theirs] == ours
        assert any(value % 2 for row in (*found.q, *found.p) for value in row) or below % 2


def test_sat_certificates_and_their_damages() -> None:
    lines = certificate("sat", "exclusive-or", "threshold")
    assert lines[5:9] == ["from sat-poits-threshold", "source 3", "p cnf 2 2", "1 2 0"]
    assert check_text(sealed(lines)).status == "VERIFIED"
    solution = next(line for line in lines if line.startswith("solution"))
    other = "solution 2" if solution == "solution 1" else "solution 1"
    assert changed(lines, solution, other).status == "VERIFIED"  # also a model, if not the network's
    for old, new, code in (
        (solution, "solution", "solution"),
        (solution, "solution 1 2", "solution"),
        (solution, "solution 3", "solution"),
        ("1 2 0", "1 -2 0", "width-mismatch"),
        ("1 2 0", "2 1 0", "hash-mismatch"),
        ("1 2 0", "1 3 0", "source"),
        ("1 2 0", "1 2", "source"),
        ("1 2 0", "1 0 2 0", "source"),
        ("1 2 0", "1 +2 0", "number"),
        ("p cnf 2 2", "p cnf 3 2", "width-mismatch"),
        ("p cnf 2 2", "p cnf 2 1", "source"),
        ("from sat-poits-threshold", "from sat-poits-relu", "activation-mismatch"),
        ("from sat-poits-threshold", "from sat-threshold", "recipe"),
        ("from sat-poits-threshold", "from poits-threshold", "source"),
    ):
        result = changed(lines, old, new)
        assert (result.status, result.code) == ("REJECTED", code), (old, new, result)


def test_the_lrat_part_is_of_the_translated_formula() -> None:
    lines = certificate("sat", "empty-clause", "threshold")
    assert check_text(sealed(lines)).status == "VERIFIED"
    at = lines.index("source-refutation lrat")
    assert lines[at + 1].startswith(f"{4 * 2 + 1} ")  # two clauses of the formula, four of its CNF each


def test_clique_certificates_and_their_damages() -> None:
    lines = certificate("clique", "path", "threshold")
    assert lines[5:11] == ["from clique-twohyp-threshold", "source 4", "p edge 3 2", "k 2", "e 1 2", "e 2 3"]
    assert check_text(sealed(lines)).status == "VERIFIED"
    solution = next(line for line in lines if line.startswith("solution"))
    assert changed(lines, solution, "solution 2 3" if solution.endswith("1 2") else "solution 1 2").status == "VERIFIED"
    for old, new, code in (
        (solution, "solution 1 3", "solution"),
        (solution, "solution 2 1", "solution"),
        (solution, "solution 1 2 3", "solution"),
        (solution, "solution 3 4", "solution"),
        ("e 1 2", "e 2 1", "source"),
        ("e 1 2", "e 1 1", "source"),
        ("e 1 2", "e 2 3", "source"),
        ("e 1 2", "e 1 4", "source"),
        ("e 1 2", "e 1 3", "hash-mismatch"),
        ("k 2", "k 0", "number"),
        ("k 2", "k 1", "dimension-mismatch"),
        ("p edge 3 2", "p col 3 2", "source"),
        ("p edge 3 2", "p edge 1000000000 2", "instance-too-large"),
        ("p edge 3 2", "p edge 3 3", "source"),
    ):
        result = changed(lines, old, new)
        assert (result.status, result.code) == ("REJECTED", code), (old, new, result)


def test_edges_out_of_order_are_refused() -> None:
    lines = certificate("clique", "path", "threshold")
    lines[9], lines[10] = lines[10], lines[9]
    assert check_text(sealed(lines)).code == "source"


@pytest.mark.parametrize("edge", [edge for edge in REDUCTIONS if edge[0] in ("sat", "clique")])
def test_large_headers_stay_cheap(edge: tuple[str, str]) -> None:
    """A few bytes must not make the checker build or search for long."""
    head = ["p cnf 999999999 0"] if edge[0] == "sat" else ["p edge 9999999 0", "k 1"]
    name = REDUCTIONS[edge].name
    lines = [
        "certify 1",
        "verdict NO",
        f"activation {edge[1]}",
        "signs free",
        "width 4",
        f"from {name}",
        f"source {len(head)}",
        *head,
        "instance 1 2 " + "0" * 64,
        "refutation none",
        "end",
    ]
    result = check_text(sealed(lines), limits=Limits(work=10**6))
    assert result.status == "REJECTED"
    assert result.code in ("width-mismatch", "too-much-work", "instance-too-large")
