"""One text that stands for a cluster of near-copies (template_prototype)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

from gknlp.reuse.measures.subsequence import count_common, match_common
from gknlp.reuse.measures.texts import Tokens, list_grams

_TYPICAL_GRAM = 4


def build_prototype(texts: Sequence[Tokens]) -> tuple[Hashable, ...]:
    """The wording that more than half of a cluster's texts have (模板原型), in the order of its most typical text.

    The text whose 4-grams most of the others have is the frame. Each other text is aligned to it by longest common
    subsequence; a token of the frame stays if more than half of the texts (itself included) have it there, and what more
    than half insert alike at the same place goes in. Time grows with the number of texts, not of pairs.

    Parameters
    ----------
    texts : the cluster, in any order: the result is the same.

    Returns
    -------
    () for no texts; the text itself for one.

    Source: after Burgess, Giraudy & Adar 2016 (Prototype Synthesis for Model Laws, ACL; abstract and a review read): there
    sentences are clustered and aligned greedily. The vote and the choice of the frame are ours.

    >>> "".join(build_prototype(["各村公示栏每季更新", "各村公示栏按月更新", "沿江各村公示栏每季更新"]))
    '各村公示栏每季更新'
    """
    ordered = sorted(map(tuple, texts), key=lambda text: (len(text), list(map(repr, text))))
    if not ordered:
        return ()
    frame = _choose_frame(ordered)
    kept: Counter[int] = Counter()
    inserted: Counter[tuple[int, tuple[Hashable, ...]]] = Counter()
    for text in ordered:
        matches = match_common(frame, text)
        kept.update(place for place, _ in matches)
        inserted.update(_list_insertions(text, matches))
    return _vote(frame, kept, inserted, len(ordered))


def measure_prototype_share(tokens: Tokens, prototype: Tokens) -> float | None:
    """The share of the text's tokens that stand in the prototype, in its order; None for an empty text.

    ``longest common subsequence / |d|``, 0 to 1, 1.0 for the prototype itself; 0.0 against an empty prototype.

    >>> measure_prototype_share("沿江各村公示栏每季更新", "各村公示栏每季更新")
    0.8181818181818182
    """
    return count_common(tokens, prototype) / len(tokens) if len(tokens) else None


def _choose_frame(texts: Sequence[tuple[Hashable, ...]]) -> tuple[Hashable, ...]:
    """The text with the highest mean document frequency of its n-grams; of several the last, which is longest."""
    holders = Counter(gram for text in texts for gram in dict.fromkeys(list_grams(text, _TYPICAL_GRAM)))

    def rate(text: tuple[Hashable, ...]) -> float:
        grams = list(list_grams(text, _TYPICAL_GRAM))
        return sum(holders[gram] for gram in grams) / len(grams) if grams else 0.0

    rates = [rate(text) for text in texts]
    return texts[max(range(len(texts)), key=lambda place: (rates[place], place))]


def _list_insertions(
    text: tuple[Hashable, ...], matches: Sequence[tuple[int, int]]
) -> list[tuple[int, tuple[Hashable, ...]]]:
    """What the text has between two matched tokens, with the place of the matched token of the frame before it."""
    before, begin, found = -1, 0, []
    for place, at in matches:
        if at > begin:
            found.append((before, text[begin:at]))
        before, begin = place, at + 1
    if begin < len(text):
        found.append((before, text[begin:]))
    return found


def _vote(
    frame: tuple[Hashable, ...],
    kept: Counter[int],
    inserted: Counter[tuple[int, tuple[Hashable, ...]]],
    n_texts: int,
) -> tuple[Hashable, ...]:
    chosen = {place: wording for (place, wording), count in inserted.items() if 2 * count > n_texts}
    prototype = [*chosen.get(-1, ())]
    for place, token in enumerate(frame):
        if 2 * kept[place] > n_texts:
            prototype.append(token)
        prototype += chosen.get(place, ())
    return tuple(prototype)
