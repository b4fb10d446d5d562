"""How the guess of a unit's topic (话题) sees it: its n-grams and its section.

The codebook lets the primary theme decide whose act and which verb count. This room knows no themes; it learns a guess of
them from the same coded units, as a feature of the other choices and never as a result.
"""

from __future__ import annotations

from gknlp.rhetoric.learned.bags import Bag, Sight, list_grams


def see_topic(sight: Sight, topics: tuple[str, ...]) -> list[Bag]:
    """The one bag of a unit, for all topics."""
    grams = list_grams(sight.text[sight.start :], (1, 2), "")
    return [Bag(topics, ("section", f"section:{sight.section}"), tuple(dict.fromkeys(grams)))]
