"""Alignment, information content, prototype, novelty: worked examples, empty cases, properties."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gknlp.errors import UsageError
from gknlp.records import Span
from gknlp.reuse.measures import (
    Alignment,
    align_locally,
    build_prototype,
    measure_alignment_score,
    measure_information_content,
    measure_novelty_share,
    measure_prototype_share,
)

TOKENS = st.text("公开目录更", max_size=12)


def plain_score(a, b, match=3, mismatch=-1, gap=-2):
    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            pair = match if x == y else mismatch
            table[i + 1][j + 1] = max(0, table[i][j] + pair, table[i][j + 1] + gap, table[i + 1][j] + gap)
    return max(map(max, table))


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("", "", Alignment(0, Span(0, 0), Span(0, 0))),
        ("公开", "", Alignment(0, Span(0, 0), Span(0, 0))),
        ("公开", "目录", Alignment(0, Span(0, 0), Span(0, 0))),
        ("公开目录", "公开目录", Alignment(12, Span(0, 4), Span(0, 4))),
        ("甲公开目录乙", "公开的目录", Alignment(10, Span(1, 5), Span(0, 5))),  # four matches, one gap
        ("甲乙公开目录", "丙公开指录", Alignment(8, Span(2, 6), Span(1, 5))),  # three matches, one mismatch
        ("更新更新", "丁更新", Alignment(6, Span(0, 2), Span(1, 3))),  # of two equal ones the first
    ],
)
def test_alignment_by_hand(a, b, expected):
    assert align_locally(a, b) == expected


@given(TOKENS, TOKENS)
@settings(deadline=None)
def test_alignment_agrees_with_the_plain_table(a, b):
    found = align_locally(a, b)
    assert found.score == plain_score(a, b) == measure_alignment_score(b, a)
    assert measure_alignment_score(a, a) == 3 * len(a)
    inside = align_locally(a[found.a.start : found.a.end], b[found.b.start : found.b.end])
    assert inside.score == found.score


def test_alignment_with_other_scores():
    assert align_locally("公开目录", "公开指录", match=2, mismatch=-1, gap=-1).score == 5
    for scores in ({"match": 0}, {"mismatch": 1}, {"gap": 0}):
        with pytest.raises(UsageError, match="match must be above 0"):
            align_locally("公", "开", **scores)


def test_information_content_agrees_with_least_squares():
    own, peers = list("公开公开目录更新甲"), [list("公开目录"), list("公更新"), []]
    others = [list("目录目录指南"), list("更新公开乙")]
    found = measure_information_content(own, peers=peers, others=others)
    words = sorted(set("公开目录更新甲指南乙"))

    def mean(texts):
        return np.mean([[text.count(word) / len(text) for word in words] for text in texts if text], axis=0)

    design = np.stack([np.ones(len(words)), mean(peers), mean(others)], axis=1)
    solution = np.linalg.lstsq(design, mean([own]), rcond=None)[0]
    assert found.information == pytest.approx(np.abs(mean([own]) - design @ solution).sum())
    assert found.standard == pytest.approx(solution[1] + solution[2])


def test_information_content_of_copies_and_strangers():
    same = [["公开", "目录"]]
    copy = measure_information_content(["公开", "目录"], peers=same, others=[["更新", "指南"]])
    assert (copy.information, copy.standard) == pytest.approx((0.0, 1.0))
    # peers and others alike: shares (1/2, 1/4, 1/4) on (1/2, 1/2, 0), slope 1/4, residuals 1/8, -1/8, 0
    alike = measure_information_content(["公开", "公开", "目录", "灯塔"], peers=same, others=same)
    assert (alike.information, alike.standard) == pytest.approx((0.25, 0.25))
    flat = measure_information_content(["公开", "目录"], peers=same, others=same)
    assert (flat.information, flat.standard) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("tokens", "peers", "others"),
    [([], [["公"]], [["开"]]), (["公"], [], [["开"]]), (["公"], [["开"]], []), (["公"], [[]], [["开"]])],
)
def test_information_content_needs_all_three(tokens, peers, others):
    assert measure_information_content(tokens, peers=peers, others=others) is None


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([], ""),
        ([""], ""),
        (["各村公示栏"], "各村公示栏"),
        (["各村公示栏每季更新"] * 3, "各村公示栏每季更新"),
        # the word that two of three have wins, in the frame or inserted
        (["各村公示栏每季更新", "各村公示栏每季更换", "各村公示栏每季更新一次"], "各村公示栏每季更新"),
        (["设立政府信息查阅点", "设立便民政府信息查阅点", "设立便民政府信息查阅处"], "设立便民政府信息查阅点"),
        # what two insert into the frame, which is the third: their own endings make them the less typical ones
        (
            ["甲乙丙丁戊己庚", "甲乙丙丁天戊己庚子丑寅卯辰巳午未申酉", "甲乙丙丁天戊己庚一二三四五六七八九十"],
            "甲乙丙丁天戊己庚",
        ),
        # equally typical and long: code points decide, not the order given
        (["乙甲", "甲乙"], "甲"),
        # two that differ in half agree on the other half only
        (["公开目录", "公开指南"], "公开"),
    ],
)
def test_prototype(texts, expected):
    assert "".join(build_prototype(texts)) == expected
    assert build_prototype(texts[::-1]) == build_prototype(texts)


def test_prototype_share():
    assert measure_prototype_share("", "公开") is None
    assert measure_prototype_share("公开", "") == 0.0
    assert measure_prototype_share("公开", "公开") == 1.0
    assert measure_prototype_share("甲公开乙", "公开目录") == 0.5


OWN = "修订公开指南并印发各村"
TEXT = OWN + "新设渡口专窗受理申请"


@pytest.mark.parametrize(
    ("sources", "novelty", "reused"),
    [
        ({}, 1.0, ()),
        ({"own": []}, 1.0, (("own", 0.0),)),
        ({"own": [TEXT]}, 0.0, (("own", 1.0),)),
        ({"own": [OWN]}, 10 / 21, (("own", 11 / 21),)),
        ({"law": [OWN[:9]], "own": [OWN]}, 10 / 21, (("law", 9 / 21), ("own", 2 / 21))),
        ({"own": [OWN[:7]]}, 1.0, (("own", 0.0),)),  # a block of eight is wanted
    ],
)
def test_novelty(sources, novelty, reused):
    found = measure_novelty_share(TEXT, sources, length=8)
    assert found.novelty_share == pytest.approx(novelty)
    assert [name for name, _ in found.reused] == [name for name, _ in reused]
    assert [share for _, share in found.reused] == pytest.approx([share for _, share in reused])
    assert found.novelty_share + sum(share for _, share in found.reused) == pytest.approx(1)


def test_novelty_of_empty_and_short_texts():
    assert measure_novelty_share("", {"own": [TEXT]}) is None
    assert measure_novelty_share("修订", {"own": ["修订"]}).novelty_share == 1.0
    with pytest.raises(UsageError, match="at least 1"):
        measure_novelty_share(TEXT, {}, length=0)
