"""Passages found before, so that a corpus that grew a little is not aligned anew.

A document's passages depend on its text, on where its fingerprints are linked to and on the texts there, and on nothing
else. All that is one key: where it is as before, the passages are. Links themselves are found anew each time; they are
two sorts. So an earlier report that arrives late takes over as first publisher: the keys of all that it has change.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gknlp.features.compiled import compiled
from gknlp.features.fingerprints import Fingerprints, hash_spans
from gknlp.features.shingles import mix_codes
from gknlp.reuse.columns import hash_words, mix_parts
from gknlp.reuse.config import ReuseConfig
from gknlp.reuse.links import Links, Places, Seeds
from gknlp.reuse.passages import Passages
from gknlp.reuse.stream import Stream
from gknlp.tables import encode_parquet, read_parquet, write_aside

Keys = NDArray[np.uint64]
Flags = NDArray[np.bool_]
Int64s = NDArray[np.int64]

_DOCUMENTS, _PASSAGES = "documents.parquet", "passages.parquet"
_CODE = ("align.py", "passages.py", "known.py")
"""Where the meaning of an alignment lies: another code, another key."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Known:
    """Passages by the keys of their documents: ``texts`` (ascending) says which document, ``links`` what it was linked with.

    ``bounds``: the first passage of each, and the end. Passages name their source by its key, places from the beginning
    of each document's narrative.
    """

    texts: Keys
    links: Keys
    bounds: Int64s
    sources: Keys
    places: Int64s
    similarity: NDArray[np.float64]


def no_passages() -> Known:
    """Nothing known."""
    keys, numbers = np.zeros(0, np.uint64), np.zeros(1, np.int64)
    return Known(
        texts=keys, links=keys, bounds=numbers, sources=keys, places=np.zeros((0, 4), np.int64), similarity=np.zeros(0)
    )


def key_texts(stream: Stream) -> Keys:
    """A key for each document: its id, its folded narrative and where that is cut."""
    column, bounds = stream.column, stream.doc_bounds
    first = bounds[stream.documents.stretches.text]
    lengths = np.diff(column.bounds).astype(np.uint64)
    places = mix_codes((column.bounds[:-1] - first).astype(np.uint64) * np.uint64(31) + lengths)
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(places, dtype=np.uint64)])
    stretch_of = np.searchsorted(stream.documents.stretches.text, np.arange(len(bounds)))
    shapes = sums[stretch_of[1:]] - sums[stretch_of[:-1]]
    wordings = hash_spans(column.codes, bounds[:-1], bounds[1:])
    return mix_parts((hash_words(stream.documents.ids), wordings, shapes))


def key_links(
    stream: Stream, prints: Fingerprints, places: Places, links: Links, seeds: Seeds, texts: Keys, config: ReuseConfig
) -> Keys:
    """A key for each document: all its links, by the keys of the linked texts, and how they are followed."""
    start = _hash_code() ^ np.uint64(config.min_passage << 32 | config.max_gap << 16 | prints.length)
    keys: Keys = _key_links(
        stream.doc_bounds,
        (prints.at, places.doc, places.bounds),
        (links.longer, links.own, links.first),
        (seeds.at, seeds.source, seeds.source_doc, seeds.bounds),
        texts,
        start,
    )
    return keys


def recall(known: Known, texts: Keys, links: Keys, doc_bounds: Int64s) -> tuple[Passages, Flags]:
    """The known passages of the documents whose two keys are known, and for each document whether it is still to be aligned."""
    rows = np.minimum(np.searchsorted(known.texts, texts), max(len(known.texts) - 1, 0))
    if not len(known.texts):
        return _as_passages(known, np.zeros(0, np.int64), np.zeros(0, np.int64), texts, doc_bounds), np.ones(
            len(texts), bool
        )
    same = (known.texts[rows] == texts) & (known.links[rows] == links)
    docs = np.flatnonzero(same)
    counts = known.bounds[rows[docs] + 1] - known.bounds[rows[docs]]
    first = np.repeat(known.bounds[rows[docs]] - np.cumsum(counts) + counts, counts)
    taken = first + np.arange(len(first))
    return _as_passages(known, np.repeat(docs, counts), taken, texts, doc_bounds), ~same


