"""Signs for many points or neurons at once, in floats with exact integers where these do not tell, against the same one
by one in rationals; and small cores."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certify.decide.refute.bounds import Assigned
from certify.decide.refute.geometry import Space
from certify.decide.refute.knowledge import GE, GT, LE, LT, Knowledge, Literal, Plane
from certify.decide.refute.nearby import cheap_units
from certify.decide.refute.patterns import OFF, ON, UNKNOWN, Patterns, on_runs, unknown_ranks
from certify.decide.refute.reach import Reach
from certify.decide.sat import solve

AXES = (0, 1, -1, 7)
HEIGHTS = range(-4, 5)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Knowledge, list[int], list[int]]:
    """Parallel lines x = c of the plane, neurons z = y - p - q x with some true facts on the lines, and far points, of
    which some are on z = 0 or next to it. With the two integers all points of the lines, and the far ones."""
    stretch = Fraction(draw(st.sampled_from(["1", "1/3", "1000000007", "3/1000000000000"])))
    slope = draw(st.sampled_from([Fraction(0), Fraction(1, 3), Fraction(123456789)]))

    def moved(x: int | Fraction, y: int | Fraction) -> tuple[Fraction, Fraction]:
        # Breaks go along, so all signs stay as they are.
        return Fraction(x), y * stretch + slope * x

    neurons = draw(st.lists(st.tuples(st.integers(-4, 4), st.integers(-2, 2)), min_size=1, max_size=6))
    points = [moved(c, y) for c in AXES for y in HEIGHTS]
    nudge = draw(st.sampled_from([Fraction(0), Fraction(1, 10**17), Fraction(1, 5)]))
    for t, (x, side) in enumerate(draw(st.lists(st.tuples(st.integers(8, 999), st.integers(-1, 1)), max_size=8))):
        p, q = neurons[t % len(neurons)]
        points.append(moved(x + Fraction(t, 11), p + q * (x + Fraction(t, 11)) + side * nudge))
    space = Space(tuple(points))
    relu = draw(st.booleans())
    knowledge = Knowledge(space, len(neurons), not relu)
    on_line = len(AXES) * len(HEIGHTS)
    numbers = [
        knowledge.add_line(space.line(range(n * len(HEIGHTS), (n + 1) * len(HEIGHTS)))) for n in range(len(AXES))
    ]
    knowledge.add_pair(numbers[0], numbers[1])
    knowledge.add_pair(numbers[0], numbers[3])
    knowledge.add_pair(numbers[1], numbers[2])
    for j, (p, q) in enumerate(neurons):
        knowledge.set_increasing(j, numbers[0])
        for i in draw(st.lists(st.integers(0, on_line - 1), max_size=12)):
            c, y = AXES[i // len(HEIGHTS)], HEIGHTS[i % len(HEIGHTS)]
            z = y - p - q * c
            strict = draw(st.booleans()) or not relu
            if z:
                knowledge.learn(Literal(j, i, (">" if z > 0 else "<") + ("" if strict else "=")))
            elif relu:
                knowledge.learn(Literal(j, i, draw(st.sampled_from([">=", "<="]))))
    return knowledge, list(range(on_line)), list(range(on_line, len(points)))


def code(mask: int) -> int:
    return ON if mask & GE else OFF if mask & LE else UNKNOWN


@settings(deadline=None, max_examples=60)
@given(worlds())
def test_all_signs_at_once_are_those_found_one_by_one(world: tuple[Knowledge, list[int], list[int]]) -> None:
    knowledge, near, far = world
    neurons = range(knowledge.neurons)
    patterns = Patterns(knowledge, list(neurons))
    patterns.update(near + far)
    for i in near + far:
        assert patterns.rows[i] == patterns._scalar(i)
    if far:
        found = Reach(knowledge, far).statuses(list(neurons), [], np.arange(len(far)))
        assert found.tolist() == [[code(knowledge.known(j, i)) for i in far] for j in neurons]


@settings(deadline=None, max_examples=60)
@given(worlds())
def test_limits_on_a_line_are_what_is_known_of_its_points(world: tuple[Knowledge, list[int], list[int]]) -> None:
    knowledge, _, _ = world
    for line, one in enumerate(knowledge.lines):
        for j in range(knowledge.neurons):
            at_most, below, at_least, above = knowledge.limits(j, line)
            for t, i in enumerate(one.points):
                mask = knowledge.known(j, i)
                assert bool(mask & LE) == (t <= at_most)
                assert bool(mask & GE) == (t >= at_least)
                # Of a point with a fact ``known`` does not ask the pairs.
                assert not mask & LT or t <= below
                assert not mask & GT or t >= above
                if not knowledge.facts.get((j, i)):
                    assert bool(mask & LT) == (t <= below)
                    assert bool(mask & GT) == (t >= above)


def test_a_point_off_the_plane_of_a_pair_has_no_coefficients() -> None:
    rows = [(0, 0, 0), (0, 0, 1), (0, 0, 2), (1, 0, 0), (1, 0, 1), (1, 0, 2), (3, 0, 5), (3, 1, 5)]
    space = Space(tuple(tuple(map(Fraction, row)) for row in rows))
    one, two = space.line((0, 1, 2)), space.line((3, 4, 5))
    plane = Plane.of(one, two, 1, 1)
    # x = 3: three times the way from the first line to the second.
    assert plane.coefficients(space.homogeneous(6)) == (-2, 3, 5)
    assert plane.coefficients(space.homogeneous(7)) is None
    assert Plane.of(one, one, 1, 1).coefficients(space.homogeneous(6)) is None


def test_runs_and_unknown_ranks_of_a_row() -> None:
    row = (3, bytes([2, 1, 1, 0, 2, 1]))
    assert on_runs(row) == [(0, 3), (4, 6), (8, 9)]
    assert on_runs(row, [1, 4]) == [(0, 1), (2, 3), (5, 6), (8, 9)]
    assert unknown_ranks(row) == [3, 7]
    assert on_runs((0, b"")) == unknown_ranks((5, b"")) == []


def chain(groups: int, first: int) -> list[list[list[int]]]:
    """Units that exclude each other's choices around a circle: all groups choose alike, and the last one does not."""
    units = []
    for g in range(groups):
        a, b = first + 2 * g, first + 2 * ((g + 1) % groups)
        units.append([[-a, -b - 1], [-a - 1, -b]] if g + 1 < groups else [[-a, -b], [-a - 1, -b - 1]])
    return units


