"""Turned neurons and order (format, 6.11 and 6.12): what is accepted and, side by side, what is rejected."""

from __future__ import annotations

import pytest

from certify.verify import Result

from .test_verify_rules import accepted, rejected, run

# No neuron is labelled, so alpha = 0, and one neuron with a = +1 is nowhere negative. With any affine alpha the data fit.
NEGATIVE = "0 5\n1 -1"
BELOW_ZERO = "0 : e2:-1 a2:1 h1.2:1 h2.2:1"

# f(-1) = 1, f(0) = 0, f(1) = 1 with one positive neuron: had it been turned, f(1) = 0, if not, f(-1) = 0.
KINK = "-1 1\n0 0\n1 1"
NOT_UNTURNED = "c 1 t1 : e1:1 a1:-1"
NOT_TURNED = "c 2 -t1 : e3:1 a3:-1"


def negative(steps: str, signs: str = "convex", split: str = "2") -> Result:
    return run(NEGATIVE, 2, f"split {split}\n{steps}\nqed", signs=signs)


def kink(steps: str) -> Result:
    return run(KINK, 1, f"line 1 2 3\nslots 1 + 1 2 3\nsplit 1\nlabel + 1\n{steps}\nqed", signs="convex")


def test_no_neurons_is_the_zero_function() -> None:
    for activation, split in (("relu", "0"), ("threshold", "*")):
        accepted(run("1/2 3", 0, f"split {split}\n0 : e1:1 a1:-1\nqed", activation=activation))
        rejected(
            run("1/2 3", 0, f"split {split}\n0 : e1:1\nqed", activation=activation), "farkas-not-contradictory"
        )
        rejected(
            run("1/2 0", 0, f"split {split}\n0 : e1:1 a1:-1\nqed", activation=activation), "farkas-not-contradictory"
        )
    accepted(run("1/2 3", 0, "split 0\n0 : e1:1 a1:-1\nqed", signs="concave"))


def test_without_labels_the_affine_part_is_zero() -> None:
    accepted(negative(BELOW_ZERO))
    accepted(negative("0 : e1:1 a1:-1 h1.1:1 h2.1:1", "concave", "0"))  # 5 = -h - h
    rejected(negative(BELOW_ZERO.replace("a2:1 ", "")), "farkas-not-contradictory")  # the wider class fits
    rejected(negative(BELOW_ZERO.replace("a2", "a1")), "farkas-not-contradictory")  # alpha(x_1) is not alpha(x_2)
    rejected(negative(BELOW_ZERO.replace("a2:1", "a2:-1")), "farkas-not-contradictory")
    rejected(negative(BELOW_ZERO.replace("2.2:1", "2.2:-1")), "multiplier-not-positive")
    rejected(negative(BELOW_ZERO.replace("a2", "a3")), "unknown-point")
    rejected(negative(BELOW_ZERO.replace("a2:1", "a2:2/2")), "number")
    rejected(negative(BELOW_ZERO.replace("a2", "a1.2")), "item-syntax")
    rejected(negative(BELOW_ZERO, "convex", "1"), "split-missing")


def test_one_item_for_each_neuron_by_itself() -> None:
    # z_1 >= 0, so h_1 is z_1 in e2, and h_1 does not occur
    accepted(negative(f"u 1<2 : e2:-1 a2:1 1>=2:1 h2.2:1\n{BELOW_ZERO}".replace(" h1.2:1 h2.2:1", " h2.2:1", 2)))


