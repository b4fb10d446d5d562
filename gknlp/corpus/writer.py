"""Rows collected and committed: one manifest a commit, none where nothing is new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from gknlp.corpus.chain import Manifest, State, extend_state, write_manifest
from gknlp.corpus.lines import Line, table_of_lines
from gknlp.corpus.store import keep_file, write_segments, writing_to
from gknlp.schemas import CORPUS
from gknlp.tables import hash_bytes


class Writer:
    """What a build has not yet committed, and the state of the corpus after its last commit."""

    def __init__(self, folder: Path, state: State, labels: tuple[bytes, ...]) -> None:
        self.folder = folder
        self.state = state
        self._labels = labels
        self._lines: list[Line] = []
        self._parts: list[Mapping[str, pa.Table]] = []
        self._kept: dict[str, str] = {}

    def add(self, lines: Sequence[Line], tables: Mapping[str, pa.Table] | None = None) -> None:
        """Keep lines of ``sources`` and the rows of their documents for the next commit."""
        self._lines += lines
        if tables:
            self._parts.append(tables)

    def keep(self, files: Mapping[str, bytes]) -> None:
        """Keep files of corrections and agencies for the next commit, by kind; one that is in force changes nothing."""
        for kind, data in files.items():
            if (sha256 := hash_bytes(data)) != self.state.kept.get(kind):
                keep_file(self.folder, data)
                self._kept[kind] = sha256

    def commit(self, superseded: Sequence[tuple[str, str | None]] = ()) -> None:
        """Write what was added, then the manifest that makes it count; nothing to write, nothing written."""
        if not self._lines and not superseded and not self._kept:
            return
        tables = {
            name: pa.concat_tables([CORPUS[name].empty_table(), *(part[name] for part in self._parts)])
            for name in CORPUS
            if name != "sources"
        }
        tables["sources"] = table_of_lines(self._lines)
        with writing_to(self.folder):
            manifest = Manifest(
                number=self.state.number + 1,
                previous=self.state.head,
                labels=self._labels,
                segments=write_segments(self.folder, tables),
                added=dict(sorted(Counter(line["outcome"] for line in self._lines).items())),
                superseded=tuple(superseded),
                kept=self._kept,
            )
            self.state = extend_state(self.state, manifest, write_manifest(self.folder, manifest))
        self._lines, self._parts, self._kept = [], [], {}
