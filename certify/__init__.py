"""Exact certificates for training two-layer ReLU and threshold networks.

``certify.prove(source, to)`` does the whole job; ``certify.reduce(source, to)`` gives the training instance
alone. ``certify.fit(X, y, width)`` and ``certify.width(X, y)`` answer for own data; ``ExactRegressor`` is their
estimator. ``certify.trim(path)`` makes the proof of a NO smaller. ``to_numpy``, ``to_torch`` and ``to_onnx`` turn a
network into one of float64. The module ``certify.verify`` is the independent checker:
``certify.verify.check_file(path)``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from certify.version import __version__

if TYPE_CHECKING:
    from certify.export import to_numpy, to_onnx, to_torch
    from certify.own_data import FitResult, WidthResult, fit, width
    from certify.pipeline import ProveResult, prove, reduce
    from certify.regressor import ExactRegressor
    from certify.trimming import TrimResult, trim

__all__ = [
    "ExactRegressor",
    "FitResult",
    "ProveResult",
    "TrimResult",
    "WidthResult",
    "__version__",
    "fit",
    "prove",
    "reduce",
    "to_numpy",
    "to_onnx",
    "to_torch",
    "trim",
    "width",
]


def __getattr__(name: str) -> Any:
    # Loaded on first use: the checker and the command line's help need no solver.
    if name in ("ProveResult", "prove", "reduce"):
        return getattr(import_module("certify.pipeline"), name)
    if name in ("FitResult", "WidthResult", "fit", "width"):
        return getattr(import_module("certify.own_data"), name)
    if name == "ExactRegressor":
        return import_module("certify.regressor").ExactRegressor
    if name in ("TrimResult", "trim"):
        return getattr(import_module("certify.trimming"), name)
    if name in ("to_numpy", "to_onnx", "to_torch"):
        return getattr(import_module("certify.export"), name)
    if name == "verify":
        return import_module("certify.verify")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
