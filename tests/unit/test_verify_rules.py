"""The independent checker: every step and every item, what it accepts and, side by side, what it rejects.

The certificates are written by hand from docs/format/v1.md; only the hashes are computed here.
"""

from __future__ import annotations

import hashlib
from itertools import combinations, product

import pytest

from certify.verify import Result, check_text


def certificate(
    points: str, width: int, body: str, *, activation: str = "relu", signs: str = "free", verdict: str = "NO"
) -> str:
    """A `data` certificate; `points` holds one point a line, `body` what follows them up to `end`."""
    rows = [line.strip() for line in points.strip().splitlines()]
    dimension = len(rows[0].split()) - 1
    canonical = "\n".join(
        [
            "certify-instance 1",
            f"activation {activation}",
            f"signs {signs}",
            "loss exact",
            f"width {width}",
            f"dimension {dimension}",
            f"points {len(rows)}",
            *rows,
            "",
        ]
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    lines = [line.strip() for line in body.strip().splitlines()]
    text = "\n".join(
        [
            "certify 1",
            f"verdict {verdict}",
            f"activation {activation}",
            f"signs {signs}",
            f"width {width}",
            "from data",
            f"instance {len(rows)} {dimension} {digest}",
            *rows,
            *lines,
            "end",
            "",
        ]
    )
    return text + f"sha256 {hashlib.sha256(text.encode()).hexdigest()}\n"


def run(points: str, width: int, body: str, **options: str) -> Result:
    return check_text(certificate(points, width, "refutation lines\n" + body, **options))


def accepted(result: Result) -> None:
    assert (result.status, result.verdict, result.code) == ("VERIFIED", "NO", "verified"), result


def rejected(result: Result, code: str) -> None:
    assert (result.status, result.code) == ("REJECTED", code), result
    assert result.line is not None


# -- 6.2 and 6.3: before the splits ----------------------------------------------------------------------------

ZIGZAG = "0 0\n1 1\n2 0\n3 1\n4 0"


def test_contradiction() -> None:
    points = "1 1/2 0\n1 1/2 1\n1 1/2 0"
    accepted(run(points, 5, "contradiction 1 2"))
    rejected(run(points, 5, "contradiction 1 3"), "contradiction-labels")
    rejected(run("0 1 0\n0 2 1", 5, "contradiction 1 2"), "contradiction-points")
    rejected(run(points, 5, "contradiction 1 4"), "unknown-point")
    rejected(run(points, 5, "contradiction 1"), "step-syntax")
    rejected(run(points, 5, "contradiction 1 2\ncontradiction 1 2"), "no-end")
    rejected(run(points, 5, "line 1 2"), "line-order")


def test_slots_alone_refute() -> None:
    body = "line 1 2 3 4 5\nslots 1 - 1 2 3 3 4 5\nslots 1 + 2 3 4"
    accepted(run(ZIGZAG, 2, body))
    rejected(run(ZIGZAG, 3, body), "split-missing")
    rejected(run(ZIGZAG, 2, body + "\nsplit 0\nqed"), "no-end")
    accepted(run(ZIGZAG, 1, "line 1 2 3 4 5\nslots 1 - 1 2 3 3 4 5"))
    rejected(run(ZIGZAG, 2, "line 1 2 3 4 5\nslots 1 - 1 2 3 3 4 5"), "split-missing")
    accepted(run(ZIGZAG, 5, "line 2 3 4\nslots 1 + 1 2 3".replace("1 2 3", "2 3 4"), signs="concave"))
    accepted(run(ZIGZAG, 5, "line 1 2 3\nslots 1 - 1 2 3", signs="convex"))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("line 1", "line-points"),
        ("line 1 3 2", "line-order"),
        ("line 1 2 2", "line-order"),
        ("line 2 1 3", "line-order"),
        ("line 1 6", "unknown-point"),
        ("line 1 01", "number"),
        ("slots 1 + 2 3 4", "unknown-line"),
        ("line 1 2 3 4\nslots 1 + 1 2 3", "slot-not-convex"),
        ("line 1 2 3 4\nslots 1 - 2 3 4", "slot-not-concave"),
        ("line 1 2 3 4\nslots 1 * 1 2", "class"),
        ("line 1 2 3 4\nslots 1 - 1 2", "step-syntax"),
        ("line 1 2 3 4\nslots 1 -", "step-syntax"),
        ("line 1 2 3\nslots 1 + 2 3 4", "slot-not-on-line"),
        ("line 1 2 3 4\nslots 1 + 2 4 3", "slot-order"),
        ("line 1 2 3 4 5\nslots 1 - 3 4 5 1 2 3", "slot-order"),
        ("line 1 2 3 4 5\nslots 1 - 1 2 4 3 4 5", "slot-order"),
        ("line 1 2 3 4 5\nslots 1 - 1 2 3\nslots 1 - 3 4 5", "slots-repeated"),
    ],
)
def test_bad_lines_and_slots(body: str, code: str) -> None:
    rejected(run(ZIGZAG, 2, body), code)


def test_line_in_the_plane_and_equal_slopes() -> None:
    rejected(run("0 0 0\n1 1 0\n2 3 0", 1, "line 1 2 3"), "not-collinear")
    rejected(run("0 0\n1 1\n2 2", 1, "line 1 2 3\nslots 1 + 1 2 3"), "slot-not-convex")
    rejected(run("0 0\n1 1\n2 2", 1, "line 1 2 3\nslots 1 - 1 2 3"), "slot-not-concave")
    accepted(run("0 0 0\n1/2 1/3 1\n3 2 0", 0, "line 1 2 3\nslots 1 - 1 2 3"))


def test_threshold_slots() -> None:
    body = "line 1 2 3 4 5\nslots 1 * 1 2 2 3 4 5"
    accepted(run(ZIGZAG, 2, body, activation="threshold"))
    rejected(run(ZIGZAG, 3, body, activation="threshold"), "split-missing")
    rejected(run(ZIGZAG, 2, "line 1 2 3\nslots 1 * 1 3", activation="threshold"), "slot-same-label")
    rejected(run(ZIGZAG, 2, "line 1 2 3\nslots 1 + 1 2 3", activation="threshold"), "class")
    rejected(run(ZIGZAG, 2, body + "\nsplit *\nqed", activation="threshold"), "no-end")


# -- 6.4: splits -----------------------------------------------------------------------------------------------

CONCAVE = "u 1<2 : e1:-1 e2:2 e3:-1 g1.1:1 g1.3:1\n0 : e1:-1 e2:2 e3:-1 h1.1:1 h1.3:1\nqed"  # a = +1, labels 0 1 0
CONVEX = "u 1<3 : e2:1 e3:-2 e4:1 g1.2:1 g1.4:1\n0 : e2:1 e3:-2 e4:1 h1.2:1 h1.4:1\nqed"  # a = -1, labels 1 0 1


