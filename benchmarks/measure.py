"""One measurement, in the process that calls it. A row is a flat dict of JSON values.

Seconds are CPU time of the process and of the ones it started, which other work on the machine disturbs least; at any
time one of them works. Limits are wall-clock time; ``wall`` is that of the whole case.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

from cases import Case, planted

from certify.certificate import Certificate, Claim
from certify.decide.refute import Limits, Unknown, refute
from certify.decide.refute.strengthened import strengthened
from certify.decide.witness import check_witness
from certify.encode import encode
from certify.instance import TrainingInstance
from certify.network import Network, Neuron
from certify.pipeline import prove
from certify.reductions import reduction_named
from certify.verify import check_file
from smt import check

Row = dict[str, Any]
#: Evaluation neuron by neuron is timed at so many points, to estimate what it would take at all.
SAMPLE = 20
#: Seconds that Z3 is given for the witness, in the family ``scale``.
Z3_LIMIT = 20.0


def cpu() -> float:
    """Seconds of CPU time that this process and its finished children have used."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


class Stopwatch:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Times what is inside."""
        begin = cpu()
        yield
        self.seconds[name] = round(cpu() - begin, 3)


def measure(case: Case, limit: float) -> Row:
    """The row of one case; ``limit`` seconds bound refuters and solvers."""
    row: Row = {"name": case.name, "instance": case.instance_name}
    begin = time.perf_counter()
    row |= {"scale": _scale, "refute": _refute, "plain": _plain}[case.family](case, limit)
    return row | {"wall": round(time.perf_counter() - begin, 3), "peak_mb": round(_peak_bytes() / 2**20, 1)}


def _peak_bytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _size(instance: TrainingInstance) -> Row:
    return {"points": len(instance.points), "width": instance.width}


def _scale(case: Case, limit: float) -> Row:
    formula, solution = planted(case.sizes["size"], case.seed)
    reduction = reduction_named(case.problem, case.target)
    watch = Stopwatch()
    with watch.stage("reduce"):
        instance = reduction.reduce(formula)
    with watch.stage("lift"):
        network = reduction.lift(formula, solution)
    with watch.stage("check"):
        misfits = instance.misfits(network)
    assert not misfits
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "yes.cert"
        with watch.stage("write"):
            claim = Claim.of("YES", reduction.name, instance)
            Certificate(claim, formula, witness=network, solution=solution).save(path)
        size = path.stat().st_size
        with watch.stage("verify"):
            result = check_file(path)
    assert (result.status, result.verdict) == ("VERIFIED", "YES")
    total = round(sum(watch.seconds.values()), 3)
    # Only now what is no part of the job: peak memory of the job is measured by then.
    peak = round(_peak_bytes() / 2**20, 1)
    one_by_one = _one_by_one(instance, network)
    with watch.stage("z3"):
        witness = check_witness(instance, network, timeout_s=min(limit, Z3_LIMIT))
    return {
        **_size(instance),
        **watch.seconds,
        "total": total,
        "job_peak_mb": peak,
        "certificate_bytes": size,
        "one_by_one_estimate": round(one_by_one, 2),
        "ratio": round(one_by_one / watch.seconds["check"], 1) if watch.seconds["check"] else None,
        "z3_points": witness.z3_points,
        "z3_fits": witness.z3_fits,
    }


def _one_by_one(instance: TrainingInstance, network: Network) -> float:
    """Estimated seconds of exact evaluation neuron by neuron, in integers: the way taken from dimension 3 on."""
    zero = Fraction(0)
    neurons = tuple(Neuron((*n.weights, zero), n.bias, n.coefficient) for n in network.neurons)
    padded = Network(network.activation, neurons, network.dimension + 1)
    count = len(instance.points)
    chosen = [n * count // SAMPLE for n in range(SAMPLE)]
    begin = cpu()
    values = padded.evaluate([(*instance.points[n], zero) for n in chosen])
    seconds = cpu() - begin
    assert values == [instance.labels[n] for n in chosen]
    return seconds * count / SAMPLE


def _refute(case: Case, limit: float) -> Row:
    source = case.source()
    reduction = reduction_named(case.problem, case.target)
    instance = reduction.reduce(source)
    watch = Stopwatch()
    with watch.stage("refute"):
        outcome = refute(instance, limits=Limits(seconds=limit))
    if isinstance(outcome, Unknown):
        return {**_size(instance), **watch.seconds, "status": "UNKNOWN", "reason": outcome.reason}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "no.cert"
        Certificate(Claim.of("NO", reduction.name, instance), source, refutation=outcome.lines).save(path)
        size = path.stat().st_size
        with watch.stage("verify"):
            result = check_file(path)
    return {
        **_size(instance),
        **watch.seconds,
        "status": f"{result.status} {result.verdict}",
        "steps": len(outcome.lines),
        "bytes": size,
        "bytes_a_point": round(size / len(instance.points)),
    }


def _plain(case: Case, limit: float) -> Row:
    source = case.source()
    instance = reduction_named(case.problem, case.target).reduce(source)
    begin, wall = cpu(), time.perf_counter()
    if case.method == "certify":
        verdict = {"YES": "sat", "NO": "unsat"}.get(prove(source, case.target, timeout=limit).verdict, "unknown")
    elif case.method == "z3+labels":
        statuses = []
        for script in strengthened(instance):
            left = limit - (time.perf_counter() - wall)
            statuses.append(check(script, "z3", timeout_s=left).status if left > 0 else "unknown")
        verdict = next((s for s in ("sat", "unknown") if s in statuses), "unsat")
    else:
        verdict = check(encode(instance), case.method, timeout_s=limit).status
    seconds = round(cpu() - begin, 3)
    return {**_size(instance), "method": case.method, "verdict": verdict, "seconds": seconds, "limit": limit}
