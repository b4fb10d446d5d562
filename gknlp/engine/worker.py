"""The inside of one worker process: take a batch, note each item's start, answer with packed bytes and failures."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import signal
import sys
import time
from collections.abc import Callable, MutableSequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast

from gknlp.engine.base import Failure, Job, JobSpec, Limits

IDLE = -1
"""Position told to the parent while no item is being worked on; no deadline runs."""
OUT_OF_MEMORY = 77
"""Exit status of a worker whose item met MemoryError: the item is tried again in a fresh process."""
_GRACE_SECONDS = 10.0
"""A worker whose parent is gone or asleep ends itself this long after the deadline."""


def serve(pipe: Connection, progress: MutableSequence[float], spec: JobSpec, limits: Limits) -> None:
    """Answer batches from the pipe until its other end closes. ``progress`` is (position, monotonic start)."""
    _detach_from_terminal()
    try:
        job = make_job(spec)
    except Exception as error:
        pipe.send(f"{type(error).__name__}: {error}")
        return
    _limit_memory(limits.memory_bytes)
    pipe.send(None)
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            items = pipe.recv()
            answer = _run_batch(job, items, progress, limits.deadline_seconds)
            progress[0] = IDLE
            pipe.send(answer)
            if not gc.get_freeze_count():  # forms, patterns and modules stay: the collector need not walk them again
                gc.collect()
                gc.freeze()


def make_job(spec: JobSpec) -> Job:
    """The job that a spec describes; imports its module first where it is given by name."""
    if isinstance(spec.factory, str):
        module, _, name = spec.factory.partition(":")
        factory = cast("Callable[..., Job]", getattr(importlib.import_module(module), name))
        return factory(*spec.arguments)
    return spec.factory(*spec.arguments)


def _run_batch(
    job: Job, items: tuple[Any, ...], progress: MutableSequence[float], deadline: float
) -> tuple[bytes | None, tuple[Failure, ...] | None]:
    values: list[Any] = []
    failures: list[Failure] = []
    try:
        for position, item in enumerate(items):
            _note_start(progress, position, deadline)
            try:
                values.append(job.run(item))
            except MemoryError:
                raise
            except BaseException as error:
                failures.append(_describe(position, error))
        _note_start(progress, len(items), deadline)
        payload = job.pack(values) if values else None
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except Exception as error:  # packing failed: alone, the item is to blame; else the parent sends them one by one
        return None, (_describe(0, error),) if len(items) == 1 else None
    finally:
        _set_alarm(0.0)
    return payload, tuple(failures)


def _note_start(progress: MutableSequence[float], position: int, deadline: float) -> None:
    # The time first: a parent that reads between the two sees an old position with a new time, which harms nothing.
    progress[1] = time.monotonic()
    progress[0] = position
    _set_alarm(deadline + _GRACE_SECONDS)


def _set_alarm(seconds: float) -> None:
    # The kernel ends the process even inside C code that never returns to the interpreter.
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _describe(position: int, error: BaseException) -> Failure:
    reason = f"{type(error).__name__}: {error}".strip(": ")
    return Failure(position, reason, str(getattr(error, "stage", "worker")))


def _detach_from_terminal() -> None:
    """Interrupts are the parent's to handle; what a job prints must not mix with the parent's results."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdout = sys.stderr


def _limit_memory(extra_bytes: int) -> None:
    """Cap the address space at what the process has now plus ``extra_bytes``; nothing where the platform cannot."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except (ImportError, OSError):
        return
    limit = pages * resource.getpagesize() + extra_bytes
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