def test_whether_a_labelled_neuron_was_turned() -> None:
    accepted(kink(f"{NOT_UNTURNED}\n{NOT_TURNED}\nv 3 : 1 2"))
    accepted(kink(f"{NOT_UNTURNED}\n0 : e3:1 a3:-1"))  # a clause of one literal is a fact
    accepted(kink(f"{NOT_TURNED}\n0 : e1:1 a1:-1"))
    accepted(kink(f"{NOT_TURNED}\n{NOT_UNTURNED.replace('c 1', 'c 3')}\nv 4 : 2"))  # t1 is known: conflict with clause 2
    rejected(kink("0 : e1:1 a1:-1"), "turn-not-known")
    rejected(kink(f"{NOT_UNTURNED}\n0 : e1:1 a1:-1"), "farkas-not-contradictory")
    rejected(kink(NOT_UNTURNED.replace("t1", "-t1")), "farkas-not-contradictory")
    rejected(kink(NOT_TURNED.replace("-t1", "t1")), "farkas-not-contradictory")
    rejected(kink(NOT_UNTURNED), "split-not-refuted")
    rejected(kink(NOT_UNTURNED.replace("t1", "t2")), "unknown-neuron")
    rejected(kink(NOT_UNTURNED.replace("t1", "t01")), "literal-syntax")
    rejected(kink(NOT_UNTURNED.replace("t1", "t1<1")), "literal-syntax")
    rejected(kink("u t1 : e1:1 a1:-1"), "literal-kind")
    rejected(kink("c 1 t1 1<3 : e1:1 a1:-1\n0 : e3:1 a3:-1"), "turn-not-known")  # the assumption is gone


def test_turns_in_rows_definitions_and_propagation() -> None:
    row = "r 3 t1 : e3:1 a3:-1"
    accepted(kink(f"{NOT_UNTURNED}\n{row}\n0 : r3:1"))
    rejected(kink(f"{row}\n0 : r3:1"), "guard-not-true")
    accepted(kink(f"{row}\nc 4 -t1 : r3:1\nc 5 t1 : e1:1 a1:-1\nv 6 : 4 5"))
    # the row alpha(0) + z_1(0) = 0 where turned; where not, alpha(0) = 0: two different rows
    same = "v 3 t1 -t1 :\nr 4 t1 : {}\nr 5 -t1 : {}\nm 6 3 4 5\n"
    end = f"{NOT_UNTURNED.replace('c 1', 'c 7')}\n0 : e3:1 a3:-1"
    accepted(kink(same.format("e2:1", "e2:1") + end))
    rejected(kink(same.format("a2:1", "a2:1") + end), "merge-rows")
    rejected(kink("v 3 t1 :"), "no-conflict")
    # definitions: d1 is t1 and z_1(x_3) > 0
    accepted(kink("d 1 t1 1>3\nc 2 -d1 : e3:1 a3:-1\nv 3 -t1 : d1 2\n0 : e1:1 a1:-1"))
    accepted(kink("d 1 -t1\nc 2 -d1 : e1:1 a1:-1\nv 3 t1 : d1 2\n0 : e3:1 a3:-1"))
    rejected(kink("d 1 t1\nc 2 -d1 : e1:1 a1:-1\nv 3 -t1 : d1 2\n0 : e1:1 a1:-1"), "farkas-not-contradictory")
    rejected(kink("d 1 t1 1>3\nv 3 -t1 : d1"), "no-conflict")


def test_neurons_without_label_were_not_turned() -> None:
    accepted(negative(f"v 1 -t1 :\n{BELOW_ZERO}"))
    accepted(negative("v 1 -t1 :\nv 2 -t1 -t2 :\nr 3 -t1 -t2 : e2:-1 a2:1\n0 : r3:1 h1.2:1 h2.2:1"))
    rejected(negative("v 1 -t1 -t2 :\nr 3 -t1 t2 : e2:-1 a2:1\n0 : r3:1 h1.2:1 h2.2:1"), "guard-not-true")
    rejected(negative(f"v 1 t1 :\n{BELOW_ZERO}"), "no-conflict")


def test_threshold_turned() -> None:
    points = "0 1\n1 2"  # 1 and 2 are not both values of one step, but of one step and a constant

    def step(steps: str) -> Result:
        body = f"line 1 2\nslots 1 * 1 2\nsplit *\nlabel * 1\n{steps}\nqed"
        return run(points, 1, body, activation="threshold")

    accepted(step("c 1 t1 : e1:1 a1:-1\n0 : e2:1 a2:-1"))
    accepted(step("c 1 t1 : e1:1 a2:-1\n0 : e2:1 a1:-1"))  # alpha is a constant
    rejected(step("0 : e2:1 a2:-1"), "turn-not-known")
    rejected(step("c 1 -t1 : e1:1 a1:-1"), "farkas-not-contradictory")
    unlabelled = "split *\nc 1 1>1 : e1:1 a1:-1\nc 2 1<1 1<2 : e1:1 e2:-1\nc 3 1<1 1>2 : e2:1 a2:-1\nv 4 : 1 2 3\nqed"
    accepted(run(points, 1, unlabelled, activation="threshold"))
    rejected(run(points, 1, unlabelled.replace("a1", "s1.1"), activation="threshold"), "farkas-not-contradictory")


