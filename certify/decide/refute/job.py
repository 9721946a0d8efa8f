"""What the parts of one refutation share: the instance, the limits, the way to report progress."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from certify.decide.cubes import Cubes
from certify.decide.cubes import StuckError as StuckError
from certify.decide.lrat import LratProof
from certify.decide.refute.farkas import Contradictions
from certify.decide.sat import FEW_CLAUSES, solve
from certify.errors import ResourceLimit
from certify.instance import TrainingInstance


@dataclass
class Job:
    """One question. distinct: indices of the points at their first occurrence; seconds: the budget, None for
    none; cubes: how hard parts are divided, None for not at all; plain:
    no shortcuts (engine.py).
    """

    instance: TrainingInstance
    seconds: float | None
    progress: Callable[[str], None]
    distinct: list[int]
    solver: Contradictions = field(default_factory=Contradictions)
    started: float = field(default_factory=time.monotonic)
    cubes: Cubes | None = None
    plain: bool = False

    @property
    def threshold(self) -> bool:
        return self.instance.activation == "threshold"

    def check(self) -> None:
        """Raises ResourceLimit once the budget is spent."""
        if self.seconds is not None and time.monotonic() - self.started > self.seconds:
            raise ResourceLimit(f"no verdict within {self.seconds:g} s")

    def left(self) -> float | None:
        """So many seconds are left, None for any number."""
        return None if self.seconds is None else max(self.seconds - (time.monotonic() - self.started), 0.001)

    def solve(self, clauses: Sequence[Sequence[int]], most_here: int = FEW_CLAUSES) -> list[int] | LratProof:
        """A model of the clauses, or their refutation. Raises ResourceLimit once the budget is spent; with at most
        ``most_here`` clauses the solver runs in this process, to its end.
        """
        try:
            return solve(clauses, seconds=self.left(), apart=len(clauses) > most_here)
        except ResourceLimit as error:
            raise ResourceLimit(f"no verdict within {self.seconds:g} s") from error


def first_occurrences(instance: TrainingInstance) -> tuple[list[int], tuple[int, int] | None]:
    """Indices of the points that are new, and two equal points with different labels, if there are any."""
    first: dict[object, int] = {}
    for i, (x, y) in enumerate(zip(instance.points, instance.labels, strict=True)):
        other = first.setdefault(x, i)
        if instance.labels[other] != y:
            return [], (other, i)
    return sorted(first.values()), None
