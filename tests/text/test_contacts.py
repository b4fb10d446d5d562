"""Contacts are hidden, nothing else is, and no character moves."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gknlp.text.contacts import MASK, find_contacts, mask_contacts

# What stands between [[ and ]] is a contact. All names and numbers are made up.
HIDDEN = [
    "联系电话：[[0000-1234567]]，传真：[[0000-7654321]]。",
    "电话[[00001234567]]；邮编000000",
    "联系电话（传真）：[[1234567]]、[[7654321]]",
    "电  话：[[（0000）1234567]]",
    "咨询电话: [[0000－12345678转801]]",
    "电话：[[０００－１２３４５６７８]]",
    "值班手机\n[[13000000000]]",
    "手机：[[130-0000-0000]]；",
    "请致[[13000000000]]（微信同号）",
    "服务热线[[400-000-0000]]",
    "电子邮箱：[[cloud.town_1@example.org]]，",
    "邮箱[[office＠mail.example.com]]或[[office#example.com]]或[[office(at)example.com]]",
    "QQ：[[123456]]，QQ群号：[[1234567890]]",
    "微信号：[[yunxi_gk01]]",
    "身份证号码[[123456199001011234]]",
    "本人[[12345619900101123X]]",
    "联系人：[[某甲]]；电话：[[1234567]]",
    "联系人：[[张某某]]、[[李某]]，地址：云溪镇青石路1号",
    "联系人：[[王　某]]　电话：[[12345678]]",
    "联系人[[欧阳某某]]，联系电话[[0000-1234567]]",
    "业务联系人: [[赵某]]电话：[[1234567]]",
    "审核：[[钱某某]] 撰稿：[[孙某]]",
    "信息审核：[[周某]]|责任编辑：[[吴某某]]",
    "（联系人：[[郑某]]）",
    "填报人 [[冯某某]] 2021年1月20日",
    "负责人：[[陈某某]]",
    "联络员[[高某]]，手机[[13000000000]]",
    "联系人：[[张某]] 联系电话：[[1234567]] 地址：某路",
    "联系人：[[某某]]",
]

KEPT = [
    "",
    "全年办理政府信息公开申请1234567件，答复率100%。",
    "接听热线电话12345678通，办结12345件；12345政务服务便民热线",
    "电话咨询1234567人次",
    "按照国办公开办函〔2021〕30号、国务院令第711号的要求编制",
    "统计期限为2021年1月1日至2021年12月31日，2021-12-31发布，20211231",
    "采购总金额13912345678元，收费13912345678万元",
    "| 本年新收 | 13912345678 | 0 | 123456199001011 |",
    "13912345678\n",
    "政府信息公开13912345678.50元",
    "索引号：000014349/2021-00012",
    "统一社会信用代码 11000000000000000A",
    "联系人：办公室，联系人：政务公开科",
    "联系人及电话见网站；联系人方式不全；联系人应当及时更新",
    "联系人：电话：",
    "严格审核：严把关口，逐级审核、校对",
    "审核：严格把关，层层压实",
    "一是审核：高度重视，二是编辑：全面",
    "负责人：办公室主要负责同志",
    "信息公开负责人员3名，编辑12人",
    "微信公众号：云溪发布，QQ群3个",
    "2019-2021年，比例为0.1234567，第0012345号",
    "1.0000-1234567",
    "窗口不再由一名联络员包办。",
    "各单位联络员严守时限，联络员高某",
]


@pytest.mark.parametrize("marked", HIDDEN)
def test_contacts_are_hidden(marked):
    text = re.sub(r"\[\[(.+?)\]\]", r"\1", marked)
    hidden = re.sub(r"\[\[(.+?)\]\]", lambda match: MASK * len(match[1]), marked)
    assert mask_contacts(text) == hidden


@pytest.mark.parametrize("text", KEPT)
def test_what_is_no_contact_is_kept(text):
    assert mask_contacts(text) == text


def test_spans_are_of_what_is_hidden():
    text = "电话：0000-1234567"
    assert {text[start:end] for start, end in find_contacts(text)} == {"0000-1234567", "1234567"}
    assert find_contacts("") == ()


PIECES = [
    "电话",
    "：",
    "0000-1234567",
    "1",
    "13000000000",
    "a@b.cn",
    "联系人",
    "张某",
    "|",
    "\n",
    " ",
    "QQ",
    "，",
    "件",
    "审核",
    "Ａ",
    "𠀀",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=12).map("".join))
def test_no_character_moves_and_hidden_text_stays_hidden(text):
    masked = mask_contacts(text)
    assert len(masked) == len(text)
    assert all(new in (old, MASK) for old, new in zip(text, masked, strict=True))
    spans = find_contacts(text)
    assert sum(new != old for old, new in zip(text, masked, strict=True)) <= sum(end - start for start, end in spans)


@pytest.mark.nightly
@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "0",
        "a",
        "a.",
        "a@",
        "电话：1234567、",
        "电话 ",
        "联系人：张某、",
        "张某、",
        "联系人",
        "审核：",
        "0000-",
        "QQ",
        " ",
        "(",
    ],
)
def test_time_grows_with_the_text_and_no_faster(unit):
    def seconds(n):
        text = (unit * n)[:n]
        best = []
        for _ in range(3):
            began = time.process_time()
            mask_contacts(text)
            best.append(time.process_time() - began)
        return min(best)

    seconds(100)
    small, large = seconds(20_000), seconds(80_000)
    assert large < 0.05 + 8 * small
