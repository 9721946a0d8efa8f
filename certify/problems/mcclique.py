"""Multicoloured clique: graphs whose vertices have colours, and cliques with one vertex of every colour."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from certify.errors import InvalidInstance, ParseError
from certify.problems.clique import (
    Edge,
    Vertices,
    check_graph,
    graph_lines,
    is_clique,
    write_solution,
)
from certify.problems.dimacs import read_graph, read_values

__all__ = ["ColouredGraph", "is_solution", "parse", "parse_solution", "search", "write", "write_solution"]


@dataclass(frozen=True)
class ColouredGraph:
    """Vertices 1..n with ``colours`` (one of 1..``classes`` each) and ``edges`` (u, v), u < v, sorted, once each.

    Is there a clique with one vertex of every colour? Edges inside a colour are legal and of no use. Raises
    InvalidInstance for values that are not so.
    """

    colours: tuple[int, ...]
    edges: tuple[Edge, ...]
    classes: int

    def __post_init__(self) -> None:
        if type(self.classes) is not int or self.classes < 0:
            raise InvalidInstance(f"{self.classes!r} colours", hint="give an integer from 0 on")
        for vertex, colour in enumerate(self.colours, start=1):
            if type(colour) is not int or not 1 <= colour <= self.classes:
                raise InvalidInstance(f"vertex {vertex} has the colour {colour!r}, none of 1..{self.classes}")
        check_graph(len(self.colours), self.edges)

    def members(self) -> tuple[Vertices, ...]:
        """The vertices of each colour."""
        found: list[list[int]] = [[] for _ in range(self.classes)]
        for vertex, colour in enumerate(self.colours, start=1):
            found[colour - 1].append(vertex)
        return tuple(map(tuple, found))

    def useful_edges(self) -> tuple[Edge, ...]:
        """The edges between different colours."""
        return tuple((u, v) for u, v in self.edges if self.colours[u - 1] != self.colours[v - 1])


def parse(text: str, source: str | None = None) -> ColouredGraph:
    """Reads a DIMACS graph with lines ``k COLOURS`` and ``n VERTEX COLOUR``; raises ParseError with the line."""
    graph = read_graph(text, source)
    if not all(graph.colours):
        vertex = graph.colours.index(0) + 1
        raise ParseError(f"vertex {vertex} has no colour", source=source, hint="write: n VERTEX COLOUR")
    if any(colour > graph.number for colour in graph.colours):
        raise ParseError(
            f"the colour {max(graph.colours)} of {graph.number}",
            source=source,
            hint="the line k states the number of colours",
        )
    return ColouredGraph(graph.colours, graph.edges, graph.number)


def write(graph: ColouredGraph) -> str:
    """The graph as DIMACS text; ``parse`` reads it back."""
    return "\n".join(graph_lines(len(graph.colours), graph.edges, graph.classes, graph.colours)) + "\n"


def is_solution(graph: ColouredGraph, solution: Vertices) -> bool:
    """Are these vertices, in increasing order, a clique with one vertex of every colour?"""
    if not all(1 <= v <= len(graph.colours) for v in solution):
        return False
    colours = sorted(graph.colours[v - 1] for v in solution)
    return colours == list(range(1, graph.classes + 1)) and is_clique(graph.edges, solution)


def search(graph: ColouredGraph) -> Vertices | None:
    """A solution by trying all choices of one vertex a colour, or None."""
    for choice in product(*graph.members()):
        if is_clique(graph.edges, tuple(sorted(choice))):
            return tuple(sorted(choice))
    return None


def parse_solution(graph: ColouredGraph, text: str, source: str | None = None) -> Vertices:
    """The vertices on the lines ``v``; whether they are a solution is for ``is_solution``. Raises ParseError."""
    return tuple(sorted(read_values(text, source)))
