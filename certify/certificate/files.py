"""Files: written whole or not at all, compressed by name, opened whether compressed or not."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, cast


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A draft beside ``path``, with its suffixes, that takes the place of ``path`` if the block succeeds."""
    draft = path.with_name(f".draft-{os.getpid()}-{path.name}")
    try:
        yield draft
        os.replace(draft, path)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()


@contextmanager
def created(path: Path) -> Iterator[IO[bytes]]:
    """A new file for bytes, compressed if its name ends in ``.gz``; the same bytes give the same file."""
    with open(path, "wb") as raw:
        if path.suffix == ".gz":
            # No name and no time go into the header.
            with gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
                yield cast(IO[bytes], packed)
        else:
            yield raw


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The bytes of a file, decompressed where it is compressed; OSError if it cannot be opened."""
    with open(path, "rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        if packed:
            with gzip.GzipFile(fileobj=raw) as plain:
                yield cast(IO[bytes], plain)
        else:
            yield raw
