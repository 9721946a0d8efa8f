"""The paper's lemmas as checks that anyone can run: ``certify lemma NAME``."""

from __future__ import annotations

from certify.lemmas.base import Check, Lemma
from certify.lemmas.crossings import lemma_6
from certify.lemmas.hyperplanes import theorem_7_assumptions
from certify.lemmas.levees import lemma_4, lemma_5, observation_3

__all__ = ["LEMMAS", "Check", "Lemma"]

_SOLVER = "Z3's word for the parts marked solver (it gives no proof that is checked here)"
_COQ = "proved in full in formal/theories"

LEMMAS: dict[str, Lemma] = {
    lemma.name: lemma
    for lemma in (
        Lemma(
            "observation-3",
            "A levee f_s is a sum of four ReLUs, with two convex and two concave breaklines.",
            f"{_SOLVER}; {_COQ} as Observation_3",
            observation_3,
        ),
        Lemma(
            "lemma-4",
            "A function with four breaklines that fits a selection gadget is one of its l levees, and they fit.",
            f"{_SOLVER}; that the steps chain together: kinks have one strength along a line, so after x_1 = 0 the "
            f"four lines are known up to their slopes, and an affine rest vanishes on x_1 = 0; {_COQ} as Lemma_4",
            lemma_4,
        ),
        Lemma(
            "lemma-5",
            "Stacked gadgets are fitted by exactly the sums of one levee each, as many as the product of the l_j.",
            f"{_SOLVER}; Lemma 4 on x_1 = 0, gadget by gadget, as their slots are disjoint; shown for the stacks that "
            f"are named; for all stacks {_COQ} as Lemma_5",
            lemma_5,
        ),
        Lemma(
            "lemma-6",
            "At p_{j,r} exactly two of all possible levees are not zero.",
            f"{_SOLVER} for all sizes at once (there the indices range over the reals); {_COQ} as Lemma_6",
            lemma_6,
        ),
        Lemma(
            "theorem-7-assumptions",
            "(3), (4), (5) hold for the instances of the hardness proof; for other point sets they can fail.",
            f"{_SOLVER}; that they hold for every clique instance: docs/reductions.md",
            theorem_7_assumptions,
        ),
    )
}
