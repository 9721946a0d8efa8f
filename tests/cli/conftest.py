"""Runs the command line as a user does."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from certify.cli.entry import run


@dataclass(frozen=True)
class Outcome:
    """What one command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def first(self) -> str:
        return self.out.split("\n")[0]


Certify = Callable[..., Outcome]


@pytest.fixture
def certify(
    capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Certify:
    """``certify(*words, stdin="")`` in an empty folder, which is tmp_path."""
    monkeypatch.chdir(tmp_path)

    def call(*words: object, stdin: str | bytes = b"") -> Outcome:
        data = stdin if isinstance(stdin, bytes) else stdin.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        capfdbinary.readouterr()
        code = run(list(map(str, words)))
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return Outcome(code, out.decode(), err.decode())

    return call


FIVE = "p cnf 5 3\n5 4 3 0\n4 3 2 0\n5 2 1 0\n"
VVV = "p cnf 1 1\n1 1 1 0\n"
LINE = "set,x1\nq,0\nq,2\np,1\np,3\n"
MIDDLE = "set,x1\nq,0\np,-1\np,1\n"
