"""Texts unlike those already chosen: farthest-first traversal over character n-grams.

Source: Gonzalez, T. (1985), Clustering to Minimize the Maximum Intercluster Distance, Theoretical Computer Science 38.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

_FEATURES = 1 << 15
_GRAMS = (2, 3)
_DECIMALS = 9
_BLOCK = 256


def choose_farthest(texts: Sequence[str], *, chosen: Sequence[str], n: int) -> list[int]:
    """Places of ``n`` texts, each the farthest from those chosen before it, ``chosen`` included; fewer if there are fewer.

    Distance is 1 - the cosine of the counts of two and three characters in a row. Of equally far ones the first is
    taken, so the order of ``texts`` decides ties and nothing else. No texts give none.

    >>> choose_farthest(["公开政府信息。", "公开政府信息!", "举办培训班两期。"], chosen=["公开政府信息。"], n=1)
    [2]
    """
    n = min(n, len(texts))
    if n < 1:
        return []
    vectors = _vectors([*texts, *chosen])
    pool, known = vectors[: len(texts)], vectors[len(texts) :]
    nearest = np.full(len(texts), -1.0)
    for start in range(0, known.shape[0], _BLOCK):
        similar = (pool @ known[start : start + _BLOCK].T).toarray()
        nearest = np.maximum(nearest, similar.max(axis=1))
    picked: list[int] = []
    nearest = np.round(nearest, _DECIMALS)
    for _ in range(n):
        place = int(np.argmin(nearest))
        picked.append(place)
        similar = np.round((pool @ pool[place].T).toarray().ravel(), _DECIMALS)
        nearest = np.maximum(nearest, similar)
        nearest[place] = np.inf
    return picked


def _vectors(texts: Sequence[str]) -> Any:
    """Unit vectors, texts x hashed n-grams; a text shorter than a gram is all zeros and far from everything."""
    from sklearn.feature_extraction.text import HashingVectorizer

    vectorizer = HashingVectorizer(
        analyzer="char", ngram_range=_GRAMS, n_features=_FEATURES, lowercase=False, alternate_sign=False
    )
    return vectorizer.transform(texts).tocsr()
