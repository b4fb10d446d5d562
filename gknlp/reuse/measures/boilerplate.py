"""Wording that many have (boilerplate_share), and wording that one text has twice (redundancy_within)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from gknlp.features.shingles import mix_codes
from gknlp.reuse.measures.texts import Ints, Text, TokenColumn, encode_texts, hash_grams, list_grams

FLOOR = 0.30
CEILING = 0.75
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class GramFrequencies:
    """For each n-gram of a column: its sentence, in how many texts of the group it stands, the group's size."""

    sentence: Ints
    n_texts: Ints
    n_group: Ints


def measure_boilerplate_share(
    texts: Sequence[Text],
    *,
    n: int = 4,
    floor: float = FLOOR,
    ceiling: float | None = CEILING,
    min_texts: int = 2,
) -> tuple[float | None, ...]:
    """For each text the share of its tokens in sentences of common wording (套话), the texts being the reference group G.

    ``sum of |s| over sentences s of d that hold an n-gram g with floor <= df_G(g) / |G| <= ceiling, over |d|``, where df
    counts the texts that hold g, each once however often.

    Parameters
    ----------
    texts : the group, each a sequence of sentences of tokens.
    n : tokens of an n-gram: 4 words, or 8 characters.
    floor, ceiling : bounds of df / |G|, both included; a ceiling of None leaves it away. National form wording stands in
        all reports and so above the ceiling: ten identical texts have 0.0 with it and 1.0 without.
    min_texts : an n-gram must stand in so many texts. The paper's groups are large; in one of up to three texts each
        n-gram has 30 % by itself alone.

    Returns
    -------
    Shares of tokens (unit of the tokens), 0 to 1. None for a text without tokens, and for a group of one text, which
    has nobody to share wording with. No texts give ().

    Source: Lang & Stice-Lawrence 2015, Journal of Accounting and Economics 60(2-3). Not verified in the paper. That
    n is 4 and the floor 30 % of documents is what the manual of the package MoreThanSentiments recommends for this
    measure (read); the ceiling and "words of sentences" are from memory.

    >>> shared = ("加强", "业务", "培训", "力度")
    >>> texts = [[shared, ("新", "设", "渡口", "专窗")], [shared], [("灯塔", "改版", "两", "次")], [("无", "其他", "报告", "事项")]]
    >>> measure_boilerplate_share(texts)
    (0.5, 1.0, 0.0, 0.0)
    """
    column = encode_texts(texts)
    frequencies = count_grams(column, np.zeros(len(texts), dtype=np.int64), n)
    shares = share_boilerplate(column, frequencies, floor=floor, ceiling=ceiling, min_texts=min_texts)
    if len(texts) < 2:
        return (None,) * len(texts)
    return tuple(None if np.isnan(share) else share for share in shares.tolist())


def count_grams(column: TokenColumn, groups: Ints, n: int) -> GramFrequencies:
    """In how many texts of its text's group each n-gram of the column stands; one sort, whatever the groups.

    ``groups`` : the group of each text, from 0 on. N-grams never cross a sentence.
    """
    hashes, sentence = hash_grams(column.codes, column.sentences, n)
    text = column.text_of_sentence[sentence]
    group = groups[text]
    keys = mix_codes(hashes ^ mix_codes(group.astype(np.uint64) + np.uint64(1)))
    order = np.argsort(keys, kind="stable")  # stable: within a key the texts ascend
    key, owner = keys[order], text[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = key[1:] != key[:-1]
    counts = first.copy()
    counts[1:] |= owner[1:] != owner[:-1]
    run = np.cumsum(first) - 1
    n_texts = np.empty(len(order), dtype=np.int64)
    n_texts[order] = np.bincount(run, weights=counts).astype(np.int64)[run]
    return GramFrequencies(sentence, n_texts, np.bincount(groups)[group] if len(groups) else group)


def share_boilerplate(
    column: TokenColumn, frequencies: GramFrequencies, *, floor: float, ceiling: float | None, min_texts: int
) -> Floats:
    """For each text the share of its tokens in sentences that hold a common n-gram; nan for a text without tokens."""
    share = frequencies.n_texts / frequencies.n_group
    common = (share >= floor) & (frequencies.n_texts >= min_texts)
    if ceiling is not None:
        common &= share <= ceiling
    return share_sentences(column, frequencies.sentence[common])


def share_sentences(column: TokenColumn, sentences: Ints) -> Floats:
    """For each text the share of its tokens that stand in these sentences; nan for a text without tokens."""
    flags = np.zeros(len(column.sentences) - 1, dtype=bool)
    flags[sentences] = True
    n_texts = len(column.texts) - 1
    lengths = np.diff(column.sentences) * flags
    found = np.bincount(column.text_of_sentence, weights=lengths, minlength=n_texts)
    with np.errstate(invalid="ignore"):
        shares: Floats = found / column.sizes
    return shares


def measure_redundancy_within(text: Text, *, n: int = 10) -> float | None:
    """The share of the text's n-grams that stand in it more than once (文内重复); None for a text shorter than ``n``.

    ``n-gram tokens whose n-gram occurs > 1 time in d / n-gram tokens of d``; n-grams run on over sentences. Unit: share
    of n-grams, 0 to 1.

    Source: after Cazier & Pfeiffer 2017 (Say Again?), as the package MoreThanSentiments defines it (its default of n = 10
    read in its manual). The paper's own formula was not verified.

    >>> measure_redundancy_within([tuple("扎实推进公开"), tuple("扎实推进")], n=3)
    0.5
    """
    counts = Counter(list_grams(tuple(chain.from_iterable(text)), n))
    total = counts.total()
    return sum(count for count in counts.values() if count > 1) / total if total else None


def measure_repeated_sentences(text: Text) -> float | None:
    """The share of the text's tokens in sentences that stand in it more than once, every copy counted; None if empty.

    Source: redundancy of Dyer, Lang & Stice-Lawrence 2017, Journal of Accounting and Economics 64(2-3). Not verified:
    from memory.

    >>> measure_repeated_sentences([("加强", "培训"), ("更新", "目录"), ("加强", "培训")])
    0.6666666666666666
    """
    counts = Counter(map(tuple, text))
    total = sum(map(len, text))
    return sum(len(sentence) * count for sentence, count in counts.items() if count > 1) / total if total else None
