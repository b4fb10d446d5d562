"""Is this text a disclosure report at all? A reason in words where it is not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from gknlp.parse.headings import Heading
from gknlp.records import Found
from gknlp.text.lines import split_lines

_SUBJECT = re.compile(r"(?:政府|政务)?信息\s*公开|政务\s*公开|(?:依申请|主动)\s*公开|公开(?:政府|政务)?信息")
# What only a report says of itself: the period of its data, the header cells of its form, or that it is hereby published.
_DATA_PERIOD = re.compile(r"数据[^。]{0,12}(?:期限|时限|时间|时段|统计期|日期)|统计(?:的)?(?:期限|时限|时段)")
_HEADER_CELLS = re.compile(r"本年制发件数|现行有效件数|本年新\s*制作\s*数量|对外公开\s*总数量|处理决定数量")
_PUBLISHED = re.compile(
    r"(?:公布|公开|发布|编制|现将|告)[^。]{0,40}公开(?:工作)?(?:情况)?(?:年度)?(?:工作)?(?:情况)?(?:报告|年报)"
)
_REACH = 2000
_FEWEST_SECTIONS = 3
_NOTICE = re.compile(
    r"^(?!.*[《“]关于)(?!根据|按照|依据).{0,30}关于(?:认真|切实|进一步|继续)?(?:做好|开展|组织|报送|编制|规范|加强|编报|编写).{0,60}"
    r"(?:报告|年报).{0,30}的(?:通知|函|紧急通知)$"
)
_ARTICLE = re.compile(r"第[一二三四五六]条(?!第)[\s\u3000]")
_FEWEST_ARTICLES = 3
_FEWEST_MENTIONS = 2
_HAN = re.compile(r"[一-鿿]")
_FEWEST_HAN = 50
_OPENING = 600
_LONGEST_CAPTION = 70
"""A line of at most this many letters without a full stop is a title or a caption, not a sentence."""
_PLACEHOLDER = r"[xX×ＸｘＸ○]"
_NAME = r"(?:年度报告|年报|公开(?:工作)?报告)"
_EXPLANATION, _SCHOOL_YEAR, _MODEL, _ENTRY = (
    "not a report: an explanation (解读) of a report",
    "not a report: a university's report of a school year (学年)",
    "not a report: a model text (范文) with placeholders",
    "not a report: an encyclopaedia's entry (词条) on the reports",
)
_CAPTIONS = (
    (
        _EXPLANATION,
        re.compile(
            rf"{_NAME}[》”〉]?(?:的)?[—\-－:：（(【\[]*(?:政策|图文|文字|图解|图片|专家|简要|数字|漫画|视频){{0,2}}(?:解读|图解)"
            rf"|^[【\[]?(?:一图|一张图|带你|政策|图文)?(?:图解|图说|数读|速读|读懂|看懂|解读)(?!中心|办)[】\]：:丨|—\-《“〈]*.{{0,30}}{_NAME}"
        ),
    ),
    (_MODEL, re.compile(rf"{_NAME}[（(【\[]?(?:通用|优秀|参考|最新|标准|精选)*(?:范文|范本|模板|样本|模版)")),
)
"""Told by a title or caption that carries a year or the title's marks: menus list 年度报告 and 政策解读 side by side."""
_CAPTION_OF_ONE = re.compile(r"20\d\d|[二两]〇|《")
_OPENINGS = (
    (
        _SCHOOL_YEAR,
        re.compile(
            r"20\d\d(?:年)?[-—－–~～至到/]{1,2}20\d\d(?:年)?学年(?:度)?[^。，,]{0,24}(?:报告|年报)"
            r"|学年(?:度)?(?:政府|学校|校务)?信息公开(?:工作)?(?:年度)?(?:报告|年报)"
            r"|(?:期限|时间|时段|周期)[^。]{0,10}9月1日[^。]{0,14}8月31日"
        ),
    ),
    (
        _MODEL,
        re.compile(
            rf"20[12]?{_PLACEHOLDER}{{1,2}}年|20(?:[*＊]{{1,2}}|[_＿]{{2,}})年|{_PLACEHOLDER}{{2}}(?:省|市|县|区|镇|乡|局|街道)"
            r"|某某(?:省|市|县|区|局|镇|乡|街道)|[（(]此处填写|[（(【\[](?:单位|机关|部门)(?:名称|全称)[)）】\]]"
        ),
    ),
    (
        _ENTRY,
        re.compile(
            rf"{_NAME}[》”]?(?:[（(][^）)]{{0,40}}[）)])?[，,]?(?:是指|指的是|是(?:一种|各级|行政机关|我国|指)|(?:又|也|简)称[“《]?.{{1,10}}[”》]?[，,]?是)"
        ),
    ),
)
"""Texts with a report's title and sections that are none; told by their opening, white space left out."""


def refuse_genre(text: str, headings: Sequence[Heading], title: Found) -> str | None:
    """Why the text is kept out of a corpus; None for a report.

    A report has a report's title, or three of a report's sections, or says of itself what only a report says; and it
    speaks of disclosure. Rules on writing reports (制度) and notices to write them (通知) name the same sections.
    """
    if not text.strip():
        return "empty text"
    if not _has_many(_HAN, text[:20000], _FEWEST_HAN):
        return "not a report: hardly any Chinese text"
    if not _has_many(_SUBJECT, text, _FEWEST_MENTIONS):
        return "not a report: it does not speak of government information disclosure"
    if title.value is None:
        if _sets_rules(text[:_REACH]):
            return "not a report: a notice or rules on writing reports (通知、制度)"
        if len(headings) < _FEWEST_SECTIONS and not _says_so(text, bool(headings)):
            return "not a report: neither a report's title nor three of its sections"
    return _look_alike(text[:_OPENING])


def _says_so(text: str, has_section: bool) -> bool:
    opening = text[:_REACH]
    if _DATA_PERIOD.search(opening) or _HEADER_CELLS.search(text):
        return True
    return has_section and _PUBLISHED.search(opening) is not None


def _has_many(pattern: re.Pattern[str], text: str, fewest: int) -> bool:
    """Whether a pattern is found at least so often; a text that has it is not searched to its end."""
    return sum(1 for _ in islice(pattern.finditer(text), fewest)) >= fewest


def _sets_rules(opening: str) -> bool:
    lines = [line.text for line in split_lines(opening)]
    if sum(_ARTICLE.match(line) is not None for line in lines) >= _FEWEST_ARTICLES:
        return True
    return any(_NOTICE.match("".join(line.split())) for line in lines if len(line) <= _LONGEST_CAPTION)


def _look_alike(opening: str) -> str | None:
    for line in split_lines(opening):
        caption = "".join(line.text.split())
        if len(caption) <= _LONGEST_CAPTION and "。" not in caption and _CAPTION_OF_ONE.search(caption):
            reason = next((reason for reason, pattern in _CAPTIONS if pattern.search(caption)), None)
            if reason:
                return reason
    bare = "".join(opening.split())
    return next((reason for reason, pattern in _OPENINGS if pattern.search(bare)), None)
