"""The second opinion of cvc5 and Z3: agreement, no answer, disagreement, and what follows from each."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import certify
from certify import own_data, pipeline
from certify.decide import cross_check as module
from certify.decide.cross_check import SOLVERS, CrossCheck, cross_check
from certify.decide.forced import refute_with_loss
from certify.decide.refute import Refutation
from certify.decide.refute.strengthened import strengthened
from certify.errors import MissingComponent
from certify.instance import TrainingInstance
from certify.network import Network
from certify.pipeline import prove
from certify.problems import PROBLEMS
from certify.reductions import Options, reduction_named
from smt import Answer, Assert, Script, SolverError

VVV = PROBLEMS["poits"].generate("vvv", 1)
#: One neuron does not fit, two do; no line of three points, so the proof ties the affine part to the neurons.
ROWS, LABELS = [[0, 0], [1, 0], [0, 1], [2, 3]], [0, 1, 1, 0]


def statuses(found: CrossCheck) -> dict[str, str]:
    return {opinion.solver: opinion.status for opinion in found.opinions}


def no_of(instance: TrainingInstance) -> list[str]:
    outcome = refute_with_loss(instance)
    assert isinstance(outcome, Refutation)
    return outcome.lines


@pytest.mark.parametrize("target", ["relu", "threshold"])
@pytest.mark.parametrize("kind", ["vvv", "vvw-wwv"])
def test_both_agree_with_a_direct_refutation(kind: str, target: str) -> None:
    instance = reduction_named("poits", target).reduce(PROBLEMS["poits"].generate(kind, 1))
    found = cross_check(instance, no_of(instance), seconds=600)
    assert (found.formula, statuses(found)) == ("strengthened", dict.fromkeys(SOLVERS, "agrees"))
    assert found.scripts == len(strengthened(instance)) >= 1 and not found.disagrees


@pytest.mark.parametrize("options", [Options(dimension=4), Options(loss="l2", gamma=Fraction(1, 2))])
def test_wrapped_instances_are_asked_at_the_points_that_count(options: Options) -> None:
    instance = reduction_named("poits", "threshold", options).reduce(VVV)
    found = cross_check(instance, no_of(instance), seconds=600)
    assert (found.formula, statuses(found)) == ("strengthened", dict.fromkeys(SOLVERS, "agrees"))


def test_nothing_to_ask_where_the_labels_say_it_all() -> None:
    instance = TrainingInstance.from_csv("x1,y\n0,0\n1,1\n2,0\n3,1\n4,0\n", width=2, activation="threshold")
    assert strengthened(instance) == []
    found = cross_check(instance, no_of(instance), seconds=600)
    assert statuses(found) == dict.fromkeys(SOLVERS, "nothing to ask") and not found.disagrees
    assert "slots, labels and bounds alone" in str(found.opinions[0])


def test_a_proof_that_ties_the_affine_part_is_put_to_the_plain_formula() -> None:
    """The strengthened one has an affine part of its own, with which a network may fit."""
    result = certify.fit(ROWS, LABELS, 1, cross_check=600)
    assert result.verdict == "NO" and result.report["cross_check"]["formula"] == "plain"
    assert {one["status"] for one in result.report["cross_check"]["solvers"]} == {"agrees"}


def test_no_answer_in_time_leaves_the_verdict(tmp_path: Path) -> None:
    result = prove(VVV, "relu", output=tmp_path / "x.cert", method="direct", cross_check=0.001)
    assert (result.verdict, result.tier) == ("NO", "checked")
    found = result.report["cross_check"]
    assert [one["status"] for one in found["solvers"]] == ["no answer"] * 2
    assert all(one["text"].endswith("no answer in 0.001 s") for one in found["solvers"])


def test_a_solver_that_fails_gives_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(script: Script, name: str, **_: Any) -> Answer:
        raise SolverError(f"{name} ends with a fault")

    monkeypatch.setattr(module, "check", failing)
    instance = reduction_named("poits", "threshold").reduce(VVV)
    found = cross_check(instance, no_of(instance), seconds=60)
    assert statuses(found) == dict.fromkeys(SOLVERS, "no answer")
    assert "it failed, cvc5 ends with a fault" in str(found.opinions[0])


def loosened(instance: TrainingInstance) -> list[Script]:
    """The strengthened formula without the equations of the points: wrong, because satisfiable."""
    return [
        replace(
            script,
            commands=tuple(c for c in script.commands if not (isinstance(c, Assert) and c.name and "point" in c.name)),
        )
        for script in strengthened(instance)
    ]


def test_a_wrong_formula_is_a_disagreement_and_nothing_is_verified(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    output = tmp_path / "x.cert"
    control = prove(VVV, "threshold", output=output, method="direct", cross_check=600)
    assert control.verdict == "NO" and output.exists()
    output.unlink()
    monkeypatch.setattr("certify.decide.refute.strengthened.strengthened", loosened)
    result = prove(VVV, "threshold", output=output, method="direct", cross_check=600)
    assert (result.verdict, result.tier, result.certificate, result.path) == ("UNKNOWN", None, None, None)
    assert {one["status"] for one in result.report["cross_check"]["solvers"]} == {"disagrees"}
    assert all("DISAGREES" in one["text"] for one in result.report["cross_check"]["solvers"])
    assert module.FAULT in result.report["notes"] and result.report["bounds"] == {}
    assert list(tmp_path.iterdir()) == []


def test_one_solver_is_enough_for_a_disagreement(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = module.check

    def one_sided(script: Script, name: str, **options: Any) -> Answer:
        return replace(honest(script, name, **options), status="sat" if name == "z3" else "unsat")

    monkeypatch.setattr(module, "check", one_sided)
    instance = reduction_named("poits", "threshold").reduce(VVV)
    found = cross_check(instance, no_of(instance), seconds=600)
    assert statuses(found) == {"cvc5": "agrees", "z3": "disagrees"} and found.disagrees


@pytest.mark.parametrize("activation", ["relu", "threshold"])
def test_own_data_both_ways(activation: Any, tmp_path: Path) -> None:
    result = certify.width(ROWS, LABELS, activation=activation, output=tmp_path / "x", cross_check=600)
    assert (result.verdict, result.width) == ("YES", 2)
    opinions = {name: entry["cross_check"] for name, entry in result.report["certificates"].items()}
    assert opinions["yes"]["formula"] == "plain, with the witness's weights"
    for found in opinions.values():
        assert {one["status"] for one in found["solvers"]} == {"agrees"}


def test_own_data_disagreement(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A witness whose weights, put into the formula, are changed on the way."""
    honest = module.encode

    def changed(instance: TrainingInstance, *, weights: Network | None = None) -> Script:
        if weights is not None:
            first, *others = weights.neurons
            weights = replace(weights, neurons=(replace(first, bias=first.bias + 100), *others))
        return honest(instance, weights=weights)

    monkeypatch.setattr(module, "encode", changed)
    result = certify.fit(ROWS, LABELS, 2, output=tmp_path / "x.cert", cross_check=600)
    assert (result.verdict, result.certificate, result.path) == ("UNKNOWN", None, None)
    both = certify.width(ROWS, LABELS, output=tmp_path / "x", cross_check=600)
    assert (both.verdict, sorted(both.paths), both.bounds["at_most"]) == ("UNKNOWN", ["no"], None)
    assert {one["status"] for one in both.report["cross_check"]["solvers"]} == {"disagrees"}
    assert [path.name for path in tmp_path.iterdir()] == ["x-no.cert"]


