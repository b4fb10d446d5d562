"""Work on this machine: persistent worker processes that a poisonous item can end without ending the run."""

from __future__ import annotations

import multiprocessing
import signal
import sys
import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import wait
from types import ModuleType
from typing import Any

from gknlp.engine.base import EngineError, Failure, JobSpec, Limits, Outcome
from gknlp.engine.worker import IDLE, OUT_OF_MEMORY, serve

_START_SECONDS = 120.0
"""A fresh interpreter with pyarrow is up in under a second; only a machine in deep trouble needs two minutes."""
_WINDOW = 8
"""Batches a worker may run ahead of the oldest unfinished one: bounds what waits in memory for its turn."""


@dataclass(frozen=True, slots=True)
class _Task:
    start: int
    items: tuple[Any, ...]
    alone: bool = False


def run_batches(
    spec: JobSpec, items: Iterable[Any], *, workers: int = 1, limits: Limits | None = None
) -> Generator[Outcome, None, None]:
    """Outcomes of all items in input order, the same for any number of workers.

    An item that outlives its deadline or ends its process is tried once more, alone in a fresh process, and then
    reported as a failure; the other items of its batch go on. ``workers`` below 1 counts as 1: work is always
    isolated. Closing the iterator (or an exception in the caller) ends the processes. No items: no process, nothing.

    Raises
    ------
    EngineError : the job cannot be made in a worker process.
    """
    pool = _Pool(spec, limits or Limits(), max(1, workers))
    try:
        yield from pool.run(iter(items))
    finally:
        pool.close()


class _Worker:
    """One process and the task it holds."""

    def __init__(self, spec: JobSpec, limits: Limits) -> None:
        context = multiprocessing.get_context("spawn")
        self.deadline = limits.deadline_seconds
        self.memory = limits.memory_bytes
        self.progress = context.RawArray("d", [IDLE, 0.0])
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(theirs, self.progress, spec, limits), daemon=True)
        with _bare_main() if isinstance(spec.factory, str) else nullcontext():
            self.process.start()
        theirs.close()
        self.task: _Task | None = None
        self.ready = False
        self.used = False
        self.started = time.monotonic()

    def give(self, task: _Task) -> None:
        self.task, self.used = task, True
        self.progress[0] = IDLE
        try:
            self.pipe.send(task.items)
        except (BrokenPipeError, ConnectionResetError):
            return  # it has died meanwhile: the loop sees that next

    def seconds_left(self) -> float | None:
        """Seconds until this worker is overdue; None while nothing is running in it."""
        if not self.ready:
            return self.started + _START_SECONDS - time.monotonic()
        if self.progress[0] == IDLE:
            return None
        return float(self.progress[1]) + self.deadline - time.monotonic()

    def end(self) -> int | None:
        """Exit code of the process, which is ended and forgotten."""
        self.pipe.close()
        if self.process.is_alive():
            self.process.kill()
        self.process.join()
        code = self.process.exitcode
        self.process.close()
        return code

    def reason(self, code: int | None) -> str:
        """Why a worker that ended by itself did so, in words that depend on nothing but the item."""
        if code == OUT_OF_MEMORY:
            return f"memory: more than {self.memory / 2**20:g} MiB"
        if code == -getattr(signal, "SIGALRM", 0):
            return self.overdue()
        if code == -getattr(signal, "SIGKILL", 0):
            return "memory: killed by the system (signal 9)"
        if code is not None and code < 0:
            return f"crashed: signal {-code}"
        return f"crashed: exit status {code}"

    def overdue(self) -> str:
        return f"deadline: {self.deadline:g} s exceeded"


