"""Refutations of one split from clauses over signs: each clause confirmed exactly, then propagated to the empty one.

Clauses may come from a float search, unconfirmed. A SAT solver says which of them a contradiction needs; only these
are derived exactly (steps `c`). Where one cannot be derived, or the solver finds signs that no clause forbids, these
signs are tried exactly: they give a network or a new clause. So the loop ends with a network or with a proof, and
nothing rests on the search or on the SAT solver.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

from certify.decide.fit.rows import Clause, Rows, SignLiteral
from certify.decide.fit.search import Search, State
from certify.decide.lrat_file import LratFile
from certify.decide.refute.job import StuckError
from certify.decide.refute.steps import Steps
from certify.decide.sat import solve
from certify.network import Network

SLICE = 2000
"""Nodes of the search between two looks at the clock."""
ROUNDS, ENOUGH = 8, 0.95
"""A contradictory set of clauses is shrunk so often at most, and no more where so much of it stays."""


class SplitProof:
    """The clauses of one split. Atom i k + j + 1: neuron j is on at point i (z > 0; its negation: z < 0)."""

    def __init__(self, rows: Rows, check: Callable[[], None], search: Search | None = None) -> None:
        self.rows = rows
        self.search = search
        self.check = check
        self.width = rows.width
        self._clauses: list[list[int]] = []
        self._confirmed: list[Clause | None] = []
        self._literals: list[tuple[SignLiteral, ...]] = []
        self._known: set[tuple[int, ...]] = set()
        self.refused = 0

    def guess(self, literals: Sequence[SignLiteral]) -> None:
        """These signs cannot hold together, says a search."""
        self._add(tuple(literals), None)

    def confirmed(self, clause: Clause) -> None:
        """A clause with its exact reason."""
        self._add(clause.literals, clause)

    def _add(self, literals: tuple[SignLiteral, ...], clause: Clause | None) -> None:
        atoms = sorted(-self._atom(literal) for literal in literals)
        if clause is None and tuple(atoms) in self._known:
            return
        self._known.add(tuple(atoms))
        self._clauses.append(atoms)
        self._confirmed.append(clause)
        self._literals.append(literals)

    def _atom(self, literal: SignLiteral) -> int:
        i, j, on = literal
        atom = i * self.width + j + 1
        return atom if on else -atom

    def close(self) -> Network | list[str]:
        """A fitting network, or the steps of the split from after its first line to before `qed`.

        Raises StuckError where a reason is not found, ResourceLimit when the time is up.
        """
        while True:
            self.check()
            if [] in self._clauses:
                empty = self._clauses.index([])
                if self._confirm([empty]):
                    return self._derived({id(self._confirmed[empty])}, Steps(), {})
                continue
            everything = list(range(len(self._clauses)))
            proof = self._refuted(everything)
            if proof is None:
                network = self._explored() if self.search is not None else self._model()
                if network is not None:
                    return network
                continue
            used = self._shrunk(everything, proof)
            if self._confirm(used) and [] not in self._clauses:
                proof = self._refuted(used)
                assert proof is not None
                return self._written(used, proof)

    def _shrunk(self, numbers: list[int], proof: LratFile) -> list[int]:
        """Few of these clauses that are contradictory still: what the solver uses of those that it used."""
        for _ in range(ROUNDS):
            used = [numbers[axiom - 1] for axiom in proof.used_axioms]
            if len(used) > ENOUGH * len(numbers):
                return used
            numbers = used
            again = self._refuted(numbers)
            assert again is not None
            proof = again
        return numbers

    def _confirm(self, needed: Sequence[int]) -> bool:
        """Derives the clauses exactly; False if some are not true, which are dropped then."""
        wrong = set()
        for number in needed:
            self.check()
            if self._confirmed[number] is None:
                found = self.rows.explain(self._literals[number])
                if found is None:
                    wrong.add(number)
                    continue
                self._confirmed[number] = found
                self._literals[number] = found.literals
                self._clauses[number] = sorted(-self._atom(literal) for literal in found.literals)
        self.refused += len(wrong)
        keep = [n for n in range(len(self._clauses)) if n not in wrong]
        if wrong:
            self._clauses = [self._clauses[n] for n in keep]
            self._confirmed = [self._confirmed[n] for n in keep]
            self._literals = [self._literals[n] for n in keep]
        return not wrong

    def _refuted(self, numbers: Sequence[int]) -> LratFile | None:
        """The propositional refutation of these clauses, or None; ``_found`` is a model then."""
        model = solve([self._clauses[n] for n in numbers], apart=False)
        if isinstance(model, LratFile):
            return model
        true = set(model)
        flat = [atom in true for atom in range(1, len(self.rows.points) * self.width + 1)]
        self._found = [flat[s : s + self.width] for s in range(0, len(flat), self.width)]
        return None

    def _explored(self) -> Network | None:
        """The search once more, in what the clauses leave open: a network, or None with further clauses."""
        assert self.search is not None
        search, before = self.search, len(self._clauses)
        search.again(self._literals)
        while True:
            self.check()
            state = search.slice(SLICE)
            if state is State.OPEN:
                continue
            for literals in search.clauses():
                self.guess(literals)
            if state is not State.FITS:
                break
            self._found = search.signs()
            network = self._model()
            if network is not None:
                return network
            search.again(self._literals)
        if len(self._clauses) == before:
            return self._model()
        return None

    def _model(self) -> Network | None:
        """The network with the signs of the model, or new clauses that forbid them."""
        on = self._found
        everything = [(i, j, on[i][j]) for i, j in product(range(len(on)), range(self.width))]
        found = self.rows.explain(everything)
        if found is not None:
            self.confirmed(found)
            return None
        network = self.rows.realise(on)
        if network is None:
            raise StuckError("signs without a network and without a reason")
        return network

    def _written(self, numbers: Sequence[int], proof: LratFile) -> list[str]:
        steps = Steps()
        written: dict[int, int] = {}
        axioms = {axiom: id(self._confirmed[numbers[axiom - 1]]) for axiom in proof.used_axioms}
        self._derived(set(axioms.values()), steps, written)
        named = {axiom: written[clause] for axiom, clause in axioms.items()}
        for number, literals, hints in proof.additions():
            named[number] = steps.propagation([self._text(a) for a in literals], [named[hint] for hint in hints])
        return steps.lines

    def _derived(self, needed: set[int], steps: Steps, written: dict[int, int]) -> list[str]:
        """Writes these clauses, and all facts, in the order in which they were derived, up to an empty one.

        What is known decides how a checker writes equations, so the facts have to be there, and not too early.
        """
        for clause in self.rows.derived:
            if id(clause) in needed or len(clause.literals) == 1:
                texts = [self.rows.literal_text(literal, negated=True) for literal in clause.literals]
                written[id(clause)] = steps.clause(texts, clause.combination)
                if not texts:
                    break
        return steps.lines

    def _text(self, atom: int) -> str:
        i, j = divmod(abs(atom) - 1, self.width)
        return f"{j + 1}{'>' if atom > 0 else '<'}{i + 1}"
