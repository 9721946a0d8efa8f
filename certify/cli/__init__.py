"""The command line: one file a command, and what they share in common.py."""

from certify.cli.entry import main

__all__ = ["main"]
