"""What a worker process does with one input: read, parse, flatten."""

from __future__ import annotations

import bisect
import hashlib
import importlib
from collections.abc import Callable, Sequence
from typing import Any, cast

import pyarrow as pa

from gknlp.corpus.flatten import Rows, encode_rows, flatten_report
from gknlp.corpus.lines import source_row
from gknlp.corpus.task import Opener, Task, hash_file
from gknlp.manifest import make_doc_id
from gknlp.readers.gate import GateLimits
from gknlp.readers.read import read_document
from gknlp.readers.sniff import media_type_of
from gknlp.readers.unreadable import Unreadable
from gknlp.records import RawDocument, Report

KNOWN = "known"
"""Outcome told to the parent for a document the corpus holds already; it never reaches a table."""
_ID_BYTES = 16


class KnownIds:
    """The documents a corpus holds, as one run of sorted 16-byte ids: 32 MB for two million, cheap to send."""

    def __init__(self, packed: bytes) -> None:
        self._packed = packed

    def __contains__(self, doc_id: str) -> bool:
        wanted = bytes.fromhex(doc_id)
        place = bisect.bisect_left(range(len(self._packed) // _ID_BYTES), wanted, key=self._at)
        return self._at(place) == wanted

    def _at(self, place: int) -> bytes:
        return self._packed[place * _ID_BYTES : (place + 1) * _ID_BYTES]


class IngestJob:
    """Task -> rows of all tables: read, parse, flatten. What is wrong with an input becomes its ``sources`` row."""

    def __init__(self, parser: str, limits: GateLimits, known: bytes) -> None:
        pa.set_memory_pool(pa.system_memory_pool())  # the default pool reserves address space, which is limited here
        module, _, name = parser.partition(":")
        self._parse = cast("Callable[[RawDocument], Report]", getattr(importlib.import_module(module), name))
        self._opener = Opener(limits)
        self._known = KnownIds(known)

    def run(self, item: Task) -> Rows:
        """Rows of one input; exactly one of them in ``sources``."""
        path, sha256, data = item.name_path(), None, b""
        try:
            data = self._opener.fetch(item)
            sha256 = hashlib.sha256(data).hexdigest()
            content = self._opener.interpret(item, data)
            path = item.name_path(content.name)
            if content.data is not data:
                sha256 = hashlib.sha256(content.data).hexdigest()
            doc_id = make_doc_id(path, content.data)
            if doc_id in self._known:
                return {"sources": [source_row(item.source, path, sha256, outcome=KNOWN, doc_id=doc_id)]}
            raw = read_document(content, path_bytes=path, source=item.source, limits=self._opener.limits)
        except Unreadable as error:
            if sha256 is None and item.member is None:
                sha256 = hash_file(item.location, self._opener.limits)
            row = source_row(
                item.source, path, sha256, outcome="quarantined", reason=error.reason, stage=error.stage,
                media_type=media_type_of(path, data),
            )  # fmt: skip
            return {"sources": [row]}
        return self._understand(raw)

    def pack(self, values: list[Rows]) -> bytes:
        """All rows of a batch; a document that came twice keeps its rows once (and its ``sources`` rows all)."""
        packed: Rows = {"sources": [row for rows in values for row in rows["sources"]]}
        seen = set()
        for rows in values:
            if "reports" in rows and (doc_id := rows["reports"][0][0]) not in seen:
                seen.add(doc_id)
                for name, more in rows.items():
                    if name != "sources":
                        packed.setdefault(name, []).extend(more)
        return encode_rows(packed)

    def _understand(self, raw: RawDocument) -> Rows:
        try:
            report = self._parse(raw)
        except MemoryError:
            raise
        except Exception as error:
            return {"sources": [_row_of(raw, "quarantined", f"parse: {type(error).__name__}: {error}")]}
        refusal = next((found for found in report.diagnostics if found.code == "not_a_report"), None)
        if refusal:
            said = (refusal.found or "").removeprefix("not a report").lstrip(": ")
            return {"sources": [_row_of(raw, "quarantined", f"not a report: {said}".rstrip(": "))]}
        codes = sorted({found.code for found in report.diagnostics})
        return {"sources": [_row_of(raw, "parsed", None, codes)], **flatten_report(report)}


def _row_of(raw: RawDocument, outcome: str, reason: str | None, findings: Sequence[str] = ()) -> tuple[Any, ...]:
    """The line of a document that was read; ``reason`` where it was not understood."""
    origin = raw.source
    return source_row(
        origin.source, origin.path_bytes, origin.sha256, outcome=outcome, reason=reason,
        stage="parse" if reason else None, doc_id=None if reason else raw.doc_id,
        media_type=origin.media_type, encoding=origin.encoding, findings=list(findings),
    )  # fmt: skip
