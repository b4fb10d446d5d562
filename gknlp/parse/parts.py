"""Section five in two: which units name problems (存在的问题), which promise improvements (改进情况)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gknlp.parse.narrative import Piece
from gknlp.text.sentences import match_enumerator

PROBLEMS, IMPROVEMENTS = "problems", "improvements"

_PROBLEM_HEAD = re.compile(r"(?:存在|主要|面临)(?:的)?(?:主要)?(?:问题|不足|困难|短板)|^问题|不足之处")
_IMPROVEMENT_HEAD = re.compile(
    r"(?:改进(?:情况|措施|方向|办法|工作|思路|打算)?|整改(?:情况|措施)?|下一?步(?:工作)?(?:打算|计划|措施|安排)?|今后(?:工作)?(?:打算|计划)?"
    r"|解决办法|工作(?:打算|计划|安排|措施)|努力方向)(?:和.{2,4}|中|里|时)?[。：:，,；;]?$"
)
_BOTH = re.compile(r"问题.{0,6}改进|不足.{0,6}改进|问题.{0,4}(?:下一?步|打算|措施)")
_PLANNED = re.compile(
    r"下一?步|今后|接下来|(?<!\d)(?:20\d\d\s*年(?:度)?|明年|来年|新的一年|下一?年度?)[^。；]{0,16}?(?:将|要|继续|拟|计划)"
)
"""A plan with its time: it opens the improvements even under a heading that names problems."""
_INTENDED = re.compile(r"^.{0,12}(?:将|拟|计划|继续|进一步)")
_LACK = re.compile(
    r"不够|不足|不强|不高|不及时|不全面|不规范|不完善|不健全|不到位|不平衡|不均衡|不深|不熟|不丰富|不多|不畅|不清|不实|欠缺|欠|滞后|薄弱|偏少|偏低|偏慢|较少|较弱|较慢|较低|单一|缺乏|缺少|缺位|有待|尚未|尚需|还需(?!要做)|仍需|亟待|亟需|需要(?:进一步)?(?:加强|提高|提升|改进|完善)"
    r"|差距|问题|短板|弱项|困难|瓶颈|参差不齐|流于形式"
)
_EXHORTS = re.compile(
    r"加强|强化|完善|健全|提高|提升|加大|推进|深化|落实|严格|切实|不断|积极|充实|拓宽|拓展|优化|规范|抓好|做好|通过|建立|丰富|创新|加快|压实"
    r"|开展|组织|定期|增强|补齐|解决|细化|明确|着力|坚持|持续|扩大|认真|及时"
)
_LONGEST_NAMED_PROBLEM = 30
_DONE = re.compile(r"(?:针对|对照|围绕)[^。]{0,20}(?:问题|不足)")


def assign_parts(text: str, pieces: Sequence[Piece]) -> tuple[str, ...]:
    """The part of each unit of section five, in order.

    A sub-heading or lead-in that names one part rules what stands under it. Without one, a unit that admits a lack is
    a problem, one that plans is an improvement, and what tells neither goes with the unit before it.
    """
    parts: list[str] = []
    ruled: str | None = None
    current = PROBLEMS
    heading = ""
    for piece in pieces:
        content = text[piece.span.start : piece.span.end]
        if piece.heading != heading:
            heading, ruled = piece.heading, _head_part(piece.heading)
            current = ruled or PROBLEMS
        opening = _opening_part(content)
        if opening is not None:
            ruled = current = opening
        elif ruled is None:
            current = _own_part(content, current)
        elif ruled == PROBLEMS and _plans(content):
            ruled = current = IMPROVEMENTS
        elif ruled == IMPROVEMENTS and _names_problem(content):
            ruled, current = None, PROBLEMS
        parts.append(current)
    return tuple(parts)


def _head_part(heading: str) -> str | None:
    if not heading or _BOTH.search(heading):
        return None
    if _IMPROVEMENT_HEAD.search(heading):
        return IMPROVEMENTS
    return PROBLEMS if _PROBLEM_HEAD.search(heading) else None


def _opening_part(content: str) -> str | None:
    """The part that a unit announces for those behind it: a lead-in with a colon, a run-in heading, 下一步，…"""
    rest = _behind_opener(content)
    head = re.split(r"[。：:，,]", rest, maxsplit=1)[0]
    announces = len(head) <= 16 or rest.rstrip().endswith(("：", ":"))
    if not announces or _BOTH.search(head):
        return None
    if _IMPROVEMENT_HEAD.search(head) and not _LACK.search(head):
        return IMPROVEMENTS
    if rest.rstrip().endswith(("：", ":")):
        if (_plans(rest) or _intends(rest)) and not _PROBLEM_HEAD.search(rest):
            return IMPROVEMENTS
        return PROBLEMS if _LACK.search(rest) else None
    return PROBLEMS if _PROBLEM_HEAD.fullmatch(head.strip()) else None


def _own_part(content: str, current: str) -> str:
    """By the unit's own words; planning outweighs a lack that the plan is meant to mend."""
    if _plans(content) or _intends(content):
        return IMPROVEMENTS
    if _LACK.search(content) and not _DONE.match(content):
        return PROBLEMS
    return IMPROVEMENTS if _EXHORTS.match(_behind_opener(content)) else current


def _names_problem(content: str) -> bool:
    """Whether a numbered item among the improvements names the next problem: 二是人手不足。"""
    rest = _behind_opener(content)
    short = rest != content and len(rest) <= _LONGEST_NAMED_PROBLEM
    return bool(short and _LACK.search(rest)) and not (_plans(rest) or _intends(rest) or _EXHORTS.match(rest))


def _behind_opener(content: str) -> str:
    opener = match_enumerator(content, 0)
    return content[opener[1] :] if opener else content


def _plans(content: str) -> bool:
    return bool(_PLANNED.search(content))


def _intends(content: str) -> bool:
    rest = _behind_opener(content)
    return bool(_INTENDED.search(rest)) and not _LACK.search(rest)
