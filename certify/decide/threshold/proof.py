"""From the clauses of a search that ended without a network to a split of format v1, all of its reasons exact.

The search's variables "some point with label v has the pattern p" have no counterpart in the calculus. They are
resolved away: of the clauses that a SAT solver used, a lemma on values becomes one clause for every choice of points
that were bound to its entries. "Point i has the pattern p" is a definition (step `d`). What is left has Farkas
multipliers at hand, and the solver's LRAT becomes steps `v`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod

from certify.decide.lrat import LratProof
from certify.decide.refute.farkas import Combination
from certify.decide.refute.job import StuckError
from certify.decide.refute.steps import Steps
from certify.decide.sat import solve
from certify.decide.threshold.search import Binding, Order, Search, Separation
from certify.decide.threshold.values import Entry, Lemma

ENOUGH, FEW_STEPS = 0.6, 10_000
"""A contradictory set of clauses is shrunk once if no more of it is used, and its refutation is not longer."""
MOST_CHOICES = 1_000_000


@dataclass(frozen=True)
class Derived:
    """A clause over signs and definitions, and what shows it: a reason, of a lemma with the points that were chosen."""

    clause: list[int]
    reason: Separation | Order | Lemma
    points: tuple[int, ...] = ()


@dataclass(frozen=True)
class Defined:
    """The clause of a definition: it holds, or one of its literals does not."""

    clause: list[int]
    name: int


@dataclass(frozen=True)
class Implied:
    """A definition has one of its literals: known to a checker at all times."""

    clause: list[int]


Line = Derived | Defined | Implied


class Refutation:
    """The refutation of a search that found no network. ``numbers``: what the points are called in a proof.

    Atoms: those of the signs as in the search; behind them, one for each definition. Raises StuckError where there are
    too many cases to be written; ``check`` may raise.
    """

    def __init__(self, search: Search, numbers: Sequence[int], check: Callable[[], None]) -> None:
        self._search, self._numbers, self._check = search, numbers, check
        self._signs = len(search.points) * search.width
        self._definitions: dict[tuple[int, int], int] = {}
        self._steps = Steps()
        #: The numbers of definitions in the proof, by atom.
        self._written: dict[int, int] = {}

    def lines(self) -> list[str]:
        """The lines of the split, from after its `order` to before `qed`."""
        known = list(self._derived())
        known += [line for key, atom in self._definitions.items() for line in self._defined(key, atom)]
        # A clause of one sign is a fact for a checker from then on, and equations are written with it: these come last.
        known.sort(key=lambda line: len(line.clause) == 1 and abs(line.clause[0]) <= self._signs)
        kept, proof = self._shrunk([line.clause for line in known])
        return self._steps_of([known[c] for c in kept], proof)

    def _derived(self) -> Iterator[Line]:
        search = self._search
        used, _ = self._shrunk(search.clauses)
        bound: dict[Entry, list[int]] = {}
        for c in used:
            reason = search.reasons[c]
            if isinstance(reason, Binding):
                bound.setdefault((reason.pattern, search.labels[reason.point]), []).append(reason.point)
        choices = 0
        for c in used:
            self._check()
            reason = search.reasons[c]
            if isinstance(reason, Separation | Order):
                yield Derived(search.clauses[c], reason)
            elif not isinstance(reason, Binding):
                choices += prod(len(bound.get(entry, ())) for entry in reason)
                if choices > MOST_CHOICES:
                    raise StuckError("the refutation has too many cases to be written")
                yield from self._choices(reason, bound)

    def _choices(self, lemma: Lemma, bound: dict[Entry, list[int]]) -> Iterator[Derived]:
        """For every choice of points with these patterns and labels: their equations do not hold together."""
        entries = sorted(lemma)
        atoms = [[(-self._pattern(i, entry[0]), i) for i in bound.get(entry, ())] for entry in entries]
        for chosen in product(*atoms):
            points = tuple(i for _, i in chosen)
            if len(set(points)) == len(points):  # no point has two patterns
                yield Derived([atom for atom, _ in chosen], lemma, points)

    def _combination(self, line: Derived) -> Combination:
        """Why the clause holds."""
        reason = line.reason
        if isinstance(reason, Separation):
            # sum c z(x) = 0 with z > 0 where c > 0, z < 0 where c < 0, or the other way around
            literals = self._search.separation_literals(reason)
            sizes = [Fraction(abs(c)) for c in reason.circuit.values()]
            return [(self._sign(a), m) for a, m in zip(literals, sizes, strict=True)]
        if isinstance(reason, Order):
            # z_j > 0 and z_{j+1} < 0, but z_{j+1} >= z_j
            first, j, one = self._search.first, reason.neuron, Fraction(1)
            literals = [self._search.sign(first, j, True), self._search.sign(first, j + 1, False)]
            return [*((self._sign(a), one) for a in literals), (f"o{j + 1}", one)]
        numbers = [self._numbers[i] for i in line.points]
        combination = [(f"e{i}", reason[entry]) for entry, i in zip(sorted(reason), numbers, strict=True)]
        total = -sum(reason.values())
        # The constant beside the neurons is 0 (format v1, 6.11).
        return [*combination, (f"a{numbers[0]}", total)] if total else combination

    def _pattern(self, i: int, pattern: int) -> int:
        """The atom: point i has the pattern."""
        atom = self._definitions.get((i, pattern))
        if atom is None:
            atom = self._definitions[i, pattern] = self._signs + len(self._definitions) + 1
        return atom

    def _defined(self, key: tuple[int, int], atom: int) -> Iterator[Line]:
        literals = self._search.pattern_literals(*key)
        yield Defined([atom, *(-a for a in literals)], atom)
        for a in literals:
            yield Implied([-atom, a])

    # Writing --------------------------------------------------

    def _sign(self, literal: int) -> str:
        i, j = divmod(abs(literal) - 1, self._search.width)
        return f"{j + 1}{'>' if literal > 0 else '<'}{self._numbers[i]}"

    def _text(self, literal: int) -> str:
        if abs(literal) <= self._signs:
            return self._sign(literal)
        return f"{'' if literal > 0 else '-'}d{self._written[abs(literal)]}"

    def _steps_of(self, lines: Sequence[Line], proof: LratProof) -> list[str]:
        out = self._steps
        needed = {abs(a) for line in lines for a in line.clause if abs(a) > self._signs}
        for key, atom in self._definitions.items():
            if atom in needed:
                self._written[atom] = out.define([self._sign(a) for a in self._search.pattern_literals(*key)])
        named: dict[int, str] = {}
        for axiom in proof.used_axioms:
            line = lines[axiom - 1]
            if isinstance(line, Derived):
                named[axiom] = str(out.clause([self._text(a) for a in line.clause], self._combination(line)))
            elif isinstance(line, Defined):
                named[axiom] = f"d{self._written[line.name]}"
        for number, literals, hints in proof.additions():
            named[number] = str(
                out.propagation([self._text(a) for a in literals], [named[h] for h in hints if h in named])
            )
        return out.lines

    def _shrunk(self, clauses: list[list[int]]) -> tuple[list[int], LratProof]:
        """Indices of few of the clauses that are contradictory together, and their refutation."""
        proof = solved(clauses)
        used = [axiom - 1 for axiom in proof.used_axioms]
        if len(used) > ENOUGH * len(clauses) or proof.steps > FEW_STEPS:
            return list(range(len(clauses))), proof
        self._check()
        return used, solved([clauses[c] for c in used])


def solved(clauses: list[list[int]]) -> LratProof:
    """The propositional refutation of the clauses. StuckError if they have a model."""
    proof = solve(clauses, apart=False)
    if not isinstance(proof, LratProof):
        raise StuckError("clauses that one SAT solver refutes have a model")
    return proof
