"""Clique: graphs, their text form, and what it means to be a clique."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from certify.errors import InvalidInstance, ParseError
from certify.problems.dimacs import read_graph, read_values

Edge = tuple[int, int]
#: Different vertices, in increasing order.
Vertices = tuple[int, ...]


@dataclass(frozen=True)
class Graph:
    """Vertices 1..``vertices``, ``edges`` (u, v) with u < v, sorted, once each; is there a clique of ``size``?

    Raises InvalidInstance for edges that are not so and for a size below 1.
    """

    vertices: int
    edges: tuple[Edge, ...]
    size: int

    def __post_init__(self) -> None:
        if type(self.size) is not int or self.size < 1:
            raise InvalidInstance(f"a clique of size {self.size!r}", hint="give an integer from 1 on")
        check_graph(self.vertices, self.edges)


def check_graph(vertices: int, edges: tuple[Edge, ...]) -> None:
    """Raises InvalidInstance unless the edges are pairs u < v of 1..vertices, sorted, once each."""
    if type(vertices) is not int or vertices < 0:
        raise InvalidInstance(f"a graph of {vertices!r} vertices")
    for u, v in edges:
        if not 1 <= u < v <= vertices:
            raise InvalidInstance(f"the edge ({u}, {v}) in a graph of the vertices 1..{vertices}")
    if any(first >= second for first, second in pairwise(edges)):
        raise InvalidInstance("the edges are not sorted, or one is there twice")


def parse(text: str, source: str | None = None) -> Graph:
    """Reads a DIMACS graph with a line ``k SIZE`` (see ``dimacs.read_graph``); raises ParseError with the line."""
    graph = read_graph(text, source)
    if any(graph.colours):
        raise ParseError("a graph with colours", source=source, hint="that is an instance of mcclique")
    return Graph(graph.vertices, graph.edges, graph.number)


def write(graph: Graph) -> str:
    """The graph as DIMACS text; ``parse`` reads it back."""
    return "\n".join(graph_lines(graph.vertices, graph.edges, graph.size)) + "\n"


def graph_lines(vertices: int, edges: tuple[Edge, ...], number: int, colours: Sequence[int] = ()) -> list[str]:
    """``p edge``, ``k``, a line ``n`` a vertex if there are colours, a line ``e`` an edge."""
    lines = [f"p edge {vertices} {len(edges)}", f"k {number}"]
    lines += [f"n {vertex} {colour}" for vertex, colour in enumerate(colours, start=1)]
    return [*lines, *(f"e {u} {v}" for u, v in edges)]


def is_clique(edges: tuple[Edge, ...], vertices: Vertices) -> bool:
    """Are all pairs of these increasing vertices edges?"""
    there = set(edges)
    return all(
        u < v and (u, v) in there for place, v in enumerate(vertices) for u in vertices[:place]
    )


def is_solution(graph: Graph, solution: Vertices) -> bool:
    """Are these ``size`` different vertices, in increasing order, a clique?"""
    return (
        len(solution) == graph.size
        and all(1 <= v <= graph.vertices for v in solution)
        and is_clique(graph.edges, solution)
    )


def search(graph: Graph) -> Vertices | None:
    """The first clique of the size in lexicographic order, by backtracking, or None."""
    there = set(graph.edges)
    stack: list[Vertices] = [()]
    while stack:
        chosen = stack.pop()
        if len(chosen) == graph.size:
            return chosen
        last = chosen[-1] if chosen else 0
        for v in range(graph.vertices, last, -1):
            if all((u, v) in there for u in chosen):
                stack.append((*chosen, v))
    return None


def write_solution(solution: Vertices) -> str:
    """The line ``v 1 4 7 0``; ``parse_solution`` reads it back."""
    return " ".join(map(str, ("v", *solution, 0))) + "\n"


def parse_solution(graph: Graph, text: str, source: str | None = None) -> Vertices:
    """The vertices on the lines ``v``; whether they are a clique is for ``is_solution``. Raises ParseError."""
    return tuple(sorted(read_values(text, source)))
