"""Nouns of the planted corpus: agencies, pieces of a text, documents with their truth."""

from __future__ import annotations

from dataclasses import dataclass, field

SELF = "\ue001"
"""Where a generated sentence means the agency itself; filled in by the document that holds it."""


PLAIN = ("", "own", "formula", "preamble", "heading")
"""Kinds of pieces that every report may have: own text, own text that is not copied on, formulae, prescribed wording."""


@dataclass(frozen=True, slots=True)
class Agency:
    """Who reports: the name of its title, its number as series, its county or city, and how it calls itself."""

    name: str
    series: str
    region: str
    province: str
    selves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A half-open stretch of code points in a document."""

    doc_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one origin: its text, its stratum, what was planted ('' for text of its own), from where.

    ``source``: the very stretch it was copied from. ``first``: the first publication of that wording. ``edits``: the
    share of characters that were changed on the way. ``wording``: names a formula or a group of carriers.
    """

    text: str
    stratum: str
    kind: str = ""
    source: Place | None = None
    first: Place | None = None
    edits: float = 0.0
    wording: str = ""


@dataclass(slots=True)
class Document:
    """A finished document: its text, and its pieces with the offset at which each begins.

    ``taken``: stretches that another document has copied already; no two plants share a source.
    """

    doc_id: str
    agency: Agency
    year: int
    published: str
    text: str
    pieces: list[tuple[int, Piece]]
    taken: list[tuple[int, int]] = field(default_factory=list)

    @property
    def is_plain(self) -> bool:
        """Whether it holds nothing copied but what the form prescribes and formulae, and nothing of it was copied yet."""
        return not self.taken and all(piece.kind in PLAIN for _, piece in self.pieces)

    @property
    def formulae(self) -> frozenset[str]:
        """The formulae that it holds."""
        return frozenset(piece.wording for _, piece in self.pieces if piece.kind == "formula")

    def row(self) -> dict[str, object]:
        """The document as ``gknlp reuse find`` takes it."""
        return {
            "id": self.doc_id,
            "text": self.text,
            "agency": self.agency.name,
            "series": self.agency.series,
            "region": self.agency.region,
            "year": self.year,
            "published": self.published,
        }

    def truth_rows(self) -> list[dict[str, object]]:
        """One row for each piece that is not the document's own first publication, in order of start."""
        rows: list[dict[str, object]] = []
        for start, piece in self.pieces:
            if piece.stratum == "original":
                continue
            row: dict[str, object] = {
                "doc_id": self.doc_id,
                "start": start,
                "end": start + len(piece.text),
                "kind": piece.kind,
                "stratum": piece.stratum,
                "edits": round(piece.edits, 4),
                "wording": piece.wording,
            }
            for name, place in (("source", piece.source), ("first", piece.first)):
                row[f"{name}_doc_id"] = place.doc_id if place else None
                row[f"{name}_start"] = place.start if place else None
                row[f"{name}_end"] = place.end if place else None
            rows.append(row)
        return rows
