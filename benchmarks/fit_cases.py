"""A named, seeded suite of small data sets with a width: does a network of that width fit them?

``suite()`` gives the cases; a name determines its data. The answer is known in advance (``known``) only where it was
planted or is plain; elsewhere the methods of fit_run.py have to find it. The family ``real`` needs scikit-learn.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib import import_module
from itertools import product
from typing import Any, Literal

from certify.instance import Signs, TrainingInstance
from certify.network import Activation, Network, Neuron
from certify.reductions.gadgets import selection_gadget, stripe_gadget

Verdict = Literal["YES", "NO"]
#: Points and labels.
Data = tuple[list[list[Any]], list[Any]]


@dataclass(frozen=True)
class FitCase:
    """One question; ``make`` builds its data from a random generator that the name seeds (``seed`` where given)."""

    family: str
    name: str
    activation: Activation
    width: int
    make: Callable[[random.Random], Data]
    signs: Signs = "free"
    known: Verdict | None = None
    seed: str | None = None

    def instance(self) -> TrainingInstance:
        """The training instance, the same at every call."""
        points, labels = self.make(random.Random(self.seed or self.name))
        return TrainingInstance.of(points, labels, width=self.width, activation=self.activation, signs=self.signs)


def suite() -> list[FitCase]:
    """All cases, family by family."""
    return [*_random(), *_planted(), *_grids(), *_gadgets(), *_convex(), *_real()]


def _samples(n: int, d: int, k: int) -> list[str]:
    """Ends of the names of cases of one size. Three where one takes seconds: what a search needs there varies much."""
    return ["", " #2", " #3"] if n >= 20 and d >= 2 and k >= 3 else [""]


def _distinct(rng: random.Random, n: int, d: int, radius: int) -> list[list[int]]:
    radius = max(radius, n // 2) if d == 1 else radius
    seen: dict[tuple[int, ...], None] = {}
    while len(seen) < n:
        seen[tuple(rng.randint(-radius, radius) for _ in range(d))] = None
    return [list(point) for point in seen]


# --- random: distinct integer points, labels that know nothing of them


def _random() -> Iterator[FitCase]:
    relu = "6 1 1, 8 1 3, 10 1 4, 16 1 6, 40 1 6, 6 2 2, 8 2 2, 10 2 3, 12 2 3, 20 2 3, 20 2 4, 30 2 4"
    relu += ", 8 3 2, 12 3 3, 16 3 4, 40 3 5, 6 4 1, 10 4 2, 14 4 3, 24 4 4"
    threshold = "6 1 2, 12 1 5, 8 2 2, 10 2 3, 14 2 4, 20 2 4, 10 3 3, 16 3 4, 12 4 3, 24 4 5"
    kinds: list[tuple[Activation, str, int]] = [("relu", relu, 4), ("threshold", threshold, 2)]
    for activation, sizes, spread in kinds:
        for size in sizes.split(", "):
            n, d, k = map(int, size.split())

            def make(rng: random.Random, n: int = n, d: int = d, spread: int = spread) -> Data:
                return _distinct(rng, n, d, 6), [rng.randint(-spread, spread) for _ in range(n)]

            for sample in _samples(n, d, k):
                yield FitCase("random", f"random {activation} n{n} d{d} k{k}{sample}", activation, k, make)


# --- planted: the values of a network; asked at its width, and at one less


def _planted() -> Iterator[FitCase]:
    sizes: dict[tuple[Activation, bool], str] = {
        ("relu", False): "12 1 3, 20 1 5, 12 2 2, 20 2 3, 30 2 4, 20 3 3, 30 3 4, 24 4 3, 40 2 6, 40 4 5",
        ("relu", True): "16 1 4, 12 2 2, 20 2 3, 24 3 3, 30 4 4",
        ("threshold", False): "14 1 5, 14 2 2, 24 2 4, 24 3 3, 40 4 4",
        ("threshold", True): "20 2 3, 20 3 2",
    }
    for (activation, fractions), text in sizes.items():
        kind = "rational" if fractions else "integer"
        for size in text.split(", "):
            n, d, k = map(int, size.split())

            def make(
                rng: random.Random,
                shape: tuple[int, int, int] = (n, d, k),
                activation: Activation = activation,
                fractions: bool = fractions,
            ) -> Data:
                return planted(rng, activation, *shape, fractions=fractions)

            name = f"planted {kind} {activation} n{n} d{d} k{k}"
            for sample in _samples(n, d, k):
                seed = f"{name}{sample}"
                yield FitCase("planted", f"{name} at k{sample}", activation, k, make, known="YES", seed=seed)
                yield FitCase("planted", f"{name} at k-1{sample}", activation, k - 1, make, seed=seed)


def planted(
    rng: random.Random,
    activation: Activation,
    n: int,
    d: int,
    k: int,
    *,
    fractions: bool = False,
    positive: bool = False,
) -> Data:
    """``n`` points in dimension ``d`` with the values of ``k`` neurons, each of them on at some and off at others."""
    scale = 2 if fractions else 1
    points = [[Fraction(x, scale) for x in point] for point in _distinct(rng, n, d, 5 * scale)]

    def number(size: int) -> Fraction:
        return (
            Fraction(rng.randint(-2 * size, 2 * size), rng.randint(1, 4))
            if fractions
            else Fraction(rng.randint(-size, size))
        )

    neurons: list[Neuron] = []
    while len(neurons) < k:
        neuron = Neuron(tuple(number(3) for _ in range(d)), number(5), Fraction(1))
        active = sum(Network("threshold", (neuron,), d).evaluate([tuple(point) for point in points]))
        if not 2 <= active <= n - 2:
            continue
        coefficient = Fraction(rng.choice([1, 1, -1]))
        if activation == "threshold":
            coefficient = rng.choice([1, -1]) * abs(number(3) or Fraction(1))
        neurons.append(Neuron(neuron.weights, neuron.bias, Fraction(1) if positive else coefficient))
    network = Network(activation, tuple(neurons), d)
    return [list(point) for point in points], [network(point) for point in points]


# --- grids: functions on the points of a grid


def _grids() -> Iterator[FitCase]:
    def parity(*x: int) -> int:
        return sum(x) % 2

    def tent(x: int, y: int) -> int:
        return min(x, y, 4 - x, 4 - y)

    entries: list[tuple[str, Activation, int, int, Callable[..., int], dict[int, Verdict | None]]] = [
        ("max(x, y)", "relu", 5, 2, max, {2: "YES", 1: "NO"}),
        ("|x - y|", "relu", 5, 2, lambda x, y: abs(x - y), {2: "YES", 1: "NO"}),
        ("|x - 2| + |y - 2|", "relu", 5, 2, lambda x, y: abs(x - 2) + abs(y - 2), {4: "YES", 3: None}),
        ("tent", "relu", 5, 2, tent, {4: None, 3: None}),
        ("x y", "relu", 4, 2, lambda x, y: x * y, {3: None, 5: None}),
        ("parity of three bits", "relu", 2, 3, parity, {3: "YES", 2: None}),
        ("parity of four bits", "relu", 2, 4, parity, {4: "YES", 3: None}),
        ("parity of three bits", "threshold", 2, 3, parity, {3: "YES", 2: None}),
        ("parity of four bits", "threshold", 2, 4, parity, {4: "YES", 3: None}),
        ("stairs", "threshold", 5, 2, lambda x, y: (x + y) // 2, {4: "YES", 3: "NO"}),
        ("checkerboard", "threshold", 4, 2, parity, {6: None, 4: None}),
        ("disc", "threshold", 5, 2, lambda x, y: (x - 2) ** 2 + (y - 2) ** 2 <= 4, {3: None, 4: None}),
    ]
    for title, activation, side, d, function, answers in entries:
        for width, known in answers.items():

            def make(_: random.Random, side: int = side, d: int = d, f: Callable[..., int] = function) -> Data:
                points = [list(point) for point in product(range(side), repeat=d)]
                return points, [int(f(*point)) for point in points]

            name = f"grid {activation} {side}^{d} {title} k{width}"
            yield FitCase("grids", name, activation, width, make, known=known)


# --- gadgets: of the paper's reductions, whole and spoiled


def _gadgets() -> Iterator[FitCase]:
    third = Fraction(1, 3)
    slopes = {
        "two slopes": (-1, 1),
        "three slopes": (-1, 0, 1),
        "four slopes": (-1, Fraction(-1, 2), Fraction(1, 2), 1),
    }
    for title, offered in slopes.items():
        exact = [Fraction(s) for s in offered]

        def selection(_: random.Random, exact: Sequence[Fraction] = exact) -> Data:
            return _split(selection_gadget(Fraction(0), exact, third))

        def spoiled(_: random.Random, exact: Sequence[Fraction] = exact) -> Data:
            # (24, 18) wants a ridge of slope 3/4 (between 16/24 and 20/24), which is not on offer.
            return _split([*selection_gadget(Fraction(0), exact, third), ((Fraction(24), Fraction(18)), Fraction(1))])

        def stripes(_: random.Random, exact: Sequence[Fraction] = exact) -> Data:
            return _split(stripe_gadget(Fraction(0), exact, third, Fraction(1, 16)))

        yield FitCase("gadgets", f"selection gadget, {title}, k4", "relu", 4, selection, known="YES")
        yield FitCase("gadgets", f"selection gadget, {title}, k3", "relu", 3, selection, known="NO")
        if len(exact) < 4:
            yield FitCase("gadgets", f"spoiled selection gadget, {title}, k4", "relu", 4, spoiled, known="NO")
        yield FitCase("gadgets", f"stripe gadget, {title}, k2", "threshold", 2, stripes, known="YES")


def _split(labelled: Any) -> Data:
    rows = list(labelled)
    return [list(point) for point, _ in rows], [label for _, label in rows]


# --- convex: all output signs are 1


def _convex() -> Iterator[FitCase]:
    for size in ("15 1 3", "20 2 3", "30 2 4", "30 3 4", "40 3 5"):
        n, d, k = map(int, size.split())

        def make(rng: random.Random, shape: tuple[int, int, int] = (n, d, k)) -> Data:
            return planted(rng, "relu", *shape, positive=True)

        seed = f"convex n{n} d{d} k{k}"
        yield FitCase("convex", f"{seed} at k", "relu", k, make, "convex", "YES", seed)
        yield FitCase("convex", f"{seed} at k-1", "relu", k - 1, make, "convex", seed=seed)

    def parabola(_: random.Random) -> Data:
        return [[x] for x in range(-3, 4)], [x * x for x in range(-3, 4)]

    def bowl(_: random.Random) -> Data:
        points = [[x, y] for x in (-1, 0, 1) for y in (-1, 0, 1)]
        return points, [x * x + y * y for x, y in points]

    yield FitCase("convex", "convex parabola n7 d1 k5", "relu", 5, parabola, "convex")
    yield FitCase("convex", "convex bowl n9 d2 k3", "relu", 3, bowl, "convex")
    yield FitCase("convex", "convex bowl n9 d2 k4", "relu", 4, bowl, "convex", "YES")


# --- real: samples of scikit-learn's small data sets, rounded


def _real() -> Iterator[FitCase]:
    # data set: columns, decimals kept of them, unit to which the label is rounded
    sets: dict[str, tuple[list[int], int, int, Activation]] = {
        "iris": ([2, 3, 0, 1], 1, 1, "relu"),
        "diabetes": ([2, 8, 3, 0], 1, 10, "relu"),
        "wine": ([0, 6, 9, 12], 1, 1, "relu"),
        "linnerud": ([0, 1, 2], 0, 1, "relu"),
        "breast_cancer": ([0, 1, 4, 7], 1, 1, "threshold"),
    }
    sizes = {
        "iris": "20 2 3, 30 2 3, 40 4 2",
        "diabetes": "6 1 2, 12 1 4, 10 2 2, 16 2 3, 20 4 3",
        "wine": "14 2 2, 20 3 3, 40 4 2",
        "linnerud": "10 2 2, 20 3 3",
        "breast_cancer": "20 2 2, 30 2 2, 40 2 3, 40 4 1",
    }
    for dataset, (columns, decimals, unit, activation) in sets.items():
        for size in sizes[dataset].split(", "):
            n, d, k = map(int, size.split())

            def make(
                rng: random.Random,
                dataset: str = dataset,
                n: int = n,
                chosen: Sequence[int] = tuple(columns[:d]),
                digits: tuple[int, int] = (decimals, unit),
            ) -> Data:
                return _sample(rng, dataset, n, chosen, *digits)

            yield FitCase("real", f"{dataset} {activation} n{n} d{d} k{k}", activation, k, make)


def _sample(rng: random.Random, dataset: str, n: int, columns: Sequence[int], decimals: int, unit: int) -> Data:
    """``n`` rows with distinct points; the label is the target (of ``linnerud`` the first) to the nearest ``unit``."""
    load = getattr(import_module("sklearn.datasets"), f"load_{dataset}")
    data = load(scaled=False) if dataset == "diabetes" else load()
    rows: dict[tuple[Fraction, ...], int] = {}
    order = list(range(len(data.data)))
    rng.shuffle(order)
    for index in order:
        point = tuple(Fraction(f"{float(data.data[index][c]):.{decimals}f}") for c in columns)
        target = data.target[index]
        label = float(target if dataset != "linnerud" else target[0])
        if len(rows) < n:
            rows.setdefault(point, round(label / unit) * unit)
    return [list(point) for point in rows], list(rows.values())
