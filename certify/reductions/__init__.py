"""The reductions from source problems to training, one module an edge, and their registry."""

from __future__ import annotations

from certify.errors import UnknownProblem
from certify.reductions import poits_to_relu, poits_to_threshold, twohyp_to_relu, twohyp_to_threshold
from certify.reductions.base import Reduction, Size

__all__ = ["REDUCTIONS", "Reduction", "Size", "reduction_named"]

#: By (source, target).
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


def reduction_named(source: str, target: str) -> Reduction:
    """The reduction from ``source`` to ``target``; UnknownProblem if there is none."""
    if (source, target) not in REDUCTIONS:
        known = ", ".join(f"{s} to {t}" for s, t in REDUCTIONS)
        raise UnknownProblem(f"no reduction from {source!r} to {target!r}", hint=f"there is {known}")
    return REDUCTIONS[source, target]
