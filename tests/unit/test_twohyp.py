"""Point sets: text, the two meanings of separation, exhaustive search, and the generators."""

from __future__ import annotations

import itertools
from fractions import Fraction
from math import comb, factorial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certify.errors import InexactNumber, InputError, InvalidInstance, ParseError, UnknownProblem
from certify.exact import dot, vector
from certify.problems.twohyp import (
    Hyperplanes,
    PointSets,
    basic_plane,
    far_hyperplane,
    is_restricted_solution,
    is_solution,
    parse,
    parse_solution,
    write,
    write_solution,
)
from certify.problems.twohyp_generate import CLASSICS, generate
from certify.problems.twohyp_search import general_solution, restricted_solution, splits

AXES = Hyperplanes(vector([1, 0]), Fraction(0), vector([0, 1]), Fraction(0))


@st.composite
def point_sets(draw: st.DrawFn, most: int = 4) -> PointSets:
    dimension = draw(st.integers(1, 3))
    point = st.tuples(*[st.fractions(min_value=-3, max_value=3, max_denominator=3)] * dimension)
    q, p = draw(st.lists(point, max_size=most)), draw(st.lists(point, max_size=most))
    return PointSets(tuple(q), tuple(p), dimension)


@given(point_sets())
def test_text_round_trips(sets: PointSets) -> None:
    assert parse(write(sets)) == sets


