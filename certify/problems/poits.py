"""Positive one-in-three 3-SAT (POITS): formulas, their text form, their solutions.

A clause is three positive literals and asks for exactly one true literal (paper, section 3). Occurrences
count: (v, v, w) has exactly one true literal only with v false and w true, and (v, v, v) never has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from certify.errors import InvalidInstance, ParseError
from certify.problems import dimacs

Clause = tuple[int, int, int]
Assignment = tuple[bool, ...]



@dataclass(frozen=True)
class Formula:
    """``variables`` n >= 0, numbered 1..n, and ``clauses``, each three variable numbers, perhaps equal ones.

    Raises InvalidInstance for a literal outside 1..n or a clause of another length.
    """

    variables: int
    clauses: tuple[Clause, ...]

    def __post_init__(self) -> None:
        if type(self.variables) is not int or self.variables < 0:
            raise InvalidInstance(f"a formula over {self.variables!r} variables")
        for number, clause in enumerate(self.clauses, start=1):
            if len(clause) != 3:
                raise InvalidInstance(f"clause {number} has {len(clause)} literals, not three")
            for literal in clause:
                if type(literal) is not int or not 1 <= literal <= self.variables:
                    raise InvalidInstance(
                        f"clause {number} holds {literal!r}, none of the variables 1..{self.variables}"
                    )


def parse(text: str, source: str | None = None) -> Formula:
    """Reads DIMACS CNF with positive literals, three a clause, as ``write`` gives it.

    Comment lines (``c ...``) may stand anywhere, a clause may run over several lines and ends with 0. Raises
    ParseError with the line for anything else, such as a negative literal or a header that does not match.
    """
    variables, texts = dimacs.read_cnf(text, source)
    clauses: list[Clause] = []
    for clause in texts:
        for literal, line in zip(clause.literals, clause.lines, strict=True):
            if literal < 0:
                raise ParseError(
                    f"the negative literal {literal}",
                    source=source,
                    line=line,
                    hint="positive one-in-three 3-SAT has none",
                )
        if len(clause.literals) > 3:
            raise ParseError(
                "a clause of more than three literals",
                source=source,
                line=clause.lines[0],
                hint="end every clause with 0",
            )
        if len(clause.literals) != 3:
            raise ParseError(
                f"a clause of {len(clause.literals)} literals",
                source=source,
                line=clause.end,
                hint="write exactly three, then 0",
            )
        u, v, w = clause.literals
        clauses.append((u, v, w))
    return Formula(variables, tuple(clauses))


def write(formula: Formula) -> str:
    """The formula as DIMACS CNF; ``parse`` reads it back."""
    lines = [f"p cnf {formula.variables} {len(formula.clauses)}"]
    lines += [f"{u} {v} {w} 0" for u, v, w in formula.clauses]
    return "\n".join(lines) + "\n"


def true_literals(formula: Formula, assignment: Sequence[bool]) -> list[int]:
    """How many literal occurrences of each clause are true; variable i has its value at index i - 1."""
    if len(assignment) != formula.variables:
        raise InvalidInstance(f"{len(assignment)} truth values for {formula.variables} variables")
    return [sum(bool(assignment[v - 1]) for v in clause) for clause in formula.clauses]


def is_solution(formula: Formula, assignment: Sequence[bool]) -> bool:
    """Does every clause have exactly one true literal occurrence?"""
    return all(count == 1 for count in true_literals(formula, assignment))


def solutions(formula: Formula) -> Iterator[Assignment]:
    """All solutions in lexicographic order, False first, by backtracking: exponential in the variables."""
    occurrences: list[list[int]] = [[] for _ in range(formula.variables)]
    for index, clause in enumerate(formula.clauses):
        for literal in clause:
            occurrences[literal - 1].append(index)
    last = [max(clause) - 1 for clause in formula.clauses]
    true = [0] * len(formula.clauses)
    values: list[bool] = []
    upcoming = False  # the value to try for the next variable
    while True:
        if len(values) == formula.variables:
            yield tuple(values)
        else:
            at = len(values)
            values.append(upcoming)
            if upcoming:
                for index in occurrences[at]:
                    true[index] += 1
            upcoming = False
            if all(true[index] == 1 or (true[index] == 0 and at < last[index]) for index in occurrences[at]):
                continue
        # Back to the last variable that was only tried false.
        while values and values[-1]:
            values.pop()
            for index in occurrences[len(values)]:
                true[index] -= 1
        if not values:
            return
        values.pop()
        upcoming = True


def write_solution(assignment: Assignment) -> str:
    """The line ``v 1 -2 ... 0`` of SAT solvers; ``parse_solution`` reads it back."""
    words = [str(i) if value else str(-i) for i, value in enumerate(assignment, start=1)]
    return " ".join(["v", *words, "0"]) + "\n"


def parse_solution(formula: Formula, text: str, source: str | None = None) -> Assignment:
    """The assignment on the ``v`` lines of a SAT solver's answer; other lines are ignored.

    Raises ParseError unless they give every variable one value and end with 0. Whether the assignment solves
    the formula is for ``is_solution``.
    """
    return read_assignment(formula.variables, text, source)


def read_assignment(variables: int, text: str, source: str | None = None) -> Assignment:
    """As ``parse_solution``, for any formula over ``variables``."""
    values: dict[int, bool] = {}
    ended = False
    for line, content in enumerate(text.split("\n"), start=1):
        words = content.split()
        if words[:1] != ["v"]:
            continue
        for word in words[1:]:
            literal = dimacs.number(word)
            if literal is None or ended or abs(literal) > variables or abs(literal) in values:
                raise ParseError(
                    f"{word!r} has no place here",
                    source=source,
                    line=line,
                    hint=f"give each of the variables 1..{variables} once, then 0",
                )
            if literal == 0:
                ended = True
            else:
                values[abs(literal)] = literal > 0
    if not ended or len(values) != variables:
        raise ParseError(
            f"values for {len(values)} of {variables} variables",
            source=source,
            hint="write: v 1 -2 ... 0",
        )
    return tuple(values[i] for i in range(1, variables + 1))
