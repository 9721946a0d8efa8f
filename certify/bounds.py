"""What is proved of the least width where a question stays open: bounds, each with a certificate that was checked.

The lower bound is that of the slots of one line of each sign (docs/format/v1.md, 6.3 and 6.4), as a refutation of one
neuron fewer; the upper one a network along one direction (decide/interpolate.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from certify.certificate import DATA, Certificate, Claim
from certify.decide.forced import meets_exactly
from certify.decide.interpolate import interpolation
from certify.decide.refute.setup import Setup
from certify.decide.refute.steps import Steps
from certify.instance import TrainingInstance
from certify.verified import RejectedCertificate, provenance, write_verified, written

#: Beyond so many points no network is looked for (that of thresholds takes longer).
MOST_POINTS = {"relu": 20_000, "threshold": 1_000}


@dataclass
class ProvedBounds:
    """at_least, at_most: None where nothing is known; certificates: "no" for one neuron fewer than the first, "yes" for
    the second, as JSON values (docs/cli.md).
    """

    at_least: int = 0
    at_most: int | None = None
    certificates: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, int | None]:
        return {"at_least": self.at_least, "at_most": self.at_most}

    def __str__(self) -> str:
        upper = "" if self.at_most is None else f", at most {self.at_most}"
        return f"at least {self.at_least}{upper} neurons"


def stem(output: Path) -> str:
    """The name of a certificate without its endings."""
    return output.name.removesuffix(".gz").removesuffix(".cert")


def proved_bounds(instance: TrainingInstance, output: Path | None, seed: int, command: str) -> ProvedBounds:
    """Bounds for the instance's data, whose width is not looked at.

    For an output X.cert the certificates are X-no.cert and X-yes.cert; without one they are checked only.
    """
    bounds = ProvedBounds()

    def verified(name: str, certificate: Certificate) -> bool:
        path = None if output is None else output.with_name(f"{stem(output)}-{name}.cert")
        try:
            checked = write_verified(certificate, path)
        except RejectedCertificate:
            return False
        if checked.verified:
            width = certificate.claim.width
            bounds.certificates[name] = {"width": width, "certificate": written(checked, path)}
        return checked.verified

    notes = provenance(seed, command)
    if meets_exactly(instance):
        setup = Setup.of(instance.points, instance.labels, instance.activation == "threshold")
        least = setup.least()
        if least:
            setup.use_best()
            steps = Steps()
            setup.write(steps)
            part = replace(instance, width=least - 1)
            no = Certificate(Claim.of("NO", DATA, part), part, refutation=steps.lines, provenance=notes)
            if verified("no", no):
                bounds.at_least = least
    network = interpolation(instance) if len(instance.points) <= MOST_POINTS[instance.activation] else None
    if network is not None:
        part = replace(instance, width=network.width)
        yes = Certificate(Claim.of("YES", DATA, part), part, witness=network, provenance=notes)
        if verified("yes", yes):
            bounds.at_most = network.width
    return bounds
