"""From a search that ended without a network to a split of format v1, all of its reasons exact.

An entry "the neurons of the pattern have the sum v" is a step `q`: it holds where a point with label v has the pattern
(step `p`). What the solver derived of the entries that are needed, its LRAT, becomes steps `v`; a selector in it means
that some entries are false, so clauses that rest on it have these entries instead. Entries that contradict each other,
or the order of the coefficients, are clauses (step `c`), and the tree over them is a step `v` for each of its nodes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from certify.decide.refute.farkas import Multipliers
from certify.decide.refute.steps import Steps
from certify.decide.threshold.dichotomies import Binding, Necessity, Selection, Separation
from certify.decide.threshold.flats import Entry, Flat
from certify.decide.threshold.search import Again, Branch, Corner, Node, Search

Equation = tuple[int, Fraction]
"""A pattern and the sum of the coefficients of its neurons."""
Clause = tuple[int, frozenset[Equation]]
"""The number of a step, and the equations of which it says that they are not all true."""


class Refutation:
    """The refutation of a search that found no network. ``numbers``: what the points are called in a proof."""

    def __init__(self, search: Search, numbers: Sequence[int]) -> None:
        self._search, self._numbers = search, numbers
        self._steps = Steps()
        self._equations: dict[Equation, int] = {}
        self._lemmas: dict[frozenset[Equation], int] = {}
        self._sums: dict[tuple[Equation, frozenset[Equation]], int] = {}
        self._needed: dict[int, tuple[int, frozenset[Entry]]] = {}
        self._clauses: dict[int, Clause] = {}
        self._corners: dict[tuple[Fraction, ...], Clause] = {}

    def lines(self) -> list[str]:
        """The lines of the split, from its `order` to before `qed`."""
        if self._search.width > 1:
            self._steps.order_of_coefficients()
        self._solved()
        if self._search.root is not None:
            self._node(self._search.root)
        return self._steps.lines

    # What the solver derived

    def _solved(self) -> None:
        signs = self._search.dichotomies
        necessities = _used(self._search.root)
        selectors = {necessity.selector for necessity in necessities}
        entries = signs.entries()
        proof = signs.refutation(necessities)
        named: dict[int, int] = {}
        false: dict[int, set[Entry]] = {}
        for axiom in proof.used_axioms:
            if axiom > len(signs.reasons):
                continue  # the last one, that some selector is true
            reason = signs.reasons[axiom - 1]
            if isinstance(reason, Selection):
                false[axiom] = {reason.entry}
            elif isinstance(reason, Binding):
                equation = self._equation(self._said(self._bound(reason)))
                named[axiom] = self._steps.binding(equation, self._numbers[reason.point])
            elif isinstance(reason, Separation):
                named[axiom] = self._separation(reason)
            else:
                named[axiom] = self._lemma({self._said(e): m for e, m in reason.equations.items()}, reason.orders)
        for number, literals, hints in proof.additions():
            if not literals and selectors:
                break
            rest = set[Entry]().union(*(false[hint] for hint in hints if hint in false))
            written = [literal for literal in literals if -literal not in selectors]
            texts = [self._text(literal, entries) for literal in written]
            known = {entries[literal] for literal in written if literal in entries}
            texts += [f"d{self._equation(self._said(entry))}" for entry in sorted(rest - known)]
            named[number] = self._steps.propagation(texts, (named[hint] for hint in hints if hint in named))
            if rest:
                false[number] = rest
            if len(literals) == 1 and not written:
                self._needed[-literals[0]] = named[number], frozenset(rest)

    def _bound(self, reason: Binding) -> Entry:
        return reason.pattern, self._search.dichotomies.values[reason.point]

    def _separation(self, reason: Separation) -> int:
        # sum c z(x) = 0 with z > 0 where c > 0, z < 0 where c < 0, or the other way around
        literals = self._search.dichotomies.separation_literals(reason)
        sizes = map(abs, reason.circuit.values())
        return self._steps.clause(
            [self._sign(-literal) for literal in literals],
            [(self._sign(literal), m) for literal, m in zip(literals, sizes, strict=True)],
        )

    def _text(self, literal: int, entries: Mapping[int, Entry]) -> str:
        entry = entries.get(abs(literal))
        if entry is None:
            return self._sign(literal)
        return f"{'' if literal > 0 else '-'}d{self._equation(self._said(entry))}"

    def _sign(self, literal: int) -> str:
        i, j = divmod(abs(literal) - 1, self._search.width)
        return f"{j + 1}{'>' if literal > 0 else '<'}{self._numbers[i]}"

    # The tree over coefficients

    def _node(self, node: Node) -> Clause:
        if isinstance(node, Corner):
            return self._corner(node)
        if isinstance(node, Again):
            return self._again(node)
        known = self._clauses.get(id(node))
        if known is None:
            known = self._clauses[id(node)] = self._branch(node)
        return known

    def _again(self, node: Again) -> Clause:
        number, equations = self._node(node.node)
        said = self._said(node.entry)
        if said not in equations:
            return number, equations
        made = {self._said(e): m for e, m in node.flat.made_of(node.entry[0]).items()}
        return self._clause({*made, *(equations - {said})}, [self._follows(said, made), number])

    def _branch(self, node: Branch) -> Clause:
        needed, entries = self._needed[node.necessity.selector]
        hints = []
        together: set[Equation] = set()
        for entry in sorted(entries):
            said = self._said(entry)
            lemma = node.lemmas.get(entry)
            if lemma is None:
                number, equations = self._node(node.others[entry])
                if said not in equations:
                    return number, equations
            else:
                equations = frozenset(map(self._said, lemma.equations))
                number = self._lemma({self._said(e): m for e, m in lemma.equations.items()}, lemma.orders)
            hints.append(number)
            together |= equations - {said}
        return self._clause(together, [*hints, needed])

    def _corner(self, node: Corner) -> Clause:
        needed, entries = self._needed[node.necessity.selector]
        flat = node.flat
        neurons = [j for j in range(self._search.width) if any(pattern >> j & 1 for pattern, _ in entries)]
        if len(entries) <= len(neurons):
            hints, together = [], set[Equation]()
            for entry in sorted(entries):
                lemma = flat.against(entry)
                hints.append(self._lemma({self._said(e): m for e, m in lemma.equations.items()}, {}))
                together |= {self._said(e) for e in lemma.equations if e != entry}
            return self._clause(together, [*hints, needed])
        key = flat.coefficients()
        singles = {j: (1 << j, key[j] / self._search.scale) for j in neurons}
        number, equations = self._corners.get(key) or self._corners.setdefault(key, self._at(singles, entries, needed))
        path = set(map(self._said, flat.path))
        hints, together = [], set(equations & path)
        for j, single in singles.items():
            if single in equations and single not in path:
                made = {self._said(e): m for e, m in flat.made_of(1 << j).items()}
                hints.append(self._follows(single, made))
                together |= made.keys()
        return self._clause(together, [*hints, number]) if hints else (number, equations)

    def _at(self, singles: Mapping[int, Equation], entries: Iterable[Entry], needed: int) -> Clause:
        """The coefficients of single neurons contradict all the entries."""
        hints, together = [], set[Equation]()
        for entry in sorted(entries):
            of = [singles[j] for j in singles if entry[0] >> j & 1]
            hints.append(self._lemma({self._said(entry): Fraction(1)} | {single: Fraction(-1) for single in of}, {}))
            together.update(of)
        return self._clause(together, [*hints, needed])

    def _clause(self, together: Iterable[Equation], hints: Iterable[int]) -> Clause:
        equations = sorted(together)
        number = self._steps.propagation((f"-d{self._equation(equation)}" for equation in equations), hints)
        return number, frozenset(equations)

    def _lemma(self, equations: Mapping[Equation, Fraction], orders: Mapping[int, Fraction]) -> int:
        key = frozenset(equations)
        number = self._lemmas.get(key)
        if number is None:
            items = [*self._items(equations), *((f"o{j + 1}", m) for j, m in orders.items())]
            number = self._steps.clause((f"-d{self._equation(equation)}" for equation in equations), items)
            self._lemmas[key] = number
        return number

    def _follows(self, equation: Equation, made: Mapping[Equation, Fraction]) -> int:
        """The equation is the sum of these."""
        key = equation, frozenset(made)
        number = self._sums.get(key)
        if number is None:
            items = self._items({equation: Fraction(-1), **made})
            others = (f"-d{self._equation(other)}" for other in made)
            number = self._sums[key] = self._steps.equation(self._equation(equation), others, items)
        return number

    def _items(self, equations: Mapping[Equation, Fraction]) -> Multipliers:
        total = -sum(equations.values(), Fraction(0))
        # The constant beside the neurons is 0 (format v1, 6.11).
        constant = [(f"a{self._numbers[0]}", total)] if total else []
        return [*((f"d{self._equation(equation)}", m) for equation, m in equations.items()), *constant]

    def _said(self, entry: Entry) -> Equation:
        return entry[0], Fraction(entry[1], self._search.scale)

    def _equation(self, equation: Equation) -> int:
        """The number of the equation; it is written on first use."""
        number = self._equations.get(equation)
        if number is None:
            pattern, value = equation
            neurons = [j + 1 for j in range(self._search.width) if pattern >> j & 1]
            number = self._equations[equation] = self._steps.value(value, neurons)
        return number


def _used(node: Node | None) -> list[Necessity]:
    """The necessities of the tree, each of them once."""
    found: dict[int, Necessity] = {}
    left = [node] if node is not None else []
    while left:
        at = left.pop()
        if isinstance(at, Again):
            continue  # its node is elsewhere in the tree
        found[at.necessity.selector] = at.necessity
        if isinstance(at, Branch):
            left += at.others.values()
    return list(found.values())
