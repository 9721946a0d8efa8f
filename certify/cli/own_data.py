"""What ``certify fit`` and ``certify width`` share: options, reading the data, rows of their tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from certify.cli.common import EXIT_DISAGREEMENT, STDIO, disagreement, plural, read_text, size_text
from certify.decide.method_names import METHODS, Method
from certify.errors import InputError
from certify.exact import rational, render
from certify.instance import Signs, TrainingInstance
from certify.loss import LOSSES, Loss
from certify.network import ACTIVATIONS, Activation

F = TypeVar("F", bound=Callable[..., Any])
EXIT_UNKNOWN, EXIT_INTERRUPTED = 3, 130


def question_options(command: F) -> F:
    """The options that say what is asked; ``instance_from`` takes their values."""
    for option in (
        click.option("--gamma", metavar="RATIONAL", help="The total loss that is allowed; needs --loss."),
        click.option("--loss", type=click.Choice(LOSSES[1:]), help="The loss of --gamma. Default: the fit is exact."),
        click.option("--concave", "signs", flag_value="concave", help="All output signs -1 (relu)."),
        click.option("--convex", "signs", flag_value="convex", help="All output signs +1 (relu)."),
        click.option("--activation", type=click.Choice(ACTIVATIONS), default="relu", show_default=True),
    ):
        command = option(command)
    return command


def method_option(command: F) -> F:
    """The option --method."""
    return click.option(
        "--method",
        type=click.Choice(METHODS),
        default="auto",
        show_default=True,
        help="The decider; see docs/cli.md. auto takes those that suit the question.",
    )(command)


def checker_option(command: F) -> F:
    """The option --checker."""
    return click.option(
        "--checker",
        type=click.Choice(["python", "all"]),
        default="python",
        show_default=True,
        help="all: have certificates checked by certify-kernel, too.",
    )(command)


def instance_from(
    file: str, width: int, activation: Activation, signs: Signs | None, loss: Loss | None, gamma: str | None
) -> TrainingInstance:
    """The data in a CSV file, or on stdin for ``-``, with the question about them."""
    from certify.own_data import admitted

    if (loss is None) != (gamma is None):
        raise InputError("--loss and --gamma belong together", hint="give both, or none for the exact fit")
    allowed = rational(gamma or 0, source="--gamma")
    text, name = read_text(file)
    instance = TrainingInstance.from_csv(
        text,
        width=width,
        activation=activation,
        signs=signs or "free",
        loss=loss or "exact",
        gamma=allowed,
        source=name,
    )
    return admitted(instance)


def stem(file: str) -> str:
    """What default names of results start with."""
    return "stdin" if file == STDIO else Path(file).stem


def command_words(
    verb: str,
    instance: TrainingInstance,
    file: str,
    seed: int,
    method: Method,
    jobs: int | None,
    width: int | None = None,
) -> str:
    """The command as it stands in the provenance: no path of the machine."""
    words = ["certify", verb, STDIO if file == STDIO else Path(file).name]
    words += [] if width is None else ["--width", str(width)]
    words += ["--activation", instance.activation] if instance.activation != "relu" else []
    words += [f"--{instance.signs}"] if instance.signs != "free" else []
    words += ["--loss", instance.loss, "--gamma", render(instance.gamma)] if instance.loss != "exact" else []
    words += ["--method", method] if method != "auto" else []
    # The certificate does not depend on the number of processes.
    words += [] if jobs is None else ["--jobs", "N"]
    return " ".join([*words, "--seed", str(seed)])


def data_row(report: dict[str, Any], file: str) -> tuple[str, str]:
    """The row on the data."""
    data = report["instance"]
    name = "stdin" if file == STDIO else Path(file).name
    return "data", f"{name}: {plural(data['points'], 'point')} in dimension {data['dimension']}"


def kind(data: dict[str, Any]) -> str:
    """``convex relu``, ``threshold``."""
    signs = "" if data["signs"] == "free" else f"{data['signs']} "
    return f"{signs}{data['activation']}"


def goal(data: dict[str, Any]) -> str:
    """``, exactly`` or ``, total loss l1 at most 3/2``."""
    return ", exactly" if data["loss"] == "exact" else f", total loss {data['loss']} at most {data['gamma']}"


def bounds_text(bounds: dict[str, int | None]) -> str:
    """``at least 3, at most 7 neurons``."""
    upper = "" if bounds["at_most"] is None else f", at most {bounds['at_most']}"
    return f"at least {bounds['at_least']}{upper} neurons"


def certificate_text(entry: dict[str, Any]) -> str:
    """``x.cert (1.2 kB), VERIFIED``."""
    certificate = entry["certificate"]
    return f"{certificate['path'] or STDIO} ({size_text(certificate['bytes'])}), {entry['check']['status']}"


def checked_by(tier: str) -> str:
    """Who has checked."""
    return "certify/verify.py" + (" and certify-kernel" if tier == "kernel" else "")


def network_rows(report: dict[str, Any]) -> list[tuple[str, str]]:
    """The network as people write it, if it is small."""
    from certify.cli.show import formula
    from certify.network import Network

    if report["network"] is None:
        return []
    network = Network.from_json(report["network"])
    if network.width > 8:
        return [("network", f"{plural(network.width, 'neuron')}: see certify show")]
    terms = [formula(neuron, network.activation) for neuron in network.neurons] or ["0"]
    first, *others = terms
    return [("network", f"f(x) = {first.removeprefix('+ ')}"), *(("", f"       {term}") for term in others)]


def exit_code(report: dict[str, Any]) -> int:
    """0: decided; 3: UNKNOWN; 4: UNKNOWN because a solver disagrees; 130: UNKNOWN because of Ctrl-C."""
    if disagreement(report["cross_check"]):
        return EXIT_DISAGREEMENT
    if report["verdict"] != "UNKNOWN":
        return 0
    return EXIT_INTERRUPTED if report["interrupted"] else EXIT_UNKNOWN
