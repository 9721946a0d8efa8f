"""This program as a method of fit_run.py."""

from __future__ import annotations

from collections.abc import Callable

from fit_peers import PeerAnswer

import certify
from certify.instance import TrainingInstance


def decider(limit: float) -> Callable[[TrainingInstance], PeerAnswer]:
    """``certify.fit`` within ``limit`` seconds; YES and NO count only with a complete, checked certificate."""
    fit = certify.fit

    def decide(instance: TrainingInstance) -> PeerAnswer:
        result = fit(
            instance.points,
            instance.labels,
            width=instance.width,
            activation=instance.activation,
            signs=instance.signs,
            timeout=limit,
        )
        return PeerAnswer(result.verdict)

    return decide