def test_all_splits_in_order() -> None:
    points = "0 0\n1 1\n2 0\n3 1"
    accepted(run(points, 1, f"split 0\n{CONVEX}\nsplit 1\n{CONCAVE}"))
    rejected(run(points, 1, f"split 1\n{CONCAVE}\nsplit 0\n{CONVEX}"), "split-missing")
    rejected(run(points, 1, f"split 0\n{CONVEX}"), "split-missing")
    rejected(run(points, 1, f"split 0\n{CONVEX}\nsplit 0\n{CONVEX}"), "split-missing")
    rejected(run(points, 1, f"split 0\n{CONCAVE}\nsplit 1\n{CONCAVE}"), "farkas-not-contradictory")
    accepted(run(points, 1, f"line 1 2 3\nslots 1 - 1 2 3\nsplit 0\n{CONVEX}"))
    accepted(run(points, 1, f"split 1\n{CONCAVE}", signs="convex"))
    accepted(run(points, 1, f"split 0\n{CONVEX}", signs="concave"))
    rejected(run(points, 1, f"split 0\n{CONVEX}", signs="convex"), "split-missing")
    rejected(run(points, 1, "split 0\nsplit 1"), "unknown-step")
    rejected(run(points, 1, "split 0\nqed"), "split-not-refuted")
    rejected(run(points, 1, f"split *\n{CONVEX}"), "split-missing")


def test_no_neurons_at_all() -> None:
    accepted(run("0 0\n1 1\n2 0", 0, "split 0\n0 : e1:1 e2:-2 e3:1\nqed"))
    rejected(run("0 0\n1 1\n2 2", 0, "split 0\n0 : e1:1 e2:-2 e3:1\nqed"), "farkas-not-contradictory")


def test_a_contradiction_ends_the_split() -> None:
    zero = "0 : e1:1 e2:-2 e3:1\n"
    rejected(run("0 0\n1 1\n2 0", 0, f"split 0\n{zero}{zero}qed"), "no-qed")
    rejected(run("0 0\n1 1\n2 0", 0, f"split 0\n{zero}end"), "no-qed")


# -- 6.8: items, on three points with labels 0 1 0 and one convex neuron -----------------------------------------

BUMP = "0 0\n1 1\n2 0"


def bump(steps: str) -> Result:
    return run(BUMP, 1, f"split 1\n{steps}\nqed", signs="convex")


FIRST = "u 1<2 : e1:-1 e2:2 e3:-1 g1.1:1 g1.3:1"
LAST = "0 : e1:-1 e2:2 e3:-1 h1.1:1 h1.3:1"


def test_the_bump_itself() -> None:
    accepted(bump(f"{FIRST}\n{LAST}"))
    rejected(bump(LAST), "farkas-not-contradictory")
    accepted(
        bump(f"{FIRST}\n# a comment\n\n{LAST.replace(':1', ':7/3').replace(':-1', ':-7/3').replace(':2', ':14/3')}")
    )


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (FIRST.replace("g1.1:1", "g1.1:-1"), "multiplier-not-positive"),
        (FIRST.replace("g1.1:1", "g1.1:0"), "item-syntax"),
        (FIRST.replace("g1.1:1", "g1.1:2/2"), "number"),
        (FIRST.replace("g1.1:1", "g1.1:3/1"), "number"),
        (FIRST.replace("g1.1:1", "g1.1:+1"), "item-syntax"),
        (FIRST.replace("g1.1:1", "g1.1:01"), "item-syntax"),
        (FIRST.replace("g1.1:1", "g1.1"), "item-syntax"),
        (FIRST.replace("g1.1:1", "g1.1:1.0"), "item-syntax"),
        (FIRST.replace("g1.1:1", "g2.1:1"), "unknown-neuron"),
        (FIRST.replace("g1.1:1", "g1.4:1"), "unknown-point"),
        (FIRST.replace("g1.1:1", "h1.1:1"), "farkas-not-contradictory"),
        (FIRST.replace("e2:2", "e2:3"), "farkas-not-contradictory"),
        (FIRST.replace("e2:2", "e4:2"), "unknown-point"),
        (FIRST.replace("e2:2", "r1:2"), "unknown-row"),
        (FIRST.replace("e2:2", "e2:2 1>2:1"), "literal-not-known"),
        (FIRST.replace("u 1<2", "u 1<=1"), "farkas-not-contradictory"),
        (FIRST.replace("u 1<2", "u 2<2"), "unknown-neuron"),
        (FIRST.replace("u 1<2", "u 1=2"), "literal-syntax"),
        (FIRST.replace("u 1<2", "u d1"), "unknown-definition"),
        (FIRST.replace("u 1<2", "u"), "step-syntax"),
        (FIRST.replace("u 1<2", "u 1<2 1<2"), "step-syntax"),
        (FIRST.replace(" :", ""), "step-syntax"),
        (FIRST.replace(" :", " : :"), "step-syntax"),
        (FIRST.replace(" :", "  :"), "step-syntax"),
        ("u 1<2 :", "step-syntax"),
        ("y 1<2 : e1:1", "unknown-step"),
        (LAST, "farkas-not-contradictory"),
    ],
)
def test_bad_items(step: str, code: str) -> None:
    rejected(bump(f"{step}\n{LAST}"), code)


def test_relations_as_items() -> None:
    # z_2 >= 0 is assumed; the relation itself may be used, and the strict one only where it is known.
    accepted(bump(f"{FIRST.replace('u 1<2', 'u 1<=2')}\n{LAST}"))
    accepted(bump(f"{FIRST}\nu 1<=2 : 1<2:1 1>2:1\n{LAST}"))
    accepted(bump(f"{FIRST}\nu 1<2 : 1<=2:1 1>=2:1\n{LAST}".replace("1<=2:1 1>=2:1", "1<2:1 1>=2:1")))
    rejected(bump(f"{FIRST}\nu 1<2 : 1<=2:1 1>=2:1\n{LAST}"), "farkas-not-contradictory")  # 0 >= 0 is true
    rejected(bump(f"{FIRST}\nu 1<2 : 1<2:-1 1>=2:1\n{LAST}"), "multiplier-not-positive")
    rejected(bump(f"{FIRST}\n0 : 1<2:1 1>=2:1"), "literal-not-known")  # the assumption of FIRST is gone


def test_same_item() -> None:
    # z_2 >= 0: e2 has z_2, and s1.2 says h_2 = z_2; z_2 <= 0: h_2 = 0.
    accepted(bump(FIRST.replace("e2:2", "e2:2 s1.2:1 g1.2:1").replace("g1.2:1", "s1.2:-1") + f"\n{LAST}"))
    accepted(bump(f"{FIRST}\n{LAST} s1.2:1 s1.2:-1"))
    rejected(bump(f"{FIRST}\n{LAST} s1.1:1"), "sign-not-known")
    rejected(bump(f"{FIRST}\n{LAST} s1.2:1"), "farkas-not-contradictory")  # leaves h_2
    # h_2 >= 0 and h_2 = 0, h_2 - z_2 >= 0 and h_2 = 0 and z_2 < 0: consistent, no contradiction
    rejected(bump(f"{FIRST}\n0 : h1.2:1 s1.2:-1"), "farkas-not-contradictory")
    # h_2 = z_2 is not h_2 = 0: under z_2 >= 0 and > 0 the difference shows
    accepted(
        bump(
            f"{FIRST}\nu 1<=2 : s1.2:1 g1.2:1 1>2:1".replace(" g1.2:1", " h1.2:1")
            .replace("s1.2:1", "s1.2:-1")
            .replace("h1.2:1 1>2:1", "h1.2:1 1<2:1")
            + f"\n{LAST}"
        )
    )


