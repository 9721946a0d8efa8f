"""Training instances: exact data, the number of hidden neurons, and the canonical bytes that are hashed."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, get_args

from certify.errors import InputError, InvalidInstance, ParseError
from certify.exact import Vector, rational, render, vector
from certify.loss import LOSSES, Loss, total
from certify.network import Activation, Network, activation_named

Signs = Literal["free", "convex", "concave"]
SIGNS: tuple[Signs, ...] = get_args(Signs)
FORMAT = "certify-instance"
VERSION = 1


@dataclass(frozen=True)
class TrainingInstance:
    """Is there a network with at most ``width`` hidden neurons whose value is labels[i] at every points[i]?
    Or, with a loss: for which the sum of the losses, each point as often as it counts, is at most ``gamma``?

    ``points`` are n vectors of length ``dimension``, ``labels`` n rationals; their order is part of the
    instance. ``signs``: "convex" (all output signs +1) or "concave" (all -1) instead of "free".
    ``copies``: how often each point counts; None means once each. ``loss``: "exact" (gamma is 0), "l0", "l1" or
    "l2". Raises InvalidInstance for values that make no instance. Two points that differ in their label
    alone are legal: such an instance has no exact fit.
    """

    points: tuple[Vector, ...]
    labels: tuple[Fraction, ...]
    width: int
    activation: Activation
    dimension: int
    signs: Signs = "free"
    copies: tuple[int, ...] | None = None
    loss: Loss = "exact"
    gamma: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        activation_named(self.activation)
        if self.signs not in SIGNS:
            raise InvalidInstance(f"unknown signs {self.signs!r}", hint="choose one of " + ", ".join(SIGNS))
        if self.loss not in LOSSES:
            raise InvalidInstance(f"unknown loss {self.loss!r}", hint="choose one of " + ", ".join(LOSSES))
        if type(self.gamma) is not Fraction or self.gamma < 0 or (self.loss == "exact" and self.gamma):
            raise InvalidInstance(f"gamma {self.gamma!r} for the loss {self.loss!r}", hint="0 or, with a loss, more")
        for name, number, least in (("width", self.width, 0), ("dimension", self.dimension, 1)):
            if type(number) is not int or number < least:
                raise InvalidInstance(f"the {name} is {number!r}", hint=f"give an integer from {least} on")
        if len(self.labels) != len(self.points):
            raise InvalidInstance(f"{len(self.points)} points with {len(self.labels)} labels")
        for number, point in enumerate(self.points, start=1):
            if len(point) != self.dimension:
                raise InvalidInstance(
                    f"point {number} has {len(point)} coordinates in dimension {self.dimension}"
                )
            for value in point:
                if type(value) is not Fraction:
                    raise InvalidInstance(f"point {number} holds {value!r}, which is no Fraction")
        for number, label in enumerate(self.labels, start=1):
            if type(label) is not Fraction:
                raise InvalidInstance(f"label {number} is {label!r}, which is no Fraction")
        if self.copies is not None:
            if len(self.copies) != len(self.points):
                raise InvalidInstance(f"{len(self.points)} points with {len(self.copies)} copies")
            for number, count in enumerate(self.copies, start=1):
                if type(count) is not int or count < 1:
                    raise InvalidInstance(f"point {number} has {count!r} copies, but needs at least 1")

    @classmethod
    def of(
        cls,
        points: Iterable[Iterable[object]],
        labels: Iterable[object],
        *,
        width: int,
        activation: Activation,
        dimension: int | None = None,
        signs: Signs = "free",
        copies: tuple[int, ...] | None = None,
        loss: Loss = "exact",
        gamma: object = 0,
    ) -> TrainingInstance:
        """An instance from anything ``rational`` accepts; the dimension is by default the first point's."""
        exact = tuple(vector(point) for point in points)
        if dimension is None:
            if not exact:
                raise InvalidInstance("no points", hint="give at least one point, or the dimension")
            dimension = len(exact[0])
        values = vector(labels)
        return cls(exact, values, width, activation, dimension, signs, copies, loss, rational(gamma))

    def canonical_lines(self) -> Iterator[str]:
        """The lines of ``canonical_bytes``, without line ends."""
        yield f"{FORMAT} {VERSION}"
        yield f"activation {self.activation}"
        yield f"signs {self.signs}"
        yield self.loss_line()
        if self.copies is not None:
            yield "copies listed"
        yield f"width {self.width}"
        yield f"dimension {self.dimension}"
        yield f"points {len(self.points)}"
        yield from self.point_lines()

    def point_lines(self) -> Iterator[str]:
        """A line ``x1 ... xd y`` a point, with ``copies`` also how often it counts."""
        for row in self._rows():
            yield " ".join(row)

    def loss_line(self) -> str:
        """``loss exact`` or, say, ``loss l1 3/2``."""
        return "loss exact" if self.loss == "exact" else f"loss {self.loss} {render(self.gamma)}"

    def canonical_bytes(self) -> bytes:
        """The canonical form: ASCII, LF; a header, then one line ``x1 ... xd y`` a point, in order.

        Rationals are written as by ``render``. With ``copies`` the header has the further line
        ``copies listed`` and every point line ends with its number of copies.
        """
        lines = list(self.canonical_lines())
        lines.append("")
        return "\n".join(lines).encode("ascii")

    def sha256(self) -> str:
        """SHA-256 of ``canonical_bytes``, in hexadecimal."""
        return hashlib.sha256(self.canonical_bytes()).hexdigest()

    def _rows(self) -> Iterator[list[str]]:
        for index, (point, label) in enumerate(zip(self.points, self.labels, strict=True)):
            row = [render(value) for value in (*point, label)]
            if self.copies is not None:
                row.append(str(self.copies[index]))
            yield row

    def to_json(self) -> dict[str, Any]:
        """The instance as JSON values, numbers as strings, with its SHA-256; ``from_json`` reads it back."""
        data: dict[str, Any] = {
            "format": FORMAT,
            "version": VERSION,
            "activation": self.activation,
            "signs": self.signs,
            "loss": self.loss,
            "gamma": render(self.gamma),
            "width": self.width,
            "dimension": self.dimension,
            "sha256": self.sha256(),
            "points": [[render(value) for value in point] for point in self.points],
            "labels": [render(label) for label in self.labels],
        }
        if self.copies is not None:
            data["copies"] = list(self.copies)
        return data

    @classmethod
    def from_json(cls, data: object, *, source: str | None = None) -> TrainingInstance:
        """The instance that ``to_json`` wrote; other keys are ignored.

        Raises ParseError for a missing or wrong field or a wrong "sha256", InexactNumber for a float.
        """
        if not isinstance(data, Mapping):
            raise ParseError("an instance is a JSON object", source=source)
        if data.get("format") != FORMAT or data.get("version") != VERSION:
            raise ParseError(f'no "format": "{FORMAT}" with "version": {VERSION}', source=source)
        rows, labels, copies = data.get("points"), data.get("labels"), data.get("copies")
        if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
            raise ParseError('"points" is no list of lists', source=source)
        if not isinstance(labels, list):
            raise ParseError('"labels" is no list', source=source)
        if copies is not None and not isinstance(copies, list):
            raise ParseError('"copies" is no list', source=source)
        signs = data.get("signs", "free")
        instance = cls(
            tuple(vector(row, source=source) for row in rows),
            vector(labels, source=source),
            data.get("width", -1),
            activation_named(data.get("activation"), source=source),
            data.get("dimension", 0),
            signs if signs in SIGNS else str(signs),  # type: ignore[arg-type]
            None if copies is None else tuple(copies),
            str(data.get("loss", "exact")),  # type: ignore[arg-type]
            rational(data.get("gamma", "0"), source=source),
        )
        if "sha256" in data and data["sha256"] != instance.sha256():
            raise ParseError(
                '"sha256" is not that of the instance', source=source, hint="the file was changed"
            )
        return instance

    def points_csv(self) -> str:
        """CSV text with header ``x1,...,xd,y`` (and ``copies``), every cell exact; ``from_csv`` reads it."""
        header = [f"x{i}" for i in range(1, self.dimension + 1)] + ["y"]
        if self.copies is not None:
            header.append("copies")
        return "\n".join([",".join(header), *(",".join(row) for row in self._rows()), ""])

    @classmethod
    def from_csv(
        cls,
        text: str,
        *,
        width: int,
        activation: Activation,
        signs: Signs = "free",
        loss: Loss = "exact",
        gamma: Fraction = Fraction(0),
        source: str | None = None,
    ) -> TrainingInstance:
        """An instance from CSV: a header line, then one point a line, the label in the last column.

        A last header cell ``copies`` marks a column of multiplicities after the label. Cells are integers,
        ``p/q`` or decimals, read exactly; the other header cells are free names. Blank lines are skipped.
        Raises ParseError, with the line, for a missing header, ragged rows, no rows or a cell that is no
        number.
        """
        reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
        header: list[str] | None = None
        points: list[Vector] = []
        labels: list[Fraction] = []
        copies: list[int] = []
        counted = False
        try:
            for row in reader:
                line = reader.line_num
                if not any(cell.strip() for cell in row):
                    continue
                if header is None:
                    header = [cell.strip() for cell in row]
                    counted = header[-1] == "copies"
                    _check_header(header, counted, source, line)
                    continue
                if len(row) != len(header):
                    raise ParseError(
                        f"{len(row)} cells under a header of {len(header)}",
                        source=source,
                        line=line,
                        hint="give every row the same number of cells",
                    )
                values = vector(row, source=source, line=line)
                if counted:
                    *values_, count = values
                    values = tuple(values_)
                    if count.denominator != 1 or count < 1:
                        raise ParseError(
                            f"{render(count)} copies of a point",
                            source=source,
                            line=line,
                            hint="give 1 or more",
                        )
                    copies.append(count.numerator)
                points.append(values[:-1])
                labels.append(values[-1])
        except csv.Error as error:
            raise ParseError(f"not CSV: {error}", source=source, line=reader.line_num) from error
        if header is None or not points:
            raise ParseError(
                "no data points", source=source, hint="give a header x1,...,xd,y and one row a point"
            )
        dimension = len(header) - 1 - counted
        listed = tuple(copies) if counted else None
        return cls(tuple(points), tuple(labels), width, activation, dimension, signs, listed, loss, gamma)

    def misfits(self, network: Network) -> list[int]:
        """The indices (from 0) of the points whose value under ``network`` is not exactly their label."""
        return [
            index
            for index, ((above, below), label) in enumerate(zip(self._values(network), self.labels, strict=True))
            if above * label.denominator != label.numerator * below
        ]

    def counts(self) -> tuple[int, ...]:
        """How often each point counts."""
        return (1,) * len(self.points) if self.copies is None else self.copies

    def total_loss(self, network: Network) -> Fraction:
        """The sum of the losses over all points and copies; for "exact" the number of copies not fitted."""
        return total(self.loss, self._values(network), self.labels, self.counts())

    def _values(self, network: Network) -> list[tuple[int, int]]:
        if network.dimension != self.dimension:
            raise InvalidInstance(
                f"a network on Q^{network.dimension} for an instance in dimension {self.dimension}"
            )
        return network.ratios(self.points)

    def objection(self, network: Network) -> str | None:
        """Why ``network`` is no witness for this instance, in one line, or None if it is one."""
        if network.activation != self.activation:
            return f"the network has {network.activation} neurons, the instance asks for {self.activation}"
        if network.dimension != self.dimension:
            return f"the network has dimension {network.dimension}, the instance {self.dimension}"
        if network.width > self.width:
            return f"the network has {network.width} neurons, the instance allows {self.width}"
        unwanted = {"free": None, "convex": -1, "concave": 1}[self.signs]
        if unwanted is not None and any(n.coefficient * unwanted > 0 for n in network.neurons):
            return f"the network has an output sign that {self.signs} forbids"
        if self.loss != "exact":
            lost = self.total_loss(network)
            return f"the loss is {render(lost)}, more than {render(self.gamma)}" if lost > self.gamma else None
        wrong = self.misfits(network)
        if wrong:
            point = ", ".join(map(render, self.points[wrong[0]]))
            return (
                f"{len(wrong)} of {len(self.points)} points are not fitted, the first is point {wrong[0] + 1}"
                f" at ({point})"
            )
        return None


def _check_header(header: list[str], counted: bool, source: str | None, line: int) -> None:
    if len(header) - counted < 2:
        raise ParseError("a header of fewer than two columns", source=source, line=line, hint="x1,...,xd,y")
    for cell in header:
        try:
            rational(cell)
        except InputError:
            continue
        raise ParseError(
            f"the first line holds the number {cell}",
            source=source,
            line=line,
            hint="add the header x1,...,xd,y",
        )
