import doctest
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from gknlp.errors import UsageError
from gknlp.features import counts
from gknlp.features.counts import (
    CountConfig,
    count_words,
    keep_columns,
    select_words,
    sum_rows,
    tally_words,
    weigh_rows,
)
from gknlp.text.lexicons import load_lexicon
from gknlp.text.tokens import cut_words

ALL = CountConfig(min_df=1, max_df=1.0)

TEXTS = [
    "一是组织业务培训，业务培训两次。二是网站改版。",
    "业务培训与政策解读；政策解读材料三百份。",
    "网站改版后，政策解读专栏更新及时。",
]


def as_lists(counted):
    return counted.vocabulary, counted.matrix.toarray().tolist()


def test_counts_by_hand():
    # left out: 一是 组织 二是 及时 (stop words), 与 后 (single characters), 两次 三百份 (numbers)
    vocabulary, rows = as_lists(count_words(TEXTS, config=ALL))
    assert vocabulary == ("专栏", "业务培训", "改版", "政策解读", "政策解读材料", "更新", "网站")
    assert rows == [[0, 2, 1, 0, 0, 0, 1], [0, 1, 0, 1, 1, 0, 0], [1, 0, 1, 1, 0, 1, 1]]


def test_rare_and_common_words_are_left_out():
    texts = [*TEXTS, "业务培训", "业务培训"]
    vocabulary, rows = as_lists(count_words(texts, config=CountConfig(min_df=2, max_df=0.5)))
    assert vocabulary == ("改版", "政策解读", "网站"), "业务培训 stands in 4 of 5 texts, 专栏 in one"
    assert rows == [[1, 0, 1], [0, 1, 0], [1, 1, 1], [0, 0, 0], [0, 0, 0]]


@pytest.mark.parametrize(
    ("text", "config", "vocabulary"),
    [
        ("IPv6改造 2023 98.5% A区", ALL, ("改造",)),
        ("三百 二十 第三 千万 十二 两次 培训 第三方", ALL, ("培训", "第三方")),
        ("进一步推进 网站", ALL, ("网站",)),
        ("进一步推进 网站", CountConfig(min_df=1, max_df=1.0, stopwords=""), ("推进", "网站", "进一步")),
        ("网站 培训", CountConfig(min_df=1, max_df=1.0, drop=("网站",)), ("培训",)),
        ("网 培训", CountConfig(min_df=1, max_df=1.0, min_length=1), ("培训", "网")),
        ("网站 培训 政务新媒体", CountConfig(min_df=1, max_df=1.0, min_length=3), ("政务新媒体",)),
    ],
)
def test_which_words_count(text, config, vocabulary):
    assert count_words([text], config=config).vocabulary == vocabulary


def test_names_and_their_places_are_cut_out_of_their_own_text_only():
    name = "临川市青禾县白石镇人民政府"
    text = "白石镇网站与青禾县联网，临川市青禾县白石镇人民政府制作"
    assert count_words([text], config=ALL, names=[name]).vocabulary == ("制作", "网站", "联网")
    both = count_words([text, "白石镇网站"], config=ALL, names=[name, ""])
    assert "白石" in both.vocabulary
    assert as_lists(keep_columns(both, [both.vocabulary.index("白石")])) == (("白石",), [[0], [1]])


@pytest.mark.parametrize(
    ("name", "kept"),
    [("青禾县城市管理局", "城市"), ("青禾县乡村振兴局", "乡村"), ("青禾县市场监督管理局", "市场"), ("", "青禾")],
)
def test_what_an_agency_does_is_no_place(name, kept):
    assert kept in count_words(["青禾县 城市 乡村 市场"], config=ALL, names=[name]).vocabulary


def test_no_texts_give_an_empty_tally_but_no_counts():
    tally = tally_words([], config=ALL)
    assert (tally.vocabulary, tally.matrix.shape) == ((), (0, 0))
    with pytest.raises(UsageError, match="of 0 words in 0 documents"):
        count_words([], config=ALL)


@pytest.mark.parametrize(
    ("texts", "config", "message"),
    [
        (["", "。"], ALL, "of 0 words in 2 documents"),
        (TEXTS, CountConfig(min_df=4), "7 stand in fewer than min_df=4"),
        (
            ["网站", "网站"],
            CountConfig(min_df=1, max_df=0.9),
            "1 in more than the share max_df=0.9; give more documents",
        ),
    ],
)
def test_an_empty_vocabulary_says_what_to_change(texts, config, message):
    with pytest.raises(UsageError, match=message):
        count_words(texts, config=config)


def test_names_of_another_number_are_refused():
    with pytest.raises(UsageError, match="1 names for 3 texts"):
        count_words(TEXTS, config=ALL, names=["青禾县"])


