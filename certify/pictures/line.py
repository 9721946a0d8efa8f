"""Data on a line: the graph of the network through the points, or the forced kinks."""

from __future__ import annotations

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from certify.pictures.plane import count
from certify.pictures.scene import Scene
from certify.pictures.style import CONCAVE, CONVEX, INK, JUMP, LABELS, MUTED


def figure(scene: Scene, width: int) -> Figure:
    """The graph x_1 -> y."""
    chart, axes = plt.subplots(figsize=(7.2, 3.6), layout="constrained")
    x = scene.points[:, 0]
    low, high = (float(x.min()), float(x.max())) if len(x) else (-1.0, 1.0)
    pad = 0.06 * (high - low or 1.0)
    low, high = low - pad, high + pad
    if scene.network is not None:
        _graph(axes, scene, low, high)
    for place in scene.forced:
        # Places of either sign overlap: each sign has its half of the height.
        colour, name, bottom, top = {
            "+": (CONVEX, "must bend upward here", 0.0, 0.5),
            "-": (CONCAVE, "must bend downward here", 0.5, 1.0),
            "*": (JUMP, "must jump here", 0.0, 1.0),
        }[place.sign]
        left, right = sorted((x[place.first], x[place.last]))
        axes.axvspan(left, right, bottom, top, fc=(colour, 0.15), ec=colour, lw=0.6, label=name)
    axes.scatter(x, scene.labels, s=34, c=LABELS[-1], edgecolors=INK, linewidths=0.7, zorder=4, label="data")
    axes.set(xlim=(low, high), xlabel="$x_1$", ylabel="$y$")
    axes.set_title(f"{scene.title}   {count(len(x), 'point')}, {count(width, 'neuron')} allowed")
    axes.margins(y=0.2)
    axes.spines[["top", "right"]].set_visible(False)
    handles, names = axes.get_legend_handles_labels()
    unique = dict(zip(names, handles, strict=True))
    chart.legend(unique.values(), unique.keys(), loc="outside lower left", ncols=4)
    return chart


def _graph(axes: Axes, scene: Scene, low: float, high: float) -> None:
    moving = scene.weights[:, 0] != 0
    breaks = -scene.biases[moving] / scene.weights[moving, 0]
    ends = np.unique(np.concatenate([[low, high], breaks[(breaks > low) & (breaks < high)]]))
    if scene.threshold_data:
        for left, right in pairwise(ends):
            value = scene.values(np.array([[(left + right) / 2]]))[0]
            axes.plot([left, right], [value, value], color=CONVEX, lw=1.6, label="the network")
    else:
        axes.plot(ends, scene.values(ends[:, None]), color=CONVEX, lw=1.6, label="the network")
    axes.vlines(
        breaks[(breaks > low) & (breaks < high)],
        0,
        1,
        transform=axes.get_xaxis_transform(),
        color=MUTED,
        lw=0.5,
        ls=":",
        zorder=0,
    )
