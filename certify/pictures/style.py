"""Colours and sizes that all pictures share."""

from __future__ import annotations

from typing import Any

#: Safe for matplotlib.rc_context; the salt makes the ids of an SVG the same each time.
RC: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.edgecolor": "#94a3b8",
    "axes.linewidth": 0.8,
    "axes.labelcolor": "#334155",
    "xtick.color": "#64748b",
    "ytick.color": "#64748b",
    "text.color": "#0f172a",
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "svg.hashsalt": "certify",
    "savefig.facecolor": "white",
}
#: The network's value, from 0 to 1.
SHADES = ("#ffffff", "#dbeafe", "#93c5fd")
#: The labels of the points, from the least to the greatest.
LABELS = ("#ffffff", "#fdba74", "#ea580c")
INK = "#1e293b"
CONVEX, CONCAVE, JUMP = "#1d4ed8", "#be185d", "#0f766e"
MUTED = "#64748b"
