"""--jobs as a user runs it: Ctrl-C while parts are searched in processes of their own, and the same command again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from certify.problems import PROBLEMS
from certify.reductions import reduction_named
from certify.verify import check_file

COMMAND = [sys.executable, "-m", "certify"]
ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
#: Its search is divided into sixteen parts; one of them takes many times as long as all others together.
GAP = PROBLEMS["twohyp"].generate("axes-gap", 1)
VERBS = {
    "prove": ["prove", "--from", "twohyp", "--to", "relu", "gap.csv", "--jobs", "2", "-o", "x.cert"],
    "fit": ["fit", "data.csv", "--width", "4", "--method", "refuter", "--jobs", "2", "-o", "x.cert"],
    "width": ["width", "data.csv", "--method", "refuter", "--jobs", "2", "-o", "x"],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "gap.csv").write_text(PROBLEMS["twohyp"].write(GAP))
    instance = reduction_named("twohyp", "relu").reduce(GAP)
    rows = [",".join(map(str, (*point, label))) for point, label in zip(instance.points, instance.labels, strict=True)]
    (tmp_path / "data.csv").write_text("\n".join(["x1,x2,y", *rows, ""]))
    return tmp_path


def of_group(group: int) -> list[int]:
    """The processes of a group that have not ended."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, of = path.read_text().rsplit(")", 1)[1].split()[:3]
        except OSError:  # it has ended meanwhile
            continue
        if int(of) == group and state not in "ZX":
            found.append(int(path.parent.name))
    return found


def ctrl_c_after_the_first_part(words: list[str], folder: Path, parts: Path) -> tuple[int, str, str]:
    """Exit code, stdout, stderr; the signal goes to the whole group, as a terminal sends it.

    Whoever runs the tests may ignore the signal (a shell's background jobs do), and the command would inherit that.
    """
    process = subprocess.Popen(
        [*COMMAND, *words], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=ENVIRONMENT, start_new_session=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    while process.poll() is None and not list(parts.glob("[!.]*.part")):  # a draft begins with a dot
        time.sleep(0.002)
    assert process.poll() is None, "it ended before a part was on disk"
    assert len(of_group(process.pid)) >= 3  # itself and two that search
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate()
    while of_group(process.pid):  # what still runs is about to end, or this never does
        time.sleep(0.01)
    return process.returncode, out, err


@pytest.mark.parametrize("verb", ["prove", "fit"])
def test_ctrl_c_keeps_the_parts_and_the_next_run_takes_them(verb: str, folder: Path) -> None:
    parts, output = folder / "x.cert.parts", folder / "x.cert"
    before = {path.name for path in folder.iterdir()}
    code, out, err = ctrl_c_after_the_first_part(VERBS[verb], folder, parts)
    assert code == 130 and "Traceback" not in out + err
    assert err == "certify: interrupted\n"
    assert out == "" if verb == "prove" else out.startswith("UNKNOWN\n")
    assert {path.name for path in folder.iterdir()} == before | {parts.name}
    kept = {path.name: path.read_bytes() for path in parts.iterdir()}
    assert kept and all(name.endswith(".part") for name in kept)

    again = subprocess.run(
        [*COMMAND, *VERBS[verb], "--json"], cwd=folder, capture_output=True, text=True, env=ENVIRONMENT, check=False
    )
    report = json.loads(again.stdout)
    assert (again.returncode, report["verdict"], report["tier"]) == (0, "NO", "checked")
    (note,) = (text for text in report["notes"] if "taken from" in text)
    assert note.startswith(f"{len(kept)} finished part")
    assert not parts.exists() and check_file(output).status == "VERIFIED"

    resumed = output.read_bytes()
    alone = [word if word != "2" else "1" for word in VERBS[verb]]
    subprocess.run([*COMMAND, *alone], cwd=folder, capture_output=True, env=ENVIRONMENT, check=True)
    assert output.read_bytes() == resumed