def test_without_cvc5_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    from smt import solvers

    honest = solvers.find_spec
    monkeypatch.setattr(solvers, "find_spec", lambda name: None if name == "cvc5" else honest(name))
    for call in (
        lambda: prove(VVV, "relu", cross_check=60),
        lambda: certify.fit(ROWS, LABELS, 1, cross_check=60),
        lambda: certify.width(ROWS, LABELS, cross_check=60),
    ):
        with pytest.raises(MissingComponent, match=r"cvc5, which is not installed .*pip install 'certify\[solvers\]'"):
            call()
    assert prove(VVV, "threshold").verdict == own_data.fit(ROWS, LABELS, 1).verdict == "NO"


def test_a_no_by_theorem_alone_has_none() -> None:
    result = prove(VVV, "relu", method="theorem", cross_check=60)
    assert (result.verdict, result.report["cross_check"]) == ("NO", None)
    assert any("no cross-check" in note for note in result.report["notes"])


def test_large_witnesses_are_not_put_to_the_solvers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_PAIRS", 10)
    result = pipeline.prove(PROBLEMS["poits"].generate("single", 1), "threshold", cross_check=60)
    assert result.verdict == "YES"
    assert {one["status"] for one in result.report["cross_check"]["solvers"]} == {"nothing to ask"}


