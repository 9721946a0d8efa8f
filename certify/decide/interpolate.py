"""Networks that take given values because they are piecewise linear, or steps, along one direction: upper bounds.

Points are projected on a line; where equal projections have equal values, a function of one variable fits. Its pieces
are counted from one of them outwards: that piece is the affine part, neurons to the right of it break to the right,
the others to the left. The affine part itself takes no neuron if it is 0, one if it has one sign on the data, else
two. With distinct points some direction tells all of them apart, so at most as many neurons as points are needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise, product

from certify.exact import Vector, dot
from certify.instance import TrainingInstance
from certify.loss import loss_between
from certify.network import Network, Neuron

#: Directions with entries -1, 0, 1 are tried up to this dimension, above it the axes alone.
SMALL_DIMENSION = 4

_ZERO, _ONE = Fraction(0), Fraction(1)
#: c * (t - r) in front of relu or threshold, with its output coefficient: slope, bias, coefficient.
Unit = tuple[Fraction, Fraction, Fraction]


def interpolation(instance: TrainingInstance) -> Network | None:
    """A network that is a witness of the instance for some width, or None if no such one is at hand.

    Never None for free signs, unless no network of any width is a witness.
    """
    targets = best_values(instance)
    best: Network | None = None
    for direction in _directions(list(targets), instance.dimension):
        values = _along(direction, targets)
        if values is None:
            continue
        for units in _step_units(values) if instance.activation == "threshold" else _relu_units(values):
            if best is not None and len(units) >= best.width:
                continue
            neurons = tuple(Neuron(tuple(s * c for c in direction), b, a) for s, b, a in units)
            unwanted = {"free": None, "convex": -1, "concave": 1}[instance.signs]
            if unwanted is None or not any(neuron.coefficient * unwanted > 0 for neuron in neurons):
                best = Network(instance.activation, neurons, instance.dimension)
    if best is None or (instance.loss == "exact" and instance.misfits(best)):
        return None
    if instance.loss != "exact" and instance.total_loss(best) > instance.gamma:
        return None
    return best


def best_values(instance: TrainingInstance) -> dict[Vector, Fraction]:
    """For every place the value whose loss against the labels there is least (the first label for "exact")."""
    places: dict[Vector, dict[Fraction, int]] = {}
    for point, label, count in zip(instance.points, instance.labels, instance.counts(), strict=True):
        labels = places.setdefault(point, {})
        labels[label] = labels.get(label, 0) + count
    return {point: _best(instance, labels) for point, labels in places.items()}


def _best(instance: TrainingInstance, labels: dict[Fraction, int]) -> Fraction:
    if len(labels) == 1 or instance.loss == "exact":
        return next(iter(labels))
    if instance.loss == "l2":
        return sum((y * count for y, count in labels.items()), _ZERO) / sum(labels.values())
    costs = {v: sum((c * loss_between(instance.loss, v, y) for y, c in labels.items()), _ZERO) for v in labels}
    return min(costs, key=lambda v: (costs[v], v))


def _directions(points: Sequence[Vector], dimension: int) -> Iterator[Vector]:
    """Simple ones, the opposite of none among them, and at last one that tells all points apart."""
    if dimension <= SMALL_DIMENSION:
        for entries in product((0, 1, -1), repeat=dimension):
            if next((e for e in entries if e), -1) > 0:
                yield tuple(map(Fraction, entries))
    else:
        for axis in range(dimension):
            yield tuple(Fraction(c == axis) for c in range(dimension))
    base = 2
    while True:
        direction = tuple(Fraction(base**c) for c in range(dimension))
        # Two points agree under at most dimension - 1 bases: this ends.
        if len({dot(direction, point) for point in points}) == len(points):
            yield direction
            return
        base += 1


def _along(direction: Vector, targets: dict[Vector, Fraction]) -> list[tuple[Fraction, Fraction]] | None:
    """Projections with their values, increasing, or None where two points with one projection differ in value."""
    values: dict[Fraction, Fraction] = {}
    for point, value in targets.items():
        if values.setdefault(dot(direction, point), value) != value:
            return None
    return sorted(values.items())


def _relu_units(values: list[tuple[Fraction, Fraction]]) -> Iterator[list[Unit]]:
    """Sums of ReLUs that take the values: one for each way of signs in the affine part."""
    slopes = [(w - v) / (t - s) for (s, v), (t, w) in pairwise(values)]
    if not slopes:
        yield [] if not values[0][1] else [(_ZERO, abs(values[0][1]), _ONE if values[0][1] > 0 else -_ONE)]
        return
    first, last = values[0][0], values[-1][0]
    kinks = [(t, after - before) for (t, _), before, after in zip(values[1:], slopes, slopes[1:], strict=False)]
    parts: dict[tuple[Fraction, ...], tuple[int, list[Unit]]] = {}
    for piece, ((t, v), slope) in enumerate(zip(values, slopes, strict=False)):
        affine = _affine_units(slope, v - slope * t, first, last)
        parts.setdefault(tuple(sign for _, _, sign in affine), (piece, affine))
    for piece, units in parts.values():
        for number, (t, change) in enumerate(kinks):
            if change:
                size, sign = abs(change), _ONE if change > 0 else -_ONE
                units.append((size, -size * t, sign) if number >= piece else (-size, size * t, sign))
        yield units


def _affine_units(slope: Fraction, bias: Fraction, first: Fraction, last: Fraction) -> list[Unit]:
    """ReLUs whose sum is slope * t + bias for first <= t <= last."""
    ends = slope * first + bias, slope * last + bias
    if not any(ends):
        return []
    if min(ends) >= 0:
        return [(slope, bias, _ONE)]
    if max(ends) <= 0:
        return [(-slope, -bias, -_ONE)]
    return [(slope, bias, _ONE), (-slope, -bias, -_ONE)]


def _step_units(values: list[tuple[Fraction, Fraction]]) -> Iterator[list[Unit]]:
    """Steps that take the values, from the left, and from every value 0 outwards."""
    jumps = [((s + t) / 2, w - v) for (s, v), (t, w) in pairwise(values)]
    for start, (_, value) in enumerate(values):
        if start and value:
            continue
        units: list[Unit] = [(_ZERO, _ONE, value)] if value else []
        for number, (t, jump) in enumerate(jumps):
            if jump:
                units.append((_ONE, -t, jump) if number >= start else (-_ONE, t, -jump))
        yield units
