"""Own data: a proof or a network that the checker rejects, by a fault put in on purpose, never ends in a verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import certify
from certify import own_data
from certify.decide import widths
from certify.decide.fit import Fit, NoFit
from certify.errors import SolverFailure
from certify.verify import check_file

#: Two positive ReLUs on a grid; that one is too few takes a refutation with steps.
ROWS = [[a, b] for a in range(4) for b in range(4)]
LABELS = [max(0, a - 1) + max(0, b - 2) for a, b in ROWS]
Answer = Any
Fault = Callable[[Answer], Answer]


def short_proof(answer: Answer) -> Answer:
    """The refutation without its last step but one."""
    if not isinstance(answer, NoFit):
        return answer
    at = max(len(answer.lines) - 2, 0)
    return replace(answer, lines=[line for n, line in enumerate(answer.lines) if n != at])


def wrong_multiplier(answer: Answer) -> Answer:
    """One more in a multiplier of the last combination."""
    if not isinstance(answer, NoFit):
        return answer
    at = max(n for n, line in enumerate(answer.lines) if line[:1] in "uc0" and " : " in line)
    head, _, multiplier = answer.lines[at].rpartition(":")
    changed = f"{head}:{Fraction(multiplier) + 1}"
    return replace(answer, lines=[*answer.lines[:at], changed, *answer.lines[at + 1 :]])


def no_proof(answer: Answer) -> Answer:
    """A refusal without reasons: ``refutation none``."""
    return replace(answer, lines=None) if isinstance(answer, NoFit) else answer


def bent_network(answer: Answer) -> Answer:
    """A network with a moved neuron."""
    if not isinstance(answer, Fit) or not answer.network.neurons:
        return answer
    first, *others = answer.network.neurons
    moved = replace(first, bias=first.bias + Fraction(1, 7))
    return replace(answer, network=replace(answer.network, neurons=(moved, *others)))


def nothing(answer: Answer) -> Answer:
    """The control: no fault."""
    return answer


def inject(monkeypatch: pytest.MonkeyPatch, module: Any, fault: Fault) -> None:
    honest = module.decide
    monkeypatch.setattr(module, "decide", lambda *given, **options: fault(honest(*given, **options)))


@pytest.mark.parametrize(("width", "verdict"), [(1, "NO"), (2, "YES")])
def test_control_without_a_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, width: int, verdict: str) -> None:
    inject(monkeypatch, own_data, nothing)
    result = certify.fit(ROWS, LABELS, width, output=tmp_path / "x.cert")
    assert (result.verdict, result.tier, result.report["rejected"]) == (verdict, "checked", False)
    assert check_file(tmp_path / "x.cert").status == "VERIFIED"


@pytest.mark.parametrize(
    ("width", "fault"), [(1, short_proof), (1, wrong_multiplier), (1, no_proof), (2, bent_network)]
)
@pytest.mark.parametrize("written", [True, False])
def test_fit_has_no_verdict(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, width: int, fault: Fault, written: bool
) -> None:
    inject(monkeypatch, own_data, fault)
    result = certify.fit(ROWS, LABELS, width, output=tmp_path / "x.cert" if written else None)
    assert (result.verdict, result.tier) == ("UNKNOWN", None)
    assert (result.network, result.certificate, result.path) == (None, None, None)
    report = result.report
    assert report["rejected"] and not report["interrupted"]
    assert (report["certificate"], report["check"], report["refutation"]) == (None, None, None)
    assert [text for text in report["notes"] if text.startswith("internal error: the checker ")]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fault", [short_proof, wrong_multiplier, no_proof])
def test_width_proves_no_bound_by_a_rejected_proof(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fault: Fault
) -> None:
    inject(monkeypatch, widths, fault)
    result = certify.width(ROWS, LABELS, output=tmp_path / "x")
    assert (result.verdict, result.width, result.report["tier"]) == ("UNKNOWN", None, None)
    assert result.bounds == {"at_least": 0, "at_most": 2} and set(result.certificates) == {"yes"}
    assert result.report["rejected"] and not result.report["interrupted"]
    (note,) = result.report["notes"]
    assert note.startswith("internal error: the checker ") and note.endswith("(a fault of this program, please report it)")
    assert [path.name for path in tmp_path.iterdir()] == ["x-yes.cert"]
    assert check_file(tmp_path / "x-yes.cert").status == "VERIFIED"


def test_width_has_no_upper_bound_by_a_rejected_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    inject(monkeypatch, widths, bent_network)
    result = certify.width(ROWS, LABELS, output=tmp_path / "x")
    assert (result.verdict, result.width, result.network) == ("UNKNOWN", None, None)
    assert result.bounds == {"at_least": 2, "at_most": None}
    assert [path.name for path in tmp_path.iterdir()] == ["x-no.cert"]


def test_no_number_is_enough_needs_its_proof(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """NO for every width."""
    clash = ([[0, 0], [1, 1], [0, 0]], [1, 2, 3])
    assert certify.width(*clash).verdict == "NO"
    inject(monkeypatch, widths, lambda answer: replace(answer, lines=["contradiction 1 2"]))
    result = certify.width(*clash, output=tmp_path / "x")
    assert (result.verdict, result.certificates) == ("UNKNOWN", {}) and list(tmp_path.iterdir()) == []


def test_estimator_says_that_a_check_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    inject(monkeypatch, own_data, short_proof)
    with pytest.raises(SolverFailure, match="internal error: the checker rejects our own certificate"):
        certify.ExactRegressor(width=1).fit(ROWS, LABELS)
    assert certify.ExactRegressor(width=2).fit(ROWS, LABELS).width_ == 2