def test_threshold_has_no_h_and_no_weak_relations() -> None:
    for step, code in (
        ("0 : h1.1:1", "item-kind"),
        ("0 : g1.1:1", "item-kind"),
        ("u 1>=1 : e1:1", "relation"),
        ("0 : 1<=1:1", "relation"),
    ):
        rejected(run(ZIGZAG, 1, f"split *\n{step}\nqed", activation="threshold"), code)


def test_equation_and_inequality_constants() -> None:
    rows = "r 1 : e1:1 e2:-2 e3:1"  # k = 0: the row 2 = 0
    points = BUMP
    accepted(run(points, 0, f"split 0\n{rows}\n0 : r1:1\nqed"))
    accepted(run(points, 0, f"split 0\n{rows}\n0 : r1:-1\nqed"))
    rejected(run(points, 0, f"split 0\n{rows}\n0 : r1:1 r1:-1\nqed"), "farkas-not-contradictory")
    rejected(run(points, 0, f"split 0\n{rows}\nx 1\n0 : r1:1\nqed"), "unknown-row")
    rejected(run(points, 0, f"split 0\n{rows}\nx 2\n0 : r1:1\nqed"), "unknown-clause")


# -- 6.9: clauses, definitions, rows, merges, propagation --------------------------------------------------------

ASSUME_GE = "e1:-1 e2:2 e3:-1 g1.1:1 g1.3:1"  # -2 >= 0 where z_2 >= 0
ASSUME_LE = "e1:-1 e2:2 e3:-1 h1.1:1 h1.3:1"  # -2 >= 0 where z_2 <= 0
CLAUSES = f"c 1 1<2 : {ASSUME_GE}\nc 2 1>=2 : {ASSUME_LE}"


WIDE = "c 1 1<2 1<1 : e1:-1 e2:2 e3:-1 g1.3:1\nc 2 1>=2 1<1 : e1:-1 e2:2 e3:-1 1>=1:1 h1.3:1"
# z_1 < 0 known: e1 has no h, and where z_2 >= 0 too the three equations have only z_2 and h_3 >= z_3 >= 2 z_2
AFTER = "u 1<2 : e1:-1 e2:2 e3:-1 1<1:1 g1.3:1\n0 : e1:-1 e2:2 e3:-1 h1.3:1"


def test_unit_clauses_are_facts() -> None:
    accepted(bump(f"c 1 1<2 : {ASSUME_GE}\n0 : {ASSUME_LE}"))
    accepted(bump(f"{WIDE}\nv 3 1<1 : 1 2\nu 1<1 : 1<1:1 1>=1:1\n{AFTER}"))
    rejected(bump(f"{WIDE}\nu 1<1 : 1<1:1 1>=1:1\n{FIRST}\n{LAST}"), "literal-not-known")
    rejected(bump(f"d 1 1>=2\nc 2 -d1 : {ASSUME_GE}\n0 : {ASSUME_LE}"), "farkas-not-contradictory")


def test_clauses_and_propagation() -> None:
    accepted(bump(f"{CLAUSES}\nv 3 : 1 2"))
    accepted(bump(f"{CLAUSES}\nv 3 : 2 1"))
    accepted(bump(f"{CLAUSES}\nv 3 1<2 1>1 : 1\nv 4 : 2 1".replace("v 3 1<2 1>1", "v 3 1<2")))
    accepted(bump(f"{CLAUSES}\nv 9 1>1 : 1 2\nv 10 1<=1 : 1 2\nv 11 : 9 10"))
    accepted(bump(f"{WIDE}\nv 3 1<1 : 1 2\n{AFTER}"))
    rejected(bump(f"{WIDE}\nv 3 1<1 : 1"), "no-conflict")
    rejected(bump(f"{WIDE}\nv 3 1<1 :"), "no-conflict")
    rejected(bump(f"{WIDE}\nv 3 1<1 : 1 1"), "no-conflict")  # a satisfied hint is passed over
    accepted(bump(f"{WIDE}\nv 3 1<1 : 1 1 2 1\n{AFTER}"))  # what follows a conflict is not looked at
    rejected(bump(f"{WIDE}\nv 3 1<1 : 1 2 5"), "unknown-clause")
    rejected(bump(f"{WIDE}\nx 2\nv 3 1<1 : 1 2"), "unknown-clause")
    rejected(bump(f"{WIDE}\nv 2 1<1 : 1 2"), "number-not-new")
    rejected(bump(f"c 1 1<2 : {ASSUME_GE}\nc 1 1>=2 : {ASSUME_LE}"), "number-not-new")
    rejected(bump(f"c 1 1<2 : {ASSUME_LE}"), "farkas-not-contradictory")
    rejected(bump("c 1 1<2 1>1 : e1:-1 e2:2 e3:-1 1<=1:1 g1.3:1\nv 2 : 1"), "hint-not-unit")
    rejected(bump(f"{CLAUSES}\nv 3 1>=2 : 2\nqed"), "split-not-refuted")
    rejected(bump("v : 1"), "number")
    rejected(bump(f"{CLAUSES}\nv 3 : 1 2\nv 4 : 1 2"), "no-qed")


def test_assumptions_vanish() -> None:
    rejected(bump(f"c 1 1<2 1<1 : {ASSUME_GE}\n0 : {ASSUME_LE}"), "farkas-not-contradictory")
    rejected(bump(f"c 1 1<2 : {ASSUME_GE}\n0 : {ASSUME_GE}"), "farkas-not-contradictory")
    rejected(bump(f"r 1 1>=2 : {ASSUME_GE}\n0 : {ASSUME_GE}"), "farkas-not-contradictory")
    rejected(bump(f"{WIDE}\nv 3 1<1 1>3 : 1 2\n0 : {ASSUME_LE}"), "farkas-not-contradictory")
    rejected(bump(f"{WIDE}\nv 3 1<1 1>3 : 1 2\n0 : 1>=1:1"), "literal-not-known")


def test_a_literal_already_known() -> None:
    accepted(bump(f"{FIRST}\nv 3 1<2 :\nv 4 1<=2 :\n{LAST}"))  # its negation is false: nothing to show
    rejected(bump(f"{FIRST}\nv 3 1<1 :\n{LAST}"), "no-conflict")


