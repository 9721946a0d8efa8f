"""From the DRUP proof of a SAT solver to a short LRAT proof, every step of which is checkable by its hints.

A DRUP proof lists the clauses that a solver learned and deleted. The conversion first adds them all, with
unit propagation alone, until a clause is false. It then goes backwards: the needed clauses are taken out one
by one and derived again from what came before them by reverse unit propagation (RUP), which says what else is
needed. What is never needed falls away. A literal that unit propagation had derived for good before such a
clause becomes a unit clause of its own, so that chains of units are not spelled out again and again.

The hints are strict: under the negated clause and the hints before it each one has exactly one literal that
is not false, and that literal is unassigned; the last hint has none.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from certify.decide.rup import NO_REASON, Database
from certify.errors import ResourceLimit, SolverFailure

#: A line of a DRUP proof: is it a deletion, and the clause.
DrupLine = tuple[bool, tuple[int, ...]]
_STEPS_BETWEEN_CLOCKS = 256


@dataclass(frozen=True, slots=True)
class LratStep:
    """The clause ``literals`` follows by propagation from the clauses numbered ``hints``, in this order."""

    number: int
    literals: tuple[int, ...]
    hints: tuple[int, ...]


@dataclass(frozen=True)
class LratProof:
    """A refutation of ``axioms`` clauses, numbered from 1; the steps' numbers follow, the last is the empty
    clause.
    """

    axioms: int
    steps: tuple[LratStep, ...]

    def used_axioms(self) -> list[int]:
        """The numbers of the given clauses that occur as hints, increasing: an unsatisfiable subset."""
        return sorted({hint for step in self.steps for hint in step.hints if hint <= self.axioms})

    def lines(self, *, deletions: bool = False) -> Iterator[str]:
        """The proof in the LRAT text format: ``id literals 0 hints 0``.

        With ``deletions`` the derived clauses are deleted (``id d ids 0``) after the last step that uses
        them.
        """
        last_use = {hint: step.number for step in self.steps for hint in step.hints if hint > self.axioms}
        finished: dict[int, list[int]] = defaultdict(list)
        for number, user in last_use.items():
            finished[user].append(number)
        for step in self.steps:
            words = (step.number, *step.literals, 0, *step.hints, 0)
            yield " ".join(map(str, words))
            if deletions and step.literals and step.number in finished:
                yield f"{step.number} d {' '.join(map(str, sorted(finished[step.number])))} 0"


def parse_drup(lines: Iterable[str]) -> Iterator[DrupLine]:
    """Reads DRUP text, one clause a line, ``d`` before deletions; SolverFailure for anything else."""
    for line in lines:
        words = line.split()
        if not words or words[0] == "c":
            continue
        deletion = words[0] == "d"
        try:
            numbers = [int(word) for word in words[deletion:]]
        except ValueError:
            numbers = []
        if not numbers or numbers[-1] != 0 or 0 in numbers[:-1]:
            raise SolverFailure(f"a line of the SAT solver's proof is no clause: {line[:80]!r}")
        yield deletion, tuple(numbers[:-1])


def from_drup(
    axioms: Sequence[Sequence[int]], proof: Iterable[DrupLine], *, deadline: float | None = None
) -> LratProof:
    """The LRAT proof that a DRUP proof of the clauses ``axioms`` comes down to.

    Raises SolverFailure if the proof does not refute the clauses by RUP steps, ResourceLimit if
    ``time.monotonic()`` passes ``deadline``.
    """
    lemmas = list(proof)
    variables = max((abs(x) for c in (*axioms, *(clause for _, clause in lemmas)) for x in c), default=0)
    return _Conversion(axioms, variables, deadline).run(lemmas)


class _Conversion:
    def __init__(self, axioms: Sequence[Sequence[int]], variables: int, deadline: float | None) -> None:
        self._database = Database(variables)
        self._axioms = axioms
        self._deadline = deadline
        #: What happened to the database after the axioms: (is it a deletion, clause).
        self._events: list[tuple[bool, int]] = []
        #: By variable: is its literal on the trail needed as a unit clause?
        self._needed = [False] * (variables + 1)
        #: The proof from its end on: what is derived, its literals, its hints. A clause n of the database is
        #: known as n + 1, the unit clause of the literal of variable v as -v.
        self._reversed: list[tuple[int, tuple[int, ...], list[int]]] = []
        self._clock = 0

    def run(self, lemmas: Sequence[DrupLine]) -> LratProof:
        conflict = self._forward(lemmas)
        database = self._database
        units, _ = database.cone(conflict, (), len(database.trail))
        self._emit(0, (), units, [], conflict)
        while self._events:
            deletion, number = self._events.pop()
            if deletion:
                database.activate(number)
            else:
                self._undo(number)
            self._tick()
        self._emit_units(0)
        return self._numbered()

    def _forward(self, lemmas: Sequence[DrupLine]) -> int:
        """Adds the axioms, then the lemmas, until a clause is false, and returns it."""
        database = self._database
        # Clauses by their literals, to find the ones that are deleted.
        places: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for clause in self._axioms:
            literals = tuple(dict.fromkeys(clause))
            # The many clauses "not both" stay for good: propagation along them is faster, and axioms are free.
            permanent = len(literals) == 2
            if not permanent:
                places[tuple(sorted(literals))].append(len(database.clauses))
            conflict = database.add(literals, permanent=permanent)
            if conflict is not None:
                return conflict
        for deletion, clause in lemmas:
            self._tick()
            key = tuple(sorted(set(clause)))
            if deletion:
                # Solvers also delete clauses that made a literal true for good, and rely on the literal.
                candidates = places.get(key, ())
                if candidates and database.propagated_by(candidates[-1]) is None:
                    number = places[key].pop()
                    database.deactivate(number)
                    self._events.append((True, number))
                continue
            number = len(database.clauses)
            places[key].append(number)
            self._events.append((False, number))
            conflict = database.add(tuple(dict.fromkeys(clause)))
            if conflict is not None:
                return conflict
        raise SolverFailure("the SAT solver's proof ends without a contradiction")

    def _undo(self, number: int) -> None:
        """Takes back the addition of a clause and, if it is needed, derives it from what was there before."""
        database = self._database
        literal = database.propagated_by(number)
        if literal is not None:
            place = database.place[abs(literal)]
            self._emit_units(place)
            database.take_back(place)
        database.deactivate(number)
        if not database.core[number]:
            return
        clause = tuple(sorted(database.clauses[number], key=abs))
        persistent = len(database.trail)
        for literal in clause:
            if database.value[literal] > 0:  # implied for good already: its unit clause is the only hint
                database.take_back(persistent)
                self._reversed.append((number + 1, clause, [self._unit(abs(literal))]))
                return
            if not database.value[literal]:
                database.assign(-literal, NO_REASON)
        conflict = database.propagate()
        if conflict is None:
            raise SolverFailure(f"a clause of the SAT solver's proof does not follow by propagation: {clause}")
        units, later = database.cone(conflict, clause, persistent)
        database.take_back(persistent)
        self._emit(number + 1, clause, units, later, conflict)

    def _emit(
        self, derived: int, clause: tuple[int, ...], units: list[int], later: list[int], conflict: int
    ) -> None:
        hints = [self._unit(variable) for variable in sorted(units)]
        for number in (*later, conflict):
            self._database.core[number] = True
            hints.append(number + 1)
        self._reversed.append((derived, clause, hints))

    def _unit(self, variable: int) -> int:
        """The hint that makes the literal of a variable on the persistent trail true."""
        database = self._database
        reason = database.reason[variable]
        if len(database.clauses[reason]) == 1:
            database.core[reason] = True
            return reason + 1
        self._needed[variable] = True
        return -variable

    def _emit_units(self, start: int) -> None:
        """Derives the needed literals on the trail from place ``start`` on as unit clauses."""
        database = self._database
        for literal in reversed(database.trail[start:]):
            variable = abs(literal)
            if self._needed[variable]:
                self._needed[variable] = False
                reason = database.reason[variable]
                others = [abs(other) for other in database.clauses[reason] if other != literal]
                self._emit(-variable, (literal,), others, [], reason)

    def _numbered(self) -> LratProof:
        axioms = len(self._axioms)
        numbers: dict[int, int] = {}
        steps: list[LratStep] = []
        for derived, clause, hints in reversed(self._reversed):
            number = axioms + len(steps) + 1
            known = tuple(hint if 0 < hint <= axioms else numbers[hint] for hint in hints)
            steps.append(LratStep(number, clause, known))
            numbers[derived] = number
        return LratProof(axioms, tuple(steps))

    def _tick(self) -> None:
        self._clock += 1
        if (
            self._deadline is not None
            and self._clock % _STEPS_BETWEEN_CLOCKS == 0
            and time.monotonic() > self._deadline
        ):
            raise ResourceLimit("no time left to convert the SAT solver's proof", hint="give a longer timeout")
