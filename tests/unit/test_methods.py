"""The deciders by name: which questions they are for, that they agree, and what a budget of nodes does."""

from __future__ import annotations

from typing import Any

import pytest

import certify
from certify.decide import methods
from certify.decide.fit import Undecided
from certify.decide.method_names import METHODS
from certify.errors import InputError, NotAFit

RIDGE = ([[0, 0], [1, 0], [2, 0], [3, 0], [0, 1], [1, 1], [3, 2]], [0, 1, 2, 4, 0, 1, 4])
PARITY = ([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])


@pytest.mark.parametrize(("width", "verdict"), [(1, "NO"), (2, "YES")])
@pytest.mark.parametrize("method", ["auto", "search", "tree", "enumeration"])
def test_convex(method: Any, width: int, verdict: str) -> None:
    result = certify.fit(*RIDGE, width, signs="convex", method=method)
    assert (result.verdict, result.tier) == (verdict, "checked")
    concave = certify.fit(RIDGE[0], [-y for y in RIDGE[1]], width, signs="concave", method=method)
    assert (concave.verdict, concave.tier) == (verdict, "checked")


@pytest.mark.parametrize("method", ["auto", "search", "enumeration"])
def test_thresholds(method: Any) -> None:
    least = certify.width(*PARITY, activation="threshold", method=method)
    assert (least.verdict, least.width, least.report["tier"]) == ("YES", 2, "checked")


def test_the_refuter_says_no_alone() -> None:
    data = ([[0], [1], [2], [3], [4]], [0, 0, 1, 1, 2])
    assert certify.fit(*data, 2, method="refuter").verdict == "NO"
    planted = certify.fit([[0, 0], [1, 0], [0, 1], [1, 1], [3, 2]], [0, 1, 1, 0, 1], 2, method="refuter")
    assert planted.verdict == "UNKNOWN" and planted.report["notes"]


def test_the_enumeration_says_where_it_ends() -> None:
    points = [[x, x * x % 31, x**3 % 29] for x in range(40)]
    many = certify.fit(points, [x % 7 for x in range(40)], 2, method="enumeration")
    assert many.verdict == "UNKNOWN" and "fewer points" in many.report["notes"][0]
    wide = certify.fit(points[:12], [x**5 % 17 for x in range(12)], 4, method="enumeration")
    assert wide.verdict == "UNKNOWN" and "cases" in wide.report["notes"][0]
    late = certify.fit(points[:9], [x**5 % 17 for x in range(9)], 3, method="enumeration", timeout=0.001)
    assert late.verdict == "UNKNOWN" and "in time" in late.report["notes"][0]


def test_the_estimator_takes_a_method() -> None:
    model = certify.ExactRegressor(1, signs="convex", method="tree")
    with pytest.raises(NotAFit, match="1 neurons do not fit"):
        model.fit(*RIDGE)
    assert model.get_params()["method"] == "tree" and "Theorem 11" in str(model.result_.report["refutation"])
    assert model.set_params(width=2, method="enumeration").fit(*RIDGE).width_ == 2
    with pytest.raises(InputError, match="no method"):
        model.set_params(method="guess").fit(*RIDGE)


@pytest.mark.parametrize("ends", [False, True])
def test_the_tree_comes_after_a_search_without_an_answer(monkeypatch: pytest.MonkeyPatch, ends: bool) -> None:
    if not ends:
        monkeypatch.setattr(methods, "_search", lambda *_: Undecided("enough", 0))
    result = certify.fit(*RIDGE, 1, signs="convex")
    assert result.verdict == "NO"
    assert ("Theorem 11" in str(result.report["refutation"]["summary"])) != ends


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"method": "tree"}, "convex or concave"),
        ({"method": "tree", "activation": "threshold"}, "convex or concave"),
        ({"method": "tree", "signs": "convex", "loss": "l1", "gamma": 1}, "exact fit"),
        ({"method": "search", "loss": "l0", "gamma": 1}, "exact fit"),
        ({"method": "enumeration", "loss": "l1", "gamma": 1}, "exact fit"),
        ({"method": "guess"}, "no method 'guess'"),
    ],
)
def test_what_a_method_is_not_for(options: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=says):
        certify.fit(*PARITY, 1, **options)
    with pytest.raises(InputError, match=says):
        certify.width(*PARITY, **options)


def test_names() -> None:
    for method in METHODS:
        signs: Any = "convex" if method == "tree" else "free"
        verdict = certify.fit(*PARITY, 1, method=method, signs=signs).verdict
        assert verdict == "NO" or (method == "refuter" and verdict == "UNKNOWN")


def test_unknown_has_a_bound_and_a_loss_is_shown(tmp_path: Any) -> None:
    from click.testing import CliRunner

    from certify.cli.show import command

    data = ([[x, x * x % 7] for x in range(12)], [x * x * x % 11 for x in range(12)])
    late = certify.fit(*data, 4, loss="l1", gamma="1/3", timeout=0.001)
    assert late.verdict == "UNKNOWN" and late.bounds["at_least"] == 1
    certify.fit([[0], [1]], [0, 5], 0, loss="l1", gamma=2, output=tmp_path / "x.cert")
    shown = CliRunner().invoke(command, [str(tmp_path / "x.cert")]).output
    assert "0 threshold" not in shown and "cannot meet a total loss l1 of 2" in shown and "solver numba" in shown
