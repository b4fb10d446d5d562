"""A report understood in simplified script, back on the text as received: every offset, every slice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gknlp.records import Cell, Diagnostic, Found, RawDocument, Report, Section, Span, Unit
from gknlp.text.script import Script, read_script


def fold_document(raw: RawDocument) -> tuple[RawDocument, Script | None]:
    """The document in simplified script and without pinyin residue, to be parsed; itself and None where it has neither.

    Folding changes no length, but residue inside a word would hide it from every pattern: so it is cut out, and
    ``restore_report`` leads back.
    """
    script = read_script(raw.text)
    if script.text is raw.text and not script.residues:
        return raw, None
    pieces, done = [], 0
    for residue in script.residues:
        pieces.append(script.text[done : residue.start])
        done = residue.end
    return replace(raw, text="".join([*pieces, script.text[done:]]), notes=()), script


def restore_report(report: Report, raw: RawDocument, script: Script) -> Report:
    """The report of a folded document with spans in ``raw.text`` and slices of it.

    ``title`` and ``agency`` keep their folded value, so that an agency is one whatever the script; ``form`` and ``year``
    are no slices.
    """
    back = _Way(report.text, raw.text, script.residues)
    notes = (*raw.notes, *_tell(script), *(back.diagnostic(found) for found in report.diagnostics))
    return replace(
        report,
        text=raw.text,
        title=back.found(report.title),
        agency=replace(report.agency, name=back.found(report.agency.name)),
        year=back.found(report.year),
        form=back.found(report.form),
        sections=tuple(map(back.section, report.sections)),
        units=tuple(map(back.unit, report.units)),
        cells=tuple(map(back.cell, report.cells)),
        diagnostics=notes,
    )


def _tell(script: Script) -> list[Diagnostic]:
    notes = []
    if script.first is not None:
        where = Span(script.first, script.first + 1)
        notes.append(Diagnostic("traditional_script", "info", where, "simplified script", str(script.n_traditional)))
    if script.residues:
        notes.append(Diagnostic("pinyin_residue", "info", script.residues[0], "0", str(len(script.residues))))
    return notes


class _Way:
    """The way from offsets of the folded text to those of the text as received."""

    def __init__(self, folded: str, received: str, residues: Sequence[Span]) -> None:
        self.folded, self.received = folded, received
        self.places: list[int] = []
        done = 0
        for residue in residues:
            self.places += range(done, residue.start)
            done = residue.end
        self.places += range(done, len(received) + 1)

    def span(self, span: Span) -> Span:
        """A reading goes with the character before it."""
        return Span(self.places[span.start], self.places[span.end])

    def slice(self, span: Span) -> str:
        return self.received[self.places[span.start] : self.places[span.end]]

    def found(self, found: Found) -> Found:
        return replace(found, evidence=tuple(map(self.span, found.evidence)))

    def section(self, section: Section) -> Section:
        heading = Span(section.span.start, section.span.start + len(section.heading))
        return replace(section, heading=self.slice(heading), span=self.span(section.span))

    def unit(self, unit: Unit) -> Unit:
        start = self.folded.rfind(unit.heading, 0, unit.span.end) if unit.heading else -1
        heading = self.slice(Span(start, start + len(unit.heading))) if start >= 0 else unit.heading
        return replace(unit, heading=heading, text=self.slice(unit.span), span=self.span(unit.span))

    def cell(self, cell: Cell) -> Cell:
        if cell.span is None:
            return cell
        raw = None if cell.raw is None else self.slice(cell.span)
        return replace(cell, raw=raw, span=self.span(cell.span))

    def diagnostic(self, note: Diagnostic) -> Diagnostic:
        if note.span is None:
            return note
        is_slice = note.found is not None and self.folded[note.span.start : note.span.end] == note.found
        return replace(note, span=self.span(note.span), found=self.slice(note.span) if is_slice else note.found)
