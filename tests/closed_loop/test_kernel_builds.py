"""certify-kernel builds the instance of every reduction by functions of its own: the same bytes, so the same SHA-256."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from certify.certificate import Certificate, Claim
from certify.kernel import check_by_kernel, find_kernel
from certify.problems import PROBLEMS
from certify.reductions import REDUCTIONS, Options, Reduction, reduction_named
from certify.verify import check_file

#: Instances with more points are left to the archive.
MOST = 20_000


def sources(problem: str) -> list[tuple[str, Any]]:
    """The classic instances and seeded ones of each kind."""
    entry = PROBLEMS[problem]
    named = [(name, instance) for name, (instance, _) in entry.classics.items()]
    for kind in entry.kinds:
        if kind not in entry.classics:
            named += [(f"{kind}-{seed}", entry.generate(kind, seed)) for seed in range(3)]
    return named


CASES = [
    pytest.param(reduction, source, id=f"{reduction.name}-{name}")
    for reduction in REDUCTIONS.values()
    for name, source in sources(reduction.source)
    if reduction.size(source).points <= MOST
]


def changed() -> list[Any]:
    """Some sources with neurons and dimensions more and with target errors, where the reduction takes them."""
    cases = []
    errors = [("l0", "0"), ("l0", "3"), ("l1", "7/3"), ("l2", "7/3"), ("l2", "4")]
    for edge, reduction in REDUCTIONS.items():
        own = edge[0] == "mcclique"
        options = [Options(extra=n) for n in (1, 2, 5) if reduction.read is not None]
        options += [Options(loss=loss, gamma=None if own else Fraction(gamma)) for loss, gamma in errors]  # type: ignore[arg-type]
        small = [(name, source) for name, source in sources(edge[0]) if reduction.size(source).points <= 1500]
        for name, source in small[:3] + small[-2:]:
            wide = Options(dimension=reduction.size(source).dimension + 4)
            all_at_once = replace(options[0], loss="l2", gamma=None if own else Fraction(5, 6), dimension=wide.dimension)
            for n, option in enumerate([*options, wide, all_at_once]):
                cases.append(pytest.param(reduction_named(*edge, option), source, id=f"{reduction.name}-{name}-{n}"))
    return cases


@pytest.mark.parametrize(("reduction", "source"), [*CASES, *changed()])
def test_same_bytes(reduction: Reduction, source: Any, tmp_path: Path) -> None:
    """A no-certificate without its proof gets as far as that, and no further with another hash."""
    instance = reduction.reduce(source)
    certificate = Certificate(Claim.of("NO", reduction.name, instance, reduction.modifiers), source)
    path = tmp_path / "x.cert"
    certificate.save(path)
    answer = check_by_kernel(path, find_kernel())
    assert (answer.status, answer.code) == ("INCOMPLETE", "refutation-none"), answer
    assert check_file(path).code == "refutation-none"
    digit = "0" if instance.sha256()[0] != "0" else "1"
    path.write_text(path.read_text().replace(instance.sha256(), digit + instance.sha256()[1:]))
    assert check_by_kernel(path, find_kernel()).status == "REJECTED"


def test_every_reduction_is_there() -> None:
    names = {case.values[0].name for case in CASES}  # type: ignore[union-attr]
    assert names == {reduction.name for reduction in REDUCTIONS.values()}
    assert len(CASES) >= 60
