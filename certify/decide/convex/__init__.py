"""The exact fit by a convex (or concave) ReLU network: the paper's Theorem 11, Algorithms 1 and 2."""

from certify.decide.convex.engine import MAX_WIDTH, ConvexFit, ConvexNoFit, exact_fit
from certify.decide.convex.tree import Counts

__all__ = ["MAX_WIDTH", "ConvexFit", "ConvexNoFit", "Counts", "exact_fit"]
