"""A planned report to its file's text, with the offsets of everything the truth speaks of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .layouts import drop_repeated, table_lines
from .model import SECTIONS, TABLE_SECTIONS, Paragraph, Report

HALF_WIDTH = str.maketrans("，：；（）", ",:;()")


@dataclass(slots=True)
class Page:
    """Text in the making; offsets are code points of the final text."""

    newline: str
    chunks: list[str] = field(default_factory=list)
    length: int = 0
    themes: list[list[Any]] = field(default_factory=list)
    parts: list[list[Any]] = field(default_factory=list)
    marks: dict[str, list[int]] = field(default_factory=dict)
    sections: list[dict[str, Any]] = field(default_factory=list)

    def add(self, text: str) -> tuple[int, int]:
        """Append ``text``; its half-open span."""
        start = self.length
        self.chunks.append(text)
        self.length += len(text)
        return start, self.length

    def add_line(self, text: str) -> tuple[int, int]:
        """Append a line and its line end; the span of the line alone."""
        span = self.add(text)
        self.add(self.newline)
        return span

    def add_paragraph(self, paragraph: Paragraph) -> None:
        """Append a paragraph; note the spans of its themes, part and plants."""
        begin = self.length
        for piece in paragraph.pieces:
            start, end = self.add(piece.text)
            if piece.theme:
                self.themes.append([start, end, piece.theme])
            for mark in piece.marks:
                span = self.marks.setdefault(mark, [start, end])
                span[1] = end
        if paragraph.part:
            self.parts.append([begin, self.length, paragraph.part])
        self.add(self.newline)

    def open_section(self, key: str, heading: str) -> None:
        """Start section ``key`` here; the one before ends here."""
        if self.sections:
            self.sections[-1]["end"] = self.length
        self.sections.append({"key": key, "heading": heading.strip(), "start": self.length, "end": self.length})


def narrow(text: str, report: Report) -> str:
    """``text`` with half-width punctuation where the report uses it."""
    return text.translate(HALF_WIDTH) if report.style.half_width else text


def render(report: Report) -> Page:
    """The whole text of ``report`` as a finished page."""
    page = Page(report.style.newline)
    for line in report.title_lines:
        page.add_line(line)
    if report.title_lines and report.style.variant:
        page.add_line("")
    page.open_section("preamble", "")
    for paragraph in report.body["preamble"]:
        page.add_paragraph(paragraph)
    tables = {
        key: [narrow(line, report) for line in lines]
        for key, lines in table_lines(report.form, report.figures, report.style).items()
    }
    seen = {line.strip("\r\n") for line in "".join(page.chunks).split("\n")}
    for key in SECTIONS:
        page.open_section(key, report.headings[key])
        page.add_line(report.headings[key])
        if key not in TABLE_SECTIONS:
            for paragraph in report.body[key]:
                page.add_paragraph(paragraph)
            continue
        lines = drop_repeated(tables[key], seen) if report.style.layout == "h" else tables[key]
        for line in lines:
            page.add_line(line)
    if report.signature:
        page.open_section("signature", "")
        for line in report.signature:
            page.add_line(line)
    page.sections[-1]["end"] = page.length
    return page
