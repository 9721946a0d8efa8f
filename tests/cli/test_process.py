"""The command as a process: real pipes, Ctrl-C, a reader that goes away, a disk that is full."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .interrupted import interrupted

COMMAND = [sys.executable, "-m", "certify"]
ROOT = Path(__file__).resolve().parents[2]


def test_pipeline_of_processes(tmp_path):
    generate = subprocess.Popen([*COMMAND, "generate", "poits", "vvv"], stdout=subprocess.PIPE)
    prove = subprocess.Popen(
        [*COMMAND, "prove", "--from", "poits", "--to", "threshold", "-", "-o", "-"],
        stdin=generate.stdout,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    verify = subprocess.run(
        [*COMMAND, "verify", "-"], stdin=prove.stdout, capture_output=True, text=True, check=False
    )
    for process in (generate, prove):
        assert process.stdout is not None
        process.stdout.close()
    assert (generate.wait(), prove.wait(), verify.returncode) == (0, 0, 0)
    assert verify.stdout == "VERIFIED NO -\n"


def test_checker_alone(tmp_path):
    """The checker is one file that runs without the package and without site-packages."""
    source = tmp_path / "x.cnf"
    source.write_text("p cnf 1 1\n1 1 1 0\n")
    prove = [*COMMAND, "prove", "--from", "poits", "--to", "threshold", source, "-o", tmp_path / "x.cert"]
    subprocess.run(prove, check=True, capture_output=True)
    alone = tmp_path / "verify.py"
    alone.write_bytes((ROOT / "certify" / "verify.py").read_bytes())
    done = subprocess.run(
        [sys.executable, "-I", "-S", alone, tmp_path / "x.cert"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, f"VERIFIED NO {tmp_path / 'x.cert'}\n")


def test_reader_goes_away():
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [*COMMAND, "generate", "poits", "planted", "variables=90000", "clauses=90000"],
        stdout=writing,
        stderr=subprocess.PIPE,
    )
    os.close(writing)
    os.close(reading)
    _, err = process.communicate()
    assert (process.returncode, err) == (141, b"")


def test_interrupt_leaves_nothing_behind(tmp_path):
    formula = subprocess.run(
        [*COMMAND, "generate", "poits", "regular", "variables=40"], capture_output=True, check=True
    ).stdout
    (tmp_path / "hard.cnf").write_bytes(formula)
    words = ["prove", "--from", "poits", "--to", "relu", "hard.cnf", "-o", "x.cert"]
    done = interrupted(words, "certify.decide.refute.farkas", "Contradictions.find", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "certify: interrupted\n")
    assert [path.name for path in tmp_path.iterdir()] == ["hard.cnf"]


@pytest.mark.parametrize("words", [["list"], ["generate", "poits", "fano"]])
def test_full_disk_is_an_error(words):
    with open("/dev/full", "wb") as full:
        done = subprocess.run([*COMMAND, *words], stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1 and done.stderr.startswith(b"certify: ")
