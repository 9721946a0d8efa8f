"""Certificates by theorem: good ones are verified by both checkers, which name the theorem; damaged ones are not.

Every mutation is hashed again. Each file is checked by certify-kernel, too (tests/conftest.py).
"""

from __future__ import annotations

import hashlib
import io
import random
from fractions import Fraction
from functools import partial

import pytest

from certify.certificate import Certificate, Claim
from certify.problems.poits import Formula, solutions
from certify.problems.poits_generate import CLASSICS, generate
from certify.reductions import reduction_named
from certify.reductions.wrappers import Options
from certify.verify import check_bytes
from tests.by_theorem import check, lines_by_theorem, rejected

THEOREMS = {"relu": "Theorem 1", "threshold": "Corollary 8"}
NAMES = ("vvv", "vvw-wwv", "four-triples", "fano", "affine-plane")


MODIFIED = (
    Options(dimension=3),
    Options(loss="l0", gamma=Fraction(3)),
    Options(loss="l1", gamma=Fraction(0)),
    Options(loss="l1", gamma=Fraction(1, 2), dimension=5),
    Options(loss="l2", gamma=Fraction(7, 3)),
)

#: How a checker says that the recipe does not give what the header says.
WRONG = ("loss-mismatch", "width-mismatch", "dimension-mismatch")
lines_of = partial(lines_by_theorem, "poits")


@pytest.mark.parametrize("target", THEOREMS)
@pytest.mark.parametrize("name", NAMES)
def test_control(name: str, target: str) -> None:
    result = check(lines_of(CLASSICS[name][0], target))
    assert (result.status, result.verdict) == ("VERIFIED", "NO"), result
    assert (result.method, result.theorem) == ("theorem", THEOREMS[target])


@pytest.mark.parametrize("options", MODIFIED)
@pytest.mark.parametrize("target", THEOREMS)
def test_with_modifiers(target: str, options: Options) -> None:
    """More dimensions and a target error: verified with the theorem's name, and rejected where a number is another."""
    lines = lines_of(CLASSICS["four-triples"][0], target, options)
    result = check(lines)
    assert (result.status, result.verdict, result.theorem) == ("VERIFIED", "NO", THEOREMS[target]), result
    start, stop = lines.index("source-refutation lrat"), lines.index("end-source")
    for n in range(start + 1, stop):
        if " d " not in lines[n]:
            rejected(lines[:n] + lines[n + 1 :], "lrat-unknown-clause", "lrat-incomplete")
    # Without its modifiers, and with others, the recipe gives another instance.
    recipe = lines.index(f"from poits-{target}")
    source = lines.index("source 5")
    modifiers = range(recipe + 1, source)
    assert [lines[n] for n in modifiers] == list(reduction_named("poits", target, options).modifiers)
    rejected([*lines[: recipe + 1], *lines[source:]], *WRONG)
    rejected([*lines[: recipe + 1], "far 1", *lines[recipe + 1 :]], "recipe")
    for n in (*modifiers, *(n for n in range(recipe) if lines[n].startswith(("loss ", "width ")))):
        *words, number = lines[n].split()
        rejected([*lines[:n], " ".join([*words, str(Fraction(number) + 1)]), *lines[n + 1 :]], *WRONG)


def test_a_satisfiable_formula_with_modifiers() -> None:
    """The proof of another formula is none, whatever the modifiers."""
    options = Options(loss="l2", gamma=Fraction(7, 3), dimension=3)
    other = lines_of(CLASSICS["four-triples"][0], "relu", options)
    yes = CLASSICS["figure-5"][0]
    reduction = reduction_named("poits", "relu", options)
    claim = Claim.of("NO", reduction.name, reduction.reduce(yes), reduction.modifiers)
    text = io.BytesIO()
    proof = other[other.index("source-refutation lrat") + 1 : other.index("end-source")]
    Certificate(claim, yes, source_refutation=proof, by_theorem=True).write(text)
    lines = text.getvalue().decode().split("\n")
    rejected(lines[: lines.index("end")], "lrat-hint", "lrat-syntax")
    text = io.BytesIO()
    Certificate(claim, yes).write(text)
    assert check_bytes(text.getvalue()).status == "INCOMPLETE"


@pytest.mark.parametrize("target", THEOREMS)
def test_random_formulas(target: str) -> None:
    """All that brute force finds unsolvable, with repeated literals and clauses, are verified by both checkers."""
    rng = random.Random(7)
    verified = 0
    for _ in range(60):
        variables = rng.randint(1, 6)
        clauses = [tuple(rng.choices(range(1, variables + 1), k=3)) for _ in range(rng.randint(1, 8))]
        formula = Formula(variables, tuple(clauses))  # type: ignore[arg-type]
        if next(solutions(formula), None) is None:
            assert check(lines_of(formula, target)).theorem == THEOREMS[target]
            verified += 1
    assert verified > 15


