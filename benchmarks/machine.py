"""What a run ran on."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version


def machine(packages: Sequence[str]) -> dict[str, str]:
    """Cores, processor, system, Python, and the versions of packages."""
    facts = {"cores": str(os.cpu_count()), "processor": platform.machine()}
    facts |= {"system": platform.system(), "python": platform.python_version()}
    for package in packages:
        try:
            facts[package] = version(package)
        except PackageNotFoundError:
            facts[package] = "missing"
    return facts
