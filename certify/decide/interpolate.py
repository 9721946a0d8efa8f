"""Networks that take given values because they are piecewise linear, or steps, along one direction: upper bounds.

Points are projected on a line; where equal projections have equal values, a function of one variable fits. It gets the
fewest kinks, one neuron each, which may break to the right or to the left; what is left is an affine part, which takes
no neuron if it is 0, one if it has one sign on the data, else two. So in one dimension the network has at most two
neurons more than is possible (steps: one more; docs/own_data.md). With distinct points some direction tells all of
them apart, so at most as many neurons as points are needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise, product
from math import lcm

from certify.exact import Vector, dot
from certify.instance import TrainingInstance
from certify.loss import loss_between
from certify.network import Network, Neuron

#: Directions with entries -1, 0, 1 are tried up to this dimension, above it the axes alone.
SMALL_DIMENSION = 4

_ZERO, _ONE = Fraction(0), Fraction(1)
#: c * (t - r) in front of relu or threshold, with its output coefficient: slope, bias, coefficient.
Unit = tuple[Fraction, Fraction, Fraction]
Kink = tuple[Fraction, Fraction]
"""Where the slope changes, and by how much."""
Ends = tuple[int, int]
"""The values of an affine function at the first and at the last point, times a number."""
MOST_SUMS = 1024
"""So many sets of kinks are tried for an affine part that takes few neurons."""


def interpolation(instance: TrainingInstance, within: int | None = None) -> Network | None:
    """A network that is a witness of the instance for some width, or None if no such one is at hand.

    Never None for free signs, unless no network of any width is a witness. ``within``: only of so many neurons at most.
    """
    targets = best_values(instance)
    best, most = None, within
    for direction in _directions(list(targets), instance.dimension):
        values = _along(direction, targets)
        if values is None:
            continue
        for units in _step_units(values) if instance.activation == "threshold" else _relu_units(values, most):
            if most is not None and len(units) > most:
                continue
            neurons = tuple(Neuron(tuple(s * c for c in direction), b, a) for s, b, a in units)
            unwanted = {"free": None, "convex": -1, "concave": 1}[instance.signs]
            if unwanted is None or not any(neuron.coefficient * unwanted > 0 for neuron in neurons):
                best = Network(instance.activation, neurons, instance.dimension)
                most = best.width - 1
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


def _relu_units(values: list[tuple[Fraction, Fraction]], most: int | None) -> Iterator[list[Unit]]:
    """Sums of ReLUs that take the values, with the fewest kinks: one for each way of signs in the affine part.

    None if already the kinks take more than ``most`` neurons.
    """
    if len(values) < 2:
        yield [] if not values[0][1] else [(_ZERO, abs(values[0][1]), _ONE if values[0][1] > 0 else -_ONE)]
        return
    (start, value), (second, after) = values[:2]
    end = values[-1][0]
    bends = kinks(values)
    if most is not None and len(bends) > most:
        return
    # An affine function by its values at both ends, all as integers.
    first_piece = value, value + (after - value) / (second - start) * (end - start)
    steps = [(c * (start - t), c * (end - t)) for t, c in bends]
    scale = lcm(*(v.denominator for pair in (first_piece, *steps) for v in pair))
    whole = [(int(v * scale), int(w * scale)) for v, w in (first_piece, *steps)]
    parts: dict[tuple[int, ...], list[Unit]] = {}
    for ends, left in _affine_parts(whole[0], whole[1:]):
        ways = _signs(ends)
        if ways in parts:
            continue
        slope = Fraction(ends[1] - ends[0], scale) / (end - start)
        affine = [(a * slope, a * (Fraction(ends[0], scale) - slope * start), Fraction(a)) for a in ways]
        units = [
            (-abs(c), abs(c) * t, _ONE if c > 0 else -_ONE)
            if left >> number & 1
            else (abs(c), -abs(c) * t, _ONE if c > 0 else -_ONE)
            for number, (t, c) in enumerate(bends)
        ]
        parts[ways] = affine + units
    yield from parts.values()


def kinks(values: Sequence[tuple[Fraction, Fraction]]) -> list[Kink]:
    """The places and changes of slope of a piecewise linear function with these values and the fewest kinks.

    Of m values in a row at which the slopes grow (or fall) two share a kink between them, where the lines before and
    after them meet: m/2 kinks, rounded up. Fewer are not possible: the m values have as many disjoint slots of format
    v1, 6.3.
    """
    slopes = [(w - v) / (t - s) for (s, v), (t, w) in pairwise(values)]
    found: list[Kink] = []
    q = 1
    while q < len(slopes):
        change = slopes[q] - slopes[q - 1]
        if not change:
            q += 1
        elif q + 1 < len(slopes) and (slopes[q + 1] - slopes[q]) * change > 0:
            (t, v), (u, w) = values[q], values[q + 1]
            whole = slopes[q + 1] - slopes[q - 1]
            # The lines v + slopes[q-1] (x - t) and w + slopes[q+1] (x - u) meet here.
            found.append(((v - w - slopes[q - 1] * t + slopes[q + 1] * u) / whole, whole))
            q += 2
        else:
            found.append((values[q][0], change))
            q += 1
    return found


def _affine_parts(ends: Ends, steps: Sequence[Ends]) -> Iterator[tuple[Ends, int]]:
    """What is left of a function with this first piece without its kinks, and the set of those that break to the left.

    By c (x - t)_+ = c (t - x)_+ + c (x - t), whose last part is the kink's step. The pieces themselves first, then sums
    over up to MOST_SUMS sets of kinks.
    """
    left = 0
    piece = ends
    yield piece, left
    for number, (v, w) in enumerate(steps):
        left |= 1 << number
        piece = piece[0] + v, piece[1] + w
        yield piece, left
    sums = {ends: 0}
    for number, (v, w) in enumerate(steps):
        if 2 * len(sums) > MOST_SUMS:
            break
        for (a, b), chosen in list(sums.items()):
            sums.setdefault((a + v, b + w), chosen | 1 << number)
    yield from sums.items()


def _signs(ends: Ends) -> tuple[int, ...]:
    """The output signs of the ReLUs whose sum is the affine function between its ends."""
    if not any(ends):
        return ()
    return (1,) if min(ends) >= 0 else (-1,) if max(ends) <= 0 else (1, -1)


def _step_units(values: list[tuple[Fraction, Fraction]]) -> Iterator[list[Unit]]:
    """Steps that take the values: with a constant neuron, and where sums of jumps allow it without one."""
    jumps = [((s + t) / 2, w - v) for (s, v), (t, w) in pairwise(values) if v != w]
    first = values[0][1]
    constant: list[Unit] = [(_ZERO, _ONE, first)] if first else []
    yield constant + [(_ONE, -t, jump) for t, jump in jumps]
    left = _left_steps(first, [jump for _, jump in jumps])
    if first and left is not None:
        yield [(-_ONE, t, -jump) if left >> number & 1 else (_ONE, -t, jump) for number, (t, jump) in enumerate(jumps)]


def _left_steps(value: Fraction, jumps: Sequence[Fraction]) -> int | None:
    """The set of jumps that steps to the left make so that nothing is left of the first value; None if none is found.

    The first jumps, up to a value 0, or up to MOST_SUMS sets: a question of subset sums.
    """
    total, left = value, 0
    for number, jump in enumerate(jumps):
        total, left = total + jump, left | 1 << number
        if not total:
            return left
    sums = {value: 0}
    for number, jump in enumerate(jumps):
        if 2 * len(sums) > MOST_SUMS:
            break
        for total, chosen in list(sums.items()):
            sums.setdefault(total + jump, chosen | 1 << number)
        if _ZERO in sums:
            return sums[_ZERO]
    return None
