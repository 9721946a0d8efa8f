"""Refutations of instances with a target error (format v1, section 6.13): no fit at all, or a forced one refuted.

At each place a network has one value, which costs at least what the best value costs there. If that adds up to more
than gamma, the instance is refuted; if to gamma exactly, every place must have a best value, and a refutation of the
exact fit of those points whose label is the only best value is one of the instance. Where it is less, the losses have
to be searched.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from certify.decide.refute import Limits, Refutation, Unknown, refute
from certify.exact import Vector
from certify.instance import TrainingInstance
from certify.loss import best_constant

FORCED = "forced"


@dataclass(frozen=True)
class Forced:
    """``least``: the sum of the least losses of all places. ``pinned``: the indices of the points whose label is the
    only best value at their place.
    """

    least: Fraction
    pinned: tuple[int, ...]


def forced_values(instance: TrainingInstance) -> Forced:
    """What the losses alone force; the instance must have a loss."""
    places: dict[Vector, list[int]] = {}
    for index, point in enumerate(instance.points):
        places.setdefault(point, []).append(index)
    copies = instance.copies or (1,) * len(instance.points)
    least, pinned = Fraction(0), []
    for members in places.values():
        labels = [instance.labels[i] for i in members]
        cost, value = best_constant(instance.loss, labels, [copies[i] for i in members])
        least += cost
        pinned += [i for i, label in zip(members, labels, strict=True) if label == value]
    return Forced(least, tuple(sorted(pinned)))


def asks_for_exact_fit(instance: TrainingInstance) -> bool:
    """Does the question come down to the exact fit, gamma being 0 or (l0) less than one miss?"""
    return instance.loss == "exact" or instance.gamma == 0 or (instance.loss == "l0" and instance.gamma < 1)


def refute_any(
    instance: TrainingInstance, limits: Limits | None = None, progress: Callable[[str], None] | None = None
) -> Refutation | Unknown:
    """As ``refute``, for instances with or without a loss.

    Coordinates that are 0 at all points are left out: no step looks at them, so the lines are the same.
    """
    instance = _without_zeros(instance)
    if asks_for_exact_fit(instance):
        exact = replace(instance, loss="exact", gamma=Fraction(0), copies=None)
        return refute(exact, limits, progress)
    forced = forced_values(instance)
    if forced.least > instance.gamma:
        return Refutation([FORCED], {"steps": {FORCED: 1}, "splits": 0, "linear programs": 0})
    if forced.least < instance.gamma:
        return Unknown("the target error leaves room, and the losses are not searched", {})
    kept: list[int] = []
    seen = set()
    for i in forced.pinned:
        data = instance.points[i], instance.labels[i]
        # A point that is there once more, behind the others, says nothing new.
        if i == len(kept) or data not in seen:
            kept.append(i)
        seen.add(data)
    if kept != list(range(len(kept))):
        return Unknown("the points with a forced value are not the first ones", {})
    part = replace(
        instance,
        points=instance.points[: len(kept)],
        labels=instance.labels[: len(kept)],
        loss="exact",
        gamma=Fraction(0),
        copies=None,
    )
    outcome = refute(part, limits, progress)
    if isinstance(outcome, Unknown):
        return outcome
    return replace(outcome, lines=[FORCED, *outcome.lines])


def _without_zeros(instance: TrainingInstance) -> TrainingInstance:
    used = [c for c in range(instance.dimension) if any(x[c] for x in instance.points)] or [0]
    if len(used) == instance.dimension:
        return instance
    points = tuple(tuple(x[c] for c in used) for x in instance.points)
    return replace(instance, points=points, dimension=len(used))
