"""Labelled units (标注单元) as training and evaluation take them, read from a folder or a coding sheet."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gknlp.errors import UsageError
from gknlp.manifest import hash_value
from gknlp.themes.classifier import UnitText
from gknlp.themes.codebook import Codebook

UNITS_FILE, LABELS_FILE = "units.jsonl", "labels.csv"
_COLUMNS = ("section", "part", "heading", "text", "labels")
_SPAN_COLUMNS = ("doc_sha256", "section", "part", "start", "end", "labels")
_LISTED = 20


@dataclass(frozen=True, slots=True)
class Example:
    """A unit with the labels that people gave it, the primary first; ``agency`` tells whose wording it is."""

    id: str
    agency: str
    unit: UnitText
    labels: tuple[str, ...]

    @property
    def primary(self) -> str:
        """The first label."""
        return self.labels[0]


def load_examples(path: Path, *, codebook: Codebook) -> tuple[Example, ...]:
    """The labelled units of a folder (``units.jsonl`` beside ``labels.csv``) or of one .csv or .jsonl with both.

    Units without a label are left out: nobody has coded them yet. The order is that of content, whatever the file's.

    Raises
    ------
    UsageError : nothing is there, a column is missing, or rows carry labels that the codebook does not know, ids twice,
        or no text; each such row is named.
    """
    return _build_examples(path, _read_folder(path) if path.is_dir() else _read_sheet(path), codebook)


def _build_examples(
    path: Path, rows: Sequence[tuple[str, Mapping[str, Any]]], codebook: Codebook
) -> tuple[Example, ...]:
    problems: list[str] = []
    examples = [_example(row, where, codebook, problems.append) for where, row in rows]
    if problems:
        more = f"; and {len(problems) - _LISTED} more" if len(problems) > _LISTED else ""
        raise UsageError(f"{path}: {'; '.join(problems[:_LISTED])}{more}")
    twice = sorted(key for key, n in Counter(example.id for example in examples if example).items() if n > 1)
    if twice:
        raise UsageError(f"{path}: units of one id: {', '.join(twice[:_LISTED])}")
    kept = tuple(example for example in examples if example is not None and example.labels)
    if not kept:
        raise UsageError(f"{path}: no unit has a label, so there is nothing to learn from")
    return sort_examples(kept)


def load_spans(path: Path, texts: Mapping[str, str], *, codebook: Codebook) -> tuple[Example, ...]:
    """Labelled units whose text lies elsewhere: a .csv of doc_sha256, section, part, start, end, labels.

    ``texts`` : the reports' texts by the sha256 of their files; each report counts as an agency of its own.

    Raises
    ------
    UsageError : as `load_examples`, and for rows whose report is not among the texts or whose span lies outside of it.
    """
    rows = []
    for where, row in _read_csv(path):
        missing = [name for name in _SPAN_COLUMNS if row.get(name) is None]
        if missing:
            raise UsageError(f"{path}: {where}: lacks {', '.join(missing)}")
        text, ends = texts.get(row["doc_sha256"]), (row["start"], row["end"])
        if text is None:
            raise UsageError(f"{path}: {where}: no report has the sha256 {row['doc_sha256']}")
        if not all(map(str.isdecimal, ends)) or not int(ends[0]) < int(ends[1]) <= len(text):
            raise UsageError(
                f"{path}: {where}: the span {ends[0]}..{ends[1]} is not one of a text of {len(text)} characters"
            )
        slice_ = text[int(ends[0]) : int(ends[1])]
        rows.append(
            (where, {**row, "id": f"{row['doc_sha256'][:12]}.{ends[0]}", "agency": row["doc_sha256"], "text": slice_})
        )
    return _build_examples(path, rows, codebook)


def sort_examples(examples: Sequence[Example]) -> tuple[Example, ...]:
    """The examples in the one order that results are computed in: by content, so that no file's order matters."""
    return tuple(sorted(examples, key=_content))


def hash_examples(examples: Sequence[Example]) -> str:
    """SHA-256 over the content of the examples, in any order."""
    return hash_value([_content(example) for example in sort_examples(examples)])


def _content(example: Example) -> tuple[str, str, str, str, str, tuple[str, ...], str]:
    unit = example.unit
    return (unit.text, unit.section, unit.part or "", unit.heading, example.agency, example.labels, example.id)


def _read_folder(folder: Path) -> list[tuple[str, Mapping[str, Any]]]:
    units, labels = folder / UNITS_FILE, folder / LABELS_FILE
    for file in (units, labels):
        if not file.is_file():
            raise UsageError(f"no {file.name} in {folder}: labelled units are {UNITS_FILE} and {LABELS_FILE} together")
    coded = {str(row.get("id")): row for _, row in _read_csv(labels)}
    rows = _read_jsonl(units)
    known = {str(row.get("id")) for _, row in rows}
    strangers = sorted(set(coded) - known)
    if strangers:
        raise UsageError(
            f"{labels}: labels for units that {UNITS_FILE} does not hold: {', '.join(strangers[:_LISTED])}"
        )
    return [(where, {**row, "labels": coded.get(str(row.get("id")), {}).get("labels", "")}) for where, row in rows]


def _read_sheet(path: Path) -> list[tuple[str, Mapping[str, Any]]]:
    if path.suffix not in (".csv", ".jsonl") or not path.is_file():
        raise UsageError(f"no labelled units at {path}: give a folder, or a .csv or .jsonl file")
    rows = _read_csv(path) if path.suffix == ".csv" else _read_jsonl(path)
    missing = [name for name in _COLUMNS if rows and name not in rows[0][1]]
    if missing:
        raise UsageError(f"{path}: lacks the columns {', '.join(missing)}; it has {', '.join(map(str, rows[0][1]))}")
    return rows


def _read_csv(path: Path) -> list[tuple[str, Mapping[str, Any]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            return [(f"row {number}", row) for number, row in enumerate(csv.DictReader(handle), 2)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path} cannot be read as CSV: {error}") from error


def _read_jsonl(path: Path) -> list[tuple[str, Mapping[str, Any]]]:
    rows: list[tuple[str, Mapping[str, Any]]] = []
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
        for number, line in enumerate(lines, 1):
            if line.strip():
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise UsageError(f"{path}: line {number} is no JSON object")
                rows.append((f"line {number}", row))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise UsageError(f"{path} cannot be read as JSON lines: {error}") from error
    return rows


def _example(row: Mapping[str, Any], where: str, codebook: Codebook, complain: Callable[[str], None]) -> Example | None:
    given = row.get("labels") or ()
    labels = given.split(";") if isinstance(given, str) else list(given)
    codes = tuple(dict.fromkeys(str(label).strip() for label in labels if str(label).strip()))
    unknown = [code for code in codes if code not in codebook.codes]
    if unknown:
        complain(f"{where}: the codebook has no theme {', '.join(unknown)}")
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        complain(f"{where}: no text")
        return None
    unit = UnitText(str(row.get("section") or ""), row.get("part") or None, str(row.get("heading") or ""), text)
    return Example(str(row.get("id") or where), str(row.get("agency") or ""), unit, codes)
