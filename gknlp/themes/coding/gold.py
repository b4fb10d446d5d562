"""Labels in the format of the gold corpus: units.jsonl, labels.csv and the passes of coders, written and read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gknlp.errors import UsageError
from gknlp.themes.codebook import Codebook
from gknlp.themes.coding.adjudicate import Decided
from gknlp.themes.coding.agreement import Place
from gknlp.themes.coding.facets import FACETS, MAX_LABELS, NONE, SEPARATOR, Codes, fold_facet
from gknlp.themes.coding.problems import SheetProblem
from gknlp.themes.coding.read_sheet import CodedSheet
from gknlp.themes.coding.rows import SheetUnit, join_labels

_UNIT_KEYS = ("id", "agency", "year", "level", "kind", "section", "part", "heading")
_PASS = ("id", "labels", *FACETS)
_SAMPLE = ("id", "stratum", "cell", "weight", "copies", "decided")


def gold_files(
    decided: Sequence[Decided], *, sheets: Sequence[CodedSheet] = (), undecided: Sequence[SheetUnit] = ()
) -> dict[str, bytes]:
    """The files of a gold folder by their path in it, rows sorted by id; nothing decided gives headers alone.

    units.jsonl and labels.csv hold the decided units, passes/CODER.csv what each coder said of all units, and
    sample.csv the stratum, cell and weight of decided and undecided ones, without which no estimate can be made.
    ``style`` is null: nobody coded it.
    """
    decided = sorted(decided, key=lambda item: item.unit.id)
    units = "".join(json.dumps(_unit_value(item.unit), ensure_ascii=False) + "\n" for item in decided)
    flags = [(item.unit, "yes") for item in decided] + [(unit, "no") for unit in undecided]
    sample = [_sample_row(unit, flag) for unit, flag in sorted(flags, key=lambda item: item[0].id)]
    files = {
        "units.jsonl": units.encode("utf-8", "surrogatepass"),
        "labels.csv": encode_labels((item.unit.id, item.codes, item.how) for item in decided),
        "sample.csv": _encode(_SAMPLE, sample),
    }
    for sheet in sheets:
        rows = [{"id": row.unit.id, **_pass_row(row.codes)} for row in sorted(sheet.rows, key=lambda row: row.unit.id)]
        files[f"passes/{sheet.coder}.csv"] = _encode(_PASS, rows)
    return files


def encode_labels(labels: Iterable[tuple[str, Codes, str]]) -> bytes:
    """A labels.csv of ids, final codes and how they were found, sorted by id; nothing gives a header alone."""
    ordered = sorted(labels, key=lambda item: item[0])
    return _encode((*_PASS, "how"), [{"id": key, **_pass_row(codes), "how": how} for key, codes, how in ordered])


def _unit_value(unit: SheetUnit) -> dict[str, Any]:
    return {**{name: getattr(unit, name) for name in _UNIT_KEYS}, "style": None, "text": unit.text}


def _pass_row(codes: Codes) -> dict[str, str]:
    facets = {name: codes.facets.get(name, "") for name in FACETS}
    if facets["specificity"] == NONE:
        facets["specificity"] = ""
    return {"labels": join_labels(codes.labels), **facets}


def _sample_row(unit: SheetUnit, decided: str) -> dict[str, str]:
    weight = "" if unit.weight is None else f"{unit.weight:.6f}"
    return {
        "id": unit.id,
        "stratum": unit.stratum,
        "cell": unit.cell,
        "weight": weight,
        "copies": str(unit.copies),
        "decided": decided,
    }


def _encode(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Plain UTF-8 .csv without a mark: these files are read by programs; no cell of them holds free text."""
    sink = io.StringIO(newline="")
    writer = csv.DictWriter(sink, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return sink.getvalue().encode()


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass over a gold corpus said, by unit id, and the rows that could not be used."""

    name: str
    codes: Mapping[str, Codes]
    problems: tuple[SheetProblem, ...]


def read_pass(data: bytes, name: str, *, codebook: Codebook) -> Pass:
    """The codes in a passes/*.csv or a labels.csv of a gold folder; a row with a fault is named and left out.

    No specificity beside other facets means that there is none.

    Raises
    ------
    UsageError : the file has no columns ``id`` and ``labels``.
    """
    rows = _read_rows(data, name, needed=("id", "labels"))
    codes: dict[str, Codes] = {}
    problems: list[SheetProblem] = []
    for line, row in enumerate(rows, 2):
        labels = tuple(part.strip() for part in row["labels"].split(SEPARATOR) if part.strip())
        fault = _fault(labels, row["id"], codes, codebook)
        if fault:
            content = json.dumps(row, ensure_ascii=False)
            problems.append(SheetProblem(name, line, row["id"], "labels", *fault, content))
            continue
        folded = {facet: fold_facet(facet, row.get(facet) or "") for facet in FACETS}
        facets = {facet: value for facet, value in folded.items() if value is not None and row.get(facet)}
        if facets and not row.get("specificity"):
            facets["specificity"] = NONE
        problems += [
            SheetProblem(
                name, line, row["id"], facet, "unknown_facet", row[facet], f"one of {', '.join(FACETS[facet][:5])}"
            )
            for facet in FACETS
            if row.get(facet) and folded[facet] is None
        ]
        codes[row["id"]] = Codes(labels, facets)
    return Pass(name.replace("\\", "/").rpartition("/")[2].removesuffix(".csv"), codes, tuple(problems))


def _fault(
    labels: tuple[str, ...], key: str, codes: Mapping[str, Codes], codebook: Codebook
) -> tuple[str, str, str] | None:
    unknown = [label for label in labels if label not in codebook.codes]
    if unknown:
        return "unknown_label", join_labels(unknown), "codes of the codebook"
    if not labels:
        return "empty", "", "a theme"
    if len(labels) > MAX_LABELS:
        return "too_many_labels", join_labels(labels), f"at most {MAX_LABELS} themes"
    return ("duplicated_row", key, "each unit once") if key in codes else None


def read_places(units: bytes, name: str) -> dict[str, Place]:
    """Section and part of every unit of a units.jsonl, by id; UsageError naming the first line that is no unit."""
    return {key: Place(unit["section"] or "", unit["part"]) for key, unit in read_units(units, name).items()}


def read_units(data: bytes, name: str) -> dict[str, dict[str, Any]]:
    """The units of a units.jsonl by id; UsageError naming the first line that is no unit."""
    units = {}
    for number, line in enumerate(data.decode("utf-8-sig", "replace").split("\n"), 1):
        if not line.strip():
            continue
        try:
            unit = json.loads(line)
            units[str(unit["id"])] = {**unit, "section": unit["section"], "part": unit["part"], "text": unit["text"]}
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise UsageError(f"{name}, line {number}: is no unit with id, section, part and text: {error}") from error
    return units


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a unit of a gold folder came into the sample; ``decided`` tells whether it has final labels."""

    id: str
    stratum: str
    cell: str
    weight: float | None
    copies: int
    decided: bool


def read_sample(data: bytes, name: str) -> tuple[Drawing, ...]:
    """The rows of a sample.csv; UsageError for a missing column or a weight that is no number above 0."""
    rows = _read_rows(data, name, needed=_SAMPLE)
    drawings = []
    for line, row in enumerate(rows, 2):
        try:
            weight = float(row["weight"]) if row["weight"] else None
            copies = int(row["copies"])
            if copies < 1 or not (weight is None or 1 <= weight < float("inf")):
                raise ValueError(f"weight {row['weight']!r}, copies {row['copies']!r}")
        except ValueError as error:
            raise UsageError(f"{name}, line {line}: no sampling weight of 1 or more: {error}") from error
        drawings.append(Drawing(row["id"], row["stratum"], row["cell"], weight, copies, row["decided"] == "yes"))
    return tuple(drawings)


def _read_rows(data: bytes, name: str, *, needed: Sequence[str]) -> list[dict[str, str]]:
    reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig", "replace"), newline=""))
    missing = [column for column in needed if column not in (reader.fieldnames or ())]
    if missing:
        raise UsageError(f"{name}: has no column {', '.join(missing)}")
    return [{key: value or "" for key, value in row.items() if key is not None} for row in reader]
