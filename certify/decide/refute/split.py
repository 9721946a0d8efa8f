"""One split of a refutation: a fixed number of positive neurons (threshold: all neurons alike)."""

from __future__ import annotations

from certify.decide.refute.bounds import Saturation
from certify.decide.refute.far import FarPoints
from certify.decide.refute.grouping import distance_from, frame_points, groups_between, theory_points
from certify.decide.refute.groups import Group, GroupSolver, components
from certify.decide.refute.job import Job, StuckError
from certify.decide.refute.knowledge import Knowledge
from certify.decide.refute.patterns import Patterns
from certify.decide.refute.propositional import Propositional
from certify.decide.refute.setup import Candidate, Setup
from certify.decide.refute.slots import Sign, widened
from certify.decide.refute.steps import Steps
from certify.decide.refute.theory import Context, LocalTheory

SMALL_WIDTH = 8
"""Up to this width, kinks of every line may become clauses over all neurons."""
MAX_TWO_POINT_LINES = 400


class Split:
    """One number of positive neurons."""

    def __init__(self, job: Job, setup: Setup, split: int | str) -> None:
        self.job = job
        self.setup = setup
        self.split = split
        self.instance = job.instance
        k = self.instance.width
        self.classes: dict[Sign, range] = (
            {"*": range(k)} if isinstance(split, str) else {"+": range(split), "-": range(split, k)}
        )
        self.steps = Steps()
        self.knowledge = Knowledge(setup.space, k, job.threshold)
        for candidate in setup.declared:
            self.knowledge.add_line(candidate.line)
        self.saturation = Saturation(self.knowledge, self.steps, self.classes)
        self.propositional = Propositional(self.knowledge, self.steps, job.threshold)
        self.label: int | None = None

    def run(self) -> Steps:
        """The steps of the split, ended by `qed`. Raises StuckError or ResourceLimit where they are not found."""
        patterns = self.prepare()
        if patterns is not None:
            self._search(patterns)
        self.steps.qed()
        return self.steps

    def prepare(self) -> Patterns | None:
        """Labels, bounds and facts of the lines; None if they refute the split already."""
        self.steps.split(self.split)
        label = self._labels()
        if self.saturation.refuted:
            return None
        patterns = Patterns(self.knowledge, self._order(label))
        patterns.compute(range(len(self.instance.points)))
        positive = self.classes.get("+", range(0))
        coefficients = [1 if j in positive else -1 for j in range(self.instance.width)]
        self.context = Context(
            self.instance.points,
            self.instance.labels,
            None if self.job.threshold else coefficients,
            self.knowledge,
            patterns,
            self.job.solver,
        )
        if self._tighten(patterns):
            return None
        for i in self.job.distinct:
            patterns.refresh(i)
        return patterns

    # Labels and bounds --------------------------------------------------

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
        if not self.job.threshold:
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
        keyed: list[tuple[int, int]] = []
        for sign, members in self.classes.items():
            slots = label.slots[sign]
            keyed.extend(
                (slots[t].middle if t < len(slots) else len(label.line.points), j)
                for t, j in enumerate(members)
            )
        return [j for _, j in sorted(keyed)]

    # Groups, cases, far points --------------------------------------------------

    def _tighten(self, patterns: Patterns) -> bool:
        """Facts on the saturated lines and bounds between them, in turn to a fixed point; True on a
        contradiction.

        Exact breaks on one line are what tells the slots of the next apart (Lemma 4's argument for g_2 and
        I_2).
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
            frames = frame_points(patterns, on_lines)
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
        theory = LocalTheory(self.context, neurons, theory_points(group, patterns, frames))
        return GroupSolver(self.context, self.steps, self.propositional, theory, self.job.check)

    def _search(self, patterns: Patterns) -> None:
        open_at = {i: u for i in self.job.distinct if (u := patterns.unknown(i))}
        groups = self._groups(open_at, patterns)
        everything = len(groups) == 1 and len(groups[0].neurons) == len(patterns.order)
        home = {t: g for g, group in enumerate(groups) for t in group.neurons}
        far: list[int] = []
        for i, u in open_at.items():
            (groups[home[u[0]]].points if len({home[t] for t in u}) == 1 else far).append(i)
        frames = frame_points(patterns, self.job.distinct)
        solvers = [self._solver(group, patterns, frames) for group in groups]
        for n, solver in enumerate(solvers):
            self.job.progress(f"facts of group {n + 1} of {len(solvers)}")
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
            self.job.progress(f"cases of group {n + 1} of {len(solvers)}")
            group.cases = solver.cases(solver.open_atoms(), everything)
            if len(group.cases) > 1:
                group.cases = [solver.close(case, group.points, group.far) for case in group.cases]
            if not group.cases:
                break
        else:
            self._join(groups, far, home, patterns)
        if self.propositional.derive([]) is None:
            raise StuckError("a consistent choice of cases is left: the data may be fitted")

    def _join(self, groups: list[Group], far: list[int], home: dict[int, int], patterns: Patterns) -> None:
        for group in groups:
            if not any(group.cases):
                continue
            group.definitions = [self.propositional.definition(case) for case in group.cases]
            group.cover = self.propositional.derive([atom for _, atom in group.definitions])
            if group.cover is None:
                raise StuckError("the cases of a group do not cover it")
            self.propositional.add([atom for _, atom in group.definitions], str(group.cover))
        self._far_pairs(groups)
        cuts = patterns.cuts(self.instance.points, self.instance.labels, self.job.threshold)
        points = FarPoints(self.context, self.steps, self.propositional, cuts, self.job.check)
        left = []
        for i in far:
            patterns.refresh(i)
            involved = sorted({home[t] for t in patterns.unknown(i)})
            if not points.add(i, [groups[g] for g in involved]):
                left.append(i)
        if left and self.propositional.model() is not None:
            raise StuckError(f"{len(left)} points stay open in some case, e.g. point {left[0] + 1}")

    def _far_pairs(self, groups: list[Group]) -> None:
        """Pairs of the label line with the lines that carry the points of the cases, to extrapolate from
        them.
        """
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
        size = len(patterns.order)
        if size <= SMALL_WIDTH // 2 or not self.knowledge.pairs or self.label is None:
            return [Group(list(range(size)), [])]
        cuts = patterns.cuts(self.instance.points, self.instance.labels, self.job.threshold)
        label = self.knowledge.lines[self.label]
        distance = {i: distance_from(label, self.setup.space, i) for i in open_at}
        return groups_between(cuts, size, open_at, distance)

    def _kinks(self) -> None:
        """Slots of lines that are not yet accounted for, as clauses over the neurons of their class."""
        candidates = list(self.setup.candidates)
        for candidate in candidates:
            if candidate.number is None:
                candidate.slots = {
                    sign: widened(candidate.line, slots, self.instance.labels)
                    for sign, slots in candidate.slots.items()
                }
        if self.job.threshold and not self.knowledge.pairs:
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
        joined = {(a, b) for c in self.setup.candidates for a in c.line.points for b in c.line.points}
        labels = self.instance.labels
        pairs = [
            (a, b)
            for n, a in enumerate(self.job.distinct)
            for b in self.job.distinct[n + 1 :]
            if labels[a] != labels[b] and (a, b) not in joined
        ]
        lines = [self.setup.space.line(pair) for pair in pairs[:MAX_TWO_POINT_LINES]]
        return [Candidate(line, self.setup.slots_of(line)) for line in lines]
