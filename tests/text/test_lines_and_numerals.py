"""Lines, folding, numerals, sentences."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gknlp.text.folding import edit_distance, fold_label, fold_width, similarity
from gknlp.text.lines import lines_within, split_lines, trim_span
from gknlp.text.numerals import is_blank_mark, parse_amount
from gknlp.text.sentences import match_enumerator, split_sentences

TEXTS = st.text(st.sampled_from("甲乙 \u3000\t\n\r。；（）1一、.是|"), max_size=60)


@given(TEXTS)
def test_lines_are_slices_without_blank_edges(text):
    for line in split_lines(text):
        assert text[line.span.start : line.span.end] == line.text
        assert line.text == line.text.strip(" \u3000\t")
    assert "".join("".join(line.text.split()) for line in split_lines(text)) == "".join(text.split())


@given(TEXTS, st.integers(0, 60), st.integers(0, 60))
@example("甲\n \u3000乙丙", 3, 6)
def test_lines_within_a_stretch_are_those_of_splitting_it(text, start, end):
    assert lines_within(text, split_lines(text), start, end) == split_lines(text, start, end)


@given(TEXTS)
def test_sentences_are_slices_in_order_and_lose_no_letter(text):
    spans = split_sentences(text)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert "".join("".join(text[s.start : s.end].split()) for s in spans) == "".join(text.split())


@given(st.text(max_size=20))
def test_folding_twice_is_folding_once(text):
    assert fold_label(fold_label(text)) == fold_label(text)
    assert len(fold_width(text)) == len(text)


@given(st.text("甲乙丙", max_size=8), st.text("甲乙丙", max_size=8))
def test_edit_distance_by_definition(a, b):
    def slow(x, y):
        if not x or not y:
            return len(x) + len(y)
        return min(slow(x[1:], y) + 1, slow(x, y[1:]) + 1, slow(x[1:], y[1:]) + (x[0] != y[0]))

    if len(a) + len(b) <= 9:
        assert edit_distance(a, b, 20) == slow(a, b)
        assert all(edit_distance(a, b, limit) == min(slow(a, b), limit + 1) for limit in range(5))


def test_similarity_under_the_floor_is_zero():
    assert (similarity("甲乙", "丙丁", 0.6), similarity("", "", 0.6)) == (0.0, 1.0)
    assert similarity("甲乙丙", "甲乙丁", 0.6) == pytest.approx(2 / 3)


AMOUNTS = [
    ("0", 0, None), ("０", 0, None), ("零", 0, None), ("12", 12, None), (" 7 ", 7, None), ("1,204", 1204, None),
    ("1，204", 1204, None), ("12,04", None, None), ("3.50", 3.5, None), ("88.2万元", 88.2, "万元"), ("2件", 2, "件"),
    ("+3", 3, None), ("－3", -3, None), ("增2", 2, None), ("减2", -2, None), ("", None, None), ("/", None, None),
    ("²", None, None), ("١", None, None), ("1_000", None, None), ("1e5", None, None), ("--1", None, None), ("1 2", None, None),
    ("9" * 15, 999999999999999, None), ("9" * 16, None, None), ("9" * 4301, None, None),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "value", "unit"), AMOUNTS, ids=[a[0][:12] for a in AMOUNTS])
def test_amounts(raw, value, unit):
    amount = parse_amount(raw)
    assert (amount and amount.value, amount and amount.unit) == (value, unit) if value != 0 else amount.value == 0


@pytest.mark.parametrize("raw", ["", " ", "/", "／", "-", "—", "——", "无", "空"])
def test_marks_for_not_stated(raw):
    assert is_blank_mark(raw)
    assert parse_amount(raw) is None


ENUMERATORS = [
    ("一、甲", "section"), ("（二）甲", "bracket"), ("(三)、甲", "bracket"), ("1.甲", "digit"), ("12、甲", "digit"),
    ("（3）甲", "digit_bracket"), ("①甲", "digit_bracket"), ("一是甲", "item"), ("第二，甲", "item"), ("一要甲", "item"),
    ("3.5万", None), ("一是否", None), ("二要素", None), ("甲", None), ("", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind"), ENUMERATORS)
def test_enumerators(text, kind):
    found = match_enumerator(text, 0)
    assert (found[0] if found else None) == kind


def test_a_bracket_that_never_closes_does_not_swallow_the_rest():
    text = "甲（乙" + "丙" * 130 + "。丁事已办。"
    assert [text[s.start : s.end] for s in split_sentences(text)][-1] == "丁事已办。"


def test_trim_span():
    assert [(s.start, s.end) for s in (trim_span(" 甲 ", 0, 3), trim_span("  ", 0, 2), trim_span("", 0, 0))] == [
        (1, 2),
        (0, 0),
        (0, 0),
    ]
