"""The checker on instances with a loss and with copies (format, sections 1, 2, 4): what a YES says of them.

The certificates are written by hand; the losses here are sums over Fractions by their definitions.
"""

from __future__ import annotations

import hashlib
import io
import random
from fractions import Fraction

import pytest

from certify.certificate import Certificate, Claim, read
from certify.instance import TrainingInstance
from certify.loss import LOSSES
from certify.network import Network, Neuron
from certify.verify import Result, check_bytes, check_text


def certificate(
    points: str,
    width: int,
    body: str,
    *,
    loss: str = "",
    counted: bool = False,
    activation: str = "relu",
    signs: str = "free",
    verdict: str = "YES",
) -> str:
    """A `data` certificate with the lines `loss ...` and `copies listed` where they are wanted."""
    rows = [line.strip() for line in points.strip().splitlines()]
    dimension = len(rows[0].split()) - 1 - counted
    listed = ["copies listed"] if counted else []
    canonical = [
        "certify-instance 1",
        f"activation {activation}",
        f"signs {signs}",
        f"loss {loss or 'exact'}",
        *listed,
        f"width {width}",
        f"dimension {dimension}",
        f"points {len(rows)}",
        *rows,
    ]
    digest = hashlib.sha256("".join(line + "\n" for line in canonical).encode()).hexdigest()
    lines = [
        "certify 1",
        f"verdict {verdict}",
        f"activation {activation}",
        f"signs {signs}",
        *([f"loss {loss}"] if loss else []),
        *listed,
        f"width {width}",
        "from data",
        f"instance {len(rows)} {dimension} {digest}",
        *rows,
        *(line.strip() for line in body.strip().splitlines()),
        "end",
    ]
    text = "".join(line + "\n" for line in lines)
    return text + f"sha256 {hashlib.sha256(text.encode()).hexdigest()}\n"


def accepted(result: Result, verdict: str = "YES") -> None:
    assert (result.status, result.verdict, result.code) == ("VERIFIED", verdict, "verified"), result


def rejected(result: Result, code: str) -> None:
    assert (result.status, result.code) == ("REJECTED", code), result
    assert result.line is not None


RAMP = "witness 1\n1 0 1"
NEAR = "0 1/2 3\n1 1 1\n2 4 2"  # the ramp misses 0 by 1/2, three times, and 2 by 2, twice


@pytest.mark.parametrize(
    ("loss", "enough", "counted_enough"), [("l0", "2", "5"), ("l1", "5/2", "11/2"), ("l2", "17/4", "35/4")]
)
def test_the_sum_of_the_losses_against_gamma(loss: str, enough: str, counted_enough: str) -> None:
    plain = "\n".join(row.rsplit(" ", 1)[0] for row in NEAR.splitlines())
    for points, bound, counted in ((plain, enough, False), (NEAR, counted_enough, True)):
        slightly = str(Fraction(bound) - Fraction(1, 10**30))
        accepted(check_text(certificate(points, 1, RAMP, loss=f"{loss} {bound}", counted=counted)))
        accepted(check_text(certificate(points, 1, RAMP, loss=f"{loss} 100", counted=counted)))
        rejected(check_text(certificate(points, 1, RAMP, loss=f"{loss} {slightly}", counted=counted)), "loss-too-large")
        rejected(check_text(certificate(points, 1, RAMP, loss=f"{loss} 0", counted=counted)), "loss-too-large")
        rejected(check_text(certificate(points, 1, RAMP, counted=counted)), "label-mismatch")


def test_gamma_zero_is_the_exact_fit() -> None:
    for loss in ("l0 0", "l1 0", "l2 0"):
        accepted(check_text(certificate("0 0 3\n1 1 1", 1, RAMP, loss=loss, counted=True)))
        rejected(check_text(certificate("0 0 3\n1 2 1", 1, RAMP, loss=loss, counted=True)), "loss-too-large")


def test_copies_do_not_matter_to_an_exact_fit() -> None:
    accepted(check_text(certificate("0 0 3\n1 1 999999999999999999999", 1, RAMP, counted=True)))
    rejected(check_text(certificate("0 0 3\n1 2 1", 1, RAMP, counted=True)), "label-mismatch")


