"""The planted corpus run through the engine, and how much of its truth was found."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from gknlp.reuse import ReuseConfig, find_reuse_in_texts
from gknlp.schemas import STRATA
from tests.conftest import ROOT
from tests.reuse.plagdet import (
    Case,
    Detection,
    Scores,
    Stretch,
    combine,
    f1_of_counts,
    macro,
    match,
    measure_precision,
    score_detections,
)

sys.path.insert(0, str(ROOT / "corpora" / "planted"))
from planted_parts.model import Document
from planted_parts.stream import hash_documents, write_documents, write_references

PASSAGE_KINDS = ("peer", "regional", "viral", "self")
NEAR_KINDS = ("near", "near_self")
COPIED = ("self", "regional", "viral", "peer")
"""Strata of the passages that are scored: mandated text, formulae and model texts have no one source."""
JOIN, SLACK = 40, 8
"""Sentences of a near-copy with only a heading between them, on both sides alike, are one case."""
KIND_NUMBER = {name: number for number, name in enumerate(STRATA)}


@dataclass(frozen=True, slots=True, eq=False)
class Bench:
    """The documents, their references, their hash, and the engine's tables."""

    documents: list[Document]
    references: pa.Table
    found: Mapping[str, pa.Table]
    sha256: str


def run_bench(n_documents: int, config: ReuseConfig | None = None) -> Bench:
    """The corpus of that size and what the engine finds in it."""
    documents = list(write_documents(n_documents))
    references = pa.Table.from_pylist(write_references())
    texts = pa.Table.from_pylist([document.row() for document in documents])
    found = find_reuse_in_texts(texts, config=config or ReuseConfig(), references=references)
    return Bench(documents, references, found, hash_documents(iter(documents)))


def list_cases(documents: list[Document], kinds: tuple[str, ...]) -> list[tuple[Case, dict[str, Any]]]:
    """The planted copies of these kinds, each with its row of truth."""
    cases = []
    for document in documents:
        for row in document.truth_rows():
            if row["kind"] in kinds:
                sources = [_place(row, "source")]
                if row["first_doc_id"] is not None and _place(row, "first") not in sources:
                    sources.append(_place(row, "first"))
                cases.append((Case(_trim(_at(row), document.text), tuple(sources)), row))
    return cases


def list_near_cases(documents: list[Document]) -> list[tuple[Case, dict[str, Any]]]:
    """Near-copies cut where a sentence was put in, left out or moved, formulae inside included."""
    cases: list[tuple[Case, dict[str, Any]]] = []
    for document in documents:
        last: Case | None = None
        for row in document.truth_rows():
            if row["kind"] not in (*NEAR_KINDS, "formula") or row["source_doc_id"] is None:
                continue
            at, source = _at(row), _place(row, "source")
            if last and _follows(last, at, source):
                cases.pop()
                at = Stretch(at.doc_id, last.at.start, at.end)
                source = Stretch(source.doc_id, last.sources[0].start, source.end)
            last = Case(at, (source,))
            cases.append((last, row))
    texts = {document.doc_id: document.text for document in documents}
    return [(Case(_trim(case.at, texts[case.at.doc_id]), case.sources), row) for case, row in cases]


def list_other_cases(documents: list[Document]) -> list[Case]:
    """What else is copied, so that a detection of it is no mistake: near-copies; wording that has spread, from any of its
    earlier carriers; formulae that stood in the agency's report of the year before."""
    carriers: dict[str, list[Stretch]] = defaultdict(list)
    firsts: dict[str, Stretch] = {}
    cases = [case for case, _ in list_near_cases(documents)]
    for document in documents:
        for start, piece in document.pieces:
            if not piece.wording:
                continue
            at = Stretch(document.doc_id, start, start + len(piece.text))
            if piece.first and piece.wording not in firsts:
                firsts[piece.wording] = Stretch(piece.first.doc_id, piece.first.start, piece.first.end)
                carriers[piece.wording].append(firsts[piece.wording])
            if carriers[piece.wording]:
                cases.append(Case(at, tuple(carriers[piece.wording])))
            carriers[piece.wording].append(at)
    return cases


def list_detections(passages: pa.Table) -> list[Detection]:
    """The passages that say copied from one source."""
    return [
        Detection(
            Stretch(row["doc_id"], row["start"], row["end"]),
            Stretch(row["source_doc_id"], row["source_start"], row["source_end"]),
        )
        for row in passages.to_pylist()
        if row["stratum"] in COPIED
    ]


def score_passages(bench: Bench) -> Scores:
    """PAN's measures: recalls and granularity over passages, precision over everything that was copied."""
    cases = [case for case, _ in list_cases(bench.documents, PASSAGE_KINDS)]
    return score_among(cases, list_other_cases(bench.documents), list_detections(bench.found["passages"]))


