"""What every reduction offers, how two are put together, and the check that keeps an instance within memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from certify.errors import NotAFit, NotASolution, ResourceLimit
from certify.instance import TrainingInstance
from certify.loss import Loss
from certify.network import Network

#: Above this a training instance is not built: a header of a few bytes can ask for any number of points.
MAX_POINTS = 10_000_000


@dataclass(frozen=True)
class Size:
    """The size of a training instance: data points, hidden neurons allowed, input dimension."""

    points: int
    width: int
    dimension: int


@dataclass(frozen=True)
class Translation:
    """A reduction from a source problem (type P, solutions S) to another one (type Q, solutions T)."""

    name: str
    source: str
    target: str
    #: What the construction is, in a few words.
    title: str
    #: One sentence: what a yes and a no of the one side mean on the other.
    claim: str
    #: P -> Q; raises ResourceLimit for one too large to build.
    reduce: Callable[[Any], Any]
    #: (P, S) -> T; raises NotASolution.
    lift: Callable[[Any, Any], Any]
    #: (P, any solution of reduce(P)) -> S; raises NotASolution.
    extract: Callable[[Any, Any], Any]


@dataclass(frozen=True)
class Reduction:
    """A reduction from a source problem (type P, solutions S) to training a network; texts and functions."""

    name: str
    source: str
    target: str
    theorem: str
    #: What a checker names when it takes a no of the data from one of the source: the theorem of the last step.
    backward: str
    #: One sentence: what a yes and a no of the one side mean on the other.
    claim: str
    #: P -> TrainingInstance; raises ResourceLimit for one too large to build.
    reduce: Callable[[Any], TrainingInstance]
    #: (P, S) -> a network that fits reduce(P); raises NotASolution.
    lift: Callable[[Any, Any], Network]
    #: (P, any network that fits reduce(P)) -> S; raises NotAFit.
    extract: Callable[[Any, Network], Any]
    #: P -> Size of reduce(P), by formula.
    size: Callable[[Any], Size]
    #: The reductions between source problems that come first on a path.
    via: tuple[Translation, ...] = ()
    #: (P, network) -> S, from a network that fits reduce(P) thanks to neurons more, affine (threshold: constant) on
    #: these data; None where that is unproved. Raises NotAFit.
    read: Callable[[Any, Network], Any] | None = None
    #: The losses of a reduction that sets a target error of its own, and the reduction for one of them.
    losses: tuple[Loss, ...] = ()
    for_loss: Callable[[Loss], Reduction] | None = None
    #: The lines that name wrappers in a certificate (reductions/wrappers.py).
    modifiers: tuple[str, ...] = ()


def composed(first: Translation, second: Reduction) -> Reduction:
    """The reduction along both: solutions are lifted and read back along the whole path."""
    inner = second.read
    read: Callable[[Any, Network], Any] | None = None
    if inner is not None:
        reader = inner
        read = lambda problem, network: first.extract(problem, reader(first.reduce(problem), network))  # noqa: E731
    return Reduction(
        name=f"{first.source}-{second.name}",
        source=first.source,
        target=second.target,
        theorem=f"{first.title}, {second.theorem}",
        backward=second.backward,
        claim=f"{first.claim} {second.claim}",
        reduce=lambda problem: second.reduce(first.reduce(problem)),
        lift=lambda problem, solution: second.lift(first.reduce(problem), first.lift(problem, solution)),
        extract=lambda problem, network: first.extract(problem, second.extract(first.reduce(problem), network)),
        size=lambda problem: second.size(first.reduce(problem)),
        via=(first, *second.via),
        read=read,
    )


def check_size(size: Size) -> None:
    """Raises ResourceLimit for an instance of more than MAX_POINTS points."""
    if size.points > MAX_POINTS:
        raise ResourceLimit(
            f"the training instance would have {size.points} points, more than {MAX_POINTS}",
            hint="reduce a smaller source instance",
        )


def require_fit(instance: TrainingInstance, network: Network) -> None:
    """Raises NotAFit, with the reason, unless ``network`` is a witness of ``instance``."""
    objection = instance.objection(network)
    if objection is not None:
        raise NotAFit(objection, hint="only a network that fits all the points encodes a solution")


def require(solved: bool, problem: str) -> None:
    """Raises NotASolution unless ``solved``."""
    if not solved:
        raise NotASolution(f"the given solution does not solve the {problem} instance")
