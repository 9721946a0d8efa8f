"""The parts of the search for own data: supports, signs without a network, descents, the machine code on disk."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path

import pytest

import certify
from certify.decide.fit import descent, machine_code
from certify.decide.fit.rows import Clause, Rows
from certify.decide.fit.search import Search, State
from certify.instance import TrainingInstance
from certify.network import Network, Neuron

POINTS = [[0, 0], [1, 0], [0, 1], [1, 1], [2, 1], [1, 2], [3, 3], [3, 1]]
LABELS = [0, 1, 1, 2, 5, 3, -1, 7]


def instance(labels: list[int] = LABELS, width: int = 2) -> TrainingInstance:
    return TrainingInstance.of(POINTS, labels, width=width, activation="relu")


def total(rows: Rows, clause: Clause) -> tuple[dict[int, Fraction], set[str]]:
    """The sum of a combination, with every item written out anew from the format (6.8), and its items."""
    k, size = rows.width, rows.size
    # The clause itself may have become a fact since.
    facts = {place: on for place, (on, reason) in rows.facts.items() if reason is not clause}
    assumed = {(i, j): on for i, j, on in clause.literals} | facts
    found: dict[int, Fraction] = {}

    def add(key: int, value: Fraction) -> None:
        found[key] = found.get(key, Fraction(0)) + value

    def z(j: int, i: int, factor: Fraction) -> None:
        for c, v in enumerate((*rows.points[i], Fraction(1))):
            add(j * size + c, factor * v)

    for item, m in clause.combination:
        kind = item[0]
        if kind == "e":
            i = int(item[1:]) - 1
            add(-1, -m * rows.instance.labels[i])
            for j in range(k):
                on = assumed.get((i, j))
                if on is None:
                    add(10**6 + i * k + j, m * rows.coefficients[j])
                elif on:
                    z(j, i, m * rows.coefficients[j])
        elif kind in "hg":
            j, i = (int(word) - 1 for word in item[1:].split("."))
            assert m > 0
            add(10**6 + i * k + j, m)
            if kind == "g":
                z(j, i, -m)
        elif kind == "o":
            assert m > 0 and rows.first is not None
            z(int(item[1:]), rows.first, m)
            z(int(item[1:]) - 1, rows.first, -m)
        elif kind != "a":
            assert m > 0
            relation = ">" if ">" in item else "<"
            j, i = (int(word) - 1 for word in item.replace("=", "").split(relation))
            assert assumed[i, j] == (relation == ">")
            z(j, i, m if relation == ">" else -m)
    return found, {item for item, _ in clause.combination}


@pytest.mark.parametrize("positives", [0, 1, 2])
def test_every_support_is_an_exact_reason(positives: int) -> None:
    search = Search(instance(), positives, 1, 0)
    while search.state is State.OPEN:
        search.slice(100)
    assert search.state is State.REFUTED
    clauses = list(search.clauses())
    assert clauses
    for literals, support in clauses:
        rows = Rows(instance(), positives, 1)
        clause = rows.derive(support, literals)
        assert clause is not None and set(clause.literals) <= set(literals)
        constants, _ = total(rows, clause)
        assert constants.pop(-1) < 0 and not any(constants.values())


def test_a_support_of_other_rows_is_no_reason() -> None:
    rows = Rows(instance(), 1, 1)
    signs = ((0, 0, True), (0, 1, True))
    assert rows.derive([1, 3], signs) is None
    assert rows.derive([], signs) is None
    # The equation of point 2 (label 1) with both neurons off is a contradiction: the positive one cannot be off.
    alone = [2 * 8 * 2 + 1 * 4 + 0]
    assert rows.derive(alone, ((1, 1, False),)) is None
    clause = rows.derive(alone, ((1, 0, False), (1, 1, False)))
    assert clause is not None and clause.literals == ((1, 0, False),)


def test_signs_without_a_network_are_forbidden() -> None:
    rng = random.Random(3)
    found = 0
    for _ in range(20):
        on = [[rng.random() < 0.5 for _ in range(2)] for _ in POINTS]
        rows = Rows(instance(), 1, 1)
        outcome = rows.realise(on)
        if isinstance(outcome, Clause):
            assert all(on[i][j] == sign for i, j, sign in outcome.literals)
            constants, _ = total(rows, outcome)
            assert constants.pop(-1) < 0 and not any(constants.values())
            found += 1
    assert found > 10


@pytest.mark.parametrize(
    ("labels", "verdict"), [(LABELS, "NO"), ([max(0, 2 * x - y) + max(0, 2 * y - x) for x, y in POINTS], "YES")]
)
def test_a_search_that_sees_fits_everywhere_goes_on(
    monkeypatch: pytest.MonkeyPatch, labels: list[int], verdict: str
) -> None:
    """Signs called a fit that have no network end in a clause, and the search goes on behind it."""
    plain, wrong = Search.slice, []

    def hasty(self: Search, nodes: int) -> State:
        if len(wrong) < 5:
            wrong.append(self.positives)
            self.state = State.FITS
            self.tree.on[:] = len(wrong) % 2
            return self.state
        return plain(self, nodes)

    monkeypatch.setattr(Search, "slice", hasty)
    answer = certify.fit(POINTS, labels, 2, method="search")
    assert answer.verdict == verdict and wrong


def test_descents_end_at_signs_of_a_network() -> None:
    """|x - 2| + |y - 2| on a grid: two positive neurons a coordinate."""
    points = [[x, y] for x in range(5) for y in range(5)]
    ridge = TrainingInstance.of(points, [abs(x - 2) + abs(y - 2) for x, y in points], width=4, activation="relu")
    search, rows = Search(ridge, 4, 0, 0), Rows(ridge, 4, 0)
    outcomes = [rows.realise(on) for seed in range(3) for on in search.descents(seed).batch().fits]
    assert any(isinstance(outcome, Network) for outcome in outcomes)
    impossible = TrainingInstance.of(points, [x * x + 7 * y % 3 for x, y in points], width=1, activation="relu")
    none = Search(impossible, 1, 1, 0).descents(0)
    assert not any(none.batch().fits for _ in range(3)) and none.batch().loss > 0.01


def test_descents_from_ends_with_a_new_neuron_find_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Six neurons in the plane, eight data sets: in how many of them five batches of descents find a fit."""
    found = dict.fromkeys((0.0, descent.AGAIN), 0)
    for number in range(8):
        rng = random.Random(f"six {number}")
        points = list({(rng.randint(-8, 8), rng.randint(-8, 8)) for _ in range(40)})
        neurons = tuple(
            Neuron.of([rng.randint(-3, 3), rng.randint(-3, 3)], rng.randint(-5, 5), a) for a in (1, 1, 1, 1, -1, -1)
        )
        labels = Network("relu", neurons, 2).evaluate([tuple(map(Fraction, p)) for p in points])
        planted = TrainingInstance.of(points, labels, width=6, activation="relu")
        for again in found:
            monkeypatch.setattr(descent, "AGAIN", again)
            descents = Search(planted, 4, 0, 1).descents(1)
            found[again] += any(descents.batch().fits for _ in range(5))
    assert found[0.0] + 2 <= found[max(found)], found


def test_machine_code_has_the_name_of_what_it_depends_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = machine_code._key("cpu", "features")
    assert name == machine_code._key("cpu", "features") != machine_code._key("another", "features")
    for source in machine_code.SOURCES:
        (tmp_path / source).write_bytes((machine_code.FOLDER / source).read_bytes())
    monkeypatch.setattr(machine_code, "FOLDER", tmp_path)
    assert machine_code._key("cpu", "features") == name
    (tmp_path / "simplex.py").write_text("# changed\n")
    assert machine_code._key("cpu", "features") != name
    machine_code._store("search.o", b"code")
    assert machine_code._stored("search.o") == b"code" and machine_code._stored("other.o") is None