def test_definitions() -> None:
    accepted(bump(f"d 1 1>=2\nc 2 -d1 : {ASSUME_GE}\nd 3 1<2\nc 4 -d3 : {ASSUME_LE}\nv 5 d1 d3 : d1 d3\nv 6 : 2 4 5"))
    accepted(bump(f"d 1 1>=2 1>=2\nc 2 -d1 : {ASSUME_GE}\nv 3 1<2 : d1 2\nu 1<2 : {ASSUME_GE}\n{LAST}"))
    accepted(bump(f"{FIRST}\nd 1 1<2 1<1\nv 2 -d1 1<1 :\n{LAST}"))  # d1 makes its literals true
    accepted(bump(f"{FIRST}\nd 1 1>=2 1<1\nv 2 -d1 :\n{LAST}"))  # a false literal makes d1 false
    rejected(bump(f"{FIRST}\nd 1 1<2 1<1\nv 2 -d1 :\n{LAST}"), "no-conflict")
    rejected(bump(f"{FIRST}\nd 1 1<2 1<1\nv 2 d1 :\n{LAST}"), "no-conflict")
    rejected(bump(f"d 1 1>=1\nc 2 -d1 : {ASSUME_GE}"), "farkas-not-contradictory")
    rejected(bump(f"d 1 1>=2\nc 2 d1 : {ASSUME_GE}"), "literal-kind")
    rejected(bump(f"d 1 1>=2\nd 2 d1\n{LAST}"), "literal-kind")
    rejected(bump(f"d 1 1>=2\nd 1 1<2\n{LAST}"), "number-not-new")
    rejected(bump(f"d 1 1>=2\nx 1\n{LAST}"), "unknown-clause")
    rejected(bump(f"d 1 1>=2\nu -d1 : {ASSUME_GE}"), "literal-kind")
    rejected(bump("d 1 1>=2\nv 2 : d2"), "unknown-clause")


def test_rows_and_merges() -> None:
    rows = f"r 2 1>=2 : {ASSUME_GE}\nr 3 1<2 : {ASSUME_LE}"
    tautology = "c 1 1>=2 1<2 : 1>=2:1 1<2:1"
    accepted(bump(f"{tautology}\n{rows}\nm 4 1 2 3\n0 : r4:1"))
    accepted(bump(f"{tautology}\n{rows}\nm 4 1 2 3\nx 1 2 3\n0 : r4:5/2"))
    rejected(bump(f"{tautology}\n{rows}\nm 4 1 2 3\n0 : r4:-1"), "multiplier-not-positive")
    rejected(bump(f"{tautology}\n{rows}\nm 4 1 3 2\n0 : r4:1"), "merge-guards")
    rejected(bump(f"{tautology}\n{rows}\nm 4 1 2\n0 : r4:1"), "merge-guards")
    rejected(bump(f"{tautology}\n{rows}\nm 4 1 2 2\n0 : r4:1"), "merge-guards")
    rejected(bump(f"{tautology}\n{rows}\nm 4 1 2 5\n0 : r4:1"), "unknown-row")
    rejected(bump(f"{tautology}\n{rows}\nm 4 5 2 3\n0 : r4:1"), "unknown-clause")
    rejected(bump(f"{rows}\n0 : r2:1"), "guard-not-true")
    rejected(bump(f"{rows}\n0 : r3:1"), "guard-not-true")
    accepted(bump(f"{rows}\nu 1<2 : r2:1\n0 : r3:1"))
    accepted(bump(f"d 1 1>=2\nr 2 d1 : {ASSUME_GE}\nc 3 -d1 : r2:1\nv 4 1<2 : d1 3\nu 1<2 : {ASSUME_GE}\n{LAST}"))
    rejected(bump(f"d 1 1>=2\nr 2 d1 : {ASSUME_GE}\nc 3 1<2 : r2:1"), "guard-not-true")
    rejected(bump(f"d 1 1>=2\nr 2 -d1 : {ASSUME_GE}"), "literal-kind")
    different = rows.replace("r 3 1<2 : e1:-1", "r 3 1<2 : h1.1:1 e1:-1")
    rejected(bump(f"{tautology}\n{different}\nm 4 1 2 3\n0 : r4:1"), "merge-rows")
    strict = rows.replace("r 3 1<2 : e1:-1", "r 3 1<2 : 1<2:1 e1:-1")
    rejected(bump(f"{tautology}\n{strict}\nm 4 1 2 3\n0 : r4:1"), "merge-rows")
    constant = rows.replace("r 3 1<2 : e1:-1 e2:2 e3:-1 h1.1:1 h1.3:1", "r 3 1<2 : e1:-2 e2:4 e3:-2 h1.1:2 h1.3:2")
    rejected(bump(f"{tautology}\n{constant}\nm 4 1 2 3\n0 : r4:1"), "merge-rows")
    # with terms left over: 2 z_2 - ... where z_2 >= 0, the same row twice
    open_rows = "r 2 1>=2 : e1:1 e3:1\nr 3 1<2 : e1:1 e3:1"
    accepted(bump(f"{tautology}\n{open_rows}\nm 4 1 2 3\nu 1<2 : r4:-1 e2:2 g1.1:1 g1.3:1\n{LAST}"))
    other = "r 2 1>=2 : e1:1 e2:1\nr 3 1<2 : e1:1 e2:1"
    rejected(bump(f"{tautology}\n{other}\nm 4 1 2 3\n{LAST}"), "merge-rows")


# -- 6.5: labels, and clauses over two threshold neurons ---------------------------------------------------------

# A line with labels 0 1 0 fixes alpha = 0, a_1 = 1, a_2 = -1; the fourth point wants 7.
SEVEN = "0 0 0\n1 0 1\n2 0 0\n1 5 7"
SEVEN_HEAD = "line 1 2 3\nslots 1 * 1 2 2 3\nsplit *\nlabel * 1"
SEVEN_STEPS = """
c 1 1<4 2<4 : e4:1 e3:-1
c 2 1<4 2>4 : e4:1 e2:-1
c 3 1>4 2<4 : e4:1 e1:-1 e3:-1 e2:1
c 4 1>4 2>4 : e4:1 e1:-1
v 5 1<4 : 1 2
v 6 : 5 3 4
qed
"""


def seven(head: str, steps: str) -> Result:
    return run(SEVEN, 2, f"{head}\n{steps}", activation="threshold")


def test_threshold_label() -> None:
    accepted(seven(SEVEN_HEAD, SEVEN_STEPS))
    rejected(seven(SEVEN_HEAD.replace("\nlabel * 1", ""), SEVEN_STEPS), "farkas-not-contradictory")
    rejected(seven(SEVEN_HEAD + "\nlabel * 1", SEVEN_STEPS), "label-repeated")
    rejected(seven(SEVEN_HEAD.replace("label * 1", "label * 2"), SEVEN_STEPS), "unknown-line")
    rejected(seven(SEVEN_HEAD.replace("label * 1", "label + 1"), SEVEN_STEPS), "no-slots")
    rejected(seven(SEVEN_HEAD, SEVEN_STEPS.replace("c 3 1>4 2<4", "c 3 1>4 2>4")), "farkas-not-contradictory")
    rejected(seven(SEVEN_HEAD, SEVEN_STEPS.replace("e4:1 e1:-1 e3:-1 e2:1", "e4:1 e1:-1")), "farkas-not-contradictory")
    rejected(seven(SEVEN_HEAD, SEVEN_STEPS.replace("v 5 1<4 : 1 2", "v 5 1<4 : 2 3 4")), "no-conflict")
    rejected(seven(SEVEN_HEAD, "c 1 1<4 2<4 : e4:1 e3:-1\nlabel * 1"), "unknown-step")
    # rule 2: z_1 > 0 at point 3, z_2 < 0 at point 1; rule 1: the ends of the slots
    for literal in ("1<1", "1>2", "1>3", "2<1", "2<2", "2>3"):
        accepted(seven(SEVEN_HEAD, f"v 1 {literal} :\n" + renumber(SEVEN_STEPS, 10)))
    for literal in ("1>1", "2>2", "1>4", "1<4"):
        rejected(seven(SEVEN_HEAD, f"v 1 {literal} :\n" + renumber(SEVEN_STEPS, 10)), "no-conflict")


