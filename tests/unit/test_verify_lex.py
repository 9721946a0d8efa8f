"""Orders at several points (step l): what both checkers accept and, side by side, at which line they reject.

Each case is asked of each checker by itself; ``-k kernel`` and ``-k python`` choose one of them.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from tests.each_checker import CHECKERS, About, Check, checking, steps
from tests.enumerated import Enumerated
from tests.mutation.test_agreement import damaged, judged

from ..by_theorem import sealed
from .test_verify_loss import certificate

#: Two threshold neurons, 1 3 1 at 0, 1, 2; alpha = 0.
PEAK = "0 1\n1 3\n2 1"
ORDER = "order * 1 2"
#: Not neuron 1 alone is on at the first point; where both are, not neuron 1 alone is on at the second.
FIRST, SECOND = "l 10 1 1", "l 90 1 2 >"
TWO_ON, ONE_ON = "v 30 2>1 : 10 20", "v 110 1<1 1<2 : 80 90"
END = "v 210 : 200"
PROOF = [
    FIRST,
    "c 20 1>1 2>1 : e1:1 a1:-1",
    TWO_ON,
    "c 40 1>2 2>2 : e2:1 a2:-1",
    "c 50 1>3 2>3 : e3:1 a3:-1",
    "c 60 1>1 1<2 1>3 : 1<1:1 1>2:2 1<3:1",
    "c 70 1<1 1>2 1<3 : 1>1:1 1<2:2 1>3:1",
    "c 80 1<1 1<2 2<2 : e1:1 e2:-1",
    SECOND,
    "c 100 1>2 2<2 1>3 2<3 : e2:1 e3:-1",
    ONE_ON,
    "v 120 1<1 : 110 40 70 50 100",
    # neuron 2 alone at 0
    "c 130 1>2 2<2 : e1:1 e2:-1",
    "v 140 1>2 : 130 40",
    "v 150 1>3 : 60",
    "c 160 2>2 2>3 : e2:1 e3:-1",
    "c 170 2<2 2>3 : e1:1 e3:1 e2:-1 a1:-1",
    "v 180 2>3 : 160 170",
    "c 190 2<2 : e2:1 e3:-1",
    "c 200 2>2 : e3:1 e1:-1 e2:-1 a1:1",
    END,
]

@pytest.fixture(params=CHECKERS)
def check(request: pytest.FixtureRequest, tmp_path: Path) -> Check:
    return checking(request.param, tmp_path)


_ABOUT = About(PEAK, 2)
accepted, rejected, right = _ABOUT.accepted, _ABOUT.rejected, _ABOUT.right


def put(step: str, instead: str) -> list[str]:
    """The proof with one line changed."""
    return steps(*(instead if line == step else line for line in (ORDER, *PROOF)))


def test_two_neurons_do_not_fit(check: Check) -> None:
    accepted(check, steps(ORDER, *PROOF))
    # every step is needed
    for step in (ORDER, *PROOF[:-1]):
        lines = steps(*(line for line in (ORDER, *PROOF) if line != step))
        assert check(PEAK, 2, lines)[0] == "REJECTED", step
    # what they fit is not refuted
    assert check(PEAK.replace("2 1", "2 2"), 2, steps(ORDER, *PROOF))[0] == "REJECTED"


@pytest.mark.parametrize(
    "instead",
    [
        "l",
        "l 90",
        "l 90 1",
        "l 90 1 2",  # a sign is missing
        "l 90 1 1 >",  # one too many
        "l 90 1 2 > >",
        "l 90 1 2 > <",
        "l 90 1 3 > >",  # the order has two points
        "l 90 1 3 >",
        f"l 90 1 {10**14} >",
        "l 90 1 0",
        "l 90 1 0 >",
        "l 90 2 2 >",  # there is no neuron 3
        "l 90 3 2 >",
        "l 90 2 1",
        "l 90 0 2 >",
        f"l 90 {10**14} 2 >",
        "l 90 1 2 >=",
        "l 90 1 2 <=",
        "l 90 1 2 1>1",
        "l 90 1 2 >1",
        "l 90 1 2 1",
        "l 90 1 2 +",
        "l 90 1 2 *",
        "l 90 1 2 :",
        "l 90 1 2 > :",
        "l 90 1 2 : >",
        "l 90 1 02 >",
        "l 90 01 2 >",
        "l 090 1 2 >",
        "l 90 1 -2 >",
        "l 90 -1 2 >",
        "l 90 1 2/1 >",
        "l 90 1>1 2 >",
        "l 90  1 2 >",
        "l 90 1 2  >",
        f"l {10**15} 1 2 >",
        "l 0 1 2 >",
        "l 80 1 2 >",  # the number is not new
        "l 10 1 2 >",
        "L 90 1 2 >",
        "ll 90 1 2 >",
    ],
)
def test_what_is_no_step(check: Check, instead: str) -> None:
    rejected(check, put(SECOND, instead), instead)


def test_other_steps(check: Check) -> None:
    """They are right, but do not say what is needed."""
    rejected(check, put(SECOND, "l 90 1 2 <"), ONE_ON)
    rejected(check, put(SECOND, "l 90 1 1"), ONE_ON)
    rejected(check, put(FIRST, "l 10 1 2 >"), TWO_ON)
    rejected(check, put(FIRST, "l 10 1 2 <"), TWO_ON)
    rejected(check, put(ORDER, "order * 2 1"), TWO_ON)
    accepted(check, steps(ORDER, "l 1 1 2 <", "l 2 1 2 >", "l 3 1 1", *PROOF[:-1], "l 209 1 2 >", END))


@pytest.mark.parametrize(
    "instead",
    [
        "order",
        "order *",
        "order * 1 4",  # there is no point 4
        "order * 4 1",
        "order * 4",
        "order * 1 2 0",
        "order * 1 02",
        "order * 1 -2",
        "order * 1 2 >",
        "order * 1 *",
        "order * 1  2",
        "order + 1 2",
        "order - 1 2",
        "order 1 2",
        "order ** 1 2",
        f"order * 1 {10**15}",
    ],
)
def test_what_is_no_order(check: Check, instead: str) -> None:
    rejected(check, put(ORDER, instead), instead)


def test_orders(check: Check) -> None:
    accepted(check, steps(ORDER + " 3", *PROOF))
    # points may be repeated
    accepted(check, steps(ORDER + " 2 1 2", *PROOF))
    twice = put(SECOND, "l 90 1 3 > >")
    twice[1] = "order * 1 1 2"
    accepted(check, twice)
    rejected(check, put(ORDER, "order * 1 1 2"), ONE_ON)  # not neuron 1 alone at the first point, said again
    twice[1] = "order * 1 2 1"
    rejected(check, twice, ONE_ON)
    # one order of a class, before the steps
    rejected(check, steps(ORDER, "order * 1", *PROOF), "order * 1")
    rejected(check, steps("order * 1", ORDER, *PROOF), ORDER)
    rejected(check, steps("order * 1 2 3", ORDER, *PROOF), ORDER)
    rejected(check, steps(PROOF[1], ORDER, *PROOF), ORDER)
    rejected(check, steps(FIRST, ORDER, *PROOF), FIRST)
    # no order
    rejected(check, steps(*PROOF), FIRST)
    rejected(check, steps(*PROOF[1:2], SECOND), SECOND)


def test_an_order_at_one_point(check: Check) -> None:
    one = steps("order * 1", *PROOF[: PROOF.index(SECOND)])
    right(check, one)
    rejected(check, steps("order * 1", *PROOF), SECOND)
    right(check, steps("order * 3", "l 1 1 1", "v 2 1<3 2>3 : 1"))
    wrong = "v 2 1<1 2>1 : 1"
    rejected(check, steps("order * 3", "l 1 1 1", wrong), wrong)


def test_differences_at_several_points(check: Check) -> None:
    """Words in order say nothing of values: oJ is there for orders at one point only."""
    row = "r 1 : o1:1"
    right(check, steps("order * 1", row))
    for order in (ORDER, "order * 1 1", "order * 3 2 1"):
        rejected(check, steps(order, row), row)
    wrong = "u 2>1 : 1>1:1 2<1:1 o1:1"
    rejected(check, steps(ORDER, wrong), wrong)


def test_the_literals_are_in_order(check: Check) -> None:
    """The step m names the literals of a clause in their order."""
    clauses = {
        "l 1 1 1": ["1<1", "2>1"],
        "l 1 2 1": ["2<1", "3>1"],
        "l 1 1 2 >": ["1<1", "2<1", "1<2", "2>2"],
        "l 1 1 2 <": ["1>1", "2>1", "1<2", "2>2"],
        "l 1 2 3 < >": ["2>1", "3>1", "2<2", "3<2", "2<4", "3>4"],
        "l 1 1 3 > <": ["1<1", "2<1", "1>2", "2>2", "1<4", "2>4"],
        "l 1 1 4 < < <": ["1>1", "2>1", "1>2", "2>2", "1>4", "2>4", "1<1", "2>1"],
    }
    order = "order * 1 2 4 1"
    points = PEAK + "\n3 1"
    for step, literals in clauses.items():
        rows = [f"r {n} {lit} : e3:1" for n, lit in enumerate(literals, 2)]
        numbers = [str(n) for n in range(2, len(literals) + 2)]
        right(check, steps(order, step, *rows, "m 20 1 " + " ".join(numbers)), points, 3)
        turned = [numbers[1], numbers[0], *numbers[2:]]
        for wrong in ("m 20 1 " + " ".join(turned), "m 20 1 " + " ".join(numbers[:-1])):
            rejected(check, steps(order, step, *rows, wrong), wrong, points, 3)


def test_a_deleted_clause(check: Check) -> None:
    lines = steps(ORDER, *PROOF)
    lines.insert(lines.index(ONE_ON), "x 90")
    rejected(check, lines, ONE_ON)


def test_with_labels(check: Check) -> None:
    """An order is of the neurons that no label names."""
    head = ["line 1 2 3 4", "slots 1 * 1 2", "split *", "label * 1", "order * 2 1"]
    zigzag = "0 0\n1 1\n2 0\n3 1"
    for step in ("l 1 2 1", "l 1 2 2 >", "l 1 2 2 <"):
        right(check, [*head, step, "qed"], zigzag, 3)
        right(check, [*head, step.replace("1 2", "1 3", 1), "qed"], zigzag, 4)
        wrong = step.replace("1 2", "1 1", 1)  # the first neuron has a label
        rejected(check, [*head, wrong, "qed"], wrong, zigzag, 3)
        rejected(check, [*head, step, "qed"], step, zigzag, 2)
        right(check, [*head[:3], head[4], wrong, "qed"], zigzag, 3)
    two = ["line 1 2 3 4", "slots 1 * 1 2 2 3", *head[2:]]
    for step in ("l 1 1 1", "l 1 2 1"):
        rejected(check, [*two, step, "qed"], step, zigzag, 3)
    right(check, [*two, "l 1 3 1", "qed"], zigzag, 4)
    # the label comes first
    lines = [*head[:3], head[4], head[3], "qed"]
    rejected(check, lines, head[3], zigzag, 3)
    # and a label that is wrong is found first
    lines = [*head[:3], "label * 2", "order * 9", "qed"]
    rejected(check, lines, "label * 2", zigzag, 3)


def test_relu_has_orders_at_one_point(check: Check) -> None:
    def relu(lines: list[str], wrong: str, width: int = 2) -> None:
        rejected(check, lines, wrong, width=width, activation="relu")

    for order in ("order - 1 2", "order - 1 1"):
        relu(["split 0", order, "qed"], order)
    relu(["split 0", "order - 1", "order + 1 2", "qed"], "order + 1 2")
    relu(["split 0", "order - 1", "qed"], "qed")
    for step in ("l 1 1 1", "l 1 1 2 >"):
        relu(["split 0", "order - 1", step, "qed"], step)
        relu(["split 0", step, "qed"], step)
    lines = ["split 0", "order + 1", "order - 2", "qed"]
    relu(lines, "qed")


def test_no_pair_of_neurons(check: Check) -> None:
    for width in (0, 1):
        for step in ("l 1 1 1", "l 1 1 2 >"):
            rejected(check, steps(ORDER, step), step, width=width)
        right(check, steps(ORDER), width=width)
    rejected(check, steps("order * 9 1"), "order * 9 1", width=0)


def test_with_a_loss(check: Check) -> None:
    # gamma = 0: all labels must be met
    accepted(check, steps(ORDER, *PROOF), loss="l1 0")
    accepted(check, steps(ORDER, *PROOF), loss="l0 1/2")
    # a search: the neurons are alike there, too, and 0 at no point
    for loss in ("l1 1/10", "l2 1/10", "l0 1"):
        lines = steps(ORDER, FIRST, SECOND, "l 91 1 2 <", "v 92 1<1 1<2 2>2 : 10 90")
        right(check, lines, loss=loss)
        lines = steps(ORDER, FIRST, "l 90 1 3 > >")
        rejected(check, lines, "l 90 1 3 > >", loss=loss)
        rejected(check, steps("order * 1 4", FIRST), "order * 1 4", loss=loss)
    # what both neurons off cost at the first point, which is more than there is
    off = "c 20 1>1 2>1 : L:1 p1:1 p2:1/2 n2:1/2 p3:1/2 n3:1/2 e1:1 a1:-1"
    right(check, steps(ORDER, FIRST, off, TWO_ON), loss="l1 9/10")
    rejected(check, steps(ORDER, FIRST, off, TWO_ON), off, loss="l1 1")


def test_forced(check: Check) -> None:
    """The points of an order may be ones of which the labels say nothing."""
    spread = "0 0\n0 2\n0 1\n1 3\n2 1"

    def moved(line: str) -> str:
        line = re.sub(r"([<>])([123])\b", lambda m: m[1] + str(int(m[2]) + 2), line)
        return re.sub(r"\b([ea])([123]):", lambda m: m[1] + str(int(m[2]) + 2) + ":", line)

    proof = [moved(line) for line in PROOF]
    accepted(check, ["forced", *steps("order * 3 4", *proof)], spread, loss="l1 2")
    rejected(check, ["forced", *steps("order * 3 6", *proof)], "order * 3 6", spread, loss="l1 2")
    at = proof.index(SECOND)
    same = ["c 91 1<3 1>1 : 1>3:1 1<1:1", "c 92 2<3 2>1 : 2>3:1 2<1:1"]  # points 1 and 3 are at one place
    other = [*proof[:at], "l 90 1 3 > >", *same, *proof[at + 1 :]]
    other = [line.replace(" : 80 90", " : 91 92 80 90") for line in other]
    accepted(check, ["forced", *steps("order * 3 1 4", *other)], spread, loss="l1 2")
    lines = ["forced", *steps("order * 3 1 4", *(line for line in other if line not in same))]
    assert check(spread, 2, lines, loss="l1 2")[0] == "REJECTED"


@pytest.fixture(scope="module")
def enumerations() -> list[Enumerated]:
    chance = random.Random(1)
    result = list[Enumerated]()
    while len(result) < 24:
        width = 2 if len(result) < 16 else 3
        places = chance.sample(range(6), 4)
        labels = [chance.randrange(8) for _ in places]
        order = [chance.randrange(1, 5) for _ in range(chance.randrange(1, 6))]
        proof = Enumerated(places, labels, width, order)
        if proof.refuted({}) == set() and any(line[0] == "l" for line in proof.lines):
            result.append(proof)
    return result


def test_enumerations(check: Check, enumerations: list[Enumerated]) -> None:
    seen = set[str]()
    chance = random.Random(0)
    for proof in enumerations:
        points, lines = proof.text()
        accepted(check, lines, points, proof.width)
        used = [line for line in lines if line[0] == "l"]
        seen.update(" ".join(line.split(" ")[2:]) for line in used)
        # without one of them, or without the order, not all is refuted
        for step in chance.sample(used, min(3, len(used))):
            assert check(points, proof.width, [line for line in lines if line != step])[0] == "REJECTED"
        assert check(points, proof.width, [line for line in lines if not line.startswith("order")])[0] == "REJECTED"
    kinds = [line.split(" ") for line in seen]  # J, T and the signs
    assert {line[0] for line in kinds} == {"1", "2"} and {line[1] for line in kinds} >= {"1", "2", "3"}
    assert {sign for line in kinds for sign in line[2:]} == {"<", ">"}


@pytest.mark.parametrize("seed", range(4))
def test_the_checkers_agree_on_damaged_proofs(seed: int, tmp_path: Path, enumerations: list[Enumerated]) -> None:
    proofs = [(PEAK, 2, steps(ORDER, *PROOF)), (PEAK, 2, steps(ORDER + " 3", *PROOF))]
    proofs += [(points, p.width, lines) for p in enumerations[:3] for points, lines in (p.text(),)]
    chance = random.Random(seed)
    files = []
    for points, width, lines in proofs:
        body = certificate(points, width, "\n".join(["refutation lines", *lines]), activation="threshold", verdict="NO")
        text = body.splitlines()[:-1]
        files += [sealed(text), *(sealed(damaged(text, chance)) for _ in range(40))]
    counts, different = judged(files, tmp_path)
    assert different == []
    assert counts["VERIFIED"] >= len(proofs) and counts["REJECTED"] >= 40, counts
