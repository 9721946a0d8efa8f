"""From the clauses of a search that ended without a network to a split of format v1, all of its reasons exact.

The search's variable "some point with label v has the pattern p" becomes the equation "the neurons of p have the sum
v" (step `q`): it holds where such a point is (step `p`), and equations that contradict each other do not hold together
(step `c`), whichever points they come from. What the solver derives from these clauses, its LRAT, becomes steps `v`.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from certify.decide.refute.farkas import Combination
from certify.decide.refute.steps import Steps
from certify.decide.threshold.search import Binding, Order, Search, Separation
from certify.decide.threshold.values import Entry, Lemma


class Refutation:
    """The refutation of a search that found no network. ``numbers``: what the points are called in a proof."""

    def __init__(self, search: Search, numbers: Sequence[int]) -> None:
        self._search, self._numbers = search, numbers
        self._signs = len(search.points) * search.width
        self._steps = Steps()
        #: The numbers of equations in the proof, by the search's variable.
        self._written: dict[int, int] = {}

    def lines(self) -> list[str]:
        """The lines of the split, from after its `order` to before `qed`."""
        proof = self._search.refutation()
        named = {axiom: str(self._given(axiom - 1)) for axiom in proof.used_axioms}
        for number, literals, hints in proof.additions():
            named[number] = str(self._steps.propagation(map(self._text, literals), (named[h] for h in hints)))
        return self._steps.lines

    def _given(self, number: int) -> int:
        """Writes a clause of the search with its reason; its number in the proof."""
        search, clause = self._search, self._search.clauses[number]
        reason = search.reasons[number]
        if isinstance(reason, Binding):
            equation = self._equation((reason.pattern, search.labels[reason.point]))
            return self._steps.binding(equation, self._numbers[reason.point])
        if isinstance(reason, Separation):
            # sum c z(x) = 0 with z > 0 where c > 0, z < 0 where c < 0, or the other way around
            literals = search.separation_literals(reason)
            sizes = [Fraction(abs(c)) for c in reason.circuit.values()]
            return self._steps.clause(
                map(self._text, clause), [(self._text(a), m) for a, m in zip(literals, sizes, strict=True)]
            )
        if isinstance(reason, Order):
            return self._steps.lexicographic(reason.neuron, reason.signs)
        return self._contradiction(reason)

    def _contradiction(self, lemma: Lemma) -> int:
        equations = [(f"d{self._equation(entry)}", m) for entry, m in lemma.items()]
        combination: Combination = list(equations)
        total = -sum(lemma.values(), Fraction(0))
        if total:
            # The constant beside the neurons is 0 (format v1, 6.11).
            combination.append((f"a{self._numbers[0]}", total))
        return self._steps.clause((f"-{name}" for name, _ in equations), combination)

    def _equation(self, entry: Entry) -> int:
        """The number of "the neurons of the pattern have the sum"; it is written on first use."""
        variable = self._search.entry(entry)
        number = self._written.get(variable)
        if number is None:
            pattern, value = entry
            neurons = [j + 1 for j in range(self._search.width) if pattern >> j & 1]
            number = self._written[variable] = self._steps.value(value, neurons)
        return number

    def _text(self, literal: int) -> str:
        variable = abs(literal)
        if variable > self._signs:
            return f"{'' if literal > 0 else '-'}d{self._written[variable]}"
        i, j = divmod(variable - 1, self._search.width)
        return f"{j + 1}{'>' if literal > 0 else '<'}{self._numbers[i]}"