def renumber(steps: str, by: int) -> str:
    """The steps c and v with their numbers and hints moved up."""
    lines = []
    for line in steps.strip().splitlines():
        tokens = line.split(" ")
        if tokens[0] in "cv":
            tokens[1] = str(int(tokens[1]) + by)
        if tokens[0] == "v":
            at = tokens.index(":")
            tokens[at + 1 :] = [str(int(token) + by) for token in tokens[at + 1 :]]
        lines.append(" ".join(tokens))
    return "\n".join(lines)


def test_threshold_same_items_and_unknown_terms() -> None:
    # e4 leaves t_{1,4} and t_{2,4}; s items take them out where the signs are known or assumed.
    rejected(seven(SEVEN_HEAD, "0 : e4:1 e1:-1\nqed"), "farkas-not-contradictory")
    rejected(seven(SEVEN_HEAD, "r 1 : e4:1\nc 2 1>4 : r1:1 s1.4:-1 e1:-1"), "farkas-not-contradictory")
    accepted(seven(SEVEN_HEAD, "r 9 : e4:1\nc 10 1>4 2>4 : r9:1 s1.4:-1 s2.4:-1 e1:-1\n" + renumber(SEVEN_STEPS, 10)))
    accepted(seven(SEVEN_HEAD, "r 9 : e4:1\nc 10 1<4 2<4 : r9:1 s1.4:-1 s2.4:-1 e3:-1\n" + renumber(SEVEN_STEPS, 10)))
    rejected(seven(SEVEN_HEAD, "r 9 : e4:1\nc 10 1>4 2>4 : r9:1 s1.4:-1 s2.4:-1 e3:-1"), "farkas-not-contradictory")
    rejected(seven(SEVEN_HEAD, "r 9 : e4:1\n0 : r9:1 s1.4:-1"), "sign-not-known")


# -- 6.6.3: parallel pairs, and 6.10: bounds ---------------------------------------------------------------------

PAIR_HEAD = "line 1 2\nline 3 4\nslots 1 * 1 2\nslots 2 * 3 4\nsplit *\nlabel * 1"


def pair(x: str, y: str, steps: str, head: str = PAIR_HEAD, label: str = "0") -> Result:
    """One threshold neuron between (0,0), (1,0) and between (0,1), (1,1); the point (x, y)."""
    return run(f"0 0 0\n1 0 1\n0 1 0\n1 1 1\n{x} {y} {label}", 1, f"{head}\n{steps}\nqed", activation="threshold")


ON = "b 1 2\nw 1 2\n0 : e5:1 e2:-1"  # point 5 is on the positive side
OFF = "b 1 2\nw 1 2\n0 : e5:1 e1:-1"  # point 5 is on the negative side


def test_parallel_pair_extrapolates_and_interpolates() -> None:
    # at height 2 the crossing is in [2*0 - 1, 2*1 - 0]
    accepted(pair("2", "2", ON))  # = the bound: a threshold neuron is not 0 at a data point
    accepted(pair("21/10", "2", ON))
    rejected(pair("19/10", "2", ON), "farkas-not-contradictory")
    rejected(pair("1", "2", ON), "farkas-not-contradictory")  # with the wrong end of the interval this would pass
    accepted(pair("-1", "2", OFF, label="1"))
    rejected(pair("-1", "2", ON), "farkas-not-contradictory")
    rejected(pair("-9/10", "2", OFF, label="1"), "farkas-not-contradictory")
    # at height -1 the crossing is in [2*0 - 1, 2*1 - 0] too
    accepted(pair("2", "-1", ON))
    rejected(pair("19/10", "-1", ON), "farkas-not-contradictory")
    accepted(pair("-1", "-1", OFF, label="1"))
    rejected(pair("-9/10", "-1", OFF, label="1"), "farkas-not-contradictory")
    # between the lines it is in [0, 1]
    accepted(pair("1", "1/3", ON))
    accepted(pair("0", "1/3", OFF, label="1"))
    rejected(pair("1/2", "1/3", ON), "farkas-not-contradictory")
    rejected(pair("9/10", "1/3", ON), "farkas-not-contradictory")
    # on a line of the pair only that line counts, though the point is not declared on it
    accepted(pair("3", "0", ON.replace("b 1 2\n", "")))
    rejected(pair("3", "1", ON.replace("b 1 2\n", "")), "farkas-not-contradictory")
    accepted(pair("3", "1", ON))


def test_parallel_pair_needs_its_declaration_and_both_lines() -> None:
    rejected(pair("3", "2", ON.replace("w 1 2\n", "")), "farkas-not-contradictory")
    rejected(pair("3", "2", ON.replace("b 1 2\n", "")), "farkas-not-contradictory")
    rejected(pair("3", "2", ON, PAIR_HEAD.replace("\nlabel * 1", "")), "not-increasing")
    rejected(pair("3", "2", ON, PAIR_HEAD.replace("line 3 4", "line 4 3").replace("* 3 4", "* 4 3")), "not-increasing")
    rejected(pair("3", "2", "w 1 1\n" + ON), "same-line")
    rejected(pair("3", "2", "w 1 3\n" + ON), "unknown-line")
    rejected(pair("3", "2", "w 1\n" + ON), "step-syntax")
    rejected(
        pair("3", "2", "w 1 2\n" + ON, PAIR_HEAD.replace("line 3 4", "line 4 3").replace("* 3 4", "* 4 3")),
        "not-parallel",
    )
    accepted(pair("3", "2", "w 2 1\n" + ON))


def test_parallel_pair_in_space() -> None:
    head = PAIR_HEAD
    points = "0 0 0 0\n1 0 0 1\n0 1 0 0\n1 1 0 1\n5 2 {} 0"
    accepted(run(points.format(0), 1, f"{head}\n{ON}\nqed", activation="threshold"))
    rejected(run(points.format(1), 1, f"{head}\n{ON}\nqed", activation="threshold"), "farkas-not-contradictory")


def test_weak_bounds_of_a_relu_neuron() -> None:
    # A convex kink strictly between x = 0 and 2 on the heights 0 and 1; at height 2 it is between -2 and 4.
    points = "0 0 0\n1 0 0\n2 0 1\n0 1 0\n1 1 0\n2 1 1\n4 2 0\n5 2 0"
    head = "line 1 2 3\nline 4 5 6\nslots 1 + 1 2 3\nslots 2 + 4 5 6\nsplit 1\nlabel + 1\nb 1 2\nw 1 2"
    step = "v 1 1{}7 :\n0 : e1:1"
    rejected(run(points, 1, f"{head}\n{step.format('>=')}\nqed", signs="convex"), "farkas-not-contradictory")
    rejected(run(points, 1, f"{head}\n{step.format('>')}\nqed", signs="convex"), "no-conflict")
    step = "v 1 1{}8 :\n0 : e1:1"
    rejected(run(points, 1, f"{head}\n{step.format('>')}\nqed", signs="convex"), "farkas-not-contradictory")


