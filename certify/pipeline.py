"""The main job, whole: the one module that knows the order in which the others work.

source problem -> training instance -> decide the source -> witness network, checked twice, or refutation from
the data -> certificate -> independent check.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from certify.certificate import Certificate, Claim, replacing
from certify.decide import poits_sat, twohyp_z3
from certify.decide.refute import Limits, Unknown, refute
from certify.decide.witness import check_witness
from certify.errors import InputError, ResourceLimit, SolverFailure
from certify.instance import TrainingInstance
from certify.network import Network
from certify.problems import PROBLEMS
from certify.problems.poits import Formula
from certify.problems.twohyp import PointSets
from certify.reductions import Reduction, reduction_named
from certify.verify import Result, check_file
from certify.version import __version__

Verdict = Literal["YES", "NO", "UNKNOWN"]
Progress = Callable[[str], None]
#: The packages whose versions a certificate's provenance states.
SOLVERS = ("z3-solver", "python-sat")


@dataclass(frozen=True)
class ProveResult:
    """What ``prove`` found.

    ``tier`` is "checked" where the independent checker has verified the certificate, "solver" where a solver's
    word is all there is, None for UNKNOWN. ``path`` is where the certificate was written, if anywhere.
    ``report`` holds the same as JSON values, with stable keys (docs/cli.md).
    """

    verdict: Verdict
    tier: Literal["solver", "checked"] | None
    instance: TrainingInstance
    network: Network | None
    solution: Any
    certificate: Certificate | None
    path: Path | None
    report: dict[str, Any]


@dataclass
class Decision:
    """What is known of a source instance: a ``solution`` to lift, or else why there is none.

    ``refutation``: the lines of a source refutation, if there is one. ``settled``: the source has no solution
    or no lift, for a reason that ``note`` tells.
    """

    solution: Any = None
    refutation: list[str] | None = None
    note: str = ""
    unknown: bool = False


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

    def left(self) -> float | None:
        if self.timeout is None:
            return None
        return max(self.timeout - (time.monotonic() - self.started), 0.001)


def reduce(source: Any, to: str, *, problem: str | None = None) -> TrainingInstance:
    """The training instance for a source problem.

    ``source``: a Formula or PointSets, or their text with ``problem`` named; ``to``: "relu" or "threshold".
    Raises UnknownProblem, ParseError, ResourceLimit.
    """
    instance, reduction = _edge(source, to, problem)
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
) -> ProveResult:
    """Decides whether the training instance of a source problem has a fit, and proves it.

    ``source`` and ``to`` as for ``reduce``. ``output``: where to write the certificate, once it is verified.
    ``timeout``: seconds after which the verdict is UNKNOWN. ``name``: what the provenance calls the source.
    Raises InputError for bad input, SolverFailure if a check of our own work fails.
    """
    tell = progress or (lambda _: None)
    clock = _Clock(timeout)
    source, reduction = _edge(source, to, problem)
    path = None if output is None else Path(output)
    with clock.stage("reduce"):
        tell("building the training instance")
        instance = reduction.reduce(source)
    with clock.stage("decide"):
        tell(f"deciding the {reduction.source} instance")
        decision = decide(source, seed=seed, timeout=clock.left())
    report: dict[str, Any] = {
        "verdict": "UNKNOWN",
        "tier": None,
        "source": {"problem": reduction.source, **sizes(source)},
        "reduction": {"name": reduction.name, "theorem": reduction.theorem},
        "instance": _instance_report(instance),
        "notes": [decision.note] if decision.note else [],
    }
    network = None
    proof: dict[str, Any] = {}
    if decision.solution is not None:
        with clock.stage("lift"):
            network = reduction.lift(source, decision.solution)
        with clock.stage("check witness"):
            tell("checking the witness: exactly, and by Z3")
            report["witness"] = _checked_witness(instance, network, clock.left())
        proof = {"witness": network, "solution": decision.solution}
    elif not decision.unknown:
        with clock.stage("refute"):
            outcome = refute(instance, limits=Limits(seconds=clock.left()), progress=tell)
        proof = {"source_refutation": decision.refutation}
        if isinstance(outcome, Unknown):
            report["notes"].append(f"not refuted: {outcome.reason}")
            report["bounds"] = outcome.bounds
            if decision.refutation is None:
                proof = {}
        else:
            report["refutation"] = outcome.summary
            proof["refutation"] = outcome.lines
    certificate = None
    result = None
    if proof:
        claim = Claim.of("YES" if network is not None else "NO", reduction.name, instance)
        command = f"certify prove --from {reduction.source} --to {reduction.target} --seed {seed} {name}"
        certificate = Certificate(claim, source, **proof, provenance=provenance(seed, command))
        with clock.stage("verify"):
            tell("checking the certificate")
            result, size = _written(certificate, path)
        report["certificate"] = {"path": None if path is None else str(path), "bytes": size}
        report["check"] = {"status": result.status, "stats": result.stats}
        if result.status == "VERIFIED":
            report["verdict"], report["tier"] = claim.verdict, "checked"
    report["seconds"] = {**clock.seconds, "total": round(time.monotonic() - clock.started, 3)}
    return ProveResult(
        report["verdict"],
        report["tier"],
        instance,
        network,
        decision.solution,
        certificate,
        path if certificate is not None else None,
        report,
    )
