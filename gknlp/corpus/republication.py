"""The same report published twice (重复发布): in two formats, on two sites, posted again. Told apart from copying.

Two reports are one publication if they are of one agency (known, and not of two places) and one year, no number of
their tables contradicts the other's, and their narratives are nearly the same: of the runs of five characters of each
at least nine in ten stand in the other, whatever the width, spaces and punctuation. Formats lose and add a little (page
numbers, contacts, a heading); agencies that copy from each other differ in more than a tenth, or in their numbers.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from gknlp.corpus.agencies import lies_in
from gknlp.forms import load_forms
from gknlp.schemas import CORPUS
from gknlp.text.folding import fold_width

RUN_LENGTH = 5
"""Characters: shorter runs are common to all reports, longer ones break at every slip."""
SHARE = 0.9
GROUPED_BY = ("doc_id", "agency_id", "year", "superseded_by")
"""Columns that tell which reports are to be compared at all."""
_NO_WORD = re.compile(r"[\W_]+")
_DAY = re.compile(r"[^0-9]{0,20}([0-9]{4})[^0-9]{0,5}([0-9]{1,2})?[^0-9]{0,5}([0-9]{1,2})?")
# A name without a place (财政局, 区教育局, 经开区管委会) is that of hundreds of agencies.
_NAMES_PLACE = re.compile(
    r"(?<=[一-鿿])(?:省|市|县|旗|盟|州|镇|乡|苏木|街道|(?<!开发)(?<!经开)(?<!高新)(?<![园新城郊景])区)|^(?:国家|国务院|中华)"
)
_LAST_DAY = (9999, 0, 0)


@dataclass(frozen=True, slots=True)
class Republication:
    """A report that was published before: the doc_id of the first publication, and its path."""

    doc_id: str
    first_doc_id: str
    first_path: str


@dataclass(frozen=True, slots=True)
class _Paper:
    """One report as it is compared. ``is_placed``: its name, region or code tells the place; only then has it ``runs``."""

    doc_id: str
    order: tuple[tuple[int, int, int], bytes, str]
    path: str
    sha256: str
    region: str | None
    code: str | None
    is_placed: bool
    narrative: str
    runs: frozenset[str]
    numbers: Mapping[tuple[str, str, str], tuple[float, float | None]]


def find_groups(reports: pa.Table) -> tuple[tuple[str, ...], ...]:
    """The reports in force that are of one agency and year, where they are several; () where none are.

    Parameters
    ----------
    reports : the columns ``GROUPED_BY``.
    """
    groups: dict[tuple[str, int], list[str]] = {}
    for doc_id, agency_id, year, newer in zip(*(reports[name].to_pylist() for name in GROUPED_BY), strict=True):
        if agency_id is not None and year is not None and newer is None:
            groups.setdefault((agency_id, year), []).append(doc_id)
    return tuple(tuple(sorted(group)) for _, group in sorted(groups.items()) if len(group) > 1)


def find_republications(groups: Sequence[Sequence[str]], tables: Mapping[str, pa.Table]) -> tuple[Republication, ...]:
    """Reports that were published before, by doc_id of each group; the first publication itself is none.

    First is the one with the earliest ``published`` (those without come last), then by the bytes of its path.

    Parameters
    ----------
    groups : of ``find_groups``; only reports of one group are compared.
    tables : reports, sections, cells and sources, of the documents of the groups.
    """
    rows = {name: table.to_pylist() for name, table in tables.items()}
    below = {name: _by_doc(rows[name]) for name in ("sections", "cells")}
    lines = {row["doc_id"]: row for row in rows["sources"]}
    reports = {row["doc_id"]: row for row in rows["reports"]}
    found: list[Republication] = []
    for group in groups:
        papers = (
            _paper(reports[doc_id], lines[doc_id], {name: by_doc.get(doc_id, []) for name, by_doc in below.items()})
            for doc_id in group
        )
        found += _repeats(sorted(papers, key=lambda paper: paper.order))
    return tuple(found)


def mark_republications(reports: pa.Table, found: Sequence[Republication]) -> pa.Table:
    """The reports with ``republication_of``."""
    if not found:
        return reports
    first = {one.doc_id: one.first_doc_id for one in found}
    values = [first.get(doc_id) for doc_id in reports["doc_id"].to_pylist()]
    place = reports.schema.get_field_index("republication_of")
    return reports.set_column(place, "republication_of", pa.array(values, pa.string()))


def republication_diagnostics(found: Sequence[Republication]) -> pa.Table:
    """Rows of ``diagnostics``: code ``republication``, ``found`` = the path of the first publication."""
    rows = [{"doc_id": r.doc_id, "code": "republication", "severity": "info", "found": r.first_path} for r in found]
    return pa.Table.from_pylist(rows, schema=CORPUS["diagnostics"])


def drop_repeats(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """The tables without rows of reports that were superseded or published before: each report counts once.

    Parameters
    ----------
    tables : ``reports`` and any others; those without a column doc_id, and other tables' rows without one, stay.
    """
    reports = tables["reports"]
    repeated = pc.or_(pc.is_valid(reports["superseded_by"]), pc.is_valid(reports["republication_of"]))
    left_out = pa.array(reports["doc_id"].filter(repeated).to_pylist(), pa.string())
    if not len(left_out):
        return dict(tables)
    return {
        name: table.filter(pc.invert(pc.is_in(table["doc_id"], left_out))) if "doc_id" in table.column_names else table
        for name, table in tables.items()
    }


def _repeats(papers: Sequence[_Paper]) -> Iterator[Republication]:
    firsts: list[_Paper] = []
    for paper in papers:
        first = next((first for first in firsts if _is_same(first, paper)), None)
        if first is None:
            firsts.append(paper)
        else:
            yield Republication(paper.doc_id, first.doc_id, first.path)


def _is_same(one: _Paper, other: _Paper) -> bool:
    if not _same_place(one, other):
        return False
    if one.sha256 == other.sha256:
        return True
    if not _same_narrative(one, other):
        return False
    return not any(_differ(number, other.numbers[key]) for key, number in one.numbers.items() if key in other.numbers)


def _same_narrative(one: _Paper, other: _Paper) -> bool:
    """Whether the narratives are nearly the same; all the same, where a name without a place leaves open whose they are."""
    if not (one.is_placed and other.is_placed):
        return one.narrative != "" and one.narrative == other.narrative
    return _contains(one.runs, other.runs) and _contains(other.runs, one.runs)


def _same_place(one: _Paper, other: _Paper) -> bool:
    """Whether neither region nor code says that they are of two places."""
    if one.code and other.code and one.code != other.code:
        return False
    if not (one.region and other.region):
        return True
    return lies_in(one.region, other.region, None) or lies_in(other.region, one.region, None)


def _contains(whole: frozenset[str], part: frozenset[str]) -> bool:
    """Whether enough of the runs of ``part`` stand in ``whole``; never where there are none. Stops once it cannot be."""
    spare = int((1 - SHARE) * len(part) + 1e-9)
    if not part or len(whole) < len(part) - spare:
        return False
    for run in part:
        if run not in whole:
            spare -= 1
            if spare < 0:
                return False
    return True


def _differ(one: tuple[float, float | None], other: tuple[float, float | None]) -> bool:
    """Whether two cells hold different numbers; sums of money count in 元 where both are known so."""
    if one[1] is not None and other[1] is not None:
        return one[1] != other[1]
    return one[0] != other[0]


def _paper(report: Mapping[str, Any], line: Mapping[str, Any], below: Mapping[str, Sequence[Any]]) -> _Paper:
    text = report["text"] or ""
    spans = sorted((row["start"], row["end"]) for row in below["sections"] if row["key"] in _narrative_keys())
    narrative = _NO_WORD.sub("", fold_width("".join(text[start:end] for start, end in spans)))
    is_placed = bool(report["region"] or report["code"] or _NAMES_PLACE.search(report["agency"] or ""))
    n_runs = len(narrative) - RUN_LENGTH + 1 if is_placed else 0
    numbers = {
        (row["table"], row["row"], row["column"]): (row["value"], row["value_yuan"])
        for row in below["cells"]
        if row["value"] is not None
    }
    return _Paper(
        doc_id=report["doc_id"],
        order=(_day(report["published"]), base64.b64decode(line["path_b64"]), report["doc_id"]),
        path=line["path"],
        sha256=line["sha256"],
        region="".join((report["region"] or "").split()) or None,
        code=report["code"],
        is_placed=is_placed,
        narrative=narrative,
        runs=frozenset(narrative[at : at + RUN_LENGTH] for at in range(n_runs)),
        numbers=numbers,
    )


def _day(published: str | None) -> tuple[int, int, int]:
    match = _DAY.match(published or "")
    if match is None:
        return _LAST_DAY
    year, month, day = (int(part or 0) for part in match.groups())
    return year, month, day


def _by_doc(rows: Sequence[Any]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for row in rows:
        groups.setdefault(row["doc_id"], []).append(row)
    return groups


@cache
def _narrative_keys() -> frozenset[str]:
    kinds = {section.key: section.kind for form in load_forms().values() for section in form.sections}
    return frozenset(key for key, kind in kinds.items() if kind == "narrative") | {"preamble"}
