"""Corrupted certificates are rejected, for the right reason; the uncorrupted control is accepted.

Every mutation is hashed again, so that the checks of the content catch it, not the hash; that the hash catches what
is not hashed again is a test of its own. Each file is checked by certify-kernel, too (tests/conftest.py).
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from certify.decide.refute import Refutation, refute
from certify.exact import render
from certify.instance import TrainingInstance
from certify.network import Network, Neuron
from certify.verify import Result, check_bytes

ARCHIVE = Path(__file__).parents[2] / "certificates"
#: One certificate of every kind: reduction, verdict.
SAMPLES = {
    "poits-relu YES": "poits-relu/figure-5.cert",
    "poits-relu NO": "poits-relu/small-112-122.cert",
    "poits-threshold YES": "poits-threshold/figure-5.cert",
    "poits-threshold NO": "poits-threshold/small-111.cert",
    "twohyp-relu YES": "twohyp-relu/middle.cert",
    "twohyp-relu NO": "twohyp-relu/hexagon.cert",
    "twohyp-threshold YES": "twohyp-threshold/middle.cert",
    "twohyp-threshold NO": "twohyp-threshold/hexagon.cert",
}
#: Searches over coefficients.
OWN_DATA = {"bowl NO": "own-data/threshold-bowl-no.cert", "saddle NO": "own-data/threshold-saddle-no.cert"}


def load(name: str) -> list[str]:
    path = ARCHIVE / {**SAMPLES, **OWN_DATA}[name]
    if not path.exists():
        path = path.with_name(path.name + ".gz")
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    return text.split("\n")


def body(lines: list[str]) -> list[str]:
    return lines[: lines.index("end") + 1]


def check(lines: list[str]) -> Result:
    """The check of the body of these lines, hashed again."""
    text = "\n".join(body(lines)) + "\n"
    digest = hashlib.sha256(text.encode()).hexdigest()
    return check_bytes(f"{text}sha256 {digest}\n".encode())


def replaced(lines: list[str], pattern: str, by: str | Callable[[re.Match[str]], str]) -> list[str]:
    """The lines with the first match of the pattern at a line's start replaced."""
    for n, line in enumerate(lines):
        if re.match(pattern, line):
            return [*lines[:n], re.sub(pattern, by, line, count=1), *lines[n + 1 :]]
    raise AssertionError(f"nothing to mutate: {pattern}")


def dropped(lines: list[str], pattern: str) -> list[str]:
    n = next(n for n, line in enumerate(lines) if re.match(pattern, line))
    return lines[:n] + lines[n + 1 :]


@pytest.mark.parametrize("name", [*SAMPLES, *OWN_DATA])
def test_control(name: str) -> None:
    lines = load(name)
    assert check_bytes("\n".join(lines).encode()).status == "VERIFIED"
    assert check(lines).status == "VERIFIED"


@pytest.mark.parametrize("name", SAMPLES)
def test_the_hash_covers_every_line_of_the_body(name: str) -> None:
    lines = load(name)
    for n in range(len(body(lines))):
        changed = [*lines[:n], lines[n] + "0", *lines[n + 1 :]]
        assert check_bytes("\n".join(changed).encode()).status == "REJECTED", n


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize(
    ("pattern", "by", "codes"),
    [
        (r"width (\d+)", lambda m: f"width {int(m[1]) + 1}", {"width-mismatch"}),
        (r"activation (\w+)", lambda m: "activation relu" if m[1] == "threshold" else "activation threshold", None),
        (r"instance (\d+)", lambda m: f"instance {int(m[1]) + 1}", {"points-mismatch"}),
        (r"(instance \d+ \d+ ).*", lambda m: m[1] + "0" * 64, {"hash-mismatch"}),
        (r"signs free", "signs convex", None),
        (r"verdict (\w+)", lambda m: "verdict YES" if m[1] == "NO" else "verdict NO", None),
        (r"from \S+", "from twohyp-nothing", {"recipe"}),
    ],
)
def test_mutated_claims(name: str, pattern: str, by: Callable[[re.Match[str]], str], codes: set[str] | None) -> None:
    result = check(replaced(load(name), pattern, by))
    assert result.status == "REJECTED"
    assert codes is None or result.code in codes, result


