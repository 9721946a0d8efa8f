"""The refuter: from data and a width to a refutation, or UNKNOWN with what bounds are known.

It sees points, labels, width, activation and signs only. Way of a split: labels by a saturated line, bounds on its parallels (bounds.py),
facts and cases of small groups of neurons from exact linear programs (groups.py), clauses between groups from the remaining points (far.py),
and one propositional refutation of what is left (propositional.py).
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from certify.decide.refute.bounds import Saturation
from certify.decide.refute.far import FarPoints
from certify.decide.refute.farkas import Contradictions
from certify.decide.refute.groups import Group, GroupSolver, components
from certify.decide.refute.knowledge import Knowledge
from certify.decide.refute.patterns import Patterns
from certify.decide.refute.propositional import Propositional
from certify.decide.refute.setup import Candidate, Setup
from certify.decide.refute.slots import Sign, widened
from certify.decide.refute.steps import Steps
from certify.decide.refute.theory import Context, LocalTheory
from certify.decide.refute.trim import trimmed
from certify.errors import ResourceLimit
from certify.instance import TrainingInstance

SMALL_WIDTH = 8
"""Up to this width, kinks of every line may become clauses over all neurons."""
MAX_TWO_POINT_LINES = 400


@dataclass(frozen=True)
class Limits:
    """seconds: wall-clock budget of the whole refutation, None for none."""

    seconds: float | None = None


@dataclass(frozen=True)
class Refutation:
    """lines: the text of the section `refutation lines`; summary: counts for reports."""

    lines: list[str]
    summary: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Unknown:
    """reason: what stopped the search; bounds: e.g. {"at least": L} neurons are needed for certain."""

    reason: str
    bounds: dict[str, int] = field(default_factory=dict)


class _Stuck(Exception):
    """The search ended without a refutation; the text says where."""


def refute(
    instance: TrainingInstance,
    limits: Limits | None = None,
    progress: Callable[[str], None] | None = None,
) -> Refutation | Unknown:
    """A refutation of "a network of this width fits the instance exactly", or Unknown. Never a wrong verdict: see docs/trust.md."""
    return _Engine(instance, limits or Limits(), progress or (lambda _: None)).run()


class _Engine:
    def __init__(self, instance: TrainingInstance, limits: Limits, progress: Callable[[str], None]) -> None:
        self.instance = instance
        self.threshold = instance.activation == "threshold"
        self.limits = limits
        self.progress = progress
        self.started = time.monotonic()
        self.solver = Contradictions()
        self.distinct: list[int] = []

    def check(self) -> None:
        if self.limits.seconds is not None and time.monotonic() - self.started > self.limits.seconds:
            raise ResourceLimit(f"no verdict within {self.limits.seconds:g} s")

    def run(self) -> Refutation | Unknown:
        first: dict[object, int] = {}
        for i, (x, y) in enumerate(zip(self.instance.points, self.instance.labels, strict=True)):
            other = first.setdefault(x, i)
            if self.instance.labels[other] != y:
                steps = Steps()
                steps.contradiction(other, i)
                return Refutation(steps.lines, dict(steps.kinds))
        self.distinct = sorted(first.values())
        setup = Setup.of(self.instance.points, self.instance.labels, self.threshold)
        try:
            return self._refute(setup)
        except (ResourceLimit, _Stuck) as stop:
            return Unknown(str(stop), {"at least": self._lower_bound(setup)})

    def _lower_bound(self, setup: Setup) -> int:
        if self.threshold:
            return setup.most("*")
        return setup.most("+") + setup.most("-")

    def _refute(self, setup: Setup) -> Refutation:
        k = self.instance.width
        signs: tuple[Sign, ...] = ("*",) if self.threshold else ("+", "-")
        for sign in signs:
            best = setup.best(sign)
            if best is not None and best.slots[sign]:
                setup.use(best, sign)
        splits: list[int | str]
        if self.threshold:
            splits = [] if setup.most("*") > k else ["*"]
        else:
            allowed = range(setup.most("+"), k - setup.most("-") + 1)
            wanted = {"free": range(k + 1), "convex": range(k, k + 1), "concave": range(1)}[self.instance.signs]
            splits = [p for p in wanted if p in allowed]
        bodies = []
        for split in splits:
            self.progress(f"split {split}: {self.instance.width} neurons, {len(self.distinct)} points")
            bodies.append(_Split(self, setup, split).run())
        head = Steps()
        setup.write(head)
        lines = list(head.lines)
        for body in bodies:
            lines.extend(trimmed(body.lines))
        kinds = Counter(line.split(" ", 1)[0] for line in lines)
        return Refutation(lines, {"steps": dict(kinds), "splits": len(splits), "linear programs": self.solver.solved})


class _Split:
    """One number of positive neurons."""

    def __init__(self, engine: _Engine, setup: Setup, split: int | str) -> None:
        self.engine = engine
        self.setup = setup
        self.split = split
        self.instance = engine.instance
        k = self.instance.width
        self.classes: dict[Sign, range] = (
            {"*": range(k)} if isinstance(split, str) else {"+": range(split), "-": range(split, k)}
        )
        self.steps = Steps()
        self.knowledge = Knowledge(setup.space, k, engine.threshold)
        for candidate in setup.declared:
            self.knowledge.add_line(candidate.line)
        self.saturation = Saturation(self.knowledge, self.steps, self.classes)
        self.propositional = Propositional(self.knowledge, self.steps, engine.threshold)
        self.label: int | None = None

    def run(self) -> Steps:
        self.steps.split(self.split)
        label = self._labels()
        if not self.saturation.refuted:
            order = self._order(label)
            patterns = Patterns(self.knowledge, order)
            patterns.compute(range(len(self.instance.points)))
            coefficients = None if self.engine.threshold else [1 if j in self.classes["+"] else -1 for j in range(len(order))]
            self.context = Context(
                self.instance.points, self.instance.labels, coefficients, self.knowledge, patterns, self.engine.solver
            )
            self._search(patterns)
        self.steps.qed()
        return self.steps

    # Labels and bounds ------------------------------------------------------------------------------------------

    def _full(self, candidate: Candidate) -> list[Sign]:
        """The classes for which the line is saturated."""
        return [s for s, members in self.classes.items() if len(candidate.slots[s]) == len(members) > 0]

    def _number(self, candidate: Candidate) -> int:
        known = candidate.number
        number = self.setup.declare(candidate)
        if known is None:
            assert self.knowledge.add_line(candidate.line) == number
        return number

    def _use(self, candidate: Candidate, sign: Sign) -> int:
        number = self._number(candidate)
        self.setup.use(candidate, sign)
        self.saturation.declare(number, sign, candidate.slots[sign])
        return number

    def _labels(self) -> Candidate | None:
        families: dict[tuple[int, ...], list[Candidate]] = {}
        for candidate in self.setup.candidates:
            if self._full(candidate):
                families.setdefault(candidate.line.direction, []).append(candidate)
        family = max(families.values(), key=lambda f: sum(len(self._full(c)) for c in f), default=None)
        if family is None:
            return self._partial_labels()
        # The middle line of the family: its breaks lie between those on its two sides.
        family.sort(key=lambda c: c.line.origin)
        both = [c for c in family if len(self._full(c)) == max(len(self._full(d)) for d in family)]
        label = both[len(both) // 2]
        used = self._full(label)
        for candidate in family:
            for sign in self._full(candidate):
                if sign in used:
                    self._use(candidate, sign)
        assert label.number is not None
        self.label = label.number
        if not self.engine.threshold:
            for line in sorted({candidate.number for candidate in family if candidate.number is not None}):
                self.saturation.flatten(line, self.instance.labels)
                if self.saturation.refuted:
                    return label
        for sign in used:
            self.saturation.label(label.number, sign)
        for candidate in self.setup.candidates:
            if candidate is not label and candidate.line.direction == label.line.direction:
                number = self._number(candidate)
                if self._full(candidate):
                    self._pair(label.number, number)
        for sign in used:
            if not self.saturation.refuted:
                self.saturation.propagate(label.number, sign)
        return label

    def _pair(self, first: int, second: int) -> None:
        self.steps.pair(first, second)
        self.knowledge.add_pair(first, second)

    def _partial_labels(self) -> Candidate | None:
        """Names as many neurons as the best line of each class forces."""
        label = None
        for sign in self.classes:
            best = self.setup.best(sign)
            if best is not None and best.slots[sign]:
                number = self._use(best, sign)
                self.saturation.label(number, sign)
                label = best
        return label

    def _order(self, label: Candidate | None) -> list[int]:
        """Neurons by the position of their slot on the label line; unlabelled ones last."""
        if label is None:
            return list(range(self.instance.width))
        keyed = []
        for sign, members in self.classes.items():
            slots = label.slots[sign]
            keyed.extend((slots[t].middle if t < len(slots) else len(label.line.points), j) for t, j in enumerate(members))
        return [j for _, j in sorted(keyed)]

    # Groups, cases, far points ----------------------------------------------------------------------------------

    def _tighten(self, patterns: Patterns) -> bool:
        """Facts on the saturated lines and bounds between them, in turn to a fixed point; True on a contradiction.

        Exact breaks on one line are what tells the slots of the next apart (Lemma 4's argument for g_2 and I_2).
        """
        lines = {line for line, sign in self.saturation.slots if self.saturation.saturated(line, sign)}
        on_lines = sorted({i for line in lines for i in self.knowledge.lines[line].points})
        most = 1
        while most <= 2:
            written = len(self.steps.lines)
            open_at = {i: u for i in on_lines if 0 < len(u := patterns.unknown(i)) <= most}
            groups = [Group(g, []) for g in components(len(patterns.order), list(open_at.values()))]
            home = {t: group for group in groups for t in group.neurons}
            for i, u in open_at.items():
                home[u[0]].points.append(i)
            frames = self._frames(patterns, on_lines)
            for group in groups:
                if self._solver(group, patterns, frames).facts():
                    return True
            for sign in self.classes:
                if self.label is not None and self.saturation.saturated(self.label, sign):
                    self.saturation.propagate(self.label, sign)
                    if self.saturation.refuted:
                        return True
            for i in on_lines:
                patterns.refresh(i)
            most = 1 if len(self.steps.lines) > written else most + 1
        return False

    def _solver(self, group: Group, patterns: Patterns, frames: dict[bytes, list[int]]) -> GroupSolver:
        neurons = [patterns.order[t] for t in group.neurons]
        theory = LocalTheory(self.context, neurons, self._points(group, patterns, frames))
        return GroupSolver(self.context, self.steps, self.propositional, theory, self.engine.check)

    def _search(self, patterns: Patterns) -> None:
        if self._tighten(patterns):
            return
        for i in self.engine.distinct:
            patterns.refresh(i)
        open_at = {i: u for i in self.engine.distinct if (u := patterns.unknown(i))}
        groups = self._groups(open_at, patterns)
        everything = len(groups) == 1 and len(groups[0].neurons) == len(patterns.order)
        home = {t: g for g, group in enumerate(groups) for t in group.neurons}
        far: list[int] = []
        for i, u in open_at.items():
            (groups[home[u[0]]].points if len({home[t] for t in u}) == 1 else far).append(i)
        frames = self._frames(patterns, self.engine.distinct)
        solvers = [self._solver(group, patterns, frames) for group in groups]
        for n, solver in enumerate(solvers):
            self.engine.progress(f"facts of group {n + 1} of {len(solvers)}")
            if solver.facts():
                return
        for i in open_at:
            patterns.refresh(i)
        if everything and self.instance.width <= SMALL_WIDTH:
            self._kinks()
        for i in far:
            for g in {home[t] for t in patterns.unknown(i)}:
                groups[g].far.append(i)
        for n, (group, solver) in enumerate(zip(groups, solvers, strict=True)):
            self.engine.progress(f"cases of group {n + 1} of {len(solvers)}")
            group.cases = solver.cases(solver.open_atoms())
            if len(group.cases) > 1:
                group.cases = [solver.close(case, group.points, group.far) for case in group.cases]
            if not group.cases:
                break
        else:
            self._join(groups, far, home, patterns)
        if self.propositional.derive([]) is None:
            raise _Stuck("a consistent choice of cases is left: the data may be fitted")

    def _join(self, groups: list[Group], far: list[int], home: dict[int, int], patterns: Patterns) -> None:
        for group in groups:
            if not any(group.cases):
                continue
            group.definitions = [self.propositional.definition(case) for case in group.cases]
            group.cover = self.propositional.derive([atom for _, atom in group.definitions])
            if group.cover is None:
                raise _Stuck("the cases of a group do not cover it")
            self.propositional.add([atom for _, atom in group.definitions], str(group.cover))
        self._far_pairs(groups)
        cuts = patterns.cuts(self.instance.points, self.instance.labels, self.engine.threshold)
        points = FarPoints(self.context, self.steps, self.propositional, cuts, self.engine.check)
        left = []
        for i in far:
            patterns.refresh(i)
            involved = sorted({home[t] for t in patterns.unknown(i)})
            if not points.add(i, [groups[g] for g in involved]):
                left.append(i)
        if left and self.propositional.model() is not None:
            raise _Stuck(f"{len(left)} points stay open in some case, e.g. point {left[0] + 1}")

    def _far_pairs(self, groups: list[Group]) -> None:
        """Pairs of the label line with the lines that carry the points of the cases, to extrapolate from them."""
        if not self.knowledge.pairs:
            return
        first = self.knowledge.pairs[0].first
        paired = {first} | {pair.second for pair in self.knowledge.pairs}
        direction = self.knowledge.lines[first].direction
        wanted = {
            number
            for group in groups
            for case in group.cases
            for literal in case
            for number, _ in self.knowledge.on_lines.get(literal.point, ())
            if self.knowledge.lines[number].direction == direction
        }
        for number in sorted(wanted - paired):
            self._pair(first, number)

    def _groups(self, open_at: dict[int, list[int]], patterns: Patterns) -> list[Group]:
        """Blocks between neighbouring cuts, joined by the points nearest to the label line, until no open block is left out.

        The points beyond are far points: there groups stay apart and meet in clauses only.
        """
        size = len(patterns.order)
        if size <= SMALL_WIDTH // 2 or not self.knowledge.pairs:
            return [Group(list(range(size)), [])]
        cuts = sorted({0, size} | set(patterns.cuts(self.instance.points, self.instance.labels, self.engine.threshold)))
        block = [0] * size
        for b, (start, stop) in enumerate(pairwise(cuts)):
            block[start:stop] = [b] * (stop - start)
        links = {i: sorted({block[t] for t in u}) for i, u in open_at.items()}
        opened = {b for link in links.values() for b in link}
        groups: list[list[int]] = []
        distance = {i: self._distance(i) for i in open_at}
        for bound in sorted(set(distance.values())):
            groups = components(len(cuts) - 1, [link for i, link in links.items() if distance[i] <= bound])
            if {b for g in groups for b in g} == opened:
                break
        return [Group([t for b in g for t in range(cuts[b], cuts[b + 1])], []) for g in groups]

    def _distance(self, point: int) -> int:
        """A measure of how far a point is from the label line: the largest minor of offset and direction."""
        assert self.label is not None
        line, space = self.knowledge.lines[self.label], self.setup.space
        first = space.integer[line.points[0]]
        offset = [b - a for a, b in zip(first, space.integer[point], strict=True)]
        e = line.direction
        return max(
            (abs(offset[a] * e[b] - offset[b] * e[a]) for a in range(len(e)) for b in range(a)), default=0
        )

    def _frames(self, patterns: Patterns, points: list[int]) -> dict[bytes, list[int]]:
        """The points where all is known, by what is on there."""
        frames: dict[bytes, list[int]] = {}
        for i in points:
            if patterns.rows[i].find(Patterns.UNKNOWN) < 0:
                frames.setdefault(bytes(patterns.rows[i]), []).append(i)
        return frames

    def _points(self, group: Group, patterns: Patterns, frames: dict[bytes, list[int]]) -> list[int]:
        """The group's open points, and the frame points that see the same outside."""
        members = group.neurons
        outsides = set()
        for i in group.points:
            row = bytearray(patterns.rows[i])
            for t in members:
                row[t] = 0
            outsides.add(bytes(row))
        found = list(group.points)
        for row, points in frames.items():
            masked = bytearray(row)
            for t in members:
                masked[t] = 0
            if bytes(masked) in outsides:
                found.extend(points)
        return sorted(found)

    def _kinks(self) -> None:
        """Slots of lines that are not yet accounted for, as clauses over the neurons of their class."""
        candidates = list(self.setup.candidates)
        for candidate in candidates:
            if candidate.number is None:
                candidate.slots = {
                    sign: widened(candidate.line, slots, self.instance.labels)
                    for sign, slots in candidate.slots.items()
                }
        if self.engine.threshold and not self.knowledge.pairs:
            candidates += self._two_point_lines()
        for candidate in candidates:
            for sign, members in self.classes.items():
                for t, slot in enumerate(candidate.slots[sign]):
                    left, right = candidate.line.points[slot.left], candidate.line.points[slot.right]
                    number = self._number(candidate)
                    self.setup.use(candidate, sign)
                    step = self.steps.kink(number, sign, t)
                    atoms = [self.propositional.slot_atom(j, step, left, right) for j in members]
                    self.propositional.add(atoms, str(step))

    def _two_point_lines(self) -> list[Candidate]:
        """Pairs of points with different labels that no longer line joins."""
        joined = {
            (a, b) for c in self.setup.candidates for a in c.line.points for b in c.line.points
        }
        labels = self.instance.labels
        pairs = [
            (a, b)
            for n, a in enumerate(self.engine.distinct)
            for b in self.engine.distinct[n + 1 :]
            if labels[a] != labels[b] and (a, b) not in joined
        ]
        lines = [self.setup.space.line(pair) for pair in pairs[:MAX_TWO_POINT_LINES]]
        return [Candidate(line, self.setup.slots_of(line)) for line in lines]
