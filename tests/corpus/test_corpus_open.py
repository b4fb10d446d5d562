"""The handle: what it shows, what it counts, what it writes for others, and how it says no."""

import csv
import os

import pyarrow.parquet as pq
import pytest
from corpus_fakes import build, write_reports, write_tree

from gknlp.corpus.corpus import Corpus
from gknlp.corpus.export import export_table
from gknlp.errors import CorpusError, UsageError
from gknlp.schemas import CORPUS, SORT_KEYS


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    top = tmp_path_factory.mktemp("open")
    build(
        write_tree(write_reports(top / "in", 7), {"a.txt": "", "b.txt": "NOVEL", "c.txt": "BARE"}),
        top / "c",
        chunk_batches=1,
    )
    return top / "c"


@pytest.mark.parametrize("name", CORPUS)
def test_tables_have_their_schema_and_their_order(folder, name):
    table = Corpus.open(folder).table(name)
    assert table.schema == CORPUS[name]
    assert table.num_rows > 0 or name == "diagnostics"
    keys = list(zip(*(table[key].to_pylist() for key in SORT_KEYS[name]), strict=True))
    assert keys == sorted(keys, key=lambda key: [(part is None, part if part is not None else "") for part in key])


def test_info(folder):
    info = Corpus.open(folder).info()
    assert len(info.pop("hash")) == 64
    assert info == {
        "folder": os.fspath(folder),
        "manifest": 3,
        "schema_version": 1,
        "sources": ["in"],
        "outcomes": {"parsed": 8, "quarantined": 2},
        "reasons": {"empty file": 1, "not a report": 1},
        "n_reports": 8,
        "n_in_force": 8,
        "n_agencies": 3,
        "years": {"2019": 2, "2020": 2, "2021": 2, "2022": 1, "none": 1},
        "levels": {"none": 8},
        "forms": {"revised_2021": 8},
        "n_republished": 0,
        "corrections": {},
        "agencies": {},
        "rows": {
            "sources": 10, "reports": 8, "evidence": 29, "sections": 8, "units": 14, "cells": 14, "diagnostics": 0,
        },
    }  # fmt: skip


def test_a_handle_is_pinned_to_its_manifest(folder):
    assert [Corpus.open(folder, manifest=n).table("sources").num_rows for n in (1, 2, 3)] == [4, 8, 10]
    assert Corpus.open(folder).manifest_number == 3
    with pytest.raises(CorpusError, match="has no manifest 4: its manifests are 1 to 3"):
        Corpus.open(folder, manifest=4)


@pytest.mark.parametrize("name", ["missing", "."])
def test_what_is_no_corpus_says_how_to_make_one(tmp_path, name):
    with pytest.raises(CorpusError, match="is no corpus; make one with: gknlp corpus build SOURCE --to"):
        Corpus.open(tmp_path / name)


def test_an_unknown_table_names_the_known_ones(folder):
    with pytest.raises(UsageError, match="no corpus table 'texts'; there are: sources, reports, evidence"):
        Corpus.open(folder).table("texts")


def test_exports(folder, tmp_path):
    corpus = Corpus.open(folder)
    export_table(corpus, "units", tmp_path / "new/units.parquet")
    assert pq.read_table(tmp_path / "new/units.parquet").equals(corpus.table("units"))
    export_table(corpus, "units", tmp_path / "units.CSV")
    with (tmp_path / "units.CSV").open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert [row["text"] for row in rows] == corpus.table("units")["text"].to_pylist()


@pytest.mark.parametrize(
    ("name", "to", "says"),
    [
        ("units", "a.xlsx", "the suffix must be one of .csv, .parquet"),
        ("units", "a", "the suffix must be one of .csv, .parquet"),
        ("texts", "a.csv", "no corpus table 'texts'"),
    ],
)
def test_exports_that_cannot_be_meant(folder, tmp_path, name, to, says):
    with pytest.raises(UsageError, match=says):
        export_table(Corpus.open(folder), name, tmp_path / to)
    assert list(tmp_path.iterdir()) == []
