"""Where the gadgets of Theorem 1 and Corollary 8 stand, which is the same but for their spacing.

A formula of clauses C_1..C_m over v_1..v_n, M = max(m, 1). Clause j has a gadget at offset j Delta with the
slopes (2j-2)/(2M) - 1, (2j-1)/(2M) - 1, 2j/(2M) - 1, one a literal: the chosen slope names the true
literal. Variable i has one at offset -i Delta with the slopes -1 (true) and 1 (false). For the r-th literal
v_i of clause j, with slope s, the point p_{j,r} of label 1 is where the middle lines of slope s of clause j
and of slope 1 of variable i meet. (Paper, section 3, "Global Construction"; M replaces m there so that m =
0 makes sense.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from certify.errors import NotAFit
from certify.exact import Vector
from certify.instance import TrainingInstance
from certify.network import Activation, Network, Neuron
from certify.problems.poits import Assignment, Formula, is_solution
from certify.reductions.base import Size, check_size, require, require_fit
from certify.reductions.gadgets import Labelled

EPS = Fraction(1, 3)
VARIABLE_SLOPES = (Fraction(-1), Fraction(1))


@dataclass(frozen=True)
class Layout:
    """The places of the gadgets for ``formula`` with the given ``spacing`` Delta."""

    formula: Formula
    spacing: int

    def clause_slopes(self, j: int) -> tuple[Fraction, Fraction, Fraction]:
        """The three slopes of the gadget of clause j, counted from 1."""
        twice = 2 * max(len(self.formula.clauses), 1)
        first, second, third = (Fraction(2 * j + step - twice, twice) for step in (-2, -1, 0))
        return first, second, third

    def gadgets(self) -> Iterator[tuple[Fraction, Sequence[Fraction]]]:
        """(offset, slopes) of the gadgets of clauses 1..m, then of variables 1..n."""
        for j in range(1, len(self.formula.clauses) + 1):
            yield Fraction(j * self.spacing), self.clause_slopes(j)
        for i in range(1, self.formula.variables + 1):
            yield Fraction(-i * self.spacing), VARIABLE_SLOPES

    def literal_points(self) -> Iterator[Labelled]:
        """The points p_{j,r} for j = 1..m, r = 1..3, all with label 1."""
        one = Fraction(1)
        for j, clause in enumerate(self.formula.clauses, start=1):
            for i, slope in zip(clause, self.clause_slopes(j), strict=True):
                x = self.spacing * (i + j) / (1 - slope)
                yield (x, x - self.spacing * i), one

    def ridges(self, assignment: Sequence[bool]) -> Iterator[tuple[Fraction, Fraction]]:
        """(offset, slope) of the ridge that a solution chooses in each gadget, ordered as by ``gadgets``."""
        for j, clause in enumerate(self.formula.clauses, start=1):
            true = next(r for r, i in enumerate(clause) if assignment[i - 1])
            yield Fraction(j * self.spacing), self.clause_slopes(j)[true]
        for i, value in enumerate(assignment, start=1):
            yield Fraction(-i * self.spacing), VARIABLE_SLOPES[0 if value else 1]

    def instance(
        self,
        size: Size,
        gadget: Callable[[Fraction, Sequence[Fraction]], Iterable[Labelled]],
        activation: Activation,
    ) -> TrainingInstance:
        """The points of all gadgets, made by ``gadget`` from (offset, slopes), then the p_{j,r}.

        A formula without clauses and variables has no gadget at all, and gives a fixed yes-instance: the
        point (0, 0) with label 0. Raises ResourceLimit if there are too many points.
        """
        check_size(size)
        data: list[Labelled] = []
        for offset, slopes in self.gadgets():
            data.extend(gadget(offset, slopes))
        data.extend(self.literal_points())
        if not data:
            zero = Fraction(0)
            data.append(((zero, zero), zero))
        points, labels = tuple(point for point, _ in data), tuple(label for _, label in data)
        return TrainingInstance(points, labels, size.width, activation, size.dimension)

    def witness(
        self,
        assignment: Sequence[bool],
        ridge: Callable[[Fraction, Fraction], Iterable[Neuron]],
        activation: Activation,
    ) -> Network:
        """The sum of the ridges that ``assignment`` chooses, made by ``ridge`` from (offset, slope).

        Raises NotASolution if it does not solve the formula.
        """
        require(is_solution(self.formula, assignment), "poits")
        neurons = [neuron for z, slope in self.ridges(assignment) for neuron in ridge(z, slope)]
        return Network(activation, tuple(neurons), 2)

    def read(self, instance: TrainingInstance, network: Network) -> Assignment:
        """The assignment that a network which fits ``instance`` encodes; raises NotAFit for any other
        network.

        Read at one point a variable: there a ridge of slope -1 is 1, one of slope 1 is 0, and so is every
        ridge of another gadget.
        """
        require_fit(instance, network)
        values = network.evaluate(self.probes())
        assignment = tuple(value == 1 for value in values)
        if any(value not in (0, 1) for value in values) or not is_solution(self.formula, assignment):
            raise NotAFit("the network fits all the points but encodes no solution, against the theorem")
        return assignment

    def probes(self) -> list[Vector]:
        """For variable i the point (4, -i Delta - 4), on the middle line of its slope -1.

        The middle line of its slope 1 is 8 above. Those of the other gadgets are at least Delta - 8 >= 14
        away: at x_1 = 4 other variables' are within 4 of their offsets, and clauses' not below Delta - 4.
        So a levee, of half-width 2, is there 1 if it is that of slope -1 of variable i, and else 0.
        """
        four = Fraction(4)
        return [(four, Fraction(-i * self.spacing - 4)) for i in range(1, self.formula.variables + 1)]
