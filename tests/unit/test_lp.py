"""The exact linear programs: every answer carries its own proof, which is checked here."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from certify.exact import Vector, dot, vector
from certify.lp import basic, feasible, solve

SMALL = st.fractions(min_value=-3, max_value=3, max_denominator=2)


def rank(rows: list[Vector]) -> int:
    left = [list(row) for row in rows]
    done = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((i for i in range(done, len(left)) if left[i][column]), None)
        if pivot is None:
            continue
        left[done], left[pivot] = left[pivot], left[done]
        for i in range(done + 1, len(left)):
            factor = left[i][column] / left[done][column]
            left[i] = [a - factor * b for a, b in zip(left[i], left[done], strict=True)]
        done += 1
    return done


def assert_basic(rows: list[Vector], rhs: list[Fraction], point: Vector) -> None:
    slack = [dot(row, point) - bound for row, bound in zip(rows, rhs, strict=True)]
    assert min(slack) >= 0
    tight = [row for row, rest in zip(rows, slack, strict=True) if rest == 0]
    assert rank(tight) == rank(rows)
    used = [i for i, x in enumerate(point) if x]
    assert rank([tuple(row[i] for i in used) for row in tight]) == len(used)


@st.composite
def systems(draw: st.DrawFn) -> tuple[list[Vector], list[Fraction]]:
    dimension = draw(st.integers(1, 4))
    entry = st.tuples(st.tuples(*[SMALL] * dimension), SMALL)
    rows = draw(st.lists(entry, min_size=1, max_size=9))
    return [row for row, _ in rows], [bound for _, bound in rows]


@settings(max_examples=200, deadline=None)
@given(systems())
def test_every_answer_is_proved(system: tuple[list[Vector], list[Fraction]]) -> None:
    rows, rhs = system
    found = solve(rows, rhs)
    if found.point is not None:
        assert found.multipliers is None
        assert_basic(rows, rhs, found.point)
    else:
        y = found.multipliers
        assert y is not None
        assert min(y) >= 0
        assert dot(y, rhs) == 1
        assert all(dot(y, column) == 0 for column in zip(*rows, strict=True))


@settings(deadline=None)
@given(systems(), st.data())
def test_any_solution_leads_to_a_basic_one(
    system: tuple[list[Vector], list[Fraction]], data: st.DataObject
) -> None:
    rows, _ = system
    point = data.draw(st.tuples(*[SMALL] * len(rows[0])))
    rhs = [dot(row, point) - data.draw(st.sampled_from([0, 1, Fraction(1, 3)])) for row in rows]
    assert_basic(rows, rhs, basic(rows, rhs, point))


def test_small_systems() -> None:
    line = [vector([1]), vector([-1])]
    assert feasible(line, list(vector([2, -2]))) == (2,)
    assert feasible(line, list(vector([2, -1]))) is None
    assert solve([vector([0])], [Fraction(1)]).multipliers == (1,)
    assert solve([vector([0])], [Fraction(0)]).point == (0,)


def test_cycling_is_avoided_on_a_degenerate_system() -> None:
    # Many rows through one point; Bland's rule ends where a greedy rule may cycle.
    rows = [vector([a, b, c]) for a in (-1, 0, 1) for b in (-1, 0, 1) for c in (-1, 1)]
    assert feasible(rows, [Fraction(0)] * len(rows)) == (0, 0, 0)
    assert feasible([*rows, vector([1, 0, 0])], [*[Fraction(0)] * len(rows), Fraction(1)]) is None
