"""How the choice of the actor (行动者) sees a unit: a bag for each wording that names somebody, and one for nobody."""

from __future__ import annotations

from dataclasses import dataclass

from gknlp.rhetoric.learned.bags import Bag, Sight, list_grams
from gknlp.rhetoric.learned.mentions import UNKNOWN, Mention, find_mentions, load_mentions
from gknlp.rhetoric.learned.words import Clause, Word, list_words, split_clauses
from gknlp.rhetoric.marks import ACTORS

SOMEBODY = tuple(value for value in ACTORS if value != "none")
_LEVELS = ("province", "city", "county", "township")
_LEVEL_OF = dict(zip("省市州县区旗镇乡", (0, 1, 1, 2, 2, 2, 3, 3), strict=True))
_ADVERBIAL = ("后", "时", "前", "中")
_SKIPPED = ("t", "c", "d", "f")
_VERBS = ("v", "vn", "vd", "vg", "vi", "p")


@dataclass(frozen=True, slots=True)
class _Stand:
    """How a mention stands in its clause: the words before and behind it, its role, what follows."""

    mention: Mention
    clause: int
    before: tuple[Word, ...]
    behind: tuple[Word, ...]
    pre: str
    post: str
    role: str
    follow: str

    @property
    def is_subject(self) -> bool:
        """Whether it looks like a subject or an agent."""
        return self.role.startswith("agent") or (self.role in ("head", "relative", "adverbial") and self.follow != "的")


def see_actor(sight: Sight) -> list[Bag]:
    """The bags of a unit: one for each mention, for the four who may act, and one for ``none``."""
    words = list_words(sight)
    clauses = split_clauses(sight, words)
    stands = [_stand(sight, mention, clauses) for mention in find_mentions(sight, words)]
    if not stands:
        return [Bag(("none",), ("nobody",))]
    bags = [_bag_mention(sight, stands, at, len(clauses)) for at in range(len(stands))]
    return [*bags, _bag_nobody(sight, stands, words, clauses)]


def _stand(sight: Sight, mention: Mention, clauses: list[Clause]) -> _Stand:
    number = max((at for at, clause in enumerate(clauses) if clause.start <= mention.start), default=-1)
    clause = clauses[number] if number >= 0 else Clause(sight.start, len(sight.text), ())
    before = tuple(word for word in clause.words if word.end <= mention.start)
    behind = tuple(word for word in clause.words if word.start >= mention.end)
    pre, post = sight.text[clause.start : mention.start], sight.text[mention.end : clause.end]
    return _Stand(mention, max(number, 0), before, behind, pre, post, _role(before, pre), _follow(behind, post))


def _role(before: tuple[Word, ...], pre: str) -> str:
    """Head of the clause, agent, head of a relative clause, behind an adverbial, or object."""
    agents = load_mentions().agents
    at = next(
        (i for i in range(len(before) - 1, -1, -1) if before[i].text[0] in agents and len(before[i].text) < 3), -1
    )
    if at >= 0:
        acts = any(word.tag in ("v", "d") for word in before[at + 1 :])
        return f"agent{before[at].text[0]}{'v' if acts else ''}"
    if not any(word.tag in _VERBS for word in before):
        return "head"
    if before[-1].text == "的":
        return "relative"
    return "adverbial" if before[-1].tag == "f" or pre[-1:] in _ADVERBIAL else "object"


def _follow(behind: tuple[Word, ...], post: str) -> str:
    if post[:1] == "的":
        return "的"
    if behind and behind[0].tag.startswith("n"):
        return "n"
    return "c" if post[:1] == "、" or (behind and behind[0].text in ("和", "与", "及")) else "v"


def _bag_mention(sight: Sight, stands: list[_Stand], at: int, n_clauses: int) -> Bag:
    own = stands[at]
    earlier = stands[:at]
    subjects = ",".join(sorted({other.mention.hint for other in earlier if other.is_subject}))
    n_subjects = min(sum(other.is_subject for other in earlier), 3)
    plain = [*_look_around(own), *_look_at(sight, own, subjects)]
    role, follow = own.role, own.follow
    plain += [
        f"subjects:{n_subjects}{own.is_subject}",
        f"subjects role:{n_subjects}{role}{follow}",
        f"subjects hints:{subjects}|{role}",
        f"number:{min(at, 4)}",
        f"later:{min(len(stands) - at - 1, 3)}",
        f"alone:{role}{follow}{min(own.clause, 3)}{n_subjects > 0}{n_clauses == 1}",
        f"heads:{','.join(sorted({o.mention.hint for o in earlier if not o.pre or o.role == 'head'}))}",
    ]
    return Bag(SOMEBODY, tuple(plain), span=(own.mention.start, own.mention.end))


