"""Statutes, notices and model texts that the user names: wording that came from there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from gknlp.errors import UsageError
from gknlp.features.fingerprints import Fingerprints, choose_fingerprints
from gknlp.reuse.config import ReuseConfig
from gknlp.reuse.links import NO_LINK, Links, no_seeds, place_fingerprints
from gknlp.reuse.passages import Passages, find_passages
from gknlp.reuse.stream import MANDATED, MODEL_TEXT, Stream
from gknlp.text.normalise import fold_text
from gknlp.text.own_names import list_own_names

KINDS = ("mandated", "model_text")


@dataclass(frozen=True, slots=True)
class References:
    """Texts by what they are: ``mandated`` (statute, notice) and ``model_text`` (范文)."""

    mandated: tuple[str, ...] = ()
    model_text: tuple[str, ...] = ()


def list_references(table: pa.Table | None) -> References:
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


def mark_quoted(stream: Stream, prints: Fingerprints, references: References, config: ReuseConfig) -> None:
    """Mark in the stream what the references prescribe, or set as a model.

    References are looked for as earlier documents are: passages of at least ``min_passage`` equal characters, light edits
    included.
    """
    for texts, bit in ((references.mandated, MANDATED), (references.model_text, MODEL_TEXT)):
        if texts:
            quoted = _find_quoted(stream, prints, texts, config)
            stream.mark(quoted.start, quoted.end, bit)


def _find_quoted(stream: Stream, prints: Fingerprints, texts: Sequence[str], config: ReuseConfig) -> Passages:
    """The passages that the documents have from the texts, which stand behind them in one column."""
    column, n_docs = stream.column, len(stream.documents)
    folded = [fold_text(text, mask=list_own_names(None)).text.encode("utf-32-le", "surrogatepass") for text in texts]
    codes = np.concatenate([column.codes, *(np.frombuffer(data, dtype="<u4").astype(np.uint32) for data in folded)])
    bounds = np.concatenate([column.bounds, column.bounds[-1] + np.cumsum([len(data) // 4 for data in folded])])
    own = choose_fingerprints(codes, bounds[len(column.bounds) - 1 :], length=prints.length, window=1)  # every shingle
    every = Fingerprints(
        length=prints.length,
        at=np.concatenate([prints.at, own.at]),
        hashes=np.concatenate([prints.hashes, own.hashes]),
        bounds=np.concatenate([prints.bounds, prints.bounds[-1] + own.bounds[1:]]),
    )
    of_stretch = np.concatenate([stream.documents.stretches.text, n_docs + np.arange(len(texts))]).astype(np.int32)
    places = place_fingerprints(every, of_stretch, bounds, n_docs + len(texts))
    n = len(prints.at)
    first = np.full(len(every.at), NO_LINK, np.int32)
    known, place = np.unique(own.hashes, return_index=True)
    found = np.minimum(np.searchsorted(known, prints.hashes), max(len(known) - 1, 0))
    if len(known):
        first[:n] = np.where(known[found] == prints.hashes, n + place[found], NO_LINK)
    none = np.full(len(every.at), NO_LINK, np.int32)
    links = Links(first=first, longer=none, own=none, formula=none)
    return find_passages(
        codes,
        every,
        places,
        links,
        no_seeds(len(places.bounds)),
        shortest=config.min_passage,
        max_gap=config.max_gap,
    )
