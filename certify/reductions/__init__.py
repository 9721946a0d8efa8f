"""The reductions: from source problems to training, one module an edge; between source problems; all paths."""

from __future__ import annotations

from certify.errors import UnknownProblem
from certify.reductions import (
    clique_to_twohyp,
    poits_to_relu,
    poits_to_threshold,
    sat_to_poits,
    twohyp_to_relu,
    twohyp_to_threshold,
)
from certify.reductions.base import Reduction, Size, Translation, composed

__all__ = ["REDUCTIONS", "TRANSLATIONS", "Reduction", "Size", "Translation", "reduction_named"]

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

#: The ways from a source problem to training, by (source, target): single reductions, then longer paths.
REDUCTIONS: dict[tuple[str, str], Reduction] = {
    (module.SOURCE, module.TARGET): Reduction(
        name=module.NAME,
        source=module.SOURCE,
        target=module.TARGET,
        theorem=module.THEOREM,
        claim=module.CLAIM,
        reduce=module.reduce,
        lift=module.lift,
        extract=module.extract,
        size=module.size,
    )
    for module in (poits_to_relu, poits_to_threshold, twohyp_to_relu, twohyp_to_threshold)
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


def reduction_named(source: str, target: str) -> Reduction:
    """The reduction from ``source`` to ``target``, along a path if need be; UnknownProblem if there is none."""
    if (source, target) not in REDUCTIONS:
        known = ", ".join(f"{s} to {t}" for s, t in REDUCTIONS)
        raise UnknownProblem(f"no reduction from {source!r} to {target!r}", hint=f"there is {known}")
    return REDUCTIONS[source, target]
