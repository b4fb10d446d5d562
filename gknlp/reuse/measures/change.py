"""A report against its agency's previous one: stickiness, modification_score, and the four similarities of Lazy Prices."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gknlp.errors import UsageError
from gknlp.reuse.measures.subsequence import count_common
from gknlp.reuse.measures.texts import Text, Tokens, list_grams

Floats = NDArray[np.float64]


def measure_stickiness(text: Text, previous: Text, *, n: int = 8) -> float | None:
    """The share of the text's tokens in sentences that share an n-gram with the previous text (沿用度).

    ``sum of |s| over sentences s of d_t that hold an n-gram of d_t-1, over |d_t|``. N-grams do not cross sentences, so a
    sentence shorter than ``n`` never sticks. Unit: share of tokens, 0 to 1.

    Parameters
    ----------
    text, previous : sentences of tokens.
    n : tokens of an n-gram: 8 words, or 16 characters.

    Returns
    -------
    0.0 against an empty text; None for a text without tokens.

    Source: Dyer, Lang & Stice-Lawrence 2017, Journal of Accounting and Economics 64(2-3). Abstract read; n = 8 and the
    formula not verified: from memory.

    >>> kept, new = tuple("修订公开指南并印发各村"), tuple("新设渡口专窗")
    >>> measure_stickiness([kept, new], [kept])
    0.6470588235294118
    """
    total = sum(map(len, text))
    known = {gram for sentence in previous for gram in list_grams(sentence, n)}
    kept = sum(len(sentence) for sentence in text if not known.isdisjoint(list_grams(sentence, n)))
    return kept / total if total else None


def measure_modification_score(tokens: Tokens, previous: Tokens) -> float | None:
    """How far a text has moved from the previous one (改动度, raw): ``1 - cos(v_t, v_t-1)`` of token counts.

    Unit: 0 (same counts) to 1 (no token in common). None where a text is empty. Compare only texts of like length:
    long ones share more words by chance; ``adjust_modification_scores`` takes that out.

    Source: Brown & Tucker 2011, Journal of Accounting Research 49(2). Abstract read; that counts are not weighted is an
    assumption.

    >>> measure_modification_score(["更新", "目录"], ["更新", "指南"])
    0.5
    """
    similarity = measure_sim_cosine(tokens, previous)
    return None if similarity is None else 1.0 - similarity


def adjust_modification_scores(
    scores: Sequence[float], lengths: Sequence[int], *, degree: int = 5
) -> tuple[float | None, ...]:
    """Raw scores less what their texts' lengths let expect: ``raw - fitted``, a least-squares polynomial in the length.

    Parameters
    ----------
    scores, lengths : raw modification score and number of tokens of each text of the sample.
    degree : of the polynomial.

    Returns
    -------
    Residuals in the order given, adding up to 0, in units of the raw score. All None with fewer than ``degree + 2``
    different lengths: the polynomial would pass through all points, and every residual be 0.

    Raises
    ------
    UsageError : another number of lengths than of scores, or a degree below 0.

    Source: Brown & Tucker 2011. The degree of 5 and the pooled sample not verified: from memory.

    >>> adjust_modification_scores([0.1, 0.3, 0.2, 0.4], [100, 200, 300, 400], degree=0)
    (-0.15, 0.04999999999999999, -0.04999999999999999, 0.15000000000000002)
    """
    if len(scores) != len(lengths):
        raise UsageError(f"{len(lengths)} lengths for {len(scores)} scores; give one length a score")
    if degree < 0:
        raise UsageError(f"degree is {degree}; give at least 0")
    if len(set(lengths)) < degree + 2:
        return (None,) * len(scores)
    raw = np.asarray(scores, dtype=np.float64)
    return tuple((raw - _fit_polynomial(np.asarray(lengths, dtype=np.float64), raw, degree)).tolist())


def _fit_polynomial(x: Floats, y: Floats, degree: int) -> Floats:
    """Fitted values, by the polynomials orthogonal on x (Forsythe 1957): stable for any lengths, no linear algebra library.

    Sums are numpy's own, so that the bits do not depend on how many threads a machine has.
    """
    x = (x - x.mean()) / np.abs(x - x.mean()).max()
    before, now = np.zeros_like(x), np.ones_like(x)
    fitted, norm_before = np.zeros_like(x), 1.0
    for _ in range(degree + 1):
        norm = float((now * now).sum())
        fitted += (float((y * now).sum()) / norm) * now
        shift = float((x * now * now).sum()) / norm
        before, now, norm_before = now, (x - shift) * now - (norm / norm_before) * before, norm
    return fitted


def measure_sim_cosine(a: Tokens, b: Tokens) -> float | None:
    """The cosine of the two texts' token counts (not of their presence alone); None where one is empty.

    Unit: 0 to 1, symmetric, 1.0 for the same text in any order of words.

    Source: Cohen, Malloy & Nguyen 2020 (Lazy Prices), Journal of Finance 75(3). That it is over term frequencies is
    corroborated by public replications; the paper not re-read.

    >>> measure_sim_cosine(["公开", "公开", "公开"], ["公开", "目录"])
    0.7071067811865476
    """
    counts, others = Counter(a), Counter(b)
    if not counts or not others:
        return None
    if counts == others:
        return 1.0
    dot = sum(count * others[token] for token, count in counts.items())
    norms = sum(n * n for n in counts.values()) * sum(n * n for n in others.values())
    return min(dot / math.sqrt(norms), 1.0)


def measure_sim_jaccard(a: Tokens, b: Tokens) -> float | None:
    """The share of both texts' different tokens that both have: ``|A & B| / |A | B|``; None where both are empty.

    Unit: 0 to 1, symmetric. Source: as for ``measure_sim_cosine``.

    >>> measure_sim_jaccard(["更新", "目录"], ["更新", "指南"])
    0.3333333333333333
    """
    own, other = set(a), set(b)
    return len(own & other) / len(own | other) if own or other else None


def measure_sim_minedit(a: Tokens, b: Tokens) -> float | None:
    """A similarity by the fewest edits: ``1 - edits / (|a| + |b|)``; None where both are empty.

    Edits are insertions and deletions of tokens, so that texts without a common token have 0.0 (counting replacements,
    too, would give them 0.5). Unit: 0 to 1, symmetric, 1.0 for the same text - a similarity, not the distance.

    Source: Cohen, Malloy & Nguyen 2020. Not verified: from memory, where the paper's example deletes and adds words.

    >>> measure_sim_minedit(["更新", "目录"], ["更新", "指南"])
    0.5
    """
    total = len(a) + len(b)
    return 2 * count_common(a, b) / total if total else None


def measure_change(a: Tokens, b: Tokens) -> float | None:
    """The words changed, over the mean length of the two texts: what ``measure_sim_simple`` scales; None if both are empty.

    Changed are the tokens that a word-by-word comparison by longest common subsequence deletes or inserts. Unit: 0 (same
    text) to 2 (no common token), symmetric; twice the distance to which sim_minedit is the similarity.

    >>> measure_change(["更新", "目录"], ["更新", "指南"])
    1.0
    """
    similarity = measure_sim_minedit(a, b)
    return None if similarity is None else scale_change(similarity)


def scale_change(sim_minedit: float) -> float:
    """The same comparison as words changed over the mean length: ``2 * (1 - sim_minedit)``.

    >>> scale_change(0.75)
    0.5
    """
    return 2 * (1.0 - sim_minedit)


def measure_sim_simple(changes: Sequence[float]) -> tuple[float | None, ...]:
    """Similarities by simple comparison: ``(c_max - c) / (c_max - c_min)`` over a sample of pairs.

    Parameters
    ----------
    changes : c of each pair, from ``measure_change``. The measure tells only how a pair stands in this sample: its most
        changed pair has 0.0, its least changed 1.0.

    Returns
    -------
    0 to 1, in the order given. All None where all pairs have changed alike: the sample has no scale.

    Source: Cohen, Malloy & Nguyen 2020. That c counts changes, additions and deletions of a word processor's comparison
    over the mean size is corroborated by public replications; the scaling not verified: from memory. No such
    comparison can be reproduced, so c is ours. Being a function of the same subsequence, it ranks as sim_minedit does.

    >>> measure_sim_simple([0.0, 0.5, 2.0])
    (1.0, 0.75, 0.0)
    """
    if not changes or max(changes) == min(changes):
        return (None,) * len(changes)
    largest, span = max(changes), max(changes) - min(changes)
    return tuple((largest - change) / span for change in changes)
