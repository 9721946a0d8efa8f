"""The deciders of an exact fit, by name, and the order in which they are tried where none is named."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from certify.decide.cubes import Cubes
from certify.decide.fit import Fit, NoFit, Undecided
from certify.decide.forced import forced, meets_exactly, refute_with_loss
from certify.decide.method_names import METHODS, Method
from certify.decide.refute import Limits, Unknown
from certify.errors import InvalidInstance, ResourceLimit
from certify.instance import TrainingInstance
from certify.network import Network

Answer = Fit | NoFit | Undecided
Progress = Callable[[str], None]

@dataclass(frozen=True)
class Budget:
    """Wall-clock seconds for all deciders together, None for no limit; cubes: how hard parts of a direct refutation are
    divided and run, None for not at all.
    """

    seconds: float | None
    cubes: Cubes | None = None
    started: float = field(default_factory=time.monotonic)

    def left(self) -> float | None:
        """Seconds that are left, never 0, which the deciders would take for none."""
        return None if self.seconds is None else max(self.seconds - (time.monotonic() - self.started), 0.001)

    def spent(self) -> bool:
        left = self.left()
        return left is not None and left < 0.01


def admit(instance: TrainingInstance, method: Method) -> None:
    """Raises InvalidInstance where the method is not for such a question."""
    if method not in METHODS:
        raise InvalidInstance(f"no method {method!r}", hint=f"choose from {', '.join(METHODS)}")
    if method == "tree" and (instance.activation != "relu" or instance.signs == "free"):
        raise InvalidInstance("the method tree is for convex or concave ReLU networks", hint="ask for one, or use auto")
    if method not in ("auto", "refuter") and not meets_exactly(instance):
        raise InvalidInstance(f"the method {method} is for an exact fit", hint="use auto for a loss above 0")


def exact(instance: TrainingInstance, method: Method, budget: Budget, seed: int, progress: Progress) -> Answer:
    """Decides an exact fit by the method; ``auto``: by those that suit the question, one after the other."""
    if method == "tree":
        return _tree(instance, budget, progress)
    if method == "search":
        return _search(instance, budget, seed, progress)
    if method == "enumeration":
        from certify.decide import enumeration

        return enumeration.decide(instance, seconds=budget.left(), progress=progress)
    if method == "refuter":
        return refuted(instance, budget, progress)
    answer = _search(instance, budget, seed, progress)
    if instance.signs != "free" and isinstance(answer, Undecided) and not budget.spent():
        again = _tree(instance, budget, progress)
        return answer if isinstance(again, Undecided) else again
    return answer


def _search(instance: TrainingInstance, budget: Budget, seed: int, progress: Progress) -> Answer:
    """The search over signs: of the activation."""
    # Each decider is loaded on first use.
    if instance.activation == "threshold":
        from certify.decide.threshold import decide
    else:
        from certify.decide.fit import decide
    return decide(instance, seconds=budget.left(), seed=seed, progress=progress)


def refuted(instance: TrainingInstance, budget: Budget, progress: Progress) -> Answer:
    """The direct refuter (docs/direct_refutation.md), a NO or nothing; the cases of a loss that leaves a choice."""
    if not meets_exactly(instance) and forced(instance)[0] < instance.gamma:
        return by_cases(instance, budget, progress)
    found = refute_with_loss(instance, Limits(budget.left(), budget.cubes), progress)
    if isinstance(found, Unknown) and not meets_exactly(instance):
        # Nothing is left to spare, but the points that are not pinned have several best values.
        return by_cases(instance, budget, progress)
    if isinstance(found, Unknown):
        return Undecided(found.reason, 0)
    return NoFit(list(found.lines), {"method": "direct refuter", **found.summary})


def by_cases(instance: TrainingInstance, budget: Budget, progress: Progress) -> Answer:
    """A loss that leaves the values a choice, for few neurons (loss_cases.py)."""
    from certify.decide.loss_cases import decide_by_cases

    progress("searching the cases of the loss")
    found = decide_by_cases(instance, Limits(budget.left()))
    summary: dict[str, object] = {"method": "cases of the loss"}
    if isinstance(found, Network):
        return Fit(found, summary)
    return Undecided(found.reason, 0) if isinstance(found, Unknown) else NoFit(list(found.lines), summary)


def _tree(instance: TrainingInstance, budget: Budget, progress: Progress) -> Answer:
    """Theorem 11."""
    from certify.decide import convex

    try:
        found = convex.exact_fit(instance, seconds=budget.left(), progress=progress)
    except ResourceLimit as stop:
        return Undecided(stop.message, 0)
    summary: dict[str, object] = {"method": "tree of Theorem 11", "nodes": found.nodes, "forced": found.counts.forced}
    if isinstance(found, convex.ConvexFit):
        return Fit(found.network, summary)
    return NoFit(found.lines, summary)
