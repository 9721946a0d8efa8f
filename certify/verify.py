"""The independent checker of certificates: one file, standard library only.

    python verify.py FILE|FOLDER...

It is written from ``docs/format/v1.md`` alone and shares no code with the programs that write certificates;
the constructions of the reductions are repeated here on purpose. Its sections follow the sections of that
text; "the format" below means it. What it prints: one line a file, ``VERIFIED NO <file>``, ``REJECTED <file>:
line 17: reason`` or ``INCOMPLETE <file>: reason``. Exit code 0: all verified; 1: some rejected; 2: usage, or
a file that cannot be read; 3: none rejected, some incomplete.

Everything in a certificate is distrusted. Numbers, lines and the size of the instance are bounded, nothing
recurses on the input, nothing is evaluated, no other file is opened.

Numbers. A data point is kept in homogeneous integers (X_1, ..., X_d, D), D > 0, with x = X/D, and its label
as an integer over the same D. An affine function w.x + b is then (w, b).(X, D) / D.
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
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm
from typing import BinaryIO, Literal, NamedTuple, NoReturn

Status = Literal["VERIFIED", "REJECTED", "INCOMPLETE"]
Verdict = Literal["YES", "NO"]
Point = tuple[int, ...]  # (X_1, ..., X_d, D)


# -- 0. Results, limits, errors --------------------------------------------------------------------


@dataclass(frozen=True)
class Limits:
    """What a file may ask of the checker (section 7 of the format); ``seconds`` None means no limit of time.

    ``cells`` bounds points times dimension, ``digits`` every number, read or computed, ``line`` and ``size``
    the bytes of a line and of the (decompressed) file, ``neurons`` the width of a NO that is proved by
    splits.
    """

    line: int = 16 * 2**20
    digits: int = 100_000
    cells: int = 10**8
    size: int = 2**34
    neurons: int = 10**6
    seconds: float | None = None


@dataclass(frozen=True)
class Result:
    """The outcome for one file: ``code`` is a stable kebab-case word, ``reason`` a sentence, ``line`` where
    it failed.
    """

    status: Status
    verdict: Verdict | None
    reason: str
    line: int | None
    code: str
    stats: dict[str, int] = field(default_factory=dict)


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


def short(token: str) -> str:
    """A token for a message."""
    return repr(token if len(token) <= 40 else token[:37] + "...")


# -- 1. The file: lines, tokens, numbers -----------------------------------------------------------

_NATURAL = re.compile(r"0|[1-9][0-9]*")
_POSITIVE = re.compile(r"[1-9][0-9]*")
_INTEGER = re.compile(r"0|-?[1-9][0-9]*")
_RATIONAL = re.compile(r"(0|-?[1-9][0-9]*)(?:/([1-9][0-9]*))?")


class Reader:
    """The lines of a certificate, one at a time, with their numbers and the running SHA-256."""

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        self.stream = stream
        self.limits = limits
        self.number = 0
        self.size = 0
        self.hash = hashlib.sha256()
        self.bits = int(limits.digits * 3.3219281) + 2
        self.deadline = None if limits.seconds is None else time.monotonic() + limits.seconds

    def tick(self) -> None:
        """Raise OutOfTime when the limit of time is passed."""
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise OutOfTime

    def raw(self) -> str | None:
        """The next line without its LF; None at the end of the file. It does not enter the hash."""
        self.tick()
        try:
            data = self.stream.readline(self.limits.line + 2)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            self.number += 1
            reject("gzip-corrupt", f"the compressed data are damaged ({error})")
        if not data:
            return None
        self.number += 1
        self.size += len(data)
        if len(data) > self.limits.line + 1:
            reject("line-too-long", f"a line is longer than {self.limits.line} bytes")
        if self.size > self.limits.size:
            reject("file-too-large", f"the file is larger than {self.limits.size} bytes")
        if data[-1] != 10:
            reject("no-newline", "the last line has no line end")
        if not data.isascii():
            reject("not-ascii", "a byte is not ASCII")
        self.data = data
        return data[:-1].decode("ascii")

    def next(self) -> str:
        """The next line that is not a comment; it enters the hash."""
        while True:
            text = self.raw()
            if text is None:
                reject("truncated", "the file ends before its line 'end'")
            self.hash.update(self.data)
            if text and text[0] != "#":
                return text

    def tokens(self) -> list[str]:
        """The tokens of the next line."""
        return self.next().split(" ")

    def field(self, name: str, count: int) -> list[str]:
        """The tokens after ``name`` in the next line, which must be ``count``."""
        tokens = self.tokens()
        if tokens[0] != name or len(tokens) != count + 1:
            reject("header", f"expected '{name}' with {count} values, found {short(' '.join(tokens))}")
        return tokens[1:]

    def integer(self, token: str, pattern: re.Pattern[str] = _NATURAL) -> int:
        """An integer in canonical form, of bounded size."""
        if not pattern.fullmatch(token):
            reject("number", f"{short(token)} is not a canonical number of the kind expected here")
        if len(token) > self.limits.digits and len(token.lstrip("-")) > self.limits.digits:
            reject("number-too-large", f"a number has more than {self.limits.digits} digits")
        return int(token)

    def rational(self, token: str) -> tuple[int, int]:
        """A rational in canonical form as numerator and denominator (positive, coprime)."""
        match = _RATIONAL.fullmatch(token)
        if match is None:
            reject("number", f"{short(token)} is not a canonical rational")
        top = self.integer(match[1], _INTEGER)
        if match[2] is None:
            return top, 1
        bottom = self.integer(match[2], _POSITIVE)
        if bottom < 2 or gcd(top, bottom) != 1:
            reject("number", f"{short(token)} is not in lowest terms")
        return top, bottom

    def bounded(self, value: int) -> int:
        """The same value, if a number of this size may be computed with."""
        if value.bit_length() > self.bits:
            reject("number-too-large", f"a computed number has more than {self.limits.digits} digits")
        return value


# -- 2. The canonical instance ---------------------------------------------------------------------


@dataclass
class Instance:
    """The training instance; points and labels are numbered from 1 (entry 0 is not used)."""

    relu: bool
    signs: str
    width: int
    dimension: int
    points: list[Point] = field(default_factory=lambda: [()])
    labels: list[int] = field(default_factory=lambda: [0])

    @property
    def size(self) -> int:
        """The number of points."""
        return len(self.points) - 1

    def header(self, count: int) -> bytes:
        """The first lines of the canonical bytes."""
        return (
            f"certify-instance 1\nactivation {'relu' if self.relu else 'threshold'}\nsigns {self.signs}\n"
            f"loss exact\nwidth {self.width}\ndimension {self.dimension}\npoints {count}\n"
        ).encode("ascii")


def canonical(values: Sequence[int], denominator: int) -> str:
    """The canonical text of the rationals values/denominator, separated by one space."""
    parts = []
    for value in values:
        common = gcd(value, denominator)
        below = denominator // common
        parts.append(str(value // common) if below == 1 else f"{value // common}/{below}")
    return " ".join(parts)


def read_points(reader: Reader, instance: Instance, count: int) -> str:
    """Read the points of a ``data`` certificate; the SHA-256 of the instance. (Canonical lines are hashed as
    they are.)
    """
    digest = hashlib.sha256(instance.header(count))
    for _ in range(count):
        tokens = reader.tokens()
        if len(tokens) != instance.dimension + 1:
            reject("point", f"expected {instance.dimension + 1} values, found {len(tokens)}")
        values = [reader.rational(token) for token in tokens]
        common = 1
        for _, bottom in values:
            common = reader.bounded(lcm(common, bottom))
        scaled = [top * (common // bottom) for top, bottom in values]
        instance.labels.append(scaled.pop())
        instance.points.append((*scaled, common))
        digest.update(reader.data)
    return digest.hexdigest()


def build_points(reader: Reader, instance: Instance, rows: Iterable[Sequence[int]], count: int) -> str:
    """Store the points of a recipe, rows (X_1, ..., X_d, D, Y); the SHA-256 of the instance."""
    digest = hashlib.sha256(instance.header(count))
    dimension = instance.dimension
    for number, row in enumerate(rows):
        digest.update(f"{canonical((*row[:dimension], row[-1]), row[dimension])}\n".encode("ascii"))
        instance.points.append(tuple(row[: dimension + 1]))
        instance.labels.append(row[-1])
        if not number & 1023:
            reader.tick()
    return digest.hexdigest()


# -- 3. Recipes ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Formula:
    """A positive one-in-three formula: every clause is three (not necessarily different) variables."""

    variables: int
    clauses: list[tuple[int, int, int]]


@dataclass(frozen=True)
class PointSets:
    """The point sets Q and P of two-hyperplane separability, in integers over one common denominator."""

    dimension: int
    denominator: int
    q: list[tuple[int, ...]]
    p: list[tuple[int, ...]]


Source = Formula | PointSets
RECIPES = ("poits-relu", "poits-threshold", "twohyp-relu", "twohyp-threshold")


def read_formula(reader: Reader, count: int) -> Formula:
    """The source lines of the ``poits`` recipes."""
    tokens = reader.tokens()
    if len(tokens) != 4 or tokens[:2] != ["p", "cnf"]:
        reject("source", "expected the line 'p cnf <variables> <clauses>'")
    variables, number = reader.integer(tokens[2]), reader.integer(tokens[3])
    if count != number + 1:
        reject("source", f"{number} clauses do not make {count} source lines")
    clauses = []
    for _ in range(number):
        tokens = reader.tokens()
        if len(tokens) != 4 or tokens[3] != "0":
            reject("source", "a clause is three positive literals and 0")
        a, b, c = (reader.integer(token, _POSITIVE) for token in tokens[:3])
        if max(a, b, c) > variables:
            reject("source", f"a literal is larger than the number {variables} of variables")
        clauses.append((a, b, c))
    return Formula(variables, clauses)


def read_point_sets(reader: Reader, count: int) -> PointSets:
    """The source lines of the ``twohyp`` recipes."""
    tokens = reader.tokens()
    if len(tokens) != 4 or tokens[0] != "twohyp":
        reject("source", "expected the line 'twohyp <d> <|Q|> <|P|>'")
    dimension = reader.integer(tokens[1], _POSITIVE)
    size_q, size_p = reader.integer(tokens[2]), reader.integer(tokens[3])
    if count != size_q + size_p + 1:
        reject("source", f"{size_q} + {size_p} points do not make {count} source lines")
    if (size_q + size_p) * dimension > reader.limits.cells:
        reject("instance-too-large", "there are too many points")
    rows: list[list[tuple[int, int]]] = []
    common = 1
    for _ in range(size_q + size_p):
        tokens = reader.tokens()
        if len(tokens) != dimension:
            reject("source", f"a point has {len(tokens)} coordinates, not {dimension}")
        rows.append([reader.rational(token) for token in tokens])
        for _, bottom in rows[-1]:
            if common % bottom:
                common = reader.bounded(lcm(common, bottom))
    scaled = [tuple(top * (common // bottom) for top, bottom in row) for row in rows]
    return PointSets(dimension, common, scaled[:size_q], scaled[size_q:])


def gadgets(formula: Formula) -> Iterator[tuple[int, list[int]]]:
    """(offset in units of Delta, slopes in units of 1/(2M)) of the gadgets, in the canonical order."""
    scale = 2 * max(len(formula.clauses), 1)
    for j in range(1, len(formula.clauses) + 1):
        yield j, [2 * j - 2 - scale, 2 * j - 1 - scale, 2 * j - scale]
    for i in range(1, formula.variables + 1):
        yield -i, [-scale, scale]


def meeting_points(formula: Formula, spacing: int) -> Iterator[tuple[int, ...]]:
    """The points p_{j,r}: x_1 = Delta (i+j) / (1-s), x_2 = x_1 - Delta i, label 1."""
    scale = 2 * max(len(formula.clauses), 1)
    for j, clause in enumerate(formula.clauses, 1):
        for r, i in enumerate(clause, 1):
            bottom = 2 * scale - (2 * j - 3 + r)  # (1 - s) in units of 1/(2M)
            x = spacing * (i + j) * scale
            yield x, x - spacing * i * bottom, bottom, bottom


def poits_relu(formula: Formula) -> Iterator[tuple[int, ...]]:
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
        z = offset * spacing
        lowest, highest = slopes[0], slopes[-1]
        for x, value in zip(middle, values, strict=True):
            yield 0, x * third + z * one, one, value * third
        left = [-highest, -highest, -highest, -lowest, 0, -highest, -lowest, -lowest, -lowest]
        right = [lowest, lowest, lowest, highest, 0, lowest, highest, highest, highest]
        for sign, shifts in ((-1, left), (1, right)):
            for step, shift, value in zip(range(-4, 5), shifts, side, strict=True):
                yield sign * eps, (step + z) * one + shift, one, value * one
        for s, t in pairwise(slopes):
            gap = t - s  # g = gap / (2M): 4/g = 8M/gap and 2(s+t)/g = 2 (s+t)/gap in these units
            yield -8 * m, -2 * (s + t) + z * gap, gap, 0
            yield 8 * m, 2 * (s + t) + z * gap, gap, 0
    yield from meeting_points(formula, spacing)


def poits_threshold(formula: Formula) -> Iterator[tuple[int, ...]]:
    """Corollary 8: the points (X_1, X_2, D, Y)."""
    if not formula.variables and not formula.clauses:
        yield 0, 0, 1, 0
        return
    m = max(len(formula.clauses), 1)
    spacing = 24 * m + 6
    fine = 2 + 12 * spacing * max(len(formula.clauses) + formula.variables, 1)  # tau = 1 / fine
    one, tau, eps = 6 * m * fine, 6 * m, 2 * m * fine  # D = 6M fine; eps s = (slope number) * fine / D
    for offset, slopes in gadgets(formula):
        z = offset * spacing
        lowest, highest = slopes[0] * fine, slopes[-1] * fine
        stripe = (-one - tau, -one + tau, one - tau, one + tau)
        right = (lowest, highest, lowest, highest)
        left = (-highest, -lowest, -highest, -lowest)
        for x, shifts in ((0, (0, 0, 0, 0)), (eps, right), (-eps, left)):
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


def twohyp(sets: PointSets, delta: int | None) -> Iterator[tuple[int, ...]]:
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


def rebuild(reader: Reader, recipe: str, instance: Instance, source: Source, count: int, digest: str) -> None:
    """Build the instance of a reduction and compare it with what the file says of it."""
    if instance.signs != "free":
        reject("signs-mismatch", "the instance of a reduction has signs free")
    if instance.relu != recipe.endswith("relu"):
        reject("activation-mismatch", f"the recipe {recipe} has another activation")
    if isinstance(source, Formula):
        m, n = len(source.clauses), source.variables
        dimension, width = 2, (4 if instance.relu else 2) * (m + n)
        size = (38 * m + 33 * n if instance.relu else 23 * m + 16 * n) or 1
    else:
        dimension, width = source.dimension, 4 if instance.relu else 2
        size = len(source.q) + len(source.p)
        if instance.relu:
            same: dict[tuple[int, ...], int] = {}
            for q in source.q:
                same[q] = same.get(q, 0) + 1
            equal = sum(same.get(p, 0) for p in source.p)
            size += 2 * (len(source.q) * len(source.p) - equal)
    if instance.width != width:
        reject("width-mismatch", f"the recipe has width {width}, the certificate {instance.width}")
    if instance.dimension != dimension:
        reject("dimension-mismatch", f"the recipe has dimension {dimension}, not {instance.dimension}")
    if count != size:
        reject("points-mismatch", f"the recipe has {size} points, the certificate {count}")
    if size * dimension > reader.limits.cells:
        reject("instance-too-large", f"{size} points in dimension {dimension} are too many")
    rows: Iterator[tuple[int, ...]]
    if isinstance(source, Formula):
        rows = poits_relu(source) if instance.relu else poits_threshold(source)
    else:
        pairs = instance.relu and source.q and source.p
        rows = twohyp(source, inverse_delta(reader, source) if pairs else None)
    if build_points(reader, instance, rows, size) != digest:
        reject("hash-mismatch", "the instance rebuilt from the source has another SHA-256")


# -- 4. YES: the witness ---------------------------------------------------------------------------

Unit = tuple[int, Point]  # coefficient A and integer affine function W of a neuron


def check_witness(reader: Reader, instance: Instance) -> None:
    """Read the neurons and compare the network with every label, exactly.

    A neuron a, w, b with common denominator e of (w, b) is kept as W = e (w, b). At a point v = (X, D) its
    value is a max(0, W.v) / (e D), or a [W.v > 0]. With the common denominator Q of all a/e (threshold: of
    all a) the network's value is an integer over Q D (over Q).
    """
    raw: list[tuple[int, int, Point]] = []
    common = 1
    allowed = {"free": (1, -1), "convex": (1,), "concave": (-1,)}[instance.signs]
    for _ in range(instance.width):
        tokens = reader.tokens()
        if len(tokens) != instance.dimension + 2:
            reject("neuron", f"a neuron is {instance.dimension + 2} numbers: a b w_1 ... w_d")
        top, bottom = reader.rational(tokens[0])
        if instance.relu and (bottom != 1 or top not in allowed):
            reject("coefficient", f"the coefficient {short(tokens[0])} is not allowed here")
        values = [reader.rational(token) for token in (*tokens[2:], tokens[1])]
        scale = 1
        for _, below in values:
            scale = reader.bounded(lcm(scale, below))
        if instance.relu:
            bottom *= scale
        raw.append((top, bottom, tuple(above * (scale // below) for above, below in values)))
        if common % bottom:
            common = reader.bounded(lcm(common, bottom))
    if common.bit_length() * len(raw) > 2**32:
        reject("number-too-large", "the denominators of the neurons are too large together")
    units = [(top * (common // bottom), weights) for top, bottom, weights in raw]
    values_ = network_values(reader, units, instance)
    for i, value in enumerate(values_, 1):
        point = instance.points[i]
        if value * (1 if instance.relu else point[-1]) != instance.labels[i] * common:
            shown = Fraction(value, common * (point[-1] if instance.relu else 1))
            reject("label-mismatch", f"at point {i} the network gives {short(str(shown))}, not the label")


def network_values(reader: Reader, units: list[Unit], instance: Instance) -> list[int]:
    """sum_j A_j max(0, W_j.v), or sum_j A_j [W_j.v > 0], at all points."""
    points = instance.points[1:]
    if instance.dimension > 2:
        result = []
        for v in points:
            reader.tick()
            total = 0
            for coefficient, weights in units:
                z = sum(map(int.__mul__, weights, v))
                if z > 0:
                    total += coefficient * z if instance.relu else coefficient
            result.append(total)
        return result
    totals = [0] * len(points)
    vertical: list[Unit] = []  # functions of x_1 alone, written (0, w_1, b)
    oblique: list[Unit] = []
    for coefficient, weights in units:
        if not any(weights[:-1]):
            if weights[-1] > 0:
                for i, v in enumerate(points):
                    totals[i] += coefficient * weights[-1] * v[-1] if instance.relu else coefficient
        elif instance.dimension == 1 or weights[1] == 0:
            vertical.append((coefficient, (0, weights[0], weights[-1])))
        else:
            oblique.append((coefficient, weights))
    if vertical:
        sweep(reader, vertical, [(0, v[0], v[-1]) for v in points], totals, instance.relu)
    if oblique:
        sweep(reader, oblique, points, totals, instance.relu)
    return totals


def chains(units: list[Unit], points: list[Point]) -> list[list[Unit]]:
    """Partition non-vertical lines into chains that are ordered by height over the whole x_1-range of the
    points.

    Sorted by (height at the left end, height at the right end); a line joins the chain with the highest right
    end that is not above its own (patience sorting, so the chains are as few as possible). Within a chain the
    heights do not decrease at both ends, hence nowhere between, as they are affine.
    """
    left = right = points[0]
    for v in points:
        if v[0] * left[2] < left[0] * v[2]:
            left = v
        if v[0] * right[2] > right[0] * v[2]:
            right = v

    def height(unit: Unit, v: Point) -> Fraction:
        (u, w, b) = unit[1]
        return Fraction(-(u * v[0] + b * v[2]), w * v[2])

    ends = [(height(unit, left), height(unit, right)) for unit in units]
    result: list[list[Unit]] = []
    tails: list[Fraction] = []  # minus the right ends, increasing
    for i in sorted(range(len(units)), key=ends.__getitem__):
        tail = -ends[i][1]
        place = bisect_left(tails, tail)
        if place == len(tails):
            tails.append(tail)
            result.append([])
        tails[place] = tail
        result[place].append(units[i])
    return result


def sweep(reader: Reader, units: list[Unit], points: list[Point], totals: list[int], relu: bool) -> None:
    """Add the values of neurons with w_2 != 0 at points (X_1, X_2, D): prefix sums over chains, binary search
    a point.

    Orient a line so that z' > 0 above it. A neuron with w_2 > 0 is active where z' > 0, one with w_2 < 0
    where z' < 0. In a chain the lines with z' > 0 at a point are a prefix of length r, those with z' >= 0 one
    of length s >= r; so the active ones are those with w_2 > 0 in the prefix r and those with w_2 < 0 behind
    the prefix s.
    """
    if not points:
        return
    for chain in chains(units, points):
        lines = [tuple(w if unit[1][1] > 0 else -w for w in unit[1]) for unit in chain]
        up = [(0, 0, 0)]
        down = [(0, 0, 0)]
        for coefficient, weights in chain:
            terms = [coefficient * w for w in weights] if relu else [coefficient, 0, 0]
            last, rest = (up, down) if weights[1] > 0 else (down, up)
            a, b, c = last[-1]
            last.append((a + terms[0], b + terms[1], c + terms[2]))
            rest.append(rest[-1])
        everything = down[-1]
        both = [
            tuple(x + e - y for x, y, e in zip(p, m, everything, strict=True))
            for p, m in zip(up, down, strict=True)
        ]
        size = len(lines)
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
            totals[i] += up[low][0] + everything[0] - down[top][0]
            if not i & 4095:
                reader.tick()


# -- 5. What is said of the source -----------------------------------------------------------------


def check_solution(reader: Reader, source: Source, tokens: list[str]) -> None:
    """The line ``solution`` of a YES."""
    if isinstance(source, Formula):
        true = {reader.integer(token, _POSITIVE) for token in tokens}
        if len(true) != len(tokens) or (true and max(true) > source.variables):
            reject("solution", "the numbers of the true variables are not different numbers of variables")
        for number, clause in enumerate(source.clauses, 1):
            if sum(variable in true for variable in clause) != 1:
                reject("solution", f"clause {number} does not have exactly one true literal")
        return
    size = source.dimension + 1
    if len(tokens) != 2 * size:
        reject("solution", f"two hyperplanes are {2 * size} numbers")
    values = [reader.rational(token) for token in tokens]
    planes = []
    for half in (values[:size], values[size:]):
        common = 1
        for _, bottom in half:
            common = reader.bounded(lcm(common, bottom))
        planes.append([top * (common // bottom) for top, bottom in half])
    cells: list[set[tuple[bool, ...]]] = []
    for points in (source.q, source.p):
        found = set()
        for point in points:
            signs = [h[0] * source.denominator + sum(map(int.__mul__, h[1:], point)) for h in planes]
            if not all(signs):
                reject("solution", "a point lies on a hyperplane")
            found.add(tuple(sign > 0 for sign in signs))
        cells.append(found)
    if cells[0] & cells[1]:
        reject("solution", "a cell contains a point of Q and a point of P")


def check_lrat(reader: Reader, formula: Formula) -> int:
    """The section ``source-refutation lrat``: reverse unit propagation with hints; the number of steps.

    A step is sound: under the negated clause every hint forces the literal that is added, and the last one is
    false, so the clause follows from the hints.
    """
    clauses: dict[int, tuple[int, ...]] = {}
    for a, b, c in formula.clauses:
        for given in ((a, b, c), (-a, -b), (-a, -c), (-b, -c)):
            clauses[len(clauses) + 1] = tuple(dict.fromkeys(given))
    last, done, steps = len(clauses), False, 0
    while (tokens := reader.tokens()) != ["end-source"]:
        number = reader.integer(tokens[0], _POSITIVE)
        if tokens[-1] != "0":
            reject("lrat-syntax", "the line does not end with 0")
        if tokens[1] == "d":
            for token in tokens[2:-1]:
                if clauses.pop(reader.integer(token, _POSITIVE), None) is None:
                    reject("lrat-unknown-clause", f"there is no clause {short(token)}")
            continue
        steps += 1
        split = tokens.index("0")
        clause = tuple(reader.integer(token, _INTEGER) for token in tokens[1:split])
        if done or number <= last or split == len(tokens) - 1:
            reject("lrat-syntax", "the numbers must increase, with hints, up to the empty clause")
        if any(abs(lit) > formula.variables for lit in clause):
            reject("lrat-syntax", "a literal is not one of the formula")
        true = {-lit for lit in clause}
        conflict = False
        for token in tokens[split + 1 : -1]:
            hint = clauses.get(reader.integer(token, _POSITIVE))
            if hint is None:
                reject("lrat-unknown-clause", f"there is no clause {short(token)}")
            if conflict:
                reject("lrat-hint", "a hint follows the falsified one")
            open_ = {lit for lit in hint if -lit not in true}
            if len(open_) > 1 or open_ & true:
                reject("lrat-hint", f"the hint {short(token)} is not unit")
            conflict = not open_
            true |= open_
        if not conflict:
            reject("lrat-hint", "the last hint is not falsified")
        clauses[number] = clause
        last, done = number, not clause
    if not done:
        reject("lrat-incomplete", "the last addition is not the empty clause")
    return steps


# -- 6. NO: the refutation -------------------------------------------------------------------------
# -- 6.3 Lines and slots


class DataLine:
    """A declared line: its points in order, their integer positions along the primitive direction, and
    (6.6.2) for every neuron that increases along it the position of the last fact <= 0 (``lo``) and of the
    first >= 0 (``hi``).
    """

    __slots__ = ("direction", "hi", "lo", "place", "points", "scale", "shared")

    def __init__(self, points: list[int], direction: int, place: dict[int, int], scale: int) -> None:
        self.points = points
        self.direction = direction
        self.place = place  # point -> position times scale
        self.scale = scale
        self.lo: dict[int, int] = {}
        self.hi: dict[int, int] = {}
        self.shared = False  # another declared line of the same direction has points of this line


Slot = tuple[int, int]  # its two ends, in the order of the line


def difference(v: Point, w: Point) -> tuple[int, ...]:
    """The vector v - w of two points, times the product of their denominators."""
    return tuple(x * w[-1] - y * v[-1] for x, y in zip(v[:-1], w, strict=False))


@dataclass
class Ends:
    """The ends of a slot in a split: a step ``n`` may move an end inward and close it (6.5)."""

    left: int
    right: int
    left_closed: bool = False
    right_closed: bool = False


class Lines:
    """The first part of a refutation: lines, their directions, slots."""

    def __init__(self, reader: Reader, instance: Instance) -> None:
        self.reader = reader
        self.instance = instance
        self.lines: list[DataLine] = []
        self.directions: dict[Point, int] = {}
        self.vectors: list[Point] = []
        self.on: dict[int, list[tuple[int, DataLine, int]]] = {}  # point -> (direction, line, position)
        self.slots: dict[tuple[int, str], list[Slot]] = {}

    def point(self, token: str) -> int:
        """The number of a point."""
        value = self.reader.integer(token, _POSITIVE)
        if value > self.instance.size:
            reject("unknown-point", f"there is no point {value}")
        return value

    def line(self, token: str) -> int:
        """The index (from 0) of a line."""
        value = self.reader.integer(token, _POSITIVE)
        if value > len(self.lines):
            reject("unknown-line", f"there is no line {value}")
        return value - 1

    def add_line(self, tokens: list[str]) -> None:
        """``line i_1 i_2 ...``: strictly ordered points of one line."""
        numbers = [self.point(token) for token in tokens]
        if len(numbers) < 2:
            reject("line-points", "a line needs two points")
        points = self.instance.points
        first = points[numbers[0]]
        steps = [difference(points[i], first) for i in numbers]
        common = gcd(*steps[1])
        if common == 0:
            reject("line-order", "the first two points of the line are equal")
        vector = tuple(x // common for x in steps[1])
        pivot = next(c for c, x in enumerate(vector) if x)
        # x_i = x_first + t vector with t = step[pivot] / (vector[pivot] D_first D_i)
        positions = []
        for i, step in zip(numbers, steps, strict=True):
            if any(x * vector[pivot] != step[pivot] * e for x, e in zip(step, vector, strict=True)):
                reject("not-collinear", f"point {i} is not on the line")
            positions.append(Fraction(step[pivot], vector[pivot] * first[-1] * points[i][-1]))
        if any(a >= b for a, b in pairwise(positions)):
            reject("line-order", "the points are not in strict order along the line")
        scale = 1
        for t in positions:
            if scale % t.denominator:
                scale = self.reader.bounded(lcm(scale, t.denominator))
        direction = self.directions.setdefault(vector, len(self.directions))
        if direction == len(self.vectors):
            self.vectors.append(vector)
        place = {i: t.numerator * (scale // t.denominator) for i, t in zip(numbers, positions, strict=True)}
        line = DataLine(numbers, direction, place, scale)
        for i, position in place.items():
            others = self.on.setdefault(i, [])
            for other, that, _ in others:
                if other == direction:
                    that.shared = line.shared = True
            others.append((direction, line, position))
        self.lines.append(line)

    def add_slots(self, tokens: list[str]) -> None:
        """``slots L s ...``: disjoint open intervals of line L, in its order, each with a kink (threshold: a
        change).

        Soundness. Suppose no neuron with a = +1 has opposite strict signs at p and r. A neuron whose z is not
        of opposite strict signs at the ends of a segment is affine on it, so on pr the network is an affine
        function plus concave ones, hence concave, and y_q is not below the chord. So a convex kink needs a
        positive neuron that *breaks in* the open slot; likewise a concave one needs a negative neuron, and
        different labels at p and r a threshold neuron. z is affine on the line: a neuron breaks in at most
        one of disjoint open slots.
        """
        if len(tokens) < 3:
            reject("step-syntax", "slots needs a line, a sign and points")
        number, sign = self.line(tokens[0]), tokens[1]
        if sign not in (("+", "-") if self.instance.relu else ("*",)):
            reject("class", f"the sign {short(sign)} does not belong to this activation")
        if (number, sign) in self.slots:
            reject("slots-repeated", "a line has at most one slots line for a sign")
        line = self.lines[number]
        ends = [self.point(token) for token in tokens[2:]]
        size = 3 if self.instance.relu else 2
        if len(ends) % size:
            reject("step-syntax", f"a slot is {size} points")
        place, labels, points = line.place, self.instance.labels, self.instance.points
        slots: list[Slot] = []
        for i in ends:
            if i not in place:
                reject("slot-not-on-line", f"point {i} is not on line {number + 1}")
        for at in range(0, len(ends), size):
            slot = ends[at : at + size]
            if any(place[a] >= place[b] for a, b in pairwise(slot)):
                reject("slot-order", "the points of a slot are not in the order of the line")
            if slots and place[slots[-1][1]] > place[slot[0]]:
                reject("slot-order", "the slots are not disjoint and in the order of the line")
            (p, r), (dp, dr) = (slot[0], slot[-1]), (points[slot[0]][-1], points[slot[-1]][-1])
            if self.instance.relu:
                q = slot[1]
                dq = points[q][-1]
                # (y_q - y_p)(r - p) - (y_r - y_p)(q - p), times the positive D_p D_q D_r
                bend = (labels[q] * dp - labels[p] * dq) * dr * (place[r] - place[p])
                bend -= (labels[r] * dp - labels[p] * dr) * dq * (place[q] - place[p])
                if sign == "+" and bend >= 0:
                    reject("slot-not-convex", f"the labels do not kink convexly at point {q}")
                if sign == "-" and bend <= 0:
                    reject("slot-not-concave", f"the labels do not kink concavely at point {q}")
            elif labels[p] * dr == labels[r] * dp:
                reject("slot-same-label", f"the points {p} and {r} have the same label")
            slots.append((p, r))
        self.slots[number, sign] = slots

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
        low, high = least["+"], k - least["-"]
        if self.instance.signs == "convex":
            low = max(low, k)
        if self.instance.signs == "concave":
            high = min(high, 0)
        for positive in range(low, high + 1):
            yield str(positive), positive


# -- 6.6 - 6.10 One split

# Relations known of a sign: bits. A strict relation is stored with its weak one.
GE, LE, GT, LT = 1, 2, 4, 8
ABOVE, BELOW = GE | GT, LE | LT
RELATION = {">=": GE, "<=": LE, ">": GT, "<": LT}
CLOSED = {GE: GE, LE: LE, GT: ABOVE, LT: BELOW}

# A literal: (SIGN, neuron, relation, point), (DEF, number, 0, positive) or (BREAK, neuron, number, positive).
Lit = tuple[int, int, int, int]
SIGN, DEF, BREAK = 0, 1, 2
_LIT = re.compile(
    r"([1-9][0-9]*)(>=|<=|>|<)([1-9][0-9]*)|(-?)d([1-9][0-9]*)|(-?)x([1-9][0-9]*)\.([1-9][0-9]*)"
)
_ITEM = re.compile(
    r"(?:e([1-9][0-9]*)|([1-9][0-9]*)(>=|<=|>|<)([1-9][0-9]*)|([hgs])([1-9][0-9]*)\.([1-9][0-9]*)|r([1-9][0-9]*))"
    r":(-?[1-9][0-9]*)(?:/([1-9][0-9]*))?"
)
EQUATION, RELATED, HIDDEN, GAP, SAME, STORED = range(6)
ITEM_KIND = {"h": HIDDEN, "g": GAP, "s": SAME}
Item = tuple[int, int, int, int, int, int]  # kind, neuron, point or row, relation, numerator, denominator
EQUAL, WEAK, STRICT = 0, 1, 2
Bound = tuple[int, int, int, dict[int, int], dict[int, int], dict[int, int], dict[int, int]]


class SlotClause(NamedTuple):
    """The clause of a step ``k``: some neuron of the class (a bit set) breaks in the slot."""

    neurons: int
    left: int
    right: int


class Row(NamedTuple):
    """A row (6.8): ``terms`` over ``denominator``; ``parts``: what is the same for many neurons, as (bit set,
    vector).
    """

    relation: int
    denominator: int
    constant: int
    terms: dict[int, int]
    parts: list[tuple[int, tuple[int, ...]]]
    guard: tuple[Lit, ...]


class Conflict(Exception):  # noqa: N818
    """The assumptions of a step ``v`` contradict each other."""


def bits(mask: int) -> Iterator[int]:
    """The members of a bit set."""
    while mask:
        bit = mask & -mask
        yield bit.bit_length() - 1
        mask ^= bit


class Split:
    """One split: what is known, the stored clauses and rows, and the steps.

    Every step's conclusion holds for all functions as in 6.1 that fit the data, with the signs of the split
    and the names and orientations fixed by the labels. So when the empty clause, a contradiction or an
    impossible bound is reached, there are none.

    Assumptions of a step are stored like facts, with an undo list, and taken back when the step ends.
    """

    def __init__(self, data: Lines, positive: int) -> None:
        self.data = data
        self.reader = data.reader
        self.instance = data.instance
        self.relu = data.instance.relu
        self.k = k = data.instance.width
        self.positive = positive
        self.everyone = ((1 << k) - 1) << 1
        self.members = {"*": self.everyone, "+": ((1 << positive) - 1) << 1}
        self.members["-"] = self.everyone ^ self.members["+"]
        self.sizes = {"*": k, "+": positive, "-": k - positive}
        self.ends = {
            key: [Ends(p, r) for p, r in slots]
            for key, slots in data.slots.items()
            if len(slots) == self.sizes[key[1]]
        }
        self.points = data.instance.points
        # Keys of unknowns: z_j: j stride + (0 .. d), a_j (threshold): j stride + d + 1, alpha: 0 .. d (or 0),
        # h_{j,i} (threshold t_{j,i}) -(i (k+1) + j).
        self.stride = data.instance.dimension + (1 if self.relu else 2)
        self.shift = 0 if self.relu else data.instance.dimension + 1
        self.negation = {GE: LT, LT: GE, LE: GT, GT: LE} if self.relu else {GT: LT, LT: GT}
        self.relations = ("", *RELATION) if self.relu else (">", "<")
        # 6.6: knowledge
        self.facts: dict[int, int] = {}  # j * (n+1) + i -> relations
        self.heading: dict[int, int] = {}  # neuron -> direction along which it increases
        self.headings: set[int] = set()
        self.fact_masks: dict[int, list[int]] = {}  # point -> bit sets of the neurons with facts >= 0 and <= 0
        self.pairs: dict[int, list[tuple[DataLine, DataLine]]] = {}
        self.bounds: dict[tuple[int, int], list[Bound]] = {}
        self.masks: dict[int, list[int]] = {}  # point -> [bit set known >= 0, bit set <= 0, time]
        self.most_masks = max(64, 2**30 // (k + 64))
        self.changed: dict[int, int] = {}  # headed neuron -> time of its last fact, in the order of time
        self.time = 0
        self.taken: dict[tuple[int, str], dict[int, int]] = {}  # saturated line -> slot -> neuron
        # the scope of a step
        self.undo: list[tuple[dict[int, int], int, int | None]] = []
        self.dirty: set[int] = set()
        self.scoped = False
        self.chosen: dict[int, bool] = {}  # definitions assumed
        self.breaks: dict[tuple[int, int], bool] = {}  # x-literals assumed
        # stored
        self.last = 0
        self.clauses: dict[int, tuple[Lit, ...] | SlotClause] = {}
        self.slot_of: dict[int, SlotClause] = {}
        self.definitions: dict[int, tuple[Lit, ...]] = {}
        self.rows: dict[int, Row] = {}
        self.refuted = False
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
            for first, second, limit, upper_a, upper_b, lower_a, lower_b in self.pair_bounds(heading, i):
                a = upper_a.get(j)
                if a is not None:
                    b = upper_b.get(j)
                    if b is not None:
                        value = first * a + second * b
                        if value < limit:
                            known |= ABOVE
                        elif value == limit:
                            known |= GE if self.relu else ABOVE
                a = lower_a.get(j)
                if a is not None:
                    b = lower_b.get(j)
                    if b is not None:
                        value = first * a + second * b
                        if value > limit:
                            known |= BELOW
                        elif value == limit:
                            known |= LE if self.relu else BELOW
        return known

    def pair_bounds(self, direction: int, i: int) -> list[Bound]:
        """Rule 3 for a point and the declared pairs (A, B) of a direction e, as integer comparisons.

        Let z increase along e, by s > 0 a unit. On the parallel to e through c it vanishes at the position
        t(c) = -z(c)/s, which is an affine function of c. So with p = (1-theta) A_1 + theta B_1 + mu e we have
        z(p) = s (mu - t), t = (1-theta) t_A + theta t_B, and lo <= t_A <= hi, lo <= t_B <= hi bound t: take
        the upper bound of t_A where its factor is positive, the lower one where it is negative. Hence z(p) >=
        0 if mu is at least the upper bound of t, > 0 if above it; likewise below. An entry (f, g, m, ...)
        stands for the comparison of f (position on A) + g (position on B) with m. A factor 0 asks for
        nothing: the other line stands in for it.
        """
        found = self.bounds.get((direction, i))
        if found is not None:
            return found
        if len(self.bounds) > 2**22:
            self.bounds.clear()
        found = []
        e = self.data.vectors[direction]
        for line_a, line_b in self.pairs[direction]:
            a, b, p = (self.points[c] for c in (line_a.points[0], line_b.points[0], i))
            u = difference(b, a)  # (B_1 - A_1) D_a D_b
            w = difference(p, a)  # (p - A_1) D_a D_p
            r, s, det = self.minor(u, e)
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
            f, g, m = f // common, g // common, m // common
            upper_a, lower_a = (line_a.hi, line_a.lo) if f > 0 else (line_a.lo, line_a.hi)
            upper_b, lower_b = (line_b.hi, line_b.lo) if g > 0 else (line_b.lo, line_b.hi)
            if f == 0:
                upper_a, lower_a = upper_b, lower_b
            if g == 0:
                upper_b, lower_b = upper_a, lower_a
            found.append((f, g, m, upper_a, upper_b, lower_a, lower_b))
        self.bounds[direction, i] = found
        return found

    @staticmethod
    def minor(u: Sequence[int], e: Sequence[int]) -> tuple[int, int, int]:
        """Two coordinates in which u and e are independent, with the determinant; (0, 0, 0) if there are
        none.
        """
        r = next(c for c, x in enumerate(e) if x)
        for s in range(len(e)):
            det = u[r] * e[s] - u[s] * e[r]
            if det:
                return r, s, det
        return 0, 0, 0

    def store(self, j: int, i: int, relation: int) -> None:
        """Store a fact, or inside a step an assumption: rule 1, and the bounds that rules 2 and 3 use."""
        relations = CLOSED[relation]
        changes: list[tuple[dict[int, int], int, int]] = []
        key = j * len(self.points) + i
        changes.append((self.facts, key, self.facts.get(key, 0) | relations))
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

    def settle(self, i: int) -> None:
        """Bring the bit sets of a point up to date with the facts. Only outside a scope: they know no
        assumptions.
        """
        entry = self.masks.get(i)
        if entry is not None:
            if entry[2] != self.time:
                for j in reversed(self.changed):
                    if self.changed[j] <= entry[2]:
                        break
                    known = self.sign(j, i)
                    if known & GE:
                        entry[0] |= 1 << j
                    if known & LE:
                        entry[1] |= 1 << j
                entry[2] = self.time
            return
        above: set[int] = set()
        below: set[int] = set()
        for direction, line, position in self.data.on.get(i, ()):
            if direction in self.headings:
                above.update(j for j, end in line.hi.items() if end < position)
                below.update(j for j, end in line.lo.items() if position < end)
        for direction in self.headings:
            if direction in self.pairs:
                for f, g, m, up_a, up_b, low_a, low_b in self.pair_bounds(direction, i):
                    above.update(j for j, a in up_a.items() if j in up_b and f * a + g * up_b[j] <= m)
                    below.update(j for j, a in low_a.items() if j in low_b and f * a + g * low_b[j] >= m)
        facts = self.fact_masks.get(i, (0, 0))
        self.masks[i] = [self.bit_set(above) | facts[0], self.bit_set(below) | facts[1], self.time]

    def bit_set(self, members: set[int]) -> int:
        """The bit set of neurons."""
        if not members:
            return 0
        top = max(members)
        digits = bytearray(b"0") * (top + 1)
        for j in members:
            digits[top - j] = 49
        return int(digits, 2)

    def known(self, i: int) -> tuple[int, int]:
        """Bit sets of the neurons known >= 0 and <= 0 at a settled point, the assumptions of the step
        included.
        """
        above, below, _ = self.masks[i]
        for j in self.dirty:
            relations = self.sign(j, i)
            if relations & GE:
                above |= 1 << j
            if relations & LE:
                below |= 1 << j
        return above, below

    # -- 6.7 Literals and the scope of a step

    def begin(self) -> None:
        """From here on what is stored is an assumption of the step."""
        self.scoped = True

    def end(self) -> None:
        """Forget the assumptions of the step."""
        for where, index, value in reversed(self.undo):
            if value is None:
                where.pop(index, None)
            else:
                where[index] = value
        self.undo.clear()
        self.dirty.clear()
        self.chosen.clear()
        self.breaks.clear()
        self.scoped = False

    def neuron(self, token: str) -> int:
        """The number of a neuron."""
        value = self.reader.integer(token, _POSITIVE)
        if value > self.k:
            reject("unknown-neuron", f"there is no neuron {short(token)}")
        return value

    def relation(self, token: str) -> int:
        """A relation; threshold neurons have only the strict ones."""
        if token not in self.relations:
            reject("relation", f"the relation {token} is not one of a threshold neuron")
        return RELATION[token]

    def literal(self, token: str) -> Lit:
        """A literal."""
        match = _LIT.fullmatch(token)
        if match is None:
            reject("literal-syntax", f"{short(token)} is not a literal")
        if match[1]:
            return SIGN, self.neuron(match[1]), self.relation(match[2]), self.data.point(match[3])
        if match[5]:
            number = self.reader.integer(match[5])
            if number not in self.definitions:
                reject("unknown-definition", f"there is no definition {short(token)}")
            return DEF, number, 0, int(not match[4])
        neuron, number = self.neuron(match[7]), self.reader.integer(match[8])
        if number not in self.slot_of or not self.slot_of[number].neurons >> neuron & 1:
            reject("unknown-slot", f"there is no slot as in {short(token)}")
        return BREAK, neuron, number, int(not match[6])

    def literals(self, tokens: Iterable[str], *allowed: tuple[int, int | None]) -> tuple[Lit, ...]:
        """Literals of the allowed kinds: (kind, None) or (kind, polarity)."""
        result = tuple(self.literal(token) for token in tokens)
        for literal in result:
            if (literal[0], None) not in allowed and (literal[0], literal[3]) not in allowed:
                reject("literal-kind", "a literal of this kind is not allowed in this step")
        return result

    def negate(self, literal: Lit) -> Lit:
        """The negation of a literal."""
        kind, a, b, c = literal
        return (kind, a, self.negation[b], c) if kind == SIGN else (kind, a, b, 1 - c)

    def assume(self, literal: Lit) -> None:
        """Assume a literal for the rest of the step; a definition with each of its literals."""
        kind, a, b, c = literal
        if kind == SIGN:
            self.store(a, c, b)
        elif kind == DEF:
            self.chosen[a] = bool(c)
            if c:
                for _, j, relation, i in self.definitions[a]:
                    self.store(j, i, relation)
        else:
            self.breaks[a, b] = bool(c)

    def holds(self, literal: Lit) -> bool:
        """Whether a guard literal is known or assumed."""
        kind, a, b, c = literal
        if kind == SIGN:
            return bool(self.sign(a, c) & b)
        return self.chosen.get(a) == bool(c)

    # -- 6.8 Rows

    def items(self, tokens: list[str]) -> list[Item]:
        """Parse a combination, and settle the points of its equations (before anything is assumed)."""
        result: list[Item] = []
        integer = self.reader.integer
        for token in tokens:
            match = _ITEM.fullmatch(token)
            if match is None:
                reject("item-syntax", f"{short(token)} is not an item")
            point, j, relation, i, letter, hidden_j, hidden_i, row, top, bottom = match.groups()
            p = integer(top, _INTEGER)
            q = 1
            if bottom is not None:
                q = integer(bottom)
                if q < 2 or gcd(p, q) != 1:
                    reject("number", f"{short(token)}: the multiplier is not in lowest terms")
            if point is not None:
                number = self.data.point(point)
                self.settle(number)
                result.append((EQUATION, 0, number, 0, p, q))
            elif j is not None:
                result.append((RELATED, self.neuron(j), self.data.point(i), self.relation(relation), p, q))
            elif letter is not None:
                kind = ITEM_KIND[letter]
                if kind != SAME and not self.relu:
                    reject("item-kind", f"{short(token)}: threshold neurons have no such item")
                result.append((kind, self.neuron(hidden_j), self.data.point(hidden_i), 0, p, q))
            else:
                number = integer(row)
                if number not in self.rows:
                    reject("unknown-row", f"there is no row {short(token)}")
                result.append((STORED, 0, number, 0, p, q))
        if not result:
            reject("step-syntax", "the combination is empty")
        return result

    def combine(self, items: list[Item]) -> Row:
        """The sum of the items, all of which hold under the facts and the assumptions of the step.

        An equation's terms z_j (threshold: a_j) are the same function of the point for all neurons known >= 0
        there, so they are kept as a bit set with one vector; the sum of such parts is made on their common
        refinement.
        """
        points, labels, k = self.points, self.instance.labels, self.k
        bounded = self.reader.bounded
        common = 1
        for kind, _, i, _, _, q in items:
            if kind == STORED:
                q *= self.rows[i].denominator
            elif kind != HIDDEN:
                q *= points[i][-1]
            if common % q:
                common = bounded(lcm(common, q))
        relation, constant = EQUAL, 0
        terms: dict[int, int] = {}
        groups: list[tuple[int, tuple[int, ...]]] = []
        alpha = [0] * (self.instance.dimension + 1 if self.relu else 1)

        def add(key: int, value: int) -> None:
            terms[key] = terms.get(key, 0) + value

        def add_affine(j: int, i: int, factor: int) -> None:
            for key, x in enumerate(points[i], j * self.stride):
                if x:
                    terms[key] = terms.get(key, 0) + factor * x

        for kind, j, i, which, p, q in items:
            if self.reader.deadline is not None:
                self.reader.tick()
            whole = p * (common // q)
            if kind == EQUATION:
                factor = whole // points[i][-1]
                vector = tuple(factor * x for x in points[i]) if self.relu else (whole,)
                for c, x in enumerate(vector):
                    alpha[c] += x
                constant -= factor * labels[i]
                above, below = self.known(i)
                for j in bits(self.everyone & ~(above | below)):
                    add(-(i * (k + 1) + j), whole if j <= self.positive else -whole)
                if above:
                    groups.append((above, vector))
                continue
            if kind == SAME:
                known = self.sign(j, i)
                if not known & (GE | LE):
                    reject("sign-not-known", f"the sign of neuron {j} at point {i} is not known")
                add(-(i * (k + 1) + j), whole)
                if known & GE:
                    if self.relu:
                        add_affine(j, i, -(whole // points[i][-1]))
                    else:
                        add(j * self.stride + self.shift, -whole)
                continue
            if kind == STORED:
                row = self.rows[i]
                if not all(map(self.holds, row.guard)):
                    reject("guard-not-true", f"a guard literal of row {i} is not true")
                strength = row.relation
                factor = whole // row.denominator
                constant += factor * row.constant
                for key, x in row.terms.items():
                    terms[key] = terms.get(key, 0) + factor * x
                groups.extend((mask, tuple(factor * x for x in vector)) for mask, vector in row.parts)
            elif kind == RELATED:
                if not self.sign(j, i) & which:
                    reject("literal-not-known", f"the relation of neuron {j} at point {i} is not known")
                strength = STRICT if which & (GT | LT) else WEAK
                factor = whole // points[i][-1]
                add_affine(j, i, factor if which & ABOVE else -factor)
            else:
                strength = WEAK
                add(-(i * (k + 1) + j), whole)
                if kind == GAP:
                    add_affine(j, i, -(whole // points[i][-1]))
            if strength != EQUAL:
                if p < 0:
                    reject("multiplier-not-positive", "an inequality has a negative multiplier")
                relation = max(relation, strength)
        for c, x in enumerate(alpha):
            if x:
                add(c, x)
        parts: list[tuple[int, tuple[int, ...]]] = []
        if groups:
            zero = (0,) * len(alpha)
            parts = [(self.everyone, zero)]
            for mask, vector in groups:
                refined = []
                for members, value in parts:
                    both = members & mask
                    if both:
                        refined.append((both, tuple(map(int.__add__, value, vector))))
                        if both != members:
                            refined.append((members ^ both, value))
                    else:
                        refined.append((members, value))
                parts = refined
            parts = [part for part in parts if part[1] != zero]
        return Row(relation, common, constant, {key: x for key, x in terms.items() if x}, parts, ())

    def spread(self, row: Row, least: int) -> list[tuple[int, tuple[int, ...]]]:
        """Move the parts with at most ``least`` neurons into the terms; the other parts."""
        rest = []
        for mask, vector in row.parts:
            if mask.bit_count() > least:
                rest.append((mask, vector))
                continue
            for j in bits(mask):
                sign = 1 if j <= self.positive else -1
                for key, x in enumerate(vector, j * self.stride + self.shift):
                    value = row.terms.get(key, 0) + sign * x
                    if value:
                        row.terms[key] = value
                    else:
                        row.terms.pop(key, None)
        return rest

    def vanishes(self, row: Row) -> bool:
        """Whether all unknowns cancel."""
        for mask, _ in row.parts:
            if mask.bit_count() > len(row.terms):
                return False  # each of these neurons would need a term that cancels
        self.spread(row, self.k)
        return not row.terms

    def contradictory(self, row: Row, code: str = "farkas-not-contradictory") -> None:
        """Reject unless the row is false: 0 = c with c != 0, c >= 0 with c < 0, c > 0 with c <= 0."""
        if not self.vanishes(row):
            reject(code, "the combination leaves unknowns")
        c = row.constant
        if not (c != 0 if row.relation == EQUAL else c < 0 if row.relation == WEAK else c <= 0):
            reject(code, "the constant of the combination makes no contradiction")

    # -- 6.5 Labels

    def label(self, sign: str, token: str) -> None:
        """``label s L``: the slots name and orient neurons of a class.

        The c slots are broken by c different neurons of the class (6.3). The order of neurons of one class
        and the orientation of each are free (6.1), so the t-th may be called the t-th and be negative before
        its slot. Its z is affine and grows from p to r, so it increases along every line of the same
        direction.
        """
        number = self.data.line(token)
        slots = self.ends.get((number, sign))
        slots = slots or [Ends(*slot) for slot in self.data.slots.get((number, sign), ())]
        if not slots:
            reject("no-slots", f"line {number + 1} has no slots of the class {short(sign)}")
        first = self.positive if sign == "-" else 0
        for t in range(1, len(slots) + 1):
            self.heading[first + t] = self.data.lines[number].direction
        for t, slot in enumerate(slots, 1):
            self.breaks_in(first + t, slot, slot)
        if len(slots) == self.sizes[sign]:
            self.taken[number, sign] = {t: first + t + 1 for t in range(len(slots))}

    def breaks_in(self, j: int, first: Ends, last: Ends) -> None:
        """z_j goes up through zero between the left end of ``first`` and the right end of ``last``."""
        self.store(j, first.left, LE if first.left_closed else LT)
        self.store(j, last.right, GE if last.right_closed else GT)

    def flat(self, tokens: list[str]) -> None:
        """``n L p q r``: the labels at p < q < r are collinear and one class does not break between p and r.

        The slots of that class are as many as its neurons, so each of them breaks in its slot and nowhere
        else on L; none of these slots meets (p, r). Then on pr f is convex (or concave) and takes the value of
        the chord at q, so it is affine on pr: its one-sided slopes are monotone, and the slope over pq equals
        that over qr. Hence no neuron of the other class breaks strictly between p and r, and what a slot of
        it has in the open interval may be cut off; a break at p or r itself remains possible.
        """
        self.count(tokens, 4)
        if not self.relu:
            reject("class", "a threshold split has no flat triples")
        number = self.data.line(tokens[0])
        line, labels = self.data.lines[number], self.instance.labels
        place = line.place
        p, q, r = (self.reader.integer(token, _POSITIVE) for token in tokens[1:])
        if not (p in place and q in place and r in place and place[p] < place[q] < place[r]):
            reject("flat-order", "the three points are not on the line in its order")
        ahead, behind = place[r] - place[q], place[q] - place[p]
        left, mid, right = (Fraction(labels[i], self.instance.points[i][-1]) for i in (p, q, r))
        if (right - mid) * behind != (mid - left) * ahead:
            reject("flat-not-collinear", "the labels at the three points are not collinear")
        done = False
        for sign, other in (("+", "-"), ("-", "+")):
            if self.sizes[other]:
                blocking = self.ends.get((number, other))
                if blocking is None or any(
                    place[e.right] > place[p] and place[e.left] < place[r] for e in blocking
                ):
                    continue
            done = True
            for e in self.ends.get((number, sign), ()):
                cut_left = place[p] + e.left_closed <= place[e.left] < place[r]
                cut_right = place[p] < place[e.right] <= place[r] - e.right_closed
                if cut_left:
                    e.left, e.left_closed = r, True
                if cut_right:
                    e.right, e.right_closed = p, True
                gap = place[e.right] - place[e.left]
                if gap < 0 or (gap == 0 and not (e.left_closed and e.right_closed)):
                    self.refuted = True
        if not done:
            reject("flat-not-clear", "the line is not saturated, or slots of both classes meet the interval")

    # -- 6.9 Steps

    def number(self, token: str) -> int:
        """A new number."""
        value = self.reader.integer(token, _POSITIVE)
        if value <= self.last:
            reject("number-not-new", f"the number {short(token)} is not larger than those used before")
        self.last = value
        return value

    def divide(self, tokens: list[str]) -> tuple[list[str], list[str]]:
        """The tokens before and after ``:``."""
        if tokens.count(":") != 1:
            reject("step-syntax", "the step must have one ':'")
        at = tokens.index(":")
        return tokens[:at], tokens[at + 1 :]

    def count(self, tokens: list[str], number: int) -> None:
        """Reject unless there are so many tokens."""
        if len(tokens) != number:
            reject("step-syntax", f"the step has {len(tokens)} values, not {number}")

    def step_w(self, tokens: list[str]) -> None:
        """``w A B``: a pair of parallel lines, distinct as sets (so that theta and mu are determined)."""
        self.count(tokens, 2)
        first, second = (self.data.lines[self.data.line(token)] for token in tokens)
        if first.direction != second.direction:
            reject("not-parallel", "the lines are not parallel in the same direction")
        a, b = self.points[first.points[0]], self.points[second.points[0]]
        u = difference(b, a)
        if not self.minor(u, self.data.vectors[first.direction])[2]:
            reject("same-line", "the lines of the pair are one line")
        self.pairs.setdefault(first.direction, []).append((first, second))
        self.bounds.clear()
        self.masks.clear()

    def step_u(self, tokens: list[str]) -> None:
        """``u LIT : combination``: the negation is contradictory, so the literal is a fact."""
        head, tail = self.divide(tokens)
        self.count(head, 1)
        (literal,) = self.literals(head, (SIGN, None))
        items = self.items(tail)
        self.begin()
        self.assume(self.negate(literal))
        self.contradictory(self.combine(items))
        self.end()
        self.store(literal[1], literal[3], literal[2])

    def step_c(self, tokens: list[str]) -> None:
        """``c N LIT ... : combination``: not all negations hold together, so one of the literals does."""
        head, tail = self.divide(tokens)
        number = self.number(head[0] if head else "")
        clause = self.literals(head[1:], (SIGN, None), (DEF, 0))
        items = self.items(tail)
        self.begin()
        for literal in clause:
            self.assume(self.negate(literal))
        self.contradictory(self.combine(items))
        self.end()
        self.add_clause(number, clause)

    def step_d(self, tokens: list[str]) -> None:
        """``d N LIT ...``: a name for a conjunction. Nothing is claimed."""
        number = self.number(tokens[0] if tokens else "")
        self.definitions[number] = self.literals(tokens[1:], (SIGN, None))

    def step_k(self, tokens: list[str]) -> None:
        """``k N L s t``: by 6.3 some neuron of the class breaks in the slot."""
        self.count(tokens, 4)
        number, line = self.number(tokens[0]), self.data.line(tokens[1])
        slots = self.data.slots.get((line, tokens[2]))
        if slots is None:
            reject("no-slots", f"line {line + 1} has no slots of the class {short(tokens[2])}")
        t = self.reader.integer(tokens[3], _POSITIVE)
        if t > len(slots):
            reject("unknown-slot", f"there is no slot {short(tokens[3])}")
        clause = SlotClause(self.members[tokens[2]], *slots[t - 1])
        self.slot_of[number] = clause
        self.clauses[number] = clause

    def step_r(self, tokens: list[str]) -> None:
        """``r N LIT ... : combination``: the sum holds where the guard does (and facts stay facts)."""
        head, tail = self.divide(tokens)
        number = self.number(head[0] if head else "")
        guard = self.literals(head[1:], (SIGN, None), (DEF, 1))
        items = self.items(tail)
        self.begin()
        for literal in guard:
            self.assume(literal)
        row = self.combine(items)
        self.end()
        rest = self.spread(row, 8)
        common = gcd(row.denominator, row.constant, *row.terms.values(), *(x for _, v in rest for x in v))
        self.rows[number] = Row(
            row.relation,
            row.denominator // common,
            row.constant // common,
            {key: x // common for key, x in row.terms.items()},
            [(mask, tuple(x // common for x in vector)) for mask, vector in rest],
            guard,
        )

    def step_m(self, tokens: list[str]) -> None:
        """``m N C R ...``: the same row under each literal of a clause; one of them is true, so the row
        holds.
        """
        if len(tokens) < 3:
            reject("step-syntax", "a merge needs a number, a clause and rows")
        number = self.number(tokens[0])
        clause = self.clauses.get(self.reader.integer(tokens[1], _POSITIVE))
        if clause is None:
            reject("unknown-clause", f"there is no clause {short(tokens[1])}")
        rows = [self.rows.get(self.reader.integer(token, _POSITIVE)) for token in tokens[2:]]
        found = [row for row in rows if row is not None]
        if len(found) != len(rows):
            reject("unknown-row", "there is no row of such a number")
        if isinstance(clause, SlotClause) or [row.guard for row in found] != [(lit,) for lit in clause]:
            reject("merge-guards", "the guards of the rows are not the literals of the clause")
        one = found[0]
        for row in found[1:]:
            if row.relation != one.relation or not self.equal(row, one):
                reject("merge-rows", "the rows are not the same")
        self.rows[number] = one._replace(guard=())

    def equal(self, one: Row, two: Row) -> bool:
        """Whether two rows have the same linear form and constant."""
        if one.constant * two.denominator != two.constant * one.denominator:
            return False
        terms = {key: x * two.denominator for key, x in one.terms.items()}
        for key, x in two.terms.items():
            terms[key] = terms.get(key, 0) - x * one.denominator
        parts = [(mask, tuple(x * two.denominator for x in vector)) for mask, vector in one.parts]
        parts += [(mask, tuple(-x * one.denominator for x in vector)) for mask, vector in two.parts]
        row = Row(EQUAL, 1, 0, terms, parts, ())
        self.spread(row, self.k)
        return not any(row.terms.values())

    def step_x(self, tokens: list[str]) -> None:
        """``x N ...``: forget clauses and rows."""
        for token in tokens:
            number = self.reader.integer(token, _POSITIVE)
            if self.clauses.pop(number, None) is None and self.rows.pop(number, None) is None:
                reject("unknown-clause", f"there is no clause or row {short(token)}")

    def step_0(self, tokens: list[str]) -> None:
        """``0 : combination``: a contradiction from the facts alone."""
        head, tail = self.divide(tokens)
        self.count(head, 0)
        self.contradictory(self.combine(self.items(tail)))
        self.refuted = True

    def add_clause(self, number: int, clause: tuple[Lit, ...]) -> None:
        """Store a clause; the empty one refutes the split."""
        self.clauses[number] = clause
        self.refuted = not clause
        if len(clause) == 1 and clause[0][0] == SIGN:
            self.store(clause[0][1], clause[0][3], clause[0][2])

    # -- propagation

    def step_v(self, tokens: list[str]) -> None:
        """``v N LIT ... : hints``: under the negated literals the hints force literals and end in a false
        clause.

        Every assumption after the negated clause is forced by clauses, definitions and the meaning of xj.N,
        so a contradiction among what is assumed and known shows that the clause holds.
        """
        head, tail = self.divide(tokens)
        number = self.number(head[0] if head else "")
        clause = self.literals(head[1:], (SIGN, None), (DEF, None), (BREAK, None))
        hints: list[tuple[Lit, ...] | SlotClause] = []
        for token in tail:
            defined = token[:1] == "d"
            index = self.reader.integer(token[1:] if defined else token, _POSITIVE)
            hint = self.clauses.get(index)
            if defined:
                literals = self.definitions.get(index)
                hint = None if literals is None else ((DEF, index, 0, 1), *map(self.negate, literals))
            if hint is None:
                reject("unknown-clause", f"there is no hint {short(token)}")
            if isinstance(hint, SlotClause):
                self.settle(hint.left)
                self.settle(hint.right)
            hints.append(hint)
        self.begin()
        with suppress(Conflict):
            self.propagate(clause, hints)
        self.end()
        self.add_clause(number, clause)

    def propagate(self, clause: tuple[Lit, ...], hints: list[tuple[Lit, ...] | SlotClause]) -> None:
        """Raise Conflict when the negated clause is refuted; reject a hint that does not go on."""
        for literal in clause:
            self.require(self.negate(literal))
        for hint in hints:
            unit = self.slot_unit(hint) if isinstance(hint, SlotClause) else self.unit(hint)
            if unit is True:
                continue
            if unit is None:
                raise Conflict
            self.require(unit)
        reject("no-conflict", "the last hint is not falsified")

    def unit(self, clause: tuple[Lit, ...]) -> Lit | Literal[True] | None:
        """The literal that the clause forces; None if it is false, True if it is true."""
        found: Lit | None = None
        for literal in clause:
            value = self.value(literal)
            if value > 0:
                return True
            if value == 0 and literal != found:
                if found is not None:
                    reject("hint-not-unit", "a hint is neither unit nor falsified")
                found = literal
        return found

    def slot_unit(self, clause: SlotClause) -> Lit | Literal[True] | None:
        """The same for a clause of a step ``k``, on bit sets."""
        number = next(n for n, slot in self.slot_of.items() if slot is clause)
        left_ge, left_le = self.known(clause.left)
        right_ge, right_le = self.known(clause.right)
        left = clause.neurons & ~((left_ge | right_le) & (left_le | right_ge))
        for (j, which), value in self.breaks.items():
            if which == number:
                if value:
                    if left >> j & 1:
                        return True
                    raise Conflict
                left &= ~(1 << j)
        if left & (left - 1):
            reject("hint-not-unit", "a hint is neither unit nor falsified")
        return (BREAK, left.bit_length() - 1, number, 1) if left else None

    def value(self, literal: Lit) -> int:
        """1 true, -1 false, 0 neither; Conflict if it is both.

        xj.N says that z_j has opposite strict signs at the ends p, r. It is false if one of z(p) >= 0, z(r)
        <= 0 is true (so z does not rise) and one of z(p) <= 0, z(r) >= 0 (so it does not fall). dN is false
        if one of its literals is.
        """
        kind, a, b, c = literal
        if kind == SIGN:
            known = self.sign(a, c)
            true, false = bool(known & b), bool(known & self.negation[b])
        else:
            if kind == DEF:
                state = self.chosen.get(a)
                impossible = state is not False and any(
                    self.sign(j, i) & self.negation[rel] for _, j, rel, i in self.definitions[a]
                )
            else:
                state = self.breaks.get((a, b))
                impossible = state is not False and not any(self.ways(a, self.slot_of[b]))
            true, false = state is True, state is False or impossible
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
        self.assume(literal)
        again = True
        while again:
            again = False
            for (j, number), value in self.breaks.items():
                if value:
                    slot = self.slot_of[number]
                    rise, fall = self.ways(j, slot)
                    if not rise and not fall:
                        raise Conflict
                    if rise != fall:
                        first, second = (LT, GT) if rise else (GT, LT)
                        if not (self.sign(j, slot.left) & first and self.sign(j, slot.right) & second):
                            self.store(j, slot.left, first)
                            self.store(j, slot.right, second)
                            again = True

    # -- 6.10 Bounds on a saturated line

    def step_b(self, tokens: list[str]) -> None:
        """``b j L``: where the class has as many neurons as L has slots, neurons and slots are in bijection.

        Every slot is broken by a neuron of the class and a neuron breaks at most one; j increases, so it is
        negative at the left and positive at the right end of its own slot. A slot taken by another neuron is
        not its own, nor one whose right end is known <= 0, nor one whose left end is known >= 0 (then no
        later one either). So its own slot is not before ``start`` and not behind ``stop``.

        As z_j increases along L, what is known of it at the points of L is a lower part <= 0 and an upper
        part >= 0: facts on L give all of one side by rule 2, and rule 3 has one bound for the whole line. So
        the ends are found by bisection; only if another declared line shares points with L may there be gaps,
        and all slots are looked at.
        """
        self.count(tokens, 2)
        j, number = self.neuron(tokens[0]), self.data.line(tokens[1])
        line = self.data.lines[number]
        sign = "*" if not self.relu else "+" if j <= self.positive else "-"
        slots = self.ends.get((number, sign))
        if slots is None:
            reject("not-saturated", f"line {number + 1} is not saturated for the class of neuron {j}")
        if self.heading.get(j) != line.direction:
            reject("not-increasing", f"neuron {j} is not increasing along line {number + 1}")
        taken = self.taken.setdefault((number, sign), {})
        size = len(slots)

        def free(t: int) -> bool:
            return taken.get(t, j) == j

        def passed(t: int) -> bool:
            return bool(self.sign(j, slots[t].right) & (LT if slots[t].right_closed else LE))

        def behind(t: int) -> bool:
            return bool(self.sign(j, slots[t].left) & (GT if slots[t].left_closed else GE))

        start = 0 if line.shared else bisect_left(range(size), 1, key=lambda t: not passed(t))
        while start < size and not (free(start) and not passed(start)):
            start += 1
        if start == size:
            self.refuted = True
            return
        stop = start
        if line.shared:
            for t in range(start + 1, size):
                if free(t):
                    if behind(t):
                        break
                    stop = t
        else:
            stop = max(start, bisect_left(range(size), 1, key=behind) - 1)
            while not free(stop):
                stop -= 1
        if behind(start) or passed(stop):
            self.refuted = True
            return
        self.breaks_in(j, slots[start], slots[stop])
        if start == stop:
            taken[start] = j

    def run(self) -> int:
        """Read the labels and steps up to ``qed``; the number of steps."""
        reader = self.reader
        tokens = reader.tokens()
        labelled: set[str] = set()
        while tokens[0] == "n" and not self.refuted:
            self.flat(tokens[1:])
            tokens = reader.tokens()
        while tokens[0] == "label" and not self.refuted:
            self.count(tokens, 3)
            if tokens[1] in labelled:
                reject("label-repeated", "a class has at most one label")
            labelled.add(tokens[1])
            self.label(tokens[1], tokens[2])
            tokens = reader.tokens()
        self.headings.update(self.heading.values())
        steps: dict[str, Callable[[list[str]], None]] = {
            name: getattr(self, "step_" + name) for name in "wbucdkrmvx0"
        }
        done = 0
        while tokens != ["qed"]:
            if self.refuted:
                reject("no-qed", "'qed' must follow the contradiction")
            step = steps.get(tokens[0])
            if step is None:
                reject("unknown-step", f"there is no step {short(tokens[0])}")
            if len(self.masks) > self.most_masks:
                self.masks.clear()
            step(tokens[1:])
            done += 1
            tokens = reader.tokens()
        if not self.refuted:
            reject("split-not-refuted", "the split ends without a contradiction")
        return done



def check_refutation(reader: Reader, instance: Instance, stats: dict[str, int]) -> None:
    """``refutation lines``, up to and including the line ``end``."""
    data = Lines(reader, instance)
    tokens = reader.tokens()
    if tokens[0] == "contradiction":
        if len(tokens) != 3:
            reject("step-syntax", "a contradiction is two points")
        one, two = (data.point(token) for token in tokens[1:])
        v, w = instance.points[one], instance.points[two]
        if any(x * w[-1] != y * v[-1] for x, y in zip(v, w, strict=True)):
            reject("contradiction-points", "the points do not have equal coordinates")
        if instance.labels[one] * w[-1] == instance.labels[two] * v[-1]:
            reject("contradiction-labels", "the points have the same label")
        tokens = reader.tokens()
    else:
        while tokens[0] in ("line", "slots"):
            (data.add_line if tokens[0] == "line" else data.add_slots)(tokens[1:])
            tokens = reader.tokens()
        stats["lines"] = len(data.lines)
        stats["splits"] = stats["steps"] = 0
        for name, positive in data.splits():
            if tokens != ["split", name]:
                reject("split-missing", f"expected 'split {name}', found {short(' '.join(tokens))}")
            if instance.width > reader.limits.neurons:
                reject("width-too-large", f"splits may have at most {reader.limits.neurons} neurons")
            stats["splits"] += 1
            stats["steps"] += Split(data, positive).run()
            tokens = reader.tokens()
    if tokens != ["end"]:
        reject("no-end", f"expected 'end', found {short(' '.join(tokens))}")


# -- The whole file --------------------------------------------------------------------------------


def check_claim(reader: Reader, stats: dict[str, int]) -> tuple[Verdict, bool]:
    """Check everything up to the line ``end``; the verdict and whether the proof is complete."""
    if reader.raw() != "certify 1":
        reject("version", "the first line is not 'certify 1'")
    reader.hash.update(reader.data)
    (word,) = reader.field("verdict", 1)
    if word not in ("YES", "NO"):
        reject("header", "the verdict is YES or NO")
    verdict: Verdict = "YES" if word == "YES" else "NO"
    stats["yes"] = int(verdict == "YES")
    (activation,) = reader.field("activation", 1)
    (signs,) = reader.field("signs", 1)
    if activation not in ("relu", "threshold") or signs not in ("free", "convex", "concave"):
        reject("header", "unknown activation or signs")
    if activation == "threshold" and signs != "free":
        reject("header", "threshold networks have signs free")
    width = reader.integer(reader.field("width", 1)[0])
    (recipe,) = reader.field("from", 1)
    source: Source | None = None
    if recipe in RECIPES:
        lines = reader.integer(reader.field("source", 1)[0], _POSITIVE)
        source = (read_formula if recipe.startswith("poits") else read_point_sets)(reader, lines)
    elif recipe != "data":
        reject("recipe", f"there is no recipe {short(recipe)}")
    count_text, dimension_text, digest = reader.field("instance", 3)
    count, dimension = reader.integer(count_text), reader.integer(dimension_text, _POSITIVE)
    if not re.fullmatch("[0-9a-f]{64}", digest):
        reject("header", "the SHA-256 of the instance is not 64 lower-case hexadecimal digits")
    if count * dimension > reader.limits.cells:
        reject("instance-too-large", "there are too many points")
    instance = Instance(activation == "relu", signs, width, dimension)
    if source is not None:
        rebuild(reader, recipe, instance, source, count, digest)
    elif read_points(reader, instance, count) != digest:
        reject("hash-mismatch", "the instance has another SHA-256")
    stats.update(points=count, dimension=dimension, width=width)
    tokens = reader.tokens()
    if verdict == "YES":
        if tokens[0] != "witness" or len(tokens) != 2:
            reject("section", "expected the section witness")
        if reader.integer(tokens[1]) != width:
            reject("width-mismatch", "the witness has another number of neurons than the width")
        check_witness(reader, instance)
        tokens = reader.tokens()
        if tokens[0] == "solution" and source is not None:
            check_solution(reader, source, tokens[1:])
            tokens = reader.tokens()
        if tokens != ["end"]:
            reject("no-end", f"expected 'end', found {short(' '.join(tokens))}")
        return verdict, True
    if tokens == ["source-refutation", "lrat"] and isinstance(source, Formula):
        stats["lrat"] = check_lrat(reader, source)
        tokens = reader.tokens()
    if tokens == ["refutation", "none"]:
        if reader.tokens() != ["end"]:
            reject("no-end", "expected 'end' after 'refutation none'")
        return verdict, False
    if tokens != ["refutation", "lines"]:
        reject("section", f"expected a refutation, found {short(' '.join(tokens))}")
    check_refutation(reader, instance, stats)
    return verdict, True


def check_trailer(reader: Reader) -> None:
    """What follows the line ``end``: the SHA-256 of all before, then only provenance."""
    digest = reader.hash.hexdigest()
    line = reader.raw()
    if line is None or not re.fullmatch("sha256 [0-9a-f]{64}", line):
        reject("trailer", "the line 'sha256 <hex>' must follow 'end'")
    if line != "sha256 " + digest:
        reject("file-hash-mismatch", "the SHA-256 of the file is another one")
    while (line := reader.raw()) is not None:
        if not line.startswith("provenance "):
            reject("trailer", "only provenance may follow the SHA-256")


def check_stream(stream: BinaryIO, *, limits: Limits | None = None) -> Result:
    """Check the certificate in a binary stream (not compressed, or gzip as a decompressing stream)."""
    reader = Reader(stream, limits or Limits())
    stats: dict[str, int] = {}

    def result(status: Status, verdict: Verdict | None, code: str, reason: str, line: int | None) -> Result:
        stats.pop("yes", None)
        return Result(status, verdict, reason, line, code, stats)

    def seen() -> Verdict | None:
        return None if "yes" not in stats else "YES" if stats["yes"] else "NO"

    digits = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)  # the reader has its own limit
    try:
        verdict, complete = check_claim(reader, stats)
        check_trailer(reader)
    except Reject as error:
        return result("REJECTED", seen(), error.code, str(error), reader.number)
    except OutOfTime:
        return result("INCOMPLETE", seen(), "out-of-time", "the limit of time is used up", reader.number)
    except MemoryError:
        return result("REJECTED", seen(), "out-of-memory", "it needs too much memory", reader.number)
    finally:
        sys.set_int_max_str_digits(digits)
    if complete:
        return result("VERIFIED", verdict, "verified", "the proof is complete", None)
    return result("INCOMPLETE", verdict, "refutation-none", "the certificate contains no refutation", None)


def check_bytes(data: bytes, *, limits: Limits | None = None) -> Result:
    """Check a certificate in memory; gzip is recognised by its first bytes."""
    stream: BinaryIO = io.BytesIO(data)
    if data[:2] == b"\x1f\x8b":
        with gzip.GzipFile(fileobj=stream) as unpacked:
            return check_stream(io.BufferedReader(unpacked), limits=limits)
    return check_stream(stream, limits=limits)


def check_text(text: str, *, limits: Limits | None = None) -> Result:
    """Check a certificate in memory."""
    return check_bytes(text.encode("utf-8", "surrogatepass"), limits=limits)


def check_file(path: str | os.PathLike[str], *, limits: Limits | None = None) -> Result:
    """Check a certificate file; gzip is recognised by its first bytes. OSError if it cannot be read."""
    with open(path, "rb") as stream:
        magic = stream.peek(2)[:2]
        if magic == b"\x1f\x8b":
            with gzip.GzipFile(fileobj=stream) as unpacked:
                return check_stream(io.BufferedReader(unpacked), limits=limits)
        return check_stream(stream, limits=limits)


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
        if result.status == "VERIFIED":
            print(f"VERIFIED {result.verdict} {path}", flush=True)
        else:
            print(f"{result.status} {path}: {where}{result.reason}", flush=True)
    if not statuses:
        print("no certificates found", file=sys.stderr)
        return 2
    codes = (("REJECTED", 1), ("UNREADABLE", 2), ("INCOMPLETE", 3))
    return next((code for status, code in codes if status in statuses), 0)


if __name__ == "__main__":
    sys.exit(main())
