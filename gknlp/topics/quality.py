"""Topics' words and counted words in, how coherent and how different the topics are out. Never used to choose a model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from gknlp.features.counts import WordCounts


def measure_npmi(words: Sequence[str], contexts: WordCounts) -> float | None:
    """Mean normalised pointwise mutual information (NPMI) over all pairs of a topic's words, -1 to 1.

    NPMI(a, b) = ln(p(a, b) / (p(a) p(b))) / -ln p(a, b), with p the share of contexts that hold the words: 1 where
    they only come together, 0 where they meet as often as chance has it, -1 where they never meet. Two words that
    stand in every context say nothing and count 0.

    Contexts here are coding units; published figures mostly use windows of ten words, so do not compare with them.

    Parameters
    ----------
    words : the topic's top words, all of them in the vocabulary; fewer than two give None.
    contexts : units x words.

    Source: Bouma 2009 (NPMI); Aletras & Stevenson 2013, Lau, Newman & Baldwin 2014 (as the coherence of a topic).

    >>> from gknlp.features.counts import CountConfig, count_words
    >>> units = ["开展培训考核", "培训与考核并重", "网站改版", "网站更新和培训"]
    >>> counts = count_words(units, config=CountConfig(min_df=2))
    >>> counts.vocabulary
    ('培训', '网站', '考核')
    >>> [round(measure_npmi(pair, counts), 3) for pair in (["培训", "考核"], ["培训", "网站"], ["网站", "考核"])]
    [0.415, -0.292, -1.0]
    """
    if len(words) < 2:
        return None
    columns = [contexts.vocabulary.index(word) for word in words]
    present = (contexts.matrix[:, columns] > 0).astype(np.int64)
    n_contexts = contexts.matrix.shape[0]
    together = (present.T @ present).toarray() / n_contexts
    pairs = zip(*np.triu_indices(len(words), k=1), strict=True)
    return float(np.mean([_npmi(together[a, b], together[a, a], together[b, b]) for a, b in pairs]))


def _npmi(both: float, first: float, second: float) -> float:
    if both == 0:
        return -1.0
    return 0.0 if both == 1 else float(np.log(both / (first * second)) / -np.log(both))


def measure_uniqueness(topics: Sequence[Sequence[str]]) -> tuple[float, ...]:
    """For each topic, the mean over its words of 1 / number of topics that list the word: 1 where it shares none.

    The mean over topics of equal length is ``measure_diversity``. Source: topic uniqueness (TU), Nan, Ding,
    Nallapati & Xiang 2019.

    >>> measure_uniqueness([["培训", "考核"], ["网站", "考核"]])
    (0.75, 0.75)
    """
    n_topics = Counter(word for words in topics for word in set(words))
    return tuple(sum(1 / n_topics[word] for word in words) / len(words) if words else 0.0 for words in topics)


def measure_diversity(topics: Sequence[Sequence[str]]) -> float:
    """Share of different words among all the topics' words (topic diversity): 1 where no two topics share any.

    No words give 0. Source: Dieng, Ruiz & Blei 2020, who list 25 words a topic.

    >>> measure_diversity([["培训", "考核"], ["网站", "考核"]])
    0.75
    """
    listed = [word for words in topics for word in words]
    return len(set(listed)) / len(listed) if listed else 0.0
