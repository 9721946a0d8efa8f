"""The independent checker against models: data that a network does fit, so nothing false may ever be concluded.

For random networks on a grid everything the checker comes to know (signs, bounds, flat triples, rows, clauses) is
compared with the network itself, its neurons named and oriented as the labels and orders say, and every clause of an
order, of a point or of equations that follow from others is true of it. Half of the worlds start
from a network as it is (alpha = 0), the others from the wider class of section 6.1, for which items aI do not hold.
"""

from __future__ import annotations

import io
import random
from fractions import Fraction
from itertools import combinations

import pytest

from certify import verify
from certify.verify import ABOVE, BELOW, BREAK, DEF, FLAG, GE, GT, LE, LT, SIGN, Conflict, Limits, Lit, Reader, Reject

Affine = tuple[Fraction, ...]  # w_1 ... w_d b


class World:
    """A network, data it fits, the declared lines and slots, and the checker's split."""

    def __init__(self, rng: random.Random, relu: bool, loss: str = "exact") -> None:
        self.rng, self.relu, self.loss = rng, relu, loss
        self.k = k = rng.randrange(1, 5)
        xs, ys = rng.randrange(3, 8), rng.randrange(2, 4)
        step = rng.choice((Fraction(1), Fraction(1, 2), Fraction(2, 3)))
        self.points = [(x * step, Fraction(y)) for y in range(ys) for x in range(xs)]
        self.points += [(Fraction(rng.randrange(-9, 20), 2), Fraction(rng.randrange(-4, 9), rng.choice((1, 2)))) for _ in range(4)]
        signs = sorted((rng.choice((1, -1)) for _ in range(k)), reverse=True) if relu else [1] * k
        self.positive = signs.count(1)
        self.signs = signs
        few = not relu and rng.random() < 0.5  # so that some are equal
        choices = (1, -1) if few else (1, -1, 2, 3, -2, 5)
        self.heights = [Fraction(rng.choice(choices)) if not relu else Fraction(s) for s in signs]
        self.z: list[Affine] = []
        while len(self.z) < k:
            # breaks at data points are wanted too, for ReLU
            base = rng.choice(self.points)
            w = (Fraction(rng.randrange(-3, 4)), Fraction(rng.randrange(-2, 3)))
            z = (*w, -w[0] * base[0] - w[1] * base[1] + rng.choice((Fraction(0), Fraction(1, 3), Fraction(-1, 2))))
            if relu or all(self.at(z, p) for p in self.points):
                self.z.append(z)
        self.network = rng.random() < 0.5  # a network as it is, no affine part
        self.turned: set[int] = set()  # from 1
        self.named: set[int] = set()  # by labels, from 1
        self.alpha: Affine = (Fraction(rng.randrange(-2, 3)), Fraction(rng.randrange(-2, 3)), Fraction(1)) if relu else (Fraction(0), Fraction(0), Fraction(1, 2))
        if self.network:
            self.alpha = (Fraction(0),) * 3
        self.labels = self.values = [self.output(p) for p in self.points]
        instance = verify.Instance(relu, "free", k, 2, loss)
        self.residuals = [Fraction(0)] * len(self.points)
        if loss != "exact":  # labels that the network misses, and a gamma that it meets, perhaps just so
            self.residuals = [Fraction(rng.choice((0, 0, 1, -1, 2, -3)), rng.choice((1, 2, 3))) for _ in self.points]
            self.labels = [v + r for v, r in zip(self.labels, self.residuals, strict=True)]
            copies = [rng.randrange(1, 4) for _ in self.points]
            instance.copies = [0, *copies]
            gamma = rng.choice((0, 0, 1, Fraction(1, 3)))
            gamma += sum((c * self.lost(i) for i, c in enumerate(copies, 1)), Fraction(0))
            instance.gamma = gamma.numerator, gamma.denominator
        for p, y in zip(self.points, self.labels, strict=True):
            common = 6
            row = [c * common for c in (*p, Fraction(1), y)]
            assert all(c.denominator == 1 for c in row)
            instance.points.append(tuple(int(c) for c in row[:3]))
            instance.labels.append(int(row[3]))
        self.reader = Reader(io.BytesIO(b""), Limits())
        self.data = verify.Lines(self.reader, instance)
        self.instance = instance
        rows = [[y * xs + x + 1 for x in range(xs)] for y in range(ys)]
        columns = [[y * xs + x + 1 for y in range(ys)] for x in range(xs)]
        self.lines = rows + columns + [row[::2] for row in rows if len(row) > 3 and rng.random() < 0.3]
        for line in self.lines:
            self.data.add_line(list(map(str, line)))
        for number, line in enumerate(self.lines, 1):
            for sign in ("+-" if relu else "*") if loss == "exact" else "":
                self.declare(number, line, sign)
        self.data.search = loss != "exact"
        self.split = verify.Split(self.data, self.positive)

    def lost(self, i: int) -> Fraction:
        """The loss at point i."""
        gap = self.residuals[i - 1]
        return {"exact": Fraction(0), "l0": Fraction(gap != 0), "l1": abs(gap), "l2": gap * gap}[self.loss]

    @staticmethod
    def at(z: Affine, p: tuple[Fraction, ...]) -> Fraction:
        return z[0] * p[0] + z[1] * p[1] + z[2]

    def output(self, p: tuple[Fraction, ...]) -> Fraction:
        total = self.at(self.alpha, p)
        for a, z in zip(self.heights, self.z, strict=True):
            value = self.at(z, p)
            total += a * (max(value, Fraction(0)) if self.relu else (value > 0))
        return total

    def declare(self, number: int, line: list[int], sign: str) -> None:
        """Greedy disjoint slots from random triples (pairs)."""
        size = 3 if self.relu else 2
        chosen: list[int] = []
        at = 0
        wide = self.rng.random() < 0.5
        ways = sorted(
            combinations(range(len(line)), size), key=lambda c: (c[0] - c[-1] if wide else c[-1], self.rng.random())
        )
        for ends in ways:
            if ends[0] < at:
                continue
            points = [line[t] for t in ends]
            try:
                verify.Lines.add_slots(self.data, [str(number), sign, *map(str, points)])
            except Reject:
                continue
            del self.data.slots[number - 1, sign]
            if self.rng.random() < 0.8:
                chosen += points
                at = ends[-1]
        if chosen:
            self.data.add_slots([str(number), sign, *map(str, chosen)])

    def group(self, sign: str) -> list[int]:
        """The indices (from 0) of the neurons of a class."""
        return (
            list(range(self.k)) if sign == "*" else [j for j in range(self.k) if (self.signs[j] == 1) == (sign == "+")]
        )

    def label(self, sign: str, number: int) -> None:
        """Rename and orient the network's neurons as the label says, and let the checker do its part."""
        slots = [(slot.left, slot.right) for slot in self.data.slots[number - 1, sign]]
        members, taken = self.group(sign), list[int]()
        for p, r in slots:
            breaking = [j for j in members if j not in taken and self.value(j, p) * self.value(j, r) < 0]
            assert breaking, "a slot that no neuron of the class breaks in"
            taken.append(self.rng.choice(breaking))
        order = taken + [j for j in members if j not in taken]
        oriented = {j: self.value(j, slots[t][0]) < 0 for t, j in enumerate(taken)}
        old, heights = list(self.z), list(self.heights)
        self.named.update(place + 1 for place in members[: len(taken)])
        for place, j in zip(members, order, strict=True):
            z, a = old[j], heights[j]
            if not oriented.get(j, True):
                self.turned.add(place + 1)
                if self.relu:  # a [z] = a [-z] + a z
                    self.alpha = tuple(c + a * w for c, w in zip(self.alpha, z, strict=True))
                else:  # a 1[z > 0] = a - a 1[-z > 0]
                    self.alpha = (*self.alpha[:2], self.alpha[2] + a)
                    a = -a
                z = tuple(-w for w in z)
            self.z[place], self.heights[place] = z, a
        assert [self.output(p) for p in self.points] == self.values
        self.split.label(sign, str(number))

    def order(self, sign: str, points: list[int], by_coefficients: bool = False) -> None:
        """Rename the neurons of a class without label by their values at a point, by their words of signs at several, or
        by their coefficients, where these are equal by such words.
        """
        places = [j for j in self.group(sign) if j + 1 not in self.named]

        def key(j: int) -> tuple[Fraction, ...]:
            if not by_coefficients and len(points) == 1:
                return (self.value(j, points[0]),)
            word = (Fraction(self.value(j, i) > 0) for i in points)
            return (*([self.heights[j]] if by_coefficients else []), *word)

        ranked = sorted(places, key=key)
        old, heights = list(self.z), list(self.heights)
        for place, j in zip(places, ranked, strict=True):
            self.z[place], self.heights[place] = old[j], heights[j]
        assert [self.output(p) for p in self.points] == self.values
        self.split.order([sign, *(["a"] if by_coefficients else []), *map(str, points)])

    def value(self, j: int, i: int) -> Fraction:
        """z_j at point i: j from 0, i from 1."""
        return self.at(self.z[j], self.points[i - 1])

    def truth(self, j: int, i: int) -> int:
        """The relations that hold; j and i from 1."""
        value = self.value(j - 1, i)
        return ABOVE if value > 0 else BELOW if value < 0 else GE | LE

    def check_signs(self) -> None:
        assert not self.split.refuted
        for j in range(1, self.k + 1):
            assert self.split.flag(j) in (0, verify.TRUE if j in self.turned else verify.FALSE)
            for i in range(1, len(self.points) + 1):
                assert self.split.sign(j, i) & ~self.truth(j, i) == 0, (j, i)
        for i in range(1, len(self.points) + 1):
            self.split.settle(i)
            above, below = self.split.known(i)
            for j in range(1, self.k + 1):
                known = self.split.sign(j, i)
                assert (above >> j & 1, below >> j & 1) == (bool(known & GE), bool(known & LE))

    def holds(self, literal: Lit) -> bool:
        kind, a, b, c = literal
        if kind == SIGN:
            return bool(self.truth(a, c) & b)
        if kind == FLAG:
            return (a in self.turned if a > 0 else self.residuals[-a - 1] != 0) == bool(c)
        if kind == DEF and a in self.split.values:
            value = self.split.values[a]
            return (self.sum_of(value.neurons) == Fraction(value.top, value.bottom)) == bool(c)
        if kind == DEF:
            return all(map(self.holds, self.split.definitions[a])) == bool(c)
        slot = self.split.slot_of[b]
        return (self.value(a - 1, slot.left) * self.value(a - 1, slot.right) < 0) == bool(c)

    def sum_of(self, neurons: int) -> Fraction:
        """Threshold: alpha and the coefficients of a bit set of neurons."""
        return self.alpha[2] + sum((self.heights[j - 1] for j in verify.bits(neurons)), Fraction(0))

    def random_sign(self, true: bool | None = None) -> Lit:
        """A sign literal, true or false in the model, or any."""
        relations = (GE, LE, GT, LT) if self.relu else (GT, LT)
        while True:
            literal = (
                SIGN,
                self.rng.randrange(1, self.k + 1),
                self.rng.choice(relations),
                self.rng.randrange(1, len(self.points) + 1),
            )
            if true is None or self.holds(literal) == true:
                return literal

    def random_literal(self, true: bool | None = None) -> Lit:
        """A literal of a sign or, more seldom, tJ or -tJ."""
        if self.rng.random() < 0.75:
            return self.random_sign(true)
        if self.loss == "l0" and self.rng.random() < 0.8:
            i = self.rng.randrange(1, len(self.points) + 1)
            return (FLAG, -i, 0, int((self.residuals[i - 1] != 0) == true) if true is not None else self.rng.randrange(2))
        j = self.rng.randrange(1, self.k + 1)
        return (FLAG, j, 0, int((j in self.turned) == true) if true is not None else self.rng.randrange(2))

    def check_row(self, row: verify.Row) -> None:
        """The row holds for the network."""
        size, stride, shift = self.k + 1, self.split.stride, self.split.shift
        total = Fraction(row.constant)
        for key, x in row.terms.items():
            if key < 0:
                i, j = divmod(-key, size)
                value = self.value(j - 1, i)
                hidden = max(value, Fraction(0)) if self.relu else self.heights[j - 1] * (value > 0)
                total += x * hidden
            elif key < stride:
                total += x * (self.alpha[key] if self.relu else self.alpha[2])
            else:
                j, c = divmod(key, stride)
                if key >= size * stride:
                    i, c = divmod(key - size * stride, 2)
                    total += x * (self.lost(i) if c else self.residuals[i - 1])
                    continue
                total += x * (self.z[j - 1][c] if c < 3 else self.heights[j - 1])
        for mask, vector in row.parts:
            for j in verify.bits(mask):
                if self.relu:
                    total += self.signs[j - 1] * sum(x * w for x, w in zip(vector, self.z[j - 1], strict=True))
                else:
                    assert shift == 3
                    total += vector[0] * self.heights[j - 1]
        assert total == 0 if row.relation == verify.EQUAL else total >= 0 if row.relation == verify.WEAK else total > 0

    def name(self, literal: Lit) -> str:
        kind, j, relation, i = literal
        if kind == DEF:
            return f"{'' if i else '-'}d{j}"
        if kind == FLAG:
            return f"{'' if i else '-'}{'t' if j > 0 else 'm'}{abs(j)}"
        return f"{j}{ {GE: '>=', LE: '<=', GT: '>', LT: '<'}[relation] }{i}"


