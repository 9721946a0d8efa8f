"""The paper's remarks on its theorems, as wrappers around a reduction: more neurons, an error, more dimensions.

They are put on in this order; docs/reductions.md has the proofs.

``far``: t more neurons, one more dimension. Far from the data, on many parallel lines, labels go up and down so that
each line needs t neurons of its own to follow them; a hyperplane that meets the data crosses few of the lines there.
``error``: further labels at the place of the first point cost gamma even with the best value there, which is the
point's own label alone. ``pad``: zeros as further coordinates.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor
from typing import Any

from certify.errors import InvalidInstance, NotAFit
from certify.exact import Vector, dot, rational, render
from certify.instance import TrainingInstance
from certify.loss import LOSSES, Loss
from certify.network import Network, Neuron
from certify.reductions.base import Reduction, Size, check_size, require_fit

_ZERO, _ONE = Fraction(0), Fraction(1)
#: Exponents of the losses |v - y|^p.
_EXPONENTS: dict[Loss, int] = {"exact": 0, "l0": 0, "l1": 1, "l2": 2}


@dataclass(frozen=True)
class Options:
    """``extra`` neurons, an error ``gamma`` under ``loss``, and the ``dimension`` to reach. For a reduction that has
    a loss of its own, ``loss`` chooses it and ``gamma`` is its to set.
    """

    extra: int = 0
    loss: Loss | None = None
    gamma: Fraction | None = None
    dimension: int | None = None


def wrapped(reduction: Reduction, options: Options) -> Reduction:
    """The reduction with all that ``options`` asks for. Raises InvalidInstance for what it cannot have."""
    if reduction.losses:
        if options.gamma is not None:
            raise InvalidInstance(
                f"a target error for {reduction.name}", hint="this reduction sets it by itself: give --loss alone"
            )
        if options.loss is not None:
            assert reduction.for_loss is not None
            reduction = reduction.for_loss(options.loss)
    elif (options.loss is None) != (options.gamma is None):
        raise InvalidInstance("a loss without a target error, or one without a loss", hint="give both")
    if options.extra:
        reduction = far(reduction, options.extra)
    if options.gamma is not None:
        reduction = error(reduction, options.loss or "exact", options.gamma)
    if options.dimension is not None:
        reduction = pad(reduction, options.dimension)
    return reduction


# -- more neurons


@dataclass(frozen=True)
class FarLines:
    """Where the further points of ``far`` stand: the feet B_0.. of the lines, the base height Z, labels by height."""

    feet: tuple[Vector, ...]
    base: int
    heights: tuple[tuple[int, Fraction], ...]


def far_lines(instance: TrainingInstance, extra: int) -> FarLines:
    """N = (k+1)d + 1 lines {B_i} x R for the width k and dimension d of ``instance``.

    p is the least prime >= N, B_i = (i, i^2 mod p, ..., i^d mod p), any d + 1 of them affinely independent; rho the
    largest sum of the absolute coordinates of a point; Z the least integer >= W d (dp)^(d-1) (dp + rho), with W the
    length of the windows: 3t + 2 for ReLUs, t + 1 for threshold neurons.
    """
    d, relu = instance.dimension, instance.activation == "relu"
    lines = (instance.width + 1) * d + 1
    p = lines
    while any(p % q == 0 for q in range(2, p)):
        p += 1
    feet = tuple(tuple(Fraction(pow(i, e, p)) for e in range(1, d + 1)) for i in range(lines))
    reach = max((sum(map(abs, x), _ZERO) for x in instance.points), default=_ZERO)
    window = 3 * extra + 2 if relu else extra + 1
    base = -floor(-window * d * (d * p) ** (d - 1) * (d * p + reach))
    heights: list[tuple[int, Fraction]] = []
    if relu:
        for j in range(extra + 1):
            for z in (3 * j + 1, 3 * j + 2):
                label = sum((-1) ** i * max(z - 3 * i - 3, 0) for i in range(extra))
                heights.append((z, Fraction(label)))
    else:
        heights = [(1 + j, Fraction(j % 2)) for j in range(extra + 1)]
    return FarLines(feet, base, tuple(heights))


def far(reduction: Reduction, extra: int) -> Reduction:
    """The same with ``extra`` further neurons, in one dimension more. Raises InvalidInstance where that is unproved."""
    if type(extra) is not int or extra < 1:
        raise InvalidInstance(f"{extra!r} further neurons", hint="give an integer from 1 on")
    read = reduction.read
    if read is None:
        raise InvalidInstance(f"{reduction.name} with further neurons", hint="that is for twohyp and for Corollary 9")

    def reduce(problem: Any) -> TrainingInstance:
        inner = reduction.reduce(problem)
        lines = far_lines(inner, extra)
        check_size(Size(len(inner.points) + len(lines.feet) * len(lines.heights), 0, inner.dimension))
        points = [(*x, _ZERO) for x in inner.points]
        labels = list(inner.labels)
        for foot in lines.feet:
            points += [(*foot, Fraction(lines.base + z)) for z, _ in lines.heights]
            labels += [label for _, label in lines.heights]
        copies = inner.copies
        if copies is not None:
            # Dearer than the whole target error, even if the value between two labels is halved.
            count = (floor(inner.gamma) + 1) * 2 ** max(0, _EXPONENTS[inner.loss] - 1)
            copies = (*copies, *(count,) * (len(points) - len(copies)))
        return replace(
            inner,
            points=tuple(points),
            labels=tuple(labels),
            width=inner.width + extra,
            dimension=inner.dimension + 1,
            copies=copies,
        )

    def lift(problem: Any, solution: Any) -> Network:
        inner, network = reduction.reduce(problem), reduction.lift(problem, solution)
        lines = far_lines(inner, extra)
        highest = [dot(n.weights, foot) + n.bias for n in network.neurons for foot in lines.feet]
        tilt = max(_ZERO, *highest, _ZERO) / lines.base
        neurons = [Neuron((*n.weights, -tilt), n.bias, n.coefficient) for n in network.neurons]
        up = (*(_ZERO,) * inner.dimension, _ONE)
        for j in range(extra):
            step = Fraction(3 * j + 3) if inner.activation == "relu" else j + Fraction(3, 2)
            neurons.append(Neuron(up, -(lines.base + step), Fraction((-1) ** j)))
        return Network(network.activation, tuple(neurons), inner.dimension + 1)

    def extract(problem: Any, network: Network) -> Any:
        require_fit(reduce(problem), network)
        return read(problem, _shortened(network, 1))

    def size(problem: Any) -> Size:
        inner = reduction.size(problem)
        lines = (inner.width + 1) * inner.dimension + 1
        each = 2 * (extra + 1) if reduction.target == "relu" else extra + 1
        return Size(inner.points + lines * each, inner.width + extra, inner.dimension + 1)

    return replace(
        reduction,
        claim=reduction.claim + f" Here with {extra} neurons more: a lifted solution fits, and what fits shows a "
        "solution (for twohyp a general one).",
        reduce=reduce,
        lift=lift,
        extract=extract,
        read=None,
        size=size,
        modifiers=(*reduction.modifiers, f"far {extra}"),
    )


# -- a target error


def error(reduction: Reduction, loss: Loss, gamma: Fraction) -> Reduction:
    """The same with the target error ``gamma`` under ``loss``: l0, l1 or l2."""
    gamma = rational(gamma)
    if loss not in LOSSES[1:] or gamma < 0:
        raise InvalidInstance(f"the error {render(gamma)} of the loss {loss!r}", hint="l0, l1 or l2 and 0 or more")
    # l0 counts points: what is beyond an integer allows nothing more.
    gamma = Fraction(floor(gamma)) if loss == "l0" else gamma
    if reduction.losses:
        raise InvalidInstance(f"a target error for {reduction.name}", hint="this reduction sets it by itself")

    def reduce(problem: Any) -> TrainingInstance:
        inner = reduction.reduce(problem)
        points, labels = list(inner.points), list(inner.labels)
        copies = [1] * len(points)
        for label, count in spoilers(loss, gamma, labels[0]) if points else ():
            points.append(points[0])
            labels.append(label)
            copies.append(count)
        return replace(
            inner, points=tuple(points), labels=tuple(labels), copies=tuple(copies), loss=loss, gamma=gamma
        )

    def extract(problem: Any, network: Network) -> Any:
        require_fit(reduce(problem), network)
        return reduction.extract(problem, network)

    def size(problem: Any) -> Size:
        inner = reduction.size(problem)
        more = 2 if gamma else 0
        return replace(inner, points=inner.points + (more if inner.points else 0))

    return replace(
        reduction,
        claim=reduction.claim + f" Here with the target error {render(gamma)} ({loss}) in place of an exact fit.",
        reduce=reduce,
        extract=extract,
        read=None,
        size=size,
        modifiers=(*reduction.modifiers, f"error {loss} {render(gamma)}"),
    )


def spoilers(loss: Loss, gamma: Fraction, label: Fraction) -> tuple[tuple[Fraction, int], ...]:
    """(label, copies) of the further points at a point with this label: they cost gamma at least, and with the point
    itself gamma exactly for that label alone.
    """
    if loss == "l0":
        whole = int(gamma)
        return ((label + 1, whole), (label, whole)) if whole else ()
    if not gamma:
        return ()
    half = gamma / 2
    gap, count = (half, 1) if loss == "l1" else (Fraction(1, half.denominator), half.numerator * half.denominator)
    return (label + gap, count), (label - gap, count)


# -- more dimensions


def pad(reduction: Reduction, dimension: int) -> Reduction:
    """The same in ``dimension``, larger than that of the instances; reducing another one is an InvalidInstance."""
    if type(dimension) is not int or dimension < 1:
        raise InvalidInstance(f"the dimension {dimension!r}", hint="give an integer from 1 on")

    def missing(problem: Any) -> int:
        inner = reduction.size(problem).dimension
        if inner >= dimension:
            raise InvalidInstance(
                f"dimension {dimension} for data of dimension {inner}", hint=f"give more than {inner}"
            )
        return dimension - inner

    def reduce(problem: Any) -> TrainingInstance:
        zeros = (_ZERO,) * missing(problem)
        inner = reduction.reduce(problem)
        return replace(inner, points=tuple((*x, *zeros) for x in inner.points), dimension=dimension)

    def lift(problem: Any, solution: Any) -> Network:
        zeros = (_ZERO,) * missing(problem)
        inner = reduction.lift(problem, solution)
        neurons = tuple(Neuron((*n.weights, *zeros), n.bias, n.coefficient) for n in inner.neurons)
        return Network(inner.activation, neurons, dimension)

    def extract(problem: Any, network: Network) -> Any:
        require_fit(reduce(problem), network)
        return reduction.extract(problem, _shortened(network, missing(problem)))

    def size(problem: Any) -> Size:
        missing(problem)
        return replace(reduction.size(problem), dimension=dimension)

    return replace(
        reduction,
        reduce=reduce,
        lift=lift,
        extract=extract,
        read=None,
        size=size,
        modifiers=(*reduction.modifiers, f"pad {dimension}"),
    )


def _shortened(network: Network, count: int) -> Network:
    """The network on the first coordinates: what it is where the last ``count`` are 0."""
    if network.dimension <= count:
        raise NotAFit("the network has too few dimensions")
    neurons = tuple(Neuron(n.weights[:-count], n.bias, n.coefficient) for n in network.neurons)
    return Network(network.activation, neurons, network.dimension - count)

