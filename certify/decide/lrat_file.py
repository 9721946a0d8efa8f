"""LRAT proofs on disk: a solver's is trimmed and renumbered on the way from one file to another.

A solver's proof may be larger than memory is worth. It is read twice, a line at a time: first for the hints, which
say what the empty clause rests on; then the steps that it does rest on are copied, numbered anew behind the given
clauses, and each one is deleted after its last use, so that a checker needs memory for few clauses. What is held
meanwhile are the hints, as machine integers, and a few numbers a step.
"""

from __future__ import annotations

import os
import tempfile
import time
import weakref
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from certify.errors import ResourceLimit, SolverFailure

_STEPS_BETWEEN_CLOCKS = 4096
_CHUNK = 1 << 20


class LratFile:
    """A refutation of ``axioms`` clauses in a temporary file, which goes when this object does.

    Iterating gives its lines, without their ends, as often as wanted. ``steps``: its additions; ``size``: its bytes;
    ``used_axioms``: the numbers of the given clauses that it uses, increasing: an unsatisfiable subset.
    """

    def __init__(self, file: IO[bytes], axioms: int, steps: int, used_axioms: tuple[int, ...]) -> None:
        self._file = file
        self.axioms, self.steps, self.used_axioms = axioms, steps, used_axioms
        file.flush()
        self.size = os.fstat(file.fileno()).st_size
        weakref.finalize(self, file.close)

    def __iter__(self) -> Iterator[str]:
        at, rest = 0, b""
        while chunk := os.pread(self._file.fileno(), _CHUNK, at):
            at += len(chunk)
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                yield line.decode("ascii")

    def additions(self) -> Iterator[tuple[int, list[int], list[int]]]:
        """Its additions: number, literals, hints."""
        for line in self:
            number, _, rest = line.partition(" ")
            if not rest.startswith("d "):
                words = [int(word) for word in rest.split()]
                split = words.index(0)
                yield int(number), words[:split], words[split + 1 : -1]


def trimmed(path: Path, axioms: int, *, deadline: float | None = None) -> LratFile:
    """What the refutation in the file ``path``, LRAT text of ``axioms`` given clauses, comes down to.

    Nothing is checked but that it can be read: that is for a checker. Raises SolverFailure for what is no LRAT proof
    by unit propagation, ResourceLimit if ``time.monotonic()`` passes ``deadline``.
    """
    return _Trimming(path, axioms, deadline).run()


class _Trimming:
    def __init__(self, path: Path, axioms: int, deadline: float | None) -> None:
        self._path, self._axioms, self._deadline = path, axioms, deadline
        # Of every addition: where its line starts in the file, and where its hints start in the list of all hints.
        self._places, self._starts = array("q"), array("q", [0])
        self._hints = array("q")
        # By the solver's number of a clause: the addition (from 0), or -1.
        self._index = array("q", [-1])

    def run(self) -> LratFile:
        self._read()
        last_use = self._needed()
        return self._copy(last_use)

    def _read(self) -> None:
        """The hints of all additions up to the empty clause."""
        index, hints, at = self._index, self._hints, 0
        with open(self._path, "rb") as file:
            for line in file:
                words = line.split()
                if len(words) > 1 and words[1] != b"d":
                    try:
                        number, *numbers = map(int, words)
                        split = numbers.index(0)
                    except ValueError as error:
                        raise SolverFailure(f"a line of the SAT solver's proof is not LRAT: {line[:80]!r}") from error
                    step = len(self._places)
                    self._places.append(at)
                    hints.extend(numbers[split + 1 : -1])
                    self._starts.append(len(hints))
                    if number >= len(index):
                        index.extend([-1] * (number - len(index) + 1))
                    index[number] = step
                    if split == 0:
                        return
                    self._tick(step)
                at += len(line)
        raise SolverFailure("the SAT solver's proof ends without a contradiction")

    def _needed(self) -> array[int]:
        """By addition: the last one that uses it, itself for the last of all, -1 if it is not needed."""
        # The solver numbers given clauses as they come, perhaps between derived ones.
        given: dict[int, int] = {}
        first = next((number for number, step in enumerate(self._index) if step >= 0), 0)
        if first <= self._axioms:
            known = len(self._index)
            names = (n for n in range(1, known + self._axioms) if n >= known or self._index[n] < 0)
            given = {name: number for number, name in zip(range(1, self._axioms + 1), names, strict=False)}
        self._given = given
        index, hints, starts = self._index, self._hints, self._starts
        last_use = array("q", [-1]) * len(self._places)
        last_use[-1] = len(last_use) - 1
        used: set[int] = set()
        for step in range(len(last_use) - 1, -1, -1):
            if last_use[step] < 0:
                continue
            for hint in hints[starts[step] : starts[step + 1]]:
                other = index[hint] if 0 < hint < len(index) else -1
                if other < 0:
                    used.add(self._number(hint))
                elif other >= step:
                    raise SolverFailure("the SAT solver's proof uses a clause before it is derived")
                elif last_use[other] < 0:
                    last_use[other] = step
            self._tick(step)
        self._used = tuple(sorted(used))
        return last_use

    def _number(self, hint: int) -> int:
        """Which of the given clauses the solver calls so."""
        number = self._given.get(hint, 0) if self._given else hint
        if not 0 < number <= self._axioms:
            raise SolverFailure(f"the SAT solver's proof uses clause {hint}, which is none", hint="is it RUP only?")
        return number

    def _copy(self, last_use: array[int]) -> LratFile:
        index, hints, starts = self._index, self._hints, self._starts
        number, numbers = self._axioms, array("q", [0]) * len(last_use)
        target: IO[bytes] = tempfile.TemporaryFile(prefix="certify-", suffix=".lrat")  # noqa: SIM115 - kept by LratFile
        with open(self._path, "rb") as source:
            for step, place in enumerate(self._places):
                if last_use[step] < 0:
                    continue
                source.seek(place)
                words = source.readline().split()
                number += 1
                numbers[step] = number
                named: list[int] = []
                finished: set[int] = set()
                for hint in hints[starts[step] : starts[step + 1]]:
                    other = index[hint] if hint < len(index) else -1
                    if other < 0:
                        named.append(self._number(hint))
                    else:
                        named.append(numbers[other])
                        if last_use[other] == step:
                            finished.add(numbers[other])
                literals = words[1 : words.index(b"0", 1) + 1]
                target.write(b"%d %s %s 0\n" % (number, b" ".join(literals), b" ".join(b"%d" % hint for hint in named)))
                if finished and len(literals) > 1:
                    target.write(b"%d d %s 0\n" % (number, b" ".join(b"%d" % old for old in sorted(finished))))
                self._tick(step)
        return LratFile(target, self._axioms, number - self._axioms, self._used)

    def _tick(self, step: int) -> None:
        if self._deadline is not None and step % _STEPS_BETWEEN_CLOCKS == 0 and time.monotonic() > self._deadline:
            raise ResourceLimit("no time left to trim the SAT solver's proof", hint="give a longer timeout")
