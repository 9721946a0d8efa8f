"""Own data from Python: what is taken as a number, edges, bounds, and the estimator."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

import certify
from certify.certificate import read
from certify.decide import widths
from certify.decide.fit import Undecided
from certify.decide.interpolate import interpolation
from certify.errors import InexactNumber, InputError, InvalidInstance, NotAFit, ParseError, ResourceLimit
from certify.instance import TrainingInstance
from certify.own_data import data
from certify.verify import check_file

ZIGZAG = ([[0], [1], [2], [3]], [0, 1, 0, 1])
TENTH = Fraction(1, 10)


@pytest.mark.parametrize(
    "rows",
    [
        [[0.1, 2], ["1/3", Fraction(4)]],
        [("0.1", np.int32(2)), (Fraction(1, 3), 4)],
        np.array([[0.1, 2], [Fraction(1, 3), 4]], dtype=object),
    ],
)
def test_numbers(rows):
    points, labels = data(rows, np.array([0.1, 3]))
    assert points == ((TENTH, 2), (Fraction(1, 3), 4)) and labels == (TENTH, 3)


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_floats_are_what_they_print(kind):
    """Not the dyadic number that is stored: 0.1 is 1/10, in every precision."""
    points, labels = data(np.array([[0.1], [0.5]], dtype=kind), [kind(0.1), 2.5e-3])
    assert points == ((TENTH,), (Fraction(1, 2),)) and labels == (TENTH, Fraction(1, 400))


def test_flat_rows_are_one_coordinate():
    assert data([0, 1], [2, 3]) == data(np.array([[0], [1]]), np.array([2, 3]))


def test_frames_are_rows_not_columns():
    class Frame:
        def __iter__(self):
            return iter(["first", "second"])

        def to_numpy(self):
            return np.array([[1, 2], [3, 4]])

    assert data(Frame(), [0, 1])[0] == ((1, 2), (3, 4))


@pytest.mark.parametrize(
    ("rows", "y", "error", "says"),
    [
        ([[0], [float("nan")]], [0, 1], InexactNumber, "X[1][0]: nan is not a finite number"),
        ([[0], [1]], [0, float("-inf")], InexactNumber, "y[1]: -inf is not a finite number"),
        ([[0], [1]], np.array([0, np.nan], dtype=np.float32), InexactNumber, "y[1]: nan"),
        ([[0, 1], [1]], [0, 1], InvalidInstance, "X[1]: 1 numbers, not 2"),
        ([[]], [0], InvalidInstance, "X[0]: 0 numbers"),
        ([], [], InvalidInstance, "no data points"),
        ([[0], [1]], [0], InvalidInstance, "2 rows in X, but 1 labels in y"),
        ([[0]], [[0]], InvalidInstance, "y[0]: a sequence where a number belongs"),
        ([[[0]]], [0], InvalidInstance, "X[0][0]: a sequence"),
        ([0, [1]], [0, 1], InvalidInstance, "X[1][0]: a sequence"),
        (5, [0], InvalidInstance, "X: int is no sequence"),
        ({"a": 1}, [0], InvalidInstance, "X: dict is no sequence"),
        ([["one"]], [0], ParseError, "X[0][0]: 'one' is not a number"),
        ([[True]], [0], InexactNumber, "X[0][0]: True is a truth value"),
        ([[1j]], [0], InexactNumber, "X[0][0]"),
        ([[Decimal("0.1")]], [0], InexactNumber, "X[0][0]"),
    ],
)
def test_bad_data(rows, y, error, says):
    with pytest.raises(error) as caught:
        certify.fit(rows, y, 1)
    assert str(caught.value).startswith(says.split(": ")[0]) and says in str(caught.value)


@pytest.mark.parametrize(
    "options",
    [
        {"width": -1},
        {"width": 1, "activation": "sigmoid"},
        {"width": 1, "activation": "threshold", "signs": "convex"},
        {"width": 1, "loss": "l1", "gamma": -1},
        {"width": 1, "gamma": 1},
        {"width": 1, "copies": [1, 1, 1]},
        {"width": 1, "loss": "l3"},
    ],
)
def test_bad_question(options):
    with pytest.raises(InputError):
        certify.fit(*ZIGZAG, **options)


def test_both_sides(tmp_path):
    least = certify.width(*ZIGZAG, output=tmp_path / "z")
    assert (least.verdict, least.width, least.bounds) == ("YES", 3, {"at_least": 3, "at_most": 3})
    assert [least.network([x]) for x in range(4)] == [0, 1, 0, 1] and least.network([Fraction(1, 2)]) == Fraction(1, 2)
    assert least.paths == {"yes": tmp_path / "z-yes.cert", "no": tmp_path / "z-no.cert"}
    assert [read(least.paths[name]).claim.width for name in ("yes", "no")] == [3, 2]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["z-no.cert", "z-yes.cert"]


@pytest.mark.parametrize("activation", ["relu", "threshold"])
def test_one_point(activation):
    assert certify.width([[5, 7]], [0], activation=activation).width == 0
    one = certify.width([[5, 7]], [-3], activation=activation)
    assert (one.verdict, one.width, one.network([5, 7])) == ("YES", 1, -3)


def test_width_0_needs_no_refutation():
    least = certify.width([[0], [1]], [0, 0])
    assert (least.width, set(least.certificates), least.network.width) == (0, {"yes"}, 0)


def test_huge_width(tmp_path):
    """Decided at once, by a network of few neurons; the certificate's witness has the neurons that it claims."""
    result = certify.fit(*ZIGZAG, 1000, output=tmp_path / "x.cert")
    assert result.verdict == "YES" and result.network.width == 3
    assert read(tmp_path / "x.cert").witness.width == 1000
    assert check_file(tmp_path / "x.cert").status == "VERIFIED"


