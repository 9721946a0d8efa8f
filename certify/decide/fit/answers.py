"""What a decider of an exact fit answers: a network, a refutation, or neither."""

from __future__ import annotations

from dataclasses import dataclass, field

from certify.network import Network


@dataclass(frozen=True)
class Fit:
    """network: fits exactly. summary: counts for reports."""

    network: Network
    summary: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class NoFit:
    """lines: the text of the section `refutation lines`."""

    lines: list[str]
    summary: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Undecided:
    """reason: what stopped the search; at_least: so many neurons are needed for certain."""

    reason: str
    at_least: int
    summary: dict[str, object] = field(default_factory=dict)
