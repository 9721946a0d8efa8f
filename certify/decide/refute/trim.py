"""Trimming: clauses, rows, definitions and slot clauses of a split that its contradiction does not need are
dropped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMBERED = frozenset("cdkrmv")
_REFERENCE = re.compile(r"^-?(?:d|x\d+\.|r)(\d+)(?::|$)")
_EMPTY = re.compile(r"^[cv] \d+ :")


def trimmed(lines: Sequence[str], everything: bool = False) -> list[str]:
    """The steps of one split (with `split` and `qed`) without the numbered ones that nothing uses, and without what
    follows the first empty clause. everything: nothing else is dropped.
    """
    end = next((n for n, line in enumerate(lines) if _EMPTY.match(line)), len(lines) - 2)
    lines = [*lines[: end + 1], lines[-1]]
    if everything:
        return lines
    return [*kept(lines[:-2], _references(lines[-2])), *lines[-2:]]


def kept(lines: Sequence[str], needed: set[str]) -> list[str]:
    """The lines that the steps with the needed numbers rest on, these included; `needed` grows on the way.

    Facts (`u`, `b`, and clauses of one sign literal, which are facts too) stay: later steps rest on them
    unnamed.
    """
    found: list[str] = []
    for line in reversed(lines):
        kind, _, rest = line.partition(" ")
        if kind in _NUMBERED:
            number, _, tail = rest.partition(" ")
            if number not in needed and not is_fact(kind, tail):
                continue
        found.append(line)
        needed |= _references(line)
    found.reverse()
    return found


def is_fact(kind: str, tail: str) -> bool:
    """Whether a clause, given without its number, is one sign literal alone."""
    return kind in "cv" and tail[:1] not in "-dx:" and tail.find(" ") == tail.find(" : ")


def _references(line: str) -> set[str]:
    """The numbers of the steps that a step names."""
    kind, _, rest = line.partition(" ")
    if kind not in _NUMBERED and kind not in "u0":
        return set()
    tokens = rest.split(" ")[kind in _NUMBERED :]
    found = {token for token in tokens if token.isdigit()} if kind in "vm" else set()
    for token in tokens:
        match = _REFERENCE.match(token)
        if match:
            found.add(match.group(1))
    return found
