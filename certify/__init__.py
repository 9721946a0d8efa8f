"""Exact certificates for training two-layer ReLU and threshold networks."""

from certify.version import __version__

__all__ = ["__version__"]
