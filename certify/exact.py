"""Rationals and vectors. Floats are refused here, at the door: nothing behind it has to look again."""

from __future__ import annotations

import numbers
import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import lcm

from certify.errors import InexactNumber, ParseError

Rational = Fraction
Vector = tuple[Fraction, ...]

_RATIO = re.compile(r"[+-]?[0-9]+(?:/[0-9]+)?")
_DECIMAL = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?")
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)
#: Longest number read from text, in digits, and largest decimal exponent: `1e999999999` is a few bytes of
#: input and gigabytes of integer.
MAX_DIGITS = 100_000
MAX_EXPONENT = 4_000
#: Python refuses to convert more digits than this at a time unless told otherwise (never below 640).
_CHUNK = 600


def rational(value: object, *, source: str | None = None, line: int | None = None) -> Fraction:
    """The exact rational that ``value`` spells.

    Accepts int, Fraction, any other exact rational type (NumPy integers among them) and the strings
    ``"p/q"``, ``"12"``, ``"0.25"`` and ``"1e-3"``; a decimal is read as the exact number it spells.
    Raises InexactNumber for float, bool, NaN and infinities, ParseError for any other text or type.
    """
    if type(value) is Fraction:
        return value
    if isinstance(value, str):
        return _parse(value, source, line)
    if isinstance(value, bool):
        raise InexactNumber(
            f"{value} is a truth value, not a number", source=source, line=line, hint="write 1 or 0"
        )
    if isinstance(value, numbers.Rational):
        return Fraction(int(value.numerator), int(value.denominator))
    if isinstance(value, numbers.Number):
        raise InexactNumber(
            f"{value!r} is not an exact number",
            source=source,
            line=line,
            hint='give an int, a Fraction or a string such as "1/4" or "0.25"',
        )
    raise ParseError(f"{value!r} is not a number", source=source, line=line)


def _parse(text: str, source: str | None, line: int | None) -> Fraction:
    word = text.strip()
    if len(word) > 2 * MAX_DIGITS:
        raise ParseError(f"a number of {len(word)} characters is too long", source=source, line=line)
    if _RATIO.fullmatch(word):
        above, _, below = word.partition("/")
        if max(len(above), len(below)) > MAX_DIGITS:
            raise ParseError(f"a number of more than {MAX_DIGITS} digits", source=source, line=line)
        denominator = _integer(below) if below else 1
        if denominator == 0:
            raise ParseError(f"{word!r} divides by zero", source=source, line=line)
        return Fraction(_integer(above), denominator)
    decimal = _DECIMAL.fullmatch(word)
    if decimal is not None and (decimal[2] or decimal[3]):
        sign, whole, part, exponent = decimal[1], decimal[2], decimal[3] or "", decimal[4] or "0"
        if len(whole) + len(part) > MAX_DIGITS or len(exponent) > 6 or abs(int(exponent)) > MAX_EXPONENT:
            raise ParseError(f"a number of more than {MAX_DIGITS} digits", source=source, line=line)
        shift = int(exponent) - len(part)
        digits = _integer(sign + whole + part)
        return Fraction(digits * 10**shift) if shift >= 0 else Fraction(digits, 10**-shift)
    if _NOT_FINITE.fullmatch(word):
        raise InexactNumber(
            f"{word} is not a finite number", source=source, line=line, hint="remove the row or give a number"
        )
    raise ParseError(
        f"{text!r} is not a number", source=source, line=line, hint='write an integer, "p/q" or a decimal'
    )


def _integer(text: str) -> int:
    if len(text) <= _CHUNK:
        return int(text)
    digits = text.lstrip("+-")
    total = 0
    for start in range(0, len(digits), _CHUNK):
        piece = digits[start : start + _CHUNK]
        total = total * 10 ** len(piece) + int(piece)
    return -total if text.startswith("-") else total


def _digits(value: int) -> str:
    if value.bit_length() <= 3 * _CHUNK:
        return str(value)
    pieces, rest = [], abs(value)
    while rest:
        rest, piece = divmod(rest, 10**_CHUNK)
        pieces.append(str(piece).zfill(_CHUNK))
    return ("-" if value < 0 else "") + "".join(reversed(pieces)).lstrip("0")


def render(value: Fraction | int) -> str:
    """``"p/q"`` in lowest terms, or ``"p"`` for an integer; ``rational`` reads it back."""
    if value.denominator == 1:
        return _digits(value.numerator)
    return f"{_digits(value.numerator)}/{_digits(value.denominator)}"


def dot(u: Sequence[Fraction], v: Sequence[Fraction]) -> Fraction:
    """The inner product of two vectors of the same length."""
    return sum((a * b for a, b in zip(u, v, strict=True)), Fraction(0))


def lcm_denominator(values: Iterable[Fraction]) -> int:
    """The least positive integer whose product with every value is an integer (1 for none)."""
    return lcm(*{value.denominator for value in values})


def vector(values: Iterable[object], *, source: str | None = None, line: int | None = None) -> Vector:
    """``rational`` of every entry, as a vector."""
    return tuple(rational(value, source=source, line=line) for value in values)
