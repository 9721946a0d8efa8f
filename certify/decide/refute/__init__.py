"""Direct refutation of "a network with k hidden neurons fits this data" (docs/format/v1.md, section 6)."""

from certify.decide.refute.engine import Limits, Refutation, Unknown, refute

__all__ = ["Limits", "Refutation", "Unknown", "refute"]
