"""The one exception tree. Every error has a stable code and prints as one line that says what to do."""

# The classes are named for the fault alone, as in `raise NotASolution`.
# ruff: noqa: N818

from __future__ import annotations

from typing import ClassVar


class CertifyError(Exception):
    """Base of all errors raised on purpose.

    ``code`` is stable and machine-readable. ``source`` names the file (or ``<stdin>``), ``line`` is 1-based,
    ``hint`` says what to do. ``str(error)`` is the single line ``source:line: message (hint)``.
    """

    code: ClassVar[str] = "error"

    def __init__(
        self, message: str, *, source: str | None = None, line: int | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.source = source
        self.line = line
        self.hint = hint

    def __str__(self) -> str:
        place = "" if self.source is None else f"{self.source}:"
        if self.line is not None:
            place += f"{self.line}:" if place else f"line {self.line}:"
        advice = "" if self.hint is None else f" ({self.hint})"
        return " ".join(f"{place} {self.message}{advice}".split())


class InputError(CertifyError):
    """Bad input from the user; the command line exits with 2."""

    code = "input"


class ParseError(InputError):
    """A text does not follow its format."""

    code = "parse"


class InexactNumber(InputError):
    """A float, NaN or infinity where an exact rational is needed."""

    code = "inexact-number"


class InvalidInstance(InputError):
    """Well-formed values that make no instance or network, such as ragged rows or a negative width."""

    code = "invalid-instance"


class UnknownProblem(InputError):
    """No problem, kind of instance or reduction of that name."""

    code = "unknown-problem"


class NotVerified(InputError):
    """The certificate is rejected by the checker, or incomplete."""

    code = "not-verified"


class NotASolution(CertifyError):
    """The given solution does not solve the source problem."""

    code = "not-a-solution"


class NotAFit(CertifyError):
    """The given network does not fit the training instance exactly."""

    code = "not-a-fit"


class MissingComponent(CertifyError):
    """An optional component, such as a solver, is not installed."""

    code = "missing-component"


class SolverFailure(CertifyError):
    """A solver crashed or gave an answer that fails its exact check."""

    code = "solver-failure"


class ResourceLimit(CertifyError):
    """A limit on time, memory or size was reached."""

    code = "resource-limit"
