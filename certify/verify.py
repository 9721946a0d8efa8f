"""The independent checker of certificates: one file, standard library only.

    python verify.py FILE|FOLDER...

It is written from ``docs/format/v1.md`` alone and shares no code with the programs that write certificates; the
constructions of the reductions are repeated here on purpose. "The format" below is that text, and the numbers of
sections are its own. What it prints, one line a file: ``VERIFIED NO <file>``, ``REJECTED <file>: line 17: reason``
or ``INCOMPLETE <file>: reason``. Exit code 0: all verified; 1: some rejected; 2: usage, or a file that cannot be
read; 3: none rejected, some incomplete.

Everything in a certificate is distrusted: numbers, lines, the size of the instance, memory and work are bounded,
nothing recurses on the input, nothing is evaluated, no other file is opened.

Numbers. A data point is kept in homogeneous integers (X_1, ..., X_d, D), D > 0, with x = X/D, and its label as an
integer over the same D. An affine function w.x + b is then (w, b).(X, D) / D.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import os
import re
import sys
import time
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm
from typing import BinaryIO, Literal, NamedTuple, NoReturn

Status = Literal["VERIFIED", "REJECTED", "INCOMPLETE"]
Verdict = Literal["YES", "NO"]
Method = Literal["witness", "direct", "theorem"]
Point = tuple[int, ...]  # (X_1, ..., X_d, D)


# -- Results, limits (7), errors ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Limits:
    """What a file may ask of the checker; ``seconds`` None means no limit of time.

    ``line``, ``size``: bytes of a line and of the (decompressed) file; ``digits`` of every number, read or computed;
    ``cells``: points times dimension; ``neurons``: the width of a NO that is proved by splits; ``memory``: bytes of
    what is built, roughly; ``work``: elementary operations, roughly (several million a second).
    """

    line: int = 16 * 2**20
    size: int = 2**34
    digits: int = 100_000
    cells: int = 10**8
    neurons: int = 10**5
    memory: int = 2**32
    work: int = 2 * 10**9
    seconds: float | None = None


@dataclass(frozen=True)
class Result:
    """The outcome for a file: ``reason`` is a sentence, ``code`` a stable kebab-case word, ``line`` where it failed.

    Of a VERIFIED one ``method`` says how: by a witness, by a direct refutation of the data, or by a theorem on the
    reduction, which ``theorem`` then names.
    """

    status: Status
    verdict: Verdict | None
    reason: str
    line: int | None
    code: str
    stats: dict[str, int] = field(default_factory=dict)
    method: Method | None = None
    theorem: str | None = None


class Reject(Exception):  # noqa: N818 - not an error of the program
    """The certificate is not as the format wants it."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class OutOfTime(Exception):  # noqa: N818
    """The limit of time that the caller gave is used up."""


def reject(code: str, reason: str) -> NoReturn:
    """Raise Reject."""
    raise Reject(code, reason)


def need(condition: object, code: str, reason: str) -> None:
    """Raise Reject unless the condition is true."""
    if not condition:
        raise Reject(code, reason)


def short(token: str) -> str:
    """A token for a message."""
    return repr(token if len(token) <= 40 else token[:37] + "...")


# -- 1. The file: lines, tokens, numbers -------------------------------------------------------------------

NATURAL = re.compile(r"0|[1-9][0-9]*")
POSITIVE = re.compile(r"[1-9][0-9]*")
INTEGER = re.compile(r"0|-?[1-9][0-9]*")
NUMBER_DIGITS = 15  # of the numbers of things (7)
RATIONAL = re.compile(r"(0|-?[1-9][0-9]*)(?:/([1-9][0-9]*))?")


