"""Refutations of instances whose gamma is the least that the labels allow, checked by the independent checkers."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest

from certify.certificate import Certificate, Claim
from certify.decide.forced import forced, meets_exactly, refute_with_loss, renumbered
from certify.decide.refute import Refutation, Unknown, refute
from certify.instance import TrainingInstance
from certify.loss import LOSSES, Loss
from certify.network import Network, Neuron
from certify.own_data import fit_instance
from certify.problems.poits import Formula
from certify.reductions import reduction_named
from certify.verify import Result, check_bytes


def checked(instance: TrainingInstance, lines: Sequence[str]) -> Result:
    file = io.BytesIO()
    Certificate(Claim.of("NO", "data", instance), instance, refutation=lines).write(file)
    return check_bytes(file.getvalue())


def spread(base: TrainingInstance, loss: Loss, rng: random.Random) -> TrainingInstance:
    """The base with further labels around that of some points, all points shuffled, and the least gamma."""
    rows = [(p, y, 1) for p, y in zip(base.points, base.labels, strict=True)]
    gamma = Fraction(0)
    for place in rng.sample(range(len(rows)), min(3, len(rows))):
        point, label, _ = rows[place]
        gap, count = Fraction(rng.randrange(1, 5), rng.randrange(1, 4)), rng.randrange(1, 4)
        if loss == "l0":
            rows += [(point, label + gap, count), (point, label, count)]
            gamma += count
        else:
            rows += [(point, label + gap, count), (point, label - gap, count)]
            gamma += 2 * count * (gap if loss == "l1" else gap * gap)
    rng.shuffle(rows)
    points, labels, copies = zip(*rows, strict=True)
    return replace(base, points=points, labels=labels, copies=copies, loss=loss, gamma=gamma)


ZIGZAG = TrainingInstance.of([[x] for x in range(6)], [0, 1, 0, 1, 0, 1], width=3, activation="relu")
STEPS = TrainingInstance.of([[x] for x in range(5)], [0, 1, 0, 1, 0], width=3, activation="threshold")
FORMULA = Formula(1, ((1, 1, 1),))
BASES = {
    "zigzag": ZIGZAG,
    "steps": STEPS,
    "poits-relu": reduction_named("poits", "relu").reduce(FORMULA),
    "poits-threshold": reduction_named("poits", "threshold").reduce(FORMULA),
}


@pytest.mark.parametrize("loss", LOSSES[1:])
@pytest.mark.parametrize("name", BASES)
def test_a_refutation_survives_the_spread(name: str, loss: Loss) -> None:
    base = BASES[name]
    made = spread(base, loss, random.Random(f"{name} {loss}"))
    least, pinned = forced(made)
    assert least == made.gamma and sorted(made.points[i] for i in pinned) == sorted(set(base.points))
    outcome = refute_with_loss(made)
    assert isinstance(outcome, Refutation) and outcome.lines[0] == "forced"
    assert checked(made, outcome.lines).status == "VERIFIED"
    # without the renumbering, or without the line, it is no refutation
    assert checked(made, outcome.lines[1:]).status == "REJECTED"
    shifted = list(renumbered(outcome.lines, [*range(2, len(made.points) + 1), 1]))
    assert checked(made, shifted).status == "REJECTED"
    below, above = (replace(made, gamma=made.gamma + step) for step in (Fraction(-1, 7), Fraction(1, 7)))
    out_of_reach = refute_with_loss(below)
    assert isinstance(out_of_reach, Refutation) and out_of_reach.lines == ["forced"]
    assert checked(below, ["forced"]).status == "VERIFIED"
    assert isinstance(refute_with_loss(above), Unknown)
    assert checked(above, outcome.lines).code == "not-forced"


@pytest.mark.parametrize("loss", LOSSES[1:])
def test_an_order_by_coefficients_survives_the_spread(loss: Loss) -> None:
    """The search's own proof, in which points are named by the order, by steps p and by items."""
    bits = list(product((0, 1), repeat=4))
    base = TrainingInstance.of(bits, [sum(point) % 2 for point in bits], width=3, activation="threshold")
    made = spread(base, loss, random.Random(f"coefficients {loss}"))
    found = fit_instance(made)
    assert found.verdict == "NO" and found.certificate is not None
    lines = list(found.certificate.refutation or ())
    kinds = {line.split(" ")[0] for line in lines}
    assert lines[0] == "forced" and "e" in kinds and "l" in kinds and any(line.startswith("order * a ") for line in lines)
    assert checked(made, lines).status == "VERIFIED"
    assert checked(made, lines[1:]).status == "REJECTED"
    shifted = list(renumbered(lines, [*range(2, len(made.points) + 1), 1]))
    assert checked(made, shifted).status == "REJECTED"


