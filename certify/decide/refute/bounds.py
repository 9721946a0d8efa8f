"""Saturated lines: labels and the bound step (format v1, 6.5 and 6.10).

A line with exactly as many slots of a class as there are neurons of the class is a bijection between the two.
Neurons are named by the slots of one such line; on parallel ones each is pinned to its slot from the outside
inward: the first neuron can only be in the first slot, because its break on a third line would otherwise fall
outside all slots.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from certify.decide.refute.knowledge import Knowledge, Literal
from certify.decide.refute.slots import Sign, Slot, bend
from certify.decide.refute.steps import Steps


@dataclass
class Range:
    """Where a slot's neuron breaks: between two points of the line (indices), ends open or closed."""

    left: int
    right: int
    left_closed: bool = False
    right_closed: bool = False

    @property
    def empty(self) -> bool:
        return self.left > self.right or (
            self.left == self.right and not (self.left_closed and self.right_closed)
        )


class Assigned:
    """Which slots of a line are assigned to which neurons; the nearest ones that are not are found at once."""

    def __init__(self, size: int) -> None:
        self.slot_of: dict[int, int] = {}
        self.taken: set[int] = set()
        # Slot t is number t + 1; an end at either side is always free. A taken one points on.
        self._up, self._down = list(range(size + 2)), list(range(size + 2))

    def assign(self, slot: int, neuron: int) -> None:
        """The slot becomes the neuron's."""
        self.slot_of[neuron] = slot
        self.taken.add(slot)
        self._up[slot + 1], self._down[slot + 1] = slot + 2, slot

    def first(self, slot: int, neuron: int) -> int:
        """The first slot from this one on that no other neuron has; the number of slots if there is none."""
        own = self.slot_of.get(neuron, -1)
        free = _end(self._up, slot + 1) - 1
        return min(own, free) if own >= slot else free

    def last(self, slot: int, neuron: int) -> int:
        """The last slot up to this one that no other neuron has; -1 if there is none."""
        own = self.slot_of.get(neuron, slot + 1)
        free = _end(self._down, slot + 1) - 1
        return max(own, free) if own <= slot else free


def _end(pointers: list[int], t: int) -> int:
    """Where the pointers lead to; those on the way are shortened."""
    while pointers[t] != t:
        pointers[t] = pointers[pointers[t]]
        t = pointers[t]
    return t


