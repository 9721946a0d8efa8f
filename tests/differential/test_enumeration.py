"""The enumeration that other tests believe, on data whose answer is known."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, product

import pytest

from certify.instance import TrainingInstance

from .enumeration import System, fits, separable


@pytest.mark.parametrize(("count", "dimension", "expected"), [(4, 1, 8), (4, 2, 14), (5, 2, 22), (5, 3, 30)])
def test_separable_subsets_of_points_in_general_position(count: int, dimension: int, expected: int) -> None:
    """Cover's formula: 2 * sum of binomials (count - 1 over i), i up to the dimension; points of the moment curve."""
    points = [tuple(Fraction(t**power) for power in range(1, dimension + 1)) for t in range(count)]
    assert len(set(separable(points))) == expected


def test_relus_on_a_line() -> None:
    """Labels 0 1 0 1 at 0, 1, 2, 3: a convex piece, a concave and a convex one need three neurons."""
    for width, expected in [(0, False), (1, False), (2, False), (3, True)]:
        line = TrainingInstance.of([[0], [1], [2], [3]], [0, 1, 0, 1], width=width, activation="relu")
        assert fits(line) is expected
    square = TrainingInstance.of([[-1], [0], [1]], [1, 0, 1], width=1, activation="relu", signs="convex")
    assert not fits(square)


def test_thresholds_on_a_line() -> None:
    """A step for every change of the label, from the one side or the other; a constant 1 is a neuron."""
    for labels in product((0, 1), repeat=4):
        least = sum(a != b for a, b in pairwise(labels)) or labels[0]
        for width in range(4):
            line = TrainingInstance.of([[x] for x in range(4)], labels, width=width, activation="threshold")
            assert fits(line) is (width >= least), (labels, width)


def test_a_system_without_a_solution() -> None:
    """x + y <= 1, x >= 1, y >= 1/2; and what is left without the last has one."""
    one, half = Fraction(1), Fraction(1, 2)
    system = System(2)
    assert system.add([one, one], None, one) and system.add([one, Fraction(0)], one, None)
    assert not system.copy().add([Fraction(0), one], half, None)
    assert system.add([Fraction(0), one], None, half)
    assert system.value[0] >= 1 and system.value[0] + system.value[1] <= 1
