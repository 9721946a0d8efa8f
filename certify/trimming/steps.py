"""The steps of a refutation (format v1, section 6) as values: what they name, which of them are needed, their text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

NUMBERED = frozenset("cdeklpqrmv")
_NAME = re.compile(r"(-?x[0-9]+\.|-?d|r)([0-9]+)((?::.*)?)")


@dataclass
class Step:
    """One line. kind: its first word; number: of a numbered step; words: the literals, or what else stands before
    ``:``; tail: what stands behind it, None where there is no ``:``. fact: later steps may rest on it unnamed.
    """

    kind: str
    number: int | None
    words: list[str]
    tail: list[str] | None = None
    fact: bool = False

    @classmethod
    def of(cls, tokens: Sequence[str]) -> Step:
        """A line as a step, its words as they stand."""
        kind, rest = tokens[0], list(tokens[1:])
        tail = None
        if ":" in rest:
            at = rest.index(":")
            rest, tail = rest[:at], rest[at + 1 :]
        number = int(rest.pop(0)) if kind in NUMBERED else None
        return cls(kind, number, rest, tail, kind not in NUMBERED)

    def names(self) -> set[int]:
        """The numbers of the steps that it names."""
        if self.kind == "k" or (self.kind not in NUMBERED and self.kind not in "u0"):
            return set()
        found = {int(self.words[place]) for place in self._plain()}
        if self.kind == "v":
            found.update(int(word) for word in self.tail or () if word.isdigit())
        for word in (*self.words, *(self.tail or ())):
            match = _NAME.fullmatch(word)
            if match:
                found.add(int(match[2]))
        return found

    def _plain(self) -> Sequence[int]:
        """The places of the words before ``:`` that are the number of a step as such.

        Those of ``l`` are its last two, if there are any: a neuron and a place come first, then signs.
        """
        count = len(self.words)
        if self.kind == "l":
            return range(count - 2, count) if count > 3 and self.words[-1].isdigit() else ()
        return range(count if self.kind == "m" else 1 if self.kind in "ep" else 0)

    def text(self, numbers: dict[int, int]) -> str:
        """Its line, with new numbers."""
        if self.kind == "k":
            return " ".join(["k", str(numbers[self.number or 0]), *self.words])
        start = [self.kind] if self.number is None else [self.kind, str(numbers[self.number])]
        if self.kind not in NUMBERED and self.kind not in "u0":
            return " ".join([*start, *self.words])

        def renamed(word: str, plain: bool) -> str:
            if plain and word.isdigit():
                return str(numbers[int(word)])
            match = _NAME.fullmatch(word)
            return f"{match[1]}{numbers[int(match[2])]}{match[3]}" if match else word

        plain = self._plain()
        words = [renamed(word, place in plain) for place, word in enumerate(self.words)]
        tail = [] if self.tail is None else [":", *(renamed(word, self.kind == "v") for word in self.tail)]
        return " ".join([*start, *words, *tail])


def needed(steps: Sequence[Step]) -> list[Step]:
    """The steps that the last one and the facts rest on; steps without a number stay."""
    wanted: set[int] = set()
    found = []
    for place, step in enumerate(reversed(steps)):
        if place == 0 or step.number is None or step.fact or step.number in wanted:
            found.append(step)
            wanted |= step.names()
    found.reverse()
    return found


def renumbered(steps: Iterable[Step]) -> list[str]:
    """Their lines, with the numbers 1, 2, …"""
    numbers: dict[int, int] = {}
    lines = []
    for step in steps:
        if step.number is not None:
            numbers[step.number] = len(numbers) + 1
        lines.append(step.text(numbers))
    return lines


@dataclass
class Part:
    """A split: its name, and the lines between ``split`` and ``qed``."""

    name: str
    lines: list[str] = field(default_factory=list)


@dataclass
class Proof:
    """The section ``refutation lines``. head: the lines before the first split; parts: the splits."""

    head: list[str]
    parts: list[Part]

    @classmethod
    def of(cls, lines: Iterable[str]) -> Proof:
        proof = cls([], [])
        for line in lines:
            if line.startswith("split "):
                proof.parts.append(Part(line.removeprefix("split ")))
            elif not proof.parts:
                proof.head.append(line)
            elif line != "qed":
                proof.parts[-1].lines.append(line)
        return proof

    def lines(self) -> list[str]:
        """The whole text."""
        found = list(self.head)
        for part in self.parts:
            found += [f"split {part.name}", *part.lines, "qed"]
        return found

    @property
    def size(self) -> int:
        """Bytes of the text."""
        return sum(len(line) + 1 for line in self.lines())
