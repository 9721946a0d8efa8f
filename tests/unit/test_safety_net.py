"""A proof that the checker rejects, by a fault put in on purpose, never ends in a verdict or an abrupt error; and what is
said where the question stays open is proved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from certify import pipeline
from certify.decide.refute import Limits, Refutation, Unknown
from certify.decide.refute.geometry import Space
from certify.decide.refute.knowledge import Knowledge, Literal
from certify.decide.refute.patterns import OFF, ON
from certify.decide.refute.reach import Reach
from certify.exact import rational
from certify.pipeline import prove
from certify.problems import PROBLEMS
from certify.verify import check_file

VVV = PROBLEMS["poits"].generate("vvv", 1)


def _faulty(also_plain: bool) -> Callable[..., Any]:
    """The refuter, but a line is missing; if also_plain, in the plainest way, too."""
    honest = pipeline.refute_with_loss

    def refute(instance: Any, limits: Limits, progress: Any) -> Refutation | Unknown:
        outcome = honest(instance, limits=limits, progress=progress)
        assert isinstance(outcome, Refutation)
        if limits.plain and not also_plain:
            return outcome
        lines = [line for n, line in enumerate(outcome.lines) if n != len(outcome.lines) - 3]
        return replace(outcome, lines=lines)

    return refute


def test_control_without_a_fault(tmp_path: Path) -> None:
    result = prove(VVV, "relu", output=tmp_path / "x.cert", method="direct")
    assert (result.verdict, result.tier) == ("NO", "checked")
    assert not any("rejects" in text for text in result.report["notes"])


def test_a_rejected_proof_is_made_again_in_the_plainest_way(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    plain: list[bool] = []
    faulty = _faulty(also_plain=False)

    def refute(instance: Any, limits: Limits, progress: Any) -> Any:
        plain.append(limits.plain)
        return faulty(instance, limits, progress)

    monkeypatch.setattr(pipeline, "refute_with_loss", refute)
    result = prove(VVV, "relu", output=tmp_path / "x.cert", method="direct")
    assert plain == [False, True]
    assert (result.verdict, result.tier) == ("NO", "checked")
    assert check_file(tmp_path / "x.cert").status == "VERIFIED"
    assert any("rejects our own certificate" in text for text in result.report["notes"])


def test_rejected_twice_is_unknown_with_proved_bounds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pipeline, "refute_with_loss", _faulty(also_plain=True))
    result = prove(VVV, "relu", output=tmp_path / "x.cert", method="direct")
    # The formula is refuted, so the file holds that, and says that it is incomplete.
    assert (result.verdict, result.tier) == ("UNKNOWN", None)
    assert any("no refutation from the data that the checker accepts" in text for text in result.report["notes"])
    bounds = result.report["bounds"]
    assert bounds["at_least"] == 8 and bounds["at_most"] > 8
    for name, width, verdict in (("no", 7, "NO"), ("yes", bounds["at_most"], "YES")):
        assert result.report["certificates"][name]["width"] == width
        checked = check_file(tmp_path / f"x-{name}.cert")
        assert (checked.status, checked.verdict) == ("VERIFIED", verdict)


def test_rejected_twice_there_still_is_the_theorem(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pipeline, "refute_with_loss", _faulty(also_plain=True))
    result = prove(VVV, "relu", output=tmp_path / "x.cert", method="both")
    assert (result.verdict, result.tier) == ("NO", "checked")
    assert result.report["check"]["method"] == "theorem"


@pytest.mark.parametrize("kind", ["vvv", "vvw-wwv", "four-triples"])
@pytest.mark.parametrize("target", ["relu", "threshold"])
def test_the_plainest_way_gives_proofs(kind: str, target: str, tmp_path: Path) -> None:
    honest = pipeline.refute_with_loss
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            pipeline, "refute_with_loss", lambda instance, limits, progress: honest(instance, Limits(plain=True), progress)
        )
        result = prove(PROBLEMS["poits"].generate(kind, 1), target, output=tmp_path / "x.cert", method="direct")
    assert (result.verdict, result.tier) == ("NO", "checked")


def test_a_sign_known_both_ways_counts_as_on() -> None:
    """z = 0 at a far point: off by the pair's bound, on by a fact. The checker writes it as on."""
    rows = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (2, 1)]
    space = Space(tuple((rational(a), rational(b)) for a, b in rows))
    knowledge = Knowledge(space, 1, False)
    lines = [knowledge.add_line(space.line(points)) for points in ((0, 1, 2), (3, 4, 5))]
    knowledge.set_increasing(0, lines[0])
    knowledge.add_pair(*lines)
    # The zero is at height 1 or below on the first line, 1 or above on the second, so 1 or above at the far point.
    knowledge.learn(Literal(0, 1, ">="))
    knowledge.learn(Literal(0, 4, "<="))
    reach = Reach(knowledge, [6])
    assert reach.statuses([0], [], np.array([0]))[0, 0] == OFF
    assert reach.statuses([0], [Literal(0, 6, ">=")], np.array([0]))[0, 0] == ON
