"""The lemmas hold as checked, and the checks can fail: weakened or wrong statements are not accepted."""

from __future__ import annotations

from fractions import Fraction

import pytest

from certify.cli.lemma import NAMES
from certify.lemmas import LEMMAS, crossings, hyperplanes, levees
from certify.lemmas.base import Question, refuted
from certify.problems.poits import Formula
from certify.reductions.gadgets import selection_gadget


def test_names() -> None:
    assert tuple(LEMMAS) == NAMES


@pytest.mark.parametrize("name", LEMMAS)
def test_every_part_holds(name: str) -> None:
    parts = list(LEMMAS[name].checks())
    assert len(parts) >= 2
    assert [part.what for part in parts if not part.holds] == []
    assert {part.method for part in parts} <= {"exact", "checked", "solver"}


QUESTIONS = (
    levees.on_the_middle_line,
    levees.beside_the_middle_line,
    levees.at_the_outer_points,
    lambda: levees.only_one_slope_is_left(3),
    lambda: levees._nothing_else(levees.STACKS[1], Fraction(22)),
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_questions_are_not_empty(question, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the conclusion asserted in place of its negation there are solutions: the rest does not contradict itself."""
    assert question()
    monkeypatch.setattr(levees, "Not", lambda conclusion: conclusion)
    assert not question()


def test_levees_do_not_fit_out_of_range(monkeypatch: pytest.MonkeyPatch) -> None:
    labels = list(levees.SIDE_LABELS)
    assert levees.levees_fit()
    monkeypatch.setattr(levees, "SIDE_LABELS", (*labels[:-1], 1))
    assert not levees.levees_fit()


def test_wrong_kinks_are_no_levee(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(levees, "KINKS", ((2, 1), (1, -1), (-1, -1), (-3, 1)))
    assert [part.holds for part in levees.observation_3()] == [False, False]


def test_gadgets_too_close_are_told_apart() -> None:
    """At distance 4 the sums do not even fit: the gadgets' data overlap."""
    assert not levees._sums_fit(levees.STACKS[0], Fraction(4))


def test_distances_of_lemma_6_need_the_spacing() -> None:
    def narrow(solver, v) -> None:
        solver.add(v["m"] * v["x"] < 2 * v["D"])

    assert not crossings._impossible(narrow)
    assert crossings.two_at_each_point(Formula(2, ((1, 2, 2),)))


def test_hyperplanes_too_close(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = hyperplanes.clique_generate.CLASSICS["edge"][0]
    assert hyperplanes.far_enough(graph)
    monkeypatch.setattr(hyperplanes, "_size", lambda sets: 1)
    assert not hyperplanes.far_enough(graph)


def test_the_refuter_does_not_refute_what_fits() -> None:
    data = list(selection_gadget(Fraction(0), (Fraction(-1), Fraction(1)), Fraction(1, 3)))
    assert refuted(levees.made(data, 3))
    assert not refuted(levees.made(data, 4), seconds=5)


def test_questions() -> None:
    q = Question()
    x = q.number("x")
    q.say(x >= 1)
    assert not q.impossible()
    q.say(x <= 0)
    assert q.impossible()
