"""Propositional satisfiability: formulas in conjunctive normal form, their text form, their models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from certify.errors import InvalidInstance
from certify.problems.dimacs import read_cnf
from certify.problems.poits import Assignment, read_assignment, write_solution

__all__ = ["Cnf", "is_solution", "parse", "parse_solution", "search", "write", "write_solution"]


@dataclass(frozen=True)
class Cnf:
    """``variables`` n >= 0, numbered 1..n, and ``clauses`` of any length: v or -v is a literal.

    Raises InvalidInstance for a literal of no variable.
    """

    variables: int
    clauses: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        if type(self.variables) is not int or self.variables < 0:
            raise InvalidInstance(f"a formula over {self.variables!r} variables")
        for number, clause in enumerate(self.clauses, start=1):
            for literal in clause:
                if type(literal) is not int or not 1 <= abs(literal) <= self.variables:
                    raise InvalidInstance(
                        f"clause {number} holds {literal!r}, no literal of the variables 1..{self.variables}"
                    )


def parse(text: str, source: str | None = None) -> Cnf:
    """Reads any DIMACS CNF (see ``dimacs.read_cnf``); raises ParseError with the line."""
    variables, clauses = read_cnf(text, source)
    return Cnf(variables, tuple(clause.literals for clause in clauses))


def write(cnf: Cnf) -> str:
    """The formula as DIMACS CNF, one clause a line; ``parse`` reads it back."""
    lines = [f"p cnf {cnf.variables} {len(cnf.clauses)}"]
    lines += [" ".join(map(str, (*clause, 0))) for clause in cnf.clauses]
    return "\n".join(lines) + "\n"


def is_solution(cnf: Cnf, assignment: Sequence[bool]) -> bool:
    """Does every clause have a true literal? Variable i has its value at index i - 1."""
    if len(assignment) != cnf.variables:
        raise InvalidInstance(f"{len(assignment)} truth values for {cnf.variables} variables")
    return all(any(assignment[abs(v) - 1] == (v > 0) for v in clause) for clause in cnf.clauses)


def search(cnf: Cnf) -> Assignment | None:
    """The first model in lexicographic order, False first, or None: by trying values, variable after variable.

    A clause is looked at once its last variable has a value. For small formulas, and those that fail early.
    """
    ending: list[list[tuple[int, ...]]] = [[] for _ in range(cnf.variables + 1)]
    for clause in cnf.clauses:
        ending[max(map(abs, clause), default=0)].append(clause)
    if ending[0]:
        return None
    values: list[bool] = []
    trial = False
    while len(values) < cnf.variables:
        values.append(trial)
        if all(any(values[abs(v) - 1] == (v > 0) for v in clause) for clause in ending[len(values)]):
            trial = False
            continue
        while values and values[-1]:
            values.pop()
        if not values:
            return None
        values.pop()
        trial = True
    return tuple(values)


def parse_solution(cnf: Cnf, text: str, source: str | None = None) -> Assignment:
    """The assignment on the ``v`` lines of a SAT solver's answer, as for poits; raises ParseError."""
    return read_assignment(cnf.variables, text, source)
