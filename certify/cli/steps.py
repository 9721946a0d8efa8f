"""The steps of a refutation (format v1, section 6) in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

#: The first word of a line -> what such lines are, in the order of a report.
KINDS = {
    "contradiction": "two points that differ in their label alone",
    "forced": "points whose values the loss forces",
    "line": "lines of data points",
    "slots": "families of places where neurons must break",
    "split": "cases by the number of positive neurons",
    "n": "flat triples, where neurons of both signs bend together",
    "label": "labellings of the neurons along a line",
    "order": "orders of neurons that no labelling names",
    "w": "pairs of parallel lines",
    "b": "bounds on a line where every slot is taken",
    "u": "sign facts",
    "c": "clauses with multipliers",
    "d": "definitions",
    "q": "sums of coefficients, as equations",
    "p": "clauses of points: which equation holds where",
    "l": "clauses of the order of neurons",
    "e": "equations that follow from others",
    "k": "slot clauses",
    "r": "rows with multipliers",
    "m": "rows merged over all cases",
    "v": "clauses by propagation",
    "x": "deletions",
    "0": "contradictions without assumptions",
    "qed": "cases closed",
}
_LITERAL = re.compile(r"([0-9]+)(>=|<=|>|<)([0-9]+)")
_IN_SLOT = re.compile(r"(-?)x([0-9]+)\.([0-9]+)")
_TURNED = re.compile(r"(-?)t([0-9]+)")
_DEFINED = re.compile(r"(-?)d([0-9]+)")
_MISSED = re.compile(r"(-?)m([0-9]+)")
_STATED = re.compile(r"([der])([0-9]+)")
_KINDS_OF_ITEMS = {"e": "points", "r": "rows", "d": "sums"}
_CLASSES = {"+": "a positive neuron bends", "-": "a negative neuron bends", "*": "a neuron switches"}


def literal(word: str) -> str:
    """``3>=17`` as ``z3(p17) >= 0``."""
    if match := _LITERAL.fullmatch(word):
        return f"z{match[1]}(p{match[3]}) {match[2]} 0"
    if match := _IN_SLOT.fullmatch(word):
        return f"neuron {match[2]} {'is not' if match[1] else 'is'} the one of clause {match[3]}"
    if match := _DEFINED.fullmatch(word):
        return f"{'not ' if match[1] else ''}D{match[2]}"
    if match := _TURNED.fullmatch(word):
        return f"neuron {match[2]} {'is as in the network' if match[1] else 'was turned'}"
    if match := _MISSED.fullmatch(word):
        return f"p{match[2]} is {'not ' if match[1] else ''}missed"
    return word


def readable(line: str) -> str:
    """One line of a refutation in words; a line of an unknown kind as it stands."""
    kind, *words = line.split(" ")
    before, after = words, []
    if ":" in words:
        at = words.index(":")
        before, after = words[:at], words[at + 1 :]
    tell = _TELL.get(kind)
    return line if tell is None else tell(before, after)


def _slots(words: list[str], _: list[str]) -> str:
    step = 2 if words[1] == "*" else 3
    ends = words[2:]
    places = [f"p{ends[t]}..p{ends[t + step - 1]}" for t in range(0, len(ends), step)]
    return f"on line {words[0]} {_CLASSES[words[1]]} in each of {len(places)} places: {', '.join(places)}"


def _split(words: list[str], _: list[str]) -> str:
    return "all neurons:" if words == ["*"] else f"suppose that {words[0]} neurons are positive:"


def _or(words: list[str]) -> str:
    return " or ".join(map(literal, words)) or "contradiction"


def _and(words: list[str]) -> str:
    return " and ".join(map(literal, words))


def sum_of(neurons: list[str]) -> str:
    """Coefficients, and the constant beside them."""
    return " + ".join(["alpha", *(f"a{j}" for j in neurons)])


def ordered_by(words: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Of the words after ``order``: by ``coefficients``, ``signs`` or ``values``, and the points."""
    if words[1:2] == ["a"]:
        return "coefficients", words[2:]
    return "values" if len(words) == 2 else "signs", words[1:]


def _order(words: list[str], _: list[str]) -> str:
    by, points = ordered_by(words)
    where = ", ".join(f"p{i}" for i in points)
    how = {"values": f"values at {where}", "signs": f"words of signs at {where}"}
    how["coefficients"] = "coefficients" + (f", equal ones by {how['signs']}" if points else "")
    return f"number the other neurons of class {words[0]} by their {how[by]}"


