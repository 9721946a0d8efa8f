"""Certificates of a NO by theorem as lines, and lines as a certificate, hashed again: only their content can be at fault."""

from __future__ import annotations

import hashlib
import io
from typing import Any

from certify.certificate import Certificate, Claim
from certify.decide.source import decide
from certify.reductions import Options, reduction_named
from certify.verify import Result, check_bytes


def lines_by_theorem(problem: str, source: Any, target: str, options: Options = Options()) -> list[str]:  # noqa: B008
    """The lines before ``end`` of the certificate that the source, which has no solution, has no fit."""
    reduction = reduction_named(problem, target, options)
    claim = Claim.of("NO", reduction.name, reduction.reduce(source), reduction.modifiers)
    refutation = decide(source).refutation
    assert refutation is not None
    return body(Certificate(claim, source, source_refutation=refutation, by_theorem=True))


def body(certificate: Certificate) -> list[str]:
    """The lines before ``end``."""
    text = io.BytesIO()
    certificate.write(text)
    lines = text.getvalue().decode().split("\n")
    return lines[: lines.index("end")]


def sealed(lines: list[str]) -> bytes:
    """The file of these lines, of which ``end`` is the last."""
    text = "\n".join(lines) + "\n"
    return f"{text}sha256 {hashlib.sha256(text.encode()).hexdigest()}\n".encode()


def check(lines: list[str]) -> Result:
    """What certify/verify.py says of lines without ``end``."""
    return check_bytes(sealed([*lines, "end"]))


def rejected(lines: list[str], *codes: str) -> None:
    """They are, for one of these reasons, and no theorem is named."""
    result = check(lines)
    assert result.status == "REJECTED" and result.code in codes, result
    assert (result.method, result.theorem) == (None, None)
