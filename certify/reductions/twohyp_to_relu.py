"""Theorem 7: two-hyperplane separability to training four ReLUs, exactly.

The paper sets two more points on every segment from Q to P, at a distance of m^-3/2 from its ends. That
distance suits the instances of one hardness proof only; here it is a fraction delta of the segment,
rational and small enough for every restricted solution of any point sets.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from math import factorial

from certify.errors import NotAFit
from certify.exact import Vector, dot, lcm_denominator
from certify.instance import TrainingInstance
from certify.network import Network, Neuron
from certify.problems.twohyp import (
    Hyperplanes,
    Plane,
    PointSets,
    basic_plane,
    far_hyperplane,
    is_restricted_solution,
    is_solution,
)
from certify.reductions.base import Size, check_size, require, require_fit

NAME = "twohyp-relu"
SOURCE = "twohyp"
TARGET = "relu"
THEOREM = "Theorem 7"
CLAIM = (
    "If two hyperplanes separate the sets in the restricted way (3), (4) of the paper, for (Q, P) or for "
    "(P, Q), then four ReLUs fit the data exactly; and if four ReLUs fit the data exactly, then two "
    "hyperplanes separate the sets. This is an equivalence only where a separation implies a restricted one, "
    "as in the hardness proof."
)

_ZERO, _ONE = Fraction(0), Fraction(1)


def size(sets: PointSets) -> Size:
    """One point for each given point and two for each pair of different points of Q and P."""
    in_q, in_p = Counter(sets.q), Counter(sets.p)
    equal = sum(count * in_p[point] for point, count in in_q.items())
    pairs = len(sets.q) * len(sets.p) - equal
    return Size(points=len(sets.q) + len(sets.p) + 2 * pairs, width=4, dimension=sets.dimension)


def delta(sets: PointSets) -> Fraction:
    """1/(4 d (d+1)! A^d), where A >= 1 bounds the coordinates once a common denominator has made them
    integers.

    Let a plane h . x + o have absolute value at least 1 at all the points of the scaled sets, and be a
    basic solution of those inequalities for its signs. Then |h_i| <= (d+1)! A^(d-1) by Cramer's rule, so it
    varies by at most L = 2 d (d+1)! A^d between two points, and delta L <= 1/2.
    """
    points = (*sets.q, *sets.p)
    scale = lcm_denominator(x for point in points for x in point)
    bound = max((abs(int(x * scale)) for point in points for x in point), default=1)
    d = sets.dimension
    return Fraction(1, 4 * d * factorial(d + 1) * max(bound, 1) ** d)


def reduce(sets: PointSets) -> TrainingInstance:
    """The training instance of Theorem 7 with our ``delta``; raises ResourceLimit if it is too large."""
    return reduce_with(sets, delta(sets))


def reduce_with(sets: PointSets, small: Fraction) -> TrainingInstance:
    """The training instance of Theorem 7 with another delta, 0 < ``small`` < 1/2.

    With a fit there is a separation for every such delta; but with a restricted separation there need be a
    fit only for small ones. Points in order: (q, 1) for Q, (p, 0) for P, then for every q and every p other
    than q the points (1 - delta) q + delta p with label 1 and delta q + (1 - delta) p with label 0. A point
    of both sets stands there with both labels, so nothing fits.
    """
    check_size(size(sets))
    points = [*sets.q, *sets.p]
    labels = [_ONE] * len(sets.q) + [_ZERO] * len(sets.p)
    for q in sets.q:
        for p in sets.p:
            if q != p:
                points.append(tuple(x + small * (y - x) for x, y in zip(q, p, strict=True)))
                points.append(tuple(y + small * (x - y) for x, y in zip(q, p, strict=True)))
                labels += (_ONE, _ZERO)
    return TrainingInstance(tuple(points), tuple(labels), 4, "relu", sets.dimension)


def lift(sets: PointSets, planes: Hyperplanes) -> Network:
    """Four ReLUs that fit ``reduce(sets)``, from a restricted solution for (Q, P) or for (P, Q).

    Raises NotASolution for any other hyperplanes, even if they separate: a general solution need not give a
    fit. For (Q, P) the network is step(h1) - step(h2), for (P, Q) it is step(-h1) + step(h2), where
    step(h) = [beta h]_+ - [beta h - 1]_+ goes from 0 to 1 within 1/beta.

    A step must be over before the points at distance delta from the ends of the segments: with mu the least
    |h| at a given point and L the most that h varies between q and p, it is if delta L < mu and beta =
    1/(mu - delta L). A plane that lacks this is moved, with the same signs, to a basic solution of the
    inequalities |h| >= 1 (see certify/lp.py), for which ``delta`` was made.
    """
    if is_restricted_solution(sets, planes):
        first, sign = (planes.h1, planes.o1), -_ONE
    else:
        require(is_restricted_solution(sets.swapped, planes), "twohyp")
        first, sign = (tuple(-v for v in planes.h1), -planes.o1), _ONE
    small = delta(sets)
    neurons = (*_step(sets, small, first, _ONE), *_step(sets, small, (planes.h2, planes.o2), sign))
    return Network("relu", neurons, sets.dimension)


def _step(sets: PointSets, small: Fraction, plane: Plane, sign: Fraction) -> tuple[Neuron, Neuron]:
    """sign times the step of height 1 at the plane."""
    clear = _clearance(sets, small, plane)
    if clear <= 0:
        plane = basic_plane((*sets.q, *sets.p), plane)
        clear = _clearance(sets, small, plane)
    h, o = plane
    weights, bias = tuple(v / clear for v in h), o / clear
    return Neuron(weights, bias, sign), Neuron(weights, bias - 1, -sign)


def _clearance(sets: PointSets, small: Fraction, plane: Plane) -> Fraction:
    """mu - delta L: a positive one bounds |h . x + o| from below at all the points of the instance."""
    h, o = plane
    in_q = [dot(h, x) + o for x in sets.q]
    in_p = [dot(h, x) + o for x in sets.p]
    mu = min(map(abs, (*in_q, *in_p)), default=_ONE)
    if not in_q or not in_p:
        return mu
    return mu - small * max(max(in_q) - min(in_p), max(in_p) - min(in_q))


def extract(sets: PointSets, network: Network) -> Hyperplanes:
    """Two hyperplanes that separate Q and P in the general sense, from any network that fits
    ``reduce(sets)``.

    Raises NotAFit for any other network. On every segment from Q to P the values 1, 1, 0, 0 ask for a
    convex and for a concave kink inside, so the neurons of either sign separate alone, and those of one
    sign are at most two. A hyperplane of theirs may contain further points; it is shifted off them by less
    than it is away from the others.
    """
    require_fit(reduce(sets), network)
    return read(sets, network)


def read(sets: PointSets, network: Network) -> Hyperplanes:
    """As ``extract``, from a network that may have neurons more, if they bend nowhere between the points.

    Only neurons with points on both sides are looked at: a kink inside a segment from Q to P has its ends there.
    """
    bends = [n for n in network.neurons if len({v > 0 for x in (*sets.q, *sets.p) if (v := _value(n, x))}) == 2]
    convex = [(n.weights, n.bias) for n in bends if n.coefficient > 0]
    concave = [(n.weights, n.bias) for n in bends if n.coefficient < 0]
    chosen = convex if len(convex) <= 2 else concave
    planes = [shifted(sets, plane, 1) for plane in chosen]
    planes += [far_hyperplane(sets, 1)] * (2 - len(planes))
    found = Hyperplanes(*planes[0], *planes[1])
    if not is_solution(sets, found):
        raise NotAFit("the network fits all the points but separates nothing, against the theorem")
    return found


def _value(neuron: Neuron, x: Vector) -> Fraction:
    return dot(neuron.weights, x) + neuron.bias


def shifted(sets: PointSets, plane: Plane, sign: int) -> Plane:
    """The plane moved off the points on it, which then have the given sign; the others keep theirs."""
    h, o = plane
    values = [abs(dot(h, x) + o) for x in (*sets.q, *sets.p)]
    if all(values):
        return plane
    return h, o + sign * min((v for v in values if v), default=_ONE) / 2
