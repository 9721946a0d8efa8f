"""The reductions: from source problems to training, one module an edge; between source problems; all paths."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from certify.errors import UnknownProblem
from certify.loss import LOSSES, Loss
from certify.reductions import (
    clique_to_twohyp,
    mcclique_to_relu,
    mcclique_to_threshold,
    poits_to_relu,
    poits_to_threshold,
    sat_to_poits,
    twohyp_to_relu,
    twohyp_to_threshold,
)
from certify.reductions.base import Reduction, Size, Translation, composed
from certify.reductions.wrappers import Options, wrapped

__all__ = [
    "REDUCTIONS",
    "TRANSLATIONS",
    "Options",
    "Reduction",
    "Size",
    "Translation",
    "reduction_named",
]

#: The reductions between source problems, by source: at most one from each, so that paths are unique.
TRANSLATIONS: dict[str, Translation] = {
    module.SOURCE: Translation(
        name=module.NAME,
        source=module.SOURCE,
        target=module.TARGET,
        title=module.TITLE,
        claim=module.CLAIM,
        reduce=module.reduce,
        lift=module.lift,
        extract=module.extract,
    )
    for module in (sat_to_poits, clique_to_twohyp)
}

def _reduction(module: Any) -> Reduction:
    """The reduction that a module describes by its names and functions."""
    return Reduction(
        name=module.NAME,
        source=module.SOURCE,
        target=module.TARGET,
        theorem=module.THEOREM,
        backward=module.THEOREM,
        claim=module.CLAIM,
        reduce=module.reduce,
        lift=module.lift,
        extract=module.extract,
        size=module.size,
        read=getattr(module, "read", None),
    )


def _with_loss(module: Any, loss: Loss) -> Reduction:
    """The same where the functions take the loss."""
    made = _reduction(module)
    return replace(
        made,
        reduce=partial(module.reduce, loss=loss),
        lift=partial(module.lift, loss=loss),
        extract=partial(module.extract, loss=loss),
        size=partial(module.size, loss=loss),
        read=partial(module.read, loss=loss) if hasattr(module, "read") else None,
        losses=LOSSES[1:],
        for_loss=partial(_with_loss, module),
    )


#: The ways from a source problem to training, by (source, target): single reductions, then longer paths.
REDUCTIONS: dict[tuple[str, str], Reduction] = {
    (made.source, made.target): made
    for made in (
        *map(_reduction, (poits_to_relu, poits_to_threshold, twohyp_to_relu, twohyp_to_threshold)),
        *(_with_loss(module, "l1") for module in (mcclique_to_relu, mcclique_to_threshold)),
    )
}


def _add_paths() -> None:
    """Puts every translation before the ways from its target, until nothing is new."""
    grown = True
    while grown:
        grown = False
        for first in TRANSLATIONS.values():
            for source, target in list(REDUCTIONS):
                if source == first.target and (first.source, target) not in REDUCTIONS:
                    REDUCTIONS[first.source, target] = composed(first, REDUCTIONS[source, target])
                    grown = True


_add_paths()


def reduction_named(source: str, target: str, options: Options = Options()) -> Reduction:  # noqa: B008
    """The reduction from ``source`` to ``target``, along a path if need be, with wrappers as ``options`` say.

    Raises UnknownProblem if there is none, InvalidInstance for options that it cannot have.
    """
    if (source, target) not in REDUCTIONS:
        known = ", ".join(f"{s} to {t}" for s, t in REDUCTIONS)
        raise UnknownProblem(f"no reduction from {source!r} to {target!r}", hint=f"there is {known}")
    return wrapped(REDUCTIONS[source, target], options)
