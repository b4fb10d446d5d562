"""The cue language: folding, conditions, lists, and the index that looks many cues up at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gknlp.themes import load_codebook
from gknlp.themes.cues import Cue, fold_text, read_cues
from gknlp.themes.fields import Fields
from gknlp.themes.index import build_index, sum_weights

LISTS = {"lack": ("不够", "有待"), "count": ("条", "篇")}


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", ""),
        ("（１）公开，\n  更新", "(1)公开,更新"),
        ("ＩＰｖ６", "ipv6"),
        ("\u3000\t\r\n", ""),
        ("。、《》", "。、《》"),
    ],
)
def test_folding(text, folded):
    assert fold_text(text) == folded


@pytest.mark.parametrize(
    ("cue", "text", "hit"),
    [
        ({"any": ["图解", "问答"]}, "配发问答", True),
        ({"any": ["图解", "问答"]}, "配发说明", False),
        ({"all": ["公开", "边界"]}, "边界与公开", True),
        ({"all": ["公开", "边界"]}, "公开的界限", False),
        ({"any": ["收费"], "not": ["停车收费"]}, "停车收费听证", False),
        ({"any": ["收费"], "not": ["停车收费"]}, "没有收费", True),
        ({"pattern": "内容.{0,4}<lack>"}, "内容还不够", True),
        ({"pattern": "内容.{0,4}<lack>"}, "内容充实而且丰富,人手不够", False),
        ({"pattern": "[0-9]+<count>"}, "共12篇", True),
        ({"all": ["公开"], "any": ["台账", "目录"], "pattern": "^更新"}, "更新公开目录", True),
        ({"all": ["公开"], "any": ["台账", "目录"], "pattern": "^更新"}, "公开目录更新", False),
        ({"any": ["（一）"]}, "(一)公开", True),
        ({"any": ["图解"]}, "", False),
    ],
)
def test_conditions_of_one_cue(cue, text, hit):
    (only,) = read_cues(Fields("theme T1, cues 1", cue), LISTS)
    assert only.hits(fold_text(text)) is hit


def test_words_stand_for_one_cue_each():
    cues = read_cues(Fields("theme T1, cues 1", {"words": ["甲", "乙"], "not": ["丙"], "weight": 0.5}), {})
    assert cues == (Cue(0.5, any_of=("甲",), none_of=("丙",)), Cue(0.5, any_of=("乙",), none_of=("丙",)))


def test_a_named_group_is_no_list():
    (cue,) = read_cues(Fields("theme T1, cues 1", {"pattern": "(?P<n>条)(?<=条)$"}), {})
    assert cue.hits("三条")


def test_a_cue_counts_once_however_often_it_occurs():
    index = build_index([(Cue(1.0, any_of=("培训",)), Cue(0.3, any_of=("办法",)))])
    assert sum_weights(index, "培训、培训、再培训") == (1.0,)
    assert sum_weights(index, "培训办法") == (1.3,)


def test_an_index_of_nothing_weighs_nothing():
    assert sum_weights(build_index([]), "培训") == ()
    assert sum_weights(build_index([(Cue(1.0, any_of=("培训",)),)]), "") == (0.0,)


CODEBOOK = load_codebook()
PHRASES = sorted({word for theme in CODEBOOK.themes for cue in theme.cues for word in cue.any_of + cue.none_of})
INDEX = build_index([theme.cues for theme in CODEBOOK.themes])


@given(
    st.lists(st.one_of(st.sampled_from(PHRASES), st.text("公开的不够12条,。", max_size=4)), max_size=12).map("".join)
)
def test_the_index_adds_up_what_each_cue_says_by_itself(text):
    expected = [sum((cue.weight for cue in theme.cues if cue.hits(text)), 0.0) for theme in CODEBOOK.themes]
    assert list(sum_weights(INDEX, text)) == expected


STRUCTURAL = [theme for theme in CODEBOOK.themes if theme.family == "structural"]
STRUCTURAL_INDEX = build_index([theme.cues for theme in STRUCTURAL])
SHAPES = {
    "S2": [
        "现将一年情况分述如下：",
        "下面从三个方面作个说明：",
        "全年工作概括为以下五点。",
        "为解决上述毛病，拟分三步着手：",
        "具体如下。",
        "一年来：",
        "兹从四端列述于后：",
        "针对这些不足，明年要做的有以下几件：",
    ],
    "S3": [
        "其他事项：暂无。",
        "本镇再无其他须报告的情况。",
        "除前文所述，别无他事。",
        "本节暂无内容。",
        "其余无。",
        "本单位无此类情况。",
        "没有什么要说明的了。",
        "（本项空缺）",
        "不涉及",
    ],
    "S1": [
        "本年报由六个部分组成，附表三张。",
        "统计期限自年初至年末。",
        "对本报告有疑问，请致电综合科咨询。",
        "联系电话：0000-0000000，邮编：000000。",
    ],
    None: [
        "现场受理申请三件。",
        "新设三个栏目，登载信息九十条。",
        "没有收到公开申请。",
        "全年无行政复议。",
        "未收取信息处理费，也无减免。",
        "主要问题有以下三点：",
        "还存在以下差距：",
        "没有发生泄密事件，也没有被上级通报。",
        "从三个方面查找，发现并改正问题九处，通报一次。",
        "全年公开信息三百条，分类如下，其中机构类十条。",
        "没有的要补上，有的要更新。",
    ],
}


@pytest.mark.parametrize(
    ("code", "text"),
    [(code, text) for code, texts in SHAPES.items() for text in texts],
    ids=lambda value: str(value)[:8],
)
def test_structural_classes_in_other_words(code, text):
    weights = sum_weights(STRUCTURAL_INDEX, fold_text(text))
    best = max(range(len(weights)), key=lambda at: weights[at])
    assert (STRUCTURAL[best].code if weights[best] >= 0.5 else None) == code
