"""One agency's report (年度报告) for display: facts with their standing, marked text, tables, findings, relatives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gknlp.pages.findings.aligned import align_reports
from gknlp.pages.findings.audit import listed_cases
from gknlp.pages.findings.cases import describe_case
from gknlp.pages.findings.facets import list_marks, name_mark, tags_of
from gknlp.pages.findings.layout import Labels, Place, form_labels, lay_out_tables
from gknlp.pages.findings.measures import list_measures, name_reference_group, year_medians
from gknlp.pages.findings.pairs import describe_pair, rank_pairs
from gknlp.pages.findings.reuse import N_PAIRS
from gknlp.pages.findings.rhetoric import list_rhetoric, rhetoric_medians
from gknlp.pages.findings.run import Row, Run, label_of, ran, report_href, rows_in, rows_of
from gknlp.pages.findings.segments import Marks, blocks_of, cut_text, order_passages, theme_of_units
from gknlp.pages.findings.themes_names import name_theme
from gknlp.pages.findings.trust import (
    corrected_cells,
    corrected_facts,
    describe_correction,
    former_names,
    merged_into,
    republications,
)
from gknlp.pages.words import same, word
from gknlp.schemas import STRATA

N_RELATIVES, N_ALIGNED = 10, 5
"""Relatives listed on a page, and how many of them are shown side by side besides those that the pairs list links to."""


def find_relatives(run: Run) -> dict[str, list[dict[str, Any]]]:
    """For every report its pairs, the longest shared text first, with those to be shown side by side flagged."""
    listed = {(pair["doc_id"], pair["other_id"]) for pair in rank_pairs(run)[:N_PAIRS]}
    relatives: dict[str, list[dict[str, Any]]] = {doc_id: [] for doc_id in run.report}
    for row in rows_of(run, "pairs"):
        for doc_id in (row["doc_a"], row["doc_b"]):
            if doc_id in relatives and (row["doc_a"] in run.report and row["doc_b"] in run.report):
                relatives[doc_id].append(describe_pair(run, row, doc_id))
    for doc_id, pairs in relatives.items():
        pairs.sort(key=lambda pair: (-pair["shared_chars"], pair["other"], pair["other_id"]))
        for place, pair in enumerate(pairs):
            pair["aligned"] = place < N_ALIGNED or (doc_id, pair["other_id"]) in listed
            pair["shown"] = place < N_RELATIVES or pair["aligned"]
    return relatives


@dataclass(frozen=True, slots=True)
class Lookups:
    """What all report pages share: labels of the forms, each report's relatives, the places others took text from,
    the cases that the audit page lists, the republications of each report, and the medians of the measures of reuse and of rhetoric by year.
    """

    labels: Labels
    relatives: Mapping[str, list[dict[str, Any]]]
    taken_from: Mapping[str, frozenset[int]]
    listed: frozenset[str]
    again: Mapping[str, list[dict[str, str]]]
    medians: Mapping[int | None, Mapping[str, float | None]]
    rhetoric: Mapping[int | None, Mapping[str, float | None]]


def make_lookups(run: Run) -> Lookups:
    """The look-ups behind ``find_report``, made once a run."""
    return Lookups(
        form_labels(),
        find_relatives(run),
        _taken_from(run),
        listed_cases(run),
        republications(run),
        year_medians(run),
        rhetoric_medians(run),
    )


def find_report(run: Run, doc_id: str, lookups: Lookups) -> dict[str, Any]:
    """Everything the page of one report shows."""
    report = run.report[doc_id]
    text = report["text"] or ""
    failed = [f for f in rows_in(run, "findings", doc_id) if f["outcome"] == "fail"]
    cases = [describe_case(run, finding, lookups.labels) for finding in failed]
    for case in cases:
        case["listed"] = case["id"] in lookups.listed
    cell_marks = _cell_marks(cases)
    corrected = corrected_cells(run, doc_id)
    coverage = next(iter(rows_in(run, "coverage", doc_id)), None)
    passages = order_passages(rows_in(run, "passages", doc_id))
    units = rows_in(run, "units", doc_id)
    stretches = tuple(row for row in rows_in(run, "stretches", doc_id) if row["stratum"] != "original")
    marks = Marks(
        passages,
        stretches,
        units,
        _failed_spans(run, doc_id, cell_marks, failed),
        _targets(run, doc_id, cases) | lookups.taken_from.get(doc_id, frozenset()),
        list_marks(rows_in(run, "facets", doc_id)),
    )
    shown = [pair for pair in lookups.relatives[doc_id] if pair["shown"]]
    return {
        "doc_id": doc_id,
        "label": label_of(run, doc_id),
        "title": report["title"],
        "text_length": len(text),
        "superseded_by": report["superseded_by"],
        "superseded_href": report_href(report["superseded_by"]) if report["superseded_by"] in run.report else None,
        "facts": _facts(run, report),
        "sections": _sections(run, report, text, marks),
        "republication_of": _other(run, report["republication_of"]),
        "republications": lookups.again.get(doc_id, []),
        "names": [name for name in former_names(run, report["agency_id"]) if name["name"] != report["agency"]],
        "heir": merged_into(run, report["agency_id"]),
        "corrections": [
            {**describe_correction(row), "id": "x-" + "-".join(place)} for place, row in sorted(corrected.items())
        ],
        "tables": lay_out_tables(report["form"], rows_in(run, "cells", doc_id), cell_marks, corrected),
        "cases": cases,
        "audited": ran(run, "findings"),
        "outcomes": {
            o: sum(f["outcome"] == o for f in rows_in(run, "findings", doc_id))
            for o in ("pass", "fail", "not_assessable")
        },
        "diagnostics": [_diagnostic(row) for row in rows_in(run, "diagnostics", doc_id)],
        "strip": _strip(text, stretches, cases, rows_in(run, "diagnostics", doc_id)),
        "shares": {stratum: coverage[stratum] for stratum in STRATA} if coverage and coverage["n_chars"] else None,
        "present": [s for s in STRATA if s == "original" or any(row["stratum"] == s for row in stretches)],
        "narrative_chars": coverage["n_chars"] if coverage else None,
        "passages": [
            _passage(run, row, text)
            for row in sorted(passages, key=lambda row: (row["start"], row["end"], row["passage_id"]))
        ],
        "has_reuse": ran(run, "passages"),
        "has_themes": ran(run, "theme_labels"),
        "has_facets": ran(run, "facets"),
        "rhetoric": list_rhetoric(run, doc_id, lookups.rhetoric),
        "measures": list_measures(run, doc_id, lookups.medians),
        "reference_group": name_reference_group(run, doc_id),
        "relatives": shown,
        "aligned": [
            {**pair, "passages": align_reports(run, doc_id, pair["other_id"])} for pair in shown if pair["aligned"]
        ],
    }


def _other(run: Run, doc_id: str | None) -> dict[str, Any] | None:
    if not doc_id:
        return None
    known = doc_id in run.report
    return {"label": label_of(run, doc_id) if known else doc_id, "href": report_href(doc_id) if known else None}


def _cell_marks(cases: list[dict[str, Any]]) -> dict[Place, tuple[tuple[str, str], ...]]:
    marks: dict[Place, tuple[tuple[str, str], ...]] = {}
    for case in cases:
        for place in case["cells"]:
            marks[place] = tuple(sorted({*marks.get(place, ()), (case["rule"], case["anchor"])}))
    return marks


def _failed_spans(run: Run, doc_id: str, marks: Any, failed: list[Row]) -> tuple[tuple[int, int], ...]:
    cells = rows_in(run, "cells", doc_id)
    spans = {
        (c["start"], c["end"]) for c in cells if c["start"] is not None and (c["table"], c["row"], c["column"]) in marks
    }
    spans |= {(span[0], span[1]) for finding in failed for span in finding["spans"] or () if span and len(span) == 2}
    return tuple(sorted(spans))


def _targets(run: Run, doc_id: str, cases: list[dict[str, Any]]) -> frozenset[int]:
    """Characters that some page links to: begins of passages (and of spans others took from here), units, evidence."""
    starts = {case["start"] for case in cases}
    for table in ("passages", "units", "diagnostics", "evidence"):
        starts |= {row["start"] for row in rows_in(run, table, doc_id)}
    return frozenset(start for start in starts if start is not None)


def _taken_from(run: Run) -> dict[str, frozenset[int]]:
    starts: dict[str, set[int]] = {}
    for row in rows_of(run, "passages"):
        if row["source_doc_id"] and row["source_start"] is not None:
            starts.setdefault(row["source_doc_id"], set()).add(row["source_start"])
    return {doc_id: frozenset(places) for doc_id, places in starts.items()}


def _facts(run: Run, report: Row) -> list[dict[str, Any]]:
    """The header facts in order; those that parsing reads from the text carry their status and where it is shown."""
    facts = []
    vocabulary = {"form": "forms", "level": "levels", "kind": "kinds"}
    evidence = rows_in(run, "evidence", report["doc_id"])
    corrected = corrected_facts(run, report["doc_id"])
    for name in ("agency", "year", "form", "level", "kind", "region", "published", "url"):
        value = report[name]
        if value is None and name in ("region", "published", "url", "kind") and name not in corrected:
            continue
        places = [row["start"] for row in evidence if row["field"] == name and row["start"] is not None]
        facts.append(
            {
                "name": word("fields", name),
                "value": word(vocabulary[name], value) if name in vocabulary else same("—" if value is None else value),
                "status": report.get(f"{name}_status"),
                "status_word": word("statuses", report.get(f"{name}_status")),
                "places": sorted(set(places))[:4],
                "corrected": describe_correction(corrected[name]) if name in corrected else None,
            }
        )
    title: dict[str, Any] = {"name": word("fields", "title"), "value": same(report["title"] or "—"), "places": []}
    title["corrected"] = describe_correction(corrected["title"]) if "title" in corrected else None
    return [
        {**title, "status": report["title_status"], "status_word": word("statuses", report["title_status"])},
        *facts,
    ]


def _sections(run: Run, report: Row, text: str, marks: Marks) -> list[dict[str, Any]]:
    """The whole text in order: of each section its heading, the rest, and the line ends after it."""
    themes = theme_of_units(rows_in(run, "theme_labels", report["doc_id"]))
    facets = theme_of_units(rows_in(run, "facets", report["doc_id"]))
    headings = {row["start"]: row["heading"] or "" for row in rows_in(run, "sections", report["doc_id"])}
    sections = []
    for block in blocks_of(text, rows_in(run, "sections", report["doc_id"])):
        heading = headings.get(block["start"], "")
        fits = (
            heading.strip()
            and text.startswith(heading, block["start"])
            and block["start"] + len(heading) <= block["end"]
        )
        body = block["start"] + (len(heading) if fits else 0)
        while fits and body < block["end"] and text[body] in "\r\n":
            body += 1
        tail = max(body, block["start"] + len(text[block["start"] : block["end"]].rstrip("\r\n")))
        bounds = {"heading": (block["start"], body), "pieces": (body, tail), "tail": (tail, block["end"])}
        cut = {name: cut_text(text, *ends, marks) for name, ends in bounds.items()}
        for piece in (*cut["heading"], *cut["pieces"], *cut["tail"]):
            _name_piece(run, piece, marks, themes)
            _tag_piece(piece, marks, facets)
        failed = any(piece["failed"] for piece in cut["pieces"])
        sections.append({**block, **cut, "failed": failed, "name": word("sections", block["key"])})
    return sections


def _name_piece(run: Run, piece: dict[str, Any], marks: Marks, themes: Any) -> None:
    """Put the words and the address behind the places that ``cut_text`` gave."""
    passage = marks.passages[piece["passage"]] if piece["passage"] is not None else None
    stretch = marks.stretches[piece["stretch"]] if piece["stretch"] is not None else None
    piece["stratum"] = stretch["stratum"] if stretch else None
    piece["href"] = None
    if (
        passage
        and stretch
        and stretch["stratum"] != "mandated"
        and passage["source_doc_id"] in run.report
        and passage["source_doc_id"] != passage["doc_id"]
    ):
        piece["href"] = "../" + report_href(passage["source_doc_id"], passage["source_start"])
        piece["source"] = label_of(run, passage["source_doc_id"])
    label = themes.get(marks.units[piece["unit"]]["unit_id"]) if piece["unit"] is not None else None
    piece["theme"] = label["primary"] if label else None
    piece["abstained"] = bool(label["abstained"]) if label else False
    piece["theme_name"] = name_theme(run, label["primary"]) if label and label["primary"] else None


def _tag_piece(piece: dict[str, Any], marks: Marks, facets: Any) -> None:
    """Put the words of a unit's facets at its beginning, and what a marked word shows where it is marked."""
    row = facets.get(marks.units[piece["unit"]]["unit_id"]) if piece["opens_unit"] else None
    piece["tags"] = tags_of(row) if row else []
    piece["classes"] = "".join(f" f-{facet} v-{value}" for facet, value in piece["facets"])
    piece["shows"] = "；".join(
        f"{word('facets', facet)[one]} {name_mark(facet, value)[one]}"
        for one in ("zh", "en")
        for facet, value in piece["facets"]
    )


