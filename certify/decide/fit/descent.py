"""A local search for a network that fits: Levenberg-Marquardt from many starts at once, in floating point.

The complete search (tree.py) finds a fit when it comes to it; where there are many neurons, descent from random starts
often is there first. What it finds are guesses of signs, which rows.py solves exactly: at the signs of a fit the
equations are linear, so a descent that ends at a fit ends with its signs.
"""

from __future__ import annotations

from itertools import takewhile
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from certify.decide.fit.state import Floats

STARTS, ROUNDS = 192, 8
KEPT, MORE_ROUNDS = 64, 24
"""Starts of a batch, and steps of each; then so many of the best go on for so many more."""
AGAIN, BEST, SAME = 0.6, 24, 1e-9
"""This part of the later starts are of so many best ends, with one neuron made anew, which finds ten times as many
fits of planted networks as random starts alone. Ends are the same if their losses differ by no more than this part.
"""
FITTED = 1e-7
"""A fit has no larger residual; labels are at most 1."""


class Batch(NamedTuple):
    """Where descents ended. ``fits``: signs of pre-activations, by point and neuron, at which a network fits, as it
    seems, the best ones first; ``loss``: a tenth of those that went on ended below this sum of squares.
    """

    fits: list[list[list[bool]]]
    loss: float


class Descents:
    """Batch after batch. ``points``: n x D, with a last 1; ``signs``: the k output signs."""

    def __init__(self, points: Floats, labels: Floats, signs: Floats, seed: int) -> None:
        self._points, self._labels, self._signs = points, labels, signs
        self._random = np.random.default_rng(seed)
        self._weights: Floats = np.zeros((0, len(signs), points.shape[1]))
        self._losses: Floats = np.zeros(0)

    def batch(self) -> Batch:
        """From random starts, and from the best ends so far with one neuron made anew."""
        weights = self._starts()
        if len(self._weights):
            again = int(AGAIN * STARTS)
            old = self._weights[self._random.integers(len(self._weights), size=again)]
            neuron = np.arange(again), self._random.integers(len(self._signs), size=again)
            old[neuron] = weights[neuron]
            weights[:again] = old
        weights, losses, largest, on = _descend(self._points, self._labels, self._signs, weights)
        order = np.argsort(losses, kind="stable")
        self._keep(weights[order[:BEST]], losses[order[:BEST]])
        fits = takewhile(lambda s: largest[s] <= FITTED, order.tolist())
        return Batch([[[bool(v) for v in row] for row in on[s]] for s in fits], float(losses[order[len(order) // 10]]))

    def _starts(self) -> Floats:
        weights = self._random.standard_normal((STARTS, len(self._signs), self._points.shape[1]))
        # The zero of every neuron goes through a data point, so that no neuron is on everywhere or nowhere.
        through = self._points[self._random.integers(len(self._points), size=weights.shape[:2])]
        weights[:, :, -1] = -np.einsum("skc,skc->sk", weights[:, :, :-1], through[:, :, :-1])
        return weights

    def _keep(self, weights: Floats, losses: Floats) -> None:
        """The best ends; of those with one loss, which are one network as a rule, one."""
        weights, losses = np.concatenate([self._weights, weights]), np.concatenate([self._losses, losses])
        order = np.argsort(losses, kind="stable")
        apart = np.diff(losses[order], prepend=-1.0) > SAME * losses[order]
        best = order[apart][:BEST]
        self._weights, self._losses = weights[best], losses[best]


def _descend(
    points: Floats, labels: Floats, signs: Floats, weights: Floats
) -> tuple[Floats, Floats, Floats, NDArray[np.float64]]:
    """By start that went on: weights, sum of squares, largest residual, and where neurons are on."""
    size, k = points.shape[1], len(signs)
    n = len(points)
    damping = np.full(STARTS, 1e-2)
    residuals, on = _residuals(points, labels, signs, weights)
    losses = np.einsum("sn,sn->s", residuals, residuals)
    unit = np.eye(k * size)
    for turn in range(ROUNDS + MORE_ROUNDS):
        if turn == ROUNDS:
            best = np.argsort(losses, kind="stable")[:KEPT]
            weights, residuals, on, losses, damping = (v[best] for v in (weights, residuals, on, losses, damping))
        count = len(weights)
        slopes = (np.einsum("snk,k->snk", on, signs)[:, :, :, None] * points[None, :, None, :]).reshape(count, n, -1)
        transposed = slopes.transpose(0, 2, 1)
        normal = transposed @ slopes + damping[:, None, None] * unit
        steps = np.linalg.solve(normal, transposed @ residuals[:, :, None])[:, :, 0].reshape(count, k, size)
        tried = weights + steps
        new_residuals, new_on = _residuals(points, labels, signs, tried)
        new_losses = np.einsum("sn,sn->s", new_residuals, new_residuals)
        better = new_losses < losses
        weights[better], residuals[better], on[better] = tried[better], new_residuals[better], new_on[better]
        losses[better] = new_losses[better]
        damping = np.where(better, np.maximum(damping / 4, 1e-11), np.minimum(damping * 4, 1e3))
        if losses.min() < FITTED**2:
            break
    return weights, losses, np.abs(residuals).max(axis=1), on


def _residuals(
    points: Floats, labels: Floats, signs: Floats, weights: Floats
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """labels - values by start and point, and where neurons are on, by start, point and neuron."""
    before = np.einsum("nc,skc->snk", points, weights)
    on = (before > 0).astype(float)
    return labels - np.einsum("snk,k->sn", before * on, signs), on
