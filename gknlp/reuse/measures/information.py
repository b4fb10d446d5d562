"""What of a text its peers and all others do not already say (information_content)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gknlp.reuse.measures.texts import Tokens

Floats = NDArray[np.float64]
# A regressor of which less than this share is left after the other is taken out tells nothing new: rounding.
_SAME = 1e-12


@dataclass(frozen=True, slots=True)
class InformationContent:
    """``information``: what the others' words do not explain. ``standard``: how much of the text follows them."""

    information: float
    standard: float


def measure_information_content(
    tokens: Tokens, *, peers: Sequence[Tokens], others: Sequence[Tokens]
) -> InformationContent | None:
    """The part of a text's word shares that peers and others leave unexplained (信息含量).

    ``norm(v_i) = a + b_peer * norm(mean v_peers) + b_all * norm(mean v_others) + e`` by least squares over the words of
    all these texts; ``information = sum |e|``, ``standard = b_peer + b_all``. Each text is normed to shares first, then
    averaged, so that a long one has no more say than a short one.

    Parameters
    ----------
    tokens : the text, without those it is compared with.
    peers, others : for reports of one year and level: those of the same county, and those elsewhere. Texts without
        tokens are left out.

    Returns
    -------
    information: share mass, 0 (the text is a mix of the others) to 2. None for a text without tokens, or without peers
    or others.

    Source: Hanley & Hoberg 2010, Review of Financial Studies 23(7); as used for Chinese reports by 孟庆斌、杨俊华、鲁冰 2017,
    中国工业经济 (12), whose vectors and regression are known from public notes; neither paper was read. That standard content
    is the sum of the coefficients is from memory: the sum of the fitted shares is 1 in any regression with an intercept.

    >>> peers, others = [["目录", "培训"]], [["目录", "指南"]]
    >>> found = measure_information_content(["目录", "培训", "目录", "指南"], peers=peers, others=others)
    >>> round(found.information, 3), round(found.standard, 3)
    (0.0, 1.0)
    >>> round(measure_information_content(["目录", "培训", "灯塔"], peers=peers, others=others).information, 3)
    0.333
    """
    groups = [[text for text in group if len(text)] for group in ([tokens], peers, others)]
    if not all(groups):
        return None
    words = {word: place for place, word in enumerate(dict.fromkeys(w for group in groups for t in group for w in t))}
    own, peer, other = (_mean_shares(group, words) for group in groups)
    return explain_shares(own, peer, other)


def explain_shares(own: Floats, peers: Floats, others: Floats) -> InformationContent:
    """The regression itself, on word shares over the same vocabulary (each adds up to 1).

    Where peers and others say the same, the peers take it all. Sums are numpy's own: the same bits on any number of
    threads.
    """
    y, peer, other = own - own.mean(), peers - peers.mean(), others - others.mean()
    peer_norm, other_norm = float((peer * peer).sum()), float((other * other).sum())
    shared = float((peer * other).sum()) / peer_norm if peer_norm else 0.0
    rest = other - shared * peer
    rest_norm = float((rest * rest).sum())
    b_other = float((y * rest).sum()) / rest_norm if rest_norm > _SAME * other_norm else 0.0
    b_peer = float((y * peer).sum()) / peer_norm - b_other * shared if peer_norm else 0.0
    residuals = y - b_peer * peer - b_other * other
    return InformationContent(float(np.abs(residuals).sum()), b_peer + b_other)


def _mean_shares(texts: Sequence[Tokens], words: dict[object, int]) -> Floats:
    total = np.zeros(len(words))
    for text in texts:
        for word, count in Counter(text).items():
            total[words[word]] += count / len(text)
    return total / len(texts)
