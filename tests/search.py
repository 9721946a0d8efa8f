"""A producer for tiny instances with a loss: refutations by search (format, 6.13), every sign of every neuron a case.

It shares nothing with the program's own producers. The multipliers of each case are found by Z3.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator
from fractions import Fraction
from functools import reduce
from itertools import product

import z3

from certify.instance import TrainingInstance

Row = dict[str, Fraction]  # unknown (or "" for the constant) -> coefficient
Items = dict[str, tuple[str, Row]]  # item -> relation =, > or >=, and the row


def add(row: Row, key: str, value: Fraction | int) -> None:
    row[key] = row.get(key, Fraction(0)) + value


def _affine(row: Row, name: str, x: tuple[Fraction, ...], factor: Fraction | int) -> None:
    for c, value in enumerate((*x, Fraction(1))):
        add(row, f"{name}.{c}", factor * value)


def rows_of_case(
    instance: TrainingInstance,
    positive: int,
    on: dict[tuple[int, int], bool],
    missed: tuple[bool, ...],
    tangents: list[tuple[int, Fraction]],
) -> Items:
    """The items of a case: whether neuron j is on at point i, and for l0 which points are missed."""
    relu = instance.activation == "relu"
    items: Items = {}
    budget: Row = {"": instance.gamma}
    for i, (x, y, count) in enumerate(zip(instance.points, instance.labels, instance.counts(), strict=True), 1):
        equation: Row = {"": -y, f"rho{i}": Fraction(1)}
        zero: Row = {}
        for row in (equation, zero):
            if relu:
                _affine(row, "alpha", x, 1)
            else:
                add(row, "alpha", 1)
        for j in range(1, instance.width + 1):
            sign = 1 if j <= positive else -1
            if on[j, i] and relu:
                _affine(equation, f"z{j}", x, sign)
            elif on[j, i]:
                add(equation, f"a{j}", 1)
            side: Row = {}
            _affine(side, f"z{j}", x, 1 if on[j, i] else -1)
            items[literal(instance, j, i, on[j, i])] = (">=" if relu else ">", side)
        items[f"e{i}"], items[f"a{i}"] = ("=", equation), ("=", zero)
        add(budget, f"sigma{i}", -count)
        one = Fraction(1)
        if instance.loss == "l1":
            items[f"p{i}"] = (">=", {f"sigma{i}": one, f"rho{i}": -one})
            items[f"n{i}"] = (">=", {f"sigma{i}": one, f"rho{i}": one})
        elif instance.loss == "l0" and missed[i - 1]:
            items[f"y{i}"] = (">=", {f"sigma{i}": one, "": -one})
        elif instance.loss == "l0":
            items[f"z{i}"], items[f"x{i}"] = ("=", {f"rho{i}": one}), (">=", {f"sigma{i}": one})
    for i, v in tangents:
        items[f"q{i}.{v}"] = (">=", {f"sigma{i}": Fraction(1), f"rho{i}": -2 * v, "": v * v})
    items["L"] = (">=", budget)
    return items


def literal(instance: TrainingInstance, j: int, i: int, on: bool) -> str:
    relation = (">=" if on else "<=") if instance.activation == "relu" else (">" if on else "<")
    return f"{j}{relation}{i}"


def negated(text: str) -> str:
    for old, new in ((">=", "<"), ("<=", ">"), (">", "<"), ("<", ">")):
        if old in text:
            return text.replace(old, new)
    return text[1:] if text[0] == "-" else "-" + text


def multipliers(items: Items) -> dict[str, Fraction] | None:
    """Multipliers of a contradictory combination, or None if there are none."""
    names = list(items)
    unknowns = {key for _, row in items.values() for key in row} - {""}
    for strict in (False, True):
        solver = z3.SolverFor("QF_LRA")
        factors = {name: z3.Real(f"m{n}") for n, name in enumerate(names)}

        def sum_of(key: str, factors: dict[str, z3.ArithRef] = factors) -> z3.ArithRef:
            terms = [
                factors[n] * z3.Q(c.numerator, c.denominator) for n in names if (c := items[n][1].get(key, Fraction(0)))
            ]
            return reduce(operator.add, terms, z3.RealVal(0))

        solver.add(*(factors[n] >= 0 for n in names if items[n][0] != "="), *(sum_of(key) == 0 for key in unknowns))
        if strict:
            strong = [factors[n] for n in names if items[n][0] == ">"]
            solver.add(sum_of("") <= 0, reduce(operator.add, strong, z3.RealVal(0)) == 1)
        else:
            solver.add(sum_of("") == -1)
        if solver.check() == z3.sat:
            model = solver.model()
            values = {n: model.eval(factors[n], model_completion=True) for n in names}
            return {n: f for n, v in values.items() if (f := Fraction(v.numerator_as_long(), v.denominator_as_long()))}
    return None


def feasible_residuals(items: Items) -> dict[str, Fraction] | None:
    """Residuals of a solution of the rows with the least sum of losses; None if there is none."""
    optimizer = z3.Optimize()
    unknowns = {key: z3.Real(key) for _, row in items.values() for key in row if key}
    for name, (relation, row) in items.items():
        if name == "L":
            continue
        value = reduce(
            operator.add,
            (z3.Q(c.numerator, c.denominator) * unknowns[key] for key, c in row.items() if key),
            z3.RealVal(0),
        )
        value = value + z3.Q(row.get("", Fraction(0)).numerator, row.get("", Fraction(0)).denominator)
        optimizer.add(value == 0 if relation == "=" else value > 0 if relation == ">" else value >= 0)
    budget = items["L"][1]
    optimizer.minimize(
        reduce(operator.add, (unknowns[k] * -c.numerator for k, c in budget.items() if k), z3.RealVal(0))
    )
    if optimizer.check() != z3.sat:
        return None
    model = optimizer.model()
    values = {key: model.eval(term, model_completion=True) for key, term in unknowns.items() if key.startswith("rho")}
    return {key: Fraction(v.numerator_as_long(), v.denominator_as_long()) for key, v in values.items()}


def refutation(instance: TrainingInstance) -> list[str] | None:
    """The lines of a refutation by search, or None where some case is possible (for l2: or not refuted by 40 tangents)."""
    lines: list[str] = []
    k, n = instance.width, len(instance.points)
    if instance.activation == "threshold":
        splits = [("*", k)]
    else:
        wanted = {"free": range(k + 1), "convex": range(k, k + 1), "concave": range(1)}[instance.signs]
        splits = [(str(p), p) for p in wanted]
    places = list(product(range(1, k + 1), range(1, n + 1)))
    for name, positive in splits:
        lines.append(f"split {name}")
        number = 0
        clauses: list[tuple[list[str], int]] = []
        for signs, missed in product(
            product((True, False), repeat=len(places)), product((True, False), repeat=n if instance.loss == "l0" else 0)
        ):
            on = dict(zip(places, signs, strict=True))
            found = None
            tangents = [(i, Fraction(0)) for i in range(1, n + 1)] if instance.loss == "l2" else []
            for _ in range(40):
                items = rows_of_case(instance, positive, on, missed, tangents)
                found = multipliers(items)
                residuals = feasible_residuals(items) if found is None and instance.loss == "l2" else None
                if residuals is None:
                    break
                touching = [(i, residuals[f"rho{i}"].limit_denominator(1000)) for i in range(1, n + 1)]
                if not set(touching) - set(tangents):
                    break
                tangents += [tangent for tangent in touching if tangent not in tangents]
            if found is None:
                return None
            case = [literal(instance, j, i, on[j, i]) for j, i in places]
            case += [f"{'' if m else '-'}m{i}" for i, m in enumerate(missed, 1)]
            number += 1
            clauses.append((case, number))
            combination = " ".join(f"{item}:{value}" for item, value in found.items())
            lines.append(f"c {number} {' '.join(map(negated, case))} : {combination}".replace("  ", " "))
        lines += _resolved(clauses, number)
        lines.append("qed")
    return lines


def _resolved(clauses: list[tuple[list[str], int]], number: int) -> Iterator[str]:
    """Propagation steps that resolve the clauses of all cases away, the last literal first."""
    while len(clauses) > 1:
        merged = []
        for (case, first), (_, second) in zip(clauses[::2], clauses[1::2], strict=True):
            number += 1
            rest = case[:-1]
            merged.append((rest, number))
            yield f"v {number} {' '.join(map(negated, rest))} : {first} {second}".replace("  ", " ")
        clauses = merged
