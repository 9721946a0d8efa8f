"""certify completion"""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from certify.cli.common import emit, json_option

_SHELLS = ("bash", "zsh", "fish")


@click.command("completion")
@click.argument("shell", type=click.Choice(_SHELLS))
@json_option
@click.pass_context
def command(context: click.Context, shell: str, as_json: bool) -> None:
    """The completion script for a SHELL.

    \b
    Examples:
      certify completion bash >> ~/.bashrc
      certify completion fish > ~/.config/fish/completions/certify.fish
    """
    kind = get_completion_class(shell)
    assert kind is not None
    script = kind(context.find_root().command, {}, "certify", "_CERTIFY_COMPLETE").source()
    if as_json:
        emit({"shell": shell, "script": script})
    else:
        click.echo(script)
