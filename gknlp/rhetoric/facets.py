"""The room's first step: units in, the table ``facets`` out, each distinct text read once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pyarrow as pa

from gknlp.errors import UsageError
from gknlp.rhetoric.decide import decide_facets
from gknlp.rhetoric.learned.model import FacetModel, load_model
from gknlp.rhetoric.marks import Mark, Place, Reading
from gknlp.rhetoric.patterns import patterns_hash
from gknlp.tables import table_of

LEARNED = "facets.v2"
RULES = "facets.rules.v2"
MODEL = "facets-v1"
"""The learned model that comes with the package."""
_ABOUT = ("agency", "level", "kind", "year")


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetConfig:
    """How facets are found.

    terms : words to keep whole besides the shipped domain words, such as names of local programmes: a name cut apart
        may show a part of it as a place.
    model : what decides modality and actor: the learned model of this name that comes with the package, which looks at
        what the rules say and is right more often (its card has both figures); '' for the rules alone. Specificity,
        valence and hedge are rules in either case, and every mark shown is a wording of the text.
    """

    terms: tuple[str, ...] = ()
    model: str = MODEL

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        if any(not term for term in self.terms):
            raise UsageError("terms holds an empty word; leave it out")


def find_facets(tables: Mapping[str, pa.Table], *, config: FacetConfig | None = None) -> dict[str, pa.Table]:
    """The table ``facets`` of a corpus: one row a unit; empty for no units.

    Parameters
    ----------
    tables : needs ``units`` and ``reports``; a unit whose report is missing is decided by its words and section alone.
    config : the defaults where absent.

    Returns
    -------
    Evidence spans are half-open code points into the report's text. Where a unit's text is not the slice of the report
    that its span names (folded text restored), each mark's evidence is the whole unit. The agency's own name and the
    reporting year are no specificity.
    """
    # spaCy takes two seconds to import: only who asks for facets waits for it.
    from gknlp.rhetoric.pipeline import build_pipeline, read_texts

    config = config or FacetConfig()
    units = tables["units"].select(["doc_id", "unit_id", "section", "part", "text", "start", "end"])
    texts = sorted({text for text in units["text"].to_pylist() if text})
    readings: dict[str, Reading] = {}
    if texts:
        readings = dict(zip(texts, read_texts(build_pipeline(terms=config.terms), texts), strict=True))
    model = load_model(config.model) if config.model else None
    return {"facets": table_of("facets", _rows(units, tables["reports"], readings, model))}


def facets_model(name: str = MODEL) -> str:
    """The name that stands beside every row: the method, and the hash of the model (and so of its patterns) or of the rules.

    UsageError where no model of this name comes with the package.
    """
    return _name(load_model(name) if name else None)


def _name(model: FacetModel | None) -> str:
    return f"{LEARNED}:{model.hash[:12]}" if model else f"{RULES}:{patterns_hash()[:12]}"


def _rows(
    units: pa.Table, reports: pa.Table, readings: Mapping[str, Reading], model: FacetModel | None
) -> Iterator[dict[str, Any]]:
    about = {row.pop("doc_id"): row for row in reports.select(["doc_id", *_ABOUT]).to_pylist()}
    name = _name(model)
    for unit in units.to_pylist():
        text = unit["text"] or ""
        reading = readings.get(text, Reading())
        place = Place(section=unit["section"] or "", part=unit["part"], **about.get(unit["doc_id"], {}))
        facets = decide_facets(text, reading, place, model=model)
        yield {
            **{key: unit[key] for key in ("doc_id", "unit_id", "start", "end")},
            **{name: getattr(facets, name) for name in ("modality", "specificity", "valence", "hedge", "actor")},
            **{name: getattr(reading, name) for name in ("n_chars", "n_words", "n_linking", "n_clauses")},
            "evidence": [_place(mark, unit, len(text)) for mark in facets.evidence],
            "model": name,
        }


def _place(mark: Mark, unit: Mapping[str, Any], n_chars: int) -> dict[str, Any]:
    start, end = unit["start"], unit["end"]
    if end - start == n_chars:
        start, end = unit["start"] + mark.start, unit["start"] + mark.end
    return {"facet": mark.facet, "value": mark.value, "start": start, "end": end}