class Saturation:
    """The slots of the saturated lines of a split and the neurons they are assigned to."""

    def __init__(self, knowledge: Knowledge, steps: Steps, neurons: dict[Sign, range]) -> None:
        self.knowledge = knowledge
        self.steps = steps
        self.neurons = neurons
        self.slots: dict[tuple[int, Sign], list[Range]] = {}
        self.assigned: dict[tuple[int, Sign], Assigned] = {}
        self.refuted = False

    def declare(self, line: int, sign: Sign, slots: list[Slot]) -> None:
        self.slots[line, sign] = [Range(slot.left, slot.right) for slot in slots]
        self.assigned[line, sign] = Assigned(len(slots))

    def saturated(self, line: int, sign: Sign) -> bool:
        slots = self.slots.get((line, sign))
        return slots is not None and len(slots) == len(self.neurons[sign]) > 0

    def label(self, line: int, sign: Sign) -> None:
        """Names the class's neurons by the slots of the line."""
        self.steps.label(sign, line)
        points = self.knowledge.lines[line].points
        for t, (neuron, slot) in enumerate(zip(self.neurons[sign], self.slots[line, sign], strict=False)):
            self.knowledge.set_increasing(neuron, line)
            self._pin(neuron, points, slot, slot)
            if self.saturated(line, sign):
                self.assigned[line, sign].assign(t, neuron)

    def flatten(self, line: int, labels: Sequence[Fraction]) -> None:
        """Steps `n`: collinear labels move the ends of the slots of a line that is saturated for both
        classes.
        """
        one = self.knowledge.lines[line]
        points = one.points
        for t in range(1, len(points) - 1):
            if bend(one, labels, t - 1, t, t + 1):
                continue
            moves = [
                move
                for sign in ("+", "-")
                if self._blank(line, _other(sign), t)
                for move in self._moves(line, sign, t)
            ]
            if not moves:
                continue
            self.steps.flat(line, points[t - 1], points[t], points[t + 1])
            for slot, left, right in moves:
                if left is not None:
                    slot.left, slot.left_closed = left, True
                if right is not None:
                    slot.right, slot.right_closed = right, True
                self.refuted = self.refuted or slot.empty
            if self.refuted:
                return

    def _blank(self, line: int, sign: Sign, t: int) -> bool:
        """No neuron of the class breaks strictly between points t-1 and t+1 of the line."""
        if not self.neurons[sign]:
            return True
        if not self.saturated(line, sign):
            return False
        slots = self.slots[line, sign]
        start = bisect_left(slots, t, key=lambda slot: slot.right)
        return start == len(slots) or slots[start].left >= t + 1

    def _moves(self, line: int, sign: Sign, t: int) -> list[tuple[Range, int | None, int | None]]:
        found = []
        slots = self.slots.get((line, sign), [])
        start = bisect_left(slots, t, key=lambda slot: slot.right)
        for slot in slots[start : start + 2]:
            # A break exactly at a closed end is not strictly inside the triple.
            left = t + 1 if t - 1 + slot.left_closed <= slot.left < t + 1 else None
            right = t - 1 if t - 1 < slot.right <= t + 1 - slot.right_closed else None
            if left is not None or right is not None:
                found.append((slot, left, right))
        return found

    def _pin(self, neuron: int, points: Sequence[int], first: Range, last: Range) -> None:
        self.knowledge.learn(Literal(neuron, points[first.left], "<=" if first.left_closed else "<"))
        self.knowledge.learn(Literal(neuron, points[last.right], ">=" if last.right_closed else ">"))

    def bound(self, neuron: int, line: int, sign: Sign) -> bool:
        """One step `b`, written only where it tells something new; True if it did."""
        slots = self.slots[line, sign]
        assigned = self.assigned[line, sign]
        points = self.knowledge.lines[line].points
        at_most, below, at_least, above = self.knowledge.limits(neuron, line)

        def after(slot: Range) -> bool:
            """The neuron breaks to the right of the slot."""
            return slot.right <= (below if slot.right_closed else at_most)

        def before(slot: Range) -> bool:
            """The neuron breaks to the left of the slot."""
            return slot.left >= (above if slot.left_closed else at_least)

        # A slot of another neuron is passed over.
        start = assigned.first(bisect_left(slots, True, key=lambda slot: not after(slot)), neuron)
        if start == len(slots):
            self.steps.bound(neuron, line)
            self.refuted = True
            return True
        stop = assigned.last(max(start, bisect_left(slots, True, lo=start + 1, key=before) - 1), neuron)
        first, last = slots[start], slots[stop]
        assigns = start == stop and start not in assigned.taken
        news = first.left > (at_most if first.left_closed else below) or last.right < (
            at_least if last.right_closed else above
        )
        if not (news or assigns):
            return False
        self.steps.bound(neuron, line)
        if before(first) or after(last):
            self.refuted = True
            return True
        self._pin(neuron, points, first, last)
        if start == stop:
            assigned.assign(start, neuron)
        return True

    def propagate(self, label_line: int, sign: Sign) -> None:
        """Bound steps on all parallel saturated lines to a fixed point, first upward, then downward."""
        direction = self.knowledge.lines[label_line].direction
        lines = [
            number
            for number, other in sorted(self.slots)
            if other == sign
            and number != label_line
            and self.knowledge.lines[number].direction == direction
            and self.saturated(number, sign)
        ]
        changed = bool(lines)
        order = list(self.neurons[sign])
        while changed and not self.refuted:
            changed = False
            for neuron in order:
                again = True
                while again and not self.refuted:
                    again = False
                    for line in lines:
                        if self.bound(neuron, line, sign):
                            again = changed = True
                        if self.refuted:
                            return
            order.reverse()


def _other(sign: Sign) -> Sign:
    return "-" if sign == "+" else "+"
