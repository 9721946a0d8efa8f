"""The propositional part: atoms, clauses with their step numbers, and propagation steps with hints (6.9,
`v`).

A SAT solver finds the refutations with their hints, which become steps, so nothing rests on its word.
"""

from __future__ import annotations

from collections.abc import Sequence

from certify.decide.lrat import LratProof
from certify.decide.refute.cores import smaller
from certify.decide.refute.knowledge import GE, GT, LE, LT, Knowledge, Literal
from certify.decide.refute.lemmas import Lemma, fewer
from certify.decide.refute.steps import Steps
from certify.decide.sat import solve


class Propositional:
    """Clauses over sign literals, slot literals `xj.N` and definitions `dN`, for one split."""

    def __init__(self, knowledge: Knowledge, steps: Steps, threshold: bool) -> None:
        self.knowledge = knowledge
        self.steps = steps
        self.threshold = threshold
        self.names: list[str] = [""]
        self._variables: dict[str, int] = {}
        self._signs: dict[tuple[int, int], None] = {}
        self.clauses: list[list[int]] = []
        self.hints: list[str | None] = []

    def copy(self) -> Propositional:
        """The same clauses over the same atoms, with steps of its own."""
        other = Propositional(self.knowledge, Steps(), self.threshold)
        other.names, other._variables, other._signs = list(self.names), dict(self._variables), dict(self._signs)
        other.clauses, other.hints = list(self.clauses), list(self.hints)
        return other

    # Atoms --------------------------------------------------

    def _variable(self, name: str) -> int:
        number = self._variables.get(name)
        if number is None:
            number = self._variables[name] = len(self.names)
            self.names.append(name)
        return number

    def atom(self, literal: Literal) -> int:
        """The signed number of a sign literal; z > 0 and z < 0 are atoms, exclusive, for threshold
        complementary.
        """
        j, i, relation = literal.neuron, literal.point, literal.relation
        positive = self._variable(f"{j + 1}>{i + 1}")
        if self.threshold:
            self._signs[j, i] = None
            return positive if relation == ">" else -positive
        negative = self._variable(f"{j + 1}<{i + 1}")
        if (j, i) not in self._signs:
            self._signs[j, i] = None
            self.add([-positive, -negative], None)
        return {">": positive, "<": negative, "<=": -positive, ">=": -negative}[relation]

    def slot_atom(self, neuron: int, clause: int, left: int, right: int) -> int:
        """`xj.N`: the neuron has opposite strict signs at the slot's ends."""
        x = self._variable(f"x{neuron + 1}.{clause}")
        for one, other in ((left, right), (right, left)):
            # (not one < 0) means one > 0, hence other < 0; and (not one > 0) means other > 0.
            self.add([-x, self.atom(Literal(neuron, one, "<")), self.atom(Literal(neuron, other, "<"))], None)
            self.add([-x, self.atom(Literal(neuron, one, ">")), self.atom(Literal(neuron, other, ">"))], None)
            self.add([-x, self.atom(Literal(neuron, one, "<")), self.atom(Literal(neuron, one, ">"))], None)
        return x

    def definition(self, literals: Sequence[Literal]) -> tuple[int, int]:
        """A new definition step; returns its number and its atom."""
        number = self.steps.define(literals)
        d = self._variable(f"d{number}")
        atoms = [self.atom(literal) for literal in literals]
        for a in atoms:
            self.add([-d, a], None)
        self.add([d, *(-a for a in atoms)], f"d{number}")
        return number, d

    def text(self, signed: int) -> str:
        name = self.names[abs(signed)]
        if signed > 0:
            return name
        if name[0] in "xd":
            return "-" + name
        if self.threshold:
            return name.replace(">", "<")
        return name.replace(">", "<=") if ">" in name else name.replace("<", ">=")

    def add(self, clause: list[int], hint: str | None) -> None:
        """hint: the step number (as text) or `dN`; None for what holds at all times."""
        self.clauses.append(clause)
        self.hints.append(hint)

    # Derivations --------------------------------------------------

    def known_atoms(self) -> list[int]:
        """The literals over existing atoms that are facts."""
        found = []
        for j, i in self._signs:
            mask = self.knowledge.known(j, i)
            if mask & GT:
                found.append(self.atom(Literal(j, i, ">")))
            elif mask & GE and not self.threshold:
                found.append(self.atom(Literal(j, i, ">=")))
            if mask & LT:
                found.append(self.atom(Literal(j, i, "<")))
            elif mask & LE and not self.threshold:
                found.append(self.atom(Literal(j, i, "<=")))
        return found

    def derive(self, target: Sequence[int]) -> int | None:
        """Writes `v` steps that end in the target clause (empty: the refutation); its number, or None if it
        does not follow.
        """
        facts = self.known_atoms()
        implicit = [[a] for a in facts] + [[-t] for t in target]
        given = [*zip(self.clauses, self.hints, strict=True), *((clause, None) for clause in implicit)]
        short = _shortest(given)
        if short is None:
            return None
        chosen, proof = short
        cnf, names = [clause for clause, _ in chosen], [hint for _, hint in chosen]
        numbers: dict[int, str | None] = {i + 1: name for i, name in enumerate(names)}
        last = 0
        target_set = set(target)
        checker = _Hints(self, facts)
        lemmas: dict[int, list[int]] = {}
        found = {number: Lemma(list(literals), list(hints)) for number, literals, hints in proof.additions()}
        for number, step in fewer(cnf, found).items():
            lemma = [*target, *(a for a in step.clause if a not in target_set)]
            lemmas[number] = lemma
            hints = checker.filter(lemma, step.hints, cnf, lemmas, numbers)
            last = self.steps.propagation([self.text(a) for a in lemma], hints)
            numbers[number] = str(last)
        return last


