"""The results of refute_run.py as Markdown, and as a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import matplotlib

Row = dict[str, Any]
PEERS = {"z3": "Z3", "cvc5": "cvc5", "scip": "SCIP"}
TARGETS = {"relu": "ReLU", "threshold": "threshold"}
_FAMILIES: dict[str, dict[str, Any]] = {
    "designs": {"marker": "s", "linestyle": ""},
    "planted": {"marker": "o", "linestyle": "-"},
    "random": {"marker": "^", "linestyle": "--"},
}
_OWN = {"relu": "#1f5fa8", "threshold": "#0b2f5c"}
#: Colour and mark of a solver, and where its marks at the limit stand, so that all of one width are seen.
_PEERS = {"z3": ("#c4581b", "D", 0.93), "cvc5": ("#3b8f3b", "v", 1.0), "scip": ("#8a3fa0", "P", 1.08)}
#: The axes, where rows do not say otherwise.
_WIDTHS, _SECONDS, _BYTES = (3.0, 15_000.0), (0.05, 100.0), (20.0, 500.0)


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
        "1,000 neurons; larger instances are put to certify alone, with the longer limit. (wall): ended by "
        "wall-clock time, six times the limit and five minutes, because the machine was busy: less CPU time than "
        "the limit. '-': not asked; a solver that decided nothing at two successive widths is not put to larger "
        "ones. `python benchmarks/refute_run.py` measures "
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
    late = f"> {row['limit']:g}" if row["note"].startswith("time limit") else row["note"]
    return f"{late} (wall)" if row["note"].endswith("(wall clock)") else late


def picture(rows: Sequence[Row], path: Path) -> None:
    """Seconds over neurons for each target, and bytes of a certificate a point; all axes logarithmic."""
    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, panels = pyplot.subplots(1, 3, figsize=(14, 5), layout="constrained")
    for target, axes in zip(TARGETS, panels, strict=False):
        chosen = [row for row in rows if row["target"] == target]
        _own_curve(axes, chosen, target, lambda row: float(row["seconds"]))
        limits = {row["limit"] for row in chosen if row["method"] in PEERS}
        for method in PEERS:
            _peer_marks(axes, [row for row in chosen if row["method"] == method], method)
        for limit in limits:
            axes.axhline(limit, color="grey", linewidth=0.8, linestyle=":")
        values = [float(row["seconds"]) for row in chosen if row["verdict"] == "NO"]
        _finish(axes, [*values, *limits, *_SECONDS])
        axes.set_title(f"{TARGETS[target]}: time to a certificate, or to an answer", fontsize=10)
        axes.set_ylabel("CPU seconds")
    for target in TARGETS:
        chosen = [row for row in rows if row["target"] == target]
        _own_curve(panels[-1], chosen, target, _bytes_a_point, TARGETS[target])
    proofs = [_bytes_a_point(row) for row in rows if row["method"] == "certify" and row["verdict"] == "NO"]
    _finish(panels[-1], [*proofs, *_BYTES])
    panels[-1].set_title("size of the certificate", fontsize=10)
    panels[-1].set_ylabel("bytes for every data point")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110, metadata={"Software": None})
    pyplot.close(figure)


def _own_curve(
    axes: Any, rows: Sequence[Row], target: str, value: Callable[[Row], float], words: str = "certify"
) -> None:
    for family, style in _FAMILIES.items():
        own = [row for row in rows if (row["family"], row["method"], row["verdict"]) == (family, "certify", "NO")]
        own.sort(key=lambda row: int(row["width"]))
        if own:
            points = [row["width"] for row in own], [value(row) for row in own]
            axes.plot(*points, label=f"{words}, {family}", color=_OWN[target], markersize=5, **style)


def _peer_marks(axes: Any, rows: Sequence[Row], method: str) -> None:
    """Full marks: decided; empty ones at the limit: not decided."""
    colour, mark, aside = _PEERS[method]
    style = {"color": colour, "marker": mark, "linestyle": "", "markersize": 7}
    decided = [row for row in rows if row["verdict"] != "UNKNOWN"]
    if decided:
        points = [row["width"] for row in decided], [row["seconds"] for row in decided]
        axes.plot(*points, label=f"{PEERS[method]}, decided", **style)
    struck = [row for row in rows if row["verdict"] == "UNKNOWN"]
    if struck:
        points = [row["width"] * aside for row in struck], [row["limit"] for row in struck]
        words = f"{PEERS[method]}, no answer in {max(points[1]):g} s"
        axes.plot(*points, label=words, fillstyle="none", **style)


def _finish(axes: Any, values: Sequence[float]) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(*_WIDTHS)
    axes.set_ylim(min(values) / 1.3, max(values) * 1.6)
    axes.set_xlabel("neurons k")
    axes.grid(alpha=0.25)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(fontsize=8, loc="best")


def _bytes_a_point(row: Row) -> float:
    return float(row["bytes"] / row["points"])
