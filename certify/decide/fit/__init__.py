"""The exact fit of a person's own data by a network of a given width: a network or a refutation."""

from typing import TYPE_CHECKING, Any

from certify.decide.fit.answers import Fit, NoFit, Undecided

if TYPE_CHECKING:
    from certify.decide.fit.engine import decide

__all__ = ["Fit", "NoFit", "Undecided", "decide"]


def __getattr__(name: str) -> Any:
    # Loaded on first use: what is decided at once needs neither the search nor NumPy.
    if name == "decide":
        from certify.decide.fit.engine import decide

        return decide
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
