"""What a build has to read: documents as tasks, and lines for everything that is settled without reading."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from gknlp.corpus.lines import Line, as_line, source_row
from gknlp.corpus.listing import decode_listing
from gknlp.corpus.sources import Input, ignored_reason
from gknlp.corpus.task import Task
from gknlp.engine.base import JobSpec, Limits, Outcome
from gknlp.engine.local import run_batches
from gknlp.readers.container import Member
from gknlp.readers.gate import GateLimits
from gknlp.readers.sniff import media_type_of

_PATIENCE = 20
"""Listing and hashing run through a whole container or file: they get this many times a document's deadline."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Tasks in their order, as (input, members or None for a plain file), and the lines settled already.

    Each settled line comes with the path by position that it takes where its own path is taken.
    """

    documents: tuple[tuple[Input, Sequence[Member] | None], ...]
    settled: tuple[tuple[Line, bytes], ...]

    @property
    def n_tasks(self) -> int:
        """Documents to be read."""
        return sum(1 if members is None else len(members) for _, members in self.documents)

    def tasks(self) -> Iterator[Task]:
        """The documents to be read, made one by one."""
        for found, members in self.documents:
            for member in [None] if members is None else members:
                yield Task(found.source, found.location, found.path_bytes, member)


def make_plan(inputs: Sequence[Input], *, limits: Limits, gate: GateLimits) -> Plan:
    """Tasks and settled lines of all inputs; containers are listed in a worker process. No inputs, an empty plan."""
    containers = [found for found in inputs if found.is_container]
    listings = iter(_list_containers(containers, limits, gate))
    documents: list[tuple[Input, Sequence[Member] | None]] = []
    settled: list[tuple[Line, bytes]] = []
    for found in inputs:
        if found.outcome:
            settled.append((_line(found, found.outcome, found.reason), found.path_bytes))
        elif not found.is_container:
            documents.append((found, None))
        elif isinstance(listing := next(listings), dict):
            settled.append((listing, found.path_bytes))
        else:
            documents.append((found, [member for member in listing if not _ignored(member)]))
            ignored = (Task(found.source, found.location, found.path_bytes, m) for m in listing if _ignored(m))
            settled += [(_skipped_member(task), task.spare_path()) for task in ignored]
    return Plan(tuple(documents), tuple(settled))


def failed_lines(outcome: Outcome, *, limits: Limits, gate: GateLimits) -> dict[int, Line]:
    """Lines of the inputs that ended or escaped their worker, by position; hashed in a worker of their own."""
    tasks = [outcome.items[failure.position] for failure in outcome.failures]
    spec = JobSpec(factory="gknlp.corpus.listing:HashJob", arguments=(gate,))
    hashes: list[str | None] = []
    with closing(run_batches(spec, tasks, limits=_patient(limits))) as hashed:
        for answer in hashed:
            hashes += json.loads(answer.payload) if answer.payload else [None]
    lines = {}
    for failure, task, sha256 in zip(outcome.failures, tasks, hashes, strict=True):
        path = task.name_path()
        row = source_row(
            task.source, path, sha256, outcome="quarantined", reason=failure.reason, stage=failure.stage,
            media_type=media_type_of(path, b""),
        )  # fmt: skip
        lines[failure.position] = as_line(row)
    return lines


def _list_containers(
    containers: Sequence[Input], limits: Limits, gate: GateLimits
) -> Iterator[Sequence[Member] | Line]:
    spec = JobSpec(factory="gknlp.corpus.listing:ListJob", arguments=(gate,))
    with closing(run_batches(spec, [found.location for found in containers], limits=_patient(limits))) as outcomes:
        for found, outcome in zip(containers, outcomes, strict=True):
            listing = json.loads(outcome.payload)[0] if outcome.payload else {}
            if "members" in listing:
                yield decode_listing(listing)
            elif listing:
                yield _line(found, "quarantined", **listing)
            else:
                task = Task(found.source, found.location, found.path_bytes)
                failed = Outcome(0, (task,), None, outcome.failures)
                yield failed_lines(failed, limits=limits, gate=gate)[0]


def _patient(limits: Limits) -> Limits:
    return replace(limits, deadline_seconds=limits.deadline_seconds * _PATIENCE, batch_size=1)


def _ignored(member: Member) -> bool:
    return member.name is not None and ignored_reason(member.name) is not None


def _skipped_member(task: Task) -> Line:
    reason = ignored_reason(task.member.name) if task.member and task.member.name else None
    row = source_row(task.source, task.name_path(), None, outcome="skipped", reason=reason, stage="gate")
    return as_line(row)


def _line(found: Input, outcome: str, reason: str | None, stage: str = "gate", sha256: str | None = None) -> Line:
    media_type = media_type_of(found.path_bytes, b"") if found.is_container else None
    row = source_row(
        found.source, found.path_bytes, sha256, outcome=outcome, reason=reason, stage=stage, media_type=media_type
    )
    return as_line(row)
