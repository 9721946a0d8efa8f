"""Instances of positive one-in-three 3-SAT: random, planted, certainly unsatisfiable, and classic ones."""

from __future__ import annotations

import random

from certify.errors import InvalidInstance, UnknownProblem
from certify.problems.poits import Clause, Formula
from certify.problems.sizes import Sizes


def _lines_of_affine_plane() -> tuple[Clause, ...]:
    """The twelve lines of AG(2, 3), its nine points numbered 1 + x + 3y."""
    lines = set()
    for dx, dy in ((1, 0), (0, 1), (1, 1), (1, 2)):
        for x in range(3):
            for y in range(3):
                line = sorted(1 + (x + t * dx) % 3 + 3 * ((y + t * dy) % 3) for t in range(3))
                lines.add((line[0], line[1], line[2]))
    return tuple(sorted(lines))


FOUR_TRIPLES: tuple[Clause, ...] = ((1, 2, 3), (1, 2, 4), (1, 3, 4), (2, 3, 4))

#: Named formulas with a known verdict (yes: a one-in-three assignment exists).
CLASSICS: dict[str, tuple[Formula, bool]] = {
    "empty": (Formula(0, ()), True),
    "free": (Formula(2, ()), True),
    "single": (Formula(3, ((1, 2, 3),)), True),
    "vvw": (Formula(2, ((1, 1, 2),)), True),
    "vvv": (Formula(1, ((1, 1, 1),)), False),
    "vvw-wwv": (Formula(2, ((1, 1, 2), (2, 2, 1))), False),
    # The example of the paper's Figure 5.
    "figure-5": (Formula(5, ((5, 4, 3), (4, 3, 2), (5, 2, 1))), True),
    # Every variable occurs three times in four clauses, and 3 does not divide 4.
    "four-triples": (Formula(4, FOUR_TRIPLES), False),
    # The lines of the Fano plane: three a variable, seven clauses, and 3 does not divide 7.
    "fano": (
        Formula(7, ((1, 2, 3), (1, 4, 5), (1, 6, 7), (2, 4, 6), (2, 5, 7), (3, 4, 7), (3, 5, 6))),
        False,
    ),
    # Counting would allow three true points, but the line through two of them has two.
    "affine-plane": (Formula(9, _lines_of_affine_plane()), False),
}

KINDS: tuple[str, ...] = ("random", "planted", "unsatisfiable", "regular", *CLASSICS)


def generate(kind: str, seed: int = 0, **sizes: int) -> Formula:
    """A formula of the given kind; the same arguments give the same formula.

    ``random``: ``variables`` (default 8) and ``clauses`` (default 6), three distinct variables a clause
    where there are three. ``planted``: the same with a hidden solution, for at least 3 variables.
    ``unsatisfiable``: the same, with the four triples of four variables hidden among them (at least 4
    variables and 4 clauses). ``regular``: ``variables`` (default 7, at least 4, no multiple of 3), each in
    exactly three literals, as many clauses: a no by counting alone. The names of CLASSICS take no sizes.
    Raises UnknownProblem for another kind, InvalidInstance for sizes that it cannot have.
    """
    wanted = Sizes(kind, sizes)
    if kind in CLASSICS:
        wanted.finish()
        return CLASSICS[kind][0]
    rng = random.Random(f"poits {kind} {seed}")
    if kind == "regular":
        variables = wanted.take("variables", 7, 4)
        wanted.finish()
        return _regular(rng, variables)
    if kind not in KINDS:
        raise UnknownProblem(f"no kind {kind!r} of poits instance", hint="choose one of " + ", ".join(KINDS))
    least_variables, least_clauses = {"random": (0, 0), "planted": (3, 0), "unsatisfiable": (4, 4)}[kind]
    variables = wanted.take("variables", 8, least_variables)
    clauses = wanted.take("clauses", 6, least_clauses)
    wanted.finish()
    if variables == 0 and clauses > 0:
        raise InvalidInstance("clauses without variables")
    if kind == "planted":
        return _planted(rng, variables, clauses)
    core: list[Clause] = []
    if kind == "unsatisfiable":
        names = rng.sample(range(1, variables + 1), 4)
        core = [_shuffled(rng, [names[v - 1] for v in triple]) for triple in FOUR_TRIPLES]
    drawn = core + [_random_clause(rng, variables) for _ in range(clauses - len(core))]
    rng.shuffle(drawn)
    return Formula(variables, tuple(drawn))


def _shuffled(rng: random.Random, literals: list[int]) -> Clause:
    rng.shuffle(literals)
    u, v, w = literals
    return u, v, w


def _random_clause(rng: random.Random, variables: int) -> Clause:
    if variables >= 3:
        return _shuffled(rng, rng.sample(range(1, variables + 1), 3))
    return _shuffled(rng, [rng.randint(1, variables) for _ in range(3)])


def _planted(rng: random.Random, variables: int, clauses: int) -> Formula:
    # One true and two false variables at least, or no clause of three variables could be satisfied.
    names = rng.sample(range(1, variables + 1), variables)
    count = rng.randint(1, max(1, min(variables - 2, (2 * variables) // 5)))
    true, false = names[:count], names[count:]
    drawn = [_shuffled(rng, [rng.choice(true), *rng.sample(false, 2)]) for _ in range(clauses)]
    return Formula(variables, tuple(drawn))


def _regular(rng: random.Random, variables: int) -> Formula:
    """A 3-regular formula: with T true variables 3T = clauses = variables would hold."""
    if variables % 3 == 0:
        raise InvalidInstance(f"{variables} variables", hint="a multiple of 3 could have a solution")
    # A random pairing, repaired by swaps until every clause has three distinct variables.
    slots = [v for v in range(1, variables + 1) for _ in range(3)]
    rng.shuffle(slots)
    while True:
        bad = [c for c in range(variables) if len(set(slots[3 * c : 3 * c + 3])) < 3]
        if not bad:
            break
        for c in bad:
            for place in range(3 * c, 3 * c + 3):
                other = rng.randrange(3 * variables)
                slots[place], slots[other] = slots[other], slots[place]
    clauses = [_shuffled(rng, slots[3 * c : 3 * c + 3]) for c in range(variables)]
    return Formula(variables, tuple(clauses))
