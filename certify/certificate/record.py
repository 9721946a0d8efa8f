"""A certificate in memory, and its text."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import IO, Any, Literal

from certify.certificate.files import created
from certify.certificate.normal_forms import solution_line, source_lines
from certify.exact import render
from certify.instance import Signs, TrainingInstance
from certify.loss import Loss
from certify.network import Activation, Network

Verdict = Literal["YES", "NO"]
FORMAT = "certify 1"
#: The recipe of an instance that is given by its points.
DATA = "data"


@dataclass(frozen=True)
class Claim:
    """What a certificate says: the verdict, and which training instance it is about.

    ``recipe`` is the name of a reduction, or DATA; ``points``, ``dimension`` and ``sha256`` are those of the
    instance. ``loss`` and ``gamma`` as in the instance; ``counted``: whether it lists copies. ``modifiers``:
    the lines on wrappers that follow the recipe.
    """

    verdict: Verdict
    activation: Activation
    signs: Signs
    width: int
    recipe: str
    points: int
    dimension: int
    sha256: str
    loss: Loss = "exact"
    gamma: Fraction = Fraction(0)
    counted: bool = False
    modifiers: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, verdict: Verdict, recipe: str, instance: TrainingInstance, modifiers: tuple[str, ...] = ()
    ) -> Claim:
        """The claim that ``instance``, from this recipe, has this verdict."""
        return cls(
            verdict,
            instance.activation,
            instance.signs,
            instance.width,
            recipe,
            len(instance.points),
            instance.dimension,
            instance.sha256(),
            instance.loss,
            instance.gamma,
            instance.copies is not None,
            modifiers,
        )


@dataclass(frozen=True)
class Certificate:
    """A claim with its proof.

    ``source`` is the source problem, or for the recipe DATA the training instance itself. A yes has a
    ``witness`` and perhaps a ``solution`` of the source; a no has the lines of its ``refutation``, and perhaps
    the lines of a ``source_refutation``, or only the latter and ``by_theorem``; without either it is incomplete.
    ``provenance``: key and value, not a part of the claim. Of a certificate that was read, the lines of the proof
    stay in the file (see ``proof_lines``) and ``steps`` counts them by their first word, those of a source
    refutation under "lrat"; ``complete`` is False where the refutation is missing.
    """

    claim: Claim
    source: Any
    witness: Network | None = None
    solution: Any = None
    refutation: Iterable[str] | None = None
    source_refutation: Iterable[str] | None = None
    by_theorem: bool = False
    provenance: list[tuple[str, str]] = field(default_factory=list)
    steps: Counter[str] = field(default_factory=Counter)
    complete: bool = True

    def lines(self) -> Iterator[str]:
        """All lines of the hashed part, without their ends: from ``certify 1`` to ``end``."""
        claim = self.claim
        yield FORMAT
        yield f"verdict {claim.verdict}"
        yield f"activation {claim.activation}"
        yield f"signs {claim.signs}"
        if claim.loss != "exact":
            yield f"loss {claim.loss} {render(claim.gamma)}"
        if claim.counted:
            yield "copies listed"
        yield f"width {claim.width}"
        yield f"from {claim.recipe}"
        yield from claim.modifiers
        if claim.recipe != DATA:
            source = source_lines(self.source)
            yield f"source {len(source)}"
            yield from source
        yield f"instance {claim.points} {claim.dimension} {claim.sha256}"
        if claim.recipe == DATA:
            yield from self.source.point_lines()
        yield from self._proof()
        yield "end"

    def _proof(self) -> Iterator[str]:
        if self.claim.verdict == "YES":
            if self.witness is None:
                raise ValueError("a yes-certificate needs a witness")
            yield f"witness {self.witness.width}"
            for neuron in self.witness.neurons:
                yield " ".join(map(render, (neuron.coefficient, neuron.bias, *neuron.weights)))
            if self.solution is not None:
                yield solution_line(self.source, self.solution)
            return
        if self.source_refutation is not None:
            yield "source-refutation lrat"
            yield from self.source_refutation
            yield "end-source"
        if self.by_theorem:
            yield "refutation theorem"
        elif self.refutation is None:
            yield "refutation none"
        else:
            yield "refutation lines"
            yield from self.refutation

    def write(self, file: IO[bytes]) -> None:
        """Writes the certificate, line by line: ASCII, LF, the hash, then the provenance."""
        digest = hashlib.sha256()
        for line in self.lines():
            data = line.encode("ascii") + b"\n"
            digest.update(data)
            file.write(data)
        file.write(f"sha256 {digest.hexdigest()}\n".encode("ascii"))
        for key, value in self.provenance:
            file.write(f"provenance {key} {value}\n".encode("ascii", "backslashreplace"))

    def save(self, path: Path) -> None:
        """Writes the certificate to ``path``, compressed if the name ends in ``.gz``.

        Not atomic by itself: write a draft that ``replacing`` gives.
        """
        with created(path) as file:
            self.write(file)
