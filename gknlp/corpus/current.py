"""Stored rows to the present state of a corpus: later lines replace earlier ones, versions and twins are told apart."""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from gknlp.schemas import CORPUS


@dataclass(frozen=True, slots=True)
class Twin:
    """A document with the same bytes as an earlier one under another path."""

    doc_id: str
    first_path: str


def current_lines(stored: pa.Table, numbers: Sequence[int]) -> tuple[pa.Table, list[int]]:
    """The ``sources`` lines in force, with their manifests' numbers: of equal SOURCE, path and hash the latest counts.

    A line without hash (an input that could not even be hashed) counts only while its path has no line with one.
    """
    columns = [stored[name].to_pylist() for name in ("source", "path_b64", "sha256")]
    latest = {key: place for place, key in enumerate(zip(*columns, strict=True))}
    hashed = {(source, path) for source, path, sha256 in latest if sha256 is not None}
    places = sorted(
        place for (source, path, sha256), place in latest.items() if sha256 is not None or (source, path) not in hashed
    )
    return stored.take(pa.array(places, pa.int64())), [numbers[place] for place in places]


def find_twins(lines: pa.Table, numbers: Sequence[int]) -> tuple[Twin, ...]:
    """Parsed documents whose bytes an earlier one has under another path: earlier manifests first, then path order."""
    names = ("outcome", "sha256", "path_b64", "source", "doc_id", "path")
    columns = [lines[name].to_pylist() for name in names]
    by_hash: dict[str, list[tuple[int, bytes, int, str, str]]] = {}
    for number, outcome, sha256, path_b64, source, doc_id, path in zip(numbers, *columns, strict=True):
        if outcome == "parsed":
            place = (number, base64.b64decode(path_b64), source, doc_id, path)
            by_hash.setdefault(sha256, []).append(place)
    return tuple(twin for places in by_hash.values() for twin in _twins_of(sorted(places)))


def mark_codes(lines: pa.Table, told: Iterable[tuple[str, str]]) -> pa.Table:
    """The lines with more codes among the findings of some documents; ``told``: pairs (doc_id, code)."""
    more: dict[str, set[str]] = {}
    for doc_id, code in told:
        more.setdefault(doc_id, set()).add(code)
    if not more:
        return lines
    findings = [
        sorted({*codes, *more[doc_id]}) if doc_id in more else codes
        for doc_id, codes in zip(lines["doc_id"].to_pylist(), lines["findings"].to_pylist(), strict=True)
    ]
    place = lines.schema.get_field_index("findings")
    return lines.set_column(place, CORPUS["sources"].field("findings"), pa.array(findings, pa.list_(pa.string())))


def twin_diagnostics(twins: Sequence[Twin]) -> pa.Table:
    """Rows of ``diagnostics``: code ``same_bytes``, ``found`` = the first document's path."""
    rows = [{"doc_id": t.doc_id, "code": "same_bytes", "severity": "info", "found": t.first_path} for t in twins]
    return pa.Table.from_pylist(rows, schema=CORPUS["diagnostics"])


def mark_superseded(reports: pa.Table, superseded: Mapping[str, str]) -> pa.Table:
    """The reports with ``superseded_by``."""
    newer = [superseded.get(doc_id) for doc_id in reports["doc_id"].to_pylist()]
    place = reports.schema.get_field_index("superseded_by")
    return reports.set_column(place, "superseded_by", pa.array(newer, pa.string()))


def find_superseded(
    lines: pa.Table, seen: Collection[str], superseded: Mapping[str, str]
) -> tuple[tuple[str, str | None], ...]:
    """What a build changes about versions: pairs (old, new), or (old, None) for one that came back into force.

    Where one path of one SOURCE has several documents, those that this build saw are in force, and the others are
    superseded by the (first) one seen; where it saw none of them, all stays as it was.

    Parameters
    ----------
    lines : all parsed lines, this build's included.
    seen : doc_ids of the documents this build met.
    superseded : what was superseded before.
    """
    parsed = lines.filter(pc.equal(lines["outcome"], "parsed"))
    versions: dict[tuple[int, str], set[str]] = {}
    columns = [parsed[name].to_pylist() for name in ("source", "path_b64", "doc_id")]
    for source, path_b64, doc_id in zip(*columns, strict=True):
        versions.setdefault((source, path_b64), set()).add(doc_id)
    changes = [change for docs in versions.values() if len(docs) > 1 for change in _changes_of(docs, seen, superseded)]
    return tuple(sorted(changes, key=lambda change: change[0]))


def _changes_of(
    docs: Collection[str], seen: Collection[str], superseded: Mapping[str, str]
) -> Iterator[tuple[str, str | None]]:
    in_force = [doc for doc in sorted(docs) if doc in seen]
    for doc in sorted(docs):
        if in_force and doc not in seen and superseded.get(doc) not in in_force:
            yield doc, in_force[0]
        elif doc in seen and doc in superseded:
            yield doc, None


def _twins_of(places: Sequence[tuple[int, bytes, int, str, str]]) -> Iterator[Twin]:
    first = places[0]
    for _, path_bytes, _, doc_id, _ in places[1:]:
        if path_bytes != first[1]:
            yield Twin(doc_id, first[4])
