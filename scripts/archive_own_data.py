"""The part of the archive that is not made by reductions: tables of data, of every kind that `certify fit` decides."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from certify.decide.method_names import Method
from certify.exact import rational
from certify.instance import Signs, TrainingInstance
from certify.loss import Loss
from certify.network import Activation, Network, Neuron

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
Job = tuple[str, TrainingInstance, Method]
"""Name, question and decider. The name ends with the verdict."""

RIDGE = ([[0, 0], [1, 0], [2, 0], [3, 0], [0, 1], [1, 1], [3, 2]], [0, 1, 2, 4, 0, 1, 4])
PARITY = ([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
CUBE = ([[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)], [0, 1, 1, 0, 1, 0, 0, 1])
SQUARE = [[a, b] for a in range(5) for b in range(5)]
DISC = (SQUARE, [int((a - 2) ** 2 + (b - 2) ** 2 <= 4) for a, b in SQUARE])
#: Searches over coefficients: sums that follow from others; two neurons of one coefficient, in order by their signs.
GRID = [[a, b] for a in (-1, 0, 1) for b in (-1, 0, 1)]
BOWL = (GRID, [a * a + b * b for a, b in GRID])
SADDLE = (GRID, [a * b for a, b in GRID])
STEPS = ([[0], [1], [2], [3], [4], [5]], [1, 3, 3, 0, -2, 5])
ZIGZAG = ([[0], [1], [2], [3], [4]], [0, 2, 1, 3, 2])
#: No kinks, but a slope that one neuron does not have: the affine part takes two.
TEETH = ([[0], [1], [2], [3], [4], [5]], [0, 2, 1, 3, 2, 5])
LINE = ([[-1], [0], [1], [2]], [-1, 0, 1, 2])
SQUARES = ([[0, 0], [1, 0], [0, 1], [1, 2], [2, 1], [3, 3]], [0, 2, -1, 3, 1, -2])


def own_data_jobs() -> Iterator[Job]:
    """Every kind, yes and no."""
    yield from _example("fan-duty", 3)
    for signs, sign in (("convex", 1), ("concave", -1)):
        ridge = (RIDGE[0], [sign * y for y in RIDGE[1]])
        yield from _pair(f"{signs}-ridge", ridge, 2, signs=signs, method="tree")  # type: ignore[arg-type]
        yield f"{signs}-planted-3d-no", _planted(3, 2, 20, 3, signs, 4), "tree"  # type: ignore[arg-type]
    yield "convex-planted-2d-no", _planted(2, 2, 37, 3, "convex", 2), "tree"
    yield "convex-any-width-no", _question(([[0], [1], [2]], [0, 1, 0]), 3, signs="convex"), "auto"
    yield from _pair("threshold-parity", PARITY, 2, activation="threshold")
    yield from _pair("threshold-cube", CUBE, 3, activation="threshold")
    yield from _pair("threshold-disc", DISC, 4, activation="threshold")
    yield "threshold-bowl-no", _question(BOWL, 2, activation="threshold"), "auto"
    yield "threshold-saddle-no", _question(SADDLE, 3, activation="threshold"), "auto"
    yield from _pair("threshold-line", STEPS, 4, activation="threshold")
    yield from _pair("relu-zigzag", ZIGZAG, 4)
    yield from _pair("relu-line", LINE, 2)
    yield from _pair("relu-cube", CUBE, 3)
    yield from _pair("relu-enumerated", SQUARES, 3, method="enumeration")
    yield from _pair("threshold-enumerated", PARITY, 2, activation="threshold", method="enumeration")
    yield "relu-planted-3d-yes", _planted(3, 2, 15, 2, "free", 1), "auto"
    yield "relu-planted-3d-no", _planted(3, 2, 15, 3, "free", 1), "auto"
    yield "clash-no", _question(([[1, 2], [3, 4], [1, 2]], [0, 1, 2]), 5), "auto"
    losses: tuple[tuple[Loss, str, str, str, str], ...] = (
        ("l0", "1", "12", "1", "2"),
        ("l1", "3/2", "16", "1/2", "4"),
        ("l2", "3/4", "20", "1/4", "3"),
    )
    for loss, low, high, less, more in losses:
        yield from _bounds(f"{loss}-relu-one", SQUARES, 1, loss, low, high)
        yield from _bounds(f"{loss}-relu-two", SQUARES, 2, loss, less if loss != "l0" else None, more)
        yield from _bounds(f"{loss}-relu-two-line", TEETH, 2, loss, less, "12" if loss == "l2" else "7")
        yield from _bounds(f"{loss}-threshold-two-line", TEETH, 2, loss, less, "12" if loss == "l2" else "7")


def _question(
    data: tuple[Sequence[Sequence[int]], Sequence[int]],
    width: int,
    *,
    activation: Activation = "relu",
    signs: Signs = "free",
) -> TrainingInstance:
    return TrainingInstance.of(*data, width=width, activation=activation, signs=signs)


def _pair(
    name: str,
    data: tuple[Sequence[Sequence[int]], Sequence[int]],
    width: int,
    *,
    activation: Activation = "relu",
    signs: Signs = "free",
    method: Method = "auto",
) -> Iterator[Job]:
    """The least width, and one less."""
    yes = _question(data, width, activation=activation, signs=signs)
    yield f"{name}-yes", yes, method
    yield f"{name}-no", replace(yes, width=width - 1), method


def _bounds(
    name: str,
    data: tuple[Sequence[Sequence[int]], Sequence[int]],
    width: int,
    loss: Loss,
    low: str | None,
    high: str,
) -> Iterator[Job]:
    """A loss that is not met, and one that is."""
    activation: Activation = "threshold" if "threshold" in name else "relu"
    for verdict, gamma in (("no", low), ("yes", high)):
        if gamma is not None:
            made = _question(data, width, activation=activation)
            yield f"{name}-{verdict}", replace(made, loss=loss, gamma=rational(gamma)), "auto"


def _planted(dimension: int, width: int, count: int, planted: int, signs: Signs, seed: int) -> TrainingInstance:
    """Labels of a random network with so many neurons, the question with ``width``."""
    rng = random.Random(f"archive {dimension} {width} {count} {planted} {signs} {seed}")
    points: dict[tuple[Fraction, ...], None] = {}
    while len(points) < count:
        points[tuple(Fraction(rng.randint(-9, 9)) for _ in range(dimension))] = None
    signed = {"free": (1, -1), "convex": (1,), "concave": (-1,)}[signs]
    neurons = tuple(
        Neuron.of([rng.randint(-3, 3) for _ in range(dimension)], rng.randint(-5, 5), rng.choice(signed))
        for _ in range(planted)
    )
    labels = Network("relu", neurons, dimension).evaluate(list(points))
    return TrainingInstance.of(list(points), labels, width=width, activation="relu", signs=signs)


def _example(name: str, width: int) -> Iterator[Job]:
    """The least width of a table among the examples, and one less."""
    with open(EXAMPLES / f"{name}.csv", encoding="ascii") as file:
        rows = [[rational(cell) for cell in row] for row in list(csv.reader(file))[1:]]
    made = TrainingInstance.of([row[:-1] for row in rows], [row[-1] for row in rows], width=width, activation="relu")
    yield f"{name}-yes", made, "auto"
    yield f"{name}-no", replace(made, width=width - 1), "auto"
