"""The steps of one group as a block that can be written for any isomorphic group.

What a group's solver does depends only on the group's data up to an affine map of the points: multipliers of a
combination of affine functions do not change under it, nor do orders along lines and between parallel lines. So two
groups whose data agree up to such a map (and up to the names of neurons and points) have the same steps up to
names, and the work is done once for all of them. Data sets made of copies of a few patterns have few kinds of groups.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import flint

from certify.decide.refute.farkas import Contradictions
from certify.decide.refute.groups import Group, GroupSolver
from certify.decide.refute.job import StuckError
from certify.decide.refute.jsonable import literals, written
from certify.decide.refute.knowledge import Literal
from certify.decide.refute.propositional import Propositional
from certify.decide.refute.steps import Steps
from certify.decide.refute.theory import Context, LocalTheory
from certify.decide.refute.trim import kept
from certify.exact import Vector

_NAME = re.compile(
    r"(?<![^ ])(?:(?P<j>\d+)(?P<relation>>=|<=|>|<)(?P<i>\d+)|e(?P<e>\d+)|(?P<kind>[hgs])(?P<hj>\d+)\.(?P<hi>\d+)"
    r"|(?P<d>-?d)(?P<n>\d+)|(?P<number>\d+))(?=[ :]|$)"
)


_POINT = re.compile(r"(?:[<>]=?|(?<= )e|[hgs]\d+\.)(\d+)")


@dataclass
class Support:
    """What a group's solver looks at: neurons, points (those of its theory first), what is alike in isomorphic groups
    but for coordinates; touched: places of the points with facts of the group's neurons.
    """

    neurons: list[int]
    points: list[int]
    signature: tuple[object, ...]
    touched: list[int]
    directions: list[tuple[int, ...]]


@dataclass
class Kind:
    """The steps of a group, numbered from 1, and how to write them for an isomorphic one.

    facts: what the checker learns; cases: their literals, definitions and cover: relative numbers of steps; refuted:
    the block ends in a contradiction; used: places of the points that the steps rest on; shape: of these points.
    """

    support: Support
    lines: list[str]
    last: int
    facts: list[Literal]
    cases: list[list[Literal]]
    definitions: list[int]
    cover: int | None
    refuted: bool
    used: list[int]
    shape: object
    pieces: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)

    def bare(self) -> Kind:
        """The steps that are facts, with what they rest on, alone."""
        if self._bare is None:
            self._bare = replace(self, lines=kept(self.lines, set()), pieces=[], places=[])
        return self._bare

    _bare: Kind | None = None


@dataclass
class Block:
    """A group with its kind; facts and cases in its own names. definitions, cover: numbers once it is written."""

    group: Group
    kind: Kind
    support: Support
    facts: list[Literal]
    cases: list[list[Literal]]
    definitions: list[int] = field(default_factory=list)
    cover: int = 0
    written: bool = False

    def write(self, steps: Steps) -> None:
        """Writes the steps, if they were not written before."""
        if not self.written:
            self.written = True
            self._write(steps, self.kind)

    def write_facts(self, steps: Steps) -> None:
        """Writes only the steps that are facts, and what they rest on; the others are not written any more."""
        if not self.written and self.kind.facts:
            self.written = True
            self._write(steps, self.kind.bare())

    def _write(self, steps: Steps, kind: Kind) -> None:
        base = steps.last
        names = [str(j + 1) for j in self.support.neurons]
        names += [str(i + 1) for i in self.support.points]
        names += [str(base + n) for n in range(kind.last + 1)]
        if not kind.pieces:
            _compile(kind)
        parts = [""] * (len(kind.pieces) + len(kind.places))
        parts[0::2] = kind.pieces
        parts[1::2] = [names[place] for place in kind.places]
        if kind.lines:
            steps.extend("".join(parts).split("\n"), base + kind.last)
        self.definitions = [base + n for n in kind.definitions]
        self.cover = base + (kind.cover or 0)


def support(context: Context, group: Group, theory: LocalTheory) -> Support:
    """The group's data in a form that is equal for isomorphic groups."""
    knowledge = context.knowledge
    neurons = theory.neurons
    points = list(theory.points)
    inside = set(points)
    touched = {i for j in neurons for i in knowledge.live(j)}
    points += sorted(touched - inside)
    place = {i: t for t, i in enumerate(points)}
    outside: dict[object, int] = {}
    directions = {d for j in neurons for d in knowledge.increasing[j]}
    signature: list[object] = [
        len(theory.points),
        tuple(0 if context.coefficients is None else context.coefficients[j] for j in neurons),
        tuple(
            (context.labels[i], outside.setdefault(theory.outside[i], len(outside)), i in group.points)
            for i in theory.points
        ),
        tuple(tuple(knowledge.known(j, i) for j in neurons) for i in theory.points),
        tuple(
            tuple(sorted((place[i], knowledge.facts[j, i]) for i in knowledge.live(j)))
            for j in neurons
        ),
        tuple(
            tuple(n for n, _ in knowledge.on_lines.get(i, ()) if knowledge.lines[n].direction in directions)
            for i in points
        ),
        tuple(tuple(sorted(knowledge.increasing[j])) for j in neurons),
    ]
    return Support(list(neurons), points, tuple(signature), sorted(place[i] for i in touched), sorted(directions))


def matching(context: Context, kinds: Sequence[Kind], seen: Support) -> Kind | None:
    """The kind, of those with the same signature, whose steps hold for this group, too: the points that they rest on
    have the same shape. (Sums of rows and bounds see nothing of the other points.)
    """
    for kind in kinds:
        if kind.shape == shape(context, seen, kind.used):
            return kind
    return None


