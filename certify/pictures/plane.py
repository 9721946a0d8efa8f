"""Data in the plane: the network's value as shades, where it bends, and the points by label."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.transforms import offset_copy

from certify.pictures.scene import Array, Scene
from certify.pictures.style import CONCAVE, CONVEX, INK, JUMP, LABELS, MUTED, SHADES

#: Above this many neurons the shades and breaklines would be one grey sheet, and slow.
MOST_NEURONS = 600
_SIGNS = {"+": (CONVEX, "must bend upward"), "-": (CONCAVE, "must bend downward"), "*": (JUMP, "must jump")}
_Window = tuple[float, float, float, float]


def count(number: int, noun: str) -> str:
    """``3 points``, ``1 point``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def figure(scene: Scene, width: int) -> Figure:
    """The whole picture, and beside it one gadget near x_1 = 0 where there are gadgets."""
    window = _whole(scene)
    title = f"{scene.title}   {count(len(scene.labels), 'point')}, {count(width, 'neuron')} allowed"
    if scene.focus is None:
        tall = 6.0 * (window[3] - window[2]) / (window[1] - window[0]) + 1.2
        chart, whole = plt.subplots(figsize=(6.6, tall), layout="constrained")
        _panel(whole, scene, window, small=len(scene.labels) > 150)
    else:
        chart, (whole, beside) = plt.subplots(
            1, 2, figsize=(11.2, 6.1), width_ratios=(2.2, 1), layout="constrained"
        )
        _panel(whole, scene, window, small=True)
        _name_gadgets(whole, scene)
        x, y = scene.focus
        reach = 2.4 if scene.threshold_data else 5.2
        _panel(beside, scene, (x - 0.62, x + 0.62, y - reach, y + reach), small=False)
        beside.set_title(f"the gadget of {scene.captions[0][1]} near $x_1 = 0$")
    whole.set_aspect("equal")
    whole.set_title(title)
    chart.legend(
        handles=_legend(scene), loc="outside lower left", ncols=7, handlelength=1.4, columnspacing=1.4
    )
    return chart


def _whole(scene: Scene) -> _Window:
    """All the points, in a frame that is neither a slit nor without room for the captions on its left."""
    if not len(scene.points):
        return -1.0, 1.0, -1.0, 1.0
    low, high = scene.points.min(axis=0), scene.points.max(axis=0)
    pad = 0.05 * (float((high - low).max()) or 1.0)
    (left, bottom), (right, top) = low - pad, high + pad
    if scene.focus is not None:
        left -= 0.17 * (top - bottom)
    least, most = (1.25, 1.3) if scene.focus is not None else (0.6, 1.8)
    right += max(0.0, least * (top - bottom) - (right - left))
    missing = max(0.0, (right - left) / most - (top - bottom))
    return float(left), float(right), float(bottom - missing / 2), float(top + missing / 2)


def _panel(axes: Axes, scene: Scene, window: _Window, *, small: bool) -> None:
    if scene.network is not None and scene.network.width <= MOST_NEURONS:
        _shade(axes, scene, window)
        _breaklines(axes, scene, window, 0.35 if small else 1.1)
    _forced(axes, scene, 1.2 if small else 5)
    _points(axes, scene, 9 if small else 30)
    axes.set(xlim=window[:2], ylim=window[2:], xlabel="$x_1$", ylabel="$x_2$")
    axes.tick_params(length=2.5, width=0.6)


def _shade(axes: Axes, scene: Scene, window: _Window) -> None:
    across = np.linspace(window[0], window[1], 900)
    upward = np.linspace(window[2], window[3], 900)
    grid = np.stack(np.meshgrid(across, upward), axis=-1).reshape(-1, 2)
    values = scene.values(grid).reshape(len(upward), len(across))
    axes.imshow(
        values,
        extent=window,
        origin="lower",
        aspect="auto",
        cmap=LinearSegmentedColormap.from_list("value", SHADES),
        norm=Normalize(0, max(1.0, float(scene.labels.max(initial=1.0)))),
        interpolation="bilinear",
        zorder=0,
    )


