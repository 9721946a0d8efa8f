"""The second checker: ``certify-kernel``, extracted from a checker that is proved right in Coq (formal/).

It is a program of its own, which shares nothing with ``certify/verify.py`` but the format. This module finds it, runs
it on one file, and reads its one line of answer.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from certify.errors import CertifyError, MissingComponent, ResourceLimit
from certify.verify import Result

VARIABLE = "CERTIFY_KERNEL"
NAME = "certify-kernel"
_BUILT = Path(__file__).resolve().parents[1] / "formal" / "kernel" / "_build" / NAME
_ANSWER = re.compile(rb"(VERIFIED (?:YES|NO)|REJECTED|INCOMPLETE)(?: |\n)")
_THEOREM = re.compile(r" \(by (.*)\)\n")
_REASON = re.compile(r"(?:line (\d+): )?(?:\[([a-z-]+)\] )?(.*)", re.DOTALL)

Status = Literal["VERIFIED", "REJECTED", "INCOMPLETE", "DISAGREEMENT"]
#: Codes of an answer that is about the checker, not about the certificate: it did not come to an end.
LIMITS = frozenset({"out-of-time", "out-of-memory", "too-much-work", "number-too-large", "unsupported"})


@dataclass(frozen=True)
class KernelResult:
    """The kernel's answer for a file, as ``certify.verify.Result`` has it."""

    status: Literal["VERIFIED", "REJECTED", "INCOMPLETE"]
    verdict: str | None
    reason: str
    line: int | None
    code: str
    theorem: str | None = None


def find_kernel() -> Path:
    """The program: what the variable CERTIFY_KERNEL names, else on PATH, else as ``make kernel`` leaves it.

    Raises MissingComponent, which says how to build it.
    """
    named = os.environ.get(VARIABLE)
    if named:
        if not os.access(named, os.X_OK) or os.path.isdir(named):
            raise MissingComponent(
                f"{VARIABLE} names no program", source=named, hint="it must be the path of certify-kernel"
            )
        return Path(named)
    on_path = shutil.which(NAME)
    if on_path is not None:
        return Path(on_path)
    if os.access(_BUILT, os.X_OK):
        return _BUILT
    raise MissingComponent(
        f"{NAME} is not built", hint=f"run 'make kernel' in a clone, or name the program in {VARIABLE}"
    )


def check_by_kernel(path: str | os.PathLike[str], program: Path, *, timeout: float | None = None) -> KernelResult:
    """Check a certificate file by the kernel, in a process of its own.

    ``timeout``: seconds after which the answer is INCOMPLETE. Raises CertifyError if the program does not answer,
    and ResourceLimit if the system ended it.
    """
    name = os.fspath(path)
    # A name that begins with '-' would be read as an option.
    argument = os.path.join(".", name) if name.startswith("-") else name
    try:
        done = subprocess.run([program, argument], capture_output=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired:
        return KernelResult("INCOMPLETE", None, "the limit of time is used up", None, "out-of-time")
    answer = _ANSWER.match(done.stdout)
    if done.returncode < 0:
        ended = f"{NAME} was ended by signal {-done.returncode}"
        raise ResourceLimit(ended, source=name, hint="is there memory enough?")
    if answer is None:
        told = done.stderr.decode(errors="replace").strip().partition("\n")[0]
        raise CertifyError(f"{NAME} gave no answer: {told or f'exit code {done.returncode}'}", source=name)
    status, _, verdict = answer[1].decode().partition(" ")
    text = done.stdout[answer.end() + len(os.fsencode(argument)) :].decode(errors="replace")
    if status == "VERIFIED":
        by = _THEOREM.fullmatch(text)
        theorem = None if by is None else by[1]
        return KernelResult("VERIFIED", verdict, "the proof is complete", None, "verified", theorem)
    found = _REASON.fullmatch(text.removeprefix(":").strip())
    assert found is not None
    line, code, reason = found.groups()
    kind: Literal["REJECTED", "INCOMPLETE"] = "REJECTED" if status == "REJECTED" else "INCOMPLETE"
    return KernelResult(kind, None, reason, None if line is None else int(line), code or kind.lower())


def joined(python: Result, kernel: KernelResult) -> tuple[Status, str]:
    """What both checkers say together, and the reason.

    They agree, or one of them came to no end (then that is the answer), or it is a DISAGREEMENT: one of the two has
    a fault, and nothing is verified.
    """
    same = python.status == kernel.status and (
        python.status != "VERIFIED" or (python.verdict, python.theorem) == (kernel.verdict, kernel.theorem)
    )
    if same:
        return python.status, python.reason
    for result, name in ((python, "certify/verify.py"), (kernel, NAME)):
        if result.code in LIMITS:
            return "INCOMPLETE", f"{name} came to no end: {result.reason}"
    said = [
        f"{name} says {result.status}"
        + (f" {result.verdict}" if result.status == "VERIFIED" else "")
        + ("" if result.line is None else f" (line {result.line})")
        + ("" if result.status == "VERIFIED" else f": {result.reason}")
        for result, name in ((python, "certify/verify.py"), (kernel, NAME))
    ]
    return "DISAGREEMENT", "; ".join(said)