def tokens_of_items(world: World) -> list[str]:
    """Random items; many do not fit and are rejected, which is no matter."""
    rng, n, k = world.rng, len(world.points), world.k
    items = []
    for _ in range(rng.randrange(1, 7)):
        kind = rng.choice("eeehgsttraaoo" if world.relu else "eeesttraaoo")
        if world.loss != "exact" and rng.random() < 0.6:
            kind = rng.choice({"l1": "Lpn", "l2": "Lq", "l0": "Lxyz"}[world.loss])
        factor = str(Fraction(rng.choice((1, 1, 2, 3, -1, -2)), rng.choice((1, 1, 2, 5))))
        i, j = rng.randrange(1, n + 1), rng.randrange(1, k + 1)
        if world.split.values and rng.random() < 0.3:
            items.append(f"d{rng.choice(list(world.split.values))}:{factor}")
        elif kind == "a" and world.network:
            items.append(f"a{i}:{factor}")
        elif kind == "o":
            items.append(f"o{j}:{factor.lstrip('-')}")
        elif kind == "L":
            items.append(f"L:{factor.lstrip('-')}")
        elif kind == "q":
            items.append(f"q{i}.{Fraction(rng.randrange(-4, 5), rng.choice((1, 2, 3)))}:{factor.lstrip('-')}")
        elif kind in "pnxyz":
            items.append(f"{kind}{i}:{factor if kind == 'z' else factor.lstrip('-')}")
        elif kind == "e":
            items.append(f"e{i}:{factor}")
        elif kind == "t":
            items.append(f"{world.name(world.random_sign(True))}:{factor.lstrip('-')}")
        elif kind == "r" and world.split.rows:
            items.append(f"r{rng.choice(list(world.split.rows))}:{factor}")
        elif kind in "hgs":
            items.append(f"{kind}{j}.{i}:{factor if kind == 's' else factor.lstrip('-')}")
    return items or ["e1:1"]


