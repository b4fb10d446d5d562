"""The nouns of the recipe: agencies, pieces of text, reports on their way to a file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PHRASES = HERE.parent / "phrases"
PLAN = HERE.parent / "plan"
YEARS = (2019, 2020, 2021, 2022)
TABLE_SECTIONS = ("proactive_table", "requests_table", "review_table")
SECTIONS = ("overview", *TABLE_SECTIONS, "problems_improvements", "other_matters")


def load_toml(path: Path) -> dict[str, Any]:
    """The content of one TOML file."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Agency:
    """One fictional agency (机关) and the words it uses for itself."""

    id: str
    name: str
    signed: str
    file: str
    level: str
    kind: str
    form_of: str
    self: str
    all: str
    office: str
    units: str
    site: str
    account: str
    leader: str
    size: int
    own: tuple[str, ...]
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of running text with the theme it was written for ('' for a heading) and the plants it belongs to."""

    text: str
    theme: str = ""
    marks: tuple[str, ...] = ()

    def marked(self, mark: str) -> Piece:
        """The same piece, also part of plant ``mark``."""
        return replace(self, marks=(*self.marks, mark))


@dataclass(slots=True)
class Paragraph:
    """One line of the file. ``listed``: its pieces carry markers (一是 / 1.) whose order matters."""

    pieces: list[Piece]
    listed: bool = False
    part: str = ""


@dataclass(slots=True)
class Style:
    """How one report looks: chosen once, before a word of it is written."""

    layout: str
    variant: int
    encoding: str
    newline: str
    half_width: bool
    typos: tuple[tuple[str, str], ...]
    head_number: str
    head_line: str
    body: str
    halves: str
    title: str
    length: str


@dataclass(slots=True)
class Report:
    """One agency's report of one year, as planned."""

    agency: Agency
    year: int
    form: str
    style: Style
    figures: dict[str, Any]
    title_lines: list[str] = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)
    body: dict[str, list[Paragraph]] = field(default_factory=dict)
    signature: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, int]:
        """Agency id and year."""
        return self.agency.id, self.year

    @property
    def path(self) -> str:
        """The file's path below the corpus folder."""
        return f"reports/{self.year}/{self.agency.file}.txt"


def load_agencies() -> list[Agency]:
    """The agencies of ``phrases/agencies.toml``, in the order written there."""
    return [
        Agency(**{**row, "own": tuple(row["own"]), "files": tuple(row["files"])})
        for row in load_toml(PHRASES / "agencies.toml")["agency"]
    ]
