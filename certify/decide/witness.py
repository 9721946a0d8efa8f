"""A witness is checked twice: by exact evaluation at every point, and by Z3 through the encoding.

Z3 is given the plain encoding with every weight, bias and coefficient asserted to be the witness's:
satisfiable iff the witness fits. The encoding has points times neurons parts; above ``max_pairs`` Z3 sees a
sample of the points (evenly spaced in their order, so from all kinds of a construction), in batches, while
the exact evaluation always sees all of them. The report says how many points Z3 saw.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from certify.encode import encode
from certify.errors import SolverFailure
from certify.instance import TrainingInstance
from certify.network import Network
from smt import check

#: Points times neurons that Z3 is given at most, and in one script.
MAX_PAIRS = 100_000
BATCH_PAIRS = 10_000


@dataclass(frozen=True)
class WitnessReport:
    """misfits: indices of the points that exact evaluation finds not fitted; z3_fits: None where Z3 gave up."""

    exact_fits: bool
    z3_fits: bool | None
    points: int
    z3_points: int
    misfits: tuple[int, ...]
    seconds: float
    solver_version: str

    @property
    def fits(self) -> bool:
        """Both checks agree that the witness fits."""
        return self.exact_fits and self.z3_fits is True

    def __str__(self) -> str:
        verdict = {True: "sat", False: "unsat", None: "unknown"}[self.z3_fits]
        seen = "all" if self.z3_points == self.points else f"{self.z3_points} of {self.points}"
        exact = "all points fit" if self.exact_fits else f"{len(self.misfits)} points do not fit"
        return f"exact evaluation: {exact}; Z3 {self.solver_version} on {seen} points: {verdict}"


def check_witness(
    instance: TrainingInstance,
    network: Network,
    *,
    max_pairs: int = MAX_PAIRS,
    timeout_s: float | None = None,
    seed: int = 0,
) -> WitnessReport:
    """Checks both ways. Raises NotAFit for a network of another shape, SolverFailure if the two checks
    disagree.
    """
    started = time.monotonic()
    misfits = tuple(instance.misfits(network))
    width = max(instance.width, 1)
    count = min(len(instance.points), max(max_pairs // width, 1))
    chosen = [i * len(instance.points) // count for i in range(count)]
    size = max(BATCH_PAIRS // width, 1)
    z3_fits: bool | None = True
    version = ""
    for start in range(0, count, size):
        batch = chosen[start : start + size]
        left = None if timeout_s is None else max(timeout_s - (time.monotonic() - started), 0.001)
        part = replace(
            instance,
            points=tuple(instance.points[i] for i in batch),
            labels=tuple(instance.labels[i] for i in batch),
            copies=None,
        )
        answer = check(encode(part, weights=network), "z3", timeout_s=left, seed=seed)
        version = answer.solver_version
        if answer.status == "unknown":
            z3_fits = None
            break
        expected = not set(batch) & set(misfits)
        if (answer.status == "sat") != expected:
            raise SolverFailure(
                f"Z3 and the exact evaluation disagree on points {batch[0] + 1} to {batch[-1] + 1}"
            )
        if answer.status == "unsat":
            z3_fits = False
            break
    return WitnessReport(
        not misfits, z3_fits, len(instance.points), count, misfits, time.monotonic() - started, version
    )
