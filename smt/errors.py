"""The errors of this package; each prints as one line."""

from __future__ import annotations

from typing import ClassVar


class SmtError(Exception):
    """Base of all errors raised on purpose by this package; ``code`` is stable and machine-readable."""

    code: ClassVar[str] = "smt"


class TermError(SmtError):
    """Terms or commands that make no script: a name declared twice or not at all, a wrong sort."""

    code = "smt-term"


class SmtParseError(SmtError):
    """A text that is not a script as ``smtlib.render`` prints it; ``line`` is 1-based."""

    code = "smt-parse"

    def __init__(self, message: str, *, source: str | None = None, line: int | None = None) -> None:
        self.message = message
        self.source = source
        self.line = line
        place = source or ""
        if line is not None:
            place += f":{line}" if place else f"line {line}"
        super().__init__(f"{place}: {message}" if place else message)


class MissingSolverError(SmtError):
    """The named solver is not installed."""

    code = "smt-missing-solver"


class SolverError(SmtError):
    """A solver failed, or claimed a model that does not satisfy the script."""

    code = "smt-solver"
