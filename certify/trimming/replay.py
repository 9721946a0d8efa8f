"""The section ``refutation lines`` replayed by the checker's rules on an instance, without a file."""

from __future__ import annotations

import io
from collections.abc import Sequence
from math import lcm

from certify import verify
from certify.instance import TrainingInstance
from certify.trimming.steps import Proof

#: The checker's own limits hold at the end; here many tries add up.
LIMITS = verify.Limits(work=10**18, memory=10**18)


class Question:
    """An instance as the checker has it (homogeneous integers)."""

    def __init__(self, instance: TrainingInstance) -> None:
        gamma = instance.gamma.numerator, instance.gamma.denominator
        self.finished = False  # whether the first part alone refutes: equal points, or a gamma that is out of reach
        self.instance = verify.Instance(
            instance.activation == "relu",
            instance.signs,
            instance.width,
            instance.dimension,
            instance.loss,
            gamma,
            None if instance.copies is None else [0],
        )
        copies = instance.copies or (1,) * len(instance.points)
        for point, label, count in zip(instance.points, instance.labels, copies, strict=True):
            common = lcm(label.denominator, *(x.denominator for x in point))
            self.instance.add((*(int(x * common) for x in point), common), int(label * common), count)

    def begun(self, head: Sequence[str]) -> verify.Lines:
        """The first part of a refutation, read (6.3); whether a loss is searched, and what it pins (6.13)."""
        reader = verify.Reader(io.BytesIO(), LIMITS)
        data = verify.Lines(reader, self.instance)
        top, bottom = self.instance.gamma
        with_loss = self.instance.loss != "exact" and (top >= bottom if self.instance.loss == "l0" else top)
        self.finished = False
        data.search = bool(with_loss) and list(head[:1]) != ["forced"]
        if with_loss and not data.search:
            data.pinned = verify.force(reader, self.instance)
            head = head[1:]
            self.finished = data.pinned is None
        for line in head:
            kind, *words = line.split(" ")
            if kind in ("line", "slots"):
                (data.add_line if kind == "line" else data.add_slots)(words)
            elif kind == "contradiction" and len(head) == 1:
                self.finished = True
            else:
                raise verify.Reject("section", f"the step {kind} before the splits")
        return data

    def work(self, proof: Proof) -> int | None:
        """What the checker spends on the proof, in its own units; None if it rejects it."""
        try:
            data = self.begun(proof.head)
            if self.finished:
                return None if proof.parts else data.reader.work
            if [name for name, _ in data.splits()] != [part.name for part in proof.parts]:
                return None
            for part, (_, positive) in zip(proof.parts, data.splits(), strict=True):
                follow(verify.Split(data, positive), part.lines)
        except verify.Reject:
            return None
        return data.reader.work


def follow(split: verify.Split, lines: Sequence[str]) -> None:
    """Does the steps of a split, given without ``split`` and ``qed``. Raises verify.Reject."""
    text = "".join(f"{line}\n" for line in (*lines, "qed"))
    reader = split.reader
    reader.stream = io.BytesIO(text.encode("ascii"))
    split.run()
