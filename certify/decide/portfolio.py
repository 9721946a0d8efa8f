"""Own data: what is quickly decided, then the deciders of an exact fit (methods.py), then what else may help.

In this order: width 0; equal points with different labels; a loss that the labels alone exceed, or that leaves no
choice (forced.py); a label of a sign that no convex network has; a piecewise linear network along one direction
(interpolate.py); the deciders; the direct refuter, made for many neurons; with a loss to spare, the cases of the loss
(loss_cases.py), and Z3 on the plain encoding, whose model is evaluated exactly. A NO always is a refutation: a solver's
word ends in Undecided.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from certify.decide import no_neurons
from certify.decide.cubes import Cubes
from certify.decide.fit import Fit, NoFit, Undecided
from certify.decide.forced import at_points, forced, meets_exactly, renumbered
from certify.decide.interpolate import interpolation
from certify.decide.method_names import Method
from certify.decide.methods import Answer, Budget, Progress, admit, by_cases, exact, refuted
from certify.decide.refute.job import first_occurrences
from certify.encode import MAX_PAIRS, encode, network_from_model
from certify.errors import SolverFailure
from certify.instance import TrainingInstance
from certify.network import Network
from smt import check

#: Z3 gets so many seconds at most.
Z3_SECONDS = 60


def decide(
    instance: TrainingInstance,
    *,
    seconds: float | None = None,
    seed: int = 0,
    progress: Progress | None = None,
    method: Method = "auto",
    cubes: Cubes | None = None,
) -> Answer:
    """Whether a network of the instance's width is a witness: a network, a refutation, or neither within ``seconds``.

    ``method``: the decider (methods.py) of what is not decided at once. ``cubes``: how a direct refutation is divided.
    The network has at most ``width`` neurons and is one by exact evaluation; SolverFailure if the decider's is not.
    Raises InvalidInstance for a method that is not for such a question.
    """
    admit(instance, method)
    tell = progress or (lambda _: None)
    budget = Budget(seconds, cubes)
    answer = _at_once(instance)
    if answer is not None:
        return answer
    if meets_exactly(instance):
        plain = replace(instance, loss="exact", gamma=Fraction(0), copies=None)
        answer = exact(plain, method, budget, seed, tell)
    elif method == "refuter":
        answer = refuted(instance, budget, tell)
    else:
        answer = _with_loss(instance, budget, seed, tell)
    if isinstance(answer, Undecided) and method == "auto":
        answer = _otherwise(instance, answer, budget, seed, tell)
    if isinstance(answer, Fit):
        objection = instance.objection(answer.network)
        if objection is not None:
            raise SolverFailure(f"the network found is no witness: {objection}", hint="a fault of this program")
    return answer


def _at_once(instance: TrainingInstance) -> Answer | None:
    nothing = Network(instance.activation, (), instance.dimension)
    if instance.objection(nothing) is None:
        return Fit(nothing, {"method": "no neurons"})
    if instance.width == 0:
        return NoFit(no_neurons.refutation(instance), {"method": "no neurons"})
    if meets_exactly(instance):
        _, clash = first_occurrences(instance)
        if clash is not None:
            i, j = sorted(clash)
            return NoFit([f"contradiction {i + 1} {j + 1}"], {"method": "contradiction"})
        lines = _wrong_sign(instance)
        if lines is not None:
            return NoFit(lines, {"method": "a label of the wrong sign"})
    elif forced(instance)[0] > instance.gamma:
        return NoFit(["forced"], {"method": "least loss of the labels"})
    network = interpolation(instance, instance.width)
    if network is not None:
        return Fit(network, {"method": "piecewise linear along one direction"})
    return None


def _wrong_sign(instance: TrainingInstance) -> list[str] | None:
    """The refutation where a convex network, which is never negative, has a label below 0; concave: above 0.

    y_I = alpha(x_I) +- the sum of h_{j,I}, with alpha(x_I) = 0 and all h_{j,I} >= 0 (docs/format/v1.md, 6.8).
    """
    sign = {"free": 0, "convex": 1, "concave": -1}[instance.signs]
    number = next((i for i, y in enumerate(instance.labels, start=1) if y * sign < 0), None)
    if number is None:
        return None
    positive = " ".join(f"h{j}.{number}:1" for j in range(1, instance.width + 1))
    positives = instance.width if sign > 0 else 0
    return [f"split {positives}", f"0 : e{number}:{-sign} a{number}:{sign} {positive}", "qed"]


def _with_loss(instance: TrainingInstance, budget: Budget, seed: int, tell: Progress) -> Answer:
    spare = Undecided("the loss leaves the values a choice", 0)
    least, pinned = forced(instance)
    if least < instance.gamma:
        return spare
    answer = exact(at_points(instance, pinned), "auto", budget, seed, tell) if pinned else None
    if isinstance(answer, NoFit):
        return replace(answer, lines=["forced", *renumbered(answer.lines, [i + 1 for i in pinned])])
    if isinstance(answer, Fit) and instance.objection(answer.network) is None:
        return answer
    if isinstance(answer, Undecided):
        return answer
    # The pinned points have a fit, and others have a choice among several best values.
    return spare


def _otherwise(instance: TrainingInstance, answer: Undecided, budget: Budget, seed: int, tell: Progress) -> Answer:
    """A second try where the deciders did not end in a verdict, in the time that they left."""
    if budget.spent():
        return answer
    said = ""
    if instance.loss == "l2" and not meets_exactly(instance):
        # Squares are hard for Z3: the cases come first, with half the time.
        half = budget.left()
        cases = by_cases(instance, Budget(None if half is None else half / 2), tell)
        if not isinstance(cases, Undecided) or budget.spent():
            return cases
        answer = replace(answer, reason=f"{answer.reason}; {cases.reason}")
    # With another loss to spare the refutation is a search of all cases: first Z3 is asked for a network.
    if not meets_exactly(instance) and len(instance.points) * instance.width <= MAX_PAIRS:
        tell("asking Z3 for a network")
        left = budget.left()
        told = check(encode(instance), "z3", timeout_s=min(Z3_SECONDS, (left or 2 * Z3_SECONDS) / 2), seed=seed)
        if told.status == "sat" and told.model is not None:
            return Fit(network_from_model(instance, told.model), {"method": "Z3"})
        said = "; Z3 says no, but that is no proof" if told.status == "unsat" else ""
    if budget.spent() or (instance.loss == "l2" and not meets_exactly(instance)):
        return replace(answer, reason=answer.reason + said)
    tell("trying a direct refutation")
    found = refuted(instance, budget, tell)
    return replace(answer, reason=answer.reason + said) if isinstance(found, Undecided) else found
