"""Page furniture (网页杂项): what a web page prints around a report - metadata block, menus, font sizes - told line by line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gknlp.text.lines import Line

_LABELS = (
    r"索引号|备注/文号|文号|发文字号|发布机构|发布单位|发文机关|发文日期|发文单位|信息来源|来源|作者|编辑|责任编辑|审核人?|发布人|发布时间|发布日期|发表时间|发表日期"
    r"|成文日期|公文生成日期|生成日期|更新时间|公开日期|公开方式|公开形式|公开时限|公开目录|公开范围|有效性|有效期|是否有效|时效性|效力说明|效力属性|文件状态|体裁|主题分类|主题词|关键词|分类"
    r"|名称|标题|时间|日期|字号|字体|字体大小|浏览次数|浏览量|访问量|点击量?|点击数|点击次数|阅读次数|阅读|打印|分享到?|您?现?在?所在的?位置|您的位置|您当前所在位置|当前位置|当前页面|关闭窗口|责任部门|生效日期|废止日期"
)
_LABEL = re.compile(rf"[•·\-|【\[\s]*(?:{_LABELS})(?:[:：\]】|]|\d|\s|$|成文日期|发布)")
_DATE_ONLY = re.compile(
    r"[（(]?20\d\d[年\-./]\d{1,2}[月\-./](?:\d{1,2}日?)?(?:\d{1,2}:\d\d(?::\d\d)?)?[)）]?$|[（(]?20\d\d年\d{1,2}月[)）]?$"
)
_CRUMBS = re.compile(r"[>＞»]")
# A sentence has a mark; the first line of a broken sentence begins with one of these words or speaks of the report.
_SENTENCE = re.compile(
    r"[。！；;，,《》]|根据|按照|依据|遵照|为了|现将|本报告|本年|年报|报告如下|如下|汇报|总结|编制|引言|前言|编注|说明"
)
_LONGEST_CAPTION = 20
_LONGEST_METADATA = 160


def is_furniture(line: Line) -> bool:
    r"""Whether the line is no part of a report's text: a metadata label, crumbs, a date, pipes or a caption without any sentence mark.

    >>> from gknlp.text.lines import split_lines
    >>> [is_furniture(line) for line in split_lines("发布时间:2022-01-20 来源:某网\n本报告由县水利局编制。")]
    [True, False]
    """
    text = "".join(line.text.split())
    if not re.search(r"\w", text) or _DATE_ONLY.match(text):
        return True
    if len(text) > _LONGEST_METADATA or "。" in text:
        return False
    if _LABEL.match(text) or (_CRUMBS.search(text) and "《" not in text and "<" not in text):
        return True
    return len(text) <= _LONGEST_CAPTION and not _SENTENCE.search(text)


def skip_furniture(lines: Sequence[Line], start: int, before: int) -> int:
    """Where the report's own text begins: behind the furniture that stands from ``start``, at most at ``before``."""
    place = start
    for line in lines:
        if line.span.start < start:
            continue
        if line.span.start >= before or not is_furniture(line):
            break
        place = line.span.end
    return min(place, before)
