"""One failed case (不成立的个案): where it is, its arithmetic with the labels of the cells, and what it marks."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from gknlp.pages.findings.arithmetic import count_zeros, expressions_of, fill_equation, involved_cells, write_arithmetic
from gknlp.pages.findings.layout import Labels, name_instance
from gknlp.pages.findings.run import Row, Run, label_of, page_name, report_href
from gknlp.pages.findings.trust import previous_report
from gknlp.pages.words import number

_ID_CHARACTERS = 12
"""Of the 32 hexadecimal digits of a doc_id as many as tell reports apart in an address that people pass on."""


def case_id(finding: Row) -> str:
    """The id of a case on the audit page: rule, instance and report."""
    name = page_name(finding["doc_id"])
    short = name[:_ID_CHARACTERS] if len(name) == 32 and set(name) <= set("0123456789abcdef") else name
    return f"{finding['rule']}-{finding['instance'] or 'all'}-{short}"


def anchor_of(finding: Row) -> str:
    """The id of a case on its report's page."""
    return f"f-{finding['rule']}-{finding['instance'] or 'all'}"


def describe_case(run: Run, finding: Row, labels: Labels) -> dict[str, Any]:
    """One failed case: where, the arithmetic, and the address of the marked cells in the report.

    ``terms``: the equation's cells to write out, each with its sign, value, label and place; ``zeros``: how many zeros
    its sides leave out. ``previous``: the address of the report a cross-year rule compares with.
    """
    expression = expressions_of(run).get(finding["rule"], "")
    cells = involved_cells(run, finding, expression)
    report = run.report.get(finding["doc_id"], {})
    terms = fill_equation(run, finding, expression)
    starts = [cell["start"] for cell in cells if cell["start"] is not None]
    starts = starts or [span[0] for span in finding["spans"] or () if span]
    previous = _previous(run, finding, report)
    kept, zeros = count_zeros(terms)
    return {
        "doc_id": finding["doc_id"],
        "id": case_id(finding),
        "rule": finding["rule"],
        "severity": finding["severity"],
        "instance": name_instance(labels, report.get("form"), finding),
        "arithmetic": write_arithmetic(finding, terms),
        "terms": _terms(labels, report.get("form"), kept),
        "zeros": [[side, n] for side, n in sorted(zeros.items())],
        "label": label_of(run, finding["doc_id"]),
        "year": report.get("year"),
        "level": report.get("level"),
        "href": report_href(finding["doc_id"]) + "#" + quote(anchor_of(finding), safe=""),
        "anchor": anchor_of(finding),
        "start": min(starts) if starts else None,
        "spans": sorted((span[0], span[1]) for span in finding["spans"] or () if span and len(span) == 2)
        or sorted((cell["start"], cell["end"]) for cell in cells if cell["start"] is not None),
        "cells": sorted({(cell["table"], cell["row"], cell["column"]) for cell in cells}),
        "previous": {"label": label_of(run, previous), "href": report_href(previous)} if previous else None,
    }


def _terms(labels: Labels, form: str | None, terms: list[Any]) -> list[dict[str, Any]]:
    by_row = len({term.cell["row"] for term in terms}) == 1 and len(terms) > 1
    return [
        {
            "sign": term.sign,
            "value": number(float(term.cell["value"])),
            "label": _label(labels, form, term.cell, "column" if by_row else "row"),
            "place": [term.cell["table"], term.cell["row"], term.cell["column"]],
        }
        for term in terms
    ]


def _label(labels: Labels, form: str | None, cell: Row, axis: str) -> str:
    return labels.get((form or "", cell["table"], cell[axis]), str(cell[axis]))


def _previous(run: Run, finding: Row, report: Row) -> str | None:
    """Of a rule across years (R501 to R505), the report of the year before."""
    return previous_report(run, report) if finding["rule"].startswith("R50") else None
