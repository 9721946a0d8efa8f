"""Derivations by unit propagation with fewer lemmas: what a solver learned on its way is often not needed.

A lemma is left out where what rests on it follows by unit propagation without it, and the text becomes no longer. Meant
for short derivations, which are written many times: those of a kind of groups (blocks.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST_LEMMAS, MOST_CLAUSES = 80, 600
"""Larger derivations stay as they are: the effort grows with the product."""
LINE, LITERAL, HINT = 8, 8, 5
"""About so many bytes a line of a proof takes, and each of its literals and hints."""


@dataclass
class Lemma:
    """A clause that follows from those with the numbers of the hints, in this order, by unit propagation."""

    clause: list[int]
    hints: list[int]

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        return LINE + LITERAL * len(self.clause) + HINT * len(self.hints)


def fewer(axioms: Sequence[Sequence[int]], lemmas: dict[int, Lemma]) -> dict[int, Lemma]:
    """The lemmas (by number, behind the axioms' 1, 2, ...) without some of them; the last one, the empty clause, stays.

    What is left is in the order given and follows as it says.
    """
    if len(lemmas) > MOST_LEMMAS or len(axioms) > MOST_CLAUSES:
        return lemmas
    lemmas = dict(lemmas)
    for number in list(lemmas)[-2::-1]:
        change = _without(axioms, lemmas, number)
        if change is not None:
            del lemmas[number]
            lemmas.update(change)
    return lemmas


def _without(axioms: Sequence[Sequence[int]], lemmas: dict[int, Lemma], number: int) -> dict[int, Lemma] | None:
    """Those that rest on the lemma, derived without it; None if that is longer or cannot be."""
    change: dict[int, Lemma] = {}
    saved = lemmas[number].size
    known = {n: list(clause) for n, clause in enumerate(axioms, start=1)}
    for n, lemma in lemmas.items():
        if number in lemma.hints:
            hints = propagated(known, lemma.clause)
            if hints is None:
                return None
            change[n] = Lemma(lemma.clause, hints)
            saved += lemma.size - change[n].size
            if saved < 0:
                return None
        if n != number:
            known[n] = lemma.clause
    return change


def propagated(clauses: dict[int, list[int]], target: Sequence[int]) -> list[int] | None:
    """Numbers of clauses that by unit propagation, in this order, refute the negation of the target; None if none do.

    Only those that the conflict rests on.
    """
    true = {-a: 0 for a in target}  # literal -> the clause that made it true, 0: assumed
    order: list[int] = []
    left = list(clauses)
    while True:
        again: list[int] = []
        news = False
        for number in left:
            clause = clauses[number]
            if any(a in true for a in clause):
                continue
            rest = [a for a in clause if -a not in true]
            if not rest:
                return _used(clauses, true, [*order, number])
            if len(rest) == 1:
                true[rest[0]] = number
                order.append(number)
                news = True
            else:
                again.append(number)
        if not news:
            return None
        left = again


def _used(clauses: dict[int, list[int]], reasons: dict[int, int], order: Sequence[int]) -> list[int]:
    """Of the clauses in the order of propagation those that the last one, which is false, rests on."""
    needed = {order[-1]}
    for number in reversed(order):
        if number in needed:
            needed.update(reasons[-a] for a in clauses[number] if -a in reasons)
    return [number for number in order if number in needed]
