"""certify generate"""

from __future__ import annotations

import click

from certify.cli.common import emit, json_option, output_option, seed_option, write_text
from certify.errors import InputError
from certify.problems import PROBLEMS


@click.command("generate")
@click.argument("problem", type=click.Choice(list(PROBLEMS)))
@click.argument("kind")
@click.argument("sizes", nargs=-1, metavar="[NAME=NUMBER]...")
@seed_option
@output_option("The file to write; stdout by default.")
@json_option
def command(
    problem: str, kind: str, sizes: tuple[str, ...], seed: int, output: str | None, as_json: bool
) -> None:
    """An instance of a source PROBLEM: random, planted (a yes), certainly a no, or a classic one.

    Sizes are given as NAME=NUMBER. The same kind, sizes and seed give the same instance.

    \b
    sat       random, planted, unsatisfiable: variables=5 clauses=8 length=3; pigeonhole: pigeons=3
              holes=2; parity: length=3 charge=1; families of CNFgen, where it is installed
    poits     random, planted, unsatisfiable: variables=8 clauses=6; regular: variables=7
    clique    random, planted: vertices=5 size=2 density=50 (percent); turan (a no): size=3 density=80;
              paley (a no): prime=13 size=4
    mcclique  random, planted: colours=3 each=2 density=50; odd (a no): density=90
    twohyp    random, planted, alternating (a no): q=4 p=5 dimension=2 range=9
    The classic kinds, which take no sizes, are shown by: certify list

    \b
    Examples:
      certify generate poits four-triples -o four.cnf
      certify generate poits planted variables=20 clauses=15 --seed 7
      certify generate twohyp random q=5 p=5 | certify prove --from twohyp --to threshold - -o x.cert
    """
    instance = PROBLEMS[problem].generate(kind, seed, **dict(map(_size, sizes)))
    text = PROBLEMS[problem].write(instance)
    if as_json:
        if output is not None:
            write_text(output, text)
        emit({"problem": problem, "kind": kind, "seed": seed, "text": text, "output": output})
    else:
        write_text(output, text)


def _size(word: str) -> tuple[str, int]:
    name, equals, value = word.partition("=")
    if not equals or not name.isidentifier() or not value.isascii() or not value.isdecimal():
        raise InputError(f"the size {word!r}", hint="write NAME=NUMBER, as in variables=8")
    if len(value) > 9:
        raise InputError(f"the size {word!r} is too large")
    return name, int(value)
