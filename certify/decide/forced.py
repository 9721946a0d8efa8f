"""Refutations of instances with a loss whose gamma leaves no choice (format v1, 6.13, "forced").

Points with equal coordinates are a place; a network has one value there, so its loss is at least the sum of the least
losses of the places. If that is more than gamma, there is nothing else to show. If it is gamma, the network has
to take the best value at every place; the direct refuter then sees, as an exact fit, the points whose label is the
only best value, and its lines are written back with the numbers that these points have in the instance.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from certify.decide.refute import Limits, Refutation, Unknown, refute
from certify.exact import Vector, render
from certify.instance import TrainingInstance
from certify.loss import best_constant

_SIGN = re.compile(r"([0-9]+(?:>=|<=|>|<))([0-9]+)(:.*)?")
_AT_POINT = re.compile(r"([ea]|[hgs][0-9]+\.)([0-9]+)(:.*)")


def refute_with_loss(
    instance: TrainingInstance,
    limits: Limits | None = None,
    progress: Callable[[str], None] | None = None,
) -> Refutation | Unknown:
    """A refutation of "a network of this width meets gamma", or Unknown: directly where the fit has to be exact.

    With gamma = 0 (l0: gamma < 1) the fit is exact. A gamma above the least one: loss_cases.py, for width 1.
    Coordinates that are 0 at all points are left out: no step looks at them, so the lines stay the same.
    """
    from certify.decide.loss_cases import refute_by_cases

    instance = without_zeros(instance)
    if meets_exactly(instance):
        exact = replace(instance, loss="exact", gamma=Fraction(0))
        outcome = refute(exact, limits, progress)
        return refute_by_cases(exact, limits) if isinstance(outcome, Unknown) and exact.width == 1 else outcome
    least, pinned = forced(instance)
    if least > instance.gamma:
        return Refutation(["forced"], {"steps": {}, "splits": 0, "linear programs": 0})
    if least < instance.gamma:
        if instance.width == 1:
            return refute_by_cases(instance, limits)
        return Unknown(f"gamma {render(instance.gamma)} is more than {render(least)}, so no value is forced")
    outcome = refute(at_points(instance, pinned), limits, progress)
    if isinstance(outcome, Unknown):
        return outcome
    return replace(outcome, lines=["forced", *renumbered(outcome.lines, [i + 1 for i in pinned])])


def at_points(instance: TrainingInstance, indices: Sequence[int]) -> TrainingInstance:
    """The question of an exact fit at these points alone."""
    return replace(
        instance,
        points=tuple(instance.points[i] for i in indices),
        labels=tuple(instance.labels[i] for i in indices),
        copies=None,
        loss="exact",
        gamma=Fraction(0),
    )


def without_zeros(instance: TrainingInstance) -> TrainingInstance:
    """The instance without the coordinates that are 0 at all its points."""
    used = [c for c in range(instance.dimension) if any(x[c] for x in instance.points)] or [0]
    if len(used) == instance.dimension:
        return instance
    points = tuple(tuple(x[c] for c in used) for x in instance.points)
    return replace(instance, points=points, dimension=len(used))


def meets_exactly(instance: TrainingInstance) -> bool:
    """Whether a network meets gamma only if it fits every point."""
    return not instance.gamma or (instance.loss == "l0" and instance.gamma < 1)


def forced(instance: TrainingInstance) -> tuple[Fraction, list[int]]:
    """The least loss that the labels allow, and the indices of the points whose label is the only best value at
    their place, the first one of each place.
    """
    places: dict[Vector, list[int]] = {}
    for i, point in enumerate(instance.points):
        places.setdefault(point, []).append(i)
    counts = instance.counts()
    least, pinned = Fraction(0), list[int]()
    for members in places.values():
        if len(members) == 1:
            pinned += members
            continue
        weights: dict[Fraction, int] = {}
        for i in members:
            weights[instance.labels[i]] = weights.get(instance.labels[i], 0) + counts[i]
        cost, value = best_constant(instance.loss, list(weights), list(weights.values()))
        least += cost
        pinned += [i for i in members if instance.labels[i] == value][:1]
    return least, sorted(pinned)


def renumbered(lines: Iterator[str] | Sequence[str], numbers: Sequence[int]) -> Iterator[str]:
    """The lines of a refutation, point t written as numbers[t - 1]."""

    def of(word: str) -> str:
        return str(numbers[int(word) - 1])

    def renamed(token: str) -> str:
        match = _SIGN.fullmatch(token) or _AT_POINT.fullmatch(token)
        return token if match is None else f"{match[1]}{of(match[2])}{match[3] or ''}"

    for line in lines:
        kind, *words = line.split(" ")
        if kind in ("line", "contradiction"):
            words = list(map(of, words))
        elif kind == "slots":
            words[2:] = map(of, words[2:])
        elif kind == "n":
            words[1:] = map(of, words[1:])
        elif kind == "order":  # after the class, and the `a` of an order by coefficients, all words are points
            at = 2 if words[1:2] == ["a"] else 1
            words[at:] = map(of, words[at:])
        elif kind == "p":
            words[2] = of(words[2])
        elif kind in ("u", "c", "d", "e", "r", "v", "0"):
            words = list(map(renamed, words))
        yield " ".join([kind, *words])
