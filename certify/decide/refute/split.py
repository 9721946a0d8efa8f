"""One split of a refutation: a fixed number of positive neurons (threshold: all neurons alike)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from certify.decide.cubes import Cubes
from certify.decide.refute.blocks import Block, Kind, kind_of, matching, renamed, solve_group, support
from certify.decide.refute.bounds import Saturation
from certify.decide.refute.cuts import cuts
from certify.decide.refute.divide import LEFT, explore
from certify.decide.refute.far import FarPoints
from certify.decide.refute.grouping import Frames, distance_from, groups_between, theory_points
from certify.decide.refute.groups import Group, GroupSolver, components
from certify.decide.refute.job import Job, StuckError
from certify.decide.refute.knowledge import Knowledge
from certify.decide.refute.merge import Merge
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
        # A split is built again once another one has declared a line (engine.py): another search.
        self.name = f"split {split}, {len(setup.declared)} lines"
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
        patterns.update(self.job.distinct)
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
        patterns.update(on_lines)
        most = 1
        while most <= 2:
            written = len(self.steps.lines)
            open_at = {i: u for i in on_lines if 0 < len(u := patterns.unknown(i)) <= most}
            groups = [Group(g, []) for g in components(len(patterns.order), list(open_at.values()))]
            home = {t: group for group in groups for t in group.neurons}
            for i, u in open_at.items():
                home[u[0]].points.append(i)
            frames = Frames(patterns, on_lines)
            for group in groups:
                if self._solver(self._theory(group, patterns, frames)).facts():
                    return True
            for sign in self.classes:
                if self.label is not None and self.saturation.saturated(self.label, sign):
                    self.saturation.propagate(self.label, sign)
                    if self.saturation.refuted:
                        return True
            patterns.update(on_lines)
            most = 1 if len(self.steps.lines) > written else most + 1
        return False

    def _theory(self, group: Group, patterns: Patterns, frames: Frames) -> LocalTheory:
        neurons = [patterns.order[t] for t in group.neurons]
        points = theory_points(group, patterns, frames, self.instance.labels, self.label)
        return LocalTheory(self.context, neurons, points)

    def _solver(self, theory: LocalTheory) -> GroupSolver:
        return GroupSolver(self.context, self.steps, self.propositional, theory, self.job.check)

    def _search(self, patterns: Patterns) -> None:
        open_at = {i: u for i in self.job.distinct if (u := patterns.unknown(i))}
        groups = self._groups(open_at, patterns)
        home = [-1] * len(patterns.order)
        for g, group in enumerate(groups):
            for t in group.neurons:
                home[t] = g
        far: list[int] = []
        for i, u in open_at.items():
            owners = {home[t] for t in u}
            if len(owners) == 1:
                groups[owners.pop()].points.append(i)
            else:
                far.append(i)
        frames = Frames(patterns, self.job.distinct)
        if len(groups) == 1 and len(groups[0].neurons) == len(patterns.order):
            self._whole(groups[0], patterns, frames)
        else:
            self._apart(groups, home, far, patterns, frames)

    def _whole(self, group: Group, patterns: Patterns, frames: Frames) -> None:
        """The whole network as one group."""
        solver = self._solver(self._theory(group, patterns, frames))
        if solver.facts():
            return
        if self.instance.width <= SMALL_WIDTH:
            self._kinks()
        atoms = solver.open_atoms()
        explore(self.job, solver, atoms, f"{self.name}, cubes")
        if solver.cases(atoms, True) or self.propositional.derive([]) is None:
            raise StuckError(LEFT)

    def _apart(
        self, groups: list[Group], home: list[int], far: list[int], patterns: Patterns, frames: Frames
    ) -> None:
        """Groups one by one, then the points where several are open."""
        theories = [self._theory(group, patterns, frames) for group in groups]
        blocks = self._blocks(groups, theories)
        if blocks and blocks[0].kind.refuted:
            blocks[0].write(self.steps)
            return
        for block in blocks:
            for literal in block.facts:
                self.knowledge.learn(literal)
        theory_of = {id(block): theory for block, theory in zip(blocks, theories, strict=True)}
        self.job.progress(f"{len(far)} points where several groups are open")
        pairs = self._far_pairs(blocks)
        patterns.update([i for group in groups for i in group.points] + far)
        pieces = cuts(patterns, self.instance.points, self.instance.labels, self.job.threshold, self.job.distinct)
        points = FarPoints(
            self.context,
            blocks,
            home,
            [i for i in far if not patterns.is_frame(i)],
            pieces,
            lambda block: GroupSolver(
                self.context,
                steps := Steps(),
                Propositional(self.knowledge, steps, self.job.threshold),
                theory_of[id(block)],
                self.job.check,
            ),
            self.job.check,
        )
        points.explore()
        clauses, left = points.clauses()

        def declare() -> None:
            for block in blocks:
                block.write_facts(self.steps)
            for pair in pairs:
                self.steps.pair(*pair)

        if not Merge(self.context, self.steps, points, declare, self.job.solve, self.job.plain).refute(clauses):
            if left:
                raise StuckError(f"{len(left)} points stay open in some case, e.g. point {left[0] + 1}")
            raise StuckError("a consistent choice of cases is left: the data may be fitted")

    def _blocks(self, groups: list[Group], theories: list[LocalTheory]) -> list[Block]:
        """The groups with their steps, or a group that is refuted alone.

        Of those of one kind the first is solved; groups do not see one another's facts, so kinds may be solved at the
        same time.
        """
        seen = [support(self.context, *pair) for pair in zip(groups, theories, strict=True)]
        kinds: dict[tuple[object, ...], list[Kind]] = {one.signature: [] for one in seen}
        found: dict[int, Kind] = {}
        tried = [0] * len(groups)
        cubes = self.job.cubes or Cubes()

        def read(number: int, result: Mapping[str, Any]) -> Kind:
            self.job.solver.solved += int(result["linear programs"])
            return kind_of(self.context, seen[wanted[number]], result)

        while True:
            self.job.check()
            chosen: dict[tuple[object, ...], int] = {}
            for n, one in enumerate(seen):
                if n not in found:
                    alike = kinds[one.signature]
                    kind = None if self.job.plain else matching(self.context, alike[tried[n] :], one)
                    tried[n] = len(alike)
                    if kind is None:
                        chosen.setdefault((n,) if self.job.plain else one.signature, n)
                    else:
                        found[n] = kind
            wanted = list(chosen.values())
            if not wanted:
                break
            self.job.progress(f"{len(found)} of {len(groups)} groups done, {len(wanted)} of new kinds")
            solved = cubes.run(
                f"{self.name}, groups from {wanted[0]} on",
                solve_group,
                (self.context,),
                [(groups[n], theories[n].points) for n in wanted],
                seconds=self.job.left(),
                read=read,
                last=lambda kind: kind.refuted,
            )
            for n, kind in zip(wanted, solved, strict=False):
                found[n] = kind
                kinds[seen[n].signature].append(kind)
                if kind.refuted:
                    return [Block(groups[n], kind, seen[n], kind.facts, kind.cases)]
        blocks = []
        for n, (group, one) in enumerate(zip(groups, seen, strict=True)):
            kind = found[n]
            facts = renamed(kind.facts, kind.support, one)
            blocks.append(Block(group, kind, one, facts, [renamed(case, kind.support, one) for case in kind.cases]))
        return blocks

    def _far_pairs(self, blocks: list[Block]) -> list[tuple[int, int]]:
        """Pairs of the label line with the lines that carry the points of the cases, to extrapolate from
        them.
        """
        if not self.knowledge.pairs:
            return []
        first = self.knowledge.pairs[0].first
        paired = {first} | {pair.second for pair in self.knowledge.pairs}
        direction = self.knowledge.lines[first].direction
        wanted = {
            number
            for block in blocks
            for case in block.cases
            for literal in case
            for number, _ in self.knowledge.on_lines.get(literal.point, ())
            if self.knowledge.lines[number].direction == direction
        }
        pairs = [(first, number) for number in sorted(wanted - paired)]
        for pair in pairs:
            self.knowledge.add_pair(*pair)
        return pairs

    def _groups(self, open_at: dict[int, list[int]], patterns: Patterns) -> list[Group]:
        size = len(patterns.order)
        if size <= SMALL_WIDTH // 2 or not self.knowledge.pairs or self.label is None:
            return [Group(list(range(size)), [])]
        pieces = cuts(patterns, self.instance.points, self.instance.labels, self.job.threshold, self.job.distinct)
        label = self.knowledge.lines[self.label]
        distance = {i: distance_from(label, self.setup.space, i) for i in open_at}
        return groups_between(pieces, size, open_at, distance)

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
