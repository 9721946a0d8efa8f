"""One refutation, asked of each checker by itself: what it says, and of which line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from certify.kernel import check_by_kernel, find_kernel
from certify.verify import check_file
from tests.unit.test_verify_loss import certificate

Check = Callable[..., tuple[str, int | None]]
CHECKERS = ["kernel", "python"]


def checking(checker: str, folder: Path) -> Check:
    """The checker on the lines of a refutation: what it says, and of which of the lines (from 0)."""

    def ask(points: str, width: int, lines: list[str], **options: str) -> tuple[str, int | None]:
        options = {"activation": "threshold", "verdict": "NO", **options}
        text = certificate(points, width, "\n".join(["refutation lines", *lines]), **options)  # type: ignore[arg-type]
        path = folder / "x.cert"
        path.write_text(text)
        result = check_by_kernel(path, find_kernel()) if checker == "kernel" else check_file(path)
        before = text.splitlines().index("refutation lines") + 2
        assert result.status != "VERIFIED" or result.verdict == "NO"
        return result.status, None if result.line is None else result.line - before

    return ask


def steps(*found: str) -> list[str]:
    return ["split *", *found, "qed"]
