"""Corollary 8: positive one-in-three 3-SAT to training 2(m + n) threshold neurons in the plane, exactly.

The paper says how in a sentence; points and bounds are our own. Stripes take the place of levees. A
threshold neuron leaves some play in where its line runs, so labels are given a distance tau on both sides
of a stripe's border, with tau so small that the play adds up to at most 1/2 anywhere in the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from certify.instance import TrainingInstance
from certify.network import Network
from certify.problems.poits import Assignment, Formula
from certify.reductions.base import Size
from certify.reductions.gadgets import stripe, stripe_gadget
from certify.reductions.poits_layout import EPS, Layout

NAME = "poits-threshold"
SOURCE = "poits"
TARGET = "threshold"
THEOREM = "Corollary 8"
CLAIM = (
    "The formula has an assignment with exactly one true literal occurrence in every clause if and only if "
    "2(m + n) linear threshold neurons fit the data exactly."
)


def size(formula: Formula) -> Size:
    """20 points a clause gadget, 16 a variable gadget, 3 more a clause; one point for the empty formula."""
    m, n = len(formula.clauses), formula.variables
    return Size(points=23 * m + 16 * n if m + n else 1, width=2 * (m + n), dimension=2)


def layout(formula: Formula) -> Layout:
    """Gadgets at the spacing Delta = 24 M + 6, M = max(m, 1)."""
    return Layout(formula, 24 * max(len(formula.clauses), 1) + 6)


def margin(formula: Formula) -> Fraction:
    """tau = 1/(2 + 12 Delta max(m + n, 1)): the witness has no pre-activation of smaller absolute value."""
    count = max(len(formula.clauses) + formula.variables, 1)
    return Fraction(1, 2 + 12 * layout(formula).spacing * count)


def reduce(formula: Formula) -> TrainingInstance:
    """The training instance of Corollary 8, labels 0 and 1; the points in the order of Layout.instance."""
    tau = margin(formula)
    return layout(formula).instance(
        size(formula), lambda z, slopes: stripe_gadget(z, slopes, EPS, tau), "threshold"
    )


def lift(formula: Formula, assignment: Sequence[bool]) -> Network:
    """The sum of the chosen stripes, two threshold neurons each; raises NotASolution."""
    return layout(formula).witness(assignment, stripe, "threshold")


def extract(formula: Formula, network: Network) -> Assignment:
    """The solution that a network which fits ``reduce(formula)`` encodes; raises NotAFit for any other.

    Such a network need not be a sum of exact stripes, but the probes are safe for every one of them. On the
    lines x_1 = 0, eps, -eps the labels change 2(m + n) times in disjoint intervals, and a neuron changes at
    most once on a line, so that in every gadget there are just one neuron that steps up by 1 and one that
    steps down by 1 above it, with lines that meet the gadget's intervals on all three lines. The points of
    label 0 beside the gadget keep the slopes of both within 6 tau of one s of its slopes. So for |x_1| <=
    Delta (m + n) both lines are within tau (1 + 6 Delta (m + n)) = 1/2 of the borders x_2 = z + s x_1 -+ 1
    of the exact stripe: the network is the sum of one region a gadget, which holds all points at most 1/2
    from the middle line, with none at a distance of 3/2 or more. A probe has x_1 = 4 <= Delta, lies on the
    middle line of slope -1 and at least 8 from every other one.
    """
    return layout(formula).read(reduce(formula), network)
