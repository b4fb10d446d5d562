"""Marks and a place in, the facets of a unit out: the codebook's rules for what decides between several marks.

The codebook of facets is part of that of themes (``gknlp themes codebook``). Where a unit shows nothing its place tells
(章节默认): a bare verb phrase is a deed in section one and six, a plan in the plan part; in the problem part a sentence
admits a lack.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from gknlp.rhetoric.find import fold_text, skip_opener
from gknlp.rhetoric.learned.bags import Sight
from gknlp.rhetoric.learned.model import FacetModel
from gknlp.rhetoric.marks import KINDS, SPECIFICITIES, Facets, Mark, Place, Reading
from gknlp.rhetoric.patterns import load_actors, load_words
from gknlp.text.own_names import list_own_names

_REPORT_PARTS = frozenset({"preamble", "signature"})
_LEVELS = {"province": "省", "city": "市州", "county": "县区旗", "township": "镇乡街"}
_GOVERNMENT = ("政府", "委", "委、政府", "党委", "人民政府", "政府办", "里", "上")
_NOTHING = re.compile(
    r"[暂尚]?无(?:此类|相关|其他|任何)?(?:情况|事项|内容)?[。；]?$|(?:无|没有)(?:另需|另行|其他|其它|需要|应予|应当报|需?补充)|再无|别无|无他。|没有了|^空。?$"
    r"|^(?:[^，。；]{0,4}(?:不涉及|没有))[。；]?$|没什么(?:要|可|好)(?:写|说|讲|报)"
)
_ANNOUNCES = re.compile(
    r"[：:]$|如下[。：:；]?$|^(?:下面|以下)(?:分|就|从|是)|往下看|从[^，。；]{1,6}个?方面(?:来|作|说|讲)|具体分述|分述(?:如次|于后)|列述于后"
    r"|分[^，。；]{1,4}方面(?:来)?说明"
)
_CLAUSE_END = re.compile(r"[，。；：]")


def decide_facets(text: str, reading: Reading, place: Place, *, model: FacetModel | None = None) -> Facets:
    """The facets of a unit: one modality, valence and actor, any specificity, hedged or not, and their evidence.

    Parameters
    ----------
    text : the unit's.
    reading : the marks of this text.
    place : what is known of where it stands; an empty one gives what the words alone say.
    model : what was learned of modality and actor; it looks at what the rules say. Without one the rules decide.
    """
    own = [match.span() for match in _own_names(place.agency).finditer(text)]
    marks = [mark for mark in reading.marks if not _says_itself(text, mark, own, place)]
    of = {
        name: [m for m in marks if m.facet == name] for name in ("specificity", "modality", "valence", "hedge", "actor")
    }
    actor = _decide_actor(text, of["actor"], place, own)
    modality = decide_modality(text, of["modality"], place, has_actor=actor is not None)
    if model and reading.tags:
        folded = fold_text(text)
        sight = model.guess_topic(Sight(folded, skip_opener(folded), reading, place, modality, actor))
        modality, actor = model.choose_modality(sight), model.choose_actor(sight)
    classes = {KINDS[mark.value] for mark in of["specificity"]}
    valence = decide_valence(text, of["valence"], place, modality=modality, concrete=bool(classes))
    hedges = of["hedge"] if valence != "neutral" else []
    shown = [*of["specificity"], *hedges, *([actor] if actor else [])]
    shown += [m for m in (*of["modality"], *of["valence"]) if m.value in (modality, valence)]
    return Facets(
        modality,
        tuple(name for name in SPECIFICITIES if name in classes),
        valence,
        bool(hedges),
        actor.value if actor else "none",
        tuple(sorted(set(shown), key=lambda mark: (mark.start, mark.end, mark.facet, mark.value))),
    )


def decide_modality(text: str, marks: Sequence[Mark], place: Place, *, has_actor: bool = False) -> str:
    """The one modality of a unit, by the codebook's order: the first sure mark, then the first mark, then the place.

    Parameters
    ----------
    has_actor : whether somebody acts; then 坚持, 要 and 应 tell a standing arrangement, no demand.

    >>> decide_modality("充实解读形式。", (), Place(section="problems_improvements", part="improvements"))
    'planned'
    """
    marks = sorted(marks, key=lambda mark: (mark.start, mark.end, mark.value))
    words = load_words("modality")
    if place.part == "problems":
        happened = re.search(words["surely_event"], text)
        return _first(marks, ("planned",)) or ("done" if happened else "state")
    if place.section in _REPORT_PARTS or _NOTHING.search(text):
        return "state"
    if place.part != "improvements" and _ANNOUNCES.search(text) and not _first(marks, ("planned",)):
        return "state"
    demand = "state" if has_actor else "exhortative"
    first = _ends_clause(text)
    marks = [
        Mark(m.facet, demand, m.start, m.end) if m.value == "exhortative" else m
        for m in marks
        if m.value != "exhortative" or m.start < first
    ]
    sure_done = words["surely_done"] if place.part == "improvements" else words["surely_done"] + "|了"
    sure = [
        m for m in marks if m.value != "state" and (m.value != "done" or re.search(sure_done, text[m.start : m.end]))
    ]
    if place.part == "improvements":
        stands = has_actor and re.search(words["standing"], text[:first])
        return min(sure, key=lambda mark: mark.start).value if sure else "state" if stands else "planned"
    if sure and not (sure[0].value == "planned" and any(m.value == "done" and m.end <= sure[0].start for m in marks)):
        return sure[0].value
    return _first(marks, ("done", "state")) or "done"


def _ends_clause(text: str) -> int:
    """Where the first clause ends: a demand behind it only qualifies."""
    sign = _CLAUSE_END.search(text)
    return sign.start() if sign else len(text)


def _first(marks: Sequence[Mark], values: Sequence[str]) -> str | None:
    """The value of the mark that stands first among those of ``values``."""
    return min(((m.start, m.value) for m in marks if m.value in values), default=(0, None))[1]


def decide_valence(text: str, marks: Sequence[Mark], place: Place, *, modality: str, concrete: bool) -> str:
    """Praise, fact or admission; an admission wins over praise, and in the problem part it is taken for granted.

    Parameters
    ----------
    concrete : whether the unit names anything; if not, words of effort are its only content, and praise.
    """
    words = load_words("valence")
    lacks = [m for m in marks if m.value == "shortfall"]
    praises = [m for m in marks if m.value == "achievement" and not _is_aim(text, m, words["aim"])]
    if place.part == "problems":
        return _value_of_problem(text)
    if place.section in _REPORT_PARTS or _ANNOUNCES.search(text) or _NOTHING.search(text):
        return "neutral"
    if place.part == "improvements":
        mended = modality == "done" and (praises or re.search(words["mended"], text))
        return "achievement" if mended else "neutral"
    if any(re.search(words["sure_shortfall"], text[m.start : m.end]) for m in lacks):
        return "neutral" if modality == "planned" else "shortfall"
    if modality in ("planned", "exhortative"):
        return "neutral"
    effort = not concrete and re.search(words["effort"], text) and re.search(words["general"], text)
    return "achievement" if praises or effort else "neutral"


def _value_of_problem(text: str) -> str:
    denies = re.search(load_words("valence")["denies"], text) and not re.search("但|仍|还", text)
    return "neutral" if denies else "shortfall"


def _is_aim(text: str, mark: Mark, aim: str) -> bool:
    """Whether a word of praise stands in a clause that opens as an aim (以提高…, 确保…)."""
    start = max(text.rfind(sign, 0, mark.start) for sign in "，。；：、") + 1
    return re.match(aim, text[start : mark.start + 1]) is not None and "了" not in text[mark.start : mark.end]


def _says_itself(text: str, mark: Mark, own: Sequence[tuple[int, int]], place: Place) -> bool:
    """Whether a body or place is the agency itself, by its name, a part of it, or the government of its own level."""
    if mark.value not in ("body", "place"):
        return False
    if any(start <= mark.start and mark.end <= end for start, end in own):
        return True
    wording = text[mark.start : mark.end]
    agency = place.agency or ""
    committee = wording.endswith("管委会") and "管理委员会" in agency
    return committee or (len(wording) > 2 and wording in agency) or _is_own_government(wording, place)


def _is_own_government(wording: str, place: Place) -> bool:
    own = _LEVELS.get(place.level or "", "")
    return place.kind == "government" and wording[:1] in tuple(own) and wording[1:] in _GOVERNMENT


@lru_cache(maxsize=4096)
def _own_names(agency: str | None) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, list_own_names(agency))))


def _decide_actor(text: str, marks: Sequence[Mark], place: Place, own: Sequence[tuple[int, int]]) -> Mark | None:
    """The agency's own name at the head of a clause, or the actor found, whichever comes first."""
    owned = load_actors().owned
    own = [*own, *_short_names(text, place.agency or "")]
    heads = sorted(span for span in own if _opens_clause(text, span[0]) and not owned.match(text, span[1]))
    if heads and (not marks or heads[0][0] <= marks[0].start):
        return Mark("actor", "self", *heads[0])
    return _place_level(text, marks[0], place) if marks else None