def remember(passages: Passages, texts: Keys, links: Keys, doc_bounds: Int64s) -> Known:
    """What is to be known next time: all passages as they were aligned."""
    order = np.argsort(texts, kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    rows = np.argsort(rank[passages.doc], kind="stable")
    counts = np.bincount(rank[passages.doc], minlength=len(order))
    own, there = doc_bounds[passages.doc], doc_bounds[passages.source_doc]
    places = np.column_stack(
        [passages.start - own, passages.end - own, passages.source_start - there, passages.source_end - there]
    )
    return Known(
        texts=texts[order],
        links=links[order],
        bounds=np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)]),
        sources=texts[passages.source_doc][rows],
        places=places[rows].astype(np.int64),
        similarity=passages.similarity[rows],
    )


def join(one: Passages, other: Passages) -> Passages:
    """Both, in the order in which passages are found."""
    if not len(one) or not len(other):
        return one if len(one) else other
    columns = {name: np.concatenate([getattr(one, name), getattr(other, name)]) for name in Passages.__slots__}
    both = Passages(**columns)
    return both.take(np.lexsort((both.source_end, -both.end, both.start, both.source_doc, both.doc)))


def load_known(folder: Path) -> Known:
    """What was known when ``write_known`` wrote to this folder; nothing where it is absent or no longer whole."""
    try:
        documents, passages = read_parquet(folder / _DOCUMENTS), read_parquet(folder / _PASSAGES)
        known = Known(
            texts=documents["text"].to_numpy(),
            links=documents["links"].to_numpy(),
            bounds=np.concatenate([np.zeros(1, np.int64), np.cumsum(documents["n_passages"].to_numpy())]),
            sources=passages["source"].to_numpy(),
            places=np.column_stack(
                [passages[name].to_numpy() for name in ("start", "end", "source_start", "source_end")]
            ),
            similarity=passages["similarity"].to_numpy(),
        )
    except (OSError, KeyError, pa.ArrowException):
        return no_passages()
    return known if known.bounds[-1] == passages.num_rows else no_passages()


def write_known(known: Known, folder: Path) -> None:
    """Two Parquet files; the passages first, so that a folder half written is told by their number."""
    columns = {
        name: known.places[:, place] for place, name in enumerate(("start", "end", "source_start", "source_end"))
    }
    passages = pa.table({"source": known.sources, **columns, "similarity": known.similarity})
    documents = pa.table({"text": known.texts, "links": known.links, "n_passages": np.diff(known.bounds)})
    write_aside(folder / _PASSAGES, encode_parquet(passages))
    write_aside(folder / _DOCUMENTS, encode_parquet(documents))


def _as_passages(known: Known, docs: Int64s, rows: Int64s, texts: Keys, doc_bounds: Int64s) -> Passages:
    order = np.argsort(texts, kind="stable")
    found = np.minimum(np.searchsorted(texts[order], known.sources[rows]), max(len(order) - 1, 0))
    source = order[found] if len(order) else found
    places = known.places[rows]
    return Passages(
        doc=docs.astype(np.int32),
        start=places[:, 0] + doc_bounds[docs],
        end=places[:, 1] + doc_bounds[docs],
        source_doc=source.astype(np.int32),
        source_start=places[:, 2] + doc_bounds[source],
        source_end=places[:, 3] + doc_bounds[source],
        similarity=known.similarity[rows],
    )


@cache
def _hash_code() -> np.uint64:
    data = b"".join(files("gknlp.reuse").joinpath(name).read_bytes() for name in _CODE)
    return np.uint64(int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little"))


@compiled
def _key_links(doc_bounds, prints, links, seeds, texts, start):  # type: ignore[no-untyped-def]  # numba infers the types
    at, doc_of, prints_of = prints
    n_docs = doc_bounds.shape[0] - 1
    keys = np.empty(n_docs, np.uint64)
    factor, stir = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)
    for d in range(n_docs):
        key = start
        for f in range(prints_of[d], prints_of[d + 1]):
            if links[2][f] < 0:
                continue
            for which in range(3):
                link = links[which][f]
                if link < 0:
                    continue
                source = doc_of[link]
                place = np.uint64(at[link] - doc_bounds[source]) << np.uint64(32) | np.uint64(at[f] - doc_bounds[d])
                key = (key ^ texts[source]) * factor
                key = (key ^ (key >> np.uint64(29)) ^ place ^ np.uint64(which)) * stir
        for s in range(seeds[3][d], seeds[3][d + 1]):
            source = seeds[2][s]
            place = np.uint64(seeds[1][s] - doc_bounds[source]) << np.uint64(32) | np.uint64(
                seeds[0][s] - doc_bounds[d]
            )
            key = (key ^ texts[source]) * factor
            key = (key ^ (key >> np.uint64(29)) ^ place ^ np.uint64(3)) * stir
        keys[d] = key ^ (key >> np.uint64(32))
    return keys
