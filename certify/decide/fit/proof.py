"""Refutations of one split from clauses over signs: each clause confirmed exactly, then propagated to the empty one.

Clauses may come from a float search, unconfirmed. A SAT solver says which of them a contradiction needs; only these
are derived exactly (steps `c`). Where one cannot be derived, or the solver finds signs that no clause forbids, these
signs are tried exactly: they give a network or a new clause. So the loop ends with a network or with a proof, and
nothing rests on the search or on the SAT solver.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from certify.decide.fit.rows import Clause, Rows
from certify.decide.fit.search import Search, State
from certify.decide.fit.support import SignLiteral
from certify.decide.lrat import LratProof
from certify.decide.refute.job import Job, StuckError
from certify.decide.refute.steps import Steps
from certify.network import Network

SLICE = 2000
"""Nodes of the search between two looks at the clock."""
HERE = 20_000
"""So many clauses at most are solved in this process, which takes less time than another one's start, but has no end
other than the solver's.
"""
ROUNDS, ENOUGH = 4, 0.8
"""A contradictory set of clauses is shrunk so often at most, and no more where so much of it stays."""


class SplitProof:
    """The clauses of one split. Atom i k + j + 1: neuron j is on at point i (z > 0; its negation: z <= 0)."""

    def __init__(self, rows: Rows, job: Job, search: Search | None = None) -> None:
        self.rows = rows
        self.search = search
        self.job = job
        self.width = rows.width
        self._clauses: list[list[int]] = []
        self._confirmed: list[Clause | None] = []
        self._literals: list[tuple[SignLiteral, ...]] = []
        self._known: set[tuple[int, ...]] = set()
        #: The rows behind a clause of a search, by its signs.
        self._support: dict[tuple[SignLiteral, ...], Sequence[int]] = {}
        self.refused = 0

    def guess(self, literals: tuple[SignLiteral, ...], support: Sequence[int] = ()) -> None:
        """These signs cannot hold together, says a search, by the rows of the support."""
        if support:
            self._support.setdefault(literals, support)
        self._add(literals, None)

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

    def take(self) -> None:
        """All that the search has found so far."""
        assert self.search is not None
        for literals, support in self.search.clauses():
            self.guess(literals, support)

    def found(self) -> Network | None:
        """The network with the signs that the search ended with; None with a clause that forbids them, and the search
        open again.
        """
        assert self.search is not None
        self.take()
        self._found = self.search.signs()
        network = self._exactly()
        if network is None:
            self.search.again(self._literals)
        return network

    def _exactly(self) -> Network | None:
        network = self.rows.realise(self._found)
        if isinstance(network, Clause):
            self.confirmed(network)
            return None
        return self._model() if network is None else network

    def close(self) -> Network | list[str]:
        """A fitting network, or the steps of the split from after its first line to before `qed`.

        Raises StuckError where a reason is not found, ResourceLimit when the time is up.
        """
        while True:
            self.job.check()
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
            numbers, proof = self._shrunk(everything, proof)
            if self._confirm([numbers[axiom - 1] for axiom in proof.used_axioms]) and [] not in self._clauses:
                # Exact clauses have the same literals or fewer, so the hints of the proof still do.
                return self._written(numbers, proof)

    def _shrunk(self, numbers: list[int], proof: LratProof) -> tuple[list[int], LratProof]:
        """Few of these clauses that are contradictory still, and their refutation: what the solver uses of those that
        it used.
        """
        for _ in range(ROUNDS):
            if len(proof.used_axioms) > ENOUGH * len(numbers):
                break
            numbers = [numbers[axiom - 1] for axiom in proof.used_axioms]
            again = self._refuted(numbers)
            assert again is not None
            proof = again
        return numbers, proof

    def _confirm(self, needed: Sequence[int]) -> bool:
        """Derives the clauses exactly; False if some are not true, which are dropped then."""
        wrong = set()
        for number in needed:
            self.job.check()
            if self._confirmed[number] is None:
                found = self._reason(self._literals[number])
                if found is None:
                    wrong.add(number)
                    continue
                self._confirmed[number] = found
                self._literals[number] = found.literals
                self._clauses[number] = sorted(-self._atom(literal) for literal in found.literals)
        self.refused += len(wrong)
        if not wrong:
            return True
        keep = [n for n in range(len(self._clauses)) if n not in wrong]
        self._clauses = [self._clauses[n] for n in keep]
        self._confirmed = [self._confirmed[n] for n in keep]
        self._literals = [self._literals[n] for n in keep]
        return False

    def _reason(self, literals: tuple[SignLiteral, ...]) -> Clause | None:
        support = self._support.get(literals)
        found = self.rows.separation(literals) if support is None else self.rows.derive(support, literals)
        return found or self.rows.explain(literals)

    def _refuted(self, numbers: Sequence[int]) -> LratProof | None:
        """The propositional refutation of these clauses, or None; ``_found`` is a model then."""
        model = self.job.solve([self._clauses[n] for n in numbers], most_here=HERE)
        if isinstance(model, LratProof):
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
            self.job.check()
            state = search.slice(SLICE >> max(self.width - 4, 0))
            if state is State.OPEN:
                continue
            if state is not State.FITS:
                self.take()
                break
            network = self.found()
            if network is not None:
                return network
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
        if isinstance(network, Clause):
            self.confirmed(network)
            return None
        if network is None:
            raise StuckError("signs without a network and without a reason")
        return network

    def _written(self, numbers: Sequence[int], proof: LratProof) -> list[str]:
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
        return f"{j + 1}{'>' if atom > 0 else '<='}{i + 1}"
