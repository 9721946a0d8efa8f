"""The compiled search as machine code on disk: Numba makes it once, LLVM loads it in milliseconds afterwards.

Numba and its own cache take most of a second to load, more than most questions take. So what Numba has compiled is kept
as an object file beside its sources (or, where that cannot be written, in the user's folder for caches), named after
all that it depends on: the sources, LLVM, and the processor. It is made anew if any of this is another.
"""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path

import llvmlite
import llvmlite.binding as llvm

from certify.decide.fit.state import Tree

FOLDER = Path(__file__).parent
SOURCES = ("state.py", "simplex.py", "nogoods.py", "tree.py", "entry.py")
NAME = "certify_search"
_NUMBER, _ADDRESS = ctypes.c_int64, ctypes.c_void_p
_TYPE = ctypes.CFUNCTYPE(_NUMBER, _NUMBER, _NUMBER, _NUMBER, _ADDRESS, _ADDRESS)


def call(tree: Tree, task: int, a: int, b: int) -> int:
    """``entry`` (entry.py) on the arrays of the tree."""
    n, k = tree.on.shape
    sizes = (ctypes.c_int64 * 6)(
        n, k, tree.extended.shape[1], len(tree.leaf), len(tree.owner_point), len(tree.point)
    )
    arrays = (*tree.lp, *tree[1:])
    for array in arrays:
        if not array.flags.c_contiguous:
            raise ValueError("an array of the search is not contiguous")
    at = (ctypes.c_void_p * len(arrays))(*(array.ctypes.data for array in arrays))
    return int(loaded()(task, a, b, ctypes.addressof(sizes), ctypes.addressof(at)))


@cache
def loaded() -> ctypes._CFunctionType:
    """The function as machine code in this process; compiled, which takes up to a minute, if it is not on disk."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    cpu, features = llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()
    machine = llvm.Target.from_default_triple().create_target_machine(
        cpu=cpu, features=features, opt=3, reloc="default", codemodel="jitdefault", jit=True
    )
    name = f"search-{_key(cpu, features)}.o"
    code = _stored(name)
    if code is None:
        with _alone():
            code = _stored(name)
            if code is None:
                code = _compiled(machine)
                _store(name, code)
    module = llvm.parse_assembly("")
    engine = llvm.create_mcjit_compiler(module, machine)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    function = _TYPE(engine.get_function_address(NAME))
    function.engine = engine  # type: ignore[attr-defined]  # the code lives as long as the engine
    return function


@contextmanager
def _alone() -> Iterator[None]:
    """One process compiles; the others of this user wait for it."""
    name = Path(tempfile.gettempdir()) / f"certify-search-{os.getuid()}.lock"
    # Others may write in that folder: a link that they left there is not followed, and no file is emptied.
    file = os.open(name, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def _key(cpu: str, features: str) -> str:
    text = hashlib.sha256()
    for source in SOURCES:
        text.update((FOLDER / source).read_bytes())
    for fact in (llvmlite.__version__, ".".join(map(str, llvm.llvm_version_info)), cpu, features):
        text.update(fact.encode() + b"\0")
    return text.hexdigest()[:32]


def _folders() -> Iterator[Path]:
    yield FOLDER / "__pycache__"
    yield Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "certify"


def _stored(name: str) -> bytes | None:
    for folder in _folders():
        path = folder / name
        try:
            # Code that another user could have written is not run.
            if path.stat().st_uid in (os.getuid(), 0):
                return path.read_bytes()
        except OSError:
            continue
    return None


def _store(name: str, code: bytes) -> None:
    """Keeps the code for later where that is possible."""
    for folder in _folders():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=folder, delete=False) as draft:
                draft.write(code)
            os.chmod(draft.name, 0o644)
            os.replace(draft.name, folder / name)
        except OSError:
            continue
        return


def _compiled(machine: llvm.TargetMachine) -> bytes:
    """Compiles by Numba. Its module is closed but for the one function, so that what Numba adds for exceptions, which
    this code never raises, goes away with all that would need Numba at run time.
    """
    function = import_module("certify.decide.fit.entry").function()
    module = llvm.parse_assembly(function.inspect_llvm())
    for value in module.functions:
        if value.name == function.native_name:
            value.name = NAME
        elif not value.is_declaration:
            value.linkage = "internal"
    for variable in module.global_variables:
        if not variable.is_declaration:
            variable.linkage = "internal"
    options = llvm.create_pipeline_tuning_options(speed_level=3)
    builder = llvm.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)
    module.verify()
    return machine.emit_object(module)  # type: ignore[no-any-return]
