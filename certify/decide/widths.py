"""The least width of a data set: the search between a lower and an upper bound.

Lower bounds come from the slots of lines and from refutations, upper ones from networks; by Carathéodory's theorem
for cones no network needs more neurons than there are different points to take the values that it has there, so a
refutation of that width says that no width is enough. Widths between the bounds are asked from below, in rounds with
growing budgets, so that one hard width does not keep a larger one from showing a network.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from certify.decide.cubes import Cubes
from certify.decide.fit import Fit, NoFit, Undecided
from certify.decide.forced import meets_exactly
from certify.decide.interpolate import interpolation
from certify.decide.method_names import Method
from certify.decide.methods import admit
from certify.decide.portfolio import decide
from certify.decide.refute.setup import Setup
from certify.instance import TrainingInstance

Progress = Callable[[str], None]
#: What is done about hard parts of the question of one width.
Divide = Callable[[TrainingInstance], Cubes | None]
FIRST_BUDGET, GROWTH = 2, 4
#: So many widths are asked in a round, the smallest ones.
WINDOW = 6
#: After so many widths in a row that are beyond the search, larger ones are not asked.
MOST_BEYOND = 3


@dataclass
class Bounds:
    """What is known of the least width, with its reasons.

    ``at_least`` neurons are needed: ``no_fit`` refutes one fewer (None where that is not known yet). ``at_most`` are
    enough: ``fit`` is the network; both None where none is known. ``most``: if so many are too few, any number is
    (``hopeless``). ``tried``: the widths that were asked, for reports. ``reason``: why the search ended too early.
    """

    most: int
    at_least: int = 0
    at_most: int | None = None
    no_fit: NoFit | None = None
    fit: Fit | None = None
    tried: list[dict[str, Any]] = field(default_factory=list)
    reason: str | None = None

    @classmethod
    def of(cls, instance: TrainingInstance) -> Bounds:
        """With the network that interpolates along a direction, where there is one."""
        bounds = cls(len(set(instance.points)))
        network = interpolation(instance)
        if network is not None:
            bounds.take(network.width, Fit(network, {"method": "piecewise linear along one direction"}))
        return bounds

    @property
    def finished(self) -> bool:
        """Whether both bounds agree and have their reasons."""
        return self.at_most == self.at_least and (self.at_least == 0 or self.no_fit is not None)

    @property
    def hopeless(self) -> bool:
        """Whether no number of neurons is enough."""
        return self.at_least > self.most and self.no_fit is not None

    def take(self, width: int, answer: Fit | NoFit | Undecided) -> None:
        """Notes the answer for a width."""
        if isinstance(answer, Fit) and (self.at_most is None or width < self.at_most):
            self.at_most, self.fit = width, answer
        elif isinstance(answer, NoFit) and width >= self.at_least:
            self.at_least, self.no_fit = width + 1, answer

    def as_dict(self) -> dict[str, int | None]:
        return {"at_least": self.at_least, "at_most": self.at_most}

    def __str__(self) -> str:
        upper = "" if self.at_most is None else f", at most {self.at_most}"
        return f"at least {self.at_least}{upper}"


def least_width(
    instance: TrainingInstance,
    bounds: Bounds,
    *,
    seconds: float | None,
    seed: int,
    progress: Progress | None,
    method: Method = "auto",
    divide: Divide = lambda _: None,
) -> None:
    """Moves the bounds towards each other until they meet, ``seconds`` have passed, or nothing more is known to do.

    ``method``: the decider of every width (portfolio.py); ``divide``: how its direct refutation is divided. What is
    found is in ``bounds`` at any time, also when KeyboardInterrupt ends the search.
    """
    admit(instance, method)
    _Search(instance, bounds, seconds, seed, progress or (lambda _: None), method, divide).run()


class _Search:
    def __init__(
        self,
        instance: TrainingInstance,
        bounds: Bounds,
        seconds: float | None,
        seed: int,
        progress: Progress,
        method: Method,
        divide: Divide,
    ) -> None:
        self.instance = instance
        self.bounds = bounds
        self.seconds = seconds
        self.deadline = None if seconds is None else time.monotonic() + seconds
        self.seed = seed
        self.progress = progress
        self.method = method
        self.divide = divide
        self.beyond: dict[int, str] = {}

    def left(self) -> float | None:
        return None if self.deadline is None else self.deadline - time.monotonic()

    def ask(self, width: int, budget: float) -> None:
        """Decides one width within the budget, and what is left of the time."""
        bounds, left = self.bounds, self.left()
        allowed = budget if left is None else max(min(budget, left), 0.001)
        begin = time.monotonic()
        part = replace(self.instance, width=width)
        answer = decide(
            part,
            seconds=allowed,
            seed=self.seed,
            method=self.method,
            cubes=self.divide(part),
            progress=lambda text: self.progress(f"{bounds}; {width} neurons: {text}"),
        )
        spent = time.monotonic() - begin
        bounds.take(width, answer)
        verdict = {Fit: "YES", NoFit: "NO", Undecided: "UNKNOWN"}[type(answer)]
        bounds.tried.append({"width": width, "verdict": verdict, "seconds": round(spent, 3)})
        if isinstance(answer, Undecided) and spent < allowed / 2:
            self.beyond[width] = answer.reason

    def run(self) -> None:
        bounds = self.bounds
        if bounds.finished:
            return
        self.progress(str(bounds))
        if bounds.fit is None:
            self.ask(bounds.most, FIRST_BUDGET)
            if bounds.hopeless:
                return
        begin = time.monotonic()
        if bounds.at_least == 0:
            self.ask(max(by_lines(self.instance), 1) - 1, FIRST_BUDGET)
        if bounds.at_least == 0:
            # Width 0 is decided by evaluation.
            self.ask(0, FIRST_BUDGET)
        # Finding the lines is a part of every answer: where there are many points, a round has to last longer.
        budget = max(FIRST_BUDGET, GROWTH * (time.monotonic() - begin))
        while not bounds.finished and not bounds.hopeless:
            upper = bounds.most + 1 if bounds.at_most is None else bounds.at_most
            wanted = [k for k in range(bounds.at_least, upper) if k not in self.beyond]
            if not wanted:
                bounds.reason = next(iter(self.beyond.values()), "no more widths to ask")
                return
            self._round(wanted, budget, WINDOW)
            if bounds.reason is not None:
                return
            budget *= GROWTH

    def _round(self, wanted: list[int], budget: float, most: int) -> None:
        """Asks the first ``most`` of these widths, as long as they lie between the bounds."""
        bounds, row = self.bounds, 0
        for width in wanted[:most]:
            if width < bounds.at_least or (bounds.at_most is not None and width >= bounds.at_most):
                continue
            left = self.left()
            if left is not None and left <= 0:
                bounds.reason = f"no verdict within {self.seconds:g} s"
                return
            self.ask(width, budget)
            row = row + 1 if width in self.beyond else 0
            if row == MOST_BEYOND:
                self.beyond.update({k: self.beyond[width] for k in wanted if k > width})
                return


def by_lines(instance: TrainingInstance) -> int:
    """So many neurons are needed by the slots of single lines (format v1, 6.3 and 6.4)."""
    if not meets_exactly(instance):
        return 0
    return Setup.of(instance.points, instance.labels, instance.activation == "threshold").least()
