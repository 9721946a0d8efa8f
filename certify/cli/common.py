"""What the commands share: reading sources, writing results whole, JSON, notes on stderr."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from certify.certificate import replacing
from certify.errors import InputError
from certify.exact import rational
from certify.loss import LOSSES
from certify.problems import PROBLEMS
from certify.reductions import REDUCTIONS, Options

F = TypeVar("F", bound=Callable[..., Any])
STDIO = "-"
TARGETS = tuple(dict.fromkeys(target for _, target in REDUCTIONS))

json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout (docs/cli.md).")
seed_option = click.option(
    "--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True, help="For every random choice."
)
timeout_option = click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    metavar="SECONDS",
    help="Give up with UNKNOWN after so many seconds.",
)
jobs_option = click.option(
    "--jobs",
    type=click.IntRange(1),
    metavar="N",
    help="Divide hard parts of the search and run them in N processes. The same result for any N; finished parts are"
    " kept beside the output until there is a verdict.",
)
#: The exit code where a solver contradicts the verdict.
EXIT_DISAGREEMENT = 4


def cross_check_options(command: F) -> F:
    """The options --cross-check and --cross-check-timeout; ``opinion_seconds`` takes their values."""
    for option in (
        click.option(
            "--cross-check-timeout",
            "opinion_timeout",
            type=click.FloatRange(0, min_open=True),
            metavar="SECONDS",
            help="What --cross-check gives each solver. Default: 60.",
        ),
        click.option(
            "--cross-check",
            "opinion",
            is_flag=True,
            help="Have cvc5 and Z3 decide the question as a formula, too (docs/cli.md); exit code 4 if one disagrees.",
        ),
    ):
        command = option(command)
    return command


def opinion_seconds(opinion: bool, timeout: float | None) -> float | None:
    """Seconds for each solver of a cross-check, None for no cross-check."""
    from certify.decide.cross_check import SECONDS

    if timeout is not None and not opinion:
        raise InputError("--cross-check-timeout without --cross-check", hint="give both")
    return (timeout or SECONDS) if opinion else None


def disagreement(found: dict[str, Any] | None) -> bool:
    """Whether a solver contradicts the verdict; the entry "cross_check" of a report."""
    return found is not None and any(one["status"] == "disagrees" for one in found["solvers"])


def opinion_rows(found: dict[str, Any] | None) -> list[tuple[str, str]]:
    """What the solvers say, as rows of a table; the entry "cross_check" of a report."""
    if found is None:
        return []
    kind, *more = found["formula"].split(", ", 1)
    formula = ", ".join([f"the {kind} formula", *more])
    return [("cross-check", formula), *(("", opinion["text"]) for opinion in found["solvers"])]


certificate_argument = click.argument("certificate", metavar="CERTIFICATE", type=click.Path())


def edge_options(command: F) -> F:
    """The options --from and --to of a reduction."""
    source = click.option(
        "--from", "problem", required=True, type=click.Choice(list(PROBLEMS)), help="The source problem."
    )
    target = click.option(
        "--to", "target", required=True, type=click.Choice(TARGETS), help="The activation of the neurons."
    )
    return source(target(command))


def wrapper_options(command: F) -> F:
    """The options that put wrappers around a reduction; ``options_of`` makes Options of their values."""
    for option in (
        click.option("--dimension", type=click.IntRange(1), metavar="D", help="Pad the data with zeros to it."),
        click.option(
            "--extra-neurons",
            "extra",
            type=click.IntRange(0),
            default=0,
            metavar="T",
            help="T neurons more, by far points.",
        ),
        click.option("--loss", type=click.Choice(LOSSES[1:]), help="The loss of --gamma, or that of mcclique."),
        click.option("--gamma", metavar="RATIONAL", help="A target error in place of the exact fit; needs --loss."),
    ):
        command = option(command)
    return command


def options_of(dimension: int | None, extra: int, loss: str | None, gamma: str | None) -> Options:
    """The Options for the values of ``wrapper_options``."""
    known = {str(name): name for name in LOSSES}
    return Options(extra, None if loss is None else known[loss], None if gamma is None else rational(gamma), dimension)


def output_option(text: str) -> Callable[[F], F]:
    """The option -o."""
    return click.option("-o", "--output", metavar="PATH", type=click.Path(), help=text)


def read_text(path: str) -> tuple[str, str]:
    """The text of a file, or of stdin for ``-``, and the name to use for it in messages."""
    name = "<stdin>" if path == STDIO else path
    try:
        data = sys.stdin.buffer.read() if path == STDIO else Path(path).read_bytes()
        return data.decode("utf-8"), name
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", source=name) from error
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError("not a text in UTF-8", source=name, line=line) from error


def read_source(problem: str, path: str) -> tuple[Any, str]:
    """The source problem in a file or on stdin, and the name for it in messages."""
    text, name = read_text(path)
    return PROBLEMS[problem].parse(text, name), name


@contextmanager
def certificate_path(path: str) -> Iterator[Path]:
    """The path of a certificate; what comes on stdin for ``-`` is put into a temporary file."""
    if path != STDIO:
        if not os.path.isfile(path):
            fault = "is a folder" if os.path.isdir(path) else "cannot be read: no such file"
            raise InputError(fault, source=path)
        yield Path(path)
        return
    with tempfile.TemporaryDirectory(prefix="certify-") as folder:
        spool = Path(folder) / "stdin.cert"
        with open(spool, "wb") as file:
            while block := sys.stdin.buffer.read(2**20):
                file.write(block)
        yield spool


def write_text(path: str | None, text: str) -> None:
    """Writes to a file, all of it or nothing, or to stdout for None and ``-``."""
    if path is None or path == STDIO:
        click.echo(text, nl=False)
        return
    with replacing(Path(path)) as draft:
        draft.write_text(text, encoding="utf-8", newline="\n")


def emit(data: object) -> None:
    """Prints one JSON object."""
    click.echo(json.dumps(data, indent=2))


def table(rows: list[tuple[str, str]]) -> str:
    """Two columns, the first as wide as its widest entry."""
    width = max((len(first) for first, _ in rows), default=0)
    return "\n".join(f"{first:<{width}}  {second}".rstrip() for first, second in rows)


def plural(count: int, noun: str) -> str:
    """``3 points``, ``1 point``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def size_text(size: int) -> str:
    """A number of bytes as people read it."""
    for unit in ("bytes", "kB", "MB"):
        if size < 1000 or unit == "MB":
            return f"{size} {unit}" if isinstance(size, int) else f"{size:.1f} {unit}"
        size /= 1000  # type: ignore[assignment]
    raise AssertionError


class Progress:
    """One line on stderr that says what is going on, on a terminal only; gone when the work is done."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()

    def __call__(self, text: str) -> None:
        if self._live:
            columns = os.get_terminal_size(sys.stderr.fileno()).columns if self._live else 80
            print(f"\r\x1b[K{text[: columns - 1]}", end="", file=sys.stderr, flush=True)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._live:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def note(text: str) -> None:
    """A remark on stderr."""
    click.echo(f"certify: {text}", err=True)
