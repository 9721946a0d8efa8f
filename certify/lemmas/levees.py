"""Observation 3 and Lemmas 4, 5: the levees of a selection gadget, for all slopes and every admissible epsilon.

The proofs are cut into steps in which everything is linear: the products epsilon * slope are unknowns of their own,
and the points q_i are scaled by the gap of their slopes. What is asked is always whether a counterexample exists.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial
from itertools import pairwise, product

from certify.instance import TrainingInstance
from certify.lemmas.base import Check, Question, refuted, timed, unequal
from certify.network import Network
from certify.reductions.gadgets import Labelled, levee, selection_gadget
from smt import And, Linear, Not, Or, disjunction, equal, total

#: The kinks of a levee in the direction of x_2: (offset of the line from the middle, sign of the kink).
KINKS = ((2, 1), (1, -1), (-1, -1), (-2, 1))
#: The labels of the nine points on x_1 = +-eps, at heights about -4 .. 4 (paper, its two tables).
SIDE_LABELS = (0, 0, 0, 1, 1, 1, 0, 0, 0)
ZERO = Fraction(0)


def observation_3() -> Iterator[Check]:
    """f_s is the sum of four ReLUs: with t = x_2 - s x_1, for all real t."""

    def identity() -> bool:
        q = Question()
        t, f = q.number("t"), q.number("f")
        q.say(
            Or(
                (
                    And((Or((t <= -2, t >= 2)), equal(f, 0))),
                    And((t >= -1, t <= 1, equal(f, 1))),
                    And((t > -2, t < -1, equal(f, t + 2))),
                    And((t > 1, t < 2, equal(f, -t + 2))),
                )
            )
        )
        g = _sum(q, [(t + offset, sign) for offset, sign in KINKS])
        q.say(unequal(f, g))
        return q.impossible()

    def shape() -> bool:
        network = Network("relu", levee(ZERO, Fraction(3, 7)), 2)
        slopes = {(n.weights[0] / n.weights[1], n.coefficient, n.bias / n.weights[1]) for n in network.neurons}
        return slopes == {(Fraction(-3, 7), Fraction(sign), Fraction(offset)) for offset, sign in KINKS}

    yield timed("equation (1) is the sum of the four ReLUs, for all s, x_1, x_2", "solver", identity)
    yield timed("two convex and two concave parallel breaklines, at distances -2, -1, 1, 2", "exact", shape)


def _sum(q: Question, parts: Sequence[tuple[Linear, int]]) -> Linear:
    result = real_zero()
    for z, sign in parts:
        h = q.positive_part(z)
        result = result + h if sign > 0 else result - h
    return result


def real_zero() -> Linear:
    """The linear term 0."""
    return total(())


def on_the_middle_line() -> bool:
    """On x_1 = 0: whatever fits the 13 points with an affine part and 4 rectifiers has the kinks of a levee."""
    data = [(x[1], y) for x, y in selection_gadget(ZERO, (ZERO,), Fraction(1)) if x[0] == 0]
    for positive in range(5):
        q = Question()
        signs = [1] * positive + [-1] * (4 - positive)
        slopes = [q.number(f"w{j}") for j in range(4)]
        offsets = [q.number(f"b{j}") for j in range(4)]
        a, b = q.number("a"), q.number("b")
        # [z]_+ = [-z]_+ + z: every rectifier may increase; and equal signs may be put in order.
        q.say(*(w >= 0 for w in slopes))
        q.say(*(offsets[j] >= offsets[j + 1] for j in range(3) if signs[j] == signs[j + 1]))
        for height, label in data:
            parts = [(w * height + c, sign) for w, c, sign in zip(slopes, offsets, signs, strict=True)]
            q.say(equal(_sum(q, parts) + a + b * height, label))
        if positive == 2:
            wanted = zip(slopes, offsets, (2, -2, 1, -1), strict=True)
            as_levee = And((*(And((equal(w, 1), equal(c, o))) for w, c, o in wanted), equal(a, 0), equal(b, 0)))
            q.say(Not(as_levee))
        if not q.impossible():
            return False
    return True


def side_points(low: Linear, high: Linear, side: int) -> Iterator[tuple[Linear, int]]:
    """x_2 and label of the nine points on x_1 = side * eps; ``low``, ``high``: eps times the first and last slope."""
    # On the right the lowest line is that of the first slope, on the left that of the last.
    lowest, highest = (low, high) if side > 0 else (-high, -low)
    shifts = (lowest, lowest, lowest, highest, real_zero(), lowest, highest, highest, highest)
    for height, shift, label in zip(range(-4, 5), shifts, SIDE_LABELS, strict=True):
        yield shift + height, label


def beside_the_middle_line() -> bool:
    """On x_1 = +-eps, for all slopes and eps <= 1/(3|s|): g_1, g_2 are parallel, g_3, g_4 are, with slopes in range."""
    q = Question()
    low, high, mu = q.number("low"), q.number("high"), q.number("mu")
    turns = [q.number(f"v{k}") for k in range(4)]  # eps times the slope of the k-th line
    q.say(low <= high, low >= Fraction(-1, 3), high <= Fraction(1, 3))
    for side in (1, -1):
        for x2, label in side_points(low, high, side):
            parts = [(x2 - v * side + offset, sign) for v, (offset, sign) in zip(turns, KINKS, strict=True)]
            q.say(equal(_sum(q, parts) + mu * side, label))
    kept = And(
        (
            equal(turns[0], turns[1]),
            equal(turns[2], turns[3]),
            equal(mu, 0),
            *(v >= low for v in turns),
            *(v <= high for v in turns),
        )
    )
    q.say(Not(kept))
    return q.impossible()


def at_the_outer_points() -> bool:
    """Two slopes s, t, zero at q_i^+ and q_i^-: both at most s_i or both at least s_{i+1}."""
    q = Question()
    lower, upper, s, t = (q.number(name) for name in ("lower", "upper", "s", "t"))
    gap = upper - lower
    q.say(gap > 0)
    for side in (1, -1):
        # gap * (x_2 - slope x_1 + offset) at q = side * (4, 2 (lower + upper)) / gap.
        parts = [
            ((lower + upper) * (2 * side) - slope * (4 * side) + gap * offset, sign)
            for slope, (offset, sign) in zip((s, s, t, t), KINKS, strict=True)
        ]
        q.say(equal(_sum(q, parts), 0))
    q.say(Not(Or((And((s <= lower, t <= lower)), And((s >= upper, t >= upper))))))
    return q.impossible()


def only_one_slope_is_left(count: int) -> bool:
    """With that for every i and slopes in range, s = t is one of the slopes."""
    q = Question()
    slopes = [q.number(f"s{i}") for i in range(count)]
    s, t = q.number("s"), q.number("t")
    q.say(*(a < b for a, b in pairwise(slopes)))
    q.say(*(And((v >= slopes[0], v <= slopes[-1])) for v in (s, t)))
    for a, b in pairwise(slopes):
        q.say(Or((And((s <= a, t <= a)), And((s >= b, t >= b)))))
    q.say(Not(disjunction([And((equal(s, v), equal(t, v))) for v in slopes])))
    return q.impossible()


def levees_fit() -> bool:
    """For all slopes: a levee of a slope in range fits the points on x_1 = +-eps, and vanishes at the q_i beside it."""
    q = Question()
    low, high, v = q.number("low"), q.number("high"), q.number("v")
    q.say(low <= v, v <= high, low >= Fraction(-1, 3), high <= Fraction(1, 3))
    wrong = []
    for side in (1, -1):
        for x2, label in side_points(low, high, side):
            parts = [(x2 - v * side + offset, sign) for offset, sign in KINKS]
            wrong.append(unequal(_sum(q, parts), label))
    q.say(disjunction(wrong))
    if not q.impossible():
        return False
    q = Question()
    lower, upper, s = q.number("lower"), q.number("upper"), q.number("s")
    gap = upper - lower
    q.say(gap > 0, Or((s <= lower, s >= upper)))
    wrong = []
    for side in (1, -1):
        middle = (lower + upper) * (2 * side) - s * (4 * side)
        wrong.append(unequal(_sum(q, [(middle + gap * offset, sign) for offset, sign in KINKS]), 0))
    q.say(disjunction(wrong))
    return q.impossible()


GADGETS: tuple[tuple[Fraction, ...], ...] = (
    (Fraction(-1), Fraction(1)),
    (Fraction(-1), ZERO, Fraction(1)),
    (Fraction(-1), Fraction(-1, 2), ZERO),
)


def lemma_4() -> Iterator[Check]:
    """What fits a selection gadget with four breaklines is exactly one of its l levees."""
    yield timed("x_1 = 0: exactly the kinks of a levee (any slopes)", "solver", on_the_middle_line)
    yield timed("x_1 = +-eps: parallel pairs, slopes in range (all slopes, all eps)", "solver", beside_the_middle_line)
    yield timed("q_i: no slope between s_i and s_{i+1}, both on one side (all slopes)", "solver", at_the_outer_points)
    for count in (1, 2, 3, 4, 5):
        yield timed(f"so s = t is one of the {count} slopes", "solver", partial(only_one_slope_is_left, count))
    yield timed("each levee fits (all slopes, all eps)", "solver", levees_fit)
    for slopes in GADGETS:
        yield from _enumerated(slopes)


def _enumerated(slopes: tuple[Fraction, ...]) -> Iterator[Check]:
    """One gadget, by the refuter: three neurons do not fit; at a point of each levee only 0 and 1 are possible."""
    name = "gadget " + ", ".join(map(str, slopes))
    data = list(selection_gadget(ZERO, slopes, Fraction(1, 3)))
    fits = [Network("relu", levee(ZERO, s), 2) for s in slopes]
    probes = [(Fraction(16), 16 * s) for s in slopes]

    def all_fit() -> bool:
        values = [network.evaluate(probes) for network in fits]
        return all(not made(data, 4).misfits(network) for network in fits) and values == [
            [Fraction(i == j) for j in range(len(slopes))] for i in range(len(slopes))
        ]

    yield timed(f"{name}: its levees fit and differ", "exact", all_fit)
    yield timed(f"{name}: three ReLUs do not fit", "checked", partial(refuted, made(data, 3)))
    for s, probe in zip(slopes, probes, strict=True):
        yield timed(
            f"{name}: no fit is 1/2 on the middle line of slope {s}",
            "checked",
            partial(refuted, made([*data, (probe, Fraction(1, 2))], 4)),
        )
    nowhere = [*data, *((probe, ZERO) for probe in probes)]
    yield timed(f"{name}: no fit is 0 on all these lines", "checked", partial(refuted, made(nowhere, 4)))


def made(data: Sequence[Labelled], width: int) -> TrainingInstance:
    """The data as an instance."""
    return TrainingInstance(tuple(x for x, _ in data), tuple(y for _, y in data), width, "relu", 2)


STACKS: tuple[tuple[tuple[Fraction, ...], ...], ...] = (
    ((Fraction(-1), Fraction(1)), (Fraction(-1), Fraction(1))),
    ((Fraction(-1), Fraction(-1, 2), ZERO), (Fraction(-1), Fraction(1))),
)


def lemma_5() -> Iterator[Check]:
    """Stacked gadgets are fitted by exactly the sums of one levee each: as many as the product of the l_j."""
    for stack in STACKS:
        gap = min(b - a for row in stack for a, b in pairwise(row))
        distance = 8 * max(abs(s) for row in stack for s in row) / gap + 6
        name = " | ".join(", ".join(map(str, row)) for row in stack) + f" at distance {distance}"
        yield timed(f"{name}: every sum fits, no two agree", "exact", partial(_sums_fit, stack, distance))
        yield timed(f"{name}: nothing else fits", "solver", partial(_nothing_else, stack, distance))


def _stacked(stack: Sequence[tuple[Fraction, ...]], distance: Fraction) -> list[Labelled]:
    return [
        point
        for j, slopes in enumerate(stack)
        for point in selection_gadget(j * distance, slopes, Fraction(1, 3))
    ]


def _sums_fit(stack: Sequence[tuple[Fraction, ...]], distance: Fraction) -> bool:
    data = _stacked(stack, distance)
    probes = [(Fraction(4), 4 * s + j * distance) for j, slopes in enumerate(stack) for s in slopes]
    seen = set()
    for choice in product(*stack):
        neurons = [n for j, s in enumerate(choice) for n in levee(j * distance, s)]
        network = Network("relu", tuple(neurons), 2)
        if made(data, 4 * len(stack)).misfits(network):
            return False
        seen.add(tuple(network.evaluate(probes)))
    count = 1
    for slopes in stack:
        count *= len(slopes)
    return len(seen) == count


def _nothing_else(stack: Sequence[tuple[Fraction, ...]], distance: Fraction) -> bool:
    """All slopes of the 4m lines through the kinks on x_1 = 0 unknown, off that line all points fitted."""
    q = Question()
    mu = q.number("mu")
    slopes = [[q.number(f"s{j}_{k}") for k in range(4)] for j in range(len(stack))]
    for (x1, x2), label in _stacked(stack, distance):
        if x1 == 0:
            continue
        parts = [
            (slope * -x1 + (x2 - j * distance + offset), sign)
            for j, row in enumerate(slopes)
            for slope, (offset, sign) in zip(row, KINKS, strict=True)
        ]
        q.say(equal(_sum(q, parts) + mu * x1, label))
    one_each = And(
        (
            equal(mu, 0),
            *(
                disjunction([And(tuple(equal(slope, s) for slope in row)) for s in choices])
                for row, choices in zip(slopes, stack, strict=True)
            ),
        )
    )
    q.say(Not(one_each))
    return q.impossible(300)

