"""LRAT proofs: a solver's is read from its file, cut down to what the empty clause rests on, and numbered anew.

A solver's proof may have millions of steps, so all of it is arrays of machine integers, and the file is read a block
at a time. What is left are the steps that the empty clause rests on, numbered behind the given clauses; each clause is
deleted after its last use, so that a checker needs memory for few.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from certify.errors import ResourceLimit, SolverFailure

Ints = NDArray[np.int64]
_STEPS_BETWEEN_CLOCKS = 4096
_BLOCK = 1 << 24
_DELETION, _LINE_END = -(2**62), -(2**62) - 1
"""What the words `d` and the ends of lines are read as; no number is so small."""


@dataclass(frozen=True)
class Ragged:
    """Lists of integers, one behind the other in ``values``; list t is from ``starts[t]`` to ``starts[t + 1]``."""

    values: NDArray[np.int32]
    starts: Ints

    def __getitem__(self, t: int) -> list[int]:
        return self.values[self.starts[t] : self.starts[t + 1]].tolist()  # type: ignore[no-any-return]

    def of(self, chosen: Ints) -> Ragged:
        """Only the chosen lists, in this order."""
        lengths = np.diff(self.starts)[chosen]
        return Ragged(self.values[spans(self.starts[chosen], lengths)], _starts(lengths))


class LratProof:
    """A refutation of ``axioms`` clauses; step t derives clause axioms + 1 + t, the last one the empty clause.

    Iterating gives its lines in LRAT text, without their ends. ``steps``: how many there are; ``size``: the bytes of
    the text; ``used_axioms``: the numbers of the given clauses that it uses, increasing: an unsatisfiable subset.
    """

    def __init__(self, axioms: int, used_axioms: tuple[int, ...], literals: Ragged, hints: Ragged) -> None:
        self.axioms, self.used_axioms = axioms, used_axioms
        self._literals, self._hints = literals, hints
        self.steps = len(literals.starts) - 1

    def additions(self) -> Iterator[tuple[int, list[int], list[int]]]:
        """Its steps: number, literals, hints."""
        for t in range(self.steps):
            yield self.axioms + 1 + t, self._literals[t], self._hints[t]

    def __iter__(self) -> Iterator[str]:
        finished = self._finished()
        for t, (number, literals, hints) in enumerate(self.additions()):
            yield " ".join(map(str, (number, *literals, 0, *hints, 0)))
            old = finished[t]
            if old and literals:
                yield " ".join(map(str, (number, "d", *old, 0)))

    @cached_property
    def size(self) -> int:
        """Bytes of the text."""
        return sum(len(line) + 1 for line in self)

    def _finished(self) -> Ragged:
        """For every step the clauses that are used there for the last time, increasing."""
        last = np.full(self.steps, -1, dtype=np.int64)
        users = np.repeat(np.arange(self.steps), np.diff(self._hints.starts))
        derived = self._hints.values > self.axioms
        last[self._hints.values[derived] - self.axioms - 1] = users[derived]  # users increase: the last one stays
        used = np.flatnonzero(last >= 0)
        order = used[np.argsort(last[used], kind="stable")]
        return Ragged(
            (order + self.axioms + 1).astype(np.int32), _starts(np.bincount(last[used], minlength=self.steps))
        )


def trimmed(
    path: Path, axioms: int, *, concluded: Sequence[int] = (), deadline: float | None = None
) -> LratProof:
    """What the refutation in the file ``path``, LRAT text of ``axioms`` given clauses, comes down to.

    ``concluded``: after how many given clauses the solver said that assumptions fail; that takes a number of its own,
    and is not in the file. Nothing is checked but that it can be read: that is for a checker. Raises SolverFailure for
    what is no LRAT proof by unit propagation, ResourceLimit if ``time.monotonic()`` passes ``deadline``.
    """
    return _Trimming(path, axioms, concluded, deadline).run()


class _Trimming:
    def __init__(self, path: Path, axioms: int, concluded: Sequence[int], deadline: float | None) -> None:
        self._path, self._axioms, self._concluded, self._deadline = path, axioms, concluded, deadline

    def run(self) -> LratProof:
        numbers, literals, hints = self._read()
        index = np.full(int(numbers.max()) + 1, -1, dtype=np.int64)
        index[numbers] = np.arange(len(numbers))
        # By hint: the addition that it means (from 0), or -1.
        known = (hints.values > 0) & (hints.values < len(index))
        meant = np.where(known, index[np.where(known, hints.values, 0)], -1)
        needed = self._needed(meant, hints.starts)
        renumbered = np.zeros(len(numbers), dtype=np.int64)
        renumbered[needed] = np.arange(self._axioms + 1, self._axioms + 1 + len(needed))
        lengths = np.diff(hints.starts)[needed]
        at = spans(hints.starts[needed], lengths)
        meant, values = meant[at], hints.values[at]
        given = self._given(index)
        outside = meant < 0
        wrong = outside & ((values <= 0) | (values >= len(given)))
        wrong[~wrong] |= outside[~wrong] & (given[np.where(outside, values, 0)[~wrong]] == 0)
        if wrong.any():
            raise SolverFailure(
                f"the SAT solver's proof uses clause {values[wrong][0]}, which is none", hint="is it RUP only?"
            )
        named = np.where(outside, given[np.where(outside, values, 0)], renumbered[np.where(outside, 0, meant)])
        used = tuple(np.unique(named[outside]).tolist())
        return LratProof(self._axioms, used, literals.of(needed), Ragged(named.astype(np.int32), _starts(lengths)))

    def _read(self) -> tuple[Ints, Ragged, Ragged]:
        """Number, literals and hints of all additions up to the empty clause."""
        numbers: list[Ints] = []
        literals: list[NDArray[np.int32]] = []
        hints: list[NDArray[np.int32]] = []
        lengths: tuple[list[Ints], list[Ints]] = ([], [])
        rest = b""
        with open(self._path, "rb") as file:
            while block := file.read(_BLOCK):
                self._tick()
                end = block.rfind(b"\n") + 1
                lines, rest = rest + block[:end], block[end:]
                read = _lines(lines)
                empty = np.flatnonzero(read[2] == 0)
                stop = int(empty[0]) + 1 if len(empty) else len(read[0])
                numbers.append(read[0][:stop])
                for part, of, values, each in ((literals, 0, read[1], read[2]), (hints, 1, read[3], read[4])):
                    part.append(values[: each[:stop].sum()].astype(np.int32))
                    lengths[of].append(each[:stop])
                if len(empty):
                    many, more = (_starts(np.concatenate(each)) for each in lengths)
                    return (
                        np.concatenate(numbers),
                        Ragged(np.concatenate(literals), many),
                        Ragged(np.concatenate(hints), more),
                    )
        if rest:
            raise _unreadable(rest)
        raise SolverFailure("the SAT solver's proof ends without a contradiction")

    def _needed(self, meant: Ints, starts: Ints) -> Ints:
        """The additions that the last one rests on, itself among them."""
        count = len(starts) - 1
        needed = bytearray(count)
        needed[-1] = 1
        for step in range(count - 1, -1, -1):
            if not needed[step]:
                continue
            for other in meant[starts[step] : starts[step + 1]].tolist():
                if other >= step:
                    raise SolverFailure("the SAT solver's proof uses a clause before it is derived")
                if other >= 0:
                    needed[other] = 1
            if step % _STEPS_BETWEEN_CLOCKS == 0:
                self._tick()
        return np.flatnonzero(np.frombuffer(needed, dtype=np.uint8))

    def _given(self, index: Ints) -> Ints:
        """By a solver's number of a given clause: which one it is, from 1; 0 for no given clause.

        The solver numbers given clauses as they come, perhaps between derived ones.
        """
        derived = np.flatnonzero(index >= 0)
        first, known = int(derived[0]), len(index)
        if first > self._axioms and not self._concluded:
            return np.arange(self._axioms + 1)
        count = self._axioms + len(self._concluded)
        names = np.concatenate([np.flatnonzero(index[1:] < 0) + 1, np.arange(known, known + count)])
        names = np.delete(names, np.array(self._concluded, dtype=np.int64) + np.arange(len(self._concluded)))
        given = np.zeros(known + count, dtype=np.int64)
        given[names[: self._axioms]] = np.arange(1, self._axioms + 1)
        return given

    def _tick(self) -> None:
        if self._deadline is not None and time.monotonic() > self._deadline:
            raise ResourceLimit("no time left to trim the SAT solver's proof", hint="give a longer timeout")


def _lines(text: bytes) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """The additions of whole lines: numbers, all literals, how many each has, all hints, how many each has."""
    words = _words(text)
    ends = np.flatnonzero(words == _LINE_END)
    begins = np.concatenate([[0], ends[:-1] + 1]).astype(np.int64)
    begins, ends = begins[ends - begins > 1], ends[ends - begins > 1]
    additions = words[begins + 1] != _DELETION
    begins, ends = begins[additions], ends[additions]
    zeros = np.flatnonzero(words == 0)
    place = np.searchsorted(zeros, begins + 1)
    split = zeros[np.minimum(place, len(zeros) - 1)] if len(zeros) else np.full(len(begins), -1, dtype=np.int64)
    bad = (place >= len(zeros)) | (split >= ends - 1) | (words[ends - 1] != 0) | (words[begins] <= 0)
    if bad.any():
        raise _unreadable(text.split(b"\n")[int(np.searchsorted(np.flatnonzero(words == _LINE_END), begins[bad][0]))])
    many, more = split - begins - 1, ends - split - 2
    return words[begins], words[spans(begins + 1, many)], many, words[spans(split + 1, more)], more


def _words(text: bytes) -> Ints:
    """The words of whole lines as numbers."""
    strange = text.translate(None, b"0123456789- d\n")
    if strange:
        raise _unreadable(text[text.rfind(b"\n", 0, text.index(strange[:1])) + 1 :].split(b"\n")[0])
    marked = text.replace(b"\n", b" %d " % _LINE_END).replace(b"d", b"%d" % _DELETION)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return np.fromstring(marked, dtype=np.int64, sep=" ")
        except (DeprecationWarning, ValueError) as error:
            raise _unreadable(text) from error


def _unreadable(line: bytes) -> SolverFailure:
    return SolverFailure(f"a line of the SAT solver's proof is not LRAT: {line[:80]!r}")


def _starts(lengths: Ints) -> Ints:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def spans(starts: Ints, lengths: Ints) -> Ints:
    """The indices of these pieces of an array, one piece behind the other."""
    return np.repeat(starts - _starts(lengths)[:-1], lengths) + np.arange(int(lengths.sum()))
