"""Reports as spaCy Docs with what gknlp knows of them as span groups, for those who go on in spaCy.

Groups: ``sections`` (label: the section's key), ``units`` (label: the section, with its part behind a slash), ``themes``
(a span a unit and theme, primary first, label: the code), ``facets`` (a span a unit and facet, such as
``modality=planned``) and ``evidence`` (the words that show them, such as ``specificity=money``). A span's ``id_`` is the
unit_id. The Doc's text is the report's, character for character; a span that begins or ends inside a word is widened
to that word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyarrow as pa
from spacy.language import Language
from spacy.tokens import Doc, Span

from gknlp.features.spacy_tokens import blank_pipeline
from gknlp.records import Report

GROUPS = ("sections", "units", "themes", "facets", "evidence")
_Row = Mapping[str, Any]
_FACETS = ("modality", "valence", "actor")


def build_doc(report: Report, *, nlp: Language | None = None) -> Doc:
    """A parsed report (年度报告) as a Doc with its sections and units; themes and facets are empty groups.

    Parameters
    ----------
    report : of `gknlp.parse`.
    nlp : whose tokenizer cuts the words; `gknlp.features.spacy_tokens.blank_pipeline` where absent.
    """
    doc = _make_doc(report.text, nlp)
    doc.user_data["doc_id"] = report.doc_id
    sections = [(item.key, "", item.span.start, item.span.end) for item in report.sections]
    units = [(_place(u.section, u.part), u.unit_id, u.span.start, u.span.end) for u in report.units]
    return _put_groups(doc, {"sections": sections, "units": units})


def build_docs(tables: Mapping[str, pa.Table], *, nlp: Language | None = None) -> Iterator[Doc]:
    """A Doc for each report of a corpus, in order of doc_id, with every group that the tables know of.

    Parameters
    ----------
    tables : ``reports``; ``sections``, ``units``, ``theme_labels`` and ``facets`` where there are any. No reports give
        nothing.
    nlp : see `build_doc`.

    Returns
    -------
    Docs whose ``user_data`` holds doc_id, agency, agency_id, level and year. Spans outside the text are left out.
    """
    nlp = nlp or blank_pipeline()
    rows = {name: _by_report(tables.get(name)) for name in ("sections", "units", "theme_labels", "facets")}
    about = ("doc_id", "agency", "agency_id", "level", "year")
    for report in sorted(tables["reports"].to_pylist(), key=lambda row: row["doc_id"]):
        doc = _make_doc(report["text"] or "", nlp)
        doc.user_data.update({name: report.get(name) for name in about})
        own = {name: found.get(report["doc_id"], []) for name, found in rows.items()}
        yield _put_groups(
            doc,
            {
                "sections": [(row["key"], "", row["start"], row["end"]) for row in own["sections"]],
                "units": [_of_unit(row, _place(row["section"], row["part"])) for row in own["units"]],
                "themes": [_of_unit(row, code) for row in own["theme_labels"] for code in row["labels"] or ()],
                "facets": [_of_unit(row, label) for row in own["facets"] for label in _facet_labels(row)],
                "evidence": [
                    (f"{mark['facet']}={mark['value']}", row["unit_id"], mark["start"], mark["end"])
                    for row in own["facets"]
                    for mark in row["evidence"] or ()
                ],
            },
        )


def _make_doc(text: str, nlp: Language | None) -> Doc:
    return (nlp or blank_pipeline()).make_doc(text)


def _place(section: str | None, part: str | None) -> str:
    return f"{section or ''}/{part}" if part else section or ""


def _of_unit(row: _Row, label: str) -> tuple[str, str, int, int]:
    return label, row["unit_id"], row["start"], row["end"]


def _facet_labels(row: _Row) -> list[str]:
    labels = [f"{name}={row[name]}" for name in _FACETS]
    labels += [f"specificity={value}" for value in row["specificity"] or ()]
    return labels + (["hedge=1"] if row["hedge"] else [])


def _by_report(table: pa.Table | None) -> dict[str, list[_Row]]:
    found: dict[str, list[_Row]] = {}
    for row in table.to_pylist() if table is not None else ():
        found.setdefault(row["doc_id"], []).append(row)
    return {key: sorted(rows, key=lambda row: (row["start"], row["end"])) for key, rows in found.items()}


def _put_groups(doc: Doc, groups: Mapping[str, Iterable[tuple[str, str, int, int]]]) -> Doc:
    for name in GROUPS:
        spans = (_span(doc, *item) for item in groups.get(name, ()))
        doc.spans[name] = [span for span in spans if span is not None]
    return doc


def _span(doc: Doc, label: str, unit_id: str, start: int | None, end: int | None) -> Span | None:
    if start is None or end is None or not 0 <= start < end <= len(doc.text):
        return None
    return doc.char_span(start, end, label=label, span_id=unit_id, alignment_mode="expand")
