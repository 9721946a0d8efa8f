"""The results of refute_run.py as Markdown, and as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib

Row = dict[str, Any]
PEERS = {"z3": "Z3", "cvc5": "cvc5", "scip": "SCIP"}
TARGETS = {"relu": "ReLU", "threshold": "threshold"}
_COLOURS = {"relu": "#1f5fa8", "threshold": "#c4581b"}
_MARKS = {"designs": "s", "planted": "o", "random": "^"}
_PEER_MARKS = {"z3": "x", "cvc5": "+", "scip": "1"}


def markdown(results: dict[str, Any]) -> str:
    """The whole text: the machine, then a table a target."""
    rows: list[Row] = results["rows"]
    facts = ", ".join(f"{key} {value}" for key, value in results["machine"].items())
    limits = sorted({row["limit"] for row in rows})
    parts = [
        f"# No-instances from the data alone, {results['date']}\n",
        f"{facts}. CPU seconds.\n",
        "found: instance, refutation by the direct refuter and certificate on disk; steps / gadget: lines of the "
        "refutation for every clause and variable of the formula; MB: peak memory of finding; verify.py, kernel: the "
        "two checkers on the certificate, each a process of its own. Z3, cvc5: the plain QF_LRA encoding of the same "
        "data; SCIP: SOS1 or indicator constraints, floating point (benchmarks/fit_peers.py); none of the three "
        f"gives a proof. Limits: {' s, '.join(f'{limit:g}' for limit in limits)} s, the same for all methods up to "
        "1,000 neurons; larger instances are put to certify alone, with the longer limit. '-': not asked, because "
        "the solver decided nothing at two successive smaller widths. `python benchmarks/refute_run.py` measures "
        "again.\n",
    ]
    for target, title in TARGETS.items():
        chosen = [row for row in rows if row["target"] == target]
        if chosen:
            parts.append(_table(title, chosen))
    return "\n".join(parts)


def _table(title: str, rows: Sequence[Row]) -> str:
    header = ["instance", "k", "points", "found", "MB", "steps / gadget", "bytes", "bytes / point", "verify.py"]
    header += ["kernel", *PEERS.values()]
    lines = [f"## {title}\n", "| " + " | ".join(header) + " |", "| --- |" + " ---: |" * (len(header) - 1)]
    by_case: dict[str, dict[str, Row]] = {}
    for row in rows:
        by_case.setdefault(row["case"], {})[row["method"]] = row
    for found in by_case.values():
        one = next(iter(found.values()))
        cells = [_name(one), f"{one['width']:,}", f"{one['points']:,}", *_own(found.get("certify"))]
        cells += [_peer(found.get(name)) for name in PEERS]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _name(row: Row) -> str:
    kind: str = row["case"].split(" ")[1]
    kind = {"unsatisfiable": "random with four triples hidden", "vvv": "(v v v)", "vvw-wwv": "(v v w) (w w v)"}.get(
        kind, kind.replace("-", " ")
    )
    if row["family"] == "designs" and kind != "regular":
        return kind
    return f"{kind}, {row['clauses']:,} clauses, {row['variables']:,} variables"


def _own(row: Row | None) -> list[str]:
    if row is None:
        return [""] * 7
    if row["verdict"] != "NO":
        late = "within" in row["note"] or row["note"].startswith("time limit")
        return [f"> {row['limit']:g}" if late else row["note"], *[""] * 6]
    gadgets = row["clauses"] + row["variables"]
    return [
        f"{row['seconds']:.2f}",
        f"{row['peak_mb']:,}",
        f"{row['steps'] / gadgets:.1f}",
        f"{row['bytes']:,}",
        f"{row['bytes'] / row['points']:.0f}",
        f"{row['python_seconds']:.2f}",
        f"{row['kernel_seconds']:.2f}",
    ]


def _peer(row: Row | None) -> str:
    if row is None:
        return "-"
    if row["verdict"] != "UNKNOWN":
        return f"{row['verdict']} {row['seconds']:.2f}"
    return f"> {row['limit']:g}" if row["note"].startswith("time limit") else row["note"]


def picture(rows: Sequence[Row], path: Path) -> None:
    """Seconds, and bytes a point, over the number of neurons, both axes logarithmic."""
    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(11, 4.4), layout="constrained")
    for target, colour in _COLOURS.items():
        for family, mark in _MARKS.items():
            own = [r for r in rows if (r["target"], r["family"], r["method"]) == (target, family, "certify")]
            own = sorted((r for r in own if r["verdict"] == "NO"), key=lambda row: int(row["width"]))
            widths = [row["width"] for row in own]
            style = {"color": colour, "marker": mark, "linestyle": "" if family == "designs" else "-", "markersize": 5}
            name = f"certify, {TARGETS[target]}, {family}"
            left.plot(widths, [row["seconds"] for row in own], label=name, **style)
            right.plot(widths, [row["bytes"] / row["points"] for row in own], label=name, **style)
        for method, mark in _PEER_MARKS.items():
            peers = [r for r in rows if (r["target"], r["method"]) == (target, method)]
            decided = [r for r in peers if r["verdict"] != "UNKNOWN"]
            left.plot(
                [r["width"] for r in decided], [r["seconds"] for r in decided], mark, color=colour, markersize=8,
                label=f"{PEERS[method]}, {TARGETS[target]}" if decided else None,
            )  # fmt: skip
    limits = [row["limit"] for row in rows if row["method"] != "certify"]
    if limits:
        struck = [r for r in rows if r["method"] != "certify" and r["verdict"] == "UNKNOWN"]
        left.axhline(max(limits), color="grey", linewidth=0.8, linestyle=":")
        left.plot(
            [r["width"] for r in struck], [r["limit"] for r in struck], "v", color="grey", markersize=5,
            label="Z3, cvc5 or SCIP, not decided within the limit",
        )  # fmt: skip
    for axes, title in ((left, "CPU seconds to a proof on disk"), (right, "bytes of the proof for every point")):
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel("neurons")
        axes.set_title(title, fontsize=10)
        axes.grid(alpha=0.25)
    left.legend(fontsize=7)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110, metadata={"Software": None})
    pyplot.close(figure)