@pytest.mark.parametrize("cheap", [0, 1])
def test_the_cheaper_one_of_two_circles_is_found(cheap: int) -> None:
    units = chain(5, 1) + chain(7, 11)
    covers = [[2 * g + 1, 2 * g + 2] for g in range(12)]
    costs = [9 if (u < 5) == bool(cheap) else 2 for u in range(12)]
    found = cheap_units(covers, units, costs)
    assert found == (list(range(5, 12)) if cheap else list(range(5)))
    # A control: the circle is a contradiction, and without any one of its units it is none.
    for left in [None, *found]:
        clauses = [clause for u in found if u != left for clause in units[u]]
        assert isinstance(solve([*covers, *clauses]), list) == (left is not None)


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 3), st.booleans()), max_size=30))
def test_slots_of_other_neurons_are_passed_over(calls: list[tuple[int, int, bool]]) -> None:
    assigned, taken = Assigned(8), dict[int, int]()
    for slot, neuron, take in calls:
        if take and slot not in taken and neuron not in taken.values():
            assigned.assign(slot, neuron)
            taken[slot] = neuron
        assert assigned.taken == set(taken)
        free = [t for t in range(8) if taken.get(t, neuron) == neuron]
        assert assigned.first(slot, neuron) == min((t for t in free if t >= slot), default=8)
        assert assigned.last(slot, neuron) == max((t for t in free if t <= slot), default=-1)
