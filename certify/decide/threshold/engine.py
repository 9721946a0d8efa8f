"""Does a threshold network of this width fit the data exactly? A network, a refutation of format v1, or neither.

Order of work: equal points with different labels; slots of lines; the search (search.py); an exact network from its
signs, or the exact proof (proof.py).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from fractions import Fraction

from certify import lp
from certify.decide.fit import Fit, NoFit, Undecided
from certify.decide.refute.engine import splits
from certify.decide.refute.job import Job, StuckError
from certify.decide.refute.setup import Setup
from certify.decide.refute.steps import Steps
from certify.decide.threshold.proof import Refutation
from certify.decide.threshold.search import Search
from certify.decide.trivial import without_search
from certify.errors import ResourceLimit
from certify.exact import Vector
from certify.instance import TrainingInstance
from certify.network import Network, Neuron

MAX_WIDTH = 8
"""A point has 2^width patterns."""
_ONE = Fraction(1)

Progress = Callable[[str], None]


def decide(
    instance: TrainingInstance, *, seconds: float | None = None, seed: int = 0, progress: Progress | None = None
) -> Fit | NoFit | Undecided:
    """Decides the exact fit of a threshold instance without a loss. ``seconds``: wall-clock budget, None for none."""
    distinct, answer = without_search(instance)
    if answer is not None:
        return answer
    job = Job(instance, seconds, progress or (lambda _: None), distinct)
    setup = Setup.of(instance.points, instance.labels, True)
    summary: dict[str, object] = {}
    try:
        return _decided(job, setup, seed, summary)
    except (ResourceLimit, StuckError) as stop:
        return Undecided(str(stop), min(max(setup.least(), 1), instance.width), summary)


def _decided(job: Job, setup: Setup, seed: int, summary: dict[str, object]) -> Fit | NoFit:
    instance = job.instance
    wanted = splits(job, setup)
    if not wanted:
        setup.use_best()
        head = Steps()
        setup.write(head)
        return NoFit(list(head.lines))
    if instance.width > MAX_WIDTH:
        raise StuckError(f"over {MAX_WIDTH} neurons are not searched")
    points = [instance.points[i] for i in job.distinct]
    labels = [instance.labels[i] for i in job.distinct]
    numbers = [i + 1 for i in job.distinct]
    with closing(Search(points, labels, instance.width, seed)) as search:

        def check() -> None:
            job.check()
            job.progress(f"{search.flats} flats, {search.dichotomies.models} models")

        on = search.run(check)
        summary.update(
            models=search.dichotomies.models, flats=search.flats, clauses=len(search.dichotomies.reasons)
        )
        if on is not None:
            return Fit(network(points, labels, on, instance.dimension), summary)
        job.progress("deriving the refutation exactly")
        return NoFit(["split *", *Refutation(search, numbers, job.check).lines(), "qed"], summary)


def network(points: list[Vector], labels: list[Fraction], on: list[list[bool]], dimension: int) -> Network:
    """The network with these neurons on at the points; StuckError if there is none."""
    rows = [tuple(Fraction(int(active)) for active in row) for row in on]
    coefficients = lp.feasible(
        [*rows, *(tuple(-v for v in row) for row in rows)], [*labels, *(-label for label in labels)]
    )
    neurons = []
    for j in range(len(on[0])):
        signed = [tuple(v if row[j] else -v for v in (*x, _ONE)) for x, row in zip(points, on, strict=True)]
        form = lp.feasible(signed, [_ONE] * len(signed))
        if form is None or coefficients is None:
            raise StuckError("dichotomies without a network and without a reason")
        neurons.append(Neuron(form[:-1], form[-1], coefficients[j]))
    return Network("threshold", tuple(neurons), dimension)
