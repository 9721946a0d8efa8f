"""A person's own data: does a network of some width fit them, and how few neurons do? With a certificate each.

data -> training instance -> decide (decide/portfolio.py) -> certificate -> independent check; the search for the
least width goes up and down between a lower and an upper bound, both of which end as certificates.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from certify.certificate import DATA, Certificate, Claim
from certify.decide import cross_check as second_opinion
from certify.decide.fit import Fit, NoFit, Undecided
from certify.decide.method_names import Method
from certify.decide.methods import Answer, Budget
from certify.decide.portfolio import decide
from certify.decide.widths import Bounds, by_lines, least_width
from certify.errors import InvalidInstance
from certify.exact import Vector, rational, render
from certify.instance import Signs, TrainingInstance
from certify.kernel import find_kernel
from certify.loss import Loss
from certify.network import Activation, Network, Neuron
from certify.parts import Division
from certify.verified import Checked, RejectedCertificate, Tier, provenance, write_verified, written

Verdict = Literal["YES", "NO", "UNKNOWN"]
Progress = Callable[[str], None]
Checker = Literal["python", "all"]


@dataclass(frozen=True)
class FitResult:
    """What ``fit`` found. ``bounds``: {"at_least": L, "at_most": U}, what is known of the least width, None: nothing.

    ``network``: for YES one that fits, with at most ``width`` neurons (the certificate's has neurons 0 for the rest).
    ``tier``: "checked" where the independent checker has verified the certificate, "kernel" where the proved one has,
    too. ``report``: the same as JSON values (docs/cli.md).
    """

    verdict: Verdict
    tier: Tier | None
    instance: TrainingInstance
    network: Network | None
    certificate: Certificate | None
    path: Path | None
    bounds: dict[str, int | None]
    report: dict[str, Any]


@dataclass(frozen=True)
class WidthResult:
    """What ``width`` found. YES: ``width`` neurons are needed and enough. NO: no number of neurons is enough.

    UNKNOWN: the search ended too early; ``bounds`` holds what is proved. ``certificates``: "yes" for the upper bound
    (``network`` is its witness), "no" for one neuron fewer than the lower bound, where there are such; ``paths``
    likewise. ``report``: the same as JSON values (docs/cli.md).
    """

    verdict: Verdict
    width: int | None
    network: Network | None
    certificates: dict[str, Certificate]
    paths: dict[str, Path]
    bounds: dict[str, int | None]
    report: dict[str, Any]


def fit(
    X: Any,  # noqa: N803
    y: Any,
    width: int,
    *,
    activation: Activation = "relu",
    signs: Signs = "free",
    loss: Loss = "exact",
    gamma: Any = 0,
    copies: Iterable[int] | None = None,
    timeout: float | None = None,
    seed: int = 0,
    output: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    checker: Checker = "python",
    method: Method = "auto",
    cross_check: float | None = None,
    jobs: int | None = None,
) -> FitResult:
    """Decides whether a network with ``width`` hidden neurons fits the data, and proves it.

    ``X``: n rows of d numbers (n numbers: d = 1), ``y``: n numbers; sequences, NumPy arrays or data frames of anything
    that ``certify.exact.rational`` accepts. A float stands for the exact decimal that Python prints for it: 0.1 is
    1/10. ``loss`` and ``gamma``: "exact", or the total loss l0, l1, l2 that is allowed. ``copies``: how often each row
    counts. ``timeout``: seconds after which the verdict is UNKNOWN. ``output``: where to write the certificate, once
    verified. ``method``: the decider, by a name of docs/cli.md; "auto" takes those that suit the question. Raises
    InputError for bad data (NaN, infinity, ragged rows), SolverFailure if a network found is none or the checkers
    disagree. A certificate that the checker does not accept is not written: the verdict is UNKNOWN then, and
    ``report["rejected"]`` true. ``cross_check``: cvc5 and Z3 are asked for a second opinion, so many seconds each
    (decide/cross_check.py); if one disagrees, nothing is written and the verdict is UNKNOWN. ``jobs``: hard parts of a
    direct refutation are divided and run in so many processes, with the same result for any number; with ``output``
    finished parts are kept in OUTPUT.parts until there is a verdict, and the next run goes on from them.
    """
    points, labels = data(X, y)
    return fit_instance(
        instance_of(points, labels, width, activation, signs, loss, gamma, copies),
        timeout=timeout,
        seed=seed,
        output=output,
        progress=progress,
        checker=checker,
        method=method,
        cross_check=cross_check,
        jobs=jobs,
    )


def width(
    X: Any,  # noqa: N803
    y: Any,
    *,
    activation: Activation = "relu",
    signs: Signs = "free",
    loss: Loss = "exact",
    gamma: Any = 0,
    copies: Iterable[int] | None = None,
    timeout: float | None = None,
    seed: int = 0,
    output: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    checker: Checker = "python",
    method: Method = "auto",
    cross_check: float | None = None,
    jobs: int | None = None,
) -> WidthResult:
    """The least number of hidden neurons with which a network fits the data, proved from both sides.

    Arguments as for ``fit``; ``output`` is a prefix: PREFIX-yes.cert and PREFIX-no.cert are written. A timeout or
    Ctrl-C ends the search; the result then is UNKNOWN and holds the bounds reached so far, and their certificates. So
    it does where the checker does not accept a certificate; that one is not written and proves no bound.
    """
    points, labels = data(X, y)
    return width_of_instance(
        instance_of(points, labels, 0, activation, signs, loss, gamma, copies),
        timeout=timeout,
        seed=seed,
        output=output,
        progress=progress,
        checker=checker,
        method=method,
        cross_check=cross_check,
        jobs=jobs,
    )


def data(X: Any, y: Any) -> tuple[tuple[Vector, ...], Vector]:  # noqa: N803
    """Points and labels, exact. Raises InputError, with the place, for what is no finite number or of another shape."""
    rows = _items(X, "X")
    flat = bool(rows) and not _is_sequence(rows[0])
    points = tuple(_rows([[value] for value in rows] if flat else rows))
    labels = tuple(spelled(value, f"y[{i}]") for i, value in enumerate(_items(y, "y")))
    if not points:
        raise InvalidInstance("no data points", hint="give one row at least")
    if len(points) != len(labels):
        raise InvalidInstance(f"{len(points)} rows in X, but {len(labels)} labels in y")
    return points, labels


def _rows(rows: list[Any]) -> Iterator[Vector]:
    length: int | None = None
    for i, row in enumerate(rows):
        values = _items(row, f"X[{i}]")
        point = tuple(spelled(value, f"X[{i}][{c}]") for c, value in enumerate(values))
        if not point or len(point) != (length or len(point)):
            raise InvalidInstance(
                f"{len(point)} numbers, not {length or 'one at least'}", source=f"X[{i}]", hint="give all rows as many"
            )
        length = len(point)
        yield point


def spelled(value: Any, place: str | None = None) -> Fraction:
    """``rational``, and for a float (NumPy's, too) the exact decimal that is printed for it: 0.1 is 1/10."""
    if isinstance(value, float):
        value = float.__repr__(value)
    elif type(value).__module__ == "numpy" and hasattr(value, "dtype") and value.dtype.kind == "f":
        # Shorter floats print as the shortest decimal of their own precision.
        value = str(value)
    elif _is_sequence(value):
        raise InvalidInstance("a sequence where a number belongs", source=place)
    return rational(value, source=place)


def _is_sequence(value: Any) -> bool:
    return not isinstance(value, str) and hasattr(value, "__iter__")


def _items(values: Any, place: str) -> list[Any]:
    """The entries of a sequence, an array, or a data frame (whose iterator would give the names of its columns)."""
    values = values.to_numpy() if hasattr(values, "to_numpy") else values
    if not _is_sequence(values) or isinstance(values, (dict, set, frozenset)) or getattr(values, "shape", None) == ():
        raise InvalidInstance(f"{type(values).__name__} is no sequence of rows or numbers", source=place)
    return list(values)


def instance_of(
    points: tuple[Vector, ...],
    labels: Vector,
    width: int,
    activation: Activation,
    signs: Signs,
    loss: Loss,
    gamma: Any,
    copies: Iterable[int] | None,
) -> TrainingInstance:
    """The training instance of own data. Raises InvalidInstance."""
    counts = None if copies is None else tuple(copies)
    allowed = spelled(gamma, "gamma")
    instance = TrainingInstance(
        points, labels, width, activation, len(points[0]), signs, counts, loss, allowed
    )
    return admitted(instance)


def admitted(instance: TrainingInstance) -> TrainingInstance:
    """The instance, if certificates can speak of it: output signs are a matter of ReLUs alone."""
    if instance.activation == "threshold" and instance.signs != "free":
        raise InvalidInstance(f"{instance.signs} threshold networks are not in the format", hint="use relu")
    return instance


def fit_instance(
    instance: TrainingInstance,
    *,
    timeout: float | None = None,
    seed: int = 0,
    output: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    checker: Checker = "python",
    method: Method = "auto",
    cross_check: float | None = None,
    jobs: int | None = None,
    command: str = "certify.fit",
) -> FitResult:
    """``fit`` for an instance; ``command``: what the provenance says. Ctrl-C gives UNKNOWN ("interrupted")."""
    kernel = find_kernel() if checker == "all" else None
    if cross_check is not None:
        second_opinion.ready()
    started = time.monotonic()
    report = _report(instance)
    report["instance"]["width"] = instance.width
    bounds = Bounds.of(instance)
    answer: Answer = Undecided("interrupted", bounds.at_least)
    division = Division(jobs, output, seed, progress)
    ask = _asking(Budget(timeout, started=started), seed, progress, method, division)
    with suppress(KeyboardInterrupt):
        answer = ask(instance)
    report["interrupted"] = isinstance(answer, Undecided) and answer.reason == "interrupted"
    if report["interrupted"]:
        answer = Undecided("interrupted", min(by_lines(instance), instance.width))
    decided = time.monotonic()
    certificate, verdict, tier, network = None, "UNKNOWN", None, None
    if isinstance(answer, Undecided):
        report["notes"].append(answer.reason)
        nothing = Network(instance.activation, (), instance.dimension)
        one = 0 if instance.objection(nothing) is None else 1
        bounds.at_least = max(bounds.at_least, answer.at_least, one)
    else:
        accepted = None
        if _undisputed(instance, answer, cross_check, seed, progress, report, report):
            accepted = _accepted(instance, answer, output, kernel, report, seed, command, division, ask)
        if accepted is not None:
            answer, certificate, checked = accepted
            _enter(report, checked, output)
            bounds.take(instance.width, answer)
            verdict, tier = certificate.claim.verdict, checked.tier
            network = answer.network if isinstance(answer, Fit) else None
            if isinstance(answer, NoFit):
                report["refutation"] = {"lines": len(answer.lines), "summary": answer.summary}
    report.update(verdict=verdict, tier=tier, bounds=bounds.as_dict())
    report["network"] = None if network is None else network.to_json()
    report["seconds"] = _seconds(started, decided)
    division.finish(report)
    path = None if output is None or certificate is None else Path(output)
    return FitResult(verdict, tier, instance, network, certificate, path, report["bounds"], report)  # type: ignore[arg-type]


def width_of_instance(
    instance: TrainingInstance,
    *,
    timeout: float | None = None,
    seed: int = 0,
    output: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    checker: Checker = "python",
    method: Method = "auto",
    cross_check: float | None = None,
    jobs: int | None = None,
    command: str = "certify.width",
) -> WidthResult:
    """``width`` for an instance, whose own width is not looked at; ``command``: what the provenance says."""
    kernel = find_kernel() if checker == "all" else None
    if cross_check is not None:
        second_opinion.ready()
    started = time.monotonic()
    report = _report(instance)
    bounds = Bounds.of(instance)
    division = Division(jobs, output, seed, progress)
    ask = _asking(Budget(timeout, started=started), seed, progress, method, division)
    with suppress(KeyboardInterrupt):
        least_width(
            instance, bounds, seconds=timeout, seed=seed, progress=progress, method=method, divide=division.of
        )
    decided = time.monotonic()
    report["interrupted"] = not (bounds.finished or bounds.hopeless or bounds.reason)
    report["tried"] = bounds.tried
    certificates: dict[str, Certificate] = {}
    paths: dict[str, Path] = {}
    report["certificates"] = {}
    tiers: list[Tier | None] = []
    proved: dict[str, int | None] = {"at_least": 0, "at_most": None}
    for name, k, answer in (("yes", bounds.at_most, bounds.fit), ("no", bounds.at_least - 1, bounds.no_fit)):
        if answer is None or k is None:
            continue
        part = replace(instance, width=k)
        path = None if output is None else f"{os.fspath(output)}-{name}.cert"
        entry: dict[str, Any] = {"width": k, "sha256": part.sha256(), "cross_check": None, "notes": []}
        if not _undisputed(part, answer, cross_check, seed, progress, entry, report):
            report["cross_check"] = entry["cross_check"]
            continue
        accepted = _accepted(part, answer, path, kernel, report, seed, command, division, ask)
        if accepted is None:
            continue
        answer, certificate, checked = accepted
        _enter(entry, checked, path)
        report["notes"] += entry.pop("notes")
        report["certificates"][name] = entry
        tiers.append(checked.tier)
        certificates[name] = certificate
        proved["at_most" if name == "yes" else "at_least"] = k if name == "yes" else k + 1
        if path is not None:
            paths[name] = Path(path)
    finished = bounds.finished and proved == {"at_least": bounds.at_least, "at_most": bounds.at_most}
    hopeless = bounds.hopeless and "no" in certificates
    verdict: Verdict = "YES" if finished else "NO" if hopeless else "UNKNOWN"
    if verdict == "UNKNOWN" and (bounds.reason or report["interrupted"]):
        report["notes"].append(bounds.reason or "interrupted")
    tier: Tier | None = None
    if verdict != "UNKNOWN":
        tier = "kernel" if tiers and all(one == "kernel" for one in tiers) else "checked"
    division.finish(report | {"verdict": verdict})
    network = bounds.fit.network if bounds.fit is not None and "yes" in certificates else None
    found = bounds.at_most if verdict == "YES" else None
    report.update(
        verdict=verdict,
        width=found,
        tier=tier,
        bounds=proved,
        network=None if network is None else network.to_json(),
        seconds=_seconds(started, decided),
    )
    return WidthResult(verdict, found, network, certificates, paths, proved, report)


def certificate_of(instance: TrainingInstance, answer: Fit | NoFit, seed: int, command: str) -> Certificate:
    """The certificate of an answer; a witness gets neurons that are 0 up to the width of the instance."""
    notes = provenance(seed, command)
    if isinstance(answer, NoFit):
        return Certificate(Claim.of("NO", DATA, instance), instance, refutation=answer.lines, provenance=notes)
    network = answer.network
    zero = Neuron((Fraction(0),) * instance.dimension, Fraction(0), Fraction(-1 if instance.signs == "concave" else 1))
    padded = replace(network, neurons=network.neurons + (zero,) * (instance.width - network.width))
    return Certificate(Claim.of("YES", DATA, instance), instance, witness=padded, provenance=notes)


def _report(instance: TrainingInstance) -> dict[str, Any]:
    return {
        "verdict": "UNKNOWN",
        "tier": None,
        "instance": {
            "points": len(instance.points),
            "dimension": instance.dimension,
            "activation": instance.activation,
            "signs": instance.signs,
            "loss": instance.loss,
            "gamma": render(instance.gamma),
        },
        "bounds": {"at_least": 0, "at_most": None},
        "network": None,
        "refutation": None,
        "certificate": None,
        "check": None,
        "cross_check": None,
        "rejected": False,
        "notes": [],
    }


def _asking(
    budget: Budget, seed: int, progress: Progress | None, method: Method, division: Division
) -> Callable[[TrainingInstance], Answer]:
    """Decides a question of this run, in the time that is left."""

    def ask(instance: TrainingInstance) -> Answer:
        cubes = division.of(instance)
        return decide(instance, seconds=budget.left(), seed=seed, progress=progress, method=method, cubes=cubes)

    return ask


def _undisputed(
    instance: TrainingInstance,
    answer: Fit | NoFit,
    seconds: float | None,
    seed: int,
    progress: Progress | None,
    entry: dict[str, Any],
    report: dict[str, Any],
) -> bool:
    """Asks the solvers, if that is wanted, and enters what they say; whether none disagrees."""
    if seconds is None:
        return True
    proof = answer.network if isinstance(answer, Fit) else answer.lines
    found = second_opinion.cross_check(instance, proof, seconds=seconds, seed=seed, progress=progress)
    entry["cross_check"] = found.as_json()
    if found.disagrees:
        report["notes"].append(second_opinion.FAULT)
    return not found.disagrees


def _accepted(
    instance: TrainingInstance,
    answer: Fit | NoFit,
    path: str | os.PathLike[str] | None,
    kernel: Path | None,
    report: dict[str, Any],
    seed: int,
    command: str,
    division: Division,
    ask: Callable[[TrainingInstance], Answer],
) -> tuple[Fit | NoFit, Certificate, Checked] | None:
    """The answer with its certificate, written, and what the checkers say; None for one that is not accepted.

    One that was made with parts that lay on disk is then asked for once more, without them.
    """
    certificate = certificate_of(instance, answer, seed, command)
    checked = _verified(certificate, path, kernel, report)
    if checked is None and division.reused:
        division.distrust()
        again = ask(instance)
        if not isinstance(again, Undecided):
            answer, certificate = again, certificate_of(instance, again, seed, command)
            checked = _verified(certificate, path, kernel, report)
            report["rejected"] = checked is None
    return None if checked is None else (answer, certificate, checked)


def _verified(
    certificate: Certificate, path: str | os.PathLike[str] | None, kernel: Path | None, report: dict[str, Any]
) -> Checked | None:
    """Writes the certificate once it is verified; None, and a note, for one that is not accepted: no verdict then."""
    try:
        return write_verified(certificate, path, kernel, complete=True)
    except RejectedCertificate as fault:
        report["rejected"] = True
        report["notes"].append(f"internal error: {fault}")
        return None


def _enter(report: dict[str, Any], checked: Checked, path: str | os.PathLike[str] | None) -> None:
    result = checked.result
    report["certificate"] = written(checked, path)
    report["check"] = {"status": result.status, "code": result.code, "stats": result.stats}
    if checked.note is not None:
        report["notes"].append(checked.note)


def _seconds(started: float, decided: float) -> dict[str, float]:
    now = time.monotonic()
    return {
        "decide": round(decided - started, 3),
        "verify": round(now - decided, 3),
        "total": round(now - started, 3),
    }
