"""Folding: what is dropped, what becomes one, and the way back to the offsets of the text as received."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gknlp.errors import UsageError
from gknlp.records import Span
from gknlp.text.normalise import PLACEHOLDER, fold_text

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=60)
WORDING = st.text(alphabet="我镇局 ，1２aＡ㎡⑫\n\ud800", max_size=40)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", ""),
        (" 　\t\r\n", ""),
        ("，。；：、（）《》“”〔〕—…·!?|*_", ""),
        ("石桥镇公开指南", "石桥镇公开指南"),
        ("２０２３年１２月", "0000年00月"),
        ("1,024 条", "0000条"),
        ("٣ 件", "0件"),
        ("ＡＢc：IPv6", "abcipv0"),
        ("㈠公开", "一公开"),
        ("①②⑫", "000"),
        ("㎡", "㎡"),
        ("金\u200b额\ufeff", "金额"),
        ("\uf9dd", "利"),  # a compatibility ideograph is its unified twin
        ("甲\ud800乙\ufffd", "甲乙"),
        ("一是公开", "一是公开"),  # Chinese numerals are wording
        ("É", "É"),  # only ASCII is lowered
    ],
)
def test_folds(text, folded):
    assert fold_text(text).text == folded


def test_offsets_lead_back_over_dropped_characters():
    text = "《 石桥镇 》\n公 开２条。"
    folded = fold_text(text)
    assert folded.text == "石桥镇公开0条"
    assert folded.starts.tolist() == [2, 3, 4, 8, 10, 11, 12]
    assert folded.span_of(2, 6) == Span(4, 12)
    assert text[4:12] == "镇 》\n公 开２"


@pytest.mark.parametrize(("start", "end"), [(0, 0), (2, 1), (-1, 1), (0, 4)])
def test_a_range_outside_the_folded_text_is_refused(start, end):
    with pytest.raises(UsageError, match=r"outside 0\.\.3"):
        fold_text("石桥镇").span_of(start, end)


def test_masks_replace_names_even_across_a_line_break_and_prefer_the_longest():
    text = "云岭县石桥\n镇人民政府和石桥镇，我镇"
    folded = fold_text(text, mask=["石桥镇", "云岭县石桥镇人民政府", "我镇"])
    assert folded.text == f"{PLACEHOLDER}和{PLACEHOLDER}{PLACEHOLDER}"
    assert [text[slice(*pair)] for pair in zip(folded.starts, folded.ends, strict=True)] == [
        "云岭县石桥\n镇人民政府",
        "和",
        "石桥镇",
        "我镇",
    ]


def test_masks_by_span_and_empty_masks():
    text = "由石桥镇编制"
    assert fold_text(text, mask=[Span(1, 4)]).text == f"由{PLACEHOLDER}编制"
    assert fold_text(text, mask=["", "，", Span(2, 2), "柳林乡"]).text == text


def test_overlapping_finds_of_one_mask_leave_none_behind():
    assert fold_text("乙乙甲乙甲乙", mask=["甲乙甲", "乙甲乙", "乙乙"]).text == f"{PLACEHOLDER}{PLACEHOLDER}乙"


@given(ANY_TEXT)
def test_each_folded_character_is_the_fold_of_its_slice(text):
    folded = fold_text(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    for char, start, end in zip(folded.text, folded.starts, folded.ends, strict=True):
        assert fold_text(text[start:end]).text == char


@given(ANY_TEXT)
def test_folding_twice_is_folding_once(text):
    once = fold_text(text).text
    assert fold_text(once).text == once


@given(WORDING, st.lists(st.text(alphabet="我镇局1a", max_size=3), max_size=3))
def test_masking_twice_is_masking_once_and_keeps_order(text, mask):
    folded = fold_text(text, mask=mask)
    assert fold_text(folded.text, mask=mask).text == folded.text
    bounds = [value for pair in zip(folded.starts.tolist(), folded.ends.tolist(), strict=True) for value in pair]
    assert bounds == sorted(bounds)
    for wording in mask:
        wanted = fold_text(wording).text
        assert not wanted or wanted not in folded.text


def test_every_code_point_folds_to_at_most_one_character_that_stays():
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    once = fold_text(everything)
    assert (once.starts[1:] > once.starts[:-1]).all()
    assert (once.ends == once.starts + 1).all()
    assert fold_text(once.text).text == once.text
