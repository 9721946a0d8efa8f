"""Corollary 9: multicoloured clique to training one linear threshold neuron with an l0, l1 or l2 error."""

from __future__ import annotations

from certify.instance import TrainingInstance
from certify.loss import Loss
from certify.network import Network
from certify.problems.clique import Vertices
from certify.problems.mcclique import ColouredGraph
from certify.reductions.base import Size
from certify.reductions.mcclique_layout import Layout

NAME = "mcclique-threshold"
SOURCE = "mcclique"
TARGET = "threshold"
THEOREM = "Corollary 9"
CLAIM = (
    "The graph has a clique with one vertex of every colour if and only if one linear threshold neuron has a "
    "total loss of at most gamma on the data."
)


def size(graph: ColouredGraph, loss: Loss = "l1") -> Size:
    """A point for the origin, every vertex, every pair of one colour, every edge between colours."""
    return Layout(graph, loss).size()


def reduce(graph: ColouredGraph, loss: Loss = "l1") -> TrainingInstance:
    """The training instance, with its loss and its target error (see Layout.instance)."""
    return Layout(graph, loss).instance("threshold")


def lift(graph: ColouredGraph, solution: Vertices, loss: Loss = "l1") -> Network:
    """One neuron that misses the label of every edge outside the clique by 1; raises NotASolution."""
    return Layout(graph, loss).witness(solution, "threshold")


def extract(graph: ColouredGraph, network: Network, loss: Loss = "l1") -> Vertices:
    """The clique in any network that keeps within gamma; raises NotAFit for any other."""
    return Layout(graph, loss).extract("threshold", network)


def read(graph: ColouredGraph, network: Network, loss: Loss = "l1") -> Vertices:
    """As ``extract``, from a network that keeps within gamma thanks to further neurons, constant on these data."""
    return Layout(graph, loss).read(network)
