"""The strengthened encoding: the question of a refutation, with what its lines decide put in, as SMT scripts.

One script a split (format v1, 6.4); the instance has no fit of its width if all are unsatisfiable. They speak of
the wider class of 6.1: an affine function plus the neurons, in the order and orientation of the labels. Where the
plain encoding (certify/encode.py) has points times neurons case distinctions, here a few a gadget are left, so Z3 and
cvc5 decide them: a cross-check of the refuter by solvers that share no code with it. The facts put in are the
refuter's own, so a refutation rests on its proof, not on these scripts.
"""

from __future__ import annotations

from collections.abc import Iterator

from certify.decide.refute.engine import splits
from certify.decide.refute.job import Job, first_occurrences
from certify.decide.refute.knowledge import GE, GT, LE, LT
from certify.decide.refute.patterns import ON, Patterns
from certify.decide.refute.setup import Setup
from certify.decide.refute.split import Split
from certify.instance import TrainingInstance
from smt import NIL, ONE, And, Assert, Command, Comment, Declare, Define, Linear, Or, Script, equal, real, total


def strengthened(instance: TrainingInstance) -> list[Script]:
    """The scripts of all splits; none if slots, labels and bounds, or two labels of a point, refute the fit alone."""
    distinct, clash = first_occurrences(instance)
    if clash is not None:
        return []
    job = Job(instance, None, lambda _: None, distinct)
    setup = Setup.of(instance.points, instance.labels, job.threshold)
    scripts = []
    for number in splits(job, setup):
        split = Split(job, setup, number)
        patterns = split.prepare()
        if patterns is not None:
            source = f"certify: instance {instance.sha256()}, width {instance.width}, split {number}"
            scripts.append(Script(tuple(_commands(split, patterns)), (("source", source), ("category", "crafted"))))
    return scripts


def _commands(split: Split, patterns: Patterns) -> Iterator[Command]:
    instance, knowledge = split.instance, split.knowledge
    threshold = split.job.threshold
    axes = range(1, instance.dimension + 1)
    positive = split.classes.get("+", range(0))
    yield Comment("alpha is affine (threshold: constant); neuron j has pre-activation w_j . x + b_j")
    for name in ["alpha", *(f"alpha_{c}" for c in axes if not threshold)]:
        yield Declare(name)
    for j in range(1, instance.width + 1):
        for name in [*(f"w_{j}_{c}" for c in axes), f"b_{j}", *([f"a_{j}"] if threshold else [])]:
            yield Declare(name)
    named: set[tuple[int, int]] = set()

    def z(j: int, i: int) -> Iterator[Command]:
        if (j, i) not in named:
            named.add((j, i))
            inputs = [(f"w_{j + 1}_{c}", x) for c, x in enumerate(instance.points[i], start=1) if x]
            yield Define(f"z_{i + 1}_{j + 1}", Linear((*inputs, (f"b_{j + 1}", ONE))))

    for (j, i), mask in sorted(knowledge.facts.items()):
        yield from z(j, i)
        value = real(f"z_{i + 1}_{j + 1}")
        if mask & GE:
            yield Assert(value > 0 if mask & GT else value >= 0)
        if mask & LE:
            yield Assert(value < 0 if mask & LT else value <= 0)
    for i in split.job.distinct:
        offset = [] if threshold else [(f"alpha_{c}", x) for c, x in enumerate(instance.points[i], start=1) if x]
        terms = [("alpha", ONE), *offset]
        for rank, status in patterns.statuses(i):
            j = patterns.order[rank]
            sign = ONE if threshold or j in positive else -ONE
            if status == ON and threshold:
                terms.append((f"a_{j + 1}", ONE))
                continue
            yield from z(j, i)
            value = real(f"z_{i + 1}_{j + 1}")
            if status == ON:
                terms.append((f"z_{i + 1}_{j + 1}", sign))
                continue
            name = f"{'t' if threshold else 'h'}_{i + 1}_{j + 1}"
            yield Declare(name)
            out, active = real(name), real(f"a_{j + 1}") if threshold else value
            above, below = (value > 0, value < 0) if threshold else (value >= 0, value <= 0)
            yield Assert(Or((And((above, equal(out, active))), And((below, equal(out, NIL))))))
            terms.append((name, sign))
        yield Assert(equal(total(terms), instance.labels[i]), f"point_{i + 1}")
