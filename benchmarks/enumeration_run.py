"""The enumeration of all splits of the points against its formula, and against the search, as a table.

    python benchmarks/enumeration_run.py                # the table, in Markdown
    python benchmarks/enumeration_run.py --seconds 20    # give up a question sooner

Every row is one question: distinct points with whole coordinates in [-9, 9], labels of a random network with one
neuron more than are asked for (mostly a NO, where every choice counts). "formula": 2^k D^k choices for ReLUs and D^k
for thresholds, with D the most dichotomies that n points in dimension d have (Cover, 1965). "choices": those that were
looked at, up to neurons changing places. "programs": the choices that the reason of another did not rule out.
"plain": programs and CPU seconds where every choice gets one.
"""

from __future__ import annotations

import argparse
import random
import sys
import time

from certify.decide import enumeration
from certify.decide.fit import Fit, NoFit, Undecided
from certify.decide.methods import Budget, exact
from certify.exact import Vector, rational
from certify.instance import TrainingInstance
from certify.network import Activation, Network, Neuron

SIZES = (
    (1, 8, 1), (1, 8, 2), (1, 12, 2), (1, 8, 3), (1, 12, 3), (2, 6, 1), (2, 12, 1), (2, 6, 2), (2, 8, 2), (2, 12, 2),
    (2, 8, 3), (2, 12, 3), (3, 8, 1), (3, 12, 1), (3, 8, 2), (3, 12, 2), (3, 8, 3),
)  # fmt: skip
"""d, n and k."""
HEADER = (
    "activation, d, n, k, answer, formula, choices, programs, s, lines of the proof, plain: programs, s, search: s"
)


def question(activation: Activation, d: int, n: int, k: int) -> TrainingInstance:
    """Labels of a network with k + 1 neurons."""
    rng = random.Random(f"enumeration {activation} {d} {n} {k}")
    places: dict[Vector, None] = {}
    while len(places) < n:
        places[tuple(rational(rng.randint(-9, 9)) for _ in range(d))] = None
    neurons = []
    for _ in range(k + 1):
        # A neuron that splits the points.
        while True:
            neuron = Neuron.of([rng.randint(-3, 3) for _ in range(d)], rng.randint(-9, 9), rng.choice((1, -1)))
            on = sum(value > 0 for value in Network("threshold", (neuron,), d).evaluate(list(places)) if value) or sum(
                value < 0 for value in Network("threshold", (neuron,), d).evaluate(list(places))
            )
            if 0 < on < n:
                break
        neurons.append(neuron)
    labels = Network(activation, tuple(neurons), d).evaluate(list(places))
    return TrainingInstance.of(list(places), labels, width=k, activation=activation)


def timed(
    instance: TrainingInstance, seconds: float, reuse: bool
) -> tuple[Fit | NoFit | Undecided, float]:
    """The answer and CPU seconds."""
    begin = time.process_time()
    answer = enumeration.decide(instance, seconds=seconds, reuse=reuse)
    return answer, time.process_time() - begin


def main() -> int:
    """Prints the rows as they come; exit code 1 if two deciders say different things."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=120.0, help="wall-clock time for a question")
    options = parser.parse_args()
    print("| " + HEADER.replace(", ", " | ") + " |")
    print("| --- " * len(HEADER.split(", ")) + "|")
    agree = True
    warm = TrainingInstance.of([[0], [1]], [0, 1], width=1, activation="relu")
    exact(warm, "search", Budget(None), 0, lambda _: None)
    activations: tuple[Activation, ...] = ("relu", "threshold")
    for activation in activations:
        for d, n, k in SIZES:
            instance = question(activation, d, n, k)
            answer, spent = timed(instance, options.seconds, True)
            begin = time.process_time()
            other = exact(instance, "search", Budget(options.seconds), 0, lambda _: None)
            searched = time.process_time() - begin
            plain, slow = timed(instance, options.seconds, False)
            words = {Fit: "YES", NoFit: "NO", Undecided: "-"}
            said = {words[type(one)] for one in (answer, other, plain)} - {"-"}
            agree &= len(said) < 2
            formula = enumeration.most_dichotomies(n, d) ** k * (2**k if activation == "relu" else 1)
            done = not isinstance(plain, Undecided)
            cells = [
                activation, d, n, k, words[type(answer)], f"{formula:,}",
                *(f"{answer.summary.get(name, 0):,}" for name in ("cases", "programs")),
                f"{spent:.2f}" if not isinstance(answer, Undecided) else f"> {options.seconds:g}",
                len(answer.lines) if isinstance(answer, NoFit) else "-",
                f"{plain.summary['programs']:,}" if done else "-",
                f"{slow:.2f}" if done else f"> {options.seconds:g}",
                f"{searched:.2f}" if not isinstance(other, Undecided) else f"> {options.seconds:g}",
            ]  # fmt: skip
            print("| " + " | ".join(map(str, cells)) + " |", flush=True)
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())
