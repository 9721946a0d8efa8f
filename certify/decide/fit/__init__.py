"""The exact fit of a person's own data by a network of a given width: a network or a refutation."""

from certify.decide.fit.engine import Fit, NoFit, Undecided, decide

__all__ = ["Fit", "NoFit", "Undecided", "decide"]
