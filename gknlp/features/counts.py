"""Texts in, a sparse table of documents x words out. Knows no report, no topic."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from dataclasses import dataclass
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
# Formulaic texts repeat their clauses: in the corpora at hand most blocks come again. 65,536 blocks of such length are
# about 20 MB; longer ones hardly come again.
_CACHED_BLOCKS, _LONGEST_CACHED = 65_536, 48
_BATCH_WORDS = 2_000_000
_BETWEEN = "\n"  # at which no word reaches over, and which no block holds


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

    ``matrix`` : sparse rows (CSR, int32; float64 once weighted), documents in the order given x words in the order of
    ``vocabulary``, columns of a row ascending;
    ``vocabulary`` : the words in code-point order.
    """

    matrix: Any
    vocabulary: tuple[str, ...]


def count_words(texts: Iterable[str], *, config: CountConfig, names: Iterable[str] = ()) -> WordCounts:
    """Documents x words, with the words that too few or too many documents hold left out.

    Parameters
    ----------
    texts : one text a document; the rows keep this order. They are read once, so a generator will do: what is kept is
        8 bytes for each filled cell of the table and its vocabulary, whatever the texts' size.
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


def tally_words(texts: Iterable[str], *, config: CountConfig, names: Iterable[str] = ()) -> WordCounts:
    """Documents x words like ``count_words``, before ``min_df`` and ``max_df``; no texts give a table of 0 x 0."""
    columns: dict[str, int] = {}
    list_columns = _column_lister(config, columns)
    parts: list[Any] = []
    found, ends = array("i"), array("q", [0])
    for text, name in _pair_names(texts, names):
        for block_columns in list_columns(split_blocks(_without_name(text, name))):
            found.extend(block_columns)
        ends.append(len(found))
        if len(found) >= _BATCH_WORDS:
            parts.append(_count_batch(found, ends, len(columns)))
            found, ends = array("i"), array("q", [0])
    parts.append(_count_batch(found, ends, len(columns)))
    return _join_batches(parts, columns)


def sum_rows(counts: WordCounts, *, groups: Sequence[int], n_groups: int) -> WordCounts:
    """The counts with rows added up: row i goes into row ``groups[i]`` of ``n_groups``; a group of none is all zero."""
    ones = np.ones(len(groups), dtype=counts.matrix.dtype)
    gather = sparse.csr_array((ones, (groups, range(len(groups)))), shape=(n_groups, len(groups)))
    return WordCounts(sparse.csr_array(gather @ counts.matrix), counts.vocabulary)


def select_words(counts: WordCounts, *, config: CountConfig) -> WordCounts:
    """The counts of the words that at least ``min_df`` and at most the share ``max_df`` of the documents hold.

    Raises
    ------
    NotEnoughTextError : no word is left; the message says which bound took how many.
    """
    n_documents = counts.matrix.shape[0]
    frequencies = np.bincount(counts.matrix.indices, minlength=len(counts.vocabulary))
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


def weigh_rows(counts: WordCounts, weights: Sequence[float]) -> WordCounts:
    """The counts with each row multiplied by its weight, as float64: a document of weight 0.5 counts half."""
    if len(weights) != counts.matrix.shape[0]:
        raise UsageError(f"{len(weights)} weights for {counts.matrix.shape[0]} documents; give one a document")
    values = counts.matrix.data * np.repeat(np.asarray(weights, dtype=np.float64), np.diff(counts.matrix.indptr))
    matrix = sparse.csr_array((values, counts.matrix.indices, counts.matrix.indptr), shape=counts.matrix.shape)
    return WordCounts(matrix, counts.vocabulary)


def _pair_names(texts: Iterable[str], names: Iterable[str]) -> Iterator[tuple[str, str]]:
    if isinstance(names, Sized) and not len(names):
        return ((text, "") for text in texts)
    if isinstance(names, Sized) and isinstance(texts, Sized) and len(names) != len(texts):
        raise UsageError(
            f"{len(names)} names for {len(texts)} texts; give one name a text ('' for none), or none at all"
        )
    return zip(texts, names, strict=True)


def _column_lister(
    config: CountConfig, columns: dict[str, int]
) -> Callable[[Sequence[str]], Iterator[tuple[int, ...]]]:
    """A function from blocks to the columns of the words of each that count; new words are given the next column.

    It remembers blocks, and forgets with the call that made it.
    """
    left_out = frozenset(load_lexicon(config.stopwords) if config.stopwords else ()) | frozenset(config.drop)
    known: dict[str, tuple[int, ...]] = {}

    def counts_as_word(word: str) -> bool:
        is_word = len(word) >= config.min_length and _HAN.search(word) is not None
        return is_word and word not in left_out and _NUMBER.fullmatch(word) is None

    def cut_blocks(blocks: Sequence[str]) -> Iterator[tuple[int, ...]]:
        found: list[int] = []
        for word in cut_words(_BETWEEN.join(blocks)):
            if word == _BETWEEN:
                yield tuple(found)
                found = []
            elif word in columns or counts_as_word(word):
                found.append(columns.setdefault(word, len(columns)))
        yield tuple(found)

    def list_columns(blocks: Sequence[str]) -> Iterator[tuple[int, ...]]:
        if len(known) >= _CACHED_BLOCKS:
            known.clear()
        fresh = [block for block in dict.fromkeys(blocks) if block not in known]
        anew = dict(zip(fresh, cut_blocks(fresh), strict=True)) if fresh else {}
        for block in blocks:
            yield anew[block] if block in anew else known[block]
        known.update((block, found) for block, found in anew.items() if len(block) <= _LONGEST_CACHED)

    return list_columns


def _without_name(text: str, name: str) -> str:
    """The text with the name, then the places in it, replaced by a space, at which words are cut anyway."""
    for part in (name, *_PLACE.findall(name)) if name else ():
        text = text.replace(part, " ")
    return text


def _count_batch(found: array[int], ends: array[int], n_columns: int) -> Any:
    """Rows of a batch; ``found`` has the column of every word, one document after the other."""
    columns = np.frombuffer(found, dtype=np.int32).copy() if len(found) else np.zeros(0, np.int32)
    ones = np.ones(len(columns), dtype=np.int32)
    rows = sparse.csr_array((ones, columns, np.array(ends, dtype=np.int64)), shape=(len(ends) - 1, n_columns))
    rows.sum_duplicates()
    return rows


def _join_batches(parts: list[Any], columns: dict[str, int]) -> WordCounts:
    """One table of all batches, its columns in the order of the vocabulary instead of that of appearance."""
    vocabulary = tuple(sorted(columns))
    place = np.empty(len(vocabulary), dtype=np.int32)
    place[[columns[word] for word in vocabulary]] = np.arange(len(vocabulary), dtype=np.int32)
    n_documents = sum(part.shape[0] for part in parts)
    n_cells = sum(part.nnz for part in parts)
    index_type = np.int32 if n_cells < 2**31 else np.int64
    data, indices = np.empty(n_cells, dtype=np.int32), np.empty(n_cells, dtype=index_type)
    ends = np.zeros(n_documents + 1, dtype=index_type)
    row = cell = 0
    while parts:  # a batch is let go as soon as it is copied, so that the table is never held twice
        part = parts.pop(0)
        data[cell : cell + part.nnz] = part.data
        indices[cell : cell + part.nnz] = place[part.indices]
        ends[row + 1 : row + 1 + part.shape[0]] = part.indptr[1:] + cell
        row, cell = row + part.shape[0], cell + part.nnz
    matrix = sparse.csr_array((data, indices, ends), shape=(n_documents, len(vocabulary)))
    matrix.sort_indices()
    return WordCounts(matrix, vocabulary)
