"""What goes wrong for callers. A document never raises: what is wrong with it is a Diagnostic."""

from __future__ import annotations


class GknlpError(Exception):
    """Base of every error that this package raises; the message says what to do next."""

    exit_code = 2


class UsageError(GknlpError):
    """A call that cannot be carried out as given: unknown name, impossible option, invalid configuration."""


class NotEnoughTextError(UsageError):
    """An analysis that this corpus is too small for, as configured; a run goes on without it and says so."""


class InputError(GknlpError):
    """An input that cannot be used at all: nothing could be parsed, or it is not what the command takes."""

    exit_code = 3


class CorpusError(GknlpError):
    """A corpus folder that is absent, damaged, or written by a newer version."""


class VerificationError(GknlpError):
    """A run whose outputs differ from what its manifest promises."""

    exit_code = 4