class _Pool:
    """Hands tasks to workers, splits the batches of those that die, and puts outcomes back in order."""

    def __init__(self, spec: JobSpec, limits: Limits, size: int) -> None:
        self.spec, self.limits, self.size = spec, limits, size
        self.workers: list[_Worker] = []
        self.again: deque[_Task] = deque()
        self.done: dict[int, Outcome] = {}
        self.next_out = 0
        self.next_in = 0

    def run(self, items: Iterator[Any]) -> Iterator[Outcome]:
        while True:
            self._assign(items)
            busy = [worker for worker in self.workers if worker.task]
            if not busy:
                return
            self._listen(busy)
            while outcome := self.done.pop(self.next_out, None):
                self.next_out += len(outcome.items)
                yield outcome

    def close(self) -> None:
        while self.workers:
            self.workers.pop().end()

    def _assign(self, items: Iterator[Any]) -> None:
        idle = [worker for worker in self.workers if not worker.task]
        while len(self.workers) < self.size or idle:
            task = self._next_task(items)
            if task is None:
                return
            worker = idle.pop() if idle else None
            if worker and task.alone and worker.used:
                self._drop(worker)
                worker = None
            if worker is None:
                worker = _Worker(self.spec, self.limits)
                self.workers.append(worker)
            worker.give(task)

    def _next_task(self, items: Iterator[Any]) -> _Task | None:
        if self.again:
            return self.again.popleft()
        size = self.limits.batch_size
        if self.next_in - self.next_out >= size * self.size * _WINDOW:
            return None
        batch = tuple(islice(items, size))
        self.next_in += len(batch)
        return _Task(self.next_in - len(batch), batch) if batch else None

    def _listen(self, busy: list[_Worker]) -> None:
        left = [seconds for worker in busy if (seconds := worker.seconds_left()) is not None]
        # Without a running item there is still a batch on its way into a worker: look again soon.
        timeout = max(0.0, min(left)) + 0.001 if len(left) == len(busy) else 0.05
        told = set(wait([worker.pipe for worker in busy], timeout))
        for worker in busy:
            if worker.pipe in told:
                self._hear(worker)
            elif (seconds := worker.seconds_left()) is not None and seconds <= 0 and not worker.pipe.poll():
                self._bury(worker, overdue=True)

    def _hear(self, worker: _Worker) -> None:
        try:
            message = worker.pipe.recv()
        except (EOFError, OSError):
            self._bury(worker, overdue=False)
            return
        if not worker.ready:
            if message is not None:
                raise EngineError(f"a worker process cannot make its job {self.spec.factory}: {message}")
            worker.ready = True
            return
        task, worker.task = worker.task, None
        if task is None:
            return
        payload, failures = message
        if failures is None:
            self._split(task, range(len(task.items)), alone=False)
            return
        self.done[task.start] = Outcome(task.start, task.items, payload, failures)

    def _bury(self, worker: _Worker, *, overdue: bool) -> None:
        task, position = worker.task, int(worker.progress[0])
        worker.task = None
        code = self._drop(worker)
        if not worker.ready:
            raise EngineError(f"a worker process ended before it was ready (exit code {code}); is memory exhausted?")
        if task is None:
            return
        reason = worker.overdue() if overdue else worker.reason(code)
        known = 0 <= position < len(task.items)
        if task.alone:
            self.done[task.start] = Outcome(task.start, task.items, None, (Failure(0, reason, "worker"),))
        elif known or len(task.items) == 1:
            self._split(task, [position if known else 0], alone=True)
        else:
            self._split(task, range(len(task.items)), alone=False)

    def _split(self, task: _Task, culprits: Iterable[int], *, alone: bool) -> None:
        """Queue the task again as runs of innocent items and single culprits, oldest first.

        ``alone``: a culprit's last try, in a fresh process. Where nobody knows the culprit all are suspects, not alone.
        """
        parts: list[_Task] = []
        rest = 0
        for position in culprits:
            if position > rest:
                parts.append(_Task(task.start + rest, task.items[rest:position]))
            parts.append(_Task(task.start + position, task.items[position : position + 1], alone))
            rest = position + 1
        if rest < len(task.items):
            parts.append(_Task(task.start + rest, task.items[rest:]))
        self.again = deque(sorted([*self.again, *parts], key=lambda part: part.start))

    def _drop(self, worker: _Worker) -> int | None:
        self.workers.remove(worker)
        return worker.end()


@contextmanager
def _bare_main() -> Iterator[None]:
    """Keep a fresh process from importing the caller's main module again.

    Jobs given by name need nothing from it; without this a script or notebook would have to guard its main code, and
    one that is read from standard input could not start workers at all.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
