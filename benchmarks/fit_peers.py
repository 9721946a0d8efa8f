"""What others offer for the question of fit_cases.py: SMT solvers on the plain encoding, MILP solvers on usual models.

Each function decides one instance and takes as long as it takes; fit_run.py puts it into a process of its own that the
system stops. What counts:

* ``z3``, ``cvc5``: certify/encode.py as it is. Exact; a model is evaluated exactly before it is believed.
* ``scip``: for each number P of positive ReLUs a model with SOS1 constraints {h, s}, where h - s = w.x + b, and weights
  without bounds; threshold: indicator constraints, with z >= 1 for an active neuron, which scaling allows. In floating
  point. Where SCIP stops with "error in LP solver", it is asked again for weights and biases between -SCIP_BOX and
  SCIP_BOX.
* ``highs``: the same with big-M constraints, for weights and biases between -BOX and BOX. In floating point, and
  incomplete by nature: its NO says that there is no fit in the box.

A YES in floating point counts only if the signs of the pre-activations that it shows (those that are clearly not 0)
lead Z3 to an exact fit; else the answer is UNKNOWN. A NO in floating point is taken at its word, and is no proof.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from certify.encode import Fact, NeuronSign, SignFact, encode, network_from_model
from certify.instance import TrainingInstance
from smt import check

#: The bound on weights and biases for HiGHS. Data of the suite have coordinates up to some tens.
BOX = 100.0
#: The same for SCIP, where it fails without one.
SCIP_BOX = 1000.0
#: A pre-activation nearer to 0 than this has no clear sign.
CLEAR = 1e-5
#: Seconds for the exact fit that a float solution leads to.
REPAIR_SECONDS = 5.0


@dataclass(frozen=True)
class PeerAnswer:
    """``verdict`` is YES, NO or UNKNOWN; ``note`` says what is to be known of it. ``boxed``: a NO is about networks
    with bounded parameters alone.
    """

    verdict: str
    note: str = ""
    boxed: bool = False


def z3(instance: TrainingInstance) -> PeerAnswer:
    """Z3 on the plain encoding."""
    return _smt(instance, "z3")


def cvc5(instance: TrainingInstance) -> PeerAnswer:
    """cvc5 on the plain encoding."""
    return _smt(instance, "cvc5")


def _smt(instance: TrainingInstance, solver: str) -> PeerAnswer:
    answer = check(encode(instance), solver)
    return PeerAnswer({"sat": "YES", "unsat": "NO"}.get(answer.status, "UNKNOWN"), answer.reason)


#: Pre-activations by neuron and point, as a float solution has them.
Values = list[list[float]]


def scip(instance: TrainingInstance) -> PeerAnswer:
    """SCIP on SOS1 and indicator constraints."""
    bounds: list[float] = []

    def model(instance: TrainingInstance, positive: int) -> Values | bool:
        try:
            return _scip_model(instance, positive, None)
        except Exception as error:  # pyscipopt raises nothing more special
            if "error in LP solver" not in str(error):
                raise
            bounds.append(SCIP_BOX)
            return _scip_model(instance, positive, SCIP_BOX)

    answer = _milp(instance, model)
    if answer.verdict == "NO" and bounds:
        return PeerAnswer("NO", f"for weights and biases up to {SCIP_BOX:g} and in floating point", boxed=True)
    return answer


def highs(instance: TrainingInstance) -> PeerAnswer:
    """HiGHS on big-M constraints, within BOX."""
    answer = _milp(instance, _highs_model)
    if answer.verdict == "NO":
        return PeerAnswer("NO", f"for weights and biases up to {BOX:g} and in floating point", boxed=True)
    return answer


def _milp(instance: TrainingInstance, model: Callable[[TrainingInstance, int], Values | bool]) -> PeerAnswer:
    unsure = ""
    for positive in _positive_counts(instance):
        found = model(instance, positive)
        if found is False:
            continue
        if found is True:
            unsure = "the solver gave up"
        elif _repaired(instance, found, positive):
            return PeerAnswer("YES", "repaired exactly")
        else:
            unsure = "a fit in floating point that no exact one was found for"
    return PeerAnswer("UNKNOWN", unsure) if unsure else PeerAnswer("NO", "in floating point")


def _positive_counts(instance: TrainingInstance) -> Sequence[int]:
    """The numbers of positive neurons to try, the even mixtures first; one that says nothing for threshold."""
    k = instance.width
    if instance.activation == "threshold":
        return [0]
    if instance.signs != "free":
        return [k if instance.signs == "convex" else 0]
    return sorted(range(k + 1), key=lambda positive: (abs(2 * positive - k), -positive))


def _repaired(instance: TrainingInstance, values: Values, positive: int) -> bool:
    facts: list[Fact] = []
    relu = instance.activation == "relu"
    if relu and instance.signs == "free":
        facts += [NeuronSign(j, 1 if j <= positive else -1) for j in range(1, instance.width + 1)]
    for j, row in enumerate(values, start=1):
        for i, z in enumerate(row, start=1):
            if relu and abs(z) < CLEAR:
                continue
            facts.append(SignFact(j, i, ">" if z > 0 else "<="))
    answer = check(encode(instance, facts=facts), "z3", timeout_s=REPAIR_SECONDS)
    if answer.model is None:
        return False
    return instance.objection(network_from_model(instance, answer.model)) is None


def _floats(instance: TrainingInstance) -> tuple[list[list[float]], list[float]]:
    return [[float(v) for v in point] for point in instance.points], [float(v) for v in instance.labels]


def _scip_model(instance: TrainingInstance, positive: int, box: float | None) -> Values | bool:
    """A float solution; False where there is none; True where SCIP gave up. ``box`` bounds weights and biases."""
    scip_module: Any = import_module("pyscipopt")
    total = scip_module.quicksum
    model = scip_module.Model()
    model.hideOutput()
    model.setParam("parallel/maxnthreads", 1)
    points, labels = _floats(instance)
    outputs: list[list[Any]] = [[] for _ in points]
    pre: list[list[Any]] = []
    for j in range(instance.width):
        low = None if box is None else -box
        w = [model.addVar(lb=low, ub=box) for _ in range(instance.dimension)]
        b = model.addVar(lb=low, ub=box)
        a = model.addVar(lb=None) if instance.activation == "threshold" else None
        pre.append([])
        for i, point in enumerate(points):
            z = total(c * x for c, x in zip(w, point, strict=True)) + b
            if a is None:
                h, s = model.addVar(), model.addVar()
                model.addCons(h - s == z)
                model.addConsSOS1([h, s])
                outputs[i].append(h if j < positive else -h)
                pre[j].append((h, s))
                continue
            on, t = model.addVar(vtype="B"), model.addVar(lb=None)
            model.addConsIndicator(-z <= -1, on)
            model.addConsIndicator(t - a <= 0, on)
            model.addConsIndicator(a - t <= 0, on)
            model.addConsIndicator(z <= 0, on, activeone=False)
            model.addConsIndicator(t <= 0, on, activeone=False)
            model.addConsIndicator(-t <= 0, on, activeone=False)
            outputs[i].append(t)
            pre[j].append(on)
    for out, label in zip(outputs, labels, strict=True):
        model.addCons(total(out) == label)
    model.optimize()
    status = model.getStatus()
    if status == "infeasible":
        return False
    if model.getNSols() == 0:
        return True
    value = model.getVal
    if instance.activation == "threshold":
        return [[value(on) - 0.5 for on in row] for row in pre]
    return [[value(h) - value(s) for h, s in row] for row in pre]


def _highs_model(instance: TrainingInstance, positive: int) -> Values | bool:
    """As ``_scip_model``."""
    highspy: Any = import_module("highspy")
    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    model.setOptionValue("threads", 1)
    # A binary that is 1e-9 off lets big-M constraints slip by 1e-9 M.
    model.setOptionValue("mip_feasibility_tolerance", 1e-9)
    model.setOptionValue("primal_feasibility_tolerance", 1e-9)
    points, labels = _floats(instance)
    infinity = highspy.kHighsInf
    height = max(1.0, *(abs(label) for label in labels)) * 2 * instance.width
    outputs: list[list[Any]] = [[] for _ in points]
    pre: list[list[Any]] = []
    for j in range(instance.width):
        w = [model.addVariable(-BOX, BOX) for _ in range(instance.dimension)]
        b = model.addVariable(-BOX, BOX)
        a = model.addVariable(-height, height) if instance.activation == "threshold" else None
        pre.append([])
        for i, point in enumerate(points):
            z = sum((c * x for c, x in zip(w, point, strict=True)), start=1.0 * b)
            big = BOX * (1 + sum(map(abs, point)))
            on = model.addBinary()
            if a is None:
                h, s = model.addVariable(0, infinity), model.addVariable(0, infinity)
                model.addConstr(h - s - z == 0)
                model.addConstr(h - big * on <= 0)
                model.addConstr(s + big * on <= big)
                outputs[i].append(h if j < positive else -1.0 * h)
                pre[j].append((h, s))
                continue
            t = model.addVariable(-infinity, infinity)
            model.addConstr(z - (big + 1) * on >= -big)
            model.addConstr(z - big * on <= 0)
            model.addConstr(t - height * on <= 0)
            model.addConstr(t + height * on >= 0)
            model.addConstr(t - a + 2 * height * on <= 2 * height)
            model.addConstr(a - t + 2 * height * on <= 2 * height)
            outputs[i].append(t)
            pre[j].append(on)
    for out, label in zip(outputs, labels, strict=True):
        model.addConstr(sum(out[1:], start=1.0 * out[0]) == label)
    model.run()
    status = model.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return False
    if status != highspy.HighsModelStatus.kOptimal:
        return True
    solution = model.getSolution().col_value
    if instance.activation == "threshold":
        return [[solution[on.index] - 0.5 for on in row] for row in pre]
    return [[solution[h.index] - solution[s.index] for h, s in row] for row in pre]


PEERS: dict[str, Callable[[TrainingInstance], PeerAnswer]] = {"z3": z3, "cvc5": cvc5, "scip": scip, "highs": highs}