# -- 6.12 --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "clause", "code"),
    [
        ("order + 1", "c 1 1<=1 2>=1 : o1:1 1>1:1 2<1:1", None),
        ("order + 1", "u 1<=1 : o1:1", "farkas-not-contradictory"),
        ("order + 1", "c 1 1<=1 2>=1 : o1:-1 1>1:1 2<1:1", "multiplier-not-positive"),
        ("order + 1", "c 1 1<=2 2>=2 : o1:1 1>2:1 2<2:1", "farkas-not-contradictory"),
        ("order + 2", "c 1 1<=2 2>=2 : o1:1 1>2:1 2<2:1", None),
        ("order + 1", "c 1 1>=1 2<=1 : o1:1 1<1:1 2>1:1", "farkas-not-contradictory"),
        ("order + 1", "c 1 1<=1 2>=1 : o2:1 1>1:1 2<1:1", "not-in-order"),
        ("order + 1", "c 1 1<=1 2>=1 : o3:1 1>1:1 2<1:1", "unknown-neuron"),
        ("order - 1", "c 1 1<=1 2>=1 : o1:1 1>1:1 2<1:1", "no-order"),
        ("order + 3", "", "unknown-point"),
        ("order * 1", "", "class"),
        ("order +", "", "step-syntax"),
        ("order + 1\norder + 1", "", "order-repeated"),
        ("order + 1\norder - 1", "", None),
        ("w 1 1\norder + 1", "", "unknown-line"),
        ("d 1 1<1\norder + 1", "", "unknown-step"),
    ],
)
def test_order(order: str, clause: str, code: str | None) -> None:
    result = negative("\n".join(filter(None, (order, clause, BELOW_ZERO))))
    if code is None:
        accepted(result)
    else:
        rejected(result, code)


def test_order_leaves_out_labelled_neurons_and_other_classes() -> None:
    points = "-1 1\n0 0\n1 1\n2 -9"

    def body(step: str, order: str = "order + 1", label: str = "label + 1") -> str:
        return f"line 1 2 3\nslots 1 + 1 2 3\nsplit 3\n{label}\n{order}\n{step}\nqed"

    for step, code in (
        ("c 1 2<=1 3>=1 : o2:1 2>1:1 3<1:1", "split-not-refuted"),
        ("c 1 1<=2 2>=2 : o1:1 1>2:1 2<2:1", "not-in-order"),
        ("c 1 3<=1 : o3:1 3>1:1", "not-in-order"),
    ):
        rejected(run(points, 3, body(step), signs="convex"), code)
    rejected(run(points, 3, body("order + 1", "w 1 1"), signs="convex"), "same-line")
    rejected(run(points, 3, body("label + 1", label="order + 2"), signs="convex"), "order-repeated")
    # P = 1 of 3: neuron 1 is positive, 2 and 3 are negative
    rejected(run(NEGATIVE, 2, "split 0\norder - 1\nc 1 1<=1 2>=1 : o1:1 1>1:1 2<1:1\nqed"), "split-not-refuted")
    first = "split 0\n0 : e1:1 a1:-1 h1.1:1 h2.1:1\nqed\nsplit 1\norder + 1\norder - 1\n"
    rejected(run(NEGATIVE, 2, first + "c 1 1<=1 2>=1 : o1:1 1>1:1 2<1:1\nqed"), "not-in-order")


def test_order_of_threshold_neurons() -> None:
    start = "split *\norder * 1\n"
    clause = "c 1 1<1 2>1 : o1:1 1>1:1 2<1:1\nqed"
    rejected(run("0 0\n1 1", 2, start + clause, activation="threshold"), "split-not-refuted")
    wrong = clause.replace("1<1 2>1 : o1:1 1>1:1 2<1:1", "1>1 2<1 : o1:1 1<1:1 2>1:1")
    rejected(run("0 0\n1 1", 2, start + wrong, activation="threshold"), "farkas-not-contradictory")
    rejected(run("0 0\n1 1", 2, "split *\norder + 1\nqed", activation="threshold"), "class")
