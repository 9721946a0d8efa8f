"""Makes the archive of certificates anew: python scripts/archive.py FOLDER [PART...]

Every reduction, yes and no: all no-formulas of at most three clauses over at most three variables, up to
renaming, and some small yes ones; the classic formulas and point sets; planted and random instances. The same
program version gives the same bytes. A part is a reduction, or REDUCTION-by-theorem: the same no-formulas and larger
ones, and graphs without a clique, refuted by theorem; or own-data: tables (archive_own_data.py). With names of parts
only those are made, and the others stay.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from itertools import combinations_with_replacement, permutations
from pathlib import Path
from typing import Any

from archive_own_data import own_data_jobs

from certify.decide.method_names import Method as Decider
from certify.decide.source import decide
from certify.instance import TrainingInstance
from certify.loss import LOSSES
from certify.own_data import fit_instance
from certify.pipeline import Method, prove
from certify.problems import PROBLEMS, poits
from certify.problems.clique import Graph
from certify.problems.mcclique import ColouredGraph
from certify.problems.poits import Formula
from certify.reductions import REDUCTIONS, Options, reduction_named

#: Certificates longer than this are stored compressed.
PLAIN_BYTES = 60_000
OWN_DATA = "own-data"
KEPT = ("README.md", "check.py")
#: Beyond these the refuter needs more time than an archive is worth, or the file more space.
TIMEOUT = 300.0
#: Direct refutations of these are out of reach now, but for one or two.
TIMEOUTS = {"clique-twohyp-relu": 30.0}
#: Of graphs "auto" would take the theorem where the data alone take long; the folders by theorem are others.
BASE_METHODS: dict[str, Method] = {"clique": "direct", "mcclique": "direct"}


def small_formulas() -> Iterator[tuple[str, Formula]]:
    """All formulas of 1..3 clauses over 1..3 variables that all occur, one of every class up to renaming."""
    seen = set()
    literals = [c for c in combinations_with_replacement((1, 2, 3), 3)]
    for count in (1, 2, 3):
        for clauses in combinations_with_replacement(literals, count):
            used = sorted({v for clause in clauses for v in clause})
            form = min(
                tuple(
                    sorted(tuple(sorted(dict(zip(used, names, strict=True))[v] for v in c)) for c in clauses)
                )
                for names in permutations(range(1, len(used) + 1))
            )
            if form not in seen:
                seen.add(form)
                name = "-".join("".join(map(str, clause)) for clause in form)
                yield name, Formula(len(used), tuple((a, b, c) for a, b, c in form))


def poits_sources() -> Iterator[tuple[str, Formula]]:
    """Names and formulas, no names twice."""
    yes = 0
    for name, formula in small_formulas():
        solvable = next(poits.solutions(formula), None) is not None
        yes += solvable
        if not solvable or yes <= 8:
            yield f"small-{name}", formula
    for name in ("empty", "free", "figure-5", "four-triples", "fano"):
        yield name, PROBLEMS["poits"].classics[name][0]
    for seed, (variables, clauses) in enumerate(((6, 4), (12, 10), (40, 30)), start=1):
        sizes = {"variables": variables, "clauses": clauses}
        yield f"planted-{variables}-{clauses}", PROBLEMS["poits"].generate("planted", seed, **sizes)


def twohyp_sources() -> Iterator[tuple[str, Any]]:
    """Names and point sets."""
    for name, (sets, _) in PROBLEMS["twohyp"].classics.items():
        yield name, sets
    for seed in (1, 2, 3):
        yield f"planted-{seed}", PROBLEMS["twohyp"].generate("planted", seed)
    yield "planted-3d", PROBLEMS["twohyp"].generate("planted", 4, q=5, p=6, dimension=3, range=5)
    for seed in (5, 6):
        yield f"random-{seed}", PROBLEMS["twohyp"].generate("random", seed, q=6, p=6, range=5)


def sat_sources() -> Iterator[tuple[str, Any]]:
    """Names and CNF formulas: those that the refuter decides, and yes ones of any size."""
    small = ("empty", "empty-clause", "unit-clash", "exclusive-or", "four-clauses")
    for name in (*small, "petersen-3-colouring", "sudoku"):
        yield name, PROBLEMS["sat"].classics[name][0]
    for seed in (1, 2):
        yield f"planted-{seed}", PROBLEMS["sat"].generate("planted", seed, variables=4, clauses=5)


def clique_sources() -> Iterator[tuple[str, Any]]:
    """Names and graphs."""
    for name in ("vertex", "no-vertex", "edge", "no-edge", "path", "path-triangle", "triangle"):
        yield name, PROBLEMS["clique"].classics[name][0]
    for seed in (1, 2):
        yield f"planted-{seed}", PROBLEMS["clique"].generate("planted", seed, vertices=4, size=2)


def mcclique_sources() -> Iterator[tuple[str, Any]]:
    """Names and coloured graphs."""
    for name, (graph, _) in PROBLEMS["mcclique"].classics.items():
        yield name, graph
    for seed in (1, 2, 3):
        yield f"planted-{seed}", PROBLEMS["mcclique"].generate("planted", seed, colours=4, each=3)


Wrapped = tuple[tuple[str, str, str, Options], ...]
#: Wrapped reductions: problem, classic instance, target, options.
WRAPPED: Wrapped = (
    ("poits", "figure-5", "relu", Options(dimension=3)),
    ("poits", "vvv", "relu", Options(dimension=5)),
    ("poits", "figure-5", "threshold", Options(loss="l2", gamma=Fraction(7, 3))),
    ("poits", "four-triples", "threshold", Options(loss="l1", gamma=Fraction(1, 2))),
    ("poits", "vvv", "relu", Options(loss="l0", gamma=Fraction(3), dimension=3)),
    ("poits", "vvv", "threshold", Options(loss="l2", gamma=Fraction(7, 3))),
    ("twohyp", "middle", "relu", Options(extra=1)),
    ("twohyp", "exclusive-or", "relu", Options(extra=3, loss="l2", gamma=Fraction(1, 3), dimension=4)),
    ("twohyp", "exclusive-or", "threshold", Options(extra=2)),
    ("twohyp", "hexagon", "threshold", Options(loss="l1", gamma=Fraction(5))),
    ("twohyp", "alternating-line", "relu", Options(extra=1)),
    ("twohyp", "alternating-line", "threshold", Options(extra=1)),
    ("clique", "triangle", "threshold", Options(extra=1)),
    ("mcclique", "odd-cycle-and-edge", "threshold", Options(extra=2, loss="l2")),
    ("mcclique", "complete", "relu", Options(loss="l0")),
    ("mcclique", "complete", "relu", Options(loss="l2", dimension=8)),
)
#: No-instances with modifiers, proved by theorem.
WRAPPED_BY_THEOREM: Wrapped = (
    ("poits", "four-triples", "relu", Options(dimension=3)),
    ("poits", "fano", "relu", Options(loss="l2", gamma=Fraction(7, 3))),
    ("poits", "vvv", "threshold", Options(loss="l0", gamma=Fraction(3), dimension=4)),
    ("poits", "four-triples", "threshold", Options(loss="l1", gamma=Fraction(1, 2))),
    ("sat", "unit-clash", "relu", Options(loss="l1", gamma=Fraction(9), dimension=3)),
)


def unsolvable(problem: str) -> Iterator[tuple[str, Any]]:
    """Those of the formulas that have no solution, and larger ones."""
    for name, source in SOURCES[problem]():
        if decide(source).status == "unsat":
            yield name, source
    if problem == "poits":
        yield "affine-plane", PROBLEMS["poits"].classics["affine-plane"][0]
        for kind, variables, clauses in (("random", 300, 240), ("unsatisfiable", 600, 500)):
            sizes = {"variables": variables, "clauses": clauses}
            yield f"{kind}-{variables}-{clauses}", PROBLEMS["poits"].generate(kind, 1, **sizes)


def graphs_by_theorem() -> Iterator[tuple[str, str, Any, str, Options]]:
    """Problem, name, graph, target and options of graphs without a clique, for a proof by theorem."""
    cliques = (
        ("no-vertex", Graph(0, (), 1)),
        ("path-triangle", PROBLEMS["clique"].classics["path-triangle"][0]),
        ("cycle-5", PROBLEMS["clique"].classics["cycle-5"][0]),
        ("almost-complete-4", Graph(4, ((1, 2), (1, 3), (1, 4), (2, 3), (2, 4)), 4)),
    )
    for name, graph in cliques:
        yield "clique", name, graph, "relu", Options()
        yield "clique", name, graph, "threshold", Options()
    # Of ReLUs these are 61,987 points.
    yield "clique", "petersen-triangle", PROBLEMS["clique"].classics["petersen-triangle"][0], "threshold", Options()
    for kind, name, dimension in (("relu", "path-triangle", 7), ("threshold", "cycle-5", 8)):
        graph = dict(cliques)[name]
        yield "clique", f"{name}-error-l2-7_3-pad-{dimension}", graph, kind, Options(0, "l2", Fraction(7, 3), dimension)
    coloured = tuple((name, graph) for name, (graph, _) in PROBLEMS["mcclique"].classics.items())
    for name, graph in (*coloured, ("grid", three_by_three())):
        if decide(graph).status == "unsat":
            for target in ("relu", "threshold"):
                for loss in LOSSES[1:]:
                    yield "mcclique", f"{name}-{loss}", graph, target, Options(loss=loss)
    yield "mcclique", "grid-l2-pad-8", three_by_three(), "threshold", Options(loss="l2", dimension=8)


def three_by_three() -> ColouredGraph:
    """Three colours of three vertices each, that of column c and row r being 3c + r + 1; adjacent are vertices of the
    columns 0 and 1, and 1 and 2, in one row, and those of 0 and 2 in different rows. So there is no coloured clique.
    """
    edges = [(r + 1, r + 4) for r in range(3)] + [(r + 4, r + 7) for r in range(3)]
    edges += [(r + 1, s + 7) for r in range(3) for s in range(3) if r != s]
    return ColouredGraph((1, 1, 1, 2, 2, 2, 3, 3, 3), tuple(sorted(edges)), 3)


def jobs(names: list[str]) -> Iterator[tuple[str, str, Any, str, Options, Method]]:
    """Folder, name, source, target, options and method of every certificate of these folders, or of all."""
    for (problem, target), reduction in REDUCTIONS.items():
        if not names or reduction.name in names:
            for name, source in SOURCES[problem]():
                yield reduction.name, name, source, target, Options(), BASE_METHODS.get(problem, "auto")
        part = f"{reduction.name}-by-theorem"
        if problem in ("poits", "sat") and (not names or part in names):
            for name, source in unsolvable(problem):
                yield part, name, source, target, Options(), "theorem"
    for problem, name, source, target, options in graphs_by_theorem():
        part = f"{reduction_named(problem, target).name}-by-theorem"
        if not names or part in names:
            yield part, name, source, target, options, "theorem"
    wrapped: tuple[tuple[Wrapped, Method], ...] = ((WRAPPED, "auto"), (WRAPPED_BY_THEOREM, "theorem"))
    for instances, method in wrapped:
        for problem, kind, target, options in instances:
            reduction = reduction_named(problem, target, options)
            words = "-".join(reduction.modifiers or (options.loss or "",)).replace(" ", "-").replace("/", "_")
            part = "wrapped" if method == "auto" else f"{reduction.name}-by-theorem"
            name = f"{reduction.name}-{kind}-{words}" if method == "auto" else f"{kind}-{words}"
            if not names or part in names:
                yield part, name, PROBLEMS[problem].generate(kind), target, options, method


SOURCES = {
    "poits": poits_sources,
    "twohyp": twohyp_sources,
    "sat": sat_sources,
    "clique": clique_sources,
    "mcclique": mcclique_sources,
}


Maker = Callable[[Path], Any]
"""Writes a certificate to a path; what ``certify.prove`` or ``certify.fit`` returns."""


def makers(names: list[str]) -> Iterator[tuple[str, str, Maker]]:
    """Folder, name and maker of every certificate of these folders, or of all."""
    for part, name, source, target, options, method in jobs(names):
        limit = TIMEOUTS.get(part, TIMEOUT)
        words = {"timeout": limit, "name": name, "options": options, "method": method}
        yield part, name, partial(_proved, source, target, words)
    if not names or OWN_DATA in names:
        for name, instance, decider in own_data_jobs():
            yield OWN_DATA, name, partial(_decided, instance, decider)


def _proved(source: Any, target: str, words: dict[str, Any], path: Path) -> Any:
    return prove(source, target, output=path, **words)


def _decided(instance: TrainingInstance, decider: Decider, path: Path) -> Any:
    """Raises ValueError where the verdict is not the one that the name ends with."""
    result = fit_instance(instance, method=decider, output=path, timeout=TIMEOUT)
    if path.stem.rsplit("-", 1)[1] != result.verdict.lower():
        raise ValueError(f"{path.stem}: {result.verdict} {result.report['notes']}")
    return result


def main(folder: Path, names: list[str]) -> int:
    """Writes the archive, or the parts of it with these names."""
    rows = []
    kept = []
    if names:
        old_rows = (folder / "MANIFEST").read_text().splitlines()[1:]
        kept = [row for row in old_rows if _file(row).split("/")[0] not in names]
    with tempfile.TemporaryDirectory(prefix=".draft-", dir=folder.parent) as draft:
        for folder_name, name, make in makers(names):
            place = Path(draft) / folder_name
            place.mkdir(exist_ok=True)
            begin = time.monotonic()
            path = place / f"{name}.cert"
            result = make(path)
            seconds = time.monotonic() - begin
            if result.verdict == "UNKNOWN" or result.certificate is None:
                # prove leaves certificates of its bounds beside it; the archive is of verdicts.
                for end in ("", "-no", "-yes"):
                    path.with_stem(path.stem + end).unlink(missing_ok=True)
                print(f"{folder_name}/{name}: UNKNOWN after {seconds:.1f} s {result.report['notes']}")
                continue
            if path.stat().st_size > PLAIN_BYTES:
                path.unlink()
                path = path.with_name(f"{name}.cert.gz")
                result.certificate.save(path)
            data = path.read_bytes()
            digest = hashlib.sha256(data).hexdigest()
            rows.append(
                f"{digest}  {folder_name}/{path.name}  {result.verdict}  {len(data)}  "
                f"{len(result.instance.points)}  {result.instance.width}"
            )
            print(f"{rows[-1][66:]}  {seconds:.1f} s", flush=True)
        header = "# sha256  file  verdict  bytes  points  width\n"
        (Path(draft) / "MANIFEST").write_text(header + "\n".join(sorted(kept + rows, key=_file)) + "\n")
        for old in folder.iterdir():
            if old.name not in KEPT and (not names or old.name in {*names, "MANIFEST"}):
                shutil.rmtree(old) if old.is_dir() else old.unlink()
        for new in sorted(Path(draft).iterdir()):
            shutil.move(new, folder / new.name)
    print(f"{len(rows)} certificates in {folder}")
    return 0


def _file(row: str) -> str:
    return row.split("  ")[1]


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python scripts/archive.py FOLDER [PART...]")
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
