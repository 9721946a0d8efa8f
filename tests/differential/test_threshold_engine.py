"""The engine for threshold networks against the tests' own oracle; its circuits, lemmas and certificates."""

from __future__ import annotations

import io
import random
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pytest

from certify.decide import radon
from certify.decide.fit import Fit, NoFit, Undecided
from certify.decide.threshold import decide, search, together
from certify.exact import dot
from certify.instance import TrainingInstance
from certify.network import Network, Neuron
from certify.own_data import certificate_of
from certify.verify import check_text
from tests.oracle import fitting_network


def certificate(instance: TrainingInstance, answer: Fit | NoFit) -> str:
    buffer = io.BytesIO()
    certificate_of(instance, answer, 0, "test").write(buffer)
    return buffer.getvalue().decode()


def verified(instance: TrainingInstance) -> bool:
    """Whether a network fits, from a certificate that the checker accepts."""
    answer = decide(instance, seconds=300)
    assert isinstance(answer, Fit | NoFit), answer
    result = check_text(certificate(instance, answer))
    assert result.status == "VERIFIED", (result.line, result.reason, instance)
    return isinstance(answer, Fit)


def random_instance(rng: random.Random) -> TrainingInstance:
    """Points close together, so that many are on lines or twice there; labels of a network at times."""
    dimension, width, size = rng.choice([1, 2, 2, 3]), rng.choice([0, 1, 2, 2, 3]), rng.choice([1, 2, 5])
    points = [
        tuple(Fraction(rng.randint(-size, size), rng.choice([1, 1, 3])) for _ in range(dimension))
        for _ in range(rng.randint(1, 8))
    ]
    if rng.random() < 0.5:
        labels = [Fraction(rng.choice([0, 1, 2, -1])) for _ in points]
    else:
        neurons = tuple(
            Neuron.of([rng.randint(-3, 3) for _ in range(dimension)], rng.randint(-3, 3), rng.randint(-2, 2))
            for _ in range(width + rng.choice([0, 1]))
        )
        labels = Network("threshold", neurons, dimension).evaluate(points)
    return TrainingInstance.of(points, labels, width=width, activation="threshold")


