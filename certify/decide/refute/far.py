"""Points at which several groups are open: what the groups contribute there in each of their cases.

In a case, a group's neurons on at a point p form runs between two cuts (cuts.py), so the group's contribution is a
known affine function. The sum over the groups has to be the label; choices of cases that miss it are clauses between
groups. They are found here as numbers; merge.py writes the ones that the refutation needs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np

from certify.decide.refute.blocks import Block
from certify.decide.refute.cuts import Cut
from certify.decide.refute.groups import GroupSolver, Likely
from certify.decide.refute.knowledge import Literal
from certify.decide.refute.patterns import OFF, ON, UNKNOWN, on_runs
from certify.decide.refute.reach import Reach
from certify.decide.refute.theory import Context

MAX_CHOICES = 4096
STATUSES_IN_A_WORD = 39
"""So many statuses, of three values each, are one machine integer."""
Runs = tuple[tuple[int, int], ...]
Form = tuple[Fraction, ...]


@dataclass
class Extension:
    """What a case implies at far points beyond what bounds say: its literals, and the clauses for them, unnumbered."""

    literals: list[Literal]
    clauses: list[str]


@dataclass
class Column:
    """What a group does at some far points: in each case the ranks that are on and the sum's form."""

    runs: list[Runs]
    forms: list[Form]

    @cached_property
    def silent(self) -> bool:
        """The group adds nothing in any case."""
        return not any(map(any, self.forms))


@dataclass
class FarGroup:
    """A group at its far points (places among all of them); which: its column there, -1 where a case leaves it open."""

    block: Block
    places: Any
    columns: list[Column] = field(default_factory=list)
    which: Any = None
    extensions: dict[int, Extension] = field(default_factory=dict)

    def column(self, place: int) -> Column | None:
        """Its column at a far point."""
        t = int(np.searchsorted(self.places, place))
        return None if self.which[t] < 0 else self.columns[self.which[t]]


@dataclass
class FarClause:
    """Not all of these (group, case) together: the sum at the far point would not be its label."""

    place: int
    choice: tuple[tuple[int, int], ...]