def test_assumed_literals_act_through_rules_2_and_3() -> None:
    # nothing is known on the second line; assuming z < 0 at point 3 and > 0 at point 4 gives what b would give
    head = PAIR_HEAD.replace("slots 2 * 3 4\n", "")
    good = "w 1 2\nc 1 1>3 1<4 : e5:1 e2:-1"
    rejected(pair("3", "2", good, head), "split-not-refuted")
    rejected(pair("3", "2", good.replace(" 1<4", ""), head), "farkas-not-contradictory")
    rejected(pair("3", "2", good + "\n0 : e5:1 e2:-1", head), "farkas-not-contradictory")  # gone after the step
    # rule 2 under an assumption: z > 0 at point 3 gives > 0 at point 4, later on its line
    accepted(
        pair("3", "2", f"v 1 1<3 1>4 :\nu 1>4 : e4:1 e1:-1\nu 1<3 : e3:1 e2:-1\n{ON}".replace("b 1 2\n", ""), head)
    )
    rejected(pair("3", "2", "v 1 1>3 1>4 :", head), "no-conflict")
    rejected(pair("3", "2", "v 1 1<3 1<4 :", head), "no-conflict")


def test_rule_2_under_assumptions() -> None:
    head = PAIR_HEAD.replace("slots 2 * 3 4\n", "")
    # the labels of points 3, 4 are 0, 1 = values at -, + ; assume z(3) > 0: e3 gives alpha + a = 0, against point 2
    accepted(pair("3", "2", "u 1>4 : e4:1 e1:-1\nu 1<3 : e3:1 e2:-1\nw 1 2\n0 : e5:1 e2:-1", head))
    # assuming z(4) < 0 makes z(3) < 0 by rule 2: the equations of 3 and 4 both lose the neuron
    accepted(pair("3", "2", "u 1>4 : e4:1 e3:-1\nu 1<3 : e3:1 e2:-1\nw 1 2\n0 : e5:1 e2:-1", head))
    rejected(pair("3", "2", "u 1>4 : e4:1 e3:-1\n0 : e5:1 e2:-1", head), "farkas-not-contradictory")
    # without the label the neuron is not increasing, and rule 2 gives nothing
    rejected(pair("3", "2", "u 1>4 : e4:1 e3:-1", head.replace("\nlabel * 1", "")), "farkas-not-contradictory")


LADDER_HEAD = """
line 1 2 3
line 4 5 6
slots 1 * 1 2 2 3
slots 2 * 4 5 5 6
split *
label * 1
"""


def ladder(steps: str, head: str = LADDER_HEAD) -> Result:
    """Two threshold neurons on the lines y = 0 and y = 1; the last point refutes once the neurons are placed."""
    points = "0 0 0\n1 0 1\n2 0 0\n0 1 0\n1 1 1\n2 1 0\n3 1/2 1"
    return run(points, 2, f"{head}\n{steps}\nqed", activation="threshold")


def test_bounds_on_a_saturated_line() -> None:
    # neither neuron is known to have only one slot: b gives z(4) < 0, z(6) > 0, which is enough between the lines
    end = "w 1 2\n0 : e7:1 e3:-1"
    accepted(ladder("b 1 2\nb 2 2\n" + end))
    rejected(ladder("b 1 2\n" + end), "farkas-not-contradictory")
    rejected(ladder("b 1 2\nv 1 1>5 :\n"), "no-conflict")
    # once z_1(5) > 0 is known, neuron 1 has the first slot and neuron 2 the second
    accepted(ladder("b 1 2\nb 2 2\nv 1 1<4 :\nv 2 1>6 :\nv 3 2<4 :\nv 4 2>6 :\n" + end))
    rejected(ladder("b 1 3\n" + end), "unknown-line")
    rejected(ladder("b 3 2\n" + end), "unknown-neuron")
    rejected(ladder("b 1\n" + end), "step-syntax")
    rejected(ladder("b 1 2\n" + end, LADDER_HEAD.replace("slots 2 * 4 5 5 6", "slots 2 * 4 5")), "not-saturated")
    rejected(ladder("b 1 2\n" + end, LADDER_HEAD.replace("slots 2 * 4 5 5 6\n", "")), "not-saturated")


STAIRS = "0 0 0\n1 0 1\n2 0 0\n0 1 0\n1 1 1\n2 1 0\n0 2 0\n1 2 1\n2 2 0\n{} {}"
STAIRS_HEAD = """
line 1 2 3
line 4 5 6
line 7 8 9
slots 1 * 1 2 2 3
slots 2 * 4 5 5 6
slots 3 * 7 8 8 9
split *
label * 2
"""


def test_taken_slots_and_failing_bounds() -> None:
    points = STAIRS.format("3 2", "1")
    # By the equations of points 5 and 8: alpha = 0, a_1 = 1, a_2 = -1. If z_2(8) > 0 and z_1(8) < 0 the value is -1.
    known = "u 1>8 : e8:1 e7:-1"  # z_1(8) < 0 leaves t_2 at 8: not enough alone
    rejected(run(points, 2, f"{STAIRS_HEAD}{known}\nqed", activation="threshold"), "farkas-not-contradictory")
    both = "c 1 1>8 2<8 : e8:1 e5:1 e4:-1 e6:-1\nc 2 1>8 2>8 : e8:1 e7:-1 e4:1 e4:-1"
    body = STAIRS_HEAD + "b 1 3\nb 2 3\n" + both + "\nv 3 1>8 : 1 2\n"
    rejected(run(points, 2, body + "qed", activation="threshold"), "split-not-refuted")
    clause_to_fact = "u 1>8 : e8:1 e4:-1"
    rejected(run(points, 2, body + clause_to_fact + "\nqed", activation="threshold"), "farkas-not-contradictory")


def test_the_label_assigns_the_slots_of_a_saturated_line() -> None:
    # on the labelled line itself: neuron 1 owns slot 1, so its bound is exact and its slot is taken for neuron 2
    end = "b 1 2\nb 2 2\nw 1 2\n0 : e7:1 e3:-1"
    accepted(ladder("b 1 1\nb 2 1\nv 1 1>2 :\nv 2 2<2 :\n" + end))
    rejected(ladder("b 1 1\nv 1 1<2 :\n" + end), "no-conflict")


# -- 6.5: flat triples and closed ends -----------------------------------------------------------------------------

# Slopes 0 0 1 1: with one convex neuron the kink is at x = 2 exactly, so the line through the last points goes on.
HINGE = "0 0\n1 0\n2 0\n3 1\n4 2\n10 {}"
HINGE_HEAD = "line 1 2 3 4 5 6\nslots 1 + 2 3 4\nsplit 1\n{}label + 1\n"
FLATS = "n 1 1 2 3\nn 1 3 4 5\n"


