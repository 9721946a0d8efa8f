"""The refuter: from data and a width to a refutation, or UNKNOWN with what bounds are known.

It sees points, labels, width, activation and signs only. Way of a split (split.py): labels by a saturated
line and bounds on its parallels (bounds.py), facts and cases of small groups of neurons from exact linear
programs (grouping.py, groups.py), clauses between groups from the remaining points (far.py), and one
propositional refutation of what is left (propositional.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from certify.decide.cubes import Cubes
from certify.decide.refute.job import Job, StuckError, first_occurrences
from certify.decide.refute.setup import Setup
from certify.decide.refute.steps import Steps
from certify.decide.refute.trim import trimmed
from certify.errors import ResourceLimit
from certify.instance import TrainingInstance


@dataclass(frozen=True)
class Limits:
    """seconds: wall-clock budget of the whole refutation, None for none; cubes: how hard parts are divided and run,
    None for not at all. plain: without sharing steps between groups, small cores and trimming, for a second try where
    a checker rejects the first.
    """

    seconds: float | None = None
    cubes: Cubes | None = None
    plain: bool = False


@dataclass(frozen=True)
class Refutation:
    """lines: the text of the section `refutation lines`; summary: counts for reports."""

    lines: list[str]
    summary: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Unknown:
    """reason: what stopped the search; bounds: {"at least": L} neurons are needed for certain."""

    reason: str
    bounds: dict[str, int] = field(default_factory=dict)


def refute(
    instance: TrainingInstance,
    limits: Limits | None = None,
    progress: Callable[[str], None] | None = None,
) -> Refutation | Unknown:
    """A refutation of "a network of this width fits the instance exactly", or Unknown.

    The lines are a proof in the calculus of docs/format/v1.md, section 6; nothing in it rests on a solver's
    word.
    """
    distinct, clash = first_occurrences(instance)
    if clash is not None:
        steps = Steps()
        steps.contradiction(*clash)
        return Refutation(steps.lines, {"steps": dict(steps.kinds), "splits": 0, "linear programs": 0})
    if instance.width == 0:
        return _without_neurons(instance)
    job = Job(instance, limits.seconds if limits else None, progress or (lambda _: None), distinct)
    if limits is not None:
        job.cubes, job.plain = limits.cubes, limits.plain
    setup = Setup.of(instance.points, instance.labels, job.threshold)
    try:
        return _refute(job, setup)
    except (ResourceLimit, StuckError) as stop:
        return Unknown(str(stop), {"at least": setup.least()})


def _without_neurons(instance: TrainingInstance) -> Refutation | Unknown:
    """The function 0 has one label wrong, or fits."""
    wrong = next((i for i, label in enumerate(instance.labels, start=1) if label), None)
    if wrong is None:
        return Unknown("no neurons are needed", {"at least": 0})
    split = "split *" if instance.activation == "threshold" else "split 0"
    lines = [split, f"0 : e{wrong}:1 a{wrong}:-1", "qed"]
    kinds = Counter(line.split(" ", 1)[0] for line in lines)
    return Refutation(lines, {"steps": dict(kinds), "splits": 1, "linear programs": 0})


def splits(job: Job, setup: Setup) -> list[int | str]:
    """The numbers of positive neurons that the slots leave over (format v1, 6.4)."""
    k = job.instance.width
    if job.threshold:
        return [] if setup.most("*") > k else ["*"]
    allowed = range(setup.most("+"), k - setup.most("-") + 1)
    wanted = {"free": range(k + 1), "convex": range(k, k + 1), "concave": range(1)}[job.instance.signs]
    return [p for p in wanted if p in allowed]


def _refute(job: Job, setup: Setup) -> Refutation:
    # The bulk of the refuter, which a search for own data rarely comes to.
    from certify.decide.refute.split import Split

    setup.use_best()
    wanted = splits(job, setup)
    bodies: list[Steps] = []
    declared = -1
    # A line that a later split declares is known in all splits: they are built again with it from the start.
    while declared != len(setup.declared):
        declared = len(setup.declared)
        bodies = []
        for split in wanted:
            job.progress(f"split {split}: {job.instance.width} neurons, {len(job.distinct)} points")
            bodies.append(Split(job, setup, split).run())
        if len(wanted) < 2:
            break
    if job.threshold and any(len(setup.declared[n].slots[s]) > job.instance.width for n, s in setup.used):
        # A line that the search declared has more slots than there are neurons: that alone refutes (6.4).
        bodies = []
    head = Steps()
    setup.write(head)
    lines = list(head.lines)
    for body in bodies:
        lines.extend(trimmed(body.lines, everything=job.plain))
    kinds = Counter(line.split(" ", 1)[0] for line in lines)
    return Refutation(
        lines, {"steps": dict(kinds), "splits": len(bodies), "linear programs": job.solver.solved}
    )
