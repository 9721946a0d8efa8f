"""The plain encoding: is there a network that fits the instance? as an SMT script over QF_LRA (loss l2: QF_NRA).

For neuron j and point i, both numbered from 1, z_i_j = w_j_1 x_1 + ... + w_j_d x_d + b_j is the
pre-activation.

ReLU: h_i_j is its positive part: (z >= 0 and h = z) or (z <= 0 and h = 0). Output signs are +1 or -1: the
Booleans s_j say which (true: +1), and the neurons are sorted, s_{j+1} => s_j, since their order is free. So p
positive neurons are the first p, and f_i_p = h_i_1 + ... + h_i_p - h_i_{p+1} - ... - h_i_k must be the label
where p is their number: k + 1 equations a point, of which one is active. On selection gadgets this takes
about half the time of signed copies of the h_i_j. With signs "convex" p is k, with "concave" 0.

Threshold: t_i_j is the neuron's summand: (z > 0 and t = a_j) or (z <= 0 and t = 0), with any real a_j
("convex": a_j >= 0, "concave": a_j <= 0), and t_i_1 + ... + t_i_k is the label.

With a loss the value at point i is v_i in place of the label, l_i is at least its loss (l0: v_i is the label and
l_i = 0, or l_i = 1; l1: l_i >= the difference, either way; l2: l_i >= its square), and the sum of the l_i, each as
often as its point counts, is at most gamma.

Networks with fewer neurons are covered: a neuron with w = 0 and b = 0 adds nothing. ``copies`` of points do
not matter to an exact fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from certify.errors import InvalidInstance, NotAFit, ResourceLimit, SolverFailure
from certify.exact import Vector, render
from certify.instance import TrainingInstance
from certify.network import Network, Neuron
from smt import (
    NIL,
    ONE,
    ZERO,
    And,
    Assert,
    Boolean,
    Command,
    Comment,
    Declare,
    Define,
    Implies,
    Linear,
    Model,
    Not,
    Or,
    Script,
    SquareAtMost,
    Variable,
    conjunction,
    equal,
    number,
    real,
    total,
)
from smt.collector import paused

Relation = Literal["<", "<=", ">=", ">"]
#: More (point, neuron) pairs make no script in memory, but ``commands`` still gives it piece by piece.
MAX_PAIRS = 1_000_000


@dataclass(frozen=True, slots=True)
class SignFact:
    """z_j(x_i) ``relation`` 0 for neuron j and point i, both numbered from 1."""

    neuron: int
    point: int
    relation: Relation


@dataclass(frozen=True, slots=True)
class NeuronSign:
    """The output sign, 1 or -1, of a neuron, numbered from 1 (threshold: its coefficient is >= 0 or <= 0)."""

    neuron: int
    sign: int


Fact = SignFact | NeuronSign


def encode(
    instance: TrainingInstance,
    *,
    weights: Network | None = None,
    facts: Iterable[Fact] = (),
    status: Literal["sat", "unsat", "unknown"] | None = None,
) -> Script:
    """The script that is satisfiable iff some network fits the instance.

    With ``weights`` every weight, bias and output coefficient is asserted to be that network's, in the order
    of ``ordered``: satisfiable iff it fits. ``facts`` are asserted too; the caller has to know that they
    lose no solution up to the order of neurons, known positive neurons first (ReLU). ``status`` goes into the
    header. Raises NotAFit if ``weights`` has another shape than the instance asks for, InvalidInstance for
    facts about neurons or points that do not exist or that contradict the order, ResourceLimit above
    MAX_PAIRS.
    """
    pairs = len(instance.points) * instance.width
    if pairs > MAX_PAIRS:
        raise ResourceLimit(
            f"an encoding of {pairs} point-neuron pairs, more than {MAX_PAIRS}", hint="encode fewer points"
        )
    infos = [("source", describe(instance)), ("category", "crafted")]
    if status is not None:
        infos.append(("status", status))
    with paused():
        return Script(tuple(commands(instance, weights=weights, facts=facts)), tuple(infos))


def describe(instance: TrainingInstance) -> str:
    """One line on what the script asks, with the hash of the instance."""
    signs = "" if instance.signs == "free" else f"{instance.signs} "
    loss = "" if instance.loss == "exact" else f" with a total loss {instance.loss} of at most {render(instance.gamma)}"
    return (
        f"certify: does a {signs}two-layer {instance.activation} network with {instance.width} hidden neurons"
        f" fit {len(instance.points)} points in dimension {instance.dimension}{loss}?"
        f" instance SHA-256 {instance.sha256()}"
    )


def ordered(instance: TrainingInstance, network: Network) -> Network:
    """The network in the encoding's order: positive ReLUs first, and zero neurons until its width is reached.

    Raises NotAFit for a network of another kind, dimension, greater width or with signs that are not allowed.
    """
    objection = shape_objection(instance, network)
    if objection is not None:
        raise NotAFit(objection)
    neurons = list(network.neurons)
    sign = ONE if instance.activation == "relu" and instance.signs != "concave" else -ONE
    if instance.activation == "threshold":
        sign = ZERO
    origin: Vector = (ZERO,) * instance.dimension
    neurons += [Neuron(origin, ZERO, sign)] * (instance.width - len(neurons))
    if instance.activation == "relu":
        neurons.sort(key=lambda neuron: neuron.coefficient < 0)
    return Network(network.activation, tuple(neurons), network.dimension)


def shape_objection(instance: TrainingInstance, network: Network) -> str | None:
    """Why the network cannot fit the instance whatever its weights are, in one line, or None."""
    return TrainingInstance(
        (), (), instance.width, instance.activation, instance.dimension, instance.signs
    ).objection(network)


def commands(
    instance: TrainingInstance, *, weights: Network | None = None, facts: Iterable[Fact] = ()
) -> Iterator[Command]:
    """The commands of ``encode``, one at a time, for instances whose script is too large for memory."""
    neurons = None if weights is None else ordered(instance, weights).neurons
    known = _Known(instance, facts, neurons)
    for j in range(1, instance.width + 1):
        yield from _parameters(instance, known, j, None if neurons is None else neurons[j - 1])
    for i, (point, label) in enumerate(zip(instance.points, instance.labels, strict=True), start=1):
        place = ", ".join(map(render, point))
        yield Comment(f"point {i} of {len(instance.points)}: ({place}) has label {render(label)}")
        for j in range(1, instance.width + 1):
            yield from _pair(instance, known.relations.get((i, j), ()), i, j, point)
        value = number(label)
        if instance.loss != "exact":
            value = real(f"v_{i}")
            yield Declare(f"v_{i}")
        if instance.activation == "relu":
            yield from _relu_fit(instance.width, known, i, value)
        else:
            outputs = total((f"t_{i}_{j}", ONE) for j in range(1, instance.width + 1))
            yield Assert(equal(outputs, value), f"point_{i}")
        yield from _loss_of_point(instance, i, label)
    if instance.loss != "exact":
        lost = total((f"l_{i}", Fraction(count)) for i, count in enumerate(instance.counts(), start=1))
        yield Comment(f"the sum of the losses {instance.loss} is at most {render(instance.gamma)}")
        yield Assert(lost <= instance.gamma, "loss")


class _Known:
    """The facts by pair and by neuron, checked, and the numbers of positive ReLUs that they leave open."""

    def __init__(
        self, instance: TrainingInstance, facts: Iterable[Fact], neurons: Sequence[Neuron] | None
    ) -> None:
        self.relations: dict[tuple[int, int], tuple[Relation, ...]] = {}
        self.signs: dict[int, int] = {}
        for fact in facts:
            if not 1 <= fact.neuron <= instance.width:
                raise InvalidInstance(f"a fact about neuron {fact.neuron} of {instance.width}")
            if isinstance(fact, SignFact):
                if not 1 <= fact.point <= len(instance.points):
                    raise InvalidInstance(f"a fact about point {fact.point} of {len(instance.points)}")
                if fact.relation not in ("<", "<=", ">=", ">"):
                    raise InvalidInstance(f"a fact with the relation {fact.relation!r}")
                pair = (fact.point, fact.neuron)
                self.relations[pair] = (*self.relations.get(pair, ()), fact.relation)
            else:
                if fact.sign not in (1, -1) or self.signs.get(fact.neuron, fact.sign) != fact.sign:
                    raise InvalidInstance(f"neuron {fact.neuron} cannot have the sign {fact.sign}")
                self.signs[fact.neuron] = fact.sign
        if instance.activation == "threshold":
            return
        given = dict(self.signs)
        if instance.signs != "free":
            given.update(dict.fromkeys(range(1, instance.width + 1), 1 if instance.signs == "convex" else -1))
        if neurons is not None:
            given.update({j: 1 if n.coefficient > 0 else -1 for j, n in enumerate(neurons, start=1)})
        least = max((j for j, sign in given.items() if sign > 0), default=0)
        most = min((j for j, sign in given.items() if sign < 0), default=instance.width + 1) - 1
        if least > most or any(given[j] != sign for j, sign in self.signs.items()):
            raise InvalidInstance(
                "the facts contradict the signs of the neurons", hint="number the positive neurons first"
            )
        self.positive_counts = range(least, most + 1)


def _parameters(
    instance: TrainingInstance, known: _Known, j: int, neuron: Neuron | None
) -> Iterator[Command]:
    yield Comment(f"neuron {j} of {instance.width}")
    names = [f"w_{j}_{c}" for c in range(1, instance.dimension + 1)] + [f"b_{j}"]
    for name in names:
        yield Declare(name)
    if instance.activation == "threshold":
        names.append(f"a_{j}")
        yield Declare(f"a_{j}")
        signs = {known.signs.get(j), {"free": None, "convex": 1, "concave": -1}[instance.signs]}
        if 1 in signs:
            yield Assert(real(f"a_{j}") >= 0)
        if -1 in signs:
            yield Assert(real(f"a_{j}") <= 0)
    elif instance.signs == "free":
        yield Declare(f"s_{j}", "Bool")
        if j > 1:
            yield Assert(Implies(Variable(f"s_{j}"), Variable(f"s_{j - 1}")))
        if j <= known.positive_counts.start:
            yield Assert(Variable(f"s_{j}"))
        elif j >= known.positive_counts.stop:
            yield Assert(Not(Variable(f"s_{j}")))
    if neuron is not None:
        for name, value in zip(names, (*neuron.weights, neuron.bias, neuron.coefficient), strict=False):
            yield Assert(equal(real(name), value))


def _pair(
    instance: TrainingInstance, relations: tuple[Relation, ...], i: int, j: int, point: Vector
) -> Iterator[Command]:
    inputs = [(f"w_{j}_{c}", x) for c, x in enumerate(point, start=1) if x]
    yield Define(f"z_{i}_{j}", Linear((*inputs, (f"b_{j}", ONE))))
    z = real(f"z_{i}_{j}")
    if instance.activation == "relu":
        name, active, above = f"h_{i}_{j}", z, z >= NIL
    else:
        name, active, above = f"t_{i}_{j}", real(f"a_{j}"), z > NIL
    yield Declare(name)
    for relation in relations:
        yield Assert({"<": z < 0, "<=": z <= 0, ">=": z >= 0, ">": z > 0}[relation])
    out = real(name)
    on, off = equal(out, active), equal(out, NIL)
    # A known side leaves one case; z >= 0 says nothing of a threshold, whose step is at z > 0.
    if "<" in relations or "<=" in relations:
        yield Assert(off)
    elif ">" in relations or (">=" in relations and instance.activation == "relu"):
        yield Assert(on)
    else:
        yield Assert(Or((And((above, on)), And((z <= NIL, off)))))


def _loss_of_point(instance: TrainingInstance, i: int, label: Fraction) -> Iterator[Command]:
    if instance.loss == "exact":
        return
    yield Declare(f"l_{i}")
    lost, gap = real(f"l_{i}"), real(f"v_{i}") - label
    if instance.loss == "l0":
        yield Assert(Or((And((equal(real(f"v_{i}"), label), equal(lost, NIL))), equal(lost, 1))))
    elif instance.loss == "l1":
        yield Assert(lost >= gap)
        yield Assert(lost >= -gap)
    else:
        yield Assert(SquareAtMost(gap, lost))


def _relu_fit(width: int, known: _Known, i: int, label: Linear) -> Iterator[Command]:
    counts = known.positive_counts
    first = total((f"h_{i}_{j}", ONE if j <= counts[0] else -ONE) for j in range(1, width + 1))
    if len(counts) == 1:
        yield Assert(equal(first, label), f"point_{i}")
        return
    yield Define(f"f_{i}_{counts[0]}", first)
    for p in counts[1:]:
        step = ((f"f_{i}_{p - 1}", ONE), (f"h_{i}_{p}", Fraction(2)))
        yield Define(f"f_{i}_{p}", Linear(step))
    cases: list[Boolean] = []
    for p in counts:
        exactly: list[Boolean] = []
        if p > counts[0]:
            exactly.append(Variable(f"s_{p}"))
        if p < counts[-1]:
            exactly.append(Not(Variable(f"s_{p + 1}")))
        cases.append(Implies(conjunction(exactly), equal(real(f"f_{i}_{p}"), label)))
    yield Assert(conjunction(cases), f"point_{i}")


def network_from_model(instance: TrainingInstance, model: Model) -> Network:
    """The fitting network that a model of ``encode(instance)`` describes, with exactly ``width`` neurons.

    Raises SolverFailure if it does not fit every point exactly.
    """
    neurons = []
    for j in range(1, instance.width + 1):
        weights = tuple(model[f"w_{j}_{c}"] for c in range(1, instance.dimension + 1))
        neurons.append(Neuron(weights, model[f"b_{j}"], _coefficient(instance, model, j)))
    network = Network(instance.activation, tuple(neurons), instance.dimension)
    objection = instance.objection(network)
    if objection is not None:
        raise SolverFailure(f"the model is no fit: {objection}")
    return network


def _coefficient(instance: TrainingInstance, model: Model, j: int) -> Fraction:
    if instance.activation == "threshold":
        return model[f"a_{j}"]
    positive = instance.signs == "convex" if instance.signs != "free" else model.booleans[f"s_{j}"]
    return ONE if positive else -ONE
