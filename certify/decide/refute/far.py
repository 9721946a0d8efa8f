"""Points at which several groups are open: what the groups contribute there in each of their cases.

In a case, a group's neurons on at a point p form runs between two cuts (patterns.py), so the group's
contribution is a known number. A contribution equal in all cases becomes a row (steps `r`, `m`); the others
give clauses between cases.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product

from certify.decide.refute.farkas import Combination
from certify.decide.refute.groups import Group
from certify.decide.refute.knowledge import GE, LE
from certify.decide.refute.patterns import Cut, Patterns
from certify.decide.refute.propositional import Propositional
from certify.decide.refute.steps import Steps
from certify.decide.refute.theory import Context
from certify.errors import ResourceLimit

MAX_CHOICES = 4096


class FarPoints:
    """Clauses from the equations of points where more than one group is open."""

    def __init__(
        self,
        context: Context,
        steps: Steps,
        propositional: Propositional,
        cuts: dict[int, Cut],
        check: Callable[[], None],
    ) -> None:
        self.context = context
        self.steps = steps
        self.propositional = propositional
        self.cuts = cuts
        self.check = check

    def _difference(self, point: int, on: Sequence[int], base: bool) -> tuple[Combination, Fraction] | None:
        """The equations whose combination states the sum over the ranks `on` (plus alpha, if base) at the
        point.
        """
        parts: list[tuple[int, int]] = [(0, 1)] if base else []
        runs = _runs(on)
        for start, stop in runs:
            parts += [(stop, 1), (start, -1)]
        total: dict[str, Fraction] = {}
        value = Fraction(0)
        for t, sign in parts:
            cut = self.cuts.get(t)
            if cut is None:
                return None
            combination, v = cut.at(self.context.points[point])
            value += sign * v
            for item, m in combination:
                total[item] = total.get(item, Fraction(0)) + sign * m
        return [(item, m) for item, m in total.items() if m], value

    def _on(self, group: Group, point: int, case: int) -> list[int] | None:
        """Ranks of the group that are on at the point in a case; None if the case does not decide it."""
        knowledge, order = self.context.knowledge, self.context.patterns.order
        on = []
        with knowledge.assuming(group.cases[case]):
            for t in group.neurons:
                mask = knowledge.known(order[t], point)
                if mask & GE:
                    on.append(t)
                elif not mask & LE:
                    return None
        return on

    def _statuses(self, point: int, ranks: Sequence[int]) -> Combination:
        """`s` items that turn the open h (or t) of the group into what the case makes of them."""
        order = self.context.patterns.order
        row = self.context.patterns.rows[point]
        items = []
        for t in ranks:
            if row[t] == Patterns.UNKNOWN:
                a = 1 if self.context.coefficients is None else self.context.coefficients[order[t]]
                items.append((f"s{order[t] + 1}.{point + 1}", Fraction(a)))
        return items

    def add(self, point: int, groups: Sequence[Group]) -> bool:
        """Writes the rows and clauses of one point; False where a case leaves something open there."""
        row = self.context.patterns.rows[point]
        inside = {t for group in groups for t in group.neurons}
        outside = [t for t in range(len(row)) if row[t] == Patterns.ON and t not in inside]
        base = self._difference(point, outside, True)
        if base is None:
            return False
        total: dict[str, Fraction] = {f"e{point + 1}": Fraction(1)}
        rest = self.context.labels[point] - base[1]
        _accumulate(total, base[0], -1)
        dependent: list[tuple[Group, list[tuple[Combination, Fraction]]]] = []
        rows: list[tuple[Group, list[tuple[Combination, Fraction]]]] = []
        for group in groups:
            active = [self._on(group, point, c) for c in range(len(group.cases))]
            if any(on is None for on in active):
                return False
            sums = [self._difference(point, on or [], False) for on in active]
            if any(s is None for s in sums):
                return False
            values = [s for s in sums if s is not None]
            if len({v for _, v in values}) == 1 and len(groups) > 1:
                rows.append((group, values))
                rest -= values[0][1]
            else:
                dependent.append((group, values))
        choices = 1
        for group, _ in dependent:
            choices *= len(group.cases)
        if choices > MAX_CHOICES:
            raise ResourceLimit(f"point {point + 1} joins too many open groups")
        bad = [
            choice
            for choice in product(*(range(len(values)) for _, values in dependent))
            if sum((values[c][1] for (_, values), c in zip(dependent, choice, strict=True)), Fraction(0))
            != rest
        ]
        if not bad:
            return True
        for group, values in rows:
            number = self._constant_row(group, point, values)
            total[f"r{number}"] = total.get(f"r{number}", Fraction(0)) - 1
        for choice in bad:
            self.check()
            combination = dict(total)
            for (_, values), c in zip(dependent, choice, strict=True):
                _accumulate(combination, values[c][0], -1)
            literals, atoms = [], []
            for (group, _), c in zip(dependent, choice, strict=True):
                number, atom = group.definitions[c]
                literals.append(f"-d{number}")
                atoms.append(-atom)
            items = [(item, m) for item, m in combination.items() if m]
            self.propositional.add(atoms, str(self.steps.clause(literals, items)))
        return True

    def _constant_row(self, group: Group, point: int, values: list[tuple[Combination, Fraction]]) -> int:
        numbers = []
        for c, (combination, _) in enumerate(values):
            number, _ = group.definitions[c]
            items = [*self._statuses(point, group.neurons), *combination]
            numbers.append(self.steps.row([f"d{number}"], items))
        assert group.cover is not None
        return self.steps.merge(group.cover, numbers)


def _runs(ranks: Sequence[int]) -> list[tuple[int, int]]:
    """Maximal runs [start, stop) of consecutive ranks."""
    runs: list[tuple[int, int]] = []
    for t in sorted(ranks):
        if runs and runs[-1][1] == t:
            runs[-1] = (runs[-1][0], t + 1)
        else:
            runs.append((t, t + 1))
    return runs


def _accumulate(total: dict[str, Fraction], combination: Combination, sign: int) -> None:
    for item, m in combination:
        total[item] = total.get(item, Fraction(0)) + sign * m
