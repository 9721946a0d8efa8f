"""Parts of a search: one result for any number of processes and any order, kept when interrupted, never trusted."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from certify import pipeline
from certify.decide.cubes import Cubes, StuckError
from certify.decide.refute import Limits, Refutation, divide, refute
from certify.decide.refute.farkas import Column, by_z3
from certify.decide.refute.geometry import Space
from certify.decide.refute.knowledge import Knowledge, Literal
from certify.errors import ResourceLimit
from certify.parts import SUFFIX, Parts, beside
from certify.pipeline import prove
from certify.problems import PROBLEMS
from certify.reductions import reduction_named


def square(offset: int, number: int, check: Callable[[], None]) -> int:
    check()
    if number == 13:
        raise StuckError("thirteen")
    return offset + number * number


def _numbers(count: int) -> list[tuple[int]]:
    return [(n,) for n in range(count)]


def _run(cubes: Cubes, count: int, **options: Any) -> list[int]:
    return cubes.run("squares", square, (1,), _numbers(count), read=lambda _, value: int(value), **options)


@pytest.mark.parametrize("jobs", [1, 3])
def test_results_in_the_order_of_the_tasks(jobs: int) -> None:
    expected = [1 + n * n for n in range(10)]
    assert _run(Cubes(jobs), 10) == expected
    assert _run(Cubes(jobs), 10, last=lambda value: value >= 17) == expected[:5]
    with pytest.raises(StuckError, match="thirteen"):
        _run(Cubes(jobs), 20)
    with pytest.raises(ResourceLimit, match="no verdict within"):
        _run(Cubes(jobs), 10, seconds=-1.0)


class Interrupted:
    """A store in which Ctrl-C comes after so many parts; keys: of those that were computed."""

    def __init__(self, parts: Parts, after: int) -> None:
        self.parts, self.after = parts, after
        self.keys: list[str] = []

    def get(self, key: str) -> Any:
        return self.parts.get(key)

    def put(self, key: str, value: Any) -> None:
        if self.after == 0:
            raise KeyboardInterrupt
        self.after -= 1
        self.keys.append(key)
        self.parts.put(key, value)


def test_finished_parts_are_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        _run(Cubes(1, Interrupted(Parts(tmp_path, "question"), 4)), 10)
    assert len(list(tmp_path.glob(f"*{SUFFIX}"))) == 4
    again = Parts(tmp_path, "question")
    assert _run(Cubes(1, again), 10) == [1 + n * n for n in range(10)]
    assert (again.reused, again.written) == (4, 6)
    other = Parts(tmp_path, "another question")
    _run(Cubes(1, other), 10)
    assert other.reused == 0
    again.remove()
    assert not tmp_path.exists()


def test_what_is_no_part_is_computed_again(tmp_path: Path) -> None:
    _run(Cubes(1, Parts(tmp_path, "question")), 3)
    paths = sorted(tmp_path.glob(f"*{SUFFIX}"))
    texts = [path.read_text() for path in paths]
    # Another payload than the hash says, half a file, no text; the undamaged ones are the control of the test above.
    magic, question, key, digest, _, end = texts[0].split("\n")
    paths[0].write_text("\n".join((magic, question, key, digest, "77", end)))
    paths[1].write_text(texts[1][:40])
    paths[2].write_bytes(b"\xff\xfe")
    parts = Parts(tmp_path, "question")
    assert _run(Cubes(1, parts), 3) == [1, 2, 5]
    assert (parts.reused, parts.written) == (0, 3)
    # A part with the right hash, but no result of this kind of search.
    Parts(tmp_path, "question").put("squares 1", {"no": "number"})
    assert _run(Cubes(1, Parts(tmp_path, "question")), 3) == [1, 2, 5]


# The refuter.

HEXAGON = PROBLEMS["twohyp"].generate("hexagon", 1)


def _hexagon(cubes: Cubes | None) -> list[str]:
    outcome = refute(reduction_named("twohyp", "relu").reduce(HEXAGON), Limits(cubes=cubes))
    assert isinstance(outcome, Refutation)
    return outcome.lines


def test_a_divided_search_gives_one_proof(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(divide, "MODELS", 2)
    monkeypatch.setattr(divide, "CUBE_ATOMS", 2)
    told: list[str] = []
    one = _hexagon(Cubes(1, None, told.append))
    assert any("cubes: 4 of 4" in text for text in told)
    assert _hexagon(Cubes(2)) == one
    first = Interrupted(Parts(tmp_path, "hexagon"), 3)
    with pytest.raises(KeyboardInterrupt):
        _hexagon(Cubes(1, first))
    rest = Interrupted(Parts(tmp_path, "hexagon"), 10_000)
    assert _hexagon(Cubes(1, rest)) == one
    assert len(first.keys) == 3 and rest.keys and not set(first.keys) & set(rest.keys)
    assert len(rest.keys) == len(set(rest.keys)) and rest.parts.reused >= 3


def _prove(target: Path, **options: Any) -> pipeline.ProveResult:
    return prove(HEXAGON, "relu", output=target, **options)


def test_prove_with_any_number_of_processes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(divide, "MODELS", 2)
    monkeypatch.setattr(divide, "CUBE_ATOMS", 2)
    for jobs in (1, 2):
        result = _prove(tmp_path / f"{jobs}.cert", jobs=jobs)
        assert (result.verdict, result.tier) == ("NO", "checked")
    assert (tmp_path / "1.cert").read_bytes() == (tmp_path / "2.cert").read_bytes()
    assert not list(tmp_path.glob("*.parts"))


def test_a_forged_part_is_not_believed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A part with right hashes and wrong reasons: the checker rejects the proof, which is made again without it."""
    monkeypatch.setattr(divide, "MODELS", 2)
    monkeypatch.setattr(divide, "CUBE_ATOMS", 2)
    output = tmp_path / "x.cert"
    instance = reduction_named("twohyp", "relu").reduce(HEXAGON)
    parts = beside(output, f"{instance.sha256()} seed 0")
    _hexagon(Cubes(1, parts))
    forged = 0
    for path in sorted(parts.folder.glob(f"*{SUFFIX}")):
        key = path.read_text().split("\n")[2]
        value = json.loads(path.read_text().split("\n")[4])
        for _, combination in value["clauses"]:
            for item in combination:
                item[1] = "7/3"
                forged += 1
        parts.put(key, value)
    assert forged
    result = _prove(output, jobs=1)
    assert (result.verdict, result.tier) == ("NO", "checked")
    assert any("rejects our own certificate" in text for text in result.report["notes"])


