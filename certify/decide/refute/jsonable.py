"""Literals and clauses as JSON values, for parts of a search that run elsewhere or are kept on disk.

Reading raises ValueError, TypeError or KeyError for what is no such value.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from certify.decide.refute.farkas import Combination
from certify.decide.refute.knowledge import NEGATION, Literal
from certify.exact import render

Clause = tuple[list[Literal], Combination]


def written(part: Sequence[Literal]) -> list[list[Any]]:
    """Literals as JSON values."""
    return [[a.neuron, a.point, a.relation] for a in part]


def literals(part: Sequence[Sequence[Any]]) -> list[Literal]:
    """Literals from JSON values; ValueError, TypeError or KeyError for others."""
    return [Literal(int(j), int(i), {r: r for r in NEGATION}[relation]) for j, i, relation in part]


def written_clause(clause: Clause) -> list[list[Any]]:
    """A clause with its reason as a JSON value."""
    return [written(clause[0]), [[item, render(m)] for item, m in clause[1]]]


def read_clause(value: Sequence[Any]) -> Clause:
    """A clause with its reason from its JSON value."""
    part, combination = value
    return literals(part), [(str(item), Fraction(m)) for item, m in combination]
