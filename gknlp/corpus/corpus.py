"""A handle on a corpus folder: its tables as they stand at one manifest."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from gknlp.corpus.agencies import Link, agencies_table, map_agencies, read_agencies
from gknlp.corpus.chain import State, read_chain
from gknlp.corpus.content import hash_tables
from gknlp.corpus.correct import (
    Amendments,
    amend_cells,
    amend_reports,
    corrections_table,
    find_targets,
    make_amendments,
)
from gknlp.corpus.corrections import read_corrections
from gknlp.corpus.current import Twin, current_lines, find_twins, mark_codes, mark_superseded, twin_diagnostics
from gknlp.corpus.republication import (
    GROUPED_BY,
    Republication,
    drop_repeats,
    find_groups,
    find_republications,
    mark_republications,
    republication_diagnostics,
)
from gknlp.corpus.store import load_rows, read_kept
from gknlp.errors import CorpusError, UsageError
from gknlp.schemas import CORPUS, DERIVED, SCHEMA_VERSION
from gknlp.tables import sort_table

CORRECTIONS, AGENCIES = "corrections", "agencies"
"""The kinds of file that a corpus keeps."""
_NOTHING = Amendments()


@dataclass(slots=True)
class _Memo:
    """What a handle works out once."""

    amendments: Amendments | None = None
    links: tuple[Link, ...] | None = None
    republications: tuple[Republication, ...] | None = None


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus at one manifest: what is built later does not change what this handle shows.

    What its corrections file and its agencies file say is worked out when tables are read, and so is republication;
    segments hold what was read from the reports.
    """

    folder: Path
    state: State
    _memo: _Memo = field(default_factory=_Memo, repr=False, compare=False)

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

    @property
    def files(self) -> dict[str, str]:
        """The files of corrections and agencies in force: kind -> SHA-256, without those that were never given."""
        return dict(sorted(self.state.kept.items()))

    def table(self, name: str) -> pa.Table:
        """A whole table in its declared schema and its one order: corrected, with what was superseded, republished or
        has the same bytes told. ``corrections`` and ``agencies`` say what the kept files do.

        Raises
        ------
        UsageError : no such table; the message names those there are.
        CorpusError : a segment or a kept file is missing or damaged.
        """
        if name not in CORPUS and name not in DERIVED:
            raise UsageError(f"no corpus table {name!r}; there are: {', '.join((*CORPUS, *DERIVED))}")
        if name == "corrections":
            return corrections_table(self._amendments())
        if name == "agencies":
            return agencies_table(self._links())
        if name == "sources":
            lines, twins = self._lines()
            more = self._more_diagnostics(twins)
            codes = zip(more["doc_id"].to_pylist(), more["code"].to_pylist(), strict=True)
            return sort_table(name, mark_codes(lines, codes))
        if name == "reports":
            reports = self._reports()
            return sort_table(name, mark_republications(reports, self._republications()))
        rows = load_rows(self.folder, self.state, name)[0]
        if name == "cells":
            rows = amend_cells(rows, self._amendments())
        elif name == "evidence" and (told := self._amendments().evidence):
            rows = pa.concat_tables([rows, pa.Table.from_pylist(list(told), schema=CORPUS[name])])
        elif name == "diagnostics":
            rows = pa.concat_tables([rows, self._more_diagnostics(self._lines()[1])])
        return sort_table(name, rows)

    def reports_in_force(self) -> pa.Table:
        """The reports without those that a newer version superseded."""
        reports = self.table("reports")
        return reports.filter(pc.is_null(reports["superseded_by"]))

    def reports_that_count(self) -> pa.Table:
        """The reports in force, each once: without those that were published before in another format or place."""
        return self.tables_that_count("reports")["reports"]

    def tables_that_count(self, *names: str) -> dict[str, pa.Table]:
        """Tables without the rows of reports that do not count (see ``reports_that_count``)."""
        tables = {name: self.table(name) for name in dict.fromkeys(("reports", *names))}
        counted = drop_repeats(tables)
        return {name: counted[name] for name in names}

    @property
    def hash(self) -> str:
        """SHA-256 over what all tables say: equal for equal content, however and in whatever order it was built.

        The ordinal of a SOURCE argument is no content; lines are taken in the order of their paths. Corrections and
        agencies count by what they do to the tables; their own tables count where such a file was given.
        """
        return self._hash(self._tables())

    def info(self) -> dict[str, Any]:
        """What is in it, as plain values: counts by outcome, reason, year, level and form, rows by table, the hash.

        Years, levels and forms count the reports in force; reasons are cut at their colon; corrections are counted by
        what became of them, agencies by the kind of their link.
        """
        tables = self._tables()
        lines, reports = tables["sources"], tables["reports"]
        in_force = reports.filter(pc.is_null(reports["superseded_by"]))
        reasons = [reason.partition(":")[0] for reason in lines["reason"].to_pylist() if reason]
        return {
            "folder": os.fspath(self.folder),
            "manifest": self.state.number,
            "schema_version": SCHEMA_VERSION,
            "hash": self._hash(tables),
            "sources": [label.decode("utf-8", "backslashreplace") for label in self.state.labels],
            "outcomes": _count(lines["outcome"].to_pylist()),
            "reasons": _count(reasons),
            "n_reports": reports.num_rows,
            "n_in_force": in_force.num_rows,
            "n_republished": in_force.num_rows - in_force["republication_of"].null_count,
            "n_agencies": len(set(in_force["agency_id"].to_pylist()) - {None}),
            "years": _count(in_force["year"].to_pylist()),
            "levels": _count(in_force["level"].to_pylist()),
            "forms": _count(in_force["form"].to_pylist()),
            "corrections": _count(self.table("corrections")["status"].to_pylist()),
            "agencies": _count(self.table("agencies")["kind"].to_pylist()),
            "rows": {name: tables[name].num_rows for name in CORPUS},
        }

    def _tables(self) -> dict[str, pa.Table]:
        names = (*CORPUS, *(name for name in DERIVED if name in self.state.kept))
        return {name: self.table(name) for name in names}

    def _hash(self, tables: dict[str, pa.Table]) -> str:
        lines = tables["sources"].drop_columns(["source"])
        lines = lines.sort_by([(key, "ascending") for key in ("path_b64", "sha256", "outcome")])
        return hash_tables({**tables, "sources": lines})

    def _lines(self) -> tuple[pa.Table, tuple[Twin, ...]]:
        stored, numbers = load_rows(self.folder, self.state, "sources")
        lines, numbers = current_lines(stored, numbers)
        return lines, find_twins(lines, numbers)

    def _reports(self, columns: Sequence[str] = ()) -> pa.Table:
        """The corrected reports, or some columns; republication is not yet told."""
        reports = load_rows(self.folder, self.state, "reports", columns)[0]
        reports = amend_reports(mark_superseded(reports, self.state.superseded), self._amendments())
        return map_agencies(reports, self._links())

    def _more_diagnostics(self, twins: Sequence[Twin]) -> pa.Table:
        corrected = pa.Table.from_pylist(list(self._amendments().diagnostics), schema=CORPUS["diagnostics"])
        return pa.concat_tables([twin_diagnostics(twins), corrected, republication_diagnostics(self._republications())])

    def _amendments(self) -> Amendments:
        if self._memo.amendments is None:
            self._memo.amendments = self._amend()
        return self._memo.amendments

    def _amend(self) -> Amendments:
        if CORRECTIONS not in self.state.kept:
            return _NOTHING
        data = read_kept(self.folder, self.state.kept[CORRECTIONS])
        targets = find_targets(
            read_corrections(data, f"corrections of {self.folder}"), self._lines()[0], self.state.superseded
        )
        wanted = pa.array(sorted({doc_id for _, doc_id in targets if doc_id}), pa.string())
        tables = {
            name: rows.filter(pc.is_in(rows["doc_id"], wanted))
            for name in ("reports", "cells", "evidence")
            for rows in [load_rows(self.folder, self.state, name)[0]]
        }
        return make_amendments(targets, tables)

    def _links(self) -> tuple[Link, ...]:
        if self._memo.links is None:
            sha256 = self.state.kept.get(AGENCIES)
            name = f"agencies of {self.folder}"
            self._memo.links = read_agencies(read_kept(self.folder, sha256), name) if sha256 else ()
        return self._memo.links

    def _republications(self) -> tuple[Republication, ...]:
        if self._memo.republications is None:
            groups = find_groups(self._reports((*GROUPED_BY, "region", "code")))
            self._memo.republications = self._republished(groups) if groups else ()
        return self._memo.republications

    def _republished(self, groups: Sequence[Sequence[str]]) -> tuple[Republication, ...]:
        wanted = pa.array([doc_id for group in groups for doc_id in group], pa.string())
        cells = amend_cells(load_rows(self.folder, self.state, "cells")[0], self._amendments())
        tables = {
            "reports": self._reports(),
            "cells": cells,
            "sections": load_rows(self.folder, self.state, "sections")[0],
            "sources": self._lines()[0],
        }
        return find_republications(
            groups, {name: table.filter(pc.is_in(table["doc_id"], wanted)) for name, table in tables.items()}
        )


def _count(values: list[Any]) -> dict[str, int]:
    """How often each value comes, by its text; null as 'none', last."""
    counts = Counter(values)
    order = sorted(counts, key=lambda value: (value is None, str(value)))
    return {"none" if value is None else str(value): counts[value] for value in order}