def tokens_of_l(world: World) -> list[str]:
    """A clause of the order; of an order by coefficients some equations that may not fit are among those it names."""
    rng, split = world.rng, world.split
    ranked, points = split.ordered.get("*", (False, []))
    j, place = rng.randrange(1, max(world.k, 2)), rng.randrange(1, max(len(points), 1) + 1)
    equal = list[int]()
    for neuron in (j, j + 1) if ranked else ():
        alone = [n for n, value in split.values.items() if value.neurons == 1 << neuron or rng.random() < 0.05] or [0]
        same = [n for n in alone if equal and n and equal[0] and split.values[n][:2] == split.values[equal[0]][:2]]
        equal.append(rng.choice(same if same and rng.random() < 0.9 else alone))
    return [str(j), str(place), *rng.choices("<>", k=place - 1), *map(str, equal)]


def tokens_of_p(world: World) -> list[str]:
    """A point for an equation: if there is one, of its label."""
    n, value = world.rng.choice(list(world.split.values.items()))
    points = [i for i, y in enumerate(world.labels, 1) if y == Fraction(value.top, value.bottom)]
    return [str(n), str(world.rng.choice(points or [1]))]


def tokens_of_e(world: World) -> list[str]:
    """An equation of two sets of neurons, or of what one has beyond the other, from theirs; mostly as it should be."""
    rng, values = world.rng, world.split.values
    sums = {n: Fraction(value.top, value.bottom) for n, value in values.items()}
    first, second = rng.choice(list(values)), rng.choice(list(values))
    one, two = values[first].neurons, values[second].neurons
    factor = 1 if one & two == 0 else -1
    neurons = one | two if factor > 0 else one & ~two
    # alpha is there once too often: an equation of no neurons, or the item aI
    nothing = rng.choice([n for n, value in values.items() if not value.neurons] or [0])
    value = sums[first] + factor * sums[second] - factor * sums.get(nothing, Fraction(0))
    fitting = [n for n in values if values[n].neurons == neurons and sums[n] == value]
    derived = rng.choice(fitting if fitting and rng.random() < 0.9 else list(values))
    guard = [f"-d{n}" for n in dict.fromkeys((first, second, nothing)) if n and rng.random() < 0.95]
    guard += [world.name((FLAG, j, 0, int(rng.random() < 0.8))) for j in world.named if not nothing]
    alpha = f"d{nothing}:{factor}" if nothing else f"a1:{factor}"
    return [str(derived), *guard, ":", f"d{derived}:1", f"d{first}:-1", f"d{second}:{-factor}", alpha]


