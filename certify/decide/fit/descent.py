"""A local search for a network that fits: Levenberg-Marquardt from many random starts at once, in floating point.

The complete search (tree.py) finds a fit when it comes to it; where there are many neurons, descent from random starts
often is there first. What it finds are guesses of signs, which rows.py solves exactly: at the signs of a fit the
equations are linear, so a descent that ends at a fit ends with its signs.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from certify.decide.fit.state import Floats

STARTS, ROUNDS = 192, 8
KEPT, MORE_ROUNDS = 64, 24
"""Starts of a batch, and steps of each; then so many of the best go on for so many more."""
FITTED = 1e-7
"""A fit has no larger residual; labels are at most 1."""


def signs_of_fits(points: Floats, labels: Floats, signs: Floats, seed: int) -> Iterator[list[list[bool]]]:
    """Signs of pre-activations, by point and neuron, at which a network fits, as it seems; the best ones first.

    ``points``: n x D, with a last 1; ``signs``: the k output signs.
    """
    random = np.random.default_rng(seed)
    n, size = points.shape
    k = len(signs)
    weights = random.standard_normal((STARTS, k, size))
    # The zero of every neuron goes through a data point, so that no neuron is on everywhere or nowhere.
    through = points[random.integers(n, size=(STARTS, k))]
    weights[:, :, -1] = -np.einsum("skc,skc->sk", weights[:, :, :-1], through[:, :, :-1])
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
    for s in np.argsort(losses):
        if np.abs(residuals[s]).max() > FITTED:
            return
        yield [[bool(v) for v in row] for row in on[s]]


def _residuals(
    points: Floats, labels: Floats, signs: Floats, weights: Floats
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """labels - values by start and point, and where neurons are on, by start, point and neuron."""
    before = np.einsum("nc,skc->snk", points, weights)
    on = (before > 0).astype(float)
    return labels - np.einsum("snk,k->sn", before * on, signs), on
