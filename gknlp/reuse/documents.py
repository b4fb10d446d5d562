"""Documents in order of publication, from the corpus tables or from plain texts, as columns."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from gknlp.errors import UsageError
from gknlp.features.folded import Stretches
from gknlp.records import Span
from gknlp.reuse.narrative import SectionSpan, count_table_chars, find_narrative

Day = tuple[int, int, int]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
_UNDATED: Day = (9999, 0, 0)
_LAST_YEAR = 9999
NONE = -1


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Documents:
    """What this room needs of n reports, in order of publication: a document's number is its place in it.

    ``texts``: n strings. ``stretches``: their narrative. ``n_chars``, ``table_chars``: code points of narrative and of
    tables. ``owner``: a number for each agency (a document of no known agency is an owner of its own). ``region``, ``year``: numbers, NONE where unknown. ``agencies``: names to mask.
    ``days``: when each came out; equal days are a tie.
    """

    ids: tuple[str, ...]
    texts: pa.Array
    stretches: Stretches
    n_chars: Int64s
    table_chars: Int64s
    owner: Int32s
    region: Int32s
    year: Int32s
    agencies: tuple[str | None, ...]
    days: tuple[Day, ...]

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class _Row:
    """One document before ordering. ``place``: its row in the table of texts."""

    day: Day
    year: int | None
    doc_id: str
    place: int
    narrative: tuple[Span, ...]
    table_chars: int
    agency: str | None
    series: str | None
    region: str | None


def read_reports(tables: Mapping[str, pa.Table]) -> Documents:
    """The corpus's reports that count, in order of publication; superseded and republished ones are left out.

    Reports are one agency's if they have the same agency_id, or without one the same agency and region. Where no region
    is given, the county of the division code is.

    Raises
    ------
    UsageError : the table reports or sections is absent.
    """
    for name in ("reports", "sections"):
        if name not in tables:
            raise UsageError(
                f"reuse needs the corpus tables reports and sections; {name!r} is not among {sorted(tables)}"
            )
    sections: dict[str, list[SectionSpan]] = defaultdict(list)
    columns = (tables["sections"][name].to_pylist() for name in ("doc_id", "key", "start", "end"))
    for doc_id, key, start, end in zip(*columns, strict=True):
        sections[doc_id].append((key, start, end))
    reports = tables["reports"]
    reports = reports.filter(pc.is_null(reports["superseded_by"]))
    if "republication_of" in reports.column_names:
        reports = reports.filter(pc.is_null(reports["republication_of"]))
    lengths = pc.utf8_length(pc.fill_null(reports["text"], "")).to_pylist()
    names = ("doc_id", "agency", "agency_id", "code", "region", "year", "published")
    fields = zip(lengths, *(_column(reports, name) for name in names), strict=True)
    rows = []
    for place, (n_chars, doc_id, agency, agency_id, code, region, year, published) in enumerate(fields):
        own = sections[doc_id]
        rows.append(
            _Row(
                parse_day(published, year),
                year,
                doc_id,
                place,
                find_narrative(own, n_chars),
                count_table_chars(own, n_chars),
                agency,
                name_series(agency_id, agency, region),
                region or (code[:6] if code and len(code) >= 6 else None),
            )
        )
    return _order(rows, reports["text"])


def read_texts(texts: pa.Table) -> Documents:
    """Plain texts in order of publication, each narrative as a whole.

    Parameters
    ----------
    texts : columns id and text, optionally agency, series, region, year, published; others are ignored. A null text
        counts as empty. Texts belong together if they have the same series, or without one the same agency and region.

    Raises
    ------
    UsageError : id or text is absent, an id is null or comes twice, or a year is no whole number.
    """
    missing = [name for name in ("id", "text") if name not in texts.column_names]
    if missing:
        raise UsageError(f"plain texts need the columns id and text; {missing} are not among {texts.column_names}")
    lengths = pc.utf8_length(pc.fill_null(texts["text"], "")).to_pylist()
    names = ("id", "agency", "series", "region", "year", "published")
    fields = zip(lengths, *(_column(texts, name) for name in names), strict=True)
    rows, seen = [], set()
    for place, (n_chars, given, agency, series, region, said, published) in enumerate(fields):
        if given is None:
            raise UsageError("a text has no id; give every text its own")
        doc_id = str(given)
        if doc_id in seen:
            raise UsageError(f"the id {doc_id!r} comes twice; give every text its own")
        seen.add(doc_id)
        year = _read_year(said, doc_id)
        narrative = (Span(0, n_chars),) if n_chars else ()
        own = name_series(None if series is None else str(series), agency, region)
        rows.append(_Row(parse_day(published, year), year, doc_id, place, narrative, 0, agency, own, region))
    return _order(rows, texts["text"])


def name_series(given: str | None, agency: str | None, region: str | None) -> str | None:
    """Whose reports belong together: what is given for it, else the agency's name with its region; None if neither is known."""
    return given or (f"{agency}\x1f{region or ''}" if agency else None)


