"""The accounts of one build: every input gets one line, and nothing that the corpus holds already is written again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from gknlp.corpus.ingest import KNOWN
from gknlp.corpus.lines import Line, as_line, source_row

_Key = tuple[int, str, str | None]


class Ledger:
    """What the corpus held before this build, and what this build has seen so far.

    A document belongs to the SOURCE that brought it first; through another SOURCE it is 'skipped'. Lines are told apart
    by SOURCE, path and hash; a document whose path is taken inside its container goes by its position there.
    """

    def __init__(self, stored: pa.Table) -> None:
        self.seen: set[str] = set()
        self.outcomes: Counter[str] = Counter()
        self._owner: dict[str, int] = {}
        self._told: dict[_Key, tuple[Any, ...]] = {}
        self._lines: set[_Key] = set()
        for line in stored.drop_columns(["findings"]).to_pylist():
            if line["outcome"] == "parsed":
                self._owner[line["doc_id"]] = line["source"]
            else:
                self._told[_key(line)] = _verdict(line)

    def known_ids(self) -> bytes:
        """All parsed documents' ids, sorted, 16 bytes each."""
        return b"".join(sorted(map(bytes.fromhex, self._owner)))

    def enter(self, line: Line, spare_path: bytes) -> Line | None:
        """The line to be written for an input, None where the corpus has that line already.

        ``line`` is a worker's; ``spare_path`` names the input where its own path is taken.
        """
        if line["outcome"] in {"parsed", KNOWN}:
            line = self._judge_document(line, spare_path)
        elif _key(line) in self._lines:
            line = line | _names(line["source"], spare_path)
        self._lines.add(_key(line))
        self.outcomes["parsed" if line["outcome"] == KNOWN else line["outcome"]] += 1
        if line["outcome"] == KNOWN or self._told.get(_key(line)) == _verdict(line):
            return None
        return line

    def _judge_document(self, line: Line, spare_path: bytes) -> Line:
        doc_id, source = line["doc_id"], line["source"]
        self.seen.add(doc_id)
        owner = self._owner.setdefault(doc_id, source)
        repeated = _key(line) in self._lines
        if owner == source and not repeated:
            return line
        skipped = dict(line, outcome="skipped", doc_id=None, stage=None, encoding=None, media_type=None, findings=[])
        skipped["reason"] = f"same document as {line['path']}"
        return skipped | _names(source, spare_path) if repeated else skipped


def _names(source: int, path: bytes) -> Line:
    line = as_line(source_row(source, path, None, outcome=""))
    return {"path": line["path"], "path_b64": line["path_b64"]}


def _key(line: Mapping[str, Any]) -> _Key:
    return line["source"], line["path_b64"], line["sha256"]


def _verdict(line: Mapping[str, Any]) -> tuple[Any, ...]:
    return line["outcome"], line["reason"], line["stage"]