@pytest.mark.parametrize("together_from", [1, 9])
@pytest.mark.parametrize("eager", [True, False])
def test_against_the_oracle(eager: bool, together_from: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With all circuits and sums in the clauses at the start, and with none: then models have to bring them. By one
    solver for all coefficients, and by the tree.
    """
    if not eager:
        monkeypatch.setattr(radon, "MOST", 0)
        monkeypatch.setattr(radon, "MOST_EXACT", 0)
        monkeypatch.setattr(radon, "SAMPLE", 0)
        monkeypatch.setattr(together, "small", lambda width, values: iter(()))
    monkeypatch.setattr(search, "MANY_NEURONS", together_from)
    rng, found = random.Random(f"threshold {eager}"), []
    for _ in range(80):
        instance = random_instance(rng)
        found.append(verified(instance))
        assert found[-1] == (fitting_network(instance) is not None), instance
    assert min(found.count(True), found.count(False)) > 20


def test_every_labelling_of_a_square() -> None:
    """The eight corners and middles of a square by 0 and 1, two neurons; the symmetry of the square holds."""
    points = [p for p in product((-1, 0, 1), repeat=2) if p != (0, 0)]
    rng, turned = random.Random("square"), [points.index((-y, x)) for x, y in points]
    found = []
    for _ in range(40):
        labels = [rng.randint(0, 1) for _ in points]
        instance = TrainingInstance.of(points, labels, width=2, activation="threshold")
        rotated = replace(instance, labels=tuple(instance.labels[t] for t in turned))
        found.append(verified(instance))
        assert found[-1] == verified(rotated) == (fitting_network(instance) is not None)
    assert min(found.count(True), found.count(False)) > 5


def test_four_neurons() -> None:
    """Random labels are refuted with 14 points in the plane; a planted network is found."""
    rng = random.Random("four")
    points = list({(rng.randint(-6, 6), rng.randint(-6, 6)) for _ in range(14)})
    labels = [rng.randint(-2, 2) for _ in points]
    assert not verified(TrainingInstance.of(points, labels, width=3, activation="threshold"))
    neurons = tuple(
        Neuron.of([rng.randint(-3, 3), rng.randint(-3, 3)], rng.randint(-5, 5), rng.randint(1, 4)) for _ in range(4)
    )
    planted = Network("threshold", neurons, 2).evaluate([tuple(map(Fraction, p)) for p in points])
    assert verified(TrainingInstance.of(points, planted, width=4, activation="threshold"))


@pytest.mark.parametrize("scale", [1, Fraction(1, 7), 10**12])
@pytest.mark.parametrize("at_once", [True, False])
def test_circuits_are_all_minimal_dependencies(
    at_once: bool, scale: Fraction | int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Against a search of all subsets: rank of the points with a 1 one less than their number, for them and no fewer.

    Both ways to list them; with coordinates that are whole, that are not, and that are too large for machine integers.
    """
    if not at_once:
        monkeypatch.setattr(radon, "MOST", 0)
    rng = random.Random("circuits")
    for dimension, count, size in [(1, 6, 5), (2, 8, 2), (2, 7, 9), (3, 7, 1), (3, 7, 4), (2, 3, 1), (3, 2, 5)]:
        points = list(
            {tuple(rng.randint(-size, size) * Fraction(scale) for _ in range(dimension)) for _ in range(count)}
        )
        expected = set()
        for n in range(2, dimension + 3):
            for indices in combinations(range(len(points)), n):
                if not any(set(smaller) < set(indices) for smaller in expected) and dependent(points, indices):
                    expected.add(indices)
        listed = radon.Circuits(points, np.random.default_rng(0))
        every = listed.every()
        assert listed.complete and {tuple(sorted(support)) for support in every} == expected
        assert len(every) == len(expected) == len(listed)
        found = [radon.circuit(radon.whole(points), support) for support in every]
        for circuit in found:
            assert circuit is not None and sum(circuit.values()) == 0
            assert all(sum(m * points[i][c] for i, m in circuit.items()) == 0 for c in range(dimension))
        side = np.array([rng.random() < 0.5 for _ in points])
        wrong = {tuple(sorted(c)) for c in found if c and len({bool(side[i]) == (m > 0) for i, m in c.items()}) == 1}
        against = listed.against(side, 10**6, np.random.default_rng(0))
        assert {tuple(sorted(support)) for support in against} == wrong and len(against) == len(wrong)
        few = listed.against(side, 2, np.random.default_rng(0))
        assert len(few) == min(2, len(wrong)) and {tuple(sorted(support)) for support in few} <= wrong


def test_circuits_of_many_points_are_not_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(radon, "MOST", 0)
    monkeypatch.setattr(radon, "MOST_EXACT", 20)
    points = [(Fraction(v), Fraction(v * v)) for v in range(6)]
    listed = radon.Circuits(points, np.random.default_rng(0))
    assert listed.complete and len(listed) == 15  # all sets of four; no three are on a line
    monkeypatch.setattr(radon, "SAMPLE", 30)
    points.append((Fraction(6), Fraction(36)))
    listed = radon.Circuits(points, np.random.default_rng(0))
    assert not listed.complete and 0 < len(listed) <= 30
    assert all(len(set(support)) == 4 and radon.circuit(radon.whole(points), support) for support in listed.every())


def dependent(points: list[tuple[Fraction, ...]], indices: tuple[int, ...]) -> bool:
    """By the Gram matrix's determinant, expanded."""
    rows = [(*points[i], Fraction(1)) for i in indices]
    return determinant([[dot(a, b) for b in rows] for a in rows]) == 0


def determinant(matrix: list[list[Fraction]]) -> Fraction:
    if not matrix:
        return Fraction(1)
    return sum(
        (
            (-1) ** c * v * determinant([row[:c] + row[c + 1 :] for row in matrix[1:]])
            for c, v in enumerate(matrix[0])
            if v
        ),
        Fraction(0),
    )


def test_a_proof_is_of_its_labels() -> None:
    """The refutation of one labelling does not pass for another one, which has a network."""
    points = [[0, 0], [1, 1], [0, 1], [1, 0]]
    parity = TrainingInstance.of(points, [0, 0, 1, 1], width=1, activation="threshold")
    answer = decide(parity)
    assert isinstance(answer, NoFit)
    other = replace(parity, labels=tuple(map(Fraction, [0, 1, 1, 1])))
    result = check_text(certificate(other, answer))
    assert result.status == "REJECTED" and verified(other)


def test_limits_and_equal_bytes() -> None:
    rng = random.Random("limits")
    points = [[rng.randint(-9, 9), rng.randint(-9, 9), 1] for _ in range(12)]
    instance = TrainingInstance.of(points, [rng.randint(0, 2) for _ in points], width=2, activation="threshold")
    first = decide(instance, seed=3)
    assert isinstance(first, NoFit) and first == decide(instance, seed=3)
    wide = decide(replace(instance, width=9))
    assert isinstance(wide, Undecided) and wide.at_least >= 1 and "8 neurons" in wide.reason
    late = decide(instance, seconds=0)
    assert isinstance(late, Undecided) and late.at_least >= 1
