"""The real example: a sudoku becomes a training set, and its solution is read out of a network's weights."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from certify.problems import PROBLEMS, clique, sat

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def test_the_examples_are_the_classics():
    assert sat.parse((EXAMPLES / "sudoku.cnf").read_text()) == PROBLEMS["sat"].classics["sudoku"][0]
    assert clique.parse((EXAMPLES / "petersen.col").read_text()) == PROBLEMS["clique"].classics["petersen"][0]


def test_sudoku_from_the_weights(certify):
    proved = certify("prove", "--from", "sat", "--to", "threshold", EXAMPLES / "sudoku.cnf", "-o", "s.cert")
    assert (proved.code, proved.first) == (0, "YES")
    model = certify("extract", "s.cert").out
    shown = subprocess.run(
        [sys.executable, EXAMPLES / "sudoku.py"], input=model, capture_output=True, text=True, check=True
    ).stdout
    grid = [list(map(int, row.split())) for row in shown.splitlines()]
    assert all(sorted(row) == [1, 2, 3, 4] for row in grid)
    assert all(sorted(column) == [1, 2, 3, 4] for column in zip(*grid, strict=True))
    for r in (0, 2):
        for c in (0, 2):
            assert sorted(grid[r][c : c + 2] + grid[r + 1][c : c + 2]) == [1, 2, 3, 4]
    assert (grid[0][0], grid[1][2], grid[2][1], grid[3][3]) == (1, 3, 4, 2)


def test_a_graph_from_its_file(certify):
    proved = certify("prove", "--from", "clique", "--to", "threshold", EXAMPLES / "petersen.col", "-o", "g.cert")
    assert (proved.code, proved.first) == (0, "YES")
    found = clique.parse_solution(PROBLEMS["clique"].classics["petersen"][0], certify("extract", "g.cert").out)
    assert clique.is_solution(PROBLEMS["clique"].classics["petersen"][0], found)


def test_a_lemma(certify):
    told = certify("lemma", "observation-3")
    assert told.code == 0
    assert "holds  solver" in told.out and "holds  exact" in told.out and "rests on" in told.out
    data = certify("lemma", "lemma-6", "--json").json
    assert [row["name"] for row in data["lemmas"]] == ["lemma-6"] and data["lemmas"][0]["holds"]
