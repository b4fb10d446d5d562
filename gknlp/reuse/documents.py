"""Documents in order of publication, from the corpus tables or from plain texts, as columns."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
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

    ``texts``: strings, in any order; document d has the one in row ``rows[d]``. ``stretches``: their narrative. ``n_chars``, ``table_chars``: code points of narrative and of
    tables. ``owner``: a number for each agency (a document of no known agency is an owner of its own). ``region``, ``year``: numbers, NONE where unknown. ``agencies``: names to mask.
    ``days``: when each came out; equal days are a tie.
    """

    ids: tuple[str, ...]
    texts: pa.Array
    rows: Int64s
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """Documents before ordering, a list item each. ``narrative``: (row, start, end) of each stretch, rows ascending."""

    ids: list[str]
    days: list[Day]
    years: list[int | None]
    narrative: Int32s
    table_chars: list[int]
    agencies: list[str | None]
    series: list[str | None]
    regions: list[str | None]


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
    ids, agencies, agency_ids, codes, regions, years, published = (_column(reports, name) for name in names)
    own = [sections[doc_id] for doc_id in ids]
    spans = [
        (row, span.start, span.end) for row, n_chars in enumerate(lengths) for span in find_narrative(own[row], n_chars)
    ]
    rows = _Rows(
        ids=ids,
        days=list(map(parse_day, published, years)),
        years=years,
        narrative=np.array(spans, dtype=np.int32).reshape(-1, 3),
        table_chars=list(map(count_table_chars, own, lengths)),
        agencies=agencies,
        series=list(map(name_series, agency_ids, agencies, regions)),
        regions=[
            region or (code[:6] if code and len(code) >= 6 else None)
            for region, code in zip(regions, codes, strict=True)
        ],
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
    lengths = pc.utf8_length(pc.fill_null(texts["text"], "")).to_numpy().astype(np.int32)
    names = ("id", "agency", "series", "region", "year", "published")
    given, agencies, series, regions, said, published = (_column(texts, name) for name in names)
    ids = _read_ids(given)
    years = list(map(_read_year, said, ids))
    whole = np.flatnonzero(lengths).astype(np.int32)
    rows = _Rows(
        ids=ids,
        days=list(map(parse_day, published, years)),
        years=years,
        narrative=np.column_stack([whole, np.zeros_like(whole), lengths[whole]]),
        table_chars=[0] * len(ids),
        agencies=agencies,
        series=[
            name_series(None if own is None else str(own), agency, region)
            for own, agency, region in zip(series, agencies, regions, strict=True)
        ],
        regions=regions,
    )
    return _order(rows, texts["text"])


def _read_ids(given: list[Any]) -> list[str]:
    if None in given:
        raise UsageError("a text has no id; give every text its own")
    ids = list(map(str, given))
    if len(set(ids)) < len(ids):
        twice = next(one for one, times in Counter(ids).items() if times > 1)
        raise UsageError(f"the id {twice!r} comes twice; give every text its own")
    return ids


def name_series(given: str | None, agency: str | None, region: str | None) -> str | None:
    """Whose reports belong together: what is given for it, else the agency's name with its region; None if neither is known."""
    return given or (f"{agency}\x1f{region or ''}" if agency else None)


def _column(table: pa.Table, name: str) -> list[Any]:
    return table[name].to_pylist() if name in table.column_names else [None] * table.num_rows


def _order(rows: _Rows, texts: pa.ChunkedArray) -> Documents:
    """By day of publication, then reported year, then doc_id.

    Where day and year are equal nothing tells who copied from whom: the doc_id decides, and the tie is told.
    """
    keys = [(day, _LAST_YEAR if year is None else year, doc_id) for day, year, doc_id in zip(rows.days, rows.years, rows.ids, strict=True)]  # fmt: skip
    order = sorted(range(len(keys)), key=keys.__getitem__)
    place_of = np.empty(len(order), np.int32)
    place_of[order] = np.arange(len(order), dtype=np.int32)
    text = place_of[rows.narrative[:, 0]]
    by_text = np.argsort(text, kind="stable")
    text, start, end = text[by_text], rows.narrative[by_text, 1], rows.narrative[by_text, 2]
    whole = pc.fill_null(texts, "").cast(pa.large_string()).combine_chunks()
    whole = whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole

    def ordered(column: list[Any]) -> list[Any]:
        return [column[row] for row in order]

    return Documents(
        ids=tuple(ordered(rows.ids)),
        texts=whole,
        rows=np.array(order, dtype=np.int64),
        stretches=Stretches(text=text, start=start, end=end),
        n_chars=np.bincount(text, weights=end - start, minlength=len(order)).astype(np.int64),
        table_chars=np.array(ordered(rows.table_chars), dtype=np.int64),
        owner=_number(
            [
                own if own is not None else (doc_id,)
                for own, doc_id in zip(ordered(rows.series), ordered(rows.ids), strict=True)
            ]
        ),
        region=_number(ordered(rows.regions)),
        year=np.array([NONE if year is None else year for year in ordered(rows.years)], dtype=np.int32),
        agencies=tuple(ordered(rows.agencies)),
        days=tuple(ordered(rows.days)),
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
