"""What an engine is asked and what it answers. Values and protocols only; no process is started here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from gknlp.errors import GknlpError


class EngineError(GknlpError):
    """Work that could not be started at all: the job cannot be imported, or no worker process comes up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one item may cost before it is given up.

    ``deadline_seconds``: wall-clock seconds of one item; 30 is about a thousand times what an ordinary report takes.
    ``memory_bytes``: address space beyond what a worker has after its imports; 2 GiB holds the largest admitted file
    (64 MiB) some thirty times over. ``batch_size``: items sent to a worker at once; 64 hides the cost of the pipe.
    """

    deadline_seconds: float = 30.0
    memory_bytes: int = 2 << 30
    batch_size: int = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSpec:
    """How a worker makes its job: ``factory(*arguments)``.

    ``factory`` is ``"module:function"``, importable in a fresh process (preferred: needs no guard around the caller's
    main module), or a picklable callable.
    """

    factory: str | Callable[..., Job]
    arguments: tuple[Any, ...] = ()


class Job(Protocol):
    """What a worker does: one value an item, and one run of bytes for the values of a batch."""

    def run(self, item: Any) -> Any:
        """The value of one item; any exception fails this item alone."""
        ...

    def pack(self, values: list[Any]) -> bytes:
        """The values of a batch's good items, in order, as bytes for the parent."""
        ...


@dataclass(frozen=True, slots=True)
class Failure:
    """An item that gave no value. ``position`` counts within its outcome's items; ``stage`` is 'worker' unless the
    exception itself carries a ``stage``.
    """

    position: int
    reason: str
    stage: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A run of consecutive items and what became of them; outcomes follow each other in input order without gaps.

    ``payload`` packs the values of the items that are not in ``failures``, in item order; None where all failed.
    """

    start: int
    items: tuple[Any, ...]
    payload: bytes | None
    failures: tuple[Failure, ...]
