"""Refutations of instances with few neurons whose target error leaves room: a search of the losses (format v1, 6.13).

The cases are the signs of the neurons at points and, for l0, which points are missed. In each case a linear program
asks for the least loss (loss_relaxation.py). Where it is above gamma, Farkas multipliers make a clause, and the clauses
of two cases a clause of both; where it is not, the solution may be a network that meets gamma, or says at which sign it
is none. For l2 tangents take the place of squares; they are added where a solution goes below the parabola, until the
linear program knows the least sum of squares of the case: a convex quadratic program by cutting planes (Kelley, 1960).
Where the least loss of all networks is just gamma, rounding decides whether the search sees it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from fractions import Fraction

from certify.decide.loss_relaxation import Relaxation, least_squares, rounded
from certify.decide.refute import Limits, Refutation, Unknown
from certify.decide.refute.farkas import CONSTANT, Column, Contradictions
from certify.exact import Vector, render
from certify.instance import TrainingInstance
from certify.network import Network

#: Where squares get tangents: at these residuals for all points, and near 0 at these parts of |E|/M.
TANGENTS = tuple(Fraction(n, 4) for n in (-4, -2, -1, 0, 1, 2, 3, 4, 6))
NEAR = (Fraction(1, 8), Fraction(1, 4), Fraction(1, 2), Fraction(1), Fraction(2), Fraction(4))
ONE = Fraction(1)
#: The neurons are not ordered, so that every case stands there in all orders of them.
MAX_WIDTH = 3
#: So many cases of a split are looked at where there is more than one neuron.
MAX_CASES = 4000
#: So often are tangents added in one case, at multiples of a part of 1/TANGENT_PARTS of the coarsest step.
ROUNDS, TANGENT_PARTS = 12, (64, 10**4, 10**7)
#: Float losses are compared with gamma up to this.
SLACK = 1e-9

#: (kind, point, neuron, both from 0): kind "sign" (the neuron is positive there) or "miss" (neuron 0, of no meaning);
#: with a truth value it is a literal.
Atom = tuple[str, int, int]
Clause = dict[Atom, bool]


class _GivesUp(Exception):  # noqa: N818 - not an error: the search ends without an answer
    """A case that is not refuted, or no time left."""


class _Met(Exception):  # noqa: N818 - not an error: the search ends with a network
    """A network that meets gamma, by exact evaluation."""

    def __init__(self, network: Network) -> None:
        super().__init__("gamma is met")
        self.network = network


def refute_by_cases(instance: TrainingInstance, limits: Limits | None = None) -> Refutation | Unknown:
    """``decide_by_cases`` for a caller that wants refutations alone."""
    found = decide_by_cases(instance, limits)
    return Unknown("a network meets gamma") if isinstance(found, Network) else found


def decide_by_cases(instance: TrainingInstance, limits: Limits | None = None) -> Refutation | Unknown | Network:
    """A refutation of "so many neurons meet gamma" by cases, a network that does, or Unknown.

    An exact fit is asked, too, where the instance has no loss (a caller leaves it out where gamma leaves no room);
    then networks are not looked for.
    """
    if instance.width > MAX_WIDTH:
        return Unknown(f"the losses are searched for {MAX_WIDTH} neurons at most")
    seconds = None if limits is None else limits.seconds
    lines: list[str] = []
    deadline = None if seconds is None else time.monotonic() + seconds
    k = instance.width
    splits = {"free": range(k + 1), "convex": range(k, k + 1), "concave": range(1)}[instance.signs]
    try:
        for positive in splits if instance.activation == "relu" else (None,):
            search = _Search(instance, positive, deadline)
            lines += [f"split {'*' if positive is None else positive}", *search.run(), "qed"]
    except _GivesUp as stop:
        return Unknown(str(stop))
    except _Met as end:
        return end.network
    return Refutation(lines, {"steps": {}, "splits": sum(line.startswith("split") for line in lines)})


@dataclass
class _Search:
    """One split: ``positive`` neurons of sign +1, or None for threshold neurons."""

    instance: TrainingInstance
    positive: int | None
    deadline: float | None
    lines: list[str] = field(default_factory=list)
    facts: Clause = field(default_factory=dict)
    count: int = 0
    cases: int = 0

    def __post_init__(self) -> None:
        self.find = Contradictions().find
        self.exact = self.instance.loss == "exact"
        self.copies = self.instance.counts()
        self.points: list[Vector] = [(*x, ONE) for x in self.instance.points]
        self.order = self._order()
        self.tangents = [list(self._tangents()) for _ in self.points]
        self.relaxation = Relaxation(strict=1.0 if self.positive is None else 0.0)
        self.cost = {self._place(i) + self.instance.width + 1: float(c) for i, c in enumerate(self.copies)}

    def run(self) -> list[str]:
        """The steps, up to the empty clause."""
        self.close({})
        return self.lines

    def close(self, assumed: Clause) -> tuple[int, Clause]:
        """Refutes the case; the number of a clause, and what of the case it uses. Raises _GivesUp."""
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise _GivesUp("no time left")
        self.cases += 1
        if self.instance.width > 1 and self.cases > MAX_CASES:
            raise _GivesUp(f"over {MAX_CASES} cases")
        known = {**self.facts, **assumed}
        columns, needs = self.columns(known)
        values: dict[int, float] | None = None
        if not self.exact:
            columns, needs, values = self._relaxed(known, columns, needs)
        above = values is None or self._lost(values) > float(self.instance.gamma) - SLACK
        found = self.find(columns) if above else None
        if found is not None:
            atoms = {atom for item, _ in found for atom in needs[item] if atom not in self.facts}
            return self._clause({a: assumed[a] for a in atoms}, self._items(found), leaf=True)
        if values is not None:
            self._meets(values)
        atom = self._next(known, values)
        if atom is None:
            raise _GivesUp("a case is left in which the losses may stay within gamma")
        # The value that is refuted sooner comes first: missing a dear point, being on at a point of label 0.
        first = not self.instance.labels[atom[1]] if atom[0] == "sign" else True
        one, used = self.close({**assumed, atom: first})
        if atom not in used:
            return one, used
        if len(used) == 1:
            return self.close(assumed)
        two, rest = self.close({**assumed, atom: not first})
        if atom not in rest:
            return two, rest
        both = {a: value for a, value in {**used, **rest}.items() if a != atom}
        return self._clause(both, f"{one} {two}", leaf=False)

    def _relaxed(
        self, known: Clause, columns: list[Column], needs: dict[str, list[Atom]]
    ) -> tuple[list[Column], dict[str, list[Atom]], dict[int, float] | None]:
        """The least values of the case, and its rows, for l2 with the tangents that these values ask for."""
        gamma = float(self.instance.gamma)
        for turn in range(ROUNDS):
            values = self.relaxation.least([column for column in columns if column.item != "L"], self.cost)
            if values is None or self.instance.loss != "l2" or self._lost(values) > gamma * (1 + 1e-4) + 1e-6:
                break
            gaps = [values[self._place(i) + self.instance.width] for i in range(len(self.points))]
            if sum(c * gap * gap for c, gap in zip(self.copies, gaps, strict=True)) <= gamma + SLACK:
                break
            part = TANGENT_PARTS[min(turn // 4, len(TANGENT_PARTS) - 1)]
            before = sum(map(len, self.tangents))
            for mine, gap in zip(self.tangents, gaps, strict=True):
                touching = Fraction(round(gap * part), part)
                if touching not in mine:
                    mine.append(touching)
            if sum(map(len, self.tangents)) == before and part == TANGENT_PARTS[-1]:
                break
            columns, needs = self.columns(known)
        return columns, needs, values

    def _lost(self, values: dict[int, float]) -> float:
        return sum(count * values[key] for key, count in self.cost.items())

    def _meets(self, values: dict[int, float]) -> None:
        """Raises _Met for a network near the values that meets gamma."""
        for network in rounded(self.instance, self.positive, values):
            if self.instance.objection(network) is None:
                raise _Met(network)
        if self.instance.loss == "l2" and self.positive is not None:
            best = least_squares(self.instance, self.positive, values)
            if best is not None and self.instance.objection(best) is None:
                raise _Met(best)

    def _next(self, known: Clause, values: dict[int, float] | None) -> Atom | None:
        """What to decide: where the values are furthest from those of a network, or else the first in order."""
        open_atoms = [a for a in self.order if a not in known and self._helps(a, known)]
        if values is None or not open_atoms:
            return next(iter(open_atoms), None)
        wrong = {atom: self._wrong(atom, values) for atom in open_atoms}
        worst = max(open_atoms, key=wrong.__getitem__)
        return worst if wrong[worst] > SLACK else open_atoms[0]

    def _wrong(self, atom: Atom, values: dict[int, float]) -> float:
        """How far the output of the neuron is from what its z says; of a point that may be missed, its residual."""
        kind, i, j = atom
        start, size, width = self._place(i), self.instance.dimension + 1, self.instance.width
        if kind == "miss":
            return abs(values[start + width])
        z = sum(float(v) * values.get(j * size + c, 0.0) for c, v in enumerate(self.points[i]))
        on = max(z, 0.0) if self.positive is not None else values.get(width * size + j, 0.0) * (z > 0)
        return abs(values.get(start + j, on) - on)

    def _place(self, i: int) -> int:
        """The first unknown of a point: its outputs, the residual, the loss."""
        width = self.instance.width
        return width * (self.instance.dimension + 2) + i * (width + 2)

    def _clause(self, used: Clause, reason: str, *, leaf: bool) -> tuple[int, Clause]:
        """The clause that not all of ``used`` hold; one of a single literal is a fact from now on."""
        self.count += 1
        literals = " ".join(self._literal(atom, not value) for atom, value in sorted(used.items()))
        if leaf and not used:
            self.lines.append(f"0 : {reason}")
        else:
            self.lines.append(" ".join(filter(None, ("c" if leaf else "v", str(self.count), literals, ":", reason))))
        if len(used) == 1:
            ((atom, value),) = used.items()
            self.facts[atom] = not value
        return self.count, used

    def _literal(self, atom: Atom, value: bool) -> str:
        kind, i, j = atom
        if kind == "miss":
            return f"{'' if value else '-'}m{i + 1}"
        below = "<" if self.positive is None else "<="
        return f"{j + 1}{'>' if value else below}{i + 1}"

    def _order(self) -> list[Atom]:
        indices = range(len(self.points))
        labels = self.instance.labels
        cheap = sorted(indices, key=lambda i: (bool(labels[i]), i))
        misses: list[Atom] = [("miss", i, 0) for i in cheap] if self.instance.loss == "l0" else []
        signs: list[Atom] = [("sign", i, j) for i in cheap for j in range(self.instance.width)]
        # A positive ReLU is never more than its relaxation where the label is 0: its sign comes last there.
        signs.sort(key=lambda atom: self.positive is not None and not (self.positive and labels[atom[1]]))
        return [*misses, *signs]

    def _helps(self, atom: Atom, known: Clause) -> bool:
        """Whether deciding it can matter: the sign at a missed point cannot."""
        return atom[0] == "miss" or not known.get(("miss", atom[1], 0), False)

    def _tangents(self) -> list[Fraction]:
        if self.instance.loss != "l2":
            return []
        step = Fraction(sum(self.instance.labels), max(self.copies))
        return sorted({*TANGENTS, *(sign * part * step for part in NEAR for sign in (1, -1))})

    def columns(self, known: Clause) -> tuple[list[Column], dict[str, list[Atom]]]:
        """The rows of the case, and for each the literals that it needs.

        Unknowns: weights and bias of each neuron, the coefficients (threshold), then for each point the outputs, the
        residual and the loss. The equation of a point and that of the affine part are one row, ``eI``.
        """
        made: list[Column] = []
        needs: dict[str, list[Atom]] = {}
        size, width = self.instance.dimension + 1, self.instance.width

        def row(
            item: str, terms: dict[int, Fraction], *atoms: Atom, equality: bool = False, strict: bool = False
        ) -> None:
            kept = {key: value for key, value in terms.items() if value}
            made.append(Column(item, kept, equality, strict, weight=1.0 + 4 * sum(a not in self.facts for a in atoms)))
            needs[item] = list(atoms)

        total: dict[int, Fraction] = {CONSTANT: self.instance.gamma}
        for i, (x, label) in enumerate(zip(self.points, self.instance.labels, strict=True)):
            start = self._place(i)
            gap, lost, name, missed = start + width, start + width + 1, i + 1, ("miss", i, 0)
            total[lost] = Fraction(-self.copies[i])
            equation: dict[int, Fraction] = {CONSTANT: -label} if self.exact else {gap: ONE, CONSTANT: -label}
            atoms: list[Atom] = []
            relaxed: list[tuple[str, dict[int, Fraction]]] = []
            for j in range(width):
                place, out = ("sign", i, j), start + j
                sign = ONE if self.positive is None or j < self.positive else -ONE
                z = {j * size + c: v for c, v in enumerate(x)}
                if place not in known:
                    equation[out] = sign
                    if self.positive is not None:
                        relaxed.append((f"h{j + 1}.{name}", {out: ONE}))
                        relaxed.append((f"g{j + 1}.{name}", {out: ONE, **{k: -v for k, v in z.items()}}))
                    continue
                atoms.append(place)
                if known[place]:
                    equation.update(
                        {width * size + j: ONE} if self.positive is None else {k: sign * v for k, v in z.items()}
                    )
                    row(self._literal(place, True), z, place, strict=True)
                else:
                    negative = {k: -v for k, v in z.items()}
                    row(self._literal(place, False), negative, place, strict=self.positive is None)
            row(f"e{name}", equation, *atoms, equality=True)
            for item, terms in relaxed:
                row(item, terms)
            if self.exact:
                continue
            if self.instance.loss == "l1":
                row(f"p{name}", {lost: ONE, gap: -ONE})
                row(f"n{name}", {lost: ONE, gap: ONE})
            elif self.instance.loss == "l2":
                for v in self.tangents[i]:
                    row(f"q{name}.{render(v)}", {lost: ONE, gap: -2 * v, CONSTANT: v * v})
            elif missed not in known:
                row(f"x{name}", {lost: ONE})
            elif known[missed]:
                row(f"y{name}", {lost: ONE, CONSTANT: -ONE}, missed)
            else:
                row(f"z{name}", {gap: ONE}, missed, equality=True)
                row(f"x{name}", {lost: ONE})
        if not self.exact:
            row("L", total)
        return made, needs

    def _items(self, found: list[tuple[str, Fraction]]) -> str:
        words = []
        for item, factor in found:
            words.append(f"{item}:{render(factor)}")
            if item[0] == "e":
                words.append(f"a{item[1:]}:{render(-factor)}")
        return " ".join(words)
