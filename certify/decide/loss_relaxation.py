"""The least loss of a case, in floating point, and networks near its solution: guesses for loss_cases.py."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import highspy
import numpy as np

from certify import lp
from certify.decide.refute.farkas import CONSTANT, Column, quiet_solver
from certify.exact import Vector
from certify.instance import TrainingInstance
from certify.network import Network, Neuron

DENOMINATORS = (1, 12, 1000, 10**6)
"""Weights are rounded to such denominators: small ones often are the exact solution."""
TIGHT = 1e-7
_ONE, _ZERO = Fraction(1), Fraction(0)


class Relaxation:
    """Linear programs over the rows of a case; one solver object serves many."""

    def __init__(self, *, strict: float) -> None:
        """``strict``: what a row > 0 has to be at least; its unknowns can be scaled where that is not 0."""
        self._highs = quiet_solver()
        self._strict = strict

    def least(self, columns: Sequence[Column], cost: dict[int, float]) -> dict[int, float] | None:
        """Values of the unknowns that meet the rows with the least cost; None where there are none."""
        keys = sorted({key for column in columns for key in column.coefficients if key != CONSTANT} | set(cost))
        place = {key: t for t, key in enumerate(keys)}
        starts, index, value, lower, upper = [0], list[int](), list[float](), list[float](), list[float]()
        for column in columns:
            terms = [(place[key], float(v)) for key, v in column.coefficients.items() if key != CONSTANT]
            index += [t for t, _ in terms]
            value += [v for _, v in terms]
            starts.append(len(index))
            low = -float(column.coefficients.get(CONSTANT, 0)) + (self._strict if column.strict else 0.0)
            lower.append(low)
            upper.append(low if column.equality else highspy.kHighsInf)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(keys), len(columns)
        model.col_cost_ = np.array([cost.get(key, 0.0) for key in keys])
        model.col_lower_ = np.full(len(keys), -highspy.kHighsInf)
        model.col_upper_ = np.full(len(keys), highspy.kHighsInf)
        model.row_lower_, model.row_upper_ = np.array(lower), np.array(upper)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.array(starts, dtype=np.int32)
        model.a_matrix_.index_ = np.array(index, dtype=np.int32)
        model.a_matrix_.value_ = np.array(value)
        self._highs.passModel(model)
        self._highs.run()
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return dict(zip(keys, self._highs.getSolution().col_value, strict=True))


def rounded(instance: TrainingInstance, positive: int | None, values: dict[int, float]) -> Iterator[Network]:
    """Networks with these weights (unknowns as in loss_cases.py), rounded ever more finely."""
    size, width = instance.dimension + 1, instance.width
    for denominator in DENOMINATORS:
        weights = [Fraction(values.get(u, 0.0)).limit_denominator(denominator) for u in range(width * (size + 1))]
        neurons = []
        for j in range(width):
            *row, bias = weights[j * size : (j + 1) * size]
            sign = weights[width * size + j] if positive is None else _ONE if j < positive else -_ONE
            neurons.append(Neuron(tuple(row), bias, sign))
        yield Network(instance.activation, tuple(neurons), instance.dimension)


def least_squares(instance: TrainingInstance, positive: int, values: dict[int, float]) -> Network | None:
    """A ReLU network with the least sum of squares if neurons are on just where this solution is, and 0 where it is 0.

    Exactly: the optimality conditions are linear. Where its neurons have other signs its loss may be another.
    """
    size, width = instance.dimension + 1, instance.width
    unknowns = width * size
    points = [(*x, _ONE) for x in instance.points]
    gradient: list[list[Fraction]] = [[_ZERO] * (unknowns + 1) for _ in range(unknowns)]
    tight: list[Vector] = []
    for i, x in enumerate(points):
        form = [_ZERO] * unknowns
        for j in range(width):
            z = sum(float(v) * values.get(j * size + c, 0.0) for c, v in enumerate(x))
            if abs(z) <= TIGHT:
                row = [_ZERO] * unknowns
                row[j * size : (j + 1) * size] = x
                tight.append(tuple(row))
            elif z > 0:
                form[j * size : (j + 1) * size] = [v if j < positive else -v for v in x]
        for u, factor in enumerate(form):
            if factor:
                weight = factor * instance.counts()[i]
                for v, other in enumerate(form):
                    gradient[u][v] += weight * other
                gradient[u][unknowns] += weight * instance.labels[i]
    # Stationary on the face: the gradient is a combination of the tight rows, whose multipliers are further unknowns.
    rows = [(*line[:unknowns], *(equation[u] for equation in tight)) for u, line in enumerate(gradient)] + [
        (*equation, *(_ZERO for _ in tight)) for equation in tight
    ]
    rhs = [line[unknowns] for line in gradient] + [_ZERO] * len(tight)
    found = lp.feasible([*rows, *(tuple(-v for v in row) for row in rows)], [*rhs, *(-v for v in rhs)])
    if found is None:
        return None
    neurons = tuple(
        Neuron(found[j * size : (j + 1) * size - 1], found[(j + 1) * size - 1], _ONE if j < positive else -_ONE)
        for j in range(width)
    )
    return Network("relu", neurons, instance.dimension)
