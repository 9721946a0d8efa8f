"""The main job, whole: the one module that knows the order in which the others work.

source problem -> training instance -> decide the source -> witness network, checked twice, or refutation from
the data -> certificate -> independent check.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from certify.bounds import proved_bounds
from certify.certificate import Certificate, Claim
from certify.decide import cross_check as second_opinion
from certify.decide.forced import refute_with_loss
from certify.decide.refute import Limits, Refutation, Unknown
from certify.decide.source import Decision, decide
from certify.decide.witness import check_witness
from certify.errors import InputError, SolverFailure, UnknownProblem
from certify.exact import render
from certify.instance import TrainingInstance
from certify.kernel import find_kernel
from certify.network import Network
from certify.parts import Division
from certify.problems import PROBLEMS
from certify.problems.twohyp import PointSets
from certify.reductions import Options, Reduction, reduction_named
from certify.verified import RejectedCertificate, Tier, provenance, write_verified, written

Verdict = Literal["YES", "NO", "UNKNOWN"]
Progress = Callable[[str], None]
#: How a no is proved: from the data alone, by a theorem on the reduction, both, or by what is practical.
Method = Literal["auto", "direct", "theorem", "both"]
#: What is done: "either" is the data alone, and where that fails the theorem.
Plan = Literal["direct", "theorem", "both", "either", "auto"]
#: Beyond so many neurons "auto" does not try to refute from the data where there is a proof by theorem.
MOST_DIRECT = 4_000
#: Of graphs: beyond so many points; and within that for so many seconds at most.
MOST_GRAPH_POINTS, GRAPH_SECONDS = 64, 20.0


@dataclass(frozen=True)
class ProveResult:
    """What ``prove`` found.

    ``tier`` is "checked" where the independent checker has verified the certificate, "kernel" where the proved one
    has too, None for UNKNOWN.
    ``path`` is where the certificate was written, if anywhere. ``report`` holds the same as JSON values, with
    stable keys (docs/cli.md).
    """

    verdict: Verdict
    tier: Tier | None
    instance: TrainingInstance
    network: Network | None
    solution: Any
    certificate: Certificate | None
    path: Path | None
    report: dict[str, Any]


@dataclass
class _Clock:
    timeout: float | None
    started: float = field(default_factory=time.monotonic)
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        begin = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = round(time.monotonic() - begin, 3)

    def total(self) -> float:
        return round(time.monotonic() - self.started, 3)

    def left(self) -> float | None:
        if self.timeout is None:
            return None
        return max(self.timeout - (time.monotonic() - self.started), 0.001)


def reduce(
    source: Any,
    to: str,
    *,
    problem: str | None = None,
    options: Options = Options(),  # noqa: B008
) -> TrainingInstance:
    """The training instance for a source problem.

    ``source``: an instance (Formula, PointSets, Cnf, Graph, ColouredGraph), or its text with ``problem`` named;
    ``to``: "relu" or "threshold"; ``options``: neurons or dimensions more, a target error (reductions/wrappers.py).
    Raises UnknownProblem, ParseError, ResourceLimit.
    """
    instance, reduction = _edge(source, to, problem, options)
    return reduction.reduce(instance)


def prove(
    source: Any,
    to: str,
    *,
    problem: str | None = None,
    output: str | os.PathLike[str] | None = None,
    seed: int = 0,
    timeout: float | None = None,
    name: str = "-",
    progress: Progress | None = None,
    checker: Literal["python", "all"] = "python",
    method: Method = "auto",
    options: Options = Options(),  # noqa: B008
    jobs: int | None = None,
    cross_check: float | None = None,
) -> ProveResult:
    """Decides whether the training instance of a source problem has a fit, and proves it.

    ``source``, ``to`` and ``options`` as for ``reduce``. ``output``: where to write the certificate, once
    it is verified.
    ``timeout``: seconds after which the verdict is UNKNOWN. ``name``: what the provenance calls the source.
    ``checker``: "all" has the certificate checked by certify-kernel, too.
    ``method``: how a no is proved. "direct": from the data alone. "theorem": by a checked refutation of the source
    and a theorem on its reduction (not for twohyp, nor with further neurons). "both": in one file; by theorem alone,
    with a note, where the direct proof is not found. "auto": as "both", but by theorem alone for many neurons, of
    graphs for many points and for clique to relu; and direct where there is no proof by theorem.
    ``jobs``: hard parts of a direct refutation are divided and run in so many processes; the certificate is the same
    for any number. With ``output`` finished parts are kept in OUTPUT.parts until there is a verdict, and the next run
    goes on from them. A certificate that the checker rejects is made once more in the plainest way; if it is rejected
    again, the verdict is UNKNOWN. UNKNOWN comes with proved bounds on the number of neurons.
    ``cross_check``: cvc5 and Z3 are asked for a second opinion on a witness or a direct refutation, so many seconds
    each (decide/cross_check.py). If one disagrees, the verdict is UNKNOWN, nothing is written, and a note says so.
    Raises InputError for bad input, SolverFailure if a check of our own work fails, MissingComponent if a checker
    is not there.
    """
    tell = progress or (lambda _: None)
    kernel = find_kernel() if checker == "all" else None
    if cross_check is not None:
        second_opinion.ready()
    clock = _Clock(timeout)
    source, reduction = _edge(source, to, problem, options)
    if method in ("theorem", "both"):
        _admit_theorem(source, options, method)
    with clock.stage("reduce"):
        tell("building the training instance")
        instance = reduction.reduce(source)
    with clock.stage("decide"):
        tell(f"deciding the {reduction.source} instance")
        decision = decide(source, seed=seed, timeout=clock.left())
    report: dict[str, Any] = {
        "verdict": "UNKNOWN",
        "tier": None,
        "source": {"problem": reduction.source, "size": PROBLEMS[reduction.source].measure(source)},
        "reduction": {
            "name": reduction.name,
            "theorem": reduction.theorem,
            "modifiers": list(reduction.modifiers),
        },
        "instance": _instance_report(instance),
        "witness": None,
        "refutation": None,
        "certificate": None,
        "check": None,
        "cross_check": None,
        "bounds": {},
        "certificates": {},
        "notes": [decision.note] if decision.note else [],
    }
    division = Division(jobs, output, seed, tell)
    cubes = division.of(instance)
    proof: dict[str, Any] | None = None
    if decision.solution is not None:
        with clock.stage("lift"):
            network = reduction.lift(source, decision.solution)
        with clock.stage("check witness"):
            tell("checking the witness: exactly, and by Z3")
            report["witness"] = _checked_witness(instance, network, seed, clock.left())
        proof = {"witness": network, "solution": decision.solution}
    else:
        with clock.stage("refute"):
            by_theorem = decision.refutation is not None and not options.extra
            plan, seconds = (method, None) if method != "auto" else _practical(reduction, instance, by_theorem, report)
            times = [limit for limit in (clock.left(), seconds) if limit is not None]
            limits = Limits(min(times, default=None), cubes)
            proof = _refuted(instance, decision, by_theorem, plan, limits, tell, report)
    certificate, disagreement = None, False
    if cross_check is not None and proof is not None:
        with clock.stage("cross-check"):
            disagreement = _cross_checked(instance, proof, _least(cross_check, clock.left()), seed, tell, report)
        proof = None if disagreement else proof
    edge = f"--from {reduction.source} --to {reduction.target}{_words(options)}"
    how = "" if method == "auto" else f" --method {method}"
    # The certificate does not depend on the number of processes.
    how += "" if jobs is None else " --jobs N"
    command = f"certify prove {edge} --seed {seed}{how} {name}"
    while proof is not None:
        verdict: Literal["YES", "NO"] = "YES" if "witness" in proof else "NO"
        claim = Claim.of(verdict, reduction.name, instance, reduction.modifiers)
        certificate = Certificate(claim, source, **proof, provenance=provenance(seed, command))
        try:
            with clock.stage("verify"):
                tell("checking the certificate")
                _write_verified(certificate, output, kernel, report)
            break
        except RejectedCertificate as fault:
            certificate = None
            report["notes"].append(f"{fault.message}: a fault of this program, please report it")
            division.distrust()
            if proof.get("refutation") is None:
                # A witness, or nothing but a refutation of the source: there is no plainer way.
                proof = None
            else:
                with clock.stage("refute again"):
                    tell("refuting once more, in the plainest way")
                    left = decision.refutation if by_theorem and method != "direct" else None
                    proof = _again(instance, proof, left, report, Limits(clock.left(), plain=True), tell)
    if report["verdict"] == "UNKNOWN" and not disagreement:
        with clock.stage("bounds"):
            tell("proving bounds")
            bounds = proved_bounds(instance, None if output is None else Path(output), seed, command)
        report["bounds"], report["certificates"] = bounds.as_dict(), bounds.certificates
        report["notes"].append(f"proved, each by a checked certificate: {bounds}")
    division.finish(report)
    report["seconds"] = {**clock.seconds, "total": clock.total()}
    path = Path(output) if output is not None and certificate is not None else None
    return ProveResult(
        report["verdict"],
        report["tier"],
        instance,
        None if certificate is None else certificate.witness,
        decision.solution,
        certificate,
        path,
        report,
    )


def _checked_witness(instance: TrainingInstance, network: Network, seed: int, timeout: float | None) -> dict[str, Any]:
    check = check_witness(instance, network, seed=seed, timeout_s=timeout)
    if not check.exact_fits or check.z3_fits is False:
        raise SolverFailure(f"the witness fails its check: {check}", hint="a fault of this program")
    return {"exact": check.exact_fits, "z3": check.z3_fits, "z3_points": check.z3_points, "note": str(check)}


def _edge(source: Any, to: str, problem: str | None, options: Options) -> tuple[Any, Reduction]:
    """The source problem, parsed where it is a text, and the reduction from it."""
    if problem is None:
        for known in PROBLEMS.values():
            if isinstance(source, known.kind):
                return source, reduction_named(known.name, to, options)
        raise UnknownProblem(
            f"no source problem is given as {type(source).__name__}",
            hint="give a Formula, PointSets, Cnf, Graph or ColouredGraph, or their text and problem=NAME",
        )
    reduction = reduction_named(problem, to, options)
    return PROBLEMS[problem].parse(source, None) if isinstance(source, str) else source, reduction


def _words(options: Options) -> str:
    """The options as they stand on a command line."""
    given = {
        "dimension": options.dimension,
        "extra-neurons": options.extra or None,
        "loss": options.loss,
        "gamma": None if options.gamma is None else render(options.gamma),
    }
    return "".join(f" --{name} {value}" for name, value in given.items() if value is not None)


def _instance_report(instance: TrainingInstance) -> dict[str, Any]:
    return {
        "points": len(instance.points),
        "dimension": instance.dimension,
        "width": instance.width,
        "activation": instance.activation,
        "signs": instance.signs,
        "loss": instance.loss,
        "gamma": render(instance.gamma),
        "sha256": instance.sha256(),
    }


def _admit_theorem(source: Any, options: Options, method: Method) -> None:
    """Raises InputError where no proof by theorem is known."""
    if isinstance(source, PointSets):
        raise InputError(f"no method {method!r} for twohyp", hint="it is for poits, sat, clique and mcclique")
    if options.extra:
        raise InputError(f"no method {method!r} with further neurons", hint="leave out --extra-neurons")


def _practical(
    reduction: Reduction, instance: TrainingInstance, by_theorem: bool, report: dict[str, Any]
) -> tuple[Plan, float | None]:
    """How "auto" proves a no, and in how many seconds from the data, if that is bounded."""
    if not by_theorem:
        return "direct", None
    limit = ""
    graph = reduction.source in ("clique", "mcclique")
    if instance.width > MOST_DIRECT:
        limit = f"more than {MOST_DIRECT:,} neurons"
    elif graph and len(instance.points) > MOST_GRAPH_POINTS:
        limit = f"more than {MOST_GRAPH_POINTS} points"
    elif (reduction.source, reduction.target) == ("clique", "relu"):
        limit = "four ReLUs in the dimensions of a clique"
    if limit:
        report["notes"].append(f"{limit}: proved by theorem; --method both tries the data alone, too")
        return "theorem", None
    return ("either", GRAPH_SECONDS) if graph else ("both", None)


def _refuted(
    instance: TrainingInstance,
    decision: Decision,
    by_theorem: bool,
    plan: Plan,
    limits: Limits,
    tell: Progress,
    report: dict[str, Any],
) -> dict[str, Any] | None:
    """The parts of a certificate that show the no, perhaps an incomplete one, or None.

    ``by_theorem``: the refutation of the source shows it.
    """
    refutation = decision.refutation
    theorem = {"source_refutation": refutation, "by_theorem": True}
    if plan == "theorem":
        if not by_theorem:
            return None
        report["refutation"] = {"method": "theorem", "lines": 0, "summary": {}}
        return theorem
    outcome = refute_with_loss(instance, limits=limits, progress=tell)
    if isinstance(outcome, Unknown):
        report["notes"].append(f"not refuted from the data: {outcome.reason}")
        if refutation is None and decision.status != "unsat":
            return None
        if not by_theorem or plan == "direct":
            # The source has no solution: worth keeping, as an incomplete certificate.
            return {"source_refutation": refutation}
        report["refutation"] = {"method": "theorem", "lines": 0, "summary": {}}
        return theorem
    lines = list(outcome.lines)
    both = refutation is not None and plan == "both"
    report["refutation"] = {
        "method": "both" if both else "direct",
        "lines": len(lines),
        "summary": outcome.summary,
    }
    return {"refutation": lines, "source_refutation": refutation if both else None}


def _again(
    instance: TrainingInstance,
    rejected: dict[str, Any],
    left: Iterable[str] | None,
    report: dict[str, Any],
    limits: Limits,
    tell: Progress,
) -> dict[str, Any] | None:
    """The parts of a certificate after a direct refutation was rejected: another one; or what else shows the no.

    A second rejection ends here, too: then only the theorem is left, where ``left`` refutes the source.
    """
    outcome = None if report["refutation"].get("again") else refute_with_loss(instance, limits=limits, progress=tell)
    if isinstance(outcome, Refutation):
        report["refutation"] = {**report["refutation"], "lines": len(outcome.lines), "again": True}
        return {**rejected, "refutation": list(outcome.lines)}
    report["notes"].append("no refutation from the data that the checker accepts")
    report["refutation"] = None
    if left is None:
        return None
    report["refutation"] = {"method": "theorem", "lines": 0, "summary": {}}
    return {"source_refutation": left, "by_theorem": True}


def _cross_checked(
    instance: TrainingInstance, proof: dict[str, Any], seconds: float, seed: int, tell: Progress, report: dict[str, Any]
) -> bool:
    """Asks the solvers, tells what they say, and whether one of them disagrees."""
    shown = proof.get("witness") or proof.get("refutation")
    if shown is None:
        report["notes"].append("no cross-check: this no is not shown from the data")
        return False
    found = second_opinion.cross_check(instance, shown, seconds=seconds, seed=seed, progress=tell)
    report["cross_check"] = found.as_json()
    if found.disagrees:
        report["notes"].append(second_opinion.FAULT)
    return found.disagrees


def _least(seconds: float, left: float | None) -> float:
    return seconds if left is None else min(seconds, left)


def _write_verified(
    certificate: Certificate, output: str | os.PathLike[str] | None, kernel: Path | None, report: dict[str, Any]
) -> None:
    checked = write_verified(certificate, output, kernel)
    result = checked.result
    if checked.note is not None:
        report["notes"].append(checked.note)
    report["certificate"] = written(checked, output)
    report["check"] = {
        "status": result.status,
        "code": result.code,
        "method": result.method,
        "theorem": result.theorem,
        "stats": result.stats,
    }
    if checked.verified:
        report["verdict"], report["tier"] = result.verdict, checked.tier
