"""What there is to draw, in floating point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from certify.certificate import Certificate, proof_lines
from certify.instance import TrainingInstance
from certify.network import Network
from certify.problems.poits import Formula

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Forced:
    """A place that some neuron must bend or jump in: from point to point, numbered from 0."""

    first: int
    last: int
    sign: str


@dataclass(frozen=True)
class Scene:
    """``points`` is n x d, ``labels`` has length n. ``captions``: (height on the line x_1 = 0, text);
    ``focus``: the middle of the gadget to show close up; ``threshold_data``: data for threshold neurons.
    """

    points: Array
    labels: Array
    network: Network | None = None
    forced: tuple[Forced, ...] = ()
    captions: tuple[tuple[float, str], ...] = ()
    title: str = ""
    focus: tuple[float, float] | None = None
    threshold_data: bool = False
    weights: Array = field(init=False)
    biases: Array = field(init=False)
    coefficients: Array = field(init=False)

    def __post_init__(self) -> None:
        neurons = () if self.network is None else self.network.neurons
        dimension = self.points.shape[1]
        weights = np.array([[float(w) for w in n.weights] for n in neurons]).reshape(len(neurons), dimension)
        object.__setattr__(self, "weights", weights)
        object.__setattr__(self, "biases", np.array([float(n.bias) for n in neurons]))
        object.__setattr__(self, "coefficients", np.array([float(n.coefficient) for n in neurons]))

    def values(self, x: Array) -> Array:
        """The network's values at the rows of ``x``."""
        total = np.zeros(len(x))
        for w, b, a in zip(self.weights, self.biases, self.coefficients, strict=True):
            z = x @ w + b
            total += a * ((z > 0) if self.threshold_data else np.maximum(z, 0))
        return total


def scene_of(
    instance: TrainingInstance,
    network: Network | None = None,
    *,
    source: object = None,
    forced: Sequence[Forced] = (),
    title: str = "",
) -> Scene:
    """The scene of an instance; a formula as ``source`` gives captions to its gadgets."""
    points = np.array([[float(x) for x in point] for point in instance.points], dtype=np.float64)
    points = points.reshape(len(instance.points), instance.dimension)
    labels = np.array([float(y) for y in instance.labels])
    captions: tuple[tuple[float, str], ...] = ()
    focus = None
    if isinstance(source, Formula) and (source.clauses or source.variables):
        captions = tuple(_captions(source, instance.activation == "relu"))
        focus = (0.0, captions[0][0])
    stepped = instance.activation == "threshold"
    return Scene(points, labels, network, tuple(forced), captions, title, focus, stepped)


def forced_places(path: Path, certificate: Certificate) -> list[Forced]:
    """The slots that the refutation in a certificate states (format v1, 6.3)."""
    found: list[Forced] = []
    if certificate.claim.verdict == "YES":
        return found
    for line in proof_lines(path):
        kind, *words = line.split(" ")
        if kind == "slots":
            sign, ends = words[1], [int(word) - 1 for word in words[2:]]
            width = 2 if sign == "*" else 3
            found += [Forced(ends[t], ends[t + width - 1], sign) for t in range(0, len(ends), width)]
        elif kind == "contradiction":
            found.append(Forced(int(words[0]) - 1, int(words[1]) - 1, "*"))
        elif kind != "line":
            break
    return found


def _captions(formula: Formula, relu: bool) -> Iterator[tuple[float, str]]:
    spacing = (16 if relu else 24) * max(len(formula.clauses), 1) + 6
    for j, clause in enumerate(formula.clauses, start=1):
        yield float(j * spacing), "(" + " ".join(f"$v_{{{i}}}$" for i in clause) + ")"
    for i in range(1, formula.variables + 1):
        yield float(-i * spacing), f"$v_{{{i}}}$"