@pytest.mark.parametrize("name", NAMES)
def test_every_line_of_the_proof_is_needed(name: str) -> None:
    """The proof is trimmed: without any of its additions it is none."""
    lines = lines_of(CLASSICS[name][0], "relu")
    start, stop = lines.index("source-refutation lrat"), lines.index("end-source")
    for n in range(start + 1, stop):
        if " d " not in lines[n]:
            rejected(lines[:n] + lines[n + 1 :], "lrat-unknown-clause", "lrat-incomplete")


@pytest.mark.parametrize("name", ["four-triples", "fano", "affine-plane"])
def test_every_number_of_the_proof_matters(name: str) -> None:
    """A hint left out is missed. Any other number there is a fault, or the clause follows all the same."""
    lines = lines_of(CLASSICS[name][0], "threshold")
    start, stop = lines.index("source-refutation lrat"), lines.index("end-source")
    changed = faulty = 0
    for n in range(start + 1, stop):
        words = lines[n].split()
        if words[1] == "d":
            continue
        split = words.index("0")
        for t in range(split + 1, len(words) - 1):
            result = check([*lines[:n], " ".join(words[:t] + words[t + 1 :]), *lines[n + 1 :]])
            assert (result.status, result.code) in {("REJECTED", "lrat-hint"), ("REJECTED", "lrat-syntax")}, result
        for t in range(1, len(words)):
            other = [*words[:t], str(int(words[t]) + 1), *words[t + 1 :]]
            result = check([*lines[:n], " ".join(other), *lines[n + 1 :]])
            changed += 1
            faulty += result.status == "REJECTED"
    assert faulty > 0.8 * changed


def test_the_proof_of_another_formula() -> None:
    """A satisfiable formula gets no certificate from the proof of an unsatisfiable one."""
    yes, no = CLASSICS["figure-5"][0], CLASSICS["four-triples"][0]
    lines, other = lines_of(no, "relu"), lines_of(generate("unsatisfiable", 2, variables=8, clauses=6), "relu")
    source = [f"p cnf {yes.variables} {len(yes.clauses)}", *(f"{a} {b} {c} 0" for a, b, c in yes.clauses)]
    instance = reduction_named("poits", "relu").reduce(yes)
    claim = Claim.of("NO", "poits-relu", instance)
    start = lines.index("source-refutation lrat")
    head = [
        *lines[: lines.index("signs free") + 1],
        f"width {claim.width}",
        "from poits-relu",
        f"source {len(source)}",
        *source,
        f"instance {claim.points} {claim.dimension} {claim.sha256}",
    ]
    rejected([*head, *lines[start:]], "lrat-hint", "lrat-syntax")
    rejected([*head, *other[other.index("source-refutation lrat") :]], "lrat-hint", "lrat-syntax", "lrat-unknown-clause")
    # The same head is good: with no refutation at all it is only incomplete.
    assert check([*head, "refutation none"]).status == "INCOMPLETE"


def test_what_a_theorem_needs() -> None:
    lines = lines_of(CLASSICS["vvv"][0], "relu")
    start, stop = lines.index("source-refutation lrat"), lines.index("end-source")
    rejected([*lines[:start], *lines[stop + 1 :]], "theorem-source")
    rejected([*lines, "refutation theorem"], "no-end")
    rejected([*lines[:-1], "refutation theorem 1"], "section")
    rejected([*lines[:-1], "refutation theorem", "line 1 2 3"], "no-end")
    rejected([*lines[:start], "source-refutation drat", *lines[start + 1 :]], "section")
    assert check([*lines[:-1], "refutation none"]).status == "INCOMPLETE"
    # For point sets there is no such theorem.
    q, p = "0", "1"
    twohyp = [
        *["certify 1", "verdict NO", "activation threshold", "signs free", "width 2", "from twohyp-threshold"],
        *["source 3", "twohyp 1 1 1", q, p],
    ]
    digest = hashlib.sha256(
        b"certify-instance 1\nactivation threshold\nsigns free\nloss exact\nwidth 2\ndimension 1\npoints 2\n0 1\n1 0\n"
    ).hexdigest()
    rejected([*twohyp, f"instance 2 1 {digest}", "refutation theorem"], "theorem-source")
    assert check([*twohyp, f"instance 2 1 {digest}", "refutation none"]).status == "INCOMPLETE"


def test_a_direct_refutation_names_no_theorem() -> None:
    data = (
        "certify 1\nverdict NO\nactivation threshold\nsigns free\nwidth 1\nfrom data\ninstance 2 1 {}\n0 0\n0 1\n"
        "refutation lines\ncontradiction 1 2"
    )
    digest = hashlib.sha256(
        b"certify-instance 1\nactivation threshold\nsigns free\nloss exact\nwidth 1\ndimension 1\npoints 2\n0 0\n0 1\n"
    ).hexdigest()
    result = check(data.format(digest).split("\n"))
    assert (result.status, result.method, result.theorem) == ("VERIFIED", "direct", None)
