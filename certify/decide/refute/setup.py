"""The first part of a refutation: the lines and slots it uses, and the bounds they give (format v1, 6.3,
6.4).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from certify.decide.refute.geometry import Line, Space
from certify.decide.refute.slots import Sign, Slot, jumps, kinks
from certify.decide.refute.steps import Steps
from certify.exact import Vector


@dataclass
class Candidate:
    """A line of the data with its slots; number: its number in the proof once it is used, from 0."""

    line: Line
    slots: dict[Sign, list[Slot]]
    number: int | None = None


@dataclass
class Setup:
    """The lines of the data, and those of them that the refutation declares."""

    space: Space
    labels: tuple[Fraction, ...]
    threshold: bool
    candidates: list[Candidate] = field(default_factory=list)
    declared: list[Candidate] = field(default_factory=list)
    used: set[tuple[int, Sign]] = field(default_factory=set)

    @classmethod
    def of(cls, points: tuple[Vector, ...], labels: tuple[Fraction, ...], threshold: bool) -> Setup:
        space = Space(points)
        setup = cls(space, labels, threshold)
        for line in space.lines():
            setup.candidates.append(Candidate(line, setup.slots_of(line)))
        return setup

    def slots_of(self, line: Line) -> dict[Sign, list[Slot]]:
        return jumps(line, self.labels) if self.threshold else kinks(line, self.labels)

    def declare(self, candidate: Candidate) -> int:
        if candidate.number is None:
            candidate.number = len(self.declared)
            self.declared.append(candidate)
        return candidate.number

    def use(self, candidate: Candidate, sign: Sign) -> int:
        """Declares the line and its slots of this sign."""
        number = self.declare(candidate)
        self.used.add((number, sign))
        return number

    def best(self, sign: Sign) -> Candidate | None:
        """The candidate with the most slots of the sign (the first of them)."""
        return max(self.candidates, key=lambda c: len(c.slots[sign]), default=None)

    def most(self, sign: Sign) -> int:
        return max((len(c.slots[sign]) for c in self.candidates), default=0)

    def least(self) -> int:
        """So many neurons are needed, by the slots of single lines (format v1, 6.3)."""
        return self.most("*") if self.threshold else self.most("+") + self.most("-")

    def use_best(self) -> None:
        """Declares, for each class, the line with the most slots."""
        signs: tuple[Sign, ...] = ("*",) if self.threshold else ("+", "-")
        for sign in signs:
            best = self.best(sign)
            if best is not None and best.slots[sign]:
                self.use(best, sign)

    def write(self, steps: Steps) -> None:
        for candidate in self.declared:
            steps.line(candidate.line)
        for number, sign in sorted(self.used):
            steps.slots(number, self.declared[number].line, sign, self.declared[number].slots[sign])
