"""Value definitions (steps q and p, item dM): what both checkers accept and, side by side, at which line they reject.

Each case is asked of each checker by itself; ``-k kernel`` and ``-k python`` choose one of them.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.each_checker import CHECKERS, About, Check, checking, steps
from tests.mutation.test_agreement import damaged, judged

from ..by_theorem import sealed
from .test_verify_loss import certificate

#: One threshold neuron, 0 1 0 at 0, 1, 2. d1: alpha = 0, d2: alpha + a_1 = 0, d3: alpha = 1, d4: alpha + a_1 = 1.
BUMP = "0 0\n1 1\n2 0"
VALUES = ["q 1 0", "q 2 0 1", "q 3 1", "q 4 1 1"]
AT = ["p 5 1 1", "p 6 2 1", "p 7 3 2", "p 8 4 2", "p 9 1 3", "p 10 2 3"]
TWO_VALUES = ["c 11 -d1 -d3 : d1:1 d3:-1", "c 12 -d2 -d4 : d2:1 d4:-1"]
STRAIGHT = ["c 13 1<1 1>2 1<3 : 1>1:1 1<2:2 1>3:1", "c 14 1>1 1<2 1>3 : 1<1:1 1>2:2 1<3:1"]
NOT_ON = "v 15 1<2 : 8 12 6 10 14"
END = "v 16 : 7 11 5 9 13"
PROOF = [*VALUES, *AT, *TWO_VALUES, *STRAIGHT, NOT_ON, END]

#: Two neurons, 0 1 0 1 at 0 ... 3, and one slot that names the neuron 1, with a turn that is asked for.
ZIGZAG = "0 0\n1 1\n2 0\n3 1"
LABEL = ["line 1 2 3 4", "slots 1 * 1 2", "split *", "label * 1"]
ON_AT_LAST = [
    "q 1 1 1",
    "p 2 1 2",
    "q 3 0 1",
    "p 4 3 3",
    "c 5 -d1 -d3 : d1:1 d3:-1",
]

@pytest.fixture(params=CHECKERS)
def check(request: pytest.FixtureRequest, tmp_path: Path) -> Check:
    return checking(request.param, tmp_path)


_ABOUT = About(BUMP, 1)
accepted, rejected = _ABOUT.accepted, _ABOUT.rejected


def put(step: str, instead: str) -> list[str]:
    """The proof with one step changed."""
    return steps(*(instead if line == step else line for line in PROOF))


def test_one_neuron_does_not_fit(check: Check) -> None:
    accepted(check, steps(*PROOF))
    # every step is needed
    for step in PROOF[:-1]:
        assert check(BUMP, 1, steps(*(line for line in PROOF if line != step)))[0] == "REJECTED"
    # what they fit is not refuted
    assert check(BUMP.replace("2 0", "2 1"), 1, steps(*PROOF))[0] == "REJECTED"


@pytest.mark.parametrize(
    ("step", "instead"),
    [
        ("q 1 0", "q 1"),  # no value
        ("q 1 0", "q"),
        ("q 1 0", "q 0 0"),
        ("q 1 0", "q 01 0"),
        ("q 1 0", "q 1 00"),
        ("q 1 0", "q 1 -0"),
        ("q 1 0", "q 1 +1"),
        ("q 1 0", "q 1 2/4"),
        ("q 1 0", "q 1 1/1"),
        ("q 1 0", "q 1 0/2"),
        ("q 1 0", "q 1 1.5"),
        ("q 1 0", "q 1 : 0"),
        ("q 1 0", "q 1 0  1"),
        ("q 1 0", "q 1 0 2"),  # there is no neuron 2
        ("q 1 0", "q 1 0 0"),
        ("q 1 0", "q 1 0 01"),
        ("q 1 0", "q 1 0 -1"),
        ("q 1 0", "q 1 0 1 1"),
        ("q 1 0", "q 1 0 1>1"),
        ("q 1 0", f"q {10**15} 0"),
        ("q 3 1", "q 2 1"),  # the number is not new
        ("q 3 1", "q 1 1"),
        ("p 5 1 1", "p 5 3 1"),  # the label differs
        ("p 5 1 1", "p 5 1 2"),
        ("p 5 1 1", "p 5 1 4"),  # there is no point 4
        ("p 5 1 1", "p 5 1 0"),
        ("p 5 1 1", "p 5 5 1"),  # no definition, or not yet
        ("p 5 1 1", "p 5 6 1"),
        ("p 5 1 1", "p 5 d1 1"),
        ("p 5 1 1", "p 4 1 1"),  # the number is not new
        ("p 5 1 1", "p 5 1"),
        ("p 5 1 1", "p 5 1 1 1"),
        ("p 5 1 1", "p 5 1 1 :"),
        ("p 5 1 1", "p 5 1 01"),
        ("p 5 1 1", "p 5  1 1"),
        ("p 6 2 1", "p 5 2 1"),
        (TWO_VALUES[0], "c 11 -d1 : d1:1 d3:-1"),  # d3 is not true
        (TWO_VALUES[0], "c 11 -d3 : d1:1 d3:-1"),
        (TWO_VALUES[0], "c 11 -d1 d3 : d1:1 d3:-1"),
        (TWO_VALUES[0], "c 11 -d1 -d3 : d1:1 d3:1"),
        (TWO_VALUES[0], "c 11 -d1 -d3 : d1:1 d3:-1 d1:0"),
        (TWO_VALUES[0], "c 11 -d1 -d3 : d1:1 d3:-2/2"),
        (TWO_VALUES[0], "c 11 -d1 -d3 : d1:1 d3"),
        (TWO_VALUES[0], "c 11 -d1 -d3 : d1:1 -d3:1"),
        (TWO_VALUES[0], "c 11 -d1 -d3 : d01:1 d3:-1"),
        (TWO_VALUES[0], "c 11 -d1 -d3 : d1.1:1 d3:-1"),
        (TWO_VALUES[0], "c 11 -d1 -d3 : d:1 d3:-1"),
        (TWO_VALUES[0], "c 11 -d1 -d5 : d1:1 d3:-1"),  # 5 is a clause
        (TWO_VALUES[0], "c 11 -d1 -d3 : d1:1 d5:-1"),
        (TWO_VALUES[0], "c 11 -d1 -d3 : d1:1 d11:-1"),
        (TWO_VALUES[0], "c 11 -d2 -d3 : d2:1 d3:-1"),  # 1 = -a_1 is possible
        (NOT_ON, "v 15 1<2 : 8 d4 12 6 10 14"),  # a value definition is no hint
        (NOT_ON, "v 15 1<2 : 8 12 6 10 14 d4"),
        (NOT_ON, "v 15 1<2 : 12 8 6 10 14"),  # 12 is not unit
        (NOT_ON, "v 15 1<2 : 8 12 6 10"),
        (NOT_ON, "v 15 1<2 d4 : 12 6 10 14"),
        (NOT_ON, "d 15 d4"),
        (NOT_ON, "u d4 : d1:1 d3:-1"),
        (NOT_ON, "x 1"),  # no clause or row
        (NOT_ON, "r 15 -d1 : d2:1"),
    ],
)
def test_what_is_wrong(check: Check, step: str, instead: str) -> None:
    rejected(check, put(step, instead), instead)


def test_spellings_that_are_right(check: Check) -> None:
    accepted(check, put(TWO_VALUES[0], "c 11 -d1 -d3 : d1:-1/2 d3:1/2"))
    accepted(check, put(TWO_VALUES[0], "c 11 -d3 -d1 : d3:1 d1:-2 d1:1"))
    accepted(check, put(TWO_VALUES[0], "c 11 -d1 -d3 -d1 : d1:1 d3:-1"))
    accepted(check, steps(*PROOF[:-1], "q 20 -7/3 1", "q 21 1" + "0" * 1000, END.replace("16", "22")))


def test_what_cannot_be_said_of_two_values(check: Check) -> None:
    lines = steps("q 1 0", "q 2 1", "p 3 1 1", "p 4 2 2", "v 5 1>1 1>2 : 3 4")
    rejected(check, lines, "v 5 1>1 1>2 : 3 4")
    lines[-2:-1] = ["c 5 -d1 -d2 : d1:1 d2:-1", "v 6 1>1 1>2 : 3 4 5"]
    assert check(BUMP, 1, lines) == ("REJECTED", len(lines) - 1)  # not refuted, but all steps are right


def test_no_neurons(check: Check) -> None:
    lines = steps("q 1 3", "p 2 1 1", "c 3 -d1 : d1:1 a1:-1", "v 4 : 2 3")
    accepted(check, lines, "1/2 3", 0)
    rejected(check, [*lines[:2], "p 2 1 1", "v 4 : 2", "qed"], "v 4 : 2", "1/2 3", 0)
    rejected(check, steps("q 1 3 1"), "q 1 3 1", "1/2 3", 0)
    half = [line.replace("q 1 3", "q 1 1/2") for line in lines]
    accepted(check, half, "1/2 1/2", 0)
    rejected(check, half, "p 2 1 1", "1/2 -1/2", 0)


def test_several_neurons(check: Check) -> None:
    def defined(step: str) -> list[str]:
        return steps(step, "p 2 1 2", "v 3 -d1 d1 :")

    for step in ("q 1 1", "q 1 1 1", "q 1 1 4", "q 1 1 1 3", "q 1 1 2 3 4", "q 1 1 1 2 3 4"):
        lines = defined(step)
        assert check(BUMP, 4, lines) == ("REJECTED", len(lines) - 1)  # not refuted
    for step in ("q 1 1 2 1", "q 1 1 1 1", "q 1 1 1 2 2", "q 1 1 4 1 2", "q 1 1 5", "q 1 1 1 2 3 4 5"):
        rejected(check, defined(step), step, width=4)


def test_the_literals_of_p_are_in_order(check: Check) -> None:
    """The step m names the literals of a clause in their order."""
    same = ["q 2 1 2", "p 3 2 2"]
    rows = [f"r {n} {lit} : e1:1" for n, lit in enumerate(("d2", "1>2", "2<2", "3>2"), 4)]
    lines = steps(*same, *rows, "m 8 3 4 5 6 7")
    assert check(BUMP, 3, lines) == ("REJECTED", len(lines) - 1)
    for merge in ("m 8 3 5 4 6 7", "m 8 3 4 6 5 7", "m 8 3 4 5 6", "m 8 3 4 5 7 6"):
        rejected(check, steps(*same, *rows, merge), merge, width=3)
    other = [row.replace("2<2", "2>2") for row in rows]
    rejected(check, steps(*same, *other, "m 8 3 4 5 6 7"), "m 8 3 4 5 6 7", width=3)
    other = [row.replace("d2 : e1:1", "d2 : e1:1 d2:1") for row in rows]
    rejected(check, steps(*same, *other, "m 8 3 4 5 6 7"), "m 8 3 4 5 6 7", width=3)


def test_guards_and_rows(check: Check) -> None:
    row = "r 11 d1 : d1:2"
    accepted(check, steps(*VALUES, *AT, row, *lifted("c 12 -d1 -d3 : r11:1/2 d3:-1")))
    wrong = "c 12 -d3 : r11:1/2 d3:-1"  # the guard is not true
    rejected(check, steps(*VALUES, *AT, row, wrong), wrong)
    wrong = "c 12 -d1 -d3 : r11:1 d3:-1"
    rejected(check, steps(*VALUES, *AT, row, wrong), wrong)
    wrong = "r 12 1>1 : d1:1"
    rejected(check, steps(*VALUES, *AT, row, wrong), wrong)
    # an equality: its factor may have any sign, and two rows of one are one
    for c in ("c 12 -d1 -d3 : r11:-1/2 d3:1", "c 12 -d1 -d3 : r11:1 d1:-1 d3:-1"):
        accepted(check, steps(*VALUES, *AT, row, *lifted(c)))
    both = "r 11 d1 d3 : d1:1 d3:-1"
    accepted(check, steps(*VALUES, *AT, both, *lifted("c 12 -d1 -d3 : r11:-1")))


def lifted(first: str) -> list[str]:
    """The end of the proof, where the clause 11 is now 12."""
    return [
        first,
        "c 13 -d2 -d4 : d2:1 d4:-1",
        "c 14 1<1 1>2 1<3 : 1>1:1 1<2:2 1>3:1",
        "c 15 1>1 1<2 1>3 : 1<1:1 1>2:2 1<3:1",
        "v 16 1<2 : 8 13 6 10 15",
        "v 17 : 7 12 5 9 14",
    ]


def test_with_equations(check: Check) -> None:
    """dM beside eI: where neuron 1 is on at 2, alpha + a_1 = 1 there; d2 says 0."""
    lines = steps(*VALUES, *AT, "c 12 -d2 1<2 : d2:1 e2:-1")
    assert check(BUMP, 1, lines) == ("REJECTED", len(lines) - 1)
    wrong = "c 12 -d2 : d2:1 e2:-1"
    rejected(check, steps(*VALUES, *AT, wrong), wrong)
    wrong = "c 12 -d2 1>2 : d2:1 e2:-1"
    rejected(check, steps(*VALUES, *AT, wrong), wrong)


def test_conjunctions_are_no_values(check: Check) -> None:
    accepted(check, [*steps("d 17 1>1 1<2")[:-1], *lifted_all(20), "qed"])
    for wrong in ("p 2 1 1", "c 2 -d1 : d1:1", "r 2 d1 : d1:1"):
        rejected(check, steps("d 1 1>1 1<2", wrong), wrong)
    # and the other way round
    for wrong in ("d 2 d1", "v 2 d1 : d1", "v 2 -d1 : d1", "k 2 1 * 1"):
        rejected(check, steps("q 1 0", wrong), wrong)


def lifted_all(by: int) -> list[str]:
    """The whole proof with other numbers."""
    result = []
    for line in PROOF:
        words = []
        for at, word in enumerate(line.split(" ")):
            name = word.lstrip("-d").split(":")[0]
            numbered = at == 1 or "d" in word or (line[0] == "p" and at == 2) or (line[0] == "v" and name.isdigit() and at > 2)
            words.append(word.replace(name, str(int(name) + by), 1) if numbered and name.isdigit() else word)
        result.append(" ".join(words))
    return result


def test_a_deleted_clause(check: Check) -> None:
    lines = [*put(END, "x 1")[:-2], "x 5", END, "qed"]
    rejected(check, lines, END)


def test_with_labels(check: Check) -> None:
    """Where neurons are labelled: what a line says of them ends clauses of p, too."""
    # z_1 < 0 at 1 and > 0 at 2, so > 0 at 3
    end = ["v 6 d1 : 2", "v 7 d3 : 4", "v 8 : 6 7 5"]
    accepted(check, [*LABEL, *ON_AT_LAST, *end, "qed"], ZIGZAG)
    accepted(check, [*LABEL, *ON_AT_LAST, "v 6 : 2 4 5", "qed"], ZIGZAG)
    rejected(check, [*LABEL[:-1], *ON_AT_LAST, "v 6 : 2 4 5", "qed"], "v 6 : 2 4 5", ZIGZAG)
    rejected(check, [*LABEL, *ON_AT_LAST, "v 6 : 2 d1 4 5", "qed"], "v 6 : 2 d1 4 5", ZIGZAG)
    rejected(check, [*LABEL, *ON_AT_LAST, "v 6 : 2 4", "qed"], "v 6 : 2 4", ZIGZAG)
    # the slots as clauses
    slot = ["line 1 2 3 4", "slots 1 * 1 2", "split *", "k 1 1 * 1", "q 2 0", "q 3 0 1", "p 4 2 1", "p 5 3 1"]
    accepted(check, ["line 1 2", "slots 1 * 1 2", *slot[2:3], *steps(*PROOF)[1:]], BUMP)
    rejected(check, [*slot, "v 6 d2 d3 : 4 5 d3", "qed"], "v 6 d2 d3 : 4 5 d3", ZIGZAG)
    rejected(check, [*slot, "v 6 d2 : 4 5", "qed"], "v 6 d2 : 4 5", ZIGZAG)
    lines = [*slot, "v 6 d2 d3 : 4 5", "qed"]
    assert check(ZIGZAG, 1, lines) == ("REJECTED", len(lines) - 1)
    rejected(check, [*slot, "v 6 x1.2 : 4 5", "qed"], "v 6 x1.2 : 4 5", ZIGZAG)
    rejected(check, [*slot, "v 6 d1 : 4 5", "qed"], "v 6 d1 : 4 5", ZIGZAG)


def test_propagation_of_values(check: Check) -> None:
    """A true dN brings nothing with it, and only its negation makes it false."""
    head = ["q 1 0", "q 2 1", "q 3 0"]
    for step in ("v 4 d1 -d1 :", "v 4 -d1 d1 :", "v 4 d1 1>1 -d1 1>2 :"):
        lines = steps(*head, step)
        assert check(BUMP, 1, lines) == ("REJECTED", len(lines) - 1)
    for step in ("v 4 -d1 -d2 :", "v 4 -d1 d3 :", "v 4 d1 d2 :", "v 4 d1 :", "v 4 -d1 :"):
        rejected(check, steps(*head, step), step)
    both = [*head, "c 4 -d1 -d2 : d1:1 d2:-1"]
    for step in ("v 5 -d2 -d1 : 4", "v 5 -d1 -d2 -d3 : 4"):
        lines = steps(*both, step)
        assert check(BUMP, 1, lines) == ("REJECTED", len(lines) - 1)
    for step in ("v 5 -d1 : 4", "v 5 -d1 d2 : 4 4", "v 5 : 4"):
        rejected(check, steps(*both, step), step)


def test_relu_has_no_values(check: Check) -> None:
    for step in ("q 1 0", "q 1 0 1", "p 1 1 1"):
        lines = ["split 0", step, "qed"]
        rejected(check, lines, step, activation="relu")
    lines = ["split 0", "c 1 -d1 : d1:1", "qed"]
    rejected(check, lines, lines[1], activation="relu")
    lines = ["split 0", "0 : d1:1", "qed"]
    rejected(check, lines, lines[1], activation="relu")


def test_with_a_loss(check: Check) -> None:
    # gamma = 0: all labels must be met
    accepted(check, steps(*PROOF), loss="l1 0")
    accepted(check, steps(*PROOF), loss="l0 1/2")
    # a search: values may be named, but no point has to have one
    two = "5 0\n5 1"
    search = steps("0 : L:1 n1:1 p2:1 e1:-1 e2:1")
    accepted(check, search, two, 0, loss="l1 99/100")
    rejected(check, steps("q 1 0", "p 2 1 1"), "p 2 1 1", two, 0, loss="l1 99/100")
    rejected(check, steps("q 1 0", "p 2 1 1"), "p 2 1 1", two, 0, loss="l0 1")
    accepted(check, steps("q 1 0", *search[1:-1]), two, 0, loss="l1 99/100")
    # forced: where the labels say what a point has to have
    spread = "0 -1\n0 1\n0 0\n1 1\n2 0"
    moved = {"p 5 1 1": "p 5 1 3", "p 6 2 1": "p 6 2 3", "p 7 3 2": "p 7 3 4", "p 8 4 2": "p 8 4 4", "p 9 1 3": "p 9 1 5"}
    moved |= {"p 10 2 3": "p 10 2 5", NOT_ON: NOT_ON.replace("1<2", "1<4")}
    moved |= {STRAIGHT[0]: "c 13 1<3 1>4 1<5 : 1>3:1 1<4:2 1>5:1", STRAIGHT[1]: "c 14 1>3 1<4 1>5 : 1<3:1 1>4:2 1<5:1"}
    forced = ["forced", *steps(*(moved.get(line, line) for line in PROOF))]
    accepted(check, forced, spread, loss="l1 2")
    for wrong in ("p 5 1 1", "p 5 1 2"):  # their labels do not count
        lines = [wrong if line == "p 5 1 3" else line for line in forced]
        rejected(check, lines, wrong, spread, loss="l1 2")
    wrong = "p 7 4 1"
    rejected(check, ["forced", *steps("q 1 -1", "q 4 1", wrong)], wrong, spread, loss="l1 2")


@pytest.mark.parametrize("seed", range(4))
def test_the_checkers_agree_on_damaged_proofs(seed: int, tmp_path: Path) -> None:
    proofs = [
        (BUMP, steps(*PROOF)),
        (BUMP, steps(*VALUES, *AT, "r 11 d1 : d1:2", *lifted("c 12 -d1 -d3 : r11:1/2 d3:-1"))),
        (ZIGZAG, [*LABEL, *ON_AT_LAST, "v 6 d1 : 2", "v 7 d3 : 4", "v 8 : 6 7 5", "qed"]),
    ]
    chance = random.Random(seed)
    files = []
    for points, lines in proofs:
        body = certificate(points, 1, "\n".join(["refutation lines", *lines]), activation="threshold", verdict="NO")
        text = body.splitlines()[:-1]
        files += [sealed(text), *(sealed(damaged(text, chance)) for _ in range(40))]
    counts, different = judged(files, tmp_path)
    assert different == []
    assert counts["VERIFIED"] >= len(proofs) and counts["REJECTED"] >= 40, counts