def test_json() -> None:
    text = '\ufeff {"q": [[1, "1/2"]], "p": [["0.25", -3], [0, 0]]}'
    sets = PointSets((vector([1, "1/2"]),), (vector(["1/4", -3]), vector([0, 0])), 2)
    assert parse(text) == sets
    assert parse('{"q": [], "p": [], "dimension": 3}') == PointSets((), (), 3)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", None, "no point sets"),
        ("q,1\n", 1, "no header"),
        ("set\n", 1, "no header"),
        ("set,x1,x3\n", 1, "no header"),
        ("set,x1,x2\n\nq,1\n", 3, "2 cells under a header of 3"),
        ("set,x1\nr,1\n", 2, "the set 'r'"),
        ("set,x1\nq,one\n", 2, "'one' is not a number"),
        ('set,x1\nq,"1\n', 2, "not CSV"),
        ('{"q": [\n1', 2, "not JSON"),
        ('{"q": [[1]]}', None, '"p"'),
        ('{"q": [1], "p": []}', None, '"q"'),
        ('{"q": [], "p": []}', None, "no dimension"),
        ('{"q": [], "p": [], "dimension": true}', None, "no dimension"),
        ('{"q": [[1]], "p": [[1, 2]]}', None, "has 2 coordinates"),
        ('{"q": [[]], "p": []}', None, "no dimension"),
        ("{" * 100_000, 1, "not JSON"),
        ('{"q":' + "[" * 200_000, None, "not usable JSON"),
    ],
)
def test_bad_text_names_the_place(text: str, line: int | None, words: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(text, "s.txt")
    assert caught.value.line == line
    assert words in str(caught.value)
    assert str(caught.value).startswith("s.txt:")


def test_floats_are_refused() -> None:
    for text in ('{"q": [[0.5]], "p": []}', '{"q": [[NaN]], "p": []}', "set,x1\nq,nan\n"):
        with pytest.raises(InexactNumber):
            parse(text)


def test_point_sets_must_be_consistent() -> None:
    for q, dimension in (((vector([1, 2]),), 1), (((1,),), 1), ((), 0)):
        with pytest.raises(InvalidInstance):
            PointSets(q, (), dimension)  # type: ignore[arg-type]


def test_the_two_meanings_differ() -> None:
    sets = CLASSICS["axes-gap"].sets
    assert is_solution(sets, AXES)
    assert not is_restricted_solution(sets, AXES)
    assert not is_restricted_solution(sets.swapped, AXES)


def test_signs_are_strict_and_planes_are_planes() -> None:
    q, p = vector([1, 0]), vector([-1, 0])
    assert not is_solution(PointSets((q,), (p,), 2), AXES)  # both points lie on the second axis
    lifted = Hyperplanes(AXES.h1, AXES.o1, AXES.h2, Fraction(-1))
    assert is_solution(PointSets((q,), (p,), 2), lifted)
    assert is_restricted_solution(PointSets((q,), (p,), 2), lifted)
    flat = Hyperplanes(AXES.h1, AXES.o1, vector([0, 0]), Fraction(-1))
    assert not is_solution(PointSets((q,), (p,), 2), flat)
    assert not is_restricted_solution(PointSets((q,), (p,), 2), flat)
    assert not is_solution(PointSets((vector([1]),), (), 1), AXES)


@given(point_sets(), st.data())
def test_general_means_every_segment_is_cut(sets: PointSets, data: st.DataObject) -> None:
    small = st.integers(-2, 2).map(Fraction)
    normal = st.tuples(*[small] * sets.dimension).filter(any)
    planes = Hyperplanes(data.draw(normal), data.draw(small), data.draw(normal), data.draw(small))
    on_plane = any(0 in planes.values(x) for x in (*sets.q, *sets.p))
    cut = all(
        any(a * b < 0 for a, b in zip(planes.values(q), planes.values(p), strict=True))
        for q, p in itertools.product(sets.q, sets.p)
    )
    assert is_solution(sets, planes) == (not on_plane and cut)
    if is_restricted_solution(sets, planes):
        assert is_solution(sets, planes)
        assert is_solution(sets.swapped, planes)


def test_number_of_splits_in_general_position() -> None:
    # Schlaefli: 2 * sum over i <= d of C(n - 1, i).
    for dimension, count in ((1, 6), (2, 6), (3, 5)):
        points = [vector([t**i for i in range(1, dimension + 1)]) for t in range(count)]
        found = splits(points, dimension)
        assert len(found) == 2 * sum(comb(count - 1, i) for i in range(dimension + 1))
        for signs, (h, o) in found.items():
            assert all(
                (dot(h, x) + o >= 1) if s else (dot(h, x) + o <= -1)
                for s, x in zip(signs, points, strict=True)
            )


@pytest.mark.parametrize("name", CLASSICS)
def test_classics_have_their_verdicts(name: str) -> None:
    known = CLASSICS[name]
    for sets, expected in ((known.sets, known.restricted), (known.sets.swapped, known.swapped)):
        planes = restricted_solution(sets)
        assert (planes is not None) == expected
        assert planes is None or is_restricted_solution(sets, planes)
    planes = general_solution(known.sets)
    assert (planes is not None) == known.general
    assert planes is None or is_solution(known.sets, planes)


@settings(max_examples=60, deadline=None)
@given(point_sets(), st.data())
def test_basic_planes_keep_signs_and_obey_cramer(sets: PointSets, data: st.DataObject) -> None:
    points = [tuple(3 * 2 * x for x in point) for point in (*sets.q, *sets.p)]
    scale = [tuple(Fraction(int(x)) for x in point) for point in points]
    small = st.fractions(min_value=-3, max_value=3, max_denominator=7)
    h = data.draw(st.tuples(*[small] * sets.dimension))
    o = data.draw(small)
    if any(dot(h, x) + o == 0 for x in scale):
        return
    new_h, new_o = basic_plane(scale, (h, o))
    values = [(dot(h, x) + o, dot(new_h, x) + new_o) for x in scale]
    assert all(old * new > 0 and abs(new) >= 1 for old, new in values)
    if scale:
        reach = max(1, max(abs(x) for point in scale for x in point))
        bound = factorial(sets.dimension + 1) * reach ** (sets.dimension - 1)
        assert all(abs(v) <= bound for v in new_h)


def test_far_hyperplanes_are_far() -> None:
    sets = CLASSICS["axes-gap"].sets
    for sign in (1, -1):
        h, o = far_hyperplane(sets, sign)
        assert any(h)
        assert all((dot(h, x) + o) * sign > 0 for x in (*sets.q, *sets.p))
    assert far_hyperplane(PointSets((), (), 1), -1) == ((1,), -1)


@pytest.mark.parametrize("seed", range(5))
def test_generators_keep_their_promise(seed: int) -> None:
    sizes = {"q": 3, "p": 4, "dimension": 2, "range": 5}
    planted = generate("planted", seed, **sizes)
    planes = restricted_solution(planted)
    assert planes is not None
    assert is_restricted_solution(planted, planes)
    alternating = generate("alternating", seed, **sizes)
    assert general_solution(alternating) is None
    assert general_solution(generate("alternating", seed, q=2, p=2, dimension=1, range=2)) is None
    for sets in (planted, alternating, generate("random", seed, **sizes)):
        assert (len(sets.q), len(sets.p), sets.dimension) == (3, 4, 2)
        assert all(abs(x) <= 5 for point in (*sets.q, *sets.p) for x in point)
    assert generate("random", seed) == generate("random", seed) != generate("random", seed + 1)


def test_generators_refuse_what_they_cannot_make() -> None:
    with pytest.raises(UnknownProblem):
        generate("nonsense")
    for kind, sizes in (
        ("random", {"q": -1}),
        ("random", {"range": 0}),
        ("pair", {"q": 1}),
        ("planted", {"k": 1}),
        ("alternating", {"q": 1}),
        ("alternating", {"range": 1}),
    ):
        with pytest.raises(InvalidInstance):
            generate(kind, 0, **sizes)


def test_solutions_round_trip_as_text() -> None:
    sets = CLASSICS["axes-gap"].sets
    planes = Hyperplanes(vector(["1/2", 0]), Fraction(-1, 3), vector([0, 1]), Fraction(7))
    assert parse_solution(sets, write_solution(planes)) == planes
    for text in (
        "",
        "[]",
        "{}",
        '{"h1": [1], "o1": 0, "h2": [0, 1], "o2": 0}',
        '{"h1": [1, 0], "h2": [0, 1], "o1": 1}',
    ):
        with pytest.raises(ParseError):
            parse_solution(sets, text)
    with pytest.raises(InexactNumber):
        parse_solution(sets, '{"h1": [0.5, 0], "h2": [0, 1], "o1": 1, "o2": 1}')
