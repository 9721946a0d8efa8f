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


class About:
    """What the checkers say of refutations, by default of these points and so many neurons."""

    def __init__(self, points: str, width: int) -> None:
        self._points, self._width = points, width

    def accepted(
        self, check: Check, lines: list[str], points: str | None = None, width: int | None = None, **options: str
    ) -> None:
        assert self._ask(check, lines, points, width, options) == ("VERIFIED", None)

    def rejected(
        self, check: Check, lines: list[str], step: str, points: str | None = None, width: int | None = None, **options: str
    ) -> None:
        """The step is wrong, and those before it are not."""
        assert self._ask(check, lines, points, width, options) == ("REJECTED", lines.index(step))

    def right(
        self, check: Check, lines: list[str], points: str | None = None, width: int | None = None, **options: str
    ) -> None:
        """All steps are right, but nothing is refuted."""
        assert lines[-1] == "qed"
        self.rejected(check, lines, "qed", points, width, **options)

    def _ask(
        self, check: Check, lines: list[str], points: str | None, width: int | None, options: dict[str, str]
    ) -> tuple[str, int | None]:
        return check(
            self._points if points is None else points, self._width if width is None else width, lines, **options
        )
