"""A corpus that grew is not aligned anew, and the result is the same."""

import dataclasses
import random

import numpy as np
import pyarrow as pa
import pytest

from gknlp.reuse import ReuseConfig, analyse_documents, make_tables
from gknlp.reuse import find as finding
from gknlp.reuse.documents import read_texts
from gknlp.reuse.known import load_known, no_passages, write_known
from gknlp.reuse.references import References
from gknlp.tables import encode_parquet

CONFIG = ReuseConfig(shingle_length=4, min_passage=8, max_gap=3, formula_min_agencies=3)


def make_rows(seed, n=60):
    """Texts of a small alphabet that copy from each other with edits."""
    rng = random.Random(seed)
    texts = []
    for _ in range(n):
        text = "".join(rng.choice("甲乙丙丁戊己庚辛壬癸子丑寅卯") for _ in range(rng.randrange(0, 160)))
        for other in rng.sample(texts, min(len(texts), 3)):
            at = rng.randrange(0, max(1, len(other) - 30))
            text += other[at : at + 12] + rng.choice("甲乙") + other[at + 12 : at + 30]
        texts.append(text)
    return [
        {"id": f"d{n:03d}", "text": text, "agency": f"{n % 17}镇", "year": 2010 + n // 20, "published": None}
        for n, text in enumerate(texts)
    ]


def analyse(rows, known=None, config=CONFIG):
    table = pa.Table.from_pylist(
        rows,
        schema=pa.schema([(n, pa.string()) for n in ("id", "text", "agency", "published")] + [("year", pa.int64())]),
    )
    found = analyse_documents(read_texts(table), references=References(), config=config, known=known)
    return {name: encode_parquet(table) for name, table in make_tables(found).items()}, found.known


@pytest.fixture
def aligned(monkeypatch):
    """How many documents were aligned, call by call."""
    counts = []

    def count(*args, wanted, **options):
        counts.append(int(np.count_nonzero(wanted)))
        return original(*args, wanted=wanted, **options)

    original = finding.find_passages
    monkeypatch.setattr(finding, "find_passages", count)
    return counts


@pytest.mark.parametrize("seed", range(4))
def test_a_few_more_reports_change_the_result_as_a_full_run_does(seed, aligned, tmp_path):
    rows = make_rows(seed)
    late = {**rows[0], "id": "late", "published": "1999-01-01"}  # an earlier report that arrives late
    _, known = analyse(rows[:-1])
    write_known(known, tmp_path)
    again, _ = analyse([late, *rows], load_known(tmp_path))
    full, _ = analyse([late, *rows])
    assert again == full
    assert aligned[0] == len(rows) - 1
    assert 2 <= aligned[1] < aligned[2] == len(rows) + 1


def test_an_unchanged_corpus_is_not_aligned_at_all(aligned):
    rows = make_rows(9)
    first, known = analyse(rows)
    again, same = analyse(random.Random(1).sample(rows, len(rows)), known)
    assert aligned == [len(rows), 0]
    assert again == first
    assert same.places.tolist() == known.places.tolist()


@pytest.mark.parametrize("change", [{"max_gap": 2}, {"min_passage": 9}, {"shingle_length": 5}])
def test_another_choice_is_another_alignment(change, aligned):
    rows = make_rows(3)
    config = dataclasses.replace(CONFIG, **change)
    again, _ = analyse(rows, analyse(rows)[1], config)
    assert again == analyse(rows, config=config)[0]
    assert aligned[1] == len(rows)


def test_a_report_that_is_gone_leaves_no_trace(aligned):
    rows = make_rows(5)
    _, known = analyse(rows)
    assert analyse(rows[7:], known)[0] == analyse(rows[7:])[0]


def test_what_is_damaged_or_absent_is_not_known(tmp_path):
    assert load_known(tmp_path / "none").texts.tolist() == no_passages().texts.tolist() == []
    write_known(analyse(make_rows(1))[1], tmp_path)
    (tmp_path / "documents.parquet").write_bytes(b"torn")
    assert len(load_known(tmp_path).texts) == 0


def test_no_documents():
    assert analyse([], no_passages())[0] == analyse([])[0]