def _breaklines(axes: Axes, scene: Scene, window: _Window, width: float) -> None:
    """Where the neurons bend: solid for output sign +1, dashed for -1."""
    families: dict[bool, list[Array]] = {True: [], False: []}
    for w, b, a in zip(scene.weights, scene.biases, scene.coefficients, strict=True):
        ends = _clip(w, float(b), window)
        if ends is not None:
            families[bool(a > 0)].append(ends)
    for positive, segments in families.items():
        style = "solid" if positive else (0, (4, 2))
        colour = CONVEX if positive else CONCAVE
        axes.add_collection(
            LineCollection(
                segments, colors=colour, linewidths=width, linestyles=[style], alpha=0.75, zorder=1
            ),
            autolim=False,
        )


def _clip(w: Array, b: float, window: _Window) -> Array | None:
    """The part of the line w.x + b = 0 over the window's width, or height for a steep line."""
    left, right, bottom, top = window
    if abs(w[1]) * (top - bottom) >= abs(w[0]) * (right - left) and w[1] != 0:
        return np.array([[left, -(b + w[0] * left) / w[1]], [right, -(b + w[0] * right) / w[1]]])
    if w[0] != 0:
        return np.array([[-(b + w[1] * bottom) / w[0], bottom], [-(b + w[1] * top) / w[0], top]])
    return None


def _forced(axes: Axes, scene: Scene, width: float) -> None:
    """Upward and downward ones side by side, for they overlap."""
    for sign, (colour, _) in _SIGNS.items():
        segments = [scene.points[[f.first, f.last]] for f in scene.forced if f.sign == sign]
        if segments:
            aside = {"+": -0.5, "-": 0.5, "*": 0.0}[sign] * width
            bars = LineCollection(segments, colors=colour, linewidths=width, alpha=0.45, zorder=2)
            bars.set_transform(offset_copy(axes.transData, axes.get_figure(root=True), x=aside, units="points"))
            axes.add_collection(bars, autolim=False)


def _points(axes: Axes, scene: Scene, size: float) -> None:
    order = np.argsort(scene.labels, kind="stable")
    # A greater point of label 0 still shows behind one of label 1 that all but hides it.
    sizes = np.where(scene.labels[order] == 0, 2.2, 1.0) * size if scene.threshold_data else size
    axes.scatter(
        scene.points[order, 0],
        scene.points[order, 1],
        s=sizes,
        c=scene.labels[order],
        cmap=LinearSegmentedColormap.from_list("label", LABELS),
        norm=_label_range(scene),
        edgecolors=INK,
        linewidths=0.35 if size < 20 else 0.7,
        zorder=3,
    )


def _label_range(scene: Scene) -> Normalize:
    low, high = float(scene.labels.min(initial=0.0)), float(scene.labels.max(initial=1.0))
    return Normalize(low, high if high > low else low + 1)


def _name_gadgets(axes: Axes, scene: Scene) -> None:
    if len(scene.captions) > 24:
        return
    for height, text in scene.captions:
        axes.annotate(
            text,
            (0, height),
            xycoords=("axes fraction", "data"),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            color=MUTED,
            bbox={"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none", "alpha": 0.8},
            zorder=4,
        )


def _legend(scene: Scene) -> list[Line2D | Patch]:
    labels = sorted(set(scene.labels.tolist()))
    shades = LinearSegmentedColormap.from_list("label", LABELS)
    norm = _label_range(scene)
    shown = labels if len(labels) <= 4 else [labels[0], labels[-1]]
    handles: list[Line2D | Patch] = [
        Line2D(
            [],
            [],
            ls="",
            marker="o",
            ms=5.5,
            mfc=shades(norm(y)),
            mec=INK,
            mew=0.6,
            label=f"label {_label(y)}",
        )
        for y in shown
    ]
    if scene.network is not None:
        bends = (
            ("jumps up", "jumps down")
            if scene.threshold_data
            else ("bends upward (+1)", "bends downward (-1)")
        )
        handles.append(Patch(fc=SHADES[-1], ec="none", label="network's value 1"))
        handles.append(Line2D([], [], color=CONVEX, lw=1.2, label=bends[0]))
        handles.append(Line2D([], [], color=CONCAVE, lw=1.2, ls=(0, (4, 2)), label=bends[1]))
    for sign in sorted({f.sign for f in scene.forced}):
        colour, name = _SIGNS[sign]
        handles.append(Line2D([], [], color=colour, lw=4, alpha=0.45, label=name))
    return handles


def _label(value: float) -> str:
    return {1 / 3: "1/3", 2 / 3: "2/3"}.get(value, f"{value:g}")
