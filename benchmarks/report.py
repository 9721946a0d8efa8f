"""The results of a run as Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cases import METHODS

Row = dict[str, Any]


def markdown(results: dict[str, Any]) -> str:
    """The whole text: the machine, then a table a family."""
    machine = results["machine"]
    facts = ", ".join(f"{key} {value}" for key, value in machine.items())
    parts = [f"# Benchmarks of {results['date']}\n"]
    limits = ", ".join(f"{limit:g} s in {family}" for family, limit in results["limits"].items())
    parts.append(f"{facts}. Seconds are CPU time; limits for refuters and solvers (wall-clock): {limits}.\n")
    for family, rows in results["families"].items():
        parts.append(_TABLES[family](rows))
    return "\n".join(parts)


def _table(title: str, note: str, header: list[str], rows: Iterable[list[str]]) -> str:
    lines = [f"## {title}\n", note + "\n", "| " + " | ".join(header) + " |"]
    lines.append("|" + " --- |" + " ---: |" * (len(header) - 1))
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _number(value: Any) -> str:
    return "" if value is None else f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"


def _scale(rows: list[Row]) -> str:
    keys = ["points", "width", "reduce", "lift", "check", "write", "verify", "total"]
    header = ["case", "points", "k", *keys[2:], "MB", "one by one (estimate)", "ratio", "Z3 on points", "Z3 s"]
    shown = []
    for row in rows:
        if "error" in row:
            shown.append([row["name"], *[""] * 12, row["error"]])
            continue
        cells = [_number(row[key]) for key in keys]
        estimate = [_number(row["one_by_one_estimate"]), _number(row["ratio"])]
        z3 = [_number(row["z3_points"]) + ("" if row["z3_fits"] else " (gave up)"), _number(row["z3"])]
        shown.append([row["name"], *cells, _number(row["job_peak_mb"]), *estimate, *z3])
    note = (
        "check: exact evaluation at all points; verify: certify/verify.py on the certificate. "
        "one by one: exact evaluation neuron by neuron in integers, estimated from 20 points, and its ratio to check. "
        "The solution of the formula is given, and no part of the time. Z3: the witness put to the encoding, with "
        "20 s, on a sample of the points where all are too many; no part of the total."
    )
    return _table("scale: instance, witness, check, certificate", note, header, shown)


def _refute(rows: list[Row]) -> str:
    header = ["case", "points", "k", "refuter s", "verify s", "steps", "bytes", "bytes a point", "MB", "result"]
    shown = []
    for row in rows:
        if "error" in row:
            shown.append([row["name"], *[""] * 8, row["error"]])
            continue
        keys = ("points", "width", "refute", "verify", "steps", "bytes", "bytes_a_point", "peak_mb")
        cells = [_number(row.get(key)) for key in keys]
        shown.append([row["name"], *cells, row["status"] + (f": {row['reason']}" if "reason" in row else "")])
    note = "From the data alone; the certificate is verified by certify/verify.py."
    return _table("refute: no-instances", note, header, shown)


def _plain(rows: list[Row]) -> str:
    by_instance: dict[str, dict[str, Row]] = {}
    for row in rows:
        by_instance.setdefault(row["instance"], {})[row.get("method", row["name"].rpartition("[")[2][:-1])] = row
    header = ["instance", "points", "k", "answer", "certify s", "Z3 s", "cvc5 s", "ratio", "Z3 with labels s"]
    shown = []
    for name, found in by_instance.items():
        one = next((row for row in found.values() if "points" in row), {})
        answers = {row["verdict"] for row in found.values() if row.get("verdict", "unknown") != "unknown"}
        answer = " and ".join(sorted(answers)) or "unknown"
        times = {method: _time(found.get(method)) for method in METHODS}
        cells = [_number(one.get("points")), _number(one.get("width")), answer]
        ratio = _ratio(found)
        shown.append([name, *cells, *(times[m] for m in METHODS[:3]), ratio, times["z3+labels"]])
    note = (
        "certify: the whole of `certify prove`, with the certificate and its check. Z3, cvc5: the plain QF_LRA "
        "encoding of the same data, no proof asked for; > where the limit struck. ratio: the faster of the two to "
        "certify. Z3 with labels: the encoding strengthened by the refuter's slots, labels and bounds."
    )
    return _table("plain: beside solvers on the plain encoding", note, header, shown)


def _time(row: Row | None) -> str:
    if row is None:
        return ""
    if "error" in row:
        return str(row["error"])
    return f"> {row['limit']:g}" if row["verdict"] == "unknown" else _number(float(row["seconds"]))


def _ratio(found: dict[str, Row]) -> str:
    peers = [row for m in ("z3", "cvc5") if (row := found.get(m)) is not None and "error" not in row]
    own = found.get("certify", {"error": ""})
    if not peers or "error" in own or own["verdict"] == "unknown" or not own["seconds"]:
        return ""
    done = [row["seconds"] for row in peers if row["verdict"] != "unknown"]
    best = min(done or [row["limit"] for row in peers])
    value = best / own["seconds"]
    return ("" if done else "> ") + (f"{value:.2g}" if value < 10 else f"{value:,.0f}")


_TABLES = {"scale": _scale, "refute": _refute, "plain": _plain}
