"""Neurons and dimensions more, and a target error: around every reduction, both verdicts, and in the checker."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest
import z3
from hypothesis import given, settings
from hypothesis import strategies as st

from certify.decide.source import decide
from certify.encode import encode, network_from_model
from certify.errors import InvalidInstance, NotAFit
from certify.instance import TrainingInstance
from certify.loss import Loss, loss_between
from certify.network import Network, Neuron
from certify.pipeline import prove
from certify.problems import PROBLEMS
from certify.reductions import REDUCTIONS, Options, reduction_named
from certify.reductions.wrappers import far_lines, spoilers
from certify.verify import check_text
from smt import check

F = Fraction
LOSSES: tuple[Loss, ...] = ("l0", "l1", "l2")
YES = {
    "poits": ("single", "figure-5"),
    "twohyp": ("pair", "middle", "exclusive-or"),
    "sat": ("empty",),
    "clique": ("vertex", "edge"),
    "mcclique": ("two-edges", "odd-cycle-and-edge", "one-vertex"),
}
FAR = [edge for edge, reduction in REDUCTIONS.items() if reduction.read is not None]


def fitting_network(made: TrainingInstance) -> Network | None:
    """What Z3 finds for the encoding."""
    answer = check(encode(made), "z3")
    assert answer.status != "unknown", answer.reason
    return None if answer.model is None else network_from_model(made, answer.model)


def shuffled(network: Network, seed: int) -> Network:
    neurons = list(network.neurons)
    random.Random(seed).shuffle(neurons)
    return replace(network, neurons=tuple(neurons))


def goes_round(edge: tuple[str, str], kind: str, options: Options) -> TrainingInstance:
    """Reduce, size, lift, fit, extract; returns the instance."""
    problem, reduction = PROBLEMS[edge[0]], reduction_named(*edge, options)
    source = problem.generate(kind)
    made, size = reduction.reduce(source), reduction.size(source)
    assert (len(made.points), made.width, made.dimension) == (size.points, size.width, size.dimension)
    network = reduction.lift(source, decide(source).solution)
    assert network.width == made.width and made.objection(network) is None
    for seed in range(2):
        assert problem.is_solution(source, reduction.extract(source, shuffled(network, seed)))
    broken = replace(network, neurons=())
    if edge[0] != "mcclique":
        with pytest.raises(NotAFit):
            reduction.extract(source, broken)
    return made


def test_which_reductions_take_further_neurons() -> None:
    assert sorted(FAR) == [
        ("clique", "relu"),
        ("clique", "threshold"),
        ("mcclique", "threshold"),
        ("twohyp", "relu"),
        ("twohyp", "threshold"),
    ]
    for edge in set(REDUCTIONS) - set(FAR):
        with pytest.raises(InvalidInstance):
            reduction_named(*edge, Options(extra=1))


@pytest.mark.parametrize("edge", FAR)
@pytest.mark.parametrize("extra", [1, 2, 3])
def test_further_neurons(edge: tuple[str, str], extra: int) -> None:
    for kind in YES[edge[0]]:
        plain = REDUCTIONS[edge].size(PROBLEMS[edge[0]].generate(kind))
        made = goes_round(edge, kind, Options(extra=extra))
        assert (made.width, made.dimension) == (plain.width + extra, plain.dimension + 1)


@pytest.mark.parametrize("edge", [edge for edge in REDUCTIONS if edge[0] != "mcclique"])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("gamma", [F(0), F(1, 2), F(7, 3), F(12)])
def test_target_errors(edge: tuple[str, str], loss: Loss, gamma: Fraction) -> None:
    kind = YES[edge[0]][0]
    made = goes_round(edge, kind, Options(loss=loss, gamma=gamma))
    assert made.gamma == (gamma if loss != "l0" else gamma.numerator // gamma.denominator)
    network = reduction_named(*edge).lift(PROBLEMS[edge[0]].generate(kind), decide(PROBLEMS[edge[0]].generate(kind)).solution)
    assert made.total_loss(network) == made.gamma


@pytest.mark.parametrize("edge", REDUCTIONS)
def test_all_at_once_and_padding(edge: tuple[str, str]) -> None:
    kind = YES[edge[0]][0]
    extra = 1 if edge in FAR else 0
    error = {"loss": "l2"} if edge[0] == "mcclique" else {"loss": "l1", "gamma": F(3, 4)}
    dimension = REDUCTIONS[edge].size(PROBLEMS[edge[0]].generate(kind)).dimension + 3
    made = goes_round(edge, kind, Options(extra=extra, dimension=dimension, **error))
    assert made.dimension == dimension and all(x[-1] == 0 for x in made.points)
    with pytest.raises(InvalidInstance):
        goes_round(edge, kind, Options(dimension=1))


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(LOSSES),
    st.fractions(0, 20, max_denominator=30),
    st.fractions(-3, 3, max_denominator=6),
    st.fractions(-6, 6, max_denominator=12),
)
def test_spoilers_cost_gamma_for_the_label_alone(loss: Loss, gamma: Fraction, label: Fraction, value: Fraction) -> None:
    gamma = F(int(gamma)) if loss == "l0" else gamma
    data = [(label, 1), *spoilers(loss, gamma, label)]
    for v in (value, label, *(y for y, _ in data)):
        cost = sum((count * loss_between(loss, v, y) for y, count in data), F(0))
        assert cost == gamma if v == label else cost > gamma


@pytest.mark.parametrize(("kind", "options"), [("middle", Options(extra=2)), ("exclusive-or", Options(extra=1))])
def test_no_hyperplane_through_the_data_crosses_more_than_d_windows(kind: str, options: Options) -> None:
    """Z3, for every d + 1 lines: z = a.x + b cannot pass all their windows and have z = 0 at a convex combination."""
    inner = REDUCTIONS["twohyp", "threshold"].reduce(PROBLEMS["twohyp"].generate(kind))
    lines, d = far_lines(inner, options.extra), inner.dimension
    corners = {tuple(f(x[c] for x in inner.points) for c, f in enumerate(fs)) for fs in _boxes(d)}
    for chosen in combinations(lines.feet, d + 1):
        slope, offset = [z3.Real(f"a{c}") for c in range(d)], z3.Real("b")

        def height(x, slope=slope, offset=offset):
            return z3.Sum([a * z3.Q(v.numerator, v.denominator) for a, v in zip(slope, x, strict=True)]) + offset

        solver = z3.SolverFor("QF_LRA")
        for foot in chosen:
            solver.add(height(foot) > lines.base, height(foot) <= lines.base + options.extra + 1)
        assert solver.check() == z3.sat
        # It meets the data's box only if it is at most 0 at a corner.
        solver.add(z3.Or([height(x) <= 0 for x in corners]))
        assert solver.check() == z3.unsat


def _boxes(d: int):
    from itertools import product

    return product((min, max), repeat=d)


def test_further_neurons_keep_a_no_a_no() -> None:
    """Threshold neurons on a line: three fit the data of a no-instance for two, but not together with the far points."""
    sets = PROBLEMS["twohyp"].classics["alternating-line"][0]
    wrapped = reduction_named("twohyp", "threshold", Options(extra=1)).reduce(sets)
    plain = replace(REDUCTIONS["twohyp", "threshold"].reduce(sets), width=3)
    assert fitting_network(plain) is not None
    assert fitting_network(wrapped) is None


def test_a_wrapped_fit_found_by_a_solver_is_read() -> None:
    """Not the lifted network: whatever Z3 finds for the wrapped data shows hyperplanes."""
    for kind in ("pair", "middle"):
        sets = PROBLEMS["twohyp"].classics[kind][0]
        reduction = reduction_named("twohyp", "threshold", Options(extra=1))
        network = fitting_network(reduction.reduce(sets))
        assert network is not None
        assert PROBLEMS["twohyp"].is_solution(sets, reduction.extract(sets, network))


CASES = [
    ("poits", "vvv", "relu", Options(dimension=3), "NO"),
    ("poits", "vvv", "threshold", Options(loss="l0", gamma=F(5, 2)), "NO"),
    ("poits", "vvv", "threshold", Options(loss="l1", gamma=F(5, 2), dimension=4), "NO"),
    ("poits", "vvv", "relu", Options(loss="l2", gamma=F(5, 2)), "NO"),
    ("twohyp", "alternating-line", "threshold", Options(loss="l2", gamma=F(1, 3)), "NO"),
    ("twohyp", "same-point", "threshold", Options(loss="l1", gamma=F(1), dimension=3), "NO"),
    ("twohyp", "exclusive-or", "relu", Options(extra=2, loss="l2", gamma=F(7, 3), dimension=5), "YES"),
    ("clique", "edge", "threshold", Options(extra=1), "YES"),
    ("sat", "exclusive-or", "threshold", Options(loss="l0", gamma=F(3)), "YES"),
    ("mcclique", "odd-cycle-and-edge", "threshold", Options(extra=2, loss="l2", dimension=8), "YES"),
    ("mcclique", "complete", "relu", Options(loss="l0"), "YES"),
    ("mcclique", "no-edge", "relu", Options(loss="l2"), "NO"),
    ("mcclique", "open-path", "threshold", Options(loss="l1"), "NO"),
]


@pytest.mark.parametrize(("problem", "kind", "target", "options", "verdict"), CASES)
def test_certificates(problem: str, kind: str, target: str, options: Options, verdict: str) -> None:
    """The checker rebuilds the wrapped instance by its own code: the hashes agree, the proofs hold."""
    result = prove(PROBLEMS[problem].generate(kind), target, options=options)
    assert (result.verdict, result.tier) == (verdict, "checked"), result.report["notes"]


def sealed(lines: list[str]) -> str:
    body = "\n".join(lines) + "\n"
    return body + f"sha256 {hashlib.sha256(body.encode()).hexdigest()}\n"


def test_damaged_modifiers() -> None:
    options = Options(extra=1, loss="l1", gamma=F(1, 2), dimension=4)
    result = prove(PROBLEMS["twohyp"].generate("middle"), "threshold", options=options)
    assert result.certificate is not None
    lines = list(result.certificate.lines())
    assert lines[7:11] == ["from twohyp-threshold", "far 1", "error l1 1/2", "pad 4"]
    assert lines[4:6] == ["loss l1 1/2", "copies listed"]
    assert check_text(sealed(lines)).status == "VERIFIED"
    for old, new, code in (
        ("far 1", "far 2", "width-mismatch"),
        ("far 1", "far 0", "number"),
        ("far 1", "far 1 1", "header"),
        ("far 1", "pad 4", "header"),
        ("error l1 1/2", "error l1 1/3", "loss-mismatch"),
        ("error l1 1/2", "error l2 1/2", "loss-mismatch"),
        ("error l1 1/2", "error l0 1/2", "recipe"),
        ("error l1 1/2", "error l1 -1/2", "recipe"),
        ("error l1 1/2", "far 1", "header"),
        ("pad 4", "pad 3", "dimension-mismatch"),
        ("pad 4", "pad 2", "dimension-mismatch"),
        ("pad 4", "pad 5", "dimension-mismatch"),
        ("copies listed", "# nothing", "copies-mismatch"),
        ("loss l1 1/2", "loss l1 1", "loss-mismatch"),
        ("loss l1 1/2", "# nothing", "loss-mismatch"),
        ("from twohyp-threshold", "from poits-threshold", "recipe"),
    ):
        damaged = [new if line == old else line for line in lines]
        result_ = check_text(sealed(damaged))
        assert (result_.status, result_.code) == ("REJECTED", code), (old, new, result_)


def test_errors_of_mcclique_are_its_own() -> None:
    result = prove(PROBLEMS["mcclique"].generate("complete"), "relu", options=Options(loss="l1"))
    assert result.certificate is not None
    lines = list(result.certificate.lines())
    assert lines[4] == "loss l1 9"
    assert check_text(sealed(lines)).status == "VERIFIED"
    for old, new, code in (
        ("loss l1 9", "loss l1 10", "loss-mismatch"),
        ("loss l1 9", "loss l2 9", "hash-mismatch"),
        ("from mcclique-relu", "from mcclique-relu\nfar 1", "recipe"),
        ("from mcclique-relu", "from mcclique-relu\nerror l1 9", "recipe"),
        ("n 2 1", "n 2 2", "points-mismatch"),
        ("n 2 1", "n 2 4", "source"),
        ("k 3", "k 4", "points-mismatch"),
        ("k 3", "k 2", "source"),
    ):
        damaged = [new if line == old else line for line in lines]
        result_ = check_text(sealed(damaged))
        assert result_.status == "REJECTED" and result_.code in (code, "loss-mismatch"), (old, new, result_)
    solution = next(line for line in lines if line.startswith("solution"))
    for new in ("solution 1 2 3", "solution 1 3", "solution 1 3 7", "solution 3 1 5"):
        assert check_text(sealed([new if line == solution else line for line in lines])).code == "solution"


def test_networks_with_too_few_dimensions() -> None:
    sets = PROBLEMS["twohyp"].generate("pair")
    reduction = reduction_named("twohyp", "threshold", Options(dimension=2))
    with pytest.raises(NotAFit):
        reduction.extract(sets, Network("threshold", (Neuron((F(1),), F(0), F(1)),), 1))
