"""The import contracts of pyproject.toml hold, and the checker stands alone."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[1]


def test_contracts(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def imported(path: Path) -> set[str]:
    """The top-level modules that a file imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("." if node.level else (node.module or "").split(".")[0])
    return names


def test_checker_imports_the_standard_library_alone():
    names = imported(ROOT / "certify" / "verify.py")
    assert names <= sys.stdlib_module_names
    assert not names & {"pickle", "marshal", "shelve", "ctypes", "subprocess", "importlib", "socket"}


def test_checker_evaluates_nothing():
    calls = {
        node.func.id
        for node in ast.walk(ast.parse((ROOT / "certify" / "verify.py").read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not calls & {"eval", "exec", "compile", "__import__", "float"}


def test_no_floats_in_what_is_claimed():
    """Only pictures, exports, float-guided search, limits of size and clocks may say float."""
    allowed = ("pictures", "export", "cli", "decide", "pipeline.py", "verify.py")
    for path in (ROOT / "certify").rglob("*.py"):
        if path.relative_to(ROOT / "certify").parts[0] in allowed:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), path
            assert not (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
            ), path
