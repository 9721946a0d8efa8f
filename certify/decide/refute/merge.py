"""The last part of a split: clauses between the cases of groups, refuted by a SAT solver, and only what that needs
written down.

Rows: a *piece* row states a coefficient of the affine function that neurons between two cuts add up to. With it a
group's contribution at a far point is a row in each case; where all cases agree the rows are merged (step `m`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from certify.decide.lrat import LratProof
from certify.decide.refute.blocks import Block
from certify.decide.refute.cores import Solve, smaller
from certify.decide.refute.cuts import Cut
from certify.decide.refute.far import Column, FarClause, FarGroup, FarPoints, Runs
from certify.decide.refute.farkas import Combination
from certify.decide.refute.nearby import cheap_units
from certify.decide.refute.patterns import UNKNOWN
from certify.decide.refute.steps import Steps
from certify.decide.refute.theory import Context


class Merge:
    """Joins the groups of one split. declare: writes what must stand between the blocks and the far points; solve: a
    model of clauses, or their refutation; plain: no search for a small core.
    """

    def __init__(
        self,
        context: Context,
        steps: Steps,
        far: FarPoints,
        declare: Callable[[], None],
        solve: Solve,
        plain: bool = False,
    ) -> None:
        self.context = context
        self.steps = steps
        self.far = far
        self.blocks: Sequence[Block] = far.blocks
        self.declare = declare
        self.solve = solve
        self.plain = plain
        self._pieces: dict[tuple[int, int], list[tuple[int, int]]] = {}
        self._before: dict[int, list[tuple[int, int]]] = {}
        self._constant: dict[tuple[int, int], int] = {}
        self._definitions: dict[tuple[int, int], int] = {}
        self._covers: dict[int, int] = {}

    def refute(self, clauses: Sequence[FarClause]) -> bool:
        """Writes the blocks and the refutation; False if the clauses can be satisfied, with nothing written."""
        for clause in clauses:
            if not clause.choice:
                self._prepare(set(self.far.groups_at(clause.place)))
                self._clause(clause)
                return True
        groups = sorted({g for clause in clauses for g, _ in clause.choice})
        names = [(g, c) for g in groups for c in range(len(self.blocks[g].cases))]
        variables = {key: number for number, key in enumerate(names, start=1)}
        covers = [[variables[g, c] for c in range(len(self.blocks[g].cases))] for g in groups]
        excluded = [[-variables[key] for key in clause.choice] for clause in clauses]
        chosen = self._everything(covers, excluded) if self.plain else self._few(covers, excluded, clauses)
        if chosen is None:
            return False
        proof = self.solve([*covers, *(excluded[t] for t in chosen)])
        assert isinstance(proof, LratProof)
        axioms: list[int | FarClause] = [*groups, *(clauses[t] for t in chosen)]
        self._write(axioms, proof, names)
        return True

    def _everything(self, covers: Sequence[list[int]], excluded: Sequence[list[int]]) -> list[int] | None:
        found = self.solve([*covers, *excluded])
        return list(range(len(excluded))) if isinstance(found, LratProof) else None

    def _few(
        self, covers: Sequence[list[int]], excluded: Sequence[list[int]], clauses: Sequence[FarClause]
    ) -> list[int] | None:
        """Clauses at points that cost few steps: of two tries the one that costs less."""
        prices = {clause.place: len(self._agreeing(clause)) for clause in clauses}
        chosen = smaller(covers, excluded, [prices[clause.place] for clause in clauses], self.solve)
        if chosen is None:
            return None
        at: dict[int, list[int]] = {}
        for t, clause in enumerate(clauses):
            at.setdefault(clause.place, []).append(t)
        units = [[excluded[t] for t in members] for members in at.values()]
        near = cheap_units(covers, units, [prices[place] for place in at])
        members = list(at.values())
        subset = [t for u in near for t in members[u]]
        fewer = smaller(covers, [excluded[t] for t in subset], [1] * len(subset), self.solve)
        assert fewer is not None
        tries = chosen, [subset[t] for t in fewer]
        return min(tries, key=lambda found: sum(prices[place] for place in {clauses[t].place for t in found}))

    def _write(self, axioms: Sequence[int | FarClause], proof: LratProof, names: Sequence[tuple[int, int]]) -> None:
        used = set(proof.used_axioms)
        needed = {a for n, a in enumerate(axioms, start=1) if n in used and isinstance(a, int)}
        for n, a in enumerate(axioms, start=1):
            if n in used and not isinstance(a, int):
                needed.update(g for g, _ in a.choice)
                needed.update(self._agreeing(a))
        self._prepare(needed)
        numbers: dict[int, int] = {}
        for index, a in enumerate(axioms, start=1):
            if index not in used:
                continue
            numbers[index] = self._covers[a] if isinstance(a, int) else self._clause(a)
        for number, clause, hints in proof.additions():
            literals = [f"{'-' if x < 0 else ''}d{self._definitions[names[abs(x) - 1]]}" for x in clause]
            numbers[number] = self.steps.propagation(literals, [numbers[h] for h in hints])

    def _agreeing(self, clause: FarClause) -> list[int]:
        """The groups at the clause's point that contribute the same in all cases."""
        chosen = {g for g, _ in clause.choice}
        return [g for g in self.far.groups_at(clause.place) if g not in chosen]

    def _prepare(self, groups: set[int]) -> None:
        for g in sorted(groups):
            self.blocks[g].write(self.steps)
        self.declare()
        for g in sorted(groups):
            self._extend(g, self.far.groups[g])

    def _extend(self, g: int, group: FarGroup) -> None:
        """The definitions and the cover of a group, with what the cases imply at far points."""
        block, hints, changed = group.block, [], False
        for c, number in enumerate(block.definitions):
            extension = group.extensions.get(c)
            if extension is None:
                self._definitions[g, c] = number
                continue
            changed = True
            clauses = [self.steps.numbered("c", text) for text in extension.clauses]
            longer = self.steps.define([*block.cases[c], *extension.literals])
            self._definitions[g, c] = longer
            hints.append(self.steps.propagation([f"-d{number}", f"d{longer}"], [*clauses, f"d{longer}"]))
        self._covers[g] = block.cover
        if changed:
            literals = [f"d{self._definitions[g, c]}" for c in range(len(block.cases))]
            self._covers[g] = self.steps.propagation(literals, [*hints, block.cover])

    # Rows and clauses --------------------------------------------------

    def _clause(self, clause: FarClause) -> int:
        point = self.far.points[clause.place]
        total: dict[str, Fraction] = {f"e{point + 1}": Fraction(1)}
        x = (*self.context.points[point], Fraction(1))
        # By rows: under the case's assumptions the cuts' own equations may be written otherwise (format v1, 6.8: a sign
        # known both ways), rows stay as they are.
        for t, factor in self.far.base(clause.place) or ():
            _accumulate(total, [(f"r{number}", x[c]) for c, number in self._cut(t) if x[c]], -factor)
        for g in self._agreeing(clause):
            _accumulate(total, [(f"r{self._merged(g, clause.place)}", Fraction(1))], -1)
        for g, c in clause.choice:
            _accumulate(total, self._sum(self._column(g, clause.place).runs[c], x), -1)
        literals = [f"-d{self._definitions[key]}" for key in clause.choice]
        return self.steps.clause(literals, [(item, m) for item, m in total.items() if m])

    def _column(self, g: int, place: int) -> Column:
        column = self.far.groups[g].column(place)
        assert column is not None
        return column

    def _sum(self, runs: Runs, x: Sequence[Fraction]) -> Combination:
        """The combination of piece rows that states the sum of the neurons of the runs at x = (x_1 .. x_d, 1)."""
        return [(f"r{number}", x[c]) for run in runs for c, number in self._piece(run) if x[c]]

    def _piece(self, run: tuple[int, int]) -> list[tuple[int, int]]:
        """The rows of the coefficients (index, number) of the sum of the neurons of a run."""
        found = self._pieces.get(run)
        if found is None:
            one, two = self.far.cuts[run[0]], self.far.cuts[run[1]]
            found = self._pieces[run] = self._coefficients([(two, 1), (one, -1)])
        return found

    def _cut(self, t: int) -> list[tuple[int, int]]:
        """The same of alpha and the neurons before a cut."""
        found = self._before.get(t)
        if found is None:
            found = self._before[t] = self._coefficients([(self.far.cuts[t], 1)])
        return found

    def _coefficients(self, cuts: Sequence[tuple[Cut, int]]) -> list[tuple[int, int]]:
        size = len(cuts[0][0].form)
        found = []
        for c in [size - 1] if self.context.threshold else range(size):
            unit = [Fraction(int(a == c)) for a in range(size)]
            total: dict[str, Fraction] = {}
            for cut, sign in cuts:
                _accumulate(total, cut.combination(unit), sign)
            found.append((c, self.steps.row([], [(item, m) for item, m in total.items() if m])))
        return found

    def _merged(self, g: int, place: int) -> int:
        """The row of a group's contribution at a far point that is the same in all its cases."""
        number = self._constant.get((g, place))
        if number is not None:
            return number
        point = self.far.points[place]
        x = (*self.context.points[point], Fraction(1))
        column, ranks = self._column(g, place), self.blocks[g].group.neurons
        order, coefficients = self.context.patterns.order, self.context.coefficients
        start, middle = self.context.patterns.rows[point]
        hidden: Combination = [
            (f"s{order[t] + 1}.{point + 1}", Fraction(1 if coefficients is None else coefficients[order[t]]))
            for t in ranks
            if start <= t < start + len(middle) and middle[t - start] == UNKNOWN
        ]
        sums = [self._sum(runs, x) for runs in column.runs]
        rows = [self.steps.row([f"d{self._definitions[g, c]}"], [*hidden, *part]) for c, part in enumerate(sums)]
        number = self._constant[g, place] = self.steps.merge(self._covers[g], rows)
        return number


def _accumulate(total: dict[str, Fraction], combination: Combination, sign: int) -> None:
    for item, m in combination:
        total[item] = total.get(item, Fraction(0)) + sign * m
