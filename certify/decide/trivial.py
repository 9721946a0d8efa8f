"""The exact fits that need no search: where every decider begins."""

from __future__ import annotations

from certify.decide import no_neurons
from certify.decide.fit.answers import Fit, NoFit
from certify.decide.refute.job import first_occurrences
from certify.decide.refute.steps import Steps
from certify.instance import TrainingInstance
from certify.network import Network


def without_search(instance: TrainingInstance) -> tuple[list[int], Fit | NoFit | None]:
    """The indices of the points that are new, and the answer to the exact fit where it is plain.

    That is: equal points with different labels, labels that are all 0, no neurons.
    """
    distinct, clash = first_occurrences(instance)
    if clash is not None:
        steps = Steps()
        steps.contradiction(*clash)
        return distinct, NoFit(steps.lines)
    if not any(instance.labels):
        return distinct, Fit(Network(instance.activation, (), instance.dimension))
    if instance.width == 0:
        return distinct, NoFit(no_neurons.refutation(instance))
    return distinct, None
