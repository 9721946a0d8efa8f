"""Small random instances of every kind, and what independent programs say of them.

A seed stands for one instance. Where the points lie: anywhere on a small grid, in general position (no three on a
line), or on a line or two or three parallel ones; integer or rational; some twice, with one label or two. Labels: at
random, of a network of the width, of one with a neuron more, or of one with a label changed.
"""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Literal

from certify.certificate import Certificate, Claim
from certify.decide.fit import Fit, NoFit
from certify.encode import encode
from certify.instance import Signs, TrainingInstance
from certify.network import Activation, Network, Neuron
from certify.own_data import certificate_of
from certify.verify import Result, check_bytes
from smt import check

from .enumeration import fits

Shape = Literal["grid", "general", "lines"]
Point = tuple[Fraction, ...]


@dataclass(frozen=True)
class Small:
    """An instance, and how it was drawn."""

    instance: TrainingInstance
    shape: Shape
    labels: str
    doubled: bool


def drawn(
    seed: int,
    *,
    signs: Signs | None = None,
    widths: Sequence[int] = (),
    dimensions: Sequence[int] = (1, 2, 2, 2, 3),
) -> Small:
    """The instance of a seed; ``signs``: a ReLU one of these, ``widths`` and ``dimensions``: with one of these."""
    rng = random.Random(f"small {seed} {signs}")
    activation: Activation = "relu" if signs is not None else rng.choice(["relu", "relu", "threshold"])
    if signs is None:
        signs = rng.choice(["free", "free", "convex", "concave"]) if activation == "relu" else "free"
    dimension = rng.choice(dimensions)
    many = activation == "threshold" or dimension == 1
    width = rng.choice(widths or ([0, 1, 1, 2, 2, 3] if many else [0, 1, 1, 1, 2, 2]))
    shape: Shape = rng.choice(["grid", "general", "lines"])
    points = _points(rng, shape, dimension, rng.randint(2, 5 if dimension == 3 and width > 1 else 7))
    kind = rng.choice(["random", "random", "planted", "more", "changed", "changed"])
    labels = _labels(rng, kind, points, width, activation, signs)
    doubled = rng.random() < 0.2
    if doubled:
        i = rng.randrange(len(points))
        points.append(points[i])
        labels.append(labels[i] + rng.choice([0, 0, 1]))
        order = rng.sample(range(len(points)), len(points))
        points, labels = [points[t] for t in order], [labels[t] for t in order]
    return Small(
        TrainingInstance.of(points, labels, width=width, activation=activation, signs=signs), shape, kind, doubled
    )


def _points(rng: random.Random, shape: Shape, dimension: int, count: int) -> list[Point]:
    size, denominators = rng.choice([1, 2, 5]), rng.choice([(1,), (1, 1, 2, 3)])

    def number() -> Fraction:
        return Fraction(rng.randint(-size, size), rng.choice(denominators))

    def anywhere() -> Point:
        return tuple(number() for _ in range(dimension))

    found: list[Point] = []
    if shape == "lines":
        direction = next(v for v in iter(anywhere, None) if any(v))
        starts = [anywhere() for _ in range(1 if dimension == 1 else rng.randint(1, 3))]
    for _ in range(40):
        if len(found) == count:
            break
        if shape == "lines":
            start, t = rng.choice(starts), number()
            point = tuple(a + t * b for a, b in zip(start, direction, strict=True))
        else:
            point = anywhere()
        if point in found:
            continue
        lined = dimension > 1 and any(_on_a_line(a, b, point) for a, b in combinations(found, 2))
        if shape != "general" or not lined:
            found.append(point)
    return found


def _on_a_line(a: Point, b: Point, c: Point) -> bool:
    u, v = [q - p for p, q in zip(a, b, strict=True)], [q - p for p, q in zip(a, c, strict=True)]
    return all(u[s] * v[t] == u[t] * v[s] for s, t in combinations(range(len(a)), 2))


def _labels(
    rng: random.Random, kind: str, points: list[Point], width: int, activation: Activation, signs: Signs
) -> list[Fraction]:
    if kind == "random":
        sign = -1 if signs == "concave" else 1
        return [sign * Fraction(rng.choice([0, 1, 2, 3] if signs != "free" else [0, 1, 2, -1])) for _ in points]
    coefficients = {"free": (1, -1), "convex": (1,), "concave": (-1,)}[signs]
    if activation == "threshold":
        coefficients = (1, -1, 2)
    neurons = tuple(
        Neuron.of(
            [rng.randint(-3, 3) for _ in points[0]], Fraction(rng.randint(-6, 6), 2), rng.choice(coefficients)
        )
        for _ in range(width + (kind == "more"))
    )
    labels = Network(activation, neurons, len(points[0])).evaluate(points)
    if kind == "changed":
        labels[rng.randrange(len(labels))] += rng.choice([-1, 1, Fraction(1, 2)])
    return labels


def opinions(instance: TrainingInstance, *, seconds: float | None = None) -> dict[str, bool | None]:
    """Whether a network fits, by Z3 and by cvc5 on the plain encoding and by enumeration; None: no answer in time."""
    script = encode(instance)
    # cvc5 with a limit is a process of its own, which takes longer than most of these instances.
    limits = {"z3": seconds, "cvc5": None}
    status = {name: check(script, name, timeout_s=limit).status for name, limit in limits.items()}
    said = {name: {"sat": True, "unsat": False, "unknown": None}[word] for name, word in status.items()}
    return {**said, "enumeration": fits(instance)}


def truth(instance: TrainingInstance) -> bool:
    """Whether a network fits: what all of them say."""
    said = opinions(instance)
    assert len(set(said.values())) == 1 and None not in said.values(), (said, instance)
    return said["enumeration"] is True


def checked(instance: TrainingInstance, answer: Fit | NoFit) -> Result:
    """What the checker says of a certificate with the answer."""
    return _checked(certificate_of(instance, answer, 0, "test"))


def checked_lines(instance: TrainingInstance, lines: list[str]) -> Result:
    """What the checker says of a certificate with this refutation."""
    return _checked(Certificate(Claim.of("NO", "data", instance), instance, refutation=lines))


def _checked(record: Certificate) -> Result:
    file = io.BytesIO()
    record.write(file)
    return check_bytes(file.getvalue())