@pytest.mark.parametrize("loss", LOSSES[1:])
def test_a_fit_survives_the_spread(loss: Loss) -> None:
    network = Network("relu", (Neuron.of([1], 0, 1), Neuron.of([1], -2, -1)), 1)
    base = TrainingInstance.of([[x] for x in range(-1, 5)], [0, 0, 1, 2, 2, 2], width=2, activation="relu")
    for seed in range(5):
        made = spread(base, loss, random.Random(seed))
        assert made.total_loss(network) == made.gamma and made.objection(network) is None
        assert isinstance(refute_with_loss(made), Unknown)
        file = io.BytesIO()
        Certificate(Claim.of("YES", "data", made), made, network).write(file)
        assert check_bytes(file.getvalue()).status == "VERIFIED"
        assert isinstance(refute_with_loss(replace(made, gamma=made.gamma * Fraction(99, 100))), Refutation)


@pytest.mark.parametrize("loss", LOSSES)
def test_gamma_zero_goes_to_the_direct_refuter(loss: Loss) -> None:
    made = replace(ZIGZAG, loss=loss)
    direct, wrapped = refute(ZIGZAG), refute_with_loss(made)
    assert isinstance(direct, Refutation) and wrapped == direct and meets_exactly(made)
    assert checked(made, direct.lines).status == "VERIFIED"
    twice = replace(made, points=(*made.points, (Fraction(3),)), labels=(*made.labels, Fraction(5)))
    outcome = refute_with_loss(twice)
    assert isinstance(outcome, Refutation) and outcome.lines == ["contradiction 4 7"]
    assert checked(twice, outcome.lines).status == "VERIFIED"


def test_every_kind_of_line_is_renumbered() -> None:
    numbers = [10 * t for t in range(1, 10)]
    for old, new in {
        "line 1 2 3": "line 10 20 30",
        "slots 1 + 1 2 3": "slots 1 + 10 20 30",
        "contradiction 1 2": "contradiction 10 20",
        "split 2": "split 2",
        "n 1 2 3 4": "n 1 20 30 40",
        "label + 3": "label + 3",
        "order - 3": "order - 30",
        "order * 3 1": "order * 30 10",
        "order * a 3 1": "order * a 30 10",
        "order * a": "order * a",
        "w 1 2": "w 1 2",
        "b 1 2": "b 1 2",
        "u 1>=2 : e1:1 a2:-1/2 h3.4:1 g1.2:3 s1.3:-1 r4:1 2<3:1 o1:1": "u 1>=20 : e10:1 a20:-1/2 h3.40:1 g1.20:3 s1.30:-1 r4:1 2<30:1 o1:1",
        "c 7 1<2 -d3 t1 : e1:1": "c 7 1<20 -d3 t1 : e10:1",
        "d 8 1<2 t2": "d 8 1<20 t2",
        "k 9 1 + 2": "k 9 1 + 2",
        "r 3 1>2 d8 : r2:1": "r 3 1>20 d8 : r2:1",
        "m 4 5 6 7": "m 4 5 6 7",
        "q 1 3 1 2": "q 1 3 1 2",
        "p 2 1 3": "p 2 1 30",
        "l 3 1 2 >": "l 3 1 2 >",
        "l 3 1 2 < 1 2": "l 3 1 2 < 1 2",
        "e 5 1 -d2 1>3 t1 : d1:-1 d2:1 a1:2 e3:1/2 s1.2:1 r4:1": "e 5 1 -d2 1>30 t1 : d1:-1 d2:1 a10:2 e30:1/2 s1.20:1 r4:1",
        "v 9 1<=2 x1.3 -x2.3 -d4 : 5 6 d7": "v 9 1<=20 x1.3 -x2.3 -d4 : 5 6 d7",
        "x 1 2": "x 1 2",
        "0 : e1:1": "0 : e10:1",
        "qed": "qed",
    }.items():
        assert list(renumbered([old], numbers)) == [new]
