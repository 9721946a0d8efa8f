"""Own data on a line: the least width lies within two (steps: one) of the least number of kinks, and is decided."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise, product

import pytest

from certify.decide import enumeration
from certify.decide.fit import Fit
from certify.decide.interpolate import interpolation, kinks
from certify.decide.refute.setup import Setup
from certify.instance import TrainingInstance
from certify.own_data import width_of_instance


def slots(instance: TrainingInstance) -> int:
    """So many neurons are needed, by disjoint slots of the line."""
    return Setup.of(instance.points, instance.labels, instance.activation == "threshold").least()


def least(instance: TrainingInstance) -> int:
    """The least width, by enumeration."""
    return next(k for k in range(9) if isinstance(enumeration.decide(replace(instance, width=k)), Fit))


@pytest.mark.parametrize("activation", ["relu", "threshold"])
@pytest.mark.parametrize("count", [3, 4])
def test_all_small_label_vectors(activation: str, count: int) -> None:
    """The width that is proved is the one that the enumeration finds."""
    more = {"relu": 2, "threshold": 1}[activation]
    gaps = set()
    for labels in product(range(-1, 6 - count), repeat=count):
        made = TrainingInstance.of([[x] for x in range(count)], labels, width=0, activation=activation)  # type: ignore[arg-type]
        result, needed = width_of_instance(made), least(made)
        assert (result.verdict, result.width) == ("YES", needed), labels
        network = interpolation(made)
        assert network is not None and slots(made) <= needed <= network.width <= slots(made) + more
        gaps.add(needed - slots(made))
    assert gaps >= {0, 1}


@pytest.mark.parametrize("seed", range(30))
def test_uneven_places(seed: int) -> None:
    rng = random.Random(f"line {seed}")
    places = sorted(rng.sample(range(40), 6))
    labels = [Fraction(rng.randint(-6, 6), rng.choice((1, 2))) for _ in places]
    made = TrainingInstance.of([[x] for x in places], labels, width=0, activation=["relu", "threshold"][seed % 2])  # type: ignore[arg-type]
    result = width_of_instance(made)
    assert result.verdict == "YES" and result.width is not None
    answers = [isinstance(enumeration.decide(replace(made, width=k)), Fit) for k in range(result.width + 1)]
    if result.width <= 3:
        assert answers == [False] * result.width + [True]


@pytest.mark.parametrize("count", [50, 200])
@pytest.mark.parametrize("kind", ["any", "steps", "convex"])
def test_fewest_kinks(count: int, kind: str) -> None:
    """The sweep has as many kinks as disjoint slots show to be needed; the network has all values, with two neurons more."""
    rng = random.Random(f"{count} {kind}")
    labels = {
        "any": [rng.randint(-9, 9) for _ in range(count)],
        "steps": [rng.randint(0, 1) for _ in range(count)],
        "convex": [x * x for x in range(count)],
    }[kind]
    made = TrainingInstance.of([[x] for x in range(count)], labels, width=0, activation="relu")
    values = list(zip((x for (x,) in made.points), made.labels, strict=True))
    found = kinks(values)
    assert len(found) == slots(made) and all(s < t for (s, _), (t, _) in pairwise(found))
    network = interpolation(made)
    assert network is not None and not replace(made, width=network.width).misfits(network)
    assert len(found) <= network.width <= len(found) + 2
    stepped = replace(made, activation="threshold")
    jumps = sum(a != b for a, b in pairwise(labels))
    steps = interpolation(stepped)
    assert steps is not None and not replace(stepped, width=steps.width).misfits(steps)
    assert slots(stepped) == jumps <= steps.width <= jumps + 1


@pytest.mark.parametrize("numbers", [(3, 5, 6, 7), (2, 3, 7), (1, 4, 9, 11), (5, 6, 8)])
def test_subset_sums_in_thresholds(numbers: tuple[int, ...]) -> None:
    """Steps -b_1, -b_2, ... from the first value B down: as many neurons as steps are enough iff some b sum to B."""
    for wanted in range(1, sum(numbers) + 2):
        labels = [wanted]
        for number in numbers:
            labels.append(labels[-1] - number)
        made = TrainingInstance.of([[x] for x in range(len(labels))], labels, width=0, activation="threshold")
        solvable = wanted in {sum(chosen) for chosen in product(*((0, b) for b in numbers))}
        result = width_of_instance(made)
        assert (result.verdict, result.width) == ("YES", len(numbers) + (not solvable)), wanted


@pytest.mark.parametrize(("size", "wanted"), [(1, 3), (1, 4), (2, 9), (2, 5), (3, 6)])
def test_subset_sums_in_relus(size: int, wanted: int) -> None:
    """Kinks of strength 1 at 1, 3, 7, rigid by three points on each piece, and the first piece B - m x: three ReLUs fit iff m of
    the numbers sum to B (docs/own_data.md).
    """
    numbers = (1, 3, 7)
    points = [Fraction(x, 4) for x in (-8, -4, 0, 6, 8, 10, 16, 20, 24, 32, 36, 40)]
    labels = [wanted - size * x + sum(max(0, x - t) for t in numbers) for x in points]
    made = TrainingInstance.of([[x] for x in points], labels, width=3, activation="relu")
    solvable = (size, wanted) in {(len(c), sum(c)) for c in ((), (1,), (3,), (7,), (1, 3), (1, 7), (3, 7), numbers)}
    assert slots(made) == 3
    result = width_of_instance(made)
    assert result.verdict == "YES" and (result.width == 3) == solvable, result.bounds