def _in_order(words: list[str], _: list[str]) -> str:
    number, neuron, place, *rest = words
    signs = [word for word in rest if not word.isdigit()]
    equal = [f"D{word}" for word in rest if word.isdigit()]
    if_equal = f"if {' and '.join(equal)}, " if equal else ""
    before = f", if both are {' '.join('on' if sign == '>' else 'off' for sign in signs)} before" if signs else ""
    return f"clause {number}: {if_equal}at place {place} of the order neuron {neuron} is off or the next one on{before}"


def _derived(words: list[str], after: list[str]) -> str:
    number, derived, *literals = words
    others = [item for item in after if item.partition(":")[0] != f"d{derived}"]
    return f"clause {number}: {_or([f'd{derived}', *literals])}, as D{derived} is a sum of {_items(others)}"


def _row(words: list[str], after: list[str]) -> str:
    guard = f" if {_and(words[1:])}" if words[1:] else ""
    return f"row {words[0]}{guard}: the sum of {_items(after)}"


def _items(after: list[str]) -> str:
    """``5 items (p273; rows 625, 627; 2 signs)``: what a combination sums up, without its multipliers."""
    found: dict[str, list[str]] = {"points": [], "rows": [], "sums": [], "signs": [], "others": []}
    for item in after:
        name = item.partition(":")[0]
        if match := _STATED.fullmatch(name):
            found[_KINDS_OF_ITEMS[match[1]]].append(match[2])
        else:
            found["signs" if _LITERAL.fullmatch(name) else "others"].append(name)
    parts = []
    if found["points"]:
        parts.append(", ".join(f"p{i}" for i in found["points"]))
    if found["rows"]:
        parts.append(f"row{'s' if len(found['rows']) > 1 else ''} {', '.join(found['rows'])}")
    if found["sums"]:
        parts.append(", ".join(f"D{n}" for n in found["sums"]))
    if found["signs"]:
        parts.append(", ".join(map(literal, found["signs"])))
    if found["others"]:
        parts.append(", ".join(found["others"]))
    return f"{len(after)} item{'s' if len(after) > 1 else ''} ({'; '.join(parts)})"


_TELL: dict[str, Callable[[list[str], list[str]], str]] = {
    "contradiction": lambda w, _: f"p{w[0]} and p{w[1]} are one point with two labels",
    "forced": lambda _w, _a: "the loss is the least possible one: the values below are forced",
    "line": lambda w, _: "on a line: " + " ".join(f"p{i}" for i in w),
    "slots": _slots,
    "split": _split,
    "n": lambda w, _: (
        f"on line {w[0]} no neuron of the one sign bends in p{w[1]}..p{w[3]}, so none bends there"
    ),
    "label": lambda w, _: f"number the neurons of class {w[0]} by their places on line {w[1]}",
    "order": _order,
    "w": lambda w, _: f"lines {w[0]} and {w[1]} are parallel: interpolate between them",
    "b": lambda w, _: f"neuron {w[0]} breaks on line {w[1]} within the slots that are left for it",
    "u": lambda w, a: f"{literal(w[0])}, else {_items(a)} sum to a contradiction",
    "c": lambda w, a: f"clause {w[0]}: {_or(w[1:])}, else {_items(a)} sum to a contradiction",
    "d": lambda w, _: f"let D{w[0]} be: {_and(w[1:])}",
    "q": lambda w, _: f"let D{w[0]} be: {sum_of(w[2:])} = {w[1]}",
    "p": lambda w, _: f"clause {w[0]}: D{w[1]}, if just its neurons are on at p{w[2]}",
    "l": _in_order,
    "e": _derived,
    "k": lambda w, _: f"clause {w[0]}: some neuron of class {w[2]} breaks in slot {w[3]} of line {w[1]}",
    "r": _row,
    "m": lambda w, _: f"row {w[0]}: the same in every case of clause {w[1]}",
    "v": lambda w, a: f"clause {w[0]}: {_or(w[1:])}, by {' '.join(a)}",
    "x": lambda w, _: f"forget {' '.join(w)}",
    "0": lambda _, a: f"{_items(a)} sum to a contradiction",
    "qed": lambda _w, _a: "this case is closed",
}
