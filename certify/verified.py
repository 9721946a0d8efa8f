"""Certificates put in place only once the independent checker has seen them."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from certify.certificate import Certificate, replacing
from certify.errors import SolverFailure
from certify.kernel import check_by_kernel, joined
from certify.verify import Result, check_file
from certify.version import __version__

Tier = Literal["checked", "kernel"]
#: The packages whose versions a certificate's provenance states.
SOLVERS = ("z3-solver", "python-sat", "numba")


class RejectedCertificate(SolverFailure):
    """The independent checker rejects a certificate of our own: a fault of this program, never a verdict."""


@dataclass(frozen=True)
class Checked:
    """What the checkers say of a certificate.

    ``result``: the answer of certify/verify.py; ``tier``: None unless it is VERIFIED, "kernel" if certify-kernel
    says so, too; ``bytes``: the size of the file; ``note``: why certify-kernel, asked, came to no end.
    """

    result: Result
    tier: Tier | None
    bytes: int
    note: str | None

    @property
    def verified(self) -> bool:
        return self.result.status == "VERIFIED"


def write_verified(
    certificate: Certificate,
    output: str | os.PathLike[str] | None,
    kernel: Path | None = None,
    *,
    complete: bool = False,
) -> Checked:
    """Writes the certificate to ``output``, if the checkers do not reject it; without ``output`` only checks it.

    ``kernel``: the program certify-kernel, to be asked as well. Raises RejectedCertificate for one that is
    rejected; an incomplete one is written, unless ``complete`` asks for more: then it is refused likewise.
    """
    with ExitStack() as stack:
        if output is None:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="certify-"))
            draft = Path(folder) / "draft.cert"
        else:
            draft = stack.enter_context(replacing(Path(output)))
        certificate.save(draft)
        result = check_file(draft)
        if result.status == "REJECTED" or (complete and result.status != "VERIFIED"):
            rejected = result.status == "REJECTED"
            says = "rejects our own certificate" if rejected else "finds our own certificate incomplete"
            place = "" if result.line is None else f", line {result.line}"
            raise RejectedCertificate(
                f"the checker {says}{place}: {result.reason}", hint="a fault of this program, please report it"
            )
        tier: Tier | None = "checked" if result.status == "VERIFIED" else None
        note = None
        if kernel is not None:
            status, reason = joined(result, check_by_kernel(draft, kernel))
            if status == "DISAGREEMENT":
                raise SolverFailure(f"the checkers disagree: {reason}", hint="a fault of this program")
            if status == "VERIFIED":
                tier = "kernel"
            elif result.status == "VERIFIED":
                note = reason
        return Checked(result, tier, draft.stat().st_size, note)


def written(checked: Checked, output: str | os.PathLike[str] | None) -> dict[str, Any]:
    """The entry "certificate" of a report."""
    return {"path": None if output is None else os.fspath(output), "bytes": checked.bytes}


def provenance(seed: int, command: str) -> list[tuple[str, str]]:
    """Programs, versions, seed and command: no path of the machine and no time, so that runs agree."""
    return [
        ("program", f"certify {__version__}"),
        *(("solver", f"{package} {version(package)}") for package in SOLVERS),
        ("seed", str(seed)),
        ("command", command),
    ]
