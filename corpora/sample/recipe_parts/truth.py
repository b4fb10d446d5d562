"""What the recipe knows about its reports, as JSON: sections, cells, themes and every planted slip."""

from __future__ import annotations

from typing import Any

from .model import Report
from .render import Page

DAMAGE = {"g": "tables_lost", "h": "lines_removed"}


def describe_report(report: Report, page: Page, text: str) -> dict[str, Any]:
    """One report's line of ``truth.json``; a report with damaged tables has null tables."""
    agency, style = report.agency, report.style
    damaged = DAMAGE.get(style.layout)
    title = "".join(report.title_lines)
    return {
        "path": report.path,
        "series": agency.id,
        "agency": agency.name,
        "level": agency.level,
        "kind": agency.kind,
        "year": report.year,
        "form": report.form,
        "layout": style.layout,
        "variant": style.variant,
        "damaged": damaged,
        "encoding": style.encoding,
        "newline": "crlf" if style.newline == "\r\n" else "lf",
        "half_width": style.half_width,
        "label_typos": [list(pair) for pair in style.typos],
        "title": title or None,
        "title_status": "found" if title else "missing",
        "n_chars": page.length,
        "sections": [_trim(part, text) for part in page.sections],
        "parts": page.parts,
        "themes": page.themes,
        "t2": None if damaged else report.figures["t2"],
        "t3": None if damaged else report.figures["t3"],
        "t4": None if damaged else report.figures["t4"],
    }


def _trim(part: dict[str, Any], text: str) -> dict[str, Any]:
    """A section without the white space around it."""
    body = text[part["start"] : part["end"]]
    start = part["start"] + len(body) - len(body.lstrip())
    return {**part, "start": start, "end": start + len(body.strip())}


def place(path: str, page: Page, mark: str) -> dict[str, Any]:
    """Path and span of a plant's mark."""
    start, end = page.marks[mark]
    return {"path": path, "start": start, "end": end}


def describe_copy(plant: dict[str, Any], pages: dict[str, Page]) -> dict[str, Any]:
    """A copied passage with the spans of source and copy."""
    mark = plant["mark"]
    return {
        "id": mark,
        "kind": "copy",
        "mode": plant["mode"],
        "source": place(plant["source"], pages[plant["source"]], f"{mark}/source"),
        "copy": place(plant["copy"], pages[plant["copy"]], f"{mark}/copy"),
    }


def describe_repeat(plant: dict[str, Any], pages: dict[str, Page]) -> dict[str, Any]:
    """A repeated report: one pair of spans for section one, one for section five."""
    mark = plant["mark"]
    sides = {
        side: [
            place(plant[side], pages[plant[side]], f"{mark}/{side}/{key}")
            for key in ("overview", "problems_improvements")
        ]
        for side in ("source", "copy")
    }
    return {"id": mark, "kind": "own_repeat", **sides}


def describe_word(kind: str, plant: dict[str, Any], path: str, page: Page, text: str) -> dict[str, Any]:
    """A slip of one word: the span of the word itself, inside the sentence that carries the mark."""
    start, end = page.marks[plant["mark"]]
    at = text.index(plant["say"], start, end)
    found = {"id": plant["mark"], "kind": kind, "path": path, "start": at, "end": at + len(plant["say"])}
    return {**found, "found": plant["say"], "expected": plant["find"], "in_copy": plant.get("in_copy")}
