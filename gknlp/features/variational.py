"""Counted words in, the steps of a latent Dirichlet allocation (LDA) out: variational Bayes in machine code. Knows no report.

Everything here is additions, products and quotients in one written order: no function of the system's mathematics
library, no BLAS, no reduction that a compiler may reorder. So the same counts give the same bits on every machine.

Topics are columns in memory (words x topics): the topics of one word lie side by side. Their number is filled up to a
multiple of ``LANES`` with topics that no word can have (weight 0), which leaves every sum as it was.

Source: Blei, Ng & Jordan 2003; the batch updates are those of Hoffman, Blei & Bach 2010 as in scikit-learn's
``LatentDirichletAllocation(learning_method="batch")``, but a document goes on from its last state.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from gknlp.features.compiled import compiled, inlined

Doubles = NDArray[np.float64]

LANES = 4
"""Numbers that are added side by side: what fits a vector register of every machine at hand."""
# exp(digamma(x)) by its series from here on: relative error below 1e-12 (tests compare with scipy's).
_SERIES_FROM = 8.0
_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_FEWEST = -700.0


@compiled
def exp_small(x: float) -> float:
    """exp(x) for x <= 0 by Taylor's series after taking out powers of 2; 0 below -700."""
    if x < _FEWEST:
        return 0.0
    n = math.floor(x * 1.4426950408889634 + 0.5)
    r = (x - n * _LN2_HIGH) - n * _LN2_LOW
    total = 1.0
    for i in range(13, 0, -1):
        total = 1.0 + total * r / i
    return math.ldexp(total, int(n))


@compiled
def exp_digamma(x: float) -> float:
    """exp(digamma(x)) for x > 0, to 12 digits: how much a Dirichlet's parameter weighs, its total left out.

    With digamma(x) = digamma(x + n) - sum of 1 / (x + i), i < n, taken as one quotient; from 8 on by the series in
    1 / (x - 1/2), in which no logarithm is left.
    """
    top, bottom = 0.0, 1.0
    while x < _SERIES_FROM:
        top = top * x + bottom
        bottom = bottom * x
        x += 1.0
    y = x - 0.5
    z = 1.0 / (y * y)
    series = y * (
        1.0
        + z
        * (
            1.0 / 24.0
            + z
            * (
                -37.0 / 5760.0
                + z * (10313.0 / 2903040.0 + z * (-5509121.0 / 1393459200.0 + z * (2709398569.0 / 367873228800.0)))
            )
        )
    )
    if top == 0.0:
        return series
    return series * exp_small(-top / bottom)


@compiled
def weigh_words(weights: Doubles, weighed: Doubles) -> None:
    """Fill ``weighed`` with exp(E[log p(word | topic)]) for the Dirichlet parameters ``weights`` (both words x topics)."""
    n_words, n_topics = weights.shape
    for k in range(n_topics):
        total = 0.0
        for w in range(n_words):
            total += weights[w, k]
        if total == 0.0:
            for w in range(n_words):
                weighed[w, k] = 0.0
            continue
        per = 1.0 / exp_digamma(total)
        for w in range(n_words):
            weighed[w, k] = exp_digamma(weights[w, k]) * per


@inlined
def _dot(a: Doubles, b: Doubles, row: int, n: int) -> float:
    """The product of ``a`` with a row of ``b``, in four interleaved sums."""
    s0, s1, s2, s3 = 0.0, 0.0, 0.0, 0.0
    for k in range(0, n, 4):
        s0 += a[k] * b[row, k]
        s1 += a[k + 1] * b[row, k + 1]
        s2 += a[k + 2] * b[row, k + 2]
        s3 += a[k + 3] * b[row, k + 3]
    return (s0 + s2) + (s1 + s3)


@compiled
def update_documents(
    starts: NDArray[np.int64],
    words: NDArray[np.int32],
    counts: NDArray[np.int32] | Doubles,
    weighed: Doubles,
    prior: Doubles,
    shares: Doubles,
    found: Doubles,
    most: int,
    tolerance: float,
) -> None:
    """Update the documents' Dirichlet parameters ``shares`` (documents x topics), at most ``most`` times each.

    A document is left when its parameters change by less than ``tolerance`` on average. Where ``found`` (words x
    topics) has rows, it is set to the expected counts of each word in each topic. ``prior`` is 0 for the topics that
    only fill up.
    """
    n_documents, n_topics = shares.shape
    weights = np.empty(n_topics)
    gained = np.empty(n_topics)
    collect = found.shape[0] > 0
    if collect:
        found[:] = 0.0
    for d in range(n_documents):
        first, last = starts[d], starts[d + 1]
        for k in range(n_topics):
            weights[k] = exp_digamma(shares[d, k]) if prior[k] > 0.0 else 0.0
        for _ in range(most):
            gained[:] = 0.0
            for i in range(first, last):
                w = words[i]
                share = counts[i] / (_dot(weights, weighed, w, n_topics) + 1e-100)
                for k in range(n_topics):
                    gained[k] += share * weighed[w, k]
            change = 0.0
            for k in range(n_topics):
                new = prior[k] + weights[k] * gained[k]
                change += abs(new - shares[d, k])
                shares[d, k] = new
                weights[k] = exp_digamma(new) if prior[k] > 0.0 else 0.0
            if change < tolerance * n_topics:
                break
        if collect:
            for i in range(first, last):
                w = words[i]
                share = counts[i] / (_dot(weights, weighed, w, n_topics) + 1e-100)
                for k in range(n_topics):
                    found[w, k] += share * weights[k]
    if collect:
        for w in range(found.shape[0]):
            for k in range(n_topics):
                found[w, k] *= weighed[w, k]


@compiled
def measure_change(old: Doubles, new: Doubles) -> float:
    """The largest distance (half the sum of differences, 0 to 1) between a topic's words before and after.

    Both are words x topics of weights; topics without weight are passed over.
    """
    n_words, n_topics = old.shape
    largest = 0.0
    for k in range(n_topics):
        before, after = 0.0, 0.0
        for w in range(n_words):
            before += old[w, k]
            after += new[w, k]
        if before == 0.0 or after == 0.0:
            continue
        moved = 0.0
        for w in range(n_words):
            moved += abs(old[w, k] / before - new[w, k] / after)
        largest = max(largest, moved / 2.0)
    return largest
