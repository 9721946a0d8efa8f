"""Terms and scripts: exact numbers only, structural equality, and every name declared before its use."""

from __future__ import annotations

from fractions import Fraction

import pytest

from smt import (
    FALSE,
    TRUE,
    And,
    Assert,
    Command,
    Comment,
    Declare,
    Define,
    Implies,
    Not,
    Or,
    Script,
    TermError,
    Variable,
    conjunction,
    disjunction,
    equal,
    number,
    real,
    total,
)
from smt.terms import Linear, holds, value_of

x, y = real("x"), real("y")
p = Variable("p")


def test_sums_merge_and_drop_zeros() -> None:
    term = 2 * x + y - x * Fraction(1, 2) - y + 3
    assert term == Linear((("x", Fraction(3, 2)),), Fraction(3))
    assert x - x == number(0)
    assert 0 * (x + 1) == number(0)
    assert 1 - x == Linear((("x", Fraction(-1)),), Fraction(1))
    assert total([("x", Fraction(1)), ("y", Fraction(0)), ("x", Fraction(2))]) == 3 * x


def test_floats_and_truth_values_are_refused() -> None:
    for value in (0.5, True, "1"):
        with pytest.raises(TermError, match="no exact number"):
            number(value)  # type: ignore[arg-type]
        with pytest.raises(TermError, match="no exact number"):
            x * value  # type: ignore[operator]


def test_empty_and_single_connectives() -> None:
    assert conjunction([]) == TRUE and disjunction([]) == FALSE
    assert conjunction([p]) == disjunction([p]) == p
    assert conjunction([p, x > 0]) == And((p, x > 0))


def test_exact_values() -> None:
    reals, booleans = {"x": Fraction(1, 3), "y": Fraction(-2)}, {"p": True}
    assert value_of(3 * x + y + Fraction(1, 2), reals) == Fraction(-1, 2)
    true = [x > 0, x >= Fraction(1, 3), y < x, y <= -2, equal(x + y, Fraction(-5, 3)), TRUE]
    true += [p, Not(x < 0), Implies(x < 0, FALSE), Implies(p, p), Or((x < 0, p)), And((p, y < 0))]
    for term in true:
        assert holds(term, reals, booleans)
        assert not holds(Not(term), reals, booleans)
    with pytest.raises(KeyError):
        holds(real("z") > 0, reals, booleans)


@pytest.mark.parametrize(
    ("commands", "message"),
    [
        ([Declare("x"), Declare("x")], "declared twice"),
        ([Declare("x"), Define("x", number(1))], "declared twice"),
        ([Assert(x > 0)], "not declared"),
        ([Define("z", x), Declare("x")], "not declared"),
        ([Declare("x", "Bool"), Assert(x > 0)], "not declared"),
        ([Declare("p"), Assert(p)], "not declared"),
        ([Declare("p", "Int")], "not Real or Bool"),  # type: ignore[arg-type]
        ([Declare("x"), Assert(x > 0, "x")], "declared twice"),
        ([Declare("x y")], "plain SMT-LIB symbol"),
        ([Declare("")], "plain SMT-LIB symbol"),
        ([Declare("3x")], "plain SMT-LIB symbol"),
        ([Declare("let")], "plain SMT-LIB symbol"),
        ([Comment("one\ntwo")], "single line"),
        ([Assert(And((TRUE,)))], "fewer than two"),
    ],
)
def test_faulty_scripts(commands: list[Command], message: str) -> None:
    with pytest.raises(TermError, match=message):
        Script(tuple(commands))


@pytest.mark.parametrize(
    "info", [("status", "maybe"), ("source", "a | b"), ("source", "a \\ b"), ("smt-lib-version", "2.6"), ("A", "")]
)
def test_faulty_infos(info: tuple[str, str]) -> None:
    with pytest.raises(TermError):
        Script((), (info,))


def test_names_and_extension() -> None:
    script = Script((Declare("x"), Declare("p", "Bool"), Declare("y")), (("status", "sat"),))
    assert script.names("Real") == ("x", "y") and script.names("Bool") == ("p",)
    assert script.status == "sat" and Script(()).status is None
    longer = script.extended([Assert(x > y)])
    assert longer.commands[-1] == Assert(x > y) and longer.infos == script.infos
