"""The signs of a group's neurons at far points in each of its cases, for all far points at once.

Far points are many and every group may be open at each, so the bounds of rule 3 (format, 6.6) are computed here as
arrays over the far points (sides.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from certify.decide.refute.knowledge import GE, LE, Knowledge, Literal
from certify.decide.refute.patterns import OFF, ON, UNKNOWN
from certify.decide.refute.sides import Rule


class Reach:
    """points: the far points; statuses are arrays over a selection of them."""

    def __init__(self, knowledge: Knowledge, points: Sequence[int]) -> None:
        self.knowledge = knowledge
        self.points = list(points)
        self.place = {i: t for t, i in enumerate(self.points)}
        self.on_line = np.array([i in knowledge.on_lines for i in self.points], dtype=bool)
        self.rules = [Rule.of(knowledge, pair, self.points) for pair in knowledge.pairs]

    def statuses(self, neurons: Sequence[int], case: Sequence[Literal], chosen: Any) -> Any:
        """Statuses (neurons x chosen points) in a case; chosen: places among the far points.

        The case is one that is possible: a sign that is strict by one pair is not looked for by others.
        """
        knowledge = self.knowledge
        found = np.full((len(neurons), len(chosen)), UNKNOWN, dtype=np.uint8)
        with knowledge.assuming(case):
            for row, j in zip(found, neurons, strict=True):
                left = np.arange(len(chosen))  # the rest is on, or strictly off
                for rule in self.rules:
                    if len(left) and knowledge.lines[rule.pair.first].direction in knowledge.increasing[j]:
                        left = self._bound(rule, j, chosen, row, left)
                # A sign known both ways counts as on, as for the checker (format, 6.8): where a fact or a line may say
                # more than the pairs, an OFF by them is not the last word.
                more = self.on_line[chosen]
                here = [self.place[i] for i in knowledge.facts_of[j] if i in self.place]
                if here:
                    more |= np.isin(chosen, here)
                for t in np.flatnonzero(more & (row != ON)):
                    mask = knowledge.known(j, self.points[chosen[t]])
                    row[t] = ON if mask & GE else OFF if mask & LE else UNKNOWN
        return found

    def _bound(self, rule: Rule, j: int, chosen: Any, row: Any, left: Any) -> Any:
        """Sets what the pair says at some of the chosen points, and returns those of them that it does not settle."""
        (low_a, high_a), (low_b, high_b) = self._ends(rule.pair.first, j), self._ends(rule.pair.second, j)
        places = chosen[left]
        exactly = low_a == high_a and low_b == high_b
        above = rule.along(places, (high_a, low_a), (high_b, low_b))
        below = above if exactly else rule.along(places, (low_a, high_a), (low_b, high_b))
        row[left[below <= 0]] = OFF
        row[left[above >= 0]] = ON
        return left[~((above >= 0) | (below < 0))]

    def _ends(self, line: int, j: int) -> tuple[int | None, int | None]:
        knowledge = self.knowledge
        places = knowledge.positions[line]
        low, high = knowledge.low[line].get(j), knowledge.high[line].get(j)
        return None if low is None else places[low], None if high is None else places[high]
