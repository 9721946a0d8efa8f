"""Does a ReLU network of this width fit the data exactly? A network, a refutation of format v1, or neither in time.

Order of work: equal points with different labels; slots of lines, which bound the numbers of positive and of negative
neurons; for each number of positive neurons that is left a search over signs (search.py), in turns with growing
budgets; an exact network, or the exact proof of every split (proof.py).
"""

from __future__ import annotations

from collections.abc import Callable

from certify.decide.fit.answers import Fit, NoFit, Undecided
from certify.decide.fit.descent import Descents
from certify.decide.fit.proof import SplitProof
from certify.decide.fit.rows import Rows
from certify.decide.fit.search import Nogoods, Search, State, compiled
from certify.decide.radon import near_circuits
from certify.decide.refute.engine import splits
from certify.decide.refute.job import Job, StuckError
from certify.decide.refute.setup import Setup
from certify.decide.refute.steps import Steps
from certify.decide.trivial import without_search
from certify.errors import ResourceLimit
from certify.instance import TrainingInstance
from certify.network import Network

FIRST_SLICE, LARGEST_SLICE = 100, 4000
"""Nodes of a split in a turn; the time of a node grows with its 2^width patterns, so many neurons have fewer."""
DESCENT_WIDTH, PROGRAMS = 3, 5_000
"""From so many neurons on there are descents: one batch for each split that the first turn of the search leaves open,
then one for each so many linear programs of the search, which makes about a third of the time.
"""
CIRCUIT_WIDTH, MOST_CIRCUITS = 3, 800
"""For so many neurons, so many circuits of each size are told to a search; many more take more time than they save."""
MAX_SEARCHED_WIDTH = 10
"""A point has 2^width patterns of signs."""


Progress = Callable[[str], None]


def decide(
    instance: TrainingInstance,
    *,
    seconds: float | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Fit | NoFit | Undecided:
    """Decides the exact fit by ReLUs. ``seconds``: wall-clock budget, None for none; compiling the search, once after
    an installation, is not in it.
    """
    distinct, answer = without_search(instance)
    if answer is not None:
        return answer
    if instance.width <= MAX_SEARCHED_WIDTH:
        compiled()
    return _Decision(instance, distinct, seconds, seed, progress or (lambda _: None)).run()


class _Decision:
    def __init__(
        self,
        instance: TrainingInstance,
        distinct: list[int],
        seconds: float | None,
        seed: int,
        progress: Progress,
    ) -> None:
        self.instance = instance
        self.seed = seed
        self.progress = progress
        self.job = Job(instance, seconds, progress, distinct)
        self.setup = Setup.of(instance.points, instance.labels, threshold=False)
        self.first = next(i for i in distinct if instance.labels[i])
        self.summary: dict[str, object] = {}
        #: By positive neurons: descents, how many batches, and the sum of the losses at which they ended.
        self._descents: dict[int, tuple[Descents, int, float]] = {}

    def at_least(self) -> int:
        """What the slots of single lines say; not all labels are 0."""
        return max(self.setup.least(), 1)

    def run(self) -> Fit | NoFit | Undecided:
        try:
            return self._run()
        except (ResourceLimit, StuckError) as stop:
            return Undecided(str(stop), min(self.at_least(), self.instance.width), self.summary)

    def _run(self) -> Fit | NoFit | Undecided:
        wanted = [p for p in splits(self.job, self.setup) if isinstance(p, int)]
        self.setup.use_best()
        if not wanted:
            return NoFit(self._head())
        if self.instance.width > MAX_SEARCHED_WIDTH:
            raise StuckError(f"over {MAX_SEARCHED_WIDTH} neurons are not searched")
        hard = self.instance.width >= CIRCUIT_WIDTH
        circuits = near_circuits(self.instance.points, MOST_CIRCUITS) if hard else []
        given = Nogoods.of_circuits(circuits, self.instance.width)
        searches = [Search(self.instance, p, self.first, self.seed, given) for p in wanted]
        proofs = [SplitProof(self._rows(search.positives), self.job, search) for search in searches]
        network = self._search(searches, proofs)
        if network is not None:
            return Fit(network, self.summary)
        self.progress("deriving the refutation exactly")
        for proof in proofs:
            proof.take()
        return self._closed(proofs, wanted)

    def _rows(self, positives: int) -> Rows:
        return Rows(self.instance, positives, self.first)

    def _head(self) -> list[str]:
        steps = Steps()
        self.setup.write(steps)
        return list(steps.lines)

    def _search(self, searches: list[Search], proofs: list[SplitProof]) -> Network | None:
        """A network that fits exactly, or None once all splits are refuted in floating point or given up."""
        more = max(self.instance.width - 4, 0)
        nodes = FIRST_SLICE >> more
        while True:
            active = [(s, proof) for s, proof in zip(searches, proofs, strict=True) if s.state is State.OPEN]
            if not active:
                break
            for search, proof in active:
                self.job.check()
                if search.slice(nodes) is State.FITS:
                    self.progress(f"checking a fit with {search.positives} positive neurons exactly")
                    network = proof.found()
                    if network is not None:
                        self._count(searches)
                        return network
            self._count(searches)
            self.progress(f"{self.summary['nodes']} nodes, {len(active)} of {len(searches)} splits open")
            if self.instance.width >= DESCENT_WIDTH:
                network = self._descended([s for s, _ in active if s.state is State.OPEN], searches)
                if network is not None:
                    return network
            nodes = min(2 * nodes, LARGEST_SLICE >> more)
        return None

    def _descended(self, active: list[Search], searches: list[Search]) -> Network | None:
        """A network by descent, in one of the splits.

        Splits in which descents ended at smaller losses have more of them: where there is a fit, they mostly do.
        """
        programs = sum(search.statistics()["linear programs"] for search in searches)
        for search in active:
            if search.positives not in self._descents:
                self._descents[search.positives] = search.descents(self.seed), 0, 0.0
        while active:
            search = min(active, key=lambda search: self._descents[search.positives][2])
            descents, count, loss = self._descents[search.positives]
            done = sum(number for _, number, _ in self._descents.values())
            if count and done >= programs // PROGRAMS:
                return None
            self.job.check()
            batch = descents.batch()
            self._descents[search.positives] = descents, count + 1, loss + batch.loss
            self.summary["descents"] = done + 1
            for on in batch.fits[:1]:
                network = self._rows(search.positives).realise(on)
                if isinstance(network, Network):
                    return network
        return None

    def _count(self, searches: list[Search]) -> None:
        total: dict[str, int] = {}
        for search in searches:
            for name, number in search.statistics().items():
                total[name] = total.get(name, 0) + number
        self.summary.update(total)

    def _closed(self, proofs: list[SplitProof], wanted: list[int]) -> Fit | NoFit:
        lines = self._head()
        for split, proof in zip(wanted, proofs, strict=True):
            found = proof.close()
            if isinstance(found, Network):
                return Fit(found, self.summary)
            lines.append(f"split {split}")
            lines.extend(self._orders(split))
            lines.extend(found)
            lines.append("qed")
        return NoFit(lines, self.summary)

    def _orders(self, split: int) -> list[str]:
        """`order` for the classes of two neurons or more (format v1, 6.12)."""
        sizes = {"+": split, "-": self.instance.width - split}
        return [f"order {sign} {self.first + 1}" for sign, size in sizes.items() if size > 1]
