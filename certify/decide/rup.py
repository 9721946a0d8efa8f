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
        self._permanent: set[int] = set()
        #: By literal: (other literal, clause) for the permanent clauses of two literals.
        self._pairs: list[list[tuple[int, int]]] = [[] for _ in range(size)]
        #: The places on the trail up to which pairs, core and rest have been looked at.
        self._heads = (0, 0, 0)

    def add(self, literals: Sequence[int], *, permanent: bool = False) -> int | None:
        """A new active clause, of distinct literals, propagated; returns a false clause if there is one.

        A ``permanent`` clause will never be made inactive.
        """
        number = len(self.clauses)
        if permanent and len(literals) == 2:
            self._permanent.add(number)
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
        if len(clause) == 2 and number in self._permanent:
            self._pairs[clause[0]].append((clause[1], number))
            self._pairs[clause[1]].append((clause[0], number))
        elif len(clause) > 1:
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
        pair_head, core_head, rest_head = self._heads
        self._heads = min(pair_head, length), min(core_head, length), min(rest_head, length)

    def propagate(self) -> int | None:
        """Unit propagation to the end, or to the first false clause, which is returned."""
        # One long loop: nearly all the time of a conversion is spent here.
        trail, value, reason, place = self.trail, self.value, self.reason, self.place
        clauses, active, core = self.clauses, self.active, self.core
        core_watches, rest_watches = self._core_watches, self._rest_watches
        pairs = self._pairs
        pair_head, core_head, rest_head = self._heads
        conflict: int | None = None
        while conflict is None:
            if pair_head < len(trail):
                for other, number in pairs[-trail[pair_head]]:
                    if value[other] > 0:
                        continue
                    if value[other] < 0:
                        conflict = number
                        break
                    value[other] = 1
                    value[-other] = -1
                    variable = abs(other)
                    reason[variable] = number
                    place[variable] = len(trail)
                    trail.append(other)
                pair_head += 1
                continue
            if core_head < len(trail):
                falsified = -trail[core_head]
                core_head += 1
                watching = core_watches[falsified]
                watches = core_watches
            elif rest_head < len(trail):
                falsified = -trail[rest_head]
                rest_head += 1
                watching = rest_watches[falsified]
                watches = rest_watches
            else:
                break
            kept = 0
            for position, number in enumerate(watching):
                if not active[number]:
                    continue  # off the list for good: activate() enters it anew
                clause = clauses[number]
                first = clause[0]
                if first == falsified:
                    first = clause[0] = clause[1]
                    clause[1] = falsified
                elif clause[1] != falsified:
                    continue  # an old entry, from before the clause was inactive
                state = value[first]
                if state <= 0:
                    for at in range(2, len(clause)):
                        other = clause[at]
                        if value[other] >= 0:
                            clause[1] = other
                            clause[at] = falsified
                            (core_watches if core[number] else watches)[other].append(number)
                            break
                    else:
                        other = falsified
                    if other != falsified:
                        continue
                if watches is rest_watches and core[number]:
                    core_watches[falsified].append(number)  # it became needed since the last visit
                else:
                    watching[kept] = number
                    kept += 1
                if state < 0:
                    conflict = number
                    watching[kept:] = watching[position + 1 :]
                    break
                if not state:
                    value[first] = 1
                    value[-first] = -1
                    variable = abs(first)
                    reason[variable] = number
                    place[variable] = len(trail)
                    trail.append(first)
            else:
                del watching[kept:]
        self._heads = (pair_head, core_head, rest_head)
        return conflict

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
