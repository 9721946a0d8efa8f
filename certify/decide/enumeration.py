"""Does a network of this width fit the data exactly? By trying all ways in which hyperplanes split the points.

The algorithm of Arora, Basu, Mianjy and Mukherjee (Understanding Deep Neural Networks with Rectified Linear Units,
2018, Theorem 4.1; ledger: section 1 of the paper) for the exact fit: for every number of positive neurons and every
choice of the k sets of points at which the neurons are on, a linear program; so 2^k n^(dk) programs at most. For
thresholds a system of linear equations takes the place of the program. Of choices that differ by neurons of one sign
changing places one is looked at. All of it is exact: a float linear program only guesses which rows a contradiction
needs. Without a network there is a refutation: a clause for every choice (one clause rules out many), and the circuits
of the points, which say that there are no other choices.

This is a baseline, and an oracle for the other deciders: slow, simple, and complete.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, permutations, product
from math import comb, lcm

from certify import lp
from certify.decide.fit import Fit, NoFit, Undecided
from certify.decide.lrat import LratProof
from certify.decide.radon import Circuit, circuit, whole
from certify.decide.refute.farkas import CONSTANT, Column, Contradictions
from certify.decide.refute.steps import Steps
from certify.decide.sat import solve
from certify.decide.threshold.flats import Entry
from certify.decide.threshold.together import contradictions
from certify.decide.trivial import without_search
from certify.errors import ResourceLimit, SolverFailure
from certify.exact import Vector
from certify.instance import TrainingInstance
from certify.network import Network, Neuron

MAX_CASES = 20_000_000
MAX_SETS = 20_000
"""So many sets of points are looked at for circuits."""
ASSUMED_WEIGHT = 8.0
"""Signs cost more in the float linear program, so that a contradiction names few of them."""
ROUNDS, ENOUGH = 6, 0.9
"""A contradictory set of clauses is shrunk so often at most, and no more where so much of it stays."""
Progress = Callable[[str], None]
_ONE, _ZERO = Fraction(1), Fraction(0)


def decide(
    instance: TrainingInstance,
    *,
    seconds: float | None = None,
    progress: Progress | None = None,
    reuse: bool = True,
) -> Fit | NoFit | Undecided:
    """Decides the exact fit. ``seconds``: wall-clock budget, None for none; ``reuse``: a choice that the reason of an
    earlier one rules out gets no program of its own (without it, the plain algorithm).

    Undecided beyond MAX_CASES choices or when the budget is spent. The summary counts: dichotomies of the points,
    cases (choices), programs that were solved.
    """
    distinct, answer = without_search(instance)
    if answer is not None:
        return answer
    deadline = None if seconds is None else time.monotonic() + seconds
    try:
        return _Enumeration(instance, distinct, deadline, progress or (lambda _: None), reuse).run()
    except ResourceLimit as stop:
        return Undecided(stop.message, 1)


def most_dichotomies(count: int, dimension: int) -> int:
    """The number of dichotomies of so many points in general position; of others there are fewer (Cover, 1965)."""
    return 2 * sum(comb(count - 1, i) for i in range(dimension + 1))


def circuits(points: Sequence[Vector]) -> list[Circuit]:
    """All minimal affine dependencies of distinct points. Raises ResourceLimit beyond MAX_SETS sets of points."""
    sizes = range(3, len(points[0]) + 3)
    if sum(comb(len(points), size) for size in sizes) > MAX_SETS:
        raise ResourceLimit(f"the enumeration is for fewer points: there are over {MAX_SETS} sets of them to look at")
    columns = whole(points)
    every = (circuit(columns, chosen) for size in sizes for chosen in combinations(range(len(points)), size))
    return [found for found in every if found is not None]


def sides(found: Circuit) -> tuple[int, int]:
    """The points with positive and with negative multipliers, as bit sets."""
    return sum(1 << i for i, c in found.items() if c > 0), sum(1 << i for i, c in found.items() if c < 0)


def dichotomies(count: int, known: Sequence[Circuit]) -> list[int]:
    """All sets, as bit sets, of ``count`` points with these circuits that a hyperplane separates from the others.

    A set is one exactly if no circuit has its positive points inside and its negative ones outside, or the other way
    around (Gordan's theorem of the alternative, with a minimal support).
    """
    ending: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    for found in known:
        ending[max(found)].append(sides(found))
    sets = [0]
    for i in range(count):
        grown = [chosen | bit for chosen in sets for bit in (0, 1 << i)]
        sets = [
            chosen
            for chosen in grown
            if not any(
                (chosen & p == p and not chosen & n) or (chosen & n == n and not chosen & p) for p, n in ending[i]
            )
        ]
    return sorted(sets)


@dataclass(frozen=True)
class Reason:
    """Neuron j is not on at all points of ``on[j]`` and off at all of ``off[j]``, for all j together (bit sets).

    ``combination``: items of format v1, 6.8, as (kind, neuron or -1, point), all from 0, with multipliers.
    """

    on: tuple[int, ...]
    off: tuple[int, ...]
    combination: dict[tuple[str, int, int], Fraction]

    def covers(self, chosen: Sequence[int]) -> bool:
        """Whether it rules out these sets of the first neurons, whatever the others do."""
        return all(not on & ~mask and not off & mask for on, off, mask in zip(self.on, self.off, chosen, strict=False))

    def ends(self) -> int:
        """The number of neurons up to the last one that it names."""
        return max((j + 1 for j, masks in enumerate(zip(self.on, self.off, strict=True)) if any(masks)), default=0)

    def moved(self, order: Sequence[int]) -> Reason:
        """The same for neuron order[j] in place of j."""
        on, off = list(self.on), list(self.off)
        for j, place in enumerate(order):
            on[place], off[place] = self.on[j], self.off[j]
        renamed = {(kind, order[j] if j >= 0 else j, i): m for (kind, j, i), m in self.combination.items()}
        return Reason(tuple(on), tuple(off), renamed)


class _Enumeration:
    def __init__(
        self,
        instance: TrainingInstance,
        distinct: Sequence[int],
        deadline: float | None,
        progress: Progress,
        reuse: bool,
    ) -> None:
        self.instance, self.width = instance, instance.width
        self.points = [instance.points[i] for i in distinct]
        self.labels = [instance.labels[i] for i in distinct]
        scale = lcm(*(label.denominator for label in self.labels))
        self.values = [int(label * scale) for label in self.labels]
        self.numbers = [i + 1 for i in distinct]
        self.deadline, self.progress, self.reuse = deadline, progress, reuse
        self.solver = Contradictions()
        self.circuits = circuits(self.points)
        self.sets = dichotomies(len(self.points), self.circuits)
        self.cases = self.programs = 0

    def check(self) -> None:
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise ResourceLimit(f"no verdict in time, after {self.cases} cases")

    def summary(self) -> dict[str, object]:
        return {
            "method": "enumeration",
            "dichotomies": len(self.sets),
            "cases": self.cases,
            "programs": self.programs,
        }

    def run(self) -> Fit | NoFit:
        k = self.width
        if self.instance.activation == "threshold":
            splits: list[int | None] = [None]
        else:
            splits = list({"free": range(k + 1), "convex": range(k, k + 1), "concave": range(1)}[self.instance.signs])
        total = sum(_multisets(len(self.sets), part) for p in splits for part in [_classes(k, p)])
        if total > MAX_CASES:
            raise ResourceLimit(f"{total} cases, over {MAX_CASES}, are too many for the enumeration")
        lines: list[str] = []
        for positive in splits:
            self.progress(f"{self.cases} of {total} cases, {self.programs} programs")
            split = _Split(self, positive)
            network = split.search((), 0, [])
            if network is not None:
                return Fit(network, self.summary())
            lines += [f"split {'*' if positive is None else positive}", *split.refutation(), "qed"]
        return NoFit(lines, self.summary())


def _classes(width: int, positive: int | None) -> list[int]:
    """The sizes of the classes of neurons that can change places."""
    return [width] if positive is None else [positive, width - positive]


def _multisets(kinds: int, sizes: Sequence[int]) -> int:
    number = 1
    for size in sizes:
        number *= comb(kinds + size - 1, size)
    return number


class _Split:
    """The choices for ``positive`` neurons of sign +1, which come first; None for thresholds."""

    def __init__(self, whole: _Enumeration, positive: int | None) -> None:
        self.whole, self.width, self.positive = whole, whole.width, positive
        self.points: list[Vector] = [(*x, _ONE) for x in whole.points]
        self.size = len(self.points[0])
        self.signs = [_ONE if positive is None or j < positive else -_ONE for j in range(self.width)]
        sizes = _classes(self.width, positive)
        #: What being off means in a proof.
        self.below = "<" if positive is None else "<="
        #: For each neuron, so many neurons come after it in its class.
        self.after = [size - 1 - t for size in sizes for t in range(size)]
        classes = [range(self.width)] if positive is None else [range(positive), range(positive, self.width)]
        self.orders = [tuple(j for part in parts for j in part) for parts in product(*map(permutations, classes))]
        self.reasons: list[Reason] = []
        if positive is not None:
            self._fixed = list(self._relaxed())

    # The choices --------------------------------------------------

    def search(self, chosen: tuple[int, ...], first: int, alive: list[Reason]) -> Network | None:
        """The network of the first choice that has one, after these sets of points for the first neurons; the next one
        takes a set from number ``first`` on. ``alive``: the reasons that do not contradict ``chosen``.
        """
        whole, j = self.whole, len(chosen)
        seen = len(self.reasons)
        for t in range(first, len(whole.sets)):
            here = (*chosen, whole.sets[t])
            alive += [reason for reason in self.reasons[seen:] if reason.covers(chosen)]
            seen = len(self.reasons)
            mask = whole.sets[t]
            left = [reason for reason in alive if not reason.on[j] & ~mask and not reason.off[j] & mask]
            if whole.reuse and any(reason.ends() <= j + 1 for reason in left):
                whole.cases += self._below(j, t)
            elif j + 1 < self.width:
                found = self.search(here, t if self.after[j] else 0, left)
                if found is not None:
                    return found
            else:
                whole.cases += 1
                whole.check()
                found = self._program(here)
                if found is not None:
                    return found
        return None

    def _below(self, j: int, t: int) -> int:
        """So many choices begin with the sets of neurons 0 ... j, the last one being number t."""
        kinds, rest = len(self.whole.sets), self.width - 1 - j - self.after[j]
        return comb(kinds - t + self.after[j] - 1, self.after[j]) * comb(kinds + rest - 1, rest)

    def _program(self, chosen: tuple[int, ...]) -> Network | None:
        """The network with just these neurons on, or None and a reason more, in all orders of the neurons."""
        self.whole.programs += 1
        answer = self._equations(chosen) if self.positive is None else self._linear_program(chosen)
        if isinstance(answer, Network):
            if self.whole.instance.misfits(answer):
                raise SolverFailure("the network of a choice does not fit")
            return answer
        known = {(reason.on, reason.off) for reason in self.reasons} if not self.whole.reuse else set()
        for order in self.orders:
            moved = answer.moved(order)
            if (moved.on, moved.off) not in known:
                known.add((moved.on, moved.off))
                self.reasons.append(moved)
        return None

    def _reason(self, used: dict[tuple[int, int], bool], combination: dict[tuple[str, int, int], Fraction]) -> Reason:
        """``used``: the signs (neuron, point) that the combination needs."""
        on, off = [0] * self.width, [0] * self.width
        for (j, i), active in used.items():
            masks = on if active else off
            masks[j] |= 1 << i
        for i in [i for kind, _, i in combination if kind == "e"]:
            # The part without neurons is 0 (format v1, 6.11).
            combination["a", -1, i] = -combination["e", -1, i]
        return Reason(tuple(on), tuple(off), {item: m for item, m in combination.items() if m})

    # Thresholds --------------------------------------------------

    def _equations(self, chosen: tuple[int, ...]) -> Network | Reason:
        """The coefficients of thresholds: the sums of the patterns (threshold/flats.py)."""
        k = self.width
        patterns = [sum(1 << j for j in range(k) if chosen[j] >> i & 1) for i in range(len(self.points))]
        entries: dict[Entry, int] = {}
        for i, entry in enumerate(zip(patterns, self.whole.values, strict=True)):
            entries.setdefault(entry, i)
        lemma = next(contradictions(sorted(entries), k), None)
        if lemma is not None:
            chosen_points = {entries[entry]: Fraction(m) for entry, m in lemma.equations.items()}
            used = {(j, i): bool(chosen[j] >> i & 1) for i in chosen_points for j in range(k)}
            return self._reason(used, {("e", -1, i): m for i, m in chosen_points.items()})
        rows = [tuple(Fraction(pattern >> j & 1) for j in range(k)) for pattern in patterns]
        coefficients = _solution(rows, self.whole.labels)
        if coefficients is None:
            raise SolverFailure("equations without a dependency have a solution")
        neurons = []
        for j in range(k):
            signed = [x if chosen[j] >> i & 1 else tuple(-v for v in x) for i, x in enumerate(self.points)]
            form = lp.feasible(signed, [_ONE] * len(signed))
            if form is None:
                raise SolverFailure("a dichotomy that no circuit forbids has a hyperplane")
            neurons.append(Neuron(form[:-1], form[-1], coefficients[j]))
        return Network("threshold", tuple(neurons), self.size - 1)

    # ReLUs --------------------------------------------------

    def _form(self, j: int, i: int, factor: Fraction) -> dict[int, Fraction]:
        return {j * self.size + c: factor * v for c, v in enumerate(self.points[i]) if v}

    def _relaxed(self) -> Iterator[Column]:
        """The rows that hold whatever the signs are: equations, h >= 0 and h - z >= 0. Unknowns: weights and biases of
        all neurons, then h.
        """
        hidden = self.width * self.size
        for i, label in enumerate(self.whole.labels):
            outputs = {hidden + i * self.width + j: sign for j, sign in enumerate(self.signs)}
            yield Column(f"e -1 {i}", {**outputs, CONSTANT: -label}, True)
            for j, h in enumerate(outputs):
                yield Column(f"h {j} {i}", {h: _ONE}, False)
                yield Column(f"g {j} {i}", {h: _ONE, **self._form(j, i, -_ONE)}, False)

    def _linear_program(self, chosen: tuple[int, ...]) -> Network | Reason:
        """System: z_j(x_i) >= 0 where j is on, <= 0 where it is off, and the equations."""
        hidden = self.width * self.size
        columns = list(self._fixed)
        for i, j in product(range(len(self.points)), range(self.width)):
            active = bool(chosen[j] >> i & 1)
            form = self._form(j, i, _ONE if active else -_ONE)
            columns.append(Column(f"{'>' if active else '<'} {j} {i}", form, False, weight=ASSUMED_WEIGHT))
            known: dict[int, Fraction] = {hidden + i * self.width + j: _ONE}
            if active:
                known.update(self._form(j, i, -_ONE))
            columns.append(Column(f"s {j} {i}", known, True, weight=ASSUMED_WEIGHT))
        found = self.whole.solver.find(columns)
        if found is None:
            return self._exactly(chosen)
        combination: dict[tuple[str, int, int], Fraction] = {}
        for item, m in found:
            kind, *place = item.split()
            combination[kind, int(place[0]), int(place[1])] = m
        used = {(j, i): bool(chosen[j] >> i & 1) for kind, j, i in combination if kind in "><s"}
        # Where a sign is known, a checker writes z or 0 in place of h in the equation: the multiplier of the row s,
        # which says that they are equal, makes up for it.
        for j, i in used:
            equation = combination.get(("e", -1, i), _ZERO)
            combination["s", j, i] = combination.get(("s", j, i), _ZERO) + equation * self.signs[j]
        return self._reason(used, combination)

    def _exactly(self, chosen: tuple[int, ...]) -> Network | Reason:
        """The same without floats: a basic solution, or the multipliers of an exact simplex method."""
        n, k = len(self.points), self.width
        rows: list[Vector] = []
        rhs: list[Fraction] = []
        names: list[tuple[str, int, int]] = []
        for i, j in product(range(n), range(k)):
            active = bool(chosen[j] >> i & 1)
            rows.append(self._row({j: _ONE if active else -_ONE}, i))
            rhs.append(_ZERO)
            names.append((">" if active else "<", j, i))
        for i, label in enumerate(self.whole.labels):
            row = self._row({j: self.signs[j] for j in range(k) if chosen[j] >> i & 1}, i)
            rows += [row, tuple(-v for v in row)]
            rhs += [label, -label]
            names += [("e", -1, i), ("-e", -1, i)]
        outcome = lp.solve(rows, rhs)
        if outcome.point is not None:
            blocks = [outcome.point[j * self.size : (j + 1) * self.size] for j in range(k)]
            neurons = tuple(Neuron(b[:-1], b[-1], sign) for b, sign in zip(blocks, self.signs, strict=True))
            return Network("relu", neurons, self.size - 1)
        assert outcome.multipliers is not None
        combination: dict[tuple[str, int, int], Fraction] = {}
        for (kind, j, i), m in zip(names, outcome.multipliers, strict=True):
            key = (kind.removeprefix("-"), j, i)
            combination[key] = combination.get(key, _ZERO) + (-m if kind == "-e" else m)
        combination = {item: m for item, m in combination.items() if m}
        used = {(j, i): bool(chosen[j] >> i & 1) for kind, j, i in combination if kind != "e"}
        used |= {(j, i): bool(chosen[j] >> i & 1) for kind, _, i in combination if kind == "e" for j in range(k)}
        return self._reason(used, combination)

    def _row(self, factors: dict[int, Fraction], i: int) -> Vector:
        return tuple(factors.get(j, _ZERO) * v for j in range(self.width) for v in self.points[i])

    # The refutation --------------------------------------------------

    def refutation(self) -> list[str]:
        """The lines of the split, from after its first to before `qed`."""
        empty = next((reason for reason in self.reasons if not any((*reason.on, *reason.off))), None)
        if empty is not None:
            return [f"0 : {self._items(empty)}"]
        known = [*self.reasons, *self._separations()]
        # A clause of one sign is a fact from then on, and a checker writes equations with it: these come last.
        known.sort(key=lambda reason: len(self._clause(reason)) == 1)
        clauses = [self._clause(reason) for reason in known]
        numbers = list(range(len(known)))
        proof = self._refuted(clauses)
        for _ in range(ROUNDS):
            used = [numbers[axiom - 1] for axiom in proof.used_axioms]
            small = len(used) <= ENOUGH * len(numbers)
            numbers, proof = used, self._refuted([clauses[n] for n in used])
            if not small:
                break
        steps = Steps()
        named: dict[int, int] = {}
        facts: list[tuple[int, int]] = []
        for axiom in proof.used_axioms:
            n = numbers[axiom - 1]
            items = self._items(known[n], facts)
            named[axiom] = steps.numbered("c", f"{self._texts(clauses[n])} : {items}")
            if len(clauses[n]) == 1:
                i, j = divmod(abs(clauses[n][0]) - 1, self.width)
                facts.append((j, i))
        for number, literals, hints in proof.additions():
            text = self._texts(literals)
            named[number] = steps.propagation([text] if text else [], [named[hint] for hint in hints])
        return steps.lines

    def _separations(self) -> Iterator[Reason]:
        """No neuron is on at just the positive, or the negative, points of a circuit."""
        for found in self.whole.circuits:
            inside, outside = sides(found)
            for j, turned in product(range(self.width), (False, True)):
                on, off = [0] * self.width, [0] * self.width
                on[j], off[j] = (outside, inside) if turned else (inside, outside)
                combination = {(">" if (c > 0) != turned else "<", j, i): Fraction(abs(c)) for i, c in found.items()}
                yield Reason(tuple(on), tuple(off), combination)

    def _clause(self, reason: Reason) -> list[int]:
        """Atom i k + j + 1: neuron j is on at point i."""
        n, k = len(self.points), self.width
        pairs = list(product(range(n), range(k)))
        return [-(i * k + j + 1) for i, j in pairs if reason.on[j] >> i & 1] + [
            i * k + j + 1 for i, j in pairs if reason.off[j] >> i & 1
        ]

    def _refuted(self, clauses: list[list[int]]) -> LratProof:
        proof = solve(clauses, apart=False)
        if not isinstance(proof, LratProof):
            raise SolverFailure("a choice was passed over")
        return proof

    def _texts(self, clause: Sequence[int]) -> str:
        words = []
        for atom in clause:
            i, j = divmod(abs(atom) - 1, self.width)
            words.append(f"{j + 1}{'>' if atom > 0 else self.below}{self.whole.numbers[i]}")
        return " ".join(words)

    def _items(self, reason: Reason, facts: Sequence[tuple[int, int]] = ()) -> str:
        """``facts``: signs (neuron, point) with which a checker writes equations by now."""
        words = []
        combination = dict(reason.combination)
        for j, i in facts:
            if ("e", -1, i) in combination and not (reason.on[j] | reason.off[j]) >> i & 1:
                combination["s", j, i] = combination["e", -1, i] * self.signs[j]
        for (kind, j, i), m in combination.items():
            number = self.whole.numbers[i]
            if kind in "ea":
                name = f"{kind}{number}"
            elif kind in "hgs":
                name = f"{kind}{j + 1}.{number}"
            else:
                name = f"{j + 1}{'>' if kind == '>' else self.below}{number}"
            words.append(f"{name}:{m}")
        return " ".join(words)


def _solution(rows: Sequence[Vector], rhs: Sequence[Fraction]) -> Vector | None:
    return lp.feasible([*rows, *(tuple(-v for v in row) for row in rows)], [*rhs, *(-y for y in rhs)])
