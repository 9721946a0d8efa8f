"""certify-kernel builds the instance of every reduction by functions of its own: the same bytes, so the same SHA-256."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from certify.certificate import Certificate, Claim
from certify.kernel import check_by_kernel, find_kernel
from certify.problems import PROBLEMS
from certify.reductions import REDUCTIONS, Reduction
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


@pytest.mark.parametrize(("reduction", "source"), CASES)
def test_same_bytes(reduction: Reduction, source: Any, tmp_path: Path) -> None:
    """A no-certificate without its proof gets as far as that, and no further with another hash."""
    instance = reduction.reduce(source)
    certificate = Certificate(Claim.of("NO", reduction.name, instance), source)
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
