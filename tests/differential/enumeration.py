"""Whether a network fits, by enumeration of activation patterns: exact, of its own, and for tiny data alone.

A pattern says which neurons are on at which points. It can be taken to be one of z > 0 and z < 0: a network with a zero at
a point has the same values if the neuron counts as off there. So a ReLU network fits iff for some pattern, point by
point, the linear system z_j(x_i) >= 0 where j is on, <= 0 where it is off, and sum of the z_j that are on = y_i has a
solution (ReLU is continuous, so no strictness is needed). Threshold: iff y is a linear combination of k indicator vectors of
separable subsets of the points.

Nothing of the program is used but the instance; the linear systems are decided by the simplex method below.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product

from certify.instance import TrainingInstance

Row = list[Fraction]
Bound = Fraction | None


class System:
    """Linear forms in ``size`` free variables with bounds, and a point that meets all of them (general simplex method).

    Basic quantities are given in terms of as many non-basic ones; Bland's rule ends the search.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.free = list(range(size))  # the non-basic quantities; a variable is a quantity, too
        self.rows: dict[int, Row] = {}  # basic quantity -> its coefficients at the non-basic ones
        self.low: list[Bound] = [None] * size
        self.high: list[Bound] = [None] * size
        self.value = [Fraction(0)] * size

    def copy(self) -> System:
        other = System(self.size)
        other.free, other.rows = list(self.free), {k: list(row) for k, row in self.rows.items()}
        other.low, other.high, other.value = list(self.low), list(self.high), list(self.value)
        return other

    def add(self, form: Sequence[Fraction], low: Bound, high: Bound) -> bool:
        """One form more, between its bounds; False if there is no solution any more."""
        row = [Fraction(0)] * self.size
        for variable, factor in enumerate(form):
            if not factor:
                continue
            if variable in self.rows:
                row = [a + factor * b for a, b in zip(row, self.rows[variable], strict=True)]
            else:
                row[self.free.index(variable)] += factor
        self.rows[len(self.value)] = row
        self.low.append(low)
        self.high.append(high)
        self.value.append(sum((c * self.value[q] for c, q in zip(row, self.free, strict=True)), Fraction(0)))
        return self._repair()

    def _repair(self) -> bool:
        while True:
            for basic in sorted(self.rows):
                low, high = self.low[basic], self.high[basic]
                if low is not None and self.value[basic] < low:
                    target, up = low, True
                    break
                if high is not None and self.value[basic] > high:
                    target, up = high, False
                    break
            else:
                return True
            row = self.rows[basic]
            for place in sorted(range(self.size), key=self.free.__getitem__):
                if row[place] and self._may_move(self.free[place], up == (row[place] > 0)):
                    self._pivot(basic, place, target)
                    break
            else:
                return False

    def _may_move(self, quantity: int, up: bool) -> bool:
        bound = self.high[quantity] if up else self.low[quantity]
        return bound is None or (self.value[quantity] < bound if up else self.value[quantity] > bound)

    def _pivot(self, basic: int, place: int, target: Fraction) -> None:
        entering, pivot = self.free[place], self.rows.pop(basic)
        step = (target - self.value[basic]) / pivot[place]
        self.value[basic], self.value[entering] = target, self.value[entering] + step
        for quantity, row in self.rows.items():
            self.value[quantity] += row[place] * step
        # entering = (basic - the rest of its row) / pivot
        solved = [-c / pivot[place] for c in pivot]
        solved[place] = 1 / pivot[place]
        for row in self.rows.values():
            factor = row[place]
            if factor:
                row[place] = Fraction(0)
                row[:] = [a + factor * b for a, b in zip(row, solved, strict=True)]
        self.rows[entering] = solved
        self.free[place] = basic


def fits(instance: TrainingInstance) -> bool:
    """Whether a network of the instance's width, activation and signs fits the instance exactly."""
    places = dict(zip(instance.points, instance.labels, strict=True))
    if any(places[x] != y for x, y in zip(instance.points, instance.labels, strict=True)):
        return False
    points, labels = list(places), list(places.values())
    if instance.activation == "threshold":
        return _threshold(points, labels, instance.width)
    k = instance.width
    splits = {"free": range(k + 1), "convex": range(k, k + 1), "concave": range(1)}[instance.signs]
    return any(_relu(points, labels, [1] * positive + [-1] * (k - positive)) for positive in splits)


def _relu(points: Sequence[tuple[Fraction, ...]], labels: Sequence[Fraction], signs: list[int]) -> bool:
    k, width = len(signs), len(points[0]) + 1

    def extended(system: System, i: int, on: tuple[bool, ...]) -> System | None:
        x = [*points[i], Fraction(1)]
        system, total = system.copy(), [Fraction(0)] * (k * width)
        for j in range(k):
            form = [Fraction(0)] * (k * width)
            form[j * width : (j + 1) * width] = x
            if on[j]:
                total = [a + signs[j] * b for a, b in zip(total, form, strict=True)]
            if not system.add(form, *((Fraction(0), None) if on[j] else (None, Fraction(0)))):
                return None
        return system if system.add(total, labels[i], labels[i]) else None

    def search(system: System, i: int) -> bool:
        if i == len(points):
            return True
        for on in product((True, False), repeat=k):
            # Neurons of one sign can be renamed: at the first point those that are on come first.
            renamed = any(signs[j] == signs[j + 1] and on[j] < on[j + 1] for j in range(k - 1))
            if i == 0 and renamed:
                continue
            below = extended(system, i, on)
            if below is not None and search(below, i + 1):
                return True
        return False

    if k == 0:
        return not any(labels)
    return search(System(k * width), 0)


def separable(points: Sequence[tuple[Fraction, ...]]) -> Iterator[tuple[int, ...]]:
    """The 0-1 vectors of all subsets of the points that an affine function is positive on, and negative off them."""

    def search(system: System, i: int, chosen: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if i == len(points):
            yield chosen
            return
        for on in (1, 0):
            below = system.copy()
            if below.add([*points[i], Fraction(1)], *((Fraction(1), None) if on else (None, Fraction(-1)))):
                yield from search(below, i + 1, (*chosen, on))

    yield from search(System(len(points[0]) + 1), 0, ())


def _threshold(points: Sequence[tuple[Fraction, ...]], labels: Sequence[Fraction], k: int) -> bool:
    if not any(labels):
        return True
    vectors = [v for v in separable(points) if any(v)]
    for size in range(1, min(k, len(vectors)) + 1):
        if any(_spans(chosen, labels) for chosen in combinations(vectors, size)):
            return True
    return False


def _spans(vectors: Sequence[Sequence[int]], target: Sequence[Fraction]) -> bool:
    """Whether the target is a linear combination of the vectors."""
    basis: list[tuple[int, list[Fraction]]] = []

    def reduced(vector: Sequence[Fraction | int]) -> list[Fraction]:
        left = [Fraction(v) for v in vector]
        for place, row in basis:
            if left[place]:
                factor = left[place] / row[place]
                left = [a - factor * b for a, b in zip(left, row, strict=True)]
        return left

    for vector in vectors:
        left = reduced(vector)
        place = next((i for i, v in enumerate(left) if v), None)
        if place is not None:
            basis.append((place, left))
    return not any(reduced(target))