def shape(context: Context, seen: Support, used: Sequence[int]) -> object:
    """The coordinates of these points of the support, up to an affine map that keeps the directions."""
    return _shape([context.knowledge.space.points[seen.points[t]] for t in used], seen.directions)


def _shape(points: Sequence[Vector], directions: Sequence[Sequence[int]]) -> object:
    """Coordinates of points and directions with respect to the first points that span the space."""
    rows = [[*map(_fmpq, p), flint.fmpq(1)] for p in points]
    size = len(rows[0]) if rows else 0
    basis: list[int] = []
    for t in range(len(rows)):
        if flint.fmpq_mat([rows[s] for s in [*basis, t]]).rank() > len(basis):
            basis.append(t)
            if len(basis) == size:
                break
    if len(basis) < size:  # they do not span it: only equal points are told to be alike
        return tuple(points), tuple(map(tuple, directions))
    inverse = flint.fmpq_mat([rows[t] for t in basis]).inv()
    found = flint.fmpq_mat(rows) * inverse
    along = []
    for direction in directions:
        image = (flint.fmpq_mat([[*map(flint.fmpq, direction), flint.fmpq(0)]]) * inverse).table()[0]
        lead = next(c for c in image if c)
        along.append(tuple(str(c / abs(lead)) for c in image))
    return tuple(basis), str(found.table()), tuple(along)


def _fmpq(value: Fraction) -> flint.fmpq:
    return flint.fmpq(value.numerator, value.denominator)


def solve_group(
    context: Context, group: Group, points: Sequence[int], check: Callable[[], None]
) -> dict[str, Any]:
    """Facts, cases and their cover for one group at the points of its theory, as a JSON value for ``kind_of``.

    Nothing is learned. StuckError if the cases do not cover the group.
    """
    context = replace(context, solver=Contradictions())
    theory = LocalTheory(context, [context.patterns.order[t] for t in group.neurons], points)
    steps = Steps()
    propositional = Propositional(context.knowledge, steps, context.threshold)
    solver = GroupSolver(context, steps, propositional, theory, check)
    cases: list[list[Literal]] = []
    definitions: list[int] = []
    cover: int | None = None
    with context.knowledge.assuming([]):
        refuted = solver.facts()
        if not refuted:
            cases = solver.cases(solver.open_atoms(), False)
            if not cases:
                if propositional.derive([]) is None:
                    raise StuckError("a group without cases is not refuted")
                refuted = True
        if not refuted and any(cases):
            if len(cases) > 1:
                cases = [solver.close(case, group.points) for case in cases]
            atoms = [propositional.definition(case) for case in cases]
            definitions = [number for number, _ in atoms]
            cover = propositional.derive([atom for _, atom in atoms])
            if cover is None:
                raise StuckError("the cases of a group do not cover it")
    needed = {str(n) for n in [*definitions, *([] if cover is None else [cover])]}
    return {
        "lines": steps.lines if refuted else kept(steps.lines, needed),
        "last": steps.last,
        "facts": written(solver.learned),
        "cases": [written(case) for case in cases],
        "definitions": definitions,
        "cover": cover,
        "refuted": refuted,
        "linear programs": context.solver.solved,
    }


def kind_of(context: Context, seen: Support, solved: Mapping[str, Any]) -> Kind:
    """The kind of a group that ``solve_group`` solved. KeyError, TypeError, ValueError for what is no result of it."""
    lines = [str(line) for line in solved["lines"]]
    facts, cases = literals(solved["facts"]), [literals(case) for case in solved["cases"]]
    definitions = [int(number) for number in solved["definitions"]]
    cover = None if solved["cover"] is None else int(solved["cover"])
    named = {int(name) - 1 for line in lines for name in _POINT.findall(line)}
    place = {i: t for t, i in enumerate(seen.points)}
    named.update(literal.point for part in (facts, *cases) for literal in part)
    used = sorted({place[i] for i in named} | set(seen.touched))
    return Kind(
        seen,
        lines,
        int(solved["last"]),
        facts,
        cases,
        definitions,
        cover,
        bool(solved["refuted"]),
        used,
        shape(context, seen, used),
    )


def renamed(literals: Sequence[Literal], one: Support, other: Support) -> list[Literal]:
    """Literals about one group in the names of an isomorphic one."""
    neurons = dict(zip(one.neurons, other.neurons, strict=True))
    points = dict(zip(one.points, other.points, strict=True))
    return [Literal(neurons[a.neuron], points[a.point], a.relation) for a in literals]


def _compile(kind: Kind) -> None:
    """Splits the text of the steps at the names of neurons, points and steps."""
    neurons = {str(j + 1): t for t, j in enumerate(kind.support.neurons)}
    base = len(neurons)
    points = {str(i + 1): base + t for t, i in enumerate(kind.support.points)}
    first = base + len(points)
    text = "\n".join(kind.lines)
    at = 0

    def name(start: int, stop: int, place: int) -> None:
        nonlocal at
        kind.pieces.append(text[at:start])
        kind.places.append(place)
        at = stop

    for match in re.finditer(r"[^ \n]+", text):
        token = _NAME.match(match.group())
        if token is None:
            continue
        offset = match.start()
        for group, table in (("j", neurons), ("i", points), ("e", points), ("hj", neurons), ("hi", points)):
            if token[group] is not None:
                name(offset + token.start(group), offset + token.end(group), table[token[group]])
        for group in ("n", "number"):
            if token[group] is not None:
                name(offset + token.start(group), offset + token.end(group), first + int(token[group]))
    kind.pieces.append(text[at:])
