"""Rationals at the door: what is read exactly, what is refused, and that text round-trips."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from certify.errors import InexactNumber, ParseError
from certify.exact import MAX_DIGITS, dot, lcm_denominator, rational, render, vector


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, Fraction(3)),
        (Fraction(1, 3), Fraction(1, 3)),
        (np.int64(-7), Fraction(-7)),
        (np.uint8(200), Fraction(200)),
        ("12", Fraction(12)),
        ("+12", Fraction(12)),
        (" -6/4 ", Fraction(-3, 2)),
        ("0.25", Fraction(1, 4)),
        ("-.5", Fraction(-1, 2)),
        ("5.", Fraction(5)),
        ("0.1", Fraction(1, 10)),
        ("1e-3", Fraction(1, 1000)),
        ("-2.5E+2", Fraction(-250)),
        ("00012/0004", Fraction(3)),
    ],
)
def test_exact_values_are_read_exactly(value: object, expected: Fraction) -> None:
    result = rational(value)
    assert result == expected
    assert type(result) is Fraction
    assert type(result.numerator) is int


@pytest.mark.parametrize(
    "value",
    [0.5, float("nan"), float("inf"), True, np.float64(1), Decimal("0.5"), 1j, "nan", "-Infinity", "inf"],
)
def test_inexact_values_are_refused(value: object) -> None:
    with pytest.raises(InexactNumber):
        rational(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x",
        "1/0",
        "1/-2",
        "1//2",
        "1/2/3",
        "1.5/2",
        "1_000",
        "0x10",
        "e5",
        ".",
        "1e",
        "1 2",
        "\u0661",
        None,
        [1],
        b"1",
    ],
)
def test_other_values_are_no_numbers(value: object) -> None:
    with pytest.raises(ParseError):
        rational(value)


def test_short_texts_cannot_ask_for_huge_numbers() -> None:
    for text in ("1e999999999", "1e-99999", "9" * (MAX_DIGITS + 1), "1/" + "9" * (MAX_DIGITS + 1)):
        with pytest.raises(ParseError):
            rational(text)


def test_numbers_beyond_the_digit_limit_of_python_round_trip() -> None:
    for digits in (599, 600, 601, 4299, 4301, 12_345):
        for value in (Fraction(10**digits), Fraction(-(10**digits) + 1), Fraction(7, 10**digits + 3)):
            assert rational(render(value)) == value


def test_errors_name_the_place() -> None:
    with pytest.raises(ParseError) as caught:
        rational("one", source="data.csv", line=7)
    assert str(caught.value).startswith("data.csv:7: 'one' is not a number (")


@given(st.fractions())
def test_render_round_trips(value: Fraction) -> None:
    assert rational(render(value)) == value


def test_render_is_in_lowest_terms() -> None:
    assert [render(Fraction(*pair)) for pair in ((4, 2), (-4, 6), (0, 5))] == ["2", "-2/3", "0"]


def test_vectors() -> None:
    u, v = vector([1, "1/2"]), vector(["2/3", 4])
    assert dot(u, v) == Fraction(8, 3)
    assert dot((), ()) == 0
    assert lcm_denominator([*u, *v]) == 6
    assert lcm_denominator([]) == 1
    with pytest.raises(ValueError, match="zip"):
        dot(u, vector([1]))
