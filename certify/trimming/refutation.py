"""A refutation made smaller: its steps (strengthen.py), its flat triples, its lines and what else can be left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from certify import verify
from certify.decide.refute.farkas import Contradictions
from certify.trimming.replay import Question
from certify.trimming.steps import Part, Proof, Step, needed, renumbered
from certify.trimming.strengthen import Memory, Strengthening

Progress = Callable[[str], None]
#: Lines of the proof are left out one by one, the whole checked each time, where that is not more than so much work of
#: the checker (some minutes of a check would be 10^9).
MOST_WORK = 30_000_000
#: So many lines of data points that no step names are tried in larger proofs, too.
MOST_LINES = 8
#: So many flat triples of a line of data are tried, each against all others.
MOST_FLAT = 400


def smaller(question: Question, lines: Sequence[str], tell: Progress) -> list[str]:
    """A refutation that is not longer, and from which the same procedure takes nothing more.

    What a pass makes of a text depends on the text alone, and passes go on until one does not make it shorter. Raises
    verify.Reject if the given refutation is wrong.
    """
    given = Proof.of(lines)
    if question.work(given) is None:
        raise verify.Reject("rejected", "the refutation is wrong")
    if question.finished:
        return list(lines)
    memory = Memory()
    other = _without_lines(question, _without_flat(question, _numbered(given)), tell)
    while True:
        proof = _settled(question, other, memory, tell)
        other = _without_lines(question, _without_flat(question, proof), tell)
        other = _numbered(_without_each(question, other, tell))
        if other == proof:
            break
    return list(lines) if question.work(proof) is None else proof.lines()


def _settled(question: Question, proof: Proof, memory: Memory, tell: Progress) -> Proof:
    """Passes over the steps until a whole one finds nothing more; between them quick ones, for what has changed."""
    while True:
        kind = "steps that changed" if memory.trusted else "all steps"
        tell(f"{proof.size:,} bytes of refutation, trying {kind}")
        other = _pass(question, proof, memory)
        if other.size < proof.size:
            proof, memory.trusted = other, True
        elif memory.trusted:
            memory.trusted = False
        else:
            return proof


def _pass(question: Question, proof: Proof, memory: Memory) -> Proof:
    """One pass over all steps; the proof itself where that comes to nothing."""
    for new_facts in (True, False):
        other = _strengthened(question, proof, new_facts, memory)
        if other is not None:
            return other
    other = _marked(proof)
    return proof if question.work(other) is None else other


def _strengthened(question: Question, proof: Proof, new_facts: bool, memory: Memory) -> Proof | None:
    """All splits with smaller steps; None where a step becomes wrong on the way."""
    solver = Contradictions()
    memory.head = proof.head
    try:
        data = question.begun(proof.head)
        parts = [
            Part(part.name, Strengthening(data, positive, solver, new_facts, memory).smaller(part.lines))
            for part, (_, positive) in zip(proof.parts, data.splits(), strict=True)
        ]
    except verify.Reject:
        return None
    return Proof(proof.head, parts)


def _numbered(proof: Proof) -> Proof:
    """With the numbers 1, 2, … in every split, and without deletions, which are for memory alone."""
    steps = [[Step.of(line.split(" ")) for line in part.lines if not line.startswith("x ")] for part in proof.parts]
    return Proof(proof.head, [Part(part.name, renumbered(some)) for part, some in zip(proof.parts, steps, strict=True)])


def _marked(proof: Proof) -> Proof:
    """Only the numbered steps that the last one and the facts rest on."""
    return replace(proof, parts=[Part(part.name, _needed(part.lines)) for part in proof.parts])


def _needed(lines: Sequence[str]) -> list[str]:
    steps = [Step.of(line.split(" ")) for line in lines if not line.startswith("x ")]
    for step in steps:
        if step.kind in "cv" and len(step.words) == 1 and step.words[0].lstrip("-")[0] not in "dx":
            step.fact = True
    return renumbered(needed(steps))


def _without_flat(question: Question, proof: Proof) -> Proof:
    """Without flat triples that leave the slots as they are: that is all they do."""
    data = question.begun(proof.head)
    parts = []
    for part, (_, positive) in zip(proof.parts, data.splits(), strict=True):
        flat = [line for line in part.lines if line.startswith("n ")]
        by_line: dict[str, list[str]] = {}
        for line in flat:
            by_line.setdefault(line.split(" ")[1], []).append(line)
        kept: set[str] = set()
        for group in by_line.values():
            kept.update(_enough(data, positive, group))
        parts.append(Part(part.name, [line for line in part.lines if not line.startswith("n ") or line in kept]))
    other = Proof(proof.head, parts)
    return proof if other == proof or question.work(other) is None else other


def _enough(data: verify.Lines, positive: int, flat: list[str]) -> list[str]:
    """Triples of one line that do what all of them do; none of them alone can be left out."""
    if len(flat) > MOST_FLAT:
        return flat
    whole = _slots_after(data, positive, flat)
    n = len(flat) - 1
    while n >= 0:
        rest = flat[:n] + flat[n + 1 :]
        if _slots_after(data, positive, rest) == whole:
            flat = rest
        n -= 1
    return flat


def _slots_after(data: verify.Lines, positive: int, flat: Sequence[str]) -> object:
    """What the steps ``n`` make of the slots of their line; None if one of them is wrong."""
    split = verify.Split(data, positive)
    try:
        for line in flat:
            split.flat(line.split(" ")[1:])
    except verify.Reject:
        return None
    return split.refuted, split.saturated


def _without_lines(question: Question, proof: Proof, tell: Progress) -> Proof:
    """Without lines of data points that no slots and no step name, where the rest is a proof."""
    names = _named_lines(proof)
    unnamed = [n for n in range(1, _count(proof) + 1) if n not in names]
    for n in reversed(unnamed[-MOST_LINES:]):
        tell(f"leaving out line {n}")
        other = _dropped(proof, n)
        if question.work(other) is not None:
            proof = other
    return proof


#: Where the numbers of lines stand in what names them.
_LINE_PLACES = {"slots": (1,), "n": (1,), "label": (2,), "w": (1, 2), "b": (2,), "k": (2,)}


def _count(proof: Proof) -> int:
    return sum(line.startswith("line ") for line in proof.head)


def _texts(proof: Proof) -> Iterator[str]:
    yield from proof.head
    for part in proof.parts:
        yield from part.lines


def _named_lines(proof: Proof) -> set[int]:
    found: set[int] = set()
    for text in _texts(proof):
        words = text.split(" ", 3)
        found.update(int(words[place]) for place in _LINE_PLACES.get(words[0], ()))
    return found


def _dropped(proof: Proof, number: int) -> Proof:
    """Without a line that nothing names, the later ones renumbered."""

    def renamed(text: str) -> str:
        words = text.split(" ")
        for place in _LINE_PLACES.get(words[0], ()):
            if int(words[place]) > number:
                words[place] = str(int(words[place]) - 1)
        return " ".join(words)

    at = [n for n, line in enumerate(proof.head) if line.startswith("line ")][number - 1]
    head = [renamed(line) for n, line in enumerate(proof.head) if n != at]
    return Proof(head, [Part(part.name, list(map(renamed, part.lines))) for part in proof.parts])


def _without_each(question: Question, proof: Proof, tell: Progress) -> Proof:
    """Small proofs: each of the lines that others may rest on unnamed is left out if the rest is a proof."""
    work = question.work(proof)
    places = list(_candidates(proof))
    if work is None or work * len(places) > MOST_WORK:
        return proof
    tell(f"leaving out each of {len(places)} lines")
    for place in reversed(places):
        other = _shorter(proof, place)
        if other is not None and question.work(other) is not None:
            proof = other
    return proof


Place = tuple[int, int, slice | None]
"""Part (-1: the head), line, words (None: the whole line)."""


def _candidates(proof: Proof) -> Iterator[Place]:
    """Slots, points of lines, bounds, pairs, orders, facts. What is named stays: a try would fail."""
    for n, line in enumerate(proof.head):
        words = line.split(" ")
        if words[0] == "slots":
            size = 2 if words[2] == "*" else 3
            yield -1, n, None
            yield from ((-1, n, slice(w, w + size)) for w in range(3, len(words), size))
        elif words[0] == "line":
            yield from ((-1, n, slice(w, w + 1)) for w in range(1, len(words)))
    for p, part in enumerate(proof.parts):
        steps = [Step.of(line.split(" ")) for line in part.lines]
        named = set().union(*(step.names() for step in steps))
        for n, step in enumerate(steps[:-1]):
            if step.kind in ("w", "b", "u", "order") or (step.kind in "cv" and step.number not in named):
                yield p, n, None


def _shorter(proof: Proof, place: Place) -> Proof | None:
    """Without the line, or the words of it; None if that cannot be."""
    p, n, part = place
    lines = list(proof.head if p < 0 else proof.parts[p].lines)
    if part is None:
        del lines[n]
    elif len(words := lines[n].split(" ")) > 3 and part.start < len(words):
        del words[part]
        lines[n] = " ".join(words)
    else:
        return None
    if p < 0:
        return Proof(lines, proof.parts)
    return Proof(proof.head, [replace(old, lines=lines) if q == p else old for q, old in enumerate(proof.parts)])