class FarPoints:
    """The far points of a split. home: rank -> group, -1 where none."""

    def __init__(
        self,
        context: Context,
        blocks: Sequence[Block],
        home: Sequence[int],
        far: Sequence[int],
        cuts: dict[int, Cut],
        solver: Callable[[Block], GroupSolver],
        check: Callable[[], None],
    ) -> None:
        self.context = context
        self.blocks = blocks
        self.cuts = cuts
        self.solver = solver
        self.check = check
        self.home = np.array(home, dtype=np.int64)
        self.points = list(far)
        self.reach = Reach(context.knowledge, self.points)
        self._open: list[Any] = [self._involved(i) for i in self.points]
        self.groups = [FarGroup(b, p) for b, p in zip(blocks, _inverted(self._open, len(blocks)), strict=True)]
        # At each place the groups that may add something, once they are explored, and whether some are left open.
        self._adding: list[list[int]] = [[] for _ in self.points]
        self._left = np.zeros(len(self.points), dtype=bool)
        self._forms: dict[Runs, Form | None] = {}
        self._likely: dict[tuple[int, int], dict[int, Likely]] = {}

    def groups_at(self, place: int) -> list[int]:
        """The groups with a neuron whose sign is not known at the far point, ascending."""
        return self._open[place].tolist()  # type: ignore[no-any-return]

    def _involved(self, point: int) -> Any:
        start, middle = self.context.patterns.rows[point]
        homes = self.home[start : start + len(middle)][np.frombuffer(middle, dtype=np.uint8) == UNKNOWN]
        return np.unique(homes[homes >= 0]).astype(np.int32)

    # What the groups do --------------------------------------------------

    def explore(self) -> None:
        """Statuses and contributions of all groups in all their cases."""
        for g, group in enumerate(self.groups):
            self.check()
            if len(group.places):
                self._explore(group)
                adding = np.array([not column.silent for column in group.columns] + [False])[group.which]
                for place in group.places[adding].tolist():
                    self._adding[place].append(g)
                self._left[group.places[group.which < 0]] = True

    def _explore(self, group: FarGroup) -> None:
        cases = group.block.cases
        neurons = group.block.support.neurons
        statuses = [self.reach.statuses(neurons, case, group.places) for case in cases]
        for c, case in enumerate(cases):
            opened = np.flatnonzero((statuses[c] == UNKNOWN).any(axis=0))
            if len(opened):
                extension = self._extend(group, c, [self.points[group.places[t]] for t in opened])
                if extension is not None:
                    group.extensions[c] = extension
                    longer = [*case, *extension.literals]
                    statuses[c][:, opened] = self.reach.statuses(neurons, longer, group.places[opened])
        stacked = np.concatenate(statuses) if statuses else np.full((1, len(group.places)), UNKNOWN, dtype=np.uint8)
        first, inverse = _distinct(stacked)
        renumber = []
        for t in first:
            column = self._column(group, stacked[:, t], len(cases))
            renumber.append(-1 if column is None else len(group.columns))
            if column is not None:
                group.columns.append(column)
        group.which = np.array(renumber, dtype=np.int64)[inverse]

    def _extend(self, group: FarGroup, case: int, points: Sequence[int]) -> Extension | None:
        solver = self.solver(group.block)
        likely = self._likely.setdefault((id(group.block.kind), case), {})
        literals = solver.reach(group.block.cases[case], points, likely)
        if not literals:
            return None
        return Extension(literals, [line.split(" ", 2)[2] for line in solver.steps.lines])

    def _column(self, group: FarGroup, statuses: Any, cases: int) -> Column | None:
        if (statuses == UNKNOWN).any():
            return None
        ranks = group.block.group.neurons
        runs: list[Runs] = []
        forms: list[Form] = []
        for c in range(cases):
            part = statuses[c * len(ranks) : (c + 1) * len(ranks)]
            found = as_runs([t for t, s in zip(ranks, part, strict=True) if s == ON])
            form = self.form(found)
            if form is None:
                return None
            runs.append(found)
            forms.append(form)
        return Column(runs, forms)

    def form(self, runs: Runs) -> Form | None:
        """The affine function that the neurons of these runs add up to, by the cuts; None if there are none."""
        if runs not in self._forms:
            total = [Fraction(0)] * (len(self.context.points[0]) + 1)
            known = True
            for start, stop in runs:
                one, two = self.cuts.get(start), self.cuts.get(stop)
                if one is None or two is None:
                    known = False
                    break
                total = [c + b - a for c, a, b in zip(total, one.form, two.form, strict=True)]
            self._forms[runs] = tuple(total) if known else None
        return self._forms[runs]

    # The equations of the points --------------------------------------------------

    def base(self, place: int) -> list[tuple[int, int]] | None:
        """The cuts (rank, factor) that add up to alpha and what is on outside the involved groups; None if unknown."""
        row = self.context.patterns.rows[self.points[place]]
        groups = self._open[place].tolist()
        start, middle = row
        bounds = [self.blocks[g].group.neurons for g in groups]
        if all(ranks[0] >= start and ranks[-1] < start + len(middle) for ranks in bounds):
            window = np.frombuffer(middle, dtype=np.uint8).copy()
            flags = np.zeros(len(self.blocks) + 1, dtype=bool)
            flags[groups] = True
            window[flags[self.home[start : start + len(middle)]]] = OFF
            runs = on_runs((start, window.tobytes()))
        else:
            runs = on_runs(row, sorted(t for ranks in bounds for t in ranks))
        parts = [(0, 1)]
        for begin, end in runs:
            # The piece before the first neuron and that run are one piece.
            parts = [(end, 1)] if begin == 0 else [*parts, (end, 1), (begin, -1)]
        return parts if all(t in self.cuts for t, _ in parts) else None

    def clauses(self) -> tuple[list[FarClause], list[int]]:
        """What the points exclude, and the points that say nothing because a case leaves something open."""
        found: list[FarClause] = []
        left: list[int] = []
        for place, point in enumerate(self.points):
            self.check()
            clauses = self._at(place, point)
            if clauses is None:
                left.append(point)
            else:
                found += clauses
        return found, left

    def _at(self, place: int, point: int) -> list[FarClause] | None:
        parts = None if self._left[place] else self.base(place)
        if parts is None:
            return None
        x = (*self.context.points[point], Fraction(1))
        rest = self.context.labels[point] - sum((f * self.cuts[t].value(x) for t, f in parts), Fraction(0))
        dependent: list[tuple[int, list[Fraction]]] = []
        choices = 1
        for g in self._adding[place]:
            column = self.groups[g].column(place)
            assert column is not None
            values = [sum((c * v for c, v in zip(form, x, strict=True)), Fraction(0)) for form in column.forms]
            if len(set(values)) == 1:
                rest -= values[0]
            else:
                dependent.append((g, values))
                choices *= len(values)
        if choices > MAX_CHOICES:
            return None
        found = []
        for choice in product(*(range(len(values)) for _, values in dependent)):
            total = sum((values[c] for (_, values), c in zip(dependent, choice, strict=True)), Fraction(0))
            if total != rest:
                found.append(
                    FarClause(place, tuple((g, c) for (g, _), c in zip(dependent, choice, strict=True)))
                )
        return found


def _inverted(lists: Sequence[Any], size: int) -> list[Any]:
    """For every number below size the places of the (ascending) arrays that hold it, ascending."""
    numbers = np.concatenate([np.zeros(0, dtype=np.int32), *lists])
    places = np.repeat(np.arange(len(lists), dtype=np.int64), [len(found) for found in lists])
    order = np.argsort(numbers, kind="stable")
    return np.split(places[order], np.searchsorted(numbers[order], np.arange(1, size)))


def _distinct(columns: Any) -> tuple[list[int], Any]:
    """The first places of the different columns of statuses, and for every column the number of its like."""
    keys: Any = np.ascontiguousarray(columns.T).view(np.dtype((np.void, len(columns)))).ravel()
    if len(columns) <= STATUSES_IN_A_WORD:
        keys = np.zeros(columns.shape[1], dtype=np.int64)
        for row in columns:
            keys = keys * 3 + row
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    return first.tolist(), np.ravel(inverse)


def as_runs(ranks: Sequence[int]) -> Runs:
    """Maximal runs [start, stop) of consecutive ranks (ascending)."""
    runs: list[tuple[int, int]] = []
    for t in ranks:
        if runs and runs[-1][1] == t:
            runs[-1] = (runs[-1][0], t + 1)
        else:
            runs.append((t, t + 1))
    return tuple(runs)
