"""Decimal text of integers and rationals of any length (Python's own conversions stop at 4,300 digits)."""

from __future__ import annotations

from fractions import Fraction

_CHUNK = 600
_CHUNK_BITS = 3 * _CHUNK


def digits(value: int) -> str:
    """The decimal digits of ``value`` >= 0."""
    if value.bit_length() <= _CHUNK_BITS:
        return str(value)
    pieces = []
    while value:
        value, piece = divmod(value, 10**_CHUNK)
        pieces.append(str(piece).zfill(_CHUNK))
    return "".join(reversed(pieces)).lstrip("0")


def from_digits(text: str) -> int:
    """The integer that ASCII digits spell."""
    if len(text) <= _CHUNK:
        return int(text)
    total = 0
    for start in range(0, len(text), _CHUNK):
        piece = text[start : start + _CHUNK]
        total = total * 10 ** len(piece) + int(piece)
    return total


def ratio(value: Fraction) -> str:
    """``value`` as ``-p/q`` or ``-p``, which is how Z3 and cvc5 read numbers from strings."""
    sign = "-" if value < 0 else ""
    above = sign + digits(abs(value.numerator))
    return above if value.denominator == 1 else f"{above}/{digits(value.denominator)}"


def from_ratio(text: str) -> Fraction:
    """The rational that ``ratio`` wrote."""
    above, _, below = text.partition("/")
    numerator = -from_digits(above[1:]) if above.startswith("-") else from_digits(above)
    return Fraction(numerator, from_digits(below) if below else 1)
