"""certify reduce"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import click

from certify.cli.common import (
    STDIO,
    edge_options,
    emit,
    json_option,
    note,
    options_of,
    output_option,
    plural,
    read_source,
    seed_option,
    timeout_option,
    wrapper_options,
)
from certify.encode import MAX_PAIRS, encode
from certify.errors import InputError
from certify.instance import TrainingInstance
from certify.problems import PROBLEMS
from certify.reductions import reduction_named
from smt import render


@click.command("reduce")
@edge_options
@click.argument("file", type=click.Path())
@wrapper_options
@click.option("--solve", is_flag=True, help="Decide the source: adds the witness of a yes and the :status.")
@output_option("A folder for the files; without it one JSON object goes to stdout.")
@seed_option
@timeout_option
@json_option
def command(
    problem: str,
    target: str,
    file: str,
    solve: bool,
    output: str | None,
    seed: int,
    timeout: float | None,
    as_json: bool,
    dimension: int | None,
    extra: int,
    loss: str | None,
    gamma: str | None,
) -> None:
    """The training instance that a reduction builds from the source problem in FILE (- for stdin).

    With -o DIR these files: instance.json, points.csv, encoding.smt2 (QF_LRA; with loss l2 QF_NRA; not above a
    million pairs of point and neuron) and, with --solve and for a yes, witness.json.

    \b
    Examples:
      certify reduce --from poits --to relu five.cnf -o five/
      certify reduce --from poits --to relu five.cnf -o five/ --solve
      certify reduce --from twohyp --to threshold sets.csv | jq .points
    """
    source, _ = read_source(problem, file)
    reduction = reduction_named(problem, target, options_of(dimension, extra, loss, gamma))
    instance = reduction.reduce(source)
    details: dict[str, Any] = instance.to_json() | {
        "reduction": {
            "name": reduction.name,
            "theorem": reduction.theorem,
            "claim": reduction.claim,
            "modifiers": list(reduction.modifiers),
        },
        "source": {"problem": problem, "text": PROBLEMS[problem].write(source)},
    }
    witness = status = None
    if solve:
        from certify.decide.source import decide

        decision = decide(source, seed=seed, timeout=timeout)
        if decision.note:
            note(decision.note)
        if decision.solution is not None:
            witness = reduction.lift(source, decision.solution).to_json()
        status = decision.status
    details["status"] = status
    if output is None or output == STDIO:
        emit(details | ({"witness": witness} if solve else {}))
        return
    # The columns of points.csv, which instance.json names instead of repeating them.
    points = {key: details.pop(key) for key in ("points", "labels")}
    details["data"] = {"file": "points.csv", "points": len(points["labels"])}
    texts = {"instance.json": json.dumps(details, indent=2) + "\n", "points.csv": instance.points_csv()}
    script = _encoding(instance, status)
    if script is not None:
        texts["encoding.smt2"] = script
    if witness is not None:
        texts["witness.json"] = json.dumps(witness, indent=2) + "\n"
    _write_folder(Path(output), texts)
    if as_json:
        emit({"folder": output, "files": sorted(texts), **details})
    else:
        size = f"{plural(len(instance.points), 'point')}, {plural(instance.width, 'neuron')}"
        click.echo(f"{output}: {', '.join(texts)} ({size})")


def _encoding(instance: TrainingInstance, status: Any) -> str | None:
    pairs = len(instance.points) * instance.width
    if pairs > MAX_PAIRS:
        note(f"no encoding.smt2: it would have {pairs:,} pairs of point and neuron, more than {MAX_PAIRS:,}")
        return None
    return "".join(render(encode(instance, status=status)))


def _write_folder(folder: Path, texts: dict[str, str]) -> None:
    """Puts the files into the folder; those of an earlier run that are not made now go."""
    if folder.exists() and not folder.is_dir():
        raise InputError("is no folder", source=str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".draft-", dir=folder) as drafts:
        for name, text in texts.items():
            (Path(drafts) / name).write_text(text, encoding="ascii", newline="\n")
        for name in texts:
            os.replace(Path(drafts) / name, folder / name)
    for name in {"encoding.smt2", "witness.json"} - texts.keys():
        (folder / name).unlink(missing_ok=True)
