"""This program as a method of fit_run.py."""

from __future__ import annotations

from collections.abc import Callable

from fit_peers import PeerAnswer

import certify
from certify.instance import TrainingInstance

#: So many times the limit of CPU time may a case take by the wall clock.
PATIENCE = 5


def decider(limit: float) -> Callable[[TrainingInstance], PeerAnswer]:
    """``certify.fit``; YES and NO count only with a complete, checked certificate.

    The limit of CPU time is the caller's; that of the wall clock is longer, as other work may take turns.
    """
    fit = certify.fit

    def decide(instance: TrainingInstance) -> PeerAnswer:
        result = fit(
            instance.points,
            instance.labels,
            width=instance.width,
            activation=instance.activation,
            signs=instance.signs,
            timeout=PATIENCE * limit,
        )
        return PeerAnswer(result.verdict)

    return decide
