"""The worked certificates of docs/format/v1.md, section 8, are checked as they stand in the text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from certify.verify import check_bytes

FORMAT = Path(__file__).parents[2] / "docs" / "format" / "v1.md"
BLOCKS = re.findall(r"```\n(certify 1\n.*?)```", FORMAT.read_text().split("## 8.")[1], flags=re.DOTALL)
EXPECTED = [("VERIFIED", "YES"), *[("VERIFIED", "NO")] * 5, ("INCOMPLETE", "NO")]


def test_all_examples_are_found() -> None:
    assert len(BLOCKS) == len(EXPECTED)


@pytest.mark.parametrize(("block", "expected"), list(zip(BLOCKS, EXPECTED, strict=True)))
def test_example(block: str, expected: tuple[str, str]) -> None:
    result = check_bytes(block.encode())
    assert (result.status, result.verdict) == expected, result.reason


@pytest.mark.parametrize("block", BLOCKS)
def test_another_width_is_another_claim(block: str) -> None:
    changed = re.sub(r"^width (\d+)$", lambda m: f"width {int(m[1]) + 1}", block, flags=re.MULTILINE)
    assert check_bytes(changed.encode()).status == "REJECTED"
