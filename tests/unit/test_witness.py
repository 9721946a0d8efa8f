"""The witness check: exact evaluation and Z3 agree, and the report tells how much Z3 saw."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from certify.decide import poits_sat, witness
from certify.decide.witness import check_witness
from certify.errors import NotAFit, SolverFailure
from certify.instance import TrainingInstance
from certify.network import Network, Neuron
from certify.problems.poits import Formula
from certify.problems.poits_generate import generate
from certify.reductions import reduction_named
from smt import Answer


def _lifted(formula: Formula, target: str) -> tuple[TrainingInstance, Network]:
    solution = poits_sat.decide(formula).assignment
    assert solution is not None
    reduction = reduction_named("poits", target)
    return reduction.reduce(formula), reduction.lift(formula, solution)


@pytest.mark.parametrize("target", ["relu", "threshold"])
def test_a_witness_of_a_reduction(target: str) -> None:
    instance, network = _lifted(Formula(4, ((1, 2, 3), (2, 3, 4))), target)
    report = check_witness(instance, network)
    assert report.fits and report.exact_fits and report.z3_fits is True
    assert report.points == report.z3_points == len(instance.points)
    assert report.misfits == () and report.seconds > 0
    assert "on all points: sat" in str(report)


@pytest.mark.parametrize("index", [0, 40, -1])
@pytest.mark.parametrize("max_pairs", [1, 10**6])
def test_one_wrong_label_anywhere(index: int, max_pairs: int) -> None:
    instance, network = _lifted(Formula(3, ((1, 2, 3),)), "threshold")
    place = index % len(instance.points)
    labels = list(instance.labels)
    labels[place] += Fraction(1, 10**30)
    report = check_witness(replace(instance, labels=tuple(labels)), network, max_pairs=max_pairs)
    assert not report.fits and not report.exact_fits and report.z3_fits is False
    assert report.misfits == (place,)
    assert "1 points do not fit" in str(report) and "unsat" in str(report)


def test_many_misfits() -> None:
    instance = TrainingInstance.of([[x] for x in range(50)], [1] * 50, width=2, activation="relu")
    report = check_witness(instance, Network("relu", (Neuron.of([1], 0, 1),), 1))
    assert report.z3_fits is False and len(report.misfits) == 49
    # Three of the misfits, and the point that is fitted.
    assert report.z3_points == 4


def test_narrow_empty_and_threshold_networks() -> None:
    nothing = Network("relu", (), 1)
    zeros = TrainingInstance.of([[0], [1]], [0, 0], width=0, activation="relu")
    assert check_witness(zeros, nothing).fits
    assert check_witness(replace(zeros, width=7), nothing).fits
    assert check_witness(replace(zeros, width=7, signs="concave"), nothing).fits
    assert check_witness(TrainingInstance((), (), 3, "relu", 1), nothing).fits
    steps = Network("threshold", (Neuron.of([1], 0, "1/3"), Neuron.of([-1], 1, "-2/7")), 1)
    points = [[-1], [0], ["1/2"], [1], [2]]
    instance = TrainingInstance.of(points, [steps(p) for p in points], width=2, activation="threshold")
    assert check_witness(instance, steps).fits


def test_a_sample_is_called_a_sample() -> None:
    instance, network = _lifted(generate("planted", 1, variables=12, clauses=8), "relu")
    pairs = len(instance.points) * instance.width
    assert pairs > witness.BATCH_PAIRS
    report = check_witness(instance, network, max_pairs=pairs // 10)
    assert report.fits
    assert len(instance.points) // 12 < report.z3_points <= len(instance.points) // 10
    assert f"on {report.z3_points} of {report.points} points" in str(report)


def test_batches_cover_each_point_once() -> None:
    for width in (0, 1, 3, 100, 40_000):
        for points in (0, 1, 7, 1000):
            for misfits in ((), (0,), (3, 5, 6), tuple(range(points))):
                wrong = tuple(index for index in misfits if index < points)
                batches = list(witness._batches(points, width, wrong, 10**12))
                seen = [index for batch in batches for index in batch]
                assert sorted(seen) == sorted(set(range(points)) - set(wrong[witness.MAX_MISFITS :]))
                assert all(batch and len(batch) * max(width, 1) <= max(witness.BATCH_PAIRS, width) for batch in batches)
                few = [index for batch in witness._batches(points, width, (), 10) for index in batch]
                assert len(few) == len(set(few)) and (len(few) >= 1 or points == 0)
                assert max(len(few) - 1, 0) * width <= 10


def test_large_networks_are_sampled_in_time() -> None:
    width = 3000
    neurons = tuple(Neuron.of([1], -j, (-1) ** j) for j in range(width))
    network = Network("relu", neurons, 1)
    points = [(Fraction(x, 2),) for x in range(2 * width)]
    labels = tuple(network.evaluate(points))
    instance = TrainingInstance(tuple(points), labels, width, "relu", 1)
    report = check_witness(instance, network, max_pairs=30_000)
    assert report.fits and 1 < report.z3_points < 12


def test_timeout() -> None:
    instance, network = _lifted(generate("planted", 1, variables=12, clauses=8), "relu")
    report = check_witness(instance, network, timeout_s=0.01)
    assert report.exact_fits and report.z3_fits is None and not report.fits
    assert report.z3_points < report.points and "unknown" in str(report)


def test_another_shape() -> None:
    instance = TrainingInstance.of([[0], [1]], [0, 1], width=1, activation="relu")
    neuron = Neuron.of([1], 0, 1)
    for network in (
        Network("relu", (neuron, neuron), 1),
        Network("threshold", (neuron,), 1),
        Network("relu", (Neuron.of([1, 0], 0, 1),), 2),
    ):
        with pytest.raises(NotAFit):
            check_witness(instance, network)
    with pytest.raises(NotAFit):
        check_witness(replace(instance, signs="concave"), Network("relu", (neuron,), 1))


def test_a_disagreement_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    instance = TrainingInstance.of([[0], [1]], [0, 1], width=1, activation="relu")

    def liar(*arguments: object, **limits: object) -> Answer:
        return Answer("unsat", None, "", 0.0, "z3", "0")

    monkeypatch.setattr(witness, "check", liar)
    with pytest.raises(SolverFailure, match="points 1 to 2"):
        check_witness(instance, Network("relu", (Neuron.of([1], 0, 1),), 1))
