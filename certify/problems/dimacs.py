"""The DIMACS text forms: CNF formulas, and graphs with a number k and perhaps colours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from certify.errors import ParseError

_NUMBER = re.compile(r"-?[0-9]{1,18}")
_CNF_HINT = "write: p cnf VARIABLES CLAUSES"
_GRAPH_HINT = "write: p edge VERTICES EDGES"


@dataclass(frozen=True)
class ClauseText:
    """A clause as it stands in a file: its literals, the line of each, and the line of the 0 that ends it."""

    literals: tuple[int, ...]
    lines: tuple[int, ...]
    end: int


@dataclass(frozen=True)
class GraphText:
    """``edges``: pairs u < v, sorted, once each. ``number``: that of the line ``k``. ``colours``: by vertex, from
    its line ``n``; 0 where there is none.
    """

    vertices: int
    edges: tuple[tuple[int, int], ...]
    number: int
    colours: tuple[int, ...]


def number(word: str) -> int | None:
    """The integer that the word spells, or None."""
    return int(word) if _NUMBER.fullmatch(word) else None


def read_cnf(text: str, source: str | None = None) -> tuple[int, list[ClauseText]]:
    """The number of variables and the clauses of a DIMACS CNF.

    Comment lines (``c ...``) may stand anywhere, a clause may run over several lines and ends with 0, a line that
    begins with ``%`` ends the file, as in SATLIB. Raises ParseError with the line for anything else, such as a
    header that does not match.
    """
    header: tuple[int, int] | None = None
    header_line = 0
    clauses: list[ClauseText] = []
    literals: list[int] = []
    places: list[int] = []

    def fault(message: str, at: int | None, hint: str | None = None) -> ParseError:
        return ParseError(message, source=source, line=at, hint=hint)

    for line, words in _lines(text):
        if words[0].startswith("%"):
            break
        if words[0] == "p":
            if header is not None:
                raise fault("a second header", line, f"the first is on line {header_line}")
            header, header_line = _header(words, ("cnf",), source, line, _CNF_HINT), line
            continue
        if header is None:
            raise fault("a clause before the header", line, f"begin with: {_CNF_HINT[7:]}")
        for word in words:
            literal = number(word)
            if literal is None:
                raise fault(f"{word!r} is no literal", line, "write variable numbers, and 0 to end a clause")
            if literal == 0:
                clauses.append(ClauseText(tuple(literals), tuple(places), line))
                literals, places = [], []
                continue
            if abs(literal) > header[0]:
                raise fault(
                    f"variable {abs(literal)} of {header[0]}", line, f"correct the header on line {header_line}"
                )
            literals.append(literal)
            places.append(line)
    if header is None:
        raise fault("no header", None, f"begin with: {_CNF_HINT[7:]}")
    if literals:
        raise fault("the last clause does not end", places[0], "end every clause with 0")
    if len(clauses) != header[1]:
        raise fault(
            f"{len(clauses)} clauses where the header says {header[1]}", header_line, "correct the header"
        )
    return header[0], clauses


def read_graph(text: str, source: str | None = None) -> GraphText:
    """A DIMACS graph: ``p edge VERTICES EDGES`` (or ``p col``), a line ``e U V`` an edge, ``n V COLOUR`` a colour.

    A further line ``k NUMBER`` states the size of the clique that is asked for, or the number of colours. An edge
    may be given twice, in either direction. Raises ParseError with the line for anything else, such as a loop.
    """
    header: tuple[int, int] | None = None
    header_line = given = 0
    edges: set[tuple[int, int]] = set()
    colours: dict[int, int] = {}
    size: int | None = None

    def fault(message: str, at: int | None, hint: str | None = None) -> ParseError:
        return ParseError(message, source=source, line=at, hint=hint)

    for line, words in _lines(text):
        kind, values = words[0], [number(word) for word in words[1:]]
        if kind == "p":
            if header is not None:
                raise fault("a second header", line, f"the first is on line {header_line}")
            header, header_line = _header(words, ("edge", "col"), source, line, _GRAPH_HINT), line
            continue
        if header is None:
            raise fault(f"{kind!r} before the header", line, f"begin with: {_GRAPH_HINT[7:]}")
        match kind, values:
            case "k", [int(value)] if value >= 0:
                if size is not None:
                    raise fault("a second line k", line)
                size = value
            case "n", [int(vertex), int(colour)] if 1 <= vertex <= header[0] and colour >= 1:
                if vertex in colours:
                    raise fault(f"a second colour for vertex {vertex}", line)
                colours[vertex] = colour
            case "e", [int(u), int(v)] if min(u, v) >= 1 and max(u, v) <= header[0]:
                if u == v:
                    raise fault(f"an edge from {u} to itself", line)
                given += 1
                edges.add((min(u, v), max(u, v)))
            case _:
                raise fault(
                    f"{' '.join(words)[:40]!r} has no place in a graph of {header[0]} vertices",
                    line,
                    "write: k NUMBER, e U V, or n V COLOUR",
                )
    if header is None:
        raise fault("no header", None, f"begin with: {_GRAPH_HINT[7:]}")
    # Files of the DIMACS colouring challenge count an edge in both directions, or once.
    if header[1] not in (given, len(edges), 2 * len(edges)):
        raise fault(f"{given} edges where the header says {header[1]}", header_line, "correct the header")
    if size is None:
        raise fault("no line k", None, "add a line k NUMBER: the size of the clique that is asked for")
    return GraphText(
        header[0], tuple(sorted(edges)), size, tuple(colours.get(v, 0) for v in range(1, header[0] + 1))
    )


def read_values(text: str, source: str | None = None) -> list[int]:
    """The numbers on the ``v`` lines of an answer, up to the 0; other lines are ignored. ParseError otherwise."""
    values: list[int] = []
    ended = False
    for line, content in enumerate(text.split("\n"), start=1):
        words = content.split()
        if words[:1] != ["v"]:
            continue
        for word in words[1:]:
            value = number(word)
            if value is None or ended:
                raise ParseError(f"{word!r} has no place here", source=source, line=line)
            if value == 0:
                ended = True
            else:
                values.append(value)
    if not ended:
        raise ParseError("no line v that ends with 0", source=source, hint="write: v 1 2 ... 0")
    return values


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    for line, content in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        words = content.split()
        if words and not words[0].startswith("c"):
            yield line, words


def _header(
    words: list[str], kinds: tuple[str, ...], source: str | None, line: int, hint: str
) -> tuple[int, int]:
    values = [number(word) for word in words[2:]]
    match values:
        case [int(first), int(second)] if words[1] in kinds and first >= 0 and second >= 0:
            return first, second
    raise ParseError(f"{' '.join(words)!r} is no header", source=source, line=line, hint=hint)
