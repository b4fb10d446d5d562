"""Statutes, notices and model texts that the user names: wording that came from there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from gknlp.errors import UsageError
from gknlp.features.shingles import shingle_hashes
from gknlp.reuse.names import list_own_names
from gknlp.reuse.sources import Windows, cover_windows
from gknlp.reuse.stream import Flags, Stream
from gknlp.text.normalise import fold_text

KINDS = ("mandated", "model_text")


@dataclass(frozen=True, slots=True)
class References:
    """Texts by what they are: ``mandated`` (statute, notice) and ``model_text`` (范文)."""

    mandated: tuple[str, ...] = ()
    model_text: tuple[str, ...] = ()


def read_references(table: pa.Table | None) -> References:
    """The texts of a table with the columns kind (mandated | model_text) and text; None gives none.

    Raises
    ------
    UsageError : a column is absent or a kind is another.
    """
    if table is None:
        return References()
    missing = [name for name in ("kind", "text") if name not in table.column_names]
    if missing:
        raise UsageError(f"references need the columns kind and text; {missing} are not among {table.column_names}")
    rows = table.select(["kind", "text"]).to_pylist()
    unknown = sorted({str(row["kind"]) for row in rows} - set(KINDS))
    if unknown:
        raise UsageError(f"references of kind {unknown} are unknown; the kinds are {list(KINDS)}")
    texts = {kind: tuple(row["text"] or "" for row in rows if row["kind"] == kind) for kind in KINDS}
    return References(**texts)


def mark_mandated(stream: Stream, windows: Windows, references: References) -> Stream:
    """The stream with what the references prescribe added to its mandated text."""
    return replace(stream, mandated=stream.mandated | find_quoted(stream, windows, references.mandated))


def find_quoted(stream: Stream, windows: Windows, texts: Iterable[str]) -> Flags:
    """For each position whether it lies in a window (by hash) that one of the texts has; no texts quote nothing."""
    mask = list_own_names(None)
    hashes = [shingle_hashes(fold_text(text, mask=mask).text, windows.length) for text in texts]
    known = np.concatenate([np.empty(0, dtype=np.uint64), *hashes])
    begins = windows.positions[np.isin(windows.hashes, known)]
    return cover_windows(begins, windows.length, len(stream.text))
