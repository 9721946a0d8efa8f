"""One split of a refutation, replayed by the checker's own rules, each step made as small as it stays right.

A step is tried without one of its literals, one of its hints, one of its items: a try is the checker's word on the
smaller step in the state at hand, so nothing here has to know the rules again. What is found is a shorter text, not a
proof: the whole is checked once more at the end (proof.py).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import gcd, lcm

from certify.decide.refute.farkas import Contradictions
from certify.exact import rational
from certify.trimming.basic import smaller_support
from certify.trimming.steps import Step, needed, renumbered
from certify.verify import (
    BREAK,
    DEF,
    FLAGS,
    RELATED,
    SIGN,
    STORED,
    Conflict,
    Lines,
    Lit,
    Reject,
    SlotClause,
    Split,
)

#: A lemma that is used once is put into the step that uses it, if that step then has at most so many hints.
MOST_HINTS = 60
_OF_CLAUSE = ((DEF, 0), *FLAGS)
_OF_LEMMA = ((DEF, 0), (DEF, 1), (BREAK, 0), (BREAK, 1), *FLAGS)
Named = tuple[bool, int]
#: The neuron of a literal, or of an item hJ.I, gJ.I, sJ.I.
_NEURON = re.compile(r"-?[tx]?([0-9]+)(?:>=|<=|>|<|\.|$)|[hgs]([0-9]+)\.")


@dataclass
class Memory:
    """What is kept from pass to pass.

    head: the lines before the splits. contents: a number for every step seen, by its text with these numbers in place
    of those of the steps it names. settled: steps of which nothing could be left out, with all that the tries depended
    on (``Strengthening.state``). likely: their contents alone; while ``trusted`` they are not tried again, though facts
    may have come since then that make it possible.
    """

    head: list[str] = field(default_factory=list)
    contents: dict[str, int] = field(default_factory=dict)
    settled: set[tuple[int, ...]] = field(default_factory=set)
    likely: set[int] = field(default_factory=set)
    trusted: bool = False

    def number(self, text: str) -> int:
        return self.contents.setdefault(text, len(self.contents))


class Strengthening(Split):
    """Reads the lines of a split and keeps the steps, smaller where that is possible, in ``steps``.

    ``new_facts``: whether a clause may be cut down to one sign literal, which then is a fact that it was not before.
    (More facts can spoil a step: where both signs are known, the sum has another form.)
    """

    def __init__(
        self, data: Lines, positive: int, solver: Contradictions, new_facts: bool, memory: Memory
    ) -> None:
        super().__init__(data, positive)
        self.solver, self.new_facts, self.memory = solver, new_facts, memory
        self.contents: dict[int, int] = {}
        self.stated_of: dict[int, int] = {}  # neuron, or -I for mI -> a hash of the facts on it; 0: of all facts
        self.frame = 0
        self.steps: list[Step] = []
        self.by_number: dict[int, Step] = {}
        self.uses: Counter[int] = Counter()
        self.alias: dict[int, int] = {}
        self.same: dict[frozenset[Lit], int] = {}
        self.trying = True

    def smaller(self, lines: Sequence[str]) -> list[str]:
        """The lines of the split, made smaller. Raises verify.Reject where a step is wrong by now."""
        read = [Step.of(line.split(" ")) for line in lines]
        frame = [line for line in lines if line.startswith(("n ", "label ", "order ", "w "))]
        self.frame = self.memory.number("\n".join([f"{self.positive} {self.new_facts}", *self.memory.head, *frame]))
        for step in read:
            self.uses.update(step.names())
        for step in read:
            if self.refuted:
                break
            self.take(step)
        if not self.refuted:
            raise Reject("split-not-refuted", "the split ends without a contradiction")
        return renumbered(needed(self.steps))

    def take(self, step: Step) -> None:
        """Does one step, and keeps what is left of it."""
        if step.kind == "x":  # forgetting is for memory alone
            return
        if self.alias and step.kind != "k":
            step = self.renamed(step)
        tell: dict[str, Callable[[Step], Step | None]] = {
            "u": self.take_u,
            "c": self.take_c,
            "e": self.take_e,
            "v": self.take_v,
            "0": self.take_0,
            "m": self.take_m,
        }
        before, state = self.content(step), self.state(step)
        trusted = self.memory.trusted and before in self.memory.likely
        self.trying = not trusted and (before, *state) not in self.memory.settled
        kept = tell.get(step.kind, self.take_other)(step)
        if kept is not None:
            after = self.content(kept)
            if after == before and self.trying:
                self.memory.likely.add(after)
                self.memory.settled.add((after, *state))
            if kept.number is not None:
                self.contents[kept.number] = after
            self.steps.append(kept)
            if kept.number is not None:
                self.by_number[kept.number] = kept

    def content(self, step: Step) -> int:
        """What the step says, whatever the numbers."""
        return self.memory.number(step.text({**self.contents_of(step), step.number or 0: 0}))

    def state(self, step: Step) -> tuple[int, ...]:
        """What a try on the step depends on, beside its content: lines, labels and pairs (the frame), the facts on the
        neurons that it may ask about, and which of its hints are lemmas that nothing else uses.

        A propagation asks about the neurons of its literals, of its hints and of definitions; a combination about those
        of its literals and items, but with the equation of a point, or what is turned, about all.
        """
        if step.kind not in "ucev0":
            return ()
        everything = self.frame, self.stated_of.get(0, 0)
        if step.kind != "v" and any(item[0].isalpha() and item[0] not in "hgsr" for item in step.tail or ()):
            return everything
        neurons: set[int] = set()
        for name in step.names():
            other = self.clauses.get(name) or self.definitions.get(name) or ()
            if isinstance(other, SlotClause) or name in self.slot_of:
                return everything
            if name in self.rows:
                other = self.rows[name].guard
            for kind, a, _, _ in other:
                if kind == DEF:
                    neurons.update(literal[1] for literal in self.definitions[a])
                else:
                    neurons.add(a)
        for word in (*step.words, *(step.tail or ())):
            match = _NEURON.match(word)
            if match and not (step.kind == "v" and word.isdigit()):
                neurons.add(int(match[1] or match[2]))
            elif word.lstrip("-").startswith("m"):
                neurons.add(-int(word.lstrip("-m")))
        alone = [int(word.isdigit() and self.uses[int(word)] == 1) for word in step.tail or () if step.kind == "v"]
        return (self.frame, *(self.stated_of.get(j, 0) for j in sorted(neurons)), *alone)

    def store(self, j: int, i: int, relation: int) -> None:
        super().store(j, i, relation)
        if not self.scoped:
            self.note_fact(j, (j, i, relation))

    def store_flag(self, key: int, positive: int) -> None:
        super().store_flag(key, positive)
        if not self.scoped:
            self.note_fact(key, (key, positive))

    def note_fact(self, key: int, fact: tuple[int, ...]) -> None:
        for name in (key, 0):
            self.stated_of[name] = hash((self.stated_of.get(name, 0), *fact))

    def contents_of(self, step: Step) -> dict[int, int]:
        return {n: self.contents.get(n, -1) for n in step.names()}

    def renamed(self, step: Step) -> Step:
        """The step with the names of clauses that stand for others."""
        if not self.alias.keys() & step.names():
            return step
        numbers = {n: self.alias.get(n, n) for n in step.names()}
        if step.number is not None:
            numbers[step.number] = step.number
        return Step.of(step.text(numbers).split(" "))

    # -- Steps

    def take_other(self, step: Step) -> Step:
        tokens = step.text(_Same()).split(" ")
        if step.kind in ("n", "label", "order"):
            {"n": self.flat, "label": lambda w: self.label(*w), "order": self.order}[step.kind](tokens[1:])
        else:
            getattr(self, "step_" + step.kind)(tokens[1:])
        return step

    def take_0(self, step: Step) -> Step:
        step.tail = self.combination((), step.tail or [])
        self.derive((), step.tail)
        return step

    def take_u(self, step: Step) -> Step | None:
        (literal,) = self.literals(step.words)
        if self.stated(literal):
            return None
        step.tail = self.combination((literal,), step.tail or [])
        self.derive((literal,), step.tail)
        return step

    def take_c(self, step: Step) -> Step | None:
        number = self.number([str(step.number)])
        tail = step.tail or []
        clause = self.literals(step.words, *_OF_CLAUSE)
        chosen = self.without_literals(clause, lambda part: self.contradicts(part, tail))
        step.words = [step.words[n] for n in chosen]
        clause = tuple(clause[n] for n in chosen)
        step.tail = self.combination(clause, tail)
        return self.concluded(number, step, clause, lambda: self.derive(clause, step.tail or []))

    def take_e(self, step: Step) -> Step | None:
        number = self.number([str(step.number)])
        tail, derived = step.tail or [], int(step.words[0])
        literals = self.literals(step.words[1:], *_OF_CLAUSE)
        chosen = self.without_literals(literals, lambda part: self.follows(derived, part, tail))
        step.words = [step.words[0], *(step.words[n + 1] for n in chosen)]
        literals = tuple(literals[n] for n in chosen)
        step.tail = self.combination(literals, tail, derived)

        def follow() -> None:
            if not self.follows(derived, literals, step.tail or []):
                raise Reject("not-an-equation", "the step is wrong by now")

        return self.concluded(number, step, ((DEF, derived, 0, 1), *literals), follow)

    def take_v(self, step: Step) -> Step | None:
        number = self.number([str(step.number)])
        clause = self.literals(step.words, *_OF_LEMMA)
        hints = [self.named(word) for word in step.tail or []]
        chosen = self.without_literals(clause, lambda part: self.refutes(part, hints))
        step.words, clause = [step.words[n] for n in chosen], tuple(clause[n] for n in chosen)
        if self.trying:
            hints = self.without_lemmas(clause, self.without_hints(clause, hints))
        step.tail = [f"d{n}" if defined else str(n) for defined, n in hints]

        def derived() -> None:
            if not self.refutes(clause, hints):
                raise Reject("no-conflict", "the step is wrong by now")
            self.conclude(clause)

        return self.concluded(number, step, clause, derived)

    def take_m(self, step: Step) -> Step:
        """The rows for the literals that are left of the clause, in its order."""
        clause = self.clauses.get(int(step.words[0]), ())
        by_guard = {self.rows[int(n)].guard: n for n in step.words[1:] if int(n) in self.rows}
        if not isinstance(clause, SlotClause) and clause and all((literal,) in by_guard for literal in clause):
            step.words = [step.words[0], *(by_guard[(literal,)] for literal in clause)]
        self.step_m([str(step.number), *step.words])
        return step

    def concluded(
        self, number: int, step: Step, clause: tuple[Lit, ...], derive: Callable[[], None]
    ) -> Step | None:
        """Derives the clause and keeps the step, or None where a clause of the same literals is there already."""
        key = frozenset(clause)
        if clause and key in self.same:
            self.alias[number] = self.same[key]
            return None
        step.fact = len(clause) == 1 and clause[0][0] != DEF and clause[0][0] != BREAK
        if step.fact and clause[0][0] == SIGN and self.stated(clause[0]):
            step.fact = False
        derive()
        self.clauses[number] = clause
        self.same[key] = number
        return step

    def stated(self, literal: Lit) -> bool:
        """Whether a sign literal is a stated fact already."""
        _, j, relation, i = literal
        return bool(self.facts.get(j * len(self.points) + i, 0) & relation)

    # -- Tries

    def attempt(self, check: Callable[[], None]) -> bool:
        """Whether the checker accepts; assumptions are taken back."""
        try:
            check()
        except Reject:
            return False
        except Conflict:
            return True
        finally:
            self.end()
        return True

    def contradicts(self, clause: Iterable[Lit], combination: list[str]) -> bool:
        """Whether a step ``c`` with these literals would be right."""

        def check() -> None:
            items = self.items(combination)
            self.assume(*map(self.negate, clause))
            for kind, j, i, relation, _, _ in items:  # the cheap reasons against it first
                if kind == RELATED and not self.sign(j, i) & relation:
                    raise Reject("literal-not-known", "")
                if kind == STORED and not all(map(self.holds, self.rows[i].guard)):
                    raise Reject("guard-not-true", "")
            self.contradictory(self.combine(items))

        return self.attempt(check)

    def follows(self, derived: int, literals: Iterable[Lit], combination: list[str]) -> bool:
        """Whether a step ``e`` for this definition with these literals would be right."""
        return self.attempt(lambda: self.follow(derived, literals, combination))

    def refutes(self, clause: Sequence[Lit], hints: Sequence[Named]) -> bool:
        """Whether a step ``v`` with these literals and hints would be right."""
        for defined, index in hints:
            if not defined and index in self.slot_of:
                self.settle(self.slot_of[index].left)
                self.settle(self.slot_of[index].right)
        return self.attempt(lambda: self.propagate(tuple(clause), (self.hint(*name) for name in hints)))

    def without_literals(self, clause: Sequence[Lit], right: Callable[[list[Lit]], bool]) -> list[int]:
        """The places of literals that are enough: each is left out in turn, if that is right."""
        chosen = list(range(len(clause)))
        for n in list(chosen) if self.trying else ():
            rest = [m for m in chosen if m != n]
            alone = len(rest) == 1 and clause[rest[0]][0] in (SIGN, FLAGS[0][0])
            if not (alone and not self.new_facts) and right([clause[m] for m in rest]):
                chosen = rest
        return chosen

    def without_hints(self, clause: Sequence[Lit], hints: Sequence[Named]) -> list[Named]:
        """Hints that are enough: from the last one on each is left out in turn, if that is right."""
        found, n = list(hints), len(hints) - 1
        while n >= 0:
            rest = found[:n] + found[n + 1 :]
            if self.refutes(clause, rest):
                found = rest
            n -= 1
        return found

    def without_lemmas(self, clause: Sequence[Lit], hints: list[Named]) -> list[Named]:
        """Hints in which lemmas that nothing else uses are replaced by their own hints, where that is shorter."""
        for name in list(hints):
            defined, index = name
            lemma = None if defined else self.by_number.get(index)
            if lemma is None or lemma.kind != "v" or lemma.fact or self.uses[index] != 1 or name not in hints:
                continue
            at = hints.index(name)
            new = [self.named(word) for word in lemma.tail or []]
            other = list(dict.fromkeys([*hints[:at], *new, *hints[at + 1 :]]))
            if len(other) > MOST_HINTS or not self.refutes(clause, other):
                continue
            other = self.without_hints(clause, other)
            # The text gets shorter, however many digits the numbers have.
            if 7 * (len(other) - len(hints)) < 8 + 4 * len(lemma.words) + 2 * len(new) and name not in other:
                hints = other
        return hints

    # -- Combinations

    def combination(self, clause: tuple[Lit, ...], items: list[str], derived: int | None = None) -> list[str]:
        """The items with coprime integers for multipliers, if that is shorter; fewer items where they are not basic.

        derived: that of a step ``e``, whose literals ``clause`` then is.
        """
        if not self.trying:
            return items

        def right(some: list[str]) -> bool:
            return self.contradicts(clause, some) if derived is None else self.follows(derived, clause, some)

        fewer = smaller_support(self, clause, items, self.solver, derived)
        if fewer is not None and right(fewer):
            items = fewer
        names, values = zip(*(item.rsplit(":", 1) for item in items), strict=True)
        multipliers = [rational(value) for value in values]
        common = lcm(*(m.denominator for m in multipliers))
        whole = [int(m * common) for m in multipliers]
        divisor = gcd(*whole)
        scaled = [f"{name}:{m // divisor}" for name, m in zip(names, whole, strict=True)]
        if len(" ".join(scaled)) < len(" ".join(items)) and right(scaled):
            return scaled
        return items


class _Same(dict[int, int]):
    """Every number stands for itself."""

    def __missing__(self, key: int) -> int:
        return key
