"""The sampling frame: every distinct unit of a corpus that coders can code, once, with how often it stands there.

Two units are one where section, part, heading and text are equal, white space and control characters aside; that is
what a classifier sees, too, so one label serves all copies.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from gknlp.manifest import hash_text
from gknlp.themes.codebook import Codebook

_HASH_DIGITS = 16
_LATE = 9999
_FIELD_END = "\x1f"


@dataclass(frozen=True, slots=True)
class FrameUnit:
    """A distinct unit (不重复的编码单元). ``copies`` counts its places in the corpus.

    Year, level, agency and kind are those of its first report by year, level, agency and doc_id; ``family`` joins the
    families of the codebook that code its section with ``+``.
    """

    id: str
    section: str
    part: str | None
    heading: str
    text: str
    family: str
    year: int | None = None
    level: str | None = None
    agency: str | None = None
    kind: str | None = None
    copies: int = 1


@dataclass(frozen=True, slots=True)
class Frame:
    """The distinct units by id, and the id of every unit of the corpus by (doc_id, unit_id)."""

    units: tuple[FrameUnit, ...]
    ids: Mapping[tuple[str, str], str]


def unit_id_of(section: str, part: str | None, heading: str, text: str) -> str:
    r"""The id of a distinct unit: u and 16 hex digits of what it says; it tells an edited text, too.

    The letter keeps spreadsheets from reading digits as a number.

    >>> unit_id_of("overview", None, "", "举办培训。") == unit_id_of("overview", None, "", " 举办 培训。\r\n")
    True
    """
    fields = (section, part or "", heading, text)
    return "u" + hash_text(_FIELD_END.join(_squeeze(field) for field in fields))[:_HASH_DIGITS]


def _squeeze(text: str) -> str:
    kept = (character for character in text if not character.isspace())
    return "".join(character for character in kept if unicodedata.category(character) != "Cc")


def build_frame(units: pa.Table, reports: pa.Table, *, codebook: Codebook) -> Frame:
    """The frame of a corpus, in any row order; empty tables give an empty frame.

    Left out: units of sections that no family of the codebook codes (preamble and signature are compilation notes by
    rule) and texts without a letter or digit.
    """
    names = ("doc_id", "agency", "year", "level", "kind")
    about = {row["doc_id"]: row for row in reports.select(names).to_pylist()}
    found: dict[str, tuple[Any, FrameUnit]] = {}
    ids: dict[tuple[str, str], str] = {}
    for row, unit in _coded_units(units, codebook):
        report = about.get(row["doc_id"], {})
        ids[row["doc_id"], row["unit_id"]] = unit.id
        place = _order(report, row)
        first, known = found.get(unit.id, (None, unit))
        copies = known.copies + (first is not None)
        if first is None or place < first:
            known = replace(unit, **{name: report.get(name) for name in names[1:]})
            first = place
        found[unit.id] = first, replace(known, copies=copies)
    return Frame(tuple(found[key][1] for key in sorted(found)), dict(sorted(ids.items())))


def _order(report: Mapping[str, Any], row: Mapping[str, Any]) -> tuple[Any, ...]:
    year = report.get("year")
    return (
        _LATE if year is None else year,
        report.get("level") or "~",
        report.get("agency") or "~",
        row["doc_id"],
        row["unit_id"],
    )


def _coded_units(units: pa.Table, codebook: Codebook) -> Iterator[tuple[dict[str, Any], FrameUnit]]:
    families: dict[tuple[str, str | None], str] = {}
    known: dict[tuple[str, str | None, str, str], FrameUnit | None] = {}
    for row in units.select(["doc_id", "unit_id", "section", "part", "heading", "text"]).to_pylist():
        section, part, heading, text = row["section"] or "", row["part"], row["heading"] or "", row["text"] or ""
        place = (section, part)
        if place not in families:
            families[place] = "+".join(family.code for family in codebook.families_of(section, part))
        key = (section, part, heading, text)
        if key not in known:
            codable = families[place] and any(character.isalnum() for character in text)
            known[key] = FrameUnit(unit_id_of(*key), *key, families[place]) if codable else None
        unit = known[key]
        if unit is not None:
            yield row, unit
