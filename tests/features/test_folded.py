"""A column folded at once is folded as each text is alone."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gknlp.features.folded import LINE_START, STOP_AFTER, Stretches, fold_column, join_names
from gknlp.text.normalise import PLACEHOLDER, fold_text

WILD = st.text(alphabet=st.sampled_from("镇乡我公开，。 \n\r\t　１a⑫㎡﷐𠀀\ue000é\u0301"), max_size=40)


def whole(texts):
    n = np.arange(len(texts), dtype=np.int32)
    return Stretches(
        text=n, start=np.zeros(len(texts), np.int32), end=np.array([len(text) for text in texts], np.int32)
    )


def fold(texts, common=(), own=None):
    return fold_column(pa.array(texts, pa.string()), whole(texts), join_names(list(common), own or [()] * len(texts)))


def string_of(codes):
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


@settings(max_examples=200, deadline=None)
@given(st.lists(WILD, max_size=4))
def test_each_text_is_folded_as_fold_text_folds_it(texts):
    names = ["我镇", "我镇公开", "公开"]
    column = fold(texts, names, [("乡我",)] * len(texts))
    assert len(column.bounds) == len(texts) + 1
    for number, text in enumerate(texts):
        first, end = column.bounds[number : number + 2]
        alone = fold_text(text, mask=[*names, "乡我"])
        assert string_of(column.codes[first:end]) == alone.text
        assert column.at[first:end].tolist() == alone.starts.tolist()
        assert column.ends_of(np.arange(first, end)).tolist() == alone.ends.tolist()


def test_no_texts_and_empty_texts():
    assert len(fold([]).codes) == 0
    assert fold(["", "", "甲"]).bounds.tolist() == [0, 0, 0, 1]


def test_stretches_keep_the_offsets_of_their_text():
    stretches = Stretches(
        text=np.array([0, 0, 1], np.int32), start=np.array([1, 6, 0], np.int32), end=np.array([3, 8, 2], np.int32)
    )
    column = fold_column(pa.array(["甲乙丙丁戊己庚辛", "𠀀子"]), stretches, join_names([], [(), ()]))
    assert string_of(column.codes) == "乙丙庚辛𠀀子"
    assert column.at.tolist() == [1, 2, 6, 7, 0, 1]
    assert column.bounds.tolist() == [0, 2, 4, 6]


def test_own_names_count_in_their_own_text_alone():
    column = fold(["石桥镇开会", "石桥镇开会"], [], [("石桥镇",), ()])
    assert [string_of(column.codes[:3]), string_of(column.codes[3:])] == [f"{PLACEHOLDER}开会", "石桥镇开会"]
    assert column.ends_of(np.array([0, 1, 3])).tolist() == [3, 4, 1]


@pytest.mark.parametrize(
    ("text", "starts", "stops"),
    [
        ("甲乙。丙\n丁", [0, 3], [1, 2, 3]),  # the end of a line, of a stretch, and a full stop
        ("甲：乙", [0], [0, 1]),
        ("甲，乙", [0], [1]),
        ("甲　\n\n 乙。", [0, 1], [0, 1]),  # blanks between do not matter
        ("甲 乙", [0], [1]),
        ("", [], []),
    ],
)
def test_lines_and_stops(text, starts, stops):
    flags = fold([text]).flags
    assert np.flatnonzero(flags & LINE_START).tolist() == starts
    assert np.flatnonzero(flags & STOP_AFTER).tolist() == stops
