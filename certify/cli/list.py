"""certify list"""

from __future__ import annotations

import click

from certify.cli.common import TARGETS, emit, json_option, table
from certify.problems import PROBLEMS
from certify.reductions import REDUCTIONS, TRANSLATIONS, Reduction

_TARGET_TITLES = {
    "relu": "Training a two-layer ReLU network: z -> max(0, z), output signs +1 or -1",
    "threshold": "Training a two-layer linear threshold network: z -> 1 if z > 0 else 0",
}


@click.command("list")
@json_option
def command(as_json: bool) -> None:
    """Source problems, targets, and the reductions between them: a graph, of which any path can be run.

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
                        "path": [r.source, *(t.target for t in r.via), r.target],
                    }
                    for r in REDUCTIONS.values()
                ],
                "translations": [
                    {"name": t.name, "from": t.source, "to": t.target, "title": t.title, "claim": t.claim}
                    for t in TRANSLATIONS.values()
                ],
            }
        )
        return
    click.echo("source problems")
    click.echo(_indented([(p.name, f"{p.title}  ({' or '.join(p.suffixes)})") for p in PROBLEMS.values()]))
    click.echo("\ntargets")
    click.echo(_indented([(name, _TARGET_TITLES[name]) for name in TARGETS]))
    click.echo("\nreductions")
    rows = [(f"{t.source} -> {t.target}", t.title) for t in TRANSLATIONS.values()]
    click.echo(_indented(rows + [(_arrows(r), r.theorem) for r in REDUCTIONS.values()]))
    click.echo("\nkinds of instances for certify generate")
    click.echo(_indented([(p.name, ", ".join(p.kinds)) for p in PROBLEMS.values()]))


def _arrows(reduction: Reduction) -> str:
    """``sat -> poits -> relu``."""
    return " -> ".join([reduction.source, *(t.target for t in reduction.via), reduction.target])


def _indented(rows: list[tuple[str, str]]) -> str:
    return "\n".join(f"  {line}" for line in table(rows).split("\n"))
