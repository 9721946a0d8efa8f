"""The tutorial: every command in it is run as it stands there, in order, and prints what it says.

``console`` blocks hold commands after ``$ `` with their output below; ``python`` blocks are run, and a ``text`` block
after one is its output. In outputs ``…`` stands for anything within a line.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = ROOT / "docs" / "tutorial.md"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def steps(text: str) -> list[tuple[list[str], str]]:
    """(program and its arguments, expected output), in the order of the text."""
    found: list[tuple[list[str], str]] = []
    before = ""
    for kind, body in FENCE.findall(text):
        if kind == "console":
            for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
                command, _, expected = part.partition("\n")
                found.append((["bash", "-c", command], expected))
        elif kind == "python":
            found.append(([sys.executable, "-c", body], ""))
        elif kind == "text" and before == "python":
            found[-1] = (found[-1][0], body)
        else:
            raise AssertionError(f"a block of the kind {kind} after {before or 'nothing'}")
        before = kind
    return found


def agrees(expected: str, printed: str) -> bool:
    pattern = "[^\n]*".join(map(re.escape, expected.split("…")))
    return re.fullmatch(pattern, printed) is not None


def test_commands_print_what_the_text_says(tmp_path):
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = steps(TUTORIAL.read_text())
    assert len(done) >= 6
    for command, expected in done:
        result = subprocess.run(
            command, cwd=tmp_path, env={**os.environ, "PATH": path}, capture_output=True, text=True, timeout=300
        )
        assert result.returncode == 0, (command[-1], result.stderr)
        assert agrees(expected, result.stdout), f"{command[-1]}\nprinted:\n{result.stdout}\nexpected:\n{expected}"


def test_the_reader_of_the_tutorial():
    text = "a\n```console\n$ one\n1\n$ two\n```\n\n```python\nprint(3)\n```\n\n```text\n…3\n```\n"
    assert [(words[-1], expected) for words, expected in steps(text)] == [
        ("one", "1\n"),
        ("two", ""),
        ("print(3)\n", "…3\n"),
    ]
    assert agrees("a … c\n", "a b c\n") and not agrees("a … c\n", "a b\nc\n") and not agrees("a\n", "ab\n")
    with pytest.raises(AssertionError, match="kind sh"):
        steps("```sh\nx\n```\n")
