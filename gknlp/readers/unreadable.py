"""The one way in which reading fails: a reason that can stand in a table."""

from __future__ import annotations

from typing import Literal

from gknlp.errors import InputError

Stage = Literal["gate", "decode", "read"]


class Unreadable(InputError):  # noqa: N818 - said of a document, as in "quarantined: unreadable"
    """A document or container that cannot be read.

    ``reason`` is a sentence that begins with a stable word (``encoding: ...``, ``zip: ...``) and holds nothing of this
    machine (no absolute path, no address); ``stage`` says how far the input came.
    """

    def __init__(self, reason: str, stage: Stage) -> None:
        super().__init__(reason, stage)
        self.reason = reason
        self.stage: Stage = stage

    def __str__(self) -> str:
        return self.reason
