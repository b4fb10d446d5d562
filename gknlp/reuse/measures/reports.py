"""The reports to be measured: their narrative sentences, and which other reports each is measured against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pyarrow as pa

from gknlp.errors import UsageError
from gknlp.records import Span
from gknlp.reuse.documents import name_series
from gknlp.reuse.measures.texts import Text, token_splitter
from gknlp.reuse.narrative import find_narrative
from gknlp.text.normalise import fold_text
from gknlp.text.sentences import split_sentences

Key = tuple[Any, ...]
REFERENCE_GROUPS = ("form+year+level", "form+year", "form", "all")
"""Where too few reports have the same form, year and level, the next wider group is the reference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredReport:
    """One report in force: its narrative, cut at headings, and what tells whom it is compared with."""

    doc_id: str
    text: str
    stretches: tuple[Span, ...]
    series: str | None
    kind: str | None
    level: str | None
    code: str | None
    county: str | None
    year: int | None
    form: str | None
    published: str

    def reference_key(self, group: str) -> Key | None:
        """What the members of this kind of group have in common; None if the report lacks it."""
        names = [] if group == "all" else group.split("+")
        key = tuple(getattr(self, name) for name in names)
        return None if None in key else key


def read_measured(tables: Mapping[str, pa.Table]) -> tuple[MeasuredReport, ...]:
    """The corpus's reports in force, by doc_id; superseded and republished ones are left out.

    Raises
    ------
    UsageError : the table reports or sections is absent.
    """
    for name in ("reports", "sections"):
        if name not in tables:
            raise UsageError(
                f"measures need the corpus tables reports and sections; {name!r} is not among {sorted(tables)}"
            )
    sections: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in tables["sections"].select(["doc_id", "key", "heading", "start", "end"]).to_pylist():
        sections[row["doc_id"]].append(row)
    rows = [row for row in tables["reports"].to_pylist() if not (row["superseded_by"] or row.get("republication_of"))]
    return tuple(_report(row, sections[row["doc_id"]]) for row in sorted(rows, key=lambda row: str(row["doc_id"])))


def _report(row: Mapping[str, Any], sections: Sequence[Mapping[str, Any]]) -> MeasuredReport:
    text, code = row["text"] or "", row["code"]
    return MeasuredReport(
        doc_id=row["doc_id"],
        text=text,
        stretches=_cut_narrative(text, sections),
        series=name_series(row["agency_id"], row["agency"], row["region"]),
        kind=row["kind"],
        level=row["level"],
        code=code,
        county=row["region"] or (code[:6] if code and len(code) >= 6 else None),
        year=row["year"],
        form=row["form"],
        published=row["published"] or "",
    )


def _cut_narrative(text: str, sections: Sequence[Mapping[str, Any]]) -> tuple[Span, ...]:
    """The narrative, cut before and after headings: a heading must not lend its wording to the sentence after it."""
    cuts = set()
    for section in sections:
        heading = section["heading"] or ""
        if heading and text.startswith(heading, section["start"]):
            cuts |= {section["start"], section["start"] + len(heading)}
    narrative = find_narrative([(one["key"], one["start"], one["end"]) for one in sections], len(text))
    spans = []
    for span in narrative:
        edges = [span.start, *sorted(cut for cut in cuts if span.start < cut < span.end), span.end]
        spans += [Span(start, end) for start, end in pairwise(edges)]
    return tuple(spans)


def split_report(report: MeasuredReport, split: Callable[[str], tuple[str, ...]]) -> Text:
    """The sentences of the narrative as tokens, headings as sentences of their own; () without narrative."""
    sentences = (
        split(report.text[sentence.start : sentence.end])
        for stretch in report.stretches
        for sentence in split_sentences(report.text, stretch.start, stretch.end)
    )
    return tuple(tokens for tokens in sentences if tokens)


def split_reports(reports: Sequence[MeasuredReport], unit: str) -> list[Text]:
    """The sentences of each report; clauses that come again are cut once."""
    split = token_splitter(unit)
    return [split_report(report, split) for report in reports]


def fold_report(report: MeasuredReport) -> str:
    """The narrative folded for comparison."""
    return fold_text("".join(report.text[span.start : span.end] for span in report.stretches)).text


def find_previous(reports: Sequence[MeasuredReport]) -> list[int | None]:
    """For each report the place of its agency's report on the year before, None where there is none.

    A gap of years is no previous report: what changed since would count as one year's change. Of several for that year,
    the first published, then the smallest doc_id.
    """
    places: dict[tuple[str, int], int] = {}
    for place, report in enumerate(reports):
        if report.series is None or report.year is None:
            continue
        known = places.setdefault((report.series, report.year), place)
        if _order(report) < _order(reports[known]):
            places[report.series, report.year] = place
    return [
        None if one.series is None or one.year is None else places.get((one.series, one.year - 1)) for one in reports
    ]


def _order(report: MeasuredReport) -> tuple[bool, str, str]:
    return not report.published, report.published, report.doc_id


def find_superiors(reports: Sequence[MeasuredReport]) -> list[list[int]]:
    """For each report the places of its superiors' reports (上级) on the same year: governments of the divisions above
    its own, and, unless it is the government, of its own; [] where the division code or the year is unknown.
    """
    governments: dict[tuple[str, int], list[int]] = defaultdict(list)
    for place, report in enumerate(reports):
        if report.kind == "government" and report.code and report.year is not None:
            governments[report.code, report.year].append(place)
    return [_superiors(report, governments) for report in reports]


def _superiors(report: MeasuredReport, governments: Mapping[tuple[str, int], list[int]]) -> list[int]:
    code = report.code
    if not code or report.year is None:
        return []
    above = dict.fromkeys((f"{code[:2]}0000", f"{code[:4]}00", code[:6], code))
    if report.kind == "government":
        above.pop(code)
    return [place for one in above for place in governments.get((one, report.year), [])]


def choose_reference_groups(reports: Sequence[MeasuredReport], *, min_group: int) -> list[str | None]:
    """For each report the narrowest of REFERENCE_GROUPS that has ``min_group`` members; None where even all are too few."""
    sizes: dict[tuple[str, Key], int] = defaultdict(int)
    for report in reports:
        for group in REFERENCE_GROUPS:
            key = report.reference_key(group)
            if key is not None:
                sizes[group, key] += 1

    def is_large(report: MeasuredReport, group: str) -> bool:
        key = report.reference_key(group)
        return key is not None and sizes[group, key] >= min_group

    return [next((group for group in REFERENCE_GROUPS if is_large(one, group)), None) for one in reports]
