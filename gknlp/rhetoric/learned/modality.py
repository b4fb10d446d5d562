"""How the choice of the modality (时态语气) sees a unit: one bag, of the rules' marks, its place and its n-grams."""

from __future__ import annotations

from gknlp.rhetoric.learned.bags import Bag, Sight, list_grams
from gknlp.rhetoric.learned.words import ENDS
from gknlp.rhetoric.marks import MODALITIES

_EDGE = 4


def see_modality(sight: Sight) -> list[Bag]:
    """The one bag of a unit, for all modalities."""
    section, place = sight.section, sight.place
    actor = sight.actor.value if sight.actor else "none"
    marks = [mark for mark in sight.reading.marks if mark.facet == "modality"]
    shown = list(dict.fromkeys(mark.value for mark in marks))
    plain = [
        f"rule:{sight.modality}",
        f"rule section:{sight.modality}{section}",
        f"actor:{actor}",
        f"actor rule:{actor}{sight.modality}",
        f"section:{section}",
        f"topic:{sight.topic}",
        f"topic rule:{sight.topic}{sight.modality}",
        f"level:{place.level}",
        f"kind:{place.kind}",
        f"first:{shown[0] if shown else '-'}",
        *(f"shows:{value}" for value in shown),
        *dict.fromkeys(f"shows {mark.facet}:{mark.value}" for mark in sight.reading.marks if mark not in marks),
        *dict.fromkeys(f"mark:{mark.value}{sight.text[mark.start : mark.end]}" for mark in marks),
    ]
    clauses = _split(sight.text[sight.start :])
    edges: list[str] = []
    grams: list[str] = []
    for number, clause in enumerate(clauses):
        edges += [f"^{min(number, 2)}{clause[:length]}" for length in range(1, min(_EDGE, len(clause)) + 1)]
        edges += [f"${clause[-length:]}" for length in range(1, min(_EDGE, len(clause) + 1))]
        grams += list_grams(clause, (1, 2), "g")
    return [Bag(MODALITIES, tuple(plain), tuple(dict.fromkeys([*edges, *grams])))]


def _split(text: str) -> list[str]:
    found, start = [], 0
    for at, char in enumerate(text + "\n"):
        if char in ENDS:
            found.append(text[start:at].strip("“”‘’ （）()、"))
            start = at + 1
    return [clause for clause in found if clause]
