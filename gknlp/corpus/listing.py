"""What a worker process does besides reading documents: list containers, take hashes. JSON out, not yet columns."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from gknlp.corpus.task import Opener, Task, hash_file
from gknlp.readers.container import Member
from gknlp.readers.gate import GateLimits
from gknlp.readers.read import open_container
from gknlp.readers.unreadable import Unreadable


class ListJob:
    """Location of a container -> its members, or why it cannot be opened. JSON, since it is not yet columns."""

    def __init__(self, limits: GateLimits) -> None:
        self._limits = limits

    def run(self, item: str) -> dict[str, Any]:
        """``{"members": [[name or None, position, start, size], ...]}`` or ``{"reason", "stage", "sha256"}``."""
        try:
            with closing(open_container(Path(item), self._limits)) as container:
                return {
                    "members": [
                        (_to_base64(member.name), member.position, member.start, member.size)
                        for member in container.members()
                    ]
                }
        except Unreadable as error:
            return {"reason": error.reason, "stage": error.stage, "sha256": hash_file(item, self._limits)}

    def pack(self, values: list[dict[str, Any]]) -> bytes:
        """A JSON list."""
        return json.dumps(values).encode("ascii")


class HashJob:
    """Task -> SHA-256 of its bytes, None where they cannot be had: for inputs that ended the worker that read them."""

    def __init__(self, limits: GateLimits) -> None:
        self._opener = Opener(limits)

    def run(self, item: Task) -> str | None:
        """The hash, without looking into the bytes."""
        if item.member is None:
            return hash_file(item.location, self._opener.limits)
        try:
            return hashlib.sha256(self._opener.fetch(item)).hexdigest()
        except Unreadable:
            return None

    def pack(self, values: list[str | None]) -> bytes:
        """A JSON list."""
        return json.dumps(values).encode("ascii")


def decode_listing(listing: dict[str, Any]) -> Sequence[Member]:
    """The members that ``ListJob`` found."""
    return [
        Member(None if name is None else base64.b64decode(name), position, start, size)
        for name, position, start, size in listing["members"]
    ]


def _to_base64(name: bytes | None) -> str | None:
    return None if name is None else base64.b64encode(name).decode("ascii")
