"""The nouns of the room: a mark (a word that shows something), the facets of a unit, and where a unit stands."""

from __future__ import annotations

from dataclasses import dataclass

MODALITIES = ("done", "planned", "exhortative", "state")
VALENCES = ("achievement", "neutral", "shortfall")
ACTORS = ("self", "superior", "staff", "public", "none")
SPECIFICITIES = ("number", "date", "instrument", "place_or_body")
KINDS = {
    "count": "number",
    "money": "number",
    "share": "number",
    "date": "date",
    "instrument": "instrument",
    "channel": "place_or_body",
    "body": "place_or_body",
    "place": "place_or_body",
}
"""The fine kinds that marks tell apart, and the coder's class of each."""


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A stretch of a text that shows a value of a facet: ``text[start:end]``."""

    facet: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What one text shows, wherever it stands: its marks in order, and the counts that measures need.

    ``n_words`` are tokens with a letter or digit, ``n_linking`` those of them that jieba tags as adverb or conjunction,
    ``n_clauses`` the stretches between signs, ``n_chars`` the code points that are no white space.
    ``ends`` and ``tags`` are its words: where each ends, and jieba's part of speech.
    """

    marks: tuple[Mark, ...] = ()
    n_chars: int = 0
    n_words: int = 0
    n_linking: int = 0
    n_clauses: int = 0
    ends: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a unit stands: what decides between marks. All may be missing."""

    section: str = ""
    part: str | None = None
    agency: str | None = None
    level: str | None = None
    kind: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Facets:
    """The facets (语体特征) of one unit, by the vocabulary of the codebook, with the marks that show them."""

    modality: str
    specificity: tuple[str, ...]
    valence: str
    hedge: bool
    actor: str
    evidence: tuple[Mark, ...]
