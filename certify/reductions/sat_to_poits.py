"""Satisfiability of any CNF to positive one-in-three 3-SAT, with few new variables and clauses.

"1 in (a, b, c)" stands for a clause of the target. Two new variables F and T and the clause (F, F, T) come first:
occurrences count, so F is false and T true. The complement v' of a variable has 1 in (v, v', F). A clause l_1 or
... or l_k becomes a chain: w_1 is "l_1 is false"; for 1 < i < k new variables u, v, w with

    1 in (w_{i-1}, u, v) and 1 in (l_i, v, w_i);    at the end    1 in ("l_k is false", w_{k-1}, x), x new.

Here w_i can be false only if one of l_1..l_i is true, and if one is, it can be: if w_{i-1} is true then v is
false, and w_i is the opposite of l_i; if w_{i-1} is false, then v, u may be chosen so that w_i is false. And w_{k-1}
may be true only with l_k true. That makes 2k - 3 clauses and 3k - 5 variables for k >= 2.

Literals are put into an order that needs few complements: the first negative one, the positive ones, the other
negative ones. Repeated literals count once and clauses with both v and -v are left out.
"""

from __future__ import annotations

from collections.abc import Sequence

from certify.errors import ResourceLimit
from certify.problems import poits, sat
from certify.problems.poits import Assignment, Clause, Formula
from certify.problems.sat import Cnf
from certify.reductions.base import MAX_POINTS, require

NAME = "sat-poits"
SOURCE = "sat"
TARGET = "poits"
TITLE = "one-in-three chains"
CLAIM = (
    "The CNF is satisfiable if and only if the one-in-three formula has a solution, whose first variables are "
    "those of the CNF."
)


class _Chains:
    """The target formula as it is built; with ``values`` also the values of the new variables."""

    def __init__(self, cnf: Cnf, values: Sequence[bool] | None = None) -> None:
        self.clauses: list[Clause] = []
        self.count = cnf.variables
        self.values = None if values is None else list(values)
        self.complements: dict[int, int] = {}
        self.false = self.new(False)
        true = self.new(True)
        self.clauses.append((self.false, self.false, true))
        for clause in cnf.clauses:
            self.add(clause)

    def new(self, value: bool) -> int:
        """A new variable, which has this value in the lifted solution."""
        self.count += 1
        if self.values is not None:
            self.values.append(value)
        return self.count

    def value(self, variable: int) -> bool:
        """Its value in the lifted solution."""
        return self.values is not None and self.values[variable - 1]

    def named(self, literal: int) -> int:
        """The variable that has the value of the literal; a complement is made where it is first needed."""
        if literal > 0:
            return literal
        if -literal not in self.complements:
            complement = self.new(not self.value(-literal))
            self.clauses.append((-literal, complement, self.false))
            self.complements[-literal] = complement
        return self.complements[-literal]

    def add(self, clause: Sequence[int]) -> None:
        """The chain of a clause."""
        literals = arranged(clause)
        if len(set(map(abs, literals))) < len(literals):
            return
        if len(literals) <= 1:
            last = self.named(literals[0]) if literals else self.false
            self.clauses.append((self.false, self.false, last))
            return
        waiting = self.named(-literals[0])
        for literal in literals[1:-1]:
            name = self.named(literal)
            # v takes over from the literals before where they are satisfied already and this one is false.
            ready = not self.value(waiting)
            take = ready and not self.value(name)
            u, v = self.new(ready and not take), self.new(take)
            self.clauses.append((waiting, u, v))
            waiting = self.new(not ready and not self.value(name))
            self.clauses.append((name, v, waiting))
        last = self.named(-literals[-1])
        rest = self.new(not self.value(last) and not self.value(waiting))
        self.clauses.append((last, waiting, rest))


def arranged(clause: Sequence[int]) -> list[int]:
    """The distinct literals: the first negative one, then the positive ones, then the other negative ones."""
    literals = list(dict.fromkeys(clause))
    negative = [v for v in literals if v < 0]
    return [*negative[:1], *(v for v in literals if v > 0), *negative[1:]]


def reduce(cnf: Cnf) -> Formula:
    """The one-in-three formula; variables 1..n are those of the CNF, n + 1 is F and n + 2 is T."""
    if 3 * sum(map(len, cnf.clauses)) + cnf.variables > MAX_POINTS // 8:
        raise ResourceLimit("the CNF is too large for a training instance", hint="reduce a smaller one")
    chains = _Chains(cnf)
    return Formula(chains.count, tuple(chains.clauses))


def lift(cnf: Cnf, assignment: Sequence[bool]) -> Assignment:
    """The solution of ``reduce(cnf)`` that extends a model of the CNF; raises NotASolution."""
    require(sat.is_solution(cnf, assignment), "sat")
    values = _Chains(cnf, assignment).values
    assert values is not None
    return tuple(values)


def extract(cnf: Cnf, assignment: Sequence[bool]) -> Assignment:
    """The model that a solution of ``reduce(cnf)`` holds: its first values; raises NotASolution."""
    require(poits.is_solution(reduce(cnf), assignment), "poits")
    model = tuple(assignment[: cnf.variables])
    require(sat.is_solution(cnf, model), "sat")
    return model
