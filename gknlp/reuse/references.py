"""Statutes, notices and model texts that the user names: wording that came from there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gknlp.errors import UsageError
from gknlp.features.compiled import compiled
from gknlp.features.fingerprints import Fingerprints, hash_windows
from gknlp.features.shingles import shingle_hashes
from gknlp.reuse.names import list_own_names
from gknlp.reuse.stream import MANDATED, MODEL_TEXT, Stream
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


def mark_quoted(stream: Stream, prints: Fingerprints, references: References, *, shortest: int) -> Stream:
    """The stream with what the references prescribe, or set as a model, marked.

    Positions in runs of at least ``shortest`` under shingles that a reference has (by hash). Fingerprints say where to
    look, every shingle around them is then looked up, so that a run is exact to the character.
    """
    for texts, bit in ((references.mandated, MANDATED), (references.model_text, MODEL_TEXT)):
        if texts:
            known = np.unique(_hash_texts(texts, prints.length))
            flags = _cover_quoted(stream, prints, known, shortest)
            stream = stream.mark(flags, bit)
    return stream


def _cover_quoted(stream: Stream, prints: Fingerprints, known: NDArray[np.uint64], shortest: int) -> NDArray[np.bool_]:
    codes, bounds = stream.column.codes, stream.column.bounds
    hits = prints.at[np.isin(prints.hashes, known)]
    stretch = np.searchsorted(bounds, hits, side="right") - 1
    reach = np.arange(-shortest, shortest + 1)
    near = hits[:, None] + reach[None, :]
    inside = (near >= bounds[stretch][:, None]) & (near + prints.length <= bounds[stretch + 1][:, None])
    begins = np.unique(near[inside])
    begins = begins[np.isin(hash_windows(codes, begins, prints.length), known)]
    flags: NDArray[np.bool_] = _cover(begins, prints.length, bounds, shortest, int(bounds[-1]))
    return flags


def _hash_texts(texts: Iterable[str], length: int) -> NDArray[np.uint64]:
    mask = list_own_names(None)
    return np.concatenate([shingle_hashes(fold_text(text, mask=mask).text, length) for text in texts])


@compiled
def _cover(begins, length, bounds, shortest, n):  # type: ignore[no-untyped-def]  # numba infers the types
    """Positions under windows of ``length`` from ``begins`` (ascending), in runs of at least ``shortest``, none over a bound."""
    flags = np.zeros(n, np.bool_)
    run_start, run_end = np.int64(0), np.int64(0)
    stretch = 0
    for b in range(begins.shape[0] + 1):
        begin = begins[b] if b < begins.shape[0] else n + length
        edge = np.int64(-1)
        while b < begins.shape[0] and begin >= bounds[stretch + 1]:
            stretch += 1
            edge = bounds[stretch]
        if begin > run_end or begin == edge:
            if run_end - run_start >= shortest:
                flags[run_start:run_end] = True
            run_start = begin
        run_end = begin + length
    return flags
