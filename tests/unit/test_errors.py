"""Error messages are one line, and codes are stable."""

from __future__ import annotations

from certify import errors


def test_message_is_one_line_with_place_and_hint() -> None:
    error = errors.ParseError("bad\nrow", source="f.csv", line=3, hint="fix it")
    assert str(error) == "f.csv:3: bad row (fix it)"
    assert str(errors.NotAFit("no")) == "no"
    assert str(errors.ParseError("no", line=3)) == "line 3: no"
    assert str(errors.ParseError("no", source="f")) == "f: no"


def test_codes_are_those_promised_and_unlike() -> None:
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and kind.__module__ == errors.__name__
    ]
    codes = {kind.__name__: kind.code for kind in kinds}
    assert codes == {
        "CertifyError": "error",
        "InputError": "input",
        "ParseError": "parse",
        "InexactNumber": "inexact-number",
        "InvalidInstance": "invalid-instance",
        "UnknownProblem": "unknown-problem",
        "NotVerified": "not-verified",
        "NotASolution": "not-a-solution",
        "NotAFit": "not-a-fit",
        "MissingComponent": "missing-component",
        "SolverFailure": "solver-failure",
        "ResourceLimit": "resource-limit",
    }
    user = {
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, errors.InputError)
    }
    assert user == {"InputError", "ParseError", "InexactNumber", "InvalidInstance", "UnknownProblem", "NotVerified"}
