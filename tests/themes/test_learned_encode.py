"""Texts to weighted n-grams: what is levelled out, the compiled look-up against plain Python and scikit-learn."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from gknlp.errors import UsageError
from gknlp.features.ngrams import (
    count_ngrams,
    fold_clauses,
    index_ngrams,
    key_ngram,
    list_ngrams,
    spell_ngram,
)
from gknlp.text.tokens import cut_words
from gknlp.themes.learned.encode import EncoderConfig, fit_encoder
from gknlp.themes.learned.masking import fold_units
from tests.themes.learned_examples import examples

FOLDS = [
    ("（一）加强培训。全年举办3期，培训1,024人次。", "加强培训|全年举办0期|培训0人次|"),
    ("一是强化学习；二是完善制度（试行）。", "强化学习|完善制度试行|"),
    ("1.主动公开情况。发布信息二十条", "主动公开情况|发布信息0条"),
    ("12、规范性文件", "规范性文件"),
    ("占比3.5%，上年12.75", "占比0|上年0"),
    ("第一，统一标准、一体推进，第一时间发布", "统一标准|一体推进|第一时间发布"),
    ("①建章②立制", "建章|立制"),
    ("一是否公开要论证", "一是否公开要论证"),
    ("收到一件申请，第三季度", "收到0件申请|第三季度"),
    ("2021年　ＡＢc", "0年abc"),
    ("《办法》“一网通办”", "办法一网通办"),
    ("二〇二一年", "0年"),
    ("，。；", ""),
    ("", ""),
]
BODIES = [
    ("云溪县财政局与石门市卫生健康委员会会签", "\ue000与石门县\ue000会签"),
    ("我局、本镇和县人民政府办公室", "\ue000|\ue000和县\ue000"),
    ("菱溪市住房保障和房产管理局设专栏", "\ue000设专栏"),
    ("沐岭县茶产业发展局设专栏", "\ue000设专栏"),
    ("县里把材料交给某局", "县里把材料交给某局"),
    ("推进财政信息公开", "推进财政信息公开"),
    ("石桥街道办事处", "石桥县"),
]


def spell(folded, row=0):
    codes = folded.codes[folded.bounds[row] : folded.bounds[row + 1]]
    return "".join(chr(code) if code else "|" for code in codes)


@pytest.mark.parametrize(("text", "folded"), FOLDS)
def test_markers_and_figures_are_levelled(text, folded):
    assert spell(fold_clauses([text])) == folded


@pytest.mark.parametrize(("text", "folded"), BODIES)
def test_names_of_bodies_and_levels_are_levelled(text, folded):
    assert spell(fold_units(["前一条。", text]), 1) == folded


def test_a_separator_inside_a_text_moves_no_text():
    texts = ["公开\x1e目录", "解读"]
    folded = fold_units(texts)
    assert [spell(folded, row) for row in range(2)] == ["公开目录", "解读"]
    assert len(fold_units(()).bounds) == 1


@settings(deadline=None)
@given(st.lists(st.text(alphabet="沐岭县市财政局茶业委员会人民府我、，由\n\x1e 1", max_size=12), max_size=5))
def test_a_text_is_folded_by_itself(texts):
    together = fold_units(texts)
    assert [spell(together, row) for row in range(len(texts))] == [spell(fold_units([text])) for text in texts]


def plain_ngrams(text, longest):
    """What the compiled look-up counts, in plain Python."""
    found = Counter()
    for clause in text.split("|"):
        for length in range(1, longest + 1):
            found.update(clause[at : at + length] for at in range(len(clause) - length + 1))
    return found


@settings(deadline=None)  # the first call may compile
@given(st.lists(st.text(alphabet="公开解读12，。是一（）、𠀀 ", max_size=14), max_size=6), st.integers(1, 4))
def test_the_compiled_count_is_the_plain_one(texts, longest):
    folded = fold_clauses(texts)
    keys = np.unique(list_ngrams(folded, longest=longest)[1])
    matrix = count_ngrams(folded, index_ngrams(keys))
    names = [spell_ngram(int(key)) for key in keys]
    for row in range(len(texts)):
        counts = {names[column]: int(n) for column, n in enumerate(matrix[[row]].toarray()[0]) if n}
        assert counts == dict(plain_ngrams(spell(folded, row), longest))


def test_a_vocabulary_is_looked_up_exactly():
    keys = np.array(sorted([key_ngram("公开"), key_ngram("开"), key_ngram("不在其中")]), dtype=np.uint64)
    matrix = count_ngrams(fold_clauses(["公开，公开", "开", ""]), index_ngrams(keys))
    assert [spell_ngram(int(key)) for key in keys] == ["开", "公开", "不在其中"]
    assert matrix.toarray().tolist() == [[2, 2, 0], [1, 0, 0], [0, 0, 0]]
    with pytest.raises(UsageError, match="ascending"):
        index_ngrams(keys[::-1])
    with pytest.raises(UsageError, match="1 to 4"):
        key_ngram("五个字符的")


@pytest.mark.parametrize("longest", [1, 2, 3])
def test_values_are_those_of_scikit_learn(longest):
    chosen = examples()[:200]
    encoder = fit_encoder(chosen, EncoderConfig(longest=longest, min_agencies=1))
    texts = [example.unit.text for example in chosen]
    folded = fold_units(texts)
    clauses = {text: spell(folded, row) for row, text in enumerate(texts)}
    names = [spell_ngram(int(key)) for key in encoder.keys]
    theirs = TfidfVectorizer(
        analyzer=lambda text: plain_ngrams(clauses[text], longest).elements(), sublinear_tf=True, vocabulary=names
    )
    assert np.allclose(encoder.encode(texts).toarray(), theirs.fit_transform(texts).toarray(), atol=1e-6)
    assert encoder.encode(texts).nnz > len(texts)


def test_words_are_counted_beside_characters():
    chosen = examples()[:200]
    encoder = fit_encoder(chosen, EncoderConfig(longest=1, min_agencies=2, words=True))
    word = next(word for word in encoder.words if len(word) > 1 and cut_words(f"{word}，{word}") == (word, "，", word))
    rows = encoder.encode([f"{word}，{word}", ""]).toarray()
    column = len(encoder.keys) + encoder.words.index(word)
    assert rows[0, column] > 0
    assert np.isclose((rows[0, len(encoder.keys) :] ** 2).sum(), 1)
    assert not rows[1].any()


def test_what_few_agencies_say_is_no_feature():
    chosen = examples()
    loose, strict = (fit_encoder(chosen, EncoderConfig(min_agencies=n)) for n in (1, 4))
    assert set(strict.keys.tolist()) < set(loose.keys.tolist())
    forced = fit_encoder(chosen, EncoderConfig(min_agencies=4), always=("犇骉",))
    assert {spell_ngram(key) for key in set(forced.keys.tolist()) - set(strict.keys.tolist())} == {"犇", "骉", "犇骉"}
    with pytest.raises(UsageError, match="min_agencies"):
        fit_encoder(chosen, EncoderConfig(min_agencies=1000))


@pytest.mark.parametrize("wrong", [{"longest": 5}, {"longest": 0}, {"min_agencies": 0}])
def test_impossible_settings_are_refused(wrong):
    with pytest.raises(UsageError):
        EncoderConfig(**wrong)
