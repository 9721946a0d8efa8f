"""Corollary 10: two-hyperplane separability to training two threshold neurons, exactly."""

from __future__ import annotations

from fractions import Fraction

from certify.errors import NotAFit
from certify.exact import dot
from certify.instance import TrainingInstance
from certify.network import Network, Neuron
from certify.problems.twohyp import (
    Hyperplanes,
    Plane,
    PointSets,
    far_hyperplane,
    is_restricted_solution,
    is_solution,
)
from certify.reductions.base import Size, check_size, require, require_fit
from certify.reductions.twohyp_to_relu import shifted

NAME = "twohyp-threshold"
SOURCE = "twohyp"
TARGET = "threshold"
THEOREM = "Corollary 10"
CLAIM = (
    "Two hyperplanes separate the sets in the restricted way (3), (4) of the paper, for (Q, P) or for "
    "(P, Q), if and only if two linear threshold neurons fit the data exactly. Other separations need not "
    "give a fit."
)

_ZERO, _ONE = Fraction(0), Fraction(1)


def size(sets: PointSets) -> Size:
    """One point for each given point."""
    return Size(points=len(sets.q) + len(sets.p), width=2, dimension=sets.dimension)


def reduce(sets: PointSets) -> TrainingInstance:
    """The points of Q with label 1, then those of P with label 0."""
    check_size(size(sets))
    labels = (_ONE,) * len(sets.q) + (_ZERO,) * len(sets.p)
    return TrainingInstance((*sets.q, *sets.p), labels, 2, "threshold", sets.dimension)


def lift(sets: PointSets, planes: Hyperplanes) -> Network:
    """Two threshold neurons that fit ``reduce(sets)``, from a restricted solution for (Q, P) or for (P, Q).

    1[h1 > 0] - 1[h2 > 0] for (Q, P), and 1[-h1 > 0] + 1[h2 > 0] for (P, Q). Raises NotASolution for any other
    hyperplanes, even if they separate: then no such network need exist.
    """
    second = Neuron(planes.h2, planes.o2, -_ONE)
    if is_restricted_solution(sets, planes):
        return Network("threshold", (Neuron(planes.h1, planes.o1, _ONE), second), sets.dimension)
    require(is_restricted_solution(sets.swapped, planes), "twohyp")
    first = Neuron(tuple(-v for v in planes.h1), -planes.o1, _ONE)
    return Network("threshold", (first, Neuron(planes.h2, planes.o2, _ONE)), sets.dimension)


def extract(sets: PointSets, network: Network) -> Hyperplanes:
    """A restricted solution for (Q, P) or for (P, Q), from any network that fits ``reduce(sets)``.

    Raises NotAFit for any other network. A network has the values 0, a_1, a_2 and a_1 + a_2 in its four
    cells. With coefficients (1, -1) only {z_1 > 0 >= z_2} has 1, and {0 >= z_1, z_2} and {z_1, z_2 > 0}
    have 0: a solution for (Q, P). With (1, 1) both cells between have 1: for (P, Q). In all other cases one
    neuron alone separates Q from P; with a far hyperplane that is a solution for (Q, P). Lines are moved
    off the points on them to the negative side first, where the strict threshold has those points.
    """
    require_fit(reduce(sets), network)
    planes = [
        shifted(sets, (n.weights, n.bias), -1)
        if any(n.weights)
        else far_hyperplane(sets, 1 if n.bias > 0 else -1)
        for n in network.neurons
    ]
    planes += [far_hyperplane(sets, -1)] * (2 - len(planes))
    one, two = planes
    away = far_hyperplane(sets, -1)
    candidates: list[tuple[Plane, Plane]] = [
        (one, two),
        (two, one),
        (one, away),
        (two, away),
        (away, away),
        ((tuple(-v for v in one[0]), -one[1]), two),
    ]
    for first, second in candidates:
        found = Hyperplanes(*first, *second)
        if is_restricted_solution(sets, found) or is_restricted_solution(sets.swapped, found):
            return found
    raise NotAFit("the network fits all the points but separates nothing, against the theorem")


def read(sets: PointSets, network: Network) -> Hyperplanes:
    """Hyperplanes that separate in the general sense, from a network with further neurons, constant on the points.

    Points of Q and of P, of different values, are told apart by a neuron that is not constant there. If there are
    more than two of those, or they do not separate, the network is not as said: NotAFit.
    """
    planes = []
    for n in network.neurons:
        if len({dot(n.weights, x) + n.bias > 0 for x in (*sets.q, *sets.p)}) == 2:
            planes.append(shifted(sets, (n.weights, n.bias), -1))
    planes += [far_hyperplane(sets, -1)] * (2 - len(planes))
    found = Hyperplanes(*planes[0], *planes[1])
    if len(planes) > 2 or not is_solution(sets, found):
        raise NotAFit("the network fits all the points but separates nothing, against the theorem")
    return found
