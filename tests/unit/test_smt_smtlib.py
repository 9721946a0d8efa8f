"""The SMT-LIB printer, its strict reader, and the parsers of the solvers themselves on what is printed."""

from __future__ import annotations

import random
from fractions import Fraction

import cvc5
import pytest
import z3

from smt import (
    FALSE,
    NIL,
    TRUE,
    And,
    Assert,
    Boolean,
    Command,
    Comment,
    Declare,
    Define,
    Implies,
    Linear,
    Not,
    Or,
    Script,
    SmtParseError,
    SquareAtMost,
    Variable,
    check,
    conjunction,
    disjunction,
    equal,
    number,
    parse,
    real,
    render,
)
from smt.terms import Compare

x, y = real("x"), real("y")

SMALL = Script(
    (
        Comment("two numbers"),
        Declare("x"),
        Declare("y"),
        Declare("p", "Bool"),
        Define("z", x * Fraction(1, 3) - y + Fraction(-7, 2)),
        Assert(Or((equal(real("z"), Fraction(-22, 7)), Variable("p"))), "first"),
        Assert(Implies(Variable("p"), x > -2 * y)),
        Assert(Not(And((x <= 0, y > 3)))),
        Comment(""),
        Assert(number(0) < number(1)),
        Assert(TRUE),
    ),
    (("source", "a test (of the printer)"), ("category", "crafted"), ("status", "sat")),
)

SMALL_TEXT = """\
(set-info :smt-lib-version 2.6)
(set-logic QF_LRA)
(set-info :source |a test (of the printer)|)
(set-info :category "crafted")
(set-info :status sat)
; two numbers
(declare-fun x () Real)
(declare-fun y () Real)
(declare-fun p () Bool)
(define-fun z () Real (+ (* (/ 1 3) x) (- y) (- (/ 7 2))))
(assert (! (or (= z (- (/ 22 7))) p) :named first))
(assert (=> p (> x (* (- 2) y))))
(assert (not (and (<= x 0) (> y 3))))
;
(assert (< 0 1))
(assert true)
(check-sat)
(exit)
"""


def _random_script(rng: random.Random) -> Script:
    reals, booleans = ["x", "y", "u"], ["p", "q"]
    commands: list[Command] = [Declare(name) for name in reals] + [Declare(name, "Bool") for name in booleans]

    def value() -> Fraction:
        return Fraction(rng.randint(-4, 4), rng.randint(1, 3))

    def linear() -> Linear:
        return sum((value() * real(name) for name in rng.sample(reals, 2)), number(value()))

    def boolean(depth: int) -> Boolean:
        kind = rng.randrange(6 if depth else 2)
        if kind == 0:
            return rng.choice([Variable(rng.choice(booleans)), TRUE, FALSE])
        if kind == 1:
            return Compare(rng.choice(("<", "<=", "=", ">=", ">")), linear(), linear())
        if kind == 2:
            return Not(boolean(depth - 1))
        if kind == 3:
            return Implies(boolean(depth - 1), boolean(depth - 1))
        join = conjunction if kind == 4 else disjunction
        return join(boolean(depth - 1) for _ in range(rng.randint(1, 3)))

    for index in range(rng.randint(3, 9)):
        if rng.random() < 0.3:
            commands.append(Define(f"z_{index}", linear()))
            reals.append(f"z_{index}")
        commands.append(Assert(boolean(2), f"a_{index}" if rng.random() < 0.5 else None))
    return Script(tuple(commands), (("status", "unknown"),))


def _z3_verdict(text: str) -> str:
    solver = z3.Solver(ctx=z3.Context())
    solver.add(z3.parse_smt2_string(text, ctx=solver.ctx))
    return str(solver.check())


def _cvc5_verdict(text: str) -> str:
    solver = cvc5.Solver(cvc5.TermManager())
    symbols = cvc5.SymbolManager(solver.getTermManager())
    parser = cvc5.InputParser(solver, symbols)
    # In its strict mode the parser refuses what is not in the standard.
    solver.setOption("parsing-mode", "strict")
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "text")
    said = ""
    while not (command := parser.nextCommand()).isNull():
        said += command.invoke(solver, symbols)
    return said.strip()


def test_text() -> None:
    assert render(SMALL) == SMALL_TEXT
    assert parse(SMALL_TEXT) == SMALL


def test_reader_takes_other_line_breaks() -> None:
    words = SMALL_TEXT.replace("; two numbers\n", "").replace(";\n", "").split()
    found = parse(" ".join(words))
    assert found.commands == tuple(c for c in SMALL.commands if not isinstance(c, Comment))
    assert parse(SMALL_TEXT.replace("\n", "\r\n")) == SMALL


