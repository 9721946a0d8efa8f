"""Two-hyperplane separability: point sets, their text forms, and what it means to separate them.

The paper (section 4) has two notions. General: no point lies on a hyperplane, and every open segment from Q
to P meets one of them, that is, no cell of the two hyperplanes holds points of both sets. Restricted,
equations (3) and (4): all of Q in the cell {h1 > 0 > h2} and every point of P on the same side of both.
Restricted implies general, not the other way round: see the classic instance "axes-gap" in
twohyp_generate.py.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from certify.errors import InvalidInstance, ParseError
from certify.exact import Vector, dot, rational, render, vector
from certify.lp import basic, feasible

#: (h, o) for x -> h . x + o; a hyperplane where h is not 0.
Plane = tuple[Vector, Fraction]
#: One sign a point: is h . x + o positive (True) or negative (False)?
Split = tuple[bool, ...]


@dataclass(frozen=True)
class PointSets:
    """The sets Q and P in Q^dimension, perhaps repeated. Raises InvalidInstance for ragged points."""

    q: tuple[Vector, ...]
    p: tuple[Vector, ...]
    dimension: int

    def __post_init__(self) -> None:
        if type(self.dimension) is not int or self.dimension < 1:
            raise InvalidInstance(f"the dimension is {self.dimension!r}", hint="give an integer from 1 on")
        for name, points in (("q", self.q), ("p", self.p)):
            for number, point in enumerate(points, start=1):
                if len(point) != self.dimension:
                    raise InvalidInstance(
                        f"point {number} of {name} has {len(point)} coordinates in dimension {self.dimension}"
                    )
                if any(type(x) is not Fraction for x in point):
                    raise InvalidInstance(f"point {number} of {name} is not made of Fractions")

    @property
    def swapped(self) -> PointSets:
        """P in the place of Q and Q in that of P."""
        return PointSets(self.p, self.q, self.dimension)


@dataclass(frozen=True)
class Hyperplanes:
    """The hyperplanes h1 . x + o1 = 0 and h2 . x + o2 = 0."""

    h1: Vector
    o1: Fraction
    h2: Vector
    o2: Fraction

    def values(self, x: Vector) -> tuple[Fraction, Fraction]:
        """h1 . x + o1 and h2 . x + o2."""
        return dot(self.h1, x) + self.o1, dot(self.h2, x) + self.o2


def _are_hyperplanes(sets: PointSets, planes: Hyperplanes) -> bool:
    return all(len(h) == sets.dimension and any(h) for h in (planes.h1, planes.h2))


def is_restricted_solution(sets: PointSets, planes: Hyperplanes) -> bool:
    """Do equations (3) and (4) of the paper hold, with strict signs? (For (P, Q), give ``sets.swapped``.)"""
    if not _are_hyperplanes(sets, planes):
        return False
    for x in sets.q:
        first, second = planes.values(x)
        if not first > 0 > second:
            return False
    for x in sets.p:
        first, second = planes.values(x)
        if not first * second > 0:
            return False
    return True


def is_solution(sets: PointSets, planes: Hyperplanes) -> bool:
    """Do the hyperplanes strictly separate Q and P in the general sense (paper, section 4)?"""
    if not _are_hyperplanes(sets, planes):
        return False
    cells: list[set[tuple[bool, bool]]] = []
    for points in (sets.q, sets.p):
        values = [planes.values(x) for x in points]
        if any(first == 0 or second == 0 for first, second in values):
            return False
        cells.append({(first > 0, second > 0) for first, second in values})
    return cells[0].isdisjoint(cells[1])


def far_hyperplane(sets: PointSets, sign: int) -> Plane:
    """A hyperplane (h, o) with all the points on one side: there h . x + o has ``sign``, 1 or -1."""
    h = (Fraction(1), *(Fraction(0),) * (sets.dimension - 1))
    reach = max((abs(x[0]) for x in (*sets.q, *sets.p)), default=Fraction(0)) + 1
    return h, sign * reach


def separating_plane(points: Sequence[Vector], signs: Split) -> Plane | None:
    """(h, o), h perhaps 0, with h . x + o >= 1 at the points of sign True and <= -1 at the others, or None.

    It is a basic solution, so on integer points of absolute value at most A every |h_i| is at most
    (d + 1)! A^(d-1), by Cramer's rule.
    """
    found = feasible(_rows(points, signs), [Fraction(1)] * len(points))
    return None if found is None else (found[:-1], found[-1])


def basic_plane(points: Sequence[Vector], plane: Plane) -> Plane:
    """A plane as from ``separating_plane`` with the signs of ``plane``, which must avoid all the points."""
    h, o = plane
    values = [dot(h, x) + o for x in points]
    if not values:
        return plane
    margin = min(map(abs, values))
    start = (*(v / margin for v in h), o / margin)
    signs = tuple(value > 0 for value in values)
    found = basic(_rows(points, signs), [Fraction(1)] * len(points), start)
    return found[:-1], found[-1]


def _rows(points: Sequence[Vector], signs: Split) -> list[Vector]:
    one = Fraction(1)
    return [
        (*point, one) if sign else (*(-x for x in point), -one)
        for point, sign in zip(points, signs, strict=True)
    ]


def parse(text: str, source: str | None = None) -> PointSets:
    """Reads point sets as CSV or, if the text begins with ``{``, as JSON.

    CSV: header ``set,x1,...,xd``, rows ``q,1,1/2`` or ``p,0.5,-3``. JSON: ``{"q": [[...], ...], "p":
    [[...], ...]}`` with integers or strings, and ``"dimension"`` where both are empty. Raises ParseError
    with the line for bad CSV or JSON, InexactNumber for a JSON float, InvalidInstance for ragged JSON
    points.
    """
    text = text.removeprefix("\ufeff")
    return _parse_json(text, source) if text.lstrip().startswith("{") else _parse_csv(text, source)


def _parse_json(text: str, source: str | None) -> PointSets:
    data = _json_object(text, source)
    sets: list[tuple[Vector, ...]] = []
    for name in ("q", "p"):
        rows = data.get(name)
        if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
            raise ParseError(
                f'"{name}" is no list of points', source=source, hint='as in {"q": [[0, 1]], "p": [[1, 2]]}'
            )
        sets.append(tuple(vector(row, source=source) for row in rows))
    first = next((len(point) for points in sets for point in points), None)
    dimension = data.get("dimension", first)
    if type(dimension) is not int or dimension < 1:
        raise ParseError("no dimension", source=source, hint='give a point or "dimension"')
    for name, points in zip("qp", sets, strict=True):
        for number, point in enumerate(points, start=1):
            if len(point) != dimension:
                raise InvalidInstance(
                    f'point {number} of "{name}" has {len(point)} coordinates, not {dimension}', source=source
                )
    return PointSets(sets[0], sets[1], dimension)


def _json_object(text: str, source: str | None) -> Mapping[str, Any]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise ParseError(f"not JSON: {error.msg}", source=source, line=error.lineno) from error
    except (RecursionError, ValueError) as error:
        raise ParseError(f"not usable JSON: {error}", source=source) from error
    if not isinstance(data, Mapping):
        raise ParseError("no JSON object", source=source)
    return data


def _parse_csv(text: str, source: str | None) -> PointSets:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    dimension: int | None = None
    sets: dict[str, list[Vector]] = {"q": [], "p": []}
    try:
        for row in reader:
            cells, line = [cell.strip() for cell in row], reader.line_num
            if not any(cells):
                continue
            if dimension is None:
                dimension = len(cells) - 1
                if dimension < 1 or cells != ["set", *(f"x{i}" for i in range(1, dimension + 1))]:
                    raise ParseError("no header", source=source, line=line, hint="begin with: set,x1,...,xd")
                continue
            if len(cells) != dimension + 1:
                raise ParseError(
                    f"{len(cells)} cells under a header of {dimension + 1}", source=source, line=line
                )
            if cells[0] not in sets:
                raise ParseError(f"the set {cells[0]!r}", source=source, line=line, hint="write q or p")
            sets[cells[0]].append(tuple(rational(cell, source=source, line=line) for cell in cells[1:]))
    except csv.Error as error:
        raise ParseError(f"not CSV: {error}", source=source, line=reader.line_num) from error
    if dimension is None:
        raise ParseError("no point sets", source=source, hint="begin with: set,x1,...,xd")
    return PointSets(tuple(sets["q"]), tuple(sets["p"]), dimension)


def write_solution(planes: Hyperplanes) -> str:
    """The hyperplanes as one line of JSON, numbers as strings; ``parse_solution`` reads it back."""
    data = {
        "h1": list(map(render, planes.h1)),
        "o1": render(planes.o1),
        "h2": list(map(render, planes.h2)),
        "o2": render(planes.o2),
    }
    return json.dumps(data) + "\n"


def parse_solution(sets: PointSets, text: str, source: str | None = None) -> Hyperplanes:
    """Hyperplanes in the dimension of ``sets``; whether they separate them is for ``is_solution``."""
    data = _json_object(text, source)
    normals: list[Vector] = []
    for name in ("h1", "h2"):
        entries = data.get(name)
        if not isinstance(entries, list) or len(entries) != sets.dimension:
            raise ParseError(f'"{name}" is no list of {sets.dimension} numbers', source=source)
        normals.append(vector(entries, source=source))
    for name in ("o1", "o2"):
        if name not in data:
            raise ParseError(f'no "{name}"', source=source)
    o1, o2 = rational(data["o1"], source=source), rational(data["o2"], source=source)
    return Hyperplanes(normals[0], o1, normals[1], o2)


def write(sets: PointSets) -> str:
    """The point sets as CSV, Q first; ``parse`` reads it back."""
    lines = [",".join(["set", *(f"x{i}" for i in range(1, sets.dimension + 1))])]
    for name, points in (("q", sets.q), ("p", sets.p)):
        lines += [",".join([name, *map(render, point)]) for point in points]
    return "\n".join(lines) + "\n"
