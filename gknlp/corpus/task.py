"""One document to be read, and how a worker gets at its bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from gknlp.readers.container import Container, Content, Member, fallback_name
from gknlp.readers.gate import GateLimits
from gknlp.readers.read import fetch_file, join_member, open_container

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Task:
    """One document to be read: a file, or a container's member. ``path_bytes`` is the file's path inside the SOURCE."""

    source: int
    location: str
    path_bytes: bytes
    member: Member | None = None

    def name_path(self, name: bytes | None = None) -> bytes:
        """The document's path: with the member's name, or ``name``, or its position where neither is known."""
        if self.member is None:
            return self.path_bytes
        return join_member(self.path_bytes, name or self.member.name or fallback_name(self.member))

    def spare_path(self) -> bytes:
        """A path by position, for a second document of the same name."""
        return self.path_bytes if self.member is None else join_member(self.path_bytes, fallback_name(self.member))


class Opener:
    """Bytes of tasks. Keeps the last container open: its members come one after the other."""

    def __init__(self, limits: GateLimits) -> None:
        self.limits = limits
        self._location = ""
        self._container: Container | None = None

    def _open(self, location: str) -> Container:
        if self._container is None or self._location != location:
            if self._container:
                self._container.close()
                self._container = None
            self._container, self._location = open_container(Path(location), self.limits), location
        return self._container

    def fetch(self, task: Task) -> bytes:
        """The document's bytes, as its container holds them; raises Unreadable."""
        if task.member is None:
            return fetch_file(Path(task.location), self.limits)
        return self._open(task.location).fetch(task.member)

    def interpret(self, task: Task, data: bytes) -> Content:
        """What the fetched bytes are: name, bytes or text, hints; raises Unreadable."""
        if task.member is None:
            return Content(task.path_bytes, data)
        return self._open(task.location).interpret(task.member, data)


def hash_file(location: str, limits: GateLimits) -> str | None:
    """SHA-256 (hex) of a file of any admitted container's size; None for a larger one and where it cannot be read."""
    digest = hashlib.sha256()
    try:
        with Path(location).open("rb") as handle:
            for _ in range(0, limits.container_bytes + 1, _BLOCK):
                block = handle.read(_BLOCK)
                if not block:
                    return digest.hexdigest()
                digest.update(block)
    except OSError:
        return None
    return None