def hinge(flats: str, steps: str, label: str = "9") -> Result:
    return run(HINGE.format(label), 1, HINGE_HEAD.format(flats) + steps + "\nqed", signs="convex")


def test_flat_triples_close_the_ends_of_a_slot() -> None:
    # z_1 = 0 at x = 2, so f is affine from 2 on: f(10) - 8 f(3) + 7 f(2) = 0
    step = "0 : e6:1 e4:-8 e3:7"
    accepted(hinge(FLATS, step))
    rejected(hinge(FLATS, step, "8"), "farkas-not-contradictory")
    rejected(hinge("", step), "farkas-not-contradictory")
    rejected(hinge("n 1 1 2 3\n", step), "farkas-not-contradictory")  # then z <= 0 is known at x = 2
    accepted(hinge("n 1 3 4 5\n", step))  # then z >= 0 is known at x = 2
    for flats, literals in (("", "1<2 1>4"), ("n 1 1 2 3\n", "1<=3 1<2 1>4"), (FLATS, "1<=3 1>=3 1>4")):
        for literal in literals.split():
            rejected(hinge(flats, f"v 1 {literal} :\n0 : e1:1"), "farkas-not-contradictory")
    for flats, literals in (("", "1<=3 1>=3"), ("n 1 1 2 3\n", "1<3 1>=3"), (FLATS, "1<3 1>3")):
        for literal in literals.split():
            rejected(hinge(flats, f"v 1 {literal} :\n0 : e1:1"), "no-conflict")


@pytest.mark.parametrize(
    ("flat", "code"),
    [
        ("n 1 2 3 4", "flat-not-collinear"),
        ("n 1 2 1 3", "flat-order"),
        ("n 1 1 1 3", "flat-order"),
        ("n 1 3 4 7", "unknown-point"),
        ("n 1 4 3 6", "flat-order"),
        ("n 2 1 2 3", "unknown-line"),
        ("n 1 1 2", "step-syntax"),
        ("n 1 1 2 3\nlabel + 1\nn 1 3 4 5", "unknown-step"),
    ],
)
def test_bad_flat_triples(flat: str, code: str) -> None:
    rejected(hinge(flat + "\n", "0 : e6:1 e4:-8 e3:7"), code)


def test_flat_triples_need_the_other_class_out_of_the_way() -> None:
    points = "0 0\n1 0\n2 0\n3 1\n4 2\n5 1\n6 0"
    plus, minus = "slots 1 + 2 3 4\n", "slots 1 - 4 5 6\n"

    def check(body: str, code: str) -> None:
        rejected(run(points, 2, f"line 1 2 3 4 5 6 7\n{body}\n0 : e1:1\nqed"), code)

    done = "farkas-not-contradictory"
    check(f"{plus}{minus}split 1\nn 1 1 2 3", done)
    check(f"{plus}{minus}split 1\nn 1 5 6 7", done)
    check(f"{plus}split 1\nn 1 1 2 3", "flat-not-clear")
    check(f"{plus}{minus}split 1\nn 1 3 4 5\nlabel + 1\nlabel - 1\nv 1 1>=3 :", "flat-not-clear")
    # the first triple moves the right end of the concave slot to point 5, the other is then clear of both
    check(f"{plus}{minus}split 1\nn 1 1 2 3\nn 1 5 6 7\nlabel + 1\nlabel - 1\nv 1 1<=3 :\nv 2 2>=5 :", done)
    check(f"{plus}{minus}split 1\nlabel + 1\nlabel - 1\nv 1 1<=3 :", "no-conflict")
    check(f"{plus}{minus}split 1\nlabel + 1\nlabel - 1\nv 1 2>=5 :", "no-conflict")
    rejected(run(points, 2, "line 1 2 3 4 5 6 7\nsplit 0\nn 1 1 2 3\n0 : e1:1\nqed"), done)  # no + neuron
    rejected(
        run("0 0\n1 1\n2 0\n3 0\n4 0", 2, "line 1 2 3 4 5\nslots 1 - 1 2 3\nsplit 0\nn 1 3 4 5\n0 : e1:1\nqed"), done
    )
    rejected(run(points, 3, f"line 1 2 3 4 5 6 7\n{plus}{minus}split 1\nn 1 1 2 3"), "flat-not-clear")


def test_a_flat_triple_that_empties_a_slot() -> None:
    points = "0 0\n1 0\n2 2\n3 3\n4 4"
    body = "line 1 2 3 4 5\nslots 1 + 1 2 3\nsplit 1\nn 1 1 3 5\n"
    accepted(run(points, 1, body + "qed", signs="convex"))
    rejected(run(points, 1, body + "label + 1\nqed", signs="convex"), "no-qed")
    rejected(run(points, 1, body + "n 1 1 3 5\nqed", signs="convex"), "no-qed")
    rejected(run(points, 1, body.replace("n 1 1 3 5", "n 1 3 4 5") + "qed", signs="convex"), "split-not-refuted")


def test_threshold_has_no_flat_triples() -> None:
    rejected(run(ZIGZAG, 5, "line 1 2 3\nsplit *\nn 1 1 2 3\nqed", activation="threshold"), "class")


# -- k steps: a convex hexagon with alternating labels needs three lines -------------------------------------------

HEXAGON = [(2, 0), (1, 2), (-1, 2), (-2, 0), (-1, -2), (1, -2)]


def hexagon_body(*, edges: int = 6) -> str:
    """k steps for the edges, c steps for four alternating corners, v steps that put them together.

    The v steps are found by plain branching: the sign of a neuron at a corner is an atom.
    """
    lines = [f"line {e + 1} {(e + 1) % 6 + 1}" for e in range(edges)]
    lines += [f"slots {e + 1} * {e + 1} {(e + 1) % 6 + 1}" for e in range(edges)]
    lines.append("split *")
    clauses: dict[int, frozenset[tuple[int, int, bool]]] = {}
    number = 0
    text = {True: ">", False: "<"}
    for e in range(edges):
        number += 1
        lines.append(f"k {number} {e + 1} * 1")
        edge = number
        for signs in product((True, False), repeat=2):
            number += 1
            clause = [(j + 1, i % 6 + 1, not signs[j]) for j in range(2) for i in (e, e + 1)]
            lines.append(f"v {number} {' '.join(f'{j}{text[s]}{i}' for j, i, s in clause)} : {edge}")
            clauses[number] = frozenset(clause)
    for corners in combinations(range(6), 4):
        a, b, c, d = (HEXAGON[i] for i in corners)
        area = [cross(b, c, d), cross(c, d, a), cross(d, a, b), cross(a, b, c)]
        # area_0 a + area_2 c = area_1 b + area_3 d: the diagonals meet
        for j in (1, 2):
            for first in (True, False):
                number += 1
                clause = [(j, i + 1, (t % 2 == 0) != first) for t, i in enumerate(corners)]
                items = [f"{j}{text[(t % 2 == 0) == first]}{i + 1}:{area[t]}" for t, i in enumerate(corners)]
                lines.append(f"c {number} {' '.join(f'{j}{text[s]}{i}' for j, i, s in clause)} : {' '.join(items)}")
                clauses[number] = frozenset(clause)

    def propagate(decisions: list[tuple[int, int, bool]]) -> tuple[set[tuple[int, int, bool]], list[int], bool]:
        true, hints = set(decisions), list[int]()
        while True:
            for name, clause in clauses.items():
                if clause & true:
                    continue
                left = [lit for lit in clause if (lit[0], lit[1], not lit[2]) not in true]
                if len(left) < 2:
                    hints.append(name)
                    true.update(left)
                    if not left:
                        return true, hints, True
                    break
            else:
                return true, hints, False

    def branch(decisions: list[tuple[int, int, bool]]) -> int:
        nonlocal number
        true, hints, conflict = propagate(decisions)
        if not conflict:
            atom = next((j, i) for i in range(1, 7) for j in (1, 2) if not {(j, i, True), (j, i, False)} & true)
            for sign in (True, False):
                branch([*decisions, (*atom, sign)])
            true, hints, conflict = propagate(decisions)
            assert conflict
        number += 1
        clause = [(j, i, not s) for j, i, s in decisions]
        lines.append(f"v {number} {''.join(f'{j}{text[s]}{i} ' for j, i, s in clause)}: {' '.join(map(str, hints))}")
        clauses[number] = frozenset(clause)
        return number

    branch([])
    lines.append("qed")
    return "\n".join(lines)