@pytest.mark.parametrize("bad", [{"min_df": 0}, {"max_df": 0.0}, {"max_df": 1.5}])
def test_an_impossible_bound_is_refused(bad):
    with pytest.raises(UsageError, match=next(iter(bad))):
        CountConfig(**bad)


def test_the_configuration_reads_from_plain_values_and_refuses_unknown_keys():
    adapter = TypeAdapter(CountConfig)
    assert adapter.validate_python({"min_df": 3, "drop": ["网站"]}) == CountConfig(min_df=3, drop=("网站",))
    with pytest.raises(ValidationError, match="min_dff"):
        adapter.validate_python({"min_dff": 3})


def test_rows_are_added_up_by_group():
    tally = tally_words(TEXTS, config=ALL)
    joined = sum_rows(tally, groups=[1, 0, 1], n_groups=3)
    assert joined.matrix.toarray().tolist() == [
        [0, 1, 0, 1, 1, 0, 0],
        [1, 2, 2, 1, 0, 1, 2],
        [0, 0, 0, 0, 0, 0, 0],
    ]
    whole = tally_words([TEXTS[1], TEXTS[0] + "\n" + TEXTS[2], ""], config=ALL)
    assert as_lists(joined) == as_lists(whole), "counting units and adding up is counting the whole"


def test_the_table_is_compressed_rows_of_whole_numbers():
    counted = count_words(TEXTS, config=ALL)
    assert (counted.matrix.format, counted.matrix.dtype) == ("csr", np.int32)
    assert counted.matrix.has_canonical_format


CLAUSES = st.sampled_from(
    ["组织业务培训", "网站改版", "政务公开", "三审三校", "A1网站%", "龘龥", "😀", "\ud800", "2023年", ""]
)
REPEATING = st.lists(st.lists(CLAUSES, max_size=6).map("，".join), min_size=1, max_size=5)


@settings(max_examples=100, deadline=None)
@given(REPEATING)
def test_remembered_blocks_count_as_if_cut_anew(texts):
    stop = set(load_lexicon("stopwords"))
    tally = tally_words(texts, config=ALL)
    for text, row in zip(texts, tally.matrix.toarray().tolist(), strict=True):
        words = [word for word in cut_words(text) if word in tally.vocabulary]
        assert row == [words.count(word) for word in tally.vocabulary]
        left = {
            word for word in cut_words(text) if len(word) > 1 and word not in stop and "\u4e00" <= word[-1] <= "\u9fff"
        }
        assert left <= set(tally.vocabulary)


def test_batches_change_nothing(monkeypatch):
    texts = [*TEXTS, "", "业务培训", "。"] * 3
    whole = tally_words(texts, config=ALL)
    monkeypatch.setattr(counts, "_BATCH_WORDS", 4)
    in_batches = tally_words(iter(texts), config=ALL, names=iter([""] * len(texts)))
    assert as_lists(in_batches) == as_lists(whole)
    assert in_batches.matrix.has_canonical_format
    assert in_batches.matrix.indices.tobytes() == whole.matrix.indices.tobytes()


def test_texts_are_read_one_by_one():
    """What a text leaves behind is its words: a stream that was held would show as its texts' size."""

    def read():
        for number in range(3_000):
            yield f"第{number}批 组织业务培训 " + "　" * 20_000

    tracemalloc.start()
    try:
        tally = tally_words(read(), config=ALL)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert tally.matrix.shape == (3_000, 1)
    assert peak < 8e6, "the texts are 120 MB"


def test_a_long_block_is_counted_like_a_short_one():
    assert as_lists(tally_words(["业务培训" * 30], config=ALL)) == (("业务培训",), [[30]])


def test_rows_are_weighted():
    tally = tally_words(TEXTS, config=ALL)
    weighted = weigh_rows(tally, [0.5, 1, 0])
    assert weighted.matrix.toarray().tolist() == [[0, 1, 0.5, 0, 0, 0, 0.5], [0, 1, 0, 1, 1, 0, 0], [0] * 7]
    assert tally.matrix.dtype == np.int32, "the counts themselves are left alone"
    with pytest.raises(UsageError, match="2 weights for 3 documents"):
        weigh_rows(tally, [1, 1])


def test_selecting_twice_is_selecting_once():
    config = CountConfig(min_df=2, max_df=0.9)
    once = select_words(tally_words(TEXTS, config=config), config=config)
    assert as_lists(select_words(once, config=config)) == as_lists(once)


def test_the_examples_in_the_docstrings_hold():
    result = doctest.testmod(counts)
    assert result.attempted
    assert not result.failed
