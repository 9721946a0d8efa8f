"""How many nodes Theorem 11's tree has, against the bound 2^(k(k(d+1)+1)+1) of docs/own_data.md, as a table.

    python benchmarks/convex_nodes.py                 # the table, in Markdown
    python benchmarks/convex_nodes.py --seconds 20     # give up a question sooner

For each d, k and number of points 2 SEEDS questions: distinct points with whole coordinates in [-9, 9], labels of a
random convex network with k neurons or with k+1 (which may fit with k all the same).
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from dataclasses import dataclass
from math import log2
from statistics import median

from certify.decide.convex import ConvexFit, ConvexNoFit, exact_fit
from certify.errors import ResourceLimit
from certify.exact import Vector, rational
from certify.instance import TrainingInstance
from certify.network import Network, Neuron

SIZES = ((1, 1), (1, 2), (1, 3), (1, 4), (2, 1), (2, 2), (2, 3), (3, 1), (3, 2), (4, 1), (4, 2))
"""d and k."""
POINTS = (10, 20, 40)
SEEDS = 5
HEADER = "d, k, points, YES / NO / open, nodes: median, most, bound, log2(most) / (k² d), depth: most, bound, s: most"


@dataclass(frozen=True)
class Run:
    """One question that was decided."""

    verdict: str
    nodes: int
    depth: int
    seconds: float


def question(d: int, k: int, points: int, more: int, seed: int) -> TrainingInstance:
    """Labels of a network with k + more neurons."""
    rng = random.Random(f"convex nodes {d} {k} {points} {more} {seed}")
    places: dict[Vector, None] = {}
    reach = 9 if d > 1 else max(9, points)
    while len(places) < points:
        places[tuple(rational(rng.randint(-reach, reach)) for _ in range(d))] = None
    neurons = tuple(
        Neuron.of([rng.randint(-3, 3) for _ in range(d)], rng.randint(-5, 5), 1) for _ in range(k + more)
    )
    labels = Network("relu", neurons, d).evaluate(list(places))
    return TrainingInstance.of(list(places), labels, width=k, activation="relu", signs="convex")


def run(instance: TrainingInstance, seconds: float) -> Run | None:
    """None: not decided in this time."""
    begin = time.process_time()
    try:
        answer = exact_fit(instance, seconds=seconds)
    except ResourceLimit:
        return None
    assert isinstance(answer, ConvexFit | ConvexNoFit)
    verdict = "YES" if isinstance(answer, ConvexFit) else "NO"
    return Run(verdict, answer.nodes, answer.counts.depth, time.process_time() - begin)


def main() -> int:
    """Prints the rows as they come; exit code 1 if a run is beyond the bounds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0, help="wall-clock time for a question")
    options = parser.parse_args()
    print("| " + HEADER.replace(", ", " | ") + " |")
    print("| --- " * len(HEADER.split(", ")) + "|")
    within = True
    for d, k in SIZES:
        levels = k * (d + 1) + 1
        for points in POINTS:
            runs = [run(question(d, k, points, more, s), options.seconds) for more in (0, 1) for s in range(SEEDS)]
            done = [one for one in runs if one is not None]
            counts = [sum(one.verdict == verdict for one in done) for verdict in ("YES", "NO")]
            row = [d, k, points, " / ".join(map(str, [*counts, len(runs) - len(done)]))]
            if done:
                most, depth = max(one.nodes for one in done), max(one.depth for one in done)
                within = within and most < 2 ** (k * levels + 1) and depth <= levels
                row += [median(one.nodes for one in done), most, f"2^{k * levels + 1}"]
                row += [f"{log2(most) / (k * k * d):.1f}"]
                row += [depth, levels, f"{max(one.seconds for one in done):.1f}"]
            print("| " + " | ".join(map(str, row)) + " |", flush=True)
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
