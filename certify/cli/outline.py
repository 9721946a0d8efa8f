"""The course of a refutation as JSON values (docs/cli.md): lines, splits, cases, what excludes them, the end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from certify.certificate import DATA, Certificate, proof_lines, reduction_of, source_proof_lines
from certify.cli.steps import ordered_by
from certify.exact import render
from certify.instance import TrainingInstance
from certify.trimming.steps import Part, Proof, Step

_SIGN = re.compile(r"([0-9]+)(?:>=|<=|>|<)([0-9]+)")
_EQUATION = re.compile(r"e([0-9]+):.*")
_ROW = re.compile(r"r([0-9]+):.*")


def outline(record: Certificate, path: Path) -> dict[str, Any]:
    """The course of the proof of a NO; ``path``: its file."""
    claim = record.claim
    told: dict[str, Any] = {
        "method": "none" if not record.complete else "theorem" if record.by_theorem else "direct",
        "theorem": reduction_of(claim).backward if record.by_theorem else None,
        "source": _source(path) if record.steps["lrat"] else None,
        "contradiction": None,
        "forced": False,
        "lines": [],
        "splits": [],
        "points": {},
    }
    if told["method"] != "direct":
        return told
    proof = Proof.of(proof_lines(path))
    for text in proof.head:
        kind, *words = text.split(" ")
        if kind == "contradiction":
            told["contradiction"] = [int(word) for word in words]
        elif kind == "forced":
            told["forced"] = True
        elif kind == "line":
            told["lines"].append({"line": len(told["lines"]) + 1, "points": [int(i) for i in words], "places": {}})
        else:
            size = 2 if words[1] == "*" else 3
            numbers = [int(i) for i in words[2:]]
            places = [numbers[n : n + size] for n in range(0, len(numbers), size)]
            told["lines"][int(words[0]) - 1]["places"][words[1]] = places
    told["splits"] = [_split(part, told["lines"], claim.width) for part in proof.parts]
    data = record.source if claim.recipe == DATA else reduction_of(claim).reduce(record.source)
    told["points"] = _points(told, data)
    return told


def _source(path: Path) -> dict[str, Any]:
    """How many additions the refutation of the source has, and which clauses of its CNF it uses."""
    derived: set[int] = set()
    used: set[int] = set()
    for text in source_proof_lines(path):
        words = text.split(" ")
        if words[1] != "d":
            derived.add(int(words[0]))
            used.update(int(word) for word in words[words.index("0", 1) + 1 : -1])
    return {"steps": len(derived), "clauses": sorted(used - derived)}


def _split(part: Part, lines: Sequence[dict[str, Any]], width: int) -> dict[str, Any]:
    steps = [Step.of(text.split(" ")) for text in part.lines]
    counts = Counter(step.kind for step in steps)
    positive = width if part.name == "*" else int(part.name)
    by_number = {step.number: step for step in steps if step.number is not None}
    conjunctions = {f"d{step.number}" for step in steps if step.kind == "d"}
    return {
        "split": part.name,
        "labels": [_label(step.words, lines, positive) for step in steps if step.kind == "label"],
        "orders": [_order(step.words) for step in steps if step.kind == "order"],
        "pairs": [[int(word) for word in step.words] for step in steps if step.kind == "w"],
        "steps": dict(counts),
        "facts": [_fact(step, by_number) for step in steps if _is_fact(step)],
        "cases": [
            {"case": f"D{step.number}", "literals": step.words, "neurons": _neurons(step.words)}
            for step in steps
            if step.kind == "d"
        ],
        "sums": _sums(steps),
        "derived": [
            {
                "step": step.number,
                "case": f"D{step.words[0]}",
                "unless": step.words[1:],
                "points": _equations(step, by_number),
            }
            for step in steps
            if step.kind == "e"
        ],
        "covers": [
            {"step": step.number, "cases": [word.upper() for word in step.words]}
            for step in steps
            if step.kind in "cv" and step.words and all(word in conjunctions for word in step.words)
        ],
        "exclusions": [
            {
                "step": step.number,
                "cases": [word[1:].upper() for word in step.words],
                "points": _equations(step, by_number),
                "from": _from(step),
            }
            for step in steps
            if step.kind in "cv" and step.words and all(word.startswith("-d") for word in step.words)
        ],
        "patterns": [
            {
                "step": step.number,
                "one_of": step.words,
                "points": _equations(step, by_number),
                "from": _from(step),
            }
            for step in steps
            if step.kind in "cv" and len(step.words) > 1 and all(word.lstrip("-")[0] not in "dx" for word in step.words)
        ],
        "end": _end(steps, by_number),
    }


def _label(words: Sequence[str], lines: Sequence[dict[str, Any]], positive: int) -> dict[str, Any]:
    """The neurons that a label names: as many as the line has places, the first of their class."""
    first = positive + 1 if words[0] == "-" else 1
    count = len(lines[int(words[1]) - 1]["places"].get(words[0], ()))
    return {"class": words[0], "line": int(words[1]), "neurons": [first, first + count - 1]}


def _order(words: Sequence[str]) -> dict[str, Any]:
    """Neurons without a label, and what they are named by."""
    by, points = ordered_by(words)
    return {"class": words[0], "by": by, "points": list(map(int, points))}


def _sums(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Equations on coefficients, and the points that have one where just its neurons are on."""
    found = {
        step.number: {"case": f"D{step.number}", "neurons": list(map(int, step.words[1:])), "value": step.words[0]}
        for step in steps
        if step.kind == "q"
    }
    points: dict[int | None, list[int]] = {number: [] for number in found}
    for step in steps:
        if step.kind == "p":
            points[int(step.words[0])].append(int(step.words[1]))
    return [{**told, "points": points[number]} for number, told in found.items()]


