"""certify show"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from certify.certificate import DATA, Certificate, proof_lines, read, reduction_of
from certify.cli.common import (
    certificate_argument,
    certificate_path,
    emit,
    json_option,
    plural,
    size_text,
    table,
)
from certify.cli.outline import outline
from certify.cli.outline_text import told
from certify.cli.steps import KINDS, readable
from certify.errors import InputError
from certify.exact import render
from certify.network import Neuron
from certify.problems import PROBLEMS

#: How much of a witness and of a source is shown without being asked for.
MOST_NEURONS = 16
MOST_LINES = 12


@click.command("show")
@certificate_argument
@click.option("--witness", "whole", is_flag=True, help=f"All neurons of the witness, not {MOST_NEURONS}.")
@click.option("--proof", is_flag=True, help="The refutation in words: its course.")
@click.option("--full", is_flag=True, help="With --proof: then every step of it.")
@json_option
def command(certificate: str, whole: bool, proof: bool, full: bool, as_json: bool) -> None:
    """What a certificate claims, and how it proves it. Shows, but does not check: see certify verify.

    \b
    Examples:
      certify show five.cert
      certify show no.cert --proof
      certify show no.cert --proof --full | less
      certify prove --from poits --to relu five.cnf -o - | certify show -
    """
    if full and not proof:
        raise InputError("--full belongs to --proof", hint="give both")
    with certificate_path(certificate) as path:
        record = read(path)
        size = path.stat().st_size
        course = outline(record, path) if proof and record.claim.verdict == "NO" else None
        if as_json:
            data = _data(certificate, record, size)
            if proof:
                data["outline"] = course
            if full:
                data["proof"] = [{"line": line, "words": readable(line)} for line in proof_lines(path)]
            emit(data)
            return
        click.echo(_summary(certificate, record, size))
        if record.witness is not None:
            click.echo(_witness(record, whole))
        if course is not None:
            click.echo()
            click.echo("\n".join(told(record, course)))
            if full:
                _print_proof(path)
            elif course["splits"]:
                click.echo("\nEvery step: --proof --full")


def _summary(name: str, record: Certificate, size: int) -> str:
    claim = record.claim
    neurons = plural(claim.width, claim.activation + " neuron")
    if claim.loss == "exact":
        goal = "fit the data exactly"
    else:
        goal = f"meet a total loss {claim.loss} of {render(claim.gamma)}"
    yes, no = f"YES: {neurons} {goal}, as this network does", f"NO: {neurons} cannot {goal}"
    statement = yes if claim.verdict == "YES" else no
    rows = [("file", f"{name} ({size_text(size)})"), ("claim", statement)]
    if claim.signs != "free":
        rows.append(("signs", claim.signs))
    rows.append(
        (
            "instance",
            f"{plural(claim.points, 'point')} in dimension {claim.dimension}, "
            f"{size / max(claim.points, 1):.0f} bytes a point in this file",
        )
    )
    rows.append(("sha256", claim.sha256))
    if claim.recipe != DATA:
        reduction = reduction_of(claim)
        rows.append(("recipe", ", ".join([f"{reduction.name} ({reduction.theorem})", *claim.modifiers])))
        text = PROBLEMS[reduction.source].write(record.source).strip().split("\n")
        if len(text) > MOST_LINES + 1:
            text[MOST_LINES:] = [f"... {len(text) - MOST_LINES} more lines"]
        rows += [("source" if i == 0 else "", line) for i, line in enumerate(text)]
    if record.solution is not None:
        problem = PROBLEMS[reduction_of(claim).source]
        rows.append(("solution", problem.write_solution(record.solution).strip()))
    if claim.verdict == "NO":
        rows += _proof_rows(record)
    rows += [("provenance" if i == 0 else "", f"{k} {v}") for i, (k, v) in enumerate(record.provenance)]
    return table(rows)


def _proof_rows(record: Certificate) -> list[tuple[str, str]]:
    rows = []
    steps = record.steps
    if steps["lrat"]:
        rows.append(("source proof", f"the source has no solution: {plural(steps['lrat'], 'LRAT line')}"))
    if record.by_theorem:
        goal = "have no fit" if record.claim.loss == "exact" else "have no network within that loss"
        theorem = reduction_of(record.claim).backward
        return [*rows, ("refutation", f"by theorem: {theorem} makes of it that the data {goal}")]
    if not record.complete:
        return [*rows, ("refutation", "none: the certificate is INCOMPLETE")]
    rows.append(("refutation", plural(sum(steps.values()) - steps["lrat"], "line")))
    rows += [("", f"{steps[kind]:>7,}  {text}") for kind, text in KINDS.items() if steps[kind]]
    return rows


def _witness(record: Certificate, whole: bool) -> str:
    assert record.witness is not None
    neurons = record.witness.neurons
    shown = neurons if whole or len(neurons) <= MOST_NEURONS + 2 else neurons[:MOST_NEURONS]
    lines = ["", "f(x) = 0" if not neurons else "f(x) ="]
    lines += [f"    {formula(neuron, record.claim.activation)}" for neuron in shown]
    if len(shown) < len(neurons):
        lines.append(f"    ... {len(neurons) - len(shown)} more neurons: --witness shows them")
    return "\n".join(lines)


def _print_proof(path: Path) -> None:
    click.echo()
    for number, line in enumerate(proof_lines(path), start=1):
        click.echo(f"{number:>6}  {readable(line)}")


def _data(name: str, record: Certificate, size: int) -> dict[str, Any]:
    claim = record.claim
    data: dict[str, Any] = {
        "file": name,
        "bytes": size,
        "verdict": claim.verdict,
        "activation": claim.activation,
        "signs": claim.signs,
        "width": claim.width,
        "recipe": claim.recipe,
        "instance": {"points": claim.points, "dimension": claim.dimension, "sha256": claim.sha256},
        "source": None,
        "solution": None,
        "witness": None if record.witness is None else record.witness.to_json(),
        "complete": record.complete,
        "method": _method(record),
        "theorem": reduction_of(claim).backward if record.by_theorem else None,
        "steps": dict(record.steps),
        "provenance": dict(record.provenance),
    }
    if claim.recipe != DATA:
        problem = PROBLEMS[reduction_of(claim).source]
        data["source"] = {"problem": problem.name, "text": problem.write(record.source)}
        if record.solution is not None:
            data["solution"] = problem.write_solution(record.solution).strip()
    return data


def _method(record: Certificate) -> str | None:
    if not record.complete:
        return None
    return "witness" if record.claim.verdict == "YES" else "theorem" if record.by_theorem else "direct"


def formula(neuron: Neuron, activation: str) -> str:
    """A neuron as people write it: ``+ max(0, 2 x1 - x2 + 1/3)`` or ``- 1[x1 > ...]``."""
    parts = []
    for i, weight in enumerate(neuron.weights, start=1):
        parts.append((weight, f"x{i}"))
    parts.append((neuron.bias, ""))
    text = ""
    for value, name in parts:
        if value == 0:
            continue
        size = abs(value)
        number = render(size) if size != 1 or not name else ""
        term = " ".join(word for word in (number, name) if word)
        sign = "-" if value < 0 else "+"
        text += f" {sign} {term}" if text else f"{'-' if value < 0 else ''}{term}"
    text = text or "0"
    sign = "-" if neuron.coefficient < 0 else "+"
    if activation == "relu":
        return f"{sign} max(0, {text})"
    size = abs(neuron.coefficient)
    factor = "" if size == 1 else f"{render(size)} "
    return f"{sign} {factor}1[{text} > 0]"
