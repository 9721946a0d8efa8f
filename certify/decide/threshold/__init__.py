"""The exact fit by threshold networks: a search over dichotomies of the points, and exact refutations."""

from certify.decide.threshold.engine import decide

__all__ = ["decide"]
