"""The rows of fit_run.py as Markdown.

Ratios of a peer to ``certify`` are geometric means of the quotients of their times: over the cases that both solved,
and over those that at least one solved, where what is unsolved counts as the limit, the smaller one of the two rows;
and over those of the latter that took one of the two SLOW seconds or more: most questions are answered by the time that
a program has started. No time counts as less than FLOOR seconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import exp, log
from typing import Any

Row = dict[str, Any]
Table = dict[str, dict[str, Row]]  # case -> method -> row

FLOOR, SLOW = 0.1, 1.0
#: Their YES and NO are exact; the others' NO is a solver's word in floating point.
EXACT = ("certify", "z3", "cvc5")
TITLES = {"certify": "certify", "z3": "Z3", "cvc5": "cvc5", "scip": "SCIP", "highs": "HiGHS"}


def by_case(rows: Iterable[Row]) -> Table:
    """Rows by case and method."""
    table: Table = {}
    for row in rows:
        table.setdefault(row["case"], {})[row["method"]] = row
    return table


def contradictions(rows: Iterable[Row]) -> list[str]:
    """Cases on which methods that answered disagree, or one disagrees with what is known; a line each."""
    lines = []
    for case, found in by_case(rows).items():
        # A NO for bounded parameters contradicts no YES; see ``wrong``.
        answers = {m: r["verdict"] for m, r in found.items() if r["solved"] and not (_boxed(r) and m in wrong(found))}
        known = next(iter(found.values()))["known"]
        if known is not None:
            answers["known"] = known
        if len(set(answers.values())) > 1:
            lines.append(f"{case}: " + ", ".join(f"{method} {verdict}" for method, verdict in answers.items()))
    return lines


def wrong(found: dict[str, Row]) -> set[str]:
    """The methods in floating point whose answer an exact one or what is known refutes. It does not count as solved."""
    sure = {row["verdict"] for method, row in found.items() if row["solved"] and method in EXACT}
    sure |= {row["known"] for row in found.values()} - {None}
    return {m for m, row in found.items() if row["solved"] and m not in EXACT and sure and row["verdict"] not in sure}


def _boxed(row: Row) -> bool:
    return bool(row.get("boxed"))


def ratio(
    table: Table, peer: str, *, both: bool, least: float = 0, base: str = "certify"
) -> tuple[float, int] | None:
    """A ratio of the module's docstring and the number of cases in it; None without any. ``least``: leaves out what
    took both methods less.
    """
    logs = []
    for found in table.values():
        if peer in found and base in found:
            limit = min(found[peer]["limit"], found[base]["limit"])
            pair = [_time(found[peer], limit, peer in wrong(found)), _time(found[base], limit, False)]
            if any(t is None or t >= least for t in pair) and ((None not in pair) if both else (pair != [None, None])):
                logs.append(log((pair[0] or limit) / (pair[1] or limit)))
    return (exp(sum(logs) / len(logs)), len(logs)) if logs else None


def _time(row: Row, limit: float, is_wrong: bool) -> float | None:
    """Seconds; None for what is unsolved."""
    if is_wrong or not row["solved"] or row["seconds"] > limit:
        return None
    return max(float(row["seconds"]), FLOOR)


def markdown(results: dict[str, Any]) -> str:
    """The whole text: summary, ratios, where certify loses, disagreements, every case."""
    rows: list[Row] = results["rows"]
    table = by_case(rows)
    methods = [method for method in TITLES if any(row["method"] == method for row in rows)]
    facts = ", ".join(f"{key} {value}" for key, value in results["machine"].items())
    parts = [f"# Own data: certify and its peers, {results['date']}\n", facts + ".\n", _limits(rows, methods)]
    parts += [_summary(rows, table, methods), _ratios(table, methods), _losses(table), _disagreements(rows)]
    parts.append(_cases(table, methods))
    return "\n".join(parts)


def _limits(rows: list[Row], methods: list[str]) -> str:
    used = {m: sorted({row["limit"] for row in rows if row["method"] == m and not row["solved"]}) for m in methods}
    texts = [f"{TITLES[m]} {' or '.join(f'{limit:g}' for limit in used[m])} s" for m in methods if used[m]] or ["none"]
    return (
        "Seconds are CPU time of one process, the limit too; what was not solved had this limit: "
        + ", ".join(texts)
        + ". "
        "certify's answers are checked certificates; Z3 and cvc5 are exact, on the plain encoding, and their NO has no "
        "proof; SCIP and HiGHS calculate in floating point: a YES counts once it was repaired to an exact fit, a NO is "
        "taken at its word (HiGHS: for weights and biases up to 100; SCIP up to 1000 where it fails without bounds). "
        "The models: benchmarks/fit_peers.py." + _older(rows) + "\n"
    )


def _older(rows: list[Row]) -> str:
    """What was measured on another day."""
    days: dict[str, dict[str, int]] = {}
    for row in rows:
        if "date" in row:
            counts = days.setdefault(row["date"], {})
            counts[row["method"]] = counts.get(row["method"], 0) + 1
    told = [f"{TITLES[m]} {count} of {day}" for day, found in sorted(days.items()) for m, count in found.items()]
    return f" Rows of an earlier run of the same cases: {', '.join(told)}." if told else ""


def _grid(header: list[str], body: Iterable[list[str]]) -> str:
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" + " ---: |" * (len(header) - 1)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in body)]) + "\n"


def _summary(rows: list[Row], table: Table, methods: list[str]) -> str:
    families = list(dict.fromkeys(row["family"] for row in rows))
    body = []
    for family in [*families, "all"]:
        part = {c: f for c, f in table.items() if family in ("all", next(iter(f.values()))["family"])}
        verdicts = [_verdict(found) for found in part.values()]
        cells = [f"{len(part)}", f"{verdicts.count('YES')} / {verdicts.count('NO')} / {verdicts.count('?')}"]
        for method in methods:
            done = [f for f in part.values() if method in f and f[method]["solved"] and method not in wrong(f)]
            ran = sum(method in found for found in part.values())
            cells.append(f"{len(done)}" if ran == len(part) else f"{len(done)} of {ran}")
        body.append([family, *cells])
    header = ["family", "cases", "yes / no / open", *(TITLES[method] for method in methods)]
    return "## Solved within the limit\n\n" + _grid(header, body)


def _verdict(found: dict[str, Row]) -> str:
    sure = [row["verdict"] for method, row in found.items() if row["solved"] and method not in wrong(found)]
    known = next(iter(found.values()))["known"]
    return str(known or (sure[0] if sure else "?"))


def _ratios(table: Table, methods: list[str]) -> str:
    if "certify" not in methods:
        return ""
    body = []
    for method in methods:
        solved, any_solved = ratio(table, method, both=True), ratio(table, method, both=False)
        slow = ratio(table, method, both=False, least=SLOW)
        if method != "certify" and solved is not None and any_solved is not None:
            pairs = [f for f in table.values() if method in f and "certify" in f and method not in wrong(f)]
            alone = sum(f[method]["solved"] and not f["certify"]["solved"] for f in pairs)
            certify = sum(f["certify"]["solved"] and not f[method]["solved"] for f in pairs)
            told = [solved, any_solved, slow or (1.0, 0)]
            cells = [text for value, cases in told for text in (f"{value:.2f}", f"{cases}")]
            body.append([TITLES[method], *cells, f"{certify}", f"{alone}"])
    note = (
        "Geometric means of the time of the peer over the time of certify: over the cases that both solved, and over "
        "those that at least one of them solved, where unsolved counts as the limit; of these also those alone that "
        f"took one of the two {SLOW:g} s or more. Less than {FLOOR:g} s counts as {FLOOR:g} s.\n"
    )
    header = ["peer", "both solved", "cases", "one solved", "cases", f"{SLOW:g} s or more", "cases"]
    header += ["certify alone", "peer alone"]
    return "## Times against certify\n\n" + note + "\n" + _grid(header, body)


def _losses(table: Table) -> str:
    lines = []
    for case, found in table.items():
        own = found.get("certify")
        if own is None:
            continue
        faster = {
            method: row["seconds"]
            for method, row in found.items()
            if method != "certify" and row["solved"] and method not in wrong(found)
        }
        if not faster:
            continue
        best = min(faster, key=lambda method: faster[method])
        if not own["solved"]:
            lines.append(f"* {case}: {TITLES[best]} {faster[best]:.2f} s, certify not")
        elif own["seconds"] > 2 * max(faster[best], 0.1):
            lines.append(f"* {case}: {TITLES[best]} {faster[best]:.2f} s, certify {own['seconds']:.2f} s")
    if not lines:
        return ""
    return (
        "## Where certify loses\n\nUnsolved, or more than twice the time of the best peer:\n\n"
        + "\n".join(lines)
        + "\n"
    )


def _disagreements(rows: list[Row]) -> str:
    lines = [f"* {line}" for line in contradictions(rows)]
    text = "\n".join(lines or ["None: wherever two methods answered, or an answer was known, they agree."]) + "\n"
    for case, found in by_case(rows).items():
        for method in sorted(wrong(found)):
            if _boxed(found[method]):
                text += f"\n{TITLES[method]} finds no fit within its bounds on parameters, but there is one: {case}.\n"
    return "## Disagreements\n\n" + text


def _cases(table: Table, methods: list[str]) -> str:
    body = []
    for case, found in table.items():
        sizes = next((row for row in found.values() if "points" in row), {})
        cells = [str(sizes.get(key, "")) for key in ("points", "dimension", "width")]
        for method in methods:
            row = found.get(method)
            text = "" if row is None else f"{row['seconds']:.2f}" if row["solved"] else f"> {row['limit']:g}"
            if row is not None and not row["solved"] and row["note"].startswith(("failed", "a fit")):
                text = "failed"
            cells.append(text + (" (wrong)" if method in wrong(found) else ""))
        body.append([case.replace("|", "\\|"), *cells[:3], _verdict(found), *cells[3:]])
    return "## Every case, in seconds\n\n" + _grid(
        ["case", "n", "d", "k", "answer", *(TITLES[method] for method in methods)], body
    )
