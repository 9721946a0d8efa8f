"""For other programs: networks as NumPy arrays, PyTorch module, ONNX file; questions as queries for verifiers.

A network's numbers become float64, so an export is a rounding of the exact network, not the network; ``rounding`` says
how far its values are off at given points, exactly. The exact network goes along as JSON in files of every format.
"""

from certify.export.arrays import FloatNetwork, to_numpy
from certify.export.files import EXACT_FORMATS, FORMATS, format_of, to_bytes
from certify.export.onnx_model import to_onnx
from certify.export.rounding import Rounding, rounding
from certify.export.torch_module import to_torch
from certify.export.vnnlib import Query, queries

__all__ = [
    "EXACT_FORMATS",
    "FORMATS",
    "FloatNetwork",
    "Query",
    "Rounding",
    "format_of",
    "queries",
    "rounding",
    "to_bytes",
    "to_numpy",
    "to_onnx",
    "to_torch",
]
