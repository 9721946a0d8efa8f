"""Every reduction closed up: source, instance, witness and back, against brute force on all small sources.

Exhaustive: all formulas of at most 3 variables and 2 clauses, all splits of few points into Q, P and none.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations_with_replacement, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certify.errors import NotAFit, NotASolution
from certify.exact import lcm_denominator, vector
from certify.instance import TrainingInstance
from certify.network import Network, Neuron
from certify.problems import PROBLEMS, poits, twohyp, twohyp_generate
from certify.problems.poits import Formula
from certify.problems.twohyp import PointSets
from certify.problems.twohyp_search import general_solution, restricted_solution, splits
from certify.reductions import REDUCTIONS, poits_to_relu, poits_to_threshold, twohyp_to_relu
from certify.reductions.gadgets import levee, stripe

POITS = {"relu": (poits_to_relu, levee), "threshold": (poits_to_threshold, stripe)}
TWOHYP = [REDUCTIONS["twohyp", target] for target in ("relu", "threshold")]


def formulas(variables: int, clauses: int) -> Iterator[Formula]:
    """All formulas of at most these sizes, clauses in every order, literals too."""
    for n in range(variables + 1):
        triples = list(product(range(1, n + 1), repeat=3))
        for m in range(clauses + 1):
            for chosen in product(triples, repeat=m):
                yield Formula(n, chosen)


def test_there_are_as_many_small_formulas_as_there_should_be() -> None:
    found = list(formulas(3, 2))
    assert len(found) == 1 + 3 + (1 + 8 + 64) + (1 + 27 + 729)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("target", POITS)
def test_solutions_of_all_small_formulas_go_round(target: str) -> None:
    module, ridge = POITS[target]
    size = len(ridge(Fraction(0), Fraction(0)))
    rng = random.Random(1)
    for formula in formulas(3, 2):
        made = module.reduce(formula)
        expected = module.size(formula)
        assert (len(made.points), made.width, made.dimension) == (expected.points, expected.width, 2)
        for assignment in poits.solutions(formula):
            network = module.lift(formula, assignment)
            assert network.width == made.width
            assert made.misfits(network) == []
            assert module.extract(formula, network) == assignment
            # The neurons in another order, and some ridges turned round: over a levee sum a_i z_i = 0, over a
            # stripe sum a_i = 0, so that sum a_i f(z_i) = sum +-a_i f(-z_i).
            neurons: list[Neuron] = []
            for start in range(0, network.width, size):
                part = network.neurons[start : start + size]
                neurons.extend(part if rng.random() < 0.5 else map(turned, part, [target] * size))
            rng.shuffle(neurons)
            other = Network(network.activation, tuple(neurons), 2)
            assert module.extract(formula, other) == assignment


def turned(neuron: Neuron, target: str) -> Neuron:
    sign = 1 if target == "relu" else -1
    return Neuron(tuple(-w for w in neuron.weights), -neuron.bias, sign * neuron.coefficient)


@pytest.mark.parametrize("target", POITS)
def test_the_fitting_choices_of_ridges_are_exactly_the_solutions(target: str) -> None:
    """By Lemma 5 all candidates for ReLUs: one levee a gadget. Without a solution none of them fits."""
    module, ridge = POITS[target]
    unsolvable = 0
    for formula in formulas(3, 2):
        # Clauses and literals in another order give mirror images of the same choices: take one of each.
        if formula.clauses != tuple(sorted(formula.clauses)) or not formula.variables:
            continue
        made, plan = module.reduce(formula), module.layout(formula)
        gadgets = list(plan.gadgets())
        columns = [
            [Network(made.activation, ridge(z, slope), 2).evaluate(made.points) for slope in slopes]
            for z, slopes in gadgets
        ]
        scale = lcm_denominator(
            v for choices in columns for column in choices for v in (*column, *made.labels)
        )
        assert scale < 2**50
        whole = [[np.array([int(v * scale) for v in column]) for column in choices] for choices in columns]
        wanted = np.array([int(v * scale) for v in made.labels])
        fitting = set()
        for choice in product(*(range(len(choices)) for choices in whole)):
            total = sum(choices[index] for choices, index in zip(whole, choice, strict=True))
            if np.array_equal(total, wanted):
                fitting.add(tuple(slopes[index] for (_, slopes), index in zip(gadgets, choice, strict=True)))
        solutions = {
            tuple(slope for _, slope in plan.ridges(assignment)) for assignment in poits.solutions(formula)
        }
        assert fitting == solutions
        unsolvable += not solutions
    assert unsolvable > 50


@st.composite
def planted(draw: st.DrawFn) -> tuple[Formula, poits.Assignment]:
    assignment = draw(
        st.lists(st.booleans(), min_size=2, max_size=8).filter(lambda a: True in a and False in a)
    )
    true = [i for i, value in enumerate(assignment, start=1) if value]
    false = [i for i, value in enumerate(assignment, start=1) if not value]
    clause = st.tuples(st.sampled_from(true), st.sampled_from(false), st.sampled_from(false)).flatmap(
        st.permutations
    )
    clauses = draw(st.lists(clause.map(tuple), max_size=6))
    return Formula(len(assignment), tuple(clauses)), tuple(assignment)


@settings(max_examples=40, deadline=None)
@given(planted(), st.sampled_from(sorted(POITS)), st.randoms(use_true_random=False))
def test_formulas_go_round_through_files(
    case: tuple[Formula, poits.Assignment], target: str, rng: random.Random
) -> None:
    formula, assignment = case
    edge, problem = REDUCTIONS["poits", target], PROBLEMS["poits"]
    read = problem.parse(problem.write(formula), None)
    made = edge.reduce(read)
    assert TrainingInstance.from_json(json.loads(json.dumps(made.to_json()))) == made
    given_solution = problem.parse_solution(read, problem.write_solution(assignment), None)
    network = Network.from_json(json.loads(json.dumps(edge.lift(read, given_solution).to_json())))
    neurons = list(network.neurons)
    rng.shuffle(neurons)
    assert edge.extract(read, Network(network.activation, tuple(neurons), 2)) == assignment
    broken = list(neurons)
    broken[0] = Neuron(neurons[0].weights, neurons[0].bias + 100, neurons[0].coefficient)
    with pytest.raises(NotAFit):
        edge.extract(read, Network(network.activation, tuple(broken), 2))


@pytest.mark.parametrize("target", POITS)
def test_large_formulas_go_round(target: str) -> None:
    """The fast evaluation on hundreds of gadgets; the solution is known by construction."""
    rng = random.Random(7)
    assignment = tuple(i % 3 == 0 for i in range(300))
    true = [i + 1 for i, value in enumerate(assignment) if value]
    false = [i + 1 for i, value in enumerate(assignment) if not value]
    clauses = tuple((rng.choice(false), rng.choice(true), rng.choice(false)) for _ in range(400))
    formula, edge = Formula(300, clauses), REDUCTIONS["poits", target]
    network = edge.lift(formula, assignment)
    assert edge.reduce(formula).misfits(network) == []
    assert edge.extract(formula, network) == assignment


def point_sets(points: list[tuple[Fraction, ...]], both: bool = False) -> Iterator[PointSets]:
    """All ways to give every point to Q, to P, to none (or to both)."""
    for roles in product(range(4 if both else 3), repeat=len(points)):
        q = tuple(x for x, role in zip(points, roles, strict=True) if role in (1, 3))
        p = tuple(x for x, role in zip(points, roles, strict=True) if role in (2, 3))
        yield PointSets(q, p, len(points[0]))


def two_thresholds_fit(sets: PointSets) -> bool:
    """Can two threshold neurons have 1 on Q and 0 on P? By going through all pairs of splits.

    A strict split is enough: biases can be lowered until no point has pre-activation 0. So are coefficients
    -1, 0 and 1: whichever of a, b and a + b must be 0 or 1, such coefficients do it if any do.
    """
    count = len(sets.q)
    for first, second in combinations_with_replacement(splits((*sets.q, *sets.p), sets.dimension), 2):
        cells = list(zip(first, second, strict=True))
        ones, zeros = set(cells[:count]), set(cells[count:])
        for a, b in product((-1, 0, 1), repeat=2):
            values = {(s, t): a * s + b * t for s in (False, True) for t in (False, True)}
            if all(values[cell] == 1 for cell in ones) and all(values[cell] == 0 for cell in zeros):
                return True
    return False


LINE = [vector([x]) for x in (0, 1, 3, 4)]
GRID = [vector([x, y]) for y in range(2) for x in range(3)]


def near_the_gap() -> Iterator[PointSets]:
    """Separable sets without a restricted solution, and the same with some points moved a little."""
    rng = random.Random(2)
    gap = twohyp_generate.CLASSICS["axes-gap"].sets
    for moves in range(24):
        points = [*gap.q, *gap.p]
        for _ in range(moves // 3):
            at = rng.randrange(len(points))
            points[at] = tuple(x + rng.randint(-2, 2) for x in points[at])
        yield PointSets(tuple(points[:3]), tuple(points[3:]), 2)


CASES = {
    "line": list(point_sets(LINE, both=True)),
    "grid": [sets for sets in point_sets(GRID) if len(sets.q) + len(sets.p) >= 5],
    "random": [twohyp_generate.generate("random", seed, q=3, p=4, range=3) for seed in range(40)],
    "gap": list(near_the_gap()),
}


@pytest.mark.parametrize("name", CASES)
def test_all_small_point_sets_go_round(name: str) -> None:
    counts = {"restricted": 0, "swapped": 0, "neither": 0, "none": 0}
    for sets in CASES[name]:
        restricted, swapped = restricted_solution(sets), restricted_solution(sets.swapped)
        for planes in (restricted, swapped):
            if planes is None:
                continue
            for edge in TWOHYP:
                network = edge.lift(sets, planes)
                assert edge.reduce(sets).misfits(network) == []
                shuffled = Network(network.activation, network.neurons[::-1], network.dimension)
                for other in (network, shuffled):
                    assert twohyp.is_solution(sets, edge.extract(sets, other))
        # Corollary 10, for arbitrary sets: trainable iff restricted for (Q, P) or for (P, Q).
        assert two_thresholds_fit(sets) == (restricted is not None or swapped is not None)
        general = general_solution(sets)
        if restricted is not None or swapped is not None:
            assert general is not None
        if general is not None and restricted is None and swapped is None:
            for edge in TWOHYP:
                with pytest.raises(NotASolution):
                    edge.lift(sets, general)
        counts["restricted"] += restricted is not None
        counts["swapped"] += restricted is None and swapped is not None
        counts["neither"] += general is not None and restricted is None and swapped is None
        counts["none"] += general is None
    assert counts == EXPECTED[name]


#: How often there is a restricted solution for (Q, P), for (P, Q) alone, only a general one, none at all.
EXPECTED: dict[str, dict[str, int]] = {
    "line": {"restricted": 72, "swapped": 7, "neither": 0, "none": 177},
    "grid": {"restricted": 217, "swapped": 37, "neither": 0, "none": 2},
    "random": {"restricted": 22, "swapped": 7, "neither": 0, "none": 11},
    "gap": {"restricted": 9, "swapped": 0, "neither": 9, "none": 6},
}


@st.composite
def separated(draw: st.DrawFn) -> tuple[PointSets, twohyp.Hyperplanes]:
    """Point sets made from their restricted solution, of any margin."""
    dimension = draw(st.integers(1, 3))
    small = st.fractions(min_value=-4, max_value=4, max_denominator=50)
    normal = st.tuples(*[small] * dimension).filter(any)
    planes = twohyp.Hyperplanes(draw(normal), draw(small), draw(normal), draw(small))
    points = draw(st.lists(st.tuples(*[small] * dimension), max_size=8))
    q, p = [], []
    for x in points:
        first, second = planes.values(x)
        if first > 0 > second:
            q.append(x)
        elif first * second > 0:
            p.append(x)
    return PointSets(tuple(q), tuple(p), dimension), planes


@settings(max_examples=80, deadline=None)
@given(separated(), st.sampled_from(TWOHYP), st.booleans())
def test_point_sets_go_round_through_files(
    case: tuple[PointSets, twohyp.Hyperplanes], edge: object, swap: bool
) -> None:
    sets, planes = case
    sets = sets.swapped if swap else sets
    problem = PROBLEMS["twohyp"]
    read = problem.parse(problem.write(sets), None)
    assert read == sets
    made = edge.reduce(read)  # type: ignore[attr-defined]
    assert TrainingInstance.from_json(json.loads(json.dumps(made.to_json()))) == made
    lifted = edge.lift(read, planes)  # type: ignore[attr-defined]
    network = Network.from_json(json.loads(json.dumps(lifted.to_json())))
    assert made.objection(network) is None
    found = edge.extract(read, network)  # type: ignore[attr-defined]
    assert problem.is_solution(read, found)


@settings(max_examples=60, deadline=None)
@given(separated(), st.integers(1, 10**6))
def test_any_smaller_margin_is_made_up_for(case: tuple[PointSets, twohyp.Hyperplanes], divisor: int) -> None:
    """Planes pushed against a point, as far as 1/divisor of the way leaves: the witness still fits."""
    sets, planes = case
    pushed = []
    for h, o in ((planes.h1, planes.o1), (planes.h2, planes.o2)):
        values = [sum(a * b for a, b in zip(h, x, strict=True)) + o for x in (*sets.q, *sets.p)]
        nearest = min((v for v in values if v > 0), default=Fraction(0))
        pushed.append((h, o - nearest * (1 - Fraction(1, divisor))))
    moved = twohyp.Hyperplanes(*pushed[0], *pushed[1])
    assert twohyp.is_restricted_solution(sets, moved)
    network = twohyp_to_relu.lift(sets, moved)
    assert twohyp_to_relu.reduce(sets).objection(network) is None
