"""From a search that ended without a network to a split of format v1, all of its reasons exact.

An entry "the neurons of the pattern have the sum v" is a step `q`: it holds where a point with label v has the pattern
(step `p`). What the solver derived of the entries that are needed, its LRAT, becomes steps `v`; a selector in it means
that some entries are false, so clauses that rest on it have these entries instead. Entries that contradict each other,
or the order of the coefficients, are clauses (step `c`), and the tree over them is a step `v` for each of its nodes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction

from certify.decide.refute.farkas import Multipliers
from certify.decide.refute.steps import Steps
from certify.decide.threshold.dichotomies import Binding, Necessity, Order, Selection, Separation
from certify.decide.threshold.flats import Entry, Lemma
from certify.decide.threshold.search import Again, Branch, Corner, Node, Search

Equation = tuple[int, int | Fraction]
"""A pattern and the sum of the coefficients of its neurons, scaled as the search's values are."""
Clause = tuple[int, frozenset[Equation]]
"""The number of a step, and the equations that it says are not all true."""


class Refutation:
    """The refutation of a search that found no network. ``numbers``: what the points are called in a proof.

    ``check`` is called now and then, and may raise.
    """

    def __init__(self, search: Search, numbers: Sequence[int], check: Callable[[], None] = lambda: None) -> None:
        self._search, self._numbers, self._check = search, numbers, check
        self._steps = Steps()
        self._equations: dict[Equation, int] = {}
        self._lemmas: dict[frozenset[Equation], int] = {}
        self._sums: dict[tuple[Equation, frozenset[Equation]], int] = {}
        self._needed: dict[int, tuple[int, frozenset[Entry], frozenset[Entry]]] = {}
        self._clauses: dict[int, Clause] = {}
        self._corners: dict[tuple[Fraction, ...], Clause] = {}

    def lines(self) -> list[str]:
        """The lines of the split, from its `order` to before `qed`."""
        if self._search.width > 1:
            points = [self._numbers[i] for i in self._search.dichotomies.order]
            self._steps.order(points, by_coefficients=self._search.root is not None)
        self._solved()
        if self._search.root is not None:
            self._node(self._search.root)
        return self._steps.lines

    # What the solver derived

    def _solved(self) -> None:
        signs = self._search.dichotomies
        necessities = _used(self._search.root)
        selectors = {reason.selector for reason in signs.reasons if isinstance(reason, Selection)}
        entries = signs.entries
        proof = signs.refutation(necessities)
        named: dict[int, int] = {}
        #: By clause: literals instead of "not all selected", an entry and whether it is true.
        instead: dict[int, set[tuple[Entry, bool]]] = {}
        for axiom in proof.used_axioms:
            if axiom > len(signs.reasons):
                continue  # the last one, that some selector is true
            reason = signs.reasons[axiom - 1]
            if isinstance(reason, Selection):
                instead[axiom] = {(reason.entry, not reason.true)}
            else:
                named[axiom] = self._given(reason)
        for number, literals, hints in proof.additions():
            self._check()
            if not literals and necessities:
                break  # some selector is true, and none is
            more = set[tuple[Entry, bool]]().union(*(instead[hint] for hint in hints if hint in instead))
            written = [literal for literal in literals if -literal not in selectors]
            known = {(entries[abs(literal)], literal > 0) for literal in written if abs(literal) in entries}
            texts = [self._text(literal, entries) for literal in written]
            texts += [self._entry(entry, true) for entry, true in sorted(more - known)]
            named[number] = self._steps.propagation(texts, (named[hint] for hint in hints if hint in named))
            if more:
                instead[number] = more
            if len(literals) == 1 and not written:
                needed, given = (frozenset(e for e, true in more if true == is_true) for is_true in (True, False))
                self._needed[-literals[0]] = named[number], needed, given

    def _given(self, reason: Binding | Separation | Order | Lemma) -> int:
        signs = self._search.dichotomies
        if isinstance(reason, Binding):
            entry = reason.pattern, signs.values[reason.point]
            return self._steps.binding(self._equation(entry), self._numbers[reason.point])
        if isinstance(reason, Separation):
            # sum c z(x) = 0 with z > 0 where c > 0, z < 0 where c < 0, or the other way around
            literals = signs.separation_literals(reason)
            sizes = map(abs, reason.circuit.values())
            return self._steps.clause(
                [self._sign(-literal) for literal in literals],
                [(self._sign(literal), m) for literal, m in zip(literals, sizes, strict=True)],
            )
        if isinstance(reason, Order):
            alone = []
            if reason.value is not None:
                alone = [self._equation((1 << j, reason.value)) for j in (reason.neuron, reason.neuron + 1)]
            return self._steps.lexicographic(reason.neuron, reason.signs, alone)
        return self._lemma(reason.equations, reason.orders)

    def _text(self, literal: int, entries: Mapping[int, Entry]) -> str:
        entry = entries.get(abs(literal))
        if entry is None:
            return self._sign(literal)
        return self._entry(entry, literal > 0)

    def _entry(self, entry: Entry, true: bool) -> str:
        return f"{'' if true else '-'}d{self._equation(entry)}"

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
            self._check()
            known = self._clauses[id(node)] = self._branch(node)
        return known

    def _again(self, node: Again) -> Clause:
        number, equations = self._node(node.node)
        if node.entry not in equations:
            return number, equations
        made = node.flat.made_of(node.entry[0])
        follows = self._follows(node.entry, made, node.flat.denominator)
        return self._clause({*made, *(equations - {node.entry})}, [follows, number])

    def _branch(self, node: Branch) -> Clause:
        needed, entries, _ = self._needed[node.necessity.selector]
        hints = []
        together: set[Equation] = set()
        for entry in sorted(entries):
            lemma = node.lemmas.get(entry)
            if lemma is None:
                number, equations = self._node(node.others[entry])
                if entry not in equations:
                    return number, equations
                together |= equations
            else:
                number = self._lemma(lemma.equations, lemma.orders)
                together |= lemma.equations.keys()
            hints.append(number)
            together.discard(entry)
        return self._clause(together, [*hints, needed])

    def _corner(self, node: Corner) -> Clause:
        needed, entries, given = self._needed[node.necessity.selector]
        flat = node.flat
        neurons = [j for j in range(self._search.width) if any(pattern >> j & 1 for pattern, _ in entries | given)]
        if len(entries) <= len(neurons) and not given:
            hints, together = [], set[Equation]()
            for entry in sorted(entries):
                lemma = flat.against(entry)
                hints.append(self._lemma(lemma.equations, {}))
                together |= lemma.equations.keys() - {entry}
            return self._clause(together, [*hints, needed])
        key = flat.coefficients()
        number, equations = self._corners.get(key) or self._corners.setdefault(key, self._at(key, node.necessity))
        hints, together = [], set(equations.intersection(flat.path))
        for single in sorted(equations.difference(flat.path)):
            made = flat.made_of(single[0])
            hints.append(self._follows(single, made, flat.denominator))
            together |= made.keys()
        return self._clause(together, [*hints, number]) if hints else (number, equations)

    def _at(self, coefficients: Sequence[Fraction], necessity: Necessity) -> Clause:
        """The coefficients of single neurons contradict all the entries."""
        needed, entries, given = self._needed[necessity.selector]
        singles = [(1 << j, int(a) if a.denominator == 1 else a) for j, a in enumerate(coefficients)]
        hints, together = [], set[Equation](given)
        for entry in sorted(entries):
            of = [single for single in singles if entry[0] & single[0]]
            hints.append(self._lemma({entry: 1} | dict.fromkeys(of, -1), {}))
            together.update(of)
        return self._clause(together, [*hints, needed])

    def _clause(self, together: Iterable[Equation], hints: Iterable[int]) -> Clause:
        equations = sorted(together)
        number = self._steps.propagation((f"-d{self._equation(equation)}" for equation in equations), hints)
        return number, frozenset(equations)

    def _lemma(self, equations: Mapping[Entry, int] | Mapping[Equation, int], orders: Mapping[int, int]) -> int:
        key: frozenset[Equation] = frozenset(equations)
        number = self._lemmas.get(key)
        if number is None:
            items = [*self._items(equations), *((f"o{j + 1}", m) for j, m in orders.items())]
            number = self._steps.clause((f"-d{self._equation(equation)}" for equation in equations), items)
            self._lemmas[key] = number
        return number

    def _follows(self, equation: Equation, made: Mapping[Entry, int], times: int) -> int:
        """The equation, so many times, is the sum of these."""
        key = equation, frozenset(made)
        number = self._sums.get(key)
        if number is None:
            items = self._items({equation: -times} | {entry: m for entry, m in made.items()})
            others = (f"-d{self._equation(other)}" for other in made)
            number = self._sums[key] = self._steps.equation(self._equation(equation), others, items)
        return number

    def _items(self, equations: Mapping[Entry, int] | Mapping[Equation, int]) -> Multipliers:
        total = -sum(equations.values())
        # The constant beside the neurons is 0 (format v1, 6.11).
        constant = [(f"a{self._numbers[0]}", total)] if total else []
        return [*((f"d{self._equation(equation)}", m) for equation, m in equations.items()), *constant]

    def _equation(self, equation: Equation) -> int:
        """The number of the equation; it is written on first use."""
        number = self._equations.get(equation)
        if number is None:
            pattern, value = equation
            neurons = [j + 1 for j in range(self._search.width) if pattern >> j & 1]
            number = self._equations[equation] = self._steps.value(Fraction(value) / self._search.scale, neurons)
        return number


def _used(root: Node | None) -> list[Necessity]:
    """The necessities of the tree, each of them once."""
    found: dict[int, Necessity] = {}
    left, seen = [root] if root is not None else [], set[int]()
    while left:
        node = left.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Again):
            left.append(node.node)
            continue
        found[node.necessity.selector] = node.necessity
        if isinstance(node, Branch):
            left += node.others.values()
    return list(found.values())
