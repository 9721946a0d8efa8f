"""Thousands of small instances: python -m tests.differential.many --seeds 0:3000 (make differential)

Every seed is an instance (small_data.py). Z3 and cvc5 on the plain encoding and an enumeration of activation patterns say
whether it has a fit. The direct refuter must refute nothing that has one, the engine for own data must decide all of
them rightly, and every certificate must be verified. What was compared is kept in --state, a line a seed, so that a run
that was interrupted goes on where it stopped. The exit code is 1 if anything is wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from certify.decide.fit import Fit, NoFit
from certify.decide.methods import Budget, exact
from certify.decide.refute import Limits, Refutation, refute

from .small_data import checked, checked_lines, drawn, opinions

STATE = Path(__file__).resolve().parents[2] / "build" / "differential.jsonl"
Row = dict[str, Any]


def main() -> int:
    """Parses the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="0:3000", metavar="FROM:TO", help="the seeds FROM ... TO - 1")
    parser.add_argument("--seconds", type=float, default=300.0, help="for a solver or engine on one instance")
    parser.add_argument("--state", type=Path, default=STATE, metavar="FILE", help="what was compared")
    options = parser.parse_args()
    first, _, last = options.seeds.partition(":")
    seeds = range(int(first), int(last))
    done: dict[int, Row] = {}
    if options.state.exists():
        done = {row["seed"]: row for row in map(json.loads, options.state.read_text().splitlines())}
    options.state.parent.mkdir(parents=True, exist_ok=True)
    begin = time.monotonic()
    with open(options.state, "a") as file:
        for seed in seeds:
            if seed not in done:
                done[seed] = compared(seed, options.seconds)
                file.write(json.dumps(done[seed]) + "\n")
                file.flush()
            for text in done[seed]["wrong"]:
                print(f"WRONG seed {seed}: {text}", file=sys.stderr, flush=True)
            if time.monotonic() - begin > 30 or seed == seeds[-1]:
                begin = time.monotonic()
                print(f"seed {seed}", file=sys.stderr, flush=True)
    rows = [done[seed] for seed in seeds]
    print("\n".join(summary(rows)))
    return 1 if any(row["wrong"] for row in rows) else 0


def compared(seed: int, seconds: float) -> Row:
    """What all of them say of the instance of a seed, and what is wrong with it, in words."""
    small = drawn(seed)
    instance, wrong = small.instance, list[str]()
    said = opinions(instance, seconds=seconds)
    fit = said["enumeration"]
    if {answer for answer in said.values() if answer is not None} != {fit}:
        wrong.append(f"the others disagree: {said}")
    outcome = refute(instance, Limits(seconds=seconds))
    if isinstance(outcome, Refutation):
        result = checked_lines(instance, list(outcome.lines))
        if fit or (result.status, result.verdict) != ("VERIFIED", "NO"):
            wrong.append(f"refuted, fit {fit}, checker: {result.status}, line {result.line}: {result.reason}")
    elif fit and outcome.bounds.get("at least", 0) > instance.width:
        wrong.append(f"a fit with fewer neurons than the bound: {outcome.bounds}")
    answer = exact(instance, "search", Budget(seconds), 0, lambda _: None)
    if isinstance(answer, Fit | NoFit):
        result = checked(instance, answer)
        if isinstance(answer, Fit) != fit or result.status != "VERIFIED":
            wrong.append(f"{type(answer).__name__}, fit {fit}, checker: {result.status}, {result.reason}")
    return {
        "seed": seed,
        "kind": f"{instance.activation} {instance.signs}",
        "dimension": instance.dimension,
        "width": instance.width,
        "points": len(instance.points),
        "shape": small.shape,
        "labels": small.labels,
        "integer": all(v.denominator == 1 for x in instance.points for v in x),
        "doubled": small.doubled,
        "fit": fit,
        "refuter": type(outcome).__name__,
        "engine": type(answer).__name__,
        "silent": [name for name, word in said.items() if word is None],
        "wrong": wrong,
    }


def summary(rows: list[Row]) -> list[str]:
    """Counts, a line each."""
    yes = sum(bool(row["fit"]) for row in rows)
    refuted = sum(row["refuter"] == "Refutation" for row in rows)
    undecided = sum(row["engine"] == "Undecided" for row in rows)
    lines = [
        f"{len(rows)} instances: {yes} yes, {len(rows) - yes} no; {sum(bool(row['wrong']) for row in rows)} wrong",
        f"direct refuter: {refuted} of the no refuted, {len(rows) - yes - refuted} left open; no yes refuted"
        if not any(row["wrong"] for row in rows)
        else "direct refuter: see above",
        f"engine for own data: {len(rows) - undecided} decided, {undecided} left open",
        f"no answer in time: {dict(Counter(name for row in rows for name in row['silent']))}",
    ]
    for key in ("kind", "dimension", "width", "shape", "labels", "integer", "doubled"):
        lines.append(f"{key}: {dict(sorted(Counter(str(row[key]) for row in rows).items()))}")
    return lines


if __name__ == "__main__":
    sys.exit(main())
