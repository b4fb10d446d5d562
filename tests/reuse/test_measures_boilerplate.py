"""boilerplate_share and redundancy_within: worked examples, and the pitfalls measured in other packages."""

import pytest

from gknlp.reuse.measures import (
    measure_boilerplate_share,
    measure_redundancy_within,
    measure_repeated_sentences,
    split_tokens,
)

FORM = "本机关按照要求编制年度报告并向社会公布。"
OWN = ["渡口码头新设查询台两处供船民使用。", "灯塔管理站改版潮汐公告并加注盲文。", "果园合作社试行线上答疑每月一期。"]


def words(*texts):
    return [split_tokens(text) for text in texts]


def filler(n):
    """Texts that share no token."""
    return [[tuple(f"{place}.{word}" for word in range(8))] for place in range(n)]


def test_worked_example():
    """Five texts; one 4-gram stands in two of them (40 %): 5 of 9 and 5 of 5 tokens stand in sentences with it."""
    shared = ("甲", "乙", "丙", "丁", "戊")
    texts = [[shared, ("子", "丑", "寅", "卯")], [shared], *filler(3)]
    assert measure_boilerplate_share(texts) == pytest.approx((5 / 9, 1.0, 0.0, 0.0, 0.0))


@pytest.mark.parametrize(("n_shared", "expected"), [(2, 0.0), (3, 1.0), (4, 1.0), (7, 1.0), (8, 0.0), (10, 0.0)])
def test_both_bounds_are_included(n_shared, expected):
    """Of ten texts: 30 % is boilerplate, 20 % is not; 70 % is, 80 % and 100 % are above the ceiling."""
    texts = [[("甲", "乙", "丙", "丁")]] * n_shared + filler(10 - n_shared)
    assert measure_boilerplate_share(texts)[0] == expected


def test_the_ceiling_itself_is_included():
    texts = [[("甲", "乙", "丙", "丁")]] * 3 + filler(1)
    assert measure_boilerplate_share(texts)[0] == 1.0


def test_pitfall_three_copies_are_never_above_one():
    """A package that counts n-grams instead of words gave 3.08 here."""
    copies = words(*[FORM + OWN[0]] * 3)
    assert measure_boilerplate_share(copies, ceiling=None) == (1.0, 1.0, 1.0)
    assert measure_boilerplate_share(copies) == (0.0, 0.0, 0.0)
    assert measure_boilerplate_share([*copies, *filler(3)])[:3] == (1.0, 1.0, 1.0)


def test_pitfall_a_text_that_repeats_itself_is_not_boilerplate():
    """A package that counts occurrences instead of documents gave 1.0 here."""
    texts = words(OWN[0] * 40, OWN[1], OWN[2])
    assert measure_boilerplate_share(texts) == (0.0, 0.0, 0.0)
    assert measure_boilerplate_share(texts, ceiling=None) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(("ceiling", "expected"), [(0.75, 0.0), (None, 1.0)])
def test_pitfall_ten_identical_chinese_texts(ceiling, expected):
    """Without a ceiling all is common; with it all is above. A package that cannot cut Chinese has 0.0 for both."""
    assert measure_boilerplate_share(words(*[FORM] * 10), ceiling=ceiling) == (expected,) * 10


def test_characters_in_eights():
    texts = [split_tokens(FORM + own, unit="chars") for own in OWN]
    shares = measure_boilerplate_share(texts, n=8, ceiling=None)
    lengths = [len(split_tokens(FORM, unit="chars")[0]) / sum(map(len, text)) for text in texts]
    assert shares == pytest.approx(lengths)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([], ()),
        ([[("甲", "乙", "丙", "丁")]], (None,)),
        ([[], [("甲", "乙", "丙", "丁")]], (None, 0.0)),
        ([[("甲", "乙", "丙")], [("甲", "乙", "丙")]], (0.0, 0.0)),
    ],
)
def test_empty_single_and_short_texts(texts, expected):
    assert measure_boilerplate_share(texts, ceiling=None) == expected


def test_order_of_the_group_does_not_matter():
    texts = words(FORM + OWN[0], OWN[1], FORM, OWN[2])
    shares = measure_boilerplate_share(texts)
    assert measure_boilerplate_share(texts[::-1]) == shares[::-1]
    assert all(0 <= share <= 1 for share in shares)


@pytest.mark.parametrize(
    ("text", "n", "expected"),
    [
        ([], 10, None),
        ([tuple("公开")], 3, None),
        ([tuple("公开目录")], 4, 0.0),
        # 3-grams of abcabcd: abc bca cab abc bcd - two of five
        ([tuple("abcabcd")], 3, 2 / 5),
        # over sentences: abc bcx cxa xab abc - two of five
        ([tuple("abcx"), tuple("abc")], 3, 2 / 5),
        ([tuple("aaaaa")], 2, 1.0),
    ],
)
def test_redundancy_within(text, n, expected):
    assert measure_redundancy_within(text, n=n) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [([], None), ([("甲",)], 0.0), ([("甲", "乙"), ("丙",), ("甲", "乙")], 4 / 5), ([("甲",), ["甲"]], 1.0)],
)
def test_repeated_sentences(text, expected):
    assert measure_repeated_sentences(text) == expected
