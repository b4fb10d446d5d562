"""The nouns: frozen values that every room may hold. They know no verbs (no parsing, no writing, no drawing).

Offsets are half-open code points into ``RawDocument.text``, the text as received.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Status = Literal["found", "conflict", "missing", "damaged"]
Severity = Literal["info", "warning", "error"]
Scalar = str | int | float | None


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a document's text: ``text[start:end]``."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def __bool__(self) -> bool:
        """A place is a place, also where nothing is printed: only None is no span."""
        return True


@dataclass(frozen=True, slots=True)
class Source:
    """Where the bytes of one document came from.

    ``path`` is relative to the SOURCE argument, with ``!/`` before a container's member; ``path_bytes`` are its
    exact bytes (names need not be valid text). ``source`` is the ordinal of the SOURCE argument.
    """

    path: str
    path_bytes: bytes
    sha256: str
    media_type: str
    encoding: str | None = None
    source: int = 0


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell of a table the format still had; ``span`` lies in the linear text."""

    row: int
    column: int
    row_span: int
    column_span: int
    span: Span


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as the file format gave it, before anyone knows which form it is."""

    n_rows: int
    n_columns: int
    cells: tuple[GridCell, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class RawDocument:
    """One file's text as decoded, newlines kept, with the grids the format still had.

    ``hints`` holds what the container said about it: agency, year, region, level, kind, published, url.
    """

    doc_id: str
    text: str
    source: Source
    grids: tuple[Grid, ...] = ()
    hints: Mapping[str, str] | None = None
    notes: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """What is wrong with a document, as data. ``span`` is None where the fault is an absence."""

    code: str
    severity: Severity
    span: Span | None = None
    expected: str | None = None
    found: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of metadata with its standing and the stretches of text that show it."""

    value: str | int | None
    status: Status
    evidence: tuple[Span, ...] = ()
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Agency:
    """The reporting agency (机关) as the title names it; level, kind and code are None where nothing shows them."""

    name: Found
    level: str | None = None
    kind: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One part (部分) of a report: from its heading to the next; ``heading`` is an exact slice, '' where there is none."""

    key: str
    heading: str
    span: Span


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit of coding (编码单元): a clause group. ``heading`` is the sub-heading it stands under, '' if none."""

    unit_id: str
    section: str
    part: str | None
    ordinal: int
    heading: str
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell (格) of the official form. ``value`` None with a span: printed but blank; without: not found or damaged."""

    table: str
    row: str
    column: str
    raw: str | None
    value: int | float | None
    unit: str | None
    value_yuan: float | None
    span: Span | None


@dataclass(frozen=True, slots=True)
class Report:
    """One agency's disclosure report (年度报告) as understood; only ``gknlp.parse`` makes one."""

    doc_id: str
    source: Source
    text: str
    title: Found
    agency: Agency
    year: Found
    form: Found
    sections: tuple[Section, ...]
    units: tuple[Unit, ...]
    cells: tuple[Cell, ...]
    diagnostics: tuple[Diagnostic, ...]
    hints: Mapping[str, str] | None = None
