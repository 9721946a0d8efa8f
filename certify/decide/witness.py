"""A witness is checked twice: by exact evaluation at every point, and by Z3 through the encoding.

Z3 is given the plain encoding with every weight, bias and coefficient asserted to be the witness's:
satisfiable iff the witness fits the points in it. The points come in batches, each a script of its own: with
the weights fixed, points have nothing to do with each other, and all batches are satisfiable iff the whole
encoding is. The work is points times neurons, and the weights once for each batch; where that is above
``max_pairs``, Z3 sees a sample: as many points as fit the budget, but at least one, evenly spaced in their
order (so from all kinds of a construction). The exact evaluation always sees all of them. Points that it finds
not fitted come first, alone, so that Z3 has to agree about them. The report says how many points Z3 decided.

With a loss a batch is asked for the loss that exact evaluation finds in it, so that all batches together say that
gamma is met. A witness that exceeds gamma is put to Z3 only where one script holds all points.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from certify.encode import encode, shape_objection
from certify.errors import NotAFit, SolverFailure
from certify.instance import TrainingInstance
from certify.network import Network
from smt import check, solver

#: The default budget, about 20 s of work: points times neurons, and the neurons' weights for each batch.
MAX_PAIRS = 150_000
#: Declaring and fixing a neuron's weights costs as much as it does at so many points.
WEIGHTS_COST = 3
#: Points times neurons in one script, so that it stays below a gigabyte; but at least one point.
BATCH_PAIRS = 30_000
#: So many of the points that are not fitted are shown to Z3.
MAX_MISFITS = 3


@dataclass(frozen=True)
class WitnessReport:
    """``misfits``: indices of the points that exact evaluation finds not fitted. ``z3_fits``: whether Z3 found
    all of the ``z3_points`` points that it decided fitted; None where it gave up before the last of them.
    """

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
        missed = f"{len(self.misfits)} points do not fit" if self.misfits else "the loss is too large"
        exact = "it fits" if self.exact_fits else missed
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
    objection = shape_objection(instance, network)
    if objection is not None:
        raise NotAFit(objection)
    misfits: tuple[int, ...] = ()
    if instance.loss == "exact":
        misfits = tuple(instance.misfits(network))
        fits = not misfits
        batches = _batches(len(instance.points), instance.width, misfits, max_pairs)
    else:
        fits = instance.total_loss(network) <= instance.gamma
        small = len(instance.points) * instance.width <= BATCH_PAIRS
        whole = [list(range(len(instance.points)))] if small else []
        batches = _batches(len(instance.points), instance.width, (), max_pairs) if fits else iter(whole)
    seen = 0
    gave_up = False
    for batch in batches:
        left = None if timeout_s is None else timeout_s - (time.monotonic() - started)
        if left is not None and left <= 0:
            gave_up = True
            break
        part = replace(
            instance,
            points=tuple(instance.points[i] for i in batch),
            labels=tuple(instance.labels[i] for i in batch),
            copies=instance.copies and tuple(instance.copies[i] for i in batch),
        )
        if instance.loss != "exact" and fits:
            part = replace(part, gamma=part.total_loss(network))
        answer = check(encode(part, weights=network), "z3", timeout_s=left, seed=seed)
        if answer.status == "unknown":
            gave_up = True
            break
        if (answer.status == "sat") != (fits or (bool(misfits) and batch[0] not in misfits)):
            raise SolverFailure(
                f"Z3 says {answer.status} to points {batch[0] + 1} to {batch[-1] + 1}, exact evaluation does not"
            )
        seen += len(batch)
    # Misfits come first: once Z3 has agreed about one, the answer is no, whatever it did not get to.
    z3_fits = False if seen and not fits else None if gave_up or not (fits or seen) else True
    seconds = time.monotonic() - started
    return WitnessReport(
        fits, z3_fits, len(instance.points), seen, misfits, seconds, solver("z3").version
    )


def _batches(points: int, width: int, misfits: tuple[int, ...], max_pairs: int) -> Iterator[list[int]]:
    """The indices of the points that Z3 is to see, a script at a time: misfits alone, then fitted ones."""
    neurons = max(width, 1)
    size = max(BATCH_PAIRS // neurons, 1)
    wrong = set(misfits)
    for index in misfits[:MAX_MISFITS]:
        yield [index]
    fitted = [index for index in range(points) if index not in wrong]
    batches = -(-len(fitted) // size)
    if neurons * (len(fitted) + WEIGHTS_COST * batches) > max_pairs:
        # A point costs its pairs and its share of the weights of its batch.
        count = min(max(max_pairs * size // (neurons * (size + WEIGHTS_COST)), 1), len(fitted))
        fitted = [fitted[i * len(fitted) // count] for i in range(count)]
    for start in range(0, len(fitted), size):
        yield fitted[start : start + size]