def test_many_points(tmp_path):
    """More neurons than the search takes: the slots of one line and the piecewise linear network meet."""
    least = certify.width(range(60), [0] + [x % 2 for x in range(59)], output=tmp_path / "x")
    assert (least.verdict, least.width) == ("YES", 58)


def test_clash_is_a_no_for_every_width(tmp_path):
    clash = ([[0, 0], [1, 1], [0, 0]], [1, 2, 3])
    result = certify.fit(*clash, 50, output=tmp_path / "x.cert")
    assert (result.verdict, result.report["refutation"]["lines"]) == ("NO", 1)
    assert "\ncontradiction 1 3\n" in (tmp_path / "x.cert").read_text()
    least = certify.width(*clash)
    assert (least.verdict, least.width, set(least.certificates)) == ("NO", None, {"no"})


@pytest.mark.parametrize(
    ("loss", "gamma", "verdict"), [("l0", 1, "YES"), ("l0", "1/2", "NO"), ("l1", 2, "YES"), ("l1", "3/2", "NO"), ("l2", 2, "YES"), ("l2", "9/5", "NO")]
)
def test_clash_with_a_loss(loss, gamma, verdict):
    """The labels 1 and 3 at one place cost at least 1 (l0), 2 (l1), 2 (l2)."""
    clash = ([[0], [1], [0]], [1, 2, 3])
    assert certify.fit(*clash, 2, loss=loss, gamma=gamma).verdict == verdict
    least = certify.width(*clash, loss=loss, gamma=gamma)
    assert least.verdict == verdict and (verdict == "NO") == (least.width is None)


@pytest.mark.parametrize(("signs", "label"), [("convex", -1), ("concave", 1)])
def test_signs_that_rule_out_a_label(signs, label):
    """No line tells, and many neurons are asked for; a convex network is never negative, a concave one never positive."""
    rows = [[x, x * x] for x in range(12)]
    result = certify.width(rows, [0] * 11 + [label], signs=signs)
    assert (result.verdict, result.report["certificates"]["no"]["width"]) == ("NO", 12)
    assert certify.fit(rows, [0] * 11 + [-label], 1, signs=signs).verdict == "YES"


@pytest.mark.parametrize("activation", ["relu", "threshold"])
def test_interpolation_needs_no_more_neurons_than_points(activation):
    points = [[x, x * x % 7, (x * 5) % 3] for x in range(9)]
    instance = TrainingInstance.of(points, [3, -1, 4, 1, -5, 9, -2, 6, 5], width=9, activation=activation)
    network = interpolation(instance)
    assert network.width <= 9 and instance.objection(network) is None


