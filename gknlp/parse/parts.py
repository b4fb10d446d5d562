"""Section five in two: which units name problems (存在的问题), which promise improvements (改进情况)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gknlp.parse.narrative import Piece
from gknlp.text.sentences import match_enumerator

PROBLEMS, IMPROVEMENTS = "problems", "improvements"

_PROBLEM_HEAD = re.compile(r"(?:存在|主要|面临)(?:的)?(?:主要)?(?:问题|不足|困难|短板)|^问题|不足之处")
_IMPROVEMENT_HEAD = re.compile(
    r"改进|整改|下一?步|今后|解决办法|(?:工作)?(?:打算|计划|安排|举措|措施)(?:如下|是|有)?|工作重点|努力方向|展望|面向20\d\d年"
)
_BOTH = re.compile(r"问题.{0,6}改进|不足.{0,6}改进|问题.{0,4}(?:下一?步|打算|措施)")
_ANNOUNCES = re.compile(r"[：:]$|(?:以下|如下|下列|几(?:条|点|项|个方面|方面)).{0,12}$")
"""A lead-in: it ends in a colon, or says that something follows."""
_PLANNED = re.compile(
    r"下一?步|今后|接下来|(?<!\d)(?:20\d\d\s*年(?:度)?|明年|来年|新的一年|下一?年度?)[^。；]{0,16}?(?:将|要|继续|拟|计划)"
)
"""A plan with its time: it opens the improvements even under a heading that names problems."""
_INTENDED = re.compile(r"^.{0,12}(?:将|拟|计划|继续|进一步)")
_LACK = re.compile(
    r"不够|不足|不强|不高|不及时|不全面|不规范|不完善|不健全|不到位|不平衡|不均衡|不深|不熟|不丰富|不多|不畅|不清|不实|不细|不紧|欠缺|欠|滞后|薄弱"
    r"|偏少|偏低|偏慢|较少|较弱|较慢|较低|单一|单薄|缺乏|缺少|缺位|短缺|有待|尚未|尚需|还需(?!要做)|仍需|亟待|亟需"
    r"|需要(?:进一步)?(?:加强|提高|提升|改进|完善)|差距|短板|弱项|困难|瓶颈|参差不齐|流于形式"
    r"|存在.{0,16}问题|的问题(?:[。；，]|$)|问题(?:有|是|主要|依然|仍|较)"
)
# What was done about last year's problems belongs to the improvements (codebook: prior-year follow-up).
_FOLLOW_UP = re.compile(
    r"上一?年(?:度)?.{0,24}(?:问题|不足|短板)|(?:针对|对照|围绕|对)[^。，]{0,20}(?:问题|不足|短板)"
    r"|20\d\d年.{0,16}(?:指出|提出|反映|查摆|列出|所列).{0,40}(?:已|解决|好转|改观|整改)"
)
_EXHORTS = re.compile(
    r"加强|强化|完善|健全|提高|提升|加大|推进|深化|落实|严格|切实|不断|积极|充实|拓宽|拓展|优化|规范|抓好|做好|通过|建立|丰富|创新|加快|压实"
    r"|开展|组织|定期|增强|补齐|解决|细化|明确|着力|坚持|持续|扩大|认真|及时"
)
_LONGEST_NAMED_PROBLEM = 30
_LONGEST_HEAD = 16


@dataclass(slots=True)
class _State:
    """Where the section stands: the part so far, and the part that a heading or lead-in rules."""

    current: str = PROBLEMS
    ruled: str | None = None
    listed: bool = False


def assign_parts(text: str, pieces: Sequence[Piece]) -> tuple[str, ...]:
    """The part of each unit of section five, in order.

    A sub-heading or lead-in that names one part rules what stands under it. Without one, a unit that admits a lack is
    a problem, one that plans is an improvement, a second list that starts again at one is improvements, and what tells
    nothing goes with the unit before it.
    """
    parts: list[str] = []
    state, heading = _State(), ""
    for piece in pieces:
        if piece.heading != heading:
            heading = piece.heading
            state = _State(ruled=_head_part(heading))
            state.current = state.ruled or PROBLEMS
        _advance(state, text[piece.span.start : piece.span.end])
        parts.append(state.current)
    return tuple(parts)


def _advance(state: _State, content: str) -> None:
    """Move the state over one unit."""
    announced = _announced_part(content)
    if announced is not None:
        state.ruled = state.current = announced
        state.listed = False
        return
    restarts = re.match(r"(?:一是|1[.、]|[（(]一[)）])", content) is not None
    if (restarts and state.listed and state.current == PROBLEMS and not _admits(content)) or (
        state.ruled == PROBLEMS and _PLANNED.search(content)
    ):
        state.ruled = state.current = IMPROVEMENTS
    elif state.ruled == IMPROVEMENTS and _names_problem(content):
        state.ruled, state.current = None, PROBLEMS
    elif state.ruled is None:
        state.current = _own_part(content, state.current)
    state.listed = state.listed or match_enumerator(content, 0) is not None


def _head_part(heading: str) -> str | None:
    if not heading or _BOTH.search(heading):
        return None
    if _IMPROVEMENT_HEAD.search(heading):
        return IMPROVEMENTS
    return PROBLEMS if _PROBLEM_HEAD.search(heading) else None


def _announced_part(content: str) -> str | None:
    """The part that a unit announces for those behind it: a lead-in, a run-in heading, 下一步，…"""
    rest = _behind_opener(content).rstrip("。；;， ,")
    head = re.split(r"[。：:，,]", rest, maxsplit=1)[0].strip()
    if _ANNOUNCES.search(rest):
        plans = _PLANNED.search(rest) or _INTENDED.search(rest) or _IMPROVEMENT_HEAD.search(rest)
        if plans and not _PROBLEM_HEAD.search(rest):
            return IMPROVEMENTS
        return PROBLEMS if _LACK.search(rest) or _PROBLEM_HEAD.search(rest) else None
    if len(head) > _LONGEST_HEAD or _BOTH.search(head):
        return None
    if _PROBLEM_HEAD.fullmatch(head):
        return PROBLEMS
    named = re.fullmatch(
        r".{0,6}(?:改进(?:情况|措施|方向|办法|工作|思路|打算)?|整改(?:情况|措施)?|下一?步(?:工作)?(?:打算|计划|措施|安排)?"
        r"|今后(?:工作)?(?:打算|计划)?|解决办法|工作(?:打算|计划|安排|措施|重点)|努力方向)(?:和.{2,4}|中|里|时|是)?",
        head,
    )
    return IMPROVEMENTS if named and not _LACK.search(head) else None


def _own_part(content: str, current: str) -> str:
    """By the unit's own words; planning outweighs a lack that the plan is meant to mend."""
    if _PLANNED.search(content) or _intends(content) or _FOLLOW_UP.search(content):
        return IMPROVEMENTS
    if _LACK.search(content):
        return PROBLEMS
    return IMPROVEMENTS if _EXHORTS.match(_behind_opener(content)) else current


def _names_problem(content: str) -> bool:
    """Whether a numbered item among the improvements names the next problem: 二是人手不足。"""
    rest = _behind_opener(content)
    return rest != content and len(rest) <= _LONGEST_NAMED_PROBLEM and _admits(content)


def _admits(content: str) -> bool:
    """Whether a unit admits a lack without planning, exhorting or following up."""
    rest = _behind_opener(content)
    remedied = _PLANNED.search(rest) or _intends(rest) or _EXHORTS.match(rest) or _FOLLOW_UP.search(rest)
    return bool(_LACK.search(rest)) and not remedied


def _intends(content: str) -> bool:
    rest = _behind_opener(content)
    return bool(_INTENDED.search(rest)) and not _LACK.search(rest)


def _behind_opener(content: str) -> str:
    opener = match_enumerator(content, 0)
    return content[opener[1] :] if opener else content
