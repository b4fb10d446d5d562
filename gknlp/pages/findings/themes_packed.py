"""What the themes page unpacks on demand: every report's units with their themes and facets, deflated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gknlp.pages.findings.facets import FACETS, list_marks, name_mark, tags_of
from gknlp.pages.findings.packed import deflate
from gknlp.pages.findings.place import places_of
from gknlp.pages.findings.run import Row, Run, label_of, page_name, ran, rows_in, rows_of
from gknlp.pages.words import Words, keys_of, say, word

MOST_PACKED = 1_700_000
"""Characters of packed units a page may hold, so that a thousand reports stay under 3 MB with figures and tables."""
_BLOCK = 60_000
"""Characters of units packed together: a report alone packs to twice the size, since its neighbours share its wording."""


def pack_themes(run: Run, names: Mapping[str, Words]) -> dict[str, Any]:
    """An index of the coded reports and blocks of their units, both deflated, for the page's own script.

    Returns
    -------
    index (text), blocks (texts), n_docs, n_packed: where not all units fit, the first reports in order of display are
    packed, and the others open on their own page. No coded report gives an index of nothing.
    """
    docs = [row["doc_id"] for row in run.reports if rows_in(run, "theme_labels", row["doc_id"])]
    codes = sorted({code for doc_id in docs for row in rows_in(run, "theme_labels", doc_id) for code in _codes(row)})
    vocabulary = _Vocabulary(codes)
    place_of = {doc_id: at for at, doc_id in enumerate(docs)}
    blocks: list[str] = []
    block_of: dict[str, int] = {}
    size = 0
    for group in _group(run, docs):
        block = deflate(_pack(run, group, place_of, vocabulary))
        size += len(block)
        if size > MOST_PACKED:
            break
        block_of |= dict.fromkeys(group, len(blocks))
        blocks.append(block)
    index = {
        "docs": _list_docs(run, docs, block_of, vocabulary),
        "themes": [[code, *names.get(code, say(code, code)).values()] for code in codes],
        "sections": [[key, *word("sections", key).values()] for key in vocabulary.sections],
        "parts": [[key, *word("parts", key).values()] for key in vocabulary.parts],
        "facets": [[facet, *word("facets", facet).values()] for facet in FACETS],
        "values": [[facet, value, *word(facet, value).values()] for facet, value in vocabulary.values],
        "marks": [[facet, value, *name_mark(facet, value).values()] for facet, value in vocabulary.marks],
        "faceted": ran(run, "facets"),
        "rhetoric": ran(run, "promises"),
    }
    return {"index": deflate(index), "blocks": blocks, "n_docs": len(docs), "n_packed": len(block_of)}


class _Vocabulary:
    """What units name by key, as numbers given in the order of first use."""

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = {code: at for at, code in enumerate(codes)}
        self.sections: dict[str, int] = {}
        self.parts: dict[str, int] = {"problems": 0, "improvements": 1}
        values = [(facet, value) for facet in FACETS for value in keys_of(facet)]
        self.values = {key: at for at, key in enumerate(values)}
        self.marks: dict[tuple[str, str], int] = {}


def _codes(label: Row) -> list[str]:
    """The theme codes of a unit, the primary one first, each once."""
    return list(dict.fromkeys(code for code in (label["primary"], *(label["labels"] or ())) if code))


def _group(run: Run, docs: Sequence[str]) -> list[list[str]]:
    groups: list[list[str]] = []
    filled = _BLOCK
    for doc_id in docs:
        if filled >= _BLOCK:
            groups.append([])
            filled = 0
        groups[-1].append(doc_id)
        filled += sum(len(row["text"] or "") for row in rows_in(run, "units", doc_id))
    return groups


def _pack(run: Run, group: Sequence[str], place_of: Mapping[str, int], vocabulary: _Vocabulary) -> list[list[Any]]:
    """Columns over the units of some reports, which pack a third smaller than rows.

    [places in the list of reports, units of each], then a value a unit: section, part, heading (0: as before), begin
    counted from the end of the unit before, text, themes, abstained, values of facets (0: none), marks as kind, gap,
    length and so on. A number stands for each key.
    """
    columns: list[list[Any]] = [[] for _ in range(11)]
    for doc_id in group:
        labels = {row["unit_id"]: row for row in rows_in(run, "theme_labels", doc_id)}
        facets = {row["unit_id"]: row for row in rows_in(run, "facets", doc_id)}
        units = rows_in(run, "units", doc_id)
        columns[0].append(place_of[doc_id])
        columns[1].append(len(units))
        at, heading = 0, ""
        for unit in units:
            label, shown = labels.get(unit["unit_id"]), facets.get(unit["unit_id"])
            text, same = unit["text"] or "", (unit["heading"] or "") == heading
            values = (
                vocabulary.sections.setdefault(unit["section"] or "", len(vocabulary.sections)),
                vocabulary.parts.get(unit["part"] or "", -1),
                0 if same else unit["heading"] or "",
                unit["start"] - at,
                text,
                [vocabulary.codes[code] for code in _codes(label)] if label else [],
                int(bool(label and label["abstained"])),
                [vocabulary.values[key] for key in tags_of(shown) if key in vocabulary.values] if shown else 0,
                _marks(unit, shown, vocabulary) if shown else [],
            )
            for column, value in zip(columns[2:], values, strict=True):
                column.append(value)
            at, heading = unit["start"] + len(text), unit["heading"] or ""
    return columns


def _marks(unit: Row, row: Row, vocabulary: _Vocabulary) -> list[int]:
    """The words that show facets, in text order; none where a unit's text is not the slice that its span names."""
    marks: list[int] = []
    if len(unit["text"] or "") == unit["end"] - unit["start"]:
        at = unit["start"]
        for facet, value, start, end in list_marks([row]):
            marks += [vocabulary.marks.setdefault((facet, value), len(vocabulary.marks)), start - at, end - start]
            at = start
    return marks


def _list_docs(run: Run, docs: Sequence[str], block_of: Mapping[str, int], vocabulary: _Vocabulary) -> list[list[Any]]:
    """[label, page, year, level in both languages, place, units, abstained, themes, plans kept, not kept, not assessable, block]."""
    places, outcomes = places_of(run), _outcomes(run)
    lines = []
    for doc_id in docs:
        labels = rows_in(run, "theme_labels", doc_id)
        promises = outcomes.get(doc_id, ())
        report = run.report[doc_id]
        lines.append(
            [
                label_of(run, doc_id),
                page_name(doc_id),
                report["year"],
                list(word("levels", report["level"]).values()),
                places.get(doc_id, ""),
                len(labels),
                sum(bool(row["abstained"]) for row in labels),
                sorted({vocabulary.codes[code] for row in labels for code in _codes(row)}),
                sum(kept is True for kept in promises),
                sum(kept is False for kept in promises),
                sum(kept is None for kept in promises),
                block_of.get(doc_id, -1),
            ]
        )
    return lines


def _outcomes(run: Run) -> Mapping[str, Sequence[bool | None]]:
    """What became of each report's plans."""
    groups: dict[str, list[bool | None]] = {}
    for row in rows_of(run, "promises"):
        groups.setdefault(row["doc_a"], []).append(row["kept"])
    return groups
