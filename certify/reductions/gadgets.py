"""The selection gadgets of Theorem 1 and Corollary 8, and the ridges of neurons that fit them.

A gadget sits at (0, z) and offers slopes s_1 < ... < s_l: what fits it is, up to some play for stripes, one
ridge along a line x_2 = s_i x_1 + z.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from certify.exact import Vector
from certify.network import Neuron

#: A data point and its label.
Labelled = tuple[Vector, Fraction]

_ZERO, _ONE, _MINUS = Fraction(0), Fraction(1), Fraction(-1)
_THIRD, _TWO_THIRDS = Fraction(1, 3), Fraction(2, 3)
#: Heights and labels on the line x_1 = 0, relative to the centre (paper, "Selection Gadget").
_PROFILE: tuple[Labelled, ...] = tuple(
    ((_ZERO, Fraction(height)), label)
    for height, label in (
        ("-4", _ZERO),
        ("-3", _ZERO),
        ("-2", _ZERO),
        ("-5/3", _THIRD),
        ("-4/3", _TWO_THIRDS),
        ("-1", _ONE),
        ("0", _ONE),
        ("1", _ONE),
        ("4/3", _TWO_THIRDS),
        ("5/3", _THIRD),
        ("2", _ZERO),
        ("3", _ZERO),
        ("4", _ZERO),
    )
)
_SIDE_LABELS = (_ZERO, _ZERO, _ZERO, _ONE, _ONE, _ONE, _ZERO, _ZERO, _ZERO)


def selection_gadget(z: Fraction, slopes: Sequence[Fraction], eps: Fraction) -> Iterator[Labelled]:
    """The 13 + 9 + 9 + 2(l - 1) points of the selection gadget with offset ``z`` (paper, section 3).

    In order: x_1 = 0, then x_1 = -eps, then x_1 = eps, each by increasing x_2; then q_i^-, q_i^+ for each i
    < l. ``eps`` must be at most 1/(3|s|) for the first and the last slope s.
    """
    for (_, height), label in _PROFILE:
        yield (_ZERO, z + height), label
    first, last = eps * slopes[0], eps * slopes[-1]
    left, right = -eps, eps
    # On the left a line of slope s is eps * s lower, so the lowest line there is that of the last slope.
    yield from _side(left, z, -last, -first)
    yield from _side(right, z, first, last)
    for s, t in pairwise(slopes):
        x, y = 4 / (t - s), 2 * (s + t) / (t - s)
        yield (-x, z - y), _ZERO
        yield (x, z + y), _ZERO


def _side(x: Fraction, z: Fraction, lowest: Fraction, highest: Fraction) -> Iterator[Labelled]:
    low, high = z + lowest, z + highest
    heights = (low - 4, low - 3, low - 2, high - 1, z, low + 1, high + 2, high + 3, high + 4)
    for height, label in zip(heights, _SIDE_LABELS, strict=True):
        yield (x, height), label


def levee(z: Fraction, slope: Fraction) -> tuple[Neuron, ...]:
    """The four ReLUs of the levee f_s(x_1, x_2 - z) (paper, Definition 2 and Observation 3)."""
    weights = (-slope, _ONE)
    return (
        Neuron(weights, 2 - z, _ONE),
        Neuron(weights, 1 - z, _MINUS),
        Neuron(weights, -1 - z, _MINUS),
        Neuron(weights, -2 - z, _ONE),
    )


def stripe_gadget(
    z: Fraction, slopes: Sequence[Fraction], eps: Fraction, tau: Fraction
) -> Iterator[Labelled]:
    """The 12 + 4(l - 1) points of the stripe gadget with offset ``z``, for threshold neurons (Corollary 8).

    In order: four points at x_1 = 0, at eps and at -eps, each by increasing x_2; then four of label 0 for
    each i < l. Play ``tau`` < 1/4 on both sides of the stripe -1 < x_2 - s x_1 - z <= 1; ``eps`` as for
    selection_gadget.
    """
    first, last = eps * slopes[0], eps * slopes[-1]
    for x, lowest, highest in ((_ZERO, _ZERO, _ZERO), (eps, first, last), (-eps, -last, -first)):
        low, high = z + lowest, z + highest
        yield (x, low - 1 - tau), _ZERO
        yield (x, high - 1 + tau), _ONE
        yield (x, low + 1 - tau), _ONE
        yield (x, high + 1 + tau), _ZERO
    for s, t in pairwise(slopes):
        x = 3 / (t - s)
        yield (x, z + x * s + 1 + tau), _ZERO
        yield (x, z + x * t - 1 - tau), _ZERO
        yield (-x, z - x * s - 1 - tau), _ZERO
        yield (-x, z - x * t + 1 + tau), _ZERO


def stripe(z: Fraction, slope: Fraction) -> tuple[Neuron, ...]:
    """The two threshold neurons of the stripe -1 < x_2 - s x_1 - z <= 1 (Corollary 8)."""
    weights = (-slope, _ONE)
    return Neuron(weights, 1 - z, _ONE), Neuron(weights, -1 - z, _MINUS)