_Named = tuple[list[int], str | None]


def _shortest(given: Sequence[_Named]) -> tuple[list[_Named], LratProof] | None:
    """Some of the clauses with a refutation of them; of two tries the one with fewer steps, clauses that are steps
    counted in.
    """
    proof = _solved([clause for clause, _ in given])
    if not isinstance(proof, LratProof):
        return None
    one = list(given)
    while len(proof.used_axioms) < len(one):
        one = [one[n - 1] for n in proof.used_axioms]
        proof = _refuted(one)
    hard, soft = ([c for c in one if (c[1] is None) == free] for free in (True, False))
    kept = smaller([c for c, _ in hard], [c for c, _ in soft], [1] * len(soft), _solved)
    assert kept is not None
    other = [*hard, *(soft[t] for t in kept)]
    again = _refuted(other)
    return min((one, proof), (other, again), key=lambda t: t[1].steps + sum(hint is not None for _, hint in t[0]))


def _refuted(clauses: Sequence[_Named]) -> LratProof:
    proof = _solved([clause for clause, _ in clauses])
    assert isinstance(proof, LratProof)
    return proof


def _solved(clauses: Sequence[Sequence[int]]) -> list[int] | LratProof:
    return solve(clauses, apart=False)


class _Hints:
    """Replays a step as a checker does: what holds at all times is applied at once, satisfied hints are
    dropped.
    """

    def __init__(self, owner: Propositional, facts: Sequence[int]) -> None:
        self.facts = facts
        self.watch: dict[int, list[list[int]]] = {}
        for clause, hint in zip(owner.clauses, owner.hints, strict=True):
            if hint is None:
                for a in clause:
                    self.watch.setdefault(-a, []).append(clause)

    def filter(
        self,
        lemma: Sequence[int],
        hints: Sequence[int],
        cnf: Sequence[list[int]],
        lemmas: dict[int, list[int]],
        names: dict[int, str | None],
    ) -> list[str]:
        true: set[int] = set()
        if not self._assign(true, [*self.facts, *(-a for a in lemma)]):
            return []
        kept: list[str] = []
        for number in hints:
            clause = cnf[number - 1] if number <= len(cnf) else lemmas[number]
            if any(a in true for a in clause):
                continue
            name = names[number]
            rest = [a for a in clause if -a not in true]
            if name is not None:
                kept.append(name)
            if not rest:
                return kept
            if len(rest) == 1 and not self._assign(true, rest):
                return kept
        return kept

    def _assign(self, true: set[int], queue: list[int]) -> bool:
        """False on a conflict among what holds at all times."""
        queue = list(queue)
        while queue:
            a = queue.pop()
            if a in true:
                continue
            if -a in true:
                return False
            true.add(a)
            for clause in self.watch.get(a, ()):
                rest = [b for b in clause if -b not in true]
                if not rest:
                    return False
                if len(rest) == 1 and rest[0] not in true:
                    queue.append(rest[0])
        return True
