"""Two texts as sets of shingles: how much of one is in the other, how much they are the same."""

from __future__ import annotations

from gknlp.reuse.measures.texts import Tokens, list_grams


def measure_containment(a: Tokens, b: Tokens, *, k: int = 4) -> float | None:
    """The share of a's shingles that b has (包含度): ``|S_k(a) & S_k(b)| / |S_k(a)|``; not symmetric.

    Parameters
    ----------
    a, b : words or characters; the shingles are sets, so a repeated one counts once.
    k : tokens of a shingle. 4 is the length of the paper's own example.

    Returns
    -------
    Share of different shingles, 0 to 1, 1.0 for a text in itself. None where ``a`` is shorter than ``k``.

    Source: Broder 1997, On the resemblance and containment of documents, SEQUENCES '97. Abstract and introduction read
    (0 to 1, set intersection); the ratio itself from memory.

    >>> measure_containment("更新公开目录", "本年更新公开目录三次", k=4)
    1.0
    """
    own, other = set(list_grams(a, k)), set(list_grams(b, k))
    return len(own & other) / len(own) if own else None


def measure_resemblance(a: Tokens, b: Tokens, *, k: int = 4) -> float | None:
    """The share of both texts' shingles that both have (相似度): ``|S_k(a) & S_k(b)| / |S_k(a) | S_k(b)|``; symmetric.

    Parameters
    ----------
    a, b, k : as for ``measure_containment``.

    Returns
    -------
    Share of different shingles, 0 to 1, 1.0 for the same text. None where both are shorter than ``k``.

    Source: Broder 1997. That 1 - resemblance is a metric is in its introduction (read); the ratio is corroborated by
    public implementations and is the Jaccard coefficient.

    >>> measure_resemblance("更新公开目录", "本年更新公开目录三次", k=4)
    0.42857142857142855
    """
    own, other = set(list_grams(a, k)), set(list_grams(b, k))
    union = len(own | other)
    return len(own & other) / union if union else None
