"""Rows collected and committed: one manifest a commit, none where nothing is new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from gknlp.corpus.chain import Manifest, State, extend_state, write_manifest
from gknlp.corpus.lines import Line, table_of_lines
from gknlp.corpus.store import write_segments
from gknlp.schemas import CORPUS


class Writer:
    """What a build has not yet committed, and the state of the corpus after its last commit."""

    def __init__(self, folder: Path, state: State, labels: tuple[bytes, ...]) -> None:
        self.folder = folder
        self.state = state
        self._labels = labels
        self._lines: list[Line] = []
        self._parts: list[Mapping[str, pa.Table]] = []

    def add(self, lines: Sequence[Line], tables: Mapping[str, pa.Table] | None = None) -> None:
        """Keep lines of ``sources`` and the rows of their documents for the next commit."""
        self._lines += lines
        if tables:
            self._parts.append(tables)

    def commit(self, superseded: Sequence[tuple[str, str | None]] = ()) -> None:
        """Write what was added, then the manifest that makes it count; nothing to write, nothing written."""
        if not self._lines and not superseded:
            return
        tables = {
            name: pa.concat_tables([CORPUS[name].empty_table(), *(part[name] for part in self._parts)])
            for name in CORPUS
            if name != "sources"
        }
        tables["sources"] = table_of_lines(self._lines)
        manifest = Manifest(
            number=self.state.number + 1,
            previous=self.state.head,
            labels=self._labels,
            segments=write_segments(self.folder, tables),
            added=dict(sorted(Counter(line["outcome"] for line in self._lines).items())),
            superseded=tuple(superseded),
        )
        self.state = extend_state(self.state, manifest, write_manifest(self.folder, manifest))
        self._lines, self._parts = [], []