@pytest.mark.parametrize("name", [name for name in SAMPLES if name.endswith("YES")])
def test_every_number_of_a_witness_matters(name: str) -> None:
    """Each weight, bias and coefficient changed in turn: the network misses a point, or has an output not allowed."""
    lines = load(name)
    start = next(n for n, line in enumerate(lines) if line.startswith("witness "))
    count = int(lines[start].split()[1])
    rejected = changed = 0
    for n in range(start + 1, start + 1 + min(count, 12)):
        tokens = lines[n].split()
        for t in range(len(tokens)):
            value = f"{tokens[t]}000" if "/" not in tokens[t] and tokens[t] != "0" else "12345"
            result = check([*lines[:n], " ".join([*tokens[:t], value, *tokens[t + 1 :]]), *lines[n + 1 :]])
            changed += 1
            rejected += result.status == "REJECTED"
            if result.status == "REJECTED":
                assert result.code in {"label-mismatch", "coefficient", "number"}, result
    # A threshold neuron may be turned or scaled a little without a point noticing; most changes are noticed.
    assert rejected >= changed * 2 // 3
    if "relu" in name:
        assert rejected >= changed - 2


@pytest.mark.parametrize("name", [name for name in SAMPLES if name.endswith("YES")])
def test_a_neuron_less_or_more(name: str) -> None:
    lines = load(name)
    n = next(n for n, line in enumerate(lines) if line.startswith("witness "))
    assert check(lines[: n + 1] + lines[n + 2 :]).status == "REJECTED"
    assert check([*lines[: n + 2], *lines[n + 1 :]]).status == "REJECTED"


@pytest.mark.parametrize("name", ["poits-relu YES", "poits-threshold YES"])
def test_another_solution_line(name: str) -> None:
    result = check(replaced(load(name), r"solution .*", "solution 1 2"))
    assert (result.status, result.code) == ("REJECTED", "solution")


NO = [*(name for name in SAMPLES if name.endswith("NO")), "bowl NO"]


def proof_range(lines: list[str]) -> range:
    return range(lines.index("refutation lines") + 1, lines.index("end"))


@pytest.mark.parametrize("name", NO)
def test_each_dropped_line_of_a_proof(name: str) -> None:
    """A proof without one of its lines is rejected, unless it is a proof all the same; that is rare after trimming."""
    lines = load(name)
    accepted = [n for n in proof_range(lines) if check(lines[:n] + lines[n + 1 :]).status != "REJECTED"]
    assert len(accepted) <= len(proof_range(lines)) // 4, [lines[n] for n in accepted]
    for n in accepted:
        # What may go is knowledge that a stronger fact makes unnecessary, never an end, a split or a named step.
        assert lines[n].split()[0] in {"n", "b", "u", "w", "slots", "line", "label", "v", "c", "k"}, lines[n]


@pytest.mark.parametrize("name", NO)
def test_each_multiplier_of_a_proof(name: str) -> None:
    """A changed multiplier leaves an unknown or spoils the constant."""
    lines = load(name)
    tried = 0
    for n in proof_range(lines):
        if lines[n].split()[0] not in {"u", "c", "e", "r", "0"}:
            continue
        for match in list(re.finditer(r":(-?\d+(?:/\d+)?)(?= |$)", lines[n]))[:3]:
            wrong = f"{lines[n][: match.start(1)]}7919/104729{lines[n][match.end(1) :]}"
            result = check([*lines[:n], wrong, *lines[n + 1 :]])
            tried += 1
            if result.status != "REJECTED":
                # Only a multiplier of a row that has nothing to cancel is free: a lone literal or constant.
                assert len(lines[n].split(" : ")[1].split()) <= 1, lines[n]
            else:
                assert result.code in {
                    "farkas-not-contradictory",
                    "multiplier-not-positive",
                    "merge-rows",
                    "not-an-equation",
                }, (lines[n], result)
    assert tried or "twohyp" in name


