"""certify list"""

from __future__ import annotations

import click

from certify.cli.common import TARGETS, emit, json_option, table
from certify.problems import PROBLEMS
from certify.reductions import REDUCTIONS

_TARGET_TITLES = {
    "relu": "Training a two-layer ReLU network: z -> max(0, z), output signs +1 or -1",
    "threshold": "Training a two-layer linear threshold network: z -> 1 if z > 0 else 0",
}


@click.command("list")
@json_option
def command(as_json: bool) -> None:
    """Source problems, targets, and the reductions between them.

    \b
    Examples:
      certify list
      certify list --json
    """
    if as_json:
        emit(
            {
                "problems": [
                    {
                        "name": p.name,
                        "title": p.title,
                        "question": p.question,
                        "suffixes": list(p.suffixes),
                        "kinds": list(p.kinds),
                        "classics": {name: verdict for name, (_, verdict) in p.classics.items()},
                    }
                    for p in PROBLEMS.values()
                ],
                "targets": [{"name": name, "title": _TARGET_TITLES[name]} for name in TARGETS],
                "reductions": [
                    {
                        "name": r.name,
                        "from": r.source,
                        "to": r.target,
                        "theorem": r.theorem,
                        "claim": r.claim,
                    }
                    for r in REDUCTIONS.values()
                ],
            }
        )
        return
    click.echo("source problems")
    click.echo(_indented([(p.name, f"{p.title}  ({' or '.join(p.suffixes)})") for p in PROBLEMS.values()]))
    click.echo("\ntargets")
    click.echo(_indented([(name, _TARGET_TITLES[name]) for name in TARGETS]))
    click.echo("\nreductions")
    click.echo(_indented([(f"{r.source} -> {r.target}", r.theorem) for r in REDUCTIONS.values()]))
    click.echo("\nkinds of instances for certify generate")
    click.echo(_indented([(p.name, ", ".join(p.kinds)) for p in PROBLEMS.values()]))


def _indented(rows: list[tuple[str, str]]) -> str:
    return "\n".join(f"  {line}" for line in table(rows).split("\n"))
