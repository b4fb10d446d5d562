"""What any classifier of units is, and how its codings become a table; a better one takes over here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from gknlp.schemas import THEME_LABELS
from gknlp.tables import sort_table


@dataclass(frozen=True, slots=True)
class UnitText:
    """All that a classifier may see of a unit: no document, no neighbours, no position."""

    section: str
    part: str | None
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Coding:
    """What a classifier says of one unit: labels with the primary first (none: it abstains), scores in 0..1.

    ``scores`` hold every theme with evidence, strongest first, those below the threshold too.
    """

    labels: tuple[str, ...] = ()
    scores: tuple[tuple[str, float], ...] = ()

    @property
    def primary(self) -> str | None:
        """The first label; None where the classifier abstains."""
        return self.labels[0] if self.labels else None


class Classifier(Protocol):
    """Texts in, codings out. ``model`` names method, version and what was learned or written down for it."""

    @property
    def model(self) -> str:
        """The name that stands beside every label it gives."""

    def classify(self, items: Sequence[UnitText]) -> list[Coding]:
        """One coding an item, in order; an item's coding depends on nothing but that item."""


def label_units(units: pa.Table, *, classifier: Classifier) -> pa.Table:
    """The table ``theme_labels`` of a classifier: one row a unit, in the table's one order.

    Parameters
    ----------
    units : the corpus table, in any order; an empty one gives an empty table.
    classifier : sees each distinct (section, part, heading, text) once; equal units get equal labels.
    """
    places: dict[UnitText, int] = {}
    columns = [units.column(name).to_pylist() for name in ("section", "part", "heading", "text")]
    index = [
        places.setdefault(UnitText(section or "", part, heading or "", text or ""), len(places))
        for section, part, heading, text in zip(*columns, strict=True)
    ]
    codings = _codings_table(classifier.classify(list(places)), classifier.model).take(pa.array(index, pa.int64()))
    keys = units.select(["doc_id", "unit_id", "start", "end"])
    for name in codings.column_names:
        keys = keys.append_column(name, codings.column(name))
    return sort_table("theme_labels", keys)


def _codings_table(codings: list[Coding], model: str) -> pa.Table:
    columns = {
        "primary": [coding.primary for coding in codings],
        "labels": [list(coding.labels) for coding in codings],
        "scores": [[{"theme": code, "score": score} for code, score in coding.scores] for coding in codings],
        "abstained": [not coding.labels for coding in codings],
        "model": [model] * len(codings),
    }
    schema = pa.schema([THEME_LABELS.field(name) for name in columns])
    return pa.table(columns, schema=schema)
