"""Groups of neurons that are open at the same points, and the cases each group has left.

Facts come first: a sign whose negation contradicts the group's rows is a step `u`. What stays open is
enumerated by a SAT solver; every assignment it offers is either contradicted by the rows (a clause, step `c`)
or kept as a case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from pysat.solvers import Solver

from certify.decide.refute.farkas import Combination
from certify.decide.refute.knowledge import GE, GT, LE, LT, Literal
from certify.decide.refute.propositional import Propositional
from certify.decide.refute.steps import Steps
from certify.decide.refute.theory import Context, LocalTheory
from certify.errors import ResourceLimit

Likely = tuple[str, bool]
"""The relation that a case implied, and whether the rows of one neuron were enough to see it."""
MAX_CASES = 64
MODEL_SOLVER = "glucose4"
"""Its decisions are false first: a sign is left open where no clause asks for it."""


@dataclass
class Group:
    """neurons: ranks in label order, ascending; points: where the group alone may be open; far: where
    others are open too."""

    neurons: list[int]
    points: list[int]
    far: list[int] = field(default_factory=list)


def components(size: int, links: Sequence[Sequence[int]]) -> list[list[int]]:
    """Connected components of 0..size-1 under the hyperedges, each sorted; singletons without an edge are
    left out.
    """
    parent = list(range(size))

    def find(a: int) -> int:
        while parent[a] != a:
            parent[a] = parent[parent[a]]
            a = parent[a]
        return a

    linked: set[int] = set()
    for link in links:
        linked.update(link)
        for a in link[1:]:
            parent[find(a)] = find(link[0])
    found: dict[int, list[int]] = {}
    for a in sorted(linked):
        found.setdefault(find(a), []).append(a)
    return sorted(found.values())


class GroupSolver:
    """Facts and cases of one group."""

    def __init__(
        self,
        context: Context,
        steps: Steps,
        propositional: Propositional,
        theory: LocalTheory,
        check: Callable[[], None],
    ) -> None:
        self.context = context
        self.steps = steps
        self.propositional = propositional
        self.theory = theory
        self.check = check
        self.learned: list[Literal] = []
        self.clauses: list[tuple[list[Literal], Combination]] = []

    def open_atoms(self) -> list[tuple[int, int]]:
        """The (neuron, point) whose sign is not known."""
        known = self.context.knowledge.known
        return [
            (j, i) for i in self.theory.points for j in self.theory.neurons if not known(j, i) & (GE | LE)
        ]

    def facts(self) -> bool:
        """Derives signs at the open atoms to a fixed point; True if a contradiction was written."""
        knowledge = self.context.knowledge
        candidates = self.open_atoms()
        failed: dict[tuple[int, int, str], int] = {}
        progress = 0
        changed = True
        while changed:
            changed = False
            for j, i in candidates:
                for relation, settled in ((">", LE), ("<", GE)):
                    # z > 0 is excluded by a known z <= 0, and needs no try where z >= 0 holds strictly.
                    mask = knowledge.known(j, i)
                    if mask & (settled | GT | LT) or failed.get((j, i, relation)) == progress:
                        continue
                    self.check()
                    assumed = Literal(j, i, relation)
                    combination = self.theory.refute([assumed], j)
                    if combination is None:
                        failed[j, i, relation] = progress
                        continue
                    if self.theory.contradicts(combination, []):
                        self.steps.zero(combination)
                        return True
                    literal = assumed.negated(self.context.threshold)
                    self.steps.fact(literal, combination)
                    knowledge.learn(literal)
                    self.learned.append(literal)
                    progress += 1
                    changed = True
        return False

    def cases(self, atoms: Sequence[tuple[int, int]], everything: bool) -> list[list[Literal]]:
        """All assignments of the open atoms that neither the clauses nor the rows exclude.

        everything: the group is the whole network; then single neurons are looked at more closely, and one case is
        enough.
        """
        found: list[list[Literal]] = []
        for case in self._models(atoms, everything, ()):
            if case is not None:
                found.append(case)
                if everything:
                    break
                if len(found) > MAX_CASES:
                    size = len(self.theory.neurons)
                    raise ResourceLimit(f"a group of {size} neurons has over {MAX_CASES} cases left")
        return found

    def excludes(self, atoms: Sequence[tuple[int, int]], cube: Sequence[int], models: int | None = None) -> bool | None:
        """Whether the clauses, with those that are found on the way, exclude all assignments in the cube (atoms).

        None after so many models. The group is the whole network.
        """
        for number, case in enumerate(self._models(atoms, True, cube), start=1):
            if case is not None:
                return False
            if number == models:
                return None
        return True

    def _models(
        self, atoms: Sequence[tuple[int, int]], everything: bool, cube: Sequence[int]
    ) -> Iterator[list[Literal] | None]:
        """For each model in the cube None, where rows exclude it, or the case that it is."""
        propositional, context = self.propositional, self.context
        variables = {(j, i): propositional.atom(Literal(j, i, ">")) for j, i in atoms}
        negative = {(j, i): propositional.atom(Literal(j, i, "<")) for j, i in atoms}
        with Solver(name=MODEL_SOLVER) as solver:
            synced = 0

            def sync() -> None:
                nonlocal synced
                for clause in propositional.clauses[synced:]:
                    solver.add_clause(clause)
                synced = len(propositional.clauses)

            for a in (*propositional.known_atoms(), *cube):
                solver.add_clause([a])
            while True:
                self.check()
                sync()
                if not solver.solve():
                    return
                model = set(solver.get_model() or ())
                weak, strict = [], []
                for key in atoms:
                    on = variables[key] in model
                    off = negative[key] in model
                    weak.append(context.literal(*key, on=on or not off))
                    strict.append(Literal(*key, ">" if on else "<") if on or off else weak[-1])
                decided = [a for a in strict if a.relation in "<>"]
                if (
                    self._separate(decided)
                    or (everything and self._separate(weak))
                    or self._exclude(weak)
                    or (strict != weak and self._exclude(strict))
                    or self._exclude(weak, surely=True)
                ):
                    yield None
                    continue
                yield weak
                solver.add_clause([propositional.atom(a.negated(context.threshold)) for a in weak])

    def close(self, case: Sequence[Literal], near: Sequence[int]) -> list[Literal]:
        """The case with the signs it implies: ends of intervals on paired lines that meet, what is only weakly known
        near, and what is open there (steps `c`).

        A break that a case pins to one point on each of two paired lines is pinned on all their parallels (rule 3 of
        the format, 6.6), so these signs decide the far points.
        """
        closed = list(case)
        for j in self.theory.neurons:
            for i, relation in self._ends(j, closed):
                self._imply(case, closed, j, i, relation)
        for i in near:
            for j in self.theory.neurons:
                for relation in (">=", "<="):
                    self._imply(case, closed, j, i, relation)
        return closed

    def reach(self, case: Sequence[Literal], points: Sequence[int], likely: dict[int, Likely]) -> list[Literal]:
        """The signs that the closed case implies at these points where they are open in it (steps `c`).

        likely: by place of the neuron in the group what was found last, in this case of a group of the same kind.
        """
        knowledge, found = self.context.knowledge, list(case)
        for i in points:
            for t, j in enumerate(self.theory.neurons):
                with knowledge.assuming(found):
                    mask = knowledge.known(j, i)
                if mask & (GE | LE):
                    continue
                first, alone = likely.get(t, (">=", True))
                for relation in (first, "<=" if first == ">=" else ">="):
                    if self._imply(case, found, j, i, relation, alone or relation != first):
                        likely[t] = relation, all(literal.neuron == j for literal in self.clauses[-1][0])
                        break
        return found[len(case) :]

    def _imply(
        self,
        case: Sequence[Literal],
        closed: list[Literal],
        neuron: int,
        point: int,
        relation: str,
        alone: bool = True,
    ) -> bool:
        """Adds the literal to the closed case and writes its clause, if the case implies it and it is news.

        alone: the rows of the neuron alone are tried first.
        """
        knowledge = self.context.knowledge
        with knowledge.assuming(closed):
            mask = knowledge.known(neuron, point)
        if mask & ((GE if relation == ">=" else LE) | GT | LT):
            return False
        self.check()
        assumed = [*case, Literal(neuron, point, "<" if relation == ">=" else ">")]
        combination = self.theory.refute(assumed, neuron if alone else None)
        if combination is None:
            return False
        self._clause(assumed, combination)
        closed.append(Literal(neuron, point, relation[0] if self.context.threshold else relation))
        return True

    def _ends(self, neuron: int, case: Sequence[Literal]) -> list[tuple[int, str]]:
        """Points of paired lines where a bound on the neuron's break would close up to the other one."""
        knowledge, found = self.context.knowledge, []
        paired = {n for pair in knowledge.pairs for n in (pair.first, pair.second)}
        with knowledge.assuming(case):
            for number in sorted(paired):
                points = knowledge.lines[number].points
                low, high = knowledge.low[number].get(neuron), knowledge.high[number].get(neuron)
                if low is not None and high is not None and low < high:
                    found += [(points[high], "<="), (points[low], ">=")]
        return found

    def _separate(self, assumed: Sequence[Literal]) -> bool:
        """Clauses from single neurons: no affine function has these signs at these points.

        Such a clause speaks of the points alone, so it is written for every neuron and both orientations.
        """
        context, found = self.context, False
        by_neuron: dict[int, list[Literal]] = {}
        for a in assumed:
            by_neuron.setdefault(a.neuron, []).append(a)
        for j, literals in by_neuron.items():
            with context.knowledge.assuming(literals):
                combination = context.solver.find(self.theory.sign_columns(j, literals))
            if combination is None:
                continue
            found = True
            named = {str(a): a for a in literals}
            if any(item not in named for item, _ in combination):
                self._clause(literals, combination)
                continue
            for other in self.theory.neurons:
                for turned in (False, True):
                    pattern = [(_move(named[item], other, turned), m) for item, m in combination]
                    clause = [a.negated(context.threshold) for a, _ in pattern]
                    self.learn(clause, [(str(a), m) for a, m in pattern])
        return found

    def _exclude(self, assumed: Sequence[Literal], surely: bool = False) -> bool:
        combination = self.theory.refute(assumed, surely=surely)
        if combination is None:
            return False
        self._clause(assumed, combination)
        return True

    def _clause(self, assumed: Sequence[Literal], combination: Combination) -> None:
        core = self._core(assumed, combination)
        clause = [a.negated(self.context.threshold) for a in core]
        self.learn(clause, combination)

    def learn(self, clause: Sequence[Literal], combination: Combination) -> None:
        """Writes a clause with its reason."""
        number = self.steps.clause(clause, combination)
        self.propositional.add([self.propositional.atom(a) for a in clause], str(number))
        self.clauses.append((list(clause), combination))

    def _core(self, assumed: Sequence[Literal], combination: Combination) -> list[Literal]:
        """The literals the combination names and those that decide its equations; all, where that is not
        enough.
        """
        items = {item for item, _ in combination}
        equations = {int(item[1:]) - 1 for item in items if item[0] == "e"}
        core = [a for a in assumed if str(a) in items or a.point in equations]
        return core if self.theory.contradicts(combination, core) else list(assumed)


_TURNED = {">": "<", "<": ">", ">=": "<=", "<=": ">="}


def _move(literal: Literal, neuron: int, turned: bool) -> Literal:
    """The literal for another neuron, its sign reversed if turned."""
    return Literal(neuron, literal.point, _TURNED[literal.relation] if turned else literal.relation)
