"""The parts ("cubes") of a search: run one after another or in processes of their own, and kept once finished.

A cube's result depends on its arguments alone, and results come back in the order of the cubes. So what is made of them
is the same for any number of processes and any order in which they finish. Results are JSON values: a store may keep
them on disk, and whoever made them is not trusted: everything ends in a proof that a checker reads.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import connection
from typing import Any, Generic, Protocol, TypeVar

from certify.errors import ResourceLimit, SolverFailure

Json = Any
T = TypeVar("T")
SECONDS_BETWEEN_LOOKS = 0.2


class StuckError(Exception):
    """The search ended without a refutation; the text says where."""


class Store(Protocol):
    """Where the results of finished cubes are kept."""

    def get(self, key: str) -> Json | None:
        """The result that is kept under the key, None if there is none that can be read."""

    def put(self, key: str, value: Json) -> None:
        """Keeps a result."""


@dataclass(frozen=True)
class Cubes:
    """jobs: so many processes; store: keeps results; progress: is told how many are done."""

    jobs: int = 1
    store: Store | None = None
    progress: Callable[[str], None] = lambda _: None

    def run(
        self,
        stage: str,
        work: Callable[..., Json],
        shared: tuple[Any, ...],
        tasks: Sequence[tuple[Any, ...]],
        *,
        seconds: float | None = None,
        read: Callable[[int, Json], T],
        last: Callable[[T], bool] = lambda _: False,
    ) -> list[T]:
        """``work(*shared, *task, check)`` of every task, in their order.

        ``work``: a function of a module; ``shared``: what all tasks see, given to every process once; ``check``: to be
        called now and then, raises ResourceLimit after so many ``seconds``. ``stage``: names the tasks in the store,
        together with their numbers. ``read``: makes of a task's number and its result what is returned; where it cannot
        (ValueError, TypeError, KeyError), what the store has is computed again. ``last``: the results behind the first
        one for which this is true are not wanted.
        Raises ResourceLimit when the time is up, and the StuckError of the first task that ended in one; what is
        finished by then is in the store.
        """
        return _Run(self, stage, work, shared, list(tasks), seconds, read, last).results()


class _Run(Generic[T]):
    def __init__(
        self,
        cubes: Cubes,
        stage: str,
        work: Callable[..., Json],
        shared: tuple[Any, ...],
        tasks: list[tuple[Any, ...]],
        seconds: float | None,
        read: Callable[[int, Json], T],
        last: Callable[[T], bool],
    ) -> None:
        self.cubes, self.stage, self.work, self.shared, self.tasks = cubes, stage, work, shared, tasks
        self.seconds, self.read, self.last = seconds, read, last
        self.deadline = None if seconds is None else time.monotonic() + seconds
        self.found: dict[int, T] = {}
        self.end = len(tasks)

    def results(self) -> list[T]:
        store = self.cubes.store
        if store is not None:
            for number in range(len(self.tasks)):
                value = store.get(self._key(number))
                if value is not None:
                    with suppress(ValueError, TypeError, KeyError):
                        self._note(number, self.read(number, value))
        if self._open():
            if self.cubes.jobs > 1 and len(self._open()) > 1:
                self._apart()
            else:
                self._here()
        return [self.found[number] for number in range(self.end)]

    def _key(self, number: int) -> str:
        return f"{self.stage} {number}"

    def _open(self) -> list[int]:
        return [number for number in range(self.end) if number not in self.found]

    def _note(self, number: int, value: T) -> None:
        self.found[number] = value
        if number < self.end and self.last(value):
            self.end = number + 1

    def _finished(self, number: int, value: Json) -> None:
        if self.cubes.store is not None:
            self.cubes.store.put(self._key(number), value)
        self._note(number, self.read(number, value))
        self.cubes.progress(f"{self.stage}: {len(self.found)} of {len(self.tasks)} parts done")

    def _check(self) -> None:
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise ResourceLimit(f"no verdict within {self.seconds:g} s")

    def _here(self) -> None:
        while numbers := self._open():
            self._check()
            self._finished(numbers[0], self.work(*self.shared, *self.tasks[numbers[0]], self._check))

    def _apart(self) -> None:
        before = set(multiprocessing.active_children())
        pool = ProcessPoolExecutor(
            min(self.cubes.jobs, len(self._open())),
            multiprocessing.get_context("spawn"),
            _start,
            (self.work, self.shared),
        )
        try:
            with _interrupts_later():
                running = {pool.submit(_one, self.tasks[n], self._left()): n for n in self._open()}
            self._collect(running)
        except BrokenProcessPool as error:
            raise SolverFailure(
                "a process of the search ended unexpectedly",
                hint="memory may be short: take fewer --jobs; a script that calls certify needs a main guard",
            ) from error
        finally:
            for process in set(multiprocessing.active_children()) - before:
                process.terminate()
            # Waits for the thread that watches them: were it about to end when the interpreter does, that would wake it
            # through a pipe which it closes.
            pool.shutdown(wait=True, cancel_futures=True)

    def _left(self) -> float | None:
        return None if self.deadline is None else max(self.deadline - time.monotonic(), 0.001)

    def _collect(self, running: dict[Future[tuple[str, Json]], int]) -> None:
        stuck: dict[int, str] = {}
        while any(number < self.end for number in running.values()):
            done, _ = wait(running, SECONDS_BETWEEN_LOOKS, FIRST_COMPLETED)
            late = None
            for future in sorted(done, key=running.__getitem__):
                number = running.pop(future)
                status, value = future.result()
                if status == "done":
                    self._finished(number, value)
                elif status == "stuck":
                    stuck[number] = value
                else:
                    late = value
            first = min(stuck, default=self.end)
            if first < self.end and all(number > first for number in running.values()):
                raise StuckError(stuck[first])
            if late is not None:
                raise ResourceLimit(f"no verdict within {self.seconds:g} s" if self.seconds is not None else late)
            self._check()


@contextmanager
def _interrupts_later() -> Iterator[None]:
    """Ctrl-C comes after the block: processes that start in it keep it back until they ignore it (``_start``)."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# In the processes --------------------------------------------------

_work: Callable[..., Json] | None = None
_shared: tuple[Any, ...] = ()


def _start(work: Callable[..., Json], shared: tuple[Any, ...]) -> None:
    """Ctrl-C is for the process that waits for this one, which ends together with it."""
    global _work, _shared
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _work, _shared = work, shared
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _one(task: tuple[Any, ...], seconds: float | None) -> tuple[str, Json]:
    assert _work is not None
    deadline = None if seconds is None else time.monotonic() + seconds

    def check() -> None:
        if deadline is not None and time.monotonic() > deadline:
            raise ResourceLimit("no time left")

    try:
        return "done", _work(*_shared, *task, check)
    except StuckError as stop:
        return "stuck", str(stop)
    except ResourceLimit as stop:
        return "late", stop.message
