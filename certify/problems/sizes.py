"""The sizes that a generator is given by name: taken with a default and a least value, none left over."""

from __future__ import annotations

from certify.errors import InvalidInstance


class Sizes:
    """The sizes for instances of a ``kind``. Every name is taken once; ``finish`` refuses what nobody took."""

    def __init__(self, kind: str, given: dict[str, int]) -> None:
        self._kind, self._given = kind, dict(given)
        self._known: list[str] = []

    def take(self, name: str, default: int, least: int, most: int | None = None) -> int:
        """The size of that name; InvalidInstance unless ``least`` <= size <= ``most``."""
        self._known.append(f"{name}={default}")
        value = self._given.pop(name, default)
        if value < least:
            raise InvalidInstance(f"{name}={value} for {self._kind}", hint=f"give at least {least}")
        if most is not None and value > most:
            raise InvalidInstance(f"{name}={value} for {self._kind}", hint=f"give at most {most}")
        return value

    def finish(self) -> None:
        """InvalidInstance, with the sizes that there are and their defaults, if others are left."""
        if self._given:
            known = " ".join(self._known)
            raise InvalidInstance(
                f"{self._kind} instances have no size {', '.join(sorted(self._given))}",
                hint=f"their sizes are {known}" if known else "give none",
            )