def explore(seed: int, relu: bool, loss: str = "exact") -> dict[str, int]:
    rng = random.Random(seed)
    world = World(rng, relu, loss)
    split, data = world.split, world.data
    names = "flat", "bound", "pair", "row", "affine", "turned", "order", "loss", "clause", "fact"
    done = dict.fromkeys((*names, "sum", "ranked", "label of a sum", "word", "equal", "derived", "derived of true ones"), 0)

    def attempt(name: str, step: object, tokens: list[str]) -> bool:
        assert callable(step)
        try:
            step(tokens)
        except Reject:
            split.end()
            return False
        done[name] += 1
        return True

    count = len(world.lines)
    for _ in range(60 if relu and loss == "exact" else 0):
        number = rng.randrange(count)
        triple = sorted(
            rng.sample(world.lines[number], min(3, len(world.lines[number]))), key=world.lines[number].index
        )
        attempt("flat", split.flat, [str(number + 1), *map(str, triple)])
    assert not split.refuted
    for sign in "+-" if relu else "*":
        options = [n for n, s in data.slots if s == sign]
        if options and rng.random() < (0.9 if relu else 0.6):
            world.label(sign, rng.choice(options) + 1)
    for sign in "+-" if relu else "*":
        if rng.random() < 0.95:
            ranked = not relu and rng.random() < 0.6
            several = 1 if relu else rng.randrange(0 if ranked else 1, 4)
            world.order(sign, [rng.randrange(1, len(world.points) + 1) for _ in range(several)], ranked)
    world.check_signs()
    number = 0
    ranked = split.ordered.get("*", (False, []))[0]
    for _ in range(60 if relu else 120):
        which = rng.randrange(8) if loss == "exact" else rng.choice((2, 3, 4, 5, 7))
        which = rng.randrange(8, 12) if not relu and rng.random() < 0.5 else which
        if which == 8 or (which > 8 and not split.values):
            number += 1
            neurons = 1 << rng.randrange(1, world.k + 1) if rng.random() < 0.5 else 2 * rng.randrange(1 << world.k)
            value = world.sum_of(neurons) + rng.choice((0, 0, 0, 1, -1))
            attempt("sum", split.step_q, [str(number), str(value), *map(str, verify.bits(neurons))])
        elif which > 8:
            number += 1
            name, tokens, step = {
                9: ("word", tokens_of_l, split.step_l),
                10: ("derived", tokens_of_e, split.step_e),
                11: ("label of a sum", tokens_of_p, split.step_p),
            }[which]
            words = tokens(world)
            if attempt(name, step, [str(number), *words]):
                clause = split.clauses[number]
                assert any(map(world.holds, clause))
                done["equal"] += which == 9 and ranked and not any(map(world.holds, clause[:2]))
                done["derived of true ones"] += which == 10 and not any(map(world.holds, clause[1:]))
        elif which == 0:
            attempt("bound", split.step_b, [str(rng.randrange(1, world.k + 1)), str(rng.randrange(1, count + 1))])
        elif which == 1:
            attempt("pair", split.step_w, [str(rng.randrange(1, count + 1)) for _ in range(2)])
        elif which == 2:
            split.conclude((world.random_literal(True),))  # a true fact, as a step u or a unit clause would state it
            done["fact"] += 1
        elif which in (3, 4):
            number += 1
            guard = [world.random_literal(rng.random() < 0.8) for _ in range(rng.randrange(3))]
            if rng.random() < 0.3:
                guard += [(FLAG, j, 0, int(j in world.turned)) for j in world.named]
            items = tokens_of_items(world)
            guard += [(DEF, int(item[1 : item.index(":")]), 0, 1) for item in items if item[0] == "d" and rng.random() < 0.9]
            if attempt("row", split.step_r, [str(number), *map(world.name, guard), ":", *items]) and all(
                map(world.holds, guard)
            ):
                world.check_row(split.rows[number])
                done["affine"] += "a" in "".join(items)
                done["turned"] += "a" in "".join(items) and bool(world.turned)
                done["order"] += "o" in "".join(items)
                done["ranked"] += "o" in "".join(items) and ranked
                done["loss"] += any(item[0] in "Lpnqxyz" for item in items)
        elif which == 5:
            number += 1
            literals = [world.random_literal() for _ in range(rng.randrange(1, 4))]
            if not any(map(world.holds, literals)):
                literals.append(world.random_literal(True))
            if rng.random() < 0.3:
                split.definitions[number] = tuple(literals)
                split.last = number
            else:
                split.clauses[number] = tuple(literals)
                split.last = number
        elif which == 6 and data.slots:
            number += 1
            line, sign = rng.choice(list(data.slots))
            slot = rng.randrange(1, len(data.slots[line, sign]) + 1)
            split.step_k([str(number), str(line + 1), sign, str(slot)])
            assert any(world.holds((BREAK, j, number, 1)) for j in verify.bits(split.slot_of[number].neurons))
        else:
            # a clause that is false in the model must not be derivable from clauses that are true in it
            false: list[Lit] = [world.random_literal(False) for _ in range(rng.randrange(3))]
            for name in rng.sample(list(split.definitions), min(2, len(split.definitions))):
                false.append((DEF, name, 0, int(not world.holds((DEF, name, 0, 1)))))
            for name in rng.sample(list(split.slot_of), min(2, len(split.slot_of))):
                j = rng.choice(list(verify.bits(split.slot_of[name].neurons)))
                false.append((BREAK, j, name, int(not world.holds((BREAK, j, name, 1)))))
            hints: list[tuple[Lit, ...] | verify.SlotClause] = list(split.clauses.values())
            named = {name: lits for name, lits in split.definitions.items() if name not in split.values}
            hints += [((DEF, name, 0, 1), *map(split.negate, lits)) for name, lits in named.items()]
            rng.shuffle(hints)
            for hint in hints:
                if isinstance(hint, verify.SlotClause):
                    split.settle(hint.left)
                    split.settle(hint.right)
            split.scoped = True
            try:
                for literal in false:
                    split.require(split.negate(literal))
                for hint in hints:
                    try:
                        split.propagate((), [hint])
                    except Reject:
                        continue
                for j in range(1, world.k + 1):  # all that was assumed is true
                    for i in range(1, len(world.points) + 1):
                        assert split.sign(j, i) & ~world.truth(j, i) == 0
            except Conflict:
                pytest.fail("a false clause was derived")
            finally:
                split.end()
            done["clause"] += 1
        world.check_signs()
    return done


