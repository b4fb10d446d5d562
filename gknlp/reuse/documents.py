"""Documents in order of publication, from the corpus tables or from plain texts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from gknlp.errors import UsageError
from gknlp.records import Span
from gknlp.reuse.narrative import SectionSpan, count_table_chars, find_narrative

Day = tuple[int, int, int]
_UNDATED: Day = (9999, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What this room needs of one report: its text, its narrative stretches, whose it is and when it came out.

    ``series`` tells whose reports belong together (None: this one alone); ``agency`` is the name to mask.
    """

    doc_id: str
    text: str
    narrative: tuple[Span, ...]
    table_chars: int = 0
    agency: str | None = None
    series: str | None = None
    region: str | None = None
    year: int | None = None
    day: Day = _UNDATED

    @property
    def n_chars(self) -> int:
        """Code points of the narrative."""
        return sum(len(span) for span in self.narrative)

    @property
    def owner(self) -> str:
        """The series, or the document itself where it belongs to none: what counts as one agency."""
        return f"s:{self.series}" if self.series is not None else f"d:{self.doc_id}"


def read_reports(tables: Mapping[str, pa.Table]) -> tuple[Document, ...]:
    """The corpus's current reports in order of publication; superseded ones are left out.

    Reports are one agency's if they have the same agency_id, or without one the same agency and region.

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
    for row in tables["sections"].select(["doc_id", "key", "start", "end"]).to_pylist():
        sections[row["doc_id"]].append((row["key"], row["start"], row["end"]))
    columns = ["doc_id", "text", "agency", "agency_id", "region", "year", "published", "superseded_by"]
    rows = tables["reports"].select(columns).to_pylist()
    return order_documents([_report(row, sections[row["doc_id"]]) for row in rows if row["superseded_by"] is None])


def _report(row: Mapping[str, Any], sections: list[SectionSpan]) -> Document:
    text = row["text"] or ""
    named = f"{row['agency']}\x1f{row['region'] or ''}" if row["agency"] else None
    return Document(
        doc_id=row["doc_id"],
        text=text,
        narrative=find_narrative(sections, len(text)),
        table_chars=count_table_chars(sections, len(text)),
        agency=row["agency"],
        series=row["agency_id"] or named,
        region=row["region"],
        year=row["year"],
        day=parse_day(row["published"], row["year"]),
    )


def read_texts(texts: pa.Table) -> tuple[Document, ...]:
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
    documents = [_plain(row) for row in texts.to_pylist()]
    seen: set[str] = set()
    for document in documents:
        if document.doc_id in seen:
            raise UsageError(f"the id {document.doc_id!r} comes twice; give every text its own")
        seen.add(document.doc_id)
    return order_documents(documents)


def _plain(row: Mapping[str, Any]) -> Document:
    if row["id"] is None:
        raise UsageError("a text has no id; give every text its own")
    text, agency, region = row["text"] or "", row.get("agency"), row.get("region")
    series = row.get("series")
    year = _read_year(row.get("year"), str(row["id"]))
    named = f"{agency}\x1f{region or ''}" if agency else None
    return Document(
        doc_id=str(row["id"]),
        text=text,
        narrative=(Span(0, len(text)),) if text else (),
        agency=agency,
        series=str(series) if series is not None else named,
        region=region,
        year=year,
        day=parse_day(row.get("published"), year),
    )


def _read_year(value: Any, doc_id: str) -> int | None:
    if value is None or value == "":
        return None
    try:
        year = int(value)
    except (TypeError, ValueError):
        raise UsageError(f"the year of {doc_id!r} is {value!r}; give a whole number or nothing") from None
    return year


def parse_day(published: Any, year: int | None) -> Day:
    """The day a document came out as (year, month, day), 0 where unknown.

    Without a readable ``published`` it is the year after the one reported on (the law has reports published by 31 March
    of the next year); without either, after everything that has a date.

    >>> parse_day("2022-01-20", 2021), parse_day(None, 2021), parse_day("20220120", None)
    ((2022, 1, 20), (2022, 0, 0), (2022, 1, 20))
    """
    found = re.match(r"\D*(\d{4})\D*(\d{1,2})?\D*(\d{1,2})?", str(published)) if published else None
    if found:
        first, month, day = (int(part or 0) for part in found.groups())
        return first, month, day
    return _UNDATED if year is None else (year + 1, 0, 0)


def order_documents(documents: list[Document]) -> tuple[Document, ...]:
    """Documents by day of publication, then reported year, then doc_id.

    Where day and year are equal nothing tells who copied from whom: the doc_id decides, and whoever reads a direction
    can see the tie in the reports' own published and year.
    """
    last = 9999
    return tuple(sorted(documents, key=lambda one: (one.day, last if one.year is None else one.year, one.doc_id)))


def find_previous(documents: tuple[Document, ...]) -> tuple[int | None, ...]:
    """For each document the index of the same series' latest earlier report year, None where there is none.

    Where the corpus lacks last year's report it is the last one before. Of several for that year, the first published.
    """
    years: dict[str, dict[int, int]] = defaultdict(dict)
    for index, document in enumerate(documents):
        if document.series is not None and document.year is not None:
            years[document.series].setdefault(document.year, index)
    return tuple(_previous(years, documents, index) for index in range(len(documents)))


def _previous(years: dict[str, dict[int, int]], documents: tuple[Document, ...], index: int) -> int | None:
    document = documents[index]
    if document.series is None or document.year is None:
        return None
    own = years[document.series]
    earlier = [year for year in own if year < document.year and own[year] < index]
    return own[max(earlier)] if earlier else None
