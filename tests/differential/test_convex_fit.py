"""Theorem 11's algorithm beside other programs and the engine for own data; its certificates, forced points and bounds."""

from __future__ import annotations

import io
import random
from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest

from certify.decide.convex import ConvexFit, ConvexNoFit, exact_fit
from certify.decide.convex.polyhedron import Polyhedron
from certify.decide.convex.tree import Tree
from certify.decide.fit import Fit, NoFit, decide
from certify.decide.fit.proof import SplitProof
from certify.encode import encode
from certify.errors import InvalidInstance, ResourceLimit
from certify.instance import Signs, TrainingInstance
from certify.network import Network
from certify.own_data import certificate_of
from certify.verify import check_text
from smt import check

from .small_data import drawn, truth


def status(instance: TrainingInstance, answer: ConvexFit | ConvexNoFit) -> tuple[str, object]:
    """What the checker says of a certificate with the answer, and why."""
    plain = Fit(answer.network) if isinstance(answer, ConvexFit) else NoFit(answer.lines)
    record = certificate_of(instance, plain, 0, "test")
    buffer = io.BytesIO()
    record.write(buffer)
    result = check_text(buffer.getvalue().decode())
    return result.status, (result.line, result.reason)


def verified(instance: TrainingInstance) -> tuple[str, ConvexFit | ConvexNoFit]:
    """The verdict from a verified certificate, within the bounds of Theorem 11."""
    answer = exact_fit(instance, seconds=120)
    said, why = status(instance, answer)
    assert said == "VERIFIED", (why, instance)
    levels = instance.width * (instance.dimension + 1) + 1
    assert answer.nodes == answer.counts.nodes and answer.counts.depth <= levels, instance
    assert answer.nodes < 2 ** (instance.width * levels + 1), instance
    return ("sat" if isinstance(answer, ConvexFit) else "unsat"), answer


@pytest.mark.parametrize("signs", ["convex", "concave"])
@pytest.mark.parametrize(("width", "count"), [(1, 40), (2, 40), (3, 20)])
def test_against_others_and_the_engine(width: int, count: int, signs: Signs) -> None:
    found, searched, forced = [], 0, 0
    for seed in range(count):
        instance = drawn(seed, signs=signs, widths=[width], dimensions=(1, 2) if width < 3 else (1,)).instance
        verdict, answer = verified(instance)
        assert verdict == ("sat" if truth(instance) else "unsat"), instance
        assert verdict == ("sat" if isinstance(decide(instance, seconds=60), Fit) else "unsat"), instance
        found.append(verdict)
        searched += verdict == "unsat" and answer.nodes > 1
        forced += answer.counts.forced
    assert min(found.count("sat"), found.count("unsat")) >= count // 6
    assert searched and forced


def test_all_labels_on_a_line() -> None:
    """Every labelling of four points by 0, 1, 2; mirrored points and negated labels alike."""
    verdicts = []
    for labels in product(range(3), repeat=4):
        instance = TrainingInstance.of([[0], [1], [2], [3]], labels, width=2, activation="relu", signs="convex")
        verdict, _ = verified(instance)
        mirrored = replace(instance, points=instance.points[::-1])
        concave = replace(instance, labels=tuple(-y for y in instance.labels), signs="concave")
        assert verdict == verified(mirrored)[0] == verified(concave)[0]
        assert verdict == check(encode(instance), "z3").status, labels
        verdicts.append(verdict)
    assert verdicts.count("sat") > 10 and verdicts.count("unsat") > 10


def test_points_between_are_forced() -> None:
    """Once 0 and 9 are on one piece, all that lie on the chord between them are: the tree does not branch on them."""
    xs = [0, 9, *range(1, 9)]
    instance = TrainingInstance.of([[x] for x in xs], [x + 1 for x in xs], width=1, activation="relu", signs="convex")
    verdict, answer = verified(instance)
    assert verdict == "sat" and answer.counts.forced == 8 and answer.counts.depth == 2
    below = replace(instance, labels=tuple(y + (x == 4) for x, y in zip(xs, instance.labels, strict=True)))
    verdict, answer = verified(below)
    assert verdict == "unsat" and answer.counts.rejected > 0
    said, why = status(instance, answer)
    assert said == "REJECTED" and "combination" in str(why), "the proof is of these labels alone"


