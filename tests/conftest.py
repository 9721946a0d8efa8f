"""Where certificates are checked as they stand, both checkers are asked, and must say the same."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator

import pytest

from certify import verify
from certify.kernel import LIMITS, check_by_kernel, find_kernel

#: Modules that hand certify/verify.py good and damaged certificates.
COMPARED = (
    "test_by_theorem",
    "test_cliques_by_theorem",
    "test_colours_by_theorem",
    "test_forced",
    "test_format_examples",
    "test_losses",
    "test_mutations",
    "test_verify_format",
    "test_verify_loss",
    "test_verify_loss_no",
    "test_verify_paths",
    "test_wrappers",
    "test_verify_rules",
    "test_verify_turned",
)


@pytest.fixture(autouse=True)
def both_checkers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """In the modules above every file that certify/verify.py checks is checked by certify-kernel, too.

    Left out are files checked under other limits than the usual ones, and those that one of the two gives up on.
    """
    if request.module.__name__.split(".")[-1] not in COMPARED:
        yield
        return
    kernel = find_kernel()
    alone = verify.check_open

    def check_open(stream: io.BufferedReader, limits: verify.Limits | None) -> verify.Result:
        data = stream.read()
        result = alone(io.BufferedReader(io.BytesIO(data)), limits)
        if limits is None:
            with tempfile.NamedTemporaryFile(suffix=".cert") as file:
                file.write(data)
                file.flush()
                other = check_by_kernel(file.name, kernel)
            said = (result.status, result.verdict if result.status == "VERIFIED" else None, result.theorem)
            if not {result.code, other.code} & LIMITS:
                assert said == (other.status, other.verdict, other.theorem), f"the checkers disagree: {result}, {other}"
        return result

    monkeypatch.setattr(verify, "check_open", check_open)
    yield
