"""How much of what is true of the sample today's methods find; a floor may rise, and falls only by this file."""

from __future__ import annotations

import pytest

from tests.sample import ROOT, format_scores, measure_scores

CORPUS = "a1685a9c43ee1b077fd98f06929280094a49ae25dfe51e651e65cb2d39c30397"
"""The sample the floors were measured on; when the sample changes, they are measured anew."""
EXACT = {
    "agency as written down": 80,
    "year as written down": 80,
    "form as written down": 80,
    "level as written down": 80,
    "kind as written down": 80,
    "table cells read right": 15122,
    "numbers believed in damaged tables": 0,
    "planted broken balances found": 30,
    "balances failed that were not planted": 0,
    "own reports repeated, found as self": 3,
    "obsolete forms told by their cells": 1,
    "planted cross-year breaks found": 2,
    "reports without a planted slip that fail an error rule": 0,
}
FLOORS = {
    "planted copies found with their source": 15,
    "wrong years found": 6,
    "foreign words found": 8,
    "themes right by the shipped classifier": 2650,
    "themes right where it answers": 2650,
}


@pytest.fixture(scope="module")
def scores(sample_run):
    return measure_scores(sample_run)


def test_the_floors_belong_to_this_corpus(sample_run):
    assert sample_run.card["sha256"] == CORPUS


@pytest.mark.parametrize(("name", "expected"), EXACT.items())
def test_what_must_be_exact(scores, name, expected):
    assert scores[name][0] == expected


@pytest.mark.parametrize(("name", "floor"), FLOORS.items())
def test_what_must_not_fall(scores, name, floor):
    assert scores[name][0] >= floor


def test_every_score_has_an_expectation(scores):
    assert set(scores) == {*EXACT, *FLOORS}


def test_the_readme_prints_these_scores(scores):
    assert format_scores(scores) in (ROOT / "README.md").read_text("utf-8")


def test_stretches_tell_the_same_strata_as_coverage(sample_run):
    """Counted over the narrative's letters: coverage counts stops and spaces, too, so shares agree within a few percent."""
    told = {row["doc_id"]: row for row in sample_run.rows("coverage")}
    texts = {row["doc_id"]: row["text"] for row in sample_run.rows("reports")}
    letters: dict[str, dict[str, int]] = {}
    ends: dict[str, int] = {}
    for row in sample_run.rows("stretches"):
        assert row["start"] >= ends.get(row["doc_id"], 0)
        ends[row["doc_id"]] = row["end"]
        own = letters.setdefault(row["doc_id"], {})
        piece = texts[row["doc_id"]][row["start"] : row["end"]]
        own[row["stratum"]] = own.get(row["stratum"], 0) + sum(char.isalnum() for char in piece)
    assert set(letters) == set(told)
    for doc_id, own in letters.items():
        total = sum(own.values())
        assert all(
            abs(own.get(name, 0) / total - told[doc_id][name]) < 0.05 for name in ("mandated", "self", "original")
        )