def _is_fact(step: Step) -> bool:
    return step.kind in "ucv" and len(step.words) == 1 and step.words[0].lstrip("-")[:1] not in "dx"


def _fact(step: Step, by_number: dict[int, Step]) -> dict[str, Any]:
    return {"step": step.number, "literal": step.words[0], "points": _equations(step, by_number), "from": _from(step)}


def _from(step: Step) -> list[str]:
    """The hints of a propagation."""
    return list(step.tail or []) if step.kind == "v" else []


def _neurons(literals: Iterable[str]) -> list[int]:
    return sorted({int(match[1]) for word in literals if (match := _SIGN.fullmatch(word))})


def _equations(step: Step, by_number: dict[int, Step]) -> list[int]:
    """The points whose equations a combination uses, its own and those of the rows in it."""
    found: dict[int, None] = {}
    todo, seen = [step], set[int]()
    while todo:
        one = todo.pop()
        names = one.words[1:] if one.kind == "m" else []
        for word in (one.tail or []) if one.kind != "v" else []:
            if match := _EQUATION.fullmatch(word):
                found.setdefault(int(match[1]))
            elif match := _ROW.fullmatch(word):
                names = [*names, match[1]]
        for name in map(int, names):
            if name in by_number and name not in seen:
                seen.add(name)
                todo.append(by_number[name])
    return list(found)


def _end(steps: Sequence[Step], by_number: dict[int, Step]) -> dict[str, Any] | None:
    if not steps:
        return None
    last = steps[-1]
    return {
        "kind": last.kind,
        "step": last.number,
        "words": last.words,
        "points": _equations(last, by_number),
        "from": _from(last),
    }


def _points(told: dict[str, Any], data: TrainingInstance) -> dict[str, Any]:
    """Coordinates and labels of the points that the outline names."""
    named = set(told["contradiction"] or ())
    for line in told["lines"]:
        named.update(line["points"])
    for split in told["splits"]:
        named.update(i for order in split["orders"] for i in order["points"])
        parts = (*split["facts"], *split["exclusions"], *split["patterns"], *split["derived"], *split["sums"])
        for part in (*parts, split["end"] or {"points": []}):
            named.update(part["points"])
        for words in (
            *(fact["literal"].split(" ") for fact in split["facts"]),
            *(case["literals"] for case in split["cases"]),
            *(pattern["one_of"] for pattern in split["patterns"]),
            *(derived["unless"] for derived in split["derived"]),
        ):
            named.update(int(match[2]) for word in words if (match := _SIGN.fullmatch(word)))
    return {
        str(i): {"x": [render(x) for x in data.points[i - 1]], "y": render(data.labels[i - 1])} for i in sorted(named)
    }