@pytest.mark.parametrize("relu", [True, False])
def test_nothing_false_is_concluded(relu: bool) -> None:
    total: dict[str, int] = {}
    for seed in range(60 if relu else 120):
        for name, count in explore(seed, relu).items():
            total[name] = total.get(name, 0) + count
    wanted = {"bound": 5, "pair": 20, "row": 100, "affine": 20, "turned": 5, "order": 8, "clause": 100, "fact": 100}
    if relu:
        wanted |= {"flat": 20}
    else:
        wanted |= {"sum": 100, "label of a sum": 100, "word": 60, "equal": 8, "ranked": 6}
        wanted |= {"derived": 60, "derived of true ones": 20}
    short = {name: total[name] for name, count in wanted.items() if total[name] < count}
    assert not short, (short, total)


@pytest.mark.parametrize("relu", [True, False])
@pytest.mark.parametrize("loss", ["l0", "l1", "l2"])
def test_nothing_false_is_concluded_of_losses(relu: bool, loss: str) -> None:
    total: dict[str, int] = {}
    for seed in range(14 if relu else 24):
        for name, count in explore(seed, relu, loss).items():
            total[name] = total.get(name, 0) + count
    assert total["loss"] >= 25 and total["clause"] >= 60 and total["affine"] >= 4, total
    assert relu or (total["word"] >= 30 and total["derived of true ones"] >= 3 and not total["label of a sum"]), total