class Reader:
    """The lines of a certificate, one at a time, with their numbers, the running SHA-256, and the limits."""

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        self.stream, self.limits = stream, limits
        self.number = self.size = self.work = self.memory = 0
        self.data = b""
        self.hash = hashlib.sha256()
        self.bits = int(limits.digits * 3.3219281) + 2
        self.deadline = None if limits.seconds is None else time.monotonic() + limits.seconds

    def spend(self, units: int) -> None:
        """Count elementary operations, before they are done."""
        self.work += units
        need(self.work <= self.limits.work, "too-much-work", "the certificate asks for too much work")
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise OutOfTime

    def hold(self, size: int) -> None:
        """Count bytes of memory, before they are used."""
        self.memory += size
        need(self.memory <= self.limits.memory, "out-of-memory", "the certificate asks for too much memory")

    def raw(self) -> str | None:
        """The next line without its LF; None at the end of the file. It does not enter the hash."""
        try:
            data = self.stream.readline(self.limits.line + 2)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            self.number += 1
            reject("gzip-corrupt", f"the compressed data are damaged ({error})")
        if not data:
            return None
        self.number += 1
        self.size += len(data)
        need(len(data) <= self.limits.line + 1, "line-too-long", "the line is too long")
        need(self.size <= self.limits.size, "file-too-large", "the file is too large")
        need(data[-1] == 10, "no-newline", "the last line has no line end")
        need(data.isascii(), "not-ascii", "a byte is not ASCII")
        self.spend(1 + len(data) // 16)
        self.data = data
        return data[:-1].decode("ascii")

    def tokens(self) -> list[str]:
        """The tokens of the next line that is not a comment; all lines passed enter the hash."""
        while (text := self.raw()) is not None:
            self.hash.update(self.data)
            if text and text[0] != "#":
                return text.split(" ")
        reject("truncated", "the file ends before its line 'end'")

    def field(self, name: str, count: int, tokens: list[str] | None = None) -> list[str]:
        """The tokens after ``name`` in the next line (or in this one), which must be ``count``."""
        tokens = self.tokens() if tokens is None else tokens
        if tokens[0] != name or len(tokens) != count + 1:
            reject("header", f"expected '{name}' with {count} values, found {short(' '.join(tokens))}")
        return tokens[1:]

    def expect(self, tokens: list[str], wanted: str, code: str) -> None:
        """Reject unless the line is this one."""
        if " ".join(tokens) != wanted:
            reject(code, f"expected '{wanted}', found {short(' '.join(tokens))}")

    def integer(self, token: str, pattern: re.Pattern[str] = NATURAL) -> int:
        """The number of a thing, or how many there are, in canonical form."""
        if not pattern.fullmatch(token):
            reject("number", f"{short(token)} is not a canonical number of the kind expected here")
        if len(token) > NUMBER_DIGITS and len(token.lstrip("-")) > NUMBER_DIGITS:
            reject("number-too-large", f"the number of a thing has more than {NUMBER_DIGITS} digits")
        return int(token)

    def part(self, digits: str) -> int:
        """A numerator or denominator, matched already, of bounded size."""
        if len(digits) > self.limits.digits and len(digits.lstrip("-")) > self.limits.digits:
            reject("number-too-large", f"a number has more than {self.limits.digits} digits")
        return int(digits)

    def copies(self, token: str) -> int:
        """How often a point counts."""
        if not POSITIVE.fullmatch(token):
            reject("number", f"{short(token)} is no number of copies")
        return self.part(token)

    def rational(self, token: str) -> tuple[int, int]:
        """A rational in canonical form as numerator and denominator (positive, coprime)."""
        match = RATIONAL.fullmatch(token)
        if match is None:
            reject("number", f"{short(token)} is not a canonical rational")
        top = self.part(match[1])
        if match[2] is None:
            return top, 1
        bottom = self.part(match[2])
        if bottom < 2 or gcd(top, bottom) != 1:
            reject("number", f"{short(token)} is not in lowest terms")
        return top, bottom

    def bounded(self, value: int) -> int:
        """The same value, if a number of this size may be computed with."""
        if value.bit_length() > self.bits:
            reject("number-too-large", f"a computed number has more than {self.limits.digits} digits")
        return value

    def common(self, denominators: Iterable[int], start: int = 1) -> int:
        """Their least common multiple, bounded."""
        for denominator in denominators:
            if start % denominator:
                start = self.bounded(lcm(start, denominator))
        return start

    def scaled(self, tokens: Iterable[str]) -> tuple[list[int], int]:
        """Rationals as integers over their least common denominator."""
        values = [self.rational(token) for token in tokens]
        common = self.common(bottom for _, bottom in values)
        self.hold(len(values) * (common.bit_length() // 8 + 64) + 200)
        self.spend(len(values) * (common.bit_length() >> 9))
        return [top * (common // bottom) for top, bottom in values], common


# -- 2. The canonical instance -----------------------------------------------------------------------------


@dataclass
class Instance:
    """The training instance; points and labels are numbered from 1 (entry 0 is not used)."""

    relu: bool
    signs: str
    width: int
    dimension: int
    loss: str = "exact"  # or l0, l1, l2
    gamma: tuple[int, int] = (0, 1)  # the bound of the loss, numerator and denominator
    copies: list[int] | None = None  # where they are listed
    points: list[Point] = field(default_factory=lambda: [()])
    labels: list[int] = field(default_factory=lambda: [0])
    longest: int = 1  # bits of the largest number

    def add(self, point: Point, label: int, copies: int = 1) -> None:
        """The next point."""
        self.points.append(point)
        self.labels.append(label)
        if self.copies is not None:
            self.copies.append(copies)
        self.longest = max(self.longest, label.bit_length(), copies.bit_length(), *map(int.bit_length, point))

    @property
    def effort(self) -> int:
        """The work of one product or one gcd of such numbers."""
        return 1 + (self.longest >> 9) ** 2

    def count(self, i: int) -> int:
        """How often point i counts."""
        return 1 if self.copies is None else self.copies[i]

    def header(self, count: int) -> bytes:
        """The first lines of the canonical bytes."""
        top, bottom = self.gamma
        gamma = "" if self.loss == "exact" else f" {top}" if bottom == 1 else f" {top}/{bottom}"
        listed = "" if self.copies is None else "copies listed\n"
        return (
            f"certify-instance 1\nactivation {'relu' if self.relu else 'threshold'}\nsigns {self.signs}\n"
            f"loss {self.loss}{gamma}\n{listed}width {self.width}\ndimension {self.dimension}\npoints {count}\n"
        ).encode("ascii")


def read_points(reader: Reader, instance: Instance, count: int) -> str:
    """Read the points of a ``data`` certificate; the SHA-256 of the instance (canonical lines, hashed as they are)."""
    digest = hashlib.sha256(instance.header(count))
    for _ in range(count):
        tokens = reader.tokens()
        listed = instance.copies is not None
        need(len(tokens) == instance.dimension + 1 + listed, "point", f"the point has {len(tokens)} values")
        copies = reader.copies(tokens.pop()) if listed else 1
        reader.hold(copies.bit_length() // 8 if listed else 0)
        values, common = reader.scaled(tokens)
        label = values.pop()
        instance.add((*values, common), label, copies)
        digest.update(reader.data)
    return digest.hexdigest()


def build_points(reader: Reader, instance: Instance, rows: Iterable[Sequence[int]], count: int) -> str:
    """Store the points of a recipe, rows (X_1, ..., X_d, D, Y), or (..., Y, copies); the SHA-256 of the instance."""
    digest = hashlib.sha256(instance.header(count))
    listed = instance.copies is not None
    for row in rows:
        point, label = tuple(row[: instance.dimension + 1]), row[instance.dimension + 1]
        texts, bottom = [], point[-1]
        for value in (*point[:-1], label):
            common = gcd(value, bottom)
            texts.append(f"{value // common}" if common == bottom else f"{value // common}/{bottom // common}")
        if listed:
            texts.append(str(row[-1]))
        digest.update((" ".join(texts) + "\n").encode("ascii"))
        instance.add(point, label, row[-1])
        reader.spend(len(row) * (8 + (bottom.bit_length() >> 9) ** 2))
    return digest.hexdigest()


# -- 3. Recipes --------------------------------------------------------------------------------------------


class Formula(NamedTuple):
    """A positive one-in-three formula: every clause is three (not necessarily different) variables."""

    variables: int
    clauses: list[tuple[int, int, int]]


class PointSets(NamedTuple):
    """The point sets Q and P of two-hyperplane separability, in integers over one common denominator."""

    dimension: int
    denominator: int
    q: list[tuple[int, ...]]
    p: list[tuple[int, ...]]


class Cnf(NamedTuple):
    """A formula in conjunctive normal form: literals are v or -v."""

    variables: int
    clauses: list[tuple[int, ...]]


class Graph(NamedTuple):
    """A graph with edges u < v, and the size of the clique that is asked for."""

    vertices: int
    size: int
    edges: set[tuple[int, int]]


class Coloured(NamedTuple):
    """A graph whose vertices have colours 1..``classes``: ``colours[v - 1]`` is that of v."""

    colours: list[int]
    classes: int
    edges: list[tuple[int, int]]


class Modifiers(NamedTuple):
    """The lines after the recipe: neurons more, an error with its loss, the dimension to reach."""

    far: int = 0
    error: tuple[str, tuple[int, int]] | None = None
    pad: int = 0


Source = Formula | PointSets | Cnf | Graph | Coloured
RECIPES = (
    "poits-relu",
    "poits-threshold",
    "twohyp-relu",
    "twohyp-threshold",
    "sat-poits-relu",
    "sat-poits-threshold",
    "clique-twohyp-relu",
    "clique-twohyp-threshold",
    "mcclique-relu",
    "mcclique-threshold",
)
#: The recipes that may be followed by ``far``.
FAR_RECIPES = (
    "twohyp-relu",
    "twohyp-threshold",
    "clique-twohyp-relu",
    "clique-twohyp-threshold",
    "mcclique-threshold",
)
#: The theorem whose backward direction makes a source without a solution a data set without a fit (5).
THEOREMS = {
    "poits-relu": "Theorem 1",
    "poits-threshold": "Corollary 8",
    "sat-poits-relu": "Theorem 1",
    "sat-poits-threshold": "Corollary 8",
    "clique-twohyp-relu": "Theorem 7",
    "clique-twohyp-threshold": "Corollary 10",
    "mcclique-relu": "Corollary 9 for ReLU",
    "mcclique-threshold": "Corollary 9",
}


def read_formula(reader: Reader, count: int) -> Formula:
    """The source lines of the ``poits`` recipes."""
    tokens = reader.tokens()
    need(len(tokens) == 4 and tokens[:2] == ["p", "cnf"], "source", "expected 'p cnf <variables> <clauses>'")
    variables, number = reader.integer(tokens[2]), reader.integer(tokens[3])
    need(count == number + 1, "source", "the number of source lines is not one more than that of the clauses")
    clauses = []
    for _ in range(number):
        tokens = reader.tokens()
        need(len(tokens) == 4 and tokens[3] == "0", "source", "a clause is three positive literals and 0")
        a, b, c = (reader.integer(token, POSITIVE) for token in tokens[:3])
        need(max(a, b, c) <= variables, "source", "a literal is larger than the number of variables")
        clauses.append((a, b, c))
    return Formula(variables, clauses)


def read_point_sets(reader: Reader, count: int) -> PointSets:
    """The source lines of the ``twohyp`` recipes."""
    tokens = reader.tokens()
    need(len(tokens) == 4 and tokens[0] == "twohyp", "source", "expected 'twohyp <d> <|Q|> <|P|>'")
    dimension = reader.integer(tokens[1], POSITIVE)
    size, size_p = reader.integer(tokens[2]), reader.integer(tokens[3])
    need(count == size + size_p + 1, "source", "the number of source lines is not one more than that of the points")
    rows, common = [], 1
    for _ in range(count - 1):
        tokens = reader.tokens()
        need(len(tokens) == dimension, "source", f"a point has {len(tokens)} coordinates, not {dimension}")
        rows.append([reader.rational(token) for token in tokens])
        common = reader.common((bottom for _, bottom in rows[-1]), common)
    reader.hold(len(rows) * dimension * (common.bit_length() // 8 + 64))
    scaled = [tuple(top * (common // bottom) for top, bottom in row) for row in rows]
    return PointSets(dimension, common, scaled[:size], scaled[size:])


def read_cnf(reader: Reader, count: int) -> Cnf:
    """The source lines of the ``sat`` recipes."""
    tokens = reader.tokens()
    need(len(tokens) == 4 and tokens[:2] == ["p", "cnf"], "source", "expected 'p cnf <variables> <clauses>'")
    variables, number = reader.integer(tokens[2]), reader.integer(tokens[3])
    need(count == number + 1, "source", "the number of source lines is not one more than that of the clauses")
    clauses = []
    for _ in range(number):
        *literals, last = reader.tokens()
        need(last == "0", "source", "a clause is literals and 0")
        clause = tuple(reader.integer(token, INTEGER) for token in literals)
        need(all(1 <= abs(lit) <= variables for lit in clause), "source", "a literal is of no variable")
        reader.hold(200 + 40 * len(clause))
        clauses.append(clause)
    return Cnf(variables, clauses)


def read_graph(reader: Reader, count: int) -> Graph:
    """The source lines of the ``clique`` recipes."""
    tokens = reader.tokens()
    need(len(tokens) == 4 and tokens[:2] == ["p", "edge"], "source", "expected 'p edge <vertices> <edges>'")
    vertices, number = reader.integer(tokens[2]), reader.integer(tokens[3])
    tokens = reader.tokens()
    need(len(tokens) == 2 and tokens[0] == "k", "source", "expected 'k <size>'")
    size = reader.integer(tokens[1], POSITIVE)
    need(count == number + 2, "source", "the number of source lines is not two more than that of the edges")
    return Graph(vertices, size, read_edges(reader, vertices, number))


def read_edges(reader: Reader, vertices: int, number: int) -> set[tuple[int, int]]:
    """Lines ``e u v`` with u < v, in increasing order."""
    edges: set[tuple[int, int]] = set()
    last = (0, 0)
    for _ in range(number):
        tokens = reader.tokens()
        need(len(tokens) == 3 and tokens[0] == "e", "source", "expected 'e <vertex> <vertex>'")
        edge = reader.integer(tokens[1], POSITIVE), reader.integer(tokens[2], POSITIVE)
        need(edge[0] < edge[1] <= vertices, "source", "an edge is not two vertices in increasing order")
        need(last < edge, "source", "the edges are not in increasing order")
        reader.hold(200)
        edges.add(edge)
        last = edge
    return edges


def read_coloured(reader: Reader, count: int) -> Coloured:
    """The source lines of the ``mcclique`` recipes."""
    tokens = reader.tokens()
    need(len(tokens) == 4 and tokens[:2] == ["p", "edge"], "source", "expected 'p edge <vertices> <edges>'")
    vertices, number = reader.integer(tokens[2]), reader.integer(tokens[3])
    tokens = reader.tokens()
    need(len(tokens) == 2 and tokens[0] == "k", "source", "expected 'k <colours>'")
    classes = reader.integer(tokens[1])
    need(count == vertices + number + 2, "source", "there must be a line for every vertex and every edge, and two more")
    colours = []
    for vertex in range(1, vertices + 1):
        tokens = reader.tokens()
        need(len(tokens) == 3 and tokens[:2] == ["n", str(vertex)], "source", f"expected 'n {vertex} <colour>'")
        colours.append(reader.integer(tokens[2], POSITIVE))
        need(colours[-1] <= classes, "source", "there is no such colour")
    return Coloured(colours, classes, sorted(read_edges(reader, vertices, number)))


READERS: dict[str, Callable[[Reader, int], Source]] = {
    "poits": read_formula,
    "twohyp": read_point_sets,
    "sat": read_cnf,
    "clique": read_graph,
    "mcclique": read_coloured,
}


def read_modifiers(reader: Reader, recipe: str) -> tuple[Modifiers, list[str]]:
    """The lines after ``from``, in their order, and the line after them."""
    made, tokens = Modifiers(), reader.tokens()
    if tokens[0] == "far":
        (count,) = reader.field("far", 1, tokens)
        need(recipe in FAR_RECIPES, "recipe", "this recipe takes no further neurons")
        made, tokens = made._replace(far=reader.integer(count, POSITIVE)), reader.tokens()
    if tokens[0] == "error":
        loss, bound = reader.field("error", 2, tokens)
        need(loss in ("l0", "l1", "l2"), "recipe", "the loss is l0, l1 or l2")
        need(not recipe.startswith("mcclique"), "recipe", "this recipe has an error of its own")
        gamma = reader.rational(bound)
        need(gamma[0] >= 0, "recipe", "the error is negative")
        need(loss != "l0" or gamma[1] == 1, "recipe", "an error of l0 is an integer")
        made, tokens = made._replace(error=(loss, gamma)), reader.tokens()
    if tokens[0] == "pad":
        (dimension,) = reader.field("pad", 1, tokens)
        made, tokens = made._replace(pad=reader.integer(dimension, POSITIVE)), reader.tokens()
    return made, tokens


def translated(reader: Reader, source: Source) -> Formula | PointSets | Coloured:
    """The problem that the data are built from: at the end of the path from the source."""
    if isinstance(source, Cnf):
        return one_in_three(reader, source)
    if isinstance(source, Graph):
        return circles(reader, source)
    return source


def one_in_three(reader: Reader, cnf: Cnf) -> Formula:
    """Recipes ``sat-poits-*``: a chain for every clause."""
    false = cnf.variables + 1
    last = false + 1
    clauses = [(false, false, last)]
    opposite: dict[int, int] = {}

    def variable(lit: int) -> int:
        nonlocal last
        if lit > 0:
            return lit
        if -lit not in opposite:
            last += 1
            opposite[-lit] = last
            clauses.append((-lit, last, false))
        return opposite[-lit]

    for clause in cnf.clauses:
        reader.spend(1 + len(clause))
        reader.hold(700 * (1 + len(clause)))
        given = list(dict.fromkeys(clause))
        if len({abs(lit) for lit in given}) < len(given):
            continue
        negative = [lit for lit in given if lit < 0]
        order = [*negative[:1], *(lit for lit in given if lit > 0), *negative[1:]]
        if len(order) < 2:
            clauses.append((false, false, variable(order[0]) if order else false))
            continue
        waiting = variable(-order[0])
        for lit in order[1:-1]:
            name = variable(lit)
            clauses += [(waiting, last + 1, last + 2), (name, last + 2, last + 3)]
            last += 3
            waiting = last
        end = variable(-order[-1])
        last += 1
        clauses.append((end, waiting, last))
    return Formula(last, clauses)


def circles(reader: Reader, graph: Graph) -> PointSets:
    """Recipes ``clique-twohyp-*``: points on circles, in integers over 4 (T^2+1)^n, then reduced."""
    k, most = graph.size, graph.vertices
    pairs = most * most - 2 * len(graph.edges)
    cells = 2 * k * (2 * k * (most + 1) + 1 + k * (k - 1) * pairs)
    need(cells <= reader.limits.cells, "instance-too-large", "there are too many points")
    turn, steps = 1, [(1, 0)]
    while len(steps) < most + 2:
        turn += 1
        steps = [(1, 0)]  # p_x times (T^2+1)^x
        while steps[-1][1] >= 0:
            x, y = steps[-1]
            reader.spend(4 + (x.bit_length() >> 6))
            steps.append((reader.bounded((turn**2 - 1) * x - 2 * turn * y), 2 * turn * x + (turn**2 - 1) * y))
    count, unit = len(steps) - 1, turn**2 + 1
    common = 4 * unit**count
    reader.hold((cells + 4 * k * k * count) * (common.bit_length() // 8 + 64))
    ring = [(4 * x * unit ** (count - i), 4 * y * unit ** (count - i)) for i, (x, y) in enumerate(steps)]
    ring[count] = (-common, 0)
    # Halves of the differences; then halves of these for the pairs.
    middles = [((a - c) // 2, (b - d) // 2) for (a, b), (c, d) in zip(ring[1:], ring, strict=False)]

    def placed(*parts: tuple[int, int, int]) -> tuple[int, ...]:
        entries = [0] * (2 * k)
        for plane, x, y in parts:
            entries[2 * plane : 2 * plane + 2] = x, y
        return tuple(entries)

    p = [placed((i, sign * x, sign * y)) for i in range(k) for x, y in ring[:count] for sign in (1, -1)]
    q = [placed()]
    q += [placed((i, *middles[x - 1])) for i in range(k) for x in range(most + 1, count + 1)]
    for i in range(k):
        for j in range(i + 1, k):
            for u in range(1, most + 1):
                for v in range(1, most + 1):
                    if (min(u, v), max(u, v)) in graph.edges:
                        continue
                    (a, b), (c, d) = middles[u - 1], middles[v - 1]
                    q.append(placed((i, a // 2, b // 2), (j, c // 2, d // 2)))
                    q.append(placed((i, a // 2, b // 2), (j, -c // 2, -d // 2)))
                    reader.spend(8 * k)
    shared = gcd(common, *(value for row in ring[:count] for value in row), *(v for row in q for v in row))
    least = [[tuple(value // shared for value in row) for row in rows] for rows in (q, p)]
    return PointSets(2 * k, common // shared, least[0], least[1])


def gadgets(formula: Formula) -> Iterator[tuple[int, list[int]]]:
    """(offset in units of Delta, slopes in units of 1/(2M)) of the gadgets, in the canonical order."""
    scale = 2 * max(len(formula.clauses), 1)
    for j in range(1, len(formula.clauses) + 1):
        yield j, [2 * j - 2 - scale, 2 * j - 1 - scale, 2 * j - scale]
    for i in range(1, formula.variables + 1):
        yield -i, [-scale, scale]


def meeting_points(formula: Formula, spacing: int) -> Iterator[Point]:
    """The points p_{j,r}: x_1 = Delta (i+j) / (1-s), x_2 = x_1 - Delta i, label 1."""
    scale = 2 * max(len(formula.clauses), 1)
    for j, clause in enumerate(formula.clauses, 1):
        for r, i in enumerate(clause, 1):
            bottom = 2 * scale - (2 * j - 3 + r)  # (1 - s) in units of 1/(2M)
            x = spacing * (i + j) * scale
            yield x, x - spacing * i * bottom, bottom, bottom


def poits_relu(formula: Formula) -> Iterator[Point]:
    """Theorem 1: the points (X_1, X_2, D, Y)."""
    if not formula.variables and not formula.clauses:
        yield 0, 0, 1, 0
        return
    m = max(len(formula.clauses), 1)
    spacing = 16 * m + 6
    one, third, eps = 6 * m, 2 * m, 2 * m  # D = 6M; a slope s in units of 1/(2M) is eps s in units of 1/D
    middle = [-12, -9, -6, -5, -4, -3, 0, 3, 4, 5, 6, 9, 12]
    values = [0, 0, 0, 1, 2, 3, 3, 3, 2, 1, 0, 0, 0]
    side = [0, 0, 0, 1, 1, 1, 0, 0, 0]
    for offset, slopes in gadgets(formula):
        z, lo, hi = offset * spacing, slopes[0], slopes[-1]
        for x, value in zip(middle, values, strict=True):
            yield 0, x * third + z * one, one, value * third
        left = [-hi, -hi, -hi, -lo, 0, -hi, -lo, -lo, -lo]
        right = [lo, lo, lo, hi, 0, lo, hi, hi, hi]
        for sign, shifts in ((-1, left), (1, right)):
            for step, shift, value in zip(range(-4, 5), shifts, side, strict=True):
                yield sign * eps, (step + z) * one + shift, one, value * one
        for s, t in pairwise(slopes):
            gap = t - s  # g = gap / (2M): 4/g = 8M/gap and 2(s+t)/g = 2 (s+t)/gap in these units
            yield -8 * m, -2 * (s + t) + z * gap, gap, 0
            yield 8 * m, 2 * (s + t) + z * gap, gap, 0
    yield from meeting_points(formula, spacing)


def poits_threshold(formula: Formula) -> Iterator[Point]:
    """Corollary 8: the points (X_1, X_2, D, Y)."""
    if not formula.variables and not formula.clauses:
        yield 0, 0, 1, 0
        return
    m = max(len(formula.clauses), 1)
    spacing = 24 * m + 6
    fine = 2 + 12 * spacing * max(len(formula.clauses) + formula.variables, 1)  # tau = 1 / fine
    one, tau, eps = 6 * m * fine, 6 * m, 2 * m * fine  # D = 6M fine; eps s = (slope number) * fine / D
    stripe = (-one - tau, -one + tau, one - tau, one + tau)
    for offset, slopes in gadgets(formula):
        z, lo, hi = offset * spacing, slopes[0] * fine, slopes[-1] * fine
        for x, shifts in ((0, (0, 0, 0, 0)), (eps, (lo, hi, lo, hi)), (-eps, (-hi, -lo, -hi, -lo))):
            for base, shift, value in zip(stripe, shifts, (0, 1, 1, 0), strict=True):
                yield x, base + shift + z * one, one, value * one
        for s, t in pairwise(slopes):
            gap = t - s  # X = 3/(gap/(2M)) = 6M/gap, X s = 3 s/gap in these units; D = gap fine
            x, up, centre = 6 * m * fine, gap * (fine + 1), z * gap * fine
            yield x, 3 * s * fine + up + centre, gap * fine, 0
            yield x, 3 * t * fine - up + centre, gap * fine, 0
            yield -x, -3 * s * fine - up + centre, gap * fine, 0
            yield -x, -3 * t * fine + up + centre, gap * fine, 0
    yield from meeting_points(formula, spacing)


def twohyp(sets: PointSets, delta: int | None) -> Iterator[Point]:
    """Theorem 7 with delta = 1/``delta``, or Corollary 10 with None: the points (X_1, ..., X_d, D, Y)."""
    base = sets.denominator
    for q in sets.q:
        yield *q, base, base
    for p in sets.p:
        yield *p, base, 0
    if delta is None:
        return
    for q in sets.q:
        for p in sets.p:
            if q != p:
                yield *((delta - 1) * a + b for a, b in zip(q, p, strict=True)), delta * base, delta * base
                yield *(a + (delta - 1) * b for a, b in zip(q, p, strict=True)), delta * base, 0


def inverse_delta(reader: Reader, sets: PointSets) -> int:
    """1/delta = 4 d (d+1)! A^d of Theorem 7."""
    largest = max([1, *(abs(value) for row in (*sets.q, *sets.p) for value in row)])
    value = 4 * sets.dimension
    for factor in (*range(2, sets.dimension + 2), *(largest for _ in range(sets.dimension))):
        value = reader.bounded(value * factor)
    return value


def coloured_clique(reader: Reader, graph: Coloured, loss: str) -> tuple[int, list[Sequence[int]] | int, int]:
    """``mcclique-*``: gamma, the points (X_1, ..., X_d, D, Y, copies), and how many they are.

    For more than ``cells`` the points are not made.
    """
    dimension = 2 * max(graph.classes, 1)
    groups: dict[int, list[int]] = {colour: [] for colour in set(graph.colours)}
    for vertex, colour in enumerate(graph.colours, 1):
        groups[colour].append(vertex)
    edges = [(u, v) for u, v in graph.edges if graph.colours[u - 1] != graph.colours[v - 1]]
    wanted = graph.classes * (graph.classes - 1) // 2
    zero = [0] * dimension if dimension <= reader.limits.cells else []
    if len(groups) < graph.classes or len(edges) < wanted:
        return 0, [(*zero, 1, 0, 1), (*zero, 1, 1, 1)], 2
    if graph.classes <= 1:
        return 0, [(*zero, 1, 0, 1)], 1
    size = 1 + len(graph.colours) + len(edges) + sum(len(g) * (len(g) - 1) // 2 for g in groups.values())
    gamma, p = len(edges) - wanted, int(loss[1])
    if size * dimension > reader.limits.cells:
        return gamma, 0, size
    reader.hold(size * (dimension * 100 + 400))
    most = max(map(len, groups.values()))
    # With t = i/N the vector u is (N^2 - i^2, 2 i N) / (N^2 + i^2).
    unit = {}
    for group in groups.values():
        for i, vertex in enumerate(group):
            below = most * most + i * i
            unit[vertex] = Fraction(most * most - i * i, below), Fraction(2 * i * most, below)
    close = Fraction(0)
    for group in groups.values():
        for place, v in enumerate(group):
            for u in group[:place]:
                close = max(close, unit[u][0] * unit[v][0] + unit[u][1] * unit[v][1])
                reader.spend(20)
    r = (Fraction(1, 2) + 2 / (3 + close)) / 2

    def row(vertices: tuple[int, ...], factor: Fraction, label: int, copies: int) -> Sequence[int]:
        entries = [Fraction(0)] * dimension
        for vertex in vertices:
            at = 2 * graph.colours[vertex - 1] - 2
            entries[at] += factor * unit[vertex][0]
            entries[at + 1] += factor * unit[vertex][1]
        reader.spend(dimension + 20)
        below = reader.common(entry.denominator for entry in entries)
        return (*(int(entry * below) for entry in entries), below, label * below, copies)

    many = gamma * (p * len(edges)) ** p + 1 if p else gamma + 1
    rows = [row((), r, 0, many)]
    rows += [row((vertex,), 1 / r, 0, many) for vertex in range(1, len(graph.colours) + 1)]
    for colour in sorted(groups):
        group = groups[colour]
        for place, u in enumerate(group):
            rows += [row((u, v), 1 / (2 * (1 - r)), 0, many) for v in group[place + 1 :]]
    rows += [row(edge, Fraction(1), 1, 1) for edge in edges]
    return gamma, rows, size


def far_count(relu: bool, far: int, width: int, dimension: int) -> int:
    """How many points ``far`` adds."""
    return ((width + 1) * dimension + 1) * (2 * (far + 1) if relu else far + 1)


def far_points(
    reader: Reader, relu: bool, far: int, width: int, dimension: int, rows: list[Sequence[int]], copies: int
) -> Iterator[Sequence[int]]:
    """``far``: the given rows with a further coordinate 0, then the points on the lines over B_0, B_1, ..."""
    d, lines = dimension, (width + 1) * dimension + 1
    p, factor = lines, 2
    while factor * factor <= p:
        reader.spend(1)
        p, factor = (p + 1, 2) if p % factor == 0 else (p, factor + 1)
    reach = Fraction(0)
    for row in rows:
        reader.spend(d)
        reach = max(reach, Fraction(sum(map(abs, row[:d])), row[d]))
        yield (*row[:d], 0, *row[d:])
    base = (3 * far + 2 if relu else far + 1) * d
    for _ in range(d - 1):
        base = reader.bounded(base * d * p)
    bound = base * (d * p + reach)
    base = -(-bound.numerator // bound.denominator)
    heights: list[tuple[int, int]] = []
    if relu:
        value = 0
        for z in range(1, 3 * far + 3):
            # The slope above a kink at 3j + 3 is 1 for even j, 0 for odd j and below the first.
            value += 1 if z > 3 and (z - 4) // 3 % 2 == 0 else 0
            if z % 3:
                heights.append((z, value))
    else:
        heights = [(1 + j, j % 2) for j in range(far + 1)]
    for i in range(lines):
        foot, power = [], 1
        for _ in range(d):
            power = power * i % p
            foot.append(power)
        for z, label in heights:
            yield (*foot, base + z, 1, label, copies)


def spoilers(loss: str, gamma: tuple[int, int], row: Sequence[int], dimension: int) -> list[Sequence[int]]:
    """``error``: the further points at the place of the first one."""
    place, below, label = row[:dimension], row[dimension], row[dimension + 1]
    top, bottom = gamma
    if loss == "l0":
        return [(*place, below, label + below, top), (*place, below, label, top)] if top else []
    if not top:
        return []
    common = gcd(top, 2 * bottom)
    half, whole = top // common, 2 * bottom // common  # gamma / 2
    gap, count = (half, 1) if loss == "l1" else (1, half * whole)
    place, below, label = [x * whole for x in place], below * whole, label * whole
    step = gap * (below // whole)
    return [(*place, below, label + step, count), (*place, below, label - step, count)]


def rebuild(
    reader: Reader,
    recipe: str,
    modifiers: Modifiers,
    instance: Instance,
    source: Formula | PointSets | Coloured,
    count: int,
    digest: str,
) -> None:
    """Build the instance of a reduction and compare it with what the file says of it."""
    relu, far, error, pad = instance.relu, *modifiers
    loss, gamma, listed = "exact", (0, 1), False
    made: list[Sequence[int]] | int = 0
    if isinstance(source, Formula):
        m, n = len(source.clauses), source.variables
        dimension, width = 2, (4 if relu else 2) * (m + n)
        size = (38 * m + 33 * n if relu else 23 * m + 16 * n) or 1
    elif isinstance(source, Coloured):
        need(instance.loss != "exact", "loss-mismatch", "the recipe needs a loss")
        dimension, width, loss, listed = 2 * max(source.classes, 1), 1, instance.loss, True
        own, made, size = coloured_clique(reader, source, loss)
        gamma = (own, 1)
    else:
        dimension, width = source.dimension, 4 if relu else 2
        size = len(source.q) + len(source.p)
        if relu:
            copies: dict[tuple[int, ...], int] = {}
            for q in source.q:
                copies[q] = copies.get(q, 0) + 1
            size += 2 * (len(source.q) * len(source.p) - sum(copies.get(p, 0) for p in source.p))
    inner, inner_width = dimension, width
    if far:
        width, size = width + far, size + far_count(relu, far, width, dimension)
        dimension += 1
    if error is not None:
        (loss, gamma), listed = error, True
        size += 2 if gamma[0] and size else 0
    data = dimension
    if pad:
        need(pad > dimension, "dimension-mismatch", "the dimension to reach is not larger")
        dimension = pad
    need(instance.signs == "free", "signs-mismatch", "the instance of a reduction has signs free")
    need(relu == recipe.endswith("relu"), "activation-mismatch", "the recipe has another activation")
    need((instance.loss, instance.gamma) == (loss, gamma), "loss-mismatch", "the recipe has another loss or gamma")
    need((instance.copies is not None) == listed, "copies-mismatch", "copies are listed where the recipe says so")
    need(instance.width == width, "width-mismatch", "the recipe has another width")
    need(instance.dimension == dimension, "dimension-mismatch", "the recipe has another dimension")
    need(count == size, "points-mismatch", "the recipe has another number of points")
    rows: Iterable[Sequence[int]]
    reader.hold(size * 250)
    if isinstance(source, Formula):
        rows = poits_relu(source) if relu else poits_threshold(source)
    elif isinstance(source, Coloured):
        rows = [] if isinstance(made, int) else made
    else:
        delta = inverse_delta(reader, source) if relu and source.q and source.p else None
        longest = source.denominator.bit_length() + (delta or 1).bit_length()
        reader.hold(size * dimension * (longest // 8 + 64))
        rows = twohyp(source, delta)
    if modifiers != Modifiers():
        reader.hold(size * (dimension + 4) * 64)
        if not isinstance(source, Coloured):
            rows = ((*row, 1) for row in rows)
        if far:
            dear = (gamma[0] + 1) * (2 if loss == "l2" else 1) if isinstance(source, Coloured) else 1
            rows = far_points(reader, relu, far, inner_width, inner, list(rows), dear)
        whole = list(rows)
        if error is not None and whole:
            whole += spoilers(loss, gamma, whole[0], data)
        zeros = (0,) * (dimension - data) if whole else ()
        rows = [(*row[:data], *zeros, *(row[data:] if listed else row[data:-1])) for row in whole]
    if build_points(reader, instance, rows, size) != digest:
        reject("hash-mismatch", "the instance rebuilt from the source has another SHA-256")


# -- 4. YES: the witness -----------------------------------------------------------------------------------

Unit = tuple[int, Point]  # coefficient A and integer affine function W of a neuron


def check_witness(reader: Reader, instance: Instance) -> None:
    """Read the neurons and compare the network with every label (with a loss: the total with gamma), exactly.

    A neuron a, b, w with common denominator e of (w, b) is kept as W = e (w, b). At a point v = (X, D) its value is
    a max(0, W.v) / (e D), or a [W.v > 0]. With the common denominator Q of all a/e (threshold: of all a) the
    network's value is an integer over Q D (over Q).
    """
    relu, raw, common = instance.relu, [], 1
    allowed = {"free": (1, -1), "convex": (1,), "concave": (-1,)}[instance.signs]
    for _ in range(instance.width):
        tokens = reader.tokens()
        need(len(tokens) == instance.dimension + 2, "neuron", "a neuron is a b w_1 ... w_d")
        top, bottom = reader.rational(tokens[0])
        need(not relu or (bottom == 1 and top in allowed), "coefficient", "the coefficient is not allowed here")
        weights, scale = reader.scaled((*tokens[2:], tokens[1]))
        bottom *= scale if relu else 1
        raw.append((top, bottom, tuple(weights)))
        common = reader.common((bottom,), common)
    reader.hold(len(raw) * (common.bit_length() // 2 + 400))
    units = [(top * (common // bottom), weights) for top, bottom, weights in raw]
    if instance.loss != "exact":
        check_total(reader, instance, network_values(reader, units, instance), common)
        return
    for i, value in enumerate(network_values(reader, units, instance), 1):
        bottom = instance.points[i][-1]
        if value * (1 if relu else bottom) != instance.labels[i] * common:
            shown = str(Fraction(value, common * (bottom if relu else 1)))
            reject("label-mismatch", f"at point {i} the network gives {short(shown)}, not the label")


def check_total(reader: Reader, instance: Instance, values: list[int], common: int) -> None:
    """Compare the sum of the losses with gamma: the values are those of ``network_values``, over Q D (over Q).

    The gap at a point is |value - Y Q| / (Q D), or |value D - Y Q| / (Q D). Sums are made for each D first.
    """
    sums: dict[int, int] = {}
    for i, value in enumerate(values, 1):
        bottom = instance.points[i][-1]
        gap = abs(value * (1 if instance.relu else bottom) - instance.labels[i] * common)
        if instance.loss == "l0":
            gap, bottom = int(gap != 0), 1
        elif instance.loss == "l2":
            gap, bottom = gap * gap, bottom * bottom
        reader.spend(4 * instance.effort * (1 + (common.bit_length() >> 9)))
        sums[bottom] = sums.get(bottom, 0) + instance.count(i) * gap
    whole = reader.common(sums)
    reader.spend(len(sums) * (1 + (whole.bit_length() >> 9) ** 2))
    total = sum(gap * (whole // bottom) for bottom, gap in sums.items())
    scale = {"l0": 1, "l1": common, "l2": common * common}[instance.loss]
    top, bottom = instance.gamma
    if total * bottom > top * whole * scale:
        shown = str(Fraction(total, whole * scale))
        reject("loss-too-large", f"the loss of the network is {short(shown)}, more than gamma")


def network_values(reader: Reader, units: list[Unit], instance: Instance) -> list[int]:
    """sum_j A_j max(0, W_j.v), or sum_j A_j [W_j.v > 0], at all points."""
    points, relu = instance.points[1:], instance.relu
    totals = [0] * len(points)
    if instance.dimension > 2:
        for i, v in enumerate(points):
            reader.spend(len(units) * 2 * instance.effort)
            for coefficient, weights in units:
                z = sum(map(int.__mul__, weights, v))
                if z > 0:
                    totals[i] += coefficient * z if relu else coefficient
        return totals
    vertical: list[Unit] = []  # functions of x_1 alone, written (0, w_1, b)
    oblique: list[Unit] = []
    flat = slope = 0  # the sum of the constant neurons is flat + slope D
    for coefficient, weights in units:
        if instance.dimension == 2 and weights[1]:
            oblique.append((coefficient, weights))
        elif weights[0]:
            vertical.append((coefficient, (0, weights[0], weights[-1])))
        elif weights[-1] > 0:
            slope += coefficient * weights[-1] if relu else 0
            flat += 0 if relu else coefficient
    totals = [flat + slope * v[-1] for v in points]
    reader.spend((len(units) + len(points)) * instance.effort)
    sweep(reader, vertical, [(0, v[0], v[-1]) for v in points], totals, relu)
    sweep(reader, oblique, points, totals, relu)
    return totals


def chains(units: list[Unit], points: list[Point]) -> list[list[Unit]]:
    """Partition non-vertical lines into chains that are ordered by height over the whole x_1-range of the points.

    Sorted by (height at the left end, height at the right end); a line joins the chain with the highest right end
    that is not above its own (patience sorting, so the chains are as few as possible). Within a chain the heights
    do not decrease at both ends, hence nowhere between, as they are affine.
    """
    left = right = points[0]
    for v in points:
        if v[0] * left[2] < left[0] * v[2]:
            left = v
        if v[0] * right[2] > right[0] * v[2]:
            right = v
    ends = [[Fraction(-(u * v[0] + b * v[2]), w * v[2]) for v in (left, right)] for _, (u, w, b) in units]
    result: list[list[Unit]] = []
    tails: list[Fraction] = []  # minus the right ends, increasing
    for i in sorted(range(len(units)), key=ends.__getitem__):
        place = bisect_left(tails, -ends[i][1])
        if place == len(tails):
            tails.append(-ends[i][1])
            result.append([])
        tails[place] = -ends[i][1]
        result[place].append(units[i])
    return result


def sweep(reader: Reader, units: list[Unit], points: list[Point], totals: list[int], relu: bool) -> None:
    """Add the values of neurons with w_2 != 0 at points (X_1, X_2, D): prefix sums over chains, binary search a point.

    Orient a line so that z' > 0 above it. A neuron with w_2 > 0 is active where z' > 0, one with w_2 < 0 where
    z' < 0. In a chain the lines with z' > 0 at a point are a prefix of length r, those with z' >= 0 one of length
    s >= r; so the active ones are those with w_2 > 0 in the prefix r and those with w_2 < 0 behind the prefix s.
    (For ReLU r will do for both, as those with z' = 0 add nothing.)
    """
    if not points or not units:
        return
    for chain in chains(units, points):
        size = len(chain)
        longest = max(w.bit_length() for _, weights in chain for w in weights)
        reader.spend((size * 20 + len(points) * (5 + 2 * size.bit_length())) * (1 + (longest >> 9)))
        lines = [tuple(w if unit[1][1] > 0 else -w for w in unit[1]) for unit in chain]
        up, down = [(0, 0, 0)], [(0, 0, 0)]  # prefix sums of A W (of A) over w_2 > 0 and over w_2 < 0
        for coefficient, weights in chain:
            terms = [coefficient * w for w in weights] if relu else [coefficient, 0, 0]
            last, rest = (up, down) if weights[1] > 0 else (down, up)
            a, b, c = last[-1]
            last.append((a + terms[0], b + terms[1], c + terms[2]))
            rest.append(rest[-1])
        e0, e1, e2 = down[-1]
        both = [(p[0] + e0 - m[0], p[1] + e1 - m[1], p[2] + e2 - m[2]) for p, m in zip(up, down, strict=True)]
        for i, (x, y, t) in enumerate(points):
            low, high = 0, size
            while low < high:
                middle = (low + high) >> 1
                u, w, b = lines[middle]
                if u * x + w * y + b * t > 0:
                    low = middle + 1
                else:
                    high = middle
            if relu:
                p, q, r = both[low]
                totals[i] += p * x + q * y + r * t
                continue
            top, high = low, size
            while top < high:
                middle = (top + high) >> 1
                u, w, b = lines[middle]
                if u * x + w * y + b * t >= 0:
                    top = middle + 1
                else:
                    high = middle
            totals[i] += up[low][0] + e0 - down[top][0]


# -- 5. What is said of the source -------------------------------------------------------------------------


def check_solution(reader: Reader, source: Source, tokens: list[str]) -> None:
    """The line ``solution`` of a YES."""
    if isinstance(source, (Formula, Cnf)):
        true = {reader.integer(token, POSITIVE) for token in tokens}
        need(len(true) == len(tokens), "solution", "a variable is repeated")
        need(not true or max(true) <= source.variables, "solution", "there is no such variable")
        for number, clause in enumerate(source.clauses, 1):
            if isinstance(source, Formula) and sum(variable in true for variable in clause) != 1:
                reject("solution", f"clause {number} does not have exactly one true literal")
            if isinstance(source, Cnf) and not any((abs(lit) in true) == (lit > 0) for lit in clause):
                reject("solution", f"clause {number} has no true literal")
        return
    if isinstance(source, Graph):
        chosen = [reader.integer(token, POSITIVE) for token in tokens]
        need(len(chosen) == source.size, "solution", f"a clique of {source.size} vertices is asked for")
        for place, vertex in enumerate(chosen):
            reader.spend(place)
            if any((other, vertex) not in source.edges for other in chosen[:place]) or vertex > source.vertices:
                reject("solution", f"{vertex} is not a larger vertex that is adjacent to those before")
        return
    if isinstance(source, Coloured):
        chosen = [reader.integer(token, POSITIVE) for token in tokens]
        edges = set(source.edges)
        need(len(chosen) == source.classes, "solution", f"a vertex for each of {source.classes} colours is asked for")
        need(all(vertex <= len(source.colours) for vertex in chosen), "solution", "there is no such vertex")
        used = {source.colours[vertex - 1] for vertex in chosen}
        need(len(used) == source.classes, "solution", "two vertices have one colour")
        for place, vertex in enumerate(chosen):
            reader.spend(place)
            if any((other, vertex) not in edges for other in chosen[:place]):
                reject("solution", f"{vertex} is not a larger vertex that is adjacent to those before")
        return
    size = source.dimension + 1
    need(len(tokens) == 2 * size, "solution", f"two hyperplanes are {2 * size} numbers")
    planes = [reader.scaled(tokens[:size])[0], reader.scaled(tokens[size:])[0]]
    cells: list[set[tuple[bool, ...]]] = [set(), set()]
    for points, found in zip((source.q, source.p), cells, strict=True):
        for point in points:
            signs = [h[0] * source.denominator + sum(map(int.__mul__, h[1:], point)) for h in planes]
            need(all(signs), "solution", "a point lies on a hyperplane")
            found.add(tuple(sign > 0 for sign in signs))
    need(not cells[0] & cells[1], "solution", "a cell contains a point of Q and a point of P")


Disjunction = tuple[int, ...]  # the literals of a clause of a CNF
Clauses = tuple[int, Iterator[Disjunction]]  # how many variables; the clauses, in the order of their numbers


def formula_cnf(reader: Reader, formula: Formula) -> Clauses:
    """Variables and clauses: of three occurrences one is true, and no two."""
    reader.hold(len(formula.clauses) * 1280)
    clauses = (
        tuple(dict.fromkeys(given))
        for a, b, c in formula.clauses
        for given in ((a, b, c), (-a, -b), (-a, -c), (-b, -c))
    )
    return formula.variables, clauses


def clique_cnf(reader: Reader, graph: Graph) -> Clauses:
    """Variables and clauses: n (i-1) + v says that v is at place i. A clique in increasing order is a model."""
    n, k = graph.vertices, graph.size
    reader.hold(k * (200 + 40 * n) + 320 * (k * (k - 1) // 2) * (n * n - len(graph.edges)))

    def clauses() -> Iterator[Disjunction]:
        for i in range(k):
            reader.spend(n)
            yield tuple(range(n * i + 1, n * i + n + 1))
        for i in range(k):
            for j in range(i + 1, k):
                for u in range(1, n + 1):
                    reader.spend(2 * n)
                    for v in range(1, n + 1):
                        if (u, v) not in graph.edges:
                            yield -n * i - u, -n * j - v

    return n * k, clauses()


def coloured_cnf(reader: Reader, graph: Coloured) -> Clauses:
    """Variables and clauses: v says that vertex v is chosen. A clique with a vertex of every colour is a model."""
    n = len(graph.colours)
    reader.spend(n + graph.classes)
    reader.hold(200 * graph.classes)
    groups: list[list[int]] = [[] for _ in range(graph.classes)]
    for vertex, colour in enumerate(graph.colours, 1):
        groups[colour - 1].append(vertex)
    edges = {(u, v) for u, v in graph.edges if graph.colours[u - 1] != graph.colours[v - 1]}
    apart = (n * n - sum(len(group) ** 2 for group in groups)) // 2 - len(edges)
    reader.hold(200 * (len(edges) + graph.classes) + 40 * n + 320 * apart)

    def clauses() -> Iterator[Disjunction]:
        yield from map(tuple, groups)
        for u in range(1, n + 1):
            reader.spend(2 * (n - u))
            for v in range(u + 1, n + 1):
                if graph.colours[u - 1] != graph.colours[v - 1] and (u, v) not in edges:
                    yield -u, -v

    return n, clauses()


def source_cnf(reader: Reader, source: Source, base: Formula | PointSets | Coloured) -> Clauses:
    """Variables and clauses of the CNF that a refutation of this source refutes; every solution is a model of it."""
    if isinstance(source, Graph):
        return clique_cnf(reader, source)
    if isinstance(base, Coloured):
        return coloured_cnf(reader, base)
    if isinstance(base, Formula):
        return formula_cnf(reader, base)
    reject("section", "a source refutation is not for point sets")


LRAT_LINE = re.compile(rb"[1-9][0-9]{0,14}(?: d)?(?: (?:0|-?[1-9][0-9]{0,14}))+\n")


def check_lrat(reader: Reader, variables: int, given: Iterator[Disjunction]) -> int:
    """The section ``source-refutation lrat``: reverse unit propagation from these clauses; the number of steps.

    A step is sound: under the negated clause every hint forces the literal that is added, and the last one is false,
    so the clause follows from the hints. The lines are not kept; a clause is, until it is deleted.
    """
    clauses: dict[int, Disjunction] = dict(enumerate(given, 1))
    last, done, steps, known = len(clauses), False, 0, clauses.get
    while (tokens := reader.tokens()) != ["end-source"]:
        if not LRAT_LINE.fullmatch(reader.data):
            reader.integer(tokens[0], POSITIVE)
            for token in tokens[2 if tokens[1:2] == ["d"] else 1 :]:
                reader.integer(token, INTEGER)
            reject("lrat-syntax", "expected 'id literals 0 hints 0' or 'id d ids 0'")
        need(tokens[-1] == "0", "lrat-syntax", "the line does not end with 0")
        if tokens[1] == "d":
            for number in map(int, tokens[2:-1]):
                gone = clauses.pop(number, None)
                if gone is None:
                    reject("lrat-unknown-clause", f"there is no clause {number}")
                reader.memory -= 200 + 40 * len(gone)
            continue
        steps += 1
        number, *numbers = map(int, tokens)
        split = numbers.index(0)
        clause, hints = tuple(numbers[:split]), numbers[split + 1 : -1]
        reader.hold(200 + 40 * split)
        need(number > last, "lrat-syntax", "the numbers of the steps do not increase")
        need(not done, "lrat-syntax", "a step follows the empty clause")
        need(split < len(numbers) - 1, "lrat-syntax", "the step has no hints")
        need(all(abs(lit) <= variables for lit in clause), "lrat-syntax", "there is no such variable")
        need(min(hints, default=1) > 0, "number", "a hint is not the number of a clause")
        true, conflict, effort = {-lit for lit in clause}, False, 0
        for index in hints:
            hint = known(index)
            if hint is None:
                reject("lrat-unknown-clause", f"there is no clause {index}")
            need(not conflict, "lrat-hint", "a hint follows the falsified one")
            effort += len(hint)
            left = {lit for lit in hint if -lit not in true}
            if len(left) > 1 or left & true:
                reject("lrat-hint", f"the hint {index} is not unit")
            conflict = not left
            true |= left
        reader.spend(effort)
        need(conflict, "lrat-hint", "the last hint is not falsified")
        clauses[number], last, done = clause, number, not clause
    need(done, "lrat-incomplete", "the last addition is not the empty clause")
    return steps


# -- 6. NO: the refutation ---------------------------------------------------------------------------------
# -- 6.3 Lines and slots


@dataclass(slots=True)
class DataLine:
    """A declared line; ``place``: point -> integer position along the primitive direction, times ``scale``.

    ``lo``, ``hi``: for every neuron that increases along the line the position of the last point of the line with a
    fact <= 0 and of the first with a fact >= 0 (rules 2 and 3 of 6.6).
    """

    start: int
    direction: int
    place: dict[int, int]
    scale: int
    shared: bool = False  # another declared line of the same direction has points of this line
    lo: dict[int, int] = field(default_factory=dict)
    hi: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Slot:
    """The ends of a slot; a step ``n`` may move an end inward and close it (6.5)."""

    left: int
    right: int
    left_closed: bool = False
    right_closed: bool = False


def difference(v: Point, w: Point) -> tuple[int, ...]:
    """The vector v - w of two points, times the product of their denominators."""
    return tuple(x * w[-1] - y * v[-1] for x, y in zip(v[:-1], w, strict=False))


class Lines:
    """The first part of a refutation: lines, their directions, slots."""

    def __init__(self, reader: Reader, instance: Instance) -> None:
        self.reader, self.instance = reader, instance
        self.lines: list[DataLine] = []
        self.directions: dict[Point, int] = {}  # primitive vector -> number
        self.vectors: list[Point] = []
        self.on: dict[int, list[tuple[int, DataLine, int]]] = {}  # point -> (direction, line, position)
        self.met: dict[tuple[int, int], DataLine] = {}  # (point, direction) -> the first line through it
        self.most = 0  # lines through one point
        self.slots: dict[tuple[int, str], list[Slot]] = {}
        self.search = False  # 6.13: residuals and losses are unknowns
        self.pinned: set[int] | None = None  # 6.13: the points whose value is forced

    def point(self, token: str) -> int:
        """The number of a point."""
        value = self.reader.integer(token, POSITIVE)
        if value >= len(self.instance.points):
            reject("unknown-point", f"there is no point {short(token)}")
        return value

    def fitted(self, token: str) -> int:
        """The number of a point whose value is known: in a forced refutation, a pinned one."""
        value = self.point(token)
        if self.pinned is not None and value not in self.pinned:
            reject("point-not-pinned", f"the value at point {value} is not forced")
        return value

    def line(self, token: str) -> int:
        """The index (from 0) of a line."""
        value = self.reader.integer(token, POSITIVE)
        if value > len(self.lines):
            reject("unknown-line", f"there is no line {short(token)}")
        return value - 1

    def add_line(self, tokens: list[str]) -> None:
        """``line i_1 i_2 ...``: strictly ordered points of one line."""
        numbers = [self.fitted(token) for token in tokens]
        need(len(numbers) >= 2, "line-points", "a line needs two points")
        points = self.instance.points
        self.reader.spend(len(numbers) * 30 * self.instance.effort)
        first = points[numbers[0]]
        steps = [difference(points[i], first) for i in numbers]
        common = gcd(*steps[1])
        need(common, "line-order", "the first two points of the line are equal")
        vector = tuple(x // common for x in steps[1])
        pivot = next(c for c, x in enumerate(vector) if x)
        positions = []  # t of x_i = x_first + t vector: step[pivot] / (vector[pivot] D_first D_i)
        for i, step in zip(numbers, steps, strict=True):
            if any(x * vector[pivot] != step[pivot] * e for x, e in zip(step, vector, strict=True)):
                reject("not-collinear", f"point {i} is not on the line")
            positions.append(Fraction(step[pivot], vector[pivot] * first[-1] * points[i][-1]))
        need(all(a < b for a, b in pairwise(positions)), "line-order", "the points are not in order along the line")
        scale = self.reader.common(t.denominator for t in positions)
        self.reader.hold(len(positions) * (scale.bit_length() // 8 + 400))
        direction = self.directions.setdefault(vector, len(self.vectors))
        if direction == len(self.vectors):
            self.vectors.append(vector)
        place = {i: t.numerator * (scale // t.denominator) for i, t in zip(numbers, positions, strict=True)}
        line = DataLine(numbers[0], direction, place, scale)
        for i, position in place.items():
            other = self.met.setdefault((i, direction), line)
            if other is not line:
                other.shared = line.shared = True
            self.on.setdefault(i, []).append((direction, line, position))
            self.most = max(self.most, len(self.on[i]))
        self.lines.append(line)

    def add_slots(self, tokens: list[str]) -> None:
        """``slots L s ...``: disjoint open intervals of line L, in its order, each with a kink (threshold: a change).

        Soundness. Suppose no neuron with a = +1 has opposite strict signs at p and r. A neuron whose z is not of
        opposite strict signs at the ends of a segment is affine on it, so on pr the network is an affine function
        plus concave ones, hence concave, and y_q is not below the chord. So a convex kink needs a positive neuron
        that *breaks in* the open slot; likewise a concave one needs a negative neuron, and different labels at p
        and r a threshold neuron. z is affine on the line: a neuron breaks in at most one of disjoint open slots.
        """
        need(len(tokens) >= 3, "step-syntax", "slots needs a line, a sign and points")
        number, sign = self.line(tokens[0]), tokens[1]
        relu, labels, points = self.instance.relu, self.instance.labels, self.instance.points
        need(sign in (("+", "-") if relu else ("*",)), "class", "the sign does not belong to the activation")
        need((number, sign) not in self.slots, "slots-repeated", "a line has at most one slots line for a sign")
        place, size = self.lines[number].place, 3 if relu else 2
        ends = [self.point(token) for token in tokens[2:]]
        need(len(ends) % size == 0, "step-syntax", f"a slot is {size} points")
        need(all(i in place for i in ends), "slot-not-on-line", f"a point is not on line {number + 1}")
        slots: list[Slot] = []
        self.reader.spend(len(ends) * 10 * self.instance.effort)
        self.reader.hold(len(ends) * 100)
        for at in range(0, len(ends), size):
            p, q, r = ends[at], ends[at + 1], ends[at + size - 1]
            need(place[p] < place[q] <= place[r], "slot-order", "the points are not in the order of the line")
            need(not relu or place[q] < place[r], "slot-order", "the points are not in the order of the line")
            need(not slots or place[slots[-1].right] <= place[p], "slot-order", "the slots are not disjoint in order")
            bend = self.bend(place, p, q, r) if relu else 0
            need(sign != "+" or bend < 0, "slot-not-convex", f"the labels do not kink convexly at point {q}")
            need(sign != "-" or bend > 0, "slot-not-concave", f"the labels do not kink concavely at point {q}")
            if not relu and labels[p] * points[r][-1] == labels[r] * points[p][-1]:
                reject("slot-same-label", f"the points {p} and {r} have the same label")
            slots.append(Slot(p, r))
        self.slots[number, sign] = slots

    def bend(self, place: dict[int, int], p: int, q: int, r: int) -> int:
        """The sign of y_q minus the chord from (p, y_p) to (r, y_r): (y_q - y_p)(r - p) - (y_r - y_p)(q - p) scaled."""
        (y, dp), (u, dq), (v, dr) = ((self.instance.labels[i], self.instance.points[i][-1]) for i in (p, q, r))
        return (u * dp - y * dq) * dr * (place[r] - place[p]) - (v * dp - y * dr) * dq * (place[q] - place[p])

    def splits(self) -> Iterator[tuple[str, int]]:
        """The splits that the slots leave over (6.4), in order, as token and number of positive neurons."""
        k = self.instance.width
        least = dict.fromkeys("+-*", 0)
        for (_, sign), slots in self.slots.items():
            least[sign] = max(least[sign], len(slots))
        if not self.instance.relu:
            if least["*"] <= k:
                yield "*", k
            return
        low = max(least["+"], k) if self.instance.signs == "convex" else least["+"]
        high = min(k - least["-"], 0) if self.instance.signs == "concave" else k - least["-"]
        for positive in range(low, high + 1):
            yield str(positive), positive


# -- 6.5 - 6.10 One split

# Relations known of a sign: bits. A strict relation is stored with its weak one.
GE, LE, GT, LT = 1, 2, 4, 8
ABOVE, BELOW = GE | GT, LE | LT
RELATION = {">=": GE, "<=": LE, ">": GT, "<": LT}
WITH_WEAK = {GE: GE, LE: LE, GT: ABOVE, LT: BELOW}

# A literal: (SIGN, neuron, relation, point), (DEF, number, 0, positive), (BREAK, neuron, number, positive) or
# (FLAG, J or -I, 0, positive) for tJ or mI. TRUE, FALSE: bits of what is known of a flag.
Lit = tuple[int, int, int, int]
SIGN, DEF, BREAK, FLAG = range(4)
FLAGS = ((FLAG, 0), (FLAG, 1))
TRUE, FALSE = 1, 2
LIT = re.compile(r"([1-9][0-9]*)(>=|<=|>|<)([1-9][0-9]*)|(-?)([dtm])([1-9][0-9]*)|(-?)x([1-9][0-9]*)\.([1-9][0-9]*)")
ITEM = re.compile(
    r"(?:([adeornpxyz])([1-9][0-9]*)|([1-9][0-9]*)(>=|<=|>|<)([1-9][0-9]*)|([hgs])([1-9][0-9]*)\.([1-9][0-9]*)|(L)"
    r"|q([1-9][0-9]*)\.((?:0|-?[1-9][0-9]*)(?:/[1-9][0-9]*)?))"
)
FACTOR = re.compile(r"(-?[1-9][0-9]*)(?:/([1-9][0-9]*))?")
WRONG_KIND = "the literal is not allowed in this step"
EQUATION, RELATED, HIDDEN, GAP, SAME, STORED, AFFINE, ORDERED, TANGENT, BUDGET, POINTWISE, VALUED, RANKED = range(13)
ITEM_KIND = {"h": HIDDEN, "g": GAP, "s": SAME}
# 6.13: item -> its loss, the flag it needs, and (row in rho_I, sigma_I, constant)
LOSS_ITEMS = {
    "p": ("l1", 0, (-1, 1, 0)),
    "n": ("l1", 0, (1, 1, 0)),
    "z": ("l0", FALSE, (1, 0, 0)),
    "y": ("l0", TRUE, (0, 1, -1)),
    "x": ("l0", 0, (0, 1, 0)),
}
Item = tuple[int, int, int, int, int, int]  # kind, neuron, point or row, relation, numerator, denominator
EQUAL, WEAK, STRICT = 0, 1, 2
Bound = tuple[int, int, int, dict[int, int], dict[int, int], dict[int, int], dict[int, int]]
Parts = list[tuple[int, tuple[int, ...]]]


class SlotClause(NamedTuple):
    """The clause of a step ``k``: some neuron of the class (a bit set) breaks in the (open, declared) slot."""

    number: int
    neurons: int
    left: int
    right: int


Clause = tuple[Lit, ...] | SlotClause


class Value(NamedTuple):
    """A definition of a step ``q``: the constant and the coefficients of the neurons (a bit set) add up to a value."""

    top: int
    bottom: int
    neurons: int


class Row(NamedTuple):
    """A row (6.8): ``terms`` over ``denominator``; ``parts``: what many neurons have alike, as (bit set, vector)."""

    relation: int
    denominator: int
    constant: int
    terms: dict[int, int]
    parts: Parts
    guard: tuple[Lit, ...] = ()


@dataclass(slots=True)
class Ranking:
    """Neurons by a value, as of a time; ``masks``: the bit sets of the first 0, 64, 128, ... of them."""

    time: int
    values: list[int] = field(default_factory=list)
    order: list[int] = field(default_factory=list)
    masks: list[int] = field(default_factory=list)


class Conflict(Exception):  # noqa: N818
    """The assumptions of a step ``v`` contradict each other."""


def bits(mask: int) -> Iterator[int]:
    """The members of a bit set."""
    text = bin(mask)[:1:-1]
    j = text.find("1")
    while j >= 0:
        yield j
        j = text.find("1", j + 1)


def bit_set(members: set[int]) -> int:
    """The bit set of its members."""
    digits = bytearray(b"0") * (max(members, default=0) + 1)
    for j in members:
        digits[-1 - j] = 49
    return int(digits, 2)


def independent(u: Sequence[int], e: Sequence[int]) -> tuple[int, int, int]:
    """Two coordinates in which u and e are independent, with the determinant; (0, 0, 0) if there are none."""
    r = next(c for c, x in enumerate(e) if x)
    return next(((r, s, d) for s in range(len(e)) if (d := u[r] * e[s] - u[s] * e[r])), (0, 0, 0))


class Trail:
    """What is known of literals as numbers: the propagation of a split while it has no label and no step ``k``.

    Rules 2 and 3 speak of labelled neurons only, and no literal is an xj.N. So what is known of a sign is what was
    stored or is assumed. A literal and its negation have numbers that differ in the last bit. ``true``: the numbers of
    what is known or assumed; ``brings``: a number -> what is true with it, itself first; ``against``: the number of dN
    -> those of which one makes it false.
    """

    def __init__(self, split: Split) -> None:
        self.split = split
        self.true: set[int] = set()
        self.numbers: dict[Lit, int] = {}
        self.brings: list[tuple[int, ...]] = []
        self.against: dict[int, frozenset[int]] = {}
        self.hints: dict[str, tuple[int, ...]] = {}

    def number(self, literal: Lit) -> int:
        """The number of a literal; a new one is true if it is known outside of a step."""
        found = self.numbers.get(literal)
        if found is not None:
            return found
        split, (kind, a, _, c) = self.split, literal
        split.reader.hold(1000)
        split.reader.spend(10)
        if kind == DEF:
            parts = [self.number(part) for part in split.definitions[a]]
            first = len(self.brings)
            self.numbers[DEF, a, 0, 1], self.numbers[DEF, a, 0, 0] = first, first + 1
            self.brings += [(first, *(n for part in parts for n in self.brings[part])), (first + 1,)]
            self.against[first] = frozenset(part ^ 1 for part in parts)
            return self.numbers[literal]
        first = len(self.brings)
        if kind == FLAG:
            pair, known = [(FLAG, a, 0, 1), (FLAG, a, 0, 0)], split.flag(a)
            self.brings += [(first,), (first + 1,)]
        else:
            pair = [(SIGN, a, r, c) for r in ((GT, LE, LT, GE) if split.relu else (GT, LT))]
            known = split.facts.get(a * len(split.points) + c, 0)
            weak = [(first, first + 3), (first + 1,), (first + 2, first + 1), (first + 3,)]
            self.brings += weak if split.relu else [(first,), (first + 1,)]
        for n, (_, _, r, positive) in enumerate(pair, first):
            self.numbers[pair[n - first]] = n
            if known & (r if kind == SIGN else TRUE if positive else FALSE):
                self.true.add(n)
        return self.numbers[literal]

    def learn(self, literal: Lit) -> None:
        """A literal is a fact from now on."""
        if literal in self.numbers:
            self.true.update(self.brings[self.numbers[literal]])

    def hint(self, token: str) -> tuple[int, ...]:
        """The numbers of the literals of a hint, in its order. What was looked up once is there until a step x."""
        clause = self.split.hint(*self.split.named(token))
        assert not isinstance(clause, SlotClause)  # there is no step k
        found = self.hints[token] = tuple(map(self.number, clause))
        self.split.reader.hold(200 + 8 * len(found))
        return found

    def refute(self, clause: tuple[Lit, ...], tokens: list[str]) -> None:
        """As ``Split.propagate``, and nothing is assumed afterwards."""
        hints = [self.hints.get(token) or self.hint(token) for token in tokens]
        self.split.reader.spend(2 * sum(map(len, hints)))
        added: list[int] = []
        try:
            for literal in clause:
                self.require(self.number(literal) ^ 1, added)
            for hint in hints:
                left = self.open_in(hint)
                if left is None:
                    continue  # a literal of the hint is true
                if left < 0:
                    return
                self.require(left, added)
        except Conflict:
            return
        finally:
            self.true.difference_update(added)
        reject("no-conflict", "the last hint is not falsified")

    def require(self, number: int, added: list[int]) -> None:
        """Assume a literal and what it brings; Conflict if one of that is false."""
        true = self.true
        for n in self.brings[number]:
            if n ^ 1 in true:
                raise Conflict
            if n not in true:
                true.add(n)
                added.append(n)

    def open_in(self, hint: tuple[int, ...]) -> int | None:
        """The literal that is neither true nor false, -1 if there is none; None if one is true before a second one."""
        true, against, left = self.true, self.against, -1
        for n in hint:
            opposite = n ^ 1
            # dN is false if one of its literals is, whatever else is known of it.
            is_true = n in true or (opposite in against and not against[opposite].isdisjoint(true))
            is_false = opposite in true or (n in against and not against[n].isdisjoint(true))
            if is_true and is_false:
                raise Conflict
            if is_true:
                return None
            if not is_false and n != left:
                need(left < 0, "hint-not-unit", "a hint is neither unit nor falsified")
                left = n
        return left


class Split:
    """One split: what is known, the stored clauses and rows, and the steps.

    Every step's conclusion holds for all functions as in 6.1 that fit the data, with the signs of the split and the
    names and orientations fixed by the labels. So when the empty clause, a contradiction or an impossible bound is
    reached, there are none. Assumptions of a step are stored like facts, with an undo list, and taken back after it.
    """

    def __init__(self, data: Lines, positive: int) -> None:
        self.data, self.reader, self.instance = data, data.reader, data.instance
        self.points, self.relu = data.instance.points, data.instance.relu
        self.k = k = data.instance.width
        self.positive = positive
        self.everyone = ((1 << k) - 1) << 1
        self.members = {"*": self.everyone, "+": ((1 << positive) - 1) << 1}
        self.members["-"] = self.everyone ^ self.members["+"]
        self.sizes = {"*": k, "+": positive, "-": k - positive}
        self.saturated = {  # (line, class) -> its slots, with the ends as steps n leave them
            key: [Slot(slot.left, slot.right) for slot in slots]
            for key, slots in data.slots.items()
            if len(slots) == self.sizes[key[1]]
        }
        # Keys of unknowns: z_j: j stride + (0 .. d), a_j (threshold): j stride + d + 1, alpha: 0 .. d (or 0),
        # h_{j,i} (threshold: t_{j,i}): -(i (k+1) + j), rho_i and sigma_i (6.13): (k+1) stride + 2i and + 2i + 1.
        self.stride = data.instance.dimension + (1 if self.relu else 2)
        self.shift = 0 if self.relu else data.instance.dimension + 1
        self.negation = {GE: LT, LT: GE, LE: GT, GT: LE} if self.relu else {GT: LT, LT: GT}
        # 6.6: knowledge
        self.facts: dict[int, int] = {}  # j (n+1) + i -> relations
        self.heading: dict[int, int] = {}  # neuron -> direction along which it increases
        self.fact_masks: dict[int, list[int]] = {}  # point -> bit sets of the neurons with facts >= 0, <= 0
        self.pairs: dict[int, list[tuple[DataLine, DataLine]]] = {}
        self.bounds: dict[tuple[int, int], list[Bound]] = {}
        self.masks: dict[int, list[int]] = {}  # point -> [bit set known >= 0, bit set <= 0, time]
        self.most_masks = max(64, 2**30 // (k + 64))
        self.changed: dict[int, int] = {}  # headed neuron -> time of its last fact, in the order of time
        self.time = 0
        self.ranked: dict[tuple[int, int, int, int], Ranking] = {}
        self.ranked_size = 0
        self.joined: dict[tuple[int, int], tuple[int, list[tuple[int, int, int]]]] = {}
        self.unit = 2 + data.most  # work of a look-up
        self.taken: dict[tuple[int, str], dict[int, int]] = {}  # saturated line -> slot -> neuron
        self.flags: dict[int, int] = {}  # J, -I -> what is known of tJ, mI (6.11, 6.13)
        # class -> whether its neurons without label are in order by coefficients, and the points of the order
        self.ordered: dict[str, tuple[bool, list[int]]] = {}
        # the scope of a step
        self.undo: list[tuple[dict[int, int], int, int | None]] = []
        self.dirty: set[int] = set()
        self.scoped = False
        self.chosen: dict[int, bool] = {}  # definitions assumed
        self.breaks: dict[tuple[int, int], bool] = {}  # (neuron, number) of x-literals assumed
        self.breaking: list[tuple[int, SlotClause]] = []  # those assumed true
        # stored
        self.last = 0
        self.clauses: dict[int, Clause] = {}
        self.slot_of: dict[int, SlotClause] = {}
        self.definitions: dict[int, tuple[Lit, ...]] = {}
        self.values: dict[int, Value] = {}  # which are definitions, too, and name no literal
        self.rows: dict[int, Row] = {}
        self.read: dict[str, Lit] = {}  # token -> its literal of a sign, or dN
        self.names: dict[str, tuple[int, int, int, int]] = {}  # name of an item -> what it is
        self.trail = Trail(self)
        self.refuted = False
        self.reader.spend(len(data.lines) + 10 * sum(map(len, data.slots.values())) + (k >> 4))
        for line in data.lines:
            line.lo.clear()
            line.hi.clear()

    # -- 6.6 Sign knowledge

    def sign(self, j: int, i: int) -> int:
        """What is known of z_j(x_i), the assumptions of the step included.

        Rule 2: z_j increases strictly along the line. Rule 3: see ``pair_bounds``.
        """
        known = self.facts.get(j * len(self.points) + i, 0)
        heading = self.heading.get(j)
        if heading is None:
            return known
        for direction, line, position in self.data.on.get(i, ()):
            if direction == heading:
                end = line.lo.get(j)
                if end is not None and position < end:
                    known |= BELOW
                end = line.hi.get(j)
                if end is not None and end < position:
                    known |= ABOVE
        if heading in self.pairs:
            for f, g, limit, upper_a, upper_b, lower_a, lower_b in self.pair_bounds(heading, i):
                if j in upper_a and j in upper_b:
                    value = f * upper_a[j] + g * upper_b[j]
                    if value <= limit:
                        known |= ABOVE if value < limit or not self.relu else GE
                if j in lower_a and j in lower_b:
                    value = f * lower_a[j] + g * lower_b[j]
                    if value >= limit:
                        known |= BELOW if value > limit or not self.relu else LE
        return known

    def pair_bounds(self, direction: int, i: int) -> list[Bound]:
        """Rule 3 for a point and the declared pairs (A, B) of a direction e, as integer comparisons.

        Let z increase along e, by s > 0 a unit. On the parallel to e through c it vanishes at the position
        t(c) = -z(c)/s, which is an affine function of c. So with p = (1-theta) A_1 + theta B_1 + mu e we have
        z(p) = s (mu - t), t = (1-theta) t_A + theta t_B, and lo <= t_A <= hi, lo <= t_B <= hi bound t: take the
        upper bound of t_A where its factor is positive, the lower one where it is negative. Hence z(p) >= 0 if mu
        is at least the upper bound of t, > 0 if above it; likewise below. An entry (f, g, m, ...) stands for the
        comparison of f (position on A) + g (position on B) with m. A factor 0 asks for nothing: there the other
        line stands in.
        """
        found = self.bounds.get((direction, i))
        if found is not None:
            return found
        if len(self.bounds) > 2**21:
            self.bounds.clear()
        found = []
        e = self.data.vectors[direction]
        for line_a, line_b in self.pairs[direction]:
            a, b, p = (self.points[c] for c in (line_a.start, line_b.start, i))
            u = difference(b, a)  # (B_1 - A_1) D_a D_b
            w = difference(p, a)  # (p - A_1) D_a D_p
            r, s, det = independent(u, e)
            along_u, along_e = w[r] * e[s] - w[s] * e[r], u[r] * w[s] - u[s] * w[r]
            if any(x * det != along_u * y + along_e * z for x, y, z in zip(w, u, e, strict=True)):
                continue  # p is not in the plane of the pair
            if det < 0:
                det, along_u, along_e = -det, -along_u, -along_e
            # theta = along_u D_b / (det D_p), mu = along_e / (det D_p D_a)
            theta, whole = along_u * b[-1], det * p[-1]
            f = (whole - theta) * a[-1] * line_b.scale
            g = theta * a[-1] * line_a.scale
            m = along_e * line_a.scale * line_b.scale
            common = gcd(f, g, m) or 1
            upper_a, lower_a = (line_a.hi, line_a.lo) if f > 0 else (line_a.lo, line_a.hi)
            upper_b, lower_b = (line_b.hi, line_b.lo) if g > 0 else (line_b.lo, line_b.hi)
            if f == 0:
                upper_a, lower_a = upper_b, lower_b
            if g == 0:
                upper_b, lower_b = upper_a, lower_a
            found.append((f // common, g // common, m // common, upper_a, upper_b, lower_a, lower_b))
        self.reader.spend(50 * len(self.pairs[direction]) * self.instance.effort)
        self.bounds[direction, i] = found
        return found

    def store(self, j: int, i: int, relation: int) -> None:
        """Store a fact, or inside a step an assumption: rule 1, and the bounds that rules 2 and 3 use."""
        relations = WITH_WEAK[relation]
        key = j * len(self.points) + i
        changes = [(self.facts, key, self.facts.get(key, 0) | relations)]
        heading = self.heading.get(j)
        if heading is not None:
            for direction, line, position in self.data.on.get(i, ()):
                if direction == heading:
                    if relations & LE and line.lo.get(j, position - 1) < position:
                        changes.append((line.lo, j, position))
                    if relations & GE and line.hi.get(j, position + 1) > position:
                        changes.append((line.hi, j, position))
        if self.scoped:
            self.dirty.add(j)
            self.undo.extend((where, index, where.get(index)) for where, index, _ in changes)
        else:
            masks = self.fact_masks.setdefault(i, [0, 0])
            for side, bit in ((0, GE), (1, LE)):
                if relations & bit:
                    masks[side] |= 1 << j
                    if heading is None and i in self.masks:
                        self.masks[i][side] |= 1 << j
            if heading is not None:
                self.time += 1
                self.changed.pop(j, None)
                self.changed[j] = self.time
        for where, index, value in changes:
            where[index] = value

    def flag(self, key: int) -> int:
        """What is known of tJ (key J) or mI (key -I), assumptions included; only labels turn neurons."""
        return self.flags.get(key, 0) | (FALSE if key > 0 and key not in self.heading else 0)

    def store_flag(self, key: int, positive: int) -> None:
        """Store tJ, mI or its negation as a fact, or inside a step as an assumption."""
        if self.scoped:
            self.undo.append((self.flags, key, self.flags.get(key)))
        self.flags[key] = self.flags.get(key, 0) | (TRUE if positive else FALSE)

    def settle(self, i: int) -> None:
        """Bring the bit sets of a point up to date with the facts. Only outside a scope: they know no assumptions."""
        entry = self.masks.get(i)
        if entry is not None:
            if entry[2] != self.time:
                for j in reversed(self.changed):
                    if self.changed[j] <= entry[2]:
                        break
                    self.reader.spend(self.unit)
                    known = self.sign(j, i)
                    if known & GE:
                        entry[0] |= 1 << j
                    if known & LE:
                        entry[1] |= 1 << j
                entry[2] = self.time
            return
        facts = self.fact_masks.get(i, (0, 0))
        above, below = facts[0], facts[1]
        paired = {id(line) for pairs in self.pairs.values() for pair in pairs for line in pair}
        for _, line, position in self.data.on.get(i, ()):
            if id(line) not in paired:  # rule 3 of a pair says as much on its own lines
                self.reader.spend(len(line.hi) + len(line.lo) + (self.k >> 3))
                above |= bit_set({j for j, end in line.hi.items() if end < position})
                below |= bit_set({j for j, end in line.lo.items() if position < end})
        for direction in sorted(self.pairs):
            for f, g, m, up_a, up_b, low_a, low_b in self.pair_bounds(direction, i):
                common = gcd(f, g)
                above |= self.up_to(up_a, up_b, f // common, g // common, m // common)
                below |= self.up_to(low_a, low_b, -f // common, -g // common, -m // common)
        self.masks[i] = [above, below, self.time]

    def up_to(self, one: dict[int, int], two: dict[int, int], f: int, g: int, limit: int) -> int:
        """The bit set of the neurons j with f one[j] + g two[j] <= limit.

        Points on one parallel to a pair share f and g. From the second of them on the values are kept sorted, with the
        bit sets of their initial parts at every 64th place.
        """
        name = (id(one), id(two), f, g)
        members = self.joint(one, two)
        entry = self.ranked.get(name)
        if entry is None or entry.time != self.time:
            if len(self.ranked) > 2**16:
                self.ranked.clear()
            self.ranked[name] = Ranking(self.time)
            self.reader.spend(2 * len(members) + (self.k >> 3))
            return bit_set({j for j, a, b in members if f * a + g * b <= limit})
        if not entry.masks:
            size = len(members)
            self.ranked_size += (size >> 6) * (self.k >> 3) + 100 * size
            if self.ranked_size > 2**28:
                self.ranked_size = 0
                self.ranked.clear()
            self.reader.spend(20 * size + (size >> 6) * (self.k >> 3))
            ranked = sorted((f * a + g * b, j) for j, a, b in members)
            entry.values, entry.order = [value for value, _ in ranked], [j for _, j in ranked]
            entry.masks.append(0)
            for at in range(64, size + 1, 64):
                entry.masks.append(entry.masks[-1] | bit_set(set(entry.order[at - 64 : at])))
        self.reader.spend(64 + (self.k >> 3))
        count = bisect_right(entry.values, limit)
        mask = entry.masks[count >> 6]
        for j in entry.order[count & -64 : count]:
            mask |= 1 << j
        return mask

    def joint(self, one: dict[int, int], two: dict[int, int]) -> list[tuple[int, int, int]]:
        """The neurons with ends in both dictionaries of a pair of lines, with these ends."""
        name = (id(one), id(two))
        entry = self.joined.get(name)
        if entry is None or entry[0] != self.time:
            entry = self.joined[name] = self.time, [(j, a, two[j]) for j, a in one.items() if j in two]
        return entry[1]

    def known(self, i: int) -> tuple[int, int]:
        """Bit sets of the neurons known >= 0 and <= 0 at a settled point, the assumptions of the step included."""
        above, below, _ = self.masks[i]
        for j in self.dirty:
            relations = self.sign(j, i)
            if relations & GE:
                above |= 1 << j
            if relations & LE:
                below |= 1 << j
        return above, below

    # -- 6.7 Literals and the scope of a step

    def end(self) -> None:
        """Forget the assumptions of the step."""
        for where, index, value in reversed(self.undo):
            if value is None:
                where.pop(index, None)
            else:
                where[index] = value
        self.scoped = False
        for assumed in (self.undo, self.dirty, self.chosen, self.breaks, self.breaking):
            assumed.clear()

    def neuron(self, token: str) -> int:
        """The number of a neuron."""
        value = self.reader.integer(token, POSITIVE)
        if value > self.k:
            reject("unknown-neuron", f"there is no neuron {short(token)}")
        return value

    def relation(self, token: str) -> int:
        """A relation; threshold neurons have only the strict ones."""
        if RELATION[token] not in self.negation:
            reject("relation", f"the relation {token} is not one of a threshold neuron")
        return RELATION[token]

    def literals(self, tokens: Iterable[str], *allowed: tuple[int, int]) -> tuple[Lit, ...]:
        """Literals: of signs, and of the allowed (kind, polarity)."""
        result: list[Lit] = []
        for token in tokens:
            read = self.read.get(token)
            if read is not None:
                need(read[0] == SIGN or (read[0], read[3]) in allowed, "literal-kind", WRONG_KIND)
                result.append(read)
                continue
            match = LIT.fullmatch(token)
            if match is None:
                reject("literal-syntax", f"{short(token)} is not a literal")
            j, relation, i, minus_d, letter, name, minus_x, neuron, slot = match.groups()
            if len(self.read) >= 2**16:
                self.read.clear()
            if j is not None:
                read = SIGN, self.neuron(j), self.relation(relation), self.data.point(i)
                self.read[token] = read
                result.append(read)
                continue
            if letter == "t":
                literal = (FLAG, self.neuron(name), 0, int(not minus_d))
            elif letter == "m":
                literal = (FLAG, -self.data.point(name), 0, int(not minus_d))
                need(self.data.search and self.instance.loss == "l0", "literal-kind", "mI is for the search with l0")
            elif letter == "d":
                number = self.reader.integer(name)
                need(number in self.definitions, "unknown-definition", "there is no such definition")
                literal = self.read[token] = (DEF, number, 0, int(not minus_d))
            else:
                number = self.reader.integer(slot)
                literal = (BREAK, self.neuron(neuron), number, int(not minus_x))
                clause = self.slot_of.get(number)
                if clause is None or not clause.neurons >> literal[1] & 1:
                    reject("unknown-slot", f"there is no slot as in {short(token)}")
            need((literal[0], literal[3]) in allowed, "literal-kind", WRONG_KIND)
            result.append(literal)
        self.reader.hold(100 * len(result))
        return tuple(result)

    def negate(self, literal: Lit) -> Lit:
        """The negation of a literal."""
        kind, a, b, c = literal
        return (kind, a, self.negation[b], c) if kind == SIGN else (kind, a, b, 1 - c)

    def assume(self, *literals: Lit) -> None:
        """Assume literals for the rest of the step; a definition with each of its literals."""
        self.scoped = True
        for kind, a, b, c in literals:
            if kind == SIGN:
                self.store(a, c, b)
            elif kind == DEF:
                self.chosen[a] = bool(c)
                if c:
                    self.reader.spend(len(self.definitions[a]) * self.unit)
                    self.assume(*self.definitions[a])  # which names no other definition
            elif kind == FLAG:
                self.store_flag(a, c)
            else:
                self.breaks[a, b] = bool(c)
                if c:
                    self.breaking.append((a, self.slot_of[b]))

    def truth(self, literal: Lit) -> tuple[bool, bool]:
        """Whether a literal of a sign, tJ or mI is true, and false: known or assumed."""
        kind, a, b, c = literal
        if kind == SIGN:
            known = self.sign(a, c)
            return bool(known & b), bool(known & self.negation[b])
        state = self.flag(a)
        return bool(state & (TRUE if c else FALSE)), bool(state & (FALSE if c else TRUE))

    def holds(self, literal: Lit) -> bool:
        """Whether a guard literal (of a sign, tJ, mI or dN) is known or assumed."""
        return literal[1] in self.chosen if literal[0] == DEF else self.truth(literal)[0]

    # -- 6.8 Rows

    def items(self, tokens: list[str]) -> list[Item]:
        """Parse a combination, and settle the points of its equations (before anything is assumed)."""
        need(tokens, "step-syntax", "the combination is empty")
        result = list[Item]()
        for token in tokens:
            name, _, factor = token.rpartition(":")
            match = FACTOR.fullmatch(factor)
            found = self.names.get(name) or self.named_item(name, token)
            if match is None:
                reject("item-syntax", f"{short(token)} is not an item")
            p, q = self.reader.part(match[1]), 1
            if match[2] is not None:
                q = self.reader.part(match[2])
                if q < 2 or gcd(p, q) != 1:
                    reject("number", f"{short(token)}: the multiplier is not in lowest terms")
            if found[0] == EQUATION:
                self.settle(found[2])
            result.append((*found, p, q))
        return result

    def named_item(self, name: str, token: str) -> tuple[int, int, int, int]:
        """The name of an item, without its multiplier. What does not depend on the state is kept for the next time."""
        match = ITEM.fullmatch(name)
        if match is None:
            reject("item-syntax", f"{short(token)} is not an item")
        first, index, j, relation, i, letter, hidden_j, hidden_i, budget, tangent, v = match.groups()
        if first == "o":
            number = self.neuron(index)
            ranked, order = self.order_of(number)
            if ranked:
                return RANKED, number, 0, 0
            need(len(order) == 1, "no-order", f"{short(token)}: the order is not one of values at a point")
            return ORDERED, number, order[0], 0
        if first == "d":
            number = self.reader.integer(index)
            need(number in self.values, "unknown-definition", f"{short(token)}: there is no such step q")
            return VALUED, 0, number, 0
        if first == "r":
            number = self.reader.integer(index)
            if number not in self.rows:
                reject("unknown-row", f"there is no row {short(token)}")
            return STORED, 0, number, 0
        if first == "e":
            found = EQUATION, 0, self.data.fitted(index), 0
        elif first == "a":
            found = AFFINE, 0, self.data.point(index), 0
        elif first or budget or tangent:
            loss = LOSS_ITEMS[first][0] if first else "l2" if tangent else self.instance.loss
            fits = self.data.search and loss == self.instance.loss
            need(fits, "item-kind", f"{short(token)}: there is no such item here")
            if first:
                found = POINTWISE, ord(first), self.data.point(index), 0
            else:
                found = (TANGENT, *self.tangent(tangent, v)) if tangent else (BUDGET, 0, 0, 0)
        elif j is not None:
            found = RELATED, self.neuron(j), self.data.point(i), self.relation(relation)
        else:
            kind = ITEM_KIND[letter]
            if kind != SAME and not self.relu:
                reject("item-kind", f"{short(token)}: threshold neurons have no such item")
            found = kind, self.neuron(hidden_j), self.data.point(hidden_i), 0
        if len(self.names) >= 2**16:
            self.names.clear()
        self.names[name] = found
        return found

    def tangent(self, point: str, v: str) -> tuple[int, int, int]:
        """The middle of the item qI.v: numerator of v, the point, denominator of v."""
        top, bottom = self.reader.rational(v)
        return top, self.data.point(point), bottom

    def denominator(self, item: Item) -> int:
        """The denominator of an item's row, before its multiplier."""
        kind, _, i, which, _, _ = item
        if kind == STORED:
            return self.rows[i].denominator
        if kind == VALUED:
            return self.values[i].bottom
        if kind in (HIDDEN, POINTWISE, RANKED):
            return 1
        return which * which if kind == TANGENT else self.instance.gamma[1] if kind == BUDGET else self.points[i][-1]

    def combine(self, items: list[Item], derived: int | None = None) -> Row:
        """The sum of the items, all of which hold under the facts and the assumptions of the step, but for the equation
        of ``derived``, of which nothing is known.

        An equation's terms z_j (threshold: a_j) are the same function of the point for all neurons known >= 0 there,
        so they are kept as a bit set with one vector; the sum of such parts is made on their common refinement.
        """
        points, labels, size, stride = self.points, self.instance.labels, self.k + 1, self.stride
        common = self.reader.common(item[5] * self.denominator(item) for item in items)
        length = 1 + (common.bit_length() >> 9)
        self.reader.spend(10 * len(items) * length * (1 + (self.instance.longest >> 9)))
        relation, constant = EQUAL, 0
        terms: dict[int, int] = {}
        groups: Parts = []
        alpha = [0] * (self.instance.dimension + 1 if self.relu else 1)

        def add_affine(j: int, i: int, factor: int) -> None:
            for key, x in enumerate(points[i], j * stride):
                if x:
                    terms[key] = terms.get(key, 0) + factor * x

        def add_loss(i: int, rho: int, sigma: int) -> None:
            for key, x in enumerate((rho, sigma), size * stride + 2 * i):
                terms[key] = terms.get(key, 0) + x

        for kind, j, i, which, p, q in items:
            whole, strength = p * (common // q), WEAK
            if kind in (HIDDEN, GAP):
                terms[-(i * size + j)] = terms.get(-(i * size + j), 0) + whole
                if kind == GAP:
                    add_affine(j, i, -(whole // points[i][-1]))
            elif kind == EQUATION:
                factor, strength = whole // points[i][-1], EQUAL
                vector = tuple(factor * x for x in points[i]) if self.relu else (whole,)
                alpha = list(map(int.__add__, alpha, vector))
                constant -= factor * labels[i]
                if self.data.search:
                    add_loss(i, whole, 0)
                above, below = self.known(i)
                unknown = self.everyone & ~(above | below)
                self.reader.spend((20 + unknown.bit_count() + len(self.dirty) * self.unit + (size >> 5)) * length)
                for j in bits(unknown):
                    key = -(i * size + j)
                    terms[key] = terms.get(key, 0) + (whole if j <= self.positive else -whole)
                if above:
                    groups.append((above, vector))
            elif kind == SAME:
                known, strength = self.sign(j, i), EQUAL
                if not known & (GE | LE):
                    reject("sign-not-known", f"the sign of neuron {j} at point {i} is not known")
                terms[-(i * size + j)] = terms.get(-(i * size + j), 0) + whole
                if known & GE and self.relu:
                    add_affine(j, i, -(whole // points[i][-1]))
                elif known & GE:
                    terms[j * stride + self.shift] = terms.get(j * stride + self.shift, 0) - whole
            elif kind == STORED:
                row = self.rows[i]
                if not all(map(self.holds, row.guard)):
                    reject("guard-not-true", f"a guard literal of row {i} is not true")
                factor, strength = whole // row.denominator, row.relation
                constant += factor * row.constant
                self.reader.spend((20 + len(row.terms) + len(row.guard) * self.unit) * length)
                for key, x in row.terms.items():
                    terms[key] = terms.get(key, 0) + factor * x
                groups.extend((mask, tuple(factor * x for x in vector)) for mask, vector in row.parts)
            elif kind == VALUED:
                need(i == derived or self.chosen.get(i), "definition-not-true", f"d{i} is not true")
                top, bottom, neurons = self.values[i]
                strength = EQUAL
                alpha[0] += whole
                constant -= whole // bottom * top
                self.reader.spend((20 + (size >> 5)) * length)
                if neurons:
                    groups.append((neurons, (whole,)))
            elif kind == AFFINE:
                factor, strength = whole // points[i][-1], EQUAL
                vector = tuple(factor * x for x in points[i]) if self.relu else (whole,)
                alpha = list(map(int.__add__, alpha, vector))
                self.reader.spend((len(self.heading) + (size >> 5)) * length)
                if self.heading and (turned := bit_set({j for j in self.heading if self.turn_of(j)})):
                    groups.append((turned, vector))
            elif kind == ORDERED:
                factor = whole // points[i][-1]
                add_affine(j + 1, i, factor)
                add_affine(j, i, -factor)
            elif kind == RANKED:
                for key, x in ((j + 1, whole), (j, -whole)):
                    terms[key * stride + self.shift] = terms.get(key * stride + self.shift, 0) + x
            elif kind == BUDGET:
                top, bottom = self.instance.gamma
                constant += whole // bottom * top
                self.reader.spend(len(points) * length)
                for i in range(1, len(points)):
                    add_loss(i, 0, -whole * self.instance.count(i))
            elif kind == TANGENT:
                add_loss(i, -2 * j * (whole // which), whole)
                constant += whole // which**2 * j * j
            elif kind == POINTWISE:
                _, flag, (rho, sigma, one) = LOSS_ITEMS[chr(j)]
                need(not flag or self.flag(-i) & flag, "literal-not-known", f"whether point {i} is missed is not known")
                strength = EQUAL if flag == FALSE else WEAK
                add_loss(i, whole * rho, whole * sigma)
                constant += whole * one
            else:  # RELATED
                if not self.sign(j, i) & which:
                    reject("literal-not-known", f"the relation of neuron {j} at point {i} is not known")
                strength = STRICT if which & (GT | LT) else WEAK
                factor = whole // points[i][-1]
                add_affine(j, i, factor if which & ABOVE else -factor)
            if strength != EQUAL:
                need(p > 0, "multiplier-not-positive", "an inequality has a negative multiplier")
                relation = max(relation, strength)
        for c, x in enumerate(alpha):
            terms[c] = terms.get(c, 0) + x
        return Row(relation, common, constant, {key: x for key, x in terms.items() if x}, self.refine(groups))

    def refine(self, groups: Parts) -> Parts:
        """The sum of vectors on bit sets, as vectors (not 0) on disjoint bit sets."""
        if not groups:
            return []
        zero = (0,) * len(groups[0][1])
        parts = [(self.everyone, zero)]
        for mask, vector in groups:
            self.reader.spend(len(parts) * (4 + (self.k >> 5)))
            refined = []
            for members, value in parts:
                both = members & mask
                if both:
                    refined.append((both, tuple(map(int.__add__, value, vector))))
                if both != members:
                    refined.append((members ^ both, value))
            parts = refined
        return [part for part in parts if part[1] != zero]

    def spread(self, row: Row, most: int) -> Parts:
        """Move the parts with at most ``most`` neurons into the terms; the other parts."""
        rest = []
        for mask, vector in row.parts:
            if mask.bit_count() > most:
                rest.append((mask, vector))
                continue
            self.reader.spend(mask.bit_count() * len(vector))
            for j in bits(mask):
                for key, x in enumerate(vector, j * self.stride + self.shift):
                    value = row.terms.pop(key, 0) + (x if j <= self.positive else -x)
                    if value:
                        row.terms[key] = value
        return rest

    def contradictory(self, row: Row) -> None:
        """Reject unless the row is false: no unknowns, and 0 = c with c != 0, c >= 0 with c < 0, c > 0 with c <= 0."""
        self.cancels(row, "farkas-not-contradictory")
        c, relation = row.constant, row.relation
        false = c != 0 if relation == EQUAL else c < 0 if relation == WEAK else c <= 0
        need(false, "farkas-not-contradictory", "the constant of the combination makes no contradiction")

    def cancels(self, row: Row, code: str) -> None:
        """Reject if an unknown is left."""
        # a neuron of a part needs a term of its own that cancels
        need(all(mask.bit_count() <= len(row.terms) for mask, _ in row.parts), code, "the combination leaves unknowns")
        self.spread(row, self.k)
        need(not row.terms, code, "the combination leaves unknowns")

    def equal(self, one: Row, two: Row) -> bool:
        """Whether two rows have the same relation, linear form and constant."""
        p, q = one.denominator, two.denominator
        if one.relation != two.relation or one.constant * q != two.constant * p:
            return False
        terms = {key: x * q for key, x in one.terms.items()}
        for key, x in two.terms.items():
            terms[key] = terms.get(key, 0) - x * p
        parts = [(mask, tuple(x * q for x in vector)) for mask, vector in one.parts]
        parts += [(mask, tuple(-x * p for x in vector)) for mask, vector in two.parts]
        row = Row(EQUAL, 1, 0, terms, self.refine(parts))
        self.spread(row, self.k)
        return not any(terms.values())

    # -- 6.5 Flat triples and labels

    def flat(self, tokens: list[str]) -> None:
        """``n L p q r``: the labels at p < q < r are collinear and one class does not break between p and r.

        The slots of that class are as many as its neurons, so each of them breaks in its slot and nowhere else on L;
        none of these slots meets (p, r). Then on pr f is convex (or concave) and takes the value of the chord at q,
        so it is the chord; a sum of convex functions that is affine has affine terms only, so no neuron of the other
        class breaks strictly between p and r either. Every slot of it is broken by one of its neurons, not in (p, r):
        a part of a slot in the open interval may be cut off if what is left is on one side of it; a break at p or r
        itself remains possible, and the end that moves there is closed.
        """
        self.count(tokens, 4)
        self.reader.spend(20 * self.instance.effort)
        need(self.relu, "class", "a threshold split has no flat triples")
        number = self.data.line(tokens[0])
        place = self.data.lines[number].place
        p, q, r = (self.data.point(token) for token in tokens[1:])
        ordered = p in place and q in place and r in place and place[p] < place[q] < place[r]
        need(ordered, "flat-order", "the three points are not on the line in its order")
        need(not self.data.bend(place, p, q, r), "flat-not-collinear", "the labels are not collinear")
        done = False
        for sign, other in (("+", "-"), ("-", "+")):
            blocking = self.saturated.get((number, other), [] if self.sizes[other] == 0 else None)
            self.reader.spend(40)
            if blocking is None:
                continue
            # The slots are in order and disjoint: of those that end after p the first begins first.
            at = bisect_right(blocking, place[p], key=lambda slot: place[slot.right])
            if at < len(blocking) and place[blocking[at].left] < place[r]:
                continue
            done = True
            slots = self.saturated.get((number, sign), [])
            at = bisect_right(slots, place[p], key=lambda slot: place[slot.right])
            while at < len(slots) and place[slots[at].left] < place[r]:
                slot, at = slots[at], at + 1
                self.reader.spend(10)
                cut_left = place[p] + slot.left_closed <= place[slot.left] < place[r]
                cut_right = place[p] < place[slot.right] <= place[r] - slot.right_closed
                if cut_left:
                    slot.left, slot.left_closed = r, True
                if cut_right:
                    slot.right, slot.right_closed = p, True
                gap = place[slot.right] - place[slot.left]
                if gap < 0 or (gap == 0 and not (slot.left_closed and slot.right_closed)):
                    self.refuted = True
        need(done, "flat-not-clear", "the line is not saturated, or slots of both classes meet the interval")

    def label(self, sign: str, token: str) -> None:
        """``label s L``: the slots name and orient neurons of a class.

        The c slots are broken by c different neurons of the class (6.3). The order of neurons of one class and the
        orientation of each are free (6.1), so the t-th may be called the t-th and be negative before its slot. Its z
        is affine and grows from p to r, so it increases along every line of the same direction.
        """
        number = self.data.line(token)
        slots = self.saturated.get((number, sign)) or self.data.slots.get((number, sign))
        if not slots:
            reject("no-slots", f"line {number + 1} has no slots of the class {short(sign)}")
        first = self.positive if sign == "-" else 0
        for j, slot in enumerate(slots, first + 1):
            self.heading[j] = self.data.lines[number].direction
            self.breaks_in(j, slot, slot)
        if len(slots) == self.sizes[sign]:
            self.taken[number, sign] = {t: first + t + 1 for t in range(len(slots))}

    def breaks_in(self, j: int, first: Slot, last: Slot) -> None:
        """z_j goes up through zero between the left end of ``first`` and the right end of ``last``."""
        self.store(j, first.left, LE if first.left_closed and self.relu else LT)
        self.store(j, last.right, GE if last.right_closed and self.relu else GT)

    # -- 6.11 Neurons that were turned, 6.12 order

    def turn_of(self, j: int) -> bool:
        """Whether a labelled neuron was turned, where that is known or assumed (if it is known both ways: either).

        Before the labels alpha = 0. Turning neuron j adds a_j z_j to alpha, for the old z_j, which is -a_j z_j for
        the new one: [-z] = [z] - z. Threshold: it adds a_j, which is -a_j for the new a_j. So alpha + the sum of
        a_j z_j (of a_j) over the turned neurons is zero everywhere, and that is the item aI.
        """
        state = self.flag(j)
        need(state, "turn-not-known", f"whether neuron {j} was turned is neither known nor assumed")
        return bool(state & TRUE)

    def order(self, tokens: list[str]) -> None:
        """``order s I ...``: no label names these neurons, all alike, so they may be named in the order of z_j(x_I), or
        of their words of signs at several points, in which ``off`` comes before ``on``; or, ``order * a I ...``, of
        their coefficients, where these are equal of such words.
        """
        need(len(tokens) == 2 if self.relu else len(tokens) >= 2, "step-syntax", "the points of an order")
        need(tokens[0] in (("+", "-") if self.relu else ("*",)), "class", "the class does not belong to the activation")
        need(tokens[0] not in self.ordered, "order-repeated", "a class has at most one order")
        self.reader.hold(100 * len(tokens))
        ranked = not self.relu and tokens[1] == "a"
        self.ordered[tokens[0]] = ranked, list(map(self.data.point, tokens[2 if ranked else 1 :]))

    def order_of(self, j: int) -> tuple[bool, list[int]]:
        """Whether neurons J and J+1 are in order by coefficients, and the points of the order."""
        sign = "*" if not self.relu else "+" if j <= self.positive else "-"
        need(sign in self.ordered, "no-order", f"the class of neuron {j} has no order")
        both = self.members[sign] >> j & 3 == 3 and j not in self.heading and j + 1 not in self.heading
        need(both, "not-in-order", f"neurons {j} and {j + 1} are not both in the order")
        return self.ordered[sign]

    # -- 6.9 Steps

    def number(self, tokens: list[str]) -> int:
        """The new number with which the step begins."""
        value = self.reader.integer(tokens[0] if tokens else "", POSITIVE)
        need(value > self.last, "number-not-new", "the number is not larger than those used before")
        self.last = value
        return value

    def divide(self, tokens: list[str]) -> tuple[list[str], list[str]]:
        """The tokens before and after ``:``."""
        need(tokens.count(":") == 1, "step-syntax", "the step must have one ':'")
        at = tokens.index(":")
        return tokens[:at], tokens[at + 1 :]

    def count(self, tokens: list[str], number: int) -> None:
        """Reject unless there are so many tokens."""
        need(len(tokens) == number, "step-syntax", f"the step has {len(tokens)} values, not {number}")

    def step_w(self, tokens: list[str]) -> None:
        """``w A B``: a pair of parallel lines, distinct as sets (so that theta and mu are determined)."""
        self.count(tokens, 2)
        first, second = (self.data.lines[self.data.line(token)] for token in tokens)
        need(first.direction == second.direction, "not-parallel", "the lines are not parallel in the same direction")
        apart = independent(
            difference(self.points[second.start], self.points[first.start]), self.data.vectors[first.direction]
        )
        need(apart[2], "same-line", "the lines of the pair are one line")
        self.pairs.setdefault(first.direction, []).append((first, second))
        self.unit = max(self.unit, 2 + self.data.most + len(self.pairs[first.direction]))
        self.bounds.clear()
        self.masks.clear()

    def step_u(self, tokens: list[str]) -> None:
        """``u LIT : combination``: the negation is contradictory, so the literal is a fact."""
        head, tail = self.divide(tokens)
        self.count(head, 1)
        self.derive(self.literals(head), tail)

    def step_c(self, tokens: list[str]) -> None:
        """``c N LIT ... : combination``: not all negations hold together, so one of the literals does."""
        head, tail = self.divide(tokens)
        number = self.number(head)
        clause = self.literals(head[1:], (DEF, 0), *FLAGS)
        self.derive(clause, tail)
        self.clauses[number] = clause

    def derive(self, clause: tuple[Lit, ...], combination: list[str]) -> None:
        """The clause holds, as its negation makes the combination contradictory."""
        items = self.items(combination)
        self.assume(*map(self.negate, clause))
        self.contradictory(self.combine(items))
        self.end()
        self.conclude(clause)

    def conclude(self, clause: tuple[Lit, ...]) -> None:
        """What a clause gives at once: the empty one refutes the split, one literal (of a sign, tJ, mI) is a fact."""
        if not clause:
            self.refuted = True
        elif len(clause) == 1 and clause[0][0] == SIGN:
            self.store(clause[0][1], clause[0][3], clause[0][2])
            self.trail.learn(clause[0])
        elif len(clause) == 1 and clause[0][0] == FLAG:
            self.store_flag(clause[0][1], clause[0][3])
            self.trail.learn(clause[0])

    def step_d(self, tokens: list[str]) -> None:
        """``d N LIT ...``: a name for a conjunction. Nothing is claimed."""
        self.definitions[self.number(tokens)] = self.literals(tokens[1:], *FLAGS)

    def step_q(self, tokens: list[str]) -> None:
        """``q N v J ...``: a name for the equation alpha + the sum of a_J = v. Nothing is claimed."""
        need(not self.relu, "step-kind", "the step q is for thresholds")
        number = self.number(tokens)
        need(len(tokens) >= 2, "step-syntax", "the step has no value")
        top, bottom = self.reader.rational(tokens[1])
        neurons = list(map(self.neuron, tokens[2:]))
        need(all(map(int.__lt__, neurons, neurons[1:])), "step-syntax", "the neurons are not in increasing order")
        self.reader.hold(200 + self.k // 8)
        self.definitions[number], self.values[number] = (), Value(top, bottom, bit_set(set(neurons)))

    def step_p(self, tokens: list[str]) -> None:
        """``p N M I``: where exactly the neurons of the equation dM are on at the point, it is the point's equation.

        No z_j is 0 at a data point (6.1), so ``off`` is <.
        """
        need(not self.relu and not self.data.search, "step-kind", "the step p is for thresholds that fit exactly")
        self.count(tokens, 3)
        number, index, i = self.number(tokens), self.reader.integer(tokens[1]), self.data.fitted(tokens[2])
        need(index in self.values, "unknown-definition", "there is no such step q")
        top, bottom, neurons = self.values[index]
        same = self.instance.labels[i] * bottom == top * self.points[i][-1]
        need(same, "other-label", f"the label of point {i} is not the value of d{index}")
        self.reader.spend(self.k * self.unit)
        self.reader.hold(100 * self.k)
        signs = ((SIGN, j, LT if neurons >> j & 1 else GT, i) for j in range(1, self.k + 1))
        self.clauses[number] = ((DEF, index, 0, 1), *signs)

    def step_l(self, tokens: list[str]) -> None:
        """``l N J T s ...``: where the words of signs of J and J+1 begin alike, J is not the first one to be on.

        If both have the signs s at the first T - 1 points of the order, J is not on at the T-th with J+1 off: the word
        of J comes first. (At one point z_{J+1} >= z_J says the same.) No z_j is 0 at a data point. In an order by
        coefficients so it is where these are equal: ``l N J T s ... A B``, dA says alpha + a_J = v, dB says
        alpha + a_{J+1} = v.
        """
        need(not self.relu, "step-kind", "the step l is for thresholds")
        number = self.number(tokens)
        need(len(tokens) >= 3, "step-syntax", "the step has no neuron or no place")
        j, place = self.neuron(tokens[1]), self.reader.integer(tokens[2], POSITIVE)
        ranked, points = self.order_of(j)
        need(place <= len(points), "unknown-place", f"the order has {len(points)} points, not {place}")
        self.count(tokens[3:], place - 1 + 2 * ranked)
        signs = tokens[3 : place + 2]
        need(set(signs) <= {">", "<"}, "step-syntax", "the signs are not > or <")
        clause: list[Lit] = []
        if ranked:
            one, two = map(self.reader.integer, tokens[place + 2 :])
            need(one in self.values and two in self.values, "unknown-definition", "there is no such step q")
            first, second = self.values[one], self.values[two]
            alone = first.neurons == 1 << j and second.neurons == 1 << j + 1
            need(alone, "other-neurons", f"d{one} and d{two} are not of neurons {j} and {j + 1} alone")
            same = (first.top, first.bottom) == (second.top, second.bottom)
            need(same, "other-value", f"d{one} and d{two} have different values")
            clause = [(DEF, one, 0, 0), (DEF, two, 0, 0)]
        for i, sign in zip(points, signs, strict=False):
            clause += [(SIGN, j + part, LT if sign == ">" else GT, i) for part in (0, 1)]
        self.reader.hold(200 * place)
        i = points[place - 1]
        self.clauses[number] = (*clause, (SIGN, j, LT, i), (SIGN, j + 1, GT, i))

    def step_e(self, tokens: list[str]) -> None:
        """``e N C LIT ... : combination``: if no literal is true, the equation of dC follows from equations that hold.

        dC is one of the items, with a multiplier that is not 0, and all of them, equations, add up to 0 = 0: so those
        that hold add up to a multiple of the equation of dC.
        """
        need(not self.relu, "step-kind", "the step e is for thresholds")
        head, tail = self.divide(tokens)
        number = self.number(head)
        need(len(head) >= 2, "step-syntax", "the step has no definition")
        derived = self.reader.integer(head[1])
        need(derived in self.values, "unknown-definition", "there is no such step q")
        literals = self.literals(head[2:], (DEF, 0), *FLAGS)
        self.follow(derived, literals, tail)
        self.clauses[number] = ((DEF, derived, 0, 1), *literals)

    def follow(self, derived: int, literals: Iterable[Lit], combination: list[str]) -> None:
        """Reject unless the equation of the definition follows where none of the literals is true."""
        items = self.items(combination)
        once = sum(item[0] == VALUED and item[2] == derived for item in items) == 1
        need(once, "definition-not-once", f"d{derived} is not exactly one of the items")
        self.assume(*map(self.negate, literals))
        row = self.combine(items, derived)
        self.end()
        self.cancels(row, "not-an-equation")
        need(row.relation == EQUAL and not row.constant, "not-an-equation", "the combination is not 0 = 0")

    def step_k(self, tokens: list[str]) -> None:
        """``k N L s t``: by 6.3 some neuron of the class breaks in the slot (as it was declared)."""
        self.count(tokens, 4)
        number, line, sign = self.number(tokens), self.data.line(tokens[1]), tokens[2]
        slots = self.data.slots.get((line, sign))
        if slots is None:
            reject("no-slots", f"line {line + 1} has no slots of the class {short(sign)}")
        t = self.reader.integer(tokens[3], POSITIVE)
        need(t <= len(slots), "unknown-slot", f"there is no slot {short(tokens[3])}")
        clause = SlotClause(number, self.members[sign], slots[t - 1].left, slots[t - 1].right)
        self.clauses[number] = self.slot_of[number] = clause

    def step_r(self, tokens: list[str]) -> None:
        """``r N LIT ... : combination``: the sum holds where the guard does (and facts stay facts)."""
        head, tail = self.divide(tokens)
        number = self.number(head)
        guard = self.literals(head[1:], (DEF, 1), *FLAGS)
        items = self.items(tail)
        self.assume(*guard)
        row = self.combine(items)
        self.end()
        rest = self.spread(row, 8)
        self.reader.hold((len(row.terms) + 2 * len(rest)) * (120 + row.denominator.bit_length() // 4 + self.k // 8))
        common = gcd(row.denominator, row.constant, *row.terms.values(), *(x for _, v in rest for x in v))
        terms = {key: x // common for key, x in row.terms.items()}
        parts = [(mask, tuple(x // common for x in vector)) for mask, vector in rest]
        self.rows[number] = Row(row.relation, row.denominator // common, row.constant // common, terms, parts, guard)

    def step_m(self, tokens: list[str]) -> None:
        """``m N C R ...``: the same row under each literal of a clause; one of them is true, so the row holds."""
        need(len(tokens) >= 3, "step-syntax", "a merge needs a number, a clause and rows")
        number = self.number(tokens)
        clause = self.clauses.get(self.reader.integer(tokens[1], POSITIVE))
        if clause is None:
            reject("unknown-clause", f"there is no clause {short(tokens[1])}")
        rows = [row for token in tokens[2:] if (row := self.rows.get(self.reader.integer(token, POSITIVE)))]
        need(len(rows) == len(tokens) - 2, "unknown-row", "there is no row of such a number")
        same = not isinstance(clause, SlotClause) and [row.guard for row in rows] == [(lit,) for lit in clause]
        need(same, "merge-guards", "the guards of the rows are not the literals of the clause")
        for row in rows[1:]:
            self.reader.spend(len(row.terms) + len(rows[0].terms))
            need(self.equal(row, rows[0]), "merge-rows", "the rows are not the same")
        self.rows[number] = rows[0]._replace(guard=())

    def step_x(self, tokens: list[str]) -> None:
        """``x N ...``: forget clauses and rows."""
        for token in tokens:
            number = self.reader.integer(token, POSITIVE)
            self.trail.hints.pop(token, None)
            if self.clauses.pop(number, None) is None and self.rows.pop(number, None) is None:
                reject("unknown-clause", f"there is no clause or row {short(token)}")

    def step_0(self, tokens: list[str]) -> None:
        """``0 : combination``: a contradiction from the facts alone."""
        head, tail = self.divide(tokens)
        self.count(head, 0)
        self.derive((), tail)

    # -- 6.9 Propagation

    def step_v(self, tokens: list[str]) -> None:
        """``v N LIT ... : hints``: under the negated literals the hints force literals and end in a false clause.

        Every assumption after the negated clause is forced by clauses, definitions and the meaning of xj.N, so a
        contradiction among what is assumed and known shows that the clause holds.
        """
        head, tail = self.divide(tokens)
        number = self.number(head)
        clause = self.literals(head[1:], (DEF, 0), (DEF, 1), (BREAK, 0), (BREAK, 1), *FLAGS)
        if self.heading or self.slot_of:
            names = list(map(self.named, tail))
            for defined, index in names:
                if not defined and index in self.slot_of:
                    self.settle(self.slot_of[index].left)
                    self.settle(self.slot_of[index].right)
            with suppress(Conflict):
                self.propagate(clause, (self.hint(*name) for name in names))
            self.end()
        else:
            self.trail.refute(clause, tail)
        self.clauses[number] = clause
        self.conclude(clause)

    def named(self, token: str) -> tuple[bool, int]:
        """Whether a hint is a definition, and its number; all hints of a step must exist."""
        defined = token[:1] == "d"
        index = self.reader.integer(token[1:] if defined else token, POSITIVE)
        if index not in (self.definitions if defined else self.clauses) or (defined and index in self.values):
            reject("unknown-clause", f"there is no hint {short(token)}")
        return defined, index

    def hint(self, defined: bool, index: int) -> Clause:
        """A hint: a clause, or for dN the clause dN or the negations of its literals."""
        if not defined:
            clause = self.clauses[index]
            self.reader.spend((len(clause) + len(self.dirty)) * self.unit + (self.k >> 4))
            return clause
        self.reader.spend(len(self.definitions[index]) * self.unit)
        return ((DEF, index, 0, 1), *map(self.negate, self.definitions[index]))

    def propagate(self, clause: tuple[Lit, ...], hints: Iterable[Clause]) -> None:
        """Raise Conflict when the negated clause is refuted; reject a hint that is not unit, false or true."""
        for literal in clause:
            self.require(self.negate(literal))
        for hint in hints:
            left = self.open_in_slot(hint) if isinstance(hint, SlotClause) else self.open_in(hint)
            if left is None:
                continue  # a literal of the hint is true
            need(len(left) < 2, "hint-not-unit", "a hint is neither unit nor falsified")
            if not left:
                raise Conflict
            self.require(left[0])
        reject("no-conflict", "the last hint is not falsified")

    def open_in(self, clause: tuple[Lit, ...]) -> list[Lit] | None:
        """The literals of the clause (at most two of them) that are neither true nor false; None if one is true."""
        left: list[Lit] = []
        for literal in clause:
            value = self.value(literal)
            if value > 0:
                return None
            if value == 0 and literal not in left:
                left.append(literal)
                if len(left) == 2:
                    break
        return left

    def open_in_slot(self, clause: SlotClause) -> list[Lit] | None:
        """The same for a clause of a step ``k``, on bit sets."""
        left_ge, left_le = self.known(clause.left)
        right_ge, right_le = self.known(clause.right)
        broken = (left_ge | right_le) & (left_le | right_ge)
        left, chosen = clause.neurons & ~broken, 0
        for (j, number), value in self.breaks.items():
            if number == clause.number and value:
                chosen |= 1 << j
            elif number == clause.number:
                left &= ~(1 << j)
        left &= ~chosen
        first = chosen & -chosen  # the literals are looked at in the order of the neurons
        several = left & (left - 1)
        if first and not (several and several & -several < first):
            if first & broken:
                raise Conflict
            return None
        return [(BREAK, j, clause.number, 1) for j in bits(left ^ several | several & -several)]

    def value(self, literal: Lit) -> int:
        """1 true, -1 false, 0 neither; Conflict if it is both.

        xj.N says that z_j has opposite strict signs at the ends p, r. It is false if one of z(p) >= 0, z(r) <= 0 is
        true (so z does not rise) and one of z(p) <= 0, z(r) >= 0 (so it does not fall). dN is false if one of its
        literals is.
        """
        kind, a, b, c = literal
        if kind in (SIGN, FLAG):
            true, false = self.truth(literal)
        else:
            state = self.chosen.get(a) if kind == DEF else self.breaks.get((a, b))
            true, false = state is True, state is False
            if not false and kind == DEF:
                self.reader.spend(len(self.definitions[a]) * self.unit)
                false = any(self.truth(part)[1] for part in self.definitions[a])
            elif not false:
                false = not any(self.ways(a, self.slot_of[b]))
            if not c:
                true, false = false, true
        if true and false:
            raise Conflict
        return 1 if true else -1 if false else 0

    def ways(self, j: int, slot: SlotClause) -> tuple[bool, bool]:
        """Whether z_j may rise, and fall, through zero in the slot, by what is known at its ends."""
        left, right = self.sign(j, slot.left), self.sign(j, slot.right)
        return not (left & GE or right & LE), not (left & LE or right & GE)

    def require(self, literal: Lit) -> None:
        """Assume a literal and what it implies; Conflict if it is false."""
        if self.value(literal) < 0:
            raise Conflict
        if literal[0] == DEF and literal[3]:
            self.chosen[literal[1]] = self.scoped = True
            self.reader.spend(len(self.definitions[literal[1]]) * self.unit)
            for part in self.definitions[literal[1]]:
                if self.truth(part)[1]:
                    raise Conflict
                self.assume(part)
        else:
            self.assume(literal)
        again = bool(self.breaking)
        while again:
            again = False
            self.reader.spend(len(self.breaking) * self.unit)
            for j, slot in self.breaking:
                rise, fall = self.ways(j, slot)
                if not rise and not fall:
                    raise Conflict
                first, second = (LT, GT) if rise else (GT, LT)
                if rise != fall and not (self.sign(j, slot.left) & first and self.sign(j, slot.right) & second):
                    self.store(j, slot.left, first)
                    self.store(j, slot.right, second)
                    again = True

    # -- 6.10 Bounds on a saturated line

    def step_b(self, tokens: list[str]) -> None:
        """``b j L``: where the class has as many neurons as L has slots, neurons and slots are in bijection.

        Every slot is broken by a neuron of the class and a neuron breaks at most one; j increases, so it is negative
        at the left and positive at the right end of its own slot (at a closed end: or zero). A slot taken by another
        neuron is not its own, nor one whose right end is known to be too low, nor one whose left end is known to be
        too high (then no later one either). So its own slot is not before ``start`` and not behind ``stop``.

        As z_j increases along L, what is known of it at the points of L is a lower part <= 0 and an upper part >= 0:
        facts on L give all of one side by rule 2, and rule 3 has one bound for the whole line. So the ends are found
        by bisection; only if another declared line shares points with L may there be gaps, and all slots are tried.
        """
        self.count(tokens, 2)
        j, number = self.neuron(tokens[0]), self.data.line(tokens[1])
        line = self.data.lines[number]
        sign = "*" if not self.relu else "+" if j <= self.positive else "-"
        slots = self.saturated.get((number, sign))
        if slots is None:
            reject("not-saturated", f"line {number + 1} is not saturated for the class of neuron {j}")
        if self.heading.get(j) != line.direction:
            reject("not-increasing", f"neuron {j} is not increasing along line {number + 1}")
        taken = self.taken.setdefault((number, sign), {})
        size = len(slots)
        self.reader.spend(size * (self.unit if line.shared else 1) + 40 * self.unit)

        def passed(t: int) -> bool:  # the slot is too early for j
            return bool(self.sign(j, slots[t].right) & (LT if slots[t].right_closed else LE))

        def behind(t: int) -> bool:  # the slot is too late for j
            return bool(self.sign(j, slots[t].left) & (GT if slots[t].left_closed else GE))

        start = 0 if line.shared else bisect_left(range(size), True, key=lambda t: not passed(t))
        while start < size and (taken.get(start, j) != j or passed(start)):
            start += 1
        if start == size:
            self.refuted = True
            return
        stop = start
        if line.shared:
            for t in range(start + 1, size):
                if taken.get(t, j) == j:
                    if behind(t):
                        break
                    stop = t
        else:
            stop = max(start, bisect_left(range(size), True, key=behind) - 1)
            while taken.get(stop, j) != j:
                stop -= 1
        if behind(start) or passed(stop):
            self.refuted = True
            return
        self.breaks_in(j, slots[start], slots[stop])
        if start == stop:
            taken[start] = j

    def run(self) -> int:
        """Read the split up to ``qed``; the number of steps."""
        steps: dict[str, Callable[[list[str]], None]] = {
            name: getattr(self, "step_" + name) for name in ("ucdelqrmvx0" if self.data.search else "wbucdeklpqrmvx0")
        }
        done, labels = 0, set[str]()
        tokens = self.reader.tokens()
        while tokens[0] == "n" and not self.refuted and not self.data.search:
            self.flat(tokens[1:])
            done, tokens = done + 1, self.reader.tokens()
        while tokens[0] == "label" and not self.refuted and not self.data.search:
            self.count(tokens, 3)
            need(tokens[1] not in labels, "label-repeated", "a class has at most one label")
            labels.add(tokens[1])
            self.label(tokens[1], tokens[2])
            tokens = self.reader.tokens()
        while tokens[0] == "order" and not self.refuted:
            self.order(tokens[1:])
            tokens = self.reader.tokens()
        while tokens != ["qed"]:
            need(not self.refuted, "no-qed", "'qed' must follow the contradiction")
            step = steps.get(tokens[0])
            if step is None:
                reject("unknown-step", f"there is no step {short(tokens[0])}")
            if len(self.masks) > self.most_masks:
                self.masks.clear()
            self.reader.spend(len(tokens) * self.unit)
            step(tokens[1:])
            done, tokens = done + 1, self.reader.tokens()
        need(self.refuted, "split-not-refuted", "the split ends without a contradiction")
        return done


# -- 6.13 A loss


def cheapest(loss: str, weights: dict[Fraction, int]) -> tuple[Fraction, Fraction | None]:
    """The least sum of weighted losses of one value against these labels, and the value where it is the only one.

    l2: the weighted mean; l0: a heaviest label. l1: the sum is convex with corners at the labels; its slope after a
    label is the weight up to it minus the weight behind it. So the first label where that is >= 0 is a minimiser, and
    the only one unless it is 0 there.
    """
    whole = sum(weights.values())
    if loss == "l2":
        v = sum((y * c for y, c in weights.items()), Fraction(0)) / whole
        return sum((c * (v - y) ** 2 for y, c in weights.items()), Fraction(0)), v
    if loss == "l0":
        most = max(weights.values())
        best = [y for y, c in weights.items() if c == most]
        return Fraction(whole - most), best[0] if len(best) == 1 else None
    below, v = 0, Fraction(0)
    for v in sorted(weights):
        below += weights[v]
        if 2 * below >= whole:
            break
    return sum((c * abs(v - y) for y, c in weights.items()), Fraction(0)), None if 2 * below == whole else v


def force(reader: Reader, instance: Instance) -> set[int] | None:
    """``forced``: the points whose label is the only minimiser at their place; None if gamma is out of reach.

    At each place a network has one value, so its loss is at least the sum of the least losses of the places. If that
    is gamma, a network that meets gamma has a minimiser for its value at every place.
    """
    places: dict[Point, list[int]] = {}
    reader.hold(len(instance.points) * 400)
    for i, v in enumerate(instance.points[1:], 1):
        reader.spend(20 + len(v) * instance.effort)
        common = gcd(*v)
        places.setdefault(tuple(x // common for x in v), []).append(i)
    least, pinned = Fraction(0), set[int]()
    for members in places.values():
        weights: dict[Fraction, int] = {}
        for i in members:
            label = Fraction(instance.labels[i], instance.points[i][-1])
            weights[label] = weights.get(label, 0) + instance.count(i)
        length = reader.common(label.denominator for label in weights).bit_length() + least.denominator.bit_length()
        reader.spend(100 * len(members) * (1 + (length >> 9)) ** 2)
        cost, value = cheapest(instance.loss, weights)
        least += cost
        reader.bounded(max(least.denominator, abs(least.numerator)))
        if value in weights:
            pinned.update(i for i in members if instance.labels[i] == value * instance.points[i][-1])
    gamma = Fraction(*instance.gamma)
    need(least >= gamma, "not-forced", f"the least losses of the places sum to {short(str(least))}, less than gamma")
    return None if least > gamma else pinned


def check_refutation(reader: Reader, instance: Instance, stats: dict[str, int]) -> list[str]:
    """``refutation lines``; the line after it."""
    data = Lines(reader, instance)
    tokens = reader.tokens()
    top, bottom = instance.gamma
    if instance.loss != "exact" and (top >= bottom if instance.loss == "l0" else top):  # 6.13
        data.search = tokens != ["forced"]
        if not data.search:
            data.pinned = force(reader, instance)
            tokens = reader.tokens()
            if data.pinned is None:
                return tokens
            stats["pinned"] = len(data.pinned)
    if tokens[0] == "contradiction" and not data.search:
        need(len(tokens) == 3, "step-syntax", "a contradiction is two points")
        one, two = (data.fitted(token) for token in tokens[1:])
        v, w = instance.points[one], instance.points[two]
        need(not any(difference(v, w)), "contradiction-points", "the points do not have equal coordinates")
        differ = instance.labels[one] * w[-1] != instance.labels[two] * v[-1]
        need(differ, "contradiction-labels", "the points have the same label")
        return reader.tokens()
    while tokens[0] in ("line", "slots") and not data.search:
        (data.add_line if tokens[0] == "line" else data.add_slots)(tokens[1:])
        tokens = reader.tokens()
    stats.update(lines=len(data.lines), splits=0, steps=0)
    for name, positive in data.splits():
        reader.expect(tokens, f"split {name}", "split-missing")
        need(instance.width <= reader.limits.neurons, "width-too-large", "there are too many neurons for splits")
        stats["splits"] += 1
        stats["steps"] += Split(data, positive).run()
        tokens = reader.tokens()
    return tokens


# -- The whole file ----------------------------------------------------------------------------------------


@dataclass
class Seen:
    """What is known of a certificate so far: its verdict, and the theorem that it uses."""

    verdict: Verdict | None = None
    theorem: str | None = None

    @property
    def method(self) -> Method:
        """How the claim is proved, if it is."""
        return "witness" if self.verdict == "YES" else "direct" if self.theorem is None else "theorem"


def check_claim(reader: Reader, stats: dict[str, int], seen: Seen) -> bool:
    """Check everything up to the line ``end``; whether the proof is complete. What it says is put into ``seen``."""
    need(reader.raw() == "certify 1", "version", "the first line is not 'certify 1'")
    reader.hash.update(reader.data)
    (word,) = reader.field("verdict", 1)
    need(word in ("YES", "NO"), "header", "the verdict is YES or NO")
    seen.verdict = "YES" if word == "YES" else "NO"
    (activation,), (signs,) = reader.field("activation", 1), reader.field("signs", 1)
    need(activation in ("relu", "threshold"), "header", "unknown activation")
    need(signs in (("free", "convex", "concave") if activation == "relu" else ("free",)), "header", "unknown signs")
    tokens = reader.tokens()
    loss, gamma = "exact", (0, 1)
    if tokens[0] == "loss":
        loss, bound = reader.field("loss", 2, tokens)
        need(loss in ("l0", "l1", "l2"), "header", "the loss is l0, l1 or l2")
        gamma = reader.rational(bound)
        need(gamma[0] >= 0, "header", "gamma is negative")
        tokens = reader.tokens()
    copies = [0] if tokens == ["copies", "listed"] else None
    if copies is not None:
        tokens = reader.tokens()
    width = reader.integer(reader.field("width", 1, tokens)[0])
    (recipe,) = reader.field("from", 1)
    need(recipe in (*RECIPES, "data"), "recipe", "there is no such recipe")
    source: Source | None = None
    base: Formula | PointSets | Coloured | None = None
    modifiers = Modifiers()
    if recipe != "data":
        modifiers, tokens = read_modifiers(reader, recipe)
        lines = reader.integer(reader.field("source", 1, tokens)[0], POSITIVE)
        source = READERS[recipe.partition("-")[0]](reader, lines)
        base = translated(reader, source)
    *numbers, digest = reader.field("instance", 3)
    count, dimension = reader.integer(numbers[0]), reader.integer(numbers[1], POSITIVE)
    need(re.fullmatch("[0-9a-f]{64}", digest), "header", "the SHA-256 is not 64 lower-case hexadecimal digits")
    need(count * dimension <= reader.limits.cells, "instance-too-large", "there are too many points")
    instance = Instance(activation == "relu", signs, width, dimension, loss, gamma, copies)
    if base is not None:
        rebuild(reader, recipe, modifiers, instance, base, count, digest)
    elif read_points(reader, instance, count) != digest:
        reject("hash-mismatch", "the instance has another SHA-256")
    stats.update(points=count, dimension=dimension, width=width)
    tokens = reader.tokens()
    complete = True
    if word == "YES":
        need(tokens[0] == "witness" and len(tokens) == 2, "section", "expected the section witness")
        need(reader.integer(tokens[1]) == width, "width-mismatch", "the width is another number of neurons")
        check_witness(reader, instance)
        tokens = reader.tokens()
        if tokens[0] == "solution" and source is not None:
            check_solution(reader, source, tokens[1:])
            tokens = reader.tokens()
    else:
        refuted = False
        if tokens == ["source-refutation", "lrat"] and source is not None and base is not None:
            stats["lrat"] = check_lrat(reader, *source_cnf(reader, source, base))
            refuted, tokens = True, reader.tokens()
        complete = tokens != ["refutation", "none"]
        if tokens == ["refutation", "theorem"]:
            need(refuted, "theorem-source", "a refutation by theorem needs a source refutation before it")
            need(not modifiers.far, "theorem-source", "the theorem is not about further neurons")
            seen.theorem = THEOREMS[recipe]
            tokens = reader.tokens()
        elif complete:
            reader.expect(tokens, "refutation lines", "section")
            tokens = check_refutation(reader, instance, stats)
        else:
            tokens = reader.tokens()
    reader.expect(tokens, "end", "no-end")
    return complete


def check_trailer(reader: Reader) -> None:
    """What follows the line ``end``: the SHA-256 of all before, then only provenance."""
    digest = reader.hash.hexdigest()
    line = reader.raw()
    need(line and re.fullmatch("sha256 [0-9a-f]{64}", line), "trailer", "the line 'sha256 <hex>' must follow 'end'")
    need(line == "sha256 " + digest, "file-hash-mismatch", "the SHA-256 of the file is another one")
    while (line := reader.raw()) is not None:
        need(line.startswith("provenance "), "trailer", "only provenance may follow the SHA-256")


def check_stream(stream: BinaryIO, *, limits: Limits | None = None) -> Result:
    """Check the certificate in a binary stream (not compressed, or a decompressing stream)."""
    reader = Reader(stream, limits or Limits())
    stats: dict[str, int] = {}
    seen = Seen()

    def result(status: Status, code: str, reason: str, line: int | None = None) -> Result:
        proved = (seen.method, seen.theorem) if status == "VERIFIED" else (None, None)
        return Result(status, seen.verdict, reason, line, code, stats, *proved)

    digits = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)  # the reader has its own limit
    try:
        complete = check_claim(reader, stats, seen)
        check_trailer(reader)
    except Reject as error:
        return result("REJECTED", error.code, str(error), reader.number)
    except OutOfTime:
        return result("INCOMPLETE", "out-of-time", "the limit of time is used up", reader.number)
    except MemoryError:
        return result("REJECTED", "out-of-memory", "the certificate asks for too much memory", reader.number)
    except OSError:
        raise
    except Exception as error:  # a fault of this program: whatever it is, nothing was verified
        return result("REJECTED", "internal-error", f"the checker failed: {error!r}", reader.number)
    finally:
        sys.set_int_max_str_digits(digits)
    if complete:
        return result("VERIFIED", "verified", "the proof is complete")
    return result("INCOMPLETE", "refutation-none", "the certificate contains no refutation")


def check_bytes(data: bytes, *, limits: Limits | None = None) -> Result:
    """Check a certificate in memory; gzip is recognised by its first bytes."""
    return check_open(io.BufferedReader(io.BytesIO(data)), limits)


def check_text(text: str, *, limits: Limits | None = None) -> Result:
    """Check a certificate in memory."""
    return check_bytes(text.encode("utf-8", "surrogatepass"), limits=limits)


def check_file(path: str | os.PathLike[str], *, limits: Limits | None = None) -> Result:
    """Check a certificate file; gzip is recognised by its first bytes. OSError if it cannot be read."""
    with open(path, "rb") as stream:
        return check_open(stream, limits)


def check_open(stream: io.BufferedReader, limits: Limits | None) -> Result:
    """Check the certificate in a stream, compressed or not."""
    if stream.peek(2)[:2] != b"\x1f\x8b":
        return check_stream(stream, limits=limits)
    with gzip.GzipFile(fileobj=stream) as unpacked:
        return check_stream(io.BufferedReader(unpacked), limits=limits)


def find_files(arguments: Iterable[str]) -> Iterator[str]:
    """The files named, and in folders all ``*.cert`` and ``*.cert.gz``, sorted."""
    for argument in arguments:
        if os.path.isdir(argument):
            found = [os.path.join(base, name) for base, _, names in os.walk(argument) for name in names]
            yield from sorted(path for path in found if path.endswith((".cert", ".cert.gz")))
        else:
            yield argument


def main(argv: Sequence[str] | None = None) -> int:
    """The command line; the exit code."""
    parser = argparse.ArgumentParser(prog="verify.py", description="Check certificates.")
    parser.add_argument("paths", nargs="+", metavar="FILE", help="a certificate, or a folder of them")
    parser.add_argument("--timeout", type=float, metavar="SECONDS", help="the limit of time for a file")
    options = parser.parse_args(argv)
    limits = Limits(seconds=options.timeout)
    statuses: set[str] = set()
    for path in find_files(options.paths):
        try:
            result = check_file(path, limits=limits)
        except OSError as error:
            print(f"{path}: {error.strerror or error}", file=sys.stderr)
            statuses.add("UNREADABLE")
            continue
        statuses.add(result.status)
        where = "" if result.line is None else f"line {result.line}: "
        told = f"VERIFIED {result.verdict} {path}" + (f" (by {result.theorem})" if result.theorem else "")
        print(told if result.status == "VERIFIED" else f"{result.status} {path}: {where}{result.reason}", flush=True)
    if not statuses:
        print("no certificates found", file=sys.stderr)
        return 2
    codes = (("REJECTED", 1), ("UNREADABLE", 2), ("INCOMPLETE", 3))
    return next((code for status, code in codes if status in statuses), 0)


if __name__ == "__main__":
    sys.exit(main())
