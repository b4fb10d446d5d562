"""One row of a coding sheet, in every format: what it shows of a unit, what coders fill in, and how it is told that it is whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gknlp.manifest import hash_text
from gknlp.themes.codebook import Codebook, Theme
from gknlp.themes.coding.facets import FACETS, SEPARATOR, Codes
from gknlp.themes.coding.frame import unit_id_of
from gknlp.themes.coding.sample import Sample

SHOWN = ("row", "id", "section", "part", "heading", "text")
SAID = "said"
"""What each coder said; only in a sheet to adjudicate."""
LABELS = ("primary", "second", "third")
CODED = (*LABELS, *FACETS, "note")
KEPT = ("year", "level", "agency", "kind", "stratum", "cell", "weight", "copies", "check")
"""What coders need not see: where a unit is from would sway them."""
PROTECTED = (*SHOWN, *KEPT)
_CHECK_DIGITS = 12


@dataclass(frozen=True, slots=True)
class SheetUnit:
    """A unit as its row shows it. ``number`` of ``total`` rows of the sheet of ``sample``."""

    sample: str
    number: int
    total: int
    id: str
    section: str
    part: str | None
    heading: str
    text: str
    year: int | None = None
    level: str | None = None
    agency: str | None = None
    kind: str | None = None
    stratum: str = ""
    cell: str = ""
    weight: float | None = None
    copies: int = 1


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row to be written: the unit, codes already given (None: none), and what coders said."""

    unit: SheetUnit
    codes: Codes | None = None
    said: str = ""


def sheet_rows(sample: Sample) -> tuple[SheetRow, ...]:
    """The rows of a sample's sheet, uncoded, in its order."""
    total = len(sample.rows)
    return tuple(
        SheetRow(
            SheetUnit(
                sample.id,
                number,
                total,
                drawn.unit.id,
                drawn.unit.section,
                drawn.unit.part,
                drawn.unit.heading,
                drawn.unit.text,
                drawn.unit.year,
                drawn.unit.level,
                drawn.unit.agency,
                drawn.unit.kind,
                drawn.stratum,
                drawn.cell,
                drawn.weight,
                drawn.unit.copies,
            )
        )
        for number, drawn in enumerate(sample.rows, 1)
    )


def unit_cells(unit: SheetUnit) -> dict[str, str]:
    """The protected cells of a unit's row by column, as texts; what is missing is an empty one."""
    cells = {
        "row": f"{unit.sample}:{unit.number}/{unit.total}",
        "id": unit.id,
        "section": unit.section,
        "part": unit.part or "",
        "heading": unit.heading,
        "text": unit.text,
        "year": "" if unit.year is None else str(unit.year),
        "level": unit.level or "",
        "agency": unit.agency or "",
        "kind": unit.kind or "",
        "stratum": unit.stratum,
        "cell": unit.cell,
        "weight": "" if unit.weight is None else f"{unit.weight:.6f}",
        "copies": str(unit.copies),
    }
    return {**cells, "check": check_of(cells)}


def check_of(cells: Mapping[str, str]) -> str:
    """Twelve hex digits, after a c, of the protected cells but section, part, heading and text, which the id stands for."""
    fields = (cells[name] for name in ("row", "id", *KEPT[:-1]))
    return "c" + hash_text("\x1f".join(" ".join(field.split()) for field in fields))[:_CHECK_DIGITS]


def id_of(cells: Mapping[str, str]) -> str:
    """The id that section, part, heading and text of a row give."""
    return unit_id_of(cells["section"], cells["part"] or None, cells["heading"], cells["text"])


def code_cells(codes: Codes | None, codebook: Codebook) -> dict[str, str]:
    """The cells that coders fill in, by column: labels as ``label_of`` writes them; all empty for no codes."""
    cells = dict.fromkeys(CODED, "")
    if codes is None:
        return cells
    for name, code in zip(LABELS, codes.labels, strict=False):
        cells[name] = label_of(codebook.theme(code))
    return {**cells, **codes.facets, "note": codes.note}


def label_of(theme: Theme) -> str:
    """A theme as drop-downs show it.

    >>> from gknlp.themes.codebook import load_codebook
    >>> label_of(load_codebook().theme("O05"))
    'O05 政策解读'
    """
    return f"{theme.code} {theme.name_zh}"


def admissible_codes(codebook: Codebook, section: str, part: str | None) -> tuple[str, ...]:
    """The codes that a unit of this section and part may have: its own themes, then the structural ones."""
    return tuple(theme.code for theme in (*codebook.admissible(section, part), *codebook.structural))


def join_labels(labels: Sequence[str]) -> str:
    """Codes as one cell.

    >>> join_labels(("O05", "O13"))
    'O05;O13'
    """
    return SEPARATOR.join(labels)
