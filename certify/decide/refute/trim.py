"""Trimming: clauses, rows, definitions and slot clauses of a split that its contradiction does not need are
dropped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMBERED = frozenset("cdkrmv")
_REFERENCE = re.compile(r"^-?(?:d|x\d+\.|r)(\d+)(?::|$)")


def trimmed(lines: Sequence[str]) -> list[str]:
    """The steps of one split (with `split` and `qed`) without the numbered ones that nothing uses.

    Facts (`u`, `b`, and clauses of one sign literal, which are facts too) stay: later steps rest on them
    unnamed.
    """
    needed: set[str] = set()
    kept: list[str] = []
    last = len(lines) - 2
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        kind, _, rest = line.partition(" ")
        tokens = rest.split(" ")
        if kind in _NUMBERED:
            fact = kind in "cv" and (tokens.index(":") == 2) and tokens[1][0] not in "-dx"
            if index != last and not fact and tokens[0] not in needed:
                continue
        kept.append(line)
        if kind not in _NUMBERED and kind not in "u0":
            continue
        for token in tokens[1:] if kind in _NUMBERED else tokens:
            match = _REFERENCE.match(token)
            if match:
                needed.add(match.group(1))
            elif token.isdigit() and kind in "vm":
                needed.add(token)
    kept.reverse()
    return kept
