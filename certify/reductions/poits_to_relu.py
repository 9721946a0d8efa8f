"""Theorem 1: positive one-in-three 3-SAT to training 4(m + n) ReLUs in the plane, exactly."""

from __future__ import annotations

from collections.abc import Sequence

from certify.instance import TrainingInstance
from certify.network import Network
from certify.problems.poits import Assignment, Formula
from certify.reductions.base import Size
from certify.reductions.gadgets import levee, selection_gadget
from certify.reductions.poits_layout import EPS, Layout

NAME = "poits-relu"
SOURCE = "poits"
TARGET = "relu"
THEOREM = "Theorem 1"
CLAIM = (
    "The formula has an assignment with exactly one true literal occurrence in every clause if and only if "
    "4(m + n) ReLUs fit the data exactly."
)


def size(formula: Formula) -> Size:
    """35 points a clause gadget, 33 a variable gadget, 3 more a clause; one point for the empty formula."""
    m, n = len(formula.clauses), formula.variables
    return Size(points=38 * m + 33 * n if m + n else 1, width=4 * (m + n), dimension=2)


def layout(formula: Formula) -> Layout:
    """Gadgets at the spacing Delta = 16 M + 6, M = max(m, 1), that Lemma 5 asks for."""
    return Layout(formula, 16 * max(len(formula.clauses), 1) + 6)


def reduce(formula: Formula) -> TrainingInstance:
    """The training instance of Theorem 1; the points in the order of Layout.instance."""
    return layout(formula).instance(size(formula), lambda z, slopes: selection_gadget(z, slopes, EPS), "relu")


def lift(formula: Formula, assignment: Sequence[bool]) -> Network:
    """The sum of the chosen levees, equation (2) of the paper, four ReLUs each; raises NotASolution."""
    return layout(formula).witness(assignment, levee, "relu")


def extract(formula: Formula, network: Network) -> Assignment:
    """The solution that a network which fits ``reduce(formula)`` encodes; raises NotAFit for any other.

    By Lemma 5 (with the repair in its proof) such a network computes the sum of one levee a gadget, however
    it is written; its values at the probes tell slope -1 from slope 1.
    """
    return layout(formula).read(reduce(formula), network)
