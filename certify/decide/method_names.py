"""The names of the deciders of own data (methods.py): apart, since the command line lists them without a solver."""

from __future__ import annotations

from typing import Literal

Method = Literal["auto", "search", "tree", "enumeration", "refuter"]
METHODS: tuple[Method, ...] = ("auto", "search", "tree", "enumeration", "refuter")
