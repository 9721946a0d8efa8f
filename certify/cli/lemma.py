"""certify lemma"""

from __future__ import annotations

import click

from certify.cli.common import Progress, emit, json_option

#: The names of certify.lemmas.LEMMAS, here so that the command line starts without solvers.
NAMES = ("observation-3", "lemma-4", "lemma-5", "lemma-6", "theorem-7-assumptions")


@click.command("lemma")
@click.argument("name", type=click.Choice([*NAMES, "all"]))
@json_option
def command(name: str, as_json: bool) -> int:
    """Checks a lemma of the paper, part by part, and says what the checks rest on.

    A part is evaluated exactly (exact), refuted with a proof that certify/verify.py accepts (checked), or
    answered by Z3 (solver). Exit code 0: all parts hold; 1: some do not, or a solver gave up.

    \b
    Examples:
      certify lemma lemma-4
      certify lemma all --json
    """
    from certify.lemmas import LEMMAS

    rows = []
    for lemma in LEMMAS.values() if name == "all" else [LEMMAS[name]]:
        if not as_json:
            click.echo(f"{lemma.name}: {lemma.statement}")
        parts = []
        with Progress() as progress:
            for part in lemma.checks():
                progress(f"{lemma.name}: {part.what}")
                parts.append(part)
                if not as_json:
                    click.echo(f"  {'holds' if part.holds else 'FAILS':<6} {part.method:<8} {part.what}")
        if not as_json:
            click.echo(f"  rests on {lemma.rests}")
        rows.append(
            {
                "name": lemma.name,
                "statement": lemma.statement,
                "holds": all(part.holds for part in parts),
                "rests": lemma.rests,
                "checks": [
                    {"what": p.what, "method": p.method, "holds": p.holds, "seconds": round(p.seconds, 3)}
                    for p in parts
                ],
            }
        )
    if as_json:
        emit({"lemmas": rows})
    return 0 if all(row["holds"] for row in rows) else 1
