"""SMT-LIB 2.6 text of scripts: a printer, and a strict reader for what the printer prints.

A script is printed as the header (version, logic, infos), its commands, ``(check-sat)`` and ``(exit)``.
Rationals are exact: ``(/ 1 3)``, ``(- (/ 1 3))``, ``5``. A real sum is ``(+ x (* 2 y) (- z) (/ 1 3))`` with
the constant last; a Boolean term uses and, or, not, =>, true, false, the five comparisons and ``(<= (* t t) u)``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction

from smt.collector import paused
from smt.digits import digits, from_digits
from smt.errors import SmtParseError, TermError
from smt.script import Assert, Command, Comment, Declare, Define, Logic, Script, Sort, checked
from smt.terms import RELATIONS, And, Boolean, Compare, Implies, Linear, Not, Or, SquareAtMost, Truth, Variable

VERSION = "2.6"
#: set-info values that the benchmark conventions want as string literals; other texts go between bars.
_STRING_INFOS = ("category", "license")
_MAX_DEPTH = 200


def render(script: Script) -> str:
    """The text of a script, ending in a line break; ``parse`` reads it back to an equal script."""
    return "".join(line + "\n" for line in lines(script.commands, script.infos, script.logic))


def lines(
    commands: Iterable[Command], infos: Iterable[tuple[str, str]] = (), logic: Logic = "QF_LRA"
) -> Iterator[str]:
    """The lines of a script, one at a time and checked as ``Script`` does: nothing large is in memory.

    ``logic`` has to be that of the commands.
    """
    yield f"(set-info :smt-lib-version {VERSION})"
    yield f"(set-logic {logic})"
    for keyword, text in Script((), tuple(infos)).infos:
        if keyword == "status":
            yield f"(set-info :status {text})"
        elif keyword in _STRING_INFOS:
            quoted = text.replace('"', '""')
            yield f'(set-info :{keyword} "{quoted}")'
        else:
            yield f"(set-info :{keyword} |{text}|)"
    for command in checked(commands):
        match command:
            case Comment(text):
                yield f"; {text}".rstrip()
            case Declare(name, sort):
                yield f"(declare-fun {name} () {sort})"
            case Define(name, body):
                yield f"(define-fun {name} () Real {linear_text(body)})"
            case Assert(term, None):
                yield f"(assert {boolean_text(term)})"
            case Assert(term, name):
                yield f"(assert (! {boolean_text(term)} :named {name}))"
    yield "(check-sat)"
    yield "(exit)"


def number_text(value: Fraction) -> str:
    """A rational as an SMT-LIB term."""
    text = digits(abs(value.numerator))
    if value.denominator != 1:
        text = f"(/ {text} {digits(value.denominator)})"
    return f"(- {text})" if value < 0 else text


def linear_text(term: Linear) -> str:
    """A real term as SMT-LIB text."""
    parts = []
    for name, coefficient in term.terms:
        if coefficient == 1:
            parts.append(name)
        elif coefficient == -1:
            parts.append(f"(- {name})")
        else:
            parts.append(f"(* {number_text(coefficient)} {name})")
    if term.constant or not parts:
        parts.append(number_text(term.constant))
    return parts[0] if len(parts) == 1 else f"(+ {' '.join(parts)})"


def boolean_text(term: Boolean) -> str:
    """A Boolean term as SMT-LIB text."""
    match term:
        case Compare(relation, left, right):
            return f"({relation} {linear_text(left)} {linear_text(right)})"
        case SquareAtMost(root, bound):
            text = linear_text(root)
            return f"(<= (* {text} {text}) {linear_text(bound)})"
        case Variable(name):
            return name
        case Truth(value):
            return "true" if value else "false"
        case Not(argument):
            return f"(not {boolean_text(argument)})"
        case And(arguments):
            return f"(and {' '.join(map(boolean_text, arguments))})"
        case Or(arguments):
            return f"(or {' '.join(map(boolean_text, arguments))})"
        case Implies(premise, conclusion):
            return f"(=> {boolean_text(premise)} {boolean_text(conclusion)})"


# The reader. An expression is a token or a list of expressions, with the line on which it starts.


class _List(list["_Expression"]):
    line: int = 0


class _Token(str):
    line: int = 0


_Expression = _Token | _List

_BLANKS = " \t\r"
_TOKEN = re.compile(
    r"[ \t\r]*(?:(?P<newline>\n)|(?P<comment>;[^\n]*)|(?P<paren>[()])|(?P<bars>\|[^|\\]*\|)"
    r'|(?P<string>"(?:[^"]|"")*")'
    r"|(?P<word>[A-Za-z0-9_:.+*/<>=!-]+)|(?P<end>\Z))"
)


def parse(text: str, source: str | None = None) -> Script:
    """The script that ``render`` printed; SmtParseError, with the line, for anything else.

    Line breaks and blanks may differ. A comment on a line between commands is kept as a Comment.
    """
    try:
        with paused():
            return _parse(text)
    except SmtParseError as error:
        raise SmtParseError(error.message, source=source, line=error.line) from None


def _parse(text: str) -> Script:
    commands: list[Command] = []
    infos: list[tuple[str, str]] = []
    reals: set[str] = set()
    booleans: set[str] = set()
    logic, logic_line = "", 0
    stage = 0  # 0: version, 1: logic, 2: infos, 3: commands, 4: exit, 5: end
    for item in _items(text):
        if isinstance(item, Comment):
            if stage not in (2, 3):
                raise SmtParseError("a comment outside the commands")
            stage = 3
            commands.append(item)
            continue
        head = [str(word) for word in item if isinstance(word, _Token)]
        if stage == 0 and head == ["set-info", ":smt-lib-version", VERSION] and len(item) == 3:
            stage = 1
        elif stage == 1 and head in (["set-logic", "QF_LRA"], ["set-logic", "QF_NRA"]) and len(item) == 2:
            stage, logic, logic_line = 2, head[1], item.line
        elif stage == 2 and head[:1] == ["set-info"]:
            infos.append(_info(item))
        elif stage in (2, 3) and head == ["check-sat"] and len(item) == 1:
            stage = 4
        elif stage in (2, 3):
            stage = 3
            command = _command(item, reals, booleans)
            if isinstance(command, Declare) and command.sort == "Bool":
                booleans.add(command.name)
            elif isinstance(command, Declare | Define):
                reals.add(command.name)
            commands.append(command)
        elif stage == 4 and head == ["exit"] and len(item) == 1:
            stage = 5
        else:
            header = {0: f"(set-info :smt-lib-version {VERSION})", 1: "(set-logic QF_LRA)", 4: "(exit)"}
            raise SmtParseError(f"expected {header.get(stage, 'nothing more')}", line=item.line)
    if stage != 5:
        raise SmtParseError("the script ends before (exit)")
    try:
        script = Script(tuple(commands), tuple(infos))
    except TermError as error:
        raise SmtParseError(str(error)) from None
    if script.logic != logic:
        raise SmtParseError(f"expected (set-logic {script.logic})", line=logic_line)
    return script


def _items(text: str) -> Iterator[_List | Comment]:
    """The lists and comments at the top level."""
    position, line, stack = 0, 1, list[_List]()
    while True:
        found = _TOKEN.match(text, position)
        if found is None:
            raise SmtParseError(f"unexpected character {text[position:].lstrip(_BLANKS)[:1]!r}", line=line)
        position = found.end()
        kind, content = found.lastgroup, found[found.lastgroup or 0]
        if kind == "newline":
            line += 1
        elif kind == "end":
            if stack:
                raise SmtParseError("a parenthesis is not closed", line=stack[0].line)
            return
        elif kind == "comment":
            if not stack:
                yield Comment(content[1:].strip())
        elif content == "(":
            opened = _List()
            opened.line = line
            stack.append(opened)
            if len(stack) > _MAX_DEPTH:
                raise SmtParseError(f"terms nested more than {_MAX_DEPTH} deep", line=line)
        elif content == ")":
            if not stack:
                raise SmtParseError("a parenthesis too many", line=line)
            closed = stack.pop()
            if stack:
                stack[-1].append(closed)
            else:
                yield closed
        else:
            if not stack:
                raise SmtParseError(f"{content[:40]!r} outside a command", line=line)
            token = _Token(content)
            token.line = line
            stack[-1].append(token)
            line += content.count("\n")


def _info(item: _List) -> tuple[str, str]:
    words = [str(word) for word in item if isinstance(word, _Token)]
    if len(words) == len(item) == 3 and words[1].startswith(":"):
        name, value = words[1][1:], words[2]
        if name == "status":
            return name, value
        if name in _STRING_INFOS and value.startswith('"'):
            return name, value[1:-1].replace('""', '"')
        if name not in _STRING_INFOS and value.startswith("|"):
            return name, value[1:-1]
    raise _unexpected(item)


def _command(item: _List, reals: set[str], booleans: set[str]) -> Command:
    match [str(part) if isinstance(part, _Token) else part for part in item]:
        case ["declare-fun", str(name), [], "Real" | "Bool" as sort]:
            if name in reals or name in booleans:
                raise SmtParseError(f"{name} is declared twice", line=item.line)
            known: Sort = "Real" if sort == "Real" else "Bool"
            return Declare(name, known)
        case ["define-fun", str(name), [], "Real", _]:
            return Define(name, _real(item[4], reals))
        case ["assert", ["!", _, ":named", str(name)]]:
            labelled = item[1]
            return Assert(_boolean(labelled[1], reals, booleans), name)  # type: ignore[arg-type]
        case ["assert", _]:
            return Assert(_boolean(item[1], reals, booleans))
    raise _unexpected(item)


def _unexpected(item: _Expression) -> SmtParseError:
    shown = item
    while isinstance(shown, _List) and shown:
        shown = shown[0]
    start = repr(str(shown)[:40]) if isinstance(shown, _Token) else "()"
    return SmtParseError(f"cannot read the expression that begins with {start}", line=item.line)


def _unsigned(item: _Expression) -> Fraction:
    if isinstance(item, _Token) and re.fullmatch(r"0|[1-9][0-9]*", item):
        return Fraction(from_digits(item))
    if isinstance(item, _List) and len(item) == 3 and item[0] == "/":
        above, below = (part if isinstance(part, _Token) else "" for part in item[1:])
        if re.fullmatch(r"[1-9][0-9]*", above) and re.fullmatch(r"[1-9][0-9]*", below):
            value = Fraction(from_digits(above), from_digits(below))
            if value.denominator == 1 or digits(value.denominator) != below:
                raise SmtParseError("a fraction that is not in lowest terms", line=item.line)
            return value
    raise _unexpected(item)


def _number(item: _Expression) -> Fraction:
    if isinstance(item, _List) and len(item) == 2 and item[0] == "-":
        value = _unsigned(item[1])
        if not value:
            raise _unexpected(item)
        return -value
    return _unsigned(item)


def _is_number(item: _Expression) -> bool:
    first = item
    while isinstance(first, _List) and len(first) in (2, 3) and first[0] in ("-", "/"):
        first = first[1]
    return isinstance(first, _Token) and first.isdigit()


def _real(item: _Expression, reals: set[str]) -> Linear:
    parts = list(item[1:]) if isinstance(item, _List) and len(item) > 2 and item[0] == "+" else [item]
    constant = Fraction(0)
    if _is_number(parts[-1]):
        constant = _number(parts.pop())
        if not constant and parts:
            raise SmtParseError("0 as a summand", line=item.line)
    terms = tuple(_summand(part, reals) for part in parts)
    if len({name for name, _ in terms}) < len(terms):
        raise SmtParseError("a name occurs twice in a sum", line=item.line)
    return Linear(terms, constant)


def _summand(item: _Expression, reals: set[str]) -> tuple[str, Fraction]:
    name: _Expression = item
    coefficient = Fraction(1)
    if isinstance(item, _List):
        if len(item) == 2 and item[0] == "-":
            name, coefficient = item[1], Fraction(-1)
        elif len(item) == 3 and item[0] == "*":
            name, coefficient = item[2], _number(item[1])
            if abs(coefficient) <= 1 and coefficient.denominator == 1:
                raise _unexpected(item)
        else:
            raise _unexpected(item)
    if not isinstance(name, _Token):
        raise _unexpected(item)
    if name not in reals:
        raise SmtParseError(f"{str(name)[:40]!r} is no real declared before", line=item.line)
    return str(name), coefficient


def _boolean(item: _Expression, reals: set[str], booleans: set[str]) -> Boolean:
    if isinstance(item, _Token):
        if item in ("true", "false"):
            return Truth(item == "true")
        if item not in booleans:
            raise SmtParseError(f"{str(item)[:40]!r} is no Boolean declared before", line=item.line)
        return Variable(str(item))
    if len(item) == 3 and item[0] == "<=" and isinstance(item[1], _List) and len(item[1]) == 3:
        star, root, again = item[1]
        if star == "*" and root == again:
            return SquareAtMost(_real(root, reals), _real(item[2], reals))
    if len(item) == 3:
        for relation in RELATIONS:
            if item[0] == relation:
                return Compare(relation, _real(item[1], reals), _real(item[2], reals))
    if len(item) >= 2 and item[0] in ("and", "or", "not", "=>"):
        arguments = tuple(_boolean(argument, reals, booleans) for argument in item[1:])
        if item[0] == "not" and len(arguments) == 1:
            return Not(arguments[0])
        if item[0] == "=>" and len(arguments) == 2:
            return Implies(*arguments)
        if item[0] == "and" and len(arguments) >= 2:
            return And(arguments)
        if item[0] == "or" and len(arguments) >= 2:
            return Or(arguments)
    raise _unexpected(item)
