"""Training instances: canonical bytes, files, and what is refused."""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certify.errors import InexactNumber, InputError, InvalidInstance, ParseError
from certify.instance import TrainingInstance
from certify.network import Network, Neuron

TENT = TrainingInstance.of([[0, "1/2"], [1, -1]], [0, "-2/3"], width=3, activation="relu")
COUNTED = TrainingInstance.of([[0], [1]], [0, 1], width=1, activation="threshold", copies=(2, 5))


def test_canonical_bytes() -> None:
    expected = (
        b"certify-instance 1\nactivation relu\nsigns free\nloss exact\nwidth 3\ndimension 2\npoints 2\n"
        b"0 1/2 0\n1 -1 -2/3\n"
    )
    assert TENT.canonical_bytes() == expected
    assert TENT.sha256() == hashlib.sha256(expected).hexdigest()


def test_canonical_bytes_with_copies() -> None:
    lines = COUNTED.canonical_bytes().decode().splitlines()
    assert lines[3:5] == ["loss exact", "copies listed"]
    assert lines[-2:] == ["0 0 2", "1 1 5"]


def test_the_hash_depends_on_every_field() -> None:
    variants: list[dict[str, Any]] = [
        {"width": 4},
        {"activation": "threshold"},
        {"signs": "convex"},
        {"copies": (1, 1)},
        {"labels": [0, "2/3"]},
        {"points": [[1, -1], [0, "1/2"]]},
    ]
    hashes = {TENT.sha256()}
    for variant in variants:
        fields = {"points": TENT.points, "labels": TENT.labels, "width": 3, "activation": "relu", **variant}
        hashes.add(TrainingInstance.of(fields.pop("points"), fields.pop("labels"), **fields).sha256())
    assert len(hashes) == len(variants) + 1


@given(
    st.integers(1, 3).flatmap(
        lambda d: st.lists(
            st.tuples(st.tuples(*[st.fractions()] * d), st.fractions()), min_size=1, max_size=5
        )
    ),
    st.sampled_from(["free", "convex", "concave"]),
    st.booleans(),
)
def test_files_round_trip(
    rows: list[tuple[tuple[Fraction, ...], Fraction]], signs: Any, counted: bool
) -> None:
    copies = tuple(range(1, len(rows) + 1)) if counted else None
    points, labels = zip(*rows, strict=True)
    made = TrainingInstance.of(points, labels, width=2, activation="relu", signs=signs, copies=copies)
    assert TrainingInstance.from_json(json.loads(json.dumps(made.to_json()))) == made
    assert TrainingInstance.from_csv(made.points_csv(), width=2, activation="relu", signs=signs) == made


def test_csv_text() -> None:
    assert TENT.points_csv() == "x1,x2,y\n0,1/2,0\n1,-1,-2/3\n"
    assert COUNTED.points_csv() == "x1,y,copies\n0,0,2\n1,1,5\n"


def test_csv_reads_decimals_exactly_and_forgives_blanks() -> None:
    text = "\ufeffage, height ,y\r\n\r\n 0.1 ,1e2,3\r\n1/2,-4,5\r\n"
    made = TrainingInstance.from_csv(text, width=0, activation="relu")
    assert made.points == ((Fraction(1, 10), Fraction(100)), (Fraction(1, 2), Fraction(-4)))
    assert made.labels == (3, 5)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", None, "no data points"),
        ("x1,y\n", None, "no data points"),
        ("x1,y\n\n1,2\n1,2,3\n", 4, "3 cells under a header of 2"),
        ("x1,y\n1\n", 2, "1 cells"),
        ("1,2\n3,4\n", 1, "header"),
        ("y\n1\n", 1, "fewer than two columns"),
        ("y,copies\n1,1\n", 1, "fewer than two columns"),
        ("x1,y\n1,\n", 2, "'' is not a number"),
        ("x1,y\n1,2\nfoo,2\n", 3, "'foo'"),
        ("x1,y,copies\n1,2,0\n", 2, "0 copies"),
        ("x1,y,copies\n1,2,1/2\n", 2, "1/2 copies"),
        ('x1,y\n"1,2\n', 2, "not CSV"),
    ],
)
def test_bad_csv_names_the_line(text: str, line: int | None, words: str) -> None:
    with pytest.raises(ParseError) as caught:
        TrainingInstance.from_csv(text, width=1, activation="relu", source="d.csv")
    assert caught.value.line == line
    assert words in str(caught.value)
    assert str(caught.value).startswith("d.csv:")