def score_among(cases: list[Case], others: list[Case], detections: list[Detection]) -> Scores:
    """The measures of the cases; detections are precise where they hold these or the others."""
    scores = score_detections(cases, detections)
    every = [*cases, *others]
    precision = measure_precision(every, detections, match(every, detections))
    return Scores(
        precision=precision,
        recall=scores.recall,
        granularity=scores.granularity,
        plagdet=combine(precision, scores.recall, scores.granularity),
        cases=scores.cases,
        chars=scores.chars,
    )


def measure_near_recall(bench: Bench) -> tuple[int, int]:
    """Near-copies whose pair is in the table pairs, and how many there are."""
    pairs = {
        frozenset(pair)
        for pair in zip(
            bench.found["pairs"]["doc_a"].to_pylist(), bench.found["pairs"]["doc_b"].to_pylist(), strict=True
        )
    }
    planted = {
        frozenset((str(row["doc_id"]), str(row["source_doc_id"])))
        for document in bench.documents
        for row in document.truth_rows()
        if row["kind"] in NEAR_KINDS
    }
    return len(planted & pairs), len(planted)


def label_characters(bench: Bench) -> tuple[np.ndarray, np.ndarray]:
    """True and found stratum, numbers in STRATA, of every letter and digit of all documents; the rest is not compared."""
    by_doc: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for row in bench.found["stretches"].to_pylist():
        by_doc[row["doc_id"]].append((row["start"], row["end"], row["stratum"]))
    true, said = [], []
    for document in bench.documents:
        right = np.full(len(document.text), KIND_NUMBER["original"], np.int8)
        found = right.copy()
        for start, piece in document.pieces:
            right[start : start + len(piece.text)] = KIND_NUMBER[piece.stratum]
        for start, end, stratum in by_doc[document.doc_id]:
            found[start:end] = KIND_NUMBER[stratum]
        counts = np.fromiter((char.isalnum() for char in document.text), np.bool_, len(document.text))
        true.append(right[counts])
        said.append(found[counts])
    return np.concatenate(true), np.concatenate(said)


def count_confusion(true: np.ndarray, said: np.ndarray) -> np.ndarray:
    """Characters by true (rows) and found (columns) stratum, in the order of STRATA."""
    n = len(STRATA)
    return np.bincount(true.astype(np.int64) * n + said, minlength=n * n).reshape(n, n)


def score_strata(confusion: np.ndarray) -> dict[str, float]:
    """F1 of each stratum, their mean, and the wrongly original: of all characters, and of those that were copied."""
    counts = {
        name: (int(confusion[i].sum()), int(confusion[:, i].sum()), int(confusion[i, i]))
        for i, name in enumerate(STRATA)
    }
    original = KIND_NUMBER["original"]
    missed = int(confusion[:, original].sum() - confusion[original, original])
    called = int(confusion[:, original].sum())
    copied = int(confusion.sum() - confusion[original].sum())
    scores = f1_of_counts(counts)
    return {f"f1 {name}": value for name, value in scores.items()} | {
        "macro f1": macro(scores),
        "wrongly original, of those called so": missed / max(called, 1),
        "wrongly original, of all": missed / max(int(confusion.sum()), 1),
        "wrongly original, of those copied": missed / max(copied, 1),
    }


def measure_scores(bench: Bench) -> dict[str, float]:
    """Every figure by name."""
    passages = score_passages(bench)
    found, planted = measure_near_recall(bench)
    return {
        "case recall": passages.cases,
        "character recall": passages.chars,
        "granularity": passages.granularity,
        "precision": passages.precision,
        "recall": passages.recall,
        "plagdet": passages.plagdet,
        "near-copy recall": found / max(planted, 1),
        "near-copy character recall": score_detections(
            [case for case, _ in list_near_cases(bench.documents)], list_detections(bench.found["passages"])
        ).chars,
        **score_strata(count_confusion(*label_characters(bench))),
    }


def _at(row: Mapping[str, Any]) -> Stretch:
    return Stretch(row["doc_id"], row["start"], row["end"])


def _trim(at: Stretch, text: str) -> Stretch:
    """Without stops and white space at its ends: nothing tells whether they were copied, and no passage begins with one."""
    first, last = at.start, at.end
    while first + 1 < last and not text[first].isalnum():
        first += 1
    while first + 1 < last and not text[last - 1].isalnum():
        last -= 1
    return Stretch(at.doc_id, first, last)


def _place(row: Mapping[str, Any], name: str) -> Stretch:
    return Stretch(row[f"{name}_doc_id"], row[f"{name}_start"], row[f"{name}_end"])


def _follows(last: Case, at: Stretch, source: Stretch) -> bool:
    gap, source_gap = at.start - last.at.end, source.start - last.sources[0].end
    same = last.sources[0].doc_id == source.doc_id
    return same and 0 <= gap <= JOIN and 0 <= source_gap <= JOIN and abs(gap - source_gap) <= SLACK
