"""The whole way from one RawDocument to one Report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gknlp.forms import Form, load_forms
from gknlp.parse.agency import find_agency
from gknlp.parse.annex import read_annex, set_annex_apart
from gknlp.parse.bounds import find_second_report
from gknlp.parse.cells import ReadTable
from gknlp.parse.form import find_form
from gknlp.parse.genre import refuse_genre
from gknlp.parse.headings import Heading, choose_headings, find_candidates, find_headings
from gknlp.parse.hijack import check_host, find_falsified
from gknlp.parse.narrative import split_units
from gknlp.parse.outline import Outline, make_outline
from gknlp.parse.parts import assign_parts
from gknlp.parse.restore import fold_document, restore_report
from gknlp.parse.tables import TABLE_SECTIONS, distrust_cut_end, read_tables, table_region
from gknlp.parse.title import find_title
from gknlp.parse.year import find_year
from gknlp.records import Diagnostic, Found, RawDocument, Report, Section, Span, Unit
from gknlp.text.lines import Line, split_lines

_SIX = "revised_2021"
"""Any form of six sections: their names and order did not change."""
_FEWEST_FREE_HEADINGS = 3
_MOST_SHARED = 6
"""A report in free order shares up to five headings with the six sections (it has 收费及减免 besides); all six are the national form."""


def parse_report(raw: RawDocument) -> Report:
    """The report as understood; what could not be understood is said in its diagnostics. Never raises on content."""
    folded, script = fold_document(raw)
    report = _parse_folded(folded)
    if script is None:
        return report
    restored = restore_report(report, raw, script)
    return replace(restored, diagnostics=tuple(sorted(restored.diagnostics, key=_place)))


def _parse_folded(raw: RawDocument) -> Report:
    """The report of a text in simplified script."""
    lines = split_lines(raw.text)
    candidates = find_candidates(raw.text, lines, load_forms()[_SIX])
    second = find_second_report(candidates, lines)
    text = raw.text[:second]
    lines = tuple(line for line in lines if line.span.start < len(text))
    headings, frame = _choose_headings(text, lines, [c for c in candidates if c.body <= len(text)])
    title = find_title(lines, headings[0].span.start if headings else len(text))
    outline = make_outline(text, lines, headings, title.end)
    hints = raw.hints or {}
    agency, agency_notes = find_agency(text, outline, title.agency, hints)
    year, year_notes = find_year(text, outline, title.year, hints)
    form, tables, table_notes = _read_form(text, lines, headings, frame, year)
    falsified, hijacked = find_falsified(text)
    refusal = hijacked or refuse_genre(text, headings, title.title)
    notes = [*raw.notes, *agency_notes, *year_notes, *table_notes, *falsified, *check_host(hints)]
    if second is not None:
        rest = Span(second, len(raw.text))
        notes.append(
            Diagnostic("second_report", "error", rest, "one report", "another report begins here; it is left out")
        )
    if title.title.value is None:
        notes.append(Diagnostic("title_missing", "info"))
    if refusal:
        notes.append(Diagnostic("not_a_report", "error", None, "a disclosure report", refusal))
    elif frame.ordered:
        notes += _missing_sections(frame, outline)
    return Report(
        doc_id=raw.doc_id,
        source=raw.source,
        text=raw.text,
        title=title.title,
        agency=agency,
        year=year,
        form=form,
        sections=outline.sections,
        units=_units(raw, lines, frame, outline, _told_in_prose(text, tables, outline)),
        cells=tables.cells,
        diagnostics=tuple(sorted([*notes, *tables.diagnostics], key=_place)),
        hints=hints,
    )


def _choose_headings(
    text: str, lines: Sequence[Line], candidates: Sequence[Heading]
) -> tuple[tuple[Heading, ...], Form]:
    """Headings by the vocabulary that fits better: the six sections, or the free order before 2019."""
    forms = load_forms()
    six, free = forms[_SIX], forms["legacy_2008"]
    ordered = choose_headings(candidates, six)
    if len(ordered) >= _MOST_SHARED:
        return ordered, six
    loose = find_headings(text, lines, free)
    if len(loose) > len(ordered) and len(loose) >= _FEWEST_FREE_HEADINGS:
        return set_annex_apart(lines, loose, free), free
    return ordered, six


def _read_form(
    text: str, lines: Sequence[Line], headings: Sequence[Heading], frame: Form, year: Found
) -> tuple[Found, ReadTable, list[Diagnostic]]:
    forms = load_forms()
    if not frame.ordered:
        spans = tuple(heading.span for heading in headings)
        annex = distrust_cut_end(text, read_annex(text, lines, headings, frame))
        return Found(frame.key, "found", spans, "headings"), annex, []
    form, notes = find_form(text, table_region(text, headings), headings, year, forms)
    if form.value is None:
        return form, ReadTable((), ()), notes
    return form, read_tables(text, lines, headings, forms[str(form.value)], year.value), notes


def _told_in_prose(text: str, tables: ReadTable, outline: Outline) -> set[str]:
    """Table sections whose table is missing and that hold sentences: some agencies write prose where the form wants numbers."""
    from_prose = {note.expected for note in tables.diagnostics if note.code == "cells_from_prose"}
    found = {cell.table for cell in tables.cells if cell.span is not None} - from_prose
    missing = {key for table, key in zip(("t2", "t3", "t4"), TABLE_SECTIONS, strict=True) if table not in found}
    return {
        key
        for key in missing
        if key in outline.bodies and "。" in text[outline.bodies[key].start : outline.bodies[key].end]
    }


def _units(raw: RawDocument, lines: Sequence[Line], frame: Form, outline: Outline, prose: set[str]) -> tuple[Unit, ...]:
    narrative = {section.key for section in frame.sections if section.kind == "narrative"} | {"preamble"} | prose
    units: list[Unit] = []
    for section in outline.sections:
        if section.key in narrative and section.key in outline.bodies:
            units += _section_units(raw, lines, section, outline, len(units))
    return tuple(units)


def _section_units(
    raw: RawDocument, lines: Sequence[Line], section: Section, outline: Outline, before: int
) -> list[Unit]:
    pieces = split_units(raw.text, outline.bodies[section.key], lines)
    two_parts = section.key == "problems_improvements"
    parts: Sequence[str | None] = assign_parts(raw.text, pieces) if two_parts else [None] * len(pieces)
    return [
        Unit(
            unit_id=f"{raw.doc_id}.{before + index:04d}",
            section=section.key,
            part=part,
            ordinal=before + index,
            heading=piece.heading,
            text=raw.text[piece.span.start : piece.span.end],
            span=piece.span,
        )
        for index, (piece, part) in enumerate(zip(pieces, parts, strict=True))
    ]


def _missing_sections(frame: Form, outline: Outline) -> list[Diagnostic]:
    present = {section.key for section in outline.sections}
    return [
        Diagnostic("section_missing", "error", None, f"{kind.number}、{kind.title}", None)
        for kind in frame.sections
        if kind.key not in present
    ]


def _place(diagnostic: Diagnostic) -> tuple[int, str, str, str]:
    start = diagnostic.span.start if diagnostic.span else -1
    return start, diagnostic.code, diagnostic.expected or "", diagnostic.found or ""