def test_interpolation_sees_a_direction():
    points = [[x, y] for x in range(4) for y in range(4)]
    instance = TrainingInstance.of(points, [max(0, x + y - 3) for x, y in points], width=1, activation="relu")
    assert interpolation(instance).width == 1


def hard(monkeypatch, stop):
    """Every search for more than 0 neurons ends as ``stop`` says."""

    def undecided(instance, **options):
        return plain(instance, **options) if instance.width == 0 else stop()

    plain = widths.decide
    monkeypatch.setattr(widths, "decide", undecided)


def test_bounds_after_an_interrupt(monkeypatch, tmp_path):
    def interrupt():
        raise KeyboardInterrupt

    hard(monkeypatch, interrupt)
    least = certify.width([[0, 1], [2, 0], [3, 5]], [1, -2, 3], output=tmp_path / "x")
    assert (least.verdict, least.bounds, least.width) == ("UNKNOWN", {"at_least": 1, "at_most": 2}, None)
    assert least.report["interrupted"] and least.report["notes"] == ["interrupted"]
    assert {name: check_file(path).status for name, path in least.paths.items()} == {"yes": "VERIFIED", "no": "VERIFIED"}


def test_bounds_after_giving_up(monkeypatch):
    hard(monkeypatch, lambda: Undecided("beyond the search", 0))
    least = certify.width([[0, 1], [2, 0], [3, 5]], [1, -2, 3])
    assert (least.verdict, least.bounds) == ("UNKNOWN", {"at_least": 1, "at_most": 2})
    assert least.report["notes"] == ["beyond the search"] and not least.report["interrupted"]


def test_bounds_after_a_timeout():
    rows = [[x, x * x % 11, x**3 % 7] for x in range(30)]
    y = [x**4 % 13 - 6 for x in range(30)]
    least = certify.width(rows, y, timeout=2)
    assert least.verdict == "UNKNOWN" and 1 <= least.bounds["at_least"] < least.bounds["at_most"] <= 30
    assert set(least.certificates) == {"yes", "no"}
    result = certify.fit(rows, y, 7, timeout=1)
    assert (result.verdict, result.certificate) == ("UNKNOWN", None)
    assert result.bounds["at_least"] >= 1 and result.bounds["at_most"] <= 30


def test_same_bytes(tmp_path):
    rows, y = [[0, 0], [1, 0], [2, 1], [3, 2], [1, 1], [0, 2]], [0, 1, 0, 1, 2, 1]
    for name in ("a", "b"):
        assert certify.width(rows, y, output=tmp_path / name, seed=3).verdict == "YES"
    for part in ("yes", "no"):
        assert (tmp_path / f"a-{part}.cert").read_bytes() == (tmp_path / f"b-{part}.cert").read_bytes()


def test_estimator():
    model = certify.ExactRegressor()
    assert model.fit(*ZIGZAG) is model
    assert (model.width_, model.n_features_in_, model.result_.width) == (3, 1, 3)
    assert model.predict([[0.5], [2]]).tolist() == [0.5, 0.0]
    assert model.predict_exact([["1/3"]]) == [Fraction(1, 3)]
    copy = certify.ExactRegressor(**model.get_params()).set_params(width=2)
    assert copy.get_params()["width"] == 2 and model.width is None
    with pytest.raises(NotAFit, match="2 neurons do not fit"):
        copy.fit(*ZIGZAG)
    assert copy.result_.verdict == "NO"
    with pytest.raises(NotAFit, match="call fit first"):
        copy.predict([[0]])
    with pytest.raises(InvalidInstance, match="no parameter 'depth'"):
        copy.set_params(depth=2)


def test_estimator_without_a_verdict(monkeypatch):
    hard(monkeypatch, lambda: Undecided("beyond the search", 0))
    with pytest.raises(ResourceLimit, match="not decided"):
        certify.ExactRegressor().fit([[0, 1], [2, 0], [3, 5]], [1, -2, 3])


def test_progress_tells_the_bounds():
    told: list[str] = []
    certify.width(*ZIGZAG, progress=told.append)
    assert told[0] == "at least 0, at most 3"
    assert all(text.startswith("at least ") for text in told)
    lows = [int(text.split()[2].strip(",;")) for text in told]
    assert all(a <= b for a, b in pairwise(lows))