def _look_around(own: _Stand) -> list[str]:
    """What stands around a mention, whoever it is."""
    before, behind, pre, post = own.before, own.behind, own.pre, own.post
    last, following = (before[-1] if before else None), (behind[0] if behind else None)
    tag, word = (last.tag, last.text) if last else ("^", "^")
    next_tag, next_word = (following.tag, following.text) if following else ("$", "$")
    after = behind[1].tag if len(behind) > 1 else "$"
    verbs = [w.text for w in before if w.tag in ("v", "vn", "vd", "p")]
    acts = next((w.text for w in behind if w.tag[0] in "va"), "-")
    clause, role, follow = min(own.clause, 3), own.role, own.follow
    return [
        f"role:{role}",
        f"role follow:{role}{follow}",
        f"role clause:{role}{clause}",
        f"role follow clause:{role}{follow}{clause}",
        f"role acts:{role}{follow}{acts != '-'}",
        f"clause:{clause}",
        f"opens:{clause}{not pre}",
        f"distance:{min(len(pre), 8)}",
        f"p1:{pre[-1:] or '^'}",
        f"p2:{pre[-2:] or '^'}",
        f"p3:{pre[-3:] or '^'}",
        f"n1:{post[:1] or '$'}",
        f"n2:{post[:2] or '$'}",
        f"n3:{post[:3] or '$'}",
        f"tag:{tag}",
        f"word:{word}",
        f"next tag:{next_tag}",
        f"next word:{next_word}",
        f"next tags:{next_tag}{after}",
        f"tags:{tag}{next_tag}",
        f"verb:{verbs[-1] if verbs else '-'}",
        f"verb clause:{clause}{bool(verbs)}",
        f"acts:{acts}",
        f"acts role:{acts[0]}{role}",
        f"owner:{'的' in post[:8]}",
        f"list:{pre[-1:] == '、'}{post[:1] == '、'}",
        f"first:{before[0].text if before else '^'}",
        f"first tag:{before[0].tag if before else '^'}",
        f"three:{'_'.join(w.tag for w in before[-3:])}",
    ]


def _look_at(sight: Sight, own: _Stand, subjects: str) -> list[str]:
    """Who is named, beside how."""
    mention, text, place = own.mention, sight.text, sight.place
    wording, hint = text[mention.start : mention.end], mention.hint
    rule = sight.actor
    hit = rule is not None and rule.start < mention.end and mention.start < rule.end
    ruled = rule.value if rule else "none"
    above = _level_beside(wording, place.level)
    role, clause = own.role, min(own.clause, 3)
    quoted = text.count("“", 0, mention.start) > text.count("”", 0, mention.start)
    inside = text.count("（", 0, mention.start) > text.count("）", 0, mention.start)
    return [
        f"hint:{hint}",
        f"wording:{wording}",
        f"e1:{wording[-1]}",
        f"e2:{wording[-2:]}",
        f"s1:{wording[0]}",
        f"s2:{wording[:2]}",
        f"length:{min(len(wording), 6)}",
        f"above:{above}",
        f"above end:{above}{wording[-1]}",
        f"above hint:{above}{hint}",
        f"kind hint:{place.kind}{hint}",
        f"level hint:{place.level}{hint}",
        f"section:{sight.section}",
        f"section role:{sight.section}{role}{own.follow}",
        f"section hint:{sight.section}{hint}",
        f"ruled:{ruled}{hit}",
        f"hint role:{hint}{role}",
        f"hint role follow:{hint}{role}{own.follow}",
        f"hint role clause:{hint}{role}{clause}",
        f"hint next:{hint}{own.behind[0].tag if own.behind else '$'}",
        f"hint tag:{hint}{own.before[-1].tag if own.before else '^'}",
        f"hint opens:{hint}{not own.pre}{clause}",
        f"hint subjects:{hint}{subjects}",
        f"end role:{wording[-1]}{role}",
        f"wording role:{wording}{role}",
        f"quoted:{quoted}{inside}",
        f"topic:{sight.topic}",
        f"topic role:{sight.topic}{role}",
        f"topic hint:{sight.topic}{hint}",
        f"topic hint role:{sight.topic}{hint}{role}{clause}",
    ]


def _level_beside(wording: str, level: str | None) -> str:
    """Whether a body is above, of or below the agency's level, by its first character; '-' where that tells nothing."""
    own = _LEVEL_OF.get(wording[0])
    if own is None or level not in _LEVELS:
        return "-"
    steps = _LEVELS.index(level) - own
    return "above" if steps > 0 else "below" if steps < 0 else "same"


def _bag_nobody(sight: Sight, stands: list[_Stand], words: list[Word], clauses: list[Clause]) -> Bag:
    hints = [own.mention.hint for own in stands]
    body = sight.text[sight.start :]
    opener = next((own.mention.hint for own in stands if own.mention.start == sight.start), "-")
    plain = [
        "nobody",
        f"N section:{sight.section}",
        f"N ruled:{sight.actor.value if sight.actor else 'none'}",
        f"N mentions:{min(len(hints), 4)}",
        f"N hints:{','.join(sorted(set(hints)))}",
        f"N opener:{opener}",
        f"N clauses:{min(len(clauses), 5)}",
        f"N modality:{sight.modality}",
        f"N topic:{sight.topic}",
        f"N topic hints:{sight.topic}{','.join(sorted(set(hints)))}",
        f"N subjects:{min(sum(own.is_subject for own in stands), 3)}",
        *(f"N^{body[:n]}" for n in (1, 2, 3)),
        *(f"N tags{n}:{'_'.join(word.tag for word in words[:n])}" for n in (1, 2, 3)),
    ]
    plain += [f"N word:{words[0].text}"] if words else []
    for number, clause in enumerate(clauses[:2]):
        plain += _look_at_head(number, clause)
    first = sight.text[clauses[0].start : clauses[0].end] if clauses else ""
    return Bag(("none",), tuple(plain), tuple(dict.fromkeys(list_grams(first, (1, 2), "N0"))))


def _look_at_head(number: int, clause: Clause) -> list[str]:
    """The head of what a clause opens with, up to its verb."""
    head: Word | None = None
    found: list[str] = []
    for word in clause.words:
        if word.tag in _SKIPPED and head is None:
            continue
        if word.tag[0] not in "nrmqjbsiagklu" and word.tag != "vn":
            found.append(f"N{number} verb:{word.text}")
            break
        head = word
    if head is None:
        return [*found, f"N{number} head:-"]
    hint = load_mentions().hints.get(head.text, UNKNOWN)
    return [*found, f"N{number} e1:{head.text[-1]}", f"N{number} e2:{head.text[-2:]}", f"N{number} hint:{hint}"]