@pytest.mark.parametrize("cell", ["nan", "inf", "-Infinity"])
def test_csv_refuses_what_is_not_finite(cell: str) -> None:
    with pytest.raises(InexactNumber) as caught:
        TrainingInstance.from_csv(f"x1,y\n1,{cell}\n", width=1, activation="relu")
    assert caught.value.line == 2


@pytest.mark.parametrize(
    "change",
    [
        {"format": "other"},
        {"version": 2},
        {"activation": "tanh"},
        {"signs": "up"},
        {"signs": ["free"]},
        {"loss": "l2"},
        {"gamma": "1"},
        {"gamma": 0.0},
        {"width": -1},
        {"width": "3"},
        {"width": True},
        {"dimension": 3},
        {"points": [["0", "1/2"]]},
        {"points": [["0", "1/2"], ["1"]]},
        {"points": [["0", "1/2"], [1.5, "2"]]},
        {"points": None},
        {"labels": "00"},
        {"copies": [1, 0]},
        {"copies": [1]},
        {"copies": 3},
        {"labels": ["0", "2/3"]},
    ],
)
def test_bad_json_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(InputError):
        TrainingInstance.from_json({**TENT.to_json(), **change}, source="i.json")


def test_a_changed_file_is_noticed_by_its_hash() -> None:
    with pytest.raises(ParseError, match="sha256"):
        TrainingInstance.from_json({**TENT.to_json(), "width": 4})


def test_values_that_make_no_instance() -> None:
    one = (Fraction(1),)
    with pytest.raises(InvalidInstance):
        TrainingInstance((one,), (), 1, "relu", 1)
    with pytest.raises(InvalidInstance):
        TrainingInstance((one,), one, -1, "relu", 1)
    with pytest.raises(InvalidInstance):
        TrainingInstance(((1.0,),), one, 1, "relu", 1)  # type: ignore[arg-type]
    with pytest.raises(InvalidInstance):
        TrainingInstance((one,), (1,), 1, "relu", 1)  # type: ignore[arg-type]
    with pytest.raises(InvalidInstance):
        TrainingInstance((one,), one, 1, "relu", 0)
    with pytest.raises(InvalidInstance):
        TrainingInstance.of([], [], width=1, activation="relu")
    assert TrainingInstance.of([], [], width=1, activation="relu", dimension=2).points == ()


def test_misfits_and_objections() -> None:
    up = Network("relu", (Neuron.of([1], 0, 1),), 1)
    made = TrainingInstance.of([[-1], [0], [2]], [0, 0, 2], width=1, activation="relu")
    assert made.misfits(up) == []
    assert made.objection(up) is None
    assert made.misfits(Network("relu", (), 1)) == [2]
    cases = [
        (Network("relu", (), 1), "1 of 3 points are not fitted, the first is point 3 at (2)"),
        (Network("relu", up.neurons * 2, 1), "2 neurons"),
        (Network("threshold", (), 1), "threshold"),
        (Network("relu", (), 2), "dimension 2"),
    ]
    for network, words in cases:
        assert words in (made.objection(network) or "")
    with pytest.raises(InvalidInstance):
        made.misfits(Network("relu", (), 2))


def test_signs_are_part_of_the_question() -> None:
    up = Network("relu", (Neuron.of([1], 0, 1),), 1)
    for signs, fine in (("free", True), ("convex", True), ("concave", False)):
        made = TrainingInstance.of([[2]], [2], width=1, activation="relu", signs=signs)  # type: ignore[arg-type]
        assert (made.objection(up) is None) == fine


def test_contradicting_labels_are_legal_and_never_fitted() -> None:
    made = TrainingInstance.of([[1], [1]], [0, 1], width=5, activation="relu")
    assert made.misfits(Network("relu", (), 1)) == [1]
