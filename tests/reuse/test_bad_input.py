"""Input that a careless program chokes on: a right answer or a clear error, in linear time; and any order of rows."""

import json
import random
from itertools import islice

import pyarrow as pa
import pytest

from gknlp.corpus.texts import load_texts
from gknlp.errors import UsageError
from gknlp.reuse import ReuseConfig, find_reuse_in_texts
from gknlp.tables import encode_parquet
from tests.bench.reuse_bad import CASES, MEGABYTE, PARAGRAPH, identical, measure, one_character, one_paragraph, texts
from tests.bench.reuse_bad import empty as empty_texts
from tests.bench.reuse_corpus import list_rows

CONFIG = ReuseConfig()
SLACK = 3.0
"""How far above four times the time four times the text may cost: clocks and caches are noisy, squares are 16 times."""


def spans(found):
    columns = ("doc_id", "start", "end", "source_doc_id", "source_start", "source_end")
    return [tuple(row[name] for name in columns) for row in found["passages"].to_pylist()]


def test_empty_texts_and_those_shorter_than_a_shingle_are_reports_without_passages():
    _, found = measure(empty_texts, 40)
    assert {name: table.num_rows for name, table in found.items()} == {
        "passages": 0,
        "clusters": 0,
        "pairs": 0,
        "coverage": 40,
        "stretches": 20,  # empty ones and a stop alone have none
    }


@pytest.mark.parametrize("length", [CONFIG.shingle_length - 1, CONFIG.min_passage - 1, CONFIG.min_passage])
def test_a_shared_text_counts_from_the_shortest_passage_on(length):
    found = find_reuse_in_texts(texts(PARAGRAPH[:length], PARAGRAPH[:length]), config=CONFIG)
    assert spans(found) == ([("t0000001", 0, length, "t0000000", 0, length)] if length >= CONFIG.min_passage else [])


def test_identical_texts_stay_reports_of_their_own():
    found = find_reuse_in_texts(identical(1000), config=CONFIG)
    end = len(PARAGRAPH) - 1
    assert spans(found) == [(f"t{n:07d}", 0, end, "t0000000", 0, end) for n in range(1, 1000)]
    assert found["coverage"].num_rows == 1000
    assert found["clusters"]["n_docs"].to_pylist() == [1000]


def test_one_character_over_and_over_has_no_copy_in_other_words():
    assert spans(find_reuse_in_texts(one_character(5000), config=CONFIG)) == []


def test_a_paragraph_over_and_over_is_copied_by_whoever_has_it_once():
    end = len(PARAGRAPH) - 1
    assert spans(find_reuse_in_texts(one_paragraph(5000), config=CONFIG)) == [("t0000001", 0, end, "t0000000", 0, end)]


def test_lone_surrogates_become_a_question_mark_each_and_move_no_offset(tmp_path):
    """No Arrow column, no Parquet file and no page can hold one."""
    file = tmp_path / "texts.jsonl"
    half = len(PARAGRAPH) // 2
    broken = f"\udc00\ud83d{PARAGRAPH[:half]}\ud83d{PARAGRAPH[half:]}"
    rows = [{"id": "a", "text": PARAGRAPH}, {"id": "b", "text": broken}]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    loaded = load_texts(file)
    assert loaded["text"].to_pylist()[1] == broken.encode("utf-8", "replace").decode()
    found = find_reuse_in_texts(loaded, config=CONFIG)
    assert spans(found) == [("b", 2, 2 + len(PARAGRAPH), "a", 0, len(PARAGRAPH) - 1)]


def test_ids_that_differ_in_a_lone_surrogate_alone_are_refused(tmp_path):
    file = tmp_path / "texts.jsonl"
    rows = [{"id": "a\ud83d", "text": PARAGRAPH}, {"id": "a\ud83e", "text": PARAGRAPH}]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with pytest.raises(UsageError, match=r"'a\?' comes twice"):
        find_reuse_in_texts(load_texts(file), config=CONFIG)


def test_characters_outside_the_first_plane_keep_their_offsets():
    strange = "\U00020000\U0001f600" + PARAGRAPH + "\U00030000"
    found = find_reuse_in_texts(texts(PARAGRAPH, strange), config=CONFIG)
    assert spans(found) == [("t0000001", 2, 2 + len(PARAGRAPH) - 1, "t0000000", 0, len(PARAGRAPH) - 1)]


def test_wording_that_repeats_itself_costs_linear_time():
    """The smallest size that shows a square: 20,000 characters against 5,000 took 16 times, 80,000 took 2.7 s."""
    measure(one_character, 400)
    seconds, _ = measure(one_character, 80_000)
    assert seconds < 1.0


@pytest.mark.nightly
@pytest.mark.parametrize("name", list(CASES))
def test_four_times_the_bad_input_costs_four_times_the_time(name):
    make, size = CASES[name]
    size = min(size, 10 * MEGABYTE if size > 10**6 else 100_000)
    measure(make, 400)
    quarter = min(measure(make, size // 4)[0] for _ in range(3))
    whole = min(measure(make, size)[0] for _ in range(2))
    assert whole < 4 * SLACK * max(quarter, 0.05)


@pytest.mark.nightly
def test_a_hundred_thousand_identical_texts_are_all_kept():
    _, found = measure(identical, 100_000)
    assert (found["coverage"].num_rows, found["passages"].num_rows) == (100_000, 99_999)
    assert found["pairs"].num_rows == 99_999


@pytest.mark.nightly
def test_shuffled_rows_in_any_chunks_give_the_same_bytes():
    rows = [row for row, _ in islice(list_rows(2000), 2000)]
    first = {name: encode_parquet(table) for name, table in found_in(rows, 2000).items()}
    assert all(len(data) > 1000 for data in first.values())
    for seed, chunk in ((1, 2000), (2, 170), (3, 1)):
        shuffled = random.Random(seed).sample(rows, len(rows))
        assert {name: encode_parquet(table) for name, table in found_in(shuffled, chunk).items()} == first


def found_in(rows, chunk):
    """The tables of rows that come in chunks of that size."""
    parts = [pa.Table.from_pylist(rows[at : at + chunk]) for at in range(0, len(rows), chunk)]
    return find_reuse_in_texts(pa.concat_tables(parts), config=CONFIG)
