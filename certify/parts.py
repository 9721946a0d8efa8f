"""Finished parts of a search on disk, so that an interrupted one goes on where it was.

A folder holds a file a part: a line with the name of this format and the program's version, the hash of what is asked
(the instance with its width, the seed), the key of the part, the hash of the rest, and the result as one line of JSON.
A file that does not say exactly this is passed over, and the part is computed again. The folder is not trusted: results
are parts of a proof that the independent checker reads as a whole.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from certify.certificate import replacing
from certify.decide.cubes import Cubes
from certify.instance import TrainingInstance
from certify.version import __version__

SUFFIX = ".part"
MAGIC = f"certify-part 1 {__version__}"


class Parts:
    """The parts of one question in a folder. ``reused``, ``written``: how many were read and written."""

    def __init__(self, folder: Path, question: str) -> None:
        self.folder = folder
        self.question = hashlib.sha256(question.encode()).hexdigest()
        self.ignore = False
        self.reused = self.written = 0

    def _path(self, key: str) -> Path:
        name = hashlib.sha256(f"{self.question} {key}".encode()).hexdigest()
        return self.folder / f"{name[:24]}{SUFFIX}"

    def get(self, key: str) -> Any | None:
        """The result that is kept under the key, or None."""
        if self.ignore:
            return None
        try:
            text = self._path(key).read_text(encoding="ascii")
            magic, question, name, digest, payload, end = text.split("\n")
            if (magic, question, name, end) != (MAGIC, self.question, key, ""):
                return None
            if hashlib.sha256(payload.encode()).hexdigest() != digest:
                return None
            value = json.loads(payload)
        except (OSError, ValueError, RecursionError):
            return None
        self.reused += 1
        return value

    def put(self, key: str, value: Any) -> None:
        """Keeps a result: the whole file or none."""
        payload = json.dumps(value, separators=(",", ":"))
        digest = hashlib.sha256(payload.encode()).hexdigest()
        self.folder.mkdir(parents=True, exist_ok=True)
        with replacing(self._path(key)) as draft:
            draft.write_text("\n".join((MAGIC, self.question, key, digest, payload, "")), encoding="ascii")
        self.written += 1

    def remove(self) -> None:
        """Removes all parts in the folder, and the folder if nothing else is in it."""
        if not self.folder.is_dir():
            return
        for path in self.folder.glob(f"*{SUFFIX}"):
            with suppress(OSError):
                path.unlink()
        with suppress(OSError):
            self.folder.rmdir()


class Division:
    """How the questions of one run are divided, and where their parts are kept.

    ``jobs``: processes, None: nothing is divided. ``output``: parts are kept beside it, None: nowhere.
    """

    def __init__(
        self,
        jobs: int | None,
        output: str | os.PathLike[str] | None,
        seed: int,
        progress: Callable[[str], None] | None,
    ) -> None:
        self.jobs, self.seed, self.progress = jobs, seed, progress or (lambda _: None)
        self.output = None if output is None else Path(output)
        self.trusted = True
        self.parts: list[Parts] = []

    def of(self, instance: TrainingInstance) -> Cubes | None:
        """How one question is divided."""
        if self.jobs is None:
            return None
        if self.output is None:
            return Cubes(self.jobs, None, self.progress)
        parts = beside(self.output, f"{instance.sha256()} seed {self.seed}")
        parts.ignore = not self.trusted
        self.parts.append(parts)
        return Cubes(self.jobs, parts, self.progress)

    @property
    def reused(self) -> int:
        """So many parts were read."""
        return sum(parts.reused for parts in self.parts)

    def distrust(self) -> None:
        """Reads no part any more: a proof made with them was rejected."""
        self.trusted = False
        for parts in self.parts:
            parts.ignore = True

    def finish(self, report: dict[str, Any]) -> None:
        """Says in the report's notes what was read, and removes the parts once there is a verdict."""
        if self.reused:
            many = "s" if self.reused > 1 else ""
            report["notes"].append(f"{self.reused} finished part{many} taken from {self.parts[0].folder}")
        if report["verdict"] != "UNKNOWN":
            for parts in self.parts:
                parts.remove()


def beside(output: Path, question: str) -> Parts:
    """The parts that belong to a result at ``output``: in the folder OUTPUT.parts."""
    return Parts(output.with_name(output.name + ".parts"), question)