def _short_names(text: str, agency: str) -> list[tuple[int, int]]:
    """Where the agency is named by the end of its name, such as 省气象局."""
    tails = (agency[at:] for at in range(1, len(agency) - 2))
    found = ((tail, text.find(tail)) for tail in tails if tail[0] in "省市县区州旗镇乡")
    return [(at, at + len(tail)) for tail, at in found if at >= 0]


def _opens_clause(text: str, at: int) -> bool:
    return at == 0 or text[at - 1] in "，。；：、年度由经 "


def _place_level(text: str, mark: Mark, place: Place) -> Mark:
    """The mark, its value set by level: bodies below the agency's level are its own, those above its superiors."""
    wording = text[mark.start : mark.end]
    level = next((name for name, chars in _LEVELS.items() if wording[0] in chars), None)
    if level is None or place.level not in _LEVELS or not (mark.value == "superior" or "政府" in wording):
        return mark
    order = list(_LEVELS)
    above = order.index(place.level) - order.index(level)
    if level == "county" and wording[0] == "市" and place.level == "city":
        above = 0
    own = above < 0 or (above == 0 and _is_same(wording, place))
    return Mark("actor", "self" if own else "superior", mark.start, mark.end)


def _is_same(wording: str, place: Place) -> bool:
    """Whether a body of the agency's own level is the agency: any of a government, the bureau of a department."""
    if place.kind == "government":
        return True
    return wording[1:] in ("局", "厅", "委") or (len(wording) > 2 and set(wording[1:-1]) <= set(place.agency or ""))
