#!/usr/bin/env python3
"""Checks this archive: python3 certificates/check.py

Every file in MANIFEST is there with its hash, there is no other one, and the independent checker verifies
each with the verdict that MANIFEST states. Needs Python 3.11 and nothing else.
"""

from __future__ import annotations

import hashlib
import sys
import time
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent / "certify"))

from verify import check_file  # noqa: E402


def faults(folder: Path) -> list[str]:
    """What is wrong with the archive in ``folder``, one line each."""
    found = []
    listed = set()
    for line in (folder / "MANIFEST").read_text(encoding="ascii").splitlines():
        if line.startswith("#"):
            continue
        digest, name, verdict, *_ = line.split("  ")
        listed.add(name)
        path = folder / name
        if not path.is_file():
            found.append(f"{name}: missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            found.append(f"{name}: not the file that MANIFEST lists")
        else:
            result = check_file(path)
            if (result.status, result.verdict) != ("VERIFIED", verdict):
                found.append(
                    f"{name}: {result.status} {result.verdict}, not VERIFIED {verdict}: {result.reason}"
                )
    there = {str(path.relative_to(folder)) for path in folder.glob("*/*")}
    found += [f"{name}: not in MANIFEST" for name in sorted(there - listed)]
    return found


if __name__ == "__main__":
    begin = time.monotonic()
    problems = faults(FOLDER)
    for problem in problems:
        print(problem)
    count = sum(1 for line in (FOLDER / "MANIFEST").open(encoding="ascii") if not line.startswith("#"))
    print(f"{count - len(problems)} of {count} certificates verified in {time.monotonic() - begin:.1f} s")
    sys.exit(1 if problems else 0)
