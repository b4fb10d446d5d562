"""Texts in, a sparse table of documents x words out. Knows no report, no topic."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np
from scipy import sparse

from gknlp.errors import NotEnoughTextError, UsageError
from gknlp.text.lexicons import load_lexicon
from gknlp.text.tokens import cut_words, split_blocks

_HAN = re.compile(r"[\u3400-\u9FFF\U00020000-\U0003FFFF]")
# Numbers are words too (二十, 三百份, 两次): dropped, because a count of items is no topic. 第三方 and 十九大 are none.
_NUMBER = re.compile(r"第?[〇零一二两三四五六七八九十百千万亿几数余]+[件条次份篇期场个项名类人年月日天]?")
# A part of an agency's name that names a place. Two characters before the suffix, or 城市 would be one.
_PLACE = re.compile(r".{2,6}?(?:自治区|自治州|自治县|街道|省|市|州|盟|县|区|旗|镇|乡)")
# Formulaic texts repeat their clauses: in the corpora at hand most blocks come again. 65,536 blocks are about 20 MB.
_CACHED_BLOCKS = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class CountConfig:
    """Which words are counted."""

    min_df: int = 2
    """A word must stand in this many documents: what one document alone says cannot link documents."""
    max_df: float = 0.9
    """... and in at most this share of them: what nearly all say (公开) tells them apart as little."""
    min_length: int = 2
    """Characters a word must have: single characters are mostly particles and pieces of names."""
    stopwords: str = "stopwords"
    """Name of the shipped list of words to leave out; '' leaves none out."""
    drop: tuple[str, ...] = ()
    """Further words to leave out: what a corpus has in plenty and the question does not ask for."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        """Refuse values under which no word could ever be counted."""
        if self.min_df < 1:
            raise UsageError(f"min_df is {self.min_df}; it counts documents, so give 1 or more")
        if not 0 < self.max_df <= 1:
            raise UsageError(f"max_df is {self.max_df}; it is a share of documents, so give more than 0 and at most 1")


@dataclass(frozen=True, slots=True)
class WordCounts:
    """How often each word stands in each document.

    ``matrix`` : sparse rows (CSR, int64), documents in the order given x words in the order of ``vocabulary``;
    ``vocabulary`` : the words in code-point order.
    """

    matrix: Any
    vocabulary: tuple[str, ...]


def count_words(texts: Sequence[str], *, config: CountConfig, names: Sequence[str] = ()) -> WordCounts:
    """Documents x words, with the words that too few or too many documents hold left out.

    Parameters
    ----------
    texts : one text a document; the rows keep this order.
    config : which words count.
    names : '' or the agency's name (机关名称) for each text: the name and the places in it are cut out of that text
        first, so that places make no topics. () cuts nothing out.

    Raises
    ------
    NotEnoughTextError, a UsageError : no word is left (also for no texts).
    UsageError : ``names`` has another length than ``texts``.

    >>> counts = count_words(["加强业务培训，业务培训两次", "组织业务培训", "网站改版"], config=CountConfig(max_df=1.0))
    >>> counts.vocabulary, counts.matrix.toarray().tolist()
    (('业务培训',), [[2], [1], [0]])
    """
    return select_words(tally_words(texts, config=config, names=names), config=config)


def tally_words(texts: Sequence[str], *, config: CountConfig, names: Sequence[str] = ()) -> WordCounts:
    """Documents x words like ``count_words``, before ``min_df`` and ``max_df``; no texts give a table of 0 x 0."""
    if names and len(names) != len(texts):
        raise UsageError(
            f"{len(names)} names for {len(texts)} texts; give one name a text ('' for none), or none at all"
        )
    cut_block = _block_cutter(config)
    tallies: list[Counter[str]] = []
    for text, name in zip(texts, names or [""] * len(texts), strict=True):
        tallies.append(Counter(word for block in split_blocks(_without_name(text, name)) for word in cut_block(block)))
    return _tabulate(tallies)


def sum_rows(counts: WordCounts, *, groups: Sequence[int], n_groups: int) -> WordCounts:
    """The counts with rows added up: row i goes into row ``groups[i]`` of ``n_groups``; a group of none is all zero."""
    ones = np.ones(len(groups), dtype=np.int64)
    gather = sparse.csr_array((ones, (groups, range(len(groups)))), shape=(n_groups, len(groups)))
    return WordCounts(sparse.csr_array(gather @ counts.matrix), counts.vocabulary)


def select_words(counts: WordCounts, *, config: CountConfig) -> WordCounts:
    """The counts of the words that at least ``min_df`` and at most the share ``max_df`` of the documents hold.

    Raises
    ------
    NotEnoughTextError : no word is left; the message says which bound took how many.
    """
    n_documents = counts.matrix.shape[0]
    frequencies = (counts.matrix > 0).sum(axis=0)
    rare, common = frequencies < config.min_df, frequencies > config.max_df * n_documents
    kept = np.flatnonzero(~(rare | common))
    if not len(kept):
        raise NotEnoughTextError(
            f"no word is left to count: of {len(frequencies)} words in {n_documents} documents, {int(rare.sum())} stand "
            f"in fewer than min_df={config.min_df} and {int(common.sum())} in more than the share max_df={config.max_df}; "
            "give more documents, lower min_df, or raise max_df"
        )
    return keep_columns(counts, kept.tolist())


def keep_columns(counts: WordCounts, columns: Sequence[int]) -> WordCounts:
    """The counts of some words only; ``columns`` are ascending positions in the vocabulary."""
    words = tuple(counts.vocabulary[column] for column in columns)
    return WordCounts(sparse.csr_array(counts.matrix[:, list(columns)]), words)


def _block_cutter(config: CountConfig) -> Callable[[str], tuple[str, ...]]:
    """A function from a block to its words that count; it remembers blocks, and forgets with the call that made it."""
    left_out = frozenset(load_lexicon(config.stopwords) if config.stopwords else ()) | frozenset(config.drop)

    def counts_as_word(word: str) -> bool:
        is_word = len(word) >= config.min_length and _HAN.search(word) is not None
        return is_word and word not in left_out and _NUMBER.fullmatch(word) is None

    @lru_cache(maxsize=_CACHED_BLOCKS)
    def cut_block(block: str) -> tuple[str, ...]:
        return tuple(word for word in cut_words(block) if counts_as_word(word))

    return cut_block


def _without_name(text: str, name: str) -> str:
    """The text with the name, then the places in it, replaced by a space, at which words are cut anyway."""
    for part in (name, *_PLACE.findall(name)) if name else ():
        text = text.replace(part, " ")
    return text


def _tabulate(tallies: Sequence[Counter[str]]) -> WordCounts:
    vocabulary = tuple(sorted(set().union(*tallies)))
    column_of = {word: column for column, word in enumerate(vocabulary)}
    rows = [row for row, tally in enumerate(tallies) for _ in tally]
    columns = [column_of[word] for tally in tallies for word in tally]
    values = np.fromiter((n for tally in tallies for n in tally.values()), dtype=np.int64)
    matrix = sparse.csr_array((values, (rows, columns)), shape=(len(tallies), len(vocabulary)))
    matrix.sort_indices()
    return WordCounts(matrix, vocabulary)
