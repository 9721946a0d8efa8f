"""The main job on two real formulas, a yes and a no, as a user would run it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = Path("demo")
FORMULAS = ("figure-5", "four-triples")
CERTIFY = Path(sys.executable).with_name("certify")


def main() -> int:
    """Runs the job on every formula; returns an exit code, not 0 if any part fails."""
    (ROOT / OUT).mkdir(exist_ok=True)
    for name in FORMULAS:
        source = Path("examples") / f"{name}.cnf"
        certificate, picture = OUT / f"{name}.cert", OUT / f"{name}.svg"
        clauses = _clauses((ROOT / source).read_text(encoding="ascii"))
        print(f"\n━━ {name} " + "━" * (74 - len(name)))
        print(f"formula      {clauses}\n             exactly one true literal in every clause?  ({source})\n")
        _run(CERTIFY, "prove", "--from", "poits", "--to", "relu", source, "-o", certificate)
        _run(CERTIFY, "plot", certificate, "-o", picture)
        print("\nchecked again, by the checker alone (standard library only, no solver):")
        _run(sys.executable, "-I", "certify/verify.py", certificate)
    print(
        f"\nLook at {OUT}/{FORMULAS[0]}.svg and {OUT}/{FORMULAS[1]}.svg, or read a proof:\n"
        f"{CERTIFY.relative_to(ROOT)} show {certificate} --proof"
    )
    return 0


def _clauses(text: str) -> str:
    rows = [line.split()[:-1] for line in text.splitlines() if line[:1] not in "cp"]
    return " ".join("(" + " ".join(f"v{word}" for word in row) + ")" for row in rows)


def _run(*words: object) -> None:
    shown = ["certify", *words[1:]] if words[0] == CERTIFY else ["python", *words[1:]]
    print("$ " + " ".join(map(str, shown)), flush=True)
    subprocess.run(list(map(str, words)), cwd=ROOT, check=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as error:
        sys.exit(f"the demo failed: exit code {error.returncode}")
