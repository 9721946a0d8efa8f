"""Is there a convex (concave) ReLU network of this width that fits exactly? By Theorem 11: a network, or a proof.

The tree decides, exactly. Its rejected branches are sets of signs that cannot hold together. Points that a branch
forced need no literal: with h = [z(x)]_+ the equation of a point says y - sum_I z_j(x) = sum_I (h_j - z_j(x)) +
sum_{not I} h_j, a sum of non-negative terms, so a bound mu >= y, and the region that mu = y implies, are
combinations of the items e, h and g of format v1, 6.8.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations

from certify.decide.convex.tree import Assignment, Counts, Tree
from certify.decide.fit.answers import Fit, NoFit
from certify.decide.fit.proof import SplitProof
from certify.decide.fit.rows import Rows
from certify.decide.refute.job import Job, StuckError
from certify.decide.trivial import without_search
from certify.errors import InvalidInstance, ResourceLimit, SolverFailure
from certify.instance import TrainingInstance
from certify.network import Network, Neuron

Progress = Callable[[str], None]
EVERY = 100
"""Nodes between two reports of progress."""
MAX_WIDTH = 6
"""A node looks at 2^width pieces, a refutation at width! orders of the neurons."""


@dataclass(frozen=True)
class ConvexFit:
    """network: fits exactly, all its coefficients are 1 (concave: -1)."""

    network: Network
    nodes: int
    counts: Counts


@dataclass(frozen=True)
class ConvexNoFit:
    """lines: the text of the section `refutation lines`."""

    lines: list[str]
    nodes: int
    counts: Counts


def exact_fit(
    instance: TrainingInstance,
    *,
    seconds: float | None = None,
    nodes: int | None = None,
    progress: Progress | None = None,
) -> ConvexFit | ConvexNoFit:
    """Theorem 11 for k = ``instance.width`` ReLUs. ``seconds``: wall-clock budget; ``nodes``: at most; None for none.

    Raises InvalidInstance for other activations, free signs or a loss; ResourceLimit when a budget is spent, or for
    very many neurons; SolverFailure if a NO that the tree found cannot be written as a proof.
    """
    if instance.activation != "relu" or instance.signs == "free" or instance.loss != "exact":
        raise InvalidInstance("not an exact fit by a convex or concave ReLU network", hint="use certify.decide.fit")
    distinct, answer = without_search(instance)
    counts = Counts()
    if isinstance(answer, Fit):
        return ConvexFit(answer.network, 0, counts)
    if isinstance(answer, NoFit):
        return ConvexNoFit(answer.lines, 0, counts)
    if instance.width > MAX_WIDTH:
        raise ResourceLimit(f"over {MAX_WIDTH} neurons are not searched")
    job = Job(instance, seconds, progress or (lambda _: None), distinct)
    sign = 1 if instance.signs == "convex" else -1
    points = [(*instance.points[i], Fraction(1)) for i in distinct]

    def entered(counts: Counts) -> None:
        if nodes is not None and counts.nodes > nodes:
            raise ResourceLimit(f"no verdict within {nodes} nodes")
        if counts.nodes % EVERY == 0:
            job.progress(f"{counts.nodes} nodes, {counts.rejected} branches rejected")

    tree = Tree(points, [sign * instance.labels[i] for i in distinct], instance.width, job.check, entered)
    found = tree.run()
    if found is not None:
        neurons = tuple(Neuron(row[:-1], row[-1], Fraction(sign)) for row in found.network())
        network = Network("relu", neurons, instance.dimension)
        if instance.misfits(network):
            raise SolverFailure("the network of system (6) does not fit")
        return ConvexFit(network, tree.counts.nodes, tree.counts)
    job.progress(f"{len(tree.leaves)} rejected branches: deriving the refutation exactly")
    return ConvexNoFit(_refutation(job, distinct, tree.leaves), tree.counts.nodes, tree.counts)


def _refutation(job: Job, distinct: list[int], leaves: list[Assignment]) -> list[str]:
    positives = job.instance.width if job.instance.signs == "convex" else 0
    proof = SplitProof(Rows(job.instance, positives, None), job)
    for leaf in leaves:
        # The tree leaves out branches that differ by a swap of neurons; a proof says them all.
        for order in permutations(range(job.instance.width)):
            proof.guess(tuple((distinct[i], order[j], on) for i, piece in leaf for j, on in enumerate(piece)))
    try:
        lines = proof.close()
    except StuckError as stop:
        raise SolverFailure(f"no proof of the refutation was found: {stop}") from None
    if isinstance(lines, Network):
        raise SolverFailure("a network fits where the search tree says that none does")
    return [f"split {positives}", *lines, "qed"]
