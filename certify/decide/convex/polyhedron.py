"""The polyhedron of system (6) (section 6 of the paper): the networks whose points so far lie on their pieces.

Its unknowns are the k(d+1) weights and biases of k neurons, all with a = +1. Questions are put to it as a cone, with
one more unknown s >= 0: a solution (u, s) with s > 0 is the network u/s, one with s = 0 a direction in which networks
go on. So "is there a network with less than this value", which is strict, is one linear system.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from certify import lp
from certify.exact import Vector, dot

_ONE, _ZERO = Fraction(1), Fraction(0)

Piece = tuple[bool, ...]
"""Which of the k neurons are active: the set I."""


class Polyhedron:
    """System (6) for some points. Immutable; every answer is exact.

    ``known``: solutions of the cone that were met; they answer many questions without a linear program.
    """

    def __init__(
        self,
        width: int,
        size: int,
        check: Callable[[], None],
        rows: Sequence[Vector] = (),
        known: Sequence[Vector] = (),
    ) -> None:
        self.width, self.size, self._check = width, size, check
        self._rows = list(rows)
        self._known = list(known)

    @classmethod
    def whole(cls, width: int, size: int, check: Callable[[], None]) -> Polyhedron:
        """No points yet. size: d + 1."""
        origin = (_ZERO,) * (width * size) + (_ONE,)
        scale = (_ZERO,) * (width * size) + (_ONE,)
        return cls(width, size, check, [scale], [origin])

    def value(self, x: Vector, piece: Piece, label: Fraction) -> Vector:
        """The form sum_{j in I} z_j(x) - s y on the cone. x: the coordinates and 1."""
        form: list[Fraction] = []
        for active in piece:
            form += x if active else (_ZERO,) * self.size
        return (*form, -label)

    def with_point(self, x: Vector, piece: Piece, label: Fraction) -> Polyhedron | None:
        """The point (x, y) on the piece of I; None if no network is left (the paper's check-feasibility)."""
        value = self.value(x, piece, label)
        new = [value, tuple(-v for v in value)]
        for j, active in enumerate(piece):
            signed = x if active else tuple(-v for v in x)
            new.append((_ZERO,) * (j * self.size) + tuple(signed) + (_ZERO,) * ((self.width - j - 1) * self.size + 1))
        known = [u for u in self._known if dot(value, u) == 0 and all(dot(row, u) >= 0 for row in new)]
        after = Polyhedron(self.width, self.size, self._check, [*self._rows, *new], known)
        if not any(u[-1] > 0 for u in known):
            scale = (_ZERO,) * (self.width * self.size) + (_ONE,)
            if not after._find(scale):
                return None
        return after

    def below(self, x: Vector, piece: Piece, label: Fraction) -> bool:
        """Whether some network has sum_{j in I} z_j(x) < y: the paper's lower bound mu is less than y."""
        less = tuple(-v for v in self.value(x, piece, label))
        return any(dot(less, u) > 0 for u in self._known) or self._find(less)

    def reaches(self, x: Vector, piece: Piece, label: Fraction) -> bool:
        """Whether mu = y, where mu >= y is known."""
        value = self.value(x, piece, label)
        if any(u[-1] > 0 and dot(value, u) == 0 for u in self._known):
            return True
        zero = tuple(-v for v in value)
        self._check()
        scale = (_ZERO,) * (self.width * self.size) + (_ONE,)
        found = lp.feasible([*self._rows, zero, scale], [_ZERO] * (len(self._rows) + 1) + [_ONE])
        if found is None:
            return False
        self._known.append(found)
        return True

    def network(self) -> tuple[Vector, ...]:
        """Weights and bias of each neuron, of a basic solution. Only of what ``with_point`` and ``whole`` gave."""
        rows, rhs = [row[:-1] for row in self._rows[1:]], [-row[-1] for row in self._rows[1:]]
        found = lp.feasible(rows, rhs) if rows else (_ZERO,) * (self.width * self.size)
        assert found is not None, "a polyhedron that was found non-empty"
        return tuple(found[j * self.size : (j + 1) * self.size] for j in range(self.width))

    def _find(self, form: Vector) -> bool:
        """Whether the form takes the value 1 somewhere on the cone; what is found is kept."""
        self._check()
        found = lp.feasible([*self._rows, form], [_ZERO] * len(self._rows) + [_ONE])
        if found is None:
            return False
        self._known.append(found)
        return True