def test_the_rejected_branches_alone_are_the_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has an exact reason without the forced points, and nothing has to be added to them."""
    refused = []
    close = SplitProof.close

    def watched(self: SplitProof) -> Network | list[str]:
        found = close(self)
        refused.append(self.refused)
        return found

    def never(self: SplitProof) -> None:
        raise AssertionError("signs that no branch rejects")

    monkeypatch.setattr(SplitProof, "close", watched)
    monkeypatch.setattr(SplitProof, "_model", never)
    forced = 0
    for seed in range(60):
        signs: Signs = "concave" if seed % 2 else "convex"
        instance = drawn(seed, signs=signs, widths=[1, 2, 2, 3], dimensions=(1, 2)).instance
        verdict, answer = verified(instance)
        forced += verdict == "unsat" and answer.counts.forced
    assert forced > 10 and len(refused) > 10 and not any(refused)


def test_label_0_is_forced_before_any_branch() -> None:
    """sum over no neuron = 0 = y: no level of the tree is spent on these points."""
    xs = range(-6, 3)
    instance = TrainingInstance.of(
        [[x] for x in xs], [max(x, 0) for x in xs], width=2, activation="relu", signs="convex"
    )
    verdict, answer = verified(instance)
    assert verdict == "sat" and answer.counts.forced >= 7


def test_a_negative_label_is_rejected_at_the_root() -> None:
    instance = TrainingInstance.of([[0], [1]], [1, -1], width=3, activation="relu", signs="convex")
    verdict, answer = verified(instance)
    assert verdict == "unsat" and answer.nodes == 1


def test_lower_bounds() -> None:
    """mu against values worked out by hand: one neuron, z(0) = 0 and z(1) = 1, so z(x) = x."""
    whole = Polyhedron.whole(1, 2, lambda: None)
    one = Fraction(1)
    origin, unit, two = (Fraction(0), one), (one, one), (Fraction(2), one)
    assert whole.below(two, (True,), Fraction(-100)) and not whole.below(two, (False,), Fraction(0))
    assert whole.reaches(two, (False,), Fraction(0)) and not whole.reaches(two, (False,), Fraction(-1))
    now = whole.with_point(origin, (True,), Fraction(0))
    now = now.with_point(unit, (True,), one)
    assert not now.below(two, (True,), Fraction(2)) and now.reaches(two, (True,), Fraction(2))
    assert now.below(two, (True,), Fraction(2) + Fraction(1, 10**30))
    assert not now.below(two, (True,), Fraction(1)) and not now.reaches(two, (True,), Fraction(1))
    assert now.with_point(two, (False,), Fraction(0)) is None and now.network() == ((one, Fraction(0)),)


def test_without_forced_points_the_bound_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound on the depth is a property of Algorithm 2, and the tests above would see it missing."""
    xs = range(10)
    instance = TrainingInstance.of([[x] for x in xs], [x + 1 for x in xs], width=1, activation="relu", signs="convex")
    monkeypatch.setattr(Tree, "_bound", lambda self, open_points, now: None)
    answer = exact_fit(instance)
    assert isinstance(answer, ConvexFit) and answer.counts.depth == 10 > 1 * 2 + 1


def test_small_questions() -> None:
    base = TrainingInstance.of([[0], [0]], [1, 2], width=2, activation="relu", signs="convex")
    assert exact_fit(base).lines == ["contradiction 1 2"] and verified(base)[0] == "unsat"
    for width, labels, verdict in [(0, [0, 0], "sat"), (0, [0, 3], "unsat"), (2, [0, 0], "sat"), (1, [5, 5], "sat")]:
        instance = TrainingInstance.of([[0], [1]], labels, width=width, activation="relu", signs="convex")
        assert verified(instance)[0] == verdict
    again = TrainingInstance.of([[0], [1], [1], [0]], [1, 2, 2, 1], width=1, activation="relu", signs="convex")
    assert verified(again)[0] == "sat"


def test_what_is_refused() -> None:
    points, labels = [[0], [1], [2]], [1, 0, 5]
    for activation, signs in [("relu", "free"), ("threshold", "free")]:
        with pytest.raises(InvalidInstance):
            exact_fit(TrainingInstance.of(points, labels, width=1, activation=activation, signs=signs))
    instance = TrainingInstance.of(points, labels, width=3, activation="relu", signs="convex")
    with pytest.raises(ResourceLimit):
        exact_fit(instance, seconds=0)
    with pytest.raises(ResourceLimit):
        exact_fit(replace(instance, width=7))


def test_progress_and_equal_bytes() -> None:
    rng, said = random.Random("progress"), []
    points = [[rng.randint(-9, 9), rng.randint(-9, 9)] for _ in range(7)]
    instance = TrainingInstance.of(points, [1, 4, 2, 8, 5, 7, 3], width=2, activation="relu", signs="convex")
    first = exact_fit(instance, progress=said.append)
    assert said and first == exact_fit(instance)