def cross(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> int:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def hexagon(body: str) -> Result:
    points = "\n".join(f"{x} {y} {i % 2}" for i, (x, y) in enumerate(HEXAGON))
    return run(points, 2, body, activation="threshold")


def test_hexagon() -> None:
    body = hexagon_body()
    accepted(hexagon(body))
    rejected(hexagon(body.replace("k 1 1 * 1", "k 1 1 * 2")), "unknown-slot")
    rejected(hexagon(body.replace("k 1 1 * 1", "k 1 7 * 1")), "unknown-line")
    rejected(hexagon(body.replace("k 1 1 * 1", "k 1 1 + 1")), "no-slots")
    rejected(hexagon(body.replace("k 1 1 * 1", "k 1 1 *")), "step-syntax")
    rejected(hexagon(body.replace("v 2 1<1 1<2 2<1 2<2 : 1", "v 2 1<1 1<2 2<1 2>2 : 1")), "no-conflict")
    rejected(hexagon(body.replace("v 2 1<1 1<2 2<1 2<2 : 1", "v 2 1<1 1<2 2<1 : 1")), "no-conflict")
    rejected(hexagon(body.replace("v 2 1<1 1<2 2<1 2<2 : 1", "v 2 1<1 2<1 2<2 : 1 1")), "no-conflict")
    rejected(hexagon(body.replace("v 2 1<1 1<2 2<1 2<2 : 1", "v 2 1<1 2<1 : 1")), "hint-not-unit")


def test_break_literals() -> None:
    head = "line 1 2\nslots 1 * 1 2\nsplit *\nk 1 1 * 1\n"
    tail = "\n0 : e1:1\nqed"

    def check(step: str, code: str) -> None:
        rejected(hexagon(head + step + tail), code)

    done = "farkas-not-contradictory"  # the step before was accepted: the last one fails
    check("v 2 x1.1 x2.1 : 1", done)
    check("v 2 x1.1 : 1", "no-conflict")
    check("v 2 -x1.1 x2.1 : 1", "no-conflict")  # satisfied, passed over
    check("v 2 -x1.1 1>1 1>2 :", done)  # breaks, and not > 0 at either end
    check("v 2 -x1.1 1<1 1<2 :", done)
    check("v 2 -x1.1 1>1 :", "no-conflict")
    check("v 2 x1.1 1>1 1<2 :", "no-conflict")  # that signs make x true is not propagated
    check("v 2 x2.1 1<1 1<2 : 1", done)  # > 0 at both ends: x1.1 is false, the clause gives x2.1
    check("v 2 x2.1 1<1 1>2 : 1", "no-conflict")
    check("v 2 1<1 1<2 2<1 2<2 : 1", done)
    check("v 2 1<1 1<2 2<1 2>2 : 1", "no-conflict")
    check("v 2 x1.2 : 1", "unknown-slot")
    check("v 2 x3.1 : 1", "unknown-neuron")
    check("c 2 x1.1 : e1:1", "literal-kind")
    check("r 2 x1.1 : e1:1", "literal-kind")
    check("d 2 x1.1", "literal-kind")
    check("x 1\nv 2 x1.1 x2.1 : 1", "unknown-clause")
    check("x 1\nv 2 -x1.1 1>1 1>2 :", done)  # the meaning stays


def test_facts_that_contradict_each_other_are_no_conflict_by_themselves() -> None:
    rejected(bump(f"{CLAUSES}\nv 3 :"), "no-conflict")
    rejected(bump(f"{CLAUSES}\nv 3 1<1 :\nv 4 :"), "no-conflict")
    accepted(bump(f"{CLAUSES}\nv 3 : 1"))  # a literal that is true and false
    accepted(bump(f"{CLAUSES}\nv 3 1<2 :\nv 4 : 1"))  # its negation is false already


def test_a_definition_whose_literals_contradict_each_other() -> None:
    rejected(bump("d 1 1>=2 1<2\nv 2 -d1 :\n0 : e1:1"), "farkas-not-contradictory")  # assuming d1 ends the step
    rejected(bump("d 1 1>=2 1>2\nv 2 -d1 :\n0 : e1:1"), "no-conflict")


def test_slots_of_a_line_that_is_not_saturated_are_not_moved() -> None:
    points = "0 0\n1 0\n2 2\n3 3\n4 4"
    body = "line 1 2 3 4 5\nslots 1 + 1 2 3\nsplit {}\nn 1 1 3 5\nqed"
    accepted(run(points, 1, body.format(1), signs="convex"))
    rejected(run(points, 2, body.format(2), signs="convex"), "split-not-refuted")


def test_the_literals_of_a_slot_clause_are_looked_at_in_order() -> None:
    body = "line 1 2\nslots 1 * 1 2\nsplit *\nk 1 1 * 1\nv 2 {} : 1\nqed"

    def check(clause: str, code: str) -> None:
        rejected(run("0 0\n1 1", 3, body.format(clause), activation="threshold"), code)

    check("-x1.1", "no-conflict")  # true, so the hint is passed over
    check("-x2.1", "no-conflict")
    check("-x3.1", "hint-not-unit")  # two that are neither come before it
    check("x1.1 -x3.1", "no-conflict")
    check("x1.1 x2.1 x3.1", "split-not-refuted")  # falsified


def test_numbers_of_things_have_fifteen_digits() -> None:
    accepted(bump(CLAUSES.replace("c 2", "c 999999999999998") + "\nv 999999999999999 : 1"))
    rejected(bump(CLAUSES.replace("c 2", "c 1000000000000000") + "\nv 1000000000000001 : 1"), "number-too-large")
    rejected(bump(f"{CLAUSES}\nv 3 : 1000000000000000"), "number-too-large")
    rejected(bump("u 1<1000000000000000 : e1:1"), "number-too-large")
    rejected(bump("0 : r1000000000000000:1"), "number-too-large")
