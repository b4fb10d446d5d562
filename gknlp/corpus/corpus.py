"""A handle on a corpus folder: its tables as they stand at one manifest."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from gknlp.corpus.chain import State, read_chain
from gknlp.corpus.content import hash_tables
from gknlp.corpus.current import Twin, current_lines, find_twins, mark_superseded, mark_twins, twin_diagnostics
from gknlp.corpus.store import load_rows
from gknlp.errors import CorpusError, UsageError
from gknlp.schemas import CORPUS, SCHEMA_VERSION
from gknlp.tables import sort_table


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus at one manifest: what is built later does not change what this handle shows."""

    folder: Path
    state: State

    @classmethod
    def open(cls, folder: Path, manifest: int | None = None) -> Corpus:
        """The corpus in a folder, as of ``manifest`` (default: the latest).

        Raises
        ------
        CorpusError : no corpus there, no such manifest, damaged, or written by a newer version.
        """
        state = read_chain(folder, number=manifest)
        if not state.number:
            raise CorpusError(f"{folder} is no corpus; make one with: gknlp corpus build SOURCE --to {folder}")
        return cls(folder, state)

    @property
    def manifest_number(self) -> int:
        """The manifest this handle is pinned to."""
        return self.state.number

    def table(self, name: str) -> pa.Table:
        """A whole table in its declared schema and its one order, with ``superseded_by`` and ``same_bytes`` told.

        Raises
        ------
        UsageError : no such table; the message names those there are.
        CorpusError : a segment is missing or damaged.
        """
        if name not in CORPUS:
            raise UsageError(f"no corpus table {name!r}; there are: {', '.join(CORPUS)}")
        if name == "sources":
            lines, twins = self._lines()
            return sort_table(name, mark_twins(lines, twins))
        rows = load_rows(self.folder, self.state, name)[0]
        if name == "reports":
            rows = mark_superseded(rows, self.state.superseded)
        elif name == "diagnostics":
            rows = pa.concat_tables([rows, twin_diagnostics(self._lines()[1])])
        return sort_table(name, rows)

    def reports_in_force(self) -> pa.Table:
        """The reports without those that a newer version superseded."""
        reports = self.table("reports")
        return reports.filter(pc.is_null(reports["superseded_by"]))

    @property
    def hash(self) -> str:
        """SHA-256 over what all tables say: equal for equal content, however and in whatever order it was built.

        The ordinal of a SOURCE argument is no content; lines are taken in the order of their paths.
        """
        tables = {name: self.table(name) for name in CORPUS}
        lines = tables["sources"].drop_columns(["source"])
        tables["sources"] = lines.sort_by([(key, "ascending") for key in ("path_b64", "sha256", "outcome")])
        return hash_tables(tables)

    def info(self) -> dict[str, Any]:
        """What is in it, as plain values: counts by outcome, reason, year, level and form, rows by table, the hash.

        Years, levels and forms count the reports in force; reasons are cut at their colon.
        """
        lines, twins = self._lines()
        reports = self.reports_in_force()
        rows = {name: self._n_rows(name) for name in CORPUS}
        rows |= {"sources": lines.num_rows, "diagnostics": rows["diagnostics"] + len(twins)}
        reasons = [reason.partition(":")[0] for reason in lines["reason"].to_pylist() if reason]
        return {
            "folder": os.fspath(self.folder),
            "manifest": self.state.number,
            "schema_version": SCHEMA_VERSION,
            "hash": self.hash,
            "sources": [label.decode("utf-8", "backslashreplace") for label in self.state.labels],
            "outcomes": _count(lines["outcome"].to_pylist()),
            "reasons": _count(reasons),
            "n_reports": rows["reports"],
            "n_in_force": reports.num_rows,
            "n_agencies": len(set(reports["agency_id"].to_pylist()) - {None}),
            "years": _count(reports["year"].to_pylist()),
            "levels": _count(reports["level"].to_pylist()),
            "forms": _count(reports["form"].to_pylist()),
            "rows": rows,
        }

    def _lines(self) -> tuple[pa.Table, tuple[Twin, ...]]:
        stored, numbers = load_rows(self.folder, self.state, "sources")
        lines, numbers = current_lines(stored, numbers)
        return lines, find_twins(lines, numbers)

    def _n_rows(self, name: str) -> int:
        return sum(segment.rows for _, segment in self.state.segments if segment.table == name)


def _count(values: list[Any]) -> dict[str, int]:
    """How often each value comes, by its text; null as 'none', last."""
    counts = Counter(values)
    order = sorted(counts, key=lambda value: (value is None, str(value)))
    return {"none" if value is None else str(value): counts[value] for value in order}
