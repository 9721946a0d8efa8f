"""Reads certificates, to show them, to plot them and to extract from them.

Reading trusts nothing for a verdict: whether a certificate proves its claim is for verify.py, which shares no
code with this module.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import IO, Any, get_args

from certify.certificate.files import opened
from certify.certificate.normal_forms import solution_of, source_of
from certify.certificate.record import DATA, FORMAT, Certificate, Claim, Verdict
from certify.errors import InputError, ParseError, UnknownProblem
from certify.exact import rational, vector
from certify.instance import SIGNS, TrainingInstance
from certify.loss import LOSSES
from certify.network import Network, Neuron, activation_named
from certify.reductions import REDUCTIONS, Options, Reduction
from certify.reductions.wrappers import wrapped

#: The longest line that is read (format v1, section 7).
MAX_LINE = 16 * 2**20
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


def read(path: Path) -> Certificate:
    """The certificate at ``path`` without the lines of its proof, which are only counted.

    Raises an InputError, with the line, for a file that is no certificate, and OSError. That it reads says
    nothing of its truth.
    """
    with opened(path) as file:
        lines = _Lines(file)
        try:
            return _certificate(lines)
        except InputError as error:
            error.source, error.line = str(path), lines.number
            raise


def proof_lines(path: Path) -> Iterator[str]:
    """The lines of the refutation in the file, one after the other; none for a yes."""
    with opened(path) as file:
        lines = _Lines(file)
        for line in iter(lines.next, "end"):
            if line == "refutation lines":
                yield from iter(lines.next, "end")
                return


def source_proof_lines(path: Path) -> Iterator[str]:
    """The lines of the refutation of the source, one after the other; none where there is none."""
    with opened(path) as file:
        lines = _Lines(file)
        for line in iter(lines.next, "end"):
            if line == "source-refutation lrat":
                yield from iter(lines.next, "end-source")
                return


def reduction_of(claim: Claim) -> Reduction:
    """The reduction that a certificate names, with its wrappers; UnknownProblem if there is none."""
    options = Options()
    for line in claim.modifiers:
        match line.split(" "):
            case ["far", count]:
                options = replace(options, extra=_natural(count))
            case ["error", kind, gamma] if kind in LOSSES[1:]:
                options = replace(options, loss=LOSSES[LOSSES.index(kind)], gamma=rational(gamma))
            case ["pad", dimension]:
                options = replace(options, dimension=_natural(dimension))
            case _:
                raise ParseError(f"the line {line[:40]!r} after the recipe")
    base = _named(claim.recipe)
    if base.losses and claim.loss != LOSSES[0]:
        options = replace(options, loss=claim.loss)
    return wrapped(base, options)


def _named(recipe: str) -> Reduction:
    for reduction in REDUCTIONS.values():
        if reduction.name == recipe:
            return reduction
    raise UnknownProblem(f"unknown recipe {recipe[:40]!r}")


class _Lines:
    """The lines of a file that count, and the number of the last one."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.number = 0

    def next(self) -> str:
        """The next line that is no comment; ParseError at the end of the file."""
        while (line := self._read()) is not None:
            if line and not line.startswith("#"):
                return line
        raise ParseError("the certificate breaks off")

    def _read(self) -> str | None:
        try:
            data = self._file.readline(MAX_LINE + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise ParseError(f"the compressed data are damaged: {error}") from error
        if not data:
            return None
        self.number += 1
        if len(data) > MAX_LINE:
            raise ParseError("the line is too long")
        try:
            return data.decode("ascii").rstrip("\n")
        except UnicodeDecodeError as error:
            raise ParseError("the line is not ASCII", hint="is it a certificate?") from error

    def words(self, key: str, count: int) -> list[str]:
        """The words after ``key`` on the next line, which must be ``count`` many."""
        return _words(self.next(), key, count)

    def natural(self, key: str) -> int:
        """The number after ``key`` on the next line."""
        return _natural(self.words(key, 1)[0])

    def one_of(self, key: str, known: tuple[Any, ...]) -> Any:
        """The word after ``key`` on the next line, one of those known."""
        (word,) = self.words(key, 1)
        if word not in known:
            raise ParseError(f"the {key} {word[:40]!r}", hint="choose one of " + ", ".join(known))
        return word

    def provenance(self) -> Iterator[tuple[str, str]]:
        """The pairs of key and value in what is left of the file."""
        while (line := self._read()) is not None:
            head, _, rest = line.partition(" ")
            if head == "provenance":
                key, _, value = rest.partition(" ")
                yield key, value


def _words(line: str, key: str, count: int) -> list[str]:
    head, *rest = line.split(" ")
    if head != key or len(rest) != count:
        raise ParseError(f"expected {key!r} with {count} value(s), found {line[:40]!r}")
    return rest


def _natural(word: str) -> int:
    if not (word.isascii() and word.isdecimal() and len(word) <= 12):
        raise ParseError(f"{word[:40]!r} is no number")
    return int(word)


def _certificate(lines: _Lines) -> Certificate:
    if lines.next() != FORMAT:
        raise ParseError(f"the first line is not {FORMAT!r}", hint="is it a certificate?")
    verdict = lines.one_of("verdict", VERDICTS)
    activation = activation_named(lines.words("activation", 1)[0])
    signs = lines.one_of("signs", SIGNS)
    line, loss, gamma = lines.next(), LOSSES[0], Fraction(0)
    if line.startswith("loss "):
        kind, bound = _words(line, "loss", 2)
        if kind not in LOSSES[1:]:
            raise ParseError(f"the loss {kind[:40]!r}", hint="choose one of " + ", ".join(LOSSES[1:]))
        line, loss, gamma = lines.next(), kind, rational(bound)
    counted = line == "copies listed"
    if counted:
        line = lines.next()
    width = _natural(_words(line, "width", 1)[0])
    (recipe,) = lines.words("from", 1)
    source: Any = None
    modifiers: list[str] = []
    if recipe != DATA:
        while not (line := lines.next()).startswith("source "):
            if len(modifiers) == 3:
                raise ParseError(f"expected 'source', found {line[:40]!r}")
            modifiers.append(line)
        count = _natural(_words(line, "source", 1)[0])
        source = source_of(_named(recipe).source, [lines.next() for _ in range(count)])
    points, dimension, sha256 = lines.words("instance", 3)
    size, known = _natural(points), _natural(dimension)
    claim = Claim(
        verdict, activation, signs, width, recipe, size, known, sha256, loss, gamma, counted, tuple(modifiers)
    )
    if recipe == DATA:
        words = [lines.next().split(" ") for _ in range(size)]
        copies = tuple(_natural(row.pop()) for row in words) if counted else None
        rows = list(map(vector, words))
        source = TrainingInstance(
            tuple(row[:-1] for row in rows),
            tuple(row[-1] for row in rows),
            width,
            activation,
            known,
            signs,
            copies,
            loss,
            gamma,
        )
    certificate = _yes(claim, source, lines) if verdict == "YES" else _no(claim, source, lines)
    lines.words("sha256", 1)
    certificate.provenance.extend(lines.provenance())
    return certificate


def _yes(claim: Claim, source: Any, lines: _Lines) -> Certificate:
    neurons = []
    for _ in range(lines.natural("witness")):
        values = vector(lines.next().split(" "))
        if len(values) != claim.dimension + 2:
            raise ParseError(f"a neuron of {len(values)} numbers in dimension {claim.dimension}")
        neurons.append(Neuron(values[2:], values[1], values[0]))
    witness = Network(claim.activation, tuple(neurons), claim.dimension)
    solution = None
    line = lines.next()
    if line.split(" ")[0] == "solution":
        solution = solution_of(source, line.split(" ")[1:])
        line = lines.next()
    _words(line, "end", 0)
    return Certificate(claim, source, witness, solution)


def _no(claim: Claim, source: Any, lines: _Lines) -> Certificate:
    steps: Counter[str] = Counter()
    line = lines.next()
    if line == "source-refutation lrat":
        steps["lrat"] = sum(1 for _ in iter(lines.next, "end-source"))
        line = lines.next()
    (kind,) = _words(line, "refutation", 1)
    for line in iter(lines.next, "end"):
        steps[line.split(" ", 1)[0]] += 1
    return Certificate(claim, source, steps=steps, by_theorem=kind == "theorem", complete=kind != "none")
