"""Source problems and their solutions in the normal forms of format v1, sections 3 and 5, both ways."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from certify.errors import ParseError
from certify.exact import render, vector
from certify.problems import PROBLEMS
from certify.problems.clique import Graph
from certify.problems.mcclique import ColouredGraph
from certify.problems.poits import Formula
from certify.problems.sat import Cnf
from certify.problems.twohyp import Hyperplanes, PointSets


def source_lines(source: Any) -> list[str]:
    """The lines of a source problem; all but point sets are written as in their files."""
    if isinstance(source, PointSets):
        header = f"twohyp {source.dimension} {len(source.q)} {len(source.p)}"
        return [header, *(" ".join(map(render, point)) for point in (*source.q, *source.p))]
    problem = next(problem for problem in PROBLEMS.values() if isinstance(source, problem.kind))
    return problem.write(source).splitlines()


def source_of(problem: str, lines: Sequence[str]) -> Any:
    """The source problem with these lines; an InputError if they make none."""
    if problem != "twohyp":
        return PROBLEMS[problem].parse("\n".join(lines) + "\n", None)
    match lines[0].split(" ") if lines else []:
        case ["twohyp", *sizes] if len(sizes) == 3 and all(map(_is_natural, sizes)):
            dimension, in_q, in_p = map(int, sizes)
        case _:
            raise ParseError("the source is no pair of point sets")
    points = tuple(vector(line.split(" ")) for line in lines[1:])
    if len(points) != in_q + in_p:
        raise ParseError(f"{len(points)} points in the source, not {in_q} + {in_p}")
    return PointSets(points[:in_q], points[in_q:], dimension)


def solution_line(source: Any, solution: Any) -> str:
    """The line ``solution ...``: true variables, vertices, or the numbers of two hyperplanes."""
    words: list[str]
    if isinstance(solution, Hyperplanes):
        words = list(map(render, (solution.o1, *solution.h1, solution.o2, *solution.h2)))
    elif isinstance(source, (Formula, Cnf)):
        words = [str(i) for i, value in enumerate(solution, start=1) if value]
    else:
        words = list(map(str, solution))
    return " ".join(["solution", *words])


def solution_of(source: Any, words: Sequence[str]) -> Any:
    """The solution of ``source`` with these words after ``solution``; an InputError if they make none."""
    if isinstance(source, PointSets) and len(words) == 2 * source.dimension + 2:
        values, half = vector(words), source.dimension + 1
        return Hyperplanes(values[1:half], values[0], values[half + 1 :], values[half])
    if not isinstance(source, PointSets) and all(map(_is_natural, words)):
        numbers = tuple(map(int, words))
        if isinstance(source, (Graph, ColouredGraph)):
            return numbers
        true = set(numbers)
        return tuple(i in true for i in range(1, source.variables + 1))
    raise ParseError("the solution does not suit the source")


def _is_natural(word: str) -> bool:
    return word.isascii() and word.isdecimal() and len(word) <= 12
