"""Refutations under a loss (format, 6.13): forced and by search, what is accepted and, side by side, what is not."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from certify.loss import Loss, best_constant
from certify.verify import Result, cheapest, check_text

from .test_verify_loss import accepted, certificate, rejected


def run(points: str, width: int, body: str, loss: str, **options: object) -> Result:
    text = certificate(points, width, "refutation lines\n" + body, loss=loss, verdict="NO", **options)  # type: ignore[arg-type]
    return check_text(text)


def no(result: Result) -> None:
    accepted(result, "NO")


# -- gamma = 0 ---------------------------------------------------------------------------------------------------

BUMP = "0 0\n1 1\n2 0"
BUMP_BODY = "line 1 2 3\nslots 1 - 1 2 3"


@pytest.mark.parametrize("loss", ["l0 0", "l0 99/100", "l1 0", "l2 0"])
def test_gamma_zero_is_refuted_as_an_exact_fit(loss: str) -> None:
    no(run(BUMP, 5, BUMP_BODY, loss, signs="convex"))
    no(run("1 0\n1 1", 5, "contradiction 1 2", loss))
    rejected(run(BUMP, 5, f"forced\n{BUMP_BODY}", loss, signs="convex"), "split-missing")
    rejected(run("0 1", 0, "split 0\n0 : L:1\nqed", loss), "item-kind")
    no(run("0 1", 0, "split 0\n0 : e1:1 a1:-1\nqed", loss))


@pytest.mark.parametrize("loss", ["l0 1", "l1 1/9", "l2 1/9"])
def test_a_positive_gamma_is_another_question(loss: str) -> None:
    rejected(run(BUMP, 5, BUMP_BODY, loss, signs="convex"), "split-missing")
    rejected(run("1 0\n1 1", 5, "contradiction 1 2", loss), "split-missing")
    rejected(run("0 1", 0, "split 0\n0 : e1:1 a1:-1\nqed", loss), "farkas-not-contradictory")  # leaves rho


# -- forced ------------------------------------------------------------------------------------------------------

# At 0 the labels -1 and 1 and 0: whatever the value there, it costs 2 (l1, l2); gamma = 2 forces 0 and all else.
SPREAD = "0 -1\n0 1\n0 0\n1 1\n2 0"
SPREAD_BODY = "line 3 4 5\nslots 1 - 3 4 5"


@pytest.mark.parametrize("loss", ["l1", "l2", "l0"])
def test_forced(loss: str) -> None:
    points = SPREAD if loss != "l0" else SPREAD + "\n0 0"
    no(run(points, 5, f"forced\n{SPREAD_BODY}", f"{loss} 2", signs="convex"))
    no(run(points, 5, "forced", f"{loss} 3/2", signs="convex"))  # out of reach
    rejected(run(points, 5, f"forced\n{SPREAD_BODY}", f"{loss} 3/2", signs="convex"), "no-end")
    rejected(run(points, 5, f"forced\n{SPREAD_BODY}", f"{loss} 5/2", signs="convex"), "not-forced")
    rejected(run(points, 5, "forced", f"{loss} 2", signs="convex"), "split-missing")
    rejected(run(points, 5, SPREAD_BODY, f"{loss} 2", signs="convex"), "split-missing")
    rejected(run(points, 5, f"{SPREAD_BODY}\nforced", f"{loss} 2", signs="convex"), "split-missing")


def test_only_pinned_points_may_be_named() -> None:
    # l0: at 0 two labels are equally good, so the value there may be either
    points = "0 0\n0 1\n1 1\n2 0\n3 1"
    no(run(points, 5, "forced\nline 3 4 5\nslots 1 + 3 4 5", "l0 1", signs="concave"))
    rejected(run(points, 5, "forced\nline 1 3 4\nslots 1 - 1 3 4", "l0 1", signs="convex"), "point-not-pinned")
    rejected(run(points, 5, "forced\nsplit 5\n0 : e1:1\nqed", "l0 1", signs="convex"), "point-not-pinned")
    rejected(run(points, 0, "forced\nsplit 0\n0 : e2:1 a2:-1\nqed", "l0 1"), "point-not-pinned")
    no(run(points, 0, "forced\nsplit 0\n0 : e3:1 a3:-1\nqed", "l0 1"))
    rejected(run(points, 5, "forced\ncontradiction 1 2", "l0 1"), "point-not-pinned")
    # l1: any value between 0 and 1 is as good as any other; with a third label or more copies one is the best
    rejected(run(points, 0, "forced\nsplit 0\n0 : e1:1 a1:-1\nqed", "l1 1"), "point-not-pinned")
    counted = "0 0 1\n0 1 2"
    no(run(counted, 0, "forced\nsplit 0\n0 : e2:1 a2:-1\nqed", "l1 1", counted=True))
    rejected(run(counted, 0, "forced\nsplit 0\n0 : e1:1 a1:-1\nqed", "l1 1", counted=True), "point-not-pinned")
    rejected(
        run(counted.replace("2", "1"), 0, "forced\nsplit 0\n0 : e2:1 a2:-1\nqed", "l1 1", counted=True),
        "point-not-pinned",
    )


def test_a_mean_pins_the_points_that_have_it_as_label() -> None:
    # l2: the mean of 0, 1 and 1/2 is forced at 0, with loss 1/2, and only point 3 has it as its label
    points = "0 0\n0 1\n0 1/2\n1 2/3\n2 1/2"
    no(run(points, 5, "forced\nline 3 4 5\nslots 1 - 3 4 5", "l2 1/2", signs="convex"))
    rejected(run(points, 5, "forced\nline 2 4 5", "l2 1/2"), "point-not-pinned")
    rejected(
        run(points.replace("2/3", "1/2"), 5, "forced\nline 3 4 5\nslots 1 - 3 4 5", "l2 1/2", signs="convex"),
        "slot-not-concave",
    )
    no(run(points, 0, "forced\nsplit 0\n0 : e3:1 a3:-1\nqed", "l2 1/2"))
    no(run("0 0\n0 1\n1 1", 0, "forced\nsplit 0\n0 : e3:1 a3:-1\nqed", "l2 1/2"))
    rejected(run("0 0\n0 1\n1 1", 0, "forced\nsplit 0\n0 : e1:1 a1:-1\nqed", "l2 1/2"), "point-not-pinned")


def test_equal_places_are_found_in_any_writing() -> None:
    points = "1/2 1/3 0\n1/2 1/3 2"
    no(run(points, 5, "forced", "l1 1"))
    rejected(run(points, 5, "forced", "l1 3"), "not-forced")
    no(run("1/2 0 3\n1/2 1/3 3", 5, "forced", "l1 1/2", counted=True))


@pytest.mark.parametrize("loss", ["l0", "l1", "l2"])
def test_cheapest_against_another_implementation(loss: Loss) -> None:
    rng = random.Random(loss)
    for _ in range(300):
        weights = {
            Fraction(rng.randrange(-5, 6), rng.choice((1, 2, 3))): rng.randrange(1, 4)
            for _ in range(rng.randrange(1, 6))
        }
        assert cheapest(loss, weights) == best_constant(loss, list(weights), list(weights.values()))


# -- search ------------------------------------------------------------------------------------------------------

# k = 0: the network is 0, so the loss of "0 3" (twice) and "1 -2" is 2 * 3 + 2 (l1), 2 * 9 + 4 (l2), 3 (l0).
ZERO = "0 3 2\n1 -2 1"
L1 = "L:1 p1:2 n2:1 e1:2 a1:-2 e2:-1 a2:1"
L2 = "L:1 q1.3:2 q2.-2:1 e1:12 a1:-12 e2:-4 a2:4"


def zero(step: str, loss: str) -> Result:
    return run(ZERO, 0, f"split 0\n{step}\nqed", loss, counted=True)


def test_l1_without_neurons() -> None:
    no(zero(f"0 : {L1}", "l1 7"))
    no(zero(f"0 : {L1}", "l1 799999/100000"))
    rejected(zero(f"0 : {L1}", "l1 8"), "farkas-not-contradictory")
    rejected(zero(f"0 : {L1}".replace("L:1 ", ""), "l1 7"), "farkas-not-contradictory")
    rejected(zero(f"0 : {L1}".replace("L:1", "L:-1"), "l1 7"), "multiplier-not-positive")
    rejected(zero(f"0 : {L1}".replace("p1:2", "p1:-2"), "l1 7"), "multiplier-not-positive")
    rejected(zero(f"0 : {L1}".replace("n2:1", "n2:-1"), "l1 7"), "multiplier-not-positive")
    rejected(zero(f"0 : {L1}".replace("p1", "n1"), "l1 7"), "farkas-not-contradictory")
    rejected(zero(f"0 : {L1}".replace("n2", "n3"), "l1 7"), "unknown-point")
    rejected(zero(f"0 : {L1}".replace("n2", "x2"), "l1 7"), "item-kind")
    rejected(zero(f"0 : {L1}".replace("n2:1", "q2.1:1"), "l1 7"), "item-kind")
    rejected(zero(f"0 : {L1}".replace("L:1", "L1:1"), "l1 7"), "item-syntax")
    rejected(zero(f"0 : {L1}", "l2 7"), "item-kind")
    rejected(zero(f"0 : {L1}", "l0 2"), "item-kind")


def test_l2_without_neurons() -> None:
    no(zero(f"0 : {L2}", "l2 21"))
    rejected(zero(f"0 : {L2}", "l2 22"), "farkas-not-contradictory")
    no(zero("0 : L:1 q1.5/2:2 q2.-2:1 e1:10 a1:-10 e2:-4 a2:4", "l2 21"))  # a tangent at 5/2: 9 >= 35/4
    rejected(zero("0 : L:1 q1.5/2:2 q2.-2:1 e1:10 a1:-10 e2:-4 a2:4", "l2 43/2"), "farkas-not-contradictory")
    rejected(zero(f"0 : {L2}".replace("q1.3:2", "q1.3:-2"), "l2 21"), "multiplier-not-positive")
    for wrong, code in (
        ("q1.6/2:2", "number"),
        ("q1.3", "item-syntax"),
        ("q1.+3:2", "item-syntax"),
        ("q3.3:2", "unknown-point"),
        ("q1:2", "item-syntax"),
        ("q1.-0:2", "item-syntax"),
        ("q1.2:2", "farkas-not-contradictory"),
    ):
        rejected(zero(f"0 : {L2}".replace("q1.3:2", wrong), "l2 21"), code)


MISSED = "c 1 m1 : z1:1 e1:-1 a1:1\nc 2 m2 : z2:-1 e2:1 a2:-1"


def test_l0_without_neurons() -> None:
    no(zero(f"{MISSED}\n0 : L:1 y1:2 y2:1", "l0 2"))
    rejected(zero(f"{MISSED}\n0 : L:1 y1:2 y2:1", "l0 3"), "farkas-not-contradictory")
    no(zero(f"{MISSED}\n0 : L:1 y1:2 y2:1", "l0 29/10"))
    no(zero(f"{MISSED}\n0 : L:1 y1:2 x2:1", "l0 1"))
    rejected(zero(f"{MISSED}\n0 : L:1 y1:2 x2:1", "l0 2"), "farkas-not-contradictory")
    rejected(zero("0 : L:1 y1:2 y2:1", "l0 2"), "literal-not-known")
    rejected(zero(MISSED.replace("m1", "-m1"), "l0 2"), "literal-not-known")
    rejected(zero(f"{MISSED}\n0 : z1:1 e1:-1 a1:1", "l0 2"), "literal-not-known")
    rejected(zero(MISSED.replace("m1", "m3"), "l0 2"), "unknown-point")
    rejected(zero(MISSED.replace("c 1 m1", "u m1"), "l0 2"), "literal-kind")
    rejected(zero(MISSED, "l1 2"), "literal-kind")
    rejected(zero(f"{MISSED}\n0 : L:1 y1:2 y2:1".replace("y1:2", "y1:-2"), "l0 2"), "multiplier-not-positive")
    # clauses, definitions, rows and propagation with them
    no(zero(f"{MISSED}\nd 3 m1 m2\nc 4 -d3 : L:1 y1:2 y2:1\nv 5 : d3 4", "l0 2"))
    no(zero(f"r 1 m1 m2 : L:1 y1:2 y2:1\n{MISSED.replace('c 1', 'c 2').replace('c 2 m2', 'c 3 m2')}\n0 : r1:1", "l0 2"))
    no(zero("c 1 m1 : z1:1 e1:-1 a1:1\nc 2 -m1 -m2 : L:1 y1:2 y2:1\nc 3 m2 : z2:1 e2:-1 a2:1\nv 4 : 1 3 2", "l0 2"))
    rejected(zero("r 1 m1 : L:1 y1:2 x2:1\n0 : r1:1", "l0 1"), "guard-not-true")


def test_search_has_no_lines_and_takes_all_splits() -> None:
    points = "0 0 2\n1 9 2"
    negative = "0 : L:1 p2:2 p1:1 n1:1 e2:2 a2:-2 h1.2:2"
    no(run(points, 1, f"split 0\n{negative}\nqed", "l1 17", counted=True, signs="concave"))
    rejected(
        run(points, 1, f"split 0\n{negative}\nqed", "l1 18", counted=True, signs="concave"), "farkas-not-contradictory"
    )
    rejected(run(points, 1, f"split 1\n{negative}\nqed", "l1 17", counted=True, signs="concave"), "split-missing")
    rejected(
        run(points, 1, f"split 1\n{negative}\nqed", "l1 17", counted=True, signs="convex"), "farkas-not-contradictory"
    )
    rejected(run(points, 1, f"split 0\n{negative}\nqed", "l1 17", counted=True), "split-missing")
    for step in ("n 1 1 2 3", "label + 1", "w 1 1", "b 1 1", "k 1 1 + 1"):
        rejected(run(points, 1, f"split 0\n{step}", "l1 17", counted=True), "unknown-step")
    for line in ("line 1 2", "slots 1 + 1 2", "contradiction 1 2"):
        rejected(run(points, 1, f"{line}\nsplit 0", "l1 17", counted=True), "split-missing")
    no(run(points, 1, f"split 0\norder - 1\n{negative}\nqed", "l1 17", counted=True, signs="concave"))
