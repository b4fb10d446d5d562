"""What is found of planted truth: what was promised, floors that only rise, and a corpus that is what its card says."""

import json
import subprocess
import sys
import tomllib
from collections import Counter

import pytest

from gknlp.schemas import STRATA
from tests.conftest import ROOT
from tests.reuse.planted import (
    Bench,
    hash_documents,
    list_cases,
    list_near_cases,
    measure_scores,
    run_bench,
    write_documents,
)
from tests.reuse.planted_floors import GATES, holds, load_floors, move_floors, round_floor

PLANTED = ROOT / "corpora" / "planted"
CARD = tomllib.loads((PLANTED / "corpus.toml").read_text("utf-8"))
SMALL, LARGE = 300, 3000
FLOORS = load_floors()


@pytest.fixture(scope="module")
def small() -> Bench:
    return run_bench(SMALL)


@pytest.fixture(scope="module")
def scores(small):
    return measure_scores(small)


def test_the_floors_belong_to_this_corpus(small):
    assert small.sha256 == FLOORS[str(SMALL)]["sha256"] == CARD["sha256"]


@pytest.mark.parametrize("size", sorted(FLOORS))
@pytest.mark.parametrize(("name", "promised"), GATES.items())
def test_no_floor_is_below_what_was_promised(size, name, promised):
    assert holds(name, FLOORS[size]["floors"][name], promised)


@pytest.mark.parametrize(("name", "bound"), FLOORS[str(SMALL)]["floors"].items())
def test_what_must_not_fall(scores, name, bound):
    assert holds(name, scores[name], bound), (name, scores[name])


def test_every_score_has_a_floor(scores):
    assert set(scores) == set(FLOORS[str(SMALL)]["floors"]) == set(FLOORS[str(LARGE)]["floors"])


@pytest.mark.nightly
def test_ten_times_the_documents_are_found_as_well():
    bench = run_bench(LARGE)
    assert bench.sha256 == FLOORS[str(LARGE)]["sha256"]
    found = measure_scores(bench)
    assert {
        name for name, bound in FLOORS[str(LARGE)]["floors"].items() if not holds(name, found[name], bound)
    } == set()


def test_floors_rise_by_themselves_and_fall_with_a_reason():
    old = {"sha256": "x", "floors": {"case recall": 0.9, "granularity": 1.01}, "lowered": []}
    better = {"case recall": 0.95, "granularity": 1.0}
    assert move_floors(old, "x", better, "")["floors"] == better
    for sha256, scores in (
        ("x", {"case recall": 0.8, "granularity": 1.0}),
        ("x", {"case recall": 0.95}),
        ("y", better),
    ):
        with pytest.raises(ValueError, match="--because"):
            move_floors(old, sha256, scores, "")
    fallen = move_floors(old, "x", {"case recall": 0.95, "granularity": 1.02}, "rule changed")
    assert fallen["lowered"] == [{"what": ["granularity"], "because": "rule changed"}]
    assert move_floors({}, "x", better, "") == {"sha256": "x", "floors": better, "lowered": []}


@pytest.mark.parametrize(
    ("name", "score", "bound"), [("case recall", 0.98765, 0.987), ("granularity", 1.0001, 1.001), ("macro f1", 1, 1)]
)
def test_a_floor_is_the_thousandth_on_the_worse_side(name, score, bound):
    assert round_floor(name, score) == bound


def test_the_truth_lies_in_the_texts(small):
    texts = {document.doc_id: document.text for document in small.documents}
    order = {document.doc_id: (document.published, document.year) for document in small.documents}
    rows = [row for document in small.documents for row in document.truth_rows()]
    for row in rows:
        assert 0 <= row["start"] < row["end"] <= len(texts[row["doc_id"]])
        for name in ("source", "first"):
            if row[f"{name}_doc_id"] is not None:
                assert 0 <= row[f"{name}_start"] < row[f"{name}_end"] <= len(texts[row[f"{name}_doc_id"]])
                assert order[row[f"{name}_doc_id"]] < order[row["doc_id"]]
    assert {row["stratum"] for row in rows} == set(STRATA) - {"original"}
    untouched = [row for row in rows if row["kind"] == "peer" and not row["edits"] and row["source_doc_id"]]
    same = [
        texts[row["doc_id"]][row["start"] : row["end"]]
        == texts[row["source_doc_id"]][row["source_start"] : row["source_end"]]
        for row in untouched
    ]
    assert sum(same) > len(same) / 2  # names of the agency are the copyist's own in the others


def test_the_corpus_holds_what_it_is_for(small):
    kinds = Counter(row["kind"] for _, row in list_cases(small.documents, ("peer", "regional", "viral", "self")))
    assert min(kinds.values()) >= 50
    assert len(list_near_cases(small.documents)) >= 50
    lengths = [len(case.at) for case, _ in list_cases(small.documents, ("peer", "viral", "regional"))]
    assert min(lengths) < 75
    assert max(lengths) > 380
    n_agencies = len({document.agency.series for document in small.documents})
    holders = Counter(
        wording
        for wording, _ in {
            (wording, document.agency.series) for document in small.documents for wording in document.formulae
        }
    )
    assert min(holders.values()) >= 0.3 * n_agencies


def test_a_corpus_of_any_size_begins_at_once():
    assert next(iter(write_documents(1_000_000))).doc_id == next(iter(write_documents(SMALL))).doc_id
    assert list(write_documents(0)) == []


def test_another_seed_is_another_corpus():
    assert hash_documents(write_documents(25, seed="other")) != hash_documents(write_documents(25))


def test_the_recipe_writes_this_corpus(tmp_path):
    command = [sys.executable, str(PLANTED / "recipe.py"), str(tmp_path), "--documents", str(SMALL)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "7"}).stdout
    assert printed.strip() == CARD["sha256"]
    rows = [json.loads(line) for line in (tmp_path / "documents.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) == SMALL
    assert (tmp_path / "references.jsonl").is_file()


def test_the_background_is_as_alike_as_reports_are():
    from planted_parts.measure import count_collisions, list_jaccards

    for tables, low, high in ((False, 0.01, 0.05), (True, 0.10, 0.20)):
        texts = [one.text for one in write_documents(100, plants=False, tables=tables) if one.year == 2021]
        found = list_jaccards(texts, n_pairs=100)
        assert low < found[len(found) // 2] < high
    hit, _ = count_collisions(write_documents(150, plants=False))
    assert hit == 0
