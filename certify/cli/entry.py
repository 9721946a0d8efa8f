"""The entry point: finds the command, runs it, and turns every failure into one line and an exit code."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

import click
from click.shell_completion import shell_complete

from certify.errors import CertifyError
from certify.version import __version__
from smt import SmtError

COMMANDS = (
    "list",
    "generate",
    "reduce",
    "prove",
    "fit",
    "width",
    "verify",
    "trim",
    "extract",
    "show",
    "plot",
    "export",
    "lemma",
    "completion",
)
COMPLETE = "_CERTIFY_COMPLETE"
#: Exit codes beside the commands' own: bad usage or input, Ctrl-C, and a reader of stdout that went away.
BAD_INPUT, INTERRUPTED, BROKEN_PIPE = 2, 130, 141


class _Commands(click.Group):
    """Loads a command's module when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"certify.cli.{cmd_name}").command
        return command


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="certify")
def _certify() -> None:
    """Exact certificates for training two-layer neural networks.

    From a source problem to the data set that the hardness proof builds, to the network that fits it or a
    proof that none does, to a certificate that anyone can check.

    \b
    Examples:
      certify generate poits figure-5 -o five.cnf
      certify prove --from poits --to relu five.cnf -o five.cert
      certify verify five.cert
      certify plot five.cert -o five.svg
      certify width data.csv
    """


def main() -> NoReturn:
    """Runs the command line of this process and exits."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Runs one command; returns the exit code. Errors are one line on stderr, with --json also on stdout."""
    instruction = os.environ.get(COMPLETE)
    if instruction:
        return shell_complete(_certify, {}, "certify", COMPLETE, instruction)
    try:
        code = _invoke(arguments)
        sys.stdout.flush()
        return code
    except click.ClickException as error:
        place = "" if not isinstance(error, click.UsageError) or error.ctx is None else error.ctx.command_path
        hint = f" (try: {place} --help)" if place else ""
        return _report(arguments, "usage", error.format_message(), hint=hint)
    except CertifyError as error:
        return _report(arguments, error.code, str(error), error=error)
    except SmtError as error:
        return _report(arguments, "solver-failure", str(error))
    except (KeyboardInterrupt, click.Abort):
        print("certify: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Nobody reads any more. What Python still holds back for stdout must not raise again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except OSError as error:
        name = f"{error.filename}: " if error.filename is not None else ""
        return _report(arguments, "os", f"{name}{error.strerror or error}")


def _invoke(arguments: Sequence[str]) -> int:
    try:
        with _certify.make_context("certify", list(arguments)) as context:
            result = _certify.invoke(context)
    except click.exceptions.Exit as done:
        return done.exit_code
    return result if isinstance(result, int) else 0


def _report(
    arguments: Sequence[str], code: str, message: str, *, hint: str = "", error: CertifyError | None = None
) -> int:
    line = " ".join(message.split())
    print(f"certify: {line}{hint}", file=sys.stderr)
    if "--json" in arguments:
        details: dict[str, object] = {"code": code, "message": line}
        if error is not None:
            details.update(message=error.message, source=error.source, line=error.line, hint=error.hint)
        print(json.dumps({"error": details}, indent=2))
    return BAD_INPUT
