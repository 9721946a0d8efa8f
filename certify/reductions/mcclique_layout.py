"""The data of multicoloured clique for one neuron, ReLU or threshold, which are the same (docs/reductions.md).

K colours, n_c vertices of colour c, N = max n_c. The i-th vertex of a colour, i = 0.., has t = i/N and the unit vector
u = ((1-t^2)/(1+t^2), 2t/(1+t^2)); u^ is u in the two coordinates of its colour, 0 elsewhere; d = 2K. With c the
largest product u.v of two vertices of one colour (0 if there are none), r = (1/2 + 2/(3+c))/2. An edge e = vw has a
point u^_v + u^_w of label 1; points of label 0, with M copies each, keep a neuron from being positive at two edges that
disagree. Among |E| edges the C = K(K-1)/2 of a clique can be fitted, so gamma = |E| - C.

The parameters are those of the construction that the paper cites; points and proof are this project's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from certify.errors import InvalidInstance, NotAFit
from certify.exact import Vector, dot
from certify.instance import TrainingInstance
from certify.loss import Loss
from certify.network import Activation, Network, Neuron
from certify.problems.clique import Vertices
from certify.problems.mcclique import ColouredGraph, is_solution
from certify.reductions.base import Size, check_size, require, require_fit

_ZERO, _ONE = Fraction(0), Fraction(1)
#: The exponent p of each loss |v - y|^p.
EXPONENTS: dict[str, int] = {"l0": 0, "l1": 1, "l2": 2}


@dataclass(frozen=True)
class Layout:
    """The places of the points for ``graph`` under ``loss``."""

    graph: ColouredGraph
    loss: Loss

    def __post_init__(self) -> None:
        if self.loss not in EXPONENTS:
            raise InvalidInstance(
                f"the loss {self.loss!r} for mcclique", hint="choose one of " + ", ".join(EXPONENTS)
            )

    @property
    def dimension(self) -> int:
        """2K, and 2 where there are no colours."""
        return 2 * max(self.graph.classes, 1)

    @property
    def wanted(self) -> int:
        """C: the number of edges of a solution."""
        return self.graph.classes * (self.graph.classes - 1) // 2

    @property
    def decided(self) -> bool | None:
        """The verdict of a graph that gets a fixed instance: few colours, an empty one, or too few edges."""
        if not all(self.graph.members()):
            return False
        if self.graph.classes <= 1:
            return True
        return False if len(self.graph.useful_edges()) < self.wanted else None

    @property
    def gamma(self) -> int:
        """The target error."""
        return 0 if self.decided is not None else len(self.graph.useful_edges()) - self.wanted

    @property
    def copies(self) -> int:
        """M: how often a point of label 0 counts; more than pays to be off it by what would fit an edge."""
        p, edges = EXPONENTS[self.loss], len(self.graph.useful_edges())
        return self.gamma + 1 if p == 0 else self.gamma * (p * edges) ** p + 1

    def size(self) -> Size:
        """The origin, a point a vertex, a pair of one colour and an edge."""
        graph = self.graph
        if self.decided is not None:
            return Size(1 if self.decided else 2, 1, self.dimension)
        pairs = sum(len(members) * (len(members) - 1) // 2 for members in graph.members())
        return Size(1 + len(graph.colours) + pairs + len(graph.useful_edges()), 1, self.dimension)

    def vectors(self) -> list[Vector]:
        """u^ of every vertex, vertex v at index v - 1."""
        members = self.graph.members()
        most = max(map(len, members))
        rank = {vertex: i for group in members for i, vertex in enumerate(group)}
        found = []
        for vertex, colour in enumerate(self.graph.colours, start=1):
            t = Fraction(rank[vertex], most)
            entries = [_ZERO] * self.dimension
            entries[2 * colour - 2] = (1 - t * t) / (1 + t * t)
            entries[2 * colour - 1] = 2 * t / (1 + t * t)
            found.append(tuple(entries))
        return found

    def reach(self, vectors: list[Vector]) -> Fraction:
        """r, between 1/2 and 2/(3+c)."""
        products = [
            dot(vectors[u - 1], vectors[v - 1])
            for group in self.graph.members()
            for u, v in combinations(group, 2)
        ]
        return (Fraction(1, 2) + 2 / (3 + max(products, default=_ZERO))) / 2

    def instance(self, activation: Activation) -> TrainingInstance:
        """In order: the origin, the vertices, the pairs of each colour, all of label 0; the edges, of label 1.

        A graph that is ``decided`` gets the origin with label 0, and for a no once more with label 1. Raises
        ResourceLimit if there are too many points.
        """
        check_size(self.size())
        origin = (_ZERO,) * self.dimension
        if self.decided is not None:
            labels: tuple[Fraction, ...] = (_ZERO,) if self.decided else (_ZERO, _ONE)
            points = [origin] * len(labels)
            copies = [1] * len(labels)
        else:
            vectors = self.vectors()
            r = self.reach(vectors)
            points = [origin, *(tuple(x / r for x in vector) for vector in vectors)]
            for group in self.graph.members():
                for u, v in combinations(group, 2):
                    points.append(_sum(vectors[u - 1], vectors[v - 1], 1 / (2 * (1 - r))))
            copies = [self.copies] * len(points)
            edges = self.graph.useful_edges()
            points += [_sum(vectors[u - 1], vectors[v - 1], _ONE) for u, v in edges]
            labels = (_ZERO,) * len(copies) + (_ONE,) * len(edges)
            copies += [1] * len(edges)
        return TrainingInstance(
            tuple(points),
            labels,
            1,
            activation,
            self.dimension,
            copies=tuple(copies),
            loss=self.loss,
            gamma=Fraction(self.gamma),
        )

    def witness(self, solution: Vertices, activation: Activation) -> Network:
        """One neuron with total loss exactly gamma, whatever the loss; raises NotASolution.

        It is 1 at the edges of the clique and not positive at all other points.
        """
        require(is_solution(self.graph, solution), "mcclique")
        if self.decided is not None:
            nothing = Neuron((_ZERO,) * self.dimension, _ZERO, _ONE)
            return Network(activation, (nothing,), self.dimension)
        vectors = self.vectors()
        r = self.reach(vectors)
        mu = 1 / (2 * r - 1)
        weights = tuple(mu * r * sum(column) for column in zip(*(vectors[v - 1] for v in solution), strict=True))
        return Network(activation, (Neuron(weights, -mu, _ONE),), self.dimension)

    def read(self, network: Network) -> Vertices:
        """The clique in a network that keeps within gamma on these points, perhaps with constant neurons more.

        ReLU: its edges are those where the network is larger than at all points of label 0. Threshold: the
        neuron that switches has all points of label 0 on one side, and the edges on the other side are those of a
        clique (docs/reductions.md). Raises NotAFit where that makes no clique.
        """
        if self.decided is not None:
            if not self.decided:
                raise NotAFit("the graph has no solution, so nothing fits")
            return tuple(sorted(group[0] for group in self.graph.members()))
        instance = self.instance(network.activation)
        edges = self.graph.useful_edges()
        first = len(instance.points) - len(edges)
        if network.activation == "relu":
            values = network.evaluate(instance.points)
            most = max(*values[:first], _ZERO)
            chosen = [edge for edge, value in zip(edges, values[first:], strict=True) if value > most]
        else:
            chosen = []
            for neuron in network.neurons:
                active = [dot(neuron.weights, x) + neuron.bias > 0 for x in instance.points]
                if len(set(active)) == 2 and len(set(active[:first])) == 1:
                    side = active[0]
                    chosen = [edge for edge, on in zip(edges, active[first:], strict=True) if on != side]
        solution = tuple(sorted({vertex for edge in chosen for vertex in edge}))
        if not is_solution(self.graph, solution):
            raise NotAFit("the network keeps within the target error but shows no clique, against the theorem")
        return solution

    def extract(self, activation: Activation, network: Network) -> Vertices:
        """The clique in a network of one neuron that keeps within gamma; raises NotAFit for any other."""
        require_fit(self.instance(activation), network)
        return self.read(network)


def _sum(u: Vector, v: Vector, factor: Fraction) -> Vector:
    return tuple(factor * (x + y) for x, y in zip(u, v, strict=True))
