"""Names of divisions in running text."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from gknlp.places import Mention, place_names_in

CASES = [
    ("", []),
    ("本年度主动公开政府信息二十条。", []),
    ("道外区", [("道外区", "230104")]),
    ("赴同江市调研，与道外区巨源镇座谈。", [("同江市", "230881"), ("道外区", "230104"), ("巨源镇", "230104109")]),
    ("推动道外区政务公开", [("道外区", "230104")]),
    ("白沙县和白沙黎族自治县", [("白沙县", "469025"), ("白沙黎族自治县", "469025")]),
    ("北京市朝阳区", [("朝阳区", None)]),
    ("南京东路街道办事处", [("南京东路街道", "310101002")]),
    # no ending, no mention
    ("道外、同江和哈尔滨", []),
    # cities and provinces are other levels
    ("黑龙江省哈尔滨市", []),
    # common nouns
    ("覆盖城区、郊区和新城区的社区，各乡镇、各街道，乡村振兴，全市和县区", []),
    ("市场监管、同江市场监管局、城市管理", []),
    # a tail of an unknown name is no township; a boundary makes it one
    ("云上巨源镇", []),
    ("在巨源镇", [("巨源镇", "230104109")]),
    ("（巨源镇）", [("巨源镇", "230104109")]),
    ("云泽县柳云湾镇", []),
    # names of two characters need a boundary too
    ("相应县级部门", []),
    ("在歙县", [("歙县", "341021")]),
    ("道外区巨源镇虎门镇", [("道外区", "230104"), ("巨源镇", "230104109"), ("虎门镇", "441900121")]),
    # whole names, not their tails
    ("鄂托克前旗", [("鄂托克前旗", "150623")]),
    ("管城回族区", [("管城回族区", "410104")]),
    ("巨源镇乡村振兴办", [("巨源镇", "230104109")]),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_mentions(text, expected):
    assert [(text[m.start : m.end], m.code) for m in place_names_in(text)] == expected


def test_levels_are_chosen():
    text = "黑龙江省哈尔滨市道外区巨源镇"
    assert [m.code for m in place_names_in(text, levels=("province", "city"))] == ["230000", "230100"]
    assert place_names_in(text, levels=()) == ()
    assert place_names_in("道外区") == (Mention(0, 3, ("230104",)),)


def test_a_mention_keeps_all_its_candidates():
    (mention,) = place_names_in("鼓楼区")
    assert mention.codes == ("320106", "320302", "350102", "410204")
    assert mention.code is None


def test_mentions_do_not_overlap_and_lie_in_the_text():
    text = "同江市三江口镇和道外区巨源镇、虎门镇，鼓楼区城北街道朝阳区吉林市船营区" * 50
    mentions = place_names_in(text)
    assert len(mentions) == 50 * 9
    assert all(a.end <= b.start for a, b in pairwise(mentions))


@pytest.mark.nightly
@pytest.mark.parametrize("piece", ["县", "乡", "道外区", "自治县", "城关镇", "办事处", "南京东路"])
def test_time_grows_with_the_text_and_no_faster(piece):
    place_names_in(piece)

    def seconds(n: int) -> float:
        started = time.process_time()
        place_names_in(piece * n)
        return time.process_time() - started

    small = min(seconds(10_000) for _ in range(3))
    large = min(seconds(80_000) for _ in range(3))
    assert large < 30 * max(small, 0.002), "eight times the text; a square would be 64 times the time"
