"""Multicoloured clique to training one ReLU with an l0, l1 or l2 error."""

from __future__ import annotations

from certify.instance import TrainingInstance
from certify.loss import Loss
from certify.network import Network
from certify.problems.clique import Vertices
from certify.problems.mcclique import ColouredGraph
from certify.reductions.base import Size
from certify.reductions.mcclique_layout import Layout

NAME = "mcclique-relu"
SOURCE = "mcclique"
TARGET = "relu"
THEOREM = "Corollary 9 for ReLU"
CLAIM = (
    "The graph has a clique with one vertex of every colour if and only if one ReLU has a total loss of at "
    "most gamma on the data."
)


def size(graph: ColouredGraph, loss: Loss = "l1") -> Size:
    """A point for the origin, every vertex, every pair of one colour, every edge between colours."""
    return Layout(graph, loss).size()


def reduce(graph: ColouredGraph, loss: Loss = "l1") -> TrainingInstance:
    """The training instance, with its loss and its target error (see Layout.instance)."""
    return Layout(graph, loss).instance("relu")


def lift(graph: ColouredGraph, solution: Vertices, loss: Loss = "l1") -> Network:
    """One neuron that misses the label of every edge outside the clique by 1; raises NotASolution."""
    return Layout(graph, loss).witness(solution, "relu")


def extract(graph: ColouredGraph, network: Network, loss: Loss = "l1") -> Vertices:
    """The clique in any network that keeps within gamma; raises NotAFit for any other."""
    return Layout(graph, loss).extract("relu", network)