def _column(table: pa.Table, name: str) -> list[Any]:
    return table[name].to_pylist() if name in table.column_names else [None] * table.num_rows


def _order(rows: list[_Row], texts: pa.ChunkedArray) -> Documents:
    """By day of publication, then reported year, then doc_id.

    Where day and year are equal nothing tells who copied from whom: the doc_id decides, and the tie is told.
    """
    rows.sort(key=lambda one: (one.day, _LAST_YEAR if one.year is None else one.year, one.doc_id))
    order = pa.array([row.place for row in rows], pa.int64())
    whole = pc.fill_null(texts, "").cast(pa.large_string()).combine_chunks()
    whole = whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole
    spans = [(number, span.start, span.end) for number, row in enumerate(rows) for span in row.narrative]
    bounds = np.array(spans, dtype=np.int32).reshape(-1, 3)
    return Documents(
        ids=tuple(row.doc_id for row in rows),
        texts=whole.take(order),
        stretches=Stretches(text=bounds[:, 0].copy(), start=bounds[:, 1].copy(), end=bounds[:, 2].copy()),
        n_chars=np.array([sum(len(span) for span in row.narrative) for row in rows], dtype=np.int64),
        table_chars=np.array([row.table_chars for row in rows], dtype=np.int64),
        owner=_number([row.series if row.series is not None else (row.doc_id,) for row in rows]),
        region=_number([row.region for row in rows]),
        year=np.array([NONE if row.year is None else row.year for row in rows], dtype=np.int32),
        agencies=tuple(row.agency for row in rows),
        days=tuple(row.day for row in rows),
    )


def _number(values: Sequence[Any]) -> Int32s:
    """Each value's number by first occurrence; NONE for None."""
    numbers: dict[Any, int] = {}
    found = [NONE if value is None else numbers.setdefault(value, len(numbers)) for value in values]
    return np.array(found, dtype=np.int32)


def _read_year(value: Any, doc_id: str) -> int | None:
    if value is None or value == "":
        return None
    try:
        return int(value)
    except (TypeError, ValueError):
        raise UsageError(f"the year of {doc_id!r} is {value!r}; give a whole number or nothing") from None


def parse_day(published: Any, year: int | None) -> Day:
    """The day a document came out as (year, month, day), 0 where unknown.

    Without a readable ``published`` it is the year after the one reported on (the law has reports published by 31 March
    of the next year); without either, after everything that has a date.

    >>> parse_day("2022-01-20", 2021), parse_day(None, 2021), parse_day("20220120", None)
    ((2022, 1, 20), (2022, 0, 0), (2022, 1, 20))
    """
    return _parse_day(str(published) if published else "", year)


@lru_cache(maxsize=4096)
def _parse_day(published: str, year: int | None) -> Day:
    found = re.match(r"\D*(\d{4})\D*(\d{1,2})?\D*(\d{1,2})?", published)
    if found:
        first, month, day = (int(part or 0) for part in found.groups())
        return first, month, day
    return _UNDATED if year is None else (year + 1, 0, 0)
