"""Scripts: declarations, definitions and assertions in order; smtlib.py prints, solvers.py solves them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from smt.errors import TermError
from smt.terms import And, Boolean, Compare, Implies, Linear, Not, Or, SquareAtMost, Truth, Variable

Sort = Literal["Real", "Bool"]
Logic = Literal["QF_LRA", "QF_NRA"]
STATUSES = ("sat", "unsat", "unknown")

_SYMBOL = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
#: Words of SMT-LIB 2.6 and of its theory of reals that match ``_SYMBOL`` but cannot be declared.
_RESERVED = frozenset(
    [
        *("BINARY", "DECIMAL", "HEXADECIMAL", "NUMERAL", "STRING", "Real", "Bool", "Int", "_", "as"),
        *("exists", "forall", "let", "match", "par", "true", "false", "not", "and", "or", "xor"),
        *("ite", "distinct"),
    ]
)


@dataclass(frozen=True, slots=True)
class Comment:
    """One line of explanation; no line breaks in it."""

    text: str


@dataclass(frozen=True, slots=True)
class Declare:
    """Declares a free constant."""

    name: str
    sort: Sort = "Real"


@dataclass(frozen=True, slots=True)
class Define:
    """Names a real term: a shorthand that every solver may expand."""

    name: str
    body: Linear


@dataclass(frozen=True, slots=True)
class Assert:
    """Asserts a term; ``name``, if given, is printed as its ``:named`` label."""

    term: Boolean
    name: str | None = None


Command = Comment | Declare | Define | Assert


@dataclass(frozen=True)
class Script:
    """A satisfiability question in real arithmetic: ``commands`` in order, each name declared before its use.

    ``infos`` are the pairs of set-info that head the printed script, names without the colon: ``source``
    (free text) and ``status`` ("sat", "unsat" or "unknown", what is known of the answer) among them.
    Raises TermError for names that are no plain SMT-LIB symbols, declared twice, used before their
    declaration or at the wrong sort.
    """

    commands: tuple[Command, ...]
    infos: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        for keyword, text in self.infos:
            if not re.fullmatch(r"[a-z][a-z-]*", keyword) or keyword == "smt-lib-version":
                raise TermError(f"{keyword!r} is no keyword for set-info")
            if keyword == "status" and text not in STATUSES:
                raise TermError(f"the status is {text!r}, not one of {', '.join(STATUSES)}")
            if not re.fullmatch(r"[\t\n -\[\]-{}~]*", text):
                raise TermError(f"the text of :{keyword} is not printable ASCII without | and \\")
        for _ in checked(self.commands):
            pass

    @property
    def status(self) -> str | None:
        """What is known of the answer: "sat", "unsat", "unknown" or, if nothing is said, None."""
        return dict(self.infos).get("status")

    @property
    def logic(self) -> Logic:
        """QF_LRA, or QF_NRA where a square occurs."""
        squares = any(type(c) is Assert and _has_square(c.term) for c in self.commands)
        return "QF_NRA" if squares else "QF_LRA"

    def names(self, sort: Sort) -> tuple[str, ...]:
        """The declared constants of a sort, in order."""
        return tuple(c.name for c in self.commands if type(c) is Declare and c.sort == sort)

    def extended(self, commands: Iterable[Command]) -> Script:
        """This script with further commands at its end."""
        return Script((*self.commands, *commands), self.infos)


def _has_square(term: Boolean) -> bool:
    match term:
        case SquareAtMost():
            return True
        case And(arguments) | Or(arguments):
            return any(map(_has_square, arguments))
        case Not(argument):
            return _has_square(argument)
        case Implies(premise, conclusion):
            return _has_square(premise) or _has_square(conclusion)
        case _:
            return False


def checked(commands: Iterable[Command]) -> Iterator[Command]:
    """The same commands, each after a check of its names and sorts; TermError on a fault."""
    sorts: dict[str, Sort | None] = {}  # None: the name of an assertion
    for command in commands:
        match command:
            case Assert(term, name):
                _check_boolean(term, sorts)
                if name is not None:
                    _new_name(name, None, sorts)
            case Define(name, body):
                _check_linear(body, sorts)
                _new_name(name, "Real", sorts)
            case Declare(name, sort):
                if sort not in ("Real", "Bool"):
                    raise TermError(f"{name} is declared of sort {sort!r}, not Real or Bool")
                _new_name(name, sort, sorts)
            case Comment(text):
                if not re.fullmatch(r"[ -~]*", text) or text != text.strip():
                    raise TermError(f"the comment {text!r} is no single line of printable ASCII")
        yield command


def _new_name(name: str, sort: Sort | None, sorts: dict[str, Sort | None]) -> None:
    if not _SYMBOL.fullmatch(name) or name in _RESERVED:
        raise TermError(f"{name!r} is no plain SMT-LIB symbol")
    if name in sorts:
        raise TermError(f"{name} is declared twice")
    sorts[name] = sort


def _check_linear(term: Linear, sorts: dict[str, Sort | None]) -> None:
    for name, _ in term.terms:
        if sorts.get(name) != "Real":
            raise TermError(f"{name} is used as a real, but not declared as one before")


def _check_boolean(term: Boolean, sorts: dict[str, Sort | None]) -> None:
    match term:
        case Compare(_, left, right):
            _check_linear(left, sorts)
            _check_linear(right, sorts)
        case SquareAtMost(root, bound):
            _check_linear(root, sorts)
            _check_linear(bound, sorts)
        case Variable(name):
            if sorts.get(name) != "Bool":
                raise TermError(f"{name} is used as a Boolean, but not declared as one before")
        case And(arguments) | Or(arguments):
            if len(arguments) < 2:
                raise TermError("a conjunction or disjunction of fewer than two terms")
            for argument in arguments:
                _check_boolean(argument, sorts)
        case Not(argument):
            _check_boolean(argument, sorts)
        case Implies(premise, conclusion):
            _check_boolean(premise, sorts)
            _check_boolean(conclusion, sorts)
        case Truth():
            pass
