"""A clause database with unit propagation by two watched literals, made to run a DRUP proof backwards.

Literals are nonzero integers, and index their value directly: ``value[-3]`` is the value of literal -3, as
Python counts negative indices from the end of a list of 2 n + 1 entries. The trail holds what unit
propagation derives from the active clauses. Each literal has two lists of watching clauses, those of the core
(known to be needed) and the rest; propagation prefers the core, so that fewer clauses become needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

#: ``reason`` of a literal that is assumed, or not assigned.
NO_REASON = -1


class Database:
    """Clauses over the variables 1..n, numbered from 0 in the order of ``add``."""

    def __init__(self, variables: int) -> None:
        size = 2 * variables + 1
        #: 1 for true, -1 for false, 0 for unassigned, by literal.
        self.value = [0] * size
        #: The clause that made a variable's literal true, and its place on the trail, by variable.
        self.reason = [NO_REASON] * (variables + 1)
        self.place = [0] * (variables + 1)
        self.trail: list[int] = []
        #: The first two literals of a clause of two or more are the watched ones.
        self.clauses: list[list[int]] = []
        self.core: list[bool] = []
        self.active: list[bool] = []
        self._core_watches: list[list[int]] = [[] for _ in range(size)]
        self._rest_watches: list[list[int]] = [[] for _ in range(size)]
        self._core_head = 0
        self._rest_head = 0

    def add(self, literals: Sequence[int]) -> int | None:
        """A new active clause, of distinct literals, propagated; returns a false clause if there is one."""
        number = len(self.clauses)
        self.clauses.append(list(literals))
        self.core.append(False)
        self.active.append(False)
        return self.activate(number)

    def activate(self, number: int) -> int | None:
        """Makes a clause active and propagates; returns a false clause if there is one."""
        clause = self.clauses[number]
        self.active[number] = True
        if any(-literal in clause for literal in clause):
            return None  # always true: nothing to watch
        value, place = self.value, self.place

        # Unassigned, then true, then false ones, of the latter the last that became so: taking back the end of
        # the trail can then never leave a clause without a watch on a literal that is free again.
        def rank(literal: int) -> tuple[int, int]:
            state = value[literal]
            return (2, 0) if not state else (1, 0) if state > 0 else (0, place[abs(literal)])

        clause.sort(key=rank, reverse=True)
        if len(clause) > 1:
            watches = self._core_watches if self.core[number] else self._rest_watches
            watches[clause[0]].append(number)
            watches[clause[1]].append(number)
        if not clause or value[clause[0]] < 0:
            return number
        if not value[clause[0]] and (len(clause) == 1 or value[clause[1]] < 0):
            self.assign(clause[0], number)
            return self.propagate()
        return None

    def deactivate(self, number: int) -> None:
        """Takes a clause out of propagation; it must be the reason of nothing on the trail."""
        self.active[number] = False

    def propagated_by(self, number: int) -> int | None:
        """The literal on the trail whose reason is this clause, or None."""
        for literal in self.clauses[number]:
            if self.value[literal] > 0 and self.reason[abs(literal)] == number:
                return literal
        return None

    def assign(self, literal: int, reason: int) -> None:
        """Puts an unassigned literal on the trail."""
        self.value[literal] = 1
        self.value[-literal] = -1
        variable = abs(literal)
        self.reason[variable] = reason
        self.place[variable] = len(self.trail)
        self.trail.append(literal)

    def take_back(self, length: int) -> None:
        """Shortens the trail, which must have been fully propagated when it had that length."""
        value, reason = self.value, self.reason
        for literal in self.trail[length:]:
            value[literal] = value[-literal] = 0
            reason[abs(literal)] = NO_REASON
        del self.trail[length:]
        self._core_head = min(self._core_head, length)
        self._rest_head = min(self._rest_head, length)

    def propagate(self) -> int | None:
        """Unit propagation to the end, or to the first false clause, which is returned."""
        trail = self.trail
        while True:
            if self._core_head < len(trail):
                literal = trail[self._core_head]
                self._core_head += 1
                conflict = self._visit(-literal, self._core_watches[-literal], None)
            elif self._rest_head < len(trail):
                literal = trail[self._rest_head]
                self._rest_head += 1
                conflict = self._visit(-literal, self._rest_watches[-literal], self._core_watches[-literal])
            else:
                return None
            if conflict is not None:
                return conflict

    def _visit(self, falsified: int, watching: list[int], promoted: list[int] | None) -> int | None:
        """Visits the clauses that watch a literal which became false; core ones move on to ``promoted``."""
        clauses, value, active, core = self.clauses, self.value, self.active, self.core
        core_watches = self._core_watches
        watches = core_watches if promoted is None else self._rest_watches
        kept = 0
        for position, number in enumerate(watching):
            clause = clauses[number]
            if not active[number]:
                continue  # removed from the list for good: activate() enters it anew
            if clause[0] == falsified:
                clause[0], clause[1] = clause[1], falsified
            elif clause[1] != falsified:
                continue  # an old entry, from before the clause was inactive
            first = clause[0]
            if value[first] <= 0:
                moved = False
                for place in range(2, len(clause)):
                    other = clause[place]
                    if value[other] >= 0:
                        clause[1], clause[place] = other, falsified
                        (core_watches if core[number] else watches)[other].append(number)
                        moved = True
                        break
                if moved:
                    continue
            if promoted is not None and core[number]:
                promoted.append(number)
            else:
                watching[kept] = number
                kept += 1
            if value[first] < 0:
                watching[kept:] = watching[position + 1 :]
                return number
            if value[first] == 0:
                self.assign(first, number)
        del watching[kept:]
        return None

    def cone(self, conflict: int, assumed: Iterable[int], persistent: int) -> tuple[list[int], list[int]]:
        """Why ``conflict`` is false, given that the literals ``assumed`` are.

        Returns the variables on the first ``persistent`` places of the trail that are used, and the reasons
        of the later ones in the order of the trail; ``conflict`` itself is left out.
        """
        seen = {abs(literal) for literal in assumed}
        units: list[int] = []
        later: list[int] = []
        open_clauses = [conflict]
        while open_clauses:
            for literal in self.clauses[open_clauses.pop()]:
                variable = abs(literal)
                if variable in seen:
                    continue
                seen.add(variable)
                if self.place[variable] < persistent:
                    units.append(variable)
                else:
                    later.append(variable)
                    open_clauses.append(self.reason[variable])
        later.sort(key=self.place.__getitem__)
        return units, [self.reason[variable] for variable in later]
