"""How many passages are found where nothing was copied: null models over a range of min_passage, and how recall falls with edits."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pyarrow as pa

from gknlp.reuse import ReuseConfig, find_reuse_in_texts
from tests.conftest import ROOT
from tests.reuse.plagdet import Case, Stretch, score_detections
from tests.reuse.planted import list_detections

sys.path.insert(0, str(ROOT / "corpora" / "planted"))
from planted_parts.dice import Dice
from planted_parts.edits import edit_text
from planted_parts.grammar import write_sentence
from planted_parts.model import Document
from planted_parts.stream import write_documents

LENGTHS = (12, 14, 16, 18, 20, 24, 28, 32, 40)
"""Tried as min_passage."""
CURVE_LENGTHS = (20, 25, 30, 40, 60, 100, 200)
CURVE_RATES = (0.0, 0.04, 0.08, 0.12, 0.16, 0.20, 0.25, 0.30)
COPIES = 60
"""Copies for each length and rate: a share of them is known to about six points."""


@dataclass(frozen=True, slots=True)
class NullModel:
    """Texts of which none is copied: what was done to them, and the table."""

    name: str
    texts: pa.Table
    n_chars: int


def list_null_models(n_documents: int) -> Iterator[NullModel]:
    """The background as it is, its sentences dealt out anew over all agencies, and their characters shuffled.

    The first keeps what the form prescribes; in the others there is nothing but shuffled wording. A corpus of real
    reports dealt out like the second would still hold its copied sentences; the background holds none.
    """
    documents = list(write_documents(n_documents, plants=False))
    yield _make_null("as written", documents, [document.text for document in documents])
    sentences = [[piece.text for _, piece in one.pieces if piece.kind == ""] for one in documents]
    dice = Dice("null")
    dealt = iter(dice.shuffled([sentence for own in sentences for sentence in own]))
    yield _make_null("sentences dealt out", documents, ["".join(next(dealt) for _ in own) for own in sentences])
    shuffled = ["".join("".join(dice.shuffled(sentence)) for sentence in own) for own in sentences]
    yield _make_null("characters shuffled", documents, shuffled)


def count_false(null: NullModel, min_passage: int) -> tuple[float, float]:
    """False passages a million characters, and false characters a million: passages that are not mandated."""
    config = replace(ReuseConfig(), min_passage=min_passage)
    passages = find_reuse_in_texts(null.texts, config=config)["passages"].to_pylist()
    false = [row for row in passages if row["stratum"] != "mandated"]
    places = {(row["doc_id"], at) for row in false for at in range(row["start"], row["end"])}
    return 1e6 * len(false) / null.n_chars, 1e6 * len(places) / null.n_chars


def format_null(n_documents: int) -> str:
    """The table that sets min_passage."""
    lines = [f"null model over {n_documents} documents: false passages (and their characters) in a million characters"]
    lines.append(f"{'min_passage':22}" + "".join(f"{length:>14}" for length in LENGTHS))
    for null in list_null_models(n_documents):
        found = [count_false(null, length) for length in LENGTHS]
        lines.append(f"{null.name:22}" + "".join(f"{rows:7.1f}{f'({chars:.0f})':>7}" for rows, chars in found))
    return "\n".join(lines)


def format_curve() -> str:
    """Case recall by length and share of edits, far beyond what the floors ask."""
    dice = Dice("curve")
    documents = list(write_documents(5 * 60, plants=False))
    runs = [(one, *run) for one in documents for run in _list_runs(one)]
    rows = [document.row() | {"year": 2018, "published": "2019-01-01"} for document in documents]
    taken: set[tuple[str, int]] = set()
    cases: dict[tuple[int, float], list[Case]] = {}
    wanted = [(length, rate) for length in CURVE_LENGTHS for rate in CURVE_RATES for _ in range(COPIES)]
    for number, (length, rate) in enumerate(wanted):
        source, first = _choose(dice, runs, length, taken)
        text, _ = edit_text(dice, source.text[first : first + length], rate)
        before = "".join(write_sentence(dice, 2021) for _ in range(3))
        after = "".join(write_sentence(dice, 2021) for _ in range(3))
        doc_id = f"copy{number}"
        rows.append(
            source.row()
            | {
                "id": doc_id,
                "series": doc_id,
                "agency": doc_id,
                "region": None,
                "year": 2021,
                "published": "2022-01-01",
            }
            | {"text": before + text + after}
        )
        at = Stretch(doc_id, len(before), len(before) + len(text))
        cases.setdefault((length, rate), []).append(Case(at, (Stretch(source.doc_id, first, first + length),)))
    detections = list_detections(find_reuse_in_texts(pa.Table.from_pylist(rows), config=ReuseConfig())["passages"])
    by_doc: dict[str, list[int]] = {}
    for number, detection in enumerate(detections):
        by_doc.setdefault(detection.at.doc_id, []).append(number)
    lines = ["case recall (character recall) by length of the copy and share of its characters edited"]
    lines.append(f"{'':8}" + "".join(f"{rate:>14.0%}" for rate in CURVE_RATES))
    for length in CURVE_LENGTHS:
        cells = []
        for rate in CURVE_RATES:
            own = cases[length, rate]
            near = [detections[number] for case in own for number in by_doc.get(case.at.doc_id, [])]
            scores = score_detections(own, near)
            cells.append(f"{scores.cases:7.2f}{f'({scores.chars:.2f})':>7}")
        lines.append(f"{length:8}" + "".join(cells))
    return "\n".join(lines)


def _make_null(name: str, documents: list[Document], texts: list[str]) -> NullModel:
    rows = [one.row() | {"text": text} for one, text in zip(documents, texts, strict=True)]
    return NullModel(name, pa.Table.from_pylist(rows), sum(map(len, texts)))


def _list_runs(document: Document) -> list[tuple[int, int]]:
    return [(start, start + len(piece.text)) for start, piece in document.pieces if piece.kind == ""]


def _choose(
    dice: Dice, runs: list[tuple[Document, int, int]], length: int, taken: set[tuple[str, int]]
) -> tuple[Document, int]:
    """A stretch of exactly this length, whole within the document, that begins where a sentence does; taken now."""
    while True:
        source, first, _ = dice.pick(runs)
        sentences = {(source.doc_id, start) for start, _ in _list_runs(source) if first <= start < first + length}
        if first + length <= len(source.text) and not sentences & taken:
            taken |= sentences
            return source, first
