"""A command that gets Ctrl-C at a known place of its work, however long it takes to get there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: The command, which sends itself the signal when it calls a function of the program for the first time.
PROGRAM = """
import os, signal, sys
from importlib import import_module
from certify.cli import main

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
module, path, *words = sys.argv[1:]
*inner, name = path.split(".")
owner = import_module(module)
for part in inner:
    owner = getattr(owner, part)
real = getattr(owner, name)

def late(*arguments, **options):
    setattr(owner, name, real)
    os.kill(os.getpid(), signal.SIGINT)
    return real(*arguments, **options)

setattr(owner, name, late)
sys.argv = ["certify", *words]
main()
"""


def interrupted(words: list[str], module: str, function: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Runs a command that is interrupted once it reaches the function of the module ("Class.method" or a name)."""
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, module, function, *words],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