def test_what_was_assumed_before_leaves_no_trace() -> None:
    """The order of facts, which the linear programs see, is the same whatever was tried and taken back."""
    points = [(Fraction(a), Fraction(b)) for a in range(3) for b in range(3)]
    one, two = (Knowledge(Space(points), 1, False) for _ in range(2))
    with one.assuming([Literal(0, 5, ">="), Literal(0, 2, "<=")]):
        assert list(one.live(0)) == [5, 2]
    for knowledge in (one, two):
        knowledge.learn(Literal(0, 2, ">="))
        knowledge.learn(Literal(0, 5, ">="))
        with knowledge.assuming([Literal(0, 5, ">")]):
            pass
        assert list(knowledge.live(0)) == [2, 5]


def test_multipliers_do_not_depend_on_what_z3_did_before() -> None:
    """Many solutions; which one comes out must be the same in a process that has asked Z3 other questions."""
    rng = random.Random(1)

    def column(n: int) -> Column:
        values = {k: Fraction(rng.randint(-9, 9)) for k in rng.sample(range(8), 5)}
        return Column(f"{n}>=1", values, n % 3 == 0, n % 3 > 0)

    systems = [[column(n) for n in range(1, 31)] for _ in range(6)]
    first = [by_z3(columns) for columns in systems]
    assert None not in first
    assert [by_z3(columns) for columns in reversed(systems)] == first[::-1]
