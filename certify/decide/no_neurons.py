"""Width 0: the only network is the function 0. Its loss is a sum, a NO a few steps (docs/format/v1.md, 6.11, 6.13)."""

from __future__ import annotations

from fractions import Fraction

from certify.decide.forced import meets_exactly
from certify.exact import render
from certify.instance import TrainingInstance


def refutation(instance: TrainingInstance) -> list[str]:
    """The lines of a refutation of width 0, for an instance that the function 0 does not solve.

    Without neurons alpha is 0 at every point, so the residual of point I is its label: "eI:1 aI:-1" reads y_I = 0 or,
    in a search, rho_I = y_I.
    """
    split = "split *" if instance.activation == "threshold" else "split 0"
    numbers = [i for i, label in enumerate(instance.labels, start=1) if label]
    if meets_exactly(instance):
        return [split, f"0 : e{numbers[0]}:1 a{numbers[0]}:-1", "qed"]
    lines, items = [split], ["L:1"]
    counts = instance.counts()
    for clause, i in enumerate(numbers, start=1):
        label, count = instance.labels[i - 1], counts[i - 1]
        if instance.loss == "l0":
            # If I were not missed, its residual would be 0, not its label.
            lines.append(f"c {clause} m{i} : z{i}:1 e{i}:-1 a{i}:1")
            items.append(f"y{i}:{count}")
            continue
        # sigma >= |rho| by the side that rho is on, or by the tangent of the square at the label.
        slope = Fraction(1 if label > 0 else -1) if instance.loss == "l1" else 2 * label
        bound = f"q{i}.{render(label)}" if instance.loss == "l2" else f"{'p' if label > 0 else 'n'}{i}"
        items.append(f"{bound}:{count}")
        items += [f"e{i}:{render(count * slope)}", f"a{i}:{render(-count * slope)}"]
    if instance.loss == "l0":
        items += [f"x{i}:{count}" for i, count in enumerate(counts, start=1) if i not in set(numbers)]
    else:
        # A loss is at least 0 where the label is 0: by both sides of |rho|, or by the tangent at 0.
        for i, count in enumerate(counts, start=1):
            if instance.labels[i - 1] == 0:
                items += [f"q{i}.0:{count}"] if instance.loss == "l2" else _both_sides(i, count)
    return [*lines, f"0 : {' '.join(items)}", "qed"]


def _both_sides(i: int, count: int) -> list[str]:
    half = render(Fraction(count, 2))
    return [f"p{i}:{half}", f"n{i}:{half}"]