@pytest.mark.parametrize(
    ("name", "pattern", "by"),
    [
        ("poits-relu NO", r"(slots \d+ \+ )(\d+)", lambda m: m[1] + str(int(m[2]) + 1)),
        ("poits-relu NO", r"slots (\d+) \+", r"slots \1 -"),
        ("poits-relu NO", r"line (\d+) (\d+)", r"line \2 \1"),
        ("poits-relu NO", r"label \+ (\d+)", "label + 99"),
        ("poits-relu NO", r"split (\d+)", lambda m: f"split {int(m[1]) + 1}"),
        ("poits-relu NO", r"b (\d+) (\d+)", "b 1 99"),
        ("poits-relu NO", r"n (\d+) (\d+) (\d+) (\d+)", r"n \1 \4 \3 \2"),
        ("poits-relu NO", r"w (\d+) (\d+)", r"w \1 \1"),
        ("poits-threshold NO", r"(slots \d+ \* \d+ )(\d+)", lambda m: m[1] + str(int(m[2]) + 1)),
        ("twohyp-threshold NO", r"k (\d+) (\d+) \* (\d+)", r"k \1 \2 * 99"),
        ("twohyp-threshold NO", r"split \*", "split 0"),
        ("twohyp-relu NO", r"split (\d+)", lambda m: f"split {int(m[1]) + 1}"),
        ("bowl NO", r"order \* a ", "order * "),
        ("bowl NO", r"order \* a .*", "order * 1"),
        ("bowl NO", r"e (\d+) \d+", r"e \1 1"),
        ("bowl NO", r"(e \d+ \d+) -d\d+", r"\1"),
        ("bowl NO", r"(e .* )a1:-?\d+", r"\1a1:7"),
        ("bowl NO", r"(q \d+) (-?\d+)", lambda m: f"{m[1]} {int(m[2]) + 1}"),
        ("bowl NO", r"(p \d+ \d+) (\d+)", lambda m: f"{m[1]} {int(m[2]) + 1}"),
        ("saddle NO", r"order \* a ", "order * "),
        ("saddle NO", r"order \* a .*", "order * a"),
        ("saddle NO", r"(l \d+ \d+ \d+.*) (\d+) (\d+)", r"\1 \3 \2"),
        ("saddle NO", r"(l \d+ \d+ \d+.*) (\d+) (\d+)", r"\1 \2 \2"),
        ("saddle NO", r"(l \d+ \d+ \d+.*) (\d+) (\d+)", r"\1"),
        ("saddle NO", r"(l \d+) (\d+)", lambda m: f"{m[1]} {int(m[2]) + 2}"),
        ("saddle NO", r"(c .*)o(\d+):(\d+)", r"\1o\2:-\3"),
        ("saddle NO", r"(c .*)o(\d+):(\d+)", lambda m: f"{m[1]}o{3 - int(m[2])}:{m[3]}"),
    ],
)
def test_mutated_structure(name: str, pattern: str, by: str | Callable[[re.Match[str]], str]) -> None:
    lines = load(name)
    start = lines.index("refutation lines")
    assert check([*lines[:start], *replaced(lines[start:], pattern, by)]).status == "REJECTED"


@pytest.mark.parametrize("name", NO)
def test_a_proof_without_its_last_steps(name: str) -> None:
    lines = load(name)
    end = lines.index("end")
    if lines[end - 1] == "qed":
        assert check([*lines[: end - 2], "qed", *lines[end:]]).status == "REJECTED"
        assert check([*lines[: end - 1], *lines[end:]]).status == "REJECTED"
    start = lines.index("refutation lines")
    assert check([*lines[: start + 1], *lines[end:]]).status == "REJECTED"
    assert check([*lines[:start], "refutation none", *lines[end:]]).status == "INCOMPLETE"


def certificate(instance: TrainingInstance, proof: list[str]) -> list[str]:
    points = [" ".join(map(render, (*x, y))) for x, y in zip(instance.points, instance.labels, strict=True)]
    return [
        "certify 1",
        "verdict NO",
        f"activation {instance.activation}",
        f"signs {instance.signs}",
        f"width {instance.width}",
        "from data",
        f"instance {len(points)} {instance.dimension} {instance.sha256()}",
        *points,
        "refutation lines",
        *proof,
        "end",
    ]


HAT = [(0, 0), (1, 0), (2, 1), (3, 0), (4, 0)]


def hat(labels: list[int], width: int) -> TrainingInstance:
    return TrainingInstance.of([[x] for x, _ in HAT], labels, width=width, activation="relu")


def test_a_proof_does_not_carry_over_to_data_that_can_be_fitted() -> None:
    """The hat needs three neurons; its refutation for two is grafted on every change of one label that two fit."""
    base = hat([y for _, y in HAT], 2)
    outcome = refute(base)
    assert isinstance(outcome, Refutation)
    assert check(certificate(base, outcome.lines)).status == "VERIFIED"
    ramp = Network("relu", (Neuron.of([1], -1, 1), Neuron.of([1], -2, -1)), 1)
    fitted = hat([int(v) for v in ramp.evaluate(base.points)], 2)
    assert not fitted.misfits(ramp)
    assert check(certificate(fitted, outcome.lines)).status == "REJECTED"
    wider = hat([y for _, y in HAT], 4)
    assert check(certificate(wider, outcome.lines)).status == "REJECTED"