def _diagnostic(row: Row) -> dict[str, Any]:
    return {**row, "severity_word": word("severities", row["severity"])}


def _passage(run: Run, row: Row, text: str) -> dict[str, Any]:
    source = row["source_doc_id"] if row["source_doc_id"] in run.report else None
    first = row["first_doc_id"] if row["first_doc_id"] in run.report else None
    excerpt = " ".join(text[row["start"] : row["end"]].split())
    return {
        "start": row["start"],
        "n_chars": row["end"] - row["start"],
        "stratum": row["stratum"],
        "similarity": row["similarity"],
        "excerpt": excerpt[:36] + ("…" if len(excerpt) > 36 else ""),
        "source": label_of(run, source) if source else None,
        "source_href": report_href(source, row["source_start"]) if source else None,
        "first": label_of(run, first) if first else None,
        "first_href": report_href(first) if first else None,
        "first_is_self": first == row["doc_id"],
    }


def _strip(
    text: str, stretches: tuple[Row, ...], cases: list[dict[str, Any]], diagnostics: tuple[Row, ...]
) -> dict[str, Any]:
    spans = sorted((row["start"], row["end"], row["stratum"]) for row in stretches)
    ticks = {case["start"] for case in cases} | {row["start"] for row in diagnostics if row["severity"] != "info"}
    return {
        "n_chars": len(text),
        "spans": [{"start": start, "end": end, "stratum": stratum} for start, end, stratum in spans],
        "ticks": sorted(tick for tick in ticks if tick is not None),
    }
