"""The named, seeded cases of the benchmarks.

``scale``   planted formulas of growing size: build the instance and the witness, check it, write and verify.
``refute``  no-instances: refuter, certificate, independent check.
``plain``   the same questions put to Z3 and cvc5 in the plain encoding, beside this program.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from certify.problems import PROBLEMS
from certify.problems.poits import Assignment, Formula

#: How the ``plain`` cases are answered: by this program; by a solver on the plain encoding; by Z3 on the encoding
#: with the refuter's labels and bounds put in.
METHODS = ("certify", "z3", "cvc5", "z3+labels")


@dataclass(frozen=True)
class Case:
    """One measurement: a source instance, made by ``kind``, ``seed`` and ``sizes``, and a target."""

    family: str
    problem: str
    kind: str
    target: str
    seed: int = 1
    sizes: dict[str, int] = field(default_factory=dict)
    method: str = "certify"

    @property
    def instance_name(self) -> str:
        """For people, and the same for all methods."""
        numbers = "-".join(map(str, self.sizes.values()))
        return f"{self.problem}-{self.target} {self.kind}" + (f" {numbers}" if numbers else "")

    @property
    def name(self) -> str:
        """Unique in its family."""
        return self.instance_name + (f" [{self.method}]" if self.family == "plain" else "")

    def source(self) -> Any:
        """The source instance; of a ``scale`` case the formula alone."""
        if self.family == "scale":
            return planted(self.sizes["size"], self.seed)[0]
        return PROBLEMS[self.problem].generate(self.kind, self.seed, **self.sizes)


def planted(size: int, seed: int) -> tuple[Formula, Assignment]:
    """A formula of ``size`` clauses and variables together, three variables to two clauses, with a solution.

    A third of the variables is true; every clause has one of them and two others. Made here with its solution, because
    the ``scale`` family measures everything but the search for one.
    """
    rng = random.Random(f"scale {size} {seed}")
    variables = 3 * size // 5
    names = list(range(1, variables + 1))
    rng.shuffle(names)
    true, false = names[: variables // 3], names[variables // 3 :]
    clauses = []
    for _ in range(size - variables):
        literals = [rng.choice(true), *rng.sample(false, 2)]
        rng.shuffle(literals)
        clauses.append((literals[0], literals[1], literals[2]))
    chosen = set(true)
    return Formula(variables, tuple(clauses)), tuple(v in chosen for v in range(1, variables + 1))


def _poits(family: str, targets: Sequence[str], kinds: Sequence[tuple[str, dict[str, int]]]) -> list[Case]:
    return [Case(family, "poits", kind, target, sizes=sizes) for target in targets for kind, sizes in kinds]


def _twohyp(family: str, kinds: Sequence[str]) -> list[Case]:
    return [Case(family, "twohyp", kind, target) for target in ("relu", "threshold") for kind in kinds]


def _regular(variables: int) -> tuple[str, dict[str, int]]:
    return "regular", {"variables": variables}


SCALE = [
    Case("scale", "poits", "planted", target, sizes={"size": size})
    for target in ("relu", "threshold")
    for size in (100, 300, 1000, 3000, 10000)
]
_SMALL: list[tuple[str, dict[str, int]]] = [(name, {}) for name in ("vvv", "vvw-wwv", "four-triples", "fano")]
REFUTE = [
    *_poits("refute", ["relu"], [*_SMALL, _regular(8), ("affine-plane", {}), _regular(11), _regular(16)]),
    *_poits("refute", ["threshold"], [*_SMALL, _regular(8), _regular(11)]),
    *_twohyp("refute", ("alternating-line", "checkerboard", "hexagon", "axes-gap", "same-point")),
]
_COMPARED = [
    *_poits("plain", ["relu"], [("free", {}), ("single", {}), ("vvv", {}), ("four-triples", {})]),
    *_poits("plain", ["threshold"], [("single", {}), ("vvv", {}), ("four-triples", {})]),
    *_twohyp("plain", ("alternating-line", "checkerboard", "hexagon", "axes-gap")),
]
PLAIN = [
    Case("plain", case.problem, case.kind, case.target, case.seed, case.sizes, method)
    for case in _COMPARED
    for method in METHODS
]
FAMILIES: dict[str, list[Case]] = {"scale": SCALE, "refute": REFUTE, "plain": PLAIN}