def test_text_means_the_same_to_all() -> None:
    rng = random.Random(1)
    verdicts = set()
    for _ in range(40):
        script = _random_script(rng)
        text = render(script)
        assert parse(text) == script
        direct = check(script, "z3").status
        assert direct == check(script, "cvc5").status == _z3_verdict(text) == _cvc5_verdict(text)
        verdicts.add(direct)
    assert verdicts == {"sat", "unsat"}


def test_numbers_of_any_length() -> None:
    long = Fraction(10**5000 + 1, 3**9000)
    script = Script((Declare("x"), Assert(equal(x, -long))))
    assert parse(render(script)) == script
    for name in ("z3", "cvc5"):
        answer = check(script, name)
        assert answer.model is not None and answer.model["x"] == -long
        apart = check(script, name, timeout_s=60)
        assert apart.model is not None and apart.model["x"] == -long



@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("2.6", "2.5", 1, "expected"),
        ("QF_LRA", "QF_NRA", 2, "expected"),
        (":status sat", ":status perhaps", None, "status"),
        (":category", "category", 4, "begins with 'set-info'"),
        ('"crafted"', "crafted", 4, "begins with 'set-info'"),
        ("(declare-fun y () Real)", "(declare-fun y () Int)", 8, "begins with 'declare-fun'"),
        ("(declare-fun y () Real)", "(declare-fun x () Real)", 8, "declared twice"),
        ("(declare-fun y () Real)", "(declare-const y Real)", 8, "begins with 'declare-const'"),
        ("(- y)", "(- u)", 10, "'u' is no real"),
        ("(- y)", "(- p)", 10, "'p' is no real"),
        ("(- y)", "(- x)", 10, "twice in a sum"),
        ("(- y)", "(* 1 y)", 10, "cannot read"),
        ("(- y)", "(* y y)", 10, "cannot read"),
        ("(/ 1 3)", "(/ 2 6)", 10, "lowest terms"),
        ("(/ 1 3)", "(/ 1 0)", 10, "cannot read"),
        ("(/ 1 3)", "0.5", 10, "cannot read"),
        ("(- (/ 7 2))", "0", 10, "0 as a summand"),
        ("(- (/ 22 7))", "(- 0)", 11, "cannot read"),
        (" p) :named first", " x) :named first", 11, "'x' is no Boolean"),
        ("(< 0 1)", "(< 0 1 2)", 15, "cannot read"),
        ("(< 0 1)", "(distinct 0 1)", 15, "begins with 'distinct'"),
        ("(assert true)", "(assert (and true))", 16, "cannot read"),
        ("(assert true)", "(assert true) stray", 16, "outside a command"),
        ("(assert true)", "(assert true))", 16, "parenthesis too many"),
        ("(assert true)", "(assert true", 16, "not closed"),
        ("(assert true)", "(assert $true)", 16, "unexpected character '\\$'"),
        ("(assert true)", "(assert " + "(not " * 300 + "true" + ")" * 300 + ")", 16, "nested"),
        ("(exit)\n", "", None, "ends before"),
        ("(exit)\n", "(exit)\n(exit)\n", 19, "nothing more"),
        ("(check-sat)", "(get-model)", 17, "begins with 'get-model'"),
    ],
)
def test_reader_refuses(old: str, new: str, line: int | None, message: str) -> None:
    assert old in SMALL_TEXT
    with pytest.raises(SmtParseError, match=message) as caught:
        parse(SMALL_TEXT.replace(old, new, 1), source="x.smt2")
    assert caught.value.line == line
    assert str(caught.value).startswith("x.smt2:")
    assert "\n" not in str(caught.value)


def test_squares() -> None:
    x, y = real("x"), real("y")

    def script(bound: Fraction) -> Script:
        return Script(
            (
                Declare("x"),
                Declare("y"),
                Assert(SquareAtMost(x + y * 2 - 1, y), "near"),
                Assert(Or((x >= 5, Not(SquareAtMost(y, NIL))))),
                Assert(y <= bound),
            )
        )

    text = render(script(Fraction(1, 4)))
    assert "(set-logic QF_NRA)" in text
    assert "(assert (! (<= (* (+ x (* 2 y) (- 1)) (+ x (* 2 y) (- 1))) y) :named near))" in text
    assert parse(text) == script(Fraction(1, 4))
    with pytest.raises(SmtParseError, match="QF_NRA") as caught:
        parse(text.replace("QF_NRA", "QF_LRA"))
    assert caught.value.line == 2
    with pytest.raises(SmtParseError):
        parse(text.replace("(* (+ x (* 2 y) (- 1)) (+ x", "(* (+ x (* 2 y) (- 1)) (+ y"))
    for bound, status in ((Fraction(1, 4), "sat"), (Fraction(-1, 9), "unsat")):
        assert _z3_verdict(render(script(bound))) == _cvc5_verdict(render(script(bound))) == status
        for name in ("z3", "cvc5"):
            for seconds in (None, 30.0):
                answer = check(script(bound), name, timeout_s=seconds)
                assert answer.status == status