@pytest.mark.parametrize(
    ("loss", "code"),
    [
        ("l3 1", "header"),
        ("exact", "header"),
        ("exact 0", "header"),
        ("l1", "header"),
        ("l1 -1", "header"),
        ("l1 1/0", "number"),
        ("l1 2/4", "number"),
        ("l1 0.5", "number"),
        ("l1 3 4", "header"),
        ("L1 3", "header"),
    ],
)
def test_bad_loss_lines(loss: str, code: str) -> None:
    rejected(check_text(certificate("0 0\n1 1", 1, RAMP, loss=loss)), code)


@pytest.mark.parametrize("copies", ["0", "-1", "1/2", "01", "2.0"])
def test_bad_copies(copies: str) -> None:
    accepted(check_text(certificate("0 0 1\n1 1 2", 1, RAMP, counted=True)))
    rejected(check_text(certificate(f"0 0 1\n1 1 {copies}", 1, RAMP, counted=True)), "number")


def test_the_lines_are_part_of_the_claim() -> None:
    good = certificate("0 0 1\n1 1 2", 1, RAMP, loss="l1 1", counted=True)
    accepted(check_text(good))
    for old, new in (("loss l1 1", "loss l1 2"), ("loss l1", "loss l2"), ("loss l1 1\n", ""), ("1 1 2\n", "1 1 3\n")):
        rejected(check_text(good.replace(old, new)), "hash-mismatch")
    rejected(check_text(good.replace("copies listed\n", "")), "point")
    rejected(check_text(good.replace("1 1 2\n", "1 1\n")), "point")
    rejected(check_text(good.replace("loss l1 1\ncopies listed", "copies listed\nloss l1 1")), "header")
    rejected(check_text(good.replace("copies listed", "copies listed\ncopies listed")), "header")
    rejected(check_text(good.replace("copies listed", "copies 2")), "header")


@pytest.mark.parametrize("activation", ["relu", "threshold"])
@pytest.mark.parametrize("loss", LOSSES)
def test_random_networks_and_the_writer(activation: str, loss: str) -> None:
    """What the writer writes of an instance is checked and read back; gamma is met exactly, and one part less is not."""
    rng = random.Random(f"{activation} {loss}")
    for dimension in (1, 2, 3):
        for _ in range(8):
            def number() -> Fraction:
                return Fraction(rng.randrange(-6, 7), rng.choice((1, 2, 3, 7)))

            neurons = tuple(
                Neuron.of([number() for _ in range(dimension)], number(), rng.choice((1, -1))) for _ in range(3)
            )
            network = Network(activation, neurons, dimension)  # type: ignore[arg-type]
            points = [[number() for _ in range(dimension)] for _ in range(6)]
            values = network.evaluate([tuple(p) for p in points])
            labels = [v + (number() if loss != "exact" and rng.random() < 0.6 else 0) for v in values]
            copies = [rng.randrange(1, 5) for _ in points]
            lost = sum(
                c * {"exact": Fraction(0), "l0": Fraction(v != y), "l1": abs(v - y), "l2": (v - y) ** 2}[loss]
                for v, y, c in zip(values, labels, copies, strict=True)
            )
            for gamma, fine in ((lost, True), (lost - Fraction(1, 1000), False)):
                if gamma < 0:
                    continue
                made = TrainingInstance.of(
                    points, labels, width=3, activation=activation, loss=loss, gamma=gamma, copies=tuple(copies)  # type: ignore[arg-type]
                )
                assert (made.objection(network) is None) == fine
                file = io.BytesIO()
                written = Certificate(Claim.of("YES", "data", made), made, network)
                written.write(file)
                result = check_bytes(file.getvalue())
                accepted(result) if fine else rejected(result, "loss-too-large")


def test_reading_back(tmp_path: object) -> None:
    made = TrainingInstance.of([[0], [1]], [0, 3], width=1, activation="relu", loss="l2", gamma="9/2", copies=(2, 1))
    written = Certificate(Claim.of("YES", "data", made), made, Network("relu", (Neuron.of([1], 0, 1),), 1))
    path = tmp_path / "a.cert"  # type: ignore[operator]
    written.save(path)
    again = read(path)
    assert again.claim == written.claim and again.source == made
    assert list(again.lines()) == list(written.lines())
